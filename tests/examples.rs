//! The shipped examples say what their README and the sources of the project say of them.

mod support;

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use support::result;

fn check(folder: &str, arguments: &[&str]) -> (Output, Value) {
    let path: PathBuf = support::project().join("examples").join(folder);
    let output = Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .current_dir(support::project())
        .env_remove("ALEYSK_DATA")
        .args(["check", "--format", "json"])
        .arg(&path)
        .args(arguments)
        .output()
        .expect("the program runs");
    let answer = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{error}: {}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    });
    (output, answer)
}

/// A result's figures and status, as text.
fn line(answer: &Value, indicator: &str) -> String {
    let result = result(answer, indicator);
    let text = |key: &str| match &result[key] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    format!(
        "{} {} {} {} {} {}",
        text("proposal"),
        text("numerator"),
        text("denominator"),
        text("actual"),
        text("status"),
        text("shortfall")
    )
}

fn proposals(answer: &Value) -> Vec<String> {
    let results = answer["results"].as_array().expect("results");
    let mut numbers: Vec<String> = results
        .iter()
        .map(|result| result["proposal"].as_str().expect("a string").to_owned())
        .collect();
    numbers.dedup();
    numbers
}

fn one_to_eleven() -> Vec<String> {
    (1..=11).map(|number| number.to_string()).collect()
}

#[test]
fn the_clean_quarter() {
    let (output, answer) = check("2025-Q4", &["--period", "2025-12"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(answer["exit"], 0);
    assert_eq!(answer["issues"], Value::Array(Vec::new()));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "",
        "nothing to remark"
    );
    assert_eq!(proposals(&answer), one_to_eleven());
    let lines = [
        ("preschool-access", "1 1210 1210 100.00 met 0"),
        ("preschool-quality", "2 9 9 100.00 met 0"),
        ("parent-programme", "3 6 9 66.67 pending 3"),
        ("target-contracts", "7 9 null 9 no_base null"),
        ("social-order", "10 1 null 1 met null"),
        ("dop-coverage", "11 1540 2000 77.00 missed 29"),
    ];
    for (indicator, expected) in lines {
        assert_eq!(line(&answer, indicator), expected, "{indicator}");
    }
    for result in answer["results"].as_array().expect("results") {
        assert_eq!(result["provisional"], false, "{result}");
    }
    for number in ["4", "5"] {
        let own: Vec<&Value> = answer["results"]
            .as_array()
            .expect("results")
            .iter()
            .filter(|result| result["proposal"] == number)
            .collect();
        assert_eq!(own.len(), 1);
        assert_eq!(own[0]["status"], "unmeasured");
        assert_eq!(own[0]["indicator"], Value::Null);
    }
    for entry in answer["completeness"].as_array().expect("completeness") {
        assert_eq!(entry["expected"], entry["reported"], "{entry}");
        assert_eq!(entry["missing"], Value::Array(Vec::new()), "{entry}");
    }
}

#[test]
fn the_clean_quarter_without_a_period_is_its_newest_month() {
    let (_, asked) = check("2025-Q4", &["--period", "2025-12"]);
    let (_, found) = check("2025-Q4", &[]);
    assert_eq!(asked, found);
}

#[test]
fn the_year_month_by_month() {
    for month in 1..=12 {
        let period = format!("2025-{month:02}");
        let (output, answer) = check("2025", &["--period", &period]);
        assert_eq!(output.status.code(), Some(0), "{period}");
        assert_eq!(answer["period"], period);
        assert_eq!(proposals(&answer), one_to_eleven(), "{period}");
        let coverage = result(&answer, "dop-coverage");
        let expected = if month == 12 { "missed" } else { "pending" };
        assert_eq!(coverage["status"], expected, "{period}");
    }
    let (_, answer) = check("2025", &["--period", "2025-12"]);
    assert_eq!(
        line(&answer, "dop-coverage"),
        "11 1540 2000 77.00 missed 29"
    );
    let (_, answer) = check("2025", &["--period", "2025-01"]);
    assert_eq!(
        line(&answer, "dop-coverage"),
        "11 1448 1958 73.95 pending 89"
    );
}

/// A fault that was planted: file, physical line, column, cell as a spreadsheet names it, code,
/// severity, organisation.
type Planted = (
    &'static str,
    u32,
    Option<u32>,
    Option<&'static str>,
    &'static str,
    &'static str,
    Option<&'static str>,
);

/// A line break in a cell of `sady_noyabr.csv` sets its rows and lines one apart below line 9.
const PLANTED: &[Planted] = &[
    (
        "sad_106_dekabr.csv",
        3,
        None,
        None,
        "late-report",
        "warning",
        None,
    ),
    (
        "sady_2025-10.csv",
        14,
        Some(3),
        Some("C14"),
        "empty-required",
        "error",
        Some("ds-109"),
    ),
    (
        "sady_2025-10.csv",
        17,
        None,
        None,
        "skipped-line",
        "note",
        None,
    ),
    (
        "sady_dekabr.csv",
        5,
        Some(9),
        Some("I5"),
        "not-whole",
        "error",
        Some("ds-102"),
    ),
    (
        "sady_dekabr.csv",
        6,
        Some(4),
        Some("D6"),
        "conflicting-report",
        "error",
        Some("ds-103"),
    ),
    (
        "sady_dekabr.csv",
        7,
        Some(4),
        Some("D7"),
        "not-a-number",
        "error",
        Some("ds-104"),
    ),
    (
        "sady_dekabr.csv",
        8,
        Some(4),
        Some("D8"),
        "rule-broken",
        "warning",
        Some("ds-108"),
    ),
    (
        "sady_dekabr.csv",
        9,
        Some(6),
        Some("F9"),
        "rule-broken",
        "error",
        Some("ds-109"),
    ),
    (
        "sady_dekabr.csv",
        10,
        Some(1),
        Some("A10"),
        "unknown-organisation",
        "error",
        None,
    ),
    (
        "sady_noyabr.csv",
        4,
        Some(10),
        Some("J4"),
        "unknown-column",
        "note",
        None,
    ),
    (
        "sady_noyabr.csv",
        4,
        Some(11),
        Some("K4"),
        "unknown-column",
        "note",
        None,
    ),
    (
        "sady_noyabr.csv",
        13,
        Some(7),
        Some("G12"),
        "not-a-flag",
        "error",
        Some("ds-108"),
    ),
    (
        "sady_noyabr.csv",
        15,
        Some(2),
        Some("B14"),
        "total-mismatch",
        "warning",
        None,
    ),
    (
        "shkoly_dekabr.csv",
        7,
        Some(4),
        Some("D7"),
        "negative",
        "error",
        Some("sh-204"),
    ),
    (
        "shkoly_dekabr.csv",
        10,
        None,
        None,
        "duplicate-report",
        "note",
        Some("sh-202"),
    ),
    (
        "shkoly_noyabr.csv",
        4,
        Some(5),
        Some("E4"),
        "unknown-column",
        "note",
        None,
    ),
    (
        "shkoly_noyabr.csv",
        10,
        Some(4),
        Some("D10"),
        "empty-required",
        "error",
        Some("sh-206"),
    ),
    (
        "shkoly_noyabr.csv",
        12,
        None,
        None,
        "skipped-line",
        "note",
        None,
    ),
];

#[test]
fn the_quarter_as_it_really_comes() {
    let (output, answer) = check("2025-Q4-real", &["--period", "2025-12"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(answer["exit"], 1);
    let shown = |issue: &Value| {
        let file = issue["file"].as_str().expect("a file");
        let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
        let text = |key: &str| issue[key].as_str().unwrap_or("-").to_owned();
        format!(
            "{file} {} {} {} {} {} {}",
            issue["line"],
            issue["column"],
            text("cell"),
            text("code"),
            text("severity"),
            text("organisation")
        )
    };
    let found: Vec<String> = answer["issues"]
        .as_array()
        .expect("issues")
        .iter()
        .map(shown)
        .collect();
    let planted: Vec<String> = PLANTED
        .iter()
        .map(|(file, line, column, cell, code, severity, organisation)| {
            let column = column.map_or("null".to_owned(), |column| column.to_string());
            let cell = cell.unwrap_or("-");
            let organisation = organisation.unwrap_or("-");
            format!("{file} {line} {column} {cell} {code} {severity} {organisation}")
        })
        .collect();
    let missing: Vec<&String> = planted.iter().filter(|one| !found.contains(one)).collect();
    let unasked: Vec<&String> = found.iter().filter(|one| !planted.contains(one)).collect();
    assert!(
        missing.is_empty() && unasked.is_empty() && found.len() == planted.len(),
        "missing: {missing:#?}\nunasked: {unasked:#?}"
    );
    let lines = [
        ("preschool-access", "1 745 745 100.00 met 0", true),
        ("waiting-later", "1 44 null 44 watch null", false),
        ("preschool-quality", "2 7 9 77.78 open 2", true),
        ("parent-programme", "3 4 9 44.44 pending 5", true),
        ("teachers-trained", "6 201 216 93.06 watch null", true),
        ("target-contracts", "7 9 null 9 no_base null", false),
        ("careers-guidance", "8 5 6 83.33 watch null", false),
        ("upbringing-programme", "9 6 6 100.00 watch null", false),
        ("social-order", "10 1 null 1 met null", false),
        ("dop-coverage", "11 1259 1630 77.24 missed 20", true),
        ("dop-enrolments", "11 1770 null 1770 watch null", false),
    ];
    for (indicator, expected, provisional) in lines {
        assert_eq!(line(&answer, indicator), expected, "{indicator}");
        assert_eq!(
            result(&answer, indicator)["provisional"],
            provisional,
            "{indicator}"
        );
    }
    let kindergartens = answer["completeness"]
        .as_array()
        .expect("completeness")
        .iter()
        .find(|entry| entry["form"] == "kindergarten" && entry["period"] == "2025-12")
        .expect("kindergartens in December");
    assert_eq!(kindergartens["expected"], 9);
    let missing = kindergartens["missing"].as_array().expect("a list");
    assert!(missing.contains(&"ds-107".into()), "{missing:?}");
}

/// The result does not depend on the order in which the files are named.
#[test]
fn the_order_of_the_files_changes_no_figure() {
    let folder = support::project().join("examples/2025-Q4-real");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the examples")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .collect();
    paths.sort();
    let data = support::Data::built_in();
    let december = support::period("2025-12");
    let one_way = data.read(&paths).json(december, None);
    paths.reverse();
    let other_way = data.read(&paths).json(december, None);
    assert_eq!(one_way["results"], other_way["results"]);
    assert_eq!(one_way["completeness"], other_way["completeness"]);
    assert_eq!(
        one_way["issues"].as_array().map(Vec::len),
        other_way["issues"].as_array().map(Vec::len)
    );
}
