//! Methods that learn images and draw new ones.
//!
//! [`ImageSynthesizer`] is a method with its options, [`ImageModel`] what it has learned; [`Images`] is what goes in and comes
//! out. All learn in the loop of the table methods, with the same checkpoints, limits of time and choice by held-out images.

mod adversary;
mod autoencoder;
mod between;
mod conv_vae;
mod convolutional;
mod decoder;
mod drawing;
mod epochs;
mod flow;
mod gan;
mod halves;
mod held_out;
mod images;
mod layout;
mod memory;
mod model;
mod net;
mod nets;
mod parts;
mod paths;
mod synthesizer;
mod table;
#[cfg(test)]
mod tests;
mod vae;
mod wgan;

pub use conv_vae::ConvVae;
pub use drawing::Drawing;
pub use flow::Flow;
pub use gan::ImageGan;
pub use images::Images;
pub use model::ImageModel;
pub use synthesizer::ImageSynthesizer;
pub use table::ImageTableModel;
pub(crate) use table::fit;
pub use vae::ImageVae;
pub use wgan::Wgan;
