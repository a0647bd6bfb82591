//! Delimited text: bytes → records → cells, as slices of one buffer, with their places.
//!
//! Every encoding that is read this way keeps ASCII, so separators, quotes and line ends are found
//! in the raw bytes. A zero byte beside a closing quote is a space, and the end of a file in DOS is
//! no part of it. A quoted cell follows RFC 4180; where a file does not, the record is not lost:
//! a quote that was not doubled is kept as it stands, and a quote that never closes is taken for an
//! ordinary character, so that it swallows nothing. Both are told to the caller.

mod lines;
mod marks;
mod specials;
mod tail;

use std::borrow::Cow;
use std::io::{self, Read};
use std::ops::Range;

use lines::{Found, Shape};
pub use lines::{Lines, MOST, Passed, Places, Spans, Words, ending};
use specials::Specials;
pub use tail::Tail;

use crate::source::Encoding;

/// A cell of a record: where it stands in the record's bytes; of one between quotes, what stands
/// inside them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Span {
    start: u32,
    /// Where it ends, and what it is like in the two highest bits.
    end: u32,
}

/// Between quotes.
const QUOTED: u32 = 1 << 31;

/// Has doubled quotes inside.
const DOUBLED: u32 = 1 << 30;

impl Span {
    fn new(start: usize, end: usize, quoted: bool, doubled: bool) -> Span {
        let flag = |is: bool, flag: u32| if is { flag } else { 0 };
        Span {
            start: start as u32,
            end: end as u32 | flag(quoted, QUOTED) | flag(doubled, DOUBLED),
        }
    }

    #[inline]
    fn start(self) -> usize {
        self.start as usize
    }

    #[inline]
    fn end(self) -> usize {
        (self.end & !(QUOTED | DOUBLED)) as usize
    }

    fn is_quoted(self) -> bool {
        self.end & QUOTED != 0
    }

    fn is_doubled(self) -> bool {
        self.end & DOUBLED != 0
    }
}

/// What the quotes of a record are like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quotes {
    /// As they should be.
    Fine,
    /// The cell with this index has a quote that was not doubled.
    Stray(u32),
    /// The quote that opens the cell with this index never closes; it was taken literally.
    Unclosed(u32),
}

/// A record: one row of the table, which may span several lines.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    bytes: &'a [u8],
    cells: &'a [Span],
    /// Where the record begins, in bytes from the start of the file.
    pub offset: u64,
    /// The physical line on which it begins, from 1.
    pub line: u32,
    /// The row as a spreadsheet counts it, from 1: blank lines count, line breaks in cells do not.
    pub row: u32,
    /// What its quotes are like.
    pub quotes: Quotes,
    /// Some cell stands between quotes; no other holds a line end.
    quoted: bool,
    /// It is a row of a sheet: lines are rows, whatever line breaks its cells hold.
    by_rows: bool,
}

impl<'a> Record<'a> {
    /// How many cells it has; a blank line has one, empty.
    #[inline]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Never: a record has at least one cell.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The bytes of the record without its line end.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The raw bytes of a cell, without its quotes, doubled quotes as they stand; empty beyond the
    /// last cell.
    #[inline]
    pub fn raw(&self, index: usize) -> &'a [u8] {
        match self.cells.get(index) {
            Some(span) => &self.bytes[span.start()..span.end()],
            None => &[],
        }
    }

    /// The bytes of a short cell in one word, without its quotes.
    #[inline]
    pub fn tail(&self, index: usize) -> Option<Tail> {
        match self.cells.get(index) {
            Some(span) => {
                let length = span.end() - span.start();
                Tail::ending(&self.bytes[..span.end()], length)
            }
            None => Tail::of(&[]),
        }
    }

    /// The bytes of a cell as meant: doubled quotes made single.
    #[inline]
    pub fn cell(&self, index: usize) -> Cow<'a, [u8]> {
        match self.cells.get(index) {
            Some(span) if span.is_doubled() => Cow::Owned(undoubled(self.raw(index))),
            _ => Cow::Borrowed(self.raw(index)),
        }
    }

    /// Whether any cell stands between quotes: no other holds a line end.
    #[inline]
    pub fn has_quoted(&self) -> bool {
        self.quoted
    }

    /// Whether a cell stands between quotes.
    pub fn is_quoted(&self, index: usize) -> bool {
        self.cells.get(index).is_some_and(|span| span.is_quoted())
    }

    /// Whether every cell is empty or spaces.
    pub fn is_blank(&self, encoding: Encoding) -> bool {
        (0..self.len()).all(|index| encoding.is_blank(self.raw(index)))
    }

    /// Where each of its cells stands, like [`Record::cell_place`], in one go over its bytes.
    pub fn cell_places(&self) -> impl Iterator<Item = (Range<u64>, u32)> + '_ {
        let (mut line, mut counted) = (self.line, 0);
        self.cells.iter().map(move |span| {
            let bytes = self.place(span);
            let start = (bytes.start - self.offset) as usize;
            if !self.by_rows {
                // A cell never begins between CR and LF.
                line += count_line_ends(&self.bytes[counted..start]);
                counted = start;
            }
            (bytes, line)
        })
    }

    /// Where a cell stands in the file, quotes included.
    fn place(&self, span: &Span) -> Range<u64> {
        let quote = u64::from(span.is_quoted());
        let start = span.start() as u64 - quote;
        self.offset + start..self.offset + span.end() as u64 + quote
    }

    /// Where a cell stands in the file, quotes included, and the physical line on which it begins.
    pub fn cell_place(&self, index: usize) -> (Range<u64>, u32) {
        let Some(span) = self.cells.get(index) else {
            let end = self.offset + self.bytes.len() as u64;
            return (end..end, self.line);
        };
        let bytes = self.place(span);
        let start = (bytes.start - self.offset) as usize;
        let before = match self.by_rows {
            true => 0,
            false => count_line_ends(&self.bytes[..start]),
        };
        (bytes, self.line + before)
    }
}

/// A text with doubled quotes made single.
pub fn undoubled(raw: &[u8]) -> Vec<u8> {
    let mut meant = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'"', rest) {
        meant.extend_from_slice(&rest[..=at]);
        let doubled = rest.get(at + 1) == Some(&b'"');
        rest = &rest[at + 1 + usize::from(doubled)..];
    }
    meant.extend_from_slice(rest);
    meant
}

/// How many line ends there are: LF, CR, and CR LF as one.
pub fn count_line_ends(bytes: &[u8]) -> u32 {
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
    let own = ends.filter(|at| bytes[*at] == b'\r' || *at == 0 || bytes[at - 1] != b'\r');
    own.count() as u32
}

/// What ends the lines of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineEnding {
    /// Line feeds.
    Lf,
    /// Carriage returns and line feeds.
    CrLf,
    /// Carriage returns.
    Cr,
    /// Now one, now another.
    Mixed,
}

impl LineEnding {
    /// As JSON names it.
    pub fn id(self) -> &'static str {
        match self {
            LineEnding::Lf => "lf",
            LineEnding::CrLf => "crlf",
            LineEnding::Cr => "cr",
            LineEnding::Mixed => "mixed",
        }
    }

    /// As a person calls it.
    pub fn title(self) -> &'static str {
        match self {
            LineEnding::Lf => "LF (Linux, macOS)",
            LineEnding::CrLf => "CR LF (Windows)",
            LineEnding::Cr => "CR (старый Mac)",
            LineEnding::Mixed => "разные",
        }
    }
}

/// What ends the records of a file's first bytes; line ends inside cells do not count. `None`: no
/// line ends.
pub fn line_ending(head: &[u8], delimiter: u8) -> Option<LineEnding> {
    let mut records = Records::new(io::empty(), head.to_vec(), 0, delimiter).complete();
    let mut found = None;
    while let Ok(Some(record)) = records.next_record() {
        let end = record.offset as usize + record.bytes().len();
        let own = match head[end..] {
            // The other half may have been cut off.
            [b'\r'] if found.is_some() => break,
            [b'\r', b'\n', ..] => LineEnding::CrLf,
            [b'\r', ..] => LineEnding::Cr,
            [b'\n', ..] => LineEnding::Lf,
            _ => break,
        };
        if found.is_some_and(|found| found != own) {
            return Some(LineEnding::Mixed);
        }
        found = Some(own);
    }
    found
}

/// What DOS puts at the end of a file.
const DOS_END: u8 = 0x1a;

/// A quoted cell longer than this is taken for one that never closes.
pub const LONGEST_QUOTED: usize = 4 << 20;

/// A line longer than this is cut: it is no table.
const LONGEST_RECORD: usize = 16 << 20;

/// What splitting the head of a buffer gave.
enum Split {
    Record(Taken),
    /// The buffer ends before the record does.
    Unfinished,
}

/// A record split off.
struct Taken {
    length: usize,
    /// So many bytes of line end follow.
    line_end: usize,
    /// Some cell stands between quotes.
    quoted: bool,
    stray: Option<u32>,
    quotes: Quotes,
}

/// Splits bytes into records.
#[derive(Clone, Debug)]
struct Splitter {
    delimiter: u8,
    cells: Vec<Span>,
}

/// How an opening quote is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// It opens a quoted cell.
    Quotes,
    /// The quote that opens this cell is an ordinary character.
    LiteralAt(usize),
}

impl Splitter {
    /// Splits off the record that begins where the text goes on.
    #[inline]
    fn split(&mut self, text: &mut Text<'_>) -> Split {
        match self.attempt(text, Opening::Quotes) {
            Attempt::Done(mut record) => {
                if let Some(cell) = record.stray {
                    record.quotes = Quotes::Stray(cell);
                }
                Split::Record(record)
            }
            Attempt::Unfinished => Split::Unfinished,
            Attempt::Unclosed { cell, at } => self.split_unclosed(text, cell, at),
        }
    }

    /// Splits off a record with a quote that never closes.
    fn split_unclosed(&mut self, text: &mut Text<'_>, cell: u32, at: usize) -> Split {
        let (mut cell, mut at) = (cell, at);
        loop {
            text.specials = Specials::new(text.bytes, text.start, self.delimiter);
            match self.attempt(text, Opening::LiteralAt(at)) {
                Attempt::Done(mut record) => {
                    record.quotes = Quotes::Unclosed(cell);
                    return Split::Record(record);
                }
                Attempt::Unfinished => return Split::Unfinished,
                Attempt::Unclosed {
                    cell: next,
                    at: place,
                } => (cell, at) = (next, place),
            }
        }
    }

    #[inline]
    fn attempt(&mut self, text: &mut Text<'_>, opening: Opening) -> Attempt {
        self.cells.clear();
        let bytes = text.bytes;
        let (mut stray, mut quoted) = (None, false);
        let mut start = text.start;
        // In hand, not in memory, while cells are taken.
        let mut specials = text.specials.clone();
        loop {
            let literal = match opening {
                Opening::Quotes => false,
                // Behind a quote that never closes no other quote is trusted in this record.
                Opening::LiteralAt(place) => start >= place,
            };
            if bytes.get(start) == Some(&b'"') && !literal {
                quoted = true;
                match self.quoted(bytes, start, text.last) {
                    Quoted::Closed {
                        end,
                        resume,
                        doubled,
                        stray: found,
                    } => {
                        if found && stray.is_none() {
                            stray = Some(self.cells.len() as u32);
                        }
                        let inside =
                            Span::new(start + 1 - text.start, end - text.start, true, doubled);
                        self.cells.push(inside);
                        if bytes.get(resume) != Some(&self.delimiter) {
                            text.specials = specials;
                            return text.finish(resume, stray, quoted);
                        }
                        start = resume + 1;
                        specials.pass(start);
                        continue;
                    }
                    Quoted::Unfinished => return Attempt::Unfinished,
                    Quoted::Unclosed => {
                        return Attempt::Unclosed {
                            cell: self.cells.len() as u32,
                            at: start,
                        };
                    }
                }
            }
            let Some(at) = specials.next() else {
                if !text.last && bytes.len() - text.start < LONGEST_RECORD {
                    return Attempt::Unfinished;
                }
                let span = Span::new(start - text.start, bytes.len() - text.start, false, false);
                self.cells.push(span);
                text.specials = specials;
                return text.finish(bytes.len(), stray, quoted);
            };
            self.cells
                .push(Span::new(start - text.start, at - text.start, false, false));
            if bytes[at] != self.delimiter {
                text.specials = specials;
                return text.finish(at, stray, quoted);
            }
            start = at + 1;
        }
    }

    /// The quoted cell whose opening quote stands at `open`.
    fn quoted(&self, bytes: &[u8], open: usize, last: bool) -> Quoted {
        let mut from = open + 1;
        let (mut doubled, mut stray, mut broken) = (false, false, false);
        // Some programs mark a quote inside with a backslash; one alone may be the cell's last sign.
        let mut escapes = false;
        loop {
            let Some(quote) = memchr::memchr(b'"', &bytes[from..]).map(|at| from + at) else {
                return if last || bytes.len() - open > LONGEST_QUOTED {
                    Quoted::Unclosed
                } else {
                    Quoted::Unfinished
                };
            };
            if quote - open > LONGEST_QUOTED {
                return Quoted::Unclosed;
            }
            broken |= memchr::memchr2(b'\n', b'\r', &bytes[from..quote]).is_some();
            // A quote inside, a line end and another quote: cells of different rows. To look for
            // the end would be to read on from every line of the file.
            if stray && broken {
                return Quoted::Unclosed;
            }
            let is_escaped = is_escaped(&bytes[open + 1..quote]);
            match self.after_quote(bytes, quote + 1, last) {
                After::End(_) if escapes && is_escaped => from = quote + 1,
                After::End(resume) => {
                    return Quoted::Closed {
                        end: quote,
                        resume,
                        // Where some are not doubled, none can be said to be.
                        doubled: doubled && !stray,
                        stray,
                    };
                }
                After::Quote => match self.after_quote(bytes, quote + 2, last) {
                    // Quotes inside were not doubled, so these two are one inside and the end.
                    After::End(resume) if stray => {
                        return Quoted::Closed {
                            end: quote + 1,
                            resume,
                            doubled: false,
                            stray,
                        };
                    }
                    After::Unknown => return Quoted::Unfinished,
                    _ => {
                        doubled = true;
                        from = quote + 2;
                    }
                },
                // A quote inside and a line end: two cells of different rows, most likely, and
                // the first one's closing quote is missing.
                // A quote right behind a separator: it opens a cell of this row, and the closing
                // one of this cell is missing.
                After::Text if broken || bytes[quote - 1] == self.delimiter => {
                    return Quoted::Unclosed;
                }
                After::Text => {
                    stray = true;
                    escapes |= is_escaped;
                    from = quote + 1;
                }
                After::Unknown => return Quoted::Unfinished,
            }
        }
    }

    /// What follows a quote: the cell's end (spaces forgiven, and zeros that fill up), another
    /// quote, or more text.
    fn after_quote(&self, bytes: &[u8], at: usize, last: bool) -> After {
        if bytes.get(at) == Some(&b'"') {
            return After::Quote;
        }
        let is_space = |byte: &&u8| matches!(byte, b' ' | 0);
        let at = at
            + bytes[at.min(bytes.len())..]
                .iter()
                .take_while(is_space)
                .count();
        match bytes.get(at) {
            None if last => After::End(at),
            None => After::Unknown,
            Some(&byte) if byte == self.delimiter || byte == b'\n' || byte == b'\r' => {
                After::End(at)
            }
            // No text where the file ends behind it.
            Some(&DOS_END) if !last && bytes[at..].iter().all(|byte| *byte == DOS_END) => {
                After::Unknown
            }
            Some(_) => After::Text,
        }
    }
}

/// Whether the backslashes at the end of some bytes mark what comes next.
fn is_escaped(before: &[u8]) -> bool {
    let backslashes = before.iter().rev().take_while(|byte| **byte == b'\\');
    backslashes.count() % 2 == 1
}

enum Attempt {
    Done(Taken),
    Unfinished,
    Unclosed { cell: u32, at: usize },
}

enum Quoted {
    Closed {
        end: usize,
        resume: usize,
        doubled: bool,
        stray: bool,
    },
    Unfinished,
    Unclosed,
}

enum After {
    End(usize),
    Quote,
    Text,
    Unknown,
}

/// Bytes that are split into records one after another.
struct Text<'a> {
    bytes: &'a [u8],
    /// Where the next record begins.
    start: usize,
    /// Nothing follows the bytes.
    last: bool,
    specials: Specials<'a>,
}

impl Text<'_> {
    /// The record ends at `at`, where a line end or the end of the file stands.
    #[inline]
    fn finish(&mut self, at: usize, stray: Option<u32>, quoted: bool) -> Attempt {
        let line_end = match (self.bytes.get(at), self.bytes.get(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\r'), None) if !self.last => return Attempt::Unfinished,
            (Some(_), _) => 1,
            (None, _) => 0,
        };
        if line_end == 2 || quoted {
            self.specials.pass(at + line_end);
        }
        Attempt::Done(Taken {
            length: at - self.start,
            line_end,
            quoted,
            stray,
            quotes: Quotes::Fine,
        })
    }
}

/// Reads records from any input through one buffer that holds little more than a record.
#[derive(Debug)]
pub struct Records<R> {
    input: R,
    buffer: Vec<u8>,
    /// The bytes not yet split stand in `buffer[start..end]`.
    start: usize,
    end: usize,
    ended: bool,
    splitter: Splitter,
    /// Where the record in hand begins: in the buffer, and its offset, line and row.
    here: (usize, u64, u32, u32),
    /// The lines found ahead.
    found: Found,
    offset: u64,
    line: u32,
    row: u32,
    by_rows: bool,
    /// Records that begin here or further on are somebody else's.
    until: u64,
}

/// Bytes read at a time: large enough for the system call to cost nothing, small enough for the
/// cache.
pub const BLOCK: usize = 96 << 10;

impl<R: Read> Records<R> {
    /// Records of `input`, of which the first bytes have been read already (`head`, which begins
    /// at byte `offset` of the file, behind a byte order mark say).
    pub fn new(input: R, head: Vec<u8>, offset: u64, delimiter: u8) -> Records<R> {
        Records {
            input,
            start: 0,
            end: head.len(),
            buffer: head,
            ended: false,
            splitter: Splitter {
                delimiter,
                cells: Vec::new(),
            },
            here: (0, offset, 1, 1),
            found: Found::default(),
            offset,
            line: 1,
            row: 1,
            by_rows: false,
            until: u64::MAX,
        }
    }

    /// Stops before the record that begins at this byte or further on.
    pub fn stop_at(&mut self, until: u64) {
        self.until = until;
    }

    /// Where the next record begins: its offset, line and row. What was given last must have been
    /// taken whole.
    pub fn position(&self) -> (u64, u32, u32) {
        (self.offset, self.line, self.row)
    }

    /// The records are rows of a sheet: its lines are its rows.
    #[must_use]
    pub fn by_rows(mut self) -> Self {
        self.by_rows = true;
        self
    }

    /// Nothing follows the bytes given at the start: no room need be made for more.
    #[must_use]
    pub fn complete(mut self) -> Self {
        self.end();
        self
    }

    /// Nothing more is to come. What DOS puts at the end of a file is no part of it.
    fn end(&mut self) {
        self.ended = true;
        let rest = &self.buffer[self.start..self.end];
        let marks = rest.iter().rev().take_while(|byte| **byte == DOS_END);
        self.end -= marks.count();
    }

    /// Begins to count at another line and row than the first.
    #[must_use]
    pub fn starting_at(mut self, line: u32, row: u32) -> Self {
        self.line = line;
        self.row = row;
        self
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// Reading failed.
    pub fn next_record(&mut self) -> io::Result<Option<Record<'_>>> {
        let (taken, inside) = loop {
            if self.offset >= self.until {
                return Ok(None);
            }
            if let Some(taken) = self.split() {
                break taken;
            }
            if self.start == self.end && self.ended {
                return Ok(None);
            }
            self.refill()?;
        };
        let (start, offset, line, row) = self.here;
        let length = taken.length + taken.line_end;
        self.start += length;
        self.offset += length as u64;
        self.row = row.saturating_add(1);
        self.line = line
            .saturating_add(inside)
            .saturating_add(u32::from(taken.line_end > 0));
        Ok(Some(Record {
            bytes: &self.buffer[start..start + taken.length],
            cells: &self.splitter.cells,
            offset,
            line,
            row,
            quotes: taken.quotes,
            quoted: taken.quoted,
            by_rows: self.by_rows,
        }))
    }

    /// Splits off the next record, if all of it is at hand; tells how many line ends stand inside it.
    fn split(&mut self) -> Option<(Taken, u32)> {
        let bytes = &self.buffer[..self.end];
        self.here = (self.start, self.offset, self.line, self.row);
        if self.start == self.end {
            return None;
        }
        let mut text = Text {
            bytes,
            start: self.start,
            last: self.ended,
            specials: Specials::new(bytes, self.start, self.splitter.delimiter),
        };
        let Split::Record(taken) = self.splitter.split(&mut text) else {
            return None;
        };
        let inside = match taken.quoted && !self.by_rows {
            true => count_line_ends(&bytes[self.start..][..taken.length]),
            false => 0,
        };
        Some((taken, inside))
    }

    /// The plain lines right ahead, of as many cells each; there may be none. They are still to come
    /// until [`Records::pass`] is told how many of them were taken.
    #[inline]
    pub fn lines(&mut self, width: usize) -> Lines<'_> {
        let ahead = self.until.saturating_sub(self.offset);
        let until = self
            .start
            .saturating_add(usize::try_from(ahead).unwrap_or(usize::MAX));
        let shape = Shape {
            delimiter: self.splitter.delimiter,
            width,
        };
        let bytes = &self.buffer[..self.end];
        let mut lines = self.found.lines(bytes, self.start, until, shape);
        lines.by_rows = self.by_rows;
        (lines.offset, lines.line, lines.row) = (self.offset, self.line, self.row);
        lines
    }

    /// Lines have been taken.
    #[inline]
    pub fn pass(&mut self, passed: Passed) {
        self.start += passed.bytes;
        self.found.take(passed.count, self.start);
        self.offset += passed.bytes as u64;
        self.line = self.line.saturating_add(passed.lines);
        self.row = self.row.saturating_add(passed.count as u32);
    }

    /// Goes back to the record last given: it will be the next one.
    pub fn back(&mut self) {
        (self.start, self.offset, self.line, self.row) = self.here;
    }

    /// So many of the bytes that come next, fewer where the input ends.
    ///
    /// # Errors
    /// Reading failed.
    pub fn look(&mut self, bytes: usize) -> io::Result<&[u8]> {
        while self.end - self.start < bytes && !self.ended {
            self.refill()?;
        }
        Ok(&self.buffer[self.start..self.end.min(self.start + bytes)])
    }

    fn refill(&mut self) -> io::Result<()> {
        self.found.forget();
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < self.end + BLOCK {
            self.buffer.resize((self.end + BLOCK).max(self.end * 2), 0);
        }
        // A record longer than a block is looked at again from its beginning: only when there is
        // twice as much of it, or it would be looked at for every block.
        let enough = match self.end {
            0..BLOCK => self.end + 1,
            long => self.buffer.len().min(long * 2),
        };
        while self.end < enough {
            // No more at a time than the cache holds, however long the buffer has become.
            let free = self.end..self.buffer.len().min(self.end + BLOCK);
            match self.input.read(&mut self.buffer[free]) {
                Ok(0) => {
                    self.end();
                    return Ok(());
                }
                Ok(count) => self.end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(u32, u32, Vec<String>, Quotes)> {
        split_in(text.as_bytes(), usize::MAX)
    }

    /// Reads through an input that gives a few bytes at a time.
    fn split_in(bytes: &[u8], step: usize) -> Vec<(u32, u32, Vec<String>, Quotes)> {
        struct Trickle<'a>(&'a [u8], usize);
        impl Read for Trickle<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let count = self.0.len().min(self.1).min(out.len());
                out[..count].copy_from_slice(&self.0[..count]);
                self.0 = &self.0[count..];
                Ok(count)
            }
        }
        let mut records = Records::new(Trickle(bytes, step), Vec::new(), 0, b';');
        let mut out = Vec::new();
        while let Some(record) = records.next_record().expect("no input errors") {
            let cells = (0..record.len())
                .map(|i| String::from_utf8_lossy(&record.cell(i)).into_owned())
                .collect();
            out.push((record.line, record.row, cells, record.quotes));
        }
        out
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        split(text)
            .into_iter()
            .map(|(_, _, cells, _)| cells)
            .collect()
    }

    #[test]
    fn plain_records() {
        assert_eq!(cells("a;b\n1;2\n"), [["a", "b"], ["1", "2"]]);
        assert_eq!(cells("a;b\r\n1;2"), [["a", "b"], ["1", "2"]]);
        assert_eq!(cells("a;b\r1;2\r"), [["a", "b"], ["1", "2"]]);
        assert_eq!(cells(""), Vec::<Vec<String>>::new());
        assert_eq!(cells(";\n"), [["", ""]]);
        assert_eq!(cells("длинная ячейка;б"), [["длинная ячейка", "б"]]);
    }

    #[test]
    fn quoted_cells() {
        assert_eq!(cells("\"a;b\";\"c\"\"d\"\n"), [["a;b", "c\"d"]]);
        assert_eq!(cells("\"a\nb\";c\nd;e"), [["a\nb", "c"], ["d", "e"]]);
        assert_eq!(cells("\"\";\"\"\"\"\n"), [["", "\""]]);
        assert_eq!(cells("\"a\" ;b\n"), [["a", "b"]]);
        assert_eq!(cells("a\"b\";c\n"), [["a\"b\"", "c"]]);
    }

    #[test]
    fn lines_and_rows_are_counted_apart() {
        let places: Vec<(u32, u32)> = split("a\n\n\"b\r\nc\";d\ne\n")
            .into_iter()
            .map(|(line, row, _, _)| (line, row))
            .collect();
        assert_eq!(places, [(1, 1), (2, 2), (3, 3), (5, 4)]);
    }

    #[test]
    fn quotes_not_doubled_are_kept_and_told() {
        let records = split("\"МБДОУ \"Детский сад № 5\"\";10\n\"x\";1\n");
        assert_eq!(records[0].2, ["МБДОУ \"Детский сад № 5\"", "10"]);
        assert_eq!(records[0].3, Quotes::Stray(0));
        assert_eq!(records[1].3, Quotes::Fine);
    }

    #[test]
    fn a_quote_that_never_closes_swallows_nothing() {
        let records = split("a;\"b;1\nc;d;2\ne;f;3\n");
        assert_eq!(records.len(), 3);
        assert_eq!(records[0].2, ["a", "\"b", "1"]);
        assert_eq!(records[0].3, Quotes::Unclosed(1));
        assert_eq!(records[2].2, ["e", "f", "3"]);
        // Closed by accident, by a quote of a later row.
        let records = split("\"a;1\nb;2\n\"c\";3\n");
        assert_eq!(records.len(), 3);
        assert_eq!(records[0].3, Quotes::Unclosed(0));
        assert_eq!(records[2].2, ["c", "3"]);
        // Closed by accident, by a quote of a later cell.
        let records = split("\"a;1;\"x\"\n\"b\";2;\"y\"\n");
        assert_eq!(records[0].2, ["\"a", "1", "\"x\""]);
        assert_eq!(records[0].3, Quotes::Unclosed(0));
        assert_eq!(records[1].2, ["b", "2", "y"]);
    }

    #[test]
    fn the_size_of_the_reads_changes_nothing() {
        let texts = [
            "a;\"b\r\nc\";d\r\n\"e\"\"f\";g\r\n\r\nh;\"unclosed\r\ni;j\r\n",
            "\"x\"y\";1\r2;3\r",
            "\"a\"  ;\"b\"\"\"\n;;\n",
        ];
        for text in texts {
            let whole = split(text);
            for step in 1..12 {
                assert_eq!(split_in(text.as_bytes(), step), whole, "{text:?} by {step}");
            }
        }
    }

    #[test]
    fn line_ends_of_all_kinds_in_one_file() {
        assert_eq!(
            cells("a;b\r\n1;2\n3;4\r5;6"),
            [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]
        );
        let records = split("a;b\r\r\n1;2\r\r\n");
        let blank = vec![String::new()];
        let texts: Vec<&Vec<String>> = records.iter().map(|(_, _, cells, _)| cells).collect();
        assert_eq!(texts[1], &blank);
        assert_eq!(texts[2], &["1", "2"]);
        assert_eq!(records.len(), 4);
        let quoted = split("\"a\rb\";1\r\"c\r\nd\";2\r");
        assert_eq!(quoted[0].2, ["a\rb", "1"]);
        assert_eq!((quoted[1].0, quoted[1].1), (3, 2));
    }

    #[test]
    fn what_ends_the_records_is_told() {
        let found = |text: &str| line_ending(text.as_bytes(), b';').map(LineEnding::id);
        assert_eq!(found("a;b\n1;2\n"), Some("lf"));
        assert_eq!(found("a;b\r\n1;2"), Some("crlf"));
        assert_eq!(found("a;b\r1;2\r"), Some("cr"));
        assert_eq!(found("a;b\r"), Some("cr"));
        assert_eq!(found("a;b\r\n1;2\n"), Some("mixed"));
        assert_eq!(found("a;b\r\r\n1;2"), Some("mixed"));
        assert_eq!(found("\"a\nb\";c\r\n\"d\re\";f\r\n"), Some("crlf"));
        // Cut off between the two.
        assert_eq!(found("a;b\r\n1;2\r"), Some("crlf"));
        assert_eq!(found("a;b"), None);
        assert_eq!(found(""), None);
    }

    #[test]
    fn a_long_quoted_cell_is_one_cell() {
        let long = "Сад, ясли;\n".repeat(100_000);
        assert!(long.len() > 1 << 20);
        let records = split(&format!("a;\"{long}\";b\nc;d;e\n"));
        assert_eq!(records.len(), 2);
        assert_eq!(records[0].2, ["a", &long, "b"]);
        assert_eq!((records[1].0, records[1].1), (100_002, 2));
    }

    #[test]
    fn every_cell_quoted_and_a_separator_at_the_end() {
        let records = split("\"a\";\"b\";\r\n\"1\";\"\";\r\n");
        assert_eq!(records[0].2, ["a", "b", ""]);
        assert_eq!(records[1].2, ["1", "", ""]);
        assert!(records.iter().all(|record| record.3 == Quotes::Fine));
    }

    #[test]
    fn quotes_inside_names() {
        let read = |text: &str| split(text).swap_remove(0);
        // Unquoted: quotes are letters there.
        let (_, _, cells, quotes) = read("МБДОУ \"Детский сад \"Ромашка\"\";10\n");
        assert_eq!(cells, ["МБДОУ \"Детский сад \"Ромашка\"\"", "10"]);
        assert_eq!(quotes, Quotes::Fine);
        // Quoted, and not doubled.
        let (_, _, cells, quotes) = read("\"МБДОУ \"Детский сад \"Ромашка\"\"\";10\n");
        assert_eq!(cells, ["МБДОУ \"Детский сад \"Ромашка\"\"", "10"]);
        assert_eq!(quotes, Quotes::Stray(0));
        let (_, _, cells, _) = read("МБДОУ \"Сад;10;\"б\"\n");
        assert_eq!(cells, ["МБДОУ \"Сад", "10", "б"]);
        let (_, _, cells, quotes) = read("'Сад; 5';10\n");
        assert_eq!(cells, ["'Сад", " 5'", "10"]);
        assert_eq!(quotes, Quotes::Fine);
    }

    #[test]
    fn quotes_behind_backslashes() {
        let read = |text: &str| {
            let records = split(text);
            assert_eq!(records.len(), 2, "{text}");
            assert_eq!(records[1].2, ["x", "1"]);
            (records[0].2.clone(), records[0].3)
        };
        let (cells, quotes) = read("\"МБДОУ \\\"Ромашка\\\"\";10\n\"x\";1\n");
        assert_eq!(cells, ["МБДОУ \\\"Ромашка\\\"", "10"]);
        assert_eq!(quotes, Quotes::Stray(0));
        // A separator behind such a quote ends nothing.
        let (cells, quotes) = read("\"Сад \\\"А\\\"; корпус 2\";10\n\"x\";1\n");
        assert_eq!(cells, ["Сад \\\"А\\\"; корпус 2", "10"]);
        assert_eq!(quotes, Quotes::Stray(0));
        // A folder's name ends with a backslash.
        let (cells, quotes) = read("\"C:\\\";10\n\"x\";1\n");
        assert_eq!(cells, ["C:\\", "10"]);
        assert_eq!(quotes, Quotes::Fine);
    }

    #[test]
    fn the_end_of_a_file_in_dos() {
        for text in ["a;b\r\n\x1a", "a;b\x1a", "a;b\r\n\x1a\x1a\x1a"] {
            assert_eq!(cells(text), [["a", "b"]], "{text:?}");
            for step in 1..4 {
                assert_eq!(split_in(text.as_bytes(), step).len(), 1);
            }
        }
        assert_eq!(cells("a\x1ab;c\n"), [["a\x1ab", "c"]]);
        let mut whole = Records::new(io::empty(), b"a;b\n\x1a".to_vec(), 0, b';').complete();
        assert!(whole.next_record().expect("no input errors").is_some());
        assert!(whole.next_record().expect("no input errors").is_none());
    }

    #[test]
    fn zeros_that_fill_up_a_quoted_cell() {
        let records = split("\"a\"\0\0;b\n");
        assert_eq!(records[0].2, ["a", "b"]);
        assert_eq!(records[0].3, Quotes::Fine);
    }

    #[test]
    fn cells_know_their_places() {
        let mut records = Records::new(&b"a;\"b\nc\";d\n"[..], Vec::new(), 3, b';');
        let record = records.next_record().expect("ok").expect("one");
        assert_eq!(record.cell_place(1), (5..10, 1));
        assert_eq!(record.cell_place(2), (11..12, 2));
        assert_eq!(record.cell_place(9).0, 12..12);
    }
}
