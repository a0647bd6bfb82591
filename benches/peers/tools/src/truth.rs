//! What a reader of a file must find.

use serde_json::{Map, Value, json};

use crate::report::{CODES, COUNT, FIELDS, Row, period};

/// Numerator and denominator of each share, as figures that are summed.
const SHARES: [(&str, &[usize], &[usize]); 3] = [
    ("access", &[1], &[1, 2]),
    ("dop-coverage", &[4], &[3]),
    ("teachers-trained", &[6], &[5]),
];

/// Of one month, in hundredths.
#[derive(Clone, Default)]
struct Month {
    rows: u64,
    /// Of whom anything is accepted.
    organisations: u64,
    /// Every number that stands in the file, as often as it stands there.
    written: [i64; COUNT],
    /// What is accepted, once an organisation; `None`: nothing is.
    accepted: [Option<i64>; COUNT],
    /// The same without faults: what the copies of the columns hold.
    clean: [Option<i64>; COUNT],
    shares: [Option<(i64, i64)>; SHARES.len()],
}

/// Of a whole file.
pub struct Truth {
    copies: usize,
    months: Vec<Month>,
    faults: [u64; CODES.len()],
}

impl Truth {
    /// Of a file with so many copies of the columns of figures.
    pub fn new(copies: usize) -> Truth {
        Truth {
            copies,
            months: Vec::new(),
            faults: [0; CODES.len()],
        }
    }

    /// A row that is written; `again`: it has been there before.
    pub fn add(&mut self, row: &Row<'_>, again: bool) {
        let index = row.month as usize;
        if self.months.len() <= index {
            self.months.resize_with(index + 1, Month::default);
        }
        let month = &mut self.months[index];
        month.rows += 1;
        for (sum, value) in month.written.iter_mut().zip(row.readable) {
            *sum += value.unwrap_or(0);
        }
        for (sum, count) in self.faults.iter_mut().zip(row.faults) {
            *sum += count;
        }
        if again {
            self.faults[0] += 1;
            return;
        }
        month.organisations += u64::from(row.reports_something(self.copies));
        add(&mut month.accepted, row.accepted);
        add(&mut month.clean, row.figures.map(Some));
        for (sum, (_, above, below)) in month.shares.iter_mut().zip(SHARES) {
            let total = |fields: &[usize]| -> Option<i64> {
                fields.iter().map(|field| row.accepted[*field]).sum()
            };
            if let (Some(above), Some(below)) = (total(above), total(below)) {
                let before = sum.unwrap_or_default();
                *sum = Some((before.0 + above, before.1 + below));
            }
        }
    }

    /// For Python; sums in hundredths.
    pub fn json(&self) -> Value {
        let faults = CODES
            .iter()
            .zip(self.faults)
            .filter(|(_, count)| *count > 0);
        let periods: Map<String, Value> = (0u32..)
            .zip(&self.months)
            .map(|(index, month)| (period(index), month.json(self.copies)))
            .collect();
        json!({
            "rows": self.months.iter().map(|month| month.rows).sum::<u64>(),
            "faults": faults.map(|(code, count)| ((*code).to_owned(), count.into())).collect::<Map<_, _>>(),
            "periods": periods,
        })
    }
}

impl Month {
    fn json(&self, copies: usize) -> Value {
        let written: Map<String, Value> = FIELDS
            .iter()
            .zip(self.written)
            .map(|(field, sum)| (field.id.to_owned(), sum.into()))
            .collect();
        let mut results = Map::new();
        for (field, sum) in FIELDS.iter().zip(self.accepted) {
            results.insert(indicator(field.id, 1), json!([sum, null]));
        }
        for copy in 2..=copies {
            for (field, sum) in FIELDS.iter().zip(self.clean) {
                results.insert(indicator(field.id, copy), json!([sum, null]));
            }
        }
        for ((name, _, _), sum) in SHARES.iter().zip(self.shares) {
            let (above, below) = sum.unzip();
            results.insert((*name).to_owned(), json!([above, below]));
        }
        json!({
            "rows": self.rows,
            "organisations": self.organisations,
            "written": written,
            "results": results,
        })
    }
}

/// The id of the indicator that sums a field up.
fn indicator(field: &str, copy: usize) -> String {
    let name = format!("sum-{}", field.replace('_', "-"));
    match copy {
        1 => name,
        _ => format!("{name}-{copy}"),
    }
}

fn add(sums: &mut [Option<i64>; COUNT], values: [Option<i64>; COUNT]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum = value.map(|value| value + sum.unwrap_or(0)).or(*sum);
    }
}
