//! The loop in which every network learns: epochs of batches, a held-out measure, the best that was seen, and what to do
//! when numbers run away.

use std::time::{Duration, Instant};

use lookalike_core::{Cancelled, Context, Phase};

/// What the loop asks of whatever learns in it.
pub trait Learner: Send {
    /// One step on some rows, as a share `done` in [0, 1) of all steps is done. Steps are `factor` times as long as usual.
    /// Gives the losses, in the order of [`Self::losses`]; what is not finite ends the step's effect.
    fn step(&mut self, rows: &[u32], at: Place, factor: f32) -> Vec<f64>;

    /// The names of the losses.
    fn losses(&self) -> &'static [&'static str];

    /// A measure on rows that no step has seen, the lower the better; `None` if there are too few of them.
    fn held_out(&mut self, at: Place) -> Option<f64>;

    /// All that learning changes.
    fn state(&self) -> State;

    /// Goes back to a state.
    fn restore(&mut self, state: &State);
}

/// Where the loop is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Steps done before: names the step's random numbers.
    pub step: u64,
    /// The share of all steps that is done, in [0, 1].
    pub done: f64,
}

/// All that learning changes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Parameters, means of gradients and the like.
    pub numbers: Vec<Vec<f32>>,
    /// Steps done and the like.
    pub counts: Vec<u64>,
}

/// How long to learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// How often every row is seen at most.
    pub epochs: u32,
    /// Rows in a batch; what is left over at the end of an epoch is left out, unless it is all there is.
    pub batch: usize,
    /// Ends after this time. Where that strikes, the result depends on the speed of the machine.
    pub most_time: Option<Duration>,
    /// Ends when the held-out measure has not improved for so many looks; 0 to go on to the end.
    pub patience: u32,
    /// Looks at the held-out measure about so often in all epochs.
    pub looks: u32,
}

/// How learning went.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// Per loss, its name and its mean in each epoch.
    pub losses: Vec<(String, Vec<f64>)>,
    /// Epochs after which the held-out measure was looked at, and what it was.
    pub held_out: Vec<(u32, f64)>,
    /// The epoch whose state was kept.
    pub kept: u32,
    /// How often numbers ran away, and steps were taken back.
    pub taken_back: u32,
    /// Why it ended.
    pub end: End,
}

/// Why learning ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum End {
    /// All epochs are done.
    #[default]
    Done,
    /// The held-out measure no longer improved.
    NoBetter,
    /// The time was up.
    OutOfTime,
    /// Whoever waits for it wanted what there was.
    Asked,
    /// Numbers ran away again and again.
    RanAway,
}

/// How often steps are taken back before the loop gives up.
const MOST_TAKEN_BACK: u32 = 8;

/// Learns from these rows, and leaves the learner in the best state seen (the last one, where nothing is held
/// out).
///
/// # Errors
/// [`Cancelled`] when the listener wants the work to stop.
pub fn train(
    learner: &mut dyn Learner,
    rows: &[u32],
    schedule: &Schedule,
    context: &Context<'_>,
) -> Result<History, Cancelled> {
    // On one of the pool's own threads: from any other, every small piece of parallel work would have to be handed over.
    rayon::scope(|_| train_here(learner, rows, schedule, context))
}

fn train_here(
    learner: &mut dyn Learner,
    rows: &[u32],
    schedule: &Schedule,
    context: &Context<'_>,
) -> Result<History, Cancelled> {
    let begun = Instant::now();
    let batch = schedule.batch.clamp(1, rows.len().max(1));
    let per_epoch = (rows.len() / batch).max(1) as u64;
    let all = per_epoch * u64::from(schedule.epochs);
    let mut history = History {
        losses: learner.losses().iter().map(|name| ((*name).to_owned(), Vec::new())).collect(),
        ..History::default()
    };
    let place = |step: u64| Place { step, done: step as f64 / all.max(1) as f64 };
    let between = (schedule.epochs / schedule.looks.max(1)).max(1);
    let mut best: Option<(f64, u32, State)> = None;
    let (mut without_better, mut factor) = (0, 1.0_f32);
    let mut sound = learner.state();
    let mut order = rows.to_vec();
    let phase = Phase::begin_keeping(context.progress, "training", Some(u64::from(schedule.epochs)));
    let out_of_time = || schedule.most_time.is_some_and(|most| begun.elapsed() >= most);
    let mut epoch = 0;
    while epoch < schedule.epochs {
        // From the same order every time, so that an epoch can be begun without those before it.
        order.copy_from_slice(rows);
        context.seed.stream("batches", u64::from(epoch)).shuffle(&mut order);
        let mut sums = vec![0.0; history.losses.len()];
        let mut ran_away = false;
        for (index, rows) in order.chunks_exact(batch).enumerate() {
            let at = place(u64::from(epoch) * per_epoch + index as u64);
            let losses = learner.step(rows, at, factor);
            ran_away = !losses.iter().all(|loss| loss.is_finite())
                || at.step % 64 == 63 && !is_finite(&learner.state());
            if ran_away {
                break;
            }
            sums.iter_mut().zip(losses).for_each(|(sum, loss)| *sum += loss);
            phase.check()?;
            if out_of_time() || phase.enough() {
                history.end = if out_of_time() { End::OutOfTime } else { End::Asked };
                break;
            }
        }
        let state = learner.state();
        if ran_away || !is_finite(&state) {
            history.taken_back += 1;
            learner.restore(&sound);
            factor *= 0.5;
            if history.taken_back >= MOST_TAKEN_BACK {
                history.end = End::RanAway;
                break;
            }
            continue;
        }
        sound = state;
        epoch += 1;
        history.kept = epoch;
        for ((_, means), sum) in history.losses.iter_mut().zip(sums) {
            means.push(sum / per_epoch as f64);
        }
        let last = epoch == schedule.epochs || history.end != End::Done;
        if (epoch % between == 0 || last)
            && let Some(measure) = learner.held_out(place(u64::from(epoch) * per_epoch))
        {
            history.held_out.push((epoch, measure));
            if best.as_ref().is_none_or(|(least, ..)| measure < *least) {
                best = Some((measure, epoch, sound.clone()));
                without_better = 0;
            } else {
                without_better += 1;
            }
        }
        phase.advance(1)?;
        if last {
            break;
        }
        if schedule.patience > 0 && without_better >= schedule.patience {
            history.end = End::NoBetter;
            break;
        }
    }
    if let Some((_, epoch, state)) = best {
        learner.restore(&state);
        history.kept = epoch;
    }
    Ok(history)
}

fn is_finite(state: &State) -> bool {
    // A sum is finite only if all are, and is found faster than by asking each.
    state.numbers.iter().all(|numbers| numbers.iter().map(|number| number * 0.0).sum::<f32>() == 0.0)
}
