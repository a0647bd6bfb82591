//! The hot parts of reading, on one text in memory, and what each takes beside the `csv` crate that
//! only reads the records of the same text.
//!
//!     cargo bench --bench hot
//!
//! Criterion compares with the run before; the ratios stand at the end. Whole programs, large files
//! and other tools: `benches/peers/run.py`.

#[path = "../tests/support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aleysk::model::organisation::{Organisation, Register};
use aleysk::read::cell::{Column, read_in};
use aleysk::read::crew::Threads;
use aleysk::read::delimited::Records;
use aleysk::read::report::Options;
use aleysk::source::Encoding;
use aleysk::tally::Keep;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use support::{Data, Dice};

const GROUP: &str = "hot";
const PEER: &str = "csv, records only";
const PARTS: [&str; 4] = ["records", "cells", "register", "whole walk"];

const ORGANISATIONS: usize = 2000;
const MONTHS: usize = 6;
const HEADER: &str = "period,region_code,org_id,org_name,kind,children_total,children_enrolled,\
                      children_waiting,children_5_18,children_in_dop,teachers_total,\
                      teachers_trained,target_contracts,has_parent_programme,note\n";
const FIGURES: std::ops::Range<usize> = 5..14;

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("criterion");
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .output_directory(&folder)
        .configure_from_args();
    let text = report();
    let mut group = criterion.benchmark_group(GROUP);
    group.throughput(Throughput::Bytes(text.len() as u64));
    csv_records(&mut group, &text);
    records(&mut group, &text);
    cells(&mut group, &text);
    register(&mut group, &text);
    whole_walk(&mut group, &text);
    group.finish();
    criterion.final_summary();
    ratios(&folder);
}

/// A report as a region sends it: mostly whole numbers, few notes, no faults.
fn report() -> String {
    let mut dice = Dice::new(11);
    let mut text = HEADER.to_owned();
    for month in 1..=MONTHS {
        for _ in 0..ORGANISATIONS {
            let who = dice.below(ORGANISATIONS);
            let total = 50 + dice.below(500);
            let older = total / 2 + dice.below(total / 2);
            let note = if dice.once_in(50) {
                "\"приказ № 5,\nподпись\""
            } else {
                ""
            };
            let _ = writeln!(
                text,
                "2018-{month:02},22,22-{who:04},МБДОУ «Детский сад № {who}»,kindergarten,{total},{},\
                 {},{older},{},{}.{:02},{},{},да,{note}",
                total - dice.below(40),
                dice.below(30),
                older - dice.below(20),
                20 + dice.below(9),
                dice.below(4) * 25,
                dice.below(20),
                dice.below(5),
            );
        }
    }
    text
}

fn csv_records(group: &mut BenchmarkGroup<'_, WallTime>, text: &str) {
    group.bench_function(PEER, |bencher| {
        let mut record = csv::ByteRecord::new();
        bencher.iter(|| {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let mut count = 0;
            while reader.read_byte_record(&mut record).expect("well-formed") {
                count += record.len();
            }
            count
        });
    });
}

fn records(group: &mut BenchmarkGroup<'_, WallTime>, text: &str) {
    group.bench_function(PARTS[0], |bencher| {
        bencher.iter(|| {
            let mut records = Records::new(text.as_bytes(), Vec::new(), 0, b',');
            let mut count = 0;
            while let Some(record) = records.next_record().expect("bytes never fail") {
                count += record.len();
            }
            count
        });
    });
}

fn cells(group: &mut BenchmarkGroup<'_, WallTime>, text: &str) {
    let data = national();
    let fields = &data.plan().forms[0].fields;
    let cells: Vec<Vec<u8>> = rows(text)
        .flat_map(|row| FIGURES.map(move |column| row[column].to_vec()))
        .collect();
    group.bench_function(PARTS[1], |bencher| {
        bencher.iter(|| {
            for (cell, field) in cells.iter().zip(fields.iter().cycle()) {
                let value = read_in(field, cell, Encoding::Utf8, Column::PLAIN);
                black_box(value.is_ok());
            }
        });
    });
}

fn register(group: &mut BenchmarkGroup<'_, WallTime>, text: &str) {
    let organisations = (0..ORGANISATIONS).map(|who| Organisation {
        id: format!("22-{who:04}").into(),
        name: format!("МБДОУ «Детский сад № {who}»").into(),
        ..Organisation::default()
    });
    let register = Register::new(organisations.collect());
    let ids: Vec<String> = rows(text)
        .map(|row| String::from_utf8_lossy(&row[2]).into_owned())
        .collect();
    group.bench_function(PARTS[2], |bencher| {
        bencher.iter(|| ids.iter().filter_map(|id| register.find(id)).count());
    });
}

fn whole_walk(group: &mut BenchmarkGroup<'_, WallTime>, text: &str) {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path: PathBuf = folder.path().join("report.csv");
    fs::write(&path, text).expect("a report");
    let data = national();
    let options = Options {
        keep: Keep::Needed(None),
        threads: Threads::of(NonZeroUsize::MIN),
        ..support::options()
    };
    group.bench_function(PARTS[3], |bencher| {
        bencher.iter(|| data.read_with(std::slice::from_ref(&path), &options));
    });
}

fn national() -> Data {
    Data::folder(&support::project().join("tests/national"))
}

fn rows(text: &str) -> impl Iterator<Item = csv::ByteRecord> {
    csv::Reader::from_reader(text.as_bytes())
        .into_byte_records()
        .map(|record| record.expect("well-formed"))
}

/// How much of the peer's time each part takes; nothing where nothing was measured.
fn ratios(folder: &Path) {
    let median = |name: &str| -> Option<f64> {
        let name = name.replace(' ', "_");
        let estimates = folder.join(GROUP).join(name).join("new/estimates.json");
        let text = fs::read_to_string(estimates).ok()?;
        let estimates: serde_json::Value = serde_json::from_str(&text).ok()?;
        estimates["median"]["point_estimate"].as_f64()
    };
    if let Some(peer) = median(PEER) {
        for part in PARTS {
            if let Some(own) = median(part) {
                println!("{part}: {:.2} of the time of {PEER}", own / peer);
            }
        }
    }
}
