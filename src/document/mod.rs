//! Results → documents: tables and notes as data, which every format renders and none computes.

pub mod blank;
pub mod catalogue;
pub mod inspection;
pub mod progress;

use crate::model::quantity::Fixed;

/// What is shown: headings, tables, notes, in this order.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The heading.
    pub title: String,
    /// Lines under it.
    pub subtitle: Vec<String>,
    /// What follows.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug)]
pub enum Block {
    /// A table.
    Table(Table),
    /// A heading and lines under it.
    Notes {
        /// The heading; may be empty.
        title: String,
        /// A line each.
        lines: Vec<String>,
    },
}

/// A table. Its columns are declared here once; formats do not repeat them.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The heading; may be empty.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// Cells in the order of the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading.
    pub title: &'static str,
    /// Figures stand to the right and never wrap; texts stand to the left and do.
    pub figures: bool,
    /// Where the width is short, it stands below this column's cells instead of beside them: at the
    /// first squeeze, or only at the second.
    pub below: Option<(usize, Squeeze)>,
    /// Shown in machine-readable tables only.
    pub detail: bool,
}

impl Column {
    /// A column of text.
    pub fn text(title: &'static str) -> Column {
        Column {
            title,
            figures: false,
            below: None,
            detail: false,
        }
    }

    /// A column of figures.
    pub fn figures(title: &'static str) -> Column {
        Column {
            figures: true,
            ..Column::text(title)
        }
    }

    /// Below another column where the width is short.
    #[must_use]
    pub fn below(mut self, column: usize, squeeze: Squeeze) -> Column {
        self.below = Some((column, squeeze));
        self
    }

    /// In machine-readable tables only.
    #[must_use]
    pub fn detail(mut self) -> Column {
        self.detail = true;
        self
    }
}

/// How short of width a table is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Squeeze {
    /// Every column has room.
    None,
    /// The least important columns stand below others.
    Some,
    /// More of them do.
    More,
    /// All that can do so do.
    Full,
}

/// How a cell may be coloured; the text says the same without colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// As the rest.
    #[default]
    Plain,
    /// What was wanted.
    Good,
    /// What was not.
    Bad,
    /// To be watched.
    Uneasy,
    /// Less important.
    Faint,
}

/// A cell: what a person reads, and the number behind it.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// For people.
    pub text: String,
    /// For spreadsheets; `None` where the cell is no number.
    pub number: Option<Fixed>,
    /// Its colour.
    pub tone: Tone,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            ..Cell::default()
        }
    }

    /// A number, with what stands behind it for people.
    pub fn number(number: Fixed, unit: &str) -> Cell {
        Cell {
            text: format!("{}{unit}", number.russian()),
            number: Some(number),
            tone: Tone::Plain,
        }
    }

    /// Nothing: a dash for people.
    pub fn nothing() -> Cell {
        Cell::text("—")
    }

    /// With a colour.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Cell {
        self.tone = tone;
        self
    }
}
