//! Days and deadlines, as resolutions put them.

use std::ops::Range;

use jiff::civil::Date;

use super::words::Word;
use crate::model::period::{self, Every, Period, Stated};

/// The months without their endings: «сентябр», «ма».
const MONTHS: [&str; 12] = [
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
];

/// The month that a word names, in any case: «августе», but not «августовская».
fn month(word: &str) -> Option<i8> {
    let found = MONTHS.iter().position(|stem| {
        let ending = word.strip_prefix(stem);
        ending.is_some_and(|ending| match *stem {
            "ма" => matches!(ending, "й" | "я" | "е" | "ю"),
            _ => matches!(ending, "" | "а" | "е" | "у" | "ь" | "я" | "ю"),
        })
    });
    found.map(|at| at as i8 + 1)
}

fn year(word: &str) -> Option<i16> {
    let digits = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let year = digits.then(|| word.parse().ok()).flatten()?;
    (1900..2100).contains(&year).then_some(year)
}

fn is_year_word(word: &str) -> bool {
    matches!(
        word,
        "г" | "гг" | "год" | "года" | "году" | "годы" | "годах" | "годов"
    )
}

/// A day, whose year the words may leave out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Day {
    pub day: i8,
    pub month: i8,
    pub year: Option<i16>,
}

impl Day {
    pub(super) fn date(self, year: i16) -> Option<Date> {
        Date::new(self.year.unwrap_or(year), self.month, self.day).ok()
    }
}

/// The day that begins at a word, and how many words it takes.
pub(super) fn day(words: &[Word]) -> Option<(Day, usize)> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let parts: Vec<&str> = text(0).split('.').collect();
    if let [day, month, year] = parts[..] {
        let year = self::year(year)?;
        let (day, month) = (day.parse().ok()?, month.parse().ok()?);
        Date::new(year, month, day).ok()?;
        let day = Day {
            day,
            month,
            year: Some(year),
        };
        return Some((day, 1));
    }
    // Of several days, «28-29 августа», the last.
    let last = text(0).rsplit(['-', '–', '—']).next()?;
    let day: i8 = last.parse().ok()?;
    let month = month(text(1))?;
    // A leap year, so that the 29th of February is a day too.
    Date::new(2024, month, day).ok()?;
    let year = year(text(2));
    let used = match year {
        Some(_) => 3 + usize::from(is_year_word(text(3))),
        None => 2,
    };
    Some((Day { day, month, year }, used))
}

/// The first year that a text names as such: «2025 года».
pub(super) fn named_year(words: &[Word]) -> Option<(i16, Range<usize>)> {
    words.windows(2).find_map(|pair| {
        let year = year(&pair[0].text).filter(|_| is_year_word(&pair[1].text))?;
        Some((year, pair[0].range.start..pair[1].range.end))
    })
}

/// The end of the time that some words leave for something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    /// The words.
    pub range: Range<usize>,
    /// The period at whose end it must be done.
    pub period: Period,
    /// Why it may be another.
    pub doubt: Option<String>,
}

/// The deadlines that a text names; `held`: the day of the resolution, for those without a year.
pub(super) fn dues(words: &[Word], held: Option<Date>) -> Vec<Due> {
    let mut dues = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match due(&words[at..], held) {
            Some((due, used)) => {
                dues.push(due);
                at += used;
            }
            None => at += 1,
        }
    }
    dues
}

/// The deadline that begins at the first word.
fn due(words: &[Word], held: Option<Date>) -> Option<(Due, usize)> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let before = match text(0) {
        "в" | "во" | "за" => false,
        "до" | "к" | "ко" => true,
        _ => return None,
    };
    let end = matches!(text(1), "конца" | "концу" | "конце" | "течение");
    let skip = 1 + usize::from(end);
    let before = before && !end;
    let rest = &words[skip..];
    let (period, used, doubt) = by_day(rest, before, held)
        .or_else(|| by_month(rest, before, held))
        .or_else(|| by_part(rest, before))
        .or_else(|| by_years(rest, before))
        .or_else(|| by_year(rest, before))?;
    let used = skip + used;
    let range = words[0].range.start..words[used - 1].range.end;
    Some((
        Due {
            range,
            period,
            doubt,
        },
        used,
    ))
}

type Read = (Period, usize, Option<String>);

/// The year of a day or month that names none: the one in which it next comes.
fn next_year(month: i8, day: i8, held: Option<Date>) -> Option<(i16, String)> {
    let held = held?;
    let later = (month, day) >= (held.month(), held.day());
    let year = held.year() + i16::from(!later);
    let doubt = format!("год в тексте не назван, взят {year}");
    Some((year, doubt))
}

/// «до 31 декабря 2026 года»
fn by_day(words: &[Word], before: bool, held: Option<Date>) -> Option<Read> {
    if !before {
        return None;
    }
    let (day, used) = day(words)?;
    let (year, doubt) = match day.year {
        Some(year) => (year, None),
        None => next_year(day.month, day.day, held).map(|(year, doubt)| (year, Some(doubt)))?,
    };
    let date = day.date(year)?;
    // «До 1 сентября»: by the end of August.
    if date.day() == 1 {
        let period = Period::containing(Every::Month, date).previous();
        return Some((period, used, doubt));
    }
    let period = Period::containing(Every::Month, date);
    let doubt = doubt
        .or_else(|| (date != period.end()).then(|| "срок считается по конец месяца".to_owned()));
    Some((period, used, doubt))
}

/// «в декабре 2025 года», «до декабря»
fn by_month(words: &[Word], before: bool, held: Option<Date>) -> Option<Read> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let month = month(text(0))?;
    let (year, used, doubt) = match year(text(1)) {
        Some(year) => (year, 2 + usize::from(is_year_word(text(2))), None),
        None => {
            let (year, doubt) = next_year(month, 31, held)?;
            (year, 1, Some(doubt))
        }
    };
    let period = Period::month(year, month)?;
    if !before {
        return Some((period, used, doubt));
    }
    let previous = period.previous();
    let doubt = format!("срок взят до начала названного месяца; если по его конец — \"{period}\"");
    Some((previous, used, Some(doubt)))
}

/// «во II квартале 2027 года», «до конца первого полугодия 2027 года»
fn by_part(words: &[Word], before: bool) -> Option<Read> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let ordinals = ["перв", "втор", "трет", "четверт"];
    let ordinal = ordinals.iter().position(|stem| text(0).starts_with(stem));
    let number = ordinal.map_or(text(0).to_owned(), |at| (at + 1).to_string());
    let noun = match text(1) {
        "кв" => "квартал",
        word if word.starts_with("квартал") => "квартал",
        word if word.starts_with("полугоди") => "полугодие",
        _ => return None,
    };
    let year = year(text(2))?;
    let used = 3 + usize::from(is_year_word(text(3)));
    let Stated::Period(period) = period::read(&format!("{number} {noun} {year}"))? else {
        return None;
    };
    if !before {
        return Some((period, used, None));
    }
    let doubt = format!("срок взят до начала названного времени; если по его конец — \"{period}\"");
    Some((period.previous(), used, Some(doubt)))
}

/// «в 2025-2026 учебном году», «в 2026–2028 годах»
fn by_years(words: &[Word], before: bool) -> Option<Read> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let (first, last) = text(0).split_once(['-', '–', '—', '/'])?;
    let first = year(first)?;
    let last = match last.len() {
        2 => year(&format!("{}{last}", first / 100))?,
        _ => year(last)?,
    };
    if text(1).starts_with("учебн") {
        let used = 2 + usize::from(is_year_word(text(2)));
        let period = Period::school_year(first).filter(|_| last == first + 1)?;
        if !before {
            return Some((period, used, None));
        }
        let doubt =
            format!("срок взят до начала названного года; если по его конец — \"{period}\"");
        return Some((period.previous(), used, Some(doubt)));
    }
    is_year_word(text(1)).then_some((Period::year(last)?, 2, None))
}

/// «в 2026 году», «до 2030 года»
fn by_year(words: &[Word], before: bool) -> Option<Read> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let year = year(text(0)).filter(|_| is_year_word(text(1)))?;
    let period = Period::year(year)?;
    if !before {
        return Some((period, 2, None));
    }
    let doubt = format!("срок взят до начала названного года; если по его конец — \"{period}\"");
    Some((period.previous(), 2, Some(doubt)))
}
