//! What the fuzz targets of `tests/fuzz` assert, without a fuzzer: on every input that once broke
//! one of them, and on the inputs with which they begin.

#[allow(dead_code, missing_docs, clippy::new_without_default)]
#[path = "fuzz/src/lib.rs"]
mod fuzz;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

/// Runs an input through a property; tells which it was where that fails.
fn hold(property: fuzz::Property, bytes: &[u8], what: &str) {
    let held = std::panic::catch_unwind(|| property(bytes));
    assert!(held.is_ok(), "{what}");
}

#[test]
fn what_was_found_stays_fixed() {
    let findings = project().join("tests/fuzz/findings");
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for folder in entries(&findings) {
        let name = folder.file_name().expect("a name").to_string_lossy();
        let target = fuzz::TARGETS.iter().find(|(target, _)| *target == name);
        let (target, property) = target.unwrap_or_else(|| panic!("no target «{name}»"));
        known.insert(target);
        for path in entries(&folder) {
            let bytes = fs::read(&path).expect("a finding");
            hold(*property, &bytes, &path.display().to_string());
        }
    }
    assert!(!known.is_empty());
}

/// `SEEDS=folder` writes them there, for the fuzzer to begin with.
#[test]
fn the_seeds_hold() {
    let folder = std::env::var_os("SEEDS").map(PathBuf::from);
    for (target, property) in fuzz::TARGETS {
        let seeds = fuzz::seeds::of(target, project());
        assert!(seeds.len() > 4, "{target}");
        // Each takes its time: of thousands some do.
        let step = seeds.len() / 40 + 1;
        for (index, bytes) in seeds.iter().enumerate() {
            if let Some(folder) = &folder {
                let folder = folder.join(target);
                fs::create_dir_all(&folder).expect("a folder");
                fs::write(folder.join(format!("{index:04}")), bytes).expect("a seed");
            } else if index % step == 0 {
                hold(property, bytes, &format!("{target}, seed {index}"));
            }
        }
    }
}

/// Tables whose rows mostly have equally many cells, and every kind of quote in them: the records
/// taken many at a time are those taken one by one.
#[test]
fn tables_of_odd_cells_hold() {
    const CELLS: [&str; 16] = [
        "",
        "7",
        "12",
        "3,50",
        "да",
        "сад № 5 «Берёзка» на улице",
        "\"a\"",
        "\"\"",
        "\"a;b,c\"",
        "\"МБДОУ \"\"Сад\"\"\"",
        "МБДОУ \"Сад\"",
        "a\"b",
        "\"a",
        "\"a\nb;c\"",
        "\"a\" ",
        "'",
    ];
    let mut state = 2025u64;
    let mut choose = |most: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((state >> 33) % most as u64) as usize
    };
    for _ in 0..1500 {
        let choice = choose(256);
        let delimiter = char::from(b";\t,|\x1f"[choice % 5]);
        let mut bytes = vec![choice as u8, choose(256) as u8, choose(256) as u8];
        let (width, odd) = (choose(6) + 1, [6, 10, CELLS.len()][choose(3)]);
        let end = ["\n", "\r\n", "\r"][choose(3)];
        for _ in 0..choose(90) {
            let own = if choose(20) == 0 {
                choose(7) + 1
            } else {
                width
            };
            let cells: Vec<&str> = (0..own)
                .map(|_| {
                    let most = if choose(4) == 0 { odd } else { 6 };
                    CELLS[choose(most)]
                })
                .collect();
            bytes.extend(cells.join(&delimiter.to_string()).bytes());
            bytes.extend(end.bytes());
        }
        let what = String::from_utf8_lossy(&bytes).into_owned();
        hold(fuzz::records::hold, &bytes, &what);
    }
}
