//! Results as JSON: the keys and their order are the contract with users' scripts.

mod check;
mod diff;
mod explain;
mod report;

use serde_json::{Map, Number, Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::progress::Progress;
use crate::model::Plan;
use crate::model::quantity::{Decimal, Fixed, Fraction};
use crate::model::resolution::{Bound, Compare, Target};
use crate::read::delimited::LineEnding;
use crate::read::inspection::{Inspection, Meaning, Part};
use crate::source::{Sources, Spot};

pub use check::Check;
pub use diff::diff;
pub use explain::{code, explain};
pub use report::report;

/// `aleysk.check/1` as one value.
pub fn check(
    progress: &Progress<'_>,
    diagnostics: &Diagnostics,
    sources: &Sources,
    exit: u8,
) -> Value {
    let check = Check {
        progress,
        diagnostics,
        sources,
        exit,
    };
    serde_json::to_value(check).unwrap_or_default()
}

/// A target's keys as the resolution's file has them.
pub fn target(target: &Target) -> Value {
    let mut out = Map::new();
    match target.bound {
        Bound::AtLeast(value) => out.insert("at_least".into(), decimal(value)),
        Bound::AtMost(value) => out.insert("at_most".into(), decimal(value)),
        Bound::MoreThanBase => out.insert("more_than_base".into(), true.into()),
    };
    if let Some(due) = target.due {
        out.insert("due".into(), due.to_string().into());
    }
    if target.maintain {
        out.insert("maintain".into(), true.into());
    }
    if let Some(base) = target.base {
        out.insert(
            "base".into(),
            json!({ "period": base.period.to_string(), "value": decimal(base.value) }),
        );
    }
    if target.linear_path {
        out.insert("path".into(), "linear".into());
    }
    if !target.milestones.is_empty() {
        let milestones: Vec<Value> = target
            .milestones
            .iter()
            .map(|one| json!({ "period": one.period.to_string(), "value": decimal(one.value) }))
            .collect();
        out.insert("milestones".into(), milestones.into());
    }
    if target.compare == Compare::Rounded {
        out.insert("compare".into(), "rounded".into());
    }
    out.into()
}

/// Every fault that was kept, in the order of the places.
pub fn issues(diagnostics: &Diagnostics, sources: &Sources) -> Vec<Value> {
    diagnostics
        .sorted()
        .into_iter()
        .map(|diagnostic| issue(diagnostic, sources))
        .collect()
}

fn issue(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let place = diagnostic.place.as_ref();
    let (line, column) = place.map_or((None, None), |place| sources.line_column(place));
    let cell = place.and_then(|place| match &place.spot {
        Spot::Cell(cell) => Some(cell.name()),
        _ => None,
    });
    let mut issue = json!({
        "code": diagnostic.code.id(),
        "severity": diagnostic.severity.id(),
        "file": place.map(|place| sources.get(place.file).key().to_owned()),
        "line": line,
        "column": column,
        "cell": cell,
        "organisation": diagnostic.organisation,
        "field": diagnostic.field,
        "found": diagnostic.found,
        "message": diagnostic.message,
        "help": diagnostic.help,
    });
    if let Some(sheet) = place.and_then(|place| sources.get(place.file).sheet.as_ref()) {
        issue["sheet"] = sheet.clone().into();
    }
    issue
}

/// What was made of a table: the keys of `inspect`, and three more where they apply: `sheet`,
/// `periods` (of several), `parts` (below the first, each with a header of its own).
pub fn inspection(
    plan: &Plan,
    table: &Inspection,
    issues: &[&Diagnostic],
    sources: &Sources,
) -> Value {
    let sheet = sources.get(table.file).sheet.clone();
    let text = |value: Option<String>| value.filter(|_| sheet.is_none());
    let none = Part::default();
    let first = table.parts.first().unwrap_or(&none);
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        out.insert(key.to_owned(), value);
    };
    put("file", sources.get(table.file).key().into());
    if let Some(sheet) = &sheet {
        put("sheet", sheet.clone().into());
    }
    let encoding = table.encoding.map(|encoding| encoding.id().to_owned());
    put("encoding", text(encoding).into());
    let delimiter = table.delimiter.map(|byte| char::from(byte).to_string());
    put("delimiter", text(delimiter).into());
    put("line_ending", table.line_ending.map(LineEnding::id).into());
    part_keys(plan, first, &mut put);
    let period = match table.periods[..] {
        [period] => Some(period.to_string()),
        _ => None,
    };
    put("period", period.into());
    if table.periods.len() > 1 {
        let periods = table.periods.iter().map(|period| period.to_string());
        put("periods", periods.collect::<Vec<String>>().into());
    }
    put("columns", columns(plan, first));
    if table.parts.len() > 1 {
        let parts = table.parts[1..].iter().map(|part| {
            let mut keys = Map::new();
            let mut put = |key: &str, value: Value| {
                keys.insert(key.to_owned(), value);
            };
            part_keys(plan, part, &mut put);
            put("columns", columns(plan, part));
            Value::Object(keys)
        });
        put("parts", parts.collect());
    }
    put(
        "issues",
        issues.iter().map(|one| issue(one, sources)).collect(),
    );
    out.into()
}

fn part_keys(plan: &Plan, part: &Part, put: &mut impl FnMut(&str, Value)) {
    put("header_line", part.line.into());
    put("header_rows", part.header_rows.into());
    let header = part.columns.iter().map(|column| column.heading.clone());
    put("header", header.collect::<Vec<String>>().into());
    put("layout", part.layout.into());
    let form = part.form.map(|form| plan.forms[form].id.clone());
    put("form", form.into());
}

fn columns(plan: &Plan, part: &Part) -> Value {
    let columns = part.columns.iter().enumerate().map(|(index, column)| {
        let field = match (column.meaning, part.form) {
            (Meaning::Organisation, _) => Some("organisation"),
            (Meaning::Period, _) => Some("period"),
            (Meaning::Measure, _) => Some("field"),
            (Meaning::Value, _) => Some("value"),
            (Meaning::Field(field), Some(form)) => Some(plan.forms[form].fields[field].id.as_str()),
            _ => None,
        };
        json!({ "column": index + 1, "header": column.heading, "field": field })
    });
    columns.collect()
}

/// How many faults there are of each code, where not all of them were kept.
fn more_issues(diagnostics: &Diagnostics) -> Option<Value> {
    let total: u64 = diagnostics.counts().values().sum();
    if total == diagnostics.sorted().len() as u64 {
        return None;
    }
    let mut counts: Map<String, Value> = Map::new();
    for ((_, code, _), count) in diagnostics.counts() {
        let known = counts.get(code.id()).and_then(Value::as_u64).unwrap_or(0);
        counts.insert(code.id().to_owned(), (known + count).into());
    }
    Some(counts.into())
}

/// An exact decimal, or "a/b" where there is none.
fn exact(value: Option<&Fraction>) -> Value {
    match value {
        None => Value::Null,
        Some(value) => match Fixed::exact(value) {
            Some(fixed) => number(&fixed.plain()),
            None => format!("{}/{}", value.numer(), value.denom()).into(),
        },
    }
}

fn rounded(value: Option<&Fixed>) -> Value {
    value.map_or(Value::Null, |value| number(&value.plain()))
}

fn decimal(value: Decimal) -> Value {
    number(&value.to_string())
}

/// A number with exactly these digits.
fn number(digits: &str) -> Value {
    digits
        .parse::<Number>()
        .map_or_else(|_| digits.into(), Value::Number)
}
