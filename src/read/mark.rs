//! Marks of footnotes at the end of a cell or a heading.

use super::cell::trim;

fn is_superscript(letter: char) -> bool {
    matches!(letter, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// What can be nothing but a mark.
pub fn is_mark(letter: char) -> bool {
    matches!(letter, '*' | '＊' | '∗' | '†' | '‡') || is_superscript(letter)
}

/// A text without the marks at its end that can be nothing else (`*`, `¹`, `¹⁾`, `[1]`, `(*)`),
/// and these marks.
pub fn split(text: &str) -> (&str, &str) {
    cut_all(text, last)
}

/// The same of a heading, where `1)` and `(1)` are marks too: no figure stands before them.
pub fn split_heading(text: &str) -> (&str, &str) {
    cut_all(text, |text| last(text).or_else(|| last_number(text)))
}

/// More marks than these beside one another are no marks.
const MOST: usize = 8;

fn cut_all(text: &str, last: impl Fn(&str) -> Option<&str>) -> (&str, &str) {
    let text = trim(text);
    let mut rest = text;
    for _ in 0..MOST {
        let Some(shorter) = last(rest) else { break };
        rest = trim(shorter);
    }
    (rest, trim(&text[rest.len()..]))
}

/// A text without its last mark.
fn last(text: &str) -> Option<&str> {
    let mut letters = text.chars();
    match letters.next_back()? {
        letter if is_mark(letter) => Some(text.trim_end_matches(is_mark)),
        '⁾' => Some(letters.as_str()),
        ')' if letters.as_str().ends_with(is_superscript) => Some(letters.as_str()),
        ')' => bracketed(letters.as_str(), '(', is_mark),
        ']' => bracketed(letters.as_str(), '[', |c| c.is_ascii_digit() || is_mark(c)),
        _ => None,
    }
}

/// `(1)`, or `1)` that closes no bracket.
fn last_number(text: &str) -> Option<&str> {
    let inner = text.strip_suffix(')')?;
    if let Some(rest) = bracketed(inner, '(', |c| c.is_ascii_digit()) {
        return Some(rest);
    }
    let rest = inner.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = inner.len() - rest.len();
    let follows = rest.ends_with(|c: char| c.is_alphabetic() || c.is_whitespace() || c == ')');
    let balanced = rest.matches('(').count() == rest.matches(')').count();
    ((1..=2).contains(&digits) && follows && balanced).then_some(rest)
}

/// Without a bracket that opens before one or two, at most three, letters of a kind.
fn bracketed(inner: &str, open: char, kind: impl Fn(char) -> bool) -> Option<&str> {
    let rest = inner.trim_end_matches(kind);
    let length = inner[rest.len()..].chars().count();
    (1..=3)
        .contains(&length)
        .then(|| rest.strip_suffix(open))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_cut_off() {
        for (text, rest, marks) in [
            ("120*", "120", "*"),
            ("120 **", "120", "**"),
            ("120¹", "120", "¹"),
            ("120 ¹⁾", "120", "¹⁾"),
            ("120¹)", "120", "¹)"),
            ("120 [1]", "120", "[1]"),
            ("120 (*)", "120", "(*)"),
            ("120¹ ²", "120", "¹ ²"),
            ("20142)", "20142)", ""),
            ("120 (1)", "120 (1)", ""),
            ("120 [из них]", "120 [из них]", ""),
            ("120", "120", ""),
            ("***", "", "***"),
        ] {
            assert_eq!(split(text), (rest, marks), "{text}");
        }
    }

    #[test]
    fn a_heading_has_more_of_them() {
        for (text, rest) in [
            ("Численность 1)", "Численность"),
            ("Численность2)", "Численность"),
            ("Численность (1)", "Численность"),
            ("Численность (чел.)1)", "Численность (чел.)"),
            ("Дети (5–17)", "Дети (5–17)"),
            ("Дети (до 7)", "Дети (до 7)"),
            ("Дети 5-17)", "Дети 5-17)"),
        ] {
            assert_eq!(split_heading(text).0, rest, "{text}");
        }
    }
}
