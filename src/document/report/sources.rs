//! What the report rests on: remarks on the data, how each figure is computed, the files read.

use std::collections::BTreeMap;

use super::{Extent, Report};
use crate::diagnostic::pages::Page;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::catalogue::target_text;
use crate::document::explanation::in_numbers;
use crate::document::formula;
use crate::document::progress::{Line, squeeze};
use crate::document::{Block, Cell, Column, Squeeze, Table, Tone};
use crate::model::quantity::Fixed;
use crate::source::Spot;

impl Report<'_> {
    pub(super) fn remarks(&self, extent: Extent) -> Vec<Block> {
        // The worst first, those of one kind in the order of the files. Notes ask nothing of anybody:
        // on paper they are only counted.
        let mut wanted: Vec<&Diagnostic> = self
            .diagnostics
            .sorted()
            .into_iter()
            .filter(|one| extent == Extent::Whole || one.severity != Severity::Note)
            .collect();
        wanted.sort_by_key(|one| one.severity);
        let shown = &wanted[..wanted.len().min(extent.remarks())];
        let mut blocks = Vec::new();
        if !shown.is_empty() {
            blocks.push(Block::Table(Table {
                title: String::new(),
                columns: vec![
                    Column::text("Важность"),
                    Column::text("Организация").below(0, Squeeze::More),
                    Column::text("Где"),
                    Column::text("Что"),
                    Column::text("Что делать").below(3, Squeeze::More),
                    Column::text("Код").detail(),
                    Column::text("Файл").detail(),
                    Column::figures("Строка").detail(),
                    Column::text("Ячейка").detail(),
                    Column::text("Id организации").detail(),
                    Column::text("Найдено").detail(),
                ],
                rows: shown.iter().map(|one| self.remark(one)).collect(),
                ..Table::default()
            }));
        }
        let rest = self.not_shown(shown, extent);
        if !rest.is_empty() {
            blocks.push(Block::Notes {
                title: match blocks.is_empty() {
                    true => String::new(),
                    false => "Ещё замечания".into(),
                },
                lines: rest,
            });
        }
        blocks
    }

    /// How many there are of each kind that is not shown one by one.
    fn not_shown(&self, shown: &[&Diagnostic], extent: Extent) -> Vec<String> {
        let mut counts: BTreeMap<(Severity, Code), u64> = BTreeMap::new();
        for ((severity, code, _), count) in self.diagnostics.counts() {
            *counts.entry((*severity, *code)).or_default() += count;
        }
        for one in shown {
            if let Some(count) = counts.get_mut(&(one.severity, one.code)) {
                *count = count.saturating_sub(1);
            }
        }
        let rest = counts.into_iter().filter(|(_, count)| *count > 0);
        let mut lines: Vec<String> = rest
            .map(|((_, code), count)| format!("{} ({}): {count}", Page::of(code).title, code.id()))
            .collect();
        if !lines.is_empty() {
            lines.push(match extent {
                Extent::Whole | Extent::Terminal => {
                    "места показывает aleysk check; что значит код, скажет aleysk explain КОД"
                        .to_owned()
                }
                Extent::Page => {
                    "с местами они есть в отчёте XLSX; что значит код, скажет aleysk explain КОД"
                        .to_owned()
                }
            });
        }
        lines
    }

    fn remark(&self, one: &Diagnostic) -> Vec<Cell> {
        let (mut file, mut line, mut cell) = (String::new(), None, String::new());
        if let Some(place) = &one.place {
            file = self.sources.title(place.file);
            line = self.sources.line_column(place).0;
            if let Spot::Cell(own) = &place.spot {
                cell = own.name();
            }
        }
        let mut place = file.clone();
        if let Some(line) = line {
            place.push_str(&format!(", строка {line}"));
        }
        if !cell.is_empty() {
            place.push_str(&format!(" ({cell})"));
        }
        let register = self.progress.register;
        let who = one.organisation.as_deref().unwrap_or_default();
        let known = register.organisations.iter().find(|own| &*own.id == who);
        let who = known.map_or(who, |own| own.title());
        let tone = match one.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Uneasy,
            Severity::Note => Tone::Plain,
        };
        vec![
            Cell::text(one.severity.title()).tone(tone),
            Cell::text(who),
            Cell::text(place),
            Cell::text(&one.message),
            Cell::text(&one.help),
            Cell::text(one.code.id()),
            Cell::text(file),
            match line {
                None => Cell::text(""),
                Some(line) => Cell::number(Fixed::new(line.into(), 0), ""),
            },
            Cell::text(cell),
            Cell::text(one.organisation.clone().unwrap_or_default()),
            Cell::text(one.found.clone().unwrap_or_default()),
        ]
    }

    /// Formula, figures put in, the resolution's words, the method: each indicator once.
    pub(super) fn methods(&self, lines: &[Line<'_>], extent: Extent) -> Vec<Block> {
        let mut told: Vec<usize> = Vec::new();
        let mut blocks = Vec::new();
        for (line, anatomy) in lines.iter().zip(&self.review.parts) {
            let (Some(indicator), Some(index)) = (line.indicator, line.row.indicator) else {
                continue;
            };
            if told.contains(&index) {
                continue;
            }
            told.push(index);
            let mut words = formula::words(self.progress.plan, indicator);
            if let Some(anatomy) = anatomy {
                words.extend(in_numbers(indicator, line, anatomy));
            }
            let same = lines
                .iter()
                .filter(|other| other.row.indicator == Some(index));
            words.extend(same.filter_map(|line| {
                let number = self.proposal(line).number;
                let target = line.target?;
                Some(format!(
                    "Пункт {number}: {}; слова резолюции: «{}»",
                    target_text(target, indicator),
                    target.quote
                ))
            }));
            match extent {
                Extent::Terminal => words.push(format!(
                    "откуда формула и каждая ячейка: aleysk explain {}",
                    indicator.id
                )),
                _ if indicator.method.is_empty() => {}
                _ => words.push(squeeze(&indicator.method)),
            }
            blocks.push(Block::Notes {
                title: format!("{} ({})", indicator.name, indicator.id),
                lines: words,
            });
        }
        if self
            .review
            .outlooks
            .iter()
            .flatten()
            .any(|own| own.projection.is_ok())
        {
            blocks.push(Block::Notes {
                title: "Прогноз".into(),
                lines: vec![METHOD.to_owned()],
            });
        }
        blocks
    }

    /// The files by which the report can be made again.
    pub(super) fn evidence(&self) -> Vec<Block> {
        let rows = self
            .evidence
            .iter()
            .map(|file| {
                vec![
                    Cell::text(&file.name),
                    Cell::text(match file.is_data {
                        true => "описание",
                        false => "отчёт",
                    }),
                    match &file.fingerprint {
                        None => Cell::nothing(),
                        Some(own) => Cell::number(Fixed::new(own.bytes.into(), 0), ""),
                    },
                    match file.is_data {
                        true => Cell::text(""),
                        false => Cell::number(Fixed::new(file.accepted.into(), 0), ""),
                    },
                    match &file.fingerprint {
                        None => Cell::text("прочитан со стандартного ввода"),
                        Some(own) => Cell::text(&own.sha256),
                    },
                ]
            })
            .collect();
        let data = match self.progress.data.as_str() {
            "built-in" => "встроенное в программу".to_owned(),
            folder => format!("папка {folder}"),
        };
        vec![
            Block::Notes {
                title: String::new(),
                lines: vec![format!(
                    "aleysk {}; описание целей и форм: {data}",
                    env!("CARGO_PKG_VERSION")
                )],
            },
            Block::Table(Table {
                title: "Прочитанные файлы".into(),
                columns: vec![
                    Column::text("Файл"),
                    Column::text("Что это").below(0, Squeeze::Some),
                    Column::figures("Байт").below(3, Squeeze::Some),
                    Column::figures("Строк с данными"),
                    Column::text("SHA-256").below(0, Squeeze::More),
                ],
                rows,
                ..Table::default()
            }),
        ]
    }
}

/// How projections are made.
const METHOD: &str = "Прямая наименьших квадратов по значениям новейших периодов с полными данными \
(не меньше трёх и не больше шести, каждый период — один шаг), продолженная до срока; границы — \
80-процентный интервал предсказания этой прямой по распределению Стьюдента. Прогноз показывает, куда \
ведут уже присланные числа, и ничего не знает о том, что намечено. На статус цели он не влияет.";
