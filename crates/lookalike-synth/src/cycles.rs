//! Where in the day, the week and the year an instant lies: as numbers to be read, and as parts to be chosen.

use lookalike_core::math;

use crate::margin::{Grid, Margin, Support, Unit};

/// Microseconds of a day.
const DAY: f64 = 86_400e6;
const PERIODS: [f64; 3] = [DAY, 7.0 * DAY, 365.2425 * DAY];
/// Parts of each: hours, days, and about months.
const PARTS: [u32; 3] = [24, 7, 12];
/// The most cycles of a column.
pub(crate) const MOST_CYCLES: usize = PERIODS.len();
/// A column tells of a cycle if it spans so many of it.
const LEAST_SPAN: f64 = 2.0;
/// A segment tells of a cycle if it is no longer than this part of it.
const LONGEST: f64 = 0.25;

/// Per segment, sine and cosine of its place in each cycle; 0 where it is too long to have one.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cycles {
    /// Numbers per segment.
    pub(crate) each: usize,
    values: Vec<f32>,
}

impl Cycles {
    /// Of instants; of all else there are none.
    pub(crate) fn new(support: &Support) -> Self {
        let Some((grid, low, high)) = instants(support) else { return Cycles::default() };
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
    pub(crate) fn of(&self, segment: u32) -> &[f32] {
        let from = segment as usize * self.each;
        &self.values[from..from + self.each]
    }
}

/// The grid of a column of instants, and where its segments begin and end.
fn instants(support: &Support) -> Option<(&Grid, &[i64], &[i64])> {
    match support {
        Support::Grid { grid, low, high } if grid.unit == Unit::Instant && !low.is_empty() => {
            Some((grid, low, high))
        }
        _ => None,
    }
}

/// A cycle cut into equal parts, of which one is chosen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cycle {
    /// How many parts it has.
    pub(crate) parts: u32,
    /// Per segment, the part in which it lies as a whole; [`Cycle::NO_PART`] where it is longer.
    pub(crate) of: Vec<u32>,
}

impl Cycle {
    /// A segment lies in no part.
    pub(crate) const NO_PART: u32 = u32::MAX;

    /// The cycles of which a margin tells: at least half of its rows lie within one of the parts.
    pub(crate) fn all(margin: &Margin) -> Vec<Cycle> {
        let Some((grid, low, high)) = instants(&margin.support) else { return Vec::new() };
        let span = grid.position(high[high.len() - 1]) as f64 - grid.position(low[0]) as f64;
        let cycles = PERIODS.iter().zip(PARTS).filter(|(period, _)| span >= LEAST_SPAN * **period);
        let cycles = cycles.map(|(&period, parts)| {
            let part = |tick: i64| {
                let place = (grid.position(tick) as f64 / period).rem_euclid(1.0);
                ((place * f64::from(parts)) as u32).min(parts - 1)
            };
            let of = low.iter().zip(high).map(|(&low, &high)| {
                let length = grid.position(high) as f64 - grid.position(low) as f64;
                let is_one = length < period / f64::from(parts) && part(low) == part(high);
                if is_one { part(low) } else { Cycle::NO_PART }
            });
            Cycle { parts, of: of.collect() }
        });
        cycles.filter(|cycle| cycle.tells(&margin.counts)).collect()
    }

    /// True when most rows lie in a part, and not all in the same.
    fn tells(&self, counts: &[u64]) -> bool {
        let told = self.of.iter().zip(counts).filter(|(part, _)| **part != Cycle::NO_PART);
        let rows: u64 = told.clone().map(|(_, &count)| count).sum();
        let various = told.clone().any(|(part, _)| Some(part) != told.clone().next().map(|(part, _)| part));
        various && 2 * rows >= counts.iter().sum::<u64>()
    }

    /// How many rows lie in each part.
    pub(crate) fn counts(&self, counts: &[u64]) -> Vec<u64> {
        let mut sums = vec![0; self.parts as usize];
        for (&part, &count) in self.of.iter().zip(counts) {
            if part != Cycle::NO_PART {
                sums[part as usize] += count;
            }
        }
        sums
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
    fn segments_within_one_part_are_told_by_it() {
        let grid = Grid { unit: Unit::Instant, origin: 0, step: 86_400_000_000 };
        let of = |low: Vec<i64>, high: Vec<i64>| {
            let counts = vec![5; low.len()];
            Cycle::all(&Margin { support: Support::Grid { grid, low, high }, counts })
        };
        let days: Vec<i64> = (0..1000).collect();
        let cycles = of(days.clone(), days.clone());
        // Midnights all: nothing of the day.
        assert_eq!(cycles.iter().map(|cycle| cycle.parts).collect::<Vec<_>>(), [7, 12]);
        assert_eq!(cycles[0].of[..9], [0, 1, 2, 3, 4, 5, 6, 0, 1]);
        assert_eq!((cycles[1].of[0], cycles[1].of[200], cycles[1].of[364]), (0, 6, 11));
        assert_eq!(cycles[0].counts(&[1; 1000])[..2], [143, 143]);
        // Two days each lie in no day of the week, but in a month.
        let (low, high) = (0..400).map(|pair| (2 * pair, 2 * pair + 1)).unzip();
        let cycles = of(low, high);
        assert_eq!(cycles.iter().map(|cycle| cycle.parts).collect::<Vec<_>>(), [12]);
        assert_eq!((cycles[0].of[0], cycles[0].of[15]), (0, Cycle::NO_PART));
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
