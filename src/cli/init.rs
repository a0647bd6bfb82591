//! `aleysk init`: a data folder to begin with, a resolution begun from its text.

use std::fmt::Write;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use include_dir::{Dir, DirEntry};

use super::{common, output};
use crate::model::plural::counted;
use crate::read::dialect::{self, NoText};
use crate::read::plan::{self, BUILT_IN};
use crate::read::prose::{self, Prose};
use crate::render::toml::{self, DOUBT, Origin};
use crate::source::Encoding;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Папка данных, которую создать или, с --from, дополнить
    #[arg(value_name = "ПАПКА", help_heading = "Что сделать", value_hint = clap::ValueHint::DirPath)]
    folder: Option<PathBuf>,

    /// Начать файл резолюции из её текста: обычный текст (.txt) с пронумерованными пунктами
    #[arg(long, value_name = "ТЕКСТ", help_heading = "Что сделать")]
    from: Option<PathBuf>,

    /// Id резолюции (иначе год её принятия)
    #[arg(long, value_name = "ID", requires = "from", value_parser = parse_id, help_heading = "Что сделать")]
    id: Option<String>,

    /// Кодировка текста: utf-8, windows-1251, ibm866 и другие (иначе определяется)
    #[arg(long, value_name = "КОДИРОВКА", requires = "from", value_parser = common::parse_encoding, help_heading = "Что сделать")]
    encoding: Option<Encoding>,

    /// Записать резолюцию в файл (без папки и файла — на экран)
    #[arg(
        short,
        long,
        value_name = "ФАЙЛ",
        requires = "from",
        conflicts_with = "folder",
        help_heading = "Куда и как"
    )]
    output: Option<PathBuf>,
}

fn parse_id(text: &str) -> Result<String, String> {
    match plan::is_id(text) {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "«{text}» не годится: нужны латинские буквы, цифры, «-» и «_», например 2026"
        )),
    }
}

/// Runs the command; gives the exit status.
///
/// # Errors
/// Something is there already, or cannot be read or written.
pub fn run(args: &Args) -> anyhow::Result<u8> {
    let resolution = args
        .from
        .as_deref()
        .map(|from| begin(from, args))
        .transpose()?;
    match (&args.folder, resolution) {
        (None, None) => bail!(
            "не указано, что сделать: aleysk init ПАПКА — записать папку данных, aleysk init --from \
             ТЕКСТ — начать файл резолюции из её текста"
        ),
        (None, Some(resolution)) => write_resolution(&resolution, args.output.as_deref())?,
        (Some(folder), Some(resolution)) if folder.join("indicators.toml").exists() => {
            let path = folder.join(resolution.path());
            if path.symlink_metadata().is_ok() {
                bail!(
                    "файл «{}» уже есть: назовите другой id, например --id {}-2",
                    path.display(),
                    resolution.id
                );
            }
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent)
                .with_context(|| format!("не удалось создать «{}»", parent.display()))?;
            write_resolution(&resolution, Some(&path))?;
        }
        (Some(folder), resolution) => write_folder(folder, resolution.as_ref())?,
    }
    Ok(0)
}

/// A resolution begun from its text.
struct Begun {
    id: String,
    prose: Prose,
    toml: String,
}

impl Begun {
    /// Where it belongs in a data folder.
    fn path(&self) -> String {
        format!("resolutions/{}.toml", self.id)
    }
}

fn begin(from: &Path, args: &Args) -> anyhow::Result<Begun> {
    let text = read_text(from, args.encoding)?;
    let prose = prose::read(&text);
    let name = from.file_name().unwrap_or_default().to_string_lossy();
    let stem = from.file_stem().and_then(|stem| stem.to_str());
    let (id, id_doubt) = match (&args.id, prose.date.value) {
        (Some(id), _) => (id.clone(), None),
        (None, Some(date)) => (date.year().to_string(), None),
        (None, None) => (
            stem.filter(|stem| plan::is_id(stem))
                .unwrap_or("new")
                .to_owned(),
            Some("день принятия неизвестен: id обычно — год, например \"2026\""),
        ),
    };
    let origin = Origin {
        id: &id,
        id_doubt,
        file: Some(&*name).filter(|name| *name != "-"),
        data: &args.folder.as_deref().map(data_option).unwrap_or_default(),
    };
    let toml = toml::resolution(&prose, &origin);
    Ok(Begun { id, prose, toml })
}

/// The text of a file in whatever encoding.
fn read_text(from: &Path, asked: Option<Encoding>) -> anyhow::Result<String> {
    let place = || format!("текст «{}» не читается", from.display());
    let input: Box<dyn Read> = match from.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(from).with_context(place)?),
    };
    let begun = match dialect::begin(input, None, asked).with_context(place)? {
        Ok(begun) => begun,
        Err(NoText::Workbook) => bail!(
            "«{}» — документ Word или книга, а не текст: сохраните его в Word как «Обычный текст \
             (.txt)»",
            from.display()
        ),
        Err(NoText::Binary) => bail!(
            "«{}» — не текст: нужен обычный текст (.txt)",
            from.display()
        ),
    };
    if !begun.whole {
        bail!("«{}» длиннее 1 МБ: это не текст резолюции", from.display());
    }
    if let Some(rival) = begun.text.rival {
        eprintln!(
            "Кодировка текста принята за {}; если буквы не те, добавьте --encoding {}",
            begun.text.encoding.title(),
            rival.id()
        );
    }
    let text = begun.text.encoding.decode(&begun.head[begun.text.mark..]);
    if text.trim().is_empty() {
        bail!("«{}» — пустой файл", from.display());
    }
    Ok(text.into_owned())
}

/// Writes a resolution where it is wanted and says what is left to be done.
fn write_resolution(resolution: &Begun, file: Option<&Path>) -> anyhow::Result<()> {
    let bytes = resolution.toml.as_bytes();
    let Some(path) = file.filter(|path| path.as_os_str() != "-") else {
        output::write(bytes, None)?;
        eprint!("{}", summary(resolution, None));
        return Ok(());
    };
    output::create(bytes, path)?;
    output::write(summary(resolution, Some(path)).as_bytes(), None)
}

/// What was found in the text, and where the file says that it is not sure.
fn summary(resolution: &Begun, file: Option<&Path>) -> String {
    let proposals = &resolution.prose.proposals;
    let items = proposals.iter().map(|one| one.items.len()).sum::<usize>();
    let aims = proposals.iter().map(|one| one.aims.len()).sum::<usize>();
    let mut text = match file {
        Some(path) => format!("Записано: {}\n", path.display()),
        None => String::new(),
    };
    let _ = write!(
        text,
        "В тексте найдено: {}",
        counted(proposals.len() as u128, &["пункт", "пункта", "пунктов"])
    );
    if items > 0 {
        let forms = ["подпункт", "подпункта", "подпунктов"];
        let _ = write!(text, ", {}", counted(items as u128, &forms));
    }
    if aims > 0 {
        let forms = ["заготовка цели", "заготовки целей", "заготовок целей"];
        let _ = write!(text, ", {}", counted(aims as u128, &forms));
    }
    text.push('\n');
    let name = file.map_or("строка ".to_owned(), |path| {
        format!("{}:", path.display())
    });
    let doubts: Vec<String> = resolution
        .toml
        .lines()
        .enumerate()
        .filter_map(|(at, line)| {
            let doubt = line.trim_start().strip_prefix(DOUBT)?;
            Some(format!(
                "  {name}{}:{}\n",
                at + 1,
                doubt.trim_end_matches(':')
            ))
        })
        .collect();
    if !doubts.is_empty() {
        let forms = ["место", "места", "мест"];
        let count = counted(doubts.len() as u128, &forms);
        let _ = writeln!(text, "Проверьте {count} (в файле помечены «{DOUBT}»):");
        text.push_str(&doubts.concat());
    }
    text
}

/// Writes a data folder: the built-in one, or, begun with a resolution, with this one alone.
fn write_folder(folder: &Path, resolution: Option<&Begun>) -> anyhow::Result<()> {
    let place = || format!("не удалось записать папку «{}»", folder.display());
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
        .collect();
    let done = fs::create_dir_all(folder)
        .with_context(place)
        .and_then(|()| fill(folder, resolution));
    if done.is_err() {
        for made in missing {
            // Of no use now; where something has come into it, it stays.
            let _ = fs::remove_dir(made);
        }
        return done;
    }
    output::write(what_next(folder, resolution).as_bytes(), None)
}

/// Fills a folder: all that is to come into it is made aside and then put in its place.
fn fill(folder: &Path, resolution: Option<&Begun>) -> anyhow::Result<()> {
    let place = || format!("не удалось записать папку «{}»", folder.display());
    let files = BUILT_IN.files().map(|file| file.path());
    for name in files.chain(BUILT_IN.dirs().map(Dir::path)) {
        let path = folder.join(name);
        if path.symlink_metadata().is_ok() {
            bail!("«{}» уже есть: назовите другую папку", path.display());
        }
    }
    let aside = tempfile::Builder::new()
        .prefix(".aleysk-")
        .tempdir_in(folder)
        .with_context(place)?;
    write_dir(&BUILT_IN, aside.path(), resolution.is_none()).with_context(place)?;
    if let Some(resolution) = resolution {
        let path = aside.path().join(resolution.path());
        fs::write(path, &resolution.toml).with_context(place)?;
    }
    let mut put = Vec::new();
    for entry in BUILT_IN.entries() {
        let (from, to) = (aside.path().join(entry.path()), folder.join(entry.path()));
        if let Err(error) = fs::rename(&from, &to) {
            for (from, to) in put {
                let _ = fs::rename(to, from);
            }
            return Err(error).with_context(place);
        }
        put.push((from, to));
    }
    Ok(())
}

/// Writes a built-in folder; the resolutions only if wanted.
fn write_dir(dir: &Dir<'_>, to: &Path, with_resolutions: bool) -> io::Result<()> {
    for entry in dir.entries() {
        let path = to.join(entry.path());
        match entry {
            DirEntry::Dir(inner) => {
                fs::create_dir(&path)?;
                write_dir(inner, to, with_resolutions)?;
            }
            DirEntry::File(_) if !with_resolutions && entry.path().starts_with("resolutions") => {}
            DirEntry::File(file) => fs::write(&path, file.contents())?,
        }
    }
    Ok(())
}

/// What a command needs to find the folder.
fn data_option(folder: &Path) -> String {
    match folder.display().to_string() {
        // The folder of this name is found without being named.
        name if name == "data" => String::new(),
        name if name.contains(' ') => format!(" --data \"{name}\""),
        name => format!(" --data {name}"),
    }
}

/// Which file is to be edited for what.
fn what_next(folder: &Path, resolution: Option<&Begun>) -> String {
    let name = |path: &str| folder.join(path).display().to_string();
    let own = resolution.map(Begun::path);
    let rows = [
        (
            name(own.as_deref().unwrap_or("resolutions/2025.toml")),
            "что обещано: пункты и цели",
        ),
        (name("indicators.toml"), "как считается каждый показатель"),
        (
            name("organisations.toml"),
            "кто отчитывается: замените условные организации своими",
        ),
        (
            name("forms"),
            "что сообщает каждая организация: поля и правила",
        ),
    ];
    let width = rows.iter().map(|(path, _)| path.chars().count()).max();
    let width = width.unwrap_or_default();
    let mut text = format!("Записана папка данных: {}\n", folder.display());
    if let (Some(resolution), Some(own)) = (resolution, &own) {
        text.push_str(&summary(resolution, Some(&folder.join(own))).replacen(
            "Записано",
            "Резолюция",
            1,
        ));
    }
    text.push_str("\nЧто где менять (в файлах есть пояснения):\n");
    for (path, what) in rows {
        let _ = writeln!(text, "  {path:<width$}  {what}");
    }
    let data = data_option(folder);
    let _ = write!(
        text,
        "\nЧто дальше:\n  aleysk show{data}            проверить файлы и показать резолюции\n  \
         aleysk check{data} ОТЧЁТЫ    сравнить отчёты с целями\n"
    );
    text
}
