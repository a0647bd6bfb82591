//! Pace and outlook in words.

use num_traits::{Signed, Zero};

use super::{Report, periods};
use crate::assess::trend::{FEWEST, NoProjection, Outlook, Projection, Prospect};
use crate::document::progress::with_unit;
use crate::model::indicator::{Indicator, Unit};
use crate::model::period::Every;
use crate::model::plural::{counted, plural};
use crate::model::quantity::{Fixed, Fraction};

impl Report<'_> {
    /// What a target's card says of the way that is left.
    pub(super) fn way(
        &self,
        outlook: &Outlook,
        indicator: &Indicator,
        provisional: bool,
    ) -> Vec<String> {
        let every = self.period().every();
        let left = counted(outlook.left as u128, &periods(every));
        let needed = outlook.needed.as_ref().map(|needed| {
            format!(
                "Нужно {} {} (до срока {left})",
                pace_text(needed, indicator),
                each(every)
            )
        });
        match (&outlook.projection, needed) {
            (Ok(own), Some(needed)) => vec![
                format!("{needed}, идёт {}", pace_text(&own.pace, indicator)),
                self.prospect(outlook, own, indicator),
            ],
            (Ok(own), None) => vec![
                format!("Идёт {} {}", pace_text(&own.pace, indicator), each(every)),
                self.prospect(outlook, own, indicator),
            ],
            (Err(NoProjection::TooFew(_)), None) if provisional => {
                vec!["Темп и прогноз не посчитаны: данные неполные".to_owned()]
            }
            (Err(why), needed) => needed
                .into_iter()
                .chain([no_projection(*why, every)])
                .collect(),
        }
    }

    fn prospect(
        &self,
        outlook: &Outlook,
        projection: &Projection,
        indicator: &Indicator,
    ) -> String {
        let Some((_, expected)) = projection.expected.last() else {
            return String::new();
        };
        let shown = |value: &Fraction| with_unit(&expected_value(value, indicator), indicator);
        let [low, middle, high] = [&expected.low, &expected.middle, &expected.high].map(shown);
        // «7,1 договора».
        let unit = match (indicator.unit, &indicator.counts) {
            (Unit::Count, Some(counts)) => format!("\u{a0}{}", counts[1]),
            _ => String::new(),
        };
        let within = match low == high {
            true => String::new(),
            false => format!(" (с вероятностью 80\u{a0}% — от {low} до {high})"),
        };
        format!(
            "Если так и пойдёт (прямая через {}), к сроку ({}) будет {middle}{unit}{within}: {}",
            counted(
                projection.points as u128,
                &[
                    "новейшее значение",
                    "новейших значения",
                    "новейших значений"
                ]
            ),
            outlook.due.title(),
            match projection.prospect {
                Prospect::Likely => "цель, вероятно, будет достигнута",
                Prospect::Open => "достигнута ли будет цель, неясно",
                Prospect::Unlikely => "цель, вероятно, не будет достигнута",
            }
        )
    }
}

fn no_projection(why: NoProjection, every: Every) -> String {
    match why {
        NoProjection::TooFew(0) => "Прогноза нет: ни за один период нет полных данных".to_owned(),
        NoProjection::TooFew(count) => format!(
            "Прогноза нет: полные данные есть только за {}, а нужно хотя бы за {FEWEST}",
            counted(count as u128, &periods(every))
        ),
        NoProjection::TooFar => {
            "Прогноза нет: срок слишком далеко для тех данных, которые есть".to_owned()
        }
        NoProjection::StartsAnew => "Прогноза нет: до срока счёт начинается заново".to_owned(),
    }
}

/// A gain in one period as it is printed: «+0,40 п.п.», «+1,5 договора».
pub fn pace_text(pace: &Fraction, indicator: &Indicator) -> String {
    let fixed = pace_value(pace, indicator);
    let sign = match pace.is_negative() || fixed.is_zero() {
        true => "",
        false => "+",
    };
    let unit = match (indicator.unit, &indicator.counts) {
        (Unit::Percent, _) => "\u{a0}п.п.".to_owned(),
        (Unit::Count, Some(counts)) if pace.is_integer() => {
            let whole = pace.abs().to_integer();
            format!(
                "\u{a0}{}",
                plural(crate::model::quantity::count_of(&whole), counts)
            )
        }
        // «1,5 договора».
        (Unit::Count, Some(counts)) => format!("\u{a0}{}", counts[1]),
        _ => String::new(),
    };
    format!("{sign}{}{unit}", fixed.russian())
}

/// The same as a number.
pub fn pace_value(pace: &Fraction, indicator: &Indicator) -> Fixed {
    match pace.is_integer() && indicator.unit == Unit::Count {
        true => Fixed::round(pace, 0),
        false if pace.is_zero() => Fixed::round(pace, decimals(indicator)),
        false => Fixed::round_visibly(pace, decimals(indicator)),
    }
}

/// What is to be expected, as it is printed.
pub fn expected_value(value: &Fraction, indicator: &Indicator) -> Fixed {
    Fixed::round(value, decimals(indicator))
}

/// Digits after the comma of what is expected, or gained in a period: not a whole number, even
/// where the indicator is.
fn decimals(indicator: &Indicator) -> u32 {
    indicator.decimals.max(1)
}

fn each(every: Every) -> &'static str {
    match every {
        Every::Month => "в\u{a0}месяц",
        Every::Quarter => "в\u{a0}квартал",
        Every::HalfYear => "за\u{a0}полугодие",
        Every::Year => "в\u{a0}год",
        Every::SchoolYear => "за\u{a0}учебный год",
    }
}
