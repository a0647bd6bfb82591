//! Faults of TOML notation, said in Russian: what is wrong, and what to write instead.
//!
//! Some slips stop the parser or send what follows into the wrong table. Such lines are reported,
//! blanked out and the rest is parsed again, so that every fault of a file is found in one run and
//! none is made up.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::slip::{Loss, Slip, find_slips, line_end, line_start};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Place, Spot};

/// Where a file's notation is broken.
#[derive(Debug, Default)]
pub(crate) struct Damage {
    /// Bytes about which nothing more is to be said, in order.
    ranges: Vec<Range<usize>>,
    /// Where keys are lost, in order.
    pub(crate) lost_keys: Vec<usize>,
    /// Whole tables may be lost.
    pub(crate) lost_tables: bool,
}

impl Damage {
    /// Whether a place is damaged.
    pub(crate) fn covers(&self, at: usize) -> bool {
        let next = self.ranges.partition_point(|range| range.start <= at);
        next > 0 && at <= self.ranges[next - 1].end
    }
}

/// A file's text, its notation checked.
pub(crate) struct Checked<'a> {
    pub(crate) file: FileId,
    /// As the file has it.
    pub(crate) text: &'a str,
    /// Without what could not be parsed, byte for byte at the same places; where it had to be
    /// changed.
    pub(crate) repaired: Option<String>,
    /// The parsed text, where it did not have to be changed.
    pub(crate) root: Option<Spanned<DeTable<'a>>>,
    pub(crate) damage: Damage,
}

/// The parser is sent over a file no more often than this; what stops it then stays unsaid.
const PASSES: usize = 40;

/// Reports everything wrong with a text's notation.
pub(crate) fn check<'a>(file: FileId, text: &'a str, diagnostics: &mut Diagnostics) -> Checked<'a> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut slips = find_slips(text, root.get_ref(), &errors);
    let mut checked = Checked {
        file,
        text,
        repaired: None,
        root: Some(root),
        damage: Damage::default(),
    };
    let mut reported = Vec::new();
    for _ in 0..PASSES {
        if slips.iter().all(|slip| slip.loss == Loss::Nothing) {
            break;
        }
        let lossy = first_lossy(slips);
        let lost: Vec<Range<usize>> = lossy.iter().map(|slip| slip.lost(text)).collect();
        reported.extend(lossy);
        checked.root = None;
        let current = checked.repaired.take().unwrap_or_else(|| text.to_owned());
        let repaired = checked.repaired.insert(blank(current, &lost));
        let (root, errors) = DeTable::parse_recoverable(repaired);
        slips = find_slips(repaired, root.get_ref(), &errors);
    }
    reported.extend(slips);
    reported.sort_by_key(|slip| slip.span.start);
    reported.dedup_by_key(|slip| slip.span.start);
    checked.damage = damage(text, &reported);
    for slip in reported {
        diagnostics.push(diagnostic(file, text, slip));
    }
    checked
}

/// The slips that cost something, up to the first one that costs a section: what the parser says
/// after that may be wrong. The others will be met again.
fn first_lossy(slips: Vec<Slip>) -> Vec<Slip> {
    let section = slips.iter().position(|slip| slip.loss == Loss::Section);
    let until = section.map_or(slips.len(), |section| section + 1);
    let before = slips.into_iter().take(until);
    before.filter(|slip| slip.loss != Loss::Nothing).collect()
}

/// The text with spaces instead of everything but line ends in some ranges.
fn blank(text: String, ranges: &[Range<usize>]) -> String {
    let mut bytes = text.into_bytes();
    for range in ranges {
        for byte in &mut bytes[range.clone()] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

fn damage(text: &str, slips: &[Slip]) -> Damage {
    let mut damage = Damage::default();
    for slip in slips {
        let at = slip.span.start;
        let lost = slip.lost(text);
        let range = line_start(text, at)..line_end(text, at).max(lost.end);
        match damage.ranges.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => damage.ranges.push(range),
        }
        if slip.loss != Loss::Nothing {
            damage.lost_keys.push(at);
        }
        damage.lost_tables |= slip.loss == Loss::Section;
    }
    damage
}

fn diagnostic(file: FileId, text: &str, slip: Slip) -> Diagnostic {
    let found = text.get(slip.span.clone()).unwrap_or_default().to_owned();
    let place = Place {
        file,
        spot: Spot::Text(slip.span),
    };
    let message = format!("ошибка записи TOML: {}", slip.label);
    Diagnostic::new(Code::DataSyntax, Some(place), message)
        .label(slip.label)
        .found(found)
        .help(slip.help)
}
