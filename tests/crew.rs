//! Several threads read one file: whatever the cut and however many they are, the same comes of it.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroUsize;

use aleysk::assess::By;
use aleysk::read::crew::{Sizes, Threads};
use aleysk::read::report::Options;
use aleysk::source::Encoding;
use aleysk::tally::Keep;
use serde_json::{Value, json};
use support::{Data, Dice, period, project};

const HEAD: &str = "Период;Код организации;Наименование организации;Всего детей;Зачислено детей;\
                    В очереди;Детей 5-18 лет;Охвачено ДОП;Педагогов всего;Педагогов обучено;\
                    Целевых договоров;Программа для родителей;Примечание\r\n";

/// What a file is full of beside ordinary rows, once in so many rows; 0: never.
#[derive(Clone, Copy, Debug)]
struct Strange {
    /// Cells that cannot be read, and rules that do not hold.
    faults: usize,
    /// Notes of several lines, some with rows of their own.
    notes: usize,
    /// Rows that come again, the same or not.
    repeats: usize,
    /// Somebody nobody knows, totals, headers, titles, blank lines, rows cut off.
    rows: usize,
}

const KINDS: [Strange; 5] = [
    Strange {
        faults: 0,
        notes: 0,
        repeats: 0,
        rows: 0,
    },
    Strange {
        faults: 3,
        notes: 7,
        repeats: 0,
        rows: 0,
    },
    Strange {
        faults: 20,
        notes: 3,
        repeats: 9,
        rows: 0,
    },
    Strange {
        faults: 1,
        notes: 0,
        repeats: 3,
        rows: 90,
    },
    Strange {
        faults: 50,
        notes: 20,
        repeats: 30,
        rows: 40,
    },
];

/// A file of the strangest, too.
const STRANGEST: Strange = Strange {
    faults: 9,
    notes: 30,
    repeats: 9,
    rows: 5,
};

const ORGANISATIONS: usize = 40;

fn file(kind: Strange, rows: usize, dice: &mut Dice) -> String {
    let mut text = HEAD.to_owned();
    let mut last = String::new();
    for _ in 0..rows {
        if once(kind.repeats, dice) && !last.is_empty() {
            text += &last;
            continue;
        }
        if once(kind.rows, dice) {
            text += &strange(dice);
            continue;
        }
        last = row(kind, dice);
        text += &last;
    }
    text
}

fn once(times: usize, dice: &mut Dice) -> bool {
    times > 0 && dice.once_in(times)
}

fn row(kind: Strange, dice: &mut Dice) -> String {
    let who = dice.below(ORGANISATIONS);
    let total = 50 + dice.below(200);
    let older = total / 2;
    let mut cells = [
        total,
        total - dice.below(40),
        dice.below(30),
        older,
        older - dice.below(20),
    ]
    .map(|figure| figure.to_string());
    if once(kind.faults, dice) {
        let wrong = ["", "н/д", "-3", "много", "9999", "12,5", "1 200"][dice.below(7)];
        wrong.clone_into(&mut cells[dice.below(5)]);
    }
    let notes = if dice.once_in(10) { 4 } else { 2 };
    let note = match once(kind.notes, dice) {
        true => [
            "\"первая;\r\nвторая \"\"да\"\"; третья\"",
            "\"а\nб\nв\"",
            "\"2018-01;01-0003;x;1;2;3;4;5;6;7;8;да;\r\n2018-01;01-0004;x;1;2;3;4;5;6;7;8;да;\"",
            "\"не закрыта",
        ][dice.below(notes)],
        false => "",
    };
    format!(
        "20{:02}-{:02};01-{who:04};МБДОУ «Сад № {who}»;{};{},{:02};{};1;да;{note}\r\n",
        17 + dice.below(2),
        1 + dice.below(12),
        cells.join(";"),
        20 + dice.below(9),
        dice.below(4) * 25,
        dice.below(20),
    )
}

fn strange(dice: &mut Dice) -> String {
    let total = "Итого;;;100;90;5;40;30;20;10;1;;\r\n";
    match dice.below(10) {
        0 => "2018-01;77-7777;Неизвестный сад;1;1;1;1;1;1;1;1;да;\r\n".into(),
        1 => total.into(),
        2 => HEAD.into(),
        3 => "\r\n".into(),
        4 => "за март 2018 года;;;;;;;;;;;;\r\n".into(),
        5 => "2018-01;01-0005;короткая;1\r\n".into(),
        6 => "2018-03\r\n".into(),
        7 => ";01-0007;без периода;10;9;1;8;7;6;5;1;да;\r\n".into(),
        8 => "1;2;3\r\n".into(),
        _ => ";01-0006;без периода;1;1;1;1;1;1;1;1;да;;лишняя\r\n".into(),
    }
}

fn data(declared: bool) -> Data {
    let folder = project().join("tests/national");
    if !declared {
        return Data::folder(&folder);
    }
    let mut register = String::new();
    for who in 0..ORGANISATIONS {
        let _ = writeln!(
            register,
            "[[organisation]]\nid = \"01-{who:04}\"\nname = \"Сад № {who}\"\nkind = \"k\"\n{}",
            if who % 8 == 3 {
                "opened = 2018-02-01\n"
            } else {
                ""
            }
        );
    }
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a data file");
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

/// All that can be told of a reading.
fn told(data: &Data, path: &std::path::Path, keep: Keep, threads: Threads) -> Value {
    told_by(data, path, keep, threads, Some(By::Organisation))
}

fn told_by(
    data: &Data,
    path: &std::path::Path,
    keep: Keep,
    threads: Threads,
    by: Option<By>,
) -> Value {
    let options = Options {
        keep,
        threads,
        ..support::options()
    };
    let mut run = data.read_with(&[path.to_owned()], &options);
    let outcome = format!("{:?}", run.reading.files[0].outcome);
    let counts = json!(run.counts());
    let repeats = json!(run.reading.tally.repeat_counts);
    let answer = run.json(period("2018-06"), by);
    json!({ "outcome": outcome, "counts": counts, "repeats": repeats, "answer": answer })
}

fn threads(count: usize, alone: u64, part: u64) -> Threads {
    Threads {
        count: NonZeroUsize::new(count),
        sizes: Sizes { alone, part },
    }
}

#[test]
fn any_cut_and_any_number_of_threads_give_the_same() {
    let mut dice = Dice::new(6);
    let folder = tempfile::TempDir::new().expect("a folder");
    for declared in [false, true] {
        let data = data(declared);
        for (index, kind) in KINDS.into_iter().enumerate() {
            let text = file(kind, 300 + dice.below(200), &mut dice);
            for encoding in [Encoding::Utf8, Encoding::Windows1251] {
                let path = folder.path().join(format!("{index}.csv"));
                fs::write(&path, encoding.encode(&text).expect("letters")).expect("a report");
                for keep in [Keep::All, Keep::Needed(Some(period("2018-06")))] {
                    let alone = told(&data, &path, keep, threads(1, 0, 0));
                    let in_order = told(&data, &path, keep, threads(1, u64::MAX, 0));
                    assert_eq!(in_order, alone, "{kind:?} {}", encoding.id());
                    for _ in 0..3 {
                        let crew = threads(
                            2 + dice.below(4),
                            dice.below(4000) as u64,
                            200 + dice.below(4000) as u64,
                        );
                        let together = told(&data, &path, keep, crew);
                        assert_eq!(
                            together,
                            alone,
                            "{crew:?} {kind:?} {} {keep:?} {declared}",
                            encoding.id()
                        );
                    }
                }
            }
        }
    }
}

/// Where many columns have no heading no rows are taken together: each is by itself.
#[test]
fn rows_taken_together_say_what_each_says_by_itself() {
    let mut dice = Dice::new(7);
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("report.csv");
    for declared in [false, true] {
        let data = data(declared);
        for round in 0..12 {
            for kind in KINDS.into_iter().chain([STRANGEST]) {
                let mut text = file(kind, 30 + dice.below(300), &mut dice);
                // What is a cell too many of one table is a column without a heading of the other.
                text = text.replace(";лишняя", "");
                let mut head = HEAD.to_owned();
                if round % 2 == 0 {
                    (text, head) = (without_names(&text), without_names(&head));
                }
                let wide_head = head.replace("\r\n", &format!("{}\r\n", ";".repeat(20)));
                let wide = text.replace(&head, &wide_head);
                let [together, each] = [&text, &wide].map(|text| {
                    fs::write(&path, text).expect("a report");
                    let mut told = told(&data, &path, Keep::All, threads(1, 0, 0));
                    // Places and remarks on the columns are others.
                    let answer = told["answer"].as_object_mut().expect("an object");
                    answer.retain(|key, _| !["issues", "inputs"].contains(&key.as_str()));
                    told
                });
                for part in ["outcome", "repeats", "answer"] {
                    assert_eq!(together[part], each[part], "{kind:?} {declared}\n{text}");
                }
            }
        }
    }
}

/// The same table without the column of names.
fn without_names(text: &str) -> String {
    let mut text = text.replace(";Наименование организации;", ";");
    for who in 0..ORGANISATIONS {
        text = text.replace(&format!(";МБДОУ «Сад № {who}»;"), ";");
    }
    for name in ["Неизвестный сад", "короткая", "без периода", "x"]
    {
        text = text.replace(&format!(";{name};"), ";");
    }
    text.replace("Итого;;;", "Итого;;")
}

/// A report printed page by page: on each the header again, with the numbers of the columns below it.
#[test]
fn a_cut_between_a_header_and_its_numbers_changes_nothing() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("pages.csv");
    let mut text = HEAD.to_owned();
    for who in 0..ORGANISATIONS {
        let _ = write!(
            text,
            "{HEAD}1;2;3;4;5;6;7;8;9;10;11;12;13\r\n\
             2018-06;01-{who:04};Сад № {who};100;90;5;40;30;20;10;1;да;\r\n"
        );
    }
    fs::write(&path, text).expect("a report");
    for declared in [false, true] {
        let data = data(declared);
        let alone = told(&data, &path, Keep::All, threads(1, 0, 0));
        for part in (200..1200).step_by(30) {
            let together = told(&data, &path, Keep::All, threads(3, 0, part));
            assert_eq!(together, alone, "{part} {declared}");
        }
    }
}

/// So many submissions that most of their figures are given up. A large file is looked at from its
/// end, and what is there may never be a report: older figures are needed then, though it seemed that
/// they were not.
#[test]
fn figures_that_are_given_up_are_not_missed() {
    const MANY: usize = 45_000;
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("many.csv");
    let mut text = HEAD.to_owned();
    for month in ["2018-05", "2018-06"] {
        for who in 0..MANY {
            let row = |who: usize, all: usize| {
                format!("{month};01-{who:05};;{all};90;5;40;30;20;10;1;да;\r\n")
            };
            text += &row(who, 100 + who % 7);
            match who % 9_000 {
                // The same again at once, and far below; another story far below.
                10 => text += &row(who, 100 + who % 7),
                20 => text += &row(who - 10, 100 + (who - 10) % 7),
                8_000 => text += &row(who - 7_000, 99),
                _ => {}
            }
        }
    }
    let data = data(false);
    // The last row is a report, or nobody's.
    for last in ["2018-06;01-77777", "2018-12;"] {
        let text = format!("{text}{last};;100;90;5;40;30;20;10;1;да;\r\n");
        fs::write(&path, text).expect("a report");
        let keep = Keep::Needed(None);
        let told = |threads: Threads| told_by(&data, &path, keep, threads, None);
        let in_order = told(threads(1, u64::MAX, 0));
        assert_eq!(in_order["repeats"], json!([20, 10]), "{last}");
        assert_eq!(told(threads(1, 0, 0)), in_order, "{last}");
        for part in [200_000, 700_000] {
            assert_eq!(told(threads(3, 1 << 20, part)), in_order, "{last} {part}");
        }
    }
}
