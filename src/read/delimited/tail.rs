//! The bytes of a short cell in one word.

/// A cell of at most eight bytes: the last of them highest, zeros below the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tail {
    /// Its bytes.
    pub word: u64,
    /// All bits of the bytes that are its own.
    pub own: u64,
}

/// Bytes of a word.
const WORD: usize = 8;

impl Tail {
    /// A text that stands at the end of others: what stands before it is passed over. `None`: it is
    /// longer than a word.
    #[inline]
    pub fn ending(bytes: &[u8], length: usize) -> Option<Tail> {
        if length > WORD {
            return None;
        }
        let own = u64::MAX
            .checked_shl((WORD - length) as u32 * 8)
            .unwrap_or_default();
        let word = match bytes.last_chunk::<WORD>() {
            Some(last) => u64::from_le_bytes(*last),
            None => bytes
                .iter()
                .fold(0, |word, byte| word >> 8 | u64::from(*byte) << 56),
        };
        Some(Tail {
            word: word & own,
            own,
        })
    }

    /// A text of one to eight bytes that begins at a place.
    #[inline(always)]
    pub fn at(bytes: &[u8], start: usize, length: usize) -> Option<Tail> {
        if !(1..=WORD).contains(&length) {
            return None;
        }
        let Some(chunk) = bytes
            .get(start..)
            .and_then(|rest| rest.first_chunk::<WORD>())
        else {
            return Tail::of(&bytes[start..start + length]);
        };
        let shift = (WORD - length) as u32 * 8;
        Some(Tail {
            word: u64::from_le_bytes(*chunk) << shift,
            own: u64::MAX << shift,
        })
    }

    /// All of a text.
    #[inline]
    pub fn of(bytes: &[u8]) -> Option<Tail> {
        Tail::ending(bytes, bytes.len())
    }

    /// Nothing stands there.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.own == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_cell_is_passed_over() {
        let text = b"abcdefghijkl";
        for end in 0..=text.len() {
            for length in 0..=end {
                let cell = &text[end - length..end];
                let tail = Tail::ending(&text[..end], length);
                assert_eq!(tail, Tail::of(cell));
                if length > 0 {
                    assert_eq!(tail, Tail::at(text, end - length, length));
                }
                let Some(tail) = tail else {
                    assert!(length > 8);
                    continue;
                };
                assert_eq!(&tail.word.to_le_bytes()[8 - length..], cell);
                assert_eq!(tail.is_empty(), cell.is_empty());
                assert_eq!(tail.word & !tail.own, 0);
            }
        }
    }
}
