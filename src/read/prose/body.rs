//! The proposals: where they begin, and which line belongs to which.

use super::marker::{self, Marker, Style};
use super::words::{begins_large, begins_small, ends_sentence};
use super::{Part, Proposal};
use crate::model::name::printable;

/// Where the proposals begin.
pub(super) struct Start {
    /// The first line that is theirs.
    pub at: usize,
    /// Why it may be another.
    pub doubts: Vec<String>,
}

/// Beginnings of words that lead to proposals: «предлагают», «решили», «постановляет».
const LEADS: [&str; 11] = [
    "предлага",
    "предлож",
    "рекоменд",
    "решил",
    "решает",
    "решают",
    "постанов",
    "поруч",
    "обраща",
    "призыва",
    "необходимым",
];

/// Finds where the proposals begin: behind the words that lead to them, or at the first «1.».
pub(super) fn start(lines: &[&str]) -> Start {
    let leads = || (0..lines.len()).filter(|at| is_lead(lines, *at));
    // Headings may stand between: «Рекомендовать школам:», «Раздел 1».
    let followed = |at: &usize| {
        let rest = lines[at + 1..]
            .iter()
            .filter(|line| !line.trim().is_empty());
        let mut rest = rest.skip_while(|line| {
            let heading = line.trim_end().ends_with(':') || !line.trim_end().ends_with(['.', ',']);
            marker::read(line).is_none() && heading
        });
        rest.next().is_some_and(|line| marker::read(line).is_some())
    };
    if let Some(lead) = leads().find(followed) {
        return Start {
            at: lead + 1,
            doubts: Vec::new(),
        };
    }
    let first = |line: &&str| matches!(marker::read(line), Some((Marker::Number(1, _), _)));
    let (at, doubt) = match (lines.iter().position(first), leads().next_back()) {
        (Some(first), Some(lead)) if lead < first => (
            first,
            "между словами вроде «предлагают:» и первым номером стоит другой текст: он взят в \
             преамбулу",
        ),
        (Some(first), _) => (
            first,
            "слов вроде «предлагают:» перед пунктами не найдено: преамбула кончается перед первым \
             номером",
        ),
        (None, Some(lead)) => (lead + 1, "после этих слов нет ни номеров, ни тире"),
        (None, None) if lines.iter().any(|line| names_lead(line)) => (
            lines.len(),
            "слова вроде «решили» есть, но пунктов с новой строки за ними нет: весь текст взят в \
             преамбулу; запишите пункты сами, начиная каждый строкой [[proposal]]",
        ),
        (None, None) => (
            lines.len(),
            "ни пронумерованных пунктов, ни слов вроде «предлагают:» не найдено: весь текст взят в \
             преамбулу; запишите пункты сами, начиная каждый строкой [[proposal]]",
        ),
    };
    Start {
        at,
        doubts: vec![doubt.to_owned()],
    }
}

/// Whether a line ends a sentence like «Участники конференции предлагают:».
fn is_lead(lines: &[&str], at: usize) -> bool {
    if !lines[at].trim_end().ends_with(':') || marker::read(lines[at]).is_some() {
        return false;
    }
    // The sentence may have begun some lines above.
    let above = lines[..at].iter().rev();
    let above = above.take_while(|line| !line.trim().is_empty() && !ends_sentence(line));
    let sentence: Vec<&str> = above.chain([&lines[at]]).copied().collect();
    let sentence = sentence.join(" ");
    // «Р Е Ш И Л И:»
    let spaced = lines[at]
        .split_whitespace()
        .collect::<String>()
        .to_lowercase();
    let letters = lines[at].split_whitespace().count() + 1 >= spaced.chars().count();
    if letters && LEADS.iter().any(|lead| spaced.starts_with(lead)) {
        return true;
    }
    names_lead(&sentence)
}

/// Whether a text has a word that leads to proposals.
fn names_lead(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphabetic());
    words.any(|word| LEADS.iter().any(|lead| word.starts_with(lead)))
}

/// What the next line without a marker goes on with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Text,
    Item,
}

/// The number of a proposal as the text has it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    None,
    Plain(u32),
    /// `1.2` where no proposal has a number of one part.
    Inner(u32, u32),
}

struct Reader {
    proposals: Vec<Proposal>,
    /// The numbers as the text has them.
    numbers: Vec<Number>,
    /// The number of the last point, where points bear any.
    inner: Option<u32>,
    /// Paragraphs that belong to no proposal, since the last one.
    loose: Vec<String>,
    open: Open,
    /// How the first proposal is numbered; `None`: the proposals bear no numbers.
    style: Option<Style>,
    /// Without numbers: dashes begin the proposals.
    dashed: bool,
    /// Without numbers of one part: those of two begin the proposals.
    flat: bool,
    /// Roman numbers are those of sections, with figures below them.
    sections: bool,
}

/// Reads the proposals, and the paragraphs behind the last one that belong to none.
pub(super) fn read(lines: &[&str]) -> (Vec<Proposal>, Vec<String>) {
    let markers = || lines.iter().filter_map(|line| marker::read(line));
    let mut styles = markers().filter_map(|(marker, _)| match marker {
        Marker::Number(_, style) => Some(style),
        _ => None,
    });
    let first = styles.next();
    let figures = styles.find(|style| *style != Style::Roman);
    let sections = first == Some(Style::Roman) && figures.is_some();
    let mut reader = Reader {
        proposals: Vec::new(),
        numbers: Vec::new(),
        inner: None,
        loose: Vec::new(),
        open: Open::Nothing,
        style: if sections { figures } else { first },
        dashed: markers().any(|(marker, _)| marker == Marker::Dash),
        flat: first.is_none(),
        sections,
    };
    let (mut before, mut parted) = ("", false);
    for line in lines {
        if line.trim().is_empty() {
            parted = true;
            continue;
        }
        match marker::read(line) {
            Some((Marker::Inner(outer, inner), text))
                if reader.is_figure(outer, inner, text, before) =>
            {
                reader.plain(line, before, parted);
            }
            Some((marker, text)) => reader.marked(marker, text, line, before),
            None => reader.plain(line, before, parted),
        }
        (before, parted) = (line, false);
    }
    reader.number();
    (reader.proposals, reader.loose)
}

impl Reader {
    fn marked(&mut self, marker: Marker, text: &str, line: &str, before: &str) {
        match marker {
            Marker::Number(_, Style::Roman) if self.sections => self.set_aside(line),
            Marker::Number(number, style) if Some(style) == self.style => {
                self.begin(Number::Plain(number), Part::sure(text.to_owned()));
            }
            Marker::Number(number, _) => self.other_style(number, text),
            Marker::Inner(outer, inner) if self.flat || self.proposals.is_empty() => {
                self.begin(Number::Inner(outer, inner), Part::sure(text.to_owned()));
            }
            Marker::Inner(outer, inner) => self.point(outer, inner, text, before),
            Marker::Dash if self.style.is_none() && !self.flat_begun() => {
                self.begin(Number::None, Part::sure(text.to_owned()));
            }
            Marker::Dash if self.proposals.is_empty() => self.set_aside(line),
            Marker::Dash if !self.loose.is_empty() => self.item(Part::doubtful(
                text.to_owned(),
                "перед этим подпунктом в тексте стоит абзац без номера",
            )),
            Marker::Dash if self.inner.is_some() => self.item(Part::doubtful(
                text.to_owned(),
                "в тексте это часть подпункта, который стоит выше",
            )),
            Marker::Dash => self.item(Part::sure(text.to_owned())),
        }
    }

    /// Whether the proposals bear numbers of two parts.
    fn flat_begun(&self) -> bool {
        let inner = |number: &Number| matches!(number, Number::Inner(..));
        self.flat && self.numbers.iter().any(inner)
    }

    /// «…долю до» and, on the next line, «2.5 процента»: a figure, no number of a point.
    fn is_figure(&self, outer: u32, inner: u32, text: &str, before: &str) -> bool {
        let next = match self.numbers.last() {
            Some(Number::Plain(last)) => {
                outer == *last && inner == self.inner.unwrap_or_default() + 1
            }
            Some(Number::Inner(major, minor)) => {
                (outer, inner) == (*major, minor + 1) || (outer, inner) == (major + 1, 1)
            }
            Some(Number::None) | None => false,
        };
        !next && self.open != Open::Nothing && !ends_sentence(before) && !begins_large(text)
    }

    /// `2.1` below `2.`
    fn point(&mut self, outer: u32, inner: u32, text: &str, before: &str) {
        let mut item = Part::sure(text.to_owned());
        match self.numbers.last() {
            Some(Number::Plain(last)) if *last != outer => item
                .doubts
                .push(format!("в тексте номер {outer}.{inner}, а пункт — {last}")),
            _ if inner != self.inner.unwrap_or_default() + 1 => {
                item.doubts.push(format!("в тексте номер {outer}.{inner}"));
            }
            _ if !ends_sentence(before) && !begins_large(text) => item.doubts.push(format!(
                "«{outer}.{inner}» взято как номер подпункта: возможно, это число"
            )),
            _ => {}
        }
        if !self.loose.is_empty() {
            let doubt = "перед этим подпунктом в тексте стоит абзац без номера";
            item.doubts.push(doubt.to_owned());
        }
        self.inner = Some(inner);
        self.item(item);
    }

    /// «1)» below «1.» is a point of it; «2)» among «1.» and «3.» is a slip.
    fn other_style(&mut self, number: u32, text: &str) {
        let next = number == self.inner.unwrap_or_default() + 1;
        let last = self
            .proposals
            .last()
            .filter(|_| next && self.loose.is_empty());
        let Some(last) = last else {
            return self.begin(
                Number::Plain(number),
                Part::doubtful(
                    text.to_owned(),
                    "номер записан не так, как у первого пункта: возможно, это подпункт",
                ),
            );
        };
        let leads = !last.items.is_empty() || last.text.value.trim_end().ends_with(':');
        self.inner = Some(number);
        self.item(match leads {
            true => Part::sure(text.to_owned()),
            false => Part::doubtful(
                text.to_owned(),
                "взято как подпункт: номер записан не так, как у пунктов",
            ),
        });
    }

    /// A line without a marker: it goes on with the line before, or is a paragraph of its own.
    fn plain(&mut self, line: &str, before: &str, parted: bool) {
        let ended = ends_sentence(before);
        let list = before.trim_end().ends_with([':', ';']);
        match self.open {
            Open::Nothing if self.style.is_none() && !self.dashed => {
                self.begin(Number::None, Part::sure(line.to_owned()));
            }
            Open::Nothing => self.set_aside(line),
            _ if self.is_empty() => self.go_on(line),
            _ if list
                && !parted
                && (self.open == Open::Text || before.trim_end().ends_with(';')) =>
            {
                self.item(Part::doubtful(
                    line.trim_start().to_owned(),
                    "строка без тире взята как подпункт",
                ));
            }
            _ if !ended && (begins_small(line) || !parted) => {
                self.go_on(line);
                if begins_large(line) || parted {
                    self.doubt(format!(
                        "строка «{}» присоединена к предыдущей: возможно, это отдельный абзац",
                        beginning(line)
                    ));
                }
            }
            _ if self.style.is_none() && !self.dashed => {
                self.begin(Number::None, Part::sure(line.to_owned()));
            }
            _ => self.set_aside(line),
        }
    }

    fn begin(&mut self, number: Number, text: Part<String>) {
        self.inner = None;
        self.numbers.push(number);
        self.proposals.push(Proposal {
            number: Part::sure(0),
            text,
            items: Vec::new(),
            aims: Vec::new(),
            before: std::mem::take(&mut self.loose),
        });
        self.open = Open::Text;
    }

    fn item(&mut self, item: Part<String>) {
        if let Some(last) = self.proposals.last_mut() {
            last.items.push(item);
            self.open = Open::Item;
        }
    }

    fn set_aside(&mut self, line: &str) {
        self.loose.push(line.to_owned());
        // What follows it belongs with it.
        self.open = Open::Nothing;
    }

    fn current(&mut self) -> Option<&mut Part<String>> {
        let last = self.proposals.last_mut()?;
        match self.open {
            Open::Item => last.items.last_mut(),
            _ => Some(&mut last.text),
        }
    }

    /// Whether the text of what is open is still to come.
    fn is_empty(&self) -> bool {
        self.proposals.last().is_some_and(|last| {
            let part = match self.open {
                Open::Item => last.items.last(),
                _ => Some(&last.text),
            };
            part.is_some_and(|part| part.value.trim().is_empty())
        })
    }

    fn doubt(&mut self, doubt: String) {
        if let Some(part) = self.current() {
            part.doubts.push(doubt);
        }
    }

    /// A line that goes on with the line before, as Word breaks them.
    fn go_on(&mut self, line: &str) {
        let Some(part) = self.current() else { return };
        let (text, line) = (&mut part.value, line.trim_start());
        if text.ends_with('\u{ad}') {
            text.pop();
        } else if text.ends_with('-') && !text.ends_with(" -") {
            part.doubts.push(format!(
                "дефис в конце строки перед «{}»: возможно, это знак переноса",
                beginning(line)
            ));
        } else if !text.is_empty() && !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        text.push_str(line);
    }

    /// The numbers of the text where they rise; else one after another.
    fn number(&mut self) {
        let plain = |number: &Number| match number {
            Number::Plain(number) => Some(*number).filter(|number| *number > 0),
            _ => None,
        };
        let numbers: Option<Vec<u32>> = self.numbers.iter().map(plain).collect();
        let rises = |numbers: Vec<u32>| numbers.windows(2).all(|pair| pair[0] < pair[1]);
        let kept = numbers.is_some_and(rises);
        let mut last = 0;
        for (proposal, number) in self.proposals.iter_mut().zip(&self.numbers) {
            let next = last + 1;
            proposal.number = match *number {
                Number::Plain(number) if kept => Part {
                    value: number,
                    doubts: gap(last, number),
                },
                Number::Plain(number) if number == next => Part::sure(next),
                Number::Plain(number) => Part::doubtful(
                    next,
                    format!(
                        "в тексте номер {number}: номера там повторяются или идут не по порядку, \
                         здесь пункты пронумерованы подряд"
                    ),
                ),
                Number::Inner(outer, inner) => Part::doubtful(
                    next,
                    format!(
                        "в тексте номер {outer}.{inner}: номером пункта бывает только целое, здесь \
                         пункты пронумерованы подряд"
                    ),
                ),
                Number::None => Part::doubtful(next, "в тексте пункт без номера"),
            };
            last = proposal.number.value;
            if proposal.text.value.trim().is_empty() {
                let doubt = "после номера текста нет: впишите его";
                proposal.text.doubts.push(doubt.to_owned());
            }
        }
    }
}

fn gap(last: u32, number: u32) -> Vec<String> {
    match (last, number - last) {
        (_, 1) => Vec::new(),
        (0, _) => vec![format!("пункты в тексте начинаются с {number}")],
        (_, 2) => vec![format!("пункта {} в тексте нет", last + 1)],
        _ => vec![format!("пунктов {}–{} в тексте нет", last + 1, number - 1)],
    }
}

/// The first words of a line, for a message.
fn beginning(line: &str) -> String {
    const SHOWN: usize = 30;
    let line = line.trim();
    let short: String = line.chars().take(SHOWN).collect();
    let more = if short.len() < line.len() { "…" } else { "" };
    printable(&format!("{}{more}", short.trim_end()))
}
