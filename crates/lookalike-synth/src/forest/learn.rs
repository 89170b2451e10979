//! Learning all choices of all variables.

use lookalike_core::{Phase, Seed, math};
use lookalike_learn::tree::Grove;
use lookalike_learn::tree::dichotomy::{self, DichotomyOptions, Problem, Workspace};
use lookalike_table::Codes;
use rayon::prelude::*;

use super::bins::halve;
use super::learned::{Choice, Learned, best_trial, bits, levels, strengths};
use super::model::{Split, Way};
use super::plan::Plan;
use super::{Effort, Forest};
use crate::error::Result;

/// One row in so many is held back to say when to stop.
const HELD: u64 = 7;
/// Fewest rows of a half that is split further, and the share of all rows that is needed in large tables.
const LEAST_ROWS: u64 = 40;
const LEAST_SHARE: u64 = 4096;

/// Depths of trees that are tried where there are fewer rows than [`MANY_ROWS`], shallow ones first.
const TRIED_DEPTHS: [usize; 3] = [1, 2, 4];
/// So many rows outweigh what deep trees remember of each: there trials would not be worth their time.
const MANY_ROWS: usize = 20_000;

/// What an effort means.
struct Settings {
    members: usize,
    jitter: f64,
    /// By how many nats per choice and million rows of the table deep trees may be worse than shallow ones.
    tolerance: f64,
    options: DichotomyOptions,
}

impl Settings {
    fn of(effort: Effort) -> Self {
        let options = DichotomyOptions {
            rounds: 100,
            learning_rate: 0.5,
            max_depth: 4,
            min_hessian: 1.0,
            lambda: 10.0,
            patience: 4,
            overshoot: 1.5,
            max_bins: 128,
            bin_rows: 12,
        };
        match effort {
            Effort::Fast => Settings {
                members: 1,
                jitter: 0.0,
                tolerance: 0.0,
                options: DichotomyOptions { patience: 3, overshoot: 1.0, ..options },
            },
            Effort::Default => Settings { members: 3, jitter: 0.8, tolerance: 0.09, options },
            Effort::High => Settings {
                members: 12,
                jitter: 0.8,
                tolerance: 0.25,
                options: DichotomyOptions {
                    rounds: 300,
                    learning_rate: 0.15,
                    lambda: 5.0,
                    patience: 30,
                    overshoot: 1.8,
                    ..options
                },
            },
        }
    }
}

/// How every variable of the plan is drawn, and how many bits each of its values takes given the variables before it, as
/// estimated from rows held back.
pub(super) fn learn(plan: &Plan, forest: &Forest, seed: Seed, phase: &Phase<'_>) -> Result<Vec<(Way, f64)>> {
    let settings = Settings::of(forest.effort);
    (0..plan.variables.len())
        .into_par_iter()
        .map(|variable| {
            if let Some((by, segments)) = &plan.determined[variable] {
                return Ok((Way::Determined { by: *by, segments: segments.clone() }, 0.0));
            }
            let rows = by_segment(&plan.segments[variable], plan.counts[variable].len());
            let features = features(plan, variable);
            let learner = |member: usize| Learner {
                plan,
                forest,
                settings: &settings,
                rows: &rows,
                features: &features,
                variable,
                member,
                seed,
            };
            let members = learn_members(learner, &settings, features.is_empty(), phase)?;
            phase.advance(1)?;
            let strengths = strengths(&members, settings.members == 1);
            let bits = bits(&members, &strengths, &plan.counts[variable]);
            Ok((Way::Drawn(members.into_iter().map(|member| member.finish(&strengths)).collect()), bits))
        })
        .collect()
}

/// All members of a variable. The first one finds out how deep the trees should be.
fn learn_members<'a>(
    learner: impl Fn(usize) -> Learner<'a> + Sync,
    settings: &Settings,
    nothing_before: bool,
    phase: &Phase<'_>,
) -> Result<Vec<Learned>> {
    let deepest = settings.options.max_depth;
    let n_rows = learner(0).plan.units.n_rows();
    if n_rows >= MANY_ROWS || nothing_before {
        return (0..settings.members)
            .into_par_iter()
            .map(|member| learner(member).learn(deepest, phase))
            .collect();
    }
    let mut trials: Vec<Learned> =
        TRIED_DEPTHS.par_iter().map(|&depth| learner(0).learn(depth, phase)).collect::<Result<_>>()?;
    let tolerance = settings.tolerance * n_rows as f64 / 1e6;
    let best = best_trial(&trials, settings.members == 1, tolerance);
    let others: Vec<Learned> = (1..settings.members)
        .into_par_iter()
        .map(|member| learner(member).learn(TRIED_DEPTHS[best], phase))
        .collect::<Result<_>>()?;
    Ok(std::iter::once(trials.swap_remove(best)).chain(others).collect())
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
    forest: &'a Forest,
    settings: &'a Settings,
    rows: &'a Sorted,
    features: &'a [u32],
    variable: usize,
    member: usize,
    seed: Seed,
}

impl Learner<'_> {
    fn learn(&self, max_depth: usize, phase: &Phase<'_>) -> Result<Learned> {
        let name = format!("{}/{}", self.variable, self.member);
        let seed = self.seed.derive("forest").derive(&name);
        let counts = &self.plan.counts[self.variable];
        let total: u64 = counts.iter().sum();
        let least = LEAST_ROWS.max(total / LEAST_SHARE);
        let splits = halve(counts, least, self.settings.jitter, &mut seed.stream("halves", 0));
        // Which rows are held back differs from member to member, so that together they learn from all.
        let key = seed.stream("held back", 0).bits();
        let choices: Vec<Choice> = splits
            .par_iter()
            .map_init(Workspace::default, |space, split| {
                phase.check()?;
                Ok(self.split(split, max_depth, key, space))
            })
            .collect::<Result<_>>()?;
        Ok(Learned { levels: levels(&splits), splits, choices })
    }

    fn split(&self, split: &Split, max_depth: usize, key: u64, space: &mut Workspace) -> Choice {
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
        let (mut rows, mut right) = (Vec::with_capacity(inside.len()), Vec::with_capacity(inside.len()));
        // Two halves of the rows held back.
        let mut held: [Vec<u32>; 2] = Default::default();
        for row in inside {
            let unit = stir(u64::from(self.plan.units.unit_of(row as usize)) ^ key);
            if stir(unit) > most {
                continue;
            }
            let is_right = segments[row as usize] >= split.middle;
            if unit.is_multiple_of(HELD) {
                held[(unit / HELD % 2) as usize].push(row);
            } else {
                rows.push(row);
                right.push(is_right);
            }
        }
        let first_judges = held[0].len();
        let held = held.concat();
        let held_right: Vec<bool> = held.iter().map(|&row| segments[row as usize] >= split.middle).collect();
        let problem = Problem {
            matrix: &self.plan.matrix,
            features: self.features,
            rows: &rows,
            right: &right,
            held: &held,
            held_right: &held_right,
            first_judges,
            base,
        };
        let mut grove = Grove::default();
        let options = DichotomyOptions { max_depth, ..self.settings.options.clone() };
        let fitted = dichotomy::fit(&problem, &options, space, &mut grove);
        Choice { fitted, grove, held: held.len() }
    }
}

/// A number that looks random and depends on all bits (the finaliser of `SplitMix64`).
fn stir(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
