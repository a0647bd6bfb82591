//! Who reported when: a mark a period, as many periods side by side as the width holds.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Options, paint, push_heading, push_words, push_wrapped, style, together};
use crate::document::picture::{Arrival, Grid};

/// Names are given no more than the first of these while periods want the room, and no more than
/// the second where it is there: marks far from their names are hard to follow.
const COMFORTABLE: usize = 30;
const WIDE: usize = 48;

/// Between a name and its marks.
const GAP: usize = 2;

pub(super) fn push_grid(out: &mut String, grid: &Grid, options: Options) {
    push_heading(out, &grid.title, options);
    let heads: Vec<Head> = grid.periods.iter().map(|period| Head::of(period)).collect();
    let step = heads
        .iter()
        .map(|head| head.label.width())
        .max()
        .unwrap_or(0)
        + 1;
    let room = usize::from(options.width);
    let names = grid.rows.iter().map(|row| together(&row.title).width());
    let longest = names.max().unwrap_or(0);
    let wanted = room.saturating_sub(GAP + step * heads.len());
    let most = room.saturating_sub(GAP + step).max(1);
    let width = longest.min(wanted.clamp(COMFORTABLE, WIDE)).min(most);
    let fits = room.saturating_sub(width + GAP) / step;
    let columns: Vec<usize> = (0..heads.len()).collect();
    for (index, part) in columns.chunks(fits.max(1)).enumerate() {
        if index > 0 {
            out.push('\n');
        }
        push_heads(out, part.iter().map(|&at| &heads[at]), width + GAP, step);
        for row in &grid.rows {
            let marks = part.iter().map(|&at| row.marks.get(at).copied());
            push_row(out, &row.title, marks, (width, step), options);
        }
    }
    push_legend(out, grid, options);
    for line in &grid.lines {
        push_wrapped(out, &together(line), "  ", options.width);
    }
}

/// A period over its column: «дек», and «2025» in the line above.
struct Head {
    label: String,
    year: String,
}

impl Head {
    fn of(period: &str) -> Head {
        let period = together(period).replace('\u{a0}', " ");
        let is_year = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        match period.rsplit_once(' ').filter(|(_, year)| is_year(year)) {
            Some((label, year)) => Head {
                label: label.trim_end_matches('.').to_owned(),
                year: year.to_owned(),
            },
            None => Head {
                label: period,
                year: String::new(),
            },
        }
    }
}

/// The years, each over the first of its columns, and what sets the columns apart within a year.
fn push_heads<'a>(
    out: &mut String,
    heads: impl Iterator<Item = &'a Head>,
    indent: usize,
    step: usize,
) {
    let mut years = " ".repeat(indent);
    let mut labels = years.clone();
    let mut last = "";
    for (index, head) in heads.enumerate() {
        let column = indent + index * step;
        // A year that finds no room stands over the next of its columns.
        if head.year != last && (years.trim().is_empty() || years.width() < column) {
            pad(&mut years, column);
            years.push_str(&head.year);
            last = &head.year;
        }
        pad(&mut labels, column);
        labels.push_str(&head.label);
    }
    for line in [years, labels] {
        if !line.trim().is_empty() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

fn pad(line: &mut String, column: usize) {
    let missing = column.saturating_sub(line.width());
    line.extend(std::iter::repeat_n(' ', missing));
}

fn push_row(
    out: &mut String,
    title: &str,
    marks: impl Iterator<Item = Option<Arrival>>,
    (width, step): (usize, usize),
    options: Options,
) {
    let lines = folded(&together(title), width);
    let mut lines = lines.iter();
    let mut row = lines.next().cloned().unwrap_or_default();
    pad(&mut row, width + GAP);
    let mut behind = 0;
    for mark in marks {
        let Some(mark) = mark else {
            behind += step;
            continue;
        };
        row.extend(std::iter::repeat_n(' ', behind));
        let look = style(mark.tone()).filter(|_| options.colour);
        row.push_str(&paint(
            mark.sign(),
            look.unwrap_or_default(),
            look.is_some(),
        ));
        behind = step - 1;
    }
    out.push_str(row.trim_end());
    out.push('\n');
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
}

/// A name in lines of this width; a longer word is cut, since marks must stay below their heads.
fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut line = lines.pop().unwrap_or_default();
        if !line.is_empty() {
            if line.width() + 1 + word.width() <= width {
                line.push(' ');
            } else {
                lines.push(std::mem::replace(&mut line, "  ".to_owned()));
            }
        }
        for letter in word.chars() {
            if line.width() + letter.width().unwrap_or(0) > width && line.trim() != "" {
                lines.push(std::mem::replace(&mut line, "  ".to_owned()));
            }
            line.push(letter);
        }
        lines.push(line);
    }
    lines
}

fn push_legend(out: &mut String, grid: &Grid, options: Options) {
    let legend = grid.legend();
    let words = legend.iter().enumerate().map(|(index, mark)| {
        let end = if index + 1 < legend.len() { ";" } else { "" };
        let text = format!("{} {}{end}", mark.sign(), mark.title());
        let look = style(mark.tone()).filter(|_| options.colour);
        (text.replace(' ', "\u{a0}"), look)
    });
    push_words(out, &words.collect::<Vec<_>>(), "", options.width);
}
