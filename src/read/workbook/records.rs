//! The text of a sheet as it grows, cell by cell.

use super::archive::Budget;
use super::{Excess, NoWorkbook, Sheet};
use crate::read::delimited::LONGEST_QUOTED;

/// What stands between two cells of a record: ASCII's unit separator, which no cell of a sheet
/// holds unless somebody tries.
pub const SEPARATOR: u8 = 0x1f;

/// A row longer than this would not be read as one.
const LONGEST_ROW: usize = LONGEST_QUOTED;

/// A sheet that is being written.
pub(super) struct Records<'b> {
    budget: &'b Budget,
    text: Vec<u8>,
    /// The row that is being written, from 1, and where it begins.
    row: u32,
    start: usize,
    /// The last cell of that row, from 1; 0 before the first.
    column: u32,
    /// Which columns have something in them.
    filled: Vec<bool>,
    hidden_rows: Vec<u32>,
}

impl<'b> Records<'b> {
    pub(super) fn new(budget: &'b Budget) -> Records<'b> {
        Records {
            budget,
            text: Vec::new(),
            row: 1,
            start: 0,
            column: 0,
            filled: Vec::new(),
            hidden_rows: Vec::new(),
        }
    }

    /// Whether a row has anything in it so far; it is the last one that was written to.
    pub(super) fn has(&self, row: u32) -> bool {
        row == self.row && self.column > 0
    }

    /// Writes a cell, rows and columns from 1, behind all that were written; an empty one is
    /// nothing.
    pub(super) fn put(&mut self, row: u32, column: u32, cell: &str) -> Result<(), NoWorkbook> {
        if cell.is_empty() {
            return Ok(());
        }
        if row < self.row || (row == self.row && column <= self.column) {
            return Err(NoWorkbook::Damaged("его ячейки идут не по порядку".into()));
        }
        if row > self.row {
            let rows = (row - self.row) as usize;
            self.budget.keep(rows as u64)?;
            self.text.resize(self.text.len() + rows, b'\n');
            (self.row, self.column, self.start) = (row, 0, self.text.len());
        }
        let gap = (column - self.column.max(1)) as usize;
        let length = self.text.len() - self.start + gap + cell.len();
        if length > LONGEST_ROW {
            return Err(NoWorkbook::TooLarge(Excess::Row(LONGEST_ROW)));
        }
        self.budget.keep((gap + cell.len()) as u64)?;
        self.text.resize(self.text.len() + gap, SEPARATOR);
        self.push(cell)?;
        self.column = column;
        let column = column as usize;
        if column > self.filled.len() {
            self.filled.resize(column, false);
        }
        self.filled[column - 1] = true;
        Ok(())
    }

    fn push(&mut self, cell: &str) -> Result<(), NoWorkbook> {
        let bytes = cell.as_bytes();
        let special = |byte: &u8| matches!(*byte, SEPARATOR | b'\r' | b'\n');
        if bytes[0] != b'"' && !bytes.iter().any(special) {
            self.text.extend_from_slice(bytes);
            return Ok(());
        }
        self.budget.keep(cell.matches('"').count() as u64 + 2)?;
        self.text.push(b'"');
        for part in cell.split_inclusive('"') {
            self.text.extend_from_slice(part.as_bytes());
            if part.ends_with('"') {
                self.text.push(b'"');
            }
        }
        self.text.push(b'"');
        Ok(())
    }

    /// Writes the row in hand so many times more.
    pub(super) fn repeat(&mut self, times: u32) -> Result<(), NoWorkbook> {
        let length = (self.text.len() - self.start) as u64 + 1;
        self.budget.keep(length.saturating_mul(u64::from(times)))?;
        let row = self.start..self.text.len();
        for _ in 0..times {
            self.text.push(b'\n');
            self.start = self.text.len();
            self.text.extend_from_within(row.clone());
        }
        self.row += times;
        Ok(())
    }

    /// Says that so many rows from this one on, which have something in them, are not shown.
    pub(super) fn hide(&mut self, row: u32, times: u32) -> Result<(), NoWorkbook> {
        self.budget.keep(u64::from(times) * 4)?;
        self.hidden_rows.extend(row..row + times);
        Ok(())
    }

    /// The sheet, all of it written. `hidden_columns` are ranges from 1, both ends in them.
    pub(super) fn finish(mut self, name: String, hidden: bool, hidden_columns: &Hidden) -> Sheet {
        let rows = if self.column > 0 { self.row } else { 0 };
        if rows > 0 {
            self.text.push(b'\n');
        }
        let filled = (1..).zip(&self.filled).filter(|(_, filled)| **filled);
        Sheet {
            name,
            hidden,
            rows,
            columns: self.filled.len() as u32,
            hidden_rows: self.hidden_rows,
            hidden_columns: filled
                .map(|(column, _)| column)
                .filter(|column| hidden_columns.has(*column))
                .collect(),
            text: self.text,
        }
    }
}

/// Columns that are not shown, as ranges.
#[derive(Default)]
pub(super) struct Hidden(Vec<(u32, u32)>);

impl Hidden {
    /// Adds those from one to another, both hidden; ranges come in order.
    pub(super) fn add(&mut self, from: u32, to: u32, budget: &Budget) -> Result<(), NoWorkbook> {
        budget.keep(size_of::<(u32, u32)>() as u64)?;
        self.0.push((from, to));
        Ok(())
    }

    fn has(&self, column: u32) -> bool {
        let after = self.0.partition_point(|(from, _)| *from <= column);
        after > 0 && self.0[after - 1].1 >= column
    }
}
