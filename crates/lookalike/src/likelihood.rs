//! What only the model knows of given rows: how likely they are.

use lookalike_core::Seed;
use lookalike_evaluate::{Likelihood, LogDensities};
use lookalike_synth::AnyModel;
use lookalike_table::Table;

use crate::error::Result;

/// The score that needs it.
pub(crate) const LOG_LIKELIHOOD: &str = "log-likelihood";

/// How likely a model finds the rows of the holdout and as many training rows, and the baseline those of the holdout.
///
/// # Errors
/// When the tables have other columns than the model.
pub(crate) fn likelihood(
    model: &AnyModel,
    baseline: Option<&AnyModel>,
    train: &Table,
    holdout: &Table,
    seed: Seed,
) -> Result<Likelihood> {
    let Some(of_holdout) = model.log_prob(holdout)? else {
        let reason = format!("the method {} cannot tell how likely a row is", model.method());
        return Ok(Likelihood::Unknown { reason });
    };
    let mut rows = seed.stream("likelihood rows", 0).choose(train.n_rows(), holdout.n_rows());
    rows.sort_unstable();
    // A baseline that cannot tell leaves only its own figure open.
    let of_baseline = baseline.and_then(|baseline| baseline.log_prob(holdout).ok().flatten());
    Ok(Likelihood::Known(LogDensities {
        holdout: of_holdout,
        train: model.log_prob(&train.take(&rows))?.unwrap_or_default(),
        baseline: of_baseline.unwrap_or_default(),
    }))
}
