//! A table on a sheet: a table of Excel's own, with filters, colours that follow the status words,
//! and bars.

use num_traits::Zero;
use rust_xlsxwriter::{
    ConditionalFormatDataBar, ConditionalFormatFormula, ConditionalFormatType, Format, FormatAlign,
    TableColumn, TableStyle, XlsxError, utility,
};

use super::figure::{figure, number};
use super::page::{Page, fitting};
use super::{cell, heading, height, text, write};
use crate::assess::verdict::Status;
use crate::document::progress::status_tone;
use crate::document::{Cell, Table, Tone};
use crate::model::quantity::{Fixed, Fraction};
use crate::render::office::{TONES, is_filled, shade};

/// What a heading needs besides its text: the button of its filter.
const BUTTON: f64 = 3.0;

/// What stands beside a cell's text.
const INDENT: f64 = 1.5;

/// The columns as they stand: those for machines to the right.
pub(super) fn order(table: &Table) -> Vec<usize> {
    let (detail, shown): (Vec<usize>, Vec<usize>) =
        (0..table.columns.len()).partition(|&column| table.columns[column].detail);
    shown.into_iter().chain(detail).collect()
}

/// The width that a column wants, in characters.
pub(super) fn width_of(table: &Table, column: usize) -> f64 {
    let cells = table.rows.iter().filter_map(|row| row.get(column));
    let texts = cells.map(|cell| cell.text.as_str());
    let title = std::iter::once(&*table.columns[column].title);
    let titled = fitting(title, 7, 12) + BUTTON;
    let shown = table.columns.iter().filter(|one| !one.detail).count();
    let widest = match (table.columns[column].figures, shown) {
        (true, _) => 30,
        (false, 0..=5) => 48,
        (false, 6..=8) => 36,
        (false, _) => 28,
    };
    (fitting(texts, 7, widest) + INDENT).max(titled)
}

/// What a column's cells are coloured by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colour {
    /// Each by its own tone.
    Own,
    /// By the status word in this place of the row, letters and all.
    Status,
    /// The same, letters only.
    Follows,
}

impl Page {
    /// Writes a table; `tables`: how many of them the workbook has.
    pub(super) fn table(&mut self, table: &Table, tables: &mut usize) -> Result<(), XlsxError> {
        self.heading(&table.title)?;
        let order = order(table);
        if order.is_empty() {
            return Ok(());
        }
        let header = self.row;
        self.headers.push(header);
        self.header(table, &order, tables)?;
        let status = status(table);
        let colours: Vec<Colour> = order.iter().map(|&at| colour(table, at, status)).collect();
        for row in &table.rows {
            self.row += 1;
            self.cells(row, table, &order, &colours)?;
        }
        if !table.rows.is_empty() {
            self.colours(header + 1, &order, &colours, status)?;
            self.bars(header + 1, table, &order)?;
        }
        self.row += 2;
        Ok(())
    }

    fn header(
        &mut self,
        table: &Table,
        order: &[usize],
        tables: &mut usize,
    ) -> Result<(), XlsxError> {
        let given = heading().set_background_color(super::GIVEN).set_italic();
        let mut names: Vec<String> = Vec::new();
        let mut columns = Vec::new();
        for (at, &column) in (0..).zip(order) {
            let column = &table.columns[column];
            let format = if column.detail { &given } else { &heading() };
            // Excel tells the columns of a table by their names.
            let mut name = text(&column.title);
            while names.contains(&name.to_lowercase()) || name.is_empty() {
                name.push('_');
            }
            names.push(name.to_lowercase());
            if table.rows.is_empty() {
                write(&mut self.sheet, self.row, at, &name, format)?;
            }
            columns.push(
                TableColumn::new()
                    .set_header(name)
                    .set_header_format(format),
            );
        }
        let titles = order.iter().zip(&self.widths);
        let titles = titles.map(|(&column, width)| (&*table.columns[column].title, width - BUTTON));
        self.sheet.set_row_height(self.row, height(titles))?;
        if !table.rows.is_empty() {
            *tables += 1;
            let own = rust_xlsxwriter::Table::new()
                .set_name(format!("Таблица{tables}"))
                .set_style(TableStyle::None)
                .set_columns(&columns);
            let own_rows = table.rows.len() - table.totals.min(table.rows.len() - 1);
            let last = self.row + own_rows as u32;
            let right = order.len() as u16 - 1;
            self.sheet.add_table(self.row, 0, last, right, &own)?;
        }
        Ok(())
    }

    fn cells(
        &mut self,
        row: &[Cell],
        table: &Table,
        order: &[usize],
        colours: &[Colour],
    ) -> Result<(), XlsxError> {
        let empty = Cell::default();
        let mut wrapped: Vec<(String, f64)> = Vec::new();
        for ((at, &column), colour) in (0..).zip(order).zip(colours) {
            let own = row.get(column).unwrap_or(&empty);
            let side = match table.columns[column].figures {
                true => FormatAlign::Right,
                false => FormatAlign::Left,
            };
            let mut format = cell().set_align(side).set_indent(1);
            if *colour == Colour::Own {
                format = painted(format, own.tone, is_filled(table, column));
            }
            self.put(at, own, &format)?;
            wrapped.push((text(&own.text), self.widths[usize::from(at)] - INDENT));
        }
        let wrapped = wrapped.iter().map(|(text, width)| (text.as_str(), *width));
        self.sheet.set_row_height(self.row, height(wrapped))?;
        Ok(())
    }

    /// Writes a cell: a number where it has one.
    pub(super) fn put(&mut self, at: u16, own: &Cell, format: &Format) -> Result<(), XlsxError> {
        match figure(own) {
            Some((value, shown)) => {
                // LibreOffice forgets the indent of a number that may wrap.
                let format = format.clone().set_num_format(shown).unset_text_wrap();
                self.sheet
                    .write_number_with_format(self.row, at, value, &format)?;
            }
            None => {
                // A number of more digits than a spreadsheet keeps.
                let bare = own.number.as_ref().filter(|_| own.text.is_empty());
                let shown = bare.map_or_else(|| text(&own.text), Fixed::russian);
                write(&mut self.sheet, self.row, at, &shown, format)?;
            }
        }
        Ok(())
    }

    /// Colours by the status words: whoever changes a word changes the colour.
    fn colours(
        &mut self,
        first: u32,
        order: &[usize],
        colours: &[Colour],
        status: Option<usize>,
    ) -> Result<(), XlsxError> {
        let Some(host) = order.iter().position(|column| Some(*column) == status) else {
            return Ok(());
        };
        let host = utility::column_number_to_name(host as u16);
        for (at, colour) in (0..)
            .zip(colours)
            .filter(|(_, colour)| **colour != Colour::Own)
        {
            for tone in TONES {
                let words = Status::ALL.iter().filter(|one| status_tone(**one) == tone);
                let words = words.map(|one| format!("${host}{}=\"{}\"", first + 1, one.title()));
                let rule = format!("=OR({})", words.collect::<Vec<String>>().join(","));
                let format = painted(Format::new(), tone, *colour == Colour::Status);
                let rule = ConditionalFormatFormula::new()
                    .set_rule(rule.as_str())
                    .set_format(format);
                self.sheet
                    .add_conditional_format(first, at, self.row, at, &rule)?;
            }
        }
        Ok(())
    }

    /// Bars behind the numbers of a column.
    fn bars(&mut self, first: u32, table: &Table, order: &[usize]) -> Result<(), XlsxError> {
        for (at, &column) in (0..).zip(order) {
            let cells = table.rows.iter().filter_map(|row| row.get(column));
            let Some(longest) = cells.filter_map(longest).max() else {
                continue;
            };
            let Some(longest) = number(&Fixed::round(&longest, 0)).filter(|one| *one > 0.0) else {
                continue;
            };
            let bar = ConditionalFormatDataBar::new()
                .set_fill_color("#BDD7EE")
                .set_solid_fill(true)
                .set_border_off(true)
                .set_minimum(ConditionalFormatType::Number, 0)
                .set_maximum(ConditionalFormatType::Number, longest);
            self.sheet
                .add_conditional_format(first, at, self.row, at, &bar)?;
        }
        Ok(())
    }
}

/// The number whose bar would be the longest.
fn longest(cell: &Cell) -> Option<Fraction> {
    let (bar, number) = (cell.bar?, cell.number.as_ref()?);
    let value = Fraction::from(num_bigint::BigInt::from(bar.value));
    let thousand = Fraction::from(num_bigint::BigInt::from(1000));
    (!value.is_zero()).then(|| number.to_fraction() * thousand / value)
}

/// The column whose words are statuses.
fn status(table: &Table) -> Option<usize> {
    let known = |cell: &Cell| Status::ALL.iter().any(|one| one.title() == cell.text);
    let own = |cell: &Cell| cell.text.is_empty() || known(cell);
    (0..table.columns.len()).find(|&column| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(column));
        cells.clone().all(own) && cells.any(known)
    })
}

fn colour(table: &Table, column: usize, status: Option<usize>) -> Colour {
    let Some(status) = status else {
        return Colour::Own;
    };
    let tone = |row: &[Cell], column: usize| row.get(column).map_or(Tone::Plain, |cell| cell.tone);
    let mut rows = table.rows.iter();
    if column == status {
        return Colour::Status;
    }
    let same = rows
        .clone()
        .all(|row| tone(row, column) == tone(row, status));
    let some = rows.any(|row| tone(row, column) != Tone::Plain);
    if same && some {
        Colour::Follows
    } else {
        Colour::Own
    }
}

/// In the colour of a tone.
pub(super) fn painted(format: Format, tone: Tone, behind: bool) -> Format {
    let Some(shade) = shade(tone) else {
        return format;
    };
    let format = format.set_font_color(shade.ink);
    match shade.paper.filter(|_| behind) {
        Some(paper) => format.set_background_color(paper),
        None => format,
    }
}
