use std::collections::BTreeMap;
use std::sync::Arc;

use lookalike_core::{Seed, Stream, normal_quantile};
use lookalike_table::Table;

use super::given::Factor;
use super::lookup::Lookup;
use crate::assemble::Drawn;
use crate::error::Result;
use crate::frame::{Frame, Source};
use crate::margin::Margin;
use crate::request::{Like, Request};
use crate::sampler::{BLOCK_ROWS, Blocks};

/// A latent variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variable {
    /// Behind the values of a column.
    Values(usize),
    /// Behind a mask of missing values: missing where it is above its threshold.
    Mask(usize),
}

impl Variable {
    /// Training rows per segment of the variable; for a mask those that have a value and those that have not.
    pub(crate) fn counts(self, frame: &Frame) -> Vec<u64> {
        match self {
            Variable::Values(column) => frame.margin(column).counts.clone(),
            Variable::Mask(mask) => {
                let missing = frame.masks[mask].missing;
                vec![frame.n_rows - missing, missing]
            }
        }
    }
}

/// A frame whose margins and masks are driven by normal variables.
#[derive(Debug, Clone)]
pub(crate) struct Latent {
    pub(crate) frame: Frame,
    pub(crate) variables: Vec<Variable>,
    /// Row-major and full; `None` when the variables are independent.
    pub(crate) correlation: Option<Vec<f64>>,
}

impl Latent {
    /// The variables that a frame needs: none for columns with a single value.
    pub(crate) fn variables(frame: &Frame) -> Vec<Variable> {
        let values = frame.sources.iter().enumerate().filter_map(|(column, source)| match source {
            Source::Margin(margin) if margin.n_segments() > 1 || !margin.support.is_point(0) => {
                Some(Variable::Values(column))
            }
            _ => None,
        });
        values.chain((0..frame.masks.len()).map(Variable::Mask)).collect()
    }

    /// Above this a mask's variable means missing.
    pub(crate) fn threshold(frame: &Frame, mask: usize) -> f64 {
        normal_quantile(1.0 - frame.masks[mask].missing as f64 / frame.n_rows as f64)
    }

    fn margin(&self, column: usize) -> Option<&Margin> {
        match &self.frame.sources[column] {
            Source::Margin(margin) => Some(margin),
            _ => None,
        }
    }

    /// What is needed to draw rows under a request.
    pub(crate) fn prepare(&self, request: Request, seed: Seed) -> Result<Draw<'_>> {
        let lookups = self
            .variables
            .iter()
            .map(|variable| match variable {
                Variable::Values(column) => self.margin(*column).map(Lookup::new),
                Variable::Mask(_) => None,
            })
            .collect();
        let mut draw = Draw {
            latent: self,
            request,
            seed,
            lookups,
            free: Factor::new(self.correlation.as_deref(), (0..self.variables.len()).collect()),
            factors: BTreeMap::new(),
        };
        draw.prepare_factors()?;
        Ok(draw)
    }
}

/// A request on its way: draws blocks of rows.
pub(crate) struct Draw<'a> {
    latent: &'a Latent,
    request: Request,
    seed: Seed,
    /// One per variable; `None` for masks.
    lookups: Vec<Option<Lookup>>,
    /// All variables unrestricted.
    free: Factor,
    /// Per set of restricted variables, the factor that has them first.
    factors: BTreeMap<Vec<usize>, Arc<Factor>>,
}

/// Restricted variables of one row and their ranges.
type Given = Vec<(usize, Vec<(f64, f64)>)>;

impl Draw<'_> {
    fn prepare_factors(&mut self) -> Result<()> {
        let rows = self.request.like.as_ref().map_or(u64::from(!self.request.is_free()), Like::n_rows);
        for row in 0..rows {
            let given: Vec<usize> = self.given(row)?.into_iter().map(|(variable, _)| variable).collect();
            if !self.factors.contains_key(&given) {
                let rest = (0..self.latent.variables.len()).filter(|variable| !given.contains(variable));
                let order = given.iter().copied().chain(rest).collect();
                let factor = Factor::new(self.latent.correlation.as_deref(), order);
                self.factors.insert(given, Arc::new(factor));
            }
        }
        Ok(())
    }

    /// Which variables are restricted in a row, and to what.
    fn given(&self, row: u64) -> Result<Given> {
        let frame = &self.latent.frame;
        let mut given = Given::new();
        for (variable, what) in self.latent.variables.iter().enumerate() {
            match *what {
                Variable::Values(column) => {
                    let margin = self.latent.margin(column).expect("variables have a margin");
                    let own = self.request.given_range(column, row, margin, frame)?;
                    match (own, self.request.restricted.get(&column)) {
                        (Some(range), _) => given.push((variable, vec![range])),
                        (None, Some(restricted)) => given.push((variable, restricted.ranges.clone())),
                        (None, None) => {}
                    }
                }
                Variable::Mask(mask) => {
                    let Some(missing) = self.request.missing(mask, row, frame)? else { continue };
                    let threshold = Latent::threshold(frame, mask);
                    let range =
                        if missing { (threshold, f64::INFINITY) } else { (f64::NEG_INFINITY, threshold) };
                    given.push((variable, vec![range]));
                }
            }
        }
        Ok(given)
    }

    /// Values of all variables for a block, one vector per variable.
    fn values(&self, first_row: u64, stream: &mut Stream) -> Result<Vec<Vec<f64>>> {
        let size = self.latent.variables.len();
        if self.request.is_free() {
            return Ok(self.free_values(stream));
        }
        let mut values = vec![vec![0.0; BLOCK_ROWS]; size];
        let mut row_values = vec![0.0; size];
        let same_for_all = match &self.request.like {
            None => Some(self.given(0)?),
            Some(_) => None,
        };
        for row in 0..BLOCK_ROWS {
            let own;
            let given = match (&same_for_all, &self.request.like) {
                (Some(given), _) => given,
                (None, Some(like)) => {
                    own = self.given((first_row + row as u64) % like.n_rows())?;
                    &own
                }
                (None, None) => unreachable!("without rows to complete all rows are alike"),
            };
            let key: Vec<usize> = given.iter().map(|(variable, _)| *variable).collect();
            let ranges: Vec<&[(f64, f64)]> = given.iter().map(|(_, ranges)| ranges.as_slice()).collect();
            self.factors[&key].draw(&ranges, stream, &mut row_values);
            for (column, value) in values.iter_mut().zip(&row_values) {
                column[row] = *value;
            }
        }
        Ok(values)
    }

    /// The unrestricted case, column by column: much faster than row by row.
    fn free_values(&self, stream: &mut Stream) -> Vec<Vec<f64>> {
        let size = self.latent.variables.len();
        let mut values: Vec<Vec<f64>> =
            (0..size).map(|_| (0..BLOCK_ROWS).map(|_| stream.normal()).collect()).collect();
        if self.latent.correlation.is_none() {
            return values;
        }
        // From the last variable to the first, so that each still finds the independent normals before it.
        for place in (0..size).rev() {
            let row = self.free.row(place);
            let (before, rest) = values.split_at_mut(place);
            let own = &mut rest[0];
            for value in own.iter_mut() {
                *value *= row[place];
            }
            for (weight, other) in row[..place].iter().zip(before.iter()) {
                if *weight != 0.0 {
                    for (value, normal) in own.iter_mut().zip(other) {
                        *value += weight * normal;
                    }
                }
            }
        }
        values
    }
}

impl Blocks for Draw<'_> {
    fn block(&self, block: u64) -> Result<Table> {
        let first_row = block * BLOCK_ROWS as u64;
        let mut stream = self.seed.stream("rows", block);
        let values = self.values(first_row, &mut stream)?;
        let frame = &self.latent.frame;
        let mut drawn = Drawn::nothing(frame);
        for ((variable, values), lookup) in self.latent.variables.iter().zip(&values).zip(&self.lookups) {
            match (*variable, lookup) {
                (Variable::Values(column), Some(lookup)) => {
                    let cells = match self.request.restricted.get(&column) {
                        Some(restricted) => values.iter().map(|&z| restricted.locate(z)).unzip(),
                        None => values.iter().map(|&z| lookup.locate(z)).unzip(),
                    };
                    drawn.cells[column] = Some(cells);
                }
                (Variable::Mask(mask), _) => {
                    let threshold = Latent::threshold(frame, mask);
                    drawn.masks[mask] = Some(values.iter().map(|&z| z > threshold).collect());
                }
                (Variable::Values(_), None) => unreachable!("columns with a variable have a lookup"),
            }
        }
        drawn.into_table(frame, &self.request, self.seed, block)
    }
}
