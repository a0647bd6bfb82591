//! The long table: a row a cell of a report, with the figure that was accepted or why none was, and
//! its place.
//!
//! The columns are declared once, here; what writes the table and what asks it look them up.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;

use crate::diagnostic::{Code, Diagnostics, Severity};
use crate::model::Plan;
use crate::model::form::{Field, RuleSeverity};
use crate::model::formula::FieldRef;
use crate::model::organisation::Register;
use crate::model::period::Period;
use crate::model::quantity::{Decimal, Reported};
use crate::read::report::{FileRead, Reading, Weight};
use crate::read::rules::Check;
use crate::source::{FileId, SourceFile, Sources, Spot, column_letters};
use crate::tally::{RecordPlace, Standing};

/// What one cell of a report came to.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    /// Who reported it.
    pub organisation: &'a str,
    /// The organisation's kind; empty where it is not known.
    pub kind: &'a str,
    /// The form's id.
    pub form: &'a str,
    /// What the report is for.
    pub period: Period,
    /// The same as its id.
    pub period_id: &'a str,
    /// The field's id.
    pub field: &'a str,
    /// The figure that was accepted, if any; a yes is 1, a no is 0.
    pub value: Option<Decimal>,
    /// The file.
    pub file: &'a str,
    /// The record's line, from 1.
    pub line: u32,
    /// Why no figure was accepted: the code of an error, [`EMPTY`] or [`TEXT`]; empty where one was.
    pub left_out: &'a str,
    /// The codes of what was remarked on it all the same, parted by spaces.
    pub flagged: &'a str,
    /// What stands in a cell that an error left out.
    pub found: &'a str,
    /// As a spreadsheet names the cell; empty where that is not known.
    pub cell: &'a str,
    /// The sheet of a workbook, or nothing.
    pub sheet: &'a str,
    /// The organisations above it, from the top: `region/town`.
    pub parents: &'a str,
    /// How much the report outweighs others: 0 an ordinary one, 1 one that says it corrects another,
    /// 2 one that the user named for that.
    pub correction: u32,
}

/// In [`Fact::left_out`]: nothing stands there.
pub const EMPTY: &str = "empty";

/// In [`Fact::left_out`]: words or a day, as the form has it.
pub const TEXT: &str = "text";

/// In [`Fact::left_out`]: what is no fault. Of a field that counts as 0 where nothing is said, such a
/// cell is 0.
pub const NO_FAULT: [&str; 4] = ["", EMPTY, "empty-required", TEXT];

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// Words; empty where there is nothing to be said.
    Text,
    /// An exact decimal.
    Decimal,
    /// A whole number.
    Whole,
    /// A day.
    Day,
}

/// What stands in a column of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Datum<'f> {
    /// Words.
    Text(Cow<'f, str>),
    /// An exact decimal, or nothing.
    Decimal(Option<Decimal>),
    /// A whole number.
    Whole(u32),
    /// A day.
    Day(Date),
}

/// A column of the table.
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// What it holds.
    pub holds: Type,
    /// What stands in it.
    pub of: for<'f> fn(&'f Fact<'_>) -> Datum<'f>,
}

const fn column(
    name: &'static str,
    holds: Type,
    of: for<'f> fn(&'f Fact<'_>) -> Datum<'f>,
) -> Column {
    Column { name, holds, of }
}

fn text(text: &str) -> Datum<'_> {
    Datum::Text(Cow::Borrowed(text))
}

/// The columns, in their order: the first eight are the contract with users' scripts.
pub const COLUMNS: [Column; 17] = [
    column("organisation", Type::Text, |fact| text(fact.organisation)),
    column("kind", Type::Text, |fact| text(fact.kind)),
    column("form", Type::Text, |fact| text(fact.form)),
    column("period", Type::Text, |fact| text(fact.period_id)),
    column("field", Type::Text, |fact| text(fact.field)),
    column("value", Type::Decimal, |fact| Datum::Decimal(fact.value)),
    column("file", Type::Text, |fact| text(fact.file)),
    column("line", Type::Whole, |fact| Datum::Whole(fact.line)),
    column("left_out", Type::Text, |fact| text(fact.left_out)),
    column("flagged", Type::Text, |fact| text(fact.flagged)),
    column("found", Type::Text, |fact| text(fact.found)),
    column("cell", Type::Text, |fact| text(fact.cell)),
    column("sheet", Type::Text, |fact| text(fact.sheet)),
    column("first_day", Type::Day, |fact| {
        Datum::Day(fact.period.start())
    }),
    column("last_day", Type::Day, |fact| Datum::Day(fact.period.end())),
    column("parents", Type::Text, |fact| text(fact.parents)),
    column("correction", Type::Whole, |fact| {
        Datum::Whole(fact.correction)
    }),
];

/// Gives what every cell of every report came to: form by form, oldest period first, in the order of
/// the register.
///
/// # Errors
/// The first that the taker has.
pub fn each<E>(
    plan: &Plan,
    reading: &Reading,
    sources: &Sources,
    diagnostics: &Diagnostics,
    mut take: impl FnMut(&Fact<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let register = &reading.tally.register;
    let parents: Vec<String> = (0..register.organisations.len() as u32)
        .map(|index| chain(register, index))
        .collect();
    let mut origins = Origins::new(reading, sources);
    let flags = Flags::new(plan, reading, diagnostics);
    for (form, own) in plan.forms.iter().enumerate() {
        for period in reading.tally.periods(form) {
            let period_id = period.to_string();
            let mut reporters = reading.tally.reporters(form, period);
            reporters.sort_unstable();
            for organisation in reporters {
                let report = Report {
                    form,
                    organisation,
                    period,
                };
                let Some(values) = reading.tally.said(form, organisation, period) else {
                    continue;
                };
                let standing = reading.tally.standing(form, organisation, period);
                let who = &register.organisations[organisation as usize];
                let broken = flags.broken(&report);
                for (index, (field, said)) in own.fields.iter().zip(values).enumerate() {
                    let Some(place) = reading.tally.place(form, organisation, period, index) else {
                        continue;
                    };
                    if *said == Reported::ABSENT {
                        continue;
                    }
                    let left_out = why(standing, field, *said);
                    let is_fault = !left_out.is_empty() && !NO_FAULT.contains(&left_out);
                    let reference = FieldRef { form, field: index };
                    let origin = origins.of(place, reference, is_fault);
                    let flagged = flags.of(&report, place, origin.column, broken.contains(&index));
                    take(&Fact {
                        organisation: &who.id,
                        kind: &who.kind,
                        form: &own.id,
                        period,
                        period_id: &period_id,
                        field: &field.id,
                        value: said.decimal().filter(|_| left_out.is_empty()),
                        file: origin.file.key(),
                        line: place.line,
                        left_out,
                        flagged: &flagged,
                        found: &origin.found,
                        cell: &origin.cell,
                        sheet: origin.file.sheet.as_deref().unwrap_or_default(),
                        parents: &parents[organisation as usize],
                        correction: origin.correction,
                    })?;
                }
            }
        }
    }
    Ok(())
}

/// A report of the tally.
struct Report {
    form: usize,
    organisation: u32,
    period: Period,
}

/// Why a cell gives no figure.
fn why(standing: Standing, field: &Field, said: Reported) -> &'static str {
    if standing == Standing::Conflicting {
        return Code::ConflictingReport.id();
    }
    match said {
        Reported::BLANK if field.required => Code::EmptyRequired.id(),
        Reported::BLANK => EMPTY,
        Reported::TEXT => TEXT,
        said => match said.fault() {
            Some(fault) => Code::ALL[usize::from(fault)].id(),
            None if said.is_left_out() => "left-out",
            None => "",
        },
    }
}

/// The organisations above one, from the top.
fn chain(register: &Register, index: u32) -> String {
    let above = |index: u32| register.organisations[index as usize].parent;
    let all: Vec<u32> = std::iter::successors(above(index), |index| above(*index)).collect();
    let ids = all.iter().rev();
    let ids = ids.map(|index| &*register.organisations[*index as usize].id);
    ids.collect::<Vec<&str>>().join("/")
}

/// Letters of what was found that are kept.
const LONGEST_FOUND: usize = 200;

/// Where figures came from.
struct Origins<'a> {
    sources: &'a Sources,
    files: HashMap<FileId, &'a FileRead>,
    /// The record last read again, and its cells.
    again: Option<(RecordPlace, Vec<String>)>,
}

/// Where a figure came from.
struct Origin<'a> {
    file: &'a SourceFile,
    /// From 1; 0 where it is not known.
    column: u32,
    cell: String,
    found: String,
    correction: u32,
}

impl<'a> Origins<'a> {
    fn new(reading: &'a Reading, sources: &'a Sources) -> Self {
        let files = reading.files.iter().map(|read| (read.file, read));
        Origins {
            sources,
            files: files.collect(),
            again: None,
        }
    }

    /// `is_fault`: what stands there is wanted too; then the file is read again.
    fn of(&mut self, place: RecordPlace, field: FieldRef, is_fault: bool) -> Origin<'a> {
        let read = self.files.get(&place.file).copied();
        let block = read.and_then(|read| read.block(place.offset));
        let column = block.and_then(|block| block.column(field));
        let mut origin = Origin {
            file: self.sources.get(place.file),
            column: column.map_or(0, |column| column as u32 + 1),
            cell: String::new(),
            found: String::new(),
            correction: match block.map(|block| block.weight) {
                None | Some(Weight::Ordinary) => 0,
                Some(Weight::Corrected) => 1,
                Some(Weight::Superseding) => 2,
            },
        };
        let (Some(read), Some(column)) = (read, column) else {
            return origin;
        };
        origin.cell = format!("{}{}", column_letters(origin.column), place.row);
        if is_fault {
            if self.again.as_ref().is_none_or(|(own, _)| *own != place) {
                self.again = Some((place, read.cells_again(self.sources, place)));
            }
            let cells = self.again.as_ref().map(|(_, cells)| cells);
            let text = cells.and_then(|cells| cells.get(column));
            let text = text.map(String::as_str).unwrap_or_default();
            origin.found = text.chars().take(LONGEST_FOUND).collect();
        }
        origin
    }
}

/// What was remarked on figures that were accepted.
struct Flags<'a> {
    reading: &'a Reading,
    /// The rules of each form that only warn.
    warnings: Vec<Vec<Check<'a>>>,
    /// Reports that came after their due day.
    late: HashSet<(FileId, usize, Period)>,
    /// What was remarked on cells, by file, row and column.
    remarks: HashMap<(FileId, u32, u32), BTreeSet<&'static str>>,
}

impl<'a> Flags<'a> {
    fn new(plan: &'a Plan, reading: &'a Reading, diagnostics: &Diagnostics) -> Self {
        let warnings = plan.forms.iter().map(|form| {
            let rules = form.rules.iter().enumerate();
            let rules = rules.filter(|(_, rule)| rule.severity == RuleSeverity::Warning);
            rules.map(|(index, rule)| Check::new(rule, index)).collect()
        });
        let mut remarks: HashMap<(FileId, u32, u32), BTreeSet<&'static str>> = HashMap::new();
        for one in diagnostics.sorted() {
            let Some(place) = &one.place else { continue };
            if let Spot::Cell(cell) = &place.spot
                && one.severity != Severity::Error
            {
                let key = (place.file, cell.row, cell.column);
                remarks.entry(key).or_default().insert(one.code.id());
            }
        }
        let late = reading.files.iter().flat_map(|read| {
            let late = read.outcome.late.iter();
            late.map(|(form, period)| (read.file, *form, *period))
        });
        Flags {
            reading,
            late: late.collect(),
            warnings: warnings.collect(),
            remarks,
        }
    }

    /// The fields of a report on which a rule that only warns is broken.
    fn broken(&self, report: &Report) -> BTreeSet<usize> {
        let Report {
            form,
            organisation,
            period,
        } = *report;
        let value = |field: FieldRef| {
            let values = self.reading.tally.values(field.form, organisation, period);
            values.map_or(Reported::ABSENT, |values| values[field.field])
        };
        let broken = self.warnings[form]
            .iter()
            .filter(|check| check.holds(value) == Some(false));
        let fields = broken.flat_map(|check| &check.rule.fields);
        let own = fields.filter(|field| field.form == form);
        own.map(|field| field.field).collect()
    }

    fn of(&self, report: &Report, place: RecordPlace, column: u32, is_broken: bool) -> String {
        let remarks = self.remarks.get(&(place.file, place.row, column));
        let mut codes = remarks.cloned().unwrap_or_default();
        if is_broken {
            codes.insert(Code::RuleBroken.id());
        }
        if self
            .late
            .contains(&(place.file, report.form, report.period))
        {
            codes.insert(Code::LateReport.id());
        }
        codes.into_iter().collect::<Vec<&str>>().join(" ")
    }
}
