//! Names: one key for all spellings, likeness that goes both ways, registers that find what they
//! hold.

use aleysk::model::name;
use aleysk::model::organisation::{Found, Organisation, Register};
use aleysk::read::totals;

pub fn hold(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let (one, other) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    for text in [one, other] {
        keys(text);
        shows(text);
        totals::is_total(text);
    }
    assert_eq!(name::is_nearly(one, other), name::is_nearly(other, one));
    for text in [one, other] {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        assert!(letters < 4 || name::is_nearly(text, text));
    }
    let likes = [other, "МБДОУ «Детский сад № 101»", "enrolled"];
    let near = name::nearest(one, likes);
    assert!(near.is_none_or(|near| likes.contains(&near)));
    registers(&text);
}

fn keys(text: &str) {
    let key = name::key(text);
    let mut pushed = String::from("x");
    name::push_key(&mut pushed, text);
    assert_eq!(pushed[1..], key);
    assert_eq!(name::key(&format!(" {text}\u{a0}")), key);
    for (from, to) in [
        ("ё", "е"),
        ("Ё", "Е"),
        ("«", "\""),
        ("»", "“"),
        ("–", "-"),
        (" ", "\u{a0}"),
    ] {
        assert_eq!(name::key(&text.replace(from, to)), key, "{from} as {to}");
    }
    assert!(!key.contains(char::is_whitespace));
}

fn shows(text: &str) {
    let shown = name::printable(text);
    assert!(!shown.contains(char::is_control), "{shown:?}");
    assert_eq!(name::printable(&shown), shown);
}

fn registers(text: &str) {
    let names: Vec<&str> = text.split('\n').take(6).collect();
    let organisations: Vec<Organisation> = names
        .iter()
        .enumerate()
        .map(|(index, name)| Organisation {
            id: format!("id-{index}").into(),
            name: (*name).into(),
            aliases: [names[0].to_owned()].into(),
            ..Organisation::default()
        })
        .collect();
    let register = Register::new(organisations);
    for (index, name) in names.iter().enumerate() {
        let own = index as u32;
        assert_eq!(register.by_id(&format!("id-{index}")), Some(own));
        if name::key(name).is_empty() {
            continue;
        }
        match register.find(name) {
            Some(Found::One(one)) => assert_eq!(one, own),
            Some(Found::Several(all)) => assert!(all.len() > 1 && all.contains(&own)),
            None => panic!("«{name}» is not found"),
        }
    }
    let mut free = Register::undeclared();
    let introduced: Vec<u32> = names
        .iter()
        .map(|name| free.find_or_introduce(name, "имя"))
        .collect();
    for (name, index) in names.iter().zip(introduced) {
        assert_eq!(free.find_or_introduce(name, ""), index);
    }
    assert!(free.organisations.len() <= names.len());
}
