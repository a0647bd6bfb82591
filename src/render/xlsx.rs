//! Excel workbooks: what all of them share. No clock is asked: the same input makes the same bytes.

mod blank;
mod chart;
mod document;
mod figure;
mod grid;
mod page;
mod table;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

pub use blank::blank;
pub use document::document;

/// The paper of Russian offices, by Excel's number for it.
const A4: u8 = 9;

/// The height of a line of text, in points, and what its row has above and below it.
const LINE: f64 = 15.0;
const SPARE: f64 = 4.0;

/// The format of cells that hold text whatever is typed, by Excel's number for it.
const TEXT: u8 = 49;

/// The longest text that a cell holds, as Excel counts.
const LONGEST_TEXT: usize = 32_767;

/// The highest row that Excel shows.
const HIGHEST: f64 = 409.0;

/// What lies behind a heading.
const HEADING: &str = "#DDEBF7";

/// Cells that nobody is to change.
const GIVEN: &str = "#F2F2F2";

/// An empty workbook with a title.
fn workbook(title: &str) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    // A workbook must say when it was made; this is how an archive says that it does not know.
    let never = ExcelDateTime::from_ymd(1980, 1, 1)?;
    let properties = DocProperties::new().set_title(title);
    workbook.set_properties(&properties.set_creation_datetime(&never));
    Ok(workbook)
}

/// A table on paper: A4 across, as wide as the page, its header on every page, pages numbered.
fn set_up_page(sheet: &mut Worksheet, header: u32) -> Result<(), XlsxError> {
    set_up_paper(sheet);
    sheet.set_landscape().set_repeat_rows(header, header)?;
    Ok(())
}

/// A4, as wide as the page, pages numbered.
fn set_up_paper(sheet: &mut Worksheet) {
    sheet.set_paper_size(A4);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_footer("&C&P из &N");
}

/// A text as a cell holds it: with spaces that are found by whoever types a space.
fn text(text: &str) -> String {
    super::office::text(text).replace('\u{a0}', " ")
}

/// Writes a text that stays text: no longer than a cell takes, no control characters, and where it begins like a formula it is
/// marked as text in the way that an apostrophe marks it, so that it survives being edited.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let text = shortened(&super::csv::without_controls(text), LONGEST_TEXT);
    if super::csv::looks_like_a_formula(&text) {
        sheet.write_string_with_format(row, column, text, &format.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

/// A cell of a table: framed, its text wrapped.
fn cell() -> Format {
    let format = Format::new().set_border(FormatBorder::Thin);
    format
        .set_border_color("#A6A6A6")
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
}

/// A heading of a table's column.
fn heading() -> Format {
    cell()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_background_color(HEADING)
}

/// A text that was there before the table was filled in.
fn given() -> Format {
    cell()
        .set_num_format_index(TEXT)
        .set_background_color(GIVEN)
}

/// The height of a row, in points, in which the texts of its cells show whole at these widths.
/// LibreOffice does not look for it when it opens a workbook.
fn height<'a>(cells: impl Iterator<Item = (&'a str, f64)>) -> f64 {
    let lines = cells.map(|(text, width)| lines(text, width as usize));
    (f64::from(lines.max().unwrap_or(1)) * LINE + SPARE).min(HIGHEST)
}

/// How many lines a text takes that is wrapped at spaces.
fn lines(text: &str, width: usize) -> u32 {
    let lines = text.lines().map(|line| wrapped(line, width));
    lines.sum::<u32>().max(1)
}

fn wrapped(text: &str, width: usize) -> u32 {
    let (mut lines, mut used) = (1, 0);
    for word in text.split_whitespace().map(UnicodeWidthStr::width) {
        if used > 0 && used + 1 + word > width.saturating_sub(2) {
            lines += 1;
            used = 0;
        }
        used += word + usize::from(used > 0);
    }
    lines
}

/// A width that some texts fit into, in characters: each as a whole up to the widest, its longest
/// word in any case.
fn width<'a>(texts: impl Iterator<Item = &'a str>, narrowest: usize, widest: usize) -> f64 {
    let needed = texts.map(|text| {
        let longest = text.split_whitespace().map(UnicodeWidthStr::width).max();
        // Bold letters and the frame want some room more.
        (text.width() + 2).min(widest).max(longest.unwrap_or(0) + 3)
    });
    needed.max().unwrap_or(0).clamp(narrowest, 100) as f64
}

/// A text cut to what Excel takes, which counts as UTF-16 does.
fn shortened(text: &str, longest: usize) -> String {
    if text.encode_utf16().count() <= longest {
        return text.to_owned();
    }
    let mut left = longest - 1;
    let fits = |letter: &char| {
        let fits = letter.len_utf16() <= left;
        left = left.saturating_sub(letter.len_utf16());
        fits
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_gets_room_for_all_its_lines() {
        let heading = "Из них охвачены дополнительным образованием (каждый ребёнок один раз)";
        let width = width(std::iter::once(heading), 12, 16);
        assert_eq!(width, 17.0);
        assert_eq!(lines(heading, 17), 5);
        assert_eq!(height([(heading, width), ("Мест", 12.0)].into_iter()), 79.0);
        assert_eq!(lines("", 17), 1);
        assert_eq!(lines("нерасторжимоедлинноеслово", 10), 1);
    }

    #[test]
    fn a_text_is_cut_as_excel_counts() {
        assert_eq!(shortened("абвгд", 5), "абвгд");
        assert_eq!(shortened("абвгде", 5), "абвг…");
        // One letter to a reader, two to Excel.
        assert_eq!(shortened("абв😀где", 5), "абв…");
        assert_eq!(shortened("аб😀вгде", 5), "аб😀…");
    }
}
