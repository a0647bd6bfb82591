//! The command line: one file a command, each only wiring.

// A terminal that is gone or a full disk is no reason to abort: in all of this room a message that
// cannot be written is left unsaid, where the standard macros would panic.
macro_rules! eprint {
    ($($text:tt)*) => { crate::cli::output::say(format_args!($($text)*)) };
}
macro_rules! eprintln {
    ($($text:tt)*) => { crate::cli::output::say(format_args!("{}\n", format_args!($($text)*))) };
}

mod check;
mod common;
mod complete;
mod completions;
mod diff;
mod explain;
mod export;
mod init;
mod inspect;
mod interrupt;
mod man;
mod output;
mod report;
mod reports;
mod schema;
mod show;
mod sql;
mod template;
mod usage;
mod waiting;

use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

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
                  --format json отчёты\n  aleysk explain dop-coverage отчёты\n  aleysk show 2025/11\n  \
                  aleysk template kindergarten --period 2025-12 -o бланк.xlsx"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    help: Help,

    /// Показать версию
    #[arg(short = 'V', long, display_order = 101, action = clap::ArgAction::Version, help_heading = "Общие параметры")]
    version: Option<bool>,
}

/// What every command takes; with the version it comes last on every page.
#[derive(Args, Debug)]
struct Help {
    /// Показать эту справку
    #[arg(short, long, display_order = 100, action = clap::ArgAction::Help, help_heading = "Общие параметры")]
    help: Option<bool>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Сравнить отчёты с целями резолюции
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk check [ПАРАМЕТРЫ] [ПУТЬ]…"
    )]
    Check(Own<check::Args>),
    /// Составить отчёт за период: HTML, XLSX, DOCX, Markdown, CSV, JSON
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk report [ПАРАМЕТРЫ] [ПУТЬ]…"
    )]
    Report(Own<report::Args>),
    /// Сравнить две резолюции, пункт за пунктом
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk diff [ПАРАМЕТРЫ] БЫЛО СТАЛО [ПУТЬ]…"
    )]
    Diff(Own<diff::Args>),
    /// Объяснить показатель до каждой ячейки или код замечания
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk explain [ПАРАМЕТРЫ] ЧТО [ПУТЬ]…"
    )]
    Explain(Own<explain::Args>),
    /// Показать, что понято из файла: кодировка, шапка, форма, период, столбцы
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk inspect [ПАРАМЕТРЫ] ФАЙЛ…"
    )]
    Inspect(Own<inspect::Args>),
    /// Показать, что записано: резолюции, пункты, показатели, формы, организации
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk show [ПАРАМЕТРЫ] [ЧТО]"
    )]
    Show(Own<show::Args>),
    /// Написать пустой бланк отчёта для организаций, которые его сдают
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk template [ПАРАМЕТРЫ] ФОРМА"
    )]
    Template(Own<template::Args>),
    /// Записать папку данных, чтобы менять её под себя; начать файл резолюции из её текста
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk init [ПАРАМЕТРЫ] ПАПКА\n               aleysk init [ПАРАМЕТРЫ] --from ТЕКСТ [ПАПКА]"
    )]
    Init(Own<init::Args>),
    /// Записать отчёты одной длинной таблицей: CSV, Parquet
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk export [ПАРАМЕТРЫ] [ПУТЬ]…"
    )]
    Export(Own<export::Args>),
    /// Написать запрос к выгрузке для DuckDB, ClickHouse или Spark: те же показатели
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk sql [ПАРАМЕТРЫ] --dialect ДВИЖОК --facts ГДЕ --period ПЕРИОД"
    )]
    Sql(Own<sql::Args>),
    /// Показать JSON Schema файла данных: по ней редактор подсказывает ключи
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk schema [ПАРАМЕТРЫ] [ФАЙЛ_ДАННЫХ]"
    )]
    Schema(Own<schema::Args>),
    /// Показать сценарий, с которым оболочка дополняет команды и id по Tab
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk completions ОБОЛОЧКА"
    )]
    Completions(Own<completions::Args>),
    /// Записать страницы руководства man
    #[command(help_template = usage::TEMPLATE, override_usage = "aleysk man [ПАПКА]")]
    Man(Own<man::Args>),
}

/// What a command takes; made only when that command is asked for, as a run asks for one of many.
#[derive(Debug)]
struct Own<A>(A);

impl<A: Args> Args for Own<A> {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.defer(|command| {
            // Parameters that several commands share bring what they are for, and that is not what the
            // command is for.
            let about = command.get_about().cloned();
            Help::augment_args(A::augment_args(command))
                .about(clap::builder::Resettable::from(about))
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl<A: FromArgMatches> FromArgMatches for Own<A> {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        A::from_arg_matches(matches).map(Own)
    }

    fn from_arg_matches_mut(matches: &mut clap::ArgMatches) -> Result<Self, clap::Error> {
        A::from_arg_matches_mut(matches).map(Own)
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// The reports hold errors.
const ERRORS: u8 = 1;

/// A status occurred that `--fail-on` names.
const FAILED_ON: u8 = 3;

/// The program could not run: usage, missing file, faulty data folder.
const COULD_NOT_RUN: u8 = 2;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    clap_complete::CompleteEnv::with_factory(Cli::command)
        .var(completions::VARIABLE)
        .complete();
    let mut command = Cli::command();
    let parsed = command
        .try_get_matches_from_mut(std::env::args_os())
        .and_then(|mut matches| {
            Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
        });
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(usage::report(&error, &command)),
    };
    // The process is about to do one thing and end: to take the parser apart would only take time.
    std::mem::forget(command);
    let done = match cli.command {
        Command::Check(Own(args)) => check::run(&args),
        Command::Report(Own(args)) => report::run(&args),
        Command::Diff(Own(args)) => diff::run(&args),
        Command::Explain(Own(args)) => explain::run(&args),
        Command::Inspect(Own(args)) => inspect::run(&args),
        Command::Show(Own(args)) => show::run(&args),
        Command::Template(Own(args)) => template::run(&args),
        Command::Init(Own(args)) => init::run(&args),
        Command::Export(Own(args)) => export::run(&args),
        Command::Sql(Own(args)) => sql::run(&args),
        Command::Schema(Own(args)) => schema::run(&args),
        Command::Completions(Own(args)) => completions::run(&args),
        Command::Man(Own(args)) => man::run(&args),
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
