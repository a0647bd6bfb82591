//! One report in every guise: 8 encodings × 3 separators × 3 line ends as CSV, and as XLSX and ODS.
//! Whatever it comes as, `check` says the same of it, word for word and place for place.

mod support;

use aleysk::assess::By;
use serde_json::Value;
use support::workbooks::{Cell, Sheet, number, ods, percent, text, xlsx};
use support::{Data, period};

const ENCODINGS: [&str; 8] = [
    "utf-8",
    "utf-8-bom",
    "utf-16le",
    "utf-16be",
    "windows-1251",
    "ibm866",
    "x-mac-cyrillic",
    "koi8-r",
];

/// A sheet as gardens send it: a title, a header of two lines with merged cells, the numbers of the
/// columns, figures typed as numbers and as text, a comma inside a name, faults, a total, a
/// signature. No sign that any of the encodings lacks.
fn sheet() -> Sheet {
    let row = |name: &str, rest: [Cell; 8]| {
        let mut cells = vec![text(name)];
        cells.extend(rest);
        cells
    };
    let words = |words: &[&str]| words.iter().map(|word| text(word)).collect::<Vec<Cell>>();
    Sheet::new(
        "Отчёт",
        vec![
            words(&["ДАННЫЕ УСЛОВНЫЕ"]),
            words(&["Отчёт дошкольных организаций, за декабрь 2025 года"]),
            Vec::new(),
            words(&[
                "Организация",
                "Численность воспитанников",
                "",
                "Мест по лицензии",
                "Охвачены дополнительным образованием",
                "ВСОКО",
                "Программа для родителей",
                "Педагоги",
                "Прошли ПК за 3 года",
            ]),
            words(&["", "всего", "Воспитанники от 5 лет"]),
            (1..=9).map(|column| number(&column.to_string())).collect(),
            row(
                "Д/с 101",
                [
                    number("120"),
                    text("1 020"),
                    number("130"),
                    number("30"),
                    text("да"),
                    text("нет"),
                    number("12"),
                    number("10"),
                ],
            ),
            row(
                "детский сад N 102, корпус 1",
                [
                    number("95"),
                    number("33"),
                    number("100"),
                    number("20"),
                    text("Да."),
                    text("-"),
                    number("9"),
                    number("9"),
                ],
            ),
            row(
                "ds-103",
                [
                    text("2O5"),
                    text("40*"),
                    number("100.5"),
                    percent("0.7845"),
                    text("частично"),
                    text("да"),
                    Cell::Empty,
                    number("-3"),
                ],
            ),
            row(
                "Итого",
                [
                    number("215"),
                    Cell::Empty,
                    number("230"),
                    number("50"),
                    Cell::Empty,
                    Cell::Empty,
                    number("21"),
                    number("20"),
                ],
            ),
            words(&["Исполнитель: методист, тел. 0-00"]),
        ],
    )
}

/// A cell as a Russian spreadsheet writes it into a CSV.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(digits) => digits.replace('.', ","),
        Cell::Percent(_) => "78,45%".into(),
        _ => String::new(),
    }
}

fn csv(sheet: &Sheet, delimiter: char, line_end: &str) -> String {
    let mut out = String::new();
    for row in &sheet.rows {
        let cells: Vec<String> = (0..9)
            .map(|column| row.get(column).map_or(String::new(), shown))
            .map(|cell| match cell.contains([delimiter, '"']) {
                true => format!("\"{}\"", cell.replace('"', "\"\"")),
                false => cell,
            })
            .collect();
        out += &cells.join(&delimiter.to_string());
        out += line_end;
    }
    out
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-8" => text.into(),
        "utf-8-bom" => format!("\u{feff}{text}").into(),
        "utf-16le" => support::utf16(text, u16::to_le_bytes),
        "utf-16be" => support::utf16(text, u16::to_be_bytes),
        other => {
            let encoding = encoding_rs::Encoding::for_label(other.as_bytes()).expect("known");
            let (bytes, _, lacking) = encoding.encode(text);
            assert!(!lacking, "{other} has these letters");
            bytes.into_owned()
        }
    }
}

/// What `check` says, without the name of the file and of the sheet.
fn answer(data: &Data, name: &str, bytes: Vec<u8>) -> Value {
    let mut run = data.read_bytes(&[(name.to_owned(), bytes)]);
    let mut answer = run.json(period("2025-12"), Some(By::Organisation));
    for issue in answer["issues"].as_array_mut().expect("issues") {
        let issue = issue.as_object_mut().expect("an issue");
        if issue["file"].is_string() {
            issue.insert("file".into(), "report".into());
        }
        issue.remove("sheet");
    }
    answer
}

#[test]
fn whatever_a_report_comes_as() {
    let data = Data::built_in();
    let sheet = sheet();
    let expected = answer(&data, "report.csv", csv(&sheet, ';', "\n").into());
    let codes: Vec<&str> = expected["issues"]
        .as_array()
        .expect("issues")
        .iter()
        .filter_map(|issue| issue["code"].as_str())
        .collect();
    for code in [
        "not-a-number",
        "not-whole",
        "negative",
        "not-a-flag",
        "footnote-mark",
        "unknown-organisation",
        "skipped-line",
    ] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    for encoding in ENCODINGS {
        for delimiter in [';', '\t', ','] {
            for line_end in ["\n", "\r\n", "\r"] {
                let text = csv(&sheet, delimiter, line_end);
                let found = answer(&data, "report.csv", encoded(&text, encoding));
                assert_eq!(
                    found, expected,
                    "{encoding}, {delimiter:?}, {line_end:?}:\n{found:#}\n{expected:#}"
                );
            }
        }
    }
    for (name, bytes) in [
        ("report.xlsx", xlsx(std::slice::from_ref(&sheet))),
        ("report.ods", ods(std::slice::from_ref(&sheet))),
    ] {
        let found = answer(&data, name, bytes);
        assert_eq!(found, expected, "{name}:\n{found:#}\n{expected:#}");
    }
}
