//! What networks that make rows share: how columns are written for them, and how rows are drawn from what they give.

mod autoencoder;
mod axis;
mod decoder;
mod draw;
mod history;
mod layout;
mod mixture;
mod pace;

use lookalike_learn::net::Matrix;

pub(crate) use autoencoder::{Autoencoder, Objective};
pub(crate) use decoder::{Body, FittedDecoder, Shape};
pub use history::Training;
pub use layout::Encoding;
pub(crate) use layout::{Choice, Layout};
pub(crate) use mixture::Component;
pub(crate) use pace::Pace;

/// From what a network gives to numbers as they are drawn around.
fn finish(layout: &Layout, out: &mut Matrix) {
    if layout.is_bounded() {
        for row in 0..out.rows() {
            lookalike_learn::net::tanh_each(&mut out.row_mut(row)[..layout.n_numbers]);
        }
    }
}
