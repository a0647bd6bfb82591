//! Cells: bytes → exact values, by the type of their field.
//!
//! The common cells (digits, one separator) are read from the raw bytes; anything else is decoded
//! and read with care.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::diagnostic::Code;
use crate::model::form::{Field, FieldType};
use crate::model::quantity::{Decimal, Reported};
use crate::source::Encoding;

/// What is wrong with a cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What kind of fault.
    pub code: Code,
    /// What is wrong, with what was found.
    pub message: String,
    /// What was expected.
    pub expected: String,
    /// What to do.
    pub help: String,
}

/// Reads a cell of a field.
///
/// # Errors
/// What is wrong with it; the caller knows where it stands.
#[inline]
pub fn read(field: &Field, bytes: &[u8], encoding: Encoding) -> Result<Reported, Fault> {
    read_in(field, bytes, encoding, Dash::Nothing)
}

/// What a dash means in a column of flags.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dash {
    /// Not reported, as in any other column.
    Nothing,
    /// No: its column says yes with a plus.
    No,
}

/// Reads a cell of a field, in a column where dashes have a meaning.
///
/// # Errors
/// What is wrong with it; the caller knows where it stands.
#[inline]
pub fn read_in(
    field: &Field,
    bytes: &[u8],
    encoding: Encoding,
    dash: Dash,
) -> Result<Reported, Fault> {
    let quick = match field.kind {
        FieldType::Count => small_whole(bytes),
        FieldType::Number | FieldType::Percent => Decimal::parse(bytes).ok().flatten(),
        FieldType::Flag => common_flag(bytes, encoding),
        FieldType::Date | FieldType::Text => None,
    };
    if let Some(value) = quick
        && within(field, value)
    {
        return Ok(Reported::value(value));
    }
    read_with_care(field, bytes, encoding, dash)
}

/// A whole number of up to seventeen digits and nothing else: nearly every cell there is.
#[inline]
fn small_whole(bytes: &[u8]) -> Option<Decimal> {
    if bytes.is_empty() || bytes.len() > 17 {
        return None;
    }
    let mut value: i64 = 0;
    for byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Decimal::new(value, 0)
}

/// «да» and «нет» as nearly everybody writes them.
#[inline]
fn common_flag(bytes: &[u8], encoding: Encoding) -> Option<Decimal> {
    let (yes, no): (&[u8], &[u8]) = match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => ("да".as_bytes(), "нет".as_bytes()),
        Encoding::Windows1251 => (b"\xe4\xe0", b"\xed\xe5\xf2"),
    };
    if bytes == yes {
        Some(Decimal::ONE)
    } else if bytes == no {
        Some(Decimal::ZERO)
    } else {
        None
    }
}

#[inline]
fn within(field: &Field, value: Decimal) -> bool {
    // Most fields have no limit but zero.
    if field.max.is_none() && field.min.is_none_or(|min| min == Decimal::ZERO) {
        return field.min.is_none() || !value.is_negative();
    }
    field.min.is_none_or(|min| min <= value) && field.max.is_none_or(|max| value <= max)
}

fn read_with_care(
    field: &Field,
    bytes: &[u8],
    encoding: Encoding,
    dash: Dash,
) -> Result<Reported, Fault> {
    let decoded = encoding.decode(bytes);
    let text = trim(&decoded);
    if text.is_empty() {
        return Ok(Reported::BLANK);
    }
    if text.starts_with('=') && field.kind != FieldType::Text {
        return Err(formula_in_cell(text));
    }
    match field.kind {
        FieldType::Count | FieldType::Number | FieldType::Percent => number(field, text),
        FieldType::Flag if dash == Dash::No && is_dash(text) => Ok(Reported::value(Decimal::ZERO)),
        FieldType::Flag => flag(text),
        _ if is_nothing(text) => Ok(Reported::BLANK),
        FieldType::Date => match date(text) {
            Some(_) => Ok(Reported::TEXT),
            None => Err(Fault {
                code: Code::NotADate,
                message: format!("не дата: «{}»", shorten(text)),
                expected: "дата, например 31.12.2025".into(),
                help: "запишите день, месяц и год цифрами: 31.12.2025".into(),
            }),
        },
        FieldType::Text => allowed_text(field, text),
    }
}

fn allowed_text(field: &Field, text: &str) -> Result<Reported, Fault> {
    let fault = |expected: String| Fault {
        code: Code::OutOfRange,
        message: format!("недопустимое значение «{}»", shorten(text)),
        help: format!("поле «{}» принимает только {expected}", field.header),
        expected,
    };
    if !field.one_of.is_empty() && !field.one_of.iter().any(|allowed| allowed == text) {
        let words: Vec<String> = field.one_of.iter().map(|w| format!("«{w}»")).collect();
        return Err(fault(format!("одно из: {}", words.join(", "))));
    }
    if let Some(pattern) = &field.pattern
        && !pattern.is_match(text)
    {
        return Err(fault(format!("текст по образцу {pattern}")));
    }
    Ok(Reported::TEXT)
}

fn formula_in_cell(text: &str) -> Fault {
    Fault {
        code: Code::FormulaInCell,
        message: format!("в ячейке формула вместо значения: «{}»", shorten(text)),
        expected: "готовое значение".into(),
        help: "сохраните файл из табличной программы заново: в CSV должны попасть значения, а не \
               формулы"
            .into(),
    }
}

fn number(field: &Field, text: &str) -> Result<Reported, Fault> {
    if is_nothing(text) {
        return Ok(Reported::BLANK);
    }
    let compact = compact_number(text);
    let (digits, percent) = match compact.strip_suffix('%') {
        Some(digits) => (digits, true),
        None => (&*compact, false),
    };
    if percent && field.kind != FieldType::Percent {
        return Err(Fault {
            code: Code::NotANumber,
            message: format!("процент там, где ожидается количество: «{}»", shorten(text)),
            expected: expected_number(field.kind).into(),
            help: "укажите само количество, а не долю: доли считает программа".into(),
        });
    }
    match Decimal::parse(digits.as_bytes()) {
        Ok(Some(value)) => checked_number(field, text, value),
        Err(_) => Err(Fault {
            code: Code::OutOfRange,
            message: format!("слишком длинное число: «{}»", shorten(text)),
            expected: "не больше 17 цифр".into(),
            help: "проверьте, не склеились ли два числа".into(),
        }),
        Ok(None) => Err(Fault {
            code: Code::NotANumber,
            message: format!("не число: «{}»", shorten(text)),
            expected: expected_number(field.kind).into(),
            help: number_help(digits),
        }),
    }
}

fn checked_number(field: &Field, text: &str, value: Decimal) -> Result<Reported, Fault> {
    let fault = |code, message: String, expected: String, help: &str| {
        Err(Fault {
            code,
            message,
            expected,
            help: help.into(),
        })
    };
    let plain_count = field.kind != FieldType::Count || (!value.is_negative() && value.is_whole());
    if plain_count && within(field, value) {
        return Ok(Reported::value(value));
    }
    let shown = shorten(text);
    if field.kind == FieldType::Count && value.is_negative() {
        return fault(
            Code::Negative,
            format!("отрицательное количество: «{shown}»"),
            "целое число от 0".into(),
            "количество не бывает меньше нуля; если данных нет, оставьте ячейку пустой",
        );
    }
    if field.kind == FieldType::Count && !value.is_whole() {
        return fault(
            Code::NotWhole,
            format!("дробное количество: «{shown}»"),
            "целое число".into(),
            "укажите целое число; если запятая отделяет тысячи, уберите её",
        );
    }
    if within(field, value) {
        return Ok(Reported::value(value));
    }
    let expected = match (field.min, field.max) {
        (Some(min), Some(max)) => format!("от {} до {}", min.russian(), max.russian()),
        (Some(min), None) => format!("не меньше {}", min.russian()),
        (None, Some(max)) => format!("не больше {}", max.russian()),
        (None, None) => return Ok(Reported::value(value)),
    };
    let code = match field.min {
        Some(min) if value.is_negative() && min == Decimal::ZERO => Code::Negative,
        _ => Code::OutOfRange,
    };
    fault(
        code,
        format!("число вне допустимых пределов: «{shown}»"),
        expected,
        "проверьте значение; пределы заданы в описании формы",
    )
}

/// A number as people write it, whatever it counts; `None` for anything else.
pub fn plain_number(text: &str) -> Option<Decimal> {
    let compact = compact_number(text);
    Decimal::parse(compact.as_bytes()).ok().flatten()
}

fn expected_number(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Count => "целое число, например 205",
        FieldType::Percent => "процент, например 78,45",
        _ => "число, например 78,45",
    }
}

/// Why a text that looks like a number is none.
fn number_help(text: &str) -> String {
    let letters: Vec<char> = text
        .chars()
        .filter(|c| matches!(c, 'O' | 'o' | 'О' | 'о' | 'З' | 'з' | 'l' | 'I' | 'б'))
        .collect();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let separators = text.bytes().filter(|b| matches!(b, b',' | b'.')).count();
    if digits > 0 && letters.len() == text.chars().count() - digits && !letters.is_empty() {
        let meant = match letters[0] {
            'O' | 'o' | 'О' | 'о' => "буква «О» вместо цифры 0",
            'З' | 'з' => "буква «З» вместо цифры 3",
            'б' => "буква «б» вместо цифры 6",
            _ => "буква вместо цифры 1",
        };
        return format!("похоже, {meant}: исправьте и пришлите файл снова");
    }
    if digits > 0 && separators > 1 {
        return "запишите число без разделителей тысяч: 1234567".into();
    }
    "запишите число цифрами; если данных нет, оставьте ячейку пустой".into()
}

/// Drops what people put into numbers: spaces of all kinds between digits, an apostrophe in front,
/// any of the minuses.
fn compact_number(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\'').unwrap_or(text);
    if text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.'))
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let before_digit = letters
            .peek()
            .is_some_and(|next| next.is_ascii_digit() || *next == '%');
        match letter {
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}'
                if before_digit && groups_thousands(&out, letters.clone()) => {}
            '\u{2212}' | '\u{2013}' if out.is_empty() && before_digit => out.push('-'),
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// A space inside a number sets off thousands: digits before it, exactly three after it. One
/// before a per cent sign is only a space. «12 5» is not a number.
fn groups_thousands(before: &str, after: impl Iterator<Item = char> + Clone) -> bool {
    let mut after = after.peekable();
    if after.peek() == Some(&'%') {
        return true;
    }
    before.ends_with(|c: char| c.is_ascii_digit())
        && !before.contains([',', '.'])
        && after.take_while(char::is_ascii_digit).count() == 3
}

fn is_dash(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
}

/// What people write where there is nothing to report.
pub fn is_nothing(text: &str) -> bool {
    if is_dash(text) {
        return true;
    }
    // The longest of these words has 23 bytes; every name is asked this.
    if text.len() > 24 {
        return false;
    }
    matches!(
        text.to_lowercase().as_str(),
        "н/д"
            | "н/д."
            | "нд"
            | "н.д."
            | "н. д."
            | "нет данных"
            | "нет сведений"
            | "х"
            | "x"
            | "…"
            | "..."
            | "n/a"
            | "na"
            | "null"
    )
}

fn flag(text: &str) -> Result<Reported, Fault> {
    match read_flag(text) {
        Some(true) => Ok(Reported::value(Decimal::ONE)),
        Some(false) => Ok(Reported::value(Decimal::ZERO)),
        None if is_nothing(text) => Ok(Reported::BLANK),
        None => Err(Fault {
            code: Code::NotAFlag,
            message: format!("ни «да», ни «нет»: «{}»", shorten(text)),
            expected: "«да» или «нет»".into(),
            help: flag_help(text).into(),
        }),
    }
}

fn flag_help(text: &str) -> &'static str {
    const BEGUN: [&str; 5] = ["частич", "разраб", "планир", "процесс", "стади"];
    let lower = text.to_lowercase();
    if BEGUN.iter().any(|stem| lower.contains(stem)) {
        "начатое ещё не «да»: уточните и напишите «да», если сделано полностью, или «нет»"
    } else {
        "напишите «да» или «нет»; если данных нет, оставьте ячейку пустой"
    }
}

const YES: &[&str] = &[
    "да",
    "д",
    "yes",
    "y",
    "true",
    "истина",
    "1",
    "+",
    "есть",
    "имеется",
    "внедрено",
    "внедрена",
    "внедрен",
    "утверждено",
    "утверждена",
    "утвержден",
    "выполнено",
    "исполнено",
    "организовано",
    "организована",
];

const NO: &[&str] = &[
    "нет",
    "н",
    "no",
    "n",
    "false",
    "ложь",
    "0",
    "отсутствует",
    "не внедрено",
    "не внедрена",
    "не внедрен",
    "не утверждено",
    "не утверждена",
    "не утвержден",
    "не выполнено",
    "не исполнено",
    "не организовано",
    "не организована",
];

/// Yes, no, or neither: what is only begun («частично») is for its author to call one or the other.
pub fn read_flag(text: &str) -> Option<bool> {
    let lower = text
        .trim_end_matches(['.', '!', ';'])
        .to_lowercase()
        .replace('ё', "е");
    match &*lower {
        yes if YES.contains(&yes) => Some(true),
        no if NO.contains(&no) => Some(false),
        _ => None,
    }
}

/// A day: 31.12.2025, 31/12/2025, 31-12-2025, 2025-12-31 or 31 декабря 2025 г.
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim_end_matches("г.").trim_end_matches("года").trim();
    let parts: Vec<&str> = text
        .split(['.', '/', '-', ' '])
        .filter(|p| !p.is_empty())
        .collect();
    let [first, second, third] = parts[..] else {
        return None;
    };
    let number = |text: &str| text.parse::<i16>().ok();
    let (year, month, day) = if first.len() == 4 {
        (number(first)?, number(second)?, number(third)?)
    } else {
        let month = number(second).or_else(|| month_number(second))?;
        (number(third)?, month, number(first)?)
    };
    let year = if (0..100).contains(&year) && third.len() == 2 {
        2000 + year
    } else {
        year
    };
    if !(1900..=2200).contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn month_number(word: &str) -> Option<i16> {
    const STEMS: [&str; 12] = [
        "янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
    ];
    let lower = word.to_lowercase();
    STEMS
        .iter()
        .position(|stem| lower.starts_with(stem))
        .map(|index| index as i16 + 1)
}

/// Without spaces of any kind at either end.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// Fit to stand in a message: one line, at most sixty letters, nothing a terminal would obey.
pub fn shorten(text: &str) -> String {
    let shown = crate::model::name::printable(text);
    if shown.chars().count() <= 60 {
        return shown;
    }
    let mut cut: String = shown.chars().take(59).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::form::{Missing, OverTime};

    fn field(kind: FieldType) -> Field {
        Field {
            id: "f".into(),
            header: "Поле".into(),
            aliases: Vec::new(),
            kind,
            required: false,
            over_time: OverTime::Last,
            missing: Missing::Exclude,
            min: None,
            max: None,
            one_of: Vec::new(),
            pattern: None,
        }
    }

    fn value(kind: FieldType, text: &str) -> Result<Option<String>, &'static str> {
        read(&field(kind), text.as_bytes(), Encoding::Utf8)
            .map(|reported| reported.decimal().map(|d| d.to_string()))
            .map_err(|fault| fault.code.id())
    }

    #[test]
    fn numbers_as_people_write_them() {
        let some = |text: &str| Ok(Some(text.to_owned()));
        for (text, expected) in [
            ("205", some("205")),
            (" 205 ", some("205")),
            ("1 234", some("1234")),
            ("1\u{a0}234\u{a0}567", some("1234567")),
            ("12\u{202f}345", some("12345")),
            ("'0123", some("123")),
            ("42,0", some("42")),
            ("", Ok(None)),
            ("-", Ok(None)),
            ("—", Ok(None)),
            ("н/д", Ok(None)),
            ("Нет данных", Ok(None)),
            ("х", Ok(None)),
            ("…", Ok(None)),
            ("2O5", Err("not-a-number")),
            ("12 5", Err("not-a-number")),
            ("12,5", Err("not-whole")),
            ("-3", Err("negative")),
            ("\u{2212}3", Err("negative")),
            ("78%", Err("not-a-number")),
            ("-//-", Err("not-a-number")),
            ("=A1+B1", Err("formula-in-cell")),
            ("1,234,567", Err("not-a-number")),
            ("123456789012345678", Err("out-of-range")),
        ] {
            assert_eq!(value(FieldType::Count, text), expected, "{text}");
        }
        assert_eq!(value(FieldType::Number, "-0,5"), some("-0.5"));
        assert_eq!(value(FieldType::Number, "1 234,56"), some("1234.56"));
        assert_eq!(value(FieldType::Percent, "78,45 %"), some("78.45"));
        assert_eq!(value(FieldType::Percent, "78.45%"), some("78.45"));
    }

    #[test]
    fn limits() {
        let mut limited = field(FieldType::Number);
        limited.min = Some(Decimal::ZERO);
        limited.max = Decimal::new(100, 0);
        let code = |text: &str| {
            read(&limited, text.as_bytes(), Encoding::Utf8)
                .map(|_| ())
                .map_err(|fault| fault.code.id())
        };
        assert_eq!(code("100"), Ok(()));
        assert_eq!(code("100,01"), Err("out-of-range"));
        assert_eq!(code("-1"), Err("negative"));
    }

    #[test]
    fn flags() {
        for (text, expected) in [
            ("да", Some("1")),
            ("Да.", Some("1")),
            ("+", Some("1")),
            ("Внедрено", Some("1")),
            ("НЕТ", Some("0")),
            ("не внедрено", Some("0")),
            ("", None),
            ("н/д", None),
            ("—", None),
            ("-", None),
        ] {
            assert_eq!(
                value(FieldType::Flag, text),
                Ok(expected.map(str::to_owned)),
                "{text}"
            );
        }
        for text in ["наверное", "частично", "в стадии разработки"]
        {
            assert_eq!(value(FieldType::Flag, text), Err("not-a-flag"), "{text}");
        }
    }

    #[test]
    fn a_dash_is_a_no_beside_pluses() {
        let read = |text: &str, dash| {
            read_in(
                &field(FieldType::Flag),
                text.as_bytes(),
                Encoding::Utf8,
                dash,
            )
            .map(|reported| reported.decimal())
        };
        assert_eq!(read("-", Dash::No), Ok(Some(Decimal::ZERO)));
        assert_eq!(read("\u{2212}", Dash::No), Ok(Some(Decimal::ZERO)));
        assert_eq!(read("+", Dash::No), Ok(Some(Decimal::ONE)));
        assert_eq!(read("", Dash::No), Ok(None));
        assert_eq!(read("-", Dash::Nothing), Ok(None));
    }

    #[test]
    fn dates() {
        for text in [
            "31.12.2025",
            "31-12-2025",
            "2025-12-31",
            "31 декабря 2025 г.",
            "31.12.25",
        ] {
            assert_eq!(
                date(text).map(|d| d.to_string()).as_deref(),
                Some("2025-12-31"),
                "{text}"
            );
        }
        for text in ["32.12.2025", "31.12", "вчера", "31.12.0025"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn common_flags_are_the_same_words() {
        for encoding in Encoding::ALL {
            for (word, expected) in [("да", Decimal::ONE), ("нет", Decimal::ZERO)] {
                let bytes = encoding.encode(word).expect("has the letters");
                assert_eq!(common_flag(&bytes, encoding), Some(expected));
                assert_eq!(read_flag(word), Some(expected == Decimal::ONE));
            }
        }
    }

    #[test]
    fn help_names_the_likely_slip() {
        let fault = read(&field(FieldType::Count), b"2O5", Encoding::Utf8).expect_err("a letter");
        assert!(fault.help.contains("буква «О»"), "{}", fault.help);
    }
}
