//! Documents as CSV that Russian Excel opens with a double click: UTF-8 with a byte order mark,
//! semicolons, decimal commas, CR LF.

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

fn push_table(out: &mut String, table: &Table) {
    let titles: Vec<String> = table.columns.iter().map(|c| field(c.title)).collect();
    out.push_str(&titles.join(";"));
    out.push_str("\r\n");
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        out.push_str(&cells.join(";"));
        out.push_str("\r\n");
    }
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
    let text: String = text
        .chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect();
    if text.trim_start().starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text
    }
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
