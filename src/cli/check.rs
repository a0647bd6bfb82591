//! `aleysk check`: actual against target.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::ValueEnum;
use serde_json::json;

use super::common::{self, Data, Format, Opened, Reports};
use super::{COULD_NOT_RUN, ERRORS, output};
use crate::assess::verdict::Status;
use crate::assess::{Assessment, By, Question, assess};
use crate::document::progress::Progress;
use crate::model::period::Period;
use crate::model::resolution::Resolution;
use crate::read::report::{Options, Reading};
use crate::read::{inputs, report};
use crate::render;
use crate::tally::Keep;

/// The reports, where no path is given.
const REPORTS: &str = "reports";

/// A status named by `--fail-on` occurred.
const FAILED_ON: u8 = 3;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Файлы с отчётами или папки, где их искать; «-» — стандартный ввод (без пути: ./reports)
    #[arg(value_name = "ПУТЬ", help_heading = "Что читать")]
    paths: Vec<PathBuf>,

    /// Резолюция (иначе новейшая принятая)
    #[arg(long, value_name = "ID", help_heading = "Что показать")]
    resolution: Option<String>,

    /// Период: 2025-12, 2025-Q4, 2025-H2, 2025, 2025/26 (иначе новейший в отчётах)
    #[arg(long, value_name = "ПЕРИОД", value_parser = common::parse_period, help_heading = "Что показать")]
    period: Option<Period>,

    /// Разбивка: organisation (организации), kind (виды), parent (территории)
    #[arg(
        long,
        value_name = "КАК",
        hide_possible_values = true,
        help_heading = "Что показать"
    )]
    by: Option<Breakdown>,

    /// Только эта организация и те, что в неё входят
    #[arg(long, value_name = "ОРГАНИЗАЦИЯ", help_heading = "Что показать")]
    of: Option<String>,

    /// Формат: table, json, csv, markdown (иначе по окончанию файла -o)
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

    /// Код возврата 3, если есть: missed (не достигнуто), behind (под угрозой), provisional
    /// (предварительно)
    #[arg(
        long,
        value_name = "СТАТУС",
        value_delimiter = ',',
        hide_possible_values = true,
        help_heading = "Куда и как"
    )]
    fail_on: Vec<FailOn>,

    /// Файл, отчёты которого заменяют другие за то же время; можно назвать несколько раз
    #[arg(long, value_name = "ФАЙЛ", help_heading = "Что читать")]
    supersede: Vec<PathBuf>,

    #[command(flatten)]
    reports: Reports,

    #[command(flatten)]
    data: Data,
}

/// What `--by` takes.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Breakdown {
    #[value(alias = "organization")]
    Organisation,
    Kind,
    Parent,
}

impl From<Breakdown> for By {
    fn from(breakdown: Breakdown) -> By {
        match breakdown {
            Breakdown::Organisation => By::Organisation,
            Breakdown::Kind => By::Kind,
            Breakdown::Parent => By::Parent,
        }
    }
}

/// What `--fail-on` takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum FailOn {
    Missed,
    Behind,
    Provisional,
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
    let id = find_resolution(&opened, args.resolution.as_deref())?
        .id
        .clone();
    let reading = read(args, &mut opened)?;
    let of = args
        .of
        .as_deref()
        .map(|text| common::find_organisation(&reading.tally.register, text))
        .transpose()?;
    let asked = args.period.or(reading.tally.newest());
    let stated = || reading.newest_stated(&opened.loaded.plan);
    let Some(period) = asked.or_else(stated) else {
        return no_period(args, format, &opened, &id);
    };
    let question = Question {
        period,
        of,
        by: args.by.map(By::from),
    };
    let plan = &opened.loaded.plan;
    let resolution = plan.resolution(&id).context("резолюция пропала")?;
    let assessment = assess(
        plan,
        resolution,
        &reading,
        question,
        &opened.sources,
        &mut opened.diagnostics,
    );
    let exit = exit_status(args, &opened, &assessment);
    let progress = Progress {
        plan,
        register: &reading.tally.register,
        resolution,
        assessment: &assessment,
        data: opened.label.clone(),
        read: (
            reading.inputs,
            reading.files.iter().map(|file| file.outcome.accepted).sum(),
        ),
        periods: reading.periods(),
    };
    let text = match format {
        Format::Json => output::pretty(&render::json::check(
            &progress,
            &opened.diagnostics,
            &opened.sources,
            exit,
        )),
        _ => args.data.rendered(
            &progress.document(),
            format,
            args.output.as_deref(),
            args.by.is_some(),
        ),
    };
    let written = output::write(text.as_bytes(), args.output.as_deref());
    // In JSON the remarks stand among the results.
    if format != Format::Json || args.output.is_some() {
        args.data
            .remarks(&opened.diagnostics, &opened.sources, false);
    }
    written?;
    // The process is about to end: to give back a large register piece by piece would take longer
    // than to let it go.
    std::mem::forget((reading, assessment, opened));
    Ok(exit)
}

fn find_resolution<'a>(opened: &'a Opened, id: Option<&str>) -> anyhow::Result<&'a Resolution> {
    let plan = &opened.loaded.plan;
    let known = || {
        let ids: Vec<&str> = plan.resolutions.iter().map(|r| r.id.as_str()).collect();
        ids.join(", ")
    };
    match id {
        Some(id) => plan
            .resolution(id)
            .with_context(|| format!("нет резолюции «{id}»; есть {}", known())),
        None => plan.newest_adopted().with_context(|| {
            format!(
                "нет ни одной принятой резолюции; проект проверяют так: --resolution {}",
                known()
            )
        }),
    }
}

fn read(args: &Args, opened: &mut Opened) -> anyhow::Result<Reading> {
    let paths = if args.paths.is_empty() {
        vec![PathBuf::from(REPORTS)]
    } else {
        args.paths.clone()
    };
    if args.paths.is_empty() && !paths[0].exists() {
        bail!(
            "не указано, где отчёты, и папки ./{REPORTS} нет; укажите файлы или папку: aleysk check \
             ПАПКА"
        );
    }
    let mut inputs = inputs::find(&paths)?;
    inputs::supersede(&mut inputs, &args.supersede)?;
    common::refuse_to_overwrite(&inputs, args.output.as_deref())?;
    let options = Options {
        encoding: args.reports.encoding,
        delimiter: args.reports.delimiter,
        report_period: args.reports.report_period,
        keep: Keep::Needed(args.period),
        inspecting: false,
    };
    Ok(report::read(
        &opened.loaded,
        &inputs,
        &options,
        &mut opened.sources,
        &mut opened.diagnostics,
    ))
}

/// No report told its period, and none was asked for.
fn no_period(args: &Args, format: Format, opened: &Opened, resolution: &str) -> anyhow::Result<u8> {
    let exit = if opened.diagnostics.has_errors() {
        ERRORS
    } else {
        COULD_NOT_RUN
    };
    if format == Format::Json {
        let value = json!({
            "schema": "aleysk.check/1",
            "data": opened.label,
            "resolution": resolution,
            "period": null,
            "completeness": [],
            "results": [],
            "issues": render::json::issues(&opened.diagnostics, &opened.sources),
            "exit": exit,
        });
        output::write(output::pretty(&value).as_bytes(), args.output.as_deref())?;
    } else {
        args.data
            .remarks(&opened.diagnostics, &opened.sources, false);
    }
    eprintln!("Ни один отчёт не прочитан, и период не указан (--period): показать нечего");
    Ok(exit)
}

fn exit_status(args: &Args, opened: &Opened, assessment: &Assessment) -> u8 {
    if opened.diagnostics.has_errors() {
        return ERRORS;
    }
    let occurred = |wanted: &FailOn| {
        assessment.rows.iter().any(|row| match wanted {
            FailOn::Missed => row.verdict.status == Status::Missed,
            FailOn::Behind => row.verdict.status == Status::Behind,
            FailOn::Provisional => row.is_provisional(),
        })
    };
    if args.fail_on.iter().any(occurred) {
        FAILED_ON
    } else {
        0
    }
}
