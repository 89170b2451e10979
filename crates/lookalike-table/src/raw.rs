use arrow_array::{Array, StringArray};

/// A column as a reader of text hands it to inference: the cells' texts in chunks, before anyone knows what they
/// mean. A null is certainly missing (JSON's null, an empty spreadsheet cell); whether a text means missing is for
/// inference to say.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawColumn {
    pub(crate) chunks: Vec<StringArray>,
}

impl RawColumn {
    pub(crate) fn len(&self) -> usize {
        self.chunks.iter().map(Array::len).sum()
    }
}
