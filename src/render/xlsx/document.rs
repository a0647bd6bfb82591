//! Documents as workbooks: a sheet for each part, real numbers, colours that follow the words, and
//! charts of Excel's own.

use std::collections::HashSet;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::chart::Charts;
use super::page::{Line, Page};
use super::{shortened, text, workbook};
use crate::document::picture::Card;
use crate::document::{Block, Cell, Column, Document, Run, Table};
use crate::render::office;

/// What the first sheet is called where no part names it.
const FIRST: &str = "Сводка";

/// Where the figures behind the charts stand.
const FIGURES: &str = "Данные графиков";

/// The document as a workbook.
///
/// # Errors
/// It does not fit into one.
pub fn document(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let title = text(&document.title);
    let mut workbook = workbook(&shortened(&title, 255))?;
    let mut names = Names::default();
    names.take(FIGURES);
    let mut charts = Charts::new(FIGURES);
    let mut tables = 0;
    let sheets = sheets(document);
    let sheets = sheets.iter().map(|sheet| (names.take(sheet.name), sheet));
    for (index, (name, sheet)) in sheets.collect::<Vec<_>>().iter().enumerate() {
        let grids = sheet
            .grids_apart()
            .then(|| names.take(&format!("{name} – сетка")));
        let tabled: Vec<Table> = sheet.tables();
        let mut page = Page::new(name, &title, &tabled, sheet.grids(grids.is_none()))?;
        if index == 0 {
            page.line(&title, Line::Title)?;
            for line in &document.subtitle {
                page.line(&text(line), Line::Faint)?;
            }
            page.gap();
        }
        for block in &sheet.blocks {
            put(&mut page, block, grids.as_deref(), &mut charts, &mut tables)?;
        }
        workbook.push_worksheet(page.finish()?);
        if let Some(grids) = grids {
            workbook.push_worksheet(apart(&grids, &title, sheet)?.finish()?);
        }
    }
    finish(workbook, charts)
}

fn finish(mut workbook: Workbook, charts: Charts) -> Result<Vec<u8>, XlsxError> {
    if let Some(sheet) = charts.finish()? {
        workbook.push_worksheet(sheet);
    }
    workbook.save_to_buffer()
}

/// The grids of a sheet, on one of their own.
fn apart(name: &str, title: &str, sheet: &Sheet<'_>) -> Result<Page, XlsxError> {
    let mut page = Page::new(name, title, &[], sheet.grids(true))?;
    for block in &sheet.blocks {
        if let Block::Grid(grid) = block {
            page.grid(grid)?;
        }
    }
    Ok(page)
}

/// Writes a block; `grids`: the sheet on which its grids stand, where it is another.
fn put(
    page: &mut Page,
    block: &Block,
    grids: Option<&str>,
    charts: &mut Charts,
    tables: &mut usize,
) -> Result<(), XlsxError> {
    match block {
        Block::Part { title, .. } => page.line(&text(title), Line::Part)?,
        Block::Lead(cells) => {
            for (index, cell) in cells.iter().enumerate() {
                let line = if index == 0 { Line::Lead } else { Line::Plain };
                page.toned(&text(&cell.text), line, cell.tone)?;
            }
            page.gap();
        }
        Block::Table(table) => page.table(table, tables)?,
        Block::Cards(cards) => {
            page.table(&with_lines(cards), tables)?;
            page.charts(cards, charts)?;
        }
        Block::Grid(grid) => match grids {
            None => page.grid(grid)?,
            Some(name) => {
                let told = match grid.title.as_str() {
                    "" => format!("Сетка на листе «{name}»"),
                    title => format!("{}: сетка на листе «{name}»", text(title)),
                };
                page.line(&told, Line::Plain)?;
            }
        },
        Block::Notes { title, lines } => {
            page.heading(title)?;
            page.lines(lines, Line::Plain)?;
        }
        Block::Words {
            title,
            paragraphs,
            lines,
        } => {
            page.heading(title)?;
            let paragraphs = paragraphs.iter().map(|runs| marked(runs));
            let lines: Vec<String> = paragraphs.chain(lines.iter().cloned()).collect();
            page.lines(&lines, Line::Plain)?;
        }
        Block::Code { title, lines, .. } => {
            page.heading(title)?;
            page.lines(lines, Line::Code)?;
        }
    }
    Ok(())
}

/// Words that went and came, between their signs.
fn marked(runs: &[Run]) -> String {
    let runs = runs.iter().map(|run| {
        let (open, close) = run.mark.signs();
        format!("{open}{}{close}", run.text)
    });
    runs.collect()
}

/// Cards as a table, what must be known of them at its end.
fn with_lines(cards: &[Card]) -> Table {
    let mut table = office::cards(cards);
    table.columns.push(Column::text("Примечание"));
    for (row, card) in table.rows.iter_mut().zip(cards) {
        row.push(Cell::text(card.lines.join("; ")));
    }
    table
}

/// What stands on one sheet.
struct Sheet<'a> {
    name: &'a str,
    blocks: Vec<&'a Block>,
}

impl Sheet<'_> {
    /// A grid's narrow columns do not go with those of a table.
    fn grids_apart(&self) -> bool {
        let tables = |block: &&&Block| matches!(block, Block::Table(_) | Block::Cards(_));
        self.grids(true) > 0 && self.blocks.iter().filter(tables).count() > 0
    }

    /// The periods of the longest grid, where grids stand here.
    fn grids(&self, here: bool) -> usize {
        let periods = self.blocks.iter().map(|block| match block {
            Block::Grid(grid) => grid.periods.len(),
            _ => 0,
        });
        periods.max().filter(|_| here).unwrap_or(0)
    }

    fn tables(&self) -> Vec<Table> {
        let tables = self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table.clone()),
            Block::Cards(cards) => Some(with_lines(cards)),
            _ => None,
        });
        tables.collect()
    }
}

/// The sheets of a document: what precedes any part, then the parts, those with one name together.
fn sheets(document: &Document) -> Vec<Sheet<'_>> {
    let mut sheets: Vec<Sheet<'_>> = Vec::new();
    for block in &document.blocks {
        let name = match block {
            Block::Part { sheet, .. } => sheet,
            _ => sheets.last().map_or(FIRST, |sheet| sheet.name),
        };
        match sheets.last_mut().filter(|sheet| sheet.name == name) {
            Some(sheet) => sheet.blocks.push(block),
            None => sheets.push(Sheet {
                name,
                blocks: vec![block],
            }),
        }
    }
    if sheets.is_empty() {
        let blocks = Vec::new();
        sheets.push(Sheet {
            name: FIRST,
            blocks,
        });
    }
    sheets
}

/// The names that sheets have already.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    /// Excel's limit.
    const LONGEST: usize = 31;

    /// A name that Excel takes and that no other sheet has.
    fn take(&mut self, wanted: &str) -> String {
        let legal = text(wanted).replace(['[', ']', ':', '*', '?', '/', '\\'], " ");
        let legal = legal.trim().trim_matches('\'').trim();
        let legal = match legal {
            "" => FIRST,
            // Excel keeps this one for itself.
            taken if taken.eq_ignore_ascii_case("history") => "History_",
            legal => legal,
        };
        let mut name = shortened(legal, Self::LONGEST);
        for number in 2.. {
            if self.0.insert(name.to_lowercase()) {
                break;
            }
            let ending = format!(" ({number})");
            name = shortened(legal, Self::LONGEST - ending.len()) + &ending;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_excel_takes() {
        let mut names = Names::default();
        for (wanted, name) in [
            ("Сводка", "Сводка"),
            ("сводка", "сводка (2)"),
            ("", "Сводка (3)"),
            ("А/Б: [1]", "А Б   1"),
            ("'цитата'", "цитата"),
            ("History", "History_"),
            (
                "Очень длинное название листа, больше",
                "Очень длинное название листа, …",
            ),
            (
                "Очень длинное название листа, больше",
                "Очень длинное название лис… (2)",
            ),
        ] {
            assert_eq!(names.take(wanted), name);
            rust_xlsxwriter::utility::check_sheet_name(name).expect("legal");
        }
    }
}
