//! A data file as parsed: its tables, each value with its place in the text.

use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::convert;
use super::syntax::{Checked, Damage};
use crate::model::period::Period;
use crate::model::quantity::Decimal;
use crate::source::{FileId, Place, Spot};

/// A data file, parsed as far as its notation allows.
pub(crate) struct Document<'a> {
    pub(crate) file: FileId,
    pub(crate) text: &'a str,
    root: Spanned<DeTable<'a>>,
    /// Where `[table]` and `[[table]]` lines begin, in order; only where keys are lost.
    headers: Vec<usize>,
    /// Where the notation is broken.
    pub(crate) damage: &'a Damage,
}

impl<'a> Document<'a> {
    /// The document of a checked text.
    pub(crate) fn new(checked: &'a mut Checked<'_>) -> Document<'a> {
        let repaired = checked.repaired.as_deref();
        let root = match checked.root.take() {
            Some(root) => root,
            None => DeTable::parse_recoverable(repaired.unwrap_or(checked.text)).0,
        };
        let mut headers = Vec::new();
        if !checked.damage.lost_keys.is_empty() {
            collect_headers(root.get_ref(), checked.text, &mut headers);
            headers.sort_unstable();
        }
        Document {
            file: checked.file,
            text: checked.text,
            root,
            headers,
            damage: &checked.damage,
        }
    }

    /// The file as one table.
    pub(crate) fn root(&self) -> Entry<'_> {
        Entry {
            document: self,
            table: self.root.get_ref(),
            start: 0,
            end: 0,
        }
    }

    /// Whether its notation is so broken that whole tables may be lost.
    pub(crate) fn is_broken(&self) -> bool {
        self.damage.lost_tables
    }

    fn place(&self, span: Range<usize>) -> Place {
        Place {
            file: self.file,
            spot: Spot::Text(span),
        }
    }

    /// Whether keys may be lost between this header and the next.
    fn is_damaged_after(&self, header: usize) -> bool {
        let next = self.headers.partition_point(|start| *start <= header);
        let end = self.headers.get(next).copied().unwrap_or(usize::MAX);
        let lost = &self.damage.lost_keys;
        lost.get(lost.partition_point(|at| *at < header))
            .is_some_and(|at| *at < end)
    }
}

fn collect_headers(table: &DeTable<'_>, text: &str, headers: &mut Vec<usize>) {
    for value in table.values() {
        match value.get_ref() {
            DeValue::Table(inner) => {
                push_header(value.span(), text, headers);
                collect_headers(inner, text, headers);
            }
            DeValue::Array(array) => {
                for item in array.iter() {
                    if let DeValue::Table(inner) = item.get_ref() {
                        push_header(item.span(), text, headers);
                        collect_headers(inner, text, headers);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Inline tables have a span too, but it begins with `{`.
fn push_header(span: Range<usize>, text: &str, headers: &mut Vec<usize>) {
    if text[span.start.min(text.len())..].starts_with('[') {
        headers.push(span.start);
    }
}

/// A table of a document. The getters give what is there and of the right type: what is not has
/// been reported by [`super::structure::check`].
#[derive(Clone, Copy)]
pub(crate) struct Entry<'d> {
    document: &'d Document<'d>,
    table: &'d DeTable<'d>,
    start: usize,
    end: usize,
}

impl<'d> Entry<'d> {
    pub(crate) fn document(self) -> &'d Document<'d> {
        self.document
    }

    pub(crate) fn table(self) -> &'d DeTable<'d> {
        self.table
    }

    /// A table that is the value of one of this entry's keys, or an element of its lists.
    pub(crate) fn within(self, value: &'d Spanned<DeValue<'d>>) -> Option<Entry<'d>> {
        let span = value.span();
        Some(Entry {
            document: self.document,
            table: value.get_ref().as_table()?,
            start: span.start,
            end: span.end,
        })
    }

    /// The line that begins it: its header, its opening bracket, the file's first letter.
    pub(crate) fn here(self) -> Place {
        self.document.place(self.start..self.end)
    }

    /// A line of the file's own keys that waits to be completed: `# date = 2026-08-26`.
    pub(crate) fn waiting(self, key: &str) -> Option<Place> {
        let text = self.document.text;
        let begins = format!("# {key} = ");
        let is_it = |at: &usize| *at == 0 || text[..*at].ends_with('\n');
        let mut found = text.match_indices(&begins).map(|(at, _)| at);
        let at = found.find(is_it).filter(|_| self.end == 0)?;
        let line = text[at..].lines().next().unwrap_or_default();
        Some(self.document.place(at..at + line.len()))
    }

    /// Whether a key may be absent only because the notation is broken there.
    pub(crate) fn is_damaged(self) -> bool {
        if self.end == 0 {
            return !self.document.damage.lost_keys.is_empty();
        }
        let header = self.document.text[self.start..].starts_with('[');
        header && self.document.is_damaged_after(self.start)
    }

    pub(crate) fn value(self, key: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.table.get(key)
    }

    pub(crate) fn has(self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where a key's value stands; where there is none, the entry itself.
    pub(crate) fn place(self, key: &str) -> Place {
        match self.table.get_key_value(key) {
            Some((key, value)) => self.value_place(key.span(), value),
            None => self.here(),
        }
    }

    /// Where a key stands.
    pub(crate) fn key_place(self, key: &str) -> Place {
        match self.table.get_key_value(key) {
            Some((key, _)) => self.document.place(key.span()),
            None => self.here(),
        }
    }

    /// Where a value stands, or its key, where the parser had to make the value up.
    pub(crate) fn value_place(self, key: Range<usize>, value: &Spanned<DeValue<'_>>) -> Place {
        let span = value.span();
        self.document
            .place(if span.is_empty() { key } else { span })
    }

    /// Some bytes of a text value: exactly where the text is written as it is meant, the whole
    /// value where it has escapes.
    pub(crate) fn place_in(self, key: &str, within: Range<usize>) -> Place {
        let whole = self.place(key);
        let (Some(value), Spot::Text(span)) = (self.value(key), &whole.spot) else {
            return whole;
        };
        let text = value.get_ref().as_str().unwrap_or_default();
        let raw = self.document.text.get(span.clone()).unwrap_or_default();
        match body_offset(raw, text) {
            Some(offset) => {
                let start = span.start + offset;
                self.document
                    .place(start + within.start..start + within.end)
            }
            None => whole,
        }
    }

    pub(crate) fn text(self, key: &str) -> Option<&'d str> {
        self.value(key)?.get_ref().as_str()
    }

    /// A text that must have a visible letter.
    pub(crate) fn filled(self, key: &str) -> Option<&'d str> {
        self.text(key).filter(|text| !text.trim().is_empty())
    }

    /// A text, or an empty one where the key is absent.
    pub(crate) fn text_or_empty(self, key: &str) -> String {
        self.text(key).unwrap_or_default().to_owned()
    }

    /// The texts of a list (or the one text instead of it), each with its place.
    pub(crate) fn texts(self, key: &str) -> Vec<(&'d str, Place)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let items: Vec<&Spanned<DeValue<'d>>> = match value.get_ref() {
            DeValue::Array(array) => array.iter().collect(),
            _ => vec![value],
        };
        items
            .into_iter()
            .filter_map(|item| {
                let text = item.get_ref().as_str()?;
                Some((text, self.document.place(item.span())))
            })
            .collect()
    }

    /// The texts of a list.
    pub(crate) fn strings(self, key: &str) -> Vec<String> {
        let texts = self.texts(key);
        texts.into_iter().map(|(text, _)| text.to_owned()).collect()
    }

    pub(crate) fn decimal(self, key: &str) -> Option<Decimal> {
        convert::decimal(self.value(key)?.get_ref()).ok()
    }

    pub(crate) fn whole(self, key: &str) -> Option<u32> {
        convert::whole(self.value(key)?.get_ref(), 0, u32::MAX).ok()
    }

    pub(crate) fn flag(self, key: &str) -> Option<bool> {
        self.value(key)?.get_ref().as_bool()
    }

    pub(crate) fn date(self, key: &str) -> Option<Date> {
        convert::date(self.value(key)?.get_ref()).ok()
    }

    pub(crate) fn period(self, key: &str) -> Option<Period> {
        convert::period(self.value(key)?.get_ref()).ok()
    }

    /// A period by its id or as people write it.
    pub(crate) fn stated(self, key: &str) -> Option<Period> {
        convert::stated(self.value(key)?.get_ref()).ok()
    }

    pub(crate) fn entry(self, key: &str) -> Option<Entry<'d>> {
        self.within(self.value(key)?)
    }

    /// The tables of a list.
    pub(crate) fn entries(self, key: &str) -> Vec<Entry<'d>> {
        let array = self.value(key).and_then(|value| value.get_ref().as_array());
        array
            .into_iter()
            .flat_map(|array| array.iter())
            .filter_map(|item| self.within(item))
            .collect()
    }
}

/// Where a string's text begins in its notation, if it is written there as it is meant.
fn body_offset(raw: &str, text: &str) -> Option<usize> {
    let mut offset = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quote| raw.starts_with(quote))?
        .len();
    if offset == 3 {
        for line_end in ["\n", "\r\n"] {
            if raw[3..].starts_with(line_end) {
                offset += line_end.len();
                break;
            }
        }
    }
    raw[offset..].starts_with(text).then_some(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_in_their_notation() {
        for (raw, text, offset) in [
            ("\"a.b\"", "a.b", Some(1)),
            ("'a.b'", "a.b", Some(1)),
            ("'''\na.b'''", "a.b", Some(4)),
            ("\"\"\"\r\na.b\"\"\"", "a.b", Some(5)),
            ("\"a\\u002eb\"", "a.b", None),
            ("\"\"", "", Some(1)),
        ] {
            assert_eq!(body_offset(raw, text), offset, "{raw}");
        }
    }
}
