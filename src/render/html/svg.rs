//! What all drawings share: coordinates in tenths of a pixel, so that they are whole numbers and
//! the same input gives the same bytes; words; signs.

use maud::{Markup, PreEscaped, html};

use super::area::Area;
use super::text;
use crate::document::Tone;
use crate::model::quantity::Fixed;

/// Tenths of a pixel that a letter of a chart's labels takes at most, in the widest of the fonts.
pub const LETTER: i64 = 66;

/// The height of a line of labels.
pub const LINE: i64 = 130;

/// A coordinate as it is written.
pub fn px(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    match (tenths.abs() / 10, tenths.abs() % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, part) => format!("{sign}{whole}.{part}"),
    }
}

/// Points as `polyline` and `polygon` want them.
pub fn points(points: &[(i64, i64)]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{},{}", px(*x), px(*y)))
        .collect();
    points.join(" ")
}

/// How wide a label is.
pub fn width(label: &str) -> i64 {
    label.chars().count() as i64 * LETTER
}

/// A number as a person reads it.
pub fn number(value: &Fixed, unit: &str) -> String {
    format!("{}{unit}", value.russian())
}

/// A label in its place.
pub fn label(class: &str, area: &Area, label: &str) -> Markup {
    let x = (area.left + area.right) / 2;
    html! { text.(class) x=(px(x)) y=(px(area.bottom - 30)) text-anchor="middle" { (text(label)) } }
}

/// The sign of a tone, told apart without colour.
pub fn sign(tone: Tone) -> Markup {
    let shape = match tone {
        Tone::Good => r#"<circle cx="8" cy="8" r="7"/><path d="M4.6 8.4l2.4 2.4 4.4-5.2"/>"#,
        Tone::Bad => {
            r#"<path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z"/><path d="M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6"/>"#
        }
        Tone::Uneasy => r#"<path d="M8 1.6L15.2 14.4H.8z"/><path d="M8 6v4.2m0 1.4v.9"/>"#,
        Tone::Plain => r#"<circle cx="8" cy="8" r="7"/><path d="M5 8h6"/>"#,
        Tone::Faint => r#"<circle cx="8" cy="8" r="2"/>"#,
    };
    html! { svg.sign viewBox="0 0 16 16" aria-hidden="true" { (PreEscaped(shape)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_one_decimal_at_most() {
        assert_eq!(
            [0, 5, 10, 123, -5, -120].map(px),
            ["0", "0.5", "1", "12.3", "-0.5", "-12"]
        );
        assert_eq!(points(&[(0, 15), (3200, 0)]), "0,1.5 320,0");
    }
}
