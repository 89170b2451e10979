/// Most pairs that are looked at.
const MOST_PAIRS: usize = 500;

/// How far two tables of codes are apart in pairs of columns: the total variation distance of each pair's joint frequencies,
/// in [0, 1], on average; 0 where all are equal. Rows lie one after the other, one code per column; `sizes` are how many
/// codes each column has. Of more than 500 pairs, 500 evenly chosen ones count. `None` for fewer than two columns or an
/// empty table.
///
/// # Panics
/// If a code is not below its column's size, or a table is not of whole rows.
pub fn pairs_distance(sizes: &[usize], one: &[u16], other: &[u16]) -> Option<f64> {
    let columns = sizes.len();
    if columns < 2 || one.is_empty() || other.is_empty() {
        return None;
    }
    assert!(one.len().is_multiple_of(columns) && other.len().is_multiple_of(columns), "whole rows");
    let pairs: Vec<(usize, usize)> =
        (0..columns).flat_map(|a| (a + 1..columns).map(move |b| (a, b))).collect();
    let looked_at = pairs.len().min(MOST_PAIRS);
    let mut sum = 0.0;
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for number in 0..looked_at {
        let (a, b) = pairs[number * pairs.len() / looked_at];
        for (table, counts) in [(one, &mut left), (other, &mut right)] {
            counts.clear();
            counts.resize(sizes[a] * sizes[b], 0_u64);
            for row in table.chunks_exact(columns) {
                assert!(usize::from(row[b]) < sizes[b], "codes are below their column's size");
                counts[usize::from(row[a]) * sizes[b] + usize::from(row[b])] += 1;
            }
        }
        let share = |counts: &u64, table: &[u16]| *counts as f64 / (table.len() / columns) as f64;
        let apart: f64 = left.iter().zip(&right).map(|(l, r)| (share(l, one) - share(r, other)).abs()).sum();
        sum += 0.5 * apart;
    }
    Some(sum / looked_at as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joint_frequencies_count() {
        // Equal margins, opposite relation.
        let (one, other) = ([0, 0, 1, 1], [0, 1, 1, 0]);
        assert_eq!(pairs_distance(&[2, 2], &one, &other), Some(1.0));
        assert_eq!(pairs_distance(&[2, 2], &one, &one), Some(0.0));
        assert_eq!(pairs_distance(&[2, 2], &one, &[0, 0, 0, 0, 1, 1, 1, 0]), Some(0.25));
        assert_eq!(pairs_distance(&[2], &[0], &[0]), None);
    }
}
