//! What networks that make rows share: how columns are written for them, and how rows are drawn from what they give.

mod adversarial;
mod autoencoder;
mod axis;
mod correction;
mod decoder;
mod draw;
mod encoder;
mod face;
mod given_rows;
mod history;
mod layout;
mod likeness;
mod mixture;
mod pace;
mod posterior;
mod prepare;
mod told;
mod variety;

use lookalike_learn::net::Matrix;

pub(crate) use adversarial::{Adversaries, Game, Loss, Restraint};
pub(crate) use autoencoder::{Around, Autoencoder, Objective, Plan};
pub(crate) use correction::Correction;
pub(crate) use decoder::{Body, Cloud, FittedDecoder, Output, Prior, Shape};
pub(crate) use encoder::FittedEncoder;
pub use history::Training;
pub use layout::Encoding;
pub(crate) use layout::{Choice, Layout};
pub(crate) use mixture::Component;
pub(crate) use pace::Pace;
pub(crate) use prepare::{Prepared, Sides};
pub(crate) use told::Told;

/// The methods whose models are networks that turn noise into rows.
pub(crate) const METHODS: [&str; 4] = ["vae", "tvae", "gan", "ctgan"];

/// From what a network gives to numbers as they are drawn around.
fn finish(layout: &Layout, out: &mut Matrix) {
    if layout.is_bounded() {
        for row in 0..out.rows() {
            lookalike_learn::net::tanh_each(&mut out.row_mut(row)[..layout.n_numbers]);
        }
    }
}
