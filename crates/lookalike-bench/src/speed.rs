//! The main job on UCI Adult.

use std::path::Path;

use lookalike::{AnySynthesizer, Context, FitOptions, ReadOptions, SampleRequest, Seed, Silent, Writer};

use crate::measure::{Target, least, report};
use crate::peer;
use crate::sides::Sides;

/// Runs of each piece; the least counts.
const RUNS: usize = 3;

pub(crate) fn run(rows: u64, python: Option<&Path>) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    lookalike::demo::write(folder.path(), 1)?;
    let path = folder.path().join("adult.csv");
    let context = Context::new(Seed::new(1));
    println!("{}", lookalike::demo::ATTRIBUTION);

    let (reading, cost) = least(RUNS, || lookalike::read(&path, &ReadOptions::default(), &Silent));
    let table = reading?.table;
    report("read (48,842 x 15)", cost.wall, "s", Target::AtMost(0.2), cost);

    let sides = Sides::of(&table, 1.0 / 3.0, &context)?;
    let train = &sides.train;
    let target = Some(train.schema().index_of("income")?);
    let options = FitOptions { target, ..FitOptions::default() };
    let method = AnySynthesizer::from_name("copula").expect("a method of ours");
    let (model, fit) = least(RUNS, || method.fit(train, &options, &context));
    let model = model?;
    report("copula: fit (32,561 x 15)", fit.wall, "s", Target::AtMost(0.5), fit);

    let (sampled, sample) = least(RUNS, || -> lookalike::Result<()> {
        let mut writer = Writer::create(&folder.path().join("sample.csv"), None, model.schema())?;
        for batch in model.sample(&SampleRequest::rows(rows), &context)? {
            writer.write(&batch?)?;
        }
        writer.finish()
    });
    sampled?;
    let speed = rows as f64 / sample.wall;
    report(&format!("copula: sample {rows} rows to CSV"), speed, "rows/s", Target::AtLeast(1e6), sample);

    let synthetic = model.sample(&SampleRequest::rows(train.n_rows() as u64), &context)?.collect_table()?;
    let (evaluation, cost) = sides.judge(&synthetic, options, RUNS, &context)?;
    report("evaluate: first cut, with floors and baseline", cost.wall, "s", Target::AtMost(3.0), cost);
    for measurement in &evaluation.metrics {
        let show = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.4}"));
        println!(
            "  {:<18} {:>8}   floor {:>8}   independent {:>8}",
            measurement.name,
            show(measurement.value),
            show(measurement.floor),
            show(measurement.baseline)
        );
    }

    let Some(python) = python else {
        println!("no peer: give --python an interpreter with peers/requirements.txt installed");
        return Ok(());
    };
    let train_path = folder.path().join("train.csv");
    let mut writer = Writer::create(&train_path, None, train.schema())?;
    writer.write(train)?;
    writer.finish()?;
    let peer_rows = "200000";
    let figures = peer::figures(python, "sdv_copula.py", &[&train_path.display().to_string(), peer_rows])?;
    let figure = |name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
    let name = "SDV GaussianCopula";
    peer::compare(name, "fit", figure("fit_wall"), fit.wall, true, "s");
    if let Some(cpu) = fit.cpu {
        // The clock of processor time ticks in hundredths of a second.
        peer::compare(name, "fit, processor time", figure("fit_cpu"), cpu.max(0.01), true, "CPU s");
    }
    peer::compare(name, "sample to CSV", figure("rows_per_second"), speed, false, "rows/s");
    if let Some(cpu) = sample.cpu {
        let ours = rows as f64 / cpu;
        peer::compare(name, "sample to CSV, per CPU s", figure("rows_per_cpu_second"), ours, false, "rows/s");
    }
    Ok(())
}
