//! How often choices go right, put right after learning: gradients of what is rare come seldom, and steps as long as Adam's go
//! too far the other way in between.

use lookalike_core::math;

use super::choices::{Choices, Chosen};
use super::parameters::Parameters;

/// Sums over rows that came by each choice.
#[derive(Debug, Clone)]
pub struct Odds {
    rows: Vec<f64>,
    /// How many of them went right.
    went: Vec<f64>,
    /// How many were expected to.
    expected: Vec<f64>,
}

/// Choices move as if this much information spoke for staying.
const FIRMNESS: f64 = 4.0;
/// No choice moves further at once.
const LONGEST: f64 = 3.0;

impl Odds {
    /// Of no rows yet.
    pub fn new(choices: &Choices) -> Self {
        let none = vec![0.0; choices.len()];
        Odds { rows: none.clone(), went: none.clone(), expected: none }
    }

    /// Counts rows of which [`Choices::forward`] has just found the logits.
    pub fn count(&mut self, chosen: &Chosen) {
        for (unit, logit, right) in chosen.steps() {
            let unit = unit as usize;
            self.rows[unit] += 1.0;
            self.went[unit] += f64::from(right);
            self.expected[unit] += 1.0 / (1.0 + math::exp(-f64::from(logit)));
        }
    }

    /// Moves the bias of each choice by the logarithm of the ratio of odds, found to expected: less where few rows speak for
    /// it. Gives the longest move, in logits.
    pub fn settle(&self, choices: &Choices, parameters: &mut Parameters) -> f64 {
        let mut longest = 0.0_f64;
        for (unit, ((&rows, &went), &expected)) in
            self.rows.iter().zip(&self.went).zip(&self.expected).enumerate()
        {
            if rows <= 0.0 {
                continue;
            }
            let log_odds = |right: f64| math::ln((right + 0.5) / (rows - right + 0.5));
            let information = went * (rows - went) / rows;
            let share = information / (information + FIRMNESS);
            let step = share * (log_odds(went) - log_odds(expected)).clamp(-LONGEST, LONGEST);
            choices.move_logit(unit, step as f32, parameters);
            longest = longest.max(step.abs());
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;
    use crate::net::{Matrix, Next, Prior};

    #[test]
    fn rare_ends_come_as_often_as_they_did() {
        let mut parameters = Parameters::new();
        let mut stream = Seed::new(1).stream("odds", 0);
        // One choice, begun at even odds.
        let prior = vec![Prior { logit: 0.0, scale: 0.5 }];
        let choices =
            Choices::new(vec![[Next::End(0), Next::End(1)]], prior, 1, &mut parameters, &mut stream);
        let rows = Matrix::from_values(20_000, 1, (0..20_000).map(|row| (row % 7) as f32 - 3.0).collect());
        let ends: Vec<u32> = (0..20_000).map(|row| u32::from(row % 1000 == 0)).collect();
        let mut longest = f64::INFINITY;
        for _ in 0..8 {
            let mut chosen = Chosen::default();
            choices.forward(&parameters, &rows, &ends, &mut chosen);
            let mut odds = Odds::new(&choices);
            odds.count(&chosen);
            longest = odds.settle(&choices, &mut parameters);
        }
        let chance: f64 =
            (0..7).map(|x| choices.chance(&parameters, &[x as f32 - 3.0], 0)).sum::<f64>() / 7.0;
        assert!((chance - 0.001).abs() < 0.000_05, "{chance}");
        assert!(longest < 0.01, "{longest}");
    }
}
