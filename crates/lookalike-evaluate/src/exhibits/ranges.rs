use lookalike_core::math;
use lookalike_table::{Column, ColumnSchema, spelling};

use super::small_cells::{Counts, FEWEST, Joined, join_neighbours};
use crate::alignment::Sort;

/// About how many ranges the middle of a column is divided into.
const RANGES: f64 = 25.0;

/// Up to this many different values each have a range of their own.
const MOST_SINGLE_VALUES: usize = 24;

/// The rows of some tables in ranges of one column's numbers.
pub(super) struct Ranges {
    pub(super) labels: Vec<String>,
    /// One more than labels.
    pub(super) edges: Vec<f64>,
    /// Per range the rows of each table.
    pub(super) counts: Vec<Counts>,
}

/// Where ranges begin and end, and what they are called.
struct Grid {
    edges: Vec<f64>,
    /// The value of each range, where ranges are made for single values.
    values: Option<Vec<f64>>,
}

/// Divides the numbers of the tables, of which the first is the training table and the first `real` are real.
/// `None` where the training table has no number.
pub(super) fn divide(tables: &[&[f64]], real: usize, schema: &ColumnSchema, sort: Sort) -> Option<Ranges> {
    let mut sorted: Vec<f64> = tables[0].iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let grid = grid(&sorted)?;
    let n_bins = grid.edges.len() - 1;
    let inner = &grid.edges[1..n_bins];
    let mut bins: Vec<Counts> = vec![vec![0; tables.len()]; n_bins];
    for (table, values) in tables.iter().enumerate() {
        for value in values.iter().filter(|value| !value.is_nan()) {
            // What lies outside belongs to the first or the last range: those are open.
            bins[inner.partition_point(|edge| edge <= value)][table] += 1;
        }
    }
    let joined = join_neighbours(&bins, real);
    let labels = match &grid.values {
        Some(values) => value_labels(&joined, values, tables, &spell(values, schema, sort)),
        None => range_labels(&joined, &spell(&grid.edges, schema, sort)),
    };
    let mut edges = vec![grid.edges[0]];
    edges.extend(joined.iter().map(|(_, end, _)| grid.edges[*end]));
    Some(Ranges { labels, edges, counts: joined.into_iter().map(|(_, _, counts)| counts).collect() })
}

/// What ranges around single values are called.
fn value_labels(joined: &[Joined], values: &[f64], tables: &[&[f64]], texts: &[String]) -> Vec<String> {
    let is_named =
        |value: &f64| value.is_nan() || values.binary_search_by(|known| known.total_cmp(value)).is_ok();
    let pure = tables.iter().all(|values| values.iter().all(is_named));
    let about = if pure { "" } else { "about " };
    let label = |(start, end, _): &Joined| match &texts[*start..*end] {
        [one] => format!("{about}{one}"),
        several => format!("{about}{} to {}", several[0], several[several.len() - 1]),
    };
    joined.iter().map(label).collect()
}

/// What ranges between edges are called: the first and the last are open.
fn range_labels(joined: &[Joined], texts: &[String]) -> Vec<String> {
    let last = joined.len() - 1;
    let label = |(place, (start, end, _)): (usize, &Joined)| match place {
        _ if last == 0 => "all".to_owned(),
        0 => format!("below {}", texts[*end]),
        place if place == last => format!("{} or more", texts[*start]),
        _ => format!("{} to {}", texts[*start], texts[*end]),
    };
    joined.iter().enumerate().map(label).collect()
}

fn grid(sorted: &[f64]) -> Option<Grid> {
    let (&low, &high) = (sorted.first()?, sorted.last()?);
    let different = sorted.chunk_by(|a, b| a == b);
    if different.clone().count() <= MOST_SINGLE_VALUES {
        // Values of few rows fall to their neighbours: neither name nor edge tells them.
        let values: Vec<f64> =
            different.filter(|equal| equal.len() as u64 >= FEWEST).map(|equal| equal[0]).collect();
        if let (Some(first), Some(last)) = (values.first(), values.last()) {
            let gap = values.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
            let half = if gap.is_finite() { gap / 2.0 } else { 0.5 };
            let mut edges = vec![first - half];
            edges.extend(values.windows(2).map(|pair| pair[0] / 2.0 + pair[1] / 2.0));
            edges.push(last + half);
            return Some(Grid { edges, values: Some(values) });
        }
    }
    // Round edges around the middle of the column: its exact ends belong to single rows.
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share) as usize];
    let (from, to) = match (at(0.01), at(0.99)) {
        (from, to) if from < to => (from, to),
        _ => (low, high),
    };
    let step = round_step(to / RANGES - from / RANGES);
    let (first, last) = ((from / step).floor(), (to / step).floor() + 1.0);
    let count = (last - first).clamp(1.0, 4.0 * RANGES) as usize;
    let edges = (0..=count).map(|place| (first + place as f64) * step).collect();
    Some(Grid { edges, values: None })
}

/// The next of 1, 2, 5, 10, 20, 50 ... that is at least this, and 1 where that is nothing: few rows of one value have no width.
fn round_step(least: f64) -> f64 {
    if least < f64::MIN_POSITIVE {
        return 1.0;
    }
    let power = math::pow(10.0, math::log10(least).floor());
    let digit = least / power;
    let round = [1.0, 2.0, 5.0].into_iter().find(|round| digit <= *round).unwrap_or(10.0);
    round * power
}

/// Numbers as people read them; instants as the column spells them.
fn spell(values: &[f64], schema: &ColumnSchema, sort: Sort) -> Vec<String> {
    if sort == Sort::Instant {
        let micros =
            Column::from_instants(values.iter().map(|value| (value / 1000.0) as i64).collect(), None);
        return spelling::spell(schema, &micros).into_iter().map(Option::unwrap_or_default).collect();
    }
    values.iter().map(|value| plain(*value)).collect()
}

/// A number with up to six digits that mean something.
fn plain(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e15).contains(&size) {
        return format!("{value:.3e}");
    }
    let decimals = (5.0 - math::log10(size).floor()).clamp(0.0, 9.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use lookalike_table::{Kind, schema::NumberFormat};

    use super::*;

    fn ranges(tables: &[&[f64]], real: usize) -> Ranges {
        let schema = ColumnSchema::new("x", Kind::Numerical(NumberFormat::whole()));
        divide(tables, real, &schema, Sort::Number).unwrap()
    }

    #[test]
    fn no_range_shows_few_real_rows_and_no_row_is_lost() {
        let train: Vec<f64> = (0..1000).map(|row| f64::from(row * row % 977)).chain([123_456.0]).collect();
        let synthetic: Vec<f64> = (0..700).map(f64::from).chain([-50.0, 1e9]).collect();
        let ranges = ranges(&[&train, &synthetic], 1);
        assert!(ranges.counts.iter().all(|counts| counts[0] == 0 || counts[0] >= 5));
        assert_eq!(ranges.counts.iter().map(|counts| counts[0]).sum::<u64>(), 1001);
        assert_eq!(ranges.counts.iter().map(|counts| counts[1]).sum::<u64>(), 702);
        assert_eq!(ranges.edges.len(), ranges.labels.len() + 1);
        assert!(ranges.edges.is_sorted_by(|a, b| a < b));
        // The one extreme value can be read from nothing.
        assert!(ranges.edges.iter().all(|edge| *edge < 2000.0), "{:?}", ranges.edges);
        assert!(ranges.labels.last().unwrap().ends_with("or more"), "{:?}", ranges.labels);
    }

    #[test]
    fn few_different_values_have_ranges_of_their_own() {
        let train: Vec<f64> = (0..90).map(|row| f64::from(row % 3)).collect();
        assert_eq!(ranges(&[&train], 1).labels, ["0", "1", "2"]);
        // A value of few rows falls to its neighbour, and nothing tells it.
        let train: Vec<f64> = train.into_iter().chain([7.0]).collect();
        let ranges = ranges(&[&train], 1);
        assert_eq!(ranges.labels, ["about 0", "about 1", "about 2"]);
        assert_eq!(ranges.edges, [-0.5, 0.5, 1.5, 2.5]);
        assert_eq!(ranges.counts[2], [31]);
    }

    #[test]
    fn few_rows_of_one_value_are_of_one_range() {
        for value in [3.0, 0.0, -1e300, 5e-324] {
            for rows in 1..4 {
                let ranges = ranges(&[&vec![value; rows], &[1.0, f64::NAN, 1e9]], 1);
                assert_eq!((ranges.labels.len(), ranges.edges.len()), (1, 2));
                assert_eq!(ranges.counts, [[rows as u64, 2]]);
            }
        }
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(plain(1234.0), "1234");
        assert_eq!(plain(0.25), "0.25");
        assert_eq!(plain(-12.5), "-12.5");
        assert_eq!(plain(1e20), "1.000e20");
        assert_eq!(round_step(0.3), 0.5);
        assert_eq!(round_step(7.0), 10.0);
        assert_eq!((round_step(0.0), round_step(5e-324)), (1.0, 1.0));
    }
}
