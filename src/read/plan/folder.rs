//! Where the data folder is, and the texts of its files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use include_dir::{Dir, include_dir};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::read::{dialect, remarks};
use crate::source::{Content, Encoding, FileId, Place, SourceFile, Sources, Spot, io_reason};

/// The project's own data folder.
pub static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/data");

/// Where the data folder comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DataFolder {
    /// The copy inside the program.
    BuiltIn,
    /// A folder on disk.
    Folder(PathBuf),
}

impl DataFolder {
    /// The folder to use: `--data`, the variable `ALEYSK_DATA`, `./data` where it holds
    /// `indicators.toml`, else the built-in copy.
    pub fn find(data_flag: Option<PathBuf>) -> DataFolder {
        let variable = std::env::var_os("ALEYSK_DATA").filter(|value| !value.is_empty());
        DataFolder::choose(data_flag, variable.map(PathBuf::from), Path::new("./data"))
    }

    fn choose(flag: Option<PathBuf>, variable: Option<PathBuf>, here: &Path) -> DataFolder {
        match flag.or(variable) {
            Some(given) => DataFolder::Folder(given),
            None if here.join("indicators.toml").is_file() => DataFolder::Folder(here.to_owned()),
            None => DataFolder::BuiltIn,
        }
    }

    /// `built-in`, or the path as given.
    pub fn label(&self) -> String {
        match self {
            DataFolder::BuiltIn => "built-in".to_owned(),
            DataFolder::Folder(path) => path.display().to_string(),
        }
    }
}

/// The files of a data folder, whatever is held of each.
#[derive(Debug)]
pub(crate) struct Files<T> {
    pub(crate) resolutions: Vec<T>,
    pub(crate) indicators: Option<T>,
    pub(crate) organisations: Option<T>,
    pub(crate) forms: Vec<T>,
}

impl<T> Files<T> {
    /// Something else of each.
    pub(crate) fn map<U>(self, mut with: impl FnMut(T) -> U) -> Files<U> {
        Files {
            resolutions: self.resolutions.into_iter().map(&mut with).collect(),
            indicators: self.indicators.map(&mut with),
            organisations: self.organisations.map(&mut with),
            forms: self.forms.into_iter().map(&mut with).collect(),
        }
    }

    /// The same, to be amended.
    pub(crate) fn each_mut(&mut self) -> Files<&mut T> {
        Files {
            resolutions: self.resolutions.iter_mut().collect(),
            indicators: self.indicators.as_mut(),
            organisations: self.organisations.as_mut(),
            forms: self.forms.iter_mut().collect(),
        }
    }

    /// All of them.
    pub(crate) fn each(&self) -> impl Iterator<Item = &T> {
        let lists = self.resolutions.iter().chain(&self.forms);
        lists.chain(&self.indicators).chain(&self.organisations)
    }
}

/// What a data folder holds.
#[derive(Debug)]
pub(crate) struct Contents {
    /// The TOML files.
    pub(crate) files: Files<FileId>,
    /// `organisations.csv`.
    pub(crate) register_table: Option<FileId>,
}

/// Reads every file of the folder; a file that is missing or unreadable is a fault like others.
///
/// # Errors
/// The folder itself cannot be read.
pub(crate) fn read(
    folder: &DataFolder,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<Contents> {
    let mut reader = Reader {
        folder,
        sources,
        diagnostics,
    };
    if let DataFolder::Folder(path) = folder
        && !path.is_dir()
    {
        let what = if path.exists() {
            "это не папка"
        } else {
            "такой папки нет"
        };
        bail!(
            "папка данных «{}»: {what}; укажите другую в --data или ALEYSK_DATA либо создайте её: aleysk init ПАПКА",
            path.display()
        );
    }
    let files = Files {
        resolutions: reader.folder_files("resolutions")?,
        indicators: reader.file("indicators.toml"),
        organisations: reader.file("organisations.toml"),
        forms: reader.folder_files("forms")?,
    };
    if files.indicators.is_none() {
        reader.missing("indicators.toml", "нет файла показателей");
    }
    if files.organisations.is_none()
        && let Some(found) = reader.renamed("organisations.toml")
    {
        let place = reader.empty(reader.name(&found));
        reader
            .diagnostics
            .push(renamed(place, "organisations.toml"));
    }
    if files.resolutions.is_empty() {
        reader.missing(
            "resolutions/",
            "нет ни одной резолюции: ни одного файла resolutions/*.toml",
        );
    }
    Ok(Contents {
        files,
        register_table: reader.table("organisations.csv"),
    })
}

struct Reader<'a> {
    folder: &'a DataFolder,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// As messages name a file of the folder.
    fn name(&self, path: &str) -> String {
        match self.folder {
            DataFolder::BuiltIn => format!("built-in/{path}"),
            DataFolder::Folder(folder) => folder.join(path).display().to_string(),
        }
    }

    /// The `*.toml` files of a subfolder, in the order of their names.
    fn folder_files(&mut self, subfolder: &str) -> anyhow::Result<Vec<FileId>> {
        let mut names = match self.folder {
            DataFolder::BuiltIn => BUILT_IN
                .get_dir(subfolder)
                .into_iter()
                .flat_map(Dir::files)
                .filter_map(|file| Some(file.path().file_name()?.to_str()?.to_owned()))
                .collect(),
            DataFolder::Folder(folder) => names_in(&folder.join(subfolder))?,
        };
        names.retain(|name| !name.starts_with('.'));
        names.sort_unstable();
        self.report_renamed(subfolder, &names);
        names.retain(|name| name.to_lowercase().ends_with(".toml"));
        let paths = names.iter().map(|name| format!("{subfolder}/{name}"));
        Ok(paths.filter_map(|path| self.file(&path)).collect())
    }

    /// Notepad adds «.txt» to a name, and Windows does not show it: such a file is not read.
    fn report_renamed(&mut self, subfolder: &str, names: &[String]) {
        for name in names {
            let length = name.len().saturating_sub(4);
            let Some((meant, ".txt" | ".TXT")) = name.split_at_checked(length) else {
                continue;
            };
            if meant.to_lowercase().ends_with(".toml") {
                let place = self.empty(self.name(&format!("{subfolder}/{name}")));
                self.diagnostics.push(renamed(place, meant));
            }
        }
    }

    /// A file's text, or nothing where there is no such file.
    fn file(&mut self, path: &str) -> Option<FileId> {
        let name = self.name(path);
        let bytes = match self.folder {
            DataFolder::BuiltIn => BUILT_IN.get_file(path)?.contents().to_vec(),
            DataFolder::Folder(folder) => {
                let path = folder.join(path);
                let read = fs::read(&path);
                self.unless_missing(&path, read)?
            }
        };
        Some(add(name, bytes, self.sources, self.diagnostics))
    }

    /// A table of the folder: its first bytes, or all of them where it is small.
    fn table(&mut self, path: &str) -> Option<FileId> {
        let name = self.name(path);
        let (path, begun) = match self.folder {
            DataFolder::BuiltIn => {
                let bytes = BUILT_IN.get_file(path)?.contents();
                (
                    None,
                    dialect::begin(Box::new(bytes), Some(bytes.len() as u64), None),
                )
            }
            DataFolder::Folder(folder) => {
                let path = folder.join(path);
                let begun = fs::File::open(&path)
                    .and_then(|file| dialect::begin(Box::new(file), None, None));
                (Some(path), begun)
            }
        };
        let begun = match &path {
            Some(path) => self.unless_missing(path, begun)?,
            None => begun.ok()?,
        };
        // What is no text is told by whoever reads it.
        let Ok(begun) = begun else {
            return Some(self.sources.add(SourceFile {
                name,
                sheet: None,
                content: Content::Report {
                    path,
                    head: Vec::new(),
                    encoding: Encoding::Utf8,
                    steps: None,
                },
            }));
        };
        let file = self.sources.add(SourceFile {
            name,
            sheet: None,
            content: Content::Report {
                path: path.filter(|_| !begun.whole),
                head: if begun.whole {
                    begun.head.clone()
                } else {
                    Vec::new()
                },
                encoding: begun.text.encoding,
                steps: begun.steps,
            },
        });
        if let Some(rival) = begun.text.rival {
            let remark = remarks::assumed_encoding(file, &begun.head, begun.text.encoding, rival);
            self.diagnostics.push(remark);
        }
        Some(file)
    }

    /// What was read of a file; a failure is reported, unless there is no such file.
    fn unless_missing<T>(&mut self, path: &Path, read: io::Result<T>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(_) if !path.exists() => None,
            Err(error) => {
                self.unreadable(path.display().to_string(), &error);
                None
            }
        }
    }

    fn empty(&mut self, name: String) -> Place {
        Place::whole(self.sources.add(SourceFile {
            name,
            sheet: None,
            content: Content::Text(String::new()),
        }))
    }

    fn missing(&mut self, path: &str, message: &str) {
        let name = self.name(path);
        if self.diagnostics.counts().keys().any(|(_, code, file)| {
            *code == Code::UnreadableFile
                && file.is_some_and(|file| self.sources.get(file).name.starts_with(&name))
        }) {
            return;
        }
        let help = match self.renamed(path) {
            Some(found) => format!("есть файл «{found}»: переименуйте его в «{path}»"),
            None => "создайте его; образец запишет aleysk init ПАПКА".to_owned(),
        };
        let place = self.empty(name);
        self.diagnostics.push(
            Diagnostic::new(Code::UnreadableFile, Some(place), message)
                .label("файл не найден")
                .help(help),
        );
    }

    /// What a file that is not there is called instead: «indicators.toml.txt», «Indicators.TOML».
    fn renamed(&self, path: &str) -> Option<String> {
        let DataFolder::Folder(folder) = self.folder else {
            return None;
        };
        let names = names_in(folder).ok()?;
        let is_it = |name: &String| {
            let name = name.to_lowercase();
            name.strip_suffix(".txt").unwrap_or(&name) == path
        };
        names.into_iter().find(is_it)
    }

    fn unreadable(&mut self, name: String, error: &std::io::Error) {
        let reason = match error.kind() {
            std::io::ErrorKind::PermissionDenied => "нет права на чтение".to_owned(),
            std::io::ErrorKind::IsADirectory => "это папка, а не файл".to_owned(),
            _ => io_reason(error),
        };
        let place = self.empty(name);
        self.diagnostics.push(
            Diagnostic::new(
                Code::UnreadableFile,
                Some(place),
                format!("файл не читается: {reason}"),
            )
            .help("проверьте права на файл и сам файл"),
        );
    }
}

/// Takes in a file that people write; letters that are not UTF-8 are a fault.
pub(crate) fn add(
    name: String,
    bytes: Vec<u8>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> FileId {
    let (text, fault) = decode(bytes);
    let file = sources.add(SourceFile {
        name,
        sheet: None,
        content: Content::Text(text),
    });
    if let Some(at) = fault {
        diagnostics.push(not_utf8(file, at));
    }
    file
}

fn renamed(place: Place, meant: &str) -> Diagnostic {
    let message = format!("файл не взят: так файл папки данных не называется, нужно «{meant}»");
    Diagnostic::new(Code::UnreadableFile, Some(place), message)
        .severity(Severity::Warning)
        .label("лишнее окончание имени")
        .help(format!(
            "переименуйте его в «{meant}»; Windows показывает окончания имён, если включить «Вид», \
             «Расширения имён файлов»"
        ))
}

fn names_in(folder: &Path) -> anyhow::Result<Vec<String>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| {
        format!(
            "папка «{}» не читается; проверьте права на неё",
            folder.display()
        )
    })?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("папка «{}» не читается", folder.display()))?;
        names.extend(entry.file_name().to_str().map(str::to_owned));
    }
    Ok(names)
}

/// The text of a data file, without a byte order mark; and where it stops being UTF-8. The rest
/// is then read as Windows would write it, so that other faults of the file can be told too.
fn decode(bytes: Vec<u8>) -> (String, Option<usize>) {
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    let error = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(error) => error,
    };
    let valid = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if utf16 {
        let (text, _, _) = encoding_rs::UTF_16LE.decode(&bytes);
        return (text.into_owned(), Some(0));
    }
    let decode = |bytes| {
        encoding_rs::WINDOWS_1251
            .decode_without_bom_handling(bytes)
            .0
    };
    let before = decode(&bytes[..valid]).len();
    (decode(&bytes).into_owned(), Some(before))
}

fn not_utf8(file: FileId, at: usize) -> Diagnostic {
    let place = Place {
        file,
        spot: Spot::Text(at..at),
    };
    Diagnostic::new(
        Code::DataSyntax,
        Some(place),
        "ошибка записи TOML: файл не в кодировке UTF-8",
    )
    .label("здесь первая буква не в UTF-8")
    .help("пересохраните файл в кодировке UTF-8: в Блокноте «Сохранить как», «Кодировка: UTF-8»")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_goes_before_the_variable_and_the_variable_before_the_folder() {
        let here = tempfile::tempdir().expect("a folder");
        let path = |text: &str| Some(PathBuf::from(text));
        let choose = |flag, variable| DataFolder::choose(flag, variable, here.path());
        assert_eq!(choose(path("a"), path("b")).label(), "a");
        assert_eq!(choose(None, path("b")).label(), "b");
        assert_eq!(choose(None, None).label(), "built-in");
        fs::write(here.path().join("indicators.toml"), "").expect("written");
        assert_eq!(
            choose(None, None),
            DataFolder::Folder(here.path().to_owned())
        );
    }

    #[test]
    fn other_encodings_are_told_and_still_read() {
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("# Сад\nid = 1");
        assert_eq!(
            decode(cyrillic.into_owned()),
            ("# Сад\nid = 1".to_owned(), Some(2))
        );
        assert_eq!(decode(b"\xef\xbb\xbfid".to_vec()), ("id".to_owned(), None));
        assert_eq!(
            decode(b"\xff\xfei\0d\0".to_vec()),
            ("id".to_owned(), Some(0))
        );
        assert_eq!(
            decode(b"\xfe\xff\0i\0d".to_vec()),
            ("id".to_owned(), Some(0))
        );
    }
}
