//! The loop in which networks learn, on a learner whose every step is known.

use std::sync::atomic::{AtomicU32, Ordering};

use lookalike_core::{Context, Progress, Seed};
use lookalike_learn::net::{End, Learner, Place, Schedule, State, train};

/// Goes down to 0 by a tenth of the way at each step; its held-out measure is best at `best`.
struct Falling {
    at: f32,
    best: f32,
    /// Steps at which numbers run away.
    broken: fn(u64) -> bool,
    steps: Vec<u64>,
    /// The share that was said to be done before the last step.
    done: f64,
    /// How long a step takes.
    pause: std::time::Duration,
}

impl Falling {
    fn new(best: f32) -> Self {
        Falling {
            at: 1.0,
            best,
            broken: |_| false,
            steps: Vec::new(),
            done: 0.0,
            pause: std::time::Duration::ZERO,
        }
    }
}

impl Learner for Falling {
    fn step(&mut self, _: &[u32], at: Place, factor: f32) -> Vec<f64> {
        self.steps.push(at.step);
        self.done = at.done;
        std::thread::sleep(self.pause);
        self.at -= 0.1 * factor * self.at;
        if (self.broken)(self.steps.len() as u64) {
            self.at = f32::NAN;
        }
        vec![f64::from(self.at)]
    }

    fn losses(&self) -> &'static [&'static str] {
        &["height"]
    }

    fn held_out(&mut self, _: Place) -> Option<f64> {
        Some(f64::from((self.at - self.best).abs()))
    }

    fn state(&self) -> State {
        State { numbers: vec![vec![self.at]], counts: Vec::new() }
    }

    fn restore(&mut self, state: &State) {
        self.at = state.numbers[0][0];
    }
}

fn schedule(epochs: u32) -> Schedule {
    Schedule { epochs, batch: 10, most_time: None, patience: 0, looks: epochs }
}

fn run(learner: &mut Falling, schedule: &Schedule) -> lookalike_learn::net::History {
    let rows: Vec<u32> = (0..35).collect();
    train(learner, &rows, schedule, &Context::new(Seed::new(1))).expect("nobody cancels")
}

#[test]
fn the_best_state_is_kept() {
    // Three steps an epoch: 0.9^6 = 0.53 after two.
    let mut learner = Falling::new(0.53);
    let history = run(&mut learner, &schedule(8));
    assert_eq!((history.kept, history.end), (2, End::Done));
    assert!((learner.at - 0.9_f32.powi(6)).abs() < 1e-6);
    assert_eq!((learner.steps.len(), history.losses[0].1.len(), history.held_out.len()), (24, 8, 8));
    assert!((history.losses[0].1[0] - (0.9 + 0.81 + 0.729) / 3.0).abs() < 1e-6);
    let patient = Schedule { patience: 3, ..schedule(8) };
    let mut learner = Falling::new(0.53);
    let history = run(&mut learner, &patient);
    assert_eq!((history.kept, history.end, learner.steps.len()), (2, End::NoBetter, 15));
}

#[test]
fn numbers_that_run_away_are_taken_back() {
    let mut learner = Falling { broken: |step| step == 5, ..Falling::new(0.0) };
    let history = run(&mut learner, &schedule(4));
    assert_eq!((history.taken_back, history.end, history.kept), (1, End::Done, 4));
    // The first epoch at the usual rate, the others at half of it.
    assert!((learner.at - 0.9_f32.powi(3) * 0.95_f32.powi(9)).abs() < 1e-6);
    let mut learner = Falling { broken: |step| step > 3, ..Falling::new(0.0) };
    let history = run(&mut learner, &schedule(4));
    assert_eq!((history.end, history.kept), (End::RanAway, 1));
    assert!((learner.at - 0.9_f32.powi(3)).abs() < 1e-6);
}

#[test]
fn it_ends_when_there_is_enough() {
    struct Enough(AtomicU32);
    impl Progress for Enough {
        fn enough(&self) -> bool {
            self.0.fetch_add(1, Ordering::Relaxed) >= 4
        }
    }
    struct Stopped;
    impl Progress for Stopped {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let enough = Enough(AtomicU32::new(0));
    let mut learner = Falling::new(0.0);
    let rows: Vec<u32> = (0..30).collect();
    let context = Context::new(Seed::new(1)).with_progress(&enough);
    let history = train(&mut learner, &rows, &schedule(50), &context).expect("nobody cancels");
    assert_eq!((history.end, learner.steps.len()), (End::Asked, 5));
    let context = Context::new(Seed::new(1)).with_progress(&Stopped);
    assert!(train(&mut Falling::new(0.0), &rows, &schedule(5), &context).is_err());
    let mut learner = Falling::new(0.0);
    let none = Schedule { most_time: Some(std::time::Duration::ZERO), ..schedule(50) };
    assert_eq!((run(&mut learner, &none).end, learner.steps.len()), (End::OutOfTime, 1));
}

#[test]
fn what_ends_learning_says_how_much_of_it_is_done() {
    let limit =
        |seconds| Schedule { most_time: Some(std::time::Duration::from_secs_f64(seconds)), ..schedule(1000) };
    let mut slow = Falling { pause: std::time::Duration::from_millis(2), ..Falling::new(0.0) };
    let history = run(&mut slow, &limit(1.0));
    assert_eq!(history.end, End::OutOfTime);
    // Of 3000 steps there is time for 500 at most: at the end most of these are done.
    assert!(slow.steps.len() <= 500 && slow.done > 0.3, "{} of {} steps", slow.done, slow.steps.len());
    // More than enough time changes nothing.
    let [mut timed, mut free] = [Falling::new(0.0), Falling::new(0.0)];
    assert_eq!(run(&mut timed, &limit(1e6)), run(&mut free, &schedule(1000)));
    assert_eq!((timed.done, timed.at), (free.done, free.at));
    assert_eq!(timed.done, 2999.0 / 3000.0);
}

#[test]
fn few_rows_are_one_batch() {
    let mut learner = Falling::new(0.0);
    let history = train(&mut learner, &[0, 1, 2], &schedule(3), &Context::new(Seed::new(1))).unwrap();
    assert_eq!((history.kept, learner.steps), (3, vec![0, 1, 2]));
}
