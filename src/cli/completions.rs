//! `aleysk completions`: what makes a shell complete commands, options and ids.
//!
//! The script asks the program itself at each press of Tab (the engine of `clap_complete`), so that
//! ids come from the data folder as it is then. A script with everything written out knows no ids.

use clap::ValueEnum;
use clap_complete::env::{Bash, EnvCompleter, Fish, Powershell, Zsh};

use super::output;

/// The variable by which the script tells the program that it is asked to complete.
pub const VARIABLE: &str = "ALEYSK_COMPLETE";

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Оболочка: bash, zsh, fish, powershell
    #[arg(
        value_name = "ОБОЛОЧКА",
        hide_possible_values = true,
        help_heading = "Оболочка"
    )]
    shell: Shell,
}

/// Where completions work.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

/// What the script for bash lacks: it asks the program that is being typed, be it in no folder of
/// PATH, and says nothing where there is none; and it has names of files escaped.
const BASH: [(&str, &str); 2] = [
    (
        "\"aleysk\" -- \"${words[@]}\"",
        "\"${words[0]}\" -- \"${words[@]}\" 2> /dev/null",
    ),
    (
        "        compopt -o nospace\n    fi\n",
        "        compopt -o nospace\n    fi\n    if [[ -e \"${COMPREPLY-}\" ]]; then\n        \
         compopt -o filenames 2> /dev/null\n    fi\n",
    ),
];

/// Runs the command; gives the exit status.
///
/// # Errors
/// The script cannot be written.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let completer: &dyn EnvCompleter = match args.shell {
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
        Shell::Powershell => &Powershell,
    };
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "aleysk", "aleysk", "aleysk", &mut script)?;
    let mut script = String::from_utf8(script)?;
    if matches!(args.shell, Shell::Bash) {
        for (from, to) in BASH {
            script = script.replacen(from, to, 1);
        }
    }
    output::write(script.trim_start().as_bytes(), None)?;
    Ok(0)
}
