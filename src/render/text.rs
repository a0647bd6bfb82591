//! Documents for a terminal: all of it in plain characters that fit its width; colour says nothing
//! that the text does not.

mod card;
mod grid;
mod table;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::document::{Block, Cell, Document, Mark, Run, Tone};
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
    push_heading(&mut out, &document.title, options);
    for line in &document.subtitle {
        push_wrapped(&mut out, &together(line), "", options.width);
    }
    for block in &document.blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        push_block(&mut out, block, options);
    }
    out
}

fn push_block(out: &mut String, block: &Block, options: Options) {
    match block {
        Block::Table(table) => {
            push_heading(out, &table.title, options);
            out.push_str(&table::table_text(table, options));
        }
        Block::Notes { title, lines } => {
            push_heading(out, title, options);
            for line in lines {
                push_wrapped(out, &together(line), "  ", options.width);
            }
        }
        Block::Words {
            title,
            paragraphs,
            lines,
        } => {
            push_heading(out, title, options);
            for runs in paragraphs {
                push_words(out, &marked(runs, options.colour), "", options.width);
            }
            for line in lines {
                let line = format!("–\u{a0}{}", together(line));
                push_wrapped(out, &line, "  ", options.width);
            }
        }
        Block::Code { title, lines, .. } => {
            push_heading(out, title, options);
            for line in lines {
                out.push_str(&printable(line));
                out.push('\n');
            }
        }
        Block::Part { title, .. } => push_part(out, title, options),
        Block::Lead(cells) => push_lead(out, cells, options),
        Block::Cards(cards) => card::push_cards(out, cards, options),
        Block::Grid(grid) => grid::push_grid(out, grid, options),
    }
}

fn push_heading(out: &mut String, title: &str, options: Options) {
    if title.is_empty() {
        return;
    }
    let mut heading = String::new();
    push_wrapped(&mut heading, &together(title), "", options.width);
    out.push_str(&paint(
        heading.trim_end(),
        Style::new().bold(),
        options.colour,
    ));
    out.push('\n');
}

/// A heading above others: underlined, since nothing in plain characters is larger.
fn push_part(out: &mut String, title: &str, options: Options) {
    let before = out.len();
    push_heading(
        out,
        title,
        Options {
            colour: false,
            ..options
        },
    );
    let widest = out[before..].lines().map(UnicodeWidthStr::width).max();
    out.truncate(before);
    push_heading(out, title, options);
    out.push_str(&"═".repeat(widest.unwrap_or(0)));
    out.push('\n');
}

fn push_lead(out: &mut String, cells: &[Cell], options: Options) {
    for (index, cell) in cells.iter().enumerate() {
        let mut look = style(cell.tone).unwrap_or_default();
        if index == 0 {
            look = look.bold();
        }
        let look = Some(look).filter(|_| options.colour);
        let text = together(&cell.text);
        let words = text.split(' ').map(|word| (word.to_owned(), look));
        push_words(out, &words.collect::<Vec<_>>(), "  ", options.width);
    }
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
    let words = text.split(' ').map(|word| (word.to_owned(), None));
    push_words(out, &words.collect::<Vec<_>>(), indent, width);
}

/// The same, all of its lines set in.
fn push_set_in(out: &mut String, text: &str, indent: &str, width: u16) {
    out.push_str(indent);
    let mut lines = String::new();
    push_wrapped(
        &mut lines,
        text,
        "",
        width.saturating_sub(indent.width() as u16),
    );
    out.push_str(&lines.trim_end().replace('\n', &format!("\n{indent}")));
    out.push('\n');
}

/// The same, each word in its style.
fn push_words(out: &mut String, words: &[(String, Option<Style>)], indent: &str, width: u16) {
    let width = usize::from(width.max(20));
    let mut column = 0;
    for (word, style) in words.iter().filter(|(word, _)| !word.is_empty()) {
        if column > 0 && column + 1 + word.width() > width {
            out.push('\n');
            out.push_str(indent);
            column = indent.width();
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        column += word.width();
        out.push_str(&paint(word, style.unwrap_or_default(), style.is_some()));
    }
    out.push('\n');
}

/// The words of a paragraph, those that went and came between their signs.
fn marked(runs: &[Run], colour: bool) -> Vec<(String, Option<Style>)> {
    let mut words: Vec<(String, Option<Style>)> = Vec::new();
    let mut apart = true;
    for run in runs {
        let (open, close) = run.mark.signs();
        let tone = match run.mark {
            Mark::Same => Tone::Plain,
            Mark::Removed => Tone::Bad,
            Mark::Added => Tone::Good,
        };
        let style = style(tone).filter(|_| colour);
        let text = format!("{open}{}{close}", together(&run.text));
        for (index, word) in text.split(' ').enumerate() {
            // What follows without a space is a part of the same word.
            match words.last_mut().filter(|_| index == 0 && !apart) {
                Some(last) if last.0.is_empty() => *last = (word.to_owned(), style),
                Some((last, _)) => last.push_str(word),
                None => words.push((word.to_owned(), style)),
            }
        }
        apart = false;
    }
    words
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
}
