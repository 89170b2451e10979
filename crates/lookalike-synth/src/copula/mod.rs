//! The Gaussian copula: any margins, one correlation matrix.
//!
//! Each column is a normal variable seen through its margin. Correlations are those of normal scores, corrected
//! for what discrete margins hide: the correlation of two step functions of normal variables is a known series in
//! the latent correlation (Mehler's expansion in Hermite polynomials), which is solved for it.
//!
//! # References
//! - Sklar, A. (1959). Fonctions de répartition à n dimensions et leurs marges.
//! - Cario, M. C. and Nelson, B. L. (1997). Modeling and generating random vectors with arbitrary marginal
//!   distributions and correlation matrix.
//! - Kibble, W. F. (1945). An extension of a theorem of Mehler's on Hermite polynomials.
//!   <https://doi.org/10.1017/S0305004100022313>

mod correlate;
mod scores;

use lookalike_core::{Context, Phase, Topic, Warning};
use lookalike_table::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::frame::{FitOptions, Frame};
use crate::latent::Latent;
use crate::level_order::arrange_levels;

/// The Gaussian copula: any margins, and one correlation matrix.
///
/// Each column is a normal variable seen through its margin. Correlations are those of normal scores, corrected for
/// what discrete margins hide of them.
///
/// # References
/// - Sklar, A. (1959). Fonctions de répartition à n dimensions et leurs marges.
/// - Cario, M. C. and Nelson, B. L. (1997). Modeling and generating random vectors with arbitrary marginal
///   distributions and correlation matrix.
/// - Kibble, W. F. (1945). An extension of a theorem of Mehler's on Hermite polynomials.
///   <https://doi.org/10.1017/S0305004100022313>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Copula {
    /// The most memory in bytes that the correlation matrix and its decomposition may take; a table that needs more is
    /// refused before the work starts.
    pub memory_limit: u64,
}

impl Default for Copula {
    fn default() -> Self {
        Copula { memory_limit: 4 << 30 }
    }
}

impl Copula {
    /// What is wrong with the options, all at once.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.memory_limit < 1 << 20 {
            problems.push("copula.memory-limit must be at least 1048576 bytes".to_owned());
        }
        problems
    }

    pub(crate) fn fit(&self, table: &Table, options: &FitOptions, context: &Context<'_>) -> Result<Latent> {
        let columns = table.n_columns() as u64;
        // At most two variables a column; matrix, factor and eigenvectors of doubles.
        let needed = (2 * columns).pow(2) * 8 * 4 + columns * table.n_rows() as u64 * 8;
        if needed > self.memory_limit {
            let cure = "take another method, or allow more with --memory";
            return Err(Error::Memory { needed, limit: self.memory_limit, cure });
        }
        let (mut frame, mut encoded) = Frame::fit(table, options, context)?;
        arrange_levels(&mut frame, &mut encoded, context)?;
        let variables = Latent::variables(&frame);
        let phase = Phase::begin(context.progress, "correlating columns", Some(variables.len() as u64));
        let scored = scores::scores(&frame, &encoded, &variables);
        let mut correlation = correlate::correlations(&scored, &phase)?;
        if correlate::repair(&mut correlation, variables.len()) {
            frame.warnings.push(Warning::new(
                Topic::Model,
                "the pairwise correlations contradict each other (columns that determine one another, or missing \
                 values); the nearest consistent matrix is used",
            ));
        }
        Ok(Latent { frame, variables, correlation: Some(correlation) })
    }
}
