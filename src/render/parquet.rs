//! The long table as Parquet: figures as DECIMAL(38, 15), days as DATE, all else as text.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType};
use parquet::data_type::{Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type as Schema, TypePtr};

use crate::model::quantity::{Decimal, MAX_SCALE};
use crate::query::facts::{COLUMNS, Column, Datum, Fact, Type};

/// Digits of a figure: as many as all engines have.
const PRECISION: i32 = 38;

/// Rows that are held in memory and written together.
const GROUP: usize = 1 << 17;

/// What has been gathered of a column.
enum Gathered {
    Text(Vec<ByteArray>),
    /// The figures that there are, and for each row whether there is one.
    Decimal(Vec<FixedLenByteArray>, Vec<i16>),
    Whole(Vec<i64>),
    Day(Vec<i32>),
}

/// Takes the table row by row.
pub struct Table<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Gathered>,
    /// The figures of the rows in hand: most come again, and share their memory.
    figures: HashMap<Decimal, FixedLenByteArray>,
    rows: usize,
}

impl<W: Write + Send> Table<W> {
    /// A table without rows.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn new(out: W) -> Result<Self> {
        // The rows come form by form and period by period: an engine passes over what it need not
        // read. Of the other columns least and largest would be told by comparing every row for nothing.
        let ordered = ["form", "period", "first_day", "last_day"];
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("aleysk ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_statistics_enabled(EnabledStatistics::None)
            .set_column_dictionary_enabled(ColumnPath::from("cell"), false);
        let properties = ordered.iter().fold(properties, |properties, column| {
            let column = ColumnPath::from(*column);
            properties.set_column_statistics_enabled(column, EnabledStatistics::Chunk)
        });
        let properties = properties.build();
        Ok(Table {
            writer: SerializedFileWriter::new(out, schema()?, Arc::new(properties))?,
            columns: COLUMNS
                .iter()
                .map(|column| gathered(column.holds))
                .collect(),
            figures: HashMap::new(),
            rows: 0,
        })
    }

    /// A row.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn push(&mut self, fact: &Fact<'_>) -> Result<()> {
        for (column, gathered) in COLUMNS.iter().zip(&mut self.columns) {
            match ((column.of)(fact), gathered) {
                (Datum::Text(text), Gathered::Text(all)) => {
                    // Most cells are as the one above: they share its memory.
                    let is_same = |above: &&ByteArray| match text.is_empty() {
                        true => above.is_empty(),
                        false => above.data() == text.as_bytes(),
                    };
                    let above = all.last().filter(is_same).cloned();
                    all.push(above.unwrap_or_else(|| text.as_bytes().to_vec().into()));
                }
                (Datum::Decimal(value), Gathered::Decimal(all, there)) => {
                    there.push(value.is_some().into());
                    let known = |value| {
                        let figures = &mut self.figures;
                        figures
                            .entry(value)
                            .or_insert_with(|| bytes_of(value))
                            .clone()
                    };
                    all.extend(value.map(known));
                }
                (Datum::Whole(value), Gathered::Whole(all)) => all.push(value.into()),
                (Datum::Day(day), Gathered::Day(all)) => all.push(days_since_1970(day)),
                (_, _) => unreachable!("a column holds what it is declared to hold"),
            }
        }
        self.rows += 1;
        if self.rows == GROUP {
            self.write_group()?;
        }
        Ok(())
    }

    /// Writes what is left, and the table of contents.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(mut self) -> Result<()> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.close().map(drop)
    }

    fn write_group(&mut self) -> Result<()> {
        let mut group = self.writer.next_row_group()?;
        for (column, gathered) in COLUMNS.iter().zip(&mut self.columns) {
            write_column(&mut group, gathered)?;
            *gathered = self::gathered(column.holds);
        }
        self.figures.clear();
        self.rows = 0;
        group.close().map(drop)
    }
}

fn gathered(holds: Type) -> Gathered {
    match holds {
        Type::Text => Gathered::Text(Vec::new()),
        Type::Decimal => Gathered::Decimal(Vec::new(), Vec::new()),
        Type::Whole => Gathered::Whole(Vec::new()),
        Type::Day => Gathered::Day(Vec::new()),
    }
}

fn write_column<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    gathered: &Gathered,
) -> Result<()> {
    let Some(mut column) = group.next_column()? else {
        return Ok(());
    };
    match gathered {
        Gathered::Text(all) => column
            .typed::<ByteArrayType>()
            .write_batch(all, None, None)?,
        Gathered::Decimal(all, there) => {
            column
                .typed::<FixedLenByteArrayType>()
                .write_batch(all, Some(there), None)?
        }
        Gathered::Whole(all) => column.typed::<Int64Type>().write_batch(all, None, None)?,
        Gathered::Day(all) => column.typed::<Int32Type>().write_batch(all, None, None)?,
    };
    column.close()
}

fn schema() -> Result<TypePtr> {
    let fields = COLUMNS.iter().map(|column| field(column).map(Arc::new));
    let fields = fields.collect::<Result<Vec<TypePtr>>>()?;
    let schema = Schema::group_type_builder("facts").with_fields(fields);
    schema.build().map(Arc::new)
}

fn field(column: &Column) -> Result<Schema> {
    let repetition = match column.holds {
        Type::Decimal => Repetition::OPTIONAL,
        _ => Repetition::REQUIRED,
    };
    let of = |physical| {
        Schema::primitive_type_builder(column.name, physical).with_repetition(repetition)
    };
    let scale = i32::from(MAX_SCALE);
    match column.holds {
        Type::Text => of(Physical::BYTE_ARRAY).with_logical_type(Some(LogicalType::String)),
        Type::Decimal => of(Physical::FIXED_LEN_BYTE_ARRAY)
            .with_length(size_of::<i128>() as i32)
            .with_logical_type(Some(LogicalType::decimal(scale, PRECISION)))
            .with_precision(PRECISION)
            .with_scale(scale),
        Type::Whole => of(Physical::INT64),
        Type::Day => of(Physical::INT32).with_logical_type(Some(LogicalType::Date)),
    }
    .build()
}

/// A figure at the scale of the column, the highest byte first.
fn bytes_of(value: Decimal) -> FixedLenByteArray {
    let bytes = value.at_scale(MAX_SCALE).to_be_bytes();
    ByteArray::from(bytes.to_vec()).into()
}

fn days_since_1970(day: jiff::civil::Date) -> i32 {
    let origin = jiff::civil::date(1970, 1, 1);
    origin.until(day).map_or(0, |span| span.get_days())
}
