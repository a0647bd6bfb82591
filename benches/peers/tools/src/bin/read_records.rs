//! The floor of reading: every record of a file by the `csv` crate, and nothing else.
//!
//!     read_records FILE
//!
//! Prints how many records there are below the header.

use std::error::Error;
use std::fs::File;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("read_records FILE")?;
    let mut reader = csv::ReaderBuilder::new()
        .buffer_capacity(256 << 10)
        .from_reader(File::open(path)?);
    let mut record = csv::ByteRecord::new();
    let mut records = 0u64;
    while reader.read_byte_record(&mut record)? {
        records += 1;
    }
    println!("{records}");
    Ok(())
}
