//! What several commands share: the data folder, formats, remarks.

use std::path::{Path, PathBuf};

use anstream::ColorChoice;
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use clap_complete::ArgValueCandidates;

use super::{ERRORS, FAILED_ON, complete, output};
use crate::assess::verdict::Status;
use crate::assess::{Assessment, By};
use crate::diagnostic::Diagnostics;
use crate::document::Document;
use crate::model::name;
use crate::model::organisation::{Found, Register};
use crate::model::period::{self, Period, Stated};
use crate::model::resolution::Resolution;
use crate::read::plan::{DataFolder, Loaded, load};
use crate::render;
use crate::source::{Encoding, Sources};

/// Options of every command that needs the data folder.
#[derive(Args, Debug)]
pub struct Data {
    /// Папка с описанием целей, показателей, форм и организаций (иначе: ALEYSK_DATA, ./data,
    /// встроенная)
    #[arg(
        long,
        value_name = "ПАПКА",
        help_heading = "Общие параметры",
        hide_env = true
    )]
    data: Option<PathBuf>,

    /// Цвет: auto, always или never
    #[arg(
        long,
        value_name = "КОГДА",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Общие параметры"
    )]
    color: Colour,

    /// Без замечаний
    #[arg(short, long, help_heading = "Общие параметры")]
    pub quiet: bool,
}

/// What is asked of the reports.
#[derive(Args, Debug)]
pub struct Scope {
    /// Резолюция (иначе новейшая принятая)
    #[arg(long, value_name = "ID", help_heading = "Что показать", add = ArgValueCandidates::new(complete::resolutions))]
    pub resolution: Option<String>,

    /// Период: 2025-12, 2025-Q4, 2025-H2, 2025, 2025/26 (иначе новейший в отчётах)
    #[arg(long, value_name = "ПЕРИОД", value_parser = parse_period, help_heading = "Что показать")]
    pub period: Option<Period>,

    /// Только эта организация и те, что в неё входят
    #[arg(long, value_name = "ОРГАНИЗАЦИЯ", help_heading = "Что показать", add = ArgValueCandidates::new(complete::organisations))]
    pub of: Option<String>,
}

/// Where a result goes and as what, for commands whose results are documents.
#[derive(Args, Debug)]
pub struct Output {
    /// Формат: table, json, csv, markdown, html (иначе по окончанию файла -o)
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
}

impl Output {
    /// The format asked for.
    ///
    /// # Errors
    /// See [`format`].
    pub fn format(&self) -> anyhow::Result<Format> {
        format(self.format, self.file())
    }

    /// The file to be written.
    pub fn file(&self) -> Option<&Path> {
        self.output.as_deref()
    }
}

/// What `--by` takes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Breakdown {
    #[value(alias = "organization")]
    /// A row an organisation.
    Organisation,
    /// A row a kind.
    Kind,
    /// A row a territory.
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

/// Statuses that a script wants to be told of.
#[derive(Args, Debug)]
pub struct FailOn {
    /// Код возврата 3, если есть: missed (не достигнуто), behind (под угрозой), provisional
    /// (предварительно)
    #[arg(
        long,
        value_name = "СТАТУС",
        value_delimiter = ',',
        hide_possible_values = true,
        help_heading = "Куда и как"
    )]
    fail_on: Vec<Failure>,
}

/// What `--fail-on` takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Failure {
    Missed,
    Behind,
    Provisional,
}

impl FailOn {
    /// The exit status of a command that has done its work.
    pub fn exit(&self, diagnostics: &Diagnostics, assessment: &Assessment) -> u8 {
        if diagnostics.has_errors() {
            return ERRORS;
        }
        let occurred = |wanted: &Failure| {
            assessment.rows.iter().any(|row| match wanted {
                Failure::Missed => row.verdict.status == Status::Missed,
                Failure::Behind => row.verdict.status == Status::Behind,
                Failure::Provisional => row.is_provisional(),
            })
        };
        match self.fail_on.iter().any(occurred) {
            true => FAILED_ON,
            false => 0,
        }
    }
}

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Colour {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A result's format.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// For a terminal.
    Table,
    /// For scripts.
    Json,
    /// For spreadsheets.
    Csv,
    /// For documents.
    #[value(alias = "md")]
    Markdown,
    /// For browsers and printers.
    Html,
}

/// The format asked for: outright, by the ending of the file to be written, or a table.
///
/// # Errors
/// An ending that no format has: a table in a file called `.xlsx` would be no use to anybody.
pub fn format(asked: Option<Format>, file: Option<&Path>) -> anyhow::Result<Format> {
    let Some(path) = file.filter(|_| asked.is_none()) else {
        return Ok(asked.unwrap_or(Format::Table));
    };
    match (Format::of_file(path), path.extension()) {
        (Some(format), _) => Ok(format),
        (None, None) => Ok(Format::Table),
        (None, Some(ending)) => bail!(
            "по окончанию «.{}» формат непонятен: назовите файл .txt, .json, .csv, .md или .html \
             либо укажите --format",
            ending.to_string_lossy()
        ),
    }
}

impl Format {
    /// The format that a file's ending asks for.
    fn of_file(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "json" => Some(Format::Json),
            "csv" => Some(Format::Csv),
            "md" | "markdown" => Some(Format::Markdown),
            "html" | "htm" => Some(Format::Html),
            "txt" => Some(Format::Table),
            _ => None,
        }
    }
}

/// The data folder as read, and everything said while reading it.
pub struct Opened {
    /// What it holds.
    pub loaded: Loaded,
    /// `built-in` or its path.
    pub label: String,
    /// The files read.
    pub sources: Sources,
    /// Remarks so far.
    pub diagnostics: Diagnostics,
}

impl Data {
    /// Reads the data folder; `None`: it is faulty, and the faults have been shown.
    ///
    /// # Errors
    /// It cannot be read at all.
    pub fn open(&self) -> anyhow::Result<Option<Opened>> {
        let folder = DataFolder::find(self.data.clone());
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let loaded = load(&folder, &mut sources, &mut diagnostics)?;
        let label = folder.label();
        match loaded {
            Some(loaded) => Ok(Some(Opened {
                loaded,
                label,
                sources,
                diagnostics,
            })),
            None => {
                self.remarks(&diagnostics, &sources, true);
                eprintln!(
                    "Описание целей и форм ({}) с ошибками: исправьте их и повторите",
                    if label == "built-in" {
                        "встроенное"
                    } else {
                        &label
                    }
                );
                Ok(None)
            }
        }
    }

    /// A document in a format for people; `all_tables`: in CSV too, which is one table otherwise.
    pub fn rendered(
        &self,
        document: &Document,
        format: Format,
        file: Option<&Path>,
        all_tables: bool,
    ) -> String {
        match format {
            Format::Csv if all_tables => render::csv::render_all(document),
            Format::Csv => render::csv::render(document),
            Format::Markdown => render::markdown::render(document),
            Format::Html => render::html::render(document),
            Format::Table | Format::Json => render::text::render(
                document,
                render::text::Options {
                    width: output::width(),
                    colour: file.is_none() && output::colour(self.choice(), &std::io::stdout()),
                },
            ),
        }
    }

    fn choice(&self) -> ColorChoice {
        match self.color {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        }
    }

    /// Whether the user wants no remarks.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Shows remarks on standard error; `always` also where the user wants none.
    pub fn remarks(&self, diagnostics: &Diagnostics, sources: &Sources, always: bool) {
        if diagnostics.is_empty() || (self.quiet && !always) {
            return;
        }
        let colour = output::colour(self.choice(), &std::io::stderr());
        let text = render::diagnostics::render(diagnostics, sources, colour, output::width());
        let mut shown = String::from("\n");
        shown.push_str(&text);
        if let Some(summary) = render::diagnostics::summary(diagnostics) {
            shown.push_str(&format!("Замечания: {summary}\n"));
        }
        // Nobody left to read remarks: nothing to be done about it.
        let _ = std::io::Write::write_all(&mut std::io::stderr().lock(), shown.as_bytes());
    }
}

/// The resolution that `--resolution` names, or the newest adopted.
///
/// # Errors
/// There is none.
pub fn find_resolution<'a>(opened: &'a Opened, id: Option<&str>) -> anyhow::Result<&'a Resolution> {
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

/// The organisation that `--of` names.
///
/// # Errors
/// There is none, or there are several.
pub fn find_organisation(register: &Register, text: &str) -> anyhow::Result<u32> {
    match register.find(text) {
        Some(Found::One(index)) => Ok(index),
        Some(Found::Several(all)) => {
            let ids: Vec<&str> = all
                .iter()
                .map(|index| &*register.organisations[*index as usize].id)
                .collect();
            bail!("«{text}» — это несколько организаций: {}", ids.join(", "))
        }
        None => match name::nearest(text, register.names()) {
            Some(near) => bail!("нет организации «{text}»; возможно, «{near}»"),
            None => bail!("нет организации «{text}»; все: aleysk show organisations"),
        },
    }
}

/// Reads `--period` as an id or as people write it.
pub fn parse_period(text: &str) -> Result<Period, String> {
    match period::meant(text) {
        Some(period) => Ok(period),
        None => text.parse::<Period>().map_err(|error| error.to_string()),
    }
}

/// Reads `--report-period`: as in a report.
pub fn parse_stated(text: &str) -> Result<Stated, String> {
    period::read(text).ok_or_else(|| {
        text.parse::<Period>()
            .err()
            .map_or_else(String::new, |error| error.to_string())
    })
}

/// Reads `--top`.
pub fn parse_top(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err(format!(
            "«{text}» — не число строк: укажите целое от 1, например --top 10"
        )),
        Ok(top) => Ok(top),
    }
}

/// Reads `--delimiter`: a character, or `tab`.
pub fn parse_delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [one] if one.is_ascii() && !matches!(one, b'"' | b'\n' | b'\r') => Ok(*one),
        b"tab" | b"\\t" => Ok(b'\t'),
        _ => Err(format!(
            "«{text}» не разделитель: укажите один знак или tab"
        )),
    }
}

/// Reads `--encoding`.
pub fn parse_encoding(text: &str) -> Result<Encoding, String> {
    Encoding::from_id(text).ok_or_else(|| {
        let known: Vec<&str> = Encoding::ALL.iter().map(|encoding| encoding.id()).collect();
        format!("неизвестная кодировка «{text}»; есть {}", known.join(", "))
    })
}
