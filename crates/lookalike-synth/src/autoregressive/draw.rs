//! Drawing rows: what is given comes first, then what conditions restrict, then the rest in the usual order.
//!
//! The networks know every order, so that what is given or restricted need not be met by chance. Where several variables
//! are restricted, each is drawn from what is allowed of it given those before; how likely that was, for all but the first,
//! is the row's weight, and one of several candidates is chosen by weight.
//!
//! # References
//! Rubin, D. B. (1987). The calculation of posterior distributions by data augmentation: comment. *JASA* 82, 543–546.
//! <https://doi.org/10.2307/2289457>

use std::collections::BTreeMap;
use std::sync::Arc;

use lookalike_core::{Seed, Stream};
use lookalike_learn::net::{Matrix, Sparse, Tape};
use lookalike_table::{Codes, Table};

use super::limit::{Limit, Order, Path, is_absent, spans};
use super::model::FittedAutoregressive;
use crate::allowed::Allowed;
use crate::assemble::Drawn;
use crate::candidates::{LEAST, TRIED, needed};
use crate::error::{Error, Result};
use crate::latent::Variable;
use crate::request::Request;
use crate::sampler::{BLOCK_ROWS, Blocks};

/// Most candidates per row.
const MOST: usize = 512;
/// Candidates for rows with given cells in which conditions restrict several others.
const FOR_GIVEN: usize = 64;
/// Candidates that are drawn together.
const AT_ONCE: usize = 16_384;

/// A request on its way.
pub(crate) struct Draw<'a> {
    model: &'a FittedAutoregressive,
    request: Request,
    seed: Seed,
    counts: Vec<Vec<u64>>,
    /// Per variable, what a condition leaves of it.
    allowed: Vec<Option<Arc<Allowed>>>,
    /// What conditions leave, followers read backwards; and the order that comes of it.
    limits: Vec<Limit>,
    order: Order,
    spans: Vec<Vec<(u32, u32)>>,
    candidates: usize,
    /// What a row's candidates are worth, where there are several.
    pub(crate) effective: Option<f64>,
}

/// Rows on their way.
struct Rows {
    count: usize,
    /// Per variable; [`Codes::MISSING`] where there is no value.
    segments: Vec<Vec<u32>>,
    fractions: Vec<Vec<f64>>,
    sparse: Sparse,
    tape: Tape,
}

impl Rows {
    fn new(count: usize, variables: usize) -> Self {
        Rows {
            count,
            segments: vec![vec![Codes::MISSING; count]; variables],
            fractions: vec![vec![0.0; count]; variables],
            sparse: Sparse::default(),
            tape: Tape::default(),
        }
    }

    /// Only these rows, in this order.
    fn take(&self, rows: &[usize]) -> Rows {
        let mut taken = Rows::new(rows.len(), 0);
        taken.segments = self.segments.iter().map(|of| rows.iter().map(|&row| of[row]).collect()).collect();
        taken.fractions = self.fractions.iter().map(|of| rows.iter().map(|&row| of[row]).collect()).collect();
        taken
    }
}

impl FittedAutoregressive {
    /// What is needed to draw rows under a request.
    pub(crate) fn prepare(&self, request: Request, seed: Seed) -> Result<Draw<'_>> {
        let columns = &self.columns;
        let counts: Vec<Vec<u64>> =
            columns.order.iter().map(|variable| variable.counts(&self.frame)).collect();
        let allowed: Vec<Option<Arc<Allowed>>> = columns
            .order
            .iter()
            .zip(&counts)
            .map(|(variable, counts)| match variable {
                Variable::Values(column) => {
                    let restricted = request.restricted.get(column);
                    restricted.map(|restricted| Arc::new(Allowed::of_pieces(restricted, counts)))
                }
                Variable::Mask(mask) => request.masks.get(mask).map(|&missing| {
                    let weights = if missing { vec![0.0, 1.0] } else { vec![1.0, 0.0] };
                    Arc::new(Allowed::new(weights, counts))
                }),
            })
            .collect();
        let restricted = !request.is_free();
        let spans = columns.trees.iter().map(|tree| if restricted { spans(tree) } else { Vec::new() });
        let spans = spans.collect();
        let limits = vec![Limit::Free; columns.len()];
        let order = Order::new(columns, &limits);
        let mut draw = Draw {
            model: self,
            request,
            seed,
            counts,
            allowed,
            limits,
            order,
            spans,
            candidates: 1,
            effective: None,
        };
        draw.limits = draw.limits_by_conditions()?;
        draw.order = Order::new(columns, &draw.limits);
        draw.choose_candidates()?;
        Ok(draw)
    }
}

impl Draw<'_> {
    /// What conditions leave of each variable; an error if that is nothing.
    fn limits_by_conditions(&self) -> Result<Vec<Limit>> {
        let mut limits: Vec<Limit> = self
            .allowed
            .iter()
            .map(|allowed| allowed.as_ref().map_or(Limit::Free, |allowed| Limit::of(allowed.clone())))
            .collect();
        self.read_backwards(&mut limits);
        if limits.iter().any(Limit::is_impossible) {
            return Err(Error::RareCondition { effective: 0.0, candidates: 1, least: LEAST });
        }
        Ok(limits)
    }

    /// Limits leaders to what leads to what is allowed of their followers.
    fn read_backwards(&self, limits: &mut [Limit]) {
        for (variable, follows) in self.model.columns.follows.iter().enumerate() {
            let Some((by, map)) = follows else { continue };
            let left = match &limits[variable] {
                Limit::Free => continue,
                Limit::Segment(one) => {
                    // Part of a segment may be all that is allowed: as likely for all that lead there.
                    limits[*by].and(|segment| f64::from(u8::from(map[segment] == *one)), &self.counts[*by])
                }
                Limit::Allowed(allowed) => {
                    limits[*by].and(|segment| allowed.weights[map[segment] as usize], &self.counts[*by])
                }
            };
            limits[*by] = left;
        }
    }

    fn choose_candidates(&mut self) -> Result<()> {
        // With one variable restricted, its share is as likely for all rows.
        let several = self.order.restricted > self.order.given + 1;
        if self.request.like.is_some() {
            self.candidates = if several { FOR_GIVEN } else { 1 };
            return Ok(());
        }
        if !several {
            return Ok(());
        }
        let mut stream = self.seed.stream("trial", 0);
        let limits = [self.limits.clone()];
        let (_, weights) = self.candidates_of(&limits, TRIED, &self.order, &mut stream);
        if let Some((candidates, effective)) = needed(&weights, MOST)? {
            self.candidates = candidates;
            self.effective = Some(effective);
        }
        Ok(())
    }

    /// What is allowed of every variable where cells are given.
    fn limits_of(&self, row: u64) -> Result<Vec<Limit>> {
        let (frame, request) = (&self.model.frame, &self.request);
        let Some(like) = &request.like else { return Ok(self.limits.clone()) };
        let mut limits = Vec::with_capacity(self.limits.len());
        for (variable, allowed) in self.model.columns.order.iter().zip(&self.allowed) {
            let by_condition = || allowed.as_ref().map_or(Limit::Free, |allowed| Limit::of(allowed.clone()));
            limits.push(match *variable {
                Variable::Values(column) => {
                    let margin = frame.margin(column);
                    if request.restricted.contains_key(&column) {
                        // An error if the condition excludes the given value.
                        request.given_range(column, row, margin, frame)?;
                    }
                    match like.place(column, row, margin, frame)? {
                        Some((segment, ..)) => Limit::Segment(segment as u32),
                        None => by_condition(),
                    }
                }
                Variable::Mask(mask) => match request.missing(mask, row, frame)? {
                    Some(missing) => Limit::Segment(u32::from(missing)),
                    None => Limit::Free,
                },
            });
        }
        self.read_backwards(&mut limits);
        // Of a rule that the row breaks, nothing is left.
        if limits.iter().any(Limit::is_impossible) {
            return Err(Error::ImpossibleRow { row: row + 1 });
        }
        Ok(limits)
    }

    /// Draws a variable for all rows. Where it is restricted, the weights are multiplied by how likely that was; `limits`
    /// has an entry per `each` rows, or one for all.
    fn draw_variable(
        &self,
        rows: &mut Rows,
        known: &[usize],
        variable: usize,
        limits: Option<(&[Vec<Limit>], usize)>,
        weights: &mut [f64],
        stream: &mut Stream,
    ) {
        let (model, columns) = (self.model, &self.model.columns);
        let mask = columns.masks[variable];
        let missing: Vec<bool> = match mask {
            Some(mask) => (0..rows.count)
                .map(|row| is_absent(columns, variable, |_| rows.segments[mask][row] == 1))
                .collect(),
            None => Vec::new(),
        };
        let is_missing = |row: usize| missing.get(row).copied().unwrap_or(false);
        let mut fractions: Vec<f64> = (0..rows.count).map(|_| stream.unit()).collect();
        let mut segments = vec![Codes::MISSING; rows.count];
        let tree = &columns.trees[variable];
        let limit = |row: usize| limits.map(|(of, each)| &of[(row / each).min(of.len() - 1)][variable]);
        let all_given =
            limits.is_some() && (0..rows.count).all(|row| matches!(limit(row), Some(Limit::Segment(_))));
        let net = model.net(variable).expect("only what follows from no other is drawn");
        let hidden: &Matrix = if all_given {
            &Matrix::default()
        } else {
            model.read(net, known, &rows.segments, rows.count, &mut rows.sparse);
            net.forward(&rows.sparse, &mut rows.tape)
        };
        if limits.is_none() {
            let mut ends = vec![0; rows.count];
            net.choices.draw(&net.parameters, hidden, &mut fractions, &mut ends);
            for row in (0..rows.count).filter(|&row| !is_missing(row)) {
                (segments[row], fractions[row]) = tree.locate(ends[row], fractions[row]);
            }
        } else {
            for row in (0..rows.count).filter(|&row| !is_missing(row)) {
                match limit(row) {
                    Some(Limit::Segment(segment)) => segments[row] = *segment,
                    Some(Limit::Allowed(allowed)) => {
                        let path =
                            Path { net, tree, row: hidden.row(row), allowed, spans: &self.spans[variable] };
                        let (segment, fraction, weight) = path.draw(fractions[row]);
                        (segments[row], fractions[row]) = (segment, fraction);
                        weights[row] *= weight;
                    }
                    _ => unreachable!("rows of one order restrict the same variables"),
                }
            }
        }
        rows.segments[variable] = segments;
        rows.fractions[variable] = fractions;
    }

    /// Candidates up to the last restricted variable, `each` for each of the limits, and their weights.
    fn candidates_of(
        &self,
        limits: &[Vec<Limit>],
        each: usize,
        order: &Order,
        stream: &mut Stream,
    ) -> (Rows, Vec<f64>) {
        let count = limits.len() * each;
        let mut rows = Rows::new(count, self.model.columns.len());
        let mut weights = vec![1.0; count];
        for (number, &variable) in order.all[..order.restricted].iter().enumerate() {
            let known = &order.all[..number];
            // The first restricted one is as likely for all candidates of a row.
            let mut unused = Vec::new();
            let of = if number > order.given {
                &mut weights
            } else {
                unused.resize(count, 1.0);
                &mut unused
            };
            self.draw_variable(&mut rows, known, variable, Some((limits, each)), of, stream);
        }
        (rows, weights)
    }

    /// Rows under limits, of which all have the same order.
    fn draw_rows(
        &self,
        limits: &[Vec<Limit>],
        count: usize,
        order: &Order,
        stream: &mut Stream,
    ) -> Result<Rows> {
        let several = order.restricted > order.given + 1;
        let mut rows = if several {
            let each = self.candidates.max(if self.request.like.is_some() { FOR_GIVEN } else { 1 });
            let at_once = (AT_ONCE / each).max(1);
            let mut parts = Vec::new();
            for first in (0..count).step_by(at_once) {
                let last = (first + at_once).min(count);
                let own: Vec<Vec<Limit>> =
                    (first..last).map(|row| limits[row.min(limits.len() - 1)].clone()).collect();
                let (rows, weights) = self.candidates_of(&own, each, order, stream);
                let chosen = choose(&weights, each, stream)?;
                parts.push(rows.take(&chosen));
            }
            let mut all = Rows::new(count, 0);
            for part in parts {
                all.segments.resize(part.segments.len(), Vec::new());
                all.fractions.resize(part.fractions.len(), Vec::new());
                all.segments.iter_mut().zip(part.segments).for_each(|(all, part)| all.extend(part));
                all.fractions.iter_mut().zip(part.fractions).for_each(|(all, part)| all.extend(part));
            }
            all
        } else {
            let own: Vec<Vec<Limit>> =
                if limits.len() == 1 { vec![limits[0].clone()] } else { limits.to_vec() };
            let each = if limits.len() == 1 { count } else { 1 };
            self.candidates_of(&own, each, order, stream).0
        };
        for (number, &variable) in order.all.iter().enumerate().skip(order.restricted) {
            self.draw_variable(&mut rows, &order.all[..number], variable, None, &mut [], stream);
        }
        for (variable, follows) in self.model.columns.follows.iter().enumerate() {
            let Some((by, map)) = follows else { continue };
            let mask = self.model.columns.masks[variable];
            for row in 0..count {
                let leader = rows.segments[*by][row];
                let missing = mask.is_some_and(|mask| rows.segments[mask][row] == 1);
                if leader != Codes::MISSING && !missing {
                    rows.segments[variable][row] = map[leader as usize];
                }
            }
            rows.fractions[variable] = (0..count).map(|_| stream.unit()).collect();
        }
        Ok(rows)
    }
}

/// One candidate per row, by weight.
fn choose(weights: &[f64], each: usize, stream: &mut Stream) -> Result<Vec<usize>> {
    weights
        .chunks_exact(each)
        .enumerate()
        .map(|(row, weights)| {
            let sum: f64 = weights.iter().sum();
            let mut at = stream.unit() * sum;
            if sum <= 0.0 {
                return Err(Error::RareCondition { effective: 0.0, candidates: each as u64, least: LEAST });
            }
            let mut number = weights.iter().rposition(|&weight| weight > 0.0).unwrap_or(0);
            for (candidate, &weight) in weights.iter().enumerate() {
                if at < weight {
                    number = candidate;
                    break;
                }
                at -= weight;
            }
            Ok(row * each + number)
        })
        .collect()
}

impl Blocks for Draw<'_> {
    fn block(&self, block: u64) -> Result<Table> {
        let first_row = block * BLOCK_ROWS as u64;
        let model = self.model;
        let rows = match &self.request.like {
            None => {
                let mut stream = self.seed.stream("rows", block);
                self.draw_rows(std::slice::from_ref(&self.limits), BLOCK_ROWS, &self.order, &mut stream)?
            }
            Some(like) => {
                let n_given = like.n_rows().max(1);
                // Rows of which the same variables are given are drawn together.
                let mut groups: BTreeMap<Order, (Vec<usize>, Vec<Vec<Limit>>)> = BTreeMap::new();
                for row in 0..BLOCK_ROWS {
                    let limits = self.limits_of((first_row + row as u64) % n_given)?;
                    let (rows, all) = groups.entry(Order::new(&model.columns, &limits)).or_default();
                    rows.push(row);
                    all.push(limits);
                }
                let mut all = Rows::new(BLOCK_ROWS, model.columns.len());
                for (number, (order, (places, limits))) in groups.into_iter().enumerate() {
                    let mut stream = self.seed.derive(&number.to_string()).stream("rows", block);
                    let rows = self.draw_rows(&limits, places.len(), &order, &mut stream)?;
                    for variable in 0..model.columns.len() {
                        for (from, &to) in places.iter().enumerate() {
                            all.segments[variable][to] = rows.segments[variable][from];
                            all.fractions[variable][to] = rows.fractions[variable][from];
                        }
                    }
                }
                all
            }
        };
        let frame = &model.frame;
        let mut drawn = Drawn::nothing(frame);
        for (variable, (segments, fractions)) in rows.segments.into_iter().zip(rows.fractions).enumerate() {
            match model.columns.order[variable] {
                Variable::Mask(mask) => {
                    drawn.masks[mask] = Some(segments.into_iter().map(|segment| segment == 1).collect());
                }
                Variable::Values(column) => {
                    // Where there is no value, any will do: it is taken out again.
                    let cells = segments.into_iter().zip(fractions).map(|(segment, fraction)| {
                        match &self.allowed[variable] {
                            _ if segment == Codes::MISSING => (0, 0.0),
                            Some(allowed) => allowed.piece(segment, fraction),
                            None => (segment, fraction),
                        }
                    });
                    drawn.cells[column] = Some(cells.unzip());
                }
            }
        }
        drawn.into_table(frame, &self.request, self.seed, block)
    }
}
