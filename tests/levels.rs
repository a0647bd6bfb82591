//! Breakdowns over trees of any shape: what stands right below a territory is the whole of it, and
//! what is cut away stands in one row.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use aleysk::assess::breakdown::{Cut, Level, Who};
use aleysk::assess::{By, Question, Row};
use aleysk::model::quantity::Fraction;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use support::{Data, Run, period, project};

/// An organisation: whom it belongs to among those before it, and what it reports, if anything.
type Listed = (Option<prop::sample::Index>, Option<(u8, u8)>);

fn organisations() -> impl Strategy<Value = Vec<Listed>> {
    let parent = prop::option::weighted(0.85, any::<prop::sample::Index>());
    let report = prop::option::weighted(0.7, (0u8..50, 50u8..100));
    prop::collection::vec((parent, report), 1..40)
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 60,
        rng_seed: RngSeed::Fixed(2025),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A data folder whose register is this tree, and its reports, read.
fn run(organisations: &[Listed]) -> Run {
    let mut register = "id,name,kind,parent\n".to_owned();
    let mut report = "organisation,period,Детей,Охвачено\n".to_owned();
    for (index, (parent, reported)) in organisations.iter().enumerate() {
        let parent = parent
            .filter(|_| index > 0)
            .map(|parent| format!("o-{}", parent.index(index)));
        let parent = parent.unwrap_or_default();
        let _ = writeln!(register, "o-{index},Сад {index},garden,{parent}");
        if let Some((covered, children)) = reported {
            let _ = writeln!(report, "o-{index},2025-12,{children},{covered}");
        }
    }
    let folder = project().join("tests/cases/data/levels");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a data file");
    let data = Data::of_texts(&[
        ("indicators.toml", &read("indicators.toml")),
        ("forms/garden.toml", &read("forms/garden.toml")),
        ("resolutions/2025.toml", &read("resolutions/2025.toml")),
        ("organisations.csv", &register),
    ]);
    data.read_bytes(&[("report.csv".into(), report.into_bytes())])
}

fn broken_down(run: &mut Run, by: By, cut: Cut) -> Vec<Row> {
    let question = Question {
        by: Some(by),
        cut,
        ..Question::at(period("2025-12"))
    };
    run.answer(question).rows
}

fn rows(row: &Row) -> &[Level] {
    &row.breakdown.as_ref().expect("a breakdown").rows
}

/// What rows add up to: numerators, denominators, reports that are owed, and that are there.
#[derive(Clone, PartialEq, Debug, Default)]
struct Sum {
    numerator: Fraction,
    denominator: Fraction,
    expected: usize,
    reported: usize,
    missing: BTreeSet<u32>,
}

fn sum<'a>(rows: impl IntoIterator<Item = &'a Level>) -> Sum {
    let mut sum = Sum::default();
    for row in rows {
        sum.numerator += row.numerator.clone().unwrap_or_default();
        sum.denominator += row.denominator.clone().unwrap_or_default();
        if let Some(turnout) = &row.turnout {
            sum.expected += turnout.expected.expect("a register");
            sum.reported += turnout.reported;
            for one in &turnout.missing {
                assert!(sum.missing.insert(*one), "{one} is missing twice");
            }
        }
    }
    sum
}

/// The rows right below a territory, or below none.
fn below(rows: &[Level], within: Option<u32>) -> Vec<&Level> {
    let own = rows.iter().filter(|row| row.within == within);
    own.collect()
}

fn assert_tree(rows: &[Level], whole: &Sum) {
    assert_eq!(sum(below(rows, None)), *whole);
    for (index, row) in rows.iter().enumerate() {
        let Who::Parent(own) = row.who else {
            continue;
        };
        let children = below(rows, Some(own));
        if !children.is_empty() {
            assert_eq!(sum(children.iter().copied()), sum([row]), "{row:?}");
            assert!(children.iter().all(|child| child.depth == row.depth + 1));
            // Right behind it, and before anything beside it.
            let after = rows[index + 1..].iter();
            let inside = after.take_while(|next| next.depth > row.depth).count();
            let beside = &rows[index + 1 + inside..];
            assert!(beside.iter().all(|other| other.within != Some(own)));
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_below_a_territory_is_the_whole_of_it(
        organisations in organisations(),
        top in 1usize..4,
    ) {
        let mut run = run(&organisations);
        let apart = broken_down(&mut run, By::Organisation, Cut::None);
        let kinds = broken_down(&mut run, By::Kind, Cut::None);
        let cuts = [Cut::None, Cut::Readable, Cut::Top(top), Cut::Top(1000)];
        for cut in cuts {
            let trees = broken_down(&mut run, By::Parent, cut);
            for (index, tree) in trees.iter().enumerate() {
                let mut whole = sum(rows(&kinds[index]));
                let numerator = tree.actual.numerator.clone();
                prop_assert_eq!(&whole.numerator, &numerator.unwrap_or_default());
                assert_tree(rows(tree), &whole);
                whole.expected = 0;
                whole.reported = 0;
                whole.missing.clear();
                prop_assert_eq!(sum(rows(&apart[index])), whole);
            }
        }
    }

    #[test]
    fn the_largest_and_the_rest_are_all(organisations in organisations(), top in 1usize..45) {
        let mut run = run(&organisations);
        let all = broken_down(&mut run, By::Organisation, Cut::None);
        let cut = broken_down(&mut run, By::Organisation, Cut::Top(top));
        for (all, cut) in all.iter().zip(&cut) {
            let is_short = all.verdict.shortfall.as_ref().is_some_and(|own| *own != 0.into());
            let (all, cut) = (rows(all), rows(cut));
            prop_assert_eq!(sum(all), sum(cut));
            let left = all.len().saturating_sub(top);
            let rest = (left > 0).then_some(Who::Rest(left));
            // By what they lack of three quarters, else by what they have; equals by the register.
            let size = |row: &Level| {
                let numerator = row.numerator.clone()?;
                Some(match (is_short, &row.denominator) {
                    (true, Some(own)) => Fraction::new(3.into(), 4.into()) * own - numerator,
                    _ => numerator,
                })
            };
            let mut largest: Vec<&Level> = all.iter().collect();
            if left > 0 {
                largest.sort_by_key(|row| std::cmp::Reverse(size(row)));
                largest.truncate(top);
            }
            let largest: Vec<Who> = largest.iter().map(|row| row.who).chain(rest).collect();
            let shown: Vec<Who> = cut.iter().map(|row| row.who).collect();
            prop_assert_eq!(shown, largest);
        }
    }
}

/// A chain as deep as the register is long needs no stack.
#[test]
fn depth_is_not_bounded() {
    const DEEP: usize = 1200;
    let mut register = "id,kind,parent\n".to_owned();
    for index in 0..DEEP {
        let parent = match index {
            0 => String::new(),
            _ => format!("o-{}", index - 1),
        };
        let _ = writeln!(register, "o-{index},garden,{parent}");
    }
    let folder = project().join("tests/cases/data/levels");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a data file");
    let data = Data::of_texts(&[
        ("indicators.toml", &read("indicators.toml")),
        ("forms/garden.toml", &read("forms/garden.toml")),
        ("resolutions/2025.toml", &read("resolutions/2025.toml")),
        ("organisations.csv", &register),
    ]);
    let report = "organisation,period,Детей,Охвачено\no-1199,2025-12,4,3\n";
    let mut run = data.read_bytes(&[("report.csv".into(), report.into())]);
    let trees = broken_down(&mut run, By::Parent, Cut::None);
    // The last one is nobody's parent: it stands in the row of the one above it.
    let deepest = rows(&trees[0]).iter().max_by_key(|row| row.depth);
    let deepest = deepest.expect("rows");
    assert_eq!(deepest.depth, DEEP - 2);
    assert_eq!(deepest.numerator, Some(Fraction::from_integer(3.into())));
    let shown = broken_down(&mut run, By::Parent, Cut::Readable);
    let deeper = shown[0].breakdown.as_ref().map(|own| own.deeper);
    assert_eq!(deeper, Some(DEEP - 1 - 100));
}

/// Three hundred kindergartens in a hundred and fifty towns of a region, every third without a
/// report.
fn many(folder: &Path) {
    let levels = project().join("tests/cases/data/levels");
    for name in [
        "indicators.toml",
        "forms/garden.toml",
        "resolutions/2025.toml",
    ] {
        let path = folder.join("data").join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::copy(levels.join(name), path).expect("a data file");
    }
    let mut register = "id,name,kind,parent\nregion,Край,region,\n".to_owned();
    let mut report = "organisation,period,Детей,Охвачено\n".to_owned();
    for town in 0..150 {
        let _ = writeln!(register, "t-{town},Город {town},town,region");
        for garden in [2 * town, 2 * town + 1] {
            let _ = writeln!(register, "o-{garden},Садик-{garden:03},garden,t-{town}");
            if garden % 3 > 0 {
                let _ = writeln!(report, "o-{garden},2025-12,100,{}", garden % 70);
            }
        }
    }
    fs::write(folder.join("data/organisations.csv"), register).expect("a register");
    fs::write(folder.join("report.csv"), report).expect("a report");
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(arguments)
        .args(["--data", "data"])
        .current_dir(folder)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let mut text = String::from_utf8(output.stdout).expect("UTF-8");
    text.push_str(&String::from_utf8(output.stderr).expect("UTF-8"));
    text.replace('\u{a0}', " ")
}

/// Whoever reads is shown few names, how many more there are, and how to see them; a program gets all
/// of them.
#[test]
fn of_many_a_person_is_shown_few() {
    let folder = tempfile::TempDir::new().expect("a folder");
    many(folder.path());
    let run = |arguments: &[&str]| printed(folder.path(), arguments);
    let names = |text: &str| text.matches("Садик-").count();
    let apart = ["check", "report.csv", "--by", "organisation", "--format"];
    for format in ["table", "markdown", "html"] {
        let text = run(&[&apart[..], &[format]].concat());
        // Two tables of twenty, and twelve who are missing in three lists.
        assert_eq!(names(&text), 2 * 20 + 3 * 12, "{text}");
        assert_eq!(text.matches("и ещё 280 организаций").count(), 2, "{text}");
        assert!(
            text.contains("больше — --top ЧИСЛО, все — --format json или csv"),
            "{text}"
        );
    }
    assert_eq!(
        names(&run(&[&apart[..], &["csv"]].concat())),
        2 * 300 + 12 + 2 * 12
    );
    let all = run(&[&apart[..], &["json"]].concat());
    assert_eq!(all.matches("\"organisation\": \"o-").count(), 2 * 300);
    let tree = run(&["check", "report.csv", "--by", "parent"]);
    assert_eq!(tree.matches("Город ").count(), 0, "{tree}");
    assert!(tree.contains("глубже — ещё 150 территорий"), "{tree}");
    let all = run(&["check", "report.csv", "--by", "parent", "--format", "json"]);
    assert_eq!(all.matches("\"parent\": \"t-").count(), 2 * 150);
    let known = run(&["show", "organisations"]);
    assert!(
        known.contains("В реестре 451 организация (garden — 300, town — 150, region — 1)"),
        "{known}"
    );
    assert_eq!(
        known.lines().filter(|line| line.contains("│ t-")).count(),
        7,
        "{known}"
    );
    let all = run(&["show", "organisations", "--format", "csv"]);
    assert_eq!(names(&all), 300);
    for format in ["table", "markdown", "html"] {
        let text = run(&["explain", "share", "report.csv", "--format", format]);
        assert!(names(&text) <= 3 * 20, "{text}");
        assert!(text.contains("и ещё 280 организаций"), "{text}");
    }
    let text = run(&["report", "report.csv"]);
    assert!(names(&text) < 100, "{text}");
}
