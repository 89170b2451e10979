//! How many rows a second are drawn from a schema of ten simple columns.

use lookalike::simulate::{Simulating, simulate};
use lookalike::synth::simulate::Simulation;
use lookalike::{Context, Seed};

use crate::measure::{Target, least, report};

const SCHEMA: &str = r#"
[columns.id]
type = "sequence"
[columns.age]
type = "uniform-integer"
low = 18
high = 90
[columns.height]
type = "normal"
mean = 172
sd = 9
decimals = 1
[columns.income]
type = "log-normal"
median = 30000
sigma = 0.5
decimals = 2
[columns.wait]
type = "exponential"
mean = 12
decimals = 2
[columns.visits]
type = "poisson"
mean = 2.5
[columns.city]
type = "category"
values = ["Oslo", "Rome", "Lima", "Kyiv"]
shares = [0.4, 0.3, 0.2, 0.1]
[columns.member]
type = "boolean"
share = 0.3
[columns.joined]
type = "date"
from = "2015-01-01"
to = "2024-12-31"
[columns.score]
type = "uniform"
decimals = 3
"#;

/// Draws so many rows, to tables alone and to a CSV file.
pub(crate) fn run(rows: u64) -> Result<(), Box<dyn std::error::Error>> {
    let simulation = Simulation::parse(SCHEMA).map_err(|problems| format!("{problems:?}"))?;
    let context = Context::new(Seed::new(1));
    let (drawn, cost) = least(3, || -> Result<u64, lookalike::synth::simulate::SimulateError> {
        let mut total = 0;
        for batch in simulation.sample(0, rows, &context) {
            total += batch?.n_rows() as u64;
        }
        Ok(total)
    });
    assert_eq!(drawn?, rows);
    let rate = |wall: f64| rows as f64 / wall / 1e6;
    report("simulate ten columns, to tables", rate(cost.wall), "M row/s", Target::AtLeast(1.0), cost);
    let folder = tempfile::tempdir()?;
    for name in ["rows.csv", "rows.parquet"] {
        let options =
            Simulating { rows, out: folder.path().join(name), format: None, dials: Vec::new(), truth: None };
        let (written, cost) = least(3, || simulate(&simulation, &options, &context));
        written?;
        report(
            &format!("simulate ten columns, to {name}"),
            rate(cost.wall),
            "M row/s",
            Target::AtLeast(1.0),
            cost,
        );
    }
    Ok(())
}
