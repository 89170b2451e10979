//! Choices by weight.

use super::source::Section;

/// Weights as running shares.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cumulative(Vec<f64>);

impl Cumulative {
    /// `None` when no weight is above 0.
    pub(super) fn new(weights: &[f64]) -> Option<Cumulative> {
        // Very large weights do not overflow their sum.
        let largest = weights.iter().copied().fold(0.0, f64::max);
        let weights: Vec<f64> = if largest > 1e300 {
            weights.iter().map(|weight| weight / largest).collect()
        } else {
            weights.to_vec()
        };
        let total: f64 = weights.iter().sum();
        if !(total > 0.0 && total.is_finite()) {
            return None;
        }
        let mut sum = 0.0;
        let mut shares: Vec<f64> = weights
            .iter()
            .map(|weight| {
                sum += weight;
                sum / total
            })
            .collect();
        // What rounding left over belongs to the last one that has a weight.
        let last = weights.iter().rposition(|weight| *weight > 0.0)?;
        shares[last..].fill(1.0);
        Some(Cumulative(shares))
    }

    /// The share of each choice.
    pub(super) fn weights(&self) -> Vec<f64> {
        let before = std::iter::once(0.0).chain(self.0.iter().copied());
        self.0.iter().zip(before).map(|(share, before)| share - before).collect()
    }

    /// The choice at a place in (0, 1).
    pub(super) fn at(&self, unit: f64) -> usize {
        self.0.partition_point(|share| *share <= unit).min(self.0.len() - 1)
    }

    /// The choice at a place in (0, 1), and the place within it, in (0, 1) again.
    pub(super) fn split(&self, unit: f64) -> (usize, f64) {
        if self.0.len() == 1 {
            return (0, unit);
        }
        let chosen = self.at(unit);
        let low = if chosen == 0 { 0.0 } else { self.0[chosen - 1] };
        let within = (unit - low) / (self.0[chosen] - low);
        (chosen, within.clamp(f64::EPSILON, 1.0 - f64::EPSILON))
    }
}

/// How far shares may be from adding up to 1: as much as rounding to a few digits leaves.
pub(super) const SLACK: f64 = 0.001;

/// Reads `shares`, which have to add up to 1, or `weights`, which need not; all alike if neither is there.
pub(super) fn read(section: &Section<'_>, count: usize) -> Option<Cumulative> {
    let (shares, weights) = (section.numbers("shares"), section.numbers("weights"));
    let problems = section.problems;
    let (list, key) = match (shares, weights) {
        (Some(shares), Some(_)) => {
            let message = format!("{} has both `shares` and `weights`; give one of them", section.what);
            problems.add(shares.line, message);
            return None;
        }
        (Some(shares), None) => (shares, "shares"),
        (None, Some(weights)) => (weights, "weights"),
        (None, None) if section.has("shares") || section.has("weights") => return None,
        (None, None) => return Cumulative::new(&vec![1.0; count]),
    };
    if list.value.len() != count {
        let message = format!(
            "`{key}` of {} has {} numbers for {count} values; give one for each",
            section.what,
            list.value.len()
        );
        problems.add(list.line, message);
        return None;
    }
    if list.value.iter().any(|weight| *weight < 0.0) {
        problems.add(
            list.line,
            format!("`{key}` of {} has a number below 0; take 0 for what never occurs", section.what),
        );
        return None;
    }
    let sum: f64 = list.value.iter().sum();
    if key == "shares" && (sum - 1.0).abs() > SLACK {
        let message = format!(
            "the shares of {} sum to {}, not to 1; mend them, or call them `weights`, which need not sum to 1",
            section.what,
            (sum * 1e6).round() / 1e6
        );
        problems.add(list.line, message);
        return None;
    }
    of(section, list.line, key, &list.value)
}

/// The choice that weights make, or a note that they make none.
pub(super) fn of(section: &Section<'_>, line: usize, key: &str, weights: &[f64]) -> Option<Cumulative> {
    let cumulative = Cumulative::new(weights);
    if cumulative.is_none() {
        let message = format!("`{key}` of {} gives no value a weight that is a number above 0", section.what);
        section.problems.add(line, message);
    }
    cumulative
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_fall_where_the_weights_are() {
        let weights = Cumulative::new(&[1.0, 0.0, 3.0, 0.0]).unwrap();
        assert_eq!([0.1, 0.2499, 0.25, 0.9999].map(|unit| weights.at(unit)), [0, 0, 2, 2]);
        let (chosen, within) = weights.split(0.625);
        assert_eq!((chosen, within), (2, 0.5));
        assert!(Cumulative::new(&[0.0]).is_none());
    }
}
