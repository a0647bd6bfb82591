//! `examples/monthly.sh`: the month's report without anybody watching.
//!
//! It is run with a program in place of aleysk that writes down how it was called and does as the
//! test says: what matters here is what becomes of files and exit statuses.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

const FAKE: &str = r#"#!/bin/sh
for word in "$@"; do printf '<%s>' "$word"; done >called
while [ $# -gt 0 ]; do
    case $1 in
        --output-dir) folder=$2 ;;
        --period) period=$2 ;;
        --format) formats=$2 ;;
    esac
    shift
done
if [ "$FAKE_EXIT" -ne 2 ] && [ -z "$FAKE_NOTHING" ]; then
    for format in $(printf %s "$formats" | tr , ' '); do
        printf '%s %s %s' "$FAKE_TEXT" "$period" "$format" >"$folder/$period.$format"
    done
fi
exit "$FAKE_EXIT"
"#;

/// A folder to run the script in, its name not an easy one.
struct Desk {
    _whole: tempfile::TempDir,
    folder: PathBuf,
}

impl Desk {
    fn new() -> Desk {
        let whole = tempfile::tempdir().expect("a folder");
        let folder = whole.path().join("рабочий 'стол'");
        fs::create_dir_all(folder.join("bin")).expect("made");
        let desk = Desk {
            _whole: whole,
            folder,
        };
        desk.program("aleysk", FAKE);
        desk.today("2026-01");
        desk
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.folder.join("bin").join(name);
        fs::write(&path, text).expect("written");
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("allowed");
    }

    /// What `date +%Y-%m` will say.
    fn today(&self, month: &str) {
        self.program(
            "date",
            &format!("#!/bin/sh\n[ \"$1\" = +%Y-%m ] && echo {month}\n"),
        );
    }

    fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/monthly.sh");
        let path = std::env::var("PATH").expect("a path");
        let bin = self.folder.join("bin");
        let mut command = Command::new("bash");
        command
            .arg(script)
            .args(arguments)
            .current_dir(&self.folder);
        for name in ["REPORTS", "OUT", "FORMATS", "NOTES", "FAIL_ON", "ALEYSK"] {
            command.env_remove(name);
        }
        command
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("FAKE_EXIT", "0")
            .env("FAKE_TEXT", "первый")
            .envs(variables.iter().copied());
        command.output().expect("bash")
    }

    /// How aleysk was called, the script's own folder named `NEW`.
    fn called(&self) -> String {
        let called = fs::read_to_string(self.folder.join("called")).expect("called");
        let begin = called.find(".new-").expect("a folder of its own");
        let end = begin + called[begin..].find('>').expect("a word's end");
        format!("{}NEW{}", &called[..begin], &called[end..])
    }

    /// Every file of the output folder with its text and when it was written.
    fn written(&self) -> Vec<(String, String, SystemTime)> {
        let out = self.folder.join("monthly");
        let entries = walkdir::WalkDir::new(&out).sort_by_file_name();
        let files = entries.into_iter().map(|entry| entry.expect("readable"));
        let files = files.filter(|entry| entry.path() != out);
        let told = files.map(|entry| {
            let name = entry.path().strip_prefix(&out).expect("below");
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            let time = entry.metadata().expect("known").modified().expect("known");
            (name.display().to_string(), text, time)
        });
        told.collect()
    }

    fn texts(&self) -> Vec<(String, String)> {
        let written = self.written().into_iter();
        written.map(|(name, text, _)| (name, text)).collect()
    }
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let status = output.status.code().expect("a status");
    (status, text(&output.stdout), text(&output.stderr))
}

fn pairs(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    files.iter().map(pair).collect()
}

#[test]
fn the_month_before_is_reported() {
    for (today, period) in [
        ("2026-01", "2025-12"),
        ("2025-10", "2025-09"),
        ("2025-03", "2025-02"),
    ] {
        let desk = Desk::new();
        desk.today(today);
        let output = desk.run(&[], &[]);
        let said = format!(
            "записан monthly/{period}.docx\nзаписан monthly/{period}.html\n\
             записан monthly/{period}.xlsx\nотчёт за {period} готов, сообщать не о чем\n"
        );
        assert_eq!(told(&output), (0, said, String::new()));
        assert_eq!(
            desk.called(),
            format!(
                "<report><reports><--period><{period}><--output-dir><monthly/NEW>\
                 <--format><html,xlsx,docx><--fail-on><missed,provisional>"
            )
        );
    }
}

#[test]
fn settings_and_the_period_are_handed_on() {
    let desk = Desk::new();
    fs::write(desk.folder.join("notes.toml"), "").expect("written");
    desk.run(
        &["2025-Q4"],
        &[
            ("REPORTS", "мои отчёты"),
            ("FORMATS", "md"),
            ("FAIL_ON", "behind"),
        ],
    );
    assert_eq!(
        desk.called(),
        "<report><мои отчёты><--period><2025-Q4><--output-dir><monthly/NEW><--format><md>\
         <--fail-on><behind><--notes><notes.toml>"
    );
    assert_eq!(desk.texts(), pairs(&[("2025-Q4.md", "первый 2025-Q4 md")]));
}

#[test]
fn a_second_run_changes_nothing() {
    let desk = Desk::new();
    desk.run(&[], &[]);
    let before = desk.written();
    assert_eq!(before.len(), 3);
    let output = desk.run(&[], &[]);
    let said = "отчёт за 2025-12 готов, сообщать не о чем\n".to_owned();
    assert_eq!(told(&output), (0, said, String::new()));
    assert_eq!(desk.written(), before);
}

#[test]
fn what_was_there_before_is_kept_once() {
    let desk = Desk::new();
    let run = |text| desk.run(&[], &[("FORMATS", "html"), ("FAKE_TEXT", text)]);
    run("первый");
    run("второй");
    run("третий");
    let now = [
        ("2025-12.html", "третий 2025-12 html"),
        ("prev", ""),
        ("prev/2025-12.html", "второй 2025-12 html"),
    ];
    assert_eq!(desk.texts(), pairs(&now));
    run("третий");
    assert_eq!(desk.texts(), pairs(&now));
}

#[test]
fn the_status_tells_whether_to_write_a_letter() {
    for (status, said) in [
        (
            "1",
            "отчёт за 2025-12 готов; в отчётах организаций есть ошибки\n",
        ),
        (
            "3",
            "отчёт за 2025-12 готов; цель не достигнута или данные предварительные\n",
        ),
    ] {
        let desk = Desk::new();
        let output = desk.run(&[], &[("FAKE_EXIT", status), ("FORMATS", "html")]);
        let said = format!("записан monthly/2025-12.html\n{said}");
        let status = status.parse().expect("a number");
        assert_eq!(told(&output), (status, said, String::new()));
        assert_eq!(
            desk.texts(),
            pairs(&[("2025-12.html", "первый 2025-12 html")])
        );
    }
}

#[test]
fn a_run_that_fails_leaves_everything_as_it_was() {
    let desk = Desk::new();
    desk.run(&[], &[]);
    let before = desk.written();
    for (variables, reason) in [
        (vec![("FAKE_EXIT", "2")], "отчёт за 2025-12 не сделан"),
        (
            vec![("FAKE_EXIT", "139")],
            "отчёт за 2025-12 не сделан: программа завершилась с кодом 139",
        ),
        (
            vec![("FAKE_NOTHING", "1")],
            "отчёт за 2025-12 не сделан: программа не записала ни одного файла",
        ),
        (
            vec![("ALEYSK", "no-such-program")],
            "программа «no-such-program» не найдена; укажите её в переменной ALEYSK",
        ),
        (
            vec![("OUT", "called/monthly")],
            "не удалось создать папку «called/monthly/.new-»",
        ),
    ] {
        let mut all = vec![("FAKE_TEXT", "другой")];
        all.extend(variables);
        let (status, said, why) = told(&desk.run(&[], &all));
        assert_eq!((status, said.as_str()), (2, ""), "{reason}");
        let last = why.lines().last().expect("a reason");
        let number = |c: char| c.is_ascii_digit();
        let last = match last.split_once(".new-") {
            Some((before, after)) => format!("{before}.new-{}", after.trim_start_matches(number)),
            None => last.to_owned(),
        };
        assert_eq!(last, format!("ошибка: {reason}"));
        assert_eq!(desk.written(), before, "{reason}");
    }
}

#[test]
fn two_periods_at_once_are_one_too_many() {
    let desk = Desk::new();
    let (status, _, why) = told(&desk.run(&["2025-11", "2025-12"], &[]));
    assert_eq!(status, 2);
    assert_eq!(
        why,
        "ошибка: лишние слова в команде: нужен один период или ничего, например monthly.sh 2025-11\n"
    );
}

#[test]
fn with_the_program_itself() {
    let desk = Desk::new();
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/2025");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let variables = [
        ("ALEYSK", env!("CARGO_BIN_EXE_aleysk")),
        ("ALEYSK_DATA", data.to_str().expect("UTF-8")),
        ("REPORTS", reports.to_str().expect("UTF-8")),
    ];
    let (status, said, why) = told(&desk.run(&[], &variables));
    assert_eq!((status, why.as_str()), (3, ""));
    assert_eq!(said.lines().count(), 4);
    let before = desk.written();
    assert_eq!(before.len(), 3);
    let (status, said, _) = told(&desk.run(&[], &variables));
    assert_eq!((status, said.lines().count()), (3, 1));
    assert_eq!(desk.written(), before);
}
