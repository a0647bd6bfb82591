//! Reports → tally: each file opened, understood and read once, faults collected on the way.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use jiff::civil::Date;

use super::cell;
use super::columns;
use super::crew::{Crew, Threads};
use super::delimited::Records;
use super::header::{self, HEAD_BYTES, Start};
use super::inputs::{Input, Inputs};
use super::intake::{self, Opened};
use super::layout::{self, Context, Layout, NoLayout, Shape};
use super::meter::Meter;
use super::misfit;
use super::plan::Loaded;
use super::remarks;
use super::structure;
use super::submission::{Outcome, Rows, Step, Table};
use super::vocabulary::Vocabulary;
use super::workbook::LISTS;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::Plan;
use crate::model::formula::FieldRef;
use crate::model::name;
use crate::model::period::{self, Period, Stated};
use crate::source::{Content, Encoding, FileId, Place, Sources};
use crate::tally::{Keep, RecordPlace, Tally};

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
    /// It is wanted to know what is made of each file: layouts are kept, and a file of no form is no
    /// fault.
    pub inspecting: bool,
    /// Where it is counted how much has been read.
    pub meter: Meter,
    /// How many read a large file side by side.
    pub threads: Threads,
}

/// What was made of one table: a text file, or a sheet of a workbook.
#[derive(Clone, Debug)]
pub struct FileRead {
    /// The file.
    pub file: FileId,
    /// How its bytes make letters; `None` where they make none.
    pub encoding: Option<Encoding>,
    /// What sets its cells apart; `None` where it is no table.
    pub delimiter: Option<u8>,
    /// Its parts, each with a header of its own, from top to bottom.
    pub blocks: Vec<Block>,
    /// What came of its rows.
    pub outcome: Outcome,
}

/// A part of a table with a header of its own.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where its header begins, in bytes from the start of the file.
    pub offset: u64,
    /// The column of each field that it has.
    columns: Vec<(FieldRef, usize)>,
    /// The column of the figures of a long table.
    value_column: Option<usize>,
    /// The periods stated for all of it, the nearest first.
    pub stated: Vec<Stated>,
    /// How much its reports outweigh others.
    pub weight: Weight,
    /// What its columns hold, where that was asked for.
    pub layout: Option<Box<Layout>>,
}

impl Block {
    /// The column of a field.
    pub fn column(&self, field: FieldRef) -> Option<usize> {
        let own = self.columns.iter().find(|(own, _)| *own == field);
        own.map(|(_, column)| *column).or(self.value_column)
    }

    /// Each record has one figure only.
    pub fn is_long(&self) -> bool {
        self.value_column.is_some()
    }
}

impl FileRead {
    /// Nothing was made of the file.
    fn nothing(file: FileId) -> FileRead {
        FileRead {
            file,
            encoding: None,
            delimiter: None,
            blocks: Vec::new(),
            outcome: Outcome::default(),
        }
    }

    /// The cells of a record, read again; none where the file cannot be had again.
    pub fn cells_again(&self, sources: &Sources, place: RecordPlace) -> Vec<String> {
        let (Some(encoding), Some(delimiter)) = (self.encoding, self.delimiter) else {
            return Vec::new();
        };
        for most in [4 << 10, 64 << 10, 1 << 20] {
            let range = place.offset..place.offset + most;
            let bytes = sources.report_bytes(place.file, range).unwrap_or_default();
            let is_cut = bytes.len() as u64 == most;
            let mut records = Records::new(io::empty(), bytes, place.offset, delimiter).complete();
            if sources.is_sheet(place.file) {
                records = records.by_rows();
            }
            let Ok(Some(record)) = records.next_record() else {
                continue;
            };
            if !is_cut || (record.bytes().len() as u64) < most {
                let cells = (0..record.len()).map(|column| record.cell(column));
                return cells
                    .map(|cell| encoding.decode(&cell).into_owned())
                    .collect();
            }
        }
        Vec::new()
    }

    /// The part that a record belongs to.
    pub fn block(&self, offset: u64) -> Option<&Block> {
        self.blocks
            .iter()
            .rev()
            .find(|block| block.offset <= offset)
    }
}

/// What was made of all files.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What was reported.
    pub tally: Tally,
    /// How many files were opened, or tried.
    pub inputs: usize,
    /// The tables in the order read.
    pub files: Vec<FileRead>,
}

/// How much a report outweighs others of the same organisation and period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// As much as any.
    Ordinary,
    /// It says of itself that it corrects an earlier one.
    Corrected,
    /// The user says that it holds.
    Superseding,
}

/// Reads all files.
pub fn read(
    loaded: &Loaded,
    inputs: &Inputs,
    options: &Options,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Reading {
    let before = (sources.all().count(), diagnostics.clone());
    // Where the period is asked for, or all are wanted, the newest one tells nothing; and what comes
    // through standard input comes once.
    let foresees =
        options.keep == Keep::Needed(None) && inputs.files.iter().all(|input| input.path.is_some());
    let reading = attempt(loaded, inputs, options, foresees, sources, diagnostics);
    if !reading.tally.is_mistaken() {
        return reading;
    }
    sources.truncate(before.0);
    *diagnostics = before.1;
    attempt(loaded, inputs, options, false, sources, diagnostics)
}

/// Reads all files; `foresees`: what a large one ends with is looked at first.
fn attempt(
    loaded: &Loaded,
    inputs: &Inputs,
    options: &Options,
    foresees: bool,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Reading {
    let vocabulary = Vocabulary::new(&loaded.plan);
    let mut reader = Reader {
        loaded,
        vocabulary: &vocabulary,
        options,
        foresees,
        tally: Tally::new(&loaded.plan, options.keep),
        corrected: None,
        superseding: None,
        sources,
        diagnostics,
    };
    let mut files = Vec::new();
    for input in &inputs.files {
        reader.file(input, &mut files);
    }
    let Reader {
        mut tally,
        corrected,
        superseding,
        ..
    } = reader;
    let mut replaced = Vec::new();
    for heavier in [corrected, superseding].into_iter().flatten() {
        replaced.extend(tally.overlay(heavier));
    }
    tally.settle();
    note_others(inputs, diagnostics);
    let mut reading = Reading {
        tally,
        inputs: inputs.files.len(),
        files,
    };
    for input in inputs.files.iter().filter(|input| input.supersedes) {
        let replaces = replaced
            .iter()
            .any(|one| sources.get(one.new.file).name == input.name);
        if !replaces {
            let read = reading.files.iter().map(|read| read.file);
            let own = read.filter(|file| sources.get(*file).name == input.name);
            diagnostics.push(remarks::supersedes_nothing(own.min()));
        }
    }
    reading.report_replaced(&loaded.plan, &replaced, sources, diagnostics);
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
        .help("отчёты — книги .xlsx и .ods и файлы .csv, .tsv, .txt"),
    );
}

struct Reader<'a> {
    loaded: &'a Loaded,
    vocabulary: &'a Vocabulary,
    options: &'a Options,
    /// What a large file ends with is looked at first.
    foresees: bool,
    tally: Tally,
    /// What corrected reports say, made when there are any.
    corrected: Option<Tally>,
    superseding: Option<Tally>,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
}

/// So many bytes at the end of a large file are looked at first.
const ENDING: u64 = 16 << 10;

/// How the rows of a block came to an end.
enum End {
    /// The file ends.
    File(io::Result<()>),
    /// Another header stands here.
    Header(Box<Layout>),
    /// Another header that is no report's.
    Stranger(NoLayout),
}

impl Reader<'_> {
    fn file(&mut self, input: &Input, files: &mut Vec<FileRead>) {
        match intake::open(input, self.options, self.sources, self.diagnostics) {
            Ok(tables) => self.tables(input, tables, files),
            Err(file) => files.push(FileRead::nothing(file)),
        }
    }

    /// Reads the tables of a file. Of a workbook any sheet may be something else, but not all.
    fn tables(&mut self, input: &Input, tables: Vec<Opened>, files: &mut Vec<FileRead>) {
        let is_workbook = tables.len() > 1;
        let each = Input {
            named: input.named && !is_workbook,
            ..input.clone()
        };
        let before = files.len();
        for table in tables {
            files.push(self.table(&each, table));
        }
        let read = &files[before..];
        let is_none = read.iter().all(|read| read.blocks.is_empty());
        if is_workbook && is_none && input.named && !self.options.inspecting {
            self.diagnostics.push(columns::no_sheet(read[0].file));
        }
    }

    fn table(&mut self, input: &Input, table: Opened) -> FileRead {
        let mut read = FileRead {
            encoding: Some(table.encoding),
            ..FileRead::nothing(table.file)
        };
        let sheet = table.sheet.clone();
        let context = Context {
            plan: &self.loaded.plan,
            vocabulary: self.vocabulary,
            file_name: &input.name,
            encoding: table.encoding,
            delimiter: table.delimiter.or(self.options.delimiter),
            sheet: sheet.as_deref(),
        };
        let start = Start::of_file(table.mark);
        let found = header::find(&context, &table.head[table.mark..], start);
        let is_ours = sheet.as_deref() == Some(LISTS) && !table.hidden.is_empty();
        if found.is_err() && is_ours {
            return read;
        }
        for remark in &table.hidden {
            self.diagnostics.push(remark.clone());
        }
        match found {
            Ok(layout) => {
                read.delimiter = Some(layout.delimiter);
                self.blocks(&context, input, table, layout, &mut read);
            }
            Err(reason) => {
                let head = &table.head[table.mark..];
                let diagnostic = self.no_layout(input, table.file, head, &reason);
                self.diagnostics.push(diagnostic);
            }
        }
        read
    }

    /// Reads the rows below a header, and those below any further one.
    fn blocks(
        &mut self,
        context: &Context<'_>,
        input: &Input,
        table: Opened,
        layout: Layout,
        read: &mut FileRead,
    ) {
        let Opened {
            file,
            input: rest,
            head,
            whole,
            mark,
            length,
            ..
        } = table;
        let mut crew = match (&input.path, length, context.encoding.is_utf16()) {
            (Some(path), Some(length), false) => {
                Crew::new(path, length, layout.delimiter, self.options.threads)
            }
            _ => None,
        };
        let mut records = records(rest, head, mark, layout.delimiter);
        if whole {
            records = records.complete();
        }
        if context.sheet.is_some() {
            records = records.by_rows();
        }
        let mut said = self.said(context, input, &layout);
        if let (Some(path), Some(length)) = (&input.path, length)
            && length >= self.options.threads.sizes.alone
            && self.foresees
            && said.weight == Weight::Ordinary
            && let Some(last) = self.last_period(context, path, length, &layout)
        {
            self.tally.foresee(last);
        }
        let mut layout = Box::new(layout);
        let mut above = layout.header_record + layout.header_rows;
        let mut is_empty = false;
        loop {
            let is_correction = said.weight != Weight::Ordinary;
            self.check_periods(context, input, file, &layout);
            columns::remark(context, file, &layout, is_correction, self.diagnostics);
            // No record of a part without reports is ever asked for.
            if is_empty && read.blocks.len() > 1 && !self.options.inspecting {
                read.blocks.pop();
            }
            read.blocks.push(self.block(&layout, &said));
            let below = Below {
                file,
                above,
                crew: crew.as_mut(),
            };
            let (outcome, mut end) = self.rows(context, below, &layout, &mut said, &mut records);
            is_empty = outcome.accepted == 0;
            read.outcome.add(outcome);
            if let End::Stranger(reason) = &end {
                let diagnostic = self.no_layout(input, file, &[], reason);
                self.diagnostics.push(diagnostic);
                end = self.skip(context, file, &layout, &mut said, &mut records);
            }
            match end {
                End::Header(next) => {
                    above = next.header_rows;
                    layout = next;
                }
                End::File(Err(error)) => {
                    self.diagnostics.push(intake::unreadable(file, &error));
                    return;
                }
                End::File(Ok(())) | End::Stranger(_) => return,
            }
        }
    }

    /// The newest period of the rows at the end of a file, if they tell any.
    fn last_period(
        &self,
        context: &Context<'_>,
        path: &Path,
        length: u64,
        layout: &Layout,
    ) -> Option<Period> {
        let (form, column) = (layout.form()?, layout.period.filter(|_| !layout.as_of)?);
        let mut file = File::open(path).ok()?;
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(length.saturating_sub(ENDING)))
            .ok()?;
        file.take(ENDING).read_to_end(&mut bytes).ok()?;
        let mut records = Records::new(io::empty(), bytes, 0, layout.delimiter).complete();
        let mut last: Option<Period> = None;
        while let Ok(Some(record)) = records.next_record() {
            let text = context.encoding.decode(record.raw(column));
            let stated = (record.len() == layout.headings.len() && record.row > 1)
                .then(|| period::read(cell::trim(&text)))
                .flatten();
            let own = stated.and_then(|stated| stated.resolve(self.loaded.plan.forms[form].every));
            if let Some(own) = own
                && last.is_none_or(|last| own.is_newer_than(last))
            {
                last = Some(own);
            }
        }
        last
    }

    /// Says where the title, the sheet's name and the file's name different periods.
    fn check_periods(
        &mut self,
        context: &Context<'_>,
        input: &Input,
        file: FileId,
        layout: &Layout,
    ) {
        let (Some(form), None) = (layout.form(), layout.period) else {
            return;
        };
        let every = self.loaded.plan.forms[form].every;
        let above = layout.stated_lines().map(|(_, stated)| stated);
        let names = [context.sheet.map(Cow::from), input.stem()];
        let by_names = names
            .iter()
            .flatten()
            .filter_map(|name| period::find_in_name(name));
        let mut periods: Vec<Period> = above
            .chain(by_names)
            .filter_map(|stated| match stated {
                Stated::Period(period) if period.every() == every => Some(period),
                _ => None,
            })
            .collect();
        periods.dedup();
        if periods.len() > 1 {
            self.diagnostics
                .push(remarks::several_periods(file, &periods));
        }
    }

    /// What is said of a table as a whole.
    fn said(&self, context: &Context<'_>, input: &Input, layout: &Layout) -> Said {
        let mut stated: Vec<Stated> = layout.stated().into_iter().collect();
        stated.extend(context.sheet.and_then(period::find_in_name));
        if let Some(path) = input.path.as_deref() {
            stated.extend(stated_by_name(path));
        }
        stated.extend(self.options.report_period);
        let name = input.stem().unwrap_or_default();
        let weight = if input.supersedes {
            Weight::Superseding
        } else if layout.is_corrected()
            || layout::is_corrected(&name)
            || context.sheet.is_some_and(layout::is_corrected)
        {
            Weight::Corrected
        } else {
            Weight::Ordinary
        };
        Said {
            stated,
            came: layout.handed_in(),
            weight,
            headers: 0,
        }
    }

    fn block(&self, layout: &Layout, said: &Said) -> Block {
        let (columns, value_column) = match &layout.shape {
            Shape::Wide { form, fields, .. } => {
                let form = *form;
                let columns = fields
                    .iter()
                    .map(|&(column, field)| (FieldRef { form, field }, column));
                (columns.collect(), None)
            }
            Shape::Long { value, .. } => (Vec::new(), Some(*value)),
        };
        Block {
            offset: layout.header_offset,
            columns,
            value_column,
            stated: said.stated.clone(),
            weight: said.weight,
            layout: self.options.inspecting.then(|| Box::new(layout.clone())),
        }
    }

    /// Reads rows until the file ends or another header stands there.
    fn rows(
        &mut self,
        context: &Context<'_>,
        below: Below<'_>,
        layout: &Layout,
        said: &mut Said,
        records: &mut Records<Box<dyn Read>>,
    ) -> (Outcome, End) {
        let table = Table {
            plan: &self.loaded.plan,
            rule_places: &self.loaded.rule_places,
            vocabulary: self.vocabulary,
            file: below.file,
            encoding: context.encoding,
            layout,
            stated: said.stated.clone(),
            came: said.came,
        };
        let new = || Tally::new(&self.loaded.plan, self.options.keep);
        let tally = match said.weight {
            Weight::Ordinary => &mut self.tally,
            Weight::Corrected => self.corrected.get_or_insert_with(new),
            Weight::Superseding => self.superseding.get_or_insert_with(new),
        };
        let mut rows = Rows::new(table, tally, self.diagnostics);
        let Below {
            mut above,
            mut crew,
            ..
        } = below;
        let end = loop {
            if let Some(crew) = &mut crew
                && above == 0
                && crew.is_due(records.position().0)
                && rows.may_be_parted()
                && let Err(error) = crew.side_by_side(&mut rows, records, |file, passed| {
                    // So much has been read by others.
                    self.options.meter.add(passed);
                    Box::new(self.options.meter.count(file))
                })
            {
                break End::File(Err(error));
            }
            if above > 0 {
                above -= 1;
                match records.next_record() {
                    Ok(Some(_)) => continue,
                    Ok(None) => break End::File(Ok(())),
                    Err(error) => break End::File(Err(error)),
                }
            }
            match rows.step(records) {
                Ok(Step::Taken) => continue,
                Ok(Step::Stopped) => {}
                Ok(Step::Ended) => break End::File(Ok(())),
                Err(error) => break End::File(Err(error)),
            }
            match said.header_at(context, records, layout.delimiter) {
                Ok(Ok(next)) => break End::Header(Box::new(next)),
                Ok(Err(NoLayout::NoHeader)) if rows.is_strange_header() => {
                    let (offset, line, _) = records.position();
                    break End::Stranger(NoLayout::StrangeHeader { line, offset });
                }
                Ok(Err(NoLayout::NoHeader)) => rows.next_is_no_header(),
                Ok(Err(reason)) => break End::Stranger(reason),
                Err(error) => break End::File(Err(error)),
            }
        };
        let (outcome, stated) = rows.finish();
        said.stated = stated;
        (outcome, end)
    }

    /// Passes over the rows of a table that is no report, up to the next header.
    fn skip(
        &mut self,
        context: &Context<'_>,
        file: FileId,
        layout: &Layout,
        said: &mut Said,
        records: &mut Records<Box<dyn Read>>,
    ) -> End {
        let mut first: Option<(u32, u64)> = None;
        let (mut last, mut count) = (0, 0u64);
        let end = loop {
            let (texts, line, offset) = match records.next_record() {
                Ok(Some(record)) if record.is_blank(context.encoding) => continue,
                Ok(Some(record)) => (
                    header::texts(&record, context.encoding),
                    record.line,
                    record.offset,
                ),
                Ok(None) => break End::File(Ok(())),
                Err(error) => break End::File(Err(error)),
            };
            if first.is_some() && header::is_header(context.vocabulary, &texts) {
                records.back();
                match said.header_at(context, records, layout.delimiter) {
                    Ok(Ok(next)) => break End::Header(Box::new(next)),
                    Ok(Err(_)) => {
                        // It has been seen: the next record is the one after it.
                        let _ = records.next_record();
                    }
                    Err(error) => break End::File(Err(error)),
                }
            }
            first = first.or(Some((line, offset)));
            last = line;
            count += 1;
        };
        if let Some((line, offset)) = first {
            let place = Place::line(file, line, offset);
            self.diagnostics
                .push(remarks::unread_table(place, last, count));
        }
        end
    }

    /// The first letters of a file.
    fn text<'t>(&self, file: FileId, head: &'t [u8]) -> Cow<'t, str> {
        match self.sources.get(file).content {
            Content::Report { encoding, .. } => {
                encoding.decode(&head[..head.len().min(HEAD_BYTES)])
            }
            _ => Cow::default(),
        }
    }

    /// Whether a file without a header is no table at all.
    fn is_no_table(&self, file: FileId, head: &[u8]) -> bool {
        let Content::Report { encoding, .. } = self.sources.get(file).content else {
            return false;
        };
        !self.sources.is_sheet(file)
            && structure::guess(head, encoding, self.options.delimiter).is_none()
    }

    fn no_layout(&self, input: &Input, file: FileId, head: &[u8], reason: &NoLayout) -> Diagnostic {
        let plan = &self.loaded.plan;
        let of = |counts: bool| match counts {
            true => Severity::Error,
            false => Severity::Note,
        };
        let severity = of(input.named && !self.options.inspecting);
        let text = self.text(file, head);
        if *reason == NoLayout::NoHeader
            && let Some(misfit) = misfit::of(&text)
        {
            let counts = input.named && (misfit.is_no_table() || !self.options.inspecting);
            return Diagnostic::new(misfit.code, Some(Place::whole(file)), misfit.message)
                .severity(of(counts))
                .help(misfit.help);
        }
        match reason {
            NoLayout::NoHeader if !text.contains(char::is_alphanumeric) => {
                Diagnostic::new(Code::NotATable, Some(Place::whole(file)), "файл пуст")
                    .severity(of(input.named))
                    .help("попросите прислать отчёт ещё раз")
            }
            NoLayout::NoHeader if self.is_no_table(file, head) => Diagnostic::new(
                Code::NotATable,
                Some(Place::whole(file)),
                "это не таблица: строки не делятся на столбцы",
            )
            .severity(of(input.named || input.is_workbook()))
            .help("попросите прислать отчёт книгой .xlsx или .ods либо в CSV"),
            NoLayout::NoHeader if self.sources.is_sheet(file) && severity == Severity::Note => {
                Diagnostic::new(
                    Code::UnknownForm,
                    Some(Place::whole(file)),
                    "на листе нет отчёта: ни в одной строке нет названий столбцов",
                )
                .severity(severity)
                .help("если отчёт есть, назовите столбцы как в форме")
            }
            NoLayout::NoHeader => Diagnostic::new(
                Code::UnknownForm,
                Some(Place::whole(file)),
                "это не отчёт ни по одной форме: названия столбцов не узнаны",
            )
            .severity(severity)
            .help(format!(
                "в шапке ожидался столбец с организацией и столбцы одной из форм: {}; посмотреть \
                 их названия: aleysk show forms",
                form_titles(plan)
            )),
            NoLayout::NoOrganisation { form: None, .. } => {
                columns::no_layout(plan, file, reason).severity(severity)
            }
            NoLayout::NoFields { .. } | NoLayout::SeveralForms { .. }
                if self.options.inspecting =>
            {
                columns::no_layout(plan, file, reason).severity(severity)
            }
            _ => columns::no_layout(plan, file, reason),
        }
    }
}

/// What is known of the rows below a header.
struct Below<'c> {
    file: FileId,
    /// Records that stand above them and have not been read yet.
    above: usize,
    /// Who reads a large file.
    crew: Option<&'c mut Crew>,
}

/// What is said of a table as a whole, and of those below it in the same file.
struct Said {
    /// Its period: above it, in the file's name, its folders' names, on the command line.
    stated: Vec<Stated>,
    /// The day on which it was handed in, and where that is said.
    came: Option<(Date, u32, u64)>,
    weight: Weight,
    /// Headers looked at further down.
    headers: u32,
}

/// So many headers of a file are looked at with all that follows them. A file of more is made of
/// little else: to look far behind each would be to read it over and over.
const HEADERS_WITH_ROWS: u32 = 200;

/// Of any other header so many times its first line is looked at, and no less than so many bytes.
const LINES_OF_HEADER: usize = 8;
const LEAST_OF_HEADER: usize = 2 << 10;

impl Said {
    /// The layout of the table whose header is the next record.
    fn header_at(
        &mut self,
        context: &Context<'_>,
        records: &mut Records<Box<dyn Read>>,
        delimiter: u8,
    ) -> io::Result<Result<Layout, NoLayout>> {
        let (offset, line, row) = records.position();
        let start = Start { offset, line, row };
        self.headers = self.headers.saturating_add(1);
        let mut head = records.look(HEAD_BYTES)?;
        if self.headers > HEADERS_WITH_ROWS {
            let first = memchr::memchr2(b'\n', b'\r', head).unwrap_or(head.len());
            let enough = ((first + 1) * LINES_OF_HEADER).max(LEAST_OF_HEADER);
            head = &head[..head.len().min(enough)];
        }
        Ok(header::at(context, head, start, delimiter))
    }
}

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

fn form_titles(plan: &Plan) -> String {
    let titles: Vec<String> = plan
        .forms
        .iter()
        .map(|form| format!("«{}»", form.title))
        .collect();
    titles.join(", ")
}

impl Reading {
    /// The newest period that any table states, though nothing was reported for it.
    pub fn newest_stated(&self, plan: &Plan) -> Option<Period> {
        let stated = self.files.iter().flat_map(|read| &read.blocks);
        let stated = stated.filter_map(|block| {
            let every = plan.forms[block.columns.first()?.0.form].every;
            block.stated.iter().find_map(|stated| stated.resolve(every))
        });
        stated.reduce(|newest, period| match period.is_newer_than(newest) {
            true => period,
            false => newest,
        })
    }

    /// Whether the report that stands there came after its due day.
    pub fn is_late(&self, form: usize, period: Period, place: RecordPlace) -> bool {
        let own = self.files.iter().filter(|read| read.file == place.file);
        own.flat_map(|read| &read.outcome.late)
            .any(|late| *late == (form, period))
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
