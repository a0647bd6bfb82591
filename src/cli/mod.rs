//! The command line: one file a command, each only wiring.

mod check;
mod common;
mod output;
mod show;
mod usage;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Факт против плана: что обещано резолюцией и что из этого выполнено.
#[derive(Parser, Debug)]
#[command(
    name = "aleysk",
    version,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    subcommand_help_heading = "Команды",
    subcommand_value_name = "КОМАНДА",
    help_template = usage::TEMPLATE,
    after_help = "Примеры:\n  aleysk check reports/2025-Q4\n  aleysk check --period 2025-12 \
                  --format json отчёты\n  aleysk show 2025/11"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Показать эту справку
    #[arg(short, long, global = true, action = clap::ArgAction::Help, help_heading = "Общие параметры")]
    help: Option<bool>,

    /// Показать версию
    #[arg(short = 'V', long, action = clap::ArgAction::Version, help_heading = "Общие параметры")]
    version: Option<bool>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Сравнить отчёты с целями резолюции
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk check [ПАРАМЕТРЫ] [ПУТЬ]…"
    )]
    Check(check::Args),
    /// Показать, что записано: резолюции, пункты, показатели, формы, организации
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk show [ПАРАМЕТРЫ] [ЧТО]"
    )]
    Show(show::Args),
}

/// The program could not run: usage, missing file, faulty data folder.
const COULD_NOT_RUN: u8 = 2;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(usage::report(&error, &Cli::command())),
    };
    let done = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Show(args) => show::run(&args),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ошибка: {}", chain(&error));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// What went wrong, from the outside in; causes that the system words in English go last.
fn chain(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = match cause.downcast_ref::<std::io::Error>() {
            Some(error) => crate::source::io_reason(error),
            None => cause.to_string(),
        };
        if parts.last() != Some(&text) {
            parts.push(text);
        }
    }
    parts.join(": ")
}
