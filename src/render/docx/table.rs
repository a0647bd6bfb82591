//! Tables and grids in a text document.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::width::Sized;
use super::xml::{Ink, Xml};
use crate::document::picture::{Arrival, Grid};
use crate::document::{Cell, Table, Tone};
use crate::render::office::{is_filled, shade};

/// The widths of a grid's names and marks, in twentieths of a point.
const NAME: usize = 3700;
const MARK: usize = 320;

/// The height of a character that stands on its side, and what stands about it.
const ASIDE: usize = 110;
const SPARE: usize = 160;

/// A cell as it stands on paper.
#[derive(Clone, Copy)]
struct Place {
    width: usize,
    /// Columns that it goes across.
    across: usize,
    tone: Tone,
    head: bool,
    /// It is a grid's: a sign, or a period on its side.
    narrow: bool,
}

impl Place {
    fn new(width: usize) -> Place {
        Place {
            width,
            across: 1,
            tone: Tone::Plain,
            head: false,
            narrow: false,
        }
    }
}

/// A table; `under`: lines below each row, across all columns.
pub(super) fn table(
    xml: &mut Xml,
    table: &Table,
    under: &[Vec<String>],
    room: usize,
) -> io::Result<()> {
    let Sized { stacks, widths } = Sized::new(table, room);
    if stacks.is_empty() {
        return Ok(());
    }
    begin(xml, &widths)?;
    begin_row(xml, Some(0))?;
    for (stack, &width) in stacks.iter().zip(&widths) {
        let titles = stack
            .iter()
            .filter_map(|&column| table.columns[column].heading());
        begin_cell(
            xml,
            Place {
                head: true,
                ..Place::new(width)
            },
        )?;
        paragraphs(xml, "CellHead", titles, Tone::Plain)?;
        xml.close("w:tc")?;
    }
    xml.close("w:tr")?;
    for (index, row) in table.rows.iter().enumerate() {
        begin_row(xml, None)?;
        for (stack, &width) in stacks.iter().zip(&widths) {
            cell(xml, table, row, stack, width)?;
        }
        xml.close("w:tr")?;
        if let Some(lines) = under.get(index).filter(|lines| !lines.is_empty()) {
            begin_row(xml, None)?;
            let place = Place {
                across: widths.len(),
                ..Place::new(widths.iter().sum())
            };
            begin_cell(xml, place)?;
            paragraphs(
                xml,
                "CellText",
                lines.iter().map(String::as_str),
                Tone::Faint,
            )?;
            xml.close("w:tc")?;
            xml.close("w:tr")?;
        }
    }
    end(xml)
}

fn cell(
    xml: &mut Xml,
    table: &Table,
    row: &[Cell],
    stack: &[usize],
    width: usize,
) -> io::Result<()> {
    let tone = row.get(stack[0]).map_or(Tone::Plain, |cell| cell.tone);
    let figures = table.columns[stack[0]].figures;
    let filled = is_filled(table, stack[0]);
    let behind = if filled { tone } else { Tone::Plain };
    begin_cell(
        xml,
        Place {
            tone: behind,
            ..Place::new(width)
        },
    )?;
    let style = if figures { "CellFigure" } else { "CellText" };
    let texts = table.stacked(row, stack);
    paragraphs(xml, style, texts.into_iter(), tone)?;
    xml.close("w:tc")
}

/// The lines of a cell: the first in its colour, the others fainter. There is always one.
fn paragraphs<'a>(
    xml: &mut Xml,
    style: &str,
    mut lines: impl Iterator<Item = &'a str>,
    tone: Tone,
) -> io::Result<()> {
    xml.toned(style, lines.next().unwrap_or_default(), tone)?;
    for line in lines {
        let tone = if style == "CellHead" {
            Tone::Plain
        } else {
            Tone::Faint
        };
        xml.toned(style, line, tone)?;
    }
    Ok(())
}

/// How many periods a grid has room for.
pub(super) fn periods_across(room: usize) -> usize {
    (room - NAME) / MARK
}

/// Who reported when; what does not fit beside one another stands one below the other.
pub(super) fn grid(xml: &mut Xml, grid: &Grid, room: usize) -> io::Result<()> {
    let most = periods_across(room);
    let mut from = 0;
    loop {
        let to = grid.periods.len().min(from + most);
        columns(xml, grid, from, to)?;
        from = to;
        if from >= grid.periods.len() {
            break;
        }
    }
    xml.begin("CellText")?;
    for (index, arrival) in grid.legend().into_iter().enumerate() {
        let ink = Ink {
            tone: arrival.tone(),
            ..Ink::default()
        };
        let gap = if index > 0 { "     " } else { "" };
        xml.run(&format!("{gap}{}", arrival.sign()), ink)?;
        xml.run(&format!(" — {}", arrival.title()), Ink::default())?;
    }
    xml.close("w:p")?;
    for line in &grid.lines {
        xml.paragraph("Remark", line)?;
    }
    Ok(())
}

fn columns(xml: &mut Xml, grid: &Grid, from: usize, to: usize) -> io::Result<()> {
    let mut widths = vec![NAME];
    // Few periods get more room.
    let mark = if to - from <= 14 { MARK * 5 / 4 } else { MARK };
    widths.extend(std::iter::repeat_n(mark, to - from));
    begin(xml, &widths)?;
    let periods = grid.periods[from..to].iter();
    let longest = periods.map(|period| period.width()).max().unwrap_or(0);
    begin_row(xml, Some(longest * ASIDE + SPARE))?;
    begin_cell(
        xml,
        Place {
            head: true,
            ..Place::new(NAME)
        },
    )?;
    xml.paragraph("CellHead", "Организация")?;
    xml.close("w:tc")?;
    for period in &grid.periods[from..to] {
        let place = Place {
            head: true,
            narrow: true,
            ..Place::new(mark)
        };
        begin_cell(xml, place)?;
        xml.paragraph("CellHead", period)?;
        xml.close("w:tc")?;
    }
    xml.close("w:tr")?;
    for row in &grid.rows {
        begin_row(xml, None)?;
        begin_cell(xml, Place::new(NAME))?;
        xml.paragraph("CellText", &row.title)?;
        xml.close("w:tc")?;
        for at in from..to {
            let arrival = row.marks.get(at).copied();
            let tone = arrival.map_or(Tone::Plain, Arrival::tone);
            let place = Place {
                tone,
                narrow: true,
                ..Place::new(mark)
            };
            begin_cell(xml, place)?;
            xml.toned("CellMark", arrival.map_or("", Arrival::sign), tone)?;
            xml.close("w:tc")?;
        }
        xml.close("w:tr")?;
    }
    end(xml)
}

fn begin(xml: &mut Xml, widths: &[usize]) -> io::Result<()> {
    let number = |width: usize| width.to_string();
    xml.open("w:tbl", &[])?;
    xml.open("w:tblPr", &[])?;
    xml.empty("w:tblStyle", &[("w:val", "ReportTable")])?;
    let whole = number(widths.iter().sum());
    xml.empty("w:tblW", &[("w:w", &whole), ("w:type", "dxa")])?;
    xml.empty("w:tblLayout", &[("w:type", "fixed")])?;
    // The first row is the header; nothing else is set off.
    xml.empty(
        "w:tblLook",
        &[
            ("w:val", "0620"),
            ("w:firstRow", "1"),
            ("w:lastRow", "0"),
            ("w:firstColumn", "0"),
            ("w:lastColumn", "0"),
            ("w:noHBand", "1"),
            ("w:noVBand", "1"),
        ],
    )?;
    xml.close("w:tblPr")?;
    xml.open("w:tblGrid", &[])?;
    for width in widths {
        xml.empty("w:gridCol", &[("w:w", &number(*width))])?;
    }
    xml.close("w:tblGrid")
}

/// Ends a table; two that stand one below the other would grow together but for a paragraph.
fn end(xml: &mut Xml) -> io::Result<()> {
    xml.close("w:tbl")?;
    xml.paragraph("Gap", "")
}

/// A row that no page breaks; `head`: it is repeated on each, and no lower than this.
fn begin_row(xml: &mut Xml, head: Option<usize>) -> io::Result<()> {
    xml.open("w:tr", &[])?;
    xml.open("w:trPr", &[])?;
    xml.empty("w:cantSplit", &[])?;
    if let Some(height) = head {
        let height = height.to_string();
        xml.empty("w:trHeight", &[("w:val", &height), ("w:hRule", "atLeast")])?;
        xml.empty("w:tblHeader", &[])?;
    }
    xml.close("w:trPr")
}

fn begin_cell(xml: &mut Xml, place: Place) -> io::Result<()> {
    xml.open("w:tc", &[])?;
    xml.open("w:tcPr", &[])?;
    xml.empty(
        "w:tcW",
        &[("w:w", &place.width.to_string()), ("w:type", "dxa")],
    )?;
    if place.across > 1 {
        xml.empty("w:gridSpan", &[("w:val", &place.across.to_string())])?;
    }
    let paper = shade(place.tone).and_then(|shade| shade.paper);
    if let Some(paper) = paper.or(place.head.then_some("DDEBF7")) {
        let fill = [("w:val", "clear"), ("w:color", "auto"), ("w:fill", paper)];
        xml.empty("w:shd", &fill)?;
    }
    if place.narrow {
        xml.open("w:tcMar", &[])?;
        xml.empty("w:left", &[("w:w", "0"), ("w:type", "dxa")])?;
        xml.empty("w:right", &[("w:w", "0"), ("w:type", "dxa")])?;
        xml.close("w:tcMar")?;
    }
    if place.narrow && place.head {
        xml.empty("w:textDirection", &[("w:val", "btLr")])?;
    }
    xml.empty(
        "w:vAlign",
        &[("w:val", if place.head { "center" } else { "top" })],
    )?;
    xml.close("w:tcPr")
}
