//! How far a resolution is fulfilled: everything that `check` shows, worded and rounded once.

use hashbrown::HashMap;
use num_bigint::BigInt;

use super::{Block, Cell, Column, Document, Squeeze, Table, Tone};
use crate::assess::actual::{Actual, Gap, Reason, Stale, owed_periods, window};
use crate::assess::completeness::Completeness;
use crate::assess::verdict::{Status, Verdict, printed_deviation, printed_percent};
use crate::assess::{Assessment, Row, Subject};
use crate::model::Plan;
use crate::model::indicator::{Indicator, Unit};
use crate::model::organisation::Register;
use crate::model::period::{Period, russian_date};
use crate::model::plural::{counted, grouped, plural};
use crate::model::quantity::{Fixed, Fraction, count_of};
use crate::model::resolution::{Adoption, Bound, Resolution, Target};

/// What `check` found.
pub struct Progress<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Who reported, or must.
    pub register: &'a Register,
    /// What was promised.
    pub resolution: &'a Resolution,
    /// The answer.
    pub assessment: &'a Assessment,
    /// Which data folder was used.
    pub data: String,
    /// How many files were read, and how many reports taken from them.
    pub read: (usize, u64),
    /// The periods that there are reports for, oldest first.
    pub periods: Vec<Period>,
}

/// One row, rounded and worded.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The row.
    pub row: &'a Row,
    /// Its target.
    pub target: Option<&'a Target>,
    /// Its indicator.
    pub indicator: Option<&'a Indicator>,
    /// The value as printed.
    pub actual: Option<Fixed>,
    /// Actual less target, as printed.
    pub deviation: Option<Fixed>,
    /// Percent of the target, as printed.
    pub percent: Option<Fixed>,
    /// What a reader must know of it.
    pub notes: Vec<String>,
}

impl<'a> Progress<'a> {
    /// The rows, rounded and worded.
    pub fn lines(&self) -> Vec<Line<'a>> {
        self.assessment
            .rows
            .iter()
            .map(|row| self.line(row))
            .collect()
    }

    fn line(&self, row: &'a Row) -> Line<'a> {
        let target = match row.subject {
            Subject::Target(index) => Some(&self.resolution.proposals[row.proposal].targets[index]),
            _ => None,
        };
        let indicator = row.indicator.map(|index| &self.plan.indicators[index]);
        let decimals = indicator.map_or(0, |indicator| indicator.decimals);
        let verdict = &row.verdict;
        Line {
            actual: row
                .actual
                .value
                .as_ref()
                .map(|value| Fixed::round(value, decimals)),
            deviation: verdict
                .deviation
                .as_ref()
                .map(|deviation| printed_deviation(deviation, decimals)),
            percent: verdict
                .percent
                .as_ref()
                .map(|percent| printed_percent(percent, verdict.status == Status::Met)),
            notes: indicator.map_or_else(Vec::new, |indicator| {
                self.notes(&row.actual, verdict, indicator, target)
            }),
            row,
            target,
            indicator,
        }
    }

    fn notes(
        &self,
        actual: &Actual,
        verdict: &Verdict,
        indicator: &Indicator,
        target: Option<&Target>,
    ) -> Vec<String> {
        let upper = target.is_some_and(|target| matches!(target.bound, Bound::AtMost(_)));
        let mut notes = Vec::new();
        if verdict.rounds_to_target {
            notes.push(rounding_note(actual, indicator, upper));
        }
        if verdict.status == Status::NoBase {
            notes.push(
                "резолюция не называет, с чем сравнивать: впишите базу (base) в файл резолюции"
                    .to_owned(),
            );
        }
        if let Some(limit) = &verdict.by_now {
            let limit = distinct(limit, actual.value.as_ref(), indicator.decimals);
            notes.push(format!(
                "к концу периода должно быть {} {}",
                if upper {
                    "не больше"
                } else {
                    "не меньше"
                },
                with_unit(&limit, indicator)
            ));
        }
        if actual.value.is_none() {
            notes.push(self.why_no_value(actual, indicator));
        }
        notes.extend(self.stale_notes(&actual.stale));
        notes.extend(self.gap_notes(&actual.gaps, indicator));
        notes
    }

    fn why_no_value(&self, actual: &Actual, indicator: &Indicator) -> String {
        match (&actual.numerator, &actual.denominator) {
            (Some(numerator), Some(denominator)) if numerator > denominator && indicator.share => {
                "значения нет: часть больше целого".to_owned()
            }
            (Some(_), Some(_)) => "значения нет: знаменатель равен нулю".to_owned(),
            _ if !self.register.declared && indicator.counted_kinds().next().is_some() => {
                "чтобы посчитать, нужен реестр организаций (organisations.toml)".to_owned()
            }
            _ => format!(
                "посчитать не из чего: {}",
                self.why_nothing(actual, indicator)
            ),
        }
    }

    /// Why nothing of any of an indicator's forms entered it.
    fn why_nothing(&self, actual: &Actual, indicator: &Indicator) -> String {
        let titles = |wanted: Absence| -> Option<String> {
            let forms = indicator.forms().into_iter();
            let titles: Vec<String> = forms
                .filter(|form| self.absence(*form, actual, indicator) == Some(wanted))
                .map(|form| format!("«{}»", self.plan.forms[form].title))
                .collect();
            (!titles.is_empty()).then(|| titles.join(", "))
        };
        let mut why = Vec::new();
        why.extend(titles(Absence::Unreported).map(|titles| format!("нет отчётов {titles}")));
        why.extend(
            titles(Absence::Conflicting)
                .map(|titles| format!("отчёты {titles} противоречат друг другу")),
        );
        if why.is_empty() && actual.gaps.is_empty() {
            why.extend(
                titles(Absence::NotOwed)
                    .map(|titles| format!("отчёты {titles} сдавать здесь никто не обязан")),
            );
        }
        match why.is_empty() {
            true => "ни одно значение не принято".to_owned(),
            false => why.join("; "),
        }
    }

    /// What became of a form within an indicator's own window, if nothing of it was taken.
    fn absence(&self, form: usize, actual: &Actual, indicator: &Indicator) -> Option<Absence> {
        let (start, end) = window(indicator, self.assessment.question.period);
        let periods = owed_periods(&self.plan.forms[form], start, end);
        let completeness = self.assessment.completeness.iter();
        let own: Vec<&Completeness> = completeness
            .filter(|one| one.form == form && periods.contains(&one.period))
            .collect();
        let gaps = || actual.gaps.iter().filter(|gap| gap.form == form);
        let reported = own.iter().any(|one| one.reported > 0);
        let only = |reasons: &[Reason]| gaps().all(|gap| reasons.contains(&gap.reason));
        if reported || !only(&[Reason::NotReported, Reason::Conflicting]) {
            return None;
        }
        Some(if !only(&[Reason::NotReported]) {
            Absence::Conflicting
        } else if !own.is_empty() && own.iter().all(|one| one.expected == Some(0)) {
            Absence::NotOwed
        } else {
            Absence::Unreported
        })
    }

    /// Whose earlier figures were taken, by form and period.
    fn stale_notes(&self, stale: &[Stale]) -> Vec<String> {
        let mut groups: Vec<(usize, Period, Vec<&str>)> = Vec::new();
        for one in stale {
            let who = self.register.organisations[one.organisation as usize].title();
            match groups.last_mut() {
                Some((form, period, members)) if (*form, *period) == (one.form, one.period) => {
                    members.push(who);
                }
                _ => groups.push((one.form, one.period, vec![who])),
            }
        }
        groups
            .into_iter()
            .map(|(form, period, members)| {
                format!(
                    "по форме «{}» взят прежний отчёт ({}), нового нет: {}",
                    self.plan.forms[form].title,
                    period.title(),
                    list(&members)
                )
            })
            .collect()
    }

    /// Who is missing from a figure, and who is in it with older or fewer figures.
    pub(super) fn gap_notes(&self, gaps: &[Gap], indicator: &Indicator) -> Vec<String> {
        let mut said = Said::new(self.plan);
        let mut out: Vec<(u32, usize)> = Vec::new();
        let mut partly: Vec<(u32, usize)> = Vec::new();
        for gap in gaps {
            let group = match gap.reason.is_partial() {
                true => &mut partly,
                false => &mut out,
            };
            match group.last_mut() {
                Some((who, text)) if *who == gap.organisation => {
                    *text = said.with(Some(*text), gap)
                }
                _ => group.push((gap.organisation, said.with(None, gap))),
            }
        }
        [
            (left_out_words(indicator), out),
            ("вошли не полностью", partly),
        ]
        .into_iter()
        .filter(|(_, group)| !group.is_empty())
        .map(|(heading, group)| format!("{heading}: {}", self.by_reason(&group, &said)))
        .collect()
    }

    /// «не вошли: нет отчёта — 2, два разных отчёта — 1»: how many, where names would be too much.
    pub(super) fn reasons_counted(&self, gaps: &[Gap], indicator: &Indicator) -> Option<String> {
        let mut counts: Vec<(String, Vec<u32>)> = Vec::new();
        for gap in gaps.iter().filter(|gap| !gap.reason.is_partial()) {
            let reason = match gap.reason {
                Reason::NoValue(_) | Reason::Faulty(_) => "ошибка или пропуск".to_owned(),
                _ => reason(self.plan, gap),
            };
            match counts.iter_mut().find(|(own, _)| *own == reason) {
                Some((_, who)) if who.contains(&gap.organisation) => {}
                Some((_, who)) => who.push(gap.organisation),
                None => counts.push((reason, vec![gap.organisation])),
            }
        }
        let told: Vec<String> = counts
            .into_iter()
            .map(|(reason, who)| format!("{reason} — {}", who.len()))
            .collect();
        (!told.is_empty()).then(|| format!("{}: {}", left_out_words(indicator), told.join(", ")))
    }

    /// «нет отчёта — А, Б; два разных отчёта — В».
    fn by_reason(&self, group: &[(u32, usize)], said: &Said<'_>) -> String {
        let mut reasons: Vec<(usize, Vec<&str>)> = Vec::new();
        for (who, text) in group {
            let who = self.register.organisations[*who as usize].title();
            match reasons.iter_mut().find(|(own, _)| own == text) {
                Some((_, names)) => names.push(who),
                None => reasons.push((*text, vec![who])),
            }
        }
        let told: Vec<String> = reasons
            .into_iter()
            .map(|(text, names)| format!("{} — {}", said.texts[text], list(&names)))
            .collect();
        told.join("; ")
    }

    /// The document.
    pub fn document(&self) -> Document {
        let lines = self.lines();
        let mut blocks = vec![Block::Table(self.table(&lines))];
        blocks.extend(self.breakdowns(&lines));
        let notes = self.all_notes(&lines);
        if !notes.is_empty() {
            blocks.push(Block::Notes {
                title: "Пояснения".into(),
                lines: notes,
            });
        }
        blocks.push(Block::Table(self.completeness()));
        Document {
            title: self.title(),
            subtitle: self.subtitle(&lines),
            blocks,
        }
    }

    pub(super) fn title(&self) -> String {
        let draft = match self.resolution.status {
            Adoption::Draft => " (проект)",
            Adoption::Adopted => "",
        };
        format!(
            "Выполнение резолюции {}{draft} на конец периода: {}",
            self.resolution.id,
            self.assessment.question.period.title()
        )
    }

    fn subtitle(&self, lines: &[Line<'_>]) -> Vec<String> {
        let mut subtitle = self.origin();
        subtitle.push(headline(lines));
        subtitle.extend(self.nothing_for_period());
        subtitle
    }

    /// What it is about and what it comes from.
    pub(super) fn origin(&self) -> Vec<String> {
        let mut subtitle = vec![squeeze(&self.resolution.title)];
        let data = match self.data.as_str() {
            "built-in" => "встроенные в программу".to_owned(),
            folder => format!("папка {folder}"),
        };
        let (files, reports) = self.read;
        subtitle.push(format!(
            "Описание целей и форм: {data}. Прочитано: {}, {}",
            counted(files as u128, &["файл", "файла", "файлов"]),
            counted(
                u128::from(reports),
                &["строка с данными", "строки с данными", "строк с данными"]
            ),
        ));
        if let Some(top) = self.assessment.question.of {
            let who = &self.register.organisations[top as usize];
            subtitle.push(format!("Только: {}", who.title()));
        }
        subtitle
    }

    /// Where nobody reported for the checked period: which periods there are reports for.
    pub(super) fn nothing_for_period(&self) -> Option<String> {
        let nothing = self
            .assessment
            .completeness
            .iter()
            .all(|one| one.reported == 0);
        let some = self.periods.contains(&self.assessment.question.period);
        if !nothing || some || self.periods.is_empty() {
            return None;
        }
        let ids: Vec<String> = self.periods.iter().map(Period::to_string).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        Some(format!(
            "За этот период отчётов нет; есть за {}",
            list(&ids)
        ))
    }

    fn table(&self, lines: &[Line<'_>]) -> Table {
        let columns = vec![
            Column::figures("№"),
            Column::text("Показатель"),
            Column::figures("План"),
            Column::figures("Факт").below(2, Squeeze::Full),
            Column::figures("Отклонение"),
            Column::figures("% плана").below(4, Squeeze::Some),
            Column::figures("Не хватает").below(4, Squeeze::More),
            Column::text("Статус"),
            Column::text("Предварительно").below(7, Squeeze::None),
            Column::text("Срок").below(7, Squeeze::Some),
            Column::text("Условие").detail(),
            Column::text("Единица").detail(),
            Column::figures("Числитель").detail(),
            Column::figures("Знаменатель").detail(),
            Column::text("Пояснение").detail(),
        ];
        let rows = lines.iter().map(|line| self.row(line)).collect();
        Table {
            title: String::new(),
            columns,
            rows,
            ..Table::default()
        }
    }

    fn row(&self, line: &Line<'_>) -> Vec<Cell> {
        let proposal = &self.resolution.proposals[line.row.proposal];
        let status = line.row.verdict.status;
        let name = match (line.indicator, &line.row.subject) {
            (Some(indicator), Subject::Watch(_)) => indicator.name.clone(),
            (Some(indicator), _) if proposal.targets.len() > 1 => indicator.name.clone(),
            _ => squeeze(&proposal.topic),
        };
        let faint = matches!(status, Status::Watch | Status::Unmeasured);
        let tone = if faint { Tone::Faint } else { Tone::Plain };
        let (Some(indicator), provisional) = (line.indicator, line.row.is_provisional()) else {
            let mut row = vec![
                Cell::number(Fixed::new(proposal.number.into(), 0), ""),
                Cell::text(name).tone(tone),
            ];
            row.extend((0..5).map(|_| Cell::text("")));
            row.push(Cell::text(status.title()).tone(tone));
            row.extend((0..7).map(|_| Cell::text("")));
            return row;
        };
        vec![
            Cell::number(Fixed::new(proposal.number.into(), 0), ""),
            Cell::text(name).tone(tone),
            line.target
                .map_or_else(Cell::nothing, |target| plan_cell(target, indicator)),
            actual_cell(line, indicator).tone(tone),
            deviation_cell(line, indicator),
            line.percent
                .clone()
                .map_or_else(Cell::nothing, |percent| Cell::number(percent, "\u{a0}%")),
            shortfall_cell(line, indicator),
            Cell::text(status.title()).tone(status_tone(status)),
            Cell::text(if provisional {
                "предварительно"
            } else {
                ""
            }),
            Cell::text(line.target.map_or_else(String::new, due_text)),
            Cell::text(line.target.map_or("", condition)),
            Cell::text(unit_title(indicator)),
            exact_cell(&line.row.actual.numerator),
            exact_cell(&line.row.actual.denominator),
            Cell::text(line.notes.join("; ")),
        ]
    }

    pub(super) fn all_notes(&self, lines: &[Line<'_>]) -> Vec<String> {
        let mut notes = Vec::new();
        for line in lines {
            if line.notes.is_empty() {
                continue;
            }
            let number = self.resolution.proposals[line.row.proposal].number;
            let name = line.indicator.map_or("", |indicator| &indicator.name);
            notes.push(format!("{number}. {name}: {}", line.notes.join("; ")));
        }
        notes
    }

    pub(super) fn completeness(&self) -> Table {
        let shown: Vec<&Completeness> = self
            .assessment
            .completeness
            .iter()
            .filter(|one| one.expected != Some(0))
            .collect();
        // Periods of one form that tell the same story are one row.
        let rows = shown
            .chunk_by(|one, next| one.tells_the_same(next))
            .map(|run| {
                let (one, last) = (run[0], run[run.len() - 1]);
                let reported = grouped(one.reported);
                let (count, tone) = match one.expected {
                    Some(expected) => (
                        format!("{reported} из {}", grouped(expected)),
                        match expected == one.reported {
                            true => Tone::Good,
                            false if self.is_unfinished(one) => Tone::Plain,
                            false => Tone::Bad,
                        },
                    ),
                    None => (
                        format!("{reported}, сколько должно — неизвестно"),
                        Tone::Plain,
                    ),
                };
                let period = match run.len() {
                    1 => one.period.title(),
                    _ => format!("{} – {}", one.period.title(), last.period.title()),
                };
                vec![
                    Cell::text(&self.plan.forms[one.form].title),
                    Cell::text(period),
                    Cell::text(count).tone(tone),
                    Cell::text(self.missing(one)),
                ]
            })
            .collect();
        Table {
            title: "Кто отчитался".into(),
            columns: vec![
                Column::text("Форма"),
                Column::text("Период"),
                Column::text("Сдали"),
                Column::text("Не сдали"),
            ],
            rows,
            ..Table::default()
        }
    }

    /// A form's period that is not over yet when the checked one is.
    fn is_unfinished(&self, one: &Completeness) -> bool {
        one.period.end() > self.assessment.question.period.end()
    }

    fn missing(&self, one: &Completeness) -> String {
        if self.is_unfinished(one) && one.reported == 0 {
            return "период ещё не окончен".into();
        }
        if one.reported == 0
            && one.missing.len() > 1
            && one.disputed.is_empty()
            && one.faulty.is_empty()
        {
            return "никто".into();
        }
        let titles: Vec<String> = one
            .missing
            .iter()
            .map(|&index| {
                let title = self.register.organisations[index as usize].title();
                if one.disputed.contains(&index) {
                    format!("{title} — два разных отчёта")
                } else if one.faulty.contains(&index) {
                    format!("{title} — отчёт с ошибками, не принят")
                } else {
                    title.to_owned()
                }
            })
            .collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        list(&titles)
    }
}

/// Why there is nothing of a form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Absence {
    /// Nobody sent it.
    Unreported,
    /// Whoever sent it sent reports that differ.
    Conflicting,
    /// Nobody in view must.
    NotOwed,
}

/// What became of those who are missing from a figure.
fn left_out_words(indicator: &Indicator) -> &'static str {
    match indicator.counted_kinds().next() {
        Some(_) => "не вошли в числитель, но учтены в знаменателе",
        None => "не вошли",
    }
}

/// Why somebody is missing from a figure.
pub fn reason(plan: &Plan, gap: &Gap) -> String {
    let header = |field| &plan.field(field).header;
    match gap.reason {
        Reason::NotReported => "нет отчёта".into(),
        Reason::Conflicting => "два разных отчёта".into(),
        Reason::NoValue(field) => format!("не указано «{}»", header(field)),
        Reason::Faulty(field) => format!("ошибка в «{}»", header(field)),
        Reason::Incomplete => "не за все периоды".into(),
        Reason::Earlier => "прежние значения, нового отчёта нет".into(),
        Reason::Exceeds => "часть больше целого".into(),
    }
}

/// What is said of organisations with gaps: each text made once, for thousands may have the same.
struct Said<'a> {
    plan: &'a Plan,
    texts: Vec<String>,
    /// The text that a reason makes of another, or begins.
    with: HashMap<(Option<usize>, Reason), usize>,
}

impl<'a> Said<'a> {
    fn new(plan: &'a Plan) -> Said<'a> {
        Said {
            plan,
            texts: Vec::new(),
            with: HashMap::new(),
        }
    }

    /// A text with a gap's reason added, where it does not say that yet.
    fn with(&mut self, text: Option<usize>, gap: &Gap) -> usize {
        if let Some(known) = self.with.get(&(text, gap.reason)) {
            return *known;
        }
        let more = reason(self.plan, gap);
        let longer = match text.map(|text| &self.texts[text]) {
            None => more,
            Some(said) if said.contains(&more) => said.clone(),
            Some(said) => format!("{said}, {more}"),
        };
        let known = self.texts.iter().position(|own| *own == longer);
        let index = known.unwrap_or_else(|| {
            self.texts.push(longer);
            self.texts.len() - 1
        });
        self.with.insert((text, gap.reason), index);
        index
    }
}

/// Names in a row; of more than a reader takes in, the first few.
pub(super) fn list(names: &[&str]) -> String {
    const ALL: usize = 12;
    const MANY: usize = 100;
    const FEW: usize = 5;
    if names.len() <= ALL {
        return names.join(", ");
    }
    let shown = if names.len() > MANY { FEW } else { ALL };
    let left = grouped(names.len() - shown);
    format!("{} и ещё {left}", names[..shown].join(", "))
}

/// «достигнуто 3 из 6 целей; …»
pub(super) fn headline(lines: &[Line<'_>]) -> String {
    let targets: Vec<&Line<'_>> = lines.iter().filter(|line| line.target.is_some()).collect();
    let count = |status: Status| {
        targets
            .iter()
            .filter(|line| line.row.verdict.status == status)
            .count()
    };
    if targets.is_empty() {
        return "Измеримых целей резолюция не задаёт".into();
    }
    let mut parts = vec![format!(
        "Достигнуто {} из {}",
        count(Status::Met),
        counted(targets.len() as u128, &["цели", "целей", "целей"])
    )];
    for status in [
        Status::Missed,
        Status::Behind,
        Status::OnTrack,
        Status::Pending,
        Status::Open,
        Status::NoData,
        Status::NoBase,
    ] {
        if count(status) > 0 {
            parts.push(format!("{}: {}", status.title(), count(status)));
        }
    }
    if targets.iter().any(|line| line.row.is_provisional()) {
        parts.push("итог предварительный: не все отчёты сданы и приняты".into());
    }
    parts.join("; ")
}

/// A limit as printed beside a value: with enough decimals for the two to look different.
fn distinct(limit: &Fraction, value: Option<&Fraction>, decimals: u32) -> Fixed {
    const MOST: u32 = 12;
    let same = |decimals: u32| {
        value.is_some_and(|value| {
            value != limit && Fixed::round(value, decimals) == Fixed::round(limit, decimals)
        })
    };
    let decimals = (decimals..MOST).find(|d| !same(*d)).unwrap_or(MOST);
    Fixed::round(limit, decimals)
}

fn rounding_note(actual: &Actual, indicator: &Indicator, upper: bool) -> String {
    let printed = actual
        .value
        .as_ref()
        .map(|value| with_unit(&Fixed::round(value, indicator.decimals), indicator))
        .unwrap_or_default();
    let exact = match (&actual.numerator, &actual.denominator) {
        (Some(numerator), Some(denominator)) => format!(" ({numerator} из {denominator})"),
        _ => String::new(),
    };
    let short = if upper {
        "больше плана"
    } else {
        "до плана не доходит"
    };
    format!("* {printed} — округлённое значение; точное{exact} {short}, поэтому цель не достигнута")
}

pub(super) fn unit_title(indicator: &Indicator) -> String {
    match (&indicator.unit, &indicator.counts) {
        (Unit::Percent, _) => "%".into(),
        (Unit::Ratio, _) => "отношение".into(),
        (Unit::Count, Some(counts)) => counts[2].clone(),
        (Unit::Count, None) => "ед.".into(),
    }
}

pub(super) fn unit_mark(indicator: &Indicator) -> &'static str {
    match indicator.unit {
        Unit::Percent => "\u{a0}%",
        Unit::Ratio | Unit::Count => "",
    }
}

pub(super) fn with_unit(value: &Fixed, indicator: &Indicator) -> String {
    format!("{}{}", value.russian(), unit_mark(indicator))
}

/// The target's value as written, without zeros that it does not have.
pub(super) fn plan_cell(target: &Target, indicator: &Indicator) -> Cell {
    let (sign, value) = match target.bound {
        Bound::AtLeast(value) => ("≥", value),
        Bound::AtMost(value) => ("≤", value),
        Bound::MoreThanBase => match target.base {
            Some(base) => (">", base.value),
            None => {
                return Cell {
                    text: "больше базы".into(),
                    ..Cell::nothing()
                };
            }
        },
    };
    let fraction = value.to_fraction();
    let fixed = Fixed::exact(&fraction).unwrap_or_else(|| Fixed::round(&fraction, 2));
    let text = format!("{sign}\u{a0}{}", with_unit(&fixed, indicator));
    Cell {
        text,
        number: Some(fixed),
        ..Cell::default()
    }
}

/// An exact number; as a fraction where it has no end.
pub(super) fn exact_cell(value: &Option<Fraction>) -> Cell {
    match value {
        None => Cell::text(""),
        Some(value) => match Fixed::exact(value) {
            Some(fixed) => Cell::number(fixed, ""),
            None => Cell::text(format!("{}/{}", value.numer(), value.denom())),
        },
    }
}

pub(super) fn actual_cell(line: &Line<'_>, indicator: &Indicator) -> Cell {
    let Some(actual) = &line.actual else {
        return Cell::nothing();
    };
    let mut cell = Cell::number(actual.clone(), unit_mark(indicator));
    if line.row.verdict.rounds_to_target {
        cell.text.push('*');
    }
    cell
}

pub(super) fn deviation_cell(line: &Line<'_>, indicator: &Indicator) -> Cell {
    let Some(deviation) = &line.deviation else {
        return Cell::nothing();
    };
    let unit = match indicator.unit {
        Unit::Percent => "\u{a0}п.п.",
        Unit::Ratio | Unit::Count => "",
    };
    let mut cell = Cell::number(deviation.clone(), unit);
    if !deviation.is_zero() && !cell.text.starts_with('\u{2212}') {
        cell.text.insert(0, '+');
    }
    cell
}

/// Before the number of what is too much.
pub(super) const EXCESS: &str = "лишних:\u{a0}";

pub(super) fn shortfall_cell(line: &Line<'_>, indicator: &Indicator) -> Cell {
    let (Some(shortfall), Some(counts)) = (&line.row.verdict.shortfall, &indicator.counts) else {
        return Cell::nothing();
    };
    if *shortfall == BigInt::from(0) {
        let mut cell = Cell::nothing();
        cell.number = Some(Fixed::new(shortfall.clone(), 0));
        return cell;
    }
    let words = plural(count_of(shortfall), counts).replace(' ', "\u{a0}");
    let number = Fixed::new(shortfall.clone(), 0);
    let upper = line
        .target
        .is_some_and(|target| matches!(target.bound, Bound::AtMost(_)));
    let over = if upper { EXCESS } else { "" };
    let text = format!("{over}{}\u{a0}{words}", number.russian());
    Cell {
        text,
        number: Some(number),
        ..Cell::default()
    }
}

pub(super) fn condition(target: &Target) -> &'static str {
    match target.bound {
        Bound::AtLeast(_) => "не меньше",
        Bound::AtMost(_) => "не больше",
        Bound::MoreThanBase => "больше базы",
    }
}

/// The colour of a status.
pub fn status_tone(status: Status) -> Tone {
    match status {
        Status::Met | Status::OnTrack => Tone::Good,
        Status::Missed => Tone::Bad,
        Status::Behind | Status::NoData | Status::NoBase => Tone::Uneasy,
        Status::Pending | Status::Open => Tone::Plain,
        Status::Watch | Status::Unmeasured => Tone::Faint,
    }
}

pub(super) fn due_text(target: &Target) -> String {
    match target.due {
        Some(due) => {
            format!("до\u{a0}{}", russian_date(due.end()))
        }
        None if target.maintain => "постоянно".into(),
        None => "срок не задан".into(),
    }
}

/// White space and line breaks of a verbatim text, made single for a heading.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}
