use lookalike_core::normal_quantile;

use crate::margin::{Margin, Support};

/// A column's ranges on a line: where numbers that a network gives become segments again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    /// The segments that lie on it: all but the column's spikes, rising.
    pub(crate) segments: Vec<u32>,
    /// Where each begins.
    low: Vec<f64>,
    /// Where each ends.
    high: Vec<f64>,
}

/// How numbers are put on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// As they are, but for a shift and a factor that bring them into [-1, 1].
    Linear,
    /// By their rank, as the normal number of the same rank.
    Normal,
}

impl Axis {
    /// The line of a margin of numbers without its spikes.
    pub(crate) fn new(margin: &Margin, spikes: &[u32], scale: Scale) -> Self {
        let segments: Vec<u32> = (0..margin.n_segments() as u32)
            .filter(|segment| spikes.binary_search(segment).is_err())
            .collect();
        let (low, high) = match scale {
            Scale::Linear => linear(margin, &segments),
            Scale::Normal => normal(margin, &segments),
        };
        Axis { segments, low, high }
    }

    /// The middle of a place on the line.
    pub(crate) fn middle(&self, place: usize) -> f64 {
        0.5 * (self.low[place] + self.high[place])
    }

    /// The ends of a place on the line.
    pub(crate) fn ends(&self, place: usize) -> (f64, f64) {
        (self.low[place], self.high[place])
    }

    /// The place of a segment.
    pub(crate) fn place(&self, segment: u32) -> Option<usize> {
        self.segments.binary_search(&segment).ok()
    }

    /// The narrowest place that has a width.
    pub(crate) fn narrowest(&self) -> f64 {
        let widths = self.low.iter().zip(&self.high).map(|(low, high)| high - low);
        widths.filter(|&width| width > 0.0).fold(f64::INFINITY, f64::min)
    }

    /// The point below which this share of a margin's rows lies, of those on the line.
    pub(crate) fn quantile(&self, share: f64, counts: &[u64]) -> f64 {
        let total: u64 = self.segments.iter().map(|&segment| counts[segment as usize]).sum();
        let mut left = share * total as f64;
        for (place, &segment) in self.segments.iter().enumerate() {
            let count = counts[segment as usize] as f64;
            if left < count {
                return self.low[place] + left / count * (self.high[place] - self.low[place]);
            }
            left -= count;
        }
        self.high[self.high.len() - 1]
    }

    /// The segment at a number, or the nearest, and how far through it in [0, 1).
    pub(crate) fn locate(&self, x: f64) -> (u32, f64) {
        let last = self.segments.len() - 1;
        let mut place = self.high.partition_point(|&high| high <= x).min(last);
        // In a gap the nearer side counts.
        if place > 0 && x < self.low[place] && x - self.high[place - 1] < self.low[place] - x {
            place -= 1;
        }
        let width = self.high[place] - self.low[place];
        let fraction = if width > 0.0 { (x - self.low[place]) / width } else { 0.0 };
        (self.segments[place], fraction.clamp(0.0, 1.0 - f64::EPSILON))
    }
}

fn linear(margin: &Margin, segments: &[u32]) -> (Vec<f64>, Vec<f64>) {
    let ends: Vec<(f64, f64)> = segments
        .iter()
        .map(|&segment| match &margin.support {
            // A whole number stands for what rounds to it.
            Support::Grid { low, high, .. } => {
                (low[segment as usize] as f64 - 0.5, high[segment as usize] as f64 + 0.5)
            }
            Support::Reals { low, high } => (low[segment as usize], high[segment as usize]),
            Support::Levels { .. } | Support::Booleans(_) => (f64::from(segment), f64::from(segment) + 1.0),
        })
        .collect();
    let (Some(first), Some(last)) = (ends.first(), ends.last()) else { return (Vec::new(), Vec::new()) };
    // Halves first: the ends may be as far apart as doubles can be.
    let centre = 0.5 * first.0 + 0.5 * last.1;
    let half = 0.5 * last.1 - 0.5 * first.0;
    let half = if half > 0.0 { half } else { 1.0 };
    ends.iter().map(|(low, high)| ((low - centre) / half, (high - centre) / half)).unzip()
}

fn normal(margin: &Margin, segments: &[u32]) -> (Vec<f64>, Vec<f64>) {
    let total: u64 = segments.iter().map(|&segment| margin.counts[segment as usize]).sum();
    let mut below = 0;
    // Never quite the ends, which are infinitely far out.
    let at = |below: u64| {
        let share = below as f64 / total.max(1) as f64;
        normal_quantile(share.clamp(0.5 / total.max(1) as f64, 1.0 - 0.5 / total.max(1) as f64))
    };
    segments
        .iter()
        .map(|&segment| {
            let low = at(below);
            below += margin.counts[segment as usize];
            (low, at(below).max(low))
        })
        .unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::margin::{Grid, Unit};

    fn margin() -> Margin {
        let grid = Grid { unit: Unit::Integer, origin: 0, step: 1 };
        // 0 is a spike; then 10, 11 to 20, and far off 100.
        let support = Support::Grid { grid, low: vec![0, 10, 11, 100], high: vec![0, 10, 20, 100] };
        Margin { support, counts: vec![50, 10, 30, 10] }
    }

    #[test]
    fn every_place_leads_back_to_its_segment() {
        let margin = margin();
        for scale in [Scale::Linear, Scale::Normal] {
            let axis = Axis::new(&margin, &[0], scale);
            assert_eq!(axis.segments, [1, 2, 3]);
            for place in 0..3 {
                assert_eq!(axis.locate(axis.middle(place)).0, axis.segments[place]);
                assert_eq!(axis.place(axis.segments[place]), Some(place));
            }
            assert_eq!(axis.place(0), None);
            assert_eq!((axis.locate(-1e9).0, axis.locate(1e9).0), (1, 3));
            let (low, high) = axis.ends(1);
            let (segment, fraction) = axis.locate(low + 0.25 * (high - low));
            assert!(segment == 2 && (fraction - 0.25).abs() < 1e-9);
        }
    }

    #[test]
    fn gaps_belong_to_the_nearer_side() {
        let axis = Axis::new(&margin(), &[0], Scale::Linear);
        let ((_, end), (start, _)) = (axis.ends(1), axis.ends(2));
        assert_eq!(axis.locate(end + 0.4 * (start - end)).0, 2);
        assert_eq!(axis.locate(end + 0.6 * (start - end)).0, 3);
        assert!((axis.ends(0).0 + 1.0).abs() < 1e-12 && (axis.ends(2).1 - 1.0).abs() < 1e-12);
    }
}
