//! What people write where TOML wants a value: decimal commas, dates of the day first, words
//! without quotes. Each function gives what is wrong, and what to write instead.

use crate::model::name;
use crate::model::period::Period;

/// A number, written as on paper.
pub(crate) fn number(written: &str) -> Option<(String, String)> {
    let bare = written.trim_start_matches(['−', '–', '—', '-', '+']);
    if !bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let minus = written.starts_with(['−', '–', '—', '-']);
    let number: String = bare
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '%' | '_'))
        .map(|c| if c == ',' { '.' } else { c })
        .collect();
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || whole.is_empty() && part.is_empty() {
        return None;
    }
    let label = match () {
        () if bare.contains(',') => "дробная часть пишется через точку",
        () if bare.contains('%') => "знак «%» не пишется",
        () if bare.contains([' ', '\u{a0}', '\u{202f}']) => "число пишется без пробелов",
        () if written.starts_with(['−', '–', '—']) => "минус пишется знаком «-»",
        () if whole.len() > 1 && whole.starts_with('0') => {
            let help = format!("напишите число без нулей впереди или текст в кавычках: \"{bare}\"");
            return Some(("число не начинается с нуля".to_owned(), help));
        }
        () if number.starts_with('.') || number.ends_with('.') => {
            "с обеих сторон точки нужны цифры"
        }
        () => return None,
    };
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let sign = if minus { "-" } else { "" };
    let part = if part.is_empty() {
        String::new()
    } else {
        format!(".{part}")
    };
    Some((label.to_owned(), format!("напишите {sign}{whole}{part}")))
}

/// A day or a period without quotes.
pub(crate) fn date(written: &str) -> Option<(String, String)> {
    if written.parse::<Period>().is_ok() {
        let help = format!("возьмите период в кавычки: \"{written}\"");
        return Some(("период пишется в кавычках".to_owned(), help));
    }
    let parts: Vec<&str> = written.split(['.', '-', '/']).collect();
    let digits = parts
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let (true, [first, month, last]) = (digits, &parts[..]) else {
        return None;
    };
    let (year, day) = if first.len() == 4 {
        (first, last)
    } else {
        (last, first)
    };
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    let label = "дата пишется год-месяц-день".to_owned();
    let date = format!("{year}-{month:0>2}-{day:0>2}");
    match date.parse::<jiff::civil::Date>() {
        Ok(_) => Some((label, format!("напишите {date}"))),
        Err(_) => Some((
            "такого дня нет в календаре".to_owned(),
            "исправьте дату: год-месяц-день, например 2025-08-27".to_owned(),
        )),
    }
}

/// A word where a value is expected.
pub(crate) fn word(written: &str) -> (String, String) {
    let quotes = ['«', '»', '“', '”', '„', '‘', '’', '‹', '›'];
    let inner = written.trim_matches(|c: char| quotes.contains(&c) || c == '"' || c == '\'');
    let straight = if inner.contains('"') {
        format!("'{inner}'")
    } else {
        format!("\"{inner}\"")
    };
    let straight = name::printable(&straight);
    if inner == "…" {
        return (
            "значение ещё не вписано".to_owned(),
            "впишите его вместо «…»: числа без кавычек, дробную часть через точку".to_owned(),
        );
    }
    match name::key(written).as_str() {
        "" if inner.is_empty() => {
            return (
                "после «=» нет значения".to_owned(),
                "впишите значение или уберите строку".to_owned(),
            );
        }
        "да" | "true" | "истина" | "yes" => {
            return (
                "«да» пишется словом true".to_owned(),
                "напишите true".to_owned(),
            );
        }
        "нет" | "false" | "ложь" | "no" => {
            return (
                "«нет» пишется словом false".to_owned(),
                "напишите false".to_owned(),
            );
        }
        _ => {}
    }
    if written.starts_with(quotes) {
        let label = "текст берётся в прямые кавычки, а не в «ёлочки» или “лапки”".to_owned();
        return (label, format!("напишите {straight}"));
    }
    if written.ends_with(['"', '\'']) {
        return (
            "нет открывающей кавычки".to_owned(),
            format!("напишите {straight}"),
        );
    }
    (
        "текст пишется в кавычках".to_owned(),
        format!("напишите {straight}"),
    )
}
