//! Charts of Excel's own, and the sheet with the figures behind them.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartEmptyCells, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType, ChartMarker, ChartMarkerType, ChartPoint, ChartSolidFill, ChartType, Color,
    Format, Worksheet, XlsxError,
};

use super::figure::number;
use super::page::Page;
use super::{cell, heading, shortened, text, width, write};
use crate::document::Cell;
use crate::document::picture::{self, Band, Bullet, Card, Point, Series};
use crate::model::quantity::Fixed;

/// The narrowest and the widest chart, the height of all and the space about them, in pixels.
const NARROWEST: u32 = 440;
const WIDEST: u32 = 640;
const HEIGHT: u32 = 300;
const SPACE: u32 = 16;

/// The height of a row that nothing was said of, in pixels.
const ROW: u32 = 20;

/// Lines of a chart.
const ACTUAL: Color = Color::RGB(0x001F_4E79);
const WANTED: Color = Color::RGB(0x00A3_201D);
const FAINT: Color = Color::RGB(0x0080_8890);
const UNSURE: Color = Color::RGB(0x00FF_C44D);
const GRID: Color = Color::RGB(0x00DD_E1E6);

/// The figures behind the charts so far.
pub(super) struct Charts {
    sheet: Worksheet,
    name: String,
    row: u32,
}

/// A line of a chart: its name, the value of each period, and how it is drawn.
struct Curve<'a> {
    name: &'static str,
    values: Vec<Option<&'a Fixed>>,
    look: Look,
}

#[derive(Clone, Copy)]
struct Look {
    colour: Color,
    /// The line; `None`: only markers.
    line: Option<(f64, ChartLineDashType)>,
    /// The marker of each value, and what is inside of it.
    marker: Option<(ChartMarkerType, Color)>,
    /// Its name is in the legend.
    named: bool,
}

impl Charts {
    pub(super) fn new(name: &str) -> Charts {
        let (sheet, name) = (Worksheet::new(), name.to_owned());
        Charts {
            sheet,
            name,
            row: 0,
        }
    }

    /// The sheet, where there is a chart.
    pub(super) fn finish(mut self) -> Result<Option<Worksheet>, XlsxError> {
        self.sheet.set_name(&self.name)?;
        self.sheet.set_column_width(0, 24)?;
        super::set_up_paper(&mut self.sheet);
        Ok((self.row > 0).then_some(self.sheet))
    }

    fn title(&mut self, card: &Card) -> Result<String, XlsxError> {
        let title = text(&format!("{}. {}", card.number, card.topic));
        let bold = Format::new().set_bold();
        write(&mut self.sheet, self.row, 0, &title, &bold)?;
        self.row += 1;
        Ok(shortened(&title, 255))
    }

    /// The chart of a card.
    fn chart(
        &mut self,
        card: &Card,
        chart: &picture::Chart,
        width: u32,
    ) -> Result<Chart, XlsxError> {
        let title = self.title(card)?;
        let mut drawn = match chart {
            picture::Chart::Series(series) => self.series(series)?,
            picture::Chart::Bullet(bullet) => self.bullet(bullet)?,
        };
        self.row += 1;
        drawn
            .title()
            .set_name(&title)
            .set_font(ChartFont::new().set_size(12));
        drawn.set_alt_text(shortened(&text(chart.words()), 255));
        drawn.set_width(width).set_height(HEIGHT);
        Ok(drawn)
    }

    fn series(&mut self, series: &Series) -> Result<Chart, XlsxError> {
        let curves = curves(series);
        let (header, first) = (self.row, self.row + 1);
        let last = header + series.axis.len().max(1) as u32;
        write(&mut self.sheet, header, 0, "Период", &heading())?;
        for (row, period) in (first..).zip(&series.axis) {
            write(&mut self.sheet, row, 0, &text(period), &cell())?;
        }
        let mut chart = Chart::new_line();
        for (at, curve) in (1..).zip(&curves) {
            let widest = width(std::iter::once(curve.name), 10, 16);
            self.sheet.set_column_width(at, widest)?;
            write(&mut self.sheet, header, at, curve.name, &heading())?;
            for (row, value) in (first..).zip(&curve.values) {
                self.value(row, at, *value, series.unit)?;
            }
            let name = self.name.as_str();
            chart
                .add_series()
                .set_name((name, header, at))
                .set_categories((name, first, 0, last, 0))
                .set_values((name, first, at, last, at))
                .set_format(&mut curve.look.format())
                .set_marker(&curve.look.marker())
                .delete_from_legend(!curve.look.named);
        }
        self.row = last + 1;
        chart.show_empty_cells_as(ChartEmptyCells::Gaps);
        chart.legend().set_position(ChartLegendPosition::Bottom);
        let axis = format!("General{}", unit(series.unit));
        let small = ChartFont::new().set_size(9).clone();
        chart.y_axis().set_num_format(axis).set_font(&small);
        chart
            .y_axis()
            .set_major_gridlines_line(ChartLine::new().set_color(GRID));
        chart
            .x_axis()
            .set_font(ChartFont::new().set_size(9).set_rotation(-45));
        Ok(chart)
    }

    /// Value and plan as two bars on a scale from nothing.
    fn bullet(&mut self, bullet: &Bullet) -> Result<Chart, XlsxError> {
        let goal = bullet.goal.as_ref().map(|goal| &goal.value);
        let (first, last) = (self.row, self.row + 1);
        let rows = [
            ("План", goal, FAINT),
            ("Факт", bullet.value.as_ref(), ACTUAL),
        ];
        for (row, (name, value, _)) in (first..).zip(rows) {
            write(&mut self.sheet, row, 0, name, &cell())?;
            self.value(row, 1, value, bullet.unit)?;
        }
        self.row = last + 1;
        let points = rows.map(|(_, _, colour)| {
            let mut format = ChartFormat::new();
            format.set_solid_fill(ChartSolidFill::new().set_color(colour));
            ChartPoint::new().set_format(&mut format)
        });
        let mut chart = Chart::new(ChartType::Bar);
        let sheet = self.name.as_str();
        chart
            .add_series()
            .set_categories((sheet, first, 0, last, 0))
            .set_values((sheet, first, 1, last, 1))
            .set_points(&points)
            .set_gap(60)
            .set_data_label(ChartDataLabel::new().show_value());
        chart.legend().set_hidden();
        let scale = chart.x_axis();
        scale.set_hidden(true).set_min(0).set_major_gridlines(false);
        if let Some(most) = number(&bullet.most).filter(|most| *most > 0.0) {
            scale.set_max(most);
        }
        Ok(chart)
    }

    fn value(
        &mut self,
        row: u32,
        at: u16,
        value: Option<&Fixed>,
        unit: &str,
    ) -> Result<(), XlsxError> {
        let figure =
            value.and_then(|value| super::figure::figure(&Cell::number(value.clone(), unit)));
        match figure {
            Some((value, format)) => {
                let format = cell().set_num_format(format);
                self.sheet
                    .write_number_with_format(row, at, value, &format)?;
            }
            None => {
                let digits = value.map(Fixed::russian).unwrap_or_default();
                write(&mut self.sheet, row, at, &digits, &cell())?;
            }
        }
        Ok(())
    }
}

impl Page {
    /// The charts of cards, as many beside one another as the page is wide.
    pub(super) fn charts(&mut self, cards: &[Card], charts: &mut Charts) -> Result<(), XlsxError> {
        let with_chart = cards
            .iter()
            .filter_map(|card| Some((card, card.chart.as_ref()?)));
        let with_chart: Vec<_> = with_chart.collect();
        if with_chart.is_empty() {
            return Ok(());
        }
        self.headers.push(self.row);
        let wide = self.pixels();
        let beside = (wide / (NARROWEST + SPACE)).max(1);
        let width = (wide / beside)
            .saturating_sub(SPACE)
            .clamp(NARROWEST, WIDEST);
        for row in with_chart.chunks(beside as usize) {
            for (at, (card, chart)) in (0..).zip(row) {
                let chart = charts.chart(card, chart, width)?;
                let left = at * (width + SPACE);
                self.sheet
                    .insert_chart_with_offset(self.row, 0, &chart, left, 0)?;
            }
            self.row += (HEIGHT + SPACE) / ROW + 1;
        }
        self.gap();
        Ok(())
    }
}

fn unit(unit: &str) -> String {
    match text(unit).replace('"', "") {
        unit if unit.is_empty() => unit,
        unit => format!("\"{unit}\""),
    }
}

impl Look {
    fn line(colour: Color, thick: f64, dashes: ChartLineDashType) -> Look {
        Look {
            colour,
            line: Some((thick, dashes)),
            marker: None,
            named: true,
        }
    }

    fn marked(self, kind: ChartMarkerType, inside: Color) -> Look {
        let marker = Some((kind, inside));
        Look { marker, ..self }
    }

    fn format(self) -> ChartFormat {
        let mut format = ChartFormat::new();
        match self.line {
            None => format.set_no_line(),
            Some((thick, dashes)) => {
                let mut line = ChartLine::new();
                line.set_color(self.colour)
                    .set_width(thick)
                    .set_dash_type(dashes);
                format.set_line(&line)
            }
        };
        format
    }

    fn marker(self) -> ChartMarker {
        let mut marker = ChartMarker::new();
        match self.marker {
            None => marker.set_none(),
            Some((kind, inside)) => {
                let mut format = ChartFormat::new();
                format.set_solid_fill(ChartSolidFill::new().set_color(inside));
                format.set_border(ChartLine::new().set_color(self.colour));
                marker.set_type(kind).set_size(6).set_format(&mut format)
            }
        };
        marker
    }
}

/// The lines of a chart; one that has no value is left out.
fn curves(series: &Series) -> Vec<Curve<'_>> {
    use ChartLineDashType::{Dash, RoundDot, Solid};
    use ChartMarkerType::{Circle, Diamond};
    let curve = |name, values, look| Curve { name, values, look };
    let points = |wanted: fn(&Point) -> bool| {
        let points = series.actual.iter().map(move |point| {
            let point = point.as_ref().filter(|point| wanted(point));
            point.map(|point| &point.value)
        });
        points.collect()
    };
    let band = |of: fn(&Band) -> &Fixed| {
        let bands = series.outlook.iter();
        bands.map(|band| band.as_ref().map(of)).collect()
    };
    let upper = series.goal.as_ref().is_some_and(|goal| goal.upper);
    let goal = series.goal.as_ref().map(|goal| &goal.value);
    let thin = Look {
        named: false,
        ..Look::line(ACTUAL, 0.75, RoundDot)
    };
    let unsure = Look {
        line: None,
        ..Look::line(ACTUAL, 2.25, Solid).marked(Circle, UNSURE)
    };
    let curves = vec![
        curve(
            if upper {
                "Цель, не больше"
            } else {
                "Цель"
            },
            vec![goal; series.axis.len()],
            Look::line(WANTED, 1.5, Dash),
        ),
        curve(
            "План",
            series.plan.iter().map(Option::as_ref).collect(),
            Look::line(FAINT, 1.5, Solid).marked(Diamond, FAINT),
        ),
        curve(
            "Прогноз",
            band(|band| &band.middle),
            Look::line(ACTUAL, 1.5, Dash),
        ),
        curve("Прогноз: едва ли меньше", band(|band| &band.low), thin),
        curve("Прогноз: едва ли больше", band(|band| &band.high), thin),
        curve(
            "Факт",
            points(|_| true),
            Look::line(ACTUAL, 2.25, Solid).marked(Circle, ACTUAL),
        ),
        curve("Предварительно", points(|point| point.provisional), unsure),
    ];
    let some = |curve: &Curve<'_>| curve.values.iter().any(Option::is_some);
    curves.into_iter().filter(some).collect()
}
