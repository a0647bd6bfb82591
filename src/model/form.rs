//! Forms: what organisations report, field by field, and the rules their figures obey.

use regex_lite::Regex;

use super::formula::{FieldRef, Node, Relation};
use super::period::Every;
use super::quantity::Decimal;

/// A form that organisations hand in: `forms/ID.toml`.
#[derive(Clone, Debug)]
pub struct Form {
    /// `[a-z][a-z0-9_]*`; formulas name it.
    pub id: String,
    /// As people call it.
    pub title: String,
    /// The kinds of organisations that owe it; empty: every organisation.
    pub kinds: Vec<String>,
    /// How often it is handed in.
    pub every: Every,
    /// Days after the period's end within which it must arrive; `None`: no due day.
    pub due_days: Option<u32>,
    /// What it reports.
    pub fields: Vec<Field>,
    /// What must hold between fields.
    pub rules: Vec<Rule>,
}

impl Form {
    /// The field with this id.
    pub fn field(&self, id: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.id == id)
    }
}

/// One figure of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// `[a-z][a-z0-9_]*`; formulas name it.
    pub id: String,
    /// The column's heading as the form prints it.
    pub header: String,
    /// Other headings that mean the same.
    pub aliases: Vec<String>,
    /// What its cells hold.
    pub kind: FieldType,
    /// An empty cell in a report is an error.
    pub required: bool,
    /// How the values of several periods make one.
    pub over_time: OverTime,
    /// What an absent value means to an indicator.
    pub missing: Missing,
    /// The smallest value allowed.
    pub min: Option<Decimal>,
    /// The largest value allowed.
    pub max: Option<Decimal>,
    /// The only texts allowed, where given.
    pub one_of: Vec<String>,
    /// The pattern that the whole text must match, where given.
    pub pattern: Option<Regex>,
}

/// What the cells of a field hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldType {
    /// A whole number from 0 up.
    Count,
    /// A decimal number.
    Number,
    /// A share in per cent; it serves rules, never formulas, since shares do not add up.
    Percent,
    /// Yes or no.
    Flag,
    /// A day.
    Date,
    /// Anything else.
    Text,
}

impl FieldType {
    /// Whether a value of this type is a number to the tally (a yes is 1, a no is 0).
    pub fn is_numeric(self) -> bool {
        !matches!(self, FieldType::Date | FieldType::Text)
    }

    /// Whether the field may stand in an indicator's formula.
    pub fn adds_up(self) -> bool {
        matches!(self, FieldType::Count | FieldType::Number | FieldType::Flag)
    }

    /// What a person is told the type is.
    pub fn title(self) -> &'static str {
        match self {
            FieldType::Count => "целое число",
            FieldType::Number => "число",
            FieldType::Percent => "процент",
            FieldType::Flag => "да/нет",
            FieldType::Date => "дата",
            FieldType::Text => "текст",
        }
    }
}

/// How the values that an organisation reported for several periods make one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OverTime {
    /// As of a date: the newest.
    Last,
    /// A flow: all together.
    Sum,
    /// A running total: the newest.
    ToDate,
    /// The mean of those that came.
    Average,
    /// The largest.
    Max,
}

impl OverTime {
    /// As a form's file has it.
    pub fn id(self) -> &'static str {
        match self {
            OverTime::Last => "last",
            OverTime::Sum => "sum",
            OverTime::ToDate => "to-date",
            OverTime::Average => "average",
            OverTime::Max => "max",
        }
    }
}

/// What an absent value means to an indicator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Missing {
    /// Nothing of that form of that organisation enters the indicator.
    Exclude,
    /// It is 0.
    Zero,
}

/// What must hold between the fields of a report.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Names it in messages.
    pub id: String,
    /// As written in the data file.
    pub text: String,
    /// The left side; operands are indices into `fields`.
    pub left: Node,
    /// How the sides must compare.
    pub relation: Relation,
    /// The right side.
    pub right: Node,
    /// The fields it names, each once per mention.
    pub fields: Vec<FieldRef>,
    /// Whether a broken rule leaves its cells out.
    pub severity: RuleSeverity,
    /// What is wrong when it does not hold, in the words of the data file.
    pub message: String,
}

/// How grave a broken rule is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RuleSeverity {
    /// The cells that the rule names are left out.
    Error,
    /// A remark.
    Warning,
}
