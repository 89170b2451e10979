//! What is allowed of each variable in a row, and in which order the variables are drawn for it.

use std::sync::Arc;

use super::columns::{Columns, Tree};
use super::net::Net;
use crate::allowed::Allowed;
use crate::latent::Variable;

/// What is allowed of a variable in one row.
#[derive(Clone)]
pub(super) enum Limit {
    /// Everything.
    Free,
    /// One segment.
    Segment(u32),
    /// Several, or parts of them.
    Allowed(Arc<Allowed>),
}

impl Limit {
    /// Of shares of segments; only one of them needs no drawing.
    pub(super) fn of(allowed: Arc<Allowed>) -> Self {
        let mut possible = (0..allowed.weights.len()).filter(|&segment| allowed.weights[segment] > 0.0);
        match (possible.next(), possible.next()) {
            (Some(segment), None) => Limit::Segment(segment as u32),
            _ => Limit::Allowed(allowed),
        }
    }

    /// What is left if besides only this is allowed: per segment, a share.
    pub(super) fn and(&self, shares: impl Fn(usize) -> f64, counts: &[u64]) -> Self {
        let own = |segment: usize| match self {
            Limit::Free => 1.0,
            Limit::Segment(one) => f64::from(u8::from(*one as usize == segment)),
            Limit::Allowed(allowed) => allowed.weights[segment],
        };
        let weights = (0..counts.len()).map(|segment| own(segment) * shares(segment)).collect();
        Limit::of(Arc::new(Allowed::new(weights, counts)))
    }

    /// True where nothing is allowed.
    pub(super) fn is_impossible(&self) -> bool {
        matches!(self, Limit::Allowed(allowed) if !allowed.weights.iter().any(|&weight| weight > 0.0))
    }
}

/// In which order a row's variables are drawn: what is given, what is restricted, the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order {
    /// Variables that have a network.
    pub(super) all: Vec<usize>,
    /// How many are given.
    pub(super) given: usize,
    /// How many are given or restricted.
    pub(super) restricted: usize,
}

impl Order {
    pub(super) fn new(columns: &Columns, limits: &[Limit]) -> Self {
        let mut all = columns.drawn();
        // Stable: among the same kind, the usual order stays, in which masks stand before what they cover. The mask of what
        // is given or restricted is given.
        let kind = |variable: &usize| match limits[*variable] {
            Limit::Segment(_) => 0,
            Limit::Allowed(_) => 1,
            Limit::Free => 2,
        };
        all.sort_by_key(kind);
        let up_to = |most: i32| all.iter().filter(|variable| kind(variable) <= most).count();
        Order { given: up_to(0), restricted: up_to(1), all }
    }
}

/// One row's way through the choices under a limit.
pub(super) struct Path<'a> {
    pub(super) net: &'a Net,
    pub(super) tree: &'a Tree,
    /// What the choices depend on.
    pub(super) row: &'a [f32],
    pub(super) allowed: &'a Allowed,
    /// First and last segments of every choice.
    pub(super) spans: &'a [(u32, u32)],
}

/// Neither side of a choice is ever quite impossible.
const LEAST_CHANCE: f64 = 1e-12;

impl Path<'_> {
    /// A segment, how far through it, and how likely it was that a row is allowed.
    pub(super) fn draw(&self, mut u: f64) -> (u32, f64, f64) {
        use lookalike_learn::net::Next;
        let mut chances = Vec::new();
        let mut here = self.net.choices.root();
        let weight = self.mass(here, &mut chances);
        loop {
            match here {
                Next::End(end) => {
                    let (segment, fraction) = self.locate(end, u);
                    return (segment, fraction, weight);
                }
                Next::Choice(choice) => {
                    let right = self.chance(choice, &mut chances);
                    let next = self.net.choices.next(choice);
                    let left = (1.0 - right) * self.mass(next[0], &mut chances);
                    let right = right * self.mass(next[1], &mut chances);
                    // Nothing allowed on either side: the weight is 0, whatever is drawn.
                    let share = if left + right > 0.0 { left / (left + right) } else { 1.0 };
                    let goes_right = u >= share;
                    let rest = if goes_right { (u - share) / (1.0 - share) } else { u / share };
                    u = rest.clamp(0.0, 1.0 - f64::EPSILON);
                    here = next[usize::from(goes_right)];
                }
            }
        }
    }

    /// How likely it is that a row that comes here is allowed.
    fn mass(&self, here: lookalike_learn::net::Next, chances: &mut Vec<(u32, f64)>) -> f64 {
        use lookalike_learn::net::Next;
        let span = match here {
            Next::End(end) => {
                let segments = self.tree.segments(end);
                (segments.start, segments.end)
            }
            Next::Choice(choice) => self.spans[choice as usize],
        };
        let sums = &self.allowed.sums;
        let share = (sums[span.1 as usize] - sums[span.0 as usize]) / self.tree.count(span.0..span.1);
        match here {
            Next::Choice(choice) if share > 0.0 && share < 1.0 - 1e-12 => {
                let right = self.chance(choice, chances);
                let next = self.net.choices.next(choice);
                (1.0 - right) * self.mass(next[0], chances) + right * self.mass(next[1], chances)
            }
            _ => share.clamp(0.0, 1.0),
        }
    }

    fn chance(&self, choice: u32, chances: &mut Vec<(u32, f64)>) -> f64 {
        if let Some((_, chance)) = chances.iter().find(|(known, _)| *known == choice) {
            return *chance;
        }
        let chance = self.net.choices.chance(&self.net.parameters, self.row, choice);
        let chance = chance.clamp(LEAST_CHANCE, 1.0 - LEAST_CHANCE);
        chances.push((choice, chance));
        chance
    }

    fn locate(&self, end: u32, u: f64) -> (u32, f64) {
        let segments = self.tree.segments(end);
        let (sums, weights) = (&self.allowed.sums, &self.allowed.weights);
        let (from, to) = (sums[segments.start as usize], sums[segments.end as usize]);
        let at = from + u * (to - from);
        let inner = &sums[segments.start as usize + 1..segments.end as usize];
        let mut segment = segments.start + inner.partition_point(|&sum| sum <= at) as u32;
        // Rounding may end at a segment of which nothing is allowed.
        while weights[segment as usize] <= 0.0 && segment > segments.start {
            segment -= 1;
        }
        while weights[segment as usize] <= 0.0 && segment + 1 < segments.end {
            segment += 1;
        }
        let (low, high) = (sums[segment as usize], sums[segment as usize + 1]);
        let fraction = if high > low { (at - low) / (high - low) } else { u };
        (segment, fraction.clamp(0.0, 1.0 - f64::EPSILON))
    }
}

/// First and last segments (exclusive) of the halves that each choice of a tree divides.
pub(super) fn spans(tree: &Tree) -> Vec<(u32, u32)> {
    use lookalike_learn::net::Next;
    let mut spans = vec![(0, 0); tree.next.len()];
    // Choices are numbered from the root on: those that one leads to come after it.
    for choice in (0..tree.next.len()).rev() {
        let ends = tree.next[choice].map(|next| match next {
            Next::End(end) => {
                let segments = tree.segments(end);
                (segments.start, segments.end)
            }
            Next::Choice(next) => spans[next as usize],
        });
        spans[choice] = (ends[0].0, ends[1].1);
    }
    spans
}

/// True for a variable of which a row has no value: its mask says so.
pub(super) fn is_absent(columns: &Columns, variable: usize, missing: impl Fn(usize) -> bool) -> bool {
    matches!(columns.order[variable], Variable::Values(_)) && columns.masks[variable].is_some_and(missing)
}
