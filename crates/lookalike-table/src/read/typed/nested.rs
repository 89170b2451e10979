use std::ops::Range;

use arrow_array::builder::LargeStringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, LargeStringArray};
use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::DataType;

/// Renders the cells of a nested column as JSON.
pub(super) struct JsonText<'a> {
    array: &'a ArrayRef,
    parts: Parts<'a>,
}

enum Parts<'a> {
    /// Keys, spelled as JSON, and their values.
    Record(Vec<(String, JsonText<'a>)>),
    List(Box<dyn Fn(usize) -> Range<usize> + 'a>, Box<JsonText<'a>>),
    /// Ranges of entries, keys and values.
    Map(Box<dyn Fn(usize) -> Range<usize> + 'a>, Box<JsonText<'a>>, Box<JsonText<'a>>),
    Float(ArrayRef),
    /// What JSON spells like the formatter does.
    Plain(ArrayFormatter<'a>),
    /// Everything else, as a JSON text.
    Quoted(ArrayFormatter<'a>),
    /// What has no rendering.
    Unknown,
}

impl<'a> JsonText<'a> {
    pub(super) fn new(array: &'a ArrayRef) -> Self {
        use DataType as D;
        let parts = match array.data_type() {
            D::Struct(fields) => Parts::Record(
                fields
                    .iter()
                    .zip(array.as_struct().columns())
                    .map(|(field, column)| (quoted(field.name()), JsonText::new(column)))
                    .collect(),
            ),
            D::List(_) => {
                let list = array.as_list::<i32>();
                let offsets = list.value_offsets();
                let range = move |row: usize| offsets[row] as usize..offsets[row + 1] as usize;
                Parts::List(Box::new(range), Box::new(JsonText::new(list.values())))
            }
            D::LargeList(_) => {
                let list = array.as_list::<i64>();
                let offsets = list.value_offsets();
                let range = move |row: usize| offsets[row] as usize..offsets[row + 1] as usize;
                Parts::List(Box::new(range), Box::new(JsonText::new(list.values())))
            }
            D::FixedSizeList(_, length) => {
                let length = *length as usize;
                let list = array.as_fixed_size_list();
                Parts::List(
                    Box::new(move |row| row * length..(row + 1) * length),
                    Box::new(JsonText::new(list.values())),
                )
            }
            D::Map(..) => {
                let map = array.as_map();
                let offsets = map.value_offsets();
                let range = move |row: usize| offsets[row] as usize..offsets[row + 1] as usize;
                Parts::Map(
                    Box::new(range),
                    Box::new(JsonText::new(map.keys())),
                    Box::new(JsonText::new(map.values())),
                )
            }
            D::Float16 | D::Float32 | D::Float64 => {
                cast(array, &D::Float64).map_or(Parts::Unknown, Parts::Float)
            }
            data_type => {
                const OPTIONS: FormatOptions<'static> = FormatOptions::new();
                let plain = data_type.is_integer() || data_type == &D::Boolean;
                match ArrayFormatter::try_new(array.as_ref(), &OPTIONS) {
                    Ok(formatter) if plain => Parts::Plain(formatter),
                    Ok(formatter) => Parts::Quoted(formatter),
                    Err(_) => Parts::Unknown,
                }
            }
        };
        JsonText { array, parts }
    }

    /// One text per row, missing where the row is.
    pub(super) fn texts(&self) -> LargeStringArray {
        let mut builder = LargeStringBuilder::new();
        let mut text = String::new();
        for row in 0..self.array.len() {
            if self.array.is_null(row) {
                builder.append_null();
            } else {
                text.clear();
                self.write(row, &mut text);
                builder.append_value(&text);
            }
        }
        builder.finish()
    }

    fn write(&self, row: usize, out: &mut String) {
        if self.array.is_null(row) {
            out.push_str("null");
            return;
        }
        match &self.parts {
            Parts::Record(fields) => {
                out.push('{');
                for (index, (key, value)) in fields.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    out.push_str(key);
                    out.push(':');
                    value.write(row, out);
                }
                out.push('}');
            }
            Parts::List(range, items) => {
                out.push('[');
                for (index, item) in range(row).enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    items.write(item, out);
                }
                out.push(']');
            }
            Parts::Map(range, keys, values) => {
                out.push('{');
                for (index, entry) in range(row).enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    let start = out.len();
                    keys.write(entry, out);
                    if !out[start..].starts_with('"') {
                        // A key is a text in JSON, whatever its type.
                        let key = quoted(&out[start..]);
                        out.truncate(start);
                        out.push_str(&key);
                    }
                    out.push(':');
                    values.write(entry, out);
                }
                out.push('}');
            }
            Parts::Float(numbers) => {
                let number = numbers.as_primitive::<Float64Type>().value(row);
                if number.is_finite() {
                    out.push_str(zmij::Buffer::new().format_finite(number));
                } else {
                    out.push_str("null");
                }
            }
            Parts::Plain(formatter) => out.push_str(&formatter.value(row).to_string()),
            Parts::Quoted(formatter) => out.push_str(&quoted(&formatter.value(row).to_string())),
            Parts::Unknown => out.push_str("null"),
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is valid JSON text")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int32Type;
    use arrow_array::{Float64Array, Int32Array, ListArray, StringArray, StructArray};
    use arrow_schema::Field;

    use super::*;

    #[test]
    fn nested_values_become_json() {
        let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([
            Some(vec![Some(1), None]),
            None,
            Some(vec![]),
        ]));
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a\"b"), None, Some("é")]));
        let numbers: ArrayRef = Arc::new(Float64Array::from(vec![0.5, f64::NAN, 3.0]));
        let field =
            |name: &str, array: &ArrayRef| Arc::new(Field::new(name, array.data_type().clone(), true));
        let record: ArrayRef = Arc::new(StructArray::from(vec![
            (field("l", &lists), lists.clone()),
            (field("t \"", &texts), texts.clone()),
            (field("n", &numbers), numbers.clone()),
        ]));
        let rendered = JsonText::new(&record).texts();
        let cells: Vec<_> = rendered.iter().flatten().collect();
        assert_eq!(
            cells,
            [
                r#"{"l":[1,null],"t \"":"a\"b","n":0.5}"#,
                r#"{"l":null,"t \"":null,"n":null}"#,
                r#"{"l":[],"t \"":"é","n":3.0}"#,
            ]
        );
        let plain: ArrayRef = Arc::new(Int32Array::from(vec![Some(7), None]));
        assert_eq!(JsonText::new(&plain).texts().iter().collect::<Vec<_>>(), [Some("7"), None]);
    }
}
