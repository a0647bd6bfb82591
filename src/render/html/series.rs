//! Values over time against what was asked, drawn.

use maud::{Markup, html};

use super::area::{Area, place};
use super::axis;
use super::scale::Scale;
use super::svg::{LETTER, LINE, label, number, points, px, width};
use super::text;
use crate::document::picture::{Band, Goal, Point, Series};
use crate::model::quantity::Fixed;

/// The drawing, in tenths of a pixel; it grows and shrinks with its card.
const DRAWING: Area = Area {
    left: 0,
    top: 0,
    right: 3200,
    bottom: 1800,
};

/// Where the highest tick is.
const TOP: i64 = 160;

/// The room under the lowest tick: two lines of periods.
const FOOT: i64 = 320;

/// The drawing, its legend and its values.
pub fn series(series: &Series) -> Markup {
    let Some(plot) = Plot::of(series) else {
        return html! { p.faint { (text(&series.words)) } };
    };
    html! {
        svg.chart viewBox="0 0 320 180" role="img" aria-label=(text(&series.words)) { "\n"
            (plot.frame()) "\n"
            (plot.outlook()) "\n"
            (plot.plan()) "\n"
            (plot.goal()) "\n"
            (plot.actual()) "\n"
            (plot.labels())
        } "\n"
        (legend(series)) "\n"
        (values(series))
    }
}

/// Where everything is.
struct Plot<'a> {
    series: &'a Series,
    scale: Scale,
    left: i64,
    right: i64,
}

impl<'a> Plot<'a> {
    fn of(series: &'a Series) -> Option<Plot<'a>> {
        let actual = series.actual.iter().flatten().map(|point| &point.value);
        let plan = series.plan.iter().flatten();
        let goal = series.goal.iter().map(|goal| &goal.value);
        let bands = series.outlook.iter().flatten();
        let outlook = bands.flat_map(|band| [&band.low, &band.middle, &band.high]);
        let all = actual.chain(plan).chain(goal).chain(outlook);
        let scale = Scale::around(all)?;
        let tick = |tick: Fixed| width(&number(&tick, series.unit));
        let ticks = scale.ticks().into_iter().map(tick).max().unwrap_or(0);
        let half = (axis::widest(&series.axis) as i64 * LETTER / 2).min(600);
        Some(Plot {
            series,
            scale,
            left: (ticks + 60).max(half).min(DRAWING.right / 2),
            right: DRAWING.right - half.max(100),
        })
    }

    fn last(&self) -> usize {
        self.series.axis.len().saturating_sub(1)
    }

    fn x(&self, index: usize) -> i64 {
        match self.last() {
            0 => (self.left + self.right) / 2,
            last => self.left + (self.right - self.left) * index.min(last) as i64 / last as i64,
        }
    }

    fn y(&self, value: &Fixed) -> i64 {
        let bottom = DRAWING.bottom - FOOT;
        bottom - self.scale.at(value, bottom - TOP)
    }

    /// Values of periods that follow one another, each run by itself.
    fn runs<T>(&self, values: &[Option<T>], value: impl Fn(&T) -> &Fixed) -> Vec<Vec<(i64, i64)>> {
        let place = |(index, one): (usize, &Option<T>)| {
            let value = one.as_ref().map(&value);
            value.map(|value| (self.x(index), self.y(value)))
        };
        let places: Vec<Option<(i64, i64)>> = values.iter().enumerate().map(place).collect();
        let runs = places.split(Option::is_none);
        runs.filter(|run| !run.is_empty())
            .map(|run| run.iter().flatten().copied().collect())
            .collect()
    }

    /// Ticks, and the periods.
    fn frame(&self) -> Markup {
        let series = self.series;
        let bottom = DRAWING.bottom - FOOT;
        let room = axis::widest(&series.axis) as i64 * LETTER + LETTER;
        let shown = axis::shown(series.axis.len(), self.right - self.left, room);
        html! {
            @for tick in self.scale.ticks() {
                line.tick x1=(px(self.left)) y1=(px(self.y(&tick))) x2=(px(self.right)) y2=(px(self.y(&tick))) {}
                text.tick x=(px(self.left - 60)) y=(px(self.y(&tick) + 38)) text-anchor="end" {
                    (number(&tick, series.unit))
                }
            }
            @for label in axis::labels(&series.axis, &shown) {
                line.tick x1=(px(self.x(label.index))) y1=(px(bottom)) x2=(px(self.x(label.index))) y2=(px(bottom + 40)) {}
                text.tick x=(px(self.x(label.index))) y=(px(bottom + 155)) text-anchor="middle" { (text(label.text)) }
                @if let Some(year) = label.year {
                    text.tick x=(px(self.x(label.index))) y=(px(bottom + 275)) text-anchor="middle" { (year) }
                }
            }
        }
    }

    fn outlook(&self) -> Markup {
        let bands = &self.series.outlook;
        let low = self.runs(bands, |band| &band.low);
        let middle = self.runs(bands, |band| &band.middle);
        let high = self.runs(bands, |band| &band.high);
        html! {
            @for (low, high) in low.iter().zip(&high) {
                @let back = low.iter().rev().chain(high).copied().collect::<Vec<_>>();
                polygon.band points=(points(&back)) {}
            }
            @for run in &middle { polyline.outlook points=(points(run)) {} }
        }
    }

    fn plan(&self) -> Markup {
        html! { @for run in self.runs(&self.series.plan, |value| value) {
            @match run[..] {
                [(x, y)] => line.milestone x1=(px(x - 60)) y1=(px(y)) x2=(px(x + 60)) y2=(px(y)) {},
                _ => polyline.plan points=(points(&run)) {},
            }
        } }
    }

    fn goal(&self) -> Markup {
        let Some(goal) = &self.series.goal else {
            return html! {};
        };
        let y = self.y(&goal.value);
        html! {
            line.goal x1=(px(self.left)) y1=(px(y)) x2=(px(self.right)) y2=(px(y)) {}
            @if let Some(due) = goal.due {
                @let x = self.x(due);
                line.due x1=(px(x)) y1=(px(y)) x2=(px(x)) y2=(px(DRAWING.bottom - FOOT)) {}
                path.due d=(format!("M{} {}l4.5 4.5-4.5 4.5-4.5-4.5z", px(x), px(y - 45))) {}
            }
        }
    }

    /// The values between two periods from which counting starts anew, each time as many as there
    /// are periods.
    fn stretches(&self) -> Vec<Vec<Option<Point>>> {
        let series = self.series;
        let ends = series.anew.iter().copied().chain([series.actual.len()]);
        let mut begin = 0;
        ends.map(|end| {
            let own = begin..end;
            begin = end;
            let values = series.actual.iter().enumerate();
            values
                .map(|(index, point)| point.clone().filter(|_| own.contains(&index)))
                .collect()
        })
        .collect()
    }

    fn actual(&self) -> Markup {
        let series = self.series;
        html! {
            @for stretch in self.stretches() {
                @for run in self.runs(&stretch, |point| &point.value) {
                    @if run.len() > 1 { polyline.actual points=(points(&run)) {} }
                }
            }
            @for (index, point) in with_value(series) {
                circle.(if point.provisional { "provisional" } else { "actual" })
                    cx=(px(self.x(index))) cy=(px(self.y(&point.value))) r="3" {
                    title { (text(&series.axis[index])) ": " (told(point, series.unit)) }
                }
            }
        }
    }

    /// The last value and the goal, where they hide least.
    fn labels(&self) -> Markup {
        let series = self.series;
        let mut others = self.strokes();
        let goal = series.goal.as_ref().map(|goal| (goal, self.y(&goal.value)));
        others.extend(goal.and_then(|(goal, y)| {
            let x = self.x(goal.due?);
            let foot = DRAWING.bottom - FOOT;
            Some(Area::between((x - 10, y - 50), (x + 10, foot)))
        }));
        let line = goal.map(|(_, y)| Area::between((self.left, y - 15), (self.right, y + 15)));
        others.extend(line);
        let last = with_value(series).last().and_then(|(index, point)| {
            let words = number(&point.value, series.unit);
            let (x, y) = (self.x(index), self.y(&point.value));
            let half = width(&words) / 2;
            let at =
                |x: i64, bottom: i64| Area::between((x - half, bottom - LINE), (x + half, bottom));
            let beside = half + 70;
            let places = [
                at(x, y - 50),
                at(x, y + LINE + 50),
                at(x + beside, y + LINE / 2),
                at(x - beside, y - 50),
                at(x - beside, y + LINE + 50),
                at(x + beside, y - 50),
                at(x + beside, y + LINE + 50),
                at(x - beside, y + LINE * 2),
            ];
            place(&places, &others, &self.inside()).map(|area| (area, words))
        });
        others.truncate(others.len() - usize::from(line.is_some()));
        others.extend(last.as_ref().map(|(area, _)| *area));
        let goal = goal.and_then(|(goal, y)| {
            let words = asked(goal, series.unit);
            let wide = width(&words);
            let at = |left: i64, bottom: i64| {
                Area::between((left, bottom - LINE), (left + wide, bottom))
            };
            let middle = (self.left + self.right - wide) / 2;
            let places = [self.left + 30, self.right - wide, middle];
            let places = places.map(|left| [at(left, y - 15), at(left, y + LINE + 15)]);
            place(places.as_flattened(), &others, &self.inside()).map(|area| (area, words))
        });
        html! {
            @if let Some((area, words)) = goal { (label("goal", &area, &words)) }
            @if let Some((area, words)) = last { (label("last", &area, &words)) }
        }
    }

    fn inside(&self) -> Area {
        Area {
            left: self.left,
            bottom: DRAWING.bottom - FOOT,
            ..DRAWING
        }
    }

    /// What a label had better not hide.
    fn strokes(&self) -> Vec<Area> {
        let series = self.series;
        let actual = self.runs(&series.actual, |point| &point.value);
        let plan = self.runs(&series.plan, |value| value);
        let middle = self.runs(&series.outlook, |band| &band.middle);
        let runs = actual.into_iter().chain(plan).chain(middle);
        let stroke = |run: Vec<(i64, i64)>| match run[..] {
            [(x, y)] => vec![Area::between((x - 30, y - 30), (x + 30, y + 30))],
            _ => run
                .windows(2)
                .flat_map(|ends| pieces(ends[0], ends[1]))
                .collect(),
        };
        runs.flat_map(stroke).collect()
    }
}

/// A slanting stroke as small areas along it.
fn pieces(from: (i64, i64), to: (i64, i64)) -> Vec<Area> {
    let count = ((to.0 - from.0).abs().max((to.1 - from.1).abs()) / 50).max(1);
    let along = |step: i64| {
        let part = |from: i64, to: i64| from + (to - from) * step / count;
        (part(from.0, to.0), part(from.1, to.1))
    };
    let piece = |step| {
        let (one, other) = (along(step), along(step + 1));
        let area = Area::between(one, other);
        Area {
            top: area.top - 15,
            bottom: area.bottom + 15,
            ..area
        }
    };
    (0..count).map(piece).collect()
}

fn with_value(series: &Series) -> impl Iterator<Item = (usize, &Point)> {
    let points = series.actual.iter().take(series.axis.len()).enumerate();
    points.filter_map(|(index, point)| Some((index, point.as_ref()?)))
}

/// What is asked, in as few words as stand on a chart.
pub fn asked(goal: &Goal, unit: &str) -> String {
    let word = if goal.upper {
        "не больше"
    } else {
        "цель"
    };
    format!("{word} {}", number(&goal.value, unit))
}

fn told(point: &Point, unit: &str) -> String {
    let note = if point.provisional {
        " (предварительно)"
    } else {
        ""
    };
    format!("{}{note}", number(&point.value, unit))
}

fn expected(band: &Band, unit: &str) -> String {
    let middle = number(&band.middle, unit);
    if band.low == band.high {
        return middle;
    }
    format!(
        "{middle} (от {} до {})",
        band.low.russian(),
        number(&band.high, unit)
    )
}

/// What the strokes mean; a line with points needs no word.
fn legend(series: &Series) -> Markup {
    let due = series
        .goal
        .as_ref()
        .and_then(|goal| series.axis.get(goal.due?));
    let outlook = series.axis.iter().zip(&series.outlook).rev();
    let outlook = outlook
        .filter_map(|(period, band)| Some((period, band.as_ref()?)))
        .next();
    let line = series
        .plan
        .windows(2)
        .any(|pair| pair.iter().all(Option::is_some));
    let planned = series.plan.iter().any(Option::is_some);
    let provisional = with_value(series).any(|(_, point)| point.provisional);
    if !provisional && !planned && due.is_none() && outlook.is_none() {
        return html! {};
    }
    html! { ul.legend {
        @if provisional { li { (swatch(html! { circle.provisional cx="8" cy="8" r="4" {} })) "предварительно" } }
        @if line { li { (swatch(html! { line.plan x1="0" y1="8" x2="16" y2="8" {} })) "план" } }
        @else if planned {
            li { (swatch(html! { line.milestone x1="1" y1="8" x2="15" y2="8" {} })) "контрольное значение" }
        }
        @if let Some(due) = due {
            li { (swatch(html! { path.due d="M8 2l6 6-6 6-6-6z" {} })) "срок: " (text(due)) }
        }
        @if let Some((period, band)) = outlook {
            li {
                (swatch(html! {
                    rect.band x="0" y="2" width="16" height="12" {}
                    line.outlook x1="0" y1="8" x2="16" y2="8" {}
                }))
                "прогноз, " (text(period)) ": " (expected(band, series.unit))
            }
        }
    } }
}

fn swatch(shape: Markup) -> Markup {
    html! { svg.swatch viewBox="0 0 16 16" aria-hidden="true" { (shape) } }
}

/// The same as a table.
fn values(series: &Series) -> Markup {
    let unit = series.unit;
    let planned = series.plan.iter().any(Option::is_some);
    let expects = series.outlook.iter().any(Option::is_some);
    html! { details.values {
        summary { "значения" }
        table {
            thead { tr {
                th scope="col" { "период" }
                th.figures scope="col" { "факт" }
                @if planned { th.figures scope="col" { "план" } }
                @if expects { th.figures scope="col" { "прогноз" } }
            } } "\n"
            tbody { @for (index, period) in series.axis.iter().enumerate() { tr {
                th scope="row" { (text(period)) }
                td.figures { (cell(&series.actual, index, |point| told(point, unit))) }
                @if planned { td.figures { (cell(&series.plan, index, |value| number(value, unit))) } }
                @if expects { td.figures { (cell(&series.outlook, index, |band| expected(band, unit))) } }
            } "\n" } }
        }
    } }
}

fn cell<T>(values: &[Option<T>], index: usize, told: impl Fn(&T) -> String) -> String {
    let value = values.get(index).and_then(Option::as_ref);
    value.map_or_else(|| "—".into(), told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(values: &[Option<(i64, bool)>]) -> Series {
        let point = |&(value, provisional): &(i64, bool)| Point {
            value: Fixed::new(value.into(), 1),
            provisional,
        };
        Series {
            words: String::new(),
            unit: "",
            axis: (1..=values.len())
                .map(|number| number.to_string())
                .collect(),
            actual: values
                .iter()
                .map(|value| value.as_ref().map(point))
                .collect(),
            anew: Vec::new(),
            goal: None,
            plan: Vec::new(),
            outlook: Vec::new(),
        }
    }

    #[test]
    fn lines_end_at_gaps_and_points_that_may_change_are_hollow() {
        let gap = None;
        let series = told(&[
            Some((0, false)),
            Some((50, false)),
            gap,
            Some((100, true)),
            gap,
        ]);
        let plot = Plot::of(&series).expect("values");
        assert_eq!(
            plot.actual().into_string(),
            "<polyline class=\"actual\" points=\"19.2,148 91.9,82\"></polyline>\
             <circle class=\"actual\" cx=\"19.2\" cy=\"148\" r=\"3\"><title>1: 0,0</title></circle>\
             <circle class=\"actual\" cx=\"91.9\" cy=\"82\" r=\"3\"><title>2: 5,0</title></circle>\
             <circle class=\"provisional\" cx=\"237.3\" cy=\"16\" r=\"3\">\
             <title>4: 10,0 (предварительно)</title></circle>"
        );
    }

    #[test]
    fn nothing_and_one_value_are_drawn_too() {
        assert!(Plot::of(&told(&[None, None])).is_none());
        assert!(Plot::of(&told(&[])).is_none());
        let one = series(&told(&[Some((42, false))])).into_string();
        assert_eq!(one.matches("<circle").count(), 1);
        assert!(one.contains(">4,2</text>") && !one.contains("<polyline"));
    }

    #[test]
    fn lists_that_are_longer_than_the_axis_do_no_harm() {
        let mut longer = told(&[Some((1, false)), Some((2, false))]);
        longer.axis.truncate(1);
        longer.plan = vec![Some(Fixed::new(1.into(), 0)); 5];
        longer.goal = Some(Goal {
            value: Fixed::new(3.into(), 0),
            upper: true,
            due: Some(9),
        });
        assert!(series(&longer).into_string().contains("не больше 3"));
    }
}
