//! Counts of few real rows are not shown: they could be about single people.

/// The fewest rows of a real table that a shown count may stand for, unless it stands for none.
pub(super) const FEWEST: u64 = crate::names::LEAST_ROWS as u64;

/// Rows per table in one bin, in the order of the series; the first `real` of them are real tables.
pub(super) type Counts = Vec<u64>;

/// Neighbouring bins as one: the first of them, the one after the last, and their counts.
pub(super) type Joined = (usize, usize, Counts);

/// True when a bin shows few rows of a real table.
pub(super) fn is_small(counts: &[u64], real: usize) -> bool {
    counts[..real].iter().any(|&count| (1..FEWEST).contains(&count))
}

/// Joins each bin that shows few rows of a real table with its neighbours: for each joined bin the first of its bins,
/// the one after its last, and its counts. One bin may remain that is still small, when all rows together are few.
pub(super) fn join_neighbours(bins: &[Counts], real: usize) -> Vec<Joined> {
    let mut joined: Vec<Joined> = Vec::new();
    for (index, counts) in bins.iter().enumerate() {
        match joined.last_mut() {
            Some((_, end, last)) if is_small(last, real) => {
                add(last, counts);
                *end = index + 1;
            }
            _ => joined.push((index, index + 1, counts.clone())),
        }
    }
    // The last one has no neighbour to the right.
    while joined.len() > 1 && joined.last().is_some_and(|(_, _, last)| is_small(last, real)) {
        let (_, end, counts) = joined.pop().expect("there is a last one");
        let (_, before, sum) = joined.last_mut().expect("there is one before it");
        add(sum, &counts);
        *before = end;
    }
    joined
}

/// Adds counts of a bin to those of another.
pub(super) fn add(sum: &mut Counts, counts: &[u64]) {
    sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_joined_with_their_neighbours_and_none_are_not() {
        let bins = [vec![9, 0], vec![2, 8], vec![0, 3], vec![3, 1], vec![0, 0], vec![7, 7], vec![4, 9]];
        let joined = join_neighbours(&bins, 1);
        let places: Vec<(usize, usize)> = joined.iter().map(|(start, end, _)| (*start, *end)).collect();
        assert_eq!(places, [(0, 1), (1, 4), (4, 5), (5, 7)]);
        assert_eq!(joined[1].2, [5, 12]);
        assert!(joined.iter().all(|(_, _, counts)| !is_small(counts, 1)));
        // The second table counts as soon as it is real.
        assert!(join_neighbours(&bins, 2).iter().all(|(_, _, counts)| !is_small(counts, 2)));
    }
}
