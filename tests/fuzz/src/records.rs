//! Records: no byte is lost, places are right, the size of the reads changes nothing, and where the
//! quotes are fine the `csv` crate reads the same.

use std::io::{self, Read};
use std::ops::Range;

use aleysk::read::delimited::{Places, Quotes, Record, Records, Spans, Words};

/// An input that gives a few bytes at a time.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.0.len().min(self.1).min(out.len());
        out[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Seen {
    offset: u64,
    line: u32,
    row: u32,
    length: usize,
    cells: Vec<Vec<u8>>,
    quotes: Quotes,
    places: Vec<(Range<u64>, u32)>,
}

impl Seen {
    fn of(record: &Record<'_>) -> Seen {
        let each = 0..record.len();
        Seen {
            offset: record.offset,
            line: record.line,
            row: record.row,
            length: record.bytes().len(),
            cells: each.clone().map(|i| record.cell(i).into_owned()).collect(),
            quotes: record.quotes,
            places: each.map(|i| record.cell_place(i)).collect(),
        }
    }
}

pub fn hold(bytes: &[u8]) {
    let Some(([choice, step, at_once], bytes)) = super::choices(bytes) else {
        return;
    };
    let delimiter = *b";\t,|\x1f"
        .get(usize::from(choice) % 5)
        .expect("one of five");
    let whole = read(Records::new(io::empty(), bytes.to_vec(), 0, delimiter).complete());
    let head = usize::from(choice >> 3).min(bytes.len());
    let trickle = Trickle(&bytes[head..], usize::from(step) + 1);
    let records = || Records::new(trickle_of(&trickle), bytes[..head].to_vec(), 0, delimiter);
    assert_eq!(read(records()), whole);
    assert_eq!(going_back(records(), usize::from(at_once)), whole);
    assert_eq!(by_lines(records(), usize::from(at_once)), whole);
    adds_up(bytes, &whole);
    as_csv_reads_it(bytes, delimiter, &whole);
    let rows = read(records().by_rows());
    for (row, record) in rows.iter().zip(&whole) {
        assert_eq!((&row.cells, row.row), (&record.cells, record.row));
        assert_eq!(row.line, row.row);
    }
}

fn trickle_of<'a>(trickle: &Trickle<'a>) -> Trickle<'a> {
    Trickle(trickle.0, trickle.1)
}

fn read(mut records: Records<impl Read>) -> Vec<Seen> {
    let mut seen = Vec::new();
    while let Some(record) = records.next_record().expect("no input errors") {
        seen.push(Seen::of(&record));
    }
    seen
}

/// The same, where it is gone back to one record in so many.
fn going_back(mut records: Records<impl Read>, each: usize) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::new();
    while let Some(record) = records.next_record().expect("no input errors") {
        let own = Seen::of(&record);
        if seen.len().is_multiple_of(each + 1) {
            records.back();
            assert_eq!(records.position(), (own.offset, own.line, own.row));
            records.look(100).expect("no input errors");
            let record = records.next_record().expect("no input errors");
            assert_eq!(record.map(|record| Seen::of(&record)), Some(own.clone()));
        }
        seen.push(own);
    }
    seen
}

/// The same, where as many lines are taken together as can be, or some of them.
fn by_lines(mut records: Records<impl Read>, choice: usize) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::new();
    let (mut spans, mut places) = (Spans::default(), Places::default());
    let mut words = Words::default();
    loop {
        // As many cells as the last record had, or another number now and then.
        let last = seen.last().map_or(1, |last| last.cells.len());
        let width = if seen.len() % 7 == 6 {
            choice % 5 + 1
        } else {
            last
        };
        let lines = records.lines(width);
        let taken = match choice % 3 {
            0 => lines.len(),
            _ => lines.len() / 2 + lines.len() % 2,
        };
        for line in 0..taken {
            let own = Seen::of(&lines.record(line, &mut spans));
            assert_eq!(own.cells.len(), width);
            for column in 0..width {
                let (start, end) = lines.places(column, &mut places)[line];
                let raw = &lines.bytes()[start as usize..end as usize];
                assert_eq!(raw, lines.cell(line, column));
                lines.words(column, &mut words);
                assert_eq!(words.lengths[line] as usize, raw.len());
                let last = words.words[line].to_be_bytes();
                let short = raw.iter().rev().zip(last);
                assert!(short.clone().all(|(byte, own)| *byte == own), "{raw:?}");
            }
            seen.push(own);
        }
        let passed = lines.passed(taken);
        records.pass(passed);
        if taken == 0 || choice.is_multiple_of(2) {
            match records.next_record().expect("no input errors") {
                Some(record) => seen.push(Seen::of(&record)),
                None => return seen,
            }
        }
    }
}

/// Records, and the line ends between them, are all there is.
fn adds_up(bytes: &[u8], records: &[Seen]) {
    let mut at = 0;
    for (index, record) in records.iter().enumerate() {
        let start = record.offset as usize;
        let gap = &bytes[at..start];
        let fits = matches!(gap, b"\n" | b"\r" | b"\r\n") || (index == 0 && gap.is_empty());
        assert!(fits, "between records: {gap:?}");
        assert_eq!(record.line, 1 + line_ends(&bytes[..start]));
        assert_eq!(record.row as usize, index + 1);
        at = start + record.length;
        for (cell, (range, line)) in record.cells.iter().zip(&record.places) {
            assert!(range.start >= record.offset && range.end as usize <= at);
            assert_eq!(*line, 1 + line_ends(&bytes[..range.start as usize]));
            let raw = &bytes[range.start as usize..range.end as usize];
            let inner = raw
                .strip_prefix(b"\"")
                .and_then(|raw| raw.strip_suffix(b"\""));
            assert!(
                raw == &cell[..] || inner.is_some_and(|inner| inner.len() >= cell.len()),
                "{raw:?} is no place of {cell:?}"
            );
        }
    }
    let rest = &bytes[at..];
    let end = rest.iter().rposition(|byte| *byte != 0x1a);
    let rest = &rest[..end.map_or(0, |end| end + 1)];
    assert!(matches!(rest, b"" | b"\n" | b"\r" | b"\r\n"), "{rest:?}");
}

fn line_ends(bytes: &[u8]) -> u32 {
    let is_end = |(at, byte): (usize, &u8)| {
        *byte == b'\r' || (*byte == b'\n' && (at == 0 || bytes[at - 1] != b'\r'))
    };
    bytes.iter().enumerate().filter(|one| is_end(*one)).count() as u32
}

fn as_csv_reads_it(bytes: &[u8], delimiter: u8, records: &[Seen]) {
    // What is forgiven here and not there: spaces behind a closing quote, what ends a file in DOS;
    // and a mark at the start, which is taken off before.
    let padded = |record: &Seen| {
        record.places.iter().any(|(range, _)| {
            let quoted = bytes.get(range.start as usize) == Some(&b'"');
            quoted && matches!(bytes.get(range.end as usize), Some(b' ' | 0))
        })
    };
    if bytes.starts_with(b"\xef\xbb\xbf")
        || bytes.ends_with(b"\x1a")
        || records
            .iter()
            .any(|r| r.quotes != Quotes::Fine || padded(r))
    {
        return;
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let expected: Vec<Vec<Vec<u8>>> = reader
        .byte_records()
        .map(|record| {
            let record = record.expect("read from memory");
            record.iter().map(<[u8]>::to_vec).collect()
        })
        .collect();
    // That crate passes over blank lines.
    let filled = records.iter().filter(|record| record.length > 0);
    let cells: Vec<Vec<Vec<u8>>> = filled.map(|record| record.cells.clone()).collect();
    assert_eq!(cells, expected);
}
