//! How many candidates a row needs when one is chosen by weight (sampling importance resampling).

use crate::error::{Error, Result};

/// Candidates tried out before a sample, to see how their weights vary.
pub(crate) const TRIED: usize = 4096;
/// How many equally weighted candidates each row's are to be worth, and the fewest that are accepted.
pub(crate) const WANTED: f64 = 16.0;
pub(crate) const LEAST: f64 = 4.0;

/// The number of candidates per row, at most `most`, by the weights of some that were tried out, and what they are worth;
/// `None` where all weigh the same and one is enough.
///
/// # Errors
/// [`Error::RareCondition`] when even the most candidates are worth too few.
pub(crate) fn needed(weights: &[f64], most: usize) -> Result<Option<(usize, f64)>> {
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    let share = if squares > 0.0 { sum * sum / (weights.len() as f64 * squares) } else { 0.0 };
    // Weights that are all the same leave nothing to choose.
    if share > 0.999 && weights.iter().all(|&weight| weight > 0.0) {
        return Ok(None);
    }
    let effective = share * most as f64;
    if effective < LEAST {
        return Err(Error::RareCondition { effective, candidates: most as u64, least: LEAST });
    }
    let candidates = ((WANTED / share).ceil() as usize).clamp(2, most);
    Ok(Some((candidates, share * candidates as f64)))
}
