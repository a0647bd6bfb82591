//! What spreadsheet programs do to values: `01.мар` for 1,3, `1,23E+12` for an INN, `########`.

use super::{day, fold, shorten};
use crate::model::period::russian_date;

/// What happened to a text, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Damage {
    /// What happened, with what was found.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Damage {
    fn new(message: String, help: impl Into<String>) -> Damage {
        let help = help.into();
        Damage { message, help }
    }
}

/// Damage that a cell of any type may have taken: its value is not in the file.
pub(super) fn of_any(text: &str) -> Option<Damage> {
    let help = if is_too_narrow(text) {
        WIDEN
    } else {
        "исправьте формулу в табличной программе или впишите готовое значение и сохраните файл \
         снова; если данных нет, оставьте ячейку пустой"
    };
    lost(text).map(|message| Damage::new(message, help))
}

const WIDEN: &str = "расширьте столбец в табличной программе, чтобы значение стало видно, и \
                     сохраните файл снова: сейчас самого значения в файле нет";

/// What stands where a value was.
fn lost(text: &str) -> Option<String> {
    let message = if is_too_narrow(text) {
        "столбец был слишком узок, вместо значения решётки"
    } else if is_formula_error(text) {
        "формула дала ошибку"
    } else {
        return None;
    };
    Some(format!("{message}: «{}»", shorten(text)))
}

/// Damage to a number.
pub(super) fn of_number(text: &str) -> Option<Damage> {
    of_any(text)
        .or_else(|| scientific(text))
        .or_else(|| date_of_number(text))
}

/// Damage to a cell that names an organisation: its INN, as a rule.
pub fn of_name(text: &str) -> Option<Damage> {
    // Without a sign it may be an id.
    if is_scientific(text) && text.contains(['+', '-']) {
        return Some(Damage::new(
            format!(
                "ИНН испорчен табличной программой: «{}», последние цифры потеряны",
                shorten(text)
            ),
            "задайте столбцу текстовый формат, впишите ИНН заново и сохраните файл снова; строка не \
             учтена",
        ));
    }
    let help = if is_too_narrow(text) {
        WIDEN
    } else {
        "исправьте формулу или впишите название, id или ИНН и сохраните файл снова"
    };
    Some(Damage::new(
        format!("непонятно, чья это строка: {}", lost(text)?),
        format!("{help}; строка не учтена"),
    ))
}

/// `########`: the column was too narrow to show the value.
fn is_too_narrow(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|byte| byte == b'#')
}

/// `#ДЕЛ/0!`, `#N/A`, `Err:502` and their like, in the languages of Excel and LibreOffice.
fn is_formula_error(text: &str) -> bool {
    if let Some(name) = text.strip_prefix('#') {
        let name = name.trim_end_matches(['!', '?']);
        let in_error = |c: char| c.is_uppercase() || matches!(c, '0'..='9' | '/' | '_');
        return name.starts_with(char::is_uppercase) && name.chars().all(in_error);
    }
    let Some((word, code)) = text.split_once(':') else {
        return false;
    };
    word.len() <= 20
        && matches!(&*fold(word), "err" | "ошибка" | "ошб" | "ош")
        && !code.is_empty()
        && code.trim().bytes().all(|byte| byte.is_ascii_digit())
}

/// `1,23E+12`: a long number shown in short, its last digits gone.
pub(in crate::read) fn is_scientific(text: &str) -> bool {
    let text = text.trim_start_matches(['\'', '-', '+', '\u{2212}']);
    let Some((mantissa, exponent)) = text.split_once(['E', 'e', 'Е', 'е']) else {
        return false;
    };
    let exponent = exponent
        .strip_prefix(['+', '-', '\u{2212}'])
        .unwrap_or(exponent);
    let is_number = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit())
            && text.ends_with(|c: char| c.is_ascii_digit())
    };
    is_number(mantissa)
        && is_number(exponent)
        && mantissa
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
        && exponent.bytes().all(|byte| byte.is_ascii_digit())
}

fn scientific(text: &str) -> Option<Damage> {
    is_scientific(text).then(|| {
        Damage::new(
            format!(
                "табличная программа сократила число, часть цифр потеряна: «{}»",
                shorten(text)
            ),
            "задайте столбцу числовой формат без десятичных знаков, впишите число заново всеми \
             цифрами и сохраните файл снова",
        )
    })
}

/// `01.мар`: what a spreadsheet makes of 1,3 written with a point.
fn date_of_number(text: &str) -> Option<Damage> {
    let number = number_behind(text)?;
    Some(Damage::new(
        format!(
            "похоже, табличная программа превратила число {number} в дату: «{}»",
            shorten(text)
        ),
        "узнайте, какое число стояло в ячейке, задайте столбцу числовой формат, впишите число заново \
         и сохраните файл снова",
    ))
}

/// The number that became a date. A day and a month were a whole part and decimals; a month and a
/// year of the last century too, since 45 is no day.
fn number_behind(text: &str) -> Option<String> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b' ')
    {
        return None;
    }
    if let Some(date) = day::date(text) {
        let (day, month, year) = (date.day(), date.month(), date.year());
        if day == 1 && (1930..2000).contains(&year) {
            return Some(format!("{month},{:02}", year % 100));
        }
        return Some(day_and_month(i16::from(day), i16::from(month)));
    }
    let (first, second) = day::in_two_parts(text)?;
    match (day::month(first), day::month(second)) {
        (None, Some(month)) => Some(day_and_month(short_number(first)?, month)),
        (Some(month), None) => Some(format!("{month},{:02}", short_number(second)?)),
        _ => None,
    }
}

fn short_number(text: &str) -> Option<i16> {
    (text.len() <= 2).then(|| text.parse().ok()).flatten()
}

/// «1,3 (или 1,03)»: both become the first of March.
fn day_and_month(day: i16, month: i16) -> String {
    if month < 10 {
        format!("{day},{month} (или {day},0{month})")
    } else {
        format!("{day},{month}")
    }
}

/// The day behind a serial number: days since the last but one of 1899.
pub(in crate::read) fn day_behind(text: &str) -> Option<String> {
    let (days, time) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if days.len() != 5 || !digits(days) || !digits(time) {
        return None;
    }
    let zero = jiff::civil::date(1899, 12, 30);
    let span = jiff::Span::new().days(days.parse::<i32>().ok()?);
    zero.checked_add(span).ok().map(russian_date)
}
