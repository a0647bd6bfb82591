//! Indicators: how a figure is computed from what was reported.

use super::formula::{FieldRef, Formula, Operand};

/// An indicator of `indicators.toml`.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Names it in targets, on the command line and in JSON.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// What the value is expressed in.
    pub unit: Unit,
    /// Above the line; the whole of a count.
    pub numerator: Formula,
    /// Below the line; `None` for a count.
    pub denominator: Option<Formula>,
    /// Digits after the comma, for printing only.
    pub decimals: u32,
    /// What the numerator counts, in the three plural forms («ребёнок», «ребёнка», «детей»).
    pub counts: Option<[String; 3]>,
    /// Which way is better.
    pub better: Better,
    /// The numerator is a part of the denominator: more than the whole is an error.
    pub share: bool,
    /// The stretch of time before the checked period's end that it looks at.
    pub window: Window,
    /// Where the formula comes from.
    pub method: String,
}

impl Indicator {
    /// The formulas in the order numerator, denominator.
    pub fn formulas(&self) -> impl Iterator<Item = &Formula> {
        std::iter::once(&self.numerator).chain(&self.denominator)
    }

    /// Every field that a formula names, each once, in order.
    pub fn fields(&self) -> Vec<FieldRef> {
        let mut fields: Vec<FieldRef> = self
            .formulas()
            .flat_map(|formula| &formula.operands)
            .filter_map(|operand| match operand {
                Operand::Field(field) => Some(*field),
                Operand::Organisations(_) => None,
            })
            .collect();
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// Every form that a formula uses, each once, in order.
    pub fn forms(&self) -> Vec<usize> {
        let mut forms: Vec<usize> = self.fields().iter().map(|field| field.form).collect();
        forms.dedup();
        forms
    }

    /// Every kind of organisation that a formula counts.
    pub fn counted_kinds(&self) -> impl Iterator<Item = &str> {
        self.formulas()
            .flat_map(|formula| &formula.operands)
            .filter_map(|operand| match operand {
                Operand::Organisations(kind) => Some(kind.as_str()),
                Operand::Field(_) => None,
            })
    }
}

/// What an indicator's value is expressed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// 100 × numerator / denominator.
    Percent,
    /// numerator / denominator.
    Ratio,
    /// The numerator alone.
    Count,
}

/// Which way an indicator is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// The stretch of time that an indicator looks at, ending with the checked period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Window {
    /// The checked period itself.
    Period,
    /// From 1 January.
    YearToDate,
    /// From 1 September.
    SchoolYearToDate,
}
