//! Figures broken down: by organisation, by kind, or level by level down the tree of territories.
//!
//! A territory's row is all that lies below it, its own reports among them: nobody is lost or
//! counted twice. Its sub-territories do not always make it up, since an organisation may belong to
//! it directly and it may report itself: then a row of its own says what these give, so that the
//! rows right below a territory are the whole of it.
//!
//! Where rows are left out, one row says how many and what they come to together: it is computed
//! from their organisations like any other row. Those that stay are the largest: by what they lack
//! where the whole is short of its target, else by their numerator; equals in the order of the
//! register, whoever gave nothing last.

use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::slice::from_ref;

use num_bigint::BigInt;

use super::actual::{Actual, Contributions, Unowed, owed_periods, window};
use super::completeness::{Completeness, of_form};
use super::share::gap;
use super::verdict::{Limit, Status, judge, limit};
use super::{Assessor, By, Row, Subject};
use crate::model::indicator::{Indicator, Unit};
use crate::model::organisation::Register;
use crate::model::period::Period;
use crate::model::quantity::Fraction;
use crate::model::resolution::{Resolution, Target};

/// How many rows of a breakdown are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Cut {
    /// All of them.
    #[default]
    None,
    /// As many as a person reads: all where they are few, else the upper levels or the largest rows.
    Readable,
    /// So many of the largest; of a tree so many below each territory.
    Top(usize),
}

/// More rows than these nobody reads.
const MANY: usize = 100;

/// So many of them are shown then.
const FIRST: usize = 20;

/// A figure broken down.
#[derive(Clone, Debug, Default)]
pub struct Breakdown {
    /// In the order in which they are shown: a territory, then what is in it.
    pub rows: Vec<Level>,
    /// How many territories lie deeper than those shown; their figures are in the rows above them.
    pub deeper: usize,
}

/// What a row of a breakdown is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// An organisation.
    Organisation(u32),
    /// The kind of this organisation.
    Kind(u32),
    /// A territory with all that lies below it.
    Parent(u32),
    /// What a territory that has others in it holds besides them, itself included; so many
    /// organisations. Within nothing: those that belong to no territory.
    Direct(usize),
    /// Rows left out: so many.
    Rest(usize),
}

/// One row of a breakdown.
#[derive(Clone, Debug)]
pub struct Level {
    /// What it is about.
    pub who: Who,
    /// How many territories lie above it.
    pub depth: usize,
    /// The nearest of them.
    pub within: Option<u32>,
    /// Above the line.
    pub numerator: Option<Fraction>,
    /// Below the line.
    pub denominator: Option<Fraction>,
    /// In the indicator's unit.
    pub value: Option<Fraction>,
    /// Something is missing from it, or older than it should be.
    pub provisional: bool,
    /// Where the target stands here; `None` without one, and for a part of a count: what is asked of
    /// all together is asked of nobody alone.
    pub status: Option<Status>,
    /// How many it lacks to reach the target itself.
    pub shortfall: Option<BigInt>,
    /// Printed, the value equals the target; exactly, it does not reach it.
    pub rounds_to_target: bool,
    /// Who reported; not for a single organisation.
    pub turnout: Option<Turnout>,
}

/// The reports that an indicator asks for, over its forms and its window.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Turnout {
    /// How many are owed; `None` where no register says.
    pub expected: Option<usize>,
    /// How many are there.
    pub reported: usize,
    /// Whose is missing, in the order of the register.
    pub missing: Vec<u32>,
}

/// Who belongs together: groups of those in view, each a range of one order.
pub(super) struct Groups {
    by: By,
    order: Vec<u32>,
    /// Each before those within it.
    nodes: Vec<Node>,
    /// The end of those at the beginning of the order that belong to no group.
    outside: u32,
    /// Who reported, by form, period and range: the same for all indicators.
    came: RefCell<HashMap<Counted, Rc<Completeness>>>,
}

/// A form, its period, and a range of the order.
type Counted = (usize, Period, Range<u32>);

/// A group.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// A territory, an organisation, or one of those of a kind.
    who: u32,
    within: Option<u32>,
    depth: u32,
    /// Its members in the order; those up to `direct` belong to none of the groups within it.
    start: u32,
    direct: u32,
    end: u32,
    /// The first group that is not within it.
    next: u32,
}

impl Node {
    fn members(&self) -> Range<u32> {
        self.start..self.end
    }
}

/// A step of the walk through the territories.
enum Walk {
    Into {
        who: u32,
        within: Option<u32>,
        depth: u32,
    },
    OutOf(usize),
}

/// A group that is shown.
type Shown = (u32, Node, Box<Level>);

impl Groups {
    pub(super) fn new(register: &Register, view: &[u32], by: By) -> Groups {
        let mut groups = Groups {
            by,
            order: Vec::with_capacity(view.len()),
            nodes: Vec::new(),
            outside: 0,
            came: RefCell::default(),
        };
        match by {
            By::Organisation => view.iter().for_each(|&one| groups.push(one, [one])),
            By::Kind => {
                let mut kinds: Vec<&str> = Vec::new();
                let mut members: HashMap<&str, Vec<u32>> = HashMap::new();
                for &one in view {
                    let kind = &*register.organisations[one as usize].kind;
                    let known = members.entry(kind).or_insert_with(|| {
                        kinds.push(kind);
                        Vec::new()
                    });
                    known.push(one);
                }
                for kind in kinds {
                    groups.push(members[kind][0], members[kind].iter().copied());
                }
            }
            By::Parent => groups.grow(register, view),
        }
        groups
    }

    fn len(&self) -> u32 {
        self.order.len() as u32
    }

    /// A group with none within it.
    fn push(&mut self, who: u32, members: impl IntoIterator<Item = u32>) {
        let start = self.len();
        self.order.extend(members);
        self.nodes.push(Node {
            who,
            within: None,
            depth: 0,
            start,
            direct: self.len(),
            end: self.len(),
            next: self.nodes.len() as u32 + 1,
        });
    }

    /// The territories in view, each before those in it.
    fn grow(&mut self, register: &Register, view: &[u32]) {
        let above = |one: u32| {
            let parent = register.organisations[one as usize].parent;
            parent.filter(|parent| view.binary_search(parent).is_ok())
        };
        let mut below: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut tops = Vec::new();
        for &one in view {
            match above(one) {
                Some(parent) => below.entry(parent).or_default().push(one),
                None => tops.push(one),
            }
        }
        let (territories, outside): (Vec<u32>, Vec<u32>) =
            tops.into_iter().partition(|one| below.contains_key(one));
        self.order = outside;
        self.outside = self.len();
        let into = |who, within, depth| Walk::Into { who, within, depth };
        let mut stack: Vec<Walk> = Vec::new();
        stack.extend(territories.iter().rev().map(|&one| into(one, None, 0)));
        while let Some(step) = stack.pop() {
            let (who, within, depth) = match step {
                Walk::Into { who, within, depth } => (who, within, depth),
                Walk::OutOf(node) => {
                    self.nodes[node].end = self.len();
                    self.nodes[node].next = self.nodes.len() as u32;
                    continue;
                }
            };
            let start = self.len();
            let members = below.remove(&who).unwrap_or_default();
            let (inner, direct): (Vec<u32>, Vec<u32>) =
                members.into_iter().partition(|one| below.contains_key(one));
            self.order.push(who);
            self.order.extend(direct);
            stack.push(Walk::OutOf(self.nodes.len()));
            let inner = inner.into_iter().rev();
            stack.extend(inner.map(|one| into(one, Some(who), depth + 1)));
            self.nodes.push(Node {
                who,
                within,
                depth,
                start,
                direct: self.len(),
                end: 0,
                next: 0,
            });
        }
    }

    fn members(&self, ranges: &[Range<u32>]) -> Cow<'_, [u32]> {
        let slice = |range: &Range<u32>| &self.order[range.start as usize..range.end as usize];
        match ranges {
            [one] => Cow::Borrowed(slice(one)),
            several => Cow::Owned(several.iter().flat_map(slice).copied().collect()),
        }
    }

    /// The deepest level of territories that is shown, and how many lie deeper.
    fn deepest(&self, cut: Cut) -> (u32, usize) {
        let all = (u32::MAX, 0);
        if cut != Cut::Readable || self.nodes.len() <= MANY {
            return all;
        }
        let mut counts: Vec<usize> = Vec::new();
        for node in &self.nodes {
            let depth = node.depth as usize;
            if depth >= counts.len() {
                counts.resize(depth + 1, 0);
            }
            counts[depth] += 1;
        }
        let mut shown = 0;
        let fits = |count: &&usize| {
            shown += **count;
            shown <= MANY
        };
        let levels = counts.iter().take_while(fits).count().max(1);
        (levels as u32 - 1, counts[levels..].iter().sum())
    }
}

/// Rows still to be made: those of the groups from one to another, side by side.
enum Step {
    Row(Box<Level>),
    Groups {
        from: u32,
        to: u32,
        within: Option<u32>,
        depth: u32,
    },
}

/// What a figure is broken down with.
struct Breaker<'b, 'a> {
    assessor: &'b Assessor<'a>,
    groups: &'b Groups,
    contributions: &'b Contributions<'a>,
    indicator: &'a Indicator,
    target: Option<&'b Target>,
    /// What the whole is short of.
    lacks: Option<Limit>,
    /// How many of the order up to each place have to do with the indicator.
    concerned: Vec<u32>,
}

impl<'a> Assessor<'a> {
    /// A row's figure, broken down.
    pub(super) fn breakdown(
        &self,
        groups: &Groups,
        contributions: &Contributions<'a>,
        resolution: &Resolution,
        row: &Row,
    ) -> Option<Breakdown> {
        let indicator = &self.basis.plan.indicators[row.indicator?];
        let target = match row.subject {
            Subject::Target(index) => Some(&resolution.proposals[row.proposal].targets[index]),
            _ => None,
        };
        let is_short = !matches!(row.verdict.status, Status::Met | Status::NoData);
        let mut concerned = Vec::with_capacity(groups.order.len() + 1);
        concerned.push(0);
        let mut count = 0;
        for &one in &groups.order {
            count += u32::from(contributions.concerns(one));
            concerned.push(count);
        }
        let breaker = Breaker {
            assessor: self,
            groups,
            contributions,
            indicator,
            target,
            lacks: target
                .filter(|_| is_short)
                .and_then(|target| limit(target, indicator.decimals)),
            concerned,
        };
        Some(breaker.breakdown(self.question.cut))
    }
}

impl Breaker<'_, '_> {
    fn breakdown(&self, cut: Cut) -> Breakdown {
        let (deepest, deeper) = self.groups.deepest(cut);
        let mut rows = Vec::new();
        let mut steps = vec![Step::Groups {
            from: 0,
            to: self.groups.nodes.len() as u32,
            within: None,
            depth: 0,
        }];
        // Not by recursion: nothing bounds the depth of a register.
        while let Some(step) = steps.pop() {
            match step {
                Step::Row(row) => rows.push(*row),
                Step::Groups {
                    from,
                    to,
                    within,
                    depth,
                } => self.open(from..to, within, depth, (cut, deepest), &mut steps),
            }
        }
        let outside = 0..self.groups.outside;
        if self.count(from_ref(&outside)) > 0 {
            let who = Who::Direct(self.count(from_ref(&outside)));
            rows.push(self.level(who, 0, None, &[outside]));
        }
        Breakdown { rows, deeper }
    }

    /// Puts the rows of groups side by side on the steps, each with what is in it behind it.
    fn open(
        &self,
        groups: Range<u32>,
        within: Option<u32>,
        depth: u32,
        (cut, deepest): (Cut, u32),
        steps: &mut Vec<Step>,
    ) {
        let mut nodes = Vec::new();
        let mut at = groups.start;
        while at < groups.end {
            let node = self.groups.nodes[at as usize];
            if self.count(from_ref(&node.members())) > 0 {
                nodes.push((at, node));
            }
            at = node.next;
        }
        let most = match cut {
            Cut::Top(most) => most,
            Cut::Readable if nodes.len() > MANY => FIRST,
            _ => usize::MAX,
        };
        let (shown, left) = self.largest(&nodes, most);
        let mut own = Vec::new();
        for (at, node, row) in shown {
            own.push(Step::Row(row));
            if node.next == at + 1 || depth >= deepest {
                continue;
            }
            let direct = node.start..node.direct;
            let count = self.count(from_ref(&direct));
            if count > 0 {
                let who = Who::Direct(count);
                let row = self.level(who, depth + 1, Some(node.who), &[direct]);
                own.push(Step::Row(Box::new(row)));
            }
            own.push(Step::Groups {
                from: at + 1,
                to: node.next,
                within: Some(node.who),
                depth: depth + 1,
            });
        }
        if !left.is_empty() {
            let who = Who::Rest(left.len());
            own.push(Step::Row(Box::new(self.level(who, depth, within, &left))));
        }
        steps.extend(own.into_iter().rev());
    }

    /// The largest of some groups with their rows, and the members of the others.
    fn largest(&self, nodes: &[(u32, Node)], most: usize) -> (Vec<Shown>, Vec<Range<u32>>) {
        let row = |&(at, node): &(u32, Node)| (at, node, Box::new(self.level_of(&node)));
        if nodes.len() <= most {
            return (nodes.iter().map(row).collect(), Vec::new());
        }
        let mut kept: Vec<(Reverse<Option<Fraction>>, usize)> = Vec::new();
        let mut least = None;
        for (index, (_, node)) in nodes.iter().enumerate() {
            let size = Reverse(self.size(node));
            // Of a million nearly all are smaller than those kept so far, and end here.
            if least.as_ref().is_some_and(|least| size >= *least) {
                continue;
            }
            kept.push((size, index));
            if kept.len() >= most.saturating_mul(2).saturating_add(64) {
                kept.sort();
                kept.truncate(most);
                least = kept.last().map(|(size, _)| size.clone());
            }
        }
        kept.sort();
        kept.truncate(most);
        let shown: Vec<usize> = kept.into_iter().map(|(_, index)| index).collect();
        let mut stay = vec![false; nodes.len()];
        shown.iter().for_each(|index| stay[*index] = true);
        let left = nodes.iter().zip(stay).filter(|(_, stay)| !stay);
        let left = left.map(|((_, node), _)| node.members()).collect();
        (
            shown.iter().map(|&index| row(&nodes[index])).collect(),
            left,
        )
    }

    /// What groups are compared by.
    fn size(&self, node: &Node) -> Option<Fraction> {
        let range = node.members();
        let members = self.groups.members(from_ref(&range));
        let actual = self.contributions.actual(&members, Unowed::Zero);
        let numerator = actual.numerator?;
        let lacks = self.lacks.as_ref().and_then(|limit| {
            let denominator = actual.denominator.as_ref();
            gap(limit, self.indicator, &numerator, denominator, false)
        });
        lacks.or(Some(numerator))
    }

    /// How many of some members have to do with the indicator.
    fn count(&self, ranges: &[Range<u32>]) -> usize {
        let counts = ranges
            .iter()
            .map(|range| self.concerned[range.end as usize] - self.concerned[range.start as usize]);
        counts.map(|count| count as usize).sum()
    }

    fn level_of(&self, node: &Node) -> Level {
        let who = match self.groups.by {
            By::Organisation => Who::Organisation(node.who),
            By::Kind => Who::Kind(node.who),
            By::Parent => Who::Parent(node.who),
        };
        self.level(who, node.depth, node.within, from_ref(&node.members()))
    }

    fn level(&self, who: Who, depth: u32, within: Option<u32>, ranges: &[Range<u32>]) -> Level {
        let members = self.groups.members(ranges);
        let actual = self.contributions.actual(&members, Unowed::Zero);
        let verdict = self
            .target
            .filter(|_| self.indicator.unit != Unit::Count || self.is_whole(ranges))
            .map(|target| {
                let period = self.assessor.question.period;
                judge(target, self.indicator, &actual, period)
            });
        let provisional = actual.is_provisional();
        let Actual {
            numerator,
            denominator,
            value,
            ..
        } = actual;
        Level {
            who,
            depth: depth as usize,
            within,
            numerator,
            denominator,
            value,
            provisional,
            status: verdict.as_ref().map(|verdict| verdict.status),
            rounds_to_target: verdict.as_ref().is_some_and(|own| own.rounds_to_target),
            shortfall: verdict.and_then(|verdict| verdict.shortfall),
            turnout: (self.groups.by != By::Organisation).then(|| self.turnout(ranges, &members)),
        }
    }

    /// Whether some members are all that there are.
    fn is_whole(&self, ranges: &[Range<u32>]) -> bool {
        Some(self.count(ranges)) == self.concerned.last().map(|all| *all as usize)
    }

    fn turnout(&self, ranges: &[Range<u32>], members: &[u32]) -> Turnout {
        let basis = &self.assessor.basis;
        let (start, end) = window(self.indicator, basis.period);
        let mut turnout = Turnout {
            expected: basis.tally.register.declared.then_some(0),
            ..Turnout::default()
        };
        for form in self.indicator.forms() {
            for period in owed_periods(&basis.plan.forms[form], start, end) {
                let counted = || Rc::new(of_form(basis, members, form, period));
                let came = match ranges {
                    [one] => {
                        let key = (form, period, one.clone());
                        Rc::clone(
                            self.groups
                                .came
                                .borrow_mut()
                                .entry(key)
                                .or_insert_with(counted),
                        )
                    }
                    _ => counted(),
                };
                turnout.reported += came.reported;
                turnout.expected = turnout.expected.zip(came.expected).map(|(a, b)| a + b);
                turnout.missing.extend_from_slice(&came.missing);
            }
        }
        turnout.missing.sort_unstable();
        turnout.missing.dedup();
        turnout
    }
}
