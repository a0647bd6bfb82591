//! Names of places in a page, each only once.

use std::collections::HashSet;

/// The longest part of a heading that a name takes.
const LONGEST: usize = 60;

/// The names that are taken.
#[derive(Debug, Default)]
pub struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// A name for a link, made of a heading: the same heading gives the same name in every page.
    pub fn id(&mut self, heading: &str) -> String {
        let mut id = String::new();
        for letter in heading.chars().flat_map(char::to_lowercase).take(LONGEST) {
            match letter {
                letter if letter.is_alphanumeric() => id.push(letter),
                _ if id.is_empty() || id.ends_with('-') => {}
                _ => id.push('-'),
            }
        }
        let id = id.trim_end_matches('-');
        self.once(if id.is_empty() { "part" } else { id }, |id, turn| {
            format!("{id}-{turn}")
        })
    }

    /// A name that is read out.
    pub fn label(&mut self, label: &str) -> String {
        self.once(label, |label, turn| format!("{label} ({turn})"))
    }

    fn once(&mut self, wanted: &str, again: impl Fn(&str, usize) -> String) -> String {
        let mut name = wanted.to_owned();
        let mut turn = 2;
        while !self.taken.insert(name.clone()) {
            name = again(wanted, turn);
            turn += 1;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_given_once() {
        let mut names = Names::default();
        let ids = [
            "Что изменилось?",
            "«Что» — изменилось",
            "!",
            "",
            "что-изменилось-2",
        ];
        assert_eq!(
            ids.map(|heading| names.id(heading)),
            [
                "что-изменилось",
                "что-изменилось-2",
                "part",
                "part-2",
                "что-изменилось-2-2"
            ]
        );
        assert_eq!(
            ["Да", "Да"].map(|label| names.label(label)),
            ["Да", "Да (2)"]
        );
    }
}
