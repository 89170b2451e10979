//! Images as data, and more of them from few: transforms and noise with names that users of albumentations know,
//! pipelines of them, and whole folders augmented.
//!
//! A [`Transform`] holds options and draws [`Action`]s, which hold nothing but what is to be done; a [`Pipeline`] draws a
//! [`Record`] of them for each picture. Records can be kept and done again.
//!
//! All is computed in whole numbers, or in floats by operations that round the same way everywhere: the same picture,
//! options and seed give the same bytes, on any number of threads.

mod action;
mod augment;
mod convert;
mod error;
mod geometry;
mod image;
mod kernel;
mod limits;
mod mix;
mod pipeline;
mod random;
pub mod read;
mod record;
mod sample;
mod step;
pub mod transform;
mod values;
pub mod write;

pub use action::*;
pub use augment::{Augmenting, Copies, Done, Mixed, Outcome, Target, augment};
pub use error::{Error, Policy, Reason, Refusal, Result};
pub use geometry::Matrix;
pub use image::{Color, Image, Pixels, Shape};
pub use kernel::filter::Tap;
pub use kernel::histogram::EqualizeMode;
pub use kernel::turn::Symmetry;
pub use limits::Limits;
pub use lookalike_core::Seed;
pub use mix::{CutMix, Mix, MixUp, Mixing, Mosaic};
pub use pipeline::Pipeline;
pub use read::{Entry, ImageSet, ReadOptions, read_image};
pub use record::{Drawn, Record};
pub use sample::{BoundingBox, Keeping, Keypoint, Sample};
pub use step::{OneOf, Sequential, SomeOf, Step};
pub use transform::Transform;
pub use values::{BorderMode, BoxMethod, Fill, Interpolation, Limit, Position, Range};
pub use write::{FileFormat, SetWriter, grid};
