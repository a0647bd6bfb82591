//! Number formats: what a stored number is shown as.

/// How a number is shown, as far as that changes what it says. Decimals, thousands and currencies
/// do not: the stored value counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    /// As a number.
    Plain,
    /// A hundredfold, with a per cent sign.
    Percent,
    /// As a day.
    Date,
    /// As a day and a time.
    DateTime,
    /// As a time of day.
    Time,
    /// As hours that have gone by, 24 and more.
    Elapsed,
}

impl Format {
    /// A format that Excel knows by its number. Those from 27 on are dates in the east of Asia.
    pub(super) fn built_in(number: u32) -> Format {
        match number {
            9 | 10 => Format::Percent,
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Format::Date,
            18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Format::Time,
            22 => Format::DateTime,
            46 => Format::Elapsed,
            _ => Format::Plain,
        }
    }

    /// A format as it is written: `0.00%`, `dd.mm.yyyy`, `[h]:mm`.
    pub(super) fn of_code(code: &str) -> Format {
        if code.eq_ignore_ascii_case("general") || code.eq_ignore_ascii_case("standard") {
            return Format::Plain;
        }
        let (mut day, mut month, mut time, mut elapsed) = (false, false, false, false);
        // Up to four sections: for numbers above zero, below it, zero, and for text. A day is told
        // by the first; a per cent sign anywhere but in the last scales.
        let mut section = 0;
        let mut rest = code.chars();
        while let Some(letter) = rest.next() {
            match letter {
                '"' => while rest.next().is_some_and(|letter| letter != '"') {},
                '\\' | '_' | '*' => _ = rest.next(),
                '[' => {
                    let inside: String =
                        rest.by_ref().take_while(|letter| *letter != ']').collect();
                    let inside = inside.to_ascii_lowercase();
                    elapsed |= matches!(inside.as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss");
                }
                ';' => section += 1,
                '%' if section < 3 => return Format::Percent,
                _ if section > 0 => {}
                'a' | 'A' => {
                    for half_day in ["m/pm", "/p"] {
                        let ahead = rest.as_str();
                        if let Some(token) = ahead.get(..half_day.len())
                            && token.eq_ignore_ascii_case(half_day)
                        {
                            rest = ahead[half_day.len()..].chars();
                            break;
                        }
                    }
                }
                'd' | 'D' | 'y' | 'Y' => day = true,
                'm' | 'M' => month = true,
                'h' | 'H' | 's' | 'S' => time = true,
                _ => {}
            }
        }
        match (elapsed, day || (month && !time), time) {
            (true, _, _) => Format::Elapsed,
            (_, true, true) => Format::DateTime,
            (_, true, false) => Format::Date,
            (_, false, true) => Format::Time,
            (_, false, false) => Format::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_as_spreadsheets_write_them() {
        for (code, expected) in [
            ("General", Format::Plain),
            ("0", Format::Plain),
            ("0.00", Format::Plain),
            ("#,##0.00\\ [$₽-419]", Format::Plain),
            ("# ##0,", Format::Plain),
            ("0.00E+00", Format::Plain),
            ("@", Format::Plain),
            ("[Red]-0", Format::Plain),
            ("0\" days\"", Format::Plain),
            ("0_d", Format::Plain),
            ("0\\%", Format::Plain),
            ("0\"%\"", Format::Plain),
            ("0%", Format::Percent),
            ("0.00%", Format::Percent),
            ("0.00%;[Red]-0.00%", Format::Percent),
            ("[=0]\"-\";0.0%", Format::Percent),
            ("0;-0;0;@\"%\"", Format::Plain),
            ("0;-0;0;@%", Format::Plain),
            ("DD.MM.YYYY", Format::Date),
            ("dd/mm/yy;@", Format::Date),
            ("[$-419]d mmmm yyyy\" г.\";@", Format::Date),
            ("mmm", Format::Date),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", Format::Date),
            ("dd.mm.yyyy hh:mm", Format::DateTime),
            ("m/d/yy h:mm", Format::DateTime),
            ("h:mm", Format::Time),
            ("hh:mm:ss", Format::Time),
            ("h:mm AM/PM", Format::Time),
            ("h a/p", Format::Time),
            ("mm:ss", Format::Time),
            ("[h]:mm:ss", Format::Elapsed),
            ("[mm]:ss", Format::Elapsed),
            ("\"", Format::Plain),
            ("[", Format::Plain),
            ("\\", Format::Plain),
            ("aж", Format::Plain),
        ] {
            assert_eq!(Format::of_code(code), expected, "{code}");
        }
    }
}
