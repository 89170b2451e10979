//! Networks of images: convolutions and what goes with them, on numbers with the channels of a pixel side by side.
//!
//! A [`Graph`] says what is computed from what, over one row of [`super::Parameters`]; a [`Pass`] holds what it computes for a few
//! images. Convolutions read images as they are, without copying all that a kernel meets (`kernel`), and every number is one
//! chain of fused multiply-adds, so that bytes depend neither on the processor nor on the number of threads.

mod convolution;
mod gaussian;
mod graph;
mod group_norm;
mod kernel;
mod lenet;
mod pass;
mod resample;
mod shape;
mod split;
mod sums;
mod unet;

pub use gaussian::Covariance;
pub use graph::{Graph, Kernel, Node, Prepared};
pub use lenet::{FEATURES, Labelled, LeNet};
pub use pass::Pass;
pub use shape::Shape;
pub use split::{Part, Split};
pub use unet::{UNet, UNetSize};
