//! Headings as people write them: footnote marks, units, line breaks and numbers around the words
//! that name a field.
//!
//! Whoever looks a heading up tries its [`alternatives`] in turn and takes the first that means
//! something. The heading as it stands comes first, so that a form whose own heading says «тыс.
//! чел.» is read in thousands; where only a text without its unit is known to a form, the unit that
//! came off belongs to the column: its figures are [`scaled`](super::unit::scaled), and a per cent
//! is no field's but a share's.

use std::borrow::Cow;

use super::cell::{fold, trim};
use super::mark;
use super::unit::{self, Unit};
use crate::model::name;

/// A heading, or what is left of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading<'a> {
    /// The words.
    pub text: Cow<'a, str>,
    /// The unit that was taken off.
    pub unit: Option<Unit>,
}

impl<'a> Heading<'a> {
    fn of(text: &'a str, unit: Option<Unit>) -> Heading<'a> {
        let text = Cow::Borrowed(text);
        Heading { text, unit }
    }

    fn into_owned<'b>(self) -> Heading<'b> {
        Heading {
            text: Cow::Owned(self.text.into_owned()),
            unit: self.unit,
        }
    }
}

/// Units and marks taken off one heading: more are no units.
const MOST: usize = 6;

/// A heading without the footnote marks and the unit at its end: «Численность, тыс. чел.*» is
/// «Численность» in thousands. What tells fields apart stays: «…, всего», «Дети (5–17 лет)».
pub fn clean(heading: &str) -> Heading<'_> {
    let mut text = trim(heading);
    let mut unit = None;
    for _ in 0..MOST {
        let marked = text;
        text = without_marks(text);
        let Some((rest, found)) = last_unit(text).filter(|(rest, _)| !rest.is_empty()) else {
            if text.len() < marked.len() {
                continue;
            }
            break;
        };
        if unit.is_some() && found.is_some() {
            break;
        }
        unit = unit.or(found);
        text = rest;
    }
    Heading::of(text, unit)
}

/// Without marks and without points and commas at the end.
fn without_marks(text: &str) -> &str {
    let rest = mark::split_heading(text).0;
    let rest = match rest.strip_suffix(['.', ',', ':', ';']) {
        Some(shorter) if last_unit(rest).is_none() && unit::beside(rest).is_none() => trim(shorter),
        _ => rest,
    };
    if rest.is_empty() { text } else { rest }
}

/// What a heading may mean, the surest first: itself, then without marks, without its unit, with
/// broken words joined, without a number in front.
pub fn alternatives(heading: &str) -> impl Iterator<Item = Heading<'_>> {
    let heading = trim(heading);
    let others = std::iter::once_with(move || others(heading)).flatten();
    std::iter::once(Heading::of(heading, None)).chain(others)
}

fn others(heading: &str) -> Vec<Heading<'_>> {
    let joined = joined(heading);
    let mut all = vec![Heading::of(heading, None)];
    let mut add = |heading: Heading<'_>| {
        if !all.contains(&heading) {
            all.push(heading.into_owned());
        }
    };
    let bodies = [Some(heading), Some(&*joined)];
    let bodies = bodies
        .into_iter()
        .chain([heading, &joined].map(without_number));
    for body in bodies.flatten() {
        add(Heading::of(body, None));
        add(Heading::of(without_marks(body), None));
        add(clean(body));
    }
    all.remove(0);
    all
}

/// Whether a heading below another one leaves it what it is: a unit, a hint, «всего».
pub fn adds_nothing(text: &str) -> bool {
    let text = trim(text);
    let folded = fold(text);
    unit::beside(text).is_some_and(|unit| !unit.is_percent())
        || unit::in_brackets(text).is_some_and(|unit| !unit.is_percent())
        || is_hint(text)
        || matches!(
            &*folded,
            "всего" | "итого" | "общее" | "общая" | "в единицах"
        )
}

/// The text before a unit or a hint at the end of a heading, and the unit.
fn last_unit(text: &str) -> Option<(&str, Option<Unit>)> {
    if text.ends_with([')', ']']) {
        let (before, inner) = last_brackets(text)?;
        let unit = unit::in_brackets(inner);
        return (unit.is_some() || is_hint(inner)).then_some((trim_before(before), unit));
    }
    let separators: [&[&str]; 3] = [&[","], &[" - ", " – ", " — ", ";"], &[":"]];
    for separators in separators {
        let last = separators
            .iter()
            .filter_map(|separator| Some((text.rfind(separator)?, separator.len())));
        let Some((at, length)) = last.max() else {
            continue;
        };
        let (before, behind) = (&text[..at], &text[at + length..]);
        let unit = unit::behind_comma(behind);
        if unit.is_some() || is_hint(behind) {
            return Some((trim_before(before), unit));
        }
    }
    let mut words = text.rmatch_indices(char::is_whitespace);
    let last = words.next().map(|(at, _)| at);
    let last_two = words.next().map(|(at, _)| at);
    for (before, behind) in [last_two, last]
        .into_iter()
        .flatten()
        .map(|at| text.split_at(at))
    {
        let unit = unit::behind_space(trim(behind));
        if unit.is_some() || is_hint(behind) {
            return Some((trim_before(before), unit));
        }
    }
    let share = text.strip_suffix(['%', '％'])?;
    Some((trim_before(share), Some(Unit::PERCENT)))
}

fn trim_before(text: &str) -> &str {
    trim(trim(text).trim_end_matches([',', ';', ':', '-', '–', '—']))
}

/// The text before the last brackets, and what stands in them.
fn last_brackets(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, letter) in text.char_indices().rev() {
        match letter {
            ')' | ']' => depth += 1,
            '(' | '[' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&text[..at], &text[at + 1..text.len() - 1]));
        }
    }
    None
}

/// Whether words only say how a column is filled in («да/нет», «да - 1, нет - 0», «число») or where
/// it stands in a form («гр. 3»).
fn is_hint(text: &str) -> bool {
    if text.len() > 60 || !unit::has_cyrillic(text) {
        return false;
    }
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(|letter: char| !name::is_letter(letter))
        .filter(|word| !word.is_empty())
        .collect();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    match words[..] {
        ["число" | "количество" | "колво"] | ["кол", "во"] => true,
        [
            "гр" | "графа" | "стр" | "строка" | "п" | "пункт",
            ref numbers @ ..,
        ] => !numbers.is_empty() && numbers.iter().all(|word| is_number(word)),
        _ => {
            ["да", "нет"].iter().all(|answer| words.contains(answer))
                && words
                    .iter()
                    .all(|word| matches!(*word, "да" | "нет" | "или" | "0" | "1"))
        }
    }
}

/// With the words joined that a line break or a narrow column has broken: «Числен-\nность».
fn joined(text: &str) -> Cow<'_, str> {
    // The line breaks of a web page.
    if let Some((before, after)) = text.split_once("<br")
        && let Some((slash, after)) = after.split_once('>')
        && matches!(slash.trim(), "" | "/")
    {
        return Cow::Owned(joined(&format!("{before}\n{after}")).into_owned());
    }
    let is_broken = text.contains(['\n', '\r', '\u{ad}']) || text.contains("- ");
    if !is_broken {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        rest = after;
        if letter == '\u{ad}' {
            continue;
        }
        if letter.is_whitespace() {
            rest = after.trim_start();
            out.push(' ');
            continue;
        }
        let next = after.trim_start();
        let breaks = matches!(letter, '-' | '\u{2010}')
            && next.len() < after.len()
            && out.ends_with(char::is_alphabetic)
            && next.starts_with(char::is_lowercase);
        if breaks {
            rest = next;
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// Without «1.», «1.2», «а)», «гр. 3», «п. 1.2» in front.
fn without_number(text: &str) -> Option<&str> {
    const PLACES: [&str; 7] = ["графа", "гр", "пункт", "п", "строка", "стр", "№"];
    let begins_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let head: String = text.chars().take(8).flat_map(char::to_lowercase).collect();
    let place = PLACES.iter().find_map(|place| {
        let rest = head.strip_prefix(place)?;
        let rest = rest.trim_start_matches(['.', ' ', '\u{a0}']);
        // The letters of these words are as long in both cases.
        begins_with_digit(rest).then(|| &text[head.len() - rest.len()..])
    });
    let number = place.unwrap_or(text);
    let behind = if begins_with_digit(number) {
        number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
    } else {
        let mut letters = number.chars();
        letters.next().filter(|letter| letter.is_alphabetic())?;
        letters.as_str()
    };
    let label = &number[..number.len() - behind.len()];
    let is_label = place.is_some() || label.contains('.') || behind.starts_with(')');
    let words = behind.trim_start_matches([')', '.', ':', ' ', '\u{a0}', '-', '–', '—', '\n']);
    (is_label && words.starts_with(|c: char| c.is_alphabetic() || c == '«')).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_marks_come_off() {
        for (heading, text, unit) in [
            (
                "Численность воспитанников",
                "Численность воспитанников",
                None,
            ),
            ("Численность, чел.", "Численность", Some((0, false))),
            ("Численность (чел.)", "Численность", Some((0, false))),
            ("Численность, человек", "Численность", Some((0, false))),
            ("Численность (человек)*", "Численность", Some((0, false))),
            ("Численность чел.", "Численность", Some((0, false))),
            ("Численность - чел.", "Численность", Some((0, false))),
            ("Договоры (ед.)", "Договоры", Some((0, false))),
            ("Вместимость (мест)", "Вместимость", Some((0, false))),
            ("Охват, %", "Охват", Some((0, true))),
            ("Охват %", "Охват", Some((0, true))),
            ("Охват (в %)", "Охват", Some((0, true))),
            ("Охват, в процентах", "Охват", Some((0, true))),
            ("Население, тыс. чел.", "Население", Some((3, false))),
            ("Население, тыс. чел.*", "Население", Some((3, false))),
            ("Население¹, тыс. чел.", "Население", Some((3, false))),
            ("Население тыс. чел.", "Население", Some((3, false))),
            ("Расходы (тыс. рублей)", "Расходы", Some((3, false))),
            ("Расходы, млн руб.", "Расходы", Some((6, false))),
            ("Расходы (ед. изм.: тыс. руб.)", "Расходы", Some((3, false))),
            ("Дети, всего, чел.", "Дети, всего", Some((0, false))),
            (
                "Дети, всего (чел.) (число)",
                "Дети, всего",
                Some((0, false)),
            ),
            ("ВСОКО (да/нет)", "ВСОКО", None),
            ("ВСОКО (да - 1, нет - 0)", "ВСОКО", None),
            ("ВСОКО: да/нет", "ВСОКО", None),
            ("ВСОКО да/нет", "ВСОКО", None),
            ("Дети (число)", "Дети", None),
            ("Дети (гр. 3)", "Дети", None),
            ("Дети*", "Дети", None),
            ("Дети ¹⁾", "Дети", None),
            ("Дети 1)", "Дети", None),
            ("Дети [1]", "Дети", None),
            ("Дети (1)", "Дети", None),
            ("Дети.", "Дети", None),
        ] {
            let clean = clean(heading);
            let found = clean.unit.map(|unit| (unit.power(), unit.is_percent()));
            assert_eq!((&*clean.text, found), (text, unit), "{heading}");
        }
    }

    #[test]
    fn what_tells_fields_apart_stays() {
        for heading in [
            "Численность воспитанников, всего",
            "Дети (5–17 лет)",
            "Дети (из них с ОВЗ)",
            "Количество групп, мест",
            "Договоры (о целевом обучении)",
            "Родители, дети",
            "Мест",
            "чел.",
            "%",
            "(чел.)",
            "*",
            "да/нет",
            "Охват, план",
            "Площадь, кв. м",
            "9 класс",
        ] {
            let clean = clean(heading);
            assert_eq!((&*clean.text, clean.unit), (heading, None), "{heading}");
        }
        // Two units contradict each other: only the last is taken for one.
        assert_eq!(clean("Охват, чел., %").text, "Охват, чел.");
    }

    #[test]
    fn alternatives_by_faith() {
        for (heading, expected) in [
            ("Дети", &["Дети"][..]),
            ("1. Дети", &["1. Дети", "Дети"]),
            ("1.2 Дети", &["1.2 Дети", "Дети"]),
            ("п. 1.2 Дети", &["п. 1.2 Дети", "Дети"]),
            ("гр. 3 Дети", &["гр. 3 Дети", "Дети"]),
            ("Графа 3 — Дети", &["Графа 3 — Дети", "Дети"]),
            ("а) Дети", &["а) Дети", "Дети"]),
            ("9 класс", &["9 класс"]),
            ("Дети, чел.*", &["Дети, чел.*", "Дети, чел.", "Дети"]),
            (
                "Числен-\nность воспитан-\nников",
                &[
                    "Числен-\nность воспитан-\nников",
                    "Численность воспитанников",
                ],
            ),
            (
                "Числен- ность, чел.",
                &[
                    "Числен- ность, чел.",
                    "Числен- ность",
                    "Численность, чел.",
                    "Численность",
                ],
            ),
            ("Чис\u{ad}ленность", &["Чис\u{ad}ленность", "Численность"]),
            ("Дети\nвсего", &["Дети\nвсего", "Дети всего"]),
            ("Сады - Алейск", &["Сады - Алейск"]),
        ] {
            let texts: Vec<String> = alternatives(heading)
                .map(|heading| heading.text.into_owned())
                .collect();
            assert_eq!(texts, expected, "{heading}");
        }
        let units: Vec<Option<Unit>> = alternatives("1. Охват, %")
            .map(|heading| heading.unit)
            .collect();
        assert_eq!(
            units,
            [None, Some(Unit::PERCENT), None, Some(Unit::PERCENT)]
        );
    }

    #[test]
    fn no_heading_makes_it_panic_or_grow() {
        let alphabet: Vec<char> = "аЧ1.,:;()[]*¹%- –\n\u{ad}«даNчел тысИİ№".chars().collect();
        let mut seed = 1u64;
        for _ in 0..50_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push(alphabet[(seed >> 33) as usize % alphabet.len()]);
            }
            for alternative in alternatives(&text) {
                assert!(alternative.text.len() <= text.len(), "{text:?}");
            }
        }
    }
}
