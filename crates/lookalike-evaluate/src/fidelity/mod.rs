//! How like the training table a table is, and whether its values are possible at all.

pub(crate) mod accuracy;
pub(crate) mod association;
pub(crate) mod columns;
mod cut;
mod joint;
pub(crate) mod key_uniqueness;
pub(crate) mod mutual_information;
mod pairs;
pub(crate) mod shape;
pub(crate) mod spearman;
pub(crate) mod trend;
pub(crate) mod two_sample;
pub(crate) mod validity;
