//! Help and usage errors in Russian: the argument parser's own texts are English.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

/// The shape of every help page.
pub const TEMPLATE: &str = "\
{before-help}{about-with-newline}
Использование: {usage}

{all-args}{after-help}";

/// Prints help, version, or what is wrong with the arguments; gives the exit status.
pub fn report(error: &Error, command: &Command) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            0
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            let _ = error.print();
            2
        }
        _ => {
            eprintln!("ошибка: {}", message(error));
            if let Some(hint) = hint(error) {
                eprintln!("{hint}");
            }
            let name = command.get_name();
            let asked = std::env::args().nth(1);
            let known = command
                .get_subcommands()
                .find(|own| Some(own.get_name()) == asked.as_deref());
            match known {
                Some(own) => eprintln!("\nСправка: {name} {} --help", own.get_name()),
                None => eprintln!("\nСправка: {name} --help"),
            }
            2
        }
    }
}

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}

fn message(error: &Error) -> String {
    let argument = text(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => format!("неизвестный параметр «{argument}»"),
        ErrorKind::InvalidSubcommand => {
            let name = text(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("неизвестная команда «{name}»")
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("у параметра «{argument}» нет значения")
        }
        ErrorKind::InvalidValue => {
            format!("значение «{value}» не подходит параметру «{argument}»")
        }
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(source) => format!("параметр «{argument}»: {source}"),
            None => format!("значение «{value}» не подходит параметру «{argument}»"),
        },
        ErrorKind::MissingRequiredArgument => format!("не указано: {argument}"),
        ErrorKind::ArgumentConflict => {
            let other = text(error, ContextKind::PriorArg).unwrap_or_default();
            if other.is_empty() || other == argument {
                format!("параметр «{argument}» указан дважды")
            } else {
                format!("параметры «{argument}» и «{other}» нельзя указать вместе")
            }
        }
        ErrorKind::InvalidUtf8 => "параметр записан не в UTF-8".into(),
        ErrorKind::TooManyValues => format!("лишнее значение «{value}» у параметра «{argument}»"),
        _ => "параметры командной строки не разобраны".into(),
    }
}

fn hint(error: &Error) -> Option<String> {
    for kind in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ] {
        // The likest is the last.
        let meant = match error.get(kind) {
            Some(ContextValue::Strings(likely)) => likely.last().cloned(),
            _ => text(error, kind),
        };
        if let Some(meant) = meant.filter(|meant| !meant.is_empty()) {
            return Some(format!("возможно, имелось в виду: {meant}"));
        }
    }
    text(error, ContextKind::ValidValue)
        .filter(|values| !values.is_empty())
        .map(|values| format!("можно указать: {values}"))
}
