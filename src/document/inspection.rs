//! What was made of a file, for people.

use super::{Block, Cell, Column, Document, Table};
use crate::model::Plan;
use crate::model::name;
use crate::model::plural::counted;
use crate::read::inspection::{Inspection, Meaning, Part, Row};
use crate::source::{Sources, column_letters};

/// The account of one table; `rows`: those above the header and those below it, to be shown too.
pub fn document(
    plan: &Plan,
    table: &Inspection,
    sources: &Sources,
    rows: Option<&(Vec<Row>, Vec<Row>)>,
) -> Document {
    let mut blocks = vec![Block::Notes {
        title: String::new(),
        lines: facts(plan, table, sources),
    }];
    for (index, part) in table.parts.iter().enumerate() {
        if index > 0 {
            blocks.push(Block::Notes {
                title: format!("Часть {}", index + 1),
                lines: vec![header(part), form(plan, part)],
            });
        }
        if !part.columns.is_empty() {
            blocks.push(Block::Table(columns(plan, part)));
        }
    }
    if let Some((above, below)) = rows {
        blocks.extend(lines("Строки над шапкой", above));
        blocks.extend(lines("Строки", below));
    }
    Document {
        title: sources.title(table.file),
        subtitle: Vec::new(),
        blocks,
    }
}

fn facts(plan: &Plan, table: &Inspection, sources: &Sources) -> Vec<String> {
    let mut facts = Vec::new();
    if !sources.is_sheet(table.file) {
        if let Some(encoding) = table.encoding {
            facts.push(format!("кодировка: {}", encoding.title()));
        }
        if let Some(delimiter) = table.delimiter {
            facts.push(format!("разделитель: {}", delimiter_title(delimiter)));
        }
        if let Some(line_ending) = table.line_ending {
            facts.push(format!("концы строк: {}", line_ending.title()));
        }
    }
    match table.parts.first() {
        Some(first) => {
            facts.push(header(first));
            facts.push(form(plan, first));
        }
        None => facts.push("таблица не найдена".into()),
    }
    if !table.periods.is_empty() {
        let titles: Vec<String> = table.periods.iter().map(|period| period.title()).collect();
        facts.push(format!("период: {}", titles.join(", ")));
    }
    facts.extend(rows_below(table));
    facts
}

/// What became of the rows below the header.
fn rows_below(table: &Inspection) -> Option<String> {
    let outcome = &table.outcome;
    let rows = counted(outcome.rows.into(), &["строка", "строки", "строк"]);
    if table.parts.first()?.layout.is_none() {
        return Some(format!("под шапкой: {rows}"));
    }
    let parts = [
        ("отчётов", outcome.accepted),
        ("итогов", outcome.totals),
        ("не заполнено", outcome.unfilled),
        ("подписей и сносок", outcome.skipped),
        ("с ошибкой, не учтено", outcome.refused),
    ];
    let parts = parts.iter().filter(|(_, count)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(what, count)| format!("{what} {count}"))
        .collect();
    Some(match parts.is_empty() {
        true => format!("под шапкой: {rows}"),
        false => format!("под шапкой: {rows} ({})", parts.join(", ")),
    })
}

/// A separator as a person calls it.
fn delimiter_title(delimiter: u8) -> String {
    match delimiter {
        b';' => "точка с запятой (;)".into(),
        b',' => "запятая (,)".into(),
        b'\t' => "табуляция".into(),
        b'|' => "вертикальная черта (|)".into(),
        b' ' => "пробел".into(),
        other => format!("«{}»", name::printable(&char::from(other).to_string())),
    }
}

fn header(part: &Part) -> String {
    match (part.line, part.header_rows) {
        (None, _) => "шапка: нет".into(),
        (Some(line), 0 | 1) => format!("шапка: строка {line}"),
        (Some(line), rows) => format!(
            "шапка: строка {line}, {}",
            counted(rows as u128, &["строка", "строки", "строк"])
        ),
    }
}

fn form(plan: &Plan, part: &Part) -> String {
    match (part.form, part.layout) {
        (Some(form), _) => {
            let form = &plan.forms[form];
            format!("форма: {} ({})", name::quoted(&form.title), form.id)
        }
        (None, Some(_)) => "форма: в строке один показатель, форма у каждого своя".into(),
        (None, None) => "форма: неизвестна".into(),
    }
}

fn columns(plan: &Plan, part: &Part) -> Table {
    let rows = part
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let meaning = match (column.meaning, part.form) {
                (Meaning::Organisation, _) => "организация".into(),
                (Meaning::Period, _) => "период".into(),
                (Meaning::Measure, _) => "показатель".into(),
                (Meaning::Value, _) => "значение".into(),
                (Meaning::Field(field), Some(form)) => {
                    let header = &plan.forms[form].fields[field].header;
                    match name::key(header) == name::key(&column.heading) {
                        true => "показатель формы".into(),
                        false => header.clone(),
                    }
                }
                _ => "—".into(),
            };
            vec![
                Cell::text(column_letters(index as u32 + 1)),
                Cell::text(name::printable(&column.heading)),
                Cell::text(meaning),
            ]
        })
        .collect();
    Table {
        title: "Столбцы".into(),
        columns: vec![
            Column::text("Столбец"),
            Column::text("Заголовок"),
            Column::text("Что это"),
        ],
        rows,
        ..Table::default()
    }
}

fn lines(title: &str, rows: &[Row]) -> Option<Block> {
    if rows.is_empty() {
        return None;
    }
    let lines = rows
        .iter()
        .map(|row| {
            let cells: Vec<String> = row.cells.iter().map(|cell| name::printable(cell)).collect();
            format!("{}: {}", row.line, cells.join(" │ "))
        })
        .collect();
    Some(Block::Notes {
        title: title.into(),
        lines,
    })
}
