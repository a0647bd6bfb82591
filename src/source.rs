//! The files that were read: their names, their bytes, their encodings, and places in them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;

/// How a file's bytes make letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark, as Excel writes «CSV UTF-8».
    Utf8Bom,
    /// Windows-1251, as Russian Excel writes «CSV (разделители — запятые)».
    Windows1251,
}

impl Encoding {
    /// Every encoding, for help texts.
    pub const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Windows1251];

    /// As JSON and `--encoding` name it.
    pub fn id(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf8Bom => "utf-8-bom",
            Encoding::Windows1251 => "windows-1251",
        }
    }

    /// The encoding with this name; `cp1251` and `1251` serve too.
    pub fn from_id(id: &str) -> Option<Encoding> {
        match id.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Encoding::Utf8),
            "utf-8-bom" => Some(Encoding::Utf8Bom),
            "windows-1251" | "cp1251" | "1251" => Some(Encoding::Windows1251),
            _ => None,
        }
    }

    /// The text of some bytes; bytes that mean nothing become U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Encoding::Utf8 | Encoding::Utf8Bom => String::from_utf8_lossy(bytes),
            Encoding::Windows1251 => {
                encoding_rs::WINDOWS_1251
                    .decode_without_bom_handling(bytes)
                    .0
            }
        }
    }

    /// The bytes of a text, where the encoding has all its letters.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Encoding::Utf8 | Encoding::Utf8Bom => Some(text.as_bytes().to_vec()),
            Encoding::Windows1251 => {
                let (bytes, _, unmappable) = encoding_rs::WINDOWS_1251.encode(text);
                (!unmappable).then(|| bytes.into_owned())
            }
        }
    }
}

/// A file, by its place in [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub u32);

/// Where in a file something stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Spot {
    /// The file as such.
    Whole,
    /// Bytes of a text that is held in memory: a data file.
    Text(Range<usize>),
    /// A physical line of a report, counted from 1, and the byte where it begins.
    Line {
        /// Counted from 1.
        line: u32,
        /// Bytes from the start of the file.
        offset: u64,
    },
    /// A cell of a report.
    Cell(Cell),
}

/// A cell of a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// The physical line on which the cell begins, counted from 1.
    pub line: u32,
    /// The row as a spreadsheet counts it: a record with line breaks in a cell is one row.
    pub row: u32,
    /// Counted from 1.
    pub column: u32,
    /// Where the cell's bytes stand in the file, quotes included.
    pub bytes: Range<u64>,
}

impl Cell {
    /// The name that a spreadsheet gives it: `D7`.
    pub fn name(&self) -> String {
        format!("{}{}", column_letters(self.column), self.row)
    }
}

/// A column's letters: 1 is A, 27 is AA.
pub fn column_letters(column: u32) -> String {
    let mut rest = column;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.reverse();
    String::from_utf8(letters).unwrap_or_default()
}

/// A file and a spot in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub spot: Spot,
}

impl Place {
    /// The file as such.
    pub fn whole(file: FileId) -> Place {
        Place {
            file,
            spot: Spot::Whole,
        }
    }

    /// The order in which a reader meets places: files as given, then from top to bottom.
    pub fn order(&self) -> (FileId, u64, u32) {
        match &self.spot {
            Spot::Whole => (self.file, 0, 0),
            Spot::Text(span) => (self.file, span.start as u64, 0),
            Spot::Line { line, .. } => (self.file, u64::from(*line), 0),
            Spot::Cell(cell) => (self.file, u64::from(cell.line), cell.column),
        }
    }
}

/// What a file is and how its text can be had again for a message.
#[derive(Clone, Debug)]
pub enum Content {
    /// A data file: all of its text.
    Text(String),
    /// A report.
    Report {
        /// Where to read it again; `None` for standard input.
        path: Option<PathBuf>,
        /// Its first bytes, or all of them where it is small.
        head: Vec<u8>,
        /// How its bytes make letters.
        encoding: Encoding,
    },
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// As the user gave it.
    pub name: String,
    /// Its content, as far as it is kept.
    pub content: Content,
}

impl SourceFile {
    /// The name that scripts know it by: standard input is `-`.
    pub fn key(&self) -> &str {
        if self.name == STANDARD_INPUT {
            "-"
        } else {
            &self.name
        }
    }
}

/// What a person is told that standard input is called.
pub const STANDARD_INPUT: &str = "стандартный ввод";

/// All files that were read, in order.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

/// A few lines around a place, ready to be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excerpt {
    /// The text, without its last line end.
    pub text: String,
    /// The number of its first line.
    pub first_line: u32,
    /// The bytes of `text` to be marked.
    pub mark: Range<usize>,
}

/// Bytes shown on either side of a cell.
const AROUND: u64 = 400;

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// The file.
    pub fn get(&self, file: FileId) -> &SourceFile {
        &self.files[file.0 as usize]
    }

    /// Whether it is a file of the data folder held as text.
    pub fn is_data(&self, file: FileId) -> bool {
        matches!(self.get(file).content, Content::Text(_))
    }

    /// The file, to be amended.
    pub fn get_mut(&mut self, file: FileId) -> &mut SourceFile {
        &mut self.files[file.0 as usize]
    }

    /// The line and column (both from 1; columns in letters for a text, cells for a report).
    pub fn line_column(&self, place: &Place) -> (Option<u32>, Option<u32>) {
        match &place.spot {
            Spot::Whole => (None, None),
            Spot::Line { line, .. } => (Some(*line), None),
            Spot::Cell(cell) => (Some(cell.line), Some(cell.column)),
            Spot::Text(span) => match &self.get(place.file).content {
                Content::Text(text) => {
                    let (line, column) = line_column(text, span.start);
                    (Some(line), Some(column))
                }
                Content::Report { .. } => (None, None),
            },
        }
    }

    /// Some bytes of a report again; fewer where it ends, `None` where they cannot be had.
    pub fn report_bytes(&self, file: FileId, range: Range<u64>) -> Option<Vec<u8>> {
        match &self.get(file).content {
            Content::Report { path, head, .. } => read_range(path.as_ref(), head, range),
            Content::Text(_) => None,
        }
    }

    /// The lines around a place, for a message; `None` where they cannot be had.
    pub fn excerpt(&self, place: &Place) -> Option<Excerpt> {
        let file = self.get(place.file);
        match (&file.content, &place.spot) {
            (Content::Text(text), Spot::Text(span)) => Some(text_excerpt(text, span)),
            (
                Content::Report {
                    path,
                    head,
                    encoding,
                },
                Spot::Line { line, offset },
            ) => {
                let bytes = read_range(path.as_ref(), head, *offset..*offset + AROUND)?;
                let end = line_end(&bytes, 0);
                let text = encoding.decode(&bytes[..end]);
                let text = readable(&text);
                Some(Excerpt {
                    first_line: *line,
                    mark: 0..text.len(),
                    text,
                })
            }
            (
                Content::Report {
                    path,
                    head,
                    encoding,
                },
                Spot::Cell(cell),
            ) => cell_excerpt(path.as_ref(), head, *encoding, cell),
            _ => None,
        }
    }
}

fn cell_excerpt(
    path: Option<&PathBuf>,
    head: &[u8],
    encoding: Encoding,
    cell: &Cell,
) -> Option<Excerpt> {
    let from = cell.bytes.start.saturating_sub(AROUND);
    let to = cell.bytes.end.min(cell.bytes.start + AROUND) + AROUND;
    let bytes = read_range(path, head, from..to)?;
    let at = (cell.bytes.start - from) as usize;
    let length = (cell.bytes.end - cell.bytes.start).min(AROUND) as usize;
    let until = bytes.len().min(at + length);
    let cell_bytes = bytes.get(at..until)?;
    // A cell with line breaks is shown by its first line.
    let first = &cell_bytes[..line_end(cell_bytes, 0)];
    let before = bytes.get(..at)?;
    let line_start = before
        .iter()
        .rposition(|b| matches!(b, b'\n' | b'\r'))
        .map_or(0, |p| p + 1);
    let cut_off = from > 0 && line_start == 0;
    let rest = &bytes[at + first.len()..];
    let rest = &rest[..line_end(rest, 0)];
    let mut text = String::new();
    if cut_off {
        text.push('…');
    }
    text.push_str(&readable(trim_broken(
        &encoding.decode(&before[line_start..]),
    )));
    let start = text.len();
    text.push_str(&readable(&encoding.decode(first)));
    let end = text.len();
    text.push_str(&readable(trim_broken(&encoding.decode(rest))));
    Some(Excerpt {
        text,
        first_line: cell.line,
        mark: start..end,
    })
}

/// A cut through the middle of a letter leaves a mark at the edge; it is not the user's.
fn trim_broken(text: &str) -> &str {
    text.trim_start_matches('\u{fffd}')
        .trim_end_matches('\u{fffd}')
}

/// Tabs as arrows, so that columns can be told apart; nothing that a terminal would obey.
fn readable(text: &str) -> String {
    crate::model::name::printable(&text.replace('\t', "→"))
}

fn text_excerpt(text: &str, span: &Range<usize>) -> Excerpt {
    let start = floor_boundary(text, span.start);
    let end = floor_boundary(text, span.end.max(start));
    let line_start = text[..start].rfind('\n').map_or(0, |p| p + 1);
    let first_end = text[start..].find('\n').map_or(text.len(), |p| start + p);
    let line = &text[line_start..first_end];
    Excerpt {
        first_line: line_column(text, start).0,
        mark: start - line_start..end.min(first_end) - line_start,
        text: line.trim_end_matches('\r').to_owned(),
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Line and column, both from 1, of a byte; columns count letters.
pub fn line_column(text: &str, at: usize) -> (u32, u32) {
    let before = &text[..floor_boundary(text, at)];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |p| p + 1);
    (line as u32, before[start..].chars().count() as u32 + 1)
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |p| from + p)
}

fn read_range(path: Option<&PathBuf>, head: &[u8], range: Range<u64>) -> Option<Vec<u8>> {
    if let Ok(start) = usize::try_from(range.start)
        && start <= head.len()
        && (path.is_none() || range.end <= head.len() as u64)
    {
        let end = (range.end as usize).min(head.len());
        return Some(head[start..end].to_vec());
    }
    let mut file = File::open(path?).ok()?;
    file.seek(SeekFrom::Start(range.start)).ok()?;
    let mut bytes = Vec::new();
    file.take(range.end - range.start)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

/// Why a file could not be read or written: the commonest reasons in Russian, the system's own
/// words for the rest.
pub fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "нет такого файла или папки".into(),
        io::ErrorKind::PermissionDenied => "нет доступа".into(),
        io::ErrorKind::IsADirectory => "это папка".into(),
        io::ErrorKind::StorageFull => "на диске нет места".into(),
        io::ErrorKind::ReadOnlyFilesystem => "диск только для чтения".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_spreadsheet_letters() {
        let letters: Vec<String> = [1, 4, 26, 27, 52, 703].map(column_letters).into();
        assert_eq!(letters, ["A", "D", "Z", "AA", "AZ", "AAA"]);
    }

    #[test]
    fn a_cell_is_shown_in_its_line() {
        let mut sources = Sources::default();
        let bytes = "имя;число\nд/с 1;2O5;3\nд/с 2;7;8\n".as_bytes();
        let start = bytes.windows(3).position(|w| w == b"2O5").expect("there") as u64;
        let file = sources.add(SourceFile {
            name: "a.csv".into(),
            content: Content::Report {
                path: None,
                head: bytes.to_vec(),
                encoding: Encoding::Utf8,
            },
        });
        let place = Place {
            file,
            spot: Spot::Cell(Cell {
                line: 2,
                row: 2,
                column: 2,
                bytes: start..start + 3,
            }),
        };
        let excerpt = sources.excerpt(&place).expect("an excerpt");
        assert_eq!(excerpt.text, "д/с 1;2O5;3");
        assert_eq!(&excerpt.text[excerpt.mark.clone()], "2O5");
        assert_eq!(excerpt.first_line, 2);
    }

    #[test]
    fn encodings_are_found_by_name() {
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::from_id(encoding.id()), Some(encoding));
        }
        let word = "Детский сад № 5 – ёж";
        for encoding in Encoding::ALL {
            let bytes = encoding.encode(word).expect("has the letters");
            assert_eq!(encoding.decode(&bytes), word);
        }
    }
}
