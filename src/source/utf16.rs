//! UTF-16 as UTF-8: separators, quotes, line ends and digits can then be found in the bytes.
//!
//! Within the program a place in such a file is a place in its text as UTF-8. Where that text can
//! be taken up again is noted on the way, so that a line far down is shown without reading all that
//! stands above it.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use super::Encoding;

/// Bytes of the file that are turned into text at a time.
const CHUNK: usize = 32 << 10;

/// Bytes of text from one step to the next.
const STRIDE: u64 = 64 << 10;

/// Where the text of a UTF-16 file can be taken up again: bytes of text, and the bytes of the file
/// that make them. Shared between whoever reads the file and whoever shows a part of it.
#[derive(Clone, Debug, Default)]
pub struct Steps(Arc<Mutex<Vec<(u64, u64)>>>);

impl Steps {
    fn note(&self, text: u64, file: u64) {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if steps.last().is_none_or(|(last, _)| text >= last + STRIDE) {
            steps.push((text, file));
        }
    }

    /// The last step at or before a byte of the text.
    pub(super) fn before(&self, text: u64) -> (u64, u64) {
        let steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = steps.partition_point(|(step, _)| *step <= text);
        behind.checked_sub(1).map_or((0, 0), |last| steps[last])
    }
}

/// Reads UTF-16 as UTF-8. What is no letter (half a pair, an odd last byte) becomes U+FFFD.
#[derive(Debug)]
pub struct Utf16<R> {
    input: R,
    encoding: Encoding,
    /// Read and not yet turned into text.
    raw: Vec<u8>,
    /// Where `raw` begins, in bytes of the file.
    file: u64,
    text: Vec<u8>,
    /// So many bytes of `text` have been given.
    given: usize,
    /// Where `text` ends, in bytes of the text.
    written: u64,
    ended: bool,
    steps: Option<Steps>,
}

impl<R: Read> Utf16<R> {
    /// Reads `input`, which begins at byte `file` of a file in this encoding and at byte `text` of
    /// its text.
    pub fn new(
        input: R,
        encoding: Encoding,
        file: u64,
        text: u64,
        steps: Option<Steps>,
    ) -> Utf16<R> {
        Utf16 {
            input,
            encoding,
            raw: Vec::new(),
            file,
            text: Vec::new(),
            given: 0,
            written: text,
            ended: false,
            steps,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let carried = self.raw.len();
        self.raw.resize(CHUNK, 0);
        let read = self.input.read(&mut self.raw[carried..]);
        self.raw
            .truncate(carried + read.as_ref().map_or(0, |count| *count));
        self.ended = read? == 0;
        if let Some(steps) = &self.steps {
            steps.note(self.written, self.file);
        }
        let whole = if self.ended {
            self.raw.len()
        } else {
            whole_letters(&self.raw, self.encoding)
        };
        let text = decode(&self.raw[..whole], self.encoding);
        self.text.clear();
        self.text.extend_from_slice(text.as_bytes());
        self.given = 0;
        self.written += self.text.len() as u64;
        self.file += whole as u64;
        self.raw.drain(..whole);
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = out.len().min(self.text.len() - self.given);
        out[..count].copy_from_slice(&self.text[self.given..][..count]);
        self.given += count;
        Ok(count)
    }
}

fn decode(bytes: &[u8], encoding: Encoding) -> std::borrow::Cow<'_, str> {
    let encoding = match encoding {
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        _ => encoding_rs::UTF_16LE,
    };
    encoding.decode_without_bom_handling(bytes).0
}

/// The value of two bytes.
pub fn unit(pair: [u8; 2], encoding: Encoding) -> u16 {
    match encoding {
        Encoding::Utf16Be => u16::from_be_bytes(pair),
        _ => u16::from_le_bytes(pair),
    }
}

/// How many bytes in front make whole letters: no odd byte at the end, nor half a pair.
fn whole_letters(bytes: &[u8], encoding: Encoding) -> usize {
    let even = bytes.len() & !1;
    let halved = bytes[..even]
        .last_chunk()
        .is_some_and(|last| (0xd800..0xdc00).contains(&unit(*last, encoding)));
    even - if halved { 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn bytes(text: &str, encoding: Encoding) -> Vec<u8> {
        let units = text.encode_utf16();
        units
            .flat_map(|unit| match encoding {
                Encoding::Utf16Be => unit.to_be_bytes(),
                _ => unit.to_le_bytes(),
            })
            .collect()
    }

    /// An input that gives so many bytes at a time.
    struct Trickle<R>(R, usize);

    impl<R: Read> Read for Trickle<R> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = out.len().min(self.1);
            self.0.read(&mut out[..count])
        }
    }

    fn read(bytes: &[u8], encoding: Encoding, at_a_time: usize) -> String {
        let mut text = String::new();
        let input = Trickle(Cursor::new(bytes), at_a_time);
        Utf16::new(input, encoding, 0, 0, None)
            .read_to_string(&mut text)
            .expect("UTF-8");
        text
    }

    #[test]
    fn letters_of_any_length_in_reads_of_any_size() {
        let text = "Сад № 5;ёж\r\n😀;z\n";
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            let whole = bytes(text, encoding);
            for at_a_time in 1..9 {
                assert_eq!(read(&whole, encoding, at_a_time), text, "{at_a_time}");
                let odd = [&whole[..], b"x"].concat();
                assert_eq!(read(&odd, encoding, at_a_time), format!("{text}\u{fffd}"));
                let halved = &whole[..whole.len() - 8];
                assert_eq!(
                    read(halved, encoding, at_a_time),
                    text.replace("😀;z\n", "\u{fffd}")
                );
            }
        }
        let lone = [0x3d, 0xd8, b'a', 0];
        assert_eq!(read(&lone, Encoding::Utf16Le, 3), "\u{fffd}a");
    }

    #[test]
    fn text_is_taken_up_again_at_each_step() {
        let line = "Сад № 5 😀;1\r\n";
        let text = line.repeat(40_000);
        let file = bytes(&text, Encoding::Utf16Be);
        let steps = Steps::default();
        let mut reader = Utf16::new(&file[..], Encoding::Utf16Be, 0, 0, Some(steps.clone()));
        let mut read = String::new();
        reader.read_to_string(&mut read).expect("UTF-8");
        assert_eq!(read, text);
        let noted = steps.0.lock().expect("free").clone();
        assert!(noted.len() > text.len() / (2 * STRIDE as usize));
        for (at, from) in noted {
            assert_eq!(steps.before(at + 1), (at, from));
            let rest = &file[from as usize..][..200];
            let again = read_whole(rest);
            assert!(text[at as usize..].starts_with(&again), "{at}");
        }
    }

    fn read_whole(bytes: &[u8]) -> String {
        let text = read(bytes, Encoding::Utf16Be, 64);
        text.trim_end_matches('\u{fffd}').to_owned()
    }
}
