//! What `aleysk sql` writes, run on the real engines over facts exported in several parts: every
//! number and every status is the one that `aleysk check` gives.
//!
//! The engines are looked for by the Python that `ENGINES_PYTHON` names; how they are installed says
//! `.ci/run`: `cargo test --test engines -- --ignored`. `ENGINES_CASES` asks for more random plans.

#[path = "engines/plans.rs"]
mod plans;
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use aleysk::model::quantity::Fraction;
use num_bigint::BigInt;
use plans::Made;
use serde_json::Value;
use tempfile::TempDir;

const LEVELS: [&str; 3] = ["organisation", "kind", "parent"];

/// A data folder, reports in parts, and what is asked of them.
struct Case {
    name: String,
    data: Option<PathBuf>,
    /// Each part is exported by itself.
    parts: Vec<Vec<PathBuf>>,
    questions: Vec<Question>,
    /// Without a register the order of the organisations is that of the engine.
    in_order: bool,
    given: Given,
}

/// How the parts are named to the query.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    /// With a star.
    Star,
    /// One by one.
    OneByOne,
    /// As the folder they lie in.
    Folder,
    /// They have been put into a table.
    Table,
    /// The same, as floating-point numbers: the query refuses it.
    Floating,
}

struct Question {
    period: String,
    by: Option<&'static str>,
    resolution: Option<&'static str>,
    /// The figures are too long for any engine, or no longer exact: it must say so.
    fails: bool,
}

fn ask(period: &str, by: Option<&'static str>, resolution: Option<&'static str>) -> Question {
    Question {
        period: period.to_owned(),
        by,
        resolution,
        fails: false,
    }
}

fn aleysk(arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(arguments)
        .env_remove("ALEYSK_DATA")
        .output()
        .expect("a program that runs")
}

fn texts<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

/// The reports of a folder, each second one in the second part.
fn parts_of(folder: &Path) -> Vec<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let reports: BTreeSet<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "csv"))
        .collect();
    let mut parts = vec![Vec::new(), Vec::new()];
    for (index, path) in reports.into_iter().enumerate() {
        parts[index % 2].push(path);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The examples, by every level.
fn examples() -> Vec<Case> {
    let case = |name: &str, parts, periods: &[&str]| Case {
        name: name.to_owned(),
        data: None,
        parts,
        questions: (0..)
            .zip(periods)
            .map(|(index, period)| ask(period, Some(LEVELS[index % 3]), None))
            .chain([
                ask(periods[0], None, None),
                ask(periods[0], None, Some("2020")),
            ])
            .collect(),
        in_order: true,
        given: Given::Star,
    };
    let files = |name: &str| {
        let parts = parts_of(&support::project().join("examples").join(name));
        parts.concat().into_iter().map(|path| vec![path]).collect()
    };
    let in_table = |given: Given| {
        let parts = parts_of(&support::project().join("examples/2025-Q4"));
        let mut case = case("a table", parts, &["2025-12"]);
        case.questions.truncate(1);
        case.questions[0].fails = given == Given::Floating;
        Case { given, ..case }
    };
    vec![
        case(
            "2025-Q4",
            parts_of(&support::project().join("examples/2025-Q4")),
            &["2025-12", "2025-Q4", "2025-12"],
        ),
        // Reports that come again and that contradict one another, each file by itself.
        case(
            "2025-Q4-real",
            files("2025-Q4-real"),
            &["2025-12", "2025-12", "2025-Q4"],
        ),
        in_table(Given::Table),
        in_table(Given::Floating),
        case(
            "2025",
            parts_of(&support::project().join("examples/2025")),
            &[
                "2025-12", "2025-06", "2025", "2025/26", "2025-H2", "2026-01",
            ],
        ),
    ]
}

/// The kept cases of windows, folds and missing values.
fn kept() -> Vec<Case> {
    let root = support::project().join("tests/cases");
    let of = |folder: &str| -> Option<(&'static str, &'static [&'static str])> {
        Some(match folder.split('-').next()? {
            "folds" => ("folds", &["2025-Q4", "2025-12", "2025"]),
            "missing" => ("missing", &["2025-12", "2025-Q4"]),
            "windows" | "other" => ("windows", &["2025-12", "2026-03", "2025/26"]),
            "yearly" => ("yearly", &["2025-12", "2025"]),
            _ => return None,
        })
    };
    let entries = fs::read_dir(root.join("time")).expect("the cases");
    let folders: BTreeSet<PathBuf> = entries.map(|entry| entry.expect("a case").path()).collect();
    folders
        .into_iter()
        .filter(|folder| !text(folder).ends_with("-json"))
        .map(|folder| {
            let name = folder
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let (resolution, periods) = of(&name).unwrap_or_else(|| panic!("a new case: {name}"));
            let questions = (0..)
                .zip(periods)
                .map(|(index, period)| ask(period, Some(LEVELS[index * 2 % 3]), Some(resolution)));
            Case {
                questions: questions.collect(),
                name,
                data: Some(root.join("data/time")),
                parts: parts_of(&folder),
                in_order: true,
                given: Given::Folder,
            }
        })
        .collect()
}

/// The longest figures that a cell may hold: summed they fit into every engine, multiplied into none.
fn longest(folder: &Path) -> Case {
    let made = plans::longest(folder);
    Case {
        name: "longest".to_owned(),
        data: Some(made.data),
        parts: made.parts,
        questions: vec![
            ask("2025-12", Some("organisation"), Some("sums")),
            Question {
                fails: true,
                ..ask("2025-12", None, Some("products"))
            },
        ],
        in_order: true,
        given: Given::Star,
    }
}

/// Reports that differ and corrections of parts of them.
fn layers(folder: &Path) -> Case {
    let made = plans::layers(folder);
    Case {
        name: "layers".to_owned(),
        data: Some(made.data),
        parts: made.parts,
        questions: vec![ask("2025-12", Some("organisation"), None)],
        in_order: true,
        given: Given::OneByOne,
    }
}

/// Random plans and reports.
fn random(count: u64, folder: &Path) -> Vec<Case> {
    let asked = std::env::var("ENGINES_CASES").ok();
    let count = asked.map_or(count, |count| count.parse().expect("a number"));
    (0..count)
        .map(|seed| {
            let Made {
                data,
                parts,
                periods,
                declared,
            } = plans::make(seed, &folder.join(format!("random-{seed}")));
            let level = |index: usize| LEVELS[(index + seed as usize) % 3];
            Case {
                name: format!("random {seed}"),
                data: Some(data),
                parts,
                questions: (0..)
                    .zip(&periods)
                    .map(|(index, period)| ask(period, Some(level(index)), None))
                    .collect(),
                in_order: declared,
                given: Given::OneByOne,
            }
        })
        .collect()
}

/// Exports the parts and writes the queries of a case into a folder.
fn prepare(engine: &str, case: &Case, index: usize, folder: &Path) {
    let format = match case.given {
        Given::Star | Given::OneByOne if index % 2 == 1 => "csv",
        _ => "parquet",
    };
    for (number, part) in case.parts.iter().enumerate() {
        let mut arguments = texts(["export", "--quiet", "-o"]);
        arguments.push(text(&folder.join(format!("facts-{number}.{format}"))));
        arguments.extend(reports(part));
        arguments.extend(data(case));
        let output = aleysk(&arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{}: {said}",
            case.name
        );
    }
    for (number, question) in case.questions.iter().enumerate() {
        let mut arguments = texts(["sql", "--dialect", engine, "--facts"]);
        let file = |name: &str| text(&folder.join(name));
        arguments.push(match case.given {
            Given::Star => file(&format!("facts-*.{format}")),
            Given::OneByOne => file(&format!("facts-0.{format}")),
            Given::Folder => format!("{}/", text(folder)),
            Given::Table | Given::Floating => "facts".to_owned(),
        });
        if case.given == Given::OneByOne {
            for number in 1..case.parts.len() {
                arguments.push("--facts".to_owned());
                arguments.push(file(&format!("facts-{number}.{format}")));
            }
        }
        arguments.extend(data(case));
        arguments.extend(asked(question));
        arguments.extend(texts(["-o"]));
        arguments.push(text(&folder.join(format!("{number}.sql"))));
        let output = aleysk(&arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {said}", case.name);
        if matches!(case.given, Given::Table | Given::Floating) {
            let path = folder.join(format!("{number}.sql"));
            let query = fs::read_to_string(&path).expect("a query");
            let made = table(engine, &folder.join("facts-*.parquet"), case.given);
            fs::write(&path, made + &query).expect("written");
        }
    }
}

/// A statement that puts the parts into a table.
fn table(engine: &str, files: &Path, given: Given) -> String {
    let (files, floating) = (text(files), given == Given::Floating);
    match engine {
        "duckdb" => {
            let figures = match floating {
                true => " REPLACE (CAST(value AS DOUBLE) AS value)",
                false => "",
            };
            format!("CREATE TABLE facts AS SELECT *{figures} FROM read_parquet('{files}');\n")
        }
        "clickhouse" => {
            let figures = match floating {
                true => " REPLACE (toFloat64(value) AS value)",
                false => "",
            };
            format!(
                "CREATE OR REPLACE TABLE facts ENGINE = MergeTree ORDER BY tuple() AS \
                 SELECT *{figures} FROM file('{files}', 'Parquet');\n"
            )
        }
        _ => {
            let figures = match floating {
                true => "* EXCEPT (value), CAST(value AS DOUBLE) AS value",
                false => "*",
            };
            format!(
                "CREATE OR REPLACE TEMPORARY VIEW facts AS SELECT {figures} FROM parquet.`{files}`;\n"
            )
        }
    }
}

/// Files as arguments: some supersede others.
fn reports(part: &[PathBuf]) -> Vec<String> {
    let supersedes = |path: &str| path.ends_with(&format!("{}.csv", plans::SUPERSEDES));
    let paths = part.iter().map(|path| text(path));
    paths
        .flat_map(|path| match supersedes(&path) {
            true => vec!["--supersede".to_owned(), path],
            false => vec![path],
        })
        .collect()
}

fn data(case: &Case) -> Vec<String> {
    let data = case.data.as_ref();
    data.map_or_else(Vec::new, |data| vec!["--data".to_owned(), text(data)])
}

fn asked(question: &Question) -> Vec<String> {
    let mut arguments = texts(["--period", &question.period]);
    for (flag, value) in [("--by", question.by), ("--resolution", question.resolution)] {
        arguments.extend(value.iter().flat_map(|value| texts([flag, value])));
    }
    arguments
}

/// A row of the answer: what it is about, its numbers, its status.
type Row = (Vec<Option<String>>, Vec<Option<Fraction>>);

fn expected(case: &Case, question: &Question) -> Vec<Row> {
    let mut arguments = texts(["check", "--format", "json"]);
    arguments.extend(case.parts.iter().flat_map(|part| reports(part)));
    arguments.extend(data(case));
    arguments.extend(asked(question));
    let output = aleysk(&arguments);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{}: {error}: {}",
            case.name,
            String::from_utf8_lossy(&output.stderr)
        )
    });
    let mut rows = Vec::new();
    for result in answer["results"].as_array().expect("results") {
        let numbers =
            |of: &Value| ["numerator", "denominator", "actual"].map(|key| number(&word(&of[key])));
        let about = |level: Option<String>, status: [&Value; 2]| {
            let own = [&result["proposal"], &result["indicator"]].map(word);
            own.into_iter()
                .chain([level])
                .chain(status.map(word))
                .collect()
        };
        let status = [&result["status"], &result["provisional"]];
        rows.push((about(None, status), numbers(result).to_vec()));
        for row in result["breakdown"].as_array().into_iter().flatten() {
            let level = word(&row[question.by.expect("a level")]);
            // What is asked of all together, a count, the query asks of no row of a breakdown.
            let status = match row["denominator"].is_null() {
                true => &Value::Null,
                false => &row["status"],
            };
            rows.push((about(level, [status, &Value::Null]), numbers(row).to_vec()));
        }
    }
    rows
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// An exact number: a decimal or a fraction.
fn number(text: &Option<String>) -> Option<Fraction> {
    let text = text.as_ref()?;
    let whole = |text: &str| {
        text.parse::<BigInt>()
            .unwrap_or_else(|_| panic!("no number: {text}"))
    };
    if let Some((above, below)) = text.split_once('/') {
        return Some(Fraction::new(whole(above), whole(below)));
    }
    let (digits, power) = text.split_once(['E', 'e']).unwrap_or((text, "0"));
    let (front, back) = digits.split_once('.').unwrap_or((digits, ""));
    let power = power.parse::<i32>().expect("a power") - back.len() as i32;
    let ten = Fraction::from_integer(10.into());
    Some(Fraction::from_integer(whole(&format!("{front}{back}"))) * ten.pow(power))
}

fn answer(path: &Path) -> Value {
    let bytes = fs::read(path).expect("an answer");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Whether an engine complains of figures that are too long, or floating.
fn is_of_length(error: &str) -> bool {
    [
        "floating-point",
        "Out of Range",
        "too long",
        "OUT_OF_RANGE",
        "EXCEEDS_MAX_PRECISION",
    ]
    .iter()
    .any(|word| error.contains(word))
}

/// The same of what an engine gave.
fn given(question: &Question, answer: &Value) -> Vec<Row> {
    let rows = answer.as_array();
    let rows = rows.unwrap_or_else(|| panic!("{} {:?}: {answer}", question.period, question.by));
    rows.iter()
        .map(|row| {
            let level = question.by.and_then(|by| word(&row[by]));
            let about = |key: &str| word(&row[key]);
            let side =
                |key: &str| number(&about(key).or_else(|| about(&format!("{key}_fraction"))));
            let provisional = match about("provisional").as_deref() {
                _ if level.is_some() => None,
                Some("1" | "True" | "true") => Some("true".to_owned()),
                _ => Some("false".to_owned()),
            };
            let own = vec![
                about("proposal"),
                about("indicator"),
                level.clone(),
                about("status").filter(|_| level.is_none() || side("denominator").is_some()),
                provisional,
            ];
            (
                own,
                vec![
                    side("numerator"),
                    side("denominator"),
                    number(&about("actual")),
                ],
            )
        })
        .collect()
}

fn run(engine: &str, folder: &Path) {
    let python = std::env::var("ENGINES_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .arg(support::project().join("tests/engines/run.py"))
        .args([engine, &text(folder)])
        .output()
        .expect("Python, see .ci/run");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{engine} cannot be run, see .ci/run: {said}"
    );
}

/// Holds an engine against `check`, on so many random plans beside all else. A slow engine is asked
/// each case's one question only, and only of some cases of windows and folds.
fn all_agree(engine: &str, plans: u64, is_slow: bool) {
    let folder = TempDir::new().expect("a folder");
    let made = TempDir::new().expect("a folder");
    let mut cases = examples();
    cases.extend(kept().into_iter().step_by(if is_slow { 4 } else { 1 }));
    cases.extend(random(plans, made.path()));
    if is_slow {
        for (index, case) in cases.iter_mut().enumerate() {
            let first = index % case.questions.len();
            case.questions.rotate_left(first);
            case.questions.truncate(1);
        }
    }
    cases.push(longest(&made.path().join("longest")));
    cases.push(layers(&made.path().join("layers")));
    let place = |index: usize| folder.path().join(format!("{index:03}"));
    for (index, case) in cases.iter().enumerate() {
        fs::create_dir(place(index)).expect("a folder");
        prepare(engine, case, index, &place(index));
    }
    run(engine, folder.path());
    let (mut differences, mut compared) = (Vec::new(), 0);
    for (index, case) in cases.iter().enumerate() {
        for (number, question) in case.questions.iter().enumerate() {
            let answer = answer(&place(index).join(format!("{number}.json")));
            if question.fails {
                let said = answer["error"].as_str();
                assert!(said.is_some_and(is_of_length), "{}: {answer}", case.name);
                continue;
            }
            let mut wanted = expected(case, question);
            let mut got = given(question, &answer);
            if !case.in_order {
                wanted.sort();
                got.sort();
            }
            compared += wanted
                .iter()
                .map(|(_, numbers)| numbers.iter().flatten().count())
                .sum::<usize>();
            let at = (0..wanted.len().max(got.len())).find(|at| wanted.get(*at) != got.get(*at));
            if let Some(at) = at {
                differences.push(format!(
                    "{} {} {:?}: row {at}:\n  check {:?}\n  query {:?}",
                    case.name,
                    question.period,
                    question.by,
                    wanted.get(at),
                    got.get(at)
                ));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let enough = if is_slow { 250 } else { 3000 };
    assert!(compared > enough, "only {compared} numbers were compared");
}

#[test]
#[ignore = "needs DuckDB: .ci/run installs it"]
fn duckdb_gives_what_check_gives() {
    all_agree("duckdb", 24, false);
}

#[test]
#[ignore = "needs ClickHouse: .ci/run installs it"]
fn clickhouse_gives_what_check_gives() {
    all_agree("clickhouse", 12, false);
}

#[test]
#[ignore = "needs Spark and Java: .ci/run installs them"]
fn spark_gives_what_check_gives() {
    all_agree("spark", 2, true);
}
