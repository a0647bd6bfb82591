//! Which of sixty-four bytes are separators, line ends and quotes, one bit a byte.

pub use crate::processor::CHUNK;
use crate::processor::{Plain, Way};

/// One bit for each byte of a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Marks {
    /// Separators.
    pub separators: u64,
    /// Line feeds.
    pub feeds: u64,
    /// Carriage returns.
    pub carriages: u64,
    /// Quotes.
    pub quotes: u64,
}

impl Marks {
    /// Those of a text's first chunk, which there may be less of.
    #[inline]
    pub fn first(bytes: &[u8], delimiter: u8) -> Marks {
        match bytes.first_chunk::<CHUNK>() {
            Some(chunk) => Marks::of(chunk, delimiter, Plain),
            None => Marks::of_less(bytes, delimiter, Plain),
        }
    }

    #[inline(always)]
    fn of<W: Way>(chunk: &[u8; CHUNK], delimiter: u8, way: W) -> Marks {
        Marks {
            separators: way.equal(chunk, delimiter),
            feeds: way.equal(chunk, b'\n'),
            carriages: way.equal(chunk, b'\r'),
            quotes: way.equal(chunk, b'"'),
        }
    }

    /// The marks of what may be less than a chunk.
    #[inline(always)]
    fn of_less<W: Way>(bytes: &[u8], delimiter: u8, way: W) -> Marks {
        let mut chunk = [0; CHUNK];
        chunk[..bytes.len()].copy_from_slice(bytes);
        // What fills the chunk up is not of the text, whatever byte the separator is.
        let own = !(u64::MAX << bytes.len());
        let marks = Marks::of(&chunk, delimiter, way);
        Marks {
            separators: marks.separators & own,
            feeds: marks.feeds & own,
            carriages: marks.carriages & own,
            quotes: marks.quotes & own,
        }
    }
}

/// Gives the marks of each chunk of a text in turn, the last one filled up with bytes that have none.
#[inline(always)]
pub fn each<W: Way>(bytes: &[u8], delimiter: u8, way: W, mut take: impl FnMut(usize, Marks)) {
    let (chunks, rest) = bytes.as_chunks::<CHUNK>();
    for (index, chunk) in chunks.iter().enumerate() {
        take(index * CHUNK, Marks::of(chunk, delimiter, way));
    }
    if !rest.is_empty() {
        let marks = Marks::of_less(rest, delimiter, way);
        take(chunks.len() * CHUNK, marks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processor::{Work, in_each_way};

    #[derive(Clone)]
    struct Each<'a>(&'a [u8], u8);

    impl Work for Each<'_> {
        type Output = Vec<(usize, Marks)>;

        fn with<W: Way>(self, way: W) -> Self::Output {
            let mut found = Vec::new();
            each(self.0, self.1, way, |at, marks| found.push((at, marks)));
            found
        }
    }

    #[test]
    fn each_sign_is_found_whatever_the_length() {
        for delimiter in [b',', b';', b'\t', 0] {
            for other in [1, 0x80, 0xff, delimiter ^ 1, delimiter ^ 0x80] {
                for length in [0, 1, 7, 15, 16, 63, 64, 65, 130] {
                    for (at, sign) in (0..length).zip([b'\n', b'\r', b'"', delimiter].repeat(50)) {
                        let mut bytes = vec![other; length];
                        bytes[at] = sign;
                        for found in in_each_way(&Each(&bytes, delimiter)) {
                            let bit = |of: fn(&Marks) -> u64| {
                                let all = found.iter().map(|(_, marks)| of(marks));
                                all.map(u64::count_ones).sum::<u32>() == 1
                                    && of(&found[at / CHUNK].1) == 1 << (at % CHUNK)
                            };
                            let one = match sign {
                                b'\n' => bit(|marks| marks.feeds),
                                b'\r' => bit(|marks| marks.carriages),
                                b'"' => bit(|marks| marks.quotes),
                                _ => bit(|marks| marks.separators),
                            };
                            assert!(one, "{delimiter} {other} {length} {at}");
                        }
                    }
                }
            }
        }
    }
}
