use snapbox::{assert_data_eq, file};

use super::*;
use crate::document::Column;
use crate::document::picture::{
    Arrival, Band, Bar, Bullet, Card, Chart, Goal, Grid, GridRow, Point, Series,
};
use crate::model::quantity::Fixed;

fn fixed(tenths: i64) -> Fixed {
    Fixed::new(tenths.into(), 1)
}

/// Every block there is, with one text wherever a user's text may come to stand.
fn all(told: &str) -> Document {
    let told = || told.to_owned();
    let cell = |tone| Cell::text(told()).tone(tone);
    let run = |mark| Run { text: told(), mark };
    let goal = |due| Goal {
        value: fixed(800),
        upper: false,
        due,
    };
    let point = |value, provisional| {
        let value = fixed(value);
        Some(Point { value, provisional })
    };
    let band = |low, middle, high| {
        Some(Band {
            low: fixed(low),
            middle: fixed(middle),
            high: fixed(high),
        })
    };
    let series = Series {
        words: told(),
        unit: "\u{a0}%",
        axis: vec![
            "окт 2025".into(),
            "ноя 2025".into(),
            told(),
            "янв 2026".into(),
        ],
        actual: vec![point(774, false), None, point(781, true), None],
        anew: Vec::new(),
        goal: Some(goal(Some(3))),
        plan: vec![None, Some(fixed(785)), None, None],
        outlook: vec![None, None, band(781, 781, 781), band(780, 784, 788)],
    };
    let bullet = Bullet {
        words: told(),
        unit: "\u{a0}%",
        value: Some(fixed(625)),
        goal: Some(goal(None)),
        most: fixed(1000),
        tone: Tone::Uneasy,
    };
    let card = |tone, chart| Card {
        number: told(),
        topic: told(),
        indicator: told(),
        status: cell(tone),
        provisional: tone == Tone::Bad,
        actual: cell(Tone::Plain),
        facts: vec![("не хватает", cell(tone))],
        lines: vec![told()],
        chart: Some(chart),
    };
    let barred = Cell {
        bar: Some(Bar {
            value: 781,
            goal: Some(800),
        }),
        ..cell(Tone::Plain)
    };
    let table = Table {
        title: told(),
        columns: vec![Column::text("имя"), Column::figures("охват")],
        rows: vec![vec![cell(Tone::Faint), barred]],
        ..Table::default()
    };
    Document {
        title: told(),
        subtitle: vec![told()],
        blocks: vec![
            Block::Lead(vec![cell(Tone::Bad), cell(Tone::Uneasy)]),
            Block::Part {
                title: told(),
                sheet: "Сводка",
            },
            Block::Cards(vec![
                card(Tone::Bad, Chart::Series(series)),
                card(Tone::Uneasy, Chart::Bullet(bullet)),
            ]),
            Block::Table(table),
            Block::Part {
                title: told(),
                sheet: "Полнота",
            },
            Block::Grid(Grid {
                title: told(),
                periods: vec![told(), "дек 2025".into()],
                rows: vec![GridRow {
                    title: told(),
                    marks: Arrival::ALL[..2].to_vec(),
                }],
                lines: vec![told()],
            }),
            Block::Notes {
                title: told(),
                lines: vec![told()],
            },
            Block::Words {
                title: told(),
                paragraphs: vec![vec![run(Mark::Same), run(Mark::Removed), run(Mark::Added)]],
                lines: vec![told()],
            },
            Block::Code {
                title: told(),
                language: "toml",
                lines: vec![told()],
            },
        ],
    }
}

#[test]
fn users_text_stays_text() {
    let hostile = "<script>alert(1)</script>\u{1b}[31m\" onload=\"x\u{202e}' </svg></style>";
    let page = render(&all(hostile));
    let told = "&lt;script&gt;alert(1)&lt;/script&gt;\\u{1b}[31m&quot; onload=&quot;x' \
                &lt;/svg&gt;&lt;/style&gt;";
    assert_eq!(page.matches("alert(1)").count(), page.matches(told).count());
    assert_eq!(page.matches(told).count(), 46);
    assert!(!page.contains(['\u{1b}', '\u{202e}']) && !page.contains("<script"));
    // Neither ends what it stands in: the page has what it would have with a harmless text of
    // the same length.
    let harmless = render(&all(&"д".repeat(printable(hostile).chars().count())));
    for sign in ["<", "</svg>", "</style>", "onload="] {
        let expected = match sign {
            "onload=" => page.matches(told).count(),
            _ => harmless.matches(sign).count(),
        };
        assert_eq!(page.matches(sign).count(), expected, "{sign}");
    }
}

#[test]
fn a_page_of_all_blocks() {
    let page = render(&all("«Сад» № 7"));
    let (head, rest) = page.split_once("<style>").expect("a style sheet");
    let (_, body) = rest.split_once("</style>").expect("its end");
    assert_data_eq!(format!("{head}<style></style>{body}"), file!["small.html"]);
    assert_eq!(page, render(&all("«Сад» № 7")));
}

#[test]
fn pages_without_pictures_do_without_their_look() {
    let table = Block::Table(Table::default());
    let page = |blocks| {
        render(&Document {
            blocks,
            ..Document::default()
        })
    };
    assert!(!page(vec![table.clone()]).contains(".card"));
    assert!(!page(vec![table]).contains("<nav"));
    assert!(page(vec![Block::Lead(Vec::new())]).contains(".card"));
}
