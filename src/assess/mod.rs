//! Actual against target: what the reports add up to, and where each proposal stands.

pub mod actual;
pub mod breakdown;
pub mod completeness;
pub mod explain;
pub mod review;
pub mod share;
pub mod trend;
pub mod verdict;

use std::collections::HashSet;

use actual::{Actual, Basis, Contributions, Unowed};
use breakdown::{Breakdown, Cut, Groups};
use completeness::{Completeness, completeness};
use verdict::{Status, Verdict, judge};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Plan;
use crate::model::formula::{FieldRef, Operand};
use crate::model::indicator::Indicator;
use crate::model::name;
use crate::model::organisation::Register;
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
    /// A row an organisation that has others below it: the tree of territories.
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
    /// Into how many rows.
    pub cut: Cut,
}

impl Question {
    /// About everybody at the end of a period.
    pub fn at(period: Period) -> Question {
        Question {
            period,
            of: None,
            by: None,
            cut: Cut::None,
        }
    }
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
    /// Broken down, where that was asked for.
    pub breakdown: Option<Breakdown>,
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

/// What a row is to be about.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The proposal's index in the resolution.
    pub proposal: usize,
    /// What about it.
    pub subject: Subject,
    /// The indicator's index in the plan.
    pub indicator: Option<usize>,
}

/// What there is to be said of a resolution, proposal by proposal: targets, then watched
/// indicators, or one row that nothing is measured.
pub fn asked(resolution: &Resolution) -> Vec<Asked> {
    let mut all = Vec::new();
    for (proposal, own) in resolution.proposals.iter().enumerate() {
        let targets = own
            .targets
            .iter()
            .enumerate()
            .map(|(position, target)| Asked {
                proposal,
                subject: Subject::Target(position),
                indicator: Some(target.indicator),
            });
        all.extend(targets);
        let watched = own.watch.iter().map(|&indicator| Asked {
            proposal,
            subject: Subject::Watch(indicator),
            indicator: Some(indicator),
        });
        all.extend(watched);
        if own.targets.is_empty() && own.watch.is_empty() {
            all.push(Asked {
                proposal,
                subject: Subject::Nothing,
                indicator: None,
            });
        }
    }
    all
}

/// The organisations in view.
pub fn view(register: &Register, of: Option<u32>) -> Vec<u32> {
    match of {
        Some(top) => register.subtree(top),
        None => (0..register.organisations.len() as u32).collect(),
    }
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
    let view = view(&reading.tally.register, question.of);
    let assessor = Assessor::new(plan, reading, sources, question, &view);
    let groups = question
        .by
        .map(|by| Groups::new(&reading.tally.register, &view, by));
    // What an indicator complains of is said once, however many proposals look at it.
    let mut heard: HashSet<usize> = HashSet::new();
    let mut unheard = Diagnostics::default();
    let rows: Vec<Row> = asked(resolution)
        .iter()
        .map(|one| {
            let Some(index) = one.indicator else {
                return assessor.row(resolution, one, Actual::default());
            };
            let diagnostics = match heard.insert(index) {
                true => &mut *diagnostics,
                false => &mut unheard,
            };
            let (contributions, actual) = assessor.compute(&plan.indicators[index], diagnostics);
            let mut row = assessor.row(resolution, one, actual);
            row.breakdown = groups
                .as_ref()
                .and_then(|groups| assessor.breakdown(groups, &contributions, resolution, &row));
            row
        })
        .collect();
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

struct Assessor<'a> {
    basis: Basis<'a>,
    reading: &'a Reading,
    sources: &'a Sources,
    question: Question,
    view: &'a [u32],
    /// Figures are taken apart down to their cells.
    cells: bool,
}

impl<'a> Assessor<'a> {
    fn new(
        plan: &'a Plan,
        reading: &'a Reading,
        sources: &'a Sources,
        question: Question,
        view: &'a [u32],
    ) -> Self {
        Assessor {
            basis: Basis {
                plan,
                tally: &reading.tally,
                period: question.period,
            },
            reading,
            sources,
            question,
            view,
            cells: true,
        }
    }

    /// What every organisation gives to an indicator, and what it comes to.
    fn compute(
        &self,
        indicator: &'a Indicator,
        diagnostics: &mut Diagnostics,
    ) -> (Contributions<'a>, Actual) {
        let mut contributions = Contributions::gather(self.basis, indicator, self.view);
        for organisation in contributions.exceeding() {
            let own = contributions.actual(&[organisation], Unowed::Zero);
            self.exceeds(indicator, Some(organisation), &own, diagnostics);
            contributions.leave_out(organisation);
        }
        let mut actual = contributions.actual(self.view, self.unowed());
        let too_much = indicator.share
            && matches!((&actual.numerator, &actual.denominator), (Some(n), Some(d)) if n > d);
        if too_much {
            self.exceeds(indicator, None, &actual, diagnostics);
            actual.value = None;
        }
        (contributions, actual)
    }

    fn unowed(&self) -> Unowed {
        match self.question.of {
            Some(_) => Unowed::Zero,
            None => Unowed::Unknown,
        }
    }

    /// A row with its verdict.
    fn row(&self, resolution: &Resolution, asked: &Asked, actual: Actual) -> Row {
        let verdict = match (&asked.subject, asked.indicator) {
            (Subject::Target(position), Some(indicator)) => judge(
                &resolution.proposals[asked.proposal].targets[*position],
                &self.basis.plan.indicators[indicator],
                &actual,
                self.question.period,
            ),
            (Subject::Watch(_), _) => Verdict::of_status(Status::Watch),
            _ => Verdict::of_status(Status::Unmeasured),
        };
        Row {
            proposal: asked.proposal,
            subject: asked.subject.clone(),
            indicator: asked.indicator,
            actual,
            verdict,
            breakdown: None,
        }
    }
}

impl Assessor<'_> {
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
