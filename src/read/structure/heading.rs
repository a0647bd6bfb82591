//! Which rows of a table name its columns.

use hashbrown::HashSet;

use super::kind::Kind;
use super::{Cell, HeaderGuess, Row, Table};

/// Rows that a header may have, and rows below it that are looked at.
const HEADER_ROWS: usize = 3;
const BODY_ROWS: usize = 50;

impl Table {
    /// The rows that name the columns.
    pub(super) fn header(&self) -> Option<HeaderGuess> {
        let columns = self.columns();
        let first = (0..self.rows.len())
            .find(|at| self.rows[*at].is_full(&columns) || self.is_merged(*at, &columns))?;
        // Several rows of several cells are no titles: a narrower table stands above.
        let is_row = |row: &&Row| row.filled().count() > 2 && !row.is_remark();
        if self.rows[..first].iter().filter(is_row).count() > 2 {
            let above = Table {
                delimiter: self.delimiter,
                rows: self.rows[..first].to_vec(),
            };
            return above.header();
        }
        let mut rows = 1;
        while rows < HEADER_ROWS && self.is_more_header(first, rows, &columns) {
            rows += 1;
        }
        let is_patchy = rows == 1 && columns.len() < 4 && self.rows[first].has_gap(&columns);
        let enough = i32::from(is_patchy);
        (self.contrast(first, rows, &columns) >= enough).then_some(HeaderGuess {
            record: self.rows[first].record,
            rows,
        })
    }

    /// The columns with something in them: in every tenth row at least of those that fill more than
    /// one cell.
    fn columns(&self) -> Vec<usize> {
        let is_wide = |row: &&Row| row.filled().count() > 1;
        let mut rows: Vec<&Row> = self.rows.iter().filter(is_wide).collect();
        if rows.is_empty() {
            rows = self.rows.iter().collect();
        }
        let width = rows.iter().map(|row| row.used()).max().unwrap_or(0);
        let is_used = |column: &usize| {
            let filled = rows.iter().filter(|row| row.kind(*column) != Kind::Empty);
            let filled = filled.count();
            filled * 10 >= rows.len() && (filled > 1 || rows.len() < 3)
        };
        (0..width).filter(is_used).collect()
    }

    /// The rows below a header of so many rows.
    fn body(&self, first: usize, rows: usize) -> impl Iterator<Item = &Row> + Clone {
        self.rows[first + rows..].iter().take(BODY_ROWS)
    }

    /// Whether a column holds numbers or days below a header.
    fn is_numeric(&self, first: usize, rows: usize, column: usize) -> bool {
        let kinds = self.body(first, rows).map(|row| row.kind(column));
        let filled = kinds.clone().filter(|kind| *kind != Kind::Empty).count();
        filled > 0 && kinds.filter(|kind| kind.is_numeric()).count() * 10 >= filled * 6
    }

    /// Whether a row is the first of a header with merged cells: what it leaves open, the next one
    /// fills, and the other way round.
    fn is_merged(&self, at: usize, columns: &[usize]) -> bool {
        let (row, Some(next)) = (&self.rows[at], self.rows.get(at + 1)) else {
            return false;
        };
        let filled = |row: &Row, column: usize| row.kind(column) != Kind::Empty;
        let count = |condition: &dyn Fn(usize) -> bool| {
            columns.iter().filter(|column| condition(**column)).count()
        };
        let both = count(&|column| filled(row, column) || filled(next, column));
        let above = count(&|column| filled(row, column));
        let open = columns.len() - above;
        let below = count(&|column| filled(next, column) && !filled(row, column));
        let apart = count(&|column| filled(row, column) && !filled(next, column));
        row.record + 1 == next.record
            && above >= 2
            && open >= 1
            && below >= 1
            && (apart >= 1 || row.has_gap(columns))
            && both * 10 >= columns.len() * 9
            && row.is_heading(columns)
            && next.is_heading(columns)
    }

    /// Whether one more row belongs to a header of so many.
    fn is_more_header(&self, first: usize, rows: usize, columns: &[usize]) -> bool {
        let last = first + rows - 1;
        let Some(next) = self.rows.get(last + 1) else {
            return false;
        };
        if self.is_merged(last, columns) && rows == 1 {
            return true;
        }
        // Words in columns of numbers.
        let numeric = columns.iter().copied();
        let numeric = numeric.filter(|column| self.is_numeric(first, rows + 1, *column));
        let is_word = |column: &usize| matches!(next.kind(*column), Kind::Words | Kind::Odd);
        let (with_words, others): (Vec<usize>, Vec<usize>) = numeric.partition(is_word);
        with_words.len() >= 2
            && self.body(first, rows + 1).count() >= 2
            && others
                .iter()
                .all(|column| next.kind(*column) == Kind::Empty)
            && next.record == self.rows[last].record + 1
    }

    /// What speaks for the rows being a header, less what speaks against it.
    fn contrast(&self, first: usize, rows: usize, columns: &[usize]) -> i32 {
        let header = &self.rows[first..first + rows];
        // The header again further down is no row.
        let last = &header[rows - 1];
        let differs = |row: &&Row| !row.is_same(last);
        let is_again = self.body(first, rows).any(|row| differs(&row));
        let body = self.body(first, rows);
        let body = body.filter(|row| !is_again || differs(row));
        let is_above_all = body.clone().next().is_none();
        let is_number = |cell: &Cell| cell.kind.is_numeric() && !is_year(&cell.text);
        let mut numbers = header.iter().map(|row| row.filled().map(is_number));
        let is_figures = numbers.any(|mut row| match is_above_all {
            true => row.any(|number| number),
            false => row.all(|number| number),
        });
        let mut sum = if is_figures { -3 } else { 0 };
        let counts_up = header.iter().any(|row| row.counts_up(columns));
        if rows == 1 && columns.len() > 1 && header[0].is_repetitive() {
            sum -= 3;
        }
        for &column in columns {
            let cells = body.clone().filter_map(|row| row.cells.get(column));
            let cells: Vec<&Cell> = cells.filter(|cell| cell.kind != Kind::Empty).collect();
            let heading = header.iter().rev().filter_map(|row| row.cells.get(column));
            let Some(heading) = heading.into_iter().find(|cell| cell.kind != Kind::Empty) else {
                continue;
            };
            if is_usual(&heading.text) {
                sum += 2;
            }
            let is_counted = counts_up && heading.kind.is_numeric();
            if !cells.is_empty() && !is_counted {
                sum += contrast_of(heading, &cells);
            }
        }
        sum
    }
}

/// What speaks for a cell being the heading of the cells below it, less what speaks against it.
fn contrast_of(heading: &Cell, cells: &[&Cell]) -> i32 {
    let most = |condition: &dyn Fn(&Cell) -> bool| {
        cells.iter().filter(|cell| condition(cell)).count() * 10 >= cells.len() * 8
    };
    if most(&|cell| cell.kind.is_numeric()) {
        return match heading.kind {
            Kind::Words | Kind::Odd => 2,
            _ if is_year(&heading.text) && !most(&|cell| is_year(&cell.text)) => 0,
            _ => -3,
        };
    }
    if cells.iter().any(|cell| cell.text == heading.text) {
        return -2;
    }
    if heading.kind.is_numeric() && !most(&|cell| cell.kind == Kind::Words) {
        return -1;
    }
    let length = |cell: &Cell| cell.text.chars().count();
    let has_digit = |cell: &Cell| cell.text.bytes().any(|byte| byte.is_ascii_digit());
    let is_address = |cell: &Cell| cell.text.contains("://") || cell.text.contains('@');
    let is_sentence = |cell: &Cell| length(cell) > 100;
    let marks: [&dyn Fn(&Cell) -> bool; 3] = [&has_digit, &is_address, &is_sentence];
    let mut sum = 0;
    // «Детский сад № 1» and its like begin alike, and not as their heading does.
    let begins_alike = |cell: &Cell| cell.text.chars().take(3).eq(cells[0].text.chars().take(3));
    if cells.len() > 1 && length(cells[0]) > 3 && most(&begins_alike) {
        sum += if begins_alike(heading) { -2 } else { 1 };
    }
    for mark in marks {
        if most(mark) {
            sum += if mark(heading) { -1 } else { 1 };
        }
    }
    if cells.len() > 2 && cells.iter().all(|cell| length(cell) == length(cells[0])) {
        let is_same = length(heading) == length(cells[0]);
        sum += if is_same { -1 } else { 1 };
    }
    sum
}

impl Row {
    /// Whether its cells are those of another row.
    fn is_same(&self, other: &Row) -> bool {
        let texts = self.filled().map(|cell| &cell.text);
        texts.eq(other.filled().map(|cell| &cell.text))
    }

    /// Whether the same stands in most of its cells.
    fn is_repetitive(&self) -> bool {
        let all = self.filled().count();
        let distinct: HashSet<&str> = self.filled().map(|cell| &*cell.text).collect();
        distinct.len() * 2 <= all
    }

    /// Whether it fills so many of the columns that it can name them.
    fn is_full(&self, columns: &[usize]) -> bool {
        let filled = columns
            .iter()
            .filter(|column| self.kind(**column) != Kind::Empty);
        let filled = filled.count();
        match columns.len() {
            // A title leaves the last cells open, a heading rather another one.
            count @ ..=3 => {
                let last = columns.last().map(|last| self.kind(*last));
                filled == count || (filled + 1 == count && last != Some(Kind::Empty))
            }
            count => filled * 10 >= count * 6,
        }
    }

    /// Whether something stands behind a cell left open, as where cells were merged; behind a title
    /// there is nothing.
    fn has_gap(&self, columns: &[usize]) -> bool {
        let mut kinds = columns.iter().map(|column| self.kind(*column));
        kinds.any(|kind| kind == Kind::Empty) && kinds.any(|kind| kind != Kind::Empty)
    }

    /// Whether it can be a heading: words, but for years and for numbers that go up by one.
    fn is_heading(&self, columns: &[usize]) -> bool {
        let cells = columns.iter().filter_map(|column| self.cells.get(*column));
        let (mut words, mut numbers) = (0, 0);
        for cell in cells {
            match cell.kind {
                Kind::Empty => {}
                Kind::Words | Kind::Odd => words += 1,
                _ if is_year(&cell.text) => {}
                _ => numbers += 1,
            }
        }
        words > 0 && (words > 2 * numbers || self.counts_up(columns))
    }

    /// Whether its numbers, three at least, go up by one: days, months, years.
    fn counts_up(&self, columns: &[usize]) -> bool {
        let cells = columns.iter().filter_map(|column| self.cells.get(*column));
        let numbers = cells.filter(|cell| cell.kind.is_numeric());
        let numbers: Vec<Option<u32>> = numbers.map(|cell| cell.text.parse().ok()).collect();
        let is_next =
            |pair: &[Option<u32>]| pair[0].is_some_and(|low| pair[1] == low.checked_add(1));
        numbers.len() > 2 && numbers.windows(2).all(is_next)
    }
}

/// Headings that tables the world over have.
fn is_usual(text: &str) -> bool {
    const WORDS: [&str; 24] = [
        "id",
        "name",
        "date",
        "code",
        "type",
        "value",
        "year",
        "title",
        "email",
        "number",
        "count",
        "№",
        "n",
        "дата",
        "код",
        "инн",
        "наименование",
        "название",
        "организация",
        "учреждение",
        "показатель",
        "значение",
        "период",
        "фио",
    ];
    let text = text.trim_start_matches(['#', ' ']).to_lowercase();
    WORDS.contains(&&*text)
}

fn is_year(text: &str) -> bool {
    matches!(text.parse::<u32>(), Ok(1900..2100))
}
