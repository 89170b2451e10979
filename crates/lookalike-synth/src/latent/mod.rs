//! Gaussian latent variables behind a table: one for each column with a margin, one for each mask of missing
//! values. Sampling draws them, jointly normal or independent, and reads segments off the margins.

mod given;
mod likelihood;
mod lookup;
mod sample;

pub(crate) use likelihood::share;
pub(crate) use sample::{Latent, Variable};
