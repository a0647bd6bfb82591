//! Completeness and timeliness: who reported, when, and who still owes.

use super::{Extent, Report};
use crate::assess::completeness::{Arrival, Arrivals};
use crate::document::Block;
use crate::document::picture::{Grid, GridRow};
use crate::document::progress::list;
use crate::model::plural::counted;

impl Report<'_> {
    pub(super) fn completeness(&self, extent: Extent) -> Vec<Block> {
        let mut blocks = vec![Block::Table(self.progress.completeness())];
        let late = self.late();
        if !late.is_empty() {
            blocks.push(Block::Notes {
                title: "С опозданием".into(),
                lines: late,
            });
        }
        let grids = self
            .review
            .arrivals
            .iter()
            .map(|arrivals| self.grid(arrivals, extent));
        blocks.extend(grids.map(Block::Grid));
        blocks
    }

    fn grid(&self, arrivals: &Arrivals, extent: Extent) -> Grid {
        let most = match extent {
            Extent::Whole => usize::MAX,
            _ => 12,
        };
        let skipped = arrivals.periods.len().saturating_sub(most);
        let clean = |marks: &[Arrival]| {
            let mut marks = marks.iter();
            marks.all(|mark| matches!(mark, Arrival::Reported | Arrival::NotOwed))
        };
        let many = arrivals.rows.len() > extent.organisations();
        // Of many, those are shown of whom something is to be said.
        let told: Vec<&(u32, Vec<Arrival>)> = arrivals
            .rows
            .iter()
            .filter(|(_, marks)| !many || !clean(&marks[skipped..]))
            .collect();
        let shown = told.len().min(extent.organisations());
        let mut lines = Vec::new();
        if many {
            let all = arrivals.rows.len();
            let fine = all - told.len();
            lines.push(format!(
                "Из {} сдали всё и в срок: {fine}; показаны остальные",
                counted(all as u128, &["организации", "организаций", "организаций"])
            ));
        }
        if shown < told.len() {
            lines.push(format!(
                "И ещё {}: все они в таблицах XLSX, CSV и JSON",
                counted(
                    (told.len() - shown) as u128,
                    &["организация", "организации", "организаций"]
                )
            ));
        }
        let register = self.progress.register;
        Grid {
            title: self.progress.plan.forms[arrivals.form].title.clone(),
            periods: arrivals.periods[skipped..]
                .iter()
                .map(|period| period.short())
                .collect(),
            rows: told[..shown]
                .iter()
                .map(|(who, marks)| GridRow {
                    title: register.organisations[*who as usize].title().to_owned(),
                    marks: marks[skipped..].to_vec(),
                })
                .collect(),
            lines,
        }
    }

    /// Who came late with a report for the checked period.
    fn late(&self) -> Vec<String> {
        let checked = self.period();
        let register = self.progress.register;
        let mut lines = Vec::new();
        for arrivals in &self.review.arrivals {
            for (index, period) in arrivals.periods.iter().enumerate() {
                if !checked.contains(*period) && period.end() != checked.end() {
                    continue;
                }
                let names: Vec<&str> = arrivals
                    .rows
                    .iter()
                    .filter(|(_, marks)| marks[index] == Arrival::Late)
                    .map(|(who, _)| register.organisations[*who as usize].title())
                    .collect();
                if !names.is_empty() {
                    let form = &self.progress.plan.forms[arrivals.form].title;
                    lines.push(format!("{form}, {}: {}", period.title(), list(&names)));
                }
            }
        }
        lines
    }
}
