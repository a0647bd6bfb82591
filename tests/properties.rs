//! What must hold for any reports: the dialect of a file, the order of its rows and the cut of the
//! work change no figure; parts add up to the whole; verdicts and rounding are exact.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::LazyLock;

use aleysk::assess::By;
use aleysk::assess::actual::Actual;
use aleysk::assess::verdict::{Status, judge};
use aleysk::model::indicator::{Better, Indicator, Unit, Window};
use aleysk::model::organisation::Register;
use aleysk::model::period::Period;
use aleysk::model::quantity::{Decimal, Fixed, Fraction, Reported};
use aleysk::model::resolution::{Base, Bound, Compare, Milestone, Target};
use aleysk::source::{Encoding, FileId};
use aleysk::tally::{Keep, RecordPlace, Standing, Submission, Tally};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde_json::Value;
use support::{Data, period};

const RESOLUTION: &str = r#"
id = "r"
title = "Условная резолюция"
event = "Условная конференция"
date = 2025-01-15
status = "adopted"
source = "Придумана для проверки программы"
preamble = "Участники предлагают:"

[[proposal]]
number = 1
topic = "Места"
text = "Занять все места"
watch = ["children", "staff", "together", "sum-of-months", "mean", "largest", "as-zero"]

[[proposal.target]]
indicator = "occupied"
at_least = 100
maintain = true
quote = "Занять все места"
"#;

const INDICATORS: &str = r#"
[[indicator]]
id = "occupied"
name = "Занято мест"
unit = "percent"
numerator = "garden.children"
denominator = "garden.places"
decimals = 2
counts = ["ребёнок", "ребёнка", "детей"]
better = "higher"
window = "period"
method = "-"

[[indicator]]
id = "children"
name = "Детей"
unit = "count"
numerator = "garden.children"
decimals = 0
better = "higher"
window = "period"
method = "-"

[[indicator]]
id = "staff"
name = "Ставок на ребёнка"
unit = "ratio"
numerator = "garden.staff"
denominator = "garden.children + garden.flag"
decimals = 4
better = "higher"
window = "period"
method = "-"

[[indicator]]
id = "together"
name = "Дети садов и школ"
unit = "percent"
numerator = "garden.children + school.pupils"
denominator = "garden.places + 2 * school.pupils + 1.5 * school.seats"
decimals = 2
better = "higher"
window = "period"
method = "-"

[[indicator]]
id = "sum-of-months"
name = "С начала года"
unit = "count"
numerator = "school.events"
decimals = 0
better = "higher"
window = "year-to-date"
method = "-"

[[indicator]]
id = "mean"
name = "В среднем"
unit = "count"
numerator = "school.seats"
decimals = 2
better = "higher"
window = "school-year-to-date"
method = "-"

[[indicator]]
id = "largest"
name = "Наибольшее"
unit = "count"
numerator = "garden.largest"
decimals = 0
better = "higher"
window = "year-to-date"
method = "-"

[[indicator]]
id = "as-zero"
name = "Пустое считается нулём"
unit = "ratio"
numerator = "school.extra"
denominator = "school.pupils"
decimals = 3
better = "higher"
window = "period"
method = "-"
"#;

const GARDEN: &str = r#"
id = "garden"
title = "Отчёт сада"
kind = "garden"
every = "month"

[[field]]
id = "children"
header = "Занято детьми"
type = "count"
required = true
over_time = "last"
missing = "exclude"

[[field]]
id = "places"
header = "Мест по лицензии"
type = "count"
required = false
over_time = "last"
missing = "exclude"

[[field]]
id = "staff"
header = "Ставки, всего"
type = "number"
required = false
over_time = "last"
missing = "exclude"

[[field]]
id = "flag"
header = "Программа есть (да/нет)"
type = "flag"
required = false
over_time = "last"
missing = "exclude"

[[field]]
id = "largest"
header = "Наибольшее за месяц"
type = "count"
required = false
over_time = "max"
missing = "exclude"

[[rule]]
id = "staff-for-children"
assert = "staff <= 3 * children + 100000000"
severity = "error"
message = "ставок слишком много"
"#;

const SCHOOL: &str = r#"
id = "school"
title = "Отчёт школы"
kind = "school"
every = "month"

[[field]]
id = "pupils"
header = "Учеников"
type = "count"
required = false
over_time = "last"
missing = "exclude"

[[field]]
id = "seats"
header = "Посадочных мест"
type = "number"
required = false
over_time = "average"
missing = "exclude"

[[field]]
id = "events"
header = "Событий за месяц"
type = "count"
required = false
over_time = "sum"
missing = "exclude"

[[field]]
id = "extra"
header = "Дополнительно"
type = "count"
required = false
over_time = "last"
missing = "zero"
"#;

fn register() -> String {
    let mut text =
        String::from("[[organisation]]\nid = \"town\"\nkind = \"town\"\nname = \"Город\"\n");
    let part = |id: &str| {
        format!(
            "\n[[organisation]]\nid = \"{id}\"\nkind = \"part\"\nname = \"Район {id}\"\nparent = \"town\"\n"
        )
    };
    text += &part("north");
    text += &part("south");
    for index in 0..ORGANISATIONS {
        let kind = if is_garden(index) { "garden" } else { "school" };
        let parent = if index % 3 == 0 { "north" } else { "south" };
        text += &format!(
            "\n[[organisation]]\nid = \"{}\"\nname = \"Учреждение № {index}\"\nkind = \"{kind}\"\nparent = \"{parent}\"\n",
            id_of(index)
        );
    }
    text
}

const ORGANISATIONS: usize = 6;

fn is_garden(organisation: usize) -> bool {
    organisation.is_multiple_of(2)
}

fn id_of(organisation: usize) -> String {
    format!("o-{organisation}")
}

/// With a register of six organisations.
static REGISTERED: LazyLock<Data> = LazyLock::new(|| {
    Data::of_texts(&[
        ("resolutions/r.toml", RESOLUTION),
        ("indicators.toml", INDICATORS),
        ("forms/garden.toml", GARDEN),
        ("forms/school.toml", SCHOOL),
        ("organisations.toml", &register()),
    ])
});

/// Without a register: whoever reports is taken.
static OPEN: LazyLock<Data> = LazyLock::new(|| {
    let garden = GARDEN.replace("kind = \"garden\"\n", "");
    let indicators = INDICATORS
        .split("\n[[indicator]]")
        .filter(|part| !part.contains("school."))
        .collect::<Vec<&str>>()
        .join("\n[[indicator]]");
    let resolution = RESOLUTION.replace(
        "\"staff\", \"together\", \"sum-of-months\", \"mean\", \"largest\", \"as-zero\"",
        "\"staff\", \"largest\"",
    );
    Data::of_texts(&[
        ("resolutions/r.toml", &resolution),
        ("indicators.toml", &indicators),
        ("forms/garden.toml", &garden),
    ])
});

const MONTHS: [&str; 4] = ["2025-01", "2025-09", "2025-11", "2025-12"];

fn december() -> Period {
    period("2025-12")
}

// ---------------------------------------------------------------------------------------------
// Dialects

/// How a file is written.
#[derive(Clone, Copy, Debug)]
struct Dialect {
    encoding: Encoding,
    delimiter: u8,
    crlf: bool,
    comma: bool,
    thousands: Option<char>,
    always_quoted: bool,
    months_in_words: bool,
    title: bool,
}

fn dialect() -> impl Strategy<Value = Dialect> {
    (
        select(Encoding::ALL.to_vec()),
        select(b";,\t".to_vec()),
        any::<bool>(),
        any::<bool>(),
        select(vec![None, Some(' '), Some('\u{a0}'), Some('\u{202f}')]),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(
                encoding,
                delimiter,
                crlf,
                comma,
                thousands,
                always_quoted,
                months_in_words,
                title,
            )| {
                Dialect {
                    encoding,
                    delimiter,
                    crlf,
                    comma,
                    // Only Unicode has a narrow no-break space.
                    thousands: thousands
                        .filter(|space| *space != '\u{202f}' || encoding.is_read_as_utf8()),
                    always_quoted,
                    months_in_words,
                    title,
                }
            },
        )
}

const PLAIN: Dialect = Dialect {
    encoding: Encoding::Utf8,
    delimiter: b';',
    crlf: false,
    comma: false,
    thousands: None,
    always_quoted: false,
    months_in_words: false,
    title: false,
};

/// What stands in a cell, before it is written in a dialect.
#[derive(Clone, PartialEq, Debug)]
enum Entry {
    /// `mantissa / 10^scale`.
    Number(i64, u32),
    Text(&'static str),
}

impl Entry {
    fn write(&self, dialect: Dialect) -> String {
        let Entry::Number(mantissa, scale) = *self else {
            let Entry::Text(text) = self else {
                return String::new();
            };
            return (*text).to_owned();
        };
        let digits = format!("{:0>width$}", mantissa.abs(), width = scale as usize + 1);
        let (whole, part) = digits.split_at(digits.len() - scale as usize);
        let mut out = String::new();
        if mantissa < 0 {
            out.push('-');
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0
                && (whole.len() - index).is_multiple_of(3)
                && let Some(space) = dialect.thousands
            {
                out.push(space);
            }
            out.push(digit);
        }
        if scale > 0 {
            out.push(if dialect.comma { ',' } else { '.' });
            out.push_str(part);
        }
        out
    }
}

/// A row of the garden's form: organisation, month, five figures.
#[derive(Clone, PartialEq, Debug)]
struct Row {
    organisation: String,
    month: usize,
    figures: Vec<Entry>,
}

const BLANKS: [&str; 6] = ["", " ", "-", "–", "—", "н/д"];

fn blank() -> impl Strategy<Value = Entry> {
    select(BLANKS.to_vec()).prop_map(Entry::Text)
}

fn count() -> impl Strategy<Value = Entry> {
    prop_oneof![
        6 => (0i64..3000).prop_map(|value| Entry::Number(value, 0)),
        3 => (0i64..9_000_000_000).prop_map(|value| Entry::Number(value, 0)),
        2 => blank(),
        1 => (-9i64..0).prop_map(|value| Entry::Number(value, 0)),
        1 => select(vec!["2O5", "много", "=A1", "12%"]).prop_map(Entry::Text),
        1 => (0i64..100_000, 1u32..4).prop_map(|(value, scale)| Entry::Number(value, scale)),
    ]
}

fn number() -> impl Strategy<Value = Entry> {
    prop_oneof![
        6 => (-100_000i64..100_000_000, 0u32..4).prop_map(|(value, scale)| Entry::Number(value, scale)),
        1 => blank(),
        1 => select(vec!["много", "1,2,3"]).prop_map(Entry::Text),
    ]
}

fn flag() -> impl Strategy<Value = Entry> {
    select(vec![
        "да",
        "нет",
        "Да",
        "НЕТ",
        "1",
        "0",
        "+",
        "",
        "частично",
    ])
    .prop_map(Entry::Text)
}

fn figures() -> impl Strategy<Value = Vec<Entry>> {
    (count(), count(), number(), flag(), count()).prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e])
}

/// Names that are hard on a splitter; all letters are in Windows-1251.
fn name(index: usize) -> impl Strategy<Value = String> {
    let piece = select(vec![
        "\"",
        "\"\"",
        "«",
        "»",
        ";",
        ",",
        "\t",
        "\n",
        " ",
        "№",
        "ё",
        "Ё",
        "'",
        "|",
        "„Сад“",
        "–",
        "Берёзка",
        "б",
        "Z",
    ]);
    prop::collection::vec(piece, 0..6).prop_map(move |pieces| {
        format!(
            "{}У{index}{}",
            pieces[..pieces.len() / 2].concat(),
            pieces[pieces.len() / 2..].concat()
        )
    })
}

fn nasty_rows() -> impl Strategy<Value = Vec<Row>> {
    (1usize..6)
        .prop_flat_map(|organisations| {
            let names: Vec<_> = (0..organisations).map(name).collect();
            let rows = prop::collection::vec((0..organisations, 0..MONTHS.len(), figures()), 1..9);
            (names, rows)
        })
        .prop_map(|(names, rows)| {
            let row = |(organisation, month, figures): (usize, usize, Vec<Entry>)| Row {
                organisation: names[organisation].clone(),
                month,
                figures,
            };
            rows.into_iter().map(row).collect()
        })
}

const HEADER: [&str; 7] = [
    "Период",
    "Организация",
    "Занято детьми",
    "Мест по лицензии",
    "Ставки, всего",
    "Программа есть (да/нет)",
    "Наибольшее за месяц",
];

fn month_text(month: usize, dialect: Dialect) -> &'static str {
    const WORDS: [&str; 4] = [
        "январь 2025 г.",
        "Сентябрь 2025",
        "за ноябрь 2025 года",
        "декабрь 2025",
    ];
    if dialect.months_in_words {
        WORDS[month]
    } else {
        MONTHS[month]
    }
}

fn written(records: &[Vec<String>], dialect: Dialect) -> Vec<u8> {
    // Not every encoding has all the quotes and dashes.
    let has = |cell: &String| dialect.encoding.encode(cell).is_some();
    let encoding = match records.iter().flatten().all(has) {
        true => dialect.encoding,
        false => Encoding::Utf8,
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(dialect.delimiter)
        .flexible(true)
        .terminator(match encoding {
            _ if dialect.crlf => csv::Terminator::CRLF,
            Encoding::MacCyrillic => csv::Terminator::Any(b'\r'),
            _ => csv::Terminator::Any(b'\n'),
        })
        .quote_style(if dialect.always_quoted {
            csv::QuoteStyle::Always
        } else {
            csv::QuoteStyle::Necessary
        })
        .from_writer(Vec::new());
    for record in records {
        let cells = record.iter().map(|cell| {
            let bytes = encoding.encode(cell);
            bytes.expect("the encoding has these letters")
        });
        writer.write_record(cells).expect("written to memory");
    }
    let bytes = writer.into_inner().expect("written to memory");
    let utf16 = |order| support::utf16(std::str::from_utf8(&bytes).expect("UTF-8"), order);
    match encoding {
        Encoding::Utf8Bom => [&b"\xef\xbb\xbf"[..], &bytes].concat(),
        Encoding::Utf16Le => [&b"\xff\xfe"[..], &utf16(u16::to_le_bytes)].concat(),
        Encoding::Utf16Be => utf16(u16::to_be_bytes),
        _ => bytes,
    }
}

fn wide_file(rows: &[Row], dialect: Dialect) -> Vec<u8> {
    let mut records: Vec<Vec<String>> = Vec::new();
    if dialect.title {
        records.push(vec!["Отчёт, как его прислали".into()]);
    }
    records.push(HEADER.map(str::to_owned).to_vec());
    for row in rows {
        let mut record = vec![
            month_text(row.month, dialect).to_owned(),
            row.organisation.clone(),
        ];
        record.extend(row.figures.iter().map(|figure| figure.write(dialect)));
        records.push(record);
    }
    written(&records, dialect)
}

/// An answer without what depends on the file: its name, its lines, how its cells are spelled.
fn without_file(mut answer: Value, rows_above: i64) -> Value {
    for issue in answer["issues"].as_array_mut().expect("issues") {
        let issue = issue.as_object_mut().expect("an issue");
        for key in ["file", "message", "help", "found", "cell"] {
            issue.remove(key);
        }
        if let Some(line) = issue.get("line").and_then(Value::as_i64) {
            issue.insert("line".into(), (line - rows_above).into());
        }
    }
    answer
}

/// So many cases, the same in every run; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` ask for others.
fn config(cases: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig {
        cases: match std::env::var_os("PROPTEST_CASES") {
            Some(_) => asked.cases,
            None => cases,
        },
        rng_seed: match asked.rng_seed {
            RngSeed::Random => RngSeed::Fixed(2025),
            given => given,
        },
        failure_persistence: None,
        ..asked
    }
}

proptest! {
    #![proptest_config(config(150))]

    /// One report in any dialect gives the same figures and the same faults at the same cells.
    #[test]
    fn dialects_change_nothing(rows in nasty_rows(), dialect in dialect()) {
        let answer = |dialect: Dialect| {
            let bytes = wide_file(&rows, dialect);
            let mut run = OPEN.read_bytes(&[("report.csv".into(), bytes)]);
            without_file(run.json(december(), Some(By::Organisation)), dialect.title.into())
        };
        prop_assert_eq!(answer(dialect), answer(PLAIN));
    }
}

// ---------------------------------------------------------------------------------------------
// Order, cut, wide and long

/// A row of the register's report: garden or school by its organisation.
fn registered_row() -> impl Strategy<Value = Row> {
    (0..ORGANISATIONS, 0..MONTHS.len()).prop_flat_map(|(organisation, month)| {
        let value = || {
            prop_oneof![
                5 => (0i64..2000).prop_map(|value| Entry::Number(value, 0)),
                1 => Just(Entry::Text("")),
                1 => Just(Entry::Text("ой")),
            ]
        };
        let flag = select(vec![Entry::Text("да"), Entry::Text("нет"), Entry::Text("")]);
        let figures = if is_garden(organisation) {
            (value(), value(), value(), flag, value())
                .prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e])
                .boxed()
        } else {
            (value(), value(), value(), value())
                .prop_map(|(a, b, c, d)| vec![a, b, c, d])
                .boxed()
        };
        figures.prop_map(move |figures| Row {
            organisation: id_of(organisation),
            month,
            figures,
        })
    })
}

/// Rows, some of them twice, some of them with another figure the second time.
fn registered_rows() -> impl Strategy<Value = Vec<Row>> {
    let rows = prop::collection::vec(registered_row(), 1..14);
    (rows, any::<u64>()).prop_map(|(mut rows, seed)| {
        let mut dice = support::Dice::new(seed);
        for _ in 0..dice.below(4) {
            let mut again = rows[dice.below(rows.len())].clone();
            if dice.once_in(2) {
                let field = dice.below(again.figures.len());
                if matches!(again.figures[field], Entry::Number(..)) {
                    again.figures[field] = Entry::Number(2001, 0);
                }
            }
            rows.push(again);
        }
        rows
    })
}

fn is_garden_row(row: &Row) -> bool {
    row.figures.len() == 5
}

const SCHOOL_HEADER: [&str; 6] = [
    "Период",
    "Организация",
    "Учеников",
    "Посадочных мест",
    "Событий за месяц",
    "Дополнительно",
];

fn header_of(garden: bool) -> &'static [&'static str] {
    if garden { &HEADER } else { &SCHOOL_HEADER }
}

/// The rows of one form, as a wide file with only some of its columns.
fn columns_file(rows: &[&Row], garden: bool, columns: &[usize]) -> Vec<u8> {
    let header = header_of(garden);
    let mut records = vec![vec![header[0].to_owned(), header[1].to_owned()]];
    records[0].extend(columns.iter().map(|column| header[2 + column].to_owned()));
    for row in rows {
        let mut record = vec![MONTHS[row.month].to_owned(), row.organisation.clone()];
        record.extend(
            columns
                .iter()
                .map(|column| row.figures[*column].write(PLAIN)),
        );
        records.push(record);
    }
    written(&records, PLAIN)
}

fn long_file(rows: &[&Row], dice: &mut support::Dice) -> Vec<u8> {
    let mut records: Vec<Vec<String>> = Vec::new();
    for row in rows {
        let header = header_of(is_garden_row(row));
        for (column, figure) in row.figures.iter().enumerate() {
            records.push(vec![
                MONTHS[row.month].to_owned(),
                row.organisation.clone(),
                header[2 + column].to_owned(),
                figure.write(PLAIN),
            ]);
        }
    }
    shuffle(&mut records, dice);
    records.insert(
        0,
        ["Период", "Организация", "Показатель", "Значение"]
            .map(str::to_owned)
            .to_vec(),
    );
    written(&records, PLAIN)
}

fn shuffle<T>(list: &mut [T], dice: &mut support::Dice) {
    for at in (1..list.len()).rev() {
        list.swap(at, dice.below(at + 1));
    }
}

/// The rows dealt into files at random.
fn dealt(rows: &[Row], dice: &mut support::Dice) -> Vec<(String, Vec<u8>)> {
    let mut rows: Vec<&Row> = rows.iter().collect();
    shuffle(&mut rows, dice);
    let piles = 1 + dice.below(4);
    let mut files = Vec::new();
    for garden in [true, false] {
        let mut dealt: Vec<Vec<&Row>> = vec![Vec::new(); piles];
        for row in rows.iter().filter(|row| is_garden_row(row) == garden) {
            dealt[dice.below(piles)].push(row);
        }
        let columns: Vec<usize> = (0..header_of(garden).len() - 2).collect();
        for pile in dealt.into_iter().filter(|pile| !pile.is_empty()) {
            let name = format!("f{}.csv", files.len());
            files.push((name, columns_file(&pile, garden, &columns)));
        }
    }
    files
}

fn figures_of(files: &[(String, Vec<u8>)]) -> (Value, Value, bool) {
    let mut run = REGISTERED.read_bytes(files);
    let mut answer = run.json(december(), Some(By::Organisation));
    (
        answer["results"].take(),
        answer["completeness"].take(),
        answer["exit"] == 1,
    )
}

/// What was said of whom: each code, organisation and field once.
fn said(files: &[(String, Vec<u8>)]) -> BTreeSet<String> {
    let run = REGISTERED.read_bytes(files);
    let issues = run.issues();
    let said = issues.iter().map(|issue| {
        format!(
            "{} {} {}",
            issue["code"], issue["organisation"], issue["field"]
        )
    });
    said.collect()
}

/// Each organisation and month once: nothing to conflict.
fn once_each(rows: &[Row]) -> Vec<Row> {
    let mut seen = BTreeSet::new();
    rows.iter()
        .filter(|row| seen.insert((row.organisation.clone(), row.month)))
        .cloned()
        .collect()
}

proptest! {
    #![proptest_config(config(120))]

    /// Rows in any order, in any number of files, give the same figures, conflicts included.
    #[test]
    fn order_and_cut_change_no_figure(rows in registered_rows(), seed in any::<u64>()) {
        let mut dice = support::Dice::new(seed);
        let one_way = dealt(&rows, &mut dice);
        let other_way = dealt(&rows, &mut dice);
        prop_assert_eq!(figures_of(&one_way), figures_of(&other_way));
    }

    /// Where nothing comes twice, the faults are the same too, whatever the order and the cut.
    #[test]
    fn order_and_cut_change_no_fault(rows in registered_rows(), seed in any::<u64>()) {
        let rows = once_each(&rows);
        let mut dice = support::Dice::new(seed);
        let one_way = dealt(&rows, &mut dice);
        let other_way = dealt(&rows, &mut dice);
        prop_assert_eq!(said(&one_way), said(&other_way));
    }

    /// A long table, and tables that have some of the columns each, say the same as a wide one.
    #[test]
    fn wide_long_and_in_parts_agree(rows in registered_rows(), seed in any::<u64>()) {
        let rows = once_each(&rows);
        let mut dice = support::Dice::new(seed);
        let whole = figures_of(&dealt(&rows, &mut dice));
        let all: Vec<&Row> = rows.iter().collect();
        let long = vec![("long.csv".to_owned(), long_file(&all, &mut dice))];
        let long = figures_of(&long);
        prop_assert_eq!(&long.0, &whole.0);
        prop_assert_eq!(&long.1, &whole.1);
        let mut parts = Vec::new();
        for garden in [true, false] {
            let own: Vec<&Row> = rows.iter().filter(|row| is_garden_row(row) == garden).collect();
            let columns: Vec<usize> = (0..header_of(garden).len() - 2).collect();
            let (left, right) = columns.split_at(2);
            for columns in [left, right] {
                let name = format!("p{}.csv", parts.len());
                parts.push((name, columns_file(&own, garden, columns)));
            }
        }
        shuffle(&mut parts, &mut dice);
        let parts = figures_of(&parts);
        prop_assert_eq!(&parts.0, &whole.0);
        prop_assert_eq!(&parts.1, &whole.1);
    }
}

// ---------------------------------------------------------------------------------------------
// Tallies that merge

/// A submission of the garden's form.
#[derive(Clone, Debug)]
struct Sent {
    organisation: usize,
    month: usize,
    values: Vec<Reported>,
}

fn reported() -> impl Strategy<Value = Reported> {
    prop_oneof![
        6 => (0i64..4, 0u8..2).prop_map(|(mantissa, scale)| {
            Reported::value(Decimal::new(mantissa, scale).expect("short"))
        }),
        2 => Just(Reported::ABSENT),
        1 => Just(Reported::BLANK),
        1 => Just(Reported::LEFT_OUT),
    ]
}

fn sent() -> impl Strategy<Value = Vec<Sent>> {
    let whole = prop::collection::vec(
        reported().prop_filter("a whole report", |value| *value != Reported::ABSENT),
        5..=5,
    );
    let part = prop::collection::vec(reported(), 5..=5).prop_filter("says something", |values| {
        values.iter().any(|v| *v != Reported::ABSENT)
    });
    let values =
        prop_oneof![2 => part, 2 => whole, 1 => Just(vec![Reported::value(Decimal::ONE); 5])];
    let one = (0usize..3, 0usize..3, values).prop_map(|(organisation, month, values)| Sent {
        organisation,
        month,
        values,
    });
    prop::collection::vec(one, 0..16)
}

fn enter(tally: &mut Tally, sent: &Sent, index: usize, declared: bool) {
    let id = id_of(sent.organisation);
    let organisation = match tally.register.by_id(&id) {
        Some(known) => known,
        None => {
            assert!(!declared);
            Arc::make_mut(&mut tally.register).find_or_introduce(&id, "Одно имя на всех")
        }
    };
    tally.enter(&Submission {
        form: garden_form(),
        organisation,
        period: period(MONTHS[sent.month]),
        values: &sent.values,
        place: RecordPlace {
            file: FileId(index as u32 / 4),
            offset: index as u64 * 100,
            line: index as u32 + 2,
            row: index as u32 + 2,
        },
        rules_checked: true,
        is_part: sent.values.contains(&Reported::ABSENT),
    });
}

fn garden_form() -> usize {
    REGISTERED.plan().form("garden").expect("the form is there")
}

fn new_tally(declared: bool) -> Tally {
    let mut tally = Tally::new(REGISTERED.plan(), Keep::All);
    if !declared {
        tally.register = Arc::new(Register::undeclared());
    }
    tally
}

/// Submissions dealt out to several tallies, which are merged in any order.
fn merged_at_random(sent: &[Sent], declared: bool, seed: u64) -> Tally {
    let mut dice = support::Dice::new(seed);
    let mut parts: Vec<Tally> = (0..1 + dice.below(5))
        .map(|_| new_tally(declared))
        .collect();
    for (index, one) in sent.iter().enumerate() {
        let part = dice.below(parts.len());
        enter(&mut parts[part], one, index, declared);
    }
    while parts.len() > 1 {
        let other = parts.swap_remove(dice.below(parts.len()));
        let into = dice.below(parts.len());
        parts[into].merge(other);
    }
    parts.remove(0)
}

/// Organisation and month: how its reports stand, and their values.
type Contents = BTreeMap<(String, usize), (Standing, Option<Vec<Reported>>)>;

/// Values and standing of every organisation and month, by id.
fn contents(tally: &Tally) -> Contents {
    let form = garden_form();
    let mut all = BTreeMap::new();
    for organisation in 0..3 {
        for (month, name) in MONTHS.iter().enumerate() {
            let Some(index) = tally.register.by_id(&id_of(organisation)) else {
                continue;
            };
            let standing = tally.standing(form, index, period(name));
            if standing != Standing::Nothing {
                let values = tally.values(form, index, period(name)).map(<[_]>::to_vec);
                all.insert((id_of(organisation), month), (standing, values));
            }
        }
    }
    all
}

/// The same, decided by looking at all submissions of an organisation and month at once.
fn expected_contents(sent: &[Sent]) -> Contents {
    let mut all: BTreeMap<(String, usize), Vec<&Sent>> = BTreeMap::new();
    for one in sent {
        let key = (id_of(one.organisation), one.month);
        all.entry(key).or_default().push(one);
    }
    let decide = |sent: Vec<&Sent>| {
        let mut values = vec![Reported::ABSENT; 5];
        for (field, value) in values.iter_mut().enumerate() {
            let mut said: Vec<Reported> = sent
                .iter()
                .map(|one| one.values[field])
                .filter(|value| *value != Reported::ABSENT)
                .collect();
            said.dedup();
            match said[..] {
                [] => {}
                [one] => *value = one,
                _ => return (Standing::Conflicting, None),
            }
        }
        (Standing::Accepted, Some(values))
    };
    all.into_iter()
        .map(|(key, sent)| (key, decide(sent)))
        .collect()
}

proptest! {
    #![proptest_config(config(400))]

    /// Tallies of parts, merged in any grouping, hold what one tally of all would.
    #[test]
    fn tallies_merge_in_any_grouping(
        sent in sent(),
        declared in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let mut whole = new_tally(declared);
        for (index, one) in sent.iter().enumerate() {
            enter(&mut whole, one, index, declared);
        }
        let expected = expected_contents(&sent);
        prop_assert_eq!(contents(&whole), expected.clone());
        let merged = merged_at_random(&sent, declared, seed);
        prop_assert_eq!(contents(&merged), expected);
        prop_assert_eq!(merged.newest(), whole.newest());
        // Something came twice, or contradicted itself, in the one as in the other.
        prop_assert_eq!(
            merged.repeat_counts.1 > 0,
            whole.repeat_counts.1 > 0,
            "conflicts: {:?} and {:?}", merged.repeat_counts, whole.repeat_counts
        );
    }

    /// Each figure's place is that of its first appearance, whatever the grouping.
    #[test]
    fn places_survive_merging(sent in sent(), seed in any::<u64>()) {
        let mut whole = new_tally(true);
        for (index, one) in sent.iter().enumerate() {
            enter(&mut whole, one, index, true);
        }
        let merged = merged_at_random(&sent, true, seed);
        for organisation in 0..3 {
            for month in MONTHS {
                for field in 0..5 {
                    let place = |tally: &Tally| {
                        let organisation = tally.register.by_id(&id_of(organisation))?;
                        let form = garden_form();
                        let value = tally.values(form, organisation, period(month))?[field];
                        let place = tally.place(form, organisation, period(month), field);
                        (value != Reported::ABSENT).then_some(place)
                    };
                    prop_assert_eq!(place(&merged), place(&whole));
                }
            }
        }
    }
}

/// Where there is no register, two spellings of one name are one organisation, whether they are
/// met in one tally or in two.
#[test]
fn spellings_of_one_organisation_merge() {
    let one = |index: usize, id: &str, tally: &mut Tally| {
        let known = Arc::make_mut(&mut tally.register).find_or_introduce(id, "");
        tally.enter(&Submission {
            form: garden_form(),
            organisation: known,
            period: december(),
            values: &[Reported::value(Decimal::ONE); 5],
            place: RecordPlace {
                file: FileId(0),
                offset: index as u64,
                line: index as u32 + 2,
                row: index as u32 + 2,
            },
            rules_checked: true,
            is_part: [Reported::value(Decimal::ONE); 5].contains(&Reported::ABSENT),
        });
    };
    let mut whole = new_tally(false);
    one(0, "Сад «Ёлка»", &mut whole);
    one(1, "сад Елка", &mut whole);
    assert_eq!(whole.register.organisations.len(), 1);
    let (mut left, mut right) = (new_tally(false), new_tally(false));
    one(0, "Сад «Ёлка»", &mut left);
    one(1, "сад Елка", &mut right);
    left.merge(right);
    assert_eq!(left.register.organisations.len(), 1);
    assert_eq!(left.repeat_counts, whole.repeat_counts);
}

/// A form of many fields, so that few reports outgrow the budget of a tally.
static BROAD: LazyLock<Data> = LazyLock::new(|| {
    let mut form = GARDEN.to_owned();
    for index in 0..200 {
        form += &format!(
            "\n[[field]]\nid = \"f{index}\"\nheader = \"Поле {index}\"\ntype = \"count\"\nrequired = false\nover_time = \"last\"\nmissing = \"exclude\"\n"
        );
    }
    let indicators = INDICATORS.split("\n[[indicator]]").nth(1).expect("one");
    let resolution: String = RESOLUTION
        .lines()
        .filter(|line| !line.starts_with("watch"))
        .map(|line| format!("{line}\n"))
        .collect();
    Data::of_texts(&[
        ("resolutions/r.toml", &resolution),
        ("indicators.toml", &format!("[[indicator]]{indicators}")),
        (
            "forms/garden.toml",
            &form.replace("kind = \"garden\"\n", ""),
        ),
    ])
});

const BROAD_WIDTH: usize = 205;

/// A report of all fields with one value, for a month.
fn enter_broad(tally: &mut Tally, organisation: usize, month: &str, value: i64, line: u32) {
    let organisation =
        Arc::make_mut(&mut tally.register).find_or_introduce(&id_of(organisation), "");
    tally.enter(&Submission {
        form: 0,
        organisation,
        period: period(month),
        values: &[Reported::value(Decimal::new(value, 0).expect("short")); BROAD_WIDTH],
        place: RecordPlace {
            file: FileId(0),
            offset: u64::from(line) * 1000,
            line,
            row: line,
        },
        rules_checked: true,
        is_part: false,
    });
}

/// So many reports for three months, then again two of them: one the same, one another.
const BROAD_REPORTS: usize = 6_000;

fn broad(keep: Keep, months: &[&str]) -> Tally {
    let mut tally = Tally::new(BROAD.plan(), keep);
    let mut line = 2;
    for month in months {
        for organisation in 0..BROAD_REPORTS {
            enter_broad(&mut tally, organisation, month, 7, line);
            line += 1;
        }
    }
    tally
}

/// What a check cannot need is given up, and what is sent twice is still told.
#[test]
fn what_is_given_up_is_not_missed() {
    let months = ["2025-08", "2025-09", "2025-10", "2025-11", "2025-12"];
    let mut all = broad(Keep::All, &months);
    let mut needed = broad(Keep::Needed(None), &months);
    for tally in [&mut all, &mut needed] {
        enter_broad(tally, 1, "2025-08", 7, 900_001);
        enter_broad(tally, 2, "2025-08", 8, 900_002);
        enter_broad(tally, 3, "2025-12", 7, 900_003);
        enter_broad(tally, 4, "2025-12", 8, 900_004);
    }
    assert_eq!(
        all.values(0, 9, period("2025-08")).map(<[_]>::len),
        Some(BROAD_WIDTH)
    );
    assert_eq!(needed.values(0, 9, period("2025-08")), None, "given up");
    assert_eq!(all.repeat_counts, (2, 2));
    assert_eq!(needed.repeat_counts, all.repeat_counts);
    assert_eq!(needed.newest(), all.newest());
    for organisation in 0..BROAD_REPORTS as u32 {
        let december = |tally: &Tally| {
            (
                tally.standing(0, organisation, december()),
                tally.values(0, organisation, december()).map(<[_]>::to_vec),
            )
        };
        assert_eq!(december(&needed), december(&all));
    }
}

/// The same where the months come newest first.
#[test]
fn what_comes_newest_first_is_given_up_too() {
    let months = ["2025-12", "2025-11", "2025-10", "2025-09", "2025-08"];
    let needed = broad(Keep::Needed(None), &months);
    assert_eq!(needed.values(0, 9, period("2025-08")), None, "given up");
    assert!(needed.values(0, 9, december()).is_some());
}

/// What was given up for fingerprints in two tallies is still held against each other.
#[test]
fn given_up_tallies_still_tell_repeats() {
    let months = ["2025-08", "2025-09", "2025-10", "2025-11", "2025-12"];
    let mut left = broad(Keep::Needed(None), &months);
    let mut right = Tally::new(BROAD.plan(), Keep::Needed(None));
    for (index, month) in months.iter().enumerate() {
        for organisation in 0..BROAD_REPORTS {
            // Others than on the left, but for two in August.
            let shift = if index == 0 && organisation < 2 {
                0
            } else {
                BROAD_REPORTS
            };
            let value = if organisation == 1 { 8 } else { 7 };
            enter_broad(&mut right, organisation + shift, month, value, 100_000);
        }
    }
    assert_eq!(right.values(0, 9, period("2025-08")), None, "given up");
    left.merge(right);
    assert_eq!(left.repeat_counts, (1, 1));
}

/// In a long table a figure that is sent twice, differing, is one fault, wherever it stands.
#[test]
fn one_conflict_in_a_long_table_is_told_once() {
    let head = "Период;Организация;Показатель;Значение\n";
    let line = |field: &str, value: u32| format!("2025-12;o-0;{field};{value}\n");
    let conflict = line("Занято детьми", 5) + &line("Занято детьми", 6);
    let rest =
        line("Мест по лицензии", 9) + &line("Ставки, всего", 1) + &line("Наибольшее за месяц", 9);
    for text in [
        format!("{head}{rest}{conflict}"),
        format!("{head}{conflict}{rest}"),
    ] {
        let run = REGISTERED.read_bytes(&[("long.csv".into(), text.into_bytes())]);
        assert_eq!(run.counts().get("conflicting-report"), Some(&1));
    }
}

/// Two reports whose faulty cells differ do not say the same «word for word».
#[test]
fn differing_faulty_reports_are_no_duplicates() {
    let text = "Период;Организация;Занято детьми;Мест по лицензии\n\
                2025-12;o-0;сто;9\n2025-12;o-0;двести;9\n";
    let run = REGISTERED.read_bytes(&[("wide.csv".into(), text.into())]);
    assert_eq!(run.counts().get("duplicate-report"), None);
}

// ---------------------------------------------------------------------------------------------
// Parts and whole

fn exact(value: &Value) -> Option<Fraction> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let decimal = |text: &str| {
        let parsed = Decimal::parse(text.as_bytes());
        parsed.expect("short").expect("a number").to_fraction()
    };
    Some(match text.split_once('/') {
        Some((above, below)) => decimal(above) / decimal(below),
        None => decimal(&text),
    })
}

proptest! {
    #![proptest_config(config(100))]

    /// What the organisations (kinds, districts) give adds up to the whole.
    #[test]
    fn parts_add_up_to_the_whole(rows in registered_rows(), seed in any::<u64>()) {
        let mut dice = support::Dice::new(seed);
        let files = dealt(&rows, &mut dice);
        let mut run = REGISTERED.read_bytes(&files);
        let month = period(MONTHS[dice.below(MONTHS.len())]);
        for by in [By::Organisation, By::Kind, By::Parent] {
            let answer = run.json(month, Some(by));
            for result in answer["results"].as_array().expect("results") {
                for side in ["numerator", "denominator"] {
                    let Some(whole) = exact(&result[side]) else {
                        continue;
                    };
                    let rows = result["breakdown"].as_array().expect("a breakdown");
                    // A district where nobody reported a form that it owes has no value of its
                    // own where the formula adds another form.
                    let hollow = by == By::Parent && rows.iter().any(|row| row[side].is_null());
                    if hollow && result["indicator"] == "together" {
                        continue;
                    }
                    let parts = rows
                        .iter()
                        .filter(|row| row["parent"] != "town")
                        .filter_map(|row| exact(&row[side]));
                    let sum = parts.fold(Fraction::default(), |sum, part| sum + part);
                    prop_assert_eq!(&sum, &whole, "{} of {} by {:?}", side, &result["indicator"], by);
                    if by == By::Parent {
                        let town = rows.iter().find(|row| row["parent"] == "town");
                        prop_assert_eq!(exact(&town.expect("the town")[side]), Some(whole));
                    }
                }
            }
        }
    }
}

// ---------------------------------------------------------------------------------------------
// Verdicts

/// A target as whole numbers, and the figures that it is held against.
#[derive(Clone, Debug)]
struct Case {
    unit: Unit,
    numerator: i128,
    denominator: i128,
    /// In the indicator's unit, in hundredths.
    limit: i64,
    bound: usize,
    rounded: bool,
    decimals: u32,
    counts: bool,
    due: Option<usize>,
    maintain: bool,
    milestone: Option<(usize, i64)>,
    path: Option<i64>,
    checked: usize,
}

fn case() -> impl Strategy<Value = Case> {
    let figures = prop_oneof![
        4 => (0i128..60, 0i128..60),
        4 => (0i128..30_000, 1i128..20_001),
        1 => (0i128..4_000_000_000_000, 1i128..4_000_000_000_000),
    ];
    let limit = prop_oneof![
        3 => select(vec![0i64, 10_000, 7_845, 1, 100, 9_999, 5_000]),
        3 => 0i64..12_000,
        1 => -500i64..0,
    ];
    let targets = (limit, 0usize..3, any::<bool>(), 0u32..4, any::<bool>());
    let times = (
        prop::option::of(0usize..24),
        any::<bool>(),
        prop::option::of((0usize..24, 0i64..12_000)),
        prop::option::of(0i64..9_000),
        0usize..24,
    );
    let unit = select(vec![Unit::Percent, Unit::Ratio, Unit::Count]);
    (unit, figures, targets, times, any::<bool>()).prop_map(
        |(
            unit,
            (numerator, denominator),
            (limit, bound, rounded, decimals, counts),
            times,
            near,
        )| {
            let (due, maintain, milestone, path, checked) = times;
            // Near the limit it matters most.
            let scale = if unit == Unit::Percent { 10_000 } else { 100 };
            let numerator = if near && unit != Unit::Count && limit > 0 {
                i128::from(limit) * denominator / scale + numerator % 3 - 1
            } else if near && unit == Unit::Count {
                i128::from(limit) / 100 + numerator % 3 - 1
            } else {
                numerator
            };
            Case {
                unit,
                numerator,
                denominator,
                limit,
                bound,
                rounded,
                decimals,
                counts,
                due,
                maintain: maintain && due.is_none(),
                milestone,
                path,
                checked,
            }
        },
    )
}

fn month_at(index: usize) -> Period {
    let id = format!("{}-{:02}", 2024 + index / 12, index % 12 + 1);
    period(&id)
}

/// Days from the first of March of year 0 (an algorithm of its own, to be independent).
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + day
        - 1
}

/// The last day of the month with this index, as a number.
fn last_day(index: usize) -> i64 {
    let next = index as i64 + 1;
    day_number(2024 + next / 12, next % 12 + 1, 1) - 1
}

/// A fraction as two whole numbers, the lower one positive.
type Ratio = (i128, i128);

fn half_up(value: Ratio, decimals: u32) -> Ratio {
    let scale = 10i128.pow(decimals);
    let scaled = value.0.abs() * scale;
    let (whole, rest) = (scaled / value.1, scaled % value.1);
    let digits = if 2 * rest >= value.1 {
        whole + 1
    } else {
        whole
    };
    (if value.0 < 0 { -digits } else { digits }, scale)
}

fn compare(left: Ratio, right: Ratio) -> std::cmp::Ordering {
    (left.0 * right.1).cmp(&(right.0 * left.1))
}

impl Case {
    /// The value in the indicator's unit, if the numerator were another.
    fn value(&self, numerator: i128) -> Option<Ratio> {
        match self.unit {
            Unit::Count => Some((numerator, 1)),
            _ if self.denominator == 0 => None,
            Unit::Percent => Some((100 * numerator, self.denominator)),
            Unit::Ratio => Some((numerator, self.denominator)),
        }
    }

    fn compared(&self, numerator: i128) -> Option<Ratio> {
        let value = self.value(numerator)?;
        Some(if self.rounded {
            half_up(value, self.decimals)
        } else {
            value
        })
    }

    fn limit(&self) -> Ratio {
        (self.limit.into(), 100)
    }

    fn satisfies(&self, value: Ratio, limit: Ratio, on_the_way: bool) -> bool {
        let ordering = compare(value, limit);
        match self.bound {
            0 => ordering.is_ge(),
            1 => ordering.is_le(),
            _ if on_the_way => ordering.is_ge(),
            _ => ordering.is_gt(),
        }
    }

    /// What should stand by the checked month.
    fn by_now(&self) -> Option<Ratio> {
        if let Some((month, limit)) = self.milestone
            && month <= self.checked
        {
            return Some((limit.into(), 100));
        }
        let (start, due) = (self.path?, self.due?);
        // The path begins at the end of December 2023, a month before the first.
        let base = day_number(2024, 1, 1) - 1;
        let (gone, whole) = (last_day(self.checked) - base, last_day(due) - base);
        let (start, limit) = match self.bound {
            2 => (self.limit, self.limit),
            _ => (start, self.limit),
        };
        let climbed = i128::from(limit - start) * i128::from(gone);
        Some((
            i128::from(start) * i128::from(whole) + climbed,
            100 * i128::from(whole),
        ))
    }

    fn status(&self) -> Status {
        let Some(value) = self.compared(self.numerator) else {
            return Status::NoData;
        };
        if self.satisfies(value, self.limit(), false) {
            return Status::Met;
        }
        if self.maintain || self.due.is_some_and(|due| self.checked >= due) {
            return Status::Missed;
        }
        if self.due.is_none() {
            return Status::Open;
        }
        match self.by_now() {
            None => Status::Pending,
            Some(limit) if self.satisfies(value, limit, true) => Status::OnTrack,
            Some(_) => Status::Behind,
        }
    }

    fn target(&self) -> Target {
        let decimal = |hundredths: i64| Decimal::new(hundredths, 2).expect("short");
        let base = match self.bound {
            2 => Some(self.limit),
            _ => self.path,
        };
        Target {
            indicator: 0,
            bound: match self.bound {
                0 => Bound::AtLeast(decimal(self.limit)),
                1 => Bound::AtMost(decimal(self.limit)),
                _ => Bound::MoreThanBase,
            },
            due: self.due.map(month_at),
            maintain: self.maintain,
            base: base.map(|value| Base {
                period: period("2023-12"),
                value: decimal(value),
            }),
            linear_path: self.path.is_some(),
            milestones: self
                .milestone
                .iter()
                .map(|(month, value)| Milestone {
                    period: month_at(*month),
                    value: decimal(*value),
                })
                .collect(),
            compare: if self.rounded {
                Compare::Rounded
            } else {
                Compare::Exact
            },
            quote: String::new(),
        }
    }

    fn indicator(&self) -> Indicator {
        Indicator {
            decimals: self.decimals,
            unit: self.unit,
            counts: self.counts.then(|| ["а", "б", "в"].map(str::to_owned)),
            better: Better::Higher,
            share: false,
            window: Window::Period,
            ..REGISTERED.plan().indicators[0].clone()
        }
    }
}

fn fraction(ratio: Ratio) -> Fraction {
    Fraction::new(ratio.0.into(), ratio.1.into())
}

fn actual_of(case: &Case) -> Actual {
    Actual {
        numerator: Some(fraction((case.numerator, 1))),
        denominator: (case.unit != Unit::Count).then(|| fraction((case.denominator, 1))),
        value: case.value(case.numerator).map(fraction),
        ..Actual::default()
    }
}

proptest! {
    #![proptest_config(config(6000))]

    /// Status, deviation, percent and shortfall, by cross-multiplying whole numbers.
    #[test]
    fn verdicts_are_exact(case in case()) {
        let actual = actual_of(&case);
        let verdict = judge(&case.target(), &case.indicator(), &actual, month_at(case.checked));
        prop_assert_eq!(verdict.status, case.status());
        let Some(compared) = case.compared(case.numerator) else {
            prop_assert_eq!(verdict.deviation, None);
            prop_assert_eq!(verdict.shortfall, None);
            return Ok(());
        };
        let limit = case.limit();
        let deviation = (
            compared.0 * limit.1 - limit.0 * compared.1,
            compared.1 * limit.1,
        );
        prop_assert_eq!(verdict.deviation, Some(fraction(deviation)));
        match limit.0 {
            0 => prop_assert_eq!(verdict.percent, None),
            _ => {
                let percent = verdict.percent.expect("a limit that is not zero");
                prop_assert_eq!(percent * fraction(limit), fraction(compared) * fraction((100, 1)));
            }
        }
        let value = case.value(case.numerator).expect("compared, so there");
        let printed = half_up(value, case.decimals);
        let looks_equal = compare(printed, limit).is_eq() && compare(value, limit).is_ne();
        prop_assert_eq!(verdict.rounds_to_target, looks_equal && verdict.status != Status::Met);
        if !case.counts {
            prop_assert_eq!(verdict.shortfall, None);
            return Ok(());
        }
        if case.rounded && case.limit < 0 {
            // See `shortfall_below_zero`.
            return Ok(());
        }
        let shortfall = verdict.shortfall.expect("counts are named");
        let shortfall: i128 = shortfall.to_string().parse().expect("a whole number");
        let holds_with = |more: i128| {
            let numerator = if case.bound == 1 { case.numerator - more } else { case.numerator + more };
            let value = case.compared(numerator).expect("the denominator stays");
            case.satisfies(value, limit, false)
        };
        prop_assert!(shortfall >= 0);
        prop_assert!(holds_with(shortfall), "{} do not suffice", shortfall);
        if shortfall > 0 {
            prop_assert!(!holds_with(shortfall - 1), "{} would do", shortfall - 1);
        }
    }

    /// Rounding, by dividing whole numbers.
    #[test]
    fn rounding_is_half_up(
        numerator in prop_oneof![-2_000i128..2_000, -1_000_000_000_000i128..1_000_000_000_000],
        denominator in prop_oneof![1i128..2_000, select(vec![1i128, 2, 4, 5, 8, 20, 200, 2_000, 3, 7])],
        decimals in 0u32..7,
    ) {
        let value = fraction((numerator, denominator));
        let (digits, scale) = half_up((numerator, denominator), decimals);
        let sign = if digits < 0 { "-" } else { "" };
        let expected = match decimals {
            0 => format!("{digits}"),
            _ => format!(
                "{sign}{}.{:0width$}",
                digits.abs() / scale,
                digits.abs() % scale,
                width = decimals as usize
            ),
        };
        prop_assert_eq!(Fixed::round(&value, decimals).plain(), expected);
        // Cutting goes towards zero, raising away from it, by less than one in the last place.
        let scaled = numerator.abs() * scale;
        let (cut, rest) = (scaled / denominator, scaled % denominator);
        let text = |digits: i128| {
            let digits = if numerator < 0 { -digits } else { digits };
            Fixed::new(digits.into(), decimals)
        };
        prop_assert_eq!(Fixed::cut(&value, decimals), text(cut));
        prop_assert_eq!(Fixed::raise(&value, decimals), text(cut + i128::from(rest > 0)));
        let visible = Fixed::round_visibly(&value, decimals);
        prop_assert_eq!(visible.is_zero(), numerator == 0);
    }
}

/// A limit below zero, compared as printed: −2,5 prints as −3.
#[test]
fn shortfall_below_zero() {
    let case = Case {
        unit: Unit::Ratio,
        numerator: 0,
        denominator: 12,
        limit: -221,
        bound: 1,
        rounded: true,
        decimals: 0,
        counts: true,
        due: None,
        maintain: false,
        milestone: None,
        path: None,
        checked: 0,
    };
    let verdict = judge(
        &case.target(),
        &case.indicator(),
        &actual_of(&case),
        month_at(0),
    );
    assert_eq!(verdict.shortfall, Some(30.into()));
}
