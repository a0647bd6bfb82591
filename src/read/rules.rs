//! Rules of a form, made ready to be checked row by row.

use std::cmp::Ordering;

use super::cell::bits;
use super::delimited::MOST;
use crate::model::form::Rule;
use crate::model::formula::{FieldRef, Relation, Term, sum_of, terms};
use crate::model::quantity::{Decimal, Fixed, Fraction, Reported};
use crate::processor::{Way, Work, at_best};

/// A rule as it is checked.
#[derive(Clone, Debug)]
pub struct Check<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Its place in the form.
    pub index: usize,
    relation: Relation,
    /// Left side less right side as a plain sum; `None` where the rule multiplies or divides.
    terms: Option<Vec<Term>>,
    /// The same where its constants are short.
    short_terms: Option<Vec<ShortTerm>>,
    /// Nearly every rule compares one field with another.
    pair: Option<(FieldRef, FieldRef)>,
}

impl<'a> Check<'a> {
    /// Makes a rule ready.
    pub fn new(rule: &'a Rule, index: usize) -> Check<'a> {
        let mut all = Vec::new();
        let linear = terms(&rule.left, true, &mut all) && terms(&rule.right, false, &mut all);
        let pair = match all[..] {
            [Term::Operand(left, true), Term::Operand(right, false)] if linear => {
                Some((rule.fields[left], rule.fields[right]))
            }
            _ => None,
        };
        Check {
            rule,
            index,
            relation: rule.relation,
            short_terms: linear.then(|| short_terms(&all)).flatten(),
            terms: linear.then_some(all),
            pair,
        }
    }

    /// Whether the rule holds; `None` where a field that it names has no value.
    #[inline]
    pub fn holds(&self, value: impl Fn(FieldRef) -> Reported) -> Option<bool> {
        if let Some((left, right)) = self.pair {
            return Some(self.relation.holds(value(left).compare(value(right))?));
        }
        let Some(terms) = &self.terms else {
            return self.holds_in_general(value);
        };
        let fields = &self.rule.fields;
        let sum = sum_of(terms, |index| value(fields[index]).decimal())?;
        Some(self.relation.holds(sum.sign()))
    }

    /// On which of so many lines the rule does not hold, one bit each; field by field what they say.
    #[inline]
    pub fn broken<'v>(
        &self,
        lines: usize,
        values: impl Fn(FieldRef) -> &'v [Reported; MOST],
    ) -> u64 {
        let own = u64::MAX >> (MOST - lines);
        let Some(terms) = &self.short_terms else {
            return self.broken_of(own, &values);
        };
        let signs = at_best(Signs {
            terms,
            values: |index: usize| values(self.rule.fields[index]),
        });
        let holds = |ordering| match self.relation.holds(ordering) {
            true => u64::MAX,
            false => 0,
        };
        let (below, above) = (signs.below, signs.above);
        let good = below & holds(Ordering::Less)
            | above & holds(Ordering::Greater)
            | !(below | above) & holds(Ordering::Equal);
        !good & own & !signs.unclear | self.broken_of(own & signs.unclear, &values)
    }

    /// The same for some of them, one by one.
    fn broken_of<'v>(&self, lines: u64, values: impl Fn(FieldRef) -> &'v [Reported; MOST]) -> u64 {
        bits(lines).fold(0, |broken, line| {
            let holds = self.holds(|field| values(field)[line]);
            broken | u64::from(holds == Some(false)) << line
        })
    }

    fn holds_in_general(&self, value: impl Fn(FieldRef) -> Reported) -> Option<bool> {
        let ordering = self.sides(value).map(|(left, right)| left.cmp(&right))?;
        Some(self.relation.holds(ordering))
    }

    /// The exact values of both sides.
    pub fn sides(&self, value: impl Fn(FieldRef) -> Reported) -> Option<(Fraction, Fraction)> {
        let operand = |index: usize| {
            value(self.rule.fields[index])
                .decimal()
                .map(Decimal::to_fraction)
        };
        Some((
            self.rule.left.evaluate(&operand)?,
            self.rule.right.evaluate(&operand)?,
        ))
    }

    /// Both sides in figures: «120 и 115».
    pub fn figures(&self, value: impl Fn(FieldRef) -> Reported) -> String {
        let show = |side: &Fraction| {
            Fixed::exact(side)
                .unwrap_or_else(|| Fixed::round(side, 4))
                .russian()
        };
        match self.sides(value) {
            Some((left, right)) => {
                let sign = match left.cmp(&right) {
                    Ordering::Less => "<",
                    Ordering::Equal => "=",
                    Ordering::Greater => ">",
                };
                format!("{} {sign} {}", show(&left), show(&right))
            }
            None => String::new(),
        }
    }
}

/// What is added up on many lines together, in thousandths.
#[derive(Clone, Copy, Debug)]
enum ShortTerm {
    /// An operand, added or taken away.
    Operand(usize, bool),
    Constant(i64),
}

/// No rule has as many terms that the sum of them would be too long.
const MOST_TERMS: usize = 1000;

fn short_terms(terms: &[Term]) -> Option<Vec<ShortTerm>> {
    let short = terms.iter().map(|term| match *term {
        Term::Operand(index, added) => Some(ShortTerm::Operand(index, added)),
        Term::Constant(constant) => {
            let (thousandths, is_short) = Reported::value(constant).thousandths();
            is_short.then_some(ShortTerm::Constant(thousandths))
        }
    });
    let short: Option<Vec<ShortTerm>> = short.collect();
    short.filter(|terms| terms.len() <= MOST_TERMS)
}

/// Asks for the signs of sums, line by line.
struct Signs<'t, F> {
    terms: &'t [ShortTerm],
    values: F,
}

/// The signs of sums, one bit a line; those that are neither below nor above are nought.
struct Signed {
    below: u64,
    above: u64,
    /// Some value is too long, or is none.
    unclear: u64,
}

impl<'v, F: Fn(usize) -> &'v [Reported; MOST]> Work for Signs<'_, F> {
    type Output = Signed;

    #[inline(always)]
    fn with<W: Way>(self, _: W) -> Signed {
        let mut sums = [0i64; MOST];
        let mut unclear = 0;
        let are_whole = self.terms.iter().all(|term| match *term {
            ShortTerm::Constant(_) => false,
            ShortTerm::Operand(index, _) => Reported::are_short_and_whole((self.values)(index)),
        });
        for term in self.terms {
            match *term {
                // Of whole numbers the words have the same sums, but for a factor.
                ShortTerm::Operand(index, added) if are_whole => {
                    let sign = if added { 1 } else { -1 };
                    for (sum, value) in sums.iter_mut().zip((self.values)(index)) {
                        *sum += sign * value.bits();
                    }
                }
                ShortTerm::Constant(constant) => sums.iter_mut().for_each(|sum| *sum += constant),
                ShortTerm::Operand(index, added) => {
                    let sign = if added { 1 } else { -1 };
                    let values = (self.values)(index).iter().enumerate();
                    for (sum, (line, value)) in sums.iter_mut().zip(values) {
                        let (thousandths, is_short) = value.thousandths();
                        *sum = sum.wrapping_add(thousandths.wrapping_mul(sign));
                        unclear |= u64::from(!is_short) << line;
                    }
                }
            }
        }
        let sums = sums.iter().enumerate();
        let signed = Signed {
            below: 0,
            above: 0,
            unclear,
        };
        sums.fold(signed, |signed, (line, sum)| Signed {
            below: signed.below | u64::from(*sum < 0) << line,
            above: signed.above | u64::from(*sum > 0) << line,
            ..signed
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::form::RuleSeverity;
    use crate::model::formula::{Name, parse_comparison};

    /// A rule over fields named a, b, c.
    fn rule(text: &str) -> Rule {
        let parsed = parse_comparison(text).expect("a comparison");
        let fields = parsed
            .names
            .iter()
            .map(|(name, _)| match name {
                Name::Field { field, .. } => FieldRef {
                    form: 0,
                    field: usize::from(field.as_bytes()[0] - b'a'),
                },
                Name::Organisations(_) => unreachable!("not in these tests"),
            })
            .collect();
        Rule {
            id: "r".into(),
            text: text.into(),
            left: parsed.left,
            relation: parsed.relation,
            right: parsed.right,
            fields,
            severity: RuleSeverity::Error,
            message: String::new(),
        }
    }

    #[test]
    fn the_quick_way_and_the_general_way_agree() {
        let values = [0i64, 1, 2, 5, 7, 10, 15];
        for text in [
            "a <= b",
            "a = b",
            "a + b <= c",
            "a - b < c - 1.5",
            "-a + 10 >= b - c",
            "a != b + c",
            "2 * a <= b + c",
            "a / b <= 1",
        ] {
            let rule = rule(text);
            let check = Check::new(&rule, 0);
            for a in values {
                for b in values {
                    for c in values {
                        let value = |field: FieldRef| {
                            let number = [a, b, c][field.field];
                            Reported::value(Decimal::new(number, 1).expect("short"))
                        };
                        assert_eq!(check.holds(value), check.holds_in_general(value), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn many_lines_are_held_together_as_one_by_one() {
        let texts = [
            "a <= b",
            "a < b",
            "a = b",
            "a != b",
            "a >= b",
            "a > b",
            "a + b <= c",
            "a - b >= 0.5",
            "-a + 10 >= b - c",
            "a <= 12345678901234567",
            "2 * a <= b",
        ];
        let mut seed = 9u64;
        let mut values = [[Reported::BLANK; MOST]; 3];
        for round in 0..300 {
            for value in values.iter_mut().flatten() {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let number = (seed >> 40) as i64 % 40 - 5;
                let long = 10i64.pow((seed >> 33) as u32 % 17);
                *value = match seed >> 61 {
                    0 if round % 3 == 0 => Reported::BLANK,
                    1 if round % 3 == 0 => Reported::LEFT_OUT,
                    2 if round % 2 == 0 => {
                        Reported::value(Decimal::new(long + number, 0).expect("short"))
                    }
                    scale => {
                        let scale = if round % 5 == 0 { 0 } else { scale };
                        let decimal = Decimal::parse(
                            format!("{number}.{}", "125"[..scale as usize % 4].trim_end())
                                .trim_end_matches('.')
                                .as_bytes(),
                        );
                        Reported::value(decimal.expect("short").expect("a number"))
                    }
                };
            }
            for text in texts {
                let rule = rule(text);
                let check = Check::new(&rule, 0);
                for lines in [1, 5, MOST] {
                    let expected = (0..lines).fold(0, |broken, line| {
                        let holds = check.holds(|field| values[field.field][line]);
                        broken | u64::from(holds == Some(false)) << line
                    });
                    let broken = check.broken(lines, |field| &values[field.field]);
                    assert_eq!(broken, expected, "{text} {values:?}");
                }
            }
        }
    }

    #[test]
    fn without_a_value_there_is_no_verdict() {
        let rule = rule("a <= b");
        let check = Check::new(&rule, 0);
        assert_eq!(check.holds(|_| Reported::BLANK), None);
    }
}
