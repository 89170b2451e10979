//! `lookalike rebalance`

mod groups;
mod study;

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use lookalike::rebalance::{Rebalance, marked, method};
use lookalike::synth::resample::{AnyResampler, ClassCount, Resampled, Strategy};
use lookalike::{FileFormat, Writer, rebalance};
use serde::Serialize;

use study::StudyArgs;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{ReadArgs, one_stdin, read};
use crate::session::{Session, WarningJson, warnings_json, width};
use crate::text::{GridColumn, ellipsis, grid, percent, plural, printable};

/// More classes than this are counted, not shown.
const SHOWN: usize = 20;

const EXAMPLES: &str = "\
Examples:
  Make the rare classes as frequent as the largest:
    lookalike rebalance train.csv --target income -o balanced.csv
  Half as frequent, by rows that a generator draws:
    lookalike rebalance train.csv --target income --method forest --strategy 0.5 -o balanced.csv
  Leave rows of the frequent classes out instead:
    lookalike rebalance train.csv --target income --method random-under -o balanced.csv
  So many rows of some classes, new ones marked:
    lookalike rebalance train.csv --target grade --strategy C=500,D=500 --mark new -o balanced.csv
  As many women as men within each class:
    lookalike rebalance train.csv --target income --by sex --within -o balanced.csv
  Does it help here? A table of figures from rows that nothing was made of:
    lookalike rebalance patients.csv --target ill --study --repeats 10 --report study.html
  The same for a weaker learner, and for generators that take minutes:
    lookalike rebalance patients.csv --target ill --study --learner logistic --method smotenc,forest,ctgan
  Do errors of women and men become more alike, and what does it cost?
    lookalike rebalance train.csv --target income --by sex --within --study

Methods that add rows: smotenc (the default: SMOTE for numbers, dates and categories, gaps too), smote (numbers alone), smoten
(categories alone), borderline-smote, borderline-smote-2, svm-smote, kmeans-smote, adasyn, random, rose, noise, and the
generators of `lookalike fit`: forest, copula, autoregressive, vae, tvae, gan, ctgan, independent.
Methods that leave rows out: random-under, nearmiss, nearmiss-2, nearmiss-3, tomek, enn, repeated-enn, all-knn, condensed-nn,
one-sided-selection, neighbourhood-cleaning, instance-hardness, cluster-centroids.
Both: smote-enn, smote-tomek.

With --study, --method takes several, or all; moving the threshold, class weights, random oversampling and bags of
undersampled rows always stand beside them.

Balance the rows that a model learns from, never those that it is judged by: split first. A classifier that learned from a
balanced table finds rare classes more probable than they are. Moving the threshold of one that learned from the table as
it is often does as much. docs/rebalance.md has the formulas.";

/// Balance the classes of a table
///
/// Adds rows to rare classes, or leaves out rows of frequent ones. The rows of the table that stay come first, in their
/// order, new ones after them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct RebalanceArgs {
    /// The table; - is standard input
    file: PathBuf,
    /// The column whose values are the classes
    #[arg(long, value_name = "COLUMN")]
    target: String,
    /// The file for the balanced table: .csv, .tsv, .jsonl, .parquet or .arrow, also with .gz or .zst; - is standard output
    #[arg(long, short, value_name = "FILE", required_unless_present = "study")]
    out: Option<PathBuf>,
    /// Columns that divide the classes further: every combination of their values with the target's is a class
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    by: Vec<String>,
    /// Balance the combinations within each class of the target, not the target's classes
    #[arg(long, requires = "by")]
    within: bool,
    /// How: see below [default: smotenc]
    #[arg(long, value_name = "METHOD", value_delimiter = ',')]
    method: Vec<String>,
    /// Write no table, but find out whether balancing helps to predict the target; with --by, whether it makes the errors of
    /// groups more alike
    #[arg(long, conflicts_with_all = ["out", "strategy", "neighbors", "textbook", "raw_units", "mark", "out_format"])]
    study: bool,
    /// Which classes, and how far: auto, minority, majority, not-minority, not-majority, all; a ratio of two classes, such as
    /// 0.5; or rows per class, such as yes=500,no=900
    #[arg(long, value_name = "STRATEGY", default_value = "auto", value_parser = strategy, allow_hyphen_values = true)]
    strategy: Strategy,
    /// How many neighbours a row has [default: 5 to add rows, 3 to leave them out]
    #[arg(long, value_name = "K")]
    neighbors: Option<usize>,
    /// Leave new numbers as they are calculated: whole ones need not be whole, nor within what the column has
    #[arg(long)]
    textbook: bool,
    /// Measure distances in the columns' own units rather than in standard deviations: the largest numbers decide
    #[arg(long)]
    raw_units: bool,
    /// Add a column of this name that is true in new rows
    #[arg(long, value_name = "COLUMN")]
    mark: Option<String>,
    /// The format to write: csv, tsv, jsonl, parquet or arrow [default: what the file's name says, or csv]
    #[arg(long, value_name = "FORMAT", value_parser = crate::reading::format)]
    out_format: Option<FileFormat>,
    #[command(flatten)]
    study_args: StudyArgs,
    #[command(flatten)]
    reading: ReadArgs,
}

#[derive(Debug, Serialize)]
struct RebalanceJson<'a> {
    file: &'a PathBuf,
    method: &'static str,
    rows: usize,
    real_rows: usize,
    new_rows: usize,
    classes: &'a [ClassCount],
    warnings: Vec<WarningJson<'a>>,
}

fn strategy(text: &str) -> std::result::Result<Strategy, String> {
    Strategy::parse(text).ok_or_else(|| {
        "there are auto, minority, majority, not-minority, not-majority, all, a ratio above 0 and at most 1, and rows per \
         class as in yes=500,no=900"
            .to_owned()
    })
}

pub(crate) fn run(args: &RebalanceArgs, session: &Session) -> Result<Exit> {
    let Some(out) = &args.out else {
        if !args.by.is_empty() {
            return groups::run(args, session);
        }
        return study::run(
            (&args.file, &args.target, &args.method),
            &args.study_args,
            &args.reading,
            session,
        );
    };
    let mut method = match &args.method[..] {
        [] => method(AnyResampler::NAMES[0])?,
        [one] => method(one)?,
        _ => {
            return Err(Failure::options(
                "a table is balanced by one --method; several are compared with --study",
            ));
        }
    };
    if let Some(neighbors) = args.neighbors {
        method = method.with_neighbors(neighbors)?;
    }
    method.check()?;
    one_stdin(&[Some(&args.file), args.reading.schema.as_ref()])?;
    let json = session.json(Some(out))?;
    let (reading, mut warnings) = read(&args.file, &args.reading, session.progress())?;
    let to_file = out.as_os_str() != "-";
    // That the file can be written is to be known before the work; how its columns are spelled may depend on the work.
    let trial = to_file.then(|| Writer::create(out, args.out_format, reading.table.schema())).transpose()?;
    let options = Rebalance {
        method,
        by: args.by.clone(),
        within: args.within,
        strategy: args.strategy.clone(),
        textbook: args.textbook,
        raw_units: args.raw_units,
        ..Rebalance::of(&args.target)
    };
    let balanced = rebalance(&reading.table, &options, &session.context())?;
    let table = match &args.mark {
        Some(name) => marked(&balanced, name)?,
        None => balanced.table.clone(),
    };
    drop(trial);
    let mut writer = Writer::create(out, args.out_format, table.schema())?;
    writer.write(&table)?;
    writer.finish()?;

    let (rows, new_rows) = (table.n_rows(), balanced.n_new());
    let histogram = histogram(&balanced.classes);
    if to_file {
        let counts = format!("{}, {new_rows} of them new", plural(rows as u64, "row"));
        write!(session.out(), "{}: {counts}\n{histogram}", out.display()).map_err(Failure::Output)?;
    } else {
        session.note(histogram.trim_end());
    }
    session.note(&candour(&options.method, &balanced));
    warnings.extend_from_slice(&balanced.warnings);
    session.warn(&warnings);
    json.write(&RebalanceJson {
        file: out,
        method: options.method.name(),
        rows,
        real_rows: rows - new_rows,
        new_rows,
        classes: &balanced.classes,
        warnings: warnings_json(&warnings),
    })?;
    Ok(Exit::Fine)
}

/// The classes before and after.
fn histogram(classes: &[ClassCount]) -> String {
    let column = |title, right, widest| GridColumn { title, right, widest };
    let columns = [
        column("class", false, 40),
        column("before", true, 14),
        column("share", true, 8),
        column("after", true, 14),
        column("share", true, 8),
    ];
    let share = |count: usize, all: usize| {
        if all == 0 { String::new() } else { percent(count as f64 / all as f64) }
    };
    let before: usize = classes.iter().map(|class| class.before).sum();
    let after: usize = classes.iter().map(|class| class.after).sum();
    let rows: Vec<Vec<String>> = classes
        .iter()
        .take(SHOWN)
        .map(|class| {
            vec![
                printable(&class.name).into_owned(),
                lookalike::report::count(class.before as u64),
                share(class.before, before),
                lookalike::report::count(class.after as u64),
                share(class.after, after),
            ]
        })
        .collect();
    let mut text = grid(&columns, &rows, width(), ellipsis());
    if classes.len() > SHOWN {
        let _ = writeln!(text, "and {} more", lookalike::report::count((classes.len() - SHOWN) as u64));
    }
    text
}

/// What the balanced table says of real people.
fn candour(method: &AnyResampler, balanced: &Resampled) -> String {
    let new = balanced.n_new();
    let real = balanced.origins.len() - new;
    let kept = match real {
        0 => "no row of the balanced table is a real one".to_owned(),
        _ => format!("the balanced table holds {} as they are", plural(real as u64, "real row")),
    };
    let made = match (new, method.makes_rows_of_real_ones()) {
        (0, _) => String::new(),
        (_, true) => ", and its new rows are copies of real ones or lie between them".to_owned(),
        (_, false) => {
            ", and new ones that a generator drew which saw them all, without protection".to_owned()
        }
    };
    format!("{kept}{made}: guard it as you guard the original")
}
