use lookalike_core::{Cancelled, Context};
use lookalike_learn::linear::{Encoding, EncodingOptions, Logistic, LogisticOptions};
use rayon::prelude::*;

use crate::alignment::{Alignment, Matrix, Role};
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric};

/// How much a regression's propensities vary, as a multiple of what chance makes.
pub(crate) const PMSE_RATIO: Metric = Metric {
    name: "pmse-ratio",
    title: "propensity mean squared error, ratio to chance",
    meaning: "how far the probabilities of being synthetic, as logistic regression on all columns estimates them for all \
              rows, are from a half (`pmse`, the mean square), divided by what is expected of tables of the same \
              distribution. About 1 for fresh real rows. It sees single columns only, and grows with the number of rows \
              where anything differs at all. From equal numbers of rows, 20,000 at most",
    family: Family::Fidelity,
    goal: Goal::Near(1.0),
    range: (Some(0.0), None),
    needs: &[],
    headline: false,
    citation: "Snoke et al. 2018, https://doi.org/10.1111/rssa.12358",
};

const MOST_ROWS: usize = 20_000;

/// A regression with more columns is not fitted.
const MOST_COLUMNS: usize = 1000;

/// Draws coefficients towards 0 a little, so that perfect separation has an end.
const PENALTY: f64 = 1e-4;

/// The mean square and its ratio to chance.
type Propensity = (f64, f64);

pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let roles = [Role::Synthetic, Role::Holdout, Role::Baseline];
    let found: Vec<Option<Propensity>> = roles
        .into_par_iter()
        .map(|other| propensity(&scene.alignment, other, scene.context))
        .collect::<Result<_, _>>()?;
    let ratio = |place: usize| found[place].map(|(_, ratio)| ratio);
    Ok(Measurement::of(&PMSE_RATIO, ratio(0), "there are too few rows, too many columns, or none in common")
        .beside(ratio(1), ratio(2))
        .detail("pmse", found[0].map(|(pmse, _)| pmse))
        .into())
}

fn propensity(
    alignment: &Alignment,
    other: Role,
    context: &Context<'_>,
) -> Result<Option<Propensity>, Cancelled> {
    let columns = alignment.common(&[Role::Train, Role::Synthetic]);
    if columns.iter().any(|column| column.cells(other).is_none()) || columns.is_empty() {
        return Ok(None);
    }
    let each = alignment.n_rows(Role::Train).min(alignment.n_rows(other)).min(MOST_ROWS);
    let draw =
        |role: Role| context.seed.stream("propensity rows", role as u64).choose(alignment.n_rows(role), each);
    let (of_train, of_other) = (draw(Role::Train), draw(other));
    let matrix = Matrix::stack(&columns, &[(Role::Train, &of_train), (other, &of_other)]);
    let features = matrix.features();
    let encoding = Encoding::fit(&features, &EncodingOptions::default());
    let parameters = encoding.sources().len();
    if parameters == 0 || parameters > MOST_COLUMNS || each <= parameters {
        return Ok(None);
    }
    let design = encoding.apply(&features);
    let classes: Vec<u32> = (0..2 * each).map(|row| u32::from(row >= each)).collect();
    let options = LogisticOptions { penalty: PENALTY, ..LogisticOptions::default() };
    let model = Logistic::fit(&design, &classes, 2, &options, context.progress)?;
    let rows = 2.0 * each as f64;
    let squares = model
        .probabilities(&design)
        .chunks_exact(2)
        .map(|pair| (pair[1] - 0.5) * (pair[1] - 0.5))
        .sum::<f64>();
    let pmse = squares / rows;
    // The expectation with equal sizes and so many coefficients besides the intercept.
    let by_chance = parameters as f64 / (8.0 * rows);
    Ok(Some((pmse, pmse / by_chance)))
}
