//! Rules of a form, made ready to be checked row by row.

use std::cmp::Ordering;

use crate::model::form::Rule;
use crate::model::formula::{FieldRef, Relation, Term, sum_of, terms};
use crate::model::quantity::{Decimal, Fixed, Fraction, Reported};

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
    pub fn broken<'v>(&self, lines: usize, values: impl Fn(FieldRef) -> &'v [Reported]) -> u64 {
        let bit = |line: usize, holds: Option<bool>| u64::from(holds == Some(false)) << line;
        let Some((left, right)) = self.pair else {
            return (0..lines).fold(0, |broken, line| {
                broken | bit(line, self.holds(|field| values(field)[line]))
            });
        };
        let pairs = values(left).iter().zip(values(right)).enumerate();
        match self.relation {
            // Asked without a look at the relation each time.
            Relation::LessOrEqual => pairs.fold(0, |broken, (line, (left, right))| {
                broken | bit(line, left.compare(*right).map(Ordering::is_le))
            }),
            relation => pairs.fold(0, |broken, (line, (left, right))| {
                broken
                    | bit(
                        line,
                        left.compare(*right).map(|order| relation.holds(order)),
                    )
            }),
        }
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
    fn without_a_value_there_is_no_verdict() {
        let rule = rule("a <= b");
        let check = Check::new(&rule, 0);
        assert_eq!(check.holds(|_| Reported::BLANK), None);
    }
}
