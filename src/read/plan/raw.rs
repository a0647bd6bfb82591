//! A data file's keys and values unchanged, for machines: order kept, numbers by their digits.

use jiff::civil::Date;
use serde_json::{Map, Number, Value};
use toml::de::{DeInteger, DeTable, DeValue};

use crate::model::organisation::Register;

/// The table as JSON; dates become texts.
pub(crate) fn table(table: &DeTable<'_>) -> Value {
    let pairs = table
        .iter()
        .map(|(key, inner)| (key.get_ref().to_string(), value(inner.get_ref())));
    Value::Object(pairs.collect::<Map<String, Value>>())
}

/// A file's text as JSON.
pub(crate) fn text(text: &str) -> Value {
    table(DeTable::parse_recoverable(text).0.get_ref())
}

/// The listed organisations of a register with the keys that `organisations.toml` has for them.
pub(crate) fn register(register: &Register) -> Value {
    let all = &register.organisations;
    let listed = all.iter().filter(|organisation| !organisation.implied);
    let tables = listed.map(|organisation| {
        let parent = organisation.parent.map(|parent| &*all[parent as usize].id);
        let filled = |text: &str| Some(Value::from(text)).filter(|_| !text.is_empty());
        let aliases = Value::from(&*organisation.aliases);
        let day = |date: Date| Value::from(date.to_string());
        let pairs = [
            ("id", filled(&organisation.id)),
            ("name", filled(&organisation.name)),
            (
                "aliases",
                Some(aliases).filter(|_| !organisation.aliases.is_empty()),
            ),
            ("kind", filled(&organisation.kind)),
            ("parent", parent.and_then(filled)),
            ("inn", organisation.inn.as_deref().and_then(filled)),
            ("opened", organisation.opened.map(day)),
            ("closed", organisation.closed.map(day)),
        ];
        let pairs = pairs.into_iter();
        let stated = pairs.filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Value::Object(stated.collect())
    });
    let pair = ("organisation".to_owned(), tables.collect());
    Value::Object(Map::from_iter([pair]))
}

fn value(found: &DeValue<'_>) -> Value {
    match found {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(whole) => integer(whole),
        DeValue::Float(float) => number(float.as_str()),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(datetime) => Value::String(datetime.to_string()),
        DeValue::Array(array) => array.iter().map(|item| value(item.get_ref())).collect(),
        DeValue::Table(inner) => table(inner),
    }
}

fn integer(whole: &DeInteger<'_>) -> Value {
    match whole.radix() {
        10 => number(whole.as_str()),
        radix => i128::from_str_radix(whole.as_str(), radix)
            .map_or(Value::Null, |whole| number(&whole.to_string())),
    }
}

/// JSON knows no leading plus; the rest of TOML's finite decimals are JSON's.
fn number(digits: &str) -> Value {
    digits
        .trim_start_matches('+')
        .parse::<Number>()
        .map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_stay_as_written() {
        let (table, _) = toml::de::DeTable::parse_recoverable(
            "b = 78.450\na = [1_000, +5, 0x1F]\nd = 2025-08-27\n",
        );
        assert_eq!(
            super::table(table.get_ref()).to_string(),
            r#"{"b":78.450,"a":[1000,5,31],"d":"2025-08-27"}"#
        );
    }
}
