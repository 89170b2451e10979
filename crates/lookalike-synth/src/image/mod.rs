//! Methods that learn images and draw new ones.
//!
//! [`ImageSynthesizer`] is a method with its options, [`ImageModel`] what it has learned; [`Images`] is what goes in and comes
//! out. All learn in the loop of the table methods, with the same checkpoints, limits of time and choice by held-out images.

mod dense;
mod drawing;
mod flow;
mod gan;
mod images;
mod model;
mod table;
#[cfg(test)]
mod tests;
mod vae;

pub use drawing::Drawing;
pub use flow::Flow;
pub use gan::ImageGan;
pub use images::Images;
pub use model::{ImageModel, ImageSynthesizer};
pub use table::ImageTableModel;
pub(crate) use table::fit;
pub use vae::ImageVae;
