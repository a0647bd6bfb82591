//! The structure of a table that no form claims: what sets its cells apart, and which rows name its
//! columns.
//!
//! A separator is right where the rows it makes are of few widths and their cells look like values:
//! numbers, dates, words. The first alone is fooled by a comma in every number, the second by a
//! separator that hardly occurs; taken together they tell dialects well (van den Burg, Nazábal,
//! Sutton, «Wrangling messy CSV files by detecting row and type patterns», 2019). The header is the
//! first full row of words above rows of another kind.

mod heading;
mod kind;
#[cfg(test)]
mod tests;

use std::io;

use super::cell;
use super::delimited::{Quotes, Record, Records};
use super::dialect;
use crate::source::Encoding;
use kind::Kind;

/// What a file's first bytes tell of its table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Structure {
    /// What sets cells apart; `;` where there is but one column.
    pub delimiter: u8,
    /// The rows that name the columns.
    pub header: Option<HeaderGuess>,
}

/// Rows that name the columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HeaderGuess {
    /// The first of them, counted from 0 among the records as read, blank ones and a line `sep=;`
    /// included.
    pub record: usize,
    /// How many there are: more than one where cells were merged.
    pub rows: usize,
}

/// Bytes and records looked at.
const HEAD_BYTES: usize = 128 << 10;
const HEAD_RECORDS: usize = 200;

/// The separators that are tried, and how much each is trusted, in hundredths.
const CANDIDATES: [(u8, u64); 9] = [
    (b';', 100),
    (b'\t', 100),
    (b',', 100),
    (b'|', 100),
    (0x1f, 100),
    (b'^', 60),
    (b'~', 60),
    (b':', 30),
    (b' ', 20),
];

/// What is made of the first bytes of a file, behind a byte order mark; `asked`: the separator, where
/// it is known. `None`: no table.
pub fn guess(head: &[u8], encoding: Encoding, asked: Option<u8>) -> Option<Structure> {
    if is_markup(head) {
        return None;
    }
    let declared = dialect::declared_delimiter(head);
    let known = asked.or(declared);
    let table = match known {
        Some(delimiter) => Table::read(head, encoding, delimiter, declared.is_some()),
        None => best_table(head, encoding)?,
    };
    if table.rows.is_empty() {
        return None;
    }
    Some(Structure {
        delimiter: table.delimiter,
        header: table.header(),
    })
}

#[derive(Clone, Debug)]
struct Cell {
    kind: Kind,
    text: String,
    /// A space stands in front.
    is_set_off: bool,
}

/// A record that is not blank.
#[derive(Clone, Debug)]
struct Row {
    record: usize,
    cells: Vec<Cell>,
    /// Its quotes are as they should be.
    is_sound: bool,
}

/// The first records under one separator.
struct Table {
    delimiter: u8,
    rows: Vec<Row>,
}

impl Table {
    fn read(head: &[u8], encoding: Encoding, delimiter: u8, declared: bool) -> Table {
        let cut = head.len() > HEAD_BYTES;
        let head = &head[..head.len().min(HEAD_BYTES)];
        let mut records = Records::new(io::empty(), head.to_vec(), 0, delimiter).complete();
        let mut rows = Vec::new();
        let mut index = 0;
        while let Ok(Some(record)) = records.next_record()
            && index < HEAD_RECORDS
        {
            let is_last = record.offset as usize + record.bytes().len() == head.len();
            let is_about_reading = declared && index == 0;
            let is_cut = cut && is_last;
            if !record.is_blank(encoding) && !is_about_reading && !is_cut {
                rows.push(Row::new(index, &record, encoding));
            }
            index += 1;
        }
        Table { delimiter, rows }
    }
}

impl Row {
    fn new(index: usize, record: &Record<'_>, encoding: Encoding) -> Row {
        let cell = |column: usize| {
            let bytes = record.cell(column);
            let is_set_off = bytes.first() == Some(&b' ');
            let text = cell::trim(&encoding.decode(&bytes)).to_owned();
            let kind = Kind::of(&text, record.is_quoted(column));
            Cell {
                kind,
                text,
                is_set_off,
            }
        };
        Row {
            record: index,
            cells: (0..record.len()).map(cell).collect(),
            is_sound: record.quotes == Quotes::Fine,
        }
    }

    fn kind(&self, column: usize) -> Kind {
        self.cells.get(column).map_or(Kind::Empty, |cell| cell.kind)
    }

    fn filled(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| cell.kind != Kind::Empty)
    }

    fn width(&self) -> usize {
        self.cells.len()
    }

    /// A line of a text: it ends as sentences do, or goes on from the line before.
    fn is_prose(&self) -> bool {
        let Some(last) = self.used().checked_sub(1) else {
            return false;
        };
        let (first, last) = (&self.cells[0].text, &self.cells[last].text);
        let ends = last.chars().count() > 100
            || last.ends_with(['.', ',', ';', ':', '!', '?', '{', '}'])
            || (self.width() > self.used() && self.used() > 1)
            || (first.starts_with(char::is_lowercase) && first.contains(' '));
        ends && !self.cells.iter().any(|cell| cell.kind.is_numeric())
    }

    /// A line behind a `#`, as programs put above a table.
    fn is_remark(&self) -> bool {
        self.cells[0].text.starts_with('#')
    }

    /// Its width without the empty cells at the end.
    fn used(&self) -> usize {
        let filled = |cell: &Cell| cell.kind != Kind::Empty;
        self.cells
            .iter()
            .rposition(filled)
            .map_or(0, |last| last + 1)
    }
}

/// The separator that makes the best table of the first bytes.
fn best_table(head: &[u8], encoding: Encoding) -> Option<Table> {
    let looked_at = &head[..head.len().min(HEAD_BYTES)];
    let mut best: Option<(u64, Table)> = None;
    for (delimiter, trust) in CANDIDATES {
        if memchr::memchr(delimiter, looked_at).is_none() {
            continue;
        }
        let table = Table::read(head, encoding, delimiter, false);
        let score = table.score() * trust;
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, table));
        }
    }
    match best {
        Some((score, table)) if score >= table.least_score() => Some(table),
        _ => list(head, encoding),
    }
}

/// The beginning of HTML, XML, JSON, PDF or RTF.
fn is_markup(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    match head {
        [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'),
        [b'{' | b'[', rest @ ..] => {
            let rest = rest.trim_ascii_start();
            rest.is_empty() || matches!(rest[0], b'"' | b'{' | b'[' | b'}' | b']' | b'\\')
        }
        _ => head.starts_with(b"%PDF"),
    }
}

/// One column: short lines that are no sentences. The separator is that which ends every line, else
/// the first that stands in none.
fn list(head: &[u8], encoding: Encoding) -> Option<Table> {
    let looked_at = &head[..head.len().min(HEAD_BYTES)];
    let usual = CANDIDATES[..4].iter().map(|(delimiter, _)| *delimiter);
    let is_absent = |delimiter: &u8| memchr::memchr(*delimiter, looked_at).is_none();
    let ends_lines = |table: &Table| {
        let rows = table.rows.iter();
        table.rows.len() > 1 && rows.clone().all(|row| row.width() > 1 && row.used() == 1)
    };
    let read = |delimiter| Table::read(head, encoding, delimiter, false);
    let table = usual.clone().map(read).find(ends_lines);
    let table = table.unwrap_or_else(|| read(usual.clone().find(is_absent).unwrap_or(b';')));
    let sentences = table.rows.iter().filter(|row| row.is_prose()).count();
    (table.rows.len() > 1 && sentences * 4 <= table.rows.len()).then_some(table)
}

impl Table {
    /// How much it looks like a table, in hundred-thousandths.
    fn score(&self) -> u64 {
        // A separator at the end of every row sets off nothing.
        let trailing = self.rows.iter().filter(|row| row.width() > 1);
        let trailing = trailing.map(|row| row.width() - row.used());
        let trailing = trailing.min().unwrap_or(0);
        let mut widths: Vec<(usize, u64)> = Vec::new();
        let (mut cells, mut typed, mut unsound) = (0u64, 0u64, 0u64);
        let is_table = |row: &&Row| row.used() > 1 || !row.is_remark();
        for row in self.rows.iter().filter(is_table) {
            let own = row.width().saturating_sub(trailing).max(1);
            match widths.iter_mut().find(|(width, _)| *width == own) {
                Some((_, count)) => *count += 1,
                None => widths.push((own, 1)),
            }
            unsound += u64::from(!row.is_sound);
            for cell in row.filled() {
                cells += 2;
                typed += match (cell.kind, cell.is_set_off) {
                    (Kind::Odd, _) => 0,
                    // Behind a comma and a space prose goes on.
                    (_, true) if matches!(self.delimiter, b',' | b':') => 1,
                    _ => 2,
                };
            }
        }
        let rows: u64 = widths.iter().map(|(_, count)| count).sum();
        if cells == 0 {
            return 0;
        }
        let pattern: u64 = widths
            .iter()
            .map(|(width, count)| count * 1000 * (*width as u64 - 1) / *width as u64)
            .sum();
        // So many widths, the rare ones counting less.
        let squares: u64 = widths.iter().map(|(_, count)| count * count).sum();
        let pattern = pattern * squares / (rows * rows * rows);
        let types = typed * 100 / cells;
        pattern * types * (2 * rows - unsound) / (2 * rows)
    }

    /// The score from which on it is taken for one: a letter has commas too. Tables of all sorts of
    /// programs score more, with few exceptions, texts less.
    fn least_score(&self) -> u64 {
        let prose = self.rows.iter().filter(|row| row.is_prose()).count();
        if prose * 10 > self.rows.len() * 6 {
            1_600_000
        } else {
            800_000
        }
    }
}
