//! `aleysk.explain/1`: figures taken apart, and what an issue code means.

use serde_json::{Map, Value, json};

use super::{exact, issues, number, rounded, target};
use crate::assess::explain::{Anatomy, Part, SourceCell};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::pages::Page;
use crate::document::explanation::{Explanation, Figure};
use crate::document::progress::reason;
use crate::model::formula::Operand;
use crate::model::quantity::Fixed;
use crate::source::Spot;

/// The figures that were asked for.
pub fn explain(
    explanation: &Explanation<'_>,
    data: &str,
    diagnostics: &Diagnostics,
    exit: u8,
) -> Value {
    let period = explanation
        .progress
        .map(|progress| progress.assessment.question.period.to_string());
    let figures = explanation.figures.iter();
    json!({
        "schema": "aleysk.explain/1",
        "data": data,
        "resolution": explanation.resolution.id,
        "period": period,
        "figures": figures.map(|one| figure(explanation, one)).collect::<Vec<Value>>(),
        "issues": issues(diagnostics, explanation.sources),
        "exit": exit,
    })
}

fn figure(explanation: &Explanation<'_>, figure: &Figure<'_>) -> Value {
    let indicator = figure.indicator;
    let resolution = explanation.resolution;
    let found = figure.found.as_ref();
    let line = found.map(|found| &found.line);
    let verdict = line.map(|line| &line.row.verdict);
    let actual = line.map(|line| &line.row.actual);
    let own = figure.target(resolution);
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        out.insert(key.to_owned(), value);
    };
    let proposal = figure.named.then(|| {
        resolution.proposals[figure.asked.proposal]
            .number
            .to_string()
    });
    put("proposal", proposal.into());
    put("indicator", indicator.id.clone().into());
    put("name", indicator.name.clone().into());
    put("status", verdict.map(|verdict| verdict.status.id()).into());
    put(
        "provisional",
        line.map(|line| line.row.is_provisional()).into(),
    );
    put(
        "numerator",
        exact(actual.and_then(|actual| actual.numerator.as_ref())),
    );
    put(
        "denominator",
        exact(actual.and_then(|actual| actual.denominator.as_ref())),
    );
    put(
        "actual",
        rounded(line.and_then(|line| line.actual.as_ref())),
    );
    put("target", own.map_or(Value::Null, target));
    put(
        "deviation",
        rounded(line.and_then(|line| line.deviation.as_ref())),
    );
    put(
        "percent_of_target",
        rounded(line.and_then(|line| line.percent.as_ref())),
    );
    put(
        "shortfall",
        whole(verdict.and_then(|verdict| verdict.shortfall.as_ref())),
    );
    put(
        "notes",
        line.map(|line| line.notes.clone())
            .unwrap_or_default()
            .into(),
    );
    put("quote", own.map(|target| target.quote.clone()).into());
    put("source", resolution.source.clone().into());
    put("method", indicator.method.clone().into());
    let anatomy = found.map(|found| found.anatomy);
    put("formula", formula(explanation, figure, anatomy));
    put("parts", parts(explanation, figure, anatomy));
    put(
        "rest",
        anatomy.map_or(Value::Null, |anatomy| {
            json!({
                "numerator": exact(Some(&anatomy.rest.numerator)),
                "denominator": indicator.denominator.as_ref().map(|_| exact(Some(&anatomy.rest.denominator))),
                "gap": exact(anatomy.rest.gap.as_ref()),
                "shortfall": whole(anatomy.rest.share.as_ref()),
            })
        }),
    );
    put("left_out", left_out(explanation, anatomy));
    out.into()
}

fn whole(value: Option<&num_bigint::BigInt>) -> Value {
    value.map_or(Value::Null, |value| number(&value.to_string()))
}

/// The formulas as written, and what each of their operands stands for.
fn formula(explanation: &Explanation<'_>, figure: &Figure<'_>, anatomy: Option<&Anatomy>) -> Value {
    let plan = explanation.plan;
    let sides = figure.indicator.formulas().enumerate().map(|(side, own)| {
        let operands = own.operands.iter().enumerate().map(|(index, operand)| {
            let value = anatomy.and_then(|anatomy| anatomy.operands[side][index].as_ref());
            match operand {
                Operand::Field(field) => json!({
                    "operand": plan.field_path(*field),
                    "header": plan.field(*field).header,
                    "form": plan.forms[field.form].title,
                    "over_time": plan.field(*field).over_time.id(),
                    "value": exact(value),
                }),
                Operand::Organisations(kind) => json!({
                    "operand": format!("organisations({kind})"),
                    "header": null,
                    "form": null,
                    "over_time": null,
                    "value": exact(value),
                }),
            }
        });
        json!({ "text": own.text, "operands": operands.collect::<Vec<Value>>() })
    });
    let mut sides = sides.collect::<Vec<Value>>().into_iter();
    json!({
        "unit": unit(figure),
        "decimals": figure.indicator.decimals,
        "numerator": sides.next(),
        "denominator": sides.next(),
    })
}

fn unit(figure: &Figure<'_>) -> &'static str {
    use crate::model::indicator::Unit;
    match figure.indicator.unit {
        Unit::Percent => "percent",
        Unit::Ratio => "ratio",
        Unit::Count => "count",
    }
}

fn parts(explanation: &Explanation<'_>, figure: &Figure<'_>, anatomy: Option<&Anatomy>) -> Value {
    let decimals = figure.indicator.decimals;
    let part = |part: &Part| {
        let value = part.own.value.as_ref();
        let value = value.map(|value| Fixed::round(value, decimals));
        json!({
            "organisation": organisation(explanation, part.organisation),
            "numerator": exact(part.numerator.as_ref()),
            "denominator": exact(part.denominator.as_ref()),
            "actual": rounded(value.as_ref()),
            "gap": exact(part.gap.as_ref()),
            "shortfall": whole(part.share.as_ref()),
            "cells": cells(explanation, &part.cells),
        })
    };
    anatomy.map_or_else(
        || Value::Array(Vec::new()),
        |anatomy| anatomy.parts.iter().map(part).collect(),
    )
}

fn organisation<'a>(explanation: &'a Explanation<'_>, index: u32) -> &'a str {
    let register = explanation
        .progress
        .map_or(&explanation.plan.register, |progress| progress.register);
    &register.organisations[index as usize].id
}

fn left_out(explanation: &Explanation<'_>, anatomy: Option<&Anatomy>) -> Value {
    let left_out = anatomy.map_or(&[][..], |anatomy| &anatomy.left_out);
    left_out
        .iter()
        .map(|one| {
            json!({
                "organisation": organisation(explanation, one.gap.organisation),
                "form": explanation.plan.forms[one.gap.form].id,
                "reason": reason(explanation.plan, &one.gap),
                "partly": one.gap.reason.is_partial(),
                "cells": cells(explanation, &one.cells),
            })
        })
        .collect()
}

fn cells(explanation: &Explanation<'_>, cells: &[SourceCell]) -> Value {
    let sources = explanation.sources;
    cells
        .iter()
        .map(|cell| {
            let file = sources.get(cell.place.file);
            let (line, column) = sources.line_column(&cell.place);
            let name = match &cell.place.spot {
                Spot::Cell(own) => Some(own.name()),
                _ => None,
            };
            json!({
                "field": explanation.plan.field_path(cell.field),
                "period": cell.period.to_string(),
                "file": file.key(),
                "sheet": file.sheet,
                "line": line,
                "column": column,
                "cell": name,
                "raw": cell.raw,
                "value": cell.value.map(|value| number(&value.to_string())),
            })
        })
        .collect()
}

/// What an issue code means.
pub fn code(page: &Page) -> Value {
    let files: Vec<Value> = page
        .example
        .files
        .iter()
        .map(|(name, text)| json!({ "file": name, "text": text }))
        .collect();
    json!({
        "schema": "aleysk.explain/1",
        "code": page.code.id(),
        "severity": page.code.severity().id(),
        "title": page.title,
        "meaning": page.meaning,
        "why": page.why,
        "example": { "words": page.example.words, "files": files, "message": page.example.message },
        "remedy": page.remedy,
        "left_out": page.left_out,
    })
}
