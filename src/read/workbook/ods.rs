//! ODS: one part holds all sheets, with equal rows and cells written once.

use std::collections::HashSet;
use std::io::{Read, Seek};

use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, Budget, LONGEST_CELL, Xml, add_text, attribute, attributes, value};
use super::format::Format;
use super::number::{self, Epoch};
use super::records::{Hidden, Records};
use super::xlsx::{error, flag};
use super::{Excess, NoWorkbook, Sheet};

pub(super) fn read<R: Read + Seek>(archive: &mut Archive<'_, R>) -> Result<Vec<Sheet>, NoWorkbook> {
    if let Some(mut manifest) = archive.part("META-INF/manifest.xml")? {
        refuse_locked(&mut manifest)?;
    }
    let budget = archive.budget;
    let mut xml = archive.required("content.xml")?;
    let mut styles = HiddenSheets::default();
    loop {
        match xml.next()? {
            Event::Eof => return Ok(Vec::new()),
            Event::Start(element) | Event::Empty(element) => {
                if element.name().as_ref() == "office:spreadsheet" {
                    break;
                }
                styles.learn(&element, budget)?;
            }
            _ => {}
        }
    }
    tables(&mut xml, &styles, budget)
}

/// The tables of the spreadsheet whose opening tag came last; beside them it holds what they need.
fn tables(
    xml: &mut Xml<'_>,
    styles: &HiddenSheets,
    budget: &Budget,
) -> Result<Vec<Sheet>, NoWorkbook> {
    let mut sheets = Vec::new();
    loop {
        let event = xml.next()?;
        let rows = matches!(event, Event::Start(_));
        let element = match event {
            Event::Eof => return Ok(sheets),
            Event::Start(element) | Event::Empty(element) => element,
            _ => continue,
        };
        if element.name().as_ref() == "table:table" {
            let name = attribute(&element, "table:name")?.unwrap_or_default();
            let style = attribute(&element, "table:style-name")?;
            let hidden = style.is_some_and(|style| styles.names.contains(&style));
            budget.keep(100 + name.len() as u64)?;
            let mut table = Table::new(xml, budget);
            if rows {
                table.read()?;
            }
            sheets.push(table.records.finish(name, hidden, &table.hidden_columns));
        } else if rows {
            xml.skip()?;
        }
    }
}

/// A locked file names, for each of its parts, how it was encrypted.
fn refuse_locked(manifest: &mut Xml<'_>) -> Result<(), NoWorkbook> {
    loop {
        match manifest.next()? {
            Event::Eof => return Ok(()),
            Event::Start(element) | Event::Empty(element)
                if element.local_name().as_ref() == "encryption-data" =>
            {
                return Err(NoWorkbook::Encrypted);
            }
            _ => {}
        }
    }
}

/// The styles of sheets that are not shown.
#[derive(Default)]
struct HiddenSheets {
    /// The style that is being described.
    style: String,
    names: HashSet<String>,
}

impl HiddenSheets {
    fn learn(&mut self, element: &BytesStart<'_>, budget: &Budget) -> Result<(), NoWorkbook> {
        match element.name().as_ref() {
            "style:style" => self.style = attribute(element, "style:name")?.unwrap_or_default(),
            "style:table-properties"
                if attribute(element, "table:display")?.is_some_and(|text| text == "false") =>
            {
                budget.keep(100 + self.style.len() as u64)?;
                self.names.insert(self.style.clone());
            }
            _ => {}
        }
        Ok(())
    }
}

/// What a cell's tag tells of it.
#[derive(Default)]
struct CellTag {
    sort: String,
    value: Option<String>,
    formula: String,
    is_error: bool,
    times: u32,
}

/// A sheet that is being read.
struct Table<'x, 'a> {
    xml: &'x mut Xml<'a>,
    budget: &'x Budget,
    records: Records<'x>,
    hidden_columns: Hidden,
    /// Rows and columns that are behind.
    row: u32,
    column: u32,
    /// Columns that were described.
    described: u32,
    /// What the cell in hand shows.
    shown: String,
}

impl<'x, 'a> Table<'x, 'a> {
    fn new(xml: &'x mut Xml<'a>, budget: &'x Budget) -> Table<'x, 'a> {
        Table {
            xml,
            budget,
            records: Records::new(budget),
            hidden_columns: Hidden::default(),
            row: 0,
            column: 0,
            described: 0,
            shown: String::new(),
        }
    }

    /// The table whose opening tag came last.
    fn read(&mut self) -> Result<(), NoWorkbook> {
        let inside = self.xml.depth();
        while self.xml.depth() >= inside {
            let event = self.xml.next()?;
            let cells = matches!(event, Event::Start(_));
            let (Event::Start(element) | Event::Empty(element)) = event else {
                continue;
            };
            let row = match element.name().as_ref() {
                "table:table-row" => {
                    let times = times(&element, "table:number-rows-repeated")?;
                    Some((times, is_hidden(&element)?))
                }
                "table:table-column" => {
                    let times = times(&element, "table:number-columns-repeated")?;
                    let first = self.described.saturating_add(1);
                    self.described = self.described.saturating_add(times);
                    if is_hidden(&element)? {
                        self.hidden_columns
                            .add(first, self.described, self.budget)?;
                    }
                    continue;
                }
                "table:table-row-group"
                | "table:table-rows"
                | "table:table-header-rows"
                | "table:table-column-group"
                | "table:table-columns"
                | "table:table-header-columns" => continue,
                _ if cells => None,
                _ => continue,
            };
            match row {
                Some((times, hidden)) => self.row(times, hidden, cells)?,
                None => self.xml.skip()?,
            }
        }
        Ok(())
    }

    /// The row whose opening tag came last; it stands for so many.
    fn row(&mut self, times: u32, hidden: bool, cells: bool) -> Result<(), NoWorkbook> {
        self.column = 0;
        if cells {
            self.cells()?;
        }
        let first = self.row.saturating_add(1);
        self.row = self.row.saturating_add(times);
        if times > 0 && self.records.has(first) {
            self.records.repeat(times - 1)?;
            if hidden {
                self.records.hide(first, times)?;
            }
        }
        Ok(())
    }

    fn cells(&mut self) -> Result<(), NoWorkbook> {
        let inside = self.xml.depth();
        while self.xml.depth() >= inside {
            let event = self.xml.next()?;
            let content = matches!(event, Event::Start(_));
            let (Event::Start(element) | Event::Empty(element)) = event else {
                continue;
            };
            let tag = match element.name().as_ref() {
                "table:table-cell" | "table:covered-table-cell" => CellTag::read(&element)?,
                _ if content => {
                    self.xml.skip()?;
                    continue;
                }
                _ => continue,
            };
            self.shown.clear();
            if content {
                self.paragraphs()?;
            }
            let text = tag.say(&self.shown);
            let row = self.row.saturating_add(1);
            for repeat in 1..=tag.times {
                if text.is_empty() {
                    break;
                }
                let column = self.column.saturating_add(repeat);
                self.records.put(row, column, &text)?;
            }
            self.column = self.column.saturating_add(tag.times);
        }
        Ok(())
    }

    /// The paragraphs of the cell whose opening tag came last, as lines.
    fn paragraphs(&mut self) -> Result<(), NoWorkbook> {
        let inside = self.xml.depth();
        let mut first = true;
        while self.xml.depth() >= inside {
            let paragraph = match self.xml.next()? {
                Event::Start(element) => element.name().as_ref() == "text:p",
                Event::Empty(element) if element.name().as_ref() == "text:p" => {
                    self.add('\n', u32::from(!first))?;
                    first = false;
                    continue;
                }
                _ => continue,
            };
            // Beside paragraphs a cell holds remarks and drawings.
            if paragraph {
                self.add('\n', u32::from(!first))?;
                first = false;
                self.paragraph()?;
            } else {
                self.xml.skip()?;
            }
        }
        Ok(())
    }

    /// Adds a letter so many times.
    fn add(&mut self, letter: char, count: u32) -> Result<(), NoWorkbook> {
        if self.shown.len() + count as usize > LONGEST_CELL {
            return Err(NoWorkbook::TooLarge(Excess::Cell(LONGEST_CELL)));
        }
        self.shown.extend((0..count).map(|_| letter));
        Ok(())
    }

    /// The text of the paragraph whose opening tag came last.
    fn paragraph(&mut self) -> Result<(), NoWorkbook> {
        let inside = self.xml.depth();
        while self.xml.depth() >= inside {
            let event = self.xml.next()?;
            let opens = matches!(event, Event::Start(_));
            let (Event::Start(element) | Event::Empty(element)) = event else {
                add_text(&event, &mut self.shown)?;
                continue;
            };
            match element.name().as_ref() {
                "text:s" => {
                    let count = times(&element, "text:c")?;
                    self.add(' ', count)?;
                }
                "text:tab" => self.add('\t', 1)?,
                "text:line-break" => self.add('\n', 1)?,
                "office:annotation" | "text:note" | "text:ruby-text" if opens => self.xml.skip()?,
                _ => {}
            }
        }
        Ok(())
    }
}

impl CellTag {
    fn read(element: &BytesStart<'_>) -> Result<CellTag, NoWorkbook> {
        let mut tag = CellTag {
            times: 1,
            ..CellTag::default()
        };
        for attribute in attributes(element) {
            let (key, attribute) = attribute?;
            match key {
                "office:value-type" => tag.sort = value(&attribute)?.into_owned(),
                "office:value"
                | "office:date-value"
                | "office:time-value"
                | "office:boolean-value"
                | "office:string-value" => tag.value = Some(value(&attribute)?.into_owned()),
                "table:formula" => tag.formula = value(&attribute)?.into_owned(),
                "calcext:value-type" => tag.is_error = &*attribute.value == "error",
                "table:number-columns-repeated" => tag.times = repeated(&attribute.value)?,
                _ => {}
            }
        }
        Ok(tag)
    }

    /// The text of the cell; `shown` is what its paragraphs say.
    fn say(&self, shown: &str) -> String {
        let mut text = String::new();
        match (self.sort.as_str(), &self.value) {
            _ if self.is_error => text.push_str(error(shown)),
            ("float" | "currency", Some(value)) => {
                number::write(value, Format::Plain, Epoch::Year1900, &mut text);
            }
            ("percentage", Some(value)) => {
                number::write(value, Format::Percent, Epoch::Year1900, &mut text);
            }
            ("boolean", Some(value)) => text.push_str(flag(value)),
            // A day that is shown without its time has none worth telling.
            ("date", Some(value)) => text = number::iso_moment(value, shown.contains(':')),
            ("time", Some(value)) => text = number::iso_time(value),
            ("string", Some(value)) => text.push_str(value),
            ("", None) if shown.is_empty() && !self.formula.is_empty() => {
                // The formula stands behind the name of its language: `of:=SUM([.B5:.B6])`.
                let start = self.formula.find('=').unwrap_or(0);
                text.push_str(&self.formula[start..]);
            }
            _ => text.push_str(shown),
        }
        text
    }
}

fn is_hidden(element: &BytesStart<'_>) -> Result<bool, NoWorkbook> {
    let visibility = attribute(element, "table:visibility")?;
    Ok(visibility.is_some_and(|text| text != "visible"))
}

/// How often something stands, as an attribute says; once without it.
fn times(element: &BytesStart<'_>, name: &str) -> Result<u32, NoWorkbook> {
    attribute(element, name)?.map_or(Ok(1), |text| repeated(&text))
}

fn repeated(text: &str) -> Result<u32, NoWorkbook> {
    let damaged = || NoWorkbook::Damaged("число повторов в нём не число".into());
    text.parse().map_err(|_| damaged())
}
