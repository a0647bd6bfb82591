//! What engines say in different words.

use jiff::civil::Date;
use num_bigint::BigInt;

use super::Facts;

/// What a column of a written-out table holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holds {
    /// Words.
    Text,
    /// A small whole number.
    Number,
    /// A day, or nothing.
    Day,
}

/// What an engine says of a table whose figures are not exact: in ASCII, since chdb cuts the messages of
/// ClickHouse in the middle of a letter.
pub const FLOATING: &str =
    "the column value is floating-point, its figures are not exact: make it DECIMAL(38, 15)";

/// An engine's words for what standard SQL has none, or not the same everywhere.
pub trait Dialect {
    /// Remarks on the engine for the head of the script.
    fn remarks(&self) -> &'static [&'static str];

    /// Statements before the query.
    fn before(&self, facts: &[Facts]) -> Vec<String>;

    /// A statement without which a query of so many bytes is refused.
    fn for_length(&self, _bytes: usize) -> Option<String> {
        None
    }

    /// What stands behind the query.
    fn after(&self) -> &'static str {
        ""
    }

    /// A name as it stands.
    fn name(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// Words.
    fn text(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// A day.
    fn day(&self, day: Date) -> String {
        format!("DATE '{day}'")
    }

    /// A whole number.
    fn integer(&self, value: &BigInt) -> String {
        value.to_string()
    }

    /// A step that holds rows written out.
    fn values(&self, name: &str, columns: &[(&str, Holds)], rows: &[Vec<String>]) -> String {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let rows: Vec<String> = rows
            .iter()
            .map(|row| format!("    ({})", row.join(", ")))
            .collect();
        format!(
            "{name}({}) AS (\n  VALUES\n{}\n)",
            names.join(", "),
            rows.join(",\n")
        )
    }

    /// What a part of the long table is read from; `number`: which part it is, from 1.
    fn source(&self, facts: &Facts, number: usize) -> String;

    /// A column of the long table as words.
    fn as_text(&self, expression: &str) -> String;

    /// A column of the long table as a small whole number.
    fn as_number(&self, expression: &str) -> String {
        format!("CAST({expression} AS INTEGER)")
    }

    /// An exact figure of a column of any type; an error where the column is floating: its figures
    /// are exact no more.
    fn exactly(&self, column: &str) -> String;

    /// A column of the long table as a day.
    fn as_day(&self, expression: &str) -> String {
        format!("CAST({expression} AS DATE)")
    }

    /// A column of the long table as an exact decimal of 15 digits after the point.
    fn as_decimal(&self, expression: &str) -> String {
        format!("CAST({expression} AS DECIMAL(38, 15))")
    }

    /// Such a decimal, whole, as a whole number.
    fn whole(&self, expression: &str) -> String;

    /// Such a decimal as a whole number of its last digits.
    fn digits(&self, expression: &str) -> String;

    /// Two whole numbers of any size multiplied; an error where the product is too long.
    fn product(&self, left: &str, right: &str) -> String {
        format!("{left} * {right}")
    }

    /// A whole number divided by another, both above zero, the rest cut off.
    fn quotient(&self, above: &str, below: &str) -> String;

    /// A whole number as a decimal of so many digits after the point.
    fn decimal(&self, expression: &str, scale: u32) -> String;

    /// Of rows, the value of the one where something is largest; rows without a value do not count.
    fn newest(&self, value: &str, age: &str) -> String;

    /// The bits of all rows together.
    fn bits(&self, expression: &str) -> String {
        format!("bit_or({expression})")
    }

    /// The bits that both have.
    fn both(&self, left: &str, right: &str) -> String {
        format!("({left} & {right})")
    }
}

/// One in the last of so many digits after the point, of which there is at least one.
pub fn unit(scale: u32) -> String {
    format!("0.{:0>width$}", 1, width = scale as usize)
}
