//! Explanations add up, and what they quote stands in the files: read here a second time, by other
//! means than the program's.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use aleysk::diagnostic::Severity;
use aleysk::diagnostic::pages::PAGES;
use aleysk::model::quantity::{Decimal, Fraction};
use serde_json::Value;
use support::workbooks::{Sheet, number, ods, text, xlsx};
use support::{other_encodings, project};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(arguments)
        .current_dir(folder)
        .env("COLUMNS", "400")
        .env("NO_COLOR", "1")
        .env_remove("ALEYSK_DATA")
        .output()
        .expect("the program runs")
}

fn explain(folder: &Path, arguments: &[&str]) -> Value {
    let mut all = vec!["explain", "--format", "json"];
    all.extend(arguments);
    let output = run(folder, &all);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        panic!("{error}: {arguments:?}: {stderr}")
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// A number as JSON has it: a decimal, or "a/b". What is not there is 0.
fn exact(value: &Value) -> Fraction {
    match value {
        Value::Null => Fraction::from_integer(0.into()),
        Value::String(text) => text.parse().expect("a/b"),
        number => {
            let decimal = Decimal::parse(number.to_string().as_bytes());
            decimal.expect("short").expect("a number").to_fraction()
        }
    }
}

fn sum(parts: &[Value], key: &str) -> Fraction {
    parts.iter().map(|part| exact(&part[key])).sum()
}

/// The parts make up the whole, their gaps the gap, their shares the shortfall.
fn adds_up(figure: &Value, what: &str) {
    let parts = list(&figure["parts"]);
    for side in ["numerator", "denominator"] {
        let rest = exact(&figure["rest"][side]);
        assert_eq!(
            sum(parts, side) + rest,
            exact(&figure[side]),
            "{what}: {side}"
        );
    }
    let scale = match figure["formula"]["unit"].as_str() {
        Some("percent") => Some(100),
        Some("ratio") => Some(1),
        _ => None,
    };
    let wanted = &figure["target"]["at_least"];
    if let Some(scale) = scale
        && !wanted.is_null()
        && !figure["actual"].is_null()
    {
        let scale = Fraction::from_integer(scale.into());
        let asked = exact(wanted) * exact(&figure["denominator"]) / scale;
        let gap = asked - exact(&figure["numerator"]);
        let rest = |key: &str| exact(&figure["rest"][key]);
        assert_eq!(sum(parts, "gap") + rest("gap"), gap, "{what}: gaps");
        assert_eq!(
            sum(parts, "shortfall") + rest("shortfall"),
            exact(&figure["shortfall"]),
            "{what}: shares"
        );
    }
    let keys: Vec<Fraction> = parts.iter().map(|part| exact(&part["gap"])).collect();
    let given = |part: &&Value| !part["gap"].is_null();
    let known = parts.iter().filter(given).count();
    assert!(
        keys[..known].is_sorted_by(|one, next| one >= next),
        "{what}: order"
    );
}

/// The cells of a clean file: no quotes, every line a row.
fn cell_of(bytes: &[u8], line: u64, column: u64) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    assert!(!bytes.contains(&b'"'), "a clean file");
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let line = lines.nth(line as usize - 1).expect("a line");
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let mut cells = line.split(|byte| *byte == b';');
    cells.nth(column as usize - 1).expect("a cell")
}

/// `D7` as column and row.
fn read_name(name: &str) -> (u64, u64) {
    let row = name.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = &name[..name.len() - row.len()];
    let column = letters
        .bytes()
        .fold(0, |sum, letter| sum * 26 + u64::from(letter - b'A') + 1);
    (column, row.parse().expect("a row"))
}

/// Every cell stands in its file, byte for byte, and its value is what stands there.
fn cells_stand(folder: &Path, figure: &Value, what: &str) -> usize {
    let mut count = 0;
    for part in list(&figure["parts"]) {
        for cell in list(&part["cells"]) {
            let file = folder.join(cell["file"].as_str().expect("a file"));
            let bytes = fs::read(&file).expect("the file");
            let (line, column) = (
                cell["line"].as_u64().expect("a line"),
                cell["column"].as_u64().expect("a column"),
            );
            let raw = cell["raw"].as_str().expect("what stands there");
            assert_eq!(
                cell_of(&bytes, line, column),
                raw.as_bytes(),
                "{what}: {cell}"
            );
            let name = cell["cell"].as_str().expect("a name");
            assert_eq!(read_name(name), (column, line), "{what}: {cell}");
            let value = match raw {
                "да" => "1",
                "нет" => "0",
                digits => digits,
            };
            assert_eq!(cell["value"].to_string(), value, "{what}: {cell}");
            count += 1;
        }
    }
    count
}

#[test]
fn the_year_adds_up_and_every_cell_is_there() {
    let indicators = [
        "preschool-access",
        "preschool-quality",
        "parent-programme",
        "target-contracts",
        "social-order",
        "dop-coverage",
        "dop-enrolments",
        "teachers-trained",
    ];
    for month in [1, 9, 12] {
        let period = format!("2025-{month:02}");
        for indicator in indicators {
            let answer = explain(
                &project(),
                &[indicator, "examples/2025", "--period", &period],
            );
            let what = format!("{indicator} {period}");
            assert_eq!(answer["period"], period, "{what}");
            for figure in list(&answer["figures"]) {
                adds_up(figure, &what);
                let cells = cells_stand(&project(), figure, &what);
                assert_eq!(cells == 0, figure["numerator"].is_null(), "{what}");
            }
        }
    }
}

#[test]
fn the_coverage_of_december_is_what_the_file_says() {
    let answer = explain(&project(), &["dop-coverage", "examples/2025"]);
    let figure = &answer["figures"][0];
    let check = |key: &str, value: &str| assert_eq!(figure[key].to_string(), value, "{key}");
    check("numerator", "1540");
    check("denominator", "2000");
    check("actual", "77.00");
    check("shortfall", "29");
    check("quote", "\"в декабре 2025 года - 78,45%\"");
    assert_eq!(list(&figure["parts"]).len(), 15);
    assert_eq!(
        sum(list(&figure["parts"]), "shortfall"),
        Fraction::from_integer(29.into())
    );
    assert_eq!(cells_stand(&project(), figure, "December"), 30);
}

#[test]
fn a_quarter_as_it_really_arrives_adds_up_too() {
    let answer = explain(&project(), &["dop-coverage", "examples/2025-Q4-real"]);
    let figure = &answer["figures"][0];
    adds_up(figure, "as it arrives");
    let left_out: Vec<String> = list(&figure["left_out"])
        .iter()
        .map(|one| {
            let cells = list(&one["cells"]).iter();
            let cells = cells.map(|cell| format!("{} {}", cell["cell"], cell["raw"]));
            let cells: Vec<String> = cells.collect();
            format!("{} {}", one["organisation"], cells.join(", "))
        })
        .collect();
    assert_eq!(
        left_out,
        [
            r#""ds-103" "D4" "39", "E4" "29", "E6" "40", "F6" "29""#,
            r#""ds-107" "#,
            r#""ds-109" "E9" "40""#,
            r#""sh-204" "D7" "-188""#,
        ]
    );
}

#[test]
fn parts_add_up_whatever_the_formula_and_are_those_of_check() {
    let folder = project().join("tests/cases/explain/constant");
    let common = [
        "--data",
        "../../data/formulas",
        "report.csv",
        "committee.csv",
    ];
    let check = run(
        &folder,
        &[
            &["check", "--format", "json", "--by", "organisation"][..],
            &common,
        ]
        .concat(),
    );
    let check: Value = serde_json::from_slice(&check.stdout).expect("JSON");
    for result in list(&check["results"]) {
        let indicator = result["indicator"].as_str().expect("an indicator");
        let answer = explain(&folder, &[&[indicator][..], &common].concat());
        let figure = &answer["figures"][0];
        adds_up(figure, indicator);
        let parts = list(&figure["parts"]);
        let breakdown = list(&result["breakdown"]);
        assert_eq!(parts.len(), breakdown.len(), "{indicator}");
        for row in breakdown {
            let part = parts
                .iter()
                .find(|part| part["organisation"] == row["organisation"])
                .expect("a part");
            for side in ["numerator", "denominator"] {
                let known = row[side].is_null() || row[side] == part[side];
                assert!(known, "{indicator}: {side}: {row} {part}");
            }
            assert_eq!(row["actual"], part["actual"], "{indicator}: {row}");
        }
    }
}

/// What a figure's cells say: name and raw text, in order.
fn quoted(folder: &Path, file: &str) -> Vec<(String, String, Value)> {
    let answer = explain(folder, &["waiting-later", file]);
    let parts = list(&answer["figures"][0]["parts"]).iter();
    let cells = parts.flat_map(|part| list(&part["cells"]));
    cells
        .map(|cell| {
            let text = |key: &str| cell[key].as_str().unwrap_or("").to_owned();
            (text("cell"), text("raw"), cell["value"].clone())
        })
        .collect()
}

#[test]
fn cells_are_quoted_from_any_encoding_and_from_workbooks() {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("put");
    let header = [
        "Организация",
        "Актуальный спрос",
        "Отложенный спрос",
        "Целевые договоры",
    ];
    let table = format!(
        "Отчёт Комитета за декабрь 2025 года;;;\n{}\nКомитет;\"0\";\" 44\";9\n",
        header.join(";")
    );
    put("plain.csv", table.as_bytes());
    let expected = |raw: &str| vec![("C3".to_owned(), raw.to_owned(), Value::from(44))];
    // Quotes and spaces are what stands in the file.
    assert_eq!(quoted(folder.path(), "plain.csv"), expected("\" 44\""));
    for (encoding, bytes) in other_encodings(&table) {
        let name = format!("{encoding}.csv");
        put(&name, &bytes);
        assert_eq!(
            quoted(folder.path(), &name),
            expected("\" 44\""),
            "{encoding}"
        );
    }
    let rows = vec![
        vec![text("Отчёт Комитета\nза декабрь 2025 года")],
        header.map(text).to_vec(),
        vec![text("Комитет"), number("0"), text("44 \n"), number("9")],
    ];
    let sheet = [Sheet::new("Отчёт", rows)];
    for (name, bytes) in [("book.xlsx", xlsx(&sheet)), ("book.ods", ods(&sheet))] {
        put(name, &bytes);
        let cells = quoted(folder.path(), name);
        let trimmed: Vec<(&str, &str)> = cells
            .iter()
            .map(|(cell, raw, _)| (cell.as_str(), raw.trim()))
            .collect();
        assert_eq!(trimmed, [("C3", "44")], "{name}");
        let answer = explain(folder.path(), &["waiting-later", name]);
        let cell = &answer["figures"][0]["parts"][0]["cells"][0];
        assert_eq!(
            (&cell["sheet"], &cell["line"]),
            (&"Отчёт".into(), &3.into()),
            "{name}"
        );
    }
}

/// The files of a page's example, in a folder of their own beside a data folder.
fn set_up(files: &[(&str, &str)]) -> (tempfile::TempDir, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let city = project().join("tests/cases/data/city");
    let mut reports = Vec::new();
    for entry in walkdir::WalkDir::new(&city) {
        let entry = entry.expect("readable");
        let own = entry.path().strip_prefix(&city).expect("below");
        let copy: PathBuf = folder.path().join("data").join(own);
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(copy).expect("made"),
            false => drop(fs::copy(entry.path(), copy).expect("copied")),
        }
    }
    for (name, text) in files {
        if name.ends_with(".toml") {
            let path = folder.path().join("data").join(name);
            let whole = fs::read_to_string(&path).expect("a data file");
            fs::write(path, format!("{whole}\n{text}")).expect("put");
        } else {
            fs::write(folder.path().join(name), text).expect("put");
            reports.push((*name).to_owned());
        }
    }
    (folder, reports)
}

#[test]
fn the_example_of_every_page_gives_its_remark() {
    let mut played = 0;
    for page in PAGES.iter().filter(|page| !page.example.files.is_empty()) {
        let (folder, reports) = set_up(page.example.files);
        let mut arguments = vec!["check", "--data", "data", "--period", "2025-12"];
        arguments.extend(reports.iter().map(String::as_str));
        let output = run(folder.path(), &arguments);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        let (id, message) = (page.code.id(), page.example.message);
        let remark = said
            .lines()
            .find(|line| line.contains(&format!("[{id}]: ")) && line.contains(message));
        assert!(remark.is_some(), "{id}: {message}\n{said}");
        let severity = Severity::title(page.code.severity());
        assert!(
            remark.expect("there").starts_with(severity),
            "{id}: {remark:?}"
        );
        played += 1;
    }
    assert!(
        played * 4 > PAGES.len() * 3,
        "most examples are files: {played}"
    );
}

#[test]
fn every_page_is_shown() {
    for page in PAGES {
        let id = page.code.id();
        let shown = run(&project(), &["explain", id]);
        assert!(shown.status.success(), "{id}");
        let text = String::from_utf8(shown.stdout).expect("UTF-8");
        for part in [
            page.title,
            page.meaning,
            page.why,
            page.remedy,
            page.left_out,
        ] {
            assert!(text.contains(part), "{id}: {part}\n{text}");
        }
        let answer = explain(&project(), &[id]);
        assert_eq!(answer["code"], id);
        assert_eq!(answer["severity"], page.code.severity().id());
    }
}
