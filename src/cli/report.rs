//! `aleysk report`: the monthly document.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use jiff::civil::Date;

use super::common::{self, Data, FailOn, Opened, Scope};
use super::reports::{self, Reports};
use super::{COULD_NOT_RUN, output};
use crate::assess::Question;
use crate::assess::review::{Review, review};
use crate::assess::verdict::Status;
use crate::diagnostic::{Code, Diagnostics, Severity};
use crate::document::Document;
use crate::document::progress::Progress;
use crate::document::report::{Evidence, Extent, Report, Why};
use crate::model::period::Period;
use crate::model::resolution::Resolution;
use crate::read::fingerprint;
use crate::read::inputs::Inputs;
use crate::read::plan::notes::{self, Note};
use crate::read::report::Reading;
use crate::render;
use crate::render::toml::notes::{Template, Wanted};
use crate::source::{Content, SourceFile};
use crate::tally::Keep;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Файлы с отчётами или папки, где их искать; «-» — стандартный ввод (без пути: ./reports)
    #[arg(value_name = "ПУТЬ", help_heading = "Что читать")]
    paths: Vec<PathBuf>,

    /// Обоснования отклонений (файл TOML, заготовку пишет --notes-template)
    #[arg(long, value_name = "ФАЙЛ", help_heading = "Что читать")]
    notes: Option<PathBuf>,

    #[command(flatten)]
    scope: Scope,

    /// Поставить дату составления: сегодняшнюю или указанную (--dated=2025-12-03)
    #[arg(
        long,
        value_name = "ДАТА",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = TODAY,
        hide_default_value = true,
        help_heading = "Что показать"
    )]
    dated: Option<String>,

    /// Вместо отчёта — файл обоснований, в котором уже названы недостигнутые цели
    #[arg(long, conflicts_with_all = ["output_dir", "dated"], help_heading = "Куда и как")]
    notes_template: bool,

    /// Формат: table, html, xlsx, docx, markdown, csv, json (иначе по окончанию файла -o); для
    /// --output-dir — несколько через запятую
    #[arg(
        long,
        value_name = "ФОРМАТ",
        value_delimiter = ',',
        hide_possible_values = true,
        help_heading = "Куда и как"
    )]
    format: Vec<Format>,

    /// Записать в файл
    #[arg(
        short,
        long,
        value_name = "ФАЙЛ",
        conflicts_with = "output_dir",
        help_heading = "Куда и как"
    )]
    output: Option<PathBuf>,

    /// Записать в папку, по файлу на каждый формат (иначе html): ПАПКА/2025-11.html
    #[arg(long, value_name = "ПАПКА", help_heading = "Куда и как")]
    output_dir: Option<PathBuf>,

    #[command(flatten)]
    fail_on: FailOn,

    #[command(flatten)]
    reports: Reports,

    #[command(flatten)]
    data: Data,
}

/// What stands for the day on which the program runs.
const TODAY: &str = "today";

/// What a report is written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For a terminal.
    Table,
    /// For a screen and paper.
    Html,
    /// For Excel.
    Xlsx,
    /// For Word.
    Docx,
    /// For documents.
    #[value(alias = "md")]
    Markdown,
    /// Every table, one below the other.
    Csv,
    /// For scripts.
    Json,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Format::Table => "txt",
            Format::Html => "html",
            Format::Xlsx => "xlsx",
            Format::Docx => "docx",
            Format::Markdown => "md",
            Format::Csv => "csv",
            Format::Json => "json",
        }
    }

    fn of_file(path: &Path) -> anyhow::Result<Format> {
        let ending = path
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase());
        Ok(match ending.as_deref() {
            None | Some("txt") => Format::Table,
            Some("html" | "htm") => Format::Html,
            Some("xlsx") => Format::Xlsx,
            Some("docx") => Format::Docx,
            Some("md" | "markdown") => Format::Markdown,
            Some("csv") => Format::Csv,
            Some("json") => Format::Json,
            Some(other) => bail!(
                "по окончанию «.{other}» формат непонятен: назовите файл .html, .xlsx, .docx, .md, \
                 .csv, .json или .txt либо укажите --format"
            ),
        })
    }

    /// Whether it is no text: a terminal can do nothing with it.
    fn is_binary(self) -> bool {
        matches!(self, Format::Xlsx | Format::Docx)
    }

    fn extent(self) -> Extent {
        match self {
            Format::Table => Extent::Terminal,
            Format::Html | Format::Docx | Format::Markdown => Extent::Page,
            Format::Xlsx | Format::Csv | Format::Json => Extent::Whole,
        }
    }
}

/// Runs the command; gives the exit status.
///
/// # Errors
/// It could not run at all.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let dated = args.dated.as_deref().map(date).transpose()?;
    let targets = targets(args)?;
    let Some(mut opened) = args.data.open()? else {
        return Ok(COULD_NOT_RUN);
    };
    let resolution = common::find_resolution(&opened, args.scope.resolution.as_deref())?.clone();
    let (reading, inputs) = args
        .reports
        .read_keeping(Keep::All, &args.paths, args.output.as_deref(), &mut opened)?
        .ok_or_else(|| reports::none("report"))?;
    let asked = args.scope.period.or(reading.tally.newest());
    let Some(period) = asked.or_else(|| reading.newest_stated(&opened.loaded.plan)) else {
        args.data
            .remarks(&opened.diagnostics, &opened.sources, false);
        bail!("ни один отчёт не прочитан, и период не указан (--period): показать нечего");
    };
    let of = args.scope.of.as_deref();
    let of = of.map(|text| common::find_organisation(&reading.tally.register, text));
    let notes = match read_notes(args, &resolution, &reading, &mut opened)? {
        Some(notes) => notes,
        None => {
            args.data
                .remarks(&opened.diagnostics, &opened.sources, true);
            bail!(
                "файл обоснований не читается: исправьте его и повторите; отчёт не записан, прежний \
                 на месте"
            );
        }
    };
    let question = Question {
        of: of.transpose()?,
        ..Question::at(period)
    };
    let review = review(
        &opened.loaded.plan,
        &resolution,
        &reading,
        question,
        &opened.sources,
        &mut opened.diagnostics,
    );
    let evidence = evidence(&opened, &reading, &inputs);
    let reasons = notes.as_deref().map(|notes| reasons(notes, period));
    let accepted = reading.files.iter().map(|file| file.outcome.accepted);
    let report = Report {
        progress: Progress {
            plan: &opened.loaded.plan,
            register: &reading.tally.register,
            resolution: &resolution,
            assessment: &review.assessment,
            data: opened.label.clone(),
            read: (reading.inputs, accepted.sum()),
            periods: reading.periods(),
        },
        review: &review,
        reasons: reasons.as_deref(),
        diagnostics: &opened.diagnostics,
        sources: &opened.sources,
        evidence: &evidence,
        dated,
    };
    let exit = args.fail_on.exit(&opened.diagnostics, &review.assessment);
    if args.notes_template {
        let text = template(&report, &review, notes.as_deref().unwrap_or_default());
        write_template(args, &opened, &text)?;
    } else {
        write(args, &targets, &report, exit)?;
    }
    let own = matches!(targets[..], [(Format::Json, _)]) && args.output.is_none();
    if !own || args.output_dir.is_some() {
        args.data
            .remarks(&opened.diagnostics, &opened.sources, false);
    }
    Ok(exit)
}

/// `--dated`: a day, or the one on which the program runs.
fn date(text: &str) -> anyhow::Result<Date> {
    if text == TODAY {
        return Ok(jiff::Zoned::now().date());
    }
    text.parse::<Date>()
        .ok()
        .with_context(|| format!("--dated: «{text}» не дата; пишут так: --dated=2025-12-03"))
}

/// What is to be written: the formats, and each one's file ending, where there is a folder.
fn targets(args: &Args) -> anyhow::Result<Vec<(Format, Option<&'static str>)>> {
    if args.output_dir.is_some() {
        let mut formats = args.format.clone();
        if formats.is_empty() {
            formats.push(Format::Html);
        }
        formats.dedup();
        return Ok(formats
            .into_iter()
            .map(|format| (format, Some(format.ending())))
            .collect());
    }
    let format = match (&args.format[..], &args.output) {
        ([], None) => Format::Table,
        ([], Some(_)) if args.notes_template => Format::Table,
        ([], Some(path)) => Format::of_file(path)?,
        ([one], _) => *one,
        _ => bail!("форматов несколько: укажите папку для них, --output-dir ПАПКА"),
    };
    if format.is_binary() && args.output.is_none() && !args.notes_template {
        bail!(
            "книгу и документ на экран не вывести: укажите файл, -o отчёт.{}",
            format.ending()
        );
    }
    Ok(vec![(format, None)])
}

/// The notes; `Some(None)`: none were named. `None`: their file is no TOML, and what it says of other
/// figures cannot be known either.
fn read_notes(
    args: &Args,
    resolution: &Resolution,
    reading: &Reading,
    opened: &mut Opened,
) -> anyhow::Result<Option<Option<Vec<Note>>>> {
    let Some(path) = &args.notes else {
        return Ok(Some(None));
    };
    // With --notes-template the file may be yet to be written.
    if args.notes_template && !path.exists() {
        return Ok(Some(None));
    }
    let before = broken(&opened.diagnostics);
    let (plan, sources) = (&opened.loaded.plan, &mut opened.sources);
    let notes = notes::read(path, plan, resolution, sources, &mut opened.diagnostics)?;
    if broken(&opened.diagnostics) > before {
        return Ok(None);
    }
    notes::check_periods(&notes, &reading.periods(), &mut opened.diagnostics);
    Ok(Some(Some(notes)))
}

/// How many files could not be read as what they are.
fn broken(diagnostics: &Diagnostics) -> usize {
    let counts = diagnostics.counts().keys();
    let broken =
        counts.filter(|(_, code, _)| matches!(code, Code::DataSyntax | Code::UnknownEncoding));
    broken.count()
}

/// A file of reasons that is there already is not written over, unless it has been read.
fn write_template(args: &Args, opened: &Opened, text: &str) -> anyhow::Result<()> {
    let mut counts = opened.diagnostics.counts().keys();
    let faulty = counts.any(|(severity, _, file)| {
        *severity == Severity::Error && file.is_some_and(|file| opened.sources.is_data(file))
    });
    match args.output.as_deref() {
        Some(path) if args.notes.as_deref() == Some(path) && faulty => {
            args.data
                .remarks(&opened.diagnostics, &opened.sources, true);
            bail!(
                "в файле «{}» есть ошибки: исправьте их, иначе часть обоснований пропала бы",
                path.display()
            )
        }
        Some(path) if path.exists() && args.notes.as_deref() != Some(path) => bail!(
            "файл «{}» уже есть: чтобы дополнить его и ничего не потерять, добавьте --notes {}",
            path.display(),
            path.display()
        ),
        file => output::write(text.as_bytes(), file),
    }
}

/// The reasons that are given for a period.
fn reasons(notes: &[Note], period: Period) -> Vec<Why> {
    let own = notes.iter().filter(|note| note.period == period);
    own.map(|note| Why {
        proposal: note.proposal,
        target: note.target,
        text: note.text.clone(),
    })
    .collect()
}

/// The file of reasons with the missed targets in it; whatever was written already stays.
fn template(report: &Report<'_>, review: &Review, existing: &[Note]) -> String {
    let wanted: Vec<Wanted> = review
        .assessment
        .rows
        .iter()
        .filter(|row| row.verdict.status == Status::Missed)
        .filter_map(|row| {
            let crate::assess::Subject::Target(target) = row.subject else {
                return None;
            };
            Some(Wanted {
                proposal: row.proposal,
                target,
                facts: report.facts(row),
            })
        })
        .collect();
    Template {
        plan: report.progress.plan,
        resolution: report.progress.resolution,
        period: report.period(),
        wanted: &wanted,
        existing,
    }
    .render()
}

/// The files that the report rests on.
fn evidence(opened: &Opened, reading: &Reading, inputs: &Inputs) -> Vec<Evidence> {
    let mut accepted: HashMap<&str, u64> = HashMap::new();
    for read in &reading.files {
        let name = opened.sources.get(read.file).name.as_str();
        *accepted.entry(name).or_default() += read.outcome.accepted;
    }
    let report = inputs.files.iter().map(|input| {
        let own = input
            .path
            .as_deref()
            .and_then(|path| fingerprint::of_file(path).ok());
        Evidence {
            name: input.name.clone(),
            is_data: false,
            fingerprint: own,
            accepted: accepted.get(input.name.as_str()).copied().unwrap_or(0),
        }
    });
    let data = opened.sources.all().filter_map(|file| {
        let path = data_file(file)?;
        Some(Evidence {
            name: file.name.clone(),
            is_data: true,
            fingerprint: Some(fingerprint::of_file(&path).ok()?),
            accepted: 0,
        })
    });
    report.chain(data).collect()
}

/// Where a file that people write for the program stands; none of those that are built in does.
fn data_file(file: &SourceFile) -> Option<PathBuf> {
    matches!(file.content, Content::Text(_)).then(|| PathBuf::from(&file.name))
}

fn write(
    args: &Args,
    targets: &[(Format, Option<&'static str>)],
    report: &Report<'_>,
    exit: u8,
) -> anyhow::Result<()> {
    let Some(folder) = &args.output_dir else {
        for (format, _) in targets {
            let file = args.output.as_deref();
            let bytes = rendered(args, *format, report, file, exit)?;
            output::write(&bytes, file)?;
        }
        return Ok(());
    };
    // Everything is made before anything is written.
    let mut results = Vec::new();
    for (format, ending) in targets {
        let period = report.period().to_string().replace('/', "-");
        let file = folder.join(format!("{period}.{}", ending.unwrap_or_default()));
        let bytes = rendered(args, *format, report, Some(&file), exit)?;
        results.push((bytes, file));
    }
    output::write_folder(folder, &results)
}

fn rendered(
    args: &Args,
    format: Format,
    report: &Report<'_>,
    file: Option<&Path>,
    exit: u8,
) -> anyhow::Result<Vec<u8>> {
    let document: Document = report.document(format.extent());
    let text = |format| args.data.rendered(&document, format, file, true);
    Ok(match format {
        Format::Table => text(common::Format::Table).into_bytes(),
        Format::Html => text(common::Format::Html).into_bytes(),
        Format::Markdown => text(common::Format::Markdown).into_bytes(),
        Format::Csv => render::csv::render_whole(&document).into_bytes(),
        Format::Json => output::pretty(&render::json::report(report, exit)).into_bytes(),
        Format::Xlsx => render::xlsx::document(&document)?,
        Format::Docx => render::docx::render(&document)?,
    })
}
