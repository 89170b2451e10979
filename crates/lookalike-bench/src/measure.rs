//! Time, processor time and memory of a piece of work.

use std::time::Instant;

use lookalike::{AnySynthesizer, Context, FitOptions, SampleRequest, Seed, Table};

/// What a piece of work took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Seconds by the clock.
    pub(crate) wall: f64,
    /// Seconds of all processors, where the system tells.
    pub(crate) cpu: Option<f64>,
}

/// Runs `work` so many times and returns the last result with the least cost.
pub(crate) fn least<T>(times: usize, mut work: impl FnMut() -> T) -> (T, Cost) {
    let mut best: Option<Cost> = None;
    let mut result = None;
    for _ in 0..times.max(1) {
        let (start, cpu) = (Instant::now(), processor_seconds());
        result = Some(work());
        let cost = Cost {
            wall: start.elapsed().as_secs_f64(),
            cpu: processor_seconds().zip(cpu).map(|(after, before)| after - before),
        };
        if best.is_none_or(|best| cost.wall < best.wall) {
            best = Some(cost);
        }
    }
    (result.expect("at least one run"), best.expect("at least one run"))
}

/// Learns a table and draws as many rows, without keeping them.
pub(crate) fn fit_and_sample(
    table: &Table,
    method: &AnySynthesizer,
) -> Result<(Cost, Cost), Box<dyn std::error::Error>> {
    let context = Context::new(Seed::new(1));
    let (model, fit) = least(1, || method.fit(table, &FitOptions::default(), &context));
    let model = model?;
    let n_rows = table.n_rows() as u64;
    let (sampled, sample) = least(1, || -> lookalike::Result<u64> {
        let mut total = 0;
        for batch in model.sample(&SampleRequest::rows(n_rows), &context)? {
            total += batch?.n_rows() as u64;
        }
        Ok(total)
    });
    assert_eq!(sampled?, n_rows);
    Ok((fit, sample))
}

/// Processor time of this process so far, in seconds.
pub(crate) fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split_whitespace().collect();
    // User and system time, in ticks of a hundredth of a second on every Linux in use.
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(ticks as f64 / 100.0)
}

/// The most memory that this process has used so far, in megabytes.
pub(crate) fn peak_megabytes() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

/// Prints a figure beside its target.
pub(crate) fn report(what: &str, figure: f64, unit: &str, target: Target, cost: Cost) {
    let (goal, met) = match target {
        Target::AtMost(goal) => (format!("<= {goal}"), figure <= goal),
        Target::AtLeast(goal) => (format!(">= {goal}"), figure >= goal),
    };
    let cpu = cost.cpu.map(|cpu| format!(", {cpu:.2} CPU s")).unwrap_or_default();
    let verdict = if met { "met" } else { "MISSED" };
    println!("{what:<44} {figure:>12.3} {unit:<7} target {goal:<10} {verdict}  ({:.3} s{cpu})", cost.wall);
}

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
}
