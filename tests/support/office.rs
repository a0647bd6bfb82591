//! Workbooks and text documents taken apart: every part as a tree, every cell as it shows.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// An element.
#[derive(Debug, Default)]
pub struct Node {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub children: Vec<Node>,
    /// What stands between its tags, apart from its children.
    pub text: String,
}

impl Node {
    fn new(element: &BytesStart<'_>) -> Node {
        let attributes = element.attributes().map(|attribute| {
            let attribute = attribute.expect("an attribute");
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            (
                attribute.key.as_ref().to_owned(),
                value.expect("a value").into_owned(),
            )
        });
        Node {
            name: element.name().as_ref().to_owned(),
            attributes: attributes.collect(),
            ..Node::default()
        }
    }

    /// The tree of a part, which must be well-formed to the last letter.
    pub fn parse(part: &str) -> Node {
        let legal = |letter: char| match letter {
            '\t' | '\n' | '\r' => true,
            '\u{fffe}' | '\u{ffff}' => false,
            letter => letter >= ' ',
        };
        assert!(part.chars().all(legal), "a letter that XML cannot hold");
        let mut reader = quick_xml::Reader::from_str(part);
        let mut open = vec![Node::default()];
        loop {
            let event = reader.read_event().expect("well-formed");
            let top = open.len() - 1;
            match event {
                Event::Start(element) => open.push(Node::new(&element)),
                Event::Empty(element) => open[top].children.push(Node::new(&element)),
                Event::End(_) => {
                    let node = open.pop().expect("an element");
                    open[top - 1].children.push(node);
                }
                Event::Text(text) => open[top].text.push_str(&text),
                Event::GeneralRef(reference) => {
                    let letter = match reference.resolve_char_ref().expect("a letter") {
                        Some(letter) => letter.to_string(),
                        None => quick_xml::escape::resolve_xml_entity(&reference)
                            .expect("an entity of XML")
                            .to_owned(),
                    };
                    open[top].text.push_str(&letter);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(open.len(), 1);
        let mut root = open.remove(0).children;
        assert_eq!(root.len(), 1, "one root");
        root.remove(0)
    }

    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    /// All elements with a name, at any depth, in the order of the text.
    pub fn all<'a>(&'a self, name: &str) -> Vec<&'a Node> {
        let mut found = Vec::new();
        self.find(name, &mut found);
        found
    }

    fn find<'a>(&'a self, name: &str, found: &mut Vec<&'a Node>) {
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            child.find(name, found);
        }
    }

    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// The parts of a file by their names.
pub fn parts(file: &[u8]) -> BTreeMap<String, Node> {
    let mut archive = ZipArchive::new(Cursor::new(file)).expect("an archive");
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a part");
        let name = file.name().expect("UTF-8").to_string();
        let mut text = String::new();
        file.read_to_string(&mut text).expect("UTF-8");
        assert!(parts.insert(name, Node::parse(&text)).is_none());
    }
    parts
}

/// A cell as it shows, and the number in it as the file writes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    pub text: String,
    pub number: Option<String>,
}

/// The sheets of a workbook: the name of each and its rows, without empty cells.
pub fn sheets(file: &[u8]) -> Vec<(String, Vec<Vec<Shown>>)> {
    let parts = parts(file);
    let strings: Vec<String> = parts["xl/sharedStrings.xml"]
        .all("si")
        .into_iter()
        .map(string)
        .collect();
    let formats = formats(&parts["xl/styles.xml"]);
    let names = parts["xl/workbook.xml"].all("sheet");
    let sheets = names.into_iter().enumerate().map(|(index, sheet)| {
        let part = &parts[&format!("xl/worksheets/sheet{}.xml", index + 1)];
        let rows = part.all("row").into_iter().map(|row| {
            let cells = row.all("c").into_iter();
            let cells = cells.filter_map(|cell| shown(cell, &strings, &formats));
            cells.collect::<Vec<Shown>>()
        });
        let rows = rows.filter(|row| !row.is_empty()).collect();
        assert!(part.all("f").is_empty(), "a cell with a formula");
        (sheet.attribute("name").to_owned(), rows)
    });
    sheets.collect()
}

fn string(node: &Node) -> String {
    let texts = node.all("t").into_iter();
    // What a reader would take for a letter given by number is written so that it stays.
    texts
        .map(|text| text.text.replace("_x005F_", "_"))
        .collect()
}

/// The format of each style of a cell.
fn formats(styles: &Node) -> Vec<String> {
    let own = styles.all("numFmt").into_iter();
    let own: BTreeMap<&str, &str> = own
        .map(|one| (one.attribute("numFmtId"), one.attribute("formatCode")))
        .collect();
    let cells = styles
        .child("cellXfs")
        .expect("styles")
        .all("xf")
        .into_iter();
    let format = |id| match id {
        "0" => "General",
        "1" => "0",
        "2" => "0.00",
        "3" => "#,##0",
        "4" => "#,##0.00",
        "49" => "@",
        id => own[id],
    };
    cells
        .map(|cell| format(cell.attribute("numFmtId")).to_owned())
        .collect()
}

fn shown(cell: &Node, strings: &[String], formats: &[String]) -> Option<Shown> {
    let value = &cell.child("v")?.text;
    if cell.attribute("t") == "s" {
        let text = strings[value.parse::<usize>().expect("an index")].clone();
        return (!text.is_empty()).then_some(Shown { text, number: None });
    }
    let style: usize = cell.attribute("s").parse().expect("a style");
    Some(Shown {
        text: formatted(value, &formats[style]),
        number: Some(value.clone()),
    })
}

/// A number in a format, as a Russian office shows it.
pub fn formatted(value: &str, format: &str) -> String {
    let sections = sections(format);
    let zero = value
        .trim_start_matches('-')
        .chars()
        .all(|c| matches!(c, '0' | '.'));
    let section = match (value.starts_with('-'), zero, sections.len()) {
        (_, _, 1) => &sections[0],
        (_, true, 3) => &sections[2],
        (true, ..) => &sections[1],
        _ => &sections[0],
    };
    let sign = if sections.len() == 1 && value.starts_with('-') {
        "-"
    } else {
        ""
    };
    let digits = value.trim_start_matches('-');
    let mut out = String::from(sign);
    let mut mask = String::new();
    for (letter, literal) in section.iter().copied().chain([(' ', true)]) {
        if !literal && "#,0.".contains(letter) {
            mask.push(letter);
            continue;
        }
        if !mask.is_empty() {
            out.push_str(&masked(digits, &mask));
            mask.clear();
        }
        out.push(letter);
    }
    out.pop();
    out
}

/// The sections of a format: letters, each with whether it stands for itself.
fn sections(format: &str) -> Vec<Vec<(char, bool)>> {
    let mut sections = vec![Vec::new()];
    let mut quoted = false;
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        let last = sections.len() - 1;
        match letter {
            '"' => quoted = !quoted,
            '\\' if !quoted => sections[last].push((letters.next().expect("a letter"), true)),
            ';' if !quoted => sections.push(Vec::new()),
            letter => sections[last].push((letter, quoted)),
        }
    }
    assert!(!quoted, "{format}");
    sections
}

fn masked(digits: &str, mask: &str) -> String {
    let decimals = mask.split_once('.').map_or(0, |(_, part)| part.len());
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(part.len() <= decimals, "{digits} does not fit {mask}");
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        let left = whole.len() - index;
        if index > 0 && left.is_multiple_of(3) && mask.starts_with("#,##") {
            out.push(' ');
        }
        out.push(digit);
    }
    if decimals > 0 {
        out.push_str(&format!(",{part:0<decimals$}"));
    }
    out
}

/// A part of a text document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// Its style and its text.
    Paragraph(String, String),
    /// The rows' cells' paragraphs.
    Table(Vec<Vec<Vec<String>>>),
    /// The paper from the last of these up to here: whether it lies on its side.
    Paper(bool),
}

/// What a text document says, from the first line to the last.
pub fn items(file: &[u8]) -> Vec<Item> {
    let parts = parts(file);
    let body = parts["word/document.xml"].child("w:body").expect("a body");
    let paper = |section: &Node| {
        let size = section.child("w:pgSz").expect("a size");
        Item::Paper(size.attribute("w:orient") == "landscape")
    };
    let mut items = Vec::new();
    for node in &body.children {
        match node.name.as_str() {
            "w:tbl" => {
                let rows = node.all("w:tr").into_iter().map(|row| {
                    let cells = row.all("w:tc").into_iter();
                    let texts = |cell: &Node| cell.all("w:p").into_iter().map(text).collect();
                    cells.map(texts).collect()
                });
                items.push(Item::Table(rows.collect()));
            }
            "w:sectPr" => items.push(paper(node)),
            _ => {
                let style = node.all("w:pStyle")[0].attribute("w:val").to_owned();
                if style != "Gap" {
                    items.push(Item::Paragraph(style, text(node)));
                }
                items.extend(node.all("w:sectPr").into_iter().map(paper));
            }
        }
    }
    items
}

fn text(paragraph: &Node) -> String {
    paragraph
        .all("w:t")
        .into_iter()
        .map(|text| text.text.as_str())
        .collect()
}
