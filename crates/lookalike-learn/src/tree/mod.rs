//! Trees on binned data: one histogram engine for single trees ([`Cart`]), forests ([`Forest`]) and boosting
//! ([`Boosting`]), for classes and numbers.
//!
//! A matrix is binned once ([`Binning`], [`Binned`]) into one byte per cell and then shared by any number of fits,
//! each on its own rows and features ([`Training`]). A feature is numeric, with a bin of its own for missing
//! values, or categorical, with a bin per level: the levels are put in the order of their mean gradient within
//! each node, and the best cut of that order is taken, which for one-dimensional targets is the best of all
//! two-way groupings (Fisher 1958, <https://doi.org/10.1080/01621459.1958.10501479>).
//!
//! # Determinism
//! Histograms hold whole numbers: class weights, or gradients and hessians scaled by a power of two and rounded.
//! Whole numbers add up to the same sum in any order, so threads cannot change a tree.

mod binning;
mod boost;
mod cart;
pub mod dichotomy;
mod forest;
mod grove;
mod grow;
mod measure;
mod sieve;
mod structure;
mod training;
mod two_classes;

pub use binning::{Binned, Binning, Feature};
pub use boost::{Boosting, BoostingOptions, Validation};
pub use cart::{Cart, CartOptions};
pub use forest::{Forest, ForestOptions};
pub use grove::{Branch, BranchKind, Grove};
pub use sieve::{MOST_LEAVES, Sieve, SieveSpace};
pub use structure::{Cut, Node, Tree};
pub use training::{Target, Training};
