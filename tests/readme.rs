//! The READMEs tell the truth.
//!
//! Every block marked `console` is played: a line that begins with `$ ` is a command, the lines
//! below it are all that it prints at `COLUMNS=100`, first what goes to standard output, then what
//! goes to standard error. Commands that begin with `aleysk` or `cargo run --release -- ` are run;
//! others are left as they stand.
//!
//! A fenced block below a line that is nothing but a file's name in backquotes is that file. It is
//! written into a folder of the README's own, in the order of the text, so that a file shown again
//! replaces the first. A command that names something in that folder or writes a file is run there,
//! any other in the root of the repository.
//!
//! `SNAPSHOTS=overwrite cargo test --test readme` writes what the program prints now.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use aleysk::assess::verdict::Status;
use snapbox::IntoData;
use tempfile::TempDir;

const READMES: [&str; 2] = ["README.md", "README.ru.md"];

#[test]
fn the_readmes_show_what_the_program_prints() {
    for name in READMES {
        let shown = read(name);
        let played = play(&shown);
        if std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite") {
            overwrite(&root().join(name), &played.text);
            continue;
        }
        for (printed, shown) in played.blocks {
            snapbox::assert_data_eq!(printed, shown.raw());
        }
        assert!(
            played.text == shown,
            "{name} is not laid out as it would be rewritten"
        );
    }
}

#[test]
fn links_and_files_named_are_there() {
    for name in READMES {
        let text = read(name);
        let played = play(&text);
        let prose = prose(&text);
        for target in links(&prose) {
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = if file.is_empty() { name } else { file };
            assert!(root().join(file).exists(), "{name}: no file {file}");
            assert!(
                anchor.is_empty() || anchors(&read(file)).contains(anchor),
                "{name}: {file} has no heading #{anchor}"
            );
        }
        let places = [root(), root().join("data"), played.folder.path().to_owned()];
        for file in inline_code(&prose).filter(|code| names_a_file(code)) {
            assert!(
                places.iter().any(|place| place.join(&file).exists()),
                "{name}: no file {file}"
            );
        }
    }
}

#[test]
fn options_and_statuses_are_those_of_the_program() {
    let mut help = run("check --help", &root());
    help.push_str(&run("explain --help", &root()));
    help.push_str(&run("report --help", &root()));
    help.push_str(&run("diff --help", &root()));
    help.push_str(&run("inspect --help", &root()));
    help.push_str(&run("init --help", &root()));
    help.push_str(&run("show --help", &root()));
    help.push_str(&run("template --help", &root()));
    help.push_str(&run("export --help", &root()));
    help.push_str(&run("sql --help", &root()));
    help.push_str(&run("--help", &root()));
    let known: BTreeSet<String> = flags(&help).collect();
    for name in READMES {
        let text = read(name);
        for code in inline_code(&prose(&text)).filter(|code| !code.starts_with("cargo ")) {
            for flag in flags(&code) {
                assert!(known.contains(&flag), "{name}: no option {flag}");
            }
        }
        for status in Status::ALL {
            let row = |line: &str| {
                line.starts_with("| ") && line.contains(&format!("| {} |", status.title()))
            };
            assert!(text.lines().any(row), "{name}: no row for {status:?}");
        }
    }
    let english = read(READMES[0]);
    for status in Status::ALL {
        let row = format!("| `{}` | {} |", status.id(), status.title());
        assert!(english.contains(&row), "no row {row}");
    }
}

#[test]
fn the_ci_runs_the_tests_and_the_check_that_the_readme_names() {
    // A packaged crate leaves the CI's script out.
    if root().join(".cargo_vcs_info.json").exists() {
        return;
    }
    let script = read(".ci/run").replace(" --locked", "");
    let readme = read(READMES[0]);
    let first: Vec<&str> = commands(&readme)
        .filter(|command| command.starts_with("cargo "))
        .take(2)
        .collect();
    assert_eq!(
        first,
        [
            "cargo run --release -- check examples/2025-Q4",
            "cargo test"
        ]
    );
    for command in first {
        assert!(
            script.lines().any(|line| line.trim() == command),
            ".ci/run does not run `{command}`"
        );
    }
}

/// At one stroke: the other tests may be reading it.
fn overwrite(path: &Path, text: &str) {
    let new = path.with_extension("md.new");
    fs::write(&new, text).expect("the README can be written");
    fs::rename(&new, path).expect("the README can be replaced");
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        .replace("\r\n", "\n")
}

/// A README with the output of every command as it is now, its `console` blocks as they are now and
/// as they are shown, and the files that it sets up.
struct Played {
    text: String,
    blocks: Vec<(String, String)>,
    folder: TempDir,
}

/// Plays a README from top to bottom.
fn play(text: &str) -> Played {
    let folder = tempfile::tempdir().expect("a folder");
    let mut played = String::new();
    let mut blocks = Vec::new();
    let mut title = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        push(&mut played, line);
        let Some(language) = line.strip_prefix("```") else {
            if !line.is_empty() {
                title = line;
            }
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some(file) = file_name(title) {
            write(&folder.path().join(file), &block);
        }
        let mut shown = String::new();
        block.iter().for_each(|line| push(&mut shown, line));
        if language == "console" {
            let printed = play_console(&block, folder.path());
            played.push_str(&printed);
            blocks.push((printed, shown));
        } else {
            played.push_str(&shown);
        }
        push(&mut played, "```");
        title = "";
    }
    Played {
        text: played,
        blocks,
        folder,
    }
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// A block's commands, each with what it prints; a blank line between two of them.
fn play_console(block: &[&str], folder: &Path) -> String {
    let mut played = String::new();
    let mut lines = block.iter().peekable();
    while let Some(line) = lines.next() {
        let command = line
            .strip_prefix("$ ")
            .unwrap_or_else(|| panic!("a command was expected: {line}"));
        let mut shown = String::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
            push(&mut shown, line);
        }
        push(&mut played, line);
        let printed = match ours(command) {
            Some(arguments) => run(arguments, &place_of(arguments, folder)),
            None => shown,
        };
        let printed = printed.trim_matches('\n');
        if !printed.is_empty() {
            push(&mut played, printed);
        }
        if lines.peek().is_some() {
            played.push('\n');
        }
    }
    played
}

/// The arguments of a command that runs this program.
fn ours(command: &str) -> Option<&str> {
    command
        .strip_prefix("cargo run --release -- ")
        .or_else(|| command.strip_prefix("aleysk "))
}

/// Where a command is run: beside the README's own files where it names one of them or writes one.
fn place_of(arguments: &str, folder: &Path) -> PathBuf {
    let own = words(arguments)
        .iter()
        .any(|word| !word.starts_with('-') && folder.join(word).exists());
    let writes = words(arguments)
        .iter()
        .any(|word| matches!(word.as_str(), "-o" | "--output" | "--output-dir"));
    if own || writes {
        folder.to_owned()
    } else {
        root()
    }
}

/// What the program prints: standard output, then standard error, as a terminal shows them (the
/// byte order mark and the line ends that a CSV has for Excel do not show).
fn run(arguments: &str, place: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_aleysk"))
        .args(words(arguments))
        .current_dir(place)
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("ALEYSK_DATA")
        .output()
        .expect("the program runs");
    assert!(output.status.code().is_some(), "killed: {arguments}");
    [output.stdout, output.stderr]
        .map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
        .concat()
        .replace("\r\n", "\n")
        .replace('\u{feff}', "")
}

/// A command's words; quotes keep spaces.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in command.chars() {
        match letter {
            '"' | '\'' if quote == Some(letter) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(letter),
            ' ' if quote.is_none() => words.push(String::new()),
            _ => words.last_mut().expect("one at least").push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `` `name` ``, and nothing else on the line.
fn file_name(line: &str) -> Option<&str> {
    let name = line.strip_prefix('`')?.strip_suffix('`')?;
    (!name.contains('`')).then_some(name)
}

fn write(path: &Path, lines: &[&str]) {
    let folder = path.parent().expect("a file stands in a folder");
    fs::create_dir_all(folder).expect("a folder can be made");
    fs::write(path, lines.join("\n") + "\n").expect("a file can be written");
}

/// The commands of the `console` blocks.
fn commands(text: &str) -> impl Iterator<Item = &str> {
    text.split("```console\n")
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("$ "))
}

/// The text without its fenced blocks.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            push(&mut prose, line);
        }
    }
    prose
}

/// What stands in backquotes.
fn inline_code(prose: &str) -> impl Iterator<Item = String> + '_ {
    prose
        .split("\n\n")
        .flat_map(|paragraph| paragraph.split('`').skip(1).step_by(2))
        .map(|code| code.replace('\n', " "))
}

/// Something that is meant to be in the repository, in `data/` or among the README's own files.
fn names_a_file(code: &str) -> bool {
    let name = code.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    let endings = [".md", ".rs", ".toml", ".csv", "run"];
    !code.contains([' ', '*', '<'])
        && !code.starts_with("./")
        && (code.ends_with('/') || endings.iter().any(|ending| name.ends_with(ending)))
        && !endings.contains(&code)
}

/// The targets of links within the repository.
fn links(prose: &str) -> Vec<String> {
    prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://"))
        .map(str::to_owned)
        .collect()
}

/// The anchors of the headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    prose(text)
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .replace(' ', "-")
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
                .collect()
        })
        .collect()
}

/// `--option` words.
fn flags(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| word.starts_with("--") && word.len() > 2)
        .map(str::to_owned)
}
