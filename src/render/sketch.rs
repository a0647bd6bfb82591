//! Charts in plain characters, for terminals and for text that stays text.

use std::cmp::Ordering;

use num_traits::{Signed, Zero};

use crate::document::Tone;
use crate::document::picture::{Bar, Bullet, Series};
use crate::model::quantity::{Fixed, Fraction, floor};

/// What is there, what is not, and where it should reach to: another line than a table's.
const FULL: char = '█';
const EMPTY: char = '░';
const GOAL: char = '┃';

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const GAP: char = '·';

/// Characters of a bar in a table's cell, the goal's mark not counted.
const CELL: usize = 10;

/// A sign for where a target stands, told apart without colour.
pub fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "✓",
        Tone::Bad => "✗",
        Tone::Uneasy => "!",
        Tone::Plain => "○",
        Tone::Faint => "·",
    }
}

/// Values over time.
#[derive(Debug)]
pub struct Sparkline {
    /// A character a period.
    pub levels: String,
    /// «?» below each provisional value; nothing where there is none.
    pub marks: String,
    /// The first value, the last one, and the scale.
    pub caption: String,
}

/// The values of a series, of at most so many periods, up to the last one that has any; `None` where
/// there are fewer than two: that is no course of things.
pub fn sparkline(series: &Series, most: usize) -> Option<Sparkline> {
    let is_there = |at: &usize| series.actual.get(*at).is_some_and(Option::is_some);
    let last = (0..series.axis.len()).rfind(is_there)?;
    let begin = (last + 1).saturating_sub(most.max(2));
    let first = (begin..last).find(is_there)?;
    let shown = || series.actual[first..=last].iter();
    let goal = series.goal.as_ref().map(|goal| &goal.value);
    let values = shown().flatten().map(|point| &point.value).chain(goal);
    let low = values.clone().min_by_key(|value| value.to_fraction())?;
    let high = values.max_by_key(|value| value.to_fraction())?;
    let level = |value: &Fixed| level(&value.to_fraction(), low, high);
    let levels = shown().map(|point| point.as_ref().map_or(GAP, |point| level(&point.value)));
    let mark = |is_provisional| if is_provisional { '?' } else { ' ' };
    let marks = shown().map(|point| mark(point.as_ref().is_some_and(|point| point.provisional)));
    let marks: String = marks.collect();
    Some(Sparkline {
        levels: levels.collect(),
        marks: marks.trim_end().to_owned(),
        caption: caption(series, first, last, low, high),
    })
}

/// The goal's height is reached only by what reaches it.
fn level(value: &Fraction, low: &Fixed, high: &Fixed) -> char {
    let (low, high) = (low.to_fraction(), high.to_fraction());
    if low == high {
        return LEVELS[3];
    }
    let steps = Fraction::from(num_bigint::BigInt::from(LEVELS.len() - 1));
    LEVELS[whole(&((value - &low) * steps / (high - low)), LEVELS.len() - 1)]
}

fn caption(series: &Series, first: usize, last: usize, low: &Fixed, high: &Fixed) -> String {
    let with_unit = |value: &Fixed| format!("{}{}", value.russian(), series.unit);
    let named = |at: usize| {
        let value = series.actual[at]
            .as_ref()
            .map(|point| with_unit(&point.value));
        let period = series.axis[at].replace(' ', "\u{a0}");
        format!("{period}\u{a0}— {}", value.unwrap_or_default())
    };
    let mut caption = format!("{}, {}", named(first), named(last));
    if low != high {
        let scale = format!(
            "; высота знаков: от {} до {}",
            with_unit(low),
            with_unit(high)
        );
        caption.push_str(&scale);
    }
    if series.actual[..first].iter().any(Option::is_some) {
        caption.push_str("; более ранние значения не показаны");
    }
    let shown = &series.actual[first..=last];
    if shown.iter().flatten().any(|point| point.provisional) {
        caption.push_str("; ?\u{a0}— предварительно");
    }
    if shown.contains(&None) {
        caption.push_str(&format!("; {GAP}\u{a0}— нет данных"));
    }
    caption
}

/// One value against its goal, so many characters wide, the goal's mark among them.
pub fn bullet(bullet: &Bullet, width: usize) -> String {
    let most = bullet.most.to_fraction();
    if !most.is_positive() {
        return String::new();
    }
    let part = |value: &Fixed| value.to_fraction() / &most;
    let goal = bullet.goal.as_ref().map(|goal| part(&goal.value));
    let cells = width.saturating_sub(usize::from(goal.is_some()));
    drawn(bullet.value.as_ref().map(part), goal, cells)
}

/// A bar for a table's cell.
pub fn bar(bar: Bar) -> String {
    let part = |thousandths: u16| Fraction::new(thousandths.into(), 1000.into());
    drawn(Some(part(bar.value)), bar.goal.map(part), CELL)
}

/// Parts of a scale; what is short of the goal never touches its mark, and what is
/// beyond it never ends there.
fn drawn(value: Option<Fraction>, goal: Option<Fraction>, cells: usize) -> String {
    let scale = Fraction::from(num_bigint::BigInt::from(cells));
    let reach = |part: &Fraction| whole(&(part * &scale), cells);
    let value = value.unwrap_or_else(Fraction::zero);
    let mut filled = reach(&value);
    // A goal near nothing still has room for what is short of it.
    let goal = goal.map(|goal| (reach(&goal).max(1).min(cells), goal));
    if let Some((mark, goal)) = &goal {
        filled = match value.cmp(goal) {
            Ordering::Less => filled.min(mark - 1),
            Ordering::Equal => *mark,
            Ordering::Greater => filled.max(mark + 1).min(cells),
        };
    }
    let mut bar: Vec<char> = vec![FULL; filled];
    bar.resize(cells, EMPTY);
    if let Some((mark, _)) = goal {
        bar.insert(mark, GOAL);
    }
    bar.into_iter().collect()
}

/// The whole part, within 0 and `most`.
fn whole(value: &Fraction, most: usize) -> usize {
    let whole = floor(value);
    let whole = if whole.is_negative() { 0.into() } else { whole };
    usize::try_from(whole).map_or(most, |whole| whole.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::picture::{Goal, Point};

    fn fixed(hundredths: i64) -> Fixed {
        Fixed::new(hundredths.into(), 2)
    }

    fn goal(hundredths: i64) -> Goal {
        Goal {
            value: fixed(hundredths),
            upper: false,
            due: None,
        }
    }

    fn bar_of(value: i64, wanted: i64, most: i64) -> String {
        let own = Bullet {
            words: String::new(),
            unit: "",
            value: Some(fixed(value)),
            goal: Some(goal(wanted)),
            most: fixed(most),
            tone: Tone::Plain,
        };
        bullet(&own, 11)
    }

    #[test]
    fn what_is_short_never_touches_the_goal() {
        assert_eq!(bar_of(7844, 7845, 10000), "██████░┃░░░");
        assert_eq!(bar_of(7845, 7845, 10000), "███████┃░░░");
        assert_eq!(bar_of(7846, 7845, 10000), "███████┃█░░");
        assert_eq!(bar_of(9999, 10000, 10000), "█████████░┃");
        assert_eq!(bar_of(10000, 10000, 10000), "██████████┃");
        assert_eq!(bar_of(20000, 10000, 10000), "██████████┃");
        assert_eq!(bar_of(0, 1, 10000), "░┃░░░░░░░░░");
        assert_eq!(bar_of(-500, 0, 10000), "░┃░░░░░░░░░");
        assert_eq!(bar_of(0, 0, 0), "");
    }

    #[test]
    fn bars_of_cells_are_equally_long() {
        for (value, goal, drawn) in [
            (1000, None, "██████████"),
            (999, None, "█████████░"),
            (0, None, "░░░░░░░░░░"),
            (700, Some(701), "██████░┃░░░"),
            (2000, Some(1000), "██████████┃"),
        ] {
            assert_eq!(bar(Bar { value, goal }), drawn);
        }
    }

    fn series(values: &[Option<i64>], goal: Option<Goal>) -> Series {
        let point = |value: &Option<i64>| {
            value.map(|value| Point {
                value: fixed(value),
                provisional: value % 2 == 1,
            })
        };
        Series {
            words: String::new(),
            unit: "\u{a0}%",
            axis: (1..=values.len())
                .map(|month| format!("{month} 2025"))
                .collect(),
            actual: values.iter().map(point).collect(),
            anew: Vec::new(),
            goal,
            plan: Vec::new(),
            outlook: Vec::new(),
        }
    }

    #[test]
    fn only_what_reaches_the_goal_is_as_high() {
        let values = [None, Some(0), None, Some(9999), Some(10000), None];
        let line = sparkline(&series(&values, Some(goal(10000))), 80).expect("a line");
        assert_eq!(line.levels, "▁·▇█");
        assert_eq!(line.marks, "  ?");
        assert_eq!(
            line.caption,
            "2\u{a0}2025\u{a0}— 0,00\u{a0}%, 5\u{a0}2025\u{a0}— 100,00\u{a0}%; высота знаков: от \
             0,00\u{a0}% до 100,00\u{a0}%; ?\u{a0}— предварительно; ·\u{a0}— нет данных"
        );
    }

    #[test]
    fn what_does_not_fit_is_the_oldest() {
        let values: Vec<Option<i64>> = (0..100).map(|at| Some(at * 2)).collect();
        let line = sparkline(&series(&values, None), 8).expect("a line");
        assert_eq!(line.levels, "▁▂▃▄▅▆▇█");
        assert!(
            line.caption
                .starts_with("93\u{a0}2025\u{a0}— 1,84\u{a0}%, 100\u{a0}2025")
        );
        assert!(
            line.caption
                .ends_with("; более ранние значения не показаны")
        );
    }

    #[test]
    fn one_value_is_no_course_of_things() {
        assert!(sparkline(&series(&[None, Some(2), None], None), 80).is_none());
        assert!(sparkline(&series(&[], None), 80).is_none());
        let flat = sparkline(&series(&[Some(2), Some(2)], None), 80).expect("a line");
        assert_eq!(flat.levels, "▄▄");
        assert_eq!(
            flat.caption,
            "1\u{a0}2025\u{a0}— 0,02\u{a0}%, 2\u{a0}2025\u{a0}— 0,02\u{a0}%"
        );
    }
}
