//! Rows that are given to draw others around them.

use lookalike_core::Seed;
use lookalike_learn::net::{Batch, Matrix};
use lookalike_table::Codes;
use lookalike_table::protect::Units;

use super::encoder::FittedEncoder;
use super::layout::{Layout, Rows, gather};
use super::told::{Telling, Told};
use crate::error::{Error, Result};
use crate::frame::{Encoded, Frame, Presence, Source};
use crate::margin::Support;
use crate::request::Like;

/// Given rows as an encoder reads them.
pub(crate) struct GivenRows<'a> {
    rows: Rows,
    n_rows: u64,
    layout: &'a Layout,
    encoder: &'a FittedEncoder,
}

impl<'a> GivenRows<'a> {
    /// Of the rows that a request has. What the model does not know of them says nothing.
    pub(crate) fn new(
        like: &Like,
        frame: &Frame,
        (layout, encoder): (&'a Layout, Option<&'a FittedEncoder>),
        seed: Seed,
    ) -> Result<Self> {
        let problem = |text: &str| Err(Error::Options { problems: vec![text.to_owned()] });
        let Some(encoder) = encoder else {
            return problem("the model keeps no encoder: it cannot draw --around rows");
        };
        if like.n_rows() == 0 {
            return problem("there are no rows to draw --around");
        }
        let encoded = encoded(like, frame)?;
        let instants =
            |column: usize| (0..like.n_rows()).map(|row| instant(like, column, row, frame)).collect();
        let rows = layout.encode(&encoded, like.n_rows() as usize, &instants, seed.derive("around"));
        Ok(GivenRows { rows, n_rows: like.n_rows(), layout, encoder })
    }

    /// Which of them a row of the sample is drawn around.
    pub(crate) fn number(&self, row: u64) -> u32 {
        (row % self.n_rows) as u32
    }

    /// What a decoder is told of one of them.
    pub(crate) fn telling(&self, row: u32, told: &Told) -> Telling {
        let n_heads = self.layout.heads.len();
        if told.heads.is_empty() { None } else { told.of_row(0, row, &self.rows, n_heads) }
    }

    /// Moves standard normal noise to where these of them lie.
    pub(crate) fn place(&self, rows: &[u32], noise: &mut Matrix) {
        let mut batch = Batch::default();
        gather(self.layout, &self.rows, rows, &mut batch);
        self.encoder.place(&batch, noise);
    }
}

/// The instant that a given row has in a column, if the model knows it.
fn instant(like: &Like, column: usize, row: u64, frame: &Frame) -> Option<i64> {
    let Support::Grid { grid, low, .. } = &frame.margin(column).support else { return None };
    let (segment, from, to) = like.place(column, row, frame.margin(column), frame).ok()??;
    let tick = frame.margin(column).support.tick(segment as u32, 0.5 * (from + to)).unwrap_or(low[segment]);
    Some(grid.position(tick))
}

/// A column that is not given has no code, and neither has a value that the model does not know.
fn encoded(like: &Like, frame: &Frame) -> Result<Encoded> {
    let rows = 0..like.n_rows();
    let segments = frame.sources.iter().enumerate().map(|(column, source)| {
        let Source::Margin(margin) = source else { return Ok(Vec::new()) };
        let segment = |row| {
            let place = like.place(column, row, margin, frame)?;
            Ok(place.map_or(Codes::MISSING, |(segment, _, _)| segment as u32))
        };
        rows.clone().map(segment).collect::<Result<Vec<u32>>>()
    });
    let segments = segments.collect::<Result<_>>()?;
    let masks = (0..frame.masks.len()).map(|mask| {
        let under: Vec<usize> = (0..frame.presence.len())
            .filter(|&column| frame.presence[column] == Presence::Mask(mask) && like.is_given(column))
            .collect();
        let missing = |row| !under.is_empty() && under.iter().all(|&column| like.is_open(column, row));
        rows.clone().map(missing).collect()
    });
    Ok(Encoded { segments, masks: masks.collect(), units: Units::rows(like.n_rows() as usize) })
}
