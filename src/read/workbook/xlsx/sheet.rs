//! A sheet of an XLSX: its columns and rows in one pass.

use quick_xml::events::{BytesStart, Event};

use super::{Book, Tab, rich_text, unescaped};
use crate::read::workbook::archive::{Budget, Xml, attribute, attributes, is_true};
use crate::read::workbook::format::Format;
use crate::read::workbook::number;
use crate::read::workbook::records::{Hidden, Records};
use crate::read::workbook::{NoWorkbook, Sheet};

/// Excel's own limits.
const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: u32 = 16_384;

/// What stands in a cell, as its tag tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Shared,
    Text,
    Inline,
    Flag,
    Error,
    Date,
}

/// Reads a sheet from its part.
pub(super) fn read(
    xml: Xml<'_>,
    book: &Book,
    budget: &Budget,
    tab: Tab,
) -> Result<Sheet, NoWorkbook> {
    let mut reading = Reading {
        xml,
        book,
        budget,
        records: Records::new(budget),
        hidden_columns: Hidden::default(),
        row: 0,
        row_hidden: false,
        column: 0,
        stored: String::new(),
        formula: String::new(),
        text: String::new(),
    };
    reading.sections()?;
    let Reading { records, .. } = reading;
    Ok(records.finish(tab.name, tab.hidden, &reading.hidden_columns))
}

/// A sheet that is being read.
struct Reading<'a> {
    xml: Xml<'a>,
    book: &'a Book,
    budget: &'a Budget,
    records: Records<'a>,
    hidden_columns: Hidden,
    row: u32,
    row_hidden: bool,
    column: u32,
    /// The cell in hand: its value as stored, its formula, its text.
    stored: String,
    formula: String,
    text: String,
}

impl Reading<'_> {
    /// The whole of it: what is no column and no row is passed over.
    fn sections(&mut self) -> Result<(), NoWorkbook> {
        enum Section {
            Columns,
            Rows,
            Other,
        }
        loop {
            let section = match self.xml.next()? {
                Event::Eof => return Ok(()),
                Event::Start(element) => match element.local_name().as_ref() {
                    "worksheet" => continue,
                    "cols" => Section::Columns,
                    "sheetData" => Section::Rows,
                    _ => Section::Other,
                },
                _ => continue,
            };
            match section {
                Section::Columns => self.columns()?,
                Section::Rows => self.rows()?,
                Section::Other => self.xml.skip()?,
            }
        }
    }

    fn columns(&mut self) -> Result<(), NoWorkbook> {
        let inside = self.xml.depth();
        while self.xml.depth() >= inside {
            let (Event::Start(element) | Event::Empty(element)) = self.xml.next()? else {
                continue;
            };
            let number = |name: &str| -> Result<Option<u32>, NoWorkbook> {
                Ok(attribute(&element, name)?.and_then(|text| text.parse().ok()))
            };
            if attribute(&element, "hidden")?.is_some_and(|text| is_true(&text))
                && let (Some(from), Some(to)) = (number("min")?, number("max")?)
            {
                self.hidden_columns.add(from, to, self.budget)?;
            }
        }
        Ok(())
    }

    fn rows(&mut self) -> Result<(), NoWorkbook> {
        let inside = self.xml.depth();
        while self.xml.depth() >= inside {
            let cell = match self.xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "row" => {
                        (self.row, self.row_hidden) = row(&element, self.row)?;
                        self.column = 0;
                        continue;
                    }
                    "c" => cell(&element, self.row, self.column)?,
                    _ => continue,
                },
                Event::Empty(element) => match element.local_name().as_ref() {
                    "row" => {
                        (self.row, _) = row(&element, self.row)?;
                        continue;
                    }
                    "c" => {
                        self.column = cell(&element, self.row, self.column)?.column;
                        continue;
                    }
                    _ => continue,
                },
                Event::End(element) => {
                    if element.local_name().as_ref() == "row"
                        && self.row_hidden
                        && self.records.has(self.row)
                    {
                        self.records.hide(self.row, 1)?;
                    }
                    continue;
                }
                _ => continue,
            };
            self.column = cell.column;
            self.cell(cell)?;
        }
        Ok(())
    }

    /// The cell whose opening tag came last.
    fn cell(&mut self, cell: CellTag) -> Result<(), NoWorkbook> {
        enum Part {
            Value,
            Formula,
            Inline,
            Other,
        }
        self.stored.clear();
        self.formula.clear();
        self.text.clear();
        let mut computed = false;
        let inside = self.xml.depth();
        while self.xml.depth() >= inside {
            let part = match self.xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "v" => Part::Value,
                    "f" => Part::Formula,
                    "is" => Part::Inline,
                    _ => Part::Other,
                },
                Event::Empty(element) => {
                    computed |= element.local_name().as_ref() == "f";
                    continue;
                }
                _ => continue,
            };
            match part {
                Part::Value => self.xml.text(&mut self.stored)?,
                Part::Formula => {
                    computed = true;
                    self.xml.text(&mut self.formula)?;
                }
                Part::Inline => rich_text(&mut self.xml, &mut self.text)?,
                Part::Other => self.xml.skip()?,
            }
        }
        self.say(cell, computed)?;
        self.records.put(self.row, cell.column, &self.text)
    }

    /// Puts the text of a cell together from what it holds.
    fn say(&mut self, cell: CellTag, computed: bool) -> Result<(), NoWorkbook> {
        let stored = self.stored.as_str();
        let absent = match cell.sort {
            Sort::Text | Sort::Inline => false,
            Sort::Number if self.book.uncomputed => matches!(stored, "" | "0"),
            _ => stored.is_empty(),
        };
        if computed && absent {
            self.text.push('=');
            self.text.push_str(&self.formula);
            return Ok(());
        }
        match cell.sort {
            Sort::Number => {
                let format = self.book.formats.get(cell.style).copied();
                let format = format.unwrap_or(Format::Plain);
                number::write(stored, format, self.book.epoch, &mut self.text);
            }
            Sort::Shared if stored.is_empty() => {}
            Sort::Shared => {
                let shared = stored.trim().parse().ok();
                let Some(text) = shared.and_then(|index| self.book.strings.get(index)) else {
                    return Err(self.xml.damaged("нет текста одной из ячеек"));
                };
                self.text.push_str(text);
            }
            Sort::Text => self.text.push_str(&unescaped(stored)),
            Sort::Inline => self.text = unescaped(&self.text).into_owned(),
            Sort::Flag => self.text.push_str(flag(stored)),
            Sort::Error => self.text.push_str(error(stored)),
            Sort::Date => self.text.push_str(&number::iso_moment(stored, true)),
        }
        Ok(())
    }
}

/// A cell's opening tag.
#[derive(Clone, Copy)]
struct CellTag {
    column: u32,
    style: usize,
    sort: Sort,
}

/// The number of a row, and whether it is hidden; without a number it is the next one.
fn row(element: &BytesStart<'_>, before: u32) -> Result<(u32, bool), NoWorkbook> {
    let (mut row, mut hidden) = (before + 1, false);
    for attribute in attributes(element) {
        let (key, attribute) = attribute?;
        match key {
            "r" => {
                row = attribute
                    .value
                    .parse()
                    .map_err(|_| misplaced(&attribute.value))?
            }
            "hidden" => hidden = is_true(&attribute.value),
            _ => {}
        }
    }
    match row {
        1..=LAST_ROW => Ok((row, hidden)),
        _ => Err(misplaced(&row.to_string())),
    }
}

/// What a cell's tag says; without a name the cell stands right behind the one before.
fn cell(element: &BytesStart<'_>, row: u32, before: u32) -> Result<CellTag, NoWorkbook> {
    let mut cell = CellTag {
        column: before + 1,
        style: 0,
        sort: Sort::Number,
    };
    for attribute in attributes(element) {
        let (key, attribute) = attribute?;
        let value = &*attribute.value;
        match key {
            "r" => cell.column = column(value, row).ok_or_else(|| misplaced(value))?,
            "s" => cell.style = value.parse().unwrap_or(0),
            "t" => {
                cell.sort = match value {
                    "s" => Sort::Shared,
                    "b" => Sort::Flag,
                    "e" => Sort::Error,
                    "d" => Sort::Date,
                    "n" => Sort::Number,
                    "inlineStr" => Sort::Inline,
                    _ => Sort::Text,
                }
            }
            _ => {}
        }
    }
    match cell.column {
        1..=LAST_COLUMN => Ok(cell),
        _ => Err(misplaced(&cell.column.to_string())),
    }
}

/// The column of a cell of a row: 4 for `D7` in row 7.
fn column(name: &str, row: u32) -> Option<u32> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    if !(1..=3).contains(&letters) || name[letters..].parse() != Ok(row) {
        return None;
    }
    let worth = |letter: u8| u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    Some(
        name[..letters]
            .bytes()
            .fold(0, |column, letter| column * 26 + worth(letter)),
    )
}

fn misplaced(place: &str) -> NoWorkbook {
    let place = crate::read::cell::shorten(place);
    NoWorkbook::Damaged(format!("нет такого места на листе: «{place}»"))
}

/// A yes or no as Excel shows it.
pub(in crate::read::workbook) fn flag(stored: &str) -> &str {
    match stored.trim() {
        "1" | "true" | "TRUE" => "ИСТИНА",
        "0" | "false" | "FALSE" => "ЛОЖЬ",
        other => other,
    }
}

/// An error as a Russian Excel shows it.
pub(in crate::read::workbook) fn error(stored: &str) -> &str {
    match stored {
        "#DIV/0!" => "#ДЕЛ/0!",
        "#N/A" => "#Н/Д",
        "#NAME?" => "#ИМЯ?",
        "#NULL!" => "#ПУСТО!",
        "#NUM!" => "#ЧИСЛО!",
        "#REF!" => "#ССЫЛКА!",
        "#VALUE!" => "#ЗНАЧ!",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_by_column_and_row() {
        for (name, expected) in [
            ("A7", Some(1)),
            ("d7", Some(4)),
            ("XFD7", Some(16_384)),
            ("D8", None),
            ("7", None),
            ("D", None),
            ("AAAA7", None),
            ("D7D", None),
            ("Ж7", None),
            ("", None),
        ] {
            assert_eq!(column(name, 7), expected, "{name}");
        }
    }
}
