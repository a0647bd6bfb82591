//! Layouts: what the columns of a table hold, and what stands above it.

use jiff::civil::Date;

use super::cell;
use super::header::{Candidate, HEAD_RECORDS, Lines};
use super::unit::Unit;
use super::vocabulary::{Meaning, Vocabulary};
use crate::model::Plan;
use crate::model::formula::FieldRef;
use crate::model::name;
use crate::model::organisation::{Found, Register};
use crate::model::period::{self, Stated};
use crate::source::{Cell, Encoding};

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

/// A heading that is not what it was taken for, but nearly.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Near {
    /// It was taken for this name.
    Taken {
        /// The column.
        column: usize,
        /// The name.
        name: String,
    },
    /// The names below it are in the register.
    Names {
        /// The column.
        column: usize,
    },
    /// It could be any of these: it was taken for none.
    Several {
        /// The column.
        column: usize,
        /// The names.
        names: Vec<String>,
    },
}

/// A line above a header that says something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Above {
    /// Its number.
    pub line: u32,
    /// Where it begins.
    pub offset: u64,
    /// Its words.
    pub text: String,
    /// It has figures, like a row of the table.
    pub has_figures: bool,
}

/// What was made of the header of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// What sets cells apart.
    pub delimiter: u8,
    /// Whether rows are organisations or figures.
    pub shape: Shape,
    /// The columns that name the organisation, the surest first.
    pub organisation: Vec<usize>,
    /// Whose report it is, where no column says so.
    pub owner: Option<u32>,
    /// The column that names the period.
    pub period: Option<usize>,
    /// It is headed «по состоянию на»: a bare day there is said of the morning, so that the first
    /// of a month means the end of the one before.
    pub as_of: bool,
    /// The organisation is named by an id first of all.
    pub by_id: bool,
    /// The headings.
    pub headings: Vec<String>,
    /// What the figures below each are multiplied by.
    pub units: Vec<Unit>,
    /// Where they stand.
    pub cells: Vec<Option<Cell>>,
    /// Headings that are only nearly right.
    pub near: Vec<Near>,
    /// The column with the units of a long table.
    pub unit_column: Option<usize>,
    /// The columns with running numbers.
    pub numbers: Vec<usize>,
    /// The record with which the header begins, counted from 0.
    pub header_record: usize,
    /// How many records the header takes.
    pub header_rows: usize,
    /// The physical line on which it begins, from 1.
    pub header_line: u32,
    /// Where it begins, in bytes from the start of the file.
    pub header_offset: u64,
    /// Its lines' bytes: the same again further down are no data.
    pub header_bytes: Vec<Vec<u8>>,
    /// The columns in whose first rows a plus stands: there a dash is a no.
    pub plus: Vec<usize>,
    /// The lines above it that say something.
    pub above: Vec<Above>,
}

/// Why no layout was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoLayout {
    /// No line names columns of any form.
    NoHeader,
    /// Fields were found, but nothing that names the organisation; on this line.
    NoOrganisation {
        /// The header's physical line.
        line: u32,
        /// Where it begins.
        offset: u64,
        /// The form that its fields suggest.
        form: Option<usize>,
    },
    /// There is a column for the organisation, but no field of any form.
    NoFields {
        /// The header's physical line.
        line: u32,
        /// Where it begins.
        offset: u64,
    },
    /// A row between others is all words: the header of a table that is not known.
    StrangeHeader {
        /// Its physical line.
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

/// What is known of a table besides its bytes.
pub struct Context<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its vocabulary.
    pub vocabulary: &'a Vocabulary,
    /// The file's name.
    pub file_name: &'a str,
    /// The name of the sheet, where it is one.
    pub sheet: Option<&'a str>,
    /// How its bytes make letters.
    pub encoding: Encoding,
    /// The separator asked for.
    pub delimiter: Option<u8>,
}

/// Columns that name the organisation: an id, an INN, a name or two. Every row is asked for all of
/// them, so a header that is nothing else must not have its way.
const MOST_NAMING: usize = 8;

/// Whether a line is about an order, a letter or a form: its date is not the report's.
fn is_reference(text: &str) -> bool {
    const WORDS: [&str; 7] = [
        "утвержд",
        "приказ",
        "постановлен",
        "распоряжен",
        "письм",
        "приложение",
        "в редакции",
    ];
    let lower = text.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// Words that tell when a report was handed in.
const HANDED_IN: [&str; 6] = ["сдач", "сдан", "представл", "отправл", "составл", "заполн"];

/// The day on which a report was handed in, where a line outside its table says so.
pub fn handed_in(text: &str) -> Option<Date> {
    let lower = text.to_lowercase();
    if !HANDED_IN.iter().any(|sign| lower.contains(sign)) {
        return None;
    }
    lower
        .split(|c: char| c.is_whitespace() || matches!(c, ':' | ';' | ',' | '(' | ')'))
        .find_map(|word| cell::date(word.trim_end_matches('.')))
}

/// Whether a title or a file's name says that it replaces an earlier report.
pub fn is_corrected(text: &str) -> bool {
    const SIGNS: [&str; 5] = [
        "уточнен",
        "корректировк",
        "корректирующ",
        "исправленн",
        "уточнени",
    ];
    /// Said of another report than this one.
    const OTHERWISE: [&str; 6] = ["предварит", "пришл", "будет", "ранее", "позже", "направлен"];
    let lower = text.to_lowercase().replace('ё', "е");
    let is_sign = |sign: &&str| {
        lower.find(*sign).is_some_and(|at| {
            let before = lower[..at].trim_end();
            let denied = before.ends_with("не")
                && !before[..before.len() - "не".len()].ends_with(char::is_alphabetic);
            !denied && !lower[..at].ends_with(char::is_alphabetic)
        })
    };
    SIGNS.iter().any(is_sign) && !OTHERWISE.iter().any(|word| lower.contains(word))
}

impl Layout {
    /// The period stated above the header: the first that is not of an order or a form's approval.
    pub fn stated(&self) -> Option<Stated> {
        let own = self.stated_lines().next().map(|(_, stated)| stated);
        own.or_else(|| {
            let mut above = self.above.iter();
            above.find_map(|above| period::find(&above.text))
        })
    }

    /// The lines above the header that state a period, and what they state.
    pub fn stated_lines(&self) -> impl Iterator<Item = (&Above, Stated)> {
        self.above
            .iter()
            .filter(|above| !is_reference(&above.text))
            .filter_map(|above| Some((above, period::find(&above.text)?)))
    }

    /// The day on which the report was handed in, where a line above the header says so.
    pub fn handed_in(&self) -> Option<(Date, u32, u64)> {
        self.above
            .iter()
            .find_map(|above| Some((handed_in(&above.text)?, above.line, above.offset)))
    }

    /// Whether a line above the header says that it replaces an earlier report.
    pub fn is_corrected(&self) -> bool {
        self.above.iter().any(|above| is_corrected(&above.text))
    }

    /// Whether a column is read.
    pub fn is_claimed(&self, column: usize) -> bool {
        let by_form = match &self.shape {
            Shape::Wide {
                fields, doubled, ..
            } => {
                fields.iter().any(|(c, _)| *c == column)
                    || doubled.iter().any(|(_, columns)| columns.contains(&column))
            }
            Shape::Long { measure, value } => column == *measure || column == *value,
        };
        by_form
            || self.organisation.contains(&column)
            || self.period == Some(column)
            || self.unit_column == Some(column)
            || self.numbers.contains(&column)
    }

    /// The form, where one form has all the columns.
    pub fn form(&self) -> Option<usize> {
        match self.shape {
            Shape::Wide { form, .. } => Some(form),
            Shape::Long { .. } => None,
        }
    }
}

/// What a header and the first rows below it mean.
///
/// # Errors
/// Why they are no report of any form.
pub fn understand(
    context: &Context<'_>,
    candidate: Candidate,
    lines: Lines,
    delimiter: u8,
    head: &[u8],
) -> Result<Layout, NoLayout> {
    Understanding {
        context,
        candidate,
        lines,
        near: Vec::new(),
    }
    .layout(delimiter, head)
}

/// A header that is being understood.
struct Understanding<'a, 'c> {
    context: &'a Context<'c>,
    candidate: Candidate,
    lines: Lines,
    near: Vec<Near>,
}

impl Understanding<'_, '_> {
    fn layout(mut self, delimiter: u8, head: &[u8]) -> Result<Layout, NoLayout> {
        let first = &self
            .lines
            .known(self.candidate.first..self.candidate.first + 1)[0];
        let (line, offset, record) = (first.line, first.offset, first.record);
        let (organisation, by_id) = self.organisation();
        let above = self.above();
        let shape = self.shape(&organisation, &above, line, offset)?;
        let organisation = if organisation.is_empty() {
            self.column_of_names(&shape).into_iter().collect()
        } else {
            organisation
        };
        let owner = match organisation.is_empty() {
            true => Some(self.owner(&above).ok_or(NoLayout::NoOrganisation {
                line,
                offset,
                form: match shape {
                    Shape::Wide { form, .. } => Some(form),
                    Shape::Long { .. } => None,
                },
            })?),
            false => None,
        };
        let period = self.column(Meaning::Period);
        let rows = self.candidate.first..self.candidate.first + self.candidate.rows;
        let header_bytes = self.lines.known(rows).iter();
        let header_bytes = header_bytes.map(|line| line.bytes.clone()).collect();
        let plus = self.plus_columns(head);
        Ok(Layout {
            delimiter,
            period,
            as_of: period.is_some_and(|column| is_as_of(&self.candidate.headings[column])),
            by_id,
            shape,
            organisation,
            owner,
            unit_column: self.column(Meaning::Unit),
            numbers: (0..self.candidate.meanings.len())
                .filter(|&column| self.candidate.meanings[column] == [Meaning::Number])
                .collect(),
            plus,
            cells: (0..self.candidate.headings.len())
                .map(|column| self.candidate.cell(&self.lines, column))
                .collect(),
            header_record: record,
            header_rows: self.candidate.rows,
            header_line: line,
            header_offset: offset,
            header_bytes,
            headings: self.candidate.headings,
            units: self.candidate.units,
            near: self.near,
            above,
        })
    }

    fn column(&self, wanted: Meaning) -> Option<usize> {
        self.candidate
            .meanings
            .iter()
            .position(|meanings| meanings.contains(&wanted))
    }

    /// The columns headed as those of the organisation, the surest first, and whether that is an
    /// id.
    fn organisation(&self) -> (Vec<usize>, bool) {
        let mut organisation: Vec<(u8, usize)> = Vec::new();
        for (column, meanings) in self.candidate.meanings.iter().enumerate() {
            for meaning in meanings {
                if let Meaning::Organisation(strength) = meaning {
                    organisation.push((*strength, column));
                }
            }
        }
        organisation.sort_unstable();
        organisation.truncate(MOST_NAMING);
        let by_id = organisation
            .first()
            .is_some_and(|(strength, _)| *strength == 0);
        (
            organisation.into_iter().map(|(_, column)| column).collect(),
            by_id,
        )
    }

    fn above(&self) -> Vec<Above> {
        let lines = self.lines.known(0..self.candidate.first);
        lines
            .iter()
            .filter_map(|line| {
                let words: Vec<&str> = line
                    .texts
                    .iter()
                    .map(String::as_str)
                    .filter(|text| !text.is_empty())
                    .collect();
                (!words.is_empty()).then(|| Above {
                    line: line.line,
                    offset: line.offset,
                    text: words.join(" "),
                    has_figures: looks_like_a_row(&words),
                })
            })
            .collect()
    }

    fn shape(
        &mut self,
        organisation: &[usize],
        above: &[Above],
        line: u32,
        offset: u64,
    ) -> Result<Shape, NoLayout> {
        if let (Some(measure), Some(value)) =
            (self.column(Meaning::Measure), self.column(Meaning::Value))
        {
            self.note_near(|meaning| !matches!(meaning, Meaning::Field(_)));
            return Ok(Shape::Long { measure, value });
        }
        let form = self.choose_form(organisation, above, line, offset)?;
        self.note_near(|meaning| match meaning {
            Meaning::Field(field) => field.form == form,
            _ => true,
        });
        self.match_nearly(form);
        Ok(self.wide(form))
    }

    /// Notes the headings that were taken for a name they are only like.
    fn note_near(&mut self, counts: impl Fn(&Meaning) -> bool) {
        for (column, nearly) in self.candidate.nearly.iter().enumerate() {
            if let Some(name) = nearly
                && self.candidate.meanings[column].iter().any(&counts)
            {
                self.near.push(Near::Taken {
                    column,
                    name: name.clone(),
                });
            }
        }
    }

    /// Headings that name nothing, but nearly a field of the form that no other column holds.
    fn match_nearly(&mut self, form: usize) {
        let has = |meanings: &[Vec<Meaning>], field: usize| {
            let wanted = Meaning::Field(FieldRef { form, field });
            meanings.iter().any(|meanings| meanings.contains(&wanted))
        };
        let before = self.candidate.meanings.clone();
        for (column, heading) in self.candidate.headings.iter().enumerate() {
            if !before[column].is_empty() || heading.is_empty() {
                continue;
            }
            let like: Vec<(Meaning, &str)> = self
                .context
                .vocabulary
                .look_nearly(heading)
                .into_iter()
                .filter(|(meaning, _)| match meaning {
                    Meaning::Field(field) => field.form == form && !has(&before, field.field),
                    Meaning::Period => self.candidate.meanings.iter().all(|m| !m.contains(meaning)),
                    _ => false,
                })
                .collect();
            match like[..] {
                [] => {}
                [(meaning, name)] => {
                    self.candidate.meanings[column] = vec![meaning];
                    self.near.push(Near::Taken {
                        column,
                        name: name.to_owned(),
                    });
                }
                _ => self.near.push(Near::Several {
                    column,
                    names: like.into_iter().map(|(_, name)| name.to_owned()).collect(),
                }),
            }
        }
    }

    fn wide(&self, form: usize) -> Shape {
        let mut claims: Vec<(usize, Vec<usize>)> = Vec::new();
        for (column, meanings) in self.candidate.meanings.iter().enumerate() {
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

    /// The form that claims the most columns; of several, the one that the file's name or title
    /// names, then the one that the organisations in it owe.
    fn choose_form(
        &mut self,
        organisation: &[usize],
        above: &[Above],
        line: u32,
        offset: u64,
    ) -> Result<usize, NoLayout> {
        let plan = self.context.plan;
        let claims = |form: usize| {
            let owns =
                |meaning: &Meaning| matches!(meaning, Meaning::Field(field) if field.form == form);
            let columns = self.candidate.meanings.iter();
            columns.filter(|meanings| meanings.iter().any(owns)).count()
        };
        let counts: Vec<usize> = (0..plan.forms.len()).map(claims).collect();
        let most = counts.iter().copied().max().unwrap_or(0);
        if most == 0 {
            return Err(NoLayout::NoFields { line, offset });
        }
        let mut forms: Vec<usize> = (0..counts.len())
            .filter(|&form| counts[form] == most)
            .collect();
        if forms.len() > 1 {
            let above = above.iter().map(|above| name::key(&above.text));
            let sheet = name::key(self.context.sheet.unwrap_or_default());
            let said = name::key(self.context.file_name) + &sheet + &above.collect::<String>();
            narrow(&mut forms, |form| {
                let form = &plan.forms[form];
                said.contains(&name::key(&form.title)) || said.contains(&name::key(&form.id))
            });
        }
        if forms.len() > 1 {
            let present = self.organisations_in(organisation);
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

    /// The organisations named in the first rows.
    fn organisations_in(&mut self, columns: &[usize]) -> Vec<u32> {
        let register = &self.context.plan.register;
        let mut found = Vec::new();
        for index in self.rows_below() {
            let Some(line) = self.lines.get(index) else {
                break;
            };
            for &column in columns {
                if let Some(Found::One(one)) = register.find(line.text(column)) {
                    found.push(one);
                }
            }
        }
        found
    }

    fn rows_below(&self) -> std::ops::Range<usize> {
        let first = self.candidate.first + self.candidate.rows;
        first..first + HEAD_RECORDS
    }

    /// The column that holds names of the register, where no heading tells it.
    fn column_of_names(&mut self, shape: &Shape) -> Option<usize> {
        let register = &self.context.plan.register;
        if !register.declared {
            return None;
        }
        let claimed = |column: usize| match shape {
            Shape::Wide { fields, .. } => fields.iter().any(|(own, _)| *own == column),
            Shape::Long { measure, value } => column == *measure || column == *value,
        };
        let mut counts = vec![(0usize, 0usize); self.candidate.headings.len()];
        for index in self.rows_below() {
            let Some(line) = self.lines.get(index) else {
                break;
            };
            for (column, (known, filled)) in counts.iter_mut().enumerate() {
                let text = line.text(column);
                if !claimed(column) && text.chars().any(char::is_alphabetic) {
                    *filled += 1;
                    *known += usize::from(register.find(text).is_some());
                }
            }
        }
        let (column, (known, filled)) = counts
            .into_iter()
            .enumerate()
            .max_by_key(|(column, (known, _))| (*known, usize::MAX - column))?;
        (known > 0 && known * 2 >= filled).then(|| {
            self.near.push(Near::Names { column });
            column
        })
    }

    /// The organisation that the title or the file's name names; nobody where they contradict one
    /// another.
    fn owner(&self, above: &[Above]) -> Option<u32> {
        let register = &self.context.plan.register;
        let one = |text: &str| just_one(register, text);
        let by_name = self
            .context
            .sheet
            .and_then(one)
            .or_else(|| self.owner_by_file_name(one));
        let cells = self.lines.known(0..self.candidate.first);
        let cells = cells
            .iter()
            .flat_map(|line| &line.texts)
            .map(String::as_str);
        let texts = cells.chain(above.iter().map(|above| above.text.as_str()));
        let mut named: Vec<u32> = Vec::new();
        for text in texts {
            match self::named(register, text) {
                Some(owner) => named.push(owner),
                None => named.extend(register.named_within(text).iter().map(|(owner, _)| *owner)),
            }
        }
        named.sort_unstable();
        named.dedup();
        match (&named[..], by_name) {
            ([owner], None) => Some(*owner),
            ([owner], Some(other)) => (*owner == other).then_some(other),
            ([], Some(owner)) => self.may_be_of(owner, above).then_some(owner),
            _ => None,
        }
    }

    /// Whether a title speaks of no other number than an organisation's own: «Отчёт ДС № 110» is
    /// not about № 102, whoever it is about.
    fn may_be_of(&self, owner: u32, above: &[Above]) -> bool {
        let who = &self.context.plan.register.organisations[owner as usize];
        let numbers = |text: &str| -> Vec<String> {
            let behind = text.split(['№', 'N']).skip(1);
            let digits = behind.map(|text| {
                let text = text.trim_start();
                text.chars()
                    .take_while(char::is_ascii_digit)
                    .collect::<String>()
            });
            digits.filter(|digits| !digits.is_empty()).collect()
        };
        let own = numbers(who.title());
        let said = above.iter().flat_map(|above| numbers(&above.text));
        own.is_empty() || said.into_iter().all(|number| own.contains(&number))
    }

    /// The longest part of the file's name that is somebody's.
    fn owner_by_file_name(&self, one: impl Fn(&str) -> Option<u32>) -> Option<u32> {
        let name = std::path::Path::new(self.context.file_name);
        let stem = name.file_stem()?.to_string_lossy().into_owned();
        let parts: Vec<&str> = stem.split([' ', '_', '.']).take(12).collect();
        for length in (1..=parts.len()).rev() {
            for some in parts.windows(length) {
                if let Some(owner) = one(&some.join(" ")) {
                    return Some(owner);
                }
            }
        }
        None
    }

    fn plus_columns(&mut self, head: &[u8]) -> Vec<usize> {
        // Nearly no file has one.
        if memchr::memchr(b'+', head).is_none() {
            return Vec::new();
        }
        let mut columns = Vec::new();
        let mut index = self.rows_below().start;
        while let Some(line) = self.lines.get(index) {
            index += 1;
            for (column, text) in line.texts.iter().enumerate() {
                if text == "+" && !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        columns
    }
}

/// Whom a line outside a table names: «Детский сад № 1», «Организация: Детский сад № 1».
pub fn named(register: &Register, text: &str) -> Option<u32> {
    just_one(register, text).or_else(|| just_one(register, text.split_once(':')?.1))
}

/// The one organisation that bears a name.
fn just_one(register: &Register, text: &str) -> Option<u32> {
    match register.find(cell::trim(text)) {
        Some(Found::One(one)) => Some(one),
        _ => None,
    }
}

/// A name and two figures: no title has that.
fn looks_like_a_row(words: &[&str]) -> bool {
    let figures = words.iter().filter(|text| {
        cell::plain_number(text, Unit::ONE).is_some() || cell::read_flag(text).is_some()
    });
    words
        .iter()
        .any(|text| text.chars().any(char::is_alphabetic))
        && figures.count() >= 2
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
