//! A monthly report of a city that does not exist, with every kind of block: six targets, eighteen
//! organisations, twelve months, and names that nobody should have.

use aleysk::document::picture::{
    Arrival, Band, Bar, Bullet, Card, Chart, Goal, Grid, GridRow, Point, Series,
};
use aleysk::document::{Block, Cell, Column, Document, Mark, Run, Squeeze, Table, Tone};
use aleysk::model::quantity::Fixed;
use num_bigint::BigInt;

/// A name that tries to break out of whatever it is written into.
pub const HOSTILE: &str =
    "=HYPERLINK(\"http://x\";\"МБОУ\")</w:t></v><script>&amp;_x0041_ \u{1}\u{202e}\u{ffff}]]>";

pub fn fixed(digits: i64, decimals: u32) -> Fixed {
    Fixed::new(BigInt::from(digits), decimals)
}

fn percent(hundredths: i64) -> Cell {
    Cell::number(fixed(hundredths, 2), "\u{a0}%")
}

fn signed(hundredths: i64) -> Cell {
    let mut cell = Cell::number(fixed(hundredths, 2), "\u{a0}п.п.");
    if hundredths > 0 {
        cell.text.insert(0, '+');
    }
    cell
}

fn at_least(hundredths: i64) -> Cell {
    let mut cell = percent(hundredths);
    cell.text.insert_str(0, "≥\u{a0}");
    cell
}

fn whole(number: i64, unit: &str) -> Cell {
    Cell::number(fixed(number, 0), unit)
}

/// Number, topic, indicator, status, actual, plan, missing.
type Target = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Tone,
    i64,
    i64,
    i64,
);

const TARGETS: [Target; 6] = [
    (
        "1",
        "Доступность дошкольного образования",
        "Доступность дошкольного образования для детей от 2 месяцев до 7 лет",
        "достигнуто",
        Tone::Good,
        10_000,
        10_000,
        0,
    ),
    (
        "2",
        "Качество дошкольного образования",
        "Доля детских садов с системой оценки качества",
        "достигнуто",
        Tone::Good,
        10_000,
        10_000,
        0,
    ),
    (
        "3",
        "Просвещение родителей дошкольников",
        "Доля детских садов, внедривших программу просвещения родителей",
        "под угрозой",
        Tone::Uneasy,
        6667,
        10_000,
        3,
    ),
    (
        "7",
        "Договоры о целевом обучении",
        "Договоры о целевом обучении педагогов, действующие на отчётную дату",
        "нет базового значения",
        Tone::Uneasy,
        9,
        0,
        0,
    ),
    (
        "10",
        "Социальный заказ (закон № 189-ФЗ)",
        "Социальный заказ исполнен",
        "срок не наступил",
        Tone::Plain,
        0,
        1,
        1,
    ),
    (
        "11",
        "Охват дополнительным образованием",
        "Доля детей 5–18 лет, охваченных дополнительным образованием",
        "не достигнуто",
        Tone::Bad,
        7700,
        7845,
        29,
    ),
];

pub const MONTHS: [&str; 12] = [
    "янв 2025",
    "фев 2025",
    "мар 2025",
    "апр 2025",
    "май 2025",
    "июн 2025",
    "июл 2025",
    "авг 2025",
    "сен 2025",
    "окт 2025",
    "ноя 2025",
    "дек 2025",
];

fn months() -> Vec<String> {
    MONTHS.iter().map(|month| (*month).to_owned()).collect()
}

pub fn organisations() -> Vec<String> {
    let gardens = (101..110).map(|number| format!("МБДОУ «Детский сад № {number}» (условное)"));
    let schools = (201..207).map(|number| format!("МБОУ «СОШ № {number}» (условная)"));
    let mut all: Vec<String> = gardens.chain(schools).collect();
    all.push("Комитет по образованию и делам молодёжи администрации города (условный)".into());
    all.push(HOSTILE.into());
    all.push(format!(
        "Муниципальное {}учреждение",
        "очень длинное бюджетное ".repeat(40)
    ));
    all
}

fn facts(target: &Target) -> Vec<(&'static str, Cell)> {
    let (_, _, _, _, _, actual, plan, missing) = *target;
    let share = plan > 1000;
    let plan_cell = match plan {
        0 => Cell::text("больше базы"),
        1 => whole(1, ""),
        _ => at_least(plan),
    };
    let deviation = if share {
        signed(actual - plan)
    } else {
        Cell::nothing()
    };
    let shortfall = match missing {
        0 => Cell {
            text: "—".into(),
            number: Some(fixed(0, 0)),
            ..Cell::default()
        },
        3 => whole(3, "\u{a0}детских\u{a0}сада"),
        1 => whole(1, "\u{a0}отчёт"),
        _ => whole(missing, "\u{a0}детей"),
    };
    vec![
        ("План", plan_cell),
        ("Отклонение", deviation),
        ("Не хватает", shortfall),
        ("Срок", Cell::text("до\u{a0}31.12.2025")),
    ]
}

fn actual(target: &Target) -> Cell {
    let (number, _, _, _, tone, actual, plan, _) = *target;
    let mut cell = match plan {
        0 | 1 => whole(actual, ""),
        _ => percent(actual),
    };
    if number == "11" {
        cell.text.push('*');
    }
    cell.tone(tone)
}

fn series(target: &Target) -> Series {
    let base = target.5 - 900;
    let value = |month: i64| fixed(base + 75 * month + (month % 3) * 40, 2);
    let actual = (0..14).map(|month| {
        (month < 11 && month != 4).then(|| Point {
            value: value(month),
            provisional: month == 10,
        })
    });
    let outlook = (0..14).map(|month| {
        let away = month - 10;
        let middle = base + 75 * month + 40;
        (month >= 10).then(|| Band {
            low: fixed(middle - away * 60, 2),
            middle: fixed(middle, 2),
            high: fixed(middle + away * 60, 2),
        })
    });
    let plan = (0..14).map(|month| {
        [5, 8, 11]
            .contains(&month)
            .then(|| fixed(target.6 - 300 + month * 25, 2))
    });
    let mut axis = months();
    axis.extend(["янв 2026".to_owned(), "фев 2026".to_owned()]);
    Series {
        words: format!(
            "Пункт {}: от {} в январе до {} в ноябре, цель {} %",
            target.0,
            base,
            target.5,
            target.6 / 100
        ),
        unit: "\u{a0}%",
        axis,
        actual: actual.collect(),
        anew: Vec::new(),
        goal: Some(Goal {
            value: fixed(target.6, 2),
            upper: false,
            due: Some(11),
        }),
        plan: plan.collect(),
        outlook: outlook.collect(),
    }
}

fn card(target: &Target) -> Card {
    let (number, topic, indicator, status, tone, value, plan, _) = *target;
    let chart = match plan {
        0 => None,
        1 => Some(Chart::Bullet(Bullet {
            words: "Пункт 10: 0 из 1".into(),
            unit: "",
            value: Some(fixed(value, 0)),
            goal: Some(Goal {
                value: fixed(1, 0),
                upper: false,
                due: None,
            }),
            most: fixed(1, 0),
            tone,
        })),
        _ => Some(Chart::Series(series(target))),
    };
    let lines = match number {
        "11" => vec![
            "Нужно +0,4 п.п. в месяц, идёт +0,2".to_owned(),
            "Обоснование: кружки при школе № 203 закрыты на ремонт до весны".to_owned(),
        ],
        "3" => vec!["Обоснования отклонения нет".to_owned()],
        _ => Vec::new(),
    };
    Card {
        number: number.into(),
        topic: topic.into(),
        indicator: indicator.into(),
        status: Cell::text(status).tone(tone),
        provisional: number == "11",
        actual: actual(target),
        facts: facts(target),
        lines,
        chart,
    }
}

fn plan_and_fact() -> Table {
    let columns = vec![
        Column::figures("№"),
        Column::text("Показатель"),
        Column::text("Ед. изм.").below(1, Squeeze::Some),
        Column::figures("Факт прошлого периода").below(5, Squeeze::More),
        Column::figures("План"),
        Column::figures("Факт"),
        Column::figures("Отклонение"),
        Column::figures("% плана").below(6, Squeeze::Some),
        Column::figures("Не хватает").below(6, Squeeze::More),
        Column::text("Срок").below(10, Squeeze::Some),
        Column::text("Статус"),
        Column::text("Предварительно").below(10, Squeeze::None),
        Column::text("Примечание"),
        Column::figures("Числитель").detail(),
        Column::figures("Знаменатель").detail(),
        Column::text("Пояснение").detail(),
    ];
    let rows = TARGETS.iter().map(|target| {
        let (number, _, indicator, status, tone, value, plan, _) = *target;
        let share = plan > 1000;
        let facts = facts(target);
        let of = |name: &str| {
            facts
                .iter()
                .find(|fact| fact.0 == name)
                .expect("a fact")
                .1
                .clone()
        };
        vec![
            whole(number.parse().expect("a number"), ""),
            Cell::text(indicator).tone(tone),
            Cell::text(if share { "%" } else { "ед." }),
            if share {
                percent(value - 35)
            } else {
                Cell::nothing()
            },
            of("План"),
            actual(target),
            of("Отклонение"),
            if share {
                percent(value * 10_000 / plan)
            } else {
                Cell::nothing()
            },
            of("Не хватает"),
            of("Срок"),
            Cell::text(status).tone(tone),
            Cell::text(if number == "11" {
                "предварительно"
            } else {
                ""
            }),
            Cell::text(if number == "11" {
                "* 77,00 % — округлённое значение; точное до плана не доходит"
            } else {
                ""
            }),
            Cell::number(fixed(12_345 * value, 3), ""),
            Cell::number(
                "1234567890123456789"
                    .parse()
                    .map(|n| Fixed::new(n, 2))
                    .expect("digits"),
                "",
            ),
            Cell::text("-1+1: минус в начале; @дома"),
        ]
    });
    Table {
        title: "План и факт".into(),
        rows: rows.collect(),
        columns,
        ..Table::default()
    }
}

fn by_organisation() -> Table {
    let columns = vec![
        Column::text("Организация"),
        Column::figures("Числитель"),
        Column::figures("Знаменатель"),
        Column::figures("Факт"),
        Column::figures("Доля нехватки"),
    ];
    let rows = (0..).zip(organisations()).map(|(index, name)| {
        let value = 9800 - 170 * index;
        let bar = Bar {
            value: (value / 10) as u16,
            goal: Some(784),
        };
        vec![
            Cell::text(name),
            whole(120 * value / 100, ""),
            whole(12_000, ""),
            Cell {
                bar: Some(bar),
                ..percent(value).tone(if value < 7845 { Tone::Bad } else { Tone::Plain })
            },
            if value < 7845 {
                whole(index - 10, "\u{a0}детей")
            } else {
                Cell::nothing()
            },
        ]
    });
    Table {
        title: "Пункт 11. Охват дополнительным образованием".into(),
        rows: rows.collect(),
        columns,
        ..Table::default()
    }
}

fn arrival(row: usize, month: usize) -> Arrival {
    match (row * 7 + month * 5) % 23 {
        0 => Arrival::Missing,
        1 | 2 => Arrival::Late,
        3 if row == 4 => Arrival::Disputed,
        4 if row == 6 => Arrival::Faulty,
        _ if row == 15 && month < 8 => Arrival::NotOwed,
        _ => Arrival::Reported,
    }
}

fn grid(title: &str) -> Grid {
    let rows = organisations()
        .into_iter()
        .enumerate()
        .map(|(row, title)| GridRow {
            title,
            marks: (0..MONTHS.len()).map(|month| arrival(row, month)).collect(),
        });
    Grid {
        title: title.into(),
        periods: months(),
        rows: rows.collect(),
        lines: vec!["Организаций, сдавших всё и вовремя, ещё 4".into()],
    }
}

fn completeness() -> Table {
    let rows = MONTHS.iter().map(|month| {
        vec![
            Cell::text("Отчёт дошкольной образовательной организации"),
            Cell::text(*month),
            Cell::text("7 из 9").tone(Tone::Bad),
            Cell::text(
                "МБДОУ «Детский сад № 104» (условное), МБДОУ «Детский сад № 107» (условное)",
            ),
        ]
    });
    Table {
        title: "Кто отчитался".into(),
        columns: ["Форма", "Период", "Сдали", "Не сдали"]
            .map(Column::text)
            .into(),
        rows: rows.collect(),
        ..Table::default()
    }
}

fn words() -> Block {
    let run = |text: &str, mark| Run {
        text: text.into(),
        mark,
    };
    Block::Words {
        title: "Что изменилось в тексте".into(),
        paragraphs: vec![vec![
            run("Обеспечить ", Mark::Same),
            run("80,0%", Mark::Removed),
            run(" ", Mark::Same),
            run("78,45%", Mark::Added),
            run(" детей", Mark::Same),
        ]],
        lines: vec!["– по словам пункта 11".into()],
    }
}

/// The report.
pub fn document() -> Document {
    let part = |title: &str, sheet| Block::Part {
        title: title.into(),
        sheet,
    };
    let notes = |title: &str, lines: &[&str]| Block::Notes {
        title: title.into(),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
    };
    Document {
        title: "Выполнение резолюции 2025 на конец периода: декабрь 2025 года".into(),
        subtitle: vec![
            "«Программа перспективного развития системы образования города Алейска»".into(),
            "Описание целей и форм: встроенные в программу. Прочитано: 4 файла, 50 строк с данными".into(),
        ],
        blocks: vec![
            Block::Lead(vec![
                Cell::text("Достигнуто 2 из 6 целей; не достигнуто: 1; под угрозой: 1; отчитались 16 из 18 организаций"),
                Cell::text("Не достигнуто: охват дополнительным образованием, не хватает 29 детей").tone(Tone::Bad),
                Cell::text("Не сдали: МБДОУ «Детский сад № 104» (условное), МБДОУ «Детский сад № 107» (условное)").tone(Tone::Uneasy),
            ]),
            Block::Cards(TARGETS.iter().map(card).collect()),
            part("План и факт", "План и факт"),
            Block::Table(plan_and_fact()),
            notes("Пояснения", &["11. Охват: не вошли МБДОУ «Детский сад № 104» — нет отчёта"]),
            part("Организации", "Организации"),
            Block::Table(by_organisation()),
            part("Полнота и своевременность", "Полнота"),
            Block::Table(completeness()),
            Block::Grid(grid("Отчёт дошкольной образовательной организации")),
            Block::Grid(grid("Отчёт школы")),
            part("Замечания к данным", "Замечания"),
            Block::Table(Table {
                title: String::new(),
                columns: ["Важность", "Место", "Что найдено"].map(Column::text).into(),
                rows: vec![vec![
                    Cell::text("ошибка").tone(Tone::Bad),
                    Cell::text("reports/2025-12/school-204.csv, строка 7, столбец D"),
                    Cell::text("найдено «2O5», а нужно целое число: замените букву «О» нулём"),
                ]],
            ..Table::default()
}),
            part("Воспроизведение", "Источники"),
            words(),
            Block::Code {
                title: "Как повторить".into(),
                language: "sh",
                lines: vec!["aleysk report reports --period 2025-12 -o 2025-12.docx".into()],
            },
            Block::Table(Table {
                title: "Прочитанные файлы".into(),
                columns: ["Файл", "SHA-256"].map(Column::text).into(),
                rows: vec![vec![
                    Cell::text("reports/2025-12/school-204.csv"),
                    Cell::text("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                ]],
            ..Table::default()
}),
        ],
    }
}
