//! `aleysk show`: what the data folder holds.

use anyhow::bail;
use clap_complete::ArgValueCompleter;
use serde_json::{Map, Value};

use super::common::{Data, Format, Opened, Output};
use super::{COULD_NOT_RUN, complete, output};
use crate::document::{Document, catalogue};
use crate::model::name;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Что показать: resolutions, 2025, 2025/11, indicators, forms, organisations, id показателя
    /// или формы (иначе resolutions)
    #[arg(value_name = "ЧТО", help_heading = "Что показать", add = ArgValueCompleter::new(complete::shown))]
    what: Option<String>,

    #[command(flatten)]
    output: Output,

    #[command(flatten)]
    data: Data,
}

/// More organisations than these nobody reads.
const MANY: usize = 100;

/// So many of them are shown then.
const FIRST: usize = 20;

/// Runs the command; gives the exit status.
///
/// # Errors
/// There is no such thing, or the result cannot be written.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let Some(mut opened) = args.data.open()? else {
        return Ok(COULD_NOT_RUN);
    };
    let what = args.what.as_deref().unwrap_or("resolutions");
    if args.what.is_none() || what.starts_with("organi") {
        let advice = std::mem::take(&mut opened.loaded.advice);
        opened.diagnostics.merge(advice);
    }
    let format = args.output.format()?;
    let (document, value) = find(&opened, what, format)?;
    let text = match format {
        Format::Json => output::pretty(&envelope(&opened, value)),
        _ => args
            .data
            .rendered(&document, format, args.output.file(), true),
    };
    output::write(text.as_bytes(), args.output.file())?;
    args.data
        .remarks(&opened.diagnostics, &opened.sources, false);
    Ok(0)
}

/// `aleysk.show/1`: the keys of the data file unchanged.
fn envelope(opened: &Opened, value: Value) -> Value {
    let mut envelope = Map::new();
    envelope.insert("schema".into(), "aleysk.show/1".into());
    envelope.insert("data".into(), opened.label.clone().into());
    if let Value::Object(keys) = value {
        envelope.extend(keys);
    }
    envelope.into()
}

fn keyed(key: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), value)]))
}

/// What a word means: the document for people, the keys for machines.
fn find(opened: &Opened, what: &str, format: Format) -> anyhow::Result<(Document, Value)> {
    let (loaded, sources) = (&opened.loaded, &opened.sources);
    let plan = &loaded.plan;
    match what {
        "resolutions" => {
            let all = plan.resolutions.iter().map(|r| r.raw.clone()).collect();
            return Ok((catalogue::resolutions(plan), keyed("resolutions", all)));
        }
        "indicators" => return Ok((catalogue::indicators(plan), loaded.indicators(sources))),
        "forms" => {
            let all = Value::Array(loaded.forms(sources));
            return Ok((catalogue::forms(plan), keyed("forms", all)));
        }
        "organisations" | "organizations" => {
            // A register may hold a million: no more of it is made than is shown.
            return Ok(match format {
                Format::Json => match loaded.organisations(sources) {
                    Value::Null => {
                        let none = keyed("organisation", Value::Array(Vec::new()));
                        (Document::default(), none)
                    }
                    known => (Document::default(), known),
                },
                Format::Csv => (catalogue::organisations(plan, usize::MAX, 0), Value::Null),
                _ => (catalogue::organisations(plan, MANY, FIRST), Value::Null),
            });
        }
        _ => {}
    }
    if let Some(resolution) = plan.resolution(what) {
        let value = with_targets(resolution.raw.clone());
        return Ok((catalogue::resolution(plan, resolution), value));
    }
    if let Some((id, number)) = what.split_once('/')
        && let Some(resolution) = plan.resolution(id)
    {
        let position = resolution
            .proposals
            .iter()
            .position(|proposal| proposal.number.to_string() == number);
        let Some(position) = position else {
            bail!(
                "в резолюции {id} нет пункта {number}: пункты с 1 по {}",
                resolution.proposals.len()
            );
        };
        let proposal = &resolution.proposals[position];
        let raw = with_targets(resolution.raw.clone());
        let value = raw["proposal"][position].clone();
        return Ok((catalogue::proposal(plan, resolution, proposal), value));
    }
    if let Some(index) = plan.indicator(what) {
        let value = loaded.indicators(sources)["indicator"][index].clone();
        return Ok((catalogue::indicator(plan, &plan.indicators[index]), value));
    }
    if let Some(index) = plan.form(what) {
        return Ok((
            catalogue::form(plan, &plan.forms[index]),
            loaded.forms(sources).swap_remove(index),
        ));
    }
    let fixed = ["resolutions", "indicators", "forms", "organisations"];
    let known = fixed
        .into_iter()
        .chain(plan.resolutions.iter().map(|r| r.id.as_str()))
        .chain(plan.indicators.iter().map(|i| i.id.as_str()))
        .chain(plan.forms.iter().map(|f| f.id.as_str()));
    match name::nearest(what, known) {
        Some(near) => bail!("нечего показать по слову «{what}»; возможно, «{near}»"),
        None => bail!(
            "нечего показать по слову «{what}»; можно: {}, id резолюции (2025), пункт (2025/11), id \
             показателя или формы",
            fixed.join(", ")
        ),
    }
}

/// Every proposal has a `target` key, empty where it sets none.
fn with_targets(mut raw: Value) -> Value {
    if let Some(proposals) = raw.get_mut("proposal").and_then(Value::as_array_mut) {
        for proposal in proposals {
            if let Some(keys) = proposal.as_object_mut() {
                keys.entry("target")
                    .or_insert_with(|| Value::Array(Vec::new()));
            }
        }
    }
    raw
}
