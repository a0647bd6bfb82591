//! What a cell looks like, whatever it means.

use crate::read::cell;

/// What a cell looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Empty,
    Number,
    /// A day, a time.
    Date,
    Words,
    /// Pieces of several cells, by the look of it.
    Odd,
}

impl Kind {
    /// The kind of a cell's text without spaces around it; between quotes anything may stand.
    pub(super) fn of(text: &str, quoted: bool) -> Kind {
        // An «x» may be a heading.
        if cell::is_nothing(text) && !matches!(text, "x" | "х" | "X" | "Х") {
            Kind::Empty
        } else if is_number(text) {
            Kind::Number
        } else if is_date(text) {
            Kind::Date
        } else if !quoted && is_odd(text) {
            Kind::Odd
        } else {
            Kind::Words
        }
    }

    pub(super) fn is_numeric(self) -> bool {
        matches!(self, Kind::Number | Kind::Date)
    }
}

/// Digits with what people write around and between them.
fn is_number(text: &str) -> bool {
    const BEFORE: [char; 15] = [
        '\'', '+', '-', '\u{2212}', '–', '<', '>', '~', '(', '$', '€', '£', '₽', '"', '=',
    ];
    let bare = text.trim_start_matches(BEFORE);
    let bare = cell::trim(bare.trim_end_matches(['%', ')', '*', '₽', '$', '€', '£', '"']));
    let bare = match bare.split_once(['e', 'E']) {
        Some((digits, power)) => {
            let power = power.trim_start_matches(['+', '-']);
            if power.is_empty() || !power.bytes().all(|byte| byte.is_ascii_digit()) {
                return false;
            }
            digits
        }
        None => bare,
    };
    if bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return !bare.is_empty();
    }
    let is_mark = |letter: char| matches!(letter, '.' | ',' | ' ' | '\'' | '\u{a0}' | '\u{202f}');
    let groups: Vec<&str> = bare.split(is_mark).collect();
    let marks: Vec<char> = bare.chars().filter(|letter| is_mark(*letter)).collect();
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    if !groups.iter().all(digits) || bare.ends_with(is_mark) && marks.last() != Some(&'.') {
        return false;
    }
    match marks[..] {
        [' ' | '\'' | '\u{a0}' | '\u{202f}'] => groups[1].len() == 3,
        [_] => true,
        // Thousands: all but the first group, and what follows a decimal mark, have three digits.
        [first, .., last] => {
            let whole = if last == first {
                groups.len()
            } else {
                groups.len() - 1
            };
            marks[..marks.len() - 1].iter().all(|mark| *mark == first)
                && groups[1..whole].iter().all(|group| group.len() == 3)
        }
        [] => false,
    }
}

/// A day, a time, or both, in digits.
fn is_date(text: &str) -> bool {
    if cell::date(text).is_some() {
        return true;
    }
    let mut groups = 0;
    let mut last = ' ';
    for letter in text.chars() {
        let is_digit = letter.is_ascii_digit();
        match letter {
            '0'..='9' if !last.is_ascii_digit() => groups += 1,
            '0'..='9' => {}
            '-' | '/' | '.' | ':' | ' ' | 'T' | '+' if last.is_ascii_digit() || last == ' ' => {}
            'Z' => {}
            _ => return false,
        }
        last = if is_digit { '0' } else { letter };
    }
    groups >= 3 && text.len() >= 6 || groups == 2 && text.contains(':') && text.len() <= 5
}

/// Separators squeezed between letters, a quote without its fellow.
fn is_odd(text: &str) -> bool {
    if text.contains("://") || text.matches('|').count() > 1 && !text.contains([';', ',', '\t']) {
        return false;
    }
    let bytes = text.as_bytes();
    let is_squeezed = |at: usize| {
        let before = at.checked_sub(1).map(|at| bytes[at]);
        let after = bytes.get(at + 1).copied();
        let is_space = |byte: Option<u8>| byte.is_none_or(|byte| byte == b' ');
        match bytes[at] {
            b'\t' | 0x1f => true,
            b';' | b'|' | b'^' | b'~' => !is_space(after) || before.is_none() || after.is_none(),
            b',' => !is_space(after) || before.is_none() || after.is_none(),
            b':' => !is_space(after) && !is_space(before),
            _ => false,
        }
    };
    (0..bytes.len()).any(is_squeezed) || memchr::memchr_iter(b'"', bytes).count() % 2 == 1
}
