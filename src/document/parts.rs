//! What each organisation adds to a figure, as a table.

use num_bigint::BigInt;

use super::explanation::Extent;
use super::formula::exact;
use super::progress::{Line, status_tone, unit_mark};
use super::{Cell, Column, Squeeze, Table, Tone};
use crate::assess::explain::{Anatomy, Part};
use crate::model::indicator::Indicator;
use crate::model::organisation::Register;
use crate::model::plural::counted;
use crate::model::quantity::{Fixed, Fraction};
use crate::model::resolution::Bound;

/// The plural forms of an organisation.
pub(super) const ORGANISATIONS: [&str; 3] = ["организация", "организации", "организаций"];

/// The row of what belongs to no organisation.
pub(super) const NOBODYS: &str = "не делится между организациями";

/// What each organisation adds to a figure, those that account for most of the shortfall first; the
/// whole below them.
pub(super) fn table(
    register: &Register,
    indicator: &Indicator,
    line: &Line<'_>,
    anatomy: &Anatomy,
    extent: Extent,
) -> Table {
    let whole = &line.row.actual;
    let upper = line
        .target
        .is_some_and(|target| matches!(target.bound, Bound::AtMost(_)));
    let shared = anatomy.parts.iter().any(|part| part.share.is_some());
    // Where every gap is a whole number, it is the share.
    let gaps = anatomy.parts.iter().any(|part| match &part.share {
        Some(share) => part.gap != Some(Fraction::from(share.clone())),
        None => part.gap.is_some(),
    });
    let layout = PartColumns {
        indicator,
        shared,
        gaps,
    };
    let parts = &anatomy.parts;
    let shown = match extent {
        Extent::First(top) if parts.len().saturating_sub(1) > top => top,
        _ => parts.len(),
    };
    let mut rows: Vec<Vec<Cell>> = parts[..shown]
        .iter()
        .map(|part| {
            let who = &register.organisations[part.organisation as usize];
            let part_row = PartRow::of(part);
            layout.row(&who.id, who.title(), &part_row, Tone::Plain)
        })
        .collect();
    if shown < parts.len() {
        let mut others = PartRow::default();
        parts[shown..].iter().for_each(|part| others.add(part));
        let left = (parts.len() - shown) as u128;
        let title = format!("и ещё {}", counted(left, &ORGANISATIONS));
        rows.push(layout.row("", &title, &others, Tone::Faint));
    }
    let rest = &anatomy.rest;
    let mut all = PartRow::default();
    parts.iter().for_each(|part| all.add(part));
    if !rest.is_nothing() {
        let rest = PartRow {
            numerator: Some(rest.numerator.clone()),
            denominator: indicator
                .denominator
                .as_ref()
                .map(|_| rest.denominator.clone()),
            value: None,
            gap: rest.gap.clone(),
            share: rest.share.clone(),
        };
        rows.push(layout.row("", NOBODYS, &rest, Tone::Faint));
        more(&mut all.gap, &rest.gap);
        more(&mut all.share, &rest.share);
    }
    all.numerator.clone_from(&whole.numerator);
    all.denominator.clone_from(&whole.denominator);
    all.value.clone_from(&whole.value);
    rows.push(layout.row("", "Всего", &all, status_tone(line.row.verdict.status)));
    Table {
        title: "Вклад организаций".into(),
        columns: layout.columns(upper),
        totals: rows.len() - shown,
        rows,
    }
}

/// The figures of one row of the table of organisations.
#[derive(Default)]
struct PartRow {
    numerator: Option<Fraction>,
    denominator: Option<Fraction>,
    value: Option<Fraction>,
    gap: Option<Fraction>,
    share: Option<BigInt>,
}

impl PartRow {
    fn of(part: &Part) -> PartRow {
        PartRow {
            numerator: part.numerator.clone(),
            denominator: part.denominator.clone(),
            value: part.own.value.clone(),
            gap: part.gap.clone(),
            share: part.share.clone(),
        }
    }

    fn add(&mut self, part: &Part) {
        more(&mut self.numerator, &part.numerator);
        more(&mut self.denominator, &part.denominator);
        more(&mut self.gap, &part.gap);
        more(&mut self.share, &part.share);
    }
}

/// Adds what is known.
fn more<T: Clone + std::ops::Add<Output = T>>(sum: &mut Option<T>, value: &Option<T>) {
    if let Some(value) = value {
        *sum = Some(match sum.take() {
            Some(sum) => sum + value.clone(),
            None => value.clone(),
        });
    }
}

/// Which columns the table of organisations has.
struct PartColumns<'a> {
    indicator: &'a Indicator,
    /// There is a shortfall to be shared out.
    shared: bool,
    /// There is a target that asks something of each.
    gaps: bool,
}

impl PartColumns<'_> {
    fn columns(&self, upper: bool) -> Vec<Column> {
        let mut columns = vec![Column::text("Организация")];
        if self.indicator.denominator.is_some() {
            columns.push(Column::figures("Числитель"));
            columns.push(Column::figures("Знаменатель"));
        }
        columns.push(Column::figures("Факт"));
        if self.shared {
            columns.push(Column::figures(match upper {
                true => "Лишних",
                false => "Не хватает",
            }));
        }
        if self.gaps {
            let column = Column::figures(match upper {
                true => "Сверх плана, точно",
                false => "До плана, точно",
            });
            // Beside whole shares it would be one figure too many for a reader.
            let last = columns.len() - 1;
            columns.push(match self.shared {
                true => column.below(last, Squeeze::Some),
                false => column,
            });
        }
        columns.push(Column::text("Id").detail());
        columns
    }

    fn row(&self, id: &str, title: &str, row: &PartRow, tone: Tone) -> Vec<Cell> {
        let decimals = self.indicator.decimals;
        let number = |value: &Option<Fraction>| match value {
            None => Cell::nothing(),
            Some(value) => {
                let fixed = Fixed::exact(value).unwrap_or_else(|| Fixed::round(value, decimals));
                Cell {
                    text: exact(value, decimals),
                    ..Cell::number(fixed, "")
                }
            }
        };
        let mut cells = vec![Cell::text(title).tone(match tone {
            Tone::Faint => tone,
            _ => Tone::Plain,
        })];
        if self.indicator.denominator.is_some() {
            cells.push(number(&row.numerator));
            cells.push(number(&row.denominator));
        }
        cells.push(match &row.value {
            None => Cell::nothing(),
            Some(value) => {
                let fixed = Fixed::round(value, decimals);
                Cell::number(fixed, unit_mark(self.indicator)).tone(tone)
            }
        });
        if self.shared {
            cells.push(match &row.share {
                None => Cell::nothing(),
                Some(share) => Cell::number(Fixed::new(share.clone(), 0), ""),
            });
        }
        if self.gaps {
            cells.push(number(&row.gap));
        }
        cells.push(Cell::text(id));
        cells
    }
}
