//! The names that a text puts in quotes: programmes, projects, concepts.

use super::words::squash;

/// The names that went and came between two texts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Names {
    /// Only in the old text.
    pub removed: Vec<String>,
    /// Only in the new one.
    pub added: Vec<String>,
}

impl Names {
    /// Those of two texts.
    pub fn between(old: &str, new: &str) -> Names {
        let (old, new) = (quoted(old), quoted(new));
        let missing = |of: &[String], from: &[String]| {
            let known: Vec<String> = from.iter().map(|name| squash(name)).collect();
            let gone = of.iter().filter(|name| !known.contains(&squash(name)));
            gone.cloned().collect()
        };
        Names {
            removed: missing(&old, &new),
            added: missing(&new, &old),
        }
    }

    /// Whether none went and none came.
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty()
    }
}

/// What stands in quotes, the outermost of those that close, each name once. A quote that was never
/// opened («до 2025 года».») says nothing.
fn quoted(text: &str) -> Vec<String> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (at, letter) in text.char_indices() {
        let partner = open.last().map(|(_, partner)| *partner);
        if partner == Some(letter) {
            let start = open.pop().map_or(at, |(start, _)| start);
            spans.retain(|(inner, _)| *inner < start);
            spans.push((start, at));
            continue;
        }
        let closing = match letter {
            '«' => '»',
            '„' => '“',
            '“' => '”',
            '"' => '"',
            _ => continue,
        };
        open.push((at + letter.len_utf8(), closing));
    }
    let mut names: Vec<String> = Vec::new();
    for (start, end) in spans {
        let name = text[start..end].trim();
        if !name.is_empty() && !names.iter().any(|known| squash(known) == squash(name)) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_quotes() {
        for (text, expected) in [
            ("нет", &[][..]),
            (
                "«Успех каждого ребёнка», «Успех каждого ребенка»",
                &["Успех каждого ребёнка"],
            ),
            (
                "проекта «Все лучшее детям» и \"Молодежь\"",
                &["Все лучшее детям", "Молодежь"],
            ),
            ("в Алтайском крае до 2025 года».", &[]),
            (
                "«Об утверждении „Дорожной карты“ города»",
                &["Об утверждении „Дорожной карты“ города"],
            ),
            ("«незакрытая «Среда»", &["Среда"]),
            ("“a” и „б“", &["a", "б"]),
        ] {
            assert_eq!(quoted(text), expected, "{text}");
        }
    }

    #[test]
    fn names_went_and_came() {
        let names = Names::between("«Успех каждого ребёнка», «А»", "«Все лучшее», „А“");
        assert_eq!(names.removed, ["Успех каждого ребёнка"]);
        assert_eq!(names.added, ["Все лучшее"]);
    }
}
