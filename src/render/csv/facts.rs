//! The long table as CSV for machines: UTF-8 without a byte order mark, commas, decimal points, days
//! as 2025-12-31, LF.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::query::facts::{COLUMNS, Datum, Fact};

/// The line of headings.
///
/// # Errors
/// It cannot be written.
pub fn write_header(out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    writeln!(out, "{}", names.join(","))
}

/// A line of figures.
///
/// # Errors
/// It cannot be written.
pub fn write_row(out: &mut dyn Write, fact: &Fact<'_>) -> io::Result<()> {
    for (index, column) in COLUMNS.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        match (column.of)(fact) {
            Datum::Text(text) => out.write_all(quoted(&text).as_bytes())?,
            Datum::Decimal(Some(value)) => write!(out, "{value}")?,
            Datum::Decimal(None) => {}
            Datum::Whole(value) => write!(out, "{value}")?,
            Datum::Day(day) => write!(out, "{day}")?,
        }
    }
    out.write_all(b"\n")
}

/// A text cell, letter for letter: an engine reads it, and what it is asked by is the very name.
fn quoted(text: &str) -> Cow<'_, str> {
    match text.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")).into(),
        false => text.into(),
    }
}
