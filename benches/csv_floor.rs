//! What reading all records of a file with the `csv` crate takes, and nothing else: the measure
//! for `aleysk check` on large files.
//!
//!     cargo bench --bench csv_floor -- FILE [DELIMITER]
//!
//! Prints the records, the cells and the seconds, so that the two can be run in turn and compared.

use std::error::Error;
use std::fs::File;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench");
    let Some(path) = arguments.next() else {
        println!("cargo bench --bench csv_floor -- FILE [DELIMITER]");
        return Ok(());
    };
    let delimiter = arguments
        .next()
        .and_then(|text| text.bytes().next())
        .unwrap_or(b',');
    let began = Instant::now();
    let (records, cells) = read(&path, delimiter)?;
    let seconds = began.elapsed().as_secs_f64();
    println!("{records} records, {cells} cells, {seconds:.3} s");
    Ok(())
}

fn read(path: &str, delimiter: u8) -> Result<(u64, u64), Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(256 << 10)
        .from_reader(File::open(path)?);
    let mut record = csv::ByteRecord::new();
    let (mut records, mut cells) = (0u64, 0u64);
    while reader.read_byte_record(&mut record)? {
        records += 1;
        cells += record.len() as u64;
    }
    Ok((records, cells))
}
