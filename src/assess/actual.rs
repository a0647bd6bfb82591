//! Actuals: formulas on the sums of what was reported, as exact fractions.

use num_traits::Zero;

use jiff::civil::Date;

use crate::model::Plan;
use crate::model::form::{Form, Missing, OverTime};
use crate::model::formula::{FieldRef, Formula, Operand};
use crate::model::indicator::{Indicator, Unit, Window};
use crate::model::period::{Every, Period};
use crate::model::quantity::{Decimal, Fraction, Reported, Sum};
use crate::tally::{Standing, Tally};

/// What a figure is computed from.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What was reported.
    pub tally: &'a Tally,
    /// The checked period.
    pub period: Period,
}

/// Why an organisation's report does not enter an indicator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// Nothing was accepted for these periods.
    NotReported,
    /// Reports that differ: none counts.
    Conflicting,
    /// The field has no value.
    NoValue(FieldRef),
    /// The field's value was left out by an error.
    Faulty(FieldRef),
    /// Some of the window's periods are missing; the others count.
    Incomplete,
    /// Its numerator exceeds its denominator.
    Exceeds,
}

/// An organisation whose report does not enter an indicator, or not wholly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gap {
    /// The organisation.
    pub organisation: u32,
    /// The form.
    pub form: usize,
    /// Why.
    pub reason: Reason,
}

/// A form's figures taken from another period than the checked one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stale {
    /// The form.
    pub form: usize,
    /// The period that was taken instead.
    pub period: Period,
}

/// An indicator's value and what it rests on.
#[derive(Clone, Debug, Default)]
pub struct Actual {
    /// Above the line.
    pub numerator: Option<Fraction>,
    /// Below the line; `None` for a count too.
    pub denominator: Option<Fraction>,
    /// In the indicator's unit.
    pub value: Option<Fraction>,
    /// What is missing from it.
    pub gaps: Vec<Gap>,
    /// Earlier figures taken for want of current ones.
    pub stale: Vec<Stale>,
}

impl Actual {
    /// Something is missing from it, or older than it should be.
    pub fn is_provisional(&self) -> bool {
        !self.gaps.is_empty() || !self.stale.is_empty()
    }
}

/// What one organisation gives to one indicator through one form.
#[derive(Clone, Debug)]
enum Part {
    /// It does not owe the form.
    NotOwed,
    /// It owes it, and gives nothing.
    Nothing(Reason),
    /// One value for each of the indicator's fields of this form, in their order.
    Values {
        values: Vec<Amount>,
        gap: Option<Reason>,
        stale: Option<Period>,
    },
}

/// A folded value: nearly always a plain decimal.
#[derive(Clone, Debug)]
enum Amount {
    Decimal(Decimal),
    Fraction(Fraction),
}

/// What every organisation in view gives to an indicator.
pub struct Contributions<'a> {
    basis: Basis<'a>,
    indicator: &'a Indicator,
    fields: Vec<FieldRef>,
    forms: Vec<usize>,
    /// The organisations, each with a part a form.
    parts: Vec<(u32, Vec<Part>)>,
    /// Left out since their numerator exceeds their denominator.
    exceeding: Vec<u32>,
}

/// How a form that none of the organisations in view owes is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unowed {
    /// As nothing known: no value.
    Unknown,
    /// As 0, so that the parts of a sum add up to the whole.
    Zero,
}

/// The first and last day that an indicator looks at.
pub fn window(indicator: &Indicator, period: Period) -> (Date, Date) {
    let end = period.end();
    let start = match indicator.window {
        Window::Period => period.start(),
        Window::YearToDate => Period::containing(Every::Year, end).start(),
        Window::SchoolYearToDate => Period::containing(Every::SchoolYear, end).start(),
    };
    (start, end)
}

/// The periods for which a form is owed within two days; for a form with longer periods, the one
/// that the last day lies in.
pub fn owed_periods(form: &Form, start: Date, end: Date) -> Vec<Period> {
    let periods: Vec<Period> = Period::between(form.every, start, end).collect();
    if periods.is_empty() {
        vec![Period::containing(form.every, end)]
    } else {
        periods
    }
}

impl<'a> Contributions<'a> {
    /// Gathers what the organisations in view give to an indicator.
    pub fn gather(basis: Basis<'a>, indicator: &'a Indicator, view: &[u32]) -> Self {
        let fields = indicator.fields();
        let forms = indicator.forms();
        let parts = view
            .iter()
            .map(|&organisation| {
                let parts = forms
                    .iter()
                    .map(|&form| part(&basis, indicator, &fields, form, organisation))
                    .collect();
                (organisation, parts)
            })
            .collect();
        Contributions {
            basis,
            indicator,
            fields,
            forms,
            parts,
            exceeding: Vec::new(),
        }
    }

    /// Leaves out the organisations whose part is more than their whole; says which.
    pub fn leave_out_exceeding(&mut self) -> Vec<u32> {
        if !self.indicator.share {
            return Vec::new();
        }
        let exceeding: Vec<u32> = self
            .parts
            .iter()
            .filter(|(_, parts)| parts.iter().all(|part| matches!(part, Part::Values { .. })))
            .map(|(organisation, _)| *organisation)
            .filter(|&organisation| {
                let own = self.actual(&[organisation], Unowed::Zero);
                matches!((&own.numerator, &own.denominator), (Some(n), Some(d)) if n > d)
            })
            .collect();
        self.exceeding.clone_from(&exceeding);
        exceeding
    }

    /// Whether an organisation has anything to do with the indicator.
    pub fn concerns(&self, organisation: u32) -> bool {
        let owes = self
            .parts_of(organisation)
            .is_some_and(|parts| parts.iter().any(|part| !matches!(part, Part::NotOwed)));
        let who = &self.basis.tally.register.organisations[organisation as usize];
        owes || self
            .indicator
            .counted_kinds()
            .any(|kind| kind == &*who.kind && who.open_on(self.basis.period.end()))
    }

    fn parts_of(&self, organisation: u32) -> Option<&[Part]> {
        // The view is in the order of the register.
        self.parts
            .binary_search_by_key(&organisation, |(own, _)| *own)
            .ok()
            .map(|index| &self.parts[index].1[..])
    }

    /// The indicator of some of the organisations in view.
    pub fn actual(&self, organisations: &[u32], unowed: Unowed) -> Actual {
        let mut actual = Actual::default();
        let mut sums = vec![Sum::default(); self.fields.len()];
        let mut owed = vec![false; self.forms.len()];
        let mut entered = vec![false; self.forms.len()];
        for &organisation in organisations {
            let Some(parts) = self.parts_of(organisation) else {
                continue;
            };
            let exceeds = self.exceeding.contains(&organisation);
            for (index, part) in parts.iter().enumerate() {
                let form = self.forms[index];
                let gap = |reason| Gap {
                    organisation,
                    form,
                    reason,
                };
                owed[index] |= !matches!(part, Part::NotOwed);
                match part {
                    Part::NotOwed => {}
                    _ if exceeds => actual.gaps.push(gap(Reason::Exceeds)),
                    Part::Nothing(reason) => actual.gaps.push(gap(*reason)),
                    Part::Values {
                        values,
                        gap: incomplete,
                        stale,
                    } => {
                        entered[index] = true;
                        self.add(form, values, &mut sums);
                        actual.gaps.extend(incomplete.map(gap));
                        if let Some(period) = *stale {
                            actual.stale.push(Stale { form, period });
                        }
                    }
                }
            }
        }
        actual.stale.sort_unstable();
        actual.stale.dedup();
        let operand = |operand: &Operand| match operand {
            Operand::Field(field) => {
                let form = self.forms.iter().position(|form| *form == field.form)?;
                let index = self.fields.iter().position(|own| own == field)?;
                match (owed[form], unowed) {
                    (false, Unowed::Zero) => Some(Fraction::zero()),
                    _ => entered[form].then(|| sums[index].to_fraction()),
                }
            }
            Operand::Organisations(kind) => self.count_of_kind(kind, organisations),
        };
        let evaluate = |formula: &Formula| {
            formula
                .node
                .evaluate(&|index| operand(&formula.operands[index]))
        };
        let mut values = self.indicator.formulas().map(evaluate);
        actual.numerator = values.next().flatten();
        actual.denominator = values.next().flatten();
        drop(values);
        actual.value = value(self.indicator.unit, &actual);
        actual
    }

    fn add(&self, form: usize, values: &[Amount], sums: &mut [Sum]) {
        let own = self
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.form == form);
        for ((index, _), value) in own.zip(values) {
            match value {
                Amount::Decimal(value) => sums[index].add(*value),
                Amount::Fraction(value) => sums[index].add_fraction(value),
            }
        }
    }

    fn count_of_kind(&self, kind: &str, organisations: &[u32]) -> Option<Fraction> {
        let register = &self.basis.tally.register;
        let end = self.basis.period.end();
        register.declared.then(|| {
            let count = organisations
                .iter()
                .map(|&index| &register.organisations[index as usize])
                .filter(|who| !who.implied && *who.kind == *kind && who.open_on(end))
                .count();
            Fraction::from_integer(count.into())
        })
    }
}

fn value(unit: Unit, actual: &Actual) -> Option<Fraction> {
    let numerator = actual.numerator.as_ref()?;
    if unit == Unit::Count {
        return Some(numerator.clone());
    }
    let denominator = actual.denominator.as_ref().filter(|d| !d.is_zero())?;
    let ratio = numerator / denominator;
    Some(match unit {
        Unit::Percent => ratio * Fraction::from_integer(100.into()),
        _ => ratio,
    })
}

/// The reports of one organisation that a window sees.
struct Seen<'a> {
    /// Oldest first.
    reports: Vec<(Period, &'a [Reported])>,
    stale: Option<Period>,
}

fn part(
    basis: &Basis<'_>,
    indicator: &Indicator,
    fields: &[FieldRef],
    form_index: usize,
    organisation: u32,
) -> Part {
    let form = &basis.plan.forms[form_index];
    let register = &basis.tally.register;
    let who = &register.organisations[organisation as usize];
    if register.declared && !who.is_of_kind(form) {
        return Part::NotOwed;
    }
    let (start, end) = window(indicator, basis.period);
    let owes = |period: Period| !register.declared || who.owes(form, period);
    let mut expected = owed_periods(form, start, end);
    let last = expected.last().copied();
    expected.retain(|period| owes(*period));
    let own: Vec<usize> = fields
        .iter()
        .filter(|field| field.form == form_index)
        .map(|field| field.field)
        .collect();
    // What is counted as of a date is not there for an organisation that is closed by then.
    let as_of = own
        .iter()
        .any(|field| form.fields[*field].over_time == OverTime::Last);
    if expected.is_empty() || (as_of && last.is_some_and(|last| !owes(last))) {
        return Part::NotOwed;
    }
    let seen = see(basis, form_index, organisation, start, end);
    if !register.declared {
        if seen.reports.is_empty() {
            return Part::NotOwed;
        }
        expected.clear();
    }
    fold_all(basis, form_index, organisation, &own, &expected, &seen)
}

/// The reports within the window; for want of any, the one whose period contains the checked one;
/// for a form with longer periods than the checked one, else the newest earlier one.
fn see<'a>(
    basis: &Basis<'a>,
    form_index: usize,
    organisation: u32,
    start: Date,
    end: Date,
) -> Seen<'a> {
    let tally = basis.tally;
    let form = &basis.plan.forms[form_index];
    let values = |period: Period| {
        tally
            .values(form_index, organisation, period)
            .filter(|values| values.iter().any(|value| value.decimal().is_some()))
            .map(|values| (period, values))
    };
    let within: Vec<(Period, &[Reported])> = tally
        .periods(form_index)
        .filter(|period| start <= period.start() && period.end() <= end)
        .filter_map(values)
        .collect();
    if !within.is_empty() {
        return Seen {
            reports: within,
            stale: None,
        };
    }
    let containing = tally
        .periods(form_index)
        .filter(|period| period.contains(basis.period) || is_longer_at(form, *period, basis.period))
        .filter_map(values)
        .min_by_key(|(period, _)| period.every().months());
    if let Some(report) = containing {
        return Seen {
            reports: vec![report],
            stale: None,
        };
    }
    let earlier = tally
        .periods(form_index)
        .rev()
        .filter(|period| {
            form.every.months() > basis.period.every().months()
                && period.end() < basis.period.start()
        })
        .find_map(values);
    Seen {
        stale: earlier.map(|(period, _)| period),
        reports: earlier.into_iter().collect(),
    }
}

/// A form whose periods neither fit into the checked one nor contain it (a school year in a check
/// of a calendar year): the one that the checked period ends in.
fn is_longer_at(form: &Form, period: Period, checked: Period) -> bool {
    form.every.months() >= checked.every().months()
        && period.every() == form.every
        && period == Period::containing(form.every, checked.end())
}

fn fold_all(
    basis: &Basis<'_>,
    form_index: usize,
    organisation: u32,
    fields: &[usize],
    expected: &[Period],
    seen: &Seen<'_>,
) -> Part {
    let form = &basis.plan.forms[form_index];
    let mut values = Vec::with_capacity(fields.len());
    let mut gap = None;
    for &index in fields {
        let field = &form.fields[index];
        match fold(field.over_time, index, seen) {
            Some(amount) => {
                if is_incomplete(field.over_time, index, expected, seen) {
                    gap = Some(Reason::Incomplete);
                }
                values.push(amount);
            }
            None => {
                let reference = FieldRef {
                    form: form_index,
                    field: index,
                };
                let reason = why_nothing(basis, organisation, reference, expected, seen);
                match field.missing {
                    Missing::Exclude => return Part::Nothing(reason),
                    Missing::Zero => {
                        values.push(Amount::Decimal(Decimal::ZERO));
                        let nobody = basis.tally.register.declared && seen.reports.is_empty();
                        if nobody || matches!(reason, Reason::Faulty(_)) {
                            gap = Some(reason);
                        }
                    }
                }
            }
        }
    }
    Part::Values {
        values,
        gap,
        stale: seen.stale,
    }
}

/// Puts the values of several periods together.
fn fold(over_time: OverTime, field: usize, seen: &Seen<'_>) -> Option<Amount> {
    let values = || {
        seen.reports
            .iter()
            .filter_map(|(period, values)| Some((*period, values[field].decimal()?)))
    };
    match over_time {
        OverTime::Last | OverTime::ToDate => values()
            .max_by_key(|(period, _)| (period.end(), std::cmp::Reverse(period.every().months())))
            .map(|(_, value)| Amount::Decimal(value)),
        OverTime::Max => values().map(|(_, value)| value).max().map(Amount::Decimal),
        OverTime::Sum | OverTime::Average => {
            // A quarter's report beside those of its months counts once.
            let periods: Vec<Period> = values().map(|(period, _)| period).collect();
            let covered = |period: Period| {
                periods
                    .iter()
                    .any(|other| *other != period && other.contains(period))
            };
            let mut sum = Sum::default();
            let mut count = 0u32;
            for (_, value) in values().filter(|(period, _)| !covered(*period)) {
                sum.add(value);
                count += 1;
            }
            match (count, over_time) {
                (0, _) => None,
                (_, OverTime::Sum) => Some(Amount::Fraction(sum.to_fraction())),
                _ => Some(Amount::Fraction(
                    sum.to_fraction() / Fraction::from_integer(count.into()),
                )),
            }
        }
    }
}

/// Whether a period that the fold needs has no value: for what is as of a date only the last one
/// counts.
fn is_incomplete(over_time: OverTime, field: usize, expected: &[Period], seen: &Seen<'_>) -> bool {
    let has = |wanted: &Period| {
        seen.reports.iter().any(|(period, values)| {
            (period == wanted || period.contains(*wanted)) && values[field].decimal().is_some()
        })
    };
    if seen.stale.is_some() {
        return false;
    }
    match over_time {
        OverTime::Last | OverTime::ToDate => expected.last().is_some_and(|last| !has(last)),
        _ => !expected.iter().all(has),
    }
}

fn why_nothing(
    basis: &Basis<'_>,
    organisation: u32,
    field: FieldRef,
    expected: &[Period],
    seen: &Seen<'_>,
) -> Reason {
    let faulty = seen
        .reports
        .iter()
        .any(|(_, values)| values[field.field] == Reported::LEFT_OUT);
    if faulty {
        return Reason::Faulty(field);
    }
    if !seen.reports.is_empty() {
        return Reason::NoValue(field);
    }
    let conflicting = expected.iter().any(|period| {
        basis.tally.standing(field.form, organisation, *period) == Standing::Conflicting
    });
    if conflicting {
        return Reason::Conflicting;
    }
    let came = expected.iter().any(|period| {
        basis
            .tally
            .values(field.form, organisation, *period)
            .is_some_and(|values| values[field.field] == Reported::LEFT_OUT)
    });
    if came {
        Reason::Faulty(field)
    } else {
        Reason::NotReported
    }
}
