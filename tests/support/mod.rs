//! What several test files share: a data folder read once, reports read, an answer as JSON.

#![allow(dead_code, missing_docs)]

pub mod blank;
pub mod office;
pub mod sample;
pub mod workbooks;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use aleysk::assess::{Assessment, By, Question, assess};
use aleysk::diagnostic::Diagnostics;
use aleysk::document::progress::Progress;
use aleysk::model::Plan;
use aleysk::model::period::Period;
use aleysk::read::crew::Threads;
use aleysk::read::inputs::{Input, Inputs};
use aleysk::read::meter::Meter;
use aleysk::read::plan::{DataFolder, Loaded, load};
use aleysk::read::report::{self, Options, Reading};
use aleysk::render;
use aleysk::source::{Encoding, Sources};
use aleysk::tally::Keep;
use serde_json::Value;
use tempfile::TempDir;

/// The folder of the project.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A data folder that has been read.
#[derive(Clone)]
pub struct Data {
    pub loaded: Loaded,
    pub sources: Sources,
}

impl Data {
    /// Reads a data folder that must be without fault.
    pub fn open(folder: &DataFolder) -> Data {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let loaded = load(folder, &mut sources, &mut diagnostics).expect("the folder is there");
        let faults = render::json::issues(&diagnostics, &sources);
        let loaded = loaded.unwrap_or_else(|| panic!("faulty data folder: {faults:#?}"));
        Data { loaded, sources }
    }

    pub fn built_in() -> Data {
        Data::open(&DataFolder::BuiltIn)
    }

    pub fn folder(path: &Path) -> Data {
        Data::open(&DataFolder::Folder(path.to_owned()))
    }

    /// Reads a data folder made of these files.
    pub fn of_texts(files: &[(&str, &str)]) -> Data {
        let folder = TempDir::new().expect("a folder for the data");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a data file");
        }
        Data::folder(folder.path())
    }

    pub fn plan(&self) -> &Plan {
        &self.loaded.plan
    }

    /// Reads report files.
    pub fn read(&self, paths: &[PathBuf]) -> Run {
        self.read_with(paths, &options())
    }

    pub fn read_with(&self, paths: &[PathBuf], options: &Options) -> Run {
        let inputs = Inputs {
            files: paths.iter().map(|path| input(path)).collect(),
            others: Vec::new(),
        };
        self.read_inputs(&inputs, options)
    }

    pub fn read_inputs(&self, inputs: &Inputs, options: &Options) -> Run {
        let mut sources = self.sources.clone();
        let mut diagnostics = Diagnostics::default();
        let reading = report::read(
            &self.loaded,
            inputs,
            options,
            &mut sources,
            &mut diagnostics,
        );
        Run {
            data: self.clone(),
            sources,
            diagnostics,
            reading,
        }
    }

    /// Writes report files into a folder of their own and reads them.
    pub fn read_bytes(&self, files: &[(String, Vec<u8>)]) -> Run {
        let folder = TempDir::new().expect("a folder for the reports");
        let paths: Vec<PathBuf> = files
            .iter()
            .map(|(name, bytes)| {
                let path = folder.path().join(name);
                fs::write(&path, bytes).expect("a report");
                path
            })
            .collect();
        self.read(&paths)
    }
}

/// Everything as it is without flags.
pub fn options() -> Options {
    Options {
        encoding: None,
        delimiter: None,
        report_period: None,
        keep: Keep::All,
        inspecting: false,
        meter: Meter::default(),
        threads: Threads::all(),
    }
}

fn input(path: &Path) -> Input {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Input {
        name: name.into_owned(),
        path: Some(path.to_owned()),
        named: true,
        supersedes: false,
    }
}

/// Reports that have been read.
pub struct Run {
    pub data: Data,
    pub sources: Sources,
    pub diagnostics: Diagnostics,
    pub reading: Reading,
}

impl Run {
    /// Holds them against the newest resolution.
    pub fn assess(&mut self, period: Period, by: Option<By>) -> Assessment {
        self.answer(Question {
            by,
            ..Question::at(period)
        })
    }

    /// Answers a question about the newest resolution.
    pub fn answer(&mut self, question: Question) -> Assessment {
        let plan = &self.data.loaded.plan;
        let resolution = plan.newest_adopted().expect("an adopted resolution");
        assess(
            plan,
            resolution,
            &self.reading,
            question,
            &self.sources,
            &mut self.diagnostics,
        )
    }

    /// The answer as `check --format json` gives it.
    pub fn json(&mut self, period: Period, by: Option<By>) -> Value {
        let assessment = self.assess(period, by);
        let plan = &self.data.loaded.plan;
        let exit = u8::from(self.diagnostics.has_errors());
        let progress = Progress {
            plan,
            register: &self.reading.tally.register,
            resolution: plan.newest_adopted().expect("an adopted resolution"),
            assessment: &assessment,
            data: "test".into(),
            read: (self.reading.inputs, 0),
            periods: self.reading.periods(),
        };
        render::json::check(&progress, &self.diagnostics, &self.sources, exit)
    }

    pub fn issues(&self) -> Vec<Value> {
        render::json::issues(&self.diagnostics, &self.sources)
    }

    /// How many issues there are of each code, kept or not.
    pub fn counts(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = BTreeMap::new();
        for ((_, code, _), count) in self.diagnostics.counts() {
            *counts.entry(code.id()).or_default() += count;
        }
        counts
    }
}

/// A text of UTF-8 in the other encodings that have its letters, each with the line ends of its
/// home; «№» is written «N» where there is none.
pub fn other_encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut files = Vec::new();
    for encoding in Encoding::ALL {
        let plain = text
            .replace(['«', '»'], "\"\"")
            .replace('–', "-")
            .replace('№', "N");
        let bytes = encoding.encode(&text).or_else(|| encoding.encode(&plain));
        let mut bytes = bytes.expect("only letters that Russian files have");
        match encoding {
            Encoding::Utf8 => continue,
            Encoding::Utf8Bom => bytes.splice(..0, *b"\xef\xbb\xbf").for_each(drop),
            Encoding::Utf16Le => bytes = utf16(&format!("\u{feff}{text}"), u16::to_le_bytes),
            Encoding::Utf16Be => bytes = utf16(&text, u16::to_be_bytes),
            Encoding::MacCyrillic => {
                for byte in bytes.iter_mut().filter(|byte| **byte == b'\n') {
                    *byte = b'\r';
                }
            }
            _ => {}
        }
        files.push((encoding.id(), bytes));
    }
    files
}

pub fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

pub fn period(text: &str) -> Period {
    text.parse().expect("a period's id")
}

/// The result of an indicator in `check`'s JSON.
pub fn result<'a>(answer: &'a Value, indicator: &str) -> &'a Value {
    answer["results"]
        .as_array()
        .expect("results")
        .iter()
        .find(|result| result["indicator"] == indicator)
        .unwrap_or_else(|| panic!("no result for {indicator}"))
}

/// A small generator of numbers that are the same in every run.
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^ (mixed >> 29)
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}
