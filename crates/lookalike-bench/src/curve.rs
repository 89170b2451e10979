//! A learning curve: how fidelity falls, and memorising does not rise, with fewer rows.

use crate::protocol::{Options, Trial};

/// Rows to learn from.
const SIZES: [usize; 7] = [500, 1000, 2000, 4000, 8000, 16_000, 24_000];

pub(crate) fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let (table, target, method) = options.subject()?;
    let n = options.splits as f64;
    println!("means of {n}; the bound of dcr-share is 0.5 + max(0.02, 2 standard errors)");
    println!("| rows | c2st | trend | floor | tstr | trtr | dcr-share | bound | copies | natural |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for size in SIZES.into_iter().filter(|size| 2 * size <= table.n_rows()) {
        let mut sums = [0.0; 8];
        for split in 1..=options.splits {
            let trial = Trial::new(&table, target, split)?.first(size);
            let (_, figures) = trial.run(&method, target)?;
            let row = [
                figures.c2st,
                figures.value("trend"),
                figures.floor("trend"),
                figures.value("tstr"),
                figures.value("trtr"),
                figures.value("dcr-share"),
                figures.value("copies"),
                figures.floor("copies"),
            ];
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / n);
        }
        let bound = 0.5 + (2.0 * (0.25 / (size as f64 * n)).sqrt()).max(0.02);
        let [c2st, trend, floor, tstr, trtr, share, copies, natural] = sums;
        println!(
            "| {size} | {c2st:.3} | {trend:.4} | {floor:.4} | {tstr:.4} | {trtr:.4} | {share:.4} | {bound:.4} | \
             {copies:.4} | {natural:.4} |"
        );
    }
    Ok(())
}
