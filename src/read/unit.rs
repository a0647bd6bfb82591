//! Units of measure beside figures and in headings: «чел.», «тыс. рублей», «%».

use super::cell::fold;
use crate::model::name;
use crate::model::quantity::{Decimal, TooLong};

/// What a figure is multiplied by to make a count of single things.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unit {
    power: u8,
    percent: bool,
}

impl Unit {
    /// Single things: «чел.», «мест».
    pub const ONE: Unit = Unit {
        power: 0,
        percent: false,
    };
    /// Shares in per cent: of another kind than counts.
    pub const PERCENT: Unit = Unit {
        power: 0,
        percent: true,
    };

    const fn power_of_ten(power: u8) -> Unit {
        Unit {
            power,
            percent: false,
        }
    }

    /// The power of ten: 3 for thousands.
    pub fn power(self) -> u8 {
        self.power
    }

    /// Whether it is the per cent.
    pub fn is_percent(self) -> bool {
        self.percent
    }
}

/// A figure given in a unit, in single things, exactly.
///
/// # Errors
/// It has more digits than a cell may hold.
pub fn scaled(value: Decimal, unit: Unit) -> Result<Decimal, TooLong> {
    let (power, scale) = (unit.power, value.scale());
    if power <= scale {
        return Decimal::new(value.mantissa(), scale - power).ok_or(TooLong);
    }
    10i64
        .checked_pow(u32::from(power - scale))
        .and_then(|factor| value.mantissa().checked_mul(factor))
        .and_then(|mantissa| Decimal::new(mantissa, 0))
        .ok_or(TooLong)
}

/// What is counted, as it stands after 1, 2 and 5.
const COUNTED: &[[&str; 3]] = &[
    ["человек", "человека", "человек"],
    ["ребенок", "ребенка", "детей"],
    ["воспитанник", "воспитанника", "воспитанников"],
    ["обучающийся", "обучающихся", "обучающихся"],
    ["учащийся", "учащихся", "учащихся"],
    ["ученик", "ученика", "учеников"],
    ["школьник", "школьника", "школьников"],
    ["выпускник", "выпускника", "выпускников"],
    ["педагог", "педагога", "педагогов"],
    ["учитель", "учителя", "учителей"],
    ["воспитатель", "воспитателя", "воспитателей"],
    ["работник", "работника", "работников"],
    ["сотрудник", "сотрудника", "сотрудников"],
    ["родитель", "родителя", "родителей"],
    ["семья", "семьи", "семей"],
    ["место", "места", "мест"],
    ["группа", "группы", "групп"],
    ["класс", "класса", "классов"],
    ["договор", "договора", "договоров"],
    ["сертификат", "сертификата", "сертификатов"],
    ["программа", "программы", "программ"],
    ["заявление", "заявления", "заявлений"],
    ["организация", "организации", "организаций"],
    ["учреждение", "учреждения", "учреждений"],
    ["ставка", "ставки", "ставок"],
    ["единица", "единицы", "единиц"],
    ["штука", "штуки", "штук"],
    ["рубль", "рубля", "рублей"],
];

/// The same in short.
const SHORT: [&str; 5] = ["чел", "ед", "шт", "руб", "дет"];

/// Words that name a unit and nothing else, wherever they stand.
const MEASURES: [&str; 4] = ["человек", "единиц", "штук", "рублей"];

/// The power of ten that a word stands for.
fn power(word: &str) -> Option<u8> {
    match word {
        "тыс" | "тысяча" | "тысячи" | "тысяч" => Some(3),
        "млн" | "миллион" | "миллиона" | "миллионов" => Some(6),
        "млрд" | "миллиард" | "миллиарда" | "миллиардов" => Some(9),
        _ => None,
    }
}

/// A unit and nothing else: a power of ten, what is counted, or one after the other.
fn read(text: &str, counts: impl Fn(&str) -> bool) -> Option<Unit> {
    // The longest units have three words; a longer text is none.
    if text.len() > 100 || !(has_cyrillic(text) || text.contains(['%', '％'])) {
        return None;
    }
    let folded = fold(text);
    let mut words = folded
        .split(|c: char| c.is_whitespace() || c == '.')
        .filter(|word| !word.is_empty());
    let first = words.next()?;
    let (unit, thing) = match power(first) {
        Some(power) => (Unit::power_of_ten(power), words.next()),
        None if matches!(first, "%" | "％") || is_percent(first) => (Unit::PERCENT, None),
        None => (Unit::ONE, Some(first)),
    };
    (thing.is_none_or(counts) && words.next().is_none()).then_some(unit)
}

fn is_percent(word: &str) -> bool {
    matches!(
        word,
        "проц" | "процент" | "процента" | "процентов" | "процентах"
    )
}

/// The unit behind a figure: «чел.», «детей», «тыс. чел.», «%».
pub fn beside(text: &str) -> Option<Unit> {
    read(text, |word| {
        SHORT.contains(&word) || COUNTED.iter().any(|forms| forms.contains(&word))
    })
}

/// Whether a text heads a row or a column of units: «ед. изм.», «Единица измерения».
pub fn is_heading(text: &str) -> bool {
    let folded = fold(text);
    folded.starts_with("ед") && folded.contains("изм")
}

/// Whether a heading says «процент» or «рублей»: both are of another kind than counts.
pub fn says_money_or_percent(heading: &str) -> bool {
    let is_either = |word: &str| is_percent(word) || word == "руб" || word.starts_with("рубл");
    has_cyrillic(heading)
        && fold(heading)
            .split(|c: char| !name::is_alphabetic(c))
            .any(is_either)
}

/// Without a Russian letter no Russian word is said, whatever the others are taken for.
pub(super) fn has_cyrillic(text: &str) -> bool {
    text.chars().any(name::is_cyrillic)
}

/// Whether what a figure counts can be what a field counts: people and single things anywhere, all
/// else only where the field's names speak of it. «12 ставок» are no teachers.
pub fn suits<'a>(text: &str, mut names: impl Iterator<Item = &'a str>) -> bool {
    const ANYWHERE: [&str; 9] = [
        "чел",
        "ед",
        "шт",
        "дет",
        "человек",
        "человека",
        "единиц",
        "штук",
        "штуки",
    ];
    let folded = fold(text);
    let words = folded
        .split(|c: char| c.is_whitespace() || c == '.')
        .filter(|word| !word.is_empty());
    let mut things = words
        .filter(|word| power(word).is_none() && !is_percent(word) && !matches!(*word, "%" | "％"));
    let Some(thing) = things.next() else {
        return true;
    };
    let is_child = ["ребенок", "ребенка", "детей"].contains(&thing);
    let stem: String = thing.chars().take(4).collect();
    ANYWHERE.contains(&thing)
        || is_child
        || names.any(|name| {
            fold(name)
                .split(|c: char| !c.is_alphabetic())
                .any(|word| word.starts_with(&stem))
        })
}

/// The unit in brackets behind a heading: «(чел.)», «(мест)», «(в тыс. рублей)».
pub fn in_brackets(text: &str) -> Option<Unit> {
    read(without_preface(text), |word| {
        SHORT.contains(&word) || COUNTED.iter().any(|forms| forms[2] == word)
    })
}

/// The unit behind a heading's last comma, where «детей» or «мест» would be a thing counted too:
/// «, чел.», «, единиц», «, %».
pub fn behind_comma(text: &str) -> Option<Unit> {
    read(without_preface(text), |word| {
        SHORT.contains(&word) || MEASURES.contains(&word)
    })
}

/// The unit behind a heading's last space: only what is short.
pub fn behind_space(text: &str) -> Option<Unit> {
    let is_short = |word: &str| SHORT.contains(&word);
    read(text, is_short).filter(|_| text.ends_with(['.', '%', '％']))
}

/// Without «в», «ед. изм.:» in front.
fn without_preface(text: &str) -> &str {
    const PREFACES: [&str; 4] = ["единица измерения", "ед. изм.", "ед.изм.", "в "];
    let text = text.trim();
    for preface in PREFACES {
        let head = text.get(..preface.len()).unwrap_or_default();
        if head.to_lowercase() == preface {
            return text[preface.len()..].trim_matches([' ', ':', '-', '–', '—']);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text.as_bytes())
            .expect("short")
            .expect("a number")
    }

    #[test]
    fn units_scale_exactly() {
        for (value, power, expected) in [
            ("1,2", 3, "1200"),
            ("0,5", 6, "500000"),
            ("1,2345", 3, "1234.5"),
            ("-0,001", 3, "-1"),
            ("7", 0, "7"),
            ("0", 9, "0"),
            ("99999999", 9, "99999999000000000"),
            ("0,000000000000001", 9, "0.000001"),
        ] {
            let unit = Unit::power_of_ten(power);
            let scaled = scaled(decimal(value), unit).map(|value| value.to_string());
            assert_eq!(scaled.as_deref(), Ok(expected), "{value}");
        }
        let unit = Unit::power_of_ten(9);
        assert_eq!(scaled(decimal("100000000"), unit), Err(TooLong));
        assert_eq!(scaled(decimal("99999999999999999"), unit), Err(TooLong));
    }

    #[test]
    fn units_beside_figures() {
        let powers = |text: &str| beside(text).map(|unit| (unit.power(), unit.is_percent()));
        for (text, expected) in [
            ("чел.", Some((0, false))),
            ("чел", Some((0, false))),
            ("ЧЕЛ.", Some((0, false))),
            ("детей", Some((0, false))),
            ("ребёнок", Some((0, false))),
            ("договора", Some((0, false))),
            ("человек", Some((0, false))),
            // The e is Latin.
            ("чeл.", Some((0, false))),
            ("тыс.", Some((3, false))),
            ("тыс.чел.", Some((3, false))),
            ("тыс. чел.", Some((3, false))),
            ("тысяч рублей", Some((3, false))),
            ("млн", Some((6, false))),
            ("млн. руб.", Some((6, false))),
            ("млрд", Some((9, false))),
            ("%", Some((0, true))),
            ("проц.", Some((0, true))),
            ("процента", Some((0, true))),
            ("", None),
            ("местный", None),
            ("лет", None),
            ("чел. в день", None),
            ("тыс. тыс.", None),
            ("чел. тыс.", None),
            ("% чел.", None),
        ] {
            assert_eq!(powers(text), expected, "{text}");
        }
    }

    #[test]
    fn a_thing_counted_is_a_unit_only_in_brackets() {
        assert_eq!(in_brackets("мест"), Some(Unit::ONE));
        assert_eq!(behind_comma("мест"), None);
        assert_eq!(in_brackets("договоры"), None);
        assert_eq!(behind_comma("в тыс. рублей"), Some(Unit::power_of_ten(3)));
        assert_eq!(in_brackets("Ед. изм.: чел."), Some(Unit::ONE));
        assert_eq!(behind_space("человек"), None);
        assert_eq!(behind_space("чел."), Some(Unit::ONE));
    }
}
