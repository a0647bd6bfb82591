//! Two texts, word by word: what stayed, what went, what came.
//!
//! A word is what stands between spaces, so none is ever cut. Words that differ only in ё and е, in
//! the kind of quotes or dashes, or in spaces are the same words; but both texts must come back byte
//! for byte. So such a difference is a segment that went and one that came like any other, marked as
//! [spelling](Segment::spelling): scripts put both texts together without knowing of it, people are
//! shown the new spelling as if nothing had happened.

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// What became of some words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    /// They stand in both texts.
    Same,
    /// Only in the old one.
    Removed,
    /// Only in the new one.
    Added,
}

impl Op {
    /// As JSON names it.
    pub fn id(self) -> &'static str {
        match self {
            Op::Same => "same",
            Op::Removed => "removed",
            Op::Added => "added",
        }
    }
}

/// Words that shared one fate, with the spaces behind them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Segment {
    /// What became of them.
    pub op: Op,
    /// Exactly as in their text.
    pub text: String,
    /// The other text has the same words, only spelled otherwise: no difference.
    pub spelling: bool,
}

/// The segments of two texts: same and removed ones make the old text, same and added ones the new.
pub fn segments(old: &str, new: &str) -> Vec<Segment> {
    let (old_lead, old_words) = split(old);
    let (new_lead, new_words) = split(new);
    let mut weaver = Weaver::default();
    weaver.both(old_lead, new_lead);
    for step in steps(&old_words, &new_words) {
        match step {
            Step::Both(one, other) => {
                let (one, other) = (&old_words[one], &new_words[other]);
                weaver.both(one.text, other.text);
                weaver.both(one.gap, other.gap);
            }
            Step::Old(index) => weaver.changed(old_words[index].whole, "", true),
            Step::New(index) => weaver.changed("", new_words[index].whole, true),
        }
    }
    weaver.flush();
    if squash(old) == squash(new) {
        for segment in &mut weaver.segments {
            segment.spelling = segment.op != Op::Same;
        }
    }
    weaver.segments
}

/// Whether no word went and none came.
pub fn is_same(segments: &[Segment]) -> bool {
    let unchanged = |segment: &Segment| segment.op == Op::Same || segment.spelling;
    segments.iter().all(unchanged)
}

/// How much of two texts is the same, from 0 to 1.
pub(super) fn likeness(old: &str, new: &str) -> f32 {
    let (old, new) = (keys(&split(old).1), keys(&split(new).1));
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    similar::diff_ratio(&ops, old.len(), new.len())
}

/// A text without what makes no difference: spaces, ё, kinds of quotes and dashes.
pub fn squash(text: &str) -> String {
    let letters = text.chars().filter_map(|letter| match letter {
        'ё' => Some('е'),
        'Ё' => Some('Е'),
        '«' | '»' | '„' | '“' | '”' | '‘' | '’' | '‹' | '›' | '\'' | '`' => {
            Some('"')
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        // The dots of ё on their own, the soft hyphen.
        '\u{308}' | '\u{ad}' => None,
        letter if letter.is_whitespace() => None,
        letter => Some(letter),
    });
    letters.collect()
}

/// A word and the spaces behind it.
struct Word<'a> {
    text: &'a str,
    gap: &'a str,
    whole: &'a str,
}

/// The spaces before the first word, and the words.
fn split(text: &str) -> (&str, Vec<Word<'_>>) {
    let trimmed = text.trim_start();
    let (lead, mut rest) = text.split_at(text.len() - trimmed.len());
    let mut words = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let next = rest.len() - rest[end..].trim_start().len();
        words.push(Word {
            text: &rest[..end],
            gap: &rest[end..next],
            whole: &rest[..next],
        });
        rest = &rest[next..];
    }
    (lead, words)
}

fn keys(words: &[Word<'_>]) -> Vec<String> {
    words.iter().map(|word| squash(word.text)).collect()
}

/// One step through both texts.
#[derive(Clone, Copy)]
enum Step {
    Both(usize, usize),
    Old(usize),
    New(usize),
}

/// Patience goes by the words that each text has once: in prose these are the telling ones.
fn steps(old: &[Word<'_>], new: &[Word<'_>]) -> Vec<Step> {
    let ops = capture_diff_slices(Algorithm::Patience, &keys(old), &keys(new));
    let mut steps = Vec::new();
    for (index, op) in ops.iter().enumerate() {
        let (ours, theirs) = (op.old_range(), op.new_range());
        let inner = index > 0 && index + 1 < ops.len();
        let words = ours.clone().map(|at| old[at].text);
        if op.tag() == DiffTag::Equal && !(inner && is_incidental(words)) {
            steps.extend(ours.zip(theirs).map(|(one, other)| Step::Both(one, other)));
        } else {
            steps.extend(ours.map(Step::Old));
            steps.extend(theirs.map(Step::New));
        }
    }
    steps
}

/// Whether words that stayed amid others say nothing: an «и» that both sentences happen to have
/// would cut them into crumbs.
fn is_incidental<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let mut words = words.map(|word| word.chars().filter(|letter| letter.is_alphanumeric()));
    words.all(|letters| letters.clone().all(char::is_alphabetic) && letters.count() <= 3)
}

/// Puts segments together.
#[derive(Default)]
struct Weaver {
    segments: Vec<Segment>,
    removed: String,
    added: String,
    /// What is held back is more than spelling.
    real: bool,
}

impl Weaver {
    /// The same piece of both texts.
    fn both(&mut self, old: &str, new: &str) {
        if old != new {
            return self.changed(old, new, false);
        }
        if old.is_empty() {
            return;
        }
        self.flush();
        match self.segments.last_mut() {
            Some(last) if last.op == Op::Same => last.text.push_str(old),
            _ => self.push(Op::Same, old.to_owned(), false),
        }
    }

    /// A piece that differs. Spaces go along with what they stand beside.
    fn changed(&mut self, old: &str, new: &str, real: bool) {
        let is_space = |text: &str| text.trim().is_empty();
        let alike = self.real == real
            || is_space(old) && is_space(new)
            || is_space(&self.removed) && is_space(&self.added);
        if !alike {
            self.flush();
        }
        self.removed.push_str(old);
        self.added.push_str(new);
        self.real |= real;
    }

    /// Lets go of what is held back.
    fn flush(&mut self) {
        let (removed, added) = (
            std::mem::take(&mut self.removed),
            std::mem::take(&mut self.added),
        );
        let real = std::mem::take(&mut self.real) && squash(&removed) != squash(&added);
        self.push(Op::Removed, removed, !real);
        self.push(Op::Added, added, !real);
    }

    fn push(&mut self, op: Op, text: String, spelling: bool) {
        if !text.is_empty() {
            self.segments.push(Segment { op, text, spelling });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn side(segments: &[Segment], own: Op) -> String {
        let own = segments
            .iter()
            .filter(|segment| [Op::Same, own].contains(&segment.op));
        own.map(|segment| segment.text.as_str()).collect()
    }

    /// As people see it.
    fn shown(old: &str, new: &str) -> String {
        let segments = segments(old, new);
        let shown = segments.iter().map(|segment| match segment.op {
            Op::Same => segment.text.clone(),
            Op::Removed if segment.spelling => format!("({}>", segment.text),
            Op::Added if segment.spelling => format!("{})", segment.text),
            Op::Removed => format!("[-{}-]", segment.text),
            Op::Added => format!("{{+{}+}}", segment.text),
        });
        shown.collect()
    }

    #[test]
    fn words_go_and_come() {
        for (old, new, expected) in [
            ("", "", ""),
            ("один два", "один два", "один два"),
            ("", "один", "{+один+}"),
            (" один ", "", "[- один -]"),
            ("один два три", "один пять три", "один [-два -]{+пять +}три"),
            ("один", "один два", "один{+ два+}"),
            ("Алейска.", "Алейска", "[-Алейска.-]{+Алейска+}"),
            // A conjunction between two differences is none of its own.
            (
                "обучения и труда людей",
                "договоров и числа людей",
                "[-обучения и труда -]{+договоров и числа +}людей",
            ),
            // A number is always telling.
            (
                "не 11 из них",
                "до 11 без всех",
                "[-не -]{+до +}11 [-из них-]{+без всех+}",
            ),
        ] {
            assert_eq!(shown(old, new), expected);
        }
    }

    #[test]
    fn spelling_is_no_difference() {
        for (old, new, expected) in [
            (
                "каждого ребенка",
                "каждого ребёнка",
                "каждого (ребенка>ребёнка)",
            ),
            ("„Успех“", "«Успех»", "(„Успех“>«Успех»)"),
            ("года — 7", "года - 7", "года (—>-) 7"),
            ("один  два", "один два", "один(  > )два"),
            (
                "социально- ответственной личности",
                "социально-ответственной личности",
                "(социально- ответственной >социально-ответственной )личности",
            ),
            ("а б а", "аб а", "(а б >аб )а"),
            // Beside a difference it stands for itself.
            (
                "прежний ребенок",
                "новый ребёнок",
                "[-прежний -]{+новый +}(ребенок>ребёнок)",
            ),
        ] {
            assert_eq!(shown(old, new), expected);
            let plain = !expected.contains(['[', '{']);
            assert_eq!(is_same(&segments(old, new)), plain, "{expected}");
        }
    }

    proptest! {
        /// Both texts come back byte for byte, no word is cut, and what is called spelling is.
        #[test]
        fn both_texts_come_back(
            old in "([аеёи]{1,3}|[«\"„]а[»\"“]|[\\-–]|и|[ \u{a0}\n]{1,2}|7,5|\\PC){0,24}",
            new in "([аеёи]{1,3}|[«\"„]а[»\"“]|[\\-–]|и|[ \u{a0}\n]{1,2}|7,5|\\PC){0,24}",
        ) {
            let segments = segments(&old, &new);
            prop_assert_eq!(side(&segments, Op::Removed), &*old);
            prop_assert_eq!(side(&segments, Op::Added), &*new);
            for (text, op) in [(&old, Op::Removed), (&new, Op::Added)] {
                let own: Vec<&Segment> = segments
                    .iter()
                    .filter(|segment| [Op::Same, op].contains(&segment.op))
                    .collect();
                let words: Vec<&str> = own
                    .iter()
                    .flat_map(|segment| segment.text.split_whitespace())
                    .collect();
                prop_assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
            }
            let told: Vec<Segment> = segments.iter().filter(|s| !s.spelling).cloned().collect();
            if squash(&old) == squash(&new) {
                prop_assert!(is_same(&segments));
            } else {
                prop_assert!(!is_same(&segments));
                let squashed = (side(&told, Op::Removed), side(&told, Op::Added));
                prop_assert_ne!(squash(&squashed.0), squash(&squashed.1));
            }
            prop_assert!(segments.iter().all(|segment| !segment.text.is_empty()));
        }
    }
}
