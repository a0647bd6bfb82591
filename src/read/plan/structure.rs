//! Holds a document against the declared tables: unknown and missing keys, wrong types, words
//! and limits. What it lets through, the getters of [`Entry`] can give.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeValue};

use super::convert::{self, Refusal};
use super::document::Entry;
use super::faults::Faults;
use super::schema::{Key, Kind, Table};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::name;
use crate::source::Place;

/// Reports every key and value of an entry, and of the tables in it, that is not as declared.
pub(crate) fn check(entry: Entry<'_>, table: &'static Table, faults: &mut Faults<'_>) {
    check_within(entry, &[table], faults);
}

/// `tables` leads from the file down to the entry's own table.
fn check_within(entry: Entry<'_>, tables: &[&'static Table], faults: &mut Faults<'_>) {
    let Some(table) = tables.last() else { return };
    let mut meant = Vec::new();
    for (key, value) in entry.table() {
        let name = key.get_ref();
        match table.key(name) {
            Some(declared) => {
                check_value(entry, declared, key.span(), value, tables, faults);
            }
            None => meant.extend(unknown_key(entry, name, tables, faults)),
        }
    }
    for key in table.keys {
        let absent = key.required && !entry.has(key.name);
        if absent && !meant.contains(&key.name) && !entry.is_damaged() {
            faults.push(missing_key(entry, table, key));
        }
    }
}

/// Reports a key that is not declared; gives the one that was meant, if that can be told.
fn unknown_key(
    entry: Entry<'_>,
    found: &str,
    tables: &[&'static Table],
    faults: &mut Faults<'_>,
) -> Option<&'static str> {
    let (table, above) = tables.split_last()?;
    // Of a list of tables there may always be one more.
    let free = || {
        let keys = table.keys.iter();
        let keys = keys.filter(|key| matches!(key.kind, Kind::Tables(_)) || !entry.has(key.name));
        keys.map(|key| key.name)
    };
    let slip = |key: &&str| strsim::osa_distance(found, key) == 1;
    let meant = name::nearest(found, free()).or_else(|| free().find(slip));
    let owner = above.iter().find(|table| table.key(found).is_some());
    let within = table.keys.iter().find(|key| match key.kind {
        Kind::Tables(inner) => inner
            .key(found)
            .is_some_and(|key| matches!(key.kind, Kind::Tables(_))),
        _ => false,
    });
    let help = match (owner, meant) {
        _ if let Some(within) = within => format!(
            "это раздел внутри [[{0}]]: напишите [[{0}.{found}]]",
            within.name
        ),
        (Some(owner), _) => format!(
            "это ключ {}: поставьте его выше первой строки [[…]] {}",
            owner.of, table.of
        ),
        (None, Some(meant)) => format!("возможно, имелось в виду «{meant}»"),
        (None, None) => {
            let keys: Vec<&str> = free().collect();
            match keys.is_empty() {
                true => "уберите его".to_owned(),
                false => format!("уберите его; здесь ещё бывают: {}", keys.join(", ")),
            }
        }
    };
    let message = format!("неизвестный ключ «{}»", name::printable(found));
    faults.push(
        Diagnostic::new(Code::UnknownKey, Some(entry.key_place(found)), message)
            .label(format!("у {} такого ключа нет", table.of))
            .found(found)
            .help(help),
    );
    meant
}

fn missing_key(entry: Entry<'_>, table: &Table, key: &Key) -> Diagnostic {
    let message = format!("у {} нет ключа «{}»", table.of, key.name);
    let waiting = entry.waiting(key.name);
    let help = match &waiting {
        Some(_) => format!(
            "уберите «# » в начале этой строки и впишите своё: {}",
            example(key)
        ),
        None => format!("допишите {}", example(key)),
    };
    let place = waiting.unwrap_or_else(|| entry.here());
    Diagnostic::new(Code::MissingKey, Some(place), message)
        .label(format!("ожидалось: {} — {}", key.name, key.doc))
        .help(help)
}

/// How a key is written.
fn example(key: &Key) -> String {
    let name = key.name;
    match key.kind {
        Kind::Choice(words) => {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            format!("{name} = \"{}\"", words.join("\" или \""))
        }
        Kind::Date => format!("{name} = 2025-08-27"),
        Kind::Period | Kind::Stated => format!("{name} = \"2025-12\""),
        Kind::Number | Kind::Whole { .. } => format!("{name} = 1"),
        Kind::Flag | Kind::True => format!("{name} = true"),
        Kind::Texts(_) | Kind::Distinct(_) => format!("{name} = [\"…\"]"),
        Kind::Table(_) => format!("{name} = {{ … }}"),
        Kind::Tables(_) => format!("раздел [[{name}]]"),
        Kind::Identifier | Kind::Id | Kind::Text | Kind::Filled | Kind::TextOrTexts => {
            format!("{name} = \"…\"")
        }
    }
}

fn check_value<'d>(
    entry: Entry<'d>,
    key: &'static Key,
    key_span: Range<usize>,
    value: &'d Spanned<DeValue<'d>>,
    tables: &[&'static Table],
    faults: &mut Faults<'_>,
) {
    let place = entry.value_place(key_span, value);
    let refused = match (key.kind, value.get_ref()) {
        (Kind::Table(inner), DeValue::Table(_)) => {
            if let Some(within) = entry.within(value) {
                check_within(within, &with(tables, inner), faults);
            }
            None
        }
        (Kind::Table(_), other) => {
            let help = format!("напишите {} = {{ ключ = значение, … }}", key.name);
            Some(convert::wrong_type(other, "таблица с ключами", help))
        }
        (Kind::Tables(inner), DeValue::Array(array)) => {
            check_tables(entry, key, &place, array, &with(tables, inner), faults);
            None
        }
        (Kind::Tables(_), other) => {
            let text = &entry.document().text;
            let inline = text
                .get(value.span())
                .is_some_and(|raw| raw.starts_with('{'));
            Some(not_tables(key, other, inline))
        }
        (Kind::Distinct(_), DeValue::Array(array)) => check_texts(key, None, &place, array, faults),
        (Kind::Texts(count), DeValue::Array(array)) => {
            check_texts(key, count, &place, array, faults)
        }
        (Kind::TextOrTexts, DeValue::Array(array)) if array.is_empty() => {
            Some(convert::wrong_value(
                "пустой список",
                "нужен хотя бы один текст",
                "впишите значение или уберите ключ",
            ))
        }
        (Kind::TextOrTexts, DeValue::Array(array)) => check_texts(key, None, &place, array, faults),
        (Kind::TextOrTexts, other) => convert::filled(other).err(),
        (Kind::Texts(_) | Kind::Distinct(_), other) => {
            let help = format!("напишите {} = [\"…\"]", key.name);
            Some(convert::wrong_type(other, "список текстов", help))
        }
        (kind, other) => convert::check(other, kind).err(),
    };
    if let Some(refusal) = refused {
        faults.push(refusal_at(entry, key, place, refusal));
    }
}

fn with(tables: &[&'static Table], inner: &'static Table) -> Vec<&'static Table> {
    let mut all = tables.to_vec();
    all.push(inner);
    all
}

fn not_tables(key: &Key, value: &DeValue<'_>, inline: bool) -> Refusal {
    let help = match value {
        DeValue::Table(_) if inline => format!(
            "возьмите запись в квадратные скобки: {} = [ {{ … }} ]",
            key.name
        ),
        DeValue::Table(_) => format!("скобки двойные: […{}] → [[…{}]]", key.name, key.name),
        _ => format!("запишите разделами [[…{}]]", key.name),
    };
    convert::wrong_type(value, "список таблиц", help)
}

fn check_tables<'d>(
    entry: Entry<'d>,
    key: &Key,
    place: &Place,
    array: &'d DeArray<'d>,
    tables: &[&'static Table],
    faults: &mut Faults<'_>,
) {
    for item in array.iter() {
        if let Some(within) = entry.within(item) {
            check_within(within, tables, faults);
            continue;
        }
        let refusal = convert::wrong_type(
            item.get_ref(),
            "таблица с ключами",
            "напишите { ключ = значение, … }",
        );
        let place = entry.value_place(item.span(), item);
        faults.push(refusal_at(entry, key, place, refusal));
    }
    if array.is_empty() && key.required {
        let refusal = convert::wrong_value(
            "пустой список",
            "нужен хотя бы один раздел",
            format!("допишите {}", example(key)),
        );
        faults.push(refusal_at(entry, key, place.clone(), refusal));
    }
}

fn check_texts(
    key: &Key,
    count: Option<usize>,
    place: &Place,
    array: &DeArray<'_>,
    faults: &mut Faults<'_>,
) -> Option<Refusal> {
    for item in array.iter() {
        if let Err(refusal) = convert::filled(item.get_ref()) {
            let mut at = place.clone();
            at.spot = crate::source::Spot::Text(item.span());
            faults.push(diagnostic(key, at, refusal));
        }
    }
    match count {
        Some(count) if array.len() != count => Some(convert::wrong_value(
            format!("в списке {} из {count}", array.len()),
            format!("ожидалось текстов: {count}"),
            format!("{} — {}", key.name, key.doc),
        )),
        _ => None,
    }
}

fn refusal_at(entry: Entry<'_>, key: &Key, place: Place, refusal: Refusal) -> Diagnostic {
    let found = match &place.spot {
        crate::source::Spot::Text(span) => entry.document().text.get(span.clone()),
        _ => None,
    };
    let diagnostic = diagnostic(key, place.clone(), refusal);
    match found {
        Some(found) => diagnostic.found(found),
        None => diagnostic,
    }
}

fn diagnostic(key: &Key, place: Place, refusal: Refusal) -> Diagnostic {
    let message = format!("ключ «{}»: {}", key.name, refusal.message);
    Diagnostic::new(refusal.code, Some(place), message)
        .label(refusal.label)
        .help(refusal.help)
}
