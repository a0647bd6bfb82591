//! Who bears which name: the organisations of a register by every spelling of their names.
//!
//! Keys of names are not kept, only hashes of them: a register of a million organisations has four
//! million names. A hit is held against the names themselves.

use std::hash::{BuildHasher, Hasher};

use hashbrown::{DefaultHashBuilder, HashTable};

/// One hash, and who bears a name with it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    bearer: Bearer,
}

/// An organisation, or (with the highest bit set) a list of them in [`Spellings::shared`].
#[derive(Clone, Copy, Debug)]
struct Bearer(u32);

impl Bearer {
    const SHARED: u32 = 1 << 31;

    fn list(self) -> Option<usize> {
        (self.0 & Bearer::SHARED != 0).then_some((self.0 & !Bearer::SHARED) as usize)
    }
}

/// Finds organisations by the keys of their names.
#[derive(Clone, Debug, Default)]
pub(super) struct Spellings {
    table: HashTable<Entry>,
    shared: Vec<Vec<u32>>,
    hasher: DefaultHashBuilder,
}

impl Spellings {
    /// All names of a register: `each` gives their keys and the organisations that bear them.
    pub(super) fn of(each: impl FnOnce(&mut dyn FnMut(&str, u32))) -> Spellings {
        let mut spellings = Spellings::default();
        let mut pairs: Vec<u64> = Vec::new();
        each(&mut |key, organisation| {
            let hash = spellings.hash(key);
            pairs.push(u64::from(hash) << 32 | u64::from(organisation));
        });
        spellings.table = HashTable::with_capacity(pairs.len());
        // In the order of the table's buckets, so that each part of it is brought into the cache
        // once; those of one hash in the order of their indices.
        let bits = spellings.table.num_buckets().trailing_zeros();
        for pair in &mut pairs {
            *pair = u64::from(high(*pair).rotate_right(bits)) << 32 | u64::from(*pair as u32);
        }
        pairs.sort_unstable();
        for pair in pairs {
            spellings.learn_hash(high(pair).rotate_left(bits), pair as u32);
        }
        spellings
    }

    fn hash(&self, key: &str) -> u32 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(key.as_bytes());
        (hasher.finish() >> 32) as u32
    }

    /// An organisation bears a name with this key. Organisations come in the order of their indices.
    pub(super) fn learn(&mut self, key: &str, organisation: u32) {
        self.learn_hash(self.hash(key), organisation);
    }

    fn learn_hash(&mut self, hash: u32, organisation: u32) {
        let entry = Entry {
            hash,
            bearer: Bearer(organisation),
        };
        let known = self
            .table
            .find_mut(spread(hash), |entry| entry.hash == hash);
        let Some(known) = known else {
            self.table
                .insert_unique(spread(hash), entry, |entry| spread(entry.hash));
            return;
        };
        match known.bearer.list() {
            Some(list) => {
                let list = &mut self.shared[list];
                if list.last() != Some(&organisation) {
                    list.push(organisation);
                }
            }
            None if known.bearer.0 == organisation => {}
            None => {
                let list = vec![known.bearer.0, organisation];
                known.bearer = Bearer(self.shared.len() as u32 | Bearer::SHARED);
                self.shared.push(list);
            }
        }
    }

    /// Those that may bear a name with this key: whoever does is among them.
    pub(super) fn candidates(&self, key: &str) -> Candidates<'_> {
        let hash = self.hash(key);
        let found = self.table.find(spread(hash), |entry| entry.hash == hash);
        match found.map(|entry| entry.bearer) {
            None => Candidates::Several(&[]),
            Some(bearer) => match bearer.list() {
                Some(list) => Candidates::Several(&self.shared[list]),
                None => Candidates::One(bearer.0),
            },
        }
    }

    /// Organisations that may share a name, each list in the order of their indices.
    pub(super) fn shared(&self) -> &[Vec<u32>] {
        &self.shared
    }
}

/// Who may bear a name.
#[derive(Clone, Copy)]
pub(super) enum Candidates<'a> {
    One(u32),
    Several(&'a [u32]),
}

impl Candidates<'_> {
    pub(super) fn each(&self) -> &[u32] {
        match self {
            Candidates::One(one) => std::slice::from_ref(one),
            Candidates::Several(all) => all,
        }
    }
}

fn high(pair: u64) -> u32 {
    (pair >> 32) as u32
}

/// The table looks at the lowest bits of a hash for a bucket, and at the highest.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearers_of_one_name_stand_together() {
        let mut spellings = Spellings::default();
        for (key, organisation) in [("a", 0), ("b", 0), ("a", 0), ("a", 1), ("c", 2), ("a", 2)] {
            spellings.learn(key, organisation);
        }
        let candidates = |key| spellings.candidates(key).each().to_vec();
        assert_eq!(candidates("a"), [0, 1, 2]);
        assert_eq!(candidates("b"), [0]);
        assert_eq!(candidates("c"), [2]);
        assert_eq!(candidates("d"), [0; 0]);
        assert_eq!(spellings.shared(), [[0, 1, 2]]);
    }

    #[test]
    fn all_at_once_is_one_after_another() {
        let names = |index: u32| [format!("{index}"), format!("{}", index / 3), "all".into()];
        let spellings = Spellings::of(|learn| {
            for index in 0..1000 {
                names(index).iter().for_each(|name| learn(name, index));
            }
        });
        for index in 0..1000u32 {
            for name in names(index) {
                let bearers = (0..1000).filter(|other| names(*other).contains(&name));
                let bearers: Vec<u32> = bearers.collect();
                assert_eq!(spellings.candidates(&name).each(), bearers, "{name}");
            }
        }
    }
}
