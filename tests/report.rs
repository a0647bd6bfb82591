//! The monthly report of each month of the shipped year in every format: the figures are those of
//! `check`, two runs give the same bytes, and a run that fails leaves what was there.

mod support;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use support::office::{Item, items, sheets};
use support::project;

const FORMATS: &str = "html,xlsx,docx,markdown,csv,json,table";

fn aleysk(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(arguments)
        .current_dir(project())
        .env_remove("ALEYSK_DATA")
        .env("COLUMNS", "160")
        .output()
        .expect("a program that runs")
}

fn json(arguments: &[&str]) -> Value {
    let output = aleysk(arguments);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A table's rows: the texts of each, cell by cell, those within a cell one by one.
type Rows = Vec<Vec<String>>;

/// What a report's plan-and-fact table must say of a result of `check`.
struct Expected {
    /// What its row begins with: number and name.
    begins: [String; 2],
    id: String,
    texts: Vec<String>,
    /// Only where machine-readable columns are written.
    exact: Vec<String>,
}

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ").trim().to_owned()
}

/// A number of JSON as people write it.
fn russian(value: &Value) -> String {
    value
        .to_string()
        .trim_matches('"')
        .replace('.', ",")
        .replace('-', "\u{2212}")
}

fn expected(period: &str) -> Vec<Expected> {
    let resolution = json(&["show", "2025", "--format", "json"]);
    let topics: HashMap<String, String> = resolution["proposal"]
        .as_array()
        .expect("proposals")
        .iter()
        .map(|one| {
            (
                one["number"].to_string(),
                one["topic"].as_str().expect("a topic").to_owned(),
            )
        })
        .collect();
    let indicators = json(&["show", "indicators", "--format", "json"]);
    let known: HashMap<&str, &Value> = indicators["indicator"]
        .as_array()
        .expect("indicators")
        .iter()
        .map(|one| (one["id"].as_str().expect("an id"), one))
        .collect();
    let answer = json(&[
        "check",
        "examples/2025",
        "--period",
        period,
        "--format",
        "json",
    ]);
    let results = answer["results"].as_array().expect("results");
    let measured = results.iter().filter(|one| !one["indicator"].is_null());
    measured
        .map(|one| {
            let id = one["indicator"].as_str().expect("an id");
            let indicator = known[id];
            let percent = indicator["unit"] == "percent";
            let number = one["proposal"].as_str().expect("a number").to_owned();
            let has_target = !one["target"].is_null();
            let name = match has_target {
                true => topics[&number].clone(),
                false => indicator["name"].as_str().expect("a name").to_owned(),
            };
            let mut texts = Vec::new();
            let unit = if percent { " %" } else { "" };
            if !one["actual"].is_null() {
                texts.push(format!("{}{unit}", russian(&one["actual"])));
            }
            if !one["deviation"].is_null() {
                let deviation = russian(&one["deviation"]);
                let positive = !deviation.starts_with('\u{2212}')
                    && deviation.contains(|digit: char| matches!(digit, '1'..='9'));
                let sign = if positive { "+" } else { "" };
                texts.push(format!(
                    "{sign}{deviation}{}",
                    if percent { " п.п." } else { "" }
                ));
            }
            if !one["percent_of_target"].is_null() {
                texts.push(format!("{} %", russian(&one["percent_of_target"])));
            }
            let exact = ["numerator", "denominator"]
                .into_iter()
                .filter(|key| !one[key].is_null())
                .map(|key| russian(&one[key]))
                .collect();
            Expected {
                begins: [number, name],
                id: id.to_owned(),
                texts,
                exact,
            }
        })
        .collect()
}

/// Holds what rows say against what they must.
fn hold(rows: &Rows, expected: &[Expected], with_details: bool, what: &str) {
    for one in expected {
        let own: Vec<&Vec<String>> = rows
            .iter()
            .filter(|row| match with_details {
                // The newest values of all formats stand in the first table with the id.
                true => row.len() > 3 && row[..2] == one.begins && row.contains(&one.id),
                false => row.len() > 2 && row[..2] == one.begins,
            })
            .collect();
        let whole = |row: &&&Vec<String>| {
            let details = one.exact.iter().filter(|_| with_details);
            one.texts
                .iter()
                .chain(details)
                .all(|text| row.contains(text))
        };
        assert!(
            own.iter().any(|row| whole(&row)),
            "{what}: {:?} {:?} {:?} in {own:?}",
            one.begins,
            one.texts,
            one.exact
        );
    }
}

/// The rows of the tables of a page.
fn page_rows(page: &str) -> Rows {
    let rows = page.split("<tr").skip(1).map(|row| {
        let row = row.split("</tr>").next().expect("a row");
        let mut texts = Vec::new();
        let mut text = String::new();
        for piece in row.split_inclusive('>').skip(1) {
            let (letters, tag) = piece.split_once('<').unwrap_or((piece, ""));
            text.push_str(letters);
            if ["/td", "/th", "/div"]
                .iter()
                .any(|end| tag.starts_with(end))
            {
                let whole = text
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&");
                if !whole.trim().is_empty() {
                    texts.push(plain(&whole));
                }
                text.clear();
            }
        }
        texts
    });
    rows.collect()
}

fn markdown_rows(text: &str) -> Rows {
    let rows = text.lines().filter(|line| line.starts_with("| "));
    rows.map(|line| {
        let line = line
            .trim_matches('|')
            .replace("\\_", "_")
            .replace("&gt;", ">");
        line.split(" | ").map(plain).collect()
    })
    .collect()
}

fn csv_rows(text: &[u8]) -> Rows {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let records = reader.records().map(|record| record.expect("a record"));
    records
        .map(|record| record.iter().map(|cell| cell.to_owned()).collect())
        .collect()
}

fn text_document_rows(file: &[u8]) -> Rows {
    let tables = items(file).into_iter().filter_map(|item| match item {
        Item::Table(rows) => Some(rows),
        _ => None,
    });
    tables
        .flatten()
        .map(|row| {
            let texts = row.into_iter().flatten();
            texts
                .map(|text| plain(&text))
                .filter(|text| !text.is_empty())
                .collect()
        })
        .collect()
}

fn workbook_rows(file: &[u8]) -> Rows {
    let sheets = sheets(file).into_iter();
    let rows = sheets.filter(|(name, _)| name == "Сводка" || name == "Без целей");
    rows.flat_map(|(_, rows)| rows)
        .map(|row| row.into_iter().map(|cell| plain(&cell.text)).collect())
        .collect()
}

/// Every result of `check`, every key of it.
fn hold_json(report: &Value, check: &Value, period: &str) {
    let (own, wanted) = (&report["results"], &check["results"]);
    let (own, wanted) = (
        own.as_array().expect("results"),
        wanted.as_array().expect("results"),
    );
    assert_eq!(own.len(), wanted.len());
    for (own, wanted) in own.iter().zip(wanted) {
        for (key, value) in wanted.as_object().expect("an object") {
            assert_eq!(&own[key], value, "{period}: {key}");
        }
        let history = own["history"].as_array().expect("a list");
        match wanted["indicator"].is_null() {
            true => assert!(history.is_empty()),
            false => {
                let last = history.last().expect("the period itself");
                assert_eq!(last["period"], period);
                assert_eq!(last["actual"], wanted["actual"]);
            }
        }
        if let Some(shortfall) = wanted["shortfall"].as_u64().filter(|count| *count > 0) {
            let parts = own["organisations"].as_array().expect("a list").iter();
            let shared: i64 = parts.filter_map(|part| part["shortfall"].as_i64()).sum();
            assert_eq!(shared, i64::try_from(shortfall).expect("small"), "{period}");
        }
    }
    for key in ["completeness", "issues"] {
        assert_eq!(report[key], check[key], "{period}: {key}");
    }
}

#[test]
fn each_month_says_in_every_format_what_check_says() {
    let folder = tempfile::tempdir().expect("a folder");
    for month in 1..=12 {
        let period = format!("2025-{month:02}");
        let mut runs = Vec::new();
        for run in ["one", "two"] {
            let target = folder.path().join(run);
            let output = aleysk(&[
                "report",
                "examples/2025",
                "--period",
                &period,
                "--format",
                FORMATS,
                "--output-dir",
                target.to_str().expect("UTF-8"),
            ]);
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            runs.push(target);
        }
        let read = |run: &Path, ending: &str| {
            fs::read(run.join(format!("{period}.{ending}"))).expect("written")
        };
        for ending in ["html", "xlsx", "docx", "md", "csv", "json", "txt"] {
            assert!(
                read(&runs[0], ending) == read(&runs[1], ending),
                "{period}.{ending}: two runs, two results"
            );
        }
        let text = |ending| String::from_utf8(read(&runs[0], ending)).expect("UTF-8");
        let expected = expected(&period);
        assert!(expected.len() > 10);
        hold(&page_rows(&text("html")), &expected, false, "html");
        hold(&markdown_rows(&text("md")), &expected, false, "md");
        hold(
            &text_document_rows(&read(&runs[0], "docx")),
            &expected,
            false,
            "docx",
        );
        hold(
            &workbook_rows(&read(&runs[0], "xlsx")),
            &expected,
            true,
            "xlsx",
        );
        let as_numbers: Vec<Expected> = expected
            .into_iter()
            .map(|one| Expected {
                texts: one.texts.iter().map(|text| as_in_csv(text)).collect(),
                ..one
            })
            .collect();
        hold(&csv_rows(&read(&runs[0], "csv")), &as_numbers, true, "csv");
        let report: Value = serde_json::from_str(&text("json")).expect("JSON");
        let check = json(&[
            "check",
            "examples/2025",
            "--period",
            &period,
            "--format",
            "json",
        ]);
        hold_json(&report, &check, &period);
    }
}

/// A number without its unit.
fn as_in_csv(text: &str) -> String {
    let number = text.split(' ').next().expect("a number");
    number.trim_start_matches('+').replace('\u{2212}', "-")
}

#[test]
fn a_run_that_fails_leaves_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("отчёт.html");
    fs::write(&file, "прежний").expect("written");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("made");
    fs::write(data.join("indicators.toml"), "[[indicator]]\nid = 1\n").expect("written");
    let output = aleysk(&[
        "report",
        "examples/2025",
        "--data",
        data.to_str().expect("UTF-8"),
        "-o",
        file.to_str().expect("UTF-8"),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&file).expect("there"), "прежний");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
}

#[test]
fn files_are_known_by_their_fingerprints() {
    let report = json(&["report", "examples/2025-Q4", "--format", "json"]);
    let files = report["files"].as_array().expect("files");
    let reports: Vec<&Value> = files.iter().filter(|file| file["data"] == false).collect();
    assert_eq!(reports.len(), 4);
    for file in files {
        let name = file["file"].as_str().expect("a name");
        let bytes = fs::read(project().join(name)).expect("there");
        assert_eq!(file["bytes"], bytes.len(), "{name}");
        let own = aleysk::read::fingerprint::of(&bytes[..]).expect("read");
        assert_eq!(file["sha256"], own.sha256, "{name}");
    }
    let accepted: u64 = reports
        .iter()
        .filter_map(|file| file["accepted"].as_u64())
        .sum();
    assert_eq!(accepted, 18 * 3 - 2 * 2);
}
