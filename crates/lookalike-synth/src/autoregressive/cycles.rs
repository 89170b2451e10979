//! Where in the day, the week and the year an instant lies, as others read it.

use lookalike_core::math;

use crate::margin::{Support, Unit};

/// Microseconds of a day.
const DAY: f64 = 86_400e6;
const PERIODS: [f64; 3] = [DAY, 7.0 * DAY, 365.2425 * DAY];
/// A column tells of a cycle if it spans so many of it.
const LEAST_SPAN: f64 = 2.0;
/// A segment tells of a cycle if it is no longer than this part of it.
const LONGEST: f64 = 0.25;

/// Per segment, sine and cosine of its place in each cycle; 0 where it is too long to have one.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Cycles {
    /// Numbers per segment.
    pub(super) each: usize,
    values: Vec<f32>,
}

impl Cycles {
    /// Of instants; of all else there are none.
    pub(super) fn new(support: &Support) -> Self {
        let Support::Grid { grid, low, high } = support else { return Cycles::default() };
        if grid.unit != Unit::Instant || low.is_empty() {
            return Cycles::default();
        }
        let ends: Vec<(f64, f64)> = low
            .iter()
            .zip(high)
            .map(|(&low, &high)| (grid.position(low) as f64, grid.position(high) as f64))
            .collect();
        let span = ends[ends.len() - 1].1 - ends[0].0;
        let waves: Vec<Vec<[f32; 2]>> = PERIODS
            .iter()
            .filter(|period| span >= LEAST_SPAN * **period)
            .map(|period| ends.iter().map(|&ends| wave(ends, *period)).collect())
            .filter(|wave: &Vec<[f32; 2]>| {
                // A day's cycle says nothing where all instants are midnights.
                let told = wave.iter().filter(|place| **place != [0.0; 2]);
                told.clone().any(|place| Some(place) != told.clone().next())
            })
            .collect();
        let values = (0..ends.len()).flat_map(|segment| waves.iter().flat_map(move |wave| wave[segment]));
        Cycles { each: 2 * waves.len(), values: values.collect() }
    }

    /// The numbers of a segment.
    pub(super) fn of(&self, segment: u32) -> &[f32] {
        let from = segment as usize * self.each;
        &self.values[from..from + self.each]
    }
}

fn wave((low, high): (f64, f64), period: f64) -> [f32; 2] {
    if high - low > LONGEST * period {
        return [0.0; 2];
    }
    let middle = 0.5 * low + 0.5 * high;
    let angle = 2.0 * std::f64::consts::PI * (middle / period).rem_euclid(1.0);
    [math::sin(angle) as f32, math::cos(angle) as f32]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::margin::Grid;

    fn of(step: i64, low: Vec<i64>, high: Vec<i64>) -> Cycles {
        Cycles::new(&Support::Grid { grid: Grid { unit: Unit::Instant, origin: 0, step }, low, high })
    }

    #[test]
    fn days_have_a_place_in_the_week_and_the_year() {
        let days: Vec<i64> = (0..1000).collect();
        let cycles = of(86_400_000_000, days.clone(), days);
        // Midnights all: nothing of the day.
        assert_eq!(cycles.each, 4);
        assert_eq!(cycles.of(3)[..2], cycles.of(3 + 7 * 20)[..2]);
        assert_ne!(cycles.of(3)[..2], cycles.of(4)[..2]);
        assert!((cycles.of(0)[2] - cycles.of(365)[2]).abs() < 0.01);
        assert!((cycles.of(0)[3] + cycles.of(183)[3]).abs() < 0.01);
    }

    #[test]
    fn long_segments_have_no_place() {
        // A month each, but for two days.
        let low: Vec<i64> = (0..30).map(|month| 30 * month).collect();
        let mut high: Vec<i64> = low.iter().map(|low| low + 29).collect();
        high[4] = low[4];
        high[5] = low[5];
        let cycles = of(86_400_000_000, low, high);
        assert_eq!(cycles.each, 4);
        assert_eq!(cycles.of(9)[..2], [0.0; 2]);
        assert!(cycles.of(4)[..2] != [0.0; 2] && cycles.of(9)[2..] != [0.0; 2]);
    }

    #[test]
    fn short_columns_and_other_numbers_have_no_cycles() {
        assert_eq!(of(86_400_000_000, vec![0, 1], vec![0, 1]).each, 0);
        let grid = Grid { unit: Unit::Integer, origin: 0, step: 1 };
        let low: Vec<i64> = (0..1000).collect();
        assert_eq!(Cycles::new(&Support::Grid { grid, low: low.clone(), high: low }).each, 0);
    }
}
