use lookalike_table::{Codes, Column, Levels};

/// What the segments of a margin stand for.
#[derive(Debug, Clone)]
pub(crate) enum Support {
    /// Segment `s` is the level `codes[s]`.
    Levels { levels: Levels, codes: Vec<u32> },
    /// Segment `s` is a truth value.
    Booleans(Vec<bool>),
    /// Segment `s` is the whole numbers `low[s]..=high[s]` on a grid.
    Grid { grid: Grid, low: Vec<i64>, high: Vec<i64> },
    /// Segment `s` is the numbers from `low[s]` to `high[s]`.
    Reals { low: Vec<f64>, high: Vec<f64> },
}

/// How a column's exact values lie on whole numbers: `value = (origin + step * tick) * unit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) unit: Unit,
    pub(crate) origin: i64,
    /// Positive.
    pub(crate) step: i64,
}

/// What a whole number on the grid counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Ones of a signed whole-number column.
    Integer,
    /// Ones of an unsigned column, less 2^63.
    Unsigned,
    /// Units of `10^-places` of a floating-point column.
    Places(u8),
    /// Units of `10^-scale` of a decimal column.
    Decimal(i8),
    /// Microseconds.
    Instant,
}

impl Grid {
    /// The grid number of a tick. Cannot overflow for ticks between those of two values of the column.
    pub(crate) fn position(&self, tick: i64) -> i64 {
        self.origin.wrapping_add(self.step.wrapping_mul(tick))
    }

    /// The smallest tick whose grid number is at least `position`.
    pub(crate) fn tick_at_least(&self, position: i128) -> i64 {
        let offset = position - i128::from(self.origin);
        let step = i128::from(self.step);
        saturate(offset.div_euclid(step) + i128::from(offset.rem_euclid(step) != 0))
    }

    /// The largest tick whose grid number is at most `position`.
    pub(crate) fn tick_at_most(&self, position: i128) -> i64 {
        saturate((position - i128::from(self.origin)).div_euclid(i128::from(self.step)))
    }

    /// The tick of a grid number, if it lies on the grid.
    pub(crate) fn tick(&self, position: i128) -> Option<i64> {
        let offset = position - i128::from(self.origin);
        let step = i128::from(self.step);
        (offset.rem_euclid(step) == 0).then(|| i64::try_from(offset / step).ok()).flatten()
    }

    fn column(&self, ticks: impl Iterator<Item = i64>, missing: Option<Vec<bool>>) -> Column {
        let positions = ticks.map(|tick| self.position(tick));
        match self.unit {
            Unit::Integer => Column::from_integers(positions.collect(), missing),
            Unit::Instant => Column::from_instants(positions.collect(), missing),
            Unit::Unsigned => {
                Column::from_unsigned(positions.map(|p| (p as u64) ^ (1 << 63)).collect(), missing)
            }
            Unit::Places(places) => {
                let unit = 10f64.powi(i32::from(places));
                Column::from_floats(positions.map(|p| p as f64 / unit).collect(), missing)
            }
            Unit::Decimal(scale) => {
                Column::from_decimals(positions.map(i128::from).collect(), scale, missing)
                    .expect("the scale is one that a column had")
            }
        }
    }
}

fn saturate(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

impl Support {
    pub(crate) fn len(&self) -> usize {
        match self {
            Support::Levels { codes, .. } => codes.len(),
            Support::Booleans(values) => values.len(),
            Support::Grid { low, .. } => low.len(),
            Support::Reals { low, .. } => low.len(),
        }
    }

    /// True when every value of the segment is the same.
    pub(crate) fn is_point(&self, segment: usize) -> bool {
        match self {
            Support::Levels { .. } | Support::Booleans(_) => true,
            Support::Grid { low, high, .. } => low[segment] == high[segment],
            Support::Reals { low, high } => low[segment] == high[segment],
        }
    }

    /// True when the order of segments is that of the values.
    pub(crate) fn is_ordered(&self) -> bool {
        !matches!(self, Support::Levels { .. })
    }

    /// The whole number on the grid so far through a segment; `None` where there is no grid.
    pub(crate) fn tick(&self, segment: u32, fraction: f64) -> Option<i64> {
        let Support::Grid { low, high, .. } = self else { return None };
        Some(within(low[segment as usize], high[segment as usize], fraction))
    }

    /// The segment in which a whole number on the grid lies, and a place within it that stands for that number.
    pub(crate) fn at_tick(&self, tick: i64) -> Option<(u32, f64)> {
        let Support::Grid { low, high, .. } = self else { return None };
        let segment = high.partition_point(|&high| high < tick);
        if segment == high.len() || tick < low[segment] {
            return None;
        }
        let width = high[segment].wrapping_sub(low[segment]) as u64 as f64 + 1.0;
        Some((segment as u32, (tick.wrapping_sub(low[segment]) as u64 as f64 + 0.5) / width))
    }

    /// The values at `fractions` (in [0, 1)) of the way through `segments`, as a column of the table's type. Where
    /// `missing` says so, the value is missing whatever the segment.
    pub(crate) fn decode(&self, segments: &[u32], fractions: &[f64], missing: Option<Vec<bool>>) -> Column {
        match self {
            Support::Levels { levels, codes } => {
                let mut decoded: Vec<u32> = segments.iter().map(|&segment| codes[segment as usize]).collect();
                if let Some(flags) = missing {
                    for (code, _) in decoded.iter_mut().zip(flags).filter(|(_, missing)| *missing) {
                        *code = Codes::MISSING;
                    }
                }
                Column::from_codes(decoded, levels)
            }
            Support::Booleans(values) => Column::from_booleans(
                segments.iter().map(|&segment| values[segment as usize]).collect(),
                missing,
            ),
            Support::Grid { grid, low, high } => {
                let ticks = segments.iter().zip(fractions).map(|(&segment, &fraction)| {
                    let (low, high) = (low[segment as usize], high[segment as usize]);
                    if low == high { low } else { within(low, high, fraction) }
                });
                grid.column(ticks, missing)
            }
            Support::Reals { low, high } => {
                let values = segments.iter().zip(fractions).map(|(&segment, &fraction)| {
                    let (low, high) = (low[segment as usize], high[segment as usize]);
                    (low + fraction * (high - low)).clamp(low, high)
                });
                Column::from_floats(values.collect(), missing)
            }
        }
    }

    /// A column of `length` missing values of the type that `decode` gives.
    pub(crate) fn all_missing(&self, length: usize) -> Column {
        match self {
            Support::Levels { levels, .. } => Column::from_codes(vec![Codes::MISSING; length], levels),
            Support::Booleans(_) => Column::from_booleans(vec![false; length], Some(vec![true; length])),
            Support::Grid { grid, .. } => grid.column((0..length).map(|_| 0), Some(vec![true; length])),
            Support::Reals { .. } => Column::from_floats(vec![0.0; length], Some(vec![true; length])),
        }
    }
}

/// The whole number `fraction` of the way through `low..=high`.
fn within(low: i64, high: i64, fraction: f64) -> i64 {
    let width = high.wrapping_sub(low) as u64;
    // Beyond 2^53 a double's steps are coarser than one, which leaves some numbers out but never leaves the range.
    let offset = (fraction * (width as f64 + 1.0)) as u64;
    low.wrapping_add(offset.min(width) as i64)
}

impl PartialEq for Support {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Support::Levels { levels, codes }, Support::Levels { levels: others, codes: other_codes }) => {
                codes == other_codes && levels.iter().eq(others.iter())
            }
            (Support::Booleans(a), Support::Booleans(b)) => a == b,
            (Support::Grid { grid, low, high }, Support::Grid { grid: g, low: l, high: h }) => {
                grid == g && low == l && high == h
            }
            (Support::Reals { low, high }, Support::Reals { low: l, high: h }) => low == l && high == h,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_round_towards_the_inside() {
        let grid = Grid { unit: Unit::Integer, origin: 3, step: 5 };
        assert_eq!((grid.tick_at_least(4), grid.tick_at_most(4)), (1, 0));
        assert_eq!((grid.tick_at_least(-2), grid.tick_at_most(-3)), (-1, -2));
        assert_eq!((grid.tick(13), grid.tick(14)), (Some(2), None));
        assert_eq!(grid.tick_at_least(i128::from(i64::MAX) * 10), i64::MAX);
    }

    #[test]
    fn ranges_are_filled_evenly_and_never_left() {
        assert_eq!((within(-2, 2, 0.0), within(-2, 2, 0.999_999)), (-2, 2));
        assert_eq!(within(-2, 2, 0.5), 0);
        assert_eq!(within(i64::MIN, i64::MAX, 0.0), i64::MIN);
        assert!(within(i64::MIN, i64::MAX, 1.0 - f64::EPSILON / 2.0) > i64::MAX - 4096);
    }

    #[test]
    fn unsigned_numbers_keep_their_order_and_value() {
        let grid = Grid { unit: Unit::Unsigned, origin: i64::MIN, step: 1 };
        let support = Support::Grid { grid, low: vec![0], high: vec![0] };
        assert_eq!(support.decode(&[0], &[0.0], None).numbers().unwrap().values, [0.0]);
        let grid = Grid { unit: Unit::Unsigned, origin: i64::MAX, step: 1 };
        let support = Support::Grid { grid, low: vec![0], high: vec![0] };
        assert_eq!(support.decode(&[0], &[0.0], None).numbers().unwrap().values, [u64::MAX as f64]);
    }
}
