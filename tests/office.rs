//! Blank reports in LibreOffice: opened, filled in as by a person who types Russian, saved, and
//! read back; and the monthly report opened by it as a workbook and as a text document. `.ci/run` installs LibreOffice and runs these; by hand:
//! `cargo test --test office -- --ignored`.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aleysk::render::{docx, xlsx};
use snapbox::{assert_data_eq, file};
use support::blank::{Blank, run};
use support::office::{Item, Shown, items, sheets};
use support::{project, sample};
use tempfile::{TempDir, tempdir};

/// What LibreOffice saves a filled in report as: a file's name, its filter and the filter's
/// options. For CSV: semicolon, quotes, the encoding by LibreOffice's number, Russian, as shown.
const SAVED: [[&str; 3]; 4] = [
    [
        "utf-8.csv",
        "Text - txt - csv (StarCalc)",
        "59,34,76,1,,1049,false,true,false",
    ],
    [
        "windows-1251.csv",
        "Text - txt - csv (StarCalc)",
        "59,34,34,1,,1049,false,true,false",
    ],
    ["filled.xlsx", "Calc MS Excel 2007 XML", ""],
    ["filled.ods", "calc8", ""],
];

/// How long LibreOffice may take for anything.
const PATIENCE: Duration = Duration::from_secs(180);

/// LibreOffice with a profile of its own, in which it speaks Russian and does as it is told.
struct Office {
    folder: TempDir,
}

impl Office {
    fn start() -> Office {
        let office = Office {
            folder: tempdir().expect("a folder"),
        };
        let user = office.path("profile/user");
        fs::create_dir_all(&user).expect("a folder");
        let settings = include_str!("office/settings.xcu");
        fs::write(user.join("registrymodifications.xcu"), settings).expect("written");
        // The first start fills the profile.
        office.run(&["--terminate_after_init"], &[]);
        let library = user.join("basic/Standard");
        let listing = include_str!("office/script.xlb");
        fs::write(library.join("script.xlb"), listing).expect("written");
        fs::write(library.join("Office.xba"), module()).expect("written");
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str], variables: &[(&str, String)]) {
        let profile = format!("-env:UserInstallation={}", url(&self.path("profile")));
        let started = Command::new("soffice")
            .args(["--headless", "--norestore", "--nologo", &profile])
            .args(arguments)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut started = started.expect("LibreOffice (soffice) is installed");
        let begun = Instant::now();
        while started.try_wait().expect("a process").is_none() {
            if begun.elapsed() > PATIENCE {
                started.kill().expect("ended");
                panic!("LibreOffice does not answer: {arguments:?}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Opens a file and saves it in another format, in a folder of its own.
    fn convert(&self, file: &Path, format: &str) -> PathBuf {
        let folder = self.path("converted");
        let path = |path: &Path| path.to_str().expect("UTF-8").to_owned();
        let (into, from) = (path(&folder), path(file));
        self.run(&["--convert-to", format, "--outdir", &into, &from], &[]);
        folder
    }

    /// Opens a workbook and does what the orders say (see `office.bas`); gives the answers.
    fn obey(&self, workbook: &Path, orders: &[String]) -> String {
        let (asked, answered) = (self.path("orders"), self.path("answers"));
        fs::write(&asked, orders.join("\n")).expect("written");
        let _ = fs::remove_file(&answered);
        self.run(
            &["macro:///Standard.Office.Run"],
            &[
                ("OFFICE_WORKBOOK", url(workbook)),
                ("OFFICE_ORDERS", url(&asked)),
                ("OFFICE_ANSWERS", url(&answered)),
            ],
        );
        let answers = fs::read_to_string(&answered).expect("LibreOffice ran the orders");
        assert!(answers.ends_with("done\n"), "{answers}");
        answers
    }
}

fn url(path: &Path) -> String {
    format!("file://{}", path.to_str().expect("UTF-8"))
}

/// The macro as LibreOffice keeps it.
fn module() -> String {
    let source = include_str!("office/office.bas");
    let source = source.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <script:module xmlns:script=\"http://openoffice.org/2000/script\" \
         script:name=\"Office\" script:language=\"StarBasic\">{source}</script:module>\n"
    )
}

/// A cell's name; both counted from 0.
fn cell(row: usize, column: usize) -> String {
    format!("{}{}", char::from(b'A' + column as u8), row + 1)
}

/// Lines that a workbook has between its title and its header and that CSV does not have.
const ADVICE: usize = 2;

/// Orders to type what a blank report lacks.
fn typed(blank: &Blank) -> Vec<String> {
    let (empty, filled) = (blank.cells(), blank.filled());
    let header = Blank::header(&empty);
    let mut orders = Vec::new();
    for (row, texts) in filled.iter().enumerate().skip(header + 1) {
        for (column, text) in texts.iter().enumerate() {
            let before = empty.get(row).map_or("", |cells| &cells[column]);
            if before.is_empty() && !text.is_empty() {
                orders.push(format!("type\t{}\t{text}", cell(row + ADVICE, column)));
            }
        }
    }
    assert!(!orders.is_empty());
    orders
}

#[test]
#[ignore = "needs LibreOffice, which .ci/run installs"]
fn every_workbook_filled_in_and_saved_is_read_without_a_remark() {
    let office = Office::start();
    let workbook = office.path("blank.xlsx");
    for blank in Blank::all() {
        blank.write(&workbook);
        let mut orders = typed(&blank);
        for [name, filter, options] in SAVED {
            let target = url(&office.path(name));
            orders.push(format!("save\t{target}\t{filter}\t{options}"));
        }
        assert_eq!(office.obey(&workbook, &orders), "done\n");
        for [name, ..] in SAVED {
            blank.is_read(&office.path(name));
        }
    }
}

/// What is tried on the blank report of the form with every type: the cell, and what is typed.
const TRIED: [(&str, &[&str]); 12] = [
    (
        "C6",
        &["1", "500", "0", "501", "12,5", "-3", "десять", "78%", "1.5"],
    ),
    ("D6", &["0", "1000000", "-1", "н/д"]),
    ("E6", &["-1,25", "1000000", "мало"]),
    ("F6", &["-1,5", "12,25", "-1,51", "12,26"]),
    ("G6", &["78,45", "100", "100,01"]),
    ("H6", &["да", "нет", "частично", "1"]),
    ("I6", &["31.12.2025", "вчера"]),
    ("J6", &["младшая", "старшая", "средняя"]),
    ("K6", &["Алейск, центр", "Алейск"]),
    ("L6", &["0123", "абв"]),
    ("M6", &["=1+1", "-1", "01.02"]),
    ("A6", &["другой сад"]),
];

#[test]
#[ignore = "needs LibreOffice, which .ci/run installs"]
fn a_wrong_value_is_refused_and_a_name_stays() {
    let office = Office::start();
    let workbook = office.path("blank.xlsx");
    let folder = project().join("tests/cases/data/blank");
    let path = workbook.to_str().expect("UTF-8");
    let arguments = ["template", "all", "--period", "2025-12", "-o", path];
    assert_eq!(run(Some(&folder), &arguments).status.code(), Some(0));
    let judged = TRIED.iter().flat_map(|(cell, texts)| {
        let texts = texts.iter();
        texts.map(move |text| format!("judge\t{cell}\t{text}"))
    });
    let mut orders: Vec<String> = judged.collect();
    orders.extend(["note\tC5", "note\tL5"].map(str::to_owned));
    assert_data_eq!(office.obey(&workbook, &orders), file!["office/all.txt"]);
}

/// The report of the shipped December.
fn shipped(format: &str) -> Vec<u8> {
    let folder = tempdir().expect("a folder");
    let path = folder.path().to_str().expect("UTF-8");
    let month = [
        "--period",
        "2025-12",
        "--format",
        format,
        "--output-dir",
        path,
    ];
    let example = project().join("examples/2025");
    let mut arguments = vec!["report", example.to_str().expect("UTF-8")];
    arguments.extend(month);
    assert_eq!(run(None, &arguments).status.code(), Some(0));
    fs::read(folder.path().join(format!("2025-12.{format}"))).expect("written")
}

/// A cell as LibreOffice shows it, with spaces that may be typed.
fn typed_spaces(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
#[ignore = "needs LibreOffice, which .ci/run installs"]
fn a_report_as_a_workbook_shows_the_same_in_libreoffice() {
    let office = Office::start();
    let workbook = office.path("report.xlsx");
    let sample = xlsx::document(&sample::document()).expect("a workbook");
    let both = [sample, shipped("xlsx")];
    for (bytes, as_shown) in both.iter().flat_map(|own| [(own, true), (own, false)]) {
        fs::write(&workbook, bytes).expect("written");
        // CSV as in `SAVED`, every sheet to a file of its own.
        let options = format!("59,34,76,1,,1049,false,true,{as_shown},false,false,-1");
        let format = format!("csv:Text - txt - csv (StarCalc):{options}");
        let folder = office.convert(&workbook, &format);
        for (name, rows) in sheets(bytes) {
            let found = records(&folder.join(format!("report-{name}.csv")));
            let cells = |row: Vec<Shown>| {
                let number = |number: String| number.replace('.', ",");
                let cells = row.into_iter().map(|cell| match cell.number {
                    Some(own) if !as_shown => number(own),
                    _ => cell.text,
                });
                cells.collect::<Vec<String>>()
            };
            let expected: Vec<Vec<String>> = rows.into_iter().map(cells).collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}

/// The records of a file that LibreOffice saved, without empty cells and rows.
fn records(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.delimiter(b';').has_headers(false).flexible(true);
    let records = reader.from_path(path).expect("a file").into_records();
    let records = records.map(|record| {
        let record = record.expect("a record");
        let texts = record.iter().filter(|text| !text.is_empty());
        texts.map(typed_spaces).collect::<Vec<String>>()
    });
    records.filter(|row| !row.is_empty()).collect()
}

#[test]
#[ignore = "needs LibreOffice, which .ci/run installs"]
fn a_report_as_a_text_document_says_the_same_in_libreoffice() {
    let office = Office::start();
    let file = office.path("report.docx");
    let sample = docx::render(&sample::document()).expect("a file");
    for bytes in [sample, shipped("docx")] {
        fs::write(&file, &bytes).expect("written");
        text_is_whole(&office, &file, &bytes);
    }
}

fn text_is_whole(office: &Office, file: &Path, bytes: &[u8]) {
    let folder = office.convert(file, "txt:Text (encoded):UTF8");
    let text = fs::read_to_string(folder.join("report.txt")).expect("a text");
    let found: Vec<&str> = text.lines().collect();
    let mut lines = found
        .iter()
        .map(|line| line.trim_start_matches('\u{feff}').trim());
    for item in items(bytes) {
        let texts: Vec<String> = match item {
            Item::Paper(_) => Vec::new(),
            Item::Paragraph(_, text) => vec![text],
            Item::Table(rows) => rows.into_iter().flatten().flatten().collect(),
        };
        for text in texts
            .iter()
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
        {
            assert!(
                lines.any(|line| line == text),
                "«{text}» is not there, or not in its place"
            );
        }
    }
    let folder = office.convert(file, "pdf");
    let pdf = fs::read(folder.join("report.pdf")).expect("a file");
    assert!(pdf.starts_with(b"%PDF"));
}
