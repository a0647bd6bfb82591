//! Small tables with the oddities that collections of real CSV files are full of.

use super::*;

/// A table, its separator, and its header: the first record and how many rows, or `-`.
type Small = (&'static str, &'static str, &'static str);

/// What is made of a text, as in [`SMALL`].
fn made(text: &str) -> String {
    made_in(text.as_bytes(), Encoding::Utf8, None)
}

fn made_in(bytes: &[u8], encoding: Encoding, asked: Option<u8>) -> String {
    let Some(structure) = guess(bytes, encoding, asked) else {
        return "no table".to_owned();
    };
    let delimiter = match structure.delimiter {
        b'\t' => "tab".to_owned(),
        b' ' => "space".to_owned(),
        0x1f => "unit".to_owned(),
        other => char::from(other).to_string(),
    };
    match structure.header {
        Some(header) => format!("{delimiter} {}+{}", header.record, header.rows),
        None => format!("{delimiter} -"),
    }
}

#[rustfmt::skip]
const SEPARATORS: &[Small] = &[
    ("plain, ;", "Организация;Мест\nСад 1;20\nСад 2;30\n", "; 0+1"),
    ("plain, tab", "Организация\tМест\nСад 1\t20\nСад 2\t30\n", "tab 0+1"),
    ("plain, ,", "Организация,Мест\nСад 1,20\nСад 2,30\n", ", 0+1"),
    ("plain, |", "Организация|Мест\nСад 1|20\nСад 2|30\n", "| 0+1"),
    ("circumflex", "id^name^n\n1^a^5\n2^b^6\n", "^ 0+1"),
    ("tilde", "id~name~n\n1~a~5\n2~b~6\n", "~ 0+1"),
    ("unit separator", "id\x1fname\x1fn\n1\x1fa\x1f5\n2\x1fb\x1f6\n", "unit 0+1"),
    ("colon", "root:x:0\nbin:x:1\nsys:x:2\n", ": -"),
    ("space", "x y z\n1 2 3\n4 5 6\n", "space 0+1"),
    ("decimal commas", "a;b;c\n0,8073;1,5;2,25\n0,5;3,75;4,125\n", "; 0+1"),
    ("nothing but decimal commas", "0,8073;1,5;2,25\n0,5;3,75;4,125\n", "; -"),
    ("two columns of decimal commas", "Показатель;Доля\nОхват;78,45\nДоступность;99,10\nТочность;12,50\n", "; 0+1"),
    ("commas in names", "Организация;Мест\n\"Сад № 5, корпус 1, 2\";20\nСад № 6, ясли, группа;30\nШкола, сад;1\n", "; 0+1"),
    ("more commas than semicolons", "id;value\n1;3,4,5\n2;6,7,8\n", "; 0+1"),
    ("more semicolons than commas", "id,list\n1,a; b; c\n2,d; e\n3,f; g; h; i\n", ", 0+1"),
    ("more bars than commas", "1,Orange,a b|c d|e f,145.1|145.2|145.3,OFF\n2,Lemon,g h|i j|k l,146.1|146.2|146.3,ON\n", ", -"),
    ("times in cells", "Время,Событие\n12:30:15,вход\n12:31:00,выход\n", ", 0+1"),
    ("days and times", "when,what\n2025-12-01 12:30,a\n2025-12-02 13:30,b\n", ", 0+1"),
    ("addresses of the web", "name;url\nA;http://a.ru/?x=1,2&y=3\nB;http://b.ru/;z=1\n", "; 0+1"),
    ("quoted commas", "\"id\",\"name\"\n\"1\",\"Doe, John\"\n\"2\",\"Roe, Jane\"\n", ", 0+1"),
    ("all quoted, ;", "\"Организация\";\"Мест\"\n\"Сад, 1\";\"20\"\n\"Сад, 2\";\"30\"\n", "; 0+1"),
    ("quoted semicolons", "a,b\n\"1;2;3\",x\n\"4;5;6\",y\n", ", 0+1"),
    ("quoted line ends", "a,b,c\n1,\"Once upon\na time\",5\n7,\"and\n\nthen\",9\n", ", 0+1"),
    ("quoted tables", "id,comment\n1,\"id|key|value\n1|a|b\n2|c|d\"\n2,goodbye\n", ", 0+1"),
    ("doubled quotes", "a,b\n1,\"ha \"\"ha\"\" ha\"\n3,4\n", ", 0+1"),
    ("quotes not doubled", "Организация;Мест\n\"МБДОУ \"Сад \"Ромашка\"\"\";20\n\"МБДОУ \"Сад\"\";30\n", "; 0+1"),
    ("quotes with a backslash", "id;name\n1;\"a \\\"b\\\", c\"\n2;\"d \\\"e\\\"\"\n", "; 0+1"),
    ("single quotes", "'Argentina', 'ar', 'ARS'\n'Australia', 'au', 'AUD'\n'Bahamas', 'bs', 'BSD'\n'Benin', 'bj', 'XOF'\n", ", -"),
    ("JSON in a cell", "key,val\n1,\"{\"\"type\"\": \"\"Point\"\", \"\"at\"\": [102.0, 0.5]}\"\n", ", 0+1"),
    ("spaces behind commas", "id, cid, name\n1, 1, London\n2, 2, Paris\n", ", 0+1"),
    ("spaces around semicolons", "NOME ; ALPHA ; T\na ; 4,5 ; 0,1\nb ; 5,5 ; 0,2\n", "; 0+1"),
    ("a separator at each line's end", "Организация;Мест;\nСад 1;20;\nСад 2;30;\n", "; 0+1"),
    ("one column and a separator", "\"SARAH-Aba\",\n\"SARAH-pVn\",\n\"SARAH-fwo\",\n", ", -"),
    ("a letter and a comma", "1, I;\n2, L;\n3, V;\n", ", -"),
    ("rows of any width", "a;b;c\n1;2;3\n4;5\n6;7;8;9\n10;11;12\n", "; 0+1"),
    ("line ends of DOS", "Организация;Мест\r\nСад 1;20\r\nСад 2;30\r\n", "; 0+1"),
    ("line ends of the Mac", "Организация;Мест\rСад 1;20\rСад 2;30\r", "; 0+1"),
    ("mixed line ends", "Организация;Мест\r\nСад 1;20\nСад 2;30\r", "; 0+1"),
    ("doubled carriage returns", "Организация;Мест\r\r\nСад 1;20\r\r\nСад 2;30\r\r\n", "; 0+1"),
    ("declared", "sep=;\nОрганизация;Мест\nСад 1;20\n", "; 1+1"),
    ("declared against the look", "sep=|\na,b|c,d\n1,5|2,5\n3,5|4,5\n", "| 1+1"),
    ("declared as none would guess", "sep=#\r\nгород#жителей\r\nАлейск#28000\r\n", "# 1+1"),
    ("declared in quotes", "\"sep=,\"\nid,n\n1,2\n", ", 1+1"),
];

#[rustfmt::skip]
const HEADERS: &[Small] = &[
    ("a title above", "ДАННЫЕ УСЛОВНЫЕ;;;\nза IV квартал 2025 г.;;;\nОрганизация;Зачислений;Детей;Программ\nЦДТ;1240;905;36\nСШ;530;412;14\n", "; 2+1"),
    ("a title of one cell", "Отчёт за декабрь 2025\n\nОрганизация;Мест;Детей\nСад 1;20;19\nСад 2;30;28\n", "; 2+1"),
    ("blank rows above", ";;\n;;\nОрганизация;Мест;Детей\nСад 1;20;19\n", "; 2+1"),
    ("keys and values above", "Организация;МБДОУ;;;\nПериод;декабрь;;;\nПоказатель;Ед.;План;Факт;%\nОхват;чел.;10;9;90\nМест;чел.;20;20;100\n", "; 2+1"),
    ("a title with commas", "\"Отчёт, декабрь, 2025\"\nОрганизация,Мест,Детей\nСад 1,20,19\nСад 2,30,28\n", ", 1+1"),
    ("remarks above", "# Author: the scientist\n# 2020, 2021\nid;name;population\n1;Britain;67\n2;France;67\n", "; 2+1"),
    ("an unclosed quote above", "\",,\n,,\nid,name,n\n1,a,5\n2,b,6\n", ", 2+1"),
    ("none: numbers", "1;2;3\n4;5;6\n7;8;9\n", "; -"),
    ("none: the same as below", "2,china\n3,german\n4,english\n", ", -"),
    ("none: days and words", "28/01/2018,00:00,2,MG-8769,$74.69\n29/01/2018,00:15,0,RI-3895,$29.81\n30/01/2018,00:30,1,RI-8070,$80.08\n", ", -"),
    ("none: a value comes again", "МБДОУ;Алейск;да;5\nМБОУ;Алейск;да;7\nМБУ;Алейск;нет;9\n", "; -"),
    ("none: one row of figures", "Сад 1;20;30\n", "; -"),
    ("none: addresses", "http://a.ru/1,Один,/a/1.mp3\nhttp://a.ru/2,Два,/a/2.mp3\nhttp://a.ru/3,Три,/a/3.mp3\n", ", -"),
    ("words only", "Организация;Руководитель;Адрес\nСад;Иванова;Ленина\nШкола;Петрова;Мира\n", "; 0+1"),
    ("words only, yes and no", "Учреждение;Программа внедрена;Сайт есть\nСад 1;да;нет\nСад 2;да;да\nСад 3;нет;да\n", "; 0+1"),
    ("header only", "Организация;Мест;Детей\n", "; 0+1"),
    ("header and one row", "Организация;Мест;Детей\nСад 1;20;19\n", "; 0+1"),
    ("an empty first heading", ";2023;2024;2025\nОхват;70,1;75,2;78,45\nДоступность;100;100;100\n", "; 0+1"),
    ("an empty heading between", "id,,age\n1101,John,30\n1102,Julie,26\n", ", 0+1"),
    ("years as headings", "Показатель;2023;2024;2025\nОхват;70,1;75,2;78,45\nМест;100;110;120\n", "; 0+1"),
    ("days as headings", "Группа;1;2;3;4;5\nСтаршая;20;21;20;19;22\nМладшая;15;15;14;16;15\n", "; 0+1"),
    ("numbers of columns below", "Организация;Мест;Детей\n1;2;3\nСад 1;20;19\nСад 2;30;28\n", "; 0+1"),
    ("a total below", "Организация;Мест\nСад 1;20\nСад 2;30\nИтого;50\n", "; 0+1"),
    ("footnotes below", "Организация;Мест;Детей\nСад 1;20;19\nСад 2;30;28\n* без корпуса 2;;\nИсп. Иванова, тел. 2-22-22;;\n", "; 0+1"),
    ("two rows, merged", "Организация;Дети;;Педагоги;\n;всего;из них девочки;всего;с категорией\nСад 1;20;9;5;4\nСад 2;30;14;6;5\n", "; 0+2"),
    ("two rows, groups above", ";;Дети;;Педагоги;\nОрганизация;Мест;всего;от 5 лет;всего;с высшим\nСад 1;25;20;9;5;4\nСад 2;35;30;14;6;5\n", "; 0+2"),
    ("two rows below a title", "Сведения;;;;\n;;;;\nОрганизация;Дети;;Педагоги;\n;всего;девочки;всего;мужчины\nСад 1;20;9;5;0\n", "; 2+2"),
    ("three rows", "DATE,TIME,Qty,Price\ndd.mm,hh:mm,шт.,руб.\nдата,время,число,цена\n28.01.2018,00:00,2,74.69\n29.01.2018,00:15,0,29.81\n", ", 0+3"),
    ("units in the second row", "TIME,BATT,LIGHT,TEMP\nISO 8601,%,Lux,C\n2018-12-06T10:00:00Z,95,120,21.5\n2018-12-06T10:05:00Z,94,118,21.6\n", ", 0+2"),
    ("a first row without data", "Организация;Мест;Детей\nСад 1;н/д;н/д\nСад 2;30;28\nСад 3;40;38\n", "; 0+1"),
    ("dashes for nothing", "Организация;Мест;Детей\nСад 1;-;—\nСад 2;30;28\nСад 3;40;38\n", "; 0+1"),
    ("the header again", "Организация;Мест\nСад 1;20\nОрганизация;Мест\nСад 2;30\n", "; 0+1"),
    ("a narrower table first", "Встречи;;;;;\nМинистр;Дата;Цель;;;\nА;01.02.2014;беседа;;;\nБ;02.02.2014;обед;;;\nВ;03.02.2014;беседа;;;\nПоездки;;;;;\nМинистр;Дата;Куда;Зачем;Цена;Чем\nА;05.02.2014;Омск;съезд;100;поезд\nБ;06.02.2014;Томск;съезд;200;поезд\n", "; 1+1"),
    ("doubled headings", "id,name,id,age,id\n1101,John,0,30,001101\n1102,Julie,0,26,001102\n", ", 0+1"),
    ("codes of one length", "Код,Страна\nAC,Ascension Island\nAD,Andorra\nAE,United Arab Emirates\n", ", 0+1"),
    ("names with numbers", "Учреждение;Адрес\nСад № 1;Ленина, 5\nСад № 2;Мира, 7\nСад № 3;Победы, 1\n", "; 0+1"),
];

#[rustfmt::skip]
const OTHERS: &[Small] = &[
    ("nothing", "", "no table"),
    ("blank", "\n \n\n", "no table"),
    ("separators only", ";;;\n;;;\n", "no table"),
    ("a word", "a", "no table"),
    ("a list of figures", "number\n1.1\n1.2\n1.3\n", "; 0+1"),
    ("a list of names", "Организация\nДетский сад № 1\nДетский сад № 2\nДетский сад № 3\n", "; 0+1"),
    ("a list of figures only", "12\n13\n14\n", "; -"),
    ("a list with semicolons", "Имя\nА;\nБ в\nГ д\nЕ ж\nИ к\n", "tab 0+1"),
    ("a letter", "Уважаемые коллеги!\n\nНаправляем отчёт за декабрь. Просим учесть, что в группе карантин,\nи сведения неполные; остальное пришлём позже, как только сможем.\n\nС уважением, заведующая.\n", "no table"),
    ("HTML", "<html><body><table><tr><td>a</td><td>b</td></tr></table></body></html>\n", "no table"),
    ("XML", "<?xml version=\"1.0\"?>\n<a>\n<b c=\"1\"/>\n</a>\n", "no table"),
    ("JSON", "{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n", "no table"),
    ("JSON, a list", "[\n  {\"a\": 1, \"b\": 2},\n  {\"a\": 3, \"b\": 4}\n]\n", "no table"),
    ("PDF", "%PDF-1.4\n1 0 obj, 2\n3 0 obj, 4\n", "no table"),
];

#[test]
fn small_tables() {
    let all = [SEPARATORS, HEADERS, OTHERS].concat();
    assert!(all.len() >= 90);
    let mut wrong = Vec::new();
    for (name, text, expected) in all {
        let found = made(text);
        if found != expected {
            wrong.push(format!("{name}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Line ends, the encoding, a missing last line end and quotes around everything make no other
/// table of it.
#[test]
fn how_a_table_is_written_changes_nothing() {
    for (name, text, expected) in HEADERS {
        let made = |text: &str| made(text);
        assert_eq!(made(&text.replace('\n', "\r\n")), *expected, "{name}");
        assert_eq!(made(&text.replace('\n', "\r")), *expected, "{name}");
        assert_eq!(made(text.trim_end_matches('\n')), *expected, "{name}");
        for encoding in [Encoding::Windows1251, Encoding::Ibm866] {
            if let Some(bytes) = encoding.encode(text) {
                assert_eq!(made_in(&bytes, encoding, None), *expected, "{name}");
            }
        }
        if text.contains(';') && !text.contains('"') {
            let lines = text
                .lines()
                .map(|line| format!("\"{}\"\n", line.replace(';', "\";\"")));
            let quoted: String = lines.collect();
            assert_eq!(made(&quoted), *expected, "{name}: {quoted}");
        }
    }
}

#[test]
fn the_separator_asked_for_is_taken() {
    let text = "a;b,c\n1;2,3\n4;5,6\n".as_bytes();
    assert_eq!(made_in(text, Encoding::Utf8, Some(b',')), ", 0+1");
    assert_eq!(made_in(text, Encoding::Utf8, Some(b'#')), "# 0+1");
    // A line about reading is no row whatever was asked for.
    let declared = b"sep=;\na;b\n1;2\n";
    assert_eq!(made_in(declared, Encoding::Utf8, Some(b';')), "; 1+1");
}

/// Only the first bytes are looked at, and the record that their end cuts in two is not.
#[test]
fn a_long_table_is_looked_at_from_its_beginning() {
    let long = "x".repeat(50_000);
    let mut text = "Организация;Мест\n".to_owned();
    for row in 0..5 {
        text += &format!("Сад {row};{row}0\n{long};5\n");
    }
    assert!(text.len() > HEAD_BYTES);
    assert_eq!(made(&text), "; 0+1");
    let rows = "Сад,20,30\n".repeat(100_000);
    let began = std::time::Instant::now();
    assert_eq!(made(&format!("Имя,Мест,Детей\n{rows}")), ", 0+1");
    assert!(began.elapsed().as_secs() < 2);
}

/// Any beginning of any of them, and any of them less a byte, is read without a panic.
#[test]
fn no_cut_makes_it_panic() {
    for (_, text, _) in [SEPARATORS, HEADERS, OTHERS].concat() {
        let bytes = text.as_bytes();
        for at in 0..bytes.len() {
            guess(&bytes[..at], Encoding::Utf8, None);
            guess(&bytes[at..], Encoding::Windows1251, None);
            let less = [&bytes[..at], &bytes[at + 1..]].concat();
            guess(&less, Encoding::Utf8, None);
        }
    }
}
