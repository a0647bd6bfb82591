//! One slip in a file's notation: what was done, told by what the parser stumbled over and by what
//! stands there.
//!
//! The parser's own words are English and speak of tokens; a person who keeps tables of
//! organisations needs to hear of quotes, commas and brackets. One slip makes the parser stumble
//! several times, so each line, and each bracket never closed, is reported once.

use std::ops::Range;

use toml::de::{DeTable, DeValue, Error};

use super::{names, written};
use crate::model::name;

/// What a slip costs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Loss {
    /// Nothing: the key is there, and something like its value.
    Nothing,
    /// The bytes of the slip's line: a key.
    Line,
    /// The bytes of the slip itself, which should be a space or nothing.
    Letter,
    /// What follows on its line.
    Rest,
    /// All down to the next section.
    Section,
    /// All from its line to this byte.
    Until(usize),
}

/// What is wrong with the notation at some bytes.
pub(crate) struct Slip {
    pub(crate) span: Range<usize>,
    pub(crate) label: String,
    pub(crate) help: String,
    pub(crate) loss: Loss,
}

impl Slip {
    fn new(span: Range<usize>, label: impl Into<String>, help: impl Into<String>) -> Slip {
        Slip {
            span,
            label: label.into(),
            help: help.into(),
            loss: Loss::Nothing,
        }
    }

    fn loses(mut self, loss: Loss) -> Slip {
        self.loss = loss;
        self
    }

    /// The bytes that are blanked out for it.
    pub(crate) fn lost(&self, text: &str) -> Range<usize> {
        let at = self.span.start;
        match self.loss {
            Loss::Nothing => at..at,
            Loss::Line => line_start(text, at)..line_end(text, at),
            Loss::Letter => self.span.clone(),
            Loss::Rest => at..line_end(text, at),
            Loss::Section => line_start(text, at)..next_section(text, at),
            Loss::Until(end) => line_start(text, at)..end,
        }
    }
}

/// Where the next section begins that is not part of another one; the text's end without one.
fn next_section(text: &str, after: usize) -> usize {
    let mut start = line_end(text, after);
    while let Some(newline) = text[start..].find('\n') {
        start += newline + 1;
        let line = &text[start..line_end(text, start)];
        let name = line.split(']').next().unwrap_or_default();
        if name.starts_with('[') && !name.contains('.') {
            return start - 1;
        }
    }
    text.len()
}

/// What the parser stumbled over, a slip a line, in order.
pub(crate) fn find_slips(text: &str, root: &DeTable<'_>, errors: &[Error]) -> Vec<Slip> {
    // Where a text runs on into the next one, the parser takes all texts behind it for keys and all
    // keys for text: what it says of them is not so.
    if !errors.is_empty()
        && let Some(slip) = running_on(text)
    {
        return vec![slip];
    }
    let mut stumbles: Vec<(Range<usize>, &str)> = errors
        .iter()
        .map(|error| (clamp(text, error.span().unwrap_or(0..0)), error.message()))
        .collect();
    stumbles.sort_by_key(|(span, _)| span.start);
    let mut slips: Vec<Slip> = stumbles
        .iter()
        .find_map(|(span, message)| unclosed(text, root, span, message))
        .into_iter()
        .collect();
    let same_line = |a: &(Range<usize>, &str), b: &(Range<usize>, &str)| {
        a.0.start == b.0.start || !text[a.0.start..b.0.start].contains('\n')
    };
    let lines = stumbles.chunk_by(same_line);
    slips.extend(lines.filter_map(|line| explain_line(text, line)));
    slips.sort_by_key(|slip| (slip.span.start, slip.loss));
    slips
}

/// A text in triple quotes that does not end before the next key that has one, or the next section.
fn running_on(text: &str) -> Option<Slip> {
    let mut open: Option<(usize, &str)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let begun = opening(line);
        let section = line.starts_with("[[") && line.trim_end().ends_with("]]");
        if let Some((at, quotes)) = open
            && (section || begun.is_some_and(|(_, next)| next == quotes))
        {
            let number = text[..start].matches('\n').count() + 1;
            let slip = Slip::new(
                at..at + quotes.len(),
                format!("тройная кавычка {quotes} не закрыта"),
                format!("допишите {quotes} в конце текста, выше строки {number}"),
            );
            return Some(slip.loses(Loss::Until(start)));
        }
        let mut rest = start;
        if open.is_none()
            && let Some((at, quotes)) = begun
        {
            open = Some((start + at, quotes));
            rest = start + at + quotes.len();
        }
        if let Some((_, quotes)) = open
            && text[rest..start + line.len()].contains(quotes)
        {
            open = None;
        }
        start += line.len();
    }
    None
}

/// The triple quotes that a line opens for a key, and where.
fn opening(line: &str) -> Option<(usize, &'static str)> {
    let (key, value) = line.split_once('=')?;
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let value = value.trim_start();
    let quotes = ["'''", "\"\"\""]
        .into_iter()
        .find(|quotes| value.starts_with(quotes))?;
    let bare = !key.trim().is_empty() && key.trim().chars().all(is_key);
    bare.then(|| (line.len() - value.len(), quotes))
}

/// The slip behind all that the parser stumbled over in one line.
fn explain_line(text: &str, stumbles: &[(Range<usize>, &str)]) -> Option<Slip> {
    let begun = stumbles.first().map_or(0, |(span, _)| span.start);
    let line = line_start(text, begun)..line_end(text, begun);
    if let Some(slip) = invisible(text, line) {
        return Some(slip);
    }
    let number = stumbles.iter().find_map(|(span, _)| {
        let line = line_start(text, span.start)..line_end(text, span.start);
        let token = token(text, span.start, &line);
        let written = &text[token.clone()];
        let (label, help) = written::number(written).or_else(|| written::date(written))?;
        Some(Slip::new(token, label, help))
    });
    number.or_else(|| {
        let (span, message) = stumbles.iter().find(|(_, message)| !is_unclosed(message))?;
        Some(explain(text, span, message))
    })
}

/// A letter between keys and values that looks like a space or like nothing.
fn invisible(text: &str, line: Range<usize>) -> Option<Slip> {
    let mut quote = None;
    for (at, letter) in text[line.clone()].char_indices() {
        let name = match letter {
            '#' if quote.is_none() => return None,
            '"' | '\'' if quote.is_none() => {
                quote = Some(letter);
                continue;
            }
            _ if quote == Some(letter) => {
                quote = None;
                continue;
            }
            _ if quote.is_some() => continue,
            '\u{a0}' | '\u{202f}' => "неразрывный пробел",
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => "знак без ширины",
            '\u{2000}'..='\u{200a}' | '\u{3000}' => "пробел особой ширины",
            _ => continue,
        };
        let at = line.start + at;
        let slip = Slip::new(
            at..at + letter.len_utf8(),
            format!("здесь невидимый знак: {name}, U+{:04X}", u32::from(letter)),
            "удалите его; если нужен пробел, наберите обычный",
        );
        return Some(slip.loses(Loss::Letter));
    }
    None
}

fn clamp(text: &str, span: Range<usize>) -> Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    start..floor(span.end).max(start)
}

pub(crate) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

pub(crate) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline);
    if text[..end].ends_with('\r') && end > at {
        end - 1
    } else {
        end
    }
}

fn is_unclosed(message: &str) -> bool {
    [
        "unclosed array, ",
        "unclosed inline table",
        "invalid multi-line",
    ]
    .iter()
    .any(|start| message.starts_with(start))
}

/// A bracket or a triple quote that never closes: the slip is where it opens, and what the parser
/// stumbled over behind it says nothing more.
fn unclosed(text: &str, root: &DeTable<'_>, span: &Range<usize>, message: &str) -> Option<Slip> {
    if !is_unclosed(message) {
        return None;
    }
    let (opening, label, help) = if message.starts_with("unclosed array") {
        (
            "[",
            "скобка «[» не закрыта",
            "допишите «]» после последнего значения списка; значения разделяются запятыми",
        )
    } else if message.starts_with("unclosed inline table") {
        (
            "{",
            "скобка «{» не закрыта",
            "допишите «}» в той же строке; пары «ключ = значение» разделяются запятыми",
        )
    } else if message.contains("literal") {
        (
            "'''",
            "тройная кавычка ''' не закрыта",
            "допишите ''' в конце текста",
        )
    } else {
        (
            "\"\"\"",
            "тройная кавычка \"\"\" не закрыта",
            "допишите \"\"\" в конце текста",
        )
    };
    let mut start = None;
    last_opening(root, text, opening, span.start, &mut start);
    let start = start.or_else(|| text[..span.start].rfind(opening))?;
    Some(Slip::new(start..start + opening.len(), label, help).loses(Loss::Section))
}

/// Where the last value before a place begins that opens like this and reaches it.
fn last_opening(
    table: &DeTable<'_>,
    text: &str,
    opening: &str,
    before: usize,
    found: &mut Option<usize>,
) {
    for value in table.values() {
        look_at(value.get_ref(), value.span(), text, opening, before, found);
    }
}

fn look_at(
    value: &DeValue<'_>,
    span: Range<usize>,
    text: &str,
    opening: &str,
    before: usize,
    found: &mut Option<usize>,
) {
    let opens = text.get(span.start..).is_some_and(|rest| {
        rest.starts_with(opening) && !(opening == "[" && is_header(text, span.start))
    });
    let closes = span.len() > opening.len()
        && text
            .get(span.clone())
            .is_some_and(|raw| raw.ends_with(closing(opening)));
    if opens && !closes && span.start < before && found.is_none_or(|at| at < span.start) {
        *found = Some(span.start);
    }
    match value {
        DeValue::Table(inner) => last_opening(inner, text, opening, before, found),
        DeValue::Array(array) => {
            for item in array.iter() {
                look_at(item.get_ref(), item.span(), text, opening, before, found);
            }
        }
        _ => {}
    }
}

fn closing(opening: &str) -> &str {
    match opening {
        "[" => "]",
        "{" => "}",
        quotes => quotes,
    }
}

/// A `[` that begins its line opens a section, not a list.
fn is_header(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].trim().is_empty()
}

fn explain(text: &str, span: &Range<usize>, message: &str) -> Slip {
    let line = line_start(text, span.start)..line_end(text, span.start);
    let starts = |start: &str| message.starts_with(start);
    if starts("duplicate key") || starts("cannot extend value") {
        let key = name::printable(&text[span.clone()]);
        if text[line.clone()].trim_start().starts_with('[') {
            return Slip::new(
                line,
                format!("«{key}» здесь уже есть"),
                "разделы одного рода начинаются двойными скобками: [[…]]",
            )
            .loses(Loss::Section);
        }
        return Slip::new(
            span.clone(),
            format!("ключ «{key}» уже был в этом разделе"),
            "оставьте одну из двух записей; новый раздел того же рода начинается строкой [[…]]",
        );
    }
    if starts("invalid basic string") || starts("invalid literal string") {
        return string(text, span, &line);
    }
    if starts("missing escaped value") || starts("too few unicode") {
        return Slip::new(
            span.clone(),
            "знак «\\» в двойных кавычках начинает особую запись",
            "удвойте его: «\\\\», или возьмите весь текст в одинарные кавычки '…'",
        );
    }
    if starts("unclosed table") || starts("unclosed array table") || starts("missing table open") {
        return Slip::new(
            line.clone(),
            "заголовок раздела не закрыт",
            "раздел открывается строкой вида [[indicator]]: две скобки с каждой стороны",
        )
        .loses(Loss::Section);
    }
    if let Some(slip) = key_slip(text, span, &line, message) {
        return slip.loses(Loss::Line);
    }
    if let Some(slip) = value_slip(text, span, &line, message) {
        return slip;
    }
    other(span, message).loses(Loss::Line)
}

/// A string that does not end on its line, or holds a letter that it may not.
fn string(text: &str, span: &Range<usize>, line: &Range<usize>) -> Slip {
    if !span.is_empty() {
        return Slip::new(
            span.clone(),
            "недопустимый (невидимый) знак в тексте",
            "удалите его и наберите это место заново",
        );
    }
    let before = &text[line.start..span.start.max(line.start)];
    let opening = before
        .find(['"', '\''])
        .map_or(span.start, |quote| line.start + quote);
    let quote = text[opening..].chars().next().unwrap_or('"');
    let help = if before.ends_with(['»', '”', '“', '’']) {
        format!("вместо последней кавычки поставьте прямую: {quote}")
    } else {
        format!("допишите {quote} в конце текста; текст в несколько строк берётся в '''…'''")
    };
    Slip::new(opening..span.start.max(opening), "кавычка не закрыта", help)
}

/// Slips in what stands before a value.
fn key_slip(text: &str, span: &Range<usize>, line: &Range<usize>, message: &str) -> Option<Slip> {
    let starts = |start: &str| message.starts_with(start);
    let whole = &text[line.clone()];
    let colon = starts("invalid unquoted key") && &text[span.clone()] == ":";
    if colon || starts("key with no value") || starts("missing assignment") {
        let key = line.start + (whole.len() - whole.trim_start().len())..line.end;
        let help = if whole.contains(':') {
            "вместо «:» пишется «=»: ключ = значение"
        } else {
            "напишите: ключ = значение; примечания начинаются знаком «#»"
        };
        return Some(Slip::new(key, "после ключа нет знака «=»", help));
    }
    if starts("invalid unquoted key") || starts("unquoted keys cannot be empty") {
        let (label, help) = if span.is_empty() {
            ("здесь нет имени ключа", "напишите: ключ = значение")
        } else if whole.trim_start().starts_with(['/', ';', '-', '*']) {
            ("это не ключ", "примечания начинаются знаком «#»")
        } else if let Some(help) = names::russian_letter(key_of(whole)) {
            return Some(Slip::new(span.clone(), "в имени ключа русская буква", help));
        } else {
            (
                "имя ключа пишется латинскими буквами",
                "имена ключей перечислены в описании папки данных; примечания начинаются знаком «#»",
            )
        };
        return Some(Slip::new(span.clone(), label, help));
    }
    if starts("extra `=`") || starts("unexpected `=`") || starts("extra assignment") {
        return Some(Slip::new(
            span.clone(),
            "лишний знак «=»",
            "напишите: ключ = значение; пары в скобках {…} разделяются запятыми",
        ));
    }
    None
}

/// What stands before the sign of a line.
fn key_of(line: &str) -> &str {
    line.split('=').next().unwrap_or_default().trim()
}

/// Slips in a value, told by what was written.
fn value_slip(text: &str, span: &Range<usize>, line: &Range<usize>, message: &str) -> Option<Slip> {
    let token = token(text, span.start, line);
    let written = &text[token.clone()];
    let starts = |start: &str| message.starts_with(start);
    let lone = starts("string values must be quoted")
        || starts("missing opening quote")
        || starts("invalid boolean")
        || starts("invalid float")
        || starts("invalid date")
        || starts("invalid time");
    if lone {
        let (label, help) = written::word(written);
        return Some(Slip::new(token, label, help));
    }
    if starts("unexpected key or value") {
        return Some(behind_value(text, span, line, token));
    }
    None
}

/// The value around a place of a line: up to brackets, `=` and commas (but not a decimal comma).
fn token(text: &str, at: usize, line: &Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let parts = |at: usize| match bytes[at] {
        b'=' | b'[' | b']' | b'{' | b'}' | b'#' => true,
        b',' => !(at > 0 && digit(at - 1) && digit(at + 1)),
        _ => false,
    };
    let at = at.clamp(line.start, line.end);
    let start = (line.start..at)
        .rev()
        .find(|at| parts(*at))
        .map_or(line.start, |at| at + 1);
    let end = (at..line.end).find(|at| parts(*at)).unwrap_or(line.end);
    let written = &text[start..end];
    let start = start + (written.len() - written.trim_start().len());
    start..start + written.trim().len()
}

/// Something that follows a complete value or a section's header.
fn behind_value(text: &str, span: &Range<usize>, line: &Range<usize>, token: Range<usize>) -> Slip {
    let whole = &text[line.clone()];
    let rest = span.start..line.end;
    if whole.trim_start().starts_with('[') {
        return Slip::new(
            rest,
            "после заголовка раздела в той же строке ничего не пишется",
            "перенесите остальное на следующую строку; примечания начинаются знаком «#»",
        )
        .loses(Loss::Rest);
    }
    let written = &text[token.clone()];
    let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote
        && written.matches(quote).count() > 2
    {
        let other = if quote == '"' { '\'' } else { '"' };
        return Slip::new(
            token,
            "кавычка внутри текста закрыла его раньше времени",
            format!("внутри текста поставьте «ёлочки» или возьмите весь текст в {other}…{other}"),
        );
    }
    Slip::new(
        rest,
        "лишнее после значения",
        "на одной строке — один ключ и одно значение; примечания начинаются знаком «#»",
    )
    .loses(Loss::Rest)
}

/// What the parser says at the start, what a person is told, and what to do.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        "missing comma",
        "между значениями нет запятой",
        "разделите значения запятой",
    ),
    ("extra comma", "лишняя запятая", "уберите её"),
    (
        "missing array opening",
        "скобка «]» без открывающей «[»",
        "допишите «[» перед списком",
    ),
    (
        "missing inline table opening",
        "скобка «}» без открывающей «{»",
        "допишите «{»",
    ),
    (
        "missing key for inline table",
        "в скобках {…} ожидалась пара «ключ = значение»",
        "напишите { ключ = значение, ключ = значение }",
    ),
    (
        "invalid inline table",
        "в скобках {…} ожидалась пара «ключ = значение»",
        "напишите { ключ = значение, ключ = значение }",
    ),
    (
        "carriage return",
        "одиночный возврат каретки вместо конца строки",
        "пересохраните файл с обычными концами строк (LF или CRLF)",
    ),
    (
        "invalid comment",
        "недопустимый знак в примечании",
        "удалите его",
    ),
    (
        "cannot recurse",
        "скобки вложены слишком глубоко",
        "упростите запись",
    ),
    (
        "keys cannot be multi-line",
        "имя ключа не бывает в тройных кавычках",
        "напишите имя ключа без кавычек",
    ),
    (
        "invalid",
        "это не число, не дата и не текст в кавычках",
        "текст берётся в прямые кавычки \"…\", числа пишутся цифрами: 78.45",
    ),
    (
        "redundant",
        "лишний знак в числе",
        "числа пишутся цифрами: 78.45",
    ),
    (
        "unexpected sign",
        "лишний знак в числе",
        "числа пишутся цифрами: 78.45",
    ),
    (
        "`_`",
        "лишний знак «_» в числе",
        "числа пишутся цифрами: 78.45",
    ),
];

fn other(span: &Range<usize>, message: &str) -> Slip {
    let known = KNOWN
        .iter()
        .find(|(start, _, _)| message.starts_with(start));
    match known {
        Some((_, label, help)) => Slip::new(span.clone(), *label, *help),
        None => Slip::new(
            span.clone(),
            "запись здесь нарушена",
            format!(
                "сверьте с соседними строками: ключ = значение, тексты в прямых кавычках (разбор TOML: {message})"
            ),
        ),
    }
}
