//! `resolutions/*.toml`: what was promised, word for word.

use std::collections::HashMap;

use jiff::civil::Date;

use super::document::{Document, Entry};
use super::faults::{Faults, twin};
use super::indicators::Indicators;
use super::links::{self, Outline};
use super::{raw, schema, structure, targets};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::resolution::{Adoption, Proposal, Resolution};
use crate::source::Place;

/// A resolution as read, and where its targets stand.
pub(crate) struct ReadResolution {
    pub(crate) resolution: Resolution,
    /// `[proposal][target]`
    pub(crate) target_places: Vec<Vec<Place>>,
}

/// Reads every resolution, in the order of their dates.
pub(crate) fn read(
    documents: &[Document<'_>],
    indicators: &Indicators,
    faults: &mut Faults<'_>,
) -> Vec<ReadResolution> {
    for document in documents {
        structure::check(document.root(), &schema::RESOLUTION, faults);
    }
    report_twins(documents, faults);
    let outlines: Vec<Outline<'_>> = documents.iter().map(Outline::of).collect();
    let mut read: Vec<ReadResolution> = documents
        .iter()
        .zip(&outlines)
        .map(|(document, own)| read_resolution(document.root(), own, &outlines, indicators, faults))
        .collect();
    read.sort_by(|a, b| {
        let key = |read: &ReadResolution| (read.resolution.date, read.resolution.id.clone());
        key(a).cmp(&key(b))
    });
    read
}

fn report_twins(documents: &[Document<'_>], faults: &mut Faults<'_>) {
    let mut first: HashMap<&str, Place> = HashMap::new();
    for document in documents {
        let root = document.root();
        let Some(id) = root.filled("id") else {
            continue;
        };
        let place = root.place("id");
        match first.get(id) {
            Some(earlier) => faults.push(twin(id, "резолюция", place, earlier.clone())),
            None => drop(first.insert(id, place)),
        }
    }
}

fn read_resolution(
    root: Entry<'_>,
    own: &Outline<'_>,
    outlines: &[Outline<'_>],
    indicators: &Indicators,
    faults: &mut Faults<'_>,
) -> ReadResolution {
    let entries = root.entries("proposal");
    report_numbers(&entries, faults);
    let mut proposals = Vec::with_capacity(entries.len());
    for entry in &entries {
        let mut proposal = read_proposal(*entry, indicators, faults);
        proposal.continues = links::read(*entry, own, outlines, faults);
        proposals.push(proposal);
    }
    let target_places = entries.iter().map(|entry| {
        let targets = entry.entries("target");
        targets.iter().map(|target| target.place("quote")).collect()
    });
    ReadResolution {
        target_places: target_places.collect(),
        resolution: Resolution {
            id: root.text_or_empty("id"),
            title: root.text_or_empty("title"),
            event: root.text_or_empty("event"),
            date: root.date("date").unwrap_or(Date::ZERO),
            status: match root.text("status") {
                Some("adopted") => Adoption::Adopted,
                _ => Adoption::Draft,
            },
            source: root.text_or_empty("source"),
            preamble: root.text_or_empty("preamble"),
            proposals,
            raw: raw::table(root.table()),
        },
    }
}

fn report_numbers(entries: &[Entry<'_>], faults: &mut Faults<'_>) {
    let mut first: HashMap<u32, Place> = HashMap::new();
    let mut last = 0;
    for entry in entries {
        let Some(number) = entry.whole("number").filter(|number| *number > 0) else {
            continue;
        };
        let place = entry.place("number");
        if let Some(earlier) = first.get(&number) {
            let mut fault = twin(&number.to_string(), "пункт", place, earlier.clone());
            fault.message = format!("пункт {number} уже был");
            fault.label = "ожидался номер, которого ещё не было".to_owned();
            faults.push(fault.help("исправьте номер"));
            continue;
        }
        if number < last {
            faults.push(
                Diagnostic::new(
                    Code::WrongValue,
                    Some(place.clone()),
                    format!("пункт {number} стоит после пункта {last}"),
                )
                .label("ожидались номера по возрастанию")
                .help("расставьте пункты в порядке текста"),
            );
        }
        last = number;
        first.insert(number, place);
    }
}

fn read_proposal(entry: Entry<'_>, indicators: &Indicators, faults: &mut Faults<'_>) -> Proposal {
    let mut shown: HashMap<usize, Place> = HashMap::new();
    let mut read = Vec::new();
    for target in entry.entries("target") {
        let Some(target) = targets::read(target, entry, indicators, faults)
            .map(|read| (read, target.place("indicator")))
        else {
            continue;
        };
        let (target, place) = target;
        report_repeated(
            &mut shown,
            target.indicator,
            place,
            true,
            indicators,
            faults,
        );
        read.push(target);
    }
    let mut watch = Vec::new();
    for (id, place) in entry.texts("watch") {
        if let Some(index) = targets::indicator(id, place.clone(), indicators, faults) {
            report_repeated(&mut shown, index, place, false, indicators, faults);
            watch.push(index);
        }
    }
    Proposal {
        number: entry.whole("number").unwrap_or_default(),
        topic: entry.text_or_empty("topic"),
        text: entry.text_or_empty("text"),
        items: entry.strings("items"),
        continues: Vec::new(),
        why: entry.text_or_empty("why"),
        note: entry.text_or_empty("note"),
        targets: read,
        watch,
    }
}

fn report_repeated(
    shown: &mut HashMap<usize, Place>,
    indicator: usize,
    place: Place,
    is_target: bool,
    indicators: &Indicators,
    faults: &mut Faults<'_>,
) {
    let Some(earlier) = shown.get(&indicator) else {
        shown.insert(indicator, place);
        return;
    };
    let id = &indicators.list[indicator].id;
    faults.push(
        Diagnostic::new(
            Code::DuplicateId,
            Some(place),
            format!("показатель «{id}» в этом пункте уже назван"),
        )
        .label("ожидался показатель, которого в пункте ещё нет")
        .found(id.as_str())
        .help(match is_target {
            true => {
                "оставьте одну цель на показатель, с последним сроком; прежние уровни запишите в ней \
                 вехами: milestones = [ { period = \"2026\", value = 95 } ]"
            }
            false => "уберите повтор: у показателя с целью watch не нужен",
        })
        .related(earlier.clone(), "здесь он назван впервые"),
    );
}
