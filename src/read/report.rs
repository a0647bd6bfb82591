//! Reports → tally: each file opened, understood and read once, faults collected on the way.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::delimited::Records;
use super::dialect::{self, NoText};
use super::header::{self, Layout, NoLayout, Shape, Vocabulary};
use super::inputs::{Input, Inputs};
use super::plan::Loaded;
use super::remarks::{broken_rule, with_rule_place};
use super::rules::Check;
use super::submission::{Outcome, Rows, Table, cell_place};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::Plan;
use crate::model::form::RuleSeverity;
use crate::model::formula::FieldRef;
use crate::model::name;
use crate::model::period::{self, Period, Stated};
use crate::model::quantity::{Fixed, Reported};
use crate::source::{Content, Encoding, FileId, Place, SourceFile, Sources, Spot, io_reason};
use crate::tally::{Keep, RecordPlace, Repeat, Standing, Tally};

/// How reports are to be read.
#[derive(Clone, Debug)]
pub struct Options {
    /// The encoding, where it is not to be guessed.
    pub encoding: Option<Encoding>,
    /// The separator, where it is not to be guessed.
    pub delimiter: Option<u8>,
    /// The period of files that tell none.
    pub report_period: Option<Stated>,
    /// Which periods are wanted.
    pub keep: Keep,
}

/// What was made of one file.
#[derive(Clone, Debug)]
pub struct FileRead {
    /// The file.
    pub file: FileId,
    /// What sets its cells apart; `None` where it is no table.
    pub delimiter: Option<u8>,
    /// The column of each field that it has.
    columns: Vec<(FieldRef, usize)>,
    /// The column of the figures of a long table.
    value_column: Option<usize>,
    /// What came of its rows.
    pub outcome: Outcome,
}

/// What was made of all files.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What was reported.
    pub tally: Tally,
    /// The files in the order read.
    pub files: Vec<FileRead>,
}

/// The first bytes of a file, by which it is understood.
const HEAD: usize = 1 << 20;

/// Reads all files.
pub fn read(
    loaded: &Loaded,
    inputs: &Inputs,
    options: &Options,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Reading {
    let vocabulary = Vocabulary::new(&loaded.plan);
    let mut reader = Reader {
        loaded,
        vocabulary: &vocabulary,
        options,
        tally: Tally::new(&loaded.plan, options.keep),
        sources,
        diagnostics,
    };
    let mut files = Vec::new();
    for input in &inputs.files {
        files.push(reader.file(input));
    }
    let mut tally = reader.tally;
    tally.settle();
    note_others(inputs, diagnostics);
    let mut reading = Reading { tally, files };
    reading.report_repeats(&loaded.plan, sources, diagnostics);
    reading.check_deferred_rules(loaded, sources, diagnostics);
    reading
}

fn note_others(inputs: &Inputs, diagnostics: &mut Diagnostics) {
    if inputs.others.is_empty() {
        return;
    }
    let mut names: Vec<String> = inputs
        .others
        .iter()
        .take(10)
        .map(|path| name::printable(&path.to_string_lossy()))
        .collect();
    if inputs.others.len() > names.len() {
        names.push(format!("и ещё {}", inputs.others.len() - names.len()));
    }
    diagnostics.push(
        Diagnostic::new(
            Code::SkippedFile,
            None,
            format!("не отчёты, пропущены: {}", names.join(", ")),
        )
        .help("отчёты — файлы .csv, .tsv, .txt; книгу Excel сохраните как «CSV UTF-8»"),
    );
}

struct Reader<'a> {
    loaded: &'a Loaded,
    vocabulary: &'a Vocabulary,
    options: &'a Options,
    tally: Tally,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
}

/// A file whose table has been understood.
struct Understood {
    file: FileId,
    input: Box<dyn Read>,
    head: Vec<u8>,
    /// The head is all there is.
    whole: bool,
    mark: usize,
    encoding: Encoding,
    layout: Layout,
}

impl Reader<'_> {
    fn file(&mut self, input: &Input) -> FileRead {
        let file = self.sources.add(SourceFile {
            name: input.name.clone(),
            content: Content::Report {
                path: input.path.clone(),
                head: Vec::new(),
                encoding: Encoding::Utf8,
            },
        });
        let mut read = FileRead {
            file,
            delimiter: None,
            columns: Vec::new(),
            value_column: None,
            outcome: Outcome::default(),
        };
        if let Some(understood) = self.understand(file, input) {
            read.delimiter = Some(understood.layout.delimiter);
            let layout = &understood.layout;
            match &layout.shape {
                Shape::Wide { form, fields, .. } => {
                    let form = *form;
                    read.columns = fields
                        .iter()
                        .map(|&(column, field)| (FieldRef { form, field }, column))
                        .collect();
                }
                Shape::Long { value, .. } => read.value_column = Some(*value),
            }
            self.columns(file, layout);
            read.outcome = self.rows(understood, input);
        }
        read
    }

    fn understand(&mut self, file: FileId, input: &Input) -> Option<Understood> {
        let opened: io::Result<(Box<dyn Read>, Vec<u8>, bool)> = open(input);
        let (input_bytes, head, whole) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.diagnostics.push(unreadable(file, &error));
                return None;
            }
        };
        let text = match dialect::encoding(&head, whole, self.options.encoding) {
            Ok(text) => text,
            Err(reason) => {
                self.diagnostics.push(no_text(file, reason));
                return None;
            }
        };
        let kept = if whole || input.path.is_none() {
            head.clone()
        } else {
            Vec::new()
        };
        self.sources.get_mut(file).content = Content::Report {
            path: input.path.clone().filter(|_| !whole),
            head: kept,
            encoding: text.encoding,
        };
        if let Some(at) = text.spoilt {
            self.diagnostics.push(spoilt(file, &head, at));
        }
        let context = header::Context {
            plan: &self.loaded.plan,
            vocabulary: self.vocabulary,
            file_name: &input.name,
            encoding: text.encoding,
            delimiter: self.options.delimiter,
        };
        match header::find(&context, &head[text.mark..], text.mark as u64) {
            Ok(layout) => Some(Understood {
                file,
                input: input_bytes,
                head,
                whole,
                mark: text.mark,
                encoding: text.encoding,
                layout,
            }),
            Err(reason) => {
                let diagnostic = self.no_layout(file, input, &head, &reason);
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    fn no_layout(&self, file: FileId, input: &Input, head: &[u8], reason: &NoLayout) -> Diagnostic {
        let plan = &self.loaded.plan;
        let at = |line: u32, offset: u64| {
            Some(Place {
                file,
                spot: Spot::Line { line, offset },
            })
        };
        match reason {
            NoLayout::NoHeader if head.iter().all(u8::is_ascii_whitespace) => {
                Diagnostic::new(Code::NotATable, Some(Place::whole(file)), "файл пуст")
                    .severity(if input.named {
                        Severity::Error
                    } else {
                        Severity::Note
                    })
                    .help("попросите прислать отчёт ещё раз")
            }
            NoLayout::NoHeader => Diagnostic::new(
                Code::UnknownForm,
                Some(Place::whole(file)),
                "это не отчёт ни по одной форме: нет строки с названиями столбцов",
            )
            .severity(if input.named {
                Severity::Error
            } else {
                Severity::Note
            })
            .help(format!(
                "в шапке ожидался столбец с организацией и столбцы одной из форм: {}; посмотреть \
                 их названия: aleysk show forms",
                form_titles(plan)
            )),
            NoLayout::NoOrganisation { line, offset, form } => Diagnostic::new(
                Code::MissingColumn,
                at(*line, *offset),
                format!(
                    "похоже на форму «{}», но нет столбца с организацией",
                    plan.forms[*form].title
                ),
            )
            .label("ожидался столбец «Организация»")
            .help("добавьте столбец «Организация» с названием, id или ИНН; файл не учтён"),
            NoLayout::NoFields { line, offset } => Diagnostic::new(
                Code::UnknownForm,
                at(*line, *offset),
                "столбец с организацией есть, а столбцов ни одной формы нет",
            )
            .severity(Severity::Error)
            .label("названия столбцов не из форм")
            .help("сверьте названия столбцов с формой: aleysk show forms; файл не учтён"),
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
                .help("назовите форму в заголовке над таблицей или в имени файла; файл не учтён")
            }
        }
    }

    /// What can be said of the columns before any row is read.
    fn columns(&mut self, file: FileId, layout: &Layout) {
        let Shape::Wide {
            form,
            fields,
            doubled,
        } = &layout.shape
        else {
            return;
        };
        let form = &self.loaded.plan.forms[*form];
        let header = HeaderPlace::new(file, layout);
        for (field, columns) in doubled {
            let field = &form.fields[*field];
            let mut diagnostic = Diagnostic::new(
                Code::DuplicateColumn,
                Some(header.place(columns[1])),
                format!("два столбца для одного показателя «{}»", field.header),
            )
            .found(&layout.headings[columns[1]])
            .field(&field.id)
            .label("второй такой столбец")
            .help("оставьте один столбец; пока их два, ни один не учтён");
            diagnostic = diagnostic.related(header.place(columns[0]), "первый столбец");
            self.diagnostics.push(diagnostic);
        }
        for (index, field) in form.fields.iter().enumerate() {
            let present =
                fields.iter().any(|(_, f)| *f == index) || doubled.iter().any(|(f, _)| *f == index);
            if field.required && !present {
                let near = layout
                    .headings
                    .iter()
                    .enumerate()
                    .filter(|(column, _)| !self.is_claimed(layout, *column))
                    .map(|(_, heading)| heading.as_str());
                let help = match name::nearest(&field.header, near) {
                    Some(near) => format!(
                        "возможно, это столбец «{}»: назовите его точно или добавьте это название \
                         в aliases поля",
                        cell_text(near)
                    ),
                    None => "добавьте столбец или пришлите отчёт по форме целиком".to_owned(),
                };
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::MissingColumn,
                        Some(header.line()),
                        format!("нет обязательного столбца «{}»", field.header),
                    )
                    .field(&field.id)
                    .label(format!("ожидался столбец «{}»", field.header))
                    .help(help),
                );
            }
        }
        self.unclaimed(layout, &header);
    }

    fn is_claimed(&self, layout: &Layout, column: usize) -> bool {
        let by_form = match &layout.shape {
            Shape::Wide {
                fields, doubled, ..
            } => {
                fields.iter().any(|(c, _)| *c == column)
                    || doubled.iter().any(|(_, columns)| columns.contains(&column))
            }
            Shape::Long { measure, value } => column == *measure || column == *value,
        };
        by_form
            || layout.organisation.contains(&column)
            || layout.period == Some(column)
            || layout.numbers.contains(&column)
    }

    fn unclaimed(&mut self, layout: &Layout, header: &HeaderPlace) {
        for (column, heading) in layout.headings.iter().enumerate() {
            if heading.is_empty() || self.is_claimed(layout, column) {
                continue;
            }
            let help = match self.vocabulary.nearest(&self.loaded.plan, heading) {
                Some(near) => format!(
                    "если это «{near}», назовите столбец точно или добавьте название в aliases поля"
                ),
                None => "если он нужен, добавьте поле в описание формы".to_owned(),
            };
            self.diagnostics.push(
                Diagnostic::new(
                    Code::UnknownColumn,
                    Some(header.place(column)),
                    format!(
                        "столбец «{}» не относится ни к одному полю формы и не читается",
                        cell_text(heading)
                    ),
                )
                .found(cell_text(heading))
                .help(help),
            );
        }
    }

    fn rows(&mut self, understood: Understood, input: &Input) -> Outcome {
        let file = understood.file;
        let layout = &understood.layout;
        let mut stated: Vec<Stated> = layout.stated().into_iter().collect();
        if let Some(path) = input.path.as_deref() {
            stated.extend(stated_by_name(path));
        }
        stated.extend(self.options.report_period);
        let table = Table {
            plan: &self.loaded.plan,
            rule_places: &self.loaded.rule_places,
            vocabulary: self.vocabulary,
            file,
            encoding: understood.encoding,
            layout,
            stated,
        };
        let mut records = records(
            understood.input,
            understood.head,
            understood.mark,
            layout.delimiter,
        );
        if understood.whole {
            records = records.complete();
        }
        let mut rows = Rows::new(table, &mut self.tally, self.diagnostics);
        if !understood.whole
            && let Some(Ok(about)) = input.path.as_ref().map(std::fs::metadata)
        {
            rows.expect(about.len());
        }
        let mut index = 0;
        let ended = loop {
            match records.next_records(AT_ONCE) {
                Ok(Some(batch)) => {
                    let above = (layout.header_record + 1).saturating_sub(index);
                    rows.rows(batch, above);
                    index += batch.records().len();
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        let outcome = rows.finish();
        if let Err(error) = ended {
            self.diagnostics.push(unreadable(file, &error));
        }
        outcome
    }
}

/// Rows taken together: enough for their look-ups to overlap, few enough to stay in the cache.
const AT_ONCE: usize = 48;

/// Records of a file whose first bytes have been read, behind its byte order mark.
fn records(
    input: Box<dyn Read>,
    mut head: Vec<u8>,
    mark: usize,
    delimiter: u8,
) -> Records<Box<dyn Read>> {
    head.drain(..mark);
    Records::new(input, head, mark as u64, delimiter)
}

/// Opens a file and reads its first bytes; the third says whether they are all.
fn open(input: &Input) -> io::Result<(Box<dyn Read>, Vec<u8>, bool)> {
    let mut source: Box<dyn Read> = match &input.path {
        Some(path) => Box::new(File::open(path)?),
        None => Box::new(io::stdin()),
    };
    let mut head = Vec::new();
    source.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let whole = head.len() < HEAD;
    Ok((source, head, whole))
}

/// The periods that a file's name tells, and the names of the folders it lies in, nearest first.
fn stated_by_name(path: &Path) -> Vec<Stated> {
    let own = path.file_stem().map(|stem| stem.to_string_lossy());
    let folders = path
        .ancestors()
        .skip(1)
        .take(3)
        .filter_map(Path::file_name)
        .map(|folder| folder.to_string_lossy());
    own.into_iter()
        .chain(folders)
        .filter_map(|name| period::find_in_name(&name))
        .collect()
}

/// Where the cells of a header stand.
struct HeaderPlace {
    file: FileId,
    line: u32,
    cells: Vec<Place>,
    offset: u64,
}

impl HeaderPlace {
    fn new(file: FileId, layout: &Layout) -> HeaderPlace {
        let mut header = HeaderPlace {
            file,
            line: layout.header_line,
            cells: Vec::new(),
            offset: layout.header_offset,
        };
        let mut records = Records::new(
            io::empty(),
            layout.header_bytes.clone(),
            layout.header_offset,
            layout.delimiter,
        )
        .complete()
        .starting_at(layout.header_line, layout.header_record as u32 + 1);
        if let Ok(Some(record)) = records.next_record() {
            header.cells = (0..record.len())
                .map(|column| cell_place(file, &record, column))
                .collect();
        }
        header
    }

    fn place(&self, column: usize) -> Place {
        self.cells
            .get(column)
            .cloned()
            .unwrap_or_else(|| self.line())
    }

    fn line(&self) -> Place {
        Place {
            file: self.file,
            spot: Spot::Line {
                line: self.line,
                offset: self.offset,
            },
        }
    }
}

fn cell_text(text: &str) -> String {
    super::cell::shorten(text)
}

fn form_titles(plan: &Plan) -> String {
    let titles: Vec<String> = plan
        .forms
        .iter()
        .map(|form| format!("«{}»", form.title))
        .collect();
    titles.join(", ")
}

fn unreadable(file: FileId, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableFile,
        Some(Place::whole(file)),
        format!("файл не читается: {}", io_reason(error)),
    )
    .help("закройте его в других программах, проверьте доступ и повторите")
}

/// Bytes that are no letters in a file that is UTF-8 otherwise.
fn spoilt(file: FileId, head: &[u8], at: usize) -> Diagnostic {
    let before = &head[..at];
    let line = before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    let place = Place {
        file,
        spot: Spot::Line {
            line,
            offset: start as u64,
        },
    };
    Diagnostic::new(
        Code::UnknownEncoding,
        Some(place),
        "файл в UTF-8, но в нём есть байты, которые в ней ничего не значат",
    )
    .label("на этой строке")
    .help("такие буквы показаны знаком �; сохраните файл заново как «CSV UTF-8»")
}

fn no_text(file: FileId, reason: NoText) -> Diagnostic {
    let (code, message, help) = match reason {
        NoText::Workbook => (
            Code::NotATable,
            "это книга табличной программы, а не CSV",
            "откройте её и сохраните как «CSV UTF-8 (разделитель — запятая)»; файл не учтён",
        ),
        NoText::Utf16 => (
            Code::UnknownEncoding,
            "кодировка UTF-16 («Текст Юникод»)",
            "сохраните файл как «CSV UTF-8»; файл не учтён",
        ),
        NoText::OtherCodePage => (
            Code::UnknownEncoding,
            "русские буквы записаны в другой кодировке, похоже на CP866 или Mac",
            "сохраните файл как «CSV UTF-8» или укажите --encoding; файл не учтён",
        ),
        NoText::Binary => (
            Code::NotATable,
            "это не текст и не таблица",
            "попросите прислать отчёт в CSV; файл не учтён",
        ),
    };
    Diagnostic::new(code, Some(Place::whole(file)), message).help(help)
}

impl Reading {
    /// The place of a field's cell in a record, where the file can be read again.
    pub fn cell(&self, sources: &Sources, place: RecordPlace, field: FieldRef) -> Place {
        let line = Place {
            file: place.file,
            spot: Spot::Line {
                line: place.line,
                offset: place.offset,
            },
        };
        let Some(read) = self.files.iter().find(|read| read.file == place.file) else {
            return line;
        };
        let column = read
            .columns
            .iter()
            .find(|(own, _)| *own == field)
            .map(|(_, column)| *column)
            .or(read.value_column);
        let (Some(column), Some(delimiter)) = (column, read.delimiter) else {
            return line;
        };
        let range = place.offset..place.offset + (64 << 10);
        let bytes = sources.report_bytes(place.file, range).unwrap_or_default();
        let mut records = Records::new(io::empty(), bytes, place.offset, delimiter)
            .complete()
            .starting_at(place.line, place.row);
        match records.next_record() {
            Ok(Some(record)) => cell_place(place.file, &record, column),
            _ => line,
        }
    }

    /// Reports that came twice.
    fn report_repeats(&mut self, plan: &Plan, sources: &Sources, diagnostics: &mut Diagnostics) {
        let (mut same, mut differing) = self.tally.repeat_counts;
        for repeat in &self.tally.repeats {
            if repeat.conflicting {
                differing -= 1;
            } else {
                same -= 1;
            }
            let diagnostic = self.repeat(plan, sources, repeat);
            diagnostics.push(diagnostic);
        }
        for (code, count) in [
            (Code::DuplicateReport, same),
            (Code::ConflictingReport, differing),
        ] {
            diagnostics.count_more(code, code.severity(), None, count);
        }
    }

    fn repeat(&self, plan: &Plan, sources: &Sources, repeat: &Repeat) -> Diagnostic {
        let who = &self.tally.register.organisations[repeat.organisation as usize];
        let form = &plan.forms[repeat.form];
        let first = if repeat.first.file == repeat.second.file {
            format!("; первый: строка {} этого же файла", repeat.first.line)
        } else {
            let file = &sources.get(repeat.first.file).name;
            format!("; первый: файл {file}, строка {}", repeat.first.line)
        };
        let subject = format!("{} ({})", name::quoted(who.title()), repeat.period.title());
        let line = |place: RecordPlace| Place {
            file: place.file,
            spot: Spot::Line {
                line: place.line,
                offset: place.offset,
            },
        };
        let base =
            |code, message: String| Diagnostic::new(code, None, message).organisation(&*who.id);
        if !repeat.conflicting {
            let mut diagnostic = base(
                Code::DuplicateReport,
                format!("тот же отчёт ещё раз: {subject}{first}"),
            )
            .label("тот же отчёт")
            .help(
                match self
                    .tally
                    .standing(repeat.form, repeat.organisation, repeat.period)
                {
                    Standing::Conflicting => "не учтён: есть и другой, отличный от него",
                    _ => "учтён один раз",
                },
            );
            diagnostic.place = Some(line(repeat.second));
            return diagnostic;
        }
        let mut diagnostic = base(
            Code::ConflictingReport,
            format!("два разных отчёта: {subject}{first}"),
        )
        .label("отличается от первого")
        .help("выясните, какой верен, и уберите другой из папки; пока не учтён ни один");
        diagnostic.place = Some(line(repeat.second));
        if let Some((field, own, other)) = repeat.differs {
            let reference = FieldRef {
                form: repeat.form,
                field,
            };
            let header = &form.fields[field].header;
            diagnostic.message = format!(
                "два разных отчёта: {subject}, «{header}» {} и {}{first}",
                shown(own),
                shown(other)
            );
            diagnostic = diagnostic
                .label(format!("здесь {}, в первом {}", shown(other), shown(own)))
                .field(&form.fields[field].id)
                .found(shown(other));
            diagnostic.place = Some(self.cell(sources, repeat.second, reference));
            let place = self.cell(sources, repeat.first, reference);
            diagnostic = diagnostic.related(place, format!("первый отчёт: {}", shown(own)));
        }
        diagnostic
    }

    /// Rules that could not be checked while reading: those that look at other forms, and those of
    /// reports that came in parts.
    fn check_deferred_rules(
        &mut self,
        loaded: &Loaded,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let plan = &loaded.plan;
        let mut broken: Vec<(usize, usize, u32, Period)> = Vec::new();
        for (index, form) in plan.forms.iter().enumerate() {
            if form.rules.is_empty() {
                continue;
            }
            let unchecked: BTreeSet<(u32, Period)> =
                self.tally.unchecked(index).into_iter().collect();
            let crossing: Vec<usize> = (0..form.rules.len())
                .filter(|rule| {
                    form.rules[*rule]
                        .fields
                        .iter()
                        .any(|field| field.form != index)
                })
                .collect();
            for (position, rule) in form.rules.iter().enumerate() {
                let crosses = crossing.contains(&position);
                let check = Check::new(rule, position);
                let about: Vec<(u32, Period)> = if crosses {
                    self.all_accepted(index)
                } else {
                    unchecked.iter().copied().collect()
                };
                for (organisation, period) in about {
                    let value = |field: FieldRef| self.value(field, organisation, period);
                    if check.holds(value) == Some(false) {
                        broken.push((index, position, organisation, period));
                    }
                }
            }
        }
        for (form, position, organisation, period) in broken {
            let rule = &plan.forms[form].rules[position];
            let check = Check::new(rule, position);
            let value = |field: FieldRef| self.value(field, organisation, period);
            let Some(first) = rule.fields.first().copied() else {
                continue;
            };
            let record = self
                .tally
                .place(first.form, organisation, period, first.field);
            let Some(record) = record else {
                continue;
            };
            let place = self.cell(sources, record, first);
            let figures = check.figures(value);
            let who = &self.tally.register.organisations[organisation as usize].id;
            let diagnostic = broken_rule(&check, place, &figures)
                .organisation(&**who)
                .field(&plan.field(first).id)
                .found(shown(value(first)));
            diagnostics.push(with_rule_place(
                diagnostic,
                &loaded.rule_places,
                form,
                position,
            ));
            if rule.severity == RuleSeverity::Error {
                for field in &rule.fields {
                    self.tally
                        .leave_out(field.form, organisation, period, field.field);
                }
            }
        }
    }

    fn value(&self, field: FieldRef, organisation: u32, period: Period) -> Reported {
        self.tally
            .values(field.form, organisation, period)
            .map_or(Reported::ABSENT, |values| values[field.field])
    }

    fn all_accepted(&self, form: usize) -> Vec<(u32, Period)> {
        self.tally
            .periods(form)
            .flat_map(|period| {
                self.tally
                    .reporters(form, period)
                    .into_iter()
                    .map(move |organisation| (organisation, period))
            })
            .filter(|(organisation, period)| {
                self.tally.standing(form, *organisation, *period) == Standing::Accepted
            })
            .collect()
    }

    /// The periods that any report is for, oldest first.
    pub fn periods(&self) -> Vec<Period> {
        let all: BTreeSet<Period> = self
            .files
            .iter()
            .flat_map(|read| &read.outcome.periods)
            .map(|(_, period)| *period)
            .collect();
        all.into_iter().collect()
    }
}

/// A figure in a message.
fn shown(value: Reported) -> String {
    match value.decimal() {
        Some(decimal) => Fixed::exact(&decimal.to_fraction())
            .map(|fixed| fixed.russian())
            .unwrap_or_default(),
        None if value.is_left_out() => "ошибка".into(),
        None => "пусто".into(),
    }
}
