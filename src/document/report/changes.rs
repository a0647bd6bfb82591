//! What changed since the period before and since a year ago, and the values of all periods.

use super::{Extent, Report};
use crate::assess::Row;
use crate::assess::trend::starts_anew;
use crate::assess::verdict::{Status, planned, printed_deviation};
use crate::document::Tone;
use crate::document::progress::{Line, actual_cell, exact_cell, squeeze, status_tone, unit_mark};
use crate::document::{Block, Cell, Column, Squeeze, Table};
use crate::model::indicator::{Better, Indicator, Unit};
use crate::model::period::Period;
use crate::model::quantity::{Fixed, Fraction};
use num_traits::{Signed, Zero};

/// What the colour of a value says, for those who do not see it too.
const FAINT: &str =
    "Бледным показаны предварительные значения и изменения, в которых они участвуют";

impl Report<'_> {
    pub(super) fn changes(&self, lines: &[Line<'_>], extent: Extent) -> Vec<Block> {
        let measured: Vec<(usize, &Line<'_>, &Indicator)> = lines
            .iter()
            .enumerate()
            .filter_map(|(row, line)| Some((row, line, line.indicator?)))
            .collect();
        if measured.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![Block::Table(self.comparison(&measured))];
        let history = self.review.history.iter();
        if history.flat_map(|one| &one.rows).any(Row::is_provisional) {
            blocks.push(Block::Notes {
                title: String::new(),
                lines: vec![FAINT.to_owned()],
            });
        }
        let mut others = vec![self.previous(), self.year_ago()];
        others.dedup();
        let absent: Vec<String> = others
            .into_iter()
            .filter(|period| self.at(*period).is_none())
            .map(Period::title)
            .collect();
        if !absent.is_empty() {
            blocks.push(Block::Notes {
                title: String::new(),
                lines: vec![format!(
                    "Сравнить не с чем: нет отчётов за период {}",
                    absent.join(" и за период ")
                )],
            });
        }
        if self.review.history.len() > 1 {
            blocks.push(Block::Table(match extent {
                Extent::Whole => self.all_values(&measured),
                _ => self.newest_values(&measured, extent),
            }));
        }
        blocks
    }

    fn comparison(&self, measured: &[(usize, &Line<'_>, &Indicator)]) -> Table {
        let (before, year_ago) = (self.previous(), self.year_ago());
        // Without a year of reports there is nothing to be said of it.
        let with_year = year_ago != before && self.at(year_ago).is_some();
        let rows = measured
            .iter()
            .map(|(row, line, indicator)| {
                let mut cells = vec![
                    Cell::number(Fixed::new(self.proposal(line).number.into(), 0), ""),
                    Cell::text(&indicator.name),
                ];
                if with_year {
                    cells.push(self.value_at(*row, year_ago, indicator));
                }
                cells.push(self.value_at(*row, before, indicator));
                cells.push(actual_cell(line, indicator));
                cells.push(self.change(*row, before, line.row, indicator));
                if with_year {
                    cells.push(self.change(*row, year_ago, line.row, indicator));
                }
                cells.push(self.new_status(*row, before, line.row));
                cells.push(Cell::text(&indicator.id));
                cells
            })
            .collect();
        let since = |period: Period| Column::figures(format!("С {}", period.short()));
        let value = |period: Period| Column::figures(period.short());
        let mut columns = vec![Column::figures("№"), Column::text("Показатель")];
        let first = columns.len();
        if with_year {
            columns.push(value(year_ago));
            columns.push(value(before).below(first, Squeeze::More));
            columns.push(value(self.period()).below(first, Squeeze::More));
        } else {
            columns.push(value(before));
            columns.push(value(self.period()).below(first, Squeeze::More));
        }
        let changed = columns.len();
        columns.push(since(before));
        if with_year {
            columns.push(since(year_ago).below(changed, Squeeze::More));
        }
        columns.push(Column::text("Статус").below(1, Squeeze::More));
        columns.push(Column::text("Id").detail());
        Table {
            title: "С прошлого периода и за год".into(),
            columns,
            rows,
            ..Table::default()
        }
    }

    /// What became of a status; nothing where it stayed.
    fn new_status(&self, row: usize, since: Period, now: &Row) -> Cell {
        let status = now.verdict.status;
        let then = self.at(since).map(|one| one.rows[row].verdict.status);
        match then {
            Some(then) if then == status => Cell::text(""),
            Some(then) => {
                // What is no longer reached is short of its target, whatever the deadline.
                let short = match (then, status) {
                    (Status::Met, Status::Open | Status::Pending) => "ниже плана, ",
                    _ => "",
                };
                let text = format!("{} → {short}{}", then.title(), status.title());
                Cell::text(text).tone(status_tone(status))
            }
            None => Cell::text(""),
        }
    }

    /// How a value changed since another period, good or bad by which way is better.
    fn change(&self, row: usize, since: Period, now: &Row, indicator: &Indicator) -> Cell {
        let Some(then) = self.at(since).map(|one| &one.rows[row]) else {
            return Cell::nothing();
        };
        let Some(difference) = self.difference(now, then, since, indicator) else {
            let both = now.actual.value.is_some() && then.actual.value.is_some();
            return match both {
                true => Cell::text("счёт начат заново").tone(Tone::Faint),
                false => Cell::nothing(),
            };
        };
        let cell = change_cell(&difference, indicator);
        // Somebody's missing report is no change for the worse.
        match now.is_provisional() || then.is_provisional() {
            true => unsettled(cell),
            false => cell,
        }
    }

    /// How a value changed since another period; `None` where there is nothing to compare, or it has
    /// been counted anew since.
    pub fn difference(
        &self,
        now: &Row,
        then: &Row,
        since: Period,
        indicator: &Indicator,
    ) -> Option<Fraction> {
        let anew = starts_anew(self.progress.plan, indicator, since, self.period());
        let (now, then) = (now.actual.value.as_ref()?, then.actual.value.as_ref()?);
        (!anew).then(|| now - then)
    }

    /// The newest periods side by side.
    fn newest_values(&self, measured: &[(usize, &Line<'_>, &Indicator)], extent: Extent) -> Table {
        let skipped = self.review.history.len().saturating_sub(extent.periods());
        let shown = &self.review.history[skipped..];
        let mut columns = vec![Column::figures("№"), Column::text("Показатель")];
        columns.extend(
            shown
                .iter()
                .map(|one| Column::figures(one.question.period.short())),
        );
        let rows = measured
            .iter()
            .map(|(row, line, indicator)| {
                let proposal = self.proposal(line);
                let values = shown.iter().map(|one| {
                    let row = &one.rows[*row];
                    let cell = value_cell(row, indicator);
                    match row.is_provisional() && row.actual.value.is_some() {
                        true => unsettled(cell),
                        false => cell,
                    }
                });
                [
                    Cell::number(Fixed::new(proposal.number.into(), 0), ""),
                    Cell::text(&indicator.name),
                ]
                .into_iter()
                .chain(values)
                .collect()
            })
            .collect();
        let title = match skipped {
            0 => "Значения по периодам".to_owned(),
            _ => format!("Значения по периодам: новейшие {}", shown.len()),
        };
        Table {
            title,
            columns,
            rows,
            ..Table::default()
        }
    }

    /// Every value of every period, a row each.
    fn all_values(&self, measured: &[(usize, &Line<'_>, &Indicator)]) -> Table {
        let mut rows = Vec::new();
        for (row, line, indicator) in measured {
            let proposal = self.proposal(line);
            for (period, then) in self.series(*row) {
                let on_the_way = line.target.and_then(|target| planned(target, period));
                rows.push(vec![
                    Cell::number(Fixed::new(proposal.number.into(), 0), ""),
                    Cell::text(squeeze(&indicator.name)),
                    Cell::text(period.to_string()),
                    value_cell(then, indicator),
                    exact_cell(&then.actual.numerator),
                    exact_cell(&then.actual.denominator),
                    match on_the_way {
                        None => Cell::text(""),
                        Some(value) => Cell::number(
                            Fixed::round(&value, indicator.decimals),
                            unit_mark(indicator),
                        ),
                    },
                    Cell::text(then.verdict.status.title()).tone(status_tone(then.verdict.status)),
                    Cell::text(match then.is_provisional() {
                        true => "предварительно",
                        false => "",
                    }),
                    Cell::text(&indicator.id),
                ]);
            }
        }
        Table {
            title: "Значения по периодам".into(),
            columns: vec![
                Column::figures("№"),
                Column::text("Показатель"),
                Column::text("Период"),
                Column::figures("Факт"),
                Column::figures("Числитель"),
                Column::figures("Знаменатель"),
                Column::figures("План на дату"),
                Column::text("Статус"),
                Column::text("Предварительно"),
                Column::text("Id"),
            ],
            rows,
            ..Table::default()
        }
    }
}

fn value_cell(row: &Row, indicator: &Indicator) -> Cell {
    match &row.actual.value {
        None => Cell::nothing(),
        Some(value) => Cell::number(
            Fixed::round(value, indicator.decimals),
            unit_mark(indicator),
        ),
    }
}

/// With a mark that it is not settled yet.
fn unsettled(mut cell: Cell) -> Cell {
    cell.text.push('*');
    cell.tone(Tone::Faint)
}

/// A change as it is printed.
pub fn change_value(change: &Fraction, indicator: &Indicator) -> Fixed {
    match change.is_zero() {
        true => Fixed::round(change, indicator.decimals),
        false => printed_deviation(change, indicator.decimals),
    }
}

/// A change, with its sign.
pub(super) fn change_cell(change: &Fraction, indicator: &Indicator) -> Cell {
    let unit = match indicator.unit {
        Unit::Percent => "\u{a0}п.п.",
        Unit::Ratio | Unit::Count => "",
    };
    let fixed = change_value(change, indicator);
    let mut cell = Cell::number(fixed, unit);
    if change.is_positive() {
        cell.text.insert(0, '+');
    }
    let good = match indicator.better {
        Better::Higher => change.is_positive(),
        Better::Lower => change.is_negative(),
    };
    cell.tone(match (change.is_zero(), good) {
        (true, _) => Tone::Plain,
        (false, true) => Tone::Good,
        (false, false) => Tone::Bad,
    })
}
