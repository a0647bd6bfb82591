//! Verdicts: an actual against a target, on exact numbers.

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use super::actual::Actual;
use crate::model::formula::Relation;
use crate::model::indicator::{Indicator, Unit};
use crate::model::period::Period;
use crate::model::quantity::{Fixed, Fraction, ceil, floor};
use crate::model::resolution::{Base, Bound, Compare, Target};

/// Where a target stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Status {
    /// The target holds.
    Met,
    /// It does not hold, and it should by now.
    Missed,
    /// Not yet reached, at or beyond the milestone in force or the path.
    OnTrack,
    /// The same, short of it.
    Behind,
    /// Not yet reached, before the deadline, with nothing to measure the way by.
    Pending,
    /// Not reached, and no deadline is set.
    Open,
    /// Nothing to compute from.
    NoData,
    /// Growth is wanted, but from what is not known.
    NoBase,
    /// Watched, no target.
    Watch,
    /// The proposal sets nothing measurable.
    Unmeasured,
}

impl Status {
    /// All of them, in the order of the contract.
    pub const ALL: [Status; 10] = [
        Status::Met,
        Status::Missed,
        Status::OnTrack,
        Status::Behind,
        Status::Pending,
        Status::Open,
        Status::NoData,
        Status::NoBase,
        Status::Watch,
        Status::Unmeasured,
    ];

    /// As JSON names it.
    pub fn id(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Missed => "missed",
            Status::OnTrack => "on_track",
            Status::Behind => "behind",
            Status::Pending => "pending",
            Status::Open => "open",
            Status::NoData => "no_data",
            Status::NoBase => "no_base",
            Status::Watch => "watch",
            Status::Unmeasured => "unmeasured",
        }
    }

    /// As a person reads it.
    pub fn title(self) -> &'static str {
        match self {
            Status::Met => "достигнуто",
            Status::Missed => "не достигнуто",
            Status::OnTrack => "в графике",
            Status::Behind => "под угрозой",
            Status::Pending => "срок не наступил",
            Status::Open => "срок не установлен",
            Status::NoData => "нет данных",
            Status::NoBase => "нет базового значения",
            Status::Watch => "справочно",
            Status::Unmeasured => "измеримая цель не задана",
        }
    }
}

/// A target held against an actual.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Where it stands.
    pub status: Status,
    /// What had to be reached: the bound, or the base to be exceeded.
    pub wanted: Option<Fraction>,
    /// Actual less wanted, in the indicator's unit (percentage points for per cent).
    pub deviation: Option<Fraction>,
    /// 100 × actual / wanted.
    pub percent: Option<Fraction>,
    /// How many more (for an upper limit: fewer) of what the numerator counts.
    pub shortfall: Option<BigInt>,
    /// What should stand by now: the milestone in force, or the path.
    pub by_now: Option<Fraction>,
    /// Printed, the value equals the target; exactly, it does not reach it.
    pub rounds_to_target: bool,
}

impl Verdict {
    /// A status and nothing else.
    pub fn of_status(status: Status) -> Verdict {
        Verdict {
            status,
            wanted: None,
            deviation: None,
            percent: None,
            shortfall: None,
            by_now: None,
            rounds_to_target: false,
        }
    }
}

/// A requirement on a value.
#[derive(Clone, Debug)]
enum Requirement {
    AtLeast(Fraction),
    AtMost(Fraction),
    MoreThan(Fraction),
}

impl Requirement {
    fn of(target: &Target) -> Option<Requirement> {
        Some(match target.bound {
            Bound::AtLeast(value) => Requirement::AtLeast(value.to_fraction()),
            Bound::AtMost(value) => Requirement::AtMost(value.to_fraction()),
            Bound::MoreThanBase => Requirement::MoreThan(target.base?.value.to_fraction()),
        })
    }

    fn limit(&self) -> &Fraction {
        match self {
            Requirement::AtLeast(limit)
            | Requirement::AtMost(limit)
            | Requirement::MoreThan(limit) => limit,
        }
    }

    /// The same direction, another limit: a milestone on the way.
    fn towards(&self, limit: Fraction) -> Requirement {
        match self {
            Requirement::AtMost(_) => Requirement::AtMost(limit),
            _ => Requirement::AtLeast(limit),
        }
    }

    fn demand(&self) -> Demand {
        let relation = match self {
            Requirement::AtLeast(_) => Relation::GreaterOrEqual,
            Requirement::AtMost(_) => Relation::LessOrEqual,
            Requirement::MoreThan(_) => Relation::Greater,
        };
        Demand {
            limit: self.limit().clone(),
            relation,
        }
    }

    fn holds(&self, value: &Fraction) -> bool {
        self.demand().holds(value)
    }
}

impl Demand {
    fn holds(&self, value: &Fraction) -> bool {
        self.relation.holds(value.cmp(&self.limit))
    }
}

/// What must hold of a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Demand {
    /// What the value is compared with, in the indicator's unit.
    pub limit: Fraction,
    /// How it must compare.
    pub relation: Relation,
}

/// What stands where the target is not reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Otherwise {
    /// This, whatever the value.
    Stands(Status),
    /// On track where this holds, else behind.
    OnTheWay(Demand),
}

/// All that a target asks at the end of a period, before any value is known; `None`: growth is
/// wanted, but from what is not known.
pub fn demands(target: &Target, period: Period) -> Option<(Demand, Otherwise)> {
    let requirement = Requirement::of(target)?;
    let limit = requirement.limit().clone();
    let otherwise = if target.maintain || target.due.is_some_and(|due| period.end() >= due.end()) {
        Otherwise::Stands(Status::Missed)
    } else if target.due.is_none() {
        Otherwise::Stands(Status::Open)
    } else {
        match by_now(target, &limit, period) {
            None => Otherwise::Stands(Status::Pending),
            Some(by_now) => Otherwise::OnTheWay(requirement.towards(by_now).demand()),
        }
    };
    Some((requirement.demand(), otherwise))
}

/// Holds an actual against a target at the end of the checked period.
pub fn judge(target: &Target, indicator: &Indicator, actual: &Actual, period: Period) -> Verdict {
    let Some(requirement) = Requirement::of(target) else {
        return Verdict::of_status(Status::NoBase);
    };
    let wanted = requirement.limit().clone();
    let Some(value) = &actual.value else {
        let mut verdict = Verdict::of_status(Status::NoData);
        verdict.wanted = Some(wanted);
        return verdict;
    };
    let printed = Fixed::round(value, indicator.decimals).to_fraction();
    let compared = match target.compare {
        Compare::Exact => value.clone(),
        Compare::Rounded => printed.clone(),
    };
    let holds = requirement.holds(&compared);
    let by_now = by_now(target, &wanted, period);
    let status = match demands(target, period) {
        _ if holds => Status::Met,
        Some((_, Otherwise::Stands(status))) => status,
        Some((_, Otherwise::OnTheWay(demand))) if demand.holds(&compared) => Status::OnTrack,
        _ => Status::Behind,
    };
    Verdict {
        status,
        deviation: Some(&compared - &wanted),
        percent: (!wanted.is_zero())
            .then(|| &compared / &wanted * Fraction::from_integer(100.into())),
        shortfall: indicator
            .counts
            .is_some()
            .then(|| shortfall(&requirement, indicator, actual, target.compare, holds))
            .flatten(),
        rounds_to_target: !holds && printed == wanted && *value != wanted,
        by_now: by_now.filter(|_| matches!(status, Status::OnTrack | Status::Behind)),
        wanted: Some(wanted),
    }
}

/// What should stand by the end of a period: the newest milestone at or before it, else the
/// straight line, by days, from the base period's end to the due period's end.
fn by_now(target: &Target, wanted: &Fraction, period: Period) -> Option<Fraction> {
    let milestone = target
        .milestones
        .iter()
        .filter(|milestone| milestone.period.end() <= period.end())
        .max_by_key(|milestone| milestone.period.end());
    if let Some(milestone) = milestone {
        return Some(milestone.value.to_fraction());
    }
    let (true, Some(base), Some(due)) = (target.linear_path, target.base, target.due) else {
        return None;
    };
    line(&base, due, wanted, period)
}

/// What is asked on the way, at the end of a period: a milestone of that very day, else the straight
/// line up to the due period.
pub fn planned(target: &Target, period: Period) -> Option<Fraction> {
    let mut milestones = target.milestones.iter();
    if let Some(milestone) = milestones.find(|one| one.period.end() == period.end()) {
        return Some(milestone.value.to_fraction());
    }
    let (true, Some(base), Some(due)) = (target.linear_path, target.base, target.due) else {
        return None;
    };
    let wanted = Requirement::of(target)?;
    line(&base, due, wanted.limit(), period).filter(|_| period.end() <= due.end())
}

fn line(base: &Base, due: Period, wanted: &Fraction, period: Period) -> Option<Fraction> {
    let days = |to: Period| {
        let span = base.period.end().until(to.end()).ok()?;
        Some(i64::from(span.get_days()))
    };
    let (whole, gone) = (days(due)?, days(period)?);
    if gone < 0 || whole <= 0 {
        return None;
    }
    let share = Fraction::new(gone.into(), whole.into());
    let start = base.value.to_fraction();
    Some(&start + (wanted - &start) * share)
}

/// The smallest whole number of what the numerator counts that is missing (for an upper limit: too
/// many), with the denominator as it is.
fn shortfall(
    requirement: &Requirement,
    indicator: &Indicator,
    actual: &Actual,
    compare: Compare,
    holds: bool,
) -> Option<BigInt> {
    if holds {
        return Some(BigInt::zero());
    }
    let numerator = actual.numerator.as_ref()?;
    let scale = match indicator.unit {
        Unit::Count => Fraction::one(),
        Unit::Ratio => actual.denominator.clone()?,
        Unit::Percent => actual.denominator.clone()? / Fraction::from_integer(100.into()),
    };
    if !scale.is_positive() {
        return None;
    }
    let (limit, strict) = effective_limit(requirement, compare, indicator.decimals);
    let limit = limit * &scale;
    let missing = match requirement {
        Requirement::AtMost(_) => numerator - &limit,
        _ => &limit - numerator,
    };
    let count = if strict {
        floor(&missing) + 1
    } else {
        ceil(&missing)
    };
    let count = count.max(BigInt::zero());
    if compare == Compare::Exact {
        return Some(count);
    }
    Some(settle(count, requirement, indicator, actual, &scale))
}

/// What a value must reach, as it is shared out among organisations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limit {
    /// The value; where printed values are compared, the smallest that is printed as the target.
    pub value: Fraction,
    /// Values must not be above it.
    pub upper: bool,
}

/// What a target asks of a value; `None` without a base to compare with.
pub fn limit(target: &Target, decimals: u32) -> Option<Limit> {
    let requirement = Requirement::of(target)?;
    Some(Limit {
        value: effective_limit(&requirement, target.compare, decimals).0,
        upper: matches!(requirement, Requirement::AtMost(_)),
    })
}

/// Half-up rounding is not the same on both sides of zero: what the limit suggests is tried, and
/// moved to the smallest number that will do.
fn settle(
    suggested: BigInt,
    requirement: &Requirement,
    indicator: &Indicator,
    actual: &Actual,
    scale: &Fraction,
) -> BigInt {
    let Some(numerator) = &actual.numerator else {
        return suggested;
    };
    let does = |count: &BigInt| {
        let count = Fraction::from_integer(count.clone());
        let moved = match requirement {
            Requirement::AtMost(_) => numerator - count,
            _ => numerator + count,
        };
        let printed = Fixed::round(&(moved / scale), indicator.decimals);
        requirement.holds(&printed.to_fraction())
    };
    let mut count = suggested;
    while !does(&count) {
        count += 1;
    }
    while count.is_positive() && does(&(&count - 1)) {
        count -= 1;
    }
    count
}

/// The limit that the exact value must reach, and whether it must be passed. Where printed values
/// are compared, everything that rounds to the target will do.
fn effective_limit(requirement: &Requirement, compare: Compare, decimals: u32) -> (Fraction, bool) {
    let limit = requirement.limit().clone();
    if compare == Compare::Exact {
        return (limit, matches!(requirement, Requirement::MoreThan(_)));
    }
    let ulp = Fraction::new(BigInt::one(), crate::model::quantity::ten_to(decimals));
    let half = &ulp / Fraction::from_integer(2.into());
    let steps = &limit / &ulp;
    match requirement {
        Requirement::AtLeast(_) => (Fraction::from_integer(ceil(&steps)) * &ulp - half, false),
        Requirement::MoreThan(_) => (
            Fraction::from_integer(floor(&steps) + 1) * &ulp - half,
            false,
        ),
        Requirement::AtMost(_) => (Fraction::from_integer(floor(&steps)) * &ulp + half, true),
    }
}

/// A deviation as printed: rounded, with more decimals where it would look like none.
pub fn printed_deviation(deviation: &Fraction, decimals: u32) -> Fixed {
    Fixed::round_visibly(deviation, decimals)
}

/// A percentage of the target as printed, with two decimals: never 100 for a target not reached.
pub fn printed_percent(percent: &Fraction, reached: bool) -> Fixed {
    const DECIMALS: u32 = 2;
    let hundred = Fraction::from_integer(100.into());
    let rounded = Fixed::round(percent, DECIMALS);
    if reached || rounded.to_fraction() != hundred || *percent == hundred {
        return rounded;
    }
    if *percent < hundred {
        Fixed::cut(percent, DECIMALS)
    } else {
        Fixed::raise(percent, DECIMALS)
    }
}
