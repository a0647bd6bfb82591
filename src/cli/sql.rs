//! `aleysk sql`: the same indicators as a query over the long table, for an engine.

use std::path::PathBuf;

use anyhow::bail;
use clap::ValueEnum;
use clap_complete::ArgValueCandidates;

use super::common::{self, Data};
use super::{COULD_NOT_RUN, complete, output};
use crate::assess::By;
use crate::model::period::Period;
use crate::query::inquiry::Inquiry;
use crate::render::sql::{Engine, Facts, script};

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Запросу больше ничего не нужно: реестр и цели записаны в него. Последняя команда сценария \
    даёт proposal, indicator, numerator, denominator, actual, status, provisional в порядке aleysk check, с \
    --by ещё и строки разбивки. Числитель и знаменатель без конечной десятичной записи стоят дробью в \
    numerator_fraction и denominator_fraction.\n\
    Порядок работы: на каждой машине aleysk export ОТЧЁТЫ -o facts-1.parquet; затем aleysk sql --dialect \
    duckdb --facts 'facts-*.parquet' --period 2025-12 -o query.sql; затем duckdb < query.sql, \
    clickhouse local --queries-file query.sql или spark-sql -f query.sql."
)]
pub struct Args {
    /// Движок: duckdb, clickhouse, spark
    #[arg(
        long,
        value_name = "ДВИЖОК",
        hide_possible_values = true,
        help_heading = "Для чего"
    )]
    dialect: Dialect,

    /// Выгрузка: файл .csv или .parquet, «facts-*.parquet», папка с «/» на конце или таблица движка;
    /// можно назвать несколько раз
    #[arg(long, value_name = "ГДЕ", value_parser = parse_facts, required = true, help_heading = "Для чего")]
    facts: Vec<Facts>,

    /// Период: 2025-12, 2025-Q4, 2025-H2, 2025, 2025/26
    #[arg(long, value_name = "ПЕРИОД", value_parser = common::parse_period, help_heading = "Что показать")]
    period: Period,

    /// Резолюция (иначе новейшая принятая)
    #[arg(long, value_name = "ID", help_heading = "Что показать", add = ArgValueCandidates::new(complete::resolutions))]
    resolution: Option<String>,

    /// Разбивка: organisation (организации), kind (виды), parent (территории)
    #[arg(
        long,
        value_name = "КАК",
        hide_possible_values = true,
        help_heading = "Что показать"
    )]
    by: Option<common::Breakdown>,

    /// Записать в файл
    #[arg(short, long, value_name = "ФАЙЛ", help_heading = "Куда и как")]
    output: Option<PathBuf>,

    #[command(flatten)]
    data: Data,
}

/// Reads `--facts`.
fn parse_facts(text: &str) -> Result<Facts, String> {
    let expected = "ожидался файл .csv или .parquet, образец «facts-*.parquet», папка с «/» на конце или \
                    имя таблицы движка";
    Facts::of(text).ok_or_else(|| match text.trim() {
        "" => format!("ничего не указано; {expected}"),
        text => format!("«{text}» — не выгрузка; {expected}"),
    })
}

/// An engine's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Dialect {
    Duckdb,
    Clickhouse,
    Spark,
}

/// Runs the command; gives the exit status.
///
/// # Errors
/// There is no such resolution, or the result cannot be written.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let Some(opened) = args.data.open()? else {
        return Ok(COULD_NOT_RUN);
    };
    let resolution = common::find_resolution(&opened, args.resolution.as_deref())?;
    let inquiry = Inquiry::new(
        &opened.loaded.plan,
        resolution,
        args.period,
        args.by.map(By::from),
    );
    let engine = match args.dialect {
        Dialect::Duckdb => Engine::DuckDb,
        Dialect::Clickhouse => Engine::ClickHouse,
        Dialect::Spark => Engine::Spark,
    };
    let sort = std::mem::discriminant::<Facts>;
    if args
        .facts
        .iter()
        .any(|one| sort(one) != sort(&args.facts[0]))
    {
        bail!(
            "в --facts названо разное: нужны либо файлы .csv, либо файлы .parquet, либо таблицы движка"
        );
    }
    if let Some(Facts::Table(name)) = args.facts.iter().find(|one| one.is_step()) {
        bail!(
            "таблица «{name}» называется так же, как шаг запроса; назовите её со схемой, например \
             main.{name}"
        );
    }
    let text = script(&inquiry, engine, &args.facts);
    output::write(text.as_bytes(), args.output.as_deref())?;
    args.data
        .remarks(&opened.diagnostics, &opened.sources, false);
    Ok(0)
}
