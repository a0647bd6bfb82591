//! Real-world oddities, each in a small file of its own: `tests/corpus/<group>/<number>-<what>`, or
//! a folder of that name where it takes several files. Beside each stands its account, `….out`:
//!
//!     # What is odd about it, and what should come of it.
//!     # 01-cp866.csv: ibm866 ; crlf header 3
//!     # check --period 2025-12
//!
//!     $ aleysk inspect 01-cp866.csv
//!     …
//!
//! The lines with `#` are written by hand. The second sort states the facts of a file, against
//! which the program is held: its encoding, separator and line ends (`-`: none), and
//!
//!     header 3-4     the lines that its header takes, or none
//!     again 9        lines that are another header further down
//!     repeated 1     rows that say the same as the header, or number its columns
//!     unread 2       rows of a table below that no form claims
//!     records 5      rows below the header, where the csv crate cannot count them
//!
//! All else is what the program says; `SNAPSHOTS=overwrite cargo test --test corpus` writes it
//! down: read the diff before it is committed. `CORPUS=quotes/` looks only at those files.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread::{self, ScopedJoinHandle};
use std::{env, fs};

use aleysk::model::period;
use aleysk::model::quantity::Reported;
use aleysk::read::report::Options;
use aleysk::source::Encoding;
use aleysk::tally::Standing;
use serde_json::Value;
use snapbox::Data as Text;
use snapbox::report::{Palette, write_diff};
use support::{Data, Run, options};
use walkdir::WalkDir;

/// So many at least.
const AT_LEAST: usize = 150;

/// Relative, so that no folder above the project can tell a period.
const ROOT: &str = "tests/corpus";

/// One oddity.
struct Entry {
    /// `group/name`.
    name: PathBuf,
    /// The lines of its account that are written by hand.
    head: Vec<String>,
    /// Its files, by their paths from its group, and what is stated of each.
    files: Vec<(String, Facts)>,
    /// What goes before the path on the command line of `check`.
    check: Vec<String>,
}

/// What is stated of a file.
#[derive(Default)]
struct Facts {
    encoding: Option<String>,
    delimiter: Option<u8>,
    line_ending: Option<String>,
    header: Option<Range<usize>>,
    again: Vec<Range<usize>>,
    repeated: usize,
    unread: usize,
    records: Option<usize>,
}

/// The first line and the one behind the last of `3-4`.
fn lines(text: &str) -> Range<usize> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.parse::<usize>().expect("a line");
    number(first)..number(last) + 1
}

impl Facts {
    fn of(text: &str) -> Facts {
        let mut words = text.split_whitespace();
        let mut known = || words.next().expect("stated").to_owned();
        let (encoding, delimiter, line_ending) = (known(), known(), known());
        let stated = |word: &String| word != "-";
        let mut facts = Facts {
            encoding: Some(encoding).filter(stated),
            delimiter: Some(delimiter).filter(stated).map(|name| match &*name {
                "tab" => b'\t',
                "space" => b' ',
                sign => sign.as_bytes()[0],
            }),
            line_ending: Some(line_ending).filter(stated),
            ..Facts::default()
        };
        while let Some(key) = words.next() {
            let value = words.next().expect("a key and its value");
            let number = || value.parse().expect("a number");
            match key {
                "header" if value == "none" => {}
                "header" => facts.header = Some(lines(value)),
                "again" => facts.again = value.split(',').map(lines).collect(),
                "repeated" => facts.repeated = number(),
                "unread" => facts.unread = number(),
                "records" => facts.records = Some(number()),
                _ => panic!("{key}: no such fact"),
            }
        }
        facts
    }

    /// The records below the header that are not blank, counted without the program's reader.
    fn count(&self, bytes: &[u8]) -> usize {
        if let Some(records) = self.records {
            return records;
        }
        let Some(encoding) = &self.encoding else {
            return 0;
        };
        let encoding = encoding.trim_end_matches("-bom");
        let encoding = encoding_rs::Encoding::for_label(encoding.as_bytes()).expect("an encoding");
        let text = encoding.decode(bytes).0;
        let mut rest = &*text;
        for _ in 1..self.header.as_ref().map_or(1, |header| header.end) {
            let end = rest.find(['\r', '\n']).expect("a line below the header");
            let end = end
                + if rest[end..].starts_with("\r\n") {
                    2
                } else {
                    1
                };
            rest = &rest[end..];
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter.unwrap_or(b';'))
            .from_reader(rest.as_bytes());
        let is_text = |c: char| !c.is_whitespace() && !c.is_control();
        let records = reader.records().map(|record| record.expect("a record"));
        let records = records.filter(|record| record.iter().any(|cell| cell.contains(is_text)));
        records.count()
    }
}

impl Entry {
    fn open(account: &Path) -> Entry {
        let text = fs::read_to_string(account).expect("an account in UTF-8");
        let head: Vec<String> = text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .map(str::to_owned)
            .collect();
        let path = account.with_extension("");
        let group = account.parent().expect("a group");
        let mut paths: Vec<PathBuf> = WalkDir::new(input(&path))
            .into_iter()
            .map(|entry| entry.expect("an input").into_path())
            .filter(|path| path.is_file())
            .collect();
        paths.sort();
        let files = paths.iter().map(|path| {
            let name = path.strip_prefix(group).expect("below").to_string_lossy();
            let start = format!("# {name}: ");
            let mut facts = head.iter().filter_map(|line| line.strip_prefix(&start));
            let facts = facts.next();
            let facts = facts.unwrap_or_else(|| panic!("{}: «{start}»", account.display()));
            (name.into_owned(), Facts::of(facts))
        });
        let check = head.iter().find_map(|line| line.strip_prefix("# check "));
        let check = check.unwrap_or_else(|| panic!("{}: «# check »", account.display()));
        Entry {
            name: path.strip_prefix(ROOT).expect("below").to_owned(),
            files: files.collect(),
            check: check.split_whitespace().map(str::to_owned).collect(),
            head,
        }
    }

    fn account(&self) -> PathBuf {
        let mut account = Path::new(ROOT).join(&self.name).into_os_string();
        account.push(".out");
        account.into()
    }

    /// What is given on the command line.
    fn path(&self) -> String {
        let path = input(&Path::new(ROOT).join(&self.name));
        let name = path.file_name().expect("a name");
        name.to_string_lossy().into_owned()
    }

    /// The flags of `check` that have to do with reading.
    fn reading(&self) -> Vec<String> {
        let reading = ["--encoding", "--delimiter", "--report-period"];
        let pairs = self.check.chunks(2);
        let pairs = pairs.filter(|pair| reading.contains(&&*pair[0]));
        pairs.flatten().cloned().collect()
    }

    fn run(&self, command: &str, flags: &[String], more: &[&str]) -> Output {
        let output = Command::new(env!("CARGO_BIN_EXE_aleysk"))
            .arg(command)
            .args(flags)
            .args(more)
            .arg(self.path())
            .current_dir(self.account().parent().expect("a group"))
            .env_remove("ALEYSK_DATA")
            .env("COLUMNS", "100")
            .env("NO_COLOR", "1")
            .output();
        output.expect("a program that runs")
    }

    /// What a flag of `check` is given.
    fn flag(&self, name: &str) -> Option<&str> {
        let at = self.check.iter().position(|word| word == name)?;
        self.check.get(at + 1).map(String::as_str)
    }

    fn read(&self, data: &Data) -> Run {
        let options = Options {
            encoding: self.flag("--encoding").and_then(Encoding::from_id),
            delimiter: self.flag("--delimiter").map(|sign| sign.as_bytes()[0]),
            report_period: self.flag("--report-period").and_then(period::read),
            ..options()
        };
        let group = self.account();
        let group = group.parent().expect("a group");
        let paths = self.files.iter().map(|(name, _)| group.join(name));
        data.read_with(&paths.collect::<Vec<_>>(), &options)
    }

    /// What the program says of it.
    fn said(&self, run: &mut Run) -> String {
        let inspected = self.run("inspect", &self.reading(), &[]);
        let checked = self.run("check", &self.check, &[]);
        let period = self.flag("--period").expect("a period to check");
        let command = |name: &str, flags: &[String]| {
            let words = [vec![name.to_owned()], flags.to_vec(), vec![self.path()]].concat();
            format!("\n$ aleysk {}\n", words.join(" "))
        };
        let mut said = self.head.join("\n") + "\n";
        said += &command("inspect", &self.reading());
        said += &text(&inspected.stdout);
        said += &text(&inspected.stderr);
        said += &format!("exit {}\n", inspected.status.code().unwrap_or(-1));
        said += &command("check", &self.check);
        if checked.stderr == inspected.stderr && !checked.stderr.is_empty() {
            said += "the same remarks\n";
        } else {
            said += &text(&checked.stderr);
        }
        said += &format!("exit {}\n", checked.status.code().unwrap_or(-1));
        said += &results(&run.json(support::period(period), None));
        said + &taken(run)
    }

    /// Nothing is lost without a word.
    fn hold(&self, run: &Run) -> Vec<String> {
        let rows = self.run("inspect", &self.reading(), &["--rows", "--format", "json"]);
        let rows = text(&rows.stdout);
        let rows: Vec<Value> = rows
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let mut faults = Vec::new();
        if rows.len() != self.files.len() || run.reading.files.len() != self.files.len() {
            return vec![format!("{} files are inspected", rows.len())];
        }
        for (index, (name, facts)) in self.files.iter().enumerate() {
            let path = self.account().with_file_name("").join(name);
            let bytes = fs::read(path).expect("an input");
            let mut held = Held {
                facts,
                count: facts.count(&bytes),
                faults: Vec::new(),
            };
            held.inspected(&rows[index]);
            held.conserved(run, index);
            faults.extend(held.faults.iter().map(|fault| format!("{name}: {fault}")));
        }
        faults
    }
}

/// The file or folder that an account is about.
fn input(path: &Path) -> PathBuf {
    if path.exists() {
        return path.to_owned();
    }
    let group = fs::read_dir(path.parent().expect("a group")).expect("a folder");
    let stem = path.file_name();
    let mut files = group.map(|entry| entry.expect("an entry").path());
    let own = files.find(|file| {
        file.file_stem() == stem && file.extension().is_none_or(|ending| ending != "out")
    });
    own.unwrap_or_else(|| panic!("{}.out is about nothing", path.display()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The figures that came out: proposal, indicator, numerator and denominator.
fn results(answer: &Value) -> String {
    let mut out = String::new();
    for result in answer["results"].as_array().expect("results") {
        if result["numerator"].is_null() {
            continue;
        }
        let show = |key: &str| match &result[key] {
            Value::Null => "…".to_owned(),
            Value::String(text) => text.clone(),
            number => number.to_string(),
        };
        let (proposal, indicator) = (show("proposal"), show("indicator"));
        let (numerator, denominator) = (show("numerator"), show("denominator"));
        writeln!(out, "{proposal} {indicator}: {numerator} / {denominator}").expect("a text");
    }
    out
}

/// The values that were taken, report by report.
fn taken(run: &Run) -> String {
    let mut out = String::from("\ntaken\n");
    let tally = &run.reading.tally;
    for (index, form) in run.data.plan().forms.iter().enumerate() {
        for period in tally.periods(index) {
            for organisation in tally.reporters(index, period) {
                let who = &tally.register.organisations[organisation as usize].id;
                write!(out, "{} {period} {who}:", form.id).expect("a text");
                if tally.standing(index, organisation, period) == Standing::Conflicting {
                    out += " conflicting\n";
                    continue;
                }
                let values = tally.values(index, organisation, period).unwrap_or(&[]);
                for (field, value) in form.fields.iter().zip(values) {
                    let value = match value.decimal() {
                        Some(value) => value.to_string(),
                        None if *value == Reported::ABSENT => continue,
                        None if *value == Reported::BLANK => "blank".into(),
                        None if value.is_left_out() => "left-out".into(),
                        None => "text".into(),
                    };
                    write!(out, " {}={value}", field.id).expect("a text");
                }
                out.push('\n');
            }
        }
    }
    out
}

/// A file held against what is stated of it.
struct Held<'a> {
    facts: &'a Facts,
    /// The records below its header.
    count: usize,
    faults: Vec<String>,
}

impl Held<'_> {
    fn equal<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, is: T, should: T) {
        if is != should {
            self.faults
                .push(format!("{what}: {is:?}, and should be {should:?}"));
        }
    }

    /// What `inspect --rows` says of it.
    fn inspected(&mut self, said: &Value) {
        let facts = self.facts;
        let delimiter = facts.delimiter.map(|sign| char::from(sign).to_string());
        self.equal(
            "encoding",
            said["encoding"].as_str(),
            facts.encoding.as_deref(),
        );
        self.equal(
            "delimiter",
            said["delimiter"].as_str(),
            delimiter.as_deref(),
        );
        self.equal(
            "line ends",
            said["line_ending"].as_str(),
            facts.line_ending.as_deref(),
        );
        let header = facts.header.as_ref().map(|lines| lines.start as u64);
        self.equal("header", said["header_line"].as_u64(), header);
        let rows = said["rows"].as_array().map_or(0, Vec::len);
        self.equal("rows", rows, self.count);
        let issues = said["issues"].as_array().map_or(0, Vec::len);
        if rows != self.count && issues == 0 {
            self.faults.push("rows are lost without a word".into());
        }
        let lines = said["row_lines"].as_array().into_iter().flatten();
        let last = facts.header.as_ref().map_or(0, |lines| lines.end);
        let within = lines
            .filter_map(Value::as_u64)
            .filter(|line| *line < last as u64);
        self.equal("rows within the header", within.count(), 0);
    }

    /// What became of each row.
    fn conserved(&mut self, run: &Run, index: usize) {
        let facts = self.facts;
        let read = &run.reading.files[index];
        let issues = run.issues();
        let name = &run.sources.get(read.file).name;
        let issues: Vec<&Value> = issues
            .iter()
            .filter(|issue| issue["file"] == **name)
            .collect();
        let outcome = &read.outcome;
        let rows = outcome.rows as usize;
        let fates = outcome.accepted + outcome.totals + outcome.unfilled;
        let fates = fates + outcome.skipped + outcome.refused;
        self.equal("rows by what became of them", fates, outcome.rows);
        self.equal(
            "repeated headers",
            outcome.repeated as usize,
            facts.repeated,
        );
        let again: usize = facts.again.iter().map(ExactSizeIterator::len).sum();
        if facts.header.is_some() && !read.blocks.is_empty() {
            let named = rows + facts.repeated + again + facts.unread;
            self.equal("rows accounted for", named, self.count);
        } else {
            let whole = issues.iter().any(|issue| issue["severity"] == "error");
            self.equal("an error about the whole", whole, true);
        }
        self.equal(
            "refused rows named",
            self.refused(&issues, outcome.refused),
            true,
        );
        let skipped = skipped(&issues);
        self.equal("skipped rows named", skipped, outcome.skipped as usize);
    }

    /// Whether errors name so many lines, or the whole file.
    fn refused(&self, issues: &[&Value], refused: u64) -> bool {
        let of = |codes: &'static [&str]| {
            let errors = issues.iter();
            errors.filter(move |issue| codes.iter().any(|code| issue["code"] == **code))
        };
        let lines: BTreeSet<u64> = of(&[
            "extra-cell",
            "unknown-organisation",
            "ambiguous-organisation",
            "wrong-kind",
            "not-open",
            "unknown-period",
        ])
        .filter_map(|issue| issue["line"].as_u64())
        .collect();
        // A measure that no form has is named once, whatever the rows; a column with a note.
        let whole = of(&["no-period", "header-width", "unknown-column"])
            .filter(|issue| issue["severity"] != "note")
            .count();
        lines.len() as u64 >= refused || whole > 0
    }
}

/// How many rows are named as no reports.
fn skipped(issues: &[&Value]) -> usize {
    let of_code = issues
        .iter()
        .filter(|issue| issue["code"] == "skipped-line");
    let messages = of_code.map(|issue| issue["message"].as_str().expect("a message"));
    let messages = messages.filter(|message| message.contains("без показателей"));
    let counts = messages.map(|message| {
        let (lines, _) = message.split_once(" без ").expect("lines");
        let (named, more) = lines.split_once(" и ещё ").unwrap_or((lines, "0"));
        named.split(',').count() + more.parse::<usize>().expect("a number")
    });
    counts.sum()
}

fn entries() -> Vec<Entry> {
    let wanted = env::var("CORPUS").unwrap_or_default();
    let mut accounts: Vec<PathBuf> = WalkDir::new(ROOT)
        .into_iter()
        .map(|entry| entry.expect("an entry").into_path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "out"))
        .filter(|path| path.to_string_lossy().contains(&wanted))
        .collect();
    accounts.sort();
    accounts
        .iter()
        .map(|account| Entry::open(account))
        .collect()
}

/// Holds an account against what comes out now, or writes it down; gives the difference.
fn compare(entry: &Entry, said: &str) -> Option<String> {
    let account = entry.account();
    let kept = fs::read_to_string(&account).expect("an account");
    if kept == said {
        return None;
    }
    if env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite") {
        fs::write(account, said).expect("written down");
        return None;
    }
    let mut difference = String::new();
    let name = entry.name.display();
    let (kept, said) = (Text::text(kept), Text::text(said.to_owned()));
    let palette = Palette::plain();
    let written = write_diff(
        &mut difference,
        &kept,
        &said,
        Some(&name),
        Some(&"now"),
        palette,
    );
    written.expect("a text");
    Some(difference)
}

#[test]
fn every_oddity_is_read_as_its_account_says() {
    let data = Data::built_in();
    let entries = entries();
    let faults = |entry: &Entry| {
        let mut run = entry.read(&data);
        let mut faults = entry.hold(&run);
        faults.extend(compare(entry, &entry.said(&mut run)));
        (!faults.is_empty())
            .then(|| format!("{}\n    {}", entry.name.display(), faults.join("\n    ")))
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let told: Vec<String> = thread::scope(|scope| {
        let parts = entries.chunks(entries.len().div_ceil(threads).max(1));
        let parts = parts.map(|part| scope.spawn(|| part.iter().filter_map(faults).collect()));
        let parts: Vec<ScopedJoinHandle<'_, Vec<String>>> = parts.collect();
        let told = parts
            .into_iter()
            .flat_map(|part| part.join().expect("no panic"));
        told.collect()
    });
    assert!(
        told.is_empty(),
        "{}\n{} of {} differ; where that is right: SNAPSHOTS=overwrite cargo test --test corpus, \
         then read the diff",
        told.join("\n"),
        told.len(),
        entries.len()
    );
}

#[test]
fn there_are_enough_of_them_and_each_is_different() {
    if env::var("CORPUS").is_ok() {
        return;
    }
    let entries = entries();
    assert!(entries.len() >= AT_LEAST, "{}", entries.len());
    let mut seen = BTreeMap::new();
    for entry in &entries {
        assert!(
            entry.head[0].len() > 2,
            "{}: say what is odd",
            entry.name.display()
        );
        for (name, _) in &entry.files {
            let path = entry.account().with_file_name("").join(name);
            let bytes = fs::read(path).expect("an input");
            assert!(bytes.len() < 8192, "{name}: small files only");
        }
        if let Some(other) = seen.insert(entry.head[0].clone(), &entry.name) {
            panic!("{} is {} again", entry.name.display(), other.display());
        }
    }
}
