//! The loop in which every network learns: epochs of batches, a held-out measure, the best that was seen, and what to do
//! when numbers run away.

use std::time::{Duration, Instant};

use lookalike_core::{Cancelled, Context, Phase};

use super::saved::Progressed;

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
    /// The share of all steps that is done, in [0, 1]; where the time ends before them, of those that there is time for, as
    /// far as the speed so far tells.
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

/// Why nothing was learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Halted {
    /// The listener wanted the work to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// What was left at a checkpoint is of another network or another way of learning.
    #[error("the checkpoint is of another method or of other options")]
    Foreign,
}

/// The share of the time after which it shows how far all of it leads.
const SOON: f64 = 0.05;

/// A checkpoint is left at the end of an epoch at the latest when so much time has passed since the last one.
const CHECKPOINT_AFTER: Duration = Duration::from_secs(30);
/// How often steps are taken back before the loop gives up.
const MOST_TAKEN_BACK: u32 = 8;

/// Learns from these rows, and leaves the learner in the best state seen (the last one, where nothing is held
/// out).
///
/// Where the context has a checkpoint, how far it has come is left there at the end of those epochs after which held-out
/// rows are looked at, of others if half a minute has passed, and where the time ends within one, as it was before that one. It
/// is taken up from there: the result is the same as without a break.
///
/// # Errors
/// [`Halted`] when the listener wants the work to stop, or what is to be taken up is of another learner.
pub fn train(
    learner: &mut dyn Learner,
    rows: &[u32],
    schedule: &Schedule,
    context: &Context<'_>,
) -> Result<History, Halted> {
    // On one of the pool's own threads: from any other, every small piece of parallel work would have to be handed over.
    rayon::scope(|_| train_here(learner, rows, schedule, context))
}

fn train_here(
    learner: &mut dyn Learner,
    rows: &[u32],
    schedule: &Schedule,
    context: &Context<'_>,
) -> Result<History, Halted> {
    let begun = Instant::now();
    let batch = schedule.batch.clamp(1, rows.len().max(1));
    let per_epoch = (rows.len() / batch).max(1) as u64;
    let all = per_epoch * u64::from(schedule.epochs);
    let mut taken = 0;
    let place = |step: u64, taken: u64| {
        let used = schedule.most_time.map(|most| begun.elapsed().as_secs_f64() / most.as_secs_f64());
        Place { step, done: done((step, all), taken, used) }
    };
    let between = (schedule.epochs / schedule.looks.max(1)).max(1);
    let sound = learner.state();
    let mut run = match context.checkpoint.and_then(lookalike_core::Checkpoint::load) {
        Some(bytes) => Progressed::from_bytes(&bytes, learner.losses(), &sound).ok_or(Halted::Foreign)?,
        None => Progressed::begin(learner.losses(), sound),
    };
    learner.restore(&run.sound);
    let mut order = rows.to_vec();
    let mut left = begun;
    let leave = |run: &Progressed| {
        if let Some(checkpoint) = context.checkpoint {
            checkpoint.store(run.to_bytes());
        }
    };
    let phase = Phase::begin_keeping(context.progress, "training", Some(u64::from(schedule.epochs)));
    let out_of_time = || schedule.most_time.is_some_and(|most| begun.elapsed() >= most);
    phase.advance(u64::from(run.epoch))?;
    while run.epoch < schedule.epochs {
        if schedule.patience > 0 && run.without_better >= schedule.patience {
            run.history.end = End::NoBetter;
            break;
        }
        // From the same order every time, so that an epoch can be begun without those before it.
        order.copy_from_slice(rows);
        context.seed.stream("batches", u64::from(run.epoch)).shuffle(&mut order);
        let mut sums = vec![0.0; run.history.losses.len()];
        let (mut ran_away, mut ended) = (false, None);
        for (index, rows) in order.chunks_exact(batch).enumerate() {
            let at = place(u64::from(run.epoch) * per_epoch + index as u64, taken);
            let losses = learner.step(rows, at, run.factor);
            taken += 1;
            ran_away = !losses.iter().all(|loss| loss.is_finite())
                || at.step % 64 == 63 && !is_finite(&learner.state());
            if ran_away {
                break;
            }
            sums.iter_mut().zip(losses).for_each(|(sum, loss)| *sum += loss);
            phase.check()?;
            if out_of_time() || phase.enough() {
                ended = Some(if out_of_time() { End::OutOfTime } else { End::Asked });
                break;
            }
        }
        let state = learner.state();
        if ran_away || !is_finite(&state) {
            run.history.taken_back += 1;
            learner.restore(&run.sound);
            run.factor *= 0.5;
            if run.history.taken_back >= MOST_TAKEN_BACK {
                run.history.end = End::RanAway;
                break;
            }
            continue;
        }
        if let Some(end) = ended {
            // An epoch that was broken off is not one to go on from, but that before it is.
            leave(&run);
            run.history.end = end;
        }
        run.sound = state;
        run.epoch += 1;
        run.history.kept = run.epoch;
        for ((_, means), sum) in run.history.losses.iter_mut().zip(sums) {
            means.push(sum / per_epoch as f64);
        }
        let last = run.epoch == schedule.epochs || ended.is_some();
        let looks = run.epoch % between == 0 || last;
        if looks && let Some(measure) = learner.held_out(place(u64::from(run.epoch) * per_epoch, taken)) {
            run.history.held_out.push((run.epoch, measure));
            // Looking may be part of what a learner does.
            run.sound = learner.state();
            if run.best.as_ref().is_none_or(|(least, ..)| measure < *least) {
                run.best = Some((measure, run.epoch, run.sound.clone()));
                run.without_better = 0;
            } else {
                run.without_better += 1;
            }
        }
        if ended.is_none() && (looks || left.elapsed() >= CHECKPOINT_AFTER) {
            leave(&run);
            left = Instant::now();
        }
        phase.advance(1)?;
        if last {
            break;
        }
    }
    if let Some((_, epoch, state)) = run.best {
        learner.restore(&state);
        run.history.kept = epoch;
    }
    Ok(run.history)
}

/// The share of steps that is done before one of `all`, when `taken` of them took the share `used` of the time.
///
/// Where at the speed so far the time is enough for all of them, it says nothing of the share: the result is then the same as
/// without a limit.
fn done((step, all): (u64, u64), taken: u64, used: Option<f64>) -> f64 {
    let by_steps = step as f64 / all.max(1) as f64;
    let Some(used) = used.filter(|&used| used >= SOON && taken > 0) else { return by_steps };
    let left = taken as f64 * (1.0 - used).max(0.0) / used;
    let reached = step as f64 + left;
    if reached < all as f64 { step as f64 / reached } else { by_steps }
}

fn is_finite(state: &State) -> bool {
    // A sum is finite only if all are, and is found faster than by asking each.
    state.numbers.iter().all(|numbers| numbers.iter().map(|number| number * 0.0).sum::<f32>() == 0.0)
}

#[cfg(test)]
mod tests {
    use super::done;

    #[test]
    fn what_binds_says_how_much_is_done() {
        let by_steps = 100.0 / 1000.0;
        assert_eq!(done((100, 1000), 100, None), by_steps);
        // Too soon, enough time for twice as many, and nothing taken yet.
        assert_eq!(done((100, 1000), 100, Some(0.04)), by_steps);
        assert_eq!(done((100, 1000), 100, Some(0.05)), by_steps);
        assert_eq!(done((100, 1000), 0, Some(0.5)), by_steps);
        // In time for 200, of which half are done.
        assert!((done((100, 1000), 100, Some(0.5)) - 0.5).abs() < 1e-12);
        assert_eq!(done((100, 1000), 100, Some(1.2)), 1.0);
        // Taken up at 400: there is time for 100 more.
        assert!((done((450, 1000), 50, Some(0.5)) - 0.9).abs() < 1e-12);
    }
}
