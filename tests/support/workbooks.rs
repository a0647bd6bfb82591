//! One table as CSV, XLSX and ODS, so that tests can hold the three against one another; and
//! archives of any parts, for files that no program writes.

#![allow(dead_code, missing_docs)]

use std::io::{Cursor, Write};

use rust_xlsxwriter::{Format, Formula, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A cell as it is typed. Numbers are the digits that are stored.
#[derive(Clone, Debug)]
pub enum Cell {
    Empty,
    Text(String),
    /// `205`, `78.45`.
    Number(String),
    /// `0.7845`, shown as `78,45%`.
    Percent(String),
    /// `2025-12-31`.
    Day(String),
    Flag(bool),
    /// `SUM(B2:B3)`, and the value that is stored with it.
    Formula(String, Option<String>),
}

pub fn text(text: &str) -> Cell {
    match text {
        "" => Cell::Empty,
        _ => Cell::Text(text.into()),
    }
}

pub fn number(digits: &str) -> Cell {
    Cell::Number(digits.into())
}

pub fn percent(digits: &str) -> Cell {
    Cell::Percent(digits.into())
}

pub fn day(iso: &str) -> Cell {
    Cell::Day(iso.into())
}

#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
    pub rows: Vec<Vec<Cell>>,
    /// From 1.
    pub hidden_rows: Vec<u32>,
    pub hidden_columns: Vec<u32>,
    /// First row, first column, last row, last column, from 1.
    pub merged: Vec<[u32; 4]>,
}

impl Sheet {
    pub fn new(name: &str, rows: Vec<Vec<Cell>>) -> Sheet {
        Sheet {
            name: name.into(),
            rows,
            ..Sheet::default()
        }
    }
}

/// As a Russian Excel saves the sheet that is open.
pub fn csv(sheet: &Sheet) -> Vec<u8> {
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut out = String::new();
    for row in &sheet.rows {
        let cells = (0..width).map(|column| row.get(column).map_or("".into(), csv_cell));
        out += &cells.collect::<Vec<String>>().join(";");
        out += "\r\n";
    }
    out.into_bytes()
}

fn csv_cell(cell: &Cell) -> String {
    let text = match cell {
        Cell::Empty | Cell::Formula(_, None) => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(digits) | Cell::Formula(_, Some(digits)) => digits.replace('.', ","),
        Cell::Percent(digits) => {
            let share: f64 = digits.parse().expect("a number");
            format!("{:.2}%", share * 100.0).replace('.', ",")
        }
        Cell::Day(iso) => iso.split('-').rev().collect::<Vec<&str>>().join("."),
        Cell::Flag(flag) => if *flag { "ИСТИНА" } else { "ЛОЖЬ" }.into(),
    };
    match text.contains([';', '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

/// As Excel would.
pub fn xlsx(sheets: &[Sheet]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let percent = Format::new().set_num_format("0.00%");
    let date = Format::new().set_num_format("dd.mm.yyyy");
    for sheet in sheets {
        let out = workbook.add_worksheet();
        out.set_name(&sheet.name).expect("a name");
        out.set_hidden(sheet.hidden);
        for [top, left, bottom, right] in &sheet.merged {
            let (left, right) = (*left as u16 - 1, *right as u16 - 1);
            out.merge_range(top - 1, left, bottom - 1, right, "", &Format::new())
                .expect("merged");
        }
        for (at, row) in (0..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(row) {
                let float = |digits: &str| digits.parse::<f64>().expect("a number");
                match cell {
                    Cell::Empty => continue,
                    Cell::Text(text) => out.write_string(at, column, text),
                    Cell::Number(digits) => out.write_number(at, column, float(digits)),
                    Cell::Percent(digits) => {
                        out.write_number_with_format(at, column, float(digits), &percent)
                    }
                    Cell::Day(iso) => {
                        let day = rust_xlsxwriter::ExcelDateTime::parse_from_str(iso);
                        out.write_datetime_with_format(at, column, day.expect("a day"), &date)
                    }
                    Cell::Flag(flag) => out.write_boolean(at, column, *flag),
                    Cell::Formula(formula, value) => {
                        let value = value.clone().unwrap_or_default();
                        out.write_formula(at, column, Formula::new(formula).set_result(value))
                    }
                }
                .expect("written");
            }
        }
        for row in &sheet.hidden_rows {
            out.set_row_hidden(row - 1).expect("hidden");
        }
        for column in &sheet.hidden_columns {
            out.set_column_hidden(*column as u16 - 1).expect("hidden");
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// As LibreOffice would.
pub fn ods(sheets: &[Sheet]) -> Vec<u8> {
    let tables: String = sheets.iter().map(table).collect();
    ods_of_tables(&tables)
}

/// An ODS with these tables in it.
pub fn ods_of_tables(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.2">
<office:automatic-styles>
<style:style style:name="shown" style:family="table"><style:table-properties table:display="true"/></style:style>
<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    archive(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("META-INF/manifest.xml", MANIFEST.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

const MANIFEST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"#;

fn table(sheet: &Sheet) -> String {
    let style = if sheet.hidden { "hidden" } else { "shown" };
    let name = escaped(&sheet.name);
    let mut out = format!(r#"<table:table table:name="{name}" table:style-name="{style}">"#);
    let visibility = |hidden: bool| match hidden {
        true => r#" table:visibility="collapse""#,
        false => "",
    };
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0) as u32;
    for column in 1..=width {
        let hidden = visibility(sheet.hidden_columns.contains(&column));
        out += &format!("<table:table-column{hidden}/>");
    }
    for (row, cells) in (1..).zip(&sheet.rows) {
        let hidden = visibility(sheet.hidden_rows.contains(&row));
        out += &format!("<table:table-row{hidden}>");
        for (column, cell) in (1..).zip(cells) {
            out += &table_cell(cell, row, column, &sheet.merged);
        }
        out += "</table:table-row>";
    }
    out + "</table:table>"
}

fn table_cell(cell: &Cell, row: u32, column: u32, merged: &[[u32; 4]]) -> String {
    let covering = merged.iter().find(|[top, left, bottom, right]| {
        (*top..=*bottom).contains(&row) && (*left..=*right).contains(&column)
    });
    let (tag, spans) = match covering {
        Some([top, left, bottom, right]) if (*top, *left) == (row, column) => (
            "table:table-cell",
            format!(
                r#" table:number-rows-spanned="{}" table:number-columns-spanned="{}""#,
                bottom - top + 1,
                right - left + 1
            ),
        ),
        Some(_) => ("table:covered-table-cell", String::new()),
        None => ("table:table-cell", String::new()),
    };
    let shown = escaped(&csv_shown(cell));
    let says = match cell {
        Cell::Empty => return format!("<{tag}{spans}/>"),
        Cell::Text(_) => r#"office:value-type="string""#.into(),
        Cell::Number(digits) => format!(r#"office:value-type="float" office:value="{digits}""#),
        Cell::Percent(digits) => {
            format!(r#"office:value-type="percentage" office:value="{digits}""#)
        }
        Cell::Day(iso) => format!(r#"office:value-type="date" office:date-value="{iso}""#),
        Cell::Flag(flag) => format!(r#"office:value-type="boolean" office:boolean-value="{flag}""#),
        Cell::Formula(formula, Some(digits)) => format!(
            r#"table:formula="of:={formula}" office:value-type="float" office:value="{digits}""#
        ),
        Cell::Formula(formula, None) => {
            return format!(r#"<{tag} table:formula="of:={formula}"/>"#);
        }
    };
    let lines: String = shown
        .split('\n')
        .map(|line| format!("<text:p>{line}</text:p>"))
        .collect();
    format!("<{tag}{spans} {says}>{lines}</{tag}>")
}

/// What the cell shows: CSV without its quotes.
fn csv_shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        cell => csv_cell(cell),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// An XLSX whose only sheet is this part, with three shared strings and five styles: plain,
/// percent, day, day with time, thousands.
pub fn xlsx_of_sheet(sheet: &str) -> Vec<u8> {
    packed(&xlsx_parts(sheet))
}

/// The parts of [`xlsx_of_sheet`], to be made worse.
pub fn xlsx_parts(sheet: &str) -> Vec<(&'static str, Vec<u8>)> {
    let relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let part = |xml: String| format!("<?xml version=\"1.0\"?>\n{xml}").into_bytes();
    vec![
        ("[Content_Types].xml", part("<Types/>".into())),
        (
            "_rels/.rels",
            part(format!(
                r#"<Relationships><Relationship Id="rId1" Type="{relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            )),
        ),
        (
            "xl/workbook.xml",
            part(
                r#"<workbook xmlns:r="r"><sheets><sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>"#
                    .into(),
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            part(format!(
                r#"<Relationships><Relationship Id="rId1" Type="{relationships}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{relationships}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="{relationships}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
            )),
        ),
        (
            "xl/styles.xml",
            part(
                r##"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd.mm.yyyy"/><numFmt numFmtId="165" formatCode="# ##0,"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="165"/></cellXfs></styleSheet>"##
                    .into(),
            ),
        ),
        (
            "xl/sharedStrings.xml",
            part(
                r#"<sst><si><t>первая</t></si><si/><si><r><rPr><b/></rPr><t xml:space="preserve">две </t></r><r><t>части</t></r><rPh sb="0"><t>чтение</t></rPh></si></sst>"#
                    .into(),
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            part(format!("<worksheet>{sheet}</worksheet>")),
        ),
    ]
}

/// A zip archive of parts that were made.
pub fn packed<N: AsRef<str>>(parts: &[(N, Vec<u8>)]) -> Vec<u8> {
    let parts = parts
        .iter()
        .map(|(name, bytes)| (name.as_ref(), bytes.as_slice()));
    archive(&parts.collect::<Vec<(&str, &[u8])>>())
}

/// A zip archive of these parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default())
            .expect("a part");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}
