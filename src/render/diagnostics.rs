//! Faults for people: the line, a mark under the cell, the rule it breaks, what to do.
//!
//! The same fault over and over is shown a few times and summed up.

use std::collections::BTreeMap;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::name::printable;
use crate::model::plural::counted;
use crate::source::{FileId, Place, Sources, Spot};

/// Of one fault in one file so many are shown whole.
const SHOWN_EACH: usize = 3;

/// Of one fault in one data file so many are shown whole: each is about another thing.
const SHOWN_OF_DATA: usize = 40;

/// Further places named in the line that sums the rest up.
const NAMED_MORE: usize = 8;

/// Files of which the same fault is shown before the other files are only named.
const FILES_EACH: usize = 5;

/// All faults, worst first where they have no place, else in the order of the files.
pub fn render(diagnostics: &Diagnostics, sources: &Sources, colour: bool, width: u16) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer
        .decor_style(DecorStyle::Unicode)
        .term_width(usize::from(width));
    let mut out = String::new();
    let room = usize::from(width).saturating_sub(HELP_INDENT).max(40);
    let groups = group(diagnostics);
    let mut files_seen: BTreeMap<(Severity, Code), usize> = BTreeMap::new();
    let mut untold: BTreeMap<(Severity, Code), (u64, usize)> = BTreeMap::new();
    for (key, faults) in &groups {
        let (severity, code, file) = *key;
        let total = diagnostics.counts().get(key).copied().unwrap_or(0);
        let files = files_seen.entry((severity, code)).or_default();
        *files += 1;
        if *files > FILES_EACH {
            let rest = untold.entry((severity, code)).or_default();
            rest.0 += total;
            rest.1 += 1;
            continue;
        }
        // Notes are for information: one line each.
        // Faults of a data file are each another one.
        let of_data = file.is_some_and(|file| sources.is_data(file));
        let shown = match (severity, of_data) {
            (Severity::Note, _) => 0,
            (_, true) => SHOWN_OF_DATA,
            (_, false) => SHOWN_EACH,
        };
        if severity == Severity::Note {
            out.push_str(&note(faults, total, sources));
            continue;
        }
        // Several faults of one line share one picture of it.
        if faults.len() > 1 && faults.iter().all(|fault| is_line(fault, faults[0])) {
            out.push_str(&renderer.render(&report(faults[0], sources, room)));
            out.push('\n');
            for fault in &faults[1..] {
                out.push_str(&format!("  там же: {}\n", printable(&fault.message)));
            }
            out.push('\n');
            continue;
        }
        for fault in faults.iter().take(shown) {
            out.push_str(&renderer.render(&report(fault, sources, room)));
            out.push_str("\n\n");
        }
        if total > shown as u64 {
            out.push_str(&summed_up(
                code,
                file,
                &faults[shown.min(faults.len())..],
                total - shown as u64,
                sources,
            ));
        }
    }
    for ((severity, code), (count, files)) in untold {
        out.push_str(&format!(
            "{}[{}]: и ещё {} в {}\n\n",
            severity.title(),
            code.id(),
            counted(u128::from(count), &["раз", "раза", "раз"]),
            counted(files as u128, &["файле", "файлах", "файлах"]),
        ));
    }
    out
}

/// Whether a fault is about the same whole line as another.
fn is_line(fault: &Diagnostic, other: &Diagnostic) -> bool {
    matches!(
        fault.place.as_ref().map(|place| &place.spot),
        Some(Spot::Line { .. })
    ) && fault.place == other.place
}

type Key = (Severity, Code, Option<FileId>);

/// The faults by sort and file, in the order in which a reader meets them.
fn group(diagnostics: &Diagnostics) -> Vec<(Key, Vec<&Diagnostic>)> {
    let mut groups: Vec<(Key, Vec<&Diagnostic>)> = Vec::new();
    let mut index: BTreeMap<Key, usize> = BTreeMap::new();
    for diagnostic in diagnostics.sorted() {
        let file = diagnostic.place.as_ref().map(|place| place.file);
        let key = (diagnostic.severity, diagnostic.code, file);
        let at = *index.entry(key).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(diagnostic);
    }
    groups
}

/// `file, line 7, cell D7`, as far as known.
pub fn place_text(place: &Place, sources: &Sources) -> String {
    let name = &sources.title(place.file);
    match &place.spot {
        Spot::Whole => name.clone(),
        Spot::Cell(cell) => format!("{name}:{}:{} ({})", cell.line, cell.column, cell.name()),
        _ => match sources.line_column(place) {
            (Some(line), Some(column)) => format!("{name}:{line}:{column}"),
            (Some(line), None) => format!("{name}:{line}"),
            _ => name.clone(),
        },
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR.with_name(severity.title()),
        Severity::Warning => Level::WARNING.with_name(severity.title()),
        Severity::Note => Level::NOTE.with_name(severity.title()),
    }
}

fn report<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources, room: usize) -> Vec<Group<'a>> {
    let title = level(diagnostic.severity)
        .primary_title(printable(&diagnostic.message))
        .id(diagnostic.code.id());
    let mut group = Group::with_title(title);
    if let Some(place) = &diagnostic.place {
        group = add_place(group, place, &diagnostic.label, sources, true);
    }
    for (place, label) in &diagnostic.related {
        group = add_place(group, place, label, sources, false);
    }
    if !diagnostic.help.is_empty() {
        group = group.element(
            Level::HELP
                .with_name("что делать")
                .message(wrapped(&printable(&diagnostic.help), room)),
        );
    }
    vec![group]
}

fn add_place<'a>(
    group: Group<'a>,
    place: &Place,
    label: &'a str,
    sources: &Sources,
    primary: bool,
) -> Group<'a> {
    let Some(excerpt) = sources.excerpt(place) else {
        let origin = annotate_snippets::Origin::path(place_text(place, sources));
        return group.element(origin);
    };
    let kind = if primary {
        AnnotationKind::Primary
    } else {
        AnnotationKind::Context
    };
    let path = sources.title(place.file);
    let label = match (&place.spot, label) {
        (Spot::Cell(cell), "") => cell.name(),
        (Spot::Cell(cell), label) => format!("{}: {label}", cell.name()),
        _ => label.to_owned(),
    };
    let mut annotation = kind.span(excerpt.mark);
    if !label.is_empty() {
        annotation = annotation.label(printable(&label));
    }
    group.element(
        Snippet::source(excerpt.text)
            .line_start(excerpt.first_line as usize)
            .path(path)
            .annotation(annotation),
    )
}

/// Columns that the words before a piece of advice take.
const HELP_INDENT: usize = 18;

/// A text in lines of so many columns.
fn wrapped(text: &str, room: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        let width = word.width();
        if column > 0 && column + 1 + width > room {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out
}

/// The rest of many faults of one sort in one file.
fn summed_up(
    code: Code,
    file: Option<FileId>,
    rest: &[&Diagnostic],
    count: u64,
    sources: &Sources,
) -> String {
    let places: Vec<String> = rest
        .iter()
        .take(NAMED_MORE)
        .filter_map(|diagnostic| short_place(diagnostic, sources))
        .collect();
    let where_to = match file {
        Some(file) => format!(" в файле {}", sources.title(file)),
        None => String::new(),
    };
    let tail = match (places.is_empty(), count as usize > places.len()) {
        (true, _) => String::new(),
        (false, true) => format!(": {}, …", places.join(", ")),
        (false, false) => format!(": {}", places.join(", ")),
    };
    format!(
        "  то же [{}] ещё {}{where_to}{tail}\n\n",
        code.id(),
        counted(u128::from(count), &["раз", "раза", "раз"])
    )
}

fn short_place(diagnostic: &Diagnostic, sources: &Sources) -> Option<String> {
    let place = diagnostic.place.as_ref()?;
    match &place.spot {
        Spot::Cell(cell) => match (diagnostic.code, &diagnostic.found) {
            // Which names are unknown matters more than where they stand.
            (Code::UnknownOrganisation, Some(found)) => {
                Some(format!("{} «{}»", cell.name(), printable(found)))
            }
            _ => Some(cell.name()),
        },
        _ => sources
            .line_column(place)
            .0
            .map(|line| format!("строка {line}")),
    }
}

fn note(faults: &[&Diagnostic], total: u64, sources: &Sources) -> String {
    let mut out = String::new();
    for fault in faults.iter().take(SHOWN_EACH) {
        let place = fault
            .place
            .as_ref()
            .map(|place| format!("{}: ", place_text(place, sources)))
            .unwrap_or_default();
        let help = if fault.help.is_empty() {
            String::new()
        } else {
            format!("; {}", printable(&fault.help))
        };
        out.push_str(&format!(
            "{}[{}]: {place}{}{help}\n",
            fault.severity.title(),
            fault.code.id(),
            printable(&fault.message)
        ));
    }
    if total > SHOWN_EACH as u64
        && let Some(first) = faults.first()
    {
        let file = first.place.as_ref().map(|place| place.file);
        let rest = &faults[SHOWN_EACH.min(faults.len())..];
        out.push_str(&summed_up(
            first.code,
            file,
            rest,
            total - SHOWN_EACH as u64,
            sources,
        ));
    } else {
        out.push('\n');
    }
    out
}

/// «ошибок 3, предупреждений 2, примечаний 5»
pub fn summary(diagnostics: &Diagnostics) -> Option<String> {
    let count = |severity| u128::from(diagnostics.count(severity));
    let parts: Vec<String> = [
        (Severity::Error, ["ошибка", "ошибки", "ошибок"]),
        (
            Severity::Warning,
            ["предупреждение", "предупреждения", "предупреждений"],
        ),
        (Severity::Note, ["примечание", "примечания", "примечаний"]),
    ]
    .into_iter()
    .filter(|(severity, _)| count(*severity) > 0)
    .map(|(severity, forms)| counted(count(severity), &forms))
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
