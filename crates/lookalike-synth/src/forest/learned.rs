//! What rows held back say about learned choices: how deep their trees should be, which of them are worth anything,
//! and how many bits the variable's values take.

use lookalike_core::math;
use lookalike_learn::tree::Grove;
use lookalike_learn::tree::dichotomy::{Fitted, STRENGTHS};

use super::draw::Sums;
use super::model::{Member, Split};

/// A nested dichotomy whose choices have been learned each on its own.
pub(super) struct Learned {
    pub(super) splits: Vec<Split>,
    pub(super) choices: Vec<Choice>,
    /// Per split, how many are above it.
    pub(super) levels: Vec<usize>,
}

/// A choice that has been learned.
pub(super) struct Choice {
    pub(super) fitted: Fitted,
    pub(super) grove: Grove,
    /// How many rows were held back.
    pub(super) held: usize,
}

impl Learned {
    pub(super) fn finish(self, strengths: &[usize]) -> Member {
        let Learned { mut splits, choices, levels } = self;
        let mut all = Grove::default();
        for ((split, Choice { fitted, mut grove, .. }), level) in splits.iter_mut().zip(choices).zip(levels) {
            let strength = STRENGTHS[strengths[level]];
            if strength == 0.0 {
                grove = Grove::default();
            } else if strength < 1.0 {
                grove.scale(strength as f32);
            }
            split.base = fitted.base;
            split.trees = all.append(grove);
        }
        Member::new(splits, all)
    }

    /// The loss in nats on all rows held back, each choice with its strength, and for how many choices of rows.
    fn loss(&self, alone: bool) -> (f64, usize) {
        let strengths = strengths(std::slice::from_ref(self), alone);
        let choices = self.choices.iter().zip(&self.levels);
        choices.fold((0.0, 0), |(loss, held), (choice, &level)| {
            (loss + choice.fitted.judged[strengths[level]], held + choice.held)
        })
    }
}

/// What deeper trees must lower the loss on the rows held back by, in nats, where they may not lose anything.
const LEAST_GAIN: f64 = 2.0;

/// Which of several trials of one dichotomy, those with the shallowest trees first, to go on with. Shallow trees
/// describe and remember less. A deeper one is taken where rows held back prefer it, or where they prefer it less by no
/// more than `tolerance` nats per choice of a row: members together can each know a little too much.
pub(super) fn best_trial(trials: &[Learned], alone: bool, tolerance: f64) -> usize {
    let losses: Vec<(f64, usize)> = trials.iter().map(|trial| trial.loss(alone)).collect();
    let mut best = 0;
    for other in 1..losses.len() {
        let ((loss, held), (least, _)) = (losses[other], losses[best]);
        let gain = LEAST_GAIN * (other - best) as f64 - tolerance * held as f64;
        if loss < least - gain {
            best = other;
        }
    }
    best
}

/// With which of [`STRENGTHS`] the choices at each level count. Rows held back say so for all choices at a level
/// together: a single one has too few of them to tell chance from knowledge. Several members together can each know a
/// little too much, so that theirs count in full or not at all.
pub(super) fn strengths(members: &[Learned], alone: bool) -> Vec<usize> {
    let deepest = members.iter().flat_map(|member| &member.levels).max().map_or(0, |deepest| deepest + 1);
    let mut judged = vec![[0.0; STRENGTHS.len()]; deepest];
    for member in members {
        for (choice, &level) in member.choices.iter().zip(&member.levels) {
            for (sum, loss) in judged[level].iter_mut().zip(choice.fitted.judged) {
                *sum += loss;
            }
        }
    }
    judged
        .iter()
        .map(|losses| {
            // The greatest of equals.
            let best = (0..STRENGTHS.len()).rev().min_by(|&a, &b| losses[a].total_cmp(&losses[b]));
            match best {
                Some(0) => 0,
                Some(best) if alone => best,
                _ => STRENGTHS.len() - 1,
            }
        })
        .collect()
}

/// Bits per value: those of each choice, weighted by the rows that come to it, and those of what is not split further.
pub(super) fn bits(members: &[Learned], strengths: &[usize], counts: &[u64]) -> f64 {
    let sums = Sums::new(counts);
    let rows = |from: u32, to: u32| (sums.0[to as usize] - sums.0[from as usize]) as f64;
    let all = rows(0, counts.len() as u32);
    if all == 0.0 {
        return 0.0;
    }
    let whole = |from: u32, to: u32| -> f64 {
        let inside = rows(from, to);
        counts[from as usize..to as usize]
            .iter()
            .filter(|&&count| count > 0)
            .map(|&count| count as f64 * math::ln(inside / count as f64))
            .sum()
    };
    let mut nats = 0.0;
    for member in members {
        if member.splits.is_empty() {
            nats += whole(0, counts.len() as u32);
        }
        for ((split, choice), &level) in member.splits.iter().zip(&member.choices).zip(&member.levels) {
            if choice.held > 0 {
                let loss = choice.fitted.judged[strengths[level]];
                nats += loss * rows(split.start, split.end) / choice.held as f64;
            }
            for (child, from, to) in
                [(split.left, split.start, split.middle), (split.right, split.middle, split.end)]
            {
                if child == Split::NONE {
                    nats += whole(from, to);
                }
            }
        }
    }
    nats / (all * members.len() as f64 * std::f64::consts::LN_2)
}

/// How many splits are above each.
pub(super) fn levels(splits: &[Split]) -> Vec<usize> {
    let mut levels = vec![0; splits.len()];
    for (number, split) in splits.iter().enumerate() {
        for child in [split.left, split.right] {
            if child != Split::NONE {
                levels[child as usize] = levels[number] + 1;
            }
        }
    }
    levels
}
