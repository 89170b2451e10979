//! Clusters by k-means.

use lookalike_core::{Cancelled, Progress, Stream};

use super::k_nearest::k_nearest;
use super::mixed::MixedPoints;

/// The cluster of each point. No cluster is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    /// The cluster of each point.
    pub of_row: Vec<u32>,
    /// How many there are.
    pub count: usize,
}

impl Clusters {
    /// The points of each cluster.
    pub fn rows(&self) -> Vec<Vec<u32>> {
        let mut rows = vec![Vec::new(); self.count];
        for (row, &cluster) in (0..).zip(&self.of_row) {
            rows[cluster as usize].push(row);
        }
        rows
    }
}

/// At most so many rounds; each makes clusters no worse.
const ROUNDS: usize = 100;

/// Puts points into `count` clusters (fewer where fewer points differ): each belongs to the nearest centre, and a centre has
/// the means of its points' numbers and their most frequent levels (Lloyd 1982,
/// <https://doi.org/10.1109/TIT.1982.1056489>; with levels Huang 1998, <https://doi.org/10.1023/A:1009769707641>). The first
/// centres are drawn far from each other (Arthur & Vassilvitskii 2007, k-means++).
///
/// # Errors
/// [`Cancelled`] when the listener wants the work to stop.
///
/// ```
/// use lookalike_core::{Seed, Silent};
/// use lookalike_learn::neighbours::{MixedPoints, k_means};
/// let points = MixedPoints::new(4, &[&[0.0, 9.0, 0.5, 9.5]], &[], vec![]);
/// let clusters = k_means(&points, 2, &mut Seed::new(1).stream("clusters", 0), &Silent)?;
/// assert_eq!(clusters.of_row[0], clusters.of_row[2]);
/// assert_ne!(clusters.of_row[0], clusters.of_row[1]);
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
pub fn k_means(
    points: &MixedPoints,
    count: usize,
    stream: &mut Stream,
    progress: &dyn Progress,
) -> Result<Clusters, Cancelled> {
    if points.is_empty() || count == 0 {
        return Ok(Clusters { of_row: vec![0; points.len()], count: usize::from(!points.is_empty()) });
    }
    let mut centres = points.take(&far_apart(points, count, stream, progress)?);
    let mut of_row: Vec<u32> = Vec::new();
    for _ in 0..ROUNDS {
        let nearest = k_nearest(points, None, &centres, 1, progress)?;
        let now: Vec<u32> = (0..points.len()).map(|row| nearest.of(row)[0].row).collect();
        let settled = now == of_row;
        of_row = now;
        if settled {
            break;
        }
        centres = means(points, &of_row, &centres);
    }
    // Centres that lost all points go.
    let mut number = vec![u32::MAX; centres.len()];
    let mut next = 0;
    for cluster in &mut of_row {
        let own = &mut number[*cluster as usize];
        if *own == u32::MAX {
            *own = next;
            next += 1;
        }
        *cluster = *own;
    }
    Ok(Clusters { of_row, count: next as usize })
}

/// Points drawn one after the other, each with probability proportional to the square of its distance from those before.
fn far_apart(
    points: &MixedPoints,
    count: usize,
    stream: &mut Stream,
    progress: &dyn Progress,
) -> Result<Vec<u32>, Cancelled> {
    let mut chosen = vec![stream.below(points.len() as u64) as u32];
    let mut nearest = vec![f64::INFINITY; points.len()];
    while chosen.len() < count.min(points.len()) {
        if progress.cancelled() {
            return Err(Cancelled);
        }
        let last = chosen[chosen.len() - 1] as usize;
        let mut sum = 0.0;
        for (row, nearest) in nearest.iter_mut().enumerate() {
            *nearest = nearest.min(points.squared_distance(row, points, last));
            sum += *nearest;
        }
        if !(sum > 0.0 && sum.is_finite()) {
            break;
        }
        let mut left = stream.unit() * sum;
        let mut next = None;
        for (row, &nearest) in nearest.iter().enumerate() {
            if nearest > 0.0 {
                next = Some(row as u32);
                left -= nearest;
                if left < 0.0 {
                    break;
                }
            }
        }
        let Some(next) = next else { break };
        chosen.push(next);
    }
    Ok(chosen)
}

/// The means of clusters; those without points stay where they are.
fn means(points: &MixedPoints, of_row: &[u32], before: &MixedPoints) -> MixedPoints {
    let clusters = Clusters { of_row: of_row.to_vec(), count: before.len() }.rows();
    let n_levels = points.costs().len();
    let n_numbers = points.n_numbers();
    let mut numbers = vec![Vec::with_capacity(clusters.len()); n_numbers];
    let mut levels = vec![Vec::with_capacity(clusters.len()); n_levels];
    for (cluster, rows) in clusters.iter().enumerate() {
        for (column, cells) in numbers.iter_mut().enumerate() {
            let sum: f64 = rows.iter().map(|&row| points.numbers_of(row as usize)[column]).sum();
            let mean =
                if rows.is_empty() { before.numbers_of(cluster)[column] } else { sum / rows.len() as f64 };
            cells.push(mean);
        }
        for (column, cells) in levels.iter_mut().enumerate() {
            let mut own: Vec<u32> = rows.iter().map(|&row| points.levels_of(row as usize)[column]).collect();
            own.sort_unstable();
            let most = own.chunk_by(|a, b| a == b).rev().max_by_key(|run| run.len());
            cells.push(most.map_or(before.levels_of(cluster)[column], |run| run[0]));
        }
    }
    let numbers: Vec<&[f64]> = numbers.iter().map(Vec::as_slice).collect();
    let levels: Vec<&[u32]> = levels.iter().map(Vec::as_slice).collect();
    MixedPoints::new(clusters.len(), &numbers, &levels, points.costs().to_vec())
}

#[cfg(test)]
mod tests {
    use lookalike_core::{Seed, Silent};

    use super::*;

    #[test]
    fn clusters_that_are_apart_are_found() {
        let mut stream = Seed::new(1).stream("points", 0);
        let x: Vec<f64> = (0..300).map(|row| f64::from(row % 3) * 10.0 + stream.normal()).collect();
        let level: Vec<u32> = (0..300).map(|row| row % 3).collect();
        let points = MixedPoints::new(300, &[&x], &[&level], vec![1.0]);
        let clusters = k_means(&points, 3, &mut stream, &Silent).unwrap();
        assert_eq!(clusters.count, 3);
        for row in 3..300 {
            assert_eq!(clusters.of_row[row], clusters.of_row[row % 3]);
        }
        assert_eq!(clusters.rows().iter().map(Vec::len).collect::<Vec<_>>(), [100; 3]);
    }

    #[test]
    fn there_are_no_more_clusters_than_points_that_differ() {
        let points = MixedPoints::new(5, &[&[1.0, 1.0, 1.0, 2.0, 2.0]], &[], vec![]);
        let clusters = k_means(&points, 4, &mut Seed::new(1).stream("x", 0), &Silent).unwrap();
        assert_eq!(clusters.count, 2);
    }
}
