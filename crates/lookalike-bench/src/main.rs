//! Benchmarks: every figure that the project claims, measured here and now, with its target and, where a peer can
//! do the same job, the peer's figure from the same run and the ratio.
//!
//! Run with `cargo run --release -p lookalike-bench -- --help`.

#![expect(clippy::print_stdout, reason = "a program whose output is its figures")]

mod collapse;
mod compare;
mod conditions;
mod constraints;
mod curve;
mod detector;
mod discrimination;
mod hospital;
mod image_generators;
mod image_judge;
mod images;
mod judging;
mod learners;
mod levels;
mod measure;
mod networks;
mod peer;
mod protocol;
mod quality;
mod read;
mod rebalance;
mod round_trip;
mod scale;
mod schemas;
mod sides;
mod significance;
mod simulate;
mod speed;
mod standins;
mod study;
mod suggestions;
mod tables;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::protocol::Options;

/// Measures lookalike, beside its peers where they are installed.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Fit, sample to CSV and judge UCI Adult; a peer's Gaussian copula beside it.
    Speed {
        /// Rows to sample.
        #[arg(long, default_value_t = 4_000_000)]
        rows: u64,
        /// A Python interpreter with the peers of peers/requirements.txt installed; without it they are left out.
        #[arg(long)]
        python: Option<PathBuf>,
    },
    /// Networks on UCI Adult, from the start of the program to rows in a file, beside the `ctgan` package; and what a step of
    /// the paper's networks takes, beside `PyTorch`.
    Networks {
        /// How often every row is seen at most.
        #[arg(long, default_value_t = 300)]
        epochs: u32,
        /// Runs of each, in turns; the one in the middle counts.
        #[arg(long, default_value_t = 10)]
        runs: u32,
        /// A Python interpreter with the peers of peers/requirements.txt installed; without it they are left out.
        #[arg(long)]
        python: Option<PathBuf>,
    },
    /// The autoencoder of a widely read tutorial beside the default one on UCI Adult: deviations, scores, the rare class.
    Collapse {
        /// The folder to write pictures to, as SVG.
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Image methods on MNIST's or Fashion-MNIST's files: how good what they draw is, and what learning takes beside `PyTorch`.
    ImageGenerators(image_generators::Options),
    /// One method on one file, for `networks`.
    #[command(hide = true)]
    NetworkOnce {
        file: PathBuf,
        method: String,
        #[arg(long)]
        preset: Option<String>,
        #[arg(long)]
        epochs: u32,
    },
    /// The random forest on one-hot columns of a table with two classes, beside that of scikit-learn.
    Learners {
        /// The table, a CSV file.
        file: PathBuf,
        /// A Python interpreter with the peers of peers/requirements.txt installed; without it they are left out.
        #[arg(long)]
        python: Option<PathBuf>,
    },
    /// The figures of a quality report and distances to nearest rows; `SDMetrics` beside it.
    Judging {
        /// Rows of the largest tables between which distances are computed.
        #[arg(long, default_value_t = 1_000_000)]
        rows: u64,
        /// A Python interpreter with the peers of peers/requirements.txt installed; without it they are left out.
        #[arg(long)]
        python: Option<PathBuf>,
    },
    /// Balance tables by SMOTE, beside imbalanced-learn.
    Rebalance {
        /// Rows of the table of numbers.
        #[arg(long, default_value_t = 200_000)]
        rows: usize,
        /// Rows of the large table of numbers and categories.
        #[arg(long, default_value_t = 1_000_000)]
        large: usize,
        /// A Python interpreter with the peers of peers/requirements.txt installed; without it they are left out.
        #[arg(long)]
        python: Option<PathBuf>,
    },
    /// One table, for `rebalance`.
    #[command(hide = true)]
    RebalanceOnce { folder: PathBuf, target: usize, method: String },
    /// Read a large CSV file into a table.
    Read {
        /// Size of the file in megabytes.
        #[arg(long, default_value_t = 1000)]
        megabytes: u64,
        /// A Python interpreter with pandas installed, to read the same file.
        #[arg(long)]
        python: Option<PathBuf>,
    },
    /// A column of many levels at growing numbers of rows: time and memory must grow linearly.
    Levels {
        /// Rows of the largest table.
        #[arg(long, default_value_t = 2_000_000)]
        rows: u64,
        /// Levels of its column.
        #[arg(long, default_value_t = 100_000)]
        levels: u64,
        /// The method.
        #[arg(long, default_value = "forest")]
        method: String,
        /// How often a network sees every row at most.
        #[arg(long)]
        epochs: Option<u32>,
    },
    /// Our methods and a peer's beside each other on every CSV file of a folder, as a page of scores in Markdown.
    Compare {
        /// The folder; files in its sub-folders are taken too.
        folder: PathBuf,
        /// Where to write the page, besides printing it.
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// How many splits.
        #[arg(long, default_value_t = 3)]
        splits: u64,
        /// The methods besides the forest, joined by commas; networks take minutes per table and split.
        #[arg(long, value_delimiter = ',', default_value = "copula,independent")]
        methods: Vec<String>,
        /// A Python interpreter with the peers of peers/requirements.txt installed; without it they are left out.
        #[arg(long)]
        python: Option<PathBuf>,
    },
    /// Fresh real rows, forest, copula and independent columns on every CSV file of a folder: whether measures see them in
    /// this order.
    Discrimination {
        /// The folder; files in its sub-folders are taken too.
        folder: PathBuf,
        /// Where to write the page, besides printing it.
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// How many splits.
        #[arg(long, default_value_t = 3)]
        splits: u64,
    },
    /// Half of a table's rows to learn from, the other half to judge with, several times: fidelity (a detector on
    /// independent draws), usefulness, privacy, likelihood and time.
    Quality(Options),
    /// Fidelity and memorising with 500 to 24,000 rows to learn from.
    Curve(Options),
    /// Rows under conditions: whether they hold, whether the other columns follow, time and effective sample size.
    Conditions {
        /// The table, a CSV file.
        file: PathBuf,
        /// A condition, or several joined by &; may repeat.
        #[arg(long = "where", required = true)]
        cases: Vec<String>,
    },
    /// Rows in which constraints hold, of UCI Adult and of a table like a hospital's: violations in the written file, time,
    /// and the two-sample test with and without.
    Constraints {
        /// The folder with `adult_train.csv`.
        folder: PathBuf,
        /// Rows to sample.
        #[arg(long, default_value_t = 1_000_000)]
        rows: u64,
        /// The methods, joined by commas.
        #[arg(long, value_delimiter = ',', default_value = "forest,copula,ctgan")]
        methods: Vec<String>,
        /// How often a network sees every row at most.
        #[arg(long, default_value_t = 20)]
        epochs: u32,
    },
    /// Stand-ins for personal data: how many a second, beside Python's Faker, and how many planted values come out of
    /// models again.
    #[command(name = "standins")]
    Fakes {
        /// How many stand-ins of each sort to make.
        #[arg(long, default_value_t = 500_000)]
        values: usize,
        /// Where they come from.
        #[arg(long, default_value = "en_US")]
        locale: String,
        /// A Python interpreter with Faker installed; without it that is left out.
        #[arg(long)]
        python: Option<PathBuf>,
        /// How many rows to draw from each model.
        #[arg(long, default_value_t = 1_000_000)]
        rows: u64,
        /// The methods, joined by commas.
        #[arg(long, value_delimiter = ',', default_value = "forest,copula,independent")]
        methods: Vec<String>,
    },
    /// Whether rebalancing helps, on public tables with a rare class, as a page in Markdown.
    Study {
        /// The folder of the tables.
        folder: PathBuf,
        /// Where to write the page, besides printing it.
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// How often the rows of each table are divided.
        #[arg(long, default_value_t = 10)]
        repeats: usize,
        /// What learns: forest, boosting or logistic.
        #[arg(long, default_value = "forest")]
        learner: String,
        /// The methods, joined by commas.
        #[arg(
            long,
            value_delimiter = ',',
            default_value = "noise,smotenc,borderline-smote,adasyn,forest,copula"
        )]
        methods: Vec<String>,
        /// Only tables whose file names hold one of these words.
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Time and memory at growing numbers of rows, or with many columns.
    Scale {
        /// The table whose look-alikes are learned, a CSV file.
        file: PathBuf,
        /// Rows of the largest table.
        #[arg(long, default_value_t = 3_000_000)]
        rows: u64,
        /// So many columns instead, those of the file again and again.
        #[arg(long)]
        columns: Option<usize>,
        /// The forest's effort: fast, default or high.
        #[arg(long)]
        effort: Option<String>,
    },
    /// Pictures changed in a CPU second, and a folder of JPEG files; albumentations beside it.
    Images {
        /// CPU seconds of each transform.
        #[arg(long, default_value_t = 1.0)]
        seconds: f64,
        /// Files of the folder.
        #[arg(long, default_value_t = 2000)]
        files: u64,
        /// A Python interpreter with albumentations and `OpenCV` installed; without it they are left out.
        #[arg(long)]
        python: Option<PathBuf>,
    },
    /// Rows of ten simple columns from a schema, to tables and to files.
    Simulate {
        /// How many rows.
        #[arg(long, default_value_t = 4_000_000)]
        rows: u64,
    },
    /// Every CSV file of a folder as a schema and back to rows, beside the methods that learn, as a page in Markdown.
    RoundTrip {
        /// The folder; files in its sub-folders are taken too.
        folder: PathBuf,
        /// Where to write the page, besides printing it.
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Which constraints the tables of a folder seem to hold, and how many of them their shuffled columns do.
    Suggestions {
        /// The folder; files in its sub-folders are taken too.
        folder: PathBuf,
        /// How often the columns are shuffled.
        #[arg(long, default_value_t = 5)]
        seeds: u64,
    },
    /// What the columns of every CSV file of a folder are taken for.
    Schemas {
        /// The folder.
        folder: PathBuf,
    },
    /// Writes a look-alike of every CSV file of a folder, for tests that may not carry the data itself.
    StandIns {
        /// The folder.
        folder: PathBuf,
        /// Where to write.
        output: PathBuf,
        /// Most rows of a look-alike.
        #[arg(long, default_value_t = 600)]
        rows: u64,
    },
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match Arguments::parse().what {
        What::Speed { rows, python } => speed::run(rows, python.as_deref()),
        What::Networks { epochs, runs, python } => networks::run(epochs, runs, python.as_deref()),
        What::Collapse { output } => collapse::run(output.as_deref()),
        What::NetworkOnce { file, method, preset, epochs } => {
            networks::once(&file, &method, preset.as_deref(), epochs)
        }
        What::Learners { file, python } => learners::run(&file, python.as_deref()),
        What::Judging { rows, python } => judging::run(rows, python.as_deref()),
        What::Rebalance { rows, large, python } => rebalance::run(rows, large, python.as_deref()),
        What::RebalanceOnce { folder, target, method } => rebalance::once(&folder, target, &method),
        What::Read { megabytes, python } => read::run(megabytes, python.as_deref()),
        What::Levels { rows, levels, method, epochs } => {
            let method = protocol::method(&method, None)?;
            let method = epochs.map_or(Ok(method.clone()), |epochs| method.with_epochs(epochs))?;
            levels::run(rows, levels, &method)
        }
        What::Compare { folder, output, splits, methods, python } => {
            compare::run(&folder, output.as_deref(), splits, &methods, python.as_deref())
        }
        What::Discrimination { folder, output, splits } => {
            discrimination::run(&folder, output.as_deref(), splits)
        }
        What::ImageGenerators(options) => image_generators::run(&options),
        What::Quality(options) => quality::run(&options),
        What::Curve(options) => curve::run(&options),
        What::Conditions { file, cases } => {
            conditions::run(&file, &cases, &protocol::method("forest", None)?)
        }
        What::Constraints { folder, rows, methods, epochs } => {
            constraints::run(&folder, rows, &methods, epochs)
        }
        What::Study { folder, output, repeats, learner, methods, only } => {
            study::run(&folder, output.as_deref(), repeats, &learner, &methods, &only)
        }
        What::Fakes { values, locale, python, rows, methods } => {
            standins::speed(values, lookalike::table::Locale::parse(&locale)?, python.as_deref());
            standins::leaks(rows, &methods)
        }
        What::Scale { file, rows, columns, effort } => {
            scale::run(&file, rows, columns, &protocol::method("forest", effort.as_deref())?)
        }
        What::Images { seconds, files, python } => images::run(seconds, files, python.as_deref()),
        What::Simulate { rows } => simulate::run(rows),
        What::RoundTrip { folder, output } => round_trip::run(&folder, output.as_deref()),
        What::Suggestions { folder, seeds } => suggestions::run(&folder, seeds),
        What::Schemas { folder } => schemas::run(&folder),
        What::StandIns { folder, output, rows } => schemas::stand_ins(&folder, &output, rows),
    }
}
