//! Tables that fit the terminal's width: long names wrapped, numbers never.

use anstyle::Style;
use comfy_table::presets::{UTF8_FULL, UTF8_FULL_CONDENSED};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width};
use unicode_width::UnicodeWidthStr;

use super::{Options, style, together};
use crate::document::{Cell, Squeeze, Table, Tone};
use crate::render::sketch;

/// The narrowest column that names still read well in.
const COMFORTABLE: usize = 22;

/// The border and the two spaces that a column takes besides its text.
const FRAME: usize = 3;

/// The table as text.
pub(super) fn table_text(table: &Table, options: Options) -> String {
    let room = usize::from(options.width);
    let (squeeze, stacks) = [Squeeze::None, Squeeze::Some, Squeeze::More]
        .map(|squeeze| (squeeze, table.stacks(squeeze)))
        .into_iter()
        .find(|(_, stacks)| width_of(table, stacks) <= room)
        .unwrap_or_else(|| (Squeeze::Full, table.stacks(Squeeze::Full)));
    // No column makes way for a bar.
    let barred = with_bars(table).filter(|barred| width_of(barred, &stacks) <= room);
    let table = barred.as_ref().unwrap_or(table);
    let mut drawn = comfy_table::Table::new();
    // Rows of several lines need a line between them.
    drawn.load_style(if squeeze == Squeeze::None {
        UTF8_FULL_CONDENSED
    } else {
        UTF8_FULL
    });
    drawn.set_content_arrangement(ContentArrangement::Dynamic);
    drawn.set_width(options.width);
    drawn.set_header(stacks.iter().map(|stack| {
        let titles: Vec<&str> = stack
            .iter()
            .filter_map(|&column| table.columns[column].heading())
            .collect();
        comfy_table::Cell::new(titles.join("\n"))
    }));
    for row in &table.rows {
        drawn.add_row(
            stacks
                .iter()
                .map(|stack| drawn_cell(table, row, stack, options)),
        );
    }
    for (index, stack) in stacks.iter().enumerate() {
        if let Some(column) = drawn.column_mut(index) {
            column.set_constraint(if table.columns[stack[0]].figures {
                ColumnConstraint::ContentWidth
            } else {
                ColumnConstraint::LowerBoundary(Width::Fixed(longest_word(table, stack)))
            });
        }
    }
    let mut text = drawn.trim_fmt();
    text.push('\n');
    if options.colour {
        paint_marked(&text)
    } else {
        text
    }
}

fn width_of(table: &Table, stacks: &[Vec<usize>]) -> usize {
    let widest = |stack: &Vec<usize>| stack.iter().map(|&c| needed_width(table, c)).max();
    let columns = stacks
        .iter()
        .map(|stack| FRAME + widest(stack).unwrap_or(0));
    columns.sum::<usize>() + 1
}

/// The same table with each bar before its figure, bars below bars; `None` where it has none.
fn with_bars(table: &Table) -> Option<Table> {
    let mut cells = table.rows.iter().flatten();
    cells.find(|cell| cell.bar.is_some())?;
    let mut barred = table.clone();
    for column in 0..table.columns.len() {
        let cells = table.rows.iter().filter_map(|row| row.get(column));
        let drawn = cells.filter_map(|cell| Some((sketch::bar(cell.bar?), cell.text.width())));
        let widths = drawn.map(|(bar, width)| (bar.width(), width));
        let Some((bars, texts)) = widths.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1))) else {
            continue;
        };
        for cell in barred.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            if let Some(bar) = cell.bar.map(sketch::bar) {
                let room = (bars - bar.width()) + 1 + (texts - cell.text.width());
                cell.text = format!("{bar}{}{}", "\u{a0}".repeat(room), cell.text);
            }
        }
    }
    Some(barred)
}

fn drawn_cell(table: &Table, row: &[Cell], stack: &[usize], options: Options) -> comfy_table::Cell {
    let texts = table.stacked(row, stack);
    let texts: Vec<String> = texts.into_iter().map(together).collect();
    let tone = row.get(stack[0]).map_or(Tone::Plain, |cell| cell.tone);
    let text = texts.join("\n");
    let text = match marker(tone) {
        Some(marker) if options.colour => mark(&text, marker),
        _ => text,
    };
    let cell = comfy_table::Cell::new(text);
    if table.columns[stack[0]].figures {
        cell.set_alignment(CellAlignment::Right)
    } else {
        cell
    }
}

/// Characters without width that stand before every word of a coloured cell until the table is
/// drawn: the table's own colours would bring in a terminal library.
const MARKERS: [(Tone, char); 4] = [
    (Tone::Good, '\u{2061}'),
    (Tone::Bad, '\u{2062}'),
    (Tone::Uneasy, '\u{2063}'),
    (Tone::Faint, '\u{2064}'),
];

fn marker(tone: Tone) -> Option<char> {
    MARKERS
        .iter()
        .find(|(own, _)| *own == tone)
        .map(|(_, marker)| *marker)
}

fn mark(text: &str, marker: char) -> String {
    let mut out = String::from(marker);
    for letter in text.chars() {
        out.push(letter);
        if matches!(letter, ' ' | '\n') {
            out.push(marker);
        }
    }
    out
}

/// Colours from each marker to the end of its cell's line.
fn paint_marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut open: Option<Style> = None;
    for letter in text.chars() {
        let tone = MARKERS.iter().find(|(_, marker)| *marker == letter);
        if let Some((tone, _)) = tone {
            if open.is_none()
                && let Some(style) = style(*tone)
            {
                out.push_str(&style.to_string());
                open = Some(style);
            }
            continue;
        }
        if matches!(letter, '│' | '┆' | '\n')
            && let Some(style) = open.take()
        {
            out.push_str(&format!("{style:#}"));
        }
        out.push(letter);
    }
    out
}

/// No word is broken while it is no longer than this.
const LONGEST_WORD: usize = 28;

fn longest_word(table: &Table, stack: &[usize]) -> u16 {
    let cells = |column: usize| table.rows.iter().filter_map(move |row| row.get(column));
    let longest = stack
        .iter()
        .flat_map(|&column| {
            cells(column)
                .map(|cell| cell.text.as_str())
                .chain(table.columns[column].heading())
        })
        .flat_map(|text| text.split(' '))
        .map(UnicodeWidthStr::width)
        .max()
        .unwrap_or(0);
    // The bound counts the two spaces beside the text.
    longest.min(LONGEST_WORD) as u16 + 2
}

/// The width that a column wants beside others: figures all of it, texts enough to read well.
fn needed_width(table: &Table, column: usize) -> usize {
    let widest = table
        .rows
        .iter()
        .filter_map(|row| row.get(column))
        .map(|cell| cell.text.width())
        .chain(table.columns[column].heading().map(UnicodeWidthStr::width))
        .max()
        .unwrap_or(0);
    if table.columns[column].figures {
        widest
    } else {
        widest.min(COMFORTABLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Column;

    #[test]
    fn tables_fit_any_width_and_numbers_stay_whole() {
        let table = Table {
            title: String::new(),
            columns: vec![
                Column::text("Показатель"),
                Column::figures("Отклонение"),
                Column::figures("%").below(1, Squeeze::Some),
            ],
            rows: vec![vec![
                Cell::text("очень длинное название показателя, которому нужна не одна строка"),
                Cell::text("\u{2212}1\u{a0}234,45\u{a0}п.п."),
                Cell::text("98,15\u{a0}%"),
            ]],
            ..Table::default()
        };
        for width in [40u16, 60, 80, 120, 160] {
            let text = table_text(
                &table,
                Options {
                    width,
                    colour: false,
                },
            );
            for line in text.lines() {
                assert!(line.width() <= usize::from(width), "{width}: {line}");
            }
            assert!(text.contains("\u{2212}1\u{a0}234,45\u{a0}п.п."), "{text}");
        }
    }
}
