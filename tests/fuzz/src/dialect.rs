//! Encodings: found the same way each time, and reading what they say they read.

use std::io::Read;

use aleysk::read::dialect::{self, NoText, Text};
use aleysk::source::Encoding;

pub fn hold(bytes: &[u8]) {
    for asked in [None].into_iter().chain(Encoding::ALL.map(Some)) {
        let begun = begin(bytes, asked);
        assert_eq!(begun, begin(bytes, asked));
        if let Ok((text, head)) = begun {
            fits(bytes, asked, &text, &head);
        }
    }
    dialect::declared_delimiter(bytes);
    // Its beginnings, some of them where it is long.
    let step = bytes.len() / 32 + 1;
    for end in (0..bytes.len()).step_by(step) {
        let begun = begin(&bytes[..end], None);
        if let Ok((text, head)) = begun {
            fits(&bytes[..end], None, &text, &head);
        }
    }
    let piece = &bytes[..bytes.len().min(40)];
    for end in 0..=piece.len() {
        decodes(&piece[..end]);
    }
}

fn begin(bytes: &[u8], asked: Option<Encoding>) -> Result<(Text, Vec<u8>), NoText> {
    let begun = dialect::begin(Box::new(bytes), None, asked).expect("no input errors")?;
    let mut head = begun.head;
    let mut rest = Vec::new();
    let mut input = begun.rest;
    input.read_to_end(&mut rest).expect("no input errors");
    assert!(!begun.whole || rest.is_empty());
    head.extend(rest);
    Ok((begun.text, head))
}

fn fits(bytes: &[u8], asked: Option<Encoding>, text: &Text, head: &[u8]) {
    assert!(text.mark <= head.len());
    assert!(text.zero.is_none_or(|at| head[at] == 0));
    assert!(text.spoilt.is_none_or(|at| at < head.len()));
    assert!(text.rival.is_none() || asked.is_none());
    assert_ne!(text.rival, Some(text.encoding));
    let marked = [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"];
    if let Some(asked) = asked
        && !marked.iter().any(|mark| bytes.starts_with(mark))
    {
        assert_eq!(text.encoding, asked);
    }
    if text.encoding.is_utf16() {
        assert!(std::str::from_utf8(head).is_ok());
    } else {
        assert_eq!(head, bytes);
    }
    if text.encoding.is_read_as_utf8() && !text.encoding.is_utf16() {
        assert_eq!(text.spoilt.is_none(), std::str::from_utf8(head).is_ok());
    }
}

fn decodes(bytes: &[u8]) {
    for encoding in Encoding::ALL {
        let text = encoding.decode(bytes);
        assert!(!text.contains('\0'));
        let blank = text.chars().all(char::is_whitespace);
        assert!(!encoding.is_blank(bytes) || blank, "{bytes:?}");
        if bytes.contains(&0) {
            continue;
        }
        let back = encoding.encode(&text);
        if !encoding.is_read_as_utf8() || std::str::from_utf8(bytes).is_ok() {
            assert_eq!(back.as_deref(), Some(bytes), "{}", encoding.id());
        }
    }
}
