//! Where separators and line ends stand: sixty-four bytes are looked at together, one bit a byte.

use super::marks::{CHUNK, Marks};

/// The places of separators and line ends, in order; each byte is looked at once.
#[derive(Clone, Debug)]
pub struct Specials<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    /// Where the chunk in hand begins.
    base: usize,
    /// Those of its bytes that are still to be given.
    found: u64,
}

impl<'a> Specials<'a> {
    /// Those from a place on.
    #[inline]
    pub fn new(bytes: &'a [u8], from: usize, delimiter: u8) -> Specials<'a> {
        Specials {
            bytes,
            delimiter,
            base: from,
            found: look(bytes, from, delimiter),
        }
    }

    /// Passes over those before a place; what has been given does not come again.
    #[inline]
    pub fn pass(&mut self, place: usize) {
        match place.saturating_sub(self.base) {
            ahead @ 0..CHUNK => self.found &= u64::MAX << ahead,
            _ => *self = Specials::new(self.bytes, place, self.delimiter),
        }
    }
}

impl Iterator for Specials<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            if self.base + CHUNK >= self.bytes.len() {
                return None;
            }
            self.base += CHUNK;
            self.found = look(self.bytes, self.base, self.delimiter);
        }
        let at = self.base + self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(at)
    }
}

/// The special bytes of the chunk that begins at a place.
#[inline]
fn look(bytes: &[u8], from: usize, delimiter: u8) -> u64 {
    let marks = Marks::first(bytes.get(from..).unwrap_or_default(), delimiter);
    marks.separators | marks.feeds | marks.carriages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(bytes: &[u8], from: usize, delimiter: u8) -> Vec<usize> {
        let is_special = |at: &usize| [delimiter, b'\n', b'\r'].contains(&bytes[*at]);
        (from..bytes.len()).filter(is_special).collect()
    }

    #[test]
    fn each_special_byte_is_found_and_no_other() {
        for delimiter in [b',', b';', b'\t', 0] {
            for other in [1, 0x80, 0xff, delimiter ^ 1, delimiter ^ 0x80] {
                for length in [0, 1, 7, 8, 63, 64, 65, 130] {
                    for at in 0..length {
                        let mut bytes = vec![other; length];
                        bytes[at] = delimiter;
                        bytes[length / 2] = b'\n';
                        let found: Vec<usize> = Specials::new(&bytes, 0, delimiter).collect();
                        assert_eq!(found, plainly(&bytes, 0, delimiter));
                    }
                }
            }
        }
    }

    #[test]
    fn those_before_a_place_are_passed_over() {
        let bytes = b"a;b\r\n\"c;d\";;\n".repeat(20);
        for first in (0..bytes.len()).step_by(7) {
            for second in first..=bytes.len() {
                let mut specials = Specials::new(&bytes, first, b';');
                let before = specials.next();
                specials.pass(second);
                let found: Vec<usize> = specials.collect();
                let mut expected = plainly(&bytes, second, b';');
                // What has been given does not come again, unless it lies far behind.
                if second < first + CHUNK {
                    expected.retain(|at| Some(*at) > before);
                }
                assert_eq!(found, expected, "{first} {second}");
            }
        }
    }
}
