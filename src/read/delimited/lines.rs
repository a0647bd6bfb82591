//! Lines that are records as they stand: found many at a time, cells and all.
//!
//! A line is plain where it has as many cells as the table has columns, and its quotes are as they
//! should be. It is the record that the splitter would make of it; any other is left to that.

use std::borrow::Cow;

use super::marks::{self, CHUNK};
use super::{Quotes, Record, Span, Tail, count_line_ends, undoubled};
use crate::processor::{Way, Work, at_best};

/// Bytes looked through ahead: so many that what is found of them stays in the nearest cache.
const AHEAD: usize = 16 << 10;

/// Lines given at a time: one bit each in a word.
pub const MOST: usize = 64;

/// Where so many cells of the lines in hand stand between quotes, the cells of all are noted the next
/// time; where there are few, those alone.
const MANY_QUOTED: usize = 48;
const FEW_QUOTED: usize = 16;

/// What was found in the bytes ahead. Quotes are paired as they come, which is right from the start
/// of a record on for as long as those taken have an even number of them.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Where separators and line ends stand outside quotes, CR LF once; what lies behind `count` is
    /// room to write to.
    specials: Vec<u32>,
    count: usize,
    /// Those of them that are line ends.
    ends: Vec<u32>,
    /// Where quotes stand.
    quotes: Vec<u32>,
    /// How many of each lie behind already.
    passed: [usize; 3],
    /// Where the looking ended; nothing has been found for any place but this range of them.
    range: std::ops::Range<usize>,
    /// All that is passed lies before this place; no place while nothing is known.
    here: usize,
    /// The cells of each of the lines in hand.
    width: usize,
    /// Where the lines in hand begin, and what follows the last of them.
    starts: Vec<u32>,
    /// How many lines of the text stand above each of these.
    above: Vec<u32>,
    /// The cells of the lines in hand that stand between quotes.
    quoted: Vec<Quoted>,
    /// All cells of the lines in hand, where so many stand between quotes.
    cells: Vec<(u32, u32)>,
    many_quoted: bool,
}

/// A cell between quotes.
#[derive(Clone, Copy, Debug)]
struct Quoted {
    /// Which of the lines in hand it is on.
    line: u32,
    column: u32,
    /// What stands between the quotes.
    place: (u32, u32),
}

/// Each bit is whether an odd number of bits stand up to it.
#[inline]
fn odd(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32]
        .iter()
        .fold(bits, |bits, shift| bits ^ bits << shift)
}

/// A look through the bytes ahead, which begin with a record.
struct Look<'a> {
    found: &'a mut Found,
    ahead: &'a [u8],
    delimiter: u8,
}

impl Work for Look<'_> {
    type Output = ();

    #[inline(always)]
    fn with<W: Way>(self, way: W) {
        let found = self.found;
        found.ends.clear();
        found.quotes.clear();
        found.passed = [0; 3];
        if found.specials.is_empty() {
            // Zeros that nobody writes: of a short file hardly any of it is ever touched.
            found.specials = vec![0; AHEAD + 2 * CHUNK];
        }
        let start = found.range.start;
        let (mut count, mut inside, mut carriage) = (0, 0u64, 0u64);
        marks::each(
            self.ahead,
            self.delimiter,
            way,
            #[inline(always)]
            |at, marks| {
                let base = (start + at) as u32;
                // The second half of CR LF ends nothing more.
                let feeds = marks.feeds & !(marks.carriages << 1 | carriage);
                carriage = marks.carriages >> 63;
                let mut ends = feeds | marks.carriages;
                let mut specials = marks.separators | ends;
                if marks.quotes | inside != 0 {
                    let within = odd(marks.quotes) ^ inside;
                    inside = 0u64.wrapping_sub(within >> 63);
                    ends &= !within;
                    specials &= !within;
                    let before = found.quotes.len();
                    found.quotes.resize(before + CHUNK, 0);
                    if let Some(room) = found.quotes[before..].first_chunk_mut::<CHUNK>() {
                        way.list(marks.quotes, base, room);
                    }
                    let more = marks.quotes.count_ones() as usize;
                    found.quotes.truncate(before + more);
                }
                while ends != 0 {
                    found.ends.push(base + ends.trailing_zeros());
                    ends &= ends - 1;
                }
                if let Some(room) = found.specials[count..].first_chunk_mut::<CHUNK>() {
                    way.list(specials, base, room);
                    count += specials.count_ones() as usize;
                }
            },
        );
        found.count = count;
    }
}

impl Default for Found {
    fn default() -> Found {
        Found {
            specials: Vec::new(),
            count: 0,
            ends: Vec::new(),
            quotes: Vec::new(),
            passed: [0; 3],
            range: 0..0,
            here: usize::MAX,
            width: 0,
            starts: Vec::new(),
            above: Vec::new(),
            quoted: Vec::new(),
            cells: Vec::new(),
            many_quoted: false,
        }
    }
}

impl Found {
    /// Nothing is known of the bytes any more.
    pub(super) fn forget(&mut self) {
        self.range = 0..0;
        self.here = usize::MAX;
    }

    /// Looks through the bytes from a record's start on.
    fn look(&mut self, bytes: &[u8], start: usize, delimiter: u8) {
        let ahead = &bytes[start..bytes.len().min(start + AHEAD)];
        self.range = start..start + ahead.len();
        at_best(Look {
            found: self,
            ahead,
            delimiter,
        });
    }

    /// Passes over what lies before a place. `false`: it lies behind what has been looked through.
    fn pass(&mut self, place: usize) -> bool {
        if !self.range.contains(&place) {
            return false;
        }
        let [special, end, quote] = &mut self.passed;
        let place = place as u32;
        while *special < self.count && self.specials[*special] < place {
            *special += 1;
        }
        while *end < self.ends.len() && self.ends[*end] < place {
            *end += 1;
        }
        let before = *quote;
        while *quote < self.quotes.len() && self.quotes[*quote] < place {
            *quote += 1;
        }
        // After an odd number of quotes all others have been paired wrongly.
        (*quote - before).is_multiple_of(2)
    }

    /// So many lines of those found have been taken; here begins what follows them.
    #[inline]
    pub(super) fn take(&mut self, lines: usize, place: usize) {
        self.passed[0] += lines * self.width;
        self.passed[1] += lines;
        let quotes = self.quotes[self.passed[2]..].iter();
        self.passed[2] += quotes
            .take_while(|quote| (**quote as usize) < place)
            .count();
        self.here = place;
    }

    /// The plain lines from a record's start on, those that begin before `until`.
    pub(super) fn lines<'a>(
        &'a mut self,
        bytes: &'a [u8],
        start: usize,
        until: usize,
        shape: Shape,
    ) -> Lines<'a> {
        if self.here != start && !self.pass(start) {
            self.look(bytes, start, shape.delimiter);
        }
        self.width = shape.width;
        self.here = start;
        let is_over = self.find(bytes, start, until, shape);
        // What has been looked through may end within the next line.
        let none = self.starts.len() == 1;
        if none && is_over && self.range.start < start && self.range.end < bytes.len() {
            self.look(bytes, start, shape.delimiter);
            self.find(bytes, start, until, shape);
        }
        let own = &self.specials[self.passed[0]..];
        let cells = match self.cells.is_empty() {
            true => Cells::Between(own, &self.quoted),
            false => Cells::Own(&self.cells),
        };
        Lines {
            bytes,
            cells,
            starts: &self.starts,
            above: &self.above,
            width: shape.width,
            by_rows: false,
            offset: 0,
            line: 0,
            row: 0,
        }
    }

    /// Finds the plain lines: where each begins, and which cells stand between quotes. Tells whether
    /// what has been looked through ends within the next one.
    fn find(&mut self, bytes: &[u8], start: usize, until: usize, shape: Shape) -> bool {
        self.starts.clear();
        self.above.clear();
        self.quoted.clear();
        self.cells.clear();
        self.starts.push(start as u32);
        self.above.push(0);
        let [special, end, mut quote] = self.passed;
        let (mut start, mut above, mut quoted) = (start, 0, 0);
        let many_quoted = self.many_quoted;
        for index in 0..MOST {
            let first = special + index * shape.width;
            let last = first + shape.width - 1;
            // The first line end is the last of so many: what is found in between are separators.
            let Some(&place) = self.ends.get(end + index) else {
                return true;
            };
            if self.specials.get(last) != Some(&place) || last >= self.count || start >= until {
                break;
            }
            let length = match (bytes[place as usize], bytes.get(place as usize + 1)) {
                (b'\r', Some(b'\n')) => 2,
                (b'\r', None) => break,
                _ => 1,
            };
            above += 1;
            if self.quotes.get(quote).is_some_and(|own| *own < place) {
                let line = Line {
                    bytes,
                    start,
                    index,
                    specials: &self.specials[first..=last],
                    delimiter: shape.delimiter,
                };
                let before = self.quoted.len();
                match line.between_quotes(&self.quotes[quote..], &mut self.quoted) {
                    Some((quotes, ends)) => {
                        quote += quotes;
                        above += ends;
                    }
                    None => {
                        self.quoted.truncate(before);
                        break;
                    }
                }
                quoted += self.quoted.len() - before;
            }
            if many_quoted {
                self.note_cells(start as u32, first, index, shape.width);
            }
            start = place as usize + length;
            self.starts.push(start as u32);
            self.above.push(above);
            if !many_quoted && quoted > MANY_QUOTED {
                break;
            }
        }
        self.many_quoted = match many_quoted {
            true => quoted > FEW_QUOTED,
            false => quoted > MANY_QUOTED,
        };
        false
    }

    /// Notes all cells of a line.
    fn note_cells(&mut self, start: u32, first: usize, line: usize, width: usize) {
        let mut start = start;
        for &end in &self.specials[first..first + width] {
            self.cells.push((start, end));
            start = end + 1;
        }
        let own = &mut self.cells[line * width..];
        for quoted in self.quoted.drain(..) {
            own[quoted.column as usize] = quoted.place;
        }
    }
}

/// A line with quotes.
struct Line<'a> {
    bytes: &'a [u8],
    start: usize,
    /// Which of the lines in hand it is.
    index: usize,
    /// What ends each of its cells.
    specials: &'a [u32],
    delimiter: u8,
}

impl Line<'_> {
    /// Notes its cells between quotes and gives how many quotes there are and how many lines of the
    /// text end within it, where each quote opens or closes a whole cell, stands doubled within one,
    /// or is a letter of a cell that does not begin with one.
    fn between_quotes(&self, quotes: &[u32], quoted: &mut Vec<Quoted>) -> Option<(usize, u32)> {
        let mut start = self.start as u32;
        let (mut passed, mut ends) = (0, 0);
        let mut next = |before: u32| {
            let quote = *quotes.get(passed).filter(|quote| **quote < before)?;
            passed += 1;
            Some(quote)
        };
        let last = *self.specials.last()?;
        let own = &self.bytes[self.start..last as usize];
        let has_ends = memchr::memchr2(b'\n', b'\r', own).is_some();
        for (&end, column) in self.specials.iter().zip(0..) {
            if self.bytes[start as usize] == b'"' {
                next(end)?;
                let close = loop {
                    let quote = next(end)?;
                    if quote + 1 == end {
                        break quote;
                    }
                    if next(end)? != quote + 1 {
                        return None;
                    }
                };
                if has_ends {
                    ends += self.ends_within(&self.bytes[start as usize + 1..close as usize])?;
                }
                quoted.push(Quoted {
                    line: self.index as u32,
                    column,
                    place: (start + 1, close),
                });
            } else {
                while let Some(open) = next(end) {
                    let close = next(end)?;
                    let within = &self.bytes[open as usize..close as usize];
                    if memchr::memchr3(self.delimiter, b'\n', b'\r', within).is_some() {
                        return None;
                    }
                }
            }
            start = end + 1;
        }
        Some((passed, ends))
    }

    /// How many lines of the text end within a cell; `None` where one of them might be a row of the
    /// table, which the quotes have swallowed.
    fn ends_within(&self, cell: &[u8]) -> Option<u32> {
        let Some(first) = memchr::memchr2(b'\n', b'\r', cell) else {
            return Some(0);
        };
        let separators = memchr::memchr_iter(self.delimiter, &cell[first..]);
        (separators.count() < FEWEST_SEPARATORS).then(|| count_line_ends(cell))
    }
}

/// With fewer separators a line is no row of any table of reports.
const FEWEST_SEPARATORS: usize = 2;

/// What a table's lines are like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) delimiter: u8,
    /// Cells of a line.
    pub(super) width: usize,
}

/// Where the cells of lines stand.
#[derive(Clone, Copy, Debug)]
enum Cells<'a> {
    /// Between these, the last of each line its end; but for those between quotes.
    Between(&'a [u32], &'a [Quoted]),
    /// Where each begins and ends, without quotes.
    Own(&'a [(u32, u32)]),
}

/// Where the cells of a column stand.
#[derive(Clone, Copy, Debug)]
pub struct Places([(u32, u32); MOST]);

impl Places {
    /// Those of as many lines as there were.
    pub fn iter(&self) -> impl Iterator<Item = &(u32, u32)> {
        self.0.iter()
    }
}

impl Default for Places {
    fn default() -> Places {
        Places([(0, 0); MOST])
    }
}

/// The cells of a column, one a line: where a cell has at most eight bytes, they are in the word, the
/// last of them highest; what stands below them means nothing.
#[derive(Clone, Debug)]
pub struct Words {
    /// The bytes that each cell ends with.
    pub words: [u64; MOST],
    /// How many bytes each cell has; none where there is no line.
    pub lengths: [u32; MOST],
}

impl Default for Words {
    fn default() -> Words {
        Words {
            words: [0; MOST],
            lengths: [0; MOST],
        }
    }
}

/// The eight bytes that a cell ends with, or it and what stands before it; and how many it has.
#[inline(always)]
pub fn ending(bytes: &[u8], (start, end): (u32, u32)) -> (u64, u32) {
    let length = end - start;
    let end = end as usize;
    let ending = end.checked_sub(8).and_then(|at| bytes[at..].first_chunk());
    let word = match ending {
        Some(ending) => u64::from_le_bytes(*ending),
        None => Tail::ending(&bytes[..end], end).map_or(0, |tail| tail.word),
    };
    (word, length)
}

/// Plain lines that follow one another, no more than [`MOST`].
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    bytes: &'a [u8],
    cells: Cells<'a>,
    starts: &'a [u32],
    above: &'a [u32],
    width: usize,
    /// They are rows of a sheet, whose lines are its rows.
    pub(super) by_rows: bool,
    /// Where the first begins: its byte in the file, its line and row.
    pub(super) offset: u64,
    pub(super) line: u32,
    pub(super) row: u32,
}

impl<'a> Lines<'a> {
    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// There is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is passed over with the first so many.
    #[inline]
    pub fn passed(&self, count: usize) -> Passed {
        Passed {
            count,
            bytes: (self.starts[count] - self.starts[0]) as usize,
            lines: match self.by_rows {
                true => count as u32,
                false => self.above[count],
            },
        }
    }

    /// Where a line begins: its byte in the file, its line and row.
    #[inline]
    pub fn position(&self, line: usize) -> (u64, u32, u32) {
        let passed = self.passed(line);
        (
            self.offset + passed.bytes as u64,
            self.line.saturating_add(passed.lines),
            self.row.saturating_add(line as u32),
        )
    }

    /// What they are slices of.
    #[inline]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Where the cells of a column begin and end in [`Lines::bytes`].
    #[inline]
    pub fn places<'p>(&self, column: usize, places: &'p mut Places) -> &'p [(u32, u32)] {
        let places = &mut places.0[..self.len()];
        let mut room = places.iter_mut();
        self.each_cell(column, |cell| {
            if let Some(place) = room.next() {
                *place = cell;
            }
        });
        self.each_quoted(column, |line, cell| places[line] = cell);
        places
    }

    /// The cells of a column, those of at most eight bytes in a word each.
    #[inline(always)]
    pub fn words(&self, column: usize, words: &mut Words) {
        words.lengths[self.len()..].fill(0);
        let mut room = words.words.iter_mut().zip(&mut words.lengths);
        self.each_cell(column, |cell| {
            if let Some((word, length)) = room.next() {
                (*word, *length) = ending(self.bytes, cell);
            }
        });
        self.each_quoted(column, |line, cell| {
            (words.words[line], words.lengths[line]) = ending(self.bytes, cell);
        });
    }

    /// Gives the cells of a column, quotes and all where few have any.
    #[inline(always)]
    fn each_cell(&self, column: usize, mut take: impl FnMut((u32, u32))) {
        let count = self.len();
        match self.cells {
            Cells::Own(cells) => {
                for cell in cells[column..].iter().step_by(self.width) {
                    take(*cell);
                }
            }
            Cells::Between(specials, _) if column == 0 => {
                for line in 0..count {
                    take((self.starts[line], specials[line * self.width]));
                }
            }
            Cells::Between(specials, _) => {
                for line in 0..count {
                    let end = line * self.width + column;
                    take((specials[end - 1] + 1, specials[end]));
                }
            }
        }
    }

    /// Gives the cells of a column again that stand between quotes.
    #[inline(always)]
    fn each_quoted(&self, column: usize, mut take: impl FnMut(usize, (u32, u32))) {
        if let Cells::Between(_, quoted) = self.cells {
            for own in quoted {
                if own.column as usize == column {
                    take(own.line as usize, own.place);
                }
            }
        }
    }

    /// Where a cell stands in [`Lines::bytes`], without its quotes.
    fn place(&self, line: usize, column: usize) -> (u32, u32) {
        let at = line * self.width + column;
        let (specials, quoted) = match self.cells {
            Cells::Own(cells) => return cells[at],
            Cells::Between(specials, quoted) => (specials, quoted),
        };
        let is_own = |own: &&Quoted| (own.line as usize, own.column as usize) == (line, column);
        match quoted.iter().find(is_own) {
            Some(own) => own.place,
            None if column == 0 => (self.starts[line], specials[at]),
            None => (specials[at - 1] + 1, specials[at]),
        }
    }

    /// A cell's bytes, without its quotes.
    pub fn cell(&self, line: usize, column: usize) -> &'a [u8] {
        let (start, end) = self.place(line, column);
        &self.bytes[start as usize..end as usize]
    }

    /// A cell's bytes as meant: doubled quotes made single.
    pub fn meant(&self, line: usize, column: usize) -> Cow<'a, [u8]> {
        let raw = self.cell(line, column);
        match memchr::memchr(b'"', raw).is_some() && self.is_quoted(line, column) {
            true => Cow::Owned(undoubled(raw)),
            false => Cow::Borrowed(raw),
        }
    }

    /// Whether a cell stands between quotes.
    pub fn is_quoted(&self, line: usize, column: usize) -> bool {
        let (from, _) = self.place(line, column);
        // What stands before any other cell is a separator, or the end of another line.
        from > self.starts[line] && self.bytes[from as usize - 1] == b'"'
    }

    /// A line as a record, its cells in `spans`.
    pub fn record<'b>(&'b self, line: usize, spans: &'b mut Spans) -> Record<'b> {
        let start = self.starts[line];
        spans.0.clear();
        let mut end = start;
        for column in 0..self.width {
            let (from, to) = self.place(line, column);
            let quoted = self.is_quoted(line, column);
            let own = &self.bytes[from as usize..to as usize];
            let doubled = quoted && memchr::memchr(b'"', own).is_some();
            let span = ((from - start) as usize, (to - start) as usize);
            spans.0.push(Span::new(span.0, span.1, quoted, doubled));
            end = to;
        }
        let closing = spans.0.last().is_some_and(|last| last.is_quoted());
        let end = end as usize + usize::from(closing);
        let (offset, number, row) = self.position(line);
        Record {
            bytes: &self.bytes[start as usize..end],
            cells: &spans.0,
            offset,
            line: number,
            row,
            quotes: Quotes::Fine,
            quoted: spans.0.iter().any(|span| span.is_quoted()),
            by_rows: self.by_rows,
        }
    }
}

/// What is passed over with some lines.
#[derive(Clone, Copy, Debug)]
pub struct Passed {
    /// How many records these are.
    pub count: usize,
    /// Bytes, line ends included.
    pub bytes: usize,
    /// Lines of the text.
    pub lines: u32,
}

/// Room for the cells of a record.
#[derive(Clone, Debug, Default)]
pub struct Spans(Vec<Span>);
