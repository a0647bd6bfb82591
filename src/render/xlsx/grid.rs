//! Who reported when: a sign a cell, coloured by the sign, and what the signs stand for.

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, Format, FormatAlign, XlsxError,
};

use super::page::{Line, Page};
use super::table::painted;
use super::{LINE, SPARE, cell, heading, height, text, write};
use crate::document::picture::{Arrival, Grid};

/// The widths of the names and of the marks, in characters.
pub(super) const NAME: f64 = 42.0;
pub(super) const MARK: f64 = 4.5;

/// The height of a character that stands on its side, in points.
const ASIDE: f64 = 6.5;

impl Page {
    /// Writes a grid and its legend.
    pub(super) fn grid(&mut self, grid: &Grid) -> Result<(), XlsxError> {
        if !self.headers.is_empty() {
            self.breaks.push(self.row);
        }
        self.heading(&grid.title)?;
        self.headers.push(self.row);
        self.kept = 1;
        write(&mut self.sheet, self.row, 0, "Организация", &heading())?;
        let aside = heading().set_rotation(90);
        let periods = (1..).zip(&grid.periods);
        for (at, period) in periods.clone() {
            write(&mut self.sheet, self.row, at, &text(period), &aside)?;
        }
        let longest = periods.map(|(_, period)| period.chars().count()).max();
        let tall = longest.unwrap_or(0) as f64 * ASIDE + SPARE;
        self.sheet
            .set_row_height(self.row, tall.clamp(LINE, super::HIGHEST))?;
        self.row += 1;
        let first = self.row;
        let mark = cell().set_align(FormatAlign::Center);
        for row in &grid.rows {
            let title = text(&row.title);
            self.sheet
                .set_row_height(self.row, height(std::iter::once((title.as_str(), NAME))))?;
            write(&mut self.sheet, self.row, 0, &title, &cell())?;
            for (at, arrival) in (1..).zip(&row.marks) {
                write(&mut self.sheet, self.row, at, arrival.sign(), &mark)?;
            }
            self.row += 1;
        }
        if self.row > first && !grid.periods.is_empty() {
            self.marks(first, grid.periods.len() as u16)?;
        }
        for arrival in grid.legend() {
            let line = format!("{} — {}", arrival.sign(), arrival.title());
            self.toned(&line, Line::Plain, arrival.tone())?;
        }
        self.lines(&grid.lines, Line::Plain)
    }

    /// Colours by the signs: whoever changes a sign changes the colour.
    fn marks(&mut self, first: u32, last: u16) -> Result<(), XlsxError> {
        for arrival in Arrival::ALL {
            let rule = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(arrival.sign()))
                .set_format(painted(Format::new(), arrival.tone(), true));
            self.sheet
                .add_conditional_format(first, 1, self.row - 1, last, &rule)?;
        }
        Ok(())
    }
}
