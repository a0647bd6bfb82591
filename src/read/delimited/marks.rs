//! Which of sixty-four bytes are separators, line ends and quotes, one bit a byte: with AVX2 where
//! the processor has it, with what every processor has (by `wide`) elsewhere.
//!
//! The only module with `unsafe` code: to call what needs AVX2 behind the question whether it is
//! there, and to load thirty-two bytes. Both ways are held against each other by tests.
#![allow(unsafe_code)]

use wide::u8x16;

/// Bytes looked at together.
pub const CHUNK: usize = 64;

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
            Some(chunk) => marks(chunk, delimiter),
            None => filled_up(bytes, delimiter, marks),
        }
    }
}

/// The marks of less than a chunk.
#[inline(always)]
fn filled_up(bytes: &[u8], delimiter: u8, marks: impl Fn(&[u8; CHUNK], u8) -> Marks) -> Marks {
    let mut chunk = [0; CHUNK];
    chunk[..bytes.len()].copy_from_slice(bytes);
    // What fills the chunk up is not of the text, whatever byte the separator is.
    let own = !(u64::MAX << bytes.len());
    let marks = marks(&chunk, delimiter);
    Marks {
        separators: marks.separators & own,
        feeds: marks.feeds & own,
        carriages: marks.carriages & own,
        quotes: marks.quotes & own,
    }
}

/// Gives the marks of each chunk of a text in turn, the last one filled up with bytes that have none.
///
/// Whatever is done with them is done within, where the processor's newer instructions may be used:
/// `take` should be inlined.
#[inline]
pub fn each(bytes: &[u8], delimiter: u8, take: impl FnMut(usize, Marks)) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("popcnt")
    {
        // SAFETY: the processor has what the function needs.
        unsafe { avx2::each(bytes, delimiter, take) };
        return;
    }
    each_with(bytes, delimiter, marks, take);
}

#[inline(always)]
fn each_with(
    bytes: &[u8],
    delimiter: u8,
    marks: impl Fn(&[u8; CHUNK], u8) -> Marks,
    mut take: impl FnMut(usize, Marks),
) {
    let (chunks, rest) = bytes.as_chunks::<CHUNK>();
    for (index, chunk) in chunks.iter().enumerate() {
        take(index * CHUNK, marks(chunk, delimiter));
    }
    if !rest.is_empty() {
        take(chunks.len() * CHUNK, filled_up(rest, delimiter, marks));
    }
}

/// With sixteen bytes at a time, as every processor can.
#[inline(always)]
fn marks(chunk: &[u8; CHUNK], delimiter: u8) -> Marks {
    let separator = u8x16::splat(delimiter);
    let feed = u8x16::splat(b'\n');
    let carriage = u8x16::splat(b'\r');
    let quote = u8x16::splat(b'"');
    let mut marks = Marks::default();
    let (pieces, _) = chunk.as_chunks::<16>();
    for (index, piece) in pieces.iter().enumerate() {
        let piece = u8x16::new(*piece);
        let bits =
            |sign: u8x16| u64::from(piece.cmp_eq(sign).move_mask().cast_unsigned()) << (index * 16);
        marks.separators |= bits(separator);
        marks.feeds |= bits(feed);
        marks.carriages |= bits(carriage);
        marks.quotes |= bits(quote);
    }
    marks
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set1_epi8,
    };

    use super::{CHUNK, Marks, each_with};

    #[target_feature(enable = "avx2,bmi1,popcnt")]
    pub(super) fn each(bytes: &[u8], delimiter: u8, take: impl FnMut(usize, Marks)) {
        each_with(
            bytes,
            delimiter,
            |chunk, delimiter| marks(chunk, delimiter),
            take,
        );
    }

    #[inline]
    #[target_feature(enable = "avx2,bmi1,popcnt")]
    fn marks(chunk: &[u8; CHUNK], delimiter: u8) -> Marks {
        let (halves, _) = chunk.as_chunks::<32>();
        // SAFETY: each is thirty-two bytes that may be read, wherever they stand.
        let [low, high] = [0, 1]
            .map(|half| unsafe { _mm256_loadu_si256(halves[half].as_ptr().cast::<__m256i>()) });
        let bits = |sign: u8| {
            let sign = _mm256_set1_epi8(sign.cast_signed());
            let low = _mm256_movemask_epi8(_mm256_cmpeq_epi8(low, sign)).cast_unsigned();
            let high = _mm256_movemask_epi8(_mm256_cmpeq_epi8(high, sign)).cast_unsigned();
            u64::from(low) | u64::from(high) << 32
        };
        Marks {
            separators: bits(delimiter),
            feeds: bits(b'\n'),
            carriages: bits(b'\r'),
            quotes: bits(b'"'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8], delimiter: u8, plainly: bool) -> Vec<(usize, Marks)> {
        let mut found = Vec::new();
        let take = |at, marks| found.push((at, marks));
        match plainly {
            true => each_with(bytes, delimiter, marks, take),
            false => each(bytes, delimiter, take),
        }
        found
    }

    #[test]
    fn each_sign_is_found_in_either_way() {
        for delimiter in [b',', b';', b'\t', 0] {
            for other in [1, 0x80, 0xff, delimiter ^ 1, delimiter ^ 0x80] {
                for length in [0, 1, 7, 15, 16, 63, 64, 65, 130] {
                    for (at, sign) in (0..length).zip([b'\n', b'\r', b'"', delimiter].repeat(50)) {
                        let mut bytes = vec![other; length];
                        bytes[at] = sign;
                        let plain = found(&bytes, delimiter, true);
                        assert_eq!(plain, found(&bytes, delimiter, false));
                        let bit =
                            |of: fn(&Marks) -> u64| of(&plain[at / CHUNK].1) == 1 << (at % CHUNK);
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
