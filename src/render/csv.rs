//! Documents as CSV that Russian Excel opens with a double click: UTF-8 with a byte order mark,
//! semicolons, decimal commas, CR LF.

use crate::document::blank::Blank;
use crate::document::{Block, Cell, Document, Table};

/// The first table of a document, all columns.
pub fn render(document: &Document) -> String {
    let mut out = String::from("\u{feff}");
    let first = document.blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Notes { .. } => None,
    });
    if let Some(table) = first {
        push_table(&mut out, table);
    }
    out
}

/// All tables of a document one below the other, each under its heading.
pub fn render_all(document: &Document) -> String {
    let mut out = String::from("\u{feff}");
    for block in &document.blocks {
        if let Block::Table(table) = block {
            if !table.title.is_empty() {
                out.push_str("\r\n");
                out.push_str(&field(&table.title));
                out.push_str("\r\n");
            }
            push_table(&mut out, table);
        }
    }
    out
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
    push_row(out, table.columns.iter().map(|column| field(column.title)));
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
        None => field(&cell.text),
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
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
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
