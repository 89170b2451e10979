//! A learning curve: how fidelity falls, and memorising does not rise, with fewer rows.

use std::path::Path;

use lookalike::{AnySynthesizer, Context, FitOptions, ReadOptions, SampleRequest, Seed, Silent, Table};

use crate::quality::detect;
use crate::sides::Sides;

/// Rows to learn from.
const SIZES: [usize; 7] = [500, 1000, 2000, 4000, 8000, 16_000, 24_000];

pub(crate) fn run(
    file: &Path,
    target: Option<&str>,
    method: &AnySynthesizer,
    times: u64,
) -> Result<(), Box<dyn std::error::Error>> {
    let table = lookalike::read(file, &ReadOptions::default(), &Silent)?.table;
    let target = target.map(|name| table.schema().index_of(name)).transpose()?;
    println!("means of {times}; the bound of dcr-share is 0.5 + max(0.02, 2 standard errors)");
    println!("| rows | c2st | trend | floor | tstr | trtr | dcr-share | bound | copies | natural |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for size in SIZES.into_iter().filter(|size| 2 * size <= table.n_rows()) {
        let mut sums = [0.0; 8];
        for time in 1..=times {
            let context = Context::new(Seed::new(time));
            let sides = Sides::of(&table, 0.5, &context)?;
            let first: Vec<usize> = (0..size).collect();
            let sides = Sides { train: sides.train.take(&first), holdout: sides.holdout.take(&first) };
            let options = FitOptions { target, ..FitOptions::default() };
            let model = method.fit(&sides.train, &options, &context)?;
            let draw = |seed: u64| -> Result<Table, lookalike::synth::Error> {
                let context = Context::new(Seed::new(seed));
                model.sample(&SampleRequest::rows(size as u64), &context)?.collect_table()
            };
            let c2st = detect(&sides.holdout, &[draw(time * 2 + 100)?, draw(time * 2 + 101)?]);
            let (evaluation, _) = sides.judge(&model, options, 1, &context)?;
            let value = |name: &str| evaluation.metric(name).and_then(|m| m.value).unwrap_or(f64::NAN);
            let floor = |name: &str| evaluation.metric(name).and_then(|m| m.floor).unwrap_or(f64::NAN);
            let row = [
                c2st,
                value("trend"),
                floor("trend"),
                value("tstr"),
                value("trtr"),
                value("dcr-share"),
                value("copies"),
                floor("copies"),
            ];
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / times as f64);
        }
        let bound = 0.5 + (2.0 * (0.25 / (size as f64 * times as f64)).sqrt()).max(0.02);
        let [c2st, trend, floor, tstr, trtr, share, copies, natural] = sums;
        println!(
            "| {size} | {c2st:.3} | {trend:.4} | {floor:.4} | {tstr:.4} | {trtr:.4} | {share:.4} | {bound:.4} | \
             {copies:.4} | {natural:.4} |"
        );
    }
    Ok(())
}
