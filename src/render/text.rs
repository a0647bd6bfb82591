//! Documents for a terminal: tables that fit its width, long names wrapped, numbers never.

use anstyle::{AnsiColor, Style};
use comfy_table::presets::{UTF8_FULL, UTF8_FULL_CONDENSED};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width};
use unicode_width::UnicodeWidthStr;

use crate::document::{Block, Cell, Column, Document, Squeeze, Table, Tone};
use crate::model::name::printable;

/// How a document is shown.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Columns of the terminal.
    pub width: u16,
    /// With colour.
    pub colour: bool,
}

/// The document as text.
pub fn render(document: &Document, options: Options) -> String {
    let mut out = String::new();
    let bold = |text: &str| paint(text, Style::new().bold(), options.colour);
    if !document.title.is_empty() {
        let mut heading = String::new();
        push_wrapped(&mut heading, &document.title, "", options.width);
        out.push_str(&bold(heading.trim_end()));
        out.push('\n');
    }
    for line in &document.subtitle {
        push_wrapped(&mut out, &together(line), "", options.width);
    }
    for block in &document.blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Table(table) => {
                if !table.title.is_empty() {
                    let mut heading = String::new();
                    push_wrapped(&mut heading, &together(&table.title), "", options.width);
                    out.push_str(&bold(heading.trim_end()));
                    out.push('\n');
                }
                out.push_str(&table_text(table, options));
            }
            Block::Notes { title, lines } => {
                if !title.is_empty() {
                    out.push_str(&bold(title));
                    out.push('\n');
                }
                for line in lines {
                    push_wrapped(&mut out, &together(line), "  ", options.width);
                }
            }
        }
    }
    out
}

/// Fit for a line: nothing a terminal would obey, and «№» stays with its number.
fn together(text: &str) -> String {
    printable(text).replace("№ ", "№\u{a0}")
}

fn paint(text: &str, style: Style, colour: bool) -> String {
    if colour && !text.is_empty() {
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
    }
}

fn style(tone: Tone) -> Option<Style> {
    let colour = |colour: AnsiColor| Some(Style::new().fg_color(Some(colour.into())));
    match tone {
        Tone::Plain => None,
        Tone::Good => colour(AnsiColor::Green),
        Tone::Bad => colour(AnsiColor::Red),
        Tone::Uneasy => colour(AnsiColor::Yellow),
        Tone::Faint => Some(Style::new().dimmed()),
    }
}

/// Adds a paragraph, wrapped at spaces, its further lines set in.
fn push_wrapped(out: &mut String, text: &str, indent: &str, width: u16) {
    let width = usize::from(width.max(20));
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let needed = line.width() + 1 + word.width();
        if !line.is_empty() && needed > width {
            out.push_str(&line);
            out.push('\n');
            line = indent.to_owned();
            line.push_str(word);
            continue;
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    out.push_str(&line);
    out.push('\n');
}

/// A table's columns as they stand on paper: which of them share one, one below the other.
fn stacks(columns: &[Column], squeeze: Squeeze) -> Vec<Vec<usize>> {
    let mut stacks: Vec<Vec<usize>> = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        if column.detail {
            continue;
        }
        let host = column
            .below
            .filter(|(_, at)| *at <= squeeze)
            .and_then(|(host, _)| stacks.iter().position(|stack| stack[0] == host));
        match host {
            Some(host) => stacks[host].push(index),
            None => stacks.push(vec![index]),
        }
    }
    stacks
}

/// A column's heading; what always stands below another column needs none.
fn heading(column: &Column) -> Option<&'static str> {
    column
        .below
        .is_none_or(|(_, at)| at != Squeeze::None)
        .then_some(column.title)
}

/// The narrowest column that names still read well in.
const COMFORTABLE: usize = 22;

/// The border and the two spaces that a column takes besides its text.
const FRAME: usize = 3;

fn table_text(table: &Table, options: Options) -> String {
    let width_of = |stacks: &[Vec<usize>]| -> usize {
        let widest = |stack: &Vec<usize>| stack.iter().map(|&c| needed_width(table, c)).max();
        stacks
            .iter()
            .map(|stack| FRAME + widest(stack).unwrap_or(0))
            .sum::<usize>()
            + 1
    };
    let (squeeze, stacks) = [Squeeze::None, Squeeze::Some, Squeeze::More]
        .map(|squeeze| (squeeze, stacks(&table.columns, squeeze)))
        .into_iter()
        .find(|(_, stacks)| width_of(stacks) <= usize::from(options.width))
        .unwrap_or_else(|| (Squeeze::Full, stacks(&table.columns, Squeeze::Full)));
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
            .filter_map(|&column| heading(&table.columns[column]))
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

fn drawn_cell(table: &Table, row: &[Cell], stack: &[usize], options: Options) -> comfy_table::Cell {
    let mut texts: Vec<String> = stack
        .iter()
        .filter_map(|&column| row.get(column))
        .map(|cell| together(&cell.text))
        .filter(|text| !text.is_empty())
        .collect();
    // One dash says as much as three.
    let nothing = texts.iter().all(|text| text == "—");
    while texts.len() > if nothing { 1 } else { 2 } && texts.last().is_some_and(|t| t == "—") {
        texts.pop();
    }
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
                .chain(heading(&table.columns[column]))
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
        .chain(heading(&table.columns[column]).map(UnicodeWidthStr::width))
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

    #[test]
    fn paragraphs_wrap_at_spaces() {
        let mut out = String::new();
        push_wrapped(&mut out, "одно слово за другим и ещё", "  ", 20);
        assert_eq!(out, "одно слово за другим\n  и ещё\n");
    }

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
