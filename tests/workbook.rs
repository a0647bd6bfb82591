//! Workbooks → records: what spreadsheet programs write, what no program writes, and what is
//! damaged.

mod support;

use std::fs;
use std::io::Cursor;

use aleysk::diagnostic::Diagnostic;
use aleysk::read::delimited::{Quotes, Records};
use aleysk::read::workbook::{
    Excess, Kind, Limits, NoWorkbook, Other, SEPARATOR, Sheet, Workbook, is_packed, read,
};
use aleysk::source::{FileId, Place};
use support::Dice;
use support::workbooks::{self as make, archive, day, number, percent, text};

fn open(bytes: &[u8]) -> Result<Workbook, NoWorkbook> {
    assert!(is_packed(bytes));
    read(Cursor::new(bytes), &Limits::default())
}

fn kept(name: &str) -> Vec<u8> {
    fs::read(support::project().join("tests/workbooks").join(name)).expect("a workbook")
}

/// The records of some text as our own splitter reads them, cells set apart by bars.
fn split(text: &[u8], delimiter: u8) -> Vec<String> {
    let mut records = Records::new(text, Vec::new(), 0, delimiter);
    let mut out = Vec::new();
    while let Some(record) = records.next_record().expect("bytes in memory") {
        assert_eq!(record.row as usize, out.len() + 1);
        assert_eq!(record.quotes, Quotes::Fine);
        let cells = (0..record.len()).map(|index| record.cell(index).into_owned());
        let cells = cells.map(|cell| String::from_utf8(cell).expect("UTF-8"));
        out.push(cells.collect::<Vec<String>>().join("|"));
    }
    out
}

fn records(sheet: &Sheet) -> Vec<String> {
    let records = split(&sheet.text, SEPARATOR);
    assert_eq!(records.len() as u32, sheet.rows);
    records
}

/// The only sheet of an XLSX with this in its part.
fn sheet(xml: &str) -> Result<Sheet, NoWorkbook> {
    let mut workbook = open(&make::xlsx_of_sheet(xml))?;
    assert_eq!(workbook.sheets.len(), 1);
    Ok(workbook.sheets.remove(0))
}

/// The only sheet of an ODS with these rows.
fn table(rows: &str) -> Result<Sheet, NoWorkbook> {
    let table = format!(r#"<table:table table:name="Лист1">{rows}</table:table>"#);
    let mut workbook = open(&make::ods_of_tables(&table))?;
    assert_eq!(workbook.sheets.len(), 1);
    Ok(workbook.sheets.remove(0))
}

fn said(diagnostic: &Diagnostic) -> String {
    let code = diagnostic.code.id();
    format!("{code}: {} ({})", diagnostic.message, diagnostic.help)
}

#[test]
fn what_libreoffice_writes() {
    for (name, kind) in [("report.xlsx", Kind::Xlsx), ("report.ods", Kind::Ods)] {
        let workbook = open(&kept(name)).expect("a workbook");
        assert_eq!(workbook.kind, kind);
        let [report, list] = workbook.sheets.as_slice() else {
            panic!("two sheets");
        };
        assert_eq!(
            records(report),
            [
                "Отчёт за декабрь 2025 года. ДАННЫЕ УСЛОВНЫЕ",
                "",
                "Организация|Численность воспитанников|||ИНН|скрытый столбец|Дата|ВСОКО|Примечание",
                "|всего|мест|доля",
                "МБДОУ «Детский сад № 101» (условное)|205|220|78,45%|0000000101|0,3|31.12.2025|\
                 ИСТИНА|первая   строка\nвторая «строка»",
                "МБДОУ \"Детский сад № 102\" (условное)|118|120|98,3333333333333%|0000000102|78,45|\
                 31.12.2025 09:30|ЛОЖЬ|\"в кавычках\"",
                "Итого|323|340|95%|#ДЕЛ/0!|-1234567,5",
            ],
            "{name}"
        );
        let shape = (
            report.name.as_str(),
            report.hidden,
            report.rows,
            report.columns,
        );
        assert_eq!(shape, ("Отчёт", false, 7, 9));
        assert_eq!(
            (&*report.hidden_rows, &*report.hidden_columns),
            (&[6][..], &[6][..])
        );
        assert_eq!(records(list), ["", "", "|скрытый лист, ДАННЫЕ УСЛОВНЫЕ"]);
        assert_eq!((list.name.as_str(), list.hidden), ("Справочник", true));
    }
}

/// The table that is written in three formats.
fn report() -> make::Sheet {
    let long = "МБДОУ «Детский сад № 103»; \"Ёлочка\"\n(условное)";
    let mut sheet = make::Sheet::new(
        "Отчёт & <итоги>",
        vec![
            vec![],
            vec![text("Отчёт за IV квартал 2025 г. ДАННЫЕ УСЛОВНЫЕ")],
            vec![],
            vec![
                text("Организация"),
                text("Воспитанники"),
                text(""),
                text("Дата"),
            ],
            vec![text(""), text("всего"), text("доля"), text("")],
            vec![
                text("Д/с 101"),
                number("205"),
                percent("0.7845"),
                day("2025-12-31"),
            ],
            vec![
                text("Д/с 102"),
                number("78.45"),
                percent("0.9999"),
                day("2024-02-29"),
            ],
            vec![
                text(long),
                number("-0.5"),
                percent("0.0625"),
                day("1999-01-01"),
            ],
            vec![
                text("007"),
                text("'0123"),
                text("н/д"),
                make::Cell::Flag(true),
            ],
            vec![
                text("Итого"),
                make::Cell::Formula("SUM(B6:B8)".into(), Some("282.95".into())),
                text(""),
                make::Cell::Flag(false),
            ],
        ],
    );
    sheet.merged = vec![[4, 1, 5, 1], [4, 2, 4, 3]];
    sheet.hidden_rows = vec![3, 6, 7, 9];
    sheet.hidden_columns = vec![4];
    sheet
}

#[test]
fn csv_xlsx_and_ods_say_the_same() {
    let csv = split(&make::csv(&report()), b';');
    let expected: Vec<&str> = csv.iter().map(|row| row.trim_end_matches('|')).collect();
    let workbooks = [make::xlsx(&[report()]), make::ods(&[report()])];
    for (bytes, kind) in workbooks.iter().zip([Kind::Xlsx, Kind::Ods]) {
        let workbook = open(bytes).expect("a workbook");
        let sheet = &workbook.sheets[0];
        assert_eq!(workbook.kind, kind);
        assert_eq!(sheet.name, "Отчёт & <итоги>");
        assert_eq!(records(sheet), expected, "{kind:?}");
        // Row 3 is hidden, but nothing stands in it.
        assert_eq!(sheet.hidden_rows, [6, 7, 9]);
        assert_eq!(sheet.hidden_columns, [4]);
    }
}

#[test]
fn what_is_hidden_is_said() {
    let mut hidden = report();
    hidden.hidden = true;
    hidden.hidden_rows = (1..=10).filter(|row| row % 2 == 0).collect();
    let many = (1..=40).map(|row| vec![number(&row.to_string()), number("1")]);
    let mut many = make::Sheet::new("Много", many.collect());
    many.hidden_rows = (1..=40).filter(|row| row % 3 != 0).collect();
    many.hidden_columns = vec![1, 2];
    let shown = make::Sheet::new("Пустой", vec![]);
    let sheets = [shown, hidden, many];
    for bytes in [make::xlsx(&sheets), make::ods(&sheets)] {
        let place = Place::whole(FileId(0));
        let workbook = open(&bytes).expect("a workbook");
        let remarks = workbook
            .sheets
            .iter()
            .flat_map(|sheet| sheet.remarks(&place));
        let remarks: Vec<String> = remarks.map(|remark| remark.message).collect();
        assert_eq!(
            remarks,
            [
                "лист «Отчёт & <итоги>» скрыт; он прочитан вместе с остальными",
                "на листе «Отчёт & <итоги>» скрыты строки 2, 4, 6, 8, 10: они прочитаны вместе с остальными",
                "на листе «Отчёт & <итоги>» скрыт столбец D: он прочитан вместе с остальными",
                "на листе «Много» скрыты строки 1–2, 4–5, 7–8, 10–11, 13–14, 16–17, 19–20, 22–23, \
                 25–26, 28–29, и ещё 7: они прочитаны вместе с остальными",
                "на листе «Много» скрыты столбцы A–B: они прочитаны вместе с остальными",
            ]
        );
    }
}

#[test]
fn cells_of_xlsx() {
    let cells = r#"<sheetData>
        <row r="2"><c r="B2" t="s"><v>0</v></c><c t="s"><v>1</v></c><c r="E2" t="s"><v>2</v></c></row>
        <row><c t="inlineStr"><is><t> внутри &amp; &#x44f;&#10; </t></is><v>лишнее</v></c><c t="str"><f>A1</f><v>x_x000D_y</v></c>
             <c t="b"><v>1</v></c><c t="b"><v>false</v></c><c t="e"><v>#N/A</v></c><c t="e"><v>#SPILL!</v></c></row>
        <row r="4" spans="1:6"><c s="1"><v>0.78449999999999998</v></c><c s="2"><v>46022</v></c>
             <c s="3"><v>46022.395833333336</v></c><c s="4"><v>1234567</v></c><c s="99"><v>7</v></c>
             <c t="d"><v>2025-12-31T00:00:00</v></c></row>
        <row r="5"><c><v>0.30000000000000004</v></c><c t="n"><v>1E3</v></c><c><v> 12 </v></c><c><v/></c>
             <c t="n"><v>вручную</v></c></row>
        <row r="6"><c><f>SUM(A1:A5)</f></c><c><f>B5*2</f><v></v></c><c><f>C5</f><v>0</v></c>
             <c t="str"><f>""</f><v></v></c><c><f t="shared" si="0"/></c><c><f t="shared" si="0"/><v>8</v></c></row>
        <row r="8"/><row r="9" hidden="1"><c r="A9" s="1"/><c r="B9"/></row>
    </sheetData><controls><from><row>3</row><c r="A1"><v>9</v></c></from></controls>"#;
    let plain = sheet(cells).expect("a sheet");
    assert_eq!(
        records(&plain),
        [
            "",
            "|первая|||две части",
            "внутри & я|x\ry|ИСТИНА|ЛОЖЬ|#Н/Д|#SPILL!",
            "78,45%|31.12.2025|31.12.2025 09:30|1234567|7|31.12.2025",
            "0,3|1000| 12 ||вручную",
            "=SUM(A1:A5)|=B5*2|0|||8".replace("|||8", "||=|8").as_str(),
        ]
    );
    assert_eq!((plain.rows, plain.columns), (6, 6));
    assert!(plain.hidden_rows.is_empty());
}

#[test]
fn xlsx_in_other_words() {
    let prefixed =
        r#"<x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData>"#;
    assert_eq!(records(&sheet(prefixed).expect("a sheet")), ["первая"]);

    // Computing was left to whoever opens it: its zeros are no results. And days from 1904.
    let mut parts = make::xlsx_parts(
        r#"<sheetData><row><c><f>A2</f><v>0</v></c><c><v>0</v></c><c s="2"><v>44560</v></c></row></sheetData>"#,
    );
    let workbook = r#"<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="Л" state="veryHidden" r:id="rId1"/></sheets><calcPr fullCalcOnLoad="1"/></workbook>"#;
    parts[2] = ("xl\\Workbook.xml", workbook.as_bytes().to_vec());
    let workbook = open(&make::packed(&parts)).expect("a workbook");
    assert_eq!(records(&workbook.sheets[0]), ["=A2|0|31.12.2025"]);
    assert!(workbook.sheets[0].hidden);
}

#[test]
fn cells_of_ods() {
    let rows = r#"
        <table:shapes><draw:frame><table:table><table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table></draw:frame></table:shapes>
        <table:table-column table:number-columns-repeated="2"/>
        <table:table-column-group><table:table-column table:visibility="collapse" table:number-columns-repeated="16382"/></table:table-column-group>
        <table:table-header-rows><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        <table:table-row table:number-rows-repeated="2" table:visibility="filter">
            <table:table-cell/><table:table-cell table:number-columns-repeated="3" office:value-type="float" office:value="7"/>
        </table:table-row></table:table-header-rows>
        <table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>замечание</text:p></office:annotation><text:p>две<text:s text:c="3"/>части<text:tab/><text:a>и</text:a><text:line-break/>строки<text:note><text:p>сноска</text:p></text:note></text:p><text:p/><text:p>&lt;конец&gt;</text:p></table:table-cell></table:table-row>
        <table:table-row>
            <table:table-cell office:value-type="string" office:string-value="значение"><text:p>на виду</text:p></table:table-cell>
            <table:table-cell table:formula="of:=SUM([.A1:.A2])"/>
            <table:table-cell table:formula="of:=[.A1]" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
            <table:table-cell office:value-type="currency" office:value="1234.5"><text:p>1 234,50 ₽</text:p></table:table-cell>
            <table:table-cell office:value-type="time" office:time-value="PT09H30M00S"/>
            <table:table-cell office:value-type="date" office:date-value="2025-12-31T09:30:00"><text:p>31.12.25</text:p></table:table-cell>
            <table:table-cell office:value-type="date" office:date-value="2025-12-31T09:30:00"><text:p>31.12.25 9:30</text:p></table:table-cell>
            <table:table-cell><text:p>без вида</text:p></table:table-cell>
        </table:table-row>
        <table:table-row table:number-rows-repeated="1048570" table:visibility="collapse"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    let table = table(rows).expect("a table");
    assert_eq!(
        records(&table),
        [
            "",
            "",
            "|7|7|7",
            "|7|7|7",
            "две   части\tи\nстроки\n\n<конец>",
            "значение|=SUM([.A1:.A2])|#ДЕЛ/0!|1234,5|09:30|31.12.2025|31.12.2025 09:30|без вида",
        ]
    );
    assert_eq!(table.hidden_rows, [3, 4]);
    assert_eq!(table.hidden_columns, [3, 4, 5, 6, 7, 8]);
}

#[test]
fn a_cell_far_away_costs_only_its_way() {
    let far = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>"#;
    let sheet = sheet(far).expect("a sheet");
    assert_eq!((sheet.rows, sheet.columns), (1_048_576, 16_384));
    assert_eq!(sheet.text.len(), 1 + 1_048_575 + 16_383 + 1 + 1);
}

fn limits(unpacked: u64, kept: u64) -> Limits {
    Limits {
        unpacked,
        growth: 20,
        modest: 100_000,
        kept,
    }
}

#[test]
fn limits_hold() {
    let refused = |bytes: &[u8], limits: Limits| {
        let refused = read(Cursor::new(bytes), &limits).expect_err("too large");
        let NoWorkbook::TooLarge(excess) = refused else {
            panic!("{refused:?}");
        };
        excess
    };
    let of_rows = |rows: &str| make::xlsx_of_sheet(&format!("<sheetData>{rows}</sheetData>"));

    // The same row over and over packs well.
    let bomb = of_rows(&"<row><c><v>1</v></c></row>".repeat(20_000));
    assert_eq!(refused(&bomb, limits(1 << 30, 1 << 30)), Excess::Growth(20));
    assert_eq!(
        refused(&bomb, limits(90_000, 1 << 30)),
        Excess::Unpacked(90_000)
    );
    assert_eq!(refused(&bomb, limits(1 << 30, 100)), Excess::Kept(100));

    // One text, told of many times.
    let mut parts = make::xlsx_parts(&format!(
        "<sheetData>{}</sheetData>",
        r#"<row><c t="s"><v>0</v></c></row>"#.repeat(1000)
    ));
    parts[5].1 = format!("<sst><si><t>{}</t></si></sst>", "я".repeat(10_000)).into_bytes();
    let shared = make::packed(&parts);
    assert!(shared.len() < 4000);
    assert_eq!(
        refused(&shared, limits(1 << 30, 1 << 20)),
        Excess::Kept(1 << 20)
    );

    // A cell, and a row, told of many times.
    let of_table = |rows: &str| make::ods_of_tables(&format!("<table:table>{rows}</table:table>"));
    let cell =
        r#"table:number-columns-repeated="4000000000" office:value-type="float" office:value="1""#;
    let wide = of_table(&format!(
        "<table:table-row><table:table-cell {cell}/></table:table-row>"
    ));
    assert_eq!(refused(&wide, Limits::default()), Excess::Row(4 << 20));
    let high = r#"<table:table-row table:number-rows-repeated="4000000000"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>"#;
    assert_eq!(
        refused(&of_table(high), Limits::default()),
        Excess::Kept(256 << 20)
    );
    let below = r#"<table:table-row table:number-rows-repeated="4294967295"/><table:table-row table:number-rows-repeated="4294967295"/><table:table-row><table:table-cell><text:p>а</text:p></table:table-cell></table:table-row>"#;
    assert_eq!(
        refused(&of_table(below), Limits::default()),
        Excess::Kept(256 << 20)
    );
    let aside = r#"<table:table-row><table:table-cell table:number-columns-repeated="4294967295"/><table:table-cell><text:p>а</text:p></table:table-cell></table:table-row>"#;
    assert_eq!(
        refused(&of_table(aside), Limits::default()),
        Excess::Row(4 << 20)
    );
    for blanks in [
        r#"<text:s text:c="4000000000"/>"#.to_owned(),
        r#"<text:s text:c="1000000"/>"#.repeat(2),
        "<text:line-break/>".repeat(1_100_000),
    ] {
        let cell = format!("<table:table-cell><text:p>{blanks}</text:p></table:table-cell>");
        let row = format!("<table:table-row>{cell}</table:table-row>");
        assert_eq!(
            refused(&of_table(&row), Limits::default()),
            Excess::Cell(1 << 20)
        );
    }

    // Long texts, tags and runs of references.
    let text = |text: &str| of_rows(&format!(r#"<row><c t="str"><v>{text}</v></c></row>"#));
    assert_eq!(
        refused(&text(&"&amp;".repeat(1_100_000)), Limits::default()),
        Excess::Cell(1 << 20)
    );
    let long = "я".repeat(9 << 20);
    assert_eq!(
        refused(&text(&long), Limits::default()),
        Excess::Element(16 << 20)
    );
    let tag = of_rows(&format!(r#"<row><c r="{long}"/></row>"#));
    assert_eq!(refused(&tag, Limits::default()), Excess::Element(16 << 20));

    let mut parts = make::xlsx_parts("");
    let tabs = r#"<sheet name="л" r:id="rId1"/>"#.repeat(1001);
    parts[2].1 = format!("<workbook><sheets>{tabs}</sheets></workbook>").into_bytes();
    assert_eq!(
        refused(&make::packed(&parts), Limits::default()),
        Excess::Sheets(1000)
    );
}

#[test]
fn what_a_file_defines_itself_is_not_expanded() {
    let mut parts = make::xlsx_parts("");
    let bomb = r#"<!DOCTYPE w [<!ENTITY a "ааааааааааааааааааааааааааааа"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="str"><v>&NAME;</v></c></row></sheetData></worksheet>"#;
    for name in ["b", "f"] {
        parts[6].1 = bomb.replace("NAME", name).into_bytes();
        let what = format!("в тексте неизвестное обозначение «&{name};»");
        assert_eq!(open(&make::packed(&parts)), Err(NoWorkbook::Damaged(what)));
    }
}

#[test]
fn damaged_files_are_told_from_good_ones() {
    let damaged = |what: &str| NoWorkbook::Damaged(what.into());
    let refused = |bytes: &[u8]| open(bytes).expect_err("damaged");
    for (xml, what) in [
        (
            r#"<sheetData><row r="2"/><row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row></sheetData>"#,
            "его ячейки идут не по порядку",
        ),
        (
            r#"<sheetData><row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row></sheetData>"#,
            "его ячейки идут не по порядку",
        ),
        (
            r#"<sheetData><row r="2"><c r="B3"><v>1</v></c></row></sheetData>"#,
            "нет такого места на листе: «B3»",
        ),
        (
            r#"<sheetData><row r="2"><c r="XFE2"><v>1</v></c></row></sheetData>"#,
            "нет такого места на листе: «16385»",
        ),
        (
            r#"<sheetData><row r="1048577"/></sheetData>"#,
            "нет такого места на листе: «1048577»",
        ),
        (
            r#"<sheetData><row r="0"/></sheetData>"#,
            "нет такого места на листе: «0»",
        ),
        (
            r#"<sheetData><row><c t="s"><v>3</v></c></row></sheetData>"#,
            "часть «xl/worksheets/sheet1.xml»: нет текста одной из ячеек",
        ),
        (
            r#"<sheetData><row><c r=A1/></row></sheetData>"#,
            "в одном из его тегов нарушена разметка",
        ),
        (
            "<sheetData><row></sheetData>",
            "в части «xl/worksheets/sheet1.xml» нарушена разметка",
        ),
    ] {
        assert_eq!(sheet(xml), Err(damaged(what)), "{xml}");
    }
    let deep = "<a>".repeat(1000) + &"</a>".repeat(1000);
    assert_eq!(
        sheet(&deep),
        Err(damaged(
            "в части «xl/worksheets/sheet1.xml» нарушена разметка"
        ))
    );

    for (part, bytes, what) in [
        (
            6,
            &b"<worksheet><sheetData>"[..],
            "обрывается часть «xl/worksheets/sheet1.xml»",
        ),
        (
            6,
            &b"\xff\xfe<\0w\0"[..],
            "в части «xl/worksheets/sheet1.xml» нарушена разметка",
        ),
        (3, &b"<Relationships/>"[..], "в нём нет листа «Лист1»"),
        (
            4,
            &b"<styleSheet"[..],
            "в части «xl/styles.xml» нарушена разметка",
        ),
    ] {
        let mut parts = make::xlsx_parts("");
        parts[part].1 = bytes.to_vec();
        assert_eq!(refused(&make::packed(&parts)), damaged(what));
    }
    let mut parts = make::xlsx_parts("");
    parts.remove(5);
    assert_eq!(
        refused(&make::packed(&parts)),
        damaged("нет его части «xl/sharedStrings.xml»")
    );
    let rows = |rows: &str| make::ods_of_tables(&format!("<table:table>{rows}</table:table>"));
    let repeated = r#"<table:table-row table:number-rows-repeated="-1"/>"#;
    assert_eq!(
        refused(&rows(repeated)),
        damaged("число повторов в нём не число")
    );

    let whole = kept("report.xlsx");
    let half = &whole[..whole.len() / 2];
    assert_eq!(
        refused(half),
        damaged("он обрывается или не упакован как положено")
    );
    let mut flipped = whole.clone();
    let name = b"xl/worksheets/sheet1.xml";
    let at = flipped
        .windows(name.len())
        .position(|w| w == name)
        .expect("the part")
        + 60;
    flipped[at] ^= 0x55;
    assert!(matches!(open(&flipped), Err(NoWorkbook::Damaged(_))));
}

#[test]
fn other_files_are_told_apart() {
    let mime = |sort: &str| {
        let mime = format!("application/vnd.oasis.opendocument.{sort}");
        archive(&[("mimetype", mime.as_bytes())])
    };
    let old = kept("report.xls");
    let mut locked = old.clone();
    let utf16 = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let name = utf16("Workbook\0\0\0\0\0\0\0\0");
    let at = locked
        .windows(name.len())
        .position(|w| w == name)
        .expect("a stream");
    locked[at..at + name.len()].copy_from_slice(&utf16("EncryptedPackage"));
    let locked_ods = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        (
            "META-INF/manifest.xml",
            br#"<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"#,
        ),
        ("content.xml", b"\x01\x02\x03"),
    ]);
    let mut document = make::xlsx_parts("");
    document[2].1 = b"<w:document/>".to_vec();
    for (bytes, expected) in [
        (old, NoWorkbook::Other(Other::OldExcel)),
        (locked, NoWorkbook::Encrypted),
        (locked_ods, NoWorkbook::Encrypted),
        (mime("text"), NoWorkbook::Other(Other::TextDocument)),
        (mime("presentation"), NoWorkbook::Other(Other::Presentation)),
        (mime("graphics"), NoWorkbook::Other(Other::OfficeDocument)),
        (
            make::packed(&document),
            NoWorkbook::Other(Other::TextDocument),
        ),
        (
            archive(&[("word/document.xml", b""), ("_rels/.rels", b"")]),
            NoWorkbook::Other(Other::TextDocument),
        ),
        (
            archive(&[("ppt/presentation.xml", b"")]),
            NoWorkbook::Other(Other::Presentation),
        ),
        (
            archive(&[("xl/workbook.bin", b""), ("_rels/.rels", b"")]),
            NoWorkbook::Other(Other::BinaryExcel),
        ),
        (
            archive(&[("отчёт.csv", b"a;b")]),
            NoWorkbook::Other(Other::Archive),
        ),
        (archive(&[]), NoWorkbook::Other(Other::Archive)),
    ] {
        assert_eq!(open(&bytes), Err(expected));
    }
    for head in ["", "P", "Организация;всего", "\u{feff}a;b"] {
        assert!(!is_packed(head.as_bytes()));
    }
}

#[test]
fn what_a_person_is_told() {
    let refusals = [
        NoWorkbook::Encrypted,
        NoWorkbook::Other(Other::OldExcel),
        NoWorkbook::Other(Other::Archive),
        NoWorkbook::Damaged("нет его части «content.xml»".into()),
        NoWorkbook::TooLarge(Excess::Unpacked(1 << 30)),
        NoWorkbook::TooLarge(Excess::Growth(400)),
        NoWorkbook::TooLarge(Excess::Kept(256 << 20)),
        NoWorkbook::Io("нет доступа".into()),
    ];
    let place = || Place::whole(FileId(0));
    let told = refusals
        .iter()
        .map(|refusal| said(&refusal.diagnostic(place())));
    let shrink =
        "(удалите лишние листы и пустые оформленные области или сохраните нужный лист как CSV)";
    assert_eq!(
        told.collect::<Vec<String>>(),
        [
            "unreadable-file: файл закрыт паролем (сохраните его без пароля и пришлите снова)",
            "not-a-table: это книга старого формата Excel (.xls), она не читается (откройте её и \
             сохраните как .xlsx: «Файл» — «Сохранить как» — «Книга Excel»)",
            "not-a-table: это архив, а не таблица (распакуйте его и укажите файлы из него)",
            "unreadable-file: файл повреждён: нет его части «content.xml» (откройте его в табличной \
             программе, сохраните заново и пришлите снова)",
            &format!(
                "unreadable-file: файл слишком велик: в распакованном виде больше 1\u{a0}ГиБ {shrink}"
            ),
            &format!(
                "unreadable-file: файл слишком велик: при распаковке вырастает больше чем в 400 раз \
                 {shrink}"
            ),
            &format!(
                "unreadable-file: файл слишком велик: текста на листах больше 256\u{a0}МиБ {shrink}"
            ),
            "unreadable-file: файл не читается: нет доступа (закройте его в других программах, \
             проверьте доступ и повторите)",
        ]
    );
}

/// Damages bytes as discs, mails and ill will do.
fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        let end = (at + dice.below(60)).min(bytes.len());
        let numbers = ["999999999999999999999", "-1", "0", "4294967295", "1E308"];
        match dice.below(12) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let block = bytes[at..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, block);
            }
            3..9 => {
                let digit = (at..bytes.len()).find(|at| bytes[*at].is_ascii_digit());
                if let Some(digit) = digit {
                    let number = numbers[dice.below(numbers.len())];
                    bytes.splice(digit..=digit, number.bytes());
                }
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
    }
}

/// The archive again, with some of its parts damaged.
fn remade(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let chosen = dice.below(zip.len());
    let mut parts = Vec::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).expect("a part");
        let name = String::from_utf8(part.name_raw().to_vec()).expect("UTF-8");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).expect("unpacked");
        let table = name == "content.xml" || name.ends_with("sheet1.xml");
        if (index == chosen || table) && !bytes.is_empty() {
            mutate(&mut bytes, dice);
        }
        parts.push((name, bytes));
    }
    make::packed(&parts)
}

#[test]
fn thousands_of_damaged_files_end_in_a_word() {
    let files: u64 = std::env::var("MUTANTS").map_or(200, |n| n.parse().expect("a number"));
    let limits = limits(1 << 26, 1 << 22);
    let mut ends = [0, 0];
    for seed in [
        kept("report.xlsx"),
        kept("report.ods"),
        kept("report.xls"),
        make::xlsx(&[report()]),
    ] {
        for number in 0..files {
            let mut dice = Dice::new(number);
            let packed = dice.once_in(3) || seed == kept("report.xls");
            let bytes = if packed {
                let mut bytes = seed.clone();
                mutate(&mut bytes, &mut dice);
                bytes
            } else {
                remade(&seed, &mut dice)
            };
            let read = read(Cursor::new(&bytes), &limits);
            ends[usize::from(read.is_ok())] += 1;
            for sheet in read.iter().flat_map(|workbook| &workbook.sheets) {
                records(sheet);
            }
        }
    }
    assert!(ends.iter().all(|count| *count > files / 2), "{ends:?}");
}
