//! `aleysk.report/1`: what `check` gives, and all that the report says beyond it.

use serde_json::{Map, Value, json};

use super::{check, exact, number, rounded};
use crate::assess::Row;
use crate::assess::explain::Anatomy;
use crate::assess::trend::{NoProjection, Outlook};
use crate::assess::verdict::planned;
use crate::document::progress::Line;
use crate::document::report::{Evidence, Report, change_value, expected_value, pace_value};
use crate::model::indicator::Indicator;
use crate::model::period::Period;
use crate::model::quantity::{Fixed, Fraction};

/// The report.
pub fn report(report: &Report<'_>, exit: u8) -> Value {
    let progress = &report.progress;
    let lines = progress.lines();
    let mut base = check(progress, report.diagnostics, report.sources, exit);
    let mut results: Vec<Value> = match base["results"].take() {
        Value::Array(results) => results,
        _ => Vec::new(),
    };
    for (index, (result, line)) in results.iter_mut().zip(&lines).enumerate() {
        extend(report, index, line, result);
    }
    let headline: Vec<String> = report
        .lead(&lines)
        .into_iter()
        .map(|cell| cell.text)
        .collect();
    let files: Vec<Value> = report.evidence.iter().map(file).collect();
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        out.insert(key.to_owned(), value);
    };
    put("schema", "aleysk.report/1".into());
    put("version", env!("CARGO_PKG_VERSION").into());
    put("data", base["data"].take());
    put("resolution", base["resolution"].take());
    put("period", base["period"].take());
    put("previous", report.previous().to_string().into());
    put("year_ago", report.year_ago().to_string().into());
    put("dated", report.dated.map(|date| date.to_string()).into());
    put("headline", headline.into());
    let (expected, complete) = report.reported();
    put(
        "organisations",
        json!({ "expected": expected, "reported": complete }),
    );
    put("completeness", base["completeness"].take());
    put("arrivals", arrivals(report));
    put("results", results.into());
    put("files", files.into());
    put("issues", base["issues"].take());
    if let Some(counts) = base.get_mut("issue_counts") {
        put("issue_counts", counts.take());
    }
    put("exit", exit.into());
    out.into()
}

/// What a report says of a row beyond `check`.
fn extend(report: &Report<'_>, index: usize, line: &Line<'_>, result: &mut Value) {
    let Some(indicator) = line.indicator else {
        for key in ["reason", "previous", "year_ago", "outlook"] {
            result[key] = Value::Null;
        }
        for key in ["history", "organisations"] {
            result[key] = Value::Array(Vec::new());
        }
        return;
    };
    result["reason"] = report.why(line.row).into();
    for (key, period) in [
        ("previous", report.previous()),
        ("year_ago", report.year_ago()),
    ] {
        let then = report.at(period).map(|one| &one.rows[index]);
        result[key] = then.map_or(Value::Null, |row| {
            let mut then = moment(period, row, line, indicator);
            let change = report.difference(line.row, row, period, indicator);
            then["change"] = rounded(
                change
                    .as_ref()
                    .map(|own| change_value(own, indicator))
                    .as_ref(),
            );
            then
        });
    }
    result["outlook"] = report.review.outlooks[index]
        .as_ref()
        .map_or(Value::Null, |own| outlook(own, indicator));
    let series = report.series(index);
    let history = series
        .iter()
        .map(|(period, row)| moment(*period, row, line, indicator));
    result["history"] = history.collect::<Vec<Value>>().into();
    result["organisations"] = report.review.parts[index].as_ref().map_or_else(
        || Value::Array(Vec::new()),
        |anatomy| organisations(report, anatomy, indicator),
    );
}

/// A row at the end of a period.
fn moment(period: Period, row: &Row, line: &Line<'_>, indicator: &Indicator) -> Value {
    let round = |value: &Fraction| Fixed::round(value, indicator.decimals);
    let value = row.actual.value.as_ref().map(round);
    let on_the_way = line.target.and_then(|target| planned(target, period));
    json!({
        "period": period.to_string(),
        "status": row.verdict.status.id(),
        "provisional": row.is_provisional(),
        "numerator": exact(row.actual.numerator.as_ref()),
        "denominator": exact(row.actual.denominator.as_ref()),
        "actual": rounded(value.as_ref()),
        "planned": rounded(on_the_way.as_ref().map(round).as_ref()),
    })
}

fn outlook(outlook: &Outlook, indicator: &Indicator) -> Value {
    let pace = |value: &Fraction| rounded(Some(&pace_value(value, indicator)));
    let expected = |value: &Fraction| rounded(Some(&expected_value(value, indicator)));
    let (projection, why) = match &outlook.projection {
        Ok(own) => {
            let line = own.expected.iter().map(|(period, one)| {
                json!({
                    "period": period.to_string(),
                    "low": expected(&one.low),
                    "middle": expected(&one.middle),
                    "high": expected(&one.high),
                })
            });
            let projection = json!({
                "method": "least-squares",
                "interval": "80 %",
                "since": own.since.to_string(),
                "points": own.points,
                "pace": pace(&own.pace),
                "prospect": own.prospect.id(),
                "expected": line.collect::<Vec<Value>>(),
            });
            (projection, None)
        }
        Err(why) => (
            Value::Null,
            Some(match why {
                NoProjection::TooFew(_) => "too_few",
                NoProjection::StartsAnew => "starts_anew",
                NoProjection::TooFar => "too_far",
            }),
        ),
    };
    json!({
        "due": outlook.due.to_string(),
        "periods_left": outlook.left,
        "needed": outlook.needed.as_ref().map_or(Value::Null, pace),
        "projection": projection,
        "no_projection": why,
    })
}

fn organisations(report: &Report<'_>, anatomy: &Anatomy, indicator: &Indicator) -> Value {
    let register = report.progress.register;
    let parts = anatomy.parts.iter().map(|part| {
        let value = part.own.value.as_ref();
        let value = value.map(|value| Fixed::round(value, indicator.decimals));
        json!({
            "organisation": &*register.organisations[part.organisation as usize].id,
            "numerator": exact(part.numerator.as_ref()),
            "denominator": exact(part.denominator.as_ref()),
            "actual": rounded(value.as_ref()),
            "gap": exact(part.gap.as_ref()),
            "shortfall": part.share.as_ref().map_or(Value::Null, |own| number(&own.to_string())),
        })
    });
    parts.collect::<Vec<Value>>().into()
}

fn arrivals(report: &Report<'_>) -> Value {
    let progress = &report.progress;
    let forms = report.review.arrivals.iter().map(|own| {
        let periods: Vec<String> = own.periods.iter().map(Period::to_string).collect();
        let rows = own.rows.iter().map(|(who, marks)| {
            let marks: Vec<&str> = marks.iter().map(|mark| mark.id()).collect();
            json!({
                "organisation": &*progress.register.organisations[*who as usize].id,
                "reports": marks,
            })
        });
        json!({
            "form": progress.plan.forms[own.form].id,
            "periods": periods,
            "organisations": rows.collect::<Vec<Value>>(),
        })
    });
    forms.collect::<Vec<Value>>().into()
}

fn file(file: &Evidence) -> Value {
    json!({
        "file": file.name,
        "data": file.is_data,
        "bytes": file.fingerprint.as_ref().map(|own| own.bytes),
        "sha256": file.fingerprint.as_ref().map(|own| own.sha256.clone()),
        "accepted": file.accepted,
    })
}
