//! Random plans and reports: forms of every length, folds, windows, formulas, organisations that open
//! and close, empty and faulty cells, reports that come twice, contradict one another, are corrected.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Dice;

/// What was made.
pub struct Made {
    pub data: PathBuf,
    pub parts: Vec<Vec<PathBuf>>,
    pub periods: Vec<String>,
    pub declared: bool,
}

const KINDS: [&str; 3] = ["garden", "school", "club"];
const EVERY: [&str; 5] = ["month", "quarter", "half-year", "year", "school-year"];
const FOLDS: [&str; 5] = ["last", "sum", "to-date", "average", "max"];
const WINDOWS: [&str; 3] = ["period", "year-to-date", "school-year-to-date"];
const CHECKED: [&str; 9] = [
    "2025-12", "2025-10", "2025-01", "2025-Q4", "2025-Q3", "2025-H2", "2025", "2025/26", "2024/25",
];

struct Field {
    id: String,
    kind: &'static str,
    zero: bool,
}

struct Form {
    id: String,
    every: usize,
    kinds: Vec<&'static str>,
    fields: Vec<Field>,
}

fn one<'t>(dice: &mut Dice, list: &[&'t str]) -> &'t str {
    list[dice.below(list.len())]
}

/// A data folder, reports and what may be asked of them.
pub fn make(seed: u64, folder: &Path) -> Made {
    let mut dice = Dice::new(seed);
    let declared = !dice.once_in(5);
    let data = folder.join("data");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, text).expect("written");
        path
    };
    let forms: Vec<Form> = (0..1 + dice.below(3))
        .map(|index| form(&mut dice, index, declared))
        .collect();
    for form in &forms {
        write(
            &format!("data/forms/{}.toml", form.id),
            &form_file(&mut dice, form),
        );
    }
    let indicators = 3 + dice.below(4);
    let (text, units) = indicators_file(&mut dice, &forms, indicators, declared);
    write("data/indicators.toml", &text);
    write(
        "data/resolutions/r.toml",
        &resolution_file(&mut dice, &units),
    );
    let organisations = 4 + dice.below(8);
    if declared {
        write(
            "data/organisations.toml",
            &register_file(&mut dice, organisations),
        );
    }
    let pieces = 1 + dice.below(4);
    let mut parts = vec![Vec::new(); pieces];
    for form in &forms {
        for (piece, name, text) in reports(&mut dice, form, organisations, pieces) {
            parts[piece].push(write(&format!("reports/{name}.csv"), &text));
        }
    }
    let mut periods: Vec<String> = Vec::new();
    for _ in 0..3 {
        let period = one(&mut dice, &CHECKED).to_owned();
        if !periods.contains(&period) {
            periods.push(period);
        }
    }
    Made {
        data,
        parts,
        periods,
        declared,
    }
}

/// Figures of seventeen digits; resolutions that ask for their sums and for their products.
pub fn longest(folder: &Path) -> Made {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, text).expect("written");
        path
    };
    let mut form = String::from("id = \"form\"\ntitle = \"form\"\nevery = \"month\"\n");
    for (id, kind) in [("count", "count"), ("large", "number"), ("small", "number")] {
        let _ = write!(
            form,
            "\n[[field]]\nid = \"{id}\"\nheader = \"{id}\"\ntype = \"{kind}\"\nover_time = \"last\"\n"
        );
    }
    write("data/forms/form.toml", &form);
    let mut indicators = String::new();
    for (id, formula) in [
        ("count", "form.count"),
        ("large", "form.large + form.small"),
        ("small", "form.small"),
        ("product", "form.large * form.large * form.large"),
    ] {
        let _ = write!(
            indicators,
            "[[indicator]]\nid = \"{id}\"\nname = \"{id}\"\nunit = \"count\"\nnumerator = \"{formula}\"\n\
             decimals = 2\n\n"
        );
    }
    write("data/indicators.toml", &indicators);
    for (id, watch) in [
        ("sums", "\"count\", \"large\", \"small\""),
        ("products", "\"product\""),
    ] {
        let text = format!(
            "id = \"{id}\"\ntitle = \"{id}\"\ndate = 2025-01-15\nstatus = \"draft\"\n\n[[proposal]]\nnumber = 1\n\
             topic = \"Т\"\ntext = \"Следить\"\nwatch = [{watch}]\n"
        );
        write(&format!("data/resolutions/{id}.toml"), &text);
    }
    let mut register = String::new();
    let mut parts = vec![Vec::new(), Vec::new()];
    for index in 0..20 {
        let _ = write!(
            register,
            "[[organisation]]\nid = \"o-{index}\"\nname = \"O {index}\"\nkind = \"any\"\n\n"
        );
        let report = format!(
            "Период;Организация;count;large;small\n\
             2025-12;o-{index};99999999999999999;-999999999999999{index:02};99,999999999999999\n"
        );
        parts[index % 2].push(write(&format!("reports/{index}.csv"), &report));
    }
    write("data/organisations.toml", &register);
    Made {
        data: folder.join("data"),
        parts,
        periods: Vec::new(),
        declared: true,
    }
}

/// Reports that differ and corrections of parts of them, each file exported by itself.
pub fn layers(folder: &Path) -> Made {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, text).expect("written");
        path
    };
    let mut form = String::from("id = \"form\"\ntitle = \"form\"\nevery = \"month\"\n");
    let mut indicators = String::new();
    for (id, missing) in [("a", "exclude"), ("b", "exclude"), ("c", "zero")] {
        let _ = write!(
            form,
            "\n[[field]]\nid = \"{id}\"\nheader = \"{id}\"\ntype = \"count\"\nover_time = \"last\"\n\
             missing = \"{missing}\"\n"
        );
        let _ = write!(
            indicators,
            "[[indicator]]\nid = \"{id}\"\nname = \"{id}\"\nunit = \"count\"\nnumerator = \"form.{id}\"\n\
             decimals = 0\n\n"
        );
    }
    write("data/forms/form.toml", &form);
    write("data/indicators.toml", &indicators);
    write(
        "data/resolutions/r.toml",
        "id = \"r\"\ntitle = \"r\"\ndate = 2025-01-15\nstatus = \"adopted\"\n\n[[proposal]]\nnumber = 1\n\
         topic = \"Т\"\ntext = \"Следить\"\nwatch = [\"a\", \"b\", \"c\"]\n",
    );
    let mut register = String::new();
    for id in ["differs", "corrects", "slips", "blank", "same", "silent"] {
        let _ = write!(
            register,
            "[[organisation]]\nid = \"{id}\"\nname = \"{id}\"\nkind = \"any\"\n\n"
        );
    }
    write("data/organisations.toml", &register);
    let header = "Период;Организация";
    let files = [
        (
            "one".to_owned(),
            format!(
                "{header};a;b;c\n2025-12;differs;1;2;3\n2025-12;corrects;1;2;3\n2025-12;slips;ой;2;3\n\
                 2025-12;blank;1;;3\n2025-12;same;1;2;3\n"
            ),
        ),
        (
            "other".to_owned(),
            format!(
                "{header};a;b;c\n2025-12;differs;1;5;3\n2025-12;slips;ай;2;3\n2025-12;blank;1;2;3\n\
                 2025-12;same;1;2;3\n"
            ),
        ),
        (
            "уточнённый".to_owned(),
            format!("{header};a\n2025-12;differs;10\n2025-12;corrects;10\n2025-12;corrects;11\n"),
        ),
        (
            SUPERSEDES.to_owned(),
            format!("{header};c\n2025-12;corrects;30\n"),
        ),
    ];
    Made {
        data: folder.join("data"),
        parts: files
            .iter()
            .map(|(name, text)| vec![write(&format!("reports/{name}.csv"), text)])
            .collect(),
        periods: Vec::new(),
        declared: true,
    }
}

fn kind_of(organisation: usize) -> &'static str {
    KINDS[organisation % KINDS.len()]
}

fn form(dice: &mut Dice, index: usize, declared: bool) -> Form {
    let kinds = match dice.below(3) {
        _ if !declared => Vec::new(),
        0 => Vec::new(),
        1 => vec![kind_of(index)],
        _ => vec![kind_of(index), kind_of(index + 1)],
    };
    let count = 2 + dice.below(3);
    let fields = (0..count).map(|field| Field {
        id: format!("f{index}_{field}"),
        kind: ["count", "count", "count", "number", "flag"][dice.below(5)],
        zero: dice.once_in(3),
    });
    let fields = fields.collect();
    Form {
        id: format!("form{index}"),
        every: [0, 0, 0, 1, 2, 3, 4][dice.below(7)],
        kinds,
        fields,
    }
}

fn form_file(dice: &mut Dice, form: &Form) -> String {
    let mut text = format!(
        "id = \"{0}\"\ntitle = \"{0}\"\nevery = \"{1}\"\n",
        form.id, EVERY[form.every]
    );
    if !form.kinds.is_empty() {
        let _ = writeln!(text, "kind = {:?}", form.kinds);
    }
    for field in &form.fields {
        let missing = if field.zero { "zero" } else { "exclude" };
        let fold = match field.kind {
            "flag" => one(dice, &["last", "max"]),
            _ => one(dice, &FOLDS),
        };
        let _ = write!(
            text,
            "\n[[field]]\nid = \"{0}\"\nheader = \"{0}\"\ntype = \"{1}\"\nover_time = \"{fold}\"\nmissing = \"{missing}\"\n",
            field.id, field.kind
        );
    }
    text
}

/// A field of some form; whether it may be a fraction.
fn operand(dice: &mut Dice, forms: &[Form], whole: bool) -> String {
    loop {
        let form = &forms[dice.below(forms.len())];
        let field = &form.fields[dice.below(form.fields.len())];
        if !whole || field.kind != "number" {
            return format!("{}.{}", form.id, field.id);
        }
        if dice.once_in(20) {
            return "7".to_owned();
        }
    }
}

fn formula(dice: &mut Dice, forms: &[Form], declared: bool) -> String {
    let plain = operand(dice, forms, false);
    match dice.below(12) {
        0..=3 => plain,
        4..=5 => format!("{plain} + {}", operand(dice, forms, false)),
        6 => format!("{plain} - 2.5 * {}", operand(dice, forms, false)),
        7 => format!("-({plain} / 3) + {}", operand(dice, forms, false)),
        8 if declared => format!("{plain} + organisations({})", one(dice, &KINDS)),
        9 if declared => format!("organisations({})", one(dice, &KINDS)),
        // Products of fractions would be too long for engines of 38 digits.
        10 => format!(
            "{} * {}",
            operand(dice, forms, true),
            operand(dice, forms, true)
        ),
        11 => format!(
            "{} / {}",
            operand(dice, forms, true),
            operand(dice, forms, true)
        ),
        _ => plain,
    }
}

fn indicators_file(
    dice: &mut Dice,
    forms: &[Form],
    count: usize,
    declared: bool,
) -> (String, Vec<&'static str>) {
    let mut text = String::new();
    let mut units = Vec::new();
    for index in 0..count {
        let unit = ["percent", "ratio", "count"][dice.below(3)];
        units.push(unit);
        let _ = write!(
            text,
            "[[indicator]]\nid = \"i{index}\"\nname = \"Показатель {index}\"\nunit = \"{unit}\"\nnumerator = \"{}\"\n\
             decimals = {}\nwindow = \"{}\"\nmethod = \"-\"\n",
            formula(dice, forms, declared),
            dice.below(4),
            one(dice, &WINDOWS)
        );
        if unit != "count" {
            let denominator = formula(dice, forms, declared);
            let share = dice.once_in(2);
            let _ = write!(text, "denominator = \"{denominator}\"\nshare = {share}\n");
        }
        text.push('\n');
    }
    (text, units)
}

fn resolution_file(dice: &mut Dice, units: &[&str]) -> String {
    let mut text = String::from(
        "id = \"r\"\ntitle = \"Условная\"\nevent = \"-\"\ndate = 2025-01-15\nstatus = \"adopted\"\nsource = \"-\"\n\
         preamble = \"Участники предлагают:\"\n",
    );
    for index in 0..units.len() {
        let _ = write!(
            text,
            "\n[[proposal]]\nnumber = {}\ntopic = \"Т\"\ntext = \"Сделать {index}\"\n",
            index + 1
        );
        match dice.below(5) {
            0 => continue,
            1 => {
                let _ = writeln!(
                    text,
                    "watch = [\"i{index}\", \"i{}\"]",
                    (index + 1) % units.len()
                );
                continue;
            }
            _ => {}
        }
        let _ = write!(
            text,
            "\n[[proposal.target]]\nindicator = \"i{index}\"\nquote = \"Сделать {index}\"\n"
        );
        let limit = format!("{}.{:02}", dice.below(90), dice.below(100));
        let base = format!(
            "base = {{ period = \"2023\", value = {} }}\n",
            dice.below(50)
        );
        match dice.below(4) {
            0 => text += "more_than_base = true\n",
            1 => text += &format!("at_most = {limit}\n"),
            _ => text += &format!("at_least = {limit}\n"),
        }
        let more = text.ends_with("more_than_base = true\n");
        match dice.below(4) {
            0 => text += "maintain = true\n",
            1 => {}
            2 => {
                text += "due = \"2026-12\"\n";
                if !more {
                    text += "path = \"linear\"\n";
                    text += &base;
                }
            }
            _ => {
                text +=
                    "due = \"2026-06\"\nmilestones = [ { period = \"2025-09\", value = 12.5 } ]\n";
            }
        }
        if more && dice.once_in(2) {
            text += &base;
        }
        if dice.once_in(4) {
            text += "compare = \"rounded\"\n";
        }
    }
    text
}

fn register_file(dice: &mut Dice, organisations: usize) -> String {
    let mut text = String::from(
        "[[organisation]]\nid = \"region\"\nkind = \"region\"\nname = \"Край\"\n\n\
         [[organisation]]\nid = \"town\"\nkind = \"town\"\nname = \"Город\"\nparent = \"region\"\n",
    );
    for index in 0..organisations {
        let parent = one(dice, &["town", "region", "village"]);
        let _ = write!(
            text,
            "\n[[organisation]]\nid = \"o-{index}\"\nname = \"Организация № {index}\"\nkind = \"{}\"\nparent = \"{parent}\"\n",
            kind_of(index)
        );
        if dice.once_in(4) {
            let _ = writeln!(text, "opened = 2025-{:02}-01", 1 + dice.below(12));
        }
        if dice.once_in(4) {
            let _ = writeln!(text, "closed = 2026-{:02}-15", 1 + dice.below(12));
        } else if dice.once_in(8) {
            let _ = writeln!(text, "closed = 2025-12-30");
        }
    }
    text
}

/// The periods of a length between 2023 and 2026.
fn periods(every: usize) -> Vec<String> {
    let years = 2023..=2026;
    match every {
        0 => (2024..=2026)
            .flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")))
            .collect(),
        1 => years
            .flat_map(|year| (1..=4).map(move |part| format!("{year}-Q{part}")))
            .collect(),
        2 => years
            .flat_map(|year| (1..=2).map(move |part| format!("{year}-H{part}")))
            .collect(),
        3 => years.map(|year| year.to_string()).collect(),
        _ => years
            .map(|year| format!("{year}/{}", year % 100 + 1))
            .collect(),
    }
}

/// What stands in a file's name if it is to be superseding.
pub const SUPERSEDES: &str = "главный";

/// The reports of a form: the part that each file is exported with, its name, its text. What one
/// organisation reports may stand in several parts, twice, and not the same.
fn reports(
    dice: &mut Dice,
    form: &Form,
    organisations: usize,
    pieces: usize,
) -> Vec<(usize, String, String)> {
    // What corrects in part is exported by itself: it replaces nothing before the query does.
    let in_layers = pieces > 1 && !dice.once_in(3);
    let plain = match in_layers {
        true => {
            if pieces == 4 {
                2
            } else {
                1
            }
        }
        false => pieces,
    };
    let all: Vec<&Field> = form.fields.iter().collect();
    let some = |dice: &mut Dice| {
        let from = dice.below(all.len());
        let to = from + 1 + dice.below(all.len() - from);
        all[from..to].to_vec()
    };
    let corrected = if in_layers { some(dice) } else { all.clone() };
    let superseding = some(dice);
    let mut texts = vec![header(&all); plain];
    let mut corrections = header(&corrected);
    let mut main = header(&superseding);
    for organisation in 0..organisations {
        for period in reported(dice, form, organisation) {
            let (home, other) = (dice.below(plain), dice.below(plain));
            let own = row(dice, &all, organisation, &period);
            texts[home] += &own;
            match dice.below(20) {
                0 => texts[other] += &own,
                1 => texts[other] += &altered(dice, &own),
                _ => {}
            }
            let is_corrected = dice.once_in(10);
            if is_corrected {
                let own = row(dice, &corrected, organisation, &period);
                corrections += &own;
                if dice.once_in(2) {
                    corrections += &altered(dice, &own);
                }
            }
            if dice.once_in(if is_corrected { 3 } else { 20 }) {
                main += &row(dice, &superseding, organisation, &period);
            }
        }
    }
    let id = &form.id;
    let home = if in_layers { plain } else { dice.below(pieces) };
    let mut files = vec![(home, format!("{id} уточнённый"), corrections)];
    if in_layers && plain + 1 < pieces {
        files.push((plain + 1, format!("{id} {SUPERSEDES}"), main));
    }
    let plain = texts.into_iter().enumerate();
    files.extend(plain.map(|(piece, text)| (piece, format!("{id}-{piece}"), text)));
    files
}

/// A row with something else in one cell.
fn altered(dice: &mut Dice, row: &str) -> String {
    let mut cells: Vec<&str> = row.trim_end().split(';').collect();
    let at = 2 + dice.below(cells.len() - 2);
    match cells.iter().position(|cell| *cell == "ой") {
        Some(slip) if dice.once_in(2) => cells[slip] = "ай",
        _ => cells[at] = one(dice, &["", "ой", "ай", "1"]),
    }
    cells.join(";") + "\n"
}

fn header(fields: &[&Field]) -> String {
    let mut text = String::from("Период;Организация");
    for field in fields {
        let _ = write!(text, ";{}", field.id);
    }
    text + "\n"
}

/// The periods for which an organisation reports.
fn reported(dice: &mut Dice, form: &Form, organisation: usize) -> Vec<String> {
    if !form.kinds.is_empty() && !form.kinds.contains(&kind_of(organisation)) || dice.once_in(8) {
        return Vec::new();
    }
    let often = 1 + dice.below(4);
    let mut all = periods(form.every);
    if dice.once_in(3) {
        // Reports for other stretches of time than the form asks for.
        all.extend(periods(dice.below(EVERY.len())));
        all.sort();
        all.dedup();
    }
    all.retain(|_| dice.below(4) < often);
    all
}

fn row(dice: &mut Dice, fields: &[&Field], organisation: usize, period: &str) -> String {
    let mut text = format!("{period};o-{organisation}");
    for field in fields {
        text.push(';');
        match dice.below(12) {
            0 => {}
            1 => text += one(dice, &["ой", "ай"]),
            _ => match field.kind {
                "count" => text += &dice.below(3000).to_string(),
                "flag" => text += one(dice, &["да", "нет"]),
                _ => {
                    let sign = if dice.once_in(4) { "-" } else { "" };
                    let _ = write!(text, "{sign}{},{:03}", dice.below(2000), dice.below(1000));
                }
            },
        }
    }
    text.push('\n');
    text
}
