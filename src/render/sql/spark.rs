//! Spark: whole numbers are decimals of 38 digits; in its ANSI mode a longer one is an error.

use super::Facts;
use super::dialect::{Dialect, unit};

/// Spark's words.
pub struct Spark;

impl Dialect for Spark {
    fn remarks(&self) -> &'static [&'static str] {
        &[
            "Spark считает десятичными до 38 цифр; в режиме ANSI, который включён ниже, число длиннее",
            "останавливает запрос ошибкой, а не округляется.",
        ]
    }

    fn before(&self, facts: &[Facts]) -> Vec<String> {
        let mut before = vec![
            "SET spark.sql.ansi.enabled = true".to_owned(),
            // Of whole numbers nothing is lost, and a quotient keeps 32 digits instead of 20.
            "SET spark.sql.decimalOperations.allowPrecisionLoss = true".to_owned(),
        ];
        for (number, path) in (1..).zip(facts) {
            let Facts::Csv(path) = path else { continue };
            before.push(format!(
                "CREATE OR REPLACE TEMPORARY VIEW aleysk_facts_{number} USING csv OPTIONS (path {}, header 'true', \
                 inferSchema 'false', multiLine 'true', quote '\"', escape '\"')",
                self.text(path)
            ));
        }
        before
    }

    fn name(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn text(&self, text: &str) -> String {
        format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
    }

    fn integer(&self, value: &num_bigint::BigInt) -> String {
        format!("{value}BD")
    }

    fn source(&self, facts: &Facts, number: usize) -> String {
        match facts {
            Facts::Csv(_) => format!("aleysk_facts_{number}"),
            Facts::Parquet(path) => format!("parquet.`{}`", path.replace('`', "``")),
            Facts::Table(name) => name.clone(),
        }
    }

    fn as_text(&self, expression: &str) -> String {
        format!("coalesce(CAST({expression} AS STRING), '')")
    }

    fn exactly(&self, column: &str) -> String {
        let text = self.as_decimal(&format!("nullif(CAST({column} AS STRING), '')"));
        format!(
            "CASE WHEN typeof({column}) IN ('double', 'float') THEN raise_error({}) ELSE {text} END",
            self.text(super::dialect::FLOATING)
        )
    }

    fn whole(&self, expression: &str) -> String {
        format!("CAST({expression} AS DECIMAL(38, 0))")
    }

    fn digits(&self, expression: &str) -> String {
        format!(
            "CAST({expression} - {expression} % 1BD AS DECIMAL(38, 0)) * 1000000000000000BD \
             + CAST(CAST({expression} % 1BD AS DECIMAL(16, 15)) * 1000000000000000BD AS DECIMAL(38, 0))"
        )
    }

    fn quotient(&self, above: &str, below: &str) -> String {
        format!(
            "CAST((CAST({above} AS DECIMAL(38, 0)) - CAST({above} AS DECIMAL(38, 0)) % ({below})) / ({below}) \
             AS DECIMAL(38, 0))"
        )
    }

    fn decimal(&self, expression: &str, scale: u32) -> String {
        match scale {
            0 => format!("CAST({expression} AS DECIMAL(38, 0))"),
            // A product of 38 digits and a fraction would lose some: what stands before the point and
            // what stands behind it are kept apart.
            _ => {
                let power = format!("1{}BD", "0".repeat(scale as usize));
                format!(
                    "CAST({} AS DECIMAL({}, 0)) + CAST(CAST({expression} % {power} AS DECIMAL({scale}, 0)) \
                     * CAST('{}' AS DECIMAL({scale}, {scale})) AS DECIMAL({scale}, {scale}))",
                    self.quotient(expression, &power),
                    37 - scale,
                    unit(scale)
                )
            }
        }
    }

    fn newest(&self, value: &str, age: &str) -> String {
        format!("max_by({value}, CASE WHEN {value} IS NOT NULL THEN {age} END)")
    }
}
