//! Balancing lopsided tables: new rows for rare classes, fewer rows of frequent ones.
//!
//! [`AnyResampler`] is a method with its options, [`Balance`] says what is to be balanced and how far, and [`Resampled`] is
//! what comes of it. All methods share how near rows are to each other (numbers, dates, levels and gaps as they are, without
//! one-hot codes), exact neighbours on all cores, and how a new row is made of others.
//!
//! A balanced table has real rows, and rows that lie between real ones say much about them: what protects a model's
//! training rows does not protect these.

mod boundary;
mod classes;
mod cleaning;
mod clusters;
mod condensed;
mod copies;
mod drafts;
mod error;
mod generated;
mod options;
mod reduced;
mod resampler;
mod smote;
mod space;
mod work;

pub use boundary::{Adasyn, BorderlineSmote, SvmSmote};
pub use classes::MOST_CLASSES_OF_NUMBERS;
pub use cleaning::{Agreement, AllKnn, Enn, NeighbourhoodCleaning, RepeatedEnn, Tomek};
pub use clusters::KmeansSmote;
pub use condensed::{CondensedNn, OneSidedSelection};
pub use copies::{Noise, RandomOver, Rose};
pub use drafts::Origin;
pub use error::ResampleError;
pub use options::{Balance, Strategy};
pub use reduced::{ClusterCentroids, InstanceHardness, NearMiss, RandomUnder};
pub use resampler::{AnyResampler, ClassCount, Resampled, SmoteCleaned};
pub use smote::{Smote, Smoten};
