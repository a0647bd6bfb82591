//! Every fault that a person makes in the shipped data files is told at its place, with what to do.

use std::fs;
use std::path::Path;

use aleysk::diagnostic::Diagnostics;
use aleysk::read::plan::{BUILT_IN, DataFolder, load};
use aleysk::source::{Sources, line_column};
use include_dir::DirEntry;

const OLD: &str = "resolutions/2020.toml";
const NEW: &str = "resolutions/2025.toml";
const INDICATORS: &str = "indicators.toml";
const REGISTER: &str = "organisations.toml";
const GARDEN: &str = "forms/kindergarten.toml";
const SCHOOL: &str = "forms/school.toml";
const OFFICE: &str = "forms/committee.toml";

/// In this file the first `from` becomes `to`; at `¦` this code must be told, and these words of
/// what to do.
type Planted = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const PLANTED: &[Planted] = &[
    // A resolution's own keys.
    (NEW, "id = \"2025\"", "¦ид = \"2025\"", "data-syntax", "имена ключей"),
    (NEW, "id = \"2025\"", "id = ¦2025", "wrong-type", "\"2025\""),
    (NEW, "id = \"2025\"", "id = ¦\"2025/26\"", "wrong-value", "\"2025-26\""),
    (NEW, "id = \"2025\"", "id = ¦\"2020\"", "duplicate-id", "дайте другой id"),
    (NEW, "date = 2025-08-27", "date = ¦27.08.2025", "data-syntax", "напишите 2025-08-27"),
    (NEW, "date = 2025-08-27", "date = ¦\"2025-08-27\"", "wrong-type", "уберите кавычки"),
    (NEW, "date = 2025-08-27", "date = ¦27 августа 2025", "data-syntax", "напишите"),
    (NEW, "date = 2025-08-27", "¦data = 2025-08-27", "unknown-key", "«date»"),
    (NEW, "status = \"adopted\"", "status = ¦\"принята\"", "wrong-value", "\"adopted\""),
    (NEW, "status = \"adopted\"", "status = ¦adopted", "data-syntax", "напишите \"adopted\""),
    (NEW, "source = \"", "source = ¦«", "data-syntax", "\""),
    (OLD, "\nstatus = \"draft\"", "\nstatus = ¦\"drafted\"", "wrong-value", "\"draft\""),
    (OLD, "title = '''", "¦titel = '''", "unknown-key", "«title»"),
    // Proposals.
    (NEW, "number = 2\n", "number = ¦1\n", "duplicate-id", "исправьте номер"),
    (NEW, "number = 2\n", "number = ¦\"2\"\n", "wrong-type", "уберите кавычки: 2"),
    (NEW, "number = 2\n", "number = ¦2.1\n", "wrong-type", "целое число"),
    (NEW, "number = 11\n", "number = ¦0\n", "wrong-value", "исправьте число"),
    (NEW, "[[proposal]]\nnumber = 5", "¦[proposal]\nnumber = 5", "data-syntax", "[["),
    (NEW, "[[proposal]]\nnumber = 5", "[[¦proposals]]\nnumber = 5", "unknown-key", "«proposal»"),
    (NEW, "topic = \"Историческое образование\"", "topic = ¦Историческое образование", "data-syntax", "\"Историческое образование\""),
    (NEW, "topic = \"Историческое образование\"", "topic = ¦\"\"", "wrong-value", "между кавычками"),
    (NEW, "topic = \"Историческое образование\"\n", "", "missing-key", "допишите topic"),
    (NEW, "text = 'Внедрить новые", "text = ¦'Внедрить 'новые'", "data-syntax", "«ёлочки»"),
    (NEW, "continues = [\"2020/12\"]", "continues = ¦\"2020/12\"", "wrong-type", "[\"…\"]"),
    (NEW, "continues = [\"2020/12\"]", "continues = [¦\"2020/14\"]", "unknown-reference", "13"),
    (NEW, "continues = [\"2020/12\"]", "continues = [¦\"2019/12\"]", "unknown-reference", "2020"),
    (NEW, "continues = [\"2020/12\"]", "continues = [¦\"2020.12\"]", "wrong-value", "\"2020/3.1\""),
    (NEW, "continues = [\"2020/3.3\", \"2020/10\"]", "continues = [¦\"2020/3.4\", \"2020/10\"]", "unknown-reference", "3"),
    (NEW, "continues = [\"2020/4\", \"2020/13\"]", "continues = [\"2020/4\" ¦\"2020/13\"]", "data-syntax", "запят"),
    (NEW, "why = '2020/12 «", "# why = '2020/12 «", "missing-key", "why"),
    (NEW, "watch = [\"teachers-trained\"]", "watch = [¦\"teachers-traned\"]", "unknown-reference", "«teachers-trained»"),
    (NEW, "watch = [\"dop-enrolments\"]", "watch = [¦\"dop-coverage\"]", "duplicate-id", "watch не нужен"),
    // Targets.
    (NEW, "indicator = \"dop-coverage\"", "indicator = ¦\"dop_coverage\"", "unknown-reference", "«dop-coverage»"),
    (NEW, "at_least = 78.45", "at_least = ¦78,45", "data-syntax", "напишите 78.45"),
    (NEW, "at_least = 78.45", "at_least = ¦78.45%", "data-syntax", "напишите 78.45"),
    (NEW, "at_least = 78.45", "at_least = ¦\"78,45\"", "wrong-type", "уберите кавычки: 78.45"),
    (NEW, "at_least = 78.45", "¦at_leest = 78.45", "unknown-key", "«at_least»"),
    (NEW, "at_least = 78.45", "at_least = 78.45\n¦at_most = 80", "wrong-value", "вторую цель"),
    (NEW, "due = \"2025-12\"", "due = ¦2025-12", "data-syntax", "\"2025-12\""),
    (NEW, "due = \"2025-12\"", "due = ¦\"декабрь 2025\"", "wrong-value", "\"2025-12\""),
    (NEW, "due = \"2025-12\"", "due = ¦\"2025-13\"", "wrong-value", "\"2025-12\" (месяц)"),
    (NEW, "due = \"2025/26\"", "due = ¦\"2025/27\"", "wrong-value", "\"2025/26\""),
    (NEW, "maintain = true ", "maintain = ¦да ", "data-syntax", "напишите true"),
    (NEW, "maintain = true ", "maintain = true\ndue = ¦\"2025\" ", "wrong-value", "уберите due или maintain"),
    (NEW, "more_than_base = true\n", "more_than_base = ¦false\n", "wrong-value", "уберите ключ"),
    (NEW, "more_than_base = true\n", "more_than_base = true\nbase = ¦7\n", "wrong-type", "base = {"),
    (NEW, "quote = 'в декабре 2025 года - 78,45%'", "quote = ¦'в декабре 2025 года — 78,45%'", "quote-not-found", "тире"),
    (NEW, "quote = 'в декабре 2025 года - 78,45%'\n", "quote = ¦'В декабре 2025 года - 78,45%'\n", "quote-not-found", "регистр"),
    (NEW, "due = \"2025-12\"", "due = \"2025-12\"\nmilestones = ¦{ period = \"2025-10\", value = 77 }", "wrong-type", "milestones = [ { … } ]"),
    (NEW, "[[proposal.target]]\nindicator = \"dop-coverage\"", "[[¦target]]\nindicator = \"dop-coverage\"", "unknown-key", "[[proposal.target]]"),
    (NEW, "at_least = 78.45", "at_least = ¦…", "data-syntax", "вместо «…»"),
    (NEW, "quote = 'в декабре 2025 года - 78,45%'", "quote = '78,45%'\n\n[[proposal.target]]\nindicator = ¦\"dop-coverage\"\nat_least = 70\nquote = '78,45%'", "duplicate-id", "milestones = ["),
    // Indicators.
    (INDICATORS, "unit = \"percent\"", "unit = ¦\"%\"", "wrong-value", "\"percent\""),
    (INDICATORS, "numerator = \"kindergarten.enrolled\"", "numerator = \"¦kindergarden.enrolled\"", "unknown-reference", "«kindergarten»"),
    (INDICATORS, "numerator = \"kindergarten.enrolled\"", "numerator = \"¦kindergarten.enroled\"", "unknown-reference", "«enrolled»"),
    (INDICATORS, "numerator = \"kindergarten.enrolled\"", "numerator = \"¦enrolled\"", "bad-formula", "kindergarten.enrolled"),
    (INDICATORS, "+ committee.waiting\"", "+¦\"", "bad-formula", ""),
    (INDICATORS, "organisations(kindergarten)", "¦organisations(kindergartens)", "unknown-reference", "«kindergarten»"),
    (INDICATORS, "decimals = 2", "decimals = ¦два", "data-syntax", "\"два\""),
    (INDICATORS, "decimals = 2", "decimals = ¦20", "wrong-value", "исправьте число"),
    (INDICATORS, "counts = [\"ребёнок\", \"ребёнка\", \"детей\"]", "counts = ¦[\"детей\"]", "wrong-value", "counts — "),
    (INDICATORS, "share = true", "share = ¦\"да\"", "wrong-type", "true без кавычек"),
    (INDICATORS, "better = \"higher\"", "better = ¦\"больше\"", "wrong-value", "\"higher\""),
    (INDICATORS, "window = \"period\"", "window = ¦\"year_to_date\"", "wrong-value", "\"year-to-date\""),
    (INDICATORS, "denominator = \"kindergarten.enrolled + committee.waiting\"\n", "", "missing-key", "denominator"),
    (INDICATORS, "numerator = \"kindergarten.enrolled\"", "numerator = \"kindergarten.¦еnrolled\"", "bad-formula", "русская буква «е»"),
    (INDICATORS, "organisations(kindergarten)", "¦organisations(kindergаrten)", "unknown-reference", "русская буква «а»"),
    // The register.
    (REGISTER, "id = \"ds-102\"", "id = ¦\"ds-101\"", "duplicate-id", ""),
    (REGISTER, "id = \"ds-102\"", "id = ¦\"дс-102\"", "wrong-value", "например"),
    (REGISTER, "name = \"МБДОУ «Детский сад № 101» (условное)\"", "name = ¦\"МБДОУ \"Детский сад № 101\"\"", "data-syntax", "«ёлочки»"),
    (REGISTER, "inn = \"0000000101\"", "inn = ¦0000000101", "data-syntax", "\"0000000101\""),
    (REGISTER, "inn = \"0000000101\"", "¦ИНН = \"0000000101\"", "data-syntax", "имена ключей"),
    (REGISTER, "parent = \"aleysk\"", "parent = ¦\"aleisk\"", "unknown-reference", "«aleysk»"),
    (REGISTER, "kind = \"school\"", "kind = ¦\"scool\"", "unknown-reference", "«school»"),
    (REGISTER, "opened = 2019-09-01", "opened = ¦01.09.2019", "data-syntax", "напишите 2019-09-01"),
    (REGISTER, "opened = 2019-09-01", "opened = 2019-09-01\nclosed = ¦2018-08-31", "wrong-value", "исправьте opened или closed"),
    (REGISTER, "aliases = [\"Д/с 101\", ", "aliases = [¦Д/с 101, ", "data-syntax", "\"Д/с 101\""),
    (REGISTER, "kind = \"municipality\"", "kind =¦\u{a0}\"municipality\"", "data-syntax", "удалите его"),
    (REGISTER, "kind = \"municipality\"", "¦\u{200b}kind = \"municipality\"", "data-syntax", "удалите его"),
    (REGISTER, "kind = \"kindergarten\"", "kind = ¦\"kindergаrten\"", "unknown-reference", "русская буква «а»"),
    // Forms.
    (GARDEN, "header = \"Мест по лицензии\"", "header = ¦\"Период\"", "duplicate-id", "назовите поле подробнее"),
    (GARDEN, "kind = \"kindergarten\"", "kind = ¦[]", "wrong-value", "уберите ключ"),
    (GARDEN, "every = \"month\"", "every = ¦\"monthly\"", "wrong-value", "\"month\""),
    (GARDEN, "due_days = 5", "due_days = ¦\"5\"", "wrong-type", "уберите кавычки: 5"),
    (GARDEN, "due_days = 5", "due_days = ¦5 дней", "data-syntax", ""),
    (GARDEN, "id = \"capacity\"", "id = ¦\"Capacity\"", "wrong-value", "\"capacity\""),
    (GARDEN, "id = \"teachers\"", "id = ¦\"capacity\"", "duplicate-id", ""),
    (GARDEN, "header = \"Мест по лицензии\"", "header = ¦\"Численность воспитанников\"", "duplicate-id", "измените один из заголовков"),
    (GARDEN, "type = \"flag\"", "type = ¦\"boolean\"", "wrong-value", "\"flag\""),
    (GARDEN, "over_time = \"last\"", "over_time = ¦\"latest\"", "wrong-value", "\"last\""),
    (GARDEN, "over_time = \"last\"\nmissing = \"exclude\"\nmin = 0\n", "missing = \"exclude\"\nmin = 0\n", "missing-key", "допишите over_time"),
    (GARDEN, "missing = \"exclude\"", "missing = ¦\"skip\"", "wrong-value", "\"exclude\""),
    (GARDEN, "max = 500", "max = ¦-5", "wrong-value", "поменяйте min и max"),
    (GARDEN, "[[field]]\nid = \"capacity\"", "¦[[field]\nid = \"capacity\"", "data-syntax", "две скобки"),
    (GARDEN, "[[rule]]\nid = \"enrolled-within", "[[rule]] ¦id = \"enrolled-within", "data-syntax", "следующую строку"),
    (GARDEN, "assert = \"enrolled <= capacity\"", "assert = \"¦enroled <= capacity\"", "unknown-reference", "«enrolled»"),
    (GARDEN, "assert = \"enrolled <= capacity\"", "assert = \"enrolled¦\"", "bad-formula", "сравнение"),
    (GARDEN, "severity = \"warning\"", "severity = ¦\"warn\"", "wrong-value", "\"warning\""),
    (SCHOOL, "every = \"month\"", "", "missing-key", "допишите every"),
    (SCHOOL, "id = \"school\"", "id = ¦\"kindergarten\"", "duplicate-id", ""),
    (OFFICE, "type = \"flag\"", "type = \"flag\"\n¦min = 0", "wrong-value", "уберите ключ"),
    (OFFICE, "required = true", "¦requred = true", "unknown-key", "«required»"),
    (OFFICE, "required = true", "required = ¦True", "data-syntax", "напишите true"),
];

#[test]
fn each_is_told_at_its_place_with_what_to_do() {
    assert!(PLANTED.len() >= 60);
    let wrong: Vec<String> = PLANTED.iter().filter_map(|one| plant(one).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Plants a fault and reads the folder; gives what is not as it should be.
fn plant(planted: &Planted) -> Result<(), String> {
    let (file, from, to, code, words) = *planted;
    let good = BUILT_IN.get_file(file).expect("shipped");
    let good = good.contents_utf8().expect("UTF-8");
    if !good.contains(from) {
        return Err(format!("{file} does not have {from}"));
    }
    let marked = good.replacen(from, to, 1);
    let text = marked.replacen('¦', "", 1);
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), BUILT_IN.entries());
    fs::write(folder.path().join(file), &text).expect("written");
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let data = DataFolder::Folder(folder.path().to_owned());
    let loaded = load(&data, &mut sources, &mut diagnostics).expect("readable");
    let found: Vec<String> = diagnostics
        .sorted()
        .iter()
        .map(|one| {
            let place = one.place.as_ref().expect("a place");
            let (line, column) = sources.line_column(place);
            let name = Path::new(&sources.get(place.file).name);
            let name = name.strip_prefix(folder.path()).expect("in the folder");
            format!(
                "{}:{}:{} {}: {} | {}",
                name.display(),
                line.unwrap_or(0),
                column.unwrap_or(0),
                one.code.id(),
                one.message,
                one.help
            )
        })
        .collect();
    let expected = match marked.find('¦') {
        Some(at) => {
            let (line, column) = line_column(&text, at);
            format!("{file}:{line}:{column} {code}: ")
        }
        None => format!("{file}:"),
    };
    let is_it = |found: &String| {
        let help = found.split_once(" | ").expect("what to do").1;
        found.starts_with(&expected)
            && found.contains(&format!(" {code}: "))
            && help.contains(words)
            && help.chars().count() > 10
    };
    match &found[..] {
        [only] if loaded.is_none() && is_it(only) => Ok(()),
        _ => Err(format!(
            "{to:?}: {expected}… {words}\n    {}",
            found.join("\n    ")
        )),
    }
}

fn write(folder: &Path, entries: &[DirEntry<'_>]) {
    for entry in entries {
        let path = folder.join(entry.path());
        match entry {
            DirEntry::Dir(dir) => {
                fs::create_dir(&path).expect("made");
                write(folder, dir.entries());
            }
            DirEntry::File(file) => fs::write(path, file.contents()).expect("written"),
        }
    }
}
