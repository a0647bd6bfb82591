//! Likely predecessors of proposals without links, by the stems of their words: suggestions for
//! whoever writes the links down. The comparison never looks at them.

use std::collections::{BTreeMap, BTreeSet};

use frostem::{Algorithm, Stemmer};

use super::{Comparison, Part, full_text};
use crate::model::resolution::Resolution;

/// Suggested for one proposal at most.
const MOST: usize = 4;

/// Less in common is chance.
const LEAST: f64 = 0.1;

/// Shorter words are prepositions, conjunctions and endings of numerals.
const SHORTEST: usize = 4;

/// A likely predecessor of a new proposal.
#[derive(Clone, PartialEq, Debug)]
pub struct Suggestion {
    /// The old proposal, or one of its items.
    pub old: Part,
    /// How much of the words is shared, from 0 to 1.
    pub score: f64,
    /// Words of one stem as the old and the new text have them, the rarest first.
    pub words: Vec<(String, String)>,
}

/// A text's stems, each with the first word that had it.
type Stems = BTreeMap<String, String>;

/// For every new proposal that carries on nothing of the old text: its index and what it may carry
/// on, the likeliest first.
pub fn suggest(comparison: &Comparison<'_>) -> Vec<(usize, Vec<Suggestion>)> {
    let (old, new) = (comparison.old, comparison.new);
    let stemmer = Stemmer::new(Algorithm::Russian);
    let stems = |text: &str| stems(text, &stemmer);
    let parts = parts(old);
    let ours: Vec<Stems> = parts.iter().map(|part| stems(&part.text(old))).collect();
    let theirs = new.proposals.iter().map(full_text);
    let theirs: Vec<Stems> = theirs.map(|text| stems(&text)).collect();
    let preambles = old.preamble.lines().chain(new.preamble.lines());
    let preambles: Vec<Stems> = preambles.map(stems).collect();
    let weights = Weights::of(ours.iter().chain(&theirs).chain(&preambles));
    let linked = comparison
        .changes
        .iter()
        .filter(|change| !change.old.is_empty());
    let linked: BTreeSet<usize> = linked
        .flat_map(|change| change.new.iter().copied())
        .collect();
    (0..new.proposals.len())
        .filter(|index| !linked.contains(index))
        .map(|index| {
            let pairs = parts.iter().zip(&ours);
            let mut all: Vec<Suggestion> = pairs
                .map(|(part, own)| weights.suggestion(*part, own, &theirs[index]))
                .filter(|suggestion| suggestion.score >= LEAST)
                .collect();
            all.sort_by(|one, other| other.score.total_cmp(&one.score));
            all.truncate(MOST);
            (index, all)
        })
        .collect()
}

/// What a link may lead to: the items of a proposal that has any, else the proposal.
fn parts(old: &Resolution) -> Vec<Part> {
    let mut parts = Vec::new();
    for (proposal, one) in old.proposals.iter().enumerate() {
        let items = (0..one.items.len()).map(Some);
        let items: Vec<Option<usize>> = match one.items.is_empty() {
            true => vec![None],
            false => items.collect(),
        };
        parts.extend(items.into_iter().map(|item| Part { proposal, item }));
    }
    parts
}

fn stems(text: &str, stemmer: &Stemmer) -> Stems {
    let mut stems = Stems::new();
    let words = text.split(|letter: char| !letter.is_alphabetic());
    for word in words.filter(|word| word.chars().count() >= SHORTEST) {
        let lower = word.to_lowercase().replace('ё', "е");
        let stem = stemmer.stem(&lower).into_owned();
        stems.entry(stem).or_insert_with(|| word.to_owned());
    }
    stems
}

/// How telling a stem is: the fewer texts have it, the more. Whatever the preambles are about, every
/// proposal is about.
struct Weights(BTreeMap<String, f64>);

impl Weights {
    fn of<'a>(texts: impl Iterator<Item = &'a Stems>) -> Weights {
        let mut weights: BTreeMap<String, f64> = BTreeMap::new();
        for stem in texts.flat_map(BTreeMap::keys) {
            *weights.entry(stem.clone()).or_default() += 1.0;
        }
        // A root rather than a logarithm: it comes out the same on every machine.
        for weight in weights.values_mut() {
            *weight = weight.recip().sqrt();
        }
        Weights(weights)
    }

    fn sum<'a>(&self, stems: impl Iterator<Item = &'a String>) -> f64 {
        stems.map(|stem| self.0[stem]).sum()
    }

    /// Twice what is shared over what there is.
    fn suggestion(&self, old: Part, ours: &Stems, theirs: &Stems) -> Suggestion {
        let mut shared: Vec<&String> = ours
            .keys()
            .filter(|stem| theirs.contains_key(*stem))
            .collect();
        shared.sort_by(|one, other| self.0[*other].total_cmp(&self.0[*one]));
        let all = self.sum(ours.keys()) + self.sum(theirs.keys());
        let common = self.sum(shared.iter().copied());
        let words = shared
            .iter()
            .map(|stem| (ours[*stem].clone(), theirs[*stem].clone()));
        Suggestion {
            old,
            score: if all > 0.0 { 2.0 * common / all } else { 0.0 },
            words: words.collect(),
        }
    }
}
