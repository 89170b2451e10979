use super::{ColumnMeasure, Compared, Sample, is_number};
use crate::metric::{Family, Goal, Metric};

/// How far values would have to be moved.
const WASSERSTEIN: Metric = Metric {
    name: "wasserstein",
    title: "Wasserstein distance",
    meaning: "numbers and dates: how far values would have to be moved on average to turn one distribution into the \
              other, in standard deviations of the training column. Unlike KSComplement it sees how far tails are \
              off; `distance` is in the column's own unit",
    family: Family::Fidelity,
    goal: Goal::Lower,
    range: (Some(0.0), None),
    needs: &[],
    headline: false,
    citation: "Ramdas, Garcia Trillos and Cuturi 2017, https://doi.org/10.3390/e19020047; wasserstein_distance of SciPy",
};

pub(super) const MEASURE: ColumnMeasure = ColumnMeasure {
    metric: &WASSERSTEIN,
    applies: is_number,
    compare,
    otherwise: "no number or date has values in both tables and varies in the training table",
};

fn compare(real: &Sample, other: &Sample) -> Option<Compared> {
    let distance = distance(real.sorted()?, other.sorted()?);
    let (_, squares) = real.moments()?;
    let deviation = (squares / real.sorted()?.len() as f64).sqrt();
    (deviation > 0.0).then(|| Compared { value: distance / deviation, detail: Some(("distance", distance)) })
}

/// The area between the two distribution functions.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let (mut i, mut j) = (0, 0);
    let mut before = a[0].min(b[0]);
    let mut area = 0.0;
    while i < a.len() || j < b.len() {
        let next = match (a.get(i), b.get(j)) {
            (Some(&a), Some(&b)) => a.min(b),
            (Some(&one), None) | (None, Some(&one)) => one,
            (None, None) => break,
        };
        let gap = i as f64 / a.len() as f64 - j as f64 / b.len() as f64;
        area += gap.abs() * (next - before);
        before = next;
        while a.get(i).is_some_and(|&value| value <= next) {
            i += 1;
        }
        while b.get(j).is_some_and(|&value| value <= next) {
            j += 1;
        }
    }
    area
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn it_is_how_far_values_are_moved() {
        assert_eq!(distance(&[0.0, 1.0, 3.0], &[5.0, 6.0, 8.0]), 5.0);
        assert_eq!(distance(&[1.0, 2.0], &[1.0, 2.0]), 0.0);
        // One of two is moved by 4.
        assert_eq!(distance(&[0.0, 0.0], &[0.0, 4.0]), 2.0);
        assert_eq!(distance(&[3.0], &[1.0, 1.0, 1.0]), 2.0);
    }
}
