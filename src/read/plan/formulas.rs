//! Formulas with their names looked up.

use super::document::Entry;
use super::faults::Faults;
use super::names::{self, FormNames, Unknown, suggestion};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::form::FieldType;
use crate::model::formula::{self, FieldRef, Formula, Name, Operand};
use crate::source::Place;

/// What a formula may name.
pub(crate) struct Scope<'a> {
    pub(crate) forms: &'a FormNames,
    /// The kinds of organisations that somebody bears or a form is owed by.
    pub(crate) kinds: &'a [String],
    /// False where a kind may be lost in a broken file.
    pub(crate) kinds_complete: bool,
}

/// The formula of an indicator's key; `None` where it is absent or faulty.
pub(crate) fn read(
    entry: Entry<'_>,
    key: &str,
    scope: &Scope<'_>,
    faults: &mut Faults<'_>,
) -> Option<Formula> {
    let text = entry.filled(key)?;
    let parsed = match formula::parse(text) {
        Ok(parsed) => parsed,
        Err(fault) => {
            let help = "формула — числа, + - * /, скобки, поля «форма.поле» и organisations(вид)";
            faults.push(unreadable(entry, key, &fault, help));
            return None;
        }
    };
    let mut operands = Vec::with_capacity(parsed.names.len());
    for (name, span) in parsed.names {
        let place = entry.place_in(key, span);
        operands.extend(operand(name, place, scope, faults));
    }
    Some(Formula {
        text: text.to_owned(),
        node: parsed.node,
        operands,
    })
}

/// A formula that cannot be parsed.
pub(crate) fn unreadable(
    entry: Entry<'_>,
    key: &str,
    fault: &formula::Fault,
    help: &str,
) -> Diagnostic {
    let place = entry.place_in(key, fault.span.clone());
    let expected = fault
        .message
        .split_once("ожидалось: ")
        .map_or(fault.message.as_str(), |(_, expected)| expected);
    let is_end = |c: char| c.is_whitespace() || "+-*/()".contains(c);
    let text = entry.text(key).unwrap_or_default();
    let at = fault.span.start.min(text.len());
    let start = text[..at].rfind(is_end).map_or(0, |end| end + 1);
    let end = text[at..].find(is_end).map_or(text.len(), |end| at + end);
    let word = text.get(start..end).unwrap_or_default();
    let letter = names::russian_letter(word);
    Diagnostic::new(
        Code::BadFormula,
        Some(place),
        format!("формула не читается: {}", fault.message),
    )
    .label(format!("ожидалось: {expected}"))
    .help(letter.as_deref().unwrap_or(help))
}

fn operand(
    name: Name,
    place: Place,
    scope: &Scope<'_>,
    faults: &mut Faults<'_>,
) -> Option<Operand> {
    match name {
        Name::Organisations(kind) => {
            if scope.kinds_complete && !scope.kinds.contains(&kind) {
                let kinds = scope.kinds.iter().map(String::as_str);
                faults.push(
                    Diagnostic::new(
                        Code::UnknownReference,
                        Some(place),
                        format!("нет организаций вида «{kind}»"),
                    )
                    .label("ожидался вид из реестра организаций или из форм")
                    .found(kind.as_str())
                    .help(suggestion(&kind, kinds, "виды")),
                );
            }
            Some(Operand::Organisations(kind))
        }
        Name::Field { form: None, field } => {
            faults.push(without_form(&field, place, scope.forms));
            None
        }
        Name::Field {
            form: Some(form),
            field,
        } => {
            let (found, kind) = field_of(&form, &field, &place, scope.forms, faults)?;
            let path = format!("{form}.{field}");
            if let Some(diagnostic) = not_addable(&path, kind, place) {
                faults.push(diagnostic);
                return None;
            }
            Some(Operand::Field(found))
        }
    }
}

/// The field that `form.field` names.
pub(crate) fn field_of(
    form: &str,
    field: &str,
    place: &Place,
    forms: &FormNames,
    faults: &mut Faults<'_>,
) -> Option<(FieldRef, FieldType)> {
    match forms.form(form).and_then(|index| forms.field(index, field)) {
        Ok(found) => Some(found),
        Err(unknown) => {
            faults_unknown(unknown, place, &format!("{form}.{field}"), faults);
            None
        }
    }
}

/// Reports a name that leads nowhere, unless its owner may have been lost in a broken file.
pub(crate) fn faults_unknown(
    unknown: Option<Unknown>,
    place: &Place,
    found: &str,
    faults: &mut Faults<'_>,
) {
    let Some(unknown) = unknown else { return };
    faults.push(
        Diagnostic::new(Code::UnknownReference, Some(place.clone()), unknown.message)
            .label("ожидалось: форма.поле из папки forms")
            .found(found)
            .help(unknown.help),
    );
}

fn without_form(field: &str, place: Place, forms: &FormNames) -> Diagnostic {
    let paths = forms.with_field(field);
    let help = match &paths[..] {
        [] => "напишите форма.поле, например kindergarten.enrolled".to_owned(),
        paths => format!("напишите {}", paths.join(" или ")),
    };
    Diagnostic::new(
        Code::BadFormula,
        Some(place),
        format!("не сказано, какой формы поле «{field}»"),
    )
    .label("ожидалось: форма.поле")
    .found(field)
    .help(help)
}

fn not_addable(path: &str, kind: FieldType, place: Place) -> Option<Diagnostic> {
    match kind {
        FieldType::Percent => Some(
            Diagnostic::new(
                Code::PercentInFormula,
                Some(place),
                format!("поле «{path}» — процент, а проценты организаций не складываются"),
            )
            .label("ожидалось количество: сумма или среднее процентов не есть общий процент")
            .found(path)
            .help(
                "заведите в форме два поля-количества (type = \"count\"), числитель и знаменатель, \
                 и разделите их суммы в показателе",
            ),
        ),
        kind if kind.adds_up() => None,
        kind => Some(
            Diagnostic::new(
                Code::WrongValue,
                Some(place),
                format!("поле «{path}» — {}, в формуле ему не место", kind.title()),
            )
            .label("ожидалось поле-число или поле-признак")
            .found(path)
            .help("возьмите поле с type = \"count\", \"number\" или \"flag\""),
        ),
    }
}
