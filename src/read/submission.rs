//! Rows of a report → submissions: typed, checked against the form, each fault with its place.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::cell;
use super::delimited::{Quotes, Record, is_blank};
use super::header::{Layout, Shape, Vocabulary};
use super::identity::{Identities, Identity};
use super::rules::Check;
use super::totals::{Totals, is_total};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::Plan;
use crate::model::form::{Form, RuleSeverity};
use crate::model::formula::FieldRef;
use crate::model::name;
use crate::model::period::{self, Period, Stated};
use crate::model::quantity::{Decimal, Fixed, Reported};
use crate::source::{Cell, Encoding, FileId, Place, Spot};
use crate::tally::{RecordPlace, Submission, Tally};

/// What the rows of one file are read with.
pub struct Table<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Where its rules stand: `[form][rule]`.
    pub rule_places: &'a [Vec<Place>],
    /// Its vocabulary.
    pub vocabulary: &'a Vocabulary,
    /// The file.
    pub file: FileId,
    /// How its bytes make letters.
    pub encoding: Encoding,
    /// What its columns hold.
    pub layout: &'a Layout,
    /// The period where no column tells it.
    pub stated: Option<Stated>,
}

/// What came of a file's rows.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Rows below the header, blank ones not counted.
    pub rows: u64,
    /// Rows that were entered as reports.
    pub accepted: u64,
    /// The forms and periods reported.
    pub periods: BTreeSet<(usize, Period)>,
}

/// Reads the rows of a file one by one.
pub struct Rows<'a, 'o> {
    table: Table<'a>,
    tally: &'o mut Tally,
    diagnostics: &'o mut Diagnostics,
    identities: Identities,
    checks: Vec<Vec<Check<'a>>>,
    /// The form's own rules can be checked on a row: all their fields have columns.
    rules_covered: bool,
    totals: Totals,
    values: Vec<Reported>,
    period: PeriodMemory,
    measures: HashMap<Vec<u8>, Vec<FieldRef>>,
    unknown_measures: HashSet<Vec<u8>>,
    extra: Vec<Diagnostic>,
    extra_rows: u64,
    short: Vec<Diagnostic>,
    short_rows: u64,
    skipped: Vec<(u32, u64)>,
    skipped_rows: u64,
    past_header: bool,
    outcome: Outcome,
}

/// The last period cell: rows of one period mostly follow one another.
#[derive(Default)]
struct PeriodMemory {
    raw: Vec<u8>,
    stated: Option<Option<Stated>>,
}

/// Fault messages kept back until it is known how many rows share the fault.
const HELD_BACK: usize = 1000;

impl<'a, 'o> Rows<'a, 'o> {
    /// Ready for the rows below the header.
    pub fn new(table: Table<'a>, tally: &'o mut Tally, diagnostics: &'o mut Diagnostics) -> Self {
        let plan = table.plan;
        let layout = table.layout;
        let checks = plan
            .forms
            .iter()
            .enumerate()
            .map(|(form, f)| own_checks(f, form))
            .collect::<Vec<Vec<Check<'a>>>>();
        let (width, columns, rules_covered) = match &layout.shape {
            Shape::Wide { form, fields, .. } => {
                let has = |field: usize| fields.iter().any(|(_, f)| *f == field);
                let covered = checks[*form]
                    .iter()
                    .all(|check| check.rule.fields.iter().all(|field| has(field.field)));
                (plan.forms[*form].fields.len(), fields.len(), covered)
            }
            Shape::Long { .. } => {
                let widest = plan.forms.iter().map(|form| form.fields.len()).max();
                (widest.unwrap_or(0), 0, false)
            }
        };
        Rows {
            identities: Identities::new(&layout.organisation, &layout.headings, table.encoding),
            checks,
            rules_covered,
            totals: Totals::new(columns),
            values: vec![Reported::ABSENT; width],
            period: PeriodMemory::default(),
            measures: HashMap::new(),
            unknown_measures: HashSet::new(),
            extra: Vec::new(),
            extra_rows: 0,
            short: Vec::new(),
            short_rows: 0,
            skipped: Vec::new(),
            skipped_rows: 0,
            past_header: false,
            outcome: Outcome::default(),
            table,
            tally,
            diagnostics,
        }
    }

    /// Takes a row.
    pub fn row(&mut self, record: &Record<'_>) {
        if record.is_blank() || record.bytes() == &self.table.layout.header_bytes[..] {
            return;
        }
        if !self.past_header {
            self.past_header = true;
            if is_column_numbers(record, self.table.encoding) {
                return;
            }
        }
        self.outcome.rows += 1;
        self.quotes(record);
        let identity = self.identities.identify(record, &mut self.tally.register);
        let organisation = match identity {
            Identity::Known(organisation) => organisation,
            Identity::Total => return self.total(record),
            _ => return self.unidentified(record, identity),
        };
        match &self.table.layout.shape {
            Shape::Wide { form, .. } => self.wide(record, organisation, *form),
            Shape::Long { measure, value } => self.long(record, organisation, *measure, *value),
        }
    }

    /// The end of the file: what could only be said with all rows in view.
    pub fn finish(mut self) -> Outcome {
        let (rows, extra, short) = (self.outcome.rows, self.extra_rows, self.short_rows);
        let nearly_all = |count: u64| count >= 3 && count * 10 >= rows * 9;
        let layout = self.table.layout;
        let place = Place {
            file: self.table.file,
            spot: Spot::Line {
                line: layout.header_line,
                offset: layout.header_offset,
            },
        };
        let width = layout.headings.len();
        if nearly_all(extra) {
            self.diagnostics
                .push(header_too_narrow(place, width, extra));
        } else {
            self.push_all(
                Code::ExtraCell,
                extra,
                std::mem::take(&mut self.extra.clone()),
            );
        }
        let place = Place {
            file: self.table.file,
            spot: Spot::Line {
                line: layout.header_line,
                offset: layout.header_offset,
            },
        };
        if nearly_all(short) {
            self.diagnostics.push(header_too_wide(place, width, short));
        } else {
            self.push_all(
                Code::MissingCell,
                short,
                std::mem::take(&mut self.short.clone()),
            );
        }
        self.report_skipped();
        self.outcome
    }

    fn push_all(&mut self, code: Code, count: u64, held: Vec<Diagnostic>) {
        let kept = held.len() as u64;
        for diagnostic in held {
            self.diagnostics.push(diagnostic);
        }
        for _ in kept..count {
            let place = Place::whole(self.table.file);
            self.diagnostics
                .report(code, code.severity(), Some(place.file), || {
                    Diagnostic::new(code, Some(place.clone()), "то же в других строках")
                });
        }
    }

    fn report_skipped(&mut self) {
        let Some(&(line, offset)) = self.skipped.first() else {
            return;
        };
        let lines: Vec<String> = self
            .skipped
            .iter()
            .map(|(line, _)| line.to_string())
            .collect();
        let more = self.skipped_rows as usize - self.skipped.len();
        let tail = if more > 0 {
            format!(" и ещё {more}")
        } else {
            String::new()
        };
        let place = Place {
            file: self.table.file,
            spot: Spot::Line { line, offset },
        };
        let message = format!(
            "без показателей, не отчёт: {} {}{tail}",
            if lines.len() == 1 && more == 0 {
                "строка"
            } else {
                "строки"
            },
            lines.join(", ")
        );
        self.diagnostics.push(
            Diagnostic::new(Code::SkippedLine, Some(place), message)
                .help("подписи, сноски и заголовки разделов программе не нужны; если это отчёт, проверьте название организации"),
        );
    }

    fn place(&self, record: &Record<'_>, column: usize) -> Place {
        cell_place(self.table.file, record, column)
    }

    fn quotes(&mut self, record: &Record<'_>) {
        let (code, column) = match record.quotes {
            Quotes::Fine => return,
            Quotes::Stray(column) => (Code::StrayQuote, column as usize),
            Quotes::Unclosed(column) => (Code::UnclosedQuote, column as usize),
        };
        let diagnostic = Diagnostic::new(
            code,
            Some(self.place(record, column)),
            match code {
                Code::StrayQuote => "кавычка внутри ячейки не удвоена",
                _ => "кавычка открыта и не закрыта",
            },
        )
        .found(cell::shorten(&self.table.encoding.decode(record.raw(column))))
        .label(match code {
            Code::StrayQuote => "внутри ячейки в кавычках пишут две: \"\"",
            _ => "ожидалась закрывающая кавычка",
        })
        .help(match code {
            Code::StrayQuote => "ячейка прочитана как есть; сохраните файл заново из табличной программы",
            _ => "строка прочитана так, будто этой кавычки нет, следующие строки целы; исправьте её или сохраните файл заново из табличной программы",
        });
        self.diagnostics.push(diagnostic);
    }

    /// A row whose organisation is not known: a footnote, or a report that cannot be placed.
    fn unidentified(&mut self, record: &Record<'_>, identity: Identity) {
        let Some(&column) = self.table.layout.organisation.first() else {
            return;
        };
        if !self.has_figures(record) {
            self.skipped_rows += 1;
            if self.skipped.len() < 10 {
                self.skipped.push((record.line, record.offset));
            }
            return;
        }
        self.totals.spoil();
        let texts = self.identities.texts(record);
        let text = texts.iter().find(|text| !text.is_empty()).cloned();
        let text = text.unwrap_or_default();
        let shown = cell::shorten(&text);
        let place = self.place(record, column);
        let register = &self.tally.register;
        let title = |index: u32| register.organisations[index as usize].title().to_owned();
        let diagnostic = match identity {
            Identity::Ambiguous => Diagnostic::new(
                Code::AmbiguousOrganisation,
                Some(place),
                format!("название «{shown}» подходит нескольким организациям"),
            )
            .label("непонятно, чья это строка")
            .help("укажите полное название, id или ИНН; строка не учтена"),
            Identity::Contradiction(one, other) => Diagnostic::new(
                Code::AmbiguousOrganisation,
                Some(place),
                format!(
                    "в одной строке названы две организации: «{}» и «{}»",
                    title(one),
                    title(other)
                ),
            )
            .label("столбцы противоречат друг другу")
            .help("исправьте название, id или ИНН; строка не учтена"),
            Identity::Nobody => Diagnostic::new(
                Code::UnknownOrganisation,
                Some(place),
                "показатели есть, а организация не указана",
            )
            .label("ожидалось название организации")
            .help("впишите название, id или ИНН; строка не учтена"),
            _ => {
                let help = match name::nearest(&text, register.names()) {
                    Some(near) => format!(
                        "возможно, это «{near}»: исправьте название или добавьте его в aliases \
                         организации; строка не учтена"
                    ),
                    None => "проверьте название или добавьте организацию в organisations.toml; \
                             строка не учтена"
                        .to_owned(),
                };
                Diagnostic::new(
                    Code::UnknownOrganisation,
                    Some(place),
                    format!("организации «{shown}» нет в реестре"),
                )
                .label("ожидалось название, псевдоним, id или ИНН из реестра")
                .help(help)
            }
        };
        self.diagnostics.push(diagnostic.found(text));
    }

    fn has_figures(&self, record: &Record<'_>) -> bool {
        let filled = |column: usize| {
            let text = self.table.encoding.decode(record.raw(column));
            !cell::is_nothing(cell::trim(&text))
        };
        match &self.table.layout.shape {
            Shape::Wide { fields, .. } => fields.iter().any(|(column, _)| filled(*column)),
            Shape::Long { value, .. } => filled(*value),
        }
    }

    /// An «Итого» line.
    fn total(&mut self, record: &Record<'_>) {
        let Shape::Wide { form, fields, .. } = &self.table.layout.shape else {
            return;
        };
        let form = &self.table.plan.forms[*form];
        for (index, (column, field)) in fields.iter().enumerate() {
            let field = &form.fields[*field];
            if !field.kind.adds_up() {
                continue;
            }
            let Some(stated) = stated_total(record, *column, self.table.encoding) else {
                continue;
            };
            let Some(sum) = self.totals.mismatch(index, stated) else {
                continue;
            };
            let sum = Fixed::exact(&sum).unwrap_or_else(|| Fixed::round(&sum, 4));
            let found = cell::shorten(cell::trim(&self.table.encoding.decode(record.raw(*column))));
            let diagnostic = Diagnostic::new(
                Code::TotalMismatch,
                Some(self.place(record, *column)),
                format!("итог «{found}» не равен сумме столбца: {}", sum.russian()),
            )
            .found(found)
            .field(&field.id)
            .label(format!("по строкам выходит {}", sum.russian()))
            .help("программа считает по строкам; проверьте, не пропущена ли строка и верны ли значения");
            self.diagnostics.push(diagnostic);
        }
        self.totals.pass();
    }

    /// The period of a row for a form.
    fn period(&mut self, record: &Record<'_>, form: usize) -> Option<Period> {
        let every = self.table.plan.forms[form].every;
        let Some(column) = self.table.layout.period else {
            return self.table.stated.and_then(|stated| stated.resolve(every));
        };
        let raw = record.raw(column);
        if self.period.stated.is_none() || self.period.raw != raw {
            let bytes = record.cell(column);
            let text = self.table.encoding.decode(&bytes);
            let text = cell::trim(&text);
            self.period.raw = raw.to_vec();
            self.period.stated = Some(if cell::is_nothing(text) {
                self.table.stated
            } else {
                period::read(text)
            });
        }
        let stated = self.period.stated.flatten();
        let resolved = stated.and_then(|stated| stated.resolve(every));
        if resolved.is_none() {
            let found = cell::shorten(cell::trim(&self.table.encoding.decode(raw)));
            let message = if found.is_empty() {
                "период не указан".to_owned()
            } else {
                format!("период не распознан: «{found}»")
            };
            let diagnostic = Diagnostic::new(
                Code::UnknownPeriod,
                Some(self.place(record, column)),
                message,
            )
            .found(found)
            .label(format!(
                "ожидался {}, например {}",
                every.noun(),
                example(every)
            ))
            .help("исправьте период; строка не учтена");
            self.diagnostics.push(diagnostic);
        }
        resolved
    }

    /// Whether the organisation owes the form for the period; says so where it does not.
    fn owes(
        &mut self,
        record: &Record<'_>,
        organisation: u32,
        form: usize,
        period: Period,
    ) -> bool {
        let register = &self.tally.register;
        if !register.declared {
            return true;
        }
        let who = &register.organisations[organisation as usize];
        let form = &self.table.plan.forms[form];
        if who.owes(form, period) {
            return true;
        }
        let column = self.table.layout.organisation[0];
        let (code, message, help) = if who.is_of_kind(form) {
            (
                Code::NotOpen,
                format!(
                    "организация «{}» за {} не отчитывается: {}",
                    who.title(),
                    period.title(),
                    open_days(who)
                ),
                "проверьте период отчёта или даты opened и closed в реестре; строка не учтена",
            )
        } else {
            (
                Code::WrongKind,
                format!(
                    "организация «{}» не сдаёт форму «{}»",
                    who.title(),
                    form.title
                ),
                "проверьте, та ли это форма и верен ли вид организации в реестре; строка не учтена",
            )
        };
        let found = self.identities.texts(record).join(" ");
        let diagnostic = Diagnostic::new(code, Some(self.place(record, column)), message)
            .found(found.trim())
            .organisation(&*who.id)
            .help(help);
        self.diagnostics.push(diagnostic);
        false
    }

    fn note_period(&mut self, form: usize, period: Period) {
        if !self.outcome.periods.insert((form, period)) {
            return;
        }
        let every = self.table.plan.forms[form].every;
        if period.every() != every {
            let diagnostic = Diagnostic::new(
                Code::UnexpectedPeriod,
                Some(Place::whole(self.table.file)),
                format!(
                    "отчёт за {}, а форму «{}» сдают {}",
                    period.title(),
                    self.table.plan.forms[form].title,
                    every.title()
                ),
            )
            .found(period.to_string())
            .help("отчёт взят за указанный в нём период; если период другой, исправьте его");
            self.diagnostics.push(diagnostic);
        }
        self.check_late(form, period);
    }

    fn check_late(&mut self, form: usize, period: Period) {
        let form = &self.table.plan.forms[form];
        let (Some(days), Some((date, line, offset))) =
            (form.due_days, self.table.layout.handed_in())
        else {
            return;
        };
        let due = period
            .end()
            .checked_add(jiff::Span::new().days(i64::from(days.min(10_000))))
            .unwrap_or(period.end());
        if date <= due {
            return;
        }
        let show = |date: jiff::civil::Date| {
            format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
        };
        let diagnostic = Diagnostic::new(
            Code::LateReport,
            Some(Place {
                file: self.table.file,
                spot: Spot::Line { line, offset },
            }),
            format!(
                "отчёт за {} сдан {}, срок был {}",
                period.title(),
                show(date),
                show(due)
            ),
        )
        .found(date.to_string())
        .label("позже срока")
        .help("показатели учтены; срок задан в описании формы (due_days)");
        self.diagnostics.push(diagnostic);
    }

    /// A row of a wide table.
    fn wide(&mut self, record: &Record<'_>, organisation: u32, form: usize) {
        if self.is_too_wide(record, organisation) {
            return;
        }
        let Some(period) = self.period(record, form) else {
            self.totals.spoil();
            return;
        };
        if !self.owes(record, organisation, form, period) {
            self.totals.spoil();
            return;
        }
        let layout = self.table.layout;
        let Shape::Wide { fields, .. } = &layout.shape else {
            return;
        };
        self.values.fill(Reported::ABSENT);
        let mut any = false;
        let form_fields = &self.table.plan.forms[form].fields;
        for (index, &(column, field)) in fields.iter().enumerate() {
            let field_of_form = &form_fields[field];
            let bytes = record.cell(column);
            let value = match cell::read(field_of_form, &bytes, self.table.encoding) {
                Ok(value) => value,
                Err(fault) => {
                    self.cell_fault(record, column, organisation, &field_of_form.id, fault);
                    Reported::LEFT_OUT
                }
            };
            any |= value != Reported::BLANK && value != Reported::ABSENT;
            self.values[field] = value;
            self.totals.add(index, value);
        }
        if let Quotes::Unclosed(column) = record.quotes
            && let Some((_, field)) = fields.iter().find(|(c, _)| *c == column as usize)
        {
            self.values[*field] = Reported::LEFT_OUT;
        }
        // A row of nothing but blanks is a line of a common template that its owner did not fill:
        // no report, and no fault.
        if !any {
            return;
        }
        self.missing_cells(record, organisation, form);
        self.check_rules(record, organisation, form);
        self.enter(record, organisation, form, period);
    }

    fn enter(&mut self, record: &Record<'_>, organisation: u32, form: usize, period: Period) {
        self.note_period(form, period);
        self.outcome.accepted += 1;
        let width = self.table.plan.forms[form].fields.len();
        self.tally.enter(&Submission {
            form,
            organisation,
            period,
            values: &self.values[..width],
            place: RecordPlace {
                file: self.table.file,
                offset: record.offset,
                line: record.line,
                row: record.row,
            },
            rules_checked: self.rules_covered,
        });
    }

    /// More cells than headings, with something in them: no cell of the row can be trusted.
    fn is_too_wide(&mut self, record: &Record<'_>, organisation: u32) -> bool {
        let width = self.table.layout.headings.len();
        if record.len() <= width {
            return false;
        }
        let Some(column) = (width..record.len()).find(|&c| !is_blank(record.raw(c))) else {
            return false;
        };
        self.totals.spoil();
        self.extra_rows += 1;
        if self.extra.len() < HELD_BACK {
            let found = cell::shorten(cell::trim(&self.table.encoding.decode(record.raw(column))));
            let diagnostic = Diagnostic::new(
                Code::ExtraCell,
                Some(self.place(record, column)),
                format!(
                    "в строке ячеек {}, а столбцов в шапке {width}",
                    record.len()
                ),
            )
            .found(found)
            .organisation(&*self.tally.register.organisations[organisation as usize].id)
            .label("лишняя ячейка")
            .help("возможно, разделитель стоит внутри числа или названия: такую ячейку заключают в кавычки; строка не учтена");
            self.extra.push(diagnostic);
        }
        true
    }

    fn missing_cells(&mut self, record: &Record<'_>, organisation: u32, form: usize) {
        let layout = self.table.layout;
        let Shape::Wide { fields, .. } = &layout.shape else {
            return;
        };
        let cut_off = fields.iter().any(|(column, _)| *column >= record.len());
        if cut_off {
            self.short_rows += 1;
            if self.short.len() < HELD_BACK {
                let diagnostic = Diagnostic::new(
                    Code::MissingCell,
                    Some(self.place(record, record.len() - 1)),
                    format!(
                        "в строке ячеек {}, а столбцов в шапке {}",
                        record.len(),
                        layout.headings.len()
                    ),
                )
                .organisation(&*self.tally.register.organisations[organisation as usize].id)
                .label("после этой ячейки строка кончается")
                .help("недостающие ячейки считаются незаполненными");
                self.short.push(diagnostic);
            }
        }
        for &(column, field) in fields {
            let field_of_form = &self.table.plan.forms[form].fields[field];
            let empty = self.values[field] == Reported::BLANK && field_of_form.required;
            if !empty {
                continue;
            }
            let place = || self.place(record, column);
            let who = || {
                self.tally.register.organisations[organisation as usize]
                    .id
                    .to_string()
            };
            let found = || {
                let text = self.table.encoding.decode(record.raw(column));
                cell::shorten(cell::trim(&text))
            };
            let diagnostic = || {
                let found = found();
                let message = match found.is_empty() {
                    true => "обязательная ячейка пуста".to_owned(),
                    false => format!("в обязательной ячейке нет значения: «{found}»"),
                };
                Diagnostic::new(Code::EmptyRequired, Some(place()), message)
                    .found(found)
                    .organisation(who())
                    .field(&field_of_form.id)
                    .label(format!("ожидалось: {}", field_of_form.kind.title()))
                    .help("впишите значение; если показателя действительно нет, впишите 0")
            };
            let diagnostic = diagnostic();
            self.diagnostics.push(diagnostic);
        }
    }

    fn cell_fault(
        &mut self,
        record: &Record<'_>,
        column: usize,
        organisation: u32,
        field: &str,
        fault: cell::Fault,
    ) {
        let file = self.table.file;
        let encoding = self.table.encoding;
        let register = &self.tally.register;
        self.diagnostics
            .report(fault.code, fault.code.severity(), Some(file), || {
                let found = encoding.decode(record.raw(column)).into_owned();
                Diagnostic::new(
                    fault.code,
                    Some(cell_place(file, record, column)),
                    fault.message,
                )
                .found(cell::shorten(cell::trim(&found)))
                .organisation(&*register.organisations[organisation as usize].id)
                .field(field)
                .label(format!("ожидалось: {}", fault.expected))
                .help(fault.help)
            });
    }

    fn check_rules(&mut self, record: &Record<'_>, organisation: u32, form: usize) {
        if !self.rules_covered {
            return;
        }
        let checks = std::mem::take(&mut self.checks[form]);
        for check in &checks {
            let value = |field: FieldRef| self.values[field.field];
            if check.holds(value) != Some(false) {
                continue;
            }
            let figures = check.figures(value);
            let Shape::Wide { fields, .. } = &self.table.layout.shape else {
                continue;
            };
            let first = check.rule.fields.first().map_or(0, |field| field.field);
            let column = fields
                .iter()
                .find(|(_, field)| *field == first)
                .map_or(0, |(column, _)| *column);
            let place = self.place(record, column);
            let found = self.table.encoding.decode(record.raw(column)).into_owned();
            let who = &self.tally.register.organisations[organisation as usize].id;
            let diagnostic = broken_rule(check, place, &figures)
                .found(cell::shorten(cell::trim(&found)))
                .organisation(&**who)
                .field(&self.table.plan.forms[form].fields[first].id);
            let diagnostic = with_rule_place(diagnostic, self.table.rule_places, form, check.index);
            self.diagnostics.push(diagnostic);
            if check.rule.severity == RuleSeverity::Error {
                for field in &check.rule.fields {
                    self.values[field.field] = Reported::LEFT_OUT;
                }
            }
        }
        self.checks[form] = checks;
    }

    /// A row of a long table: one figure.
    fn long(&mut self, record: &Record<'_>, organisation: u32, measure: usize, value: usize) {
        if self.is_too_wide(record, organisation) {
            return;
        }
        let Some(field) = self.measure(record, organisation, measure, value) else {
            return;
        };
        let Some(period) = self.period(record, field.form) else {
            return;
        };
        if !self.owes(record, organisation, field.form, period) {
            return;
        }
        let field_of_form = self.table.plan.field(field);
        let bytes = record.cell(value);
        let reported = match cell::read(field_of_form, &bytes, self.table.encoding) {
            Ok(reported) => reported,
            Err(fault) => {
                self.cell_fault(record, value, organisation, &field_of_form.id, fault);
                Reported::LEFT_OUT
            }
        };
        if reported == Reported::ABSENT {
            return;
        }
        if reported == Reported::BLANK && field_of_form.required {
            let diagnostic = Diagnostic::new(
                Code::EmptyRequired,
                Some(self.place(record, value)),
                format!("нет значения показателя «{}»", field_of_form.header),
            )
            .found("")
            .organisation(&*self.tally.register.organisations[organisation as usize].id)
            .field(&field_of_form.id)
            .label(format!("ожидалось: {}", field_of_form.kind.title()))
            .help("впишите значение; если показателя действительно нет, впишите 0");
            self.diagnostics.push(diagnostic);
        }
        self.values.fill(Reported::ABSENT);
        self.values[field.field] = reported;
        self.enter(record, organisation, field.form, period);
    }

    /// The field that a long row is about: of several forms the one that the organisation owes.
    fn measure(
        &mut self,
        record: &Record<'_>,
        organisation: u32,
        measure: usize,
        value: usize,
    ) -> Option<FieldRef> {
        let raw = record.raw(measure);
        if !self.measures.contains_key(raw) {
            let bytes = record.cell(measure);
            let text = self.table.encoding.decode(&bytes);
            let fields = self.table.vocabulary.fields(&text);
            self.measures.insert(raw.to_vec(), fields);
        }
        let fields = &self.measures[raw];
        let plan = self.table.plan;
        let register = &self.tally.register;
        let who = &register.organisations[organisation as usize];
        let owed: Vec<FieldRef> = fields
            .iter()
            .copied()
            .filter(|field| !register.declared || who.is_of_kind(&plan.forms[field.form]))
            .collect();
        if let [field] = owed[..] {
            return Some(field);
        }
        if owed.is_empty()
            && let Some(field) = fields.first()
        {
            // Said by the check of what the organisation owes.
            return Some(*field);
        }
        let text = cell::trim(&self.table.encoding.decode(raw)).to_owned();
        let filled = !is_blank(record.raw(value));
        if !filled || !self.unknown_measures.insert(raw.to_vec()) {
            return None;
        }
        let place = self.place(record, measure);
        let diagnostic = if owed.is_empty() {
            let help = match self.table.vocabulary.nearest(plan, &text) {
                Some(near) => {
                    format!("возможно, это «{near}»; значения этого показателя не учтены")
                }
                None => "значения этого показателя не учтены; если он нужен, добавьте его в форму"
                    .to_owned(),
            };
            Diagnostic::new(
                Code::UnknownColumn,
                Some(place),
                format!("показателя «{}» нет ни в одной форме", cell::shorten(&text)),
            )
            .severity(Severity::Warning)
            .help(help)
        } else {
            let paths: Vec<String> = owed.iter().map(|field| plan.field_path(*field)).collect();
            Diagnostic::new(
                Code::UnknownColumn,
                Some(place),
                format!(
                    "показатель «{}» есть в нескольких формах",
                    cell::shorten(&text)
                ),
            )
            .severity(Severity::Error)
            .help(format!(
                "напишите {}; значения не учтены",
                paths.join(" или ")
            ))
        };
        self.diagnostics.push(diagnostic.found(text));
        None
    }
}

/// The rules of a form that name only its own fields.
fn own_checks(form: &Form, index: usize) -> Vec<Check<'_>> {
    form.rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.fields.iter().all(|field| field.form == index))
        .map(|(position, rule)| Check::new(rule, position))
        .collect()
}

/// The diagnostic of a broken rule.
pub fn broken_rule(check: &Check<'_>, place: Place, figures: &str) -> Diagnostic {
    let severity = match check.rule.severity {
        RuleSeverity::Error => Severity::Error,
        RuleSeverity::Warning => Severity::Warning,
    };
    let help = match check.rule.severity {
        RuleSeverity::Error => "проверьте оба значения; они не учтены, пока правило нарушено",
        RuleSeverity::Warning => "проверьте оба значения; они учтены",
    };
    let message = if check.rule.message.is_empty() {
        format!("нарушено правило {}", check.rule.id)
    } else {
        check.rule.message.clone()
    };
    Diagnostic::new(
        Code::RuleBroken,
        Some(place),
        format!("{message} ({figures})"),
    )
    .severity(severity)
    .label(figures.to_owned())
    .help(help)
}

/// With the rule itself as a second place.
pub fn with_rule_place(
    diagnostic: Diagnostic,
    places: &[Vec<Place>],
    form: usize,
    rule: usize,
) -> Diagnostic {
    match places.get(form).and_then(|places| places.get(rule)) {
        Some(place) => diagnostic.related(place.clone(), "нарушенное правило"),
        None => diagnostic,
    }
}

/// The place of a cell of a record.
pub fn cell_place(file: FileId, record: &Record<'_>, column: usize) -> Place {
    let (bytes, line) = record.cell_place(column);
    Place {
        file,
        spot: Spot::Cell(Cell {
            line,
            row: record.row,
            column: column as u32 + 1,
            bytes,
        }),
    }
}

/// The line under a header that numbers the columns: 1, 2, 3 or А, Б, 1, 2.
fn is_column_numbers(record: &Record<'_>, encoding: Encoding) -> bool {
    let mut next = 0u32;
    let mut numbers = 0;
    for index in 0..record.len() {
        let decoded = encoding.decode(record.raw(index));
        let text = cell::trim(&decoded);
        if text.is_empty() {
            continue;
        }
        match text.parse::<u32>() {
            Ok(number) if number == next + 1 || (numbers == 0 && number == index as u32 + 1) => {
                next = number;
                numbers += 1;
            }
            Ok(_) => return false,
            Err(_) if numbers == 0 && text.chars().count() == 1 => {}
            Err(_) => return false,
        }
    }
    numbers >= 2
}

/// The number that a total line states.
fn stated_total(record: &Record<'_>, column: usize, encoding: Encoding) -> Option<Decimal> {
    let decoded = encoding.decode(record.raw(column));
    let text = cell::trim(&decoded);
    if is_total(text) {
        return None;
    }
    cell::plain_number(text)
}

fn open_days(who: &crate::model::organisation::Organisation) -> String {
    match (who.opened, who.closed) {
        (Some(opened), Some(closed)) => format!("работала с {opened} по {closed}"),
        (Some(opened), None) => format!("открыта {opened}"),
        (None, Some(closed)) => format!("закрыта {closed}"),
        (None, None) => "она не действует".into(),
    }
}

fn example(every: period::Every) -> &'static str {
    match every {
        period::Every::Month => "2025-12 или «декабрь 2025»",
        period::Every::Quarter => "2025-Q4 или «IV квартал 2025»",
        period::Every::HalfYear => "2025-H2 или «II полугодие 2025»",
        period::Every::Year => "2025",
        period::Every::SchoolYear => "2025/26",
    }
}

fn header_too_narrow(place: Place, width: usize, rows: u64) -> Diagnostic {
    Diagnostic::new(
        Code::HeaderWidth,
        Some(place),
        format!("почти во всех строках больше ячеек, чем столбцов в шапке ({width}): строк {rows}"),
    )
    .label("в шапке не хватает столбца, или разделитель стоит внутри чисел")
    .help("сохраните файл заново из табличной программы с разделителем «;»; эти строки не учтены")
}

fn header_too_wide(place: Place, width: usize, rows: u64) -> Diagnostic {
    Diagnostic::new(
        Code::HeaderWidth,
        Some(place),
        format!("почти во всех строках меньше ячеек, чем столбцов в шапке ({width}): строк {rows}"),
    )
    .severity(Severity::Warning)
    .label("в строках не хватает ячеек")
    .help("недостающие ячейки считаются незаполненными; проверьте, не сдвинуты ли столбцы")
}
