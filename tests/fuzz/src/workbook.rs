//! Workbooks: any bytes, and sound archives in which one part is anything at all. What is read
//! splits into as many records as it says, within the limits.

use std::io::{Cursor, Write};

use aleysk::read::delimited::{Quotes, Records};
use aleysk::read::workbook::{Limits, SEPARATOR, Sheet, read};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Data;

const LIMITS: Limits = Limits {
    unpacked: 8 << 20,
    growth: 400,
    modest: 1 << 20,
    kept: 16 << 20,
};

/// A small XLSX; the parts that may be anything come first.
pub const XLSX: [(&str, &str); 6] = [
    (
        "xl/worksheets/sheet1.xml",
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="3" max="3" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>Ждут</t></is></c></row><row r="2" hidden="1"><c r="A2" t="str"><v>СОШ № 1</v></c><c r="B2"><v>12.5</v></c><c r="C2" s="1"><v>0.7845</v></c><c r="D2" s="2"><v>45992</v></c><c r="E2" t="b"><v>1</v></c><c r="F2"><f>SUM(B2:C2)</f></c><c r="G2" t="e"><v>#REF!</v></c></row></sheetData><mergeCells><mergeCell ref="A3:B4"/></mergeCells></worksheet>"#,
    ),
    (
        "xl/sharedStrings.xml",
        r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2" uniqueCount="2"><si><t>Организация</t></si><si><r><t>Занимается </t></r><r><t>детей</t></r></si></sst>"#,
    ),
    (
        "xl/styles.xml",
        r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts><numFmt numFmtId="164" formatCode="dd.mm.yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/></cellXfs></styleSheet>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Отчёт" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    (
        "_rels/.rels",
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
];

/// A small ODS.
pub const ODS: [(&str, &str); 2] = [
    (
        "content.xml",
        r#"<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><office:body><office:spreadsheet><table:table table:name="Отчёт"><table:table-column table:number-columns-repeated="3" table:visibility="collapse"/><table:table-row><table:table-cell office:value-type="string"><text:p>Организация</text:p><text:p>две<text:s text:c="3"/>строки<text:line-break/></text:p></table:table-cell><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="12.5"><text:p>12,5</text:p></table:table-cell><table:covered-table-cell/></table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="percentage" office:value="0.7845"/><table:table-cell office:value-type="date" office:date-value="2025-12-31"/><table:table-cell office:value-type="boolean" office:boolean-value="true" table:formula="of:=TRUE()"/></table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#,
    ),
    ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
];

pub fn hold(bytes: &[u8]) {
    let Some(([choice], bytes)) = super::choices(bytes) else {
        return;
    };
    let archive = match choice % 8 {
        0 => bytes.to_vec(),
        6 | 7 => pack(&ODS, usize::from(choice % 8) - 6, bytes),
        part => pack(&XLSX, usize::from(part) - 1, bytes),
    };
    let workbook = read(Cursor::new(&archive), &LIMITS);
    assert_eq!(workbook, read(Cursor::new(&archive), &LIMITS));
    if let Ok(workbook) = &workbook {
        let kept: usize = workbook.sheets.iter().map(|sheet| sheet.text.len()).sum();
        assert!(kept as u64 <= LIMITS.kept);
        workbook.sheets.iter().for_each(is_table);
    }
    super::report::check(Data::free(), "2025-12.xlsx", &archive, choice & 8 == 8);
}

/// The archive of these parts, one of them changed.
pub fn pack(parts: &[(&str, &str)], changed: usize, bytes: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (index, (name, text)) in parts.iter().enumerate() {
        let text = if index == changed {
            bytes
        } else {
            text.as_bytes()
        };
        archive.start_file(*name, options).expect("in memory");
        archive.write_all(text).expect("in memory");
    }
    archive.finish().expect("in memory").into_inner()
}

fn is_table(sheet: &Sheet) {
    assert!(std::str::from_utf8(&sheet.text).is_ok());
    let mut records = Records::new(std::io::empty(), sheet.text.clone(), 0, SEPARATOR)
        .complete()
        .by_rows();
    let (mut rows, mut columns) = (0, 0);
    while let Some(record) = records.next_record().expect("no input errors") {
        assert_eq!(record.quotes, Quotes::Fine);
        rows += 1;
        assert_eq!((record.row, record.line), (rows, rows));
        columns = columns.max(record.len() as u32);
    }
    assert_eq!(
        rows,
        sheet.rows,
        "{:?}",
        String::from_utf8_lossy(&sheet.text)
    );
    assert!(
        rows == 0 || columns == sheet.columns,
        "{columns}, not {}",
        sheet.columns
    );
    for hidden in [&sheet.hidden_rows, &sheet.hidden_columns] {
        assert!(hidden.is_sorted_by(|one, next| one < next));
    }
    assert!(sheet.hidden_rows.iter().all(|row| (1..=rows).contains(row)));
}
