//! The periods under a chart: as many labels as have room, the first and the last among them.

/// A label of a period; the year stands below, and only where it changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label<'a> {
    /// Which period.
    pub index: usize,
    /// What stands in the first line.
    pub text: &'a str,
    /// What stands in the second.
    pub year: Option<&'a str>,
}

/// The name of a period without its year, and the year.
fn split(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once(' ') {
        Some((text, year)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
            (text, Some(year))
        }
        _ => (name, None),
    }
}

/// How many characters the widest line of any label has.
pub fn widest(axis: &[String]) -> usize {
    let width = |name: &String| {
        let (text, year) = split(name);
        text.chars().count().max(year.map_or(0, str::len))
    };
    axis.iter().map(width).max().unwrap_or(0)
}

/// Every n-th period and the last one, where the axis is `length` long and a label with the room
/// about it takes `room`.
pub fn shown(count: usize, length: i64, room: i64) -> Vec<usize> {
    let Some(last) = count.checked_sub(1).filter(|last| *last > 0) else {
        return (0..count).collect();
    };
    let fits = |periods: usize| periods as i64 * length >= room * last as i64;
    let every = (1..=last).find(|every| fits(*every)).unwrap_or(last);
    let mut shown: Vec<usize> = (0..last)
        .step_by(every)
        .filter(|index| *index == 0 || fits(last - index))
        .collect();
    shown.push(last);
    shown
}

/// The labels of the periods that are shown.
pub fn labels<'a>(axis: &'a [String], shown: &[usize]) -> Vec<Label<'a>> {
    let mut before = None;
    let label = |&index: &usize| {
        let (text, year) = split(&axis[index]);
        let told = year.filter(|year| before != Some(*year));
        before = year;
        Label {
            index,
            text,
            year: told,
        }
    };
    shown.iter().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_touch() {
        assert!(shown(0, 2700, 300).is_empty());
        assert_eq!(shown(1, 2700, 300), [0]);
        assert_eq!(shown(2, 2700, 300), [0, 1]);
        assert_eq!(shown(5, 2700, 300), [0, 1, 2, 3, 4]);
        assert_eq!(shown(12, 2700, 300), [0, 2, 4, 6, 8, 11]);
        assert_eq!(shown(13, 2700, 300), [0, 2, 4, 6, 8, 10, 12]);
        for count in 2..200 {
            let places = shown(count, 2700, 300);
            assert_eq!((places[0], places[places.len() - 1]), (0, count - 1));
            for pair in places.windows(2) {
                let apart = (pair[1] - pair[0]) as i64 * 2700;
                assert!(apart >= 300 * (count as i64 - 1), "{count}: {pair:?}");
            }
        }
        // Where not even two have room, both ends are still named.
        assert_eq!(shown(7, 200, 300), [0, 6]);
    }

    #[test]
    fn a_year_is_told_once() {
        let axis = ["ноя 2025", "дек 2025", "янв 2026", "2026", "I кв. 2027"].map(String::from);
        let told: Vec<_> = labels(&axis, &[0, 1, 2, 3, 4])
            .into_iter()
            .map(|label| (label.text, label.year))
            .collect();
        assert_eq!(
            told,
            [
                ("ноя", Some("2025")),
                ("дек", None),
                ("янв", Some("2026")),
                ("2026", None),
                ("I кв.", Some("2027")),
            ]
        );
        assert_eq!(widest(&axis), 5);
    }
}
