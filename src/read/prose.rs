//! The plain text of a resolution → its parts, word for word, and whatever is not sure about them.
//!
//! Nothing is refused and nothing is lost: a paragraph that fits nowhere is kept beside the proposal
//! behind which it stands. What a part is taken for without the text saying so is a doubt, put in
//! Russian, for whoever completes the file.

mod aims;
mod body;
mod calendar;
mod head;
mod marker;
mod words;

use jiff::civil::Date;

use crate::model::plural::counted;

pub use aims::{Aim, Bound};
pub use calendar::Due;

/// A part of a resolution, and why it may not be what the text means.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Part<T> {
    /// The part.
    pub value: T,
    /// Each doubt a sentence in Russian, lower case, without a full stop.
    pub doubts: Vec<String>,
}

impl<T> Part<T> {
    /// With a doubt where the text has a letter that could not be read.
    fn read_at(mut self, text: impl Fn(&T) -> &str) -> Part<T> {
        let doubt = unreadable(text(&self.value));
        self.doubts.extend(doubt);
        self
    }

    fn sure(value: T) -> Part<T> {
        Part {
            value,
            doubts: Vec::new(),
        }
    }

    fn doubtful(value: T, doubt: impl Into<String>) -> Part<T> {
        Part {
            value,
            doubts: vec![doubt.into()],
        }
    }
}

/// What a text holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prose {
    /// Its title, in all its lines.
    pub title: Part<String>,
    /// What was held.
    pub event: Part<Option<String>>,
    /// When.
    pub date: Part<Option<Date>>,
    /// It calls itself a draft.
    pub is_draft: bool,
    /// It names an address on the web.
    pub has_address: bool,
    /// All that stands before the proposals, the words that lead to them included.
    pub preamble: Part<String>,
    /// The proposals.
    pub proposals: Vec<Proposal>,
    /// Paragraphs behind the last proposal that belong to none.
    pub behind: Vec<String>,
}

/// A proposal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// Its number.
    pub number: Part<u32>,
    /// Its text without the number.
    pub text: Part<String>,
    /// Its points without their dashes.
    pub items: Vec<Part<String>>,
    /// Words that may set a target.
    pub aims: Vec<Aim>,
    /// Paragraphs before it that belong to no proposal.
    pub before: Vec<String>,
}

/// The doubt about a text in which bytes had no meaning, or a letter has no shape.
fn unreadable(text: &str) -> Option<String> {
    let bad = |c: char| c == '\u{fffd}' || c.is_control() && !matches!(c, '\n' | '\t');
    let at = text.find(bad)?;
    let count = text.chars().filter(|c| bad(*c)).count();
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before: Vec<char> = text[line..at].chars().collect();
    let before: String = before[before.len().saturating_sub(20)..].iter().collect();
    Some(format!(
        "здесь {} без смысла, после «{before}»: сверьте с исходным текстом; если их много, \
         повторите с --encoding",
        counted(count as u128, &["знак", "знака", "знаков"])
    ))
}

/// Reads a text.
pub fn read(text: &str) -> Prose {
    let text = text.replace("\r\n", "\n");
    // The ends of lines of an old Mac, of a line within a paragraph in Word, of a page.
    let lines: Vec<&str> = text
        .split(['\n', '\r', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}'])
        .collect();
    let start = body::start(&lines);
    let (head, rest) = lines.split_at(start.at);
    let (mut proposals, behind) = body::read(rest);
    let date = head::date(head, &behind);
    for proposal in &mut proposals {
        let items = proposal.items.iter().map(|item| item.value.as_str());
        let texts = std::iter::once(proposal.text.value.as_str()).chain(items);
        proposal.aims = texts
            .flat_map(|text| aims::find(text, date.value))
            .collect();
        let text = std::mem::take(&mut proposal.text);
        proposal.text = text.read_at(|text| text);
        let items = std::mem::take(&mut proposal.items).into_iter();
        proposal.items = items.map(|item| item.read_at(|item| item)).collect();
    }
    let preamble = Part {
        value: head.join("\n").trim_end_matches('\n').to_owned(),
        doubts: start.doubts,
    };
    Prose {
        title: head::title(head).read_at(|title| title),
        event: head::event(head),
        date,
        is_draft: head::is_draft(head),
        has_address: text.contains("http") || text.contains("www."),
        preamble: preamble.read_at(|preamble| preamble),
        proposals,
        behind,
    }
}

#[cfg(test)]
mod tests;
