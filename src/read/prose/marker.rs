//! What a line begins with: the number of a proposal, the dash of a point.

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    /// `1.`
    Point,
    /// `1)`, `(1)`
    Bracket,
    /// `I.`
    Roman,
    /// «Пункт 1»
    Word,
}

/// What a line begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Marker {
    /// A number.
    Number(u32, Style),
    /// `1.2`: a number within another.
    Inner(u32, u32),
    /// A dash, a bullet, «а)».
    Dash,
}

const DASHES: [char; 14] = [
    '-', '–', '—', '‒', '‑', '−', '•', '·', '*', '▪', '●', '○', '\u{f0b7}', '\u{f0a7}',
];

/// The marker of a line, and what follows it.
pub(super) fn read(line: &str) -> Option<(Marker, &str)> {
    let line = line.trim_start();
    dash(line)
        .or_else(|| letter(line))
        .or_else(|| named(line))
        .or_else(|| figures(line))
        .or_else(|| roman(line))
}

fn dash(line: &str) -> Option<(Marker, &str)> {
    let rest = line.strip_prefix(DASHES)?;
    let first = rest.chars().next()?;
    let parted = first.is_whitespace() || first.is_alphabetic() || first == '«';
    parted.then(|| (Marker::Dash, rest.trim_start()))
}

/// «а)»
fn letter(line: &str) -> Option<(Marker, &str)> {
    let (letter, rest) = line.split_once(')')?;
    let mut letters = letter.chars();
    let one = letters.next().filter(|c| c.is_lowercase())?;
    (letters.next().is_none() && one.is_alphabetic()).then(|| (Marker::Dash, rest.trim_start()))
}

/// «Пункт 1», «п. 1»
fn named(line: &str) -> Option<(Marker, &str)> {
    let word: String = line.chars().take_while(|c| c.is_alphabetic()).collect();
    if !matches!(word.to_lowercase().as_str(), "пункт" | "п") {
        return None;
    }
    let rest = line[word.len()..].trim_start_matches('.').trim_start();
    let rest = rest.strip_prefix('№').unwrap_or(rest).trim_start();
    let (number, rest) = number(rest)?;
    let spaced = rest.trim_start();
    let dash = spaced
        .strip_prefix(['–', '—', '-'])
        .filter(|text| is_parted(text));
    let close = dash.unwrap_or_else(|| rest.trim_start_matches(['.', ')', ':']));
    let text = close.trim_start();
    let parted = close.len() < rest.len() || text.chars().next().is_none_or(char::is_uppercase);
    parted.then_some((Marker::Number(number, Style::Word), text))
}

/// `1.`, `1)`, `(1)`, `1.2.`
fn figures(line: &str) -> Option<(Marker, &str)> {
    let bare = line.strip_prefix(['№', '§']).unwrap_or(line).trim_start();
    let (number, rest) = self::number(bare.trim_start_matches('('))?;
    if let Some(text) = rest.strip_prefix('\t') {
        return Some((Marker::Number(number, Style::Point), text.trim_start()));
    }
    let rest = rest.strip_prefix(['.', ')']).map(|after| (rest, after));
    let (before, rest) = rest?;
    if let Some((inner, rest)) = self::number(rest) {
        let rest = rest.strip_prefix(['.', ')']).unwrap_or(rest);
        return is_parted(rest).then(|| (Marker::Inner(number, inner), rest.trim_start()));
    }
    let style = match before.starts_with(')') || rest.starts_with(')') {
        true => Style::Bracket,
        false => Style::Point,
    };
    let rest = rest.strip_prefix(')').unwrap_or(rest);
    is_parted(rest).then(|| (Marker::Number(number, style), rest.trim_start()))
}

/// A number of no more than four digits that is no year.
fn number(text: &str) -> Option<(u32, &str)> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &text[..text.len() - rest.len()];
    let number = digits.parse().ok().filter(|_| digits.len() <= 4)?;
    (!(1900..2100).contains(&number)).then_some((number, rest))
}

/// What follows a number: a space, a word, nothing.
fn is_parted(rest: &str) -> bool {
    let opens = |c: char| c.is_whitespace() || c.is_alphabetic() || matches!(c, '«' | '"');
    rest.chars().next().is_none_or(opens)
}

/// `IV.`, also in the Cyrillic letters that look so.
fn roman(line: &str) -> Option<(Marker, &str)> {
    let value = |c: char| match c {
        'I' | 'І' => Some(1),
        'V' => Some(5),
        'X' | 'Х' => Some(10),
        _ => None,
    };
    let digits: Vec<u32> = line.chars().map_while(value).collect();
    let length: usize = line.chars().take(digits.len()).map(char::len_utf8).sum();
    let rest = line[length..].strip_prefix(['.', ')'])?;
    let mut number = 0;
    for (at, digit) in digits.iter().enumerate() {
        match digits.get(at + 1) {
            Some(next) if next > digit => number -= *digit as i32,
            _ => number += *digit as i32,
        }
    }
    let number = u32::try_from(number).ok().filter(|number| *number > 0)?;
    is_parted(rest).then(|| (Marker::Number(number, Style::Roman), rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dashes() {
        let is = |number, style| Some((Marker::Number(number, style), "Текст "));
        for (line, expected) in [
            ("1. Текст ", is(1, Style::Point)),
            ("  12.Текст ", is(12, Style::Point)),
            ("3.\tТекст ", is(3, Style::Point)),
            ("3\tТекст ", is(3, Style::Point)),
            ("1) Текст ", is(1, Style::Bracket)),
            ("(1) Текст ", is(1, Style::Bracket)),
            ("1.) Текст ", is(1, Style::Bracket)),
            ("IV. Текст ", is(4, Style::Roman)),
            ("ІХ. Текст ", is(9, Style::Roman)),
            ("XII) Текст ", is(12, Style::Roman)),
            ("Пункт 7. Текст ", is(7, Style::Word)),
            ("ПУНКТ 7 Текст ", is(7, Style::Word)),
            ("п. 7: Текст ", is(7, Style::Word)),
            ("Пункт №6. Текст ", is(6, Style::Word)),
            ("Пункт 5 – Текст ", is(5, Style::Word)),
            ("№ 4. Текст ", is(4, Style::Point)),
            ("§ 1. Текст ", is(1, Style::Point)),
            ("1000. Текст ", is(1000, Style::Point)),
            ("№ 4 закрыта", None),
            ("1.2. Текст ", Some((Marker::Inner(1, 2), "Текст "))),
            ("1.2 Текст ", Some((Marker::Inner(1, 2), "Текст "))),
            ("– Текст ", Some((Marker::Dash, "Текст "))),
            ("-Текст ", Some((Marker::Dash, "Текст "))),
            ("\u{f0b7}\tТекст ", Some((Marker::Dash, "Текст "))),
            ("а) Текст ", Some((Marker::Dash, "Текст "))),
            ("Текст", None),
            ("27 августа состоялась", None),
            ("25.08.2026 состоялась", None),
            ("1.5% детей", None),
            ("2025. Текст", None),
            ("-5 градусов", None),
            ("Пункт 3 резолюции исполнен", None),
            (
                "Х) Текст",
                Some((Marker::Number(10, Style::Roman), "Текст")),
            ),
            ("Исх. письмо", None),
            ("", None),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }
}
