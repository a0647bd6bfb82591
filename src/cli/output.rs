//! Where results go: standard output, or a file that appears whole or not at all.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, anyhow};
use tempfile::NamedTempFile;

use super::interrupt;

/// Columns where there is no terminal to ask.
const WIDTH: u16 = 100;

/// Narrower than this a table cannot be.
const NARROWEST: u16 = 40;

/// Says something on standard error, where it can be said.
pub fn say(text: std::fmt::Arguments<'_>) {
    let _ = io::stderr().lock().write_fmt(text);
}

/// Writes a result.
///
/// # Errors
/// The file cannot be written; a closed pipe (see [`is_closed_pipe`]).
pub fn write(bytes: &[u8], file: Option<&Path>) -> anyhow::Result<()> {
    write_by(file, |out| Ok(out.write_all(bytes)?))
}

/// Writes a result piece by piece; a file appears whole or not at all.
///
/// # Errors
/// What the writer says; the file cannot be written; a closed pipe (see [`is_closed_pipe`]).
pub fn write_by(
    file: Option<&Path>,
    write: impl FnOnce(&mut (dyn Write + Send)) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let path = file.filter(|path| path.as_os_str() != "-");
    let Some(path) = path else {
        // A writer that is handed on must not hold the lock of its thread.
        let mut out = BufWriter::new(io::stdout());
        write(&mut out)?;
        return Ok(out.flush()?);
    };
    match stage(path, write)? {
        Some(staged) => finish(vec![staged]),
        None => Ok(()),
    }
}

/// Writes results each into its own file of a folder, which is made where it is not there: all of
/// them appear, or none.
///
/// # Errors
/// The folder cannot be made, or a file cannot be written.
pub fn write_folder(folder: &Path, results: &[(Vec<u8>, PathBuf)]) -> anyhow::Result<()> {
    interrupt::hold()
        .create_folder(folder)
        .with_context(|| format!("не удалось создать папку «{}»", folder.display()))?;
    let staged = results
        .iter()
        .map(|(bytes, path)| stage(path, |out| Ok(out.write_all(bytes)?)));
    let staged: Vec<Option<Staged>> = staged.collect::<anyhow::Result<_>>()?;
    finish(staged.into_iter().flatten().collect())
}

/// A file that is whole, and where it is to appear.
struct Staged {
    partial: NamedTempFile,
    target: PathBuf,
    place: String,
}

/// Writes a file beside where it is to appear; `None`: it was a device, and is written to.
fn stage(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> anyhow::Result<()>,
) -> anyhow::Result<Option<Staged>> {
    let place = || format!("не удалось записать «{}»", path.display());
    // A link leads to the file that is meant.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let existing = std::fs::metadata(&target).ok();
    if existing.as_ref().is_some_and(|known| !known.is_file()) {
        // A device or a pipe is written to, never replaced.
        let mut out = std::fs::OpenOptions::new();
        let mut out = BufWriter::new(out.write(true).open(&target).with_context(place)?);
        write(&mut out).with_context(place)?;
        out.flush().with_context(place)?;
        return Ok(None);
    }
    let mut partial = partial(folder_of(&target)).with_context(place)?;
    let mut out = BufWriter::new(partial.as_file_mut());
    write(&mut out).with_context(place)?;
    out.flush().with_context(place)?;
    drop(out);
    if let Some(known) = existing {
        partial
            .as_file()
            .set_permissions(known.permissions())
            .with_context(place)?;
    }
    partial.as_file().sync_all().with_context(place)?;
    Ok(Some(Staged {
        partial,
        target,
        place: place(),
    }))
}

/// Lets files appear where they belong.
fn finish(staged: Vec<Staged>) -> anyhow::Result<()> {
    let mut unfinished = interrupt::hold();
    for Staged {
        partial,
        target,
        place,
    } in staged
    {
        let persisted = partial.persist(&target);
        persisted.map_err(|error| error.error).context(place)?;
    }
    unfinished.finish();
    Ok(())
}

/// Writes a file that is not there yet.
///
/// # Errors
/// It is there, or cannot be written.
pub fn create(bytes: &[u8], path: &Path) -> anyhow::Result<()> {
    let place = || format!("не удалось записать «{}»", path.display());
    let there = || anyhow!("файл «{}» уже есть: назовите другой", path.display());
    if path.symlink_metadata().is_ok() {
        return Err(there());
    }
    let mut partial = partial(folder_of(path)).with_context(place)?;
    partial.write_all(bytes).with_context(place)?;
    partial.as_file().sync_all().with_context(place)?;
    let mut unfinished = interrupt::hold();
    match partial.persist_noclobber(path) {
        Ok(_) => {
            unfinished.finish();
            Ok(())
        }
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => Err(there()),
        Err(failed) => Err(failed.error).with_context(place),
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A file that nobody sees until it is whole.
fn partial(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".aleysk-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any program's files; the user's mask takes away what it takes away.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut unfinished = interrupt::hold();
    let partial = builder.tempfile_in(folder)?;
    unfinished.file(partial.path());
    Ok(partial)
}

/// JSON as it is written: indented, with a line end.
pub fn pretty(value: &serde_json::Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Writes JSON piece by piece, as [`pretty`] does.
///
/// # Errors
/// As [`write_by`].
pub fn write_json(value: &impl serde::Serialize, file: Option<&Path>) -> anyhow::Result<()> {
    write_by(file, |out| {
        // An error of the writer stays one: a closed pipe is told by it.
        serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
        Ok(out.write_all(b"\n")?)
    })
}

/// Whether the reader of our output has gone: no fault of anybody's.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Whether to colour what goes to a stream.
pub fn colour(choice: ColorChoice, stream: &impl anstream::stream::RawStream) -> bool {
    let choice = match choice {
        ColorChoice::Auto => AutoStream::choice(stream),
        other => other,
    };
    !matches!(choice, ColorChoice::Never)
}

/// The columns to fit a text into.
pub fn width() -> u16 {
    let asked = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse::<u16>().ok());
    let terminal = || {
        io::stdout()
            .is_terminal()
            .then(terminal_size::terminal_size)
            .flatten()
            .map(|(width, _)| width.0)
    };
    terminal().or(asked).unwrap_or(WIDTH).max(NARROWEST)
}
