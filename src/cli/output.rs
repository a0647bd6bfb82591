//! Where results go: standard output, or a file that appears whole or not at all.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, anyhow};

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
    let Some(path) = file else {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        return Ok(out.flush()?);
    };
    if path.as_os_str() == "-" {
        return write(bytes, None);
    }
    let place = || format!("не удалось записать «{}»", path.display());
    // A link leads to the file that is meant.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let existing = std::fs::metadata(&target).ok();
    if existing.as_ref().is_some_and(|known| !known.is_file()) {
        // A device or a pipe is written to, never replaced.
        return std::fs::write(&target, bytes).with_context(place);
    }
    let folder = folder_of(&target);
    let mut partial = partial(folder).with_context(place)?;
    partial.write_all(bytes).with_context(place)?;
    if let Some(known) = existing {
        partial
            .as_file()
            .set_permissions(known.permissions())
            .with_context(place)?;
    }
    partial.as_file().sync_all().with_context(place)?;
    partial
        .persist(&target)
        .map_err(|error| error.error)
        .with_context(place)?;
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
    match partial.persist_noclobber(path) {
        Ok(_) => Ok(()),
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
fn partial(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".aleysk-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any program's files; the user's mask takes away what it takes away.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// JSON as it is written: indented, with a line end.
pub fn pretty(value: &serde_json::Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
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
