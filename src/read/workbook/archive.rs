//! A zip archive of XML parts, unpacked and parsed within limits.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::io::{self, BufReader, Read, Seek};

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{Excess, Limits, NoWorkbook};
use crate::source::io_reason;

/// A tag or a piece of text longer than this is no part of a table.
const LONGEST_ELEMENT: usize = 16 << 20;

/// Text of a cell beyond this is refused; Excel holds 32767 letters.
pub(super) const LONGEST_CELL: usize = 1 << 20;

/// Tags within tags; spreadsheets need fewer than twenty.
const DEEPEST: u32 = 256;

/// What may still be unpacked and kept.
pub(super) struct Budget {
    limits: Limits,
    /// The size of the file.
    packed: u64,
    unpacked: Cell<u64>,
    kept: Cell<u64>,
}

impl Budget {
    pub(super) fn new(limits: Limits, packed: u64) -> Budget {
        Budget {
            limits,
            packed,
            unpacked: Cell::new(0),
            kept: Cell::new(0),
        }
    }

    /// Counts bytes that came out of the archive.
    fn unpack(&self, bytes: usize) -> Result<(), Excess> {
        let unpacked = self.unpacked.get() + bytes as u64;
        self.unpacked.set(unpacked);
        let Limits {
            unpacked: most,
            growth,
            modest,
            ..
        } = self.limits;
        if unpacked > most {
            Err(Excess::Unpacked(most))
        } else if unpacked > modest && unpacked / growth > self.packed {
            Err(Excess::Growth(growth))
        } else {
            Ok(())
        }
    }

    /// Counts bytes that are about to be kept.
    pub(super) fn keep(&self, bytes: u64) -> Result<(), NoWorkbook> {
        let kept = self.kept.get().saturating_add(bytes);
        if kept > self.limits.kept {
            return Err(NoWorkbook::TooLarge(Excess::Kept(self.limits.kept)));
        }
        self.kept.set(kept);
        Ok(())
    }
}

/// The archive and the names of its parts.
pub(super) struct Archive<'b, R> {
    zip: ZipArchive<R>,
    /// In lower case, with slashes: some programs write `xl\Worksheets\Sheet1.xml`.
    parts: HashMap<String, usize>,
    pub(super) budget: &'b Budget,
}

impl<'b, R: Read + Seek> Archive<'b, R> {
    pub(super) fn open(source: R, budget: &'b Budget) -> Result<Self, NoWorkbook> {
        let zip = ZipArchive::new(source)?;
        let mut parts = HashMap::new();
        for (index, name) in zip.file_names_raw().enumerate() {
            parts.insert(plain(&String::from_utf8_lossy(name)), index);
        }
        Ok(Archive { zip, parts, budget })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&plain(name))
    }

    fn unpacked(&mut self, name: &str) -> Result<Option<Metered<'_>>, NoWorkbook> {
        let Some(index) = self.parts.get(&plain(name)) else {
            return Ok(None);
        };
        Ok(Some(Metered {
            inner: Box::new(self.zip.by_index(*index)?),
            budget: self.budget,
            element: 0,
        }))
    }

    /// The first bytes of a part that is a line of text.
    pub(super) fn small(&mut self, name: &str) -> Result<Option<Vec<u8>>, NoWorkbook> {
        let mut bytes = Vec::new();
        match self.unpacked(name)? {
            Some(part) => part.take(256).read_to_end(&mut bytes)?,
            None => return Ok(None),
        };
        Ok(Some(bytes))
    }

    /// A part that may be there.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Xml<'_>>, NoWorkbook> {
        Ok(self.unpacked(name)?.map(|part| Xml {
            reader: quick_xml::Reader::from_reader(BufReader::new(part)),
            buffer: Vec::new(),
            part: name.to_owned(),
            depth: 0,
        }))
    }

    /// A part that must be there.
    pub(super) fn required(&mut self, name: &str) -> Result<Xml<'_>, NoWorkbook> {
        self.part(name)?
            .ok_or_else(|| NoWorkbook::Damaged(format!("нет его части «{name}»")))
    }
}

fn plain(name: &str) -> String {
    name.replace('\\', "/").to_lowercase()
}

/// A part as it is unpacked, counted byte by byte: the sizes that the archive states prove nothing.
struct Metered<'a> {
    inner: Box<dyn Read + 'a>,
    budget: &'a Budget,
    /// Bytes since the element in hand began.
    element: usize,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.element += count;
        if self.element > LONGEST_ELEMENT {
            return Err(io::Error::other(Excess::Element(LONGEST_ELEMENT)));
        }
        self.budget.unpack(count).map_err(io::Error::other)?;
        Ok(count)
    }
}

/// An XML part, event by event.
pub(super) struct Xml<'a> {
    reader: quick_xml::Reader<BufReader<Metered<'a>>>,
    buffer: Vec<u8>,
    part: String,
    depth: u32,
}

impl Xml<'_> {
    /// The next event; the end of the part only where every tag is closed.
    pub(super) fn next(&mut self) -> Result<Event<'_>, NoWorkbook> {
        self.buffer.clear();
        self.reader.get_mut().get_mut().element = 0;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => return Err(failed(&error)),
            Err(_) => return Err(broken(&self.part)),
        };
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth -= 1,
            Event::Eof if self.depth > 0 => {
                let part = &self.part;
                return Err(NoWorkbook::Damaged(format!("обрывается часть «{part}»")));
            }
            _ => {}
        }
        if self.depth > DEEPEST {
            return Err(broken(&self.part));
        }
        Ok(event)
    }

    /// How many tags are open.
    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    /// Passes over all that is left of the element whose opening tag came last.
    pub(super) fn skip(&mut self) -> Result<(), NoWorkbook> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// Adds the text of the element whose opening tag came last, without that of elements in it.
    pub(super) fn text(&mut self, text: &mut String) -> Result<(), NoWorkbook> {
        let inside = self.depth;
        while self.depth >= inside {
            let here = self.depth == inside;
            match self.next()? {
                event if here => add_text(&event, text)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// That something in this part is not as it must be.
    pub(super) fn damaged(&self, what: &str) -> NoWorkbook {
        NoWorkbook::Damaged(format!("часть «{}»: {what}", self.part))
    }
}

/// Adds what an event says, where it is text.
pub(super) fn add_text(event: &Event<'_>, text: &mut String) -> Result<(), NoWorkbook> {
    match event {
        Event::Text(piece) => text.push_str(&piece.xml10_content()),
        Event::CData(piece) => text.push_str(&piece.xml10_content()),
        Event::GeneralRef(reference) => text.push_str(&resolved(reference)?),
        _ => return Ok(()),
    }
    if text.len() > LONGEST_CELL {
        return Err(NoWorkbook::TooLarge(Excess::Cell(LONGEST_CELL)));
    }
    Ok(())
}

/// The five entities of XML and the letters given by number. What a part defines itself is not
/// looked up: office programs define nothing, and it is how small files are made to grow.
fn resolved(reference: &BytesRef<'_>) -> Result<Cow<'static, str>, NoWorkbook> {
    if let Some(text) = resolve_xml_entity(reference) {
        return Ok(Cow::Borrowed(text));
    }
    match reference.resolve_char_ref() {
        Ok(Some(letter)) => Ok(Cow::Owned(letter.to_string())),
        _ => Err(NoWorkbook::Damaged(format!(
            "в тексте неизвестное обозначение «&{};»",
            crate::read::cell::shorten(reference)
        ))),
    }
}

/// The attributes of an element, named as they stand, prefix and all.
pub(super) fn attributes<'e>(
    element: &'e BytesStart<'_>,
) -> impl Iterator<Item = Result<(&'e str, Attribute<'e>), NoWorkbook>> {
    // They are not held against one another: with many of them that takes for ever.
    let mut all = element.attributes();
    all.with_checks(false);
    all.map(|attribute| {
        let attribute = attribute.map_err(|_| spoilt())?;
        Ok((attribute.key.into_inner(), attribute))
    })
}

/// What the attribute with this name says.
pub(super) fn attribute(
    element: &BytesStart<'_>,
    name: &str,
) -> Result<Option<String>, NoWorkbook> {
    for attribute in attributes(element) {
        let (key, attribute) = attribute?;
        if key == name {
            return Ok(Some(value(&attribute)?.into_owned()));
        }
    }
    Ok(None)
}

/// What an attribute says.
pub(super) fn value<'e>(attribute: &Attribute<'e>) -> Result<Cow<'e, str>, NoWorkbook> {
    attribute
        .normalized_value(XmlVersion::Implicit1_0)
        .map_err(|_| spoilt())
}

fn spoilt() -> NoWorkbook {
    NoWorkbook::Damaged("в одном из его тегов нарушена разметка".into())
}

/// What an attribute that is yes or no says.
pub(super) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true")
}

fn broken(part: &str) -> NoWorkbook {
    NoWorkbook::Damaged(format!("в части «{part}» нарушена разметка"))
}

fn failed(error: &io::Error) -> NoWorkbook {
    if let Some(excess) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return NoWorkbook::TooLarge(*excess);
    }
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            NoWorkbook::Damaged("он не распаковывается до конца".into())
        }
        _ => NoWorkbook::Io(io_reason(error)),
    }
}

impl From<io::Error> for NoWorkbook {
    fn from(error: io::Error) -> NoWorkbook {
        failed(&error)
    }
}

impl From<ZipError> for NoWorkbook {
    fn from(error: ZipError) -> NoWorkbook {
        match error {
            ZipError::Io(error) => failed(&error),
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)
            | ZipError::InvalidPassword => NoWorkbook::Encrypted,
            ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
                NoWorkbook::Damaged("он сжат способом, которого нет у табличных программ".into())
            }
            _ => NoWorkbook::Damaged("он обрывается или не упакован как положено".into()),
        }
    }
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.russian())
    }
}

impl Error for Excess {}
