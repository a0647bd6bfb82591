//! `aleysk`: parse, run, exit code.

fn main() -> std::process::ExitCode {
    aleysk::cli::main()
}
