//! Where in the day, the week and the year an instant lies: as numbers to be read, and as parts to be chosen.

use lookalike_core::math;

use crate::margin::{Grid, Margin, Support, Unit};

/// Microseconds of a day, a week and a mean year.
const PERIODS: [i64; 3] = [86_400_000_000, 7 * 86_400_000_000, 31_556_952_000_000];
/// Parts of each, of whole microseconds: hours, days, and about months.
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
            .map(|&period| period as f64)
            .filter(|period| span >= LEAST_SPAN * period)
            .map(|period| ends.iter().map(|&ends| wave(ends, period)).collect())
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

/// A cycle of a column of instants, cut into equal parts of which one is chosen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cycle {
    /// How many parts it has.
    pub(crate) parts: u32,
    /// Microseconds of a part.
    pub(crate) long: i64,
    /// Per segment, the part in which it lies as a whole; [`Cycle::NO_PART`] where it lies in several.
    pub(crate) of: Vec<u32>,
    /// How many rows lie in each part, once they have been counted.
    pub(crate) counts: Vec<u64>,
    grid: Grid,
}

impl Cycle {
    /// A segment lies in several parts.
    pub(crate) const NO_PART: u32 = u32::MAX;

    /// The cycles of which a margin tells: it spans two of them, and not all of its values can lie in the same part.
    pub(crate) fn all(margin: &Margin) -> Vec<Cycle> {
        let Some((grid, low, high)) = instants(&margin.support) else { return Vec::new() };
        let span = grid.position(high[high.len() - 1]) as f64 - grid.position(low[0]) as f64;
        let tells = |period: i64| span >= LEAST_SPAN * period as f64 && grid.step % period != 0;
        let cycles = PERIODS.into_iter().zip(PARTS).filter(|(period, _)| tells(*period));
        let cycles = cycles.map(|(period, parts)| {
            let long = period / i64::from(parts);
            let mut cycle = Cycle { parts, long, of: Vec::new(), counts: Vec::new(), grid: *grid };
            let of = low.iter().zip(high).map(|(&low, &high)| {
                let length = grid.position(high) as f64 - grid.position(low) as f64;
                let part = cycle.part(low);
                if length < long as f64 && part == cycle.part(high) { part } else { Cycle::NO_PART }
            });
            cycle.of = of.collect();
            cycle
        });
        cycles.collect()
    }

    /// The part in which a tick of the column's grid lies.
    pub(crate) fn part(&self, tick: i64) -> u32 {
        (self.grid.position(tick).rem_euclid(self.long * i64::from(self.parts)) / self.long) as u32
    }

    /// The parts in which something between two ticks lies.
    pub(crate) fn between(&self, first: i64, last: i64) -> impl Iterator<Item = u32> {
        let (from, to) = (self.grid.position(first), self.grid.position(last));
        let (long, parts) = (self.long, i64::from(self.parts));
        let on = (to.div_euclid(long).saturating_sub(from.div_euclid(long))).clamp(0, parts - 1);
        (0..=on).map(move |on| (from.div_euclid(long) + on).rem_euclid(parts) as u32)
    }

    /// How many parts on from a tick the next one is that is this part, at most half of them back or on.
    fn parts_to(&self, tick: i64, part: u32) -> i64 {
        let parts = i64::from(self.parts);
        let on = (i64::from(part) - i64::from(self.part(tick))).rem_euclid(parts);
        if 2 * on > parts { on - parts } else { on }
    }

    /// The tick so many parts on from another, if it lies on the grid.
    fn moved(&self, tick: i64, by: i64) -> Option<i64> {
        self.grid.tick(i128::from(self.grid.position(tick)) + i128::from(by) * i128::from(self.long))
    }

    /// The tick of an instant, if it lies on the grid.
    pub(crate) fn tick(&self, instant: i64) -> Option<i64> {
        self.grid.tick(i128::from(instant))
    }
}

/// The tick nearest to another that lies in these parts of its hour and its day of the week; how far a month is away is left
/// as it is.
pub(crate) fn nearest(tick: i64, wanted: &[(&Cycle, u32)]) -> Option<i64> {
    // Hours first: a day more does not change the hour.
    wanted
        .iter()
        .filter(|(cycle, _)| cycle.parts != PARTS[2])
        .try_fold(tick, |tick, (cycle, part)| cycle.moved(tick, cycle.parts_to(tick, *part)))
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
    fn ticks_lie_in_parts_and_are_moved_to_others() {
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
        // Two days each lie in no one day of the week, but mostly in a month.
        let (low, high) = (0..400).map(|pair| (2 * pair, 2 * pair + 1)).unzip();
        let pairs = of(low, high);
        assert_eq!((pairs[0].of[0], pairs[1].of[0], pairs[1].of[15]), (Cycle::NO_PART, 0, Cycle::NO_PART));
        // The nearest of the wanted days, on either side; months are not moved.
        assert_eq!(nearest(10, &[(&cycles[0], 5), (&cycles[1], 9)]), Some(12));
        assert_eq!(nearest(10, &[(&cycles[0], 1)]), Some(8));
        assert_eq!(nearest(10, &[(&cycles[0], 3)]), Some(10));
        assert_eq!(cycles[0].between(5, 8).collect::<Vec<_>>(), [5, 6, 0, 1]);
        assert_eq!(cycles[0].between(5, 500).count(), 7);
        assert_eq!(cycles[0].tick(86_400_000_000 * 3), Some(3));
        assert_eq!(cycles[0].tick(86_400_000_000 * 3 + 1), None);
    }

    #[test]
    fn hours_are_moved_within_their_day() {
        let grid = Grid { unit: Unit::Instant, origin: 0, step: 60_000_000 };
        let support = Support::Grid { grid, low: vec![0], high: vec![60 * 24 * 30] };
        let cycles = Cycle::all(&Margin { support, counts: vec![9] });
        assert_eq!(cycles.iter().map(|cycle| cycle.parts).collect::<Vec<_>>(), [24, 7]);
        // From 00:10 on the second day to 13 o'clock: eleven hours back is nearer, and then two days on.
        let moved = nearest(1450, &[(&cycles[0], 13), (&cycles[1], 3)]).expect("it lies on the grid");
        assert_eq!((cycles[0].part(moved), cycles[1].part(moved), moved % 60), (13, 3, 10));
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
