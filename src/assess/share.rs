//! How a whole is shared out among organisations: what each of them is short of the target, and
//! how much of the shortfall it accounts for.
//!
//! An organisation's gap is `limit × its denominator − its numerator` (for a limit from above the
//! other way round), an exact fraction, less than nothing for one that is beyond the target. The
//! gaps of all add up to the gap of the whole, since both sides of it do.
//!
//! The shortfall that `check` prints is a whole number, the smallest that will do, and so are its
//! shares: each gap is cut down to a whole number, and what is then missing from the shortfall goes,
//! one apiece, to the largest remainders. So the shares add up to the shortfall that stands above
//! them, each differs from its gap by less than one, and nobody is told to find 3,794 children. Of
//! equal remainders the one that comes first in the register gets more: the same reports always give
//! the same shares.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, ToPrimitive};

use super::verdict::Limit;
use crate::model::indicator::{Indicator, Unit};
use crate::model::quantity::{Fraction, floor};

/// How far a numerator is from what the limit asks of its denominator: more than nothing where it
/// is short. `None` for a count of several: a limit on all of them asks nothing of each.
pub fn gap(
    limit: &Limit,
    indicator: &Indicator,
    numerator: &Fraction,
    denominator: Option<&Fraction>,
    alone: bool,
) -> Option<Fraction> {
    let asked = match (indicator.unit, denominator) {
        (Unit::Count, _) => alone.then(|| limit.value.clone())?,
        (Unit::Ratio, Some(denominator)) => &limit.value * denominator,
        (Unit::Percent, Some(denominator)) => {
            &limit.value * denominator / Fraction::from_integer(100.into())
        }
        (_, None) => return None,
    };
    Some(match limit.upper {
        true => numerator - asked,
        false => asked - numerator,
    })
}

/// Whole numbers that add up to `whole`, each as near to its gap as that allows.
pub fn shares(gaps: &[Fraction], whole: &BigInt) -> Vec<BigInt> {
    let mut shares: Vec<BigInt> = gaps.iter().map(floor).collect();
    if shares.is_empty() {
        return shares;
    }
    let missing = whole - shares.iter().sum::<BigInt>();
    // Only gaps that do not add up to the whole leave more than one apiece.
    let (each, rest) = missing.div_mod_floor(&BigInt::from(shares.len()));
    let mut order: Vec<usize> = (0..gaps.len()).collect();
    let remainder = |index: usize| &gaps[index] - gaps[index].floor();
    order.sort_by_cached_key(|&index| std::cmp::Reverse(remainder(index)));
    let rest = rest.to_usize().unwrap_or(0);
    for (position, index) in order.into_iter().enumerate() {
        shares[index] += &each;
        if position < rest {
            shares[index] += BigInt::one();
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(value: i64) -> BigInt {
        BigInt::from(value)
    }

    #[test]
    fn the_largest_remainders_get_what_is_missing() {
        let gap = |tenths: i64| Fraction::new(whole(tenths), whole(10));
        for (tenths, all, expected) in [
            (&[38, 37, -15][..], 6, &[4, 4, -2][..]),
            (&[5, 5, 5], 2, &[1, 1, 0]),
            (&[10, 20], 3, &[1, 2]),
            // Strictly more is asked for: one above what the gaps add up to.
            (&[10, 20], 4, &[2, 2]),
            (&[-10], 0, &[0]),
            (&[], 0, &[]),
        ] {
            let gaps: Vec<Fraction> = tenths.iter().copied().map(gap).collect();
            let expected: Vec<BigInt> = expected.iter().copied().map(whole).collect();
            assert_eq!(shares(&gaps, &whole(all)), expected, "{tenths:?}");
        }
    }

    proptest! {
        #[test]
        fn shares_add_up_and_stay_near(
            parts in prop::collection::vec((0i64..500, 0i64..500), 1..40),
            limit in 0i64..10_000,
        ) {
            let limit = Fraction::new(whole(limit), whole(10_000));
            let gaps: Vec<Fraction> = parts
                .iter()
                .map(|&(numerator, denominator)| {
                    &limit * Fraction::from(whole(denominator)) - Fraction::from(whole(numerator))
                })
                .collect();
            let sum: Fraction = gaps.iter().sum();
            let shortfall = crate::model::quantity::ceil(&sum);
            let shares = shares(&gaps, &shortfall);
            prop_assert_eq!(shares.iter().sum::<BigInt>(), shortfall);
            for (share, gap) in shares.iter().zip(&gaps) {
                let off = Fraction::from(share.clone()) - gap;
                let one = Fraction::one();
                prop_assert!(off < one && off > -one, "{} for {}", share, gap);
            }
        }
    }
}
