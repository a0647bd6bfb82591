//! From sums to figures, values and verdicts.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Zero};

use super::{Step, Writer};
use crate::assess::Subject;
use crate::assess::verdict::{Demand, Otherwise, Status, demands};
use crate::model::formula::Relation;
use crate::model::indicator::{Indicator, Unit};
use crate::model::quantity::ten_to;
use crate::model::resolution::{Bound, Compare, Target};
use crate::query::inquiry::{Wanted, kind_column};
use crate::query::whole::{Ratio, Whole};

/// Digits after the point that are looked for where what stands below the line is not known.
const UNKNOWN_SCALE: u32 = 6;

/// The most digits after the point of a numerator or denominator: fifteen of a figure and three of a
/// mean. Twenty are left before the point.
const LONGEST_SCALE: u32 = 18;

/// Of what is above the line in the query, what stands below it.
enum Below {
    /// This.
    Known(BigInt),
    /// A column of this name.
    Column(String),
}

impl Writer<'_> {
    /// Numerators and denominators.
    pub(super) fn figures_of_levels(&self) -> Step {
        let several = self.inquiry.by.is_some() && self.inquiry.forms().len() > 1;
        let mut columns = String::new();
        for used in &self.inquiry.fields {
            let path = self.name(&used.path);
            let own = &self.inquiry.plan.forms[used.reference.form].id;
            let own = self.name(&format!("{own} owes"));
            columns += &match several {
                false => format!(", {path}"),
                true => format!(
                    ",\n      CASE WHEN part = 1 AND owes = 1 AND {own} = 0 THEN {} ELSE {path} END AS {path}",
                    self.integer(0)
                ),
            };
        }
        for kind in self.inquiry.counted_kinds() {
            columns += &format!(", {}", self.name(&kind_column(kind)));
        }
        let mut figures = String::new();
        for (name, of) in SIDES {
            let above = self.by_indicator(|wanted| {
                let ratio = of(wanted)?;
                let top = self.column_of(&ratio.top);
                Some(match ratio.bottom.constant() {
                    Some(_) => top,
                    None => format!(
                        "CASE WHEN {} IS NOT NULL THEN {top} END",
                        self.whole(&ratio.bottom)
                    ),
                })
            });
            figures += &format!(",\n    {above} AS {name}");
            if self.has_column_below(of) {
                let below = self.by_indicator(|wanted| {
                    let ratio = of(wanted)?;
                    ratio
                        .bottom
                        .constant()
                        .is_none()
                        .then(|| self.whole(&ratio.bottom))
                });
                figures += &format!(",\n    {below} AS {name}_of");
            }
        }
        let body = format!(
            "  SELECT indicator, part, level, position, gap{figures}\n  FROM (\n    \
             SELECT indicator, part, level, position, gap{columns}\n    FROM sums\n  ) operands"
        );
        let mut comment = vec![
            "Числитель и знаменатель по формулам показателей. Нет слагаемого — нет и значения.",
        ];
        if several {
            comment
                .push("В строке разбивки форма, которую её организации не сдают, считается за 0.");
        }
        self.step("ratios", &comment, &body)
    }

    /// Arithmetic that makes a column: a mere number is made as wide as what it will be held against.
    fn column_of(&self, whole: &Whole) -> String {
        match whole.constant() {
            Some(value) => self.dialect.whole(&self.dialect.integer(value)),
            None => self.whole(whole),
        }
    }

    fn has_column_below(&self, of: Side) -> bool {
        let all = self.inquiry.indicators.iter();
        let mut ratios = all.filter_map(of);
        ratios.any(|ratio| ratio.bottom.constant().is_none())
    }

    /// The value as one whole number over another.
    pub(super) fn values(&self) -> Step {
        let mut of = String::new();
        for (name, side) in SIDES {
            if self.has_column_below(side) {
                of += &format!(", {name}_of");
            }
        }
        let top = self.by_indicator(|wanted| Some(self.column_of(&wanted.value().top)));
        let bottom = self.by_indicator(|wanted| Some(self.column_of(&wanted.value().bottom)));
        let too_much = self.by_indicator(|wanted| {
            let denominator = wanted.denominator.as_ref()?;
            let column = |name: &str, ratio: &Ratio| {
                let bottom = match ratio.bottom.constant() {
                    Some(_) => ratio.bottom.clone(),
                    None => Whole::column(format!("{name}_of")),
                };
                Ratio {
                    top: Whole::column(name),
                    bottom,
                }
            };
            wanted.indicator.share.then(|| {
                let above = self.is_above(
                    &column("numerator", &wanted.numerator),
                    &column("denominator", denominator),
                );
                format!("CASE WHEN {above} THEN 1 ELSE 0 END")
            })
        });
        let value = match too_much.as_str() {
            "NULL" => top,
            _ => format!(
                "CASE WHEN part = 0 AND coalesce({too_much}, 0) = 1 THEN NULL ELSE {top} END"
            ),
        };
        let zero = self.integer(0);
        let body = format!(
            "  SELECT indicator, part, level, position, gap, numerator, denominator{of},\n    \
             CASE WHEN bottom < {zero} THEN -top ELSE top END AS top,\n    \
             CASE WHEN bottom < {zero} THEN -bottom ELSE bottom END AS bottom\n  FROM (\n    \
             SELECT indicator, part, level, position, gap, numerator, denominator{of},\n    \
             {value} AS top,\n    {bottom} AS bottom\n    FROM ratios\n  ) signed"
        );
        self.step(
            "actuals",
            &[
                "Значение показателя — дробь top / bottom, точно. Доля всех вместе больше целого (share) —",
                "ошибка: значения нет.",
            ],
            &body,
        )
    }

    /// The value as printed: rounded half-up, a whole number of the indicator's last digits.
    pub(super) fn printed(&self) -> Step {
        let zero = self.integer(0);
        let twice = self.by_indicator(|wanted| {
            let power = ten_to(wanted.indicator.decimals) * 2;
            Some(self.dialect.integer(&power))
        });
        let size = format!("(CASE WHEN top < {zero} THEN -top ELSE top END)");
        let rounded = self.dialect.quotient(
            &format!("{size} * {twice} + bottom"),
            &format!("bottom * {}", self.integer(2)),
        );
        let body = format!(
            "  SELECT rounded.*, CASE WHEN top < {zero} THEN -size ELSE size END AS printed\n  FROM (\n    \
             SELECT actuals.*, {rounded} AS size\n    FROM actuals\n  ) rounded"
        );
        self.step(
            "printed",
            &["Значение, каким его печатают: округлено до знаков показателя, половина — от нуля."],
            &body,
        )
    }

    /// The last select.
    pub(super) fn last(&self) -> String {
        let mut columns = vec!["a.proposal AS proposal".to_owned()];
        columns.push("CASE WHEN a.indicator <> '' THEN a.indicator END AS indicator".to_owned());
        for side in SIDES {
            let name = side.0;
            let digits = format!("v.{name}_digits");
            let decimal = self.dialect.decimal(&digits, self.scale_of(side));
            columns.push(format!("{decimal} AS {name}"));
        }
        let actual = self.dialect.decimal("v.actual_digits", self.decimals());
        columns.push(format!("{actual} AS actual"));
        columns.push(format!("{} AS status", self.status()));
        columns.push("coalesce(v.gap, 0) = 1 AS provisional".to_owned());
        if let Some(by) = self.inquiry.by {
            columns.push(format!(
                "CASE WHEN v.part = 1 THEN v.level END AS {}",
                by.id()
            ));
        }
        for (name, _) in SIDES {
            columns.push(format!("v.{name}_fraction AS {name}_fraction"));
        }
        let columns: Vec<String> = columns.iter().map(|column| format!("  {column}")).collect();
        format!(
            "-- Ответ. У строк разбивки нет вывода, если цель — количество: она поставлена всем вместе.\nSELECT\n{}\nFROM answer a\nLEFT JOIN shown v ON v.indicator = a.indicator\n\
             ORDER BY a.row_number, coalesce(v.part, 0), v.position",
            columns.join(",\n")
        )
    }

    fn below(&self, wanted: &Wanted<'_>, (name, of): (&str, Side)) -> Option<Below> {
        let ratio = of(wanted)?;
        Some(match ratio.bottom.constant() {
            Some(value) => Below::Known(value.clone()),
            None => Below::Column(format!("{name}_of")),
        })
    }

    /// The digits after the point that the numerators or denominators may need.
    fn scale_of(&self, side: (&str, Side)) -> u32 {
        let all = self.inquiry.indicators.iter();
        let all = all.filter_map(|wanted| self.below(wanted, side));
        let scales = all.map(|below| match below {
            Below::Known(value) => digits(&value),
            Below::Column(_) => UNKNOWN_SCALE,
        });
        scales.max().unwrap_or(0).min(LONGEST_SCALE)
    }

    /// A numerator or a denominator as a whole number of its last digits, where it is one.
    fn digits_of(&self, side: (&'static str, Side)) -> String {
        let scale = self.scale_of(side);
        let name = side.0;
        self.by_indicator_or(&self.integer(0), |wanted| {
            Some(match self.below(wanted, side)? {
                Below::Known(value) => {
                    let power = ten_to(scale);
                    let common = power.gcd(&value);
                    let (times, rest) = (power / &common, value / &common);
                    let times = match times.is_one() {
                        true => name.to_owned(),
                        false => format!("{name} * {}", self.dialect.integer(&times)),
                    };
                    match rest.is_one() {
                        true => times,
                        false => self.divided(&times, &self.dialect.integer(&rest)),
                    }
                }
                Below::Column(of) => {
                    let power = self.dialect.integer(&ten_to(scale));
                    self.divided(&format!("{name} * {power}"), &of)
                }
            })
        })
    }

    /// A whole number divided by another, where nothing is left over; of any signs.
    fn divided(&self, above: &str, below: &str) -> String {
        let zero = self.integer(0);
        let positive =
            |text: &str| format!("CASE WHEN {text} < {zero} THEN -({text}) ELSE {text} END");
        let quotient = self.dialect.quotient(&positive(above), &positive(below));
        format!(
            "CASE WHEN ({above}) % {below} <> {zero} THEN NULL WHEN ({above} < {zero}) <> ({below} < {zero}) \
             THEN -({quotient}) ELSE {quotient} END"
        )
    }

    /// A numerator or denominator as a fraction, where it is no decimal.
    fn fraction_of(&self, side: (&'static str, Side)) -> String {
        let scale = self.scale_of(side);
        let name = side.0;
        self.by_indicator_or("''", |wanted| {
            let (of, left) = match self.below(wanted, side)? {
                Below::Known(value) => {
                    let rest = &value / ten_to(scale).gcd(&value);
                    let of = self.dialect.integer(&value);
                    (
                        of,
                        (!rest.is_one())
                            .then(|| format!("{name} % {}", self.dialect.integer(&rest)))?,
                    )
                }
                Below::Column(of) => {
                    let power = self.dialect.integer(&ten_to(scale));
                    (of.clone(), format!("({name} * {power}) % {of}"))
                }
            };
            Some(format!(
                "CASE WHEN {left} <> {} THEN concat({}, '/', {}) END",
                self.integer(0),
                self.dialect.as_text(name),
                self.dialect.as_text(&of)
            ))
        })
    }

    /// What depends on the indicator; where it is nothing for all, nothing of the sort of `like`.
    fn by_indicator_or(&self, like: &str, of: impl Fn(&Wanted<'_>) -> Option<String>) -> String {
        let text = self.by_indicator(of);
        match text.as_str() {
            "NULL" => format!("CASE WHEN 1 = 0 THEN {like} END"),
            _ => text,
        }
    }

    /// The most digits after the point of any value.
    fn decimals(&self) -> u32 {
        let all = self.inquiry.indicators.iter();
        let all = all.map(|wanted| wanted.indicator.decimals);
        all.max().unwrap_or(0)
    }

    /// All that is shown, as whole numbers of the last digits.
    pub(super) fn shown(&self) -> Step {
        let scale = self.decimals();
        let mut columns: String = SIDES
            .iter()
            .map(|side| {
                let (digits, fraction) = (self.digits_of(*side), self.fraction_of(*side));
                let name = side.0;
                format!(",\n    {digits} AS {name}_digits,\n    {fraction} AS {name}_fraction")
            })
            .collect();
        let actual = self.by_indicator_or(&self.integer(0), |wanted| {
            Some(match scale - wanted.indicator.decimals {
                0 => "printed".to_owned(),
                more => format!("printed * {}", self.dialect.integer(&ten_to(more))),
            })
        });
        columns += &format!(",\n    {actual} AS actual_digits");
        let body = format!(
            "  SELECT indicator, part, level, position, gap, top, bottom, printed{columns}\n  FROM printed"
        );
        self.step(
            "shown",
            &[
                "Что показать, целыми числами последних знаков. У чего нет конечной десятичной записи, то стоит",
                "дробью (…_fraction).",
            ],
            &body,
        )
    }

    fn status(&self) -> String {
        // A status for the rows that it is known for beforehand, and those with a target one by one.
        let mut plain: Vec<(Status, Vec<String>)> = Vec::new();
        let mut judged = String::new();
        // Rows of a breakdown have none where there is no target, nor where it is a count: what is asked
        // of all together is asked of nobody alone.
        let mut whole = Vec::new();
        for (row, asked) in (1u32..).zip(&self.inquiry.rows) {
            let proposal = &self.inquiry.resolution.proposals[asked.proposal];
            let status = match (&asked.subject, asked.indicator) {
                (Subject::Target(index), Some(indicator)) => {
                    let indicator = &self.inquiry.plan.indicators[indicator];
                    let target = &proposal.targets[*index];
                    if indicator.unit == Unit::Count {
                        whole.push(row.to_string());
                    }
                    match self.judged(target, indicator) {
                        Some(text) => {
                            judged += &format!("\n    WHEN a.row_number = {row} THEN {text}");
                            continue;
                        }
                        None => Status::NoBase,
                    }
                }
                (subject, _) => {
                    whole.push(row.to_string());
                    match subject {
                        Subject::Watch(_) => Status::Watch,
                        _ => Status::Unmeasured,
                    }
                }
            };
            match plain.iter_mut().find(|(known, _)| *known == status) {
                Some((_, rows)) => rows.push(row.to_string()),
                None => plain.push((status, vec![row.to_string()])),
            }
        }
        let plain: String = plain
            .iter()
            .map(|(status, rows)| {
                let (rows, status) = (rows.join(", "), self.text(status.id()));
                format!("\n    WHEN a.row_number IN ({rows}) THEN {status}")
            })
            .collect();
        let whole = match whole.is_empty() {
            true => String::new(),
            false => format!(
                "\n    WHEN v.part = 1 AND a.row_number IN ({}) THEN NULL",
                whole.join(", ")
            ),
        };
        format!("CASE{whole}{plain}{judged}\n  END")
    }

    /// The status of a target; `None`: growth is wanted, but from what is not known.
    fn judged(&self, target: &Target, indicator: &Indicator) -> Option<String> {
        let (wanted, otherwise) = demands(target, self.inquiry.period)?;
        let holds = |demand: &Demand| self.holds(demand, target, indicator);
        let status = |status: Status| self.text(status.id());
        let otherwise = match &otherwise {
            Otherwise::Stands(one) => format!("ELSE {}", status(*one)),
            Otherwise::OnTheWay(demand) => format!(
                "WHEN {} THEN {} ELSE {}",
                holds(demand),
                status(Status::OnTrack),
                status(Status::Behind)
            ),
        };
        Some(format!(
            "-- {}\n      CASE WHEN v.top IS NULL OR v.bottom IS NULL THEN {} WHEN {} THEN {} {otherwise} END",
            super::clean(&said(target)),
            status(Status::NoData),
            holds(&wanted),
            status(Status::Met)
        ))
    }

    fn holds(&self, demand: &Demand, target: &Target, indicator: &Indicator) -> String {
        let (above, below) = match target.compare {
            Compare::Exact => ("v.top".to_owned(), "v.bottom".to_owned()),
            Compare::Rounded => (
                "v.printed".to_owned(),
                self.dialect.integer(&ten_to(indicator.decimals)),
            ),
        };
        let relation = match demand.relation {
            Relation::LessOrEqual => "<=",
            Relation::Greater => ">",
            _ => ">=",
        };
        let times = |text: String, value: &BigInt| match value.is_one() {
            true => text,
            false => format!("{text} * {}", self.dialect.integer(value)),
        };
        let limit = match demand.limit.numer() {
            zero if zero.is_zero() => self.integer(0),
            value => times(below, value),
        };
        format!("{} {relation} {limit}", times(above, demand.limit.denom()))
    }
}

type Side = fn(&Wanted<'_>) -> Option<Ratio>;

/// What is above the line and what is below.
const SIDES: [(&str, Side); 2] = [
    ("numerator", |wanted| Some(wanted.numerator.clone())),
    ("denominator", |wanted| wanted.denominator.clone()),
];

/// How many digits after the point a whole number of such parts may need, threes and the like apart.
fn digits(parts: &BigInt) -> u32 {
    let mut most = 0;
    for prime in [2u32, 5] {
        let prime = BigInt::from(prime);
        let mut rest = parts.clone();
        let mut power = 0;
        while !rest.is_zero() && rest.is_multiple_of(&prime) {
            rest /= &prime;
            power += 1;
        }
        most = most.max(power);
    }
    most
}

/// What a target asks, for a comment.
fn said(target: &Target) -> String {
    let bound = match target.bound {
        Bound::AtLeast(value) => format!("не меньше {}", value.russian()),
        Bound::AtMost(value) => format!("не больше {}", value.russian()),
        Bound::MoreThanBase => "больше базового значения".to_owned(),
    };
    match target.due {
        Some(due) => format!("{bound}, срок {due}"),
        None => bound,
    }
}
