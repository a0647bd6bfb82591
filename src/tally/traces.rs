//! What is left of submissions whose figures were given up: a fingerprint, and where each stands
//! while there are few enough of them.

use super::{RecordPlace, cover, fingerprint};
use crate::model::quantity::Reported;
use crate::source::FileId;

/// What is left of one submission.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Trace {
    /// A fingerprint of the figures; never 0.
    pub(super) print: u32,
    /// Which fields it has, in eight bits.
    cover: u8,
    /// The line on which it begins; 0 where that is forgotten.
    line: u32,
    /// Its file.
    file: FileId,
}

/// One for each organisation, or one for all while they are the same.
#[derive(Clone, Debug)]
enum Each<T> {
    Same(Option<T>),
    Own(Vec<T>),
}

/// What is left of one period's submissions, by organisation.
#[derive(Clone, Debug)]
pub(super) struct Traces {
    /// 0 where nothing came.
    prints: Vec<u32>,
    covers: Each<u8>,
    files: Each<FileId>,
    /// `None`: forgotten.
    lines: Option<Vec<u32>>,
}

impl<T: Copy + PartialEq> Each<T> {
    fn get(&self, index: usize) -> Option<T> {
        match self {
            Each::Same(all) => *all,
            Each::Own(each) => each.get(index).copied(),
        }
    }

    /// Of so many.
    #[inline(always)]
    fn set(&mut self, index: usize, value: T, count: usize) {
        if !matches!(self, Each::Same(Some(all)) if *all == value) {
            self.set_apart(index, value, count);
        }
    }

    #[cold]
    fn set_apart(&mut self, index: usize, value: T, count: usize) {
        match self {
            Each::Same(None) => *self = Each::Same(Some(value)),
            Each::Same(Some(all)) => {
                let mut each = vec![*all; count];
                each[index] = value;
                *self = Each::Own(each);
            }
            Each::Own(each) => {
                super::grow(each, index, value);
                each[index] = value;
            }
        }
    }
}

impl Trace {
    #[inline(always)]
    pub(super) fn of(values: &[Reported], place: RecordPlace) -> Trace {
        Trace {
            print: fingerprint(values),
            cover: cover(values),
            line: place.line,
            file: place.file,
        }
    }

    /// Whether two reports have the same fields, so that they can be compared at all.
    pub(super) fn is_comparable(self, other: Trace) -> bool {
        self.cover == other.cover
    }

    /// As much of the place as is left: enough for a message.
    pub(super) fn place(self) -> RecordPlace {
        RecordPlace {
            file: self.file,
            offset: 0,
            line: self.line,
            row: 0,
        }
    }
}

impl Traces {
    /// Of so many organisations nothing; `places`: where each stands is to be kept.
    pub(super) fn new(organisations: usize, places: bool) -> Traces {
        Traces {
            prints: vec![0; organisations],
            covers: Each::Same(None),
            files: Each::Same(None),
            lines: places.then(|| vec![0; organisations]),
        }
    }

    /// Whether anything came of an organisation.
    #[inline]
    pub(super) fn has(&self, organisation: u32) -> bool {
        let print = self.prints.get(organisation as usize);
        print.is_some_and(|print| *print != 0)
    }

    /// What is left of an organisation's.
    pub(super) fn get(&self, organisation: u32) -> Option<Trace> {
        let index = organisation as usize;
        let print = *self.prints.get(index).filter(|print| **print != 0)?;
        Some(Trace {
            print,
            cover: self.covers.get(index).unwrap_or_default(),
            line: self.lines.as_ref().map_or(0, |lines| lines[index]),
            file: self.files.get(index).unwrap_or(FileId(0)),
        })
    }

    /// Puts one in the place of what there was.
    #[inline(always)]
    pub(super) fn set(&mut self, organisation: u32, trace: Trace) {
        let index = organisation as usize;
        super::grow(&mut self.prints, index, 0);
        self.prints[index] = trace.print;
        let count = self.prints.len();
        self.covers.set(index, trace.cover, count);
        if let Some(lines) = &mut self.lines {
            self.files.set(index, trace.file, count);
            super::grow(lines, index, 0);
            lines[index] = trace.line;
        }
    }

    /// Each with its organisation.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Trace)> + '_ {
        (0..self.prints.len() as u32)
            .filter_map(|organisation| Some((organisation, self.get(organisation)?)))
    }

    /// Its lines were counted from the top of a part, above which so many stand.
    pub(super) fn move_down(&mut self, more: u32) {
        for line in self.lines.iter_mut().flatten() {
            *line = line.saturating_add(more);
        }
    }

    /// Bytes that could be given up by forgetting where each stands.
    pub(super) fn bytes_of_places(&self) -> usize {
        size_of::<u32>() * self.prints.len()
    }

    /// Forgets where each stands.
    pub(super) fn forget_places(&mut self) {
        self.lines = None;
        self.files = Each::Same(None);
    }
}
