//! The words of a target, looked for in the proposal.

use super::document::Entry;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::name;

/// The fault of a quote that stands in none of the texts; `None` where it does.
pub(crate) fn check(target: Entry<'_>, proposal: Entry<'_>) -> Option<Diagnostic> {
    let quote = target.filled("quote")?;
    let items = proposal.texts("items").into_iter().map(|(item, _)| item);
    let texts: Vec<&str> = proposal.text("text").into_iter().chain(items).collect();
    if texts.is_empty() || texts.iter().any(|text| text.contains(quote)) {
        return None;
    }
    Some(
        Diagnostic::new(
            Code::QuoteNotFound,
            Some(target.place("quote")),
            "слов из quote в пункте нет: цель, которой резолюция не ставит, не принимается",
        )
        .label("ожидались слова пункта (text или items) буква в букву")
        .found(quote)
        .help(difference(quote, &texts))
        .related(proposal.place("text"), "текст пункта"),
    )
}

/// Words to either side of a difference.
const AROUND: usize = 24;

/// Where the quote leaves the text that goes along with it furthest.
fn difference(quote: &str, texts: &[&str]) -> String {
    let wanted = name::key(quote);
    if texts.iter().any(|text| name::key(text).contains(&wanted)) {
        return "отличаются только регистр букв, пробелы, тире, ё/е или кавычки; скопируйте слова из text дословно".to_owned();
    }
    let boundaries: Vec<usize> = quote.char_indices().map(|(at, _)| at).collect();
    // A text that holds a beginning holds every shorter one.
    let longest =
        boundaries.partition_point(|end| texts.iter().any(|text| text.contains(&quote[..*end])));
    let end = boundaries
        .get(longest.saturating_sub(1))
        .copied()
        .unwrap_or(0);
    let common = &quote[..end];
    if common.trim().chars().count() < 4 {
        return "скопируйте в quote слова из text или items этого пункта дословно".to_owned();
    }
    let after = texts
        .iter()
        .find_map(|text| Some(&text[text.find(common)? + end..]))
        .unwrap_or_default();
    format!(
        "совпадает до «…{}»; дальше в пункте «{}», а в quote «{}»",
        last(common),
        first(after),
        first(&quote[end..])
    )
}

fn first(text: &str) -> String {
    let short: String = text.chars().take(AROUND).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    name::printable(&format!("{short}{more}"))
}

fn last(text: &str) -> String {
    let skipped = text.chars().count().saturating_sub(AROUND);
    name::printable(&text.chars().skip(skipped).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_told() {
        let text = "охвата детей в декабре 2025 года - 78,45%.";
        assert_eq!(
            difference("в декабре 2025 года - 79%", &[text]),
            "совпадает до «…в декабре 2025 года - 7»; дальше в пункте «8,45%.», а в quote «9%»"
        );
        assert!(difference("В декабре  2025", &[text]).contains("регистр"));
        assert!(difference("совсем другое", &[text]).contains("скопируйте"));
    }
}
