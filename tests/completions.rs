//! The scripts of `aleysk completions`: shells can read them, and they complete what there is.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const SHELLS: [(&str, &[&str]); 4] = [
    ("bash", &["-n"]),
    ("zsh", &["-n"]),
    ("fish", &["--no-execute"]),
    ("powershell", &["-NoProfile", "-File"]),
];

fn script(shell: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(["completions", shell])
        .output()
        .expect("the program runs");
    assert!(output.status.success() && output.stderr.is_empty());
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn shells_can_read_the_scripts() {
    let folder = tempfile::tempdir().expect("a folder");
    for (shell, check) in SHELLS {
        let script = script(shell);
        assert!(script.contains("ALEYSK_COMPLETE"), "{script}");
        let path = folder.path().join(format!("{shell}.ps1"));
        fs::write(&path, script).expect("written");
        let program = if shell == "powershell" { "pwsh" } else { shell };
        let checked = Command::new(program)
            .args(check)
            .arg(&path)
            .stdin(Stdio::null())
            .output();
        // Not every machine has every shell.
        let Ok(checked) = checked else { continue };
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{shell}: {said}");
    }
}

#[test]
fn the_manual_has_a_page_a_command_and_no_english_heading() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(["man", "man1"])
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    assert!(output.status.success());
    let mut pages = 0;
    for page in fs::read_dir(folder.path().join("man1")).expect("a folder") {
        let page = fs::read_to_string(page.expect("a page").path()).expect("UTF-8");
        for heading in page.lines().filter_map(|line| line.strip_prefix(".SH ")) {
            assert!(
                !heading.contains(|c: char| c.is_ascii_alphabetic()),
                "{heading}"
            );
        }
        assert!(page.contains(".SH ОПИСАНИЕ\n"), "{page}");
        pages += 1;
    }
    let commands = offered(&["aleysk", ""], folder.path()).into_iter();
    let commands = commands.filter(|(name, _)| !name.starts_with('-')).count();
    assert_eq!(pages, commands + 1);
}

/// What the program offers for the last of some words, each with its description.
fn offered(words: &[&str], place: &Path) -> Vec<(String, String)> {
    let output = Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .arg("--")
        .args(words)
        .current_dir(place)
        .env("ALEYSK_COMPLETE", "fish")
        .env_remove("ALEYSK_DATA")
        .output()
        .expect("the program runs");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let pair = |line: &str| {
        let (value, help) = line.split_once('\t').unwrap_or((line, ""));
        (value.to_owned(), help.to_owned())
    };
    text.lines().map(pair).collect()
}

#[test]
fn commands_options_and_ids_are_completed_in_russian() {
    // Nothing but the built-in data folder is to be found here.
    let folder = tempfile::tempdir().expect("a folder");
    let one = |value: &str, help: &str| (value.to_owned(), help.to_owned());
    for (words, expected) in [
        (
            &["aleysk", "che"][..],
            one("check", "Сравнить отчёты с целями резолюции"),
        ),
        (
            &["aleysk", "show", "--form"],
            one(
                "--format",
                "Формат: table, json, csv, markdown, html (иначе по окончанию файла -o)",
            ),
        ),
        (
            &["aleysk", "show", "dop-c"],
            one(
                "dop-coverage",
                "Охват детей от 5 до 18 лет дополнительным образованием",
            ),
        ),
        (
            &["aleysk", "show", "2025/11"],
            one("2025/11", "Охват дополнительным образованием"),
        ),
        (
            &["aleysk", "show", "organ"],
            one("organisations", "все организации"),
        ),
        (
            &["aleysk", "template", "kinder"],
            one(
                "kindergarten",
                "Отчёт дошкольной образовательной организации",
            ),
        ),
        (
            &["aleysk", "check", "--of", "sh-20", "--of", "ds-101"],
            one("ds-101", "МБДОУ «Детский сад № 101» (условное)"),
        ),
        (
            &["aleysk", "schema", "ind"],
            one("indicators", "файл показателей"),
        ),
        (
            &["aleysk", "explain", "dop-c"],
            one(
                "dop-coverage",
                "Охват детей от 5 до 18 лет дополнительным образованием",
            ),
        ),
        (
            &["aleysk", "explain", "not-w"],
            one("not-whole", "дробное количество"),
        ),
        (
            &["aleysk", "explain", "2025/11"],
            one("2025/11", "Охват дополнительным образованием"),
        ),
        (&["aleysk", "completions", "pow"], one("powershell", "")),
    ] {
        assert_eq!(offered(words, folder.path()), [expected], "{words:?}");
    }
    let ids = |words: &[&str]| -> Vec<String> {
        let offered = offered(words, folder.path()).into_iter();
        offered.map(|(id, _)| id).collect()
    };
    assert_eq!(
        ids(&["aleysk", "check", "--resolution", ""]),
        ["2020", "2025"]
    );
    assert_eq!(ids(&["aleysk", "diff", "20"]), ["2020", "2025"]);
    assert_eq!(ids(&["aleysk", "diff", "2020", "20"]), ["2020", "2025"]);
    assert_eq!(ids(&["aleysk", "show", "20"]), ["2020", "2025"]);
    assert_eq!(
        ids(&["aleysk", "show", "2025/1"]),
        ["2025/1", "2025/10", "2025/11"]
    );
}

#[test]
fn ids_are_those_of_the_folder_that_is_named() {
    let city = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/data/city");
    let city = city.to_str().expect("UTF-8");
    let place = tempfile::tempdir().expect("a folder");
    let equal = format!("--data={city}");
    for words in [
        &["aleysk", "template", "--data", city, ""][..],
        &["aleysk", "template", &equal, ""],
    ] {
        let offered = offered(words, place.path());
        assert!(offered.iter().any(|(id, _)| id == "garden"), "{offered:?}");
        assert!(
            offered.iter().all(|(id, _)| id != "kindergarten"),
            "{offered:?}"
        );
    }
    // A folder that cannot be read is no fault of the one who presses Tab.
    let offered = offered(
        &["aleysk", "template", "--data", "nowhere", "k"],
        place.path(),
    );
    assert_eq!(offered, []);
}

#[test]
fn bash_asks_what_is_typed_and_escapes_names_of_files() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(["completions", "bash"])
        .output()
        .expect("the program runs");
    let script = String::from_utf8(output.stdout).expect("UTF-8");
    let asked = "\"${words[0]}\" -- \"${words[@]}\" 2> /dev/null";
    assert!(script.contains(asked), "{script}");
    assert!(script.contains("compopt -o filenames"), "{script}");
}
