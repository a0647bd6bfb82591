//! The elements of a text document, written in the order that its schema wants.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::document::Tone;
use crate::render::office::{shade, text};

/// How letters look besides their style.
#[derive(Clone, Copy, Default)]
pub(super) struct Ink {
    pub tone: Tone,
    pub strike: bool,
    pub under: bool,
}

/// XML as it is written.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    pub(super) fn new() -> io::Result<Xml> {
        let mut writer = Writer::new(Vec::new());
        let declaration = BytesDecl::new("1.0", Some("UTF-8"), Some("yes"));
        writer.write_event(Event::Decl(declaration))?;
        Ok(Xml(writer))
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0.into_inner()
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Start(start))
    }

    pub(super) fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Empty(start))
    }

    /// An element with a text, which must be fit for XML.
    pub(super) fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        text: &str,
    ) -> io::Result<()> {
        self.open(name, attributes)?;
        self.0.write_event(Event::Text(BytesText::new(text)))?;
        self.close(name)
    }

    /// A heading, where there is one.
    pub(super) fn heading(&mut self, title: &str, level: u8) -> io::Result<()> {
        if title.is_empty() {
            return Ok(());
        }
        self.paragraph(&format!("Heading{level}"), title)
    }

    pub(super) fn paragraph(&mut self, style: &str, text: &str) -> io::Result<()> {
        self.toned(style, text, Tone::Plain)
    }

    pub(super) fn toned(&mut self, style: &str, text: &str, tone: Tone) -> io::Result<()> {
        self.begin(style)?;
        let ink = Ink {
            tone,
            ..Ink::default()
        };
        self.run(text, ink)?;
        self.close("w:p")
    }

    /// Opens a paragraph.
    pub(super) fn begin(&mut self, style: &str) -> io::Result<()> {
        self.open("w:p", &[])?;
        self.open("w:pPr", &[])?;
        self.empty("w:pStyle", &[("w:val", style)])?;
        self.close("w:pPr")
    }

    /// Letters of one look; «№» stays with its number.
    pub(super) fn run(&mut self, own: &str, ink: Ink) -> io::Result<()> {
        self.open("w:r", &[])?;
        let shade = shade(ink.tone);
        if shade.is_some() || ink.strike || ink.under {
            self.open("w:rPr", &[])?;
            if ink.strike {
                self.empty("w:strike", &[])?;
            }
            if let Some(shade) = shade {
                self.empty("w:color", &[("w:val", shade.ink)])?;
            }
            if ink.under {
                self.empty("w:u", &[("w:val", "single")])?;
            }
            self.close("w:rPr")?;
        }
        let own = text(own).replace("№ ", "№\u{a0}");
        self.element("w:t", &[("xml:space", "preserve")], &own)?;
        self.close("w:r")
    }
}
