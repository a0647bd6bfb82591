//! What a text is that stands where a number should: told so that its author knows what to do.

use super::number::{Written, not_a_number};
use super::{Remark, damage, fold, repeats, shorten};
use crate::model::form::Field;

/// Why a text is no number of a field; `written` is the number it begins with.
pub(super) fn of(field: &Field, text: &str, written: Option<&Written<'_>>) -> Remark {
    let shown = shorten(text);
    if let Some(damage) = damage::of_number(text) {
        return not_a_number(field, damage.message, damage.help);
    }
    let (message, help) = word(text)
        .or_else(|| in_brackets(text))
        .or_else(|| estimate(text, written))
        .or_else(|| written.and_then(|written| behind(text, written)))
        .unwrap_or_else(|| ("не число", letters(text)));
    not_a_number(field, format!("{message}: «{shown}»"), help)
}

const ONE_NUMBER: &str = "впишите одно число; если показателей два, дайте каждому свой столбец";

type Refusal = Option<(&'static str, String)>;

/// Words that say something about the number and are none.
fn word(text: &str) -> Refusal {
    if repeats(text) {
        return Some((
            "знак повтора вместо числа",
            "впишите само число: программа не знает, к какой ячейке относится знак".to_owned(),
        ));
    }
    let folded = fold(text);
    let word = folded.split([' ', ',', '.', ';', '!']).next()?;
    let none = matches!(
        word,
        "нет" | "нету" | "отсутствует" | "отсутствуют" | "отсутств"
    );
    if none || folded.starts_with("не имеется") || folded.starts_with("не было") {
        return Some((
            "непонятно, ноль это или данных нет",
            "если таких нет, впишите 0; если данных нет, оставьте ячейку пустой".to_owned(),
        ));
    }
    matches!(word, "ноль" | "нуль").then(|| ("число словом", "впишите 0 цифрой".to_owned()))
}

/// «(120)», a bookkeeper's minus.
fn in_brackets(text: &str) -> Refusal {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?.trim();
    let is_number = inner.starts_with(|c: char| c.is_ascii_digit())
        && inner
            .chars()
            .all(|c| c.is_ascii_digit() || " \u{a0},.".contains(c));
    is_number.then(|| {
        (
            "число в скобках",
            "уберите скобки; если это минус, проверьте число: количество не бывает меньше нуля"
                .to_owned(),
        )
    })
}

/// «около 120», «~120», «120?», «>100».
fn estimate(text: &str, written: Option<&Written<'_>>) -> Refusal {
    const WORDS: [&str; 20] = [
        "около",
        "ок",
        "примерно",
        "прим",
        "приблизительно",
        "порядка",
        "почти",
        "более",
        "больше",
        "свыше",
        "менее",
        "меньше",
        "не более",
        "не менее",
        "до",
        "от",
        "минимум",
        "максимум",
        "где-то",
        "где то",
    ];
    let folded = fold(text);
    let begins = |word: &str| {
        let rest = folded.strip_prefix(word);
        rest.is_some_and(|rest| rest.starts_with([' ', '.']))
    };
    if folded.starts_with("от ") && folded.contains(" до ") {
        return Some(("в ячейке не одно число", ONE_NUMBER.to_owned()));
    }
    let estimated = text.starts_with(['~', '≈', '>', '<', '≥', '≤', '±'])
        || WORDS.iter().any(|word| begins(word))
        || written.is_some_and(|written| {
            let rest = fold(written.rest);
            rest == "+" || rest.starts_with(['?', '±']) || rest.starts_with("и более")
        });
    let has_digits = text.bytes().any(|byte| byte.is_ascii_digit());
    (estimated && has_digits).then(|| {
        (
            "приблизительное число",
            "впишите точное число; если оно неизвестно, оставьте ячейку пустой".to_owned(),
        )
    })
}

/// What stands behind a number and makes it another text.
fn behind(text: &str, written: &Written<'_>) -> Refusal {
    let digits = &written.digits;
    let rest = written.rest.trim();
    if let Some(refusal) = bracket(written) {
        return Some(refusal);
    }
    if let Some(plain) = with_thousands(text) {
        return Some((
            "непонятно, что отделяют точки и запятые",
            format!("запишите число без разделителей тысяч: {plain}"),
        ));
    }
    let begins_with_digit = |text: &str| {
        text.trim_start()
            .starts_with(|letter: char| letter.is_ascii_digit())
    };
    if rest
        .chars()
        .all(|sign| matches!(sign, '.' | ',' | ';' | ':'))
    {
        return Some(("после числа лишний знак", "уберите его".to_owned()));
    }
    let sign = rest.chars().next()?;
    let after_sign = &rest[sign.len_utf8()..];
    if matches!(sign, '+' | '*' | '×' | '=' | '÷') && begins_with_digit(after_sign) {
        return Some((
            "в ячейке вычисление, а не число",
            "впишите его результат одним числом".to_owned(),
        ));
    }
    if begins_with_digit(rest) && written.rest.starts_with(char::is_whitespace) {
        return Some((
            "в ячейке не одно число",
            "если число одно, уберите лишний пробел: пробелом отделяют только по три цифры справа"
                .to_owned(),
        ));
    }
    let several = begins_with_digit(after_sign) && !sign.is_alphanumeric() && sign != '(';
    if several || fold(rest).strip_prefix("из").is_some_and(begins_with_digit) {
        return Some(("в ячейке не одно число", ONE_NUMBER.to_owned()));
    }
    let words = rest.chars().filter(|letter| letter.is_alphabetic()).count() > 1;
    let set_off =
        sign == '(' || !sign.is_alphanumeric() || written.rest.starts_with([' ', '\u{a0}']);
    (words && set_off && digits.len() <= 17).then(|| {
        (
            "при числе слова",
            format!(
                "оставьте в ячейке одно число, {}; остальное перенесите в примечание или в свой \
                 столбец",
                digits.replace('.', ",")
            ),
        )
    })
}

/// `20142)`, `120 (1)`: a footnote, or not.
fn bracket(written: &Written<'_>) -> Refusal {
    let digits = written.digits.replace('.', ",");
    let rest = written.rest.trim();
    if rest == ")" {
        let (head, mark) = digits.split_at_checked(digits.len().checked_sub(1)?)?;
        let help = if !head.ends_with(|c: char| c.is_ascii_digit()) {
            format!("уберите скобку, если число — {digits}")
        } else {
            format!(
                "оставьте одно число: {head}, если «{mark})» — знак сноски, или {digits}, если \
                 скобка лишняя"
            )
        };
        return Some(("похоже, к числу приклеен знак сноски", help));
    }
    let inner = rest.strip_suffix(')')?;
    let inner = inner.strip_prefix('(').unwrap_or(inner).trim();
    let is_number = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| {
        (
            "непонятно, сноска это или второе число",
            format!("оставьте в ячейке одно число: {digits}, если дальше знак сноски"),
        )
    })
}

/// The number in `1.234.567`, `1,234.56` and `1.234,56`.
fn with_thousands(text: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    if text.len() > 40 || !text.chars().all(is_plain) {
        return None;
    }
    let (whole, decimals) = match (text.contains('.'), text.contains(',')) {
        // The sign that stands last is the decimal one.
        (true, true) => text.rsplit_once(['.', ','])?,
        _ => (text, ""),
    };
    let mut groups = whole.split(['.', ',']);
    let first = groups.next()?;
    let groups: Vec<&str> = groups.collect();
    let grouped = (1..=3).contains(&first.len()) && groups.iter().all(|group| group.len() == 3);
    if !grouped || groups.is_empty() || decimals.contains(['.', ',']) {
        return None;
    }
    let whole = format!("{first}{}", groups.concat());
    Some(match decimals {
        "" => whole,
        decimals => format!("{whole},{decimals}"),
    })
}

/// Why a text that looks like a number is none.
fn letters(text: &str) -> String {
    if text
        .chars()
        .any(|letter| matches!(letter, '½' | '¼' | '¾' | '⅓' | '⅔'))
    {
        return "запишите дробь цифрами через запятую: ½ — это 0,5".into();
    }
    let strange =
        |letter: char| letter.is_numeric() && !letter.is_ascii() && !letter.is_alphabetic();
    if text.chars().any(strange) {
        return "запишите число обычными цифрами, от 0 до 9".into();
    }
    let slips: Vec<char> = text
        .chars()
        .filter(|c| matches!(c, 'O' | 'o' | 'О' | 'о' | 'З' | 'з' | 'l' | 'I' | 'б'))
        .collect();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > 0 && slips.len() == text.chars().count() - digits && !slips.is_empty() {
        let meant = match slips[0] {
            'O' | 'o' | 'О' | 'о' => "буква «О» вместо цифры 0",
            'З' | 'з' => "буква «З» вместо цифры 3",
            'б' => "буква «б» вместо цифры 6",
            _ => "буква вместо цифры 1",
        };
        return format!("похоже, {meant}: исправьте и пришлите файл снова");
    }
    "запишите число цифрами; если данных нет, оставьте ячейку пустой".into()
}
