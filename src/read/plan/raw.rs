//! A data file's keys and values unchanged, for machines: order kept, numbers by their digits.

use serde_json::{Map, Number, Value};
use toml::de::{DeInteger, DeTable, DeValue};

/// The table as JSON; dates become texts.
pub(crate) fn table(table: &DeTable<'_>) -> Value {
    let pairs = table
        .iter()
        .map(|(key, inner)| (key.get_ref().to_string(), value(inner.get_ref())));
    Value::Object(pairs.collect::<Map<String, Value>>())
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
