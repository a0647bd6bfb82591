//! Plain lines taken many at a time, column by column: whom they are about, for when, each figure,
//! each rule. A line of which anything is to be said, or that only what stands above explains, is
//! left to [`Rows::row`], in its turn.

use std::ops::Range;

use super::{PeriodCell, Rows, Shape};
use crate::model::formula::FieldRef;
use crate::model::period::Period;
use crate::model::quantity::Reported;
use crate::read::cell::Wording;
use crate::read::delimited::{Lines, MOST, Places, Spans, Tail};
use crate::read::identity::{Identity, Spellings, Trail};
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
    offsets: Vec<u64>,
    /// Field by field, line by line.
    values: Vec<[Reported; MOST]>,
    /// Cells that are not read at a glance and were read: column by column, what each says.
    odd: Vec<Odd>,
    places: Places,
    spans: Spans,
    met: Periods,
}

/// What odd cells of a column said that nothing was to be remarked on: words that a field allows,
/// numbers with spaces.
#[derive(Default)]
struct Odd {
    spellings: Spellings,
    values: Vec<Reported>,
}

/// So many odd cells of a column are remembered.
const MOST_ODD: usize = 4096;

impl Odd {
    fn find(&self, raw: &[u8]) -> Option<Reported> {
        let meaning = self.spellings.find(raw, self.spellings.trail(raw), 0)?;
        Some(self.values[meaning as usize])
    }

    fn remember(&mut self, raw: &[u8], value: Reported) {
        if self.values.len() < MOST_ODD && raw.len() <= LONGEST_ODD {
            let trail = self.spellings.trail(raw);
            self.spellings
                .insert(raw, trail, 0, self.values.len() as u32);
            self.values.push(value);
        }
    }
}

/// Bytes of an odd cell that is remembered.
const LONGEST_ODD: usize = 100;

/// Periods that cells of the column stated.
#[derive(Default)]
struct Periods {
    met: Vec<(Option<Tail>, Vec<u8>, Period)>,
    /// The last one.
    recent: u8,
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

    fn add(&mut self, tail: Option<Tail>, raw: &[u8], period: Period) {
        if self.met.len() >= MOST_PERIODS {
            self.met.clear();
        }
        let long = if tail.is_none() { raw } else { &[] };
        self.met.push((tail, long.to_vec(), period));
        self.recent = (self.met.len() - 1) as u8;
    }
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
        let mut sweep = std::mem::take(&mut self.sweep);
        let mut good = all(count);
        good &= self.whom(lines, &mut sweep);
        good &= self.when(lines, &mut sweep, good);
        good &= self.figures_of(lines, &mut sweep);
        good &= self.obeying(count, &sweep);
        sweep.offsets.clear();
        sweep
            .offsets
            .extend((0..count).map(|line| lines.position(line).0));
        let result = self.take_in_turn(lines, &mut sweep, good);
        self.sweep = sweep;
        result
    }

    /// Whom the lines are about; tells which of them need no thought.
    fn whom(&self, lines: &Lines<'_>, sweep: &mut Sweep) -> u64 {
        let Some((first, rest)) = self.identities.columns() else {
            return 0;
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
        let places = lines.places(first, &mut sweep.places);
        sweep.trails.clear();
        let trails = places.iter().map(|place| identities.trail(raw(place)));
        sweep.trails.extend(trails);
        for again in [false, true] {
            let ahead = sweep.trails.iter();
            let seen = ahead.fold(0, |seen, trail| seen ^ identities.look_ahead(*trail, again));
            std::hint::black_box(seen);
        }
        let mut known = 0;
        sweep.organisations.clear();
        let trails = sweep.trails.iter().zip(&sweep.others);
        for (line, ((trail, others), place)) in trails.zip(places).enumerate() {
            let organisation = match identities.known(raw(place), *trail, *others) {
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
        for &column in &self.nameless {
            if column < self.table.layout.headings.len() {
                let places = lines.places(column, &mut sweep.places).iter();
                for (line, (start, end)) in places.enumerate() {
                    known &= !(u64::from(start < end) << line);
                }
            }
        }
        known
    }

    /// For when the lines are; tells which of them need no thought.
    fn when(&mut self, lines: &Lines<'_>, sweep: &mut Sweep, good: u64) -> u64 {
        let Some(form) = self.table.layout.form() else {
            return 0;
        };
        let every = self.table.plan.forms[form].every;
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
        let bytes = lines.bytes();
        let places = lines.places(column, &mut sweep.places).iter();
        for (line, (start, end)) in places.enumerate() {
            let (start, end) = (*start as usize, *end as usize);
            let raw = &bytes[start..end];
            let tail = Tail::at(bytes, start, end - start);
            let found = met.find(tail, raw).or_else(|| {
                // Of a line that is thought about anyway the period is read there.
                if good >> line & 1 == 0 || raw.contains(&b'"') {
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
            let places = &mut sweep.places;
            let seen = own.reader.down(lines, own.column, places, values);
            let mut blank = seen.blank;
            any |= !(seen.odd | blank);
            // The cells of a line that is thought about anyway are read there.
            let mut odd = seen.odd & !bad;
            while odd != 0 {
                let line = odd.trailing_zeros() as usize;
                odd &= odd - 1;
                let raw = lines.cell(line, own.column);
                let read = remembered.find(raw).or_else(|| {
                    let read = own.reader.read(raw, Wording::None).ok();
                    let read = read.filter(|_| !raw.contains(&b'"'));
                    remembered.remember(raw, read?);
                    read
                });
                match read {
                    Some(value) => {
                        values[line] = value;
                        blank |= u64::from(value == Reported::BLANK) << line;
                        any |= u64::from(value.decimal().is_some()) << line;
                    }
                    None => bad |= 1 << line,
                }
            }
            if own.reader.is_required() {
                bad |= blank;
            }
        }
        any & !bad
    }

    /// Which lines no rule objects to.
    fn obeying(&self, count: usize, sweep: &Sweep) -> u64 {
        let Some(form) = self.table.layout.form().filter(|_| self.rules_covered) else {
            return u64::MAX;
        };
        let values = |field: FieldRef| &sweep.values[field.field][..count];
        let checks = self.checks[form].iter();
        !checks.fold(0, |bad, check| bad | check.broken(count, values))
    }

    /// Takes the lines in their order, good ones together.
    fn take_in_turn(&mut self, lines: &Lines<'_>, sweep: &mut Sweep, good: u64) -> (usize, bool) {
        let count = lines.len();
        let mut good = good;
        let mut line = 0;
        while line < count {
            let run = (!(good >> line)).trailing_zeros() as usize;
            if run > 0 {
                let end = (line + run).min(count);
                self.take_good(lines, sweep, line..end);
                line = end;
                continue;
            }
            let state = self.state();
            let record = lines.record(line, &mut sweep.spans);
            let known = self.identities.met(&record);
            if !self.row(&record, known) {
                return (line, false);
            }
            line += 1;
            if self.state() != state {
                // What was made of the lines below may not hold any more.
                sweep.met = Periods::default();
                return (line, true);
            }
            if self.is_ahead && self.tally.is_full() {
                good = 0;
            }
        }
        (count, true)
    }

    /// What the meaning of the lines below rests on.
    pub fn state(&self) -> (usize, bool, usize, Option<u32>) {
        (
            self.table.stated.len(),
            self.aside.is_some(),
            self.nameless.len(),
            self.owner,
        )
    }

    /// Takes lines of which nothing is to be said.
    fn take_good(&mut self, lines: &Lines<'_>, sweep: &Sweep, range: Range<usize>) {
        for (index, own) in self.figures.iter().enumerate() {
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
            self.enter_lines(lines, sweep, line..end);
            line = end;
        }
    }

    /// Enters lines of one period.
    fn enter_lines(&mut self, lines: &Lines<'_>, sweep: &Sweep, range: Range<usize>) {
        let Some(form) = self.table.layout.form() else {
            return;
        };
        let (_, _, period) = sweep.met.met[usize::from(sweep.periods[range.start])];
        self.note_period(form, period);
        let mut line = range.start;
        while line < range.end {
            if self.has_all_fields {
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
                    offsets: &sweep.offsets[line..range.end],
                    place: place_of(lines, line, self.table.file),
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
                    place: place_of(lines, line, self.table.file),
                    rules_checked: self.rules_covered,
                    is_part: false,
                });
                line += 1;
            }
        }
    }
}

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
