//! Documents as CSV that Russian Excel opens with a double click: UTF-8 with a byte order mark,
//! semicolons, decimal commas, CR LF.

pub mod facts;
mod glance;

use crate::document::blank::Blank;
use crate::document::{Block, Cell, Document, Table};

/// The first table of a document, all columns.
pub fn render(document: &Document) -> String {
    let mut out = String::from("\u{feff}");
    let first = document.blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    if let Some(table) = first {
        push_table(&mut out, table);
    }
    out
}

/// All that is tables, cards and grids of a document one below the other, each under its heading.
pub fn render_all(document: &Document) -> String {
    let mut out = String::from("\u{feff}");
    push_blocks(&mut out, document, false);
    out
}

/// A whole document, texts and tables one below the other, each under its heading.
pub fn render_whole(document: &Document) -> String {
    let mut out = String::from("\u{feff}");
    push_lines(&mut out, std::iter::once(&document.title));
    push_lines(&mut out, &document.subtitle);
    push_blocks(&mut out, document, true);
    out
}

fn push_blocks(out: &mut String, document: &Document, texts: bool) {
    for block in &document.blocks {
        match block {
            Block::Table(table) => {
                push_heading(out, &table.title);
                push_table(out, table);
            }
            Block::Part { title, .. } => push_heading(out, title),
            Block::Lead(cells) => push_lines(out, cells.iter().map(|cell| &cell.text)),
            Block::Cards(cards) => glance::push_cards(out, cards),
            Block::Grid(grid) => glance::push_grid(out, grid),
            Block::Notes { .. } | Block::Words { .. } | Block::Code { .. } if !texts => {}
            Block::Notes { title, lines } | Block::Code { title, lines, .. } => {
                push_heading(out, title);
                push_lines(out, lines);
            }
            Block::Words {
                title,
                paragraphs,
                lines,
            } => {
                push_heading(out, title);
                for runs in paragraphs {
                    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
                    push_row(out, std::iter::once(field(&text)));
                }
                push_lines(out, lines);
            }
        }
    }
}

fn push_heading(out: &mut String, title: &str) {
    if !title.is_empty() {
        out.push_str("\r\n");
        push_row(out, std::iter::once(field(title)));
    }
}

/// A row each.
fn push_lines<'l>(out: &mut String, lines: impl IntoIterator<Item = &'l String>) {
    for line in lines {
        push_row(out, std::iter::once(field(line)));
    }
}

/// A blank report: title and period, the header, a row for each organisation, all equally wide.
pub fn blank(blank: &Blank) -> String {
    let mut out = String::from("\u{feff}");
    let width = blank.columns.len();
    let mut push = |texts: &[&str]| {
        let texts = texts.iter().copied().chain(std::iter::repeat(""));
        push_row(&mut out, texts.take(width).map(field));
    };
    push(&[&blank.title]);
    if let Some(period) = &blank.period {
        push(&[period]);
    }
    let headings = blank.columns.iter().map(|column| column.heading.as_str());
    push(&headings.collect::<Vec<&str>>());
    for row in &blank.rows {
        push(&row.iter().map(String::as_str).collect::<Vec<&str>>());
    }
    out
}

fn push_table(out: &mut String, table: &Table) {
    push_row(out, table.columns.iter().map(|column| field(&column.title)));
    for row in &table.rows {
        push_row(out, row.iter().map(cell));
    }
}

fn push_row(out: &mut String, cells: impl Iterator<Item = String>) {
    out.push_str(&cells.collect::<Vec<String>>().join(";"));
    out.push_str("\r\n");
}

fn cell(cell: &Cell) -> String {
    match &cell.number {
        // A number is a number to Excel: a plain minus, a decimal comma, no unit.
        Some(number) => number.plain().replace('.', ","),
        None if cell.text == "—" => String::new(),
        // A level of a tree stands in a column of its own.
        None => field(cell.text.trim_start_matches('\u{a0}')),
    }
}

/// A text cell: quoted where it must be, and never something that a spreadsheet would run.
pub fn field(text: &str) -> String {
    let harmless = disarm(&text.replace('\u{a0}', " "));
    if harmless.contains(['"', ';', '\n', '\r', ',']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

/// Sets an apostrophe before what a spreadsheet would take for a formula.
pub fn disarm(text: &str) -> String {
    let text = without_controls(text);
    if looks_like_a_formula(&text) {
        format!("'{text}")
    } else {
        text
    }
}

/// Control characters but line ends become spaces.
pub fn without_controls(text: &str) -> String {
    let letters = text.chars();
    letters
        .map(|c| match c {
            '\n' => c,
            // What turns a line about, or breaks it, is no more wanted in a cell than a bell.
            '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

/// Whether a spreadsheet would run a text that somebody types.
pub fn looks_like_a_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::quantity::{Decimal, Fixed};

    #[test]
    fn formulas_are_disarmed() {
        for text in ["=1+1", "+1", "-1+1", "@SUM(A1)"] {
            assert_eq!(field(text), format!("'{text}"));
        }
        assert_eq!(field("=HYPERLINK(\"x\";1)"), "\"'=HYPERLINK(\"\"x\"\";1)\"");
        assert!(!field("\t=1").starts_with('\t'));
    }

    #[test]
    fn numbers_are_numbers() {
        let value = Decimal::parse(b"-1.45").expect("short").expect("a number");
        let fixed = Fixed::exact(&value.to_fraction()).expect("ends");
        assert_eq!(cell(&Cell::number(fixed, " п.п.")), "-1,45");
        assert_eq!(cell(&Cell::nothing()), "");
    }
}
