//! The plan-and-fact table in the form that municipal programmes are reported in, and what the
//! resolution sets no target for.

use super::{Extent, Report};
use crate::assess::Subject;
use crate::document::progress::{
    Line, actual_cell, condition, deviation_cell, due_text, exact_cell, plan_cell, shortfall_cell,
    squeeze, status_tone, unit_mark, unit_title,
};
use crate::document::{Block, Cell, Column, Squeeze, Table};
use crate::model::indicator::Indicator;
use crate::model::quantity::Fixed;
use crate::model::resolution::{Bound, Target};

impl Report<'_> {
    pub(super) fn plan_and_fact(&self, lines: &[Line<'_>], extent: Extent) -> Vec<Block> {
        let rows: Vec<Vec<Cell>> = lines
            .iter()
            .enumerate()
            .filter_map(|(row, line)| Some(self.plan_row(row, line, line.indicator?, line.target?)))
            .collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let mut targets = lines.iter().filter_map(|line| line.target);
        let with_excess = targets.any(|target| matches!(target.bound, Bound::AtMost(_)));
        let mut blocks = vec![Block::Table(Table {
            title: String::new(),
            columns: vec![
                Column::figures("№"),
                Column::text("Показатель"),
                Column::text("Ед. изм.").below(1, Squeeze::Some),
                Column::figures(format!("Факт, {}", self.previous().short())),
                Column::figures("План").below(3, Squeeze::More),
                Column::figures(format!("Факт, {}", self.period().short())).below(3, Squeeze::Full),
                Column::figures("Отклонение"),
                Column::figures("% плана").below(6, Squeeze::Some),
                Column::figures(match with_excess {
                    true => "Не хватает, лишних",
                    false => "Не хватает",
                })
                .below(6, Squeeze::Some),
                Column::text("Статус"),
                Column::text("Предварительно").below(9, Squeeze::None),
                Column::text("Срок").below(9, Squeeze::Some),
                match extent {
                    // In a terminal it stands below the table.
                    Extent::Terminal => Column::text("Примечание").detail(),
                    _ => Column::text("Примечание").below(1, Squeeze::More),
                },
                Column::text("Условие").detail(),
                Column::figures("Числитель").detail(),
                Column::figures("Знаменатель").detail(),
                Column::text("Id").detail(),
            ],
            rows,
            ..Table::default()
        })];
        let notes = self.progress.all_notes(lines);
        if extent == Extent::Terminal && !notes.is_empty() {
            blocks.push(Block::Notes {
                title: "Пояснения".into(),
                lines: notes,
            });
        }
        blocks
    }

    fn plan_row(
        &self,
        row: usize,
        line: &Line<'_>,
        indicator: &Indicator,
        target: &Target,
    ) -> Vec<Cell> {
        let proposal = self.proposal(line);
        let status = line.row.verdict.status;
        let mut notes: Vec<String> = self.reason(line.row).into_iter().collect();
        notes.extend(line.notes.iter().cloned());
        vec![
            Cell::number(Fixed::new(proposal.number.into(), 0), ""),
            Cell::text(match proposal.targets.len() {
                1 => squeeze(&proposal.topic),
                _ => indicator.name.clone(),
            }),
            Cell::text(unit_title(indicator)),
            self.value_at(row, self.previous(), indicator),
            plan_cell(target, indicator),
            actual_cell(line, indicator),
            deviation_cell(line, indicator),
            percent_cell(line),
            shortfall_cell(line, indicator),
            Cell::text(status.title()).tone(status_tone(status)),
            Cell::text(match line.row.is_provisional() {
                true => "предварительно",
                false => "",
            }),
            Cell::text(due_text(target)),
            Cell::text(notes.join("; ")),
            Cell::text(condition(target)),
            exact_cell(&line.row.actual.numerator),
            exact_cell(&line.row.actual.denominator),
            Cell::text(&indicator.id),
        ]
    }

    /// A row's value in another period.
    pub(super) fn value_at(
        &self,
        row: usize,
        period: crate::model::period::Period,
        indicator: &Indicator,
    ) -> Cell {
        let value = self
            .at(period)
            .and_then(|then| then.rows[row].actual.value.clone());
        match value {
            None => Cell::nothing(),
            Some(value) => Cell::number(
                Fixed::round(&value, indicator.decimals),
                unit_mark(indicator),
            ),
        }
    }

    /// What is watched without a target, and the proposals that nothing is measured of.
    pub(super) fn without_target(&self, lines: &[Line<'_>]) -> Vec<Block> {
        let watched: Vec<Vec<Cell>> = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| matches!(line.row.subject, Subject::Watch(_)))
            .filter_map(|(row, line)| Some(self.watch_row(row, line, line.indicator?)))
            .collect();
        let mut blocks = Vec::new();
        if !watched.is_empty() {
            blocks.push(Block::Table(Table {
                title: "Справочно: показатели, для которых цель не задана".into(),
                columns: vec![
                    Column::figures("№"),
                    Column::text("Показатель"),
                    Column::text("Ед. изм.").below(1, Squeeze::Some),
                    Column::figures(format!("Факт, {}", self.previous().short()))
                        .below(4, Squeeze::Full),
                    Column::figures(format!("Факт, {}", self.period().short())),
                    Column::text("Предварительно").below(4, Squeeze::Some),
                    Column::text("Примечание").below(1, Squeeze::More),
                    Column::figures("Числитель").detail(),
                    Column::figures("Знаменатель").detail(),
                    Column::text("Id").detail(),
                ],
                rows: watched,
                ..Table::default()
            }));
        }
        let unmeasured: Vec<String> = lines
            .iter()
            .filter(|line| matches!(line.row.subject, Subject::Nothing))
            .map(|line| {
                let proposal = self.proposal(line);
                format!("{}. {}", proposal.number, squeeze(&proposal.topic))
            })
            .collect();
        if !unmeasured.is_empty() {
            blocks.push(Block::Notes {
                title: "Пункты, в тексте которых измеримой цели нет".into(),
                lines: unmeasured,
            });
        }
        blocks
    }

    fn watch_row(&self, row: usize, line: &Line<'_>, indicator: &Indicator) -> Vec<Cell> {
        let proposal = self.proposal(line);
        vec![
            Cell::number(Fixed::new(proposal.number.into(), 0), ""),
            Cell::text(&indicator.name),
            Cell::text(unit_title(indicator)),
            self.value_at(row, self.previous(), indicator),
            actual_cell(line, indicator),
            Cell::text(match line.row.is_provisional() {
                true => "предварительно",
                false => "",
            }),
            Cell::text(line.notes.join("; ")),
            exact_cell(&line.row.actual.numerator),
            exact_cell(&line.row.actual.denominator),
            Cell::text(&indicator.id),
        ]
    }
}

fn percent_cell(line: &Line<'_>) -> Cell {
    match &line.percent {
        None => Cell::nothing(),
        Some(percent) => Cell::number(percent.clone(), "\u{a0}%"),
    }
}
