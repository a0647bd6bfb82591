//! A resolution at the end of a period with all that a report says of it: whence, whither, by whom.

use super::completeness::{Arrivals, arrivals};
use super::explain::{Anatomy, parts};
use super::trend::{Outlook, history, outlook};
use super::{Assessment, Question, Row, Subject, assess, view};
use crate::diagnostic::Diagnostics;
use crate::model::Plan;
use crate::model::period::Period;
use crate::model::resolution::Resolution;
use crate::read::report::Reading;
use crate::source::Sources;

/// What a report says.
#[derive(Clone, Debug)]
pub struct Review {
    /// The checked period.
    pub assessment: Assessment,
    /// Each row taken apart; `None` where nothing is measured.
    pub parts: Vec<Option<Anatomy>>,
    /// The resolution at the end of each period, oldest first, the checked one last.
    pub history: Vec<Assessment>,
    /// The way that is left to each row's target.
    pub outlooks: Vec<Option<Outlook>>,
    /// What came of the reports owed.
    pub arrivals: Vec<Arrivals>,
}

/// Holds what was reported against a resolution, and looks back and ahead.
pub fn review(
    plan: &Plan,
    resolution: &Resolution,
    reading: &Reading,
    question: Question,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Review {
    let assessment = assess(plan, resolution, reading, question, sources, diagnostics);
    let history = history(plan, resolution, reading, question, sources);
    let outlooks = assessment.rows.iter().enumerate();
    let outlooks = outlooks
        .map(|(index, row)| {
            let Subject::Target(target) = row.subject else {
                return None;
            };
            let target = &resolution.proposals[row.proposal].targets[target];
            let indicator = &plan.indicators[row.indicator?];
            let rows: Vec<(Period, &Row)> = history
                .iter()
                .map(|one| (one.question.period, &one.rows[index]))
                .collect();
            outlook(plan, target, indicator, &rows)
        })
        .collect();
    let view = view(&reading.tally.register, question.of);
    Review {
        parts: parts(plan, resolution, reading, &assessment, sources),
        arrivals: arrivals(plan, reading, &view, question.period),
        outlooks,
        history,
        assessment,
    }
}
