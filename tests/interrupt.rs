//! Ctrl-C and requests to end leave a folder as it was.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Nothing takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder with a long report in it.
fn folder(rows: usize) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let mut text = "period,org_id,children_total,children_enrolled,children_waiting,children_5_18,\
                    children_in_dop,teachers_total,teachers_trained,target_contracts\n"
        .to_owned();
    for row in 0..rows {
        let _ = writeln!(text, "2025-12,{row:05},90,80,7,60,50,4,3,2");
    }
    fs::write(folder.path().join("report.csv"), text).expect("a report");
    folder
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/national");
    Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill")
        .arg(signal)
        .arg(child.id().to_string())
        .status();
    assert!(sent.expect("kill").success());
}

/// Every file of a folder and of those in it, with what it holds; folders too.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => {
                all.extend(contents(&path));
                all.insert(path, Vec::new());
            }
            false => drop(all.insert(path.clone(), fs::read(path).expect("a file"))),
        }
    }
    all
}

/// Waits until a file that is not whole yet stands somewhere in a folder, or the run is over.
fn is_writing(folder: &Path, child: &mut Child) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names = entries.map(|entry| entry.file_name());
        if names.any(|name| name.to_string_lossy().starts_with(".aleysk-")) {
            return true;
        }
        if child.try_wait().expect("its state").is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    panic!("nothing is written");
}

fn is_interrupted(status: ExitStatus) -> bool {
    status.code() == Some(130)
}

#[test]
fn a_file_half_written_is_gone_and_the_old_one_is_there() {
    let folder = folder(40_000);
    fs::write(folder.path().join("facts.csv"), "прежняя выгрузка").expect("a file");
    let before = contents(folder.path());
    for signal in ["-INT", "-TERM"] {
        let arguments = ["export", "report.csv", "-o", "facts.csv"];
        let mut child = start(folder.path(), &arguments);
        assert!(
            is_writing(folder.path(), &mut child),
            "it was over too soon"
        );
        send(signal, &child);
        let status = child.wait().expect("an end");
        assert!(is_interrupted(status), "{signal}: {status}");
        assert_eq!(contents(folder.path()), before, "{signal}");
    }
}

#[test]
fn a_folder_has_all_its_files_or_is_not_there() {
    let folder = folder(20);
    let before = contents(folder.path());
    let out = folder.path().join("out/2025");
    let arguments = [
        "report",
        "report.csv",
        "--output-dir",
        "out/2025",
        "--format",
        "html,markdown,csv,json,xlsx,docx",
    ];
    let mut interrupted = 0;
    for _ in 0..8 {
        let mut child = start(folder.path(), &arguments);
        if is_writing(&out, &mut child) {
            send("-INT", &child);
        }
        if is_interrupted(child.wait().expect("an end")) && !out.exists() {
            interrupted += 1;
            assert_eq!(contents(folder.path()), before);
        } else {
            let names = fs::read_dir(&out).expect("the folder").flatten();
            let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
            let mut names: Vec<String> = names.collect();
            names.sort();
            let whole = ["csv", "docx", "html", "json", "md", "xlsx"];
            assert_eq!(names, whole.map(|ending| format!("2025-12.{ending}")));
            fs::remove_dir_all(folder.path().join("out")).expect("removed");
        }
    }
    assert!(interrupted > 0, "every run was over too soon");
}

/// Nothing is written while reports are being read.
#[test]
fn who_waits_for_input_can_be_stopped() {
    let folder = folder(3);
    let before = contents(folder.path());
    let mut child = start(folder.path(), &["check", "-", "-o", "check.json"]);
    std::thread::sleep(Duration::from_millis(300));
    send("-INT", &child);
    let status = child.wait().expect("an end");
    assert!(
        is_interrupted(status) || status.signal() == Some(2),
        "{status}"
    );
    assert_eq!(contents(folder.path()), before);
}
