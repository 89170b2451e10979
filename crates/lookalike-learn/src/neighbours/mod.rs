//! Exact distances to the nearest row, for rows of numbers and levels.
//!
//! The distance is Manhattan's on one-hot codes: a number counts by its difference divided by the range that it has
//! in the table the [`Space`] was made from, a level that differs counts 2. Numbers are put on a grid of 2^-36 of
//! the range once, so every distance is a whole number and equal distances are equal whatever the order of
//! summation: ties can be counted.
//!
//! The nearest rows are found exactly, but cheaply: rows lie in boxes within boxes, and a box that is further away than
//! the nearest rows found so far is not opened (Bentley 1975, <https://doi.org/10.1145/361002.361007>). In the innermost
//! ones a coarse distance in 16 bits that can only be too small by a known margin is added up column by column, for 64
//! rows at once, and they are left as soon as none of the rows can be nearer. Only what remains is measured exactly.
//!
//! [`k_nearest`] and [`k_nearest_others`] are for those who resample tables: Euclidean distances in units of the caller's choice, any number of
//! neighbours, of a row that is one of them itself none but others.

mod blocks;
mod euclid;
mod k_means;
mod k_nearest;
mod kernel;
mod mixed;
mod mutual;
mod search;
mod space;
mod tree;

pub use euclid::{Centre, EuclideanPoints, EuclideanSpace};
pub use k_means::{Clusters, k_means};
pub use k_nearest::{Near, Neighbourhoods, k_nearest};
pub use mixed::MixedPoints;
pub use mutual::k_nearest_others;
pub use search::{Neighbour, nearest, nearest_other};
pub use space::{Points, Space, UNIT};
