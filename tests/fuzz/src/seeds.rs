//! Where the fuzzer begins: the project's examples and cases, as each target reads them.

use std::fs;
use std::path::Path;

use super::{data, workbook};

/// Inputs for a target, from the folder of the project.
pub fn of(target: &str, project: &Path) -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    let mut with = |choices: &[u8], bytes: &[u8]| seeds.push([choices, bytes].concat());
    match target {
        "dialect" => tables(project).iter().for_each(|file| with(&[], file)),
        "records" => {
            for file in tables(project) {
                with(&[0, 7, 48], &file);
                with(&[2, 1, 3], &file);
            }
        }
        "header" => {
            for file in tables(project) {
                with(&[0], &file);
                with(&[1], &file);
            }
        }
        "report" => {
            for (index, file) in tables(project).iter().enumerate() {
                with(&[(index as u8 % 4) << 1], file);
            }
        }
        // Bytes from which anything can be made.
        "rows" => {
            for seed in 0..200u32 {
                let bytes = (0..1500u32).map(|at| {
                    let mixed = (seed * 1500 + at + 1).wrapping_mul(0x9e37_79b9);
                    ((mixed ^ mixed >> 15).wrapping_mul(0x85eb_ca6b) >> 24) as u8
                });
                with(&[], &bytes.collect::<Vec<u8>>());
            }
        }
        "cells" => {
            for cell in cells(project) {
                for choice in [0, 4, 0x18, 0x24] {
                    with(&[choice], &cell);
                }
            }
        }
        "periods" => cells(project).iter().for_each(|cell| with(&[], cell)),
        "names" => {
            let cells = cells(project);
            for pair in cells.windows(2) {
                with(&[], &pair.join(&b'\n'));
            }
        }
        "formulas" => {
            for text in FORMULAS {
                with(&[], text.as_bytes());
            }
        }
        "data" => {
            for (index, (_, text)) in data::FILES.iter().enumerate() {
                with(&[index as u8], text.as_bytes());
            }
            for (path, bytes) in found(&project.join("tests/cases"), &["toml"]) {
                let own = |(name, _): &(&str, &str)| {
                    let folder = name.split('/').next().unwrap_or_default();
                    path.contains(folder)
                };
                if let Some(index) = data::FILES.iter().position(own) {
                    with(&[index as u8], &bytes);
                }
            }
        }
        "workbook" => {
            for (index, (_, text)) in workbook::XLSX.iter().take(5).enumerate() {
                with(&[index as u8 + 1], text.as_bytes());
            }
            for (index, (_, text)) in workbook::ODS.iter().enumerate() {
                with(&[index as u8 + 6], text.as_bytes());
            }
            for archive in [
                workbook::pack(&workbook::XLSX, 9, &[]),
                workbook::pack(&workbook::ODS, 9, &[]),
            ] {
                with(&[0], &archive);
            }
            for (_, bytes) in found(&project.join("tests/workbooks"), &["xlsx", "ods", "xls"]) {
                with(&[0], &bytes);
            }
        }
        _ => panic!("no such target: {target}"),
    }
    seeds
}

const FORMULAS: [&str; 12] = [
    "kindergarten.enrolled",
    "kindergarten.enrolled + committee.waiting",
    "organisations(kindergarten)",
    "(a.b - 1,5) * 2 / c",
    "100 * a.b / (a.b + c.d)",
    "-a + --b",
    "((((1))))",
    "enrolled <= capacity",
    "a + b = c",
    "a != 0.5",
    "1/3 + 2/7*a",
    "a..b + ",
];

/// Reports, small ones.
fn tables(project: &Path) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for folder in ["examples", "tests/cases"] {
        for (_, bytes) in found(&project.join(folder), &["csv", "tsv", "txt"]) {
            if bytes.len() <= 1500 {
                files.push(bytes);
            }
        }
    }
    files
}

/// Cells of them, each once.
fn cells(project: &Path) -> Vec<Vec<u8>> {
    let mut cells: Vec<Vec<u8>> = tables(project)
        .iter()
        .flat_map(|file| file.split(|byte| matches!(byte, b';' | b'\n' | b'\t')))
        .filter(|cell| (1..=120).contains(&cell.len()))
        .map(<[u8]>::to_vec)
        .collect();
    cells.sort();
    cells.dedup();
    cells
}

/// The files below a folder whose names end so, in the order of their paths.
fn found(folder: &Path, endings: &[&str]) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|own| endings.iter().any(|ending| own == *ending))
            {
                files.push((
                    path.to_string_lossy().into_owned(),
                    fs::read(&path).expect("a file"),
                ));
            }
        }
    }
    files.sort();
    files
}
