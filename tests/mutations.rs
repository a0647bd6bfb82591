//! Ten thousand damaged files: nothing panics, and no row vanishes without a word.

mod support;

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;

use aleysk::model::period::{self, Period};
use aleysk::read::cell;
use aleysk::read::delimited::Records;
use aleysk::read::dialect;
use aleysk::read::header::{self, Start};
use aleysk::read::inputs::{Input, Inputs};
use aleysk::read::layout::{Context, Layout, Shape};
use aleysk::read::totals::is_total;
use aleysk::read::vocabulary::Vocabulary;
use aleysk::source::Encoding;
use serde_json::Value;
use support::{Data, Dice};
use tempfile::TempDir;

/// Files in all, and files read together.
const FILES: usize = 10_000;
const AT_ONCE: usize = 25;

/// The examples, small enough for ten thousand of them to be read in no time.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for folder_name in ["2025-Q4-real", "2025-Q4", "2025"] {
        let folder = support::project().join("examples").join(folder_name);
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)
            .expect("the examples")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
            .collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().expect("a name").to_string_lossy();
            let bytes = fs::read(&path).expect("an example");
            if folder_name == "2025-Q4" {
                let text = String::from_utf8(bytes.clone()).expect("UTF-8");
                for (dialect, bytes) in support::other_encodings(&text) {
                    seeds.push((format!("{dialect}-{name}"), bytes));
                }
            }
            seeds.push((name.into_owned(), bytes));
        }
    }
    assert!(seeds.len() > 40);
    seeds
}

/// Damages a file as mails, editors and people do.
fn mutate(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    match dice.below(12) {
        0 => bytes.truncate(at),
        1 => {
            for _ in 0..1 + dice.below(5) {
                let at = dice.below(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
        2 => {
            let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            for at in (1..lines.len()).rev() {
                lines.swap(at, dice.below(at + 1));
            }
            *bytes = lines.concat();
        }
        3 => {
            let end = (at + dice.below(200)).min(bytes.len());
            let block = bytes[at..end].to_vec();
            bytes.splice(at..at, block);
        }
        4 => {
            for byte in bytes.iter_mut().skip(at).take(1 + dice.below(20)) {
                *byte = dice.next() as u8;
            }
        }
        5 => {
            for _ in 0..1 + dice.below(4) {
                let at = dice.below(bytes.len() + 1);
                bytes.insert(at, b'"');
            }
        }
        6 => {
            let end = (at + dice.below(100)).min(bytes.len());
            bytes.drain(at..end);
        }
        7 => {
            const PIECES: [&[u8]; 12] = [
                b";",
                b",",
                b"\t",
                b"\n",
                b"\r",
                b"\r\n",
                b"\0",
                b"-",
                b"=1+1",
                b"9999999999999999999",
                b"\xff\xfe",
                "\u{202e}".as_bytes(),
            ];
            let piece = PIECES[dice.below(PIECES.len())];
            bytes.splice(at..at, piece.iter().copied());
        }
        8 => {
            // Some lines of another report.
            let lines: Vec<&[u8]> = other.split_inclusive(|byte| *byte == b'\n').collect();
            let from = dice.below(lines.len());
            let some: Vec<u8> = lines
                .iter()
                .skip(from)
                .take(3)
                .flat_map(|l| l.to_vec())
                .collect();
            bytes.splice(at..at, some);
        }
        9 => {
            let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            let line = dice.below(lines.len().max(1));
            if line < lines.len() {
                if dice.once_in(2) {
                    lines.remove(line);
                } else {
                    lines.insert(line, lines[line]);
                }
            }
            *bytes = lines.concat();
        }
        10 => {
            // Another separator in places.
            for byte in bytes.iter_mut() {
                if *byte == b';' && dice.once_in(9) {
                    *byte = b',';
                }
            }
        }
        _ => {
            // Digits that are others, or none.
            for byte in bytes.iter_mut() {
                if byte.is_ascii_digit() && dice.once_in(40) {
                    *byte = b"0123456789-. O"[dice.below(14)];
                }
            }
        }
    }
}

/// Codes of faults for which a whole row is not taken.
const DROPPING: [&str; 7] = [
    "unknown-organisation",
    "ambiguous-organisation",
    "wrong-kind",
    "not-open",
    "unknown-period",
    "extra-cell",
    "header-width",
];

/// Codes of faults for which a whole file is not taken.
const REFUSING: [&str; 6] = [
    "not-a-table",
    "unknown-encoding",
    "unknown-form",
    "missing-column",
    "no-period",
    "unreadable-file",
];

/// What a file has been understood to be, once more, from outside.
fn understand<'a>(
    data: &'a Data,
    vocabulary: &'a Vocabulary,
    name: &'a str,
    bytes: &[u8],
) -> Option<(Encoding, usize, Layout, Vec<u8>)> {
    let begun = dialect::begin(Box::new(bytes), None, None)
        .expect("no input errors")
        .ok()?;
    let (text, bytes) = (begun.text, begun.head);
    let context = Context {
        plan: data.plan(),
        vocabulary,
        file_name: name,
        encoding: text.encoding,
        delimiter: None,
        sheet: None,
    };
    let layout = header::find(&context, &bytes[text.mark..], Start::of_file(text.mark)).ok()?;
    Some((text.encoding, text.mark, layout, bytes))
}

/// A row below the header, from outside.
struct Row {
    line: u64,
    last_line: u64,
    /// Some column that the form claims has a digit, a yes or a no in it.
    has_figures: bool,
    is_total: bool,
    numbers_columns: bool,
    measure: String,
}

fn rows(encoding: Encoding, mark: usize, layout: &Layout, bytes: &[u8]) -> Vec<Row> {
    let mut records = Records::new(
        std::io::empty(),
        bytes[mark..].to_vec(),
        mark as u64,
        layout.delimiter,
    );
    let mut rows = Vec::new();
    let mut index = 0;
    while let Some(record) = records.next_record().expect("read from memory") {
        index += 1;
        if index <= layout.header_record + layout.header_rows
            || record.is_blank(encoding)
            || layout
                .header_bytes
                .iter()
                .any(|line| record.bytes() == line)
        {
            continue;
        }
        let text = |column: usize| {
            let decoded = encoding.decode(record.raw(column));
            cell::trim(&decoded).to_owned()
        };
        let claimed: Vec<usize> = match &layout.shape {
            Shape::Wide { fields, .. } => fields.iter().map(|(column, _)| *column).collect(),
            Shape::Long { value, .. } => vec![*value],
        };
        let measure = match &layout.shape {
            Shape::Long { measure, .. } => text(*measure),
            Shape::Wide { .. } => String::new(),
        };
        let named = layout
            .organisation
            .iter()
            .any(|column| is_total(&text(*column)));
        let first = (0..record.len()).map(text).find(|text| !text.is_empty());
        let numbers = (0..record.len())
            .map(text)
            .filter(|text| !text.is_empty())
            .all(|text| text.parse::<u32>().is_ok() || text.chars().count() == 1);
        rows.push(Row {
            line: record.line.into(),
            last_line: u64::from(record.line)
                + record
                    .bytes()
                    .iter()
                    .filter(|b| matches!(b, b'\n' | b'\r'))
                    .count() as u64,
            has_figures: claimed.iter().map(|column| text(*column)).any(|text| {
                text.contains(|c: char| c.is_ascii_digit()) || cell::read_flag(&text).is_some()
            }),
            is_total: named || first.is_some_and(|text| is_total(&text)),
            numbers_columns: rows.is_empty() && numbers,
            measure,
        });
    }
    rows
}

/// Every row with figures below the header is accepted, or is a total, or is named.
fn nothing_is_lost(rows: &[Row], accepted: u64, issues: &[&Value], described: &dyn Fn() -> String) {
    let codes = |wanted: &[&str]| -> BTreeSet<u64> {
        issues
            .iter()
            .filter(|issue| wanted.iter().any(|code| issue["code"] == *code))
            .filter_map(|issue| issue["line"].as_u64())
            .collect()
    };
    if issues.iter().any(|issue| issue["code"] == "header-width") {
        return;
    }
    let mut dropped = codes(&DROPPING);
    // Signatures and the like are named together, by their lines.
    for issue in issues
        .iter()
        .filter(|issue| issue["code"] == "skipped-line")
    {
        let message = issue["message"].as_str().unwrap_or_default();
        if message.contains(" и ещё ") {
            return;
        }
        dropped.extend(issue["line"].as_u64());
        let numbers = message.split(|c: char| !c.is_ascii_digit());
        dropped.extend(numbers.filter_map(|number| number.parse::<u64>().ok()));
    }
    // A measure that no form knows is named at its first row.
    let mut unknown_measures: HashSet<&str> = HashSet::new();
    let unknown = codes(&["unknown-column"]);
    let mut expected = 0;
    for row in rows {
        let is_named =
            |lines: &BTreeSet<u64>| lines.range(row.line..=row.last_line).next().is_some();
        if !row.measure.is_empty() && is_named(&unknown) {
            unknown_measures.insert(&row.measure);
        }
        let unknown_measure = unknown_measures.contains(row.measure.as_str());
        let excused = row.is_total || row.numbers_columns || unknown_measure || is_named(&dropped);
        expected += u64::from(row.has_figures && !excused);
    }
    assert!(
        accepted >= expected,
        "{expected} rows with figures, {accepted} accepted: {}\n{issues:#?}",
        described()
    );
    let most = rows.len() - rows.iter().filter(|row| row.is_total).count();
    assert!(
        accepted <= most as u64,
        "{most} rows, {accepted} accepted: {}",
        described()
    );
}

/// A header of no form stands between the rows: those below it are named together.
fn is_interrupted(issues: &[&Value]) -> bool {
    issues.iter().any(|issue| {
        issue["code"] == "skipped-line"
            && issue["message"]
                .as_str()
                .is_some_and(|message| message.contains("таблица не по форме"))
    })
}

fn one_batch(data: &Data, seeds: &[(String, Vec<u8>)], batch: usize, month: Period) {
    let mut dice = Dice::new(batch as u64);
    let folder = TempDir::new().expect("a folder for the reports");
    let mut inputs = Inputs::default();
    let mut texts: Vec<Vec<u8>> = Vec::new();
    for index in 0..AT_ONCE {
        let (name, bytes) = &seeds[dice.below(seeds.len())];
        let mut bytes = bytes.clone();
        for _ in 0..1 + dice.below(3) {
            let other = &seeds[dice.below(seeds.len())].1;
            mutate(&mut bytes, other, &mut dice);
        }
        let path = folder.path().join(format!("{index}-{name}"));
        fs::write(&path, &bytes).expect("a report");
        inputs.files.push(Input {
            name: format!("{index}-{name}"),
            path: Some(path),
            named: true,
            supersedes: false,
        });
        texts.push(bytes);
    }
    let mut run = data.read_inputs(&inputs, &support::options());
    let answer = run.json(month, Some(aleysk::assess::By::Organisation));
    serde_json::to_string(&answer).expect("JSON");
    aleysk::render::diagnostics::render(&run.diagnostics, &run.sources, false, 100);
    let issues = answer["issues"].as_array().expect("issues");
    // Every other batch is also looked at from outside; that takes as long as reading it.
    if !batch.is_multiple_of(2) {
        return;
    }
    let vocabulary = Vocabulary::new(data.plan());
    for (index, bytes) in texts.iter().enumerate() {
        let name = &inputs.files[index].name;
        let own: Vec<&Value> = issues
            .iter()
            .filter(|issue| issue["file"] == **name)
            .collect();
        let outcome = &run.reading.files[index].outcome;
        let described = || {
            let text = Encoding::Windows1251.decode(bytes);
            format!("batch {batch}, {name}:\n{text}")
        };
        let understood = understand(data, &vocabulary, name, bytes);
        let Some((encoding, mark, layout, bytes)) = understood else {
            assert!(
                own.iter()
                    .any(|issue| REFUSING.iter().any(|code| issue["code"] == *code)),
                "refused without a word: {}",
                described()
            );
            continue;
        };
        if own.iter().any(|issue| issue["code"] == "no-period") {
            continue;
        }
        let rows = rows(encoding, mark, &layout, &bytes);
        // A table within the table has columns of its own, which this count knows nothing of.
        if run.reading.files[index].blocks.len() > 1 || is_interrupted(&own) {
            continue;
        }
        nothing_is_lost(&rows, outcome.accepted, &own, &described);
        // Above the table, or between two tables of a file.
        let text = encoding.decode(&bytes);
        let stated = text
            .split(['\n', '\r'])
            .any(|line| period::find(line).is_some());
        assert!(
            layout.period.is_some()
                || stated
                || outcome.accepted == 0
                || period::find_in_name(name).is_some()
        );
    }
}

#[test]
fn damaged_files_are_read_without_panic_or_loss() {
    let data = Data::built_in();
    let seeds = seeds();
    let month = support::period("2025-12");
    let batches = FILES / AT_ONCE;
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let (data, seeds) = (&data, &seeds);
            scope.spawn(move || {
                for batch in batches / 2 * thread..batches / 2 * (thread + 1) {
                    one_batch(data, seeds, batch, month);
                }
            });
        }
    });
}

/// A title may state a stretch of time that the form is not handed in for; the rows are not lost
/// without a word.
#[test]
fn a_title_with_an_unfit_period_is_told() {
    let text = "Сведения за 8 месяцев 2025 года\n\
                Организация;Зачислений, всего;Занимается детей;Реализуемых программ\n\
                ЦДТ № 301;100;50;5\n";
    let run = Data::built_in().read_bytes(&[("отчёт.csv".into(), text.into())]);
    assert_eq!(run.reading.files[0].outcome.accepted, 0);
    assert!(run.diagnostics.has_errors(), "{:#?}", run.issues());
}

/// One byte that went bad does not make a whole report a file of no known form.
#[test]
fn one_bad_byte_costs_one_cell() {
    let path = support::project().join("examples/2025-Q4/kindergarten.csv");
    let bytes = fs::read(path).expect("an example");
    let mut bytes = bytes[3..].to_vec();
    let name = "Детский сад № 109".as_bytes();
    let at = bytes.windows(name.len()).rposition(|window| window == name);
    bytes[at.expect("its last row")] = 0xff;
    let run = Data::built_in().read_bytes(&[("kindergarten.csv".into(), bytes)]);
    assert_eq!(
        run.reading.files[0].outcome.accepted,
        26,
        "{:#?}",
        run.issues()
    );
}

/// A first row whose figures happen to count up is a report where its organisation is known.
#[test]
fn a_first_row_that_counts_up_is_a_report() {
    let text = "org_id,children_total,children_enrolled,children_waiting\n1,2,2,4\n1,2,3,4\n";
    let data = Data::folder(&support::project().join("tests/national"));
    let accepted = |text: &str| {
        let run = data.read_bytes(&[("2018-12.csv".into(), text.as_bytes().to_vec())]);
        run.reading.files[0].outcome.accepted
    };
    assert_eq!(accepted(text), 2);
    assert_eq!(accepted(&text.replace("1,2,2,4\n", "")), 1);
}
