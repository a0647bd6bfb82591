//! ClickHouse: whole numbers of 256 bits. They overflow unnoticed, so that a product that could is
//! held against a limit first.

use jiff::civil::Date;
use num_bigint::BigInt;

use super::Facts;
use super::dialect::{Dialect, Holds, unit};

/// ClickHouse's words.
pub struct ClickHouse;

impl Dialect for ClickHouse {
    fn remarks(&self) -> &'static [&'static str] {
        &[
            "ClickHouse считает целыми до 5,7·10^76 (Int256) и переполнения не замечает; произведение сумм,",
            "которое могло бы стать длиннее, проверяется и останавливает запрос ошибкой (throwIf).",
        ]
    }

    fn before(&self, _: &[Facts]) -> Vec<String> {
        Vec::new()
    }

    fn for_length(&self, bytes: usize) -> Option<String> {
        // The register alone may be longer than what is taken unasked.
        const UNASKED: usize = 100 << 10;
        (bytes > UNASKED).then(|| {
            let bytes = 2 * bytes;
            format!(
                "SET max_query_size = {bytes}, max_ast_elements = {bytes}, max_expanded_ast_elements = {bytes}"
            )
        })
    }

    fn after(&self) -> &'static str {
        "\nSETTINGS join_use_nulls = 1, aggregate_functions_null_for_empty = 1, prefer_column_name_to_alias = 1, \
         union_default_mode = 'ALL'"
    }

    fn name(&self, name: &str) -> String {
        format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
    }

    fn text(&self, text: &str) -> String {
        format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
    }

    fn day(&self, day: Date) -> String {
        format!("toDate32('{day}')")
    }

    fn integer(&self, value: &BigInt) -> String {
        format!("toInt256('{value}')")
    }

    fn values(&self, name: &str, columns: &[(&str, Holds)], rows: &[Vec<String>]) -> String {
        let structure: Vec<String> = columns
            .iter()
            .map(|(name, holds)| {
                let holds = match holds {
                    Holds::Text => "String",
                    Holds::Number => "Int64",
                    Holds::Day => "Nullable(Date32)",
                };
                format!("{name} {holds}")
            })
            .collect();
        let rows: Vec<String> = rows
            .iter()
            .map(|row| format!("    ({})", row.join(", ")))
            .collect();
        format!(
            "{name} AS (\n  SELECT * FROM values({},\n{}\n  )\n)",
            self.text(&structure.join(", ")),
            rows.join(",\n")
        )
    }

    fn source(&self, facts: &Facts, _: usize) -> String {
        let columns = crate::query::facts::COLUMNS.iter();
        let structure: Vec<String> = columns
            .map(|column| format!("{} String", column.name))
            .collect();
        match facts {
            Facts::Csv(path) => format!(
                "file({}, 'CSVWithNames', {})",
                self.text(path),
                self.text(&structure.join(", "))
            ),
            Facts::Parquet(path) => format!("file({}, 'Parquet')", self.text(path)),
            Facts::Table(name) => name.clone(),
        }
    }

    fn as_text(&self, expression: &str) -> String {
        format!("coalesce(toString({expression}), '')")
    }

    fn as_number(&self, expression: &str) -> String {
        format!("toInt64({expression})")
    }

    fn exactly(&self, column: &str) -> String {
        format!(
            "{} + throwIf(toTypeName({column}) LIKE '%Float%', {})",
            self.as_decimal(&format!("nullIf(toString({column}), '')")),
            self.text(super::dialect::FLOATING)
        )
    }

    fn as_day(&self, expression: &str) -> String {
        format!("toDate32({expression})")
    }

    fn as_decimal(&self, expression: &str) -> String {
        format!("toDecimal128({expression}, 15)")
    }

    fn whole(&self, expression: &str) -> String {
        format!("toInt256({expression})")
    }

    fn digits(&self, expression: &str) -> String {
        format!("toInt256({expression} * toDecimal256('1000000000000000', 0))")
    }

    fn product(&self, left: &str, right: &str) -> String {
        format!(
            "({left} * {right} + toInt256(throwIf(coalesce(abs(toFloat64({left}) * toFloat64({right})), 0) > 1e75, \
             'the figures are too long for Int256')))"
        )
    }

    fn quotient(&self, above: &str, below: &str) -> String {
        format!("intDiv({above}, {below})")
    }

    fn decimal(&self, expression: &str, scale: u32) -> String {
        match scale {
            0 => format!("toDecimal256({expression}, 0)"),
            _ => format!(
                "toDecimal256({expression}, 0) * toDecimal256('{}', {scale})",
                unit(scale)
            ),
        }
    }

    fn newest(&self, value: &str, age: &str) -> String {
        format!("argMax({value}, {age})")
    }

    fn bits(&self, expression: &str) -> String {
        format!("groupBitOr({expression})")
    }

    fn both(&self, left: &str, right: &str) -> String {
        format!("bitAnd({left}, {right})")
    }
}
