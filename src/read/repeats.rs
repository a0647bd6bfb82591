//! What can only be said with all reports in view: those that came twice, those that were replaced,
//! rules that look at several forms.

use std::collections::{BTreeSet, HashSet};
use std::io;

use super::delimited::Records;
use super::plan::Loaded;
use super::remarks::{broken_rule, with_rule_place};
use super::report::Reading;
use super::rules::Check;
use super::submission::cell_place;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Plan;
use crate::model::form::RuleSeverity;
use crate::model::formula::FieldRef;
use crate::model::name;
use crate::model::period::Period;
use crate::model::quantity::{Fixed, Reported};
use crate::source::{FileId, Place, Sources, Spot};
use crate::tally::{RecordPlace, Repeat, Replaced, Standing};

impl Reading {
    /// The place of a field's cell in a record, where the file can be read again.
    pub fn cell(&self, sources: &Sources, place: RecordPlace, field: FieldRef) -> Place {
        let line = place.as_line();
        let Some(read) = self.files.iter().find(|read| read.file == place.file) else {
            return line;
        };
        let column = read
            .block(place.offset)
            .and_then(|block| block.column(field));
        let (Some(column), Some(delimiter)) = (column, read.delimiter) else {
            return line;
        };
        let range = place.offset..place.offset + (64 << 10);
        let bytes = sources.report_bytes(place.file, range).unwrap_or_default();
        let mut records = Records::new(io::empty(), bytes, place.offset, delimiter)
            .complete()
            .starting_at(place.line, place.row);
        if sources.is_sheet(place.file) {
            records = records.by_rows();
        }
        match records.next_record() {
            Ok(Some(record)) => cell_place(place.file, &record, column),
            _ => line,
        }
    }

    /// Whether a record is a line of a long table: it has one figure only.
    pub fn is_long(&self, place: RecordPlace) -> bool {
        let read = self.files.iter().find(|read| read.file == place.file);
        let block = read.and_then(|read| read.block(place.offset));
        block.is_some_and(|block| block.is_long())
    }

    /// Reports that corrected ones were put in the place of: their faults no longer matter.
    pub(super) fn report_replaced(
        &self,
        plan: &Plan,
        replaced: &[Replaced],
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let gone: HashSet<(FileId, u32)> = replaced
            .iter()
            .flat_map(|one| &one.lines)
            .map(|line| (line.file, line.row))
            .collect();
        let is_gone = |place: &Place| match &place.spot {
            Spot::Cell(cell) => gone.contains(&(place.file, cell.row)),
            _ => false,
        };
        diagnostics.excuse(
            |diagnostic| diagnostic.place.as_ref().is_some_and(is_gone),
            "отчёт заменён уточнённым: исправлять не нужно",
        );
        for one in replaced {
            let who = &self.tally.register.organisations[one.organisation as usize];
            let code = Code::SupersededReport;
            let standing = self.tally.standing(one.form, one.organisation, one.period);
            let by = format!(
                "файл {}, строка {}",
                sources.title(one.new.file),
                one.new.line
            );
            let about = format!("{} ({})", name::quoted(who.title()), one.period.title());
            let message = match (standing, one.in_part) {
                (Standing::Conflicting, _) => {
                    format!("отчёт заменён, но уточнения противоречат друг другу: {about}; {by}")
                }
                (_, true) => format!(
                    "часть показателей заменена уточнёнными, остальные взяты отсюда: {about}; {by}"
                ),
                (_, false) => format!("отчёт заменён уточнённым: {about}; учтён {by}"),
            };
            diagnostics.report(code, code.severity(), Some(one.old.file), || {
                Diagnostic::new(code, Some(one.old.as_line()), message)
                    .organisation(&*who.id)
                    .help(format!(
                        "форма «{}»; если это не уточнение, уберите лишний файл",
                        plan.forms[one.form].title
                    ))
            });
        }
    }

    /// Reports that came twice.
    pub(super) fn report_repeats(
        &mut self,
        plan: &Plan,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let (mut same, mut differing) = self.tally.repeat_counts;
        for repeat in &self.tally.repeats {
            if repeat.conflicting {
                differing -= 1;
            } else {
                same -= 1;
            }
            let diagnostic = self.repeat(plan, sources, repeat);
            diagnostics.push(diagnostic);
        }
        for (code, count) in [
            (Code::DuplicateReport, same),
            (Code::ConflictingReport, differing),
        ] {
            diagnostics.count_more(code, code.severity(), None, count);
        }
    }

    fn repeat(&self, plan: &Plan, sources: &Sources, repeat: &Repeat) -> Diagnostic {
        let who = &self.tally.register.organisations[repeat.organisation as usize];
        let form = &plan.forms[repeat.form];
        let first = if repeat.first.line == 0 {
            "; первый — в строках выше или в другом файле".to_owned()
        } else if repeat.first.file == repeat.second.file {
            format!("; первый: строка {} этого же файла", repeat.first.line)
        } else {
            let file = sources.title(repeat.first.file);
            format!("; первый: файл {file}, строка {}", repeat.first.line)
        };
        let subject = format!("{} ({})", name::quoted(who.title()), repeat.period.title());
        let base =
            |code, message: String| Diagnostic::new(code, None, message).organisation(&*who.id);
        if !repeat.conflicting {
            let mut diagnostic = base(
                Code::DuplicateReport,
                format!("тот же отчёт ещё раз: {subject}{first}"),
            )
            .label("тот же отчёт")
            .help(
                match self
                    .tally
                    .standing(repeat.form, repeat.organisation, repeat.period)
                {
                    Standing::Conflicting => "не учтён: есть и другой, отличный от него",
                    _ => "учтён один раз",
                },
            );
            diagnostic.place = Some(repeat.second.as_line());
            return diagnostic;
        }
        let mut diagnostic = base(
            Code::ConflictingReport,
            format!("два разных отчёта: {subject}{first}"),
        )
        .label("отличается от первого")
        .help(
            "выясните, какой верен: уберите другой из папки, напишите в верном «уточнённый» или \
             назовите его: --supersede ФАЙЛ; пока не учтён ни один",
        );
        diagnostic.place = Some(repeat.second.as_line());
        if let Some((field, own, other)) = repeat.differs {
            let reference = FieldRef {
                form: repeat.form,
                field,
            };
            let header = &form.fields[field].header;
            diagnostic.message = format!(
                "два разных отчёта: {subject}, «{header}» {} и {}{first}",
                shown(own),
                shown(other)
            );
            diagnostic = diagnostic
                .label(format!("здесь {}, в первом {}", shown(other), shown(own)))
                .field(&form.fields[field].id)
                .found(shown(other));
            diagnostic.place = Some(self.cell(sources, repeat.second, reference));
            let place = self.cell(sources, repeat.first, reference);
            diagnostic = diagnostic.related(place, format!("первый отчёт: {}", shown(own)));
        }
        diagnostic
    }

    /// Rules that could not be checked while reading: those that look at other forms, and those of
    /// reports that came in parts.
    pub(super) fn check_deferred_rules(
        &mut self,
        loaded: &Loaded,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let plan = &loaded.plan;
        let mut broken: Vec<(usize, usize, u32, Period)> = Vec::new();
        for (index, form) in plan.forms.iter().enumerate() {
            if form.rules.is_empty() {
                continue;
            }
            let unchecked: BTreeSet<(u32, Period)> =
                self.tally.unchecked(index).into_iter().collect();
            let crossing: Vec<usize> = (0..form.rules.len())
                .filter(|rule| {
                    form.rules[*rule]
                        .fields
                        .iter()
                        .any(|field| field.form != index)
                })
                .collect();
            for (position, rule) in form.rules.iter().enumerate() {
                let crosses = crossing.contains(&position);
                let check = Check::new(rule, position);
                let about: Vec<(u32, Period)> = if crosses {
                    self.all_accepted(index)
                } else {
                    unchecked.iter().copied().collect()
                };
                for (organisation, period) in about {
                    let value = |field: FieldRef| self.value(field, organisation, period);
                    if check.holds(value) == Some(false) {
                        broken.push((index, position, organisation, period));
                    }
                }
            }
        }
        for (form, position, organisation, period) in broken {
            let rule = &plan.forms[form].rules[position];
            let check = Check::new(rule, position);
            let value = |field: FieldRef| self.value(field, organisation, period);
            let Some(first) = rule.fields.first().copied() else {
                continue;
            };
            let record = self
                .tally
                .place(first.form, organisation, period, first.field);
            let Some(record) = record else {
                continue;
            };
            let place = self.cell(sources, record, first);
            let figures = check.figures(value);
            let who = &self.tally.register.organisations[organisation as usize].id;
            let diagnostic = broken_rule(&check, place, &figures)
                .organisation(&**who)
                .field(&plan.field(first).id)
                .found(shown(value(first)));
            diagnostics.push(with_rule_place(
                diagnostic,
                &loaded.rule_places,
                form,
                position,
            ));
            if rule.severity == RuleSeverity::Error {
                for field in &rule.fields {
                    let why = Reported::LEFT_OUT.because(Code::RuleBroken as u8);
                    self.tally
                        .leave_out(field.form, organisation, period, field.field, why);
                }
            }
        }
    }

    fn value(&self, field: FieldRef, organisation: u32, period: Period) -> Reported {
        self.tally
            .values(field.form, organisation, period)
            .map_or(Reported::ABSENT, |values| values[field.field])
    }

    fn all_accepted(&self, form: usize) -> Vec<(u32, Period)> {
        self.tally
            .periods(form)
            .flat_map(|period| {
                self.tally
                    .reporters(form, period)
                    .into_iter()
                    .map(move |organisation| (organisation, period))
            })
            .filter(|(organisation, period)| {
                self.tally.standing(form, *organisation, *period) == Standing::Accepted
            })
            .collect()
    }
}

/// A figure in a message.
fn shown(value: Reported) -> String {
    match value.decimal() {
        Some(decimal) => Fixed::exact(&decimal.to_fraction())
            .map(|fixed| fixed.russian())
            .unwrap_or_default(),
        None if value.is_left_out() => "ошибка".into(),
        None => "пусто".into(),
    }
}
