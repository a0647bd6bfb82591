//! Files that are no tables, and tables whose letters or quotes were spoilt on the way: told for
//! what they are.

use crate::diagnostic::Code;

/// What a file is that has no header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Misfit {
    /// What it is a fault of.
    pub code: Code,
    /// What it is.
    pub message: &'static str,
    /// What to do.
    pub help: &'static str,
}

impl Misfit {
    /// Whether there is no table in it at all.
    pub fn is_no_table(self) -> bool {
        self.code == Code::NotATable
    }

    const fn document(message: &'static str) -> Misfit {
        Misfit {
            code: Code::NotATable,
            message,
            help: "откройте файл в табличной программе и сохраните таблицу как «CSV UTF-8»; файл не \
                   учтён",
        }
    }

    const fn spoilt(message: &'static str) -> Misfit {
        Misfit {
            code: Code::UnknownEncoding,
            message,
            help: "попросите прислать отчёт заново, сохранив его из табличной программы как «CSV \
                   UTF-8»; файл не учтён",
        }
    }
}

/// How documents of other sorts begin.
const BEGINNINGS: [(&str, Misfit); 9] = [
    (
        "<!doctype html",
        Misfit::document("это страница сайта (HTML), а не CSV"),
    ),
    (
        "<html",
        Misfit::document("это страница сайта (HTML), а не CSV"),
    ),
    (
        "<table",
        Misfit::document("это страница сайта (HTML), а не CSV"),
    ),
    ("<?xml", Misfit::document("это документ XML, а не CSV")),
    (
        "{\\rtf",
        Misfit::document("это документ Word (RTF), а не CSV"),
    ),
    ("%pdf-", Misfit::document("это документ PDF, а не CSV")),
    ("{\"", Misfit::document("это данные в виде JSON, а не CSV")),
    ("[{", Misfit::document("это данные в виде JSON, а не CSV")),
    (
        "begin:v",
        Misfit::document("это карточка или календарь, а не CSV"),
    ),
];

/// What a file without a header is, by its first letters; `None` where they do not tell.
pub fn of(text: &str) -> Option<Misfit> {
    let begun: String = text.trim_start().chars().take(20).collect();
    let begun = begun.to_lowercase();
    let begins = BEGINNINGS
        .iter()
        .find(|(start, _)| begun.starts_with(start));
    if let Some((_, misfit)) = begins {
        return Some(*misfit);
    }
    if is_garbled(text) {
        return Some(Misfit::spoilt(
            "буквы испорчены: файл открыли не в той кодировке и сохранили",
        ));
    }
    if are_letters_lost(text) {
        return Some(Misfit::spoilt(
            "вместо русских букв вопросительные знаки: буквы потеряны при сохранении",
        ));
    }
    are_lines_quoted(text).then_some(Misfit {
        code: Code::UnknownForm,
        message: "каждая строка целиком взята в кавычки, и в ней только одна ячейка",
        help: "разделите столбец в табличной программе («Данные», «Текст по столбцам») и сохраните \
               как «CSV UTF-8»; файл не учтён",
    })
}

/// UTF-8 taken for Windows-1251 («РћСЂРі»), which makes every second letter Р or С; or Windows-1251
/// taken for Latin («Äåòñêèé»).
fn is_garbled(text: &str) -> bool {
    let count = |wanted: fn(char) -> bool| text.chars().filter(|letter| wanted(*letter)).count();
    let russian = count(|letter| matches!(letter, 'А'..='я' | 'Ё' | 'ё'));
    let leading = count(|letter| matches!(letter, 'Р' | 'С'));
    let latin = count(|letter| matches!(letter, 'À'..='ÿ'));
    let letters = count(char::is_alphabetic);
    (leading >= 20 && leading * 10 >= russian * 4) || (latin >= 20 && latin * 2 >= letters)
}

/// More question marks than letters.
fn are_letters_lost(text: &str) -> bool {
    let signs = text.matches('?').count();
    let letters = text.chars().filter(|letter| letter.is_alphabetic());
    signs >= 20 && signs > letters.count()
}

/// Every line begins and ends with a quote and has separators inside, but no cell of its own.
fn are_lines_quoted(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_quoted = |line: &str| {
        let inner = line
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        inner.is_some_and(|inner| !inner.replace("\"\"", "").contains('"'))
    };
    let parted = |line: &&str| line.contains([';', ',', '\t']);
    let lines: Vec<&str> = lines.take(20).collect();
    lines.iter().filter(|line| parted(line)).count() >= 2 && lines.iter().all(|l| is_quoted(l))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misfits_are_told() {
        let message = |text: &str| of(text).map_or("", |misfit| misfit.message);
        assert!(message("\n<!DOCTYPE HTML PUBLIC").contains("HTML"));
        assert!(message("{\\rtf1\\ansi").contains("RTF"));
        assert!(
            message("Р”РµС‚СЃРєРёР№ СЃР°Рґ в„– 101;РњРµСЃС‚;Р’РѕСЃРїРёС‚Р°РЅРЅРёРєРѕРІ")
                .contains("буквы")
        );
        assert!(message("Äåòñêèé ñàä ¹ 101;Ìåñò;Âîñïèòàííèêîâ").contains("буквы"));
        assert!(message("????????;?????????;??? ???;101").contains("вопросительные"));
        assert!(message("\"Сад;Мест\"\n\"Сад \"\"№ 1\"\";5\"\n").contains("кавычки"));
    }

    #[test]
    fn others_are_left_alone() {
        for text in [
            "",
            "Детский сад № 101;РСПП;СССР;Россия\n",
            "\"Сад\";\"Мест\"\n\"№ 1\";\"5\"\n",
            "\"Отчёт\"\nСад;Мест\n",
            "Сад;Мест?;Сколько?\n",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
