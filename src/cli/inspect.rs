//! `aleysk inspect`: what was made of a file.

use std::io;
use std::path::PathBuf;

use anyhow::{Context, bail};
use serde_json::Value;

use super::common::{self, Data, Format, Opened};
use super::reports::{self, Hints};
use super::{COULD_NOT_RUN, ERRORS, output, waiting};
use crate::diagnostic::Diagnostics;
use crate::document::inspection;
use crate::read::inputs::{self, Input, Inputs};
use crate::read::inspection::{Inspection, Row, inspect};
use crate::read::meter;
use crate::read::report::{self, Options};
use crate::render;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Файлы или папки с ними; «-» — стандартный ввод
    #[arg(value_name = "ФАЙЛ", required = true, help_heading = "Что читать")]
    files: Vec<PathBuf>,

    /// Показать и сами строки файла
    #[arg(long, help_heading = "Что показать")]
    rows: bool,

    /// Формат: table, json (по объекту в строке), csv, markdown (иначе по окончанию файла -o)
    #[arg(
        long,
        value_name = "ФОРМАТ",
        hide_possible_values = true,
        help_heading = "Куда и как"
    )]
    format: Option<Format>,

    /// Записать в файл
    #[arg(short, long, value_name = "ФАЙЛ", help_heading = "Куда и как")]
    output: Option<PathBuf>,

    #[command(flatten)]
    hints: Hints,

    #[command(flatten)]
    data: Data,
}

/// Runs the command; gives the exit status.
///
/// # Errors
/// It could not run at all.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let Some(mut opened) = args.data.open()? else {
        return Ok(COULD_NOT_RUN);
    };
    let format = common::format(args.format, args.output.as_deref())?;
    if format == Format::Html {
        bail!("страниц HTML о файлах нет: есть table, json, csv, markdown");
    }
    let inputs = inputs::find(&args.files)?;
    reports::refuse_to_overwrite(&inputs, args.output.as_deref())?;
    let mut text = String::new();
    let mut exit = 0;
    for (index, input) in inputs.files.into_iter().enumerate() {
        let shown = one_file(args, input, format, &mut opened, index == 0)?;
        text.push_str(&shown.text);
        exit = exit.max(shown.exit);
        if args.output.is_none() {
            // File by file: whoever reads along waits for none but the first.
            output::write(text.as_bytes(), None)?;
            text.clear();
        }
        if format != Format::Json || args.output.is_some() {
            args.data
                .remarks(&shown.diagnostics, &opened.sources, false);
        }
    }
    if args.output.is_some() {
        output::write(text.as_bytes(), args.output.as_deref())?;
    }
    Ok(exit)
}

/// What is shown of one file.
struct Shown {
    text: String,
    diagnostics: Diagnostics,
    exit: u8,
}

fn one_file(
    args: &Args,
    input: Input,
    format: Format,
    opened: &mut Opened,
    first: bool,
) -> anyhow::Result<Shown> {
    let name = input.name.clone();
    let options = Options {
        inspecting: true,
        ..args.hints.options()
    };
    let inputs = Inputs {
        files: vec![input],
        others: Vec::new(),
    };
    let mut diagnostics = Diagnostics::default();
    let sources = &mut opened.sources;
    let loaded = &opened.loaded;
    let reading = waiting::watched(&options.meter, meter::total(&inputs), || {
        report::read(loaded, &inputs, &options, sources, &mut diagnostics)
    });
    let plan = &opened.loaded.plan;
    let again = || format!("не удалось перечитать «{name}»");
    let asked = args.hints.delimiter;
    let tables = inspect(plan, &reading, asked, sources, &mut diagnostics).with_context(again)?;
    let exit = if diagnostics.has_errors() { ERRORS } else { 0 };
    let mut text = String::new();
    for table in &tables {
        if format != Format::Json && (!first || !text.is_empty()) {
            text.push('\n');
        }
        let rows = match args.rows {
            true => Some(rows(table, opened).with_context(again)?),
            false => None,
        };
        text.push_str(&match format {
            Format::Json => {
                let issues = diagnostics.of_file(table.file);
                let value = render::json::inspection(plan, table, &issues, &opened.sources);
                json_line(value, rows.as_ref())
            }
            _ => {
                let document = inspection::document(plan, table, &opened.sources, rows.as_ref());
                let file = args.output.as_deref();
                args.data.rendered(&document, format, file, true)
            }
        });
    }
    Ok(Shown {
        text,
        diagnostics,
        exit,
    })
}

/// The rows above the header, and those below it.
fn rows(table: &Inspection, opened: &Opened) -> io::Result<(Vec<Row>, Vec<Row>)> {
    let (mut above, mut below) = (Vec::new(), Vec::new());
    table.each_row(&opened.sources, |row, is_below| {
        match is_below {
            true => below.push(row),
            false => above.push(row),
        }
        Ok(())
    })?;
    Ok((above, below))
}

fn json_line(mut value: Value, rows: Option<&(Vec<Row>, Vec<Row>)>) -> String {
    if let (Some((above, below)), Value::Object(keys)) = (rows, &mut value) {
        let cells = |rows: &[Row]| rows.iter().map(|row| row.cells.clone().into()).collect();
        keys.insert("above".into(), Value::Array(cells(above)));
        keys.insert("rows".into(), Value::Array(cells(below)));
        let lines = below.iter().map(|row| row.line.into()).collect();
        keys.insert("row_lines".into(), Value::Array(lines));
    }
    let mut line = value.to_string();
    line.push('\n');
    line
}
