//! What a person is told of a workbook.

use super::{Excess, NoWorkbook, Other, Sheet};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::name::printable;
use crate::source::{Place, column_letters};

/// So many rows or columns are named; the rest are counted.
const NAMED: usize = 10;

impl NoWorkbook {
    /// The fault that this is in a file.
    pub fn diagnostic(&self, place: Place) -> Diagnostic {
        let (code, message, help) = match self {
            NoWorkbook::Encrypted => (
                Code::UnreadableFile,
                "файл закрыт паролем".into(),
                "сохраните его без пароля и пришлите снова",
            ),
            NoWorkbook::Other(other) => {
                let (message, help) = other.russian();
                (Code::NotATable, message.into(), help)
            }
            NoWorkbook::Damaged(what) => (
                Code::UnreadableFile,
                format!("файл повреждён: {what}"),
                "откройте его в табличной программе, сохраните заново и пришлите снова",
            ),
            NoWorkbook::TooLarge(excess) => (
                Code::UnreadableFile,
                format!("файл слишком велик: {}", excess.russian()),
                "удалите лишние листы и пустые оформленные области или сохраните нужный лист как \
                 CSV",
            ),
            NoWorkbook::Io(reason) => (
                Code::UnreadableFile,
                format!("файл не читается: {reason}"),
                "закройте его в других программах, проверьте доступ и повторите",
            ),
        };
        Diagnostic::new(code, Some(place), message).help(help)
    }
}

impl Other {
    /// What it is, and what to do.
    fn russian(self) -> (&'static str, &'static str) {
        const COPY: &str = "перенесите таблицу в книгу .xlsx или .ods";
        match self {
            Other::OldExcel => (
                "это книга старого формата Excel (.xls), она не читается",
                "откройте её и сохраните как .xlsx: «Файл» — «Сохранить как» — «Книга Excel»",
            ),
            Other::BinaryExcel => (
                "это двоичная книга Excel (.xlsb), она не читается",
                "откройте её и сохраните как .xlsx: «Файл» — «Сохранить как» — «Книга Excel»",
            ),
            Other::TextDocument => ("это текстовый документ, а не таблица", COPY),
            Other::Presentation => ("это презентация, а не таблица", COPY),
            Other::OfficeDocument => ("это офисный документ, а не таблица", COPY),
            Other::Archive => (
                "это архив, а не таблица",
                "распакуйте его и укажите файлы из него",
            ),
        }
    }
}

impl Excess {
    pub(super) fn russian(&self) -> String {
        match self {
            Excess::Unpacked(most) => format!("в распакованном виде больше {}", size(*most)),
            Excess::Growth(times) => {
                format!("при распаковке вырастает больше чем в {times} раз")
            }
            Excess::Kept(most) => format!("текста на листах больше {}", size(*most)),
            Excess::Element(most) => format!("кусок текста длиннее {}", size(*most as u64)),
            Excess::Cell(most) => format!("текст ячейки длиннее {}", size(*most as u64)),
            Excess::Row(most) => format!("строка листа длиннее {}", size(*most as u64)),
            Excess::Sheets(most) => format!("листов больше {most}"),
        }
    }
}

/// Bytes in the largest unit in which they are whole.
fn size(bytes: u64) -> String {
    let units = ["байт", "КиБ", "МиБ", "ГиБ"];
    let power = (bytes.trailing_zeros() / 10).min(3);
    format!("{}\u{a0}{}", bytes >> (10 * power), units[power as usize])
}

impl Sheet {
    /// What is hidden in it, to be said once, since all of it was read.
    pub fn remarks(&self, place: &Place) -> Vec<Diagnostic> {
        let name = printable(&self.name);
        let mut remarks = Vec::new();
        let mut remark = |code, message: String| {
            remarks.push(
                Diagnostic::new(code, Some(place.clone()), message)
                    .help("если этого не должно быть в отчёте, удалите это из файла"),
            );
        };
        if self.hidden && self.rows > 0 {
            remark(
                Code::HiddenSheet,
                format!("лист «{name}» скрыт; он прочитан вместе с остальными"),
            );
        }
        if !self.hidden_rows.is_empty() {
            let (one, rows) = ranges(&self.hidden_rows, |row| row.to_string());
            let (what, read) = match one {
                true => ("скрыта строка", "она прочитана вместе с остальными"),
                false => ("скрыты строки", "они прочитаны вместе с остальными"),
            };
            remark(
                Code::HiddenRows,
                format!("на листе «{name}» {what} {rows}: {read}"),
            );
        }
        if !self.hidden_columns.is_empty() {
            let (one, columns) = ranges(&self.hidden_columns, column_letters);
            let (what, read) = match one {
                true => ("скрыт столбец", "он прочитан вместе с остальными"),
                false => ("скрыты столбцы", "они прочитаны вместе с остальными"),
            };
            remark(
                Code::HiddenColumns,
                format!("на листе «{name}» {what} {columns}: {read}"),
            );
        }
        remarks
    }
}

/// Numbers that go up, as «2, 5–9», and whether it is only one.
fn ranges(numbers: &[u32], name: impl Fn(u32) -> String) -> (bool, String) {
    let runs: Vec<&[u32]> = numbers
        .chunk_by(|before, after| before + 1 == *after)
        .collect();
    let mut parts: Vec<String> = runs
        .iter()
        .take(NAMED)
        .map(|run| match run {
            [one] => name(*one),
            [first, .., last] => format!("{}–{}", name(*first), name(*last)),
            [] => String::new(),
        })
        .collect();
    let rest: usize = runs.iter().skip(NAMED).map(|run| run.len()).sum();
    if rest > 0 {
        parts.push(format!("и ещё {rest}"));
    }
    (numbers.len() == 1, parts.join(", "))
}
