//! A row of the register: an organisation.

use std::borrow::Cow;

use hashbrown::HashSet;
use jiff::civil::Date;

use super::header::Header;
use super::{Part, ReadRows, RowPlace};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::organisation::Organisation;
use crate::read::delimited::{Quotes, Record};
use crate::read::plan::convert::{self, Refusal};
use crate::read::plan::faults::Faults;
use crate::read::plan::register::Listing;
use crate::read::submission::cell_place;
use crate::read::{cell, remarks};
use crate::source::{Encoding, FileId};

/// Reads rows one after another.
pub(super) struct Reader<'a, 'd> {
    file: FileId,
    encoding: Encoding,
    header: &'a Header,
    faults: &'a mut Faults<'d>,
    read: ReadRows,
}

impl<'a, 'd> Reader<'a, 'd> {
    pub(super) fn new(
        file: FileId,
        encoding: Encoding,
        header: &'a Header,
        faults: &'a mut Faults<'d>,
    ) -> Reader<'a, 'd> {
        Reader {
            file,
            encoding,
            header,
            faults,
            read: ReadRows {
                listing: Listing::default(),
                places: Vec::new(),
                spoiled: HashSet::new(),
            },
        }
    }

    pub(super) fn finish(self) -> ReadRows {
        self.read
    }

    /// Takes a row below the header. Of a row whose cells may have moved only its id and name are
    /// taken: what the others say would be nonsense.
    pub(super) fn row(&mut self, record: &Record<'_>) {
        if record.is_blank(self.encoding) || record.bytes() == self.header.bytes {
            return;
        }
        let is_sound = self.quotes(record) & self.width(record);
        let mut organisation = Organisation {
            id: self.id(record),
            name: self.text(record, Part::Name).into(),
            ..Organisation::default()
        };
        let mut parent = Cow::Borrowed("");
        if is_sound {
            organisation.aliases = aliases(&self.text(record, Part::Aliases));
            organisation.kind = self.filled(record, Part::Kind).into();
            organisation.inn = self.inn(record);
            organisation.opened = self.date(record, Part::Opened);
            organisation.closed = self.date(record, Part::Closed);
            parent = self.filled(record, Part::Parent);
        } else {
            self.read.spoiled.insert(self.read.places.len() as u32);
        }
        let parent = Some(&*parent).filter(|parent| !parent.is_empty());
        self.read.listing.parents.push(parent);
        self.read.listing.organisations.push(organisation);
        self.read.places.push(RowPlace {
            offset: record.offset,
            line: record.line,
            row: record.row,
        });
    }

    /// Whether the quotes can be trusted.
    fn quotes(&mut self, record: &Record<'_>) -> bool {
        let (code, column) = match record.quotes {
            Quotes::Fine => return true,
            Quotes::Stray(column) => (Code::StrayQuote, column as usize),
            Quotes::Unclosed(column) => (Code::UnclosedQuote, column as usize),
        };
        let (file, encoding) = (self.file, self.encoding);
        let told = || {
            let found = cell::shorten(&encoding.decode(record.raw(column)));
            remarks::quotes(code, cell_place(file, record, column), found)
        };
        match code {
            Code::StrayQuote => self.faults.warn(file, code, told),
            _ => self.faults.report(file, code, told),
        }
        code == Code::StrayQuote
    }

    /// Whether every cell stands under a heading.
    fn width(&mut self, record: &Record<'_>) -> bool {
        let (file, encoding, header) = (self.file, self.encoding, self.header);
        let (cells, columns) = (record.len(), header.width);
        if cells < columns {
            self.faults.warn(file, Code::MissingCell, || {
                remarks::missing_cell(cell_place(file, record, cells - 1), cells, columns)
            });
        }
        let outside = header.untitled.iter().copied().chain(columns..cells);
        let mut outside = outside.filter(|column| !encoding.is_blank(record.raw(*column)));
        let Some(column) = outside.next() else {
            return true;
        };
        let last = outside.next_back().unwrap_or(column);
        self.faults.report(file, Code::ExtraCell, || {
            let found = cell::shorten(&encoding.decode(record.raw(column)));
            let place = cell_place(file, record, column);
            if column < columns {
                untitled(place, found)
            } else {
                remarks::extra_cell(place, found, last + 1, columns).help(
                    "возможно, разделитель стоит внутри названия: такую ячейку возьмите в кавычки \
                     \"…\", а псевдонимы разделяйте знаком «|»",
                )
            }
        });
        false
    }

    /// A cell's text without spaces around it; empty where there is no such column.
    fn text<'r>(&mut self, record: &Record<'r>, part: Part) -> Cow<'r, str> {
        let Some(column) = self.header.columns[part as usize] else {
            return Cow::Borrowed("");
        };
        let is_utf8 = self.encoding.is_read_as_utf8();
        let bytes = record.cell(column);
        if let Cow::Borrowed(bytes) = bytes
            && is_utf8
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Cow::Borrowed(cell::trim(text));
        }
        if is_utf8 && std::str::from_utf8(&bytes).is_err() {
            self.refuse(record, part, Code::UnknownEncoding, || Refusal {
                code: Code::UnknownEncoding,
                message: "буквы не в кодировке UTF-8, как в начале файла".to_owned(),
                label: "ожидался текст в UTF-8".to_owned(),
                help: "наберите ячейку заново или сохраните весь файл в одной кодировке".to_owned(),
            });
        }
        Cow::Owned(cell::trim(&self.encoding.decode(&bytes)).to_owned())
    }

    /// A text, or nothing where a dash says that there is none.
    fn filled<'r>(&mut self, record: &Record<'r>, part: Part) -> Cow<'r, str> {
        let text = self.text(record, part);
        if is_dash(&text) {
            Cow::Borrowed("")
        } else {
            text
        }
    }

    fn id(&mut self, record: &Record<'_>) -> Box<str> {
        let id = self.text(record, Part::Id);
        if id.is_empty() && self.header.columns[Part::Id as usize].is_some() {
            self.refuse(record, Part::Id, Code::MissingKey, || Refusal {
                code: Code::MissingKey,
                message: "у организации нет id".to_owned(),
                label: "ожидалось: латинские буквы, цифры, «-» и «_»".to_owned(),
                help: "впишите id, например, ds-101; строку не об организации удалите".to_owned(),
            });
        } else if !id.is_empty() && !convert::is_id(&id) {
            self.refuse(record, Part::Id, Code::WrongValue, || {
                convert::not_an_id(&cell::shorten(&id), str::to_owned)
            });
        }
        id.into()
    }

    /// As text: a spreadsheet loses zeros in front, and takes a long number for an approximate one.
    fn inn(&mut self, record: &Record<'_>) -> Option<Box<str>> {
        let text = self.filled(record, Part::Inn);
        let inn = cell::trim(text.strip_prefix('\'').unwrap_or(&text));
        if inn.is_empty() {
            return None;
        }
        if inn.bytes().all(|byte| byte.is_ascii_digit()) {
            let lost = 10usize.saturating_sub(inn.len());
            return Some(match lost {
                0 => inn.into(),
                _ => ("0".repeat(lost) + inn).into(),
            });
        }
        if cell::damage::is_scientific(inn) {
            self.refuse(record, Part::Inn, Code::WrongValue, || {
                convert::wrong_value(
                    format!("ИНН «{}» округлён табличной программой", cell::shorten(inn)),
                    "ожидались все цифры ИНН",
                    "задайте столбцу формат «Текстовый» и впишите ИНН заново",
                )
            });
        }
        Some(inn.into())
    }

    fn date(&mut self, record: &Record<'_>, part: Part) -> Option<Date> {
        let text = self.filled(record, part);
        if text.is_empty() {
            return None;
        }
        let date = date(&text);
        if date.is_none() {
            self.refuse(record, part, Code::NotADate, || not_a_date(&text));
        }
        date
    }

    /// Reports a cell.
    fn refuse(
        &mut self,
        record: &Record<'_>,
        part: Part,
        code: Code,
        refusal: impl FnOnce() -> Refusal,
    ) {
        let (file, encoding, header) = (self.file, self.encoding, self.header);
        let column = header.columns[part as usize].unwrap_or(0);
        self.faults.report(file, code, || {
            let refusal = refusal();
            let heading = cell::shorten(&header.headings[column]);
            let found = cell::shorten(&encoding.decode(&record.cell(column)));
            Diagnostic::new(
                refusal.code,
                Some(cell_place(file, record, column)),
                format!("столбец «{heading}»: {}", refusal.message),
            )
            .label(refusal.label)
            .found(found)
            .help(refusal.help)
        });
    }
}

fn untitled(place: crate::source::Place, found: String) -> Diagnostic {
    Diagnostic::new(
        Code::ExtraCell,
        Some(place),
        "ячейка в столбце без названия",
    )
    .label("над этой ячейкой в шапке пусто")
    .found(found)
    .help("назовите столбец в шапке или очистите его")
}

fn aliases(text: &str) -> Box<[String]> {
    if text.is_empty() {
        return Box::default();
    }
    let bars = memchr::memchr_iter(b'|', text.as_bytes()).count();
    if bars == 0 {
        return Box::new([text.to_owned()]);
    }
    let mut aliases = Vec::with_capacity(bars + 1);
    let all = text.split('|').map(cell::trim);
    aliases.extend(all.filter(|alias| !alias.is_empty()).map(str::to_owned));
    aliases.into()
}

/// What people write where there is nothing to say.
fn is_dash(text: &str) -> bool {
    text.chars()
        .all(|letter| matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
}

/// 2019-09-01 or 01.09.2019.
fn date(text: &str) -> Option<Date> {
    let (year, month, day) = match text.as_bytes() {
        [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => (y, [*m1, *m2], [*d1, *d2]),
        [d1, d2, b'.', m1, m2, b'.', y @ ..] if y.len() == 4 => (y, [*m1, *m2], [*d1, *d2]),
        _ => return None,
    };
    let number = |digits: &[u8]| {
        let digit = |number: i16, digit: &u8| {
            let value = digit.wrapping_sub(b'0');
            (value < 10).then(|| number * 10 + i16::from(value))
        };
        digits.iter().try_fold(0i16, digit)
    };
    let (month, day) = (number(&month)?, number(&day)?);
    Date::new(number(year)?, month as i8, day as i8).ok()
}

fn not_a_date(text: &str) -> Refusal {
    let shown = cell::shorten(text);
    // «01.09.2019 0:00:00», as some programs write days.
    let day = text.split_once(' ').filter(|(_, time)| time.contains(':'));
    let help = match cell::date(day.map_or(text, |(day, _)| day)) {
        Some(meant) => format!("напишите {meant}"),
        None => "напишите год, месяц и день цифрами или оставьте ячейку пустой".to_owned(),
    };
    Refusal {
        code: Code::NotADate,
        message: format!("«{shown}» — не дата"),
        label: "ожидалась дата: 2019-09-01 или 01.09.2019".to_owned(),
        help,
    }
}
