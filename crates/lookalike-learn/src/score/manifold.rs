//! Whether the rows of one set lie where those of another do, by how far each is from its nearest neighbours.

use rayon::prelude::*;

/// The share of `other` rows that lie within reach of a `real` row, and the share of `real` rows that lie within reach of an
/// `other` one, where a row reaches as far as the `k`-th nearest other row of its own set: precision and recall, each
/// from 0 to 1. Distances are Euclidean, and what lies exactly at the end of the reach is within it.
///
/// Kynkäänniemi, T. et al. (2019). Improved precision and recall metric for assessing generative models.
/// <https://doi.org/10.48550/arXiv.1904.06991>
///
/// ```
/// use lookalike_learn::score::precision_recall;
/// // All that was made lies among the real rows, on one side of them.
/// let [precision, recall] = precision_recall(&[0.0, 1.0, 2.0, 3.0], &[0.0, 0.5, 1.0], 1, 1).unwrap();
/// assert_eq!([precision, recall], [1.0, 0.5]);
/// ```
///
/// `None` when a set has no more than `k` rows.
///
/// # Panics
/// If `columns` or `k` is 0.
pub fn precision_recall(real: &[f32], other: &[f32], columns: usize, k: usize) -> Option<[f64; 2]> {
    let (of_real, of_other) = (reaches(real, columns, k)?, reaches(other, columns, k)?);
    let within = |rows: &[f32], set: &[f32], reaches: &[f64]| {
        let found = rows
            .par_chunks_exact(columns)
            .filter(|row| {
                set.chunks_exact(columns).zip(reaches).any(|(own, reach)| squared(row, own) <= *reach)
            })
            .count();
        found as f64 / (rows.len() / columns) as f64
    };
    Some([within(other, real, &of_real), within(real, other, &of_other)])
}

/// In how many reaches of `real` rows one of the `other` rows lies in the mean, divided by `k` (density, from 0 to the
/// number of real rows divided by `k`), and the share of `real` rows with one of the `other` within their reach
/// (coverage, from 0 to 1). A real row reaches as far as its `k`-th nearest other real row.
///
/// Naeem, M. F. et al. (2020). Reliable fidelity and diversity metrics for generative models.
/// <https://doi.org/10.48550/arXiv.2002.09797>
///
/// ```
/// use lookalike_learn::score::density_coverage;
/// let [density, coverage] = density_coverage(&[0.0, 1.0, 2.0, 9.0], &[0.1, 0.2], 1, 1).unwrap();
/// assert_eq!([density, coverage], [2.0, 0.5]);
/// ```
///
/// `None` when there are no more than `k` real rows, or no other.
///
/// # Panics
/// If `columns` or `k` is 0.
pub fn density_coverage(real: &[f32], other: &[f32], columns: usize, k: usize) -> Option<[f64; 2]> {
    let reaches = reaches(real, columns, k)?;
    if other.len() < columns {
        return None;
    }
    let within: Vec<usize> = real
        .par_chunks_exact(columns)
        .zip(&reaches)
        .map(|(own, reach)| other.chunks_exact(columns).filter(|row| squared(row, own) <= *reach).count())
        .collect();
    let all: usize = within.iter().sum();
    let covered = within.iter().filter(|&&count| count > 0).count();
    let others = other.len() / columns;
    Some([all as f64 / (k * others) as f64, covered as f64 / within.len() as f64])
}

/// For each row the square of the distance of its `k`-th nearest other row.
fn reaches(rows: &[f32], columns: usize, k: usize) -> Option<Vec<f64>> {
    assert!(k > 0, "at least one neighbour");
    if rows.len() / columns <= k {
        return None;
    }
    let reach = |squares: &mut Vec<f64>, (number, own): (usize, &[f32])| {
        squares.clear();
        let others = rows.chunks_exact(columns).enumerate().filter(|(other, _)| *other != number);
        squares.extend(others.map(|(_, row)| squared(row, own)));
        *squares.select_nth_unstable_by(k - 1, f64::total_cmp).1
    };
    Some(rows.par_chunks_exact(columns).enumerate().map_init(Vec::new, reach).collect())
}

/// Four sums side by side: one chain of additions would wait for itself.
fn squared(x: &[f32], y: &[f32]) -> f64 {
    let square = |x: f32, y: f32| {
        let off = f64::from(x) - f64::from(y);
        off * off
    };
    let (fours, others) = (x.chunks_exact(4), y.chunks_exact(4));
    let rest: f64 = fours.remainder().iter().zip(others.remainder()).map(|(&x, &y)| square(x, y)).sum();
    let mut sums = [0.0; 4];
    for (x, y) in fours.zip(others) {
        for lane in 0..4 {
            sums[lane] += square(x[lane], y[lane]);
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::super::kernel_distance::tests::rows;
    use super::*;

    /// Recorded with `SciPy` 1.17's `cdist`, from all pairs in double precision.
    #[test]
    fn equals_recorded_values() {
        let (a, b) = (rows(7, 13, 101, 1.0, 0.0), rows(11, 5, 97, 0.5, 5.0));
        assert_eq!(precision_recall(&a, &b, 6, 3), Some([1.0, 0.075]));
        assert_eq!(precision_recall(&b, &a, 6, 3), Some([0.075, 1.0]));
        assert_eq!(density_coverage(&a, &b, 6, 5), Some([1.73, 0.925]));
        assert_eq!(density_coverage(&b, &a, 6, 5), Some([0.03, 0.075]));
    }

    #[test]
    fn rows_that_are_all_alike_reach_one_another() {
        let same = [0.5_f32; 60];
        assert_eq!(precision_recall(&same, &same, 6, 3), Some([1.0, 1.0]));
        assert_eq!(density_coverage(&same, &same, 6, 5), Some([2.0, 1.0]));
        assert_eq!(precision_recall(&same[..18], &same, 6, 3), None, "three rows have two others each");
        assert_eq!(density_coverage(&same, &[], 6, 5), None);
    }
}
