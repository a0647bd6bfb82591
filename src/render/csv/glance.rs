//! Cards, charts and the grid of who reported, as tables: every figure that they show.

use super::{cell, field, push_heading, push_lines, push_row};
use crate::document::Cell;
use crate::document::picture::{Card, Chart, Grid, Series};
use crate::model::quantity::Fixed;

/// A card a row, then a row for each period of each chart.
pub(super) fn push_cards(out: &mut String, cards: &[Card]) {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in cards.iter().flat_map(|card| &card.facts) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let first = [
        "Пункт",
        "Тема",
        "Показатель",
        "Статус",
        "Предварительно",
        "Факт",
    ];
    let heads = first.iter().chain(&names).chain(&["Пояснения"]);
    push_row(out, heads.map(|head| field(head)));
    for card in cards {
        push_card(out, card, &names);
    }
    let series = cards.iter().filter_map(|card| match &card.chart {
        Some(Chart::Series(series)) => Some((card, series)),
        _ => None,
    });
    for (index, (card, series)) in series.enumerate() {
        if index == 0 {
            push_heading(out, "Значения по периодам");
            let heads = [
                "Пункт",
                "Показатель",
                "Период",
                "Факт",
                "Предварительно",
                "Веха",
                "Прогноз",
                "Прогноз, не меньше",
                "Прогноз, не больше",
            ];
            push_row(out, heads.iter().map(|head| field(head)));
        }
        push_series(out, card, series);
    }
}

fn push_card(out: &mut String, card: &Card, names: &[&str]) {
    let texts = [
        &card.number,
        &card.topic,
        &card.indicator,
        &card.status.text,
    ];
    let facts = names.iter().map(|name| {
        let fact = card.facts.iter().find(|(own, _)| own == name);
        fact.map_or_else(String::new, |(_, figure)| cell(figure))
    });
    let row = texts.into_iter().map(|text| field(text));
    let row = row.chain([yes(card.provisional), cell(&card.actual)]);
    push_row(out, row.chain(facts).chain([field(&card.lines.join("\n"))]));
}

fn push_series(out: &mut String, card: &Card, series: &Series) {
    let number = |value: Option<&Fixed>| {
        value.map_or_else(String::new, |value| cell(&Cell::number(value.clone(), "")))
    };
    for (at, period) in series.axis.iter().enumerate() {
        let point = series.actual.get(at).and_then(Option::as_ref);
        let plan = series.plan.get(at).and_then(Option::as_ref);
        let band = series.outlook.get(at).and_then(Option::as_ref);
        if point.is_none() && plan.is_none() && band.is_none() {
            continue;
        }
        let row = [
            field(&card.number),
            field(&card.indicator),
            field(period),
            number(point.map(|point| &point.value)),
            yes(point.is_some_and(|point| point.provisional)),
            number(plan),
            number(band.map(|band| &band.middle)),
            number(band.map(|band| &band.low)),
            number(band.map(|band| &band.high)),
        ];
        push_row(out, row.into_iter());
    }
}

fn yes(is_so: bool) -> String {
    if is_so {
        "да".to_owned()
    } else {
        String::new()
    }
}

/// Words for marks: a spreadsheet filters by them.
pub(super) fn push_grid(out: &mut String, grid: &Grid) {
    push_heading(out, &grid.title);
    let heads = grid.periods.iter().map(String::as_str);
    push_row(out, std::iter::once("Организация").chain(heads).map(field));
    for row in &grid.rows {
        let marks = row.marks.iter().map(|mark| mark.title());
        push_row(
            out,
            std::iter::once(row.title.as_str()).chain(marks).map(field),
        );
    }
    push_lines(out, &grid.lines);
}
