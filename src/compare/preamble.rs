//! What stands before the proposals: which paragraphs stand word for word.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::words::{likeness, segments, squash};
use super::{Kind, Paragraph};

/// Paragraphs that are more alike than this are one paragraph with other words.
const ALIKE: f32 = 0.6;

/// Paragraph by paragraph: a line each, empty ones left out.
pub(super) fn compare(old: &str, new: &str) -> Vec<Paragraph> {
    let lines = |text: &'_ str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(str::to_owned).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let keys =
        |lines: &[String]| -> Vec<String> { lines.iter().map(|line| squash(line)).collect() };
    let mut paragraphs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &keys(&old), &keys(&new)) {
        let (ours, theirs) = (&old[op.old_range()], &new[op.new_range()]);
        if op.tag() == DiffTag::Equal {
            let pairs = ours.iter().zip(theirs);
            paragraphs.extend(pairs.map(|(one, other)| paragraph(Kind::Unchanged, one, other)));
        } else {
            push_changed(&mut paragraphs, ours, theirs);
        }
    }
    paragraphs
}

/// Adds a stretch that differs; what is alike in it is set side by side, in the order of both.
fn push_changed(paragraphs: &mut Vec<Paragraph>, old: &[String], new: &[String]) {
    let mut theirs = new;
    for one in old {
        let alike = theirs
            .iter()
            .position(|other| likeness(one, other) >= ALIKE);
        let Some(at) = alike else {
            paragraphs.push(paragraph(Kind::Dropped, one, ""));
            continue;
        };
        let added = theirs[..at].iter();
        paragraphs.extend(added.map(|other| paragraph(Kind::New, "", other)));
        paragraphs.push(paragraph(Kind::Changed, one, &theirs[at]));
        theirs = &theirs[at + 1..];
    }
    let rest = theirs.iter();
    paragraphs.extend(rest.map(|other| paragraph(Kind::New, "", other)));
}

fn paragraph(kind: Kind, old: &str, new: &str) -> Paragraph {
    Paragraph {
        kind,
        text: segments(old, new),
    }
}
