//! Whole outputs of the program, kept in `tests/cases/<group>/<name>/` as files that a person reads:
//!
//!     cmd        the command line, as in a shell: NAME=value aleysk check 'a file.csv' < input.csv
//!     stdout     what must come out; an absent file stands for an empty one
//!     stderr
//!     exit       the exit status
//!     written/   the files that the program must write, and no others
//!
//! All else in the folder is input; data folders that cases share stand in `tests/cases/data/`.
//! `SNAPSHOTS=overwrite cargo test --test cases` writes down what comes out now: read the diff
//! before it is committed. `CASES=codes/` runs only the cases with that in their names.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aleysk::assess::verdict::Status;
use aleysk::diagnostic::Code;
use snapbox::Data;
use snapbox::report::{Palette, write_diff};
use walkdir::WalkDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The files below a folder, by their paths within it.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = WalkDir::new(folder).into_iter().filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(folder).expect("below").to_owned())
        .collect()
}

/// Every case as `group/name`: all folders on the second level, but for the data they share.
fn cases() -> Vec<PathBuf> {
    let wanted = env::var("CASES").unwrap_or_default();
    let second = files(&root())
        .into_iter()
        .filter(|path| !path.starts_with("data"))
        .map(|path| path.components().take(2).collect::<PathBuf>())
        .filter(|case| root().join(case).is_dir() && case.to_string_lossy().contains(&wanted));
    BTreeSet::from_iter(second).into_iter().collect()
}

/// A command line to be run in a folder; what stands between single quotes is one word.
fn command(line: &str, folder: &Path) -> Command {
    let mut words: Vec<&str> = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace()),
            _ => words.push(part),
        }
    }
    let input = match words.iter().position(|word| *word == "<") {
        Some(at) => fs::File::open(folder.join(words.split_off(at)[1])).map(Stdio::from),
        None => Ok(Stdio::null()),
    };
    let program = words.iter().position(|word| *word == "aleysk");
    let arguments = words.split_off(program.expect("cmd runs aleysk"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_aleysk"));
    command
        .args(&arguments[1..])
        .current_dir(folder)
        .stdin(input.expect("an input that can be read"))
        .env_remove("ALEYSK_DATA")
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .envs(words.iter().filter_map(|word| word.split_once('=')));
    command
}

/// Holds an output against its file, or writes it down; gives the difference.
fn hold(expected: &Path, actual: &[u8]) -> String {
    let wanted = fs::read(expected).unwrap_or_default();
    let mut difference = String::new();
    if wanted == actual {
        return difference;
    }
    if env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite") {
        match actual.is_empty() {
            true => fs::remove_file(expected),
            false => fs::create_dir_all(expected.parent().expect("a folder"))
                .and_then(|()| fs::write(expected, actual)),
        }
        .expect("written down");
        return difference;
    }
    let text = |bytes| Data::text(String::from_utf8_lossy(bytes));
    let name = expected.strip_prefix(root()).expect("below").display();
    let (wanted, actual) = (text(&wanted), text(actual));
    let written = write_diff(
        &mut difference,
        &wanted,
        &actual,
        Some(&name),
        Some(&"now"),
        Palette::plain(),
    );
    written.expect("a text");
    difference
}

/// Runs a case in its copy; gives the differences from what is kept.
fn run(case: &Path, copies: &Path) -> String {
    let (kept, folder) = (root().join(case), copies.join(case));
    let before = files(&folder);
    let text = fs::read_to_string(kept.join("cmd"));
    let text = text.unwrap_or_else(|error| panic!("{}/cmd: {error}", case.display()));
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let output = command(&lines.join(" "), &folder).output();
    let output = output.expect("a program that runs");
    let mut written = files(&folder);
    written.retain(|path| !before.contains(path));
    written.extend(files(&kept.join("written")));
    let exit = format!("{}\n", output.status.code().unwrap_or(-1));
    let mut differences = hold(&kept.join("stdout"), &output.stdout);
    differences += &hold(&kept.join("stderr"), &output.stderr);
    differences += &hold(&kept.join("exit"), exit.as_bytes());
    for path in written {
        let now = fs::read(folder.join(&path)).unwrap_or_default();
        differences += &hold(&kept.join("written").join(path), &now);
    }
    differences
}

#[test]
fn what_comes_out_is_what_is_kept() {
    let copies = tempfile::tempdir().expect("a folder");
    for path in files(&root()) {
        let copy = copies.path().join(&path);
        fs::create_dir_all(copy.parent().expect("a folder")).expect("made");
        fs::copy(root().join(path), copy).expect("copied");
    }
    let cases = cases();
    let differences = cases.iter().map(|case| run(case, copies.path()));
    let differences: Vec<String> = differences.filter(|text| !text.is_empty()).collect();
    assert!(
        differences.is_empty(),
        "{}\n{} of {} cases differ; where that is right: \
         SNAPSHOTS=overwrite cargo test --test cases, then read the diff",
        differences.join("\n"),
        differences.len(),
        cases.len()
    );
}

#[test]
fn every_code_and_every_status_has_a_case() {
    let outputs = files(&root()).into_iter();
    let outputs = outputs.filter(|path| path.ends_with("stdout") || path.ends_with("stderr"));
    let kept: String = outputs
        .map(|path| fs::read_to_string(root().join(path)).expect("UTF-8"))
        .collect();
    for code in Code::ALL {
        let shown = kept.contains(&format!("[{}]", code.id()));
        assert!(shown, "{}", code.id());
    }
    for status in Status::ALL {
        let id = format!("\"status\": \"{}\"", status.id());
        assert!(kept.contains(&id) && kept.contains(status.title()), "{id}");
    }
}
