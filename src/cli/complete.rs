//! What the shell offers where a command takes an id: read from the data folder as it is now.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap_complete::CompletionCandidate;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::pages::PAGES;
use crate::model::Plan;
use crate::read::plan::schema::FILES;
use crate::read::plan::{DataFolder, load};
use crate::source::Sources;

/// The resolutions.
pub fn resolutions() -> Vec<CompletionCandidate> {
    with_plan(|plan| {
        let all = plan.resolutions.iter();
        all.map(|one| candidate(&one.id, &one.title)).collect()
    })
}

/// The forms.
pub fn forms() -> Vec<CompletionCandidate> {
    with_plan(|plan| {
        let all = plan.forms.iter();
        all.map(|one| candidate(&one.id, &one.title)).collect()
    })
}

/// The indicators.
pub fn indicators() -> Vec<CompletionCandidate> {
    with_plan(|plan| {
        let all = plan.indicators.iter();
        all.map(|one| candidate(&one.id, &one.name)).collect()
    })
}

/// The organisations.
pub fn organisations() -> Vec<CompletionCandidate> {
    with_plan(|plan| {
        let all = plan.register.organisations.iter();
        all.map(|one| candidate(&one.id, one.title())).collect()
    })
}

/// Whatever `show` shows; the proposals of a resolution once its «/» is there.
pub fn shown(begun: &OsStr) -> Vec<CompletionCandidate> {
    or_proposals(begun, ids)
}

/// Whatever `explain` explains; the proposals of a resolution once its «/» is there.
pub fn explained(begun: &OsStr) -> Vec<CompletionCandidate> {
    let pages = || {
        let pages = PAGES.iter();
        pages.map(|page| candidate(page.code.id(), page.title))
    };
    or_proposals(begun, || indicators().into_iter().chain(pages()).collect())
}

fn or_proposals(
    begun: &OsStr,
    others: impl Fn() -> Vec<CompletionCandidate>,
) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    let mut all = match begun.contains('/') {
        true => proposals(),
        false => others(),
    };
    all.retain(|one| one.get_value().to_string_lossy().starts_with(&*begun));
    all
}

fn ids() -> Vec<CompletionCandidate> {
    let lists = [
        ("resolutions", "все резолюции"),
        ("indicators", "все показатели"),
        ("forms", "все формы"),
        ("organisations", "все организации"),
    ];
    let mut all: Vec<_> = lists.map(|(id, title)| candidate(id, title)).into();
    all.extend(resolutions());
    all.extend(indicators());
    all.extend(forms());
    all
}

/// `2025/11`.
fn proposals() -> Vec<CompletionCandidate> {
    with_plan(|plan| {
        let all = plan.resolutions.iter().flat_map(|resolution| {
            let proposals = resolution.proposals.iter();
            proposals.map(|one| candidate(&format!("{}/{}", resolution.id, one.number), &one.topic))
        });
        all.collect()
    })
}

/// The data files that have a schema.
pub fn schemas() -> Vec<CompletionCandidate> {
    let all = FILES.iter();
    all.map(|file| candidate(file.name, file.table.title))
        .collect()
}

/// In the order in which the data folder has them, each with its name on one line.
fn candidate(id: &str, title: &str) -> CompletionCandidate {
    let title: Vec<&str> = title.split_whitespace().collect();
    CompletionCandidate::new(id).help(Some(title.join(" ").into()))
}

/// Of the data folder that the command line names so far; nothing where it is faulty.
fn with_plan(of: impl Fn(&Plan) -> Vec<CompletionCandidate>) -> Vec<CompletionCandidate> {
    let folder = DataFolder::find(named_folder(std::env::args_os()));
    let loaded = load(
        &folder,
        &mut Sources::default(),
        &mut Diagnostics::default(),
    );
    match loaded {
        Ok(Some(loaded)) => of(&loaded.plan),
        _ => Vec::new(),
    }
}

/// The folder behind `--data`.
fn named_folder(arguments: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let mut arguments = arguments.skip_while(|argument| {
        argument != "--data" && !argument.to_string_lossy().starts_with("--data=")
    });
    let flag = arguments.next()?;
    match flag.to_str().and_then(|flag| flag.strip_prefix("--data=")) {
        Some(folder) => Some(folder.into()),
        None => arguments.next().map(PathBuf::from),
    }
}
