use arrow_array::types::UInt32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Float64Array,
    Int64Array, LargeStringArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow_schema::DataType;

use super::datetime::DatetimeSpelling;
use super::print::NumberPrinter;
use crate::column::Column;
use crate::schema::{ColumnSchema, DatetimeFormat, Kind, NumberFormat, Offset};

/// Prints the cells of one column as its schema spells them: what a writer of text calls for every cell.
#[derive(Debug)]
pub(crate) struct Printer<'a> {
    missing_token: &'a [u8],
    /// The first row of each chunk, and the chunk.
    chunks: Vec<(usize, Cells<'a>)>,
    numbers: NumberPrinter,
    datetimes: Option<DatetimeSpelling>,
    booleans: [Vec<u8>; 2],
}

/// One chunk, downcast once.
#[derive(Debug)]
enum Cells<'a> {
    Integers(&'a Int64Array),
    Unsigned(&'a UInt64Array),
    Floats(&'a Float64Array),
    Decimals(&'a Decimal128Array, i8),
    Booleans(&'a BooleanArray),
    Instants(&'a TimestampMicrosecondArray),
    Levels(&'a DictionaryArray<UInt32Type>, &'a LargeStringArray),
    Texts(&'a LargeStringArray),
    Images(&'a FixedSizeBinaryArray),
}

impl<'a> Printer<'a> {
    /// A printer of `column` as `schema` spells it.
    ///
    /// A pattern of dates that cannot be understood (which reading a schema refuses) is replaced by ISO 8601.
    pub(crate) fn new(schema: &'a ColumnSchema, column: &'a Column) -> Self {
        let numbers = match &schema.kind {
            Kind::Numerical(format) => NumberPrinter::new(format),
            _ => NumberPrinter::new(&NumberFormat::default()),
        };
        let datetimes = column.is_instant().then(|| {
            let iso = || DatetimeFormat {
                pattern: "%Y-%m-%dT%H:%M:%S%.f".into(),
                step: 1,
                offset: Offset::Unknown,
            };
            match &schema.kind {
                Kind::Datetime(format) => DatetimeSpelling::new(format),
                _ => None,
            }
            .unwrap_or_else(|| DatetimeSpelling::new(&iso()).expect("the ISO pattern is well formed"))
        });
        let booleans = match &schema.kind {
            Kind::Boolean(format) => [format.false_text.clone(), format.true_text.clone()],
            _ => ["false".to_owned(), "true".to_owned()],
        };
        let mut start = 0;
        let mut chunks = Vec::with_capacity(column.chunks().len());
        for chunk in column.chunks() {
            if !chunk.is_empty() {
                chunks.push((start, Cells::new(chunk)));
            }
            start += chunk.len();
        }
        Printer {
            missing_token: schema.missing_token.as_bytes(),
            chunks,
            numbers,
            datetimes,
            booleans: booleans.map(String::into_bytes),
        }
    }

    /// Appends the text of the cell in `row`. A missing one gives the column's token.
    ///
    /// # Panics
    /// If there is no such row.
    #[inline]
    pub(crate) fn print(&self, row: usize, out: &mut Vec<u8>) {
        let (start, cells) = if let [only] = self.chunks.as_slice() {
            only
        } else {
            &self.chunks[self.chunks.partition_point(|(start, _)| *start <= row) - 1]
        };
        let row = row - start;
        if cells.is_missing(row) {
            out.extend_from_slice(self.missing_token);
            return;
        }
        match cells {
            Cells::Integers(array) => self.numbers.integer(array.value(row), out),
            Cells::Unsigned(array) => self.numbers.unsigned(array.value(row), out),
            Cells::Floats(array) => self.numbers.float(array.value(row), out),
            Cells::Decimals(array, scale) => self.numbers.decimal(array.value(row), *scale, out),
            Cells::Booleans(array) => out.extend_from_slice(&self.booleans[usize::from(array.value(row))]),
            Cells::Instants(array) => {
                if let Some(spelling) = &self.datetimes {
                    spelling.print(array.value(row), out);
                }
            }
            Cells::Levels(array, levels) => {
                out.extend_from_slice(levels.value(array.keys().value(row) as usize).as_bytes());
            }
            Cells::Texts(array) => out.extend_from_slice(array.value(row).as_bytes()),
            Cells::Images(_) => out.extend_from_slice(b"(image)"),
        }
    }
}

impl<'a> Cells<'a> {
    fn new(chunk: &'a ArrayRef) -> Self {
        fn cast<T: 'static>(chunk: &ArrayRef) -> &T {
            chunk.as_any().downcast_ref().expect("the type was matched before")
        }
        match chunk.data_type() {
            DataType::Int64 => Cells::Integers(cast(chunk)),
            DataType::UInt64 => Cells::Unsigned(cast(chunk)),
            DataType::Float64 => Cells::Floats(cast(chunk)),
            DataType::Decimal128(_, scale) => Cells::Decimals(cast(chunk), *scale),
            DataType::Boolean => Cells::Booleans(cast(chunk)),
            DataType::Timestamp(..) => Cells::Instants(cast(chunk)),
            DataType::Dictionary(..) => {
                let array: &DictionaryArray<UInt32Type> = cast(chunk);
                Cells::Levels(array, cast(array.values()))
            }
            DataType::LargeUtf8 => Cells::Texts(cast(chunk)),
            DataType::FixedSizeBinary(_) => Cells::Images(cast(chunk)),
            other => unreachable!("columns are never stored as {other}"),
        }
    }

    #[inline]
    fn is_missing(&self, row: usize) -> bool {
        match self {
            Cells::Integers(array) => array.is_null(row),
            Cells::Unsigned(array) => array.is_null(row),
            Cells::Floats(array) => array.is_null(row),
            Cells::Decimals(array, _) => array.is_null(row),
            Cells::Booleans(array) => array.is_null(row),
            Cells::Instants(array) => array.is_null(row),
            Cells::Levels(array, _) => array.keys().is_null(row),
            Cells::Texts(array) => array.is_null(row),
            Cells::Images(array) => array.is_null(row),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{Codes, Levels};

    fn print_all(schema: &ColumnSchema, column: &Column) -> Vec<String> {
        let printer = Printer::new(schema, column);
        (0..column.len())
            .map(|row| {
                let mut out = Vec::new();
                printer.print(row, &mut out);
                String::from_utf8(out).unwrap()
            })
            .collect()
    }

    #[test]
    fn chunks_and_missing_values() {
        let a = Column::from_integers(vec![1, 0], Some(vec![false, true]));
        let b = Column::from_integers(vec![-3], None);
        let column = Column::concat(&[&a, &b]).unwrap();
        let mut schema = ColumnSchema::new("x", Kind::Numerical(NumberFormat::whole()));
        schema.missing_token = "NA".into();
        assert_eq!(print_all(&schema, &column), ["1", "NA", "-3"]);
        assert_eq!(print_all(&schema, &column.slice(1, 2)), ["NA", "-3"]);
    }

    #[test]
    fn levels_and_booleans() {
        let levels = Column::from_codes(vec![1, Codes::MISSING, 0], &Levels::new(["a", "b"]));
        let schema = ColumnSchema::new("x", Kind::Categorical { order: Vec::new() });
        assert_eq!(print_all(&schema, &levels), ["b", "", "a"]);
        let booleans = Column::from_booleans(vec![true, false], None);
        let schema = ColumnSchema::new(
            "x",
            Kind::Boolean(crate::schema::BooleanFormat { true_text: "ja".into(), false_text: "nein".into() }),
        );
        assert_eq!(print_all(&schema, &booleans), ["ja", "nein"]);
    }
}
