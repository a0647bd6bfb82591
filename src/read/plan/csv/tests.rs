use std::fs;

use serde_json::Value;

use crate::diagnostic::{KEPT_EACH, Severity};
use crate::model::organisation::Organisation;
use crate::read::dialect::HEAD;
use crate::read::plan::Loaded;
use crate::read::plan::tests::{Case, ORGANISATIONS, Random};
use crate::source::{Encoding, Spot};

const NAME: &str = "organisations.csv";

/// The register of [`ORGANISATIONS`].
const TABLE: &str = "\
id;name;aliases;kind;parent;inn;opened;closed
town;Город;;municipality;;;;
ds-101;Сад № 101;Д/с 101;garden;town;0000000101;2019-09-01;2030-08-31
office;Комитет;;office;region;;;
";

/// A good folder with this table instead of the TOML register.
fn case(table: &[u8]) -> Case {
    let case = Case::good();
    fs::remove_file(case.folder.path().join("organisations.toml")).expect("removed");
    case.write(NAME, table);
    case
}

/// The organisations and the register as JSON.
fn register(case: &Case) -> (Vec<Organisation>, Value) {
    let (loaded, sources, diagnostics) = case.load();
    let faults = case.faults();
    assert!(diagnostics.is_empty(), "{faults:#?}");
    let loaded: Loaded = loaded.expect("sound");
    assert!(loaded.plan.register.declared);
    let json = loaded.organisations(&sources);
    (loaded.plan.register.organisations, json)
}

#[test]
fn the_same_register_in_any_dialect_is_the_same() {
    let russian = "Код;Название;псевдонимы;ВИД;входит в;ИНН;открыта;закрыта";
    let header = TABLE.lines().next().expect("a header");
    let mut texts = vec![
        ("as it is", TABLE.to_owned()),
        ("carriage returns", TABLE.replace('\n', "\r\n")),
        ("no last line end", TABLE.trim_end().to_owned()),
        (
            "titles above",
            format!(";;;\nДАННЫЕ УСЛОВНЫЕ;;\n\n«Реестр»\n{TABLE}\n;;;;;;;\n\n"),
        ),
        ("declared separator", format!("sep=;\n{TABLE}")),
        ("Russian headings", TABLE.replacen(header, russian, 1)),
        ("Russian days", TABLE.replace("2019-09-01", "01.09.2019")),
        (
            "a spreadsheet's number",
            TABLE
                .replace("0000000101", "101")
                .replace("Город;;", "\" Город \"; | ;"),
        ),
        ("an apostrophe", TABLE.replace("0000000101", "'0000000101")),
        (
            "dashes",
            TABLE.replace("municipality;;;;", "municipality;-;—;–;-"),
        ),
        ("the header again", format!("{TABLE}{header}\n")),
    ];
    let reordered: Vec<String> = TABLE
        .lines()
        .map(|line| {
            let (before, after) = line.split_at(line.find(';').unwrap_or(0));
            format!("{};{before}", &after[1..])
        })
        .collect();
    texts.push(("another order", reordered.join("\n")));
    let wanted = format!("{:#?}", register(&Case::good()));
    let table = case(TABLE.as_bytes());
    for (what, text) in &texts {
        for separator in [";", ",", "\t"] {
            let text = text.replace(';', separator);
            for encoding in Encoding::ALL {
                let Some(bytes) = file_in(encoding, &text) else {
                    continue;
                };
                let what = format!("{what}, {separator:?}, {}", encoding.id());
                table.write(NAME, &bytes);
                let found = register(&table);
                assert_eq!(format!("{found:#?}"), wanted, "{what}");
            }
        }
    }
}

#[test]
fn aliases_quotes_and_long_numbers() {
    let table = "id,name,aliases,inn\n\
        a,\"МБДОУ \"\"Сад, № 5\"\"\", Сад 5 | Садик||Д/с 5 ,123456789012\n\
        b,,,2201000101\n";
    let (loaded, sources, _) = case(table.as_bytes()).load();
    let loaded = loaded.expect("only warnings");
    let first = &loaded.plan.register.organisations[0];
    assert_eq!(&*first.name, "МБДОУ \"Сад, № 5\"");
    assert_eq!(first.aliases[..], ["Сад 5", "Садик", "Д/с 5"]);
    assert_eq!(first.inn.as_deref(), Some("123456789012"));
    let json = loaded.organisations(&sources);
    assert_eq!(
        json["organisation"][1].to_string(),
        r#"{"id":"b","inn":"2201000101"}"#
    );
    assert_eq!(json["organisation"][0]["aliases"][2], "Д/с 5");
}

/// A file in an encoding, where it has all the letters.
fn file_in(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
    match encoding {
        Encoding::Utf8Bom => Some([b"\xef\xbb\xbf", text.as_bytes()].concat()),
        Encoding::Utf16Le => Some(utf16(u16::to_le_bytes)),
        Encoding::Utf16Be => Some(utf16(u16::to_be_bytes)),
        _ => encoding.encode(text),
    }
}

/// `from` becomes `to`, where `¦` marks the place of the one fault that must be reported, with
/// this code and these words.
type Planted = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const PLANTED: &[Planted] = &[
    ("id;name", "¦idd;name", "unknown-key", "имелось в виду «id»"),
    ("aliases;", "¦alias;", "unknown-key", "имелось в виду «aliases»"),
    ("kind;", "¦вит;", "unknown-key", "имелось в виду «вид»"),
    ("closed\n", "¦примечание\n", "unknown-key", "здесь ещё бывают: closed"),
    ("opened;closed\n", "opened;¦дата открытия\n", "duplicate-column", "второй столбец «opened»"),
    ("id;name", "¦;name", "missing-key", "нет столбца «id»"),
    ("ds-101;", "¦;", "missing-key", "у организации нет id"),
    ("ds-101;", "¦Садик;", "wrong-value", "недопустимый id «Садик»"),
    ("ds-101;", "¦-ds;", "wrong-value", "первой — буква или цифра"),
    ("ds-101;", "¦ds 101;", "wrong-value", "например, ds-101"),
    ("office;Комитет", "¦ds-101;Комитет", "duplicate-id", "«ds-101» уже занят"),
    ("2019-09-01", "¦2019-02-30", "not-a-date", "столбец «opened»: «2019-02-30» — не дата"),
    ("2019-09-01", "¦1 сентября 2019 г.", "not-a-date", "напишите 2019-09-01"),
    ("2019-09-01", "¦01.09.2019 0:00:00", "not-a-date", "напишите 2019-09-01"),
    ("2019-09-01", "¦давно", "not-a-date", "оставьте ячейку пустой"),
    ("2030-08-31", "¦31.08.2018", "wrong-value", "раньше чем открыта 2019-09-01"),
    ("0000000101", "¦2,2E+09", "wrong-value", "округлён"),
    (";garden;", ";¦gardn;", "unknown-reference", "имелось в виду «garden»"),
    (";garden;", ";¦;", "missing-key", "не указан вид"),
    (";town;", ";¦twon;", "unknown-reference", "имелось в виду «town»"),
    (";town;", ";¦Город;", "unknown-reference", "имелось в виду «town»"),
    ("municipality;;", "municipality;¦ds-101;", "wrong-value", "town → ds-101 → town"),
    ("Сад № 101;", "Сад № 101; корпус 2;¦", "extra-cell", "ячеек 9, а столбцов в шапке 8"),
    ("Сад № 101;", "¦\"Сад № 101;", "unclosed-quote", "открыта и не закрыта"),
    ("Сад № 101;", "¦\"Сад \"№ 101\"\";", "stray-quote", "не удвоена"),
    ("region;;;\n", "¦region\n", "missing-cell", "ячеек 5, а столбцов в шапке 8"),
    ("opened;closed\n", "opened;\n", "extra-cell", ""),
];

#[test]
fn each_planted_fault_is_the_only_one_reported() {
    for (from, to, code, words) in PLANTED {
        assert!(TABLE.contains(from), "{from}");
        let marked = TABLE.replacen(from, to, 1);
        let place = match marked.find('¦') {
            Some(at) => {
                let before = &marked[..at];
                let line = before.matches('\n').count() + 1;
                let start = before.rfind('\n').map_or(0, |end| end + 1);
                let column = before[start..].matches(';').count() + 1;
                format!("{line}:{column}")
            }
            None => "3:8".to_owned(),
        };
        // A separator too many moves the cells: the last of them stands outside.
        let place = if *code == "extra-cell" && !words.is_empty() {
            "3:9".to_owned()
        } else {
            place
        };
        let text = marked.replace('¦', "");
        for encoding in [Encoding::Utf8, Encoding::Windows1251] {
            let case = case(&encoding.encode(&text).expect("has the letters"));
            let faults = case.faults();
            assert_eq!(faults.len(), 1, "{to}: {faults:#?}");
            let start = format!("{NAME}:{place} {code} ");
            assert!(faults[0].starts_with(&start), "{to}: {start}: {faults:#?}");
            assert!(faults[0].contains(words), "{to}: {faults:#?}");
        }
    }
}

#[test]
fn all_faults_are_reported_at_once() {
    let text = TABLE
        .replace("name;", "nmae;")
        .replace("town;Город", "тown;Город")
        .replace("2019-09-01", "2019-13-01")
        .replace("2030-08-31", "вчера")
        .replace("office;Комитет", ";Комитет");
    let faults = case(text.as_bytes()).faults();
    let starts: Vec<String> = faults
        .iter()
        .map(|fault| fault.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        starts,
        [
            "organisations.csv:1:2 unknown-key",
            "organisations.csv:2:1 wrong-value",
            "organisations.csv:3:7 not-a-date",
            "organisations.csv:3:8 not-a-date",
            "organisations.csv:4:1 missing-key",
        ]
    );
}

#[test]
fn what_is_no_register_is_told() {
    for (bytes, code, words) in [
        (&b""[..], "not-a-table", "файл пуст"),
        (b"\r\n \n", "not-a-table", "файл пуст"),
        (b"PK\x03\x04rest", "not-a-table", "книга"),
        (
            b"\xff\xfea\0;\0b\0",
            "not-a-table",
            "нет строки с названиями",
        ),
        (b"\0\x01\x02\x03", "not-a-table", "не текст"),
        (b"a;b\n1;2\n", "not-a-table", "нет строки с названиями"),
        (b"id;name\n\n", "missing-key", "ни одной организации"),
        (b"name;kind\na;garden\n", "missing-key", "нет столбца «id»"),
    ] {
        let faults = case(bytes).faults();
        assert_eq!(faults.len(), 1, "{faults:#?}");
        let fault = &faults[0];
        assert!(fault.contains(code) && fault.contains(words), "{fault}");
    }
    let mut broken = TABLE.as_bytes().to_vec();
    broken.extend(vec![b'\n'; HEAD]);
    broken.extend(b"ds-102;\xd1\xe0\xe4;;garden;;;;\n");
    let faults = case(&broken).faults();
    assert!(faults[0].contains("unknown-encoding"), "{faults:#?}");
    assert_eq!(faults.len(), 1);
}

#[test]
fn two_registers_are_too_many() {
    let case = Case::good();
    case.write(NAME, TABLE.as_bytes());
    let faults = case.faults();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    let both = ["organisations.toml", "organisations.csv"];
    assert!(
        both.iter().all(|name| faults[0].contains(name)),
        "{faults:#?}"
    );
    // Each is still held against its rules.
    case.write(NAME, TABLE.replace("2019-09-01", "?").as_bytes());
    case.write(
        "organisations.toml",
        ORGANISATIONS
            .replace("kind = \"garden\"", "kind = 1")
            .as_bytes(),
    );
    assert_eq!(case.faults().len(), 3);
}

/// A table longer than what is kept of a file.
fn long_table(rows: usize, mut row: impl FnMut(usize) -> String) -> String {
    let mut table = TABLE.to_owned();
    for index in 0..rows {
        table.push_str(&row(index));
        table.push('\n');
    }
    table
}

#[test]
fn faults_of_a_long_table_are_shown_in_their_lines() {
    let name = "Сад с длинным названием, которое занимает много места ".repeat(3);
    let table = long_table(8000, |index| {
        let parent = if index == 7999 { "twon" } else { "town" };
        format!("\"n-{index}\";\"{name}\n№ {index}\";;garden;{parent};;;")
    });
    assert!(table.len() > 2 * HEAD);
    for encoding in [Encoding::Utf8, Encoding::Windows1251, Encoding::Utf16Be] {
        let bytes = file_in(encoding, &table).expect("has the letters");
        let case = case(&bytes);
        let (_, sources, diagnostics) = case.load();
        let faults = diagnostics.sorted();
        assert_eq!(faults.len(), 1, "{faults:#?}");
        let place = faults[0].place.as_ref().expect("a place");
        let Spot::Cell(cell) = &place.spot else {
            panic!("no cell: {place:?}");
        };
        assert_eq!((cell.line, cell.row, &*cell.name()), (16004, 8004, "E8004"));
        let excerpt = sources.excerpt(place).expect("a line");
        assert_eq!(&excerpt.text[excerpt.mark.clone()], "twon");
    }
}

#[test]
fn many_faults_are_counted_and_few_are_worded() {
    let rows = 3000;
    let table = long_table(rows, |_| "ds-101;;;gardn;twon;;?;".to_owned());
    let (_, _, diagnostics) = case(table.as_bytes()).load();
    let errors = diagnostics.count(Severity::Error);
    assert_eq!(errors, 4 * rows as u64);
    assert_eq!(diagnostics.sorted().len() as u64, 3 * KEPT_EACH);
}

#[test]
fn nothing_that_a_table_holds_makes_it_panic() {
    let case = case(TABLE.as_bytes());
    let mut random = Random(11);
    for _ in 0..500 {
        case.write(NAME, &random.spoil(TABLE.as_bytes()));
        let (_, sources, diagnostics) = case.load();
        for fault in diagnostics.sorted() {
            let place = fault.place.as_ref().expect("a place");
            sources.line_column(place);
            sources.excerpt(place);
        }
    }
}
