use lookalike_core::normal_cdf;

use crate::margin::Margin;

/// Finds the segment that a standard normal value falls in, in a few steps.
#[derive(Debug, Clone)]
pub(crate) struct Lookup {
    /// Upper borders of the segments as normal quantiles; the last is infinity.
    upper: Vec<f64>,
    /// Borders in the distribution function, one more than there are segments.
    shares: Vec<f64>,
    /// The segment at the lower end of each of equal cells of [-LIMIT, LIMIT].
    guide: Vec<u32>,
    cells_per_unit: f64,
    /// True where a segment is a single value, so that the place within it does not matter.
    point: Vec<bool>,
}

const MOST_CELLS: usize = 2048;
const LIMIT: f64 = 4.0;

impl Lookup {
    pub(crate) fn new(margin: &Margin) -> Self {
        let borders = margin.normal_borders();
        let upper: Vec<f64> = borders[1..].to_vec();
        // More cells than segments need would only take memory.
        let cells = (margin.n_segments() * 8).clamp(16, MOST_CELLS);
        let cells_per_unit = cells as f64 / (2.0 * LIMIT);
        let guide = (0..cells)
            .map(|cell| {
                let start = cell as f64 / cells_per_unit - LIMIT;
                upper.partition_point(|&border| border <= start).min(upper.len() - 1) as u32
            })
            .collect();
        let point = (0..margin.n_segments()).map(|segment| margin.support.is_point(segment)).collect();
        Lookup { upper, shares: margin.borders(), guide, cells_per_unit, point }
    }

    /// The segment of `z`, and how far through it in [0, 1) where that matters.
    #[inline]
    pub(crate) fn locate(&self, z: f64) -> (u32, f64) {
        let segment = self.segment(z);
        let place = if self.point[segment as usize] { 0.0 } else { self.fraction(segment, z) };
        (segment, place)
    }

    #[inline]
    fn segment(&self, z: f64) -> u32 {
        let cell = (z + LIMIT) * self.cells_per_unit;
        let last = self.upper.len() - 1;
        // Saturating casts: values below the first cell begin at the first segment.
        let start =
            if cell < 0.0 { 0 } else { self.guide[(cell as usize).min(self.guide.len() - 1)] as usize };
        let mut segment = start;
        for _ in 0..8 {
            if self.upper[segment] > z {
                return segment as u32;
            }
            if segment == last {
                return last as u32;
            }
            segment += 1;
        }
        (segment + self.upper[segment..].partition_point(|&border| border <= z)).min(last) as u32
    }

    fn fraction(&self, segment: u32, z: f64) -> f64 {
        let (from, to) = (self.shares[segment as usize], self.shares[segment as usize + 1]);
        ((normal_cdf(z) - from) / (to - from)).clamp(0.0, 1.0 - f64::EPSILON)
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::normal_quantile;

    use super::*;
    use crate::margin::{Grid, Support, Unit};

    #[test]
    fn lookups_agree_with_a_plain_search() {
        let counts: Vec<u64> = (0..700).map(|i| 1 + (i * 7919) % 101).collect();
        let n = counts.len() as i64;
        let grid = Grid { unit: Unit::Integer, origin: 0, step: 1 };
        let support = Support::Grid {
            grid,
            low: (0..n).map(|i| i * 10).collect(),
            high: (0..n).map(|i| i * 10 + 9).collect(),
        };
        let margin = Margin { support, counts };
        let borders = margin.borders();
        let lookup = Lookup::new(&margin);
        for step in 1..20_000 {
            let u = step as f64 / 20_000.0;
            let (segment, fraction) = lookup.locate(normal_quantile(u));
            let expected = borders[1..].partition_point(|&border| border <= u) as u32;
            assert!(segment.abs_diff(expected) <= 1);
            let back = borders[segment as usize]
                + fraction * (borders[segment as usize + 1] - borders[segment as usize]);
            assert!((back - u).abs() < 1e-9, "{u} {back}");
        }
        assert_eq!(lookup.locate(-40.0).0, 0);
        assert_eq!(lookup.locate(40.0).0, 699);
    }
}
