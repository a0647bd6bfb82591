//! Documents for Word: A4, headings that its navigation shows, tables whose headers repeat, wide
//! parts on their side. No clock is asked: the same input makes the same bytes.
//!
//! Why not the HTML page: opened by a word processor (LibreOffice was tried) it is a web page still;
//! its tables lose their lines and their colours, which are worded in a way that browsers alone
//! know, and there are no page numbers, no landscape and no A4.
//!
//! Why not a crate: docx-rs would bring thirty-nine crates, among them an XML writer and a packer of
//! archives of other versions than ours, for the dozen elements that are used here.

mod table;
mod width;
mod xml;

use std::io::{self, Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use self::width::{LANDSCAPE, PORTRAIT, Sized};
use self::xml::{Ink, Xml};
use super::office;
use crate::document::{Block, Document, Mark, Run, Tone};

/// What is the same in all files.
const PARTS: [(&str, &str); 6] = [
    (
        "[Content_Types].xml",
        include_str!("docx/content_types.xml"),
    ),
    ("_rels/.rels", include_str!("docx/package.rels")),
    (
        "word/_rels/document.xml.rels",
        include_str!("docx/document.rels"),
    ),
    ("word/styles.xml", include_str!("docx/styles.xml")),
    ("word/settings.xml", include_str!("docx/settings.xml")),
    ("word/footer.xml", include_str!("docx/footer.xml")),
];

/// The names by which Word knows its elements.
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The document as a file for Word.
///
/// # Errors
/// It does not fit into an archive.
pub fn render(document: &Document) -> anyhow::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // An archive must say when it was packed; this is how it says that it does not know.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut put = |name: &str, text: &[u8]| -> anyhow::Result<()> {
        archive.start_file(name, options)?;
        Ok(archive.write_all(text)?)
    };
    for (name, text) in PARTS {
        put(name, text.as_bytes())?;
    }
    put("docProps/core.xml", &properties(document)?)?;
    put("word/document.xml", &body(document)?)?;
    Ok(archive.finish()?.into_inner())
}

/// What a file manager shows of the file.
fn properties(document: &Document) -> io::Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.open(
        "cp:coreProperties",
        &[
            (
                "xmlns:cp",
                "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
            ),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:dcterms", "http://purl.org/dc/terms/"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ],
    )?;
    xml.element(
        "dcterms:created",
        &[("xsi:type", "dcterms:W3CDTF")],
        "1980-01-01T00:00:00Z",
    )?;
    xml.element("dc:language", &[], "ru-RU")?;
    xml.element("dc:title", &[], &office::text(&document.title))?;
    xml.close("cp:coreProperties")?;
    Ok(xml.finish())
}

fn body(document: &Document) -> io::Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.open("w:document", &[("xmlns:w", WORD), ("xmlns:r", RELATIONS)])?;
    xml.open("w:body", &[])?;
    if !document.title.is_empty() {
        xml.paragraph("Title", &document.title)?;
    }
    for line in &document.subtitle {
        xml.paragraph("Subtitle", line)?;
    }
    let sections = sections(document);
    for (index, section) in sections.iter().enumerate() {
        for (block, level) in &section.blocks {
            put(&mut xml, block, *level, section.broad)?;
        }
        if index + 1 < sections.len() {
            xml.open("w:p", &[])?;
            xml.open("w:pPr", &[])?;
            xml.empty("w:pStyle", &[("w:val", "Gap")])?;
            paper(&mut xml, section.broad)?;
            xml.close("w:pPr")?;
            xml.close("w:p")?;
        }
    }
    paper(
        &mut xml,
        sections.last().is_some_and(|section| section.broad),
    )?;
    xml.close("w:body")?;
    xml.close("w:document")?;
    Ok(xml.finish())
}

/// Blocks that stand on paper of one direction, each with the level of its heading.
struct Section<'a> {
    broad: bool,
    blocks: Vec<(&'a Block, u8)>,
}

/// A part that has a wide table lies on its side as a whole: the paper is not turned within it.
fn sections(document: &Document) -> Vec<Section<'_>> {
    let mut parts: Vec<Section<'_>> = Vec::new();
    let mut level = 1;
    for block in &document.blocks {
        let begins = matches!(block, Block::Part { .. });
        if begins || parts.is_empty() {
            let blocks = Vec::new();
            parts.push(Section {
                broad: false,
                blocks,
            });
        }
        if let Some(part) = parts.last_mut() {
            part.broad |= is_broad(block);
            part.blocks.push((block, if begins { 1 } else { level }));
        }
        if begins {
            level = 2;
        }
    }
    // What stands before the first part goes on its paper: a sheet with three lines is no title page.
    if let [first, second, ..] = &mut parts[..]
        && !matches!(first.blocks.first(), Some((Block::Part { .. }, _)))
    {
        first.broad |= second.broad;
    }
    let mut sections: Vec<Section<'_>> = Vec::new();
    for part in parts {
        match sections.last_mut().filter(|last| last.broad == part.broad) {
            Some(last) => last.blocks.extend(part.blocks),
            None => sections.push(part),
        }
    }
    sections
}

fn is_broad(block: &Block) -> bool {
    match block {
        Block::Table(table) => !Sized::fits(table),
        Block::Cards(cards) => !Sized::fits(&office::cards(cards)),
        Block::Grid(grid) => grid.periods.len() > table::periods_across(PORTRAIT),
        _ => false,
    }
}

/// The paper: A4 with margins for a binder, pages numbered.
fn paper(xml: &mut Xml, broad: bool) -> io::Result<()> {
    let (short, long) = ("11906", "16838");
    xml.open("w:sectPr", &[])?;
    xml.empty(
        "w:footerReference",
        &[("w:type", "default"), ("r:id", "rId3")],
    )?;
    match broad {
        true => xml.empty(
            "w:pgSz",
            &[("w:w", long), ("w:h", short), ("w:orient", "landscape")],
        )?,
        false => xml.empty("w:pgSz", &[("w:w", short), ("w:h", long)])?,
    }
    // 20 mm to the left, 15 mm elsewhere.
    let margins = [
        ("w:top", "850"),
        ("w:right", "850"),
        ("w:bottom", "850"),
        ("w:left", "1134"),
        ("w:header", "425"),
        ("w:footer", "425"),
        ("w:gutter", "0"),
    ];
    xml.empty("w:pgMar", &margins)?;
    xml.close("w:sectPr")
}

fn put(xml: &mut Xml, block: &Block, level: u8, broad: bool) -> io::Result<()> {
    let room = if broad { LANDSCAPE } else { PORTRAIT };
    match block {
        Block::Part { title, .. } => xml.heading(title, level),
        Block::Lead(cells) => {
            for (index, cell) in cells.iter().enumerate() {
                let style = if index == 0 { "Lead" } else { "Normal" };
                xml.toned(style, &cell.text, cell.tone)?;
            }
            Ok(())
        }
        Block::Table(own) => {
            xml.heading(&own.title, level)?;
            table::table(xml, own, &[], room)
        }
        Block::Cards(cards) => {
            let under = cards.iter().map(|card| {
                let words = card.chart.iter().map(|chart| chart.words().to_owned());
                card.lines
                    .iter()
                    .cloned()
                    .chain(words)
                    .filter(|line| !line.is_empty())
                    .collect()
            });
            xml.paragraph("Gap", "")?;
            table::table(xml, &office::cards(cards), &under.collect::<Vec<_>>(), room)
        }
        Block::Grid(grid) => {
            xml.heading(&grid.title, level)?;
            table::grid(xml, grid, room)
        }
        Block::Notes { title, lines } => {
            xml.heading(title, level)?;
            remarks(xml, lines)
        }
        Block::Words {
            title,
            paragraphs,
            lines,
        } => {
            xml.heading(title, level)?;
            for runs in paragraphs {
                words(xml, runs)?;
            }
            remarks(xml, lines)
        }
        Block::Code { title, lines, .. } => {
            xml.heading(title, level)?;
            for line in lines {
                xml.paragraph("Code", line)?;
            }
            Ok(())
        }
    }
}

fn remarks(xml: &mut Xml, lines: &[String]) -> io::Result<()> {
    for line in lines {
        xml.paragraph("Remark", line)?;
    }
    Ok(())
}

/// A paragraph in which the words that went are struck out and those that came are underlined.
fn words(xml: &mut Xml, runs: &[Run]) -> io::Result<()> {
    xml.begin("Normal")?;
    for run in runs {
        let (tone, strike, under) = match run.mark {
            Mark::Same => (Tone::Plain, false, false),
            Mark::Removed => (Tone::Bad, true, false),
            Mark::Added => (Tone::Good, false, true),
        };
        let ink = Ink {
            tone,
            strike,
            under,
        };
        xml.run(&run.text, ink)?;
    }
    xml.close("w:p")
}
