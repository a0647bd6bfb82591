//! Cells that are not read at a glance: words that a field allows, numbers with spaces. Each that was
//! read without a remark is remembered, and the next one with the same bytes says the same.

use std::borrow::Cow;

use crate::model::quantity::Reported;
use crate::read::cell::{Reader, Seen, Wording};
use crate::read::delimited::{Lines, MOST, ending, undoubled};
use crate::read::identity::Spellings;

/// What cells of a column said.
#[derive(Default)]
pub(super) struct Odd {
    /// Short ones, each where its bytes lead; another one there takes its place.
    short: Vec<Short>,
    spellings: Spellings,
    values: Vec<Reported>,
}

/// A column of lines in hand.
pub(super) struct OddColumn<'a> {
    pub(super) lines: &'a Lines<'a>,
    pub(super) column: usize,
    pub(super) reader: Reader<'a>,
}

/// A cell of it.
pub(super) struct OddCell<'a> {
    raw: &'a [u8],
    /// Quotes in it are doubled.
    is_doubled: bool,
    reader: Reader<'a>,
}

/// A short cell that was read.
#[derive(Clone, Copy)]
struct Short {
    key: ShortKey,
    value: Reported,
}

/// What a cell of at most sixteen bytes is told by.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ShortKey {
    /// None where there is no cell.
    length: u64,
    /// Its first eight bytes, where it has more.
    first: u64,
    /// Its last eight bytes, or all of it above zeros.
    last: u64,
}

/// So many places for short cells; a power of two.
const MOST_SHORT: usize = 256;

/// So many cells of a column are remembered.
const MOST_ODD: usize = 4096;

/// Bytes of a cell that is remembered.
const LONGEST_ODD: usize = 200;

impl<'a> OddColumn<'a> {
    /// Its cell on a line.
    pub(super) fn cell(&self, line: usize) -> OddCell<'a> {
        let raw = self.lines.cell(line, self.column);
        let is_quoted = || self.lines.is_quoted(line, self.column);
        OddCell {
            raw,
            is_doubled: memchr::memchr(b'"', raw).is_some() && is_quoted(),
            reader: self.reader,
        }
    }
}

impl OddCell<'_> {
    fn read(&self) -> Option<Reported> {
        let meant = match self.is_doubled {
            true => Cow::Owned(undoubled(self.raw)),
            false => Cow::Borrowed(self.raw),
        };
        self.reader.read(&meant, Wording::None).ok()
    }
}

impl ShortKey {
    /// Of a cell that is not empty. Without branches: nobody can foresee how long the next one is.
    #[inline(always)]
    fn of(bytes: &[u8], place: (u32, u32)) -> Option<ShortKey> {
        let (last, length) = ending(bytes, place);
        let length = u64::from(length);
        let first: &[u8; 8] = bytes.get(place.0 as usize..)?.first_chunk()?;
        let is_long = 0u64.wrapping_sub(u64::from(length > 8));
        let key = ShortKey {
            length,
            first: u64::from_le_bytes(*first) & is_long,
            last: last & u64::MAX << (64 - 8 * length.min(8)),
        };
        (length <= 16).then_some(key)
    }

    #[inline(always)]
    fn place(self) -> usize {
        let mixed = self.first ^ self.last.rotate_left(23) ^ self.length;
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize % MOST_SHORT
    }
}

impl Odd {
    /// What the cells of a column say of which none is read at a glance: the odd ones are those that
    /// have not been met lately.
    pub(super) fn down(
        &mut self,
        column: &OddColumn<'_>,
        places: &[(u32, u32)],
        values: &mut [Reported; MOST],
    ) -> Seen {
        let bytes = column.lines.bytes();
        let mut seen = Seen::default();
        for ((place, value), line) in places.iter().zip(values).zip(0..) {
            *value = Reported::BLANK;
            if place.0 == place.1 {
                seen.blank |= 1 << line;
                continue;
            }
            let key = ShortKey::of(bytes, *place);
            let short = key.and_then(|key| self.short.get(key.place()));
            match short.filter(|short| Some(short.key) == key) {
                Some(short) => {
                    *value = short.value;
                    seen.blank |= u64::from(short.value == Reported::BLANK) << line;
                    seen.values |= u64::from(short.value.is_value()) << line;
                }
                None => {
                    seen.odd |= 1 << line;
                    self.meet(key, column, line);
                }
            }
        }
        seen
    }

    /// Makes room for a short cell, so that it is known the next time.
    fn meet(&mut self, key: Option<ShortKey>, column: &OddColumn<'_>, line: usize) {
        let Some(key) = key else { return };
        let cell = column.cell(line);
        // Quotes may be doubled or not: that is looked at each time.
        if memchr::memchr(b'"', cell.raw).is_none()
            && let Some(value) = self.find_or_read(&cell)
        {
            let none = Short {
                key: ShortKey {
                    length: 0,
                    first: 0,
                    last: 0,
                },
                value,
            };
            self.short.resize(MOST_SHORT, none);
            self.short[key.place()] = Short { key, value };
        }
    }

    /// What a cell says, if nothing is to be remarked on.
    pub(super) fn find_or_read(&mut self, cell: &OddCell<'_>) -> Option<Reported> {
        let trail = self.spellings.trail(cell.raw);
        let doubled = u32::from(cell.is_doubled);
        if let Some(known) = self.spellings.find(cell.raw, trail, doubled) {
            return Some(self.values[known as usize]);
        }
        let value = cell.read()?;
        if self.values.len() < MOST_ODD && cell.raw.len() <= LONGEST_ODD {
            let meaning = self.values.len() as u32;
            self.spellings.insert(cell.raw, trail, doubled, meaning);
            self.values.push(value);
        }
        Some(value)
    }
}
