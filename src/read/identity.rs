//! Who a row is about: each distinct spelling is decoded and looked up once.

use std::hash::{BuildHasher, Hasher};

use hashbrown::{DefaultHashBuilder, HashTable};

use super::cell;
use super::delimited::Record;
use super::totals::{is_mean_or_share, is_total};
use crate::model::organisation::{Found, Register};
use crate::source::Encoding;

/// What the cells that name the organisation say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Identity {
    /// This one.
    Known(u32),
    /// Nothing stands there.
    Nobody,
    /// The row adds up others.
    Total,
    /// A name that the register does not know.
    Unknown,
    /// A name that several bear.
    Ambiguous,
    /// Two columns name two different organisations.
    Contradiction(u32, u32),
}

/// A spelling and whom it means, in half a cache line: a file of many organisations is one random
/// look-up a row.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The spelling, if it is this short: its first eight bytes and its last eight.
    short: Short,
    length: u32,
    /// Where a longer one stands in [`Identities::bytes`].
    start: u32,
    /// Of the other naming columns: the same name with another INN is looked up anew.
    others: u32,
    /// The organisation, or [`SPECIAL`] and a place in [`Identities::specials`].
    meaning: u32,
}

/// Bytes of a spelling that an entry holds itself.
const SHORT: usize = 16;

/// Set in a meaning that is no organisation.
const SPECIAL: u32 = 1 << 31;

/// A short spelling: with its length known, these two tell it whole.
type Short = [u64; 2];

#[inline]
fn short(raw: &[u8]) -> Short {
    match (raw.first_chunk::<8>(), raw.last_chunk::<8>()) {
        (Some(_), Some(_)) if raw.len() > SHORT => [0, 0],
        (Some(first), Some(last)) => [u64::from_le_bytes(*first), u64::from_le_bytes(*last)],
        _ => {
            let all = raw.iter().rev();
            [all.fold(0, |all, byte| all << 8 | u64::from(*byte)), 0]
        }
    }
}

/// Looks up organisations by the raw bytes of their cells.
#[derive(Debug)]
pub struct Identities {
    columns: Vec<usize>,
    encoding: Encoding,
    declared: bool,
    /// Whether a column is headed «ИНН»: Excel drops its leading zeros.
    inn: Vec<bool>,
    table: HashTable<Entry>,
    bytes: Vec<u8>,
    specials: Vec<Identity>,
    hasher: DefaultHashBuilder,
}

/// The hashes of a row's naming cells.
#[derive(Clone, Copy, Debug)]
pub struct Trail {
    hash: u64,
    others: u32,
}

/// Bytes of names remembered before the memory is begun anew.
const MOST_BYTES: usize = 64 << 20;

/// Names remembered that are no organisation's.
const MOST_SPECIALS: usize = 1 << 20;

/// The bytes of a spelling.
fn spelling(entry: &Entry, bytes: &[u8]) -> Vec<u8> {
    let length = entry.length as usize;
    if length > SHORT {
        return bytes[entry.start as usize..][..length].to_vec();
    }
    let mut spelling = entry.short[0].to_le_bytes()[..length.min(8)].to_vec();
    let rest = length.saturating_sub(8);
    spelling.extend_from_slice(&entry.short[1].to_le_bytes()[8 - rest..]);
    spelling
}

#[inline]
fn is_spelt(entry: &Entry, key: &Short, raw: &[u8], bytes: &[u8]) -> bool {
    if raw.len() <= SHORT {
        entry.length as usize == raw.len() && entry.short == *key
    } else {
        entry.length as usize == raw.len() && bytes[entry.start as usize..][..raw.len()] == *raw
    }
}

impl Identities {
    /// For a table whose organisations stand in these columns, the surest first.
    /// Without a register (`declared`) the surest column alone identifies.
    pub fn new(
        columns: &[usize],
        headings: &[String],
        encoding: Encoding,
        declared: bool,
    ) -> Identities {
        Identities {
            columns: columns.to_vec(),
            encoding,
            declared,
            inn: columns
                .iter()
                .map(|column| headings[*column].to_lowercase().contains("инн"))
                .collect(),
            table: HashTable::new(),
            bytes: Vec::new(),
            specials: Vec::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    fn hash(&self, bytes: &[u8]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(bytes);
        hasher.finish()
    }

    /// Makes room for the names of a file of so many bytes: a table that grows is moved each time.
    pub fn expect(&mut self, bytes: u64) {
        const BYTES_A_NAME: u64 = 1200;
        const MOST: u64 = 100_000;
        let names = (bytes / BYTES_A_NAME).min(MOST) as usize;
        let bytes = &self.bytes;
        let hasher = &self.hasher;
        self.table.reserve(names, |entry| {
            let mut state = hasher.build_hasher();
            state.write(&spelling(entry, bytes));
            state.finish()
        });
    }

    /// What a row's spelling is looked up by.
    #[inline]
    pub fn trail(&self, record: &Record<'_>) -> Trail {
        match self.columns.split_first() {
            Some((&first, rest)) => Trail {
                hash: self.hash(record.raw(first)),
                others: self.others(rest, record),
            },
            None => Trail { hash: 0, others: 0 },
        }
    }

    /// Whom a row names, where its spelling has been met before.
    #[inline]
    pub fn known(&self, record: &Record<'_>, trail: Trail) -> Option<Identity> {
        let raw = record.raw(*self.columns.first()?);
        let key = short(raw);
        let entry = self
            .table
            .find(trail.hash, |entry| is_spelt(entry, &key, raw, &self.bytes))?;
        if entry.others != trail.others {
            return None;
        }
        Some(match entry.meaning & SPECIAL {
            0 => Identity::Known(entry.meaning),
            _ => self.specials[(entry.meaning & !SPECIAL) as usize],
        })
    }

    /// A hash of the other naming columns.
    fn others(&self, columns: &[usize], record: &Record<'_>) -> u32 {
        let mut others = 0u64;
        if !self.declared {
            return 0;
        }
        for &column in columns {
            others = others.rotate_left(7) ^ self.hash(record.raw(column));
        }
        others as u32
    }

    /// Whom a row names.
    pub fn identify(&mut self, record: &Record<'_>, register: &mut Register) -> Identity {
        let trail = self.trail(record);
        if let Some(known) = self.known(record, trail) {
            return known;
        }
        let Some(&first) = self.columns.first() else {
            return Identity::Nobody;
        };
        let identity = self.look_up(record, register);
        // Nobody and a total may be told by other cells of the row: the next one with the same name,
        // or none, need not be the same.
        if !matches!(identity, Identity::Nobody | Identity::Total) {
            self.remember(trail.hash, record.raw(first), trail.others, identity);
        }
        identity
    }

    fn remember(&mut self, hash: u64, raw: &[u8], others: u32, identity: Identity) {
        if self.bytes.len() + raw.len() > MOST_BYTES || self.specials.len() >= MOST_SPECIALS {
            self.table.clear();
            self.bytes.clear();
            self.specials.clear();
        }
        let meaning = match identity {
            Identity::Known(organisation) => organisation,
            special => {
                self.specials.push(special);
                SPECIAL | (self.specials.len() as u32 - 1)
            }
        };
        let key = short(raw);
        let bytes = &mut self.bytes;
        let hasher = &self.hasher;
        let found = self
            .table
            .find_mut(hash, |entry| is_spelt(entry, &key, raw, bytes));
        if let Some(entry) = found {
            entry.others = others;
            entry.meaning = meaning;
            return;
        }
        let entry = Entry {
            short: key,
            length: raw.len() as u32,
            start: bytes.len() as u32,
            others,
            meaning,
        };
        if raw.len() > SHORT {
            bytes.extend_from_slice(raw);
        }
        self.table.insert_unique(hash, entry, |entry| {
            let mut state = hasher.build_hasher();
            state.write(&spelling(entry, bytes));
            state.finish()
        });
    }

    /// The texts of the naming cells, the surest first.
    pub fn texts(&self, record: &Record<'_>) -> Vec<String> {
        self.columns
            .iter()
            .map(|&column| {
                let bytes = record.cell(column);
                cell::trim(&self.encoding.decode(&bytes)).to_owned()
            })
            .collect()
    }

    fn look_up(&self, record: &Record<'_>, register: &mut Register) -> Identity {
        // Where there is no register, the surest column alone identifies.
        if !register.declared && self.is_plain_id(record) {
            let id = String::from_utf8_lossy(record.raw(self.columns[0]));
            let name = self.columns.get(1).map(|&column| record.cell(column));
            let name = name.as_deref().map(|bytes| self.encoding.decode(bytes));
            let name = name.as_deref().map_or("", cell::trim);
            return Identity::Known(register.find_or_introduce(&id, name));
        }
        let texts = self.texts(record);
        if texts.iter().all(|text| cell::is_nothing(text)) {
            return self.without_a_name(record);
        }
        let registered = |text: &String| register.declared && register.find(text).is_some();
        let adds_up = |text: &str| is_total(text) || is_mean_or_share(text);
        if texts.iter().any(|text| adds_up(text) && !registered(text)) {
            return Identity::Total;
        }
        if !register.declared {
            let id = texts.iter().find(|text| !text.is_empty());
            // Rounded, several INNs look alike: nobody is introduced under such a name.
            if id.is_some_and(|id| cell::damage::of_name(id).is_some()) {
                return Identity::Unknown;
            }
            return Identity::Known(Self::introduce(&texts, register));
        }
        let mut one = None;
        let mut several = false;
        for (index, text) in texts.iter().enumerate() {
            match self.find(index, text, register) {
                Some(Found::One(found)) => match one {
                    Some(other) if other != found => {
                        return Identity::Contradiction(other, found);
                    }
                    _ => one = Some(found),
                },
                Some(Found::Several(_)) => several = true,
                None => {}
            }
        }
        match (one, several) {
            (Some(found), _) => Identity::Known(found),
            (None, true) => Identity::Ambiguous,
            (None, false) => Identity::Unknown,
        }
    }

    /// Digits, small Latin letters and hyphens, with a digit among them: no total, no dash.
    fn is_plain_id(&self, record: &Record<'_>) -> bool {
        let raw = record.raw(self.columns[0]);
        raw.iter().any(u8::is_ascii_digit)
            && raw
                .iter()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-'))
    }

    /// A total may stand in the first column where the organisation's is another.
    fn without_a_name(&self, record: &Record<'_>) -> Identity {
        let first = (0..record.len())
            .map(|index| record.raw(index))
            .find(|raw| !self.encoding.is_blank(raw))
            .unwrap_or_default();
        let decoded = self.encoding.decode(first);
        let first = cell::trim(&decoded);
        if is_total(first) || is_mean_or_share(first) {
            Identity::Total
        } else {
            Identity::Nobody
        }
    }

    fn find(&self, index: usize, text: &str, register: &Register) -> Option<Found> {
        let text = cell::text_constant(text).unwrap_or(text);
        if text.is_empty() {
            return None;
        }
        if let Some(found) = register.find(text) {
            return Some(found);
        }
        // A taxpayer number of an organisation has ten digits; a spreadsheet drops leading zeros,
        // another program adds decimals.
        let digits = text.strip_prefix('\'').unwrap_or(text);
        let whole = digits.split_once(['.', ',']).filter(|(_, zeros)| {
            self.inn[index] && !zeros.is_empty() && zeros.bytes().all(|zero| zero == b'0')
        });
        let digits = whole.map_or(digits, |(digits, _)| digits);
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if is_number && (self.inn[index] || digits.len() == 10) && digits.len() <= 10 {
            return register.find(&format!("{digits:0>10}"));
        }
        None
    }

    /// Where no register says who must report, whoever reports is taken.
    fn introduce(texts: &[String], register: &mut Register) -> u32 {
        let mut named = texts.iter().filter(|text| !text.is_empty());
        let id = named.next().map_or("", String::as_str);
        let name = named.next().map_or("", String::as_str);
        register.find_or_introduce(id, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_spellings_are_told_apart_and_back() {
        let text = b"01-0108-001-abcdefgh";
        for length in 0..=text.len() {
            let raw = &text[..length];
            let entry = Entry {
                short: short(raw),
                length: length as u32,
                start: 0,
                others: 0,
                meaning: 0,
            };
            assert!(is_spelt(&entry, &short(raw), raw, text));
            assert_eq!(spelling(&entry, text), raw);
            for at in 0..length {
                let mut other = raw.to_vec();
                other[at] ^= 1;
                assert!(
                    !is_spelt(&entry, &short(&other), &other, text),
                    "{length} {at}"
                );
            }
        }
    }
}
