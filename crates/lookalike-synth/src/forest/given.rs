//! Drawing rows under conditions.
//!
//! Every row draws its own candidates. Each goes through the variables in order; where one is restricted, it is drawn
//! from what is allowed of its distribution, and the candidate's weight is multiplied by how likely that was. One
//! candidate is chosen by weight (sampling importance resampling). Where only leading variables are restricted, few
//! candidates are enough, and the others are drawn after the choice. Where a given value follows from an earlier
//! variable by a rule, that one is drawn from what leads to it: hardly a candidate would meet it by chance.
//!
//! # References
//! Rubin, D. B. (1987). The calculation of posterior distributions by data augmentation: comment. *JASA* 82, 543–546.
//! <https://doi.org/10.2307/2289457>

use lookalike_core::{Seed, Stream};
use lookalike_learn::tree::dichotomy::logistic;
use lookalike_table::{Codes, Table};

use super::draw::{Rows, Space, Sums, below_one};
use super::likelihood::probability;
use super::limit::{Backwards, Limit, Limits};
use super::model::{FittedForest, Member, Split, Way};
use super::uniforms::Uniforms;
use crate::allowed::Allowed;
use crate::assemble::Drawn;
use crate::candidates::{LEAST, TRIED, WANTED, needed};
use crate::error::{Error, Result};
use crate::latent::Variable;
use crate::request::{Like, Request};
use crate::sampler::{BLOCK_ROWS, Blocks};

/// Most candidates per row.
const MOST: usize = 512;
/// Candidates for rows with given cells, whose weights differ from row to row.
const FOR_GIVEN: usize = 32;

/// A request on its way.
pub(crate) struct Draw<'a> {
    model: &'a FittedForest,
    request: Request,
    seed: Seed,
    /// Of the variables after the last restricted one.
    uniforms: Uniforms,
    sums: Vec<Sums>,
    /// Per variable, what a condition leaves of it.
    allowed: Vec<Option<Allowed>>,
    /// Rules read backwards, for rows with given cells.
    backwards: Vec<Backwards>,
    /// The variables up to the last restricted one are drawn for all candidates.
    restricted: usize,
    candidates: usize,
    /// What a row's candidates are worth, where there are several.
    pub(crate) effective: Option<f64>,
}

impl FittedForest {
    /// What is needed to draw rows under a request.
    pub(crate) fn prepare(&self, request: Request, seed: Seed) -> Result<Draw<'_>> {
        let all: Vec<Vec<u64>> =
            self.variables.order.iter().map(|variable| variable.counts(&self.frame)).collect();
        let sums = all.iter().map(|counts| Sums::new(counts)).collect();
        let allowed: Vec<Option<Allowed>> = self
            .variables
            .order
            .iter()
            .zip(&all)
            .map(|(variable, counts)| match variable {
                Variable::Values(column) => {
                    request.restricted.get(column).map(|restricted| Allowed::of_pieces(restricted, counts))
                }
                Variable::Mask(mask) => request.masks.get(mask).map(|&missing| {
                    let weights = if missing { vec![0.0, 1.0] } else { vec![1.0, 0.0] };
                    Allowed::new(weights, counts)
                }),
            })
            .collect();
        let backwards = match request.like {
            Some(_) => Backwards::all(&self.ways, &all),
            None => Vec::new(),
        };
        let uniforms = Uniforms::new(seed, &self.variables.order, request.low_discrepancy);
        let mut draw = Draw {
            model: self,
            request,
            seed,
            uniforms,
            sums,
            allowed,
            backwards,
            restricted: 0,
            candidates: 1,
            effective: None,
        };
        draw.restricted = draw.last_restricted()?;
        draw.choose_candidates()?;
        Ok(draw)
    }
}

impl Draw<'_> {
    /// One more than the last variable that any row restricts. An error if a given row cannot be met.
    fn last_restricted(&self) -> Result<usize> {
        let mut last = 0;
        for variable in 0..self.model.variables.len() {
            let rows = self.request.like.as_ref().map_or(1, Like::n_rows);
            for row in 0..rows {
                if self.limit(variable, row)?.is_some() {
                    last = variable + 1;
                    if self.request.like.is_none() {
                        break;
                    }
                }
            }
        }
        Ok(last)
    }

    fn choose_candidates(&mut self) -> Result<()> {
        if self.restricted == 0 {
            return Ok(());
        }
        if self.request.like.is_some() {
            self.candidates = FOR_GIVEN;
            return Ok(());
        }
        let mut stream = self.seed.stream("trial", 0);
        let (_, weights) = self.candidates_of(TRIED, 1, &self.limits(0)?, &mut stream);
        if let Some((candidates, effective)) = needed(&weights, MOST)? {
            self.candidates = candidates;
            self.effective = Some(effective);
        }
        Ok(())
    }

    /// What is allowed of every variable in the rows of a block.
    fn limits(&self, first_row: u64) -> Result<Limits<'_>> {
        let variables = self.model.variables.len();
        let Some(like) = &self.request.like else {
            let one = self.allowed.iter().map(|allowed| allowed.as_ref().map_or(Limit::Free, Limit::Allowed));
            return Ok(Limits::new(one.collect(), 1));
        };
        let mut cells = Vec::with_capacity(variables * BLOCK_ROWS);
        for variable in 0..variables {
            for row in first_row..first_row + BLOCK_ROWS as u64 {
                cells.push(self.limit(variable, row % like.n_rows())?.unwrap_or(Limit::Free));
            }
        }
        let mut limits = Limits::new(cells, BLOCK_ROWS);
        limits.read_backwards(&self.backwards);
        Ok(limits)
    }

    /// What a condition or a given cell leaves of a variable in a row; `None` for everything.
    fn limit(&self, variable: usize, row: u64) -> Result<Option<Limit<'_>>> {
        let (frame, request) = (&self.model.frame, &self.request);
        let given = match (self.model.variables.order[variable], &request.like) {
            (_, None) => None,
            (Variable::Values(column), Some(like)) => {
                let margin = frame.margin(column);
                if request.restricted.contains_key(&column) {
                    request.given_range(column, row, margin, frame)?;
                }
                let place = like.place(column, row, margin, frame)?;
                place.map(|(segment, ..)| Limit::Segment(segment as u32))
            }
            (Variable::Mask(mask), Some(_)) => {
                let missing = request.missing(mask, row, frame)?;
                missing.map(|missing| Limit::Segment(u32::from(missing)))
            }
        };
        Ok(given.or(self.allowed[variable].as_ref().map(Limit::Allowed)))
    }

    /// Candidates for `n_rows` rows, those of a row one after the other, drawn up to the last restricted variable, and
    /// their weights.
    fn candidates_of(
        &self,
        n_rows: usize,
        each: usize,
        limits: &Limits<'_>,
        stream: &mut Stream,
    ) -> (Rows, Vec<f64>) {
        let variables = self.model.variables.len();
        let mut rows = Rows::new(n_rows * each, variables);
        let mut weights = vec![1.0; n_rows * each];
        let mut space = Space::default();
        for variable in 0..self.restricted {
            let free = self.request.like.is_none() && self.allowed[variable].is_none();
            if free {
                let uniforms = (0..rows.count).map(|_| stream.unit()).collect();
                self.model.draw_next(&mut rows, &self.sums[variable], uniforms, &mut space);
                continue;
            }
            self.draw_limited(variable, &mut rows, each, limits, &mut weights, stream);
            if self.request.like.is_some() {
                // Only how they compare counts, and the product of many small chances would vanish.
                for weights in weights.chunks_exact_mut(each) {
                    let most = weights.iter().copied().fold(0.0, f64::max);
                    if most > 0.0 {
                        for weight in weights {
                            *weight /= most;
                        }
                    }
                }
            }
        }
        (rows, weights)
    }

    fn draw_limited(
        &self,
        variable: usize,
        rows: &mut Rows,
        each: usize,
        limits: &Limits<'_>,
        weights: &mut [f64],
        stream: &mut Stream,
    ) {
        let model = self.model;
        let sums = &self.sums[variable];
        let uniforms: Vec<f64> = (0..rows.count).map(|_| stream.unit()).collect();
        let mut segments = vec![Codes::MISSING; rows.count];
        let mut fractions = vec![0.0; rows.count];
        let mut memo = Memo::default();
        for row in rows.present(model.variables.presence(variable, &model.frame)) {
            let row = row as usize;
            let (limit, common) = limits.of(variable, row / each);
            let u = uniforms[row];
            let (segment, fraction, weight) = match &model.ways[variable] {
                Way::Determined { by, segments: map } => {
                    let segment = map[rows.segments[*by][row] as usize];
                    (segment, u, limit.weight(segment))
                }
                Way::Drawn(members) => {
                    let u = u * members.len() as f64;
                    let number = (u as usize).min(members.len() - 1);
                    let (member, u) = (&members[number], below_one(u - number as f64));
                    match limit {
                        // As likely for all candidates of the row: they do not differ yet.
                        Limit::Segment(segment) if common => (segment, u, 1.0),
                        Limit::Segment(segment) => {
                            (segment, u, probability(member, rows, row, segment, sums))
                        }
                        _ => Path { member, rows, row: row as u32, sums, limit }.draw(u, &mut memo),
                    }
                }
            };
            weights[row] *= weight;
            segments[row] = segment;
            fractions[row] = fraction;
        }
        rows.push(
            &model.variables.bins[variable],
            model.variables.missing_bin(variable),
            segments,
            fractions,
        );
    }

    /// One candidate per row.
    fn choose(
        &self,
        rows: &Rows,
        weights: &[f64],
        each: usize,
        stream: &mut Stream,
        first_row: u64,
    ) -> Result<Rows> {
        let mut chosen = Vec::with_capacity(BLOCK_ROWS);
        for (row, weights) in weights.chunks_exact(each).enumerate() {
            let sum: f64 = weights.iter().sum();
            let mut at = stream.unit() * sum;
            if sum <= 0.0 {
                // No candidate is possible.
                return Err(match &self.request.like {
                    Some(like) => {
                        Error::ImpossibleRow { row: (first_row + row as u64) % like.n_rows().max(1) + 1 }
                    }
                    None => Error::RareCondition { effective: 0.0, candidates: each as u64, least: LEAST },
                });
            }
            let mut number = weights.iter().rposition(|&weight| weight > 0.0).unwrap_or(0);
            for (candidate, &weight) in weights.iter().enumerate() {
                if at < weight {
                    number = candidate;
                    break;
                }
                at -= weight;
            }
            chosen.push(row * each + number);
        }
        Ok(rows.take(&chosen, self.model.variables.len()))
    }
}

/// Chances of going right that were computed on the way.
#[derive(Default)]
struct Memo {
    chances: Vec<(u32, f64)>,
}

/// One row's way through a nested dichotomy under a limit.
struct Path<'a> {
    member: &'a Member,
    rows: &'a Rows,
    row: u32,
    sums: &'a Sums,
    limit: Limit<'a>,
}

impl Path<'_> {
    fn draw(&self, mut u: f64, memo: &mut Memo) -> (u32, f64, f64) {
        memo.chances.clear();
        let mut number = if self.member.splits.is_empty() { Split::NONE } else { 0 };
        let (mut start, mut end) = (0, (self.sums.0.len() - 1) as u32);
        let weight = self.mass(number, start, end, memo);
        while number != Split::NONE {
            let split = &self.member.splits[number as usize];
            let right = self.chance(number, memo);
            let left = (1.0 - right) * self.mass(split.left, split.start, split.middle, memo);
            let right = right * self.mass(split.right, split.middle, split.end, memo);
            // Nothing allowed on either side: the weight is 0, whatever is drawn.
            let share = if left + right > 0.0 { left / (left + right) } else { 1.0 };
            if u < share {
                u = below_one(u / share);
                (number, start, end) = (split.left, split.start, split.middle);
            } else {
                u = below_one((u - share) / (1.0 - share));
                (number, start, end) = (split.right, split.middle, split.end);
            }
        }
        let (segment, fraction) = self.limit.locate(self.sums, start, end, u);
        (segment, fraction, weight)
    }

    /// How likely it is that a row of this half is allowed.
    fn mass(&self, number: u32, start: u32, end: u32, memo: &mut Memo) -> f64 {
        let share = self.limit.share(self.sums, start, end);
        if number == Split::NONE || share <= 0.0 || share >= 1.0 - 1e-12 {
            return share;
        }
        let split = &self.member.splits[number as usize];
        let right = self.chance(number, memo);
        (1.0 - right) * self.mass(split.left, split.start, split.middle, memo)
            + right * self.mass(split.right, split.middle, split.end, memo)
    }

    fn chance(&self, number: u32, memo: &mut Memo) -> f64 {
        if let Some((_, chance)) = memo.chances.iter().find(|(known, _)| *known == number) {
            return *chance;
        }
        let chance = self.member.chance_right(number, self.rows, self.row);
        memo.chances.push((number, chance));
        chance
    }
}

impl Member {
    /// How likely one row goes right.
    pub(super) fn chance_right(&self, split: u32, rows: &Rows, row: u32) -> f64 {
        let split = &self.splits[split as usize];
        let cell = |feature: usize| rows.cells[feature * rows.count + row as usize];
        let mut score = split.base;
        for tree in split.trees.0..split.trees.1 {
            score += self.grove.value(tree as usize, cell);
        }
        1.0 - logistic(f64::from(-score))
    }
}

impl Blocks for Draw<'_> {
    fn block(&self, block: u64) -> Result<Table> {
        let mut stream = self.seed.stream("rows", block);
        let first_row = block * BLOCK_ROWS as u64;
        let model = self.model;
        let variables = model.variables.len();
        let mut rows = if self.restricted > 0 {
            let mut each = self.candidates;
            let limits = self.limits(first_row)?;
            let mut drawn = self.candidates_of(BLOCK_ROWS, each, &limits, &mut stream);
            // One is enough only as long as each is possible, and the trial may have missed what is not.
            if each == 1 && drawn.1.iter().any(|&weight| weight <= 0.0) {
                each = WANTED as usize;
                drawn = self.candidates_of(BLOCK_ROWS, each, &limits, &mut stream);
            }
            match each {
                1 => drawn.0,
                _ => self.choose(&drawn.0, &drawn.1, each, &mut stream, first_row)?,
            }
        } else {
            Rows::new(BLOCK_ROWS, variables)
        };
        let mut space = Space::default();
        while rows.segments.len() < variables {
            let next = rows.segments.len();
            model.draw_next(&mut rows, &self.sums[next], self.uniforms.of_block(next, block), &mut space);
        }
        let mut drawn = Drawn::nothing(&model.frame);
        let all = std::mem::take(&mut rows.segments).into_iter().zip(std::mem::take(&mut rows.fractions));
        for (variable, (segments, fractions)) in all.enumerate() {
            match model.variables.order[variable] {
                Variable::Mask(mask) => {
                    drawn.masks[mask] = Some(segments.iter().map(|&segment| segment == 1).collect());
                }
                Variable::Values(column) => {
                    let pieces = self.allowed[variable].as_ref();
                    let cells = segments.iter().zip(&fractions).map(|(&segment, &fraction)| {
                        // Missing values are decoded as anything and then left out.
                        let segment = if segment == Codes::MISSING { 0 } else { segment };
                        match pieces {
                            Some(allowed) if allowed.weights[segment as usize] > 0.0 => {
                                allowed.piece(segment, fraction)
                            }
                            Some(_) => (0, 0.0),
                            None => (segment, fraction),
                        }
                    });
                    drawn.cells[column] = Some(cells.unzip());
                }
            }
        }
        drawn.into_table(&model.frame, &self.request, self.seed, block)
    }
}
