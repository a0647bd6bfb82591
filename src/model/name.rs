//! Names as people write them: two spellings of one name have one key.

/// The key of a name: lower case, ё as е, no spaces, no quotes, one kind of dash, no `№`, `N` or
/// `#` before a number, Latin letters that look Cyrillic taken for Cyrillic in a word that
/// has Cyrillic letters.
///
/// «МБДОУ «Детский сад № 5»», `МБДОУ "Детский сад №5"` and `мбдоу детский сад N 5` share a key.
pub fn key(text: &str) -> String {
    // An id is its own key.
    let plain =
        |byte: u8| matches!(byte, b'a'..=b'm' | b'o'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    if text.bytes().all(plain) {
        return text.to_owned();
    }
    let mut key = String::with_capacity(text.len());
    for word in text.split(is_space) {
        push_word(&mut key, word);
    }
    // A heading that is nothing but the sign.
    if key.is_empty() && text.contains('№') {
        key.push('№');
    }
    key
}

fn push_word(key: &mut String, word: &str) {
    let cyrillic = word.chars().any(is_cyrillic);
    let mut letters = word.chars().peekable();
    let mut previous_is_letter = false;
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let starts = !previous_is_letter;
        previous_is_letter = letter.is_alphanumeric();
        let number_sign = match (letter, next) {
            ('№' | '#', _) => true,
            ('N' | 'n', None) => starts,
            ('N' | 'n', Some(next)) => {
                starts && (next.is_ascii_digit() || next == '°' || next == 'º')
            }
            _ => false,
        };
        if number_sign {
            continue;
        }
        match letter {
            '"' | '\'' | '«' | '»' | '„' | '“' | '”' | '‘' | '’' | '‹' | '›' | '`' | '°' | 'º' =>
                {}
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}' => key.push('-'),
            _ => {
                for lower in letter.to_lowercase() {
                    key.push(if cyrillic { twin(lower) } else { fold(lower) });
                }
            }
        }
    }
}

fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

fn is_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{4ff}')
}

fn fold(letter: char) -> char {
    if letter == 'ё' { 'е' } else { letter }
}

/// The Cyrillic letter that a Latin one is mistaken for.
fn twin(letter: char) -> char {
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

/// A name in quotes; one that brings its own keeps them alone.
pub fn quoted(title: &str) -> String {
    if title.contains('«') {
        title.to_owned()
    } else {
        format!("«{title}»")
    }
}

/// A text safe to show on a terminal: control characters become `\u{…}`, direction marks vanish.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {}
            letter if letter.is_control() => out.extend(letter.escape_unicode()),
            letter => out.push(letter),
        }
    }
    out
}

/// The candidate most like a word, if any is like it enough to be meant. Names that differ in their
/// numbers are never meant: № 110 is not a slip of the pen for № 101.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = key(word);
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let number = digits(&wanted);
    candidates
        .into_iter()
        .filter(|candidate| digits(candidate) == number)
        .map(|candidate| (strsim::jaro_winkler(&wanted, &key(candidate)), candidate))
        .filter(|(likeness, _)| *likeness >= 0.84)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ];
        for name in names {
            assert_eq!(key(name), "мбдоудетскийсад5", "{name}");
        }
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
