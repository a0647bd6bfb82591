//! Dialects: which letters a file's bytes make, and what sets its cells apart.

use crate::source::Encoding;

/// What cannot be read as a table of text, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoText {
    /// A spreadsheet's own file.
    Workbook,
    /// UTF-16.
    Utf16,
    /// Zero bytes or control characters all over: no text at all.
    Binary,
    /// Letters of another Russian code page: CP866 or that of the Mac.
    OtherCodePage,
}

/// How a file's text is to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// Its encoding.
    pub encoding: Encoding,
    /// Bytes of the byte order mark in front.
    pub mark: usize,
    /// Where the first byte stands that is no letter of this encoding.
    pub spoilt: Option<usize>,
}

/// The encoding of a file by its first bytes; `whole`: they are all there is.
///
/// # Errors
/// It is not text that can be read.
pub fn encoding(head: &[u8], whole: bool, asked: Option<Encoding>) -> Result<Text, NoText> {
    if let Some(rest) = head.strip_prefix(b"\xef\xbb\xbf") {
        let mark = head.len() - rest.len();
        let encoding = asked.unwrap_or(Encoding::Utf8Bom);
        let spoilt = first_spoilt(encoding, head, whole);
        return Ok(Text {
            encoding,
            mark,
            spoilt,
        });
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(NoText::Workbook);
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err(NoText::Utf16);
    }
    let strange = head
        .iter()
        .filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a))
        .count();
    if strange * 20 > head.len() {
        return Err(NoText::Binary);
    }
    let encoding = match asked {
        Some(asked) => asked,
        None if is_mostly_utf8(head) => Encoding::Utf8,
        None if is_windows_1251(head) => Encoding::Windows1251,
        None => return Err(NoText::OtherCodePage),
    };
    Ok(Text {
        encoding,
        mark: 0,
        spoilt: first_spoilt(encoding, head, whole),
    })
}

/// Of the letters beyond ASCII nearly all are UTF-8: a few spoilt bytes do not make another
/// encoding of it.
fn is_mostly_utf8(head: &[u8]) -> bool {
    let (mut letters, mut spoilt) = (0usize, 0usize);
    let mut chunks = head.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        let valid = chunk.valid().chars();
        letters += valid.filter(|letter| !letter.is_ascii()).count();
        // The last letter may be cut off.
        let cut = chunks.peek().is_none()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        if !cut {
            spoilt += chunk.invalid().len();
        }
    }
    spoilt * 20 <= letters
}

/// Russian letters stand from 0xC0 up in Windows-1251; in CP866 most of them, and on the Mac the
/// capitals, stand from 0x80 up, where Windows-1251 has signs that are rare in any text.
fn is_windows_1251(head: &[u8]) -> bool {
    let high = head.iter().filter(|byte| **byte >= 0x80).count();
    let rare = head
        .iter()
        .filter(|byte| {
            matches!(byte, 0x80..=0x9f | 0xa1..=0xaf)
                && !matches!(byte, 0x84 | 0x85 | 0x91..=0x97 | 0xa8 | 0xab)
        })
        .count();
    rare * 8 <= high
}

/// Where the first byte stands that means nothing in UTF-8; the last letter may be cut off.
fn first_spoilt(encoding: Encoding, head: &[u8], whole: bool) -> Option<usize> {
    if encoding == Encoding::Windows1251 {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(_) => None,
        Err(error) if !whole && error.error_len().is_none() => None,
        Err(error) => Some(error.valid_up_to()),
    }
}

/// The characters that may set cells apart, the likeliest first.
pub const DELIMITERS: [u8; 4] = *b";\t,|";

/// The separator named by a first line `sep=;`, as Excel understands it.
pub fn declared_delimiter(head: &[u8]) -> Option<u8> {
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let line = line.strip_suffix(b"\"").unwrap_or(line);
    match line {
        [s, e, p, b'=', delimiter] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => {
            Some(*delimiter)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_by_their_bytes() {
        let read =
            |bytes: &[u8]| encoding(bytes, true, None).map(|text| (text.encoding.id(), text.mark));
        assert_eq!(read("a;b".as_bytes()), Ok(("utf-8", 0)));
        assert_eq!(read("сад;1".as_bytes()), Ok(("utf-8", 0)));
        assert_eq!(read("\u{feff}сад".as_bytes()), Ok(("utf-8-bom", 3)));
        assert_eq!(read(b"\xf1\xe0\xe4;1"), Ok(("windows-1251", 0)));
        assert_eq!(read(b"PK\x03\x04zip"), Err(NoText::Workbook));
        assert_eq!(read(b"\xff\xfea\0"), Err(NoText::Utf16));
        assert_eq!(read(&[0, 1, 2, 3, 4]), Err(NoText::Binary));
        assert_eq!(read(b""), Ok(("utf-8", 0)));
        // A letter cut in two at the end of the head.
        let cut = &"сад".as_bytes()[..5];
        assert_eq!(
            encoding(cut, false, None).map(|t| t.encoding),
            Ok(Encoding::Utf8)
        );
        let whole = encoding(cut, true, None).expect("text");
        assert_eq!((whole.encoding, whole.spoilt), (Encoding::Utf8, Some(4)));
        // One spoilt byte does not make another encoding.
        let mut spoilt = "название детского сада".as_bytes().to_vec();
        spoilt.push(0xff);
        let read = encoding(&spoilt, true, None).expect("text");
        assert_eq!(
            (read.encoding, read.spoilt),
            (Encoding::Utf8, Some(spoilt.len() - 1))
        );
        // «Детский сад» in CP866.
        let dos = b"\x84\xa5\xe2\xe1\xaa\xa8\xa9 \xe1\xa0\xa4 \x8e\x90\x80\x8d\x83\x85";
        assert_eq!(encoding(dos, true, None), Err(NoText::OtherCodePage));
    }

    #[test]
    fn excel_names_its_separator() {
        assert_eq!(declared_delimiter(b"sep=;\r\na;b"), Some(b';'));
        assert_eq!(declared_delimiter(b"SEP=,\na"), Some(b','));
        assert_eq!(declared_delimiter(b"separate"), None);
    }
}
