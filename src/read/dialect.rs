//! Dialects: which letters a file's bytes make, and what sets its cells apart.

use std::io::{self, Read};
use std::str::Utf8Error;

use super::letters;
use crate::source::{Encoding, Steps, Utf16, unit};

/// What cannot be read as a table of text, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoText {
    /// A spreadsheet's own file.
    Workbook,
    /// Zero bytes or control characters all over: no text at all.
    Binary,
}

/// How a file's text is to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// Its encoding.
    pub encoding: Encoding,
    /// Where the letters do not tell it surely: the next best, which reads something else.
    pub rival: Option<Encoding>,
    /// Bytes of the byte order mark in front.
    pub mark: usize,
    /// Where the first byte stands that is no letter of this encoding.
    pub spoilt: Option<usize>,
    /// Where the first zero byte stands.
    pub zero: Option<usize>,
}

/// The first bytes of a file, by which it is understood.
pub const HEAD: usize = 1 << 20;

/// A file whose letters are understood, and its first bytes: as they stand in it, or as UTF-8 where
/// they are UTF-16, without the byte order mark then.
pub struct Beginning<'a> {
    /// How its text is to be read.
    pub text: Text,
    /// The first bytes.
    pub head: Vec<u8>,
    /// They are all there is.
    pub whole: bool,
    /// The rest of it.
    pub rest: Box<dyn Read + 'a>,
    /// Where the text of a UTF-16 file can be taken up again.
    pub steps: Option<Steps>,
}

/// Reads the beginning of a file, and finds its encoding unless it is asked for; `length`: how long it
/// is, where that is known.
///
/// # Errors
/// It cannot be read, or is not text.
pub fn begin<'a>(
    mut input: Box<dyn Read + 'a>,
    length: Option<u64>,
    asked: Option<Encoding>,
) -> io::Result<Result<Beginning<'a>, NoText>> {
    let mut head = first_bytes(&mut input, length)?;
    let whole = head.len() < HEAD;
    let mut text = match encoding(&head, whole, asked) {
        Ok(text) => text,
        Err(reason) => return Ok(Err(reason)),
    };
    if !text.encoding.is_utf16() {
        return Ok(Ok(Beginning {
            text,
            head,
            whole,
            rest: input,
            steps: None,
        }));
    }
    head.drain(..text.mark);
    let steps = Steps::default();
    let input = io::Cursor::new(head).chain(input);
    let mark = text.mark as u64;
    let mut input = Utf16::new(input, text.encoding, mark, 0, Some(steps.clone()));
    let head = first_bytes(&mut input, None)?;
    text.mark = 0;
    text.spoilt = memchr::memmem::find(&head, "\u{fffd}".as_bytes());
    text.zero = memchr::memchr(0, &head);
    Ok(Ok(Beginning {
        text,
        whole: head.len() < HEAD,
        head,
        rest: Box::new(input),
        steps: Some(steps),
    }))
}

/// Room for most files, so that they are read at one go.
const ROOM: usize = 64 << 10;

fn first_bytes(input: &mut dyn Read, length: Option<u64>) -> io::Result<Vec<u8>> {
    // What the system makes up as it is read is said to be empty.
    let length = length.filter(|length| *length > 0);
    let length = length.and_then(|length| usize::try_from(length).ok());
    // Room is filled with zeros before it is read into.
    let mut head = Vec::with_capacity(length.unwrap_or(ROOM).min(ROOM));
    input.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// The byte order marks.
const MARKS: [(&[u8], Encoding); 3] = [
    (b"\xef\xbb\xbf", Encoding::Utf8Bom),
    (b"\xff\xfe", Encoding::Utf16Le),
    (b"\xfe\xff", Encoding::Utf16Be),
];

/// The encoding of a file by its first bytes; `whole`: they are all there is. A byte order mark
/// goes before what is asked for: no text of another encoding begins so.
fn encoding(head: &[u8], whole: bool, asked: Option<Encoding>) -> Result<Text, NoText> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(NoText::Workbook);
    }
    let marked = MARKS.iter().find(|(mark, _)| head.starts_with(mark));
    let mut text = Text {
        encoding: Encoding::Utf8,
        rival: None,
        mark: marked.map_or(0, |(mark, _)| mark.len()),
        spoilt: None,
        zero: memchr::memchr(0, head),
    };
    let told = marked.map(|(_, encoding)| *encoding).or(asked);
    if let Some(encoding) = told.or_else(|| utf16(head)).filter(|told| told.is_utf16()) {
        text.encoding = encoding;
        let units = head[text.mark..].as_chunks().0;
        return if is_text(units.iter().map(|pair| unit(*pair, encoding))) {
            Ok(text)
        } else {
            Err(NoText::Binary)
        };
    }
    let is_any = match text.zero {
        Some(_) => is_text(head.iter().map(|byte| u16::from(*byte))),
        None => is_text_without_zeros(head),
    };
    if !is_any {
        return Err(NoText::Binary);
    }
    let utf8 = std::str::from_utf8(head);
    match told {
        Some(told) => text.encoding = told,
        None if utf8.is_ok() || is_mostly_utf8(head) => {}
        None => {
            let guess = letters::guess(head);
            text.encoding = guess.encoding;
            text.rival = guess.rival;
        }
    }
    if text.encoding.is_read_as_utf8() {
        text.spoilt = first_spoilt(utf8, whole);
    }
    Ok(text)
}

/// UTF-16 without a byte order mark: nearly every second byte is the higher one of a Latin or
/// Russian letter, 0 or 4, which no other text has at all. Which second byte tells the order.
fn utf16(head: &[u8]) -> Option<Encoding> {
    memchr::memchr2(0, 4, head)?;
    let pairs: &[[u8; 2]] = head.as_chunks().0;
    let high = |byte: u8| matches!(byte, 0 | 4);
    let count = |place: usize| pairs.iter().filter(|pair| high(pair[place])).count();
    let (first, second) = (count(0), count(1));
    let is_nearly_all = |count: usize| count >= 2 && count * 10 >= pairs.len() * 8;
    // Where both are, the bytes are zeros.
    match (is_nearly_all(first), is_nearly_all(second)) {
        (false, true) => Some(Encoding::Utf16Le),
        (true, false) => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// Not a tab, a line's or page's end, the end of a file in DOS, a separator.
fn is_control(unit: u16) -> bool {
    matches!(unit, 1..=8 | 0x0b | 0x0e..=0x19 | 0x1b)
}

/// How many bytes are of a kind: added up in bytes, so that many are looked at side by side.
pub fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let chunks = bytes.chunks(usize::from(u8::MAX));
    let counts = chunks.map(|chunk| chunk.iter().map(|byte| u8::from(is(*byte))).sum::<u8>());
    counts.map(usize::from).sum()
}

/// As [`is_text`] of bytes none of which is a zero, which nearly every file's are.
fn is_text_without_zeros(head: &[u8]) -> bool {
    let are_few = |control: usize| control * 21 <= head.len();
    // Of all that lies so low line ends are the most, and mostly these are few, too.
    are_few(count(head, |byte| byte < 0x1c))
        || are_few(count(head, |byte| is_control(u16::from(byte))))
}

/// Few control characters and, where some program fills up cells with them, no more zeros than
/// letters. Zeros behind all else are room that a file has not used.
fn is_text(units: impl Iterator<Item = u16>) -> bool {
    let (mut letters, mut zeros, mut last_zeros, mut control) = (0usize, 0usize, 0usize, 0usize);
    for unit in units {
        match unit {
            0 => last_zeros += 1,
            unit if is_control(unit) => control += 1,
            _ => {
                letters += 1;
                zeros += std::mem::take(&mut last_zeros);
            }
        }
    }
    control * 20 <= letters && zeros <= letters && (letters > 0 || last_zeros + control == 0)
}

/// Of what is beyond ASCII the greater part is letters of UTF-8, of which other encodings make
/// hardly any by chance: neither a few spoilt bytes nor a part pasted from another file make another
/// encoding of it.
fn is_mostly_utf8(head: &[u8]) -> bool {
    let (mut letters, mut spoilt) = (0usize, 0usize);
    let mut chunks = head.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        let valid = chunk.valid().bytes();
        letters += valid.filter(|byte| *byte >= 0xc0).count();
        // The last letter may be cut off.
        let cut = chunks.peek().is_none()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        if !cut {
            spoilt += chunk.invalid().len();
        }
    }
    spoilt <= letters
}

/// Where the first byte stands that means nothing in UTF-8; the last letter may be cut off.
fn first_spoilt(utf8: Result<&str, Utf8Error>, whole: bool) -> Option<usize> {
    match utf8 {
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

    fn begun(bytes: &[u8], asked: Option<Encoding>) -> Result<(&'static str, String), NoText> {
        let begun = begin(Box::new(bytes), None, asked).expect("no input errors")?;
        assert!(begun.whole);
        let (text, head) = (begun.text, begun.head);
        let shown = text.encoding.decode(&head[text.mark..]).into_owned();
        Ok((text.encoding.id(), shown))
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn encodings_by_their_bytes() {
        let read = |bytes: &[u8]| begun(bytes, None);
        let is = |id: &'static str, text: &str| Ok((id, text.to_owned()));
        assert_eq!(read(b"a;b"), is("utf-8", "a;b"));
        assert_eq!(read("сад;1".as_bytes()), is("utf-8", "сад;1"));
        assert_eq!(read("\u{feff}сад".as_bytes()), is("utf-8-bom", "сад"));
        assert_eq!(read(b"\xf1\xe0\xe4;1"), is("windows-1251", "сад;1"));
        assert_eq!(read(b""), is("utf-8", ""));
        assert_eq!(read(b"PK\x03\x04zip"), Err(NoText::Workbook));
        assert_eq!(read(&[0, 1, 2, 3, 4]), Err(NoText::Binary));
        assert_eq!(read(&[0; 4000]), Err(NoText::Binary));
        assert_eq!(
            read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x10"),
            Err(NoText::Binary)
        );
        // Zeros that fill up cells, and room that the file has not used.
        assert_eq!(read(b"a\0\0;1\n"), is("utf-8", "a\u{fffd}\u{fffd};1\n"));
        let room = [&b"ab;1\n"[..], &[0; 4000]].concat();
        assert_eq!(read(&room), is("utf-8", "ab;1\n"));
        let dos = b"\x84\xa5\xe2\xe1\xaa\xa8\xa9 \xe1\xa0\xa4";
        assert_eq!(read(dos), is("ibm866", "Детский сад"));
        assert_eq!(
            begun(dos, Some(Encoding::Koi8R)).map(|read| read.0),
            Ok("koi8-r")
        );
    }

    #[test]
    fn utf16_with_and_without_a_mark() {
        for text in [
            "Организация;Мест\r\nСад № 5;12\r\n",
            "id,value\n1,2\n",
            "МБДОУ «Детский сад № 5»\tда\r\n",
            "ОБЩЕОБРАЗОВАТЕЛЬНЫЕ\r\n",
        ] {
            for (mark, id) in [(b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be")] {
                let bytes = match id {
                    "utf-16le" => utf16(text, u16::to_le_bytes),
                    _ => utf16(text, u16::to_be_bytes),
                };
                let expected = Ok((id, text.to_owned()));
                assert_eq!(begun(&bytes, None), expected);
                let marked = [&mark[..], &bytes].concat();
                assert_eq!(begun(&marked, None), expected);
                // A mark goes before what is asked for.
                assert_eq!(begun(&marked, Some(Encoding::Windows1251)), expected);
            }
        }
        assert_eq!(
            begun(&utf16("\u{1}\u{2}ab\u{3}", u16::to_le_bytes), None),
            Err(NoText::Binary)
        );
    }

    #[test]
    fn a_few_spoilt_bytes_make_no_other_encoding() {
        let found = |bytes: &[u8], whole| {
            let text = encoding(bytes, whole, None).expect("text");
            (text.encoding, text.spoilt)
        };
        // A letter cut in two at the end of the head.
        let cut = &"сад".as_bytes()[..5];
        assert_eq!(found(cut, false), (Encoding::Utf8, None));
        assert_eq!(found(cut, true), (Encoding::Utf8, Some(4)));
        let mut spoilt = "название детского сада".as_bytes().to_vec();
        spoilt.push(0xff);
        let last = spoilt.len() - 1;
        assert_eq!(found(&spoilt, true), (Encoding::Utf8, Some(last)));
        // Half a letter at the end.
        let odd = [&utf16("сад;1", u16::to_le_bytes)[..], b"x"].concat();
        let begun = begin(Box::new(&odd[..]), None, None).expect("no input errors");
        let spoilt = begun.map(|begun| (begun.text.encoding, begun.text.spoilt));
        assert_eq!(spoilt, Ok((Encoding::Utf16Le, Some("сад;1".len()))));
    }

    #[test]
    fn excel_names_its_separator() {
        assert_eq!(declared_delimiter(b"sep=;\r\na;b"), Some(b';'));
        assert_eq!(declared_delimiter(b"SEP=,\na"), Some(b','));
        assert_eq!(declared_delimiter(b"separate"), None);
    }
}
