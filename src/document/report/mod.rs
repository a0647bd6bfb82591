//! The monthly report: one document for a screen, paper, a spreadsheet and an archive.

mod cards;
mod changes;
mod completeness;
mod lead;
mod organisations;
mod outlook;
mod plan_fact;
mod sources;

pub use changes::change_value;
pub use outlook::{expected_value, pace_value};

use jiff::civil::Date;

use super::progress::{Line, Progress, squeeze};
use super::{Block, Document};
use crate::assess::review::Review;
use crate::assess::verdict::Status;
use crate::assess::{Assessment, Row};
use crate::diagnostic::Diagnostics;
use crate::model::period::{Every, Period, russian_date};
use crate::model::resolution::{Adoption, Proposal};
use crate::read::fingerprint::Fingerprint;
use crate::source::Sources;

/// What a report is made of.
pub struct Report<'a> {
    /// What `check` says of the period.
    pub progress: Progress<'a>,
    /// Whence, whither, by whom.
    pub review: &'a Review,
    /// Why targets are missed, in the methodologist's words; `None`: she was not asked.
    pub reasons: Option<&'a [Why]>,
    /// What was said of the reports.
    pub diagnostics: &'a Diagnostics,
    /// The files read.
    pub sources: &'a Sources,
    /// The files that it rests on.
    pub evidence: &'a [Evidence],
    /// The day to be put on it.
    pub dated: Option<Date>,
}

/// Why a target is missed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Why {
    /// The proposal's index in the resolution.
    pub proposal: usize,
    /// The target's index in the proposal.
    pub target: usize,
    /// In the methodologist's words; may be empty.
    pub text: String,
}

/// A file that a report rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// The file's name.
    pub name: String,
    /// It describes targets and forms, and is no report.
    pub is_data: bool,
    /// What tells its content from any other; `None`: it cannot be read again.
    pub fingerprint: Option<Fingerprint>,
    /// Rows that were taken from it as reports.
    pub accepted: u64,
}

/// For whom a document is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// A terminal: the newest and the most important.
    Terminal,
    /// A page to be read and printed.
    Page,
    /// A spreadsheet: everything.
    Whole,
}

impl Extent {
    /// Periods side by side.
    fn periods(self) -> usize {
        match self {
            Extent::Terminal => 4,
            Extent::Page | Extent::Whole => 12,
        }
    }

    /// Organisations one below the other.
    fn organisations(self) -> usize {
        match self {
            Extent::Terminal => 10,
            Extent::Page => 40,
            Extent::Whole => usize::MAX,
        }
    }

    /// Remarks one below the other.
    fn remarks(self) -> usize {
        match self {
            // There they stand below the report, each with its line.
            Extent::Terminal => 0,
            Extent::Page => 200,
            Extent::Whole => usize::MAX,
        }
    }
}

/// A sheet of a workbook: its name.
mod sheet {
    pub const SUMMARY: &str = "Сводка";
    pub const PERIODS: &str = "Периоды";
    pub const ORGANISATIONS: &str = "Организации";
    pub const COMPLETENESS: &str = "Полнота";
    pub const WATCHED: &str = "Без целей";
    pub const REMARKS: &str = "Замечания";
    pub const METHOD: &str = "Методика";
    pub const FILES: &str = "Файлы";
}

impl<'a> Report<'a> {
    /// The document.
    pub fn document(&self, extent: Extent) -> Document {
        let lines = self.progress.lines();
        let mut blocks = vec![Block::Lead(self.lead(&lines))];
        let mut part = |title: &str, sheet: &'static str, inside: Vec<Block>| {
            if !inside.is_empty() {
                blocks.push(Block::Part {
                    title: title.to_owned(),
                    sheet,
                });
                blocks.extend(inside);
            }
        };
        part("Цели", sheet::SUMMARY, self.cards(&lines));
        part(
            "План и факт",
            sheet::SUMMARY,
            self.plan_and_fact(&lines, extent),
        );
        part(
            "Что изменилось",
            sheet::PERIODS,
            self.changes(&lines, extent),
        );
        part(
            "Организации",
            sheet::ORGANISATIONS,
            self.organisations(&lines, extent),
        );
        part(
            "Полнота и своевременность",
            sheet::COMPLETENESS,
            self.completeness(extent),
        );
        part(
            "Чего резолюция не задаёт",
            sheet::WATCHED,
            self.without_target(&lines),
        );
        part("Замечания к данным", sheet::REMARKS, self.remarks(extent));
        part("Как посчитано", sheet::METHOD, self.methods(&lines, extent));
        part("Чем подтверждается", sheet::FILES, self.evidence());
        Document {
            title: self.title(),
            subtitle: self.subtitle(),
            blocks,
        }
    }

    fn title(&self) -> String {
        let resolution = self.progress.resolution;
        let draft = match resolution.status {
            Adoption::Draft => " (проект)",
            Adoption::Adopted => "",
        };
        format!(
            "Выполнение резолюции {}{draft}: {}",
            resolution.id,
            self.period().title()
        )
    }

    fn subtitle(&self) -> Vec<String> {
        let mut subtitle = self.progress.origin();
        if let Some(date) = self.dated {
            subtitle.push(format!("Отчёт составлен {}", russian_date(date)));
        }
        subtitle
    }

    /// The checked period.
    pub fn period(&self) -> Period {
        self.progress.assessment.question.period
    }

    /// The assessment of another period, where the reports reach so far.
    pub fn at(&self, period: Period) -> Option<&'a Assessment> {
        let mut history = self.review.history.iter();
        history.find(|one| one.question.period == period)
    }

    /// The period before the checked one.
    pub fn previous(&self) -> Period {
        self.period().previous()
    }

    /// The same period a year ago.
    pub fn year_ago(&self) -> Period {
        let period = self.period();
        let back = 12 / period.every().months();
        (0..back).fold(period, |period, _| period.previous())
    }

    /// The rows of an indicator or target, period by period, the checked one last.
    pub fn series(&self, row: usize) -> Vec<(Period, &'a Row)> {
        let history = self.review.history.iter();
        history
            .map(|one| (one.question.period, &one.rows[row]))
            .collect()
    }

    fn proposal(&self, line: &Line<'_>) -> &'a Proposal {
        &self.progress.resolution.proposals[line.row.proposal]
    }

    /// Why a row's target is missed, where the methodologist says so.
    pub fn why(&self, row: &Row) -> Option<&'a str> {
        let crate::assess::Subject::Target(target) = row.subject else {
            return None;
        };
        let mut reasons = self.reasons?.iter();
        reasons
            .find(|why| (why.proposal, why.target) == (row.proposal, target))
            .map(|why| why.text.trim())
            .filter(|text| !text.is_empty())
    }
}

impl Report<'_> {
    /// The reason beside a figure, or that one is wanted.
    fn reason(&self, row: &Row) -> Option<String> {
        match self.why(row) {
            Some(why) => Some(format!("Обоснование: {}", squeeze(why))),
            None if self.reasons.is_some() && row.verdict.status == Status::Missed => {
                Some("Обоснование не вписано".to_owned())
            }
            None => None,
        }
    }
}

/// «месяц», «месяца», «месяцев».
fn periods(every: Every) -> [&'static str; 3] {
    match every {
        Every::Month => ["месяц", "месяца", "месяцев"],
        Every::Quarter => ["квартал", "квартала", "кварталов"],
        Every::HalfYear => ["полугодие", "полугодия", "полугодий"],
        Every::Year => ["год", "года", "лет"],
        Every::SchoolYear => ["учебный год", "учебных года", "учебных лет"],
    }
}
