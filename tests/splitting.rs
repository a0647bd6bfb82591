//! The splitter of delimited text, held against the `csv` crate on the same bytes.

use std::io::{self, Read};

use aleysk::read::delimited::{Quotes, Records};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// An input that gives a few bytes at a time.
struct Trickle<'a> {
    bytes: &'a [u8],
    step: usize,
}

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.len().min(self.step).min(out.len());
        out[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

/// A record as read: place, cells, quotes, and the places of the cells.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Seen {
    offset: u64,
    line: u32,
    row: u32,
    length: u64,
    cells: Vec<Vec<u8>>,
    quotes: Quotes,
    places: Vec<(std::ops::Range<u64>, u32)>,
}

/// Reads records, of which the first `head` bytes are there from the beginning.
fn read(bytes: &[u8], head: usize, step: usize, delimiter: u8) -> Vec<Seen> {
    let head = head.min(bytes.len());
    let (first, rest) = bytes.split_at(head);
    let input = Trickle { bytes: rest, step };
    let mut records = Records::new(input, first.to_vec(), 0, delimiter);
    let mut seen = Vec::new();
    while let Some(record) = records.next_record().expect("this input never fails") {
        seen.push(Seen {
            offset: record.offset,
            line: record.line,
            row: record.row,
            length: record.bytes().len() as u64,
            cells: (0..record.len())
                .map(|index| record.cell(index).into_owned())
                .collect(),
            quotes: record.quotes,
            places: (0..record.len())
                .map(|index| record.cell_place(index))
                .collect(),
        });
    }
    seen
}

/// How the `csv` crate is to write.
#[derive(Clone, Copy, Debug)]
struct Style {
    delimiter: u8,
    crlf: bool,
    always: bool,
    last_line_end: bool,
}

fn style() -> impl Strategy<Value = Style> {
    let delimiter = prop_oneof![Just(b';'), Just(b','), Just(b'\t'), Just(b'|')];
    (delimiter, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(delimiter, crlf, always, last_line_end)| Style {
            delimiter,
            crlf,
            always,
            last_line_end,
        },
    )
}

/// Cells of what hurts: separators, quotes, line breaks, letters of several bytes.
fn cell() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[a-z0-9]{1,9}".prop_map(String::into_bytes),
        2 => prop::sample::select(vec!["ё", "№ 5", "«Берёзка»", "сад", "😀"]).prop_map(|text| text.as_bytes().to_vec()),
        3 => prop::sample::select(vec![b"\"".to_vec(), b";".to_vec(), b",".to_vec(), b"\t".to_vec(), b"|".to_vec(), b" ".to_vec()]),
        2 => prop::sample::select(vec![b"\n".to_vec(), b"\r\n".to_vec(), b"\r".to_vec(), b"\"\"".to_vec(), b"\";\"".to_vec(), b"\"\n\"".to_vec()]),
        1 => prop::sample::select(vec![vec![0xff], vec![0xa0], vec![0xe8, 0xb8], vec![0]]),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn table() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    prop::collection::vec(prop::collection::vec(cell(), 1..6), 0..8)
}

/// The table written by the `csv` crate; where each record begins, and on which line.
fn write(table: &[Vec<Vec<u8>>], style: Style) -> (Vec<u8>, Vec<(u64, u32)>) {
    let mut bytes: Vec<u8> = Vec::new();
    let mut places = Vec::new();
    let mut line = 1;
    for record in table {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(style.delimiter)
            .flexible(true)
            .terminator(if style.crlf {
                csv::Terminator::CRLF
            } else {
                csv::Terminator::Any(b'\n')
            })
            .quote_style(if style.always {
                csv::QuoteStyle::Always
            } else {
                csv::QuoteStyle::Necessary
            })
            .from_writer(Vec::new());
        writer.write_record(record).expect("written to memory");
        let written = writer.into_inner().expect("written to memory");
        places.push((bytes.len() as u64, line));
        line += line_ends(&written);
        bytes.extend_from_slice(&written);
    }
    if !style.last_line_end {
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
    }
    (bytes, places)
}

fn line_ends(bytes: &[u8]) -> u32 {
    let text: Vec<char> = bytes.iter().map(|byte| char::from(*byte)).collect();
    let text: String = text.into_iter().collect();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.matches('\n').count() as u32
}

fn read_by_csv(bytes: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let records = reader.byte_records().map(|record| {
        let record = record.expect("read from memory");
        record.iter().map(<[u8]>::to_vec).collect()
    });
    records.collect()
}

/// So many cases, the same in every run; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` ask for others.
fn config(cases: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig {
        cases: match std::env::var_os("PROPTEST_CASES") {
            Some(_) => asked.cases,
            None => cases,
        },
        rng_seed: match asked.rng_seed {
            RngSeed::Random => RngSeed::Fixed(2025),
            given => given,
        },
        failure_persistence: None,
        ..asked
    }
}

proptest! {
    #![proptest_config(config(600))]

    /// Same records, same cells, right places, for any size of the reads.
    #[test]
    fn reads_what_the_csv_crate_writes(
        table in table(),
        style in style(),
        head in 0usize..60,
        step in 1usize..40,
    ) {
        let (bytes, places) = write(&table, style);
        let expected = read_by_csv(&bytes, style.delimiter);
        prop_assert_eq!(&expected, &table);
        let seen = read(&bytes, head, step, style.delimiter);
        let cells: Vec<_> = seen.iter().map(|record| record.cells.clone()).collect();
        prop_assert_eq!(cells, expected);
        for (index, (record, (offset, line))) in seen.iter().zip(&places).enumerate() {
            prop_assert_eq!(record.quotes, Quotes::Fine);
            prop_assert_eq!(record.offset, *offset);
            prop_assert_eq!(record.line, *line);
            prop_assert_eq!(record.row as usize, index + 1);
            for (cell, (range, line)) in record.cells.iter().zip(&record.places) {
                // The bytes at a cell's place are that cell, quotes and all.
                let written = &bytes[range.start as usize..range.end as usize];
                let meant = match written.strip_prefix(b"\"") {
                    Some(rest) => String::from_utf8_lossy(&rest[..rest.len() - 1])
                        .replace("\"\"", "\""),
                    None => String::from_utf8_lossy(written).into_owned(),
                };
                prop_assert_eq!(meant, String::from_utf8_lossy(cell).into_owned());
                prop_assert_eq!(*line, 1 + line_ends(&bytes[..range.start as usize]));
            }
        }
    }

    /// Whatever the bytes: the size of the reads changes nothing, no byte is lost, places are right.
    #[test]
    fn any_bytes_are_split_without_loss(
        bytes in prop::collection::vec(
            prop_oneof![
                4 => Just(b'"'), 3 => Just(b';'), 2 => Just(b'\n'), 1 => Just(b'\r'),
                2 => Just(b' '), 3 => Just(b'a'), 1 => any::<u8>(),
            ],
            0..120,
        ),
        head in 0usize..60,
        step in 1usize..40,
    ) {
        let whole = read(&bytes, bytes.len(), 1 << 20, b';');
        prop_assert_eq!(&read(&bytes, head, step, b';'), &whole);
        let mut at = 0u64;
        for (index, record) in whole.iter().enumerate() {
            let gap = &bytes[at as usize..record.offset as usize];
            let is_line_end = matches!(gap, b"\n" | b"\r" | b"\r\n");
            prop_assert!(is_line_end || (index == 0 && gap.is_empty()), "between records: {:?}", gap);
            prop_assert_eq!(record.line, 1 + line_ends(&bytes[..record.offset as usize]));
            prop_assert_eq!(record.row as usize, index + 1);
            at = record.offset + record.length;
        }
        let rest = &bytes[at as usize..];
        prop_assert!(matches!(rest, b"" | b"\n" | b"\r" | b"\r\n"), "behind the last record: {:?}", rest);
    }
}

/// Records longer than a buffer, and line ends on its edge.
#[test]
fn records_larger_than_a_buffer() {
    for length in [
        aleysk::read::delimited::BLOCK - 2,
        aleysk::read::delimited::BLOCK - 1,
        aleysk::read::delimited::BLOCK,
        aleysk::read::delimited::BLOCK + 1,
        3 * aleysk::read::delimited::BLOCK + 7,
    ] {
        for quoted in [false, true] {
            let long = if quoted {
                format!("\"{}\n\"\"\"", "x".repeat(length - 6))
            } else {
                "x".repeat(length)
            };
            let bytes = format!("a;b\r\n{long};1\r\n2;3\r\n");
            let expected = read_by_csv(bytes.as_bytes(), b';');
            let seen = read(bytes.as_bytes(), 0, usize::MAX, b';');
            let cells: Vec<_> = seen.iter().map(|record| record.cells.clone()).collect();
            assert!(cells == expected, "{length} {quoted}");
            assert_eq!(seen[2].line, if quoted { 4 } else { 3 });
        }
    }
}
