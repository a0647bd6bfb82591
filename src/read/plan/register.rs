//! Who must report: `organisations.toml`, and the checks that any list of organisations passes.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::document::{Document, Entry};
use super::faults::{Faults, twin};
use super::names;
use super::{csv, schema, structure};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::form::Form;
use crate::model::name;
use crate::model::organisation::{Found, Organisation, Register};
use crate::model::plural::counted;
use crate::source::{FileId, Place, Sources};

/// Organisations as a file lists them.
#[derive(Default)]
pub(crate) struct Listing {
    /// In the order of the file, without their parents.
    pub(crate) organisations: Vec<Organisation>,
    /// What they name as their parents.
    pub(crate) parents: Parents,
}

/// What organisations name as their parents: each text is kept once, however many name it.
#[derive(Default)]
pub(crate) struct Parents {
    /// All texts, one behind the other, and where each ends.
    texts: String,
    ends: Vec<u32>,
    /// Of each organisation: which text.
    of: Vec<Option<u32>>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Parents {
    /// The next organisation names this parent, or none.
    pub(crate) fn push(&mut self, parent: Option<&str>) {
        let parent = parent.map(|parent| self.intern(parent));
        self.of.push(parent);
    }

    fn intern(&mut self, text: &str) -> u32 {
        // Those of one parent mostly stand together.
        if let Some(Some(last)) = self.of.last()
            && self.text(*last as usize) == text
        {
            return *last;
        }
        if let Some(known) = self.find(text) {
            return known;
        }
        let hash = self.hasher.hash_one(text);
        let at = self.ends.len() as u32;
        self.texts.push_str(text);
        self.ends.push(self.texts.len() as u32);
        let (texts, ends, hasher) = (&self.texts, &self.ends, &self.hasher);
        self.table.insert_unique(hash, at, |at| {
            hasher.hash_one(nth(texts, ends, *at as usize))
        });
        at
    }

    fn find(&self, text: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        let same = |at: &u32| self.text(*at as usize) == text;
        self.table.find(hash, same).copied()
    }

    fn text(&self, at: usize) -> &str {
        nth(&self.texts, &self.ends, at)
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|at| self.text(at))
    }
}

fn nth<'a>(texts: &'a str, ends: &[u32], at: usize) -> &'a str {
    let start = at.checked_sub(1).map_or(0, |before| ends[before]);
    &texts[start as usize..ends[at] as usize]
}

/// Where what a file says of its organisations stands; asked only where there is a fault.
pub(crate) trait Places {
    /// The file.
    fn file(&self) -> FileId;

    /// Where a key of an organisation stands; where it has none, the organisation itself.
    fn place(&self, organisation: usize, key: &'static str) -> Place;

    /// Whether it may be told that an organisation has no such key.
    fn is_without(&self, organisation: usize, key: &'static str) -> bool;
}

/// The organisations of `organisations.toml`.
struct Entries<'d> {
    file: FileId,
    entries: Vec<Entry<'d>>,
}

impl Places for Entries<'_> {
    fn file(&self) -> FileId {
        self.file
    }

    fn place(&self, organisation: usize, key: &'static str) -> Place {
        let entry = self.entries[organisation];
        let key = if entry.has(key) { key } else { "id" };
        entry.place(key)
    }

    fn is_without(&self, organisation: usize, key: &'static str) -> bool {
        !self.entries[organisation].has(key)
    }
}

/// The kinds of organisations that forms ask for.
pub(crate) struct Asked<'a> {
    kinds: Vec<&'a str>,
    /// A form asks all, or may be lost: whoever is asked by none of the others may owe that one.
    all: bool,
}

impl<'a> Asked<'a> {
    /// What forms ask for; `complete`: none is lost.
    pub(crate) fn by(forms: &[&'a Form], complete: bool) -> Asked<'a> {
        let kinds = forms.iter().flat_map(|form| &form.kinds);
        let kinds: Vec<&str> = kinds.map(String::as_str).collect();
        let of_all = forms.iter().any(|form| form.kinds.is_empty());
        Asked {
            all: of_all || kinds.is_empty() || !complete,
            kinds,
        }
    }
}

/// Reads the register; without a file of it whoever reports is taken.
pub(crate) fn read(
    document: Option<&Document<'_>>,
    table: Option<FileId>,
    sources: &Sources,
    asked: &Asked<'_>,
    faults: &mut Faults<'_>,
) -> (Register, Completeness) {
    if let (Some(document), Some(table)) = (document, table) {
        faults.push(two_registers(document.file, table));
    }
    let mut read = (Register::undeclared(), Completeness::Whole);
    if let Some(table) = table
        && let Some((listing, rows)) = csv::read(table, sources, faults)
    {
        read.0 = register(listing, &rows, asked, faults);
        if !rows.is_complete() {
            read.1 = Completeness::Partial;
        }
    } else if table.is_some() {
        read.1 = Completeness::Partial;
    }
    if let Some(document) = document {
        let root = document.root();
        structure::check(root, &schema::ORGANISATIONS, faults);
        let places = Entries {
            file: document.file,
            entries: root.entries("organisation"),
        };
        read.0 = register(list(&places.entries), &places, asked, faults);
        if document.is_broken() {
            read.1 = Completeness::Partial;
        }
    }
    read
}

/// Whether all that the register says of its organisations could be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Completeness {
    Whole,
    Partial,
}

fn two_registers(toml: FileId, csv: FileId) -> Diagnostic {
    Diagnostic::new(
        Code::WrongValue,
        Some(Place::whole(csv)),
        "реестр организаций задан дважды: organisations.toml и organisations.csv",
    )
    .label("ожидался один из двух файлов")
    .help("оставьте тот файл, который ведёте, второй удалите или переименуйте")
    .related(Place::whole(toml), "второй реестр")
}

fn list(entries: &[Entry<'_>]) -> Listing {
    let mut listing = Listing::default();
    for entry in entries {
        let text = |key| entry.text(key).unwrap_or_default();
        listing.parents.push(entry.filled("parent"));
        listing.organisations.push(Organisation {
            id: text("id").into(),
            name: text("name").into(),
            aliases: entry.strings("aliases").into(),
            kind: text("kind").into(),
            parent: None,
            inn: entry.filled("inn").map(Into::into),
            opened: entry.date("opened"),
            closed: entry.date("closed"),
            implied: false,
        });
    }
    listing
}

/// The register of listed organisations, whatever file lists them: ids are unique, parents form
/// trees (one that the list does not hold becomes an implied group), days are in order, kinds are
/// no slips.
pub(crate) fn register(
    listing: Listing,
    places: &impl Places,
    asked: &Asked<'_>,
    faults: &mut Faults<'_>,
) -> Register {
    let Listing {
        organisations,
        parents,
    } = listing;
    let mut register = Register::new(organisations);
    report_twins(&register, places, faults);
    report_namesakes(&register, places, faults);
    report_days(&register.organisations, places, faults);
    find_parents(&mut register, &parents, places, faults);
    report_circles(&register, parents.of.len(), places, faults);
    report_kinds(&register.organisations, &parents, places, asked, faults);
    register
}

fn report_twins(register: &Register, places: &impl Places, faults: &mut Faults<'_>) {
    let mut twins: BTreeMap<u32, u32> = BTreeMap::new();
    let id = |index: u32| &*register.organisations[index as usize].id;
    for namesakes in register.namesakes() {
        let mut first: HashMap<&str, u32> = HashMap::new();
        for &index in namesakes.iter().filter(|index| !id(**index).is_empty()) {
            match first.get(id(index)) {
                // Two may share a name besides: in that list another one comes first.
                Some(&earlier) => {
                    let first = twins.entry(index).or_insert(earlier);
                    *first = earlier.min(*first);
                }
                None => drop(first.insert(id(index), index)),
            }
        }
    }
    for (index, earlier) in twins {
        faults.report(places.file(), Code::DuplicateId, || {
            let place = |index: u32| places.place(index as usize, "id");
            twin(id(index), "организация", place(index), place(earlier))
        });
    }
}

/// A name that two organisations bear tells in no report which of them is meant.
fn report_namesakes(register: &Register, places: &impl Places, faults: &mut Faults<'_>) {
    /// Pairs of a list that are looked at: whoever stands in it shares a name but by chance.
    const LOOKED_AT: usize = 8;
    let mut pairs: BTreeMap<(u32, u32), (&'static str, &str)> = BTreeMap::new();
    for namesakes in register.namesakes() {
        let Some((first, others)) = namesakes.split_first() else {
            continue;
        };
        for other in others.iter().take(LOOKED_AT) {
            if let Some(shared) = register.shared_name(*first, *other) {
                pairs.entry((*other, *first)).or_insert(shared);
                break;
            }
        }
    }
    for ((other, first), (key, text)) in pairs {
        faults.advise(places.file(), Code::AmbiguousOrganisation, || {
            let id = |index: u32| &*register.organisations[index as usize].id;
            let message = format!(
                "«{}» — это и «{}», и «{}»: по таким словам отчёт не узнать",
                name::printable(text),
                id(first),
                id(other)
            );
            Diagnostic::new(
                Code::AmbiguousOrganisation,
                Some(places.place(other as usize, key)),
                message,
            )
            .severity(Severity::Warning)
            .label("ожидались слова, которых нет у другой организации")
            .found(text)
            .organisation(id(other))
            .help("допишите то, что их различает, или пишите в отчётах id")
            .related(places.place(first as usize, "id"), "первая из них")
        });
    }
}

fn report_days(organisations: &[Organisation], places: &impl Places, faults: &mut Faults<'_>) {
    for (index, organisation) in organisations.iter().enumerate() {
        let (Some(opened), Some(closed)) = (organisation.opened, organisation.closed) else {
            continue;
        };
        if closed < opened {
            let id = &*organisation.id;
            faults.report(places.file(), Code::WrongValue, || {
                let place = places.place(index, "closed");
                let message =
                    format!("организация «{id}» закрыта {closed}, раньше чем открыта {opened}");
                Diagnostic::new(Code::WrongValue, Some(place), message)
                    .label("ожидался день не раньше opened")
                    .organisation(id)
                    .help("исправьте opened или closed")
            });
        }
    }
}

/// A kind that no form asks for is allowed where others belong to the organisation (a municipality
/// owes nothing); a slip of one never is, and any other is told once: whoever bears it would
/// silently owe no report.
fn report_kinds(
    organisations: &[Organisation],
    parents: &Parents,
    places: &impl Places,
    asked: &Asked<'_>,
    faults: &mut Faults<'_>,
) {
    let mut slips: HashMap<&str, Option<&str>> = HashMap::new();
    let Asked { kinds: asked, all } = asked;
    let mut unasked: BTreeMap<&str, (usize, u32)> = BTreeMap::new();
    let listed = organisations.iter().enumerate();
    for (index, organisation) in listed.filter(|(_, one)| !one.implied) {
        let (id, kind) = (&*organisation.id, &*organisation.kind);
        let is_group = parents.find(id).is_some();
        if kind.is_empty() {
            if !all && places.is_without(index, "kind") && !is_group {
                faults.warn(places.file(), Code::MissingKey, || {
                    without_kind(id, places.place(index, "kind"))
                });
            }
            continue;
        }
        let meant = *slips.entry(kind).or_insert_with(|| {
            let known = asked.contains(&kind);
            let letters = names::russian_letter(kind).is_some();
            let is_meant = |asked: &&str| {
                names::is_slip(kind, asked) || letters && strsim::osa_distance(kind, asked) <= 2
            };
            asked
                .iter()
                .copied()
                .find(|asked| !known && is_meant(asked))
        });
        if let Some(meant) = meant {
            faults.report(places.file(), Code::UnknownReference, || {
                let place = places.place(index, "kind");
                unknown_kind(id, kind, meant, place)
            });
        } else if !all && !asked.contains(&kind) && !is_group {
            unasked.entry(kind).or_insert((index, 0)).1 += 1;
        }
    }
    // Who is a group can be told only where the whole register is read as it is meant.
    let sound = !faults.has_errors(places.file());
    for (kind, (index, count)) in unasked.into_iter().filter(|_| sound) {
        faults.warn(places.file(), Code::UnknownReference, || {
            unasked_kind(kind, count, asked, places.place(index, "kind"))
        });
    }
}

fn unasked_kind(kind: &str, count: u32, asked: &[&str], place: Place) -> Diagnostic {
    let mut known: Vec<String> = asked.iter().map(|kind| format!("\"{kind}\"")).collect();
    known.sort_unstable();
    known.dedup();
    let organisations = counted(
        u128::from(count),
        &["организация", "организации", "организаций"],
    );
    Diagnostic::new(
        Code::UnknownReference,
        Some(place),
        format!(
            "вид «{}» не сдаёт ни одной формы: в отчётах и в «Не сдали» не будет: {organisations}",
            name::printable(kind)
        ),
    )
    .severity(Severity::Warning)
    .label("ожидался вид, названный в одной из форм")
    .found(kind)
    .help(format!(
        "в формах названы {}; напишите один из них или допишите этот в kind нужной формы",
        known.join(", ")
    ))
}

fn unknown_kind(id: &str, kind: &str, meant: &str, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownReference,
        Some(place),
        format!("вид «{}» не сдаёт ни одной формы", name::printable(kind)),
    )
    .label("ожидался вид, названный в одной из форм")
    .found(kind)
    .organisation(id)
    .help(
        names::russian_letter(kind)
            .unwrap_or_else(|| format!("возможно, имелось в виду «{meant}»")),
    )
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
    .help("укажите в kind вид, названный в формах")
}

fn find_parents(
    register: &mut Register,
    parents: &Parents,
    places: &impl Places,
    faults: &mut Faults<'_>,
) {
    let slips = slips(register, parents);
    // Of each text: the organisation, or the id that it must mean.
    let mut found: Vec<Result<u32, String>> = Vec::with_capacity(parents.ends.len());
    for (text, slip) in parents.texts().zip(slips) {
        if let Some(known) = register.by_id(text) {
            found.push(Ok(known));
            continue;
        }
        let meant = match register.find(text) {
            Some(Found::One(one)) => Some(one),
            Some(Found::Several(all)) => all.first().copied(),
            None => slip,
        };
        found.push(match meant {
            Some(meant) => Err(register.organisations[meant as usize].id.to_string()),
            None => Ok(register.add(Organisation {
                id: text.into(),
                implied: true,
                ..Organisation::default()
            })),
        });
    }
    for (index, parent) in parents.of.iter().enumerate() {
        let Some(parent) = parent.map(|parent| parent as usize) else {
            continue;
        };
        match &found[parent] {
            Ok(parent) => register.organisations[index].parent = Some(*parent),
            Err(meant) => faults.report(places.file(), Code::UnknownReference, || {
                let place = places.place(index, "parent");
                unknown_parent(parents.text(parent), meant, place)
            }),
        }
    }
}

/// The organisation whose id each parent that nobody bears must mean, if it must mean one. A slip
/// never changes a number, so only ids with the same digits are looked at.
fn slips(register: &Register, parents: &Parents) -> Vec<Option<u32>> {
    let mut slips = vec![None; parents.ends.len()];
    let mut by_digits: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, text) in parents.texts().enumerate() {
        if register.by_id(text).is_none() && register.find(text).is_none() {
            let alike = by_digits.entry(names::digits(text)).or_default();
            alike.push(index);
        }
    }
    if by_digits.is_empty() {
        return slips;
    }
    let mut digits = String::new();
    for (index, organisation) in register.organisations.iter().enumerate() {
        let id = &*organisation.id;
        digits.clear();
        digits.extend(id.chars().filter(char::is_ascii_digit));
        let alike = by_digits.get(&digits).filter(|_| !id.is_empty());
        for &parent in alike.into_iter().flatten() {
            if slips[parent].is_none() && names::is_slip(parents.text(parent), id) {
                slips[parent] = Some(index as u32);
            }
        }
    }
    slips
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
fn report_circles(
    register: &Register,
    listed: usize,
    places: &impl Places,
    faults: &mut Faults<'_>,
) {
    const NEW: u32 = u32::MAX;
    let organisations = &register.organisations;
    // On which walk each was met first.
    let mut walk = vec![NEW; organisations.len()];
    for start in 0..listed {
        let mut at = Some(start);
        while let Some(here) = at.filter(|here| walk[*here] == NEW) {
            walk[here] = start as u32;
            at = organisations[here].parent.map(|parent| parent as usize);
        }
        if let Some(here) = at.filter(|here| walk[*here] == start as u32) {
            report_circle(register, here, places, faults);
        }
    }
}

fn report_circle(register: &Register, start: usize, places: &impl Places, faults: &mut Faults<'_>) {
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
    faults.report(places.file(), Code::WrongValue, || {
        Diagnostic::new(
            Code::WrongValue,
            Some(places.place(first, "parent")),
            format!(
                "организации входят друг в друга по кругу: {}",
                ids.join(" → ")
            ),
        )
        .label("ожидалась организация, которая сама не входит в эту")
        .help("уберите один из parent этого круга")
    });
}
