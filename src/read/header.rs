//! Headers: which line names the columns, which form they make, which field each column holds.

use std::collections::HashMap;

use jiff::civil::Date;

use super::cell;
use super::delimited::{Record, Records};
use super::dialect;
use crate::model::Plan;
use crate::model::formula::FieldRef;
use crate::model::name;
use crate::model::organisation::Found;
use crate::model::period::{self, Stated};
use crate::source::Encoding;

/// What a heading can mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Meaning {
    /// The organisation; the lower, the surer the identification.
    Organisation(u8),
    Period,
    Measure,
    Value,
    /// A running number, of no interest.
    Number,
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

const NUMBER: &[&str] = &["№", "№ п/п", "п/п", "№ пп", "nn", "n п/п", "номер", "no"];

/// All headings that a plan's forms and the program itself understand.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    meanings: HashMap<String, Vec<Meaning>>,
    /// `form.field`, for long tables.
    paths: HashMap<String, FieldRef>,
}

impl Vocabulary {
    /// The vocabulary of a plan.
    pub fn new(plan: &Plan) -> Vocabulary {
        let mut vocabulary = Vocabulary {
            meanings: HashMap::new(),
            paths: HashMap::new(),
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
            (NUMBER, Meaning::Number),
        ] {
            for heading in headings {
                vocabulary.learn(heading, meaning);
            }
        }
        vocabulary
    }

    fn learn(&mut self, heading: &str, meaning: Meaning) {
        let known = self.meanings.entry(name::key(heading)).or_default();
        if !known.contains(&meaning) {
            known.push(meaning);
        }
    }

    fn look_up(&self, heading: &str) -> &[Meaning] {
        self.meanings
            .get(&name::key(heading))
            .map_or(&[], Vec::as_slice)
    }

    /// The fields that a long table's measure may mean.
    pub fn fields(&self, measure: &str) -> Vec<FieldRef> {
        let key = name::key(measure);
        if let Some(path) = self.paths.get(&key) {
            return vec![*path];
        }
        let meanings = self.meanings.get(&key).map_or(&[][..], Vec::as_slice);
        meanings
            .iter()
            .filter_map(|meaning| match meaning {
                Meaning::Field(field) => Some(*field),
                _ => None,
            })
            .collect()
    }

    /// The heading of a form's field most like a word.
    pub fn nearest<'a>(&self, plan: &'a Plan, word: &str) -> Option<&'a str> {
        let headings = plan
            .forms
            .iter()
            .flat_map(|form| &form.fields)
            .flat_map(|field| [&field.header, &field.id].into_iter().chain(&field.aliases));
        name::nearest(word, headings.map(String::as_str))
    }
}

/// Whether rows are organisations or single figures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A row an organisation, a column a field.
    Wide {
        /// The form's index in the plan.
        form: usize,
        /// Columns and the fields they hold, in the order of the columns.
        fields: Vec<(usize, usize)>,
        /// Fields claimed by several columns: none of these is read.
        doubled: Vec<(usize, Vec<usize>)>,
    },
    /// A row a figure.
    Long {
        /// The column that names the field.
        measure: usize,
        /// The column with the figure.
        value: usize,
    },
}

/// What was made of the head of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// What sets cells apart.
    pub delimiter: u8,
    /// Whether rows are organisations or figures.
    pub shape: Shape,
    /// The columns that name the organisation, the surest first.
    pub organisation: Vec<usize>,
    /// The column that names the period.
    pub period: Option<usize>,
    /// It is headed «по состоянию на»: a bare day there is said of the morning, so that the first
    /// of a month means the end of the one before.
    pub as_of: bool,
    /// The organisation is named by an id first of all.
    pub by_id: bool,
    /// The headings.
    pub headings: Vec<String>,
    /// The columns with running numbers.
    pub numbers: Vec<usize>,
    /// The record that is the header, counted from 0.
    pub header_record: usize,
    /// The physical line on which it begins, from 1.
    pub header_line: u32,
    /// Where it begins, in bytes from the start of the file.
    pub header_offset: u64,
    /// Its bytes: the same again further down is no data.
    pub header_bytes: Vec<u8>,
    /// The columns in whose first rows a plus stands: there a dash is a no.
    pub plus: Vec<usize>,
    /// The lines above it that say something, with their numbers and offsets.
    pub above: Vec<(u32, u64, String)>,
}

/// Why no layout was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoLayout {
    /// No line names columns of any form.
    NoHeader,
    /// Fields were found, but no column that names the organisation; on this line.
    NoOrganisation {
        /// The header's physical line.
        line: u32,
        /// Where it begins.
        offset: u64,
        /// The form that its fields suggest.
        form: usize,
    },
    /// There is a column for the organisation, but no field of any form.
    NoFields {
        /// The header's physical line.
        line: u32,
        /// Where it begins.
        offset: u64,
    },
    /// Several forms have these columns.
    SeveralForms {
        /// The header's physical line.
        line: u32,
        /// Where it begins.
        offset: u64,
        /// Their indices.
        forms: Vec<usize>,
    },
}

impl Layout {
    /// The period stated above the header.
    pub fn stated(&self) -> Option<Stated> {
        self.above
            .iter()
            .find_map(|(_, _, line)| period::find(line))
    }

    /// The day on which the report was handed in, where a line above the header says so.
    pub fn handed_in(&self) -> Option<(Date, u32, u64)> {
        const SIGNS: [&str; 6] = ["сдач", "сдан", "представл", "отправл", "составл", "заполн"];
        self.above.iter().find_map(|(line, offset, text)| {
            let lower = text.to_lowercase();
            if !SIGNS.iter().any(|sign| lower.contains(sign)) {
                return None;
            }
            lower
                .split(|c: char| c.is_whitespace() || matches!(c, ':' | ';' | ',' | '(' | ')'))
                .find_map(|word| cell::date(word.trim_end_matches('.')))
                .map(|date| (date, *line, *offset))
        })
    }
}

/// Records looked through for a header.
const HEAD_RECORDS: usize = 100;

/// Bytes looked through for a header.
const HEAD_BYTES: usize = 128 << 10;

/// The score of a line that cannot be anything but a header: an organisation and three fields.
const CLEAR: usize = 30;

/// A line that may be the header, under one separator.
struct Candidate {
    score: usize,
    delimiter: u8,
    meanings: Vec<Vec<Meaning>>,
    record: usize,
    line: u32,
    offset: u64,
    bytes: Vec<u8>,
    headings: Vec<String>,
    above: Vec<(u32, u64, String)>,
}

/// What is known of a file besides its bytes.
pub struct Context<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its vocabulary.
    pub vocabulary: &'a Vocabulary,
    /// The file's name.
    pub file_name: &'a str,
    /// How its bytes make letters.
    pub encoding: Encoding,
    /// The separator asked for.
    pub delimiter: Option<u8>,
}

/// Finds the header and what it means. `head` are the file's first bytes behind a byte order mark,
/// which stand at byte `offset` of the file.
///
/// # Errors
/// Why the file is no report of any form.
pub fn find(context: &Context<'_>, head: &[u8], offset: u64) -> Result<Layout, NoLayout> {
    let asked = context
        .delimiter
        .or_else(|| dialect::declared_delimiter(head));
    let delimiters = match &asked {
        Some(delimiter) => std::slice::from_ref(delimiter),
        None => &dialect::DELIMITERS[..],
    };
    let head = &head[..head.len().min(HEAD_BYTES)];
    let mut best: Option<Candidate> = None;
    for &delimiter in delimiters {
        if best.as_ref().is_some_and(|best| best.score >= CLEAR)
            || memchr::memchr(delimiter, head).is_none()
        {
            continue;
        }
        let candidate = best_candidate(context, head, offset, delimiter);
        if let Some(candidate) = candidate
            && best
                .as_ref()
                .is_none_or(|best| candidate.score > best.score)
        {
            best = Some(candidate);
        }
    }
    let Some(candidate) = best else {
        return Err(NoLayout::NoHeader);
    };
    layout(context, candidate, head)
}

fn records_of(head: &[u8], offset: u64, delimiter: u8) -> Records<std::io::Empty> {
    Records::new(std::io::empty(), head.to_vec(), offset, delimiter).complete()
}

fn texts(record: &Record<'_>, encoding: Encoding) -> Vec<String> {
    (0..record.len())
        .map(|index| cell::trim(&encoding.decode(&record.cell(index))).to_owned())
        .collect()
}

fn best_candidate(
    context: &Context<'_>,
    head: &[u8],
    offset: u64,
    delimiter: u8,
) -> Option<Candidate> {
    let mut records = records_of(head, offset, delimiter);
    let mut above = Vec::new();
    let mut best: Option<Candidate> = None;
    let mut index = 0;
    while let Ok(Some(record)) = records.next_record() {
        if index >= HEAD_RECORDS || best.as_ref().is_some_and(|best| best.score >= CLEAR) {
            break;
        }
        let headings = texts(&record, context.encoding);
        let meanings: Vec<Vec<Meaning>> = headings
            .iter()
            .map(|heading| context.vocabulary.look_up(heading).to_vec())
            .collect();
        let score = score(&meanings);
        if score > 0 && best.as_ref().is_none_or(|best| score > best.score) {
            best = Some(Candidate {
                score,
                delimiter,
                meanings,
                record: index,
                line: record.line,
                offset: record.offset,
                bytes: record.bytes().to_vec(),
                headings: headings.clone(),
                above: above.clone(),
            });
        }
        let words: Vec<&str> = headings
            .iter()
            .map(String::as_str)
            .filter(|heading| !heading.is_empty())
            .collect();
        if !words.is_empty() {
            above.push((record.line, record.offset, words.join(" ")));
        }
        index += 1;
    }
    best
}

/// How much a line looks like a header: 0 for a line that names too little.
fn score(meanings: &[Vec<Meaning>]) -> usize {
    let has = |wanted: fn(&Meaning) -> bool| meanings.iter().any(|m| m.iter().any(wanted));
    let organisation = has(|m| matches!(m, Meaning::Organisation(_)));
    let long = organisation && has(|m| *m == Meaning::Measure) && has(|m| *m == Meaning::Value);
    let fields = meanings
        .iter()
        .filter(|m| m.iter().any(|m| matches!(m, Meaning::Field(_))))
        .count();
    let other = meanings
        .iter()
        .filter(|m| !m.is_empty() && !m.iter().any(|m| matches!(m, Meaning::Field(_))))
        .count();
    match (organisation, fields) {
        _ if long => 1000 + other,
        (true, 0) if meanings.len() < 2 => 0,
        (true, fields) => 10 * fields + other,
        (false, 0 | 1) => 0,
        (false, fields) => fields,
    }
}

fn layout(context: &Context<'_>, candidate: Candidate, head: &[u8]) -> Result<Layout, NoLayout> {
    let columns = |wanted: Meaning| -> Option<usize> {
        candidate
            .meanings
            .iter()
            .position(|meanings| meanings.contains(&wanted))
    };
    let (line, offset) = (candidate.line, candidate.offset);
    let mut organisation: Vec<(u8, usize)> = Vec::new();
    for (column, meanings) in candidate.meanings.iter().enumerate() {
        for meaning in meanings {
            if let Meaning::Organisation(strength) = meaning {
                organisation.push((*strength, column));
            }
        }
    }
    organisation.sort_unstable();
    let by_id = organisation
        .first()
        .is_some_and(|(strength, _)| *strength == 0);
    let organisation: Vec<usize> = organisation.into_iter().map(|(_, column)| column).collect();
    let shape = match (columns(Meaning::Measure), columns(Meaning::Value)) {
        (Some(measure), Some(value)) if !organisation.is_empty() => Shape::Long { measure, value },
        _ => {
            let form = choose_form(context, &candidate, &organisation, head)?;
            if organisation.is_empty() {
                return Err(NoLayout::NoOrganisation { line, offset, form });
            }
            wide(&candidate, form)
        }
    };
    let numbers = (0..candidate.meanings.len())
        .filter(|&column| candidate.meanings[column] == [Meaning::Number])
        .collect();
    Ok(Layout {
        delimiter: candidate.delimiter,
        period: columns(Meaning::Period),
        as_of: columns(Meaning::Period).is_some_and(|column| is_as_of(&candidate.headings[column])),
        by_id,
        shape,
        organisation,
        numbers,
        plus: plus_columns(&candidate, head),
        headings: candidate.headings,
        header_record: candidate.record,
        header_line: candidate.line,
        header_offset: candidate.offset,
        header_bytes: candidate.bytes,
        above: candidate.above,
    })
}

/// Whether a period column holds the days as of which figures are given.
fn is_as_of(heading: &str) -> bool {
    let heading = name::key(heading);
    [
        "на",
        "посостояниюна",
        "надату",
        "отчетнаядата",
        "датаотчета",
    ]
    .contains(&heading.as_str())
}

fn plus_columns(candidate: &Candidate, head: &[u8]) -> Vec<usize> {
    // Nearly no file has one.
    if memchr::memchr(b'+', head).is_none() {
        return Vec::new();
    }
    let mut records = records_of(head, 0, candidate.delimiter);
    let mut columns = Vec::new();
    while let Ok(Some(record)) = records.next_record() {
        for column in 0..record.len().min(candidate.headings.len()) {
            if record.raw(column).trim_ascii() == b"+" && !columns.contains(&column) {
                columns.push(column);
            }
        }
    }
    columns
}

fn wide(candidate: &Candidate, form: usize) -> Shape {
    let mut claims: Vec<(usize, Vec<usize>)> = Vec::new();
    for (column, meanings) in candidate.meanings.iter().enumerate() {
        for meaning in meanings {
            let Meaning::Field(field) = meaning else {
                continue;
            };
            if field.form != form {
                continue;
            }
            match claims
                .iter_mut()
                .find(|(claimed, _)| *claimed == field.field)
            {
                Some((_, columns)) => columns.push(column),
                None => claims.push((field.field, vec![column])),
            }
        }
    }
    let (single, doubled): (Vec<_>, Vec<_>) = claims
        .into_iter()
        .partition(|(_, columns)| columns.len() == 1);
    let mut fields: Vec<(usize, usize)> = single
        .into_iter()
        .map(|(field, columns)| (columns[0], field))
        .collect();
    fields.sort_unstable();
    Shape::Wide {
        form,
        fields,
        doubled,
    }
}

/// The form that claims the most columns; of several, the one that the file's name or title names,
/// then the one that the organisations in it owe.
fn choose_form(
    context: &Context<'_>,
    candidate: &Candidate,
    organisation: &[usize],
    head: &[u8],
) -> Result<usize, NoLayout> {
    let (line, offset) = (candidate.line, candidate.offset);
    let plan = context.plan;
    let counts: Vec<usize> = (0..plan.forms.len())
        .map(|form| {
            candidate
                .meanings
                .iter()
                .filter(|meanings| {
                    meanings
                        .iter()
                        .any(|m| matches!(m, Meaning::Field(field) if field.form == form))
                })
                .count()
        })
        .collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return Err(NoLayout::NoFields { line, offset });
    }
    let mut forms: Vec<usize> = (0..counts.len())
        .filter(|&form| counts[form] == most)
        .collect();
    if forms.len() > 1 {
        let said = name::key(context.file_name)
            + &candidate
                .above
                .iter()
                .map(|(_, _, text)| name::key(text))
                .collect::<String>();
        narrow(&mut forms, |form| {
            let form = &plan.forms[form];
            said.contains(&name::key(&form.title)) || said.contains(&name::key(&form.id))
        });
    }
    if forms.len() > 1 {
        let present = organisations_in(context, candidate, organisation, head);
        narrow(&mut forms, |form| {
            present.iter().any(|&index| {
                plan.register.organisations[index as usize].is_of_kind(&plan.forms[form])
            })
        });
    }
    match forms[..] {
        [form] => Ok(form),
        _ => Err(NoLayout::SeveralForms {
            line,
            offset,
            forms,
        }),
    }
}

/// Keeps those that satisfy a condition, if any do.
fn narrow(forms: &mut Vec<usize>, condition: impl Fn(usize) -> bool) {
    let narrowed: Vec<usize> = forms
        .iter()
        .copied()
        .filter(|&form| condition(form))
        .collect();
    if !narrowed.is_empty() {
        *forms = narrowed;
    }
}

/// The organisations named in the first rows.
fn organisations_in(
    context: &Context<'_>,
    candidate: &Candidate,
    columns: &[usize],
    head: &[u8],
) -> Vec<u32> {
    let mut records = records_of(head, 0, candidate.delimiter);
    let mut found = Vec::new();
    let mut index = 0;
    while let Ok(Some(record)) = records.next_record() {
        if index > candidate.record + HEAD_RECORDS {
            break;
        }
        if index > candidate.record {
            for &column in columns {
                let text = context.encoding.decode(record.raw(column));
                if let Some(Found::One(one)) = context.plan.register.find(&text) {
                    found.push(one);
                }
            }
        }
        index += 1;
    }
    found
}
