//! What is known beforehand, written out: the register, the periods, the rows of the answer.

use super::dialect::Holds;
use super::{Facts, Step, Writer, clean};
use crate::assess::By;
use crate::model::organisation::Organisation;
use crate::query::inquiry::{EARLIER, Look, window_id};
use crate::render::csv::disarm;

/// Stands for any report older than the window.
pub(super) const ANY_EARLIER: &str = "earlier";

impl Writer<'_> {
    /// The tables written out.
    pub(super) fn tables(&self) -> Vec<Step> {
        let mut steps = vec![self.rows_table()];
        if self.inquiry.register().declared {
            steps.push(self.register_table());
            if self.inquiry.by == Some(By::Parent) {
                steps.push(self.parents_table());
            }
        }
        if !self.inquiry.looks.is_empty() {
            steps.push(self.sights_table());
            if self.inquiry.register().declared {
                steps.push(self.owed_table());
            }
            steps.push(self.uses_table());
        }
        steps
    }

    fn table(
        &self,
        name: &str,
        comment: &[&str],
        columns: &[(&str, Holds)],
        rows: &[Vec<String>],
    ) -> Step {
        debug_assert!(super::STEPS.contains(&name), "{name}");
        Step {
            comment: comment.iter().map(|line| clean(line)).collect(),
            text: self.dialect.values(name, columns, rows),
        }
    }

    fn rows_table(&self) -> Step {
        let rows: Vec<Vec<String>> = (1..)
            .zip(&self.inquiry.rows)
            .map(|(row, asked): (u32, _)| {
                let number = self.inquiry.resolution.proposals[asked.proposal].number;
                let indicator = asked
                    .indicator
                    .map(|index| &self.inquiry.plan.indicators[index].id);
                vec![
                    row.to_string(),
                    self.text(&number.to_string()),
                    self.text(indicator.map_or("", String::as_str)),
                ]
            })
            .collect();
        self.table(
            "answer",
            &["Строки ответа: пункты резолюции по порядку, у каждого цели, затем справочные показатели."],
            &[("row_number", Holds::Number), ("proposal", Holds::Text), ("indicator", Holds::Text)],
            &rows,
        )
    }

    /// An id as the long table has it.
    fn key(&self, organisation: &Organisation) -> String {
        match self.facts.first() {
            Some(Facts::Csv(_)) => self.text(&disarm(&organisation.id)),
            _ => self.text(&organisation.id),
        }
    }

    fn register_table(&self) -> Step {
        let day = |day: Option<jiff::civil::Date>| {
            day.map_or_else(|| "NULL".to_owned(), |day| self.dialect.day(day))
        };
        let end = self.inquiry.period.end();
        let all = self.inquiry.register().organisations.iter();
        let rows: Vec<Vec<String>> = (1u32..)
            .zip(all)
            .filter(|(_, who)| !who.implied)
            .map(|(position, who)| {
                vec![
                    position.to_string(),
                    self.key(who),
                    self.text(&who.id),
                    self.text(&who.kind),
                    day(who.opened),
                    day(who.closed),
                    u32::from(who.open_on(end)).to_string(),
                ]
            })
            .collect();
        self.table(
            "register",
            &["Реестр: кто и когда обязан отчитываться; is_open — действует в последний день периода."],
            &[
                ("position", Holds::Number),
                ("organisation", Holds::Text),
                ("id", Holds::Text),
                ("kind", Holds::Text),
                ("opened", Holds::Day),
                ("closed", Holds::Day),
                ("is_open", Holds::Number),
            ],
            &rows,
        )
    }

    fn parents_table(&self) -> Step {
        let register = self.inquiry.register();
        let is_parent: Vec<u32> = register.parents();
        let mut rows = Vec::new();
        for (index, who) in (0u32..).zip(&register.organisations) {
            let mut above = Some(index);
            while let Some(at) = above {
                let up = &register.organisations[at as usize];
                if is_parent.binary_search(&at).is_ok() && !who.implied {
                    rows.push(vec![(at + 1).to_string(), self.text(&up.id), self.key(who)]);
                }
                above = up.parent;
            }
        }
        self.table(
            "parents",
            &["Кто в кого входит: сама организация и все, что над ней."],
            &[
                ("position", Holds::Number),
                ("id", Holds::Text),
                ("organisation", Holds::Text),
            ],
            &rows,
        )
    }

    /// A look's name: the form and the window.
    pub(super) fn look(&self, look: &Look) -> String {
        let form = &self.inquiry.plan.forms[look.form].id;
        format!("{form} {}", window_id(look.window))
    }

    fn sights_table(&self) -> Step {
        let mut rows = Vec::new();
        for look in &self.inquiry.looks {
            let form = &self.inquiry.plan.forms[look.form].id;
            let mut push = |period: &str, nearness: u32, covers: u32| {
                rows.push(vec![
                    self.text(&self.look(look)),
                    self.text(form),
                    self.text(period),
                    nearness.to_string(),
                    covers.to_string(),
                ]);
            };
            for sight in &look.sees {
                push(&sight.period.to_string(), sight.nearness, sight.covers);
            }
            if look.before.is_some() {
                push(ANY_EARLIER, EARLIER, 0);
            }
        }
        self.table(
            "sights",
            &[
                "Какие отчёты видны из окна показателя: nearness 0 — внутри окна; если их нет, берётся один",
                "с наименьшим nearness: период которого содержит проверяемый, а после всех — новейший прежний",
                "(earlier). covers — за какие из ожидаемых периодов отчёт, по биту на период.",
            ],
            &[
                ("look", Holds::Text),
                ("form", Holds::Text),
                ("period", Holds::Text),
                ("nearness", Holds::Number),
                ("covers", Holds::Number),
            ],
            &rows,
        )
    }

    fn owed_table(&self) -> Step {
        let mut rows = Vec::new();
        for look in &self.inquiry.looks {
            for (period, bit) in &look.owed {
                rows.push(vec![
                    self.text(&self.look(look)),
                    self.dialect.day(period.end()),
                    bit.to_string(),
                ]);
            }
        }
        self.table(
            "owed",
            &["За какие периоды форму сдают: последний день и бит периода."],
            &[
                ("look", Holds::Text),
                ("last_day", Holds::Day),
                ("period_bit", Holds::Number),
            ],
            &rows,
        )
    }

    fn uses_table(&self) -> Step {
        let inquiry = self.inquiry;
        let mut rows = Vec::new();
        for wanted in &inquiry.indicators {
            for form in &wanted.forms {
                let of =
                    |look: &&Look| (look.form, look.window) == (*form, wanted.indicator.window);
                let Some(look) = inquiry.looks.iter().find(of) else {
                    continue;
                };
                let last = look.owed.last().map_or(0, |(_, bit)| *bit);
                let as_of = inquiry.register().declared && wanted.is_as_of(inquiry.plan, *form);
                rows.push(vec![
                    self.text(&wanted.indicator.id),
                    self.text(&inquiry.plan.forms[*form].id),
                    self.text(&self.look(look)),
                    if as_of { last } else { 0 }.to_string(),
                ]);
            }
        }
        self.table(
            "uses",
            &[
                "Какие формы нужны показателю. must_owe — бит последнего периода: что берётся на дату, того не",
                "спрашивают с закрытых к этой дате.",
            ],
            &[
                ("indicator", Holds::Text),
                ("form", Holds::Text),
                ("look", Holds::Text),
                ("must_owe", Holds::Number),
            ],
            &rows,
        )
    }
}
