//! Words of a text with their places.

use std::ops::Range;

/// A word without the punctuation around it, in lower case with «е» for «ё».
pub(super) struct Word {
    pub range: Range<usize>,
    pub text: String,
}

/// Punctuation that stands before or behind a word; a percent sign belongs to its number.
const AROUND: [char; 17] = [
    '«', '»', '"', '“', '”', '„', '(', ')', '[', ']', '.', ',', ';', ':', '!', '?', '…',
];

pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    for raw in text.split(char::is_whitespace) {
        let start = at + (raw.len() - raw.trim_start_matches(AROUND).len());
        at += raw.len();
        let word = text[start.min(at)..at].trim_end_matches(AROUND);
        if !word.is_empty() {
            words.push(Word {
                range: start..start + word.len(),
                text: word.to_lowercase().replace('ё', "е"),
            });
        }
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    words
}

/// Abbreviations of more than two letters that end with a full stop and no sentence.
const ABBREVIATIONS: [&str; 6] = ["тыс", "млн", "руб", "чел", "обл", "пос"];

/// Whether a text ends a sentence: «г. Алейска» does not end at its first full stop.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches(['»', '"', '”', ')']);
    if text.ends_with(['!', '?', '…', ';', ':']) {
        return true;
    }
    let Some(text) = text.strip_suffix('.') else {
        return false;
    };
    let last = text.rsplit(|c: char| !c.is_alphabetic()).next();
    let last = last.unwrap_or_default().to_lowercase();
    last.is_empty() || last.chars().count() > 2 && !ABBREVIATIONS.contains(&last.as_str())
}

/// The first sentence of a text, without its full stop.
pub(super) fn first_sentence(text: &str) -> &str {
    let text = text.trim_end();
    for (at, _) in text.match_indices('.') {
        let (sentence, rest) = (&text[..at], &text[at + 1..]);
        let next = rest.trim_start().chars().next();
        let parted = rest.is_empty()
            || rest.starts_with(char::is_whitespace) && next.is_none_or(char::is_uppercase);
        if parted && ends_sentence(&text[..=at]) {
            return sentence;
        }
    }
    text
}

pub(super) fn begins_small(text: &str) -> bool {
    text.trim_start().starts_with(char::is_lowercase)
}

pub(super) fn begins_large(text: &str) -> bool {
    text.trim_start().starts_with(char::is_uppercase)
}
