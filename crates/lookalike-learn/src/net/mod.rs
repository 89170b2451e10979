//! Small networks, learned on processors without a graphics card.
//!
//! A [`Network`] is a row of layers over one row of [`Parameters`]; a [`Tape`] keeps what the way back needs. All products
//! go through one function, in which every number is one chain of fused multiply-adds: the bytes depend neither on the
//! processor nor on the number of threads.

mod choices;
mod elementary;
pub mod image;
mod layer;
mod lookup;
mod matrix;
mod network;
mod norm;
mod odds;
mod optimizer;
mod parameters;
mod penalty;
mod product;
mod random;
mod saved;
mod spans;
mod sparse;
mod spectral;
mod train;

pub use choices::{Choices, Chosen, Next, Prior};
pub use elementary::{exp_each, sigmoid_each, tanh_each};
pub use layer::{Activation, BatchNorm, Layer, LayerNorm, Linear};
pub use lookup::{Batch, Lookup};
pub use matrix::Matrix;
pub use network::{Mode, Network, Tape};
pub use odds::Odds;
pub use optimizer::{Adam, AdamOptions, add_all, average, clip};
pub use parameters::{Parameters, Slot};
pub use penalty::{Kind as PenaltyKind, Penalty};
pub use random::{fill_gumbel, fill_normal, fill_uniform};
pub use spans::{NO_CODE, back_softmax, cross_entropy, gumbel_softmax, log_softmax, softmax};
pub use sparse::{Sparse, SparseLinear};
pub use spectral::Spectral;
pub use train::{End, Halted, History, Learner, Place, Schedule, State, train};
