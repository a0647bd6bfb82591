//! Figures taken apart: what each organisation adds to a figure, from which cells, and what was
//! left out of it.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_traits::Zero;

use super::actual::{Actual, Contributions, Gap, Origin, Reason, Unowed};
use super::share::{gap, shares};
use super::verdict::{Limit, limit};
use super::{Asked, Assessment, Assessor, Question, Row, Subject, completeness, view};
use crate::diagnostic::Diagnostics;
use crate::model::Plan;
use crate::model::formula::FieldRef;
use crate::model::indicator::{Better, Indicator, Unit};
use crate::model::period::Period;
use crate::model::quantity::{Decimal, Fraction};
use crate::model::resolution::Resolution;
use crate::read::report::Reading;
use crate::source::{Place, Sources, Spot};
use crate::tally::{RecordPlace, Standing};

/// A cell that a figure rests on, as it stands in the file.
#[derive(Clone, Debug)]
pub struct SourceCell {
    /// The field it gives.
    pub field: FieldRef,
    /// The period of the report.
    pub period: Period,
    /// Where it stands.
    pub place: Place,
    /// What stands there, read again from the file; `None` where the report has no such cell or the
    /// file cannot be had again.
    pub raw: Option<String>,
    /// What was read from it; `None`: nothing, it was left out.
    pub value: Option<Decimal>,
}

/// What one organisation adds to a figure.
#[derive(Clone, Debug)]
pub struct Part {
    /// The organisation's index in the register.
    pub organisation: u32,
    /// Its own figure.
    pub own: Actual,
    /// What it adds to the numerator; `None`: it gave nothing.
    pub numerator: Option<Fraction>,
    /// What it adds to the denominator; one that gave nothing may be counted there.
    pub denominator: Option<Fraction>,
    /// How much it is short of the target; less than nothing: it is beyond it.
    pub gap: Option<Fraction>,
    /// Its share of the shortfall.
    pub share: Option<BigInt>,
    /// The cells that it was computed from.
    pub cells: Vec<SourceCell>,
}

/// Something that did not enter a figure, or not wholly.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// Whose, and why.
    pub gap: Gap,
    /// The cells that were not taken, where there are any.
    pub cells: Vec<SourceCell>,
}

/// What of a figure belongs to no organisation: not nothing only where a formula does more than add
/// up what was reported.
#[derive(Clone, Default, Debug)]
pub struct Rest {
    /// Of the numerator.
    pub numerator: Fraction,
    /// Of the denominator.
    pub denominator: Fraction,
    /// Of what the whole is short of the target.
    pub gap: Option<Fraction>,
    /// Of the shortfall.
    pub share: Option<BigInt>,
}

impl Rest {
    /// The organisations add up to the whole.
    pub fn is_nothing(&self) -> bool {
        self.numerator.is_zero() && self.denominator.is_zero()
    }
}

/// A figure taken apart.
#[derive(Clone, Debug)]
pub struct Anatomy {
    /// What each operand of the numerator and of the denominator stands for.
    pub operands: Vec<Vec<Option<Fraction>>>,
    /// Whoever has to do with it: those that account for most of the shortfall first.
    pub parts: Vec<Part>,
    /// What belongs to no organisation.
    pub rest: Rest,
    /// What did not enter it.
    pub left_out: Vec<LeftOut>,
}

/// Computes some rows of an assessment, and takes each of them apart.
pub fn explain(
    plan: &Plan,
    resolution: &Resolution,
    asked: &[Asked],
    reading: &Reading,
    question: Question,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> (Assessment, Vec<Anatomy>) {
    let view = view(&reading.tally.register, question.of);
    let assessor = Assessor::new(plan, reading, sources, question, &view);
    let mut rows = Vec::new();
    let mut anatomies = Vec::new();
    for one in asked {
        let Some(index) = one.indicator else {
            continue;
        };
        let indicator = &plan.indicators[index];
        // What a figure complains of is said once, however many targets look at it.
        let (contributions, actual) =
            match rows.iter().any(|row: &Row| row.indicator == Some(index)) {
                false => assessor.compute(indicator, diagnostics),
                true => assessor.compute(indicator, &mut Diagnostics::default()),
            };
        let row = assessor.row(resolution, one, actual);
        anatomies.push(assessor.anatomy(resolution, indicator, &contributions, &row));
        rows.push(row);
    }
    let used: Vec<&Indicator> = rows
        .iter()
        .filter_map(|row| row.indicator)
        .map(|indicator| &plan.indicators[indicator])
        .collect();
    let assessment = Assessment {
        question,
        completeness: completeness::completeness(&assessor.basis, &view, &used)
            .into_iter()
            .filter(|one| {
                used.iter()
                    .any(|indicator| indicator.forms().contains(&one.form))
            })
            .collect(),
        rows,
    };
    (assessment, anatomies)
}

/// Takes each row of an assessment apart, down to the organisations: no file is read again, and
/// there are no cells.
pub fn parts(
    plan: &Plan,
    resolution: &Resolution,
    reading: &Reading,
    assessment: &Assessment,
    sources: &Sources,
) -> Vec<Option<Anatomy>> {
    let view = view(&reading.tally.register, assessment.question.of);
    let mut assessor = Assessor::new(plan, reading, sources, assessment.question, &view);
    assessor.cells = false;
    let rows = assessment.rows.iter();
    rows.map(|row| {
        let indicator = &plan.indicators[row.indicator?];
        // It has been complained of already.
        let (contributions, _) = assessor.compute(indicator, &mut Diagnostics::default());
        Some(assessor.anatomy(resolution, indicator, &contributions, row))
    })
    .collect()
}

impl Assessor<'_> {
    fn anatomy(
        &self,
        resolution: &Resolution,
        indicator: &Indicator,
        contributions: &Contributions<'_>,
        row: &Row,
    ) -> Anatomy {
        let mut parts: Vec<Part> = self
            .view
            .iter()
            .copied()
            .filter(|&one| contributions.concerns(one))
            .map(|one| self.part(contributions, one))
            .collect();
        let sum = |of: fn(&Part) -> &Option<Fraction>| -> Fraction {
            parts.iter().filter_map(|part| of(part).as_ref()).sum()
        };
        let rest = |whole: &Option<Fraction>, parts: Fraction| match whole {
            Some(whole) => whole - parts,
            None => Fraction::zero(),
        };
        let mut rest = Rest {
            numerator: rest(&row.actual.numerator, sum(|part| &part.numerator)),
            denominator: rest(&row.actual.denominator, sum(|part| &part.denominator)),
            ..Rest::default()
        };
        if let Subject::Target(index) = row.subject
            && let Some(limit) = limit(
                &resolution.proposals[row.proposal].targets[index],
                indicator.decimals,
            )
            && row.actual.value.is_some()
        {
            let alone = parts.len() == 1;
            for part in &mut parts {
                part.gap = known_gap(part, &limit, indicator, alone);
            }
            rest.gap = gap_of_rest(&rest, &parts, &limit, indicator, &row.actual);
            let whole = row.verdict.shortfall.as_ref();
            if let Some(whole) = whole.filter(|whole| !whole.is_zero()) {
                share_out(&mut parts, &mut rest, whole);
            }
        }
        sort(&mut parts, indicator);
        Anatomy {
            operands: contributions.operands(self.view, self.unowed()),
            left_out: row
                .actual
                .gaps
                .iter()
                .map(|gap| LeftOut {
                    gap: *gap,
                    cells: match self.cells {
                        true => self.cells_left_out(indicator, contributions, gap),
                        false => Vec::new(),
                    },
                })
                .collect(),
            parts,
            rest,
        }
    }

    fn part(&self, contributions: &Contributions<'_>, organisation: u32) -> Part {
        let own = contributions.actual(&[organisation], Unowed::Zero);
        let (numerator, denominator) = contributions.added(organisation, &own);
        let out = own.gaps.iter().any(|gap| gap.reason == Reason::Exceeds);
        let origins = match out || !self.cells {
            true => Vec::new(),
            false => contributions.origins(organisation),
        };
        let cells = origins
            .into_iter()
            .filter_map(|origin| self.source_cell(organisation, origin))
            .collect();
        Part {
            organisation,
            own,
            numerator,
            denominator,
            gap: None,
            share: None,
            cells,
        }
    }

    fn source_cell(&self, organisation: u32, origin: Origin) -> Option<SourceCell> {
        let Origin {
            field,
            period,
            value,
        } = origin;
        let place = self
            .reading
            .tally
            .place(field.form, organisation, period, field.field)?;
        Some(self.cell_at(place, field, period, Some(value)))
    }

    fn cell_at(
        &self,
        record: RecordPlace,
        field: FieldRef,
        period: Period,
        value: Option<Decimal>,
    ) -> SourceCell {
        let place = self.reading.cell(self.sources, record, field);
        SourceCell {
            raw: self.sources.cell_text(&place),
            field,
            period,
            place,
            value,
        }
    }

    /// The cells of what did not enter a figure: those of the field at fault, those of either report
    /// where two contradict one another, both sides where a part is more than its whole.
    fn cells_left_out(
        &self,
        indicator: &Indicator,
        contributions: &Contributions<'_>,
        gap: &Gap,
    ) -> Vec<SourceCell> {
        let tally = &self.reading.tally;
        let periods = contributions.periods(gap.form);
        let own = || {
            let fields = indicator.fields().into_iter();
            fields.filter(|field| field.form == gap.form)
        };
        match gap.reason {
            Reason::NoValue(field) | Reason::Faulty(field) => periods
                .iter()
                .filter(|period| {
                    let values = tally.values(field.form, gap.organisation, **period);
                    values.is_some_and(|values| values[field.field].decimal().is_none())
                })
                .filter_map(|period| {
                    let place = tally.place(field.form, gap.organisation, *period, field.field)?;
                    Some(self.cell_at(place, field, *period, None))
                })
                .collect(),
            Reason::Conflicting => {
                self.cells_in_conflict(gap, &periods, &own().collect::<Vec<_>>())
            }
            Reason::Exceeds => contributions
                .origins(gap.organisation)
                .into_iter()
                .filter(|origin| origin.field.form == gap.form)
                .filter_map(|origin| self.source_cell(gap.organisation, origin))
                .map(|cell| SourceCell {
                    value: None,
                    ..cell
                })
                .collect(),
            Reason::NotReported | Reason::Incomplete | Reason::Earlier => Vec::new(),
        }
    }

    /// The cells of reports that contradict one another, report by report. A line of a long table
    /// has one field only.
    fn cells_in_conflict(
        &self,
        gap: &Gap,
        periods: &[Period],
        fields: &[FieldRef],
    ) -> Vec<SourceCell> {
        let tally = &self.reading.tally;
        let mut cells: BTreeSet<(Period, RecordPlace, FieldRef)> = BTreeSet::new();
        let mut disputed: Vec<Period> = periods.to_vec();
        disputed.retain(|period| {
            tally.standing(gap.form, gap.organisation, *period) == Standing::Conflicting
        });
        for period in &disputed {
            for field in fields {
                let place = tally.place(gap.form, gap.organisation, *period, field.field);
                cells.extend(place.map(|place| (*period, place, *field)));
            }
        }
        for one in tally.repeats.iter().filter(|one| {
            (one.form, one.organisation) == (gap.form, gap.organisation)
                && disputed.contains(&one.period)
        }) {
            for place in [one.first, one.second] {
                let differs = one.differs.map(|(field, ..)| field);
                let own = fields
                    .iter()
                    .filter(|field| !self.reading.is_long(place) || differs == Some(field.field));
                cells.extend(own.map(|field| (one.period, place, *field)));
            }
        }
        cells
            .into_iter()
            .map(|(period, place, field)| self.cell_at(place, field, period, None))
            .filter(|cell| matches!(cell.place.spot, Spot::Cell(_)))
            .collect()
    }
}

/// What an organisation is short of; one that gave nothing and is counted all the same is short of
/// all that is asked of it, or ahead by all that it adds.
fn known_gap(part: &Part, limit: &Limit, indicator: &Indicator, alone: bool) -> Option<Fraction> {
    let numerator = part.numerator.clone().unwrap_or_else(Fraction::zero);
    let denominator = match (&indicator.denominator, &part.denominator) {
        (None, _) if part.numerator.is_none() => return None,
        (None, _) => None,
        (Some(_), None) if numerator.is_zero() => return None,
        (Some(_), own) => Some(own.clone().unwrap_or_else(Fraction::zero)),
    };
    gap(limit, indicator, &numerator, denominator.as_ref(), alone)
}

/// What the gaps of the organisations leave of the gap of the whole, where something belongs to none
/// of them.
fn gap_of_rest(
    rest: &Rest,
    parts: &[Part],
    limit: &Limit,
    indicator: &Indicator,
    whole: &Actual,
) -> Option<Fraction> {
    let known = |part: &Part| part.gap.is_some();
    if rest.is_nothing() || !parts.iter().any(known) {
        return None;
    }
    let numerator = whole.numerator.as_ref()?;
    let whole = gap(
        limit,
        indicator,
        numerator,
        whole.denominator.as_ref(),
        true,
    )?;
    let parts: Fraction = parts.iter().filter_map(|part| part.gap.as_ref()).sum();
    Some(whole - parts)
}

/// Shares the shortfall out among those whose gap is known.
fn share_out(parts: &mut [Part], rest: &mut Rest, whole: &BigInt) {
    let parts = parts
        .iter_mut()
        .map(|part| (part.gap.as_ref(), &mut part.share));
    let all = parts.chain([(rest.gap.as_ref(), &mut rest.share)]);
    let (gaps, holders): (Vec<Fraction>, Vec<&mut Option<BigInt>>) = all
        .filter_map(|(gap, share)| Some((gap?.clone(), share)))
        .unzip();
    for (holder, share) in holders.into_iter().zip(shares(&gaps, whole)) {
        *holder = Some(share);
    }
}

/// Those that account for most of the shortfall first; where there is no target, those that add
/// most to a count, and those that stand worst in a share. Whoever gave nothing comes last; equals
/// stay in the order of the register.
fn sort(parts: &mut [Part], indicator: &Indicator) {
    parts.sort_by(|one, other| {
        let key = |part: &Part| match (&part.gap, &part.own.value) {
            (Some(gap), _) => Some(gap.clone()),
            (None, Some(value)) if indicator.unit == Unit::Count => Some(value.clone()),
            (None, Some(value)) if indicator.better == Better::Lower => Some(value.clone()),
            (None, Some(value)) => Some(-value),
            (None, None) => None,
        };
        key(other).cmp(&key(one))
    });
}
