//! What can be said of a table's columns before any row is read.

use super::cell::shorten;
use super::layout::{Context, Layout, Near, NoLayout, Shape};
use super::vocabulary::is_of_another_kind;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::Plan;
use crate::model::form::Form;
use crate::model::name;
use crate::source::{FileId, Place, Spot};

/// Says what is wrong with the columns of a table.
pub fn remark(
    context: &Context<'_>,
    file: FileId,
    layout: &Layout,
    is_correction: bool,
    diagnostics: &mut Diagnostics,
) {
    let columns = Columns {
        context,
        file,
        layout,
    };
    columns.rows_above(diagnostics);
    columns.near(diagnostics);
    columns.scaled(diagnostics);
    if let Shape::Wide {
        form,
        fields,
        doubled,
    } = &layout.shape
    {
        let form = &context.plan.forms[*form];
        columns.doubled(form, doubled, diagnostics);
        // A correction may be of some figures only.
        let severity = match is_correction {
            true => Severity::Note,
            false => Code::MissingColumn.severity(),
        };
        columns.missing(form, fields, doubled, severity, diagnostics);
        columns.unclaimed(diagnostics);
    }
}

struct Columns<'a> {
    context: &'a Context<'a>,
    file: FileId,
    layout: &'a Layout,
}

impl Columns<'_> {
    /// The header as such.
    fn line(&self) -> Place {
        Place::line(
            self.file,
            self.layout.header_line,
            self.layout.header_offset,
        )
    }

    /// Where the heading of a column stands.
    fn place(&self, column: usize) -> Place {
        match self.layout.cells.get(column) {
            Some(Some(cell)) => Place {
                file: self.file,
                spot: Spot::Cell(cell.clone()),
            },
            _ => self.line(),
        }
    }

    /// Rows of figures above the header belong to nothing: they must not go unseen.
    fn rows_above(&self, diagnostics: &mut Diagnostics) {
        let above = self.layout.above.iter().filter(|above| above.has_figures);
        let lines: Vec<String> = above.clone().map(|above| above.line.to_string()).collect();
        let Some(first) = above.clone().next() else {
            return;
        };
        let (lines, verb) = match lines.len() {
            1 => (format!("строка {}", lines[0]), "похожа на отчёт, но стоит"),
            ..=10 => (
                format!("строки {}", lines.join(", ")),
                "похожи на отчёты, но стоят",
            ),
            many => (
                format!("строки {} и ещё {}", lines[..10].join(", "), many - 10),
                "похожи на отчёты, но стоят",
            ),
        };
        diagnostics.push(
            Diagnostic::new(
                Code::SkippedLine,
                Some(Place::line(self.file, first.line, first.offset)),
                format!("{lines} {verb} выше шапки: не прочитано"),
            )
            .severity(Severity::Error)
            .label("выше шапки")
            .help("поставьте шапку над всеми строками таблицы"),
        );
    }

    fn near(&self, diagnostics: &mut Diagnostics) {
        for near in &self.layout.near {
            let (Near::Taken { column, .. }
            | Near::Names { column }
            | Near::Several { column, .. }) = near;
            let heading = shorten(&self.layout.headings[*column]);
            let diagnostic = match near {
                Near::Taken { name, .. } => Diagnostic::new(
                    Code::NearColumn,
                    Some(self.place(*column)),
                    format!("столбец «{heading}» принят за «{name}»"),
                )
                .help(
                    "если это другой показатель, назовите столбец иначе; иначе исправьте название",
                ),
                Near::Names { .. } => Diagnostic::new(
                    Code::NearColumn,
                    Some(self.place(*column)),
                    format!(
                        "столбец «{heading}» принят за столбец с организацией: в нём названия из \
                         реестра"
                    ),
                )
                .help("назовите его «Организация»"),
                Near::Several { names, .. } => {
                    let names: Vec<String> = names.iter().map(|name| format!("«{name}»")).collect();
                    Diagnostic::new(
                        Code::AmbiguousColumn,
                        Some(self.place(*column)),
                        format!(
                            "столбец «{heading}» похож на несколько полей формы: {}",
                            names.join(" и ")
                        ),
                    )
                    .label("непонятно, какое из них")
                    .help("назовите столбец точно, как в форме; пока он не читается")
                }
            };
            diagnostics.push(diagnostic.found(heading));
        }
    }

    /// Columns in thousands: their figures are round.
    fn scaled(&self, diagnostics: &mut Diagnostics) {
        for (column, unit) in self.layout.units.iter().enumerate() {
            if unit.power() == 0 || !self.layout.is_claimed(column) {
                continue;
            }
            let heading = shorten(&self.layout.headings[column]);
            diagnostics.push(
                Diagnostic::new(
                    Code::RoundedFigure,
                    Some(self.place(column)),
                    format!(
                        "столбец «{heading}» не в единицах: значения умножены на 1{}",
                        "0".repeat(unit.power().into())
                    ),
                )
                .found(heading)
                .label("единица измерения")
                .help("такие значения округлены; попросите прислать точные"),
            );
        }
    }

    fn doubled(&self, form: &Form, doubled: &[(usize, Vec<usize>)], diagnostics: &mut Diagnostics) {
        for (field, columns) in doubled {
            let field = &form.fields[*field];
            diagnostics.push(
                Diagnostic::new(
                    Code::DuplicateColumn,
                    Some(self.place(columns[1])),
                    format!("два столбца для одного показателя «{}»", field.header),
                )
                .found(&self.layout.headings[columns[1]])
                .field(&field.id)
                .label("второй такой столбец")
                .help("оставьте один столбец; пока их два, ни один не учтён")
                .related(self.place(columns[0]), "первый столбец"),
            );
        }
    }

    fn missing(
        &self,
        form: &Form,
        fields: &[(usize, usize)],
        doubled: &[(usize, Vec<usize>)],
        severity: Severity,
        diagnostics: &mut Diagnostics,
    ) {
        for (index, field) in form.fields.iter().enumerate() {
            let present =
                fields.iter().any(|(_, f)| *f == index) || doubled.iter().any(|(f, _)| *f == index);
            if !field.required || present {
                continue;
            }
            let near = self
                .layout
                .headings
                .iter()
                .enumerate()
                .filter(|(column, _)| !self.layout.is_claimed(*column))
                .map(|(_, heading)| heading.as_str())
                .filter(|heading| {
                    !name::turns_round(heading, &field.header)
                        && is_of_another_kind(heading) == is_of_another_kind(&field.header)
                });
            let help = match name::nearest(&field.header, near) {
                Some(near) => format!(
                    "возможно, это столбец «{}»: назовите его точно или добавьте это название в \
                     aliases поля",
                    shorten(near)
                ),
                None => "добавьте столбец или пришлите отчёт по форме целиком".to_owned(),
            };
            diagnostics.push(
                Diagnostic::new(
                    Code::MissingColumn,
                    Some(self.line()),
                    format!("нет обязательного столбца «{}»", field.header),
                )
                .severity(severity)
                .field(&field.id)
                .label(format!("ожидался столбец «{}»", field.header))
                .help(help),
            );
        }
    }

    fn unclaimed(&self, diagnostics: &mut Diagnostics) {
        for (column, heading) in self.layout.headings.iter().enumerate() {
            let told =
                |near: &Near| matches!(near, Near::Several { column: c, .. } if *c == column);
            if heading.is_empty()
                || self.layout.is_claimed(column)
                || self.layout.near.iter().any(told)
            {
                continue;
            }
            // To look for a like name takes a look at all of them.
            let code = Code::UnknownColumn;
            diagnostics.report(code, code.severity(), Some(self.file), || {
                self.unknown(column, heading)
            });
        }
    }

    fn unknown(&self, column: usize, heading: &str) -> Diagnostic {
        let context = self.context;
        let help = match context.vocabulary.nearest(context.plan, heading) {
            Some(near) => format!(
                "если это «{near}», назовите столбец точно или добавьте название в aliases поля"
            ),
            None => "если он нужен, добавьте поле в описание формы".to_owned(),
        };
        let heading = shorten(heading);
        Diagnostic::new(
            Code::UnknownColumn,
            Some(self.place(column)),
            format!("столбец «{heading}» не относится ни к одному полю формы и не читается"),
        )
        .found(heading)
        .help(help)
    }
}

/// A workbook without any report.
pub fn no_sheet(file: FileId) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownForm,
        Some(Place::whole(file)),
        "ни на одном листе книги нет отчёта",
    )
    .severity(Severity::Error)
    .help("сверьте названия столбцов с формой: aleysk show forms")
}

/// A header that makes no report.
pub fn no_layout(plan: &Plan, file: FileId, reason: &NoLayout) -> Diagnostic {
    let at = |line: u32, offset: u64| Some(Place::line(file, line, offset));
    match reason {
        NoLayout::NoHeader => Diagnostic::new(
            Code::UnknownForm,
            Some(Place::whole(file)),
            "нет строки с названиями столбцов",
        ),
        NoLayout::NoOrganisation { line, offset, form } => {
            let about = match form {
                Some(form) => format!("форму «{}»", plan.forms[*form].title),
                None => "таблицу показателей и значений".into(),
            };
            Diagnostic::new(
                Code::MissingColumn,
                at(*line, *offset),
                format!("похоже на {about}, но нет столбца с организацией"),
            )
            .label("ожидался столбец «Организация»")
            .help(
                "добавьте столбец «Организация» с названием, id или ИНН либо назовите организацию \
                 над таблицей или в имени файла (одну и ту же); эти строки не учтены",
            )
        }
        NoLayout::NoFields { line, offset } => Diagnostic::new(
            Code::UnknownForm,
            at(*line, *offset),
            "столбец с организацией есть, а столбцов ни одной формы нет",
        )
        .severity(Severity::Error)
        .label("названия столбцов не из форм")
        .help("сверьте названия столбцов с формой: aleysk show forms; эти строки не учтены"),
        NoLayout::StrangeHeader { line, offset } => Diagnostic::new(
            Code::UnknownForm,
            at(*line, *offset),
            "похоже на шапку ещё одной таблицы, но её столбцы не узнаны",
        )
        .severity(Severity::Error)
        .label("одни слова там, где ожидались значения")
        .help(
            "если ниже отчёт, назовите столбцы как в форме: aleysk show forms; до следующей шапки \
             строки не учтены",
        ),
        NoLayout::SeveralForms {
            line,
            offset,
            forms,
        } => {
            let titles: Vec<String> = forms
                .iter()
                .map(|form| format!("«{}»", plan.forms[*form].title))
                .collect();
            Diagnostic::new(
                Code::UnknownForm,
                at(*line, *offset),
                format!("столбцы подходят нескольким формам: {}", titles.join(", ")),
            )
            .severity(Severity::Error)
            .label("непонятно, какая это форма")
            .help("назовите форму в заголовке над таблицей или в имени файла; эти строки не учтены")
        }
    }
}
