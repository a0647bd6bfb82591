//! The heading of the register: which line it is, what separates its cells, what each column holds.

use super::{Columns, Part, RowPlace, cell_of, line_place};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::name;
use crate::read::cell;
use crate::read::delimited::Records;
use crate::read::dialect;
use crate::read::plan::faults::Faults;
use crate::read::plan::schema;
use crate::source::{Encoding, FileId, Place};

/// The line that names the columns.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) delimiter: u8,
    pub(super) at: RowPlace,
    /// The same again further down is no organisation.
    pub(super) bytes: Vec<u8>,
    pub(super) headings: Vec<String>,
    pub(super) columns: Columns,
    /// Up to the last heading.
    pub(super) width: usize,
    /// Columns before that without a heading.
    pub(super) untitled: Vec<usize>,
    /// Whether every column was understood.
    pub(super) is_complete: bool,
}

/// Lines looked through for the header, and bytes.
const HEAD_RECORDS: usize = 100;
const HEAD_BYTES: usize = 128 << 10;

/// Finds the header and reports what is wrong with it. `head` are the first bytes behind a byte
/// order mark, which stand at byte `offset`; what stands above the header is a title.
pub(super) fn read(
    file: FileId,
    head: &[u8],
    offset: u64,
    encoding: Encoding,
    faults: &mut Faults<'_>,
) -> Option<Header> {
    if head.iter().all(u8::is_ascii_whitespace) {
        faults.push(
            Diagnostic::new(Code::NotATable, Some(Place::whole(file)), "файл пуст")
                .label("ожидался реестр организаций")
                .help(HOW),
        );
        return None;
    }
    let Some(mut header) = find(head, offset, encoding) else {
        let place = first_line(file, head, offset, encoding);
        faults.push(
            Diagnostic::new(
                Code::NotATable,
                Some(place),
                "в реестре организаций нет строки с названиями столбцов",
            )
            .label("ожидались названия столбцов, среди них id")
            .help(HOW),
        );
        return None;
    };
    header.check(file, faults);
    Some(header)
}

const HOW: &str = "первая строка таблицы: id;name;aliases;kind;parent;inn;opened;closed";

/// The first line that says something.
fn first_line(file: FileId, head: &[u8], offset: u64, encoding: Encoding) -> Place {
    let mut at = RowPlace {
        offset,
        line: 1,
        row: 1,
    };
    let mut records = records(head, offset, b';');
    while let Ok(Some(record)) = records.next_record() {
        at = RowPlace {
            offset: record.offset,
            line: record.line,
            row: record.row,
        };
        if !record.is_blank(encoding) {
            break;
        }
    }
    line_place(file, at)
}

fn records(head: &[u8], offset: u64, delimiter: u8) -> Records<std::io::Empty> {
    let head = &head[..head.len().min(HEAD_BYTES)];
    Records::new(std::io::empty(), head.to_vec(), offset, delimiter)
}

/// The line with the most names of columns, under the separator that gives the most.
fn find(head: &[u8], offset: u64, encoding: Encoding) -> Option<Header> {
    let declared = dialect::declared_delimiter(head);
    let delimiters = match &declared {
        Some(delimiter) => std::slice::from_ref(delimiter),
        None => &dialect::DELIMITERS[..],
    };
    let mut best: Option<(usize, Header)> = None;
    // «|» parts the aliases of a cell, never cells.
    for &delimiter in delimiters.iter().filter(|delimiter| **delimiter != b'|') {
        let mut records = records(head, offset, delimiter);
        for _ in 0..HEAD_RECORDS {
            let Ok(Some(record)) = records.next_record() else {
                break;
            };
            let headings: Vec<String> = (0..record.len())
                .map(|index| cell::trim(&encoding.decode(&record.cell(index))).to_owned())
                .collect();
            let parts = Part::ALL.iter();
            let score = parts
                .filter(|part| {
                    headings
                        .iter()
                        .any(|heading| meaning(heading) == Some(**part))
                })
                .count();
            if score > best.as_ref().map_or(0, |(score, _)| *score) {
                let at = RowPlace {
                    offset: record.offset,
                    line: record.line,
                    row: record.row,
                };
                let header = Header::new(delimiter, at, record.bytes().to_vec(), headings);
                best = Some((score, header));
            }
        }
    }
    best.map(|(_, header)| header)
}

/// What a heading means.
fn meaning(heading: &str) -> Option<Part> {
    let key = name::key(heading);
    let means = |part: &Part| part.headings().iter().any(|known| name::key(known) == key);
    Part::ALL.into_iter().find(means)
}

impl Header {
    fn new(delimiter: u8, at: RowPlace, bytes: Vec<u8>, headings: Vec<String>) -> Header {
        let is_titled = |heading: &String| !heading.is_empty();
        let width = headings
            .iter()
            .rposition(is_titled)
            .map_or(0, |last| last + 1);
        let untitled = (0..width).filter(|column| headings[*column].is_empty());
        Header {
            delimiter,
            at,
            bytes,
            columns: Columns::default(),
            width,
            untitled: untitled.collect(),
            headings,
            is_complete: true,
        }
    }

    /// Whose column each is. One that means nothing is reported and read as what it must mean, so
    /// that the faults of its cells are told in the same run.
    fn check(&mut self, file: FileId, faults: &mut Faults<'_>) {
        let mut unknown = Vec::new();
        for column in 0..self.width {
            let heading = &self.headings[column];
            match meaning(heading) {
                None if heading.is_empty() => {}
                None => unknown.push(column),
                Some(part) => match self.columns[part as usize] {
                    Some(first) => faults.push(self.doubled(file, part, first, column)),
                    None => self.columns[part as usize] = Some(column),
                },
            }
        }
        self.is_complete = unknown.is_empty();
        for column in unknown {
            let meant = self.meant(&self.headings[column]);
            faults.push(self.unknown(file, column, meant));
            if let Some(meant) = meant.and_then(meaning) {
                self.columns[meant as usize] = Some(column);
            }
        }
        if self.columns[Part::Id as usize].is_none() {
            self.is_complete = false;
            faults.push(self.without_id(file));
            if self.untitled.first() == Some(&0) {
                self.columns[Part::Id as usize] = Some(self.untitled.remove(0));
            }
        }
    }

    /// The parts without a column.
    fn free(&self) -> impl Iterator<Item = Part> {
        let all = Part::ALL.into_iter();
        all.filter(|part| self.columns[*part as usize].is_none())
    }

    /// The heading that one that means nothing must mean, if it must mean any.
    fn meant(&self, heading: &str) -> Option<&'static str> {
        let free = || self.free().flat_map(|part| part.headings().iter().copied());
        let key = name::key(heading);
        let slip = |known: &&str| strsim::osa_distance(&key, &name::key(known)) == 1;
        name::nearest(heading, free()).or_else(|| free().find(slip))
    }

    fn place(&self, file: FileId, column: usize) -> Place {
        cell_of(file, self.bytes.clone(), self.at, self.delimiter, column)
    }

    fn unknown(&self, file: FileId, column: usize, meant: Option<&str>) -> Diagnostic {
        let heading = cell::shorten(&self.headings[column]);
        let help = match meant {
            Some(meant) => format!("возможно, имелось в виду «{meant}»"),
            None => {
                let free: Vec<&str> = self.free().map(Part::key).collect();
                match free.is_empty() {
                    true => "уберите его".to_owned(),
                    false => format!("уберите его; здесь ещё бывают: {}", free.join(", ")),
                }
            }
        };
        Diagnostic::new(
            Code::UnknownKey,
            Some(self.place(file, column)),
            format!("неизвестный столбец «{heading}»"),
        )
        .label("у реестра организаций такого столбца нет")
        .found(heading)
        .help(help)
    }

    fn doubled(&self, file: FileId, part: Part, first: usize, second: usize) -> Diagnostic {
        let heading = cell::shorten(&self.headings[second]);
        Diagnostic::new(
            Code::DuplicateColumn,
            Some(self.place(file, second)),
            format!("второй столбец «{}»", part.key()),
        )
        .severity(Severity::Error)
        .label("ожидался один такой столбец")
        .found(heading)
        .help("оставьте один из двух столбцов; другие названия пишутся в aliases через «|»")
        .related(self.place(file, first), "первый столбец")
    }

    fn without_id(&self, file: FileId) -> Diagnostic {
        let doc = schema::ORGANISATION.key("id").map_or("", |key| key.doc);
        let place = match self.untitled.first() {
            Some(&column) => self.place(file, column),
            None => line_place(file, self.at),
        };
        Diagnostic::new(
            Code::MissingKey,
            Some(place),
            "у реестра организаций нет столбца «id»",
        )
        .label(format!("ожидалось: id — {doc}"))
        .help("добавьте столбец id: по нему организацию находят parent и отчёты")
    }
}
