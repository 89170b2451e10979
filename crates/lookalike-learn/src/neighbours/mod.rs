//! Exact distances to the nearest row, for rows of numbers and levels.
//!
//! The distance is Manhattan's on one-hot codes: a number counts by its difference divided by the range that it has
//! in the table the [`Space`] was made from, a level that differs counts 2. Numbers are put on a grid of 2^-36 of
//! the range once, so every distance is a whole number and equal distances are equal whatever the order of
//! summation: ties can be counted.
//!
//! All pairs are compared, but cheaply: rows lie sorted in blocks, a coarse distance in 16 bits that
//! can only be too small by a known margin is added up column by column, and a block is left as soon as none of its rows
//! can be nearer than the nearest found so far. Only what remains is measured exactly.

mod search;
mod space;

pub use search::{nearest, nearest_other};
pub use space::{Points, Space, UNIT};
