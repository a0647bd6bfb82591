//! Files made to exhaust the program: what is said of each, in bounded memory and in time that
//! grows no faster than the file. `cargo test --release --test hostile -- --ignored --nocapture`
//! measures both.

mod support;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use aleysk::diagnostic::{KEPT_EACH, KEPT_IN_ALL};
use aleysk::render;
use support::{Data, Run};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A file, and what is said of it.
struct Case {
    name: &'static str,
    /// Of sheets: another ending.
    ending: &'static str,
    /// Writes it, so many times as long as it is in the test.
    write: fn(&mut dyn Write, usize) -> io::Result<()>,
    /// The codes of all that is said.
    codes: &'static [&'static str],
    /// Rows entered as reports.
    accepted: u64,
}

const MEGABYTE: usize = 1 << 20;

/// The columns of the form for kindergartens, and a row of it.
const HEADER: &str = "Организация;Период;Численность воспитанников;Мест по лицензии;\
                      children_5_17;dop_children;quality_system;parent_programme;teachers;\
                      teachers_trained\n";
const ROW: &str = "ds-101;2025-12;205;220;80;40;да;нет;20;10\n";
/// The same columns in another order, and another row.
const OTHER_HEADER: &str = "Период;Организация;Численность воспитанников;Мест по лицензии;\
                            children_5_17;dop_children;quality_system;parent_programme;\
                            teachers;teachers_trained\n";
const OTHER_ROW: &str = "ds-101;2025-12;206;220;80;40;да;нет;20;10\n";

fn repeat(out: &mut dyn Write, piece: &[u8], times: usize) -> io::Result<()> {
    (0..times).try_for_each(|_| out.write_all(piece))
}

/// So many megabytes of something.
fn fill(out: &mut dyn Write, piece: &[u8], megabytes: usize) -> io::Result<()> {
    let block = piece.repeat(MEGABYTE / piece.len());
    repeat(out, &block, megabytes)
}

fn numbered(out: &mut dyn Write, count: usize, line: impl Fn(usize) -> String) -> io::Result<()> {
    (0..count).try_for_each(|index| out.write_all(line(index).as_bytes()))
}

/// A workbook whose only sheet is so many megabytes of something, between two texts.
fn sheet(
    out: &mut dyn Write,
    before: &str,
    piece: &[u8],
    after: &str,
    megabytes: usize,
) -> io::Result<()> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let main = "<workbook><sheets><sheet name=\"1\" r:id=\"a\"/></sheets></workbook>";
    let relations = "<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" \
                     Target=\"worksheets/sheet1.xml\"/></Relationships>";
    for (name, text) in [
        ("xl/workbook.xml", main),
        ("xl/_rels/workbook.xml.rels", relations),
    ] {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    archive.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())?;
    write!(archive, "<worksheet><sheetData>{before}")?;
    fill(&mut archive, piece, megabytes)?;
    write!(archive, "{after}</sheetData></worksheet>")?;
    out.write_all(&archive.finish()?.into_inner())
}

const CASES: &[Case] = &[
    Case {
        name: "a workbook of spaces",
        ending: "xlsx",
        write: |out, times| sheet(out, "", b" ", "", 20 * times),
        codes: &["unreadable-file"],
        accepted: 0,
    },
    Case {
        name: "a workbook of empty rows",
        ending: "xlsx",
        write: |out, times| sheet(out, "", b"<row/>  ", "", 10 * times),
        codes: &["unreadable-file"],
        accepted: 0,
    },
    Case {
        name: "a workbook with a cell that never ends",
        ending: "xlsx",
        write: |out, times| {
            let before = "<row><c t=\"inlineStr\"><is><t>";
            sheet(out, before, b"abcdefgh", "</t></is></c></row>", 20 * times)
        },
        codes: &["unreadable-file"],
        accepted: 0,
    },
    Case {
        name: "a workbook with one wide row",
        ending: "xlsx",
        write: |out, times| {
            let cell = b"<c><v>12</v></c>";
            sheet(out, "<row>", cell, "</row>", times)
        },
        codes: &["unreadable-file"],
        accepted: 0,
    },
    Case {
        name: "a quote that never closes",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}{ROW}\"")?;
            fill(out, b"abcdefg\n", 2 * times)
        },
        codes: &["skipped-line", "unclosed-quote"],
        accepted: 1,
    },
    Case {
        name: "a hundred thousand columns",
        ending: "csv",
        write: |out, times| {
            write!(out, "Организация;Период;capacity")?;
            numbered(out, 100_000, |index| format!(";столбец {index}"))?;
            for _ in 0..20 * times {
                write!(out, "\nds-101;2025-12")?;
                repeat(out, b";1", 100_001)?;
            }
            Ok(())
        },
        codes: &["header-width", "missing-column", "unknown-column"],
        accepted: 0,
    },
    Case {
        name: "one line",
        ending: "csv",
        write: |out, times| fill(out, b"abcdefgh", 4 * times),
        codes: &["not-a-table"],
        accepted: 0,
    },
    Case {
        name: "one row",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}")?;
            fill(out, b"ds-101;;", 4 * times)
        },
        codes: &["extra-cell"],
        accepted: 0,
    },
    Case {
        name: "lines of a quote",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}{ROW}")?;
            repeat(out, b"\"\n", 30_000 * times)
        },
        codes: &[],
        accepted: 1,
    },
    Case {
        name: "lines of two quotes and a letter",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}{ROW}")?;
            repeat(out, b"\"\"a\n", 30_000 * times)
        },
        codes: &["skipped-line", "unclosed-quote"],
        accepted: 1,
    },
    Case {
        name: "nothing but quotes",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}{ROW}")?;
            fill(out, b"\"", 5 * times)
        },
        codes: &["skipped-line", "unclosed-quote"],
        accepted: 1,
    },
    Case {
        name: "unknown organisations",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}")?;
            numbered(out, 30_000 * times, |index| {
                format!("Детский сад {index}-й;2025-12;1;2\n")
            })
        },
        codes: &["unknown-organisation"],
        accepted: 0,
    },
    Case {
        name: "two headers taking turns",
        ending: "csv",
        write: |out, times| {
            repeat(
                out,
                format!("{HEADER}{OTHER_HEADER}").as_bytes(),
                1_000 * times,
            )
        },
        codes: &["no-rows"],
        accepted: 0,
    },
    Case {
        name: "headers of no form taking turns",
        ending: "csv",
        write: |out, times| {
            let other = "Организация;Период;Рост;Вес\n";
            repeat(out, format!("{HEADER}{other}").as_bytes(), 1_000 * times)
        },
        codes: &["no-rows", "skipped-line", "unknown-form"],
        accepted: 0,
    },
    Case {
        name: "headers and unknown organisations taking turns",
        ending: "csv",
        write: |out, times| {
            for index in 0..500 * times {
                let name = format!("Детский сад {index}-й");
                match index % 2 {
                    0 => writeln!(out, "{HEADER}{name};2025-12;1;2")?,
                    _ => writeln!(out, "{OTHER_HEADER}2025-12;{name};1;2")?,
                }
            }
            Ok(())
        },
        codes: &["unknown-organisation"],
        accepted: 0,
    },
    Case {
        name: "headers and reports taking turns, a plus somewhere",
        ending: "csv",
        write: |out, times| {
            writeln!(out, "{HEADER}ds-102;2025-12;1;2;;;+;-")?;
            let own = "2025-12;ds-101;205;220;80;40;да;нет;20;10\n";
            let turn = format!("{OTHER_HEADER}{own}{HEADER}{ROW}");
            repeat(out, turn.as_bytes(), 500 * times)
        },
        codes: &["duplicate-report", "empty-required", "missing-cell"],
        accepted: 1_001,
    },
    Case {
        name: "zeros",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}{ROW}")?;
            fill(out, b"\0", 2 * times)
        },
        codes: &["unknown-encoding"],
        accepted: 1,
    },
    Case {
        name: "zeros behind many reports",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}")?;
            repeat(out, ROW.as_bytes(), 30_000)?;
            fill(out, b"\0", 2 * times)
        },
        codes: &["duplicate-report"],
        accepted: 30_000,
    },
    Case {
        name: "separators",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}{ROW}")?;
            fill(out, b";", 2 * times)
        },
        codes: &[],
        accepted: 1,
    },
    Case {
        name: "line ends",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}{ROW}")?;
            fill(out, b"\r", 2 * times)
        },
        codes: &[],
        accepted: 1,
    },
    Case {
        name: "spaces",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}{ROW}")?;
            fill(out, b" ", 2 * times)
        },
        codes: &[],
        accepted: 1,
    },
    Case {
        name: "a number of many digits",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}ds-101;2025-12;")?;
            fill(out, b"7", times)?;
            writeln!(out, ";1")
        },
        codes: &["empty-required", "missing-cell", "not-a-number"],
        accepted: 1,
    },
    Case {
        name: "a name of many digits",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}")?;
            fill(out, b"7", times)?;
            writeln!(out, ";2025-12;1;1")
        },
        codes: &["unknown-organisation"],
        accepted: 0,
    },
    Case {
        name: "long names",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}")?;
            for _ in 0..2 * times {
                fill(out, b"name", 1)?;
                writeln!(out, ";2025-12;1;1")?;
            }
            Ok(())
        },
        codes: &["unknown-organisation"],
        accepted: 0,
    },
    Case {
        name: "the same report again and again",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}")?;
            repeat(out, ROW.as_bytes(), 50_000 * times)
        },
        codes: &["duplicate-report"],
        accepted: 50_000,
    },
    Case {
        name: "two reports taking turns",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}")?;
            repeat(out, format!("{ROW}{OTHER_ROW}").as_bytes(), 10_000 * times)
        },
        codes: &["conflicting-report", "duplicate-report"],
        accepted: 20_000,
    },
    Case {
        name: "unknown measures",
        ending: "csv",
        write: |out, times| {
            writeln!(out, "Организация;Период;Показатель;Значение")?;
            numbered(out, 30_000 * times, |index| {
                format!("ds-101;2025-12;показатель {index}-й;{index}\n")
            })
        },
        codes: &["unknown-column"],
        accepted: 0,
    },
    Case {
        name: "many columns of organisations",
        ending: "csv",
        write: |out, times| {
            repeat(out, b"id;", 20_000)?;
            writeln!(out, "capacity;Период")?;
            numbered(out, 5_000 * times, |index| format!("ds-{index}\n"))
        },
        codes: &[
            "missing-column",
            "no-rows",
            "skipped-line",
            "unknown-column",
        ],
        accepted: 0,
    },
    Case {
        name: "many columns without a heading",
        ending: "csv",
        write: |out, times| {
            write!(out, "Организация;Период;capacity")?;
            repeat(out, b";", 100_000)?;
            writeln!(out)?;
            repeat(out, b"ds-101;2025-12;5\n", 5_000 * times)
        },
        codes: &["duplicate-report", "missing-column"],
        accepted: 5_000,
    },
    Case {
        name: "many columns of one field",
        ending: "csv",
        write: |out, times| {
            write!(out, "id;Период")?;
            repeat(out, b";capacity", 14_000)?;
            writeln!(out)?;
            repeat(out, b"ds-101;2025-12;5\n", 5_000 * times)
        },
        codes: &["duplicate-column", "missing-column", "no-rows"],
        accepted: 0,
    },
    Case {
        name: "many headings nearly right",
        ending: "csv",
        write: |out, times| {
            write!(out, "id;Период;capacity")?;
            numbered(out, 3_000, |_| ";Числ. воспитаников".to_owned())?;
            writeln!(out)?;
            repeat(out, b"ds-101;2025-12;5\n", 5_000 * times)
        },
        codes: &[
            "duplicate-column",
            "duplicate-report",
            "header-width",
            "missing-column",
            "near-column",
        ],
        accepted: 5_000,
    },
    Case {
        name: "a heading of many words",
        ending: "csv",
        write: |out, times| {
            write!(out, "id;Период;capacity;")?;
            repeat(out, "численность ".as_bytes(), 5_000)?;
            writeln!(out)?;
            repeat(out, b"ds-101;2025-12;5\n", 5_000 * times)
        },
        codes: &[
            "duplicate-report",
            "header-width",
            "missing-column",
            "unknown-column",
        ],
        accepted: 5_000,
    },
    Case {
        name: "many periods",
        ending: "csv",
        write: |out, times| {
            write!(out, "{HEADER}")?;
            numbered(out, 30_000 * times, |index| {
                let (year, month) = (1900 + index / 12 % 300, index % 12 + 1);
                format!("ds-101;{year}-{month:02};205;220;80;40;да;нет;20;10\n")
            })
        },
        codes: &["duplicate-report"],
        accepted: 30_000,
    },
];

/// Reads a file as `check` does.
fn read(data: &Data, path: &Path) -> Run {
    data.read(&[path.to_owned()])
}

fn make(case: &Case, folder: &Path, times: usize) -> PathBuf {
    let path = folder.join(format!("kindergarten-{times}.{}", case.ending));
    let mut out = BufWriter::new(File::create(&path).expect("a file"));
    (case.write)(&mut out, times).expect("written");
    out.flush().expect("written");
    path
}

fn holds(case: &Case) {
    let folder = TempDir::new().expect("a folder");
    let path = make(case, folder.path(), 1);
    let data = Data::built_in();
    let run = read(&data, &path);
    let kept = run.diagnostics.sorted().len();
    assert!(kept <= KEPT_IN_ALL.min(8 * KEPT_EACH as usize), "{kept}");
    let shown = render::diagnostics::render(&run.diagnostics, &run.sources, false, 100);
    assert!(shown.len() < 50_000, "{} bytes are shown", shown.len());
    let codes: Vec<&str> = run.counts().keys().copied().collect();
    let accepted: u64 = run
        .reading
        .files
        .iter()
        .map(|file| file.outcome.accepted)
        .sum();
    assert_eq!(
        (&codes[..], accepted),
        (case.codes, case.accepted),
        "{}\n{shown}",
        case.name
    );
}

/// Every case by itself: they take their time, and memory.
#[test]
fn hostile_files_are_read_to_their_end() {
    let only = std::env::var("HOSTILE").unwrap_or_default();
    let mut wrong = BTreeSet::new();
    for case in CASES.iter().filter(|case| case.name.contains(&only)) {
        let start = Instant::now();
        let held = std::panic::catch_unwind(|| holds(case));
        println!("{:>7.2} s  {}", start.elapsed().as_secs_f32(), case.name);
        if held.is_err() {
            wrong.insert(case.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Reads one file in a process of its own.
#[test]
#[ignore = "a part of the one below"]
fn measured() {
    let Some(path) = std::env::var_os("HOSTILE_FILE").map(PathBuf::from) else {
        return;
    };
    let data = Data::built_in();
    let start = Instant::now();
    let run = read(&data, &path);
    render::diagnostics::render(&run.diagnostics, &run.sources, false, 100);
    let took = start.elapsed().as_millis();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.unwrap_or("0").trim().trim_end_matches(" kB");
    println!("measured {took} {peak}");
}

/// Time for each byte and peak memory, at two sizes: time is linear and memory bounded where the
/// second line is like the first.
#[test]
#[ignore = "takes minutes, means something in a release build"]
fn time_and_memory() {
    let only = std::env::var("HOSTILE").unwrap_or_default();
    println!("{:>9} {:>9} {:>9} {:>9}", "MB", "ms", "ns/byte", "peak MB");
    for case in CASES.iter().filter(|case| case.name.contains(&only)) {
        println!("{}", case.name);
        for times in [8, 32] {
            let folder = TempDir::new().expect("a folder");
            let path = make(case, folder.path(), times);
            let bytes = fs::metadata(&path).expect("a file").len();
            let out = Command::new(std::env::current_exe().expect("this test"))
                .args(["--ignored", "--exact", "measured", "--nocapture"])
                .env("HOSTILE_FILE", &path)
                .output()
                .expect("this test again");
            let out = String::from_utf8_lossy(&out.stdout);
            let line = out.lines().find_map(|line| line.split_once("measured "));
            let (_, line) = line.unwrap_or_else(|| panic!("{}: {out}", case.name));
            let mut figures = line
                .split(' ')
                .map(|word| word.parse::<f64>().expect("a number"));
            let (took, peak) = (figures.next().unwrap_or(0.0), figures.next().unwrap_or(0.0));
            println!(
                "{:>9.1} {took:>9} {:>9.1} {:>9.0}",
                bytes as f64 / 1e6,
                took * 1e6 / bytes as f64,
                peak / 1024.0
            );
        }
    }
}
