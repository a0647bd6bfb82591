//! Numbers that look random and are the same in every run.

/// SplitMix64: small, quick, and good from any seed.
pub struct Dice(u64);

impl Dice {
    /// For one thing among many: the same for the same `seed`.
    pub fn of(seed: [u64; 2]) -> Dice {
        let mut dice = Dice(seed[0]);
        let first = dice.next();
        Dice(first ^ seed[1].wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to, and without, `limit`.
    pub fn below(&mut self, limit: u32) -> u32 {
        (((self.next() >> 32) * u64::from(limit)) >> 32) as u32
    }

    /// True with this likelihood.
    pub fn happens(&mut self, likelihood: f64) -> bool {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64 <= likelihood && likelihood > 0.0
    }

    /// One of them.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u32) as usize]
    }
}
