//! Resolutions: what was promised, word for word, and the targets those words set.

use jiff::civil::Date;

use super::period::Period;
use super::quantity::Decimal;

/// A resolution of `resolutions/ID.toml`.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// Names it on the command line and in links.
    pub id: String,
    /// Its title, verbatim.
    pub title: String,
    /// The conference that adopted it.
    pub event: String,
    /// The day.
    pub date: Date,
    /// In force, or a draft.
    pub status: Adoption,
    /// Where the text comes from.
    pub source: String,
    /// Verbatim: everything before the proposals.
    pub preamble: String,
    /// In the order of the text.
    pub proposals: Vec<Proposal>,
    /// The file's keys and values unchanged, in their order, for machines.
    pub raw: serde_json::Value,
}

/// Whether a resolution is in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Adoption {
    /// Adopted.
    Adopted,
    /// A draft («ПРОЕКТ»).
    Draft,
}

impl Adoption {
    /// What a person is told.
    pub fn title(self) -> &'static str {
        match self {
            Adoption::Adopted => "принята",
            Adoption::Draft => "проект",
        }
    }
}

/// A numbered proposal.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its number in the text.
    pub number: u32,
    /// A short heading for tables; ours, not the source's.
    pub topic: String,
    /// Verbatim, without the number.
    pub text: String,
    /// Verbatim sub-points, without the dash.
    pub items: Vec<String>,
    /// The earlier proposals that this one carries on.
    pub continues: Vec<Link>,
    /// The words in both texts that show it.
    pub why: String,
    /// What a reader should know.
    pub note: String,
    /// What its words promise in figures.
    pub targets: Vec<Target>,
    /// Indicators worth showing that the resolution sets no target for.
    pub watch: Vec<usize>,
}

/// A link to an earlier proposal or to one of its items: `"2020/3.1"`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The earlier resolution's id.
    pub resolution: String,
    /// The proposal's number.
    pub number: u32,
    /// The item, counted from 1.
    pub item: Option<u32>,
}

/// A measurable promise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// The indicator's index in [`super::Plan::indicators`].
    pub indicator: usize,
    /// What the value must satisfy.
    pub bound: Bound,
    /// The period at whose end it must hold; `None`: no deadline.
    pub due: Option<Period>,
    /// It must hold at every reporting date.
    pub maintain: bool,
    /// Where growth is measured from.
    pub base: Option<Base>,
    /// The straight line, by days, from the base period's end to the due period's end.
    pub linear_path: bool,
    /// Intermediate values, oldest first.
    pub milestones: Vec<Milestone>,
    /// What is compared: the exact value or what is printed.
    pub compare: Compare,
    /// The words of the proposal that set this target.
    pub quote: String,
}

/// What a value must satisfy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// No less than this.
    AtLeast(Decimal),
    /// No more than this.
    AtMost(Decimal),
    /// Strictly more than the base value.
    MoreThanBase,
}

/// A base value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Base {
    /// The period it belongs to.
    pub period: Period,
    /// Its value, in the indicator's unit.
    pub value: Decimal,
}

/// An intermediate value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Milestone {
    /// The period from whose end it is in force.
    pub period: Period,
    /// The value, in the indicator's unit.
    pub value: Decimal,
}

/// What a verdict compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compare {
    /// The exact fraction.
    Exact,
    /// The value as printed.
    Rounded,
}
