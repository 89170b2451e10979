//! Learning all networks: each is on its own, from the same rows.

use lookalike_core::{Cancelled, Context, Phase, Seed};
use lookalike_learn::net::{
    Adam, AdamOptions, Chosen, Learner, NO_CODE, Odds, Place, Sparse, State, Tape, average, fill_uniform,
    train,
};
use lookalike_table::Codes;
use rayon::prelude::*;

use super::Autoregressive;
use super::columns::Columns;
use super::model::FittedAutoregressive;
use super::net::Net;
use crate::error::Result;
use crate::frame::Frame;
use crate::latent::Variable;
use crate::neural::{Sides, Training};

/// Batches that a network takes one after the other, before the next network's turn.
const AT_ONCE: usize = 4;
/// How often held-out rows are looked at.
const LOOKS: u32 = 30;
/// How much of the running mean of the parameters stays at each step, in the long run.
const KEEP: f32 = 0.995;
/// How much of the learning rate is left at the end.
const LAST_RATE: f32 = 0.03;

/// How often choices are put right at most after learning, and when they are right: none moves further, in logits.
const SETTLINGS: usize = 4;
const SETTLED: f64 = 0.02;
/// Rows that are looked at together then.
const CHUNK: usize = 1024;

/// All networks while they learn.
struct Nets<'a> {
    columns: &'a Columns,
    cells: &'a [u32],
    batch: usize,
    pupils: Vec<Pupil>,
    held_out: Vec<u32>,
    held_out_keys: Vec<f32>,
    patience: u32,
    seed: Seed,
    keys: Vec<f32>,
}

/// One network while it learns.
struct Pupil {
    net: Net,
    adam: Adam,
    gradients: Vec<f32>,
    /// The running mean of the parameters: what is measured and kept.
    mean: Vec<f32>,
    /// The best on held-out rows so far, in nats per row.
    best: Option<(f64, Vec<f32>)>,
    without_better: u32,
    work: Work,
}

/// Buffers.
#[derive(Default)]
struct Work {
    sparse: Sparse,
    ends: Vec<u32>,
    tape: Tape,
    chosen: Chosen,
}

pub(super) fn learn(
    mut frame: Frame,
    columns: Columns,
    (cells, sides): (&[u32], Sides),
    options: &Autoregressive,
    context: &Context<'_>,
) -> Result<FittedAutoregressive> {
    let Sides { learned, held_out } = sides;
    let mut schedule = options.pace().schedule(learned.len(), LOOKS);
    let batch = schedule.batch;
    schedule.batch = batch * AT_ONCE.min((learned.len() / batch / 4).max(1));
    let adam = AdamOptions { rate: options.rate, decay: options.decay, ..AdamOptions::default() };
    let pupils: Vec<Pupil> = columns
        .drawn()
        .into_par_iter()
        .map(|variable| {
            let net = Net::new(&columns, variable, &options.hidden, options.dropout, context.seed);
            Pupil::new(net, adam)
        })
        .collect();
    let mut held_out_keys = Vec::new();
    keys(&columns, held_out.len(), context.seed.derive("held out"), 0, &mut held_out_keys);
    let mut nets = Nets {
        columns: &columns,
        cells,
        batch,
        pupils,
        held_out,
        held_out_keys,
        patience: options.patience,
        seed: context.seed.derive("orders"),
        keys: Vec::new(),
    };
    let history = train(&mut nets, &learned, &schedule, context)?;
    let (training, warnings) = Training::new(history, "negative log-likelihood, nats per row");
    frame.warnings.extend(warnings);
    let rows: Vec<u32> = (0..frame.n_rows as u32).collect();
    let phase = Phase::begin(context.progress, "settling", Some(nets.pupils.len() as u64));
    let nets = nets
        .pupils
        .into_par_iter()
        .map(|pupil| {
            let Pupil { net, mean, best, mut work, .. } = pupil;
            let mut net = Net::new(&columns, net.variable, &options.hidden, 0.0, context.seed);
            net.parameters.values_mut().copy_from_slice(&best.map_or(mean, |(_, values)| values));
            work.settle(&mut net, &columns, (cells, &rows), &phase)?;
            phase.advance(1)?;
            Ok(net)
        })
        .collect::<Result<Vec<Net>>>()?;
    drop(phase);
    Ok(FittedAutoregressive::new(frame, columns, options.hidden.clone(), nets, training))
}

/// Where each variable stands in each row's order: half of the rows (the even ones) have the usual order, half a random
/// one, in which masks still stand before what they cover.
fn keys(columns: &Columns, n_rows: usize, seed: Seed, step: u64, keys: &mut Vec<f32>) {
    let n = columns.len();
    keys.resize(n_rows * n, 0.0);
    fill_uniform(keys, &mut seed.stream("keys", step));
    for (row, keys) in keys.chunks_exact_mut(n.max(1)).enumerate() {
        if row % 2 == 0 {
            for (place, key) in keys.iter_mut().enumerate() {
                *key = place as f32;
            }
            continue;
        }
        for variable in 0..n {
            if let Some(mask) = columns.masks[variable] {
                keys[mask] = keys[mask].min(keys[variable]);
            }
        }
    }
}

impl Pupil {
    fn new(net: Net, adam: AdamOptions) -> Self {
        let n = net.parameters.len();
        Pupil {
            adam: Adam::new(n, adam),
            gradients: vec![0.0; n],
            mean: net.parameters.values().to_vec(),
            best: None,
            without_better: 0,
            work: Work::default(),
            net,
        }
    }

    /// One batch: the sum of the rows' nats.
    fn step(
        &mut self,
        columns: &Columns,
        cells: &[u32],
        (rows, keys): (&[u32], &[f32]),
        factor: f32,
        seed: Seed,
    ) -> f64 {
        let Pupil { net, adam, gradients, mean, work, .. } = self;
        work.read(net, columns, cells, rows, keys);
        let mut stream = seed.derive("dropout").derive(&net.variable.to_string()).stream("step", adam.steps);
        net.forward_learning(&work.sparse, &mut work.tape, &mut stream);
        let nats = net.choices.forward(&net.parameters, work.tape.output(), &work.ends, &mut work.chosen);
        let (hidden, d_hidden) = work.tape.output_gradient_mut();
        let scale = 1.0 / rows.len().max(1) as f32;
        net.choices.backward(&net.parameters, hidden, scale, &mut work.chosen, d_hidden, gradients);
        net.rest.backward(&net.parameters, &mut work.tape, gradients, true);
        net.first.backward(&work.sparse, work.tape.input_gradient(), gradients);
        adam.step(net.parameters.values_mut(), gradients, factor);
        let steps = adam.steps as f32;
        average(mean, net.parameters.values(), KEEP.min(steps / (10.0 + steps)));
        nats
    }

    /// Nats per row of some rows under the running mean.
    fn measure(&mut self, columns: &Columns, cells: &[u32], rows: &[u32], keys: &[f32]) -> f64 {
        let own = self.net.parameters.values().to_vec();
        self.net.parameters.values_mut().copy_from_slice(&self.mean);
        let n = columns.len();
        let chunks = rows.chunks(CHUNK).zip(keys.chunks(CHUNK * n));
        let nats: f64 =
            chunks.map(|(rows, keys)| self.work.forward(&self.net, columns, cells, rows, keys)).sum();
        self.net.parameters.values_mut().copy_from_slice(&own);
        nats / rows.len().max(1) as f64
    }
}

impl Work {
    /// Puts right how often choices go right, in the usual order.
    fn settle(
        &mut self,
        net: &mut Net,
        columns: &Columns,
        (cells, rows): (&[u32], &[u32]),
        phase: &Phase<'_>,
    ) -> std::result::Result<(), Cancelled> {
        if net.choices.is_empty() {
            return Ok(());
        }
        let usual: Vec<f32> = (0..columns.len()).map(|place| place as f32).collect();
        let keys = usual.repeat(CHUNK.min(rows.len()));
        for _ in 0..SETTLINGS {
            let mut odds = Odds::new(&net.choices);
            for rows in rows.chunks(CHUNK) {
                phase.check()?;
                self.forward(net, columns, cells, rows, &keys);
                odds.count(&self.chosen);
            }
            if odds.settle(&net.choices, &mut net.parameters) < SETTLED {
                break;
            }
        }
        Ok(())
    }

    /// Puts what a network reads of some rows, and what it is to choose.
    fn read(&mut self, net: &Net, columns: &Columns, cells: &[u32], rows: &[u32], keys: &[f32]) {
        let n = columns.len();
        let own = net.variable;
        self.sparse.clear();
        self.ends.clear();
        for (&row, keys) in rows.iter().zip(keys.chunks_exact(n)) {
            let cells = &cells[row as usize * n..(row as usize + 1) * n];
            let segment = cells[own];
            if segment == Codes::MISSING {
                self.ends.push(NO_CODE);
                self.sparse.end_row();
                continue;
            }
            self.ends.push(columns.trees[own].end(segment));
            for other in 0..n {
                // A mask stands in the same place as the first column that it covers, and counts as before it.
                let before = match columns.order[other] {
                    Variable::Mask(_) => keys[other] <= keys[own] && other != own,
                    Variable::Values(_) => keys[other] < keys[own],
                };
                if before && columns.reading[other].width > 0 {
                    net.read(columns, other, cells[other], &mut self.sparse);
                }
            }
            self.sparse.end_row();
        }
    }

    /// The sum of the rows' nats.
    fn forward(&mut self, net: &Net, columns: &Columns, cells: &[u32], rows: &[u32], keys: &[f32]) -> f64 {
        self.read(net, columns, cells, rows, keys);
        net.forward(&self.sparse, &mut self.tape);
        net.choices.forward(&net.parameters, self.tape.output(), &self.ends, &mut self.chosen)
    }
}

impl Learner for Nets<'_> {
    fn step(&mut self, rows: &[u32], at: Place, factor: f32) -> Vec<f64> {
        let Nets { columns, cells, batch, pupils, keys: all_keys, seed, patience, .. } = self;
        let n = columns.len();
        keys(columns, rows.len(), *seed, at.step, all_keys);
        let factor = factor * (1.0 - at.done as f32 * (1.0 - LAST_RATE));
        let nats: Vec<f64> = pupils
            .par_iter_mut()
            .map(|pupil| {
                if pupil.is_done(*patience) {
                    return pupil.best.as_ref().map_or(0.0, |(nats, _)| *nats) * rows.len() as f64;
                }
                let batches = rows.chunks(*batch).zip(all_keys.chunks(*batch * n));
                batches.map(|batch| pupil.step(columns, cells, batch, factor, *seed)).sum()
            })
            .collect();
        vec![nats.iter().sum::<f64>() / rows.len().max(1) as f64]
    }

    fn losses(&self) -> &'static [&'static str] {
        &["negative log-likelihood"]
    }

    fn held_out(&mut self, _: Place) -> Option<f64> {
        if self.held_out.is_empty() {
            return None;
        }
        let Nets { columns, cells, pupils, held_out, held_out_keys, patience, .. } = self;
        pupils.par_iter_mut().for_each(|pupil| {
            if pupil.is_done(*patience) {
                return;
            }
            let nats = pupil.measure(columns, cells, held_out, held_out_keys);
            if pupil.best.as_ref().is_none_or(|(least, _)| nats < *least) {
                pupil.best = Some((nats, pupil.mean.clone()));
                pupil.without_better = 0;
            } else {
                pupil.without_better += 1;
            }
        });
        Some(pupils.iter().map(|pupil| pupil.best.as_ref().map_or(0.0, |(nats, _)| *nats)).sum())
    }

    fn state(&self) -> State {
        let numbers = self.pupils.iter().flat_map(|pupil| {
            let Pupil { net, adam, mean, best, .. } = pupil;
            let best = best.as_ref().map_or(mean, |(_, values)| values);
            [
                net.parameters.values().to_vec(),
                adam.first.clone(),
                adam.second.clone(),
                mean.clone(),
                best.clone(),
            ]
        });
        let counts = self.pupils.iter().flat_map(|pupil| {
            let nats = pupil.best.as_ref().map_or(f64::INFINITY, |(nats, _)| *nats);
            [pupil.adam.steps, u64::from(pupil.without_better), nats.to_bits()]
        });
        State { numbers: numbers.collect(), counts: counts.collect() }
    }

    fn restore(&mut self, state: &State) {
        let (numbers, counts) = (state.numbers.as_chunks::<5>().0, state.counts.as_chunks::<3>().0);
        for ((pupil, [values, first, second, mean, best]), &[steps, without_better, nats]) in
            self.pupils.iter_mut().zip(numbers).zip(counts)
        {
            pupil.net.parameters.values_mut().copy_from_slice(values);
            pupil.adam.first.clone_from(first);
            pupil.adam.second.clone_from(second);
            pupil.mean.clone_from(mean);
            pupil.adam.steps = steps;
            pupil.without_better = u32::try_from(without_better).unwrap_or(u32::MAX);
            let nats = f64::from_bits(nats);
            pupil.best = nats.is_finite().then(|| (nats, best.clone()));
            pupil.gradients.fill(0.0);
        }
    }
}

impl Pupil {
    /// True when held-out rows say that the network learns no more.
    fn is_done(&self, patience: u32) -> bool {
        self.net.choices.is_empty() || patience > 0 && self.without_better >= patience
    }
}
