//! `continues`: the earlier proposals that a proposal carries on.

use jiff::civil::Date;

use super::document::{Document, Entry};
use super::faults::Faults;
use super::names::suggestion;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::resolution::Link;
use crate::source::Place;

/// What links may lead to: a resolution's proposals and how many items each has.
pub(crate) struct Outline<'d> {
    id: &'d str,
    date: Option<Date>,
    proposals: Vec<(u32, usize)>,
    /// False where a proposal may be lost.
    complete: bool,
}

impl<'d> Outline<'d> {
    /// The outline of a resolution's file.
    pub(crate) fn of(document: &'d Document<'d>) -> Outline<'d> {
        let root = document.root();
        let entries = root.entries("proposal");
        let proposals: Vec<(u32, usize)> = entries
            .iter()
            .filter_map(|entry| Some((entry.whole("number")?, entry.texts("items").len())))
            .collect();
        Outline {
            id: root.filled("id").unwrap_or_default(),
            date: root.date("date"),
            complete: !document.is_broken() && !document.root().is_damaged(),
            proposals,
        }
    }
}

/// Reads a proposal's links; a link needs the words that show it.
pub(crate) fn read(
    entry: Entry<'_>,
    own: &Outline<'_>,
    outlines: &[Outline<'_>],
    faults: &mut Faults<'_>,
) -> Vec<Link> {
    let texts = entry.texts("continues");
    let why = entry.text("why").unwrap_or_default();
    if !texts.is_empty() && why.trim().is_empty() && !entry.is_damaged() {
        faults.push(
            Diagnostic::new(
                Code::MissingKey,
                Some(entry.key_place(if entry.has("why") { "why" } else { "continues" })),
                "у связи с прежним пунктом нет обоснования (why)",
            )
            .label("ожидалось: why — слова обоих текстов, из которых видно продолжение")
            .help("допишите why = '…' или уберите continues"),
        );
    }
    let mut links: Vec<Link> = Vec::new();
    for (text, place) in texts {
        let Some(link) = parse(text) else {
            faults.push(unreadable(text, place));
            continue;
        };
        if links.contains(&link) {
            faults.push(
                Diagnostic::new(
                    Code::DuplicateId,
                    Some(place),
                    format!("связь «{text}» уже названа"),
                )
                .label("ожидалась другая связь")
                .found(text)
                .help("уберите повтор"),
            );
            continue;
        }
        if let Some(fault) = check(&link, text, place, own, outlines) {
            faults.push(fault);
        }
        links.push(link);
    }
    links
}

/// `"2020/3"` or `"2020/3.1"`.
fn parse(text: &str) -> Option<Link> {
    let (resolution, rest) = text.rsplit_once('/')?;
    let (number, item) = match rest.split_once('.') {
        Some((number, item)) => (number, Some(item)),
        None => (rest, None),
    };
    let number_of = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|number: &u32| digits && *number > 0)
    };
    let item = match item {
        Some(item) => Some(number_of(item)?),
        None => None,
    };
    Some(Link {
        resolution: Some(resolution).filter(|id| !id.is_empty())?.to_owned(),
        number: number_of(number)?,
        item,
    })
}

fn unreadable(text: &str, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::WrongValue,
        Some(place),
        format!("связь «{text}» не читается"),
    )
    .label("ожидалось: резолюция/пункт или резолюция/пункт.подпункт")
    .found(text)
    .help("напишите, например, \"2020/3\" или \"2020/3.1\"")
}

fn check(
    link: &Link,
    text: &str,
    place: Place,
    own: &Outline<'_>,
    outlines: &[Outline<'_>],
) -> Option<Diagnostic> {
    let unknown = |message: String, help: String| {
        Diagnostic::new(Code::UnknownReference, Some(place.clone()), message)
            .label("ожидался пункт более ранней резолюции")
            .found(text)
            .help(help)
    };
    let ids = || {
        outlines
            .iter()
            .map(|outline| outline.id)
            .filter(|id| !id.is_empty())
    };
    let Some(earlier) = outlines
        .iter()
        .find(|outline| outline.id == link.resolution)
    else {
        let known = outlines
            .iter()
            .all(|outline| outline.complete || !outline.id.is_empty());
        return known.then(|| {
            let others: Vec<&str> = ids().filter(|id| *id != own.id).collect();
            let help = suggestion(&link.resolution, others.into_iter(), "резолюции");
            unknown(format!("нет резолюции «{}»", link.resolution), help)
        });
    };
    if let (Some(before), Some(after)) = (earlier.date, own.date)
        && before >= after
    {
        let message = format!("резолюция «{}» не раньше этой", link.resolution);
        return Some(
            Diagnostic::new(Code::WrongValue, Some(place), message)
                .label("ожидалась резолюция с более ранней датой")
                .found(text)
                .help("continues ведёт назад: от новой резолюции к прежней"),
        );
    }
    let number = link.number;
    let proposal = earlier.proposals.iter().find(|(found, _)| *found == number);
    let Some((_, items)) = proposal else {
        let last = earlier
            .proposals
            .iter()
            .map(|(number, _)| *number)
            .max()
            .unwrap_or(0);
        let message = format!("в резолюции «{}» нет пункта {number}", link.resolution);
        return earlier
            .complete
            .then(|| unknown(message, format!("последний её пункт — {last}")));
    };
    let item = link.item.filter(|item| *item as usize > *items)?;
    let message = format!(
        "у пункта {number} резолюции «{}» нет подпункта {item}",
        link.resolution
    );
    let help = match items {
        0 => format!(
            "у него нет подпунктов: напишите \"{}/{number}\"",
            link.resolution
        ),
        items => format!("подпункты считаются с 1, последний — {items}"),
    };
    earlier.complete.then(|| unknown(message, help))
}
