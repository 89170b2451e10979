//! How long judging takes: the figures of a quality report, and nearest rows from thousands to a million.

use std::collections::BTreeMap;
use std::path::Path;

use lookalike::evaluate::{Inputs, Wanted, evaluate};
use lookalike::{AnySynthesizer, Context, FitOptions, ReadOptions, SampleRequest, Seed, Silent, Table};
use lookalike_learn::neighbours::{Space, UNIT, nearest};
use lookalike_learn::tree::Feature;

use crate::measure::{Cost, Target, least, peak_megabytes, report};
use crate::peer;

/// Runs of what takes less than a second; the least counts.
const RUNS: usize = 5;

/// How long the peer may take to compute distances.
const PEER_SECONDS: &str = "60";

pub(crate) fn run(rows: u64, python: Option<&Path>) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    lookalike::demo::write(folder.path(), 1)?;
    let context = Context::new(Seed::new(1));
    println!("{}", lookalike::demo::ATTRIBUTION);
    let table = lookalike::read(&folder.path().join("adult.csv"), &ReadOptions::default(), &Silent)?.table;
    // As many rows as the published training part has.
    let real = table.slice(0..32_561);
    let model = AnySynthesizer::from_name("copula").expect("a method of ours");
    let model = model.fit(&real, &FitOptions::default(), &context)?;
    let draw = |rows: u64, seed: u64| -> lookalike::Result<Table> {
        Ok(model.sample(&SampleRequest::rows(rows), &Context::new(Seed::new(seed)))?.collect_table()?)
    };
    let synthetic = draw(real.n_rows() as u64, 1)?;

    let wanted = Wanted::These(["shape", "trend-sdmetrics"].map(str::to_owned).to_vec());
    let inputs = Inputs { wanted: &wanted, intervals: false, ..Inputs::new(&real, &synthetic) };
    let (evaluation, quality) = least(RUNS, || evaluate(&inputs, &context));
    let evaluation = evaluation?;
    let score =
        |name: &str| evaluation.metric(name).and_then(|measurement| measurement.value).unwrap_or(f64::NAN);
    report("quality report (32,561 x 15)", quality.wall, "s", Target::AtMost(0.085), quality);
    println!("  score as SDMetrics has it: {:.6}", f64::midpoint(score("shape"), score("trend-sdmetrics")));

    let (mean, cost) = distances(&synthetic, &real)?;
    report("distances, 32,561 to 32,561 rows, exact", cost.wall, "s", Target::AtMost(3.0), cost);
    println!("  mean distance: {mean:.6}");

    if let Some(python) = python {
        compare(python, folder.path(), &real, &synthetic, quality)?;
    } else {
        println!("no peer: give --python an interpreter with peers/requirements.txt installed");
    }

    let (one, other) = (draw(rows, 2)?, draw(rows, 3)?);
    let (mean, cost) = distances(&one, &other)?;
    report(&format!("distances, {rows} to {rows} rows, exact"), cost.wall, "s", Target::AtMost(600.0), cost);
    println!("  mean distance: {mean:.6}");
    println!("most memory of all this: {:.0} MB", peak_megabytes().unwrap_or(f64::NAN));
    Ok(())
}

fn compare(
    python: &Path,
    folder: &Path,
    real: &Table,
    synthetic: &Table,
    quality: Cost,
) -> Result<(), Box<dyn std::error::Error>> {
    let files = ["real.csv", "synthetic.csv", peer::KINDS];
    peer::hand_over(folder, &[(files[0], real), (files[1], synthetic)])?;
    let [real_path, synthetic_path, kinds] = files.map(|file| folder.join(file).display().to_string());
    let arguments = [real_path.as_str(), &synthetic_path, &kinds, PEER_SECONDS];
    let figures = peer::figures(python, "sdmetrics_judging.py", &arguments)?;
    let figure = |name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
    let name = "SDMetrics";
    println!("  SDMetrics' score: {:.6}", figure("report_score"));
    peer::compare(name, "quality report", figure("report_wall"), quality.wall, true, "s");
    if let Some(cpu) = quality.cpu {
        // The clock of processor time ticks in hundredths of a second.
        peer::compare(
            name,
            "quality report, processor time",
            figure("report_cpu"),
            cpu.max(0.01),
            true,
            "CPU s",
        );
    }
    let rows = figure("dcr_rows") as u64;
    let (_, cost) = distances(&synthetic.slice(0..rows as usize), &real.slice(0..rows as usize))?;
    let what = format!("distances, {rows} to {rows} rows");
    peer::compare(name, &what, figure("dcr_wall"), cost.wall, true, "s");
    Ok(())
}

/// The mean distance of rows to the nearest of other rows, and what it took from tables in memory.
fn distances(asked: &Table, references: &Table) -> Result<(f64, Cost), Box<dyn std::error::Error>> {
    let (found, cost) = least(1, || {
        let mut numbering = BTreeMap::new();
        let (of_asked, of_references) =
            (Cells::of(asked, &mut numbering), Cells::of(references, &mut numbering));
        let (asked, references) = (of_asked.features(), of_references.features());
        let space = Space::new(&references, &[&asked]);
        nearest::<1>(&space.points(&asked), &space.points(&references), &Silent)
    });
    let found = found?;
    let sum: f64 = found.iter().map(|[nearest]| nearest.distance as f64 / UNIT as f64).sum();
    Ok((sum / found.len() as f64, cost))
}

/// The columns of a table, levels by a numbering that is one for all tables.
struct Cells {
    numbers: Vec<Vec<f64>>,
    levels: Vec<Vec<u32>>,
}

impl Cells {
    fn of(table: &Table, numbering: &mut BTreeMap<String, u32>) -> Self {
        let mut cells = Cells { numbers: Vec::new(), levels: Vec::new() };
        for column in table.columns() {
            let Some(codes) = column.codes() else {
                cells.numbers.extend(column.numbers().map(|numbers| numbers.values));
                continue;
            };
            let mut number = |text: &str| {
                let next = numbering.len() as u32;
                *numbering.entry(text.to_owned()).or_insert(next)
            };
            let numbers: Vec<u32> = codes.levels.iter().map(&mut number).collect();
            let of = |&code: &u32| numbers.get(code as usize).copied().unwrap_or(u32::MAX);
            cells.levels.push(codes.codes.iter().map(of).collect());
        }
        cells
    }

    fn features(&self) -> Vec<Feature<'_>> {
        let levels = self.levels.iter().map(|codes| Feature::Categorical { codes, levels: 0 });
        self.numbers.iter().map(|values| Feature::Numeric(values)).chain(levels).collect()
    }
}
