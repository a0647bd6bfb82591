//! `aleysk schema`: the JSON Schema of a data file, for editors.

use std::path::PathBuf;

use anyhow::bail;

use super::output;
use crate::model::name;
use crate::read::plan::schema::FILES;
use crate::render;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Какой файл: resolution, indicators, organisations, form, notes (без имени — список)
    #[arg(
        value_name = "ФАЙЛ_ДАННЫХ",
        help_heading = "Что показать",
        add = clap_complete::engine::ArgValueCandidates::new(super::complete::schemas)
    )]
    name: Option<String>,

    /// Записать в файл
    #[arg(short, long, value_name = "ФАЙЛ", help_heading = "Куда и как")]
    output: Option<PathBuf>,
}

/// Runs the command; gives the exit status.
///
/// # Errors
/// There is no such file, or the schema cannot be written.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let Some(asked) = &args.name else {
        output::write(list().as_bytes(), args.output.as_deref())?;
        return Ok(0);
    };
    let Some(file) = FILES.iter().find(|file| file.name == asked) else {
        let names = FILES.iter().map(|file| file.name);
        match name::nearest(asked, names.clone()) {
            Some(near) => bail!("нет схемы «{asked}»; возможно, «{near}»"),
            None => bail!(
                "нет схемы «{asked}»; есть {}",
                names.collect::<Vec<_>>().join(", ")
            ),
        }
    };
    let text = output::pretty(&render::schema::render(file));
    output::write(text.as_bytes(), args.output.as_deref())?;
    Ok(0)
}

fn list() -> String {
    let lines = FILES
        .iter()
        .map(|file| format!("{:<15}{:<20}{}\n", file.name, file.path, file.table.title));
    lines.collect()
}
