//! What is said of a report's rows: the wording of each fault, in one place.

use jiff::civil::Date;

use super::cell;
use super::identity::Identity;
use super::rules::Check;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::form::{Field, FieldType, Form, RuleSeverity};
use crate::model::name;
use crate::model::organisation::{Organisation, Register};
use crate::model::period::{Every, Period, russian_date};
use crate::model::quantity::Fixed;
use crate::source::{FileId, Place, Spot};

/// Quotes that are not as they should be.
pub fn quotes(code: Code, place: Place, found: String) -> Diagnostic {
    let (message, label, help) = match code {
        Code::StrayQuote => (
            "кавычка внутри ячейки не удвоена",
            "внутри ячейки в кавычках пишут две: \"\"",
            "ячейка прочитана как есть; сохраните файл заново из табличной программы",
        ),
        _ => (
            "кавычка открыта и не закрыта",
            "ожидалась закрывающая кавычка",
            "если в этой ячейке значение, оно не учтено; следующие строки целы; исправьте её или \
             сохраните файл заново из табличной программы",
        ),
    };
    Diagnostic::new(code, Some(place), message)
        .found(found)
        .label(label)
        .help(help)
}

/// Lines without figures: the first of them, and how many there are.
pub fn skipped(file: FileId, first: &[(u32, u64)], total: u64) -> Option<Diagnostic> {
    let &(line, offset) = first.first()?;
    let lines: Vec<String> = first.iter().map(|(line, _)| line.to_string()).collect();
    let more = total - first.len() as u64;
    let message = match (lines.len(), more) {
        (1, 0) => format!("строка {line} без показателей — не отчёт, пропущена"),
        (_, 0) => format!(
            "строки {} без показателей — не отчёты, пропущены",
            lines.join(", ")
        ),
        _ => format!(
            "строки {} и ещё {more} без показателей — не отчёты, пропущены",
            lines.join(", ")
        ),
    };
    let place = Place {
        file,
        spot: Spot::Line { line, offset },
    };
    Some(
        Diagnostic::new(Code::SkippedLine, Some(place), message).help(
            "подписи, сноски и заголовки разделов программе не нужны; если это отчёт, проверьте \
             название организации",
        ),
    )
}

/// A row with figures whose organisation is not known.
pub fn unidentified(
    identity: Identity,
    register: &Register,
    place: Place,
    text: &str,
    near: Option<&str>,
) -> Diagnostic {
    let shown = cell::shorten(text);
    let title = |index: u32| register.organisations[index as usize].title();
    let (code, message, label, help) = match identity {
        Identity::Ambiguous => (
            Code::AmbiguousOrganisation,
            format!("название «{shown}» подходит нескольким организациям"),
            "непонятно, чья это строка",
            "укажите полное название, id или ИНН; строка не учтена".to_owned(),
        ),
        Identity::Contradiction(one, other) => (
            Code::AmbiguousOrganisation,
            format!(
                "в одной строке названы две организации: {} и {}",
                name::quoted(title(one)),
                name::quoted(title(other))
            ),
            "столбцы противоречат друг другу",
            "исправьте название, id или ИНН; строка не учтена".to_owned(),
        ),
        Identity::Nobody => (
            Code::UnknownOrganisation,
            "показатели есть, а организация не указана".to_owned(),
            "ожидалось название организации",
            "впишите название, id или ИНН; строка не учтена".to_owned(),
        ),
        _ => (
            Code::UnknownOrganisation,
            format!("организации «{shown}» нет в реестре"),
            "ожидалось название, псевдоним, id или ИНН из реестра",
            match near {
                Some(near) => format!(
                    "возможно, это «{near}»: исправьте название или добавьте его в aliases \
                     организации; строка не учтена"
                ),
                None => "проверьте название или добавьте организацию в реестр; строка не учтена"
                    .to_owned(),
            },
        ),
    };
    Diagnostic::new(code, Some(place), message)
        .label(label)
        .help(help)
        .found(text)
}

/// A total that is not the sum of its column.
pub fn total_mismatch(place: Place, found: String, sum: &Fixed, field: &Field) -> Diagnostic {
    Diagnostic::new(
        Code::TotalMismatch,
        Some(place),
        format!("итог «{found}» не равен сумме столбца: {}", sum.russian()),
    )
    .found(found)
    .field(&field.id)
    .label(format!("по строкам выходит {}", sum.russian()))
    .help("программа считает по строкам; проверьте, не пропущена ли строка и верны ли значения")
}

/// A period cell that cannot be read.
pub fn unknown_period(place: Place, found: String, every: Every) -> Diagnostic {
    let message = if found.is_empty() {
        "период не указан".to_owned()
    } else {
        format!("период не распознан: «{found}»")
    };
    let example = match every {
        Every::Month => "2025-12 или «декабрь 2025»",
        Every::Quarter => "2025-Q4 или «IV квартал 2025»",
        Every::HalfYear => "2025-H2 или «II полугодие 2025»",
        Every::Year => "2025",
        Every::SchoolYear => "2025/26",
    };
    Diagnostic::new(Code::UnknownPeriod, Some(place), message)
        .found(found)
        .label(format!("ожидалось: {example}"))
        .help("исправьте период; строка не учтена")
}

/// An organisation that does not owe the form, or not for this period.
pub fn not_owed(
    who: &Organisation,
    form: &Form,
    period: Period,
    place: Place,
    found: &str,
) -> Diagnostic {
    let (code, message, help, label) = if who.is_of_kind(form) {
        (
            Code::NotOpen,
            format!(
                "организация {} не отчитывается за этот период ({}): {}",
                name::quoted(who.title()),
                period.title(),
                open_days(who)
            ),
            "проверьте период отчёта и даты opened и closed в реестре; строка не учтена",
            "не за этот период",
        )
    } else {
        (
            Code::WrongKind,
            format!(
                "организация {} не сдаёт форму «{}»",
                name::quoted(who.title()),
                form.title
            ),
            "проверьте, та ли это форма и верен ли вид организации в реестре; строка не учтена",
            "не сдаёт эту форму",
        )
    };
    Diagnostic::new(code, Some(place), message)
        .found(found)
        .organisation(&*who.id)
        .label(label)
        .help(help)
}

fn open_days(who: &Organisation) -> String {
    match (who.opened, who.closed) {
        (Some(opened), Some(closed)) => {
            format!(
                "работала с {} по {}",
                russian_date(opened),
                russian_date(closed)
            )
        }
        (Some(opened), None) => format!("открыта {}", russian_date(opened)),
        (None, Some(closed)) => format!("закрыта {}", russian_date(closed)),
        (None, None) => "она не действует".into(),
    }
}

/// A file that tells no period, or none that its form could have.
pub fn no_period(file: FileId, every: Every) -> Diagnostic {
    Diagnostic::new(
        Code::NoPeriod,
        Some(Place::whole(file)),
        format!("неизвестно, за какой {} отчёт", every.noun()),
    )
    .help(
        "добавьте столбец «Период», строку «за декабрь 2025» над шапкой, период в имя файла \
         (kindergarten-2025-12.csv) или укажите --report-period 2025-12; файл не учтён",
    )
}

/// A header with nothing below it.
pub fn no_rows(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::NoRows,
        Some(place),
        "шапка есть, а строк с данными нет",
    )
    .label("ниже ничего нет")
    .help("попросите прислать заполненный отчёт")
}

/// A period of another length than the form's.
pub fn unexpected_period(file: FileId, form: &Form, period: Period) -> Diagnostic {
    Diagnostic::new(
        Code::UnexpectedPeriod,
        Some(Place::whole(file)),
        format!(
            "период отчёта — {}, а форму «{}» сдают {}",
            period.title(),
            form.title,
            form.every.title()
        ),
    )
    .found(period.to_string())
    .help("отчёт взят за указанный в нём период; если период другой, исправьте его")
}

/// A report that came after its due day.
pub fn late(place: Place, period: Period, came: Date, due: Date) -> Diagnostic {
    Diagnostic::new(
        Code::LateReport,
        Some(place),
        format!(
            "отчёт опоздал: сдан {}, срок был {} (период: {})",
            russian_date(came),
            russian_date(due),
            period.title()
        ),
    )
    .found(came.to_string())
    .label("позже срока")
    .help("показатели учтены; если срок другой, исправьте due_days в описании формы")
}

/// A row with more cells than the header.
pub fn extra_cell(place: Place, found: String, cells: usize, columns: usize) -> Diagnostic {
    Diagnostic::new(
        Code::ExtraCell,
        Some(place),
        format!("в строке ячеек {cells}, а столбцов в шапке {columns}"),
    )
    .found(found)
    .label("лишняя ячейка")
    .help(
        "возможно, разделитель стоит внутри числа или названия: такую ячейку заключают в кавычки; \
         строка не учтена",
    )
}

/// A row with fewer cells than the header.
pub fn missing_cell(place: Place, cells: usize, columns: usize) -> Diagnostic {
    Diagnostic::new(
        Code::MissingCell,
        Some(place),
        format!("в строке ячеек {cells}, а столбцов в шапке {columns}"),
    )
    .label("после этой ячейки строка кончается")
    .help("недостающие ячейки считаются незаполненными")
}

/// Nearly all rows have more cells than the header.
pub fn header_too_narrow(place: Place, columns: usize, rows: u64) -> Diagnostic {
    Diagnostic::new(
        Code::HeaderWidth,
        Some(place),
        format!(
            "почти во всех строках ячеек больше, чем столбцов в шапке ({columns}); строк {rows}"
        ),
    )
    .label("в шапке не хватает столбца, или разделитель стоит внутри чисел")
    .help("сохраните файл заново из табличной программы с разделителем «;»; эти строки не учтены")
}

/// Nearly all rows have fewer cells than the header.
pub fn header_too_wide(place: Place, columns: usize, rows: u64) -> Diagnostic {
    Diagnostic::new(
        Code::HeaderWidth,
        Some(place),
        format!(
            "почти во всех строках ячеек меньше, чем столбцов в шапке ({columns}); строк {rows}"
        ),
    )
    .severity(Severity::Warning)
    .label("в строках не хватает ячеек")
    .help("недостающие ячейки считаются незаполненными; проверьте, не сдвинуты ли столбцы")
}

/// A required cell without a value.
pub fn empty_required(place: Place, found: String, field: &Field) -> Diagnostic {
    let message = if found.is_empty() {
        format!("не заполнен обязательный показатель «{}»", field.header)
    } else {
        format!(
            "нет значения обязательного показателя «{}»: «{found}»",
            field.header
        )
    };
    Diagnostic::new(Code::EmptyRequired, Some(place), message)
        .found(found)
        .field(&field.id)
        .label(format!("ожидалось: {}", field.kind.title()))
        .help(match field.kind {
            FieldType::Flag => "впишите «да» или «нет»",
            FieldType::Date | FieldType::Text => "впишите значение",
            _ => "впишите значение; если считать нечего, впишите 0",
        })
}

/// A column that has figures and no heading.
pub fn empty_header(place: Place, found: String) -> Diagnostic {
    Diagnostic::new(
        Code::EmptyHeader,
        Some(place),
        "столбец без названия: значения есть, а читать их нечем",
    )
    .found(found)
    .help("если столбец нужен, назовите его как в форме")
}

/// A cell that cannot be read.
pub fn cell_fault(place: Place, found: String, field: &str, fault: cell::Fault) -> Diagnostic {
    Diagnostic::new(fault.code, Some(place), fault.message)
        .found(found)
        .field(field)
        .label(format!("ожидалось: {}", fault.expected))
        .help(fault.help)
}

/// A rule that does not hold, with both sides in figures.
pub fn broken_rule(check: &Check<'_>, place: Place, figures: &str) -> Diagnostic {
    let (severity, help) = match check.rule.severity {
        RuleSeverity::Error => (
            Severity::Error,
            "проверьте эти значения; пока правило нарушено, они не учтены",
        ),
        RuleSeverity::Warning => (Severity::Warning, "проверьте эти значения; они учтены"),
    };
    let message = if check.rule.message.is_empty() {
        format!("нарушено правило {}", check.rule.id)
    } else {
        check.rule.message.clone()
    };
    Diagnostic::new(
        Code::RuleBroken,
        Some(place),
        format!("{message} ({figures})"),
    )
    .severity(severity)
    .label(figures.to_owned())
    .help(help)
}

/// With the rule itself as a second place.
#[must_use]
pub fn with_rule_place(
    diagnostic: Diagnostic,
    places: &[Vec<Place>],
    form: usize,
    rule: usize,
) -> Diagnostic {
    match places.get(form).and_then(|places| places.get(rule)) {
        Some(place) => diagnostic.related(place.clone(), "нарушенное правило"),
        None => diagnostic,
    }
}

/// A long table's measure that no form has.
pub fn unknown_measure(place: Place, text: &str, near: Option<&str>) -> Diagnostic {
    let help = match near {
        Some(near) => format!("возможно, это «{near}»; значения этого показателя не учтены"),
        None => "значения этого показателя не учтены; если он нужен, добавьте его в форму".into(),
    };
    Diagnostic::new(
        Code::UnknownColumn,
        Some(place),
        format!("показателя «{}» нет ни в одной форме", cell::shorten(text)),
    )
    .severity(Severity::Warning)
    .found(text)
    .help(help)
}

/// A long table's measure that several of the organisation's forms have.
pub fn ambiguous_measure(place: Place, text: &str, paths: &[String]) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownColumn,
        Some(place),
        format!(
            "показатель «{}» есть в нескольких формах",
            cell::shorten(text)
        ),
    )
    .severity(Severity::Error)
    .found(text)
    .help(format!(
        "напишите {}; значения не учтены",
        paths.join(" или ")
    ))
}
