//! The autoencoder of a widely read tutorial beside the default one, on UCI Adult: what collapse looks like, in figures and
//! pictures.

use std::fmt::Write as _;
use std::path::Path;

use lookalike::synth::Vae;
use lookalike::{AnySynthesizer, Condition, Context, FitOptions, SampleRequest, Seed, Table};

use crate::detector::detect;
use crate::protocol::Trial;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The scores that are shown.
const SCORES: [&str; 4] = ["shape", "trend", "tstr", "dcr-share"];
/// The class of which there are fewer.
const RARE: &str = ">50K";
/// Of its rows, one in so many is learned from where it is to be rarer still.
const KEPT: usize = 20;

/// A variant, as it is called in the pictures.
struct Variant {
    name: &'static str,
    vae: Vae,
}

pub(crate) fn run(folder: Option<&Path>) -> Result<()> {
    let place = tempfile::tempdir()?;
    lookalike::demo::write(place.path(), 1)?;
    let table = lookalike::read(
        &place.path().join("adult.csv"),
        &lookalike::ReadOptions::default(),
        &lookalike::Silent,
    )?
    .table;
    let target = table.schema().index_of("income")?;
    let trial = Trial::new(&table, Some(target), 1)?;
    println!("{}", lookalike::demo::ATTRIBUTION);
    println!("half of the rows learned ({}), half held out", trial.sides.train.n_rows());
    let variants = [
        Variant { name: "tutorial", vae: Vae::tutorial() },
        Variant { name: "default", vae: Vae::default() },
        Variant { name: "balanced", vae: Vae { balanced: true, ..Vae::default() } },
    ];
    let numbers: Vec<usize> = (0..table.n_columns())
        .filter(|&column| table.schema().columns[column].kind.name() == "numerical")
        .collect();
    let real = &trial.sides.train;
    let (mut ratios, mut ages) = (Vec::new(), vec![("real", values(real, numbers[0]))]);
    for variant in &variants {
        let method = AnySynthesizer::Vae(variant.vae.clone());
        let (model, figures) = trial.run(&method, Some(target))?;
        print!("{:<9} fit {:>5.1} s, c2st {:.3}", variant.name, figures.fit.wall, figures.c2st);
        for name in SCORES {
            print!(", {name} {:.3}", figures.value(name));
        }
        let sampled = model
            .sample(&SampleRequest::rows(real.n_rows() as u64), &Context::new(Seed::new(5)))?
            .collect_table()?;
        let own: Vec<f64> = numbers
            .iter()
            .map(|&column| deviation(&values(&sampled, column)) / deviation(&values(real, column)))
            .collect();
        let least = own.iter().copied().fold(f64::INFINITY, f64::min);
        println!(", least deviation of a number over the real one {least:.3}");
        for warning in model.warnings().iter().filter(|warning| warning.message.contains("collapse")) {
            println!("          warned: {}", warning.message);
        }
        ratios.push(own);
        ages.push((variant.name, values(&sampled, numbers[0])));
    }
    println!();
    println!("| column | real deviation | tutorial | default | balanced |\n|---|---|---|---|---|");
    for (place, &column) in numbers.iter().enumerate() {
        let name = &table.schema().columns[column].name;
        print!("| {name} | {:.4} |", deviation(&values(real, column)));
        for own in &ratios {
            print!(" {:.4} |", own[place]);
        }
        println!();
    }
    rare(&trial, target)?;
    if let Some(folder) = folder {
        let names: Vec<&str> =
            numbers.iter().map(|&column| table.schema().columns[column].name.as_str()).collect();
        let bars: Vec<(&str, &[f64])> =
            variants.iter().zip(&ratios).map(|(variant, own)| (variant.name, own.as_slice())).collect();
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("deviations.svg"), deviations_picture(&names, &bars[..2]))?;
        std::fs::write(folder.join("age.svg"), histogram_picture(&ages[..3]))?;
    }
    Ok(())
}

/// Rows of the rare class, drawn by it, against those that were held out: 1 for not to be told apart.
fn rare(trial: &Trial, target: usize) -> Result<()> {
    let of_class = |table: &Table| -> Vec<usize> {
        let classes = table.column(target).texts().expect("the target has levels");
        let rare = classes.iter().enumerate().filter(|(_, class)| *class == Some(RARE));
        rare.map(|(row, _)| row).collect()
    };
    let train = &trial.sides.train;
    let held_out = trial.sides.holdout.take(&of_class(&trial.sides.holdout));
    let own = of_class(train);
    let fewer: std::collections::BTreeSet<usize> =
        own.iter().enumerate().filter(|(place, _)| place % KEPT != 0).map(|(_, &row)| row).collect();
    let rest: Vec<usize> = (0..train.n_rows()).filter(|row| !fewer.contains(row)).collect();
    println!("\n| rows learned, of the class {RARE} | default | balanced |\n|---|---|---|");
    for table in [train.clone(), train.take(&rest)] {
        print!("| {} of {} |", of_class(&table).len(), table.n_rows());
        for balanced in [false, true] {
            let method = AnySynthesizer::Vae(Vae { balanced, ..Vae::default() });
            let options = FitOptions { target: Some(target), ..FitOptions::default() };
            let model = method.fit(&table, &options, &Context::new(Seed::new(1)))?;
            let draw = |seed: u64| {
                let condition = Condition::equal(target, RARE);
                let request = SampleRequest {
                    rows: 0..held_out.n_rows() as u64,
                    conditions: vec![condition],
                    ..SampleRequest::default()
                };
                model.sample(&request, &Context::new(Seed::new(seed)))?.collect_table()
            };
            print!(" {:.3} |", detect(&held_out, &[draw(7)?, draw(8)?]));
        }
        println!();
    }
    Ok(())
}

fn values(table: &Table, column: usize) -> Vec<f64> {
    let values = table.column(column).numbers().expect("a column of numbers").values;
    values.into_iter().filter(|value| !value.is_nan()).collect()
}

fn deviation(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n).sqrt()
}

/// Colours that are told apart by day, by night and without seeing red or green.
const COLOURS: [&str; 3] = ["#8a8a8a", "#d55e00", "#0072b2"];
const FONT: &str = "font-family=\"sans-serif\" font-size=\"13\" fill=\"#777\"";

fn deviations_picture(names: &[&str], bars: &[(&str, &[f64])]) -> String {
    let (left, step, width) = (130.0, 46.0, 420.0);
    let height = 40.0 + step * names.len() as f64;
    let mut svg =
        begin(left + width + 60.0, height, "Deviation of made numbers over the real one, per column");
    for (column, name) in names.iter().enumerate() {
        let top = 34.0 + step * column as f64;
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" {FONT}>{name}</text>",
            left - 8.0,
            top + 20.0
        );
        for (number, (_, ratios)) in bars.iter().enumerate() {
            let (y, long) = (top + 16.0 * number as f64, (ratios[column].min(1.2) / 1.2 * width).max(1.0));
            let colour = COLOURS[number + 1];
            let _ = write!(
                svg,
                "<rect x=\"{left}\" y=\"{y}\" width=\"{long:.1}\" height=\"14\" fill=\"{colour}\"/>"
            );
            let _ = write!(
                svg,
                "<text x=\"{:.1}\" y=\"{}\" {FONT}>{:.2}</text>",
                left + long + 5.0,
                y + 12.0,
                ratios[column]
            );
        }
    }
    let one = left + width / 1.2;
    let _ = write!(
        svg,
        "<line x1=\"{one:.1}\" x2=\"{one:.1}\" y1=\"28\" y2=\"{height}\" stroke=\"#777\" stroke-dasharray=\"4 3\"/>"
    );
    key(&mut svg, left, &bars.iter().map(|(name, _)| *name).collect::<Vec<_>>(), 1);
    svg + "</svg>\n"
}

fn histogram_picture(tables: &[(&str, Vec<f64>)]) -> String {
    let (left, width, height, bins) = (40.0, 520.0, 240.0, 30_usize);
    let (low, high) = tables[0]
        .1
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| (low.min(value), high.max(value)));
    let shares: Vec<Vec<f64>> = tables
        .iter()
        .map(|(_, values)| {
            let mut counts = vec![0.0; bins];
            for value in values {
                let bin = ((value - low) / (high - low) * bins as f64) as usize;
                counts[bin.min(bins - 1)] += 1.0 / values.len() as f64;
            }
            counts
        })
        .collect();
    // The collapsed one has all in a few bins: its bars are cut off.
    let most = shares[0].iter().copied().fold(0.0, f64::max) * 1.6;
    let mut svg = begin(left + width + 20.0, height + 60.0, "How the first column's numbers are distributed");
    for (number, shares) in shares.iter().enumerate() {
        let mut path = String::new();
        for (bin, share) in shares.iter().enumerate() {
            let x = left + width * bin as f64 / bins as f64;
            let y = 30.0 + height * (1.0 - (share / most).min(1.0));
            let _ = write!(
                path,
                "{}{x:.1} {y:.1}H{:.1}",
                if bin == 0 { "M" } else { "V" },
                x + width / bins as f64
            );
            let _ = write!(path, "L{:.1} {y:.1}", x + width / bins as f64);
        }
        let path = path.replace('V', "L");
        let colour = COLOURS[number];
        let _ = write!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
    }
    for (value, anchor, x) in [(low, "start", left), (high, "end", left + width)] {
        let _ = write!(
            svg,
            "<text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\" {FONT}>{value}</text>",
            height + 48.0
        );
    }
    key(&mut svg, left, &tables.iter().map(|(name, _)| *name).collect::<Vec<_>>(), 0);
    svg + "</svg>\n"
}

fn begin(width: f64, height: f64, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" role=\"img\">\
         <title>{title}</title>"
    )
}

fn key(svg: &mut String, left: f64, names: &[&str], first: usize) {
    for (number, name) in names.iter().enumerate() {
        let x = left + 110.0 * number as f64;
        let colour = COLOURS[number + first];
        let _ = write!(svg, "<rect x=\"{x}\" y=\"6\" width=\"12\" height=\"12\" fill=\"{colour}\"/>");
        let _ = write!(svg, "<text x=\"{}\" y=\"17\" {FONT}>{name}</text>", x + 18.0);
    }
}
