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
}

/// How a file's text is to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// Its encoding.
    pub encoding: Encoding,
    /// Bytes of the byte order mark in front.
    pub mark: usize,
}

/// The encoding of a file by its first bytes; `whole`: they are all there is.
///
/// # Errors
/// It is not text that can be read.
pub fn encoding(head: &[u8], whole: bool, asked: Option<Encoding>) -> Result<Text, NoText> {
    if let Some(rest) = head.strip_prefix(b"\xef\xbb\xbf") {
        let mark = head.len() - rest.len();
        let encoding = asked.unwrap_or(Encoding::Utf8Bom);
        return Ok(Text { encoding, mark });
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
    let encoding = asked.unwrap_or_else(|| {
        if is_utf8(head, whole) {
            Encoding::Utf8
        } else {
            Encoding::Windows1251
        }
    });
    Ok(Text { encoding, mark: 0 })
}

/// Valid UTF-8, the last letter perhaps cut off.
fn is_utf8(head: &[u8], whole: bool) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => !whole && error.error_len().is_none() && head.len() - error.valid_up_to() < 4,
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
        assert_eq!(
            encoding(cut, true, None).map(|t| t.encoding),
            Ok(Encoding::Windows1251)
        );
    }

    #[test]
    fn excel_names_its_separator() {
        assert_eq!(declared_delimiter(b"sep=;\r\na;b"), Some(b';'));
        assert_eq!(declared_delimiter(b"SEP=,\na"), Some(b','));
        assert_eq!(declared_delimiter(b"separate"), None);
    }
}
