//! Files → tables: what a file is, opened and ready to be read.

use std::fs::{File, Metadata};
use std::io::{self, Read};

use super::dialect::{self, Beginning, NoText};
use super::inputs::Input;
use super::meter::Meter;
use super::remarks::{assumed_encoding, line_at};
use super::report::Options;
use super::workbook::{self, Limits, NoWorkbook, Sheet};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::name::printable;
use crate::source::{Content, Encoding, FileId, Place, SourceFile, Sources, io_reason};

/// A table ready to be read: a text file, or a sheet of a workbook.
pub struct Opened {
    /// The file.
    pub file: FileId,
    /// What follows the head.
    pub input: Box<dyn Read>,
    /// Its first bytes.
    pub head: Vec<u8>,
    /// The head is all there is.
    pub whole: bool,
    /// Bytes of the byte order mark in front.
    pub mark: usize,
    /// How its bytes make letters.
    pub encoding: Encoding,
    /// What sets its cells apart, where that is known.
    pub delimiter: Option<u8>,
    /// The sheet of a workbook that it is.
    pub sheet: Option<String>,
    /// How long it is, where that is known.
    pub length: Option<u64>,
    /// What is hidden in it.
    pub hidden: Vec<Diagnostic>,
}

/// Opens a file: a text is one table, a workbook has one a sheet.
///
/// # Errors
/// It cannot be read as a table; why has been said.
pub fn open(
    input: &Input,
    options: &Options,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Opened>, FileId> {
    let (encoding, meter) = (options.encoding, &options.meter);
    let mut start = Vec::new();
    let begun = bytes(input).and_then(|(mut bytes, length)| {
        bytes.by_ref().take(START).read_to_end(&mut start)?;
        Ok((bytes, length))
    });
    match begun {
        Ok((rest, _)) if workbook::is_packed(&start) => {
            let bytes = io::Cursor::new(start).chain(rest);
            sheets(input, bytes, meter, sources, diagnostics)
        }
        Ok((rest, length)) => {
            let bytes = meter.count(io::Cursor::new(start).chain(rest));
            let bytes = Ok((Box::new(bytes) as Box<dyn Read>, length));
            text(input, bytes, encoding, sources, diagnostics)
        }
        Err(error) => text(input, Err(error), encoding, sources, diagnostics),
    }
}

/// Bytes by which a workbook is told from a text.
const START: u64 = 8;

/// The sheets of a workbook that hold anything.
fn sheets(
    input: &Input,
    bytes: impl Read,
    meter: &Meter,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Opened>, FileId> {
    let limits = Limits::default();
    let read = match &input.path {
        Some(path) => {
            let read = File::open(path)
                .map_err(NoWorkbook::from)
                .and_then(|file| workbook::read(io::BufReader::new(file), &limits));
            // It is read here and there, and some of it twice: it counts when it is done.
            meter.add(std::fs::metadata(path).map_or(0, |about| about.len()));
            read
        }
        None => {
            // A workbook is read from its end: what comes through a pipe is taken in whole.
            let mut whole = Vec::new();
            meter
                .count(bytes)
                .take(limits.unpacked)
                .read_to_end(&mut whole)
                .map_err(NoWorkbook::from)
                .and_then(|_| workbook::read(io::Cursor::new(whole), &limits))
        }
    };
    let mut add = |sheet: Option<&Sheet>| {
        sources.add(SourceFile {
            name: input.name.clone(),
            sheet: sheet.map(|sheet| printable(&sheet.name)),
            content: Content::Report {
                path: None,
                head: sheet.map_or(Vec::new(), |sheet| sheet.text.clone()),
                encoding: Encoding::Utf8,
                steps: None,
            },
        })
    };
    let sheets = match read {
        Ok(workbook) => workbook.sheets,
        Err(reason) => {
            let file = add(None);
            diagnostics.push(reason.diagnostic(Place::whole(file)));
            return Err(file);
        }
    };
    let filled: Vec<Sheet> = sheets.into_iter().filter(|sheet| sheet.rows > 0).collect();
    if filled.is_empty() {
        let file = add(None);
        diagnostics.push(nothing(file));
        return Err(file);
    }
    let opened = filled.into_iter().map(|sheet| {
        let file = add(Some(&sheet));
        Opened {
            file,
            hidden: sheet.remarks(&Place::whole(file)),
            input: Box::new(io::empty()),
            head: sheet.text,
            whole: true,
            mark: 0,
            encoding: Encoding::Utf8,
            delimiter: Some(workbook::SEPARATOR),
            sheet: Some(sheet.name),
            length: None,
        }
    });
    Ok(opened.collect())
}

/// A workbook in which nothing is filled in.
fn nothing(file: FileId) -> Diagnostic {
    Diagnostic::new(Code::NotATable, Some(Place::whole(file)), "книга пуста")
        .help("попросите прислать заполненный отчёт")
}

/// A text as a table.
fn text(
    input: &Input,
    bytes: io::Result<(Box<dyn Read>, Option<u64>)>,
    encoding: Option<Encoding>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Opened>, FileId> {
    let file = sources.add(SourceFile {
        name: input.name.clone(),
        sheet: None,
        content: Content::Report {
            path: input.path.clone(),
            head: Vec::new(),
            encoding: Encoding::Utf8,
            steps: None,
        },
    });
    let begun = match bytes.and_then(|(bytes, length)| dialect::begin(bytes, length, encoding)) {
        Ok(Ok(begun)) => begun,
        Ok(Err(reason)) => {
            diagnostics.push(no_text(file, reason));
            return Err(file);
        }
        Err(error) => {
            diagnostics.push(unreadable(file, &error));
            return Err(file);
        }
    };
    let Beginning {
        text,
        head,
        whole,
        rest,
        steps,
    } = begun;
    let kept = if whole || input.path.is_none() {
        head.clone()
    } else {
        Vec::new()
    };
    sources.get_mut(file).content = Content::Report {
        path: input.path.clone().filter(|_| !whole),
        head: kept,
        encoding: text.encoding,
        steps,
    };
    if let Some(at) = text.spoilt {
        diagnostics.push(spoilt(file, &head, at, text.encoding));
    }
    if let Some(at) = text.zero {
        diagnostics.push(zeros(file, &head, at));
    }
    if let Some(rival) = text.rival {
        diagnostics.push(assumed_encoding(file, &head, text.encoding, rival));
    }
    let length = match &input.path {
        Some(_) if whole => Some(head.len() as u64),
        Some(path) => file_length(std::fs::metadata(path)),
        None => None,
    };
    Ok(vec![Opened {
        file,
        input: rest,
        head,
        whole,
        mark: text.mark,
        encoding: text.encoding,
        delimiter: None,
        sheet: None,
        length,
        hidden: Vec::new(),
    }])
}

/// What stands in a file, and how long it is where that is known.
fn bytes(input: &Input) -> io::Result<(Box<dyn Read>, Option<u64>)> {
    let Some(path) = &input.path else {
        return Ok((Box::new(io::stdin()), None));
    };
    let file = File::open(path)?;
    let length = file_length(file.metadata());
    Ok((Box::new(file), length))
}

/// The length of a plain file; nothing else has one.
fn file_length(about: io::Result<Metadata>) -> Option<u64> {
    let about = about.ok().filter(Metadata::is_file);
    about.map(|about| about.len())
}

/// A file that cannot be read.
pub fn unreadable(file: FileId, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableFile,
        Some(Place::whole(file)),
        format!("файл не читается: {}", io_reason(error)),
    )
    .help("закройте его в других программах, проверьте доступ и повторите")
}

/// Bytes that are no letters in a file whose encoding is known otherwise.
fn spoilt(file: FileId, head: &[u8], at: usize, encoding: Encoding) -> Diagnostic {
    let encoding = if encoding.is_utf16() {
        "UTF-16"
    } else {
        "UTF-8"
    };
    Diagnostic::new(
        Code::UnknownEncoding,
        Some(line_at(file, head, at)),
        format!("файл в {encoding}, но в нём есть байты, которые в ней ничего не значат"),
    )
    .label("на этой строке")
    .help("такие буквы показаны знаком �; сохраните файл заново как «CSV UTF-8»")
}

/// Zero bytes in a text.
fn zeros(file: FileId, head: &[u8], at: usize) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownEncoding,
        Some(line_at(file, head, at)),
        "в файле есть нулевые байты: они ничего не значат",
    )
    .severity(Severity::Warning)
    .label("на этой строке первый")
    .help(
        "по краям ячеек они отброшены, внутри показаны знаком �; если чего-то не хватает, \
         сохраните файл заново как «CSV UTF-8»",
    )
}

fn no_text(file: FileId, reason: NoText) -> Diagnostic {
    let (message, help) = match reason {
        NoText::Workbook => (
            "это книга табличной программы, а не CSV",
            "откройте её и сохраните как «CSV UTF-8 (разделитель — запятая)»; файл не учтён",
        ),
        NoText::Binary => (
            "это не текст и не таблица",
            "попросите прислать отчёт в CSV; файл не учтён",
        ),
    };
    Diagnostic::new(Code::NotATable, Some(Place::whole(file)), message).help(help)
}
