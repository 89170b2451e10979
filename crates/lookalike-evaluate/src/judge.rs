use lookalike_core::{Context, Phase};
use lookalike_table::Table;
use rayon::prelude::*;

use crate::alignment::{Alignment, Role};
use crate::error::{Error, Result};
use crate::evaluation::{Evaluation, Measurement, RowCounts, SCHEMA_VERSION, Unmatched};
use crate::exhibit::LaysOpen;
use crate::fidelity::{log_likelihood, two_sample};
use crate::group::{Found, Group, Scene, groups};
use crate::image::{Images, applies};
use crate::likelihood::Likelihood;
use crate::metric::{Metric, Wanted};
use crate::privacy::copies;
use crate::subsample::add_intervals;

/// The tables to judge.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The table that the model was fitted to.
    pub train: &'a Table,
    /// Real rows that the model has not seen. Without them much cannot be told.
    pub holdout: Option<&'a Table>,
    /// The table to judge.
    pub synthetic: &'a Table,
    /// Another table of the same generator, independent of the first: the two-sample tests then learn from one and are
    /// tested on the other.
    pub second: Option<&'a Table>,
    /// Further tables of the same generator, independent of the synthetic one and of each other: what models learn from
    /// synthetic rows is found out of each, so that its intervals cover other draws too. The second may be among them.
    pub further: &'a [Table],
    /// A table from a simple method, to compare with.
    pub baseline: Option<&'a Table>,
    /// The number of the training table's column to predict.
    pub target: Option<usize>,
    /// The numbers of the training table's columns whose groups are to fare alike, such as sex.
    pub sensitive: &'a [usize],
    /// The number of the training table's column that says which unit (such as a person) a row belongs to. The figures
    /// leave it out, and the two-sample tests keep the rows of a unit within one fold.
    pub unit: Option<usize>,
    /// The numbers of the training table's columns that an attacker may know of a person: quasi-identifiers.
    pub keys: &'a [usize],
    /// For each column of the synthetic table, how many of its cells could not be read and became missing; empty
    /// where that is not known.
    pub invalid: &'a [u64],
    /// Columns that the holdout's file has besides those of the table: nothing looks at them, but they are told.
    pub unread_of_holdout: &'a [String],
    /// The same of the synthetic table's file.
    pub unread_of_synthetic: &'a [String],
    /// How likely a model finds rows of the holdout, from whoever has the model.
    pub likelihood: Option<&'a Likelihood>,
    /// Which metrics are wanted.
    pub wanted: &'a Wanted,
    /// Whether measures of distributions are to have an interval too, which takes as long again.
    pub intervals: bool,
    /// How much of the real tables exhibits may lay open; there are none unless it is said.
    pub exhibits: Option<LaysOpen>,
}

impl<'a> Inputs<'a> {
    /// Nothing but the two tables that are always needed.
    pub fn new(train: &'a Table, synthetic: &'a Table) -> Self {
        Inputs {
            train,
            holdout: None,
            synthetic,
            second: None,
            further: &[],
            baseline: None,
            target: None,
            sensitive: &[],
            unit: None,
            keys: &[],
            invalid: &[],
            unread_of_holdout: &[],
            unread_of_synthetic: &[],
            likelihood: None,
            wanted: &Wanted::Headline,
            intervals: true,
            exhibits: None,
        }
    }
}

/// Judges a synthetic table. Columns are matched by name, whatever their order, and those that a table lacks or has
/// besides are told ([`Evaluation::unmatched`]); tables of different sizes are cut to equal ones, by a draw
/// that depends on the seed alone, where a definition wants it. The result does not depend on the number of
/// threads.
///
/// # Errors
/// [`Error::NoColumns`], [`Error::NoRows`], [`Error::NoSuchColumn`] and [`Error::Likelihoods`] for inputs that cannot be judged,
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
    let images = Images::new(tables, &alignment, inputs.target);
    let of_draws = further(inputs, context);
    let scene = Scene {
        alignment,
        tables,
        second: inputs.second,
        further: &of_draws,
        target: inputs.target,
        keys: inputs.keys,
        sensitive: inputs.sensitive,
        invalid: inputs.invalid,
        likelihood: inputs.likelihood,
        images: images.as_ref(),
        context,
    };
    let is_wanted = |metric: &Metric| {
        inputs.wanted.includes(metric) && applies(metric, images.is_some(), &scene.alignment)
    };
    let groups: Vec<&Group> =
        groups().filter(|group| group.metrics.iter().any(|metric| is_wanted(metric))).collect();
    let phase = Phase::begin(context.progress, "judging", Some(groups.len() as u64));
    let found = groups
        .par_iter()
        .map(|group| {
            let found = (group.measure)(&scene)?;
            phase.advance(1)?;
            Ok(found)
        })
        .collect::<Result<Vec<Found>>>()?;
    drop(phase);

    let mut exhibits = match inputs.exhibits {
        Some(most) => crate::exhibits::make(&scene, most)?,
        None => Vec::new(),
    };
    let mut metrics = Vec::new();
    for group in found {
        metrics.extend(group.measurements);
        exhibits.extend(group.exhibits);
    }
    if inputs.intervals {
        add_intervals(&scene, &groups, &mut metrics)?;
    }
    crate::image::tell_scores(&metrics, &mut exhibits);
    exhibits.retain(|exhibit| inputs.exhibits >= Some(exhibit.lays_open));
    let order = crate::all_metrics();
    let rank = |name: &str| order.iter().position(|metric| metric.name == name);
    metrics.retain(|measurement| rank(&measurement.name).is_some_and(|place| is_wanted(order[place])));
    metrics.sort_by_key(|measurement| rank(&measurement.name));
    let alignment = scene.alignment;
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
        could_not_tell: could_not_tell(&alignment, images.is_some(), &metrics),
        notes: notes(&alignment, images.as_ref(), &metrics),
        metrics,
        exhibits,
        left_out: alignment.left_out,
        unmatched: alignment.unmatched,
        gates: Vec::new(),
        provenance: None,
    })
}

/// Every further draw in the place of the synthetic table, for measures that need a target and a holdout.
fn further<'a>(inputs: &Inputs<'a>, context: &'a Context<'a>) -> Vec<Scene<'a>> {
    if inputs.target.is_none() || inputs.holdout.is_none() {
        return Vec::new();
    }
    let of_draw = |draw: &'a Table| {
        let tables = [Some(inputs.train), inputs.holdout, Some(draw), None];
        Scene {
            alignment: Alignment::new(tables, [&[]; 4], inputs.unit),
            tables,
            second: None,
            further: &[],
            target: inputs.target,
            keys: &[],
            sensitive: &[],
            invalid: &[],
            likelihood: None,
            images: None,
            context,
        }
    };
    inputs.further.iter().map(of_draw).collect()
}

fn check(inputs: &Inputs<'_>) -> Result<()> {
    let columns = inputs.train.n_columns();
    if columns == 0 {
        return Err(Error::NoColumns);
    }
    if inputs.train.n_rows() == 0 {
        return Err(Error::NoRows);
    }
    let named = [("target", inputs.target), ("unit", inputs.unit)]
        .into_iter()
        .filter_map(|(role, index)| Some((role, index?)))
        .chain(inputs.keys.iter().map(|&key| ("key", key)))
        .chain(inputs.sensitive.iter().map(|&column| ("sensitive column", column)));
    for (role, index) in named {
        if index >= columns {
            return Err(Error::NoSuchColumn { role, index, columns });
        }
    }
    if let Some(Likelihood::Known(logs)) = inputs.likelihood {
        let rows = inputs.holdout.map_or(0, Table::n_rows);
        let of_baseline = Some(logs.baseline.len()).filter(|&given| given > 0);
        if let Some(given) = of_baseline.into_iter().chain([logs.holdout.len()]).find(|&given| given != rows)
        {
            return Err(Error::Likelihoods { given, rows });
        }
    }
    Ok(())
}

/// What stays open, in words.
fn could_not_tell(alignment: &Alignment, has_images: bool, metrics: &[Measurement]) -> Vec<String> {
    let mut open = Vec::new();
    if !alignment.has(Role::Holdout) {
        let of_what = if has_images { "images" } else { "rows" };
        open.push(format!(
            "whether the synthetic {of_what} are nearer to the training {of_what} than fresh real {of_what} would be, and so \
             whether training {of_what} were memorized: that needs a holdout, real {of_what} that the model has not seen"
        ));
        open.push(
            "how good the figures could be at best: without a holdout there is no floor to read them against"
                .to_owned(),
        );
    }
    let tstr = metrics.iter().find(|measurement| measurement.name == "tstr");
    if let Some(reason) = tstr.and_then(|tstr| tstr.skipped.as_ref()) {
        open.push(format!(
            "whether models can be trained on the synthetic rows instead of real ones: {reason}"
        ));
    }
    let accuracy = metrics.iter().find(|measurement| measurement.name == "image-accuracy");
    if let Some(reason) = accuracy.and_then(|accuracy| accuracy.skipped.as_ref()) {
        open.push(format!("whether classes can be learned from the synthetic images: {reason}"));
    }
    if !alignment.has(Role::Baseline) && !has_images {
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

fn notes(alignment: &Alignment, images: Option<&Images>, metrics: &[Measurement]) -> Vec<String> {
    let mut notes = alignment.notes.clone();
    notes.extend(images.into_iter().flat_map(|images| images.notes.iter().cloned()));
    notes.extend(metrics.iter().filter_map(two_sample::remark));
    notes.extend(metrics.iter().filter_map(copies::remark));
    notes.extend(metrics.iter().flat_map(log_likelihood::remarks));
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
