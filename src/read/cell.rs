//! Cells: bytes → exact values, by the type of their field.
//!
//! The common cells (digits, one separator) are read from the raw bytes ([`Reader::glance`]);
//! anything else is decoded and read with care. What only one reading fits is read, with a remark
//! where something beside the value was left aside; what could mean two things is refused, and the
//! remark says which.

pub mod damage;
mod day;
mod flag;
mod number;
mod quick;
mod refusal;
#[cfg(test)]
mod tests;

pub use day::date;
pub use flag::read_flag;
pub use number::plain_number;
pub use quick::{Reader, Seen, bits};

use super::delimited::Tail;
use super::unit::Unit;
use crate::diagnostic::Code;
use crate::model::form::{Field, FieldType};
use crate::model::name;
use crate::model::quantity::{Decimal, Reported};
use crate::source::Encoding;

/// What is to be said of a cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// What kind of remark.
    pub code: Code,
    /// What was read all the same; `None` leaves the cell out.
    pub value: Option<Reported>,
    /// What is to be said, with what was found.
    pub message: String,
    /// What stands under the mark: what was expected, or what was read.
    pub label: String,
    /// What to do.
    pub help: String,
}

/// Whether a remark is worded: of many of one kind most are only counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wording {
    /// It is.
    Full,
    /// Its code and its value are enough.
    None,
}

impl Wording {
    /// A cell that cannot be read, worded where it is to be.
    fn fault(self, code: Code, worded: impl FnOnce() -> Remark) -> Remark {
        match self {
            Wording::Full => worded(),
            Wording::None => Remark::unworded(code),
        }
    }
}

impl Remark {
    /// A cell that cannot be read.
    fn fault(
        code: Code,
        message: impl Into<String>,
        expected: &str,
        help: impl Into<String>,
    ) -> Remark {
        Remark {
            code,
            value: None,
            message: message.into(),
            label: format!("ожидалось: {expected}"),
            help: help.into(),
        }
    }

    /// A cell that cannot be read, without words.
    fn unworded(code: Code) -> Remark {
        Remark {
            code,
            value: None,
            message: String::new(),
            label: String::new(),
            help: String::new(),
        }
    }

    /// A cell that was read as something, and not all that stands in it.
    fn beside(
        code: Code,
        value: Decimal,
        read: &str,
        message: String,
        help: impl Into<String>,
    ) -> Remark {
        Remark {
            code,
            value: Some(Reported::value(value)),
            message,
            label: format!("прочитано: {read}"),
            help: help.into(),
        }
    }
}

/// What a column's heading and its other cells say of how its cells are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// What a dash means in it.
    pub dash: Dash,
    /// The unit that its heading gives and its field does not.
    pub unit: Unit,
}

impl Column {
    /// A column of which nothing is said.
    pub const PLAIN: Column = Column {
        dash: Dash::Nothing,
        unit: Unit::ONE,
    };

    /// Whether its figures stand for themselves in a field of this type.
    #[inline]
    fn is_plain(self, kind: FieldType) -> bool {
        self.unit == Unit::ONE || (self.unit == Unit::PERCENT && kind == FieldType::Percent)
    }
}

/// What a dash means in a column of flags.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dash {
    /// Not reported, as in any other column.
    Nothing,
    /// No: its column says yes with a plus.
    No,
}

/// Reads one cell of a field in a column.
///
/// # Errors
/// As [`Reader::read`].
pub fn read_in(
    field: &Field,
    bytes: &[u8],
    encoding: Encoding,
    column: Column,
) -> Result<Reported, Remark> {
    Reader::new(field, encoding, column).read(bytes, Wording::Full)
}

impl Reader<'_> {
    /// Reads a cell.
    ///
    /// # Errors
    /// Something is to be said of it: a fault, or a remark beside a value that stands. The caller
    /// knows where the cell stands.
    pub fn read(&self, bytes: &[u8], wording: Wording) -> Result<Reported, Remark> {
        if let Some(value) = Tail::of(bytes).and_then(|tail| self.glance(tail)) {
            return Ok(value);
        }
        let plain = match self.field.kind {
            kind if !self.column.is_plain(kind) => None,
            FieldType::Count => small_whole(bytes),
            FieldType::Number | FieldType::Percent => Decimal::parse(bytes).ok().flatten(),
            FieldType::Text if self.is_free && says_something(bytes, self.encoding) => {
                return Ok(Reported::TEXT);
            }
            FieldType::Flag | FieldType::Date | FieldType::Text => None,
        };
        match plain {
            Some(value) if within(self.field, value) => Ok(Reported::value(value)),
            _ => read_with_care(self.field, bytes, self.encoding, self.column, wording),
        }
    }
}

/// A whole number of up to seventeen digits and nothing else.
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

fn within(field: &Field, value: Decimal) -> bool {
    field.min.is_none_or(|min| min <= value) && field.max.is_none_or(|max| value <= max)
}

fn read_with_care(
    field: &Field,
    bytes: &[u8],
    encoding: Encoding,
    column: Column,
    wording: Wording,
) -> Result<Reported, Remark> {
    let decoded = encoding.decode(bytes);
    let mut text = trim(&decoded);
    if text.is_empty() {
        return Ok(Reported::BLANK);
    }
    if field.kind != FieldType::Text {
        text = bare(text);
        if is_formula(text) {
            return Err(wording.fault(Code::FormulaInCell, || formula_in_cell(text)));
        }
        if text.len() > LONGEST {
            return Err(long_text(field.kind, text));
        }
    }
    match field.kind {
        FieldType::Count | FieldType::Number | FieldType::Percent => {
            number::read(field, text, column.unit, wording)
        }
        FieldType::Flag => flag::read(text, column.dash, wording),
        _ if is_nothing(text) => Ok(Reported::BLANK),
        FieldType::Date => match day::date(text) {
            Some(_) => Ok(Reported::TEXT),
            None => Err(wording.fault(Code::NotADate, || day::refusal(text))),
        },
        FieldType::Text => allowed_text(field, text, wording),
    }
}

/// Of so many bytes nobody writes a number, an answer or a day.
const LONGEST: usize = 1000;

fn long_text(kind: FieldType, text: &str) -> Remark {
    let (code, expected) = match kind {
        FieldType::Flag => (Code::NotAFlag, flag::EXPECTED),
        FieldType::Date => (Code::NotADate, day::EXPECTED),
        kind => (Code::NotANumber, number::expected(kind)),
    };
    Remark::fault(
        code,
        format!("вместо значения длинный текст: «{}»", shorten(text)),
        expected,
        "оставьте в ячейке одно значение; текст перенесите в примечание",
    )
}

fn allowed_text(field: &Field, text: &str, wording: Wording) -> Result<Reported, Remark> {
    let fault = |expected: &dyn Fn() -> String| {
        wording.fault(Code::OutOfRange, || {
            let expected = expected();
            Remark::fault(
                Code::OutOfRange,
                format!("недопустимое значение «{}»", shorten(text)),
                &expected,
                format!("поле «{}» принимает только {expected}", field.header),
            )
        })
    };
    if !field.one_of.is_empty() && !field.one_of.iter().any(|allowed| allowed == text) {
        return Err(fault(&|| {
            let words: Vec<String> = field.one_of.iter().map(|w| format!("«{w}»")).collect();
            format!("одно из: {}", words.join(", "))
        }));
    }
    if let Some(pattern) = &field.pattern
        && !pattern.is_match(text)
    {
        return Err(fault(&|| format!("текст по образцу {pattern}")));
    }
    Ok(Reported::TEXT)
}

/// `=СУММ(B2:B9)`, `+C4`.
fn is_formula(text: &str) -> bool {
    let reference = text.strip_prefix(['+', '-']).is_some_and(|rest| {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '$');
        number.len() < rest.len() && number.starts_with(|c: char| c.is_ascii_digit())
    });
    reference || text.starts_with('=')
}

fn formula_in_cell(text: &str) -> Remark {
    Remark::fault(
        Code::FormulaInCell,
        format!("в ячейке формула вместо значения: «{}»", shorten(text)),
        "готовое значение",
        "сохраните файл из табличной программы заново: в CSV должны попасть значения, а не \
         формулы",
    )
}

fn is_dash(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | ' '))
}

/// What people write where there is nothing to report, besides dashes and dots.
const NOTHING: &[&str] = &[
    "н/д",
    "нд",
    "н.д",
    "н. д",
    "н д",
    "н/п",
    "нет данных",
    "нет сведений",
    "нет свед",
    "нет информации",
    "данных нет",
    "сведений нет",
    "данные отсутствуют",
    "сведения отсутствуют",
    "не заполняется",
    "не заполнено",
    "не предоставлено",
    "не предоставлены",
    "не представлено",
    "не представлены",
    "не применимо",
    "неприменимо",
    "х",
    "x",
    "n/a",
    "na",
    "nan",
    "null",
    "none",
];

/// How words begin that are written where there is nothing to report, whatever they end with; and
/// those that end with «т» or a full stop.
const NOTHING_BEGINS: [char; 10] = ['н', 'Н', 'х', 'Х', 'x', 'X', 'n', 'N', 'h', 'H'];
const DATA_BEGINS: [char; 6] = ['д', 'Д', 'с', 'С', 'c', 'C'];

/// Whether a text begins as none does that is empty or stands where there is nothing to report.
fn says_something(bytes: &[u8], encoding: Encoding) -> bool {
    let beginning = encoding.decode(&bytes[..bytes.len().min(2)]);
    let first = beginning.chars().next();
    first.is_some_and(|first| {
        first.is_alphanumeric() && !NOTHING_BEGINS.contains(&first) && !DATA_BEGINS.contains(&first)
    })
}

/// Whether a text is what people write where there is nothing to report.
pub fn is_nothing(text: &str) -> bool {
    // Every name is asked this: most are answered by their first letter or their length.
    let Some(first) = text.chars().next() else {
        return true;
    };
    let may_be = match first {
        first if NOTHING_BEGINS.contains(&first) => text.len() <= 44,
        first if DATA_BEGINS.contains(&first) => {
            text.len() <= 44 && text.ends_with(['т', 'Т', '.'])
        }
        '.' | '…' => return text != "." && text.chars().all(|c| matches!(c, '.' | '…')),
        '?' => return text.chars().all(|c| c == '?'),
        _ => return is_dash(text),
    };
    // Most are written as they stand in the list.
    may_be && (NOTHING.contains(&text) || NOTHING.contains(&fold(text).trim_end_matches('.')))
}

/// Whether a text says «as above»: marks of repetition, «то же».
pub fn repeats(text: &str) -> bool {
    const WORDS: [&str; 7] = [
        "то же",
        "тоже",
        "то же самое",
        "см. выше",
        "см выше",
        "как выше",
        "аналогично",
    ];
    let is_sign = |c: char| matches!(c, '/' | '\\' | '"' | '″' | '〃' | '„' | '“' | '”' | '»');
    let signs = text.chars().filter(|c| is_sign(*c)).count();
    let is_frame = |c: char| is_sign(c) || is_dash(c.encode_utf8(&mut [0; 4])) || c == '\'';
    (signs > 0 && text != "/" && text.chars().all(is_frame))
        || (text.len() <= 40 && WORDS.contains(&fold(text).trim_end_matches('.')))
}

/// Words as they are compared: small letters, ё as е, one space for many, Latin letters that look
/// Cyrillic taken for Cyrillic beside Cyrillic ones.
pub(super) fn fold(text: &str) -> String {
    let cyrillic = text.chars().any(name::is_cyrillic);
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        let mut push = |letter| {
            folded.push(match letter {
                'ё' => 'е',
                letter if cyrillic => name::twin(letter),
                letter => letter,
            });
        };
        for letter in word.chars() {
            match name::lower(letter) {
                Some(lower) => push(lower),
                None => letter.to_lowercase().for_each(&mut push),
            }
        }
    }
    folded
}

/// The first letter of the same, where it were taken for a Cyrillic one if it looks like one.
fn folded_first(text: &str) -> Option<char> {
    let first = text.trim_start().chars().next()?;
    let small = name::lower(first).or_else(|| first.to_lowercase().next())?;
    Some(name::twin(small))
}

/// Without spaces of any kind at either end.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// The text of `="0101"`, by which exports keep a spreadsheet from reading a number.
pub fn text_constant(text: &str) -> Option<&str> {
    text.strip_prefix("=\"")?.strip_suffix('"')
}

/// A value without what only says that it is a text: `="5"`, an apostrophe in front, quotes around
/// it that the file's own quoting has left over.
fn bare(text: &str) -> &str {
    const PAIRS: [(char, char); 6] = [
        ('"', '"'),
        ('\'', '\''),
        ('“', '”'),
        ('„', '“'),
        ('‘', '’'),
        ('«', '»'),
    ];
    let first = text.chars().next();
    let pair = PAIRS.into_iter().find(|(open, _)| first == Some(*open));
    let quoted = pair.and_then(|(open, close)| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.contains([open, close])).then_some(inner)
    });
    let inner = text_constant(text)
        .or(quoted)
        .or_else(|| text.strip_prefix('\''))
        .map(trim);
    // Quotes alone are marks of repetition.
    let says = |inner: &&str| inner.contains(char::is_alphanumeric);
    inner.filter(says).unwrap_or(text)
}

/// Fit to stand in a message: one line, at most sixty letters, nothing a terminal would obey.
pub fn shorten(text: &str) -> String {
    let shown = name::printable(text);
    if shown.chars().count() <= 60 {
        return shown;
    }
    let mut cut: String = shown.chars().take(59).collect();
    cut.push('…');
    cut
}
