//! What is wrong with a user's data: collected, counted, never stopping the reading.

pub mod pages;

use std::collections::BTreeMap;

use crate::source::{FileId, Place};

/// How grave a fault is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Cells were left out.
    Error,
    /// Nothing was left out, but somebody should look.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// As JSON names it.
    pub fn id(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }

    /// As a person reads it.
    pub fn title(self) -> &'static str {
        match self {
            Severity::Error => "ошибка",
            Severity::Warning => "предупреждение",
            Severity::Note => "примечание",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $severity:ident;)*) => {
        /// What kind of fault it is. The ids are kebab-case and never change their meaning.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// As JSON and messages name it.
            pub fn id(self) -> &'static str {
                match self { $(Code::$name => $id,)* }
            }

            /// How grave it usually is.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    // The data folder.
    /// A TOML file that cannot be parsed.
    DataSyntax = "data-syntax", Error;
    /// A key that the file may not have.
    UnknownKey = "unknown-key", Error;
    /// A key that must be there.
    MissingKey = "missing-key", Error;
    /// A value of another type.
    WrongType = "wrong-type", Error;
    /// A value of the right type that is not allowed.
    WrongValue = "wrong-value", Error;
    /// An id used twice.
    DuplicateId = "duplicate-id", Error;
    /// A name that nothing bears.
    UnknownReference = "unknown-reference", Error;
    /// A target whose words the proposal does not contain.
    QuoteNotFound = "quote-not-found", Error;
    /// A formula that cannot be parsed.
    BadFormula = "bad-formula", Error;
    /// A percent field in a formula: shares do not add up.
    PercentInFormula = "percent-in-formula", Error;
    /// A note that says nothing yet.
    EmptyNote = "empty-note", Warning;

    // A report file.
    /// A file that cannot be read.
    UnreadableFile = "unreadable-file", Error;
    /// A file of a folder that is no report.
    SkippedFile = "skipped-file", Note;
    /// Bytes that no supported encoding explains.
    UnknownEncoding = "unknown-encoding", Error;
    /// An encoding taken on thin evidence.
    AssumedEncoding = "assumed-encoding", Warning;
    /// A file that is no table.
    NotATable = "not-a-table", Error;
    /// A table that no form claims.
    UnknownForm = "unknown-form", Error;
    /// A quote inside a cell that was not doubled.
    StrayQuote = "stray-quote", Warning;
    /// A quote that never closes.
    UnclosedQuote = "unclosed-quote", Error;
    /// Nearly all rows have another width than the header.
    HeaderWidth = "header-width", Error;
    /// A column with values and no heading.
    EmptyHeader = "empty-header", Note;
    /// A column that no field claims.
    UnknownColumn = "unknown-column", Note;
    /// A heading that is nearly the name it was taken for.
    NearColumn = "near-column", Note;
    /// A heading that could be several fields.
    AmbiguousColumn = "ambiguous-column", Error;
    /// A required field without a column.
    MissingColumn = "missing-column", Error;
    /// Two columns for one field.
    DuplicateColumn = "duplicate-column", Error;
    /// A row with more cells than the header.
    ExtraCell = "extra-cell", Error;
    /// A row with fewer cells than the header.
    MissingCell = "missing-cell", Warning;
    /// A header with no rows below it.
    NoRows = "no-rows", Warning;
    /// A line without figures that was passed over.
    SkippedLine = "skipped-line", Note;
    /// A sheet that is not among the tabs shown.
    HiddenSheet = "hidden-sheet", Note;
    /// Rows that are not shown.
    HiddenRows = "hidden-rows", Note;
    /// Columns that are not shown.
    HiddenColumns = "hidden-columns", Note;

    // A cell.
    /// Text where a number is expected.
    NotANumber = "not-a-number", Error;
    /// A fraction where a whole number is expected.
    NotWhole = "not-whole", Error;
    /// Less than nothing.
    Negative = "negative", Error;
    /// Neither yes nor no.
    NotAFlag = "not-a-flag", Error;
    /// Not a day.
    NotADate = "not-a-date", Error;
    /// Outside the limits of the field.
    OutOfRange = "out-of-range", Error;
    /// A required cell without a value.
    EmptyRequired = "empty-required", Error;
    /// A formula instead of its value.
    FormulaInCell = "formula-in-cell", Error;
    /// A value rounded by the unit it is given in: «1,2 тыс.».
    RoundedFigure = "rounded-figure", Warning;
    /// A footnote's mark or an explanation beside a value that was read.
    FootnoteMark = "footnote-mark", Note;

    // A submission.
    /// A name that the register does not know.
    UnknownOrganisation = "unknown-organisation", Error;
    /// A name that several organisations bear.
    AmbiguousOrganisation = "ambiguous-organisation", Error;
    /// An organisation that does not owe this form.
    WrongKind = "wrong-kind", Error;
    /// An organisation that was not open then.
    NotOpen = "not-open", Error;
    /// A period that cannot be read.
    UnknownPeriod = "unknown-period", Error;
    /// A file that tells no period.
    NoPeriod = "no-period", Error;
    /// A file that names different periods for one table.
    SeveralPeriods = "several-periods", Warning;
    /// A file named as superseding that replaced nothing.
    SupersedesNothing = "supersedes-nothing", Warning;
    /// A period of another length than the form's.
    UnexpectedPeriod = "unexpected-period", Warning;
    /// The same report again.
    DuplicateReport = "duplicate-report", Note;
    /// Two reports that differ.
    ConflictingReport = "conflicting-report", Error;
    /// A report in whose place a corrected one was taken.
    SupersededReport = "superseded-report", Note;
    /// A report that came after its due day.
    LateReport = "late-report", Warning;
    /// An «Итого» that does not equal its column.
    TotalMismatch = "total-mismatch", Warning;
    /// A rule of the form that does not hold.
    RuleBroken = "rule-broken", Error;
    /// A share of more than the whole.
    NumeratorExceedsDenominator = "numerator-exceeds-denominator", Error;
}

/// One fault, with its place and what to do about it. Texts are Russian.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// What kind of fault.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// Where.
    pub place: Option<Place>,
    /// What is wrong, lower case, without a full stop.
    pub message: String,
    /// What stands under the mark: what was expected there.
    pub label: String,
    /// The text that was found.
    pub found: Option<String>,
    /// What to do.
    pub help: String,
    /// The organisation's id.
    pub organisation: Option<String>,
    /// The field's id.
    pub field: Option<String>,
    /// Other places that belong to it, each with its own label: the rule it breaks, the other
    /// report.
    pub related: Vec<(Place, String)>,
}

impl Diagnostic {
    /// A fault of the code's usual gravity.
    pub fn new(code: Code, place: Option<Place>, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            place,
            message: message.into(),
            label: String::new(),
            found: None,
            help: String::new(),
            organisation: None,
            field: None,
            related: Vec::new(),
        }
    }

    /// With another gravity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With the text under the mark.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With what was found, cut where it is too long for anybody to read: thousands are kept.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        let mut found = found.into();
        if let Some((cut, _)) = found.char_indices().nth(LONGEST_FOUND) {
            found.truncate(cut);
            found.push('…');
            found.shrink_to_fit();
        }
        self.found = Some(found);
        self
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// About this organisation.
    #[must_use]
    pub fn organisation(mut self, id: impl Into<String>) -> Self {
        self.organisation = Some(id.into());
        self
    }

    /// About this field.
    #[must_use]
    pub fn field(mut self, id: impl Into<String>) -> Self {
        self.field = Some(id.into());
        self
    }

    /// With another place.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }
}

/// Of each code in each file, so many faults are kept whole; the rest are counted.
pub const KEPT_EACH: u64 = 1000;

/// Letters of what was found that are kept.
const LONGEST_FOUND: usize = 1000;

/// So many are kept in all.
pub const KEPT_IN_ALL: usize = 50_000;

/// Collects faults: counts them all, keeps a bounded number of each sort.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    counts: Counts,
    /// What another had counted where this one goes on.
    before: Counts,
}

type Counts = BTreeMap<(Severity, Code, Option<FileId>), u64>;

impl Diagnostics {
    /// Takes a fault.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let file = diagnostic.place.as_ref().map(|place| place.file);
        self.report(diagnostic.code, diagnostic.severity, file, || diagnostic);
    }

    /// Counts a fault, and has it worded only where it will be kept.
    pub fn report(
        &mut self,
        code: Code,
        severity: Severity,
        file: Option<FileId>,
        diagnostic: impl FnOnce() -> Diagnostic,
    ) {
        let count = self.counts.entry((severity, code, file)).or_default();
        *count += 1;
        if *count <= KEPT_EACH && self.kept.len() < KEPT_IN_ALL {
            self.kept.push(diagnostic());
        }
    }

    /// Whether the next fault of a sort will be kept.
    pub fn keeps(&self, code: Code, severity: Severity, file: Option<FileId>) -> bool {
        let count = self.counts.get(&(severity, code, file));
        count.is_none_or(|count| *count < KEPT_EACH) && self.kept.len() < KEPT_IN_ALL
    }

    /// Counts faults that are not kept.
    pub fn count_more(&mut self, code: Code, severity: Severity, file: Option<FileId>, count: u64) {
        if count > 0 {
            *self.counts.entry((severity, code, file)).or_default() += count;
        }
    }

    /// A collection that goes on where this one stands: it counts on, and keeps what may still be
    /// kept.
    pub fn going_on(&self) -> Diagnostics {
        Diagnostics {
            kept: Vec::new(),
            counts: self.counts.clone(),
            before: self.counts.clone(),
        }
    }

    /// Takes what another collected that went on from where this one stood, and whose lines and
    /// rows were counted from the top of its part: the same comes of it as if all had been collected
    /// here.
    pub fn absorb(&mut self, part: Diagnostics, file: FileId, lines: u32, rows: u32) {
        let mut own = self.counts.clone();
        for mut diagnostic in part.kept {
            let of = diagnostic.place.as_ref().map(|place| place.file);
            let key = (diagnostic.severity, diagnostic.code, of);
            let count = own.entry(key).or_default();
            *count += 1;
            if *count <= KEPT_EACH && self.kept.len() < KEPT_IN_ALL {
                let related = diagnostic.related.iter_mut().map(|(place, _)| place);
                let places = diagnostic.place.iter_mut().chain(related);
                for place in places.filter(|place| place.file == file) {
                    place.move_down(lines, rows);
                }
                self.kept.push(diagnostic);
            }
        }
        for (key, count) in part.counts {
            let before = part.before.get(&key).copied().unwrap_or_default();
            if count > before {
                *self.counts.entry(key).or_default() += count - before;
            }
        }
    }

    /// Takes all that another has collected.
    pub fn merge(&mut self, other: Diagnostics) {
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
        self.kept.extend(other.kept);
    }

    /// Makes notes of those faults that no longer matter, with the reason in place of the remedy.
    pub fn excuse(&mut self, no_longer: impl Fn(&Diagnostic) -> bool, reason: &str) {
        for diagnostic in &mut self.kept {
            if diagnostic.severity == Severity::Note || !no_longer(diagnostic) {
                continue;
            }
            let file = diagnostic.place.as_ref().map(|place| place.file);
            let count = self
                .counts
                .entry((diagnostic.severity, diagnostic.code, file))
                .or_default();
            *count -= 1;
            if *count == 0 {
                self.counts
                    .remove(&(diagnostic.severity, diagnostic.code, file));
            }
            diagnostic.severity = Severity::Note;
            reason.clone_into(&mut diagnostic.help);
            *self
                .counts
                .entry((Severity::Note, diagnostic.code, file))
                .or_default() += 1;
        }
    }

    /// How many there are of a severity, kept or not.
    pub fn count(&self, severity: Severity) -> u64 {
        self.counts
            .iter()
            .filter(|((s, _, _), _)| *s == severity)
            .map(|(_, count)| count)
            .sum()
    }

    /// How many there are of a code in a file, kept or not.
    pub fn count_in(&self, code: Code, file: FileId) -> u64 {
        [Severity::Error, Severity::Warning, Severity::Note]
            .iter()
            .filter_map(|severity| self.counts.get(&(*severity, code, Some(file))))
            .sum()
    }

    /// How many there are of each severity, code and file, kept or not.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Any error among them.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Those of a file that are kept, in the same order as all.
    pub fn of_file(&self, file: FileId) -> Vec<&Diagnostic> {
        let mut own = self.sorted();
        own.retain(|one| one.place.as_ref().is_some_and(|place| place.file == file));
        own
    }

    /// Those kept, in the order in which a reader meets their places.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.kept.iter().collect();
        sorted.sort_by_key(|d| (d.place.as_ref().map(Place::order), d.code));
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case_and_unique() {
        let mut ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        for id in &ids {
            assert!(
                id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{id}"
            );
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Code::ALL.len());
    }

    #[test]
    fn what_was_found_is_cut() {
        let found = |text: String| {
            Diagnostic::new(Code::NotANumber, None, "x")
                .found(text)
                .found
        };
        assert_eq!(found("ё".repeat(1000)), Some("ё".repeat(1000)));
        assert_eq!(found("ё".repeat(1001)), Some("ё".repeat(1000) + "…"));
    }

    #[test]
    fn many_faults_are_counted_and_few_are_kept() {
        let mut diagnostics = Diagnostics::default();
        for _ in 0..KEPT_EACH + 500 {
            diagnostics.push(Diagnostic::new(
                Code::Negative,
                Some(Place::whole(FileId(0))),
                "отрицательное число",
            ));
        }
        assert_eq!(diagnostics.count(Severity::Error), KEPT_EACH + 500);
        assert_eq!(diagnostics.sorted().len() as u64, KEPT_EACH);
    }
}
