//! Cells: a value or a remark; a number that is read is the number that stands there, in whatever
//! encoding and with whatever spaces around it.

use aleysk::model::form::{Field, FieldType, Missing, OverTime};
use aleysk::model::quantity::{Decimal, Reported};
use aleysk::read::cell::{self, Column, Dash, Remark};
use aleysk::read::unit::{self, Unit};
use aleysk::source::Encoding;

const KINDS: [FieldType; 6] = [
    FieldType::Count,
    FieldType::Number,
    FieldType::Percent,
    FieldType::Flag,
    FieldType::Date,
    FieldType::Text,
];

pub fn hold(bytes: &[u8]) {
    let Some(([choice], bytes)) = super::choices(bytes) else {
        return;
    };
    let encoding = Encoding::ALL[usize::from(choice) % Encoding::ALL.len()];
    let unit = match choice >> 3 & 3 {
        0 | 1 => Unit::ONE,
        2 => Unit::PERCENT,
        _ => unit::beside("тыс. чел.").expect("a unit"),
    };
    let dash = match choice >> 5 & 1 {
        0 => Dash::Nothing,
        _ => Dash::No,
    };
    let column = Column { dash, unit };
    for kind in KINDS {
        let field = field(kind, None);
        let read = cell::read_in(&field, bytes, encoding, column);
        assert_eq!(read, cell::read_in(&field, bytes, encoding, column));
        if let Some(value) = value(&read) {
            fits(kind, value);
        }
        same_without_spaces(&field, bytes, encoding, column, &read);
        same_in_other_encodings(&field, bytes, encoding, column, &read);
        limits_only_refuse(kind, bytes, encoding, column, &read);
    }
    agrees_with_plain_number(bytes, encoding);
    let text = encoding.decode(bytes);
    let text = cell::trim(&text);
    cell::damage::of_name(text);
    cell::date(text);
    assert!(cell::shorten(text).chars().count() <= 60);
}

fn field(kind: FieldType, limits: Option<(Decimal, Decimal)>) -> Field {
    Field {
        id: "field".into(),
        header: "Поле".into(),
        aliases: Vec::new(),
        kind,
        required: true,
        over_time: OverTime::Last,
        missing: Missing::Exclude,
        min: limits.map(|limits| limits.0),
        max: limits.map(|limits| limits.1),
        one_of: Vec::new(),
        pattern: None,
    }
}

/// What was read, with a remark or without.
fn value(read: &Result<Reported, Remark>) -> Option<Reported> {
    match read {
        Ok(value) => Some(*value),
        Err(remark) => remark.value,
    }
}

fn fits(kind: FieldType, value: Reported) {
    let Some(decimal) = value.decimal() else {
        assert!(!value.is_left_out());
        return;
    };
    match kind {
        FieldType::Count => assert!(decimal.is_whole() && !decimal.is_negative()),
        FieldType::Flag => assert!(decimal == Decimal::ZERO || decimal == Decimal::ONE),
        FieldType::Number | FieldType::Percent => {}
        FieldType::Date | FieldType::Text => panic!("a number in a field of words"),
    }
    if kind != FieldType::Flag {
        // As it is shown, and as JSON has it, it is the same number again.
        for shown in [decimal.russian(), decimal.to_string()] {
            let field = field(kind, None);
            let read = cell::read_in(&field, shown.as_bytes(), Encoding::Utf8, Column::PLAIN);
            assert_eq!(read, Ok(value), "{shown}");
        }
    }
}

fn same_without_spaces(
    field: &Field,
    bytes: &[u8],
    encoding: Encoding,
    column: Column,
    read: &Result<Reported, Remark>,
) {
    let text = encoding.decode(bytes);
    if let Some(trimmed) = encoding.encode(cell::trim(&text)) {
        assert_eq!(&cell::read_in(field, &trimmed, encoding, column), read);
    }
    let spaced = [b" ", bytes, b" "].concat();
    assert_eq!(&cell::read_in(field, &spaced, encoding, column), read);
}

fn same_in_other_encodings(
    field: &Field,
    bytes: &[u8],
    encoding: Encoding,
    column: Column,
    read: &Result<Reported, Remark>,
) {
    let text = encoding.decode(bytes);
    for other in Encoding::ALL {
        if let Some(bytes) = other.encode(&text) {
            let again = cell::read_in(field, &bytes, other, column);
            assert_eq!(&again, read, "{} and {}", other.id(), encoding.id());
        }
    }
}

/// Limits make no other number of it.
fn limits_only_refuse(
    kind: FieldType,
    bytes: &[u8],
    encoding: Encoding,
    column: Column,
    read: &Result<Reported, Remark>,
) {
    let limits = Decimal::new(100, 0).map(|most| (Decimal::ZERO, most));
    let limited = cell::read_in(&field(kind, limits), bytes, encoding, column);
    match limited {
        Ok(_) => assert_eq!(&limited, read),
        Err(remark) if remark.value.is_some() => assert_eq!(&Err(remark), read),
        Err(_) => {}
    }
}

fn agrees_with_plain_number(bytes: &[u8], encoding: Encoding) {
    let read = cell::read_in(
        &field(FieldType::Number, None),
        bytes,
        encoding,
        Column::PLAIN,
    );
    let text = encoding.decode(bytes);
    let text = cell::trim(&text);
    // Signs that only say that the cell is a text are not the number's.
    let bare = text
        .chars()
        .all(|c| !matches!(c, '"' | '\'' | '=' | '«' | '“' | '„' | '‘'));
    if let Some(decimal) = value(&read).and_then(Reported::decimal).filter(|_| bare) {
        let again = cell::plain_number(text, Unit::ONE);
        assert_eq!(again, Some(decimal), "{text:?}");
    }
}
