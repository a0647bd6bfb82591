//! Large files side by side: parts of one are read by several threads, each as if it began there,
//! and taken in order, so that the same comes of it as from one reading.
//!
//! A part begins at a line end that is guessed to stand outside quotes, and holds if the part above
//! it ends exactly there. It stops at the first row that only the rows above could explain: a
//! total, another header, somebody nobody knows. What a part did not take is read on from there by
//! whoever reads the whole.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread::{Scope, ScopedJoinHandle};

use super::delimited::Records;
use super::submission::{Ahead, Rows, Step};

/// So much of a file is read alone: it tells most organisations, and small files gain nothing.
const ALONE: u64 = 16 << 20;

/// Bytes of a part: long enough for a thread to be worth its start, short enough for what it holds
/// to be little.
const PART: u64 = 8 << 20;

/// Bytes in which a line end is looked for.
const AROUND: usize = 64 << 10;

/// Who reads a file.
#[derive(Clone, Debug)]
pub struct Crew {
    path: PathBuf,
    length: u64,
    delimiter: u8,
    threads: usize,
    /// How much is read alone before parts are, and how large these are.
    sizes: Sizes,
    /// Where parts are begun again.
    next: u64,
    /// So much is read alone behind a row that no part may take.
    pause: u64,
}

/// How a file is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sizes {
    /// Bytes read alone first. Of a longer file the end is looked at before.
    pub alone: u64,
    /// Bytes of a part.
    pub part: u64,
}

impl Sizes {
    /// As it is quickest.
    pub const USUAL: Sizes = Sizes {
        alone: ALONE,
        part: PART,
    };
}

/// How many read side by side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Threads {
    /// So many; `None`: one for each processor, which is asked for only where a file is large.
    pub count: Option<NonZeroUsize>,
    /// How large files are cut.
    pub sizes: Sizes,
}

impl Threads {
    /// One for each processor.
    pub fn all() -> Threads {
        Threads {
            count: None,
            sizes: Sizes::USUAL,
        }
    }

    /// So many, with files cut as usual.
    pub fn of(count: NonZeroUsize) -> Threads {
        Threads {
            count: Some(count),
            ..Threads::all()
        }
    }
}

/// What a part gave.
struct Part<'a> {
    start: u64,
    taken: Taken,
    ahead: Ahead<'a>,
}

/// How far a part was read.
struct Taken {
    /// Where the first record begins that was not taken, and how many lines and rows stand before it.
    end: u64,
    lines: u32,
    rows: u32,
    /// A row is left that the part may not take.
    stopped: bool,
}

/// Parts that are being read.
struct Wave<'scope, 'a> {
    /// Where each begins, and where the last one ends.
    cuts: Vec<u64>,
    parts: Vec<ScopedJoinHandle<'scope, io::Result<Part<'a>>>>,
}

impl<'a> Wave<'_, 'a> {
    /// Waits for them; gives where they end, and each that could be read.
    fn join(self) -> (u64, Vec<Option<Part<'a>>>) {
        let parts = self.parts.into_iter();
        let parts = parts.map(|part| part.join().ok().and_then(Result::ok));
        let end = self.cuts.last().copied().unwrap_or(u64::MAX);
        (end, parts.collect())
    }
}

/// How much of a file has been read, where the next record begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// In bytes from the start of the file.
    pub offset: u64,
    line: u32,
    row: u32,
}

impl Position {
    /// Where the next record begins.
    pub fn of<R: Read>(records: &Records<R>) -> Position {
        let (offset, line, row) = records.position();
        Position { offset, line, row }
    }
}

impl Crew {
    /// For a text file of this length, of which each byte stands where it is read; `None`: it is
    /// read alone.
    pub fn new(path: &Path, length: u64, delimiter: u8, threads: Threads) -> Option<Crew> {
        let Threads { count, sizes } = threads;
        if length <= sizes.alone + sizes.part {
            return None;
        }
        let count = count.or_else(|| std::thread::available_parallelism().ok())?;
        (count.get() > 1).then(|| Crew {
            path: path.to_owned(),
            length,
            delimiter,
            threads: count.get(),
            sizes,
            next: sizes.alone,
            pause: sizes.part / 16,
        })
    }

    /// Whether parts are to be read from a place on.
    #[inline]
    pub fn is_due(&self, offset: u64) -> bool {
        offset >= self.next
    }

    /// Where parts begin behind a place, one for each thread but the one that reads the whole, which
    /// reads what stands above the first, the less the more it has to take in; and where the last of
    /// them ends.
    fn cut(&self, from: u64) -> io::Result<Vec<u64>> {
        let threads = self.threads as u64;
        let left = self.length.saturating_sub(from);
        let part = self.sizes.part.min(left / threads).max(1);
        let own = part * 50u64.saturating_sub(threads - 1).max(5) / 50;
        let mut file = File::open(&self.path)?;
        let mut cuts = Vec::new();
        for index in 0..threads - 1 {
            let Some(cut) = line_start(&mut file, from + own + part * index, self.delimiter)?
            else {
                break;
            };
            if cuts.last().is_none_or(|last| *last < cut) {
                cuts.push(cut);
            }
        }
        let end = from + own + part * (threads - 1);
        // What little is left belongs to the last.
        let end = if end + part >= self.length {
            u64::MAX
        } else {
            end
        };
        cuts.retain(|cut| *cut < end);
        cuts.push(end);
        Ok(cuts)
    }

    /// Reads a stretch of the file side by side: parts by others, what stands above them here, until
    /// the file ends or a row comes that no part may take; the records go on behind it. `input` is
    /// what the bytes are read through.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn side_by_side<R: Read>(
        &mut self,
        rows: &mut Rows<'_, '_>,
        records: &mut Records<R>,
        input: impl Fn(File, u64) -> R,
    ) -> io::Result<()> {
        std::thread::scope(|scope| {
            let mut wave = self.begin(scope, rows, records.position().0)?;
            loop {
                let state = rows.state();
                records.stop_at(wave.cuts[0]);
                let is_whole = read(rows, records)?;
                records.stop_at(u64::MAX);
                // The parts were begun with what was known before.
                if !is_whole || rows.state() != state {
                    self.wait_behind(records.position().0);
                    return Ok(());
                }
                let (end, parts) = wave.join();
                // Others read on while these are taken in.
                let next = match end < self.length && rows.may_be_parted() {
                    true => Some(self.begin(scope, rows, end)?),
                    false => None,
                };
                let from = Position::of(records);
                let (at, is_over) = self.take_in(parts, rows, from);
                if at != from {
                    *records =
                        self.records_from(at, |file| input(file, at.offset - from.offset))?;
                }
                match next {
                    Some(next) if !is_over && at.offset <= next.cuts[0] => wave = next,
                    _ => return Ok(()),
                }
            }
        })
    }

    /// Begins to read the parts behind a place.
    fn begin<'scope, 'a: 'scope>(
        &self,
        scope: &'scope Scope<'scope, '_>,
        rows: &Rows<'a, '_>,
        from: u64,
    ) -> io::Result<Wave<'scope, 'a>> {
        let cuts = self.cut(from)?;
        let parts = cuts.windows(2).map(|cut| {
            let (range, ahead, crew) = (cut[0]..cut[1], rows.ahead(), self.clone());
            scope.spawn(move || crew.part(range, ahead))
        });
        Ok(Wave {
            parts: parts.collect(),
            cuts,
        })
    }

    /// Takes parts in their order as far as each begins where the one above it ends; gives how far that
    /// is, and whether it is not as far as they go.
    fn take_in<'a>(
        &mut self,
        parts: Vec<Option<Part<'a>>>,
        rows: &mut Rows<'a, '_>,
        from: Position,
    ) -> (Position, bool) {
        let mut at = from;
        for part in parts {
            let Some(part) = part.filter(|part| part.start == at.offset) else {
                self.next = at.offset;
                return (at, true);
            };
            let Taken {
                end,
                lines,
                rows: own,
                stopped,
            } = part.taken;
            rows.absorb(part.ahead, at.line - 1, at.row - 1);
            at = Position {
                offset: end,
                line: at.line.saturating_add(lines),
                row: at.row.saturating_add(own),
            };
            if stopped {
                self.wait_behind(end);
                return (at, true);
            }
            self.pause = self.sizes.part / 16;
        }
        self.next = at.offset;
        (at, false)
    }

    /// Leaves some of the file behind a place to whoever reads the whole, the more the more often.
    fn wait_behind(&mut self, place: u64) {
        self.next = place + self.pause;
        self.pause = (self.pause * 2).min(self.sizes.part * 4);
    }

    /// The records from a place on; the bytes as `input` hands them on.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn records_from<R: Read>(
        &self,
        at: Position,
        input: impl FnOnce(File) -> R,
    ) -> io::Result<Records<R>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(at.offset))?;
        let records = Records::new(input(file), Vec::new(), at.offset, self.delimiter);
        Ok(records.starting_at(at.line, at.row))
    }

    fn part<'a>(&self, range: std::ops::Range<u64>, mut ahead: Ahead<'a>) -> io::Result<Part<'a>> {
        let top = Position {
            offset: range.start,
            line: 1,
            row: 1,
        };
        let mut records = self.records_from(top, |file| file)?;
        records.stop_at(range.end);
        let mut rows = ahead.rows();
        let stopped = !read(&mut rows, &mut records)?;
        let rest = rows.rest();
        ahead.keep(rest);
        let Position { offset, line, row } = Position::of(&records);
        Ok(Part {
            start: range.start,
            taken: Taken {
                end: offset,
                lines: line - 1,
                rows: row - 1,
                stopped,
            },
            ahead,
        })
    }
}

/// Reads the records that are left; whether they could be read to their end.
fn read<R: Read>(rows: &mut Rows<'_, '_>, records: &mut Records<R>) -> io::Result<bool> {
    loop {
        match rows.step(records)? {
            Step::Taken => {}
            Step::Stopped => return Ok(false),
            Step::Ended => return Ok(true),
        }
    }
}

/// Where a line begins at or behind a place that looks like a row: of the lines near it, the first
/// with as many separators as most have.
fn line_start(file: &mut File, from: u64, delimiter: u8) -> io::Result<Option<u64>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.by_ref().take(AROUND as u64).read_to_end(&mut bytes)?;
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some(end) = memchr::memchr2(b'\n', b'\r', &bytes[at..]) {
        let is_pair = bytes[at + end..].starts_with(b"\r\n");
        at += end + 1 + usize::from(is_pair);
        starts.push(at);
    }
    let lines: Vec<(usize, usize)> = starts
        .windows(2)
        .map(|line| {
            let separators = memchr::memchr_iter(delimiter, &bytes[line[0]..line[1]]);
            (separators.count(), line[0])
        })
        .collect();
    let mut counts: Vec<usize> = lines.iter().map(|(separators, _)| *separators).collect();
    counts.sort_unstable();
    let usual = counts.get(counts.len() / 2).copied();
    let row = lines
        .iter()
        .find(|(separators, _)| Some(*separators) == usual);
    Ok(row.map(|(_, start)| from + *start as u64))
}
