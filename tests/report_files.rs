//! What a workbook and a text document hold of a report: taken apart again, every text and every
//! number of the document is there, and nothing else.

mod support;

use aleysk::document::picture::{Card, Chart, Grid, Series};
use aleysk::document::{Block, Cell, Document, Squeeze, Table};
use aleysk::model::name::printable;
use aleysk::model::quantity::Fixed;
use aleysk::render::{docx, xlsx};
use support::office::{Item, Node, Shown, items, parts, sheets};
use support::sample;

/// A text as it must show, with spaces that may be typed.
fn clean(text: &str) -> String {
    printable(text)
        .replace('\u{ffff}', "\u{fffd}")
        .replace('\u{a0}', " ")
}

/// A text alone in its row.
fn line(text: &str) -> Vec<Shown> {
    vec![Shown {
        text: clean(text),
        number: None,
    }]
}

/// A number as a workbook writes it: no zeros at its end.
fn plain(number: &Fixed) -> String {
    let plain = number.plain();
    match plain.contains('.') {
        true => plain.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => plain,
    }
}

fn shown(cell: &Cell) -> Shown {
    let number = cell.number.as_ref();
    // A spreadsheet keeps fifteen digits.
    let kept = number.filter(|number| number.plain().replace(['-', '.'], "").len() <= 15);
    Shown {
        text: clean(&cell.text),
        number: kept.map(plain),
    }
}

fn rows(table: &Table) -> Vec<Vec<Shown>> {
    let detail = |wanted: bool| {
        let columns = 0..table.columns.len();
        columns.filter(move |column| table.columns[*column].detail == wanted)
    };
    let order: Vec<usize> = detail(false).chain(detail(true)).collect();
    let header = order
        .iter()
        .map(|&column| line(&table.columns[column].title).remove(0));
    let mut rows = vec![header.collect()];
    rows.extend(table.rows.iter().map(|row| {
        let cells = order.iter().map(|&column| shown(&row[column]));
        cells.filter(|cell| !cell.text.is_empty()).collect()
    }));
    rows
}

/// What the document shows of its cards, as a table with lines at its end.
fn cards(cards: &[Card]) -> Vec<Vec<Shown>> {
    let heads = [
        "№",
        "Цель",
        "Показатель",
        "Статус",
        "Предварительно",
        "Факт",
    ];
    let facts = cards[0].facts.iter().map(|fact| fact.0);
    let heads = heads.into_iter().chain(facts).chain(["Примечание"]);
    let mut rows: Vec<Vec<Shown>> = vec![heads.map(|head| line(head).remove(0)).collect()];
    for card in cards {
        let number = card.number.parse().expect("a number");
        let mut cells = vec![
            Cell::number(sample::fixed(number, 0), ""),
            Cell::text(&card.topic),
            Cell::text(&card.indicator),
            card.status.clone(),
            Cell::text(if card.provisional {
                "предварительно"
            } else {
                ""
            }),
            card.actual.clone(),
        ];
        cells.extend(card.facts.iter().map(|fact| fact.1.clone()));
        cells.push(Cell::text(card.lines.join("; ")));
        rows.push(
            cells
                .iter()
                .map(shown)
                .filter(|cell| !cell.text.is_empty())
                .collect(),
        );
    }
    rows
}

fn grid(grid: &Grid) -> Vec<Vec<Shown>> {
    let periods = grid.periods.iter().map(|period| line(period).remove(0));
    let mut rows = vec![line(&grid.title)];
    rows.push(line("Организация").into_iter().chain(periods).collect());
    for row in &grid.rows {
        let marks = row.marks.iter().map(|mark| line(mark.sign()).remove(0));
        rows.push(line(&row.title).into_iter().chain(marks).collect());
    }
    let legend = grid.legend().into_iter();
    rows.extend(legend.map(|mark| line(&format!("{} — {}", mark.sign(), mark.title()))));
    rows.extend(grid.lines.iter().map(|text| line(text)));
    rows
}

/// The figures behind a chart of values over time.
fn series(series: &Series) -> Vec<Vec<Shown>> {
    let goal = series.goal.as_ref().map(|goal| &goal.value);
    let points = |provisional: bool| {
        let points = series.actual.iter().map(move |point| {
            let point = point
                .as_ref()
                .filter(|point| !provisional || point.provisional);
            point.map(|point| &point.value)
        });
        points.collect::<Vec<_>>()
    };
    let outlook = || series.outlook.iter().map(Option::as_ref);
    let columns = [
        ("Цель", vec![goal; series.axis.len()]),
        ("План", series.plan.iter().map(Option::as_ref).collect()),
        (
            "Прогноз",
            outlook()
                .map(|band| band.map(|band| &band.middle))
                .collect(),
        ),
        (
            "Прогноз: едва ли меньше",
            outlook().map(|band| band.map(|band| &band.low)).collect(),
        ),
        (
            "Прогноз: едва ли больше",
            outlook().map(|band| band.map(|band| &band.high)).collect(),
        ),
        ("Факт", points(false)),
        ("Предварительно", points(true)),
    ];
    let heads = std::iter::once("Период").chain(columns.iter().map(|column| column.0));
    let mut rows: Vec<Vec<Shown>> = vec![heads.map(|head| line(head).remove(0)).collect()];
    for (index, period) in series.axis.iter().enumerate() {
        let values = columns.iter().filter_map(|column| column.1[index]);
        let values = values.map(|value| shown(&Cell::number(value.clone(), series.unit)));
        rows.push(line(period).into_iter().chain(values).collect());
    }
    rows
}

fn charts(cards: &[Card]) -> Vec<Vec<Shown>> {
    let mut rows = Vec::new();
    for card in cards {
        let Some(chart) = &card.chart else { continue };
        rows.push(line(&format!("{}. {}", card.number, card.topic)));
        match chart {
            Chart::Series(own) => rows.extend(series(own)),
            Chart::Bullet(bullet) => {
                let goal = bullet.goal.as_ref().map(|goal| goal.value.clone());
                for (name, value) in [("План", goal), ("Факт", bullet.value.clone())] {
                    let value = value.map(|value| shown(&Cell::number(value, bullet.unit)));
                    rows.push(line(name).into_iter().chain(value).collect());
                }
            }
        }
    }
    rows
}

/// The sheets that the report must make.
fn expected_sheets(document: &Document) -> Vec<(String, Vec<Vec<Shown>>)> {
    let mut sheets = vec![("Сводка".to_owned(), Vec::new())];
    let mut grids = Vec::new();
    let mut behind = Vec::new();
    for text in std::iter::once(&document.title).chain(&document.subtitle) {
        sheets[0].1.push(line(text));
    }
    for block in &document.blocks {
        if let Block::Part { title, sheet } = block {
            sheets.push(((*sheet).to_owned(), vec![line(title)]));
            continue;
        }
        let rows_here = &mut sheets.last_mut().expect("a sheet").1;
        let title = |title: &str| Some(line(title)).filter(|line| !line[0].text.is_empty());
        match block {
            Block::Part { .. } => {}
            Block::Lead(cells) => rows_here.extend(cells.iter().map(|cell| line(&cell.text))),
            Block::Cards(own) => {
                rows_here.extend(cards(own));
                behind = charts(own);
            }
            Block::Table(table) => {
                rows_here.extend(title(&table.title));
                rows_here.extend(rows(table));
            }
            Block::Grid(own) => {
                let told = format!("{}: сетка на листе «Полнота – сетка»", own.title);
                rows_here.push(line(&told));
                grids.extend(grid(own));
            }
            Block::Notes { title: own, lines }
            | Block::Code {
                title: own, lines, ..
            } => {
                rows_here.extend(title(own));
                rows_here.extend(lines.iter().map(|text| line(text)));
            }
            Block::Words {
                title: own, lines, ..
            } => {
                rows_here.extend(title(own));
                rows_here.push(line("Обеспечить [−80,0%−] {+78,45%+} детей"));
                rows_here.extend(lines.iter().map(|text| line(text)));
            }
        }
    }
    let after = sheets
        .iter()
        .position(|sheet| sheet.0 == "Полнота")
        .expect("a sheet")
        + 1;
    sheets.insert(after, ("Полнота – сетка".to_owned(), grids));
    sheets.push(("Данные графиков".to_owned(), behind));
    sheets
}

#[test]
fn a_workbook_holds_every_text_and_number_of_the_report() {
    let document = sample::document();
    let found = sheets(&xlsx::document(&document).expect("a workbook"));
    let expected = expected_sheets(&document);
    let names = |sheets: &[(String, Vec<Vec<Shown>>)]| -> Vec<String> {
        sheets.iter().map(|sheet| sheet.0.clone()).collect()
    };
    assert_eq!(names(&found), names(&expected));
    for ((name, found), (_, expected)) in found.iter().zip(&expected) {
        for (row, expected) in found.iter().zip(expected) {
            assert_eq!(row, expected, "{name}");
        }
        assert_eq!(found.len(), expected.len(), "{name}");
    }
}

#[test]
fn a_workbook_is_set_up_to_be_read_filtered_and_printed() {
    let document = sample::document();
    let parts = parts(&xlsx::document(&document).expect("a workbook"));
    let tables = parts
        .iter()
        .filter(|(name, _)| name.starts_with("xl/tables/"));
    let ranges: Vec<String> = tables
        .map(|(_, table)| {
            assert_eq!(table.all("autoFilter").len(), 1);
            format!(
                "{} {}",
                table.attribute("displayName"),
                table.attribute("ref")
            )
        })
        .collect();
    assert_eq!(
        ranges,
        [
            "Таблица1 A9:K15",
            "Таблица2 A3:P9",
            "Таблица3 A3:E21",
            "Таблица4 A3:D15",
            "Таблица5 A2:C3",
            "Таблица6 A10:B11",
        ]
    );
    let names = parts["xl/workbook.xml"].all("definedName").into_iter();
    let names: Vec<&str> = names.map(|name| name.text.as_str()).collect();
    // Columns for machines are not printed; headers are repeated where there is one table.
    assert!(names.contains(&"'План и факт'!$A$1:$M$13"), "{names:?}");
    assert!(names.contains(&"'План и факт'!$3:$3"), "{names:?}");
    for (name, sheet) in parts
        .iter()
        .filter(|part| part.0.starts_with("xl/worksheets/sheet"))
    {
        let set_up = sheet.all("pageSetup")[0];
        assert_eq!(set_up.attribute("paperSize"), "9", "{name}");
        assert_eq!(set_up.attribute("fitToHeight"), "0", "{name}");
        assert_eq!(sheet.all("oddFooter")[0].text, "&C&P из &N");
    }
    let frozen = parts["xl/worksheets/sheet2.xml"].all("pane")[0];
    assert_eq!(frozen.attribute("ySplit"), "3");
    let breaks = parts["xl/worksheets/sheet5.xml"].all("brk");
    assert_eq!(breaks.len(), 1, "each grid on a page of its own");
    let bars = &parts["xl/worksheets/sheet3.xml"].all("dataBar");
    assert_eq!(bars[0].all("cfvo")[1].attribute("val"), "100");
    let rules = parts["xl/worksheets/sheet2.xml"].all("formula").into_iter();
    let rules: Vec<&str> = rules.map(|rule| rule.text.as_str()).collect();
    assert!(rules.contains(&"OR($K4=\"не достигнуто\")"), "{rules:?}");
    let charts = parts
        .keys()
        .filter(|name| name.starts_with("xl/charts/chart"));
    assert_eq!(charts.count(), 5);
    let chart = &parts["xl/charts/chart5.xml"];
    let values = chart
        .all("c:f")
        .into_iter()
        .map(|range| range.text.as_str());
    assert!(
        values
            .clone()
            .all(|range| range.starts_with("'Данные графиков'!$"))
    );
    assert_eq!(chart.all("c:dispBlanksAs")[0].attribute("val"), "gap");
}

/// A text as a paragraph must have it.
fn paragraph(text: &str) -> String {
    printable(text)
        .replace('\u{ffff}', "\u{fffd}")
        .replace("№ ", "№\u{a0}")
}

/// The ways in which a table may stand on paper.
fn on_paper(table: &Table) -> Vec<Item> {
    let squeezes = [Squeeze::None, Squeeze::Some, Squeeze::More, Squeeze::Full];
    let ways = squeezes.map(|squeeze| {
        let stacks = table.stacks(squeeze);
        let heads = stacks.iter().map(|stack| {
            let titles = stack
                .iter()
                .filter_map(|&column| table.columns[column].heading());
            titles.map(paragraph).collect()
        });
        let mut rows: Vec<Vec<Vec<String>>> = vec![heads.collect()];
        rows.extend(table.rows.iter().map(|row| {
            let cells = stacks.iter().map(|stack| {
                let texts = table.stacked(row, stack).into_iter().map(paragraph);
                Some(texts.collect()).filter(|texts: &Vec<String>| !texts.is_empty())
            });
            cells
                .map(|texts| texts.unwrap_or_else(|| vec![String::new()]))
                .collect()
        }));
        Item::Table(rows)
    });
    ways.into()
}

/// Cards as they stand on paper: what must be known below each.
fn cards_on_paper(cards: &[Card]) -> Item {
    let one = |text: &str| vec![paragraph(text)];
    let mut rows: Vec<Vec<Vec<String>>> = vec![["№", "Цель", "Статус", "Факт"].map(one).into()];
    rows[0].extend(cards[0].facts.iter().map(|fact| one(fact.0)));
    for card in cards {
        let mut status = one(&card.status.text);
        status.extend(card.provisional.then(|| "предварительно".to_owned()));
        let mut row = vec![
            one(&card.number),
            vec![paragraph(&card.topic), paragraph(&card.indicator)],
            status,
            one(&card.actual.text),
        ];
        row.extend(card.facts.iter().map(|fact| one(&fact.1.text)));
        rows.push(row);
        let words = card.chart.iter().map(|chart| chart.words().to_owned());
        let under: Vec<String> = card.lines.iter().cloned().chain(words).collect();
        if !under.is_empty() {
            rows.push(vec![under.iter().map(|line| paragraph(line)).collect()]);
        }
    }
    Item::Table(rows)
}

fn grid_on_paper(grid: &Grid) -> Vec<Item> {
    let one = |text: &str| vec![paragraph(text)];
    let mut rows: Vec<Vec<Vec<String>>> = vec![vec![one("Организация")]];
    rows[0].extend(grid.periods.iter().map(|period| one(period)));
    for row in &grid.rows {
        let marks = row.marks.iter().map(|mark| one(mark.sign()));
        rows.push(std::iter::once(one(&row.title)).chain(marks).collect());
    }
    let legend = grid.legend().into_iter();
    let legend = legend.map(|mark| format!("{} — {}", mark.sign(), mark.title()));
    let legend = legend.collect::<Vec<String>>().join("     ");
    let mut items = vec![
        Item::Table(rows),
        Item::Paragraph("CellText".into(), legend),
    ];
    let lines = grid.lines.iter();
    items.extend(lines.map(|line| Item::Paragraph("Remark".into(), paragraph(line))));
    items
}

/// A paragraph, where it has a text.
fn said(style: &str, text: &str) -> Option<Vec<Item>> {
    let item = Item::Paragraph(style.into(), paragraph(text));
    (!text.is_empty()).then(|| vec![item])
}

/// What a block makes on paper: items, each in the ways in which it may stand there.
fn block_on_paper(block: &Block) -> Vec<Vec<Item>> {
    let below = |title: &str, style: &str, lines: &[String]| {
        let lines = lines.iter().filter_map(|line| said(style, line));
        let title = said("Heading2", title);
        title.into_iter().chain(lines).collect::<Vec<_>>()
    };
    match block {
        Block::Part { title, .. } => said("Heading1", title).into_iter().collect(),
        Block::Lead(cells) => {
            let styles = std::iter::once("Lead").chain(std::iter::repeat("Normal"));
            cells
                .iter()
                .zip(styles)
                .filter_map(|(cell, style)| said(style, &cell.text))
                .collect()
        }
        Block::Cards(own) => vec![vec![cards_on_paper(own)]],
        Block::Table(table) => {
            let mut items = below(&table.title, "", &[]);
            items.push(on_paper(table));
            items
        }
        Block::Grid(own) => {
            let mut items = below(&own.title, "", &[]);
            items.extend(grid_on_paper(own).into_iter().map(|item| vec![item]));
            items
        }
        Block::Notes { title, lines } => below(title, "Remark", lines),
        Block::Words { title, lines, .. } => {
            let mut items = below(title, "Remark", lines);
            items.insert(
                1,
                said("Normal", "Обеспечить 80,0% 78,45% детей").expect("a text"),
            );
            items
        }
        Block::Code { title, lines, .. } => below(title, "Code", lines),
    }
}

#[test]
fn a_text_document_holds_every_text_and_number_of_the_report() {
    let document = sample::document();
    let mut expected: Vec<Vec<Item>> = said("Title", &document.title).into_iter().collect();
    expected.extend(
        document
            .subtitle
            .iter()
            .filter_map(|line| said("Subtitle", line)),
    );
    expected.extend(document.blocks.iter().flat_map(block_on_paper));
    let found = items(&docx::render(&document).expect("a file"));
    let papers = found.iter().filter(|item| matches!(item, Item::Paper(_)));
    // What is wide lies on its side, and the paper is turned once.
    assert_eq!(
        papers.collect::<Vec<_>>(),
        [&Item::Paper(true), &Item::Paper(false)]
    );
    let found: Vec<&Item> = found
        .iter()
        .filter(|item| !matches!(item, Item::Paper(_)))
        .collect();
    for (item, ways) in found.iter().zip(&expected) {
        assert!(ways.contains(item), "{item:#?}\nis none of\n{ways:#?}");
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn a_text_document_is_made_as_word_wants_it() {
    let document = sample::document();
    let parts = parts(&docx::render(&document).expect("a file"));
    let body = &parts["word/document.xml"];
    let styles: Vec<&str> = parts["word/styles.xml"]
        .all("w:style")
        .into_iter()
        .map(|style| style.attribute("w:styleId"))
        .collect();
    for used in body
        .all("w:pStyle")
        .into_iter()
        .chain(body.all("w:tblStyle"))
    {
        assert!(styles.contains(&used.attribute("w:val")), "{used:?}");
    }
    for table in body.all("w:tbl") {
        let rows = table.all("w:tr");
        assert_eq!(table.all("w:tblHeader").len(), 1);
        assert_eq!(
            rows[0].all("w:tblHeader").len(),
            1,
            "the first row is repeated"
        );
        let widths = |nodes: Vec<&Node>| -> usize {
            let widths = nodes.into_iter().map(|node| node.attribute("w:w"));
            widths
                .map(|width| width.parse::<usize>().expect("a width"))
                .sum()
        };
        let whole = widths(table.all("w:gridCol"));
        assert!(whole <= 14_854, "{whole}");
        for row in rows {
            assert_eq!(widths(row.all("w:tcW")), whole);
            // A cell without a paragraph is a damaged file to Word.
            assert!(
                row.all("w:tc")
                    .into_iter()
                    .all(|cell| !cell.all("w:p").is_empty())
            );
        }
    }
    let language = parts["word/styles.xml"].all("w:lang")[0];
    assert_eq!(language.attribute("w:val"), "ru-RU");
    assert_eq!(
        parts["docProps/core.xml"].all("dc:title")[0].text,
        document.title
    );
    let relations = parts["word/_rels/document.xml.rels"]
        .all("Relationship")
        .into_iter();
    let targets: Vec<&str> = relations.map(|one| one.attribute("Target")).collect();
    let types = &parts["[Content_Types].xml"];
    for target in targets {
        let name = format!("word/{target}");
        assert!(parts.contains_key(&name), "{name}");
        let known = types.all("Override").into_iter();
        assert!(
            known
                .into_iter()
                .any(|one| one.attribute("PartName") == format!("/{name}"))
        );
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    let document = sample::document();
    for make in [docx::render, |document: &Document| {
        Ok(xlsx::document(document)?)
    }] {
        let first = make(&document).expect("a file");
        // An archive's clock counts in steps of two seconds.
        std::thread::sleep(std::time::Duration::from_millis(2100));
        assert!(first == make(&document).expect("a file"));
    }
}

#[test]
fn what_begins_like_a_formula_stays_a_text_when_it_is_edited() {
    let mut document = Document::default();
    let texts = ["=1+1", "+7 (385) 53", "-1", "@дома", " =2", "\t=3"];
    let lines = texts.map(str::to_owned).into();
    let title = String::new();
    document.blocks.push(Block::Notes { title, lines });
    let file = xlsx::document(&document).expect("a workbook");
    let parts = parts(&file);
    let styles = parts["xl/styles.xml"].child("cellXfs").expect("styles");
    let quoted = |cell: &Node| {
        let style = &styles.children[cell.attribute("s").parse::<usize>().expect("a style")];
        style.attribute("quotePrefix") == "1"
    };
    let cells = parts["xl/worksheets/sheet1.xml"].all("c");
    let cells: Vec<&Node> = cells
        .into_iter()
        .filter(|cell| cell.child("v").is_some())
        .collect();
    assert_eq!(
        cells.iter().filter(|cell| quoted(cell)).count(),
        texts.len()
    );
    let found = &sheets(&file)[0].1;
    let found: Vec<&str> = found.iter().map(|row| row[0].text.as_str()).collect();
    assert_eq!(found, texts.map(|text| text.replace('\t', " ")));
}

#[test]
fn documents_of_any_size_and_shape_become_files() {
    let long = "ы".repeat(40_000);
    let table = |rows: Vec<Vec<Cell>>| {
        Block::Table(Table {
            title: long.clone(),
            columns: [
                aleysk::document::Column::text("А"),
                aleysk::document::Column::text("А"),
            ]
            .into(),
            rows,
            ..Table::default()
        })
    };
    let cells = vec![Cell::text(&long), Cell::text("")];
    let grid = Grid {
        title: String::new(),
        periods: (0..90).map(|number| format!("период {number}")).collect(),
        rows: Vec::new(),
        lines: Vec::new(),
    };
    let part = Block::Part {
        title: String::new(),
        sheet: "А/Б",
    };
    for blocks in [
        vec![],
        vec![table(vec![])],
        vec![table(vec![cells]), table(vec![vec![]])],
        vec![Block::Cards(Vec::new()), Block::Lead(Vec::new())],
        vec![Block::Grid(grid), part.clone(), part],
        vec![Block::Table(Table::default())],
    ] {
        let document = Document {
            title: long.clone(),
            subtitle: Vec::new(),
            blocks,
        };
        let found = sheets(&xlsx::document(&document).expect("a workbook"));
        let texts = found.iter().flat_map(|sheet| &sheet.1).flatten();
        for shown in texts.filter(|shown| shown.text.len() > 100) {
            assert_eq!(shown.text.chars().count(), 32_767);
            assert!(shown.text.ends_with("ы…"));
        }
        assert!(!items(&docx::render(&document).expect("a file")).is_empty());
    }
}
