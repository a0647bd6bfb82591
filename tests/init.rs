//! `aleysk init`: what it writes, and that it writes over nothing.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use aleysk::model::Plan;
use serde_json::Value;
use support::{Data, project};
use walkdir::WalkDir;

fn aleysk(place: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(arguments)
        .current_dir(place)
        .env_remove("ALEYSK_DATA")
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program runs")
}

fn done(place: &Path, arguments: &[&str]) -> String {
    let output = aleysk(place, arguments);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("UTF-8") + &said
}

/// Whatever lies below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.expect("readable"));
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).expect("below");
            (path.to_owned(), fs::read(entry.path()).expect("readable"))
        })
        .collect()
}

/// The text of a resolution as it was published.
fn source(year: &str) -> PathBuf {
    project().join(format!(
        "tests/cases/init/from-{year}/resolution-{year}.txt"
    ))
}

fn named(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn the_built_in_folder_is_written_as_it_is_and_can_be_used() {
    let place = tempfile::tempdir().expect("a folder");
    let said = done(place.path(), &["init", "наши/данные"]);
    assert_eq!(
        said,
        "\
Записана папка данных: наши/данные

Что где менять (в файлах есть пояснения):
  наши/данные/resolutions/2025.toml  что обещано: пункты и цели
  наши/данные/indicators.toml        как считается каждый показатель
  наши/данные/organisations.toml     кто отчитывается: замените условные организации своими
  наши/данные/forms                  что сообщает каждая организация: поля и правила

Что дальше:
  aleysk show --data наши/данные            проверить файлы и показать резолюции
  aleysk check --data наши/данные ОТЧЁТЫ    сравнить отчёты с целями
"
    );
    let folder = place.path().join("наши/данные");
    assert_eq!(files(&folder), files(&project().join("data")));
    let reports = project().join("examples/2025-Q4");
    let shown = |data: &[&str]| {
        let arguments = [&["check", "--format", "json", named(&reports)], data].concat();
        let output = aleysk(place.path(), &arguments);
        let mut answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        answer["data"].take();
        answer
    };
    assert_eq!(shown(&["--data", "наши/данные"]), shown(&[]));
}

#[test]
fn nothing_is_written_over_and_nothing_is_left_half_done() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("data");
    for kept in [
        "indicators.toml",
        "forms/свои.txt",
        ".schemas/x",
        "resolutions",
    ] {
        let _ = fs::remove_dir_all(&folder);
        let kept = folder.join(kept);
        fs::create_dir_all(kept.parent().expect("a folder")).expect("made");
        fs::write(&kept, "своё").expect("written");
        let before = files(place.path());
        let output = aleysk(place.path(), &["init", "data"]);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        let first = kept.strip_prefix(&folder).expect("below").iter().next();
        let first = Path::new("data").join(first.expect("a name"));
        let expected = format!(
            "ошибка: «{}» уже есть: назовите другую папку\n",
            first.display()
        );
        assert_eq!((said, output.status.code()), (expected, Some(2)));
        assert_eq!(files(place.path()), before);
    }
    // What is none of ours is no hindrance.
    fs::remove_dir_all(&folder).expect("removed");
    fs::create_dir_all(folder.join("отчёты")).expect("made");
    done(place.path(), &["init", "data"]);
    assert!(folder.join("indicators.toml").exists());
    // Nor is a folder left behind that was made in vain.
    let file = place.path().join("file");
    fs::write(&file, "своё").expect("written");
    let output = aleysk(place.path(), &["init", "file/data"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read(file).expect("there"), "своё".as_bytes());
}

#[test]
fn a_resolution_is_not_written_over_another() {
    let place = tempfile::tempdir().expect("a folder");
    let text = source("2025");
    done(place.path(), &["init", "data"]);
    let before = files(place.path());
    for arguments in [
        ["init", "data", "--from", named(&text)],
        [
            "init",
            "-odata/resolutions/2020.toml",
            "--from",
            named(&text),
        ],
    ] {
        let output = aleysk(place.path(), &arguments);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(said.contains("уже есть: назовите другой"), "{said}");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(files(place.path()), before);
    }
    done(
        place.path(),
        &["init", "data", "--from", named(&text), "--id", "2025-a"],
    );
    assert!(place.path().join("data/resolutions/2025-a.toml").exists());
}

/// The keys that a text gives; the others are the work of a person.
const FROM_TEXT: [&str; 10] = [
    "id", "title", "event", "date", "status", "source", "preamble", "number", "text", "items",
];

/// The keys of a resolution and of its proposals that a text gives.
fn from_text(resolution: &Value) -> Vec<(String, Value)> {
    let keys = resolution.as_object().expect("keys").iter();
    let mut kept = Vec::new();
    for (key, value) in keys {
        match value.as_array().filter(|_| key == "proposal") {
            Some(proposals) => kept.extend(proposals.iter().flat_map(from_text)),
            None if FROM_TEXT.contains(&&**key) => kept.push((key.clone(), value.clone())),
            None => {}
        }
    }
    kept
}

fn resolution<'a>(plan: &'a Plan, id: &str) -> &'a Value {
    &plan.resolution(id).expect("a resolution").raw
}

#[test]
fn the_source_texts_give_the_shipped_files() {
    let shipped = Data::built_in();
    for year in ["2020", "2025"] {
        let text = fs::read_to_string(source(year)).expect("UTF-8");
        let mut files = support::other_encodings(&text);
        files.retain(|(encoding, _)| *encoding != "ibm866" && *encoding != "koi8-r");
        files.push(("utf-8", text.clone().into_bytes()));
        files.push(("utf-8", text.replace('\n', "\r\n").into_bytes()));
        for (encoding, bytes) in files {
            let place = tempfile::tempdir().expect("a folder");
            let name = format!("resolution-{year}.txt");
            fs::write(place.path().join(&name), bytes).expect("written");
            done(place.path(), &["init", "data", "--from", &name]);
            let data = Data::folder(&place.path().join("data"));
            let begun = from_text(resolution(data.plan(), year));
            let expected = from_text(resolution(shipped.plan(), year));
            assert_eq!(begun, expected, "{encoding}");
        }
    }
}

#[test]
fn a_folder_begun_with_a_text_holds_no_other_resolution_and_can_be_used() {
    for year in ["2020", "2025"] {
        let place = tempfile::tempdir().expect("a folder");
        done(
            place.path(),
            &["init", "data", "--from", named(&source(year))],
        );
        let names: Vec<PathBuf> = files(&place.path().join("data/resolutions"))
            .into_keys()
            .collect();
        assert_eq!(names, [PathBuf::from(format!("{year}.toml"))]);
        let shown = done(place.path(), &["show", year]);
        assert!(shown.contains("измеримая цель не задана"), "{shown}");
        let reports = project().join("examples/2025-Q4");
        let check = ["check", "--resolution", year, named(&reports)];
        let checked = done(place.path(), &check);
        assert!(
            checked.contains("Измеримых целей резолюция не задаёт"),
            "{checked}"
        );
    }
}

#[test]
fn a_target_that_is_offered_needs_only_its_indicator() {
    let place = tempfile::tempdir().expect("a folder");
    done(
        place.path(),
        &["init", "data", "--from", named(&source("2025"))],
    );
    let path = place.path().join("data/resolutions/2025.toml");
    let indicators = [
        "preschool-access",
        "preschool-quality",
        "parent-programme",
        "target-contracts",
        "social-order",
        "dop-coverage",
    ];
    let mut indicators = indicators.iter();
    let mut offered = false;
    let text = fs::read_to_string(&path).expect("UTF-8");
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            offered = offered && !line.is_empty() || line == "# [[proposal.target]]";
            let line = if offered { &line[2..] } else { line };
            match line.split_once('…').filter(|_| offered) {
                Some((before, after)) => {
                    format!("{before}{}{after}", indicators.next().expect("one more"))
                }
                None => line.to_owned(),
            }
        })
        .collect();
    fs::write(&path, lines.join("\n")).expect("written");
    assert_eq!(indicators.next(), None);
    let begun = Data::folder(&place.path().join("data"));
    let shipped = Data::built_in();
    let targets = |plan: &Plan| -> Vec<_> {
        let proposals = &plan.resolution("2025").expect("a resolution").proposals;
        let targets = proposals.iter().flat_map(|one| &one.targets);
        let what = |target: &aleysk::model::resolution::Target| {
            let indicator = plan.indicators[target.indicator].id.clone();
            (indicator, target.bound, target.due, target.maintain)
        };
        targets.map(what).collect()
    };
    assert_eq!(targets(begun.plan()), targets(shipped.plan()));
}

/// Where messages cannot be written the program still does its work and says so by its status.
#[test]
#[cfg(target_os = "linux")]
fn messages_that_cannot_be_written_stop_nothing() {
    let place = tempfile::tempdir().expect("a folder");
    let text = source("2025");
    for (arguments, status) in [
        (&["init", "--from", named(&text)][..], 0),
        (&["init"], 2),
        (&["chek"], 2),
        (&["show", "--data", "нигде"], 2),
        (&["check", "--quiet", "нигде.csv"], 2),
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let output = Command::new(env!("CARGO_BIN_EXE_aleysk"))
            .args(arguments)
            .current_dir(place.path())
            .stderr(full.expect("a device"))
            .output()
            .expect("the program runs");
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
    }
}
