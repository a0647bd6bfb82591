//! `[[rule]]` of a form: what must hold between its figures.

use std::collections::HashMap;

use super::document::Entry;
use super::faults::{Faults, twin};
use super::formulas;
use super::names::FormNames;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::form::{FieldType, Rule, RuleSeverity};
use crate::model::formula::{self, FieldRef, Name};
use crate::source::Place;

/// Reads the rules of the form with this index.
pub(crate) fn read(
    entries: &[Entry<'_>],
    form: usize,
    names: &FormNames,
    faults: &mut Faults<'_>,
) -> Vec<Rule> {
    let mut first: HashMap<&str, Place> = HashMap::new();
    let mut rules = Vec::new();
    for entry in entries {
        if let Some(id) = entry.filled("id") {
            let place = entry.place("id");
            match first.get(id) {
                Some(earlier) => {
                    faults.push(twin(id, "правило этой формы", place, earlier.clone()));
                }
                None => drop(first.insert(id, place)),
            }
        }
        rules.extend(read_rule(*entry, form, names, faults));
    }
    rules
}

fn read_rule(
    entry: Entry<'_>,
    form: usize,
    names: &FormNames,
    faults: &mut Faults<'_>,
) -> Option<Rule> {
    let text = entry.filled("assert")?;
    let parsed = match formula::parse_comparison(text) {
        Ok(parsed) => parsed,
        Err(fault) => {
            let help = "правило — формула, сравнение, формула: enrolled <= capacity";
            faults.push(formulas::unreadable(entry, "assert", &fault, help));
            return None;
        }
    };
    if parsed.names.is_empty() {
        faults.push(
            Diagnostic::new(
                Code::BadFormula,
                Some(entry.place("assert")),
                "правило не называет ни одного поля",
            )
            .label("ожидалось хотя бы одно поле формы")
            .help("напишите, например: enrolled <= capacity"),
        );
    }
    let mut fields = Vec::with_capacity(parsed.names.len());
    for (name, span) in parsed.names {
        let place = entry.place_in("assert", span);
        fields.extend(field(name, place, form, names, faults));
    }
    Some(Rule {
        id: entry.text_or_empty("id"),
        text: text.to_owned(),
        left: parsed.left,
        relation: parsed.relation,
        right: parsed.right,
        fields,
        severity: match entry.text("severity") {
            Some("warning") => RuleSeverity::Warning,
            _ => RuleSeverity::Error,
        },
        message: entry.text_or_empty("message"),
    })
}

fn field(
    name: Name,
    place: Place,
    own: usize,
    names: &FormNames,
    faults: &mut Faults<'_>,
) -> Option<FieldRef> {
    let (path, found) = match name {
        Name::Organisations(_) => {
            faults.push(
                Diagnostic::new(
                    Code::BadFormula,
                    Some(place),
                    "organisations(…) в правиле не бывает: правило смотрит на один отчёт",
                )
                .label("ожидалось поле формы")
                .help("напишите поле или форма.поле"),
            );
            return None;
        }
        Name::Field {
            form: Some(form),
            field,
        } => {
            let found = formulas::field_of(&form, &field, &place, names, faults)?;
            (format!("{form}.{field}"), found)
        }
        Name::Field { form: None, field } => match names.field(own, &field) {
            Ok(found) => (field, found),
            Err(unknown) => {
                let unknown = unknown.map(|mut unknown| {
                    let elsewhere = names.with_field(&field);
                    if !elsewhere.is_empty() {
                        unknown.help =
                            format!("поле другой формы пишется {}", elsewhere.join(" или "));
                    }
                    unknown
                });
                formulas::faults_unknown(unknown, &place, &field, faults);
                return None;
            }
        },
    };
    let (reference, kind): (FieldRef, FieldType) = found;
    if !kind.is_numeric() {
        faults.push(
            Diagnostic::new(
                Code::WrongValue,
                Some(place),
                format!(
                    "поле «{path}» — {}, сравнивать можно только числа",
                    kind.title()
                ),
            )
            .label("ожидалось поле-число, процент или признак")
            .found(path)
            .help("возьмите поле с type = \"count\", \"number\", \"percent\" или \"flag\""),
        );
        return None;
    }
    Some(reference)
}
