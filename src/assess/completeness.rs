//! Completeness: who owed a report, and who sent one.

use super::actual::{Basis, owed_periods, window};
use crate::model::indicator::Indicator;
use crate::model::period::Period;
use crate::model::quantity::Reported;
use crate::tally::{Sheet, Standing};

/// Who reported with one form for one period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completeness {
    /// The form.
    pub form: usize,
    /// The period.
    pub period: Period,
    /// How many owed it; `None` where no register says.
    pub expected: Option<usize>,
    /// How many sent something that was accepted.
    pub reported: usize,
    /// Who did not, in the order of the register.
    pub missing: Vec<u32>,
    /// Those of the missing who sent reports that differ from one another.
    pub disputed: Vec<u32>,
    /// Those of the missing whose every figure was left out by an error.
    pub faulty: Vec<u32>,
}

impl Completeness {
    /// The next period of the same form, with the same organisations missing.
    pub fn tells_the_same(&self, next: &Completeness) -> bool {
        self.form == next.form
            && self.period.next() == next.period
            && self.expected == next.expected
            && self.reported == next.reported
            && self.missing == next.missing
            && self.disputed == next.disputed
            && self.faulty == next.faulty
    }
}

/// Who reported, form by form, period by period, as far as the figures look.
pub fn completeness(
    basis: &Basis<'_>,
    view: &[u32],
    indicators: &[&Indicator],
) -> Vec<Completeness> {
    let mut all = Vec::new();
    for form in 0..basis.plan.forms.len() {
        for period in periods_in_view(basis, form, indicators) {
            all.push(of_form(basis, view, form, period));
        }
    }
    all
}

/// The form's periods within the checked one, and those that the windows of indicators reach.
fn periods_in_view(basis: &Basis<'_>, form: usize, indicators: &[&Indicator]) -> Vec<Period> {
    let own = &basis.plan.forms[form];
    let start = indicators
        .iter()
        .filter(|indicator| indicator.forms().contains(&form))
        .map(|indicator| window(indicator, basis.period).0)
        .fold(basis.period.start(), std::cmp::min);
    owed_periods(own, start, basis.period.end())
}

fn of_form(basis: &Basis<'_>, view: &[u32], form: usize, period: Period) -> Completeness {
    let tally = basis.tally;
    let own = &basis.plan.forms[form];
    let register = &tally.register;
    let covering: Vec<Sheet<'_>> = tally
        .periods(form)
        .filter(|other| other.contains(period))
        .filter_map(|other| tally.sheet(form, other))
        .collect();
    let has_reported = |organisation: u32| {
        covering.iter().any(|sheet| {
            sheet
                .values(organisation)
                .is_some_and(|values| values.iter().any(|value| value.decimal().is_some()))
        })
    };
    if !register.declared {
        return Completeness {
            form,
            period,
            expected: None,
            reported: view.iter().filter(|&&one| has_reported(one)).count(),
            missing: Vec::new(),
            disputed: Vec::new(),
            faulty: Vec::new(),
        };
    }
    let has = |wanted: &dyn Fn(&Sheet<'_>) -> bool| covering.iter().any(wanted);
    let owing: Vec<u32> = view
        .iter()
        .copied()
        .filter(|&one| register.organisations[one as usize].owes(own, period))
        .collect();
    let missing: Vec<u32> = owing
        .iter()
        .copied()
        .filter(|&one| !has_reported(one))
        .collect();
    Completeness {
        form,
        period,
        expected: Some(owing.len()),
        reported: owing.len() - missing.len(),
        disputed: missing
            .iter()
            .copied()
            .filter(|&one| has(&|sheet: &Sheet<'_>| sheet.standing(one) == Standing::Conflicting))
            .collect(),
        faulty: missing
            .iter()
            .copied()
            .filter(|&one| has(&|sheet: &Sheet<'_>| sheet.values(one).is_some_and(is_faulty)))
            .collect(),
        missing,
    }
}

/// Something was there, and all of it was left out.
fn is_faulty(values: &[Reported]) -> bool {
    values.iter().any(|value| value.is_left_out())
        && values.iter().all(|value| value.decimal().is_none())
}
