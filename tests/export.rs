//! The long table: what is written as Parquet is what is written as CSV, and a file is written whole
//! or not at all.

mod support;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

fn export(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .arg("export")
        .args(arguments)
        .current_dir(support::project())
        .env_remove("ALEYSK_DATA")
        .output()
        .expect("a program that runs");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    (output.status.code().expect("it ends by itself"), said)
}

fn csv_rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .expect("a file");
    let rows = reader
        .records()
        .map(|row| row.expect("as wide as the first"));
    // What a spreadsheet would run has an apostrophe before it, here alone.
    let meant = |cell: &str| match cell.strip_prefix('\'') {
        Some(formula) => formula.to_owned(),
        None => cell.to_owned(),
    };
    rows.map(|row| row.iter().map(meant).collect()).collect()
}

/// The same rows with the same headings, each cell as CSV has it.
fn parquet_rows(path: &Path) -> Vec<Vec<String>> {
    let reader = SerializedFileReader::new(File::open(path).expect("a file")).expect("Parquet");
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let names = schema
        .columns()
        .iter()
        .map(|column| column.name().to_owned());
    let mut rows: Vec<Vec<String>> = vec![names.collect()];
    for row in reader.get_row_iter(None).expect("rows") {
        let row = row.expect("a row");
        rows.push(
            row.get_column_iter()
                .map(|(_, field)| cell(field))
                .collect(),
        );
    }
    rows
}

fn cell(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Long(number) => number.to_string(),
        Field::Decimal(value) => {
            let bytes: [u8; 16] = value.data().try_into().expect("sixteen bytes");
            let mantissa = i128::from_be_bytes(bytes);
            let digits = format!("{:0>16}", mantissa.abs());
            let (whole, part) = digits.split_at(digits.len() - 15);
            let text = format!("{whole}.{part}");
            let sign = if mantissa < 0 { "-" } else { "" };
            format!("{sign}{}", text.trim_end_matches('0').trim_end_matches('.'))
        }
        Field::Date(days) => {
            let origin = jiff::civil::date(1970, 1, 1);
            let span = jiff::Span::new().days(i64::from(*days));
            (origin + span).to_string()
        }
        other => panic!("no such column: {other:?}"),
    }
}

/// Fractions, the longest figures, names that are hard on a table.
const HARD: &str = "Период;org_id;children_total;teachers_total;Педагогов обучено\n\
    2025-12;=1+1;99999999999999999;0,000000000000001;0\n\
    2025-12;\"a,\"\"b\"\"\nc\";7;12,25;3\n\
    2025-11;01-0001-001;7;99999999999999,001;\n";

#[test]
fn parquet_and_csv_hold_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    fs::write(path("hard.txt"), HARD).expect("written");
    let reports = [
        ("data", "examples/2025-Q4".to_owned(), 130),
        ("data", "examples/2025-Q4-real".to_owned(), 300),
        ("tests/national", path("hard.txt"), 9),
    ];
    for (data, reports, at_least) in reports {
        let [csv, parquet] = ["facts.csv", "facts.parquet"].map(path);
        let write = |file: &str| export(&[&reports, "--data", data, "-o", file]);
        assert_eq!(write(&csv), write(&parquet), "{reports}");
        let rows = csv_rows(csv.as_ref());
        assert!(rows.len() >= at_least, "{reports}: {} rows", rows.len());
        assert_eq!(rows, parquet_rows(parquet.as_ref()), "{reports}");
        let keys: BTreeSet<[&str; 4]> = rows
            .iter()
            .map(|row| [0, 2, 3, 4].map(|column| row[column].as_str()))
            .collect();
        assert_eq!(
            keys.len(),
            rows.len(),
            "{reports}: a figure stands there twice"
        );
    }
}

#[test]
fn a_file_that_cannot_be_made_leaves_the_old_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = folder.path().join("facts.csv");
    fs::write(&old, "old").expect("written");
    let (exit, said) = export(&["no-such-folder", "-o", old.to_str().expect("UTF-8")]);
    assert_eq!(exit, 2, "{said}");
    assert_eq!(fs::read_to_string(&old).expect("still there"), "old");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}
