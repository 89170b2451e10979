//! What an evaluation says, in words for those who decide.

use std::fmt::Write as _;

use lookalike_evaluate::{Copying, Evaluation, Family, Measurement};

use crate::families::{advice, things};
use crate::standing::{Standing, worst_parts};
use crate::text::{figure, sentence, short};

/// What is found about one family.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) family: Family,
    pub(crate) tone: Tone,
    /// The finding in a sentence or two.
    pub(crate) says: String,
    /// Figures that it rests on.
    pub(crate) evidence: Vec<String>,
    /// The figure that is worst, if any is.
    pub(crate) weakest: Option<String>,
    /// What to do about it.
    pub(crate) advice: String,
}

/// How a finding sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Mixed,
    Poor,
    Neutral,
    Open,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Mixed => "mixed",
            Tone::Poor => "poor",
            Tone::Neutral => "neutral",
            Tone::Open => "open",
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Tone::Good => "near real rows",
            Tone::Mixed => "some way to go",
            Tone::Poor => "clear shortfall",
            Tone::Neutral => "no evidence found",
            Tone::Open => "not told",
        }
    }
}

/// The most figures that a finding names.
const MOST_EVIDENCE: usize = 4;

/// What is found about a family.
pub(crate) fn finding(evaluation: &Evaluation, family: Family) -> Finding {
    let figures = headline(evaluation, family);
    let things = things(evaluation);
    let (tone, says) = match family {
        Family::Privacy => copying(evaluation),
        Family::Validity => validity(&figures),
        _ => closeness(&figures),
    };
    let says = says.replace("rows", things);
    Finding {
        family,
        tone,
        says,
        evidence: figures.iter().take(MOST_EVIDENCE).filter_map(|figure| evidence(figure, things)).collect(),
        weakest: weakest(&figures, things),
        advice: match (family, tone) {
            (Family::Privacy, Tone::Poor) => {
                "Do not give this table away. Learn with stronger protection, a larger unit or less effort, and judge \
                 again."
                    .to_owned()
            }
            (Family::Privacy, Tone::Open) => {
                format!("Keep back {things} that nothing is learned from (lookalike split), and judge with --holdout.")
            }
            _ => advice(family, things).to_owned(),
        },
    }
}

/// The figures of a family that tell most; all that there are if none of these were asked for.
fn headline(evaluation: &Evaluation, family: Family) -> Vec<&Measurement> {
    let known = lookalike_evaluate::all_metrics();
    let all = || evaluation.metrics.iter().filter(|metric| metric.family == family && metric.value.is_some());
    let is_headline =
        |metric: &&Measurement| known.iter().any(|known| known.name == metric.name && known.headline);
    let headline: Vec<&Measurement> = all().filter(is_headline).collect();
    if headline.is_empty() { all().collect() } else { headline }
}

fn copying(evaluation: &Evaluation) -> (Tone, String) {
    match Copying::of(evaluation) {
        Copying::NoEvidence => (
            // Never in the colour of what is good: passing tells little.
            Tone::Neutral,
            "We found no evidence of copying under these tests. That is not evidence of privacy.".to_owned(),
        ),
        Copying::Evidence(scores) => (
            Tone::Poor,
            format!("We found evidence of copying: {} is worse than chance explains.", scores.join(" and ")),
        ),
        Copying::NotTested => (
            Tone::Open,
            "Whether training rows were copied was not tested: that needs a holdout, real rows that the model has not \
             seen, and the scores of privacy."
                .to_owned(),
        ),
    }
}

fn validity(figures: &[&Measurement]) -> (Tone, String) {
    let Some(worst) = figures.iter().filter_map(|figure| figure.value).reduce(f64::min) else {
        return (Tone::Open, "Whether values are possible was not told.".to_owned());
    };
    if worst >= 0.9999 {
        (Tone::Good, "Every value that was checked could stand in the real table.".to_owned())
    } else if worst >= 0.99 {
        (Tone::Mixed, "Nearly all values could stand in the real table; a few could not.".to_owned())
    } else {
        (Tone::Poor, "Part of the synthetic table holds values that the real table cannot have.".to_owned())
    }
}

fn closeness(figures: &[&Measurement]) -> (Tone, String) {
    let standings: Vec<Standing> = figures.iter().map(|figure| Standing::of(figure)).collect();
    let of = |wanted: Standing| standings.iter().filter(|standing| **standing == wanted).count();
    let told = standings.len() - of(Standing::Unknown);
    let (like, behind) = (of(Standing::LikeReal), of(Standing::Behind));
    let scores = if told == 1 { "the one score" } else { "the scores" };
    if told == 0 {
        let says = if figures.is_empty() {
            "Nothing could be told: every score was skipped or not asked for."
        } else {
            "There are figures, but nothing to read them against: a holdout would say what real rows reach."
        };
        (Tone::Open, says.to_owned())
    } else if behind == 0 && like == told {
        (
            Tone::Good,
            format!(
                "By {scores} that tell most, synthetic rows do as well here as real rows that no model has seen."
            ),
        )
    } else if behind == 0 && like == 0 {
        (
            Tone::Good,
            "Synthetic rows come close to real ones: no score stays far behind what real rows reach."
                .to_owned(),
        )
    } else if behind == 0 {
        (
            Tone::Good,
            format!(
                "Synthetic rows come close to real ones: {like} of {told} scores are like those of real rows, and none stays far behind."
            ),
        )
    } else if behind < told {
        (
            Tone::Mixed,
            format!(
                "Synthetic rows are like real ones in part: {behind} of {told} scores stay clearly behind what real rows reach."
            ),
        )
    } else {
        (
            Tone::Poor,
            "Synthetic rows differ clearly from real ones in everything that was scored here.".to_owned(),
        )
    }
}

fn evidence(measurement: &Measurement, things: &str) -> Option<String> {
    let value = figure(measurement.value?);
    let mut text = format!("{}: {value}", sentence(&measurement.title).trim_end_matches('.'));
    if let Some(interval) = &measurement.interval {
        let _ = write!(text, " ({} to {})", figure(interval.low), figure(interval.high));
    }
    if let Some(floor) = measurement.floor {
        let _ = write!(text, "; real {things} reach {}", figure(floor));
    }
    Some(text)
}

/// The figure that falls most short of real rows, and where.
fn weakest(figures: &[&Measurement], things: &str) -> Option<String> {
    let gap = |measurement: &Measurement| crate::standing::gap(measurement).unwrap_or(0.0);
    let behind = |measurement: &&&Measurement| gap(measurement) > 0.0;
    let worst = figures.iter().filter(behind).max_by(|a, b| gap(a).total_cmp(&gap(b)))?;
    let mut text = format!(
        "{}: {} where real {things} reach {}",
        sentence(&worst.title).trim_end_matches('.'),
        figure(worst.value?),
        figure(worst.floor?)
    );
    if let Some(part) = worst_parts(worst).first() {
        let columns: Vec<String> = part.columns.iter().map(|column| short(column)).collect();
        let _ = write!(text, "; worst is {} with {}", columns.join(" × "), figure(part.value?));
    }
    Some(text)
}
