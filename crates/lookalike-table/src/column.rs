use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Float64Array,
    Int64Array, LargeStringArray, TimestampMicrosecondArray, UInt32Array, UInt64Array,
};
use arrow_schema::{DataType, TimeUnit};

use crate::error::{Error, Result};

/// Fewer rows than one in so many are taken from chunks as they are.
const FEW: usize = 4;

/// One column of a table: values of one physical type, in chunks.
///
/// The physical type is one of eight, whatever the file held: whole numbers (`i64`, or `u64` where a value is
/// above `i64::MAX`), `f64`, decimals of up to 38 digits, booleans, instants (microseconds since 1970-01-01 UTC,
/// or of the wall clock where the column has no time zone), level codes with a dictionary, text, and images of equally
/// many levels each.
#[derive(Debug, Clone)]
pub struct Column {
    chunks: Vec<ArrayRef>,
    length: usize,
}

/// The levels of a categorical column: distinct texts in a fixed order.
#[derive(Debug, Clone)]
pub struct Levels(Arc<LargeStringArray>);

/// A column as `f64`.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// One value per row; NaN where missing (a NaN that is not missing is NaN too).
    pub values: Vec<f64>,
    /// True where the value is missing. `None` when nothing is.
    pub missing: Option<Vec<bool>>,
}

/// A column as `i64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integers {
    /// One value per row; 0 where missing.
    pub values: Vec<i64>,
    /// True where the value is missing. `None` when nothing is.
    pub missing: Option<Vec<bool>>,
}

/// A categorical column as level numbers.
#[derive(Debug, Clone)]
pub struct Codes {
    /// One level number per row, [`Codes::MISSING`] where missing.
    pub codes: Vec<u32>,
    /// The levels that the numbers stand for.
    pub levels: Levels,
}

impl Codes {
    /// Stands for a missing value.
    pub const MISSING: u32 = u32::MAX;
}

/// Row-wise access to a column of text or levels.
#[derive(Debug, Clone)]
pub struct Texts<'a> {
    column: &'a Column,
}

impl Levels {
    /// Levels from texts, which must be distinct for codes to be unambiguous.
    pub fn new<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Self {
        Levels(Arc::new(LargeStringArray::from_iter_values(texts)))
    }

    pub(crate) fn array(&self) -> &Arc<LargeStringArray> {
        &self.0
    }

    /// How many levels there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is no level.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of level `code`.
    ///
    /// # Panics
    /// If there is no such level.
    pub fn get(&self, code: u32) -> &str {
        self.0.value(code as usize)
    }

    /// All levels in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.0.len()).map(|code| self.0.value(code))
    }

    /// True when both are the very same list in memory: a quick test that spares a comparison.
    pub fn same_list(&self, other: &Levels) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

fn valid_mask(missing: Option<Vec<bool>>) -> Option<arrow_buffer::NullBuffer> {
    missing
        .filter(|flags| flags.iter().any(|&flag| flag))
        .map(|flags| flags.iter().map(|&flag| !flag).collect())
}

impl Column {
    /// Whole numbers. `missing`, if given, has a flag per value.
    pub fn from_integers(values: Vec<i64>, missing: Option<Vec<bool>>) -> Self {
        Self::from_array(Arc::new(Int64Array::new(values.into(), valid_mask(missing))))
    }

    /// Whole numbers beyond `i64::MAX`.
    pub fn from_unsigned(values: Vec<u64>, missing: Option<Vec<bool>>) -> Self {
        Self::from_array(Arc::new(UInt64Array::new(values.into(), valid_mask(missing))))
    }

    /// Floating-point numbers.
    pub fn from_floats(values: Vec<f64>, missing: Option<Vec<bool>>) -> Self {
        Self::from_array(Arc::new(Float64Array::new(values.into(), valid_mask(missing))))
    }

    /// Exact decimals: `values` are units of 10^-`scale`.
    ///
    /// # Errors
    /// [`Error::Decimal`] when the scale is out of range.
    pub fn from_decimals(values: Vec<i128>, scale: i8, missing: Option<Vec<bool>>) -> Result<Self> {
        let array = Decimal128Array::new(values.into(), valid_mask(missing))
            .with_precision_and_scale(38, scale)
            .map_err(|_| Error::Decimal { scale })?;
        Ok(Self::from_array(Arc::new(array)))
    }

    /// Truth values.
    pub fn from_booleans(values: Vec<bool>, missing: Option<Vec<bool>>) -> Self {
        Self::from_array(Arc::new(BooleanArray::new(values.into(), valid_mask(missing))))
    }

    /// Instants in microseconds since 1970-01-01T00:00:00.
    pub fn from_instants(values: Vec<i64>, missing: Option<Vec<bool>>) -> Self {
        Self::from_array(Arc::new(TimestampMicrosecondArray::new(values.into(), valid_mask(missing))))
    }

    /// Level codes, [`Codes::MISSING`] where missing.
    ///
    /// # Panics
    /// If a code is not a level.
    pub fn from_codes(codes: Vec<u32>, levels: &Levels) -> Self {
        let count = levels.len() as u32;
        let any_missing = codes.contains(&Codes::MISSING);
        assert!(codes.iter().all(|&code| code < count || code == Codes::MISSING), "a code is not a level");
        let keys = if any_missing {
            let missing = codes.iter().map(|&code| code == Codes::MISSING).collect();
            let codes: Vec<u32> =
                codes.iter().map(|&code| if code == Codes::MISSING { 0 } else { code }).collect();
            UInt32Array::new(codes.into(), valid_mask(Some(missing)))
        } else {
            UInt32Array::new(codes.into(), None)
        };
        Self::from_array(Arc::new(DictionaryArray::new(keys, levels.0.clone())))
    }

    /// Texts, `None` where missing.
    pub fn from_texts<S: AsRef<str>>(texts: impl IntoIterator<Item = Option<S>>) -> Self {
        Self::from_array(Arc::new(texts.into_iter().collect::<LargeStringArray>()))
    }

    /// Images of `size` levels each, one after the other.
    ///
    /// # Errors
    /// [`Error::Shape`] when the levels are not a whole number of images, or an image has none or more than 2^26.
    pub fn from_images(levels: Vec<u8>, size: usize) -> Result<Self> {
        if size == 0 || size > 1 << 26 || !levels.len().is_multiple_of(size) {
            return Err(Error::Shape);
        }
        let array =
            FixedSizeBinaryArray::try_new(size as i32, levels.into(), None).map_err(|_| Error::Shape)?;
        Ok(Self::from_array(Arc::new(array)))
    }

    /// So many missing images of `size` levels each.
    ///
    /// # Panics
    /// If `size` is beyond 2^26.
    pub fn missing_images(count: usize, size: usize) -> Self {
        assert!(size <= 1 << 26, "images have at most 2^26 levels");
        Self::from_array(arrow_array::new_null_array(&DataType::FixedSizeBinary(size as i32), count))
    }

    pub(crate) fn from_array(array: ArrayRef) -> Self {
        Self { length: array.len(), chunks: vec![array] }
    }

    /// Chunks of one physical type; dictionaries must be shared by all chunks.
    pub(crate) fn from_chunks(chunks: Vec<ArrayRef>) -> Self {
        assert!(!chunks.is_empty(), "a column has at least one chunk");
        assert!(
            chunks.windows(2).all(|pair| pair[0].data_type() == pair[1].data_type()),
            "chunks differ in type"
        );
        Self { length: chunks.iter().map(Array::len).sum(), chunks }
    }

    pub(crate) fn chunks(&self) -> &[ArrayRef] {
        &self.chunks
    }

    pub(crate) fn data_type(&self) -> &DataType {
        self.chunks[0].data_type()
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.length
    }

    /// True when it has no row.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// How many values are missing.
    pub fn missing_count(&self) -> usize {
        self.chunks.iter().map(Array::null_count).sum()
    }

    /// A flag per row, true where the value is missing; `None` when nothing is.
    pub fn missing(&self) -> Option<Vec<bool>> {
        (self.missing_count() > 0).then(|| {
            let mut flags = Vec::with_capacity(self.length);
            for chunk in &self.chunks {
                match chunk.nulls() {
                    Some(nulls) => flags.extend(nulls.iter().map(|valid| !valid)),
                    None => flags.resize(flags.len() + chunk.len(), false),
                }
            }
            flags
        })
    }

    /// True for a column of level codes.
    pub fn is_categorical(&self) -> bool {
        matches!(self.data_type(), DataType::Dictionary(..))
    }

    /// True for a column of text (not of levels).
    pub fn is_text(&self) -> bool {
        matches!(self.data_type(), DataType::LargeUtf8)
    }

    /// True for whole numbers, floats and decimals (not booleans or instants).
    pub fn is_numeric(&self) -> bool {
        matches!(
            self.data_type(),
            DataType::Int64 | DataType::UInt64 | DataType::Float64 | DataType::Decimal128(..)
        )
    }

    /// True for whole numbers of 64 bits.
    pub fn is_integer(&self) -> bool {
        matches!(self.data_type(), DataType::Int64 | DataType::UInt64)
    }

    /// True for truth values.
    pub fn is_boolean(&self) -> bool {
        matches!(self.data_type(), DataType::Boolean)
    }

    /// True for instants.
    pub fn is_instant(&self) -> bool {
        matches!(self.data_type(), DataType::Timestamp(TimeUnit::Microsecond, _))
    }

    /// How many levels each image of a column of images has. `None` for everything else.
    pub fn image_size(&self) -> Option<usize> {
        match self.data_type() {
            DataType::FixedSizeBinary(size) => usize::try_from(*size).ok(),
            _ => None,
        }
    }

    /// The levels of a column of images, one after the other; those of missing ones mean nothing. `None` for everything else.
    pub fn images(&self) -> Option<Vec<u8>> {
        let size = self.image_size()?;
        let mut levels = Vec::with_capacity(self.length * size);
        for chunk in &self.chunks {
            let images = cast::<FixedSizeBinaryArray>(chunk);
            (0..images.len()).for_each(|row| levels.extend_from_slice(images.value(row)));
        }
        Some(levels)
    }

    /// The column as `f64`: numbers as they are, booleans as 0 and 1, instants as microseconds. `None` for levels
    /// and text.
    pub fn numbers(&self) -> Option<Numbers> {
        let mut values = Vec::with_capacity(self.length);
        for chunk in &self.chunks {
            match chunk.data_type() {
                DataType::Int64 => {
                    values.extend(cast::<Int64Array>(chunk).values().iter().map(|&v| v as f64));
                }
                DataType::UInt64 => {
                    values.extend(cast::<UInt64Array>(chunk).values().iter().map(|&v| v as f64));
                }
                DataType::Float64 => values.extend_from_slice(cast::<Float64Array>(chunk).values()),
                DataType::Decimal128(_, scale) => {
                    // Dividing by an exact power of ten gives the nearest double for up to 15 digits.
                    let unit = 10f64.powi(i32::from(*scale));
                    values.extend(cast::<Decimal128Array>(chunk).values().iter().map(|&v| v as f64 / unit));
                }
                DataType::Boolean => {
                    values
                        .extend(cast::<BooleanArray>(chunk).values().iter().map(|v| f64::from(u8::from(v))));
                }
                DataType::Timestamp(..) => {
                    values
                        .extend(cast::<TimestampMicrosecondArray>(chunk).values().iter().map(|&v| v as f64));
                }
                _ => return None,
            }
        }
        let missing = self.missing();
        if let Some(flags) = &missing {
            for (value, _) in values.iter_mut().zip(flags).filter(|(_, missing)| **missing) {
                *value = f64::NAN;
            }
        }
        Some(Numbers { values, missing })
    }

    /// The column as exact `i64`: whole numbers, booleans as 0 and 1, instants as microseconds. `None` for
    /// everything else.
    pub fn integers(&self) -> Option<Integers> {
        let mut values = Vec::with_capacity(self.length);
        for chunk in &self.chunks {
            match chunk.data_type() {
                DataType::Int64 => values.extend_from_slice(cast::<Int64Array>(chunk).values()),
                DataType::Timestamp(..) => {
                    values.extend_from_slice(cast::<TimestampMicrosecondArray>(chunk).values());
                }
                DataType::Boolean => {
                    values.extend(cast::<BooleanArray>(chunk).values().iter().map(i64::from));
                }
                _ => return None,
            }
        }
        let missing = self.missing();
        if let Some(flags) = &missing {
            for (value, _) in values.iter_mut().zip(flags).filter(|(_, missing)| **missing) {
                *value = 0;
            }
        }
        Some(Integers { values, missing })
    }

    /// Whole numbers beyond `i64::MAX`: values (0 where missing) and a flag per missing row. `None` for everything else.
    pub fn unsigned(&self) -> Option<(Vec<u64>, Option<Vec<bool>>)> {
        if !matches!(self.data_type(), DataType::UInt64) {
            return None;
        }
        let values = self
            .chunks
            .iter()
            .flat_map(|chunk| cast::<UInt64Array>(chunk).values().iter().copied())
            .collect();
        Some((values, self.missing()))
    }

    /// Decimals in units of 10^-scale with a flag per missing row, and the scale. `None` for everything else.
    pub fn decimals(&self) -> Option<(Vec<i128>, i8, Option<Vec<bool>>)> {
        let DataType::Decimal128(_, scale) = self.data_type() else { return None };
        let values = self
            .chunks
            .iter()
            .flat_map(|chunk| cast::<Decimal128Array>(chunk).values().iter().copied())
            .collect();
        Some((values, *scale, self.missing()))
    }

    /// A categorical column's codes and levels. `None` for everything else.
    pub fn codes(&self) -> Option<Codes> {
        let levels = self.levels()?;
        let mut codes = Vec::with_capacity(self.length);
        for chunk in &self.chunks {
            let keys = cast::<DictionaryArray<UInt32Type>>(chunk).keys();
            match keys.nulls() {
                None => codes.extend_from_slice(keys.values()),
                Some(nulls) => codes.extend(
                    keys.values()
                        .iter()
                        .zip(nulls)
                        .map(|(&key, valid)| if valid { key } else { Codes::MISSING }),
                ),
            }
        }
        Some(Codes { codes, levels })
    }

    /// A categorical column's levels. `None` for everything else.
    ///
    /// # Panics
    /// Never: codes are only ever stored with levels of text.
    pub fn levels(&self) -> Option<Levels> {
        if !self.is_categorical() {
            return None;
        }
        let values = cast::<DictionaryArray<UInt32Type>>(&self.chunks[0]).values();
        let array = values.as_any().downcast_ref::<LargeStringArray>().expect("levels are LargeUtf8");
        // Cloning the array copies three pointers, not the texts.
        Some(Levels(Arc::new(array.clone())))
    }

    /// Row-wise texts of a text or categorical column. `None` for everything else.
    pub fn texts(&self) -> Option<Texts<'_>> {
        (self.is_text() || self.is_categorical()).then_some(Texts { column: self })
    }

    /// The rows from `start`, `length` of them, without copying.
    ///
    /// # Panics
    /// If there are fewer.
    #[must_use]
    pub fn slice(&self, start: usize, length: usize) -> Column {
        assert!(start + length <= self.length, "slice beyond the end");
        let (mut skip, mut left) = (start, length);
        let mut chunks = Vec::new();
        for chunk in &self.chunks {
            if skip >= chunk.len() && !chunk.is_empty() {
                skip -= chunk.len();
                continue;
            }
            let take = left.min(chunk.len() - skip);
            if take > 0 {
                chunks.push(chunk.slice(skip, take));
            }
            skip = 0;
            left -= take;
            if left == 0 {
                break;
            }
        }
        if chunks.is_empty() {
            chunks.push(self.chunks[0].slice(0, 0));
        }
        Column { chunks, length }
    }

    /// The rows with these numbers, in this order.
    ///
    /// # Panics
    /// If a row does not exist.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Column {
        let few = rows.len() < self.length / FEW;
        if few && self.chunks.len() > 1 && !matches!(self.data_type(), DataType::Dictionary(..)) {
            return self.take_few(rows);
        }
        let array = self.to_single_chunk();
        let indices = UInt64Array::from_iter_values(rows.iter().map(|&row| row as u64));
        Self::from_array(arrow_select::take::take(array.as_ref(), &indices, None).expect("rows exist"))
    }

    /// Some rows from several chunks, without putting all of them together first.
    fn take_few(&self, rows: &[usize]) -> Column {
        let mut ends = Vec::with_capacity(self.chunks.len());
        for chunk in &self.chunks {
            ends.push(ends.last().copied().unwrap_or(0) + chunk.len());
        }
        let mut chunk = 0;
        let places = rows.iter().map(|&row| {
            // Rows mostly ascend.
            let begin = |chunk: usize| if chunk == 0 { 0 } else { ends[chunk - 1] };
            if row < begin(chunk) || row >= ends[chunk] {
                chunk = ends.partition_point(|&end| end <= row);
            }
            (chunk, row - begin(chunk))
        });
        let places: Vec<(usize, usize)> = places.collect();
        let parts: Vec<&dyn Array> = self.chunks.iter().map(AsRef::as_ref).collect();
        Self::from_array(arrow_select::interleave::interleave(&parts, &places).expect("rows exist"))
    }

    pub(crate) fn to_single_chunk(&self) -> ArrayRef {
        if let [only] = self.chunks.as_slice() {
            return only.clone();
        }
        let parts: Vec<&dyn Array> = self.chunks.iter().map(AsRef::as_ref).collect();
        arrow_select::concat::concat(&parts).expect("chunks share one type")
    }

    /// The same column with the flagged values missing (besides those that are).
    ///
    /// # Panics
    /// If there is not one flag per row.
    #[must_use]
    pub fn with_missing(&self, flags: &[bool]) -> Column {
        assert_eq!(flags.len(), self.length, "one flag per row");
        let array = self.to_single_chunk();
        let mask = BooleanArray::from(flags.to_vec());
        Self::from_array(arrow_select::nullif::nullif(array.as_ref(), &mask).expect("lengths agree"))
    }

    /// This column followed by others of the same physical type. Levels are unified when they differ.
    ///
    /// # Errors
    /// [`Error::PhysicalType`] when the types differ.
    pub fn concat(columns: &[&Column]) -> Result<Column> {
        let first = columns.first().ok_or(Error::NoColumns)?;
        if columns.iter().any(|column| column.data_type() != first.data_type()) {
            return Err(Error::PhysicalType);
        }
        if let Some(levels) = first.levels() {
            let same = columns.iter().all(|column| {
                column.levels().is_some_and(|other| other.array().as_ref() == levels.array().as_ref())
            });
            if !same {
                return Ok(Self::concat_levels(columns));
            }
        }
        let chunks: Vec<ArrayRef> =
            columns.iter().flat_map(|c| c.chunks.iter().cloned()).filter(|chunk| !chunk.is_empty()).collect();
        Ok(if chunks.is_empty() { (*first).clone() } else { Self::from_chunks(chunks) })
    }

    fn concat_levels(columns: &[&Column]) -> Column {
        let mut texts: Vec<String> = Vec::new();
        let mut number_of: hashbrown::HashMap<String, u32> = hashbrown::HashMap::new();
        let mut codes = Vec::new();
        for column in columns {
            let own = column.codes().expect("categorical");
            let map: Vec<u32> = own
                .levels
                .iter()
                .map(|level| {
                    *number_of.entry_ref(level).or_insert_with(|| {
                        texts.push(level.to_owned());
                        texts.len() as u32 - 1
                    })
                })
                .collect();
            codes.extend(
                own.codes.iter().map(|&code| if code == Codes::MISSING { code } else { map[code as usize] }),
            );
        }
        Column::from_codes(codes, &Levels::new(texts))
    }
}

fn cast<T: Array + 'static>(array: &ArrayRef) -> &T {
    array.as_any().downcast_ref::<T>().expect("the type was matched before")
}

impl<'a> Texts<'a> {
    /// All rows in order, `None` where missing.
    pub fn iter(&self) -> impl Iterator<Item = Option<&'a str>> + 'a {
        let column: &'a Column = self.column;
        column.chunks.iter().flat_map(|chunk| (0..chunk.len()).map(move |row| text_at(chunk, row)))
    }
}

fn text_at(chunk: &ArrayRef, row: usize) -> Option<&str> {
    if chunk.is_null(row) {
        return None;
    }
    Some(if chunk.data_type() == &DataType::LargeUtf8 {
        cast::<LargeStringArray>(chunk).value(row)
    } else {
        let dictionary = cast::<DictionaryArray<UInt32Type>>(chunk);
        let levels =
            dictionary.values().as_any().downcast_ref::<LargeStringArray>().expect("levels are LargeUtf8");
        levels.value(dictionary.keys().value(row) as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_cross_chunks() {
        let a = Column::from_integers(vec![1, 2, 3], None);
        let b = Column::from_integers(vec![4, 5], Some(vec![false, true]));
        let both = Column::concat(&[&a, &b]).unwrap();
        assert_eq!(both.len(), 5);
        let middle = both.slice(2, 3).integers().unwrap();
        assert_eq!(middle.values, [3, 4, 0]);
        assert_eq!(middle.missing, Some(vec![false, false, true]));
        assert_eq!(both.slice(5, 0).len(), 0);
        assert_eq!(both.take(&[4, 0]).integers().unwrap().missing, Some(vec![true, false]));
    }

    #[test]
    fn images_are_sliced_taken_and_put_together() {
        let column = |from: u8| Column::from_images((from..from + 6).collect(), 2).unwrap();
        let both = Column::concat(&[&column(0), &column(10)]).unwrap();
        assert_eq!((both.len(), both.image_size()), (6, Some(2)));
        assert_eq!(both.slice(2, 2).images().unwrap(), [4, 5, 10, 11]);
        assert_eq!(both.take(&[5, 0]).images().unwrap(), [14, 15, 0, 1]);
        assert_eq!(Column::missing_images(3, 2).missing_count(), 3);
        assert!(Column::from_images(vec![0; 3], 2).is_err() && Column::from_images(vec![], 0).is_err());
        assert!(both.numbers().is_none() && both.texts().is_none() && both.codes().is_none());
    }

    #[test]
    fn few_rows_are_taken_from_chunks_as_they_are() {
        let part = |from: i64| {
            let missing = (from..from + 50).map(|value| value % 7 == 0).collect();
            Column::from_integers((from..from + 50).collect(), Some(missing))
        };
        let parts = [part(0), part(50), part(100)];
        let both = Column::concat(&parts.iter().collect::<Vec<_>>()).unwrap();
        let rows = [149, 3, 50, 49, 98, 3];
        let few = both.take(&rows).integers().unwrap();
        assert_eq!(few.values, [149, 3, 50, 0, 0, 3]);
        assert_eq!(few.missing, Some(vec![false, false, false, true, true, false]));
        let single = Column::from_array(both.to_single_chunk());
        assert_eq!(single.take(&rows).integers().unwrap().values, few.values);
    }

    #[test]
    fn concatenation_unifies_levels() {
        let a = Column::from_codes(vec![0, 1], &Levels::new(["x", "y"]));
        let b = Column::from_codes(vec![1, Codes::MISSING, 0], &Levels::new(["y", "z"]));
        let both = Column::concat(&[&a, &b]).unwrap().codes().unwrap();
        assert_eq!(both.codes, [0, 1, 2, Codes::MISSING, 1]);
        assert_eq!(both.levels.iter().collect::<Vec<_>>(), ["x", "y", "z"]);
    }

    #[test]
    fn texts_of_levels_and_text_agree() {
        let levels = Column::from_codes(vec![1, Codes::MISSING, 0], &Levels::new(["a", "b"]));
        let text = Column::from_texts([Some("b"), None, Some("a")]);
        assert_eq!(
            levels.texts().unwrap().iter().collect::<Vec<_>>(),
            text.texts().unwrap().iter().collect::<Vec<_>>()
        );
        assert!(Column::from_floats(vec![1.0], None).texts().is_none());
    }
}
