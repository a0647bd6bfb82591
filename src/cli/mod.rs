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

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

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
    /// Составить отчёт за период: HTML, XLSX, DOCX, Markdown, CSV, JSON
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk report [ПАРАМЕТРЫ] [ПУТЬ]…"
    )]
    Report(report::Args),
    /// Сравнить две резолюции, пункт за пунктом
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk diff [ПАРАМЕТРЫ] БЫЛО СТАЛО [ПУТЬ]…"
    )]
    Diff(diff::Args),
    /// Объяснить показатель до каждой ячейки или код замечания
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk explain [ПАРАМЕТРЫ] ЧТО [ПУТЬ]…"
    )]
    Explain(explain::Args),
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
    /// Записать папку данных, чтобы менять её под себя; начать файл резолюции из её текста
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk init [ПАРАМЕТРЫ] ПАПКА\n               aleysk init [ПАРАМЕТРЫ] --from ТЕКСТ [ПАПКА]"
    )]
    Init(init::Args),
    /// Записать отчёты одной длинной таблицей: CSV, Parquet
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk export [ПАРАМЕТРЫ] [ПУТЬ]…"
    )]
    Export(export::Args),
    /// Написать запрос к выгрузке для DuckDB, ClickHouse или Spark: те же показатели
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk sql [ПАРАМЕТРЫ] --dialect ДВИЖОК --facts ГДЕ --period ПЕРИОД"
    )]
    Sql(sql::Args),
    /// Показать JSON Schema файла данных: по ней редактор подсказывает ключи
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk schema [ПАРАМЕТРЫ] [ФАЙЛ_ДАННЫХ]"
    )]
    Schema(schema::Args),
    /// Показать сценарий, с которым оболочка дополняет команды и id по Tab
    #[command(
        help_template = usage::TEMPLATE,
        override_usage = "aleysk completions ОБОЛОЧКА"
    )]
    Completions(completions::Args),
    /// Записать страницы руководства man
    #[command(help_template = usage::TEMPLATE, override_usage = "aleysk man [ПАПКА]")]
    Man(man::Args),
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
        Command::Check(args) => check::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Template(args) => template::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Sql(args) => sql::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
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
