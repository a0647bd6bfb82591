//! What is seen at a glance: a target's card, a chart, the grid of who reported. Data, each with the
//! words for those who do not see it; formats draw them in their own way.

use super::{Cell, Tone};
pub use crate::assess::completeness::Arrival;
use crate::model::quantity::Fixed;

/// A target at a glance.
#[derive(Clone, Debug)]
pub struct Card {
    /// The proposal's number.
    pub number: String,
    /// The proposal's short heading.
    pub topic: String,
    /// What is measured.
    pub indicator: String,
    /// Where it stands.
    pub status: Cell,
    /// Whether figures may still change.
    pub provisional: bool,
    /// The value.
    pub actual: Cell,
    /// What is asked, how far it is away, what is missing, until when: name and figure.
    pub facts: Vec<(&'static str, Cell)>,
    /// What a reader must know of it: pace, outlook, reasons.
    pub lines: Vec<String>,
    /// Its picture.
    pub chart: Option<Chart>,
}

/// A picture of figures.
#[derive(Clone, Debug)]
pub enum Chart {
    /// Values over time, and what was wanted.
    Series(Series),
    /// One value, and what was wanted.
    Bullet(Bullet),
}

impl Chart {
    /// What it shows, in words.
    pub fn words(&self) -> &str {
        match self {
            Chart::Series(series) => &series.words,
            Chart::Bullet(bullet) => &bullet.words,
        }
    }
}

/// Values over time. `actual`, `plan` and `outlook` are as long as `axis`.
#[derive(Clone, Debug)]
pub struct Series {
    /// What it shows, in words.
    pub words: String,
    /// What stands behind a value: «\u{a0}%», or nothing.
    pub unit: &'static str,
    /// The periods, oldest first, without gaps: «дек 2025».
    pub axis: Vec<String>,
    /// The value of each, where there is one.
    pub actual: Vec<Option<Point>>,
    /// The periods from which counting starts anew: no line leads to them.
    pub anew: Vec<usize>,
    /// What is asked.
    pub goal: Option<Goal>,
    /// What is asked on the way: a line where periods that follow one another have a value, else
    /// single milestones.
    pub plan: Vec<Option<Fixed>>,
    /// Where the values lead: the last period with a value begins it, with a band of no width.
    pub outlook: Vec<Option<Band>>,
}

/// A value of one period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    /// The value as printed.
    pub value: Fixed,
    /// Whether it may still change.
    pub provisional: bool,
}

/// What is asked of a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Goal {
    /// As printed.
    pub value: Fixed,
    /// It must not be more.
    pub upper: bool,
    /// The period of the axis at whose end it must hold; `None`: at every date, or none is set.
    pub due: Option<usize>,
}

/// A value that is to be expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Band {
    /// Hardly less.
    pub low: Fixed,
    /// Most likely.
    pub middle: Fixed,
    /// Hardly more.
    pub high: Fixed,
}

/// One value against what was asked, on a scale from nothing to `most`.
#[derive(Clone, Debug)]
pub struct Bullet {
    /// What it shows, in words.
    pub words: String,
    /// What stands behind a value.
    pub unit: &'static str,
    /// The value, where there is one.
    pub value: Option<Fixed>,
    /// What is asked.
    pub goal: Option<Goal>,
    /// The end of the scale.
    pub most: Fixed,
    /// Its colour.
    pub tone: Tone,
}

/// A bar in a table's cell, in thousandths of the longest that the column can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bar {
    /// The value.
    pub value: u16,
    /// What is asked.
    pub goal: Option<u16>,
}

/// Who reported when: an organisation a row, a period a column.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The heading.
    pub title: String,
    /// The periods, oldest first.
    pub periods: Vec<String>,
    /// The organisations.
    pub rows: Vec<GridRow>,
    /// What else is to be said: how many rows are not shown.
    pub lines: Vec<String>,
}

/// An organisation's row.
#[derive(Clone, Debug)]
pub struct GridRow {
    /// The organisation.
    pub title: String,
    /// What came for each period.
    pub marks: Vec<Arrival>,
}

impl Arrival {
    /// One character, told apart without colour.
    pub fn sign(self) -> &'static str {
        match self {
            Arrival::Reported => "●",
            Arrival::Late => "◐",
            Arrival::Flawed => "◍",
            Arrival::Disputed => "≠",
            Arrival::Faulty => "!",
            Arrival::Missing => "○",
            Arrival::NotOwed => "·",
        }
    }

    /// Its colour.
    pub fn tone(self) -> Tone {
        match self {
            Arrival::Reported => Tone::Good,
            Arrival::Late | Arrival::Flawed => Tone::Uneasy,
            Arrival::Disputed | Arrival::Faulty | Arrival::Missing => Tone::Bad,
            Arrival::NotOwed => Tone::Faint,
        }
    }
}

impl Grid {
    /// The kinds of marks that it has, in the order of a legend.
    pub fn legend(&self) -> Vec<Arrival> {
        let has = |one: &Arrival| self.rows.iter().any(|row| row.marks.contains(one));
        Arrival::ALL.into_iter().filter(has).collect()
    }
}
