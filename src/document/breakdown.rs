//! A figure broken down, as a table: a tree is set in by levels.

use num_traits::Zero;

use super::parts::ORGANISATIONS;
use super::progress::{Line, Progress, status_tone, unit_mark};
use super::{Block, Cell, Column, Squeeze, Table, Tone};
use crate::assess::By;
use crate::assess::breakdown::{Breakdown, Cut, Level, Turnout, Who};
use crate::model::indicator::Indicator;
use crate::model::plural::{counted, grouped};
use crate::model::quantity::{Fixed, Fraction};
use crate::model::resolution::Bound;

/// The plural forms of a territory.
const TERRITORIES: [&str; 3] = ["территория", "территории", "территорий"];

/// The plural forms of a kind.
const KINDS: [&str; 3] = ["вид", "вида", "видов"];

impl Progress<'_> {
    /// A table a row that is broken down, and what is to be said of all of them.
    pub(super) fn breakdowns(&self, lines: &[Line<'_>]) -> Vec<Block> {
        let Some(by) = self.assessment.question.by else {
            return Vec::new();
        };
        let known = lines
            .iter()
            .filter_map(|line| Some((line, line.indicator?, line.row.breakdown.as_ref()?)));
        let mut blocks = Vec::new();
        let mut said = Said::default();
        for (line, indicator, breakdown) in known {
            said.hear(breakdown);
            let layout = Layout::of(self, by, line, indicator, breakdown);
            let number = self.resolution.proposals[line.row.proposal].number;
            blocks.push(Block::Table(Table {
                title: format!("Пункт {number}. {}", indicator.name),
                columns: layout.columns(),
                rows: breakdown.rows.iter().map(|row| layout.row(row)).collect(),
                ..Table::default()
            }));
        }
        let lines = said.lines(by, self.assessment.question.cut, self.register.declared);
        if !lines.is_empty() {
            blocks.push(Block::Notes {
                title: String::new(),
                lines,
            });
        }
        blocks
    }
}

/// What is said once below all tables.
#[derive(Default)]
struct Said {
    rounds: bool,
    rest: bool,
    deeper: usize,
    territories: bool,
}

impl Said {
    fn hear(&mut self, breakdown: &Breakdown) {
        self.deeper = self.deeper.max(breakdown.deeper);
        for row in &breakdown.rows {
            self.rounds |= row.rounds_to_target;
            self.rest |= matches!(row.who, Who::Rest(_));
            self.territories |= matches!(row.who, Who::Parent(_));
        }
    }

    fn lines(&self, by: By, cut: Cut, declared: bool) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.territories && by == By::Parent {
            let words = match declared {
                true => {
                    "Территорий нет: ни у одной из показанных организаций в реестре нет входящих в неё \
                         (parent)"
                }
                false => {
                    "Территорий нет: без реестра организаций (organisations.csv или .toml) \
                          неизвестно, кто куда входит"
                }
            };
            lines.push(words.to_owned());
        }
        if self.rounds {
            lines.push("* значение округлено: точное до плана не доходит".to_owned());
        }
        if self.deeper > 0 {
            lines.push(format!(
                "Показаны верхние уровни; глубже — ещё {}: одна территория подробно — --of, самые \
                 большие — --top ЧИСЛО, все — --format json или csv",
                counted(self.deeper as u128, &TERRITORIES)
            ));
        } else if self.rest && cut == Cut::Readable {
            lines.push(
                "Показаны самые большие; больше — --top ЧИСЛО, все — --format json или csv"
                    .to_owned(),
            );
        }
        lines
    }
}

/// Which columns a breakdown has.
struct Layout<'a> {
    progress: &'a Progress<'a>,
    by: By,
    indicator: &'a Indicator,
    /// Some row lacks something.
    lacks: bool,
    /// There is a target that asks something of a row.
    judged: bool,
    /// Somebody has not reported.
    missed: bool,
    /// The target is a limit from above.
    upper: bool,
}

impl<'a> Layout<'a> {
    fn of(
        progress: &'a Progress<'a>,
        by: By,
        line: &Line<'_>,
        indicator: &'a Indicator,
        breakdown: &Breakdown,
    ) -> Layout<'a> {
        let rows = || breakdown.rows.iter();
        Layout {
            progress,
            by,
            indicator,
            lacks: rows().any(|row| row.shortfall.as_ref().is_some_and(|own| !own.is_zero())),
            judged: rows().any(|row| row.status.is_some()),
            missed: rows().any(|row| {
                let turnout = row.turnout.as_ref();
                turnout.is_some_and(|turnout| !turnout.missing.is_empty())
            }),
            upper: line
                .target
                .is_some_and(|target| matches!(target.bound, Bound::AtMost(_))),
        }
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![Column::text(match self.by {
            By::Organisation => "Организация",
            By::Kind => "Вид",
            By::Parent => "Территория",
        })];
        // A count is its numerator: one column is enough.
        let ratio = self.indicator.denominator.is_some();
        if ratio {
            columns.push(Column::figures("Числитель"));
            columns.push(Column::figures("Знаменатель").below(1, Squeeze::Some));
        }
        columns.push(Column::figures("Факт"));
        if self.lacks {
            let lacks = Column::figures(match self.upper {
                true => "Лишних",
                false => "Не хватает",
            });
            columns.push(lacks.below(columns.len() - 1, Squeeze::More));
        }
        if self.judged {
            let provisional = Column::text("Предварительно").below(columns.len(), Squeeze::None);
            columns.extend([Column::text("Статус"), provisional]);
            if self.by == By::Organisation {
                // What a resolution asks of all it asks of nobody alone; a program may ask all the same.
                columns
                    .iter_mut()
                    .rev()
                    .take(2)
                    .for_each(|own| own.detail = true);
            }
        }
        if self.by != By::Organisation {
            columns.push(Column::text("Сдали"));
            let came = columns.len() - 1;
            let missing = Column::text("Не сдали").below(came, Squeeze::Some);
            columns.push(match self.missed {
                true => missing,
                false => missing.detail(),
            });
        }
        columns.push(Column::text("Id").detail());
        if self.by == By::Parent {
            columns.push(Column::figures("Уровень").detail());
            columns.push(Column::text("Входит в").detail());
        }
        columns
    }

    fn row(&self, row: &Level) -> Vec<Cell> {
        let (id, title) = self.name(row);
        let faint = matches!(row.who, Who::Direct(_) | Who::Rest(_));
        let indent = "\u{a0}\u{a0}".repeat(row.depth);
        let mut cells = vec![Cell::text(format!("{indent}{title}")).tone(match faint {
            true => Tone::Faint,
            false => Tone::Plain,
        })];
        if self.indicator.denominator.is_some() {
            cells.push(self.exact(&row.numerator));
            cells.push(self.exact(&row.denominator));
        }
        cells.push(self.value(row));
        if self.lacks {
            cells.push(match &row.shortfall {
                None => Cell::nothing(),
                Some(count) if count.is_zero() => Cell {
                    number: Some(Fixed::new(count.clone(), 0)),
                    ..Cell::nothing()
                },
                Some(count) => Cell::number(Fixed::new(count.clone(), 0), ""),
            });
        }
        if self.judged {
            cells.push(match row.status {
                None => Cell::nothing(),
                Some(status) => Cell::text(status.title()).tone(status_tone(status)),
            });
            cells.push(Cell::text(match row.provisional && row.status.is_some() {
                true => "предварительно",
                false => "",
            }));
        }
        if self.by != By::Organisation {
            let turnout = row.turnout.clone().unwrap_or_default();
            cells.push(came(&turnout));
            cells.push(Cell::text(self.missing(&turnout)));
        }
        cells.push(Cell::text(id));
        if self.by == By::Parent {
            cells.push(Cell::number(Fixed::new(row.depth.into(), 0), ""));
            cells.push(Cell::text(row.within.map_or("", |one| self.id(one))));
        }
        cells
    }

    fn id(&self, organisation: u32) -> &str {
        &self.progress.register.organisations[organisation as usize].id
    }

    /// The id, or nothing, and what a person is shown.
    fn name(&self, row: &Level) -> (&str, String) {
        let organisation = |index: u32| &self.progress.register.organisations[index as usize];
        let many = |count: usize, words| counted(count as u128, words);
        match row.who {
            Who::Organisation(one) | Who::Parent(one) => {
                let who = organisation(one);
                (&who.id, who.title().to_owned())
            }
            Who::Kind(one) => {
                let kind = &*organisation(one).kind;
                (kind, kind.to_owned())
            }
            Who::Direct(count) if row.within.is_none() => (
                "",
                format!("вне территорий: {}", many(count, &ORGANISATIONS)),
            ),
            Who::Direct(count) => ("", format!("напрямую: {}", many(count, &ORGANISATIONS))),
            Who::Rest(count) => {
                let words = match self.by {
                    By::Organisation => &ORGANISATIONS,
                    By::Kind => &KINDS,
                    By::Parent => &TERRITORIES,
                };
                ("", format!("и ещё {}", many(count, words)))
            }
        }
    }

    fn exact(&self, value: &Option<Fraction>) -> Cell {
        value.as_ref().map_or_else(Cell::nothing, |value| {
            let fixed =
                Fixed::exact(value).unwrap_or_else(|| Fixed::round(value, self.indicator.decimals));
            Cell::number(fixed, "")
        })
    }

    fn value(&self, row: &Level) -> Cell {
        row.value.as_ref().map_or_else(Cell::nothing, |value| {
            let fixed = Fixed::round(value, self.indicator.decimals);
            let mut cell = Cell::number(fixed, unit_mark(self.indicator));
            if row.rounds_to_target {
                cell.text.push('*');
            }
            cell
        })
    }

    /// Names where they are few, a number where they are not.
    fn missing(&self, turnout: &Turnout) -> String {
        const FEW: usize = 3;
        let missing = &turnout.missing;
        if missing.len() > FEW {
            return counted(missing.len() as u128, &ORGANISATIONS);
        }
        let names = missing.iter();
        let names: Vec<&str> = names
            .map(|&one| self.progress.register.organisations[one as usize].title())
            .collect();
        names.join(", ")
    }
}

/// «10 из 12».
fn came(turnout: &Turnout) -> Cell {
    match turnout.expected {
        Some(0) => Cell::nothing(),
        Some(expected) => {
            let tone = match expected == turnout.reported {
                true => Tone::Good,
                false => Tone::Bad,
            };
            let [reported, expected] = [turnout.reported, expected].map(grouped);
            Cell::text(format!("{reported} из {expected}")).tone(tone)
        }
        None => Cell::text(format!(
            "{}, должно — неизвестно",
            grouped(turnout.reported)
        )),
    }
}
