//! What nearly every cell of a column holds, read in one word: digits, one separator among them, a
//! yes or no as nearly everybody writes it.

use super::{Column, within};
use crate::model::form::{Field, FieldType};
use crate::model::quantity::{Decimal, Reported};
use crate::processor::{Way, Work, at_best};
use crate::read::delimited::{Lines, MOST, Tail, Words};
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
    fn read(self, tail: Tail) -> Option<Reported> {
        let Tail { word, own } = tail;
        let said = match self {
            Quick::Never => None,
            Quick::Whole => Some(whole(word, own)),
            Quick::Decimal => Some(decimal(word, own)),
            Quick::Flag { yes, no } => Some(flag(word, own, yes, no)),
        };
        said.filter(|said| !said.is_odd).map(|said| said.value)
    }
}

/// What a word says; no value where that cannot be told at a glance.
#[derive(Clone, Copy)]
struct Said {
    value: Reported,
    is_odd: bool,
}

/// Cells of a column, and room for what they say.
struct Down<'d> {
    reader: &'d Reader<'d>,
    lines: &'d Lines<'d>,
    column: usize,
    words: &'d mut Words,
    values: &'d mut [Reported; MOST],
}

impl Work for Down<'_> {
    type Output = Seen;

    #[inline(always)]
    fn with<W: Way>(self, _: W) -> Seen {
        let Down {
            reader,
            lines,
            column,
            words,
            values,
        } = self;
        lines.words(column, words);
        let odd = match reader.quick {
            Quick::Never => {
                values.fill(Reported::BLANK);
                u64::MAX
            }
            Quick::Whole => each(words, values, whole),
            Quick::Decimal => each(words, values, decimal),
            Quick::Flag { yes, no } => {
                let read = |word, own| flag(word, own, yes, no);
                each(words, values, read)
            }
        };
        let own = u64::MAX >> (MOST - lines.len());
        let lengths = words.lengths.iter().enumerate();
        let blank = lengths.fold(0, |blank, (line, length)| {
            blank | u64::from(*length == 0) << line
        });
        let mut seen = Seen {
            values: own,
            blank: blank & own,
            odd: odd & !blank & own,
        };
        if reader.limited {
            for line in bits(own & !(seen.blank | seen.odd)) {
                let value = values[line].decimal();
                let is_within = value.is_some_and(|value| within(reader.field, value));
                seen.odd |= u64::from(!is_within) << line;
            }
        }
        seen
    }
}

/// What the words of a column say; tells for which that cannot be told at a glance. Without branches,
/// so that many are read together.
#[inline(always)]
fn each(words: &Words, values: &mut [Reported; MOST], read: impl Fn(u64, u64) -> Said) -> u64 {
    let mut odd = 0;
    for (line, value) in values.iter_mut().enumerate() {
        let length = u64::from(words.lengths[line]);
        let is_short = length.wrapping_sub(1) < 8;
        let own = u64::MAX << (64u64.wrapping_sub(8 * length) & 63);
        let said = read(words.words[line] & own, own);
        *value = match length {
            0 => Reported::BLANK,
            _ => said.value,
        };
        odd |= u64::from(said.is_odd | !is_short) << line;
    }
    odd
}

/// The numbers of the bits that are set.
#[inline(always)]
pub fn bits(word: u64) -> impl Iterator<Item = usize> {
    let mut left = word;
    std::iter::from_fn(move || {
        let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
        left &= left - 1;
        Some(bit)
    })
}

/// What many cells of a column are like, one bit a line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// A number or an answer stands there, of those that are neither blank nor odd.
    pub values: u64,
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
    /// It takes any text.
    pub(super) is_free: bool,
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
            is_free: field.one_of.is_empty() && field.pattern.is_none(),
        }
    }

    /// The id of its field.
    pub fn field_id(&self) -> &'a str {
        &self.field.id
    }

    /// Whether its common cells are read at a glance.
    pub fn is_quick(&self) -> bool {
        !matches!(self.quick, Quick::Never)
    }

    /// Whether its cells can be added up: they are no texts.
    pub fn adds_up(&self) -> bool {
        !matches!(self.field.kind, FieldType::Date | FieldType::Text)
    }

    /// A report without it is not whole.
    pub fn is_required(&self) -> bool {
        self.field.required
    }

    /// What the cells of a column say; the words are of this column then.
    #[inline]
    pub fn down(
        &self,
        lines: &Lines<'_>,
        column: usize,
        words: &mut Words,
        values: &mut [Reported; MOST],
    ) -> Seen {
        at_best(Down {
            reader: self,
            lines,
            column,
            words,
            values,
        })
    }

    /// What a short cell says, where that can be told at a glance.
    #[inline(always)]
    pub fn glance(&self, tail: Tail) -> Option<Reported> {
        if tail.is_empty() {
            return Some(Reported::BLANK);
        }
        // Never below zero: a minus is no digit.
        let said = self.quick.read(tail)?;
        let is_within = |said: Reported| said.decimal().is_some_and(|own| within(self.field, own));
        (!self.limited || is_within(said)).then_some(said)
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

/// One of two answers.
#[inline(always)]
fn flag(word: u64, own: u64, yes: Tail, no: Tail) -> Said {
    let is_yes = (word == yes.word) & (own == yes.own);
    let is_no = (word == no.word) & (own == no.own);
    Said {
        value: Reported::short(i64::from(is_yes), 0),
        is_odd: !(is_yes | is_no),
    }
}

/// Digits alone.
#[inline(always)]
fn whole(word: u64, own: u64) -> Said {
    number((word ^ ZEROS) & own, 0)
}

/// The number of eight digits, each less the digit zero, so many of them after the point.
#[inline(always)]
fn number(digits: u64, scale: u64) -> Said {
    // Neighbours are joined: digits to pairs, pairs to fours, fours to eight.
    let pairs = digits.wrapping_mul(10 << 8 | 1) >> 8 & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_ffff_0000_ffff;
    let eight = fours.wrapping_mul(10_000 << 32 | 1) >> 32;
    Said {
        value: Reported::short((eight & 0x7fff_ffff) as i64, scale as u8),
        is_odd: (digits.wrapping_add(LOW * 0x76) | digits) & HIGH != 0,
    }
}

/// A number with a separator among its digits, or none.
#[inline(always)]
fn decimal(word: u64, own: u64) -> Said {
    let digits = (word ^ ZEROS) & own;
    let point = equal(word, b'.') | equal(word, b',');
    let has_point = point != 0;
    // The digits before the point move up into its place.
    let here = point >> 7;
    let before = here.wrapping_sub(1);
    let after = !before & !(here << 8).wrapping_sub(here);
    let joined = match has_point {
        true => digits & after | (digits & before) << 8,
        false => digits,
    };
    let scale = match has_point {
        true => u64::from(point.leading_zeros()) / 8,
        false => 0,
    };
    let is_first = own & own.wrapping_neg() == here;
    let is_last = scale == 0;
    // Zeros at the end say nothing: 9,50 is 9,5.
    let zeros = (u64::from(joined.leading_zeros()) / 8).min(scale);
    // What the point held is a zero in front.
    let said = number(joined << (zeros * 8), scale - zeros);
    let is_odd = point & point.wrapping_sub(1) != 0 || has_point & (is_first | is_last);
    Said {
        is_odd: said.is_odd | is_odd,
        ..said
    }
}

/// Marks the bytes of a word that are a sign, in their highest bit.
#[inline(always)]
fn equal(word: u64, sign: u8) -> u64 {
    let differ = word ^ (LOW * u64::from(sign));
    !(((differ & !HIGH) + !HIGH) | differ | !HIGH)
}
