//! An order for levels that have none.
//!
//! Methods see a categorical column as a cut-up line, so it matters which levels are neighbours. Levels are put
//! in the order of the first principal axis of their profiles (the means of all other columns within each level),
//! as correspondence analysis does: the order that carries most of what the column has to do with the others.
//!
//! # References
//! Greenacre, M. (2017). *Correspondence Analysis in Practice*. <https://doi.org/10.1201/9781315369983>

use lookalike_core::{Context, Phase};
use lookalike_table::{Codes, Kind};
use rayon::prelude::*;

use crate::error::Result;
use crate::frame::{Encoded, Frame, Source};
use crate::margin::{Margin, Support};

/// At most so many other columns make up a profile, and at most so many levels of each.
const PROFILE_COLUMNS: usize = 64;
const PROFILE_LEVELS: usize = 30;
/// Largest profile table, levels times features.
const LARGEST_PROFILE: usize = 4_000_000;
/// At most so many rows are looked at, evenly spread.
const PROFILE_ROWS: usize = 100_000;
/// A level with this many rows keeps half of its difference from the mean: rare levels' profiles are mostly noise.
const SHRINKAGE: f64 = 10.0;
const ROUNDS: usize = 40;

/// One feature column of profiles: the features that each of its segments sets.
struct Feature {
    column: usize,
    /// Per segment, the feature's number and value.
    set: Vec<Option<(usize, f64)>>,
}

/// Puts the segments of nominal columns into the order of their profiles.
pub(crate) fn arrange_levels(frame: &mut Frame, encoded: &mut Encoded, context: &Context<'_>) -> Result<()> {
    let nominal: Vec<usize> = (0..frame.sources.len()).filter(|&column| is_nominal(frame, column)).collect();
    let phase = Phase::begin(context.progress, "ordering levels", Some(nominal.len() as u64));
    let orders: Vec<Vec<u32>> = nominal
        .par_iter()
        .map(|&column| {
            let order = profile_order(frame, encoded, column);
            phase.advance(1)?;
            Ok(order)
        })
        .collect::<Result<_>>()?;
    for (column, order) in nominal.into_iter().zip(orders) {
        let Source::Margin(margin) = &mut frame.sources[column] else { continue };
        let Support::Levels { codes, .. } = &mut margin.support else { continue };
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old as usize] = new as u32;
        }
        *codes = order.iter().map(|&old| codes[old as usize]).collect();
        margin.counts = order.iter().map(|&old| margin.counts[old as usize]).collect();
        for segment in encoded.segments[column].iter_mut().filter(|segment| **segment != Codes::MISSING) {
            *segment = place[*segment as usize];
        }
    }
    Ok(())
}

fn is_nominal(frame: &Frame, column: usize) -> bool {
    let unordered =
        matches!(&frame.schema.columns[column].kind, Kind::Categorical { order } if order.is_empty());
    unordered && matches!(&frame.sources[column], Source::Margin(margin) if margin.n_segments() > 2)
}

fn profile_order(frame: &Frame, encoded: &Encoded, column: usize) -> Vec<u32> {
    let Source::Margin(margin) = &frame.sources[column] else {
        unreachable!("nominal columns have a margin")
    };
    let n_levels = margin.n_segments();
    let (features, n_features) = features(frame, column, LARGEST_PROFILE / n_levels);
    let mut order: Vec<u32> = (0..n_levels as u32).collect();
    if n_features == 0 {
        return order;
    }
    let own = &encoded.segments[column];
    let stride = own.len().div_ceil(PROFILE_ROWS);
    let mut sums = vec![0.0; n_levels * n_features];
    let mut counts = vec![0.0; n_levels];
    for row in (0..own.len()).step_by(stride).filter(|&row| own[row] != Codes::MISSING) {
        let level = own[row] as usize;
        counts[level] += 1.0;
        for feature in &features {
            let segment = encoded.segments[feature.column][row];
            if segment != Codes::MISSING
                && let Some((number, value)) = feature.set[segment as usize]
            {
                sums[level * n_features + number] += value;
            }
        }
    }
    let total: f64 = counts.iter().sum();
    let mut means = vec![0.0; n_features];
    for level in 0..n_levels {
        for feature in 0..n_features {
            means[feature] += sums[level * n_features + feature] / total;
        }
    }
    for level in 0..n_levels {
        let shrink = counts[level] / (counts[level] + SHRINKAGE) / counts[level].max(1.0);
        for feature in 0..n_features {
            let sum = &mut sums[level * n_features + feature];
            *sum = (*sum - counts[level] * means[feature]) * shrink;
        }
    }
    let axis = principal_axis(&sums, &counts, n_features);
    let scores: Vec<f64> = sums
        .chunks_exact(n_features)
        .map(|profile| profile.iter().zip(&axis).map(|(a, b)| a * b).sum())
        .collect();
    order.sort_by(|&a, &b| scores[a as usize].total_cmp(&scores[b as usize]).then(a.cmp(&b)));
    order
}

/// Features of the columns other than `column`, at most `limit`.
fn features(frame: &Frame, column: usize, limit: usize) -> (Vec<Feature>, usize) {
    let others: Vec<(usize, &Margin)> = frame
        .sources
        .iter()
        .enumerate()
        .filter_map(|(index, source)| match source {
            Source::Margin(margin) if index != column && margin.n_segments() > 1 => Some((index, margin)),
            _ => None,
        })
        .collect();
    let stride = others.len().div_ceil(PROFILE_COLUMNS).max(1);
    let mut features = Vec::new();
    let mut next = 0;
    for (index, margin) in others.into_iter().step_by(stride) {
        if next >= limit {
            break;
        }
        let total: u64 = margin.counts.iter().sum();
        let set: Vec<Option<(usize, f64)>> = if margin.support.is_ordered() {
            next += 1;
            let borders = margin.borders();
            // The rank of a segment's middle, centred, with the variance of a standard normal variable.
            (0..margin.n_segments())
                .map(|s| Some((next - 1, (0.5 * (borders[s] + borders[s + 1]) - 0.5) * 12f64.sqrt())))
                .collect()
        } else {
            let mut by_count: Vec<usize> = (0..margin.n_segments()).collect();
            by_count.sort_by_key(|&segment| (std::cmp::Reverse(margin.counts[segment]), segment));
            let mut set = vec![None; margin.n_segments()];
            for &segment in by_count.iter().take(PROFILE_LEVELS.min(limit - next)) {
                let share = margin.counts[segment] as f64 / total as f64;
                set[segment] = Some((next, 1.0 / share.max(1e-9).sqrt()));
                next += 1;
            }
            set
        };
        features.push(Feature { column: index, set });
    }
    (features, next)
}

/// The direction along which weighted profiles differ most, by the power method.
fn principal_axis(profiles: &[f64], weights: &[f64], n_features: usize) -> Vec<f64> {
    // Begins with the profile that differs most, so that it cannot be orthogonal to the answer by accident.
    let norm = |profile: &[f64]| profile.iter().map(|x| x * x).sum::<f64>();
    let mut axis = vec![1.0; n_features];
    let mut largest = 0.0;
    for (profile, weight) in profiles.chunks_exact(n_features).zip(weights) {
        let size = norm(profile) * weight;
        if size > largest {
            largest = size;
            axis.copy_from_slice(profile);
        }
    }
    for _ in 0..ROUNDS {
        let length = norm(&axis).sqrt();
        if length < 1e-300 {
            break;
        }
        for entry in &mut axis {
            *entry /= length;
        }
        let mut next = vec![0.0; n_features];
        for (profile, weight) in profiles.chunks_exact(n_features).zip(weights) {
            let along: f64 = profile.iter().zip(&axis).map(|(a, b)| a * b).sum::<f64>() * weight;
            for (entry, value) in next.iter_mut().zip(profile) {
                *entry += along * value;
            }
        }
        axis = next;
    }
    axis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_of_stretched_profiles_is_found() {
        // Three levels on a line in two dimensions, with a little noise across it.
        let profiles = [2.0, 1.0, 0.1, -0.1, -2.0, -1.0];
        let axis = principal_axis(&profiles, &[1.0, 1.0, 1.0], 2);
        assert!((axis[0] / axis[1] - 2.0).abs() < 0.05, "{axis:?}");
    }

    #[test]
    fn no_difference_is_no_trouble() {
        assert!(principal_axis(&[0.0; 6], &[1.0; 3], 2).iter().all(|entry| entry.is_finite()));
    }
}
