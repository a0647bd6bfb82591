//! Which of the single-byte Russian encodings a text is in.
//!
//! Every byte from 0x80 up is a letter, a sign or a piece of a frame in each of them. What each
//! encoding makes of the words is weighed in bits: how rare the pairs of letters are in Russian,
//! whether a capital stands inside a word, whether a dash hangs on to a letter, whether a sign is
//! one that hardly any text has. The encoding with the lightest reading is taken. Each word counts
//! once: the same «да» in every row is one piece of evidence, not a thousand.

use hashbrown::HashSet;

use crate::source::Encoding;

/// What was made of the letters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Guess {
    /// The encoding taken.
    pub encoding: Encoding,
    /// Where the evidence is thin: the next best that reads something else.
    pub rival: Option<Encoding>,
}

/// The likeliest first.
const CANDIDATES: [Encoding; 4] = [
    Encoding::Windows1251,
    Encoding::Ibm866,
    Encoding::Koi8R,
    Encoding::MacCyrillic,
];

/// Bytes of words that are weighed: more would not change the verdict.
const WEIGHED: usize = 16 << 10;

/// A lead of fewer bits is thin.
const THIN: i32 = 8;

/// A text of more bits a letter is hardly Russian.
const STRANGE: i32 = 10;

/// The encoding of some bytes that are neither UTF-8 nor UTF-16.
pub fn guess(head: &[u8]) -> Guess {
    let signs = CANDIDATES.map(signs);
    let mut bits = CANDIDATES.map(|encoding| habit(head, encoding));
    let (mut bytes, mut weighed) = (0, 0);
    let mut met = HashSet::new();
    for word in words(head) {
        bytes += word.bytes.len();
        if bytes > WEIGHED {
            break;
        }
        if met.insert(word.bytes) {
            weighed += word.bytes.len() as i32;
            for (bits, signs) in bits.iter_mut().zip(&signs) {
                *bits += word.weight(signs);
            }
        }
    }
    let mut order = [0, 1, 2, 3];
    order.sort_by_key(|index| bits[*index]);
    let best = order[0];
    let mut present = [false; 128];
    for byte in head.iter().filter(|byte| **byte >= 0x80) {
        present[usize::from(byte & 0x7f)] = true;
    }
    let differs = |other: usize| {
        let mut pairs = signs[best].iter().zip(&signs[other]).zip(present);
        pairs.any(|((own, other), present)| present && own.0 != other.0)
    };
    let rival = order[1..].iter().copied().find(|other| differs(*other));
    let is_thin =
        |rival: &usize| bits[*rival] - bits[best] < THIN || bits[best] > STRANGE * weighed;
    Guess {
        encoding: CANDIDATES[best],
        rival: rival.filter(is_thin).map(|rival| CANDIDATES[rival]),
    }
}

/// What speaks against an encoding before any letter is read: lone carriage returns end the lines
/// of the Mac, and of it alone.
fn habit(head: &[u8], encoding: Encoding) -> i32 {
    let returns = memchr::memchr(b'\r', head).is_some();
    let feeds = memchr::memchr(b'\n', head).is_some();
    match encoding {
        Encoding::Ibm866 => 1,
        Encoding::Koi8R => 2,
        Encoding::MacCyrillic if returns && !feeds => -6,
        Encoding::MacCyrillic if returns => 8,
        Encoding::MacCyrillic => 4,
        _ => 0,
    }
}

/// What a byte is in an encoding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sign {
    /// By its place in the alphabet, ё among the е.
    Letter {
        index: u8,
        is_capital: bool,
    },
    OpeningQuote,
    ClosingQuote,
    Dash,
    Ellipsis,
    NoBreakSpace,
    Number,
    /// A degree, a paragraph, a bullet.
    Mark,
    /// The Ukrainian letters that also stand for Roman numerals.
    Numeral {
        is_capital: bool,
    },
    /// A piece of a frame.
    Frame,
    Rare,
}

/// What the bytes from 0x80 up are in an encoding, and the characters they make.
fn signs(encoding: Encoding) -> [(char, Sign); 128] {
    let bytes: [u8; 128] = std::array::from_fn(|index| index as u8 | 0x80);
    let mut signs = [('\u{fffd}', Sign::Rare); 128];
    for (sign, letter) in signs.iter_mut().zip(encoding.decode(&bytes).chars()) {
        *sign = (letter, sign_of(letter));
    }
    signs
}

fn sign_of(letter: char) -> Sign {
    let cyrillic = |first: char, is_capital| Sign::Letter {
        index: (u32::from(letter) - u32::from(first)) as u8,
        is_capital,
    };
    match letter {
        'А'..='Я' => cyrillic('А', true),
        'а'..='я' => cyrillic('а', false),
        'Ё' | 'ё' => Sign::Letter {
            index: 5,
            is_capital: letter == 'Ё',
        },
        'І' | 'Ї' => Sign::Numeral { is_capital: true },
        'і' | 'ї' => Sign::Numeral { is_capital: false },
        '«' | '„' => Sign::OpeningQuote,
        '»' | '“' | '”' => Sign::ClosingQuote,
        '–' | '—' => Sign::Dash,
        '…' => Sign::Ellipsis,
        '\u{a0}' => Sign::NoBreakSpace,
        '№' => Sign::Number,
        '°' | '•' | '·' | '§' | '²' | '³' | '±' | '’' => Sign::Mark,
        '\u{2500}'..='\u{259f}' => Sign::Frame,
        _ => Sign::Rare,
    }
}

/// What stands beside a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Edge {
    /// Spaces; before it something begins: a line, a cell, a sentence.
    Start,
    Space,
    Letter,
    Digit,
    Other,
}

/// Bytes from 0x80 up that follow one another.
struct Word<'a> {
    bytes: &'a [u8],
    before: Edge,
    after: Edge,
}

fn words(head: &[u8]) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + head[at..].iter().position(|byte| *byte >= 0x80)?;
        let rest = &head[start..];
        let length = rest.iter().position(|byte| *byte < 0x80);
        let end = length.map_or(head.len(), |length| start + length);
        at = end;
        Some(Word {
            bytes: &head[start..end],
            before: edge_before(&head[..start]),
            after: edge(head.get(end)),
        })
    })
}

fn edge(byte: Option<&u8>) -> Edge {
    match byte {
        None | Some(b' ' | b'\t' | b'\r' | b'\n') => Edge::Space,
        Some(byte) if byte.is_ascii_alphabetic() => Edge::Letter,
        Some(byte) if byte.is_ascii_digit() => Edge::Digit,
        Some(_) => Edge::Other,
    }
}

fn edge_before(before: &[u8]) -> Edge {
    let spaces = before
        .iter()
        .rev()
        .take_while(|byte| **byte == b' ')
        .count();
    match (before[..before.len() - spaces].last(), spaces) {
        (None | Some(b'\t' | b'\r' | b'\n'), _) => Edge::Start,
        (Some(b'.' | b';' | b'|' | b'!' | b'?' | b'"'), 1..) => Edge::Start,
        (_, 1..) => Edge::Space,
        (byte, 0) => edge(byte),
    }
}

impl Word<'_> {
    /// How unlikely it is in Russian, in bits, as one encoding reads it.
    fn weight(&self, signs: &[(char, Sign); 128]) -> i32 {
        let at = |index: usize| signs[usize::from(self.bytes[index] & 0x7f)];
        let mut bits = 0;
        for index in 0..self.bytes.len() {
            let beside = Beside {
                before_last: index.checked_sub(2).map(|index| at(index).1),
                last: index.checked_sub(1).map(|index| at(index).1),
                next: (index + 1 < self.bytes.len()).then(|| at(index + 1).1),
                before: self.before,
                after: self.after,
            };
            bits += match at(index) {
                (letter, Sign::Letter { index, is_capital }) => {
                    beside.letter(index, is_capital, matches!(letter, 'ё' | 'Ё'))
                }
                (_, Sign::Frame) if index > 0 && at(index).0 == at(index - 1).0 => 3,
                (_, sign) => beside.sign(sign),
            };
        }
        bits
    }
}

/// What stands beside a byte; `before` and `after` where nothing of its word does.
struct Beside {
    before_last: Option<Sign>,
    last: Option<Sign>,
    next: Option<Sign>,
    before: Edge,
    after: Edge,
}

/// A letter's place in the alphabet; what is no letter is the edge of a word.
fn place(sign: Option<Sign>) -> usize {
    match sign {
        Some(Sign::Letter { index, .. }) => usize::from(index),
        _ => EDGE,
    }
}

fn is_letter(sign: Option<Sign>) -> bool {
    matches!(sign, Some(Sign::Letter { .. }))
}

fn is_capital(sign: Option<Sign>) -> bool {
    matches!(
        sign,
        Some(Sign::Letter {
            is_capital: true,
            ..
        })
    )
}

impl Beside {
    /// Whether a Latin letter touches the byte.
    fn touches_latin(&self) -> bool {
        (self.last.is_none() && self.before == Edge::Letter)
            || (self.next.is_none() && self.after == Edge::Letter)
    }

    fn letter(&self, index: u8, capital: bool, is_yo: bool) -> i32 {
        let own = usize::from(index);
        let begins = !is_letter(self.last);
        let mut bits = pair(place(self.last), own);
        if !is_letter(self.next) {
            bits += pair(own, EDGE);
        }
        if self.touches_latin() {
            bits += 6;
        }
        if is_yo {
            bits += if begins && !capital { 6 } else { 3 };
        }
        bits + match (capital, is_capital(self.last)) {
            (true, _) if begins => {
                let starts = match self.last {
                    None => self.is_at_start(),
                    Some(sign) => matches!(sign, Sign::OpeningQuote | Sign::ClosingQuote),
                };
                if starts { 1 } else { 3 }
            }
            (false, _) if begins => i32::from(self.last.is_none() && self.is_at_start()),
            (true, false) => 9,
            // «МБДОУ», and «ДОу»: behind two capitals a third follows.
            (true, true) => i32::from(!is_capital(self.before_last)),
            (false, true) if is_capital(self.before_last) => 6,
            (false, true) => 1,
            (false, false) => 0,
        }
    }

    fn is_at_start(&self) -> bool {
        matches!(self.before, Edge::Start | Edge::Other)
    }

    fn sign(&self, sign: Sign) -> i32 {
        let (last, next) = (is_letter(self.last), is_letter(self.next));
        let word_before = self.last.is_none() && matches!(self.before, Edge::Letter | Edge::Digit);
        let word_after = self.next.is_none() && matches!(self.after, Edge::Letter | Edge::Digit);
        let when = |condition: bool, bits: i32| if condition { bits } else { 0 };
        match sign {
            Sign::OpeningQuote => {
                let holds = self.next.is_some() || word_after;
                let small = next && !is_capital(self.next);
                5 + when(last || word_before, 6) + when(small, 3) + when(!holds, 5)
            }
            Sign::ClosingQuote => {
                let holds = self.last.is_some() || word_before || self.before == Edge::Other;
                5 + when(next || word_after, 6) + when(!holds, 5)
            }
            Sign::Dash => 5 + when(last != next, 6) + when(last && next, 2),
            Sign::Ellipsis => 7 + when(next, 5),
            Sign::NoBreakSpace => {
                let space_before =
                    self.last.is_none() && matches!(self.before, Edge::Start | Edge::Space);
                let space_after = self.next.is_none() && self.after == Edge::Space;
                5 + when(space_before, 4) + when(space_after, 4)
            }
            Sign::Number => {
                4 + when(last || word_before, 5) + when(next, 4) + when(self.touches_latin(), 6)
            }
            Sign::Mark => 9 + when(next, 3),
            Sign::Numeral { is_capital: own } => {
                10 + when(own && last && !is_capital(self.last), 7)
            }
            Sign::Frame => 13 + when(last || next, 4),
            _ => 16 + when(last || next || self.touches_latin(), 8),
        }
    }
}

/// The place of what is no letter in [`PAIRS`].
const EDGE: usize = 32;

/// How rare a letter is behind another.
fn pair(first: usize, second: usize) -> i32 {
    let digit = PAIRS[first][second];
    i32::from(match digit {
        b'a'.. => digit - b'a' + 10,
        _ => digit - b'0',
    })
}

/// How rare each letter of Russian is behind each other one, in whole bits as a hexadecimal digit:
/// `f` is 15 and more. A row is the letter before, а to я and then none: the word begins; a column
/// is the letter itself, the last one the word's end. Counted in the resolutions of 2020 and 2025
/// and, three times over, the headings of the forms; twenty letters more behind each one, as often
/// as letters are in Russian at large, stand for what these texts happen not to have.
const PAIRS: [&[u8; 33]; 33] = [
    b"a575676388534397754af744d8fcce553", // а
    b"7a8a93aa6a9896391582c8bab559acb96", // б
    b"2ba8a4c85c86a53a7376e9dbcdf4bdc92", // в
    b"3a9896ba3b99981a3987dbcabcfaadca6", // г
    b"2b9873bb3ba5872a4796d9cbcdf46dc86", // д
    b"67644988a4534288433ba897a7fcce994", // е
    b"58781398395774577668b9a89ae86ba85", // ж
    b"2a5a56ba5a9777299884dbcabcfaacba3", // з
    b"6c7cb39446476567843b6465defcce633", // и
    b"798987a97a8887798379caba6cf99cb90", // й
    b"2a4aa8ba2b95982a6846db7bcdfaadca4", // к
    b"4b9ba27b2ba9a34a9977ecdbcdfb2d758", // л
    b"2a9a93ba4b8937489885dbcabcf4acba2", // м
    b"3ca884c71c6ab43b97566c6cdef3ced65", // н
    b"a333467795745595444a66675ffccbe83", // о
    b"5b9ba3bb3b57a5282898db9bcdfabdca7", // п
    b"2b95936b4caa782a7677ecd97df5bed97", // р
    b"6b6ba4cb4c34864365278cd89df88ed45", // с
    b"3b3b92cb4ca6844a5594ecd6cdf74ed93", // т
    b"4a7754aa7a6594746449c8b2b7f9ac494", // у
    b"6978829329778628577869a9abe88ba85", // ф
    b"692987a97a8887487379cab9abf99cb91", // х
    b"798982a91a8887798879cababcf99cb96", // ц
    b"3a8a91ba2a9896796869dbca7cfaacba7", // ч
    b"69788198593286687778b9a9abe88ba85", // ш
    b"58787298197776577668b9a89ae88ba85", // щ
    b"47576277475565465556978789c669863", // ъ
    b"7a6994a9728837778789c3ba3cf99cb92", // ы
    b"7a8997a97a8891798769cababcf99c892", // ь
    b"47566477474564465536478789c669863", // э
    b"68788696697776687738b965a1e88ba82", // ю
    b"7a8a96a77a9666797859c58ab8f9acb50", // я
    b"5a3537855d456533447567669ffcd9ec9", // перед словом
];

#[cfg(test)]
mod tests {
    use super::*;

    fn word_in(text: &str, encoding: Encoding) -> Guess {
        guess(&encoding.encode(text).expect("has the letters"))
    }

    #[test]
    fn each_encoding_by_a_few_words() {
        for text in [
            "Детский сад № 5;да",
            "ДЕТСКИЙ САД;ДА",
            "ds-5;улица Ленина, дом 3\r\n",
            "org,enrolled\nМБДОУ Солнышко,120\n",
            "Учреждение;Ёлочка;Всего воспитанников",
        ] {
            for encoding in CANDIDATES {
                let Some(bytes) = encoding.encode(text) else {
                    continue;
                };
                let found = guess(&bytes);
                let read = found.encoding.decode(&bytes);
                assert_eq!(read, encoding.decode(&bytes), "{}", encoding.id());
                assert_eq!(found.rival, None, "{text}, {}", encoding.id());
            }
        }
    }

    #[test]
    fn thin_evidence_is_said() {
        for text in ["X;ДС\n", "к\n", "id;ЯЩ\n"] {
            let found = word_in(text, Encoding::Koi8R);
            assert!(found.rival.is_some(), "{text}");
        }
        // The same word over and over is no more evidence.
        let found = word_in(&"ДС;1\n".repeat(500), Encoding::Koi8R);
        assert!(found.rival.is_some());
        // Not Russian at all.
        let western = b"caf\xe9;1\nna\xefve;2\nd\xe9j\xe0 vu;3\n";
        assert!(guess(western).rival.is_some());
        // Both read the same: whichever is taken is right.
        let same = word_in("садик;группа\n", Encoding::MacCyrillic);
        assert_eq!((same.encoding, same.rival), (Encoding::Windows1251, None));
    }
}
