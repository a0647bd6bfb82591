//! Trend and outlook: values period by period, the pace that a target needs, and where the values
//! lead.
//!
//! The projection is the straight line of least squares through the values of the newest periods,
//! carried on to the due period (at most half a year of months: what a new school year brings counts
//! soon), with the 80 % prediction interval of that line (Student's t; see any
//! textbook on linear regression, e.g. Hyndman and Athanasopoulos, «Forecasting: Principles and
//! Practice», § 7.6). Periods count one apiece. Only complete values enter it, at least three; what
//! starts anew between them, or before the due period, is not projected. All of it is exact but the
//! square root in the interval's width, which is rounded outwards.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::verdict::{Limit, Status, limit};
use super::{Assessment, Question, Row, assess};
use crate::diagnostic::Diagnostics;
use crate::model::Plan;
use crate::model::form::{FieldType, OverTime};
use crate::model::indicator::{Indicator, Unit, Window};
use crate::model::period::{Every, Period};
use crate::model::quantity::{Fraction, ten_to};
use crate::model::resolution::{Bound, Resolution, Target};
use crate::read::report::Reading;
use crate::source::Sources;

/// So many periods are looked back on.
const LONGEST: usize = 120;

/// Fewer values make no line.
pub const FEWEST: usize = 3;

/// A line is drawn through so many of the newest values.
pub const MOST: usize = 6;

/// Student's t for a two-sided interval of 80 %, by degrees of freedom from one, in millionths.
const STUDENT: [i64; MOST - 2] = [3_077_684, 1_885_618, 1_637_744, 1_533_206];

/// A line is carried on for so many times the periods that it spans.
const FARTHEST: usize = 2;

/// A resolution at the end of each period of the checked one's length, oldest first, from the first
/// period with a value to the checked one.
pub fn history(
    plan: &Plan,
    resolution: &Resolution,
    reading: &Reading,
    question: Question,
    sources: &Sources,
) -> Vec<Assessment> {
    let checked = question.period;
    let reported = reading.periods().into_iter();
    let first = reported
        .filter(|period| period.end() <= checked.end())
        .map(Period::start)
        .min();
    let first = Period::containing(checked.every(), first.unwrap_or(checked.start()));
    let mut periods: Vec<Period> =
        Period::between(checked.every(), first.start(), checked.end()).collect();
    periods.drain(..periods.len().saturating_sub(LONGEST));
    let at = |period: Period| {
        let question = Question {
            period,
            by: None,
            ..question
        };
        // What an earlier period complains of is not what this document is about.
        let mut unheard = Diagnostics::default();
        assess(plan, resolution, reading, question, sources, &mut unheard)
    };
    let all = periods.into_iter().map(at);
    let is_empty = |one: &Assessment| one.rows.iter().all(|row| row.actual.value.is_none());
    all.skip_while(|one| one.question.period != checked && is_empty(one))
        .collect()
}

/// A value to be expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expected {
    /// One in ten would be below.
    pub low: Fraction,
    /// On the line.
    pub middle: Fraction,
    /// One in ten would be above.
    pub high: Fraction,
}

/// What a projection says of a target.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prospect {
    /// All of the interval satisfies it.
    Likely,
    /// Some of it does.
    Open,
    /// None of it does.
    Unlikely,
}

impl Prospect {
    /// The key in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Prospect::Likely => "likely",
            Prospect::Open => "open",
            Prospect::Unlikely => "unlikely",
        }
    }
}

/// Where the values lead.
#[derive(Clone, Debug)]
pub struct Projection {
    /// The first period that the line goes through.
    pub since: Period,
    /// How many values it goes through.
    pub points: usize,
    /// What it gains in a period, in the indicator's unit.
    pub pace: Fraction,
    /// What is to be expected of each period from the next one to the due one.
    pub expected: Vec<(Period, Expected)>,
    /// What that says of the target.
    pub prospect: Prospect,
}

/// Why there is no projection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoProjection {
    /// So few complete values.
    TooFew(usize),
    /// What is measured starts anew between the values, or before the due period.
    StartsAnew,
    /// The due period is too far ahead for the values that there are.
    TooFar,
}

/// The way that is left to a target not reached yet.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The due period.
    pub due: Period,
    /// Periods that are left, the due one included.
    pub left: usize,
    /// What has to be gained in each of them; `None` where somebody's data are missing, where what is
    /// measured starts anew before the due period, or only ever grows and is too large already.
    pub needed: Option<Fraction>,
    /// Where the values lead.
    pub projection: Result<Projection, NoProjection>,
}

/// The way that is left to a target; `None` where it is reached, has no due period ahead, is a mere
/// yes or no, or there is no value. `rows`: the target's row in each period, the checked one last.
pub fn outlook(
    plan: &Plan,
    target: &Target,
    indicator: &Indicator,
    rows: &[(Period, &Row)],
) -> Option<Outlook> {
    let (checked, row) = *rows.last()?;
    let value = row.actual.value.as_ref()?;
    let due = target.due.filter(|due| due.end() > checked.end())?;
    let limit = limit(target, indicator.decimals)?;
    if row.verdict.status == Status::Met || is_yes_or_no(plan, indicator) {
        return None;
    }
    let ahead: Vec<Period> =
        Period::between(checked.every(), checked.next().start(), due.end()).collect();
    if ahead.is_empty() {
        return None;
    }
    let projection = project(plan, indicator, target, &limit, rows, &ahead);
    // One more than the base is more than the base, where things are counted.
    let more = match (target.bound, indicator.unit) {
        (Bound::MoreThanBase, Unit::Count) => 1,
        _ => 0,
    };
    let missing = &limit.value + Fraction::from_integer(more.into()) - value;
    let grows = indicator.window != Window::Period;
    let in_vain = projection.as_ref().err() == Some(&NoProjection::StartsAnew)
        || grows && missing.is_negative();
    Some(Outlook {
        due,
        left: ahead.len(),
        needed: (!in_vain && !row.is_provisional())
            .then(|| missing / Fraction::from_integer(ahead.len().into())),
        projection,
    })
}

fn project(
    plan: &Plan,
    indicator: &Indicator,
    target: &Target,
    limit: &Limit,
    rows: &[(Period, &Row)],
    ahead: &[Period],
) -> Result<Projection, NoProjection> {
    let due = ahead[ahead.len() - 1];
    let epoch = epoch(plan, indicator, due)?;
    let mut points: Vec<(i64, Period, &Fraction)> = rows
        .iter()
        .enumerate()
        .filter(|(_, (period, row))| {
            !row.is_provisional()
                && epoch.is_none_or(|epoch| epoch.contains(*period))
                && is_of_its_own(plan, indicator, *period)
        })
        .filter_map(|(at, (period, row))| Some((at as i64, *period, row.actual.value.as_ref()?)))
        .collect();
    points.drain(..points.len().saturating_sub(MOST));
    if points.len() < FEWEST {
        let checked = rows[rows.len() - 1].0;
        // A year that has just begun: the values are there, but of what was counted before.
        return Err(match epoch {
            Some(epoch) if !epoch.contains(checked) => NoProjection::StartsAnew,
            _ => NoProjection::TooFew(points.len()),
        });
    }
    let span = (points[points.len() - 1].0 - points[0].0 + 1) as usize;
    if ahead.len() > FARTHEST * span {
        return Err(NoProjection::TooFar);
    }
    let line = Line::through(&points);
    let possible = Possible::of(plan, indicator);
    let expected: Vec<(Period, Expected)> = ahead
        .iter()
        .enumerate()
        .map(|(step, period)| (*period, line.at((rows.len() + step) as i64, &possible)))
        .collect();
    let at_due = &expected[expected.len() - 1].1;
    let holds = |value: &Fraction| match target.bound {
        Bound::AtMost(_) => *value <= limit.value,
        Bound::AtLeast(_) => *value >= limit.value,
        Bound::MoreThanBase => *value > limit.value,
    };
    let prospect = match (holds(&at_due.low), holds(&at_due.high)) {
        (true, true) => Prospect::Likely,
        (false, false) => Prospect::Unlikely,
        _ => Prospect::Open,
    };
    Ok(Projection {
        since: points[0].1,
        points: points.len(),
        pace: line.slope,
        expected,
        prospect,
    })
}

/// Whether a period's value is not that of a longer report counted again: one report is one point,
/// at the end of what it tells of.
fn is_of_its_own(plan: &Plan, indicator: &Indicator, period: Period) -> bool {
    let forms = indicator.forms();
    let mut every = forms.iter().map(|form| plan.forms[*form].every);
    every.all(|every| {
        every.months() <= period.every().months()
            || Period::containing(every, period.end()).end() == period.end()
    })
}

/// Whether what is measured starts anew between two periods, the earlier one first.
pub fn starts_anew(plan: &Plan, indicator: &Indicator, before: Period, after: Period) -> bool {
    match epoch(plan, indicator, after) {
        Ok(Some(epoch)) => !epoch.contains(before),
        // What is of each period alone is compared all the same: a month with a month.
        Ok(None) | Err(_) => false,
    }
}

/// Whether a value is nothing but a mark: done or not done.
fn is_yes_or_no(plan: &Plan, indicator: &Indicator) -> bool {
    let marks = |fields: Vec<_>| {
        let mut fields = fields.into_iter();
        fields.all(|field| plan.field(field).kind == FieldType::Flag)
    };
    indicator.unit == Unit::Count && marks(indicator.fields())
}

/// The stretch of time within which values continue one another; `None`: all time.
fn epoch(plan: &Plan, indicator: &Indicator, due: Period) -> Result<Option<Period>, NoProjection> {
    let fields = indicator.fields();
    let has = |over_time: OverTime| {
        let mut fields = fields.iter();
        fields.any(|field| plan.field(*field).over_time == over_time)
    };
    let year = |every: Every| Some(Period::containing(every, due.end()));
    match indicator.window {
        Window::YearToDate => Ok(year(Every::Year)),
        Window::SchoolYearToDate => Ok(year(Every::SchoolYear)),
        Window::Period if has(OverTime::Sum) => Err(NoProjection::StartsAnew),
        Window::Period if has(OverTime::ToDate) => Ok(year(Every::Year)),
        Window::Period => Ok(None),
    }
}

/// A straight line through points, and how far they lie from it.
struct Line {
    count: usize,
    middle: (Fraction, Fraction),
    slope: Fraction,
    /// The sum of the squares of the distances along the axis.
    spread: Fraction,
    /// The mean square of what the line leaves unexplained, by degrees of freedom.
    variance: Fraction,
}

impl Line {
    /// By least squares; at least three points, no two at the same place.
    fn through(points: &[(i64, Period, &Fraction)]) -> Line {
        let count = Fraction::from_integer(points.len().into());
        let whole = |at: i64| Fraction::from_integer(at.into());
        let across: Fraction = points.iter().map(|(at, _, _)| whole(*at)).sum();
        let up: Fraction = points.iter().map(|(_, _, value)| (*value).clone()).sum();
        let middle = (across / &count, up / &count);
        let (mut spread, mut together) = (Fraction::zero(), Fraction::zero());
        for (at, _, value) in points {
            let off = whole(*at) - &middle.0;
            together += &off * (*value - &middle.1);
            spread += &off * &off;
        }
        let slope = together / &spread;
        let unexplained: Fraction = points
            .iter()
            .map(|(at, _, value)| {
                let off = *value - &middle.1 - &slope * (whole(*at) - &middle.0);
                &off * &off
            })
            .sum();
        Line {
            count: points.len(),
            middle,
            slope,
            spread,
            variance: unexplained / Fraction::from_integer((points.len() - 2).into()),
        }
    }

    /// What is to be expected at a place.
    fn at(&self, place: i64, possible: &Possible) -> Expected {
        let off = Fraction::from_integer(place.into()) - &self.middle.0;
        let middle = &self.middle.1 + &self.slope * &off;
        let one = Fraction::from_integer(1.into());
        let within = one + Fraction::new(1.into(), self.count.into()) + &off * &off / &self.spread;
        let student = Fraction::new(STUDENT[self.count - FEWEST].into(), 1_000_000.into());
        let width = student * root(&(&self.variance * within));
        Expected {
            low: possible.nearest(&middle - &width),
            high: possible.nearest(&middle + &width),
            middle: possible.nearest(middle),
        }
    }
}

/// What an indicator's value can be.
struct Possible {
    least: Option<Fraction>,
    most: Option<Fraction>,
}

impl Possible {
    fn of(plan: &Plan, indicator: &Indicator) -> Possible {
        let counted = |kind| matches!(kind, FieldType::Count | FieldType::Flag);
        let mut fields = indicator.fields().into_iter();
        let nothing_negative = fields.all(|field| counted(plan.field(field).kind))
            && !indicator
                .formulas()
                .any(|formula| formula.text.contains('-'));
        let whole = match indicator.unit {
            Unit::Percent => Some(100),
            Unit::Ratio => Some(1),
            Unit::Count => None,
        };
        Possible {
            least: nothing_negative.then(Fraction::zero),
            most: whole
                .filter(|_| indicator.share)
                .map(|whole| Fraction::from_integer(whole.into())),
        }
    }

    fn nearest(&self, value: Fraction) -> Fraction {
        let value = match &self.least {
            Some(least) => value.max(least.clone()),
            None => value,
        };
        match &self.most {
            Some(most) => value.min(most.clone()),
            None => value,
        }
    }
}

/// A square root, the last of nine decimals rounded up.
fn root(value: &Fraction) -> Fraction {
    const DECIMALS: u32 = 9;
    let scaled = value * Fraction::from_integer(ten_to(2 * DECIMALS));
    let whole = scaled.ceil().to_integer();
    let root: BigInt = whole.sqrt();
    let root = match &root * &root == whole {
        true => root,
        false => root + 1,
    };
    Fraction::new(root, ten_to(DECIMALS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(numerator: i64, denominator: i64) -> Fraction {
        Fraction::new(numerator.into(), denominator.into())
    }

    fn anything() -> Possible {
        Possible {
            least: None,
            most: None,
        }
    }

    fn line(values: &[i64]) -> Line {
        let january = Period::month(2025, 1).expect("a month");
        let values: Vec<Fraction> = values.iter().map(|value| fraction(*value, 1)).collect();
        let points: Vec<(i64, Period, &Fraction)> = values
            .iter()
            .enumerate()
            .map(|(at, value)| (at as i64, january, value))
            .collect();
        Line::through(&points)
    }

    #[test]
    fn values_on_a_line_stay_on_it() {
        let expected = line(&[70, 71, 72, 73]).at(5, &anything());
        assert_eq!(expected.middle, fraction(75, 1));
        assert_eq!(
            (expected.low, expected.high),
            (fraction(75, 1), fraction(75, 1))
        );
    }

    /// Computed apart: slope 3/2, variance 1/6 with one degree of freedom, t = 3.077684; at the fourth
    /// place 16/3 ± 3.077684 × √(1/6 × (1 + 1/3 + 4/2)).
    #[test]
    fn the_band_is_that_of_the_textbook() {
        let line = line(&[1, 2, 4]);
        assert_eq!(line.slope, fraction(3, 2));
        assert_eq!(line.variance, fraction(1, 6));
        let expected = line.at(3, &anything());
        assert_eq!(expected.middle, fraction(16, 3));
        let printed = |value: &Fraction| crate::model::quantity::Fixed::round(value, 5).plain();
        assert_eq!(printed(&expected.low), "3.03936");
        assert_eq!(printed(&expected.high), "7.62730");
    }

    #[test]
    fn a_share_stays_a_share() {
        let share = Possible {
            least: Some(Fraction::zero()),
            most: Some(fraction(100, 1)),
        };
        let expected = line(&[60, 90, 95]).at(6, &share);
        assert_eq!(expected.high, fraction(100, 1));
        assert_eq!(expected.middle, fraction(100, 1));
        assert!(expected.low < expected.middle);
    }

    #[test]
    fn roots_are_not_too_small() {
        for (value, root_of) in [
            (fraction(4, 9), fraction(2, 3)),
            (fraction(2, 1), fraction(1414213562, 1000000000)),
        ] {
            let found = root(&value);
            assert!(&found * &found >= value, "{value}");
            assert!(found - root_of <= fraction(2, 1_000_000_000), "{value}");
        }
    }
}
