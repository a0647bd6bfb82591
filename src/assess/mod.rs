//! Actual against target: what the reports add up to, and where each proposal stands.

pub mod actual;
pub mod completeness;
pub mod verdict;

use std::collections::HashMap;

use actual::{Actual, Basis, Contributions, Unowed};
use completeness::{Completeness, completeness};
use verdict::{Status, Verdict, judge};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Plan;
use crate::model::formula::{FieldRef, Operand};
use crate::model::indicator::Indicator;
use crate::model::name;
use crate::model::period::Period;
use crate::model::quantity::Fixed;
use crate::model::resolution::Resolution;
use crate::read::report::Reading;
use crate::source::{Place, Sources};

/// How a figure is broken down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// A row an organisation.
    Organisation,
    /// A row a kind of organisation.
    Kind,
    /// A row an organisation that has others below it.
    Parent,
}

impl By {
    /// The key in JSON.
    pub fn id(self) -> &'static str {
        match self {
            By::Organisation => "organisation",
            By::Kind => "kind",
            By::Parent => "parent",
        }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The checked period.
    pub period: Period,
    /// Only this organisation and those below it.
    pub of: Option<u32>,
    /// Broken down how.
    pub by: Option<By>,
}

/// One row of a breakdown.
#[derive(Clone, Debug)]
pub struct Breakdown {
    /// The organisation's or parent's id, or the kind.
    pub key: String,
    /// What a person is shown.
    pub title: String,
    /// Its own figure.
    pub actual: Actual,
}

/// What a row is about.
#[derive(Clone, Debug)]
pub enum Subject {
    /// The proposal's target with this index.
    Target(usize),
    /// An indicator watched.
    Watch(usize),
    /// Nothing measurable.
    Nothing,
}

/// One row of the answer.
#[derive(Clone, Debug)]
pub struct Row {
    /// The proposal's index in the resolution.
    pub proposal: usize,
    /// What it is about.
    pub subject: Subject,
    /// The indicator's index in the plan; `None` where nothing is measured.
    pub indicator: Option<usize>,
    /// The figure.
    pub actual: Actual,
    /// The verdict; for a watched indicator and an unmeasured proposal only its status.
    pub verdict: Verdict,
    /// The rows of the breakdown, where one was asked for.
    pub breakdown: Option<Vec<Breakdown>>,
}

impl Row {
    /// Whether the row may still change when all reports are in.
    pub fn is_provisional(&self) -> bool {
        self.actual.is_provisional()
    }
}

/// The whole answer.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// What was asked.
    pub question: Question,
    /// Proposal by proposal: targets, then watched indicators, or one unmeasured row.
    pub rows: Vec<Row>,
    /// Who reported.
    pub completeness: Vec<Completeness>,
}

/// Holds what was reported against a resolution.
pub fn assess(
    plan: &Plan,
    resolution: &Resolution,
    reading: &Reading,
    question: Question,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Assessment {
    let register = &reading.tally.register;
    let view: Vec<u32> = match question.of {
        Some(top) => register.subtree(top),
        None => (0..register.organisations.len() as u32).collect(),
    };
    let assessor = Assessor {
        basis: Basis {
            plan,
            tally: &reading.tally,
            period: question.period,
        },
        reading,
        sources,
        question,
        view: &view,
    };
    let mut rows = Vec::new();
    // An indicator that several proposals look at is computed, and complained of, once.
    let mut figures: HashMap<usize, Figure> = HashMap::new();
    let mut figure = |indicator: usize| {
        figures
            .entry(indicator)
            .or_insert_with(|| assessor.figure(indicator, diagnostics))
            .clone()
    };
    for (index, proposal) in resolution.proposals.iter().enumerate() {
        for (position, target) in proposal.targets.iter().enumerate() {
            let indicator = target.indicator;
            let (actual, breakdown) = figure(indicator);
            let verdict = judge(
                target,
                &plan.indicators[indicator],
                &actual,
                question.period,
            );
            rows.push(Row {
                proposal: index,
                subject: Subject::Target(position),
                indicator: Some(indicator),
                actual,
                verdict,
                breakdown,
            });
        }
        for &indicator in &proposal.watch {
            let (actual, breakdown) = figure(indicator);
            rows.push(Row {
                proposal: index,
                subject: Subject::Watch(indicator),
                indicator: Some(indicator),
                actual,
                verdict: Verdict::of_status(Status::Watch),
                breakdown,
            });
        }
        if proposal.targets.is_empty() && proposal.watch.is_empty() {
            rows.push(Row {
                proposal: index,
                subject: Subject::Nothing,
                indicator: None,
                actual: Actual::default(),
                verdict: Verdict::of_status(Status::Unmeasured),
                breakdown: None,
            });
        }
    }
    let used: Vec<&Indicator> = rows
        .iter()
        .filter_map(|row| row.indicator)
        .map(|indicator| &plan.indicators[indicator])
        .collect();
    Assessment {
        question,
        completeness: completeness(&assessor.basis, &view, &used),
        rows,
    }
}

/// An indicator's value, and its breakdown where one was asked for.
type Figure = (Actual, Option<Vec<Breakdown>>);

struct Assessor<'a> {
    basis: Basis<'a>,
    reading: &'a Reading,
    sources: &'a Sources,
    question: Question,
    view: &'a [u32],
}

impl Assessor<'_> {
    /// An indicator's figure and its breakdown.
    fn figure(&self, indicator: usize, diagnostics: &mut Diagnostics) -> Figure {
        let indicator = &self.basis.plan.indicators[indicator];
        let mut contributions = Contributions::gather(self.basis, indicator, self.view);
        for organisation in contributions.exceeding() {
            let own = contributions.actual(&[organisation], Unowed::Zero);
            self.exceeds(indicator, Some(organisation), &own, diagnostics);
            contributions.leave_out(organisation);
        }
        let unowed = match self.question.of {
            Some(_) => Unowed::Zero,
            None => Unowed::Unknown,
        };
        let mut actual = contributions.actual(self.view, unowed);
        let too_much = indicator.share
            && matches!((&actual.numerator, &actual.denominator), (Some(n), Some(d)) if n > d);
        if too_much {
            self.exceeds(indicator, None, &actual, diagnostics);
            actual.value = None;
        }
        let breakdown = self
            .question
            .by
            .map(|by| self.breakdown(by, &contributions));
        (actual, breakdown)
    }

    fn exceeds(
        &self,
        indicator: &Indicator,
        organisation: Option<u32>,
        actual: &Actual,
        diagnostics: &mut Diagnostics,
    ) {
        let figures = actual
            .numerator
            .as_ref()
            .zip(actual.denominator.as_ref())
            .map(|(numerator, denominator)| {
                let show = |value| {
                    Fixed::exact(value)
                        .unwrap_or_else(|| Fixed::round(value, 2))
                        .russian()
                };
                format!(": {} из {}", show(numerator), show(denominator))
            })
            .unwrap_or_default();
        let place =
            organisation.and_then(|organisation| self.numerator_cell(indicator, organisation));
        let register = &self.reading.tally.register;
        let who = organisation.map(|index| &register.organisations[index as usize]);
        let message = match who {
            Some(who) => format!(
                "{}, показатель «{}»: часть больше целого{figures}",
                name::quoted(who.title()),
                indicator.name
            ),
            None => format!(
                "показатель «{}»: часть больше целого{figures}",
                indicator.name
            ),
        };
        let mut diagnostic = Diagnostic::new(Code::NumeratorExceedsDenominator, place, message)
            .label(figures.trim_start_matches(": ").to_owned())
            .help(match who {
                Some(_) => "проверьте оба числа; организация в этот показатель не вошла",
                None => {
                    "доля больше 100 % невозможна, поэтому значения нет; проверьте, нет ли повторов"
                }
            });
        if let Some(who) = who {
            diagnostic = diagnostic.organisation(&*who.id);
            if let Some(field) = numerator_field(indicator) {
                diagnostic = diagnostic.field(&self.basis.plan.field(field).id);
            }
        }
        diagnostics.push(diagnostic);
    }

    fn numerator_cell(&self, indicator: &Indicator, organisation: u32) -> Option<Place> {
        let field = numerator_field(indicator)?;
        let (start, end) = actual::window(indicator, self.basis.period);
        let tally = &self.reading.tally;
        let place = tally
            .periods(field.form)
            .rev()
            .filter(|period| start <= period.start() && period.end() <= end)
            .find_map(|period| tally.place(field.form, organisation, period, field.field))?;
        Some(self.reading.cell(self.sources, place, field))
    }

    fn breakdown(&self, by: By, contributions: &Contributions<'_>) -> Vec<Breakdown> {
        let register = &self.reading.tally.register;
        let concerned: Vec<u32> = self
            .view
            .iter()
            .copied()
            .filter(|&one| contributions.concerns(one))
            .collect();
        let row = |key: &str, title: &str, members: &[u32]| Breakdown {
            key: key.to_owned(),
            title: title.to_owned(),
            actual: contributions.actual(members, Unowed::Zero),
        };
        match by {
            By::Organisation => concerned
                .iter()
                .map(|&index| {
                    let who = &register.organisations[index as usize];
                    row(&who.id, who.title(), &[index])
                })
                .collect(),
            By::Kind => {
                let mut kinds: Vec<&str> = Vec::new();
                for &index in &concerned {
                    let kind = &*register.organisations[index as usize].kind;
                    if !kinds.contains(&kind) {
                        kinds.push(kind);
                    }
                }
                kinds
                    .into_iter()
                    .map(|kind| {
                        let members: Vec<u32> = concerned
                            .iter()
                            .copied()
                            .filter(|&one| &*register.organisations[one as usize].kind == kind)
                            .collect();
                        row(kind, kind, &members)
                    })
                    .collect()
            }
            By::Parent => self.by_parent(&concerned, row),
        }
    }

    fn by_parent(
        &self,
        concerned: &[u32],
        row: impl Fn(&str, &str, &[u32]) -> Breakdown,
    ) -> Vec<Breakdown> {
        let register = &self.reading.tally.register;
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); register.organisations.len()];
        for &one in concerned {
            let mut above = Some(one);
            while let Some(index) = above {
                members[index as usize].push(one);
                above = register.organisations[index as usize].parent;
            }
        }
        register
            .parents()
            .into_iter()
            .filter(|index| self.view.binary_search(index).is_ok())
            .filter(|index| !members[*index as usize].is_empty())
            .map(|index| {
                let who = &register.organisations[index as usize];
                row(&who.id, who.title(), &members[index as usize])
            })
            .collect()
    }
}

/// The first field of the numerator: where a share that is too large is pointed at.
fn numerator_field(indicator: &Indicator) -> Option<FieldRef> {
    indicator
        .numerator
        .operands
        .iter()
        .find_map(|operand| match operand {
            Operand::Field(field) => Some(*field),
            Operand::Organisations(_) => None,
        })
}
