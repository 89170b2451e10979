use std::ops::Range;

use lookalike_core::Warning;
use lookalike_table::protect::Tally;

use super::build::Rule;
use crate::words::counted;

/// Most ranges that a run of smooth values is cut into.
const MAX_RANGES: usize = 512;
/// A column of at most this many distinct values keeps each of them as a spike (if protection lets it).
const FEW_VALUES: usize = 400;
/// In other columns a value of at least this share of the rows is a spike.
const SPIKE_SHARE: f64 = 0.002;
/// Fewest rows in a range, so that a range describes a distribution and not its rows.
const MIN_ROWS: usize = 8;

/// Positions in the order of values: the segment's own stretch first, adopted ones after it.
pub(super) type Rows = Vec<Range<usize>>;

/// One stretch of values and the training rows in it.
#[derive(Debug)]
pub(super) struct Segment<V> {
    pub(super) low: V,
    pub(super) high: V,
    /// Positions in the order of values.
    pub(super) rows: Rows,
}

#[derive(Debug)]
pub(super) struct Parts<V> {
    pub(super) segments: Vec<Segment<V>>,
    pub(super) warnings: Vec<Warning>,
}

/// A number line that ranges can be cut from.
pub(super) trait Line: Copy + PartialOrd {
    /// The value in the middle of some.
    fn mean(values: &[Self]) -> Self;
    /// The last value before the border of a range that begins at `self`.
    fn before(self) -> Self;
    /// True when `self` is nearer to `left` than to `right`.
    fn nearer_left(self, left: Self, right: Self) -> bool;
}

impl Line for i64 {
    fn mean(values: &[Self]) -> Self {
        let sum: i128 = values.iter().map(|&v| i128::from(v)).sum();
        let count = values.len() as i128;
        ((2 * sum + count).div_euclid(2 * count)) as i64
    }

    fn before(self) -> Self {
        self - 1
    }

    fn nearer_left(self, left: Self, right: Self) -> bool {
        i128::from(self) - i128::from(left) <= i128::from(right) - i128::from(self)
    }
}

impl Line for f64 {
    fn mean(values: &[Self]) -> Self {
        let count = values.len() as f64;
        // Halving first keeps the sum of the largest doubles finite.
        values.iter().map(|v| v / count).sum()
    }

    fn before(self) -> Self {
        self
    }

    fn nearer_left(self, left: Self, right: Self) -> bool {
        self - left <= right - self
    }
}

/// Cuts sorted values into spikes and ranges, each shared by enough units.
///
/// Spikes are values that come back exactly. What lies between two spikes is cut into ranges of about equal
/// counts, finer towards both ends so that tails keep their shape. No border of a range is one row's value: inner
/// borders are means of the values around them, outer ones have enough units at or beyond them.
pub(super) fn partition<V: Line>(sorted: &[V], order: &[u32], rule: &Rule<'_>) -> Parts<V> {
    let mut tally = rule.units.tally();
    let groups = equal_values(sorted);
    let fewest = rule.min_units().max((sorted.len() as f64 * SPIKE_SHARE).ceil() as usize);
    let few = groups.len() <= FEW_VALUES;
    let mut cutter =
        Cutter { sorted, order, min_units: rule.min_units(), tally: &mut tally, segments: Vec::new() };
    let mut orphans: Vec<Range<usize>> = Vec::new();
    let mut run = 0..0;
    for group in groups {
        let spike = (few || group.len() >= fewest) && cutter.shared(group.clone());
        if !spike {
            run.end = group.end;
            continue;
        }
        cutter.cut(run, &mut orphans);
        run = group.end..group.end;
        let value = sorted[group.start];
        cutter.segments.push(Segment { low: value, high: value, rows: std::iter::once(group).collect() });
    }
    cutter.cut(run, &mut orphans);
    let mut segments = cutter.segments;
    let mut warnings = Vec::new();
    let withheld: usize = orphans.iter().map(ExactSizeIterator::len).sum();
    if segments.is_empty() {
        if withheld > 0 {
            warnings.push(rule.warn(format!(
                "fewer than {} units have a value, so none is reproduced: the column will be missing",
                rule.min_units()
            )));
        }
        return Parts { segments, warnings };
    }
    for orphan in orphans {
        adopt(&mut segments, sorted, orphan);
    }
    if withheld > 0 {
        warnings.push(rule.warn(format!(
            "values in {} shared by fewer than {} units: merged into their neighbors",
            counted(withheld as u64, "row"),
            rule.min_units()
        )));
    }
    let (first, last) = (segments[0].low, segments[segments.len() - 1].high);
    let beyond = sorted.iter().filter(|&&value| value < first || value > last).count();
    if beyond > withheld {
        warnings.push(rule.warn(format!(
            "the bounds are drawn in so that at least {} units lie at or beyond each; {} outside",
            rule.min_units(),
            counted(beyond as u64, "row")
        )));
    }
    Parts { segments, warnings }
}

/// The positions of each distinct value.
fn equal_values<V: Line>(sorted: &[V]) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let mut start = 0;
    for position in 1..=sorted.len() {
        if position == sorted.len() || sorted[position] != sorted[start] {
            groups.push(start..position);
            start = position;
        }
    }
    groups
}

/// Gives rows that too few units share to the segment whose values are nearest.
fn adopt<V: Line>(segments: &mut [Segment<V>], sorted: &[V], orphan: Range<usize>) {
    let right = segments.partition_point(|segment| segment.rows[0].start < orphan.start);
    let heir = if right == 0 {
        0
    } else if right == segments.len() {
        right - 1
    } else {
        let middle = sorted[orphan.start + orphan.len() / 2];
        right - usize::from(middle.nearer_left(segments[right - 1].high, segments[right].low))
    };
    segments[heir].rows.push(orphan);
}

struct Cutter<'a, 'b, V> {
    sorted: &'a [V],
    order: &'a [u32],
    min_units: usize,
    tally: &'b mut Tally<'a>,
    segments: Vec<Segment<V>>,
}

impl<V: Line> Cutter<'_, '_, V> {
    fn shared(&mut self, rows: Range<usize>) -> bool {
        self.tally.has(self.order, rows, self.min_units)
    }

    /// Cuts a run of values that are no spikes into ranges, or leaves it to its neighbours.
    fn cut(&mut self, run: Range<usize>, orphans: &mut Vec<Range<usize>>) {
        if run.is_empty() {
            return;
        }
        if !self.shared(run.clone()) {
            orphans.push(run);
            return;
        }
        let from_below = self.order[run.clone()].iter().copied();
        let low = self.tally.reach(from_below, self.min_units).expect("the run is shared") - 1;
        let from_above = self.order[run.clone()].iter().rev().copied();
        let high = self.tally.reach(from_above, self.min_units).expect("the run is shared") - 1;
        let (low, high) = (self.sorted[run.start + low], self.sorted[run.end - 1 - high]);
        if low >= high {
            // Too few units for bounds of their own: all become the run's mean.
            let mean = V::mean(&self.sorted[run.clone()]);
            self.segments.push(Segment { low: mean, high: mean, rows: std::iter::once(run).collect() });
            return;
        }
        let mut start = run.start;
        let mut edge = low;
        for cut in self.cuts(&run) {
            if cut <= start || !self.shared(start..cut) || !self.shared(cut..run.end) {
                continue;
            }
            let Some(border) = self.border(cut, &run) else { continue };
            if border <= edge || border.before() < edge || border > high {
                continue;
            }
            self.segments.push(Segment {
                low: edge,
                high: border.before(),
                rows: std::iter::once(start..cut).collect(),
            });
            edge = border;
            start = cut;
        }
        self.segments.push(Segment { low: edge, high, rows: std::iter::once(start..run.end).collect() });
    }

    /// Where to cut: ranges of equal count in the middle, doubling from both ends; never between equal values.
    fn cuts(&self, run: &Range<usize>) -> Vec<usize> {
        let least = self.min_units.max(MIN_ROWS);
        let most = least.max(self.sorted.len().div_ceil(MAX_RANGES));
        let half = run.len() / 2;
        let mut offsets = Vec::new();
        let (mut width, mut offset) = (least, least);
        while offset <= half {
            offsets.push(offset);
            width = (width * 2).min(most);
            offset += width;
        }
        let below = offsets.iter().map(|offset| run.start + offset);
        let above = offsets.iter().rev().map(|offset| run.end - offset);
        let mut cuts: Vec<usize> = below.chain(above).collect();
        for cut in &mut cuts {
            // Equal values stay on one side.
            while *cut < run.end && self.sorted[*cut - 1] == self.sorted[*cut] {
                *cut += 1;
            }
        }
        cuts.retain(|&cut| cut < run.end);
        cuts.dedup();
        cuts
    }

    /// A border between the rows before and from `cut` that is nobody's value: the mean of enough units around.
    fn border(&mut self, cut: usize, run: &Range<usize>) -> Option<V> {
        let mut half = self.min_units.div_ceil(2).max(1);
        loop {
            let around = cut.saturating_sub(half).max(run.start)..(cut + half).min(run.end);
            if self.shared(around.clone()) {
                return Some(V::mean(&self.sorted[around]));
            }
            if around == *run {
                return None;
            }
            half *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use lookalike_table::protect::{Protection, Units};

    use super::*;

    fn parts(values: &[i64], min_units: u32) -> Parts<i64> {
        let units = Units::rows(values.len());
        let rule = Rule { name: "x", units: &units, protection: Protection { min_units } };
        let order: Vec<u32> = (0..values.len() as u32).collect();
        partition(values, &order, &rule)
    }

    fn covered(parts: &Parts<i64>) -> usize {
        parts.segments.iter().flat_map(|segment| &segment.rows).map(ExactSizeIterator::len).sum()
    }

    #[test]
    fn every_row_falls_somewhere_and_segments_rise() {
        let values: Vec<i64> = (0..5000).map(|i| i * i / 7).collect();
        for min_units in [1, 5, 50] {
            let parts = parts(&values, min_units);
            assert_eq!(covered(&parts), values.len());
            assert!(parts.segments.len() > 40, "{}", parts.segments.len());
            assert!(parts.segments.windows(2).all(|pair| pair[0].high < pair[1].low));
            assert!(parts.segments.iter().all(|segment| segment.low <= segment.high));
        }
    }

    #[test]
    fn bounds_have_enough_units_at_or_beyond() {
        let mut values: Vec<i64> = (0..1000).map(|i| i * 3).collect();
        values[999] = 1_000_000_007;
        values[0] = -1_000_000_007;
        let parts = parts(&values, 5);
        let (first, last) = (&parts.segments[0], &parts.segments[parts.segments.len() - 1]);
        assert_eq!(first.low, values[4]);
        assert_eq!(last.high, values[995]);
        assert!(!parts.warnings.is_empty());
    }

    #[test]
    fn a_shared_top_code_stays() {
        let mut values: Vec<i64> = (0..1000).collect();
        values.extend([99_999; 6]);
        let parts = parts(&values, 5);
        assert_eq!(parts.segments.last().unwrap().low, 99_999);
        assert!(parts.segments.last().unwrap().rows.iter().eq(&[1000..1006; 1]));
    }

    #[test]
    fn rare_values_between_spikes_merge_into_the_nearest() {
        let mut values = vec![10; 20];
        values.extend([11, 11]);
        values.extend([20; 20]);
        let parts = parts(&values, 5);
        let counts: Vec<usize> =
            parts.segments.iter().map(|s| s.rows.iter().map(ExactSizeIterator::len).sum()).collect();
        assert_eq!(counts, [22, 20]);
        assert_eq!(parts.segments[0].high, 10);
    }

    #[test]
    fn no_unique_value_becomes_a_border() {
        // Widely spaced unique values: a border that equals one of them would give it away.
        let mut seed = 1_u64;
        let mut values: Vec<i64> = (0..3000)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (seed >> 20) as i64
            })
            .collect();
        values.sort_unstable();
        values.dedup();
        let parts = parts(&values, 5);
        let inner: Vec<i64> = parts.segments.iter().skip(1).map(|segment| segment.low).collect();
        let hits = inner.iter().filter(|border| values.binary_search(border).is_ok()).count();
        assert!(inner.len() > 100);
        assert_eq!(hits, 0);
    }

    #[test]
    fn units_count_not_rows() {
        // One patient has all the large values.
        let mut values: Vec<i64> = (0..100).collect();
        values.extend(vec![5000; 50]);
        let units: Vec<i64> = (0..100).chain(std::iter::repeat_n(7, 50)).collect();
        let table = lookalike_table::Table::new(
            std::sync::Arc::new(lookalike_table::Schema::new(vec![lookalike_table::ColumnSchema::new(
                "patient",
                lookalike_table::Kind::Id(lookalike_table::schema::IdFormat::default()),
            )])),
            vec![lookalike_table::Column::from_integers(units, None)],
        )
        .unwrap();
        let units = Units::of_column(&table, 0).unwrap();
        let rule = Rule { name: "x", units: &units, protection: Protection::default() };
        let order: Vec<u32> = (0..values.len() as u32).collect();
        let parts = partition(&values, &order, &rule);
        assert!(parts.segments.iter().all(|segment| segment.high < 5000));
        assert_eq!(covered(&parts), values.len());
    }
}
