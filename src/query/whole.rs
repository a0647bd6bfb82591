//! Whole numbers as an engine is to compute them: columns, constants, sums and products.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use crate::model::formula::{Node, Operation};
use crate::model::quantity::Fraction;

/// An expression of whole numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Whole {
    /// A number.
    Constant(BigInt),
    /// A column of the step before.
    Column(String),
    /// Two summed.
    Sum(Box<Whole>, Box<Whole>),
    /// The second taken from the first.
    Difference(Box<Whole>, Box<Whole>),
    /// Two multiplied.
    Product(Box<Whole>, Box<Whole>),
    /// The number, or nothing where it is 0: nothing can be divided by it.
    NonZero(Box<Whole>),
}

impl Whole {
    /// A column.
    pub fn column(name: impl Into<String>) -> Whole {
        Whole::Column(name.into())
    }

    /// The number 1.
    pub fn one() -> Whole {
        Whole::Constant(BigInt::one())
    }

    /// The number, where it is known beforehand.
    pub fn constant(&self) -> Option<&BigInt> {
        match self {
            Whole::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// The product with another.
    #[must_use]
    pub fn times(self, other: Whole) -> Whole {
        match (self, other) {
            (Whole::Constant(a), Whole::Constant(b)) => Whole::Constant(a * b),
            (Whole::Constant(one), other) | (other, Whole::Constant(one)) if one.is_one() => other,
            (Whole::Constant(a), other) | (other, Whole::Constant(a)) => match other {
                Whole::Product(inner, factor) if factor.constant().is_some() => {
                    inner.times(factor.times(Whole::Constant(a)))
                }
                other => Whole::Product(Box::new(other), Box::new(Whole::Constant(a))),
            },
            (a, b) => Whole::Product(Box::new(a), Box::new(b)),
        }
    }

    /// A number that divides it whatever the columns hold.
    fn content(&self) -> BigInt {
        match self {
            Whole::Constant(value) => value.abs(),
            Whole::Column(_) | Whole::NonZero(_) => BigInt::one(),
            Whole::Sum(a, b) | Whole::Difference(a, b) => a.content().gcd(&b.content()),
            Whole::Product(a, b) => a.content() * b.content(),
        }
    }

    /// The number divided by one that divides its content.
    fn divided(self, by: &BigInt) -> Whole {
        if by.is_one() {
            return self;
        }
        match self {
            Whole::Constant(value) => Whole::Constant(value / by),
            Whole::Column(_) | Whole::NonZero(_) => self,
            Whole::Sum(a, b) => Whole::Sum(Box::new(a.divided(by)), Box::new(b.divided(by))),
            Whole::Difference(a, b) => {
                Whole::Difference(Box::new(a.divided(by)), Box::new(b.divided(by)))
            }
            Whole::Product(a, b) => {
                let own = a.content().gcd(by);
                a.divided(&own).times(b.divided(&(by / &own)))
            }
        }
    }
}

/// A fraction of two such expressions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ratio {
    /// Above the line.
    pub top: Whole,
    /// Below it; nothing where something was divided by 0.
    pub bottom: Whole,
}

impl Ratio {
    /// A fraction, reduced by what is known of both.
    pub fn new(top: Whole, bottom: Whole) -> Ratio {
        let common = top.content().gcd(&bottom.content());
        if common.is_zero() {
            return Ratio { top, bottom };
        }
        Ratio {
            top: top.divided(&common),
            bottom: bottom.divided(&common),
        }
    }

    /// A number known beforehand.
    pub fn constant(value: &Fraction) -> Ratio {
        Ratio {
            top: Whole::Constant(value.numer().clone()),
            bottom: Whole::Constant(value.denom().clone()),
        }
    }

    /// A formula over fractions.
    pub fn of(node: &Node, operand: &impl Fn(usize) -> Ratio) -> Ratio {
        match node {
            Node::Constant(value) => Ratio::constant(value),
            Node::Operand(index) => operand(*index),
            Node::Negate(inner) => {
                Ratio::of(inner, operand).times(Ratio::constant(&-Fraction::one()))
            }
            Node::Binary(operation, left, right) => {
                let (left, right) = (Ratio::of(left, operand), Ratio::of(right, operand));
                match operation {
                    Operation::Add => left.with(right, Whole::Sum),
                    Operation::Subtract => left.with(right, Whole::Difference),
                    Operation::Multiply => left.times(right),
                    Operation::Divide => left.over(right),
                }
            }
        }
    }

    /// The product with another.
    #[must_use]
    pub fn times(self, other: Ratio) -> Ratio {
        Ratio::new(self.top.times(other.top), self.bottom.times(other.bottom))
    }

    /// Divided by another; by 0 it is nothing.
    #[must_use]
    pub fn over(self, other: Ratio) -> Ratio {
        let below = match other.top.constant() {
            Some(value) if !value.is_zero() => other.top,
            _ => Whole::NonZero(Box::new(other.top)),
        };
        Ratio::new(self.top.times(other.bottom), self.bottom.times(below))
    }

    /// The two on one line below.
    fn with(self, other: Ratio, join: fn(Box<Whole>, Box<Whole>) -> Whole) -> Ratio {
        if self.bottom == other.bottom {
            return Ratio::new(join(Box::new(self.top), Box::new(other.top)), self.bottom);
        }
        let (left, right, bottom) = match (self.bottom.constant(), other.bottom.constant()) {
            (Some(a), Some(b)) => {
                let common = a.lcm(b);
                let up = |by: &BigInt| Whole::Constant(&common / by);
                (
                    self.top.times(up(a)),
                    other.top.times(up(b)),
                    Whole::Constant(common.clone()),
                )
            }
            _ => (
                self.top.times(other.bottom.clone()),
                other.top.times(self.bottom.clone()),
                self.bottom.times(other.bottom),
            ),
        };
        Ratio::new(join(Box::new(left), Box::new(right)), bottom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::formula::parse;

    /// Figures in thirds, so that a denominator stands below each.
    const PARTS: i64 = 3;

    fn computed(whole: &Whole, columns: &[i64]) -> Option<BigInt> {
        let both = |a: &Whole, b: &Whole| computed(a, columns).zip(computed(b, columns));
        match whole {
            Whole::Constant(value) => Some(value.clone()),
            Whole::Column(name) => Some(columns[name.parse::<usize>().expect("an index")].into()),
            Whole::Sum(a, b) => both(a, b).map(|(a, b)| a + b),
            Whole::Difference(a, b) => both(a, b).map(|(a, b)| a - b),
            Whole::Product(a, b) => both(a, b).map(|(a, b)| a * b),
            Whole::NonZero(inner) => computed(inner, columns).filter(|value| !value.is_zero()),
        }
    }

    #[test]
    fn a_ratio_is_the_formula() {
        let formulas = [
            "f.a",
            "f.a + f.b",
            "f.a - 2.5 * f.b",
            "-(f.a / 7) + f.b",
            "f.a * f.b / 1.2",
            "f.a / f.b + f.b / f.a",
            "(f.a - f.b) / (f.a + f.b)",
            "1 / (f.a - f.b) - 0.75",
            "f.a / 0",
            "7",
        ];
        for text in formulas {
            let parsed = parse(text).expect(text);
            let ratio = Ratio::of(&parsed.node, &|index| {
                Ratio::new(
                    Whole::column(index.to_string()),
                    Whole::Constant(PARTS.into()),
                )
            });
            for columns in [[0, 0], [1, 1], [6, 0], [0, -4], [9, -2], [-5, 12], [3, 8]] {
                // Each mention of a field is a name of its own; they come in turns.
                let columns: Vec<i64> = parsed
                    .names
                    .iter()
                    .map(|(name, _)| columns[usize::from(format!("{name:?}").contains("\"b\""))])
                    .collect();
                let exact = parsed
                    .node
                    .evaluate(&|index| Some(Fraction::new(columns[index].into(), PARTS.into())));
                let both = computed(&ratio.top, &columns).zip(computed(&ratio.bottom, &columns));
                let both = both.filter(|(_, bottom)| !bottom.is_zero());
                let value = both.map(|(top, bottom)| Fraction::new(top, bottom));
                assert_eq!(value, exact, "{text} {columns:?}");
            }
        }
    }

    #[test]
    fn what_divides_both_is_left_away() {
        let thousand = |top| Ratio::new(top, Whole::Constant(1000.into()));
        let sum = Ratio::of(
            &parse("2.5 * f.a + f.b").expect("a formula").node,
            &|index| thousand(Whole::column(index.to_string())),
        );
        assert_eq!(sum.bottom, Whole::Constant(2000.into()));
        let share = sum.over(thousand(Whole::column("c")));
        assert_eq!(
            share.bottom,
            Whole::Product(
                Box::new(Whole::NonZero(Box::new(Whole::column("c")))),
                Box::new(Whole::Constant(2.into()))
            )
        );
    }
}
