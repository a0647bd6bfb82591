//! Faults of a data folder, without those that only follow from a syntax fault already reported.

use std::collections::HashMap;

use super::syntax::Damage;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::source::{FileId, Place, Spot};

/// Collects the faults of one reading of the folder.
#[derive(Default)]
pub(crate) struct Faults<'a> {
    diagnostics: Diagnostics,
    /// What is no fault yet, and may become one when reports come.
    advice: Diagnostics,
    damage: HashMap<FileId, &'a Damage>,
}

impl<'a> Faults<'a> {
    /// Nothing more will be said about the damaged bytes of a file.
    pub(crate) fn spare(&mut self, file: FileId, damage: &'a Damage) {
        self.damage.insert(file, damage);
    }

    /// Takes a fault, unless its place is damaged: then it has been reported already.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if !diagnostic
            .place
            .as_ref()
            .is_some_and(|place| self.is_damaged(place))
        {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Takes an error of a file, and has it worded only where it will be kept.
    pub(crate) fn report(&mut self, file: FileId, code: Code, fault: impl FnOnce() -> Diagnostic) {
        self.take(file, code, Severity::Error, fault);
    }

    /// The same for a warning.
    pub(crate) fn warn(&mut self, file: FileId, code: Code, fault: impl FnOnce() -> Diagnostic) {
        self.take(file, code, Severity::Warning, fault);
    }

    /// Takes a warning for whoever looks the folder over.
    pub(crate) fn advise(&mut self, file: FileId, code: Code, fault: impl FnOnce() -> Diagnostic) {
        let severity = Severity::Warning;
        self.advice.report(code, severity, Some(file), fault);
    }

    fn take(
        &mut self,
        file: FileId,
        code: Code,
        severity: Severity,
        fault: impl FnOnce() -> Diagnostic,
    ) {
        if self.damage.contains_key(&file) {
            return self.push(fault());
        }
        self.diagnostics.report(code, severity, Some(file), fault);
    }

    /// Whether a file has an error.
    pub(crate) fn has_errors(&self, file: FileId) -> bool {
        let mut known = self.diagnostics.counts().keys();
        known.any(|(severity, _, at)| *severity == Severity::Error && *at == Some(file))
    }

    /// Whether the notation is broken there: what the parser made of it may not be what is meant.
    pub(crate) fn is_damaged(&self, place: &Place) -> bool {
        match (self.damage.get(&place.file), &place.spot) {
            (Some(damage), Spot::Text(span)) => damage.covers(span.start),
            _ => false,
        }
    }

    /// All that was collected: faults, advice.
    pub(crate) fn into_diagnostics(self) -> (Diagnostics, Diagnostics) {
        (self.diagnostics, self.advice)
    }
}

/// An id that something before has already.
pub(crate) fn twin(id: &str, what: &str, place: Place, earlier: Place) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateId,
        Some(place),
        format!("id «{id}» уже занят: {what}"),
    )
    .label("ожидался id, который больше нигде не встречается")
    .found(id)
    .help("дайте другой id или уберите повтор")
    .related(earlier, "здесь он встретился впервые")
}
