//! Learners on plain matrices: nothing here knows about tables.
//!
//! [`tree`] is one histogram engine for single trees, forests and boosting; [`score`] holds the formulas that both
//! fitting and judging need; [`linear`] holds linear and logistic regression; [`neighbours`] finds exact nearest
//! distances between mixed rows; [`calibrate`] turns scores into probabilities; [`support`] finds the points that a
//! support vector machine rests on; [`weights`] makes classes equal.

pub mod calibrate;
pub mod gaussian;
pub mod linear;
pub mod neighbours;
pub mod net;
pub mod score;
pub mod support;
pub mod tree;
pub mod weights;
