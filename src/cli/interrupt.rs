//! Ctrl-C and requests to end: what is half-written goes, the terminal's line is wiped, and the
//! process ends with the status that shells know for it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// 128 and the number of the signal that Ctrl-C sends, as shells count.
const INTERRUPTED: i32 = 130;

/// What an interruption must not leave behind. Whoever changes any of it holds the lock, so that
/// nothing appears between the wiping and the end.
#[derive(Default)]
pub struct Unfinished {
    /// Files that are not whole yet.
    files: Vec<PathBuf>,
    /// Folders made for them, the innermost first.
    folders: Vec<PathBuf>,
    /// Columns of the line that stands on the terminal.
    columns: usize,
}

static UNFINISHED: Mutex<Unfinished> = Mutex::new(Unfinished {
    files: Vec::new(),
    folders: Vec::new(),
    columns: 0,
});

/// Looks after what is unfinished; while it is held no interruption takes place.
pub fn hold() -> MutexGuard<'static, Unfinished> {
    static LISTENING: Once = Once::new();
    // Only now: whoever writes nothing needs no thread that waits for signals. Where somebody wants
    // a signal ignored (nohup), it stays so.
    LISTENING.call_once(|| drop(ctrlc::try_set_handler(end)));
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Unfinished {
    /// A file is being written.
    pub fn file(&mut self, path: &Path) {
        self.files.push(path.to_owned());
    }

    /// Makes a folder and those above it.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create_folder(&mut self, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors().take_while(|one| !one.exists());
        self.folders.extend(missing.map(Path::to_owned));
        std::fs::create_dir_all(folder)
    }

    /// Everything is whole.
    pub fn finish(&mut self) {
        self.files.clear();
        self.folders.clear();
    }

    /// So many columns of the terminal's line are written on.
    pub fn drawn(&mut self, columns: usize) {
        self.columns = columns;
    }
}

fn end() {
    let unfinished = hold();
    for file in &unfinished.files {
        let _ = std::fs::remove_file(file);
    }
    // A folder that somebody has put something into stays.
    for folder in &unfinished.folders {
        let _ = std::fs::remove_dir(folder);
    }
    if unfinished.columns > 0 {
        let mut terminal = io::stderr();
        let _ = write!(terminal, "\r{}\r", " ".repeat(unfinished.columns));
        let _ = terminal.flush();
    }
    std::process::exit(INTERRUPTED);
}
