//! What a data folder holds, for people: resolutions, proposals, indicators, forms, organisations.

use super::progress::squeeze;
use super::{Block, Cell, Column, Document, Table};
use crate::model::Plan;
use crate::model::form::{Field, Form};
use crate::model::indicator::{Better, Indicator, Unit, Window};
use crate::model::organisation::Register;
use crate::model::period::russian_date;
use crate::model::plural::{counted, grouped};
use crate::model::quantity::{Decimal, Fixed};
use crate::model::resolution::{Bound, Compare, Link, Proposal, Resolution, Target};

fn whole(number: usize) -> Cell {
    Cell::number(Fixed::new(number.into(), 0), "")
}

/// All resolutions.
pub fn resolutions(plan: &Plan) -> Document {
    let rows = plan
        .resolutions
        .iter()
        .map(|resolution| {
            let targets = resolution.proposals.iter().map(|p| p.targets.len()).sum();
            vec![
                Cell::text(&resolution.id),
                Cell::text(russian_date(resolution.date)),
                Cell::text(resolution.status.title()),
                Cell::text(squeeze(&resolution.title)),
                whole(resolution.proposals.len()),
                whole(targets),
            ]
        })
        .collect();
    Document {
        title: "Резолюции".into(),
        subtitle: Vec::new(),
        blocks: vec![Block::Table(Table {
            title: String::new(),
            columns: vec![
                Column::text("Id"),
                Column::text("Дата"),
                Column::text("Статус"),
                Column::text("Название"),
                Column::figures("Пунктов"),
                Column::figures("Целей"),
            ],
            rows,
            ..Table::default()
        })],
    }
}

/// One resolution: its proposals and what is measured of them.
pub fn resolution(plan: &Plan, resolution: &Resolution) -> Document {
    let rows = resolution
        .proposals
        .iter()
        .map(|proposal| {
            vec![
                whole(proposal.number as usize),
                Cell::text(squeeze(&proposal.topic)),
                Cell::text(proposal_targets(plan, proposal)),
                Cell::text(proposal_watched(plan, proposal)),
            ]
        })
        .collect();
    let day = format!(
        "{} ({})",
        russian_date(resolution.date),
        resolution.status.title()
    );
    let event = squeeze(&resolution.event);
    let mut subtitle = vec![
        squeeze(&resolution.title),
        if event.is_empty() {
            day
        } else {
            format!("{event}, {day}")
        },
    ];
    if !resolution.source.is_empty() {
        subtitle.push(format!("Источник: {}", resolution.source));
    }
    Document {
        title: format!("Резолюция {}", resolution.id),
        subtitle,
        blocks: vec![Block::Table(Table {
            title: String::new(),
            columns: vec![
                Column::figures("№"),
                Column::text("Пункт"),
                Column::text("Цель"),
                Column::text("Справочно"),
            ],
            rows,
            ..Table::default()
        })],
    }
}

fn proposal_targets(plan: &Plan, proposal: &Proposal) -> String {
    if proposal.targets.is_empty() {
        return "измеримая цель не задана".into();
    }
    let targets: Vec<String> = proposal
        .targets
        .iter()
        .map(|target| {
            format!(
                "{}: {}",
                plan.indicators[target.indicator].name,
                target_text(target, &plan.indicators[target.indicator])
            )
        })
        .collect();
    targets.join("; ")
}

fn proposal_watched(plan: &Plan, proposal: &Proposal) -> String {
    let names: Vec<&str> = proposal
        .watch
        .iter()
        .map(|&indicator| plan.indicators[indicator].name.as_str())
        .collect();
    names.join("; ")
}

/// «не меньше 78,45 %, срок: декабрь 2025 года»
pub fn target_text(target: &Target, indicator: &Indicator) -> String {
    let unit = match indicator.unit {
        Unit::Percent => "\u{a0}%",
        _ => "",
    };
    let mut text = match target.bound {
        Bound::AtLeast(value) => format!("не меньше {}{unit}", value.russian()),
        Bound::AtMost(value) => format!("не больше {}{unit}", value.russian()),
        Bound::MoreThanBase => match target.base {
            Some(base) => format!(
                "больше, чем {}{unit} ({})",
                base.value.russian(),
                base.period.title()
            ),
            None => "больше базового значения (оно не задано)".into(),
        },
    };
    match target.due {
        Some(due) => text.push_str(&format!(", срок: {}", due.title())),
        None if target.maintain => text.push_str(", на каждую отчётную дату"),
        None => text.push_str(", срок не установлен"),
    }
    for milestone in &target.milestones {
        text.push_str(&format!(
            "; веха: {}{unit} — {}",
            milestone.value.russian(),
            milestone.period.title()
        ));
    }
    if target.linear_path {
        text.push_str("; путь — прямая по дням");
    }
    if target.compare == Compare::Rounded {
        text.push_str("; сравнивается округлённое значение");
    }
    text
}

pub(super) fn link_text(link: &Link) -> String {
    match link.item {
        Some(item) => format!("{}/{}.{item}", link.resolution, link.number),
        None => format!("{}/{}", link.resolution, link.number),
    }
}

/// One proposal, in full.
pub fn proposal(plan: &Plan, resolution: &Resolution, proposal: &Proposal) -> Document {
    let notes = |title: &str, lines: Vec<String>| Block::Notes {
        title: title.into(),
        lines,
    };
    let mut text = vec![proposal.text.clone()];
    text.extend(proposal.items.iter().map(|item| format!("– {item}")));
    let mut blocks = vec![notes("Текст", text)];
    let mut targets = Vec::new();
    for target in &proposal.targets {
        let indicator = &plan.indicators[target.indicator];
        targets.push(format!(
            "{} ({}): {}",
            indicator.name,
            indicator.id,
            target_text(target, indicator)
        ));
        targets.push(format!("слова резолюции: «{}»", target.quote));
    }
    if targets.is_empty() {
        targets.push("измеримая цель не задана".into());
    }
    blocks.push(notes("Цель", targets));
    if !proposal.watch.is_empty() {
        blocks.push(notes(
            "Справочно",
            proposal
                .watch
                .iter()
                .map(|&index| {
                    let indicator = &plan.indicators[index];
                    format!("{} ({})", indicator.name, indicator.id)
                })
                .collect(),
        ));
    }
    if !proposal.continues.is_empty() {
        let links: Vec<String> = proposal.continues.iter().map(link_text).collect();
        blocks.push(notes(
            "Продолжает",
            vec![links.join(", "), squeeze(&proposal.why)],
        ));
    }
    if !proposal.note.is_empty() {
        blocks.push(notes("Примечание", vec![squeeze(&proposal.note)]));
    }
    Document {
        title: format!(
            "Резолюция {}, пункт {}. {}",
            resolution.id,
            proposal.number,
            squeeze(&proposal.topic)
        ),
        subtitle: Vec::new(),
        blocks,
    }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "%",
        Unit::Ratio => "отношение",
        Unit::Count => "количество",
    }
}

/// All indicators.
pub fn indicators(plan: &Plan) -> Document {
    let rows = plan
        .indicators
        .iter()
        .map(|indicator| {
            vec![
                Cell::text(&indicator.id),
                Cell::text(&indicator.name),
                Cell::text(unit(indicator.unit)),
                Cell::text(used_by(plan, indicator)),
            ]
        })
        .collect();
    Document {
        title: "Показатели".into(),
        subtitle: Vec::new(),
        blocks: vec![Block::Table(Table {
            title: String::new(),
            columns: vec![
                Column::text("Id"),
                Column::text("Название"),
                Column::text("Единица"),
                Column::text("Где используется"),
            ],
            rows,
            ..Table::default()
        })],
    }
}

fn used_by(plan: &Plan, indicator: &Indicator) -> String {
    let mut places = Vec::new();
    for resolution in &plan.resolutions {
        for proposal in &resolution.proposals {
            let is = |index: &usize| plan.indicators[*index].id == indicator.id;
            if proposal.targets.iter().any(|target| is(&target.indicator)) {
                places.push(format!("{}/{} цель", resolution.id, proposal.number));
            } else if proposal.watch.iter().any(is) {
                places.push(format!("{}/{} справочно", resolution.id, proposal.number));
            }
        }
    }
    places.join(", ")
}

/// One indicator, in full.
pub fn indicator(plan: &Plan, indicator: &Indicator) -> Document {
    let mut formula = vec![format!("числитель: {}", indicator.numerator.text)];
    if let Some(denominator) = &indicator.denominator {
        formula.push(format!("знаменатель: {}", denominator.text));
    }
    let fields = indicator
        .fields()
        .into_iter()
        .map(|field| {
            format!(
                "{} — {} («{}»)",
                plan.field_path(field),
                plan.field(field).header,
                plan.forms[field.form].title
            )
        })
        .collect();
    let window = match indicator.window {
        Window::Period => "за проверяемый период",
        Window::YearToDate => "с начала года",
        Window::SchoolYearToDate => "с начала учебного года",
    };
    let better = match indicator.better {
        Better::Higher => "больше",
        Better::Lower => "меньше",
    };
    let notes = |title: &str, lines: Vec<String>| Block::Notes {
        title: title.into(),
        lines,
    };
    let mut blocks = vec![notes("Формула", formula), notes("Поля", fields)];
    blocks.push(notes(
        "Свойства",
        vec![
            format!("единица: {}", unit(indicator.unit)),
            format!("знаков после запятой: {}", indicator.decimals),
            format!("считается {window}"),
            format!("лучше, когда {better}"),
            format!("используется: {}", used_by(plan, indicator)),
        ],
    ));
    if !indicator.method.is_empty() {
        blocks.push(notes("Откуда формула", vec![squeeze(&indicator.method)]));
    }
    Document {
        title: format!("{} ({})", indicator.name, indicator.id),
        subtitle: Vec::new(),
        blocks,
    }
}

/// All forms with their fields and rules.
pub fn forms(plan: &Plan) -> Document {
    let mut blocks = Vec::new();
    for form in &plan.forms {
        blocks.extend(form_blocks(plan, form));
    }
    Document {
        title: "Формы".into(),
        subtitle: Vec::new(),
        blocks,
    }
}

/// One form.
pub fn form(plan: &Plan, form: &Form) -> Document {
    Document {
        title: format!("Форма {}", form.id),
        subtitle: Vec::new(),
        blocks: form_blocks(plan, form),
    }
}

fn form_blocks(plan: &Plan, form: &Form) -> Vec<Block> {
    let owing = plan
        .register
        .organisations
        .iter()
        .filter(|organisation| organisation.is_of_kind(form))
        .count();
    let due = match form.due_days {
        Some(days) => format!(", срок — {days} дн. после конца периода"),
        None => String::new(),
    };
    let who = if plan.register.declared {
        format!(", организаций: {owing}")
    } else {
        String::new()
    };
    let rows = form
        .fields
        .iter()
        .map(|field| {
            vec![
                Cell::text(&field.header),
                Cell::text(&field.id),
                Cell::text(field_type(field)),
                Cell::text(if field.required { "да" } else { "нет" }),
                Cell::text(field.aliases.join("; ")),
            ]
        })
        .collect();
    let mut blocks = vec![Block::Table(Table {
        title: format!(
            "{} ({}), сдают {}{due}{who}",
            form.title,
            form.id,
            form.every.title()
        ),
        columns: vec![
            Column::text("Столбец"),
            Column::text("Id"),
            Column::text("Что в нём"),
            Column::text("Обязателен"),
            Column::text("Другие названия"),
        ],
        rows,
        ..Table::default()
    })];
    if !form.rules.is_empty() {
        blocks.push(Block::Notes {
            title: String::new(),
            lines: form
                .rules
                .iter()
                .map(|rule| {
                    format!(
                        "правило {}: {} — иначе {}",
                        rule.id, rule.text, rule.message
                    )
                })
                .collect(),
        });
    }
    blocks
}

fn field_type(field: &Field) -> String {
    format!("{}{}", field.kind.title(), range(field.min, field.max))
}

/// « от 0 до 500»; nothing where there is no limit.
pub(super) fn range(min: Option<Decimal>, max: Option<Decimal>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!(" от {} до {}", min.russian(), max.russian()),
        (Some(min), None) => format!(" от {}", min.russian()),
        (None, Some(max)) => format!(" до {}", max.russian()),
        (None, None) => String::new(),
    }
}

/// «kindergarten — 46 700, school — 38 300, без вида — 18».
fn kinds(register: &Register) -> String {
    const SHOWN: usize = 8;
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for organisation in &register.organisations {
        let kind = &*organisation.kind;
        match counts.iter_mut().find(|(own, _)| *own == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let left = counts.len().saturating_sub(SHOWN);
    let told = counts.iter().take(SHOWN).map(|(kind, count)| {
        let kind = if kind.is_empty() {
            "без вида"
        } else {
            kind
        };
        format!("{kind} — {}", grouped(*count))
    });
    let more =
        (left > 0).then(|| format!("и ещё {}", counted(left as u128, &["вид", "вида", "видов"])));
    told.chain(more).collect::<Vec<String>>().join(", ")
}

/// All organisations; where they are more than `most`, the first `few` of them.
pub fn organisations(plan: &Plan, most: usize, few: usize) -> Document {
    let register = &plan.register;
    let all = &register.organisations;
    let shown = match all.len() > most {
        true => &all[..few],
        false => all,
    };
    let mut subtitle = Vec::new();
    if !register.declared {
        subtitle.push(
            "Реестра нет: считается каждая организация из отчётов, полнота неизвестна".to_owned(),
        );
    } else if shown.len() < all.len() {
        let forms = ["организация", "организации", "организаций"];
        subtitle.push(format!(
            "В реестре {} ({}); показаны первые {few}, все — --format csv или json",
            counted(all.len() as u128, &forms),
            kinds(register)
        ));
    }
    let rows = shown
        .iter()
        .map(|organisation| {
            let parent = organisation
                .parent
                .map(|parent| register.organisations[parent as usize].id.to_string());
            let days = match (organisation.opened, organisation.closed) {
                (None, None) => String::new(),
                (Some(opened), None) => format!("с {}", russian_date(opened)),
                (None, Some(closed)) => format!("до {}", russian_date(closed)),
                (Some(opened), Some(closed)) => {
                    format!("{} – {}", russian_date(opened), russian_date(closed))
                }
            };
            vec![
                Cell::text(&*organisation.id),
                Cell::text(&*organisation.name),
                Cell::text(&*organisation.kind),
                Cell::text(parent.unwrap_or_default()),
                Cell::text(days),
                Cell::text(organisation.aliases.join(", ")),
            ]
        })
        .collect();
    Document {
        title: "Организации".into(),
        subtitle,
        blocks: vec![Block::Table(Table {
            title: String::new(),
            columns: vec![
                Column::text("Id"),
                Column::text("Название"),
                Column::text("Вид"),
                Column::text("Входит в"),
                Column::text("Работает"),
                Column::text("Другие названия"),
            ],
            rows,
            ..Table::default()
        })],
    }
}
