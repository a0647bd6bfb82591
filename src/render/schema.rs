//! The JSON Schema of a data file, for editors: they complete keys and words and mark slips.
//!
//! Draft 7, because Taplo (the language server of Even Better TOML and other editors) reads no newer
//! one; nested tables stand where they belong, without `$ref`.

use serde_json::{Map, Value, json};

use crate::read::plan::schema::{Case, DataFile, Key, Kind, Table, Word};

/// Visible letters somewhere.
const FILLED: &str = r"\S";
const IDENTIFIER: &str = "^[a-z][a-z0-9_]*$";
const ID: &str = "^[A-Za-z0-9][A-Za-z0-9_-]*$";
const PERIOD: &str = r"^\d{4}(-(0[1-9]|1[0-2])|-Q[1-4]|-H[12]|/\d{2})?$";
const DATE: &str = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$";

/// The schema of a data file.
pub fn render(file: &DataFile) -> Value {
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": format!("{} ({})", file.table.title, file.path),
    });
    extend(&mut schema, table(file.table));
    schema
}

fn extend(schema: &mut Value, keys: Value) {
    if let (Some(schema), Value::Object(keys)) = (schema.as_object_mut(), keys) {
        schema.extend(keys);
    }
}

fn table(table: &Table) -> Value {
    let properties: Map<String, Value> = table
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    let required = table.keys.iter().filter(|key| key.required);
    let required: Vec<&str> = required.map(|key| key.name).collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if !table.one_of.is_empty() {
        let each = table.one_of.iter();
        let each: Vec<Value> = each.map(|key| json!({ "required": [key] })).collect();
        extend(&mut schema, json!({ "oneOf": each }));
    }
    if !table.cases.is_empty() {
        let cases: Vec<Value> = table
            .cases
            .iter()
            .map(|case| condition(table, case))
            .collect();
        extend(&mut schema, json!({ "allOf": cases }));
    }
    schema
}

/// What the value of one key asks of the others.
fn condition(table: &Table, case: &Case) -> Value {
    let is_flag = |key: &Key| matches!(key.kind, Kind::Flag);
    let words = match table.key(case.key).is_some_and(is_flag) {
        true => json!([true]),
        false => json!(case.words),
    };
    let mut when = json!({ "required": [case.key] });
    if !case.words.is_empty() {
        extend(
            &mut when,
            json!({ "properties": { case.key: { "enum": words } } }),
        );
    }
    let never: Map<String, Value> = case
        .never
        .iter()
        .map(|key| ((*key).to_owned(), Value::Bool(false)))
        .collect();
    let mut then = json!({});
    if !case.needs.is_empty() {
        extend(&mut then, json!({ "required": case.needs }));
    }
    if !never.is_empty() {
        extend(&mut then, json!({ "properties": never }));
    }
    json!({ "if": when, "then": then })
}

fn property(key: &Key) -> Value {
    let mut schema = json!({ "description": description(key) });
    let kind = match key.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Filled | Kind::Stated => pattern(FILLED),
        Kind::Identifier => pattern(IDENTIFIER),
        Kind::Id => pattern(ID),
        Kind::Period => pattern(PERIOD),
        Kind::Date => pattern(DATE),
        Kind::Choice(words) => choice(words),
        Kind::Number => json!({ "type": "number" }),
        Kind::Whole { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::True => json!({ "type": "boolean", "enum": [true] }),
        Kind::Texts(None) => json!({ "type": "array", "items": pattern(FILLED) }),
        Kind::Texts(Some(count)) => json!({
            "type": "array",
            "items": pattern(FILLED),
            "minItems": count,
            "maxItems": count,
        }),
        Kind::Distinct(each) => json!({
            "type": "array",
            "items": pattern(each),
            "uniqueItems": true,
        }),
        Kind::TextOrTexts => json!({
            "type": ["string", "array"],
            "pattern": FILLED,
            "items": pattern(FILLED),
            "minItems": 1,
        }),
        Kind::Table(inner) => table(inner),
        Kind::Tables(inner) => json!({
            "type": "array",
            "items": table(inner),
            "minItems": usize::from(key.required),
        }),
    };
    extend(&mut schema, kind);
    schema
}

fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

/// What each word means stands in Taplo's own key, which shows it beside the word.
fn choice(words: &[Word]) -> Value {
    let (words, meanings): (Vec<&str>, Vec<&str>) = words.iter().copied().unzip();
    json!({
        "type": "string",
        "enum": words,
        "x-taplo": { "docs": { "enumValues": meanings } },
    })
}

/// What a key means, and each word that it may have.
fn description(key: &Key) -> String {
    let mut text = key.doc.to_owned();
    if let Kind::Choice(words) = key.kind {
        for (word, meaning) in words {
            text.push_str(&format!("\n- {word} — {meaning}"));
        }
    }
    text
}
