//! Documents as Markdown: GitHub's tables, every character of the user's text taken literally.

use super::sketch;
use crate::document::picture::{Card, Chart, Grid, Series};
use crate::document::{Block, Document, Mark, Run, Table};
use crate::model::name::printable;

/// Characters of a card's bar.
const BAR: usize = 40;

/// The document as Markdown.
pub fn render(document: &Document) -> String {
    let mut page = Page::default();
    page.heading(1, &document.title);
    for line in &document.subtitle {
        page.paragraph(&escape(line));
    }
    for block in &document.blocks {
        page.block(block);
    }
    while page.text.ends_with("\n\n") {
        page.text.pop();
    }
    page.text
}

/// A page as far as it is written.
#[derive(Default)]
struct Page {
    text: String,
    /// A part has begun: headings below it are one step smaller.
    in_part: bool,
}

impl Page {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Table(table) => self.table(table),
            Block::Notes { title, lines } => {
                self.title(title);
                self.list(lines);
                self.text.push('\n');
            }
            Block::Words {
                title,
                paragraphs,
                lines,
            } => {
                self.title(title);
                for runs in paragraphs {
                    let marked: String = runs.iter().map(marked).collect();
                    self.paragraph(marked.trim());
                }
                self.list(lines);
                if !lines.is_empty() {
                    self.text.push('\n');
                }
            }
            Block::Code {
                title,
                language,
                lines,
            } => {
                self.title(title);
                self.code(language, lines.iter().map(|line| fenced(line)));
            }
            Block::Part { title, .. } => {
                self.heading(2, title);
                self.in_part = true;
            }
            Block::Lead(cells) => {
                for (index, cell) in cells.iter().enumerate() {
                    match index {
                        0 => self.paragraph(&format!("**{}**", escape(&cell.text))),
                        _ => self.paragraph(&escape(&cell.text)),
                    }
                }
            }
            Block::Cards(cards) => cards.iter().for_each(|card| self.card(card)),
            Block::Grid(grid) => self.grid(grid),
        }
    }

    fn heading(&mut self, level: usize, title: &str) {
        if !title.is_empty() {
            let heading = format!("{} {}\n\n", "#".repeat(level), escape(title));
            self.text.push_str(&heading);
        }
    }

    /// The heading of a block.
    fn title(&mut self, title: &str) {
        self.heading(if self.in_part { 3 } else { 2 }, title);
    }

    fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.push_str(&unlisted(text));
            self.text.push_str("\n\n");
        }
    }

    fn list(&mut self, lines: &[String]) {
        for line in lines {
            let line = format!("- {}\n", unlisted(&escape(line)));
            self.text.push_str(&line);
        }
    }

    fn code(&mut self, language: &str, lines: impl Iterator<Item = String>) {
        let lines: Vec<String> = lines.collect();
        let code = format!("~~~{language}\n{}\n~~~\n\n", lines.join("\n"));
        self.text.push_str(&code);
    }

    fn table(&mut self, table: &Table) {
        self.title(&table.title);
        let shown: Vec<usize> = (0..table.columns.len())
            .filter(|&column| !table.columns[column].detail)
            .collect();
        let columns = || shown.iter().map(|&column| &table.columns[column]);
        self.row(columns().map(|column| escape(&column.title)));
        self.rule(columns().map(|column| if column.figures { "---:" } else { "---" }));
        for row in &table.rows {
            self.row(shown.iter().map(|&column| escape(&row[column].text)));
        }
        self.text.push('\n');
    }

    fn row(&mut self, cells: impl Iterator<Item = String>) {
        let cells: Vec<String> = cells.collect();
        self.text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }

    fn rule(&mut self, columns: impl Iterator<Item = &'static str>) {
        let columns: Vec<&str> = columns.collect();
        self.text.push_str(&format!("|{}|\n", columns.join("|")));
    }

    fn card(&mut self, card: &Card) {
        let provisional = if card.provisional {
            ", предварительно"
        } else {
            ""
        };
        self.title(&format!(
            "{}. {}: {} {}{provisional}",
            card.number,
            card.topic,
            sketch::sign(card.status.tone),
            card.status.text
        ));
        self.paragraph(&escape(&card.indicator));
        let facts = card.facts.iter().map(|(name, cell)| (*name, cell));
        // The value heads its own table.
        let facts = std::iter::once(("Факт", &card.actual)).chain(facts);
        for (index, (name, cell)) in facts.enumerate() {
            self.row([escape(name), escape(&cell.text)].into_iter());
            if index == 0 {
                self.rule(["---", "---:"].into_iter());
            }
        }
        self.text.push('\n');
        match &card.chart {
            Some(Chart::Series(series)) => self.series(series),
            Some(Chart::Bullet(bullet)) => {
                let bar = sketch::bullet(bullet, BAR);
                if !bar.is_empty() {
                    self.code("", [bar].into_iter());
                }
            }
            None => {}
        }
        self.list(&card.lines);
        if !card.lines.is_empty() {
            self.text.push('\n');
        }
    }

    fn series(&mut self, series: &Series) {
        let Some(line) = sketch::sparkline(series, usize::MAX) else {
            return;
        };
        let lines = [line.levels, line.marks].into_iter();
        self.code("", lines.filter(|line| !line.is_empty()));
        self.paragraph(&escape(&line.caption));
    }

    fn grid(&mut self, grid: &Grid) {
        self.title(&grid.title);
        let heads = grid.periods.iter().map(|period| escape(period));
        self.row(std::iter::once("Организация".to_owned()).chain(heads));
        let marks = grid.periods.iter().map(|_| ":---:");
        self.rule(std::iter::once("---").chain(marks));
        for row in &grid.rows {
            let marks = row.marks.iter().map(|mark| mark.sign().to_owned());
            self.row(std::iter::once(escape(&row.title)).chain(marks));
        }
        self.text.push('\n');
        let legend = grid.legend().into_iter();
        let legend: Vec<String> = legend
            .map(|mark| format!("{} {}", mark.sign(), mark.title()))
            .collect();
        self.paragraph(&escape(&legend.join("; ")));
        self.list(&grid.lines);
        if !grid.lines.is_empty() {
            self.text.push('\n');
        }
    }
}

/// What went struck through, what came in bold.
fn marked(run: &Run) -> String {
    let text = escape(&run.text);
    match run.mark {
        Mark::Same => text,
        Mark::Removed => format!("~~{text}~~"),
        Mark::Added => format!("**{text}**"),
    }
}

/// A line of code, which cannot end its block.
fn fenced(line: &str) -> String {
    let line = printable(line);
    match line.trim_start().starts_with("~~~") {
        true => format!("    {}", line.trim_start()),
        false => line,
    }
}

/// «11. …», «11) …», «- …» and «+ …» at the start of a text would begin a list of its own.
fn unlisted(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let begins = match digits {
        0 => rest.starts_with(['-', '+']),
        _ => rest
            .strip_prefix(['.', ')'])
            .is_some_and(|text| text.is_empty() || text.starts_with(char::is_whitespace)),
    };
    match begins {
        true => format!("{}\\{rest}", &text[..digits]),
        false => text.to_owned(),
    }
}

/// Text that stays text: no markup, no table borders, no HTML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in printable(text).chars() {
        match letter {
            '|' | '\\' | '*' | '_' | '`' | '[' | ']' | '#' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_text_cannot_break_out() {
        assert_eq!(escape("a|b *c* <img>"), "a\\|b \\*c\\* &lt;img&gt;");
    }

    #[test]
    fn no_text_begins_a_list() {
        for (text, expected) in [
            ("- тире", "\\- тире"),
            ("---", "\\---"),
            ("+ плюс", "\\+ плюс"),
            ("11. пункт", "11\\. пункт"),
            ("11) пункт", "11\\) пункт"),
            ("11 пунктов", "11 пунктов"),
            ("3.1. подпункт", "3.1. подпункт"),
            ("– тире", "– тире"),
            ("", ""),
        ] {
            assert_eq!(unlisted(text), expected);
        }
    }
}
