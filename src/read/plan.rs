//! The data folder as the model: every file read, every fault of every file reported in one run.
//!
//! [`schema`] declares which keys there are; `structure` holds the files against it; the other
//! modules read one noun each from what is there, check what it means, and go on after a fault.

mod convert;
mod csv;
mod document;
mod faults;
mod fields;
mod folder;
mod forms;
mod formulas;
mod indicators;
mod links;
mod names;
pub mod notes;
mod quote;
mod raw;
mod register;
mod resolutions;
mod rules;
pub mod schema;
mod slip;
mod structure;
mod syntax;
mod targets;
#[cfg(test)]
mod tests;
mod written;

use hashbrown::HashSet;

use document::Document;
use faults::Faults;
use forms::ReadForm;
use formulas::Scope;
use register::Completeness;
use resolutions::ReadResolution;

pub use convert::is_id;
pub use folder::{BUILT_IN, DataFolder};
use folder::{Contents, Files};

use crate::diagnostic::Diagnostics;
use crate::model::Plan;
use crate::model::organisation::Register;
use crate::source::{Content, FileId, Place, Sources};

/// What was read: the model, and where its parts stand, for messages.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Everything that reports are held against.
    pub plan: Plan,
    /// The `assert` of each rule: `[form][rule]`.
    pub rule_places: Vec<Vec<Place>>,
    /// The header of each field: `[form][field]`.
    pub field_places: Vec<Vec<Place>>,
    /// The id of each indicator.
    pub indicator_places: Vec<Place>,
    /// The quote of each target: `[resolution][proposal][target]`.
    pub target_places: Vec<Vec<Vec<Place>>>,
    /// The files that JSON is made of.
    pub raw: Raw,
    /// What is no fault, and worth knowing to whoever looks the folder over.
    pub advice: Diagnostics,
}

/// Files whose keys and values are read again where they are to be shown unchanged: key order kept,
/// numbers exactly as written. Resolutions have theirs in
/// [`crate::model::resolution::Resolution::raw`].
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// `indicators.toml`.
    indicators: Option<FileId>,
    /// The file that lists the organisations.
    organisations: Option<FileId>,
    /// `forms/*.toml`, in the order of [`Plan::forms`].
    forms: Vec<FileId>,
}

impl Loaded {
    /// The indicators as JSON, in the shape of `indicators.toml`.
    pub fn indicators(&self, sources: &Sources) -> serde_json::Value {
        let file = self.raw.indicators;
        file.map_or_else(Default::default, |file| raw::text(text(sources, file)))
    }

    /// The forms as JSON, in the shape of `forms/*.toml`.
    pub fn forms(&self, sources: &Sources) -> Vec<serde_json::Value> {
        let files = self.raw.forms.iter();
        files.map(|file| raw::text(text(sources, *file))).collect()
    }

    /// The register as JSON, in the shape of `organisations.toml` whichever file it comes from;
    /// null where there is none.
    pub fn organisations(&self, sources: &Sources) -> serde_json::Value {
        match self
            .raw
            .organisations
            .map(|file| &sources.get(file).content)
        {
            None => serde_json::Value::Null,
            Some(Content::Text(text)) => raw::text(text),
            Some(Content::Report { .. }) => raw::register(&self.plan.register),
        }
    }
}

/// Reads a data folder. `Ok(None)` means that `diagnostics` has received at least one error.
///
/// # Errors
/// The folder itself cannot be read.
pub fn load(
    folder: &DataFolder,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<Option<Loaded>> {
    let mut found = Diagnostics::default();
    let Contents {
        files,
        register_table,
    } = folder::read(folder, sources, &mut found)?;
    let mut checked = files.map(|file| syntax::check(file, text(sources, file), &mut found));
    let documents = checked.each_mut().map(Document::new);
    let mut faults = Faults::default();
    for document in documents.each() {
        faults.spare(document.file, document.damage);
    }
    let mut loaded = read(&documents, register_table, sources, &mut faults);
    let (faulty, advice) = faults.into_diagnostics();
    found.merge(faulty);
    loaded.advice = advice;
    let sound = !found.has_errors();
    diagnostics.merge(found);
    Ok(sound.then_some(loaded))
}

/// A data file's text.
fn text(sources: &Sources, file: FileId) -> &str {
    match &sources.get(file).content {
        Content::Text(text) => text,
        Content::Report { .. } => "",
    }
}

/// The model, faulty parts replaced by harmless ones: it counts only where `faults` has none.
fn read(
    documents: &Files<Document<'_>>,
    register_table: Option<FileId>,
    sources: &Sources,
    faults: &mut Faults<'_>,
) -> Loaded {
    let (forms, names) = forms::read(&documents.forms, faults);
    let plain: Vec<_> = forms.iter().map(|read| &read.form).collect();
    let asked = register::Asked::by(&plain, names.complete);
    let organisations = documents.organisations.as_ref();
    let (register, completeness) =
        register::read(organisations, register_table, sources, &asked, faults);
    let kinds = kinds(&register, &forms);
    let scope = Scope {
        forms: &names,
        kinds: &kinds,
        kinds_complete: names.complete && completeness == Completeness::Whole,
    };
    let indicators = indicators::read(documents.indicators.as_ref(), &scope, faults);
    let resolutions = resolutions::read(&documents.resolutions, &indicators, faults);
    let file = |document: &Document<'_>| document.file;
    let raw = Raw {
        indicators: documents.indicators.as_ref().map(file),
        organisations: organisations.map(file).or(register_table),
        forms: forms
            .iter()
            .map(|read| file(read.entry.document()))
            .collect(),
    };
    assemble(forms, register, indicators, resolutions, raw)
}

/// Every kind that an organisation bears or a form is owed by, each once.
fn kinds(register: &Register, forms: &[ReadForm<'_>]) -> Vec<String> {
    let borne = register.organisations.iter().map(|one| &*one.kind);
    let asked = forms
        .iter()
        .flat_map(|read| &read.form.kinds)
        .map(String::as_str);
    let kinds: HashSet<&str> = borne.chain(asked).filter(|kind| !kind.is_empty()).collect();
    let mut kinds: Vec<String> = kinds.into_iter().map(str::to_owned).collect();
    kinds.sort_unstable();
    kinds
}

fn assemble(
    forms: Vec<ReadForm<'_>>,
    register: Register,
    indicators: indicators::Indicators,
    resolutions: Vec<ReadResolution>,
    raw: Raw,
) -> Loaded {
    let mut loaded = Loaded {
        plan: Plan {
            resolutions: Vec::new(),
            indicators: indicators.list,
            register,
            forms: Vec::new(),
        },
        rule_places: Vec::new(),
        field_places: Vec::new(),
        indicator_places: indicators.places,
        target_places: Vec::new(),
        raw,
        advice: Diagnostics::default(),
    };
    for read in forms {
        loaded.plan.forms.push(read.form);
        loaded.rule_places.push(read.rule_places);
        loaded.field_places.push(read.field_places);
    }
    for read in resolutions {
        loaded.plan.resolutions.push(read.resolution);
        loaded.target_places.push(read.target_places);
    }
    loaded
}
