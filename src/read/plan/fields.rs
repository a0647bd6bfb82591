//! `[[field]]` of a form.

use std::collections::HashMap;

use regex_lite::Regex;

use super::document::Entry;
use super::faults::{Faults, twin};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::form::{Field, FieldType, Missing, OverTime};
use crate::model::name;
use crate::read::vocabulary;
use crate::source::Place;

/// Reads a form's fields; a faulty part is replaced by a harmless one.
pub(crate) fn read(entries: &[Entry<'_>], faults: &mut Faults<'_>) -> Vec<Field> {
    let fields = entries
        .iter()
        .map(|entry| read_field(*entry, faults))
        .collect();
    report_twins(entries, faults);
    report_shared_headers(entries, faults);
    fields
}

/// The type that a word of the schema names.
pub(crate) fn field_type(word: &str) -> Option<FieldType> {
    Some(match word {
        "count" => FieldType::Count,
        "number" => FieldType::Number,
        "percent" => FieldType::Percent,
        "flag" => FieldType::Flag,
        "date" => FieldType::Date,
        "text" => FieldType::Text,
        _ => return None,
    })
}

/// The way over time that a word of the schema names.
pub(crate) fn over_time(word: &str) -> Option<OverTime> {
    Some(match word {
        "last" => OverTime::Last,
        "sum" => OverTime::Sum,
        "to-date" => OverTime::ToDate,
        "average" => OverTime::Average,
        "max" => OverTime::Max,
        _ => return None,
    })
}

fn read_field(entry: Entry<'_>, faults: &mut Faults<'_>) -> Field {
    let kind = entry.text("type").and_then(field_type);
    if let Some(kind) = kind {
        check_over_time(entry, kind, faults);
        check_limits(entry, kind, faults);
    }
    let chosen = entry.text("over_time").and_then(over_time);
    Field {
        id: entry.text_or_empty("id"),
        header: entry.text_or_empty("header"),
        aliases: entry.strings("aliases"),
        kind: kind.unwrap_or(FieldType::Count),
        required: entry.flag("required").unwrap_or(false),
        over_time: chosen.unwrap_or(OverTime::Last),
        missing: match entry.text("missing") {
            Some("zero") => Missing::Zero,
            _ => Missing::Exclude,
        },
        min: entry.decimal("min"),
        max: entry.decimal("max"),
        one_of: entry.strings("one_of"),
        pattern: pattern(entry, faults),
    }
}

fn check_over_time(entry: Entry<'_>, kind: FieldType, faults: &mut Faults<'_>) {
    let must = matches!(kind, FieldType::Count | FieldType::Number);
    if must && !entry.has("over_time") && !entry.is_damaged() {
        faults.push(
            Diagnostic::new(
                Code::MissingKey,
                Some(entry.here()),
                "у поля-числа нет ключа «over_time»",
            )
            .label("ожидалось: как из значений за несколько периодов получается одно")
            .help(
                "допишите over_time: \"last\" — на дату, \"sum\" — за период, \"to-date\" — \
                 нарастающим итогом, \"average\" или \"max\"",
            ),
        );
    }
    if !kind.is_numeric() && entry.has("over_time") {
        faults.push(misplaced(
            entry.key_place("over_time"),
            "over_time",
            kind,
            "только у чисел, процентов и признаков",
        ));
    }
    if kind == FieldType::Percent && entry.text("over_time") == Some("sum") {
        faults.push(
            Diagnostic::new(
                Code::WrongValue,
                Some(entry.place("over_time")),
                "проценты за несколько периодов не складываются",
            )
            .label("ожидалось: \"last\", \"average\" или \"max\"")
            .help("напишите over_time = \"last\""),
        );
    }
}

fn misplaced(place: Place, key: &str, kind: FieldType, where_to: &str) -> Diagnostic {
    Diagnostic::new(
        Code::WrongValue,
        Some(place),
        format!("ключ «{key}» не для поля типа «{}»", kind.title()),
    )
    .label(format!("«{key}» бывает {where_to}"))
    .help("уберите ключ или исправьте type")
}

fn check_limits(entry: Entry<'_>, kind: FieldType, faults: &mut Faults<'_>) {
    let measured = kind.is_numeric() && kind != FieldType::Flag;
    for key in ["min", "max"] {
        if entry.has(key) && !measured {
            let where_to = "только у полей count, number и percent";
            faults.push(misplaced(entry.key_place(key), key, kind, where_to));
        }
    }
    for key in ["one_of", "pattern"] {
        if entry.has(key) && kind != FieldType::Text {
            let where_to = "только у текстовых полей (type = \"text\")";
            faults.push(misplaced(entry.key_place(key), key, kind, where_to));
        }
    }
    if let (Some(min), Some(max)) = (entry.decimal("min"), entry.decimal("max"))
        && min > max
    {
        faults.push(
            Diagnostic::new(
                Code::WrongValue,
                Some(entry.place("max")),
                format!("наибольшее значение {max} меньше наименьшего {min}"),
            )
            .label(format!("ожидалось число не меньше {min}"))
            .help("поменяйте min и max местами или исправьте одно из них")
            .related(entry.place("min"), "наименьшее значение"),
        );
    }
    if entry.has("one_of") && entry.texts("one_of").is_empty() {
        faults.push(
            Diagnostic::new(
                Code::WrongValue,
                Some(entry.place("one_of")),
                "список допустимых текстов пуст: ни одно значение не подойдёт",
            )
            .label("ожидался хотя бы один текст")
            .help("впишите допустимые тексты или уберите ключ one_of"),
        );
    }
}

/// The pattern, matched against the whole of a text.
fn pattern(entry: Entry<'_>, faults: &mut Faults<'_>) -> Option<Regex> {
    let pattern = entry.filled("pattern")?;
    let anchored = Regex::new(pattern).and_then(|_| Regex::new(&format!("^(?:{pattern})$")));
    anchored
        .inspect_err(|error| {
            faults.push(
                Diagnostic::new(
                    Code::WrongValue,
                    Some(entry.place("pattern")),
                    format!("регулярное выражение «{}» не читается", name::printable(pattern)),
                )
                .label("ожидалось регулярное выражение, например [0-9]{10}")
                .found(pattern)
                .help(format!(
                    "проверьте скобки и знак «\\»; в TOML такие тексты удобно брать в '…' (разбор: {error})"
                )),
            );
        })
        .ok()
}

fn report_twins(entries: &[Entry<'_>], faults: &mut Faults<'_>) {
    let mut first: HashMap<&str, Place> = HashMap::new();
    for entry in entries {
        let Some(id) = entry.filled("id") else {
            continue;
        };
        let place = entry.place("id");
        match first.get(id) {
            Some(earlier) => faults.push(twin(id, "поле этой формы", place, earlier.clone())),
            None => drop(first.insert(id, place)),
        }
    }
}

/// A heading must tell one field: ids, headers and aliases of two fields are never alike.
fn report_shared_headers(entries: &[Entry<'_>], faults: &mut Faults<'_>) {
    let mut owners: HashMap<String, (usize, Place)> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let id = entry.filled("id").map(|id| (id, entry.place("id")));
        let header = entry
            .filled("header")
            .map(|text| (text, entry.place("header")));
        let names = id.into_iter().chain(header).chain(entry.texts("aliases"));
        for (text, place) in names {
            let key = name::key(text);
            match owners.get(&key) {
                _ if key.is_empty() => {}
                _ if vocabulary::is_reserved(&key) => faults.push(reserved_header(text, place)),
                Some((owner, _)) if *owner == index => {}
                // Two equal ids have been reported as such.
                Some((owner, _)) if is_twin(entries, *owner, index, text) => {}
                Some((owner, earlier)) => {
                    let owner = entries[*owner].text_or_empty("id");
                    faults.push(shared_header(text, &owner, place, earlier.clone()));
                }
                None => drop(owners.insert(key, (index, place))),
            }
        }
    }
}

fn reserved_header(text: &str, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateId,
        Some(place),
        format!(
            "заголовок «{}» занят: по нему узнаётся организация или период",
            name::printable(text)
        ),
    )
    .label("ожидался заголовок, который значит только это поле")
    .found(text)
    .help("назовите поле подробнее, например «Период проведения», или уберите это название")
}

fn is_twin(entries: &[Entry<'_>], one: usize, other: usize, text: &str) -> bool {
    [one, other]
        .iter()
        .all(|index| entries[*index].text("id") == Some(text))
}

fn shared_header(text: &str, owner: &str, place: Place, earlier: Place) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateId,
        Some(place),
        format!(
            "заголовок «{}» уже есть у поля «{owner}»",
            name::printable(text)
        ),
    )
    .label("ожидался заголовок, по которому поле узнаётся однозначно")
    .found(text)
    .help("регистр, ё/е, кавычки и пробелы не различаются; измените один из заголовков")
    .related(earlier, "здесь он у другого поля")
}
