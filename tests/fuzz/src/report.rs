//! Whole files: nothing panics, every row is counted once, what is said can be shown, and a file
//! that comes twice says nothing new.

use std::cell::RefCell;
use std::collections::BTreeMap;

use aleysk::assess::{By, Question, assess};
use aleysk::diagnostic::{Code, Diagnostics};
use aleysk::read::inputs::{Input, Inputs};
use aleysk::read::meter::Meter;
use aleysk::read::report::{Options, Reading, read};
use aleysk::source::Sources;
use aleysk::tally::Keep;

use super::{Data, Folder};

/// Names that tell a period, none, a year, an organisation.
const NAMES: [&str; 4] = [
    "kindergarten-2025-12.csv",
    "отчёт.csv",
    "2025.csv",
    "детский сад № 101 декабрь 2025 уточнённый.csv",
];

pub fn hold(bytes: &[u8]) {
    let Some(([choice], bytes)) = super::choices(bytes) else {
        return;
    };
    let data = match choice & 1 {
        0 => Data::built_in(),
        _ => Data::free(),
    };
    let name = NAMES[usize::from(choice >> 1) % NAMES.len()];
    let inspecting = choice >> 3 & 1 == 1;
    check(data, name, bytes, inspecting);
}

struct Run {
    reading: Reading,
    diagnostics: Diagnostics,
    sources: Sources,
}

thread_local! {
    static REPORTS: RefCell<Option<Folder>> = const { RefCell::new(None) };
}

/// Reads a file and holds what comes of it against all that must be.
pub fn check(data: &Data, name: &str, bytes: &[u8], inspecting: bool) {
    REPORTS.with_borrow_mut(|folder| {
        let folder = folder.get_or_insert_default();
        let path = folder.write(name, bytes);
        let input = |shown: &str| Input {
            name: shown.into(),
            path: Some(path.clone()),
            named: true,
            supersedes: false,
        };
        let once = run(data, vec![input("a.csv")], inspecting);
        let twice = run(data, vec![input("a.csv"), input("b.csv")], inspecting);
        adds_up(&once);
        adds_up(&twice);
        super::can_be_shown(&twice.diagnostics, &twice.sources);
        says_nothing_new(data, &once, &twice);
        judge(data, once);
        std::fs::remove_file(&path).expect("the file is there");
    });
}

fn run(data: &Data, files: Vec<Input>, inspecting: bool) -> Run {
    let inputs = Inputs {
        files,
        others: Vec::new(),
    };
    let options = Options {
        encoding: None,
        delimiter: None,
        report_period: None,
        keep: Keep::All,
        inspecting,
        meter: Meter::default(),
        threads: aleysk::read::crew::Threads::all(),
    };
    let mut sources = data.sources.clone();
    let mut diagnostics = Diagnostics::default();
    let reading = read(
        &data.loaded,
        &inputs,
        &options,
        &mut sources,
        &mut diagnostics,
    );
    Run {
        reading,
        diagnostics,
        sources,
    }
}

fn adds_up(run: &Run) {
    for file in &run.reading.files {
        let outcome = &file.outcome;
        let parts = [
            outcome.accepted,
            outcome.totals,
            outcome.unfilled,
            outcome.skipped,
            outcome.refused,
        ];
        assert_eq!(outcome.rows, parts.iter().sum::<u64>(), "{outcome:?}");
        assert!(
            file.blocks
                .is_sorted_by(|one, next| one.offset < next.offset)
        );
        let said = !run.diagnostics.of_file(file.file).is_empty();
        assert!(!file.blocks.is_empty() || said, "refused without a word");
        assert!(outcome.refused == 0 || said, "rows refused without a word");
    }
}

fn counts(run: &Run) -> BTreeMap<Code, u64> {
    let mut counts = BTreeMap::new();
    for ((_, code, _), count) in run.diagnostics.counts() {
        *counts.entry(*code).or_default() += count;
    }
    counts
}

/// The same file again brings no other figures, and no faults but its being there again.
fn says_nothing_new(data: &Data, once: &Run, twice: &Run) {
    let (one, two) = (counts(once), counts(twice));
    for code in one.keys().chain(two.keys()) {
        let count = |counts: &BTreeMap<Code, u64>| counts.get(code).copied().unwrap_or(0);
        let (one, two) = (count(&one), count(&two));
        let repeats = matches!(code, Code::DuplicateReport | Code::ConflictingReport);
        let fits = one <= two && two <= 2 * one;
        assert!(repeats || fits, "{}: {one}, then {two}", code.id());
    }
    let (one, two) = (&once.reading.tally, &twice.reading.tally);
    for form in 0..data.loaded.plan.forms.len() {
        assert!(one.periods(form).eq(two.periods(form)));
        for period in one.periods(form) {
            assert_eq!(one.reporters(form, period), two.reporters(form, period));
            for who in one.reporters(form, period) {
                let of = |run: &Run| {
                    let tally = &run.reading.tally;
                    let values = tally.values(form, who, period).map(<[_]>::to_vec);
                    (values, tally.standing(form, who, period))
                };
                assert_eq!(of(once), of(twice));
            }
        }
    }
}

/// A verdict can be had, by organisation too.
fn judge(data: &Data, mut run: Run) {
    let plan = &data.loaded.plan;
    let (Some(resolution), Some(period)) = (plan.newest_adopted(), run.reading.tally.newest())
    else {
        return;
    };
    let question = Question {
        by: Some(By::Organisation),
        ..Question::at(period)
    };
    let _ = assess(
        plan,
        resolution,
        &run.reading,
        question,
        &run.sources,
        &mut run.diagnostics,
    );
    super::can_be_shown(&run.diagnostics, &run.sources);
}
