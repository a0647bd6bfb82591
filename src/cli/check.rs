//! `aleysk check`: actual against target.

use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use super::common::{self, Data, FailOn, Format, Opened, Output, Scope};
use super::reports::{self, Reports};
use super::{COULD_NOT_RUN, ERRORS, output};
use crate::assess::breakdown::Cut;
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
    by: Option<common::Breakdown>,

    /// Сколько самых больших строк разбивки показать (без --by — организаций): по нехватке, а где
    /// цель достигнута или её нет — по числителю; остальные — одной строкой
    #[arg(long, value_name = "ЧИСЛО", value_parser = common::parse_top, help_heading = "Что показать")]
    top: Option<usize>,

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

impl Args {
    fn by(&self) -> Option<By> {
        let organisations = self.top.map(|_| By::Organisation);
        self.by.map(By::from).or(organisations)
    }

    /// Nothing is left out for a machine unless it is asked for.
    fn cut(&self, format: Format) -> Cut {
        match (self.top, format) {
            (Some(top), _) => Cut::Top(top),
            (None, Format::Json | Format::Csv) => Cut::None,
            (None, Format::Table | Format::Markdown | Format::Html) => Cut::Readable,
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
        by: args.by(),
        cut: args.cut(format),
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
    let file = args.output.file();
    let written = match format {
        Format::Json => {
            let check = render::json::Check {
                progress: &progress,
                diagnostics: &opened.diagnostics,
                sources: &opened.sources,
                exit,
            };
            output::write_json(&check, file)
        }
        _ => {
            let document = progress.document();
            let tables = question.by.is_some();
            let text = args.data.rendered(&document, format, file, tables);
            output::write(text.as_bytes(), file)
        }
    };
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
