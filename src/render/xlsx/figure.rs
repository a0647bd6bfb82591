//! A number in a cell, and the format by which it shows as the document words it.
//!
//! A share of 77,00 % is the number 77 behind which «%» is written, not 0.77 in a format for
//! percentages: 77 is what the document, its CSV and its JSON hold, it is compared with a plan of
//! 78.45 without a thought, and 0.77 times 100 is not 77 in the arithmetic of a spreadsheet.

use crate::document::Cell;
use crate::model::quantity::Fixed;

/// The digits that a spreadsheet keeps.
const DIGITS: usize = 15;

/// The longest format. Excel takes 255 letters, but no more than some two hundred formats: a number
/// in a whole sentence is a text.
const LONGEST: usize = 120;

/// A number as a spreadsheet holds it, where it prints there as it does here.
pub(super) fn number(fixed: &Fixed) -> Option<f64> {
    let plain = fixed.plain();
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    // The nearest binary number to 15 digits gives back the same 15 digits.
    plain.parse().ok().filter(|_| digits <= DIGITS)
}

/// A cell's number and its format; `None` where the cell is a text, or where no format shows the
/// number as the text does.
pub(super) fn figure(cell: &Cell) -> Option<(f64, String)> {
    let fixed = cell.number.as_ref()?;
    let format = format(fixed, &cell.text)?;
    let fits = format.encode_utf16().count() <= LONGEST;
    number(fixed).filter(|_| fits).map(|value| (value, format))
}

/// The format of a bare number with so many decimals as this one has.
fn body(fixed: &Fixed) -> String {
    let plain = fixed.plain();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    // Thousands are set off where the text does so: from five digits on.
    let grouped = whole.trim_start_matches('-').len() > 4;
    let mut body = String::from(if grouped { "#,##0" } else { "0" });
    if !part.is_empty() {
        body.push('.');
        body.extend(part.chars().map(|_| '0'));
    }
    body
}

fn format(fixed: &Fixed, text: &str) -> Option<String> {
    let body = body(fixed);
    if text.is_empty() {
        return Some(body);
    }
    let Some((before, behind)) = around(&fixed.russian(), text) else {
        // A dash for zero.
        let dash = literal(text);
        return fixed.is_zero().then(|| format!("{body};-{body};{dash}"));
    };
    let (ahead, unit) = (literal(before), literal(behind));
    Some(match before.strip_suffix('+') {
        Some(before) => {
            let bare = literal(before);
            let minus = literal(&format!("{before}\u{2212}"));
            format!("{ahead}{body}{unit};{minus}{body}{unit};{bare}{body}{unit}")
        }
        None => {
            let minus = literal(&format!("{before}\u{2212}"));
            format!("{ahead}{body}{unit};{minus}{body}{unit}")
        }
    })
}

/// What stands before and behind a number in a text.
fn around<'a>(number: &str, text: &'a str) -> Option<(&'a str, &'a str)> {
    let places = text.match_indices(number);
    let whole = |before: &str, behind: &str| {
        let goes_on = behind.strip_prefix([',', '.', '\u{a0}']).unwrap_or(behind);
        let comes_from = before.strip_suffix([',', '.', '\u{a0}']).unwrap_or(before);
        !comes_from.ends_with(|letter: char| letter.is_ascii_digit())
            && !behind.starts_with(|letter: char| letter.is_ascii_digit())
            && !goes_on.starts_with(|letter: char| letter.is_ascii_digit())
    };
    places
        .map(|(at, _)| (&text[..at], &text[at + number.len()..]))
        .find(|(before, behind)| whole(before, behind))
}

/// A text that stands in a format for itself.
fn literal(text: &str) -> String {
    let pieces = super::text(text);
    let pieces = pieces.split('"').map(|piece| match piece {
        "" => String::new(),
        piece => format!("\"{piece}\""),
    });
    pieces.collect::<Vec<String>>().join("\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;

    fn of(digits: i64, decimals: u32, text: &str) -> Option<(f64, String)> {
        figure(&Cell {
            text: text.into(),
            number: Some(Fixed::new(BigInt::from(digits), decimals)),
            ..Cell::default()
        })
    }

    #[test]
    fn a_number_shows_as_its_text() {
        let shown = |value: f64, format: &str| Some((value, format.to_owned()));
        assert_eq!(of(5, 0, "5"), shown(5.0, "0;\"−\"0"));
        assert_eq!(
            of(7700, 2, "77,00\u{a0}%*"),
            shown(77.0, "0.00\" %*\";\"−\"0.00\" %*\"")
        );
        assert_eq!(
            of(-145, 2, "−1,45 п.п."),
            shown(-1.45, "0.00\" п.п.\";\"−\"0.00\" п.п.\"")
        );
        assert_eq!(
            of(4, 1, "+0,4 п.п."),
            shown(0.4, "\"+\"0.0\" п.п.\";\"−\"0.0\" п.п.\";0.0\" п.п.\"")
        );
        assert_eq!(
            of(12_345, 0, "лишних: 12\u{a0}345 мест"),
            shown(
                12345.0,
                "\"лишних: \"#,##0\" мест\";\"лишних: −\"#,##0\" мест\""
            )
        );
        assert_eq!(of(0, 0, "—"), shown(0.0, "0;-0;\"—\""));
        assert_eq!(
            of(5, 0, "5 \"А\""),
            shown(5.0, "0\" \"\\\"\"А\"\\\";\"−\"0\" \"\\\"\"А\"\\\"")
        );
    }

    #[test]
    fn what_no_number_shows_is_a_text() {
        assert_eq!(of(5, 0, "15 из 50"), None);
        assert_eq!(of(5, 0, "1,5"), None);
        assert_eq!(of(5, 0, "пять"), None);
        assert_eq!(of(1_234_567_890_123_456, 0, ""), None);
        assert_eq!(of(5, 0, &format!("5 {}", "ы".repeat(300))), None);
        assert_eq!(
            of(123_456_789_012_345, 2, ""),
            Some((1_234_567_890_123.45, "#,##0.00".into()))
        );
    }
}
