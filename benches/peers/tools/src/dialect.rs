//! How a spreadsheet writes a table.

/// Encoding, signs and headings of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dialect {
    encoding: Encoding,
    separator: char,
    /// Between a number's whole part and its fraction.
    pub decimal: char,
    line_end: &'static str,
    /// Headings are Russian, not ids.
    pub russian: bool,
    /// Every cell stands in quotes.
    pub quoted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Encoding {
    Utf8,
    Windows1251,
    Utf16,
}

impl Dialect {
    /// By its name.
    ///
    /// # Errors
    /// There is none.
    pub fn of(name: &str) -> Result<Dialect, String> {
        let (encoding, separator) = match name {
            "utf-8" => (Encoding::Utf8, ','),
            "windows-1251" => (Encoding::Windows1251, ';'),
            "utf-16" => (Encoding::Utf16, '\t'),
            _ => return Err(format!("no such dialect: {name}")),
        };
        let plain = encoding == Encoding::Utf8;
        Ok(Dialect {
            encoding,
            separator,
            decimal: if plain { '.' } else { ',' },
            line_end: if plain { "\n" } else { "\r\n" },
            russian: !plain,
            quoted: false,
        })
    }

    /// What a file begins with.
    pub fn mark(&self) -> &'static [u8] {
        match self.encoding {
            Encoding::Utf16 => b"\xff\xfe",
            _ => b"",
        }
    }

    /// Adds a row to a text.
    pub fn row<'a>(&self, cells: impl Iterator<Item = &'a str>, text: &mut String) {
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                text.push(self.separator);
            }
            let signs = [self.separator, '"', '\n'];
            if self.quoted || cell.contains(signs) {
                text.push('"');
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(cell);
            }
        }
        text.push_str(self.line_end);
    }

    /// Adds a text to a file's bytes.
    pub fn encode(&self, text: &str, bytes: &mut Vec<u8>) {
        match self.encoding {
            Encoding::Utf8 => bytes.extend_from_slice(text.as_bytes()),
            Encoding::Windows1251 => {
                let (encoded, _, lost) = encoding_rs::WINDOWS_1251.encode(text);
                assert!(!lost, "a letter that Windows-1251 does not have: {text}");
                bytes.extend_from_slice(&encoded);
            }
            Encoding::Utf16 => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
        }
    }
}
