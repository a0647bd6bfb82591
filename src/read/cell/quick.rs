//! What nearly every cell of a column holds, read in one word: digits, one separator among them, a
//! yes or no as nearly everybody writes it.

use super::{Column, within};
use crate::model::form::{Field, FieldType};
use crate::model::quantity::{Decimal, Reported};
use crate::read::delimited::{Lines, MOST, Places, Tail};
use crate::source::Encoding;

/// How the common cells of a column are read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Quick {
    /// Each is looked at with care.
    Never,
    /// Digits.
    Whole,
    /// Digits, a separator among them or not.
    Decimal,
    /// «да», «нет».
    Flag { yes: Tail, no: Tail },
}

/// A zero in each byte.
const ZEROS: u64 = 0x3030_3030_3030_3030;
const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

impl Quick {
    /// For a field in a column.
    pub(super) fn of(field: &Field, encoding: Encoding, column: Column) -> Quick {
        match field.kind {
            kind if !column.is_plain(kind) => Quick::Never,
            FieldType::Count => Quick::Whole,
            FieldType::Number | FieldType::Percent => Quick::Decimal,
            FieldType::Flag => flags(encoding),
            FieldType::Date | FieldType::Text => Quick::Never,
        }
    }

    #[inline(always)]
    fn read(self, tail: Tail) -> Option<Decimal> {
        match self {
            Quick::Never => None,
            Quick::Whole => whole(digits(tail)),
            Quick::Decimal => decimal(tail),
            Quick::Flag { yes, .. } if tail == yes => Some(Decimal::ONE),
            Quick::Flag { no, .. } => (tail == no).then_some(Decimal::ZERO),
        }
    }
}

/// Cells of a column, and room for what they say.
struct Cells<'c> {
    bytes: &'c [u8],
    places: &'c [(u32, u32)],
    values: &'c mut [Reported; MOST],
}

impl Cells<'_> {
    #[inline(always)]
    fn read(self, read: impl Fn(Tail) -> Option<Reported>) -> Seen {
        let mut seen = Seen { blank: 0, odd: 0 };
        let mut bit = 1u64;
        for ((start, end), value) in self.places.iter().zip(self.values) {
            let (start, end) = (*start as usize, *end as usize);
            *value = match Tail::at(self.bytes, start, end - start).and_then(&read) {
                Some(read) => read,
                None if start == end => {
                    seen.blank |= bit;
                    Reported::BLANK
                }
                None => {
                    seen.odd |= bit;
                    Reported::ABSENT
                }
            };
            bit = bit.rotate_left(1);
        }
        seen
    }
}

/// What many cells of a column are like, one bit a line.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Nothing stands there.
    pub blank: u64,
    /// What it says cannot be told at a glance.
    pub odd: u64,
}

/// A column of a field: how its cells are read.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    pub(super) field: &'a Field,
    pub(super) encoding: Encoding,
    pub(super) column: Column,
    quick: Quick,
    /// The field has limits beside zero.
    limited: bool,
}

impl<'a> Reader<'a> {
    /// For a field in a column.
    pub fn new(field: &'a Field, encoding: Encoding, column: Column) -> Reader<'a> {
        Reader {
            field,
            encoding,
            column,
            quick: Quick::of(field, encoding, column),
            limited: field.max.is_some() || field.min.is_some_and(|min| min > Decimal::ZERO),
        }
    }

    /// The id of its field.
    pub fn field_id(&self) -> &'a str {
        &self.field.id
    }

    /// A report without it is not whole.
    pub fn is_required(&self) -> bool {
        self.field.required
    }

    /// What the cells of a column say; `places`: room to work in.
    pub fn down(
        &self,
        lines: &Lines<'_>,
        column: usize,
        places: &mut Places,
        values: &mut [Reported; MOST],
    ) -> Seen {
        let cells = Cells {
            bytes: lines.bytes(),
            places: lines.places(column, places),
            values,
        };
        match (self.quick, self.limited) {
            (Quick::Never, _) => cells.read(|_| None),
            (Quick::Whole, false) => cells.read(|tail| short_whole(digits(tail))),
            (Quick::Decimal, false) => cells.read(|tail| decimal(tail).map(Reported::value)),
            (quick, false) => cells.read(|tail| quick.read(tail).map(Reported::value)),
            (quick, true) => cells.read(|tail| {
                let value = quick.read(tail)?;
                within(self.field, value).then(|| Reported::value(value))
            }),
        }
    }

    /// What a short cell says, where that can be told at a glance.
    #[inline(always)]
    pub fn glance(&self, tail: Tail) -> Option<Reported> {
        if tail.is_empty() {
            return Some(Reported::BLANK);
        }
        // Never below zero: a minus is no digit.
        let value = self.quick.read(tail)?;
        (!self.limited || within(self.field, value)).then(|| Reported::value(value))
    }
}

/// «да» and «нет» in the bytes of an encoding.
fn flags(encoding: Encoding) -> Quick {
    let word = |text: &str| Tail::of(&encoding.encode(text)?);
    match (word("да"), word("нет")) {
        (Some(yes), Some(no)) => Quick::Flag { yes, no },
        _ => Quick::Never,
    }
}

/// Each byte less the digit zero: the number's digits, and zeros before them.
#[inline(always)]
fn digits(tail: Tail) -> u64 {
    (tail.word ^ ZEROS) & tail.own
}

/// The same as it is reported: eight digits always are few enough.
#[inline(always)]
fn short_whole(digits: u64) -> Option<Reported> {
    number(digits).map(Reported::whole)
}

/// The whole number of eight digits, if they are digits.
#[inline]
fn whole(digits: u64) -> Option<Decimal> {
    Decimal::new(number(digits)?, 0)
}

#[inline(always)]
fn number(digits: u64) -> Option<i64> {
    if (digits.wrapping_add(LOW * 0x76) | digits) & HIGH != 0 {
        return None;
    }
    // Neighbours are joined: digits to pairs, pairs to fours, fours to eight.
    let pairs = digits.wrapping_mul(10 << 8 | 1) >> 8 & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_ffff_0000_ffff;
    Some((fours.wrapping_mul(10_000 << 32 | 1) >> 32) as i64)
}

/// A number with a separator among its digits, or none.
#[inline(always)]
fn decimal(tail: Tail) -> Option<Decimal> {
    let digits = digits(tail);
    let point = [b'.', b','].map(|sign| equal(tail.word, sign));
    let point = point[0] | point[1];
    if point == 0 {
        return whole(digits);
    }
    let at = point.trailing_zeros() / 8;
    let scale = 7 - at;
    let is_first = tail.own.trailing_zeros() / 8 == at;
    if point & (point - 1) != 0 || is_first || scale == 0 {
        return None;
    }
    // The digits before the point move up into its place.
    let before = (1u64 << (at * 8)) - 1;
    let joined = digits & !before & !(0xff << (at * 8)) | (digits & before) << 8;
    // Zeros at the end say nothing: 9,50 is 9,5.
    let zeros = (joined.leading_zeros() / 8).min(scale);
    let short = joined << (zeros * 8);
    // What the point held is a zero in front.
    Decimal::new(number(short)?, (scale - zeros) as u8)
}

/// Marks the bytes of a word that are a sign, in their highest bit.
#[inline]
fn equal(word: u64, sign: u8) -> u64 {
    let differ = word ^ (LOW * u64::from(sign));
    !(((differ & !HIGH) + !HIGH) | differ | !HIGH)
}
