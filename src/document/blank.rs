//! Blank reports: the columns of a form, explained, and a row for each organisation that owes it.

use super::catalogue::range;
use super::progress::squeeze;
use crate::model::Plan;
use crate::model::form::{Field, FieldType, Form, Missing, OverTime, RuleSeverity};
use crate::model::formula::FieldRef;
use crate::model::organisation::{Found, Register};
use crate::model::period::{self, Every, Period};
use crate::model::quantity::Decimal;

/// A report to be filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blank {
    /// What the form is called.
    pub title: String,
    /// «за декабрь 2025 года»; `None` where a column tells the period.
    pub period: Option<String>,
    /// Those that say whose figures stand in a row come first, the form's fields follow.
    pub columns: Vec<Column>,
    /// How many columns come first.
    pub naming: usize,
    /// The cells of each row that are filled in already, from the first column on; none where there
    /// is no register.
    pub rows: Vec<Vec<String>>,
}

impl Blank {
    /// How many columns are filled in already.
    pub fn given(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }
}

/// A column of a blank report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// As a report names it.
    pub heading: String,
    /// What its cells take.
    pub takes: Takes,
    /// The same in words.
    pub expected: String,
    /// Whether an empty cell is an error.
    pub required: bool,
    /// What else there is to know of it, a line each.
    pub notes: Vec<String>,
}

/// What the cells of a column take.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Takes {
    /// Any text.
    Text,
    /// One of these words.
    Words(Vec<String>),
    /// A whole number from here to there.
    Whole(Decimal, Option<Decimal>),
    /// A number within these limits.
    Number(Option<Decimal>, Option<Decimal>),
    /// A day.
    Day,
}

/// Who gets a row: those that owe the form for the period; without a period those of the right
/// kind. With `of`: of that organisation and those below it.
pub fn owing(
    register: &Register,
    form: &Form,
    period: Option<Period>,
    of: Option<u32>,
) -> Vec<u32> {
    let view = match of {
        Some(top) => register.subtree(top),
        None => (0..register.organisations.len() as u32).collect(),
    };
    let owes = |index: &u32| {
        let organisation = &register.organisations[*index as usize];
        match period {
            Some(period) => organisation.owes(form, period),
            None => organisation.is_of_kind(form),
        }
    };
    view.into_iter().filter(owes).collect()
}

/// The blank report of the form with this index, with a row for each of these organisations.
pub fn blank(plan: &Plan, form: usize, period: Option<Period>, organisations: &[u32]) -> Blank {
    let own = &plan.forms[form];
    let title = squeeze(&own.title);
    // A title that speaks of a time itself must not speak for the report.
    let above = period.filter(|_| period::find(&title).is_none());
    let coded = organisations
        .iter()
        .any(|&index| !is_plain(&plan.register, index));
    let mut columns = vec![organisation_column()];
    columns.extend(coded.then(code_column));
    columns.extend(above.is_none().then(|| period_column(own.every)));
    let naming = columns.len();
    let fields = own.fields.iter().enumerate();
    columns.extend(fields.map(|(field, _)| field_column(plan, FieldRef { form, field })));
    let row = |index: &u32| {
        let organisation = &plan.register.organisations[*index as usize];
        let mut cells = vec![organisation.title().to_owned()];
        cells.extend(coded.then(|| organisation.id.to_string()));
        cells.extend(period.filter(|_| above.is_none()).map(Period::title));
        cells
    };
    Blank {
        title,
        period: above.map(|period| format!("за {}", period.title())),
        columns,
        naming,
        rows: organisations.iter().map(row).collect(),
    }
}

/// Whether an organisation's name alone tells who it is.
fn is_plain(register: &Register, index: u32) -> bool {
    let title = register.organisations[index as usize].title();
    register.find(title) == Some(Found::One(index))
}

fn naming_column(heading: &str, expected: &str, note: &str) -> Column {
    Column {
        heading: heading.into(),
        takes: Takes::Text,
        expected: expected.into(),
        required: true,
        notes: vec![note.into()],
    }
}

fn organisation_column() -> Column {
    let expected = "название, id или ИНН организации";
    naming_column("Организация", expected, "чьи данные стоят в строке")
}

fn code_column() -> Column {
    let note = "по нему различаются организации, которых не различить по названию";
    naming_column("Код организации", "id организации из реестра", note)
}

fn period_column(every: Every) -> Column {
    // Any day would do: it only shows how a period is written.
    let example = Period::containing(every, jiff::civil::date(2025, 12, 31)).title();
    let expected = format!("{}, например: {example}", every.noun());
    naming_column("Период", &expected, "за какое время данные в строке")
}

fn field_column(plan: &Plan, reference: FieldRef) -> Column {
    let field = plan.field(reference);
    let mut notes = Vec::new();
    if field.kind.is_numeric() {
        notes.push(over_time(field.over_time).to_owned());
    }
    if field.missing == Missing::Zero {
        notes.push("пустая ячейка считается нулём".to_owned());
    }
    for form in &plan.forms {
        for rule in &form.rules {
            if rule.fields.contains(&reference) {
                let severity = match rule.severity {
                    RuleSeverity::Error => "ошибка",
                    RuleSeverity::Warning => "предупреждение",
                };
                notes.push(format!("{severity}: {}", squeeze(&rule.message)));
            }
        }
    }
    Column {
        heading: squeeze(&field.header),
        takes: takes(field),
        expected: expected(field),
        required: field.required,
        notes,
    }
}

fn takes(field: &Field) -> Takes {
    match field.kind {
        FieldType::Count => Takes::Whole(least(field), field.max),
        FieldType::Number | FieldType::Percent => Takes::Number(field.min, field.max),
        FieldType::Flag => Takes::Words(vec!["да".into(), "нет".into()]),
        FieldType::Date => Takes::Day,
        FieldType::Text if field.one_of.is_empty() => Takes::Text,
        FieldType::Text => Takes::Words(field.one_of.clone()),
    }
}

/// A count is never below zero.
fn least(field: &Field) -> Decimal {
    field
        .min
        .map_or(Decimal::ZERO, |min| min.max(Decimal::ZERO))
}

fn expected(field: &Field) -> String {
    let kind = field.kind.title();
    match field.kind {
        FieldType::Count => format!("{kind}{}", range(Some(least(field)), field.max)),
        FieldType::Number => format!("{kind}{}", range(field.min, field.max)),
        // Not the share that a spreadsheet keeps behind it.
        FieldType::Percent => format!("{kind}{}, например 78,45", range(field.min, field.max)),
        FieldType::Flag => "«да» или «нет»".into(),
        FieldType::Date => "дата, например 31.12.2025".into(),
        FieldType::Text if !field.one_of.is_empty() => {
            let words: Vec<String> = field.one_of.iter().map(|w| format!("«{w}»")).collect();
            format!("одно из: {}", words.join(", "))
        }
        FieldType::Text => match &field.pattern {
            Some(pattern) => format!("{kind} по образцу {}", unanchored(pattern.as_str())),
            None => kind.into(),
        },
    }
}

/// A pattern as the data folder has it.
fn unanchored(pattern: &str) -> &str {
    let inside = pattern
        .strip_prefix("^(?:")
        .and_then(|p| p.strip_suffix(")$"));
    inside.unwrap_or(pattern)
}

/// What a figure of one period says.
fn over_time(over_time: OverTime) -> &'static str {
    match over_time {
        OverTime::Last => "значение на последний день периода",
        OverTime::Sum => "всего за период",
        OverTime::ToDate => "нарастающим итогом на последний день периода",
        OverTime::Average => "среднее за период",
        OverTime::Max => "наибольшее за период",
    }
}
