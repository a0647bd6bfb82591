//! The command line: one file a command, each only wiring.

mod check;
mod common;
mod inspect;
mod output;
mod show;
mod template;
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
                  --format json отчёты\n  aleysk show 2025/11\n  \
                  aleysk template kindergarten --period 2025-12 -o бланк.xlsx"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    // These two come last on every page, however many commands there are.
    /// Показать эту справку
    #[arg(short, long, global = true, display_order = 100, action = clap::ArgAction::Help, help_heading = "Общие параметры")]
    help: Option<bool>,

    /// Показать версию
    #[arg(short = 'V', long, display_order = 101, action = clap::ArgAction::Version, help_heading = "Общие параметры")]
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
    /// Показать, что понято из файла: кодировка, шапка, форма, период, столбцы
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk inspect [ПАРАМЕТРЫ] ФАЙЛ…"
    )]
    Inspect(inspect::Args),
    /// Показать, что записано: резолюции, пункты, показатели, формы, организации
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk show [ПАРАМЕТРЫ] [ЧТО]"
    )]
    Show(show::Args),
    /// Написать пустой бланк отчёта для организаций, которые его сдают
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk template [ПАРАМЕТРЫ] ФОРМА"
    )]
    Template(template::Args),
}

/// The reports hold errors.
const ERRORS: u8 = 1;

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
        Command::Inspect(args) => inspect::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Template(args) => template::run(&args),
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
