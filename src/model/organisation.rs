//! Organisations: who must report, under which names they appear, and whose parts they are.

use jiff::civil::Date;

use super::form::Form;
use super::name;
use super::period::Period;
use super::spelling::{Candidates, Spellings};

/// An organisation of the register, or one that a report named where there is no register.
#[derive(Clone, Debug, Default)]
pub struct Organisation {
    /// Names it in JSON, on the command line and in reports.
    pub id: Box<str>,
    /// Its full name; empty where only the id is known.
    pub name: Box<str>,
    /// Other names it goes by.
    pub aliases: Box<[String]>,
    /// What kind it is; decides which forms it owes. Empty where unknown.
    pub kind: Box<str>,
    /// The organisation or group above it: an index into [`Register::organisations`].
    pub parent: Option<u32>,
    /// The taxpayer number, as text: leading zeros count.
    pub inn: Option<Box<str>>,
    /// The first day it owes reports for.
    pub opened: Option<Date>,
    /// The last day it owes reports for.
    pub closed: Option<Date>,
    /// A group that others name as their parent but the register does not list: it owes nothing.
    pub implied: bool,
}

impl Organisation {
    /// What a person is shown: the name, or the id where there is none.
    pub fn title(&self) -> &str {
        if self.name.is_empty() {
            &self.id
        } else {
            &self.name
        }
    }

    /// Its id, its name and its aliases.
    fn titles(&self) -> impl Iterator<Item = &str> {
        [&*self.id, &*self.name]
            .into_iter()
            .chain(self.aliases.iter().map(String::as_str))
    }

    /// All that it can be named by.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.titles().chain(self.inn.as_deref())
    }

    /// The key of each of its names, by way of a buffer.
    fn keys(&self, key: &mut String, mut each: impl FnMut(&str)) {
        for name in self.names() {
            key.clear();
            name::push_key(key, name);
            if !key.is_empty() {
                each(key);
            }
        }
    }

    /// Whether a text, whose key this is, names it.
    fn bears(&self, text: &str, key: &str) -> bool {
        self.names().any(|name| name == text) || self.names().any(|name| name::key(name) == key)
    }

    /// Whether it exists on a day.
    pub fn open_on(&self, day: Date) -> bool {
        self.opened.is_none_or(|opened| opened <= day)
            && self.closed.is_none_or(|closed| day <= closed)
    }

    /// Neither its first day nor its last is known: it exists during every period.
    pub fn has_no_days(&self) -> bool {
        self.opened.is_none() && self.closed.is_none()
    }

    /// Whether it exists on some day of a period.
    pub fn exists_during(&self, period: Period) -> bool {
        self.opened.is_none_or(|opened| opened <= period.end())
            && self.closed.is_none_or(|closed| period.start() <= closed)
    }

    /// Whether it is of a kind that owes the form.
    pub fn is_of_kind(&self, form: &Form) -> bool {
        !self.implied
            && (form.kinds.is_empty() || form.kinds.iter().any(|kind| **kind == *self.kind))
    }

    /// Whether it owes the form for a period: of the right kind, and open on the period's last day.
    pub fn owes(&self, form: &Form, period: Period) -> bool {
        self.is_of_kind(form) && self.open_on(period.end())
    }
}

/// Whom a text names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// This organisation.
    One(u32),
    /// Several: the text does not tell which.
    Several(Vec<u32>),
}

/// Who must report; or, where the data folder has no register, whoever did.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// In the order of the file, implied groups behind them.
    pub organisations: Vec<Organisation>,
    /// Whether a file says who must report. Without one completeness is unknown.
    pub declared: bool,
    spellings: Spellings,
}

impl Register {
    /// A register of these organisations.
    pub fn new(organisations: Vec<Organisation>) -> Register {
        let spellings = Spellings::of(|learn| {
            let mut key = String::new();
            for (index, organisation) in organisations.iter().enumerate() {
                organisation.keys(&mut key, |key| learn(key, index as u32));
            }
        });
        Register {
            organisations,
            declared: true,
            spellings,
        }
    }

    /// No register: organisations are added as reports name them.
    pub fn undeclared() -> Register {
        Register::default()
    }

    /// Adds an organisation and every name it goes by; gives its index.
    pub fn add(&mut self, organisation: Organisation) -> u32 {
        let index = self.organisations.len() as u32;
        let spellings = &mut self.spellings;
        organisation.keys(&mut String::new(), |key| spellings.learn(key, index));
        self.organisations.push(organisation);
        index
    }

    /// The organisation with this id, added if it is not known yet. Its name leads nowhere: where
    /// there is no register, several may bear one.
    pub fn find_or_introduce(&mut self, id: &str, name: &str) -> u32 {
        let key = name::key(id);
        let is_it = |one: &u32| {
            let known = &*self.organisations[*one as usize].id;
            known == id || name::key(known) == key
        };
        let candidates = self.spellings.candidates(&key);
        if let Some(known) = candidates.each().iter().copied().find(is_it) {
            return known;
        }
        let index = self.organisations.len() as u32;
        self.spellings.learn(&key, index);
        let all = &mut self.organisations;
        if all.len() == all.capacity() {
            // Not twice as many: those that reports name are much of the memory there is.
            all.reserve_exact(all.len() / 4 + 16);
        }
        all.push(Organisation {
            id: id.into(),
            name: name.into(),
            ..Organisation::default()
        });
        index
    }

    /// Whom a name, alias, id or INN means.
    pub fn find(&self, text: &str) -> Option<Found> {
        let key = name::key(text);
        let candidates = self.spellings.candidates(&key);
        let bears = |index: &u32| self.organisations[*index as usize].bears(text, &key);
        if let Candidates::One(one) = candidates {
            return Some(one).filter(bears).map(Found::One);
        }
        let all: Vec<u32> = candidates.each().iter().copied().filter(bears).collect();
        match all[..] {
            [] => None,
            [one] => Some(Found::One(one)),
            _ => Some(Found::Several(all)),
        }
    }

    /// The organisation with exactly this id.
    pub fn by_id(&self, id: &str) -> Option<u32> {
        let candidates = self.spellings.candidates(&name::key(id));
        let mut all = candidates.each().iter().copied();
        all.find(|one| &*self.organisations[*one as usize].id == id)
    }

    /// Lists of organisations that may share a name or id: any two that do stand in one list, each
    /// list in the order of the register.
    pub fn namesakes(&self) -> impl Iterator<Item = &[u32]> {
        self.spellings.shared().iter().map(Vec::as_slice)
    }

    /// The words of an organisation (the key of the register that holds them, and they) that another
    /// one, of another id, goes by too.
    pub fn shared_name(&self, one: u32, other: u32) -> Option<(&'static str, &str)> {
        let one = &self.organisations[one as usize];
        let other = &self.organisations[other as usize];
        let inn = other.inn.as_deref().map(|inn| ("inn", inn));
        let aliases = other.aliases.iter().map(|alias| ("aliases", &**alias));
        let mut names = [("name", &*other.name), ("id", &*other.id)]
            .into_iter()
            .chain(aliases)
            .chain(inn);
        names.find(|(_, text)| {
            let key = name::key(text);
            !key.is_empty() && one.id != other.id && one.bears(text, &key)
        })
    }

    /// Those whose name, with a number in it, stands within a text among other words, and the longest
    /// such name of each. «Детский сад № 1» does not stand in «Детский сад № 12».
    pub fn named_within(&self, text: &str) -> Vec<(u32, &str)> {
        let text = name::key(text);
        let is_digit = |c: char| c.is_ascii_digit();
        let number: String = text.chars().filter(char::is_ascii_digit).collect();
        if number.is_empty() {
            return Vec::new();
        }
        let mut digits = String::new();
        let mut stands_in = |name: &&str| {
            // Nearly all of a million names have other numbers: no key is made of them.
            digits.clear();
            digits.extend(name.chars().filter(char::is_ascii_digit));
            if digits.is_empty() || !number.contains(&*digits) {
                return false;
            }
            let key = name::key(name);
            key.chars().count() >= 5
                && key.contains(is_digit)
                && text.match_indices(&key).any(|(at, _)| {
                    let (before, behind) = (&text[..at], &text[at + key.len()..]);
                    let goes_on = key.starts_with(is_digit) && before.ends_with(is_digit);
                    !goes_on && !behind.starts_with(is_digit)
                })
        };
        let all = self.organisations.iter().enumerate();
        all.filter_map(|(index, organisation)| {
            let longest = organisation.titles().filter(&mut stands_in);
            Some((index as u32, longest.max_by_key(|name| name.len())?))
        })
        .collect()
    }

    /// Every name that a report may use, for "did you mean".
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.organisations.iter();
        all.flat_map(|organisation| organisation.titles())
            .filter(|name| !name.is_empty())
    }

    /// An organisation and all those below it, in the order of the register.
    pub fn subtree(&self, top: u32) -> Vec<u32> {
        (0..self.organisations.len() as u32)
            .filter(|&index| self.is_within(index, top))
            .collect()
    }

    /// Whether an organisation is another one or lies below it.
    pub fn is_within(&self, index: u32, top: u32) -> bool {
        let mut at = Some(index);
        // A tree is never deeper than it has members; the data folder refuses circles.
        for _ in 0..=self.organisations.len() {
            match at {
                Some(here) if here == top => return true,
                Some(here) => at = self.organisations[here as usize].parent,
                None => return false,
            }
        }
        false
    }

    /// Those that others name as their parent, in the order of the register.
    pub fn parents(&self) -> Vec<u32> {
        let mut is_parent = vec![false; self.organisations.len()];
        for parent in self.organisations.iter().filter_map(|o| o.parent) {
            is_parent[parent as usize] = true;
        }
        (0..self.organisations.len() as u32)
            .filter(|&index| is_parent[index as usize])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organisation(id: &str, name: &str, alias: &str) -> Organisation {
        Organisation {
            id: id.into(),
            name: name.into(),
            aliases: [alias.to_owned()].into(),
            ..Organisation::default()
        }
    }

    #[test]
    fn names_aliases_and_ids_lead_home() {
        let register = Register::new(vec![
            organisation("ds-1", "МБДОУ «Берёзка»", "Д/с 1"),
            organisation("ds-2", "МБДОУ «Теремок»", "Д/с 2"),
            organisation("ds-3", "МБДОУ «Солнышко»", "Д/с 2"),
        ]);
        assert_eq!(register.find("мбдоу березка"), Some(Found::One(0)));
        assert_eq!(register.find("DS-1"), Some(Found::One(0)));
        assert_eq!(register.find("д/с 2"), Some(Found::Several(vec![1, 2])));
        assert_eq!(register.find("д/с 3"), None);
        assert_eq!(register.by_id("ds-2"), Some(1));
    }

    #[test]
    fn subtrees() {
        let mut organisations = vec![
            organisation("region", "", ""),
            organisation("town", "", ""),
            organisation("ds-1", "", ""),
            organisation("ds-2", "", ""),
        ];
        organisations[1].parent = Some(0);
        organisations[2].parent = Some(1);
        organisations[3].parent = Some(0);
        let register = Register::new(organisations);
        assert_eq!(register.subtree(1), [1, 2]);
        assert_eq!(register.subtree(0), [0, 1, 2, 3]);
        assert_eq!(register.parents(), [0, 1]);
    }
}
