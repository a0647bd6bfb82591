//! The words of headings: what a heading means, exactly or nearly.

use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};

use super::heading::{self, Heading};
use super::unit::{self, Unit};
use crate::model::Plan;
use crate::model::form::FieldType;
use crate::model::formula::FieldRef;
use crate::model::name;

/// What a heading can mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// The organisation; the lower, the surer the identification.
    Organisation(u8),
    /// The period.
    Period,
    /// The field that a row of a long table is about.
    Measure,
    /// Its figure.
    Value,
    /// The unit of a long table's figures.
    Unit,
    /// A running number, of no interest.
    Number,
    /// A field of a form.
    Field(FieldRef),
}

/// Headings that name the organisation, the surest kind of identification first.
const ORGANISATION: [&[&str]; 3] = [
    &[
        "id",
        "org_id",
        "organisation_id",
        "organization_id",
        "ид",
        "код организации",
        "код учреждения",
        "код оо",
    ],
    &["инн", "inn", "инн организации", "инн учреждения"],
    &[
        "организация",
        "организации",
        "наименование организации",
        "название организации",
        "наименование",
        "учреждение",
        "учреждения",
        "наименование учреждения",
        "название учреждения",
        "образовательная организация",
        "наименование образовательной организации",
        "образовательное учреждение",
        "наименование образовательного учреждения",
        "наименование оо",
        "название оо",
        "оо",
        "доо",
        "доу",
        "наименование доо",
        "наименование доу",
        "детский сад",
        "школа",
        "organisation",
        "organization",
        "org",
        "org_name",
        "organisation_name",
        "organization_name",
    ],
];

const PERIOD: &[&str] = &[
    "период",
    "отчетный период",
    "период отчета",
    "месяц",
    "отчетный месяц",
    "квартал",
    "отчетный квартал",
    "отчетная дата",
    "дата отчета",
    "по состоянию на",
    "на дату",
    "period",
    "month",
];

const MEASURE: &[&str] = &[
    "показатель",
    "показатели",
    "наименование показателя",
    "название показателя",
    "поле",
    "measure",
    "field",
    "indicator",
];

const VALUE: &[&str] = &[
    "значение",
    "значение показателя",
    "значения",
    "факт",
    "фактическое значение",
    "value",
];

const UNIT: &[&str] = &[
    "ед. изм.",
    "ед.изм.",
    "ед. измерения",
    "единица измерения",
    "единицы измерения",
    "unit",
];

const NUMBER: &[&str] = &["№", "№ п/п", "п/п", "№ пп", "nn", "n п/п", "номер", "no"];

/// Keys of the headings that name the organisation or the period in every report.
static RESERVED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let headings = ORGANISATION.iter().chain([&PERIOD]).copied().flatten();
    headings.map(|heading| name::key(heading)).collect()
});

/// Whether a heading, whose key this is, names the organisation or the period in every report.
pub fn is_reserved(key: &str) -> bool {
    RESERVED.contains(key)
}

/// All headings that a plan's forms and the program itself understand.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    meanings: HashMap<String, Vec<Meaning>>,
    /// The same by letters and digits alone.
    loose: HashMap<String, Vec<Meaning>>,
    /// Names by their first letters, to find the one nearly meant.
    names: HashMap<char, Vec<(String, Meaning)>>,
    /// `form.field`, for long tables.
    paths: HashMap<String, FieldRef>,
    /// The fields that are shares.
    shares: HashSet<FieldRef>,
}

/// Room for the program's own headings and those of a few forms.
const USUAL: usize = 200;

/// A key's letters and digits.
fn loose(key: &str) -> String {
    let mut loose = String::with_capacity(key.len());
    loose.extend(key.chars().filter(|letter| name::is_letter(*letter)));
    loose
}

/// Shares and money: «Охвачено, %» is not how many, whatever else the heading says.
pub fn is_of_another_kind(heading: &str) -> bool {
    heading.contains(['%', '％', '‰', '₽']) || unit::says_money_or_percent(heading)
}

fn first_letter(text: &str) -> Option<char> {
    let is_letter = |letter: &char| name::is_letter(*letter) && !letter.is_ascii_digit();
    let letter = text.chars().find(is_letter)?;
    letter.to_lowercase().next()
}

impl Vocabulary {
    /// The vocabulary of a plan.
    pub fn new(plan: &Plan) -> Vocabulary {
        let mut vocabulary = Vocabulary {
            meanings: HashMap::with_capacity(USUAL),
            loose: HashMap::with_capacity(USUAL),
            names: HashMap::new(),
            paths: HashMap::new(),
            shares: HashSet::new(),
        };
        for (form_index, form) in plan.forms.iter().enumerate() {
            for (field_index, field) in form.fields.iter().enumerate() {
                let reference = FieldRef {
                    form: form_index,
                    field: field_index,
                };
                let names = [&field.id, &field.header].into_iter().chain(&field.aliases);
                for heading in names {
                    vocabulary.learn(heading, Meaning::Field(reference));
                }
                let path = format!("{}.{}", form.id, field.id);
                vocabulary.paths.insert(name::key(&path), reference);
                if field.kind == FieldType::Percent {
                    vocabulary.shares.insert(reference);
                }
            }
        }
        for (strength, headings) in ORGANISATION.iter().enumerate() {
            for heading in *headings {
                vocabulary.learn(heading, Meaning::Organisation(strength as u8));
            }
        }
        for (headings, meaning) in [
            (PERIOD, Meaning::Period),
            (MEASURE, Meaning::Measure),
            (VALUE, Meaning::Value),
            (UNIT, Meaning::Unit),
            (NUMBER, Meaning::Number),
        ] {
            for heading in headings {
                vocabulary.learn(heading, meaning);
            }
        }
        vocabulary
    }

    fn learn(&mut self, heading: &str, meaning: Meaning) {
        let key = name::key(heading);
        let loose = loose(&key);
        for (map, key) in [(&mut self.meanings, key), (&mut self.loose, loose)] {
            if key.is_empty() {
                continue;
            }
            let known = map.entry(key).or_insert_with(|| Vec::with_capacity(1));
            if !known.contains(&meaning) {
                known.push(meaning);
            }
        }
        if let Some(first) = first_letter(heading) {
            let names = self.names.entry(first).or_default();
            names.push((heading.to_owned(), meaning));
        }
    }

    /// What a heading means: as it stands, or without what people add to it; and the unit that was
    /// among that. Nothing where no name is meant.
    pub fn look_up(&self, heading: &str) -> (&[Meaning], Unit) {
        if let Some(known) = self.meanings.get(&name::key(heading)) {
            return (known, Unit::ONE);
        }
        let other_kind = is_of_another_kind(heading);
        heading::alternatives(heading)
            .find_map(|Heading { text, unit }| {
                let unit = unit.unwrap_or(Unit::ONE);
                let key = name::key(&text);
                let known = self
                    .meanings
                    .get(&key)
                    .or_else(|| self.loose.get(&loose(&key)))
                    .or_else(|| self.meanings.get(&name::in_cyrillic(&key)?))?;
                let fits = |meaning: &Meaning| match meaning {
                    Meaning::Field(field) => !other_kind || self.shares.contains(field),
                    _ => true,
                };
                known.iter().all(fits).then_some((&known[..], unit))
            })
            .unwrap_or((&[], Unit::ONE))
    }

    /// What a heading nearly means, with the names that it is like; several where it could be
    /// several.
    pub fn look_nearly(&self, heading: &str) -> Vec<(Meaning, &str)> {
        let Some(first) = first_letter(heading) else {
            return Vec::new();
        };
        let like = self.names.get(&first).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<(Meaning, &str)> = Vec::new();
        for (known, meaning) in like {
            if !found.iter().any(|(other, _)| other == meaning)
                && name::is_nearly(heading, known)
                && is_of_another_kind(heading) == is_of_another_kind(known)
            {
                found.push((*meaning, known));
            }
        }
        found
    }

    /// The fields that a long table's measure may mean, and what its figures are multiplied by.
    pub fn fields(&self, measure: &str) -> (Vec<FieldRef>, Unit) {
        if let Some(path) = self.paths.get(&name::key(measure)) {
            return (vec![*path], Unit::ONE);
        }
        let (meanings, unit) = self.look_up(measure);
        let fields = meanings.iter().filter_map(|meaning| match meaning {
            Meaning::Field(field) => Some(*field),
            _ => None,
        });
        (fields.collect(), unit)
    }

    /// The heading of a form's field most like a word.
    pub fn nearest<'a>(&self, plan: &'a Plan, word: &str) -> Option<&'a str> {
        let headings = plan
            .forms
            .iter()
            .flat_map(|form| &form.fields)
            .flat_map(|field| [&field.header, &field.id].into_iter().chain(&field.aliases));
        let fits = |heading: &&str| {
            !name::turns_round(word, heading)
                && is_of_another_kind(word) == is_of_another_kind(heading)
                && name::key(word) != name::key(heading)
        };
        name::nearest_of(word, headings.map(String::as_str), |heading| fits(&heading))
    }
}
