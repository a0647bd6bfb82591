//! A sheet as it is written, line by line: lines of text across its columns, tables, a grid, charts.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::{height, set_up_paper, shortened, text, width, write};
use crate::document::{Table, Tone};
use crate::render::office::shade;

/// The width of a column that nothing was said of, in characters.
const DEFAULT: f64 = 9.0;

/// Lines of text go across the columns of the tables, but over no less and no more than this.
const READABLE: f64 = 90.0;

/// What fits across a portrait page in letters of a good size.
const PORTRAIT: f64 = 100.0;

/// The lowest row whose header may stay while the rest is scrolled.
const TOP: u32 = 5;

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// The document's title.
    Title,
    /// What is to be read first.
    Lead,
    /// The title of a part.
    Part,
    /// The title of a table or of notes.
    Heading,
    /// A line of text.
    Plain,
    /// A line that matters less.
    Faint,
    /// A line to be copied.
    Code,
}

impl Line {
    fn size(self) -> f64 {
        match self {
            Line::Title => 16.0,
            Line::Lead | Line::Part => 14.0,
            Line::Heading => 12.0,
            Line::Plain | Line::Faint => 11.0,
            Line::Code => 10.0,
        }
    }

    fn format(self) -> Format {
        let format = Format::new().set_font_size(self.size());
        let format = format.set_align(FormatAlign::Top);
        match self {
            Line::Title | Line::Lead | Line::Part | Line::Heading => {
                format.set_bold().set_text_wrap()
            }
            Line::Plain => format.set_text_wrap(),
            Line::Faint => format.set_text_wrap().set_font_color("#5D6670"),
            Line::Code => format.set_font_name("Consolas"),
        }
    }
}

/// A sheet up to the row that is written next.
pub(super) struct Page {
    pub(super) sheet: Worksheet,
    pub(super) name: String,
    pub(super) row: u32,
    /// The widths of the columns, in characters.
    pub(super) widths: Vec<f64>,
    /// How many columns are printed; those to the right are for machines.
    shown: usize,
    /// How many columns lines of text go across.
    across: u16,
    /// The rows of the headers, and of charts.
    pub(super) headers: Vec<u32>,
    /// The rows before which a new page of paper begins.
    pub(super) breaks: Vec<u32>,
    /// The columns that stay while the rest is scrolled.
    pub(super) kept: u16,
    title: String,
}

impl Page {
    /// An empty sheet with room for these tables, or for a grid of so many periods.
    pub(super) fn new(
        name: &str,
        title: &str,
        tables: &[Table],
        periods: usize,
    ) -> Result<Page, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        sheet.set_screen_gridlines(false);
        let mut widths: Vec<f64> = Vec::new();
        let mut shown = 0;
        for table in tables {
            let order = super::table::order(table);
            shown = shown.max(table.columns.iter().filter(|one| !one.detail).count());
            for (at, &column) in order.iter().enumerate() {
                let own = super::table::width_of(table, column);
                match widths.get_mut(at) {
                    Some(width) => *width = width.max(own),
                    None => widths.push(own),
                }
            }
        }
        if periods > 0 {
            widths.push(super::grid::NAME);
            widths.extend(std::iter::repeat_n(super::grid::MARK, periods));
            shown = widths.len();
        }
        if widths.is_empty() {
            widths.push(READABLE);
            shown = 1;
        }
        for (at, width) in (0..).zip(&widths) {
            sheet.set_column_width(at, *width)?;
        }
        let across = across(&widths, shown);
        Ok(Page {
            sheet,
            name: name.to_owned(),
            row: 0,
            shown: shown.max(across),
            across: across as u16,
            widths,
            headers: Vec::new(),
            breaks: Vec::new(),
            kept: 0,
            title: title.to_owned(),
        })
    }

    /// The width of a column, in characters.
    fn width(&self, column: usize) -> f64 {
        self.widths.get(column).copied().unwrap_or(DEFAULT)
    }

    /// The width of what is printed, in characters.
    fn printed(&self) -> f64 {
        (0..self.shown).map(|column| self.width(column)).sum()
    }

    /// The same in pixels: a character takes seven, a column five more.
    pub(super) fn pixels(&self) -> u32 {
        (self.printed() * 7.0) as u32 + self.shown as u32 * 5
    }

    pub(super) fn gap(&mut self) {
        self.row += 1;
    }

    /// A line of text across the columns.
    pub(super) fn line(&mut self, text: &str, line: Line) -> Result<(), XlsxError> {
        self.toned(text, line, Tone::Plain)
    }

    /// The same in a colour.
    pub(super) fn toned(&mut self, text: &str, line: Line, tone: Tone) -> Result<(), XlsxError> {
        let mut format = line.format();
        if let Some(shade) = shade(tone) {
            format = format.set_font_color(shade.ink);
        }
        if line != Line::Code {
            let across: f64 = (0..self.across).map(|at| self.width(at.into())).sum();
            let larger = line.size() / Line::Plain.size();
            let room = across / larger - if larger > 1.0 { 4.0 } else { 0.0 };
            let height = (height(std::iter::once((text, room))) * larger).min(super::HIGHEST);
            self.sheet.set_row_height(self.row, height)?;
            if self.across > 1 {
                let (row, last) = (self.row, self.across - 1);
                self.sheet.merge_range(row, 0, row, last, "", &format)?;
            }
        }
        write(&mut self.sheet, self.row, 0, text, &format)?;
        self.row += 1;
        Ok(())
    }

    /// The title of a block, where it has one.
    pub(super) fn heading(&mut self, title: &str) -> Result<(), XlsxError> {
        if title.is_empty() {
            return Ok(());
        }
        self.line(&text(title), Line::Heading)
    }

    /// Lines of text, and an empty one.
    pub(super) fn lines(&mut self, lines: &[String], line: Line) -> Result<(), XlsxError> {
        for one in lines {
            self.line(&text(one), line)?;
        }
        self.gap();
        Ok(())
    }

    /// The sheet as it is, set up for paper.
    pub(super) fn finish(mut self) -> Result<Worksheet, XlsxError> {
        set_up_paper(&mut self.sheet);
        if self.printed() > PORTRAIT {
            self.sheet.set_landscape();
        }
        // Two ampersands print as one; one begins an order.
        let title = shortened(&self.title, 100).replace('&', "&&");
        let name = self.name.replace('&', "&&");
        self.sheet.set_header(format!("&L&8 {title}&R&8 {name}"));
        let last = self.row.saturating_sub(1);
        self.sheet
            .set_print_area(0, 0, last, self.shown as u16 - 1)?;
        self.sheet.set_page_breaks(&self.breaks)?;
        let mut top = 0;
        // A header that stayed over another table would name the wrong columns, and over charts none.
        if let [header] = self.headers[..] {
            self.sheet.set_repeat_rows(header, header)?;
            if header <= TOP {
                top = header + 1;
            }
        }
        if top > 0 || self.kept > 0 {
            self.sheet.set_freeze_panes(top, self.kept)?;
        }
        Ok(self.sheet)
    }
}

/// Over how many columns lines of text go.
fn across(widths: &[f64], shown: usize) -> usize {
    let mut across = 0;
    let mut sum = 0.0;
    while across < shown || sum < READABLE {
        let next = widths.get(across).copied().unwrap_or(DEFAULT);
        if sum >= READABLE && sum + next > READABLE * 1.6 {
            break;
        }
        sum += next;
        across += 1;
    }
    across
}

/// The widths of a table's columns fit what they hold.
pub(super) fn fitting<'a>(
    texts: impl Iterator<Item = &'a str>,
    narrowest: usize,
    widest: usize,
) -> f64 {
    const MOST: f64 = 70.0;
    width(texts, narrowest, widest).min(MOST)
}
