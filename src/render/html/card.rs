//! Targets at a glance.

use maud::{Markup, html};

use super::bullet::bullet;
use super::series::series;
use super::svg::sign;
use super::{class, heading, list, text};
use crate::document::picture::{Card, Chart};
use crate::document::{Cell, Tone};

/// What is to be read first.
pub fn lead(cells: &[Cell]) -> Markup {
    let Some((first, others)) = cells.split_first() else {
        return html! {};
    };
    html! { div.lead {
        p class=[class(first.tone)] { (text(&first.text)) }
        @if !others.is_empty() { ul { @for cell in others {
            li class=[class(cell.tone)] {
                @if cell.tone != Tone::Plain { (sign(cell.tone)) }
                span { (text(&cell.text)) }
            } "\n"
        } } }
    } }
}

/// The cards, side by side where there is room.
pub fn cards(cards: &[Card], level: u8) -> Markup {
    html! { div.cards { "\n" @for one in cards { (card(one, level)) "\n" } } }
}

fn card(card: &Card, level: u8) -> Markup {
    let title = html! {
        @if !card.number.is_empty() { span.number { (text(&card.number)) "." } " " }
        span { (text(&card.topic)) }
    };
    html! { article.card.(class(card.status.tone).unwrap_or("plain")) {
        (heading(level, None, title))
        p.badges {
            span.badge.(class(card.status.tone).unwrap_or("plain")) {
                (sign(card.status.tone)) (text(&card.status.text))
            }
            @if card.provisional { " " span.badge.provisional { "предварительно" } }
        } "\n"
        p.actual { strong { (text(&card.actual.text)) } " " span { (text(&card.indicator)) } } "\n"
        @if !card.facts.is_empty() { dl { @for (name, cell) in &card.facts {
            div { dt { (text(name)) } " " dd class=[class(cell.tone)] { (text(&cell.text)) } }
        } } "\n" }
        @if let Some(chart) = &card.chart { div.picture {
            @match chart {
                Chart::Series(own) => (series(own)),
                Chart::Bullet(own) => (bullet(own)),
            }
        } "\n" }
        (list(&card.lines))
    } }
}
