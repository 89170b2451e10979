//! The method for a table, chosen by rows that were held out.

use std::time::{Duration, Instant};

use lookalike_core::Context;
use lookalike_evaluate::Wanted;
use lookalike_synth::{AnyModel, AnySynthesizer, Effort, FitOptions, SampleRequest};
use lookalike_table::{SplitOptions, Table, split};

use crate::error::{Error, Result};
use crate::job::{Judging, judge};

/// What [`select`] chose, and why.
#[derive(Debug)]
pub struct Selection {
    /// The method with its options.
    pub synthesizer: AnySynthesizer,
    /// What it learned from all rows.
    pub model: AnyModel,
    /// What was tried, in this order.
    pub trials: Vec<Trial>,
    /// Why it was chosen, in one sentence.
    pub reason: String,
}

/// One method that might have been chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The method, and its effort where it is not the default.
    pub method: &'static str,
    /// How long learning took, in seconds; `None` if it was not tried.
    pub seconds: Option<f64>,
    /// How little held-out rows differ from synthetic ones, in [0, 1] with 1 for not at all (`c2st`, or `trend` where that
    /// has no value); `None` if it was not tried or could not be.
    pub score: Option<f64>,
    /// Why it was not tried, or what went wrong.
    pub note: Option<String>,
}

/// The score by which is chosen, and the one that stands in where it has no value.
const SCORES: [&str; 2] = ["c2st", "trend"];
/// A network is not begun with less time than this.
const LEAST_SECONDS: f64 = 5.0;
/// Learning all rows takes so much longer than learning those that were not held out, with something to spare.
const REFIT: f64 = 1.4;
/// How much longer a forest of high effort takes.
const HIGH_EFFORT: f64 = 16.0;

/// Tries methods from the quickest on, as long as what is left of `budget` lets one more be tried and the best one then be
/// learned from all rows, and keeps the one whose rows are hardest to tell from a fifth that was held out. At least one
/// method is always tried. Which methods fit depends on the speed of the machine; what each learns does not, but for networks, which
/// learn for as long as there is time.
///
/// # Errors
/// Those of learning, if nothing can be learned, and those of dividing and judging.
pub fn select(
    table: &Table,
    options: &FitOptions,
    budget: Duration,
    context: &Context<'_>,
) -> Result<Selection> {
    let begun = Instant::now();
    let sides = split(table, &SplitOptions { by: options.unit, ..SplitOptions::default() }, context.seed)?;
    let (train, holdout) = (table.take(&sides.train), table.take(&sides.holdout));
    let mut trials = Vec::new();
    let mut best: Option<(f64, f64, AnySynthesizer)> = None;
    let mut forest_seconds = 0.0;
    let mut failed = None;
    for name in CANDIDATES {
        let mut method = candidate(name);
        let left = budget.as_secs_f64() - begun.elapsed().as_secs_f64();
        let kept = best.as_ref().map_or(0.0, |(_, seconds, _)| seconds * REFIT);
        // Time for this one twice, or once and the best so far once more.
        let most = ((left - kept) / 1.1).min(left / (1.1 + REFIT));
        let takes = if name == "forest, high effort" { HIGH_EFFORT * forest_seconds } else { 0.0 };
        let is_network = method.clone().with_epochs(1).is_ok();
        let too_long = takes > most || is_network && most < LEAST_SECONDS;
        if too_long && best.is_some() {
            let note = match left.max(0.0).round() {
                0.0 => "not tried: no time was left".to_owned(),
                1.0 => "not tried: 1 s of the time was left".to_owned(),
                seconds => format!("not tried: {seconds:.0} s of the time were left"),
            };
            trials.push(Trial { method: name, seconds: None, score: None, note: Some(note) });
            continue;
        }
        if is_network {
            method = method.with_max_seconds(most)?;
        }
        let start = Instant::now();
        let model = match method.fit(&train, options, context) {
            Ok(model) => model,
            Err(error) => {
                let error: Error = error.into();
                if error.is_cancelled() {
                    return Err(error);
                }
                let (seconds, note) = (Some(start.elapsed().as_secs_f64()), Some(error.to_string()));
                trials.push(Trial { method: name, seconds, score: None, note });
                failed = Some(error);
                continue;
            }
        };
        let seconds = start.elapsed().as_secs_f64();
        if name == "forest" {
            forest_seconds = seconds;
        }
        let score = score(&model, &train, &holdout, options, context)?;
        trials.push(Trial { method: name, seconds: Some(seconds), score, note: None });
        let value = score.unwrap_or(f64::NEG_INFINITY);
        if best.as_ref().is_none_or(|(most, ..)| value > *most) {
            best = Some((value, seconds, method));
        }
    }
    let Some((_, _, synthesizer)) = best else {
        return Err(failed.unwrap_or_else(|| lookalike_synth::Error::NoRows.into()));
    };
    let model = synthesizer.fit(table, options, context)?;
    let reason = reason(&trials, holdout.n_rows());
    Ok(Selection { synthesizer, model, trials, reason })
}

/// From the quickest on.
const CANDIDATES: [&str; 6] = ["copula", "forest", "autoregressive", "forest, high effort", "vae", "ctgan"];

fn candidate(name: &str) -> AnySynthesizer {
    let method = name.split(',').next().unwrap_or(name);
    let method = AnySynthesizer::from_name(method).expect("a candidate is a method");
    if name.ends_with("high effort") {
        return method.with_effort(Effort::High).expect("a forest has efforts");
    }
    method
}

fn score(
    model: &AnyModel,
    train: &Table,
    holdout: &Table,
    options: &FitOptions,
    context: &Context<'_>,
) -> Result<Option<f64>> {
    let sampled = model.sample(&SampleRequest::rows(train.n_rows() as u64), context)?.collect_table()?;
    let judging = Judging {
        holdout: Some(holdout),
        roles: options.clone(),
        wanted: Wanted::These(SCORES.map(str::to_owned).to_vec()),
        ..Judging::new(train, &sampled)
    };
    let evaluation = judge(&judging, context)?;
    let value = |name: &str| evaluation.metrics.iter().find(|found| found.name == name)?.value;
    Ok(SCORES.iter().find_map(|name| value(name)))
}

/// Why the best trial is.
fn reason(trials: &[Trial], held_out: usize) -> String {
    let mut order: Vec<&Trial> = trials.iter().filter(|trial| trial.score.is_some()).collect();
    let value = |trial: &Trial| trial.score.unwrap_or(f64::NEG_INFINITY);
    order.sort_by(|a, b| value(b).total_cmp(&value(a)));
    match order.as_slice() {
        [] => "no method could be judged by so few rows".to_owned(),
        [only] => {
            format!(
                "{} ({:.3} on {held_out} held-out rows) is all there was time for",
                only.method,
                value(only)
            )
        }
        [best, second, ..] => format!(
            "{} is hardest to tell from {held_out} held-out rows: {:.3}, {} is next with {:.3}",
            best.method,
            value(best),
            second.method,
            value(second)
        ),
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;
    use lookalike_table::schema::NumberFormat;
    use lookalike_table::{Column, ColumnSchema, Kind, Schema};

    use super::*;

    /// A number, and its square: nothing that pairwise ties tell.
    fn parabola(rows: usize) -> Table {
        let mut stream = Seed::new(3).stream("parabola", 0);
        let x: Vec<f64> = (0..rows).map(|_| stream.normal()).collect();
        let y = x.iter().map(|x| x * x + 0.1 * stream.normal()).collect();
        let number = |name| ColumnSchema::new(name, Kind::Numerical(NumberFormat::default()));
        let columns = vec![Column::from_floats(x, None), Column::from_floats(y, None)];
        Table::new(Schema::new(vec![number("x"), number("y")]).into(), columns)
            .expect("columns of one length")
    }

    #[test]
    fn what_held_out_rows_find_hardest_to_tell_is_kept() {
        let context = Context::new(Seed::new(1));
        let selection = select(&parabola(2000), &FitOptions::default(), Duration::from_secs(3), &context)
            .expect("something can be learned");
        assert_eq!(selection.trials.len(), CANDIDATES.len());
        let (copula, forest) = (&selection.trials[0], &selection.trials[1]);
        assert!(forest.score > copula.score, "{:?}", selection.trials);
        assert_eq!(selection.synthesizer.name(), "forest");
        assert!(selection.reason.starts_with("forest"), "{}", selection.reason);
        assert_eq!(selection.model.n_training_rows(), 2000);
    }

    #[test]
    fn without_time_the_quickest_is_kept_and_the_others_are_named() {
        let context = Context::new(Seed::new(1));
        let selection = select(&parabola(500), &FitOptions::default(), Duration::ZERO, &context)
            .expect("something can be learned");
        assert_eq!(selection.synthesizer.name(), "copula");
        let others = &selection.trials[1..];
        assert!(others.iter().all(|trial| trial.seconds.is_none() && trial.note.is_some()));
    }
}
