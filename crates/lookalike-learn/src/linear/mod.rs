//! Linear models: least squares with an L2 penalty ([`LeastSquares`]) and logistic regression of two or more classes
//! ([`Logistic`]), with the standard errors of their coefficients.
//!
//! Columns of a table become numbers by an [`Encoding`], which is learned once and applied to any table with the same
//! columns; the result is a [`Design`], which keeps only what is not 0 and so makes levels cheap. A design of other
//! numbers can be made by [`Design::from_rows`].
//!
//! # Determinism
//! Sums are taken in blocks of rows whose number depends on the number of rows alone, and the blocks are added up in
//! their order. No library's matrix product is used.

mod design;
mod encoding;
mod least_squares;
mod logistic;
mod minimum;
mod system;

pub use design::Design;
pub use encoding::{Encoding, EncodingOptions};
pub use least_squares::LeastSquares;
pub use logistic::{Logistic, LogisticOptions};
