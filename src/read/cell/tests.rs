use super::*;
use crate::diagnostic::Severity;
use crate::model::form::{Missing, OverTime};

fn field(kind: FieldType) -> Field {
    Field {
        id: "f".into(),
        header: "Поле".into(),
        aliases: Vec::new(),
        kind,
        required: false,
        over_time: OverTime::Last,
        missing: Missing::Exclude,
        min: None,
        max: None,
        one_of: Vec::new(),
        pattern: None,
    }
}

fn read_as(kind: FieldType, text: &str) -> Result<Reported, Remark> {
    let read = read_in(&field(kind), text.as_bytes(), Encoding::Utf8, Column::PLAIN);
    if let Err(remark) = &read {
        let left_out = remark.code.severity() == Severity::Error;
        assert_eq!(left_out, remark.value.is_none(), "{text}: {remark:?}");
        for words in [&remark.message, &remark.label, &remark.help] {
            assert!(
                !words.is_empty() && !words.ends_with('.'),
                "{text}: {words}"
            );
        }
        assert!(remark.message.contains('«'), "{text}: {remark:?}");
    }
    read
}

fn shown(read: &Reported) -> String {
    read.decimal().map_or("ничего".into(), Decimal::russian)
}

/// A value, or a code and the words of the message before what was found.
fn said(read: &Result<Reported, Remark>) -> String {
    match read {
        Ok(value) => shown(value),
        Err(remark) => {
            let value = remark.value.map(|value| format!("{} ", shown(&value)));
            let message = remark.message.split(": «").next().unwrap_or_default();
            format!(
                "{}[{}] {message}",
                value.unwrap_or_default(),
                remark.code.id()
            )
        }
    }
}

fn all(kind: FieldType, cells: &[(&str, &str)]) {
    for (text, expected) in cells {
        assert_eq!(said(&read_as(kind, text)), *expected, "{text}");
    }
}

fn help(kind: FieldType, text: &str) -> String {
    read_as(kind, text).expect_err(text).help
}

#[test]
fn numbers_as_people_write_them() {
    all(
        FieldType::Count,
        &[
            ("205", "205"),
            (" 205 ", "205"),
            ("1 234", "1234"),
            ("1\u{a0}234\u{a0}567", "1234567"),
            ("12\u{202f}345", "12345"),
            ("1'234", "1234"),
            ("1’234’567", "1234567"),
            ("'0123", "123"),
            ("' 120", "120"),
            ("42,0", "42"),
            ("+5", "5"),
            ("１２３", "123"),
            ("1\u{200b}23\u{feff}", "123"),
            ("000", "0"),
        ],
    );
    all(
        FieldType::Number,
        &[
            ("-0,5", "-0,5"),
            ("–0,5", "-0,5"),
            ("\u{2212}3", "-3"),
            ("1 234,56", "1234,56"),
            ("1\u{a0}234,50", "1234,5"),
            ("1'234.50", "1234,5"),
            ("12 руб.", "[not-a-number] при числе слова"),
        ],
    );
    all(
        FieldType::Percent,
        &[
            ("78,45", "78,45"),
            ("78,45 %", "78,45"),
            ("78.45%", "78,45"),
            ("78,45％", "78,45"),
            ("78,45 проц.", "78,45"),
            ("78,45 процента", "78,45"),
            (
                "78 чел.",
                "[not-a-number] количество там, где ожидается процент",
            ),
        ],
    );
}

#[test]
fn nothing_is_not_zero() {
    let nothing = [
        "",
        " ",
        "-",
        "—",
        "--",
        "- -",
        "н/д",
        "Н/Д",
        "н/д.",
        "н.д",
        "н.д.",
        "н. д.",
        "нд",
        "н/п",
        "Нет данных",
        "НЕТ  ДАННЫХ",
        "нет сведений",
        "нет свед.",
        "данных нет",
        "данные отсутствуют",
        "не заполняется",
        "не предоставлено",
        "не применимо",
        "х",
        "Х",
        "x",
        "X",
        "…",
        "..",
        "...",
        "?",
        "??",
        "n/a",
        "NaN",
        "null",
    ];
    for kind in [
        FieldType::Count,
        FieldType::Percent,
        FieldType::Flag,
        FieldType::Date,
    ] {
        for text in nothing {
            assert_eq!(read_as(kind, text), Ok(Reported::BLANK), "{text}");
        }
    }
    for name in [
        "Детский сад № 1",
        "Надежда",
        "СОШ № 2",
        "х/б",
        "д",
        ".",
        "Надежда и нет данных",
    ] {
        assert!(!is_nothing(name), "{name}");
    }
    let ambiguous = "[not-a-number] непонятно, ноль это или данных нет";
    all(
        FieldType::Count,
        &[
            ("нет", ambiguous),
            ("Нет.", ambiguous),
            ("нет очереди", ambiguous),
            ("отсутствует", ambiguous),
            ("отсутствуют", ambiguous),
            ("не имеется", ambiguous),
            ("ноль", "[not-a-number] число словом"),
            ("нуль", "[not-a-number] число словом"),
            ("-//-", "[not-a-number] знак повтора вместо числа"),
            ("—//—", "[not-a-number] знак повтора вместо числа"),
            ("-\"-", "[not-a-number] знак повтора вместо числа"),
            ("〃", "[not-a-number] знак повтора вместо числа"),
            ("то же", "[not-a-number] знак повтора вместо числа"),
            ("См. выше", "[not-a-number] знак повтора вместо числа"),
            ("как выше", "[not-a-number] знак повтора вместо числа"),
            ("/", "[not-a-number] не число"),
        ],
    );
    assert_eq!(
        help(FieldType::Count, "нет"),
        "если таких нет, впишите 0; если данных нет, оставьте ячейку пустой"
    );
}

#[test]
fn damage_by_a_spreadsheet() {
    let narrow = "[not-a-number] столбец был слишком узок, вместо значения решётки";
    let formula = "[not-a-number] формула дала ошибку";
    let power = "[not-a-number] табличная программа сократила число, часть цифр потеряна";
    for kind in [FieldType::Count, FieldType::Number, FieldType::Percent] {
        all(kind, &[("########", narrow), ("###", narrow)]);
        for error in [
            "#ДЕЛ/0!",
            "#DIV/0!",
            "#ССЫЛКА!",
            "#REF!",
            "#ЗНАЧ!",
            "#VALUE!",
            "#Н/Д",
            "#N/A",
            "#ИМЯ?",
            "#NAME?",
            "#ЧИСЛО!",
            "#NUM!",
            "#ПУСТО!",
            "#NULL!",
            "#ПЕРЕНОС!",
            "#SPILL!",
            "Err:502",
            "Ошибка:522",
        ] {
            all(kind, &[(error, formula)]);
        }
        for number in [
            "1,23E+12",
            "1.23457E+09",
            "1E+03",
            "1,5E+3",
            "1,5Е+3",
            "-2E-5",
            "'1e5",
        ] {
            all(kind, &[(number, power)]);
        }
        all(
            kind,
            &[
                (
                    "=A1+B1",
                    "[formula-in-cell] в ячейке формула вместо значения",
                ),
                ("# 5", "[not-a-number] не число"),
                ("E+05", "[not-a-number] не число"),
            ],
        );
    }
}

#[test]
fn numbers_that_became_dates() {
    let became = |number: &str| {
        format!("[not-a-number] похоже, табличная программа превратила число {number} в дату")
    };
    for (text, number) in [
        ("01.мар", "1,3 (или 1,03)"),
        ("1.мар", "1,3 (или 1,03)"),
        ("01.мар.25", "1,3 (или 1,03)"),
        ("1-Mar", "1,3 (или 1,03)"),
        ("12.окт", "12,10"),
        ("мар.03", "3,03"),
        ("мар.45", "3,45"),
        ("Dec-85", "12,85"),
        ("01.03.2025", "1,3 (или 1,03)"),
        ("2025-03-01", "1,3 (или 1,03)"),
        ("2025-03-01T00:00:00", "1,3 (или 1,03)"),
        ("01.03.2025 0:00", "1,3 (или 1,03)"),
        ("1.3.25", "1,3 (или 1,03)"),
        ("01.03.1945", "3,45"),
        ("5 мая", "5,5 (или 5,05)"),
    ] {
        for kind in [FieldType::Count, FieldType::Number, FieldType::Percent] {
            all(kind, &[(text, &became(number))]);
        }
    }
    all(
        FieldType::Count,
        &[
            ("5 чел.", "5"),
            ("5 мальчиков", "[not-a-number] при числе слова"),
            ("5 маршрутов", "[not-a-number] при числе слова"),
            ("12 5 25", "[not-a-number] в ячейке не одно число"),
            ("31.02.2025", "[not-a-number] в ячейке не одно число"),
        ],
    );
}

#[test]
fn units_in_cells() {
    for text in [
        "120 чел.",
        "120 чел",
        "120чел.",
        "120 человек",
        "120 детей",
        "120 чел",
        "120 ед.",
        "120 шт",
    ] {
        all(FieldType::Count, &[(text, "120")]);
    }
    all(
        FieldType::Count,
        &[
            ("1 210 человек", "1210"),
            ("3 договора", "[not-a-number] при числе слова"),
            ("1 ребёнок", "1"),
            ("1,2 тыс. чел.", "1200 [rounded-figure] число округлено"),
            ("1,2 тыс.*", "1200 [rounded-figure] число округлено"),
            ("0,5 млн", "500000 [rounded-figure] число округлено"),
            ("1,234 тыс. чел.", "1234"),
            ("1,200 тыс. чел.", "1200"),
            ("1,2345 тыс. чел.", "[not-whole] дробное количество"),
            ("999999999999 млрд", "[out-of-range] слишком длинное число"),
            ("120 лет", "[not-a-number] при числе слова"),
            ("120 чел. в группе", "[not-a-number] при числе слова"),
            (
                "79%",
                "[not-a-number] процент там, где ожидается количество",
            ),
            (
                "79 проц.",
                "[not-a-number] процент там, где ожидается количество",
            ),
            ("-3 чел.", "[negative] отрицательное количество"),
        ],
    );
    let remark = read_as(FieldType::Count, "1,2 тыс. чел.").expect_err("a remark");
    assert_eq!(
        remark.message,
        "число округлено: «1,2 тыс. чел.» — это 1200 с точностью до 100"
    );
    assert_eq!(remark.label, "прочитано: 1200");
}

#[test]
fn columns_given_in_a_unit() {
    let thousands = super::super::unit::beside("тыс. чел.").expect("a unit");
    let read = |kind, unit, text: &str| {
        let column = Column {
            unit,
            ..Column::PLAIN
        };
        said(&read_in(
            &field(kind),
            text.as_bytes(),
            Encoding::Utf8,
            column,
        ))
    };
    for (text, expected) in [
        ("1,2", "1200"),
        ("12", "12000"),
        ("1,2*", "1200 [footnote-mark] при числе знак сноски"),
        ("-", "ничего"),
        ("1,2345", "[not-whole] дробное количество"),
        ("99999999999999999", "[out-of-range] слишком длинное число"),
        (
            "120 чел.",
            "[not-a-number] единица и в шапке столбца, и в ячейке",
        ),
        (
            "1,2 тыс.",
            "[not-a-number] единица и в шапке столбца, и в ячейке",
        ),
    ] {
        assert_eq!(read(FieldType::Count, thousands, text), expected, "{text}");
        let value = plain_number(text, thousands).map(Decimal::russian);
        let number = read(FieldType::Number, thousands, text);
        let number = number
            .split(" [")
            .next()
            .filter(|word| word.parse::<f64>().is_ok());
        if !text.contains("2345") {
            assert_eq!(value.as_deref(), number, "{text}");
        }
    }
    let share = Unit::PERCENT;
    assert_eq!(read(FieldType::Percent, share, "78,45"), "78,45");
    assert_eq!(read(FieldType::Percent, share, "78,45 %"), "78,45");
    assert!(read(FieldType::Count, share, "78").starts_with("[not-a-number] процент"));
    assert!(read(FieldType::Percent, thousands, "78").starts_with("[not-a-number] количество"));
}

#[test]
fn footnote_marks() {
    for text in [
        "120*",
        "120 *",
        "120**",
        "120¹",
        "120 ¹⁾",
        "120¹)",
        "120 [1]",
        "120[2]",
        "120 (*)",
        "120†",
        "120* чел.",
        "120 чел.*",
        "120 чел.¹",
    ] {
        all(
            FieldType::Count,
            &[(text, "120 [footnote-mark] при числе знак сноски")],
        );
    }
    let glued = "[not-a-number] похоже, к числу приклеен знак сноски";
    let unclear = "[not-a-number] непонятно, сноска это или второе число";
    all(
        FieldType::Count,
        &[
            ("20142)", glued),
            ("2)", glued),
            ("120 (1)", unclear),
            ("120(15)", unclear),
            ("120 1)", unclear),
            ("*120", "[not-a-number] не число"),
            ("12*3", "[not-a-number] в ячейке вычисление, а не число"),
            ("-5*", "[negative] отрицательное количество"),
        ],
    );
    assert_eq!(
        help(FieldType::Count, "20142)"),
        "оставьте одно число: 2014, если «2)» — знак сноски, или 20142, если скобка лишняя"
    );
    for (text, number) in [("2)", "2"), ("-2)", "-2"), ("3,5)", "3,5")] {
        let expected = format!("уберите скобку, если число — {number}");
        assert_eq!(help(FieldType::Number, text), expected);
    }
}

#[test]
fn what_is_not_one_exact_number() {
    let estimate = "[not-a-number] приблизительное число";
    let several = "[not-a-number] в ячейке не одно число";
    let words = "[not-a-number] при числе слова";
    let sum = "[not-a-number] в ячейке вычисление, а не число";
    let points = "[not-a-number] непонятно, что отделяют точки и запятые";
    all(
        FieldType::Count,
        &[
            ("10-12", several),
            ("10–12", several),
            ("10/12", several),
            ("10:12", several),
            ("100 из 120", several),
            ("от 10 до 12", several),
            ("12 5", several),
            ("2025 120", several),
            ("1 23 456", several),
            ("1 2345", several),
            ("12 + 3", sum),
            ("12+3", sum),
            ("около 120", estimate),
            ("ок. 120", estimate),
            ("~120", estimate),
            ("≈ 120", estimate),
            (">100", estimate),
            ("более 100", estimate),
            ("не менее 100", estimate),
            ("до 100", estimate),
            ("120?", estimate),
            ("120+", estimate),
            ("120 (из них 5 с ОВЗ)", words),
            ("120, в т.ч. 5", words),
            ("9 детей и 1 взрослый", words),
            ("1.234.567", points),
            ("1,234,567", points),
            ("1,234.56", points),
            ("1.234,56", points),
            ("120,", "[not-a-number] после числа лишний знак"),
            ("½", "[not-a-number] не число"),
            ("1½", "[not-a-number] не число"),
            ("١٢٣", "[not-a-number] не число"),
            ("2O5", "[not-a-number] не число"),
            ("сто", "[not-a-number] не число"),
            ("да", "[not-a-number] не число"),
            ("12,5", "[not-whole] дробное количество"),
            ("-3", "[negative] отрицательное количество"),
            ("123456789012345678", "[out-of-range] слишком длинное число"),
        ],
    );
}

#[test]
fn help_names_the_likely_slip() {
    for (text, expected) in [
        (
            "2O5",
            "похоже, буква «О» вместо цифры 0: исправьте и пришлите файл снова",
        ),
        (
            "2ОО5",
            "похоже, буква «О» вместо цифры 0: исправьте и пришлите файл снова",
        ),
        (
            "1З5",
            "похоже, буква «З» вместо цифры 3: исправьте и пришлите файл снова",
        ),
        ("½", "запишите дробь цифрами через запятую: ½ — это 0,5"),
        ("١٢٣", "запишите число обычными цифрами, от 0 до 9"),
        (
            "1.234.567",
            "запишите число без разделителей тысяч: 1234567",
        ),
        ("1,234.56", "запишите число без разделителей тысяч: 1234,56"),
        ("12.5", "укажите целое число: количество не бывает дробным"),
        (
            "12.500",
            "укажите целое число; если точка отделяет тысячи, уберите её",
        ),
        (
            "3,0000000000000004",
            "округлите число: после запятой слишком много цифр",
        ),
        (
            "(120)",
            "уберите скобки; если это минус, проверьте число: количество не бывает меньше нуля",
        ),
        (
            "120 (из них 5)",
            "оставьте в ячейке одно число, 120; остальное перенесите в примечание или в свой столбец",
        ),
    ] {
        assert_eq!(help(FieldType::Count, text), expected, "{text}");
    }
}

#[test]
fn limits() {
    let mut limited = field(FieldType::Number);
    limited.min = Some(Decimal::ZERO);
    limited.max = Decimal::new(100, 0);
    let code = |text: &str| {
        read_in(&limited, text.as_bytes(), Encoding::Utf8, Column::PLAIN)
            .map(|_| ())
            .map_err(|remark| remark.code.id())
    };
    assert_eq!(code("100"), Ok(()));
    assert_eq!(code("100,01"), Err("out-of-range"));
    assert_eq!(code("-1"), Err("negative"));
    assert_eq!(code("0,2 тыс."), Err("out-of-range"));
}

#[test]
fn flags() {
    for text in [
        "да",
        "Да.",
        "ДА!",
        "дa",
        "+",
        "1",
        "1,0",
        "1.0",
        "Внедрено",
        "ИСТИНА",
        "TRUE",
        "✓",
        "✔️",
        "☑",
        "v",
        "V",
        "есть",
    ] {
        all(FieldType::Flag, &[(text, "1")]);
    }
    for text in [
        "нет",
        "НЕТ",
        "нeт",
        "0",
        "0,0",
        "ЛОЖЬ",
        "❌",
        "не внедрено",
        "отсутствуют",
    ] {
        all(FieldType::Flag, &[(text, "0")]);
    }
    let neither = "[not-a-flag] ни «да», ни «нет»";
    let but = "[not-a-flag] ответ с оговоркой";
    let template = "[not-a-flag] не выбрано ни «да», ни «нет»";
    let unclear = "[not-a-flag] непонятно, «да» это или «нет»";
    all(
        FieldType::Flag,
        &[
            ("наверное", neither),
            ("частично", neither),
            ("внедряется", neither),
            ("в стадии разработки", neither),
            ("да, частично", neither),
            ("5", neither),
            ("50%", neither),
            ("да, 50%", but),
            ("да, на 50 %", but),
            ("да (3 из 5)", but),
            ("да, кроме младших групп", but),
            ("да, нет", template),
            ("нет необходимости", but),
            ("нет (данных)", but),
            ("да/нет", template),
            ("Да / Нет", template),
            ("да или нет", template),
            ("+/-", template),
            ("1/0", template),
            ("☐", unclear),
            ("☒", unclear),
            ("✗", unclear),
            ("-//-", "[not-a-flag] знак повтора вместо ответа"),
            ("#Н/Д", "[not-a-flag] формула дала ошибку"),
            (
                "####",
                "[not-a-flag] столбец был слишком узок, вместо значения решётки",
            ),
        ],
    );
}

#[test]
fn answers_with_their_grounds() {
    let because = "[footnote-mark] при ответе пояснение";
    for text in [
        "да (приказ №5 от 01.09.2025)",
        "Да, приказ № 5",
        "да, с 01.09",
        "да - протокол педсовета от 1 сентября 2025 г.",
        "да; на основании приказа",
    ] {
        all(FieldType::Flag, &[(text, &format!("1 {because}"))]);
    }
    for text in ["нет (приказ готов)", "нет, нет средств"] {
        all(FieldType::Flag, &[(text, &format!("0 {because}"))]);
    }
    // What is begun is for its author to call, whatever word stands before it.
    for text in ["да, с 01.09", "да (приказ № 5)"] {
        let help = help(FieldType::Flag, text);
        assert_eq!(
            help.contains("в отчётном периоде"),
            text.contains('с'),
            "{text}"
        );
    }
    all(
        FieldType::Flag,
        &[
            ("да*", "1 [footnote-mark] при ответе знак сноски"),
            ("нет ¹⁾", "0 [footnote-mark] при ответе знак сноски"),
        ],
    );
}

#[test]
fn a_dash_is_a_no_beside_pluses() {
    let read = |text: &str, dash| {
        let column = Column {
            dash,
            ..Column::PLAIN
        };
        read_in(
            &field(FieldType::Flag),
            text.as_bytes(),
            Encoding::Utf8,
            column,
        )
        .map(|reported| reported.decimal())
    };
    assert_eq!(read("-", Dash::No), Ok(Some(Decimal::ZERO)));
    assert_eq!(read("\u{2212}", Dash::No), Ok(Some(Decimal::ZERO)));
    assert_eq!(read("+", Dash::No), Ok(Some(Decimal::ONE)));
    assert_eq!(read("", Dash::No), Ok(None));
    assert_eq!(read("-", Dash::Nothing), Ok(None));
}

#[test]
fn dates() {
    for text in [
        "31.12.2025",
        "31-12-2025",
        "31/12/2025",
        "2025-12-31",
        "31 декабря 2025 г.",
        "31 декабря 2025 года",
        "31 дек. 2025",
        "31.12.25",
        "31.12.2025г.",
        "2025-12-31T00:00:00",
        "2025-12-31T00:00:00Z",
        "2025-12-31 00:00:00.000",
        "31.12.2025 0:00:00",
        "31.12.2025 23:59",
    ] {
        assert_eq!(
            date(text).map(|d| d.to_string()).as_deref(),
            Some("2025-12-31"),
            "{text}"
        );
        assert_eq!(read_as(FieldType::Date, text), Ok(Reported::TEXT), "{text}");
    }
    let no_such_day = "[not-a-date] такого дня нет";
    for (text, expected, fix) in [
        ("32.12.2025", no_such_day, "в этом месяце 31\u{a0}день"),
        ("31.02.2025", no_such_day, "в этом месяце 28\u{a0}дней"),
        ("31 ноября 2025", no_such_day, "в этом месяце 30\u{a0}дней"),
        ("15.13.2025", no_such_day, "месяцы считают от 1 до 12"),
        ("13.13.2025", no_such_day, "месяцы считают от 1 до 12"),
        (
            "12/31/2025",
            "[not-a-date] сначала месяц, потом день, по-американски",
            "если это 31.12.2025, так и запишите",
        ),
        (
            "45992",
            "[not-a-date] порядковый номер дня вместо даты",
            "это 01.12.2025",
        ),
        (
            "45992,5",
            "[not-a-date] порядковый номер дня вместо даты",
            "это 01.12.2025",
        ),
        ("31.12", "[not-a-date] в дате нет года", "31.12.2025"),
        ("01.мар", "[not-a-date] в дате нет года", "31.12.2025"),
        ("вчера", "[not-a-date] не дата", "31.12.2025"),
        ("2025", "[not-a-date] не дата", "31.12.2025"),
        ("31.12.0025", "[not-a-date] не дата", "31.12.2025"),
        (
            "########",
            "[not-a-date] столбец был слишком узок, вместо значения решётки",
            "расширьте столбец",
        ),
        ("#ЗНАЧ!", "[not-a-date] формула дала ошибку", "исправьте"),
        (
            "-//-",
            "[not-a-date] знак повтора вместо даты",
            "впишите саму дату",
        ),
    ] {
        let read = read_as(FieldType::Date, text);
        assert!(said(&read).starts_with(expected), "{text}: {}", said(&read));
        let help = help(FieldType::Date, text);
        assert!(help.contains(fix), "{text}: {help}");
    }
}

#[test]
fn names_that_a_spreadsheet_has_spoilt() {
    for (text, message) in [
        (
            "1,23E+12",
            "ИНН испорчен табличной программой: «1,23E+12», последние цифры потеряны",
        ),
        (
            "1.23457E+09",
            "ИНН испорчен табличной программой: «1.23457E+09», последние цифры потеряны",
        ),
        (
            "########",
            "непонятно, чья это строка: столбец был слишком узок, вместо значения решётки: \
             «########»",
        ),
        (
            "#Н/Д",
            "непонятно, чья это строка: формула дала ошибку: «#Н/Д»",
        ),
    ] {
        let damage = damage::of_name(text).expect(text);
        assert_eq!(damage.message, message);
        assert!(damage.help.contains("строка не учтена"), "{}", damage.help);
    }
    for name in [
        "Школа № 5",
        "№ 5",
        "# 5",
        "0000000101",
        "ds-1",
        "1e",
        "1E5",
        "#Школа",
        "Лицей",
    ] {
        assert_eq!(damage::of_name(name), None, "{name}");
    }
}

#[test]
fn common_flags_are_the_same_words() {
    let field = field(FieldType::Flag);
    for encoding in Encoding::ALL {
        for (word, expected) in [("да", Decimal::ONE), ("нет", Decimal::ZERO)] {
            let bytes = encoding.encode(word).expect("has the letters");
            let reader = Reader::new(&field, encoding, Column::PLAIN);
            let tail = Tail::of(&bytes).expect("a short word");
            assert_eq!(reader.glance(tail), Some(Reported::value(expected)));
            assert_eq!(read_flag(word), Some(expected == Decimal::ONE));
        }
    }
}

#[test]
fn what_is_read_at_a_glance_is_what_care_reads() {
    let mut limited = field(FieldType::Number);
    (limited.min, limited.max) = (Decimal::new(2, 0), Decimal::new(305, 1));
    let mut fields = [FieldType::Count, FieldType::Number, FieldType::Percent].map(field);
    fields[1].min = Some(Decimal::ZERO);
    let (mut seed, mut plain) = (5u64, 0);
    for _ in 0..60_000 {
        let mut text = String::new();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        for place in 0..seed >> 61 {
            text.push(char::from(
                b"00123456789.,-+ "[(seed >> (place * 7) & 15) as usize],
            ));
        }
        for field in fields.iter().chain([&limited]) {
            let reader = Reader::new(field, Encoding::Utf8, Column::PLAIN);
            let tail = Tail::of(text.as_bytes()).expect("a short text");
            if let Some(value) = reader.glance(tail) {
                let careful = read_with_care(
                    field,
                    text.as_bytes(),
                    Encoding::Utf8,
                    Column::PLAIN,
                    Wording::Full,
                );
                assert_eq!(Ok(value), careful, "{text:?}");
                plain += u32::from(value != Reported::BLANK);
            }
        }
    }
    assert!(plain > 20_000, "{plain}");
}

#[test]
fn nearly_every_cell_is_read_at_a_glance() {
    for text in [
        "0", "7", "00120", "12345678", "0,5", "78.45", "9.50", "1234,567", "17.00",
    ] {
        let number = field(FieldType::Number);
        let reader = Reader::new(&number, Encoding::Utf8, Column::PLAIN);
        let tail = Tail::of(text.as_bytes()).expect("a short text");
        let expected = Decimal::parse(text.as_bytes())
            .expect("short")
            .map(Reported::value);
        assert_eq!(reader.glance(tail), expected, "{text}");
    }
    for text in ["12345678901234567", "123456789,5", "-3"] {
        let number = field(FieldType::Number);
        let careful = read_with_care(
            &number,
            text.as_bytes(),
            Encoding::Utf8,
            Column::PLAIN,
            Wording::Full,
        );
        assert_eq!(read_as(FieldType::Number, text), careful, "{text}");
    }
}

#[test]
fn no_text_makes_it_panic() {
    let alphabet: Vec<char> = "0129.,-+ '*()[]/#%?=~¹½E+:TдатынечлмрзО\u{a0}\u{200b}１«»\""
        .chars()
        .collect();
    let mut seed = 3u64;
    for _ in 0..50_000 {
        let mut text = String::new();
        for _ in 0..9 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push(alphabet[(seed >> 33) as usize % alphabet.len()]);
        }
        for kind in [
            FieldType::Count,
            FieldType::Number,
            FieldType::Percent,
            FieldType::Flag,
            FieldType::Date,
            FieldType::Text,
        ] {
            let _ = read_as(kind, &text);
        }
    }
}

#[test]
fn a_monstrous_cell_is_refused_at_once() {
    for (kind, code) in [
        (FieldType::Count, "not-a-number"),
        (FieldType::Flag, "not-a-flag"),
        (FieldType::Date, "not-a-date"),
    ] {
        for unit in ["1 234 ", "*", "да, ", "тыс. "] {
            let text = unit.repeat(4000);
            let expected = format!("[{code}] вместо значения длинный текст");
            all(kind, &[(&text, &expected)]);
        }
    }
    assert_eq!(
        read_as(FieldType::Text, &"да, ".repeat(4000)),
        Ok(Reported::TEXT)
    );
}
