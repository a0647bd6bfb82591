//! One value against what was asked, drawn; and the bars of a table's cells.

use maud::{Markup, html};
use num_bigint::BigInt;

use super::scale::Scale;
use super::series::asked;
use super::svg::{number, px, width};
use super::{class, text};
use crate::document::picture::{Bar, Bullet};
use crate::model::quantity::Fixed;

/// Where the scale begins and how long it is, in tenths of a pixel.
const LEFT: i64 = 20;
const LENGTH: i64 = 3160;

/// The drawing.
pub fn bullet(bullet: &Bullet) -> Markup {
    let Some(scale) = Scale::up_to(&bullet.most) else {
        return html! { p.faint { (text(&bullet.words)) } };
    };
    let goal = bullet.goal.as_ref().map(|goal| {
        let words = asked(goal, bullet.unit);
        let (x, half) = (LEFT + scale.at(&goal.value, LENGTH), width(&words) / 2);
        (
            x,
            x.clamp(half, (LEFT * 2 + LENGTH - half).max(half)),
            words,
        )
    });
    html! {
        svg.chart.(class(bullet.tone).unwrap_or("plain")) viewBox="0 0 320 56" role="img"
            aria-label=(text(&bullet.words)) { "\n"
            rect.track x=(px(LEFT)) y="18" width=(px(LENGTH)) height="18" {}
            @if let Some(value) = &bullet.value {
                rect.value x=(px(LEFT)) y="22" width=(px(scale.at(value, LENGTH))) height="10" {
                    title { (number(value, bullet.unit)) }
                }
            }
            @if let Some((x, middle, words)) = &goal {
                line.mark x1=(px(*x)) y1="15" x2=(px(*x)) y2="39" {}
                text.goal x=(px(*middle)) y="11" text-anchor="middle" { (text(words)) }
            }
            text.tick x=(px(LEFT)) y="51" text-anchor="start" {
                (number(&Fixed::new(BigInt::ZERO, 0), bullet.unit))
            }
            text.tick x=(px(LEFT + LENGTH)) y="51" text-anchor="end" { (number(&bullet.most, bullet.unit)) }
        }
    }
}

/// The bar of a cell; the number beside it says the same.
pub fn bar(bar: Bar) -> Markup {
    let place = |thousandths: u16| px(i64::from(thousandths.min(1000)));
    html! { svg.bar viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
        rect.track x="0" y="0" width="100" height="8" {}
        rect.value x="0" y="1.5" width=(place(bar.value)) height="5" {}
        @if let Some(goal) = bar.goal {
            rect.mark x=(px((i64::from(goal.min(1000)) - 5).clamp(0, 990))) y="0" width="1" height="8" {}
        }
    } }
}
