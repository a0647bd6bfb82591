//! TOML values as the model's types; each conversion says why it refuses.

use jiff::civil::Date;
use toml::de::{DeInteger, DeValue};

use super::names;
use super::schema::{Kind, Word};
use crate::diagnostic::Code;
use crate::model::name;
use crate::model::period::{self, Period, Stated};
use crate::model::quantity::{Decimal, MAX_DIGITS, MAX_SCALE};

/// Why a value is refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub code: Code,
    /// What is wrong, for «ключ «…»: …».
    pub message: String,
    /// What was expected.
    pub label: String,
    /// What to write instead.
    pub help: String,
}

/// What a person is told a value is.
pub(crate) fn title(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "текст в кавычках",
        DeValue::Integer(_) => "целое число",
        DeValue::Float(_) => "дробное число",
        DeValue::Boolean(_) => "true/false",
        DeValue::Datetime(_) => "дата или время",
        DeValue::Array(_) => "список в квадратных скобках",
        DeValue::Table(_) => "таблица с ключами",
    }
}

pub(crate) fn wrong_type(value: &DeValue<'_>, expected: &str, help: impl Into<String>) -> Refusal {
    Refusal {
        code: Code::WrongType,
        message: format!("найдено: {}, ожидалось: {expected}", title(value)),
        label: format!("ожидалось: {expected}"),
        help: help.into(),
    }
}

pub(crate) fn wrong_value(
    message: impl Into<String>,
    label: impl Into<String>,
    help: impl Into<String>,
) -> Refusal {
    Refusal {
        code: Code::WrongValue,
        message: message.into(),
        label: label.into(),
        help: help.into(),
    }
}

pub(crate) fn text<'a>(value: &'a DeValue<'_>) -> Result<&'a str, Refusal> {
    value.as_str().ok_or_else(|| {
        let help = match value {
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {
                format!("возьмите значение в кавычки: \"{}\"", plain(value))
            }
            _ => "напишите текст в прямых кавычках: \"…\"".to_owned(),
        };
        wrong_type(value, "текст в кавычках", help)
    })
}

pub(crate) fn filled<'a>(value: &'a DeValue<'_>) -> Result<&'a str, Refusal> {
    let text = text(value)?;
    if text.trim().is_empty() {
        return Err(wrong_value(
            "пустой текст",
            "ожидался непустой текст",
            "впишите значение между кавычками",
        ));
    }
    Ok(text)
}

/// `[a-z][a-z0-9_]*`.
pub(crate) fn identifier<'a>(value: &'a DeValue<'_>) -> Result<&'a str, Refusal> {
    let id = filled(value)?;
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(letter) {
        return Ok(id);
    }
    let help = match suggested_id(id, '_') {
        _ if let Some(help) = names::russian_letter(id) => help,
        Some(suggested) => format!("например, \"{suggested}\""),
        None => "например, \"children_5_17\"".to_owned(),
    };
    Err(wrong_value(
        format!("недопустимый id «{}»", name::printable(id)),
        "ожидались строчные латинские буквы, цифры и «_», первой — буква",
        help,
    ))
}

/// Latin letters, digits, hyphens and underscores, no hyphen in front.
pub(crate) fn id<'a>(value: &'a DeValue<'_>) -> Result<&'a str, Refusal> {
    let id = filled(value)?;
    if is_id(id) {
        Ok(id)
    } else {
        Err(not_an_id(id, |id| format!("\"{id}\"")))
    }
}

/// Latin letters, digits, hyphens and underscores, no hyphen in front.
pub fn is_id(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    text.bytes().all(letter) && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Why a text is no id; `written` as the file would write one.
pub(crate) fn not_an_id(id: &str, written: impl Fn(&str) -> String) -> Refusal {
    let suggested = suggested_id(id, '-');
    wrong_value(
        format!("недопустимый id «{}»", name::printable(id)),
        "ожидались латинские буквы, цифры, «-» и «_», первой — буква или цифра",
        names::russian_letter(id).unwrap_or_else(|| {
            format!(
                "например, {}",
                written(suggested.as_deref().unwrap_or("ds-101"))
            )
        }),
    )
}

/// The same id in the right alphabet, where only case and separators were wrong.
fn suggested_id(id: &str, separator: char) -> Option<String> {
    let mut suggested = String::new();
    for letter in id.trim().chars() {
        match letter {
            letter if letter.is_ascii_alphanumeric() => suggested.push(letter.to_ascii_lowercase()),
            '-' | '_' | ' ' | '.' | '/' => suggested.push(separator),
            _ => return None,
        }
    }
    let fits = suggested
        .starts_with(|c: char| c.is_ascii_lowercase() || separator == '-' && c.is_ascii_digit());
    fits.then_some(suggested)
}

pub(crate) fn choice<'a>(
    value: &'a DeValue<'_>,
    words: &'static [Word],
) -> Result<&'a str, Refusal> {
    let word = text(value)?;
    let known = || words.iter().map(|(word, _)| *word);
    if known().any(|known| known == word) {
        return Ok(word);
    }
    let all: Vec<String> = known().map(|word| format!("\"{word}\"")).collect();
    let all = all.join(", ");
    let help = match name::nearest(word, known()) {
        _ if let Some(help) = names::russian_letter(word) => help,
        Some(nearest) => format!("возможно, имелось в виду \"{nearest}\""),
        None => format!("напишите одно из: {all}"),
    };
    Err(wrong_value(
        format!("недопустимое значение «{}»", name::printable(word)),
        format!("ожидалось: {all}"),
        help,
    ))
}

pub(crate) fn period(value: &DeValue<'_>) -> Result<Period, Refusal> {
    const EXAMPLES: &str =
        "\"2025-12\" (месяц), \"2025-Q4\", \"2025-H2\", \"2025\" или \"2025/26\" (учебный год)";
    let Some(text) = value.as_str() else {
        let help = match value {
            DeValue::Integer(_) => format!("возьмите год в кавычки: \"{}\"", plain(value)),
            _ => format!("напишите период в кавычках: {EXAMPLES}"),
        };
        return Err(wrong_type(value, "период в кавычках", help));
    };
    text.parse().map_err(|_| {
        let help = match period::read(text) {
            Some(Stated::Period(meant)) => format!("напишите \"{meant}\""),
            _ => format!("напишите {EXAMPLES}"),
        };
        wrong_value(
            format!("период «{}» не читается", name::printable(text)),
            "ожидался период",
            help,
        )
    })
}

/// A period by its id or as people write it.
pub(crate) fn stated(value: &DeValue<'_>) -> Result<Period, Refusal> {
    period(value).or_else(|refusal| {
        let meant = value.as_str().and_then(period::meant);
        meant.ok_or(refusal)
    })
}

pub(crate) fn date(value: &DeValue<'_>) -> Result<Date, Refusal> {
    const HELP: &str = "напишите год-месяц-день без кавычек: 2025-08-27";
    let DeValue::Datetime(found) = value else {
        let help = match value.as_str() {
            Some(text) if text.parse::<Date>().is_ok() => format!("уберите кавычки: {text}"),
            _ => HELP.to_owned(),
        };
        return Err(wrong_type(value, "дата без кавычек", help));
    };
    let refuse = || wrong_value("нужна дата без времени", "ожидалась дата", HELP);
    let date = found.date.ok_or_else(refuse)?;
    if found.time.is_some() || found.offset.is_some() {
        return Err(refuse());
    }
    Date::new(date.year as i16, date.month as i8, date.day as i8).map_err(|_| refuse())
}

/// Exact, by its digits as written: never by way of floating point.
pub(crate) fn decimal(value: &DeValue<'_>) -> Result<Decimal, Refusal> {
    let digits = match value {
        DeValue::Integer(integer) if integer.radix() != 10 => {
            return Err(wrong_value(
                "число не в десятичной записи",
                "ожидалось десятичное число",
                whole_text(integer).map_or_else(String::new, |whole| format!("напишите {whole}")),
            ));
        }
        DeValue::Integer(integer) => integer.as_str(),
        DeValue::Float(float) => float.as_str(),
        _ => {
            let help = match value.as_str().map(|text| text.trim().replace(',', ".")) {
                Some(text) if is_number(&text) => format!("уберите кавычки: {text}"),
                _ => "напишите число без кавычек, дробную часть через точку: 78.45".to_owned(),
            };
            return Err(wrong_type(value, "число", help));
        }
    };
    match Decimal::parse(digits.trim_start_matches('+').as_bytes()) {
        Ok(Some(decimal)) => Ok(decimal),
        Ok(None) => Err(wrong_value(
            format!("число «{digits}» здесь не годится"),
            "ожидалось число цифрами",
            "напишите число цифрами, без степени, inf и nan: 100 или 78.45",
        )),
        Err(_) => Err(wrong_value(
            format!("число «{digits}» слишком длинное"),
            format!("не больше {MAX_DIGITS} цифр, после точки не больше {MAX_SCALE}"),
            "сократите число",
        )),
    }
}

fn is_number(text: &str) -> bool {
    matches!(Decimal::parse(text.as_bytes()), Ok(Some(_)))
}

fn whole_text(integer: &DeInteger<'_>) -> Option<String> {
    let value = i128::from_str_radix(integer.as_str(), integer.radix()).ok()?;
    Some(value.to_string())
}

pub(crate) fn whole(value: &DeValue<'_>, min: u32, max: u32) -> Result<u32, Refusal> {
    let DeValue::Integer(integer) = value else {
        let help = match value.as_str() {
            Some(text) if text.parse::<u32>().is_ok() => format!("уберите кавычки: {text}"),
            _ => format!("напишите целое число от {min} до {max} без кавычек"),
        };
        return Err(wrong_type(value, "целое число", help));
    };
    i128::from_str_radix(integer.as_str(), integer.radix())
        .ok()
        .and_then(|whole| u32::try_from(whole).ok())
        .filter(|whole| (min..=max).contains(whole))
        .ok_or_else(|| {
            wrong_value(
                format!("число {} вне пределов", plain(value)),
                format!("ожидалось целое число от {min} до {max}"),
                "исправьте число",
            )
        })
}

pub(crate) fn flag(value: &DeValue<'_>) -> Result<bool, Refusal> {
    value.as_bool().ok_or_else(|| {
        let help = match value.as_str().map(name::key).as_deref() {
            Some("true" | "да") => "напишите true без кавычек",
            Some("false" | "нет") => "напишите false без кавычек",
            _ => "напишите true или false без кавычек",
        };
        wrong_type(value, "true или false", help)
    })
}

/// The value as TOML would write it, for suggestions.
pub(crate) fn plain(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(integer) => integer.to_string(),
        DeValue::Float(float) => float.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(datetime) => datetime.to_string(),
        DeValue::Array(_) => "[…]".to_owned(),
        DeValue::Table(_) => "{…}".to_owned(),
    }
}

/// Whether a value is what a key asks for; lists and tables are left to the caller.
pub(crate) fn check(value: &DeValue<'_>, kind: Kind) -> Result<(), Refusal> {
    match kind {
        Kind::Text => text(value).map(drop),
        Kind::Filled => filled(value).map(drop),
        Kind::Identifier => identifier(value).map(drop),
        Kind::Id => id(value).map(drop),
        Kind::Choice(words) => choice(value, words).map(drop),
        Kind::Period => period(value).map(drop),
        Kind::Stated => stated(value).map(drop),
        Kind::Date => date(value).map(drop),
        Kind::Number => decimal(value).map(drop),
        Kind::Whole { min, max } => whole(value, min, max).map(drop),
        Kind::Flag => flag(value).map(drop),
        Kind::True => match flag(value)? {
            true => Ok(()),
            false => Err(wrong_value(
                "здесь бывает только true",
                "ожидалось: true",
                "напишите true или уберите ключ",
            )),
        },
        Kind::Texts(_)
        | Kind::Distinct(_)
        | Kind::TextOrTexts
        | Kind::Table(_)
        | Kind::Tables(_) => Ok(()),
    }
}
