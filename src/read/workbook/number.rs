//! Stored numbers → the text of a cell, digit by digit.
//!
//! A spreadsheet computes in binary floating point and writes down up to seventeen digits, of which
//! it shows fifteen: 0,1 + 0,2 is stored as 0.30000000000000004 and means 0,3. So does it here.

use jiff::Span;
use jiff::civil::{Date, DateTime, date};

use super::format::Format;

/// The digits that a spreadsheet vouches for.
const MEANT: usize = 15;

/// The most decimals that a value may have; what is smaller is a trace of the computation.
const DECIMALS: i32 = 15;

/// Numbers of more digits than this stand as they are stored, with their exponent.
const LONGEST: i32 = 21;

/// The day that is 0: in 1900, or, in files that began on an old Mac, in 1904.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Epoch {
    Year1900,
    Year1904,
}

/// Adds the text of a stored number to a cell; what is no number stands as it is.
pub(super) fn write(stored: &str, format: Format, epoch: Epoch, cell: &mut String) {
    if format == Format::Plain && is_whole(stored) {
        return cell.push_str(stored);
    }
    let Some(number) = Number::parse(stored) else {
        return cell.push_str(stored);
    };
    let shown = match format {
        Format::Plain => number.plain(0),
        Format::Percent => number.plain(2).map(|text| text + "%"),
        Format::Elapsed => number.elapsed(),
        Format::Date | Format::DateTime | Format::Time => {
            number.moment(format, epoch).or_else(|| number.plain(0))
        }
    };
    match shown {
        Some(text) => cell.push_str(&text),
        None => cell.push_str(stored),
    }
}

/// Nearly all numbers there are.
fn is_whole(stored: &str) -> bool {
    matches!(stored.as_bytes(), [b'1'..=b'9', rest @ ..]
        if rest.len() < MEANT && rest.iter().all(u8::is_ascii_digit))
}

/// A decimal: its digits d1d2d3… stand for 0.d1d2d3… × 10^point; the first is not 0.
struct Number {
    negative: bool,
    digits: Vec<u8>,
    point: i32,
}

impl Number {
    /// One digit more than are meant is kept: rounding asks for no other.
    fn parse(text: &str) -> Option<Number> {
        let bytes = text.as_bytes();
        let (negative, bytes) = match bytes {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, bytes),
        };
        let (decimal, exponent) = match bytes.iter().position(|byte| matches!(byte, b'e' | b'E')) {
            Some(at) => (
                &bytes[..at],
                str::from_utf8(&bytes[at + 1..]).ok()?.parse().ok()?,
            ),
            None => (bytes, 0i32),
        };
        let mut number = Number {
            negative,
            digits: Vec::with_capacity(MEANT + 1),
            point: 0,
        };
        let (mut whole, mut any) = (true, false);
        for byte in decimal {
            match byte {
                b'0'..=b'9' => {
                    any = true;
                    let leading = *byte == b'0' && number.digits.is_empty();
                    if !leading && number.digits.len() <= MEANT {
                        number.digits.push(byte - b'0');
                    }
                    // A long text has fewer bytes than an i32 has numbers: cells are bounded.
                    number.point += i32::from(whole && !leading) - i32::from(!whole && leading);
                }
                b'.' if whole => whole = false,
                _ => return None,
            }
        }
        number.point = number.point.saturating_add(exponent);
        any.then_some(number)
    }

    /// Rounded half-up to the digits that are meant, the point moved to the right by `shift`;
    /// `None` where the number is too long to be written out.
    fn plain(&self, shift: i32) -> Option<String> {
        let mut point = self.point.saturating_add(shift);
        if point > LONGEST && !self.digits.is_empty() {
            return None;
        }
        let count = point.saturating_add(DECIMALS).clamp(-1, MEANT as i32);
        let mut digits = match usize::try_from(count) {
            Ok(count) => rounded(&self.digits, count, &mut point),
            Err(_) => Vec::new(),
        };
        while digits.last() == Some(&0) {
            digits.pop();
        }
        if digits.is_empty() {
            return Some("0".into());
        }
        let mut text = String::from(if self.negative { "-" } else { "" });
        if point <= 0 {
            text.push_str("0,");
            text.extend((point..0).map(|_| '0'));
        }
        for (index, digit) in (0..).zip(&digits) {
            if index == point && index > 0 {
                text.push(',');
            }
            text.push(char::from(b'0' + digit));
        }
        text.extend((digits.len() as i32..point).map(|_| '0'));
        Some(text)
    }

    /// Whole days and the seconds beyond them; `None` where they are no moment of a calendar.
    fn days_seconds(&self) -> Option<(i32, u32)> {
        if self.point > 7 || (self.negative && !self.digits.is_empty()) {
            return None;
        }
        let digit = |index: i32| -> u64 {
            let digit = usize::try_from(index)
                .ok()
                .and_then(|at| self.digits.get(at));
            u64::from(digit.copied().unwrap_or(0))
        };
        let days = (0..self.point).fold(0, |days, index| days * 10 + digit(index));
        // Twelve decimals of a day are finer than a microsecond.
        let part = (0..12).fold(0, |part, index| {
            part * 10 + digit(self.point.max(-12) + index)
        });
        let seconds = (part * 86_400 + 500_000_000_000) / 1_000_000_000_000;
        let days = i32::try_from(days + seconds / 86_400).ok()?;
        Some((days, (seconds % 86_400) as u32))
    }

    fn moment(&self, format: Format, epoch: Epoch) -> Option<String> {
        let (days, seconds) = self.days_seconds()?;
        let time = clock(seconds);
        if format == Format::Time && days == 0 {
            return Some(time);
        }
        let day = match (epoch, days) {
            // Excel counts a day before the first of January, and a 29 February that never was.
            (Epoch::Year1900, 0) => "00.01.1900".into(),
            (Epoch::Year1900, 60) => "29.02.1900".into(),
            (Epoch::Year1900, 1..60) => russian_day(date(1899, 12, 31), days)?,
            (Epoch::Year1900, _) => russian_day(date(1899, 12, 30), days)?,
            (Epoch::Year1904, _) => russian_day(date(1904, 1, 1), days)?,
        };
        Some(if format == Format::Date || seconds == 0 {
            day
        } else {
            format!("{day} {time}")
        })
    }

    fn elapsed(&self) -> Option<String> {
        let (days, seconds) = self.days_seconds()?;
        Some(hours(
            u64::from(days.unsigned_abs()) * 86_400 + u64::from(seconds),
        ))
    }
}

/// The first so many digits, rounded half-up; a carry out of the first one moves the point.
fn rounded(digits: &[u8], count: usize, point: &mut i32) -> Vec<u8> {
    let mut kept: Vec<u8> = digits.iter().take(count).copied().collect();
    if digits.get(count).is_some_and(|digit| *digit >= 5) {
        let mut carry = true;
        for digit in kept.iter_mut().rev() {
            *digit += 1;
            carry = *digit == 10;
            if !carry {
                break;
            }
            *digit = 0;
        }
        if carry {
            kept.insert(0, 1);
            *point += 1;
        }
    }
    kept
}

fn russian_day(first: Date, days: i32) -> Option<String> {
    let day = first.checked_add(Span::new().try_days(days).ok()?).ok()?;
    Some(russian(day))
}

fn russian(day: Date) -> String {
    format!("{:02}.{:02}.{}", day.day(), day.month(), day.year())
}

/// Hours and minutes, and seconds where there are any.
fn clock(seconds: u32) -> String {
    hours(u64::from(seconds))
}

fn hours(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match seconds {
        0 => format!("{hours:02}:{minutes:02}"),
        _ => format!("{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

/// A day as XML has it, `2025-12-31` or `2025-12-31T09:30:00`; its time only where it has one and
/// that is asked for. What is no day stands as it is.
pub(super) fn iso_moment(text: &str, with_time: bool) -> String {
    let text = text.trim_end_matches('Z');
    let Ok(moment) = text.parse::<DateTime>() else {
        return text.to_owned();
    };
    let time = moment.time();
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60;
    let seconds = (seconds + i64::from(time.second())).unsigned_abs();
    match (with_time, seconds) {
        (false, _) | (true, 0) => russian(moment.date()),
        (true, _) => format!("{} {}", russian(moment.date()), hours(seconds)),
    }
}

/// A time as XML has it, `PT09H30M00S`. What is none stands as it is.
pub(super) fn iso_time(text: &str) -> String {
    let seconds = || {
        let mut rest = text.strip_prefix("PT")?;
        let mut total: u64 = 0;
        for (unit, worth) in [('H', 3600), ('M', 60), ('S', 1)] {
            if let Some((number, after)) = rest.split_once(unit) {
                let number = number.split(['.', ',']).next()?;
                let number: u64 = number.parse().ok()?;
                total = total.checked_add(number.checked_mul(worth)?)?;
                rest = after;
            }
        }
        rest.is_empty().then_some(total)
    };
    seconds().map_or_else(|| text.to_owned(), hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(stored: &str, format: Format) -> String {
        let mut cell = String::new();
        write(stored, format, Epoch::Year1900, &mut cell);
        cell
    }

    #[test]
    fn numbers_are_what_a_spreadsheet_shows() {
        for (stored, expected) in [
            ("205", "205"),
            ("0", "0"),
            ("-0", "0"),
            ("0.000", "0"),
            ("78.45", "78,45"),
            ("78.450000000000003", "78,45"),
            ("78.44999999999999", "78,45"),
            ("0.30000000000000004", "0,3"),
            ("0.1", "0,1"),
            ("-1234567.5", "-1234567,5"),
            ("+7", "7"),
            ("007.50", "7,5"),
            ("1E3", "1000"),
            ("1.5e-3", "0,0015"),
            ("1.23456789012345E+16", "12345678901234500"),
            ("12345678901234567", "12345678901234600"),
            ("999999999999999.9", "1000000000000000"),
            ("9.9999999999999999", "10"),
            ("2222000101", "2222000101"),
            ("5.5511151231257827E-17", "0"),
            ("1E-15", "0,000000000000001"),
            ("4E-16", "0"),
            ("5E-16", "0,000000000000001"),
            ("123456.000000000012345", "123456"),
            ("1E+20", "100000000000000000000"),
            ("1E+300", "1E+300"),
            ("0E+300", "0"),
            ("1E999999999999", "1E999999999999"),
            ("1E2147483647", "1E2147483647"),
            ("1E-2147483648", "0"),
            (".5", "0,5"),
            ("5.", "5"),
            (".", "."),
            ("", ""),
            ("-", "-"),
            ("1.2.3", "1.2.3"),
            ("1,5", "1,5"),
            ("NaN", "NaN"),
            ("2O5", "2O5"),
            (" 5", " 5"),
        ] {
            assert_eq!(shown(stored, Format::Plain), expected, "{stored}");
        }
    }

    #[test]
    fn percentages_move_the_point() {
        for (stored, expected) in [
            ("0.7845", "78,45%"),
            ("0.78449999999999998", "78,45%"),
            ("0.98333333333333328", "98,3333333333333%"),
            ("1", "100%"),
            ("0", "0%"),
            ("-0.05", "-5%"),
            ("0.0001", "0,01%"),
            ("12.5", "1250%"),
            ("1E+300", "1E+300"),
        ] {
            assert_eq!(shown(stored, Format::Percent), expected, "{stored}");
        }
    }

    #[test]
    fn days_and_times() {
        for (stored, format, expected) in [
            ("46022", Format::Date, "31.12.2025"),
            ("46022.395833333336", Format::Date, "31.12.2025"),
            ("46022.395833333336", Format::DateTime, "31.12.2025 09:30"),
            ("46022.3958333333", Format::DateTime, "31.12.2025 09:30"),
            ("46022.39585", Format::DateTime, "31.12.2025 09:30:01"),
            ("46022", Format::DateTime, "31.12.2025"),
            ("46021.9999999999", Format::Date, "31.12.2025"),
            ("46022.5", Format::Time, "31.12.2025 12:00"),
            ("0.39583333333333331", Format::Time, "09:30"),
            ("0", Format::Time, "00:00"),
            ("1.1458333333333333", Format::Elapsed, "27:30"),
            ("4.1666666666666664E-2", Format::Time, "01:00"),
            ("1E-9", Format::Time, "00:00"),
            ("205", Format::Date, "23.07.1900"),
            ("61", Format::Date, "01.03.1900"),
            ("60", Format::Date, "29.02.1900"),
            ("59", Format::Date, "28.02.1900"),
            ("1", Format::Date, "01.01.1900"),
            ("0", Format::Date, "00.01.1900"),
            ("2958465", Format::Date, "31.12.9999"),
            ("2958466", Format::Date, "2958466"),
            ("-5", Format::Date, "-5"),
            ("-5", Format::Elapsed, "-5"),
            ("1E+300", Format::Date, "1E+300"),
            ("н/д", Format::Date, "н/д"),
        ] {
            assert_eq!(shown(stored, format), expected, "{stored}");
        }
        let mut cell = String::new();
        write("44560", Format::Date, Epoch::Year1904, &mut cell);
        assert_eq!(cell, "31.12.2025");
    }

    #[test]
    fn days_and_times_of_xml() {
        for (text, with_time, expected) in [
            ("2025-12-31", true, "31.12.2025"),
            ("2025-12-31T09:30:00", true, "31.12.2025 09:30"),
            ("2025-12-31T09:30:00", false, "31.12.2025"),
            ("2025-12-31T00:00:00", true, "31.12.2025"),
            ("2025-12-31T09:30:15.5Z", true, "31.12.2025 09:30:15"),
            ("2025-13-31", true, "2025-13-31"),
            ("вчера", true, "вчера"),
        ] {
            assert_eq!(iso_moment(text, with_time), expected, "{text}");
        }
        for (text, expected) in [
            ("PT09H30M00S", "09:30"),
            ("PT27H30M15.5S", "27:30:15"),
            ("PT90M", "01:30"),
            ("PT", "00:00"),
            ("P1D", "P1D"),
            ("PT99999999999999999999H", "PT99999999999999999999H"),
        ] {
            assert_eq!(iso_time(text), expected, "{text}");
        }
    }
}
