use lookalike_core::{Context, Phase};
use lookalike_learn::score::TwoSample;
use lookalike_table::Table;
use rayon::prelude::*;

use crate::alignment::{Alignment, Role};
use crate::error::{Error, Result};
use crate::evaluation::{Evaluation, Measurement, RowCounts, SCHEMA_VERSION, Unmatched};
use crate::fidelity::{
    accuracy, association, columns, key_uniqueness, mutual_information, shape, spearman, trend, two_sample,
    validity,
};
use crate::metric::Metric;
use crate::privacy::dcr_share::Shares;
use crate::privacy::{copies, dcr_share};
use crate::utility::train_on_synthetic::{self, Reached, Task};

/// The tables to judge.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The table that the model was fitted to.
    pub train: &'a Table,
    /// Real rows that the model has not seen. Without them much cannot be told.
    pub holdout: Option<&'a Table>,
    /// The table to judge.
    pub synthetic: &'a Table,
    /// A table from a simple method, to compare with.
    pub baseline: Option<&'a Table>,
    /// The number of the training table's column to predict.
    pub target: Option<usize>,
    /// The number of the training table's column that says which unit (such as a person) a row belongs to. The figures
    /// leave it out, and the two-sample tests keep the rows of a unit within one fold.
    pub unit: Option<usize>,
    /// For each column of the synthetic table, how many of its cells could not be read and became missing; empty
    /// where that is not known.
    pub invalid: &'a [u64],
    /// Columns that the holdout's file has besides those of the table: nothing looks at them, but they are told.
    pub unread_of_holdout: &'a [String],
    /// The same of the synthetic table's file.
    pub unread_of_synthetic: &'a [String],
}

impl<'a> Inputs<'a> {
    /// Nothing but the two tables that are always needed.
    pub fn new(train: &'a Table, synthetic: &'a Table) -> Self {
        Inputs {
            train,
            holdout: None,
            synthetic,
            baseline: None,
            target: None,
            unit: None,
            invalid: &[],
            unread_of_holdout: &[],
            unread_of_synthetic: &[],
        }
    }
}

/// A piece of work that takes long enough to share among threads.
enum Job {
    Test(Role, Role),
    Learn(Role),
    Distances(Role),
    Accuracy,
    Columns,
    Information,
    Pairs,
    Ranks,
    Associations,
    Rest,
}

/// What came of it.
enum Done {
    Test(Role, Role, Option<TwoSample>),
    Learn(Role, Reached),
    Distances(Role, Option<Shares>),
    Measured(Vec<Measurement>),
}

/// Judges a synthetic table. Columns are matched by name, whatever their order, and those that a table lacks or has
/// besides are told ([`Evaluation::unmatched`]); tables of different sizes are cut to equal ones, by a draw
/// that depends on the seed alone, where a definition wants it. The result does not depend on the number of
/// threads.
///
/// # Errors
/// [`Error::NoColumns`], [`Error::NoRows`] and [`Error::NoSuchColumn`] for inputs that cannot be judged,
/// [`Error::NothingInCommon`] when names do not match, [`Error::Cancelled`] when the listener wants the work to
/// stop.
pub fn evaluate(inputs: &Inputs<'_>, context: &Context<'_>) -> Result<Evaluation> {
    check(inputs)?;
    let tables = [Some(inputs.train), inputs.holdout, Some(inputs.synthetic), inputs.baseline];
    let unread = [&[], inputs.unread_of_holdout, inputs.unread_of_synthetic, &[]];
    let alignment = Alignment::new(tables, unread, inputs.unit);
    let shared =
        |table: &Table| crate::alignment::match_columns(inputs.train, table).iter().any(Option::is_some);
    if !shared(inputs.synthetic) {
        return Err(Error::NothingInCommon { table: "synthetic" });
    }
    if inputs.holdout.is_some_and(|holdout| !shared(holdout)) {
        return Err(Error::NothingInCommon { table: "holdout" });
    }
    let task = Task::new(&alignment, inputs.target, context);

    let mut jobs = vec![Job::Test(Role::Train, Role::Synthetic)];
    let baseline = alignment.has(Role::Baseline);
    if alignment.has(Role::Holdout) {
        jobs.extend([Job::Test(Role::Holdout, Role::Synthetic), Job::Test(Role::Holdout, Role::Train)]);
        jobs.extend([Job::Distances(Role::Synthetic), Job::Distances(Role::Train)]);
    }
    if task.is_ok() {
        jobs.extend([Job::Learn(Role::Train), Job::Learn(Role::Synthetic)]);
    }
    if baseline {
        jobs.push(Job::Test(Role::Train, Role::Baseline));
        if alignment.has(Role::Holdout) {
            jobs.extend([Job::Test(Role::Holdout, Role::Baseline), Job::Distances(Role::Baseline)]);
        }
        if task.is_ok() {
            jobs.push(Job::Learn(Role::Baseline));
        }
    }
    jobs.extend([
        Job::Pairs,
        Job::Ranks,
        Job::Associations,
        Job::Accuracy,
        Job::Information,
        Job::Columns,
        Job::Rest,
    ]);

    let phase = Phase::begin(context.progress, "judging", Some(jobs.len() as u64));
    let done = jobs
        .par_iter()
        .map(|job| {
            let done = match *job {
                Job::Test(real, other) => {
                    Done::Test(real, other, two_sample::test(&alignment, real, other, context)?)
                }
                Job::Learn(from) => {
                    let reached = task.as_ref().map(|task| task.run(from, context));
                    Done::Learn(from, reached.unwrap_or_else(|_| Ok(Reached::default()))?)
                }
                Job::Distances(queries) => {
                    Done::Distances(queries, dcr_share::shares(&alignment, queries, context)?)
                }
                Job::Pairs => Done::Measured(trend::measure(&alignment, context).into()),
                Job::Accuracy => Done::Measured(accuracy::measure(&alignment, context)),
                Job::Information => Done::Measured(vec![mutual_information::measure(&alignment)]),
                Job::Columns => Done::Measured(columns::measure(&alignment)),
                Job::Ranks => Done::Measured(vec![spearman::measure(&alignment, context)]),
                Job::Associations => Done::Measured(vec![association::measure(&alignment, context)]),
                Job::Rest => Done::Measured(vec![
                    validity::measure(&alignment, tables, inputs.invalid),
                    shape::measure(&alignment),
                    key_uniqueness::measure(tables),
                    copies::measure(&alignment),
                ]),
            };
            phase.advance(1)?;
            Ok(done)
        })
        .collect::<Result<Vec<Done>>>()?;
    drop(phase);

    let mut metrics = assemble(&alignment, &task, done);
    let order = crate::all_metrics();
    let rank = |name: &str| order.iter().position(|metric| metric.name == name);
    metrics.sort_by_key(|measurement| rank(&measurement.name));
    Ok(Evaluation {
        schema_version: SCHEMA_VERSION,
        seed: context.seed.number(),
        rows: RowCounts {
            train: alignment.n_rows(Role::Train),
            holdout: alignment.rows[Role::Holdout as usize],
            synthetic: alignment.n_rows(Role::Synthetic),
            baseline: alignment.rows[Role::Baseline as usize],
        },
        target: inputs.target.map(|index| inputs.train.schema().columns[index].name.clone()),
        metrics,
        could_not_tell: could_not_tell(&alignment, task.as_ref().err().copied()),
        notes: notes(&alignment),
        left_out: alignment.left_out,
        unmatched: alignment.unmatched,
    })
}

fn check(inputs: &Inputs<'_>) -> Result<()> {
    let columns = inputs.train.n_columns();
    if columns == 0 {
        return Err(Error::NoColumns);
    }
    if inputs.train.n_rows() == 0 {
        return Err(Error::NoRows);
    }
    for (role, index) in [("target", inputs.target), ("unit", inputs.unit)] {
        if let Some(index) = index.filter(|&index| index >= columns) {
            return Err(Error::NoSuchColumn { role, index, columns });
        }
    }
    Ok(())
}

/// Puts the results together as measurements.
fn assemble(
    alignment: &Alignment,
    task: &std::result::Result<Task<'_>, &'static str>,
    done: Vec<Done>,
) -> Vec<Measurement> {
    let mut metrics = Vec::new();
    let mut tests = Vec::new();
    let mut reached: [Reached; 4] = Default::default();
    let mut shares: [Option<Shares>; 4] = [None; 4];
    for result in done {
        match result {
            Done::Measured(measured) => metrics.extend(measured),
            Done::Test(real, other, test) => tests.push((real, other, test)),
            Done::Learn(from, result) => reached[from as usize] = result,
            Done::Distances(queries, result) => shares[queries as usize] = result,
        }
    }
    let test = |real, other| {
        tests.iter().find(|test| test.0 == real && test.1 == other).and_then(|test| test.2.as_ref())
    };
    let no_holdout = "there is no holdout";
    let floor = test(Role::Holdout, Role::Train);
    metrics.push(two_sample::measurement(
        &two_sample::C2ST_TRAIN,
        test(Role::Train, Role::Synthetic),
        floor,
        test(Role::Train, Role::Baseline),
    ));
    let skip = |metric: &Metric, reason: &str| Measurement::skipped(metric, reason);
    if alignment.has(Role::Holdout) {
        metrics.push(two_sample::measurement(
            &two_sample::C2ST,
            test(Role::Holdout, Role::Synthetic),
            floor,
            test(Role::Holdout, Role::Baseline),
        ));
        let [train, _, synthetic, baseline] = &shares;
        metrics.extend(dcr_share::measurements(synthetic.as_ref(), train.as_ref(), baseline.as_ref()));
    } else {
        for metric in [&two_sample::C2ST, &dcr_share::DCR_SHARE, &dcr_share::DCR_SHARE_TIE_SPLIT] {
            metrics.push(skip(metric, no_holdout));
        }
    }
    match task {
        Ok(task) => {
            let [train, _, synthetic, baseline] = &reached;
            metrics.extend(task.measurements(synthetic, train, baseline));
        }
        Err(reason) => {
            for metric in
                [&train_on_synthetic::TSTR, &train_on_synthetic::TRTR, &train_on_synthetic::TSTR_RATIO]
            {
                metrics.push(skip(metric, reason));
            }
        }
    }
    metrics
}

/// What stays open, in words.
fn could_not_tell(alignment: &Alignment, no_task: Option<&'static str>) -> Vec<String> {
    let mut open = Vec::new();
    if !alignment.has(Role::Holdout) {
        open.push(
            "whether the synthetic rows are nearer to the training rows than fresh real rows would be, and so \
             whether training rows were memorized: that needs a holdout, real rows that the model has not seen"
                .to_owned(),
        );
        open.push(
            "how good the figures could be at best: without a holdout there is no floor to read them against"
                .to_owned(),
        );
    }
    if let Some(reason) = no_task {
        open.push(format!(
            "whether models can be trained on the synthetic rows instead of real ones: {reason}"
        ));
    }
    if !alignment.has(Role::Baseline) {
        open.push("how much better this is than a simple method: no baseline was given".to_owned());
    }
    if alignment.n_rows(Role::Synthetic) == 0 {
        open.push("anything about the synthetic rows: there are none".to_owned());
    }
    if !alignment.left_out.is_empty() {
        open.push(format!(
            "anything about the contents of columns that the figures leave out ({})",
            alignment.left_out.len()
        ));
    }
    open
}

fn notes(alignment: &Alignment) -> Vec<String> {
    let mut notes = alignment.notes.clone();
    let list = |names: &[String]| names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    for Unmatched { table, missing, extra } in &alignment.unmatched {
        let name = if table == "holdout" { "the holdout" } else { "the synthetic table" };
        if !missing.is_empty() {
            notes.push(format!("{name} lacks columns: {}", list(missing)));
        }
        if !extra.is_empty() {
            notes.push(format!("{name} has columns that training has not: {}", list(extra)));
        }
    }
    notes
}
