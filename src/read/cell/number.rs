//! Numbers as people write them: thousands set off, a unit and footnote marks behind.

use super::{Remark, Wording, is_nothing, refusal, shorten, trim, within};
use crate::diagnostic::Code;
use crate::model::form::{Field, FieldType};
use crate::model::quantity::{Decimal, Fixed, Reported, TooLong, ten_to};
use crate::read::mark;
use crate::read::unit::{self, Unit};

/// A number at the start of a text.
pub(super) struct Written<'a> {
    /// Its digits, as [`Decimal::parse`] understands them.
    pub digits: String,
    /// What stands behind it.
    pub rest: &'a str,
}

impl Written<'_> {
    /// The number, given in a unit.
    fn in_unit(&self, unit: Unit) -> Result<Option<Decimal>, TooLong> {
        let value = Decimal::parse(self.digits.as_bytes())?;
        value.map(|value| unit::scaled(value, unit)).transpose()
    }

    /// How many of its digits stand behind the point, zeros counted.
    fn decimals(&self) -> u8 {
        let point = self.digits.find(['.', ',']);
        point.map_or(0, |point| (self.digits.len() - point - 1).min(255) as u8)
    }
}

/// What stands behind a number without making it another text.
struct Tail {
    unit: Option<Unit>,
    marks: bool,
}

/// Splits a text behind the number at its start; `None` where there is none.
///
/// Drops what people put into numbers: an apostrophe in front, a plus, spaces and apostrophes
/// between thousands, what cannot be seen.
pub(super) fn split(text: &str) -> Option<Written<'_>> {
    // Words have none; a digit of full width begins with the byte 0xef.
    if !text
        .bytes()
        .any(|byte| byte.is_ascii_digit() || byte == 0xef)
    {
        return None;
    }
    let text = text.strip_prefix(['\'', '’', '‘', '`']).map_or(text, trim);
    let mut digits = String::with_capacity(24);
    let mut rest = text;
    if let Some(sign) = text.chars().next().filter(|sign| is_sign(*sign)) {
        rest = &text[sign.len_utf8()..];
        if sign != '+' {
            digits.push('-');
        }
    }
    let (mut any, mut point) = (false, false);
    // Digits since the last space: the first group of thousands has one to three.
    let mut group = 0;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        if let Some(digit) = digit(letter) {
            digits.push(digit);
            any = true;
            group += 1;
        } else if matches!(letter, '.' | ',' | '．' | '，') && any && !point && begins(after) {
            digits.push(if matches!(letter, '.' | '．') {
                '.'
            } else {
                ','
            });
            point = true;
        } else if sets_off_thousands(letter) && !point && (1..=3).contains(&group) {
            if !is_group(after) {
                break;
            }
            group = 0;
        } else if !(is_invisible(letter) && any) {
            break;
        }
        rest = after;
    }
    any.then_some(Written { digits, rest })
}

fn is_sign(letter: char) -> bool {
    matches!(
        letter,
        '-' | '+' | '\u{2010}'..='\u{2013}' | '\u{2212}' | '－' | '＋'
    )
}

/// A digit, of full width too, as it is in ASCII.
fn digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => char::from_digit(u32::from(letter) - u32::from('０'), 10),
        _ => None,
    }
}

fn begins(text: &str) -> bool {
    text.chars().next().and_then(digit).is_some()
}

fn sets_off_thousands(letter: char) -> bool {
    matches!(
        letter,
        ' ' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\'' | '’'
    )
}

fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    )
}

/// Three digits and no fourth.
fn is_group(text: &str) -> bool {
    let mut letters = text.chars().map(digit);
    (0..3).all(|_| letters.next().flatten().is_some()) && letters.next().flatten().is_none()
}

fn tail(rest: &str) -> Option<Tail> {
    if rest.is_empty() {
        return Some(Tail {
            unit: None,
            marks: false,
        });
    }
    let (body, behind) = mark::split(rest);
    let unit_alone = body.trim_start_matches(mark::is_mark);
    let marks = !behind.is_empty() || unit_alone.len() < body.len();
    let unit = match trim(unit_alone) {
        "" => None,
        words => Some(unit::beside(words)?),
    };
    Some(Tail { unit, marks })
}

/// Reads a cell of a column that is given in a unit.
pub(super) fn read(
    field: &Field,
    text: &str,
    column: Unit,
    wording: Wording,
) -> Result<Reported, Remark> {
    if is_nothing(text) {
        return Ok(Reported::BLANK);
    }
    let written = split(text);
    let refused = || {
        wording.fault(Code::NotANumber, || {
            refusal::of(field, text, written.as_ref())
        })
    };
    let written = written.as_ref().ok_or_else(refused)?;
    let tail = tail(written.rest).ok_or_else(refused)?;
    let names = std::iter::once(&field.header)
        .chain(&field.aliases)
        .map(String::as_str);
    let counted = mark::split(written.rest)
        .0
        .trim_start_matches(mark::is_mark);
    if !counted.is_empty() && !unit::suits(trim(counted), names) {
        return Err(refused());
    }
    if let Some(fault) = unit_fault(field, text, column, tail.unit) {
        return Err(fault);
    }
    let cell = tail.unit.filter(|unit| unit.power() > 0);
    let value = written
        .in_unit(cell.unwrap_or(column))
        .map_err(|TooLong| wording.fault(Code::OutOfRange, || too_long(text)))?
        .ok_or_else(refused)?;
    check(field, text, value, wording)?;
    let lost = cell.map_or(0, |unit| unit.power().saturating_sub(written.decimals()));
    if lost > 0 {
        return Err(rounded_figure(text, value, lost));
    }
    if tail.marks {
        return Err(footnote_mark(text, value));
    }
    Ok(Reported::value(value))
}

/// A unit of another kind than the field's, or two that contradict each other.
fn unit_fault(field: &Field, text: &str, column: Unit, cell: Option<Unit>) -> Option<Remark> {
    let shown = || shorten(text);
    let wants_share = field.kind == FieldType::Percent;
    let units = || cell.into_iter().chain(Some(column));
    if !wants_share && units().any(Unit::is_percent) {
        return Some(not_a_number(
            field,
            format!("процент там, где ожидается количество: «{}»", shown()),
            "укажите само количество, а не долю: доли считает программа",
        ));
    }
    if wants_share && (cell.is_some_and(|unit| !unit.is_percent()) || column.power() > 0) {
        return Some(not_a_number(
            field,
            format!("количество там, где ожидается процент: «{}»", shown()),
            "укажите долю в процентах",
        ));
    }
    (column.power() > 0 && cell.is_some()).then(|| {
        not_a_number(
            field,
            format!("единица и в шапке столбца, и в ячейке: «{}»", shown()),
            "непонятно, на что умножать: оставьте единицу только в шапке",
        )
    })
}

/// A number with the unit and the marks behind it, whatever it counts, in a column that is given in
/// a unit; `None` for anything else.
pub fn plain_number(text: &str, column: Unit) -> Option<Decimal> {
    let written = split(text)?;
    let cell = tail(written.rest)?.unit;
    if cell.is_some_and(|unit| unit.is_percent() || column.power() > 0) {
        return None;
    }
    written.in_unit(cell.unwrap_or(column)).ok().flatten()
}

fn rounded_figure(text: &str, value: Decimal, step: u8) -> Remark {
    let read = value.russian();
    let step = Fixed::new(ten_to(u32::from(step)), 0).russian();
    Remark::beside(
        Code::RoundedFigure,
        value,
        &read,
        format!(
            "число округлено: «{}» — это {read} с точностью до {step}",
            shorten(text)
        ),
        "значение учтено; если известно точное число, впишите его всеми цифрами, без «тыс.» и «млн»",
    )
}

fn footnote_mark(text: &str, value: Decimal) -> Remark {
    Remark::beside(
        Code::FootnoteMark,
        value,
        &value.russian(),
        format!("при числе знак сноски: «{}»", shorten(text)),
        "значение учтено без знака; прочтите сноску: не меняет ли она число",
    )
}

fn too_long(text: &str) -> Remark {
    let help = if text.contains([',', '.']) {
        "округлите число: после запятой слишком много цифр"
    } else {
        "проверьте, не склеились ли два числа"
    };
    Remark::fault(
        Code::OutOfRange,
        format!("слишком длинное число: «{}»", shorten(text)),
        "не больше 17 цифр",
        help,
    )
}

/// A cell that is no number, and what to do.
pub(super) fn not_a_number(field: &Field, message: String, help: impl Into<String>) -> Remark {
    Remark::fault(Code::NotANumber, message, expected(field.kind), help)
}

pub(super) fn expected(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Count => "целое число, например 205",
        FieldType::Percent => "процент, например 78,45",
        _ => "число, например 78,45",
    }
}

/// Holds a number against the type and the limits of its field.
fn check(field: &Field, text: &str, value: Decimal, wording: Wording) -> Result<(), Remark> {
    let is_count = field.kind == FieldType::Count;
    if within(field, value) && !(is_count && (value.is_negative() || !value.is_whole())) {
        return Ok(());
    }
    let code = match (field.min, field.max) {
        _ if is_count && value.is_negative() => Code::Negative,
        _ if is_count && !value.is_whole() => Code::NotWhole,
        (None, None) => return Ok(()),
        (Some(min), _) if value.is_negative() && min == Decimal::ZERO => Code::Negative,
        _ => Code::OutOfRange,
    };
    Err(wording.fault(code, || unfit(field, text, value, code)))
}

/// A number that its field does not take.
fn unfit(field: &Field, text: &str, value: Decimal, code: Code) -> Remark {
    let is_count = field.kind == FieldType::Count;
    let shown = shorten(text);
    if is_count && value.is_negative() {
        return Remark::fault(
            code,
            format!("отрицательное количество: «{shown}»"),
            "целое число от 0",
            "количество не бывает меньше нуля; если данных нет, оставьте ячейку пустой",
        );
    }
    if is_count && !value.is_whole() {
        let help = match text.rsplit_once(['.', ',']) {
            Some((whole, group)) if is_group(group) => format!(
                "укажите целое число; если {} отделяет тысячи, уберите её",
                if text[whole.len()..].starts_with('.') {
                    "точка"
                } else {
                    "запятая"
                }
            ),
            _ => "укажите целое число: количество не бывает дробным".to_owned(),
        };
        return Remark::fault(
            code,
            format!("дробное количество: «{shown}»"),
            "целое число",
            help,
        );
    }
    let min = field.min.map(|min| min.russian());
    let max = field.max.map(|max| max.russian());
    let expected = match (min, max) {
        (Some(min), Some(max)) => format!("от {min} до {max}"),
        (Some(min), None) => format!("не меньше {min}"),
        (None, max) => format!("не больше {}", max.unwrap_or_default()),
    };
    Remark::fault(
        code,
        format!("число вне допустимых пределов: «{shown}»"),
        &expected,
        "проверьте значение; пределы заданы в описании формы",
    )
}
