//! Rectangles of a drawing, so that a label finds a place where nothing else is.

/// A rectangle, in tenths of a pixel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Area {
    /// The left edge.
    pub left: i64,
    /// The upper edge.
    pub top: i64,
    /// The right edge.
    pub right: i64,
    /// The lower edge.
    pub bottom: i64,
}

impl Area {
    /// Between two corners, in any order.
    pub fn between(one: (i64, i64), other: (i64, i64)) -> Area {
        Area {
            left: one.0.min(other.0),
            top: one.1.min(other.1),
            right: one.0.max(other.0),
            bottom: one.1.max(other.1),
        }
    }

    fn meets(&self, other: &Area) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Moved sideways into another one, if it is not wider.
    fn within(mut self, outer: &Area) -> Area {
        let by = (outer.left - self.left).max(0) - (self.right - outer.right).max(0);
        self.left += by;
        self.right += by;
        self
    }

    fn is_below_or_above(&self, outer: &Area) -> bool {
        self.top < outer.top || self.bottom > outer.bottom
    }
}

/// The place that meets the fewest others, the earlier the better; inside of the drawing.
pub fn place(places: &[Area], others: &[Area], drawing: &Area) -> Option<Area> {
    let hidden = |area: &Area| {
        let met = others.iter().filter(|other| other.meets(area)).count();
        (area.is_below_or_above(drawing), met)
    };
    let places = places.iter().map(|place| place.within(drawing));
    places.min_by_key(hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_goes_where_nothing_is() {
        let area = |left, top, right, bottom| Area {
            left,
            top,
            right,
            bottom,
        };
        let drawing = area(0, 0, 100, 100);
        let (above, below) = (area(80, 10, 120, 20), area(80, 40, 120, 50));
        let moved = |top, bottom| Some(area(60, top, 100, bottom));
        assert_eq!(place(&[above, below], &[], &drawing), moved(10, 20));
        let line = Area::between((0, 30), (70, 15));
        assert_eq!(place(&[above, below], &[line], &drawing), moved(40, 50));
        let off = area(0, -5, 10, 5);
        assert_eq!(place(&[off, above], &[line], &drawing), moved(10, 20));
        assert_eq!(place(&[], &[], &drawing), None);
    }
}
