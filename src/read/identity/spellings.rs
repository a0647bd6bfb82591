//! Spellings of organisations and what each means: one random look-up a row, so half a cache line an
//! entry, in a table of our own that can be looked at ahead.
//!
//! Entries stand where their hash says or, where that place is taken, right behind.

use std::hash::{BuildHasher, Hasher, RandomState};

use crate::processor::ask_for;

/// A spelling and whom it means; never across two cache lines.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Entry {
    /// The spelling, if it is this short: its last eight bytes and those before them. Of a longer
    /// one a hash, and where it stands in [`Spellings::bytes`].
    key: [u64; 2],
    /// In bytes; [`FREE`] where no spelling stands.
    length: u32,
    /// Of the other naming columns: the same name with another INN is looked up anew.
    others: u32,
    meaning: u32,
}

const FREE: u32 = u32::MAX;

/// Bytes of a spelling that an entry holds itself.
const SHORT: usize = 16;

/// Bytes of names remembered before the memory is begun anew.
const MOST_BYTES: usize = 64 << 20;

/// What a spelling is looked up by.
#[derive(Clone, Copy, Debug)]
pub struct Trail {
    /// Its hash.
    pub hash: u64,
    key: [u64; 2],
}

/// Spellings met so far.
#[derive(Clone, Debug)]
pub struct Spellings {
    /// A power of two of them, at least a quarter free; or none at all.
    entries: Vec<Entry>,
    taken: usize,
    bytes: Vec<u8>,
    /// Nobody who writes a file can tell what collides.
    seeds: [u64; 2],
}

impl Default for Spellings {
    fn default() -> Spellings {
        let state = RandomState::new();
        let seed = |number: u64| {
            let mut hasher = state.build_hasher();
            hasher.write_u64(number);
            hasher.finish() | 1
        };
        Spellings {
            entries: Vec::new(),
            taken: 0,
            bytes: Vec::new(),
            seeds: [seed(1), seed(2)],
        }
    }
}

/// The eight bytes at the end, zeros before them where there are fewer.
#[inline(always)]
fn last_word(bytes: &[u8]) -> u64 {
    match bytes.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => bytes
            .iter()
            .fold(0, |word, byte| word >> 8 | u64::from(*byte) << 56),
    }
}

/// Both halves of a product, one upon the other.
#[inline(always)]
fn folded(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    product as u64 ^ (product >> 64) as u64
}

impl Spellings {
    /// What a spelling is looked up by.
    #[inline(always)]
    pub fn trail(&self, raw: &[u8]) -> Trail {
        let [first, second] = self.seeds;
        if raw.len() > SHORT {
            return self.long(raw);
        }
        let before = &raw[..raw.len().saturating_sub(8)];
        let key = [last_word(raw), last_word(before)];
        let length = (raw.len() as u64) << 56;
        Trail {
            hash: folded(key[0] ^ first, key[1] ^ second ^ length),
            key,
        }
    }

    fn long(&self, raw: &[u8]) -> Trail {
        let [first, second] = self.seeds;
        let (words, rest) = raw.as_chunks::<8>();
        let hash = words.iter().fold(raw.len() as u64, |hash, word| {
            folded(hash ^ first, u64::from_le_bytes(*word) ^ second)
        });
        let hash = folded(hash ^ first, last_word(rest) ^ second);
        Trail {
            hash,
            key: [hash, 0],
        }
    }

    /// Where the looking begins: at the first of two entries in one cache line.
    #[inline(always)]
    fn slot(&self, hash: u64) -> usize {
        (hash as usize) & self.entries.len().wrapping_sub(1) & !1
    }

    #[inline(always)]
    fn next(&self, slot: usize) -> usize {
        (slot + 1) & self.entries.len().wrapping_sub(1)
    }

    /// Asks for the place where a spelling would stand, and for what is right behind.
    #[inline(always)]
    pub fn ask_for(&self, trail: Trail) {
        let slot = self.slot(trail.hash);
        ask_for(&self.entries, slot);
        ask_for(&self.entries, slot + 2);
    }

    /// What a spelling means that has been met beside the same others.
    #[inline(always)]
    pub fn find(&self, raw: &[u8], trail: Trail, others: u32) -> Option<u32> {
        if raw.len() > SHORT {
            return self.find_behind(raw, trail, others);
        }
        let slot = self.slot(trail.hash);
        match self.one_of_two(slot, raw, trail, others) {
            // Two of three stand in the first pair, nearly all of the others in the next.
            None => match self.one_of_two(self.next(slot + 1), raw, trail, others) {
                None => self.find_behind(raw, trail, others),
                found => found,
            },
            found => found,
        }
    }

    /// What a short spelling means, if it stands at the place or behind it.
    #[inline(always)]
    fn one_of_two(&self, slot: usize, raw: &[u8], trail: Trail, others: u32) -> Option<u32> {
        let [first, second] = self.entries.get(slot..slot + 2)? else {
            return None;
        };
        let length = raw.len() as u32;
        let is = |entry: &Entry| {
            (entry.length == length)
                & (entry.key[0] == trail.key[0])
                & (entry.key[1] == trail.key[1])
                & (entry.others == others)
        };
        // Which of the two it is nobody can foresee: the processor had better not guess.
        let (is_first, is_second) = (is(first), is(second));
        let mask = 0u32.wrapping_sub(u32::from(is_second));
        let meaning = first.meaning ^ (first.meaning ^ second.meaning) & mask;
        (is_first | is_second).then_some(meaning)
    }

    #[inline(never)]
    fn find_behind(&self, raw: &[u8], trail: Trail, others: u32) -> Option<u32> {
        let entry = &self.entries[self.place(raw, trail)?];
        (entry.others == others).then_some(entry.meaning)
    }

    #[inline(always)]
    fn place(&self, raw: &[u8], trail: Trail) -> Option<usize> {
        let mut slot = self.slot(trail.hash);
        loop {
            let entry = self.entries.get(slot)?;
            if entry.length == raw.len() as u32 && self.is_spelt(entry, raw, trail) {
                return Some(slot);
            }
            if entry.length == FREE {
                return None;
            }
            slot = self.next(slot);
        }
    }

    #[inline(always)]
    fn is_spelt(&self, entry: &Entry, raw: &[u8], trail: Trail) -> bool {
        if raw.len() <= SHORT {
            return entry.key == trail.key;
        }
        let [hash, start] = entry.key;
        hash == trail.hash && self.bytes[start as usize..].starts_with(raw)
    }

    /// No more may be remembered.
    pub fn is_full(&self, raw: &[u8]) -> bool {
        self.bytes.len() + raw.len() > MOST_BYTES
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.entries = Vec::new();
        self.taken = 0;
        self.bytes = Vec::new();
    }

    /// Remembers what a spelling means.
    pub fn insert(&mut self, raw: &[u8], trail: Trail, others: u32, meaning: u32) {
        if let Some(place) = self.place(raw, trail) {
            let entry = &mut self.entries[place];
            (entry.others, entry.meaning) = (others, meaning);
            return;
        }
        if (self.taken + 1) * 4 > self.entries.len() * 3 {
            self.grow();
        }
        let mut key = trail.key;
        if raw.len() > SHORT {
            key[1] = self.bytes.len() as u64;
            self.bytes.extend_from_slice(raw);
        }
        let entry = Entry {
            key,
            length: raw.len() as u32,
            others,
            meaning,
        };
        self.put(trail.hash, entry);
        self.taken += 1;
    }

    fn put(&mut self, hash: u64, entry: Entry) {
        let mut slot = self.slot(hash);
        while self.entries[slot].length != FREE {
            slot = self.next(slot);
        }
        self.entries[slot] = entry;
    }

    fn grow(&mut self) {
        let free = Entry {
            key: [0; 2],
            length: FREE,
            others: 0,
            meaning: 0,
        };
        let room = (self.entries.len() * 2).max(64);
        let known = std::mem::replace(&mut self.entries, vec![free; room]);
        for entry in known.into_iter().filter(|entry| entry.length != FREE) {
            let hash = self.hash_of(&entry);
            self.put(hash, entry);
        }
    }

    fn hash_of(&self, entry: &Entry) -> u64 {
        let [first, second] = self.seeds;
        let length = entry.length as usize;
        match length > SHORT {
            true => entry.key[0],
            false => folded(
                entry.key[0] ^ first,
                entry.key[1] ^ second ^ (length as u64) << 56,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_told_apart() {
        let text = b"01-0108-001-abcdefgh\0\0";
        let mut spellings = Spellings::default();
        let mut known: Vec<(Vec<u8>, u32)> = Vec::new();
        for length in 0..=text.len() {
            let raw = &text[..length];
            known.push((raw.to_vec(), known.len() as u32));
            for at in 0..length {
                let mut other = raw.to_vec();
                other[at] ^= 1;
                known.push((other, known.len() as u32));
            }
        }
        for (index, (raw, meaning)) in known.iter().enumerate() {
            let trail = spellings.trail(raw);
            assert_eq!(spellings.find(raw, trail, 7), None);
            spellings.insert(raw, trail, 7, *meaning);
            for (raw, meaning) in &known[..=index] {
                let trail = spellings.trail(raw);
                assert_eq!(spellings.find(raw, trail, 7), Some(*meaning));
                assert_eq!(spellings.find(raw, trail, 8), None);
            }
        }
        let (raw, _) = &known[5];
        spellings.insert(raw, spellings.trail(raw), 9, 1000);
        assert_eq!(spellings.find(raw, spellings.trail(raw), 9), Some(1000));
        spellings.clear();
        assert_eq!(spellings.find(raw, spellings.trail(raw), 9), None);
    }
}
