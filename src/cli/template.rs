//! `aleysk template`: a blank report for those that owe it.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use clap_complete::ArgValueCandidates;

use super::common::{self, Data};
use super::{COULD_NOT_RUN, complete, output};
use crate::document::blank;
use crate::model::Plan;
use crate::model::form::Form;
use crate::model::name::{self, printable};
use crate::model::organisation::Register;
use crate::model::period::{Period, Stated};
use crate::render;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Id формы, например kindergarten (все формы: aleysk show forms)
    #[arg(value_name = "ФОРМА", help_heading = "Форма", add = ArgValueCandidates::new(complete::forms))]
    form: Option<String>,

    /// Период отчёта: 2025-12, «декабрь 2025», 2025-Q4 (иначе его вписывают в столбец «Период»)
    #[arg(long, value_name = "ПЕРИОД", value_parser = common::parse_stated, help_heading = "Что написать")]
    period: Option<Stated>,

    /// Только эта организация и те, что в неё входят
    #[arg(long, value_name = "ОРГАНИЗАЦИЯ", help_heading = "Что написать", add = ArgValueCandidates::new(complete::organisations))]
    of: Option<String>,

    /// Формат: csv, xlsx (иначе по окончанию файла -o; без него csv)
    #[arg(
        long,
        value_name = "ФОРМАТ",
        hide_possible_values = true,
        help_heading = "Куда и как"
    )]
    format: Option<Format>,

    /// Записать в файл: .csv или .xlsx
    #[arg(short, long, value_name = "ФАЙЛ", help_heading = "Куда и как")]
    output: Option<PathBuf>,

    #[command(flatten)]
    data: Data,
}

/// What a blank report is written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    Csv,
    Xlsx,
}

/// Runs the command; gives the exit status.
///
/// # Errors
/// There is no such form, nobody owes it, or the result cannot be written.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let Some(opened) = args.data.open()? else {
        return Ok(COULD_NOT_RUN);
    };
    let plan = &opened.loaded.plan;
    let format = format(args.format, args.output.as_deref())?;
    let form = find_form(plan, args.form.as_deref())?;
    let period = args
        .period
        .map(|stated| period_of(&plan.forms[form], stated))
        .transpose()?;
    let of = args
        .of
        .as_deref()
        .map(|text| common::find_organisation(&plan.register, text))
        .transpose()?;
    let organisations = blank::owing(&plan.register, &plan.forms[form], period, of);
    if plan.register.declared && organisations.is_empty() {
        bail!("{}", nobody(&plan.forms[form], period, args.of.as_deref()));
    }
    let blank = blank::blank(plan, form, period, &organisations);
    let bytes = match format {
        Format::Csv => render::csv::blank(&blank).into_bytes(),
        Format::Xlsx => render::xlsx::blank(&blank).context(
            "книга Excel не получилась; возьмите CSV (-o файл.csv) или часть организаций (--of)",
        )?,
    };
    output::write(&bytes, args.output.as_deref())?;
    args.data
        .remarks(&opened.diagnostics, &opened.sources, false);
    if !args.data.quiet {
        say_what_is_left(&plan.register, &organisations, period.is_some(), format);
    }
    Ok(0)
}

/// The format asked for: outright, by the ending of the file to be written, or CSV.
fn format(asked: Option<Format>, file: Option<&Path>) -> anyhow::Result<Format> {
    let ending = file.and_then(Path::extension).map(|e| e.to_string_lossy());
    let format = match (asked, ending) {
        (Some(format), _) => format,
        (None, None) => Format::Csv,
        (None, Some(ending)) if ending.eq_ignore_ascii_case("csv") => Format::Csv,
        (None, Some(ending)) if ending.eq_ignore_ascii_case("xlsx") => Format::Xlsx,
        (None, Some(ending)) => bail!(
            "по окончанию «.{ending}» формат непонятен: назовите файл .csv или .xlsx либо укажите \
             --format"
        ),
    };
    let to_screen = file.is_none_or(|file| file.as_os_str() == "-");
    if format == Format::Xlsx && to_screen && std::io::stdout().is_terminal() {
        bail!("книгу Excel в окне не показать: укажите файл, например -o бланк.xlsx");
    }
    Ok(format)
}

fn find_form(plan: &Plan, id: Option<&str>) -> anyhow::Result<usize> {
    let known = || {
        let forms = plan.forms.iter();
        let forms: Vec<String> = forms.map(|f| format!("{} ({})", f.id, f.title)).collect();
        forms.join(", ")
    };
    let Some(id) = id else {
        bail!("не указана форма; есть {}", known());
    };
    if let Some(form) = plan.form(id) {
        return Ok(form);
    }
    match name::nearest(id, plan.forms.iter().map(|form| form.id.as_str())) {
        Some(near) => bail!("нет формы «{id}»; возможно, «{near}»"),
        None => bail!("нет формы «{id}»; есть {}", known()),
    }
}

/// The period as the form has it.
fn period_of(form: &Form, stated: Stated) -> anyhow::Result<Period> {
    if let Some(period) = stated.resolve(form.every)
        && period.every() == form.every
    {
        return Ok(period);
    }
    let day = match stated {
        Stated::Period(period) | Stated::BareYear(period) => period.end(),
        Stated::AsOf(day) | Stated::Through(day) => day,
    };
    bail!(
        "форму «{}» сдают {}: укажите {}, например --period {}",
        form.id,
        form.every.title(),
        form.every.noun(),
        Period::containing(form.every, day)
    )
}

fn nobody(form: &Form, period: Option<Period>, of: Option<&str>) -> String {
    let when = period.map_or_else(String::new, |period| format!(" за {}", period.title()));
    let who = match of {
        Some(of) => format!("не сдаёт ни «{of}», ни те, что ниже"),
        None => "никто не сдаёт".to_owned(),
    };
    format!(
        "форму «{}»{when} {who}; проверьте вид организаций и дни открытия и закрытия: aleysk show \
         organisations",
        form.id
    )
}

/// What the one who fills it in has to know, and nothing in the blank says.
fn say_what_is_left(register: &Register, organisations: &[u32], period: bool, format: Format) {
    const SHOWN: usize = 5;
    if !period {
        eprintln!(
            "Период не указан: его вписывают в столбец «Период»; иначе повторите команду с --period"
        );
        let all = organisations.iter();
        let all = all.map(|&index| &register.organisations[index as usize]);
        let dated = all.filter(|one| one.opened.is_some() || one.closed.is_some());
        let mut dated = dated.map(|one| printable(one.title()));
        let shown: Vec<String> = dated.by_ref().take(SHOWN).collect();
        if !shown.is_empty() {
            let more = if dated.next().is_some() { ", …" } else { "" };
            eprintln!(
                "В бланке есть и те, у кого записан день открытия или закрытия: {}{more}",
                shown.join(", ")
            );
        }
    }
    if !register.declared {
        let what = match format {
            Format::Csv => "в бланке только шапка",
            Format::Xlsx => "строки бланка пустые",
        };
        eprintln!("Реестра организаций нет: {what}, организации впишите сами");
    }
}
