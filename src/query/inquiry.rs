//! What a query over the long table has to know: which reports a window sees, which are owed, how
//! each figure is folded, what each indicator and target comes to.

use std::collections::BTreeSet;

use jiff::civil::Date;
use num_bigint::BigInt;
use num_traits::One;

use super::whole::{Ratio, Whole};
use crate::assess::actual::{is_longer_at, owed_periods, window};
use crate::assess::{Asked, By, asked};
use crate::model::Plan;
use crate::model::form::{Field, FieldType, Missing, OverTime};
use crate::model::formula::{FieldRef, Formula, Operand};
use crate::model::indicator::{Indicator, Unit, Window};
use crate::model::organisation::Register;
use crate::model::period::{Every, Period};
use crate::model::quantity::{Fraction, MAX_SCALE, ten_to};
use crate::model::resolution::Resolution;

/// No window is longer than a year: means are of 1 to 12 figures, and this is divided by each.
const MEANS: u32 = 27720;

/// A report that a window holds.
pub const WITHIN: u32 = 0;

/// A report older than the window, for want of any other.
pub const EARLIER: u32 = 100;

/// What is asked, and all that it rests on.
pub struct Inquiry<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The resolution.
    pub resolution: &'a Resolution,
    /// The checked period.
    pub period: Period,
    /// Broken down how.
    pub by: Option<By>,
    /// The rows of the answer.
    pub rows: Vec<Asked>,
    /// The indicators that they are about, each once.
    pub indicators: Vec<Wanted<'a>>,
    /// The fields that any of them uses, in the order of the forms.
    pub fields: Vec<Used<'a>>,
    /// How forms are looked at.
    pub looks: Vec<Look>,
}

/// An indicator that is wanted.
pub struct Wanted<'a> {
    /// The indicator.
    pub indicator: &'a Indicator,
    /// Its index in the plan.
    pub index: usize,
    /// The forms that it uses, in order.
    pub forms: Vec<usize>,
    /// The fields that it uses, in order.
    pub fields: Vec<FieldRef>,
    /// Above the line.
    pub numerator: Ratio,
    /// Below it; `None` for a count.
    pub denominator: Option<Ratio>,
}

/// A field that some indicator uses.
pub struct Used<'a> {
    /// Which.
    pub reference: FieldRef,
    /// The field.
    pub field: &'a Field,
    /// `form.field`: the column's name in the query.
    pub path: String,
    /// A cell's figure is kept as a whole number of so many digits after the point.
    pub scale: u32,
    /// What the folded figure is a whole number of parts of.
    pub parts: BigInt,
}

/// A form and a window through which it is looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Look {
    /// The form's index.
    pub form: usize,
    /// The window.
    pub window: Window,
    /// The reports it may see: those within it, then what may stand in for them, nearest first.
    pub sees: Vec<Sight>,
    /// For want of any, the newest report that ends before this day.
    pub before: Option<Date>,
    /// The periods for which the form is owed, oldest first, each with a bit of its own.
    pub owed: Vec<(Period, u32)>,
}

/// A report that a look may see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sight {
    /// Its period.
    pub period: Period,
    /// [`WITHIN`], or its place among those that may stand in.
    pub nearness: u32,
    /// The bits of the owed periods that it is for.
    pub covers: u32,
}

/// A window's name, as `indicators.toml` has it.
pub fn window_id(window: Window) -> &'static str {
    match window {
        Window::Period => "period",
        Window::YearToDate => "year-to-date",
        Window::SchoolYearToDate => "school-year-to-date",
    }
}

impl<'a> Inquiry<'a> {
    /// Looks at all that a resolution asks for.
    pub fn new(
        plan: &'a Plan,
        resolution: &'a Resolution,
        period: Period,
        by: Option<By>,
    ) -> Inquiry<'a> {
        let rows = asked(resolution);
        let wanted: BTreeSet<usize> = rows.iter().filter_map(|row| row.indicator).collect();
        let wanted: Vec<usize> = wanted.into_iter().collect();
        let of = |index: &usize| &plan.indicators[*index];
        let references: BTreeSet<FieldRef> =
            wanted.iter().flat_map(|index| of(index).fields()).collect();
        let fields: Vec<Used<'a>> = references.into_iter().map(|one| used(plan, one)).collect();
        let mut looks: Vec<Look> = Vec::new();
        for indicator in wanted.iter().map(of) {
            for form in indicator.forms() {
                let known = |look: &Look| (look.form, look.window) == (form, indicator.window);
                if !looks.iter().any(known) {
                    looks.push(look(plan, indicator, form, period));
                }
            }
        }
        let indicators = wanted
            .iter()
            .map(|index| Wanted {
                indicator: of(index),
                index: *index,
                forms: of(index).forms(),
                fields: of(index).fields(),
                numerator: ratio(&of(index).numerator, &fields),
                denominator: of(index)
                    .denominator
                    .as_ref()
                    .map(|one| ratio(one, &fields)),
            })
            .collect();
        Inquiry {
            plan,
            resolution,
            period,
            by,
            rows,
            indicators,
            fields,
            looks,
        }
    }

    /// Who must report.
    pub fn register(&self) -> &'a Register {
        &self.plan.register
    }

    /// The forms that any indicator uses, in order.
    pub fn forms(&self) -> Vec<usize> {
        let mut forms: Vec<usize> = self
            .fields
            .iter()
            .map(|field| field.reference.form)
            .collect();
        forms.dedup();
        forms
    }

    /// The fields of a form that any indicator uses.
    pub fn fields_of(&self, form: usize) -> impl Iterator<Item = &Used<'a>> {
        self.fields
            .iter()
            .filter(move |field| field.reference.form == form)
    }

    /// The kinds that any formula counts, in order.
    pub fn counted_kinds(&self) -> BTreeSet<&'a str> {
        let all = self.indicators.iter();
        all.flat_map(|one| one.indicator.counted_kinds()).collect()
    }
}

impl<'a> Wanted<'a> {
    /// The value, of the columns `numerator` and `denominator`, which hold what is above the line in
    /// both.
    pub fn value(&self) -> Ratio {
        let column = |name: &str, of: &Ratio| {
            let bottom = match of.bottom.constant() {
                Some(_) => of.bottom.clone(),
                None => Whole::column(format!("{name}_of")),
            };
            Ratio::new(Whole::column(name), bottom)
        };
        let numerator = column("numerator", &self.numerator);
        let Some(denominator) = &self.denominator else {
            return numerator;
        };
        let hundred = Fraction::from_integer(100.into());
        let ratio = numerator.over(column("denominator", denominator));
        match self.indicator.unit {
            Unit::Percent => ratio.times(Ratio::constant(&hundred)),
            _ => ratio,
        }
    }

    /// A form is not owed by whoever is closed by the window's end: some figure of it is as of a
    /// date.
    pub fn is_as_of(&self, plan: &Plan, form: usize) -> bool {
        let own = self.fields.iter().filter(|field| field.form == form);
        let mut own = own.map(|field| plan.field(*field));
        own.any(|field| field.over_time == OverTime::Last)
    }

    /// The fields of a form without which nothing of it enters.
    pub fn needed(&self, plan: &Plan, form: usize) -> Vec<FieldRef> {
        let own = self.fields.iter().filter(|field| field.form == form);
        let own = own.filter(|field| plan.field(**field).missing == Missing::Exclude);
        own.copied().collect()
    }
}

fn used(plan: &Plan, reference: FieldRef) -> Used<'_> {
    let field = plan.field(reference);
    let scale = match field.kind {
        FieldType::Count | FieldType::Flag => 0,
        _ => u32::from(MAX_SCALE),
    };
    let means = match field.over_time {
        OverTime::Average => BigInt::from(MEANS),
        _ => BigInt::one(),
    };
    Used {
        reference,
        field,
        path: plan.field_path(reference),
        scale,
        parts: means * ten_to(scale),
    }
}

/// What a mean is multiplied by so that it is a whole number.
pub fn means() -> u32 {
    MEANS
}

/// The column that counts the organisations of a kind.
pub fn kind_column(kind: &str) -> String {
    format!("organisations({kind})")
}

fn ratio(formula: &Formula, fields: &[Used<'_>]) -> Ratio {
    Ratio::of(&formula.node, &|index| match &formula.operands[index] {
        Operand::Organisations(kind) => Ratio::new(Whole::column(kind_column(kind)), Whole::one()),
        Operand::Field(reference) => {
            let used = fields.iter().find(|used| used.reference == *reference);
            let used = used.map(|used| (used.path.clone(), used.parts.clone()));
            let (path, parts) = used.unwrap_or_default();
            Ratio::new(Whole::column(path), Whole::Constant(parts))
        }
    })
}

fn look(plan: &Plan, indicator: &Indicator, index: usize, checked: Period) -> Look {
    let form = &plan.forms[index];
    let (start, end) = window(indicator, checked);
    let owed = owed_periods(form, start, end);
    let owed: Vec<(Period, u32)> = owed.into_iter().zip((0..).map(|bit| 1 << bit)).collect();
    let sight = |period: Period, nearness: u32| {
        let covered = owed
            .iter()
            .filter(|(owed, _)| period.contains(*owed) || period == *owed);
        Sight {
            period,
            nearness,
            covers: covered.map(|(_, bit)| bit).sum(),
        }
    };
    let mut sees: Vec<Sight> = Every::ALL
        .iter()
        .flat_map(|every| Period::between(*every, start, end))
        .map(|period| sight(period, WITHIN))
        .collect();
    sees.sort_by_key(|sight| sight.period);
    let mut stand_ins: Vec<Period> = Every::ALL
        .iter()
        .flat_map(|every| [checked.start(), end].map(|day| Period::containing(*every, day)))
        .filter(|period| period.contains(checked) || is_longer_at(form, *period, checked))
        .collect();
    stand_ins.sort_by_key(|period| (period.every().months(), *period));
    stand_ins.dedup();
    let is_new = |period: &Period| !sees.iter().any(|sight| sight.period == *period);
    let stand_ins: Vec<Period> = stand_ins.into_iter().filter(is_new).collect();
    sees.extend(
        (1..)
            .zip(stand_ins)
            .map(|(nearness, period)| sight(period, nearness)),
    );
    let longer = form.every.months() > checked.every().months();
    Look {
        form: index,
        window: indicator.window,
        sees,
        before: longer.then(|| checked.start()),
        owed,
    }
}
