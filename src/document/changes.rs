//! What `diff` shows of two resolutions, worded once.

use super::progress::{Line, Progress, actual_cell, due_text, plan_cell, squeeze, status_tone};
use super::{Block, Cell, Column, Document, Mark, Run, Squeeze, Table, Tone, catalogue};
use crate::assess::Subject;
use crate::compare::suggest::Suggestion;
use crate::compare::words::{Op, Segment};
use crate::compare::{Aim, Change, Comparison, Kind, Measurability, Part, demand_the_same};
use crate::model::Plan;
use crate::model::indicator::Indicator;
use crate::model::period::russian_date;
use crate::model::plural::counted;
use crate::model::resolution::{Adoption, Resolution, Target};

/// What `diff` found.
pub struct Changes<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Both resolutions, held against each other.
    pub comparison: &'a Comparison<'a>,
    /// Which data folder was used.
    pub data: String,
    /// Where the new resolution's targets stand, if reports were read.
    pub progress: Option<Progress<'a>>,
    /// Likely predecessors, if they were asked for.
    pub suggestions: Option<Vec<(usize, Vec<Suggestion>)>>,
}

impl<'a> Changes<'a> {
    /// The document.
    pub fn document(&self) -> Document {
        let lines = self.progress.as_ref().map(Progress::lines);
        let lines = lines.unwrap_or_default();
        let mut blocks = vec![Block::Table(self.table(&lines))];
        let parts = [
            self.sections(),
            self.texts(Kind::New),
            self.texts(Kind::Dropped),
            self.preamble(),
            self.notes(&lines),
            self.suggested(),
        ];
        for (title, own) in parts.into_iter().flatten() {
            let sheet = "Что изменилось";
            blocks.push(Block::Part { title, sheet });
            blocks.extend(own);
        }
        let (old, new) = (self.comparison.old, self.comparison.new);
        Document {
            title: match old.id == new.id {
                true => format!("Резолюция {}: сравнение с ней самой", title(old)),
                false => format!("Резолюции {} и {}: что изменилось", title(old), title(new)),
            },
            subtitle: self.subtitle(),
            blocks,
        }
    }

    fn subtitle(&self) -> Vec<String> {
        let Comparison { old, new, .. } = self.comparison;
        let one = |resolution: &Resolution| {
            format!(
                "{} — {}, {}",
                resolution.id,
                russian_date(resolution.date),
                points(resolution.proposals.len())
            )
        };
        let count = |kind| self.comparison.count(kind);
        let mut subtitle = vec![
            format!("{}; {}", one(old), one(new)),
            format!(
                "Изменено: {}, без изменений: {}, новых: {}, снято: {}",
                count(Kind::Changed),
                count(Kind::Unchanged),
                count(Kind::New),
                count(Kind::Dropped)
            ),
        ];
        let (before, after) = (Measurability::of(old), Measurability::of(new));
        subtitle.push(format!(
            "Целей с числом в тексте: {}\u{a0}→\u{a0}{}, целей со сроком: {}\u{a0}→\u{a0}{}, всего \
             измеримых целей: {}\u{a0}→\u{a0}{}",
            before.numbers,
            after.numbers,
            before.deadlines,
            after.deadlines,
            before.targets,
            after.targets
        ));
        if let Some(progress) = &self.progress {
            let period = progress.assessment.question.period.title();
            subtitle.push(format!(
                "Факт — на конец периода: {period}; подробно: aleysk check"
            ));
        }
        if !self.comparison.is_linked() {
            subtitle.push(format!(
                "Пункты резолюции {} не связаны с пунктами {} (ключ continues), поэтому ни один не \
                 назван продолжением",
                new.id, old.id
            ));
        }
        subtitle
    }

    fn table(&self, lines: &[Line<'_>]) -> Table {
        let mut columns = vec![
            Column::text("Был"),
            Column::text("Стал"),
            Column::text("Пункт"),
            Column::text("Итог"),
            Column::text("Как").below(3, Squeeze::None),
            Column::text("Измеримая цель").below(2, Squeeze::More),
        ];
        if self.progress.is_some() {
            columns.push(Column::text("Статус"));
            columns.push(Column::figures("Факт").below(6, Squeeze::More));
        }
        let details = ["Ушли слова", "Пришли слова", "Прежний текст", "Новый текст"];
        columns.extend(details.map(|title| Column::text(title).detail()));
        columns.push(Column::text("Основание").detail());
        let changes = self.comparison.changes.iter();
        Table {
            title: String::new(),
            columns,
            rows: changes.map(|change| self.row(change, lines)).collect(),
            ..Table::default()
        }
    }

    fn row(&self, change: &Change, lines: &[Line<'_>]) -> Vec<Cell> {
        let tone = match change.kind {
            Kind::Changed => Tone::Uneasy,
            Kind::New => Tone::Good,
            Kind::Dropped => Tone::Plain,
            Kind::Unchanged => Tone::Faint,
        };
        let number = |numbers: Vec<String>| match &numbers[..] {
            [] => Cell::nothing(),
            // On its own a spreadsheet takes it for a day of March.
            [item] if item.contains('.') => Cell::text(format!("п. {item}")),
            _ => Cell::text(numbers.join(", ")),
        };
        let mut row = vec![
            number(self.old_numbers(change)),
            number(self.new_numbers(change)),
            Cell::text(self.topics(change)),
            Cell::text(change.kind.title()).tone(tone),
            Cell::text(self.ways(change).unwrap_or_default()),
            Cell::text(self.aims(change)),
        ];
        if self.progress.is_some() {
            row.extend(stands(&self.lines_of(change, lines)));
        }
        let side = |ops: &[Op], real: bool| {
            let own = change
                .text
                .iter()
                .filter(|segment| ops.contains(&segment.op) && !(real && segment.spelling));
            own.map(|segment| segment.text.as_str()).collect::<String>()
        };
        let texts = [
            side(&[Op::Removed], true),
            side(&[Op::Added], true),
            side(&[Op::Same, Op::Removed], false),
            side(&[Op::Same, Op::Added], false),
            change.why.join("\n"),
        ];
        row.extend(texts.map(|text| Cell::text(text.trim())));
        row
    }

    fn lines_of<'l>(&self, change: &Change, lines: &'l [Line<'a>]) -> Vec<&'l Line<'a>> {
        let aims = change.new_targets(self.comparison.new);
        let own = lines
            .iter()
            .filter(|line| aim(line).is_some_and(|aim| aims.contains(&aim)));
        own.collect()
    }

    fn old_numbers(&self, change: &Change) -> Vec<String> {
        let parts = change.old.iter();
        parts.map(|part| part.number(self.comparison.old)).collect()
    }

    fn new_numbers(&self, change: &Change) -> Vec<String> {
        let proposals = &self.comparison.new.proposals;
        let numbers = change
            .new
            .iter()
            .map(|&at| proposals[at].number.to_string());
        numbers.collect()
    }

    /// The new headings; those of the old ones where nothing came after them.
    fn topics(&self, change: &Change) -> String {
        let Comparison { old, new, .. } = self.comparison;
        let mut topics: Vec<String> = Vec::new();
        let ours = change.new.iter().map(|&at| &new.proposals[at].topic);
        let theirs = change
            .old
            .iter()
            .map(|part| &old.proposals[part.proposal].topic);
        let all: Vec<&String> = match change.new.is_empty() {
            true => theirs.collect(),
            false => ours.collect(),
        };
        for topic in all.into_iter().map(|topic| squeeze(topic)) {
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        }
        topics.join("; ")
    }

    /// «объединены 4 и 13», «разделён на 7 и 8», «1 — в 1 и 2, 2.3 — в 2», «часть пункта 3»,
    /// «через 2023/4».
    fn ways(&self, change: &Change) -> Option<String> {
        let mut ways = Vec::new();
        let (old, new) = (self.old_numbers(change), self.new_numbers(change));
        match (old.len(), new.len()) {
            (2.., 2..) => ways.extend(self.went(change, &change.old)),
            (2.., 1) => ways.push(format!("объединены {}", list(&old))),
            (1, 2..) => ways.push(format!("разделён на {}", list(&new))),
            _ => {}
        }
        if let (
            [
                Part {
                    proposal,
                    item: Some(_),
                },
            ],
            false,
        ) = (&change.old[..], new.is_empty())
        {
            let number = self.comparison.old.proposals[*proposal].number;
            ways.push(format!("часть пункта {number}"));
        }
        let mut via: Vec<String> = Vec::new();
        for one in change.ties.iter().flat_map(|tie| &tie.via) {
            if !via.contains(one) {
                via.push(one.clone());
            }
        }
        if !via.is_empty() {
            ways.push(format!("через {}", list(&via)));
        }
        (!ways.is_empty()).then(|| ways.join(", "))
    }

    /// Where some parts of the old text went: «3.1 и 3.2 — в 11».
    fn went(&self, change: &Change, parts: &[Part]) -> Vec<String> {
        let Comparison { old, new, .. } = self.comparison;
        let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        for part in parts {
            let ties = change.ties.iter().filter(|tie| tie.old == *part);
            let after = ties.map(|tie| new.proposals[tie.new].number.to_string());
            let after: Vec<String> = after.collect();
            match groups.last_mut() {
                Some((before, own)) if *own == after => before.push(part.number(old)),
                _ => groups.push((vec![part.number(old)], after)),
            }
        }
        let told = groups.iter().map(|(before, after)| match after.is_empty() {
            true => format!("{} — снят", list(before)),
            false => format!("{} — в {}", list(before), list(after)),
        });
        told.collect()
    }

    /// «не задана → ≥ 78,45 %, до 31.12.2025»
    fn aims(&self, change: &Change) -> String {
        let short = |target: &Target, indicator: &Indicator| {
            let plan = plan_cell(target, indicator).text;
            format!("{plan}, {}", due_text(target))
        };
        let all = self.targets(change, short);
        // What one indicator is wanted to be is said under the heading of the proposal itself.
        if let [(_, told)] = &all[..] {
            return told.clone();
        }
        let told = all
            .iter()
            .map(|(indicator, told)| format!("{}: {told}", indicator.name));
        let told: Vec<String> = told.collect();
        if told.is_empty() {
            return "не задана".into();
        }
        told.join("; ")
    }

    /// The words that went and came, change by change.
    fn sections(&self) -> Option<Titled> {
        let changed = self.comparison.changes.iter();
        let changed = changed.filter(|change| change.kind == Kind::Changed);
        let mut blocks: Vec<Block> = changed.map(|change| self.section(change)).collect();
        if blocks.is_empty() {
            return None;
        }
        let run = |text: &str, mark| Run {
            text: text.into(),
            mark,
        };
        let legend = Block::Words {
            title: String::new(),
            paragraphs: vec![vec![
                run("Слова отмечены так: ", Mark::Same),
                run("ушли", Mark::Removed),
                run(", ", Mark::Same),
                run("пришли", Mark::Added),
                run(".", Mark::Same),
            ]],
            lines: Vec::new(),
        };
        blocks.insert(0, legend);
        Some(("Изменены".into(), blocks))
    }

    fn section(&self, change: &Change) -> Block {
        let mut lines: Vec<String> = Vec::new();
        lines.extend(self.ways(change));
        lines.extend(
            change
                .why
                .iter()
                .map(|why| format!("основание: {}", squeeze(why))),
        );
        for (what, names) in [
            ("ушли", &change.names.removed),
            ("пришли", &change.names.added),
        ] {
            if !names.is_empty() {
                let names: Vec<String> = names
                    .iter()
                    .map(|name| format!("«{}»", squeeze(name)))
                    .collect();
                lines.push(format!("{what} названия: {}", names.join(", ")));
            }
        }
        let words = |target: &Target, indicator: &Indicator| {
            let text = catalogue::target_text(target, indicator);
            format!("{text} (слова: «{}»)", squeeze(&target.quote))
        };
        let targets = self.targets(change, words);
        lines.extend(
            targets
                .iter()
                .map(|(indicator, told)| format!("измеримая цель: {} — {told}", indicator.name)),
        );
        if targets.is_empty() {
            lines.push("измеримая цель: не задана".into());
        }
        Block::Words {
            title: format!(
                "{} → {}. {}",
                self.old_numbers(change).join(", "),
                self.new_numbers(change).join(", "),
                self.topics(change)
            ),
            paragraphs: paragraphs(&change.text),
            lines,
        }
    }

    /// What each indicator's target was and is, as `one` words it.
    fn targets(
        &self,
        change: &Change,
        one: impl Fn(&Target, &Indicator) -> String,
    ) -> Vec<(&'a Indicator, String)> {
        let Comparison { old, new, .. } = self.comparison;
        let told = |(before, after): (Option<Aim>, Option<Aim>)| {
            let before = before.map(|aim| aim.of(old));
            let after = after.map(|aim| aim.of(new));
            let indicator = &self.plan.indicators[after.or(before)?.indicator];
            let text = |target: Option<&Target>| match target {
                Some(target) => one(target, indicator),
                None => "не задана".into(),
            };
            let texts = (text(before), text(after));
            let told = match (before, after) {
                _ if change.old.is_empty() => texts.1,
                _ if change.new.is_empty() => texts.0,
                (Some(before), Some(after)) if texts.0 == texts.1 => {
                    match demand_the_same(before, after) {
                        true => texts.1,
                        false => format!("{} (изменены база, вехи или сравнение)", texts.1),
                    }
                }
                _ => format!("{} → {}", texts.0, texts.1),
            };
            Some((indicator, told))
        };
        let pairs = change.targets(old, new).into_iter();
        pairs.filter_map(told).collect()
    }

    /// The words of what came or went as a whole.
    fn texts(&self, kind: Kind) -> Option<Titled> {
        let new = self.comparison.new;
        let changes = self.comparison.changes.iter();
        let lines: Vec<String> = changes
            .filter(|change| change.kind == kind)
            .map(|change| {
                let numbers = match kind {
                    Kind::New => self.new_numbers(change),
                    _ => self.old_numbers(change),
                };
                let text: String = change.text.iter().map(|one| one.text.as_str()).collect();
                format!("{}. {}", numbers.join(", "), squeeze(&text))
            })
            .collect();
        let title = match kind {
            Kind::New => format!("Новые в {}", new.id),
            _ => format!(
                "Сняты, то есть в тексте {} не названы; это не значит, что работа прекращена",
                new.id
            ),
        };
        (!lines.is_empty()).then(|| (title, vec![notes(lines)]))
    }

    fn preamble(&self) -> Option<Titled> {
        let paragraphs = &self.comparison.preamble;
        let same = paragraphs.iter().filter(|one| one.kind == Kind::Unchanged);
        let count = same.count();
        let all = paragraphs.len();
        if all == 0 {
            return None;
        }
        let all_told = counted(all as u128, &PARAGRAPHS);
        if count == all {
            let same = format!("без изменений: {all_told}");
            return Some(("Вводная часть".into(), vec![notes(vec![same])]));
        }
        let words = Block::Words {
            title: String::new(),
            paragraphs: paragraphs.iter().map(|one| runs(&one.text)).collect(),
            lines: Vec::new(),
        };
        let title = format!("Вводная часть: слово в слово {count} из {all} абзацев");
        Some((title, vec![words]))
    }

    fn notes(&self, lines: &[Line<'_>]) -> Option<Titled> {
        let mut all = self.apart();
        if let Some(progress) = &self.progress {
            let targets = lines.iter().filter(|line| line.target.is_some());
            all.extend(progress.all_notes(&targets.cloned().collect::<Vec<_>>()));
        }
        (!all.is_empty()).then(|| ("Пояснения".into(), vec![notes(all)]))
    }

    /// Where the items of a proposal went, and the words before them, which no comparison shows.
    fn apart(&self) -> Vec<String> {
        let Comparison { old, changes, .. } = self.comparison;
        let one = |index: usize| {
            let proposal = &old.proposals[index];
            let mut went: Vec<String> = Vec::new();
            for change in changes {
                let own = change.old.iter().copied();
                let own: Vec<Part> = own.filter(|part| part.proposal == index).collect();
                went.extend(self.went(change, &own));
            }
            format!(
                "пункт {} резолюции {} разошёлся по подпунктам: {}; слова перед ними в сравнение не \
                 входят: «{}»",
                proposal.number,
                old.id,
                went.join(", "),
                squeeze(&proposal.text)
            )
        };
        self.comparison.apart().into_iter().map(one).collect()
    }

    /// Lines for the new resolution's file.
    fn suggested(&self) -> Option<Titled> {
        let Comparison { old, new, .. } = self.comparison;
        let mut lines = Vec::new();
        for (index, suggestions) in self.suggestions.as_ref()? {
            let proposal = &new.proposals[*index];
            let heading = format!("# {}. {}", proposal.number, squeeze(&proposal.topic));
            if !lines.is_empty() {
                lines.push(String::new());
            }
            let Some((first, others)) = suggestions.split_first() else {
                lines.push(format!("{heading}: похожих пунктов нет"));
                continue;
            };
            let (link, score) = (link(old, first), remark(first));
            let known = proposal.continues.iter().map(catalogue::link_text);
            let all: Vec<String> = known.chain([link.clone()]).collect();
            let all = format!("continues = [\"{}\"]  # {score}", all.join("\", \""));
            if proposal.continues.is_empty() {
                lines.push(heading);
                lines.push(all);
                lines.push(format!("why = '{link} {}'", reason(first)));
            } else {
                lines.push(format!("{heading}: вместо нынешней строки continues"));
                lines.push(all);
                lines.push(format!("# в why допишите: {link} {}", reason(first)));
            }
            for other in others {
                let (link, score) = (self::link(old, other), remark(other));
                lines.push(format!("# или \"{link}\"  # {score}"));
            }
        }
        if lines.is_empty() {
            let title = "Подсказывать нечего: у каждого пункта есть связь".into();
            return Some((title, Vec::new()));
        }
        let title = format!(
            "Возможные связи по общим словам: строки для файла резолюции {} (в сравнение не входят; \
             проверьте каждую; вставляйте выше [[proposal.target]] пункта)",
            new.id
        );
        let code = Block::Code {
            title: String::new(),
            language: "toml",
            lines,
        };
        Some((title, vec![code]))
    }
}

/// A part of the document under its heading.
type Titled = (String, Vec<Block>);

fn notes(lines: Vec<String>) -> Block {
    Block::Notes {
        title: String::new(),
        lines,
    }
}

const PARAGRAPHS: [&str; 3] = ["абзац", "абзаца", "абзацев"];

fn title(resolution: &Resolution) -> String {
    match resolution.status {
        Adoption::Draft => format!("{} (проект)", resolution.id),
        Adoption::Adopted => resolution.id.clone(),
    }
}

fn points(count: usize) -> String {
    counted(count as u128, &["пункт", "пункта", "пунктов"])
}

/// «4 и 13», «3.1, 3.2 и 5».
fn list(numbers: &[String]) -> String {
    match numbers {
        [rest @ .., last] if !rest.is_empty() => format!("{} и {last}", rest.join(", ")),
        _ => numbers.concat(),
    }
}

/// The target that a line is about.
pub(crate) fn aim(line: &Line<'_>) -> Option<Aim> {
    match line.row.subject {
        Subject::Target(target) => Some(Aim {
            proposal: line.row.proposal,
            target,
        }),
        _ => None,
    }
}

/// The status of each target and its actual.
fn stands(lines: &[&Line<'_>]) -> [Cell; 2] {
    let status = |line: &Line<'_>| {
        let provisional = match line.row.is_provisional() {
            true => ", предварительно",
            false => "",
        };
        format!("{}{provisional}", line.row.verdict.status.title())
    };
    if let ([line], Some(indicator)) = (lines, lines.first().and_then(|line| line.indicator)) {
        let tone = status_tone(line.row.verdict.status);
        return [
            Cell::text(status(line)).tone(tone),
            actual_cell(line, indicator),
        ];
    }
    let mut stands = [Vec::new(), Vec::new()];
    for (line, indicator) in lines
        .iter()
        .filter_map(|line| Some((line, line.indicator?)))
    {
        stands[0].push(format!("{}: {}", indicator.name, status(line)));
        stands[1].push(format!(
            "{}: {}",
            indicator.name,
            actual_cell(line, indicator).text
        ));
    }
    stands.map(|texts| match texts.is_empty() {
        true => Cell::nothing(),
        false => Cell::text(texts.join("; ")),
    })
}

/// Each text of either side, and each of its lines, as a paragraph of its own.
fn paragraphs(segments: &[Segment]) -> Vec<Vec<Run>> {
    let mut all: Vec<Vec<Segment>> = vec![Vec::new()];
    for segment in segments {
        let lines = match segment.spelling {
            true => vec![segment.text.as_str()],
            false => segment.text.split('\n').collect(),
        };
        for (index, text) in lines.into_iter().enumerate() {
            if index > 0 {
                all.push(Vec::new());
            }
            if let Some(last) = all.last_mut() {
                last.push(Segment {
                    text: text.to_owned(),
                    ..segment.clone()
                });
            }
        }
    }
    let paragraphs = all.iter().map(|segments| runs(segments));
    paragraphs
        .filter(|runs| runs.iter().any(|run| !run.text.trim().is_empty()))
        .collect()
}

/// Segments as they are read: another spelling is no mark, marked words end where they end.
fn runs(segments: &[Segment]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut push = |text: &str, mark: Mark| match runs.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.mark == mark => last.text.push_str(text),
        _ => runs.push(Run {
            text: text.to_owned(),
            mark,
        }),
    };
    let mut spaced = true;
    for segment in segments {
        let mark = match (segment.op, segment.spelling) {
            (Op::Removed, true) => continue,
            (Op::Same, _) | (Op::Added, true) => Mark::Same,
            (Op::Removed, false) => Mark::Removed,
            (Op::Added, false) => Mark::Added,
        };
        let text = &segment.text;
        let starts = text.starts_with(char::is_whitespace);
        if !spaced && (starts || mark != Mark::Same) {
            push(" ", Mark::Same);
        }
        push(&squeeze(text), mark);
        spaced = text.trim().is_empty() && spaced;
        if text.ends_with(char::is_whitespace) && !spaced {
            push(" ", Mark::Same);
            spaced = true;
        }
    }
    runs
}

fn link(old: &Resolution, suggestion: &Suggestion) -> String {
    format!("{}/{}", old.id, suggestion.old.number(old))
}

/// «0,21: общие слова целевом, педагогических»
fn remark(suggestion: &Suggestion) -> String {
    let score = format!("{:.2}", suggestion.score).replace('.', ",");
    let words = suggestion.words.iter().map(|(_, new)| new.as_str());
    format!(
        "{score}: общие слова {}",
        words.collect::<Vec<_>>().join(", ")
    )
}

/// The words of both texts.
fn reason(suggestion: &Suggestion) -> String {
    let quoted = |words: Vec<&str>| format!("«{}»", words.join(", "));
    let old = suggestion.words.iter().map(|(old, _)| old.as_str());
    let new = suggestion.words.iter().map(|(_, new)| new.as_str());
    format!("{} → {}", quoted(old.collect()), quoted(new.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::words::segments;

    fn shown(old: &str, new: &str) -> String {
        let runs = runs(&segments(old, new));
        let shown = runs.iter().map(|run| {
            let (open, close) = run.mark.signs();
            format!("{open}{}{close}", run.text)
        });
        shown.collect()
    }

    #[test]
    fn marks_stand_beside_their_words() {
        for (old, new, expected) in [
            ("один два три", "один пять три", "один [−два−] {+пять+} три"),
            ("один", "один два", "один {+два+}"),
            ("один два", "один", "один [−два−]"),
            ("а\nб", "в", "[−а б−] {+в+}"),
            (" ребенок  и", "ребёнок и", "ребёнок и"),
            ("а б", "б", "[−а−] б"),
            ("", "", ""),
        ] {
            assert_eq!(shown(old, new).trim(), expected);
        }
    }
}
