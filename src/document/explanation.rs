//! Where a figure comes from: its formula in words and in numbers, each organisation's part, each
//! cell, the target and its words, the method.

use std::collections::HashSet;

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::catalogue::target_text;
use super::formula::{self, exact, names, written};
use super::parts::{self, ORGANISATIONS};
use super::progress::{Line, Progress, reason, squeeze, with_unit};
use super::{Block, Cell, Column, Document, Table};
use crate::assess::actual::{Gap, Reason};
use crate::assess::explain::{Anatomy, LeftOut, Part, SourceCell};
use crate::assess::{Asked, Subject};
use crate::model::Plan;
use crate::model::formula::Node;
use crate::model::indicator::{Indicator, Unit};
use crate::model::organisation::Register;
use crate::model::plural::{counted, plural};
use crate::model::quantity::{Fixed, Fraction, count_of};
use crate::model::resolution::{Bound, Resolution, Target};
use crate::source::{Sources, Spot};

/// A figure to be explained.
pub struct Figure<'a> {
    /// What it is a figure of.
    pub asked: &'a Asked,
    /// The resolution names it.
    pub named: bool,
    /// The indicator.
    pub indicator: &'a Indicator,
    /// Its value and what it rests on, where there are reports.
    pub found: Option<Found<'a>>,
}

/// What the reports say of a figure.
pub struct Found<'a> {
    /// Rounded and worded as `check` does.
    pub line: Line<'a>,
    /// Taken apart.
    pub anatomy: &'a Anatomy,
}

/// Everything that `explain` says of indicators.
pub struct Explanation<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Where targets are from.
    pub resolution: &'a Resolution,
    /// What `check` would say, where there are reports.
    pub progress: Option<&'a Progress<'a>>,
    /// The figures.
    pub figures: Vec<Figure<'a>>,
    /// The files read.
    pub sources: &'a Sources,
}

/// For whom a document is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// A terminal: so many organisations, cells in lines.
    First(usize),
    /// All organisations, all cells in tables.
    All,
}

impl<'a> Figure<'a> {
    /// Its target.
    pub fn target(&self, resolution: &'a Resolution) -> Option<&'a Target> {
        match self.asked.subject {
            Subject::Target(index) if self.named => {
                Some(&resolution.proposals[self.asked.proposal].targets[index])
            }
            _ => None,
        }
    }
}

impl Explanation<'_> {
    /// The document.
    pub fn document(&self, extent: Extent) -> Document {
        let mut blocks = Vec::new();
        let several = self.figures.len() > 1;
        for figure in &self.figures {
            if several {
                blocks.push(Block::Part {
                    title: name(figure),
                    sheet: "Показатель",
                });
            }
            blocks.extend(notes("", self.headline(figure)));
            blocks.extend(notes("Цель", self.goal(figure)));
            blocks.extend(notes("Формула", self.formula(figure)));
            if let Some(found) = &figure.found {
                blocks.push(Block::Table(parts::table(
                    self.register(),
                    figure.indicator,
                    &found.line,
                    found.anatomy,
                    extent,
                )));
                for (title, partly) in [("Что не вошло", false), ("Вошли не полностью", true)]
                {
                    blocks.extend(self.left_out(found, extent, title, partly));
                }
                blocks.extend(notes("Пояснения", self.remarks(figure, found)));
                self.cells(found, extent, &mut blocks);
            }
            if !figure.indicator.method.is_empty() {
                blocks.extend(notes(
                    "Откуда формула",
                    vec![squeeze(&figure.indicator.method)],
                ));
            }
        }
        Document {
            title: self.title(),
            subtitle: self.subtitle(),
            blocks,
        }
    }

    fn title(&self) -> String {
        match &self.figures[..] {
            [figure] => name(figure),
            figures => {
                let proposals: HashSet<usize> =
                    figures.iter().map(|figure| figure.asked.proposal).collect();
                let first = figures.first().map_or(0, |figure| figure.asked.proposal);
                let proposal = self.resolution.proposals.get(first);
                match (proposals.len(), proposal) {
                    (1, Some(proposal)) => format!(
                        "Резолюция {}, пункт {}. {}",
                        self.resolution.id,
                        proposal.number,
                        squeeze(&proposal.topic)
                    ),
                    _ => format!("Резолюция {}", self.resolution.id),
                }
            }
        }
    }

    fn subtitle(&self) -> Vec<String> {
        let Some(progress) = self.progress else {
            return vec!["Без отчётов: показано только, как показатель считается".into()];
        };
        let mut subtitle = vec![format!(
            "На конец периода: {}",
            progress.assessment.question.period.title()
        )];
        if let Some(top) = progress.assessment.question.of {
            let who = &progress.register.organisations[top as usize];
            subtitle.push(format!("Только: {}", who.title()));
        }
        subtitle.extend(progress.nothing_for_period());
        subtitle
    }

    /// «Факт 77,00 %, план …: не достигнуто».
    fn headline(&self, figure: &Figure<'_>) -> Vec<String> {
        let Some(found) = &figure.found else {
            return Vec::new();
        };
        let line = &found.line;
        let verdict = &line.row.verdict;
        let mut parts = vec![match &line.actual {
            Some(actual) => format!(
                "факт: {}{}",
                with_unit(actual, figure.indicator),
                if verdict.rounds_to_target { "*" } else { "" }
            ),
            None => "факт: нет значения".into(),
        }];
        parts.push(format!("статус: {}", verdict.status.title()));
        if line.row.is_provisional() {
            parts.push("предварительно: вошли не все данные".into());
        }
        if let (Some(shortfall), Some(counts)) = (&verdict.shortfall, &figure.indicator.counts)
            && !shortfall.is_zero()
        {
            let upper = self.is_upper(figure);
            parts.push(format!(
                "{}: {} {}",
                if upper {
                    "лишних"
                } else {
                    "не хватает"
                },
                Fixed::new(shortfall.clone(), 0).russian(),
                plural(count_of(shortfall), counts)
            ));
        }
        vec![capital(&parts.join("; "))]
    }

    fn is_upper(&self, figure: &Figure<'_>) -> bool {
        figure
            .target(self.resolution)
            .is_some_and(|target| matches!(target.bound, Bound::AtMost(_)))
    }

    fn goal(&self, figure: &Figure<'_>) -> Vec<String> {
        let id = &self.resolution.id;
        if !figure.named {
            return vec![format!("резолюция {id} этого показателя не называет")];
        }
        let number = self.resolution.proposals[figure.asked.proposal].number;
        let Some(target) = figure.target(self.resolution) else {
            return vec![format!(
                "резолюция {id}, пункт {number}: показан справочно, цели пункт не ставит"
            )];
        };
        let mut lines = vec![
            format!(
                "резолюция {id}, пункт {number}: {}",
                target_text(target, figure.indicator)
            ),
            format!("слова резолюции: «{}»", target.quote),
        ];
        if !self.resolution.source.is_empty() {
            lines.push(format!(
                "источник текста: {}",
                squeeze(&self.resolution.source)
            ));
        }
        lines
    }

    /// The formula in words, then in numbers.
    fn formula(&self, figure: &Figure<'_>) -> Vec<String> {
        let indicator = figure.indicator;
        let mut lines = formula::words(self.plan, indicator);
        if let Some(found) = &figure.found {
            lines.extend(in_numbers(indicator, &found.line, found.anatomy));
        }
        lines
    }

    fn register(&self) -> &Register {
        self.progress
            .map_or(&self.plan.register, |progress| progress.register)
    }

    fn who(&self, organisation: u32) -> &str {
        self.register().organisations[organisation as usize].title()
    }

    /// Who is missing from a figure, or in it with older or fewer figures.
    fn left_out(
        &self,
        found: &Found<'_>,
        extent: Extent,
        title: &str,
        partly: bool,
    ) -> Option<Block> {
        let left_out = found.anatomy.left_out.iter();
        let left_out: Vec<&LeftOut> = left_out
            .filter(|one| one.gap.reason.is_partial() == partly)
            .collect();
        if left_out.is_empty() {
            return None;
        }
        let form = |gap: &Gap| self.plan.forms[gap.form].title.as_str();
        if extent == Extent::All {
            let rows = left_out.iter().map(|one| {
                vec![
                    Cell::text(self.who(one.gap.organisation)),
                    Cell::text(form(&one.gap)),
                    Cell::text(reason(self.plan, &one.gap)),
                    Cell::text(self.cells_text(&one.cells)),
                ]
            });
            return Some(Block::Table(Table {
                title: title.into(),
                columns: vec![
                    Column::text("Организация"),
                    Column::text("Форма"),
                    Column::text("Почему"),
                    Column::text("Где"),
                ],
                rows: rows.collect(),
                ..Table::default()
            }));
        }
        let shown = first(&left_out, extent);
        let mut lines: Vec<String> = shown
            .iter()
            .map(|one| {
                let mut line = format!(
                    "{}: {}",
                    self.who(one.gap.organisation),
                    reason(self.plan, &one.gap)
                );
                if one.gap.reason == Reason::NotReported {
                    line.push_str(&format!(" «{}»", form(&one.gap)));
                }
                if !one.cells.is_empty() {
                    line.push_str(&format!(" — {}", self.cells_text(&one.cells)));
                }
                line
            })
            .collect();
        lines.extend(and_more(left_out.len() - shown.len()));
        notes(title, lines)
    }

    /// What `check` notes below its table, but for who is missing: that is told apart.
    fn remarks(&self, figure: &Figure<'_>, found: &Found<'_>) -> Vec<String> {
        let mut remarks = found.line.notes.clone();
        if let Some(progress) = self.progress {
            let gaps = progress.gap_notes(&found.line.row.actual.gaps, figure.indicator);
            remarks.retain(|remark| !gaps.contains(remark));
        }
        let shares: Vec<&BigInt> = found
            .anatomy
            .parts
            .iter()
            .filter_map(|part| part.share.as_ref())
            .collect();
        if shares.len() > 1 {
            let what = match self.is_upper(figure) {
                true => "всё лишнее",
                false => "всю нехватку",
            };
            let whose = match found.anatomy.rest.share {
                Some(_) => format!("доли организаций и строки «{}»", parts::NOBODYS),
                None => "доли организаций".to_owned(),
            };
            let mut remark = format!("{whose} — целые числа, в сумме дают {what}");
            if shares.iter().any(|share| share.is_negative()) {
                remark.push_str("; с минусом — у кого лучше плана");
            }
            remarks.push(remark);
        }
        if self.is_whole_only(figure, found) {
            remarks.push(
                "план задан одним числом на всех: сколько из него приходится на каждую \
                 организацию, резолюция не говорит"
                    .into(),
            );
        }
        remarks
    }

    /// A target on the number of something that several organisations give together.
    fn is_whole_only(&self, figure: &Figure<'_>, found: &Found<'_>) -> bool {
        figure.indicator.unit == Unit::Count
            && figure.target(self.resolution).is_some()
            && found.anatomy.parts.len() > 1
    }

    fn cells(&self, found: &Found<'_>, extent: Extent, blocks: &mut Vec<Block>) {
        let parts: Vec<&Part> = found
            .anatomy
            .parts
            .iter()
            .filter(|part| !part.cells.is_empty())
            .collect();
        if extent == Extent::All {
            let cells = parts
                .iter()
                .flat_map(|part| part.cells.iter().map(|cell| self.cell_row(part, cell)));
            blocks.push(Block::Table(Table {
                title: "Ячейки".into(),
                columns: cell_columns(),
                rows: cells.collect(),
                ..Table::default()
            }));
            return;
        }
        let shown = first(&parts, extent);
        let mut lines: Vec<String> = shown
            .iter()
            .map(|part| {
                format!(
                    "{}: {}",
                    self.who(part.organisation),
                    self.cells_text(&part.cells)
                )
            })
            .collect();
        lines.extend(and_more(parts.len() - shown.len()));
        blocks.extend(notes("Ячейки", lines));
    }

    fn cell_row(&self, part: &Part, cell: &SourceCell) -> Vec<Cell> {
        let (line, name) = match &cell.place.spot {
            Spot::Cell(own) => (Some(own.line), own.name()),
            _ => (self.sources.line_column(&cell.place).0, String::new()),
        };
        let whole = |line: u32| Cell::number(Fixed::new(line.into(), 0), "");
        vec![
            Cell::text(self.who(part.organisation)),
            Cell::text(self.plan.field_path(cell.field)),
            Cell::text(cell.period.to_string()),
            Cell::text(self.sources.title(cell.place.file)),
            line.map_or_else(Cell::nothing, whole),
            Cell::text(name),
            Cell::text(cell.raw.as_deref().unwrap_or("—")),
            cell.value
                .and_then(|value| Fixed::exact(&value.to_fraction()))
                .map_or_else(Cell::nothing, |value| Cell::number(value, "")),
        ]
    }

    /// «a.csv, строка 4: D4 «310» (dop_children), C4 «400» (children_5_17)»: cells of one line
    /// together.
    fn cells_text(&self, cells: &[SourceCell]) -> String {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for cell in cells {
            let file = self.sources.title(cell.place.file);
            let mut place = match self.sources.line_column(&cell.place).0 {
                Some(line) => format!("{file}, строка {line}"),
                None => file,
            };
            let checked = self.progress.map(|own| own.assessment.question.period);
            if checked != Some(cell.period) {
                place = format!("{} — {place}", cell.period.title());
            }
            let field = &self.plan.field(cell.field).id;
            let text = match (&cell.place.spot, &cell.raw) {
                (Spot::Cell(own), Some(raw)) => format!("{} «{raw}» ({field})", own.name()),
                (Spot::Cell(own), None) => format!("{} ({field})", own.name()),
                _ => format!("нет столбца ({field})"),
            };
            match groups.last_mut() {
                Some((known, texts)) if *known == place => texts.push(text),
                _ => groups.push((place, vec![text])),
            }
        }
        let groups: Vec<String> = groups
            .into_iter()
            .map(|(place, texts)| format!("{place}: {}", texts.join(", ")))
            .collect();
        groups.join("; ")
    }
}

fn name(figure: &Figure<'_>) -> String {
    format!("{} ({})", figure.indicator.name, figure.indicator.id)
}

fn notes(title: &str, lines: Vec<String>) -> Option<Block> {
    (!lines.is_empty()).then(|| Block::Notes {
        title: title.into(),
        lines,
    })
}

/// The first of many; one more than that is shown rather than counted.
fn first<T>(all: &[T], extent: Extent) -> &[T] {
    match extent {
        Extent::First(top) if all.len().saturating_sub(1) > top => &all[..top],
        _ => all,
    }
}

fn and_more(count: usize) -> Option<String> {
    (count > 0).then(|| {
        format!(
            "и ещё {}; показать больше: --top ЧИСЛО, всех: --format csv или json",
            counted(count as u128, &ORGANISATIONS)
        )
    })
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// «числитель: 1240 + 300 = 1540», …, «100 × 1540 ÷ 2000 = 77,00 %»
pub(super) fn in_numbers(indicator: &Indicator, line: &Line<'_>, anatomy: &Anatomy) -> Vec<String> {
    let actual = &line.row.actual;
    let decimals = indicator.decimals;
    let known = |value: &Option<Fraction>| {
        value
            .as_ref()
            .map_or_else(|| "нет данных".to_owned(), |value| exact(value, decimals))
    };
    let wholes = [&actual.numerator, &actual.denominator];
    let formulas = indicator.formulas().zip(&anatomy.operands);
    let mut lines = Vec::new();
    for (index, (formula, operands)) in formulas.enumerate() {
        let text = written(&formula.node, &|operand| known(&operands[operand]));
        let whole = known(wholes[index]);
        let what = match indicator.unit {
            Unit::Count => "с числами".to_owned(),
            _ => format!("{} с числами", names(indicator)[index]),
        };
        lines.push(match matches!(formula.node, Node::Operand(_)) {
            true => format!("{what}: {whole}"),
            false => format!("{what}: {text} = {whole}"),
        });
    }
    let (Some(value), Some(printed)) = (&actual.value, &line.actual) else {
        return lines;
    };
    let equals = match printed.to_fraction() == *value {
        true => "=",
        false => "≈",
    };
    let (numerator, denominator) = (known(wholes[0]), known(wholes[1]));
    match indicator.unit {
        Unit::Percent => lines.push(format!(
            "100 × {numerator} ÷ {denominator} {equals} {}",
            with_unit(printed, indicator)
        )),
        Unit::Ratio => lines.push(format!(
            "{numerator} ÷ {denominator} {equals} {}",
            with_unit(printed, indicator)
        )),
        Unit::Count => {}
    }
    lines
}

fn cell_columns() -> Vec<Column> {
    vec![
        Column::text("Организация"),
        Column::text("Поле"),
        Column::text("Период"),
        Column::text("Файл"),
        Column::figures("Строка"),
        Column::text("Ячейка"),
        Column::text("Текст"),
        Column::figures("Учтено"),
    ]
}
