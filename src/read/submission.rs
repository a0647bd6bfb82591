//! Rows of a report → submissions: typed, checked against the form, each fault with its place.

mod odd;
mod sweep;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{self, Read};

use jiff::civil::Date;

use super::cell::{self, Column, Dash, Wording};
use super::delimited::{Quotes, Record, Records};
use super::header;
use super::identity::{Identities, Identity};
use super::layout::{self, Layout, Shape};
use super::remarks;
use super::rules::Check;
use super::totals::{Totals, is_mean_or_share, is_total};
use super::unit::{self, Unit};
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, KEPT_EACH};
use crate::model::Plan;
use crate::model::form::{Form, RuleSeverity};
use crate::model::formula::FieldRef;
use crate::model::period::{self, Every, Period, Stated};
use crate::model::quantity::{Decimal, Fixed, Reported};
use crate::source::{Cell, Encoding, FileId, Place, Spot};
use crate::tally::{RecordPlace, Submission, Tally};
use sweep::Sweep;

/// What the rows of one file are read with.
#[derive(Clone)]
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
    /// The day on which the file was handed in, where a line above the table says so.
    pub came: Option<(Date, u32, u64)>,
}

/// What a part of a file is read with, further down than the rows in hand; and what came of it.
pub struct Ahead<'a> {
    table: Table<'a>,
    tally: Tally,
    diagnostics: Diagnostics,
    memory: Memory,
    rest: Option<Rest>,
}

/// What is known from the rows above.
#[derive(Clone)]
struct Memory {
    identities: Identities,
    nameless: Vec<usize>,
    always: Vec<bool>,
    told_no_period: bool,
}

/// What came of a part's rows beside what was reported and remarked.
pub struct Rest {
    totals: Totals,
    extra: HeldBack,
    short: HeldBack,
    narrow: u64,
    past_header: bool,
    outcome: Outcome,
}

impl<'a> Ahead<'a> {
    /// Ready for the part's rows.
    pub fn rows(&mut self) -> Rows<'a, '_> {
        let memory = self.memory.clone();
        let mut rows = Rows::new(self.table.clone(), &mut self.tally, &mut self.diagnostics);
        rows.identities = memory.identities;
        rows.nameless = memory.nameless;
        rows.always = memory.always;
        rows.told_no_period = memory.told_no_period;
        rows.past_header = true;
        rows.is_ahead = true;
        rows
    }

    /// Keeps what came of the rows.
    pub fn keep(&mut self, rest: Rest) {
        self.rest = Some(rest);
    }
}

/// What a step through the records gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Rows were taken.
    Taken,
    /// Here stands what looks like another header, or what only the rows above can explain.
    Stopped,
    /// Nothing is left.
    Ended,
}

/// What became of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Accepted,
    Total,
    Unfilled,
    Skipped,
    Refused,
    /// It states the period of the rows below.
    Title,
}

/// What came of a file's rows: each that is not blank is counted once.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Rows below the header: the sum of the five below.
    pub rows: u64,
    /// Rows that were entered as reports.
    pub accepted: u64,
    /// Rows that add up others: held against them.
    pub totals: u64,
    /// Rows of somebody known in which nothing is filled in.
    pub unfilled: u64,
    /// Rows that a note names: signatures, footnotes, headings of sections.
    pub skipped: u64,
    /// Rows that an error names: whose they are, or for when, is not known.
    pub refused: u64,
    /// Headers that stand there again, the numbers of the columns, lines that state the period of
    /// what is below: no rows.
    pub repeated: u64,
    /// The forms and periods reported.
    pub periods: BTreeSet<(usize, Period)>,
    /// Those of them that came after their due day.
    pub late: BTreeSet<(usize, Period)>,
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
    /// A wide table has a column for each field of its form.
    has_all_fields: bool,
    /// The columns of a wide table's figures.
    figures: Vec<Figures<'a>>,
    totals: Totals,
    values: Vec<Reported>,
    /// What many lines are read with at a time.
    sweep: Option<Box<Sweep>>,
    period: PeriodMemory,
    measures: HashMap<Vec<u8>, (Vec<FieldRef>, Unit)>,
    /// Bytes of the measures remembered, known or not.
    measures_bytes: usize,
    unknown_measures: HashSet<Vec<u8>>,
    extra: HeldBack,
    short: HeldBack,
    /// Whose rows these are, where no column says so.
    owner: Option<u32>,
    /// Columns up to the last one with a heading.
    headed: usize,
    /// Rows with fewer cells, whatever these are.
    narrow: u64,
    skipped: Vec<(u32, u64)>,
    past_header: bool,
    /// The next row has been looked at and is no header.
    no_header_next: bool,
    /// The row in hand is all words.
    strange_words: bool,
    /// A line above the rows in hand says that they are of another time, or a plan.
    aside: Option<String>,
    /// When the reports came, if a line below the table tells it, and where.
    came: Option<(Date, u32, u64)>,
    /// What stands above is not known: rows that only that could explain are left to others.
    is_ahead: bool,
    /// It has been said that the file tells no period.
    told_no_period: bool,
    /// Columns without a heading, empty so far.
    nameless: Vec<usize>,
    /// Organisations that have been seen to owe the form of a wide table for every period.
    always: Vec<bool>,
    /// Those that others lie below, once somebody asks.
    groups: Option<HashSet<u32>>,
    /// What a total above all rows states, column by column.
    stated_above: Vec<(usize, Decimal, Place, String)>,
    /// The form and period of the row before.
    noted: Option<(usize, Period)>,
    outcome: Outcome,
}

/// A column of figures of a wide table.
#[derive(Clone, Copy)]
struct Figures<'a> {
    column: usize,
    /// The field's index in its form.
    field: usize,
    reader: cell::Reader<'a>,
}

/// What a row's figures are like.
#[derive(Clone, Copy, Default)]
struct Filled {
    /// Something stands in one of them.
    any: bool,
    /// In one of them nothing does.
    blank: bool,
}

/// What period cells said: there are few.
#[derive(Default)]
struct PeriodMemory {
    met: HashMap<Vec<u8>, PeriodCell>,
}

/// So many spellings of periods are remembered before the memory is begun anew, none longer than
/// this.
const MOST_PERIODS: usize = 1000;
const LONGEST_PERIOD: usize = 40;

/// What a period cell says.
#[derive(Clone, Copy)]
enum PeriodCell {
    /// Nothing: the table's period holds.
    Empty,
    /// This, where it could be read.
    Read(Option<Stated>),
}

impl PeriodMemory {
    fn remember(&mut self, raw: &[u8], said: PeriodCell) {
        if raw.len() > LONGEST_PERIOD {
            return;
        }
        if self.met.len() >= MOST_PERIODS {
            self.met.clear();
        }
        self.met.insert(raw.to_vec(), said);
    }
}

/// Bytes of the measures of a long table that are remembered.
const MOST_MEASURES: usize = 1 << 20;

/// Of so many unknown names in a file the one meant is looked for.
const SUGGESTIONS: u64 = 50;

/// Fewer in a register of more organisations: each look takes in all of them.
const LOOKED_AT: u64 = 2_000_000;

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

    /// Takes those of the rows right below.
    fn absorb(&mut self, other: HeldBack, file: FileId, lines: u32, rows: u32) {
        for mut diagnostic in other.kept {
            if (self.kept.len() as u64) < KEPT_EACH {
                let place = diagnostic.place.iter_mut();
                for place in place.filter(|place| place.file == file) {
                    place.move_down(lines, rows);
                }
                self.kept.push(diagnostic);
            }
        }
        self.count += other.count;
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

impl Outcome {
    fn count(&mut self, fate: Fate) {
        self.rows += u64::from(fate != Fate::Title);
        *match fate {
            Fate::Title => &mut self.repeated,
            Fate::Accepted => &mut self.accepted,
            Fate::Total => &mut self.totals,
            Fate::Unfilled => &mut self.unfilled,
            Fate::Skipped => &mut self.skipped,
            Fate::Refused => &mut self.refused,
        } += 1;
    }

    /// Nothing has been counted yet.
    fn is_untouched(&self) -> bool {
        self.rows + self.repeated == 0
    }

    /// Takes what came of another part of the table.
    pub fn add(&mut self, other: Outcome) {
        self.rows += other.rows;
        self.accepted += other.accepted;
        self.totals += other.totals;
        self.unfilled += other.unfilled;
        self.skipped += other.skipped;
        self.refused += other.refused;
        self.repeated += other.repeated;
        self.periods.extend(other.periods);
        self.late.extend(other.late);
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
        let figures = figures(plan, layout, table.encoding);
        let (width, rules_covered) = match &layout.shape {
            Shape::Wide { form, fields, .. } => {
                let has = |field: usize| fields.iter().any(|(_, f)| *f == field);
                let covered = checks[*form]
                    .iter()
                    .all(|check| check.rule.fields.iter().all(|field| has(field.field)));
                (plan.forms[*form].fields.len(), covered)
            }
            Shape::Long { .. } => {
                let widest = plan.forms.iter().map(|form| form.fields.len()).max();
                (widest.unwrap_or(0), false)
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
            has_all_fields: Self::has_all(&layout.shape, width),
            totals: Totals::new(figures.len()),
            figures,
            values: vec![Reported::ABSENT; width],
            sweep: None,
            period: PeriodMemory::default(),
            measures: HashMap::new(),
            measures_bytes: 0,
            unknown_measures: HashSet::new(),
            extra: HeldBack::default(),
            short: HeldBack::default(),
            owner: layout.owner,
            headed: layout
                .headings
                .iter()
                .rposition(|heading| !heading.is_empty())
                .map_or(0, |last| last + 1),
            narrow: 0,
            skipped: Vec::new(),
            past_header: false,
            no_header_next: false,
            strange_words: false,
            aside: None,
            came: None,
            is_ahead: false,
            told_no_period: false,
            nameless: (0..layout.headings.len())
                .filter(|&column| layout.headings[column].is_empty())
                .filter(|column| !layout.organisation.contains(column))
                .collect(),
            always: Vec::new(),
            groups: None,
            stated_above: Vec::new(),
            noted: None,
            outcome: Outcome::default(),
            table,
            tally,
            diagnostics,
        }
    }

    /// Takes what comes next of the records: many lines at a time where they are plain, or one record.
    /// Where it stops, the records go on from there.
    ///
    /// # Errors
    /// Reading failed.
    pub fn step<R: Read>(&mut self, records: &mut Records<R>) -> io::Result<Step> {
        if self.may_sweep() {
            let lines = records.lines(self.table.layout.headings.len());
            if !lines.is_empty() {
                let (taken, is_row) = self.sweep(&lines);
                let passed = lines.passed(taken);
                records.pass(passed);
                return Ok(if is_row { Step::Taken } else { Step::Stopped });
            }
        }
        let Some(record) = records.next_record()? else {
            return Ok(Step::Ended);
        };
        let known = self.identities.met(&record);
        if self.row(&record, known) {
            return Ok(Step::Taken);
        }
        records.back();
        Ok(Step::Stopped)
    }

    /// The row that was taken for another header is none.
    pub fn next_is_no_header(&mut self) {
        self.no_header_next = true;
    }

    /// Takes a row; whether it is one, and not another header.
    fn row(&mut self, record: &Record<'_>, known: Option<Identity>) -> bool {
        if record.is_blank(self.table.encoding) {
            return true;
        }
        let header = &self.table.layout.header_bytes;
        if header.iter().any(|line| record.bytes() == &line[..]) {
            self.outcome.repeated += 1;
            // What stands below a header may stand below this one: the numbers of the columns.
            self.past_header = false;
            return true;
        }
        let below_header = !std::mem::replace(&mut self.past_header, true);
        // Whether a header stands right above a part is known to whoever reads the whole.
        let at_top = self.is_ahead && self.outcome.is_untouched();
        if (below_header || at_top)
            && is_column_numbers(record, self.table.encoding)
            && !self.names_somebody(record)
        {
            if at_top {
                return false;
            }
            self.outcome.repeated += 1;
            return true;
        }
        let known = match known {
            // Where no register tells who may be named, a heading must not be taken for somebody.
            None if self.tally.register.declared && self.owner.is_none() => {
                Some(self.identities.identify(record, &mut self.tally.register))
            }
            known => known,
        };
        let strange = !matches!(known, Some(Identity::Known(_)));
        if strange && self.is_units(record) {
            self.outcome.repeated += 1;
            return true;
        }
        if strange && !std::mem::take(&mut self.no_header_next) {
            self.strange_words = self.is_words(record);
            if self.strange_words || self.is_header(record) {
                return false;
            }
        }
        let known = match known {
            None if self.is_ahead => {
                Some(self.identities.identify(record, &mut self.tally.register))
            }
            known => known,
        };
        if self.is_ahead && !self.stands_alone(record, known) {
            return false;
        }
        self.quotes(record);
        self.look_for_nameless(record);
        let fate = self.take(record, known);
        self.outcome.count(fate);
        true
    }

    /// Whether all that is to be said of a row can be said without the rows above it.
    fn stands_alone(&mut self, record: &Record<'_>, known: Option<Identity>) -> bool {
        let alone = match known {
            Some(Identity::Known(organisation)) => {
                let form = self.table.layout.form().unwrap_or_default();
                let is_plain = !self.tally.register.declared
                    || self.always.get(organisation as usize) == Some(&true);
                is_plain || !self.adds_up(organisation, form)
            }
            Some(Identity::Unknown | Identity::Ambiguous | Identity::Contradiction(..)) => {
                !self.may_suggest(Code::UnknownOrganisation) && self.may_be_report(record)
            }
            _ => false,
        };
        alone
            && !self.tally.is_full()
            && !self.nameless.iter().any(|&column| {
                column < record.len() && !self.table.encoding.is_blank(record.raw(column))
            })
            && self.swallowed(record).is_empty()
    }

    /// What a part further down is read with.
    pub fn ahead(&self) -> Ahead<'a> {
        Ahead {
            table: self.table.clone(),
            tally: self.tally.part(),
            diagnostics: self.diagnostics.going_on(),
            memory: Memory {
                identities: self.identities.clone(),
                nameless: self.nameless.clone(),
                always: self.always.clone(),
                told_no_period: self.told_no_period,
            },
            rest: None,
        }
    }

    /// Whether rows further down can be read without those above them: most tables say whose each
    /// is and for when.
    pub fn may_be_parted(&self) -> bool {
        let layout = self.table.layout;
        let tells_period = layout.period.is_some()
            || self.told_no_period
            || layout
                .form()
                .is_some_and(|form| self.stated(self.table.plan.forms[form].every).is_some());
        layout.form().is_some()
            && tells_period
            && self.owner.is_none()
            && self.aside.is_none()
            && self.stated_above.is_empty()
    }

    /// What came of the rows beside what was reported and remarked.
    pub fn rest(self) -> Rest {
        Rest {
            totals: self.totals,
            extra: self.extra,
            short: self.short,
            narrow: self.narrow,
            past_header: self.past_header,
            outcome: self.outcome,
        }
    }

    /// Takes what came of a part that stands right below the rows taken so far, below so many lines
    /// and rows of the file.
    pub fn absorb(&mut self, part: Ahead<'a>, lines: u32, rows: u32) {
        let file = self.table.file;
        self.tally.absorb(part.tally, lines, rows);
        self.diagnostics.absorb(part.diagnostics, file, lines, rows);
        let Some(rest) = part.rest else { return };
        self.totals.absorb(&rest.totals);
        self.extra.absorb(rest.extra, file, lines, rows);
        self.short.absorb(rest.short, file, lines, rows);
        self.narrow += rest.narrow;
        if !rest.outcome.is_untouched() {
            self.past_header = rest.past_header;
        }
        self.outcome.add(rest.outcome);
    }

    /// Whether the row that was taken for another header is all words where figures should stand:
    /// a header, though of no form that is known.
    pub fn is_strange_header(&self) -> bool {
        self.strange_words
    }

    /// Whether a row only tells that the columns count single things: «ед. изм.», «чел.». One that
    /// says «тыс. чел.» must not be passed over.
    fn is_units(&self, record: &Record<'_>) -> bool {
        let Shape::Wide { fields, .. } = &self.table.layout.shape else {
            return false;
        };
        // Nearly every row has a number.
        let is_number = |column: usize| record.raw(column).first().is_some_and(u8::is_ascii_digit);
        if record.bytes().len() > LONGEST_UNITS
            || fields.iter().any(|(column, _)| is_number(*column))
        {
            return false;
        }
        let texts = header::texts(record, self.table.encoding);
        let is_figure = |column: usize| fields.iter().any(|(own, _)| *own == column);
        let is_unit = |text: &str| unit::beside(text) == Some(Unit::ONE);
        let mut units = 0;
        texts.iter().enumerate().all(|(column, text)| {
            units += usize::from(is_unit(text));
            text.is_empty() || is_unit(text) || (!is_figure(column) && unit::is_heading(text))
        }) && units > 0
    }

    /// Whether words stand in most columns of a row, and no figure, answer or dash in any.
    fn is_words(&self, record: &Record<'_>) -> bool {
        let Shape::Wide { fields, .. } = &self.table.layout.shape else {
            return false;
        };
        // Most rows have a plain number, and nothing need be decoded to see it.
        let is_number = |column: usize| {
            let raw = record.raw(column);
            !raw.is_empty() && raw.iter().all(u8::is_ascii_digit)
        };
        if fields.len() < 2 || fields.iter().any(|(column, _)| is_number(*column)) {
            return false;
        }
        let texts = header::texts(record, self.table.encoding);
        let is_word = |text: &str| {
            text.chars().any(char::is_alphabetic)
                && !text.starts_with('#')
                && cell::plain_number(text, Unit::ONE).is_none()
                && cell::read_flag(text).is_none()
                && !cell::is_nothing(text)
        };
        let mut filled = texts.iter().filter(|text| !text.is_empty());
        let words = fields
            .iter()
            .filter(|(column, _)| texts.get(*column).is_some_and(|text| is_word(text)));
        words.count() * 2 > fields.len().max(3)
            && filled.all(|text| is_word(text) || text.contains('+'))
            && !texts
                .iter()
                .any(|text| is_total(text) || is_signature(text))
    }

    /// Whether a row that names nobody known is another header: words where figures stand.
    fn is_header(&self, record: &Record<'_>) -> bool {
        let layout = self.table.layout;
        let first_figure = match &layout.shape {
            Shape::Wide { fields, .. } => fields.first().map(|(column, _)| *column),
            Shape::Long { value, .. } => Some(*value),
        };
        let figure = first_figure.map_or(&[][..], |column| record.raw(column));
        if figure.first().is_some_and(u8::is_ascii_digit) {
            return false;
        }
        header::is_header(
            self.table.vocabulary,
            &header::texts(record, self.table.encoding),
        )
    }

    fn take(&mut self, record: &Record<'_>, known: Option<Identity>) -> Fate {
        let identity = match (self.owner, known) {
            (Some(owner), _) => self.owned(record, owner),
            (None, Some(known)) => known,
            (None, None) => self.identities.identify(record, &mut self.tally.register),
        };
        let organisation = match identity {
            Identity::Known(organisation) => organisation,
            Identity::Total => {
                self.total(record);
                return Fate::Total;
            }
            _ => return self.unidentified(record, identity),
        };
        if let Some(aside) = &self.aside {
            let fate = self.unplaced(record);
            if fate == Fate::Refused {
                let place = Place::line(self.table.file, record.line, record.offset);
                self.diagnostics.push(remarks::aside(place, aside));
            }
            return fate;
        }
        match &self.table.layout.shape {
            Shape::Wide { form, .. } => self.wide(record, organisation, *form),
            Shape::Long { measure, value } => self.long(record, organisation, *measure, *value),
        }
    }

    /// Whether a row of an organisation adds up others: it does not owe the form of a wide table, and
    /// they lie below it.
    fn adds_up(&mut self, organisation: u32, form: usize) -> bool {
        let register = &self.tally.register;
        let who = &register.organisations[organisation as usize];
        if self.table.layout.form() != Some(form) || who.is_of_kind(&self.table.plan.forms[form]) {
            return false;
        }
        let all = || register.parents().into_iter().collect();
        let groups = self.groups.get_or_insert_with(all);
        groups.contains(&organisation)
    }

    /// The end of the rows: what could only be said with all of them in view. Gives the periods
    /// stated for what follows, too.
    pub fn finish(mut self) -> (Outcome, Vec<Stated>) {
        self.check_periods();
        self.check_late();
        self.check_totals_above();
        let Rows {
            table,
            diagnostics,
            extra,
            short,
            narrow,
            skipped,
            outcome,
            ..
        } = self;
        let layout = table.layout;
        let width = layout.headings.len();
        let header = || Place::line(table.file, layout.header_line, layout.header_offset);
        if remarks::is_nearly_all(extra.count, outcome.rows) {
            diagnostics.push(remarks::header_too_narrow(header(), width, extra.count));
        } else {
            extra.release(Code::ExtraCell, table.file, diagnostics);
        }
        if remarks::is_nearly_all(narrow, outcome.rows) {
            diagnostics.push(remarks::header_too_wide(header(), width, narrow));
        } else {
            short.release(Code::MissingCell, table.file, diagnostics);
        }
        if outcome.accepted + outcome.refused == 0 {
            diagnostics.push(remarks::no_rows(header(), outcome.rows, outcome.totals));
        }
        if let Some(diagnostic) = remarks::skipped(table.file, &skipped, outcome.skipped) {
            diagnostics.push(diagnostic);
        }
        (outcome, table.stated)
    }

    /// Whom a row is about in a table of one organisation; a line that names another one is said of
    /// the rows below it.
    fn owned(&mut self, record: &Record<'_>, owner: u32) -> Identity {
        let texts = header::texts(record, self.table.encoding);
        match texts.iter().find(|text| !text.is_empty()) {
            Some(first) if is_total(first) => return Identity::Total,
            _ if self.has_values(record) => return Identity::Known(owner),
            _ => {}
        }
        let register = &self.tally.register;
        if let Some(owner) = texts.iter().find_map(|text| layout::named(register, text)) {
            self.owner = Some(owner);
        }
        Identity::Nobody
    }

    fn place(&self, record: &Record<'_>, column: usize) -> Place {
        cell_place(self.table.file, record, column)
    }

    /// A cell's text, fit for a message.
    fn found(&self, record: &Record<'_>, column: usize) -> String {
        cell::shorten(cell::trim(&self.table.encoding.decode(record.raw(column))))
    }

    fn id(&self, organisation: u32) -> &str {
        &self.tally.register.organisations[organisation as usize].id
    }

    fn quotes(&mut self, record: &Record<'_>) {
        let Some((code, column)) = remarks::quotes_fault(record.quotes) else {
            return self.look_for_swallowed(record);
        };
        let place = self.place(record, column);
        let found = self.found(record, column);
        self.diagnostics.push(remarks::quotes(code, place, found));
    }

    /// Rows of the table within a cell: the quote that opens it closes on another line by accident.
    fn look_for_swallowed(&mut self, record: &Record<'_>) {
        for (column, first, last) in self.swallowed(record) {
            let place = self.place(record, column);
            let found = self.found(record, column);
            let diagnostic = remarks::swallowed(place, first, last).found(found);
            self.diagnostics.push(diagnostic);
        }
    }

    /// The columns of such cells, the first and the last line of the rows in each.
    fn swallowed(&self, record: &Record<'_>) -> Vec<(usize, u32, u32)> {
        let mut swallowed = Vec::new();
        if !record.has_quoted() || memchr::memchr2(b'\n', b'\r', record.bytes()).is_none() {
            return swallowed;
        }
        for column in (0..record.len()).filter(|&column| record.is_quoted(column)) {
            let raw = record.raw(column);
            let line_end = if raw.contains(&b'\n') { b'\n' } else { b'\r' };
            let (_, first) = record.cell_place(column);
            let lines = raw.split(|byte| *byte == line_end).zip(first..).skip(1);
            let rows = lines.filter(|(line, _)| self.could_be_row(line));
            let rows: Vec<u32> = rows.map(|(_, number)| number).collect();
            if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
                swallowed.push((column, *first, *last));
            }
        }
        swallowed
    }

    /// Whether a line has a cell for each column, and names an organisation where the table's rows
    /// do.
    fn could_be_row(&self, line: &[u8]) -> bool {
        let layout = self.table.layout;
        let register = &self.tally.register;
        let cells: Vec<&[u8]> = line.split(|byte| *byte == layout.delimiter).collect();
        let is_figure = |cell: &&[u8]| !cell.is_empty() && cell.iter().all(u8::is_ascii_digit);
        let figures = cells.iter().any(is_figure);
        let names = |column: &usize| {
            cells.get(*column).is_some_and(|cell| {
                let text = self.table.encoding.decode(cell);
                let text = cell::trim(&text).trim_matches('"');
                register.find(text).is_some() || (!register.declared && figures)
            })
        };
        cells.len() >= self.headed.max(3) && layout.organisation.iter().any(names)
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
        let encoding = self.table.encoding;
        // From left to right, no further than the row goes.
        let mut own = self
            .nameless
            .iter()
            .take_while(|&&column| column < record.len());
        let filled = own.position(|&column| !encoding.is_blank(record.raw(column)));
        if let Some(index) = filled {
            let column = self.nameless.remove(index);
            let place = self.place(record, column);
            let found = self.found(record, column);
            self.diagnostics.push(remarks::empty_header(place, found));
        }
    }

    /// A row whose organisation is not known: a footnote, or a report that cannot be placed.
    fn unidentified(&mut self, record: &Record<'_>, identity: Identity) -> Fate {
        let column = self.table.layout.organisation.first().copied().unwrap_or(0);
        if !self.may_be_report(record) {
            // «за ноябрь 2025» between two tables is said of the second.
            let texts = header::texts(record, self.table.encoding);
            let mut words = texts.iter().filter(|text| !text.is_empty());
            let alone = words.next().filter(|_| words.next().is_none());
            let is_footnote = |words: &str| {
                let letters = words.trim_start_matches(|c: char| c.is_ascii_digit());
                words.starts_with(['*', '¹', '²', '³', '†']) || letters.starts_with(')')
            };
            let alone = alone.filter(|words| !is_signature(words) && !is_footnote(words));
            if let Some(words) = alone.filter(|words| is_aside(words)) {
                self.aside = Some(words.clone());
            } else if let Some(stated) = alone.and_then(|words| period::find(words)) {
                if let (Stated::Period(own), Some(Stated::Period(above))) =
                    (stated, self.table.stated.first())
                    && own != *above
                {
                    let place = Place::line(self.table.file, record.line, record.offset);
                    self.diagnostics.push(remarks::another_period(place, own));
                }
                self.table.stated.insert(0, stated);
                self.period = PeriodMemory::default();
                self.noted = None;
                self.aside = None;
                return Fate::Title;
            }
            let words = texts.join(" ");
            if let Some(day) = layout::handed_in(&words) {
                self.came = self.came.or(Some((day, record.line, record.offset)));
            }
            if self.skipped.len() < 10 {
                self.skipped.push((record.line, record.offset));
            }
            return Fate::Skipped;
        }
        self.totals.spoil();
        let texts = self.identities.texts(record);
        let text = texts.iter().find(|text| !text.is_empty());
        let text = text.map_or("", String::as_str);
        let diagnostic = remarks::unidentified(
            identity,
            &self.tally.register,
            self.place(record, column),
            text,
            self.may_suggest(Code::UnknownOrganisation),
        );
        self.diagnostics.push(diagnostic);
        Fate::Refused
    }

    /// Whether few enough of a fault have been found in the file for each to be thought about.
    fn may_suggest(&self, code: Code) -> bool {
        let known = self.tally.register.organisations.len() as u64;
        let most = (LOOKED_AT / known.max(1)).clamp(1, SUGGESTIONS);
        self.diagnostics.count_in(code, self.table.file) < most
    }

    /// Whether anything is filled in where the table's figures stand.
    fn has_figures(&self, record: &Record<'_>) -> bool {
        self.has_cells(record, |text| !cell::is_nothing(text))
    }

    /// Whether a row that names nobody known has figures that would be lost with it, and is no
    /// signature or footnote.
    fn may_be_report(&self, record: &Record<'_>) -> bool {
        if self.table.layout.owner.is_some() {
            return self.has_values(record);
        }
        let encoding = self.table.encoding;
        let first = (0..record.len()).find(|&column| !encoding.is_blank(record.raw(column)));
        let first = encoding.decode(first.map_or(&[], |column| record.raw(column)));
        let has_digits = |column: usize| record.raw(column).iter().any(u8::is_ascii_digit);
        !is_signature(cell::trim(&first))
            && match &self.table.layout.shape {
                Shape::Wide { fields, .. } => {
                    fields.iter().any(|(column, _)| has_digits(*column))
                        || self.has_cells(record, |text| cell::read_flag(text).is_some())
                }
                Shape::Long { value, .. } => {
                    has_digits(*value)
                        || self.has_cells(record, |text| cell::read_flag(text).is_some())
                }
            }
    }

    /// Whether anything in a row is a number or a yes or no.
    fn has_values(&self, record: &Record<'_>) -> bool {
        self.has_cells(record, |text| {
            cell::plain_number(text, Unit::ONE).is_some() || cell::read_flag(text).is_some()
        })
    }

    fn has_cells(&self, record: &Record<'_>, wanted: impl Fn(&str) -> bool) -> bool {
        let filled = |column: usize| {
            let text = self.table.encoding.decode(record.raw(column));
            wanted(cell::trim(&text))
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
        let texts = header::texts(record, self.table.encoding);
        if texts.iter().any(|text| is_mean_or_share(text)) {
            return;
        }
        let form = &self.table.plan.forms[*form];
        let above = self.outcome.accepted + self.outcome.refused == 0;
        for (index, (column, field)) in fields.iter().enumerate() {
            if !form.fields[*field].kind.adds_up() {
                continue;
            }
            let unit = self.table.layout.units[*column];
            let Some(stated) = stated_total(record, *column, self.table.encoding, unit) else {
                continue;
            };
            let place = self.place(record, *column);
            let found = self.found(record, *column);
            if above {
                self.stated_above.push((index, stated, place, found));
            } else {
                self.hold_total(index, stated, place, found);
            }
        }
        self.totals.pass();
    }

    /// Holds a stated total against its column.
    fn hold_total(&mut self, index: usize, stated: Decimal, place: Place, found: String) {
        let Shape::Wide { form, fields, .. } = &self.table.layout.shape else {
            return;
        };
        let Some(sum) = self.totals.mismatch(index, stated) else {
            return;
        };
        let sum = Fixed::exact(&sum).unwrap_or_else(|| Fixed::round(&sum, 4));
        let field = &self.table.plan.forms[*form].fields[fields[index].1];
        self.diagnostics
            .push(remarks::total_mismatch(place, found, &sum, field));
    }

    /// A total above the rows is held against all of them; where there are none, that is said.
    fn check_totals_above(&mut self) {
        let stated = std::mem::take(&mut self.stated_above);
        if self.outcome.accepted > 0 {
            for (index, stated, place, found) in stated {
                self.hold_total(index, stated, place, found);
            }
        }
    }

    /// The period of a row for a form; of a row without figures nothing is said.
    fn period(&mut self, record: &Record<'_>, form: usize) -> Option<Period> {
        let every = self.table.plan.forms[form].every;
        let Some(column) = self.table.layout.period else {
            let stated = self.stated(every);
            if stated.is_none() && !self.told_no_period && self.has_figures(record) {
                self.told_no_period = true;
                self.diagnostics
                    .push(remarks::no_period(self.table.file, every));
            }
            return stated;
        };
        let resolved = match self.period_cell(record, column) {
            PeriodCell::Read(stated) => stated.and_then(|stated| stated.resolve(every)),
            PeriodCell::Empty => self.stated(every),
        };
        if resolved.is_none() && self.has_figures(record) {
            let place = self.place(record, column);
            let found = self.found(record, column);
            self.diagnostics
                .push(remarks::unknown_period(place, found, every));
        }
        resolved
    }

    /// What a row's period cell says.
    fn period_cell(&mut self, record: &Record<'_>, column: usize) -> PeriodCell {
        self.period_said(&record.cell(column))
    }

    /// What a period cell says.
    fn period_said(&mut self, bytes: &[u8]) -> PeriodCell {
        match self.period.met.get(bytes) {
            Some(said) => *said,
            None => {
                let said = self.read_period(bytes);
                self.period.remember(bytes, said);
                said
            }
        }
    }

    fn read_period(&self, bytes: &[u8]) -> PeriodCell {
        let text = self.table.encoding.decode(bytes);
        let text = cell::trim(&text);
        let stated = self.table.stated.first();
        let within = || period::read_within(text, *stated?);
        if cell::is_nothing(text) {
            PeriodCell::Empty
        } else if self.table.layout.as_of {
            PeriodCell::Read(period::read(&format!("на {text}")).or_else(|| period::read(text)))
        } else {
            PeriodCell::Read(period::read(text).or_else(within))
        }
    }

    /// The period stated for the whole table.
    fn stated(&self, every: Every) -> Option<Period> {
        self.table
            .stated
            .iter()
            .find_map(|stated| stated.resolve(every))
    }

    /// Whether the organisation owes the form for the period; says so where it does not and there
    /// are figures.
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
        let always = self.table.layout.form() == Some(form);
        if always && self.always.get(organisation as usize) == Some(&true) {
            return true;
        }
        let who = &register.organisations[organisation as usize];
        if always && who.is_of_kind(&self.table.plan.forms[form]) && who.has_no_days() {
            let index = organisation as usize;
            if self.always.len() <= index {
                self.always.resize(index + 1, false);
            }
            self.always[index] = true;
            return true;
        }
        // What an organisation sends for the month in which it closes is a report, though not one
        // that it owes.
        if who.is_of_kind(&self.table.plan.forms[form]) && who.exists_during(period) {
            return true;
        }
        if self.has_figures(record) && !self.adds_up(organisation, form) {
            let who = &self.tally.register.organisations[organisation as usize];
            let form = &self.table.plan.forms[form];
            let column = self.table.layout.organisation.first().copied().unwrap_or(0);
            let place = self.place(record, column);
            let found = self.identities.texts(record).join(" ");
            let diagnostic = remarks::not_owed(who, form, period, place, found.trim());
            self.diagnostics.push(diagnostic);
        }
        false
    }

    fn note_period(&mut self, form: usize, period: Period) {
        if self.noted == Some((form, period)) {
            return;
        }
        self.noted = Some((form, period));
        self.outcome.periods.insert((form, period));
    }

    /// Says which periods are none of the form's.
    fn check_periods(&mut self) {
        for &(form, period) in &self.outcome.periods {
            let own = &self.table.plan.forms[form];
            if period.every() != own.every {
                self.diagnostics
                    .push(remarks::unexpected_period(self.table.file, own, period));
            }
        }
    }

    /// Whether the reports came late, where a line above or below the table tells when they came.
    fn check_late(&mut self) {
        let Some((date, line, offset)) = self.table.came.or(self.came) else {
            return;
        };
        for (form, period) in self.outcome.periods.clone() {
            self.check_late_for(form, period, (date, line, offset));
        }
    }

    fn check_late_for(&mut self, form: usize, period: Period, came: (Date, u32, u64)) {
        let (date, line, offset) = came;
        let Some(days) = self.table.plan.forms[form].due_days else {
            return;
        };
        let due = period
            .end()
            .checked_add(jiff::Span::new().days(i64::from(days.min(10_000))))
            .unwrap_or(period.end());
        if date > due {
            self.outcome.late.insert((form, period));
            let place = Place::line(self.table.file, line, offset);
            self.diagnostics
                .push(remarks::late(place, period, date, due));
        }
    }

    /// A row of a wide table.
    fn wide(&mut self, record: &Record<'_>, organisation: u32, form: usize) -> Fate {
        if self.is_too_wide(record, organisation) {
            return Fate::Refused;
        }
        let period = self.period(record, form);
        let owed = |period: &Period| self.owes(record, organisation, form, *period);
        let Some(period) = period.filter(owed) else {
            if self.adds_up(organisation, form) {
                self.total(record);
                return Fate::Total;
            }
            let fate = self.unplaced(record);
            if fate == Fate::Refused {
                self.totals.spoil();
            }
            return fate;
        };
        let Filled { any, blank } = self.read_figures(record, organisation);
        // A row of nothing but blanks is a line of a common template that its owner did not fill:
        // no report, and no fault.
        if !any {
            return Fate::Unfilled;
        }
        if blank {
            self.missing_cells(record, organisation, form);
        }
        self.narrow += u64::from(record.len() < self.headed);
        self.check_rules(record, organisation, form);
        self.enter(record, organisation, form, period);
        Fate::Accepted
    }

    /// Reads the figures of a row into the values in hand.
    fn read_figures(&mut self, record: &Record<'_>, organisation: u32) -> Filled {
        let figures = std::mem::take(&mut self.figures);
        let mut filled = Filled::default();
        self.values.fill(Reported::ABSENT);
        for (index, own) in figures.iter().enumerate() {
            let tail = record.tail(own.column);
            let value = match tail.and_then(|tail| own.reader.glance(tail)) {
                Some(value) => value,
                None => self.read_with_care(record, organisation, own),
            };
            filled.any |= value.is_left_out() || value.decimal().is_some();
            filled.blank |= value == Reported::BLANK;
            self.values[own.field] = value;
            self.totals.add(index, value);
        }
        self.figures = figures;
        filled
    }

    fn read_with_care(
        &mut self,
        record: &Record<'_>,
        organisation: u32,
        own: &Figures<'a>,
    ) -> Reported {
        // What a quote that never closes has torn is said once.
        if record.quotes == Quotes::Unclosed(own.column as u32) {
            return Reported::LEFT_OUT.because(Code::UnclosedQuote as u8);
        }
        let bytes = record.cell(own.column);
        let remark = match own.reader.read(&bytes, Wording::None) {
            Ok(value) => return value,
            Err(remark) => remark,
        };
        let (code, file) = (remark.code, Some(self.table.file));
        let value = remark.value;
        // Of those that are only counted nothing need be said.
        let worded = match self.diagnostics.keeps(code, code.severity(), file) {
            true => own.reader.read(&bytes, Wording::Full).err(),
            false => None,
        };
        match worded {
            Some(remark) => {
                let field = own.reader.field_id();
                self.cell_remark(record, own.column, organisation, field, remark);
            }
            None => self.diagnostics.count_more(code, code.severity(), file, 1),
        }
        value.unwrap_or_else(|| Reported::left_out(mark_of(&bytes)).because(code as u8))
    }

    /// What becomes of a row that belongs to no period, or to somebody who does not owe it.
    fn unplaced(&self, record: &Record<'_>) -> Fate {
        match self.has_figures(record) {
            true => Fate::Refused,
            false => Fate::Unfilled,
        }
    }

    fn enter(&mut self, record: &Record<'_>, organisation: u32, form: usize, period: Period) {
        self.note_period(form, period);
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
        let encoding = self.table.encoding;
        let Some(column) = (width..record.len()).find(|&c| !encoding.is_blank(record.raw(c)))
        else {
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

    fn cell_remark(
        &mut self,
        record: &Record<'_>,
        column: usize,
        organisation: u32,
        field: &str,
        remark: cell::Remark,
    ) {
        let file = self.table.file;
        let encoding = self.table.encoding;
        let register = &self.tally.register;
        self.diagnostics
            .report(remark.code, remark.code.severity(), Some(file), || {
                let found = encoding.decode(record.raw(column)).into_owned();
                let found = cell::shorten(cell::trim(&found));
                let place = cell_place(file, record, column);
                remarks::of_cell(place, found, field, remark)
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
                    let mark = mark_of(&value.bits().to_le_bytes());
                    *value = Reported::left_out(mark).because(Code::RuleBroken as u8);
                }
            }
        }
        self.checks[form] = checks;
    }

    /// A row of a long table: one figure.
    fn long(
        &mut self,
        record: &Record<'_>,
        organisation: u32,
        measure: usize,
        value: usize,
    ) -> Fate {
        if self.is_too_wide(record, organisation) {
            return Fate::Refused;
        }
        let Some((field, unit)) = self.measure(record, organisation, measure, value) else {
            return self.unplaced(record);
        };
        let unit = self.unit(record, unit);
        let Some(period) = self.period(record, field.form) else {
            return self.unplaced(record);
        };
        if !self.owes(record, organisation, field.form, period) {
            return self.unplaced(record);
        }
        let field_of_form = self.table.plan.field(field);
        let bytes = record.cell(value);
        let column = Column {
            unit,
            ..column(self.table.layout, value)
        };
        let read = cell::read_in(field_of_form, &bytes, self.table.encoding, column);
        let reported = match read {
            Ok(reported) => reported,
            Err(remark) => {
                let (reported, code) = (remark.value, remark.code);
                self.cell_remark(record, value, organisation, &field_of_form.id, remark);
                reported.unwrap_or_else(|| Reported::left_out(mark_of(&bytes)).because(code as u8))
            }
        };
        if reported == Reported::ABSENT {
            return Fate::Unfilled;
        }
        if reported == Reported::BLANK && field_of_form.required {
            let place = self.place(record, value);
            let diagnostic =
                remarks::empty_required(place, self.found(record, value), field_of_form)
                    .organisation(self.id(organisation));
            self.diagnostics.push(diagnostic);
        }
        if unit.power() > 0 && reported.decimal().is_some() {
            let place = self.place(record, value);
            let diagnostic = remarks::scaled_figure(place, self.found(record, value), unit)
                .organisation(self.id(organisation))
                .field(&field_of_form.id);
            self.diagnostics.push(diagnostic);
        }
        self.values.fill(Reported::ABSENT);
        self.values[field.field] = reported;
        self.enter(record, organisation, field.form, period);
        Fate::Accepted
    }

    /// What a long row's figure is multiplied by: said by its measure, or in a column of its own.
    fn unit(&self, record: &Record<'_>, measure: Unit) -> Unit {
        let own = self.table.layout.unit_column.and_then(|column| {
            let text = self.table.encoding.decode(record.raw(column));
            unit::beside(cell::trim(&text))
        });
        match measure {
            Unit::ONE => own.filter(|own| !own.is_percent()).unwrap_or(measure),
            told => told,
        }
    }

    /// The field that a long row is about: of several forms the one that the organisation owes.
    fn measure(
        &mut self,
        record: &Record<'_>,
        organisation: u32,
        measure: usize,
        value: usize,
    ) -> Option<(FieldRef, Unit)> {
        let raw = record.raw(measure);
        if !self.measures.contains_key(raw) {
            // A table has as many as its forms have fields: one that has more is forgotten again.
            self.measures_bytes += raw.len();
            if self.measures_bytes > MOST_MEASURES {
                self.measures_bytes = raw.len();
                self.measures.clear();
                self.unknown_measures.clear();
            }
            let bytes = record.cell(measure);
            let text = self.table.encoding.decode(&bytes);
            let fields = self.table.vocabulary.fields(&text);
            self.measures.insert(raw.to_vec(), fields);
        }
        let (fields, unit) = &self.measures[raw];
        let plan = self.table.plan;
        let register = &self.tally.register;
        let who = &register.organisations[organisation as usize];
        let owed: Vec<FieldRef> = fields
            .iter()
            .copied()
            .filter(|field| !register.declared || who.is_of_kind(&plan.forms[field.form]))
            .collect();
        if let [field] = owed[..] {
            return Some((field, *unit));
        }
        if owed.is_empty()
            && let Some(field) = fields.first()
        {
            // Said by the check of what the organisation owes.
            return Some((*field, *unit));
        }
        let text = cell::trim(&self.table.encoding.decode(raw)).to_owned();
        let filled = !self.table.encoding.is_blank(record.raw(value));
        if !filled || !self.unknown_measures.insert(raw.to_vec()) {
            return None;
        }
        let place = self.place(record, measure);
        let diagnostic = if owed.is_empty() {
            let near = self
                .may_suggest(Code::UnknownColumn)
                .then(|| self.table.vocabulary.nearest(plan, &text))
                .flatten();
            remarks::unknown_measure(place, &text, near)
        } else {
            let paths: Vec<String> = owed.iter().map(|field| plan.field_path(*field)).collect();
            remarks::ambiguous_measure(place, &text, &paths)
        };
        self.diagnostics.push(diagnostic);
        None
    }
}

/// Bytes of the longest row of nothing but units.
const LONGEST_UNITS: usize = 1000;

/// Whether a line says that the rows below it are not the report: last year's, or a plan.
fn is_aside(text: &str) -> bool {
    const WORDS: [&str; 5] = ["прошлы", "прошло", "предыдущ", "плановы", "прогноз"];
    let lower = text.to_lowercase();
    // «Справочно: телефон для справок» is said of nothing below it.
    let of_reference = lower
        .strip_prefix("справочно")
        .is_some_and(|rest| !rest.contains(char::is_alphabetic) || period::find(rest).is_some());
    of_reference || WORDS.iter().any(|word| lower.contains(word)) || lower.starts_with("план ")
}

/// Whether a line below a table is signed, or explains something.
fn is_signature(first: &str) -> bool {
    const WORDS: [&str; 18] = [
        "исп.",
        "исп:",
        "исполнил",
        "исполнитель",
        "директор",
        "заведующ",
        "руководител",
        "председател",
        "начальник",
        "ответственн",
        "составил",
        "тел.",
        "телефон",
        "подпись",
        "примечани",
        "дата ",
        "дата:",
        "*",
    ];
    let lower = first.to_lowercase();
    lower == "дата" || WORDS.iter().any(|word| lower.starts_with(word))
}

/// A mark of what stood in a cell that is left out.
fn mark_of(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |mark: u32, byte| {
        (mark ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

/// What is said of the cells of a column.
fn column(layout: &Layout, column: usize) -> Column {
    let dash = match layout.plus.contains(&column) {
        true => Dash::No,
        false => Dash::Nothing,
    };
    Column {
        dash,
        unit: layout.units[column],
    }
}

/// The columns of a wide table's figures.
fn figures<'a>(plan: &'a Plan, layout: &Layout, encoding: Encoding) -> Vec<Figures<'a>> {
    let Shape::Wide { form, fields, .. } = &layout.shape else {
        return Vec::new();
    };
    let figures = fields.iter().map(|&(own, field)| Figures {
        column: own,
        field,
        reader: cell::Reader::new(
            &plan.forms[*form].fields[field],
            encoding,
            column(layout, own),
        ),
    });
    figures.collect()
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
        // «5=3+4», «5 (3+4)».
        let shown = text.split(['=', ' ', '(']).next().unwrap_or(text);
        match shown.parse::<u32>() {
            Ok(_) if numbers < 2 && shown.len() < text.len() => return false,
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
fn stated_total(
    record: &Record<'_>,
    column: usize,
    encoding: Encoding,
    unit: Unit,
) -> Option<Decimal> {
    let decoded = encoding.decode(record.raw(column));
    let text = cell::trim(&decoded);
    if is_total(text) {
        return None;
    }
    cell::plain_number(text, unit)
}
