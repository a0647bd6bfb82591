//! Actuals: formulas on the sums of what was reported, as exact fractions.

use std::borrow::Cow;

use num_traits::Zero;

use jiff::civil::Date;

use crate::model::Plan;
use crate::model::form::{Field, Form, Missing, OverTime};
use crate::model::formula::{FieldRef, Formula, Operand, Term, sum_of, terms};
use crate::model::indicator::{Indicator, Unit, Window};
use crate::model::organisation::Register;
use crate::model::period::{Every, Period};
use crate::model::quantity::{Decimal, Fraction, Reported, Sum};
use crate::tally::{Sheet, Standing, Tally};

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
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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
    /// The last period is missing; an earlier value of the window was taken.
    Earlier,
    /// Its numerator exceeds its denominator.
    Exceeds,
}

impl Reason {
    /// What came has entered, though not all that should have.
    pub fn is_partial(self) -> bool {
        matches!(self, Reason::Incomplete | Reason::Earlier)
    }
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

/// An organisation's figures taken from an earlier period than the checked one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stale {
    /// The form.
    pub form: usize,
    /// The period that was taken instead.
    pub period: Period,
    /// The organisation.
    pub organisation: u32,
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
#[derive(Clone, Copy, Debug)]
enum Part {
    /// It does not owe the form.
    NotOwed,
    /// It owes it, and gives nothing.
    Nothing(Reason),
    /// One amount for each of the indicator's fields of this form, in their order.
    Values {
        /// Where they begin in [`Contributions::amounts`].
        start: usize,
        gap: Option<Reason>,
        stale: Option<Period>,
    },
}

/// A folded value: nearly always a plain decimal.
#[derive(Clone, Debug)]
enum Amount {
    Decimal(Decimal),
    Fraction(Box<Fraction>),
}

/// What every organisation in view gives to an indicator.
pub struct Contributions<'a> {
    basis: Basis<'a>,
    indicator: &'a Indicator,
    fields: Vec<FieldRef>,
    forms: Vec<Looked<'a>>,
    /// In the order of the register.
    organisations: Vec<u32>,
    /// A part a form for each organisation.
    parts: Vec<Part>,
    amounts: Vec<Amount>,
    /// Left out since their numerator exceeds their denominator; in the order of the register.
    exceeding: Vec<u32>,
}

/// A form as an indicator looks at it: which of its fields, which of its periods.
struct Looked<'a> {
    index: usize,
    form: &'a Form,
    /// The indicator's fields of this form.
    fields: Vec<usize>,
    /// The first of them among all of the indicator's fields.
    first: usize,
    /// The periods for which it is owed, oldest first.
    expected: Vec<Period>,
    /// Their last days.
    ends: Vec<Date>,
    /// Some field is as of a date: it is not there for an organisation that is closed by then.
    as_of: bool,
    /// The figures within the window, oldest first.
    within: Vec<(Period, Sheet<'a>)>,
    /// For want of any: those whose period contains the checked one, shortest first.
    containing: Vec<(Period, Sheet<'a>)>,
    /// For a form with longer periods than the checked one, else: earlier ones, newest first.
    earlier: Vec<(Period, Sheet<'a>)>,
}

/// The sums over some organisations, by the indicator's fields, and by its forms whether any of
/// them owes it and whether anything of it entered.
struct Sums {
    fields: Vec<Sum>,
    owed: Vec<bool>,
    entered: Vec<bool>,
}

impl Sums {
    /// Of what concerns none of the organisations nothing is known, not even that it is 0.
    fn unowed(&self, asked: Unowed) -> Unowed {
        match self.owed.contains(&true) {
            true => asked,
            false => Unowed::Unknown,
        }
    }
}

/// A figure of a report that entered an indicator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin {
    /// The field.
    pub field: FieldRef,
    /// The report's period.
    pub period: Period,
    /// The figure; nothing reported is 0 where the form says so.
    pub value: Decimal,
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

impl<'a> Looked<'a> {
    fn new(basis: Basis<'a>, indicator: &Indicator, fields: &[FieldRef], index: usize) -> Self {
        let form = &basis.plan.forms[index];
        let (start, end) = window(indicator, basis.period);
        let expected = owed_periods(form, start, end);
        let own: Vec<usize> = fields
            .iter()
            .filter(|field| field.form == index)
            .map(|field| field.field)
            .collect();
        let sheets = |wanted: &dyn Fn(Period) -> bool| -> Vec<(Period, Sheet<'a>)> {
            basis
                .tally
                .periods(index)
                .filter(|period| wanted(*period))
                .filter_map(|period| Some((period, basis.tally.sheet(index, period)?)))
                .collect()
        };
        let within = sheets(&|period| start <= period.start() && period.end() <= end);
        let mut containing = sheets(&|period| {
            period.contains(basis.period) || is_longer_at(form, period, basis.period)
        });
        containing.sort_by_key(|(period, _)| period.every().months());
        let longer = form.every.months() > basis.period.every().months();
        let mut earlier = sheets(&|period| longer && period.end() < basis.period.start());
        earlier.reverse();
        Looked {
            index,
            form,
            first: fields.iter().position(|f| f.form == index).unwrap_or(0),
            as_of: own
                .iter()
                .any(|field| form.fields[*field].over_time == OverTime::Last),
            fields: own,
            ends: expected.iter().map(|period| period.end()).collect(),
            expected,
            within,
            containing,
            earlier,
        }
    }

    /// The commonest case by far, without further ado: the window sees one period, it is the one
    /// owed, and every field has its value. Gives where the amounts begin.
    fn at_once(
        &self,
        expected: &[Period],
        organisation: u32,
        amounts: &mut Vec<Amount>,
    ) -> Option<usize> {
        let [(period, sheet)] = &self.within[..] else {
            return None;
        };
        if !matches!(expected, []) && expected != [*period] {
            return None;
        }
        let values = sheet.values(organisation)?;
        let start = amounts.len();
        for &field in &self.fields {
            let Some(value) = values[field].decimal() else {
                amounts.truncate(start);
                return None;
            };
            amounts.push(Amount::Decimal(value));
        }
        Some(start)
    }

    /// The reports of one organisation that the window sees, oldest first; older than the window
    /// where the second is some period.
    fn see(&self, organisation: u32, seen: &mut Vec<Report<'a>>) -> Option<Period> {
        let reported = |(period, sheet): &(Period, Sheet<'a>)| {
            sheet
                .values(organisation)
                .filter(|values| values.iter().any(|value| value.decimal().is_some()))
                .map(|values| (*period, values))
        };
        seen.clear();
        seen.extend(self.within.iter().filter_map(reported));
        if seen.is_empty() {
            seen.extend(self.containing.iter().find_map(reported));
        }
        if !seen.is_empty() {
            return None;
        }
        seen.extend(self.earlier.iter().find_map(reported));
        seen.first().map(|(period, _)| *period)
    }

    /// The periods for which an organisation owes the form; `None`: it gives nothing to this
    /// indicator and need not.
    fn expected_of(&self, register: &Register, organisation: u32) -> Option<Cow<'_, [Period]>> {
        let who = &register.organisations[organisation as usize];
        if !register.declared {
            return Some(Cow::Borrowed(&[]));
        }
        if !who.is_of_kind(self.form) {
            return None;
        }
        if who.opened.is_none() && who.closed.is_none() {
            return Some(Cow::Borrowed(&self.expected));
        }
        let owed: Vec<Period> = self
            .expected
            .iter()
            .zip(&self.ends)
            .filter(|(_, end)| who.open_on(**end))
            .map(|(period, _)| *period)
            .collect();
        let gone = self.ends.last().is_some_and(|end| !who.open_on(*end));
        if owed.is_empty() || (self.as_of && gone) {
            return None;
        }
        Some(Cow::Owned(owed))
    }
}

impl<'a> Contributions<'a> {
    /// Gathers what the organisations in view give to an indicator.
    pub fn gather(basis: Basis<'a>, indicator: &'a Indicator, view: &[u32]) -> Self {
        let fields = indicator.fields();
        let forms: Vec<Looked<'a>> = indicator
            .forms()
            .into_iter()
            .map(|form| Looked::new(basis, indicator, &fields, form))
            .collect();
        let mut contributions = Contributions {
            basis,
            indicator,
            fields,
            parts: Vec::with_capacity(view.len() * forms.len()),
            forms,
            organisations: view.to_vec(),
            amounts: Vec::new(),
            exceeding: Vec::new(),
        };
        let mut seen = Vec::new();
        for &organisation in view {
            for form in 0..contributions.forms.len() {
                let part = contributions.part(form, organisation, &mut seen);
                contributions.parts.push(part);
            }
        }
        contributions
    }

    fn part(&mut self, form: usize, organisation: u32, seen: &mut Vec<Report<'a>>) -> Part {
        let looked = &self.forms[form];
        let register = &self.basis.tally.register;
        let Some(expected) = looked.expected_of(register, organisation) else {
            return Part::NotOwed;
        };
        if let Some(start) = looked.at_once(&expected, organisation, &mut self.amounts) {
            return Part::Values {
                start,
                gap: None,
                stale: None,
            };
        }
        let stale = looked.see(organisation, seen);
        if !register.declared && seen.is_empty() {
            // Nobody owes anything; but what came and could not be taken is missed.
            let refused = looked
                .within
                .iter()
                .any(|(_, sheet)| sheet.standing(organisation) == Standing::Conflicting);
            let faulty = || {
                let values = looked
                    .within
                    .iter()
                    .filter_map(|(_, sheet)| sheet.values(organisation));
                let mut all = values.flat_map(|values| values.iter().enumerate());
                all.find(|(_, value)| value.is_left_out())
                    .map(|(field, _)| field)
            };
            return match (refused, faulty()) {
                (true, _) => Part::Nothing(Reason::Conflicting),
                (false, Some(field)) => Part::Nothing(Reason::Faulty(FieldRef {
                    form: looked.index,
                    field,
                })),
                (false, None) => Part::NotOwed,
            };
        }
        let start = self.amounts.len();
        let seen = Seen {
            reports: seen,
            stale,
        };
        let folded = fold_all(
            &self.basis,
            looked,
            organisation,
            &expected,
            &seen,
            &mut self.amounts,
        );
        match folded {
            Ok(gap) => Part::Values { start, gap, stale },
            Err(reason) => {
                self.amounts.truncate(start);
                Part::Nothing(reason)
            }
        }
    }

    /// From now on an organisation gives nothing: its part is more than its whole.
    pub fn leave_out(&mut self, organisation: u32) {
        if let Err(at) = self.exceeding.binary_search(&organisation) {
            self.exceeding.insert(at, organisation);
        }
    }

    /// The organisations whose part is more than their whole, in the order of the register.
    pub fn exceeding(&self) -> Vec<u32> {
        let (true, Some(denominator)) = (self.indicator.share, &self.indicator.denominator) else {
            return Vec::new();
        };
        let mut numerator_terms = Vec::new();
        let mut denominator_terms = Vec::new();
        let sums = terms(&self.indicator.numerator.node, true, &mut numerator_terms)
            && terms(&denominator.node, true, &mut denominator_terms);
        self.parts_of_all(&self.organisations)
            .filter(|&(organisation, parts)| {
                if !parts.iter().all(|part| matches!(part, Part::Values { .. })) {
                    return false;
                }
                let quick = || -> Option<bool> {
                    let numerator = self.sum(parts, &self.indicator.numerator, &numerator_terms)?;
                    let denominator = self.sum(parts, denominator, &denominator_terms)?;
                    Some(numerator.to_decimal()? > denominator.to_decimal()?)
                };
                if sums && let Some(exceeds) = quick() {
                    return exceeds;
                }
                let own = self.actual(&[organisation], Unowed::Zero);
                matches!((&own.numerator, &own.denominator), (Some(n), Some(d)) if n > d)
            })
            .map(|(organisation, _)| organisation)
            .collect()
    }

    /// A formula that is a sum, of one organisation; `None` where it takes more than decimals.
    fn sum(&self, parts: &[Part], formula: &Formula, terms: &[Term]) -> Option<Sum> {
        sum_of(terms, |index| {
            let Operand::Field(field) = &formula.operands[index] else {
                return None;
            };
            let form = self
                .forms
                .iter()
                .position(|form| form.index == field.form)?;
            let Part::Values { start, .. } = parts[form] else {
                return None;
            };
            let own = self.fields.iter().position(|own| own == field)?;
            match &self.amounts[start + own - self.forms[form].first] {
                Amount::Decimal(value) => Some(*value),
                Amount::Fraction(_) => None,
            }
        })
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
        // Where all are in view, each stands at its own index.
        let index = match self.organisations.get(organisation as usize) {
            Some(own) if *own == organisation => organisation as usize,
            _ => self.organisations.binary_search(&organisation).ok()?,
        };
        let width = self.forms.len();
        Some(&self.parts[index * width..][..width])
    }

    /// Some of the organisations in view with their parts; all of them need no looking up.
    fn parts_of_all<'s>(
        &'s self,
        organisations: &'s [u32],
    ) -> impl Iterator<Item = (u32, &'s [Part])> {
        let all = organisations == self.organisations;
        let width = self.forms.len();
        organisations
            .iter()
            .enumerate()
            .filter_map(move |(index, &organisation)| {
                let parts = if all {
                    &self.parts[index * width..][..width]
                } else {
                    self.parts_of(organisation)?
                };
                Some((organisation, parts))
            })
    }

    /// The indicator of some of the organisations in view.
    pub fn actual(&self, organisations: &[u32], unowed: Unowed) -> Actual {
        let mut actual = Actual::default();
        let sums = self.sums(organisations, &mut actual);
        let unowed = sums.unowed(unowed);
        let evaluate = |formula: &Formula| {
            formula.node.evaluate(&|index| {
                self.operand(&formula.operands[index], organisations, &sums, unowed)
            })
        };
        let mut values = self.indicator.formulas().map(evaluate);
        actual.numerator = values.next().flatten();
        actual.denominator = values.next().flatten();
        drop(values);
        actual.value = value(self.indicator.unit, &actual);
        actual
    }

    /// What each operand of the indicator's formulas stands for, in their order.
    pub fn operands(&self, organisations: &[u32], unowed: Unowed) -> Vec<Vec<Option<Fraction>>> {
        let sums = self.sums(organisations, &mut Actual::default());
        let unowed = sums.unowed(unowed);
        let of = |operand| self.operand(operand, organisations, &sums, unowed);
        self.indicator
            .formulas()
            .map(|formula| formula.operands.iter().map(of).collect())
            .collect()
    }

    /// What one organisation adds to the numerator and the denominator of the whole: what it did
    /// not give adds nothing. `None`: it gave nothing at all, and is not counted either.
    pub fn added(&self, organisation: u32, own: &Actual) -> (Option<Fraction>, Option<Fraction>) {
        let sums = self.sums(&[organisation], &mut Actual::default());
        let gave = sums.entered.contains(&true);
        let added = |formula: &Formula| {
            let value = |operand: &Operand| {
                self.operand(operand, &[organisation], &sums, Unowed::Zero)
                    .or_else(|| Some(Fraction::zero()))
            };
            let is_counted = |operand: &Operand| {
                matches!(operand, Operand::Organisations(_))
                    && value(operand).is_some_and(|count| !count.is_zero())
            };
            (gave || formula.operands.iter().any(is_counted))
                .then(|| {
                    formula
                        .node
                        .evaluate(&|index| value(&formula.operands[index]))
                })
                .flatten()
        };
        let mut values = self
            .indicator
            .formulas()
            .zip([&own.numerator, &own.denominator])
            .map(|(formula, own)| own.clone().or_else(|| added(formula)));
        (values.next().flatten(), values.next().flatten())
    }

    /// The sums over some of the organisations in view; what is missing from them goes into
    /// `actual`.
    fn sums(&self, organisations: &[u32], actual: &mut Actual) -> Sums {
        let mut sums = Sums {
            fields: vec![Sum::default(); self.fields.len()],
            owed: vec![false; self.forms.len()],
            entered: vec![false; self.forms.len()],
        };
        for (organisation, parts) in self.parts_of_all(organisations) {
            let exceeds = self.exceeding.binary_search(&organisation).is_ok();
            for (index, part) in parts.iter().enumerate() {
                let form = self.forms[index].index;
                let gap = |reason| Gap {
                    organisation,
                    form,
                    reason,
                };
                sums.owed[index] |= !matches!(part, Part::NotOwed);
                match part {
                    Part::NotOwed => {}
                    _ if exceeds => actual.gaps.push(gap(Reason::Exceeds)),
                    Part::Nothing(reason) => actual.gaps.push(gap(*reason)),
                    Part::Values {
                        start,
                        gap: incomplete,
                        stale,
                    } => {
                        sums.entered[index] = true;
                        self.add(index, *start, &mut sums.fields);
                        actual.gaps.extend(incomplete.map(gap));
                        if let Some(period) = *stale {
                            actual.stale.push(Stale {
                                form,
                                period,
                                organisation,
                            });
                        }
                    }
                }
            }
        }
        actual.stale.sort_unstable();
        sums
    }

    fn operand(
        &self,
        operand: &Operand,
        organisations: &[u32],
        sums: &Sums,
        unowed: Unowed,
    ) -> Option<Fraction> {
        match operand {
            Operand::Field(field) => {
                let form = self
                    .forms
                    .iter()
                    .position(|form| form.index == field.form)?;
                let index = self.fields.iter().position(|own| own == field)?;
                match (sums.owed[form], unowed) {
                    (false, Unowed::Zero) => Some(Fraction::zero()),
                    _ => sums.entered[form].then(|| sums.fields[index].to_fraction()),
                }
            }
            Operand::Organisations(kind) => self.count_of_kind(kind, organisations),
        }
    }

    /// The reports that an organisation's figures were taken from, field by field, oldest first.
    pub fn origins(&self, organisation: u32) -> Vec<Origin> {
        let mut origins = Vec::new();
        let mut reports = Vec::new();
        let parts = self.parts_of(organisation).unwrap_or_default();
        for (looked, part) in self.forms.iter().zip(parts) {
            if !matches!(part, Part::Values { .. }) {
                continue;
            }
            let stale = looked.see(organisation, &mut reports);
            let seen = Seen {
                reports: &reports,
                stale,
            };
            for &field in &looked.fields {
                for (period, value) in taken(&looked.form.fields[field], field, &seen) {
                    origins.push(Origin {
                        field: FieldRef {
                            form: looked.index,
                            field,
                        },
                        period,
                        value,
                    });
                }
            }
        }
        origins
    }

    /// The periods whose reports the window sees of a form, oldest first.
    pub fn periods(&self, form: usize) -> Vec<Period> {
        let looked = self.forms.iter().find(|looked| looked.index == form);
        looked.map_or_else(Vec::new, |looked| {
            looked.within.iter().map(|(period, _)| *period).collect()
        })
    }

    fn add(&self, form: usize, start: usize, sums: &mut [Sum]) {
        let looked = &self.forms[form];
        let amounts = &self.amounts[start..][..looked.fields.len()];
        for (sum, amount) in sums[looked.first..].iter_mut().zip(amounts) {
            match amount {
                Amount::Decimal(value) => sum.add(*value),
                Amount::Fraction(value) => sum.add_fraction(value),
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

/// A report: its period and its values.
type Report<'a> = (Period, &'a [Reported]);

/// The reports of one organisation that a window sees.
struct Seen<'s, 'a> {
    /// Oldest first.
    reports: &'s [Report<'a>],
    /// They are older than the window, of this period.
    stale: Option<Period>,
}

/// A form whose periods neither fit into the checked one nor contain it (a school year in a check
/// of a calendar year): the one that the checked period ends in.
pub fn is_longer_at(form: &Form, period: Period, checked: Period) -> bool {
    form.every.months() >= checked.every().months()
        && period.every() == form.every
        && period == Period::containing(form.every, checked.end())
}

/// Puts the amounts of one organisation's fields behind the others; gives what is missing from
/// them, or why there are none.
fn fold_all(
    basis: &Basis<'_>,
    looked: &Looked<'_>,
    organisation: u32,
    expected: &[Period],
    seen: &Seen<'_, '_>,
    amounts: &mut Vec<Amount>,
) -> Result<Option<Reason>, Reason> {
    let mut gap = None;
    for &index in &looked.fields {
        let field = &looked.form.fields[index];
        if let Some(amount) = fold(field, index, seen) {
            if is_incomplete(field, index, expected, seen) {
                gap = Some(match field.over_time {
                    OverTime::Last | OverTime::ToDate => Reason::Earlier,
                    _ => Reason::Incomplete,
                });
            }
            amounts.push(amount);
            continue;
        }
        let reference = FieldRef {
            form: looked.index,
            field: index,
        };
        let reason = why_nothing(basis, organisation, reference, expected, seen);
        match field.missing {
            Missing::Exclude => return Err(reason),
            Missing::Zero => {
                amounts.push(Amount::Decimal(Decimal::ZERO));
                let nobody = basis.tally.register.declared && seen.reports.is_empty();
                if nobody || matches!(reason, Reason::Faulty(_)) {
                    gap = Some(reason);
                }
            }
        }
    }
    Ok(gap)
}

/// A value as its field has it: nothing reported is 0 where the form says so.
fn value_of(field: &Field, value: Reported) -> Option<Decimal> {
    let nothing = matches!(value, Reported::BLANK | Reported::ABSENT);
    match field.missing {
        Missing::Zero if nothing => Some(Decimal::ZERO),
        _ => value.decimal(),
    }
}

/// The values that the fold of a field takes, oldest first: of what is as of a date or the largest,
/// one.
fn taken(field: &Field, index: usize, seen: &Seen<'_, '_>) -> Vec<(Period, Decimal)> {
    let values = seen
        .reports
        .iter()
        .filter_map(|(period, values)| Some((*period, value_of(field, values[index])?)));
    match field.over_time {
        OverTime::Last | OverTime::ToDate => values
            .reduce(|best, next| {
                if next.0.ends_after(best.0) {
                    next
                } else {
                    best
                }
            })
            .into_iter()
            .collect(),
        OverTime::Max => values
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .into_iter()
            .collect(),
        OverTime::Sum | OverTime::Average => {
            let mut values: Vec<(Period, Decimal)> = values.collect();
            // A quarter's report beside those of its months counts once.
            let periods: Vec<Period> = values.iter().map(|(period, _)| *period).collect();
            values.retain(|(period, _)| {
                !periods
                    .iter()
                    .any(|other| other != period && other.contains(*period))
            });
            values
        }
    }
}

/// Puts the values of several periods together.
fn fold(field: &Field, index: usize, seen: &Seen<'_, '_>) -> Option<Amount> {
    let taken = taken(field, index, seen);
    if let [(_, value)] = taken[..] {
        return Some(Amount::Decimal(value));
    }
    let mut sum = Sum::default();
    for (_, value) in &taken {
        sum.add(*value);
    }
    match (taken.len(), field.over_time, sum.to_decimal()) {
        (0, _, _) => None,
        (count, OverTime::Average, _) => Some(Amount::Fraction(Box::new(
            sum.to_fraction() / Fraction::from_integer(count.into()),
        ))),
        (_, _, Some(decimal)) => Some(Amount::Decimal(decimal)),
        (_, _, None) => Some(Amount::Fraction(Box::new(sum.to_fraction()))),
    }
}

/// Whether a period that the fold needs has no value: for what is as of a date only the last one
/// counts.
fn is_incomplete(field: &Field, index: usize, expected: &[Period], seen: &Seen<'_, '_>) -> bool {
    let has = |wanted: &Period| {
        seen.reports.iter().any(|(period, values)| {
            (period == wanted || period.contains(*wanted))
                && value_of(field, values[index]).is_some()
        })
    };
    if seen.stale.is_some() {
        return false;
    }
    match field.over_time {
        OverTime::Last | OverTime::ToDate => expected.last().is_some_and(|last| !has(last)),
        _ => !expected.iter().all(has),
    }
}

fn why_nothing(
    basis: &Basis<'_>,
    organisation: u32,
    field: FieldRef,
    expected: &[Period],
    seen: &Seen<'_, '_>,
) -> Reason {
    let faulty = seen
        .reports
        .iter()
        .any(|(_, values)| values[field.field].is_left_out());
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
            .is_some_and(|values| values[field.field].is_left_out())
    });
    if came {
        Reason::Faulty(field)
    } else {
        Reason::NotReported
    }
}
