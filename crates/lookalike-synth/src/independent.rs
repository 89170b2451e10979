//! Columns drawn independently of each other: the floor that every method is compared with.

use lookalike_core::Context;
use lookalike_table::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::frame::{FitOptions, Frame};
use crate::latent::Latent;

/// Columns drawn independently of each other: the floor that every method is compared with.
///
/// It has no options.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Independent {}

impl Independent {
    // A method like the others, though it needs no options.
    #[expect(clippy::unused_self, reason = "all methods are called alike")]
    pub(crate) fn fit(&self, table: &Table, options: &FitOptions, context: &Context<'_>) -> Result<Latent> {
        let (frame, _) = Frame::fit(table, options, context)?;
        let variables = Latent::variables(&frame);
        Ok(Latent { frame, variables, correlation: None })
    }
}
