//! Targets at a glance, a few lines each.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::{Options, paint, push_set_in, push_words, style, together};
use crate::document::picture::{Bullet, Card, Chart, Series};
use crate::render::sketch;

const INDENT: &str = "  ";

/// The widest bar that is still seen as one.
const WIDEST: usize = 48;

/// All of them, a blank line between.
pub(super) fn push_cards(out: &mut String, cards: &[Card], options: Options) {
    for (index, card) in cards.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        push_card(out, card, options);
    }
}

fn push_card(out: &mut String, card: &Card, options: Options) {
    push_title(out, card, options);
    push_line(out, &card.indicator, options);
    let facts = card.facts.iter().map(|(name, cell)| (*name, &cell.text));
    let facts = std::iter::once(("Факт", &card.actual.text)).chain(facts);
    let facts: Vec<String> = facts.map(fact).collect();
    push_line(out, &facts.join(" · "), options);
    match &card.chart {
        Some(Chart::Series(series)) => push_series(out, series, options),
        Some(Chart::Bullet(bullet)) => push_bullet(out, bullet, options),
        None => {}
    }
    for line in &card.lines {
        push_line(out, line, options);
    }
}

/// A name and its figure, on one line where they are short.
fn fact((name, figure): (&str, &String)) -> String {
    const SHORT: usize = 30;
    let fact = format!("{name}: {figure}");
    match fact.width() <= SHORT {
        true => fact.replace(' ', "\u{a0}"),
        false => fact,
    }
}

/// The sign stands first, so that a glance down the edge finds what is missed.
fn push_title(out: &mut String, card: &Card, options: Options) {
    let tone = card.status.tone;
    let look = |style: Option<Style>| style.filter(|_| options.colour);
    let mut words = vec![(sketch::sign(tone).to_owned(), look(style(tone)))];
    let title = together(&format!("{}. {}:", card.number, card.topic));
    let bold = look(Some(Style::new().bold()));
    words.extend(title.split(' ').map(|word| (word.to_owned(), bold)));
    let provisional = if card.provisional {
        ", предварительно"
    } else {
        ""
    };
    let status = together(&format!("{}{provisional}", card.status.text));
    words.extend(
        status
            .split(' ')
            .map(|word| (word.to_owned(), look(style(tone)))),
    );
    push_words(out, &words, INDENT, options.width);
}

fn push_line(out: &mut String, text: &str, options: Options) {
    if !text.is_empty() {
        push_set_in(out, &together(text), INDENT, options.width);
    }
}

fn push_series(out: &mut String, series: &Series, options: Options) {
    let room = usize::from(options.width).saturating_sub(INDENT.len());
    let Some(line) = sketch::sparkline(series, room) else {
        return;
    };
    out.push_str(&format!("{INDENT}{}\n", line.levels));
    if !line.marks.is_empty() {
        out.push_str(&format!("{INDENT}{}\n", line.marks));
    }
    push_line(out, &line.caption, options);
}

fn push_bullet(out: &mut String, bullet: &Bullet, options: Options) {
    let room = usize::from(options.width).saturating_sub(INDENT.len());
    let bar = sketch::bullet(bullet, room.min(WIDEST));
    if bar.is_empty() {
        return;
    }
    let look = style(bullet.tone).filter(|_| options.colour);
    let bar = paint(&bar, look.unwrap_or_default(), look.is_some());
    out.push_str(&format!("{INDENT}{bar}\n"));
}
