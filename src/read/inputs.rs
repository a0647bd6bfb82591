//! Which files are read: those named, and the reports found in the folders named.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::bail;
use walkdir::WalkDir;

use crate::source::{STANDARD_INPUT, io_reason};

/// A file to be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Input {
    /// As messages name it.
    pub name: String,
    /// `None`: standard input.
    pub path: Option<PathBuf>,
    /// Named by the user, not found in a folder.
    pub named: bool,
    /// What it says holds against what other files say of the same.
    pub supersedes: bool,
}

impl Input {
    /// Whether its name is that of a workbook: found in a folder, it is no stray file.
    pub fn is_workbook(&self) -> bool {
        self.path
            .as_deref()
            .is_some_and(|path| has(path, &WORKBOOKS))
    }

    /// Its name without folders and ending; `None` for standard input.
    pub fn stem(&self) -> Option<Cow<'_, str>> {
        let stem = self.path.as_deref().and_then(Path::file_stem);
        stem.map(|stem| stem.to_string_lossy())
    }
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Inputs {
    /// In the order named, folders in the order of their names.
    pub files: Vec<Input>,
    /// Files of the folders that are no reports by their names.
    pub others: Vec<PathBuf>,
}

/// Endings of texts that may be reports.
const TEXTS: [&str; 4] = ["csv", "tsv", "txt", "tab"];

/// Endings of workbooks; what cannot be read of them is told when it is tried.
const WORKBOOKS: [&str; 5] = ["xlsx", "xlsm", "ods", "xls", "xlsb"];

/// Whether a file's name ends so.
fn has(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| {
        let ending = ending.to_string_lossy().to_lowercase();
        endings.contains(&&*ending)
    })
}

/// Finds the files that paths mean, each once; `-` is standard input.
///
/// # Errors
/// A path that does not exist or cannot be read.
pub fn find(paths: &[PathBuf]) -> anyhow::Result<Inputs> {
    let mut inputs = Inputs::default();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.files.push(Input {
                name: STANDARD_INPUT.into(),
                path: None,
                named: true,
                supersedes: false,
            });
            continue;
        }
        let kind = match std::fs::metadata(path) {
            Ok(kind) => kind,
            Err(error) => bail!(
                "не удалось открыть «{}»: {}; проверьте путь к файлу или папке с отчётами",
                shown(path),
                io_reason(&error)
            ),
        };
        if kind.is_dir() {
            search(path, &mut inputs);
        } else {
            inputs.files.push(Input {
                name: shown(path),
                path: Some(path.clone()),
                named: true,
                supersedes: false,
            });
        }
    }
    let mut seen = HashSet::new();
    inputs.files.retain(|input| {
        let known = input.path.as_ref().map(|path| path.canonicalize());
        match known {
            Some(Ok(path)) => seen.insert(path),
            _ => true,
        }
    });
    if inputs.files.is_empty() {
        let places: Vec<String> = paths.iter().map(|path| shown(path)).collect();
        bail!(
            "в «{}» нет ни одного отчёта: ожидались книги (.xlsx, .ods) или текст (.csv, .tsv, .txt)",
            places.join("», «")
        );
    }
    Ok(inputs)
}

/// Marks the files whose reports hold against others; those that are not among the inputs yet are
/// added.
///
/// # Errors
/// One that is no file.
pub fn supersede(inputs: &mut Inputs, paths: &[PathBuf]) -> anyhow::Result<()> {
    for path in paths {
        let known = match path.canonicalize() {
            Ok(known) if known.is_file() => known,
            Ok(_) => bail!(
                "--supersede: «{}» — не файл; назовите сам файл",
                shown(path)
            ),
            Err(error) => bail!(
                "--supersede: не удалось открыть «{}»: {}; проверьте путь",
                shown(path),
                io_reason(&error)
            ),
        };
        let own = |input: &&mut Input| {
            let path = input.path.as_ref().map(|path| path.canonicalize());
            path.is_some_and(|path| path.is_ok_and(|path| path == known))
        };
        match inputs.files.iter_mut().find(own) {
            Some(input) => input.supersedes = true,
            None => inputs.files.push(Input {
                name: shown(path),
                path: Some(path.clone()),
                named: true,
                supersedes: true,
            }),
        }
    }
    Ok(())
}

fn shown(path: &Path) -> String {
    crate::model::name::printable(&path.to_string_lossy())
}

fn search(folder: &Path, inputs: &mut Inputs) {
    let entries = WalkDir::new(folder)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            entry.depth() == 0 || !is_hidden(&entry.file_name().to_string_lossy())
        });
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // A dead link, a folder without access: reading it will say so in its turn. A link
                // back to a folder that it lies in leads to nothing new.
                if let Some(path) = error.path().filter(|_| error.loop_ancestor().is_none()) {
                    inputs.files.push(Input {
                        name: shown(path),
                        path: Some(path.to_path_buf()),
                        named: false,
                        supersedes: false,
                    });
                }
                continue;
            }
        };
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.into_path();
        if has(&path, &TEXTS) || has(&path, &WORKBOOKS) {
            inputs.files.push(Input {
                name: shown(&path),
                path: Some(path),
                named: false,
                supersedes: false,
            });
        } else {
            inputs.others.push(path);
        }
    }
}

/// Hidden files, and the locks that office programs leave beside an open file.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$")
}
