//! From what a method has drawn for a block of rows to a table: decoding, keys, texts, missing and given values.

use lookalike_core::Seed;
use lookalike_table::{Column, Table};

use crate::error::Result;
use crate::frame::{Frame, Presence, Source};
use crate::request::Request;
use crate::sampler::BLOCK_ROWS;

/// What was drawn for a block, per column and per mask.
pub(crate) struct Drawn {
    /// Segments and places within them; pieces instead of segments where a condition restricts the column. `None`
    /// for columns that always have the same value.
    pub(crate) cells: Vec<Option<(Vec<u32>, Vec<f64>)>>,
    /// True where missing.
    pub(crate) masks: Vec<Option<Vec<bool>>>,
}

impl Drawn {
    pub(crate) fn nothing(frame: &Frame) -> Self {
        Drawn { cells: vec![None; frame.sources.len()], masks: vec![None; frame.masks.len()] }
    }

    /// The block's table.
    pub(crate) fn into_table(
        self,
        frame: &Frame,
        request: &Request,
        seed: Seed,
        block: u64,
    ) -> Result<Table> {
        let first_row = block * BLOCK_ROWS as u64;
        let columns = (0..frame.sources.len())
            .map(|index| {
                let column = self.column(frame, request, seed, index, block);
                match &request.like {
                    Some(like) => like.fill(index, first_row, column),
                    None => Ok(column),
                }
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Table::new(frame.schema.clone(), columns)?)
    }

    fn column(&self, frame: &Frame, request: &Request, seed: Seed, index: usize, block: u64) -> Column {
        let missing = match frame.presence[index] {
            Presence::Always | Presence::Never => None,
            Presence::Mask(mask) => self.masks[mask].clone(),
        };
        let never = frame.presence[index] == Presence::Never;
        match &frame.sources[index] {
            _ if never || !request.wants(index) => frame.missing_column(index, BLOCK_ROWS),
            Source::Nothing => frame.missing_column(index, BLOCK_ROWS),
            Source::Margin(margin) => {
                let support = request.restricted.get(&index).map_or(&margin.support, |r| &r.support);
                match &self.cells[index] {
                    Some((segments, fractions)) => support.decode(segments, fractions, missing),
                    None => support.decode(&vec![0; BLOCK_ROWS], &vec![0.0; BLOCK_ROWS], missing),
                }
            }
            Source::Keys(keys) => {
                let seed = seed.derive("keys").derive(&index.to_string());
                let as_text = !frame.keys_are_numbers(index);
                let column = keys.column(block * BLOCK_ROWS as u64, BLOCK_ROWS, seed, as_text);
                match missing {
                    None => column,
                    Some(flags) => column.with_missing(&flags),
                }
            }
            Source::Fakes(fake) => {
                fake.column(seed, index, block, block * BLOCK_ROWS as u64, BLOCK_ROWS, missing.as_deref())
            }
            Source::Prose(prose) => {
                let mut stream = seed.derive("prose").derive(&index.to_string()).stream("rows", block);
                prose.column(BLOCK_ROWS, &mut stream, missing.as_deref())
            }
            Source::Texts(texts) => {
                let mut stream = seed.derive("texts").derive(&index.to_string()).stream("rows", block);
                texts.column(BLOCK_ROWS, &mut stream, missing.as_deref())
            }
        }
    }
}
