//! The scale of a chart: its ends and ticks are round numbers, chosen and placed exactly.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::model::quantity::{Fixed, ten_to};

/// The most intervals between ticks: more labels than five cannot be read on a small chart.
const INTERVALS: u32 = 4;

/// A scale spans at least this part of its highest value.
const LEAST_SPAN: u32 = 10;

/// From where to where, and by which steps. Whole numbers, `10^decimals` of which make a one.
#[derive(Clone, Debug)]
pub struct Scale {
    low: BigInt,
    high: BigInt,
    step: BigInt,
    /// The step is 1, 2 or 5 times ten to this power.
    power: u32,
    decimals: u32,
}

impl Scale {
    /// The tightest scale of round ends that holds all values. It begins at zero only where the
    /// values say no more than one number, for want of anything else to compare it with.
    pub fn around<'a>(values: impl IntoIterator<Item = &'a Fixed> + Clone) -> Option<Scale> {
        let decimals = values.clone().into_iter().map(Fixed::decimals).max()?;
        let units = values.into_iter().map(|value| units(value, decimals));
        let (mut low, mut high) = units.fold(None, |ends: Option<(BigInt, BigInt)>, value| {
            Some(match ends {
                Some((low, high)) => (low.min(value.clone()), high.max(value)),
                None => (value.clone(), value),
            })
        })?;
        if low == high {
            low = low.min(BigInt::zero());
            high = high.max(BigInt::zero());
        }
        // A change of a hundredth is not to look like a leap.
        if !low.is_negative() && (&high - &low) * LEAST_SPAN < high {
            low = &high - Integer::div_ceil(&high, &BigInt::from(LEAST_SPAN));
        }
        if low == high {
            high = ten_to(decimals);
        }
        let most = BigInt::from(INTERVALS);
        let mut power = 0;
        loop {
            for digit in [1, 2, 5] {
                let step = ten_to(power) * digit;
                let ends = (low.div_floor(&step), Integer::div_ceil(&high, &step));
                if &ends.1 - &ends.0 <= most {
                    return Some(Scale {
                        low: ends.0 * &step,
                        high: ends.1 * &step,
                        step,
                        power,
                        decimals,
                    });
                }
            }
            power += 1;
        }
    }

    /// From zero to a value; `None` where that is nothing.
    pub fn up_to(most: &Fixed) -> Option<Scale> {
        let high = units(most, most.decimals());
        high.is_positive().then(|| Scale {
            low: BigInt::zero(),
            step: high.clone(),
            high,
            power: 0,
            decimals: most.decimals(),
        })
    }

    /// The numbers that are written, from below, with no more decimals than tell them apart.
    pub fn ticks(&self) -> Vec<Fixed> {
        let spare = self.power.min(self.decimals);
        let mut ticks = Vec::new();
        let mut tick = self.low.clone();
        while tick <= self.high {
            ticks.push(Fixed::new(&tick / ten_to(spare), self.decimals - spare));
            tick += &self.step;
        }
        ticks
    }

    /// How far a value is from the lower end where the whole scale is `length` long; what lies
    /// beyond an end stands at it.
    pub fn at(&self, value: &Fixed, length: i64) -> i64 {
        let decimals = self.decimals.max(value.decimals());
        let more = ten_to(decimals - self.decimals);
        let away = units(value, decimals) - &self.low * &more;
        let whole = (&self.high - &self.low) * more;
        let twice: BigInt = away * length * 2 + &whole;
        let place = twice.div_floor(&(whole * 2));
        place
            .clamp(BigInt::zero(), length.into())
            .to_i64()
            .unwrap_or(length)
    }
}

fn units(value: &Fixed, decimals: u32) -> BigInt {
    (value.to_fraction() * ten_to(decimals)).to_integer()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Fixed {
        let decimals = text.split_once('.').map_or(0, |(_, part)| part.len());
        let digits = text.replace('.', "").parse().expect("digits");
        Fixed::new(digits, decimals as u32)
    }

    fn ticks(values: &str) -> String {
        let values: Vec<Fixed> = values.split(' ').map(fixed).collect();
        let scale = Scale::around(&values).expect("a scale");
        let ticks: Vec<String> = scale.ticks().iter().map(Fixed::russian).collect();
        ticks.join(" ")
    }

    #[test]
    fn ticks_are_round_and_hold_all_values() {
        for (values, expected) in [
            ("72.4 80", "72 74 76 78 80"),
            ("77.82 78.43 80", "72 74 76 78 80"),
            ("0 100", "0 50 100"),
            ("3 100", "0 50 100"),
            ("3 80", "0 20 40 60 80"),
            ("99.9 100.0", "90 95 100"),
            ("0.6 1.2", "0,6 0,8 1,0 1,2"),
            ("3 4 5", "3 4 5"),
            ("1 7", "0 2 4 6 8"),
            ("-3 5", "−5 0 5"),
            ("12345 98765", "0 50 000 100 000"),
            ("100 100 100", "0 50 100"),
            ("-7", "−8 −6 −4 −2 0"),
            ("0", "0 1"),
            ("0.0", "0,0 0,5 1,0"),
            ("0.003 0.009", "0,002 0,004 0,006 0,008 0,010"),
        ] {
            assert_eq!(ticks(values).replace('\u{a0}', " "), expected, "{values}");
        }
        assert!(Scale::around(&[]).is_none());
    }

    #[test]
    fn places_are_exact() {
        let scale = Scale::around(&[fixed("72.4"), fixed("80")]).expect("a scale");
        let at = |text| scale.at(&fixed(text), 1000);
        assert_eq!(
            ["72", "80", "76", "76.004", "76.005", "71", "81"].map(at),
            [0, 1000, 500, 501, 501, 0, 1000]
        );
        let scale = Scale::up_to(&fixed("40")).expect("a scale");
        assert_eq!(scale.at(&fixed("10.0"), 400), 100);
        assert!(Scale::up_to(&fixed("0")).is_none());
        assert!(Scale::up_to(&fixed("-1")).is_none());
    }
}
