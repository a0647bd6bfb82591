//! `[[proposal.target]]`: what the words of a proposal promise in figures.

use super::document::Entry;
use super::faults::Faults;
use super::indicators::Indicators;
use super::names::suggestion;
use super::{quote, schema};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::name;
use crate::model::resolution::{Base, Bound, Compare, Milestone, Target};
use crate::source::Place;

/// Reads a target; `None` where a part that it cannot do without is faulty.
pub(crate) fn read(
    entry: Entry<'_>,
    proposal: Entry<'_>,
    indicators: &Indicators,
    faults: &mut Faults<'_>,
) -> Option<Target> {
    let indicator = entry
        .filled("indicator")
        .and_then(|id| indicator(id, entry.place("indicator"), indicators, faults));
    let bound = bound(entry, faults);
    check_maintain(entry, faults);
    check_path(entry, faults);
    let milestones = milestones(entry, faults);
    if let Some(fault) = quote::check(entry, proposal) {
        faults.push(fault);
    }
    if let (Some(indicator), Some(Bound::AtLeast(least))) = (indicator, bound)
        && indicators.list[indicator].share
        && least.to_fraction() > whole_of(indicators, indicator)
    {
        faults.push(unreachable_share(entry));
    }
    Some(Target {
        indicator: indicator?,
        bound: bound?,
        due: entry.period("due"),
        maintain: entry.flag("maintain").unwrap_or(false),
        base: base(entry),
        linear_path: entry.text("path") == Some("linear"),
        milestones,
        compare: match entry.text("compare") {
            Some("rounded") => Compare::Rounded,
            _ => Compare::Exact,
        },
        quote: entry.text_or_empty("quote"),
    })
}

/// The indicator with this id; an unknown one is reported.
pub(crate) fn indicator(
    id: &str,
    place: Place,
    indicators: &Indicators,
    faults: &mut Faults<'_>,
) -> Option<usize> {
    let found = indicators.find(id);
    if found.is_none() && indicators.complete {
        let ids = indicators
            .list
            .iter()
            .map(|indicator| indicator.id.as_str());
        faults.push(
            Diagnostic::new(
                Code::UnknownReference,
                Some(place),
                format!("нет показателя «{id}»"),
            )
            .label("ожидался id из indicators.toml")
            .found(id)
            .help(suggestion(id, ids, "показатели")),
        );
    }
    found
}

fn bound(entry: Entry<'_>, faults: &mut Faults<'_>) -> Option<Bound> {
    let bounds = || schema::TARGET.one_of.iter().copied();
    let given: Vec<&str> = bounds().filter(|key| entry.has(key)).collect();
    match given[..] {
        ["at_least"] => entry.decimal("at_least").map(Bound::AtLeast),
        ["at_most"] => entry.decimal("at_most").map(Bound::AtMost),
        ["more_than_base"] => Some(Bound::MoreThanBase),
        [] => {
            // A slip in one of these keys has been told.
            let slip = |key: &str| {
                let is_known = schema::TARGET.key(key).is_some();
                !is_known && name::nearest(key, bounds()).is_some()
            };
            let slipped = entry.table().keys().any(|key| slip(key.get_ref()));
            if !slipped && !entry.is_damaged() {
                faults.push(
                    Diagnostic::new(
                        Code::MissingKey,
                        Some(entry.here()),
                        "у цели не сказано, чего достичь",
                    )
                    .label("ожидалось одно из: at_least, at_most, more_than_base")
                    .help("допишите at_least = 78.45, at_most = … или more_than_base = true"),
                );
            }
            None
        }
        [first, second, ..] => {
            faults.push(
                Diagnostic::new(
                    Code::WrongValue,
                    Some(entry.key_place(second)),
                    format!("у цели сразу «{first}» и «{second}»"),
                )
                .label("ожидалось ровно одно из: at_least, at_most, more_than_base")
                .help("оставьте одно; вторую цель запишите отдельным [[proposal.target]]")
                .related(entry.key_place(first), "первое из них"),
            );
            None
        }
        [_] => None,
    }
}

fn check_maintain(entry: Entry<'_>, faults: &mut Faults<'_>) {
    if entry.flag("maintain") == Some(true) && entry.has("due") {
        faults.push(
            Diagnostic::new(
                Code::WrongValue,
                Some(entry.place("due")),
                "у цели, которую сохраняют (maintain = true), срока не бывает",
            )
            .label("ожидалось: maintain или due, но не оба")
            .help("уберите due или maintain")
            .related(entry.place("maintain"), "действует на каждую отчётную дату"),
        );
    }
}

fn base(entry: Entry<'_>) -> Option<Base> {
    let base = entry.entry("base")?;
    Some(Base {
        period: base.period("period")?,
        value: base.decimal("value")?,
    })
}

fn check_path(entry: Entry<'_>, faults: &mut Faults<'_>) {
    let (base, due) = (base(entry), entry.period("due"));
    if let (Some(base), Some(due)) = (base, due)
        && base.period.end() >= due.end()
    {
        let place = entry
            .entry("base")
            .map_or_else(|| entry.here(), |base| base.place("period"));
        faults.push(
            Diagnostic::new(Code::WrongValue, Some(place), "база не раньше срока")
                .label("ожидался период, который кончается раньше due")
                .help("исправьте период базы или срок")
                .related(entry.place("due"), "срок"),
        );
    }
    if !entry.has("path") {
        return;
    }
    for (key, why) in [
        ("base", "прямую не от чего вести"),
        ("due", "прямую некуда вести"),
    ] {
        if !entry.has(key) {
            faults.push(
                Diagnostic::new(
                    Code::MissingKey,
                    Some(entry.key_place("path")),
                    format!("path без «{key}»: {why}"),
                )
                .label("ожидалось: base и due вместе с path")
                .help(match key {
                    "base" => "допишите base = { period = \"2024\", value = … } или уберите path",
                    _ => "допишите due = \"2025-12\" или уберите path",
                }),
            );
        }
    }
    if entry.has("more_than_base") {
        faults.push(
            Diagnostic::new(
                Code::WrongValue,
                Some(entry.key_place("path")),
                "path при more_than_base: у прямой нет конечного значения",
            )
            .label("ожидалось: path только с at_least или at_most")
            .help("уберите path"),
        );
    }
}

fn milestones(entry: Entry<'_>, faults: &mut Faults<'_>) -> Vec<Milestone> {
    let mut milestones: Vec<Milestone> = Vec::new();
    for inner in entry.entries("milestones") {
        let (Some(period), Some(value)) = (inner.period("period"), inner.decimal("value")) else {
            continue;
        };
        if let Some(last) = milestones.last().map(|last| last.period.end())
            && period.end() <= last
        {
            let same = period.end() == last;
            let (code, message) = match same {
                true => (Code::DuplicateId, "две вехи на один день"),
                false => (Code::WrongValue, "вехи стоят не по порядку"),
            };
            faults.push(
                Diagnostic::new(code, Some(inner.place("period")), message)
                    .label("ожидался период позже предыдущей вехи")
                    .help(if same {
                        "оставьте одну из них"
                    } else {
                        "расставьте вехи от ранней к поздней"
                    }),
            );
        }
        milestones.push(Milestone { period, value });
    }
    if !milestones.is_empty() && !entry.has("due") {
        faults.push(
            Diagnostic::new(
                Code::WrongValue,
                Some(entry.key_place("milestones")),
                "вехи у цели без срока ничего не меняют",
            )
            .severity(Severity::Warning)
            .label("ожидались вехи вместе с due")
            .help("допишите due или уберите milestones"),
        );
    }
    milestones
}

fn whole_of(indicators: &Indicators, indicator: usize) -> crate::model::quantity::Fraction {
    use crate::model::indicator::Unit;
    let whole = match indicators.list[indicator].unit {
        Unit::Percent => 100,
        Unit::Ratio | Unit::Count => 1,
    };
    crate::model::quantity::Fraction::from(num_bigint::BigInt::from(whole))
}

fn unreachable_share(entry: Entry<'_>) -> Diagnostic {
    Diagnostic::new(
        Code::WrongValue,
        Some(entry.place("at_least")),
        "цель больше целого: доля (share = true) её никогда не достигнет",
    )
    .severity(Severity::Warning)
    .label("ожидалось не больше 100 % (для ratio — не больше 1)")
    .help("проверьте запятую в числе; дробная часть пишется через точку: 78.45")
}
