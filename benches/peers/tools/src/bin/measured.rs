//! Runs a command and says what it took.
//!
//!     measured OUT COMMAND ARGUMENT…
//!
//! Writes wall and processor seconds and the peak of memory, of the command and all that it waited
//! for, as JSON into OUT, and ends as the command did. A process inherits the peak of whoever started
//! it, so whoever measures small programs has to be small.

use std::error::Error;
use std::process::{Command, ExitCode};
use std::time::Instant;

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde_json::json;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(out), Some(program)) = (arguments.next(), arguments.next()) else {
        return Err("measured OUT COMMAND ARGUMENT…".into());
    };
    let began = Instant::now();
    let status = Command::new(program).args(arguments).status()?;
    let wall = began.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let took = json!({
        "wall": wall.as_secs_f64(),
        "cpu": seconds(&usage),
        "peak": peak(&usage),
    });
    std::fs::write(out, took.to_string())?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(u8::MAX)))
}

/// Of the processor, for the program and for the system on its behalf.
fn seconds(usage: &Usage) -> f64 {
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    microseconds as f64 / 1e6
}

/// In MiB; Linux tells KiB, macOS bytes.
fn peak(usage: &Usage) -> f64 {
    let unit = if cfg!(target_os = "macos") {
        1.0
    } else {
        1024.0
    };
    usage.max_rss() as f64 * unit / f64::from(1 << 20)
}
