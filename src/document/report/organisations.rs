//! The organisations: their values, their part in the shortfall, best and worst.

use num_traits::{Signed, ToPrimitive};

use super::{Extent, Report};
use crate::assess::explain::{Anatomy, Part};
use crate::document::explanation;
use crate::document::parts;
use crate::document::picture::Bar;
use crate::document::progress::{Line, list, reason, squeeze, with_unit};
use crate::document::{Block, Cell, Table, Tone};
use crate::model::indicator::{Better, Indicator, Unit};
use crate::model::quantity::{Fixed, Fraction, ceil, floor};
use crate::model::resolution::{Bound, Target};

impl Report<'_> {
    /// For each target; for what is watched too, where there is room.
    pub(super) fn organisations(&self, lines: &[Line<'_>], extent: Extent) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (line, anatomy) in lines.iter().zip(&self.review.parts) {
            let (Some(indicator), Some(anatomy)) = (line.indicator, anatomy) else {
                continue;
            };
            let wanted = line.target.is_some() || extent == Extent::Whole;
            if !wanted || anatomy.parts.len() < 2 {
                continue;
            }
            // What everybody has done is said in a line.
            let all_done = |part: &Part| {
                let gap = part.gap.as_ref();
                gap.is_some_and(|gap| !gap.is_positive())
            };
            if extent != Extent::Whole && anatomy.parts.iter().all(all_done) {
                let number = self.proposal(line).number;
                blocks.push(Block::Notes {
                    title: format!("{number}. {}", squeeze(&indicator.name)),
                    lines: vec!["план выполнен в каждой организации".to_owned()],
                });
                continue;
            }
            blocks.push(Block::Table(self.of_one(line, indicator, anatomy, extent)));
            let extremes = self.extremes(indicator, anatomy);
            if !extremes.is_empty() {
                blocks.push(Block::Notes {
                    title: String::new(),
                    lines: extremes,
                });
            }
        }
        let negative = |anatomy: &Anatomy| {
            let mut shares = anatomy.parts.iter().filter_map(|part| part.share.as_ref());
            shares.any(|share| share.is_negative())
        };
        if self.review.parts.iter().flatten().any(negative) {
            let words = "Числа в столбце «Не хватает» вместе дают нехватку по всем; с минусом — у кого \
                         лучше плана";
            blocks.insert(
                0,
                Block::Notes {
                    title: String::new(),
                    lines: vec![words.to_owned()],
                },
            );
        }
        blocks
    }

    fn of_one(
        &self,
        line: &Line<'_>,
        indicator: &Indicator,
        anatomy: &Anatomy,
        extent: Extent,
    ) -> Table {
        let proposal = self.proposal(line);
        let register = self.progress.register;
        let first = explanation::Extent::First(extent.organisations());
        let mut table = parts::table(register, indicator, line, anatomy, first);
        table.title = format!("{}. {}", proposal.number, squeeze(&indicator.name));
        if extent != Extent::Whole {
            // Beside whole shares, exact gaps are one figure too many for a committee.
            let exact = table.columns.iter_mut();
            for column in exact.filter(|column| column.title.ends_with(", точно")) {
                column.detail = true;
            }
        }
        self.explain_absence(&mut table, anatomy);
        let scale = Scale::of(indicator, line.target, anatomy);
        let column = table
            .columns
            .iter()
            .position(|column| column.title == "Факт");
        if let (Some(scale), Some(column)) = (scale, column) {
            for row in &mut table.rows {
                let value = row[column].number.as_ref().map(Fixed::to_fraction);
                row[column].bar = value.and_then(|value| scale.bar(&value));
            }
        }
        table
    }

    /// Why an organisation has no value, in its place.
    fn explain_absence(&self, table: &mut Table, anatomy: &Anatomy) {
        let Some(column) = table
            .columns
            .iter()
            .position(|column| column.title == "Факт")
        else {
            return;
        };
        for (row, part) in table.rows.iter_mut().zip(&anatomy.parts) {
            let mut gaps = part.own.gaps.iter();
            let gap = gaps.find(|gap| !gap.reason.is_partial());
            if let Some(gap) = gap.filter(|_| part.own.value.is_none() || part.numerator.is_none())
            {
                row[column] = Cell::text(reason(self.progress.plan, gap)).tone(Tone::Faint);
            }
        }
    }

    /// Who stands best and who worst, where a value can be compared.
    fn extremes(&self, indicator: &Indicator, anatomy: &Anatomy) -> Vec<String> {
        if indicator.unit == Unit::Count {
            return Vec::new();
        }
        let mut known: Vec<(&Fraction, &str)> = anatomy
            .parts
            .iter()
            .filter_map(|part| {
                let who = &self.progress.register.organisations[part.organisation as usize];
                Some((part.own.value.as_ref()?, who.title()))
            })
            .collect();
        known.sort_by(|one, other| one.0.cmp(other.0));
        if indicator.better == Better::Lower {
            known.reverse();
        }
        let (Some(worst), Some(best)) = (known.first(), known.last()) else {
            return Vec::new();
        };
        if worst.0 == best.0 {
            return Vec::new();
        }
        let told = |words: &str, value: &Fraction| {
            let names: Vec<&str> = known
                .iter()
                .filter(|(own, _)| *own == value)
                .map(|(_, name)| *name)
                .collect();
            let value = with_unit(&Fixed::round(value, indicator.decimals), indicator);
            format!("{words}: {value} — {}", list(&names))
        };
        vec![
            told("Лучшее значение", best.0),
            told("Худшее значение", worst.0),
        ]
    }
}

/// From nothing to the most that a bar can show.
struct Scale {
    most: Fraction,
    goal: Option<Fraction>,
}

impl Scale {
    /// A scale of shares ends with the whole; bars of counts would say nothing of who does well.
    fn of(indicator: &Indicator, target: Option<&Target>, anatomy: &Anatomy) -> Option<Scale> {
        let goal = target.and_then(|target| match target.bound {
            Bound::AtLeast(value) | Bound::AtMost(value) => Some(value.to_fraction()),
            Bound::MoreThanBase => None,
        });
        let whole = match indicator.unit {
            Unit::Percent => 100,
            Unit::Ratio => 1,
            Unit::Count => return None,
        };
        let values = anatomy
            .parts
            .iter()
            .filter_map(|part| part.own.value.clone());
        let most = values
            .chain(goal.clone())
            .chain([Fraction::from_integer(whole.into())])
            .max()?;
        Some(Scale { most, goal })
    }

    /// The value rounded down and the goal up: what is short of its goal never seems to reach it.
    fn bar(&self, value: &Fraction) -> Option<Bar> {
        let at = |value: &Fraction| value / &self.most * Fraction::from_integer(1000.into());
        let goal = self.goal.as_ref().map(at);
        Some(Bar {
            value: floor(&at(value)).to_u16()?,
            goal: goal.and_then(|goal| ceil(&goal).to_u16()),
        })
    }
}
