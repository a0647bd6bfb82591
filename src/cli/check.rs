//! `aleysk check`: actual against target.

use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use serde_json::json;

use super::common::{self, Data, FailOn, Format, Opened, Output, Scope};
use super::reports::{self, Reports};
use super::{COULD_NOT_RUN, ERRORS, output};
use crate::assess::{By, Question, assess};
use crate::document::progress::Progress;
use crate::render;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Файлы с отчётами или папки, где их искать; «-» — стандартный ввод (без пути: ./reports)
    #[arg(value_name = "ПУТЬ", help_heading = "Что читать")]
    paths: Vec<PathBuf>,

    /// Разбивка: organisation (организации), kind (виды), parent (территории)
    #[arg(
        long,
        value_name = "КАК",
        hide_possible_values = true,
        help_heading = "Что показать"
    )]
    by: Option<Breakdown>,

    #[command(flatten)]
    scope: Scope,

    #[command(flatten)]
    output: Output,

    #[command(flatten)]
    fail_on: FailOn,

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

/// Runs the command; gives the exit status.
///
/// # Errors
/// It could not run at all.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let Some(mut opened) = args.data.open()? else {
        return Ok(COULD_NOT_RUN);
    };
    let format = args.output.format()?;
    let id = common::find_resolution(&opened, args.scope.resolution.as_deref())?
        .id
        .clone();
    let reading = args
        .reports
        .read(
            &args.paths,
            args.scope.period,
            args.output.file(),
            &mut opened,
        )?
        .ok_or_else(|| reports::none("check"))?;
    let of = args
        .scope
        .of
        .as_deref()
        .map(|text| common::find_organisation(&reading.tally.register, text))
        .transpose()?;
    let asked = args.scope.period.or(reading.tally.newest());
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
    let exit = args.fail_on.exit(&opened.diagnostics, &assessment);
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
            args.output.file(),
            args.by.is_some(),
        ),
    };
    let written = output::write(text.as_bytes(), args.output.file());
    // In JSON the remarks stand among the results.
    if format != Format::Json || args.output.file().is_some() {
        args.data
            .remarks(&opened.diagnostics, &opened.sources, false);
    }
    written?;
    // The process is about to end: to give back a large register piece by piece would take longer
    // than to let it go.
    std::mem::forget((reading, assessment, opened));
    Ok(exit)
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
        output::write(output::pretty(&value).as_bytes(), args.output.file())?;
    } else {
        args.data
            .remarks(&opened.diagnostics, &opened.sources, false);
    }
    eprintln!("Ни один отчёт не прочитан, и период не указан (--period): показать нечего");
    Ok(exit)
}
