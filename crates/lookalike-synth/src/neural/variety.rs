//! Whether a generator's rows are as various as real ones, or have collapsed.

use std::fmt::Write as _;

use lookalike_core::{Seed, Topic, Warning};

use super::decoder::FittedDecoder;
use super::draw::choose;
use super::layout::Rows;
use super::told::Told;

/// Rows that are made to see it.
const MADE: usize = 32_768;

/// How various a generator's rows are.
pub(super) struct Variety {
    /// The share of levels that at least five rows have that are made at all.
    levels: f64,
    /// The least deviation of a number, over that of real rows.
    spread: Option<f64>,
}

impl Variety {
    pub(super) fn checks(&self) -> Vec<(String, f64)> {
        let mut checks = vec![("share of levels (of 5 rows or more) that are made".to_owned(), self.levels)];
        checks.extend(
            self.spread.map(|spread| ("least deviation of a number, over the real one".to_owned(), spread)),
        );
        checks
    }

    pub(super) fn warning(&self) -> Option<Warning> {
        let collapsed = self.levels < 0.8 || self.spread.is_some_and(|spread| spread < 0.5);
        collapsed.then(|| {
            let mut message = format!(
                "mode collapse: before it was put right, the generator made {:.0} % of the levels that at least 5 rows have",
                100.0 * self.levels
            );
            if let Some(spread) = self.spread {
                let narrow = 100.0 * spread;
                let _ = write!(message, ", and the narrowest number varied by {narrow:.0} % of what it should");
            }
            Warning::new(Topic::Model, message)
        })
    }
}

/// How much each number varies among the rows that have it.
fn deviations(rows: &Rows, n_numbers: usize) -> Vec<f64> {
    let of = |number: usize| {
        let values = rows.numbers.iter().skip(number).step_by(n_numbers).filter(|value| !value.is_nan());
        let values = values.map(|&value| f64::from(value));
        let count = values.clone().count().max(1) as f64;
        let mean = values.clone().sum::<f64>() / count;
        (values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / count).sqrt()
    };
    (0..n_numbers).map(of).collect()
}

impl FittedDecoder {
    /// How various the rows are, by rows that are made, whose numbers ought to vary as those of real rows.
    pub(super) fn variety(&self, rows: &Rows, seed: Seed) -> Variety {
        let deviations = deviations(rows, self.layout.n_numbers);
        let mut stream = seed.stream("variety", 0);
        let made = self.draw_free(MADE, &mut stream);
        let (mut expected, mut seen) = (0_usize, 0_usize);
        for (place, span) in self.layout.spans.iter().enumerate() {
            let mut drawn = vec![false; span.len()];
            for row in 0..made.rows() {
                let weights: Vec<f64> = made.row(row)[span.clone()].iter().map(|&p| f64::from(p)).collect();
                drawn[choose(&weights, &mut stream)] = true;
            }
            // Heads of which codes are all there is to them.
            let Some(told) = Told::new(&self.frame, &self.layout, vec![place]) else { continue };
            for (&drawn, &count) in drawn.iter().zip(told.counts(0)) {
                if count >= 5.0 {
                    expected += 1;
                    seen += usize::from(drawn);
                }
            }
        }
        let numbers = (0..self.layout.n_numbers).map(|number| {
            let values = (0..made.rows()).map(|row| f64::from(made.row(row)[number]));
            let mean = values.clone().sum::<f64>() / made.rows() as f64;
            let variance =
                values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / made.rows() as f64;
            variance.sqrt() / deviations[number].max(1e-9)
        });
        let spread = numbers.min_by(f64::total_cmp);
        let levels = if expected == 0 { 1.0 } else { seen as f64 / expected as f64 };
        Variety { levels, spread }
    }
}
