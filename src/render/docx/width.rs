//! How wide the columns of a table are on paper. Word and LibreOffice take such widths as they are;
//! left to themselves they would differ.

use unicode_width::UnicodeWidthStr;

use crate::document::{Squeeze, Table};

/// The width between the margins, in twentieths of a point.
pub(super) const PORTRAIT: usize = 9922;
pub(super) const LANDSCAPE: usize = 14854;

/// The width of a character of a table's letters, on average, and of what stands about a text.
const CHARACTER: usize = 104;
const FRAME: usize = 190;

/// The narrowest column that long names still read well in, and the widest that is of use, in
/// characters.
const COMFORTABLE: usize = 26;
const WIDEST: usize = 60;

/// No word is broken while it is no longer than this.
const LONGEST_WORD: usize = 24;

/// The columns of a table as they stand on paper.
pub(super) struct Sized {
    /// Which of them share one.
    pub stacks: Vec<Vec<usize>>,
    /// The width of each, in twentieths of a point.
    pub widths: Vec<usize>,
}

impl Sized {
    /// Whether a table reads well across a portrait page.
    pub(super) fn fits(table: &Table) -> bool {
        let stacks = table.stacks(Squeeze::Some);
        let needed = stacks.iter().map(|stack| needed(table, stack));
        needed.sum::<usize>() <= PORTRAIT
    }

    pub(super) fn new(table: &Table, room: usize) -> Sized {
        let squeezes = [Squeeze::None, Squeeze::Some, Squeeze::More];
        let fitting = squeezes.into_iter().map(|squeeze| table.stacks(squeeze));
        let fits = |stacks: &Vec<Vec<usize>>| {
            stacks
                .iter()
                .map(|stack| needed(table, stack))
                .sum::<usize>()
                <= room
        };
        let stacks = fitting
            .into_iter()
            .find(fits)
            .unwrap_or_else(|| table.stacks(Squeeze::Full));
        let needed: Vec<usize> = stacks.iter().map(|stack| needed(table, stack)).collect();
        let wanted: Vec<usize> = stacks.iter().map(|stack| wanted(table, stack)).collect();
        let widths = spread(&needed, &wanted, room);
        Sized { stacks, widths }
    }
}

/// Widths that fill the room: what is left over goes to those that want more.
fn spread(needed: &[usize], wanted: &[usize], room: usize) -> Vec<usize> {
    let least: usize = needed.iter().sum();
    if least > room {
        return needed.iter().map(|own| own * room / least).collect();
    }
    let wishes: Vec<usize> = wanted
        .iter()
        .zip(needed)
        .map(|(all, own)| all - own)
        .collect();
    let (wish, spare) = (wishes.iter().sum::<usize>(), room - least);
    let more = |wish_of: &usize| match wish {
        0 => spare / needed.len().max(1),
        _ => spare * wish_of / wish,
    };
    needed
        .iter()
        .zip(&wishes)
        .map(|(own, wish)| own + more(wish))
        .collect()
}

/// Without which a column does not read well: figures whole, texts no word broken.
fn needed(table: &Table, stack: &[usize]) -> usize {
    let characters = stack.iter().map(|&column| {
        let figures = table.columns[column].figures;
        let cells = table.rows.iter().filter_map(|row| row.get(column));
        let cells = cells.map(|cell| match figures {
            true => cell.text.width().min(LONGEST_WORD),
            // Two lines, or more where the text is long.
            false => (cell.text.width() / 2 + 1)
                .min(COMFORTABLE)
                .max(longest_word(&cell.text)),
        });
        let heading = table.columns[column]
            .heading()
            .map(|title| longest_word(title) + 1);
        cells.chain(heading).max().unwrap_or(0)
    });
    characters.max().unwrap_or(0) * CHARACTER + FRAME
}

/// With which a column shows each of its cells on one line, or nearly.
fn wanted(table: &Table, stack: &[usize]) -> usize {
    let cells = stack.iter().flat_map(|&column| {
        let own = |row: &'_ Vec<crate::document::Cell>| {
            row.get(column).map_or(0, |cell| cell.text.width())
        };
        table.rows.iter().map(own).collect::<Vec<usize>>()
    });
    let widest = cells.max().unwrap_or(0).min(WIDEST);
    (widest * CHARACTER + FRAME).max(needed(table, stack))
}

fn longest_word(text: &str) -> usize {
    let words = text.split([' ', '-']).map(UnicodeWidthStr::width);
    words.max().unwrap_or(0).min(LONGEST_WORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_page_and_never_leave_it() {
        assert_eq!(spread(&[100, 200], &[100, 600], 1000), [100, 900]);
        assert_eq!(spread(&[100, 200], &[100, 200], 1000), [450, 550]);
        assert_eq!(spread(&[300, 300], &[300, 900], 400), [200, 200]);
        assert_eq!(spread(&[], &[], 400), [0; 0]);
    }
}
