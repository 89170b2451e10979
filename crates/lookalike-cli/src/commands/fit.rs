//! `lookalike fit`

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use clap::Args;
use lookalike::pictures::are_pictures;
use lookalike::plan::Fitting;
use lookalike::select::Trial;
use lookalike::synth::Effort;
use lookalike::table::schema::sdv;
use lookalike::{
    AnySynthesizer, CheckpointFile, OutputFile, Protection, Selection, Table, job, model_file, select,
};
use serde::Serialize;

use crate::commands::split::divide;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{ConstraintArgs, ReadArgs, one_stdin, read_constrained};
use crate::session::{Session, WarningJson, warnings_json};
use crate::text::plural;

const EXAMPLES: &str = "\
Examples:
  lookalike fit train.csv -o patients.model
  Say what one wants to predict, and whom protection is to count:
    lookalike fit visits.csv -o visits.model --target outcome --unit patient_id
  Keep a fifth of the rows out, as `split` would with the same seed:
    lookalike fit patients.csv -o patients.model --holdout 0.2
  Take more time for a better model, or less:
    lookalike fit patients.csv -o patients.model --effort high
  A network that takes long, so that it can be taken up again with --resume:
    lookalike fit patients.csv -o patients.model --method ctgan --checkpoint patients.checkpoint
  Pictures in a folder (its sub-folders are their classes), or an IDX or NPY file (docs/pictures.md):
    lookalike fit images/ -o digits.model
    lookalike fit train-images-idx3-ubyte.gz -o digits.model --method conv-vae --max-seconds 300
  Whatever is best within two minutes, by rows that are held out:
    lookalike fit patients.csv -o patients.model --method auto --budget 2min
  Rows in which discharge never precedes admission, and the total is what its parts come to (docs/constraints.md):
    lookalike fit stays.csv -o stays.model --constraint 'admitted <= discharged' --constraint 'total = fee + drugs'
  Names, addresses and numbers of nobody, from Germany, for those in the table:
    lookalike fit guests.csv -o guests.model --locale de_DE --keep-format room_code
  Data that nobody needs protection from:
    lookalike fit stars.parquet -o stars.model --protect none

Protection: a category, a spike, a pattern of text or a bound is reproduced only if at least 5 units share it; what is
rarer is withheld, and a warning says so. This is a heuristic, not differential privacy. A unit is a row, or all rows
with the same value in the column of --unit.";

/// Learn a table, and write the model to a file
///
/// The model is one file. It holds no rows, keys or personal data of the table. Columns of personal data get stand-ins.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct FitArgs {
    /// The table; - is standard input
    file: PathBuf,
    /// The file for the model; - is standard output
    #[arg(long, short, value_name = "MODEL")]
    out: PathBuf,
    /// How to learn a table: forest (trees, whatever columns have to do with each other), copula (pairwise ties, faster),
    /// autoregressive (a network per column, conditions in any order), vae or tvae (autoencoder networks), gan or ctgan
    /// (adversarial networks), independent (columns one by one), or auto (the best of those that there is time for). How to
    /// learn pictures: flow (flow matching by a U-Net), vae or conv-vae (autoencoders), gan or wgan (adversarial networks)
    /// [default: forest, for pictures flow]
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// How much work goes into a forest: fast, default or high
    #[arg(long, value_name = "EFFORT", value_parser = effort)]
    effort: Option<Effort>,
    /// How long `--method auto` may take to try methods and learn with the best one, such as 90s or 10min [default: 1min]
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    budget: Option<Duration>,
    /// A named set of the method's options: `tutorial` of vae and (for pictures) gan, `paper` of tvae and ctgan
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// How often a network sees every row at most [default: 200, ctgan 300, autoregressive 40; pictures: flow 6, wgan 10, conv-vae 20,
    /// vae 40, gan 60, and as much more often as there are fewer than 50,000, up to ten times]
    #[arg(long, value_name = "N")]
    epochs: Option<u32>,
    /// End a network's learning after so many seconds and keep the best so far; the model then depends on the machine
    #[arg(long, value_name = "SECONDS")]
    max_seconds: Option<f64>,
    /// Leave how far a network has come in this file, again and again
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Take learning up from what --checkpoint left: the model is the same as without a break
    #[arg(long, requires = "checkpoint")]
    resume: bool,
    /// How much memory learning may take beside the table, such as 2GB: a forest is learned from fewer rows where all
    /// would take more; a copula and methods for pictures refuse [default: 4GiB]
    #[arg(long, value_name = "SIZE")]
    memory: Option<ByteSize>,
    /// The column that one wants to predict; it is learned with most care
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// The column that names whom protection counts, such as a patient
    #[arg(long, value_name = "COLUMN")]
    unit: Option<String>,
    /// Columns that conditions will be put on
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    condition_on: Vec<String>,
    /// How many units must share what is reproduced, or none
    #[arg(long, value_name = "UNITS", default_value = "5", value_parser = protection)]
    protect: Protection,
    /// Where stand-ins for personal data come from, such as `de_DE`, in columns whose schema does not say [default: what
    /// the data suggests, or `en_US`]
    #[arg(long, value_name = "LOCALE")]
    locale: Option<String>,
    /// Columns of personal data whose texts keep their shape, with letters and digits drawn anew
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    keep_format: Vec<String>,
    /// Columns of personal data in which one value always becomes the same stand-in; how often each occurs is learned
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    consistent: Vec<String>,
    /// Keep this share of the rows out; units stay whole
    #[arg(long, value_name = "SHARE")]
    holdout: Option<f64>,
    #[command(flatten)]
    constraints: ConstraintArgs,
    #[command(flatten)]
    reading: ReadArgs,
}

#[derive(Debug, Serialize)]
struct FitJson<'a> {
    model: &'a PathBuf,
    method: &'static str,
    rows: u64,
    columns: usize,
    rows_kept_out: usize,
    /// What `--method auto` tried.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trials: Vec<TrialJson<'a>>,
    warnings: Vec<WarningJson<'a>>,
}

pub(crate) fn run(args: &FitArgs, session: &Session) -> Result<Exit> {
    let method = Method::new(args)?;
    one_stdin(&[Some(&args.file), args.reading.schema.as_ref()])?;
    let json = session.json(Some(&args.out))?;
    let mut file = OutputFile::create(&args.out)?;
    let (reading, mut warnings) =
        read_constrained(&args.file, &args.reading, &args.constraints, session.progress())?;
    let mut table = reading.table;
    let fitting = Fitting {
        target: args.target.clone(),
        unit: args.unit.clone(),
        condition_on: args.condition_on.clone(),
        protect: args.protect,
        locale: args.locale.clone(),
        keep_format: args.keep_format.clone(),
        consistent: args.consistent.clone(),
        ..Fitting::default()
    };
    let roles = job::roles(&fitting, table.schema())?;
    let n_rows = table.n_rows();
    if let Some(share) = args.holdout {
        let sides = divide(&table, share, args.unit.as_deref(), None, session.context())?;
        table = table.take(&sides.train);
        warnings.extend(sides.warnings);
    }
    let (model, trials) = match &method {
        Method::One(synthesizer) => {
            let checkpoint = checkpoint(args, synthesizer, &table, session)?;
            let context = session.context();
            let context = checkpoint.as_ref().map_or(context, |file| context.with_checkpoint(file));
            let model = synthesizer.fit(&table, &roles, &context)?;
            warnings.extend(checkpoint.and_then(|file| file.trouble()));
            (model, Vec::new())
        }
        Method::Best(budget) => {
            let selection = select(&table, &roles, *budget, &session.context())?;
            tell(&selection, session);
            (selection.model, selection.trials)
        }
    };
    warnings.extend_from_slice(model.warnings());
    model_file::write(&model, &mut file)?;
    file.finish()?;

    let learned = model.describe().n_rows;
    if args.out.as_os_str() != "-" {
        let rows = plural(learned, "row");
        let columns = plural(table.n_columns() as u64, "column");
        writeln!(session.out(), "{}: {} of {rows} and {columns}", args.out.display(), model.method())
            .map_err(Failure::Output)?;
    }
    session.warn(&warnings);
    json.write(&FitJson {
        model: &args.out,
        method: model.method(),
        rows: learned,
        columns: table.n_columns(),
        rows_kept_out: n_rows - table.n_rows(),
        trials: trials.iter().map(TrialJson::new).collect(),
        warnings: warnings_json(&warnings),
    })?;
    Ok(Exit::Fine)
}

/// How a model is found.
enum Method {
    One(Box<AnySynthesizer>),
    /// Whatever is best within so much time.
    Best(Duration),
}

impl Method {
    fn new(args: &FitArgs) -> Result<Self> {
        let of_pictures = are_pictures(&args.file, &args.reading.of_pictures());
        let method = args.method.as_deref().unwrap_or(if of_pictures { "flow" } else { "forest" });
        if method == "auto" {
            if of_pictures {
                return Err(Failure::options(
                    "--method auto is for tables; for pictures name a method, or leave it out",
                ));
            }
            let of_one = [
                ("--effort", args.effort.is_some()),
                ("--preset", args.preset.is_some()),
                ("--epochs", args.epochs.is_some()),
                ("--max-seconds", args.max_seconds.is_some()),
                ("--memory", args.memory.is_some()),
                ("--checkpoint", args.checkpoint.is_some()),
            ];
            if let Some((option, _)) = of_one.iter().find(|(_, given)| *given) {
                let message = format!("{option} belongs to one method: leave it out with --method auto");
                return Err(Failure::options(message));
            }
            return Ok(Method::Best(args.budget.unwrap_or(Duration::from_mins(1))));
        }
        if args.budget.is_some() {
            return Err(Failure::options("--budget goes with --method auto"));
        }
        let mut synthesizer = if of_pictures { job::picture_method(method)? } else { job::method(method)? };
        if let Some(effort) = args.effort {
            synthesizer = synthesizer.with_effort(effort)?;
        }
        if let Some(preset) = &args.preset {
            synthesizer = synthesizer.with_preset(preset)?;
        }
        if let Some(epochs) = args.epochs {
            synthesizer = synthesizer.with_epochs(epochs)?;
        }
        if let Some(seconds) = args.max_seconds {
            synthesizer = synthesizer.with_max_seconds(seconds)?;
        }
        if args.checkpoint.is_some() {
            // An error if there are no epochs at whose end something could be left.
            synthesizer.clone().with_epochs(1)?;
        }
        if let Some(memory) = args.memory {
            synthesizer = synthesizer.with_memory_limit(memory.as_u64())?;
        }
        Ok(Method::One(Box::new(synthesizer)))
    }
}

/// Takes the bounds on time and memory out of a method's options, which for pictures stand a level deeper.
fn without_bounds(options: &mut serde_json::Value) {
    if let Some(options) = options.as_object_mut() {
        options.retain(|name, _| !matches!(name.as_str(), "max-seconds" | "memory-limit"));
        options.values_mut().for_each(without_bounds);
    }
}

/// The file for how far learning has come, bound to all that decides the model: but not to the time and memory that it may take,
/// so that more can be given later.
fn checkpoint(
    args: &FitArgs,
    synthesizer: &AnySynthesizer,
    table: &Table,
    session: &Session,
) -> Result<Option<CheckpointFile>> {
    let Some(path) = &args.checkpoint else { return Ok(None) };
    if args.file.as_os_str() == "-" {
        return Err(Failure::options("a checkpoint is bound to a file: give the table as one"));
    }
    let mut method = serde_json::to_value(synthesizer).unwrap_or_default();
    without_bounds(&mut method);
    let file = if table.schema().image_column().is_some() {
        lookalike::pictures::digest(table)?
    } else {
        std::fs::read(&args.file).map_err(|source| {
            Failure::Library(lookalike::Error::Io { action: "read", path: args.file.clone(), source })
        })?
    };
    if !args.consistent.is_empty() {
        // Another key, another table.
        return Err(Failure::options("--checkpoint does not go with --consistent: its key is not kept"));
    }
    let mut roles = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        args.target, args.unit, args.condition_on, args.protect, args.holdout, session.seed
    );
    if args.locale.is_some() || !args.keep_format.is_empty() {
        let _ = write!(roles, " {:?} {:?}", args.locale, args.keep_format);
    }
    let schema = sdv::to_json(table.schema(), sdv::SpecVersion::V2);
    let method = method.to_string();
    let parts = [file.as_slice(), schema.as_bytes(), method.as_bytes(), roles.as_bytes()];
    Ok(Some(CheckpointFile::new(path, &parts, args.resume)?))
}

/// Says what was tried and chosen.
fn tell(selection: &Selection, session: &Session) {
    for trial in &selection.trials {
        let score = trial.score.map_or("-".to_owned(), |score| format!("{score:.3}"));
        let seconds = trial.seconds.map_or("-".to_owned(), |seconds| format!("{seconds:.1} s"));
        let note = trial.note.as_deref().unwrap_or("");
        let line = format!("{:<20} {score:>6} {seconds:>9}  {note}", trial.method);
        session.note(line.trim_end());
    }
    session.note(&selection.reason);
}

/// One method that was tried.
#[derive(Debug, Serialize)]
struct TrialJson<'a> {
    method: &'a str,
    score: Option<f64>,
    seconds: Option<f64>,
    note: Option<&'a str>,
}

impl<'a> TrialJson<'a> {
    fn new(trial: &'a Trial) -> Self {
        let Trial { method, seconds, score, note } = trial;
        TrialJson { method, score: *score, seconds: *seconds, note: note.as_deref() }
    }
}

pub(super) fn effort(text: &str) -> std::result::Result<Effort, String> {
    let found = Effort::NAMES.iter().find(|(name, _)| *name == text);
    found.map(|(_, effort)| *effort).ok_or_else(|| "give fast, default or high".to_owned())
}

pub(super) fn protection(text: &str) -> std::result::Result<Protection, String> {
    if text == "none" {
        return Ok(Protection::none());
    }
    text.parse()
        .ok()
        .filter(|&units| units > 1)
        .map(|min_units| Protection { min_units })
        .ok_or_else(|| "give a number of units of at least 2, or none".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protection_is_a_number_or_none() {
        assert_eq!(protection("none"), Ok(Protection::none()));
        assert_eq!(protection("12"), Ok(Protection { min_units: 12 }));
        for text in ["", "0", "1", "-3", "some", "2.5"] {
            assert!(protection(text).is_err(), "{text}");
        }
    }
}
