use std::fs;
use std::path::Path;

use super::*;
use crate::diagnostic::Severity;
use crate::model::form::{FieldType, Missing, OverTime, RuleSeverity};
use crate::model::formula::Relation;
use crate::model::indicator::{Better, Unit, Window};
use crate::model::organisation::Found;
use crate::model::quantity::Decimal;
use crate::model::resolution::{Bound, Compare, Link};

const OLD: &str = r#"id = "2020"
title = "Старая"
date = 2020-08-25
status = "draft"

[[proposal]]
number = 3
topic = "Проекты"
text = 'Развивать систему:'
items = ['одно;', 'другое.']
"#;

const NEW: &str = r#"id = "2025"
title = "Новая"
event = "Конференция"
date = 2025-08-27
status = "adopted"

[[proposal]]
number = 1
topic = "Охват"
text = 'Обеспечить охват детей в декабре 2025 года - 78,45%.'
continues = ["2020/3.1"]
why = 'то же'
watch = ["waiting"]

[[proposal.target]]
indicator = "coverage"
at_least = 78.45
due = "2025-12"
base = { period = "2024", value = 70 }
path = "linear"
milestones = [
    { period = "2025-09", value = 77.50 },
    { period = "2025-10", value = 78 },
]
compare = "rounded"
quote = 'в декабре 2025 года - 78,45%'

[[proposal]]
number = 2
topic = "Доступность"
text = 'Сохранить 100% доступности и увеличить число договоров'

[[proposal.target]]
indicator = "access"
at_least = 100
maintain = true
quote = 'Сохранить 100% доступности'

[[proposal.target]]
indicator = "waiting"
more_than_base = true
quote = 'увеличить число договоров'
"#;

const INDICATORS: &str = r#"[[indicator]]
id = "coverage"
name = "Охват"
unit = "percent"
numerator = "garden.covered"
denominator = "garden.enrolled"
decimals = 1
counts = ["ребёнок", "ребёнка", "детей"]
better = "higher"
share = true
window = "school-year-to-date"
method = "своя"

[[indicator]]
id = "access"
name = "Доступность"
unit = "percent"
numerator = "garden.enrolled"
denominator = "garden.enrolled + office.waiting"

[[indicator]]
id = "waiting"
name = "Очередь"
unit = "count"
numerator = "office.waiting + organisations(garden)"
better = "lower"
"#;

pub(super) const ORGANISATIONS: &str = r#"[[organisation]]
id = "town"
name = "Город"
kind = "municipality"

[[organisation]]
id = "ds-101"
name = "Сад № 101"
aliases = ["Д/с 101"]
kind = "garden"
parent = "town"
inn = "0000000101"
opened = 2019-09-01
closed = 2030-08-31

[[organisation]]
id = "office"
name = "Комитет"
kind = "office"
parent = "region"
"#;

const GARDEN: &str = r#"id = "garden"
title = "Отчёт сада"
kind = "garden"
every = "month"
due_days = 5

[[field]]
id = "enrolled"
header = "Воспитанники"
aliases = ["Численность"]
type = "count"
required = true
over_time = "last"
missing = "zero"
min = 0
max = 999.5

[[field]]
id = "covered"
header = "Охвачены"
type = "count"
over_time = "to-date"

[[field]]
id = "filled"
header = "Заполняемость, %"
type = "percent"

[[field]]
id = "phone"
header = "Телефон"
type = "text"
pattern = '[0-9]{6}'

[[field]]
id = "mood"
header = "Настроение"
type = "text"
one_of = ["да", "так себе"]

[[rule]]
id = "covered-within"
assert = "covered <= enrolled + office.waiting * 2"
severity = "warning"
message = "охваченных больше"

[[rule]]
id = "filled-up"
assert = "filled <= 100"
message = "больше 100 %"
"#;

const OFFICE: &str = r#"id = "office"
title = "Отчёт комитета"
kind = ["office", "board"]
every = "year"

[[field]]
id = "waiting"
header = "Очередь"
type = "number"
over_time = "sum"
"#;

const FILES: [(&str, &str); 6] = [
    ("resolutions/2020.toml", OLD),
    ("resolutions/2025.toml", NEW),
    ("indicators.toml", INDICATORS),
    ("organisations.toml", ORGANISATIONS),
    ("forms/garden.toml", GARDEN),
    ("forms/office.toml", OFFICE),
];

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, bytes).expect("written");
}

/// A temporary data folder, what loading it gave, and the faults.
pub(super) struct Case {
    pub(super) folder: tempfile::TempDir,
}

impl Case {
    pub(super) fn good() -> Case {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in FILES {
            write(folder.path(), name, text.as_bytes());
        }
        Case { folder }
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) {
        write(self.folder.path(), name, bytes);
    }

    pub(super) fn load(&self) -> (Option<Loaded>, Sources, Diagnostics) {
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let folder = DataFolder::Folder(self.folder.path().to_owned());
        let loaded = load(&folder, &mut sources, &mut diagnostics).expect("readable");
        assert_eq!(loaded.is_none(), diagnostics.has_errors());
        (loaded, sources, diagnostics)
    }

    /// `file:line:column code message | label | help` of each fault.
    pub(super) fn faults(&self) -> Vec<String> {
        let (_, sources, diagnostics) = self.load();
        let lines = diagnostics.sorted().into_iter().map(|fault| {
            let place = fault.place.as_ref().expect("a place");
            let name = &sources.get(place.file).name;
            let name = Path::new(name)
                .strip_prefix(self.folder.path())
                .expect("inside");
            let (line, column) = sources.line_column(place);
            let (line, column) = (line.unwrap_or(0), column.unwrap_or(0));
            let name = name.display();
            assert!(!fault.help.is_empty(), "no help: {}", fault.message);
            assert!(!fault.label.is_empty(), "no label: {}", fault.message);
            assert!(!fault.message.ends_with('.'), "{}", fault.message);
            format!(
                "{name}:{line}:{column} {} {} | {} | {}",
                fault.code.id(),
                fault.message,
                fault.label,
                fault.help
            )
        });
        lines.collect()
    }
}

fn only<'a>(loaded: &'a Option<Loaded>, faults: &[String]) -> &'a Loaded {
    loaded.as_ref().unwrap_or_else(|| panic!("{faults:#?}"))
}

#[test]
fn a_good_folder_becomes_the_model() {
    let case = Case::good();
    let (loaded, sources, diagnostics) = case.load();
    let loaded = only(&loaded, &case.faults());
    assert!(diagnostics.is_empty());
    let plan = &loaded.plan;
    let ids: Vec<&str> = plan.resolutions.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["2020", "2025"]);
    let garden = &plan.forms[0];
    assert_eq!((garden.id.as_str(), garden.due_days), ("garden", Some(5)));
    let enrolled = &garden.fields[0];
    assert_eq!(enrolled.missing, Missing::Zero);
    assert_eq!(enrolled.max, Decimal::new(9995, 1));
    assert_eq!(garden.fields[1].over_time, OverTime::ToDate);
    assert_eq!(garden.fields[2].kind, FieldType::Percent);
    let phone = garden.fields[3].pattern.as_ref().expect("a pattern");
    assert!(phone.is_match("123456") && !phone.is_match("1234567"));
    assert_eq!(garden.rules[0].fields.len(), 3);
    assert_eq!(garden.rules[0].relation, Relation::LessOrEqual);
    assert_eq!(garden.rules[0].severity, RuleSeverity::Warning);
    assert_eq!(plan.field_path(garden.rules[0].fields[2]), "office.waiting");
    assert_eq!(plan.forms[1].kinds, ["office", "board"]);
    assert_eq!(
        sources.line_column(&loaded.rule_places[0][1]),
        (Some(49), Some(10))
    );
    assert_eq!(
        sources.line_column(&loaded.field_places[0][1]),
        (Some(20), Some(10))
    );
    assert_eq!(
        sources.line_column(&loaded.target_places[1][1][1]),
        (Some(42), Some(9))
    );
    assert_eq!(
        sources.line_column(&loaded.indicator_places[1]),
        (Some(15), Some(6))
    );
}

#[test]
fn a_good_folder_keeps_targets_indicators_and_organisations() {
    let case = Case::good();
    let (loaded, _, _) = case.load();
    let plan = &only(&loaded, &[]).plan;
    let coverage = &plan.indicators[0];
    assert_eq!((coverage.unit, coverage.decimals), (Unit::Percent, 1));
    assert_eq!(coverage.window, Window::SchoolYearToDate);
    assert!(coverage.share && coverage.counts.is_some());
    assert_eq!(
        (plan.indicators[1].decimals, plan.indicators[2].decimals),
        (2, 0)
    );
    assert_eq!(plan.indicators[2].better, Better::Lower);
    assert_eq!(
        plan.indicators[2].counted_kinds().collect::<Vec<_>>(),
        ["garden"]
    );
    let first = &plan.resolutions[1].proposals[0];
    let target = &first.targets[0];
    assert_eq!(
        target.bound,
        Bound::AtLeast(Decimal::new(7845, 2).expect("fits"))
    );
    assert_eq!(
        target.due.map(|due| due.to_string()).as_deref(),
        Some("2025-12")
    );
    assert!(target.linear_path && target.base.is_some());
    assert_eq!(target.milestones.len(), 2);
    assert_eq!(target.compare, Compare::Rounded);
    let link = Link {
        resolution: "2020".into(),
        number: 3,
        item: Some(1),
    };
    assert_eq!(
        (&first.continues[..], &first.watch[..]),
        (&[link][..], &[2][..])
    );
    let second = &plan.resolutions[1].proposals[1].targets;
    assert!(second[0].maintain);
    assert_eq!(second[1].bound, Bound::MoreThanBase);
    let register = &plan.register;
    assert!(register.declared);
    assert_eq!(register.find("д/с 101"), Some(Found::One(1)));
    assert_eq!(register.organisations[1].parent, Some(0));
    assert_eq!(register.organisations[2].parent, Some(3));
    assert!(register.organisations[3].implied && &*register.organisations[3].id == "region");
}

#[test]
fn raw_values_stay_as_written() {
    let (loaded, sources, _) = Case::good().load();
    let loaded = only(&loaded, &[]);
    let raw = loaded.plan.resolutions[1].raw.to_string();
    assert!(
        raw.starts_with(
            r#"{"id":"2025","title":"Новая","event":"Конференция","date":"2025-08-27","#
        ),
        "{raw}"
    );
    assert!(
        raw.contains(r#"{"period":"2025-09","value":77.50}"#),
        "{raw}"
    );
    assert_eq!(loaded.forms(&sources)[1]["kind"][1], "board");
    assert_eq!(
        loaded.organisations(&sources)["organisation"][1]["inn"],
        "0000000101"
    );
    assert!(loaded.indicators(&sources)["indicator"].is_array());
}

#[test]
fn the_built_in_folder_is_sound() {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let loaded = load(&DataFolder::BuiltIn, &mut sources, &mut diagnostics).expect("readable");
    let faults: Vec<_> = diagnostics
        .sorted()
        .iter()
        .map(|fault| {
            let place = fault
                .place
                .as_ref()
                .map(|place| (&sources.get(place.file).name, sources.line_column(place)));
            format!("{place:?} {} | {}", fault.message, fault.help)
        })
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(loaded.expect("sound").plan.resolutions.len(), 2);
}

#[test]
fn schema_words_mean_something() {
    use super::schema::{FIELD, FORM, INDICATOR, Kind, Table};
    let words = |table: &'static Table, key: &str| match table.key(key).map(|key| key.kind) {
        Some(Kind::Choice(words)) => words.iter().map(|(word, _)| *word).collect::<Vec<_>>(),
        _ => panic!("no words: {key}"),
    };
    assert!(
        words(&FIELD, "type")
            .iter()
            .all(|word| fields::field_type(word).is_some())
    );
    assert!(
        words(&FIELD, "over_time")
            .iter()
            .all(|word| fields::over_time(word).is_some())
    );
    assert!(
        words(&INDICATOR, "unit")
            .iter()
            .all(|word| indicators::unit(word).is_some())
    );
    assert!(
        words(&INDICATOR, "window")
            .iter()
            .all(|word| indicators::window(word).is_some())
    );
    let every: Vec<&str> = crate::model::period::Every::ALL
        .iter()
        .map(|every| every.id())
        .collect();
    assert_eq!(words(&FORM, "every"), every);
}

/// A fault planted in a good folder: `from` becomes `to`, where `¦` marks the place of the one
/// fault that must be reported, with this code and these words.
type Planted = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const R: &str = "resolutions/2025.toml";
const I: &str = "indicators.toml";
const O: &str = "organisations.toml";
const G: &str = "forms/garden.toml";

#[rustfmt::skip]
const SYNTAX: &[Planted] = &[
    (R, "at_least = 78.45", "at_least = ¦78,45", "data-syntax", "напишите 78.45"),
    (R, "value = 70 }", "value = ¦70,5 }", "data-syntax", "напишите 70.5"),
    (R, "value = 78 }", "value = ¦78,5 }", "data-syntax", "напишите 78.5"),
    (R, "title = \"Новая\"", "title = ¦\"Новая", "data-syntax", "кавычка не закрыта"),
    (R, "title = \"Новая\"", "title = ¦«Новая»", "data-syntax", "напишите \"Новая\""),
    (R, "title = \"Новая\"", "title = ¦“Новая”", "data-syntax", "прямые кавычки"),
    (R, "title = \"Новая\"", "title = ¦\"Новая»", "data-syntax", "вместо последней кавычки"),
    (R, "title = \"Новая\"", "title = ¦Новая книга", "data-syntax", "напишите \"Новая книга\""),
    (R, "title = \"Новая\"", "title = ¦Новая\"", "data-syntax", "нет открывающей"),
    (R, "title = \"Новая\"", "title = ¦\"Школа \"Новая\"\"", "data-syntax", "ёлочки"),
    (R, "title = \"Новая\"", "title = \"C:\\¦Новая\"", "data-syntax", "удвойте"),
    (R, "title = \"Новая\"", "¦title \"Новая\"", "data-syntax", "нет знака «=»"),
    (R, "title = \"Новая\"", "¦title: \"Новая\"", "data-syntax", "вместо «:»"),
    (R, "title = \"Новая\"", "title = ¦", "data-syntax", "нет значения"),
    (R, "title = \"Новая\"", "title =¦= \"Новая\"", "data-syntax", "лишний знак «=»"),
    (R, "event = ", "¦title = ", "data-syntax", "ключ «title» уже был"),
    (R, "event = ", "¦событие = ", "data-syntax", "латинскими буквами"),
    (R, "event = \"Конференция\"", "event = \"Конференция\" ¦в августе", "data-syntax", "лишнее после значения"),
    (R, "event = \"Конференция\"", "¦// примечание", "data-syntax", "не ключ"),
    (R, "date = 2025-08-27", "date = ¦27.08.2025", "data-syntax", "напишите 2025-08-27"),
    (R, "date = 2025-08-27", "date = ¦2025-8-27", "data-syntax", "напишите 2025-08-27"),
    (R, "date = 2025-08-27", "date = ¦2025-02-30", "data-syntax", "такого дня нет"),
    (R, "due = \"2025-12\"", "due = ¦2025-12", "data-syntax", "\"2025-12\""),
    (R, "due = \"2025-12\"", "due = ¦2025/26", "data-syntax", "период пишется в кавычках"),
    (R, "maintain = true", "maintain = ¦да", "data-syntax", "напишите true"),
    (R, "maintain = true", "maintain = ¦True", "data-syntax", "напишите true"),
    (R, "at_least = 100", "at_least = ¦100%", "data-syntax", "«%» не пишется"),
    (R, "at_least = 100", "at_least = ¦1 000", "data-syntax", "без пробелов"),
    (R, "at_least = 100", "at_least = ¦−5", "data-syntax", "напишите -5"),
    (R, "at_least = 100", "at_least = ¦.5", "data-syntax", "напишите 0.5"),
    (R, "number = 2", "number = ¦02", "data-syntax", "с нуля"),
    (R, "watch = [\"waiting\"]", "watch = ¦[\"waiting\"", "data-syntax", "«[» не закрыта"),
    (R, "watch = [\"waiting\"]", "watch = \"waiting\"¦]", "data-syntax", ""),
    (R, "watch = [\"waiting\"]", "watch = [\"waiting\" ¦\"access\"]", "data-syntax", "запят"),
    (R, "value = 70 }", "value = 70", "data-syntax", ""),
    (R, "text = 'Сохранить", "text = ¦'''Сохранить", "data-syntax", "''' не закрыта"),
    (R, "[[proposal]]\nnumber = 2", "¦[[proposal]\nnumber = 2", "data-syntax", "заголовок раздела"),
    (R, "[[proposal]]\nnumber = 2", "[[proposal]] ¦number = 2", "data-syntax", "следующую строку"),
];

#[rustfmt::skip]
const STRUCTURE: &[Planted] = &[
    (R, "event = ", "¦evnt = ", "unknown-key", "«event»"),
    (R, "compare = ", "¦compar = ", "unknown-key", "«compare»"),
    (R, "compare = ", "¦title = ", "unknown-key", "выше первой строки"),
    (R, "{ period = \"2025-09\", ", "{ ¦perod = \"2025-09\", ", "unknown-key", "«period»"),
    (R, "id = \"2025\"\n", "", "missing-key", "«id»"),
    (R, "[[proposal]]\nnumber = 2\n", "¦[[proposal]]\n", "missing-key", "«number»"),
    (R, "base = { period = \"2024\", value = 70 }", "base = ¦{ period = \"2024\" }", "missing-key", "«value»"),
    (R, "title = \"Новая\"", "title = ¦5", "wrong-type", "\"5\""),
    (R, "title = \"Новая\"", "title = ¦\" \"", "wrong-value", "непустой"),
    (R, "date = 2025-08-27", "date = ¦\"2025-08-27\"", "wrong-type", "уберите кавычки"),
    (R, "date = 2025-08-27", "date = ¦2025-08-27T10:00:00", "wrong-value", "без времени"),
    (R, "status = \"adopted\"", "status = ¦\"adoptd\"", "wrong-value", "\"adopted\""),
    (R, "number = 2", "number = ¦\"2\"", "wrong-type", "уберите кавычки: 2"),
    (R, "number = 2", "number = ¦0", "wrong-value", "от 1"),
    (R, "number = 2", "number = ¦2.5", "wrong-type", "целое число"),
    (R, "at_least = 78.45", "at_least = ¦\"78,45\"", "wrong-type", "уберите кавычки: 78.45"),
    (R, "at_least = 78.45", "at_least = ¦nan", "wrong-value", "цифрами"),
    (R, "at_least = 78.45", "at_least = ¦7845e-2", "wrong-value", "без степени"),
    (R, "at_least = 78.45", "at_least = ¦78.4500000000000000001", "wrong-value", "слишком длинное"),
    (R, "at_least = 78.45", "at_least = ¦0x4E", "wrong-value", "напишите 78"),
    (R, "due = \"2025-12\"", "due = ¦2026", "wrong-type", "\"2026\""),
    (R, "due = \"2025-12\"", "due = ¦\"2025-13\"", "wrong-value", "2025-13"),
    (R, "due = \"2025-12\"", "due = ¦\"декабрь 2025\"", "wrong-value", "\"2025-12\""),
    (R, "more_than_base = true", "more_than_base = ¦false", "wrong-value", "только true"),
    (R, "maintain = true", "maintain = ¦\"да\"", "wrong-type", "true без кавычек"),
    (R, "path = \"linear\"", "path = ¦\"linar\"", "wrong-value", "\"linear\""),
    (R, "compare = \"rounded\"", "compare = ¦\"round\"", "wrong-value", "\"rounded\""),
    (R, "watch = [\"waiting\"]", "watch = ¦\"waiting\"", "wrong-type", "[\"…\"]"),
    (R, "watch = [\"waiting\"]", "watch = [\"waiting\", ¦5]", "wrong-type", "\"5\""),
    (R, "base = { period = \"2024\", value = 70 }", "base = ¦70", "wrong-type", "таблица"),
    (I, "decimals = 1", "decimals = ¦13", "wrong-value", "до 12"),
    (I, "unit = \"count\"", "unit = ¦\"percents\"", "wrong-value", "\"percent\""),
    (I, "counts = [\"ребёнок\", \"ребёнка\", \"детей\"]", "counts = ¦[\"ребёнок\", \"детей\"]", "wrong-value", "2 из 3"),
    (I, "[[indicator]]\nid = \"waiting\"", "¦[[indicator]]\nname = \"Охват\"\nunit = \"count\"\nnumerator = \"1\"\n\n[[indicator]]\nid = \"waiting\"", "missing-key", "«id»"),
    (I, "[[indicator]]\nid = \"waiting\"", "[[indicator]]\nid = ¦\"Охват\"\nname = \"Охват\"\nunit = \"count\"\nnumerator = \"1\"\n\n[[indicator]]\nid = \"waiting\"", "wrong-value", "латинские"),
    (G, "due_days = 5", "due_days = ¦-1", "wrong-value", "от 0"),
    (G, "every = \"month\"", "every = ¦\"monthly\"", "wrong-value", "\"month\""),
    (G, "kind = \"garden\"", "kind = [\"garden\", ¦\"\"]", "wrong-value", "непустой"),
    (G, "id = \"filled-up\"", "id = ¦\"-up\"", "wrong-value", "первой"),
    (G, "[[field]]\nid = \"mood\"\nheader = \"Настроение\"\n", "¦[[field]]\nid = \"mood\"\n", "missing-key", "«header»"),
    (O, "inn = \"0000000101\"", "inn = ¦101", "wrong-type", "\"101\""),
];

#[rustfmt::skip]
const MEANING: &[Planted] = &[
    (R, "id = \"2025\"", "id = ¦\"2020\"", "duplicate-id", "2020"),
    (R, "number = 2", "number = ¦1", "duplicate-id", "пункт 1 уже был"),
    (R, "number = 1\n", "number = 7\n", "wrong-value", "пункт 2 стоит после пункта 7"),
    (R, "indicator = \"coverage\"", "indicator = ¦\"coverag\"", "unknown-reference", "«coverage»"),
    (R, "watch = [\"waiting\"]", "watch = [¦\"waitin\"]", "unknown-reference", "«waiting»"),
    (R, "watch = [\"waiting\"]", "watch = [¦\"coverage\"]", "duplicate-id", "coverage"),
    (R, "indicator = \"waiting\"", "indicator = ¦\"access\"", "duplicate-id", "access"),
    (R, "at_least = 100\n", "at_least = 100\n¦at_most = 5\n", "wrong-value", "ровно одно"),
    (R, "[[proposal.target]]\nindicator = \"access\"\nat_least = 100\n", "¦[[proposal.target]]\nindicator = \"access\"\n", "missing-key", "чего достичь"),
    (R, "maintain = true\n", "maintain = true\ndue = ¦\"2025\"\n", "wrong-value", "срока не бывает"),
    (R, "due = \"2025-12\"\nbase = { period = \"2024\", value = 70 }\npath", "due = \"2025-12\"\n¦path", "missing-key", "без «base»"),
    (R, "base = { period = \"2024\"", "base = { period = ¦\"2026\"", "wrong-value", "не раньше срока"),
    (R, "period = \"2025-10\"", "period = ¦\"2025-08\"", "wrong-value", "не по порядку"),
    (R, "period = \"2025-10\"", "period = ¦\"2025-Q3\"", "duplicate-id", "две вехи"),
    (R, "quote = 'в декабре 2025 года - 78,45%'", "quote = ¦'в декабре 2025 года - 79%'", "quote-not-found", "«8,45%.»"),
    (R, "quote = 'Сохранить 100%", "quote = ¦'сохранить 100%", "quote-not-found", "регистр"),
    (R, "continues = [\"2020/3.1\"]", "continues = [¦\"2020-3\"]", "wrong-value", "\"2020/3\""),
    (R, "continues = [\"2020/3.1\"]", "continues = [¦\"2021/3\"]", "unknown-reference", "2021"),
    (R, "continues = [\"2020/3.1\"]", "continues = [¦\"2020/4\"]", "unknown-reference", "нет пункта 4"),
    (R, "continues = [\"2020/3.1\"]", "continues = [¦\"2020/3.3\"]", "unknown-reference", "последний — 2"),
    (R, "continues = [\"2020/3.1\"]", "continues = [¦\"2025/2\"]", "wrong-value", "не раньше"),
    (R, "continues = [\"2020/3.1\"]", "continues = [\"2020/3\", ¦\"2020/3\"]", "duplicate-id", "уже названа"),
    (R, "why = 'то же'\n", "", "missing-key", "обоснования"),
    (R, "why = 'то же'", "¦why = ' '", "missing-key", "обоснования"),
    (I, "[[indicator]]\nid = \"waiting\"", "[[indicator]]\nid = ¦\"access\"\nname = \"Охват\"\nunit = \"count\"\nnumerator = \"1\"\n\n[[indicator]]\nid = \"waiting\"", "duplicate-id", "access"),
    (I, "numerator = \"garden.covered\"", "numerator = \"¦garden.coverd\"", "unknown-reference", "«covered»"),
    (I, "+ office.waiting\"", "+ ¦offise.waiting\"", "unknown-reference", "«office»"),
    (I, "denominator = \"garden.enrolled\"", "denominator = \"garden.enrolled + ¦garden.filled\"", "percent-in-formula", "количества"),
    (I, "numerator = \"garden.covered\"", "numerator = \"¦garden.phone\"", "wrong-value", "текст"),
    (I, "numerator = \"garden.covered\"", "numerator = \"¦covered\"", "bad-formula", "garden.covered"),
    (I, "numerator = \"garden.covered\"", "numerator = \"garden.covered ¦÷ 2\"", "bad-formula", "«÷»"),
    (I, "numerator = \"garden.covered\"", "numerator = '''\ngarden.covered +\n ¦x.y'''", "unknown-reference", "нет формы"),
    (I, "numerator = \"garden.covered\"", "numerator = ¦\"garden\\u002Ecoverd\"", "unknown-reference", "«covered»"),
    (I, "organisations(garden)", "¦organisations(gardn)", "unknown-reference", "«garden»"),
    (I, "unit = \"count\"\n", "unit = \"count\"\ndenominator = ¦\"100\"\n", "wrong-value", "знаменателя не бывает"),
    (I, "unit = \"count\"\n", "unit = \"count\"\nshare = ¦true\n", "wrong-value", "share"),
    (I, "[[indicator]]\nid = \"access\"\nname = \"Доступность\"\nunit = \"percent\"\nnumerator = \"garden.enrolled\"\ndenominator = \"garden.enrolled + office.waiting\"\n", "¦[[indicator]]\nid = \"access\"\nname = \"Доступность\"\nunit = \"ratio\"\nnumerator = \"garden.enrolled\"\n", "missing-key", "denominator"),
    (O, "id = \"office\"", "id = ¦\"ds-101\"", "duplicate-id", "ds-101"),
    (O, "parent = \"town\"", "parent = ¦\"Town\"", "unknown-reference", "«town»"),
    (O, "parent = \"town\"", "parent = ¦\"towm\"", "unknown-reference", "«town»"),
    (O, "parent = \"town\"", "parent = ¦\"Город\"", "unknown-reference", "«town»"),
    (O, "parent = \"town\"", "parent = ¦\"ds-101\"", "wrong-value", "ds-101 → ds-101"),
    (O, "kind = \"municipality\"", "kind = \"municipality\"\nparent = ¦\"ds-101\"", "wrong-value", "town → ds-101 → town"),
    (O, "closed = 2030-08-31", "closed = ¦2018-08-31", "wrong-value", "раньше"),
    (O, "kind = \"garden\"", "kind = ¦\"gardem\"", "unknown-reference", "«garden»"),
    (G, "id = \"mood\"", "id = ¦\"phone\"", "duplicate-id", "phone"),
    (G, "id = \"mood\"", "id = ¦\"Mood Now\"", "wrong-value", "\"mood_now\""),
    (G, "id = \"filled-up\"", "id = ¦\"covered-within\"", "duplicate-id", "covered-within"),
    (G, "header = \"Охвачены\"", "header = ¦\"численность\"", "duplicate-id", "«enrolled»"),
    (G, "header = \"Охвачены\"", "header = \"Охвачены\"\naliases = [\"a\", \"Mood\"]", "duplicate-id", "covered"),
    (G, "type = \"count\"\nover_time = \"to-date\"\n", "type = \"count\"\n", "missing-key", "over_time"),
    (G, "type = \"percent\"", "type = \"percent\"\nover_time = ¦\"sum\"", "wrong-value", "не складываются"),
    (G, "one_of = [", "¦over_time = \"last\"\none_of = [", "wrong-value", "over_time"),
    (G, "one_of = [\"да\", \"так себе\"]", "¦min = 1", "wrong-value", "«min»"),
    (G, "max = 999.5", "max = ¦-1", "wrong-value", "меньше наименьшего"),
    (G, "max = 999.5", "¦pattern = 'x'", "wrong-value", "текстовых"),
    (G, "one_of = [\"да\", \"так себе\"]", "one_of = ¦[]", "wrong-value", "пуст"),
    (G, "pattern = '[0-9]{6}'", "pattern = ¦'[0-9'", "wrong-value", "[0-9"),
    (G, "pattern = '[0-9]{6}'", "pattern = ¦'a)|(b'", "wrong-value", "скобки"),
    (G, "assert = \"filled <= 100\"", "assert = \"¦filed <= 100\"", "unknown-reference", "«filled»"),
    (G, "assert = \"filled <= 100\"", "assert = \"¦waiting <= 100\"", "unknown-reference", "office.waiting"),
    (G, "assert = \"filled <= 100\"", "assert = \"¦phone <= 100\"", "wrong-value", "только числа"),
    (G, "assert = \"filled <= 100\"", "assert = \"filled¦\"", "bad-formula", "сравнение"),
    (G, "assert = \"filled <= 100\"", "assert = ¦\"1 <= 100\"", "bad-formula", "ни одного поля"),
    (G, "assert = \"filled <= 100\"", "assert = \"filled <= ¦organisations(garden)\"", "bad-formula", "один отчёт"),
];

fn plant(planted: &Planted) {
    let (file, from, to, code, words) = *planted;
    let good = FILES
        .iter()
        .find(|(name, _)| *name == file)
        .expect("a file")
        .1;
    assert!(good.contains(from), "{from}");
    let marked = good.replacen(from, to, 1);
    let at = marked.find('¦');
    let text = marked.replace('¦', "");
    let case = Case::good();
    case.write(file, text.as_bytes());
    let faults = case.faults();
    let [fault] = &faults[..] else {
        panic!("{to}: {faults:#?}");
    };
    if let Some(at) = at {
        let (line, column) = crate::source::line_column(&text, at);
        let start = format!("{file}:{line}:{column} {code} ");
        assert!(
            fault.starts_with(&start),
            "{to}: expected {start}, found {fault}"
        );
    }
    assert!(
        fault.contains(&format!(" {code} ")) && fault.contains(words),
        "{to}: {fault}"
    );
    assert!(
        fault
            .split_once(' ')
            .expect("words")
            .1
            .contains(|c: char| ('а'..='я').contains(&c))
    );
}

#[test]
fn each_planted_fault_is_the_only_one_reported() {
    for planted in SYNTAX.iter().chain(STRUCTURE).chain(MEANING) {
        plant(planted);
    }
}

/// The schema that an editor is given for a file of the data folder.
fn validator(path: &str) -> jsonschema::Validator {
    let folder = path.split('/').next().expect("a name");
    let file = schema::FILES
        .iter()
        .find(|file| file.path.split('/').next() == Some(folder))
        .expect("a schema");
    let text = crate::render::schema::render(file).to_string();
    let schema = serde_json::from_str(&text).expect("JSON");
    jsonschema::draft7::new(&schema).expect("a schema of draft 7")
}

#[test]
fn the_schemas_let_the_shipped_files_through() {
    let mut count = 0;
    for dir in [&BUILT_IN, BUILT_IN.get_dir("forms").expect("forms")]
        .into_iter()
        .chain(BUILT_IN.get_dir("resolutions"))
    {
        for file in dir.files() {
            let path = file.path().to_str().expect("UTF-8");
            let text = file.contents_utf8().expect("UTF-8");
            let errors: Vec<String> = validator(path)
                .iter_errors(&raw::text(text))
                .map(|error| format!("{path}: {error}"))
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
            let depth = "../".repeat(path.matches('/').count());
            let line = text.lines().next().expect("a line");
            let schema = line.strip_prefix(&format!("#:schema {depth}"));
            let schema = schema.unwrap_or_else(|| panic!("{path}: {line}"));
            assert!(BUILT_IN.get_file(schema).is_some(), "{path}: {line}");
            count += 1;
        }
    }
    assert_eq!(count, 8);
}

#[test]
fn the_schemas_refuse_what_is_not_as_declared() {
    // An editor sees a date as a text, and a number as a number however it is written.
    let unseen = [
        "date = ¦\"2025-08-27\"",
        "at_least = ¦7845e-2",
        "at_least = ¦78.4500000000000000001",
        "at_least = ¦0x4E",
    ];
    for (path, from, to, _, _) in STRUCTURE {
        let good = FILES.iter().find(|(name, _)| name == path).expect("a file");
        let text = good.1.replacen(from, to, 1).replacen('¦', "", 1);
        let passes = validator(path).is_valid(&raw::text(&text));
        assert_eq!(passes, unseen.contains(to), "{to}");
    }
    for (path, text) in FILES {
        assert!(validator(path).is_valid(&raw::text(text)), "{path}");
    }
}

/// What the schemas refuse of [`MEANING`]; the rest is between tables, or between figures.
const SEEN: &[&str] = &[
    "at_least = 100\n¦at_most = 5\n",
    "¦[[proposal.target]]\nindicator = \"access\"\n",
    "maintain = true\ndue = ¦\"2025\"\n",
    "due = \"2025-12\"\n¦path",
    "continues = [¦\"2020-3\"]",
    "continues = [\"2020/3\", ¦\"2020/3\"]",
    "",
    "unit = \"count\"\ndenominator = ¦\"100\"\n",
    "¦[[indicator]]\nid = \"access\"\nname = \"Доступность\"\nunit = \"ratio\"\nnumerator = \"garden.enrolled\"\n",
    "id = ¦\"Mood Now\"",
    "type = \"count\"\n",
    "¦over_time = \"last\"\none_of = [",
    "¦min = 1",
    "¦pattern = 'x'",
];

#[test]
fn what_one_key_asks_of_another_is_in_the_schemas() {
    let refused = MEANING.iter().filter(|(path, from, to, _, _)| {
        let good = FILES.iter().find(|(name, _)| name == path).expect("a file");
        let text = good.1.replacen(from, to, 1).replacen('¦', "", 1);
        !validator(path).is_valid(&raw::text(&text))
    });
    let refused: Vec<&str> = refused.map(|(_, _, to, _, _)| *to).collect();
    assert_eq!(refused, SEEN);
}

#[test]
fn the_shipped_schemas_are_those_that_are_declared() {
    for file in &schema::FILES {
        let path = format!(".schemas/{}.json", file.name);
        let text = serde_json::to_string_pretty(&crate::render::schema::render(file));
        let text = text.expect("JSON") + "\n";
        let kept = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("data")
            .join(&path);
        if std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite") {
            fs::create_dir_all(kept.parent().expect("a folder")).expect("made");
            fs::write(kept, text).expect("written");
            continue;
        }
        assert!(
            fs::read_to_string(kept).is_ok_and(|kept| kept == text),
            "{path} is not as declared: SNAPSHOTS=overwrite cargo test --lib schemas"
        );
    }
}

/// A text with some pieces changed.
fn changed(text: &str, pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut text = text.to_owned();
    for (from, to) in pairs {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text.into_bytes()
}

fn codes(faults: &[String]) -> Vec<&str> {
    let words = faults.iter().map(|fault| fault.split(' ').nth(1));
    words.map(Option::unwrap_or_default).collect()
}

#[test]
fn all_faults_of_all_files_are_reported_at_once() {
    let case = Case::good();
    let new = [
        ("event =", "evnt ="),
        ("at_least = 78.45", "at_least = 78,45"),
        ("\"2025-12\"", "\"2025-13\""),
        ("indicator = \"access\"", "indicator = \"acess\""),
        ("quote = 'увеличить", "quote = 'уменьшить"),
    ];
    let indicators = [
        ("decimals = 1", "decimals = \"1\""),
        ("garden.covered", "garden.filled"),
        ("better = \"lower\"", "better = \"less\""),
    ];
    let garden = [("max = 999.5", "max = -1"), ("<= 100", "=< 100")];
    case.write(R, &changed(NEW, &new));
    case.write(I, &changed(INDICATORS, &indicators));
    case.write(
        O,
        &changed(ORGANISATIONS, &[("inn = \"0000000101\"", "inn = 101")]),
    );
    case.write(G, &changed(GARDEN, &garden));
    let faults = case.faults();
    let expected = [
        "unknown-key",
        "data-syntax",
        "wrong-value",
        "unknown-reference",
        "quote-not-found",
        "percent-in-formula",
        "wrong-type",
        "wrong-value",
        "wrong-type",
        "wrong-value",
        "bad-formula",
    ];
    assert_eq!(codes(&faults), expected, "{faults:#?}");
}

#[test]
fn every_syntax_fault_of_a_file_is_reported() {
    let case = Case::good();
    let text = "[[indicator]]\nid = «a»\nname \"b\"\nunit = 'count\nnumerator = \"1\"\n\
                [[indicator]]\nid = \"c\"\nname = \"c\"\nunit = \"count\"\nnumerator = [\n";
    case.write(I, text.as_bytes());
    let faults = case.faults();
    let syntax = codes(&faults)
        .iter()
        .filter(|code| **code == "data-syntax")
        .count();
    assert_eq!(syntax, 4, "{faults:#?}");
    assert!(
        !faults.iter().any(|fault| fault.contains("нет показателя")),
        "{faults:#?}"
    );
}

#[test]
fn a_broken_header_spoils_only_its_own_section() {
    let case = Case::good();
    let text = [
        ("[[field]]\nid = \"covered\"", "[[field]\nid = \"covered\""),
        ("type = \"percent\"", "type = \"percents\""),
    ];
    case.write(G, &changed(GARDEN, &text));
    let faults = case.faults();
    assert_eq!(
        codes(&faults),
        ["data-syntax", "wrong-value"],
        "{faults:#?}"
    );
}

#[test]
fn two_forms_of_one_id() {
    let case = Case::good();
    case.write("forms/another.toml", OFFICE.as_bytes());
    let faults = case.faults();
    assert!(
        faults[0].starts_with("forms/office.toml:1:6 duplicate-id"),
        "{faults:#?}"
    );
    assert_eq!(faults.len(), 1);
}

#[test]
fn missing_files_are_named() {
    let case = Case::good();
    let path = |name: &str| case.folder.path().join(name);
    fs::remove_file(path(O)).expect("removed");
    let (loaded, _, _) = case.load();
    let register = loaded.expect("sound without a register").plan.register;
    assert!(!register.declared && register.organisations.is_empty());
    fs::remove_file(path(I)).expect("removed");
    fs::remove_dir_all(path("resolutions")).expect("removed");
    let faults = case.faults();
    assert!(
        faults[0].contains("unreadable-file нет файла показателей"),
        "{faults:#?}"
    );
    assert!(faults[1].contains("нет ни одной резолюции"), "{faults:#?}");
    assert_eq!(faults.len(), 2);
    let nowhere = DataFolder::Folder(path("nowhere"));
    let error = load(
        &nowhere,
        &mut Sources::default(),
        &mut Diagnostics::default(),
    );
    let error = error.expect_err("no folder").to_string();
    assert!(
        error.contains("nowhere") && error.contains("--data"),
        "{error}"
    );
}

#[test]
fn other_encodings_and_line_ends() {
    let case = Case::good();
    case.write(G, GARDEN.replace('\n', "\r\n").as_bytes());
    case.write(O, format!("\u{feff}{ORGANISATIONS}").as_bytes());
    assert_eq!(case.faults(), Vec::<String>::new());
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(ORGANISATIONS);
    case.write(O, &bytes);
    let faults = case.faults();
    assert!(
        faults[0].starts_with("organisations.toml:3:9 data-syntax"),
        "{faults:#?}"
    );
    assert!(
        faults.len() == 1 && faults[0].contains("UTF-8"),
        "{faults:#?}"
    );
}

#[test]
fn organisations_that_nobody_can_tell_apart_are_named() {
    let case = Case::good();
    let twin = "\n[[organisation]]\nid = \"ds-2\"\nname = \"Сад № 2\"\naliases = [\"школа № 1\"]\n\
                kind = \"школа\"\n\n[[organisation]]\nid = \"sh-1\"\nname = \"Школа N1\"\nkind = \"школа\"\n";
    case.write(O, format!("{ORGANISATIONS}{twin}").as_bytes());
    let (loaded, _, _) = case.load();
    let advice = loaded.expect("sound").advice;
    let faults = case.faults();
    assert_eq!(codes(&faults), ["unknown-reference"], "{faults:#?}");
    assert!(
        faults[0].contains("не будет: 2\u{a0}организации"),
        "{faults:#?}"
    );
    assert!(
        faults[0].contains("\"board\", \"garden\", \"office\""),
        "{faults:#?}"
    );
    let told: Vec<String> = advice
        .sorted()
        .iter()
        .map(|one| one.message.clone())
        .collect();
    assert_eq!(
        told,
        ["«Школа N1» — это и «ds-2», и «sh-1»: по таким словам отчёт не узнать"]
    );
}

#[test]
fn files_of_another_ending_are_named() {
    let case = Case::good();
    let path = |name: &str| case.folder.path().join(name);
    fs::rename(path(G), path("forms/garden.TOML")).expect("renamed");
    fs::rename(path(O), path("organisations.toml.txt")).expect("renamed");
    fs::write(path("resolutions/2027.toml.txt"), "").expect("written");
    let (loaded, _, diagnostics) = case.load();
    assert_eq!(loaded.expect("sound").plan.forms.len(), 2);
    assert_eq!(diagnostics.count(Severity::Warning), 2);
    let faults = case.faults();
    assert!(
        faults
            .iter()
            .any(|one| one.starts_with("organisations.toml.txt")),
        "{faults:#?}"
    );
    assert!(
        faults.iter().any(|one| one.contains("нужно «2027.toml»")),
        "{faults:#?}"
    );
    fs::rename(path(I), path("indicators.toml.txt")).expect("renamed");
    let faults = case.faults();
    let told = |one: &String| one.contains("есть файл «indicators.toml.txt»");
    assert!(faults.iter().any(told), "{faults:#?}");
}

#[test]
fn warnings_let_the_folder_through() {
    let case = Case::good();
    let target = [
        (
            "due = \"2025-12\"\nbase = { period = \"2024\", value = 70 }\npath = \"linear\"\n",
            "",
        ),
        ("at_least = 78.45", "at_least = 7845"),
    ];
    case.write(O, &changed(ORGANISATIONS, &[("kind = \"garden\"\n", "")]));
    case.write(R, &changed(NEW, &target));
    let (loaded, _, diagnostics) = case.load();
    assert!(loaded.is_some());
    assert_eq!(diagnostics.count(Severity::Warning), 3);
    assert_eq!(
        codes(&case.faults()),
        ["wrong-value", "wrong-value", "missing-key"]
    );
}

/// Numbers that look random and are always the same.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// The same bytes with a few of them changed, lost, doubled, or new ones among them.
    pub(super) fn spoil(&mut self, good: &[u8]) -> Vec<u8> {
        const PIECES: [&[u8]; 14] = [
            b"\"",
            b"'",
            b"[",
            b"]",
            b"{",
            b"}",
            b"=",
            b"\n",
            b"\r",
            b"\0",
            b"'''",
            b"[[a.b]]\n",
            b",",
            b"\xd0",
        ];
        let mut bytes = good.to_vec();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len());
            let end = (at + self.below(12)).min(bytes.len());
            match self.below(4) {
                0 => bytes[at] = self.below(256) as u8,
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let piece = PIECES[self.below(PIECES.len())];
                    drop(bytes.splice(at..at, piece.iter().copied()));
                }
                _ => {
                    let copy = bytes[at..end].to_vec();
                    let to = self.below(bytes.len());
                    drop(bytes.splice(to..to, copy));
                }
            }
        }
        bytes
    }
}

#[test]
fn nothing_that_a_file_holds_makes_it_panic() {
    let case = Case::good();
    let mut random = Random(7);
    for _ in 0..2000 {
        let (name, good) = FILES[random.below(FILES.len())];
        case.write(name, &random.spoil(good.as_bytes()));
        let (_, sources, diagnostics) = case.load();
        for fault in diagnostics.sorted() {
            let place = fault.place.as_ref().expect("a place");
            sources.line_column(place);
            sources.excerpt(place);
        }
        case.write(name, good.as_bytes());
    }
}
