//! What was made of a file, for whoever wants to know why it was, or was not, understood.

use std::io::{self, Read};

use super::cell;
use super::delimited::{self, LineEnding, Record, Records};
use super::header;
use super::layout::{Layout, Shape};
use super::remarks;
use super::report::{FileRead, Reading};
use super::structure;
use super::submission::{Outcome, cell_place};
use super::workbook::SEPARATOR;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Plan;
use crate::model::period::Period;
use crate::source::{Encoding, FileId, Place, Sources};

/// What was made of one table: a text file, or a sheet of a workbook.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The file.
    pub file: FileId,
    /// How its bytes make letters; `None` for a sheet, and for what makes none.
    pub encoding: Option<Encoding>,
    /// What sets its cells apart; `None` for a sheet, and for what is no table.
    pub delimiter: Option<u8>,
    /// How its lines end; `None` as above.
    pub line_ending: Option<LineEnding>,
    /// Its parts, each with a header of its own; one without a header where there is none.
    pub parts: Vec<Part>,
    /// The periods of its reports; where none was accepted, the one stated for it.
    pub periods: Vec<Period>,
    /// What came of its rows; of a table that no form claims only their number is known.
    pub outcome: Outcome,
}

/// A header and what its columns hold.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The physical line on which the header begins; `None` where there is none.
    pub line: Option<u32>,
    /// Where it begins, in bytes from the start of the file.
    offset: u64,
    /// How many records it takes.
    pub header_rows: usize,
    /// Whether rows are organisations or figures; `None` where it is no report.
    pub layout: Option<&'static str>,
    /// The form's index.
    pub form: Option<usize>,
    /// What each column holds.
    pub columns: Vec<Column>,
}

/// A column of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// What was made of it.
    pub meaning: Meaning,
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// Nothing that is read.
    Nothing,
    /// The organisation.
    Organisation,
    /// The period.
    Period,
    /// The field that a row of a long table is about.
    Measure,
    /// Its figure.
    Value,
    /// A field of the part's form.
    Field(usize),
}

/// A record as it stands in the file.
#[derive(Clone, Debug)]
pub struct Row {
    /// The physical line on which it begins.
    pub line: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// What was made of each table of a reading; `diagnostics` takes what can be said of those that no
/// form claims.
///
/// # Errors
/// A file cannot be read again.
pub fn inspect(
    plan: &Plan,
    reading: &Reading,
    asked: Option<u8>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> io::Result<Vec<Inspection>> {
    let mut inspections = Vec::new();
    for read in &reading.files {
        let mut inspection = Inspection {
            file: read.file,
            encoding: read.encoding,
            delimiter: read.delimiter,
            line_ending: None,
            parts: Vec::new(),
            periods: periods(plan, read),
            outcome: read.outcome.clone(),
        };
        let Some(encoding) = read.encoding else {
            inspections.push(inspection);
            continue;
        };
        let head = head(sources, read)?;
        let layouts = read
            .blocks
            .iter()
            .filter_map(|block| block.layout.as_deref());
        inspection.parts = layouts.map(part).collect();
        let asked = match sources.is_sheet(read.file) {
            true => Some(SEPARATOR),
            false => asked,
        };
        if inspection.parts.is_empty()
            && let Some(guess) = structure::guess(&head, encoding, asked)
        {
            let table = Stranger {
                file: read.file,
                encoding,
                delimiter: guess.delimiter,
                header: guess.header.map(|header| (header.record, header.rows)),
            };
            inspection.delimiter = Some(guess.delimiter);
            let records = table.records(sources)?;
            let (part, rows) = table.survey(records, diagnostics)?;
            inspection.parts = vec![part];
            inspection.outcome.rows = rows;
        }
        if !sources.is_sheet(read.file) {
            let delimiter = inspection.delimiter.unwrap_or(b';');
            inspection.line_ending = delimited::line_ending(&head, delimiter);
        }
        inspections.push(inspection);
    }
    Ok(inspections)
}

/// Bytes by which a file's structure is told.
const HEAD: u64 = 1 << 20;

/// The first bytes of a table, behind a byte order mark.
fn head(sources: &Sources, read: &FileRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let (text, _) = sources.table(read.file)?;
    text.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

fn periods(plan: &Plan, read: &FileRead) -> Vec<Period> {
    let mut periods: Vec<Period> = read.outcome.periods.iter().map(|(_, p)| *p).collect();
    periods.sort_unstable();
    periods.dedup();
    if periods.is_empty() {
        let stated = read.blocks.iter().find_map(|block| {
            let form = block.layout.as_ref()?.form()?;
            let every = plan.forms[form].every;
            block.stated.iter().find_map(|stated| stated.resolve(every))
        });
        periods.extend(stated);
    }
    periods
}

fn part(layout: &Layout) -> Part {
    let meaning = |column: usize| {
        if layout.organisation.contains(&column) {
            return Meaning::Organisation;
        }
        if layout.period == Some(column) {
            return Meaning::Period;
        }
        match &layout.shape {
            Shape::Wide { fields, .. } => fields
                .iter()
                .find(|(own, _)| *own == column)
                .map_or(Meaning::Nothing, |(_, field)| Meaning::Field(*field)),
            Shape::Long { measure, .. } if column == *measure => Meaning::Measure,
            Shape::Long { value, .. } if column == *value => Meaning::Value,
            Shape::Long { .. } => Meaning::Nothing,
        }
    };
    Part {
        line: Some(layout.header_line),
        offset: layout.header_offset,
        header_rows: layout.header_rows,
        layout: Some(match layout.shape {
            Shape::Wide { .. } => "wide",
            Shape::Long { .. } => "long",
        }),
        form: layout.form(),
        columns: layout
            .headings
            .iter()
            .enumerate()
            .map(|(column, heading)| Column {
                heading: heading.clone(),
                meaning: meaning(column),
            })
            .collect(),
    }
}

/// A table that no form claims.
struct Stranger {
    file: FileId,
    encoding: Encoding,
    delimiter: u8,
    /// The record with which the header begins, from 0, and how many it takes.
    header: Option<(usize, usize)>,
}

impl Stranger {
    fn records<'s>(&self, sources: &'s Sources) -> io::Result<Records<Box<dyn Read + 's>>> {
        records(sources, self.file, self.delimiter)
    }

    /// Its header, and how many rows there are below; says what is wrong with them.
    fn survey(
        &self,
        mut records: Records<Box<dyn Read + '_>>,
        diagnostics: &mut Diagnostics,
    ) -> io::Result<(Part, u64)> {
        let (first, header_rows) = self.header.unwrap_or((0, 0));
        let mut part = Part {
            header_rows,
            ..Part::default()
        };
        let mut widths = Widths::default();
        let mut index = 0;
        while let Some(record) = records.next_record()? {
            if let Some((code, column)) = remarks::quotes_fault(record.quotes) {
                let place = cell_place(self.file, &record, column);
                let found = cell::shorten(cell::trim(&self.encoding.decode(record.raw(column))));
                diagnostics.push(remarks::quotes(code, place, found));
            }
            if index < first {
                index += 1;
                continue;
            }
            if index < first + header_rows {
                self.heading(&mut part, &record, index == first);
            } else if !record.is_blank(self.encoding) {
                widths.take(&record, part.columns.len(), self);
            }
            index += 1;
        }
        let rows = widths.rows;
        if self.header.is_some() {
            widths.report(&part, self.file, diagnostics);
        }
        Ok((part, rows))
    }

    fn heading(&self, part: &mut Part, record: &Record<'_>, is_first: bool) {
        if is_first {
            part.line = Some(record.line);
            part.offset = record.offset;
        }
        let texts = header::texts(record, self.encoding);
        for (column, text) in texts.into_iter().enumerate() {
            match part.columns.get_mut(column) {
                None => part.columns.push(Column {
                    heading: text,
                    meaning: Meaning::Nothing,
                }),
                Some(own) if own.heading.is_empty() => own.heading = text,
                Some(own) if !text.is_empty() => own.heading = format!("{}, {text}", own.heading),
                Some(_) => {}
            }
        }
    }
}

/// Rows that are wider or narrower than the header.
#[derive(Default)]
struct Widths {
    rows: u64,
    wide: u64,
    narrow: u64,
    kept: Vec<Diagnostic>,
}

impl Widths {
    fn take(&mut self, record: &Record<'_>, width: usize, table: &Stranger) {
        self.rows += 1;
        let extra = (width..record.len()).find(|&c| !table.encoding.is_blank(record.raw(c)));
        let remark = if let Some(column) = extra {
            self.wide += 1;
            let found = cell::shorten(&table.encoding.decode(record.raw(column)));
            let place = cell_place(table.file, record, column);
            remarks::extra_cell(place, found, record.len(), width)
        } else if record.len() < width {
            self.narrow += 1;
            let place = cell_place(table.file, record, record.len() - 1);
            remarks::missing_cell(place, record.len(), width)
        } else {
            return;
        };
        if self.kept.len() < 2 * crate::diagnostic::KEPT_EACH as usize {
            self.kept.push(remark);
        }
    }

    fn report(self, part: &Part, file: FileId, diagnostics: &mut Diagnostics) {
        let width = part.columns.len();
        let header = || Place::line(file, part.line.unwrap_or(1), part.offset);
        let told = |count: u64| remarks::is_nearly_all(count, self.rows);
        if told(self.wide) {
            diagnostics.push(remarks::header_too_narrow(header(), width, self.wide));
        }
        if told(self.narrow) {
            diagnostics.push(remarks::header_too_wide(header(), width, self.narrow));
        }
        let kept = self.kept.into_iter().filter(|one| match one.code {
            Code::ExtraCell => !told(self.wide),
            _ => !told(self.narrow),
        });
        kept.for_each(|one| diagnostics.push(one));
    }
}

/// The records of a table, from its first.
fn records(
    sources: &Sources,
    file: FileId,
    delimiter: u8,
) -> io::Result<Records<Box<dyn Read + '_>>> {
    let (text, mark) = sources.table(file)?;
    let records = Records::new(text, Vec::new(), mark, delimiter);
    Ok(match sources.is_sheet(file) {
        true => records.by_rows(),
        false => records,
    })
}

impl Inspection {
    /// Every record that is not blank, and whether it stands below the header; the header's own
    /// lines are left out.
    ///
    /// # Errors
    /// The file cannot be read again.
    pub fn each_row(
        &self,
        sources: &Sources,
        mut take: impl FnMut(Row, bool) -> io::Result<()>,
    ) -> io::Result<()> {
        let (Some(encoding), Some(delimiter)) = (self.encoding, self.delimiter) else {
            return Ok(());
        };
        let header = self.parts.first().and_then(|part| part.line);
        let rows = self.parts.first().map_or(0, |part| part.header_rows);
        let mut left = rows;
        let mut records = records(sources, self.file, delimiter)?;
        let mut first = true;
        while let Some(record) = records.next_record()? {
            let names_separator = std::mem::take(&mut first)
                && super::dialect::declared_delimiter(record.bytes()) == Some(delimiter);
            let below = header.is_none_or(|line| record.line >= line);
            if below && left > 0 {
                left -= 1;
                continue;
            }
            if record.is_blank(encoding) || names_separator {
                continue;
            }
            let cells = (0..record.len())
                .map(|cell| encoding.decode(&record.cell(cell)).into_owned())
                .collect();
            let line = record.line;
            take(Row { line, cells }, below)?;
        }
        Ok(())
    }
}
