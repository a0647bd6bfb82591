//! Days as people and programs write them.

use jiff::civil::Date;

use super::{Remark, damage, repeats, shorten, trim};
use crate::diagnostic::Code;
use crate::model::period::russian_date;
use crate::model::plural::counted;

/// What a day looks like.
pub(super) const EXPECTED: &str = "дата, например 31.12.2025";

/// Day, month and year as written, whether or not there is such a day.
#[derive(Clone, Copy)]
struct Written {
    year: i16,
    month: i16,
    day: i16,
}

impl Written {
    fn date(self) -> Option<Date> {
        let (month, day) = (i8::try_from(self.month).ok()?, i8::try_from(self.day).ok()?);
        Date::new(self.year, month, day).ok()
    }
}

/// A day: 31.12.2025, 31/12/2025, 31-12-2025, 2025-12-31 or 31 декабря 2025 г.; a time behind it
/// is of no interest.
pub fn date(text: &str) -> Option<Date> {
    written(text)?.date()
}

fn written(text: &str) -> Option<Written> {
    let parts = parts(text, 3)?;
    let [first, second, third] = parts[..] else {
        return None;
    };
    let number = |text: &str| text.parse::<i16>().ok();
    let (year, month, day) = if first.len() == 4 {
        (number(first)?, number(second)?, number(third)?)
    } else {
        let month = number(second).or_else(|| self::month(second))?;
        (number(third)?, month, number(first)?)
    };
    let year = if (0..100).contains(&year) && third.len() == 2 {
        2000 + year
    } else {
        year
    };
    (1900..=2200)
        .contains(&year)
        .then_some(Written { year, month, day })
}

/// What stands between points, slashes, hyphens and spaces, if it is so many parts.
fn parts(text: &str, count: usize) -> Option<Vec<&str>> {
    let text = without_time(trim(text));
    let text = ["года", "г.", "г"]
        .iter()
        .find_map(|year| text.strip_suffix(year))
        .unwrap_or(text);
    let parts = text.split(['.', '/', '-', ' ', '\u{a0}']);
    let parts: Vec<&str> = parts
        .filter(|part| !part.is_empty())
        .take(count + 1)
        .collect();
    (parts.len() == count).then_some(parts)
}

/// A date of two parts: one of them is a month, by its name.
pub(super) fn in_two_parts(text: &str) -> Option<(&str, &str)> {
    match parts(text, 2)?[..] {
        [first, second] => Some((first, second)),
        _ => None,
    }
}

/// Without «0:00:00» or «T00:00:00Z» at the end.
fn without_time(text: &str) -> &str {
    let text = ["AM", "PM"]
        .iter()
        .find_map(|half| text.strip_suffix(half))
        .map_or(text, trim);
    let Some((day, time)) = text.rsplit_once([' ', '\u{a0}', 'T']) else {
        return text;
    };
    let is_time = time.starts_with(|c: char| c.is_ascii_digit())
        && time.contains(':')
        && time
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b',' | b'+' | b'-' | b'Z'));
    if is_time { trim(day) } else { text }
}

/// The month with this name: whole, in the genitive or cut short to three letters at least.
pub(super) fn month(word: &str) -> Option<i16> {
    const NAMES: [[&str; 3]; 12] = [
        ["январь", "января", "january"],
        ["февраль", "февраля", "february"],
        ["март", "марта", "march"],
        ["апрель", "апреля", "april"],
        ["май", "мая", "may"],
        ["июнь", "июня", "june"],
        ["июль", "июля", "july"],
        ["август", "августа", "august"],
        ["сентябрь", "сентября", "september"],
        ["октябрь", "октября", "october"],
        ["ноябрь", "ноября", "november"],
        ["декабрь", "декабря", "december"],
    ];
    if word.chars().take(3).count() < 3 || word.len() > 20 {
        return None;
    }
    let lower = word.to_lowercase();
    NAMES
        .iter()
        .position(|names| names.iter().any(|name| name.starts_with(&lower)))
        .map(|index| index as i16 + 1)
}

/// Why a text is no day, and what to do.
pub(super) fn refusal(text: &str) -> Remark {
    let shown = shorten(text);
    let (message, help) = if let Some(damage) = damage::of_any(text) {
        (damage.message, damage.help)
    } else if let Some(day) = damage::day_behind(text) {
        (
            format!("порядковый номер дня вместо даты: «{shown}»"),
            format!(
                "в табличной программе это {day}: задайте столбцу формат даты и сохраните файл снова"
            ),
        )
    } else if let Some(written) = written(text) {
        no_such_day(&shown, written)
    } else if is_without_year(text) {
        (
            format!("в дате нет года: «{shown}»"),
            "впишите день, месяц и год: 31.12.2025".to_owned(),
        )
    } else if repeats(text) {
        (
            format!("знак повтора вместо даты: «{shown}»"),
            "впишите саму дату: программа не знает, к какой ячейке относится знак".to_owned(),
        )
    } else {
        (
            format!("не дата: «{shown}»"),
            "запишите день, месяц и год цифрами: 31.12.2025".to_owned(),
        )
    };
    Remark::fault(Code::NotADate, message, EXPECTED, help)
}

/// A day that no calendar has.
fn no_such_day(shown: &str, written: Written) -> (String, String) {
    let turned = Written {
        month: written.day,
        day: written.month,
        ..written
    };
    if written.month > 12
        && let Some(date) = turned.date()
    {
        return (
            format!("сначала месяц, потом день, по-американски: «{shown}»"),
            format!("если это {}, так и запишите", russian_date(date)),
        );
    }
    let help = if (1..=12).contains(&written.month) {
        let first = Written { day: 1, ..written }.date();
        let days = first.map_or(31, Date::days_in_month).unsigned_abs();
        let days = counted(days.into(), &["день", "дня", "дней"]);
        format!("в этом месяце {days}: проверьте день и месяц")
    } else {
        "месяцы считают от 1 до 12: проверьте день и месяц".to_owned()
    };
    (format!("такого дня нет: «{shown}»"), help)
}

/// `31.12`, `01.мар`.
fn is_without_year(text: &str) -> bool {
    let in_range = |text: &str, last: u8| {
        let number = text.parse::<u8>();
        number.is_ok_and(|number| (1..=last).contains(&number))
    };
    in_two_parts(text).is_some_and(|(first, second)| {
        in_range(first, 31) && (in_range(second, 12) || month(second).is_some())
    })
}
