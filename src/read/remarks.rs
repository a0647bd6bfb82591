//! What is said of a report's rows: the wording of each fault, in one place.

use jiff::civil::Date;

use super::cell;
use super::delimited::{Quotes, count_line_ends};
use super::identity::Identity;
use super::rules::Check;
use super::unit::Unit;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::form::{Field, FieldType, Form, RuleSeverity};
use crate::model::name;
use crate::model::organisation::{Organisation, Register};
use crate::model::period::{self, Every, Period, russian_date};
use crate::model::plural::counted;
use crate::model::quantity::Fixed;
use crate::source::{Encoding, FileId, Place, Spot};

/// The line on which a byte of a file's first ones stands.
pub fn line_at(file: FileId, head: &[u8], at: usize) -> Place {
    let line_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let start = head[..at].iter().rposition(line_end);
    let start = start.map_or(0, |end| end + 1);
    Place::line(file, count_line_ends(&head[..start]) + 1, start as u64)
}

/// An encoding that the letters do not tell surely; `rival` is the next best.
pub fn assumed_encoding(
    file: FileId,
    head: &[u8],
    encoding: Encoding,
    rival: Encoding,
) -> Diagnostic {
    let reads_otherwise = |byte: &u8| encoding.decode(&[*byte]) != rival.decode(&[*byte]);
    let at = head.iter().position(reads_otherwise).unwrap_or(0);
    let start = head[..at].iter().rposition(u8::is_ascii);
    let word = &head[start.map_or(0, |before| before + 1)..];
    let length = word.iter().position(u8::is_ascii).unwrap_or(word.len());
    let other = cell::shorten(&rival.decode(&word[..length]));
    Diagnostic::new(
        Code::AssumedEncoding,
        Some(line_at(file, head, at)),
        format!("кодировка определена неуверенно: принята {}", encoding.id()),
    )
    .found(encoding.id())
    .label(format!("в {} здесь было бы «{other}»", rival.id()))
    .help(format!(
        "если буквы показаны неверно, укажите кодировку сами, например --encoding {}",
        rival.id()
    ))
}

/// Nine rows of ten, and more than two.
pub fn is_nearly_all(count: u64, rows: u64) -> bool {
    count >= 3 && count * 10 >= rows * 9
}

/// What is wrong with a record's quotes, and in which cell.
pub fn quotes_fault(quotes: Quotes) -> Option<(Code, usize)> {
    match quotes {
        Quotes::Fine => None,
        Quotes::Stray(column) => Some((Code::StrayQuote, column as usize)),
        Quotes::Unclosed(column) => Some((Code::UnclosedQuote, column as usize)),
    }
}

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

/// A quote that closes on another line than its own: whole rows of the table stand in one cell.
pub fn swallowed(place: Place, first: u32, last: u32) -> Diagnostic {
    let lines = match first == last {
        true => format!("попала строка {first}"),
        false => format!("попали строки {first}–{last}"),
    };
    Diagnostic::new(
        Code::UnclosedQuote,
        Some(place),
        format!("кавычка закрыта не на своём месте: в одну ячейку {lines}"),
    )
    .label("ожидалась закрывающая кавычка")
    .help("закройте её или сохраните файл заново из табличной программы; эти строки не учтены")
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
    let place = Place::line(file, line, offset);
    Some(
        Diagnostic::new(Code::SkippedLine, Some(place), message).help(
            "подписи, сноски и заголовки разделов программе не нужны; если это отчёт, проверьте \
             название организации",
        ),
    )
}

/// A row below a line that says it is of another time, or a plan.
pub fn aside(place: Place, said: &str) -> Diagnostic {
    Diagnostic::new(
        Code::SkippedLine,
        Some(place),
        format!("строка не учтена: выше сказано «{}»", cell::shorten(said)),
    )
    .severity(Severity::Error)
    .label("это не отчёт за период, названный в заголовке")
    .help("если это отчёт, уберите строку выше; иначе удалите эти строки из файла")
}

/// A table between others that is no report.
pub fn unread_table(place: Place, last: u32, rows: u64) -> Diagnostic {
    let lines = match &place.spot {
        Spot::Line { line, .. } if *line != last => format!("строки {line}–{last}"),
        _ => format!("строка {last}"),
    };
    Diagnostic::new(
        Code::SkippedLine,
        Some(place),
        format!(
            "{lines} не прочитаны: таблица не по форме ({})",
            counted(u128::from(rows), &["запись", "записи", "записей"])
        ),
    )
    .help("если это отчёт, назовите столбцы как в форме")
}

/// A row with figures whose organisation is not known; `look`: the one meant is looked for in the
/// register, which takes a look at all of them.
pub fn unidentified(
    identity: Identity,
    register: &Register,
    place: Place,
    text: &str,
    look: bool,
) -> Diagnostic {
    let title = |index: u32| name::quoted(register.organisations[index as usize].title());
    let shown = cell::shorten(text);
    match identity {
        Identity::Ambiguous => Diagnostic::new(
            Code::AmbiguousOrganisation,
            Some(place),
            format!("название «{shown}» подходит нескольким организациям"),
        )
        .label("непонятно, чья это строка")
        .help("укажите полное название, id или ИНН; строка не учтена"),
        Identity::Contradiction(one, other) => Diagnostic::new(
            Code::AmbiguousOrganisation,
            Some(place),
            format!(
                "в одной строке названы две организации: {} и {}",
                title(one),
                title(other)
            ),
        )
        .label("столбцы противоречат друг другу")
        .help("исправьте название, id или ИНН; строка не учтена"),
        Identity::Nobody => Diagnostic::new(
            Code::UnknownOrganisation,
            Some(place),
            "показатели есть, а организация не указана",
        )
        .label("ожидалось название организации")
        .help(
            "впишите название, id или ИНН в каждую строку, даже если ячейки были объединены; строка \
             не учтена",
        ),
        _ => no_organisations_name(place.clone(), text)
            .or_else(|| look.then(|| not_only_a_name(register, place.clone(), text))?)
            .unwrap_or_else(|| {
                let near = look.then(|| name::nearest(text, register.names()));
                unknown_organisation(place, &shown, near.flatten())
            }),
    }
    .found(text)
}

fn unknown_organisation(place: Place, shown: &str, near: Option<&str>) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownOrganisation,
        Some(place),
        format!("организации «{shown}» нет в реестре"),
    )
    .label("ожидалось название, псевдоним, id или ИНН из реестра")
    .help(match near {
        Some(near) => format!(
            "возможно, это «{near}»: исправьте название или добавьте его в aliases организации; \
             строка не учтена"
        ),
        None => "проверьте название или добавьте организацию в реестр; строка не учтена".to_owned(),
    })
}

/// What stands where a name should and is none.
fn no_organisations_name(place: Place, text: &str) -> Option<Diagnostic> {
    let unknown = |message, help: String| {
        Diagnostic::new(Code::UnknownOrganisation, Some(place), message)
            .label("ожидалось название, id или ИНН организации")
            .help(help)
    };
    let shown = cell::shorten(text);
    if let Some(damage) = cell::damage::of_name(text) {
        return Some(unknown(damage.message, damage.help));
    }
    if cell::repeats(text) {
        return Some(unknown(
            format!("знак повтора вместо названия: «{shown}»"),
            "впишите само название, id или ИНН; строка не учтена".into(),
        ));
    }
    let lower = text.trim_start_matches(['(', '«', '"']).to_lowercase();
    if lower.starts_with("пример") || lower.starts_with("образец") {
        let example = unknown(
            format!("похоже, это пример из бланка: «{shown}»"),
            "удалите его из отчёта; строка не учтена".into(),
        );
        return Some(example.severity(Severity::Warning));
    }
    let lost = text.matches('?').count() >= 3 && !text.contains(char::is_alphabetic);
    lost.then(|| {
        unknown(
            format!("буквы названия потеряны при сохранении: «{shown}»"),
            "попросите прислать файл в «CSV UTF-8»; строка не учтена".into(),
        )
    })
}

/// Names that the register has among other words: two organisations, a branch, a name with an
/// address.
fn not_only_a_name(register: &Register, place: Place, text: &str) -> Option<Diagnostic> {
    let shown = cell::shorten(text);
    let title = |index: u32| name::quoted(register.organisations[index as usize].title());
    match register.named_within(text)[..] {
        [] => None,
        [(one, within)] => {
            let lower = text.to_lowercase();
            let branch = ["филиал", "корпус", "структурн", "отделени"];
            if !branch.iter().any(|word| lower.contains(word)) {
                return Some(unknown_organisation(place, &shown, Some(within)));
            }
            let help = format!(
                "прибавьте его показатели к строке {} или добавьте его в реестр; строка не учтена",
                title(one)
            );
            Some(unknown_organisation(place, &shown, None).help(help))
        }
        [(one, _), (other, _), ..] => Some(
            Diagnostic::new(
                Code::AmbiguousOrganisation,
                Some(place),
                format!(
                    "в одной ячейке названы две организации: {} и {}",
                    title(one),
                    title(other)
                ),
            )
            .label("непонятно, чья это строка")
            .help("дайте каждой организации свою строку; строка не учтена"),
        ),
    }
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
    let any_year = || period::read(&format!("{found} 2025")).is_some();
    let (message, help) = if found.is_empty() {
        (
            "период не указан".to_owned(),
            "впишите период в каждую строку, даже если ячейки были объединены; строка не учтена"
                .to_owned(),
        )
    } else if let Some(day) = cell::damage::day_behind(&found) {
        (
            format!("порядковый номер дня вместо периода: «{found}»"),
            format!("в табличной программе это {day}: впишите период словами; строка не учтена"),
        )
    } else if any_year() {
        (
            format!("в периоде нет года: «{found}»"),
            "впишите и год; строка не учтена".to_owned(),
        )
    } else {
        (
            format!("период не распознан: «{found}»"),
            "исправьте период; строка не учтена".to_owned(),
        )
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
        .help(help)
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

/// A header with nothing below it, or so many rows with nothing in them but totals.
pub fn no_rows(place: Place, rows: u64, totals: u64) -> Diagnostic {
    let (message, label) = match (rows, totals) {
        (0, _) => ("шапка есть, а строк с данными нет", "ниже ничего нет"),
        (_, 1..) => (
            "кроме итогов, строк с показателями нет",
            "ниже только итоги: из них показатели не берутся",
        ),
        _ => (
            "шапка есть, а ни в одной строке нет показателей",
            "ниже ничего не заполнено",
        ),
    };
    Diagnostic::new(Code::NoRows, Some(place), message)
        .label(label)
        .help("попросите прислать заполненный отчёт")
}

/// Different periods in one file's title and names; the first was taken.
pub fn several_periods(file: FileId, periods: &[Period]) -> Diagnostic {
    let titles: Vec<String> = periods.iter().map(|period| period.title()).collect();
    let taken = titles.first().cloned().unwrap_or_default();
    Diagnostic::new(
        Code::SeveralPeriods,
        Some(Place::whole(file)),
        format!(
            "в заголовке и именах названы разные периоды: {}",
            titles.join(", ")
        ),
    )
    .found(titles.join(", "))
    .help(format!(
        "взят первый: {taken}; если он неверен, исправьте заголовок или имя"
    ))
}

/// A line among the rows that states another period for those below it.
pub fn another_period(place: Place, period: Period) -> Diagnostic {
    let title = period.title();
    Diagnostic::new(
        Code::SeveralPeriods,
        Some(place),
        format!("строки ниже — за другой период: {title}"),
    )
    .severity(Severity::Note)
    .found(title)
    .help("если это не так, уберите строку или исправьте в ней период")
}

/// A file named as superseding that replaced nothing.
pub fn supersedes_nothing(file: Option<FileId>) -> Diagnostic {
    Diagnostic::new(
        Code::SupersedesNothing,
        file.map(Place::whole),
        "--supersede: файл ничего не заменил, других отчётов за то же время нет",
    )
    .help("проверьте, тот ли это файл и за тот ли период отчёт в нём")
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

/// A cell that cannot be read, or in which something stands beside its value.
pub fn of_cell(place: Place, found: String, field: &str, remark: cell::Remark) -> Diagnostic {
    Diagnostic::new(remark.code, Some(place), remark.message)
        .found(found)
        .field(field)
        .label(remark.label)
        .help(remark.help)
}

/// A figure of a long table in thousands.
pub fn scaled_figure(place: Place, found: String, unit: Unit) -> Diagnostic {
    let factor = format!("1{}", "0".repeat(unit.power().into()));
    Diagnostic::new(
        Code::RoundedFigure,
        Some(place),
        format!("число не в единицах: «{found}» умножено на {factor}"),
    )
    .found(found)
    .label("единица измерения названа в строке")
    .help("такое значение округлено; попросите прислать точное")
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
