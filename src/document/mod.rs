//! Results → documents: tables and notes as data, which every format renders and none computes.

pub mod blank;
mod breakdown;
pub mod catalogue;
pub mod changes;
pub mod code;
pub mod explanation;
mod formula;
pub mod inspection;
mod parts;
pub mod picture;
pub mod progress;
pub mod report;

use std::borrow::Cow;

use picture::{Bar, Card, Grid};

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
    /// A heading, paragraphs in which words are marked, and lines under them.
    Words {
        /// The heading; may be empty.
        title: String,
        /// What is read as one text.
        paragraphs: Vec<Vec<Run>>,
        /// A line each.
        lines: Vec<String>,
    },
    /// A heading, and lines to be copied as they are.
    Code {
        /// The heading; may be empty.
        title: String,
        /// What they are written in.
        language: &'static str,
        /// A line each.
        lines: Vec<String>,
    },
    /// A part of a long document begins: whatever follows up to the next one belongs to it, and
    /// headings below it are one step smaller.
    Part {
        /// The heading.
        title: String,
        /// What a workbook calls its sheet; parts that follow one another with the same name share
        /// one.
        sheet: &'static str,
    },
    /// What is to be read first: a sentence each, the first one above all.
    Lead(Vec<Cell>),
    /// Targets at a glance.
    Cards(Vec<Card>),
    /// Who reported when.
    Grid(Grid),
}

/// Words of one mark. Marked words neither begin nor end with a space, so that a format may set its
/// signs right beside them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// What is read.
    pub text: String,
    /// What became of it.
    pub mark: Mark,
}

/// What became of words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// They stayed.
    Same,
    /// They went.
    Removed,
    /// They came.
    Added,
}

impl Mark {
    /// The signs about marked words where there is no other way to set them off.
    pub fn signs(self) -> (&'static str, &'static str) {
        match self {
            Mark::Same => ("", ""),
            Mark::Removed => ("[−", "−]"),
            Mark::Added => ("{+", "+}"),
        }
    }
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
    /// How many of the last rows add up those above: they are not to be sorted among them.
    pub totals: usize,
}

impl Table {
    /// The columns as they stand on paper: which of them share one, one below the other. Those of
    /// machine-readable tables are left out.
    pub fn stacks(&self, squeeze: Squeeze) -> Vec<Vec<usize>> {
        let mut stacks: Vec<Vec<usize>> = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            if column.detail {
                continue;
            }
            let host = column
                .below
                .filter(|(_, at)| *at <= squeeze)
                .and_then(|(host, _)| stacks.iter().position(|stack| stack[0] == host));
            match host {
                Some(host) => stacks[host].push(index),
                None => stacks.push(vec![index]),
            }
        }
        stacks
    }

    /// A row's texts that stand one below the other in a stack; one dash says as much as three.
    pub fn stacked<'a>(&self, row: &'a [Cell], stack: &[usize]) -> Vec<&'a str> {
        let mut texts: Vec<&str> = stack
            .iter()
            .filter_map(|&column| row.get(column))
            .map(|cell| cell.text.as_str())
            .filter(|text| !text.is_empty())
            .collect();
        let nothing = texts.iter().all(|text| *text == "—");
        while texts.len() > if nothing { 1 } else { 2 } && texts.last() == Some(&"—") {
            texts.pop();
        }
        texts
    }
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading.
    pub title: Cow<'static, str>,
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
    pub fn text(title: impl Into<Cow<'static, str>>) -> Column {
        Column {
            title: title.into(),
            figures: false,
            below: None,
            detail: false,
        }
    }

    /// A column of figures.
    pub fn figures(title: impl Into<Cow<'static, str>>) -> Column {
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

    /// Its heading; what always stands below another column needs none.
    pub fn heading(&self) -> Option<&str> {
        let own = self.below.is_none_or(|(_, at)| at != Squeeze::None);
        own.then_some(&*self.title)
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
    /// The value drawn.
    pub bar: Option<Bar>,
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
            ..Cell::default()
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
