//! Two resolutions: what became of each proposal of the old one, and where each of the new one comes
//! from.
//!
//! Only the declared links ([`Proposal::continues`]) tell; never a number, never likeness. Links may
//! lead through resolutions in between.

mod names;
mod preamble;
pub mod suggest;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Plan;
use crate::model::period::Period;
use crate::model::quantity::Decimal;
use crate::model::resolution::{Bound, Link, Proposal, Resolution, Target};

pub use names::Names;
use words::{Segment, is_same, segments};

/// The whole answer.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    /// The older one.
    pub old: &'a Resolution,
    /// The newer one.
    pub new: &'a Resolution,
    /// In the order of the new text, then what it does not name, in the order of the old one. Every
    /// proposal of both is in one of them, or in several with different items.
    pub changes: Vec<Change>,
    /// What stands before the proposals, paragraph by paragraph.
    pub preamble: Vec<Paragraph>,
}

/// What became of a part of both texts.
#[derive(Clone, Debug)]
pub struct Change {
    /// What it comes to.
    pub kind: Kind,
    /// What it was.
    pub old: Vec<Part>,
    /// The new proposals, by their indices.
    pub new: Vec<usize>,
    /// Which of the new ones carries on which of the old, in their order.
    pub ties: Vec<Tie>,
    /// The targets that the old words set.
    aims: Vec<Aim>,
    /// The words that show it, as those who declared the link gave them.
    pub why: Vec<String>,
    /// The old texts and the new ones, one a line.
    pub text: Vec<Segment>,
    /// The names in quotes that went and came: programmes, projects, concepts.
    pub names: Names,
}

/// A new proposal carries on something of the old text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tie {
    /// What is carried on.
    pub old: Part,
    /// By which new proposal, by its index.
    pub new: usize,
    /// Through which proposals of resolutions in between, the newest first: `2023/4`.
    pub via: Vec<String>,
}

/// What a change comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Carried on, one for one, with the same words and the same targets.
    Unchanged,
    /// Carried on otherwise.
    Changed,
    /// Carries on nothing.
    New,
    /// Not carried on by the new text; that the work has ended it does not say.
    Dropped,
}

impl Kind {
    /// All of them, in the order of the contract.
    pub const ALL: [Kind; 4] = [Kind::Changed, Kind::Unchanged, Kind::New, Kind::Dropped];

    /// As JSON names it.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Changed => "changed",
            Kind::Unchanged => "unchanged",
            Kind::New => "new",
            Kind::Dropped => "dropped",
        }
    }

    /// As a person reads it.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Changed => "изменён",
            Kind::Unchanged => "без изменений",
            Kind::New => "новый",
            Kind::Dropped => "снят",
        }
    }
}

/// An old proposal, or one of its items where they went apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Part {
    /// The proposal's index.
    pub proposal: usize,
    /// The item's index.
    pub item: Option<usize>,
}

impl Part {
    fn whole(proposal: usize) -> Part {
        Part {
            proposal,
            item: None,
        }
    }

    /// Its number in the text: `3` or `3.1`.
    pub fn number(self, resolution: &Resolution) -> String {
        let number = resolution.proposals[self.proposal].number;
        match self.item {
            Some(item) => format!("{number}.{}", item + 1),
            None => number.to_string(),
        }
    }

    /// Its words.
    pub fn text(self, resolution: &Resolution) -> String {
        let proposal = &resolution.proposals[self.proposal];
        match self.item {
            Some(item) => proposal.items[item].clone(),
            None => full_text(proposal),
        }
    }

    /// Whether its own words set a target of its proposal.
    fn sets(self, proposal: &Proposal, target: &Target) -> bool {
        let own = |item: usize| proposal.items[item].contains(&target.quote);
        self.item.is_none_or(own)
    }
}

/// Where a target stands in its resolution.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Aim {
    /// The proposal's index.
    pub proposal: usize,
    /// The target's index in it.
    pub target: usize,
}

impl Aim {
    /// The target.
    pub fn of(self, resolution: &Resolution) -> &Target {
        &resolution.proposals[self.proposal].targets[self.target]
    }
}

/// A proposal's words with those of its items, one a line.
pub fn full_text(proposal: &Proposal) -> String {
    let mut text = proposal.text.clone();
    for item in &proposal.items {
        text.push('\n');
        text.push_str(item);
    }
    text
}

/// A paragraph before the proposals.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// What became of it.
    pub kind: Kind,
    /// Its words.
    pub text: Vec<Segment>,
}

/// How measurable a resolution is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measurability {
    /// Targets of any sort.
    pub targets: usize,
    /// Those whose number the text itself names.
    pub numbers: usize,
    /// Those with a deadline.
    pub deadlines: usize,
}

impl Measurability {
    /// Of one resolution.
    pub fn of(resolution: &Resolution) -> Measurability {
        let targets = || resolution.proposals.iter().flat_map(|one| &one.targets);
        Measurability {
            targets: targets().count(),
            numbers: targets().filter(|target| names_its_number(target)).count(),
            deadlines: targets().filter(|target| target.due.is_some()).count(),
        }
    }
}

/// Whether the words that set a target name its number: «78,45%» does, «в каждом учреждении» is
/// counted as 100 % by whoever wrote the target down.
pub fn names_its_number(target: &Target) -> bool {
    let (Bound::AtLeast(wanted) | Bound::AtMost(wanted)) = target.bound else {
        return false;
    };
    let is_figure = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    let names = |text: &str| {
        let figures = text.split(|letter| !is_figure(letter));
        figures
            .map(|figure| figure.trim_matches(['.', ',']))
            .any(|figure| Decimal::parse(figure.as_bytes()) == Ok(Some(wanted)))
    };
    // «1 200 детей», whatever the space.
    let joined: String = target.quote.split(char::is_whitespace).collect();
    names(&target.quote) || names(&joined)
}

/// Holds two resolutions of a plan against each other.
pub fn compare<'a>(plan: &Plan, old: &'a Resolution, new: &'a Resolution) -> Comparison<'a> {
    let origins = origins(plan, old, new);
    let groups = gathered(&origins).into_iter();
    let mut changes: Vec<Change> = groups
        .map(|group| carried_on(old, new, &origins, group))
        .collect();
    let carried: BTreeSet<Part> = origins.iter().flat_map(Origin::parts).collect();
    let dropped = left(old, &carried)
        .into_iter()
        .map(|part| change(old, new, vec![part], Vec::new(), Vec::new()));
    changes.extend(dropped);
    share_targets(old, &mut changes);
    Comparison {
        old,
        new,
        changes,
        preamble: preamble::compare(&old.preamble, &new.preamble),
    }
}

/// What one new proposal carries on, each part through what is in between.
#[derive(Default)]
struct Origin {
    parts: BTreeMap<Part, Vec<String>>,
    why: Vec<String>,
}

impl Origin {
    fn parts(&self) -> impl Iterator<Item = Part> {
        self.parts.keys().copied()
    }

    /// Of several ways to one part, the shortest.
    fn add(&mut self, part: Part, via: &[String]) {
        let known = self.parts.entry(part).or_insert_with(|| via.to_vec());
        if via.len() < known.len() {
            *known = via.to_vec();
        }
    }
}

/// What each new proposal carries on, by the declared links alone.
fn origins(plan: &Plan, old: &Resolution, new: &Resolution) -> Vec<Origin> {
    let mut origins: Vec<Origin> = Vec::new();
    for (index, proposal) in new.proposals.iter().enumerate() {
        let mut origin = Origin::default();
        if old.id == new.id {
            origin.add(Part::whole(index), &[]);
        } else {
            trace(plan, old, proposal, &mut Vec::new(), &mut origin);
        }
        origins.push(origin);
    }
    // A proposal that somebody carries on as a whole does not come apart.
    let wholes: BTreeSet<usize> = origins
        .iter()
        .flat_map(Origin::parts)
        .filter(|part| part.item.is_none())
        .map(|part| part.proposal)
        .collect();
    for origin in &mut origins {
        for (part, via) in std::mem::take(&mut origin.parts) {
            let whole = wholes.contains(&part.proposal);
            let joined = match whole {
                true => Part::whole(part.proposal),
                false => part,
            };
            origin.add(joined, &via);
        }
    }
    origins
}

/// Follows a proposal's links to the old resolution, through those in between. Links lead to earlier
/// dates only, so that they come to an end; what is carried on of an item's proposal is carried on
/// of the item.
fn trace(
    plan: &Plan,
    old: &Resolution,
    proposal: &Proposal,
    via: &mut Vec<String>,
    origin: &mut Origin,
) {
    for link in &proposal.continues {
        let before = origin.parts.len();
        if link.resolution == old.id {
            if let Some(part) = part(old, link) {
                origin.add(part, via);
            }
        } else if let Some(between) = plan.resolution(&link.resolution)
            && let Some(earlier) = by_number(between, link.number)
            && between.date > old.date
        {
            via.push(format!("{}/{}", between.id, link.number));
            trace(plan, old, &between.proposals[earlier], via, origin);
            via.pop();
        }
        if origin.parts.len() > before && !origin.why.contains(&proposal.why) {
            origin.why.insert(0, proposal.why.clone());
        }
    }
}

fn part(old: &Resolution, link: &Link) -> Option<Part> {
    let proposal = by_number(old, link.number)?;
    let item = link.item.map(|item| item as usize - 1);
    Some(Part { proposal, item })
}

fn by_number(resolution: &Resolution, number: u32) -> Option<usize> {
    let mut proposals = resolution.proposals.iter();
    proposals.position(|proposal| proposal.number == number)
}

/// New proposals that share what they carry on stand together, in the order of the text.
fn gathered(origins: &[Origin]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(BTreeSet<Part>, Vec<usize>)> = Vec::new();
    for (index, origin) in origins.iter().enumerate() {
        let mut parts: BTreeSet<Part> = origin.parts().collect();
        let mut members = vec![index];
        let (joined, apart): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|(others, _)| !others.is_disjoint(&parts));
        groups = apart;
        for (others, earlier) in joined {
            parts.extend(others);
            members.extend(earlier);
        }
        members.sort_unstable();
        groups.push((parts, members));
    }
    groups.sort_by_key(|(_, members)| members[0]);
    groups.into_iter().map(|(_, members)| members).collect()
}

/// What of the old text nobody carries on: whole proposals, and items whose siblings went on.
fn left(old: &Resolution, carried: &BTreeSet<Part>) -> Vec<Part> {
    let mut left = Vec::new();
    for (index, proposal) in old.proposals.iter().enumerate() {
        let whole = Part::whole(index);
        if carried.contains(&whole) {
            continue;
        }
        if !carried.iter().any(|part| part.proposal == index) {
            left.push(whole);
            continue;
        }
        let items = (0..proposal.items.len()).map(|item| Part {
            proposal: index,
            item: Some(item),
        });
        left.extend(items.filter(|item| !carried.contains(item)));
    }
    left
}

fn change(
    old: &Resolution,
    new: &Resolution,
    parts: Vec<Part>,
    proposals: Vec<usize>,
    why: Vec<String>,
) -> Change {
    let join = |texts: Vec<String>| texts.join("\n");
    let before = join(parts.iter().map(|part| part.text(old)).collect());
    let after = proposals.iter().map(|&at| full_text(&new.proposals[at]));
    let after = join(after.collect());
    let text = segments(&before, &after);
    let kind = match (&parts[..], &proposals[..]) {
        ([], _) => Kind::New,
        (_, []) => Kind::Dropped,
        ([part], [proposal])
            if part.item.is_none()
                && is_same(&text)
                && same_targets(
                    &old.proposals[part.proposal].targets,
                    &new.proposals[*proposal].targets,
                ) =>
        {
            Kind::Unchanged
        }
        _ => Kind::Changed,
    };
    Change {
        kind,
        old: parts,
        new: proposals,
        ties: Vec::new(),
        aims: Vec::new(),
        why,
        text,
        names: Names::between(&before, &after),
    }
}

/// New proposals that share what they carry on.
fn carried_on(old: &Resolution, new: &Resolution, origins: &[Origin], group: Vec<usize>) -> Change {
    let parts: BTreeSet<Part> = group.iter().flat_map(|&at| origins[at].parts()).collect();
    let mut why: Vec<String> = Vec::new();
    for one in group.iter().flat_map(|&at| &origins[at].why) {
        if !why.contains(one) {
            why.push(one.clone());
        }
    }
    let tie = |old: Part, new: usize| {
        let via = origins[new].parts.get(&old)?.clone();
        Some(Tie { old, new, via })
    };
    let ties = parts
        .iter()
        .flat_map(|&part| group.iter().filter_map(move |&at| tie(part, at)))
        .collect();
    Change {
        ties,
        ..change(old, new, parts.into_iter().collect(), group, why)
    }
}

/// Gives each target of the old text to the change that has the words that set it; those of the
/// words before items that went apart to the first item that is carried on. None is in two changes.
fn share_targets(old: &Resolution, changes: &mut [Change]) {
    for (proposal, own) in old.proposals.iter().enumerate() {
        for (target, words) in own.targets.iter().enumerate() {
            let parts = changes.iter().enumerate().flat_map(|(at, change)| {
                let own = change.old.iter().filter(|part| part.proposal == proposal);
                own.map(move |part| (at, *part, change.new.is_empty()))
            });
            let holder =
                parts.min_by_key(|(_, part, dropped)| (!part.sets(own, words), *dropped, *part));
            if let Some((at, ..)) = holder {
                changes[at].aims.push(Aim { proposal, target });
            }
        }
    }
}

/// Whether targets demand the same, in whatever order; the words that set them are compared as words.
fn same_targets(old: &[Target], new: &[Target]) -> bool {
    let mut left: Vec<&Target> = new.iter().collect();
    let found = old.iter().all(|target| {
        let same = left.iter().position(|other| demand_the_same(target, other));
        same.map(|at| left.swap_remove(at)).is_some()
    });
    found && left.is_empty()
}

/// Whether two targets demand the same: a year ends with its December.
pub fn demand_the_same(one: &Target, other: &Target) -> bool {
    let bare = |target: &Target| Target {
        quote: String::new(),
        due: None,
        ..target.clone()
    };
    bare(one) == bare(other) && one.due.map(Period::end) == other.due.map(Period::end)
}

impl Change {
    /// The targets that the old words set.
    pub fn old_targets(&self) -> &[Aim] {
        &self.aims
    }

    /// The targets that the new words set.
    pub fn new_targets(&self, new: &Resolution) -> Vec<Aim> {
        let aims = |&proposal: &usize| {
            let targets = 0..new.proposals[proposal].targets.len();
            targets.map(move |target| Aim { proposal, target })
        };
        self.new.iter().flat_map(aims).collect()
    }

    /// The targets of both texts, those of one indicator beside each other: in the order of the new
    /// text, then what it no longer sets.
    pub fn targets(&self, old: &Resolution, new: &Resolution) -> Vec<(Option<Aim>, Option<Aim>)> {
        let mut left = self.aims.clone();
        let mut pairs: Vec<(Option<Aim>, Option<Aim>)> = Vec::new();
        for aim in self.new_targets(new) {
            let indicator = aim.of(new).indicator;
            let before = left
                .iter()
                .position(|one| one.of(old).indicator == indicator);
            pairs.push((before.map(|at| left.remove(at)), Some(aim)));
        }
        pairs.extend(left.into_iter().map(|aim| (Some(aim), None)));
        pairs
    }

    /// Several parts of the old text became one.
    pub fn is_merged(&self) -> bool {
        self.old.len() > 1
    }

    /// One part of the old text became several, or left its proposal behind.
    pub fn is_split(&self) -> bool {
        let apart = self.old.iter().any(|part| part.item.is_some());
        !self.old.is_empty() && !self.new.is_empty() && (self.new.len() > 1 || apart)
    }
}

impl Comparison<'_> {
    /// How many changes of a kind there are.
    pub fn count(&self, kind: Kind) -> usize {
        let of_kind = |change: &&Change| change.kind == kind;
        self.changes.iter().filter(of_kind).count()
    }

    /// Whether anything tells the two texts apart, before the proposals or in them.
    pub fn differ(&self) -> bool {
        let changes = self.changes.iter().map(|change| change.kind);
        let paragraphs = self.preamble.iter().map(|paragraph| paragraph.kind);
        let mut kinds = changes.chain(paragraphs);
        kinds.any(|kind| kind != Kind::Unchanged)
    }

    /// The old proposals whose items went apart, by their indices.
    pub fn apart(&self) -> Vec<usize> {
        let parts = self.changes.iter().flat_map(|change| &change.old);
        let apart: BTreeSet<usize> = parts
            .filter(|part| part.item.is_some())
            .map(|part| part.proposal)
            .collect();
        apart.into_iter().collect()
    }

    /// Whether anything of the old text is declared to be carried on.
    pub fn is_linked(&self) -> bool {
        let mut changes = self.changes.iter();
        changes.any(|change| !change.old.is_empty() && !change.new.is_empty())
    }
}

#[cfg(test)]
mod tests;
