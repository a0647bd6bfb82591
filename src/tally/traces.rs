//! What is left of submissions whose figures were given up: a fingerprint, and where each stands
//! while there are few enough of them.

use super::{RecordPlace, cover, fingerprint};
use crate::model::quantity::Reported;
use crate::processor::{Way, Work, at_best};
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

    /// One for all of two, if they are the same.
    fn with(&self, other: &Each<T>) -> Option<Each<T>> {
        match (self, other) {
            (Each::Same(own), Each::Same(None)) => Some(Each::Same(*own)),
            (Each::Same(None), Each::Same(other)) => Some(Each::Same(*other)),
            (Each::Same(own), Each::Same(other)) if own == other => Some(Each::Same(*own)),
            _ => None,
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

/// Whether some organisation has left fingerprints in both.
struct Meet<'a>(&'a [u32], &'a [u32]);

impl Work for Meet<'_> {
    type Output = bool;

    #[inline(always)]
    fn with<W: Way>(self, _: W) -> bool {
        let both = self.0.iter().zip(self.1);
        both.fold(0, |met, (own, other)| {
            met | u32::from(*own != 0) & u32::from(*other != 0)
        }) != 0
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

    /// Takes those of whole reports on lines one below another of one file, up to the first of somebody
    /// of whom there is one already; tells how many.
    pub(super) fn take(
        &mut self,
        organisations: &[u32],
        prints: &[u32],
        places: &[RecordPlace],
    ) -> usize {
        if let Some(most) = organisations.iter().max() {
            super::grow(&mut self.prints, *most as usize, 0);
        }
        let mut taken = 0;
        for (organisation, print) in organisations.iter().zip(prints) {
            let own = &mut self.prints[*organisation as usize];
            if *own != 0 {
                break;
            }
            *own = *print;
            taken += 1;
        }
        let count = self.prints.len();
        for (organisation, place) in organisations[..taken].iter().zip(places) {
            let index = *organisation as usize;
            self.covers.set(index, 0, count);
            if let Some(lines) = &mut self.lines {
                self.files.set(index, place.file, count);
                super::grow(lines, index, 0);
                lines[index] = place.line;
            }
        }
        taken
    }

    /// Takes those of a part of a file at once, above whose lines so many stand, if nobody is in both
    /// and they have the same fields.
    pub(super) fn append(&mut self, part: &Traces, above: u32) -> bool {
        let (Some(covers), Some(files)) =
            (self.covers.with(&part.covers), self.files.with(&part.files))
        else {
            return false;
        };
        let room = self.prints.len().max(part.prints.len());
        self.prints.resize(room, 0);
        if at_best(Meet(&self.prints, &part.prints)) {
            return false;
        }
        if let Some(own) = &mut self.lines {
            let Some(theirs) = &part.lines else {
                return false;
            };
            own.resize(room, 0);
            self.files = files;
            let theirs = theirs.iter().zip(&part.prints);
            for (own, (line, print)) in own.iter_mut().zip(theirs) {
                if *print != 0 {
                    *own = line.saturating_add(above);
                }
            }
        }
        self.covers = covers;
        for (own, print) in self.prints.iter_mut().zip(&part.prints) {
            *own |= print;
        }
        true
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
