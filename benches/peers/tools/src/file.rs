//! A report file, row by row.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::dialect::Dialect;
use crate::dice::Dice;
use crate::report::{Order, Organisation, Recipe, Row, headings};
use crate::truth::Truth;

/// Writes a register of all that report.
///
/// # Errors
/// The file cannot be written.
pub fn register(path: &Path, recipe: &Recipe) -> Result<(), Box<dyn Error>> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(["id", "name", "kind"])?;
    for index in 0..recipe.organisations {
        let one = Organisation::of(index, recipe.organisations);
        writer.write_record([&one.id, &one.name, one.kind])?;
    }
    Ok(writer.flush()?)
}

/// Writes a report file, and the truth about it beside.
///
/// # Errors
/// A file cannot be written.
pub fn write(path: &Path, recipe: &Recipe, dialect: &Dialect) -> Result<(), Box<dyn Error>> {
    let organisations: Vec<Organisation> = (0..recipe.organisations)
        .map(|index| Organisation::of(index, recipe.organisations))
        .collect();
    let mut pen = Pen::new(path, *dialect, recipe)?;
    match recipe.order {
        Order::Months => by_months(&organisations, recipe, &mut pen)?,
        Order::Organisations => by_organisations(&organisations, recipe, &mut pen)?,
    }
    let truth = pen.finish()?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".truth.json");
    std::fs::write(beside, format!("{:#}\n", truth.json()))?;
    Ok(())
}

fn by_months(
    organisations: &[Organisation],
    recipe: &Recipe,
    pen: &mut Pen<'_>,
) -> Result<(), Box<dyn Error>> {
    for month in 0..recipe.months {
        for index in arrivals(month, recipe) {
            pen.put(&Row::of(&organisations[index as usize], month, recipe))?;
        }
    }
    Ok(())
}

fn by_organisations(
    organisations: &[Organisation],
    recipe: &Recipe,
    pen: &mut Pen<'_>,
) -> Result<(), Box<dyn Error>> {
    // Only the last month may be short of somebody.
    let whole = recipe.rows / u64::from(recipe.organisations);
    let mut last = vec![false; organisations.len()];
    for index in arrivals(whole as u32, recipe) {
        last[index as usize] = true;
    }
    for (organisation, reports_last) in organisations.iter().zip(last) {
        for month in 0..recipe.months {
            if u64::from(month) < whole || u64::from(month) == whole && reports_last {
                pen.put(&Row::of(organisation, month, recipe))?;
            }
        }
    }
    Ok(())
}

/// Who reports for a month, in the order of arrival.
fn arrivals(month: u32, recipe: &Recipe) -> Vec<u32> {
    let mut dice = Dice::of([3, u64::from(month)]);
    let mut order: Vec<u32> = (0..recipe.organisations).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, dice.below(at as u32 + 1) as usize);
    }
    let before = u64::from(month) * u64::from(recipe.organisations);
    let left = recipe.rows.saturating_sub(before);
    order.truncate(usize::try_from(left).unwrap_or(usize::MAX));
    order
}

/// Writes rows, and keeps account of them.
struct Pen<'a> {
    file: BufWriter<File>,
    dialect: Dialect,
    recipe: &'a Recipe,
    truth: Truth,
    text: String,
    bytes: Vec<u8>,
    /// A row that comes again where the next one does that is to come again, or at the end.
    waiting: String,
}

impl<'a> Pen<'a> {
    fn new(path: &Path, dialect: Dialect, recipe: &'a Recipe) -> Result<Pen<'a>, Box<dyn Error>> {
        let mut pen = Pen {
            file: BufWriter::with_capacity(1 << 20, File::create(path)?),
            dialect,
            recipe,
            truth: Truth::new(recipe.copies),
            text: String::new(),
            bytes: dialect.mark().to_vec(),
            waiting: String::new(),
        };
        let headings = headings(recipe.copies, dialect.russian);
        dialect.row(headings.iter().map(String::as_str), &mut pen.text);
        pen.write()?;
        Ok(pen)
    }

    fn put(&mut self, row: &Row<'_>) -> Result<(), Box<dyn Error>> {
        let cells = row.cells(self.recipe.copies, self.dialect.decimal);
        self.dialect
            .row(cells.iter().map(String::as_str), &mut self.text);
        self.truth.add(row, false);
        if row.again {
            self.truth.add(row, true);
            let again = std::mem::replace(&mut self.waiting, self.text.clone());
            self.text.push_str(&again);
        }
        self.write()
    }

    fn write(&mut self) -> Result<(), Box<dyn Error>> {
        self.dialect.encode(&self.text, &mut self.bytes);
        self.file.write_all(&self.bytes)?;
        self.text.clear();
        self.bytes.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<Truth, Box<dyn Error>> {
        self.text = std::mem::take(&mut self.waiting);
        self.write()?;
        self.file.flush()?;
        Ok(self.truth)
    }
}
