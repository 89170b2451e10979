//! How like the training table a table is, and whether its values are possible at all.

pub(crate) mod columns;
pub(crate) mod shape;
pub(crate) mod trend;
pub(crate) mod two_sample;
pub(crate) mod validity;
