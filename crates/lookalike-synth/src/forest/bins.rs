//! Halving ordered segments again and again, and grouping them into bins.

use lookalike_core::Stream;

use super::model::Split;

/// Most bins in which later variables see an ordered one.
const ORDERED_BINS: usize = 240;
/// Most bins of one whose levels have no order.
const NOMINAL_BINS: usize = 250;

/// Halves segments by their counts into a tree of splits, the root first, until fewer than `least` rows are left. A
/// `jitter` of 0 halves as evenly as possible; up to 1, it moves the cuts at random.
pub(crate) fn halve(counts: &[u64], least: u64, jitter: f64, stream: &mut Stream) -> Vec<Split> {
    let mut sums = Vec::with_capacity(counts.len() + 1);
    let mut sum = 0;
    sums.push(0);
    for &count in counts {
        sum += count;
        sums.push(sum);
    }
    let mut splits: Vec<Split> = Vec::new();
    // Where the number of a half's split is to be put: (parent, is it the right one).
    let mut stack = vec![(0, counts.len(), None::<(usize, bool)>)];
    while let Some((start, end, parent)) = stack.pop() {
        let rows = sums[end] - sums[start];
        if end - start < 2 || rows < least {
            continue;
        }
        let wanted = sums[start] as f64 + rows as f64 * (0.5 + jitter * (stream.unit() - 0.5));
        // The cut nearest to the wanted place.
        let above = sums[start + 1..end].partition_point(|&sum| (sum as f64) < wanted) + start + 1;
        let middle = if above == end {
            end - 1
        } else if above > start + 1 && wanted - sums[above - 1] as f64 <= sums[above] as f64 - wanted {
            above - 1
        } else {
            above
        };
        let number = splits.len();
        splits.push(Split {
            start: start as u32,
            middle: middle as u32,
            end: end as u32,
            left: Split::NONE,
            right: Split::NONE,
            base: 0.0,
            trees: (0, 0),
        });
        if let Some((parent, right)) = parent {
            let link: &mut Split = &mut splits[parent];
            *(if right { &mut link.right } else { &mut link.left }) = number as u32;
        }
        stack.push((middle, end, Some((number, true))));
        stack.push((start, middle, Some((number, false))));
    }
    splits
}

/// Groups neighbouring segments into at most so many codes of about equal counts; a heavy one has a code of its own.
pub(crate) fn group(counts: &[u64], most: usize) -> Vec<u32> {
    if counts.len() <= most {
        return (0..counts.len() as u32).collect();
    }
    let mut left: u64 = counts.iter().sum();
    let (mut code, mut inside) = (0, 0);
    counts
        .iter()
        .map(|&count| {
            let codes_left = most - code;
            let share = left as f64 / codes_left as f64;
            if inside > 0 && codes_left > 1 && (inside as f64 >= share || count as f64 >= share) {
                left -= inside;
                inside = 0;
                code += 1;
            }
            inside += count;
            code as u32
        })
        .collect()
}

/// [`group`]s ordered segments into as many bins as a tree's histogram has.
pub(super) fn group_ordered(counts: &[u64]) -> Vec<u8> {
    group(counts, ORDERED_BINS).into_iter().map(|bin| bin as u8).collect()
}

/// A bin for each of the most frequent levels, one for all others.
pub(super) fn group_nominal(counts: &[u64]) -> Vec<u8> {
    if counts.len() <= NOMINAL_BINS {
        return (0..counts.len()).map(|segment| segment as u8).collect();
    }
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&segment| (std::cmp::Reverse(counts[segment]), segment));
    let mut kept = order[..NOMINAL_BINS - 1].to_vec();
    kept.sort_unstable();
    let mut bins = vec![NOMINAL_BINS as u8 - 1; counts.len()];
    for (bin, segment) in kept.into_iter().enumerate() {
        bins[segment] = bin as u8;
    }
    bins
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;

    fn check(splits: &[Split], segments: u32) {
        let mut leaves = vec![0; segments as usize];
        let mut stack = vec![(0, 0, segments)];
        while let Some((number, start, end)) = stack.pop() {
            if number == Split::NONE {
                leaves[start as usize..end as usize].iter_mut().for_each(|leaf| *leaf += 1);
                continue;
            }
            let split = splits[number as usize];
            assert_eq!((split.start, split.end), (start, end));
            assert!(split.start < split.middle && split.middle < split.end);
            stack.push((split.left, start, split.middle));
            stack.push((split.right, split.middle, end));
        }
        assert!(leaves.iter().all(|&times| times == 1));
    }

    #[test]
    fn halves_cover_all_segments_once() {
        let counts: Vec<u64> = (0..300).map(|i| 1 + (i * i) % 97).collect();
        let mut stream = Seed::new(1).stream("halves", 0);
        for jitter in [0.0, 0.8] {
            let splits = halve(&counts, 40, jitter, &mut stream);
            assert!(splits.len() > 100);
            check(&splits, 300);
        }
        assert!(halve(&[5], 1, 0.0, &mut stream).is_empty());
        check(&halve(&[1, 1_000_000], 1, 0.0, &mut stream), 2);
        check(&halve(&[1_000_000, 1, 1], 1, 0.8, &mut stream), 3);
    }

    #[test]
    fn bins_rise_and_heavy_segments_stand_alone() {
        let mut counts = vec![3; 500];
        counts[250] = 10_000;
        let bins = group_ordered(&counts);
        assert!(bins.windows(2).all(|pair| pair[0] <= pair[1]) && usize::from(bins[499]) < ORDERED_BINS);
        assert!(bins[249] < bins[250] && bins[250] < bins[251]);
        let bins = group_nominal(&counts);
        let alone = bins.iter().enumerate().all(|(place, &bin)| (bin == bins[250]) == (place == 250));
        assert!(alone);
        assert_eq!(usize::from(*bins.iter().max().unwrap()), NOMINAL_BINS - 1);
    }
}
