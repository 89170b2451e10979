//! The random forest on one-hot columns, beside that of scikit-learn: time and how well rows held out are told apart.

use std::io::Write as _;
use std::path::Path;

use lookalike::{Context, Kind, Seed, Silent, Table};
use lookalike_learn::score::roc_auc;
use lookalike_learn::tree::{Binning, Feature, Forest, ForestOptions, Target, Training};

use crate::measure::{Cost, least};
use crate::peer;
use crate::tables::{read, target};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Runs of each; the least counts, and the areas are averaged.
const RUNS: usize = 3;
const TREES: usize = 100;
/// Processes or threads of both.
const JOBS: usize = 2;

/// Numbers, and a column of zeros and ones for every level.
struct OneHot {
    columns: Vec<Vec<f64>>,
    classes: Vec<u8>,
}

pub(crate) fn run(file: &Path, python: Option<&Path>) -> Result<()> {
    let table = read(file)?;
    let target = target(&table).ok_or("there is no column to predict")?;
    let one_hot = OneHot::of(&table, target)?;
    let mut order = Seed::new(1).stream("learners split", 0).permutation(table.n_rows());
    let learned = table.n_rows() * 4 / 5;
    order[..learned].sort_unstable();
    let one_hot = one_hot.take(&order);
    println!("{learned} rows learned x {} columns, {TREES} trees, {JOBS} threads", one_hot.columns.len());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(JOBS).build()?;
    let (fit, predict, area) = pool.install(|| ours(&one_hot, learned).map_err(|error| error.to_string()))?;
    let cpu = fit.cpu.unwrap_or(f64::NAN);
    println!(
        "ours         fit {:.2} s, {cpu:.2} CPU s; predict {:.3} s; AUC {area:.4}",
        fit.wall, predict.wall
    );
    let Some(python) = python else {
        println!("no peer: give --python an interpreter with peers/requirements.txt installed");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let mut file = std::io::BufWriter::new(std::fs::File::create(folder.path().join("cells.bin"))?);
    for value in one_hot.columns.iter().flatten() {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()?;
    std::fs::write(folder.path().join("classes.bin"), &one_hot.classes)?;
    let arguments = [
        folder.path().display().to_string(),
        one_hot.columns.len().to_string(),
        learned.to_string(),
        TREES.to_string(),
        JOBS.to_string(),
        RUNS.to_string(),
    ];
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let figures = peer::figures(python, "forest_learner.py", &arguments)?;
    let figure = |name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
    println!(
        "scikit-learn fit {:.2} s, {:.2} CPU s; predict {:.3} s; AUC {:.4}",
        figure("wall"),
        figure("cpu"),
        figure("predict"),
        figure("auc")
    );
    println!(
        "ratios: {:.2} by the clock, {:.2} of processor time (target: 2); AUC {:+.4} (target: at least -0.003)",
        figure("wall") / fit.wall,
        figure("cpu") / cpu,
        area - figure("auc")
    );
    Ok(())
}

/// What learning and predicting cost, and the mean area under the ROC curve.
fn ours(one_hot: &OneHot, learned: usize) -> Result<(Cost, Cost, f64)> {
    let features: Vec<Feature<'_>> =
        one_hot.columns.iter().map(|column| Feature::Numeric(&column[..learned])).collect();
    let held_out: Vec<Feature<'_>> =
        one_hot.columns.iter().map(|column| Feature::Numeric(&column[learned..])).collect();
    let classes: Vec<u32> = one_hot.classes[..learned].iter().map(|&class| u32::from(class)).collect();
    let positive: Vec<bool> = one_hot.classes[learned..].iter().map(|&class| class == 1).collect();
    let rows: Vec<u32> = (0..positive.len() as u32).collect();
    let options = ForestOptions { trees: TREES, ..ForestOptions::default() };
    let mut areas = Vec::new();
    let mut costs: Option<(Cost, Cost)> = None;
    for run in 0..RUNS {
        let context = Context::new(Seed::new(run as u64));
        // From plain numbers, as the peer does: sorting into bins is part of the work.
        let (learner, fit) = least(1, || {
            let binning = Binning::fit(&features, 255);
            let matrix = binning.apply(&features);
            let target = Target::Classes { classes: &classes, count: 2 };
            let forest = Forest::fit(&Training::new(&matrix, target), &options, context.seed, &Silent);
            (binning, forest)
        });
        let forest = learner.1?;
        let (probabilities, predict) = least(1, || {
            let matrix = learner.0.apply(&held_out);
            forest.predict(&matrix, &rows)
        });
        let scores: Vec<f64> = probabilities.chunks(2).map(|row| row[1]).collect();
        areas.push(roc_auc(&scores, &positive).ok_or("one class only")?);
        if costs.is_none_or(|(least, _)| fit.wall < least.wall) {
            costs = Some((fit, predict));
        }
    }
    let (fit, predict) = costs.ok_or("no run")?;
    Ok((fit, predict, areas.iter().sum::<f64>() / areas.len() as f64))
}

impl OneHot {
    fn of(table: &Table, target: usize) -> Result<Self> {
        let classes = table.column(target).texts().ok_or("the column to predict has no levels")?;
        let mut names: Vec<Option<&str>> = classes.iter().collect();
        let count = |name: Option<&str>| classes.iter().filter(|own| *own == name).count();
        names.sort_unstable();
        names.dedup();
        let [a, b] = names[..] else { return Err("the column to predict has not two classes".into()) };
        let rare = if count(a) < count(b) { a } else { b };
        let classes = classes.iter().map(|class| u8::from(class == rare)).collect();
        let mut columns = Vec::new();
        for (index, schema) in table.schema().columns.iter().enumerate().filter(|(index, _)| *index != target)
        {
            let column = table.column(index);
            if matches!(schema.kind, Kind::Numerical(_)) {
                columns.push(column.numbers().ok_or("a column of numbers has none")?.values);
            } else if let Some(texts) = column.texts() {
                let mut levels: Vec<Option<&str>> = texts.iter().collect();
                levels.sort_unstable();
                levels.dedup();
                columns.extend(levels.into_iter().map(|level| {
                    texts.iter().map(|own| f64::from(u8::from(own == level))).collect::<Vec<f64>>()
                }));
            }
        }
        Ok(OneHot { columns, classes })
    }

    fn take(&self, rows: &[usize]) -> Self {
        OneHot {
            columns: self
                .columns
                .iter()
                .map(|column| rows.iter().map(|&row| column[row]).collect())
                .collect(),
            classes: rows.iter().map(|&row| self.classes[row]).collect(),
        }
    }
}
