//! Cards, charts, bars and the grid of who reported, in every format of plain characters.
//!
//! `SNAPSHOTS=overwrite cargo test --test pictures` writes down what comes out now in
//! `tests/pictures/`: read the diff before it is committed.

use std::fs;
use std::path::Path;

use aleysk::document::picture::{
    Arrival, Band, Bar, Bullet, Card, Chart, Goal, Grid, GridRow, Point, Series,
};
use aleysk::document::{Block, Cell, Column, Document, Squeeze, Table, Tone};
use aleysk::model::quantity::Fixed;
use aleysk::render::{csv, markdown, text};
use unicode_width::UnicodeWidthStr;

const PERCENT: &str = "\u{a0}%";

fn fixed(text: &str) -> Fixed {
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    let digits: i64 = text.replace('.', "").parse().expect("digits");
    Fixed::new(digits.into(), decimals as u32)
}

fn percent(text: &str) -> Cell {
    Cell::number(fixed(text), PERCENT)
}

const MONTHS: [&str; 12] = [
    "янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
];

/// So many months from January of a year.
fn months(year: u32, count: u32) -> Vec<String> {
    let month = |at: u32| format!("{} {}", MONTHS[(at % 12) as usize], year + at / 12);
    (0..count).map(month).collect()
}

/// The values of a text; «-»: none, «?» behind one: provisional.
fn points(text: &str) -> Vec<Option<Point>> {
    let point = |word: &str| {
        let value = word.trim_end_matches('?');
        (word != "-").then(|| Point {
            value: fixed(value),
            provisional: value != word,
        })
    };
    text.split(' ').map(point).collect()
}

fn coverage() -> Card {
    let axis = months(2025, 12);
    let mut plan = vec![None; axis.len()];
    plan[8] = Some(fixed("77.50"));
    let mut outlook = vec![None; axis.len()];
    let band = |low, middle, high| {
        Some(Band {
            low: fixed(low),
            middle: fixed(middle),
            high: fixed(high),
        })
    };
    outlook[10] = band("77.00", "77.00", "77.00");
    outlook[11] = band("76.80", "77.10", "77.40");
    Card {
        number: "11".into(),
        topic: "Охват дополнительным образованием".into(),
        indicator: "Доля детей от 5 до 18 лет, охваченных дополнительным образованием".into(),
        status: Cell::text("не достигнуто").tone(Tone::Bad),
        provisional: true,
        actual: percent("77.00"),
        facts: vec![
            ("План", Cell::number(fixed("78.45"), PERCENT)),
            ("Отклонение", Cell::number(fixed("-1.45"), "\u{a0}п.п.")),
            ("Не хватает", Cell::number(fixed("29"), "\u{a0}детей")),
            ("Срок", Cell::text("31.12.2025")),
        ],
        lines: vec![
            "Нужно +0,4 п.п. в месяц, идёт +0,2 п.п. в месяц: при таком темпе к сроку будет \
             77,10 % (от 76,80 до 77,40 %)"
                .into(),
            "Обоснование: =HYPERLINK(\"x\") <b>кружок</b> закрыт на ремонт".into(),
        ],
        chart: Some(Chart::Series(Series {
            words: "Охват с января по ноябрь 2025 года: с 76,10 до 77,00 %".into(),
            unit: PERCENT,
            axis,
            actual: points("76.10 76.20 76.40 - 76.55 76.60 76.60 76.70 76.80 76.90? 77.00? -"),
            anew: Vec::new(),
            goal: Some(Goal {
                value: fixed("78.45"),
                upper: false,
                due: Some(11),
            }),
            plan,
            outlook,
        })),
    }
}

fn bullet(value: Option<&str>, tone: Tone) -> Chart {
    Chart::Bullet(Bullet {
        words: "Доступность против плана".into(),
        unit: PERCENT,
        value: value.map(fixed),
        goal: Some(Goal {
            value: fixed("100.00"),
            upper: false,
            due: None,
        }),
        most: fixed("110"),
        tone,
    })
}

fn cards() -> Vec<Card> {
    let access = Card {
        number: "1".into(),
        topic: "Доступность дошкольного образования".into(),
        status: Cell::text("достигнуто").tone(Tone::Good),
        provisional: false,
        actual: percent("100.00"),
        facts: vec![
            ("План", percent("100.00")),
            ("Срок", Cell::text("постоянно")),
        ],
        lines: Vec::new(),
        chart: Some(bullet(Some("100.00"), Tone::Good)),
        ..coverage()
    };
    let nothing = Card {
        number: "5".into(),
        status: Cell::text("нет данных").tone(Tone::Uneasy),
        actual: Cell::nothing(),
        chart: Some(bullet(None, Tone::Uneasy)),
        ..access.clone()
    };
    vec![coverage(), access, nothing]
}

fn organisations() -> Table {
    let row = |name: &str, value: &str, thousandths, goal| {
        let mut cell = percent(value);
        cell.bar = Some(Bar {
            value: thousandths,
            goal,
        });
        let missing = Cell::number(fixed("12"), "");
        vec![Cell::text(name), cell, missing, Cell::text("сдан в срок")]
    };
    Table {
        title: "Организации".into(),
        columns: vec![
            Column::text("Организация"),
            Column::figures("Факт"),
            Column::figures("Не хватает"),
            Column::text("Отчёт").below(0, Squeeze::Some),
        ],
        rows: vec![
            row(
                "МБОУ «Средняя школа № 201» (условное)",
                "77.50",
                775,
                Some(784),
            ),
            row(
                "МБДОУ «Детский сад № 101» (условное)",
                "100.00",
                1000,
                Some(784),
            ),
            row("МБДОУ «Детский сад № 102» (условное)", "5.00", 50, None),
        ],
        ..Table::default()
    }
}

fn grid() -> Grid {
    use Arrival::{Disputed, Faulty, Late, Missing, NotOwed, Reported};
    let row = |title: &str, marks: &[Arrival]| GridRow {
        title: title.into(),
        marks: marks.iter().copied().cycle().take(14).collect(),
    };
    Grid {
        title: "Кто когда отчитался: форма kindergarten".into(),
        periods: months(2024, 26).split_off(12),
        rows: vec![
            row("МБДОУ «Детский сад № 101» (условное)", &[Reported]),
            row(
                "Муниципальное бюджетное общеобразовательное учреждение «Средняя \
                 общеобразовательная школа № 201» (условное)",
                &[Reported, Late, Missing, Disputed, Faulty],
            ),
            row("Комитет", &[NotOwed, NotOwed, Reported]),
        ],
        lines: vec!["и ещё 84 997 организаций: показаны те, кто сдал не всё".into()],
    }
}

fn document() -> Document {
    let title = |title: &str, sheet| Block::Part {
        title: title.into(),
        sheet,
    };
    Document {
        title: "Отчёт за ноябрь 2025 года".into(),
        subtitle: vec!["ДАННЫЕ УСЛОВНЫЕ".into()],
        blocks: vec![
            Block::Lead(vec![
                Cell::text(
                    "Достигнуто 3 из 6 целей; под угрозой 1; отчитались 16 из 18 организаций",
                )
                .tone(Tone::Bad),
                Cell::text("Не хватает 29 детей"),
            ]),
            title("Цели", "Сводка"),
            Block::Cards(cards()),
            title("Организации", "Организации"),
            Block::Table(organisations()),
            title("Полнота и своевременность", "Полнота"),
            Block::Grid(grid()),
            Block::Notes {
                title: "Замечания".into(),
                lines: vec!["нет".into()],
            },
        ],
    }
}

/// Holds an output against its file, or writes it down.
fn hold(name: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/pictures")
        .join(name);
    if std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite") {
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, now).expect("written");
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    snapbox::assert_data_eq!(now, snapbox::Data::text(kept).raw());
}

fn as_text(width: u16, colour: bool) -> String {
    text::render(&document(), text::Options { width, colour })
}

#[test]
fn text_of_any_width_is_no_wider() {
    for width in [60, 80, 160] {
        let text = as_text(width, false);
        for line in text.lines() {
            assert!(line.width() <= usize::from(width), "{width}: {line}");
        }
        hold(&format!("{width}.txt"), &text);
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let coloured = as_text(80, true);
    assert_ne!(coloured, as_text(80, false));
    let plain = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(plain, as_text(80, false));
}

#[test]
fn markdown_and_csv_hold_every_figure() {
    hold("report.md", &markdown::render(&document()));
    hold("report.csv", &csv::render_all(&document()));
}
