//! `aleysk.diff/1`, and beyond the contract: `links`, `ways`, `names` and where a target stands
//! (`result`) of a change, `spelling` of a segment, and the texts as a whole.

use serde_json::{Map, Value, json};

use super::check::result;
use super::{issues, number};
use crate::compare::suggest::Suggestion;
use crate::compare::words::Segment;
use crate::compare::{Aim, Change, Kind, Measurability};
use crate::diagnostic::Diagnostics;
use crate::document::changes::{Changes, aim};
use crate::document::progress::{Line, Progress};
use crate::model::resolution::Resolution;
use crate::source::Sources;

/// Two resolutions, held against each other.
pub fn diff(found: &Changes<'_>, diagnostics: &Diagnostics, sources: &Sources, exit: u8) -> Value {
    let comparison = found.comparison;
    let (old, new) = (comparison.old, comparison.new);
    let lines = found.progress.as_ref().map(Progress::lines);
    let changes = comparison.changes.iter();
    let changes: Vec<Value> = changes
        .map(|one| change(found, one, lines.as_deref()))
        .collect();
    let counts = Kind::ALL.map(|kind| (kind.id().to_owned(), comparison.count(kind).into()));
    let (before, after) = (Measurability::of(old), Measurability::of(new));
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        out.insert(key.to_owned(), value);
    };
    put("schema", "aleysk.diff/1".into());
    put("data", found.data.clone().into());
    put("old", old.id.clone().into());
    put("new", new.id.clone().into());
    let period = |progress: &Progress<'_>| progress.assessment.question.period.to_string();
    put("period", found.progress.as_ref().map(period).into());
    put("changes", changes.into());
    put("summary", Map::from_iter(counts).into());
    put(
        "measurability",
        json!({
            "targets": { "old": before.targets, "new": after.targets },
            "numbers": { "old": before.numbers, "new": after.numbers },
            "deadlines": { "old": before.deadlines, "new": after.deadlines },
        }),
    );
    let paragraphs = comparison.preamble.iter();
    let paragraphs =
        paragraphs.map(|one| json!({ "kind": one.kind.id(), "text": text(&one.text) }));
    put("preamble", paragraphs.collect());
    let apart = comparison.apart().into_iter().map(|index| {
        let proposal = &old.proposals[index];
        json!({ "old": proposal.number.to_string(), "text": proposal.text })
    });
    put("apart", apart.collect());
    let suggestions = found.suggestions.as_ref().map(|all| {
        let all = all.iter();
        all.map(|(at, own)| suggested(old, new, *at, own))
            .collect::<Vec<Value>>()
    });
    put("suggestions", suggestions.into());
    put("issues", issues(diagnostics, sources).into());
    put("exit", exit.into());
    out.into()
}

fn change(found: &Changes<'_>, change: &Change, lines: Option<&[Line<'_>]>) -> Value {
    let (old, new) = (found.comparison.old, found.comparison.new);
    let numbers = change
        .new
        .iter()
        .map(|&at| new.proposals[at].number.to_string());
    let parts = change.old.iter().map(|part| part.number(old));
    let ways = [("merged", change.is_merged()), ("split", change.is_split())];
    let ways = ways.iter().filter(|(_, is)| *is).map(|(way, _)| *way);
    let why = Some(change.why.join("\n")).filter(|why| !why.is_empty());
    let aims = change.new_targets(new);
    let after = aims.iter().map(|aim| {
        let mut keys = target(new, *aim);
        let line = lines.and_then(|lines| {
            let mut lines = lines.iter();
            lines.find(|line| self::aim(line) == Some(*aim))
        });
        let stands = line.zip(found.progress.as_ref());
        let stands = stands.map(|(line, progress)| result(progress, line));
        if let Value::Object(keys) = &mut keys {
            keys.insert("result".into(), stands.into());
        }
        keys
    });
    let links = change.ties.iter().map(|tie| {
        json!({
            "old": tie.old.number(old),
            "new": new.proposals[tie.new].number.to_string(),
            "via": tie.via,
        })
    });
    json!({
        "kind": change.kind.id(),
        "old": parts.collect::<Vec<String>>(),
        "new": numbers.collect::<Vec<String>>(),
        "why": why,
        "text": text(&change.text),
        "targets": {
            "old": change.old_targets().iter().map(|aim| target(old, *aim)).collect::<Vec<Value>>(),
            "new": after.collect::<Vec<Value>>(),
        },
        "links": links.collect::<Vec<Value>>(),
        "ways": ways.collect::<Vec<&str>>(),
        "names": { "removed": change.names.removed, "added": change.names.added },
    })
}

/// A target's keys as its file has them.
fn target(resolution: &Resolution, aim: Aim) -> Value {
    resolution.raw["proposal"][aim.proposal]["target"][aim.target].clone()
}

fn text(segments: &[Segment]) -> Value {
    let segments = segments.iter().map(|segment| {
        let mut keys = json!({ "op": segment.op.id(), "text": segment.text });
        if segment.spelling {
            keys["spelling"] = true.into();
        }
        keys
    });
    segments.collect()
}

fn suggested(old: &Resolution, new: &Resolution, at: usize, own: &[Suggestion]) -> Value {
    let links = own.iter().map(|one| {
        json!({
            "old": one.old.number(old),
            "score": number(&format!("{:.2}", one.score)),
            "words": one.words.iter().map(|(old, new)| json!({ "old": old, "new": new })).collect::<Vec<Value>>(),
        })
    });
    json!({ "new": new.proposals[at].number.to_string(), "links": links.collect::<Vec<Value>>() })
}
