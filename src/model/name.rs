//! Names as people write them: two spellings of one name have one key.

/// The key of a name: lower case, ё as е, no spaces, no quotes, no full stop at the end, one kind of
/// dash, no `№`, `N` or `#` before a number, Latin letters that look Cyrillic taken for Cyrillic in a word that
/// has Cyrillic letters.
///
/// «МБДОУ «Детский сад № 5»», `МБДОУ "Детский сад №5"` and `мбдоу детский сад N 5` share a key.
pub fn key(text: &str) -> String {
    // An id is its own key.
    let plain =
        |byte: u8| matches!(byte, b'a'..=b'm' | b'o'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    if text.bytes().all(plain) {
        return text.trim_end_matches('.').to_owned();
    }
    let mut key = String::with_capacity(text.len());
    push_key(&mut key, text);
    key
}

/// The same, behind what stands in `key` already: whoever needs many keys needs one buffer.
pub fn push_key(key: &mut String, text: &str) {
    let before = key.len();
    let bytes = text.as_bytes();
    let (mut start, mut at) = (0, 0);
    let mut cyrillic = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'!'..=b'~' => at += 1,
            // The first byte of U+0400 to U+047F.
            0xd0 | 0xd1 => {
                cyrillic = true;
                at += 2;
            }
            _ => {
                let letter = text[at..].chars().next().unwrap_or_default();
                if is_space(letter) {
                    push_word(key, &text[start..at], cyrillic);
                    start = at + letter.len_utf8();
                    cyrillic = false;
                }
                cyrillic |= is_cyrillic(letter);
                at += letter.len_utf8();
            }
        }
    }
    push_word(key, &text[start..], cyrillic);
    while key.len() > before && key.ends_with('.') {
        key.pop();
    }
    // A heading that is nothing but the sign.
    if key.len() == before && text.contains('№') {
        key.push('№');
    }
}

/// A word; `cyrillic`: it has a Cyrillic letter.
fn push_word(key: &mut String, word: &str, cyrillic: bool) {
    let mut rest = word;
    let mut previous_is_letter = false;
    loop {
        let run = plain_run(rest, cyrillic);
        key.push_str(&rest[..run]);
        if let Some(last) = rest.as_bytes()[..run].last() {
            previous_is_letter = last.is_ascii_alphanumeric() || !last.is_ascii();
        }
        let mut letters = rest[run..].chars();
        let Some(letter) = letters.next() else { return };
        rest = letters.as_str();
        let starts = !previous_is_letter;
        previous_is_letter = false;
        match letter {
            '№' | '#' => {}
            'N' | 'n' if starts && names_a_number(rest) => previous_is_letter = true,
            '"' | '\'' | '«' | '»' | '„' | '“' | '”' | '‘' | '’' | '‹' | '›' | '`' | '\\' | '°' =>
                {}
            // Nothing to be seen: a place to break a word, a direction.
            '\u{ad}'
            | '\u{200c}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {}
            // A Mac writes й and ё as a letter and a mark of its own.
            '\u{306}' if key.ends_with('и') => {
                key.pop();
                key.push('й');
                previous_is_letter = true;
            }
            '\u{308}' if key.ends_with('е') => previous_is_letter = true,
            'º' => previous_is_letter = true,
            '\u{2010}'..='\u{2015}' | '\u{2212}' => key.push('-'),
            _ => {
                previous_is_letter = is_letter(letter);
                let mut push = |lower| key.push(if cyrillic { twin(lower) } else { fold(lower) });
                match lower(letter) {
                    Some(lower) => push(lower),
                    None => letter.to_lowercase().for_each(push),
                }
            }
        }
    }
}

/// How many bytes in front are letters, digits and signs that stand in a key as they are.
fn plain_run(text: &str, cyrillic: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += match bytes[at..] {
            [b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' | b'(' | b')', ..] => 1,
            [b'a'..=b'z', ..] if !cyrillic && bytes[at] != b'n' => 1,
            // а to п, then р to я.
            [0xd0, 0xb0..=0xbf, ..] | [0xd1, 0x80..=0x8f, ..] => 2,
            _ => return at,
        }
    }
}

/// Whether an «N» before this rest of a word stands for «№».
fn names_a_number(rest: &str) -> bool {
    let next = rest.chars().next();
    next.is_none_or(|next| next.is_ascii_digit() || matches!(next, '°' | 'º'))
}

/// A letter or digit; the usual ones are told without the tables of Unicode.
pub(crate) fn is_letter(letter: char) -> bool {
    match letter {
        '\0'..='\u{7f}' => letter.is_ascii_alphanumeric(),
        'Ѐ'..='ҁ' => true,
        _ => letter.is_alphanumeric(),
    }
}

/// A letter; the usual ones are told without the tables of Unicode.
pub(crate) fn is_alphabetic(letter: char) -> bool {
    match letter {
        '\0'..='\u{7f}' => letter.is_ascii_alphabetic(),
        'Ѐ'..='ҁ' => true,
        _ => letter.is_alphabetic(),
    }
}

/// The lower case of a letter of the Latin or Russian alphabet; `None` for others.
pub(crate) fn lower(letter: char) -> Option<char> {
    match letter {
        '\0'..='\u{7f}' => Some(letter.to_ascii_lowercase()),
        'А'..='Я' => char::from_u32(u32::from(letter) + 0x20),
        'Ѐ'..='Џ' => char::from_u32(u32::from(letter) + 0x50),
        'а'..='џ' => Some(letter),
        _ => None,
    }
}

fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

pub(crate) fn is_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{4ff}')
}

fn fold(letter: char) -> char {
    if letter == 'ё' { 'е' } else { letter }
}

/// The Cyrillic letter that a Latin one is mistaken for.
pub(crate) fn twin(letter: char) -> char {
    match letter {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' | 'ё' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        other => other,
    }
}

/// A key in which every Latin letter looks like a Cyrillic one, in Cyrillic: «BCOKO» typed with the
/// wrong keyboard.
pub fn in_cyrillic(key: &str) -> Option<String> {
    let is_alike = |letter: char| !letter.is_ascii_alphabetic() || twin(letter) != letter;
    (key.contains(|letter: char| letter.is_ascii_alphabetic()) && key.chars().all(is_alike))
        .then(|| key.chars().map(twin).collect())
}

/// A name in quotes; one that brings its own keeps them alone.
pub fn quoted(title: &str) -> String {
    if title.contains('«') {
        title.to_owned()
    } else {
        format!("«{title}»")
    }
}

/// A text safe to show anywhere: control characters and what is no letter become `\u{…}`, direction
/// marks vanish.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {}
            letter if letter.is_control() || is_no_letter(letter) => {
                out.extend(letter.escape_unicode());
            }
            letter => out.push(letter),
        }
    }
    out
}

/// Code points that Unicode sets aside and neither HTML nor XML may hold.
fn is_no_letter(letter: char) -> bool {
    let code = u32::from(letter);
    (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
}

/// Bytes of a name that is held against others for likeness, letter by letter: what is longer is
/// no name.
const LONGEST: usize = 2000;

/// The candidate most like a word, if any is like it enough to be meant. Names that differ in their
/// numbers are never meant: № 110 is not a slip of the pen for № 101.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(word, candidates, |_| true)
}

/// The same of those that fit, which only those like the word are asked.
pub fn nearest_of<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    fits: impl Fn(&'a str) -> bool,
) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let wanted = key(word);
    // Nearly all of a million candidates differ in their numbers: nothing is made of them.
    let number: Vec<u8> = wanted.bytes().filter(u8::is_ascii_digit).collect();
    let same = |text: &str| {
        let digits = text.bytes().filter(u8::is_ascii_digit);
        digits.eq(number.iter().copied())
    };
    candidates
        .into_iter()
        .filter(|candidate| same(candidate))
        .map(|candidate| (strsim::jaro_winkler(&wanted, &key(candidate)), candidate))
        .filter(|(likeness, candidate)| *likeness >= 0.84 && fits(candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Whether one name has a word that turns a meaning round and the other has not: «до» for «от»,
/// «не», «без».
pub fn turns_round(one: &str, other: &str) -> bool {
    const WORDS: [&str; 9] = [
        "не",
        "без",
        "до",
        "от",
        "младше",
        "старше",
        "менее",
        "более",
        "кроме",
    ];
    let (ones, others) = (words(one), words(other));
    let has = |words: &[Word], wanted: &str| words.iter().any(|word| word.letters == wanted);
    WORDS
        .iter()
        .any(|word| has(&ones, word) != has(&others, word))
}

/// Whether two names differ by slips only: the same words in the same order, each spelled the same
/// but for a letter or two in a long word, or cut short («числ.», «восп-ков»). Numbers are the
/// same, and neither denies what the other says.
pub fn is_nearly(one: &str, other: &str) -> bool {
    if one.len().max(other.len()) > LONGEST {
        return false;
    }
    let (ones, others) = (words(one), words(other));
    let joined = |words: &[Word]| words.iter().map(|word| &*word.letters).collect::<String>();
    let (whole, other_whole) = (joined(&ones), joined(&others));
    let is_short = |text: &str| text.chars().filter(|c| is_alphabetic(*c)).count() < 4;
    if is_short(&whole) || is_short(&other_whole) {
        return false;
    }
    whole == other_whole
        || (ones.len() == others.len() && ones.iter().zip(&others).all(|(a, b)| a.is_nearly(b)))
}

/// A word of a name in small letters, ё as е.
struct Word {
    letters: String,
    /// A full stop follows: it may have been cut short.
    cut: bool,
}

impl Word {
    fn is_nearly(&self, other: &Word) -> bool {
        let (one, two) = (&*self.letters, &*other.letters);
        if one == two {
            return true;
        }
        if [one, two]
            .iter()
            .any(|word| word.bytes().any(|b| b.is_ascii_digit()))
        {
            return false;
        }
        if denies(one, two) || denies(two, one) {
            return false;
        }
        if self.shortens(two) || other.shortens(one) {
            return true;
        }
        let shorter = one.chars().count().min(two.chars().count());
        let slips = match shorter {
            0..=3 => 0,
            4..=7 => 1,
            _ => 2,
        };
        strsim::osa_distance(one, two) <= slips
    }

    /// «числ.» for «численность», «восп-ков» for «воспитанников».
    fn shortens(&self, whole: &str) -> bool {
        match self.letters.split_once('-') {
            Some((start, end)) => {
                start.chars().count() >= 2
                    && start.len() + end.len() < whole.len()
                    && whole.starts_with(start)
                    && whole.ends_with(end)
            }
            None => {
                self.cut && self.letters.chars().count() >= 2 && whole.starts_with(&self.letters)
            }
        }
    }
}

/// Whether one word is the other with «не» or «без» in front.
fn denies(one: &str, other: &str) -> bool {
    ["не", "без"].iter().any(|prefix| {
        one.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() > 4 && strsim::osa_distance(rest, other) <= 1)
    })
}

fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut word = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let inside = letter == '-'
            && !word.is_empty()
            && letters.peek().is_some_and(|next| is_alphabetic(*next));
        if is_letter(letter) || inside {
            word.extend(letter.to_lowercase().map(fold));
            continue;
        }
        if !word.is_empty() {
            words.push(Word {
                letters: std::mem::take(&mut word),
                cut: letter == '.',
            });
        }
    }
    if !word.is_empty() {
        words.push(Word {
            letters: word,
            cut: false,
        });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_names() {
        for (one, other) in [
            (
                "Численость воспитаников, всего",
                "Численность воспитанников, всего",
            ),
            (
                "Числ. воспитанников всего",
                "Численность воспитанников, всего",
            ),
            (
                "Численность восп-ков, всего",
                "Численность воспитанников, всего",
            ),
            ("Из них в кружкох", "Из них в кружках"),
            ("Мест полицензии", "Мест по лицензии"),
            ("Воспитаники от 5 лет", "Воспитанники от 5 лет"),
        ] {
            assert!(is_nearly(one, other), "{one} — {other}");
        }
        for (one, other) in [
            ("Воспитанники от 5 лет", "Воспитанники от 3 лет"),
            (
                "Численность воспитанников",
                "Численность воспитанников с ОВЗ",
            ),
            ("Программа не внедрена", "Программа внедрена"),
            ("Программа невнедрена", "Программа внедрена"),
            ("Прибыло", "Выбыло"),
            ("Число мест", "Число детей"),
            ("Юноши", "Девушки"),
            ("abc", "abd"),
        ] {
            assert!(!is_nearly(one, other), "{one} — {other}");
        }
    }

    #[test]
    fn spellings_of_one_name_share_a_key() {
        let names = [
            "МБДОУ «Детский сад № 5»",
            "МБДОУ \"Детский сад №5\"",
            "мбдоу детский сад N 5",
            "МБДОУ „Детский  сад # 5“",
            "МБДОУ Детский сад N5",
            "МБДОУ Детский сад 5",
            "МБДОУ\u{a0}«Детский\u{202f}сад №\u{a0}5»",
            // С, а, о, е typed on a Latin keyboard.
            "МБДOУ «Дeтский cад № 5»",
            // Marks of their own, a direction, a place to break, escaped quotes, a full stop.
            "МБДОУ «Детскии\u{306} сад № 5»",
            "\u{200e}МБДОУ «Дет\u{ad}ский сад № 5»\u{200f}",
            r#"МБДОУ \"Детский сад № 5\""#,
            "МБДОУ «Детский сад № 5».",
        ];
        for name in names {
            assert_eq!(key(name), "мбдоудетскийсад5", "{name}");
        }
        assert_eq!(key("Взле\u{308}т"), key("Взлёт"));
        assert_eq!(in_cyrillic("bcoko").as_deref(), Some("всоко"));
        assert_eq!(in_cyrillic("org"), None);
    }

    #[test]
    fn different_names_keep_apart() {
        assert_eq!(key("Берёзка"), key("Березка"));
        assert_eq!(key("СОШ – 2"), key("СОШ - 2"));
        assert_ne!(key("Детский сад № 5"), key("Детский сад № 15"));
        assert_eq!(key("Nord"), "nord");
        assert_eq!(key("ds-101"), "ds-101");
    }

    #[test]
    fn the_short_cuts_agree_with_unicode() {
        for letter in '\0'..='\u{4ff}' {
            let slow: Vec<char> = letter.to_lowercase().collect();
            if let Some(quick) = lower(letter) {
                assert_eq!(slow, [quick], "{letter}");
            }
            assert_eq!(is_letter(letter), letter.is_alphanumeric(), "{letter}");
            assert_eq!(is_alphabetic(letter), letter.is_alphabetic(), "{letter}");
        }
    }

    #[test]
    fn every_letter_is_keyed_as_a_table_would() {
        let words = |letter: char| {
            [
                format!("a{letter}N5"),
                format!("сад{letter}5 {letter}"),
                format!("{letter}N"),
                format!("N{letter}"),
            ]
        };
        for letter in ('\0'..='\u{2300}').chain(['\u{3000}', '\u{feff}', 'Ａ', '😀']) {
            for word in words(letter) {
                assert_eq!(key(&word), slow_key(&word), "{word:?}");
            }
        }
    }

    /// The rules of a key, one after another.
    fn slow_key(text: &str) -> String {
        let mut key = String::new();
        for word in text.split(is_space) {
            let letters: Vec<char> = word.chars().collect();
            let cyrillic = letters.iter().any(|letter| is_cyrillic(*letter));
            for (at, &letter) in letters.iter().enumerate() {
                let starts = at == 0 || !letters[at - 1].is_alphanumeric();
                let number = match letters.get(at + 1) {
                    None => true,
                    Some(next) => next.is_ascii_digit() || matches!(next, '°' | 'º'),
                };
                match letter {
                    '№' | '#' => {}
                    'N' | 'n' if starts && number => {}
                    '\u{2010}'..='\u{2015}' | '\u{2212}' => key.push('-'),
                    _ if "\"'«»„“”‘’‹›`°º\\".contains(letter) => {}
                    '\u{ad}'
                    | '\u{200c}'..='\u{200f}'
                    | '\u{202a}'..='\u{202e}'
                    | '\u{2066}'..='\u{2069}' => {}
                    _ => key.extend(letter.to_lowercase().map(|lower| match cyrillic {
                        true => twin(lower),
                        false => fold(lower),
                    })),
                }
            }
        }
        let mut key = key.trim_end_matches('.').to_owned();
        if key.is_empty() && text.contains('№') {
            key.push('№');
        }
        key
    }

    #[test]
    fn control_characters_never_reach_a_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\nc"), "a\\u{1b}[31mb c");
        assert_eq!(printable("\u{202e}abc"), "abc");
    }

    #[test]
    fn near_misses_are_found() {
        assert_eq!(
            nearest("enroled", ["capacity", "enrolled"]),
            Some("enrolled")
        );
        assert_eq!(nearest("xyz", ["capacity", "enrolled"]), None);
        assert_eq!(nearest("Детский сад № 110", ["Детский сад № 101"]), None);
        assert_eq!(
            nearest(
                "Десткий сад № 101",
                ["Детский сад № 101", "Детский сад № 102"]
            ),
            Some("Детский сад № 101")
        );
    }
}
