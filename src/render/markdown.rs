//! Documents as Markdown: GitHub's tables, every character of the user's text taken literally.

use crate::document::{Block, Document, Table};
use crate::model::name::printable;

/// The document as Markdown.
pub fn render(document: &Document) -> String {
    let mut out = String::new();
    if !document.title.is_empty() {
        out.push_str(&format!("# {}\n\n", escape(&document.title)));
    }
    for line in &document.subtitle {
        out.push_str(&escape(line));
        out.push_str("\n\n");
    }
    for block in &document.blocks {
        match block {
            Block::Table(table) => push_table(&mut out, table),
            Block::Notes { title, lines } => {
                if !title.is_empty() {
                    out.push_str(&format!("## {}\n\n", escape(title)));
                }
                for line in lines {
                    out.push_str(&format!("- {}\n", unnumbered(&escape(line))));
                }
                out.push('\n');
            }
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn push_table(out: &mut String, table: &Table) {
    if !table.title.is_empty() {
        out.push_str(&format!("## {}\n\n", escape(&table.title)));
    }
    let shown: Vec<usize> = (0..table.columns.len())
        .filter(|&column| !table.columns[column].detail)
        .collect();
    let titles: Vec<String> = shown
        .iter()
        .map(|&column| escape(table.columns[column].title))
        .collect();
    out.push_str(&format!("| {} |\n|", titles.join(" | ")));
    for &column in &shown {
        out.push_str(if table.columns[column].figures {
            "---:|"
        } else {
            "---|"
        });
    }
    out.push('\n');
    for row in &table.rows {
        let cells: Vec<String> = shown
            .iter()
            .map(|&column| escape(&row[column].text))
            .collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out.push('\n');
}

/// «11. …» at the start of an item would begin a list of its own.
fn unnumbered(text: &str) -> String {
    match text.split_once(". ") {
        Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{number}\\. {rest}")
        }
        _ => text.to_owned(),
    }
}

/// Text that stays text: no markup, no table borders, no HTML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in printable(text).chars() {
        match letter {
            '|' | '\\' | '*' | '_' | '`' | '[' | ']' | '#' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_text_cannot_break_out() {
        assert_eq!(escape("a|b *c* <img>"), "a\\|b \\*c\\* &lt;img&gt;");
    }
}
