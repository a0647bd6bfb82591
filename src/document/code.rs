//! What an issue code means, for people.

use super::{Block, Document};
use crate::diagnostic::pages::Page;
use crate::model::name::printable;

/// A code's page.
pub fn document(page: &Page) -> Document {
    let notes = |title: &str, lines: Vec<String>| Block::Notes {
        title: title.into(),
        lines,
    };
    let severity = page.code.severity().title();
    Document {
        title: format!("{}: {}", page.code.id(), page.title),
        subtitle: vec![format!("Обычно это {severity}")],
        blocks: vec![
            notes("Что это значит", vec![page.meaning.into(), page.why.into()]),
            notes("Пример", example(page)),
            notes("Что делать", vec![page.remedy.into()]),
            notes("Что не учтено", vec![page.left_out.into()]),
        ],
    }
}

/// The files of the example, and what is remarked of them.
fn example(page: &Page) -> Vec<String> {
    let example = &page.example;
    if !example.words.is_empty() {
        return vec![example.words.to_owned()];
    }
    let mut lines = Vec::new();
    for (name, text) in example.files {
        lines.push(format!("{name}:"));
        lines.extend(text.lines().map(|line| format!("│ {}", printable(line))));
    }
    lines.push(format!("замечание: {}", example.message));
    lines
}
