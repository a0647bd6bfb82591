//! What is done with many numbers at a time, with the newest instructions that the processor has:
//! AVX-512, AVX2, or what every processor has (by `wide`).
//!
//! The only module with `unsafe` code: to call what needs such instructions behind the question
//! whether they are there, to load and store whole registers, and to fetch ahead. All ways are held against each
//! other by tests.
#![allow(unsafe_code)]

use wide::u8x16;

/// Bytes looked at together: one bit each in a word.
pub const CHUNK: usize = 64;

/// One way of doing what differs from processor to processor.
pub trait Way: Copy {
    /// Which bytes of a chunk are a sign, one bit each.
    fn equal(self, chunk: &[u8; CHUNK], sign: u8) -> u64;

    /// Writes the places of the bits that are set, counted from `base`, one behind the other; what
    /// stands behind the last means nothing.
    fn list(self, bits: u64, base: u32, room: &mut [u32; CHUNK]);
}

/// Some work that is done in whatever way is best. Everything within should be inlined: only then the
/// compiler uses the newer instructions for all of it.
pub trait Work {
    /// What comes of it.
    type Output;

    /// Does the work; to be marked `#[inline(always)]`.
    fn with<W: Way>(self, way: W) -> Self::Output;
}

/// Does some work in the best way there is.
#[inline]
pub fn at_best<T: Work>(work: T) -> T::Output {
    #[cfg(target_arch = "x86_64")]
    match x86::best() {
        x86::Best::Avx512(way) => way.work(work),
        x86::Best::Avx2(way) => way.work(work),
        x86::Best::Plain => work.with(Plain),
    }
    #[cfg(not(target_arch = "x86_64"))]
    work.with(Plain)
}

/// Asks for what stands at a place, which will be read soon: the processor fetches it meanwhile.
#[inline(always)]
pub fn ask_for<T>(list: &[T], place: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(item) = list.get(place) {
        x86::ask_for(item);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (list, place);
}

/// With what every processor has: for little work, which is not worth the question.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl Way for Plain {
    #[inline(always)]
    fn equal(self, chunk: &[u8; CHUNK], sign: u8) -> u64 {
        let sign = u8x16::splat(sign);
        let (pieces, _) = chunk.as_chunks::<16>();
        let pieces = pieces.iter().enumerate();
        pieces.fold(0, |bits, (index, piece)| {
            let own = u8x16::new(*piece).cmp_eq(sign).move_mask();
            bits | u64::from(own.cast_unsigned()) << (index * 16)
        })
    }

    #[inline(always)]
    fn list(self, bits: u64, base: u32, room: &mut [u32; CHUNK]) {
        let mut bits = bits;
        for place in room {
            if bits == 0 {
                break;
            }
            *place = base + bits.trailing_zeros();
            bits &= bits - 1;
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m128i, __m256i, __m512i, _MM_HINT_T0, _mm_prefetch, _mm256_cmpeq_epi8,
        _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set1_epi8, _mm512_add_epi32,
        _mm512_castsi512_si128, _mm512_cmpeq_epi8_mask, _mm512_cvtepu8_epi32,
        _mm512_extracti32x4_epi32, _mm512_loadu_si512, _mm512_maskz_compress_epi8,
        _mm512_set1_epi8, _mm512_set1_epi32, _mm512_storeu_si512,
    };

    use std::sync::OnceLock;

    use super::{CHUNK, Plain, Way, Work};

    /// The best way there is.
    #[derive(Clone, Copy, Debug)]
    pub(super) enum Best {
        Avx512(Avx512),
        Avx2(Avx2),
        Plain,
    }

    /// Looked for once.
    #[inline]
    pub(super) fn best() -> Best {
        static BEST: OnceLock<Best> = OnceLock::new();
        *BEST.get_or_init(|| match (Avx512::detect(), Avx2::detect()) {
            (Some(way), _) => Best::Avx512(way),
            (None, Some(way)) => Best::Avx2(way),
            (None, None) => Best::Plain,
        })
    }

    #[inline(always)]
    pub(super) fn ask_for<T>(item: &T) {
        // SAFETY: every processor of this kind can be asked, and nothing is read or written by it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(item).cast::<i8>()) };
    }

    /// There is one only where the processor has AVX2.
    #[derive(Clone, Copy, Debug)]
    pub(super) struct Avx2(());

    impl Avx2 {
        pub(super) fn detect() -> Option<Avx2> {
            let has = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("lzcnt")
                && is_x86_feature_detected!("popcnt");
            has.then_some(Avx2(()))
        }

        #[inline]
        pub(super) fn work<T: Work>(self, work: T) -> T::Output {
            #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
            fn within<T: Work>(way: Avx2, work: T) -> T::Output {
                work.with(way)
            }
            // SAFETY: the processor has what the function needs.
            unsafe { within(self, work) }
        }
    }

    impl Way for Avx2 {
        #[inline(always)]
        fn equal(self, chunk: &[u8; CHUNK], sign: u8) -> u64 {
            #[inline]
            #[target_feature(enable = "avx2")]
            fn within(chunk: &[u8; CHUNK], sign: u8) -> u64 {
                let (halves, _) = chunk.as_chunks::<32>();
                let sign = _mm256_set1_epi8(sign.cast_signed());
                let [low, high] = [0, 1].map(|half: usize| {
                    // SAFETY: thirty-two bytes that may be read, wherever they stand.
                    let half =
                        unsafe { _mm256_loadu_si256(halves[half].as_ptr().cast::<__m256i>()) };
                    _mm256_movemask_epi8(_mm256_cmpeq_epi8(half, sign)).cast_unsigned()
                });
                u64::from(low) | u64::from(high) << 32
            }
            // SAFETY: the processor has what the function needs.
            unsafe { within(chunk, sign) }
        }

        #[inline(always)]
        fn list(self, bits: u64, base: u32, room: &mut [u32; CHUNK]) {
            Plain.list(bits, base, room);
        }
    }

    /// There is one only where the processor has as much of AVX-512 as is used.
    #[derive(Clone, Copy, Debug)]
    pub(super) struct Avx512(());

    /// Each byte is its own place.
    const PLACES: [u8; CHUNK] = {
        let mut places = [0; CHUNK];
        let mut place = 0;
        while place < CHUNK {
            places[place] = place as u8;
            place += 1;
        }
        places
    };

    impl Avx512 {
        pub(super) fn detect() -> Option<Avx512> {
            let has = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512cd")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vbmi2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("lzcnt")
                && is_x86_feature_detected!("popcnt");
            has.then_some(Avx512(()))
        }

        #[inline]
        pub(super) fn work<T: Work>(self, work: T) -> T::Output {
            #[target_feature(
                enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx512vbmi2,bmi1,bmi2,lzcnt,popcnt"
            )]
            fn within<T: Work>(way: Avx512, work: T) -> T::Output {
                work.with(way)
            }
            // SAFETY: the processor has what the function needs.
            unsafe { within(self, work) }
        }
    }

    impl Way for Avx512 {
        #[inline(always)]
        fn equal(self, chunk: &[u8; CHUNK], sign: u8) -> u64 {
            #[inline]
            #[target_feature(enable = "avx512f,avx512bw")]
            fn within(chunk: &[u8; CHUNK], sign: u8) -> u64 {
                // SAFETY: sixty-four bytes that may be read, wherever they stand.
                let chunk = unsafe { _mm512_loadu_si512(chunk.as_ptr().cast::<__m512i>()) };
                _mm512_cmpeq_epi8_mask(chunk, _mm512_set1_epi8(sign.cast_signed()))
            }
            // SAFETY: the processor has what the function needs.
            unsafe { within(chunk, sign) }
        }

        #[inline(always)]
        fn list(self, bits: u64, base: u32, room: &mut [u32; CHUNK]) {
            #[inline]
            #[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
            fn within(bits: u64, base: u32, room: &mut [u32; CHUNK]) {
                // SAFETY: sixty-four bytes that may be read.
                let places = unsafe { _mm512_loadu_si512(PLACES.as_ptr().cast::<__m512i>()) };
                let found = _mm512_maskz_compress_epi8(bits, places);
                let base = _mm512_set1_epi32(base.cast_signed());
                let (quarters, _) = room.as_chunks_mut::<16>();
                let write = |places: __m128i, quarter: &mut [u32; 16]| {
                    let places = _mm512_add_epi32(_mm512_cvtepu8_epi32(places), base);
                    // SAFETY: sixty-four bytes that may be written, wherever they stand.
                    unsafe {
                        _mm512_storeu_si512(quarter.as_mut_ptr().cast::<__m512i>(), places);
                    }
                };
                write(_mm512_castsi512_si128(found), &mut quarters[0]);
                if bits.count_ones() > 16 {
                    write(_mm512_extracti32x4_epi32::<1>(found), &mut quarters[1]);
                    write(_mm512_extracti32x4_epi32::<2>(found), &mut quarters[2]);
                    write(_mm512_extracti32x4_epi32::<3>(found), &mut quarters[3]);
                }
            }
            // SAFETY: the processor has what the function needs.
            unsafe { within(bits, base, room) }
        }
    }
}

/// In every way that this processor has.
#[cfg(test)]
pub fn in_each_way<T: Work + Clone>(work: &T) -> Vec<T::Output> {
    let mut outputs = vec![work.clone().with(Plain)];
    #[cfg(target_arch = "x86_64")]
    {
        outputs.extend(x86::Avx2::detect().map(|way| way.work(work.clone())));
        outputs.extend(x86::Avx512::detect().map(|way| way.work(work.clone())));
    }
    outputs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone)]
    struct Equal([u8; CHUNK], u8);

    impl Work for Equal {
        type Output = u64;

        fn with<W: Way>(self, way: W) -> u64 {
            way.equal(&self.0, self.1)
        }
    }

    #[test]
    fn each_sign_is_found_in_each_way() {
        for sign in [b',', b';', b'\t', b'\n', b'\r', b'"', 0, 0xff] {
            for other in [1, 0x80, 0xfe, sign ^ 1, sign ^ 0x80] {
                for at in 0..CHUNK {
                    let mut chunk = [other; CHUNK];
                    chunk[at] = sign;
                    chunk[at / 2] = sign;
                    let expected = 1 << at | 1 << (at / 2);
                    for bits in in_each_way(&Equal(chunk, sign)) {
                        assert_eq!(bits, expected, "{sign} {other} {at}");
                    }
                }
            }
        }
    }

    #[derive(Clone)]
    struct List(u64);

    impl Work for List {
        type Output = Vec<u32>;

        fn with<W: Way>(self, way: W) -> Vec<u32> {
            let mut room = [0; CHUNK];
            way.list(self.0, 1000, &mut room);
            room[..self.0.count_ones() as usize].to_vec()
        }
    }

    #[test]
    fn places_of_bits_are_listed_in_each_way() {
        let mut bits = 0x0123_4567_89ab_cdefu64;
        for round in 0..1000u32 {
            bits = bits.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            let few = bits & bits.rotate_left(round) & bits.rotate_left(2 * round + 1);
            for bits in [0, u64::MAX, 1 << (round % 64), bits, few, !few] {
                let expected: Vec<u32> = (0..64).filter(|at| bits >> at & 1 == 1).collect();
                for places in in_each_way(&List(bits)) {
                    let places: Vec<u32> = places.iter().map(|place| place - 1000).collect();
                    assert_eq!(places, expected);
                }
            }
        }
    }
}
