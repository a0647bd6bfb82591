//! Formulas as people write them, in words and in numbers.

use crate::model::Plan;
use crate::model::form::OverTime;
use crate::model::formula::{Formula, Node, Operand, Operation};
use crate::model::indicator::{Indicator, Unit};
use crate::model::quantity::{Fixed, Fraction};

/// An indicator's formula in words, a line each for the whole, the numerator and the denominator.
pub(super) fn words(plan: &Plan, indicator: &Indicator) -> Vec<String> {
    let words = |formula: &Formula| {
        written(&formula.node, &|index| {
            operand(plan, &formula.operands[index])
        })
    };
    let whole = match indicator.unit {
        Unit::Percent => Some("100 × числитель ÷ знаменатель"),
        Unit::Ratio => Some("числитель ÷ знаменатель"),
        Unit::Count => None,
    };
    let mut lines: Vec<String> = whole.map(str::to_owned).into_iter().collect();
    for (name, formula) in names(indicator).iter().zip(indicator.formulas()) {
        lines.push(format!("{name}: {}", words(formula)));
    }
    lines
}

fn operand(plan: &Plan, operand: &Operand) -> String {
    match operand {
        Operand::Field(field) => {
            let own = plan.field(*field);
            let path = plan.field_path(*field);
            format!("«{}» ({path}{})", own.header, over_time(own.over_time))
        }
        Operand::Organisations(kind) => {
            format!("сколько организаций вида {kind} в реестре (organisations({kind}))")
        }
    }
}

/// How several reports make one value; of what is as of a date the last one goes without saying.
fn over_time(fold: OverTime) -> &'static str {
    match fold {
        OverTime::Last => "",
        OverTime::Sum => ", сумма за период",
        OverTime::ToDate => ", нарастающим итогом на конец периода",
        OverTime::Average => ", среднее за период",
        OverTime::Max => ", наибольшее за период",
    }
}

/// What the formulas of an indicator are called.
pub(super) fn names(indicator: &Indicator) -> [&'static str; 2] {
    match indicator.unit {
        Unit::Count => ["число", ""],
        _ => ["числитель", "знаменатель"],
    }
}

/// An exact number; where it has no end, to the indicator's decimals, and said to be rounded.
pub(super) fn exact(value: &Fraction, decimals: u32) -> String {
    match Fixed::exact(value) {
        Some(exact) => exact.russian(),
        None => format!("≈\u{a0}{}", Fixed::round(value, decimals).russian()),
    }
}

/// A formula as people write it, each operand in its own words.
pub(super) fn written(node: &Node, operand: &impl Fn(usize) -> String) -> String {
    let within = |inner: &Node, weaker: &dyn Fn(Operation) -> bool| match inner {
        Node::Binary(operation, ..) if weaker(*operation) => {
            format!("({})", written(inner, operand))
        }
        Node::Negate(_) => format!("({})", written(inner, operand)),
        _ => written(inner, operand),
    };
    let adds = |operation| matches!(operation, Operation::Add | Operation::Subtract);
    match node {
        Node::Constant(value) => exact(value, 2),
        Node::Operand(index) => operand(*index),
        Node::Negate(inner) => format!("\u{2212}{}", within(inner, &adds)),
        Node::Binary(operation, left, right) => match operation {
            Operation::Add => {
                format!(
                    "{} + {}",
                    within(left, &|_| false),
                    within(right, &|_| false)
                )
            }
            Operation::Subtract => {
                format!(
                    "{} \u{2212} {}",
                    within(left, &|_| false),
                    within(right, &adds)
                )
            }
            Operation::Multiply => format!("{} × {}", within(left, &adds), within(right, &adds)),
            Operation::Divide => format!("{} ÷ {}", within(left, &adds), within(right, &|_| true)),
        },
    }
}
