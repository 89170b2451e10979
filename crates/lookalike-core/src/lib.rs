//! What every other crate of lookalike stands on: reproducible randomness, progress with cancellation,
//! warnings, and elementary functions whose last bit does not depend on the machine.
//!
//! Nothing here knows about tables or models, prints, reads the clock or the environment.

mod checkpoint;
mod context;
pub mod math;
mod normal;
mod progress;
mod seed;
mod warning;

pub use checkpoint::Checkpoint;
pub use context::Context;
pub use normal::{normal_cdf, normal_pdf, normal_quantile};
pub use progress::{Cancelled, Phase, Progress, Silent};
pub use seed::{Seed, Stream};
pub use warning::{Topic, Warning};
