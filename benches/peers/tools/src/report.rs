//! What is reported: organisations, their figures, and what is wrong with them.

use crate::dice::Dice;

/// What a file is to hold.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Who reports.
    pub organisations: u32,
    /// For how many months, from January 2017.
    pub months: u32,
    /// So many reports at most: the last month is cut short.
    pub rows: u64,
    /// The share of rows with a fault.
    pub faults: f64,
    /// A fault in every cell but period and organisation.
    pub faulty_cells: bool,
    /// How often the columns of figures come.
    pub copies: usize,
    /// Which report comes first.
    pub order: Order,
}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe {
            organisations: 24,
            months: 12,
            rows: u64::MAX,
            faults: 0.002,
            faulty_cells: false,
            copies: 1,
            order: Order::Months,
        }
    }
}

/// Which report comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// As they arrive: month by month, organisations mixed.
    Months,
    /// One organisation after another.
    Organisations,
}

impl Order {
    /// By its name.
    ///
    /// # Errors
    /// There is none.
    pub fn of(name: &str) -> Result<Order, String> {
        match name {
            "months" => Ok(Order::Months),
            "organisations" => Ok(Order::Organisations),
            _ => Err(format!("no such order: {name}")),
        }
    }
}

/// A figure's column.
pub struct Field {
    /// Its id, and its heading in Latin files.
    pub id: &'static str,
    /// Its heading in Russian files.
    pub header: &'static str,
}

const fn field(id: &'static str, header: &'static str) -> Field {
    Field { id, header }
}

/// How many figures a report has.
pub const COUNT: usize = 9;

/// The figures of a report.
pub const FIELDS: [Field; COUNT] = [
    field("children_total", "Всего детей"),
    field("children_enrolled", "Зачислено детей"),
    field("children_waiting", "В очереди"),
    field("children_5_18", "Детей 5-18 лет"),
    field("children_in_dop", "Охвачено ДОП"),
    field("teachers_total", "Педагогов всего"),
    field("teachers_trained", "Педагогов обучено"),
    field("target_contracts", "Целевых договоров"),
    field("has_parent_programme", "Программа для родителей"),
];

/// The one with a fraction.
pub const TEACHERS: usize = 5;

/// The one that says yes or no.
pub const PROGRAMME: usize = 8;

/// The first figure of each pair may not be more than the second.
const WITHIN: [(usize, usize); 3] = [(1, 0), (4, 3), (6, TEACHERS)];

/// Whoever reports.
pub struct Organisation {
    pub region: String,
    pub id: String,
    pub name: String,
    pub kind: &'static str,
    size: u32,
    programme: bool,
    index: u32,
}

const REGIONS: u32 = 89;
const GARDENS: [&str; 8] = [
    "Журавлик",
    "Светлячок",
    "Ёлочка",
    "Родничок",
    "Огонёк",
    "Василёк",
    "Пчёлка",
    "Чебурашка",
];
const TOWNS: [&str; 5] = ["Алейск", "Бийск", "Заринск", "Рубцовск", "Яровое"];

impl Organisation {
    /// The one with this number, of so many.
    pub fn of(index: u32, count: u32) -> Organisation {
        let mut dice = Dice::of([1, u64::from(index)]);
        let each = count.div_ceil(REGIONS);
        let (region, within) = (index / each + 1, index % each);
        let number = 1 + dice.below(300);
        let garden = dice.below(20) < 11;
        let small = u64::from(dice.below(1000)) * u64::from(dice.below(1000)) / 1000;
        let (name, kind, least, more) = if garden {
            let name = format!("МБДОУ «Детский сад № {number}» ({})", dice.one(&GARDENS));
            (name, "kindergarten", 40, 360)
        } else {
            let name = format!("МБОУ «СОШ № {number}» г. {}", dice.one(&TOWNS));
            (name, "school", 150, 1200)
        };
        Organisation {
            region: format!("{region:02}"),
            id: format!(
                "{region:02}-{:04}-{:03}",
                within / 500 + 1,
                within % 500 + 1
            ),
            name,
            kind,
            size: least + (small * more / 1000) as u32,
            programme: dice.below(10) < 6,
            index,
        }
    }
}

/// What is wrong with a row, by the code that it is told with.
pub const CODES: [&str; 7] = [
    "duplicate-report",
    "empty-required",
    "negative",
    "not-a-flag",
    "not-a-number",
    "out-of-range",
    "rule-broken",
];

/// A report as written, and what of it holds.
pub struct Row<'a> {
    pub organisation: &'a Organisation,
    pub month: u32,
    region: &'a str,
    kind: &'a str,
    /// In hundredths; yes is one.
    pub figures: [i64; COUNT],
    /// What stands in a cell instead of its figure.
    instead: [Option<String>; COUNT],
    /// What can be read as a number, whether it may be or not.
    pub readable: [Option<i64>; COUNT],
    /// What is accepted.
    pub accepted: [Option<i64>; COUNT],
    /// How often each of [`CODES`] is told of it.
    pub faults: [u64; CODES.len()],
    note: String,
    /// It comes again, further down.
    pub again: bool,
}

impl<'a> Row<'a> {
    /// What an organisation reports for a month.
    pub fn of(organisation: &'a Organisation, month: u32, recipe: &Recipe) -> Row<'a> {
        let seed = (u64::from(month) << 32) | u64::from(organisation.index);
        let mut dice = Dice::of([2, seed]);
        let figures = figures(organisation, &mut dice);
        let mut row = Row {
            organisation,
            month,
            region: &organisation.region,
            kind: organisation.kind,
            figures,
            instead: Default::default(),
            readable: figures.map(Some),
            accepted: figures.map(Some),
            faults: [0; CODES.len()],
            note: note(&mut dice),
            again: recipe.faults > 0.0 && !recipe.faulty_cells && dice.happens(0.0001),
        };
        if recipe.faulty_cells {
            row.spoil_all(&mut dice);
        } else if dice.happens(recipe.faults) {
            row.spoil(&mut dice);
        }
        row
    }

    fn told(&mut self, code: &str) {
        let index = CODES.iter().position(|one| *one == code);
        self.faults[index.expect("a code of the list")] += 1;
    }

    /// One fault of any sort.
    fn spoil(&mut self, dice: &mut Dice) {
        let field = dice.below(PROGRAMME as u32) as usize;
        match dice.below(8) {
            sort @ 0..=3 => self.spoil_figure(field, sort, dice),
            4 => self.break_rule(WITHIN[dice.below(3) as usize], dice),
            5 => self.spoil_flag(),
            6 => self.spoil_region(),
            _ => self.spoil_kind(),
        }
    }

    fn spoil_all(&mut self, dice: &mut Dice) {
        for field in 0..PROGRAMME {
            let sort = dice.below(4);
            self.spoil_figure(field, sort, dice);
        }
        self.spoil_flag();
        self.spoil_region();
        self.spoil_kind();
    }

    fn spoil_figure(&mut self, field: usize, sort: u32, dice: &mut Dice) {
        let (text, code) = match sort {
            0 => (String::new(), "empty-required"),
            1 => ("н/д".to_owned(), "empty-required"),
            2 => ("много".to_owned(), "not-a-number"),
            _ => (format!("-{}", 1 + dice.below(30)), "negative"),
        };
        self.readable[field] = text.parse::<i64>().ok().map(|number| number * 100);
        self.accepted[field] = None;
        self.instead[field] = Some(text);
        self.told(code);
    }

    fn break_rule(&mut self, (part, whole): (usize, usize), dice: &mut Dice) {
        let more = self.figures[whole] / 100 + 1 + i64::from(dice.below(20));
        self.instead[part] = Some(more.to_string());
        self.readable[part] = Some(more * 100);
        (self.accepted[part], self.accepted[whole]) = (None, None);
        self.told("rule-broken");
    }

    fn spoil_flag(&mut self) {
        self.instead[PROGRAMME] = Some("может быть".to_owned());
        self.readable[PROGRAMME] = None;
        self.accepted[PROGRAMME] = None;
        self.told("not-a-flag");
    }

    fn spoil_region(&mut self) {
        self.region = "0x";
        self.told("out-of-range");
    }

    fn spoil_kind(&mut self) {
        self.kind = "camp";
        self.told("out-of-range");
    }

    /// Whether a figure is accepted; the copies of the columns are without fault.
    pub fn reports_something(&self, copies: usize) -> bool {
        copies > 1 || self.accepted.iter().any(Option::is_some)
    }

    /// Its cells, in the order of [`headings`].
    pub fn cells(&self, copies: usize, decimal: char) -> Vec<String> {
        let mut cells = Vec::with_capacity(6 + COUNT * copies);
        cells.extend([
            period(self.month),
            self.region.to_owned(),
            self.organisation.id.clone(),
            self.organisation.name.clone(),
            self.kind.to_owned(),
        ]);
        for copy in 0..copies {
            for field in 0..COUNT {
                cells.push(match &self.instead[field] {
                    Some(text) if copy == 0 => text.clone(),
                    _ => figure(field, self.figures[field], decimal),
                });
            }
        }
        cells.push(self.note.clone());
        cells
    }
}

/// The headings of a file.
pub fn headings(copies: usize, russian: bool) -> Vec<String> {
    let (first, note) = match russian {
        true => (
            [
                "Период",
                "Код региона",
                "Код организации",
                "Наименование организации",
                "Вид",
            ],
            "Примечание",
        ),
        false => (
            ["period", "region_code", "org_id", "org_name", "kind"],
            "note",
        ),
    };
    let mut headings: Vec<String> = first.map(str::to_owned).into();
    for copy in 1..=copies {
        headings.extend(FIELDS.iter().map(|field| {
            let name = if russian { field.header } else { field.id };
            match copy {
                1 => name.to_owned(),
                _ => format!("{name}_{copy}"),
            }
        }));
    }
    headings.push(note.to_owned());
    headings
}

/// A month's id.
pub fn period(month: u32) -> String {
    format!("{}-{:02}", 2017 + month / 12, month % 12 + 1)
}

fn figures(organisation: &Organisation, dice: &mut Dice) -> [i64; COUNT] {
    let total = organisation.size * (90 + dice.below(21)) / 100;
    let enrolled = total * (70 + dice.below(31)) / 100;
    let waiting = dice.below(30) * dice.below(30) / 30;
    let older = total * (40 + dice.below(51)) / 100;
    let in_dop = older * (50 + dice.below(51)) / 100;
    let quarters = 12 + dice.below(total);
    let trained = dice.below(quarters / 4 + 1);
    let whole = |number: u32| i64::from(number) * 100;
    [
        whole(total),
        whole(enrolled),
        whole(waiting),
        whole(older),
        whole(in_dop),
        i64::from(quarters) * 25,
        whole(trained),
        whole(dice.below(5)),
        whole(u32::from(organisation.programme)),
    ]
}

fn figure(field: usize, hundredths: i64, decimal: char) -> String {
    match field {
        TEACHERS => format!("{}{decimal}{:02}", hundredths / 100, hundredths % 100),
        PROGRAMME if hundredths == 0 => "нет".to_owned(),
        PROGRAMME => "да".to_owned(),
        _ => (hundredths / 100).to_string(),
    }
}

/// Mostly nothing; sometimes a few words, rarely two lines with every sign that a table has.
fn note(dice: &mut Dice) -> String {
    match dice.below(50) {
        0 => format!(
            "уточнено: приказ № {}; срок \"до пятницы\",\nподпись: заведующая",
            1 + dice.below(99)
        ),
        1..=4 => dice
            .one(&["без замечаний", "передано по почте", "сверено с журналом"])
            .to_owned(),
        _ => String::new(),
    }
}
