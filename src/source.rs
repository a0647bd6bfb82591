//! The files that were read: their names, their bytes, their encodings, and places in them.

mod utf16;

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

pub use utf16::{Steps, Utf16, unit};

/// How a file's bytes make letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark, as Excel writes «CSV UTF-8».
    Utf8Bom,
    /// UTF-16, the lower byte first, as Excel writes «Текст Юникод». It is read as UTF-8.
    Utf16Le,
    /// UTF-16, the higher byte first. It is read as UTF-8.
    Utf16Be,
    /// Windows-1251, as Russian Excel writes «CSV (разделители — запятые)».
    Windows1251,
    /// CP866, as Russian Excel writes «CSV (MS-DOS)».
    Ibm866,
    /// The Cyrillic of the Mac, as Excel for Mac writes «CSV (Macintosh)».
    MacCyrillic,
    /// KOI8-R, as old Unix and mail programs write.
    Koi8R,
}

impl Encoding {
    /// Every encoding, for help texts.
    pub const ALL: [Encoding; 8] = [
        Encoding::Utf8,
        Encoding::Utf8Bom,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::Windows1251,
        Encoding::Ibm866,
        Encoding::MacCyrillic,
        Encoding::Koi8R,
    ];

    /// As JSON and `--encoding` name it.
    pub fn id(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf8Bom => "utf-8-bom",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Windows1251 => "windows-1251",
            Encoding::Ibm866 => "ibm866",
            Encoding::MacCyrillic => "x-mac-cyrillic",
            Encoding::Koi8R => "koi8-r",
        }
    }

    /// As a person calls it.
    pub fn title(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8 с меткой BOM",
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16 («Текст Юникод»)",
            Encoding::Windows1251 => "Windows-1251",
            Encoding::Ibm866 => "CP866 (MS-DOS)",
            Encoding::MacCyrillic => "кириллица Mac",
            Encoding::Koi8R => "KOI8-R",
        }
    }

    /// The encoding with this name, or another that people call it by.
    pub fn from_id(id: &str) -> Option<Encoding> {
        match id.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Encoding::Utf8),
            "utf-8-bom" => Some(Encoding::Utf8Bom),
            "utf-16le" | "utf-16" | "utf16" => Some(Encoding::Utf16Le),
            "utf-16be" => Some(Encoding::Utf16Be),
            "windows-1251" | "cp1251" | "1251" => Some(Encoding::Windows1251),
            "ibm866" | "cp866" | "866" | "dos" => Some(Encoding::Ibm866),
            "x-mac-cyrillic" | "mac" => Some(Encoding::MacCyrillic),
            "koi8-r" | "koi8" => Some(Encoding::Koi8R),
            _ => None,
        }
    }

    /// Two bytes a letter: such a file is read as UTF-8.
    pub fn is_utf16(self) -> bool {
        matches!(self, Encoding::Utf16Le | Encoding::Utf16Be)
    }

    /// Whether its bytes, as they are read, are UTF-8.
    pub fn is_read_as_utf8(self) -> bool {
        self.single_byte().is_none()
    }

    fn single_byte(self) -> Option<&'static encoding_rs::Encoding> {
        match self {
            Encoding::Utf8 | Encoding::Utf8Bom | Encoding::Utf16Le | Encoding::Utf16Be => None,
            Encoding::Windows1251 => Some(encoding_rs::WINDOWS_1251),
            Encoding::Ibm866 => Some(encoding_rs::IBM866),
            Encoding::MacCyrillic => Some(encoding_rs::X_MAC_CYRILLIC),
            Encoding::Koi8R => Some(encoding_rs::KOI8_R),
        }
    }

    /// The text of some bytes as they are read: bytes that mean nothing become U+FFFD, zero bytes
    /// too, but for those that only fill up either end.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        if memchr::memchr(0, bytes).is_some() {
            if self.is_blank(bytes) {
                return Cow::Borrowed("");
            }
            return Cow::Owned(
                self.letters(without_padding(bytes))
                    .replace('\0', "\u{fffd}"),
            );
        }
        self.letters(bytes)
    }

    fn letters(self, bytes: &[u8]) -> Cow<'_, str> {
        match self.single_byte() {
            // Looked over once and quickly where it is sound, as nearly all is.
            None => match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => String::from_utf8_lossy(bytes),
            },
            Some(encoding) => encoding.decode_without_bom_handling(bytes).0,
        }
    }

    /// The bytes of a text as they are read, where the encoding has all its letters.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        let Some(encoding) = self.single_byte() else {
            return Some(text.as_bytes().to_vec());
        };
        let (bytes, _, unmappable) = encoding.encode(text);
        (!unmappable).then(|| bytes.into_owned())
    }

    /// The bytes of its no-break space.
    #[inline]
    fn no_break_space(self) -> &'static [u8] {
        match self {
            Encoding::Windows1251 => b"\xa0",
            Encoding::Ibm866 => b"\xff",
            Encoding::MacCyrillic => b"\xca",
            Encoding::Koi8R => b"\x9a",
            _ => b"\xc2\xa0",
        }
    }

    /// Whether bytes are only spaces, tabs, line ends, no-break spaces, or zeros that fill a cell
    /// up.
    #[inline]
    pub fn is_blank(self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        loop {
            rest = match rest {
                [] => return true,
                [b' ' | b'\t' | b'\r' | b'\n' | 0, rest @ ..] => rest,
                [0..=0x7f, ..] => return false,
                _ => match rest.strip_prefix(self.no_break_space()) {
                    Some(rest) => rest,
                    None => return false,
                },
            };
        }
    }
}

/// Without the zero bytes at either end, and the spaces among them.
fn without_padding(bytes: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| *byte != 0 && !byte.is_ascii_whitespace();
    let (Some(first), Some(last)) = (
        bytes.iter().position(is_text),
        bytes.iter().rposition(is_text),
    ) else {
        return &[];
    };
    let start = memchr::memrchr(0, &bytes[..first]).map_or(0, |zero| zero + 1);
    let end = memchr::memchr(0, &bytes[last..]).map_or(bytes.len(), |zero| last + zero);
    &bytes[start..end]
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

    /// A physical line of a report, which begins at this byte.
    pub fn line(file: FileId, line: u32, offset: u64) -> Place {
        Place {
            file,
            spot: Spot::Line { line, offset },
        }
    }

    /// Was counted from the top of a part of the file, above which so many lines and rows stand.
    pub fn move_down(&mut self, lines: u32, rows: u32) {
        match &mut self.spot {
            Spot::Whole | Spot::Text(_) => {}
            Spot::Line { line, .. } => *line = line.saturating_add(lines),
            Spot::Cell(cell) => {
                cell.line = cell.line.saturating_add(lines);
                cell.row = cell.row.saturating_add(rows);
            }
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
        /// Where the text of a UTF-16 file can be taken up again: then `head` and every place are
        /// of its text.
        steps: Option<Steps>,
    },
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// As the user gave it.
    pub name: String,
    /// The sheet of a workbook that it is.
    pub sheet: Option<String>,
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

    /// Leaves only the first so many.
    pub fn truncate(&mut self, count: usize) {
        self.files.truncate(count);
    }

    /// The file.
    pub fn get(&self, file: FileId) -> &SourceFile {
        &self.files[file.0 as usize]
    }

    /// Every file, in the order read.
    pub fn all(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
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

    /// Whether it is a sheet of a workbook.
    pub fn is_sheet(&self, file: FileId) -> bool {
        self.get(file).sheet.is_some()
    }

    /// A file's name, and the sheet's.
    pub fn title(&self, file: FileId) -> String {
        let file = self.get(file);
        match &file.sheet {
            Some(sheet) => format!("{}, лист «{sheet}»", file.name),
            None => file.name.clone(),
        }
    }

    /// A report's text from its beginning.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(&self, file: FileId) -> io::Result<Box<dyn Read + '_>> {
        match &self.get(file).content {
            Content::Text(text) => Ok(Box::new(text.as_bytes())),
            Content::Report {
                path: None, head, ..
            } => Ok(Box::new(&head[..])),
            Content::Report {
                path: Some(path),
                encoding,
                steps,
                ..
            } => from(path, *encoding, steps.as_ref(), 0),
        }
    }

    /// A report's text from behind its byte order mark, and the bytes of that.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn table(&self, file: FileId) -> io::Result<(Box<dyn Read + '_>, u64)> {
        const MARK: u64 = 3;
        let mut text = self.open(file)?;
        let marked = matches!(
            self.get(file).content,
            Content::Report {
                encoding: Encoding::Utf8Bom,
                ..
            }
        );
        if !marked {
            return Ok((text, 0));
        }
        io::copy(&mut text.by_ref().take(MARK), &mut io::sink())?;
        Ok((text, MARK))
    }

    /// Some bytes of a report again; fewer where it ends, `None` where they cannot be had.
    pub fn report_bytes(&self, file: FileId, range: Range<u64>) -> Option<Vec<u8>> {
        let Content::Report {
            path,
            head,
            encoding,
            steps,
        } = &self.get(file).content
        else {
            return None;
        };
        if let Ok(start) = usize::try_from(range.start)
            && start <= head.len()
            && (path.is_none() || range.end <= head.len() as u64)
        {
            let end = (range.end as usize).min(head.len());
            return Some(head[start..end].to_vec());
        }
        let mut bytes = Vec::new();
        from(path.as_ref()?, *encoding, steps.as_ref(), range.start)
            .ok()?
            .take(range.end - range.start)
            .read_to_end(&mut bytes)
            .ok()?;
        Some(bytes)
    }

    /// What stands in a cell of a report, quotes included, read again; of a sheet, without the
    /// quotes that only its way into our hands put there. `None` where there is no such cell, or it
    /// cannot be had again.
    pub fn cell_text(&self, place: &Place) -> Option<String> {
        let (Content::Report { encoding, .. }, Spot::Cell(cell)) =
            (&self.get(place.file).content, &place.spot)
        else {
            return None;
        };
        let wanted = cell.bytes.end - cell.bytes.start;
        let bytes = self.report_bytes(place.file, cell.bytes.clone())?;
        if bytes.len() as u64 != wanted {
            return None;
        }
        let text = encoding.decode(&bytes).into_owned();
        let inside = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        Some(match inside {
            Some(inside) if self.is_sheet(place.file) => inside.replace("\"\"", "\""),
            _ => text,
        })
    }

    /// The lines around a place, for a message; `None` where they cannot be had.
    pub fn excerpt(&self, place: &Place) -> Option<Excerpt> {
        match (&self.get(place.file).content, &place.spot) {
            (Content::Text(text), Spot::Text(span)) => Some(text_excerpt(text, span)),
            (Content::Report { encoding, .. }, Spot::Line { line, offset }) => {
                let bytes = self.report_bytes(place.file, *offset..*offset + AROUND)?;
                let end = line_end(&bytes, 0);
                let text = encoding.decode(&bytes[..end]);
                let text = readable(&text);
                Some(Excerpt {
                    first_line: *line,
                    mark: 0..text.len(),
                    text,
                })
            }
            (Content::Report { encoding, .. }, Spot::Cell(cell)) => {
                let from = cell.bytes.start.saturating_sub(AROUND);
                let to = cell.bytes.end.min(cell.bytes.start + AROUND) + AROUND;
                let bytes = self.report_bytes(place.file, from..to)?;
                cell_excerpt(&bytes, from, *encoding, cell)
            }
            _ => None,
        }
    }
}

/// A file's text from some byte of it on.
fn from(
    path: &Path,
    encoding: Encoding,
    steps: Option<&Steps>,
    at: u64,
) -> io::Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    let Some(steps) = steps else {
        file.seek(SeekFrom::Start(at))?;
        return Ok(Box::new(file));
    };
    let (text, start) = steps.before(at);
    file.seek(SeekFrom::Start(start))?;
    let mut file = Utf16::new(file, encoding, start, text, Some(steps.clone()));
    io::copy(&mut file.by_ref().take(at - text), &mut io::sink())?;
    Ok(Box::new(file))
}

/// A cell in its line; `bytes` stand around it, from byte `from` of the file.
fn cell_excerpt(bytes: &[u8], from: u64, encoding: Encoding, cell: &Cell) -> Option<Excerpt> {
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

/// Tabs as arrows and the cells of a sheet behind lines, so that columns can be told apart; nothing
/// that a terminal would obey.
fn readable(text: &str) -> String {
    crate::model::name::printable(&text.replace('\t', "→").replace('\u{1f}', " │ "))
}

fn text_excerpt(text: &str, span: &Range<usize>) -> Excerpt {
    let start = floor_boundary(text, span.start);
    let end = floor_boundary(text, span.end.max(start));
    let line_start = text[..start].rfind('\n').map_or(0, |p| p + 1);
    let first_end = text[start..].find('\n').map_or(text.len(), |p| start + p);
    let line_end = line_start + text[line_start..first_end].trim_end_matches('\r').len();
    let (from, to) = (start.min(line_end), end.min(line_end));
    let shown = |range: Range<usize>| crate::model::name::printable(&text[range]);
    let mut line = shown(line_start..from);
    let mark = line.len();
    line.push_str(&shown(from..to));
    let mark = mark..line.len();
    line.push_str(&shown(to..line_end));
    Excerpt {
        first_line: line_column(text, start).0,
        mark,
        text: line,
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

/// Why a file could not be read or written: the commonest reasons in Russian, the system's own
/// words for the rest.
pub fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "нет такого файла или папки".into(),
        io::ErrorKind::PermissionDenied => "нет доступа".into(),
        io::ErrorKind::IsADirectory => "это папка".into(),
        io::ErrorKind::NotADirectory => "на месте папки стоит файл".into(),
        io::ErrorKind::AlreadyExists => "такое имя уже занято".into(),
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
            sheet: None,
            content: Content::Report {
                path: None,
                head: bytes.to_vec(),
                encoding: Encoding::Utf8,
                steps: None,
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
    fn a_data_file_is_shown_without_what_a_terminal_would_obey() {
        let text = "id = 1\r\n\u{98}a = \"\u{1b}[31m\u{202e}b\" # c\r\n";
        let start = text.find('"').expect("there");
        let end = text.rfind('"').expect("there") + 1;
        let excerpt = text_excerpt(text, &(start..end));
        assert_eq!(excerpt.text, r#"\u{98}a = "\u{1b}[31mb" # c"#);
        assert_eq!(&excerpt.text[excerpt.mark], r#""\u{1b}[31mb""#);
        assert_eq!(excerpt.first_line, 2);
        // A fault of the whole line, its end included.
        let excerpt = text_excerpt(text, &(0..8));
        assert_eq!((&*excerpt.text, excerpt.mark), ("id = 1", 0..6));
    }

    #[test]
    fn encodings_are_found_by_name() {
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::from_id(encoding.id()), Some(encoding));
        }
        for (name, id) in [
            ("CP866", "ibm866"),
            ("mac", "x-mac-cyrillic"),
            ("UTF-16", "utf-16le"),
        ] {
            assert_eq!(Encoding::from_id(name).map(Encoding::id), Some(id));
        }
        let word = "Детский сад, 5: ёж";
        for encoding in Encoding::ALL {
            let bytes = encoding.encode(word).expect("has the letters");
            assert_eq!(encoding.decode(&bytes), word);
        }
    }

    #[test]
    fn blanks_are_those_of_the_encoding() {
        for encoding in Encoding::ALL {
            let is_blank = |text: &str| encoding.is_blank(&encoding.encode(text).expect("letters"));
            assert!(is_blank("") && is_blank(" \t\r\n") && is_blank(" \u{a0}\u{a0} "));
            assert!(encoding.is_blank(b"\0\0 \0"));
            for letter in
                "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ0-".chars()
            {
                let text = letter.to_string();
                assert!(!is_blank(&text), "{letter} in {}", encoding.id());
                assert!(
                    !is_blank(&format!(" \u{a0}{text}")),
                    "{letter} in {}",
                    encoding.id()
                );
            }
        }
    }

    #[test]
    fn zeros_that_fill_a_cell_up_are_dropped() {
        for (bytes, text) in [
            (&b"12\0\0"[..], "12"),
            (b"\0\0 12 \0 \0", " 12 "),
            (b"1\x002", "1\u{fffd}2"),
            (b"\0", ""),
            (b" \0 ", ""),
            (b" 12 ", " 12 "),
        ] {
            for encoding in [Encoding::Utf8, Encoding::Ibm866] {
                assert_eq!(encoding.decode(bytes), text);
            }
        }
        // No-break spaces fill up as well.
        assert_eq!(Encoding::Ibm866.decode(b"\xff\0\0\xff"), "");
    }
}
