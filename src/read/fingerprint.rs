//! What tells one content of a file from any other.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

/// A file's content, known again by it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fingerprint {
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// Reads a file to its end.
///
/// # Errors
/// It cannot be read.
pub fn of_file(path: &Path) -> io::Result<Fingerprint> {
    of(File::open(path)?)
}

/// Reads to the end.
///
/// # Errors
/// It cannot be read.
pub fn of(mut input: impl Read) -> io::Result<Fingerprint> {
    const AT_ONCE: usize = 1 << 16;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; AT_ONCE];
    let mut bytes = 0;
    loop {
        let read = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
    let digits = hash.finalize();
    Ok(Fingerprint {
        bytes,
        sha256: digits.iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standard_has_it() {
        // FIPS 180-2, appendix B.
        let of_text = |text: &str| of(text.as_bytes()).expect("read");
        assert_eq!(
            of_text("abc").sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(of_text(&"a".repeat(1_000_000)).bytes, 1_000_000);
        assert_eq!(
            of_text(&"a".repeat(1_000_000)).sha256,
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        );
    }
}
