//! The names that formulas and targets may use, as the folder declares them.

use std::collections::HashSet;

use super::convert;
use super::document::Entry;
use super::schema::Kind;
use crate::model::form::FieldType;
use crate::model::formula::FieldRef;
use crate::model::name;

/// Why a name leads nowhere.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) message: String,
    pub(crate) help: String,
}

/// The forms and their fields, in the order of the plan.
#[derive(Debug, Default)]
pub(crate) struct FormNames {
    pub(crate) forms: Vec<FormName>,
    /// False where a file is broken so that a form may be lost: nothing is said of unknown ones.
    pub(crate) complete: bool,
}

/// A form's id and its fields.
#[derive(Debug)]
pub(crate) struct FormName {
    pub(crate) id: String,
    pub(crate) fields: Vec<(String, FieldType)>,
    /// False where a field may be lost.
    pub(crate) complete: bool,
}

impl FormNames {
    /// The form with this id; `None` in the error where it may have been lost.
    pub(crate) fn form(&self, id: &str) -> Result<usize, Option<Unknown>> {
        let ids = || self.forms.iter().map(|form| form.id.as_str());
        if let Some(index) = ids().position(|form| form == id) {
            return Ok(index);
        }
        Err(self.complete.then(|| Unknown {
            message: format!("нет формы «{id}»"),
            help: suggestion(id, ids(), "формы"),
        }))
    }

    /// The field with this id, and its type.
    pub(crate) fn field(
        &self,
        form: usize,
        id: &str,
    ) -> Result<(FieldRef, FieldType), Option<Unknown>> {
        let names = &self.forms[form];
        let ids = || names.fields.iter().map(|(field, _)| field.as_str());
        if let Some(field) = ids().position(|field| field == id) {
            return Ok((FieldRef { form, field }, names.fields[field].1));
        }
        Err(names.complete.then(|| Unknown {
            message: format!("у формы «{}» нет поля «{id}»", names.id),
            help: suggestion(id, ids(), "поля"),
        }))
    }

    /// `form.field` of every form with such a field.
    pub(crate) fn with_field(&self, id: &str) -> Vec<String> {
        self.forms
            .iter()
            .filter(|form| form.fields.iter().any(|(field, _)| field == id))
            .map(|form| format!("{}.{id}", form.id))
            .collect()
    }
}

/// Whether every entry has an id of its own that is one: else a name that leads nowhere may be meant
/// for one of them, and its fault has been told there.
pub(crate) fn are_told_apart(entries: &[Entry<'_>], kind: Kind) -> bool {
    let mut seen = HashSet::new();
    entries.iter().all(|entry| {
        let id = entry.value("id").map(|id| id.get_ref());
        let id = id.filter(|id| convert::check(id, kind).is_ok());
        id.and_then(|id| id.as_str())
            .is_some_and(|id| seen.insert(id))
    })
}

/// "Did you mean", or what there is.
pub(crate) fn suggestion<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str> + Clone,
    what: &str,
) -> String {
    const SHOWN: usize = 12;
    if let Some(help) = russian_letter(word) {
        return help;
    }
    if let Some(nearest) = name::nearest(word, candidates.clone()) {
        return format!("возможно, имелось в виду «{nearest}»");
    }
    let candidates = candidates.filter(|candidate| !candidate.is_empty());
    let shown: Vec<&str> = candidates.clone().take(SHOWN).collect();
    if shown.is_empty() {
        return format!("{what} ещё не описаны: их нет ни одной записи");
    }
    let more = if candidates.count() > SHOWN {
        ", …"
    } else {
        ""
    };
    format!("есть {what}: {}{more}", shown.join(", "))
}

/// What to do about a Russian letter in an English word, which looks as if it were right.
pub(crate) fn russian_letter(word: &str) -> Option<String> {
    let is_russian = |c: &char| matches!(c, 'А'..='я' | 'ё' | 'Ё');
    let letter = word.chars().find(is_russian)?;
    let latin = word.contains(|c: char| c.is_ascii_alphabetic());
    latin.then(|| {
        format!(
            "в «{}» русская буква «{letter}»: наберите её латинской",
            name::printable(word)
        )
    })
}

/// Whether a word is another one with a slip of the finger: so like it that it must be meant.
/// Numbers are never slips: «ds-101» is not «ds-102».
pub(crate) fn is_slip(word: &str, meant: &str) -> bool {
    let (word, meant) = (name::key(word), name::key(meant));
    if digits(&word) != digits(&meant) {
        return false;
    }
    let allowed = match word.chars().count().max(meant.chars().count()) {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    strsim::osa_distance(&word, &meant) <= allowed
}

/// The digits of a word.
pub(crate) fn digits(word: &str) -> String {
    word.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_names() {
        assert!(is_slip("aleisk", "aleysk"));
        assert!(is_slip("Aleysk", "aleysk"));
        assert!(is_slip("kindergarden", "kindergarten"));
        assert!(!is_slip("ds-102", "ds-101"));
        assert!(!is_slip("region", "aleysk"));
        assert!(!is_slip("kindergarten-private", "kindergarten"));
    }
}
