//! How good a method's tables are, by the protocol that methods are compared by, in several splits.

use crate::protocol::{COMMON, Options, Trial};

/// What is printed of an evaluation, besides the detector on independent draws.
const SCORES: [&str; 7] = ["shape", "trend", "tstr", "trtr", "dcr-share", "copies", "c2st-train"];

pub(crate) fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let (table, target, method) = options.subject()?;
    let mut sums = [(0.0, 0.0); SCORES.len()];
    let (mut levels, mut found) = (0, 0);
    let (mut detected, mut wall, mut cpu, mut likelihood) = (0.0, 0.0, 0.0, 0.0);
    for split in 1..=options.splits {
        let trial = Trial::new(&table, target, split)?;
        let (model, figures) = trial.run(&method, target)?;
        print!("split {split}: fit {:.2} s, c2st {:.4}", figures.fit.wall, figures.c2st);
        for (name, sum) in SCORES.iter().zip(&mut sums) {
            let (value, floor) = (figures.value(name), figures.floor(name));
            print!(", {name} {value:.4} ({floor:.4})");
            *sum = (sum.0 + value, sum.1 + floor);
        }
        if let Some(logs) = model.log_prob(&trial.sides.holdout)? {
            let finite: Vec<f64> = logs.iter().copied().filter(|log| log.is_finite()).collect();
            let mean = finite.iter().sum::<f64>() / finite.len().max(1) as f64;
            print!(", log-likelihood {mean:.4} ({} rows impossible)", logs.len() - finite.len());
            likelihood += mean;
        }
        println!(", {} of {} levels", figures.levels.1, figures.levels.0);
        levels += figures.levels.0;
        found += figures.levels.1;
        detected += figures.c2st;
        wall += figures.fit.wall;
        cpu += figures.fit.cpu.unwrap_or(f64::NAN);
    }
    let n = options.splits as f64;
    println!(
        "mean of {n}: fit {:.2} s ({:.2} CPU s), c2st {:.4}, log-likelihood {:.4}",
        wall / n,
        cpu / n,
        detected / n,
        likelihood / n
    );
    println!("  levels of {COMMON} rows or more that are made: {found} of {levels}");
    for (name, (value, floor)) in SCORES.iter().zip(sums) {
        println!("  {name:<12} {:.4}   floor {:.4}", value / n, floor / n);
    }
    Ok(())
}
