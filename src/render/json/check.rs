//! `aleysk.check/1`, piece by piece: the rows of a breakdown are made one at a time, since a country
//! has a million of them.

use std::collections::HashMap;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value, json};

use super::{exact, issues, more_issues, number, rounded, target};
use crate::assess::By;
use crate::assess::breakdown::{Level, Turnout, Who};
use crate::diagnostic::Diagnostics;
use crate::document::progress::{Line, Progress};
use crate::model::quantity::Fixed;
use crate::source::Sources;

/// What `check` found.
pub struct Check<'a> {
    /// The figures.
    pub progress: &'a Progress<'a>,
    /// The faults.
    pub diagnostics: &'a Diagnostics,
    /// The files.
    pub sources: &'a Sources,
    /// The status that the process will end with.
    pub exit: u8,
}

impl Serialize for Check<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let progress = self.progress;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", "aleysk.check/1")?;
        map.serialize_entry("data", &progress.data)?;
        map.serialize_entry("resolution", &progress.resolution.id)?;
        let period = progress.assessment.question.period.to_string();
        map.serialize_entry("period", &period)?;
        map.serialize_entry("completeness", &completeness(progress))?;
        map.serialize_entry("results", &Results(progress))?;
        map.serialize_entry("issues", &issues(self.diagnostics, self.sources))?;
        if let Some(counts) = more_issues(self.diagnostics) {
            map.serialize_entry("issue_counts", &counts)?;
        }
        map.serialize_entry("exit", &self.exit)?;
        map.end()
    }
}

fn completeness(progress: &Progress<'_>) -> Value {
    let all = progress.assessment.completeness.iter().map(|one| {
        json!({
            "form": progress.plan.forms[one.form].id,
            "period": one.period.to_string(),
            "expected": one.expected,
            "reported": one.reported,
            "missing": one.expected.map(|_| ids(progress, &one.missing)),
        })
    });
    all.collect()
}

fn ids<'a>(progress: &Progress<'a>, organisations: &[u32]) -> Vec<&'a str> {
    organisations
        .iter()
        .map(|&index| &*progress.register.organisations[index as usize].id)
        .collect()
}

struct Results<'a>(&'a Progress<'a>);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lines = self.0.lines();
        let mut results = serializer.serialize_seq(Some(lines.len()))?;
        for line in &lines {
            results.serialize_element(&Outcome(self.0, line))?;
        }
        results.end()
    }
}

struct Outcome<'a>(&'a Progress<'a>, &'a Line<'a>);

impl Serialize for Outcome<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Outcome(progress, line) = *self;
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &result(progress, line) {
            map.serialize_entry(key, value)?;
        }
        if let Some(by) = progress.assessment.question.by {
            let own = line.row.breakdown.as_ref();
            let rows = Rows {
                progress,
                by,
                decimals: line.indicator.map_or(0, |indicator| indicator.decimals),
                rows: own.map_or(&[], |own| &own.rows),
            };
            let others = rows.others();
            map.serialize_entry("breakdown", &rows)?;
            map.serialize_entry("rest", &rows.other(others.rest.get(&None).copied()))?;
            if by == By::Parent {
                map.serialize_entry("outside", &rows.other(others.direct.get(&None).copied()))?;
            }
        }
        map.end()
    }
}

pub(super) fn result(progress: &Progress<'_>, line: &Line<'_>) -> Map<String, Value> {
    let proposal = &progress.resolution.proposals[line.row.proposal];
    let verdict = &line.row.verdict;
    let actual = &line.row.actual;
    let mut result = Map::new();
    let mut put = |key: &str, value: Value| {
        result.insert(key.to_owned(), value);
    };
    put("proposal", proposal.number.to_string().into());
    put("indicator", line.indicator.map(|i| i.id.clone()).into());
    put("status", verdict.status.id().into());
    put("provisional", line.row.is_provisional().into());
    put("numerator", exact(actual.numerator.as_ref()));
    put("denominator", exact(actual.denominator.as_ref()));
    put("actual", rounded(line.actual.as_ref()));
    put("target", line.target.map_or(Value::Null, target));
    put("deviation", rounded(line.deviation.as_ref()));
    put("percent_of_target", rounded(line.percent.as_ref()));
    put("shortfall", whole(verdict.shortfall.as_ref()));
    put("notes", line.notes.clone().into());
    result
}

fn whole(count: Option<&num_bigint::BigInt>) -> Value {
    count.map_or(Value::Null, |count| number(&count.to_string()))
}

/// The rows of a breakdown.
struct Rows<'a> {
    progress: &'a Progress<'a>,
    by: By,
    decimals: u32,
    rows: &'a [Level],
}

/// Rows that stand in keys of the territory they are within, or of the result.
#[derive(Default)]
struct Others<'a> {
    direct: HashMap<Option<u32>, &'a Level>,
    rest: HashMap<Option<u32>, &'a Level>,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let others = self.others();
        let mut rows = serializer.serialize_seq(None)?;
        for row in self.rows {
            if let Some(key) = self.key(row) {
                rows.serialize_element(&self.row(key, row, &others))?;
            }
        }
        rows.end()
    }
}

impl<'a> Rows<'a> {
    fn others(&self) -> Others<'a> {
        let mut others = Others::default();
        for row in self.rows {
            match row.who {
                Who::Direct(_) => drop(others.direct.insert(row.within, row)),
                Who::Rest(_) => drop(others.rest.insert(row.within, row)),
                _ => {}
            }
        }
        others
    }

    /// What names a row; `None` for one that stands in another's key.
    fn key(&self, row: &Level) -> Option<&'a str> {
        let organisation = |index: u32| &self.progress.register.organisations[index as usize];
        match row.who {
            Who::Organisation(one) | Who::Parent(one) => Some(&organisation(one).id),
            Who::Kind(one) => Some(&organisation(one).kind),
            Who::Direct(_) | Who::Rest(_) => None,
        }
    }

    fn row(&self, key: &str, row: &Level, others: &Others<'_>) -> Value {
        let mut out = Map::new();
        out.insert(self.by.id().to_owned(), key.into());
        self.figures(row, &mut out);
        if let (By::Parent, Who::Parent(own)) = (self.by, row.who) {
            let within = row.within.map(|one| ids(self.progress, &[one])[0]);
            out.insert("depth".to_owned(), row.depth.into());
            out.insert("within".to_owned(), within.into());
            let other = |of: &HashMap<Option<u32>, &Level>| self.other(of.get(&Some(own)).copied());
            out.insert("direct".to_owned(), other(&others.direct));
            out.insert("rest".to_owned(), other(&others.rest));
        }
        out.into()
    }

    /// What stands for several rows or organisations.
    fn other(&self, row: Option<&Level>) -> Value {
        let Some(row) = row else {
            return Value::Null;
        };
        let mut out = Map::new();
        match row.who {
            Who::Direct(count) => out.insert("organisations".to_owned(), count.into()),
            Who::Rest(count) => out.insert("rows".to_owned(), count.into()),
            _ => None,
        };
        self.figures(row, &mut out);
        out.into()
    }

    fn figures(&self, row: &Level, out: &mut Map<String, Value>) {
        let value = row.value.as_ref();
        let value = value.map(|value| Fixed::round(value, self.decimals));
        let mut put = |key: &str, value: Value| {
            out.insert(key.to_owned(), value);
        };
        put("numerator", exact(row.numerator.as_ref()));
        put("denominator", exact(row.denominator.as_ref()));
        put("actual", rounded(value.as_ref()));
        put("status", row.status.map(|status| status.id()).into());
        put("provisional", row.provisional.into());
        put("shortfall", whole(row.shortfall.as_ref()));
        if let Some(Turnout {
            expected,
            reported,
            missing,
        }) = &row.turnout
        {
            let missing = expected.map(|_| ids(self.progress, missing));
            put(
                "completeness",
                json!({ "expected": expected, "reported": reported, "missing": missing }),
            );
        }
    }
}
