//! Who reported when, as a table of signs.

use maud::{Markup, PreEscaped, html};

use super::{class, list, text};
use crate::document::picture::{Arrival, Grid};

/// From so many periods on their names stand upright.
const MANY: usize = 13;

/// The signs, what they mean, and what else is to be said.
pub fn grid(grid: &Grid, label: &str) -> Markup {
    let upright = grid.periods.len() >= MANY;
    html! {
        ul.legend.signs { @for arrival in grid.legend() { li { (sign(arrival, false)) (arrival.title()) } } } "\n"
        div.scroll tabindex="0" role="region" aria-label=(label) { table.grid.upright[upright] {
            thead { tr {
                th scope="col" { "организация" }
                @for period in &grid.periods { th scope="col" { span { (text(period)) } } }
            } } "\n"
            tbody { @for row in &grid.rows { tr {
                th scope="row" { (text(&row.title)) }
                @for arrival in row.marks.iter().take(grid.periods.len()) {
                    td class=[class(arrival.tone())] { (sign(*arrival, true)) }
                }
                @for _ in row.marks.len()..grid.periods.len() { td {} }
            } "\n" } }
        } } "\n"
        (list(&grid.lines))
    }
}

/// What came of a report; in the legend its words stand beside it.
fn sign(arrival: Arrival, told: bool) -> Markup {
    let shape = match arrival {
        Arrival::Reported => r#"<circle class="full" cx="8" cy="8" r="5"/>"#,
        Arrival::Late => {
            r#"<circle cx="8" cy="8" r="5"/><path class="full" d="M8 3a5 5 0 0 0 0 10z"/>"#
        }
        Arrival::Flawed => {
            r#"<circle cx="8" cy="8" r="5"/><circle class="full" cx="8" cy="8" r="2"/>"#
        }
        Arrival::Disputed => r#"<path d="M2.5 6h11m-11 4h11M11 2.5l-6 11"/>"#,
        Arrival::Faulty => r#"<path d="M8 2v8m0 2.6v1.6"/>"#,
        Arrival::Missing => r#"<circle cx="8" cy="8" r="5"/>"#,
        Arrival::NotOwed => r#"<circle class="full" cx="8" cy="8" r="1"/>"#,
    };
    let tone = class(arrival.tone()).unwrap_or("plain");
    html! {
        @if told {
            svg.sign.(tone) viewBox="0 0 16 16" role="img" aria-label=(arrival.title()) {
                title { (arrival.title()) } (PreEscaped(shape))
            }
        } @else {
            svg.sign.(tone) viewBox="0 0 16 16" aria-hidden="true" { (PreEscaped(shape)) }
        }
    }
}
