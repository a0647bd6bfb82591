//! `aleysk explain`: where a figure comes from, or what an issue code means.

use std::path::PathBuf;

use anyhow::bail;
use clap_complete::ArgValueCompleter;

use super::common::{self, Data, Format, Opened, Output, Scope};
use super::reports::Reports;
use super::{COULD_NOT_RUN, ERRORS, complete, output};
use crate::assess::explain::explain;
use crate::assess::{Asked, Question, Subject, asked};
use crate::diagnostic::Code;
use crate::diagnostic::pages::Page;
use crate::document::code;
use crate::document::explanation::{Explanation, Extent, Figure, Found};
use crate::document::progress::Progress;
use crate::model::Plan;
use crate::model::name;
use crate::model::resolution::Resolution;
use crate::render;

/// Organisations shown in a terminal, and on a page that all of them would make too long.
const TOP: usize = 20;

/// More organisations than these nobody reads.
const MANY: usize = 100;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Показатель (dop-coverage), пункт резолюции (2025/11) или код замечания (not-a-number)
    #[arg(value_name = "ЧТО", required = true, help_heading = "Что показать", add = ArgValueCompleter::new(complete::explained))]
    what: String,

    /// Файлы с отчётами или папки, где их искать; «-» — стандартный ввод (без пути: ./reports,
    /// если такая папка есть)
    #[arg(value_name = "ПУТЬ", help_heading = "Что читать")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    scope: Scope,

    /// Сколько организаций показать (иначе 20; в markdown и html — все, если их не больше 100); в
    /// csv и json — всегда все
    #[arg(long, value_name = "ЧИСЛО", help_heading = "Что показать")]
    top: Option<usize>,

    #[command(flatten)]
    output: Output,

    #[command(flatten)]
    reports: Reports,

    #[command(flatten)]
    data: Data,
}

/// Runs the command; gives the exit status.
///
/// # Errors
/// There is nothing of that name, or it could not run at all.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let format = args.output.format()?;
    let page = Code::ALL.iter().find(|code| code.id() == args.what);
    if let Some(code) = page {
        return explain_code(args, format, Page::of(*code));
    }
    let Some(mut opened) = args.data.open()? else {
        return Ok(COULD_NOT_RUN);
    };
    let (resolution, wanted, named) = find(args, &opened)?;
    let reading = args.reports.read(
        &args.paths,
        args.scope.period,
        args.output.file(),
        &mut opened,
    )?;
    let period = args
        .scope
        .period
        .or(reading.as_ref().and_then(|own| own.tally.newest()));
    let (Some(reading), Some(period)) = (&reading, period) else {
        let read = reading.is_some();
        return without_reports(args, format, &opened, &resolution, &wanted, named, read);
    };
    let of = args.scope.of.as_deref();
    let of = of.map(|text| common::find_organisation(&reading.tally.register, text));
    let question = Question {
        of: of.transpose()?,
        ..Question::at(period)
    };
    let plan = &opened.loaded.plan;
    let (assessment, anatomies) = explain(
        plan,
        &resolution,
        &wanted,
        reading,
        question,
        &opened.sources,
        &mut opened.diagnostics,
    );
    let accepted = reading.files.iter().map(|file| file.outcome.accepted);
    let progress = Progress {
        plan,
        register: &reading.tally.register,
        resolution: &resolution,
        assessment: &assessment,
        data: opened.label.clone(),
        read: (reading.inputs, accepted.sum()),
        periods: reading.periods(),
    };
    let found = progress.lines().into_iter().zip(&anatomies);
    let figures = wanted.iter().zip(found).map(|(asked, (line, anatomy))| {
        let found = Some(Found { line, anatomy });
        figure(plan, asked, named, found)
    });
    let explanation = Explanation {
        plan,
        resolution: &resolution,
        progress: Some(&progress),
        figures: figures.flatten().collect(),
        sources: &opened.sources,
    };
    let exit = match opened.diagnostics.has_errors() {
        true => ERRORS,
        false => 0,
    };
    show(args, format, &opened, &explanation, exit)
}

fn figure<'a>(
    plan: &'a Plan,
    asked: &'a Asked,
    named: bool,
    found: Option<Found<'a>>,
) -> Option<Figure<'a>> {
    Some(Figure {
        asked,
        named,
        indicator: &plan.indicators[asked.indicator?],
        found,
    })
}

/// The formula, the target and the method alone.
fn without_reports(
    args: &Args,
    format: Format,
    opened: &Opened,
    resolution: &Resolution,
    wanted: &[Asked],
    named: bool,
    read: bool,
) -> anyhow::Result<u8> {
    let plan = &opened.loaded.plan;
    let figures = wanted.iter();
    let explanation = Explanation {
        plan,
        resolution,
        progress: None,
        figures: figures
            .filter_map(|asked| figure(plan, asked, named, None))
            .collect(),
        sources: &opened.sources,
    };
    let exit = match (opened.diagnostics.has_errors(), read) {
        (true, _) => ERRORS,
        (false, true) => COULD_NOT_RUN,
        (false, false) => 0,
    };
    let shown = show(args, format, opened, &explanation, exit);
    if read {
        eprintln!("Ни один отчёт не прочитан, и период не указан (--period): чисел нет");
    }
    shown
}

fn show(
    args: &Args,
    format: Format,
    opened: &Opened,
    explanation: &Explanation<'_>,
    exit: u8,
) -> anyhow::Result<u8> {
    let figures = explanation.figures.iter();
    let mut found = figures.filter_map(|figure| figure.found.as_ref());
    let many = found.any(|found| found.anatomy.parts.len() > MANY);
    let extent = match format {
        Format::Table => Extent::First(args.top.unwrap_or(TOP)),
        Format::Markdown | Format::Html if many || args.top.is_some() => {
            Extent::First(args.top.unwrap_or(TOP))
        }
        _ => Extent::All,
    };
    let text = match format {
        Format::Json => output::pretty(&render::json::explain(
            explanation,
            &opened.label,
            &opened.diagnostics,
            exit,
        )),
        Format::Csv => render::csv::render_whole(&explanation.document(extent)),
        _ => args.data.rendered(
            &explanation.document(extent),
            format,
            args.output.file(),
            true,
        ),
    };
    let written = output::write(text.as_bytes(), args.output.file());
    // In JSON the remarks stand among the results.
    if format != Format::Json || args.output.file().is_some() {
        args.data
            .remarks(&opened.diagnostics, &opened.sources, false);
    }
    written?;
    Ok(exit)
}

fn explain_code(args: &Args, format: Format, page: &Page) -> anyhow::Result<u8> {
    let path = args.paths.first().map(|path| path.display().to_string());
    let given = [
        (args.scope.period.is_some(), "--period"),
        (args.scope.resolution.is_some(), "--resolution"),
        (args.scope.of.is_some(), "--of"),
        (args.top.is_some(), "--top"),
    ];
    let option = given.iter().find(|(given, _)| *given);
    if let Some(needless) = path.or(option.map(|(_, name)| (*name).to_owned())) {
        bail!(
            "«{}» — код замечания: он объясняется без отчётов, уберите «{needless}»",
            args.what
        );
    }
    let text = match format {
        Format::Json => output::pretty(&render::json::code(page)),
        Format::Csv => {
            bail!("страница о коде — не таблица: укажите --format table, json или markdown")
        }
        _ => args
            .data
            .rendered(&code::document(page), format, args.output.file(), true),
    };
    output::write(text.as_bytes(), args.output.file())?;
    Ok(0)
}

/// What a word means: a resolution, the rows of it that are wanted, and whether it names them.
fn find(args: &Args, opened: &Opened) -> anyhow::Result<(Resolution, Vec<Asked>, bool)> {
    let plan = &opened.loaded.plan;
    if let Some((id, number)) = args.what.split_once('/') {
        let resolution = common::find_resolution(opened, Some(id))?;
        if let Some(other) = args
            .scope
            .resolution
            .as_deref()
            .filter(|other| *other != id)
        {
            bail!(
                "«{}» уже называет резолюцию: уберите --resolution {other}",
                args.what
            );
        }
        let proposal = find_proposal(resolution, number)?;
        let mut wanted = asked(resolution);
        wanted.retain(|one| one.proposal == proposal && one.indicator.is_some());
        if wanted.is_empty() {
            bail!(
                "в пункте {number} резолюции {id} измеримая цель не задана: объяснять нечего; \
                 текст пункта: aleysk show {id}/{number}"
            );
        }
        return Ok((resolution.clone(), wanted, true));
    }
    let resolution = common::find_resolution(opened, args.scope.resolution.as_deref())?;
    let Some(indicator) = plan.indicator(&args.what) else {
        return Err(nothing_of_that_name(plan, &args.what));
    };
    let mut wanted = asked(resolution);
    wanted.retain(|one| one.indicator == Some(indicator));
    let named = !wanted.is_empty();
    if !named {
        wanted.push(Asked {
            proposal: 0,
            subject: Subject::Watch(indicator),
            indicator: Some(indicator),
        });
    }
    Ok((resolution.clone(), wanted, named))
}

fn find_proposal(resolution: &Resolution, number: &str) -> anyhow::Result<usize> {
    let id = &resolution.id;
    let position = |number: &str| {
        let mut proposals = resolution.proposals.iter();
        proposals.position(|proposal| proposal.number.to_string() == number)
    };
    if let Some(found) = position(number) {
        return Ok(found);
    }
    if let Some((whole, _)) = number.split_once('.')
        && position(whole).is_some()
    {
        bail!("подпункты отдельно не объясняются: назовите пункт целиком, {id}/{whole}");
    }
    let count = resolution.proposals.len();
    match number {
        "" => bail!("после «{id}/» нужен номер пункта: с 1 по {count}"),
        _ => bail!("в резолюции {id} нет пункта {number}: пункты с 1 по {count}"),
    }
}

fn nothing_of_that_name(plan: &Plan, what: &str) -> anyhow::Error {
    let indicators = plan.indicators.iter().map(|own| own.id.as_str());
    let codes = Code::ALL.iter().map(|code| code.id());
    match name::nearest(what, indicators.chain(codes)) {
        Some(near) => {
            anyhow::anyhow!("нечего объяснить по слову «{what}»; возможно, «{near}»")
        }
        None => anyhow::anyhow!(
            "нечего объяснить по слову «{what}»; можно: id показателя (все: aleysk show \
             indicators), пункт резолюции (2025/11), код замечания (not-a-number)"
        ),
    }
}
