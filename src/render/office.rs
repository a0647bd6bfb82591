//! What workbooks and text documents share: colours, texts that their files can hold, cards as a
//! table.

use unicode_width::UnicodeWidthStr;

use crate::document::picture::Card;
use crate::document::{Cell, Column, Squeeze, Table, Tone};
use crate::model::name::printable;
use crate::model::quantity::Fixed;

/// A colour: of letters, and of what lies behind them.
pub(super) struct Shade {
    pub ink: &'static str,
    pub paper: Option<&'static str>,
}

/// The colour of a tone, dark enough to be read and light enough to be printed.
pub(super) fn shade(tone: Tone) -> Option<Shade> {
    let (ink, paper) = match tone {
        Tone::Plain => return None,
        Tone::Good => ("17663A", Some("DCF2E3")),
        Tone::Bad => ("A3201D", Some("FBE3E2")),
        Tone::Uneasy => ("7A4B00", Some("FFF0CC")),
        Tone::Faint => ("5D6670", None),
    };
    Some(Shade { ink, paper })
}

/// Whether the cells of a column are coloured behind their letters too: short words are, names and
/// figures are not.
pub(super) fn is_filled(table: &Table, column: usize) -> bool {
    const SHORT: usize = 24;
    let cells = table.rows.iter().filter_map(|row| row.get(column));
    let short = |cell: &Cell| cell.text.width() <= SHORT;
    !table.columns[column].figures && cells.into_iter().all(short)
}

/// All tones that have a colour.
pub(super) const TONES: [Tone; 4] = [Tone::Good, Tone::Bad, Tone::Uneasy, Tone::Faint];

/// A text as its readers may see it: no control characters, no marks that turn it round, nothing
/// that XML cannot hold.
pub(super) fn text(text: &str) -> String {
    printable(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

/// Cards as a table, without their pictures and lines.
pub(super) fn cards(cards: &[Card]) -> Table {
    let mut facts: Vec<&'static str> = Vec::new();
    for (name, _) in cards.iter().flat_map(|card| &card.facts) {
        if !facts.contains(name) {
            facts.push(name);
        }
    }
    let fact = |card: &Card, name: &str| {
        let own = card.facts.iter().find(|(own, _)| *own == name);
        own.map(|(_, cell)| cell.clone())
    };
    let mut columns = vec![
        Column::figures("№"),
        Column::text("Цель"),
        Column::text("Показатель").below(1, Squeeze::None),
        Column::text("Статус"),
        Column::text("Предварительно").below(3, Squeeze::None),
        Column::figures("Факт"),
    ];
    columns.extend(facts.iter().map(|name| {
        let numbers = |card: &Card| fact(card, name).is_some_and(|cell| cell.number.is_some());
        match cards.iter().any(numbers) {
            true => Column::figures(*name),
            false => Column::text(*name),
        }
    }));
    let rows = cards.iter().map(|card| {
        let number = match card.number.parse::<u32>() {
            Ok(number) => Cell::number(Fixed::new(number.into(), 0), ""),
            Err(_) => Cell::text(&card.number),
        };
        let mut row = vec![
            number,
            Cell::text(&card.topic),
            Cell::text(&card.indicator),
            card.status.clone(),
            Cell::text(if card.provisional {
                "предварительно"
            } else {
                ""
            }),
            card.actual.clone(),
        ];
        row.extend(
            facts
                .iter()
                .map(|name| fact(card, name).unwrap_or_default()),
        );
        row
    });
    Table {
        title: String::new(),
        rows: rows.collect(),
        columns,
        ..Table::default()
    }
}
