//! DuckDB: whole numbers of 128 bits, which never overflow unnoticed.

use super::Facts;
use super::dialect::{Dialect, unit};

/// DuckDB's words.
pub struct DuckDb;

impl Dialect for DuckDb {
    fn remarks(&self) -> &'static [&'static str] {
        &[
            "DuckDB считает целыми до 1,7·10^38 (HUGEINT) и десятичными до 38 цифр; число длиннее",
            "останавливает запрос ошибкой, неверного числа не бывает.",
        ]
    }

    fn before(&self, _: &[Facts]) -> Vec<String> {
        Vec::new()
    }

    fn source(&self, facts: &Facts, _: usize) -> String {
        match facts {
            Facts::Csv(path) => format!(
                "read_csv({}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')",
                self.text(path)
            ),
            Facts::Parquet(path) => format!("read_parquet({})", self.text(path)),
            Facts::Table(name) => name.clone(),
        }
    }

    fn as_text(&self, expression: &str) -> String {
        format!("coalesce(CAST({expression} AS VARCHAR), '')")
    }

    fn exactly(&self, column: &str) -> String {
        let text = self.as_decimal(&format!("nullif(CAST({column} AS VARCHAR), '')"));
        format!(
            "CASE WHEN typeof({column}) IN ('DOUBLE', 'FLOAT') THEN error({}) ELSE {text} END",
            self.text(super::dialect::FLOATING)
        )
    }

    fn whole(&self, expression: &str) -> String {
        format!("CAST({expression} AS HUGEINT)")
    }

    fn digits(&self, expression: &str) -> String {
        format!(
            "CAST(trunc({expression}) AS HUGEINT) * 1000000000000000 \
             + CAST(({expression} - trunc({expression})) * 1000000000000000 AS HUGEINT)"
        )
    }

    fn quotient(&self, above: &str, below: &str) -> String {
        format!("({above}) // ({below})")
    }

    fn decimal(&self, expression: &str, scale: u32) -> String {
        match scale {
            0 => format!("CAST({expression} AS DECIMAL(38, 0))"),
            _ => format!(
                "CAST({expression} AS DECIMAL(38, 0)) * CAST('{}' AS DECIMAL({scale}, {scale}))",
                unit(scale)
            ),
        }
    }

    fn newest(&self, value: &str, age: &str) -> String {
        format!("arg_max({value}, {age})")
    }
}
