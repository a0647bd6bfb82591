//! Completeness: who owed a report, and who sent one.

use super::actual::{Basis, owed_periods, window};
use crate::model::Plan;
use crate::model::indicator::Indicator;
use crate::model::period::Period;
use crate::model::quantity::Reported;
use crate::read::report::Reading;
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

pub(super) fn of_form(
    basis: &Basis<'_>,
    view: &[u32],
    form: usize,
    period: Period,
) -> Completeness {
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

/// What came of a report that is owed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Arrival {
    /// It is there.
    Reported,
    /// It is there, and came after its due day.
    Late,
    /// It is there, and some of its figures are left out for an error.
    Flawed,
    /// Two that differ are there: neither counts.
    Disputed,
    /// It is there, and every figure of it is left out for an error.
    Faulty,
    /// It is not there.
    Missing,
    /// Nobody asked for it.
    NotOwed,
}

impl Arrival {
    /// All of them, in the order of a legend.
    pub const ALL: [Arrival; 7] = [
        Arrival::Reported,
        Arrival::Late,
        Arrival::Flawed,
        Arrival::Disputed,
        Arrival::Faulty,
        Arrival::Missing,
        Arrival::NotOwed,
    ];

    /// The key in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Arrival::Reported => "reported",
            Arrival::Late => "late",
            Arrival::Flawed => "flawed",
            Arrival::Disputed => "conflicting",
            Arrival::Faulty => "faulty",
            Arrival::Missing => "missing",
            Arrival::NotOwed => "not_owed",
        }
    }

    /// Whether a report was owed.
    pub fn is_owed(self) -> bool {
        self != Arrival::NotOwed
    }

    /// Whether one that counts is there.
    pub fn is_there(self) -> bool {
        matches!(self, Arrival::Reported | Arrival::Late | Arrival::Flawed)
    }

    /// What a person is told.
    pub fn title(self) -> &'static str {
        match self {
            Arrival::Reported => "сдан",
            Arrival::Late => "сдан с опозданием",
            Arrival::Flawed => "сдан, часть чисел не принята",
            Arrival::Disputed => "два разных отчёта, не учтён ни один",
            Arrival::Faulty => "сдан, но ни одно число не принято",
            Arrival::Missing => "не сдан",
            Arrival::NotOwed => "сдавать не надо",
        }
    }
}

/// What came of a form's reports, period by period.
#[derive(Clone, Debug)]
pub struct Arrivals {
    /// The form.
    pub form: usize,
    /// Its periods, oldest first.
    pub periods: Vec<Period>,
    /// Each organisation that owes any of them, in the order of the register, with what came for each.
    pub rows: Vec<(u32, Vec<Arrival>)>,
}

/// What came of the reports of each form that is owed, from the first period reported with it to the
/// end of the checked one; nothing where no register tells who owes them.
pub fn arrivals(plan: &Plan, reading: &Reading, view: &[u32], checked: Period) -> Vec<Arrivals> {
    let tally = &reading.tally;
    if !tally.register.declared {
        return Vec::new();
    }
    let forms = plan.forms.iter().enumerate();
    forms
        .filter_map(|(form, own)| {
            let reported = tally
                .periods(form)
                .filter(|one| one.start() <= checked.end());
            let first = reported.map(Period::start).min();
            let first = first.unwrap_or(checked.start()).min(checked.start());
            let first = Period::containing(own.every, first).start();
            let periods = owed_periods(own, first, checked.end());
            let rows = arrivals_of_form(plan, reading, view, form, &periods);
            (!rows.is_empty()).then_some(Arrivals {
                form,
                periods,
                rows,
            })
        })
        .collect()
}

fn arrivals_of_form(
    plan: &Plan,
    reading: &Reading,
    view: &[u32],
    form: usize,
    periods: &[Period],
) -> Vec<(u32, Vec<Arrival>)> {
    let (tally, own) = (&reading.tally, &plan.forms[form]);
    let basis = |period| Basis {
        plan,
        tally,
        period,
    };
    let came: Vec<Completeness> = periods
        .iter()
        .map(|period| of_form(&basis(*period), view, form, *period))
        .collect();
    let late = |organisation: u32, period: Period| {
        let mut covering = tally.periods(form).filter(|other| other.contains(period));
        covering.any(|other| {
            let place = tally.place(form, organisation, other, 0);
            place.is_some_and(|place| reading.is_late(form, other, place))
        })
    };
    let flawed = |organisation: u32, period: Period| {
        let mut covering = tally.periods(form).filter(|other| other.contains(period));
        covering.any(|other| {
            let values = tally.values(form, organisation, other);
            values.is_some_and(|values| values.iter().any(|value| value.is_left_out()))
        })
    };
    let arrival = |organisation: u32, came: &Completeness| {
        let among = |list: &[u32]| list.binary_search(&organisation).is_ok();
        let who = &tally.register.organisations[organisation as usize];
        if !who.owes(own, came.period) {
            Arrival::NotOwed
        } else if among(&came.disputed) {
            Arrival::Disputed
        } else if among(&came.faulty) {
            Arrival::Faulty
        } else if among(&came.missing) {
            Arrival::Missing
        } else if flawed(organisation, came.period) {
            Arrival::Flawed
        } else if late(organisation, came.period) {
            Arrival::Late
        } else {
            Arrival::Reported
        }
    };
    let rows = view.iter().map(|&organisation| {
        let marks = came.iter().map(|one| arrival(organisation, one));
        (organisation, marks.collect::<Vec<Arrival>>())
    });
    rows.filter(|(_, marks)| marks.iter().any(|mark| *mark != Arrival::NotOwed))
        .collect()
}

/// Something was there, and all of it was left out.
fn is_faulty(values: &[Reported]) -> bool {
    values.iter().any(|value| value.is_left_out())
        && values.iter().all(|value| value.decimal().is_none())
}
