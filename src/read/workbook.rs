//! Workbooks: XLSX and ODS → their sheets as records.
//!
//! A sheet becomes text that [`delimited`](super::delimited) splits like any other: one record a
//! row, so that row 7 of the sheet is record 7 and cell D7 its fourth cell, under whatever title
//! and blank rows. A cell's text is what the same sheet saved as CSV would have: the value of a
//! formula, not the formula; `78,45%` for 0,7845 shown as a percentage; `31.12.2025` for a day; a
//! number stored as text as it was typed. Of merged cells the first one holds the text. A formula
//! whose value was never stored stands as it is, `=SUM(B5:B9)`, for the cell's reader to refuse.
//!
//! Values are the decimals that stand in the file: they never pass through floating point. The
//! parts are unpacked and parsed in one pass, within [`Limits`] that are measured on the way, so a
//! hostile file costs no more than a large one. What is hidden is read like the rest, and said.
//!
//! The formats are read by `zip` and `quick-xml` rather than by a spreadsheet crate: those tried
//! tell neither hidden rows nor which cells of an ODS or XLS are percentages, hold whole sheets as
//! grids, and panic or never end on damaged files.

mod archive;
mod format;
mod number;
mod ods;
mod records;
mod remarks;
mod xlsx;

use std::io::{Read, Seek, SeekFrom};

use archive::{Archive, Budget};

pub use records::SEPARATOR;

/// What sort of workbook a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Excel's: XLSX, XLSM, XLTX.
    Xlsx,
    /// OpenDocument's: ODS, OTS.
    Ods,
}

/// A workbook that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Workbook {
    /// What sort it is.
    pub kind: Kind,
    /// Its sheets in their order, hidden and empty ones too; charts have no cells and are no sheets.
    pub sheets: Vec<Sheet>,
}

/// A sheet as records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// As its tab says.
    pub name: String,
    /// Not among the tabs that are shown.
    pub hidden: bool,
    /// UTF-8: record n is row n, cells are set apart by [`SEPARATOR`], and quoted as RFC 4180 has
    /// it only where they must be. Nothing follows the last filled row, nor the last filled cell
    /// of a row.
    pub text: Vec<u8>,
    /// The last row with anything in it, from 1; 0 for an empty sheet.
    pub rows: u32,
    /// The last column with anything in it, from 1.
    pub columns: u32,
    /// Rows with something in them that are not shown, from 1, upwards.
    pub hidden_rows: Vec<u32>,
    /// Columns with something in them that are not shown, from 1, upwards.
    pub hidden_columns: Vec<u32>,
}

/// How much of a file is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of its parts, unpacked.
    pub unpacked: u64,
    /// Times that it may grow by being unpacked; asked of files that unpack to more than
    /// [`Limits::modest`].
    pub growth: u64,
    /// Bytes that any file may unpack to.
    pub modest: u64,
    /// Bytes that are kept at once: the text of the sheets, and what it takes to make it.
    pub kept: u64,
}

impl Default for Limits {
    /// Enough for a million rows of thirty columns.
    fn default() -> Limits {
        Limits {
            unpacked: 1 << 30,
            growth: 400,
            modest: 64 << 20,
            kept: 256 << 20,
        }
    }
}

/// Why a file gave no workbook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoWorkbook {
    /// Locked with a password.
    Encrypted,
    /// Packed like a workbook, but something else.
    Other(Other),
    /// Broken; says what is wrong with it, in Russian.
    Damaged(String),
    /// Beyond a limit.
    TooLarge(Excess),
    /// The system could not read it; says why.
    Io(String),
}

/// What else a packed file can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Other {
    /// A workbook of Excel 97–2003: XLS.
    OldExcel,
    /// A binary workbook of Excel: XLSB.
    BinaryExcel,
    /// DOC, DOCX, ODT.
    TextDocument,
    /// PPT, PPTX, ODP.
    Presentation,
    /// An office document of another sort.
    OfficeDocument,
    /// Any other archive.
    Archive,
}

/// Which limit a file is beyond.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Excess {
    /// [`Limits::unpacked`], which it holds.
    Unpacked(u64),
    /// [`Limits::growth`], which it holds.
    Growth(u64),
    /// [`Limits::kept`], which it holds.
    Kept(u64),
    /// A single tag or piece of text of so many bytes.
    Element(usize),
    /// The text of a single cell of so many bytes.
    Cell(usize),
    /// A single row of so many bytes.
    Row(usize),
    /// So many sheets.
    Sheets(usize),
}

/// The hidden sheet of our own blank reports that holds the words to choose from: no report.
pub const LISTS: &str = "Списки";

const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Whether a file that begins so is packed, and [`read`] is to say what it is: it is no text.
pub fn is_packed(head: &[u8]) -> bool {
    head.starts_with(OLE) || head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Reads all sheets of a workbook.
///
/// # Errors
/// Why it cannot be read; nothing of it is given then.
pub fn read<R: Read + Seek>(mut source: R, limits: &Limits) -> Result<Workbook, NoWorkbook> {
    let length = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    let mut head = Vec::new();
    source
        .by_ref()
        .take(OLE.len() as u64)
        .read_to_end(&mut head)?;
    if head == OLE {
        return Err(compound(&mut source)?);
    }
    let budget = Budget::new(*limits, length);
    let mut archive = Archive::open(source, &budget)?;
    let kind = kind(&mut archive)?;
    let sheets = match kind {
        Kind::Xlsx => xlsx::read(&mut archive)?,
        Kind::Ods => ods::read(&mut archive)?,
    };
    Ok(Workbook { kind, sheets })
}

/// What an archive is: an OpenDocument file says so in a part of its own, the others by their
/// parts.
fn kind<R: Read + Seek>(archive: &mut Archive<'_, R>) -> Result<Kind, NoWorkbook> {
    if let Some(mime) = archive.small("mimetype")? {
        let mime = String::from_utf8_lossy(&mime);
        if let Some(sort) = mime.strip_prefix("application/vnd.oasis.opendocument.") {
            return match sort.trim_end() {
                "spreadsheet" | "spreadsheet-template" => Ok(Kind::Ods),
                sort if sort.starts_with("text") => Err(NoWorkbook::Other(Other::TextDocument)),
                sort if sort.starts_with("presentation") => {
                    Err(NoWorkbook::Other(Other::Presentation))
                }
                _ => Err(NoWorkbook::Other(Other::OfficeDocument)),
            };
        }
    }
    if archive.has("xl/workbook.bin") {
        Err(NoWorkbook::Other(Other::BinaryExcel))
    } else if archive.has("word/document.xml") {
        Err(NoWorkbook::Other(Other::TextDocument))
    } else if archive.has("ppt/presentation.xml") {
        Err(NoWorkbook::Other(Other::Presentation))
    } else if archive.has(xlsx::RELATIONS) || archive.has(xlsx::MAIN) {
        Ok(Kind::Xlsx)
    } else {
        Err(NoWorkbook::Other(Other::Archive))
    }
}

/// What an OLE compound file is, by the first name in its directory that tells: the old formats of
/// Microsoft Office, and its new ones when they are locked.
fn compound<R: Read + Seek>(source: &mut R) -> Result<NoWorkbook, NoWorkbook> {
    /// Bytes of an entry of the directory, which begins with its name in UTF-16.
    const ENTRY: usize = 128;
    source.rewind()?;
    let mut header = Vec::new();
    source.by_ref().take(512).read_to_end(&mut header)?;
    let (Some(shift), Some(first)) = (header.get(30), header.get(48..52)) else {
        return Err(NoWorkbook::Damaged("он обрывается в самом начале".into()));
    };
    let first = u32::from_le_bytes([first[0], first[1], first[2], first[3]]);
    let at = (u64::from(first) + 1) << (shift % 16);
    source.seek(SeekFrom::Start(at))?;
    let mut directory = Vec::new();
    source
        .take(512 * ENTRY as u64)
        .read_to_end(&mut directory)?;
    let known = directory.chunks(ENTRY).find_map(|entry| {
        let name: String = entry
            .as_chunks::<2>()
            .0
            .iter()
            .map_while(|unit| char::from_u32(u32::from(u16::from_le_bytes(*unit))))
            .take_while(|letter| *letter != '\0')
            .collect();
        match name.to_lowercase().as_str() {
            "encryptedpackage" => Some(NoWorkbook::Encrypted),
            "workbook" | "book" => Some(NoWorkbook::Other(Other::OldExcel)),
            "worddocument" => Some(NoWorkbook::Other(Other::TextDocument)),
            "powerpoint document" => Some(NoWorkbook::Other(Other::Presentation)),
            _ => None,
        }
    });
    Ok(known.unwrap_or(NoWorkbook::Other(Other::OfficeDocument)))
}
