//! Formulas: parsed or refused with a place in the text; sums of terms are what evaluation gives.

use aleysk::model::formula::{Fault, Node, Term, parse, parse_comparison, sum_of, terms};
use aleysk::model::quantity::Decimal;

pub fn hold(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match parse(text) {
        Ok(parsed) => {
            for (_, span) in &parsed.names {
                assert!(text.get(span.clone()).is_some_and(|name| !name.is_empty()));
            }
            evaluates(&parsed.node, parsed.names.len());
            let spaced = parse(&format!(" {text} "));
            assert!(spaced.is_err() || spaced.is_ok_and(|spaced| spaced.node == parsed.node));
        }
        Err(fault) => is_in(text, &fault),
    }
    match parse_comparison(text) {
        Ok(parsed) => {
            evaluates(&parsed.left, parsed.names.len());
            evaluates(&parsed.right, parsed.names.len());
            assert!(parse(text).is_err());
        }
        Err(fault) => is_in(text, &fault),
    }
}

fn is_in(text: &str, fault: &Fault) {
    assert!(text.get(fault.span.clone()).is_some(), "{fault:?}");
    assert!(fault.message.contains("ожидалось: "), "{fault:?}");
}

fn evaluates(node: &Node, names: usize) {
    let operand = |index: usize| {
        assert!(index < names);
        Decimal::new(index as i64 % 7 - 2, (index % 3) as u8)
    };
    let value = node.evaluate(&|index| operand(index).map(Decimal::to_fraction));
    let mut parts: Vec<Term> = Vec::new();
    if terms(node, true, &mut parts) {
        let sum = sum_of(&parts, operand).expect("every operand has a value");
        assert_eq!(Some(sum.to_fraction()), value);
    }
}
