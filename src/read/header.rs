//! Headers: which lines name the columns. A header may take several lines, where cells of the
//! sheet were merged.

use std::io::Empty;
use std::ops::Range;

use super::cell;
use super::delimited::{Record, Records};
use super::dialect;
use super::heading;
use super::layout::{self, Context, Layout, NoLayout};
use super::unit::{self, Unit};
use super::vocabulary::{Meaning, Vocabulary};
use crate::source::{Cell, Encoding};

/// A record of the head of a file, decoded.
#[derive(Clone, Debug)]
pub struct Line {
    /// Counted from 0.
    pub record: usize,
    /// The physical line on which it begins, from 1.
    pub line: u32,
    /// The row as a spreadsheet counts it, from 1.
    pub row: u32,
    /// Where it begins, in bytes from the start of the file.
    pub offset: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its cells' texts, trimmed.
    pub texts: Vec<String>,
    /// Where its cells stand, and their physical lines.
    places: Vec<(Range<u64>, u32)>,
}

impl Line {
    fn of(record: &Record<'_>, index: usize, encoding: Encoding) -> Line {
        Line {
            record: index,
            line: record.line,
            row: record.row,
            offset: record.offset,
            bytes: record.bytes().to_vec(),
            texts: texts(record, encoding),
            places: record.cell_places().collect(),
        }
    }

    /// A cell's text; empty beyond the last cell.
    pub fn text(&self, column: usize) -> &str {
        self.texts.get(column).map_or("", String::as_str)
    }

    /// Where a cell stands.
    fn cell(&self, column: usize) -> Option<Cell> {
        let (bytes, line) = self.places.get(column)?.clone();
        Some(Cell {
            line,
            row: self.row,
            column: column as u32 + 1,
            bytes,
        })
    }

    fn is_blank(&self) -> bool {
        self.texts.iter().all(String::is_empty)
    }

    fn filled(&self) -> impl Iterator<Item = &str> {
        self.texts
            .iter()
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}

/// The texts of a record's cells, trimmed.
pub fn texts(record: &Record<'_>, encoding: Encoding) -> Vec<String> {
    (0..record.len())
        .map(|cell| cell::trim(&encoding.decode(&record.cell(cell))).to_owned())
        .collect()
}

/// The first records of a file under one separator, decoded as far as anybody has looked.
#[derive(Debug)]
pub struct Lines {
    records: Records<Empty>,
    encoding: Encoding,
    read: Vec<Line>,
}

/// Where the first of some bytes stands in its file.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// Bytes from the start of the file.
    pub offset: u64,
    /// The physical line, from 1.
    pub line: u32,
    /// The row, from 1.
    pub row: u32,
}

impl Start {
    /// The beginning of a file, behind a byte order mark of so many bytes.
    pub fn of_file(mark: usize) -> Start {
        Start {
            offset: mark as u64,
            line: 1,
            row: 1,
        }
    }
}

impl Lines {
    fn new(context: &Context<'_>, head: &[u8], start: Start, delimiter: u8) -> Lines {
        let mut records = Records::new(std::io::empty(), head.to_vec(), start.offset, delimiter)
            .complete()
            .starting_at(start.line, start.row);
        if context.sheet.is_some() {
            records = records.by_rows();
        }
        Lines {
            records,
            encoding: context.encoding,
            read: Vec::new(),
        }
    }

    /// The line with this index, where there is one.
    pub fn get(&mut self, index: usize) -> Option<&Line> {
        while self.read.len() <= index {
            match self.records.next_record() {
                Ok(Some(record)) => {
                    let line = Line::of(&record, self.read.len(), self.encoding);
                    self.read.push(line);
                }
                _ => return None,
            }
        }
        self.read.get(index)
    }

    /// Lines that have been looked at already.
    pub fn known(&self, range: Range<usize>) -> &[Line] {
        let end = range.end.min(self.read.len());
        &self.read[range.start.min(end)..end]
    }
}

/// Records looked through for a header.
pub const HEAD_RECORDS: usize = 100;

/// Bytes looked through for a header.
pub const HEAD_BYTES: usize = 128 << 10;

/// Lines and columns in which headings that are only nearly right are looked for.
const NEAR: (usize, usize) = (30, 200);

/// Lines of a header: three of merged cells, and one of units.
const MOST_LINES: usize = 4;

/// The score of a line that cannot be anything but a header: an organisation and three fields.
const CLEAR: usize = 30;

/// Lines that may be the header, under one separator.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// How much they look like one.
    pub score: usize,
    /// The first of the lines.
    pub first: usize,
    /// How many there are.
    pub rows: usize,
    /// What each column can mean.
    pub meanings: Vec<Vec<Meaning>>,
    /// What a column's figures are multiplied by.
    pub units: Vec<Unit>,
    /// The name that a column's heading is like, where it is not that name.
    pub nearly: Vec<Option<String>>,
    /// The headings; those of several lines joined.
    pub headings: Vec<String>,
}

/// Finds the header and what it means. `head` are the file's first bytes behind a byte order mark.
///
/// # Errors
/// Why the file is no report of any form.
pub fn find(context: &Context<'_>, head: &[u8], start: Start) -> Result<Layout, NoLayout> {
    if let Some(asked) = context.delimiter {
        return find_among(context, head, start, &[asked]);
    }
    if let Some(declared) = dialect::declared_delimiter(head) {
        let found = find_among(context, head, start, &[declared]);
        // «sep=,» may be left over from another export.
        if found != Err(NoLayout::NoHeader) {
            return found;
        }
    }
    find_among(context, head, start, &dialect::DELIMITERS)
}

/// The same under one of these separators.
fn find_among(
    context: &Context<'_>,
    head: &[u8],
    start: Start,
    delimiters: &[u8],
) -> Result<Layout, NoLayout> {
    let head = &head[..head.len().min(HEAD_BYTES)];
    let likely = likely(head, delimiters);
    for near in [false, true] {
        let mut best: Option<(Candidate, Lines, u8, usize)> = None;
        for &(place, delimiter) in &likely {
            let known = best.as_ref().map(|best| (best.0.score, best.3));
            if known.is_some_and(|(score, _)| score >= CLEAR)
                || memchr::memchr(delimiter, head).is_none()
            {
                continue;
            }
            let mut lines = Lines::new(context, head, start, delimiter);
            let Some(candidate) = best_candidate(context, &mut lines, near) else {
                continue;
            };
            // Of equals the one first in the list is taken.
            if known.is_none_or(|(score, first)| (candidate.score, first) > (score, place)) {
                best = Some((candidate, lines, delimiter, place));
            }
        }
        if let Some((candidate, lines, delimiter, _)) = best
            && (near || names_fields(&candidate.meanings))
        {
            return layout::understand(context, candidate, lines, delimiter, head);
        }
    }
    Err(NoLayout::NoHeader)
}

/// Bytes by which it is seen which separator is worth trying first.
const GLANCE: usize = 4 << 10;

/// The separators with their places in the list, those that stand in the first lines less than once
/// a line behind the others: under a separator that a file has not every line would be looked
/// through in vain.
fn likely(head: &[u8], delimiters: &[u8]) -> Vec<(usize, u8)> {
    let glance = &head[..head.len().min(GLANCE)];
    let lines = dialect::count(glance, |byte| byte == b'\n').max(1);
    let is_rare = |delimiter: u8| dialect::count(glance, |byte| byte == delimiter) < lines;
    let mut likely: Vec<(usize, u8)> = delimiters.iter().copied().enumerate().collect();
    likely.sort_by_cached_key(|(_, delimiter)| is_rare(*delimiter));
    likely
}

/// The layout of another table further down, whose header begins with the first record of `head`.
///
/// # Errors
/// Why it is no report of any form.
pub fn at(
    context: &Context<'_>,
    head: &[u8],
    start: Start,
    delimiter: u8,
) -> Result<Layout, NoLayout> {
    let head = &head[..head.len().min(HEAD_BYTES)];
    let mut lines = Lines::new(context, head, start, delimiter);
    let candidate = (1..=3)
        .filter_map(|rows| {
            lines.get(rows - 1)?;
            Candidate::of(context, lines.known(0..rows), false)
        })
        .max_by_key(|candidate| (candidate.score, usize::MAX - candidate.rows));
    match candidate {
        Some(candidate) => {
            let candidate = candidate.with_what_follows(context, &mut lines);
            layout::understand(context, candidate, lines, delimiter, head)
        }
        None => Err(NoLayout::NoHeader),
    }
}

/// Headings by which a header is told from a row: of a row without end no more are looked up.
const TELLING: usize = 1000;

/// Whether texts in columns name an organisation and fields: a header, whatever its place.
pub fn is_header(vocabulary: &Vocabulary, texts: &[String]) -> bool {
    let words = texts.iter().filter(|text| !text.is_empty());
    let meanings: Vec<Vec<Meaning>> = words
        .take(TELLING)
        .map(|text| vocabulary.look_up(text).0.to_vec())
        .collect();
    meanings.len() >= 2 && score(&meanings) > 0 && meanings.iter().any(|m| is_organisation(m))
}

fn names_fields(meanings: &[Vec<Meaning>]) -> bool {
    let has = |wanted: fn(&Meaning) -> bool| meanings.iter().flatten().any(wanted);
    has(|m| matches!(m, Meaning::Field(_)))
        || (has(|m| *m == Meaning::Measure) && has(|m| *m == Meaning::Value))
}

fn best_candidate(context: &Context<'_>, lines: &mut Lines, near: bool) -> Option<Candidate> {
    let mut best: Option<Candidate> = None;
    let last = if near { NEAR.0 } else { HEAD_RECORDS };
    for index in 0..last {
        if best.as_ref().is_some_and(|best| best.score >= CLEAR) || lines.get(index).is_none() {
            break;
        }
        let Some(candidate) = Candidate::of(context, lines.known(index..index + 1), near) else {
            continue;
        };
        if best
            .as_ref()
            .is_none_or(|best| candidate.score > best.score)
        {
            best = Some(candidate);
        }
    }
    let best = best?.widened(context, lines, near);
    Some(best.with_what_follows(context, lines))
}

impl Candidate {
    /// What some lines make as a header; `None` where they name too little.
    fn of(context: &Context<'_>, lines: &[Line], near: bool) -> Option<Candidate> {
        let first = lines.first()?.record;
        if lines[0].is_blank() {
            return None;
        }
        let columns = stacked(lines);
        let mut meanings = Vec::with_capacity(columns.len());
        let mut units = Vec::with_capacity(columns.len());
        let mut nearly = vec![None; columns.len()];
        for (column, parts) in columns.iter().enumerate() {
            let (mut meaning, unit) = meaning(context, parts);
            units.push(unit);
            if meaning.is_empty() && near && column < NEAR.1 {
                let like = context.vocabulary.look_nearly(&parts.join(" "));
                if let [(_, name), ..] = like[..] {
                    nearly[column] = Some(name.to_owned());
                    meaning = like.iter().map(|(meaning, _)| *meaning).collect();
                }
            }
            meanings.push(meaning);
        }
        let score = score(&meanings);
        let candidate = Candidate {
            score,
            first,
            rows: lines.len(),
            meanings,
            units,
            nearly,
            headings: columns.iter().map(|parts| parts.join(", ")).collect(),
        };
        (score > 0 && (lines.len() == 1 || candidate.is_one_header(lines))).then_some(candidate)
    }

    /// Whether several lines can be one header: the column of the organisation has its heading in
    /// one of them only, and none holds figures.
    fn is_one_header(&self, lines: &[Line]) -> bool {
        let named_once = self
            .meanings
            .iter()
            .enumerate()
            .filter(|(_, meanings)| is_organisation(meanings))
            .all(|(column, _)| {
                lines
                    .iter()
                    .filter(|line| !line.text(column).is_empty())
                    .count()
                    == 1
            });
        named_once
            && lines
                .iter()
                .all(|line| !line.is_blank() && !has_numbers(line))
    }

    /// Whether lines can be one header together, by what is known of it.
    fn can_be_one_header(&self, lines: &[Line]) -> bool {
        let filled = |column: usize| {
            let filled = |line: &&Line| !line.text(column).is_empty();
            lines.iter().filter(filled).count()
        };
        self.organisation().is_none_or(|column| filled(column) == 1)
            && lines
                .iter()
                .all(|line| !line.is_blank() && !has_numbers(line))
    }

    /// The same with lines above and below that give its columns more meaning.
    fn widened(self, context: &Context<'_>, lines: &mut Lines, near: bool) -> Candidate {
        let own = self.first;
        let mut best = self;
        for first in own.saturating_sub(2)..=own {
            for rows in (own - first + 1)..=3 {
                if lines.get(first + rows - 1).is_none() {
                    break;
                }
                let some = lines.known(first..first + rows);
                if rows == 1 || !best.can_be_one_header(some) {
                    continue;
                }
                let wider = Candidate::of(context, some, near);
                if let Some(wider) = wider.filter(|wider| wider.score > best.score) {
                    best = wider;
                }
            }
        }
        best
    }

    /// With the lines that belong to it without naming a field: «в том числе» over some columns,
    /// units below.
    fn with_what_follows(mut self, context: &Context<'_>, lines: &mut Lines) -> Candidate {
        while self.first > 0
            && self.rows < MOST_LINES
            && self.is_group_line(&lines.known(self.first - 1..self.first)[0])
        {
            self.take_in(context, lines, self.first - 1..self.first + self.rows);
        }
        while self.rows < MOST_LINES {
            let next = self.first + self.rows;
            let belongs = lines
                .get(next)
                .is_some_and(|line| self.is_continuation(line));
            if !belongs {
                break;
            }
            self.take_in(context, lines, self.first..next + 1);
        }
        self
    }

    fn take_in(&mut self, context: &Context<'_>, lines: &Lines, range: Range<usize>) {
        let lines = lines.known(range.clone());
        let columns = stacked(lines);
        for (column, parts) in columns.iter().enumerate() {
            if self.meanings.len() <= column {
                let (meaning, unit) = meaning(context, parts);
                self.meanings.push(meaning);
                self.units.push(unit);
                self.nearly.push(None);
            }
        }
        let below = lines
            .last()
            .filter(|line| line.record > self.first + self.rows - 1);
        for (column, parts) in columns.iter().enumerate() {
            let own = below.map_or("", |line| line.text(column));
            if !own.is_empty() && parts.len() > 1 && !heading::adds_nothing(own) {
                // «план» below a field's name is another thing than the field.
                (self.meanings[column], self.units[column]) = meaning(context, parts);
                self.nearly[column] = None;
            }
        }
        for (column, parts) in columns.iter().enumerate() {
            // «тыс. чел.» in a line of its own.
            let own = parts.last().and_then(|text| unit::beside(text));
            if let Some(unit) = own.filter(|_| parts.len() > 1 && self.units[column] == Unit::ONE) {
                self.units[column] = unit;
            }
        }
        self.headings = columns.iter().map(|parts| parts.join(", ")).collect();
        self.first = range.start;
        self.rows = range.len();
    }

    fn organisation(&self) -> Option<usize> {
        self.meanings
            .iter()
            .position(|meanings| is_organisation(meanings))
    }

    /// A line above that groups columns: nothing over the organisation, words over several others.
    fn is_group_line(&self, line: &Line) -> bool {
        self.organisation().is_some_and(|column| {
            line.texts[..=column.min(line.texts.len() - 1)]
                .iter()
                .all(String::is_empty)
        }) && line.filled().count() >= 2
            && !has_numbers(line)
    }

    /// A line below that goes on: nothing under the organisation, words and no figures elsewhere.
    fn is_continuation(&self, line: &Line) -> bool {
        self.organisation()
            .is_some_and(|column| line.text(column).is_empty())
            && line.texts.len() <= self.headings.len()
            && line.filled().count() >= 2
            && line
                .texts
                .iter()
                .zip(&self.meanings)
                .all(|(text, meanings)| {
                    text.is_empty() || !matches!(meanings[..], [Meaning::Number])
                })
            && line
                .filled()
                .all(|text| is_year(text) || (is_wording(text) && cell::read_flag(text).is_none()))
    }

    /// Where the heading of a column stands.
    pub fn cell(&self, lines: &Lines, column: usize) -> Option<Cell> {
        let lines = lines.known(self.first..self.first + self.rows);
        let own = lines
            .iter()
            .rev()
            .find(|line| !line.text(column).is_empty());
        own.or(lines.first())?.cell(column)
    }
}

/// A year above a column of figures.
fn is_year(text: &str) -> bool {
    matches!(text.as_bytes(), [b'2', b'0', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit())
}

/// Words: not a figure, a dash or another sign that nothing is reported.
fn is_wording(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !cell::is_nothing(text)
}

fn has_numbers(line: &Line) -> bool {
    line.filled()
        .any(|text| cell::plain_number(text, Unit::ONE).is_some())
}

fn is_organisation(meanings: &[Meaning]) -> bool {
    meanings
        .iter()
        .any(|meaning| matches!(meaning, Meaning::Organisation(_)))
}

/// The headings over each column from top to bottom. A cell merged over several columns stands in
/// the first of them: it is drawn to the right over those that have headings of their own below.
fn stacked(lines: &[Line]) -> Vec<Vec<String>> {
    let width = lines.iter().map(|line| line.texts.len()).max().unwrap_or(0);
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); width];
    for (index, line) in lines.iter().enumerate() {
        let below = &lines[index + 1..];
        let mut merged = "";
        for (column, parts) in columns.iter_mut().enumerate() {
            let own = line.text(column);
            let goes_on = below.iter().any(|line| !line.text(column).is_empty());
            if !own.is_empty() {
                merged = own;
            } else if !goes_on {
                merged = "";
            }
            let text = if own.is_empty() { merged } else { own };
            if !text.is_empty() && parts.last().is_none_or(|last| last != text) {
                parts.push(text.to_owned());
            }
        }
    }
    columns
}

/// What the headings over a column mean: all of them together, else the lowest alone, else the
/// lowest with the one above it.
fn meaning(context: &Context<'_>, parts: &[String]) -> (Vec<Meaning>, Unit) {
    let vocabulary = context.vocabulary;
    let Some(last) = parts.last() else {
        return (Vec::new(), Unit::ONE);
    };
    let lowest = std::iter::once(last.clone());
    let all = [" ", ", "].map(|between| parts.join(between));
    let some = (1..parts.len().saturating_sub(1)).map(|from| parts[from..].join(" "));
    all.into_iter()
        .chain(lowest)
        .chain(some)
        .map(|heading| {
            let (meanings, unit) = vocabulary.look_up(&heading);
            (meanings.to_vec(), unit)
        })
        .find(|(meanings, _)| !meanings.is_empty())
        .unwrap_or((Vec::new(), Unit::ONE))
}

/// How much columns look like a header: 0 for those that name too little.
fn score(meanings: &[Vec<Meaning>]) -> usize {
    let has = |wanted: fn(&Meaning) -> bool| meanings.iter().any(|m| m.iter().any(wanted));
    let organisation = has(|m| matches!(m, Meaning::Organisation(_)));
    let long = has(|m| *m == Meaning::Measure) && has(|m| *m == Meaning::Value);
    let fields = meanings
        .iter()
        .filter(|m| m.iter().any(|m| matches!(m, Meaning::Field(_))))
        .count();
    let other = meanings
        .iter()
        .filter(|m| !m.is_empty() && !m.iter().any(|m| matches!(m, Meaning::Field(_))))
        .count();
    match (organisation, fields) {
        (true, _) if long => 1000 + other,
        (false, _) if long => 2 + other,
        (true, 0) if meanings.len() < 2 => 0,
        (true, fields) => 10 * fields + other,
        (false, 0 | 1) => 0,
        (false, fields) => fields,
    }
}
