use super::*;
use crate::diagnostic::Diagnostics;
use crate::read::plan::{DataFolder, load};
use crate::source::Sources;
use suggest::suggest;

fn shipped() -> Plan {
    let mut diagnostics = Diagnostics::default();
    let loaded = load(
        &DataFolder::BuiltIn,
        &mut Sources::default(),
        &mut diagnostics,
    );
    loaded.expect("read").expect("sound").plan
}

fn both(plan: &Plan) -> (&Resolution, &Resolution) {
    let one = |id| plan.resolution(id).expect("shipped");
    (one("2020"), one("2025"))
}

/// `changed 4+13 → 6`
fn told(comparison: &Comparison<'_>) -> Vec<String> {
    let changes = comparison.changes.iter().map(|change| {
        let old: Vec<String> = change
            .old
            .iter()
            .map(|part| part.number(comparison.old))
            .collect();
        let new = change
            .new
            .iter()
            .map(|&at| comparison.new.proposals[at].number.to_string());
        let mut ways = String::new();
        if change.is_merged() {
            ways.push_str(" merged");
        }
        if change.is_split() {
            ways.push_str(" split");
        }
        let new: Vec<String> = new.collect();
        format!(
            "{} {} → {}{ways}",
            change.kind.id(),
            old.join("+"),
            new.join("+")
        )
    });
    changes.collect()
}

#[test]
fn the_shipped_pair_is_mapped_as_declared() {
    let plan = shipped();
    let (old, new) = both(&plan);
    let comparison = compare(&plan, old, new);
    let expected = [
        "new  → 1",
        "new  → 2",
        "new  → 3",
        "new  → 4",
        "new  → 5",
        "changed 4+13 → 6 merged",
        "changed 12 → 7",
        "new  → 8",
        "changed 3.3+10 → 9 merged split",
        "new  → 10",
        "changed 3.1+3.2 → 11 merged split",
        "dropped 1 → ",
        "dropped 2 → ",
        "dropped 5 → ",
        "dropped 6 → ",
        "dropped 7 → ",
        "dropped 8 → ",
        "dropped 9 → ",
        "dropped 11 → ",
    ];
    assert_eq!(told(&comparison), expected);
    let measured = |targets, numbers, deadlines| Measurability {
        targets,
        numbers,
        deadlines,
    };
    assert_eq!(Measurability::of(old), measured(0, 0, 0));
    assert_eq!(Measurability::of(new), measured(6, 2, 3));
    let numbered = new
        .proposals
        .iter()
        .filter(|one| one.targets.iter().any(names_its_number));
    assert_eq!(numbered.map(|one| one.number).collect::<Vec<_>>(), [1, 11]);
}

#[test]
fn programmes_went_and_came() {
    let plan = shipped();
    let (old, new) = both(&plan);
    let comparison = compare(&plan, old, new);
    let eleventh = &comparison.changes[10].names;
    assert!(
        eleventh
            .removed
            .iter()
            .any(|name| name == "Успех каждого ребёнка")
    );
    assert_eq!(eleventh.added, ["Все лучшее детям", "Молодежь и дети"]);
}

#[test]
fn paragraphs_stand_word_for_word() {
    let plan = shipped();
    let (old, new) = both(&plan);
    let paragraphs = compare(&plan, old, new).preamble;
    let same = paragraphs.iter().filter(|one| one.kind == Kind::Unchanged);
    let first: Vec<&str> = same
        .map(|one| one.text[0].text.split([',', ' ']).next().expect("words"))
        .collect();
    assert_eq!(
        first,
        ["Участники", "Педагогические", "Повышение", "Участники"]
    );
    for (whole, op) in [
        (&old.preamble, words::Op::Removed),
        (&new.preamble, words::Op::Added),
    ] {
        let own = |one: &Paragraph| -> String {
            let own = one
                .text
                .iter()
                .filter(|segment| [words::Op::Same, op].contains(&segment.op));
            own.map(|segment| segment.text.as_str()).collect()
        };
        let texts = paragraphs.iter().map(own).filter(|text| !text.is_empty());
        let lines = whole.lines().filter(|line| !line.trim().is_empty());
        assert!(texts.eq(lines));
    }
}

/// Links declared on a copy of the shipped pair, all others taken away.
fn linked(plan: &mut Plan, links: &[(u32, u32, Option<u32>)]) {
    let new = plan
        .resolutions
        .iter_mut()
        .find(|one| one.id == "2025")
        .expect("shipped");
    for proposal in &mut new.proposals {
        proposal.continues.clear();
        for &(number, old, item) in links {
            if number == proposal.number {
                proposal.why = format!("основание {number}");
                proposal.continues.push(Link {
                    resolution: "2020".into(),
                    number: old,
                    item,
                });
            }
        }
    }
}

fn carried(links: &[(u32, u32, Option<u32>)]) -> Vec<String> {
    let mut plan = shipped();
    linked(&mut plan, links);
    let (old, new) = both(&plan);
    let told = told(&compare(&plan, old, new));
    let is_carried = |line: &String| line.starts_with("changed") || line.contains("3.");
    told.into_iter().filter(is_carried).collect()
}

#[test]
fn proposals_split_merge_and_come_apart() {
    assert_eq!(
        carried(&[(2, 5, None), (7, 5, None)]),
        ["changed 5 → 2+7 split"]
    );
    assert_eq!(
        carried(&[(1, 5, None), (2, 5, None), (2, 6, None), (4, 6, None)]),
        ["changed 5+6 → 1+2+4 merged split"]
    );
    // A later link joins what stood apart.
    assert_eq!(
        carried(&[(1, 5, None), (2, 6, None), (4, 5, None), (4, 6, None)]),
        ["changed 5+6 → 1+2+4 merged split"]
    );
    // Items that nobody carries on are named.
    assert_eq!(
        carried(&[(9, 3, Some(3))]),
        ["changed 3.3 → 9 split", "dropped 3.1 → ", "dropped 3.2 → "]
    );
    // Whoever carries on the whole keeps it whole.
    assert_eq!(
        carried(&[(9, 3, Some(3)), (11, 3, None)]),
        ["changed 3 → 9+11 split"]
    );
}

#[test]
fn whatever_is_linked_everything_is_named_once() {
    use proptest::prelude::*;
    let plan = shipped();
    let one = (1u32..=11, 1u32..=13, 0u32..=3).prop_map(|(new, old, item)| {
        let items = [0, 0, 2, 3].get(old as usize).copied().unwrap_or(0);
        (
            new,
            old,
            Some(item).filter(|item| (1..=items).contains(item)),
        )
    });
    proptest!(|(links in proptest::collection::vec(one, 0..12))| {
        let mut plan = plan.clone();
        linked(&mut plan, &links);
        let (old, new) = both(&plan);
        let comparison = compare(&plan, old, new);
        let mut after: Vec<usize> = comparison.changes.iter().flat_map(|c| c.new.clone()).collect();
        after.sort_unstable();
        prop_assert_eq!(after, (0..new.proposals.len()).collect::<Vec<_>>());
        let mut before: Vec<Part> = comparison.changes.iter().flat_map(|c| c.old.clone()).collect();
        before.sort_unstable();
        for (index, proposal) in old.proposals.iter().enumerate() {
            let own: Vec<Option<usize>> = before.iter().filter(|p| p.proposal == index).map(|p| p.item).collect();
            let apart: Vec<Option<usize>> = (0..proposal.items.len()).map(Some).collect();
            prop_assert!(own == [None] || own == apart, "{}: {own:?}", proposal.number);
        }
        prop_assert_eq!(comparison.changes.len(), Kind::ALL.map(|kind| comparison.count(kind)).iter().sum::<usize>());
    });
}

#[test]
fn a_resolution_and_itself_are_the_same() {
    let plan = shipped();
    for resolution in &plan.resolutions {
        let comparison = compare(&plan, resolution, resolution);
        assert!(!comparison.differ());
        assert_eq!(
            comparison.count(Kind::Unchanged),
            resolution.proposals.len()
        );
    }
}

#[test]
fn links_lead_through_resolutions_in_between() {
    let mut plan = shipped();
    let mut newest = plan.resolution("2025").expect("shipped").clone();
    newest.id = "2026".into();
    newest.date = newest.date.tomorrow().expect("a day");
    for proposal in &mut newest.proposals {
        proposal.why = format!("дословно {}", proposal.number);
        proposal.continues = vec![Link {
            resolution: "2025".into(),
            number: proposal.number,
            item: None,
        }];
    }
    plan.resolutions.push(newest);
    let (old, new) = both(&plan);
    let newest = plan.resolution("2026").expect("pushed");
    let through = compare(&plan, old, newest);
    assert_eq!(told(&through), told(&compare(&plan, old, new)));
    assert_eq!(
        through.changes[6].why,
        ["дословно 7", &new.proposals[6].why]
    );
    let direct = compare(&plan, new, newest);
    assert_eq!(direct.count(Kind::Unchanged), 11);
    assert!(!direct.differ());
}

#[test]
fn another_target_is_a_change_without_another_word() {
    let mut plan = shipped();
    let mut newest = plan.resolution("2025").expect("shipped").clone();
    newest.id = "2026".into();
    newest.date = newest.date.tomorrow().expect("a day");
    for proposal in &mut newest.proposals {
        proposal.continues = vec![Link {
            resolution: "2025".into(),
            number: proposal.number,
            item: None,
        }];
    }
    newest.proposals[10].targets[0].due = None;
    plan.resolutions.push(newest);
    let one = |id| plan.resolution(id).expect("there");
    let comparison = compare(&plan, one("2025"), one("2026"));
    assert_eq!(comparison.changes[10].kind, Kind::Changed);
    assert_eq!(comparison.count(Kind::Unchanged), 10);
}

/// With its links taken away, all 7 true ones of the shipped pair are among 22 suggestions, 3 of them
/// in the first place.
#[test]
fn the_true_links_are_suggested() {
    let mut plan = shipped();
    let mut truth = Vec::new();
    for proposal in &both(&plan).1.proposals {
        for link in &proposal.continues {
            let item = link.item.map(|item| format!(".{item}")).unwrap_or_default();
            truth.push((proposal.number, format!("{}{item}", link.number)));
        }
    }
    linked(&mut plan, &[]);
    let (old, new) = both(&plan);
    let suggestions = suggest(&compare(&plan, old, new));
    let suggested = |number: u32| -> Vec<String> {
        let own = suggestions
            .iter()
            .find(|(at, _)| new.proposals[*at].number == number);
        own.expect("asked for")
            .1
            .iter()
            .map(|one| one.old.number(old))
            .collect()
    };
    let found = truth
        .iter()
        .filter(|(number, link)| suggested(*number).contains(link));
    assert_eq!((found.count(), truth.len()), (7, 7));
    let first = truth
        .iter()
        .filter(|(number, link)| suggested(*number).first() == Some(link));
    assert_eq!(first.count(), 3);
    let all: usize = suggestions.iter().map(|(_, own)| own.len()).sum();
    assert_eq!(all, 22);
}

#[test]
fn what_is_linked_is_not_suggested_for() {
    let plan = shipped();
    let (old, new) = both(&plan);
    let numbers = suggest(&compare(&plan, old, new))
        .into_iter()
        .map(|(at, _)| new.proposals[at].number);
    assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3, 4, 5, 8, 10]);
}

#[test]
fn a_number_is_named_or_it_is_not() {
    let plan = shipped();
    let mut target = both(&plan).1.proposals[10].targets[0].clone();
    for (quote, wanted, is_named) in [
        ("до 78,45%.", "78.45", true),
        ("не менее 78.45 процента", "78.45", true),
        ("до 178,45%", "78.45", false),
        ("обучить 1\u{a0}200 детей", "1200", true),
        ("от 13.07.2020 № 189-ФЗ в 2025 году", "1", false),
        ("в каждом учреждении", "100", false),
    ] {
        let value = Decimal::parse(wanted.as_bytes())
            .expect("short")
            .expect("a number");
        target.quote = quote.into();
        target.bound = Bound::AtLeast(value);
        assert_eq!(names_its_number(&target), is_named, "{quote}");
        target.bound = Bound::AtMost(value);
        assert_eq!(names_its_number(&target), is_named, "{quote}");
    }
    target.bound = Bound::MoreThanBase;
    assert!(!names_its_number(&target));
}
