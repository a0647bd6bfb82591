//! Yes and no as people write them.

use super::{
    Dash, Remark, Wording, damage, day, fold, is_dash, is_nothing, repeats, shorten, trim,
};
use crate::diagnostic::Code;
use crate::model::name;
use crate::model::quantity::{Decimal, Reported};
use crate::read::mark;

/// What an answer looks like.
pub(super) const EXPECTED: &str = "«да» или «нет»";

const YES: &[&str] = &[
    "да",
    "д",
    "yes",
    "y",
    "true",
    "истина",
    "1",
    "1,0",
    "1.0",
    "+",
    "v",
    "√",
    "✓",
    "✔",
    "✅",
    "☑",
    "есть",
    "имеется",
    "внедрено",
    "внедрена",
    "внедрен",
    "утверждено",
    "утверждена",
    "утвержден",
    "выполнено",
    "исполнено",
    "организовано",
    "организована",
];

const NO: &[&str] = &[
    "нет",
    "н",
    "no",
    "n",
    "false",
    "ложь",
    "0",
    "0,0",
    "0.0",
    "❌",
    "отсутствует",
    "отсутствуют",
    "не имеется",
    "не внедрено",
    "не внедрена",
    "не внедрен",
    "не утверждено",
    "не утверждена",
    "не утвержден",
    "не выполнено",
    "не исполнено",
    "не организовано",
    "не организована",
];

/// Reads a cell of a flag.
pub(super) fn read(text: &str, dash: Dash, wording: Wording) -> Result<Reported, Remark> {
    if dash == Dash::No && is_dash(text) {
        return Ok(Reported::value(Decimal::ZERO));
    }
    if let Some(flag) = read_flag(text) {
        return Ok(Reported::value(decimal(flag)));
    }
    if is_nothing(text) {
        return Ok(Reported::BLANK);
    }
    let (answer, marks) = mark::split(text);
    if !marks.is_empty()
        && let Some(flag) = read_flag(answer)
    {
        return Err(footnote_mark(text, flag));
    }
    Err(with_reasons(text).unwrap_or_else(|| {
        wording.fault(Code::NotAFlag, || {
            let (message, help) = refusal(text);
            Remark::fault(Code::NotAFlag, message, EXPECTED, help)
        })
    }))
}

fn footnote_mark(text: &str, flag: bool) -> Remark {
    Remark::beside(
        Code::FootnoteMark,
        decimal(flag),
        in_quotes(flag),
        format!("при ответе знак сноски: «{}»", shorten(text)),
        "ответ учтён без знака; прочтите сноску: не меняет ли она ответ",
    )
}

fn in_quotes(flag: bool) -> &'static str {
    if flag { "«да»" } else { "«нет»" }
}

fn decimal(flag: bool) -> Decimal {
    if flag { Decimal::ONE } else { Decimal::ZERO }
}

/// Whether an answer begins with this letter, or with a Latin one that looks like it: nearly all words
/// that are none are told by it.
fn begins_an_answer(first: char) -> bool {
    matches!(
        first,
        'в' | 'д' | 'е' | 'и' | 'л' | 'н' | 'о' | 'т' | 'у' // Cyrillic, and what looks so.
            | 'f' | 'n' | 'v' | '0' | '1' | '+' | '√' | '✓' | '✔' | '✅' | '☑' | '❌'
    )
}

/// Yes, no, or neither: what is only begun («частично») is for its author to call one or the other.
pub fn read_flag(text: &str) -> Option<bool> {
    // The longest of these words has 31 bytes, and none has a slash, as «н/д» has.
    if text.len() > 40
        || text.contains('/')
        || !super::folded_first(text).is_some_and(begins_an_answer)
    {
        return None;
    }
    // U+FE0F asks for a coloured sign.
    let text = text.trim_end_matches(['.', '!', ';', '\u{fe0f}']);
    let folded = fold(text);
    let answer = |word: &str| match word {
        yes if YES.contains(&yes) => Some(true),
        no if NO.contains(&no) => Some(false),
        _ => None,
    };
    answer(&folded).or_else(|| answer(&name::in_cyrillic(&folded)?))
}

/// «да (приказ № 5 от 01.09.2025)»: an answer with its grounds, where these do not take it back.
fn with_reasons(text: &str) -> Option<Remark> {
    if !matches!(super::folded_first(text), Some('д' | 'н')) {
        return None;
    }
    let folded = fold(text);
    let (answer, reasons) = folded.split_once(|c: char| !c.is_alphabetic())?;
    let separator = folded[answer.len()..].trim_start().chars().next()?;
    if !matches!(separator, '(' | ',' | ';' | ':' | '.' | '-' | '–' | '—') {
        return None;
    }
    let flag = match answer {
        "да" if are_grounds(reasons) => true,
        // A no stands whatever is planned.
        "нет" if !asks(reasons) && !is_template(text) => false,
        _ => return None,
    };
    let help = if flag && begins_later(reasons) {
        "пояснение учесть нельзя: проверьте, что в отчётном периоде это уже «да»"
    } else {
        "пояснение учесть нельзя: проверьте, что оно не меняет ответа"
    };
    Some(Remark::beside(
        Code::FootnoteMark,
        decimal(flag),
        in_quotes(flag),
        format!("при ответе пояснение: «{}»", shorten(text)),
        help,
    ))
}

/// Whether the words behind a yes only say by what paper and since when: other words may take it
/// back («да, частично», «да, на 50 %»).
fn are_grounds(reasons: &str) -> bool {
    const STEMS: [&str; 10] = [
        "приказ",
        "распоряжени",
        "постановлени",
        "протокол",
        "решени",
        "положени",
        "договор",
        "лицензи",
        "педсовет",
        "устав",
    ];
    const LINKS: [&str; 12] = [
        "от",
        "с",
        "по",
        "на",
        "основании",
        "г",
        "год",
        "года",
        "n",
        "пр",
        "прик",
        "акт",
    ];
    let mut words = reasons
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .peekable();
    let is_ground = |word: &str| {
        let mut endings = STEMS.iter().filter_map(|stem| word.strip_prefix(stem));
        LINKS.contains(&word)
            || day::month(word).is_some()
            || endings.any(|ending| ending.chars().count() <= 3)
    };
    words.peek().is_some() && !reasons.contains('%') && words.all(is_ground)
}

/// Whether the words give a day from which the answer holds.
fn begins_later(reasons: &str) -> bool {
    let mut words = reasons.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word == "с")
}

/// Whether the words behind a no speak of missing data.
fn asks(reasons: &str) -> bool {
    ["данн", "сведен", "информ", "?"]
        .iter()
        .any(|stem| reasons.contains(stem))
}

/// «да/нет», «+/-»: the form's own hint, left standing.
fn is_template(text: &str) -> bool {
    let folded = fold(text);
    let mut words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | '-'))
        .filter(|word| !word.is_empty() && !matches!(*word, "или" | "либо"))
        .take(3)
        .collect();
    words.sort_unstable();
    matches!(words[..], ["да", "нет"] | ["+", "-"] | ["0", "1"])
}

fn refusal(text: &str) -> (String, &'static str) {
    const BEGUN: [&str; 15] = [
        "частич",
        "разраб",
        "планир",
        "процесс",
        "стади",
        "внедря",
        "начат",
        "в работе",
        "ведет",
        "предсто",
        "будет",
        "реализу",
        "апроб",
        "проект",
        "не полност",
    ];
    let shown = shorten(text);
    let lower = fold(text);
    if BEGUN.iter().any(|stem| lower.contains(stem)) {
        return (
            format!("ни «да», ни «нет»: «{shown}»"),
            "начатое ещё не «да»: уточните и напишите «да», если сделано полностью, или «нет»",
        );
    }
    if let Some(damage) = damage::of_any(text) {
        let help = "впишите «да» или «нет» и сохраните файл снова";
        return (damage.message, help);
    }
    if is_template(text) {
        return (
            format!("не выбрано ни «да», ни «нет»: «{shown}»"),
            "оставьте в ячейке одно слово: «да» или «нет»",
        );
    }
    if repeats(text) {
        return (
            format!("знак повтора вместо ответа: «{shown}»"),
            "впишите сам ответ: программа не знает, к какой ячейке относится знак",
        );
    }
    let is_box = |c: char| matches!(c, '☐' | '☒' | '✗' | '✘' | '✖' | '✕' | '×' | '□' | '■');
    if trim(text).trim_end_matches('\u{fe0f}').chars().all(is_box) {
        return (
            format!("непонятно, «да» это или «нет»: «{shown}»"),
            "крестиком отмечают и то и другое: напишите «да» или «нет» словом",
        );
    }
    let word = lower.split(|c: char| !c.is_alphabetic()).next();
    if matches!(word, Some("да" | "нет")) {
        return (
            format!("ответ с оговоркой: «{shown}»"),
            "напишите «да», если сделано полностью, иначе «нет»; оговорку перенесите в примечание",
        );
    }
    (
        format!("ни «да», ни «нет»: «{shown}»"),
        "напишите «да» или «нет»; если данных нет, оставьте ячейку пустой",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_an_answer_is_passed_over() {
        for word in YES.iter().chain(NO) {
            assert!(word.len() <= 31 && !word.contains('/'), "{word}");
            let latin = |letter| ('a'..='z').find(|own| name::twin(*own) == letter);
            let wrongly = word.chars().map(|own| latin(own).unwrap_or(own));
            for written in [(*word).to_owned(), word.to_uppercase(), wrongly.collect()] {
                assert_eq!(read_flag(&written), Some(YES.contains(word)), "{written}");
            }
        }
    }
}
