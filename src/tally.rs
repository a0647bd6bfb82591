//! What was reported, by organisation, period and field: sums that merge.
//!
//! Files, and parts of files, are tallied apart and merged; the result does not depend on how the
//! work was cut nor on the order in which the parts come together.
//!
//! A period's figures stand in a block, one word a field. Where there are so many organisations
//! that the blocks outgrow a budget, those of periods that no figure asked for can need are given
//! up for a fingerprint a submission, so that a report sent twice is still told from one that is
//! new: memory grows with organisations, not with rows.

mod traces;

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Code;
use crate::model::Plan;
use crate::model::organisation::Register;
use crate::model::period::Period;
use crate::model::quantity::Reported;
use crate::processor::{Way, Work, at_best};
use crate::source::{FileId, Place};
use traces::{Trace, Traces};

/// Where a submission's record begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RecordPlace {
    /// The file.
    pub file: FileId,
    /// Bytes from the start of the file.
    pub offset: u64,
    /// The physical line, from 1.
    pub line: u32,
    /// The row as a spreadsheet counts it, from 1.
    pub row: u32,
}

impl RecordPlace {
    /// Was counted from the top of a part of the file, above which so many lines and rows stand.
    #[must_use]
    fn moved_down(self, lines: u32, rows: u32) -> RecordPlace {
        RecordPlace {
            line: self.line.saturating_add(lines),
            row: self.row.saturating_add(rows),
            ..self
        }
    }

    /// Its line.
    pub fn as_line(self) -> Place {
        Place::line(self.file, self.line, self.offset)
    }
}

/// One report of one organisation for one period, or a part of one.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// The form's index in the plan.
    pub form: usize,
    /// The organisation's index in [`Tally::register`].
    pub organisation: u32,
    /// The period it is for.
    pub period: Period,
    /// One entry a field of the form; [`Reported::ABSENT`] where the report has no place for it.
    pub values: &'a [Reported],
    /// Where it stands.
    pub place: RecordPlace,
    /// The form's own rules have been checked already.
    pub rules_checked: bool,
    /// One figure of a long table: the rest of the report stands elsewhere.
    pub is_part: bool,
}

/// Whole reports of one form for one period, on lines one below another of one file.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// The form's index in the plan.
    pub form: usize,
    /// The period they are for.
    pub period: Period,
    /// The organisation's index in [`Tally::register`], line by line.
    pub organisations: &'a [u32],
    /// Field by field: what it says, line by line. Each says something.
    pub fields: &'a [&'a [Reported]],
    /// Where each begins.
    pub places: &'a [RecordPlace],
    /// The form's own rules have been checked already.
    pub rules_checked: bool,
}

/// By which numbers the organisations of another register are known here.
#[derive(Clone, Debug)]
enum Numbers {
    Same,
    Own(Vec<u32>),
}

impl Numbers {
    #[inline]
    fn of(&self, organisation: u32) -> u32 {
        match self {
            Numbers::Same => organisation,
            Numbers::Own(numbers) => numbers[organisation as usize],
        }
    }

    fn are_same(&self) -> bool {
        matches!(self, Numbers::Same)
    }
}

/// How a submission stands to those that came before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nothing came.
    Nothing,
    /// One report, or several that add up to one.
    Accepted,
    /// Reports that differ: none counts.
    Conflicting,
}

/// What is known of one organisation in one block.
#[derive(Clone, Copy, Debug)]
struct Mark {
    standing: Standing,
    rules_checked: bool,
    place: RecordPlace,
}

const NOWHERE: RecordPlace = RecordPlace {
    file: FileId(u32::MAX),
    offset: 0,
    line: 0,
    row: 0,
};

/// The figures of one form for one period, in the order in which they came: what arrives last is
/// what is in the processor's cache.
#[derive(Clone, Debug, Default)]
struct Block {
    /// The row of each organisation, or `u32::MAX`.
    rows: Vec<u32>,
    /// The organisation of each row.
    organisations: Vec<u32>,
    /// `row * width + field`.
    values: Vec<Reported>,
    marks: Vec<Mark>,
    /// Where each cell came from, `row * width + field`, once a submission came in parts.
    cells: Option<Vec<RecordPlace>>,
}

/// What is kept of one form and period.
#[derive(Clone, Debug)]
enum Ledger {
    /// Every figure.
    Kept(Block),
    /// What is left of each submission, by organisation.
    Traced(Traces),
}

/// Ledgers by period, oldest first. Rows of one period mostly follow one another, so the last one
/// asked for is looked at first.
#[derive(Clone, Debug, Default)]
struct Ledgers {
    all: Vec<(Period, Ledger)>,
    recent: usize,
}

impl Ledgers {
    fn keys(&self) -> impl DoubleEndedIterator<Item = &Period> {
        self.all.iter().map(|(period, _)| period)
    }

    fn values(&self) -> impl Iterator<Item = &Ledger> {
        self.all.iter().map(|(_, ledger)| ledger)
    }

    fn values_mut(&mut self) -> impl Iterator<Item = &mut Ledger> {
        self.all.iter_mut().map(|(_, ledger)| ledger)
    }

    fn find(&self, period: Period) -> Result<usize, usize> {
        self.all.binary_search_by_key(&period, |(own, _)| *own)
    }

    fn get(&self, period: &Period) -> Option<&Ledger> {
        self.find(*period).ok().map(|index| &self.all[index].1)
    }

    fn get_mut(&mut self, period: &Period) -> Option<&mut Ledger> {
        let index = self.find(*period).ok()?;
        Some(&mut self.all[index].1)
    }

    #[inline]
    fn get_or_insert_with(&mut self, period: Period, new: impl FnOnce() -> Ledger) -> &mut Ledger {
        let is = |index: &usize| self.all.get(*index).is_some_and(|(own, _)| *own == period);
        // In a file that goes organisation by organisation the next one is the period after it.
        let near = [self.recent, self.recent + 1, 0].into_iter().find(is);
        if let Some(near) = near {
            self.recent = near;
        } else {
            self.recent = self.find(period).unwrap_or_else(|index| {
                self.all.insert(index, (period, new()));
                index
            });
        }
        &mut self.all[self.recent].1
    }
}

/// All that was reported with one form.
#[derive(Clone, Debug, Default)]
struct FormTally {
    width: usize,
    periods: Ledgers,
    /// Some submission came in parts: what was given up could not be put together again.
    in_parts: bool,
    /// Figures of some period were given up.
    given_up: bool,
    /// The memory of a block that was given up, for the next one.
    spare: Option<Block>,
}

impl FormTally {
    /// What is left of a period's submissions, once its figures are given up.
    fn traced(&mut self, period: Period, places: bool) -> Option<&mut Traces> {
        let ledger = self
            .periods
            .get_or_insert_with(period, || Ledger::Traced(Traces::new(0, places)));
        ledger.give_up(self.width, places);
        match ledger {
            Ledger::Traced(traces) => Some(traces),
            Ledger::Kept(_) => None,
        }
    }
}

/// A second submission for the same organisation, form and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The form's index.
    pub form: usize,
    /// The organisation's index.
    pub organisation: u32,
    /// The period.
    pub period: Period,
    /// The earlier one; its line is 0 where there are so many reports that it has been forgotten.
    pub first: RecordPlace,
    /// The later one.
    pub second: RecordPlace,
    /// The first field on which they differ, with both values; `None`: they say the same.
    pub differs: Option<(usize, Reported, Reported)>,
    /// They differ, on what is no longer known.
    pub conflicting: bool,
}

/// A report in whose place another one was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The form's index.
    pub form: usize,
    /// The organisation's index.
    pub organisation: u32,
    /// The period.
    pub period: Period,
    /// Where the old one begins.
    pub old: RecordPlace,
    /// Where its lines begin: a long table has several.
    pub lines: Vec<RecordPlace>,
    /// Where the new one begins.
    pub new: RecordPlace,
    /// The new one does not have all fields: the others stay as they were.
    pub in_part: bool,
}

/// So many repeats are kept whole; the rest are counted.
const REPEATS_KEPT: usize = 10_000;

/// Which periods a figure may still be asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// All of them.
    All,
    /// Those that a check of this period, or of the newest one if none is given, can need; the
    /// rest only while the figures fit in a budget.
    Needed(Option<Period>),
}

impl Keep {
    /// Whether no figure asked for can need a period; `reach`: how far back its form is looked at.
    fn is_unneeded(self, period: Period, newest: Option<Period>, reach: Option<Reach>) -> bool {
        let (Keep::Needed(asked), Some(reach)) = (self, reach) else {
            return false;
        };
        let checked = asked.or(newest);
        checked.is_some_and(|checked| !is_needed(period, checked, reach, asked.is_some()))
    }
}

/// Submissions between two looks at the memory that the figures take.
const LOOK_AFTER: u32 = 1024;

/// Bytes of figures that are kept without asking whether they are needed.
const BUDGET: usize = 8 << 20;

/// Bytes of the places of submissions whose figures were given up.
const PLACES: usize = 16 << 20;

/// What was reported.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Who reported, or must.
    pub register: Arc<Register>,
    forms: Vec<FormTally>,
    keep: Keep,
    /// For each form, the months before a checked period's start that a figure may reach back,
    /// or `None` where everything is needed.
    reach: Vec<Option<Reach>>,
    newest: Option<Period>,
    /// A period that a file seems to end with: figures older than it needs are given up sooner.
    foreseen: Option<Period>,
    /// How many submissions came, to look after the memory now and then.
    entered: u32,
    /// Where submissions stand is kept though their figures are given up.
    keeps_places: bool,
    /// The first repeats, in the order of their places.
    pub repeats: Vec<Repeat>,
    /// How many repeats said the same, and how many differed.
    pub repeat_counts: (u64, u64),
    /// Of a part of a file: reports of whom and when there is one already. They are entered when the
    /// parts come together, each after all that stands above it.
    again: Option<Vec<Again>>,
    /// Of a part of a file: so many organisations are the same as in the whole.
    shared: usize,
}

/// A report that is entered later.
#[derive(Clone, Debug)]
struct Again {
    form: usize,
    organisation: u32,
    period: Period,
    values: Box<[Reported]>,
    place: RecordPlace,
    rules_checked: bool,
}

/// So many reports of a part are put off; what stands below is read by whoever reads the whole.
const MOST_AGAIN: usize = 10_000;

/// How far back before a checked period a form's figures may be needed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reach {
    /// Not before the period itself.
    Period,
    /// To the first of January or September before it.
    Year,
}

impl Tally {
    /// An empty tally for a plan.
    pub fn new(plan: &Plan, keep: Keep) -> Tally {
        Tally {
            register: Arc::new(plan.register.clone()),
            forms: plan
                .forms
                .iter()
                .map(|form| FormTally {
                    width: form.fields.len(),
                    ..FormTally::default()
                })
                .collect(),
            keep,
            reach: (0..plan.forms.len())
                .map(|form| reach(plan, form))
                .collect(),
            newest: None,
            foreseen: None,
            entered: 0,
            keeps_places: true,
            repeats: Vec::new(),
            repeat_counts: (0, 0),
            again: None,
            shared: 0,
        }
    }

    /// An empty tally for a part of the file that is being read, further down.
    pub fn part(&self) -> Tally {
        let forms = self.forms.iter().map(|form| FormTally {
            width: form.width,
            given_up: form.given_up,
            ..FormTally::default()
        });
        Tally {
            register: Arc::clone(&self.register),
            forms: forms.collect(),
            keep: self.keep,
            reach: self.reach.clone(),
            newest: self.newest,
            foreseen: self.foreseen,
            entered: 0,
            // It is not known yet which of them came twice.
            keeps_places: true,
            repeats: Vec::new(),
            repeat_counts: (0, 0),
            again: Some(Vec::new()),
            shared: self.register.organisations.len(),
        }
    }

    /// A part has put off all that it may.
    pub fn is_full(&self) -> bool {
        self.again
            .as_ref()
            .is_some_and(|again| again.len() >= MOST_AGAIN)
    }

    /// Takes what a part of a file holds that stands right below all that has been entered of it,
    /// and whose lines and rows were counted from its top: the same comes of it as if all had been
    /// entered here.
    pub fn absorb(&mut self, mut part: Tally, lines: u32, rows: u32) {
        let again = part.again.take().unwrap_or_default();
        let numbers = self.organisations_of(&part.register, part.shared);
        let mut repeats = Vec::new();
        for (form, own) in part.forms.into_iter().enumerate() {
            for (period, mut ledger) in own.periods.all {
                if numbers.are_same() && self.absorb_traces(form, period, &ledger, lines) {
                    continue;
                }
                ledger.move_down(lines, rows);
                self.absorb_ledger(form, period, &ledger, &numbers, &mut repeats);
            }
        }
        for one in again {
            repeats.extend(self.take(&Submission {
                form: one.form,
                organisation: numbers.of(one.organisation),
                period: one.period,
                values: &one.values,
                place: one.place.moved_down(lines, rows),
                rules_checked: one.rules_checked,
                is_part: false,
            }));
        }
        repeats.sort_by_key(|repeat| repeat.second);
        for repeat in repeats {
            self.repeated(repeat);
        }
    }

    /// Takes what is left of a part's submissions at once, if nobody is in both and the organisations
    /// have the same numbers.
    fn absorb_traces(&mut self, form: usize, period: Period, ledger: &Ledger, lines: u32) -> bool {
        let Ledger::Traced(theirs) = ledger else {
            return false;
        };
        self.advance(period);
        let traces = self.forms[form].traced(period, self.keeps_places);
        traces.is_some_and(|traces| traces.append(theirs, lines))
    }

    fn absorb_ledger(
        &mut self,
        form: usize,
        period: Period,
        ledger: &Ledger,
        numbers: &Numbers,
        repeats: &mut Vec<Repeat>,
    ) {
        let width = self.forms[form].width;
        match ledger {
            Ledger::Kept(block) => {
                self.advance(period);
                self.give_up();
                if let Ledger::Kept(own) = self.ledger(form, period)
                    && own.append(block, numbers)
                {
                    return;
                }
                for whole in block.submissions(form, period, width, numbers) {
                    repeats.extend(self.take(&whole));
                }
            }
            Ledger::Traced(traces) => {
                repeats.extend(self.merge_traces(form, period, traces, numbers));
            }
        }
    }

    /// Puts each block's rows into the order of the register, in which they are asked for: what
    /// arrived in any order is walked through many times.
    ///
    /// Where some figures have been given up, all those that are not needed are, and repeats are told
    /// of with what is left: which were still there when a report came again is chance.
    pub fn settle(&mut self) {
        let is_traced = |ledger: &Ledger| matches!(ledger, Ledger::Traced(_));
        let over = self.figures_bytes() > BUDGET;
        if over
            || self
                .forms
                .iter()
                .any(|form| form.periods.values().any(is_traced))
        {
            self.give_up_unneeded();
            if self.places_bytes() > PLACES {
                self.forget_places();
            }
            self.forget_in_repeats();
        }
        for form in &mut self.forms {
            for ledger in form.periods.values_mut() {
                if let Ledger::Kept(block) = ledger {
                    block.settle(form.width);
                }
            }
        }
    }

    fn forget_in_repeats(&mut self) {
        for repeat in &mut self.repeats {
            let ledger = self.forms[repeat.form].periods.get(&repeat.period);
            if matches!(ledger, Some(Ledger::Traced(_))) {
                repeat.differs = None;
                (repeat.first.offset, repeat.first.row) = (0, 0);
                if !self.keeps_places {
                    repeat.first.line = 0;
                }
            }
        }
    }

    /// The newest period that any report is for: the one that begins last, the shortest of several.
    pub fn newest(&self) -> Option<Period> {
        self.newest
    }

    /// A report for this period will come, most likely: what a check of it cannot need is given up
    /// where figures have to be. Once all is read, [`Tally::is_mistaken`] is to be asked.
    pub fn foresee(&mut self, period: Period) {
        let is_newer = |foreseen| period.is_newer_than(foreseen);
        if self.foreseen.is_none_or(is_newer) {
            self.foreseen = Some(period);
        }
    }

    /// Whether what was foreseen did not come, so that figures may have been given up which are
    /// needed.
    pub fn is_mistaken(&self) -> bool {
        self.foreseen.is_some_and(|foreseen| {
            self.newest
                .is_none_or(|newest| foreseen.is_newer_than(newest))
        })
    }

    /// The newest period that came or will.
    fn newest_of_all(&self) -> Option<Period> {
        match (self.newest, self.foreseen) {
            (Some(newest), Some(foreseen)) if foreseen.is_newer_than(newest) => Some(foreseen),
            (newest, foreseen) => newest.or(foreseen),
        }
    }

    /// Takes whole reports that stand on lines one below another, up to the first of whom and when
    /// there is one already; tells how many.
    pub fn enter_lines(&mut self, lines: &Lines<'_>) -> usize {
        self.advance(lines.period);
        let looked = self.entered / LOOK_AFTER;
        self.entered = self.entered.wrapping_add(lines.organisations.len() as u32);
        if self.entered / LOOK_AFTER != looked {
            self.give_up();
        }
        let width = self.forms[lines.form].width;
        match self.ledger(lines.form, lines.period) {
            Ledger::Kept(block) if block.cells.is_none() => block.enter_lines(width, lines),
            Ledger::Kept(_) => 0,
            Ledger::Traced(traces) => trace_lines(traces, lines),
        }
    }

    /// What is known of a form and period.
    fn ledger(&mut self, form: usize, period: Period) -> &mut Ledger {
        let (newest, keep, reach) = (self.newest_of_all(), self.keep, self.reach[form]);
        let (places, organisations) = (self.keeps_places, self.register.organisations.len());
        let form = &mut self.forms[form];
        let spare = &mut form.spare;
        let is_spare = form.given_up && !form.in_parts;
        form.periods.get_or_insert_with(period, || {
            // Where figures had to be given up, those not needed are not taken up any more.
            match is_spare && keep.is_unneeded(period, newest, reach) {
                true => Ledger::Traced(Traces::new(organisations, places)),
                false => Ledger::Kept(spare.take().unwrap_or_default()),
            }
        })
    }

    /// Takes a submission.
    pub fn enter(&mut self, submission: &Submission<'_>) {
        if let Some(repeat) = self.take(submission) {
            self.repeated(repeat);
        }
    }

    fn take(&mut self, submission: &Submission<'_>) -> Option<Repeat> {
        self.advance(submission.period);
        self.entered = self.entered.wrapping_add(1);
        if self.entered.is_multiple_of(LOOK_AFTER) {
            self.give_up();
        }
        let form = &mut self.forms[submission.form];
        let width = form.width;
        form.in_parts |= submission.is_part;
        let in_parts = form.in_parts;
        let is_part = self.again.is_some();
        let ledger = self.ledger(submission.form, submission.period);
        if is_part && ledger.has(submission.organisation) {
            let again = self.again.get_or_insert_default();
            again.push(Again::of(submission));
            return None;
        }
        let traced = matches!(ledger, Ledger::Traced(_));
        let repeat = match ledger {
            Ledger::Kept(block) => block.enter(width, submission),
            Ledger::Traced(traces) => trace(traces, submission),
        };
        match repeat {
            Entered::New => None,
            // What came in parts cannot be told from a repeat by fingerprint.
            Entered::Repeat { differs: None, .. } if traced && in_parts => None,
            Entered::Repeat {
                first,
                differs,
                conflicting,
            } => Some(Repeat {
                form: submission.form,
                organisation: submission.organisation,
                period: submission.period,
                first,
                second: submission.place,
                differs,
                conflicting,
            }),
        }
    }

    fn repeated(&mut self, repeat: Repeat) {
        if repeat.conflicting {
            self.repeat_counts.1 += 1;
        } else {
            self.repeat_counts.0 += 1;
        }
        if self.repeats.len() < REPEATS_KEPT {
            self.repeats.push(repeat);
        }
    }

    /// Takes note of a period; gives up what can no longer be needed if the budget is exceeded.
    fn advance(&mut self, period: Period) {
        if self.newest == Some(period) {
            return;
        }
        let newer = self
            .newest
            .is_none_or(|newest| period.is_newer_than(newest));
        if newer {
            self.newest = Some(period);
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        if self.figures_bytes() > BUDGET {
            self.give_up_unneeded();
        }
        if self.again.is_none() && self.keeps_places && self.places_bytes() > PLACES {
            self.forget_places();
        }
    }

    fn places_bytes(&self) -> usize {
        let ledgers = self.forms.iter().flat_map(|form| form.periods.values());
        let bytes = ledgers.map(|ledger| match ledger {
            Ledger::Traced(traces) => traces.bytes_of_places(),
            Ledger::Kept(_) => 0,
        });
        bytes.sum()
    }

    /// Forgets where those stand whose figures were given up.
    fn forget_places(&mut self) {
        self.keeps_places = false;
        let forms = self.forms.iter_mut();
        for ledger in forms.flat_map(|form| form.periods.values_mut()) {
            if let Ledger::Traced(traces) = ledger {
                traces.forget_places();
            }
        }
    }

    fn give_up_unneeded(&mut self) {
        let newest = self.newest_of_all();
        for (form, reach) in self.forms.iter_mut().zip(&self.reach) {
            if form.in_parts {
                continue;
            }
            for (period, ledger) in &mut form.periods.all {
                if self.keep.is_unneeded(*period, newest, *reach)
                    && let Some(block) = ledger.give_up(form.width, self.keeps_places)
                {
                    form.spare = Some(block);
                    form.given_up = true;
                }
            }
        }
    }

    fn figures_bytes(&self) -> usize {
        self.forms
            .iter()
            .flat_map(|form| form.periods.values())
            .map(|ledger| match ledger {
                Ledger::Kept(block) => {
                    size_of_val(&block.values[..])
                        + size_of_val(&block.marks[..])
                        + size_of_val(&block.rows[..])
                }
                Ledger::Traced(_) => 0,
            })
            .sum()
    }

    /// Takes all that another tally of the same plan holds. Whichever of two submissions comes
    /// first by place is the first.
    pub fn merge(&mut self, other: Tally) {
        let numbers = self.organisations_of(&other.register, 0);
        for (index, form) in other.forms.into_iter().enumerate() {
            for (period, ledger) in form.periods.all {
                self.merge_ledger(index, period, &ledger, &numbers);
            }
            self.forms[index].in_parts |= form.in_parts;
        }
        self.repeat_counts.0 += other.repeat_counts.0;
        self.repeat_counts.1 += other.repeat_counts.1;
        self.repeats.extend(other.repeats);
        self.repeats.sort_by_key(|repeat| repeat.second);
        self.repeats.truncate(REPEATS_KEPT);
    }

    fn merge_ledger(&mut self, form: usize, period: Period, ledger: &Ledger, numbers: &Numbers) {
        let width = self.forms[form].width;
        let block = match ledger {
            Ledger::Kept(block) => block,
            Ledger::Traced(traces) => {
                for repeat in self.merge_traces(form, period, traces, numbers) {
                    self.repeated(repeat);
                }
                return;
            }
        };
        let wholes = block.submissions(form, period, width, numbers);
        for (row, (whole, mark)) in wholes.zip(&block.marks).enumerate() {
            match &block.cells {
                None => self.enter(&whole),
                Some(cells) => self.enter_parts(&whole, &cells[row * width..][..width]),
            }
            if mark.standing == Standing::Conflicting
                && let Some(Ledger::Kept(own)) = self.forms[form].periods.get_mut(&period)
                && let Some(own_row) = own.row(whole.organisation)
            {
                own.spoil(own_row);
            }
        }
    }

    /// Puts another tally's reports in the place of this one's; tells which were replaced.
    pub fn overlay(&mut self, other: Tally) -> Vec<Replaced> {
        let numbers = self.organisations_of(&other.register, 0);
        let mut replaced = Vec::new();
        for (form, own) in other.forms.into_iter().enumerate() {
            for (period, ledger) in own.periods.all {
                self.advance(period);
                match ledger {
                    Ledger::Kept(block) => {
                        self.overlay_block(form, period, &block, &numbers, &mut replaced);
                    }
                    Ledger::Traced(traces) => {
                        self.overlay_traces(form, period, &traces, &numbers, &mut replaced);
                    }
                }
            }
            self.forms[form].in_parts |= own.in_parts;
        }
        let settled = |repeat: &Repeat| {
            replaced.iter().any(|new: &Replaced| {
                (new.form, new.organisation, new.period)
                    == (repeat.form, repeat.organisation, repeat.period)
            })
        };
        for repeat in self.repeats.extract_if(.., |repeat| settled(repeat)) {
            if repeat.conflicting {
                self.repeat_counts.1 -= 1;
            } else {
                self.repeat_counts.0 -= 1;
            }
        }
        self.repeat_counts.0 += other.repeat_counts.0;
        self.repeat_counts.1 += other.repeat_counts.1;
        self.repeats
            .extend(other.repeats.into_iter().map(|repeat| Repeat {
                organisation: numbers.of(repeat.organisation),
                ..repeat
            }));
        self.repeats.sort_by_key(|repeat| repeat.second);
        self.repeats.truncate(REPEATS_KEPT);
        replaced
    }

    fn overlay_block(
        &mut self,
        form: usize,
        period: Period,
        block: &Block,
        numbers: &Numbers,
        replaced: &mut Vec<Replaced>,
    ) {
        let width = self.forms[form].width;
        let wholes = block.submissions(form, period, width, numbers);
        for (row, (new, mark)) in wholes.zip(&block.marks).enumerate() {
            let ledger = self.forms[form]
                .periods
                .get_or_insert_with(period, || Ledger::Kept(Block::default()));
            let old = match ledger {
                Ledger::Kept(own) => {
                    let cells = block.cells.as_ref();
                    let cells = cells.map(|cells| &cells[row * width..][..width]);
                    own.put(width, &new, cells, mark.standing)
                }
                Ledger::Traced(traces) => put_trace(traces, &new).map(|old| Old {
                    place: old,
                    lines: vec![old],
                    stays: false,
                }),
            };
            if let Some(old) = old {
                replaced.push(Replaced {
                    form,
                    organisation: new.organisation,
                    period,
                    old: old.place,
                    lines: old.lines,
                    new: new.place,
                    in_part: old.stays,
                });
            }
        }
    }

    fn overlay_traces(
        &mut self,
        form: usize,
        period: Period,
        theirs: &Traces,
        numbers: &Numbers,
        replaced: &mut Vec<Replaced>,
    ) {
        let Some(traces) = self.forms[form].traced(period, self.keeps_places) else {
            return;
        };
        for (index, trace) in theirs.iter() {
            let organisation = numbers.of(index);
            let known = traces.get(organisation);
            traces.set(organisation, trace);
            if let Some(known) = known {
                replaced.push(Replaced {
                    form,
                    organisation,
                    period,
                    old: known.place(),
                    lines: vec![known.place()],
                    new: trace.place(),
                    in_part: false,
                });
            }
        }
    }

    /// This register's number of each organisation of another; so many of the first are the same.
    fn organisations_of(&mut self, other: &Register, shared: usize) -> Numbers {
        if self.register.declared || other.organisations.len() == shared {
            return Numbers::Same;
        }
        let all = other.organisations.iter().enumerate();
        let numbers = all.map(|(index, organisation)| {
            if index < shared {
                return index as u32;
            }
            Arc::make_mut(&mut self.register)
                .find_or_introduce(&organisation.id, &organisation.name)
        });
        Numbers::Own(numbers.collect())
    }

    /// Enters a report that came in parts, part by part.
    fn enter_parts(&mut self, whole: &Submission<'_>, cells: &[RecordPlace]) {
        let mut places = cells.to_vec();
        places.sort_unstable();
        places.dedup();
        for place in places {
            let part: Vec<Reported> = whole
                .values
                .iter()
                .zip(cells)
                .map(|(value, own)| {
                    if *own == place {
                        *value
                    } else {
                        Reported::ABSENT
                    }
                })
                .collect();
            if part.iter().any(|value| *value != Reported::ABSENT) {
                self.enter(&Submission {
                    values: &part,
                    place,
                    is_part: true,
                    ..*whole
                });
            }
        }
    }

    fn merge_traces(
        &mut self,
        form: usize,
        period: Period,
        theirs: &Traces,
        numbers: &Numbers,
    ) -> Vec<Repeat> {
        self.advance(period);
        let Some(traces) = self.forms[form].traced(period, self.keeps_places) else {
            return Vec::new();
        };
        let mut repeats = Vec::new();
        for (index, trace) in theirs.iter() {
            let organisation = numbers.of(index);
            let Some(known) = traces.get(organisation) else {
                traces.set(organisation, trace);
                continue;
            };
            if known.is_comparable(trace) {
                // Of what has been forgotten is known only that it came before.
                let (own, other) = (known.place(), trace.place());
                let is_first = own.line == 0 || own < other;
                let (first, second) = if is_first { (own, other) } else { (other, own) };
                repeats.push(Repeat {
                    form,
                    organisation,
                    period,
                    first,
                    second,
                    differs: None,
                    conflicting: known.print != trace.print,
                });
            }
        }
        repeats
    }

    /// The periods for which anything was reported with a form, oldest first.
    pub fn periods(&self, form: usize) -> impl DoubleEndedIterator<Item = Period> + '_ {
        self.forms[form].periods.keys().copied()
    }

    /// The figures of one form for one period; `None` where there are none, or they were given up.
    pub fn sheet(&self, form: usize, period: Period) -> Option<Sheet<'_>> {
        let own = &self.forms[form];
        match own.periods.get(&period)? {
            Ledger::Kept(block) => Some(Sheet {
                width: own.width,
                block,
            }),
            Ledger::Traced(_) => None,
        }
    }

    /// What an organisation reported: one entry a field, or `None` where nothing was accepted.
    pub fn values(&self, form: usize, organisation: u32, period: Period) -> Option<&[Reported]> {
        self.sheet(form, period)?.values(organisation)
    }

    /// All that an organisation said, one entry a field, whether or not it counts; `None`: nothing.
    pub fn said(&self, form: usize, organisation: u32, period: Period) -> Option<&[Reported]> {
        let sheet = self.sheet(form, period)?;
        let row = sheet.row(organisation)?;
        Some(&sheet.block.values[row * sheet.width..][..sheet.width])
    }

    /// How an organisation's reports for a period stand.
    pub fn standing(&self, form: usize, organisation: u32, period: Period) -> Standing {
        self.sheet(form, period)
            .map_or(Standing::Nothing, |sheet| sheet.standing(organisation))
    }

    /// Where a figure came from.
    pub fn place(
        &self,
        form: usize,
        organisation: u32,
        period: Period,
        field: usize,
    ) -> Option<RecordPlace> {
        let sheet = self.sheet(form, period)?;
        let row = sheet.row(organisation)?;
        let whole = sheet.block.marks[row].place;
        let own = sheet
            .block
            .cells
            .as_ref()
            .and_then(|cells| cells.get(row * sheet.width + field));
        Some(
            own.copied()
                .filter(|place| *place != NOWHERE)
                .unwrap_or(whole),
        )
    }

    /// The submissions of a form whose own rules have not been checked while reading.
    pub fn unchecked(&self, form: usize) -> Vec<(u32, Period)> {
        let own = &self.forms[form];
        let mut found = Vec::new();
        for (period, ledger) in &own.periods.all {
            let Ledger::Kept(block) = ledger else {
                continue;
            };
            for (row, mark) in block.marks.iter().enumerate() {
                if mark.standing == Standing::Accepted && !mark.rules_checked {
                    found.push((block.organisations[row], *period));
                }
            }
        }
        found
    }

    /// Everyone who reported anything with a form for a period.
    pub fn reporters(&self, form: usize, period: Period) -> Vec<u32> {
        let own = &self.forms[form];
        match own.periods.get(&period) {
            Some(Ledger::Kept(block)) => block.organisations.clone(),
            _ => Vec::new(),
        }
    }

    /// Leaves out one figure; `why`: something left out, with the fault's number.
    pub fn leave_out(
        &mut self,
        form: usize,
        organisation: u32,
        period: Period,
        field: usize,
        why: Reported,
    ) {
        let own = &mut self.forms[form];
        if let Some(Ledger::Kept(block)) = own.periods.get_mut(&period)
            && let Some(row) = block.row(organisation)
        {
            block.values[row * own.width + field] = why;
        }
    }
}

/// The figures of one form for one period, to be looked up organisation by organisation.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    width: usize,
    block: &'a Block,
}

impl<'a> Sheet<'a> {
    #[inline]
    fn row(&self, organisation: u32) -> Option<usize> {
        self.block.row(organisation)
    }

    /// What an organisation reported: one entry a field, or `None` where nothing was accepted.
    #[inline]
    pub fn values(&self, organisation: u32) -> Option<&'a [Reported]> {
        let row = self.row(organisation)?;
        (self.block.marks[row].standing == Standing::Accepted)
            .then(|| &self.block.values[row * self.width..][..self.width])
    }

    /// How an organisation's reports stand.
    pub fn standing(&self, organisation: u32) -> Standing {
        self.row(organisation)
            .map_or(Standing::Nothing, |row| self.block.marks[row].standing)
    }
}

/// How far back any indicator reaches into a form; `None`: a rule of another form looks at it, so
/// that every period is needed.
fn reach(plan: &Plan, form: usize) -> Option<Reach> {
    use crate::model::indicator::Window;
    let crossed = plan.forms.iter().enumerate().any(|(own, other)| {
        other.rules.iter().any(|rule| {
            let crosses = rule.fields.iter().any(|field| field.form != own);
            crosses && (own == form || rule.fields.iter().any(|field| field.form == form))
        })
    });
    if crossed {
        return None;
    }
    let far = plan
        .indicators
        .iter()
        .filter(|indicator| indicator.forms().contains(&form))
        .any(|indicator| indicator.window != Window::Period);
    Some(if far { Reach::Year } else { Reach::Period })
}

/// Whether a check can need the figures of a period. `fixed`: the checked period was asked for, so
/// that later ones are not needed either.
fn is_needed(period: Period, checked: Period, reach: Reach, fixed: bool) -> bool {
    // A form with longer periods than the checked one: its newest earlier report may be taken.
    if period.every().months() > checked.every().months() {
        return true;
    }
    if fixed && period.start() > checked.end() {
        return false;
    }
    let start = checked.start();
    let from = match reach {
        Reach::Period => start,
        // Since the first of September before, which is never later than the first of January.
        Reach::Year => Period::containing(crate::model::period::Every::SchoolYear, start)
            .start()
            .min(Period::containing(crate::model::period::Every::Year, start).start()),
    };
    period.end() >= from
}

/// Makes room for an index.
fn grow<T: Clone>(list: &mut Vec<T>, index: usize, filler: T) {
    if list.len() <= index {
        list.resize(index + 1, filler);
    }
}

/// Makes room for more, a quarter ahead: what is doubled stands half empty, and these lists are most of
/// the memory there is.
fn make_room<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity() - list.len() < more {
        list.reserve_exact(more.max(list.len() / 4));
    }
}

/// What a report was put in the place of.
struct Old {
    place: RecordPlace,
    lines: Vec<RecordPlace>,
    /// Some of it stays.
    stays: bool,
}

/// What became of a submission.
enum Entered {
    New,
    Repeat {
        first: RecordPlace,
        differs: Option<(usize, Reported, Reported)>,
        conflicting: bool,
    },
}

impl Block {
    #[inline]
    fn row(&self, organisation: u32) -> Option<usize> {
        let row = *self.rows.get(organisation as usize)?;
        (row != u32::MAX).then_some(row as usize)
    }

    /// What each row says as a whole; `organisations`: the numbers that others know them by.
    fn submissions<'b>(
        &'b self,
        form: usize,
        period: Period,
        width: usize,
        numbers: &'b Numbers,
    ) -> impl Iterator<Item = Submission<'b>> {
        let rows = self.organisations.iter().zip(&self.marks).enumerate();
        rows.map(move |(row, (organisation, mark))| Submission {
            form,
            organisation: numbers.of(*organisation),
            period,
            values: &self.values[row * width..][..width],
            place: mark.place,
            rules_checked: mark.rules_checked,
            is_part: false,
        })
    }

    fn enter(&mut self, width: usize, submission: &Submission<'_>) -> Entered {
        let in_parts = submission.values.contains(&Reported::ABSENT);
        if in_parts && self.cells.is_none() {
            self.cells = Some(self.places_so_far(width));
        }
        if let Some(row) = self.row(submission.organisation) {
            return self.join(row, width, submission);
        }
        let row = self.marks.len();
        grow(&mut self.rows, submission.organisation as usize, u32::MAX);
        self.rows[submission.organisation as usize] = row as u32;
        self.organisations.push(submission.organisation);
        self.values.extend_from_slice(submission.values);
        self.marks.push(Mark {
            standing: Standing::Accepted,
            rules_checked: submission.rules_checked,
            place: submission.place,
        });
        if let Some(cells) = &mut self.cells {
            cells.resize((row + 1) * width, NOWHERE);
        }
        self.note_places(row, width, submission, |_| true);
        Entered::New
    }

    /// Takes reports up to the first of somebody who has reported already; tells how many.
    fn enter_lines(&mut self, width: usize, lines: &Lines<'_>) -> usize {
        if let Some(most) = lines.organisations.iter().max() {
            grow(&mut self.rows, *most as usize, u32::MAX);
        }
        // All are asked for first, so that the processor waits for several answers at once.
        let rows = lines.organisations.iter();
        let seen = rows.fold(0, |seen, own| seen ^ self.rows[*own as usize]);
        std::hint::black_box(seen);
        let first = self.marks.len();
        let mut taken = lines.organisations.len();
        for (index, organisation) in lines.organisations.iter().enumerate() {
            let row = &mut self.rows[*organisation as usize];
            if *row != u32::MAX {
                taken = index;
                break;
            }
            *row = (first + index) as u32;
        }
        make_room(&mut self.organisations, taken);
        make_room(&mut self.values, taken * width);
        make_room(&mut self.marks, taken);
        self.organisations
            .extend_from_slice(&lines.organisations[..taken]);
        let before = self.values.len();
        self.values.resize(before + taken * width, Reported::ABSENT);
        for (field, values) in lines.fields.iter().enumerate() {
            let rows = self.values[before..].chunks_exact_mut(width);
            for (row, value) in rows.zip(*values) {
                row[field] = *value;
            }
        }
        let marks = (0..taken).map(|line| Mark {
            standing: Standing::Accepted,
            rules_checked: lines.rules_checked,
            place: lines.places[line],
        });
        self.marks.extend(marks);
        taken
    }

    /// Takes all that another holds, if nobody is in both.
    fn append(&mut self, other: &Block, numbers: &Numbers) -> bool {
        if self.cells.is_some() || other.cells.is_some() {
            return false;
        }
        let own = |organisation: &u32| numbers.of(*organisation);
        if let Some(most) = other.organisations.iter().map(own).max() {
            grow(&mut self.rows, most as usize, u32::MAX);
        }
        let theirs = other.organisations.iter().map(own);
        let is_new = |organisation: u32| self.rows[organisation as usize] == u32::MAX;
        if !theirs.clone().fold(true, |all, one| all & is_new(one)) {
            return false;
        }
        let rows = self.marks.len() as u32..;
        for (organisation, row) in theirs.clone().zip(rows) {
            self.rows[organisation as usize] = row;
        }
        self.organisations.extend(theirs);
        self.values.extend_from_slice(&other.values);
        self.marks.extend_from_slice(&other.marks);
        true
    }

    /// Puts a report in the place of what came before. Figures that the new one does not have stay,
    /// unless the old ones contradicted one another. `cells`: where each figure of the new one
    /// stands, if it came in parts.
    fn put(
        &mut self,
        width: usize,
        new: &Submission<'_>,
        cells: Option<&[RecordPlace]>,
        standing: Standing,
    ) -> Option<Old> {
        let known = self.row(new.organisation);
        if self.cells.is_none() && (known.is_some() || cells.is_some()) {
            self.cells = Some(self.places_so_far(width));
        }
        let Some(row) = known else {
            self.enter(width, new);
            let row = self.row(new.organisation)?;
            self.marks[row].standing = standing;
            self.take_places(row, width, cells);
            return None;
        };
        let contradicted = self.marks[row].standing == Standing::Conflicting;
        let own = &mut self.values[row * width..][..width];
        let mut in_part = false;
        for (own, new) in own.iter_mut().zip(new.values) {
            in_part |= *new == Reported::ABSENT && *own != Reported::ABSENT;
            if *new != Reported::ABSENT {
                *own = *new;
            } else if contradicted && *own != Reported::ABSENT {
                *own = Reported::LEFT_OUT.because(Code::SupersededReport as u8);
            }
        }
        let place = self.marks[row].place;
        let lines = self.lines(row, width, new);
        self.marks[row] = Mark {
            standing,
            rules_checked: new.rules_checked && !new.values.contains(&Reported::ABSENT),
            place: new.place,
        };
        self.note_places(row, width, new, |_| true);
        self.take_places(row, width, cells);
        Some(Old {
            place,
            lines,
            stays: in_part,
        })
    }

    /// The lines on which the figures stand that a report replaces.
    fn lines(&self, row: usize, width: usize, new: &Submission<'_>) -> Vec<RecordPlace> {
        let cells = self.cells.as_deref().unwrap_or_default();
        let own = cells.get(row * width..).unwrap_or_default();
        let replaced = own.iter().zip(new.values);
        let mut lines: Vec<RecordPlace> = replaced
            .filter(|(place, new)| **new != Reported::ABSENT && **place != NOWHERE)
            .map(|(place, _)| *place)
            .collect();
        lines.push(self.marks[row].place);
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    /// Takes over where each figure stands that another block knows the place of.
    fn take_places(&mut self, row: usize, width: usize, cells: Option<&[RecordPlace]>) {
        let (Some(own), Some(cells)) = (&mut self.cells, cells) else {
            return;
        };
        for (own, place) in own[row * width..][..width].iter_mut().zip(cells) {
            if *place != NOWHERE {
                *own = *place;
            }
        }
    }

    fn settle(&mut self, width: usize) {
        if self.organisations.is_sorted() {
            return;
        }
        let mut order: Vec<u32> = Vec::with_capacity(self.organisations.len());
        for row in &mut self.rows {
            if *row != u32::MAX {
                order.push(*row);
                *row = order.len() as u32 - 1;
            }
        }
        let rows = || order.iter().map(|row| *row as usize);
        self.organisations = rows().map(|row| self.organisations[row]).collect();
        self.marks = rows().map(|row| self.marks[row]).collect();
        let mut values = Vec::with_capacity(self.values.len());
        for row in rows() {
            values.extend_from_slice(&self.values[row * width..][..width]);
        }
        self.values = values;
        if let Some(cells) = &mut self.cells {
            let mut settled = Vec::with_capacity(cells.len());
            for row in rows() {
                settled.extend_from_slice(&cells[row * width..][..width]);
            }
            *cells = settled;
        }
    }

    /// A second submission: the same, a further part, or another story.
    fn join(&mut self, row: usize, width: usize, submission: &Submission<'_>) -> Entered {
        let own = &mut self.values[row * width..][..width];
        let mark = &mut self.marks[row];
        let both = |field: usize, own: &[Reported]| {
            own[field] != Reported::ABSENT && submission.values[field] != Reported::ABSENT
        };
        let differs = (0..width)
            .find(|&field| both(field, own) && own[field] != submission.values[field])
            .map(|field| (field, own[field], submission.values[field]));
        let shared = (0..width).find(|&field| both(field, own));
        let mut added = vec![false; width];
        for field in 0..width {
            if own[field] == Reported::ABSENT {
                own[field] = submission.values[field];
                added[field] = own[field] != Reported::ABSENT;
            }
        }
        mark.rules_checked &= submission.rules_checked;
        let first = self
            .cells
            .as_ref()
            .zip(differs.map(|d| d.0).or(shared))
            .map(|(cells, field)| cells[row * width + field])
            .filter(|place| *place != NOWHERE)
            .unwrap_or(mark.place);
        mark.place = mark.place.min(submission.place);
        self.note_places(row, width, submission, |field| added[field]);
        self.earlier_places(row, width, submission);
        if differs.is_some() {
            self.spoil(row);
        } else if added.contains(&true) || shared.is_none() {
            return Entered::New;
        }
        Entered::Repeat {
            first,
            differs,
            conflicting: differs.is_some(),
        }
    }

    /// Of two places for one figure, the earlier: parts of files may come together in any order.
    fn earlier_places(&mut self, row: usize, width: usize, submission: &Submission<'_>) {
        let Some(cells) = &mut self.cells else {
            return;
        };
        for field in 0..width {
            if submission.values[field] != Reported::ABSENT {
                let place = &mut cells[row * width + field];
                *place = (*place).min(submission.place);
            }
        }
    }

    /// None of the reports counts. The figures stay, for later reports to be held against.
    fn spoil(&mut self, row: usize) {
        self.marks[row].standing = Standing::Conflicting;
    }

    fn places_so_far(&self, width: usize) -> Vec<RecordPlace> {
        self.marks
            .iter()
            .flat_map(|mark| std::iter::repeat_n(mark.place, width))
            .collect()
    }

    fn note_places(
        &mut self,
        row: usize,
        width: usize,
        submission: &Submission<'_>,
        added: impl Fn(usize) -> bool,
    ) {
        let Some(cells) = &mut self.cells else {
            return;
        };
        for field in 0..width {
            if submission.values[field] != Reported::ABSENT && added(field) {
                cells[row * width + field] = submission.place;
            }
        }
    }
}

impl Again {
    fn of(submission: &Submission<'_>) -> Again {
        Again {
            form: submission.form,
            organisation: submission.organisation,
            period: submission.period,
            values: submission.values.into(),
            place: submission.place,
            rules_checked: submission.rules_checked,
        }
    }
}

impl Ledger {
    /// Whether anything came of an organisation.
    fn has(&self, organisation: u32) -> bool {
        match self {
            Ledger::Kept(block) => block.row(organisation).is_some(),
            Ledger::Traced(traces) => traces.has(organisation),
        }
    }

    /// Its lines and rows were counted from the top of a part, above which so many stand.
    fn move_down(&mut self, lines: u32, rows: u32) {
        match self {
            Ledger::Kept(block) => {
                for mark in &mut block.marks {
                    mark.place = mark.place.moved_down(lines, rows);
                }
            }
            Ledger::Traced(traces) => traces.move_down(lines),
        }
    }

    /// Gives up the figures for what is left of them; hands back the memory, emptied.
    fn give_up(&mut self, width: usize, places: bool) -> Option<Block> {
        let Ledger::Kept(block) = self else {
            return None;
        };
        let mut traces = Traces::new(block.rows.len(), places);
        let rows = block.values.chunks_exact(width.max(1)).zip(&block.marks);
        for (organisation, (values, mark)) in block.organisations.iter().zip(rows) {
            traces.set(*organisation, Trace::of(values, mark.place));
        }
        let mut block = std::mem::take(block);
        block.rows.clear();
        block.organisations.clear();
        block.values.clear();
        block.marks.clear();
        block.cells = None;
        *self = Ledger::Traced(traces);
        Some(block)
    }
}

/// The same for figures that have been given up.
fn put_trace(traces: &mut Traces, new: &Submission<'_>) -> Option<RecordPlace> {
    let old = traces.get(new.organisation);
    traces.set(new.organisation, Trace::of(new.values, new.place));
    old.map(Trace::place)
}

fn trace(traces: &mut Traces, submission: &Submission<'_>) -> Entered {
    let own = Trace::of(submission.values, submission.place);
    let Some(known) = traces.get(submission.organisation) else {
        traces.set(submission.organisation, own);
        return Entered::New;
    };
    if !known.is_comparable(own) {
        return Entered::New;
    }
    Entered::Repeat {
        first: known.place(),
        differs: None,
        conflicting: known.print != own.print,
    }
}

/// The same for many, up to the first of somebody who has reported already; tells how many.
fn trace_lines(traces: &mut Traces, lines: &Lines<'_>) -> usize {
    let all = lines.organisations.len();
    let mut taken = 0;
    while taken < all {
        let range = taken..all.min(taken + TOGETHER);
        let mut prints = [0; TOGETHER];
        at_best(Fingerprints {
            fields: lines.fields,
            range: range.clone(),
            prints: &mut prints,
        });
        let organisations = &lines.organisations[range.clone()];
        let more = traces.take(organisations, &prints, &lines.places[range.clone()]);
        taken += more;
        if more < range.len() {
            break;
        }
    }
    taken
}

/// So many fingerprints are taken together.
const TOGETHER: usize = 64;

/// The fingerprints of reports of which each field says something, as [`fingerprint`] gives them.
struct Fingerprints<'a> {
    fields: &'a [&'a [Reported]],
    /// No more than [`TOGETHER`].
    range: Range<usize>,
    prints: &'a mut [u32; TOGETHER],
}

impl Work for Fingerprints<'_> {
    type Output = ();

    #[inline(always)]
    fn with<W: Way>(self, _: W) {
        let mut hashes = [[EVEN; TOGETHER], [ODD; TOGETHER]];
        for (field, values) in self.fields.iter().enumerate() {
            let values = &values[self.range.clone()];
            for (hash, value) in hashes[field % 2].iter_mut().zip(values) {
                *hash = mixed(*hash, *value);
            }
        }
        let [even, odd] = hashes;
        for ((print, even), odd) in self.prints.iter_mut().zip(even).zip(odd) {
            *print = joined(even, odd);
        }
    }
}

/// Which fields a report has, in eight bits.
fn cover(values: &[Reported]) -> u8 {
    if !values.contains(&Reported::ABSENT) {
        return 0;
    }
    let absent = values.iter().enumerate();
    let absent = absent.filter(|(_, value)| **value == Reported::ABSENT);
    absent.fold(0, |cover: u8, (index, _)| {
        cover.rotate_left(3) ^ (index as u8).wrapping_add(1)
    })
}

/// A number that two different submissions share once in four thousand million; never 0.
fn fingerprint(values: &[Reported]) -> u32 {
    // Two by two, so that the processor need not wait for one to begin the next.
    let (mut even, mut odd) = (EVEN, ODD);
    let (pairs, rest) = values.as_chunks::<2>();
    for [first, second] in pairs {
        even = mixed(even, *first);
        odd = mixed(odd, *second);
    }
    for value in rest {
        even = mixed(even, *value);
    }
    joined(even, odd)
}

/// What hashes begin with.
const EVEN: u64 = 0x9e37_79b9_7f4a_7c15;
const ODD: u64 = 0xc2b2_ae3d_27d4_eb4f;

const FACTOR: u64 = 0xff51_afd7_ed55_8ccd;

#[inline(always)]
fn mixed(hash: u64, value: Reported) -> u64 {
    let mixed = (hash ^ value.bits() as u64).wrapping_mul(FACTOR);
    mixed ^ mixed >> 32
}

#[inline(always)]
fn joined(even: u64, odd: u64) -> u32 {
    let hash = (even ^ odd.rotate_left(29)).wrapping_mul(FACTOR);
    (hash >> 32) as u32 | 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::quantity::Decimal;

    #[test]
    fn fingerprints_taken_together_are_the_same() {
        for width in 0..6 {
            let column = |field: i64| {
                (0..100i64).map(move |line| {
                    let number = Decimal::new(line * 37 + field * line * line, 0);
                    number.map_or(Reported::BLANK, Reported::value)
                })
            };
            let columns: Vec<Vec<Reported>> = (0..width).map(|f| column(f).collect()).collect();
            let fields: Vec<&[Reported]> = columns.iter().map(Vec::as_slice).collect();
            for range in [0..64, 36..100, 99..100] {
                let mut prints = [0; TOGETHER];
                at_best(Fingerprints {
                    fields: &fields,
                    range: range.clone(),
                    prints: &mut prints,
                });
                for (line, print) in range.zip(prints) {
                    let values: Vec<Reported> = fields.iter().map(|field| field[line]).collect();
                    assert_eq!(print, fingerprint(&values));
                }
            }
        }
    }
}
