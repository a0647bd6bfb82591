//! Each target at a glance.

use num_bigint::BigInt;

use super::{Report, expected_value};
use crate::assess::Row;
use crate::assess::trend::{Expected, Outlook, starts_anew};
use crate::assess::verdict::{Limit, limit, planned};
use crate::document::explanation::capital;
use crate::document::picture::{Band, Bullet, Card, Chart, Goal, Point, Series};
use crate::document::progress::{
    EXCESS, Line, actual_cell, deviation_cell, due_text, plan_cell, shortfall_cell, squeeze,
    status_tone, unit_mark, with_unit,
};
use crate::document::{Block, Cell};
use crate::model::indicator::{Indicator, Unit};
use crate::model::period::Period;
use crate::model::quantity::{Fixed, Fraction, ceil, ten_to};
use crate::model::resolution::Target;

/// A chart looks so many periods ahead; a due period further away is named and not drawn.
const AHEAD: usize = 24;

/// A chart looks back so many periods.
const BACK: usize = 36;

impl Report<'_> {
    pub(super) fn cards(&self, lines: &[Line<'_>]) -> Vec<Block> {
        let cards: Vec<Card> = lines
            .iter()
            .enumerate()
            .filter_map(|(row, line)| Some(self.card(row, line, line.indicator?, line.target?)))
            .collect();
        match cards.is_empty() {
            true => Vec::new(),
            false => vec![Block::Cards(cards)],
        }
    }

    fn card(&self, row: usize, line: &Line<'_>, indicator: &Indicator, target: &Target) -> Card {
        let proposal = self.proposal(line);
        let status = line.row.verdict.status;
        let outlook = self.review.outlooks[row].as_ref();
        let facts = [
            ("План", plan_cell(target, indicator)),
            (
                "Срок",
                Cell::text(due_text(target).trim_start_matches("срок ")),
            ),
            ("Отклонение", deviation_cell(line, indicator)),
            missing(line, indicator),
        ];
        Card {
            number: proposal.number.to_string(),
            topic: squeeze(&proposal.topic),
            indicator: indicator.name.clone(),
            status: Cell::text(status.title()).tone(status_tone(status)),
            provisional: line.row.is_provisional(),
            actual: actual_cell(line, indicator),
            facts: facts
                .into_iter()
                .filter(|(_, cell)| cell.text != "—")
                .collect(),
            lines: self.card_lines(line, outlook, indicator),
            chart: self.chart(row, line, indicator, target),
        }
    }

    fn card_lines(
        &self,
        line: &Line<'_>,
        outlook: Option<&Outlook>,
        indicator: &Indicator,
    ) -> Vec<String> {
        let mut lines: Vec<String> = self.reason(line.row).into_iter().collect();
        let without = self
            .progress
            .reasons_counted(&line.row.actual.gaps, indicator);
        lines.extend(without.map(|without| capital(&without)));
        if let Some(outlook) = outlook {
            lines.extend(self.way(outlook, indicator, line.row.is_provisional()));
        }
        lines
    }

    /// The chart of a row: values over time where there are several, else the one there is.
    pub(super) fn chart(
        &self,
        row: usize,
        line: &Line<'_>,
        indicator: &Indicator,
        target: &Target,
    ) -> Option<Chart> {
        let series = self.series(row);
        let known = series.iter().filter(|(_, row)| row.actual.value.is_some());
        match known.count() {
            0 => None,
            1 => self.bullet(line, indicator, target).map(Chart::Bullet),
            _ => Some(Chart::Series(self.lines_of(row, line, indicator, target))),
        }
    }

    fn lines_of(
        &self,
        row: usize,
        line: &Line<'_>,
        indicator: &Indicator,
        target: &Target,
    ) -> Series {
        let mut past = self.series(row);
        past.drain(..past.len().saturating_sub(BACK));
        let checked = self.period();
        let due = target.due;
        let mut ahead: Vec<Period> = due
            .map(|due| {
                Period::between(checked.every(), checked.next().start(), due.end()).collect()
            })
            .unwrap_or_default();
        if ahead.len() > AHEAD {
            ahead.clear();
        }
        let axis: Vec<Period> = past
            .iter()
            .map(|(period, _)| *period)
            .chain(ahead.iter().copied())
            .collect();
        let at_due = due.and_then(|due| axis.iter().position(|one| one.end() == due.end()));
        let fixed = |value: &Fraction| Fixed::round(value, indicator.decimals);
        let mut actual: Vec<Option<Point>> =
            past.iter().map(|(_, row)| point(row, indicator)).collect();
        actual.resize(axis.len(), None);
        let plan = axis
            .iter()
            .map(|period| planned(target, *period).as_ref().map(fixed))
            .collect();
        Series {
            words: self.words(line, indicator, target, &past),
            unit: unit_mark(indicator),
            axis: axis.iter().map(|period| period.short()).collect(),
            actual,
            anew: past
                .windows(2)
                .enumerate()
                .filter(|(_, pair)| {
                    starts_anew(self.progress.plan, indicator, pair[0].0, pair[1].0)
                })
                .map(|(index, _)| index + 1)
                .collect(),
            goal: limit(target, indicator.decimals).map(|limit| Goal {
                value: goal(&limit, target, indicator),
                upper: limit.upper,
                due: at_due,
            }),
            plan,
            outlook: self.bands(row, &past, axis.len(), indicator),
        }
    }

    /// Where the values lead, from the last one that there is.
    fn bands(
        &self,
        row: usize,
        past: &[(Period, &Row)],
        length: usize,
        indicator: &Indicator,
    ) -> Vec<Option<Band>> {
        let mut bands = vec![None; length];
        let Some(Ok(projection)) = self.review.outlooks[row]
            .as_ref()
            .map(|own| &own.projection)
        else {
            return bands;
        };
        if length < past.len() + projection.expected.len() {
            return bands;
        }
        let fixed = |value: &Fraction| expected_value(value, indicator);
        let last = past.iter().rposition(|(_, row)| row.actual.value.is_some());
        if let Some(last) = last
            && let Some(value) = &past[last].1.actual.value
        {
            let value = fixed(value);
            bands[last] = Some(Band {
                low: value.clone(),
                middle: value.clone(),
                high: value,
            });
        }
        for (step, (_, Expected { low, middle, high })) in projection.expected.iter().enumerate() {
            bands[past.len() + step] = Some(Band {
                low: fixed(low),
                middle: fixed(middle),
                high: fixed(high),
            });
        }
        bands
    }

    /// «Охват …: с января по декабрь 2025 года от 70,00 до 77,00 %, план ≥ 78,45 %».
    fn words(
        &self,
        line: &Line<'_>,
        indicator: &Indicator,
        target: &Target,
        past: &[(Period, &Row)],
    ) -> String {
        let known: Vec<(Period, Fixed)> = past
            .iter()
            .filter_map(|(period, row)| {
                let value = row.actual.value.as_ref()?;
                Some((*period, Fixed::round(value, indicator.decimals)))
            })
            .collect();
        let shown = |(period, value): &(Period, Fixed)| {
            format!("{} — {}", period.title(), with_unit(value, indicator))
        };
        let values = match (known.first(), known.last()) {
            (Some(first), Some(last)) if first.0 != last.0 => {
                format!("{}, {}", shown(first), shown(last))
            }
            (_, Some(last)) => shown(last),
            _ => "значений нет".to_owned(),
        };
        format!(
            "{}: {values}; план {}, {}; {}",
            indicator.name,
            plan_cell(target, indicator).text,
            due_text(target),
            line.row.verdict.status.title()
        )
    }

    fn bullet(&self, line: &Line<'_>, indicator: &Indicator, target: &Target) -> Option<Bullet> {
        let limit = limit(target, indicator.decimals);
        let value = line.row.actual.value.as_ref()?;
        let goal = limit.map(|limit| Goal {
            value: goal(&limit, target, indicator),
            upper: limit.upper,
            due: None,
        });
        let most = match &goal {
            Some(goal) => value.clone().max(goal.value.to_fraction()),
            None => value.clone(),
        };
        Some(Bullet {
            words: self.words(line, indicator, target, &[(self.period(), line.row)]),
            unit: unit_mark(indicator),
            value: line.actual.clone(),
            goal,
            most: scale_end(&most, indicator),
            tone: status_tone(line.row.verdict.status),
        })
    }
}

/// What is missing, or what is too much.
fn missing(line: &Line<'_>, indicator: &Indicator) -> (&'static str, Cell) {
    let mut cell = shortfall_cell(line, indicator);
    match cell.text.strip_prefix(EXCESS) {
        Some(rest) => {
            cell.text = rest.to_owned();
            ("Лишних", cell)
        }
        None => ("Не хватает", cell),
    }
}

fn point(row: &Row, indicator: &Indicator) -> Option<Point> {
    Some(Point {
        value: Fixed::round(row.actual.value.as_ref()?, indicator.decimals),
        provisional: row.is_provisional(),
    })
}

/// What is asked, as the resolution writes it.
fn goal(limit: &Limit, target: &Target, indicator: &Indicator) -> Fixed {
    plan_cell(target, indicator)
        .number
        .unwrap_or_else(|| Fixed::round(&limit.value, indicator.decimals))
}

/// The end of a scale: a whole for shares, else the next 1, 2 or 5 with zeros.
fn scale_end(most: &Fraction, indicator: &Indicator) -> Fixed {
    let whole = match indicator.unit {
        Unit::Percent => Some(100),
        Unit::Ratio => Some(1),
        Unit::Count => None,
    };
    if let Some(whole) = whole.filter(|whole| *most <= Fraction::from_integer((*whole).into())) {
        return Fixed::new(BigInt::from(whole), 0);
    }
    let most = ceil(most);
    let steps = (0..).flat_map(|power| [1, 2, 5].map(|step| BigInt::from(step) * ten_to(power)));
    let end = steps.into_iter().find(|end| *end >= most);
    Fixed::new(end.unwrap_or(most), 0)
}
