//! A query over the long table that gives what `check` gives, in the words of an engine.
//!
//! The steps are the same everywhere; what engines say differently is asked of a dialect.

mod clickhouse;
mod dialect;
mod duckdb;
mod last;
mod spark;
mod steps;
mod tables;

use num_bigint::BigInt;

use crate::query::inquiry::{Inquiry, Wanted};
use crate::query::whole::{Ratio, Whole};

use dialect::Dialect;

/// An engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// One machine, no server.
    DuckDb,
    /// A server or many, or one machine.
    ClickHouse,
    /// Many machines.
    Spark,
}

/// Where a part of the long table is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Facts {
    /// Files of CSV; a star stands for any name.
    Csv(String),
    /// Files of Parquet, likewise.
    Parquet(String),
    /// A table of the engine.
    Table(String),
}

impl Facts {
    /// By its ending: what has none of ours is a folder of Parquet, where it looks like a path, or a
    /// table. `None`: none of these.
    pub fn of(text: &str) -> Option<Facts> {
        const ENDINGS: [&str; 4] = [".csv", ".csv.gz", ".csv.zst", ".csv.bz2"];
        let lower = text.to_lowercase();
        let is_path = text.contains(['/', '\\', '*', '?']);
        if ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
            Some(Facts::Csv(text.to_owned()))
        } else if lower.ends_with(".parquet") {
            Some(Facts::Parquet(text.to_owned()))
        } else if is_path {
            let folder = text.trim_end_matches('/');
            let name = folder.rsplit('/').next().unwrap_or_default();
            Some(Facts::Parquet(match name.contains(['*', '?']) {
                true => text.to_owned(),
                false => format!("{folder}/*.parquet"),
            }))
        } else {
            is_table(text).then(|| Facts::Table(text.to_owned()))
        }
    }

    /// A table that is called as a step of the query is, and would be taken for it.
    pub fn is_step(&self) -> bool {
        let Facts::Table(name) = self else {
            return false;
        };
        STEPS.contains(&&*name.trim_matches(['"', '`']).to_lowercase())
    }
}

/// What the steps of the query are called: no table without a schema may be called so.
const STEPS: [&str; 23] = [
    "answer", "register", "parents", "sights", "owed", "uses", "seen", "cells", "placed",
    "reports", "sighted", "chosen", "folded", "owing", "parts", "given", "entering", "members",
    "sums", "ratios", "actuals", "printed", "shown",
];

/// Whether it is the name of a table: words parted by points, each bare or between quotes.
fn is_table(text: &str) -> bool {
    const FILES: [&str; 10] = [
        "xlsx", "xls", "ods", "json", "txt", "tsv", "gz", "zip", "sql", "html",
    ];
    let is_word = |word: &str| {
        let quoted = ['"', '`'].iter().any(|quote| {
            let inside = word.strip_prefix(*quote);
            let inside = inside.and_then(|word| word.strip_suffix(*quote));
            inside.is_some_and(|word| !word.is_empty() && !word.contains(*quote))
        });
        let bare = |c: char| c.is_alphanumeric() || c == '_';
        quoted
            || (word.starts_with(|c: char| c.is_alphabetic() || c == '_') && word.chars().all(bare))
    };
    let last = text.rsplit('.').next().unwrap_or_default().to_lowercase();
    text.split('.').all(is_word) && !FILES.contains(&&*last)
}

/// The script. The parts are of one sort.
pub fn script(inquiry: &Inquiry<'_>, engine: Engine, facts: &[Facts]) -> String {
    let dialect: &dyn Dialect = match engine {
        Engine::DuckDb => &duckdb::DuckDb,
        Engine::ClickHouse => &clickhouse::ClickHouse,
        Engine::Spark => &spark::Spark,
    };
    let writer = Writer {
        inquiry,
        dialect,
        facts,
    };
    writer.script()
}

/// A named step of the query.
struct Step {
    comment: Vec<String>,
    /// `name AS (…)`.
    text: String,
}

/// Writes the steps.
struct Writer<'a> {
    inquiry: &'a Inquiry<'a>,
    dialect: &'a dyn Dialect,
    facts: &'a [Facts],
}

impl Writer<'_> {
    fn script(&self) -> String {
        let mut steps = self.tables();
        steps.extend(self.steps());
        let mut query = String::from("WITH\n");
        for (index, step) in steps.iter().enumerate() {
            if index > 0 {
                query += ",\n";
            }
            query.push('\n');
            for line in &step.comment {
                query += &format!("-- {line}\n");
            }
            query += &step.text;
        }
        query += "\n\n";
        query += &self.last();
        query += self.dialect.after();
        let mut out = self.head();
        let mut before = self.dialect.before(self.facts);
        before.extend(self.dialect.for_length(query.len()));
        for statement in before {
            out += &format!("{statement};\n");
        }
        out + &query + ";\n"
    }

    fn head(&self) -> String {
        let resolution = &self.inquiry.resolution.id;
        let mut lines = vec![
            format!(
                "Факт против плана: резолюция {resolution}, период {}. Написано aleysk sql.",
                self.inquiry.period
            ),
            "Те же числа, что у aleysk check; таблица — выгрузка aleysk export, в любом числе частей."
                .to_owned(),
            "Тот же отчёт в двух частях считается один раз, два разных не входят никуда, уточнённый"
                .to_owned(),
            "заменяет прежний. Правила форм проверены при выгрузке: сверить поля, попавшие в разные"
                .to_owned(),
            "части, уже нельзя, поэтому отчёты одной организации за период выгружают вместе."
                .to_owned(),
        ];
        lines.extend(self.dialect.remarks().iter().map(|line| (*line).to_owned()));
        lines
            .iter()
            .map(|line| format!("-- {}\n", clean(line)))
            .collect()
    }

    fn step(&self, name: &str, comment: &[&str], body: &str) -> Step {
        debug_assert!(STEPS.contains(&name), "{name}");
        Step {
            comment: comment.iter().map(|line| clean(line)).collect(),
            text: format!("{name} AS (\n{body}\n)"),
        }
    }

    fn name(&self, name: &str) -> String {
        self.dialect.name(name)
    }

    fn text(&self, text: &str) -> String {
        self.dialect.text(text)
    }

    fn texts<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> String {
        let all: Vec<String> = texts.into_iter().map(|text| self.text(text)).collect();
        all.join(", ")
    }

    /// What depends on the indicator: said once of those that have it alike.
    fn by_indicator(&self, of: impl Fn(&Wanted<'_>) -> Option<String>) -> String {
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        let mut without = 0;
        for wanted in &self.inquiry.indicators {
            let Some(text) = of(wanted) else {
                without += 1;
                continue;
            };
            let id = wanted.indicator.id.as_str();
            match groups.iter_mut().find(|(known, _)| *known == text) {
                Some((_, ids)) => ids.push(id),
                None => groups.push((text, vec![id])),
            }
        }
        match &groups[..] {
            [] => "NULL".to_owned(),
            [(text, _)] if without == 0 => text.clone(),
            _ => {
                let mut out = String::from("CASE");
                for (text, ids) in &groups {
                    out += &format!(
                        "\n      WHEN {} THEN {text}",
                        self.is_one_of("indicator", ids)
                    );
                }
                out + "\n    END"
            }
        }
    }

    fn is_one_of(&self, column: &str, texts: &[&str]) -> String {
        match texts {
            [one] => format!("{column} = {}", self.text(one)),
            _ => format!("{column} IN ({})", self.texts(texts.iter().copied())),
        }
    }

    /// Arithmetic of whole numbers.
    fn whole(&self, whole: &Whole) -> String {
        match whole {
            Whole::Constant(value) => self.dialect.integer(value),
            Whole::Column(name) => self.name(name),
            Whole::Sum(a, b) => format!("({} + {})", self.whole(a), self.whole(b)),
            Whole::Difference(a, b) => format!("({} - {})", self.whole(a), self.whole(b)),
            Whole::NonZero(inner) => {
                format!("nullif({}, {})", self.whole(inner), self.integer(0))
            }
            Whole::Product(a, b) => {
                let (left, right) = (self.whole(a), self.whole(b));
                match a.constant().or(b.constant()) {
                    Some(_) => format!("{left} * {right}"),
                    None => self.dialect.product(&left, &right),
                }
            }
        }
    }

    fn integer(&self, value: i64) -> String {
        self.dialect.integer(&BigInt::from(value))
    }

    /// Whether one fraction is above another.
    fn is_above(&self, left: &Ratio, right: &Ratio) -> String {
        let difference = Ratio::new(left.top.clone(), left.bottom.clone());
        let (a, b) = (difference.bottom.constant(), right.bottom.constant());
        match (a, b) {
            (Some(_), Some(_)) => {
                let crossed = difference.over(Ratio::new(Whole::one(), right.bottom.clone()));
                format!(
                    "{} > {}",
                    self.whole(&crossed.top),
                    self.whole(&right.top.clone().times(crossed.bottom))
                )
            }
            _ => {
                let above = left.top.clone().times(right.bottom.clone());
                let below = right.top.clone().times(left.bottom.clone());
                let (above, below) = (self.whole(&above), self.whole(&below));
                let sign = self.whole(&left.bottom.clone().times(right.bottom.clone()));
                let zero = self.integer(0);
                format!(
                    "(({above} > {below} AND {sign} > {zero}) OR ({above} < {below} AND {sign} < {zero}))"
                )
            }
        }
    }
}

/// A comment stays on its line.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
