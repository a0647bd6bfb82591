//! Blank reports: what `check` makes of them once they are filled in, and what a workbook holds.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use aleysk::model::period::{self, Every, Period, Stated};
use snapbox::{assert_data_eq, file};
use support::blank::{Blank, run};
use support::project;
use tempfile::tempdir;
use zip::ZipArchive;

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

fn data_folder(name: &str) -> PathBuf {
    project().join("tests/cases/data").join(name)
}

#[test]
fn every_blank_report_filled_in_is_read_without_a_remark() {
    let blanks = Blank::all();
    assert_eq!(blanks.len(), 2 * (4 + 2 + 1));
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("report.csv");
    for blank in blanks {
        let mut writer = csv::WriterBuilder::new();
        let writer = writer.delimiter(b';').from_path(&path);
        let mut writer = writer.expect("a file");
        for record in blank.filled() {
            writer.write_record(record).expect("written");
        }
        writer.flush().expect("written");
        blank.is_read(&path);
    }
}

#[test]
fn the_line_above_a_blank_report_tells_its_period() {
    for every in Every::ALL {
        let first = Period::containing(every, jiff::civil::date(2025, 1, 1));
        for period in std::iter::successors(Some(first), |period| Some(period.next())).take(14) {
            let line = format!("за {}", period.title());
            assert_eq!(period::find(&line), Some(Stated::Period(period)), "{line}");
        }
    }
}

/// The parts of a workbook by their names.
fn parts(workbook: &Path) -> BTreeMap<String, String> {
    let mut archive = ZipArchive::new(fs::File::open(workbook).expect("a file")).expect("a zip");
    let names = archive.file_names().map(|name| name.expect("UTF-8"));
    let names: Vec<String> = names.map(|name| name.into_owned()).collect();
    let mut parts = BTreeMap::new();
    for name in names {
        let mut part = String::new();
        let mut file = archive.by_name(&name).expect("a part");
        file.read_to_string(&mut part).expect("UTF-8");
        parts.insert(name, part);
    }
    parts
}

/// The elements with a name, as they stand.
fn elements<'a>(part: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name}");
    let close = format!("</{name}>");
    let starts = part.match_indices(&open).map(|(start, _)| &part[start..]);
    let starts = starts.filter(|rest| rest[open.len()..].starts_with([' ', '>', '/']));
    starts
        .map(|rest| {
            let end = rest.find('>').expect("an end") + 1;
            match rest[..end].ends_with("/>") {
                true => &rest[..end],
                false => &rest[..rest.find(&close).expect("an end") + close.len()],
            }
        })
        .collect()
}

/// What an attribute says.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let start = element.find(&format!(" {name}=\""))? + name.len() + 3;
    element[start..].split('"').next()
}

/// Without marks, and with the characters that XML writes in another way.
fn plain(element: &str) -> String {
    let mut out = String::new();
    for part in element.split('<').skip(1) {
        out.push_str(part.split_once('>').map_or("", |(_, text)| text));
    }
    let out = out.replace("&lt;", "<").replace("&gt;", ">");
    out.replace("&quot;", "\"").replace("&amp;", "&")
}

/// The cells of a sheet, one a line: what stands there, and whether it can be changed.
fn cells(parts: &BTreeMap<String, String>, sheet: &str) -> String {
    let strings = elements(&parts["xl/sharedStrings.xml"], "si");
    let formats = elements(&parts["xl/styles.xml"], "cellXfs")[0];
    let formats = elements(formats, "xf");
    let numbers = elements(&parts["xl/styles.xml"], "numFmt");
    let number = |id: &str| match id {
        "0" => "general".to_owned(),
        "49" => "text".to_owned(),
        _ => {
            let own = numbers
                .iter()
                .find(|own| attribute(own, "numFmtId") == Some(id));
            let own = own.and_then(|own| attribute(own, "formatCode"));
            own.expect("a format").to_owned()
        }
    };
    let mut lines = String::new();
    for cell in elements(&parts[sheet], "c") {
        let name = attribute(cell, "r").expect("a name");
        let format = attribute(cell, "s").map_or(0, |format| format.parse().expect("a number"));
        let format = formats[format];
        let lock = match format.contains("locked=\"0\"") {
            true => "open",
            false => "locked",
        };
        let quoted = match attribute(format, "quotePrefix") {
            Some("1") => ", marked as text",
            _ => "",
        };
        let number = number(attribute(format, "numFmtId").expect("a format"));
        let text = match attribute(cell, "t") {
            Some("s") => strings[plain(cell).parse::<usize>().expect("an index")],
            None if plain(cell).is_empty() => "",
            _ => panic!("neither a text nor empty: {cell}"),
        };
        let text = plain(text);
        lines.push_str(&format!("{name} {lock}, {number}{quoted}: {text}\n"));
    }
    lines
}

/// Everything in a workbook that somebody who fills it in will meet.
fn described(workbook: &Path) -> String {
    let parts = parts(workbook);
    let sheet = "xl/worksheets/sheet1.xml";
    let mut out = cells(&parts, sheet);
    for name in [
        "pane",
        "selection",
        "col",
        "row",
        "sheetProtection",
        "conditionalFormatting",
        "dataValidation",
        "pageMargins",
        "pageSetup",
        "oddFooter",
    ] {
        out.push_str(&format!("\n{name}\n"));
        for element in elements(&parts[sheet], name) {
            let element = match name {
                "row" => &element[..=element.find('>').expect("an end")],
                _ => element,
            };
            out.push_str(element);
            out.push('\n');
        }
    }
    out.push_str("\nnotes\n");
    for note in elements(&parts["xl/comments1.xml"], "comment") {
        let cell = attribute(note, "ref").expect("a cell");
        out.push_str(&format!("{cell}\n{}\n", plain(note)));
    }
    out.push_str("\nworkbook\n");
    for name in ["sheet", "definedName"] {
        for element in elements(&parts["xl/workbook.xml"], name) {
            out.push_str(element);
            out.push('\n');
        }
    }
    for (name, part) in &parts {
        if name.starts_with("xl/worksheets/sheet") && name != sheet {
            out.push_str(&format!("\n{name}\n{}", cells(&parts, name)));
        }
        assert!(elements(part, "f").is_empty(), "a formula in {name}");
    }
    out.push_str(&format!(
        "\nproperties\n{}\n",
        plain(&parts["docProps/core.xml"])
    ));
    out
}

/// Writes a blank report as a workbook and describes it.
fn workbook(data: Option<&Path>, arguments: &[&str]) -> String {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("blank.xlsx");
    let own = ["template", "--quiet", "-o", path.to_str().expect("UTF-8")];
    let output = run(data, &[&own, arguments].concat());
    assert_eq!(text(output.stderr), "");
    assert_eq!(text(output.stdout), "");
    described(&path)
}

#[test]
fn a_workbook_holds_what_its_form_says() {
    let folder = data_folder("blank");
    let workbook = workbook(Some(&folder), &["all", "--period", "2025-12"]);
    assert_data_eq!(workbook, file!["template/all.txt"]);
}

#[test]
fn a_workbook_of_the_shipped_form() {
    let workbook = workbook(None, &["kindergarten", "--of", "Д/с 101"]);
    assert_data_eq!(workbook, file!["template/kindergarten.txt"]);
}

#[test]
fn a_workbook_without_a_register_has_rows_for_anybody() {
    let folder = data_folder("free");
    let workbook = workbook(Some(&folder), &["garden", "--period", "2025-12"]);
    assert_data_eq!(workbook, file!["template/free.txt"]);
}

#[test]
fn the_same_input_makes_the_same_workbook() {
    let write = || {
        let output = run(
            None,
            &[
                "template", "school", "--period", "2025-12", "--format", "xlsx",
            ],
        );
        assert_eq!(output.status.code(), Some(0));
        output.stdout
    };
    let first = write();
    // A clock that counts in seconds, or an archive's in two of them, would have moved on.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(first == write(), "two workbooks differ");
}
