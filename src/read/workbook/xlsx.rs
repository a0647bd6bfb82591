//! XLSX: the workbook, its formats and shared strings, then each sheet in one pass.

mod sheet;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, Budget, Xml, attribute, attributes, is_true, value};
use super::format::Format;
use super::number::Epoch;
use super::{Excess, NoWorkbook, Other, Sheet};

pub(super) use sheet::{error, flag};

/// Where an archive says which of its parts is the workbook.
pub(super) const RELATIONS: &str = "_rels/.rels";

/// The workbook of an archive that does not say.
pub(super) const MAIN: &str = "xl/workbook.xml";

/// More sheets than anybody looks through.
const MOST_SHEETS: usize = 1000;

pub(super) fn read<R: Read + Seek>(archive: &mut Archive<'_, R>) -> Result<Vec<Sheet>, NoWorkbook> {
    let package = relations(archive, RELATIONS, "")?;
    let main = package
        .into_values()
        .find(|relation| relation.sort == "officeDocument")
        .map_or_else(|| MAIN.to_owned(), |relation| relation.part);
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let relations = relations(archive, &format!("{folder}/_rels/{file}.rels"), folder)?;
    let budget = archive.budget;
    let tabs = tabs(&mut archive.required(&main)?, budget)?;
    let of_sort = |sort: &str| {
        let relation = relations.values().find(|relation| relation.sort == sort);
        relation.map(|relation| relation.part.as_str())
    };
    let formats = match of_sort("styles") {
        Some(part) => formats(&mut archive.required(part)?, budget)?,
        None => Vec::new(),
    };
    let strings = match of_sort("sharedStrings") {
        Some(part) => Strings::read(&mut archive.required(part)?, budget)?,
        None => Strings::default(),
    };
    let book = Book {
        formats,
        strings,
        epoch: tabs.epoch,
        uncomputed: tabs.uncomputed,
    };
    let mut sheets = Vec::new();
    for tab in tabs.sheets {
        let Some(relation) = relations.get(&tab.relation) else {
            let name = crate::read::cell::shorten(&tab.name);
            return Err(NoWorkbook::Damaged(format!("в нём нет листа «{name}»")));
        };
        // Charts and dialogues have tabs too.
        if relation.sort == "worksheet" {
            let xml = archive.required(&relation.part)?;
            sheets.push(sheet::read(xml, &book, budget, tab)?);
        }
    }
    Ok(sheets)
}

/// A part that another one names.
struct Relation {
    /// The last word of its type.
    sort: String,
    part: String,
}

/// The parts that a part names, by their ids; `folder` is where that part lies.
fn relations<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    part: &str,
    folder: &str,
) -> Result<HashMap<String, Relation>, NoWorkbook> {
    let mut relations = HashMap::new();
    let budget = archive.budget;
    let Some(mut xml) = archive.part(part.trim_start_matches('/'))? else {
        return Ok(relations);
    };
    loop {
        let element = match xml.next()? {
            Event::Eof => return Ok(relations),
            Event::Start(element) | Event::Empty(element) => element,
            _ => continue,
        };
        if element.local_name().as_ref() != "Relationship" {
            continue;
        }
        let id = attribute(&element, "Id")?.unwrap_or_default();
        let sort = attribute(&element, "Type")?.unwrap_or_default();
        let target = attribute(&element, "Target")?.unwrap_or_default();
        budget.keep(100 + (id.len() + folder.len() + target.len()) as u64)?;
        let relation = Relation {
            sort: sort.rsplit('/').next().unwrap_or_default().to_owned(),
            part: resolve(folder, &target),
        };
        relations.insert(id, relation);
    }
}

/// The part that a target means, seen from a folder.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').collect(),
    };
    for step in target.split('/') {
        match step {
            "." => {}
            ".." => _ = path.pop(),
            _ => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

/// What the workbook says of its sheets.
struct Tabs {
    sheets: Vec<Tab>,
    epoch: Epoch,
    /// It was written by a program that does not compute: all is to be computed on opening.
    uncomputed: bool,
}

struct Tab {
    name: String,
    hidden: bool,
    relation: String,
}

fn tabs(xml: &mut Xml<'_>, budget: &Budget) -> Result<Tabs, NoWorkbook> {
    let mut tabs = Tabs {
        sheets: Vec::new(),
        epoch: Epoch::Year1900,
        uncomputed: false,
    };
    let mut root = true;
    loop {
        let element = match xml.next()? {
            Event::Eof => return Ok(tabs),
            Event::Start(element) | Event::Empty(element) => element,
            _ => continue,
        };
        match element.local_name().as_ref() {
            "workbook" if root => {}
            // The part can bear any name; what it holds is what it is.
            "document" if root => return Err(NoWorkbook::Other(Other::TextDocument)),
            "presentation" if root => return Err(NoWorkbook::Other(Other::Presentation)),
            _ if root => return Err(NoWorkbook::Other(Other::OfficeDocument)),
            "sheet" => {
                let tab = tab(&element)?;
                budget.keep((tab.name.len() + tab.relation.len()) as u64)?;
                tabs.sheets.push(tab);
            }
            "workbookPr" => {
                // An extension of the same name, without the attribute, can follow.
                tabs.epoch = match attribute(&element, "date1904")? {
                    Some(text) if is_true(&text) => Epoch::Year1904,
                    _ => tabs.epoch,
                };
            }
            "calcPr" => {
                let all = attribute(&element, "fullCalcOnLoad")?;
                tabs.uncomputed = all.is_some_and(|text| is_true(&text));
            }
            _ => {}
        }
        root = false;
        if tabs.sheets.len() > MOST_SHEETS {
            return Err(NoWorkbook::TooLarge(Excess::Sheets(MOST_SHEETS)));
        }
    }
}

fn tab(element: &BytesStart<'_>) -> Result<Tab, NoWorkbook> {
    let mut tab = Tab {
        name: String::new(),
        hidden: false,
        relation: String::new(),
    };
    for attribute in attributes(element) {
        let (key, attribute) = attribute?;
        let text = value(&attribute)?;
        match key {
            "name" => tab.name = text.into_owned(),
            "state" => tab.hidden = text != "visible",
            _ if key.ends_with(":id") => tab.relation = text.into_owned(),
            _ => {}
        }
    }
    Ok(tab)
}

/// The number formats of the cells, by their style.
fn formats(xml: &mut Xml<'_>, budget: &Budget) -> Result<Vec<Format>, NoWorkbook> {
    let mut own: HashMap<u32, Format> = HashMap::new();
    let mut formats = Vec::new();
    // Named styles list their formats as the cells do, but nothing points at those.
    let mut of_cells = false;
    loop {
        let element = match xml.next()? {
            Event::Eof => return Ok(formats),
            Event::Start(element) | Event::Empty(element) => element,
            Event::End(element) => {
                of_cells &= element.local_name().as_ref() != "cellXfs";
                continue;
            }
            _ => continue,
        };
        let number = || -> Result<Option<u32>, NoWorkbook> {
            Ok(attribute(&element, "numFmtId")?.and_then(|text| text.parse().ok()))
        };
        match element.local_name().as_ref() {
            "cellXfs" => of_cells = true,
            "numFmt" => {
                if let (Some(number), Some(code)) = (number()?, attribute(&element, "formatCode")?)
                {
                    budget.keep(2 * size_of::<(u32, Format)>() as u64)?;
                    own.insert(number, Format::of_code(&code));
                }
            }
            "xf" if of_cells => {
                budget.keep(size_of::<Format>() as u64)?;
                let number = number()?.unwrap_or(0);
                let format = own.get(&number).copied();
                formats.push(format.unwrap_or_else(|| Format::built_in(number)));
            }
            _ => {}
        }
    }
}

/// The texts that cells share, in one piece.
#[derive(Default)]
struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    fn read(xml: &mut Xml<'_>, budget: &Budget) -> Result<Strings, NoWorkbook> {
        let mut strings = Strings::default();
        let mut text = String::new();
        loop {
            match xml.next()? {
                Event::Eof => return Ok(strings),
                Event::Start(element) if element.local_name().as_ref() == "si" => {
                    text.clear();
                    rich_text(xml, &mut text)?;
                }
                Event::Empty(element) if element.local_name().as_ref() == "si" => text.clear(),
                _ => continue,
            }
            budget.keep((text.len() + size_of::<usize>()) as u64)?;
            strings.text.push_str(&unescaped(&text));
            strings.ends.push(strings.text.len());
        }
    }

    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }
}

/// The text of the element whose opening tag came last: its runs in a row, their looks left out,
/// and how they are spoken in the east of Asia too.
fn rich_text(xml: &mut Xml<'_>, text: &mut String) -> Result<(), NoWorkbook> {
    enum Piece {
        Text { spaces: bool },
        Spoken,
    }
    let inside = xml.depth();
    while xml.depth() >= inside {
        let piece = match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "t" => Piece::Text {
                    spaces: attribute(&element, "xml:space")?.is_some_and(|way| way == "preserve"),
                },
                "rPh" => Piece::Spoken,
                _ => continue,
            },
            _ => continue,
        };
        match piece {
            Piece::Text { spaces } => {
                let start = text.len();
                xml.text(text)?;
                if !spaces {
                    trim_from(text, start);
                }
            }
            Piece::Spoken => xml.skip()?,
        }
    }
    Ok(())
}

/// Takes the spaces off both ends of a piece, as Excel does where it is not told to keep them.
fn trim_from(text: &mut String, start: usize) {
    let spaces = [' ', '\t', '\r', '\n'];
    text.truncate(start + text[start..].trim_end_matches(spaces).len());
    let leading = text[start..].len() - text[start..].trim_start_matches(spaces).len();
    text.drain(start..start + leading);
}

/// `_x000D_` stands for what XML cannot hold, and `_x005F_` for the underscore before such.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let unit = rest.as_bytes().get(at + 2..at + 7).and_then(|code| {
            let digits = code.strip_suffix(b"_")?;
            let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
            u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
        });
        // Two such in a row can be one letter.
        if at > 0 || unit.is_none() {
            out.push_str(&String::from_utf16_lossy(&units));
            units.clear();
        }
        match unit {
            Some(unit) => {
                out.push_str(&rest[..at]);
                units.push(unit);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(&String::from_utf16_lossy(&units));
    out.push_str(rest);
    Cow::Owned(out)
}

/// What all sheets of a workbook share.
struct Book {
    formats: Vec<Format>,
    strings: Strings,
    epoch: Epoch,
    uncomputed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_spelt() {
        for (text, expected) in [
            ("обычный текст", "обычный текст"),
            ("a_x000D_\nb", "a\r\nb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDE00_", "\u{1f600}"),
            ("_xD83D_x_xDE00_", "\u{fffd}x\u{fffd}"),
            ("_x00_ _xфыва_ _x", "_x00_ _xфыва_ _x"),
            ("_x+00A_", "_x+00A_"),
            ("_x0041_x0042_", "Ax0042_"),
        ] {
            assert_eq!(unescaped(text), expected, "{text}");
        }
    }

    #[test]
    fn parts_are_found_from_where_they_are_named() {
        for (folder, target, expected) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            (
                "xl",
                "/xl/worksheets/sheet1.xml",
                "xl/worksheets/sheet1.xml",
            ),
            ("xl", "..\\data\\./sheet.xml", "data/sheet.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("", "../../../etc", "etc"),
        ] {
            assert_eq!(resolve(folder, target), expected, "{folder} {target}");
        }
    }
}
