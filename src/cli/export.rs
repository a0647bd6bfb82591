//! `aleysk export`: the accepted values as one long table.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::ValueEnum;

use super::common::{Data, Opened};
use super::reports::{self, Reports};
use super::{COULD_NOT_RUN, ERRORS, output};
use crate::diagnostic::{Code, Diagnostics, KEPT_EACH, Severity};
use crate::model::plural;
use crate::query::facts::{self, Fact};
use crate::read::report::Reading;
use crate::render::csv::facts as csv;
use crate::render::parquet;
use crate::tally::Keep;

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Строка — одна ячейка отчёта: organisation, kind, form, period, field, value, file, line; left_out — \
    почему значения нет (код ошибки, empty — пусто, text — текст или дата), flagged — коды предупреждений у \
    принятого, found — что стоит в исключённой ячейке; cell, sheet — ячейка и лист; first_day, last_day — дни \
    периода; parents — вышестоящие организации; correction — отчёт уточняет прежний. «Да» — это 1, «нет» — 0.\n\
    CSV — для программ: UTF-8 без BOM, запятые, десятичная точка.\n\
    Большие отчёты выгружают по частям, на разных машинах; запрос ко всем частям сразу пишет aleysk sql. Что \
    значит код: aleysk explain not-a-number."
)]
pub struct Args {
    /// Файлы с отчётами или папки, где их искать; «-» — стандартный ввод (без пути: ./reports)
    #[arg(value_name = "ПУТЬ", help_heading = "Что читать")]
    paths: Vec<PathBuf>,

    /// Формат: csv, parquet (иначе по окончанию файла -o; без него csv)
    #[arg(
        long,
        value_name = "ФОРМАТ",
        hide_possible_values = true,
        help_heading = "Куда и как"
    )]
    format: Option<Format>,

    /// Записать в файл: .csv или .parquet
    #[arg(short, long, value_name = "ФАЙЛ", help_heading = "Куда и как")]
    output: Option<PathBuf>,

    #[command(flatten)]
    reports: Reports,

    #[command(flatten)]
    data: Data,
}

/// What the table is written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    Csv,
    Parquet,
}

/// Runs the command; gives the exit status.
///
/// # Errors
/// There is nothing to read, or the result cannot be written.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let file = args.output.as_deref();
    let format = format(args.format, file)?;
    let Some(mut opened) = args.data.open()? else {
        return Ok(COULD_NOT_RUN);
    };
    let (reading, _) = args
        .reports
        .read_keeping(Keep::All, &args.paths, file, &mut opened)?
        .ok_or_else(|| reports::none("export"))?;
    let mut count = Count::default();
    output::write_by(file, |out| {
        count = match format {
            Format::Csv => write_csv(&opened, &reading, out)?,
            Format::Parquet => write_parquet(&opened, &reading, out)?,
        };
        Ok(())
    })?;
    args.data
        .remarks(&opened.diagnostics, &opened.sources, false);
    if file.is_some() && !args.data.is_quiet() {
        count.say(&opened.diagnostics);
    }
    let exit = match opened.diagnostics.has_errors() {
        true => ERRORS,
        false => 0,
    };
    // To give back a large register piece by piece would take longer than to let it go.
    std::mem::forget((reading, opened));
    Ok(exit)
}

/// Gives every fact.
fn each(
    opened: &Opened,
    reading: &Reading,
    take: impl FnMut(&Fact<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let Opened {
        loaded,
        sources,
        diagnostics,
        ..
    } = opened;
    facts::each(&loaded.plan, reading, sources, diagnostics, take)
}

/// How many cells were written.
#[derive(Clone, Copy, Default)]
struct Count {
    accepted: u64,
    left_out: u64,
}

impl Count {
    fn add(&mut self, fact: &Fact<'_>) {
        match fact.value {
            Some(_) => self.accepted += 1,
            None => self.left_out += 1,
        }
    }

    fn say(self, diagnostics: &Diagnostics) {
        let words = ["значение", "значения", "значений"];
        let mut said = format!(
            "Выгружено: {}",
            plural::counted(self.accepted.into(), &words)
        );
        if self.left_out > 0 {
            let words = ["ячейка", "ячейки", "ячеек"];
            let cells = plural::counted(self.left_out.into(), &words);
            said += &format!("; без значения: {cells} (почему — столбец left_out)");
        }
        output::say(format_args!("{said}\n"));
        // What is remarked on a cell is known of as many cells as are kept to be shown.
        let of_cells = [Code::RoundedFigure, Code::FootnoteMark];
        let more = |((_, code, _), count): (&(Severity, Code, _), &u64)| {
            of_cells.contains(code) && *count > KEPT_EACH
        };
        if diagnostics.counts().iter().any(more) {
            output::say(format_args!(
                "Пометки rounded-figure и footnote-mark (столбец flagged) стоят не у всех значений: в одном \
                 файле их больше {KEPT_EACH}\n"
            ));
        }
    }
}

fn write_csv(opened: &Opened, reading: &Reading, out: &mut dyn Write) -> anyhow::Result<Count> {
    csv::write_header(out)?;
    let mut count = Count::default();
    each(opened, reading, |fact| {
        count.add(fact);
        Ok(csv::write_row(out, fact)?)
    })?;
    Ok(count)
}

fn write_parquet(
    opened: &Opened,
    reading: &Reading,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<Count> {
    let mut table = parquet::Table::new(out)?;
    let mut count = Count::default();
    each(opened, reading, |fact| {
        count.add(fact);
        Ok(table.push(fact)?)
    })?;
    table.finish()?;
    Ok(count)
}

/// The format asked for: outright, by the ending of the file to be written, or CSV.
fn format(asked: Option<Format>, file: Option<&Path>) -> anyhow::Result<Format> {
    let ending = file.and_then(Path::extension).map(|e| e.to_string_lossy());
    let is = |own: &str| {
        ending
            .as_ref()
            .is_some_and(|ending| ending.eq_ignore_ascii_case(own))
    };
    if (asked == Some(Format::Parquet) && is("csv"))
        || (asked == Some(Format::Csv) && is("parquet"))
    {
        bail!(
            "--format и окончание файла говорят о разном: уберите --format или переименуйте файл"
        );
    }
    let format = match (asked, ending) {
        (Some(format), _) => format,
        (None, None) => Format::Csv,
        (None, Some(ending)) if ending.eq_ignore_ascii_case("csv") => Format::Csv,
        (None, Some(ending)) if ending.eq_ignore_ascii_case("parquet") => Format::Parquet,
        (None, Some(ending)) => bail!(
            "по окончанию «.{ending}» формат непонятен: назовите файл .csv или .parquet либо укажите \
             --format"
        ),
    };
    let to_screen = file.is_none_or(|file| file.as_os_str() == "-");
    if format == Format::Parquet && to_screen && std::io::stdout().is_terminal() {
        bail!("файл Parquet в окне не показать: укажите файл, например -o facts.parquet");
    }
    Ok(format)
}
