//! TOML files that a person completes: a resolution begun from its text, and in [`notes`] reasons.

pub mod notes;

use std::fmt::Write;

use crate::model::period::russian_date;
use crate::read::prose::{Aim, Bound, Part, Proposal, Prose};

/// What the file is made of besides the text.
pub struct Origin<'a> {
    /// The resolution's id.
    pub id: &'a str,
    /// Why it may be another.
    pub id_doubt: Option<&'a str>,
    /// The name of the text's file, where it has one.
    pub file: Option<&'a str>,
    /// What a command needs besides to find the folder: « --data папка», or nothing.
    pub data: &'a str,
}

/// A line that says what is not sure begins so, so that it can be found.
pub const DOUBT: &str = "# ?";

/// The whole file.
pub fn resolution(prose: &Prose, origin: &Origin<'_>) -> String {
    let mut text = heading(origin);
    if let Some(doubt) = origin.id_doubt {
        remark(&mut text, doubt);
    }
    key(&mut text, "id", &format!("\"{}\"", origin.id));
    part(&mut text, "title", &prose.title);
    optional(&mut text, "event", "'…'", &prose.event, |event| {
        string(event)
    });
    optional(
        &mut text,
        "date",
        "2026-08-26",
        &prose.date,
        ToString::to_string,
    );
    let status = if prose.is_draft { "draft" } else { "adopted" };
    key(&mut text, "status", &format!("\"{status}\""));
    key(&mut text, "source", &string(&source(prose, origin.file)));
    part(&mut text, "preamble", &prose.preamble);
    for proposal in &prose.proposals {
        push_proposal(&mut text, proposal);
    }
    loose(&mut text, &prose.behind);
    text
}

fn heading(origin: &Origin<'_>) -> String {
    format!(
        "\
#:schema ../.schemas/resolution.json
# Резолюция, начатая из {}.
# title, event, preamble, text и items перенесены дословно: исправлять их нельзя.
#
# Что сделать:
#   1. Найти в файле строки, которые начинаются с «# ?»: там программа не уверена и сказано почему.
#      Проверить и убрать.
#   2. Заменить topic короткими заголовками своими словами: они стоят в таблицах. Пока это начало
#      пункта.
#   3. Где в пункте есть число или срок, под ним заготовлена цель. Чтобы цель заработала, убрать «# »
#      в начале её строк и вписать показатель (все показатели: aleysk show indicators).
#      quote — слова пункта, которые ставят цель: цель, слов которой в пункте нет, не принимается.
#      Показатель без цели пишется у пункта так: watch = [\"id показателя\"].
#   4. Проверить: aleysk show {}{}

",
        origin
            .file
            .map_or("текста".to_owned(), |file| format!("файла {}", comment(file))),
        origin.id,
        comment(origin.data)
    )
}

/// «Исходный текст резолюции от 27.08.2025, файл resolution-2025.txt».
fn source(prose: &Prose, file: Option<&str>) -> String {
    let mut text = "Исходный текст резолюции".to_owned();
    if let Some(date) = prose.date.value {
        let _ = write!(text, " от {}", russian_date(date));
    }
    if prose.is_draft {
        text.push_str(" с грифом «ПРОЕКТ»");
    }
    if let Some(file) = file {
        let _ = write!(text, ", файл {file}");
    }
    if !prose.has_address {
        text.push_str("; адрес публикации в нём не указан");
    }
    text
}

fn push_proposal(text: &mut String, proposal: &Proposal) {
    loose(text, &proposal.before);
    text.push_str("\n[[proposal]]\n");
    remarks(text, &proposal.number.doubts);
    key(text, "number", &proposal.number.value.to_string());
    key(text, "topic", &string(&topic(&proposal.text.value)));
    part(text, "text", &proposal.text);
    if !proposal.items.is_empty() {
        text.push_str("items = [\n");
        for item in &proposal.items {
            for doubt in &item.doubts {
                let _ = writeln!(text, "    {DOUBT} {}", comment(doubt));
            }
            let _ = writeln!(text, "    {},", string(&item.value));
        }
        text.push_str("]\n");
    }
    for aim in &proposal.aims {
        push_aim(text, aim);
    }
}

/// A target, of which nothing holds until a person says so.
fn push_aim(text: &mut String, aim: &Aim) {
    text.push_str("\n# Похоже на цель:\n");
    remarks(text, &aim.doubts);
    let mut push = |line: &str| {
        let _ = writeln!(text, "# {line}");
    };
    push("[[proposal.target]]");
    push("indicator = \"…\"");
    match &aim.bound {
        Bound::AtLeast(number) => push(&format!("at_least = {number}")),
        Bound::AtMost(number) => push(&format!("at_most = {number}")),
        Bound::MoreThanBase => {
            push(
                "more_than_base = true    # больше, чем было: base = { period = \"2025\", value = 7 }",
            );
        }
        Bound::Open => push("at_least = …"),
        Bound::Unknown => push("at_least = 1"),
    }
    if aim.maintain {
        push("maintain = true");
    }
    if let Some(due) = aim.due {
        push(&format!("due = \"{due}\""));
    }
    push(&format!("quote = {}", string(&aim.quote)));
}

/// The beginning of a proposal, as long as a heading.
fn topic(text: &str) -> String {
    const LONGEST: usize = 45;
    let mut topic = String::new();
    for word in text.split_whitespace() {
        if !topic.is_empty() && topic.chars().count() + word.chars().count() >= LONGEST {
            let end = topic.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
            topic.truncate(end);
            topic.push('…');
            return topic;
        }
        if !topic.is_empty() {
            topic.push(' ');
        }
        topic.push_str(word);
    }
    let end = topic.trim_end_matches(['.', ';', ':', ',']).len();
    topic.truncate(end);
    topic
}

/// Paragraphs that belong to no proposal.
fn loose(text: &mut String, paragraphs: &[String]) {
    if paragraphs.is_empty() {
        return;
    }
    text.push('\n');
    remark(
        text,
        "этот текст стоит здесь без номера и ни в один пункт не вошёл:",
    );
    for paragraph in paragraphs {
        let _ = writeln!(text, "#   {}", comment(paragraph));
    }
}

fn part(text: &mut String, name: &str, part: &Part<String>) {
    remarks(text, &part.doubts);
    key(text, name, &string(&part.value));
}

/// A key, or the line to be completed where nothing is known.
fn optional<T>(
    text: &mut String,
    name: &str,
    example: &str,
    part: &Part<Option<T>>,
    show: impl Fn(&T) -> String,
) {
    remarks(text, &part.doubts);
    match &part.value {
        Some(value) => key(text, name, &show(value)),
        None => key(text, &format!("# {name}"), example),
    }
}

fn key(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "{name} = {value}");
}

fn remarks(text: &mut String, doubts: &[String]) {
    doubts.iter().for_each(|doubt| remark(text, doubt));
}

fn remark(text: &mut String, doubt: &str) {
    let _ = writeln!(text, "{DOUBT} {}", comment(doubt));
}

/// What may stand in a comment.
fn comment(text: &str) -> String {
    let harmless = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(harmless).collect()
}

/// A TOML string, as it stands wherever that can be.
fn string(text: &str) -> String {
    let plain = |c: char| !c.is_control() || c == '\t';
    if text.chars().all(plain) && !text.contains('\'') {
        return format!("'{text}'");
    }
    let lines = text.contains('\n') && text.chars().all(|c| plain(c) || c == '\n');
    if lines && !text.contains("'''") && !text.ends_with('\'') {
        return format!("'''\n{text}'''");
    }
    let mut escaped = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            letter if letter.is_control() => {
                let _ = write!(escaped, "\\u{:04X}", u32::from(letter));
            }
            letter => escaped.push(letter),
        }
    }
    escaped.push('"');
    escaped
}
