//! `indicators.toml`: how figures are computed.

use std::collections::HashMap;

use super::document::{Document, Entry};
use super::faults::{Faults, twin};
use super::formulas::{self, Scope};
use super::names::are_told_apart;
use super::schema::Kind;
use super::{schema, structure};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::formula::{Formula, Node};
use crate::model::indicator::{Better, Indicator, Unit, Window};
use crate::source::Place;

/// The indicators as read, in the order of the file; a faulty part is replaced by a harmless one.
#[derive(Default)]
pub(crate) struct Indicators {
    pub(crate) list: Vec<Indicator>,
    pub(crate) places: Vec<Place>,
    /// False where one may be lost: nothing is said of unknown ones.
    pub(crate) complete: bool,
}

impl Indicators {
    /// The indicator with this id.
    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        self.list.iter().position(|indicator| indicator.id == id)
    }
}

/// Reads the indicators; there are none where the file is missing, which has been reported.
pub(crate) fn read(
    document: Option<&Document<'_>>,
    scope: &Scope<'_>,
    faults: &mut Faults<'_>,
) -> Indicators {
    let Some(document) = document else {
        return Indicators::default();
    };
    let root = document.root();
    structure::check(root, &schema::INDICATORS, faults);
    let entries = root.entries("indicator");
    let mut first: HashMap<&str, Place> = HashMap::new();
    let mut indicators = Indicators {
        complete: !document.is_broken() && are_told_apart(&entries, Kind::Id),
        ..Indicators::default()
    };
    for entry in &entries {
        if let Some(id) = entry.filled("id") {
            let place = entry.place("id");
            match first.get(id) {
                Some(earlier) => faults.push(twin(id, "показатель", place, earlier.clone())),
                None => drop(first.insert(id, place)),
            }
        }
        indicators.list.push(read_indicator(*entry, scope, faults));
        indicators.places.push(entry.place("id"));
    }
    indicators
}

/// The unit that a word of the schema names.
pub(crate) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "percent" => Unit::Percent,
        "ratio" => Unit::Ratio,
        "count" => Unit::Count,
        _ => return None,
    })
}

/// The window that a word of the schema names.
pub(crate) fn window(word: &str) -> Option<Window> {
    Some(match word {
        "period" => Window::Period,
        "year-to-date" => Window::YearToDate,
        "school-year-to-date" => Window::SchoolYearToDate,
        _ => return None,
    })
}

fn read_indicator(entry: Entry<'_>, scope: &Scope<'_>, faults: &mut Faults<'_>) -> Indicator {
    let unit = entry.text("unit").and_then(unit);
    let numerator = formulas::read(entry, "numerator", scope, faults);
    let denominator = formulas::read(entry, "denominator", scope, faults);
    check_denominator(entry, unit, faults);
    let unit = unit.unwrap_or(Unit::Percent);
    let decimals = if unit == Unit::Count { 0 } else { 2 };
    Indicator {
        id: entry.text_or_empty("id"),
        name: entry.text_or_empty("name"),
        unit,
        numerator: numerator.unwrap_or_else(nothing),
        denominator,
        decimals: entry.whole("decimals").unwrap_or(decimals),
        counts: <[String; 3]>::try_from(entry.strings("counts")).ok(),
        better: match entry.text("better") {
            Some("lower") => Better::Lower,
            _ => Better::Higher,
        },
        share: entry.flag("share").unwrap_or(false),
        window: entry
            .text("window")
            .and_then(window)
            .unwrap_or(Window::Period),
        method: entry.text_or_empty("method"),
    }
}

fn nothing() -> Formula {
    Formula {
        text: String::new(),
        node: Node::Operand(0),
        operands: Vec::new(),
    }
}

fn check_denominator(entry: Entry<'_>, unit: Option<Unit>, faults: &mut Faults<'_>) {
    let has = entry.has("denominator");
    match unit {
        Some(Unit::Count) if has => faults.push(
            Diagnostic::new(
                Code::WrongValue,
                Some(entry.place("denominator")),
                "у количества (unit = \"count\") знаменателя не бывает",
            )
            .label("ожидался только числитель")
            .help("уберите denominator или напишите unit = \"percent\" либо \"ratio\"")
            .related(entry.place("unit"), "единица показателя"),
        ),
        Some(Unit::Percent | Unit::Ratio) if !has && !entry.is_damaged() => faults.push(
            Diagnostic::new(
                Code::MissingKey,
                Some(entry.here()),
                "у доли или отношения нет знаменателя (denominator)",
            )
            .label("ожидалось: denominator — формула знаменателя")
            .help("допишите denominator = \"форма.поле\" или напишите unit = \"count\"")
            .related(entry.place("unit"), "единица показателя"),
        ),
        _ => {}
    }
    if entry.flag("share") == Some(true) && !has && unit == Some(Unit::Count) {
        faults.push(
            Diagnostic::new(
                Code::WrongValue,
                Some(entry.place("share")),
                "share = true без знаменателя: числителю не от чего быть частью",
            )
            .label("ожидалось: share только вместе с denominator")
            .help("уберите share"),
        );
    }
}
