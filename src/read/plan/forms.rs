//! `forms/*.toml`: what organisations report.

use std::collections::HashMap;

use super::document::{Document, Entry};
use super::faults::{Faults, twin};
use super::fields;
use super::names::{FormName, FormNames, are_told_apart};
use super::schema::Kind;
use super::{rules, schema, structure};
use crate::model::form::Form;
use crate::model::period::Every;
use crate::source::Place;

/// A form as read, and where its parts stand.
pub(crate) struct ReadForm<'d> {
    pub(crate) entry: Entry<'d>,
    pub(crate) form: Form,
    pub(crate) field_places: Vec<Place>,
    pub(crate) rule_places: Vec<Place>,
}

/// Reads every form, in the order of their ids; their rules may name each other's fields.
pub(crate) fn read<'d>(
    documents: &'d [Document<'d>],
    faults: &mut Faults<'_>,
) -> (Vec<ReadForm<'d>>, FormNames) {
    let mut forms: Vec<ReadForm<'d>> = Vec::new();
    for document in documents {
        structure::check(document.root(), &schema::FORM, faults);
        forms.push(read_form(document.root(), faults));
    }
    report_twins(&forms, faults);
    forms.sort_by(|a, b| a.form.id.cmp(&b.form.id));
    let names = names(&forms, documents);
    for (index, form) in forms.iter_mut().enumerate() {
        let entries = form.entry.entries("rule");
        form.rule_places = entries.iter().map(|rule| rule.place("assert")).collect();
        form.form.rules = rules::read(&entries, index, &names, faults);
    }
    (forms, names)
}

fn read_form<'d>(entry: Entry<'d>, faults: &mut Faults<'_>) -> ReadForm<'d> {
    let entries = entry.entries("field");
    let every = entry.text("every").and_then(Every::from_id);
    let form = Form {
        id: entry.text_or_empty("id"),
        title: entry.text_or_empty("title"),
        kinds: entry.strings("kind"),
        every: every.unwrap_or(Every::Month),
        due_days: entry.whole("due_days"),
        fields: fields::read(&entries, faults),
        rules: Vec::new(),
    };
    ReadForm {
        entry,
        form,
        field_places: entries.iter().map(|field| field.place("header")).collect(),
        rule_places: Vec::new(),
    }
}

fn report_twins(forms: &[ReadForm<'_>], faults: &mut Faults<'_>) {
    let mut first: HashMap<&str, Place> = HashMap::new();
    for read in forms.iter().filter(|read| !read.form.id.is_empty()) {
        let place = read.entry.place("id");
        if let Some(earlier) = first.get(read.form.id.as_str()) {
            faults.push(twin(&read.form.id, "форма", place, earlier.clone()));
            continue;
        }
        first.insert(&read.form.id, place);
    }
}

fn names(forms: &[ReadForm<'_>], documents: &[Document<'_>]) -> FormNames {
    let form_names = forms.iter().map(|read| {
        let fields = &read.form.fields;
        let entries = read.entry.entries("field");
        let named = are_told_apart(&entries, Kind::Identifier);
        FormName {
            id: read.form.id.clone(),
            fields: fields
                .iter()
                .map(|field| (field.id.clone(), field.kind))
                .collect(),
            complete: named && !read.entry.document().is_broken(),
        }
    });
    let roots: Vec<Entry<'_>> = documents.iter().map(Document::root).collect();
    FormNames {
        complete: are_told_apart(&roots, Kind::Identifier)
            && !documents.iter().any(Document::is_broken),
        forms: form_names.collect(),
    }
}
