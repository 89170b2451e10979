//! What the steps of a run cost: seconds, processor time and memory.
//!
//! The clock decides nothing here but what is told of the run, in a file of its own.

use std::time::Instant;

use lookalike_evaluate::{PhaseCost, RECORD_VERSION, RunRecord};

/// Takes the time of one step after the other.
#[derive(Debug)]
pub(crate) struct Meter {
    phases: Vec<PhaseCost>,
    since: Moment,
}

/// What a run did, for its record.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    pub(crate) method: &'static str,
    pub(crate) rows_learned: u64,
    pub(crate) rows_sampled: u64,
    pub(crate) model_bytes: u64,
}

#[derive(Debug, Clone, Copy)]
struct Moment {
    wall: Instant,
    cpu: Option<f64>,
}

impl Moment {
    fn now() -> Self {
        Moment { wall: Instant::now(), cpu: processor_seconds() }
    }
}

impl Meter {
    /// Starts with the first step.
    pub(crate) fn start() -> Self {
        Meter { phases: Vec::new(), since: Moment::now() }
    }

    /// Ends the step that was under way, which is called `phase`, and begins the next.
    pub(crate) fn end(&mut self, phase: &str) {
        let now = Moment::now();
        self.phases.push(PhaseCost {
            phase: phase.to_owned(),
            wall_seconds: now.wall.duration_since(self.since.wall).as_secs_f64(),
            cpu_seconds: now.cpu.zip(self.since.cpu).map(|(now, before)| (now - before).max(0.0)),
        });
        self.since = now;
    }

    /// Everything that was measured.
    pub(crate) fn record(self, work: &Work) -> RunRecord {
        let rate = |rows: u64, phase: &str| {
            let seconds = self.phases.iter().find(|cost| cost.phase == phase)?.wall_seconds;
            Some(rows as f64 / seconds).filter(|rate| rate.is_finite())
        };
        RunRecord {
            record_version: RECORD_VERSION,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            method: work.method.to_owned(),
            threads: rayon::current_num_threads(),
            peak_memory_bytes: peak_memory(),
            rows_learned: work.rows_learned,
            rows_sampled: work.rows_sampled,
            rows_learned_per_second: rate(work.rows_learned, "fit"),
            rows_sampled_per_second: rate(work.rows_sampled, "sample"),
            model_bytes: work.model_bytes,
            phases: self.phases,
        }
    }
}

/// Processor time of this process so far, in seconds.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems do not tell")]
fn processor_seconds() -> Option<f64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9)
}

#[cfg(not(unix))]
fn processor_seconds() -> Option<f64> {
    None
}

/// The most memory that this process has held, in bytes, where there is such a file.
fn peak_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    peak_of_status(&text)
}

/// What a process status of Linux calls the high-water mark of resident memory, in bytes.
fn peak_of_status(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_measured_one_by_one() {
        let mut meter = Meter::start();
        meter.end("read");
        let begun = Instant::now();
        let mut sum = 0_u64;
        while begun.elapsed().as_millis() < 30 {
            sum = std::hint::black_box(sum + 1);
        }
        meter.end("fit");
        let record =
            meter.record(&Work { method: "forest", rows_learned: 30, rows_sampled: 7, model_bytes: 9 });
        let names: Vec<&str> = record.phases.iter().map(|phase| phase.phase.as_str()).collect();
        assert_eq!(names, ["read", "fit"]);
        assert!(record.phases[1].wall_seconds >= 0.03);
        assert!(record.rows_learned_per_second.unwrap() <= 1000.0);
        assert_eq!(record.rows_sampled_per_second, None, "nothing was sampled");
        if cfg!(target_os = "linux") {
            assert!(record.phases[1].cpu_seconds.unwrap() > 0.0 && record.cpu_seconds().is_some());
            assert!(record.peak_memory_bytes.unwrap() > 100_000);
        }
    }

    #[test]
    fn a_process_status_is_understood_or_left() {
        assert_eq!(peak_of_status("Name:\tx\nVmHWM:\t    1234 kB\nVmRSS:\t 12 kB\n"), Some(1234 * 1024));
        for text in ["", "VmHWM: many kB", "VmHWM: 12 MB"] {
            assert_eq!(peak_of_status(text), None, "{text}");
        }
    }
}
