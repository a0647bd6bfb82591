//! Who a row is about: each distinct spelling is decoded and looked up once.

mod spellings;

use std::borrow::Cow;
use std::sync::Arc;

pub use spellings::{Spellings, Trail};

use super::cell;
use super::delimited::Record;
use super::totals::{is_mean_or_share, is_total};
use crate::model::organisation::{Found, Register};
use crate::source::Encoding;

/// What the cells that name the organisation say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Identity {
    /// This one.
    Known(u32),
    /// Nothing stands there.
    Nobody,
    /// The row adds up others.
    Total,
    /// A name that the register does not know.
    Unknown,
    /// A name that several bear.
    Ambiguous,
    /// Two columns name two different organisations.
    Contradiction(u32, u32),
}

/// Set in a meaning that is no organisation.
const SPECIAL: u32 = 1 << 31;

/// Names remembered that are no organisation's.
const MOST_SPECIALS: usize = 1 << 20;

/// Looks up organisations by the raw bytes of their cells.
#[derive(Clone, Debug)]
pub struct Identities {
    columns: Vec<usize>,
    encoding: Encoding,
    declared: bool,
    /// Whether a column is headed «ИНН»: Excel drops its leading zeros.
    inn: Vec<bool>,
    /// Shared with whoever reads a part of the file, until somebody new is met.
    spellings: Arc<Spellings>,
    specials: Vec<Identity>,
}

impl Identities {
    /// For a table whose organisations stand in these columns, the surest first.
    /// Without a register (`declared`) the surest column alone identifies.
    pub fn new(
        columns: &[usize],
        headings: &[String],
        encoding: Encoding,
        declared: bool,
    ) -> Identities {
        Identities {
            columns: columns.to_vec(),
            encoding,
            declared,
            inn: columns
                .iter()
                .map(|column| headings[*column].to_lowercase().contains("инн"))
                .collect(),
            spellings: Arc::default(),
            specials: Vec::new(),
        }
    }

    /// The columns that tell whom a row is about, the surest first; of the others only as much as
    /// matters.
    pub fn columns(&self) -> Option<(usize, &[usize])> {
        let (first, rest) = self.columns.split_first()?;
        Some((*first, if self.declared { rest } else { &[] }))
    }

    /// What a spelling is looked up by.
    #[inline(always)]
    pub fn trail(&self, raw: &[u8]) -> Trail {
        self.spellings.trail(raw)
    }

    /// A hash of the other naming cells, which are given one by one.
    #[inline]
    pub fn and_other(&self, others: u32, raw: &[u8]) -> u32 {
        others.rotate_left(7) ^ self.spellings.trail(raw).hash as u32
    }

    /// Asks for the place where a spelling would stand, which is looked at soon.
    #[inline(always)]
    pub fn ask_for(&self, trail: Trail) {
        self.spellings.ask_for(trail);
    }

    /// Whom a row names, where its spelling has been met before.
    #[inline(always)]
    pub fn known(&self, raw: &[u8], trail: Trail, others: u32) -> Option<Identity> {
        let meaning = self.spellings.find(raw, trail, others)?;
        Some(match meaning & SPECIAL {
            0 => Identity::Known(meaning),
            _ => self.specials[(meaning & !SPECIAL) as usize],
        })
    }

    /// What a row is looked up by.
    fn trails<'r>(&self, record: &Record<'r>) -> Option<(&'r [u8], Trail, u32)> {
        let (first, rest) = self.columns()?;
        let raw = record.raw(first);
        let others = rest.iter().fold(0, |others, column| {
            self.and_other(others, record.raw(*column))
        });
        Some((raw, self.trail(raw), others))
    }

    /// Whom a row names, where its spelling has been met before.
    pub fn met(&self, record: &Record<'_>) -> Option<Identity> {
        let (raw, trail, others) = self.trails(record)?;
        self.known(raw, trail, others)
    }

    /// Whom a row names.
    pub fn identify(&mut self, record: &Record<'_>, register: &mut Arc<Register>) -> Identity {
        let Some((raw, trail, others)) = self.trails(record) else {
            return Identity::Nobody;
        };
        if let Some(known) = self.known(raw, trail, others) {
            return known;
        }
        let identity = self.look_up(record, register);
        // Nobody and a total may be told by other cells of the row: the next one with the same name,
        // or none, need not be the same.
        if !matches!(identity, Identity::Nobody | Identity::Total) {
            self.remember(raw, trail, others, identity);
        }
        identity
    }

    fn remember(&mut self, raw: &[u8], trail: Trail, others: u32, identity: Identity) {
        if self.spellings.is_full(raw) || self.specials.len() >= MOST_SPECIALS {
            self.spellings = Arc::default();
            self.specials.clear();
        }
        let meaning = match identity {
            Identity::Known(organisation) => organisation,
            special => {
                self.specials.push(special);
                SPECIAL | (self.specials.len() as u32 - 1)
            }
        };
        Arc::make_mut(&mut self.spellings).insert(raw, trail, others, meaning);
    }

    /// The texts of the naming cells, the surest first.
    pub fn texts(&self, record: &Record<'_>) -> Vec<String> {
        self.columns
            .iter()
            .map(|&column| {
                let bytes = record.cell(column);
                cell::trim(&self.encoding.decode(&bytes)).to_owned()
            })
            .collect()
    }

    fn look_up(&self, record: &Record<'_>, register: &mut Arc<Register>) -> Identity {
        // Where there is no register, the surest column alone identifies.
        let id = record.raw(self.columns[0]);
        if !register.declared && is_plain_id(id) {
            let name = self.columns.get(1).map(|&column| record.cell(column));
            return Identity::Known(self.introduce_plain(id, name, register));
        }
        let texts = self.texts(record);
        if texts.iter().all(|text| cell::is_nothing(text)) {
            return self.without_a_name(record);
        }
        let registered = |text: &String| register.declared && register.find(text).is_some();
        let adds_up = |text: &str| is_total(text) || is_mean_or_share(text);
        if texts.iter().any(|text| adds_up(text) && !registered(text)) {
            return Identity::Total;
        }
        if !register.declared {
            let id = texts.iter().find(|text| !text.is_empty());
            // Rounded, several INNs look alike: nobody is introduced under such a name.
            if id.is_some_and(|id| cell::damage::of_name(id).is_some()) {
                return Identity::Unknown;
            }
            return Identity::Known(Self::introduce_by(&texts, register));
        }
        let mut one = None;
        let mut several = false;
        for (index, text) in texts.iter().enumerate() {
            match self.find(index, text, register) {
                Some(Found::One(found)) => match one {
                    Some(other) if other != found => {
                        return Identity::Contradiction(other, found);
                    }
                    _ => one = Some(found),
                },
                Some(Found::Several(_)) => several = true,
                None => {}
            }
        }
        match (one, several) {
            (Some(found), _) => Identity::Known(found),
            (None, true) => Identity::Ambiguous,
            (None, false) => Identity::Unknown,
        }
    }

    /// Whom a line names whose spelling has not been met, where no register says who must report: it
    /// may be taken at its word. `cell`: the bytes of a column, as meant.
    pub fn introduce<'c>(
        &mut self,
        raw: &[u8],
        trail: Trail,
        cell: impl Fn(usize) -> Cow<'c, [u8]>,
        register: &mut Arc<Register>,
    ) -> Option<u32> {
        match self.known(raw, trail, 0) {
            Some(Identity::Known(known)) => return Some(known),
            None if !register.declared && is_plain_id(raw) => {}
            _ => return None,
        }
        let name = self.columns.get(1).map(|&column| cell(column));
        let organisation = self.introduce_plain(raw, name, register);
        self.remember(raw, trail, 0, Identity::Known(organisation));
        Some(organisation)
    }

    fn introduce_plain(
        &self,
        id: &[u8],
        name: Option<Cow<'_, [u8]>>,
        register: &mut Arc<Register>,
    ) -> u32 {
        let id = String::from_utf8_lossy(id);
        let name = name.as_deref().map(|bytes| self.encoding.decode(bytes));
        let name = name.as_deref().map_or("", cell::trim);
        Arc::make_mut(register).find_or_introduce(&id, name)
    }

    /// A total may stand in the first column where the organisation's is another.
    fn without_a_name(&self, record: &Record<'_>) -> Identity {
        let first = (0..record.len())
            .map(|index| record.raw(index))
            .find(|raw| !self.encoding.is_blank(raw))
            .unwrap_or_default();
        let decoded = self.encoding.decode(first);
        let first = cell::trim(&decoded);
        if is_total(first) || is_mean_or_share(first) {
            Identity::Total
        } else {
            Identity::Nobody
        }
    }

    fn find(&self, index: usize, text: &str, register: &Register) -> Option<Found> {
        let text = cell::text_constant(text).unwrap_or(text);
        if text.is_empty() {
            return None;
        }
        if let Some(found) = register.find(text) {
            return Some(found);
        }
        // A taxpayer number of an organisation has ten digits; a spreadsheet drops leading zeros,
        // another program adds decimals.
        let digits = text.strip_prefix('\'').unwrap_or(text);
        let whole = digits.split_once(['.', ',']).filter(|(_, zeros)| {
            self.inn[index] && !zeros.is_empty() && zeros.bytes().all(|zero| zero == b'0')
        });
        let digits = whole.map_or(digits, |(digits, _)| digits);
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if is_number && (self.inn[index] || digits.len() == 10) && digits.len() <= 10 {
            return register.find(&format!("{digits:0>10}"));
        }
        None
    }

    /// Where no register says who must report, whoever reports is taken.
    fn introduce_by(texts: &[String], register: &mut Arc<Register>) -> u32 {
        let mut named = texts.iter().filter(|text| !text.is_empty());
        let id = named.next().map_or("", String::as_str);
        let name = named.next().map_or("", String::as_str);
        Arc::make_mut(register).find_or_introduce(id, name)
    }
}

/// Digits, small Latin letters and hyphens, with a digit among them: no total, no dash.
fn is_plain_id(raw: &[u8]) -> bool {
    raw.iter().any(u8::is_ascii_digit)
        && raw
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-'))
}
