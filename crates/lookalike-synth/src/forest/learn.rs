//! Learning all choices of all variables.

use lookalike_core::{Phase, Seed, math};
use lookalike_learn::tree::Grove;
use lookalike_learn::tree::dichotomy::{self, DichotomyOptions, Fitted, Problem, Workspace};
use lookalike_table::Codes;
use lookalike_table::protect::Units;
use rayon::prelude::*;

use super::bins::halve;
use super::model::{Member, Split, Way};
use super::plan::Plan;
use super::{Effort, Forest};
use crate::error::Result;

/// One row in so many is held back to say when to stop.
const HELD: u64 = 7;
/// Fewest rows of a half that is split further, and the share of all rows that is needed in large tables.
const LEAST_ROWS: u64 = 40;
const LEAST_SHARE: u64 = 4096;

/// What an effort means.
struct Settings {
    members: usize,
    jitter: f64,
    options: DichotomyOptions,
}

impl Settings {
    fn of(effort: Effort) -> Self {
        let options = DichotomyOptions {
            rounds: 100,
            learning_rate: 0.3,
            max_depth: 4,
            min_hessian: 1.0,
            lambda: 5.0,
            patience: 4,
            overshoot: 1.5,
            max_bins: 64,
            bin_rows: 12,
        };
        match effort {
            Effort::Fast => Settings {
                members: 1,
                jitter: 0.0,
                options: DichotomyOptions { patience: 3, overshoot: 1.0, ..options },
            },
            Effort::Default => Settings { members: 3, jitter: 0.8, options },
            Effort::High => Settings {
                members: 12,
                jitter: 0.8,
                options: DichotomyOptions { rounds: 200, patience: 20, overshoot: 2.0, ..options },
            },
        }
    }
}

/// How every variable of the plan is drawn.
pub(super) fn learn(
    plan: &Plan,
    units: &Units,
    forest: &Forest,
    seed: Seed,
    phase: &Phase<'_>,
) -> Result<Vec<Way>> {
    let settings = Settings::of(forest.effort);
    (0..plan.variables.len())
        .into_par_iter()
        .map(|variable| {
            if let Some((by, segments)) = &plan.determined[variable] {
                return Ok(Way::Determined { by: *by, segments: segments.clone() });
            }
            let rows = by_segment(&plan.segments[variable], plan.counts[variable].len());
            let features = features(plan, variable);
            let members = (0..settings.members)
                .into_par_iter()
                .map(|member| {
                    let one = Learner {
                        plan,
                        units,
                        forest,
                        settings: &settings,
                        rows: &rows,
                        features: &features,
                        variable,
                        member,
                        seed,
                    };
                    one.learn(phase)
                })
                .collect::<Result<_>>()?;
            phase.advance(1)?;
            Ok(Way::Drawn(members))
        })
        .collect()
}

/// The variables before this one that can say something about it.
fn features(plan: &Plan, variable: usize) -> Vec<u32> {
    (0..variable as u32).filter(|&earlier| plan.counts[earlier as usize].len() > 1).collect()
}

/// Rows by their segment, and where each segment's rows begin.
struct Sorted {
    rows: Vec<u32>,
    starts: Vec<usize>,
}

fn by_segment(segments: &[u32], n_segments: usize) -> Sorted {
    let mut starts = vec![0; n_segments + 1];
    for &segment in segments.iter().filter(|&&segment| segment != Codes::MISSING) {
        starts[segment as usize + 1] += 1;
    }
    for segment in 0..n_segments {
        starts[segment + 1] += starts[segment];
    }
    let mut next = starts.clone();
    let mut rows = vec![0; starts[n_segments]];
    for (row, &segment) in segments.iter().enumerate().filter(|(_, segment)| **segment != Codes::MISSING) {
        rows[next[segment as usize]] = row as u32;
        next[segment as usize] += 1;
    }
    Sorted { rows, starts }
}

/// Learns one nested dichotomy.
struct Learner<'a> {
    plan: &'a Plan,
    units: &'a Units,
    forest: &'a Forest,
    settings: &'a Settings,
    rows: &'a Sorted,
    features: &'a [u32],
    variable: usize,
    member: usize,
    seed: Seed,
}

impl Learner<'_> {
    fn learn(&self, phase: &Phase<'_>) -> Result<Member> {
        let name = format!("{}/{}", self.variable, self.member);
        let seed = self.seed.derive("forest").derive(&name);
        let counts = &self.plan.counts[self.variable];
        let total: u64 = counts.iter().sum();
        let least = LEAST_ROWS.max(total / LEAST_SHARE);
        let mut splits = halve(counts, least, self.settings.jitter, &mut seed.stream("halves", 0));
        // Which rows are held back differs from member to member, so that together they learn from all.
        let key = seed.stream("held back", 0).bits();
        let fitted: Vec<(Fitted, Grove)> = splits
            .par_iter()
            .map_init(Workspace::default, |space, split| {
                phase.check()?;
                let mut grove = Grove::default();
                let fitted = self.split(split, key, space, &mut grove);
                Ok((fitted, grove))
            })
            .collect::<Result<_>>()?;
        let mut all = Grove::default();
        for (split, (fitted, grove)) in splits.iter_mut().zip(fitted) {
            split.base = fitted.base;
            split.trees = all.append(grove);
        }
        Ok(Member::new(splits, all))
    }

    fn split(&self, split: &Split, key: u64, space: &mut Workspace, grove: &mut Grove) -> Fitted {
        let segments = &self.plan.segments[self.variable];
        let starts = &self.rows.starts;
        let [start, middle, end] =
            [split.start, split.middle, split.end].map(|segment| starts[segment as usize]);
        let (on_left, on_right) = ((middle - start) as f64, (end - middle) as f64);
        let base = math::ln((on_right + 0.5) / (on_left + 0.5));
        // Too many rows are thinned at random, by unit as well.
        let share = self.forest.max_rows as f64 / (end - start) as f64;
        let most = if share < 1.0 { (share * u64::MAX as f64) as u64 } else { u64::MAX };
        let mut inside: Vec<u32> = self.rows.rows[start..end].to_vec();
        inside.sort_unstable();
        let (mut rows, mut right, mut held, mut held_right) =
            (Vec::with_capacity(inside.len()), Vec::with_capacity(inside.len()), Vec::new(), Vec::new());
        for row in inside {
            let unit = stir(u64::from(self.units.unit_of(row as usize)) ^ key);
            if stir(unit) > most {
                continue;
            }
            let is_right = segments[row as usize] >= split.middle;
            if unit.is_multiple_of(HELD) {
                held.push(row);
                held_right.push(is_right);
            } else {
                rows.push(row);
                right.push(is_right);
            }
        }
        let problem = Problem {
            matrix: &self.plan.matrix,
            features: self.features,
            rows: &rows,
            right: &right,
            held: &held,
            held_right: &held_right,
            base,
        };
        dichotomy::fit(&problem, &self.settings.options, space, grove)
    }
}

/// A number that looks random and depends on all bits (the finaliser of `SplitMix64`).
fn stir(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
