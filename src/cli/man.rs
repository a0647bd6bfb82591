//! `aleysk man`: the manual, a page a command.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::{Cli, output};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Папка, в которую записать страницы aleysk.1, aleysk-check.1 и другие (без неё — главная
    /// страница на экран)
    #[arg(value_name = "ПАПКА", help_heading = "Куда и как", value_hint = clap::ValueHint::DirPath)]
    folder: Option<PathBuf>,
}

/// Runs the command; gives the exit status.
///
/// # Errors
/// A page cannot be written.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let mut command = Cli::command();
    command.build();
    let Some(folder) = &args.folder else {
        output::write(&page(&command)?, None)?;
        return Ok(0);
    };
    fs::create_dir_all(folder)
        .with_context(|| format!("папку «{}» не удалось создать", folder.display()))?;
    let own = command.get_subcommands().filter(|own| !own.is_hide_set());
    for command in std::iter::once(&command).chain(own) {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let path = folder.join(format!("{name}.1"));
        output::write(&page(command)?, Some(&path))?;
    }
    Ok(0)
}

/// The headings that `clap_mangen` gives sections, and ours.
const HEADINGS: [(&str, &str); 7] = [
    ("NAME", "НАЗВАНИЕ"),
    ("SYNOPSIS", "ОБЗОР"),
    ("DESCRIPTION", "ОПИСАНИЕ"),
    ("OPTIONS", "ПАРАМЕТРЫ"),
    ("Команды", "КОМАНДЫ"),
    ("EXTRA", "ДОПОЛНИТЕЛЬНО"),
    ("VERSION", "ВЕРСИЯ"),
];

/// A command's page.
fn page(command: &Command) -> anyhow::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .manual("aleysk")
        .render(&mut page)?;
    let mut page = String::from_utf8(page)?;
    for (heading, ours) in HEADINGS {
        page = page.replace(&format!("\n.SH {heading}\n"), &format!("\n.SH {ours}\n"));
    }
    Ok(page.into_bytes())
}
