//! A network that turns noise into rows, and rows drawn with it.

use lookalike_core::{Seed, Stream};
use lookalike_learn::net::{
    Activation, Matrix, Mode, Network, Parameters, Tape, fill_normal, sigmoid_each, softmax,
};
use lookalike_table::Table;
use serde::{Deserialize, Serialize};

use super::correction::Correction;
use super::draw::{Drawer, Given, Limit, choose};
use super::encoder::FittedEncoder;
use super::given_rows::GivenRows;
use super::history::Training;
use super::layout::{Choice, Layout};
use super::told::{Telling, Told, write_inputs};
use crate::allowed::Allowed;
use crate::assemble::Drawn;
use crate::candidates::{TRIED, needed};
use crate::cycles::{Cycle, MOST_CYCLES};
use crate::error::{Error, Result};
use crate::frame::Frame;
use crate::latent::Variable;
use crate::margin::Restricted;
use crate::request::Request;
use crate::sampler::{BLOCK_ROWS, Blocks};

/// The shape of a network that turns noise into rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shape {
    /// Numbers of noise per row; what the network is told comes behind them.
    pub(crate) latent: usize,
    /// Units of each hidden layer.
    pub(crate) hidden: Vec<usize>,
    /// How the hidden layers are made.
    pub(crate) body: Body,
}

/// How hidden layers are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Body {
    /// Linear maps with `ReLU`.
    Dense,
    /// The same, normalised over the batch, each with its input behind its output.
    Residual,
}

impl Shape {
    /// How many parameters a network of this shape has; `None` if more than can be counted.
    pub(crate) fn parameters(&self, told: usize, outputs: usize) -> Option<usize> {
        let mut width = self.latent.checked_add(told)?;
        let mut sum: usize = 0;
        for &units in &self.hidden {
            sum = sum.checked_add(width.checked_add(1)?.checked_mul(units)?)?;
            if self.body == Body::Residual {
                sum = sum.checked_add(units.checked_mul(2)?)?;
                width = width.checked_add(units)?;
            } else {
                width = units;
            }
        }
        sum.checked_add(width.checked_add(1)?.checked_mul(outputs)?)
    }

    /// A network of this shape that is told so many numbers, with so many outputs.
    pub(crate) fn build(
        &self,
        told: usize,
        outputs: usize,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Network {
        let mut network = Network::new(self.latent + told);
        for &units in &self.hidden {
            let before = network.steps();
            network = network.linear(units, parameters, stream);
            network = match self.body {
                Body::Dense => network.activation(Activation::Relu),
                Body::Residual => network.batch_norm(parameters).activation(Activation::Relu).append(before),
            };
        }
        network.linear(outputs, parameters, stream)
    }
}

/// How what comes out of a network is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Output {
    /// Numbers as they are, and logits of codes.
    #[default]
    Logits,
    /// All through a sigmoid: numbers between 0 and 1, and of codes the one with the largest.
    Sigmoid,
}

/// Where noise is drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Prior {
    /// Standard normal.
    #[default]
    Normal,
    /// Normal around a mean for each code that may be told (one for all, where nothing is told).
    Classes(Vec<Cloud>),
}

/// A normal distribution of several numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cloud {
    pub(crate) mean: Vec<f32>,
    /// The lower triangle of its covariance's Cholesky factor, row after row.
    pub(crate) factor: Vec<f32>,
}

impl Prior {
    fn fill(&self, noise: &mut Matrix, tellings: &[Telling], stream: &mut Stream) {
        fill_normal(noise.values_mut(), stream);
        let Prior::Classes(clouds) = self else { return };
        for (row, telling) in tellings.iter().enumerate() {
            let cloud = &clouds[telling.map_or(0, |(_, code)| code as usize)];
            let noise = noise.row_mut(row);
            // From the last number back: each takes only those before it.
            for number in (0..noise.len()).rev() {
                let start = number * (number + 1) / 2;
                let factors = &cloud.factor[start..=start + number];
                let sum: f32 = factors.iter().zip(&*noise).map(|(factor, z)| factor * z).sum();
                noise[number] = cloud.mean[number] + sum;
            }
        }
    }
}

/// A fitted decoder of noise.
#[derive(Debug, Clone)]
pub(crate) struct FittedDecoder {
    /// The method that learned it.
    pub(crate) method: &'static str,
    pub(crate) frame: Frame,
    pub(crate) layout: Layout,
    pub(crate) shape: Shape,
    pub(crate) network: Network,
    pub(crate) parameters: Parameters,
    /// What puts rows among the noise, where something does.
    pub(crate) encoder: Option<FittedEncoder>,
    /// Per number, the standard deviation of what is drawn around it.
    pub(crate) noise: Vec<f32>,
    /// What a row is begun with.
    pub(crate) told: Told,
    /// True when the network is told of it, too.
    pub(crate) tells: bool,
    pub(crate) prior: Prior,
    pub(crate) output: Output,
    /// Per number, what is put right about it; empty where nothing is.
    pub(crate) lines: Vec<Correction>,
    pub(crate) training: Training,
}

/// Most candidates per row.
const MOST: usize = 256;
/// Candidates for rows with given cells, whose weights differ from row to row.
const FOR_GIVEN: usize = 128;

/// Candidates that are decoded together.
const AT_ONCE: usize = 8192;

/// A request on its way.
pub(crate) struct Draw<'a> {
    model: &'a FittedDecoder,
    request: Request,
    seed: Seed,
    drawer: Drawer<'a>,
    /// Per head, what a condition leaves of it.
    allowed: Vec<Option<Allowed>>,
    /// What rows are drawn around.
    around: Option<GivenRows<'a>>,
    candidates: usize,
    /// What a row's candidates are worth, where there are several.
    pub(crate) effective: Option<f64>,
}

impl FittedDecoder {
    /// What is needed to draw rows under a request.
    pub(crate) fn prepare(&self, request: Request, seed: Seed) -> Result<Draw<'_>> {
        let allowed = self
            .layout
            .heads
            .iter()
            .map(|head| match head.variable {
                Variable::Values(column) => {
                    request.restricted.get(&column).map(|restricted| match &head.choice {
                        Choice::Cycle(cycle) => parts_of(cycle, restricted),
                        _ => Allowed::of_pieces(restricted, &self.frame.margin(column).counts),
                    })
                }
                Variable::Mask(mask) => request.masks.get(&mask).map(|&missing| {
                    let weights = if missing { vec![0.0, 1.0] } else { vec![1.0, 0.0] };
                    Allowed::new(weights, &[1, 1])
                }),
            })
            .collect();
        let drawer = Drawer::new(&self.frame, &self.layout, &self.lines);
        let encoder = (&self.layout, self.encoder.as_ref());
        let given = |like| GivenRows::new(like, &self.frame, encoder, seed);
        let around = request.around.as_ref().map(given).transpose()?;
        let mut draw =
            Draw { model: self, request, seed, drawer, allowed, around, candidates: 1, effective: None };
        match draw.choose_candidates() {
            // A condition on few days may be too rare if the day of the week has to go with the rest of the row.
            Err(Error::RareCondition { .. }) if self.layout.has_cycles() => {
                for (head, allowed) in self.layout.heads.iter().zip(&mut draw.allowed) {
                    if matches!(head.choice, Choice::Cycle(_)) {
                        *allowed = None;
                    }
                }
                draw.choose_candidates()?;
            }
            others => others?,
        }
        Ok(draw)
    }

    /// What the network gives for noise and what is told: numbers as they are drawn around, and chances of codes.
    fn decode(&self, noise: &Matrix, tellings: &[Telling]) -> Matrix {
        let mut tape = Tape::default();
        let nothing = Told::default();
        write_inputs(noise, if self.tells { &self.told } else { &nothing }, tellings, tape.input_mut());
        let mut out = self.network.forward(&self.parameters, &mut tape, Mode::Using).clone();
        match self.output {
            Output::Logits => {
                super::finish(&self.layout, &mut out);
                softmax(&mut out, &self.layout.spans);
            }
            Output::Sigmoid => {
                sigmoid_each(out.values_mut());
                for row in 0..out.rows() {
                    take_largest(&self.layout, out.row_mut(row));
                }
            }
        }
        for (row, &telling) in tellings.iter().enumerate() {
            self.told.impose(telling, &self.layout, out.row_mut(row));
        }
        out
    }

    /// Noise as the prior has it.
    fn noise_for(&self, tellings: &[Telling], stream: &mut Stream) -> Matrix {
        let mut noise = Matrix::zeros(tellings.len(), self.shape.latent);
        self.prior.fill(&mut noise, tellings, stream);
        noise
    }

    /// What the network gives for rows under no condition.
    pub(crate) fn draw_free(&self, count: usize, stream: &mut Stream) -> Matrix {
        let mut out = Matrix::zeros(count, self.layout.width());
        let mut done = 0;
        // Between input and output a row is several times as wide.
        while done < count {
            let some = (count - done).min(2048);
            let tellings: Vec<Telling> = (0..some).map(|_| self.told.draw(None, stream)).collect();
            let part = self.decode(&self.noise_for(&tellings, stream), &tellings);
            let width = self.layout.width();
            out.values_mut()[done * width..(done + some) * width].copy_from_slice(part.values());
            done += some;
        }
        out
    }
}

/// The parts of a cycle in which something lies that is allowed.
fn parts_of(cycle: &Cycle, restricted: &Restricted) -> Allowed {
    let mut weights = vec![0.0; cycle.parts as usize];
    for piece in 0..restricted.segments.len() as u32 {
        let tick = |through: f64| restricted.support.tick(piece, through);
        let (Some(first), Some(last)) = (tick(0.0), tick(1.0 - f64::EPSILON)) else { continue };
        cycle.between(first, last).for_each(|part| weights[part as usize] = 1.0);
    }
    Allowed::new(weights, &vec![1; cycle.parts as usize])
}

/// True for a cycle in none of whose parts a segment lies.
fn lies_in_none(choice: &Choice, segment: usize) -> bool {
    matches!(choice, Choice::Cycle(cycle) if cycle.of[segment] == Cycle::NO_PART)
}

/// Leaves the largest of each code's numbers, as 1.
fn take_largest(layout: &Layout, row: &mut [f32]) {
    for span in &layout.spans {
        let codes = &mut row[span.clone()];
        let mut largest = 0;
        for code in 1..codes.len() {
            if codes[code] > codes[largest] {
                largest = code;
            }
        }
        codes.fill(0.0);
        codes[largest] = 1.0;
    }
}

impl Draw<'_> {
    fn choose_candidates(&mut self) -> Result<()> {
        if self.request.like.is_some() {
            self.candidates = FOR_GIVEN;
            return Ok(());
        }
        if self.allowed.iter().all(Option::is_none) {
            return Ok(());
        }
        let limits = self.limits(0)?;
        let out =
            self.candidates_of(TRIED, |number| (number as u64, &limits), &mut self.seed.stream("trial", 0));
        let logs: Vec<f64> = (0..TRIED).map(|row| self.log_weight(&out, row, &limits)).collect();
        if let Some((candidates, effective)) = needed(&from_logs(&logs), MOST)? {
            self.candidates = candidates;
            self.effective = Some(effective);
        }
        Ok(())
    }

    /// What is allowed of each head in a row.
    fn limits(&self, row: u64) -> Result<Vec<Limit<'_>>> {
        let frame = &self.model.frame;
        let heads = self.model.layout.heads.iter().zip(&self.allowed);
        heads
            .map(|(head, allowed)| {
                let by_condition = allowed.as_ref().map_or(Limit::Free, Limit::Allowed);
                let Some(like) = &self.request.like else { return Ok(by_condition) };
                Ok(match head.variable {
                    Variable::Values(column) => {
                        let margin = frame.margin(column);
                        if self.request.restricted.contains_key(&column) {
                            // An error if the condition excludes the given value.
                            self.request.given_range(column, row, margin, frame)?;
                        }
                        match like.place(column, row, margin, frame)? {
                            Some((segment, _, _)) if lies_in_none(&head.choice, segment) => Limit::Free,
                            Some((segment, _, _)) => Limit::Segment(segment as u32),
                            None => by_condition,
                        }
                    }
                    Variable::Mask(mask) => match self.request.missing(mask, row, frame)? {
                        Some(missing) => Limit::Segment(u32::from(missing)),
                        None => Limit::Free,
                    },
                })
            })
            .collect()
    }

    /// What the network gives for so many candidates, each for its row and under its limits.
    fn candidates_of<'l>(
        &self,
        count: usize,
        of: impl Fn(usize) -> (u64, &'l [Limit<'l>]),
        stream: &mut Stream,
    ) -> Matrix {
        let told = &self.model.told;
        let tell = |number| {
            let (row, limits) = of(number);
            // What is given is told, unless a condition says otherwise.
            let free = |head: &usize| matches!(limits[*head], Limit::Free);
            let given = self.around.as_ref().filter(|_| told.heads.iter().all(free));
            let given = given.and_then(|given| given.telling(given.number(row), told));
            given.or_else(|| told.draw(Some((&self.drawer, limits)), stream))
        };
        let tellings: Vec<Telling> = (0..count).map(tell).collect();
        let Some(given) = &self.around else {
            return self.model.decode(&self.model.noise_for(&tellings, stream), &tellings);
        };
        let mut noise = Matrix::zeros(count, self.model.shape.latent);
        fill_normal(noise.values_mut(), stream);
        let rows: Vec<u32> = (0..count).map(|number| given.number(of(number).0)).collect();
        given.place(&rows, &mut noise);
        self.model.decode(&noise, &tellings)
    }

    fn given<'o>(&self, out: &'o Matrix, row: usize, head: usize) -> Given<'o> {
        let layout = &self.model.layout;
        let row = out.row(row);
        let number =
            layout.numbers[head].map_or((0.0, 0.0), |number| (row[number], self.model.noise[number]));
        let mut cycles: [&[f32]; MOST_CYCLES] = [&[]; MOST_CYCLES];
        for (to, &cycle) in cycles.iter_mut().zip(&layout.cycles[head]) {
            *to = &row[layout.spans[cycle].clone()];
        }
        Given { chances: &row[layout.spans[head].clone()], number, cycles }
    }

    /// The logarithm of how likely all that is allowed is, for one candidate.
    fn log_weight(&self, out: &Matrix, row: usize, limits: &[Limit<'_>]) -> f64 {
        let chance = |(head, &limit): (usize, &Limit<'_>)| match limit {
            Limit::Free => 0.0,
            limit => {
                let chance = self.drawer.chance(head, self.given(out, row, head), limit);
                lookalike_core::math::ln(chance.max(1e-30))
            }
        };
        limits.iter().enumerate().map(chance).sum()
    }
}

/// Weights whose largest is 1.
fn from_logs(logs: &[f64]) -> Vec<f64> {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logs.iter().map(|log| lookalike_core::math::exp(log - most)).collect()
}

impl Blocks for Draw<'_> {
    fn block(&self, block: u64) -> Result<Table> {
        let first_row = block * BLOCK_ROWS as u64;
        let mut stream = self.seed.stream("rows", block);
        let each = self.candidates;
        let layout = &self.model.layout;
        // The same for all rows, unless each completes another one.
        let n_given = self.request.like.as_ref().map_or(1, |like| like.n_rows().max(1));
        let same = if self.request.like.is_none() { Some(self.limits(0)?) } else { None };
        let heads = layout.heads.len();
        let mut segments = vec![vec![0; BLOCK_ROWS]; heads];
        let mut fractions = vec![vec![0.0; BLOCK_ROWS]; heads];
        // Only so many candidates at once: they are wide.
        let at_once = (AT_ONCE / each).clamp(1, BLOCK_ROWS);
        for first in (0..BLOCK_ROWS).step_by(at_once) {
            let rows = first..(first + at_once).min(BLOCK_ROWS);
            let own: Vec<Vec<Limit<'_>>> = if same.is_some() {
                Vec::new()
            } else {
                let given = rows.clone().map(|row| (first_row + row as u64) % n_given);
                given.map(|row| self.limits(row)).collect::<Result<_>>()?
            };
            let limits_of = |row: usize| same.as_ref().unwrap_or_else(|| &own[row]).as_slice();
            let start = first_row + first as u64;
            let of = |number: usize| (start + (number / each) as u64, limits_of(number / each));
            let out = self.candidates_of(rows.len() * each, of, &mut stream);
            for row in rows {
                let limits = limits_of(row - first);
                let mut chosen = (row - first) * each;
                if each > 1 {
                    let logs: Vec<f64> =
                        (0..each).map(|number| self.log_weight(&out, chosen + number, limits)).collect();
                    chosen += choose(&from_logs(&logs), &mut stream);
                }
                for (head, &limit) in limits.iter().enumerate() {
                    if matches!(layout.heads[head].choice, Choice::Cycle(_)) {
                        continue;
                    }
                    let given = self.given(&out, chosen, head);
                    let (segment, fraction) = self.drawer.draw(head, given, limit, &mut stream);
                    segments[head][row] = segment;
                    fractions[head][row] = fraction;
                }
            }
        }
        let frame = &self.model.frame;
        let mut drawn = Drawn::nothing(frame);
        for ((head, segments), fractions) in layout.heads.iter().zip(segments).zip(fractions) {
            match head.variable {
                _ if matches!(head.choice, Choice::Cycle(_)) => {}
                Variable::Values(column) => drawn.cells[column] = Some((segments, fractions)),
                Variable::Mask(mask) => {
                    drawn.masks[mask] = Some(segments.into_iter().map(|code| code == 1).collect());
                }
            }
        }
        drawn.into_table(frame, &self.request, self.seed, block)
    }
}
