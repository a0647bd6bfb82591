//! Russian plurals: 1 ребёнок, 2 ребёнка, 5 детей.

use super::quantity::Fixed;

/// The form that goes with a number, of three: for 1, for 2, for 5.
pub fn plural<T: AsRef<str>>(count: u128, forms: &[T; 3]) -> &str {
    let index = match (count % 100, count % 10) {
        (11..=14, _) => 2,
        (_, 1) => 0,
        (_, 2..=4) => 1,
        _ => 2,
    };
    forms[index].as_ref()
}

/// The form that goes with a number of which there is a lack: «не хватает 1 ребёнка, 2 детей».
pub fn genitive<T: AsRef<str>>(count: u128, forms: &[T; 3]) -> &str {
    match (count % 100, count % 10) {
        (11, _) => forms[2].as_ref(),
        (_, 1) => forms[1].as_ref(),
        _ => forms[2].as_ref(),
    }
}

/// The number and the form that goes with it, a no-break space between them.
pub fn counted<T: AsRef<str>>(count: u128, forms: &[T; 3]) -> String {
    format!("{}\u{a0}{}", grouped(count), plural(count, forms))
}

/// A whole number as it is read: 29 987.
pub fn grouped(count: impl Into<num_bigint::BigInt>) -> String {
    Fixed::new(count.into(), 0).russian()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children() {
        let forms = ["ребёнок", "ребёнка", "детей"];
        for (count, expected) in [
            (0, "детей"),
            (1, "ребёнок"),
            (2, "ребёнка"),
            (4, "ребёнка"),
            (5, "детей"),
            (11, "детей"),
            (12, "детей"),
            (14, "детей"),
            (21, "ребёнок"),
            (22, "ребёнка"),
            (100, "детей"),
            (101, "ребёнок"),
            (111, "детей"),
            (121, "ребёнок"),
            (1_000_000, "детей"),
        ] {
            assert_eq!(plural(count, &forms), expected, "{count}");
        }
        assert_eq!(counted(29, &forms), "29\u{a0}детей");
    }

    #[test]
    fn what_is_lacking() {
        let forms = ["ребёнок", "ребёнка", "детей"];
        for (count, form) in [
            (1, "ребёнка"),
            (2, "детей"),
            (5, "детей"),
            (11, "детей"),
            (21, "ребёнка"),
            (111, "детей"),
        ] {
            assert_eq!(genitive(count, &forms), form, "{count}");
        }
    }
}
