//! Encodings: how often the letters of a short text mislead the guess; one report in any of them.

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use aleysk::read::letters::guess;
use aleysk::source::{Encoding, Spot};
use serde_json::Value;
use support::{Data, Dice};

const SINGLE_BYTE: [Encoding; 4] = [
    Encoding::Windows1251,
    Encoding::Ibm866,
    Encoding::Koi8R,
    Encoding::MacCyrillic,
];

fn is_russian(letter: char) -> bool {
    matches!(letter, 'А'..='я' | 'Ё' | 'ё')
}

/// All files below a folder with one of these endings, as one text.
fn texts(folder: &Path, endings: &[&str]) -> String {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let mut all = String::new();
    for path in paths {
        let ending = path.extension().map(|ending| ending.to_string_lossy());
        if path.is_dir() {
            all += &texts(&path, endings);
        } else if ending.is_some_and(|ending| endings.contains(&&*ending)) {
            let bytes = fs::read(&path).expect("a file");
            // The examples in other encodings say nothing new.
            all += &String::from_utf8(bytes).unwrap_or_default();
        }
    }
    all
}

/// A slice with so many Russian letters, not too far from one another.
fn slice<'a>(text: &'a str, letters: usize, dice: &mut Dice) -> &'a str {
    loop {
        let mut start = dice.below(text.len());
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let rest = &text[start..];
        let mut left = letters;
        let end = rest.char_indices().find_map(|(at, letter)| {
            left -= usize::from(is_russian(letter));
            (left == 0).then_some(at + letter.len_utf8())
        });
        if let Some(end) = end.filter(|end| *end < 6 * letters) {
            return &rest[..end];
        }
    }
}

/// A file of one line in an encoding, with the line ends of its home; what the encoding lacks is
/// left out.
fn file(text: &str, encoding: Encoding) -> Vec<u8> {
    let line_end = match encoding {
        Encoding::MacCyrillic => "\r",
        _ => "\r\n",
    };
    let text = format!("ds-1;{text}\n").replace('\n', line_end);
    let letters = text
        .chars()
        .filter_map(|letter| encoding.encode(letter.encode_utf8(&mut [0; 4])));
    letters.flatten().collect()
}

/// Guesses, those that read something else than what was written, those of them that no remark
/// goes with, and all that a remark goes with.
#[derive(Clone, Copy, Default, Debug)]
struct Score {
    guesses: u32,
    wrong: u32,
    unsaid: u32,
    doubted: u32,
}

fn measure(text: &str, letters: usize, capitals: bool) -> Score {
    let mut dice = Dice::new(866);
    let mut score = Score::default();
    for _ in 0..250 {
        let mut text = slice(text, letters, &mut dice).to_owned();
        if capitals {
            text = text.to_uppercase();
        }
        for encoding in SINGLE_BYTE {
            let bytes = file(&text, encoding);
            let found = guess(&bytes);
            let is_wrong = found.encoding.decode(&bytes) != encoding.decode(&bytes);
            score.guesses += 1;
            score.wrong += u32::from(is_wrong);
            score.unsaid += u32::from(is_wrong && found.rival.is_none());
            score.doubted += u32::from(found.rival.is_some());
        }
    }
    score
}

/// So many letters, and how many guesses of a thousand may be wrong, wrong without a word, and
/// doubted. A README is rewritten often, and has letters of all sorts: twice as many there.
const LIMITS: [(usize, [u32; 3]); 6] = [
    (4, [100, 30, 250]),
    (8, [30, 8, 80]),
    (12, [15, 5, 40]),
    (20, [5, 3, 20]),
    (40, [0, 0, 10]),
    (80, [0, 0, 10]),
];

/// What comes out, in thousandths, wrong, wrong without a word, and doubted, of texts as they are
/// and in capitals (`cargo test --test encodings -- --nocapture`):
///
/// | letters | data | capitals | examples | capitals | README.ru | capitals |
/// |--:|---|---|---|---|---|---|
/// | 4 | 28, 4, 93 | 65, 18, 176 | 59, 12, 105 | 75, 16, 154 | 16, 2, 75 | 53, 14, 172 |
/// | 8 | 1, 0, 9 | 11, 2, 31 | 11, 0, 38 | 14, 0, 54 | 1, 0, 12 | 20, 5, 54 |
/// | 12 | 1, 0, 5 | 3, 0, 9 | 0, 0, 4 | 0, 0, 4 | 2, 1, 5 | 7, 3, 20 |
/// | 20 | 0, 0, 0 | 0, 0, 2 | 0, 0, 0 | 0, 0, 0 | 3, 0, 6 | 2, 2, 8 |
/// | 40 | 0, 0, 0 | 0, 0, 3 | 0, 0, 0 | 0, 0, 0 | 0, 0, 1 | 0, 0, 3 |
/// | 80 | 0, 0, 0 | 0, 0, 4 | 0, 0, 0 | 0, 0, 0 | 0, 0, 0 | 0, 0, 4 |
///
/// The README and the examples are texts that the table of pairs was not counted in.
#[test]
fn short_texts() {
    let project = support::project();
    let readme = fs::read_to_string(project.join("README.ru.md"));
    let sources = [
        ("data", texts(&project.join("data"), &["toml"])),
        ("examples", texts(&project.join("examples"), &["csv"])),
        ("readme", readme.expect("a text")),
    ];
    for (name, text) in &sources {
        for (letters, limits) in LIMITS {
            let limits = match *name {
                "readme" => limits.map(|limit| 2 * limit + 1),
                _ => limits,
            };
            for capitals in [false, true] {
                let score = measure(text, letters, capitals);
                let thousandths = |count: u32| (count * 1000).div_ceil(score.guesses);
                let found = [score.wrong, score.unsaid, score.doubted].map(thousandths);
                let case = if capitals { "capitals" } else { "as is" };
                println!("{name:8} {letters:2} {case:8} {found:3?}");
                assert!(
                    found
                        .iter()
                        .zip(limits)
                        .all(|(found, limit)| *found <= limit),
                    "{name}, {letters} letters, {case}: {found:?} of {limits:?}"
                );
            }
        }
    }
}

/// What is answered, and of each remark what it is about and where.
fn answer(files: &[(String, Vec<u8>)]) -> (Value, Vec<String>) {
    let mut run = Data::built_in().read_bytes(files);
    let answer = run.json(support::period("2025-12"), None);
    let issues = answer["issues"].as_array().expect("issues").iter();
    let issues = issues.map(|issue| {
        let keys = [
            "code",
            "line",
            "column",
            "cell",
            "organisation",
            "field",
            "message",
        ];
        keys.map(|key| issue[key].to_string()).join(" ")
    });
    let issues = issues.collect();
    (answer["results"].clone(), issues)
}

/// The figures and the faults of a quarter's reports are the same in every encoding.
#[test]
fn one_report_in_every_encoding() {
    let folder = support::project().join("examples/2025-Q4");
    let mut reports: Vec<(String, String)> = Vec::new();
    for name in ["additional", "committee", "kindergarten", "school"] {
        let name = format!("{name}.csv");
        let text = fs::read_to_string(folder.join(&name)).expect("UTF-8");
        // Two faults in each file.
        reports.push((
            name,
            text.replacen(";1", ";1O", 2).replace(";51;", "; 51\u{a0};"),
        ));
    }
    let plain = reports
        .iter()
        .map(|(name, text)| (name.clone(), text.clone().into_bytes()));
    let plain = answer(&plain.collect::<Vec<_>>());
    assert!(plain.1.len() >= 4, "{:#?}", plain.1);
    let encodings = support::other_encodings("");
    for (index, (id, _)) in encodings.iter().enumerate() {
        let files = reports.iter().map(|(name, text)| {
            let (_, bytes) = support::other_encodings(text).swap_remove(index);
            (name.clone(), bytes)
        });
        let found = answer(&files.collect::<Vec<_>>());
        assert_eq!(found, plain, "{id}");
    }
}

/// A report of garden 101 with its fault far down, behind many lines of notes.
fn long_report() -> String {
    let note = "Примечание № 1 😀: дети, которые посещают группы кратковременного пребывания\n";
    let mut text = "Организация;Численность воспитанников, всего;Мест по лицензии\n".to_owned();
    text += &note.repeat(30_000);
    text + "ds-101;1O0;120\nds-102;90;100\n"
}

#[test]
fn a_long_file_in_utf16_is_shown_far_down() {
    let text = long_report();
    for order in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("kindergarten-2025-12.csv");
        let bytes = support::utf16(&text, order);
        assert!(bytes.len() > 4 << 20);
        fs::write(&path, bytes).expect("written");
        let run = Data::built_in().read(&[path]);
        let faults = run.diagnostics.sorted();
        let fault = faults
            .iter()
            .find(|fault| fault.code.id() == "not-a-number");
        let place = fault
            .and_then(|fault| fault.place.clone())
            .expect("a place");
        let Spot::Cell(cell) = &place.spot else {
            panic!("no cell: {place:?}");
        };
        assert_eq!((cell.line, &*cell.name()), (30_002, "B30002"));
        let excerpt = run.sources.excerpt(&place).expect("a line");
        assert_eq!(excerpt.text, "ds-101;1O0;120");
        assert_eq!(&excerpt.text[excerpt.mark], "1O0");
    }
}

#[test]
fn standard_input_in_utf16() {
    let answer = |bytes: &[u8]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_aleysk"))
            .args([
                "check",
                "-",
                "--report-period",
                "2025-12",
                "--format",
                "json",
            ])
            .current_dir(std::env::temp_dir())
            .env_remove("ALEYSK_DATA")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a program that runs");
        let mut input = child.stdin.take().expect("piped");
        input.write_all(bytes).expect("read to the end");
        drop(input);
        let output = child.wait_with_output().expect("an end");
        serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
    };
    let text = long_report();
    let plain = answer(text.as_bytes());
    assert!(plain["issues"].to_string().contains("not-a-number"));
    let marked = format!("\u{feff}{text}");
    assert_eq!(answer(&support::utf16(&marked, u16::to_le_bytes)), plain);
    assert_eq!(answer(&support::utf16(&text, u16::to_be_bytes)), plain);
}
