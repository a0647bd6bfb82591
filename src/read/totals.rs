//! «Итого» lines: held against their columns, never added to them.

use crate::model::quantity::{Decimal, Fraction, Reported, Sum};
use crate::processor::{Way, Work, at_best};

/// The running sums of a table's columns.
#[derive(Clone, Debug)]
pub struct Totals {
    /// Since the last total: a subtotal is as good as a total. Numbers with as many digits after the
    /// point as people write, each sort on its own, so that a word holds its sum.
    short: Vec<[i64; SCALES]>,
    /// The rest of the same.
    since: Vec<Sum>,
    before: Vec<Fraction>,
    /// Columns with cells that were left out: their total cannot be checked.
    spoiled: Vec<bool>,
}

/// Numbers of 0, 1, 2 and 3 digits after the point.
const SCALES: usize = 4;

impl Totals {
    /// For a table of so many columns of figures.
    pub fn new(columns: usize) -> Totals {
        Totals {
            short: vec![[0; SCALES]; columns],
            since: vec![Sum::default(); columns],
            before: vec![Fraction::default(); columns],
            spoiled: vec![false; columns],
        }
    }

    /// Takes a row's figure.
    #[inline]
    pub fn add(&mut self, column: usize, value: Reported) {
        match value.decimal() {
            Some(value) => {
                let sum = self.short[column].get_mut(usize::from(value.scale()));
                if let Some(sum) = sum
                    && let Some(more) = sum.checked_add(value.mantissa())
                {
                    *sum = more;
                } else {
                    self.since[column].add(value);
                }
            }
            None if value.is_left_out() => self.spoiled[column] = true,
            None => {}
        }
    }

    /// Takes the figures of some rows, none of which was left out.
    #[inline]
    pub fn add_all(&mut self, column: usize, values: &[Reported]) {
        let thousandths = &mut self.short[column][SCALES - 1];
        match at_best(AddUp(values)).and_then(|sum| thousandths.checked_add(sum)) {
            Some(sum) => *thousandths = sum,
            None => {
                for value in values {
                    self.add(column, *value);
                }
            }
        }
    }

    /// Takes the sums of rows right below, among which no total stands.
    pub fn absorb(&mut self, other: &Totals) {
        for column in 0..self.since.len() {
            let sums = self.short[column].iter_mut().zip(other.short[column]);
            for ((own, more), scale) in sums.zip(0..) {
                match own.checked_add(more) {
                    Some(sum) => *own = sum,
                    None => {
                        let more = Fraction::new(more.into(), 10i64.pow(scale).into());
                        self.since[column].add_fraction(&more);
                    }
                }
            }
            self.since[column].add_fraction(&other.since[column].to_fraction());
            self.spoiled[column] |= other.spoiled[column];
        }
    }

    /// A row that is left out whole: no column can be checked any more.
    pub fn spoil(&mut self) {
        self.spoiled.fill(true);
    }

    /// What a column should have come to, where the total that stands there is another number.
    pub fn mismatch(&self, column: usize, stated: Decimal) -> Option<Fraction> {
        let part = self.part(column);
        let whole = &self.before[column] + &part;
        let stated = stated.to_fraction();
        (!self.spoiled[column] && stated != part && stated != whole).then_some(whole)
    }

    /// A total has been passed: the next one may be of the rows below it only.
    pub fn pass(&mut self) {
        for column in 0..self.since.len() {
            let part = self.part(column);
            self.before[column] += part;
            self.short[column] = [0; SCALES];
            self.since[column] = Sum::default();
        }
    }

    /// The sum of a column since the last total.
    fn part(&self, column: usize) -> Fraction {
        let short = self.short[column].iter().zip(0..);
        short.fold(
            self.since[column].to_fraction(),
            |sum, (mantissa, scale)| {
                sum + Fraction::new((*mantissa).into(), 10i64.pow(scale).into())
            },
        )
    }
}

/// A few values, the sum of which in thousandths is asked for; `None` where one is too long.
struct AddUp<'a>(&'a [Reported]);

impl Work for AddUp<'_> {
    type Output = Option<i64>;

    #[inline(always)]
    fn with<W: Way>(self, _: W) -> Option<i64> {
        if self.0.len() > 1000 {
            return None;
        }
        if Reported::are_short_and_whole(self.0) {
            let sum: i64 = self.0.iter().map(|value| value.bits()).sum();
            return Some((sum >> 4) * 1000);
        }
        let (mut sum, mut all) = (0i64, true);
        for value in self.0 {
            let (thousandths, is_short) = value.thousandths();
            sum = sum.wrapping_add(if value.is_value() { thousandths } else { 0 });
            all &= is_short | !value.is_value();
        }
        all.then_some(sum)
    }
}

/// Whether a row's first words say that it adds up others.
pub fn is_total(text: &str) -> bool {
    const WORDS: [&str; 5] = ["итого", "всего", "итог", "total", "сумма"];
    // Every name is asked this: most are answered by their first letter.
    if !text.starts_with(['и', 'И', 'в', 'В', 't', 'T', 'с', 'С']) {
        return false;
    }
    let lower = text.to_lowercase();
    WORDS.iter().any(|word| {
        lower
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// Whether a row's first words say that it is made of others but no sum of them: means, shares.
pub fn is_mean_or_share(text: &str) -> bool {
    if !text.starts_with(['с', 'С', 'в', 'В', 'п', 'П', '%']) || text.len() > 100 {
        return false;
    }
    let lower = text.to_lowercase();
    // «Средняя школа» is somebody's name.
    ["среднее", "в среднем", "в %", "%", "в процентах", "процент"]
        .iter()
        .any(|words| {
            let rest = lower.strip_prefix(words);
            let ends = |rest: &str| {
                let rest = rest.trim_start();
                rest.is_empty()
                    || rest.starts_with([':', ',', '('])
                    || ["по ", "от ", "значение", "за "]
                        .iter()
                        .any(|next| rest.starts_with(next))
            };
            rest.is_some_and(ends)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(value: i64) -> Decimal {
        Decimal::new(value, 0).expect("short")
    }

    #[test]
    fn totals_and_subtotals() {
        let mut totals = Totals::new(1);
        totals.add(0, Reported::value(decimal(3)));
        totals.add(0, Reported::BLANK);
        totals.add(0, Reported::value(decimal(4)));
        assert!(totals.mismatch(0, decimal(7)).is_none());
        assert_eq!(
            totals.mismatch(0, decimal(8)),
            Some(decimal(7).to_fraction())
        );
        totals.pass();
        totals.add(0, Reported::value(decimal(5)));
        assert!(totals.mismatch(0, decimal(5)).is_none());
        assert!(totals.mismatch(0, decimal(12)).is_none());
        totals.add(0, Reported::LEFT_OUT);
        assert!(totals.mismatch(0, decimal(99)).is_none());
    }

    #[test]
    fn digits_after_the_point_add_up() {
        let mut totals = Totals::new(1);
        let add = [
            (5, 0),
            (25, 1),
            (125, 2),
            (5, 3),
            (12345, 4),
            (i64::pow(10, 16), 0),
        ];
        for (mantissa, scale) in add.repeat(1000) {
            let value = Decimal::new(mantissa, scale).expect("short");
            totals.add(0, Reported::value(value));
        }
        let sum = Decimal::new(999, 0).expect("short");
        let expected = add
            .iter()
            .fold(Fraction::default(), |sum, (mantissa, scale)| {
                sum + Fraction::new((*mantissa).into(), 10i64.pow(u32::from(*scale)).into())
            });
        let thousand = Fraction::from_integer(1000.into());
        assert_eq!(totals.mismatch(0, sum), Some(expected * thousand));
    }

    #[test]
    fn words() {
        for text in ["Итого", "ИТОГО по городу:", "Всего:", "итого", "Total"]
        {
            assert!(is_total(text), "{text}");
        }
        for text in ["Всеволодовка", "Детский сад", "Итоговая школа"]
        {
            assert!(!is_total(text), "{text}");
        }
        for text in ["Среднее", "В среднем по городу", "% от мест", "Процент"]
        {
            assert!(is_mean_or_share(text), "{text}");
        }
        for text in ["Среднее училище № 1", "Средняя школа № 1", "Садик", "Всего"]
        {
            assert!(!is_mean_or_share(text), "{text}");
        }
    }
}
