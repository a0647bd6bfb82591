//! Who must report: `organisations.toml`, and the checks that any list of organisations passes.

use std::collections::HashMap;

use super::document::{Document, Entry};
use super::faults::Faults;
use super::forms::twin;
use super::names;
use super::{schema, structure};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::form::Form;
use crate::model::name;
use crate::model::organisation::{Found, Organisation, Register};
use crate::source::Place;

/// An organisation as a file lists it, its parent still a text.
pub(crate) struct Listed {
    /// Without its parent.
    pub(crate) organisation: Organisation,
    /// Where its id stands.
    pub(crate) place: Place,
    /// What it names as its parent, and where.
    pub(crate) parent: Option<(String, Place)>,
    /// Where its kind stands.
    pub(crate) kind: Option<Place>,
    /// Where its last day stands.
    pub(crate) closed: Option<Place>,
}

/// Reads `organisations.toml`; without it whoever reports is taken.
pub(crate) fn read(
    document: Option<&Document<'_>>,
    forms: &[&Form],
    faults: &mut Faults<'_>,
) -> Register {
    let Some(document) = document else {
        return Register::undeclared();
    };
    let root = document.root();
    structure::check(root, &schema::ORGANISATIONS, faults);
    let listed = root.entries("organisation").into_iter().map(list).collect();
    register(listed, forms, faults)
}

fn list(entry: Entry<'_>) -> Listed {
    let text = |key| entry.text(key).unwrap_or_default();
    let place_of = |key: &str| entry.has(key).then(|| entry.place(key));
    Listed {
        organisation: Organisation {
            id: text("id").into(),
            name: text("name").into(),
            aliases: entry.strings("aliases").into(),
            kind: text("kind").into(),
            parent: None,
            inn: entry.filled("inn").map(Into::into),
            opened: entry.date("opened"),
            closed: entry.date("closed"),
            implied: false,
        },
        place: entry.place("id"),
        parent: entry
            .filled("parent")
            .map(|parent| (parent.to_owned(), entry.place("parent"))),
        kind: place_of("kind"),
        closed: place_of("closed"),
    }
}

/// The register of listed organisations, whatever file lists them: ids are unique, parents form
/// trees (one that the list does not hold becomes an implied group), days are in order, kinds are
/// no slips.
pub(crate) fn register(listed: Vec<Listed>, forms: &[&Form], faults: &mut Faults<'_>) -> Register {
    report_twins(&listed, faults);
    report_days(&listed, faults);
    report_kinds(&listed, forms, faults);
    let mut organisations = Vec::with_capacity(listed.len());
    let mut parents = Vec::with_capacity(listed.len());
    for Listed {
        organisation,
        parent,
        ..
    } in listed
    {
        organisations.push(organisation);
        parents.push(parent);
    }
    let mut register = Register::new(organisations);
    find_parents(&mut register, &parents, faults);
    report_circles(&register, &parents, faults);
    register
}

fn report_twins(listed: &[Listed], faults: &mut Faults<'_>) {
    let mut first: HashMap<&str, &Place> = HashMap::with_capacity(listed.len());
    for one in listed {
        let id = &*one.organisation.id;
        if id.is_empty() {
            continue;
        }
        match first.get(id) {
            Some(earlier) => {
                let earlier = (*earlier).clone();
                faults.push(twin(id, "организация", one.place.clone(), earlier));
            }
            None => drop(first.insert(id, &one.place)),
        }
    }
}

fn report_days(listed: &[Listed], faults: &mut Faults<'_>) {
    for one in listed {
        let (Some(opened), Some(closed)) = (one.organisation.opened, one.organisation.closed)
        else {
            continue;
        };
        if closed < opened {
            let id = &*one.organisation.id;
            faults.push(
                Diagnostic::new(
                    Code::WrongValue,
                    one.closed.clone(),
                    format!("организация «{id}» закрыта {closed}, раньше чем открыта {opened}"),
                )
                .label("ожидался день не раньше opened")
                .organisation(id)
                .help("исправьте opened или closed"),
            );
        }
    }
}

/// A kind that no form asks for is allowed (a municipality owes nothing), a slip of one is not:
/// the organisation would silently owe no report.
fn report_kinds(listed: &[Listed], forms: &[&Form], faults: &mut Faults<'_>) {
    let asked: Vec<&str> = forms
        .iter()
        .flat_map(|form| &form.kinds)
        .map(String::as_str)
        .collect();
    let mut slips: HashMap<&str, Option<&str>> = HashMap::new();
    let for_all = forms.iter().any(|form| form.kinds.is_empty());
    let parents: std::collections::HashSet<&str> = listed
        .iter()
        .filter_map(|one| Some(one.parent.as_ref()?.0.as_str()))
        .collect();
    for one in listed {
        let (id, kind) = (&*one.organisation.id, &*one.organisation.kind);
        if kind.is_empty() {
            let owes_nothing = !for_all && !asked.is_empty() && !parents.contains(id);
            if owes_nothing && one.kind.is_none() {
                faults.push(without_kind(id, one.place.clone()));
            }
            continue;
        }
        let meant = *slips.entry(kind).or_insert_with(|| {
            let known = asked.contains(&kind);
            asked
                .iter()
                .copied()
                .find(|form_kind| !known && names::is_slip(kind, form_kind))
        });
        if let Some(meant) = meant {
            faults.push(
                Diagnostic::new(
                    Code::UnknownReference,
                    one.kind.clone(),
                    format!("вид «{}» не сдаёт ни одной формы", name::printable(kind)),
                )
                .label("ожидался вид, названный в одной из форм")
                .found(kind)
                .organisation(id)
                .help(format!("возможно, имелось в виду «{meant}»")),
            );
        }
    }
}

fn without_kind(id: &str, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::MissingKey,
        Some(place),
        format!("у организации «{id}» не указан вид (kind): она не должна сдавать ни одной формы"),
    )
    .severity(Severity::Warning)
    .label("ожидалось: kind")
    .organisation(id)
    .help("допишите kind = \"…\" — вид, названный в формах")
}

/// A parent as a file writes it, and where.
type Parents = [Option<(String, Place)>];

fn find_parents(register: &mut Register, parents: &Parents, faults: &mut Faults<'_>) {
    let mut slips = Slips::default();
    for (index, parent) in parents.iter().enumerate() {
        let Some((parent, place)) = parent else {
            continue;
        };
        let found = match register.by_id(parent) {
            Some(found) => Some(found),
            None => match meant(register, parent, parents.len(), &mut slips) {
                Some(meant) => {
                    faults.push(unknown_parent(parent, &meant, place.clone()));
                    None
                }
                None => Some(register.add(Organisation {
                    id: parent.as_str().into(),
                    implied: true,
                    ..Organisation::default()
                })),
            },
        };
        register.organisations[index].parent = found;
    }
}

/// The ids of the list by their digits: a slip never changes a number.
#[derive(Default)]
struct Slips {
    by_digits: Option<HashMap<String, Vec<u32>>>,
}

/// The id that a parent nobody bears must mean, if it must mean one.
fn meant(register: &Register, parent: &str, listed: usize, slips: &mut Slips) -> Option<String> {
    let id = |index: u32| &*register.organisations[index as usize].id;
    if let Some(found) = register.find(parent) {
        let index = match found {
            Found::One(index) => *index,
            Found::Several(all) => *all.first()?,
        };
        return Some(id(index).to_owned());
    }
    let by_digits = slips.by_digits.get_or_insert_with(|| {
        let mut by_digits: HashMap<String, Vec<u32>> = HashMap::new();
        for index in 0..listed as u32 {
            by_digits
                .entry(names::digits(id(index)))
                .or_default()
                .push(index);
        }
        by_digits
    });
    let alike = by_digits.get(&names::digits(parent))?;
    alike
        .iter()
        .map(|index| id(*index))
        .find(|candidate| !candidate.is_empty() && names::is_slip(parent, candidate))
        .map(str::to_owned)
}

fn unknown_parent(parent: &str, meant: &str, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownReference,
        Some(place),
        format!("нет организации с id «{}»", name::printable(parent)),
    )
    .label("ожидался id организации или название новой группы")
    .found(parent)
    .help(format!("возможно, имелось в виду «{meant}»"))
}

/// Each circle is reported once, at its first member, and all of them are members of nothing else.
fn report_circles(register: &Register, parents: &Parents, faults: &mut Faults<'_>) {
    const NEW: u32 = u32::MAX;
    let organisations = &register.organisations;
    // On which walk each was met first.
    let mut walk = vec![NEW; organisations.len()];
    for start in 0..parents.len() {
        let mut at = Some(start);
        while let Some(here) = at.filter(|here| walk[*here] == NEW) {
            walk[here] = start as u32;
            at = organisations[here].parent.map(|parent| parent as usize);
        }
        if let Some(here) = at.filter(|here| walk[*here] == start as u32) {
            report_circle(register, here, parents, faults);
        }
    }
}

fn report_circle(register: &Register, start: usize, parents: &Parents, faults: &mut Faults<'_>) {
    const SHOWN: usize = 6;
    let organisations = &register.organisations;
    let mut members = vec![start];
    let mut at = organisations[start].parent;
    while let Some(here) = at.filter(|here| *here as usize != start) {
        members.push(here as usize);
        at = organisations[here as usize].parent;
    }
    let first = members.iter().copied().min().unwrap_or(start);
    let turn = members
        .iter()
        .position(|member| *member == first)
        .unwrap_or(0);
    members.rotate_left(turn);
    let mut ids: Vec<&str> = members
        .iter()
        .map(|member| &*organisations[*member].id)
        .collect();
    if ids.len() > SHOWN {
        ids.truncate(SHOWN);
        ids.push("…");
    }
    ids.push(&organisations[first].id);
    let place = parents[first].as_ref().map(|(_, place)| place.clone());
    faults.push(
        Diagnostic::new(
            Code::WrongValue,
            place,
            format!(
                "организации входят друг в друга по кругу: {}",
                ids.join(" → ")
            ),
        )
        .label("ожидалась организация, которая сама не входит в эту")
        .help("уберите один из parent этого круга"),
    );
}
