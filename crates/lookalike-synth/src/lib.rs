//! Methods that learn a table and sample its look-alike.
//!
//! [`AnySynthesizer`] is a method with its options, [`AnyModel`] what it has learned. All methods share the margins
//! of columns, the protection rule, keys, text shapes, conditions, streaming and the model's parts.

mod allowed;
mod assemble;
mod autoregressive;
mod candidates;
mod condition;
mod constraints;
mod copula;
mod ctgan;
mod cycles;
pub mod dials;
mod error;
mod forest;
mod frame;
mod gan;
pub mod image;
mod impute;
mod independent;
mod infinite;
mod keys;
mod latent;
mod level_order;
mod margin;
mod neural;
mod order;
mod parts;
mod prose;
mod refusal;
mod request;
pub mod resample;
mod sampler;
pub mod simulate;
pub mod standin;
mod synthesizer;
mod text;
mod tvae;
mod vae;
mod words;

pub use autoregressive::Autoregressive;
pub use condition::{Condition, Operator};
pub use constraints::ConstrainedModel;
pub use copula::Copula;
pub use ctgan::Ctgan;
pub use error::{Error, Result};
pub use forest::{Effort, Forest};
pub use frame::FitOptions;
pub use gan::{Gan, GanLoss, GanRestraint};
pub use impute::Imputed;
pub use independent::Independent;
pub use lookalike_table::protect::Protection;
pub use neural::{Encoding, Training};
pub use parts::{Array, Parts};
pub use refusal::Refusal;
pub use sampler::{SampleRequest, Sampler};
pub use synthesizer::{
    AnyModel, AnySynthesizer, AutoregressiveModel, ColumnDescription, ColumnDraw, CopulaModel, Description,
    ForestModel, IndependentModel, NetworkModel,
};
pub use tvae::Tvae;
pub use vae::{Reconstruction, Sampling, Vae};
