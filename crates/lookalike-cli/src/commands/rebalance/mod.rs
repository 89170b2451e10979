//! Balancing tables with a rare class.

pub(crate) mod study;
