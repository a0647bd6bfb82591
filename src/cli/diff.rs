//! `aleysk diff`: two resolutions, proposal by proposal.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap_complete::ArgValueCandidates;

use super::common::{self, Data, Format, Opened, Output};
use super::reports::{self, Reports};
use super::{COULD_NOT_RUN, ERRORS, complete, output};
use crate::assess::{Assessment, Question, assess};
use crate::compare::suggest::suggest;
use crate::compare::{Comparison, compare};
use crate::document::changes::Changes;
use crate::document::progress::Progress;
use crate::model::period::Period;
use crate::read::report::Reading;
use crate::render;

/// The two differ, and `--exit-code` was asked for.
const DIFFERENT: u8 = 1;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Прежняя резолюция, например 2020
    #[arg(value_name = "БЫЛО", display_order = 1, help_heading = "Что сравнить", add = ArgValueCandidates::new(complete::resolutions))]
    old: String,

    /// Новая резолюция, например 2025
    #[arg(value_name = "СТАЛО", display_order = 2, help_heading = "Что сравнить", add = ArgValueCandidates::new(complete::resolutions))]
    new: String,

    /// Отчёты, чтобы рядом с новыми целями стоял факт (файлы, папки; «-» — стандартный ввод)
    #[arg(value_name = "ПУТЬ", display_order = 3, help_heading = "Что сравнить")]
    paths: Vec<PathBuf>,

    /// Факт за этот период: 2025-12, 2025-Q4, 2025 (без пути: из ./reports)
    #[arg(long, value_name = "ПЕРИОД", value_parser = common::parse_period, help_heading = "Что показать")]
    period: Option<Period>,

    /// Подсказать связи для пунктов, у которых их нет: готовые строки для файла резолюции
    #[arg(long, help_heading = "Что показать")]
    suggest: bool,

    #[command(flatten)]
    output: Output,

    /// Код возврата 1, если резолюции различаются
    #[arg(long, help_heading = "Куда и как")]
    exit_code: bool,

    #[command(flatten)]
    reports: Reports,

    #[command(flatten)]
    data: Data,
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
    if args.suggest && format == Format::Csv {
        bail!("подсказок (--suggest) в CSV нет: есть table, json, markdown, html");
    }
    check_order(args, &opened)?;
    let facts = facts(args, &mut opened)?;
    let plan = &opened.loaded.plan;
    let resolution = |id: &str| plan.resolution(id).context("резолюция пропала");
    let (old, new) = (resolution(&args.old)?, resolution(&args.new)?);
    let comparison = compare(plan, old, new);
    let wanted = args.suggest || (!comparison.is_linked() && format != Format::Csv);
    let changes = Changes {
        plan,
        comparison: &comparison,
        data: opened.label.clone(),
        progress: facts.as_ref().map(|(reading, assessment)| Progress {
            plan,
            register: &reading.tally.register,
            resolution: new,
            assessment,
            data: opened.label.clone(),
            read: (reading.inputs, 0),
            periods: reading.periods(),
        }),
        suggestions: wanted.then(|| suggest(&comparison)),
    };
    let exit = match opened.diagnostics.has_errors() {
        true => ERRORS,
        false if args.exit_code && comparison.differ() => DIFFERENT,
        false => 0,
    };
    let text = match format {
        Format::Json => output::pretty(&render::json::diff(
            &changes,
            &opened.diagnostics,
            &opened.sources,
            exit,
        )),
        _ => {
            let file = args.output.file();
            args.data.rendered(&changes.document(), format, file, false)
        }
    };
    output::write(text.as_bytes(), args.output.file())?;
    if format != Format::Json || args.output.file().is_some() {
        args.data
            .remarks(&opened.diagnostics, &opened.sources, false);
    }
    if format == Format::Csv && !args.data.is_quiet() {
        eprintln!("{}", left_to_other_formats(&comparison));
    }
    Ok(exit)
}

/// What a table of changes has no room for.
fn left_to_other_formats(comparison: &Comparison<'_>) -> &'static str {
    match comparison.is_linked() {
        true => {
            "В CSV — только таблица изменений; итог, вводная часть и пояснения: --format table или json"
        }
        false => {
            "В CSV — только таблица изменений; пункты не связаны, подсказки связей: --format table или json"
        }
    }
}

/// Links lead back in time: the other way about everything would be new.
fn check_order(args: &Args, opened: &Opened) -> anyhow::Result<()> {
    let old = common::find_resolution(opened, Some(&args.old))?;
    let new = common::find_resolution(opened, Some(&args.new))?;
    if old.date > new.date {
        bail!(
            "резолюция {} новее, чем {}: сначала называют прежнюю: aleysk diff {} {}",
            old.id,
            new.id,
            new.id,
            old.id
        );
    }
    Ok(())
}

/// What the reports come to, where any were asked for.
fn facts(args: &Args, opened: &mut Opened) -> anyhow::Result<Option<(Reading, Assessment)>> {
    if args.paths.is_empty() && args.period.is_none() {
        return Ok(None);
    }
    let reading = args
        .reports
        .read(&args.paths, args.period, args.output.file(), opened)?
        .ok_or_else(|| reports::none("diff БЫЛО СТАЛО"))?;
    let Some(period) = args.period.or(reading.tally.newest()) else {
        eprintln!("Ни один отчёт не прочитан, и период не указан (--period): факта нет");
        return Ok(None);
    };
    let question = Question::at(period);
    let plan = &opened.loaded.plan;
    let new = plan.resolution(&args.new).context("резолюция пропала")?;
    let (sources, diagnostics) = (&opened.sources, &mut opened.diagnostics);
    let assessment = assess(plan, new, &reading, question, sources, diagnostics);
    Ok(Some((reading, assessment)))
}
