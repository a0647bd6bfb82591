//! Blank reports written by the program, and what to fill them in with.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use aleysk::model::form::{Field, FieldType, Form};
use aleysk::model::period::{Every, Period};
use serde_json::Value;

use super::{Data, project};

/// A blank report of every form of several data folders, with its period above it and without.
pub struct Blank {
    /// `None`: the built-in one.
    pub folder: Option<PathBuf>,
    pub form: Form,
    pub period: Period,
    /// What the program is told besides the form.
    pub options: Vec<String>,
}

impl Blank {
    pub fn all() -> Vec<Blank> {
        let shared = project().join("tests/cases/data");
        let folders = [None, Some(shared.join("blank")), Some(shared.join("free"))];
        let mut blanks = Vec::new();
        for folder in folders {
            let data = folder.as_deref().map_or_else(Data::built_in, Data::folder);
            for form in &data.plan().forms {
                let period = some_period(form.every);
                for options in [vec![], vec!["--period".to_owned(), period.to_string()]] {
                    let (folder, form) = (folder.clone(), form.clone());
                    blanks.push(Blank {
                        folder,
                        form,
                        period,
                        options,
                    });
                }
            }
        }
        blanks
    }

    /// Writes it into a file, whose ending tells the format.
    pub fn write(&self, path: &Path) {
        let mut arguments = vec!["template", &self.form.id, "--quiet", "-o"];
        arguments.push(path.to_str().expect("UTF-8"));
        arguments.extend(self.options.iter().map(String::as_str));
        let output = run(self.folder.as_deref(), &arguments);
        assert_eq!(output.stderr, b"");
        assert_eq!(output.status.code(), Some(0));
    }

    /// Its cells, as CSV has them.
    pub fn cells(&self) -> Vec<Vec<String>> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("blank.csv");
        self.write(&path);
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).delimiter(b';');
        let mut reader = reader.from_path(path).expect("a file");
        let records = reader.records().map(|record| record.expect("a record"));
        records
            .map(|record| record.iter().map(str::to_owned).collect())
            .collect()
    }

    /// The line with the headings.
    pub fn header(cells: &[Vec<String>]) -> usize {
        let header = cells.iter().position(|row| row[0] == "Организация");
        header.expect("a header")
    }

    /// Every empty cell of it filled in; where it has no rows, two are added.
    pub fn filled(&self) -> Vec<Vec<String>> {
        let mut cells = self.cells();
        let header = Blank::header(&cells);
        let headings = cells[header].clone();
        if cells.len() == header + 1 {
            for name in ["Сад № 1", "Сад № 2"] {
                let mut row = vec![String::new(); headings.len()];
                row[0] = name.to_owned();
                cells.push(row);
            }
        }
        // A blank without a period has rows for those too that have closed by now.
        let closed = |row: &[String]| row.iter().any(|cell| cell == "old");
        for row in cells[header + 1..].iter_mut().filter(|row| !closed(row)) {
            for (cell, heading) in row.iter_mut().zip(&headings) {
                if cell.is_empty() {
                    *cell = self.something_for(heading);
                }
            }
        }
        cells
    }

    fn something_for(&self, heading: &str) -> String {
        let heading = heading.trim_start_matches('\'');
        let mut fields = self.form.fields.iter();
        match fields.find(|field| field.header == heading) {
            Some(field) => something_for(field).to_owned(),
            None if heading == "Период" => self.period.title(),
            None => panic!("{heading} is empty"),
        }
    }

    /// Holds that a report made of it is read without a remark.
    pub fn is_read(&self, report: &Path) {
        let path = report.to_str().expect("UTF-8");
        let output = run(self.folder.as_deref(), &["check", "--format", "json", path]);
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let what = format!("{} {:?} {path}", self.form.id, self.options);
        assert_eq!(answer["issues"], serde_json::json!([]), "{what}");
        assert_eq!(output.status.code(), Some(0), "{what}");
        assert_eq!(answer["period"], self.period.to_string(), "{what}");
        assert_eq!(output.stderr, b"", "{what}");
    }
}

/// Runs the program with a data folder; `None`: with the built-in one.
pub fn run(data: Option<&Path>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aleysk"));
    command.args(arguments).env_remove("ALEYSK_DATA");
    if let Some(data) = data {
        command.arg("--data").arg(data);
    }
    command.output().expect("the program runs")
}

fn some_period(every: Every) -> Period {
    Period::containing(every, jiff::civil::date(2025, 12, 31))
}

/// What may be written into a cell of a field, whatever the limits in our data folders are.
fn something_for(field: &Field) -> &str {
    match field.kind {
        FieldType::Count => "10",
        FieldType::Number => "1,5",
        FieldType::Percent => "78,45",
        FieldType::Flag => "да",
        FieldType::Date => "31.12.2025",
        FieldType::Text => match (field.one_of.first(), &field.pattern) {
            (Some(word), _) => word,
            (None, Some(_)) => "0123",
            (None, None) => "слово",
        },
    }
}
