//! Organisations: who must report, under which names they appear, and whose parts they are.

use std::collections::HashMap;

use jiff::civil::Date;

use super::form::Form;
use super::name;
use super::period::Period;

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

    /// Whether it exists on a day.
    pub fn open_on(&self, day: Date) -> bool {
        self.opened.is_none_or(|opened| opened <= day)
            && self.closed.is_none_or(|closed| day <= closed)
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
    index: HashMap<String, Found>,
}

impl Register {
    /// A register of these organisations.
    pub fn new(organisations: Vec<Organisation>) -> Register {
        let mut register = Register {
            organisations: Vec::new(),
            declared: true,
            index: HashMap::new(),
        };
        for organisation in organisations {
            register.add(organisation);
        }
        register
    }

    /// No register: organisations are added as reports name them.
    pub fn undeclared() -> Register {
        Register::default()
    }

    /// Adds an organisation and every name it goes by; gives its index.
    pub fn add(&mut self, organisation: Organisation) -> u32 {
        let index = self.organisations.len() as u32;
        let names = [&*organisation.id, &*organisation.name];
        let names = names
            .into_iter()
            .chain(organisation.aliases.iter().map(String::as_str))
            .chain(organisation.inn.as_deref());
        for name in names {
            let key = name::key(name);
            if !key.is_empty() {
                self.learn(key, index);
            }
        }
        self.organisations.push(organisation);
        index
    }

    /// The organisation with this id, added if it is not known yet. Its name leads nowhere: where
    /// there is no register, several may bear one.
    pub fn find_or_introduce(&mut self, id: &str, name: &str) -> u32 {
        use std::collections::hash_map::Entry;
        let index = self.organisations.len() as u32;
        match self.index.entry(name::key(id)) {
            Entry::Occupied(known) => match known.get() {
                Found::One(one) => *one,
                Found::Several(all) => all.first().copied().unwrap_or(index),
            },
            Entry::Vacant(unknown) => {
                unknown.insert(Found::One(index));
                self.organisations.push(Organisation {
                    id: id.into(),
                    name: name.into(),
                    ..Organisation::default()
                });
                index
            }
        }
    }

    fn learn(&mut self, key: String, index: u32) {
        self.index
            .entry(key)
            .and_modify(|found| {
                let mut all = match found {
                    Found::One(one) => vec![*one],
                    Found::Several(all) => std::mem::take(all),
                };
                if !all.contains(&index) {
                    all.push(index);
                }
                *found = match all[..] {
                    [one] => Found::One(one),
                    _ => Found::Several(all),
                };
            })
            .or_insert(Found::One(index));
    }

    /// Whom a name, alias, id or INN means.
    pub fn find(&self, text: &str) -> Option<&Found> {
        self.index.get(&name::key(text))
    }

    /// The organisation with exactly this id.
    pub fn by_id(&self, id: &str) -> Option<u32> {
        match self.index.get(&name::key(id))? {
            Found::One(one) => {
                Some(*one).filter(|one| &*self.organisations[*one as usize].id == id)
            }
            Found::Several(all) => all
                .iter()
                .copied()
                .find(|one| &*self.organisations[*one as usize].id == id),
        }
    }

    /// Every name that a report may use, for "did you mean".
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.organisations.iter().flat_map(|organisation| {
            [&*organisation.id, &*organisation.name]
                .into_iter()
                .chain(organisation.aliases.iter().map(String::as_str))
                .filter(|name| !name.is_empty())
        })
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
        assert_eq!(register.find("мбдоу березка"), Some(&Found::One(0)));
        assert_eq!(register.find("DS-1"), Some(&Found::One(0)));
        assert_eq!(register.find("д/с 2"), Some(&Found::Several(vec![1, 2])));
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
