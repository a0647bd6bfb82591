//! Plain lines taken many at a time, column by column: whom they are about, for when, each figure,
//! each rule. A line of which anything is to be said, or that only what stands above explains, is
//! left to [`Rows::row`], in its turn.

use std::ops::Range;

use super::odd::{Odd, OddColumn};
use super::{PeriodCell, Rows, Shape};
use crate::model::formula::FieldRef;
use crate::model::period::Period;
use crate::model::quantity::Reported;
use crate::processor::{Way, Work, at_best};
use crate::read::cell::bits;
use crate::read::delimited::{Lines, MOST, Places, Spans, Tail, Words};
use crate::read::identity::{Identity, Trail};
use crate::source::FileId;
use crate::tally::{self, RecordPlace, Submission};

/// What lines in hand say.
#[derive(Default)]
pub(super) struct Sweep {
    trails: Vec<Trail>,
    others: Vec<u32>,
    organisations: Vec<u32>,
    /// Which of [`Periods::met`] each is for.
    periods: Vec<u8>,
    positions: Vec<RecordPlace>,
    /// Field by field, line by line.
    values: Vec<[Reported; MOST]>,
    /// Cells that are not read at a glance and were read: field by field, what each says.
    odd: Vec<Odd>,
    places: Places,
    /// Where the cells of the surest column that tells whom a row is about stand.
    named: Places,
    words: Words,
    spans: Spans,
    met: Periods,
    /// What the periods met rest on.
    state: State,
}

/// What the meaning of rows rests on beside their own cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct State {
    /// How many periods have been stated for the table.
    stated: usize,
    is_aside: bool,
    nameless: usize,
    owner: Option<u32>,
}

/// Periods that cells of the column stated.
#[derive(Default)]
struct Periods {
    met: Vec<(Option<Tail>, Vec<u8>, Period)>,
    /// The last one.
    recent: u8,
    /// A bit for each that some report was for.
    reported: [u64; MOST_PERIODS / 64],
}

/// So many spellings of periods are told at a glance.
const MOST_PERIODS: usize = 256;

impl Periods {
    /// The place of a cell's period among those met.
    #[inline]
    fn find(&mut self, tail: Option<Tail>, raw: &[u8]) -> Option<u8> {
        let is = |(own, long, _): &(Option<Tail>, Vec<u8>, Period)| match own {
            Some(own) => tail == Some(*own),
            None => tail.is_none() && long == raw,
        };
        if self.met.get(usize::from(self.recent)).is_some_and(is) {
            return Some(self.recent);
        }
        // In a file that goes organisation by organisation the next one is the period after it.
        let next = self.recent.wrapping_add(1);
        let found = match self.met.get(usize::from(next)).is_some_and(is) {
            true => next,
            false => self.met.iter().position(is)? as u8,
        };
        self.recent = found;
        Some(found)
    }

    /// The period at a place, and whether a report is for it for the first time.
    #[inline]
    fn report(&mut self, own: u8) -> (Period, bool) {
        let (word, bit) = (usize::from(own) / 64, 1u64 << (own % 64));
        let is_first = self.reported[word] & bit == 0;
        self.reported[word] |= bit;
        (self.met[usize::from(own)].2, is_first)
    }

    fn add(&mut self, tail: Option<Tail>, raw: &[u8], period: Period) {
        if self.met.len() >= MOST_PERIODS {
            *self = Periods::default();
        }
        let long = if tail.is_none() { raw } else { &[] };
        self.met.push((tail, long.to_vec(), period));
        self.recent = (self.met.len() - 1) as u8;
    }
}

/// Whether all cells of a column are the same short text.
struct AllAre<'a> {
    lines: &'a Lines<'a>,
    column: usize,
    tail: Tail,
    words: &'a mut Words,
}

impl Work for AllAre<'_> {
    type Output = bool;

    #[inline(always)]
    fn with<W: Way>(self, _: W) -> bool {
        self.lines.words(self.column, self.words);
        let Tail { word, own } = self.tail;
        let length = own.count_ones() / 8;
        let count = self.lines.len();
        let cells = self.words.words[..count].iter().zip(&self.words.lengths);
        cells.fold(true, |all, (cell, own_length)| {
            all & (cell & own == word) & (*own_length == length)
        })
    }
}

/// Which lines are taken together.
struct Masks {
    /// Of which nothing is to be said.
    good: u64,
    /// The same once it is known whom they name.
    new: u64,
}

/// A bit for each of so many lines.
fn all(lines: usize) -> u64 {
    u64::MAX >> (MOST - lines.clamp(1, MOST))
}

impl Rows<'_, '_> {
    /// Whether lines may be taken many at a time now.
    pub(super) fn may_sweep(&self) -> bool {
        self.past_header
            && !self.no_header_next
            && self.owner.is_none()
            && self.aside.is_none()
            && self.table.layout.form().is_some()
            && self.nameless.len() < MOST_NAMELESS
    }

    /// Takes lines; tells how many, and whether the next one is a row at all.
    pub(super) fn sweep(&mut self, lines: &Lines<'_>) -> (usize, bool) {
        let count = lines.len();
        let mut sweep = self.sweep.take().unwrap_or_default();
        let mut good = all(count);
        // Whom lines are about is far away in memory: it is fetched while their figures are read.
        self.ask_whom(lines, &mut sweep);
        good &= self.when(lines, &mut sweep);
        good &= self.figures_of(lines, &mut sweep);
        good &= self.obeying(count, &sweep);
        let (known, new) = self.whom(lines, &mut sweep);
        let masks = Masks {
            good: good & known,
            new: good & new,
        };
        sweep.positions.clear();
        let positions = (0..count).map(|line| place_of(lines, line, self.table.file));
        sweep.positions.extend(positions);
        let result = self.take_in_turn(lines, &mut sweep, masks);
        self.sweep = Some(sweep);
        result
    }

    /// Makes ready to be told whom the lines are about.
    fn ask_whom(&self, lines: &Lines<'_>, sweep: &mut Sweep) {
        let Some((first, rest)) = self.identities.columns() else {
            return;
        };
        let (bytes, identities) = (lines.bytes(), &self.identities);
        let raw = |place: &(u32, u32)| &bytes[place.0 as usize..place.1 as usize];
        sweep.others.clear();
        sweep.others.resize(lines.len(), 0);
        for &column in rest {
            let places = lines.places(column, &mut sweep.places);
            for (other, place) in sweep.others.iter_mut().zip(places) {
                *other = identities.and_other(*other, raw(place));
            }
        }
        let places = lines.places(first, &mut sweep.named);
        sweep.trails.clear();
        let trails = places.iter().map(|place| {
            let trail = identities.trail(raw(place));
            identities.ask_for(trail);
            trail
        });
        sweep.trails.extend(trails);
    }

    /// Whom the lines are about; tells which of them need no thought, and which name somebody whose
    /// spelling has not been met.
    fn whom(&self, lines: &Lines<'_>, sweep: &mut Sweep) -> (u64, u64) {
        let (bytes, identities) = (lines.bytes(), &self.identities);
        let raw = |place: &(u32, u32)| &bytes[place.0 as usize..place.1 as usize];
        let (mut known, mut met) = (0u64, 0u64);
        sweep.organisations.clear();
        let trails = sweep.trails.iter().zip(&sweep.others);
        for (line, ((trail, others), place)) in trails.zip(sweep.named.iter()).enumerate() {
            let identity = identities.known(raw(place), *trail, *others);
            met |= u64::from(identity.is_some()) << line;
            let organisation = match identity {
                Some(Identity::Known(organisation)) => {
                    known |= 1 << line;
                    organisation
                }
                _ => 0,
            };
            sweep.organisations.push(organisation);
        }
        if self.tally.register.declared {
            for (line, organisation) in sweep.organisations.iter().enumerate() {
                let always = self.always.get(*organisation as usize) == Some(&true);
                known &= !(u64::from(!always) << line);
            }
        }
        let mut strange = 0;
        for &column in &self.nameless {
            if column < self.table.layout.headings.len() {
                let places = lines.places(column, &mut sweep.places).iter();
                for (line, (start, end)) in places.enumerate() {
                    strange |= u64::from(start < end) << line;
                }
            }
        }
        // Where a register says who must report, nobody is taken at their word.
        let new = match self.tally.register.declared {
            true => 0,
            false => !met & !strange,
        };
        (known & !strange, new)
    }

    /// For when the lines are; tells which of them need no thought.
    fn when(&mut self, lines: &Lines<'_>, sweep: &mut Sweep) -> u64 {
        let Some(form) = self.table.layout.form() else {
            return 0;
        };
        let every = self.table.plan.forms[form].every;
        let state = self.state();
        if sweep.state != state {
            // What an empty cell says may have changed.
            (sweep.met, sweep.state) = (Periods::default(), state);
        }
        sweep.periods.clear();
        let Some(column) = self.table.layout.period else {
            let Some(stated) = self.stated(every) else {
                return 0;
            };
            if sweep
                .met
                .met
                .first()
                .is_none_or(|(_, _, own)| *own != stated)
            {
                sweep.met = Periods::default();
                sweep.met.add(None, &[], stated);
            }
            sweep.periods.resize(lines.len(), 0);
            return u64::MAX;
        };
        let mut known = 0;
        let met = &mut sweep.met;
        let periods = &mut sweep.periods;
        // In nearly all files the rows of one period follow one another.
        if let Some((Some(tail), _, _)) = met.met.get(usize::from(met.recent))
            && at_best(AllAre {
                lines,
                column,
                tail: *tail,
                words: &mut sweep.words,
            })
        {
            periods.resize(lines.len(), met.recent);
            return u64::MAX;
        }
        let bytes = lines.bytes();
        let places = lines.places(column, &mut sweep.places).iter();
        for (line, (start, end)) in places.enumerate() {
            let (start, end) = (*start as usize, *end as usize);
            let raw = &bytes[start..end];
            let tail = Tail::at(bytes, start, end - start);
            let found = met.find(tail, raw).or_else(|| {
                if raw.contains(&b'"') {
                    return None;
                }
                let said = match self.period_said(raw) {
                    PeriodCell::Read(stated) => stated.and_then(|stated| stated.resolve(every)),
                    PeriodCell::Empty => self.stated(every),
                };
                if met.met.len() >= MOST_PERIODS {
                    // The places of those in hand would mean others.
                    return None;
                }
                met.add(tail, raw, said?);
                Some(met.recent)
            });
            known |= u64::from(found.is_some()) << line;
            periods.push(found.unwrap_or(0));
        }
        known
    }

    /// The figures of the lines; tells which of them need no thought.
    fn figures_of(&mut self, lines: &Lines<'_>, sweep: &mut Sweep) -> u64 {
        let width = self.values.len();
        sweep.values.resize(width, [Reported::ABSENT; MOST]);
        sweep.odd.resize_with(width, Odd::default);
        let (mut bad, mut any) = (0u64, 0u64);
        for own in &self.figures {
            let values = &mut sweep.values[own.field];
            let remembered = &mut sweep.odd[own.field];
            let column = OddColumn {
                lines,
                column: own.column,
                reader: own.reader,
            };
            let mut seen = match own.reader.is_quick() {
                true => own.reader.down(lines, own.column, &mut sweep.words, values),
                false => {
                    let places = lines.places(own.column, &mut sweep.places);
                    remembered.down(&column, places, values)
                }
            };
            any |= !(seen.odd | seen.blank) & seen.values;
            // The cells of a line that is thought about anyway are read there.
            for line in bits(seen.odd & !bad) {
                match remembered.find_or_read(&column.cell(line)) {
                    Some(value) => {
                        values[line] = value;
                        seen.blank |= u64::from(value == Reported::BLANK) << line;
                        any |= u64::from(value.is_value()) << line;
                    }
                    None => bad |= 1 << line,
                }
            }
            if own.reader.is_required() {
                bad |= seen.blank;
            }
        }
        any & !bad
    }

    /// Which lines no rule objects to.
    fn obeying(&self, count: usize, sweep: &Sweep) -> u64 {
        let Some(form) = self.table.layout.form().filter(|_| self.rules_covered) else {
            return u64::MAX;
        };
        let values = |field: FieldRef| &sweep.values[field.field];
        let checks = self.checks[form].iter();
        !checks.fold(0, |bad, check| bad | check.broken(count, values))
    }

    /// Takes the lines in their order, good ones together.
    fn take_in_turn(
        &mut self,
        lines: &Lines<'_>,
        sweep: &mut Sweep,
        masks: Masks,
    ) -> (usize, bool) {
        let count = lines.len();
        let Masks { mut good, mut new } = masks;
        let mut line = 0;
        while line < count {
            let run = (!(good >> line)).trailing_zeros() as usize;
            if run > 0 {
                let end = (line + run).min(count);
                self.take_good(sweep, line..end);
                line = end;
                continue;
            }
            if new >> line & 1 == 1
                && let Some(organisation) = self.introduce(lines, line, sweep.trails[line])
            {
                sweep.organisations[line] = organisation;
                good |= 1 << line;
                continue;
            }
            let state = self.state();
            let record = lines.record(line, &mut sweep.spans);
            let known = self.identities.met(&record);
            if !self.row(&record, known) {
                return (line, false);
            }
            line += 1;
            // What was made of the lines below may not hold any more.
            if self.state() != state || !self.may_sweep() {
                return (line, true);
            }
            if self.is_ahead && self.tally.is_full() {
                (good, new) = (0, 0);
            }
        }
        (count, true)
    }

    /// Takes whoever a line names for somebody new, if it can be nothing but a report of theirs.
    fn introduce(&mut self, lines: &Lines<'_>, line: usize, trail: Trail) -> Option<u32> {
        // What stands at the top of a part, or has no number where the first figure stands, may be
        // part of a header.
        let at_top = self.is_ahead && self.outcome.is_untouched();
        let figure = lines.cell(line, self.figures.first()?.column);
        if at_top || figure.is_empty() || !figure.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let (first, _) = self.identities.columns()?;
        let meant = |column: usize| lines.meant(line, column);
        let register = &mut self.tally.register;
        let raw = lines.cell(line, first);
        self.identities.introduce(raw, trail, meant, register)
    }

    /// What the meaning of the lines below rests on.
    pub fn state(&self) -> State {
        State {
            stated: self.table.stated.len(),
            is_aside: self.aside.is_some(),
            nameless: self.nameless.len(),
            owner: self.owner,
        }
    }

    /// Takes lines of which nothing is to be said.
    fn take_good(&mut self, sweep: &mut Sweep, range: Range<usize>) {
        let figures = self.figures.iter().enumerate();
        for (index, own) in figures.filter(|(_, own)| own.reader.adds_up()) {
            self.totals
                .add_all(index, &sweep.values[own.field][range.clone()]);
        }
        let count = range.len() as u64;
        self.outcome.rows += count;
        self.outcome.accepted += count;
        let mut line = range.start;
        while line < range.end {
            let own = sweep.periods[line];
            let rest = &sweep.periods[line..range.end];
            let end = line + rest.iter().take_while(|period| **period == own).count();
            self.enter_lines(sweep, line..end);
            line = end;
        }
    }

    /// Enters lines of one period.
    fn enter_lines(&mut self, sweep: &mut Sweep, range: Range<usize>) {
        let Some(form) = self.table.layout.form() else {
            return;
        };
        let (period, is_first) = sweep.met.report(sweep.periods[range.start]);
        if is_first {
            self.note_period(form, period);
        }
        let mut line = range.start;
        while line < range.end {
            if self.has_all_fields && range.end - line >= WORTH_IT {
                let fields: Vec<&[Reported]> = sweep
                    .values
                    .iter()
                    .map(|values| &values[line..range.end])
                    .collect();
                line += self.tally.enter_lines(&tally::Lines {
                    form,
                    period,
                    organisations: &sweep.organisations[line..range.end],
                    fields: &fields,
                    places: &sweep.positions[line..range.end],
                    rules_checked: self.rules_covered,
                });
            }
            if line < range.end {
                for (value, values) in self.values.iter_mut().zip(&sweep.values) {
                    *value = values[line];
                }
                self.tally.enter(&Submission {
                    form,
                    organisation: sweep.organisations[line],
                    period,
                    values: &self.values,
                    place: sweep.positions[line],
                    rules_checked: self.rules_covered,
                    is_part: false,
                });
                line += 1;
            }
        }
    }
}

/// Fewer lines of one period are entered one by one.
const WORTH_IT: usize = 4;

/// Tables with more columns without a heading than this are read row by row.
const MOST_NAMELESS: usize = 16;

fn place_of(lines: &Lines<'_>, line: usize, file: FileId) -> RecordPlace {
    let (offset, line, row) = lines.position(line);
    RecordPlace {
        file,
        offset,
        line,
        row,
    }
}

impl Rows<'_, '_> {
    /// Whether a wide table has a column for each field of its form.
    pub(super) fn has_all(shape: &Shape, width: usize) -> bool {
        match shape {
            Shape::Wide { fields, .. } => {
                (0..width).all(|field| fields.iter().any(|(_, own)| *own == field))
            }
            Shape::Long { .. } => false,
        }
    }
}
