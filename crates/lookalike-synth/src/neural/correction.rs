//! What a network gets wrong about single columns, put right after it has learned.

use lookalike_core::{Seed, math};
use lookalike_learn::net::{Layer, Linear, Matrix};

use super::decoder::FittedDecoder;
use super::draw::choose;
use super::layout::{Choice, on_line};
use super::told::mask_span;
use crate::latent::Variable;

/// A rising map of a column's line: what a network gives too often there is pulled apart, and what too seldom, together.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Correction {
    /// Points as the network gives them, rising.
    pub(crate) from: Vec<f64>,
    /// Where they belong, rising.
    pub(crate) to: Vec<f64>,
}

/// Knots of a correction.
const KNOTS: usize = 129;
/// Rows that are made to see what the network gets wrong.
const ROWS: usize = 16_384;
/// How often the chances of codes are put right at most. A network that is sure of itself moves little each time.
const ROUNDS: u64 = 24;
/// Frequent codes are right when none of them is off by more than this factor's logarithm.
const RIGHT: f64 = 0.01;
/// Codes of at least this share are frequent.
const FREQUENT: f64 = 0.02;
/// No code is made more likely than by this factor at once.
const LARGEST_STEP: f64 = 3.0;

impl Correction {
    /// Where a point that the network gives belongs.
    pub(crate) fn apply(&self, x: f64) -> f64 {
        between(&self.from, &self.to, x)
    }

    /// The point that the network gives for one that belongs there.
    pub(crate) fn undo(&self, x: f64) -> f64 {
        between(&self.to, &self.from, x)
    }
}

/// On straight lines between knots; beyond the ends, moved as the end is.
fn between(from: &[f64], to: &[f64], x: f64) -> f64 {
    let (Some(&first), Some(&last)) = (from.first(), from.last()) else { return x };
    if x <= first {
        return to[0] + (x - first);
    }
    if x >= last {
        return to[to.len() - 1] + (x - last);
    }
    let right = from.partition_point(|&knot| knot <= x);
    let (a, b) = (from[right - 1], from[right]);
    let share = if b > a { (x - a) / (b - a) } else { 0.5 };
    to[right - 1] + share * (to[right] - to[right - 1])
}

impl FittedDecoder {
    /// Puts right how often each code comes, by the biases of the last layer, and how numbers are distributed, by a rising map
    /// of each line: what columns have to do with each other stays.
    pub(crate) fn correct(&mut self, seed: Seed) {
        let Some(&Layer::Linear(last)) = self.network.layers().last() else { return };
        for round in 0..ROUNDS {
            let out = self.made(seed, round);
            if self.correct_codes(&out, last) < RIGHT {
                break;
            }
        }
        let out = self.made(seed, ROUNDS);
        self.lines = self.corrections(&out, seed);
    }

    fn made(&self, seed: Seed, round: u64) -> Matrix {
        self.draw_free(ROWS, &mut seed.stream("correction", round))
    }

    /// The column of what the network gives that says how likely a row is to have a value of this head; `None` if all have.
    fn presence(&self, head: usize) -> Option<usize> {
        let variable = self.layout.heads[head].variable;
        mask_span(&self.frame, &self.layout, variable).map(|span| span.start)
    }

    /// Moves the biases once, and gives by how much the frequent code that was most off was.
    fn correct_codes(&mut self, out: &Matrix, last: Linear) -> f64 {
        let mut most_off = 0.0_f64;
        let mut steps = vec![0.0_f32; self.layout.width()];
        for (head, span) in self.layout.spans.iter().enumerate() {
            let wanted = self.frequencies(head);
            if wanted.len() < 2 {
                continue;
            }
            let present = self.presence(head);
            let mut sums = vec![0.0; span.len()];
            let mut all = 0.0;
            for row in 0..out.rows() {
                let row = out.row(row);
                let presence = present.map_or(1.0, |column| f64::from(row[column]));
                all += presence;
                sums.iter_mut().zip(&row[span.clone()]).for_each(|(sum, &p)| *sum += presence * f64::from(p));
            }
            // As if half a row had each code: what is made too seldom to be seen is not made too often.
            let share = |sum: f64| (sum + 0.5) / (all + 0.5 * span.len() as f64);
            for (code, (&wanted, &sum)) in wanted.iter().zip(&sums).enumerate() {
                let factor = share(wanted * all) / share(sum);
                let off = math::ln(factor);
                if wanted >= FREQUENT {
                    most_off = most_off.max(off.abs());
                }
                steps[span.start + code] = off.clamp(-LARGEST_STEP, LARGEST_STEP) as f32;
            }
        }
        let biases = self.parameters.of_mut(last.bias);
        biases.iter_mut().zip(&steps).for_each(|(bias, step)| *bias += step);
        most_off
    }

    /// How often each code of a head comes among real rows that have one.
    fn frequencies(&self, head: usize) -> Vec<f64> {
        let head = &self.layout.heads[head];
        let column = match head.variable {
            Variable::Mask(mask) => {
                let missing = self.frame.masks[mask].missing as f64 / self.frame.n_rows as f64;
                return vec![1.0 - missing, missing];
            }
            Variable::Values(column) => column,
        };
        let counts = &self.frame.margin(column).counts;
        let total = counts.iter().sum::<u64>() as f64;
        match &head.choice {
            Choice::Mask => Vec::new(),
            Choice::Cycle(cycle) => {
                let told = cycle.counts.iter().sum::<u64>().max(1) as f64;
                cycle.counts.iter().map(|&part| part as f64 / told).collect()
            }
            Choice::Groups { starts } => starts
                .windows(2)
                .map(|pair| counts[pair[0] as usize..pair[1] as usize].iter().sum::<u64>() as f64 / total)
                .collect(),
            Choice::Line { spikes, modes, axis } => {
                let of = |segment: &u32| counts[*segment as usize] as f64 / total;
                let mut shares: Vec<f64> = spikes.iter().map(of).collect();
                let rest: f64 = axis.segments.iter().map(of).sum();
                let weights: f64 = modes.iter().map(|mode| mode.weight).sum();
                shares.extend(modes.iter().map(|mode| rest * mode.weight / weights));
                shares
            }
        }
    }

    fn corrections(&self, out: &Matrix, seed: Seed) -> Vec<Correction> {
        let mut corrections = vec![Correction::default(); self.layout.n_numbers];
        let mut stream = seed.stream("corrected numbers", 0);
        for (head, number) in self.layout.numbers.iter().enumerate() {
            let (Some(number), Choice::Line { spikes, modes, axis }) =
                (*number, &self.layout.heads[head].choice)
            else {
                continue;
            };
            let Variable::Values(column) = self.layout.heads[head].variable else { continue };
            let span = self.layout.spans[head].start + spikes.len()..self.layout.spans[head].end;
            let present = self.presence(head);
            let mut points = Vec::new();
            for row in 0..out.rows() {
                let row = out.row(row);
                let weights: Vec<f64> = row[span.clone()].iter().map(|&p| f64::from(p)).collect();
                let likely =
                    weights.iter().sum::<f64>() * present.map_or(1.0, |column| f64::from(row[column]));
                // As many points as rows have such a number.
                if stream.unit() < likely {
                    let mode = &modes[choose(&weights, &mut stream)];
                    let noise = f64::from(self.noise[number]);
                    let (x, spread) = on_line(f64::from(row[number]), noise, mode, self.layout.encoding);
                    points.push(x + spread * stream.normal());
                }
            }
            // Too few points tell nothing.
            if points.len() < 2 * KNOTS {
                continue;
            }
            points.sort_unstable_by(f64::total_cmp);
            let counts = &self.frame.margin(column).counts;
            let at = |knot: usize| knot as f64 / (KNOTS - 1) as f64;
            let from = |knot: usize| points[(at(knot) * (points.len() - 1) as f64).round() as usize];
            corrections[number] = Correction {
                from: (0..KNOTS).map(from).collect(),
                to: (0..KNOTS).map(|knot| axis.quantile(at(knot), counts)).collect(),
            };
        }
        corrections
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrections_are_undone() {
        let correction = Correction { from: vec![-1.0, 0.0, 4.0], to: vec![-2.0, 1.0, 2.0] };
        for x in [-3.0, -1.0, -0.25, 0.0, 1.5, 4.0, 9.0] {
            assert!((correction.undo(correction.apply(x)) - x).abs() < 1e-12);
        }
        assert_eq!(correction.apply(2.0), 1.5);
        assert_eq!(Correction::default().apply(7.0), 7.0);
    }
}
