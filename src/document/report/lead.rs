//! What is to be read first: what is reached, what is missed and by how much, who did not report.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::Zero;

use super::Report;
use crate::assess::Row;
use crate::assess::actual::Actual;
use crate::assess::completeness::Arrival;
use crate::assess::verdict::Status;
use crate::diagnostic::Severity;
use crate::document::explanation::capital;
use crate::document::progress::{Line, list, plan_cell, squeeze, with_unit};
use crate::document::{Cell, Tone};
use crate::model::plural::{counted, genitive, plural};
use crate::model::quantity::{Fixed, count_of};
use crate::model::resolution::Bound;

impl Report<'_> {
    /// Sentences, the most important first.
    pub fn lead(&self, lines: &[Line<'_>]) -> Vec<Cell> {
        let mut lead = vec![Cell::text(self.headline(lines))];
        for (status, words, tone) in [
            (Status::Missed, "Не достигнуто", Tone::Bad),
            (Status::Behind, "Под угрозой", Tone::Uneasy),
        ] {
            let own = lines.iter().filter(|line| has(line, status));
            lead.extend(own.map(|line| Cell::text(self.sentence(line, words)).tone(tone)));
        }
        lead.extend(self.absent());
        lead.extend(self.wanting());
        lead.extend(self.others(lines));
        lead.extend(self.unsettled(lines));
        lead
    }

    /// «Достигнуто 3 из 6 целей; не достигнуто: 1; отчитались 16 из 18 организаций».
    fn headline(&self, lines: &[Line<'_>]) -> String {
        let targets = lines.iter().filter(|line| line.target.is_some()).count();
        let count = |status| lines.iter().filter(|line| has(line, status)).count();
        let mut said = match targets {
            0 => "Измеримых целей резолюция не задаёт".to_owned(),
            _ => format!(
                "Достигнуто {} из {}",
                count(Status::Met),
                counted(targets as u128, &["цели", "целей", "целей"])
            ),
        };
        for status in [Status::Missed, Status::Behind] {
            if count(status) > 0 {
                said.push_str(&format!("; {}: {}", status.title(), count(status)));
            }
        }
        let (owing, complete) = self.reported();
        if owing > 0 {
            said.push_str(&format!(
                "; {} {complete} из {}",
                plural(
                    complete as u128,
                    &["отчиталась", "отчитались", "отчитались"]
                ),
                counted(
                    owing as u128,
                    &["организации", "организаций", "организаций"]
                )
            ));
        }
        said
    }

    /// «Достигнуто: пункты 1, 10; срок не наступил: пункт 3».
    fn others(&self, lines: &[Line<'_>]) -> Option<Cell> {
        let told: Vec<String> = [
            Status::Met,
            Status::OnTrack,
            Status::Pending,
            Status::Open,
            Status::NoData,
            Status::NoBase,
        ]
        .into_iter()
        .filter_map(|status| {
            let own = lines.iter().filter(|line| has(line, status));
            let mut numbers: Vec<String> = own
                .map(|line| self.proposal(line).number.to_string())
                .collect();
            numbers.dedup();
            let word = plural(numbers.len() as u128, &["пункт", "пункты", "пункты"]);
            let word = if numbers.len() == 1 {
                word
            } else {
                "пункты"
            };
            (!numbers.is_empty())
                .then(|| format!("{}: {word} {}", status.title(), numbers.join(", ")))
        })
        .collect();
        (!told.is_empty()).then(|| Cell::text(capital(&told.join("; "))))
    }

    /// That the last word is not said yet.
    fn unsettled(&self, lines: &[Line<'_>]) -> Option<Cell> {
        let mut targets = lines.iter().filter(|line| line.target.is_some());
        let mut said = Vec::new();
        if targets.any(|line| line.row.is_provisional()) {
            said.push("Итог предварительный: не все отчёты сданы и приняты".to_owned());
        }
        for (of_data, words) in [
            (false, "Ошибок в прочитанных отчётах"),
            (true, "Ошибок в файле обоснований"),
        ] {
            let counts = self.diagnostics.counts().iter();
            let own = counts.filter(|((severity, _, file), _)| {
                let data = file.is_some_and(|file| self.sources.is_data(file));
                *severity == Severity::Error && data == of_data
            });
            let errors: u64 = own.map(|(_, count)| count).sum();
            if errors > 0 {
                said.push(format!("{words}: {errors}, см. «Замечания к данным»"));
            }
        }
        (!said.is_empty()).then(|| Cell::text(said.join(". ")).tone(Tone::Uneasy))
    }

    /// «факт 77,00 %, план ≥ 78,45 %, не хватает 29 детей».
    pub fn facts(&self, row: &Row) -> String {
        let lines = self.progress.lines();
        let line = lines.iter().find(|line| std::ptr::eq(line.row, row));
        line.map_or_else(String::new, |line| self.figures(line, "факт ", ", план "))
    }

    /// «11. Охват дополнительным образованием: 77,00 % при плане ≥ 78,45 %, не хватает 29 детей».
    fn sentence(&self, line: &Line<'_>, words: &str) -> String {
        let proposal = self.proposal(line);
        let mut said = format!("{words}: {}. {}", proposal.number, squeeze(&proposal.topic));
        said.push_str(&self.figures(line, " — ", " при плане "));
        let out = left_out(&line.row.actual).len();
        if out > 0 {
            said.push_str(&format!(
                " (предварительно, без данных {})",
                counted(out as u128, &["организации", "организаций", "организаций"])
            ));
        }
        said
    }

    /// Value, target and what is missing, each behind its words.
    fn figures(&self, line: &Line<'_>, actual: &str, plan: &str) -> String {
        let (Some(indicator), Some(target)) = (line.indicator, line.target) else {
            return String::new();
        };
        let value = match &line.actual {
            Some(value) => with_unit(value, indicator),
            None => "значения нет".to_owned(),
        };
        let rounded = match line.row.verdict.rounds_to_target {
            true => " (округлённо)",
            false => "",
        };
        let plan_text = plan_cell(target, indicator).text;
        let mut said = format!("{actual}{value}{rounded}{plan}{plan_text}");
        if let (Some(shortfall), Some(counts)) = (&line.row.verdict.shortfall, &indicator.counts)
            && !shortfall.is_zero()
        {
            let number = Fixed::new(shortfall.clone(), 0).russian();
            let count = count_of(shortfall);
            said.push_str(&match target.bound {
                Bound::AtMost(_) => format!(", лишних: {number}\u{a0}{}", plural(count, counts)),
                _ => format!(", не хватает {number}\u{a0}{}", genitive(count, counts)),
            });
        }
        said
    }

    /// What came of the reports owed for the checked period: of each organisation how many, and how
    /// many of what.
    fn reporters(&self) -> BTreeMap<u32, Vec<Arrival>> {
        let checked = self.period();
        let mut all: BTreeMap<u32, Vec<Arrival>> = BTreeMap::new();
        for arrivals in &self.review.arrivals {
            for (index, period) in arrivals.periods.iter().enumerate() {
                if !checked.contains(*period) && period.end() != checked.end() {
                    continue;
                }
                let rows = arrivals.rows.iter();
                for (organisation, marks) in rows.filter(|(_, marks)| marks[index].is_owed()) {
                    all.entry(*organisation).or_default().push(marks[index]);
                }
            }
        }
        all
    }

    /// How many organisations owe reports for the checked period, and how many sent all of them.
    pub fn reported(&self) -> (usize, usize) {
        let all = self.reporters();
        let complete = all
            .values()
            .filter(|marks| marks.iter().all(|mark| mark.is_there()));
        (all.len(), complete.count())
    }

    /// Who did not report, or not so that it counts.
    fn absent(&self) -> Vec<Cell> {
        let all = self.reporters();
        if all.is_empty() {
            return Vec::new();
        }
        let register = self.progress.register;
        let title = |who: &u32| register.organisations[*who as usize].title();
        let there = |marks: &[Arrival]| marks.iter().filter(|mark| mark.is_there()).count();
        let mut cells = Vec::new();
        let mut say = |words: &str, names: &[&str], tone: Tone| {
            if !names.is_empty() {
                cells.push(Cell::text(format!("{words}: {}", list(names))).tone(tone));
            }
        };
        let with = |wanted: &dyn Fn(&[Arrival]) -> bool| -> Vec<&str> {
            let own = all.iter().filter(|(_, marks)| wanted(marks));
            own.map(|(who, _)| title(who)).collect()
        };
        let worst = |marks: &[Arrival]| marks.iter().copied().max();
        let none = |mark: Arrival| {
            move |marks: &[Arrival]| there(marks) == 0 && worst(marks) == Some(mark)
        };
        say("Не отчитались", &with(&none(Arrival::Missing)), Tone::Bad);
        say(
            "Прислали два разных отчёта, не учтён ни один",
            &with(&none(Arrival::Disputed)),
            Tone::Bad,
        );
        say(
            "Отчитались, но ни одно число не принято",
            &with(&none(Arrival::Faulty)),
            Tone::Bad,
        );
        let partly: Vec<String> = all
            .iter()
            .filter(|(_, marks)| (1..marks.len()).contains(&there(marks)))
            .map(|(who, marks)| format!("{} ({} из {})", title(who), there(marks), marks.len()))
            .collect();
        let partly: Vec<&str> = partly.iter().map(String::as_str).collect();
        say("Отчитались не за всё", &partly, Tone::Bad);
        let whole = |marks: &[Arrival]| there(marks) == marks.len();
        let flawed = with(&|marks| whole(marks) && worst(marks) == Some(Arrival::Flawed));
        say(
            "Отчитались, но часть чисел не принята",
            &flawed,
            Tone::Uneasy,
        );
        if cells.is_empty() {
            cells.push(Cell::text("За этот период отчитались все").tone(Tone::Good));
        }
        cells
    }

    /// Missed targets that nobody has given a reason for.
    fn wanting(&self) -> Option<Cell> {
        self.reasons?;
        let rows = self.progress.assessment.rows.iter();
        let numbers: Vec<String> = rows
            .filter(|row| row.verdict.status == Status::Missed && self.why(row).is_none())
            .map(|row| {
                let proposal = &self.progress.resolution.proposals[row.proposal];
                format!("{}. {}", proposal.number, squeeze(&proposal.topic))
            })
            .collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        (!numbers.is_empty()).then(|| {
            Cell::text(format!("Ждёт обоснования: {}", numbers.join("; "))).tone(Tone::Uneasy)
        })
    }
}

fn has(line: &Line<'_>, status: Status) -> bool {
    line.target.is_some() && line.row.verdict.status == status
}

/// Those of whom nothing is in a figure, or not all.
pub(super) fn left_out(actual: &Actual) -> BTreeSet<u32> {
    let gaps = actual.gaps.iter().filter(|gap| !gap.reason.is_partial());
    gaps.map(|gap| gap.organisation).collect()
}
