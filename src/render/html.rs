//! Documents as one page of HTML that needs nothing else: no script, no picture, no address. It
//! reads on a screen, light or dark, and prints on A4.

mod area;
mod axis;
mod bullet;
mod card;
mod grid;
mod names;
mod scale;
mod series;
mod svg;
#[cfg(test)]
mod tests;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::document::{Block, Cell, Document, Mark, Run, Squeeze, Table, Tone};
use crate::model::name::printable;
use names::Names;

/// The page's own look.
const STYLE: &str = include_str!("html.css");

/// The look of what is seen at a glance, in pages that have it.
const PICTURES: &str = include_str!("html/pictures.css");

/// A table of more columns than these is set smaller on paper.
const BROAD: usize = 7;

/// The document as a page.
pub fn render(document: &Document) -> String {
    let title = printable(&document.title);
    let mut names = Names::default();
    let parts = parts(&document.blocks, &mut names);
    let pictures = document.blocks.iter().any(has_pictures);
    let page = html! {
        (DOCTYPE) "\n"
        html lang="ru" {
            head {
                meta charset="utf-8"; "\n"
                // Whatever somebody's text might be taken for, nothing is fetched and nothing runs.
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'"; "\n"
                meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                meta name="generator" content="aleysk"; "\n"
                title { (title) } "\n"
                style { "\n" (PreEscaped(STYLE)) @if pictures { (PreEscaped(PICTURES)) } }
            } "\n"
            body { main class=[pictures.then_some("wide")] { "\n"
                header {
                    @if !title.is_empty() { h1 { (title) } }
                    @for line in &document.subtitle { "\n" p { (text(line)) } }
                } "\n"
                (contents(&parts))
                @for part in &parts {
                    @match part.heading {
                        Some(heading) => { section.part { (part_of(heading, part, &mut names)) } "\n" }
                        None => { (blocks(part.blocks, 2, "Таблица", &mut names)) }
                    }
                }
            } }
        } "\n"
    };
    page.into_string()
}

fn has_pictures(block: &Block) -> bool {
    match block {
        Block::Part { .. } | Block::Lead(_) | Block::Cards(_) | Block::Grid(_) => true,
        Block::Table(table) => table.rows.iter().flatten().any(|cell| cell.bar.is_some()),
        Block::Notes { .. } | Block::Words { .. } | Block::Code { .. } => false,
    }
}

/// A part of the page: what stands before the first one has no heading.
struct Part<'a> {
    heading: Option<&'a str>,
    id: String,
    blocks: &'a [Block],
}

fn parts<'a>(blocks: &'a [Block], names: &mut Names) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    for chunk in blocks.chunk_by(|_, next| !matches!(next, Block::Part { .. })) {
        parts.push(match chunk {
            [Block::Part { title, .. }, blocks @ ..] => Part {
                heading: Some(title),
                id: names.id(&printable(title)),
                blocks,
            },
            blocks => Part {
                heading: None,
                id: String::new(),
                blocks,
            },
        });
    }
    parts
}

fn contents(parts: &[Part<'_>]) -> Markup {
    let headed = || {
        parts
            .iter()
            .filter_map(|part| Some((part.heading?, &part.id)))
    };
    html! { @if headed().next().is_some() { nav aria-label="Части документа" { ul {
        @for (heading, id) in headed() { li { a href={ "#" (id) } { (text(heading)) } } "\n" }
    } } "\n" } }
}

fn part_of(title: &str, part: &Part<'_>, names: &mut Names) -> Markup {
    html! {
        (heading(2, Some(&part.id), html! { (text(title)) })) "\n"
        (blocks(part.blocks, 3, title, names))
    }
}

/// Blocks, their headings at a level; tables without one are named after what they stand in.
fn blocks(blocks: &[Block], level: u8, within: &str, names: &mut Names) -> Markup {
    html! { @for one in blocks { (block(one, level, within, names)) "\n" } }
}

fn block(block: &Block, level: u8, within: &str, names: &mut Names) -> Markup {
    let mut label = |title: &str| names.label(&text(if title.is_empty() { within } else { title }));
    let (title, inside) = match block {
        Block::Table(own) => (&own.title, table(own, &label(&own.title))),
        Block::Grid(own) => (&own.title, grid::grid(own, &label(&own.title))),
        Block::Notes { title, lines } => (title, list(lines)),
        Block::Words {
            title,
            paragraphs,
            lines,
        } => (
            title,
            html! {
                @for runs in paragraphs { p.words { @for run in runs { (marked(run)) } } "\n" }
                (list(lines))
            },
        ),
        Block::Code { title, lines, .. } => (
            title,
            html! { @if !lines.is_empty() { pre tabindex="0" role="region" aria-label=(label(title)) { code {
                @for line in lines { (text(line)) "\n" }
            } } } },
        ),
        Block::Part { title, .. } => (title, html! {}),
        Block::Lead(cells) => return card::lead(cells),
        Block::Cards(cards) => return card::cards(cards, level),
    };
    html! { @if title.is_empty() { div.block { (inside) } } @else { section {
        (heading(level, None, html! { (text(title)) })) "\n"
        (inside)
    } } }
}

fn heading(level: u8, id: Option<&str>, inside: Markup) -> Markup {
    html! { @match level {
        2 => h2 id=[id] { (inside) },
        _ => h3 id=[id] { (inside) },
    } }
}

fn list(lines: &[String]) -> Markup {
    html! { @if !lines.is_empty() { ul {
        @for line in lines { li { (text(line)) } "\n" }
    } } }
}

fn table(table: &Table, label: &str) -> Markup {
    let stacks = table.stacks(Squeeze::Some);
    html! { div.scroll tabindex="0" role="region" aria-label=(label) { table class=[(stacks.len() > BROAD).then_some("broad")] {
        thead { tr { @for stack in &stacks {
            th scope="col" class=[figures(table, stack)] {
                @for title in stack.iter().filter_map(|&column| table.columns[column].heading()) {
                    div { (title) }
                }
            }
        } } } "\n"
        tbody { @for row in &table.rows { tr { @for stack in &stacks { (cell(table, row, stack)) } } "\n" } }
    } } }
}

fn figures(table: &Table, stack: &[usize]) -> Option<&'static str> {
    table.columns[stack[0]].figures.then_some("figures")
}

/// A tone as the style sheet calls it.
fn class(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Plain => None,
        Tone::Good => Some("good"),
        Tone::Bad => Some("bad"),
        Tone::Uneasy => Some("uneasy"),
        Tone::Faint => Some("faint"),
    }
}

fn cell(table: &Table, row: &[Cell], stack: &[usize]) -> Markup {
    let tone = row.get(stack[0]).and_then(|cell| class(cell.tone));
    let bar = row.get(stack[0]).and_then(|cell| cell.bar);
    let classes: Vec<&str> = figures(table, stack).into_iter().chain(tone).collect();
    let classes = Some(classes.join(" ")).filter(|classes| !classes.is_empty());
    html! { td class=[classes] {
        @for (index, line) in table.stacked(row, stack).iter().enumerate() {
            div { (text(line)) }
            @if let Some(bar) = bar.filter(|_| index == 0) { (bullet::bar(bar)) }
        }
    } }
}

fn marked(run: &Run) -> Markup {
    let own = text(&run.text);
    match run.mark {
        Mark::Same => html! { (own) },
        Mark::Removed => html! { del { (own) } },
        Mark::Added => html! { ins { (own) } },
    }
}

/// «№» stays with its number.
fn text(text: &str) -> String {
    printable(text).replace("№ ", "№\u{a0}")
}
