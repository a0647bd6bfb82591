//! What must hold of any bytes: one module a fuzz target, each with `hold`, which panics where its
//! property does not. The same functions are run on every finding, and on the seeds, by
//! `tests/findings.rs` of the project, which needs no fuzzer.

#![allow(clippy::missing_panics_doc)]

pub mod cells;
pub mod data;
pub mod dialect;
pub mod formulas;
pub mod header;
pub mod names;
pub mod periods;
pub mod records;
pub mod report;
pub mod rows;
pub mod seeds;
pub mod workbook;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use aleysk::diagnostic::{Diagnostic, Diagnostics};
use aleysk::read::plan::{DataFolder, Loaded, load};
use aleysk::read::vocabulary::Vocabulary;
use aleysk::render;
use aleysk::source::{Content, FileId, Sources, Spot};
use tempfile::TempDir;

/// What must hold of some bytes.
pub type Property = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Property); 11] = [
    ("cells", cells::hold),
    ("data", data::hold),
    ("dialect", dialect::hold),
    ("formulas", formulas::hold),
    ("header", header::hold),
    ("names", names::hold),
    ("periods", periods::hold),
    ("records", records::hold),
    ("report", report::hold),
    ("rows", rows::hold),
    ("workbook", workbook::hold),
];

/// A data folder that has been read.
pub struct Data {
    pub loaded: Loaded,
    pub sources: Sources,
    pub vocabulary: Vocabulary,
}

impl Data {
    fn of(folder: &DataFolder) -> Data {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let loaded = load(folder, &mut sources, &mut diagnostics).expect("the folder is there");
        let loaded = loaded.expect("no faults");
        Data {
            vocabulary: Vocabulary::new(&loaded.plan),
            loaded,
            sources,
        }
    }

    /// The project's own, with a register.
    pub fn built_in() -> &'static Data {
        static DATA: OnceLock<Data> = OnceLock::new();
        DATA.get_or_init(|| Data::of(&DataFolder::BuiltIn))
    }

    /// A small one without a register: whoever reports is taken.
    pub fn free() -> &'static Data {
        static DATA: OnceLock<Data> = OnceLock::new();
        DATA.get_or_init(|| {
            let folder = Folder::new();
            for (path, text) in &data::FILES[..3] {
                folder.write(path, text.as_bytes());
            }
            Data::of(&DataFolder::Folder(folder.0.path().into()))
        })
    }
}

/// A folder for the files of one run: in memory where the system has such a place.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Folder {
        let memory = Path::new("/dev/shm");
        let made = match memory.is_dir() {
            true => TempDir::new_in(memory),
            false => TempDir::new(),
        };
        Folder(made.expect("a folder"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, path: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        path
    }
}

impl Default for Folder {
    fn default() -> Folder {
        Folder::new()
    }
}

/// The first bytes as numbers that choose something, and the rest.
pub fn choices<const N: usize>(bytes: &[u8]) -> Option<([u8; N], &[u8])> {
    bytes
        .split_first_chunk()
        .map(|(first, rest)| (*first, rest))
}

/// What is said can be shown: every place lies in its file, nothing raw reaches a terminal.
pub fn can_be_shown(diagnostics: &Diagnostics, sources: &Sources) {
    let mut lengths: HashMap<FileId, u64> = HashMap::new();
    for diagnostic in diagnostics.sorted() {
        is_well_said(diagnostic);
        let places = diagnostic.related.iter().map(|(place, _)| place);
        for place in places.chain(&diagnostic.place) {
            let known = lengths.entry(place.file);
            let length = *known.or_insert_with(|| length(sources, place.file));
            match &place.spot {
                Spot::Whole => {}
                Spot::Text(span) => {
                    assert!(
                        span.start <= span.end && span.end as u64 <= length,
                        "{place:?}"
                    );
                }
                Spot::Line { line, offset } => {
                    assert!(*line > 0 && *offset <= length, "{place:?} of {length}");
                }
                Spot::Cell(cell) => {
                    assert!(cell.line > 0 && cell.row > 0 && cell.column > 0, "{cell:?}");
                    assert!(cell.bytes.start <= cell.bytes.end, "{cell:?}");
                    assert!(cell.bytes.end <= length, "{cell:?} of {length}");
                }
            }
            if let Some(excerpt) = sources.excerpt(place) {
                let mark = excerpt.text.get(excerpt.mark.clone());
                assert!(mark.is_some(), "{excerpt:?}");
            }
        }
    }
    let shown = render::diagnostics::render(diagnostics, sources, false, 100);
    let raw = shown.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(raw, None, "{shown:?}");
    let issues = render::json::issues(diagnostics, sources);
    assert_eq!(issues.len(), diagnostics.sorted().len());
}

/// Lower case, no full stop, not without words.
fn is_well_said(diagnostic: &Diagnostic) {
    let message = &diagnostic.message;
    assert!(!message.is_empty() && !message.ends_with('.'), "{message}");
    for text in [message, &diagnostic.label, &diagnostic.help] {
        assert!(!text.ends_with(": "), "{text}");
    }
}

fn length(sources: &Sources, file: FileId) -> u64 {
    if let Content::Text(text) = &sources.get(file).content {
        return text.len() as u64;
    }
    let mut text = sources.open(file).expect("the file is there");
    std::io::copy(&mut text, &mut std::io::sink()).expect("the file can be read")
}
