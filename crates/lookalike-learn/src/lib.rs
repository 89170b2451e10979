//! Learners on plain matrices: nothing here knows about tables.
//!
//! [`tree`] is one histogram engine for single trees, forests and boosting; [`score`] holds the formulas that both
//! fitting and judging need; [`neighbours`] finds exact nearest distances between mixed rows.

pub mod gaussian;
pub mod neighbours;
pub mod score;
pub mod tree;
