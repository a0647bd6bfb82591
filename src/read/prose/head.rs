//! What stands before the proposals: the title, the event, the day.

use jiff::civil::Date;

use super::Part;
use super::calendar::{self, Day};
use super::words::{Word, first_sentence, words};

const OPENING: [char; 3] = ['«', '"', '“'];
const CLOSING: [char; 3] = ['»', '"', '”'];

/// The title: the first lines in quotation marks, else «на тему «…»», else what the text begins with.
pub(super) fn title(head: &[&str]) -> Part<String> {
    let quoted = |line: &&str| line.trim_start().starts_with(OPENING);
    if let Some(first) = head.iter().position(quoted) {
        let block = head[first..]
            .iter()
            .take_while(|line| !line.trim().is_empty());
        let block: Vec<&str> = block.copied().collect();
        let closes = |line: &&str| line.trim_end().ends_with(CLOSING);
        let last = block.iter().position(closes).unwrap_or(block.len() - 1);
        return Part::sure(block[..=last].join("\n"));
    }
    let theme = head.iter().find_map(|line| {
        let words = words(line);
        let word = |word: &&Word| matches!(word.text.as_str(), "тема" | "тему" | "теме");
        let after = &line[words.iter().find(word)?.range.end..];
        let start = after.find(OPENING)?;
        let end = after.rfind(CLOSING).filter(|end| *end > start)?;
        let closing = after[end..].chars().next().map_or(0, char::len_utf8);
        Some(&after[start..end + closing])
    });
    if let Some(theme) = theme {
        return Part::sure(theme.to_owned());
    }
    let block = head
        .iter()
        .skip_while(|line| line.trim().is_empty() || is_draft_mark(line));
    let block: Vec<&str> = block
        .take_while(|line| !line.trim().is_empty())
        .copied()
        .collect();
    let doubt = match block.is_empty() {
        true => "названия в тексте не найдено: впишите его",
        false => "названия в кавычках в тексте не найдено: взято начало текста",
    };
    Part::doubtful(block.join("\n"), doubt)
}

const VERBS: [&str; 14] = [
    "состоялась",
    "состоялось",
    "состоялся",
    "состоялись",
    "прошла",
    "прошло",
    "прошел",
    "прошли",
    "проведена",
    "проведено",
    "проведен",
    "проведены",
    "проходит",
    "проходила",
];

/// Where a line says that something was held.
fn verb(words: &[Word]) -> Option<&Word> {
    words
        .iter()
        .find(|word| VERBS.contains(&word.text.as_str()))
}

/// What was held: the words behind «состоялась».
pub(super) fn event(head: &[&str]) -> Part<Option<String>> {
    let told = head.iter().find_map(|line| {
        let verb = verb(&words(line))?.range.clone();
        Some((
            &line[..verb.start],
            first_sentence(&line[verb.end..]).trim(),
        ))
    });
    match told {
        Some((_, behind)) if begins_a_name(behind) => Part::sure(Some(behind.to_owned())),
        Some((before, _)) if !before.trim().is_empty() => Part::doubtful(
            Some(before.trim().to_owned()),
            "взято то, что стоит перед словом «прошла» или «состоялась»",
        ),
        _ => Part::doubtful(
            None,
            "слов «состоялась …» в тексте нет: впишите, какая конференция приняла резолюцию",
        ),
    }
}

/// Not «в городе», not «26 августа».
fn begins_a_name(text: &str) -> bool {
    let first = words(text);
    let first = first.first().map_or("", |word| word.text.as_str());
    first.chars().count() > 2 && first.starts_with(char::is_alphabetic)
}

/// The day: the one of the line that says what was held, else of a line that says little else, else
/// one that stands behind the proposals.
pub(super) fn date(head: &[&str], behind: &[String]) -> Part<Option<Date>> {
    let above = head.iter().flat_map(|line| days(line));
    let above = above.min_by_key(|(rank, _)| *rank);
    let below = behind.iter().flat_map(|line| days(line));
    let below = || below.min_by_key(|(rank, _)| *rank);
    let (day, doubt) = match (above, above.is_none().then(below).flatten()) {
        (Some((0 | 1, day)), _) => (day, None),
        (Some((_, day)), _) => (
            day,
            Some("взята первая дата текста: возможно, это не день принятия"),
        ),
        (None, Some((_, day))) => (day, Some("день взят из текста после пунктов")),
        (None, None) => {
            return Part::doubtful(None, "дня принятия в тексте не найдено: впишите его");
        }
    };
    let mut doubts: Vec<String> = doubt.map(str::to_owned).into_iter().collect();
    if let Some(year) = day.year {
        let value = day.date(year);
        return Part { value, doubts };
    }
    let named = head.iter().find_map(|line| {
        let (year, range) = calendar::named_year(&words(line))?;
        Some((year, around(line, range.end)))
    });
    let Some((year, place)) = named else {
        doubts.push("год у дня принятия в тексте не назван: впишите дату".to_owned());
        return Part {
            value: None,
            doubts,
        };
    };
    doubts.push(format!("год взят из слов «{place}»"));
    let value = day.date(year);
    Part { value, doubts }
}

/// The days of a line: 0 where it says that something was held, 1 where it says little else.
fn days(line: &str) -> Vec<(u8, Day)> {
    let words = words(line);
    let held = verb(&words).is_some();
    let mut days = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((day, used)) = calendar::day(&words[at..]) else {
            at += 1;
            continue;
        };
        at += used;
        // «от 13.07.2020 № 189-ФЗ» is the day of a law.
        let numbered = words.get(at).is_some_and(|word| word.text.starts_with('№'));
        // «Протокол № 3 от 01.09.2026»
        let since = at - used > 0 && words[at - used - 1].text == "от";
        let numbered = numbered || since && line.contains('№');
        let several = words[at - used].text.contains(['-', '–', '—']);
        let rank = match (held, words.len() - used) {
            _ if numbered => 3,
            _ if several => 2,
            (true, _) => 0,
            (false, 0..=5) => 1,
            _ => 2,
        };
        days.push((rank, day));
    }
    days
}

/// The words of a line up to a place, no more than four.
fn around(line: &str, end: usize) -> String {
    let before: Vec<&str> = line[..end].split_whitespace().collect();
    before[before.len().saturating_sub(4)..].join(" ")
}

/// Whether the text calls itself a draft.
pub(super) fn is_draft(head: &[&str]) -> bool {
    let bracketed = |line: &str| line.to_lowercase().contains("(проект)");
    head.iter()
        .any(|line| is_draft_mark(line) || bracketed(line))
}

fn is_paper(word: &str) -> bool {
    let stems = ["резолюц", "решени", "постановл", "рекоменд"];
    stems.iter().any(|stem| word.starts_with(stem))
}

fn is_draft_mark(line: &str) -> bool {
    let words = words(line);
    let first = words.first().map_or("", |word| word.text.as_str());
    let second = words.get(1).map_or("", |word| word.text.as_str());
    first == "проект" && (words.len() == 1 || is_paper(second))
}
