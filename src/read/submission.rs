//! Rows of a report → submissions: typed, checked against the form, each fault with its place.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::cell::{self, Dash};
use super::delimited::{Batch, Quotes, Record, is_blank};
use super::header::{Layout, Shape, Vocabulary};
use super::identity::{Identities, Identity, Trail};
use super::remarks;
use super::rules::Check;
use super::totals::{Totals, is_total};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, KEPT_EACH};
use crate::model::Plan;
use crate::model::form::{Form, RuleSeverity};
use crate::model::formula::FieldRef;
use crate::model::name;
use crate::model::period::{self, Every, Period, Stated};
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
    /// The periods stated where no column tells it: above the table, in the file's name, its
    /// folders' names, on the command line. The first that fits the form holds.
    pub stated: Vec<Stated>,
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
    /// Whom the rows in hand name, where that is known already.
    known: Vec<Option<Identity>>,
    trails: Vec<Trail>,
    period: PeriodMemory,
    measures: HashMap<Vec<u8>, Vec<FieldRef>>,
    unknown_measures: HashSet<Vec<u8>>,
    extra: HeldBack,
    short: HeldBack,
    /// Rows with fewer cells than the header, whatever these are.
    narrow: u64,
    skipped: Vec<(u32, u64)>,
    skipped_rows: u64,
    past_header: bool,
    /// It has been said that the file tells no period.
    told_no_period: bool,
    /// Unknown names for which a like one has been looked for.
    suggested: u32,
    /// Columns without a heading, empty so far.
    nameless: Vec<usize>,
    /// The form and period of the row before.
    noted: Option<(usize, Period)>,
    outcome: Outcome,
}

/// Nine rows of ten, and more than two.
fn is_nearly_all(count: u64, rows: u64) -> bool {
    count >= 3 && count * 10 >= rows * 9
}

/// The last period cell: rows of one period mostly follow one another.
#[derive(Default)]
struct PeriodMemory {
    raw: Vec<u8>,
    cell: Option<PeriodCell>,
}

/// What a period cell says.
#[derive(Clone, Copy)]
enum PeriodCell {
    /// Nothing: the table's period holds.
    Empty,
    /// This, where it could be read.
    Read(Option<Stated>),
}

/// Of so many unknown names in a file the one meant is looked for.
const SUGGESTIONS: u32 = 50;

/// Faults kept back until it is known how many rows share them.
#[derive(Default)]
struct HeldBack {
    kept: Vec<Diagnostic>,
    count: u64,
}

impl HeldBack {
    fn push(&mut self, diagnostic: impl FnOnce() -> Diagnostic) {
        self.count += 1;
        if self.count <= KEPT_EACH {
            self.kept.push(diagnostic());
        }
    }

    /// Hands them on; those that were only counted are counted.
    fn release(self, code: Code, file: FileId, diagnostics: &mut Diagnostics) {
        let kept = self.kept.len() as u64;
        for diagnostic in self.kept {
            diagnostics.push(diagnostic);
        }
        diagnostics.count_more(code, code.severity(), Some(file), self.count - kept);
    }
}

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
            identities: Identities::new(
                &layout.organisation,
                &layout.headings,
                table.encoding,
                tally.register.declared,
            ),
            checks,
            rules_covered,
            totals: Totals::new(columns),
            values: vec![Reported::ABSENT; width],
            known: Vec::new(),
            trails: Vec::new(),
            period: PeriodMemory::default(),
            measures: HashMap::new(),
            unknown_measures: HashSet::new(),
            extra: HeldBack::default(),
            short: HeldBack::default(),
            narrow: 0,
            skipped: Vec::new(),
            skipped_rows: 0,
            past_header: false,
            told_no_period: false,
            suggested: 0,
            nameless: (0..layout.headings.len())
                .filter(|&column| layout.headings[column].is_empty())
                .filter(|column| !layout.organisation.contains(column))
                .collect(),
            noted: None,
            outcome: Outcome::default(),
            table,
            tally,
            diagnostics,
        }
    }

    /// Says how long the file is.
    pub fn expect(&mut self, bytes: u64) {
        self.identities.expect(bytes);
    }

    /// Takes rows, all but the first few, which stand above the table's.
    pub fn rows(&mut self, batch: Batch<'_>, above: usize) {
        // Whom the rows name is asked for all of them first: in a file of many organisations each
        // answer is far away in memory, and the processor waits for several at once.
        let mut known = std::mem::take(&mut self.known);
        known.clear();
        let identities = &self.identities;
        self.trails.clear();
        self.trails
            .extend(batch.records().map(|record| identities.trail(&record)));
        let trails = batch.records().zip(&self.trails);
        known.extend(trails.map(|(record, trail)| identities.known(&record, *trail)));
        if let Shape::Wide { form, .. } = &self.table.layout.shape {
            let organisations = known.iter().filter_map(|known| match known {
                Some(Identity::Known(organisation)) => Some(*organisation),
                _ => None,
            });
            self.tally.look_ahead(*form, organisations);
        }
        for (record, known) in batch.records().zip(&known).skip(above) {
            self.row(&record, *known);
        }
        self.known = known;
    }

    fn row(&mut self, record: &Record<'_>, known: Option<Identity>) {
        if record.is_blank() || record.bytes() == &self.table.layout.header_bytes[..] {
            return;
        }
        if !self.past_header {
            self.past_header = true;
            if is_column_numbers(record, self.table.encoding) && !self.names_somebody(record) {
                return;
            }
        }
        self.outcome.rows += 1;
        self.quotes(record);
        self.look_for_nameless(record);
        let identity =
            known.unwrap_or_else(|| self.identities.identify(record, &mut self.tally.register));
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
    pub fn finish(self) -> Outcome {
        let Rows {
            table,
            diagnostics,
            extra,
            short,
            narrow,
            skipped,
            skipped_rows,
            outcome,
            ..
        } = self;
        let layout = table.layout;
        let width = layout.headings.len();
        let header = || Place {
            file: table.file,
            spot: Spot::Line {
                line: layout.header_line,
                offset: layout.header_offset,
            },
        };
        if is_nearly_all(extra.count, outcome.rows) {
            diagnostics.push(remarks::header_too_narrow(header(), width, extra.count));
        } else {
            extra.release(Code::ExtraCell, table.file, diagnostics);
        }
        if is_nearly_all(narrow, outcome.rows) {
            diagnostics.push(remarks::header_too_wide(header(), width, narrow));
        } else {
            short.release(Code::MissingCell, table.file, diagnostics);
        }
        if outcome.rows == 0 {
            diagnostics.push(remarks::no_rows(header()));
        }
        if let Some(diagnostic) = remarks::skipped(table.file, &skipped, skipped_rows) {
            diagnostics.push(diagnostic);
        }
        outcome
    }

    fn place(&self, record: &Record<'_>, column: usize) -> Place {
        cell_place(self.table.file, record, column)
    }

    fn dash(&self, column: usize) -> Dash {
        if self.table.layout.plus.contains(&column) {
            Dash::No
        } else {
            Dash::Nothing
        }
    }

    /// A cell's text, fit for a message.
    fn found(&self, record: &Record<'_>, column: usize) -> String {
        cell::shorten(cell::trim(&self.table.encoding.decode(record.raw(column))))
    }

    fn id(&self, organisation: u32) -> &str {
        &self.tally.register.organisations[organisation as usize].id
    }

    fn quotes(&mut self, record: &Record<'_>) {
        let (code, column) = match record.quotes {
            Quotes::Fine => return,
            Quotes::Stray(column) => (Code::StrayQuote, column as usize),
            Quotes::Unclosed(column) => (Code::UnclosedQuote, column as usize),
        };
        let place = self.place(record, column);
        let found = self.found(record, column);
        self.diagnostics.push(remarks::quotes(code, place, found));
    }

    /// Whether a line of numbers could be a report: «1» is somebody's id.
    fn names_somebody(&self, record: &Record<'_>) -> bool {
        let register = &self.tally.register;
        let texts = self.identities.texts(record);
        if register.declared {
            return texts.iter().any(|text| register.find(text).is_some());
        }
        self.table.layout.by_id && texts.first().is_some_and(|text| !text.is_empty())
    }

    /// The first figure in a column without a heading.
    fn look_for_nameless(&mut self, record: &Record<'_>) {
        let filled = self
            .nameless
            .iter()
            .position(|&column| !is_blank(record.raw(column)));
        if let Some(index) = filled {
            let column = self.nameless.swap_remove(index);
            let place = self.place(record, column);
            let found = self.found(record, column);
            self.diagnostics.push(remarks::empty_header(place, found));
        }
    }

    /// A row whose organisation is not known: a footnote, or a report that cannot be placed.
    fn unidentified(&mut self, record: &Record<'_>, identity: Identity) {
        let Some(&column) = self.table.layout.organisation.first() else {
            return;
        };
        if !self.has_figures(record) {
            // «за ноябрь 2025» between two tables is said of the second.
            let words = self.table.encoding.decode(record.bytes());
            if let Some(stated) = period::find(&words) {
                self.table.stated.insert(0, stated);
                self.noted = None;
            }
            self.skipped_rows += 1;
            if self.skipped.len() < 10 {
                self.skipped.push((record.line, record.offset));
            }
            return;
        }
        self.totals.spoil();
        let texts = self.identities.texts(record);
        let text = texts.iter().find(|text| !text.is_empty());
        let text = text.map_or("", String::as_str);
        // To look for a like name takes a look at all of them.
        self.suggested += 1;
        let near = (self.suggested <= SUGGESTIONS)
            .then(|| name::nearest(text, self.tally.register.names()))
            .flatten();
        let diagnostic = remarks::unidentified(
            identity,
            &self.tally.register,
            self.place(record, column),
            text,
            near,
        );
        self.diagnostics.push(diagnostic);
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
            let place = self.place(record, *column);
            let found = self.found(record, *column);
            self.diagnostics
                .push(remarks::total_mismatch(place, found, &sum, field));
        }
        self.totals.pass();
    }

    /// The period of a row for a form.
    fn period(&mut self, record: &Record<'_>, form: usize) -> Option<Period> {
        let every = self.table.plan.forms[form].every;
        let Some(column) = self.table.layout.period else {
            let stated = self.stated(every);
            if stated.is_none() && !self.told_no_period {
                self.told_no_period = true;
                self.diagnostics
                    .push(remarks::no_period(self.table.file, every));
            }
            return stated;
        };
        let raw = record.raw(column);
        if self.period.cell.is_none() || self.period.raw != raw {
            let bytes = record.cell(column);
            let text = self.table.encoding.decode(&bytes);
            let text = cell::trim(&text);
            self.period.raw = raw.to_vec();
            self.period.cell = Some(if cell::is_nothing(text) {
                PeriodCell::Empty
            } else if self.table.layout.as_of {
                PeriodCell::Read(period::read(&format!("на {text}")).or_else(|| period::read(text)))
            } else {
                PeriodCell::Read(period::read(text))
            });
        }
        let resolved = match self.period.cell {
            Some(PeriodCell::Read(stated)) => stated.and_then(|stated| stated.resolve(every)),
            _ => self.stated(every),
        };
        if resolved.is_none() {
            let place = self.place(record, column);
            let found = self.found(record, column);
            self.diagnostics
                .push(remarks::unknown_period(place, found, every));
        }
        resolved
    }

    /// The period stated for the whole table.
    fn stated(&self, every: Every) -> Option<Period> {
        self.table
            .stated
            .iter()
            .find_map(|stated| stated.resolve(every))
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
        // What an organisation sends for the month in which it closes is a report, though not one
        // that it owes.
        if who.is_of_kind(form) && who.exists_during(period) {
            return true;
        }
        let place = self.place(record, self.table.layout.organisation[0]);
        let found = self.identities.texts(record).join(" ");
        let diagnostic = remarks::not_owed(who, form, period, place, found.trim());
        self.diagnostics.push(diagnostic);
        false
    }

    fn note_period(&mut self, form: usize, period: Period) {
        if self.noted == Some((form, period)) {
            return;
        }
        self.noted = Some((form, period));
        if !self.outcome.periods.insert((form, period)) {
            return;
        }
        let own = &self.table.plan.forms[form];
        if period.every() != own.every {
            self.diagnostics
                .push(remarks::unexpected_period(self.table.file, own, period));
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
        if date > due {
            let place = Place {
                file: self.table.file,
                spot: Spot::Line { line, offset },
            };
            self.diagnostics
                .push(remarks::late(place, period, date, due));
        }
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
        let (mut any, mut blank) = (false, false);
        let form_fields = &self.table.plan.forms[form].fields;
        for (index, &(column, field)) in fields.iter().enumerate() {
            let field_of_form = &form_fields[field];
            let bytes = record.cell(column);
            // What a quote that never closes has torn is said once.
            let value = if record.quotes == Quotes::Unclosed(column as u32) {
                Reported::LEFT_OUT
            } else {
                match cell::read_in(
                    field_of_form,
                    &bytes,
                    self.table.encoding,
                    self.dash(column),
                ) {
                    Ok(value) => value,
                    Err(fault) => {
                        self.cell_fault(record, column, organisation, &field_of_form.id, fault);
                        Reported::left_out(mark_of(&bytes))
                    }
                }
            };
            any |= value.is_left_out() || value.decimal().is_some();
            blank |= value == Reported::BLANK;
            self.values[field] = value;
            self.totals.add(index, value);
        }
        // A row of nothing but blanks is a line of a common template that its owner did not fill:
        // no report, and no fault.
        if !any {
            return;
        }
        if blank {
            self.missing_cells(record, organisation, form);
        }
        self.narrow += u64::from(record.len() < layout.headings.len());
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
            is_part: matches!(self.table.layout.shape, Shape::Long { .. }),
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
        // The remark looks at the rest of the reader: taken out for the moment.
        let mut extra = std::mem::take(&mut self.extra);
        extra.push(|| {
            let place = self.place(record, column);
            remarks::extra_cell(place, self.found(record, column), record.len(), width)
                .organisation(self.id(organisation))
        });
        self.extra = extra;
        true
    }

    fn missing_cells(&mut self, record: &Record<'_>, organisation: u32, form: usize) {
        let layout = self.table.layout;
        let Shape::Wide { fields, .. } = &layout.shape else {
            return;
        };
        if fields.iter().any(|(column, _)| *column >= record.len()) {
            let mut short = std::mem::take(&mut self.short);
            short.push(|| {
                let place = self.place(record, record.len() - 1);
                remarks::missing_cell(place, record.len(), layout.headings.len())
                    .organisation(self.id(organisation))
            });
            self.short = short;
        }
        let file = self.table.file;
        for &(column, field) in fields {
            let own = &self.table.plan.forms[form].fields[field];
            if !own.required || self.values[field] != Reported::BLANK {
                continue;
            }
            let diagnostics = &mut *self.diagnostics;
            let (encoding, register) = (self.table.encoding, &self.tally.register);
            let code = Code::EmptyRequired;
            diagnostics.report(code, code.severity(), Some(file), || {
                let found = encoding.decode(record.raw(column)).into_owned();
                let found = cell::shorten(cell::trim(&found));
                remarks::empty_required(cell_place(file, record, column), found, own)
                    .organisation(&*register.organisations[organisation as usize].id)
            });
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
                let found = cell::shorten(cell::trim(&found));
                let place = cell_place(file, record, column);
                remarks::cell_fault(place, found, field, fault)
                    .organisation(&*register.organisations[organisation as usize].id)
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
            let diagnostic = remarks::broken_rule(check, place, &figures)
                .found(self.found(record, column))
                .organisation(self.id(organisation))
                .field(&self.table.plan.forms[form].fields[first].id);
            self.diagnostics.push(remarks::with_rule_place(
                diagnostic,
                self.table.rule_places,
                form,
                check.index,
            ));
            if check.rule.severity == RuleSeverity::Error {
                for field in &check.rule.fields {
                    let value = &mut self.values[field.field];
                    *value = Reported::left_out(mark_of(&value.bits().to_le_bytes()));
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
        let reported =
            match cell::read_in(field_of_form, &bytes, self.table.encoding, self.dash(value)) {
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
            let place = self.place(record, value);
            let diagnostic =
                remarks::empty_required(place, self.found(record, value), field_of_form)
                    .organisation(self.id(organisation));
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
            let near = self.table.vocabulary.nearest(plan, &text);
            remarks::unknown_measure(place, &text, near)
        } else {
            let paths: Vec<String> = owed.iter().map(|field| plan.field_path(*field)).collect();
            remarks::ambiguous_measure(place, &text, &paths)
        };
        self.diagnostics.push(diagnostic);
        None
    }
}

/// A mark of what stood in a cell that is left out.
fn mark_of(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |mark: u32, byte| {
        (mark ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
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
