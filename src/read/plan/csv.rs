//! `organisations.csv`: the register as a table, in any encoding and with any separator that a
//! spreadsheet writes.
//!
//! Rows are read once, as they come; of each only its place is kept. A fault that shows later, when
//! all organisations are known, reads its row again.

mod header;
mod row;
#[cfg(test)]
mod tests;

use std::io;

use hashbrown::HashSet;

use super::faults::Faults;
use super::register::{Listing, Places};
use crate::diagnostic::{Code, Diagnostic};
use crate::read::delimited::Records;
use crate::read::dialect::{self, Beginning, NoText};
use crate::read::submission::cell_place;
use crate::source::{Content, Encoding, FileId, Place, Sources};
use header::Header;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Id,
    Name,
    Aliases,
    Kind,
    Parent,
    Inn,
    Opened,
    Closed,
}

impl Part {
    const ALL: [Part; 8] = [
        Part::Id,
        Part::Name,
        Part::Aliases,
        Part::Kind,
        Part::Parent,
        Part::Inn,
        Part::Opened,
        Part::Closed,
    ];

    /// Its headings: the key that `organisations.toml` has for it, then what people write.
    fn headings(self) -> &'static [&'static str] {
        match self {
            Part::Id => &[
                "id",
                "ид",
                "код",
                "код организации",
                "id организации",
                "идентификатор",
            ],
            Part::Name => &[
                "name",
                "название",
                "наименование",
                "полное название",
                "полное наименование",
                "название организации",
                "наименование организации",
                "организация",
            ],
            Part::Aliases => &[
                "aliases",
                "псевдонимы",
                "псевдоним",
                "другие названия",
                "другие наименования",
            ],
            Part::Kind => &["kind", "вид", "тип", "вид организации", "тип организации"],
            Part::Parent => &["parent", "входит в", "родитель", "вышестоящая организация"],
            Part::Inn => &["inn", "инн", "инн организации"],
            Part::Opened => &["opened", "открыта", "дата открытия", "открыта с"],
            Part::Closed => &["closed", "закрыта", "дата закрытия", "закрыта с"],
        }
    }

    /// As `organisations.toml` names it.
    fn key(self) -> &'static str {
        self.headings()[0]
    }
}

/// The column of each part, by the order of [`Part::ALL`].
type Columns = [Option<usize>; Part::ALL.len()];

/// Where a row begins.
#[derive(Clone, Copy, Debug)]
struct RowPlace {
    offset: u64,
    line: u32,
    row: u32,
}

/// The rows of the table that list an organisation each.
pub(crate) struct Rows<'a> {
    sources: &'a Sources,
    file: FileId,
    delimiter: u8,
    columns: Columns,
    /// In the order of the organisations.
    places: Vec<RowPlace>,
    /// The organisations of whose rows only the beginning could be trusted.
    spoiled: HashSet<u32>,
    complete: bool,
}

impl Rows<'_> {
    /// Whether all columns were understood and all rows could be read.
    pub(crate) fn is_complete(&self) -> bool {
        self.complete
    }
}

impl Places for Rows<'_> {
    fn file(&self) -> FileId {
        self.file
    }

    fn place(&self, organisation: usize, key: &'static str) -> Place {
        /// Longer rows are marked no further than this.
        const LONGEST: u64 = 64 << 10;
        let at = self.places[organisation];
        let part = Part::ALL.iter().position(|part| part.key() == key);
        let column = part.and_then(|part| self.columns[part]);
        let column = column.or(self.columns[Part::Id as usize]);
        let bytes = self
            .sources
            .report_bytes(self.file, at.offset..at.offset + LONGEST);
        let bytes = bytes.unwrap_or_default();
        cell_of(self.file, bytes, at, self.delimiter, column.unwrap_or(0))
    }

    fn is_without(&self, organisation: usize, _key: &'static str) -> bool {
        self.complete && !self.spoiled.contains(&(organisation as u32))
    }
}

/// The place of a cell of the first row in some bytes.
fn cell_of(file: FileId, bytes: Vec<u8>, at: RowPlace, delimiter: u8, column: usize) -> Place {
    let mut records =
        Records::new(io::empty(), bytes, at.offset, delimiter).starting_at(at.line, at.row);
    match records.next_record() {
        Ok(Some(record)) => cell_place(file, &record, column),
        _ => line_place(file, at),
    }
}

fn line_place(file: FileId, at: RowPlace) -> Place {
    Place::line(file, at.line, at.offset)
}

/// Reads the table; `None` where it is none.
pub(crate) fn read<'a>(
    file: FileId,
    sources: &'a Sources,
    faults: &mut Faults<'_>,
) -> Option<(Listing, Rows<'a>)> {
    let Content::Report { encoding, .. } = sources.get(file).content else {
        return None;
    };
    // UTF-16 is UTF-8 by now.
    let asked = match encoding.is_utf16() {
        true => Encoding::Utf8,
        false => encoding,
    };
    let begun = sources
        .open(file)
        .and_then(|input| dialect::begin(input, None, Some(asked)));
    let read = match begun {
        Ok(Ok(begun)) => read_rows(file, encoding, begun, faults),
        Ok(Err(reason)) => {
            faults.push(no_text(file, reason));
            None
        }
        Err(error) => {
            faults.push(unreadable(file, &error));
            None
        }
    };
    let (header, reader) = read?;
    let rows = Rows {
        sources,
        file,
        delimiter: header.delimiter,
        columns: header.columns,
        complete: header.is_complete && reader.spoiled.is_empty(),
        places: reader.places,
        spoiled: reader.spoiled,
    };
    Some((reader.listing, rows))
}

/// What could be read of the rows.
struct ReadRows {
    listing: Listing,
    places: Vec<RowPlace>,
    spoiled: HashSet<u32>,
}

fn read_rows(
    file: FileId,
    encoding: Encoding,
    begun: Beginning<'_>,
    faults: &mut Faults<'_>,
) -> Option<(Header, ReadRows)> {
    let (mut head, mark) = (begun.head, begun.text.mark);
    head.drain(..mark);
    let header = header::read(file, &head, mark as u64, encoding, faults)?;
    let mut records = Records::new(begun.rest, head, mark as u64, header.delimiter);
    let mut reader = row::Reader::new(file, encoding, &header, faults);
    let ended = loop {
        match records.next_record() {
            Ok(Some(record)) if record.offset > header.at.offset => reader.row(&record),
            Ok(Some(_)) => {}
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    let read = reader.finish();
    if let Err(error) = ended {
        faults.push(unreadable(file, &error));
    } else if read.places.is_empty() {
        faults.push(no_organisations(file, &header));
    }
    Some((header, read))
}

fn unreadable(file: FileId, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableFile,
        Some(Place::whole(file)),
        format!("файл не читается: {error}"),
    )
    .label("ожидался файл, открытый для чтения")
    .help("закройте его в других программах, проверьте права на файл и сам файл")
}

fn no_text(file: FileId, reason: NoText) -> Diagnostic {
    let (code, message) = match reason {
        NoText::Workbook => (Code::NotATable, "это книга табличной программы, а не CSV"),
        NoText::Binary => (Code::NotATable, "это не текст и не таблица"),
    };
    Diagnostic::new(code, Some(Place::whole(file)), message)
        .label("ожидался реестр организаций в CSV")
        .help("откройте его в табличной программе и сохраните как «CSV UTF-8»")
}

fn no_organisations(file: FileId, header: &Header) -> Diagnostic {
    Diagnostic::new(
        Code::MissingKey,
        Some(line_place(file, header.at)),
        "в реестре нет ни одной организации",
    )
    .label("ожидались строки организаций под этой шапкой")
    .help("впишите организации, по одной в строке, или удалите файл: тогда берутся все, кто отчитался")
}
