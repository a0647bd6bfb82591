//! The reports that a command reads, and how.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;

use super::common::{self, Opened};
use super::waiting;
use crate::model::period::{Period, Stated};
use crate::read::crew::Threads;
use crate::read::inputs::{self, Inputs};
use crate::read::meter::{self, Meter};
use crate::read::report::{self, Options, Reading};
use crate::source::Encoding;
use crate::tally::Keep;

/// The folder of reports, where no path is given.
pub const FOLDER: &str = "reports";

/// How a file is to be read, where it does not tell.
#[derive(Args, Debug)]
pub struct Hints {
    /// Период отчётов, в которых он не указан
    #[arg(long, value_name = "ПЕРИОД", value_parser = common::parse_stated, help_heading = "Что читать")]
    pub report_period: Option<Stated>,

    /// Кодировка отчётов: utf-8, utf-16le, utf-16be, windows-1251, ibm866, koi8-r, x-mac-cyrillic
    /// (иначе определяется)
    #[arg(long, value_name = "КОДИРОВКА", value_parser = common::parse_encoding, help_heading = "Что читать")]
    pub encoding: Option<Encoding>,

    /// Разделитель ячеек: знак или tab (иначе определяется)
    #[arg(long, value_name = "ЗНАК", value_parser = common::parse_delimiter, help_heading = "Что читать")]
    pub delimiter: Option<u8>,

    /// Сколько потоков читают большой файл (иначе по числу процессоров)
    #[arg(long, value_name = "N", hide = true)]
    pub threads: Option<NonZeroUsize>,
}

impl Hints {
    /// As the reader takes them; every period is kept.
    pub fn options(&self) -> Options {
        Options {
            encoding: self.encoding,
            delimiter: self.delimiter,
            report_period: self.report_period,
            keep: Keep::All,
            inspecting: false,
            meter: Meter::default(),
            threads: self.threads.map_or_else(Threads::all, Threads::of),
        }
    }
}

/// Options of every command that reads reports.
#[derive(Args, Debug)]
pub struct Reports {
    /// Файл, отчёты которого заменяют другие за то же время; можно назвать несколько раз
    #[arg(long, value_name = "ФАЙЛ", help_heading = "Что читать")]
    supersede: Vec<PathBuf>,

    #[command(flatten)]
    hints: Hints,
}

impl Reports {
    /// Reads the reports named, else those of the usual folder; `None`: none are named, and there is
    /// no such folder. `period`: the one asked for; `output`: where the result will go.
    ///
    /// # Errors
    /// There is no such file, or the result would be written over a report.
    pub fn read(
        &self,
        named: &[PathBuf],
        period: Option<Period>,
        output: Option<&Path>,
        opened: &mut Opened,
    ) -> anyhow::Result<Option<Reading>> {
        let keep = Keep::Needed(period);
        let read = self.read_keeping(keep, named, output, opened)?;
        Ok(read.map(|(reading, _)| reading))
    }

    /// The same, with the files that were read; `keep`: which periods are wanted.
    ///
    /// # Errors
    /// There is no such file, or the result would be written over a report.
    pub fn read_keeping(
        &self,
        keep: Keep,
        named: &[PathBuf],
        output: Option<&Path>,
        opened: &mut Opened,
    ) -> anyhow::Result<Option<(Reading, Inputs)>> {
        let mut paths = named.to_vec();
        if paths.is_empty() && Path::new(FOLDER).exists() {
            paths.push(PathBuf::from(FOLDER));
        }
        if paths.is_empty() && self.supersede.is_empty() {
            return Ok(None);
        }
        let mut inputs = match paths.is_empty() {
            true => Inputs::default(),
            false => inputs::find(&paths)?,
        };
        inputs::supersede(&mut inputs, &self.supersede)?;
        refuse_to_overwrite(&inputs, output)?;
        let options = Options {
            keep,
            ..self.hints.options()
        };
        let Opened {
            loaded,
            sources,
            diagnostics,
            ..
        } = opened;
        let reading = waiting::watched(&options.meter, meter::total(&inputs), || {
            report::read(loaded, &inputs, &options, sources, diagnostics)
        });
        Ok(Some((reading, inputs)))
    }
}

/// Says that there is nothing to be read; `command`: how the user is to call it.
pub fn none(command: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "не указано, где отчёты, и папки ./{FOLDER} нет; укажите файлы или папку: aleysk {command} ПАПКА"
    )
}

/// Refuses a result that would be written over a report.
///
/// # Errors
/// It would be.
pub fn refuse_to_overwrite(inputs: &Inputs, output: Option<&Path>) -> anyhow::Result<()> {
    let Some(output) = output.and_then(|path| path.canonicalize().ok()) else {
        return Ok(());
    };
    let same = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path == output);
    let mut paths = inputs.files.iter().filter_map(|input| input.path.as_ref());
    if paths.any(same) {
        bail!("-o назван один из отчётов: результат записал бы поверх него; назовите другой файл");
    }
    Ok(())
}
