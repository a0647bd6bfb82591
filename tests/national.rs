//! Many organisations and months: every planted fault is counted, every sum is exact, in both
//! alphabets, with and without a given period.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aleysk::assess::By;
use aleysk::model::period::Period;
use aleysk::read::crew::{Sizes, Threads};
use aleysk::read::report::Options;
use aleysk::source::Encoding;
use aleysk::tally::Keep;
use serde_json::{Value, json};
use support::{Data, Dice, Run, period};

const ORGANISATIONS: usize = 240;
const MONTHS: usize = 14;

const LATIN: &str = "period,region_code,org_id,org_name,kind,children_total,children_enrolled,\
                     children_waiting,children_5_18,children_in_dop,teachers_total,\
                     teachers_trained,target_contracts,has_parent_programme,note";
const RUSSIAN: &str = "Период;Код региона;Код организации;Наименование организации;Вид;Всего детей;\
                       Зачислено детей;В очереди;Детей 5-18 лет;Охвачено ДОП;Педагогов всего;\
                       Педагогов обучено;Целевых договоров;Программа для родителей;Примечание";

/// The planted faults, as often as each was planted.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Dirt {
    rows: u64,
    missing: u64,
    not_known: u64,
    negative: u64,
    rule: u64,
    repeated: u64,
}

struct Made {
    latin: Vec<u8>,
    russian: Vec<u8>,
    dirt: Dirt,
}

fn month_id(index: usize) -> String {
    format!("{}-{:02}", 2017 + index / 12, index % 12 + 1)
}

/// An organisation: code, name, kind; its number of children; whether it has a programme.
struct Who {
    code: String,
    name: String,
    kind: &'static str,
    size: usize,
    programme: bool,
}

fn organisations(dice: &mut Dice) -> Vec<Who> {
    const NAMES: [&str; 6] = [
        "Солнышко",
        "Звёздочка",
        "Алёнушка",
        "Берёзка",
        "Сказка",
        "Искорка",
    ];
    const TOWNS: [&str; 4] = ["Барнаул", "Бийск", "Рубцовск", "Камень"];
    (0..ORGANISATIONS)
        .map(|index| {
            let code = format!(
                "{:02}-{:04}-{:03}",
                1 + index / 60,
                index * 7 % 100,
                index % 999 + 1
            );
            if dice.below(20) < 11 {
                Who {
                    code,
                    name: format!(
                        "МБДОУ «{}» детский сад №{}",
                        NAMES[dice.below(NAMES.len())],
                        1 + dice.below(300)
                    ),
                    kind: "kindergarten",
                    size: 40 + dice.below(360),
                    programme: dice.below(10) < 6,
                }
            } else {
                Who {
                    code,
                    name: format!(
                        "МБОУ «Средняя школа №{}» г. {}",
                        1 + dice.below(300),
                        TOWNS[dice.below(TOWNS.len())]
                    ),
                    kind: "school",
                    size: 150 + dice.below(1200),
                    programme: dice.below(10) < 6,
                }
            }
        })
        .collect()
}

/// Both variants of one report, month by month, the organisations of each in order of arrival.
fn make(seed: u64) -> Made {
    let mut dice = Dice::new(seed);
    let who = organisations(&mut dice);
    let mut made = Made {
        latin: format!("{LATIN}\n").into_bytes(),
        russian: Encoding::Windows1251
            .encode(&format!("{RUSSIAN}\r\n"))
            .expect("letters"),
        dirt: Dirt::default(),
    };
    let mut order: Vec<usize> = (0..who.len()).collect();
    for month in 0..MONTHS {
        for at in (1..order.len()).rev() {
            order.swap(at, dice.below(at + 1));
        }
        for &index in &order {
            let before = made.dirt;
            let (latin, russian) = row(&who[index], month, &mut dice, &mut made.dirt);
            let times = if dice.once_in(200) { 2 } else { 1 };
            for _ in 0..times {
                made.latin.extend_from_slice(latin.as_bytes());
                let bytes = Encoding::Windows1251.encode(&russian).expect("letters");
                made.russian.extend_from_slice(&bytes);
            }
            made.dirt.rows += times;
            if times == 2 {
                made.dirt.repeated += 1;
                // Its fault is there twice.
                let now = made.dirt;
                made.dirt.missing += now.missing - before.missing;
                made.dirt.not_known += now.not_known - before.not_known;
                made.dirt.negative += now.negative - before.negative;
                made.dirt.rule += now.rule - before.rule;
            }
        }
    }
    made
}

/// A row in both variants; with a fault once in forty times.
fn row(who: &Who, month: usize, dice: &mut Dice, dirt: &mut Dirt) -> (String, String) {
    let total = who.size * (90 + dice.below(20)) / 100;
    let enrolled = total * (70 + dice.below(31)) / 100;
    let waiting = dice.below(30);
    let older = total * (40 + dice.below(50)) / 100;
    let dop = older * (50 + dice.below(51)) / 100;
    let quarters = 12 + dice.below(total * 2);
    let trained = dice.below(quarters / 4 + 1);
    let contracts = dice.below(5);
    let mut figures = [total, enrolled, waiting, older, dop].map(|figure| figure.to_string());
    match dice.below(200) {
        0 => {
            figures[dice.below(5)].clear();
            dirt.missing += 1;
        }
        1 => {
            figures[dice.below(5)] = "н/д".into();
            dirt.not_known += 1;
        }
        2 => {
            figures[2] = format!("-{}", 1 + waiting);
            dirt.negative += 1;
        }
        3 => {
            figures[1] = (total + 1 + dice.below(20)).to_string();
            dirt.rule += 1;
        }
        4 => {
            figures[4] = (older + 1 + dice.below(20)).to_string();
            dirt.rule += 1;
        }
        _ => {}
    }
    let note = match dice.below(50) {
        0 => format!(
            "\"замечание: \"\"нет договора\"\", см. приложение {},\nстрока вторая; исправить\"",
            dice.below(97)
        ),
        1..=4 => "сдано в срок".to_owned(),
        _ => String::new(),
    };
    let write = |separator: char, decimal: char, line_end: &str| {
        let mut out = String::new();
        let region = &who.code[..2];
        let programme = if who.programme { "да" } else { "нет" };
        let cells = [
            &month_id(month),
            region,
            &who.code,
            &who.name,
            who.kind,
            &figures[0],
            &figures[1],
            &figures[2],
            &figures[3],
            &figures[4],
            &format!("{}{decimal}{:02}", quarters / 4, quarters % 4 * 25),
            &trained.to_string(),
            &contracts.to_string(),
            programme,
            &note,
        ];
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                out.push(separator);
            }
            out.push_str(cell);
        }
        let _ = out.write_str(line_end);
        out
    };
    (write(',', '.', "\n"), write(';', ',', "\r\n"))
}

/// The sums that the checks must give, in hundredths, by a slow look at every record.
#[derive(Default, Debug)]
struct Sums {
    /// By month and indicator: numerator and denominator.
    of: BTreeMap<(String, &'static str), (i64, i64)>,
    reporters: BTreeMap<String, BTreeSet<String>>,
}

const COUNTS: [(&str, usize); 9] = [
    ("children-total", 0),
    ("children-enrolled", 1),
    ("children-waiting", 2),
    ("children-5-18", 3),
    ("dop-children", 4),
    ("teachers-total", 5),
    ("teachers-with-training", 6),
    ("target-contracts", 7),
    ("parent-programmes", 8),
];

const SHARES: [(&str, &[usize], &[usize]); 3] = [
    ("access", &[1], &[1, 2]),
    ("dop-coverage", &[4], &[3]),
    ("teachers-trained", &[6], &[5]),
];

/// A cell in hundredths; nothing where it is empty, a dash or negative.
fn hundredths(cell: &str) -> Option<i64> {
    match cell {
        "" => return None,
        "да" => return Some(100),
        "нет" => return Some(0),
        _ => {}
    }
    let (whole, part) = cell.split_once('.').unwrap_or((cell, "00"));
    let value: i64 = format!("{whole}{part}").parse().ok()?;
    (value >= 0).then_some(value)
}

fn slow_sums(latin: &[u8]) -> Sums {
    let mut reader = csv::Reader::from_reader(latin);
    let mut seen = BTreeSet::new();
    let mut sums = Sums::default();
    for record in reader.records() {
        let record = record.expect("well-formed");
        let month = record[0].to_owned();
        if !seen.insert((month.clone(), record[2].to_owned())) {
            continue;
        }
        let mut values: Vec<Option<i64>> =
            (5..14).map(|column| hundredths(&record[column])).collect();
        for (part, whole) in [(1, 0), (4, 3), (6, 5)] {
            if values[part] > values[whole] && values[whole].is_some() {
                (values[part], values[whole]) = (None, None);
            }
        }
        sums.reporters
            .entry(month.clone())
            .or_default()
            .insert(record[2].to_owned());
        let mut add = |indicator: &'static str, above: &[usize], below: &[usize]| {
            let sum = |fields: &[usize]| -> Option<i64> { fields.iter().map(|f| values[*f]).sum() };
            if let (Some(above), Some(below)) = (sum(above), sum(below)) {
                let entry = sums.of.entry((month.clone(), indicator)).or_default();
                entry.0 += above;
                entry.1 += below;
            }
        };
        for (indicator, field) in COUNTS {
            add(indicator, &[field], &[]);
        }
        for (indicator, above, below) in SHARES {
            add(indicator, above, below);
        }
    }
    sums
}

fn folder() -> PathBuf {
    support::project().join("tests/national")
}

/// The same folder with a register of all organisations and one that sent nothing.
fn with_register() -> Data {
    let mut register = String::new();
    for who in organisations(&mut Dice::new(1)) {
        let _ = write!(
            register,
            "[[organisation]]\nid = \"{}\"\nname = \"{}\"\nkind = \"{}\"\n\n",
            who.code, who.name, who.kind
        );
    }
    register +=
        "[[organisation]]\nid = \"99-0000-001\"\nname = \"Молчащая школа\"\nkind = \"school\"\n";
    let read = |name: &str| fs::read_to_string(folder().join(name)).expect("a data file");
    Data::of_texts(&[
        ("indicators.toml", &read("indicators.toml")),
        ("forms/national.toml", &read("forms/national.toml")),
        (
            "resolutions/national.toml",
            &read("resolutions/national.toml"),
        ),
        ("organisations.toml", &register),
    ])
}

fn decimal(hundredths: i64) -> String {
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

fn read(data: &Data, bytes: &[u8], asked: Option<Period>) -> Run {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("report.csv");
    fs::write(&path, bytes).expect("a report");
    let options = Options {
        keep: Keep::Needed(asked),
        ..support::options()
    };
    data.read_with(&[path], &options)
}

/// The faults are those planted, each counted once.
fn assert_faults(run: &Run, dirt: Dirt) {
    let expected: BTreeMap<&str, u64> = [
        ("duplicate-report", dirt.repeated),
        ("empty-required", dirt.missing + dirt.not_known),
        ("negative", dirt.negative),
        ("rule-broken", dirt.rule),
        // Region, kind and note.
        ("unknown-column", 3),
    ]
    .into();
    assert_eq!(run.counts(), expected);
    assert_eq!(run.reading.files[0].outcome.accepted, dirt.rows);
    assert_eq!(run.reading.files[0].outcome.rows, dirt.rows);
}

fn assert_sums(run: &mut Run, month: &str, sums: &Sums, registered: bool) {
    let answer = run.json(period(month), None);
    let names = COUNTS.iter().map(|(name, _)| *name);
    for name in names.chain(SHARES.iter().map(|(name, _, _)| *name)) {
        let (above, below) = sums.of[&(month.to_owned(), name)];
        let result = support::result(&answer, name);
        assert_eq!(
            result["numerator"].to_string(),
            decimal(above),
            "{name} {month}"
        );
        if SHARES.iter().any(|(share, _, _)| *share == name) {
            assert_eq!(
                result["denominator"].to_string(),
                decimal(below),
                "{name} {month}"
            );
        }
    }
    let completeness = &answer["completeness"][0];
    let reporters = sums.reporters[month].len();
    assert_eq!(completeness["reported"], reporters, "{month}");
    if registered {
        assert_eq!(completeness["expected"], ORGANISATIONS + 1);
        assert_eq!(completeness["missing"], serde_json::json!(["99-0000-001"]));
    } else {
        assert!(completeness["expected"].is_null());
    }
}

fn check(data: &Data, registered: bool) {
    let made = make(1);
    let sums = slow_sums(&made.latin);
    let dirt = made.dirt;
    assert!(
        dirt.rows > 3000 && dirt.missing > 5 && dirt.not_known > 5,
        "{dirt:?}"
    );
    assert!(
        dirt.negative > 5 && dirt.rule > 10 && dirt.repeated > 5,
        "{dirt:?}"
    );
    for bytes in [&made.latin, &made.russian] {
        let mut run = read(data, bytes, None);
        assert_faults(&run, dirt);
        let newest = month_id(MONTHS - 1);
        assert_eq!(run.reading.tally.newest(), Some(period(&newest)));
        assert_sums(&mut run, &newest, &sums, registered);
        for month in [0, MONTHS / 2, MONTHS - 1] {
            let month = month_id(month);
            let mut run = read(data, bytes, Some(period(&month)));
            assert_faults(&run, dirt);
            assert_sums(&mut run, &month, &sums, registered);
        }
    }
}

#[test]
fn whoever_reports_is_taken() {
    check(&Data::folder(&folder()), false);
}

#[test]
fn those_of_the_register_are_expected() {
    check(&with_register(), true);
}

/// Every organisation in both variants has the same name.
#[test]
fn both_variants_give_the_same_answer() {
    let made = make(2);
    let data = Data::folder(&folder());
    let month = period(&month_id(3));
    let mut answers = [&made.latin, &made.russian].map(|bytes| {
        let mut run = read(&data, bytes, Some(month));
        run.json(month, Some(By::Organisation))
    });
    let [latin, russian] = &mut answers;
    assert_eq!(latin["results"], russian["results"]);
    assert_eq!(latin["completeness"], russian["completeness"]);
}

/// Organisations that bear one name are still several, also in the notes.
#[test]
fn namesakes_are_counted_apart() {
    let read = |name: &str| fs::read_to_string(folder().join(name)).expect("a data file");
    let register: String = (1..=3)
        .map(|index| {
            format!(
                "[[organisation]]\nid = \"o-{index}\"\nname = \"Детский сад «Солнышко»\"\nkind = \"k\"\n\n"
            )
        })
        .collect();
    let data = Data::of_texts(&[
        ("indicators.toml", &read("indicators.toml")),
        ("forms/national.toml", &read("forms/national.toml")),
        (
            "resolutions/national.toml",
            &read("resolutions/national.toml"),
        ),
        ("organisations.toml", &register),
    ]);
    let row = "2018-12,01,o-1,,k,10,9,1,5,4,3.5,2,1,да,";
    let mut run = read_whole(&data, &format!("{LATIN}\n{row}\n"));
    let answer = run.json(period("2018-12"), None);
    let notes = support::result(&answer, "access")["notes"].to_string();
    assert_eq!(notes.matches("Солнышко").count(), 2, "{notes}");
}

fn read_whole(data: &Data, text: &str) -> Run {
    data.read_bytes(&[("report.csv".into(), text.as_bytes().to_vec())])
}

/// A table taken apart, changed, and written again; the header stays where it is.
fn rewritten(
    latin: &[u8],
    style: csv::QuoteStyle,
    change: impl FnOnce(&mut Vec<csv::StringRecord>),
) -> Vec<u8> {
    let mut reader = csv::Reader::from_reader(latin);
    let header = reader.headers().expect("a header").clone();
    let mut records: Vec<csv::StringRecord> = reader
        .records()
        .map(|record| record.expect("well-formed"))
        .collect();
    change(&mut records);
    let mut writer = csv::WriterBuilder::new()
        .quote_style(style)
        .from_writer(Vec::new());
    for record in std::iter::once(&header).chain(&records) {
        writer.write_record(record).expect("memory");
    }
    writer.into_inner().expect("memory")
}

/// The same reports as other programs would have written them.
fn shapes(latin: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let text = String::from_utf8_lossy(latin);
    let plain = csv::QuoteStyle::Necessary;
    vec![
        ("quoted", rewritten(latin, csv::QuoteStyle::Always, |_| ())),
        (
            "organisation by organisation",
            rewritten(latin, plain, |records| {
                records.sort_by(|one, other| one[2].cmp(&other[2]));
            }),
        ),
        (
            "utf-16le",
            support::utf16(&format!("\u{feff}{text}"), u16::to_le_bytes),
        ),
        (
            "utf-16be, quoted",
            support::utf16(
                &String::from_utf8_lossy(&rewritten(latin, csv::QuoteStyle::Always, |_| ())),
                u16::to_be_bytes,
            ),
        ),
    ]
}

/// What comes of a file, whoever reads it.
fn told(data: &Data, path: &Path, month: Period, threads: Threads) -> Value {
    let options = Options {
        keep: Keep::Needed(Some(month)),
        threads,
        ..support::options()
    };
    let mut run = data.read_with(&[path.to_owned()], &options);
    let outcome = format!("{:?}", run.reading.files[0].outcome);
    let counts = json!(run.counts());
    json!({ "outcome": outcome, "counts": counts, "answer": run.json(month, Some(By::Organisation)) })
}

/// The same of one thread as of several, whatever the cut; gives it.
fn told_alike(data: &Data, bytes: &[u8], month: Period, what: &str) -> Value {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("report.csv");
    fs::write(&path, bytes).expect("a report");
    let crew = |count, alone, part| Threads {
        count: NonZeroUsize::new(count),
        sizes: Sizes { alone, part },
    };
    let alone = told(data, &path, month, crew(1, 0, 0));
    for crew in [
        crew(2, 30_000, 90_000),
        crew(2, 0, 4_000),
        crew(5, 501, 25_003),
    ] {
        assert_eq!(told(data, &path, month, crew), alone, "{what} {crew:?}");
    }
    alone
}

#[test]
fn every_shape_gives_the_same_answer_at_every_cut() {
    let made = make(1);
    // Without a register organisations stand in the order in which reports name them.
    let data = with_register();
    let month = period(&month_id(5));
    let plain = told_alike(&data, &made.latin, month, "plain");
    for (shape, bytes) in shapes(&made.latin) {
        let told = told_alike(&data, &bytes, month, shape);
        assert_eq!(told["counts"], plain["counts"], "{shape}");
        for key in ["results", "completeness", "exit"] {
            assert_eq!(told["answer"][key], plain["answer"][key], "{shape}");
        }
    }
}

/// Every report once and every figure of it wrong; and how often each fault is there.
fn all_wrong(latin: &[u8]) -> (Vec<u8>, BTreeMap<&'static str, u64>) {
    const WRONG: [(&str, &str); 4] = [
        ("", "empty-required"),
        ("н/д", "empty-required"),
        ("много", "not-a-number"),
        ("-3", "negative"),
    ];
    let mut counts = BTreeMap::from([("unknown-column", 3)]);
    let bytes = rewritten(latin, csv::QuoteStyle::Necessary, |records| {
        let mut seen = BTreeSet::new();
        records.retain(|record| seen.insert((record[0].to_owned(), record[2].to_owned())));
        for (row, record) in records.iter_mut().enumerate() {
            let cells = record.iter().enumerate().map(|(column, cell)| {
                let (text, code) = match column {
                    5..13 => WRONG[(row + column) % WRONG.len()],
                    13 => ("может быть", "not-a-flag"),
                    _ => return cell,
                };
                *counts.entry(code).or_default() += 1;
                text
            });
            *record = cells.collect();
        }
    });
    (bytes, counts)
}

#[test]
fn a_fault_in_every_cell_is_counted_in_full_at_every_cut() {
    let (bytes, counts) = all_wrong(&make(4).latin);
    let data = Data::folder(&folder());
    let month = period(&month_id(5));
    let told = told_alike(&data, &bytes, month, "all wrong");
    assert_eq!(told["counts"], json!(counts));
    for result in told["answer"]["results"].as_array().expect("results") {
        assert!(result["numerator"].is_null(), "{result}");
    }
}

/// What `check` prints of a file, or of what comes through a pipe.
fn printed(bytes: &[u8], path: Option<&Path>, threads: &str) -> Value {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(["check", "--format", "json", "--threads", threads, "--data"])
        .arg(folder())
        .arg(path.unwrap_or(Path::new("-")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut input = child.stdin.take().expect("a pipe");
    if path.is_none() {
        input.write_all(bytes).expect("all is read");
    }
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let mut answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for issue in answer["issues"].as_array_mut().expect("issues") {
        issue["file"] = Value::Null;
    }
    answer
}

#[test]
fn standard_input_is_read_as_a_file_is() {
    let made = make(5);
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("report.csv");
    for bytes in [made.latin, made.russian] {
        fs::write(&path, &bytes).expect("a report");
        let file = printed(&bytes, Some(&path), "1");
        for threads in ["1", "2"] {
            assert_eq!(printed(&bytes, None, threads), file, "{threads}");
        }
    }
}
