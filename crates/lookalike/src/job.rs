//! The job from a file to scores, step by step or as a whole, as the program runs it.

use std::path::{Path, PathBuf};

use lookalike_core::{Context, Progress, Seed, Topic, Warning};
use lookalike_evaluate::{Evaluation, Inputs, LaysOpen, RunRecord, Wanted, all_metrics};
use lookalike_synth::image::ImageSynthesizer;
use lookalike_synth::standin::StandIns;
use lookalike_synth::{AnyModel, AnySynthesizer, FitOptions, SampleRequest};
use lookalike_table::constraints::{Constraint, read_constraints};
use lookalike_table::read::{FileFormat, ReadOptions, Reading};
use lookalike_table::write::OutputFile;
use lookalike_table::{Locale, Schema, SplitOptions, Table, schema, split};

use crate::conditions;
use crate::cost::{Meter, Work};
use crate::error::{Error, Result};
use crate::files::{Writer, read, read_as};
use crate::folder::OutputFolder;
use crate::gate::Gate;
use crate::likelihood::{LOG_LIKELIHOOD, likelihood};
use crate::model_file;
use crate::pictures::{self, PictureOptions};
use crate::plan::{Fitting, Input, Plan};
use crate::record;

/// What a run brought about.
#[derive(Debug)]
pub struct Outcome {
    /// The scores.
    pub evaluation: Evaluation,
    /// What it cost.
    pub record: RunRecord,
    /// The files written.
    pub files: Vec<Written>,
    /// What was done differently from what one may expect.
    pub warnings: Vec<Warning>,
}

/// A file that a run wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What it holds, such as `train` or `model`.
    pub what: &'static str,
    /// Where it is.
    pub path: PathBuf,
    /// How many rows it has, if it is a table.
    pub rows: Option<u64>,
}

/// How many further tables a run draws where a target is named, so that the intervals of utility cover other draws. It is
/// all that they are for: the two-sample tests stay those that `evaluate` makes of the files of the run.
pub(crate) const FURTHER_DRAWS: u64 = 2;

/// The score that is found out wherever constraints are declared.
pub const CONSTRAINT_ADHERENCE: &str = "constraint-adherence";

/// Pictures that are drawn to judge a model by, at most: networks draw them slowly, and more would change the scores little.
const JUDGED_PICTURES: u64 = 10_000;

/// Learns nothing of how columns belong together: what every score is compared with.
const BASELINE: &str = "independent";

/// Runs a whole plan: reads, divides, learns, samples, judges, and writes `train`, `holdout`, `synthetic`,
/// `model.lookalike`, `evaluation.json`, `run.json` and `report.html` into the plan's folder. All but the last two have the
/// same bytes in every run of the same plan: `run.json` says what the run cost, and the report shows it.
///
/// The files appear when all is done. The model is judged by as many rows as it was learned from (at most 10,000 pictures), drawn without
/// conditions and independently of each other, whatever the plan samples. Where a target is named, two further tables are
/// drawn, with the next two seeds, for the intervals of what models learn from synthetic rows; they are not written.
///
/// # Errors
/// Those of every step; nothing half-written is left.
pub fn run(plan: &Plan, progress: &dyn Progress) -> Result<Outcome> {
    let seed = Seed::new(plan.seed);
    let context = Context::new(seed).with_progress(progress);
    let folder = &plan.output.folder;
    let _folder = OutputFolder::create(folder)?;
    let model_path = folder.join("model.lookalike");
    let mut model_file = OutputFile::create(&model_path)?;
    let scores_path = folder.join("evaluation.json");
    let mut scores_file = OutputFile::create(&scores_path)?;
    let record_path = folder.join("run.json");
    let mut record_file = OutputFile::create(&record_path)?;
    let report_path = folder.join("report.html");
    let mut report_file = OutputFile::create(&report_path)?;

    let mut meter = Meter::start();
    let (mut options, mut warnings) = read_options(&plan.input)?;
    let files: Vec<PathBuf> = plan.fit.constraints_file.iter().cloned().collect();
    let (declared, own) = constraints(&plan.fit.constraints, &files)?;
    options.constraints.extend(declared);
    warnings.extend(own);
    let of_pictures = PictureOptions { size: plan.input.size, ..PictureOptions::default() };
    let reading = read_as(&plan.input.file, &options, &of_pictures, progress)?;
    warnings.extend(warn_of_invalid(&reading));
    warnings.extend(reading.warnings);
    let table = reading.table;
    let roles = roles(&plan.fit, table.schema())?;
    let (train, holdout) = if let Some(path) = &plan.input.holdout {
        let holdout = read_like(path, table.schema(), progress)?;
        warnings.extend(warn_of_invalid(&holdout));
        warnings.extend(holdout.warnings);
        (table, holdout.table)
    } else {
        let by = plan.split.by.as_deref().or(plan.fit.unit.as_deref());
        let index = |name: Option<&str>| name.map(|name| table.schema().index_of(name)).transpose();
        let options = SplitOptions {
            share: plan.split.share,
            by: index(by)?,
            time: index(plan.split.time.as_deref())?,
        };
        let sides = split(&table, &options, seed)?;
        warnings.extend(sides.warnings);
        (table.take(&sides.train), table.take(&sides.holdout))
    };
    let n_train = train.n_rows() as u64;
    let n_judged =
        if train.schema().image_column().is_some() { n_train.min(JUDGED_PICTURES) } else { n_train };
    let request = SampleRequest {
        rows: 0..plan.sample.rows.unwrap_or(n_judged),
        conditions: conditions::typed(&plan.sample.conditions, train.schema())?,
        low_discrepancy: plan.sample.low_discrepancy,
        ..SampleRequest::default()
    };
    request.check(plan.synthesizer.name())?;
    let gates = Gate::all(&plan.evaluate)?;

    let create = |name: &str| -> Result<(PathBuf, Writer)> {
        let path = folder.join(written_like(&plan.input.file, name, train.schema()));
        let writer = Writer::create(&path, None, train.schema())?;
        Ok((path, writer))
    };
    let (train_path, mut train_writer) = create("train")?;
    let (holdout_path, mut holdout_writer) = create("holdout")?;
    let (synthetic_path, mut synthetic_writer) = create("synthetic")?;
    train_writer.write(&train)?;
    holdout_writer.write(&holdout)?;
    meter.end("read");

    let model = plan.synthesizer.fit(&train, &roles, &context)?;
    warnings.extend_from_slice(model.warnings());
    meter.end("fit");
    let model_bytes = model_file::write(&model, &mut model_file)?;

    let n_rows = request.rows.end;
    let mut rows_sampled = n_judged;
    let judged = model.sample(&SampleRequest::rows(n_judged), &context)?.collect_table()?;
    if n_rows <= n_judged && request.conditions.is_empty() && !request.low_discrepancy {
        // A shorter sample is a prefix of a longer one.
        synthetic_writer.write(&judged.slice(0..n_rows as usize))?;
    } else {
        let sampler = model.sample(&request, &context)?;
        warnings.extend_from_slice(sampler.warnings());
        for batch in sampler {
            synthetic_writer.write(&batch?)?;
        }
        rows_sampled += n_rows;
    }
    meter.end("sample");

    let of_constraints = (!train.schema().constraints.is_empty()).then_some(CONSTRAINT_ADHERENCE);
    let wanted = Wanted::Headline
        .and(gates.iter().map(|gate| gate.score.as_str()).chain([LOG_LIKELIHOOD]).chain(of_constraints));
    let exhibits = Some(LaysOpen::Distributions);
    let further = if roles.target.is_some() && train.schema().image_column().is_none() {
        further_draws(&model, n_train, &context)?
    } else {
        Vec::new()
    };
    let judging = Judging {
        holdout: Some(&holdout),
        further: &further,
        model: Some(&model),
        roles,
        wanted,
        exhibits,
        ..Judging::new(&train, &judged)
    };
    let mut evaluation = judge(&judging, &context)?;
    evaluation.provenance =
        Some(record::of_run(plan, &model, [n_train, holdout.n_rows() as u64], &synthetic_path, &warnings));
    evaluation.gates = gates.iter().map(|gate| gate.check(&evaluation)).collect();
    meter.end("judge");
    let work = Work { method: plan.synthesizer.name(), rows_learned: n_train, rows_sampled, model_bytes };
    let record = meter.record(&work);
    serde_json::to_writer_pretty(&mut scores_file, &evaluation).map_err(|error| Error::Io {
        action: "write",
        path: scores_path.clone(),
        source: error.into(),
    })?;
    serde_json::to_writer_pretty(&mut record_file, &record).map_err(|error| Error::Io {
        action: "write",
        path: record_path.clone(),
        source: error.into(),
    })?;
    let options = lookalike_report::Options { record: Some(&record), ..lookalike_report::Options::default() };
    record::write_text(&mut report_file, &lookalike_report::render(&evaluation, options))?;

    let rows = |table: &Table| Some(table.n_rows() as u64);
    let files = vec![
        Written { what: "train", path: train_path, rows: rows(&train) },
        Written { what: "holdout", path: holdout_path, rows: rows(&holdout) },
        Written { what: "model", path: model_path, rows: None },
        Written { what: "synthetic", path: synthetic_path, rows: Some(n_rows) },
        Written { what: "scores", path: scores_path, rows: None },
        Written { what: "record", path: record_path, rows: None },
        Written { what: "report", path: report_path, rows: None },
    ];
    for writer in [train_writer, holdout_writer, synthetic_writer] {
        writer.finish()?;
    }
    model_file.finish()?;
    scores_file.finish()?;
    record_file.finish()?;
    report_file.finish()?;
    Ok(Outcome { evaluation, record, files, warnings })
}

/// Further tables of the model, each with the next seed, so that anyone can draw them again.
fn further_draws(model: &AnyModel, n_train: u64, context: &Context<'_>) -> Result<Vec<Table>> {
    // More rows than are learned from would only take memory.
    const MOST_ROWS: u64 = 65_536;
    let rows = SampleRequest::rows(n_train.min(MOST_ROWS));
    (1..=FURTHER_DRAWS)
        .map(|number| {
            let seed = Seed::new(context.seed.number().wrapping_add(number));
            let context = Context { seed, checkpoint: None, ..*context };
            Ok(model.sample(&rows, &context)?.collect_table()?)
        })
        .collect()
}

/// What is judged, and by what.
#[derive(Debug, Clone)]
pub struct Judging<'a> {
    /// What the synthetic table is to look like: the rows that were learned from.
    pub real: &'a Table,
    /// Rows of the same source that nothing was learned from. Without them most questions stay open.
    pub holdout: Option<&'a Table>,
    /// The look-alike.
    pub synthetic: &'a Table,
    /// Another table of the same generator, independent of the first, for the two-sample tests.
    pub second: Option<&'a Table>,
    /// Further tables of the same generator, independent of the first and of each other, for the intervals of what models
    /// learn from synthetic rows; the second may be among them.
    pub further: &'a [Table],
    /// The model that made the look-alike, if it is at hand: it says how likely it finds rows of the holdout.
    pub model: Option<&'a AnyModel>,
    /// The target, the unit, and the protection of the baseline.
    pub roles: FitOptions,
    /// The columns that an attacker may know of a person: quasi-identifiers.
    pub keys: Vec<usize>,
    /// The numbers of the columns whose groups are to fare alike, such as sex.
    pub sensitive: Vec<usize>,
    /// For each column, how many cells of the synthetic table do not fit the real one's schema.
    pub invalid: &'a [u64],
    /// Columns that the holdout's file has besides those of the table, to be told.
    pub unread_of_holdout: &'a [String],
    /// The same of the synthetic table's file.
    pub unread_of_synthetic: &'a [String],
    /// Which scores are wanted.
    pub wanted: Wanted,
    /// Whether scores of distributions are to have an interval too, which takes as long again.
    pub intervals: bool,
    /// Whether each score is to be found out of a bootstrap of the training rows too, which takes as long again.
    pub bootstrap: bool,
    /// How much of the real tables may be laid open by what there is to look at; nothing is made unless it is said.
    pub exhibits: Option<LaysOpen>,
}

impl<'a> Judging<'a> {
    /// Nothing but the two tables that are always needed.
    pub fn new(real: &'a Table, synthetic: &'a Table) -> Self {
        Judging {
            real,
            holdout: None,
            synthetic,
            second: None,
            further: &[],
            model: None,
            roles: FitOptions::default(),
            keys: Vec::new(),
            sensitive: Vec::new(),
            invalid: &[],
            unread_of_holdout: &[],
            unread_of_synthetic: &[],
            wanted: Wanted::Headline,
            intervals: true,
            bootstrap: false,
            exhibits: None,
        }
    }
}

/// Judges a synthetic table, beside its floor (the holdout) and a baseline that is learned here: columns that are
/// right one by one and have nothing to do with each other.
///
/// # Errors
/// Those of the evaluation, and of the model where it is handed tables of other columns. Where no baseline can be learned, its figures are missing.
pub fn judge(judging: &Judging<'_>, context: &Context<'_>) -> Result<Evaluation> {
    let baseline = match baseline(judging, context) {
        Err(error) if error.is_cancelled() => return Err(error),
        baseline => baseline.ok(),
    };
    let (learned, baseline) = baseline.unzip();
    let is_wanted = |name: &str| {
        all_metrics().iter().any(|metric| metric.name == name && judging.wanted.includes(metric))
    };
    let likelihood = match (judging.model, judging.holdout) {
        (Some(model), Some(holdout)) if is_wanted(LOG_LIKELIHOOD) => {
            Some(likelihood(model, learned.as_ref(), judging.real, holdout, context.seed)?)
        }
        _ => None,
    };
    let inputs = Inputs {
        train: judging.real,
        holdout: judging.holdout,
        synthetic: judging.synthetic,
        second: judging.second,
        further: judging.further,
        baseline: baseline.as_ref(),
        target: judging.roles.target,
        sensitive: &judging.sensitive,
        unit: judging.roles.unit,
        keys: &judging.keys,
        invalid: judging.invalid,
        unread_of_holdout: judging.unread_of_holdout,
        unread_of_synthetic: judging.unread_of_synthetic,
        likelihood: likelihood.as_ref(),
        wanted: &judging.wanted,
        intervals: judging.intervals,
        exhibits: judging.exhibits,
    };
    let mut evaluation = lookalike_evaluate::evaluate(&inputs, context)?;
    if judging.bootstrap {
        let copied = bootstrap(judging, context);
        let inputs = Inputs {
            synthetic: &copied,
            second: None,
            further: &[],
            baseline: None,
            invalid: &[],
            unread_of_synthetic: &[],
            // Of the model, which has no part in copies.
            likelihood: None,
            intervals: false,
            exhibits: None,
            ..inputs
        };
        let of_copies = lookalike_evaluate::evaluate(&inputs, context)?;
        for measurement in &mut evaluation.metrics {
            measurement.bootstrap = of_copies.metric(&measurement.name).and_then(|copied| copied.value);
        }
    }
    Ok(evaluation)
}

/// Training rows drawn with replacement, as many as there are synthetic ones.
fn bootstrap(judging: &Judging<'_>, context: &Context<'_>) -> Table {
    let mut stream = context.seed.stream("bootstrap", 0);
    let count = judging.real.n_rows() as u64;
    let rows: Vec<usize> =
        (0..judging.synthetic.n_rows()).map(|_| stream.below(count.max(1)) as usize).collect();
    judging.real.take(if count == 0 { &[] } else { &rows })
}

/// The baseline's model, and as many rows of it as there are to judge.
fn baseline(judging: &Judging<'_>, context: &Context<'_>) -> Result<(AnyModel, Table)> {
    // Its own family of random streams: a baseline must not share luck with what it is compared with.
    let context = Context { seed: context.seed.derive(BASELINE), checkpoint: None, ..*context };
    let options = FitOptions { target: None, condition_on: Vec::new(), ..judging.roles.clone() };
    let model = method(BASELINE)?.fit(judging.real, &options, &context)?;
    let rows = judging.synthetic.n_rows() as u64;
    let table = model.sample(&SampleRequest::rows(rows), &context)?.collect_table()?;
    Ok((model, table))
}

/// The method of this name with its usual options.
///
/// # Errors
/// [`Error::UnknownMethod`] when there is none.
pub fn method(name: &str) -> Result<AnySynthesizer> {
    AnySynthesizer::from_name(name)
        .ok_or_else(|| Error::UnknownMethod { name: name.to_owned(), known: AnySynthesizer::NAMES.to_vec() })
}

/// The method for pictures of this name with its usual options.
///
/// # Errors
/// [`Error::UnknownMethod`] when there is none.
pub fn picture_method(name: &str) -> Result<AnySynthesizer> {
    ImageSynthesizer::from_name(name).map(AnySynthesizer::Image).ok_or_else(|| Error::UnknownMethod {
        name: name.to_owned(),
        known: ImageSynthesizer::NAMES.to_vec(),
    })
}

/// Looks up the columns that `fitting` names.
///
/// # Errors
/// When one does not exist, or is given two roles that exclude each other; all that do not exist are told at once.
pub fn roles(fitting: &Fitting, schema: &Schema) -> Result<FitOptions> {
    let mut errors: Vec<Error> = Vec::new();
    let mut index = |name: &String| schema.index_of(name).map_err(|error| errors.push(error.into())).ok();
    let (target, unit) =
        (fitting.target.as_ref().and_then(&mut index), fitting.unit.as_ref().and_then(&mut index));
    let mut all = |names: &[String]| -> Vec<usize> { names.iter().filter_map(&mut index).collect() };
    let (condition_on, keep_format, consistent) =
        (all(&fitting.condition_on), all(&fitting.keep_format), all(&fitting.consistent));
    let locale = fitting
        .locale
        .as_deref()
        .and_then(|code| Locale::parse(code).map_err(|error| errors.push(error.into())).ok());
    Error::together(errors)?;
    let options = FitOptions {
        target,
        unit,
        condition_on,
        protection: fitting.protect,
        stand_ins: StandIns { locale, keep_format, consistent, ..StandIns::default() },
    };
    if let (Some(target), true) = (options.target, options.target == options.unit) {
        let column = schema.columns[target].name.clone();
        return Err(Error::Roles { column, first: "the target", second: "the unit" });
    }
    Ok(options)
}

/// Looks up columns by name.
///
/// # Errors
/// When one does not exist, or several have its name.
pub fn columns(names: &[String], schema: &Schema) -> Result<Vec<usize>> {
    let mut errors: Vec<Error> = Vec::new();
    let found =
        names.iter().filter_map(|name| schema.index_of(name).map_err(|error| errors.push(error.into())).ok());
    let found = found.collect();
    Error::together(errors)?;
    Ok(found)
}

/// How to read what a plan names.
///
/// # Errors
/// When the schema file cannot be read or understood.
pub fn read_options(input: &Input) -> Result<(ReadOptions, Vec<Warning>)> {
    let mut options = ReadOptions {
        missing: input.missing.clone(),
        sheet: input.sheet.clone(),
        columns: input.columns.iter().map(|(name, kind)| (name.clone(), kind.clone())).collect(),
        ..ReadOptions::default()
    };
    let warnings = match &input.schema {
        Some(path) => use_schema_file(&mut options, path)?,
        None => Vec::new(),
    };
    Ok((options, warnings))
}

/// Takes a schema file (SDV's metadata JSON) into `options`. One that lookalike wrote says everything, any other says
/// kinds, which overrule inference; the kinds that `options` already has overrule both.
///
/// # Errors
/// When it cannot be read or understood.
pub fn use_schema_file(options: &mut ReadOptions, path: &Path) -> Result<Vec<Warning>> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Io {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    use_schema(options, &text)
        .map_err(|source| Error::SchemaFile { path: path.to_owned(), source: Box::new(source) })
}

/// The same with the schema's text.
///
/// # Errors
/// When it cannot be understood.
pub fn use_schema(
    options: &mut ReadOptions,
    text: &str,
) -> std::result::Result<Vec<Warning>, lookalike_table::Error> {
    let declared = schema::sdv::from_json(text, None)?;
    if let Some(mut schema) = declared.schema {
        let others: Vec<Constraint> =
            declared.constraints.into_iter().filter(|own| !schema.constraints.contains(own)).collect();
        schema.constraints.extend(others);
        options.schema = Some(schema);
    } else {
        options.constraints.extend(declared.constraints);
        let own = std::mem::take(&mut options.columns);
        let others =
            declared.columns.into_iter().filter(|(name, _)| own.iter().all(|(known, _)| known != name));
        options.columns = others.chain(own.iter().cloned()).collect();
    }
    Ok(declared.warnings)
}

/// Constraints from texts and files of them, the texts first.
///
/// # Errors
/// When a file cannot be read, or a constraint cannot be understood; all such texts are told at once.
pub fn constraints(texts: &[String], files: &[PathBuf]) -> Result<(Vec<Constraint>, Vec<Warning>)> {
    let (mut constraints, mut warnings, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for text in texts {
        match Constraint::parse(text) {
            Ok(constraint) => constraints.push(constraint),
            Err(error) => errors.push(lookalike_table::Error::from(error).into()),
        }
    }
    Error::together(errors)?;
    for path in files {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Io {
            action: "read",
            path: path.clone(),
            source,
        })?;
        let (more, own) = read_constraints(&text).map_err(|source| Error::ConstraintFile {
            path: path.clone(),
            source: Box::new(source.into()),
        })?;
        constraints.extend(more);
        warnings.extend(own);
    }
    Ok((constraints, warnings))
}

/// Reads a table that is to have the columns and kinds of another.
///
/// # Errors
/// When it cannot be read, or has other columns.
pub fn read_like(path: &Path, schema: &Schema, progress: &dyn Progress) -> Result<Reading> {
    let options = ReadOptions { schema: Some(schema.clone()), ..ReadOptions::default() };
    read(path, &options, progress)
}

/// Reads those columns of a table that another has too, as that one has them; the rest is named in the reading.
///
/// # Errors
/// When it cannot be read, or no column is common.
pub fn read_common(path: &Path, schema: &Schema, progress: &dyn Progress) -> Result<Reading> {
    let options = ReadOptions { schema: Some(schema.clone()), only_common: true, ..ReadOptions::default() };
    read(path, &options, progress)
}

/// Reads rows that are to be completed: some columns of `schema`, in any order.
///
/// # Errors
/// When the table cannot be read, has a column that `schema` lacks, or a cell that is not of its column's kind.
pub fn read_partial(path: &Path, schema: &Schema, progress: &dyn Progress) -> Result<Table> {
    partial(read_common(path, schema, progress)?, path, schema)
}

/// Rows that are to be completed, from what was read of them with [`ReadOptions::only_common`]. Messages call them `name`.
///
/// # Errors
/// When they have a column that `schema` lacks, or a cell that is not of its column's kind.
pub fn partial(reading: Reading, name: &Path, schema: &Schema) -> Result<Table> {
    let columns = &reading.table.schema().columns;
    for column in reading.extra.iter().chain(columns.iter().map(|column| &column.name)) {
        // A name that the schema lacks or repeats says no column.
        schema.index_of(column)?;
    }
    check_cells(&reading, name)?;
    Ok(reading.table)
}

/// An error if a cell is not of its column's kind.
///
/// # Errors
/// [`Error::Unfit`].
pub fn check_cells(reading: &Reading, path: &Path) -> Result<()> {
    check_invalid(reading.table.schema(), &reading.invalid, path)
}

/// An error if a cell was not of its column's kind; `invalid` has the number of such cells for each column.
///
/// # Errors
/// [`Error::Unfit`].
pub fn check_invalid(schema: &Schema, invalid: &[u64], path: &Path) -> Result<()> {
    let columns = schema.columns.iter().zip(invalid);
    match columns.into_iter().find(|(_, count)| **count > 0) {
        Some((column, &cells)) => Err(Error::Unfit {
            path: path.to_owned(),
            column: column.name.clone(),
            kind: column.kind.name(),
            cells,
        }),
        None => Ok(()),
    }
}

/// Reads a table whose gaps are to be filled: the columns of `schema` as that says, all others as they are.
///
/// # Errors
/// When it cannot be read, has no column of `schema`, or a cell that is not of its column's kind.
pub fn read_incomplete(path: &Path, schema: &Schema, progress: &dyn Progress) -> Result<Reading> {
    let options = ReadOptions { schema: Some(schema.clone()), infer_others: true, ..ReadOptions::default() };
    let reading = read(path, &options, progress)?;
    check_cells(&reading, path)?;
    Ok(reading)
}

/// Warnings about cells that became missing because they do not fit a schema that was given.
pub fn warn_of_invalid(reading: &Reading) -> Vec<Warning> {
    let columns = reading.table.schema().columns.iter().zip(&reading.invalid);
    columns
        .filter(|(_, count)| **count > 0)
        .map(|(column, count)| {
            let kind = column.kind.name();
            let message = match count {
                1 => format!("1 cell is not a {kind} value; it counts as missing"),
                _ => format!("{count} cells are not {kind} values; they count as missing"),
            };
            Warning::of_column(Topic::Reading, &column.name, message)
        })
        .collect()
}

/// Warnings about a table that was read with [`read_common`]: columns by which it differs from the one that it is to be like,
/// and that it has no rows. `what` is what people call it, such as `the holdout`.
pub fn warn_of_common(reading: &Reading, what: &str) -> Vec<Warning> {
    let empty = (reading.table.n_rows() == 0).then(|| {
        let message = format!("{what} has no rows, so that nothing can be said of it");
        Warning::new(Topic::Evaluation, message)
    });
    other_columns(reading, what).into_iter().chain(empty).collect()
}

fn other_columns(reading: &Reading, what: &str) -> Option<Warning> {
    let mut parts = Vec::new();
    if !reading.absent.is_empty() {
        parts.push(format!("lacks {}", named(&reading.absent)));
    }
    if !reading.extra.is_empty() {
        parts.push(format!("also has {}", named(&reading.extra)));
    }
    (!parts.is_empty()).then(|| {
        let message =
            format!("{what} {}; only the columns that both tables have are compared", parts.join(" and "));
        Warning::new(Topic::Evaluation, message)
    })
}

/// The first names of a list, and how many more there are.
fn named(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("{name:?}")).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// What a table is called that is written like the one at `path`: `name` and its extension; a set of pictures is a folder if
/// that was one, and an IDX file otherwise.
pub fn written_like(path: &Path, name: &str, schema: &Schema) -> PathBuf {
    if schema.image_column().is_some() {
        pictures::written_like(path, name)
    } else {
        PathBuf::from(format!("{name}.{}", written_extension(path)))
    }
}

/// The extension for tables written like the one at `path`: its own, or `csv` where that format is only read.
pub fn written_extension(path: &Path) -> String {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match FileFormat::from_path(path) {
        // The format's extension and, where there is one, that of its compression.
        Some(format) if format != FileFormat::Excel => {
            let parts: Vec<&str> = name.split('.').collect();
            let compressed = FileFormat::from_name(parts[parts.len() - 1]).is_none();
            parts[parts.len() - if compressed { 2 } else { 1 }..].join(".")
        }
        _ => "csv".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_written_in_the_format_they_came_in() {
        for (name, extension) in [
            ("a/b.csv", "csv"),
            ("b.v2.csv.gz", "csv.gz"),
            ("x.parquet", "parquet"),
            ("x.xlsx", "csv"),
            ("-", "csv"),
            ("folder", "csv"),
            ("x.JSONL", "JSONL"),
        ] {
            assert_eq!(written_extension(Path::new(name)), extension, "{name}");
        }
    }
}
