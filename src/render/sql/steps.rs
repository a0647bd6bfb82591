//! From the long table to what each organisation gives to each indicator, and its sums by level.

use super::tables::ANY_EARLIER;
use super::{Facts, Step, Writer};
use crate::assess::By;
use crate::diagnostic::Code;
use crate::model::form::{Missing, OverTime};
use crate::query::facts::NO_FAULT;
use crate::query::inquiry::{EARLIER, Look, Used, Wanted, kind_column, means};

impl Writer<'_> {
    /// The steps between the tables and the last select.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        if !self.inquiry.looks.is_empty() {
            steps.push(self.facts_step());
            steps.push(self.cells());
            steps.push(self.placed());
            steps.push(self.reports());
            steps.push(self.sighted());
            steps.push(self.chosen());
            steps.push(self.folded());
            steps.push(self.owing());
            steps.push(self.parts());
        }
        if !self.inquiry.register().declared {
            steps.push(self.register_of_facts());
        }
        steps.push(self.given());
        steps.push(self.entering());
        steps.push(self.members());
        steps.push(self.sums());
        steps.push(self.figures_of_levels());
        steps.push(self.values());
        steps.push(self.printed());
        steps.push(self.shown());
        steps
    }

    /// A line for each field that is used, joined by commas and set off from what stands before.
    fn each_field(&self, of: impl Fn(&Used<'_>) -> String) -> String {
        let all = self.inquiry.fields.iter();
        all.map(|used| format!(",\n    {}", of(used))).collect()
    }

    fn facts_step(&self) -> Step {
        let conditions: Vec<String> = self
            .inquiry
            .forms()
            .into_iter()
            .map(|form| {
                let looks: Vec<&Look> = self
                    .inquiry
                    .looks
                    .iter()
                    .filter(|look| look.form == form)
                    .collect();
                let mut periods: Vec<_> = looks
                    .iter()
                    .flat_map(|look| &look.sees)
                    .map(|sight| sight.period)
                    .collect();
                periods.sort_unstable();
                periods.dedup();
                let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
                let listed = self.texts(periods.iter().map(String::as_str));
                let id = self.text(&self.inquiry.plan.forms[form].id);
                let seen = match looks.iter().find_map(|look| look.before) {
                    None => format!("period IN ({listed})"),
                    Some(before) => format!(
                        "(period IN ({listed}) OR {} < {})",
                        "last_day",
                        self.dialect.day(before)
                    ),
                };
                format!("(form = {id} AND {seen})")
            })
            .collect();
        let body = format!(
            "  SELECT organisation, form, period, first_day, last_day, field, value, left_out, found, \
             correction\n  FROM (\n{}\n  ) parts\n  WHERE {}",
            self.read_parts(),
            conditions.join("\n    OR ")
        );
        self.step(
            "seen",
            &["Ячейки отчётов, которые видны хотя бы одному показателю."],
            &body,
        )
    }

    /// The columns that are needed of each part of the long table, as what they hold.
    fn read_parts(&self) -> String {
        let dialect = self.dialect;
        let parts = (1..).zip(self.facts).map(|(number, facts)| {
            let value = match facts {
                Facts::Csv(_) => dialect.as_decimal("nullif(value, '')"),
                Facts::Parquet(_) => dialect.as_decimal("value"),
                Facts::Table(_) => dialect.exactly("value"),
            };
            let columns = [
                (dialect.as_text("organisation"), "organisation"),
                (dialect.as_text("form"), "form"),
                (dialect.as_text("period"), "period"),
                (dialect.as_day("first_day"), "first_day"),
                (dialect.as_day("last_day"), "last_day"),
                (dialect.as_text("field"), "field"),
                (value, "value"),
                (dialect.as_text("left_out"), "left_out"),
                (dialect.as_text("found"), "found"),
                (dialect.as_number("correction"), "correction"),
            ];
            let columns = columns.map(|(text, name)| format!("      {text} AS {name}"));
            format!(
                "    SELECT\n{}\n    FROM {}",
                columns.join(",\n"),
                dialect.source(facts, number)
            )
        });
        parts.collect::<Vec<String>>().join("\n    UNION ALL\n")
    }

    fn cells(&self) -> Step {
        let body = format!(
            "  SELECT organisation, form, period, first_day, last_day, field, correction,\n    \
             min(value) AS figure, max(left_out) AS reason,\n    \
             CASE WHEN min(value) <> max(value) OR min(left_out) <> max(left_out) OR min(found) <> max(found)\n      \
             OR max(left_out) = {} THEN 1 ELSE 0 END AS differs\n  FROM seen\n  \
             GROUP BY organisation, form, period, first_day, last_day, field, correction",
            self.text(Code::ConflictingReport.id())
        );
        self.step(
            "cells",
            &[
                "Каждая ячейка один раз, в скольких бы частях она ни пришла; differs = 1 — пришло разное.",
                "correction: 0 — обычный отчёт, 1 — уточнённый, 2 — назван при выгрузке (--supersede).",
            ],
            &body,
        )
    }

    fn placed(&self) -> Step {
        self.step(
            "placed",
            &[
                "Уточнённое заменяет прежнее. disputed = 1 — отчёты (или те, что их уточняют) противоречат друг",
                "другу; newest — насколько уточнён отчёт, newest_of_field — это поле.",
            ],
            "  SELECT cells.*,\n    \
             max(correction) OVER (PARTITION BY organisation, form, period) AS newest,\n    \
             max(correction) OVER (PARTITION BY organisation, form, period, field) AS newest_of_field,\n    \
             max(differs) OVER (\n      PARTITION BY organisation, form, period ORDER BY correction\n      \
             RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING\n    ) AS disputed\n  FROM cells",
        )
    }

    fn reports(&self) -> Step {
        let faulty = format!("(disputed = 1 OR reason NOT IN ({}))", self.texts(NO_FAULT));
        let columns = self.each_field(|used| {
            let form = self.text(&self.inquiry.plan.forms[used.reference.form].id);
            let own = format!("form = {form} AND field = {}", self.text(&used.field.id));
            let whole = match used.scale {
                0 => self.dialect.whole("figure"),
                _ => self.dialect.digits("figure"),
            };
            let column = format!(
                "max(CASE WHEN {own} AND disputed = 0 THEN {whole} END) AS {}",
                self.name(&used.path)
            );
            match used.field.missing {
                Missing::Exclude => column,
                Missing::Zero => format!(
                    "{column},\n    max(CASE WHEN {own} AND {faulty} THEN 1 ELSE 0 END) AS {}",
                    self.name(&faults(used))
                ),
            }
        });
        let body = format!(
            "  SELECT organisation, form, period, first_day, last_day,\n    \
             CASE WHEN max(CASE WHEN correction = newest THEN disputed ELSE 0 END) = 0\n      \
             AND max(CASE WHEN disputed = 0 AND figure IS NOT NULL THEN 1 ELSE 0 END) = 1 \
             THEN 1 ELSE 0 END AS taken,\n    \
             max(CASE WHEN {faulty} THEN 1 ELSE 0 END) AS faulty{columns}\n  \
             FROM placed\n  WHERE correction = newest_of_field\n  \
             GROUP BY organisation, form, period, first_day, last_day"
        );
        self.step(
            "reports",
            &[
                "Отчёт — одна строка. Счётные поля — целые числа; дробные — целые числа в 10^-15. taken = 0 — отчёты",
                "противоречат друг другу, или не принято ни одно значение; faulty = 1 — что-то исключено.",
            ],
            &body,
        )
    }

    fn sighted(&self) -> Step {
        let columns = self.each_field(|used| {
            let path = self.name(&used.path);
            match used.field.missing {
                Missing::Exclude => format!("r.{path} AS {path}"),
                Missing::Zero => {
                    let form = self.text(&self.inquiry.plan.forms[used.reference.form].id);
                    format!(
                        "CASE WHEN r.{path} IS NULL AND r.form = {form} AND r.{} = 0 THEN {} ELSE r.{path} END \
                         AS {path}",
                        self.name(&faults(used)),
                        self.integer(0)
                    )
                }
            }
        });
        let earlier = match self.inquiry.looks.iter().find_map(|look| look.before) {
            None => String::new(),
            Some(before) => format!(
                "\n    OR (s.period = {} AND r.last_day < {})",
                self.text(ANY_EARLIER),
                self.dialect.day(before)
            ),
        };
        let body = format!(
            "  SELECT s.look AS look, r.organisation AS organisation, r.first_day AS first_day, \
             r.last_day AS last_day,\n    s.nearness AS nearness, s.covers AS covers,\n    \
             row_number() OVER (\n      PARTITION BY s.look, r.organisation ORDER BY s.nearness, r.first_day DESC, \
             r.last_day DESC\n    ) AS place{columns}\n  FROM reports r\n  \
             JOIN sights s ON s.form = r.form\n  WHERE r.taken = 1 AND (s.period = r.period{earlier})"
        );
        let mut comment = vec!["Что видно из окон, ближайшее впереди."];
        if self
            .inquiry
            .fields
            .iter()
            .any(|used| used.field.missing == Missing::Zero)
        {
            comment
                .push("Пустое поле с missing = \"zero\" — это 0, исключённое из-за ошибки — нет.");
        }
        self.step("sighted", &comment, &body)
    }

    fn chosen(&self) -> Step {
        let columns = self.each_field(|used| {
            let path = self.name(&used.path);
            let covers = self.name(&covers(used));
            let own = match used.field.over_time {
                OverTime::Sum | OverTime::Average => format!(
                    "CASE WHEN max(CASE WHEN {path} IS NOT NULL THEN last_day END) OVER (\n      \
                     PARTITION BY look, organisation ORDER BY first_day, last_day DESC\n      \
                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING\n    \
                     ) >= last_day THEN NULL ELSE {path} END AS {path}"
                ),
                _ => path.clone(),
            };
            format!("{own},\n    CASE WHEN {path} IS NOT NULL THEN covers ELSE 0 END AS {covers}")
        });
        let body = format!(
            "  SELECT look, organisation, nearness,\n    row_number() OVER (PARTITION BY look, organisation \
             ORDER BY last_day, first_day) AS age{columns}\n  FROM sighted\n  WHERE nearness = 0 OR place = 1"
        );
        self.step(
            "chosen",
            &[
                "Все отчёты внутри окна, а если их нет — один ближайший. Месяцы рядом со своим кварталом",
                "не складываются и не усредняются второй раз.",
            ],
            &body,
        )
    }

    fn folded(&self) -> Step {
        let columns = self.each_field(|used| {
            let path = self.name(&used.path);
            let covers = self.name(&covers(used));
            let fold = match used.field.over_time {
                OverTime::Last | OverTime::ToDate => self.dialect.newest(&path, "age"),
                OverTime::Max => format!("max({path})"),
                OverTime::Sum => format!("sum({path})"),
                OverTime::Average => {
                    let count = format!("nullif(count({path}), 0)");
                    let times = self.dialect.quotient(&means().to_string(), &count);
                    format!("sum({path}) * ({times})")
                }
            };
            format!(
                "{fold} AS {path}, {} AS {covers}",
                self.dialect.bits(&covers)
            )
        });
        let body = format!(
            "  SELECT look, organisation, max(nearness) AS nearness{columns}\n  FROM chosen\n  \
             GROUP BY look, organisation"
        );
        let mut comment =
            vec!["Отчёты окна сложены по over_time: последнее, сумма, среднее, наибольшее."];
        let is_mean = |used: &Used<'_>| used.field.over_time == OverTime::Average;
        if self.inquiry.fields.iter().any(is_mean) {
            comment.push(
                "Среднее — целое число в долях 1/27720: 27720 делится на любое число от 1 до 12.",
            );
        }
        self.step("folded", &comment, &body)
    }

    fn owing(&self) -> Step {
        if !self.inquiry.register().declared {
            return self.step(
                "owing",
                &[
                    "Реестра нет: берутся все, кто отчитался, и никто ничего не должен. У кого из присланного",
                    "ничего не принято, тот тоже назван: данных не хватает.",
                ],
                "  SELECT look, organisation, 0 AS owed, 0 AS last_owed FROM folded\n  UNION DISTINCT\n  \
                 SELECT s.look AS look, r.organisation AS organisation, 0 AS owed, 0 AS last_owed\n  \
                 FROM reports r\n  JOIN sights s ON s.form = r.form AND s.period = r.period\n  \
                 WHERE s.nearness = 0 AND r.faulty = 1",
            );
        }
        let of_kind: Vec<String> = self
            .inquiry
            .looks
            .iter()
            .map(|look| {
                let kinds = &self.inquiry.plan.forms[look.form].kinds;
                let name = self.text(&self.look(look));
                let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
                match kinds.is_empty() {
                    true => format!("o.look = {name}"),
                    false => format!("(o.look = {name} AND {})", self.is_one_of("r.kind", &kinds)),
                }
            })
            .collect();
        let body = format!(
            "  SELECT o.look AS look, r.organisation AS organisation, sum(o.period_bit) AS owed, \
             max(o.period_bit) AS last_owed\n  FROM owed o\n  CROSS JOIN register r\n  WHERE ({})\n    \
             AND (r.opened IS NULL OR {} <= o.last_day)\n    \
             AND (r.closed IS NULL OR o.last_day <= {})\n  GROUP BY o.look, r.organisation",
            of_kind.join("\n      OR "),
            self.dialect.as_day("r.opened"),
            self.dialect.as_day("r.closed")
        );
        self.step(
            "owing",
            &["Кто какую форму за какие периоды окна обязан сдать."],
            &body,
        )
    }

    fn parts(&self) -> Step {
        let columns = self.each_field(|used| {
            let path = self.name(&used.path);
            match used.field.missing {
                Missing::Exclude => format!("f.{path} AS {path}"),
                Missing::Zero => {
                    let form = self.text(&self.inquiry.plan.forms[used.reference.form].id);
                    let zero = self.integer(0);
                    format!(
                        "CASE WHEN u.form = {form} THEN coalesce(f.{path}, {zero}) END AS {path}"
                    )
                }
            }
        });
        let body = format!(
            "  SELECT u.indicator AS indicator, u.form AS form, o.organisation AS organisation,\n    \
             {} AS gives,\n    {} AS gap{columns}\n  FROM uses u\n  JOIN owing o ON o.look = u.look\n  \
             LEFT JOIN folded f ON f.look = o.look AND f.organisation = o.organisation\n  \
             WHERE u.must_owe = 0 OR o.last_owed = u.must_owe",
            self.gives(),
            self.gap()
        );
        self.step(
            "parts",
            &[
                "Что организация даёт показателю по одной форме. gives = 0 — не хватает хотя бы одного нужного",
                "поля: числитель никогда не входит без знаменателя. gap = 1 — чего-то нет или взято прежнее.",
            ],
            &body,
        )
    }

    /// A case for each indicator and form about which there is anything to say.
    fn by_part(
        &self,
        of: impl Fn(&Wanted<'_>, usize) -> Option<String>,
        otherwise: &str,
    ) -> String {
        let mut groups: Vec<(String, String)> = Vec::new();
        for wanted in &self.inquiry.indicators {
            for form in &wanted.forms {
                let Some(condition) = of(wanted, *form) else {
                    continue;
                };
                let which = format!(
                    "u.indicator = {} AND u.form = {}",
                    self.text(&wanted.indicator.id),
                    self.text(&self.inquiry.plan.forms[*form].id)
                );
                groups.push((which, condition));
            }
        }
        if groups.is_empty() {
            return otherwise.to_owned();
        }
        let mut out = String::from("CASE");
        for (which, condition) in groups {
            out += &format!("\n      WHEN {which} THEN {condition}");
        }
        out + &format!("\n      ELSE {otherwise}\n    END")
    }

    fn gives(&self) -> String {
        let gives = self.by_part(
            |wanted, form| {
                let needed = wanted.needed(self.inquiry.plan, form);
                let missing: Vec<String> = needed
                    .iter()
                    .map(|field| {
                        format!(
                            "f.{} IS NULL",
                            self.name(&self.inquiry.plan.field_path(*field))
                        )
                    })
                    .collect();
                (!missing.is_empty())
                    .then(|| format!("CASE WHEN {} THEN 0 ELSE 1 END", missing.join(" OR ")))
            },
            "1",
        );
        match self.inquiry.register().declared {
            true => gives,
            false => format!("CASE WHEN f.organisation IS NULL THEN 0 ELSE {gives} END"),
        }
    }

    fn gap(&self) -> String {
        self.by_part(
            |wanted, form| {
                let own = wanted.fields.iter().filter(|field| field.form == form);
                let lacking: Vec<String> = own
                    .map(|reference| {
                        let field = self.inquiry.plan.field(*reference);
                        let path = self.inquiry.plan.field_path(*reference);
                        let bits = match field.over_time {
                            OverTime::Last | OverTime::ToDate => "o.last_owed",
                            _ => "o.owed",
                        };
                        let covered = format!("f.{}", self.name(&format!("{path} covers")));
                        format!(
                            "f.{} IS NULL OR {} <> {bits}",
                            self.name(&path),
                            self.dialect.both(&covered, bits)
                        )
                    })
                    .collect();
                Some(format!(
                    "CASE WHEN f.nearness = {EARLIER} OR {} THEN 1 ELSE 0 END",
                    lacking.join(" OR ")
                ))
            },
            "0",
        )
    }

    fn register_of_facts(&self) -> Step {
        let from = match self.inquiry.looks.is_empty() {
            true => {
                "  SELECT 0 AS position, '' AS organisation, '' AS id, '' AS kind, 0 AS is_open WHERE 1 = 0"
            }
            false => {
                "  SELECT row_number() OVER (ORDER BY organisation) AS position, organisation, \
                 organisation AS id, '' AS kind, 1 AS is_open\n  FROM (SELECT DISTINCT organisation FROM owing) known"
            }
        };
        self.step("register", &["Кто отчитался."], from)
    }

    /// The columns that tell which forms are owed.
    pub(super) fn owes(&self) -> Vec<(String, String)> {
        let forms = self.inquiry.forms().into_iter();
        forms
            .map(|form| {
                let id = &self.inquiry.plan.forms[form].id;
                (id.clone(), self.name(&format!("{id} owes")))
            })
            .collect()
    }

    /// How many organisations of each kind there are, one or none in a row.
    fn counts(&self, aggregate: &str, rows: &str) -> String {
        let (one, none) = (self.dialect.whole("1"), self.dialect.whole("0"));
        let kinds = self.inquiry.counted_kinds().into_iter();
        kinds
            .map(|kind| {
                let own = match self.inquiry.register().declared {
                    true => format!(
                        "CASE WHEN {rows}.kind = {} AND {rows}.is_open = 1 THEN {one} ELSE {none} END",
                        self.text(kind)
                    ),
                    // Nobody is obliged to anything: how many there are is not known.
                    false => format!("CASE WHEN 1 = 0 THEN {none} END"),
                };
                format!(",\n    {aggregate}({own}) AS {}", self.name(&kind_column(kind)))
            })
            .collect()
    }

    fn given(&self) -> Step {
        let owes: String = self
            .owes()
            .iter()
            .map(|(form, column)| {
                let form = self.text(form);
                format!(",\n    max(CASE WHEN p.form = {form} THEN 1 ELSE 0 END) AS {column}")
            })
            .collect();
        let columns = self.each_field(|used| {
            let path = self.name(&used.path);
            format!("max(CASE WHEN p.gives = 1 THEN p.{path} END) AS {path}")
        });
        let kinds = self.inquiry.counted_kinds();
        let declared = self.inquiry.register().declared;
        let counts = self.counts("max", "r");
        let join = match kinds.is_empty() || !declared {
            true => "",
            false => "\n  JOIN register r ON r.organisation = p.organisation",
        };
        let from = match self.inquiry.looks.is_empty() {
            true => return self.nothing_given(),
            false => "parts p",
        };
        let body = format!(
            "  SELECT p.indicator AS indicator, p.organisation AS organisation, count(*) AS forms, \
             min(p.gives) AS gives, max(p.gap) AS gap{owes}{counts}{columns}\n  FROM {from}{join}\n  \
             GROUP BY p.indicator, p.organisation"
        );
        self.step("given", &["То же по всем формам показателя вместе."], &body)
    }

    /// No indicator uses any form.
    fn nothing_given(&self) -> Step {
        self.step(
            "given",
            &["Ни одному показателю отчёты не нужны."],
            "  SELECT '' AS indicator, '' AS organisation, 0 AS forms, 0 AS gives, 0 AS gap WHERE 1 = 0",
        )
    }

    fn entering(&self) -> Step {
        let exceeds = self.by_indicator(|wanted| {
            let denominator = wanted.denominator.as_ref()?;
            (wanted.indicator.share && !wanted.forms.is_empty()).then(|| {
                format!(
                    "CASE WHEN gives = 1 AND forms = {} AND {} THEN 1 ELSE 0 END",
                    wanted.forms.len(),
                    self.is_above(&wanted.numerator, denominator)
                )
            })
        });
        let exceeds = match exceeds.as_str() {
            "NULL" => "0".to_owned(),
            _ => format!("coalesce({exceeds}, 0)"),
        };
        let owes: String = self
            .owes()
            .iter()
            .map(|(_, column)| format!(", {column}"))
            .collect();
        let columns = self.each_field(|used| {
            let path = self.name(&used.path);
            format!("CASE WHEN exceeds = 0 THEN {path} END AS {path}")
        });
        let body = format!(
            "  SELECT indicator, organisation, CASE WHEN exceeds = 1 THEN 1 ELSE gap END AS gap{owes}{columns}\n  \
             FROM (\n    SELECT given.*, {exceeds} AS exceeds\n    FROM given\n  ) checked"
        );
        self.step(
            "entering",
            &["Организация, у которой часть больше целого (share), в показатель не входит."],
            &body,
        )
    }

    fn members(&self) -> Step {
        let level = |part: u32, position: &str, id: &str, from: &str| {
            format!(
                "  SELECT {part} AS part, {position} AS position, {id} AS level, r.organisation AS organisation, \
                 r.kind AS kind, r.is_open AS is_open\n  FROM {from}"
            )
        };
        let mut selects = vec![level(0, "0", "''", "register r")];
        let declared = self.inquiry.register().declared;
        match self.inquiry.by {
            None => {}
            Some(By::Organisation) => selects.push(level(1, "r.position", "r.id", "register r")),
            Some(By::Kind) => selects.push(level(1, "r.position", "r.kind", "register r")),
            Some(By::Parent) if !declared => {}
            Some(By::Parent) => selects.push(level(
                1,
                "p.position",
                "p.id",
                "register r\n  JOIN parents p ON p.organisation = r.organisation",
            )),
        }
        let comment = match self.inquiry.by {
            None => "Все организации вместе.",
            Some(_) => "Уровни: part 0 — все организации вместе, part 1 — строки разбивки.",
        };
        self.step("members", &[comment], &selects.join("\n  UNION ALL\n"))
    }

    fn sums(&self) -> Step {
        let owes: String = self
            .owes()
            .iter()
            .map(|(_, column)| format!(",\n    max(coalesce(e.{column}, 0)) AS {column}"))
            .collect();
        let counts = self.counts("sum", "m");
        let columns = self.each_field(|used| {
            let path = self.name(&used.path);
            format!("sum(e.{path}) AS {path}")
        });
        let concerned = self.concerned();
        let wanted = self.inquiry.indicators.iter();
        let wanted: Vec<String> = wanted
            .map(|wanted| format!("SELECT {} AS indicator", self.text(&wanted.indicator.id)))
            .collect();
        let wanted = match wanted.is_empty() {
            true => "SELECT '' AS indicator".to_owned(),
            false => wanted.join("\n    UNION ALL "),
        };
        let body = format!(
            "  SELECT i.indicator AS indicator, m.part AS part, m.level AS level,\n    \
             min(m.position) AS position,\n    \
             max(coalesce(e.gap, 0)) AS gap,\n    max(CASE WHEN e.organisation IS NOT NULL THEN 1 ELSE 0 END) AS owes{owes}{counts}{columns}\n  FROM members m\n  CROSS JOIN (\n    {wanted}\n  ) i\n  \
             LEFT JOIN entering e ON e.indicator = i.indicator AND e.organisation = m.organisation\n  \
             GROUP BY i.indicator, m.part, m.level\n  \
             HAVING m.part = 0 OR max(CASE WHEN {concerned} THEN 1 ELSE 0 END) = 1"
        );
        self.step(
            "sums",
            &["Суммы по уровням: формула считается от сумм, среднее из долей не берётся нигде."],
            &body,
        )
    }

    /// Whether an organisation has anything to do with an indicator.
    fn concerned(&self) -> String {
        let mut conditions = vec!["e.organisation IS NOT NULL".to_owned()];
        for wanted in &self.inquiry.indicators {
            let kinds: Vec<&str> = wanted.indicator.counted_kinds().collect();
            if !kinds.is_empty() {
                conditions.push(format!(
                    "(i.indicator = {} AND m.is_open = 1 AND {})",
                    self.text(&wanted.indicator.id),
                    self.is_one_of("m.kind", &kinds)
                ));
            }
        }
        conditions.join(" OR ")
    }
}

/// The column that tells whether a field was left out.
fn faults(used: &Used<'_>) -> String {
    format!("{} faulty", used.path)
}

/// The column of the periods that a field's figures are for.
fn covers(used: &Used<'_>) -> String {
    format!("{} covers", used.path)
}
