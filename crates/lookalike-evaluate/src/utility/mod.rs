//! What can be learned from a table.

pub(crate) mod train_on_synthetic;
