//! Blank reports as workbooks: what must not be changed is locked, a wrong value is refused.

use std::ops::RangeInclusive;

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationRule, ExcelDateTime, Format,
    FormatAlign, Formula, Note, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::{TEXT, cell, given, heading, height, set_up_page, shortened, width, workbook, write};
use crate::document::blank::{Blank, Column, Takes};
use crate::model::quantity::Decimal;
use crate::read::workbook::LISTS;

/// Rows to be filled in where no register says whose they are.
const FREE_ROWS: u32 = 50;

/// Excel's limit for the texts that it shows beside a cell, and for a list of words.
const LONGEST_MESSAGE: usize = 255;

/// How the sheet is to be read.
const ADVICE: [&str; 2] = [
    "Жёлтые ячейки обязательны. Что вписать, сказано в примечаниях к шапке таблицы.",
    "Если данных нет, оставьте ячейку пустой; ноль пишите, только если это действительно ноль.",
];

/// The blank report as a workbook.
///
/// # Errors
/// It does not fit into one.
pub fn blank(blank: &Blank) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = workbook(&blank.title)?;
    let mut sheet = Worksheet::new();
    sheet.set_name("Отчёт")?;
    let header = write_above(&mut sheet, blank)?;
    let first = header + 1;
    let last = match blank.rows.len() as u32 {
        0 => header + FREE_ROWS,
        rows => header + rows,
    };
    let indices = 0..blank.columns.len();
    let widths: Vec<f64> = indices.map(|index| width_of(blank, index)).collect();
    write_header(&mut sheet, header, blank, &widths)?;
    write_rows(&mut sheet, first, blank, &widths)?;
    let mut lists = Lists::default();
    for (column, at) in blank.columns.iter().zip(0..).skip(blank.given()) {
        open_column(&mut sheet, column, at, first..=last, &mut lists)?;
    }
    let start = blank.naming as u16;
    sheet.set_freeze_panes(first, start)?;
    sheet.set_selection(first, start, first, start)?;
    set_up_page(&mut sheet, header)?;
    protect(&mut sheet, blank);
    workbook.push_worksheet(sheet);
    lists.write(&mut workbook)?;
    workbook.save_to_buffer()
}

/// Title, period and advice; gives the row of the header.
fn write_above(sheet: &mut Worksheet, blank: &Blank) -> Result<u32, XlsxError> {
    let title = Format::new().set_bold().set_font_size(14);
    let period = Format::new().set_bold();
    let advice = Format::new().set_font_color(Color::RGB(0x0059_5959));
    let mut lines = vec![(blank.title.as_str(), &title)];
    lines.extend(blank.period.iter().map(|text| (text.as_str(), &period)));
    lines.extend(ADVICE.map(|text| (text, &advice)));
    for (row, (text, format)) in (0..).zip(&lines) {
        write(sheet, row, 0, text, format)?;
    }
    Ok(lines.len() as u32)
}

/// The headings, each with its explanation.
fn write_header(
    sheet: &mut Worksheet,
    header: u32,
    blank: &Blank,
    widths: &[f64],
) -> Result<(), XlsxError> {
    let format = heading();
    for (at, (column, width)) in (0..).zip(blank.columns.iter().zip(widths)) {
        write(sheet, header, at, &column.heading, &format)?;
        sheet.insert_note(header, at, &note(column, usize::from(at) < blank.given()))?;
        sheet.set_column_width(at, *width)?;
    }
    let headings = blank.columns.iter().map(|column| column.heading.as_str());
    sheet.set_row_height(header, height(headings.zip(widths.iter().copied())))?;
    Ok(())
}

/// The cells of a column that are to be filled in.
fn open_column(
    sheet: &mut Worksheet,
    column: &Column,
    at: u16,
    rows: RangeInclusive<u32>,
    lists: &mut Lists,
) -> Result<(), XlsxError> {
    let (first, last) = (*rows.start(), *rows.end());
    let format = open(column);
    for row in rows {
        sheet.write_blank(row, at, &format)?;
    }
    sheet.add_data_validation(first, at, last, at, &validation(column, lists)?)?;
    if column.required && at > 0 {
        sheet.add_conditional_format(first, at, last, at, &unfilled(first, at))?;
    }
    Ok(())
}

/// What is known of each row already.
fn write_rows(
    sheet: &mut Worksheet,
    first: u32,
    blank: &Blank,
    widths: &[f64],
) -> Result<(), XlsxError> {
    let format = given();
    for (row, cells) in (first..).zip(&blank.rows) {
        let texts = cells.iter().map(String::as_str);
        sheet.set_row_height(row, height(texts.zip(widths.iter().copied())))?;
        for (column, text) in (0..).zip(cells) {
            write(sheet, row, column, text, &format)?;
        }
    }
    Ok(())
}

/// Without a password: against slips, not against people. Widths and heights stay free, and where
/// no register says how many rows there are, rows can be added.
fn protect(sheet: &mut Worksheet, blank: &Blank) {
    sheet.protect_with_options(&ProtectionOptions {
        format_columns: true,
        format_rows: true,
        insert_rows: blank.rows.is_empty(),
        ..ProtectionOptions::new()
    });
}

/// Names get the room that they need, figures what their headings need.
fn width_of(blank: &Blank, index: usize) -> f64 {
    let cells = blank.rows.iter().filter_map(|row| row.get(index));
    let texts = cells.map(String::as_str);
    let heading = std::iter::once(blank.columns[index].heading.as_str());
    match blank.columns[index].takes {
        Takes::Text if index == 0 => width(texts.chain(heading), 30, 48),
        Takes::Text | Takes::Words(_) => width(texts.chain(heading), 14, 24),
        _ => width(heading, 12, 16),
    }
}

/// A cell to be filled in.
///
/// Figures keep the general format: what Excel makes of «1.5» or «78%» then shows, and reaches the
/// reader as it shows; a format for numbers would hide a day or a share behind a plain figure.
fn open(column: &Column) -> Format {
    let open = cell().set_unlocked();
    match column.takes {
        Takes::Whole(..) | Takes::Number(..) => open,
        Takes::Text => open.set_num_format_index(TEXT),
        Takes::Words(_) => open
            .set_num_format_index(TEXT)
            .set_align(FormatAlign::Center),
        Takes::Day => open
            .set_num_format("dd.mm.yyyy")
            .set_align(FormatAlign::Center),
    }
}

/// Yellow where a row names somebody and has nothing in a column that must be filled.
fn unfilled(first: u32, column: u16) -> ConditionalFormatFormula {
    let own = rust_xlsxwriter::utility::row_col_to_cell(first, column);
    let formula = format!("=AND($A{}<>\"\",{own}=\"\")", first + 1);
    let yellow = Format::new().set_background_color("#FFF2CC");
    ConditionalFormatFormula::new()
        .set_rule(formula.as_str())
        .set_format(yellow)
}

/// The explanation of a column, on its heading.
fn note(column: &Column, given: bool) -> Note {
    const LINE: usize = 44;
    const LONGEST: usize = 4000;
    let must = match (given, column.required) {
        (true, _) => ["вписано заранее, менять не нужно", ""],
        (false, true) => ["обязательный столбец", &column.expected],
        (false, false) => ["необязательный столбец", &column.expected],
    };
    let notes = column.notes.iter().map(String::as_str);
    let lines = must
        .into_iter()
        .chain(notes)
        .filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.map(|line| format!("• {line}")).collect();
    let text = shortened(&lines.join("\n"), LONGEST);
    let height: usize = text
        .lines()
        .map(|line| line.chars().count() / LINE + 1)
        .sum();
    Note::new(text)
        .add_author_prefix(false)
        .set_width(300)
        .set_height((height * 14 + 14).min(600) as u32)
        .set_font_size(9)
}

/// What a column takes, said beside the cell and enforced.
fn validation(column: &Column, lists: &mut Lists) -> Result<DataValidation, XlsxError> {
    let validation = match &column.takes {
        Takes::Text => DataValidation::new(),
        Takes::Words(words) if fits_a_list(words) => {
            DataValidation::new().allow_list_strings(words)?
        }
        Takes::Words(words) => {
            DataValidation::new().allow_list_formula(Formula::new(lists.add(words)))
        }
        Takes::Whole(min, max) => {
            DataValidation::new().allow_whole_number_formula(limits(Some(*min), *max))
        }
        Takes::Number(min, max) => {
            DataValidation::new().allow_decimal_number_formula(limits(*min, *max))
        }
        Takes::Day => DataValidation::new().allow_date(DataValidationRule::Between(
            ExcelDateTime::from_ymd(1900, 1, 1)?,
            ExcelDateTime::from_ymd(2200, 12, 31)?,
        )),
    };
    let message = shortened(&column.expected, LONGEST_MESSAGE);
    validation
        .set_input_title("Что вписать")?
        .set_input_message(message.as_str())?
        .set_error_title("Такое значение не подходит")?
        .set_error_message(shortened(&format!("Нужно: {message}"), LONGEST_MESSAGE))
}

/// Limits as they were written: whole digits, no floating point.
fn limits(min: Option<Decimal>, max: Option<Decimal>) -> DataValidationRule<Formula> {
    let number = |value: Decimal| Formula::new(value.to_string());
    match (min, max) {
        (Some(min), Some(max)) => DataValidationRule::Between(number(min), number(max)),
        (Some(min), None) => DataValidationRule::GreaterThanOrEqualTo(number(min)),
        (None, Some(max)) => DataValidationRule::LessThanOrEqualTo(number(max)),
        // Any number at all, but a number.
        (None, None) => {
            DataValidationRule::Between(Formula::new("-1E+300"), Formula::new("1E+300"))
        }
    }
}

/// Whether words can stand in the rule itself: it parts them by commas.
fn fits_a_list(words: &[String]) -> bool {
    let length = words.iter().map(|word| word.encode_utf16().count() + 1);
    length.sum::<usize>() <= LONGEST_MESSAGE
        && !words.iter().any(|word| word.contains([',', '"', '\n']))
}

/// Words that stand in cells of a hidden sheet, a column a list.
#[derive(Default)]
struct Lists(Vec<Vec<String>>);

impl Lists {
    /// Adds a list; gives the cells where it will stand.
    fn add(&mut self, words: &[String]) -> String {
        let column = self.0.len() as u16;
        let last = words.len() as u32 - 1;
        let cells = rust_xlsxwriter::utility::cell_range_absolute(0, column, last, column);
        self.0.push(words.to_vec());
        format!("'{LISTS}'!{cells}")
    }

    fn write(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let sheet = workbook.add_worksheet().set_name(LISTS)?.set_hidden(true);
        for (column, words) in (0..).zip(&self.0) {
            for (row, word) in (0..).zip(words) {
                write(
                    sheet,
                    row,
                    column,
                    word,
                    &Format::new().set_num_format_index(TEXT),
                )?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_does_not_fit_goes_to_a_sheet_of_its_own() {
        let words = |words: &[&str]| words.iter().map(|w| w.to_string()).collect::<Vec<_>>();
        assert!(fits_a_list(&words(&["да", "нет"])));
        assert!(!fits_a_list(&words(&["север, юг"])));
        assert!(!fits_a_list(&words(&["сад «Юг»"; 40])));
        let mut lists = Lists::default();
        assert_eq!(lists.add(&words(&["а"; 3])), "'Списки'!$A$1:$A$3");
        assert_eq!(lists.add(&words(&["б"])), "'Списки'!$B$1");
    }
}
