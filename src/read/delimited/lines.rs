//! Lines that are records as they stand: found many at a time, cells and all.
//!
//! A line is plain where it has as many cells as the table has columns, and its quotes are as they
//! should be. It is the record that the splitter would make of it; any other is left to that.

use super::marks::{self, CHUNK};
use super::{Quotes, Record, Span};

/// Bytes looked through ahead: so many that what is found of them stays in the nearest cache.
const AHEAD: usize = 16 << 10;

/// Lines given at a time: one bit each in a word.
pub const MOST: usize = 64;

/// After so many lines without quotes those that have some are left to the next look.
const WORTH_IT: usize = 16;

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
    /// The cells of lines in hand that have quotes.
    cells: Vec<(u32, u32)>,
}

/// Each bit is whether an odd number of bits stand up to it.
#[inline]
fn odd(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32]
        .iter()
        .fold(bits, |bits, shift| bits ^ bits << shift)
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
            cells: Vec::new(),
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
        self.ends.clear();
        self.quotes.clear();
        self.passed = [0; 3];
        let ahead = &bytes[start..bytes.len().min(start + AHEAD)];
        self.specials.resize(AHEAD + 2 * CHUNK, 0);
        let (mut count, mut inside, mut carriage) = (0, 0u64, 0u64);
        marks::each(
            ahead,
            delimiter,
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
                    let mut quotes = marks.quotes;
                    while quotes != 0 {
                        self.quotes.push(base + quotes.trailing_zeros());
                        quotes &= quotes - 1;
                    }
                }
                while ends != 0 {
                    self.ends.push(base + ends.trailing_zeros());
                    ends &= ends - 1;
                }
                count = write(&mut self.specials, count, base, specials);
            },
        );
        self.count = count;
        self.range = start..start + ahead.len();
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
            true => Cells::Between(own),
            false => Cells::Own(&self.cells),
        };
        Lines {
            bytes,
            cells,
            starts: &self.starts,
            width: shape.width,
            offset: 0,
            line: 0,
            row: 0,
        }
    }

    /// Finds the plain lines: where each begins, and the cells where there are quotes. Tells whether
    /// what has been looked through ends within the next one.
    fn find(&mut self, bytes: &[u8], start: usize, until: usize, shape: Shape) -> bool {
        self.starts.clear();
        self.cells.clear();
        self.starts.push(start as u32);
        let [special, end, mut quote] = self.passed;
        let mut start = start;
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
            let has_quotes = self.quotes.get(quote).is_some_and(|own| *own < place);
            if has_quotes && self.cells.is_empty() {
                if index >= WORTH_IT {
                    break;
                }
                self.note_cells(special, index, shape.width);
            }
            let length = match (bytes[place as usize], bytes.get(place as usize + 1)) {
                (b'\r', Some(b'\n')) => 2,
                (b'\r', None) => break,
                _ => 1,
            };
            if has_quotes {
                let line = Line {
                    bytes,
                    start,
                    specials: &self.specials[first..=last],
                    delimiter: shape.delimiter,
                };
                match line.between_quotes(&self.quotes[quote..], &mut self.cells) {
                    Some(passed) => quote += passed,
                    None => break,
                }
            } else if !self.cells.is_empty() {
                let own = &self.specials[first..=last];
                note_cells(start as u32, own, &mut self.cells);
            }
            start = place as usize + length;
            self.starts.push(start as u32);
        }
        false
    }

    /// Notes the cells of the lines so far, none of which has quotes.
    fn note_cells(&mut self, special: usize, lines: usize, width: usize) {
        for line in 0..lines {
            let own = &self.specials[special + line * width..][..width];
            note_cells(self.starts[line], own, &mut self.cells);
        }
    }
}

/// Notes the cells of a line without quotes.
fn note_cells(start: u32, specials: &[u32], cells: &mut Vec<(u32, u32)>) {
    let mut start = start;
    for &end in specials {
        cells.push((start, end));
        start = end + 1;
    }
}

/// A line with quotes.
struct Line<'a> {
    bytes: &'a [u8],
    start: usize,
    /// What ends each of its cells.
    specials: &'a [u32],
    delimiter: u8,
}

impl Line<'_> {
    /// Notes its cells and gives how many quotes there are, where each opens or closes a whole cell,
    /// stands doubled within one, or is a letter of a cell that does not begin with one.
    fn between_quotes(&self, quotes: &[u32], cells: &mut Vec<(u32, u32)>) -> Option<usize> {
        let mut start = self.start as u32;
        let mut quotes_left = quotes.iter().copied().peekable();
        let mut passed = 0;
        let mut next = |before: u32| {
            let quote = quotes_left.next_if(|quote| *quote < before)?;
            passed += 1;
            Some(quote)
        };
        for &end in self.specials {
            let cell = if self.bytes[start as usize] == b'"' {
                next(end)?;
                loop {
                    let quote = next(end)?;
                    if quote + 1 == end {
                        break (start + 1, quote);
                    }
                    if next(end)? != quote + 1 {
                        return None;
                    }
                }
            } else {
                while let Some(open) = next(end) {
                    let close = next(end)?;
                    let within = &self.bytes[open as usize..close as usize];
                    if memchr::memchr(self.delimiter, within).is_some() {
                        return None;
                    }
                }
                (start, end)
            };
            cells.push(cell);
            start = end + 1;
        }
        let line = &self.bytes[self.start..start as usize - 1];
        memchr::memchr2(b'\n', b'\r', line)
            .is_none()
            .then_some(passed)
    }
}

/// Writes the places of a chunk's marks behind those that are there; gives how many there are then.
#[inline(always)]
fn write(places: &mut [u32], count: usize, base: u32, marks: u64) -> usize {
    let found = marks.count_ones() as usize;
    let Some(room) = places[count..].first_chunk_mut::<CHUNK>() else {
        return count;
    };
    let mut marks = marks;
    for place in room {
        if marks == 0 {
            break;
        }
        *place = base + marks.trailing_zeros();
        marks &= marks - 1;
    }
    count + found
}

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
    /// Between these, the last of each line its end.
    Between(&'a [u32]),
    /// Where each begins and ends, without quotes.
    Own(&'a [(u32, u32)]),
}

/// Where the cells of a column stand.
#[derive(Clone, Copy, Debug)]
pub struct Places([(u32, u32); MOST]);

impl Default for Places {
    fn default() -> Places {
        Places([(0, 0); MOST])
    }
}

/// Plain lines that follow one another, no more than [`MOST`].
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    bytes: &'a [u8],
    cells: Cells<'a>,
    starts: &'a [u32],
    width: usize,
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

    /// How many bytes the first so many take up, line ends included.
    #[inline]
    pub fn bytes_of(&self, lines: usize) -> usize {
        (self.starts[lines] - self.starts[0]) as usize
    }

    /// Where a line begins: its byte in the file, its line and row.
    #[inline]
    pub fn position(&self, line: usize) -> (u64, u32, u32) {
        (
            self.offset + self.bytes_of(line) as u64,
            self.line.saturating_add(line as u32),
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
        match self.cells {
            Cells::Own(cells) => {
                let cells = cells[column..].iter().step_by(self.width);
                for (place, cell) in places.iter_mut().zip(cells) {
                    *place = *cell;
                }
            }
            Cells::Between(specials) if column == 0 => {
                let ends = specials.iter().step_by(self.width);
                for ((place, end), start) in places.iter_mut().zip(ends).zip(self.starts) {
                    *place = (*start, *end);
                }
            }
            Cells::Between(specials) => {
                let mut rows = specials[column - 1..].chunks_exact(self.width);
                for place in places.iter_mut() {
                    // The last line may have no others behind it to make its row whole.
                    let row = rows.next().unwrap_or_else(|| rows.remainder());
                    if let [before, end, ..] = row {
                        *place = (*before + 1, *end);
                    }
                }
            }
        }
        places
    }

    /// A cell's bytes, without its quotes.
    pub fn cell(&self, line: usize, column: usize) -> &'a [u8] {
        let at = line * self.width + column;
        let (start, end) = match self.cells {
            Cells::Own(cells) => cells[at],
            Cells::Between(specials) if column == 0 => (self.starts[line], specials[at]),
            Cells::Between(specials) => (specials[at - 1] + 1, specials[at]),
        };
        &self.bytes[start as usize..end as usize]
    }

    /// A line as a record, its cells in `spans`.
    pub fn record<'b>(&'b self, line: usize, spans: &'b mut Spans) -> Record<'b> {
        let start = self.starts[line];
        let is_quoted = matches!(self.cells, Cells::Own(_));
        spans.0.clear();
        let mut end = start;
        for column in 0..self.width {
            let (from, to) = match self.cells {
                Cells::Own(cells) => cells[line * self.width + column],
                Cells::Between(specials) => {
                    let from = if column == 0 { start } else { end + 1 };
                    (from, specials[line * self.width + column])
                }
            };
            let quoted = is_quoted && from > start && self.bytes[from as usize - 1] == b'"';
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
            by_rows: false,
        }
    }
}

/// Room for the cells of a record.
#[derive(Clone, Debug, Default)]
pub struct Spans(Vec<Span>);
