//! Whether rebalancing helps to predict a rare class, told honestly.
//!
//! For each of several seeds the rows are divided first, class by class, into a part to learn from, one to choose by and
//! one to judge with. Resamplers and generators see the first part alone. How many rows are added, where the threshold
//! lies and which generator is best is chosen on the second. The third is looked at once, by what was chosen. Differences
//! are taken division by division, so that the luck of a division falls out.
//!
//! Beside every variant stand honest controls that make nothing up: the same learner on untouched rows, with its threshold
//! moved on validation, with weights that make classes equal, on repeated rows, and on bags of which each has all positive
//! rows and as many negative ones (Liu, Wu and Zhou 2009, <https://doi.org/10.1109/TSMCB.2008.2007853>). For strong
//! learners, moving the threshold mostly does what rebalancing does (Elor and Averbuch-Elor 2022,
//! <https://arxiv.org/abs/2201.08528>); where that is so, the study says so.
//!
//! ```
//! use lookalike::study::{StudyOptions, Variant, study};
//! use lookalike::{Column, ColumnSchema, Context, Kind, Schema, Seed, Table, table::schema::NumberFormat};
//!
//! let number = |name: &str| ColumnSchema::new(name, Kind::Numerical(NumberFormat::whole()));
//! let schema = Schema::new(vec![number("dose"), number("ill")]);
//! let dose: Vec<i64> = (0..400).map(|row| row * 7 % 100).collect();
//! let ill: Vec<i64> = dose.iter().zip(0..).map(|(dose, row)| i64::from(dose + row % 30 > 110)).collect();
//! let columns = [dose, ill].map(|values| Column::from_integers(values, None));
//! let table = Table::new(schema.into(), columns.to_vec())?;
//!
//! let options = StudyOptions { target: 1, repeats: 2, ..StudyOptions::default() };
//! let variants = [Variant::random_oversampling()];
//! let outcome = study(&table, &variants, &options, &Context::new(Seed::new(1)))?;
//! let untouched = outcome.study.variant("untouched").expect("it is always there");
//! assert!(untouched.mean("roc-auc").unwrap() > 0.9);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod classes;
mod conclude;
mod groups;
mod learner;
mod matrix;
mod repeat;
mod scoring;
mod variants;

use lookalike_core::{Context, Phase, Progress, Seed, Warning};
use lookalike_evaluate::{
    MOVED_THRESHOLD, STUDY_MEASURES, STUDY_VERSION, StudyFigure, StudyRows, StudyVariant, UNTOUCHED,
};
use lookalike_synth::FitOptions;
use lookalike_synth::resample::AnyResampler;
use lookalike_table::Table;
use lookalike_table::protect::Protection;

pub use groups::{GROUP_MEASURES, GROUP_METHODS, GroupOptions, GroupRates, GroupStudy, GroupVariant, groups};
pub use learner::StudyLearner;
pub use lookalike_evaluate::{Study, VariantKind, VariantSeconds};
pub use variants::{Candidate, Resample, TrainingPart, Variant};

use crate::error::{Error, Result};
use classes::Classes;
use matrix::Columns;
use repeat::{Repeat, Tried};

/// How a study is done.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyOptions {
    /// The number of the column that is predicted.
    pub target: usize,
    /// The positive class, as it is spelled in the table; the rarer of two if not given.
    pub positive: Option<String>,
    /// What learns.
    pub learner: StudyLearner,
    /// How often the rows are divided and everything is done again, from 1 to [`MOST_REPEATS`](Self::MOST_REPEATS);
    /// intervals need 2.
    pub repeats: usize,
    /// What generators withhold.
    pub protection: Protection,
}

impl Default for StudyOptions {
    fn default() -> Self {
        StudyOptions {
            target: 0,
            positive: None,
            learner: StudyLearner::default(),
            repeats: 5,
            protection: Protection::default(),
        }
    }
}

impl StudyOptions {
    /// More would only take time.
    pub const MOST_REPEATS: usize = 1000;

    fn check(&self) -> Result<()> {
        if (1..=Self::MOST_REPEATS).contains(&self.repeats) {
            return Ok(());
        }
        let problem =
            format!("a study is repeated from 1 to {} times, and not {}", Self::MOST_REPEATS, self.repeats);
        Err(Error::Study { problem })
    }
}

/// A study, and what stands beside it.
#[derive(Debug)]
pub struct StudyOutcome {
    /// What was found: the same for the same table, options and seed.
    pub study: Study,
    /// What the variants took, which is never the same.
    pub seconds: Vec<VariantSeconds>,
    /// What was done differently from what one may expect.
    pub warnings: Vec<Warning>,
}

/// Random oversampling, and the resamplers and generators of these names.
///
/// # Errors
/// [`Error::UnknownMethod`] for a name that no method has, [`Error::Study`] for one that stands there twice.
pub fn variants(methods: &[String]) -> Result<Vec<Variant<'static>>> {
    let mut variants = vec![Variant::random_oversampling()];
    for name in methods {
        let variant = match crate::rebalance::method(name)? {
            // It is there already.
            AnyResampler::Random(_) => continue,
            AnyResampler::Generator(synthesizer) => Variant::generator(synthesizer),
            resampler => Variant::resampler(resampler),
        };
        if variants.iter().any(|other| other.name() == variant.name()) {
            return Err(Error::Study { problem: format!("the method {} is named twice", variant.name()) });
        }
        variants.push(variant);
    }
    Ok(variants)
}

/// The methods that are tried unless others are named: those that take seconds and take any table.
pub const USUAL_METHODS: [&str; 6] = ["noise", "smotenc", "borderline-smote", "adasyn", "forest", "copula"];

/// The resamplers that take any table, and all generators.
pub const ALL_METHODS: [&str; 16] = [
    "noise",
    "rose",
    "smotenc",
    "borderline-smote",
    "adasyn",
    "random-under",
    "smote-enn",
    "smote-tomek",
    "forest",
    "copula",
    "autoregressive",
    "vae",
    "tvae",
    "gan",
    "ctgan",
    "independent",
];

/// Does the study. The controls are always among what is tried; each variant is tried besides, at the threshold 0.5 and
/// with the threshold moved.
///
/// # Errors
/// [`Error::Study`] when the table or the options do not allow it. A variant that fails is told in
/// [`Study::not_tried`].
pub fn study(
    table: &Table,
    variants: &[Variant<'_>],
    options: &StudyOptions,
    context: &Context<'_>,
) -> Result<StudyOutcome> {
    crate::pictures::refuse_balancing(table.schema())?;
    options.check()?;
    let classes = Classes::of(table, options.target, options.positive.as_deref())?;
    let columns = Columns::of(&classes.table, classes.target, None)?;
    let all = columns.matrix(&classes.table);
    let roles = FitOptions { protection: options.protection, ..FitOptions::default() };
    let steps = options.repeats * (variants.len() + repeat::CONTROLS);
    let phase = Phase::begin(context.progress, "studying", Some(steps as u64));
    let quiet = Quiet(context.progress);
    let mut repeats: Vec<Vec<Tried>> = Vec::new();
    let mut rows = StudyRows { train: 0, validation: 0, test: 0, positive_share: 0.0 };
    let mut chosen = Vec::new();
    let mut not_tried = Vec::new();
    for number in 0..options.repeats {
        let seed = Seed::new(context.seed.stream("study repeat", number as u64).bits());
        let parts = classes.divide(seed);
        (rows.train, rows.validation, rows.test) =
            (parts.train.len(), parts.validation.len(), parts.test.len());
        let repeat = Repeat {
            classes: &classes,
            columns: &columns,
            all: &all,
            parts: &parts,
            learner: options.learner,
            roles: &roles,
            context: Context::new(seed).with_progress(&quiet),
        };
        let found = repeat.run(variants, &phase)?;
        chosen.extend(found.chosen);
        for failed in found.not_tried {
            if !not_tried.contains(&failed) {
                not_tried.push(failed);
            }
        }
        repeats.push(found.tried);
    }
    let positives = classes.is_positive.iter().filter(|own| **own).count();
    rows.positive_share = positives as f64 / classes.is_positive.len() as f64;
    let variants = together(&repeats, rows);
    let seconds = seconds(&repeats);
    let mut study = Study {
        study_version: STUDY_VERSION,
        seed: context.seed.number(),
        target: classes.table.schema().columns[classes.target].name.clone(),
        classes: [classes.negative, classes.positive],
        learner: options.learner.name().to_owned(),
        repeats: options.repeats,
        rows,
        variants,
        chosen,
        not_tried,
        sentences: Vec::new(),
    };
    study.sentences = conclude::sentences(&study);
    Ok(StudyOutcome { study, seconds, warnings: classes.warnings })
}

/// The variants that every repeat has, with what they came to.
fn together(repeats: &[Vec<Tried>], rows: StudyRows) -> Vec<StudyVariant> {
    let of = |name: &str| -> Option<Vec<&Tried>> {
        repeats.iter().map(|tried| tried.iter().find(|own| own.name == name)).collect()
    };
    let (untouched, moved) = (of(UNTOUCHED), of(MOVED_THRESHOLD));
    let names = repeats.first().map_or(&[][..], Vec::as_slice);
    let mut variants = Vec::new();
    for Tried { name, .. } in names {
        let Some(all) = of(name) else { continue };
        let values = |all: &[&Tried], place: usize| -> Vec<Option<f64>> {
            all.iter().map(|own| own.scored.values[place]).collect()
        };
        let figures = STUDY_MEASURES.iter().enumerate().map(|(place, measure)| {
            let against = |other: &str, own: &Option<Vec<&Tried>>| {
                own.as_ref().filter(|_| name != other).map(|own| values(own, place))
            };
            let (untouched, moved) = (against(UNTOUCHED, &untouched), against(MOVED_THRESHOLD, &moved));
            StudyFigure::new(
                measure.name,
                values(&all, place),
                untouched.as_deref(),
                moved.as_deref(),
                [rows.test, rows.train],
            )
        });
        let mean =
            |value: &dyn Fn(&Tried) -> f64| all.iter().map(|own| value(own)).sum::<f64>() / all.len() as f64;
        let cell = |row: usize, column: usize| mean(&|own| own.scored.confusion[row][column] as f64);
        let count = |when: usize, class: usize| mean(&|own| own.learned[when][class] as f64);
        variants.push(StudyVariant {
            name: name.clone(),
            kind: all[0].kind,
            threshold_moved: all[0].threshold_moved,
            settings: all.iter().map(|own| own.setting.clone()).collect(),
            learned: [[count(0, 0), count(0, 1)], [count(1, 0), count(1, 1)]],
            confusion: [[cell(0, 0), cell(0, 1)], [cell(1, 0), cell(1, 1)]],
            figures: figures.collect(),
        });
    }
    variants
}

fn seconds(repeats: &[Vec<Tried>]) -> Vec<VariantSeconds> {
    let names = repeats.first().map_or(&[][..], Vec::as_slice).iter().filter(|tried| tried.seconds.is_some());
    names
        .map(|named| {
            let all = repeats.iter().flatten().filter(|tried| tried.name == named.name);
            let seconds: Vec<f64> = all.filter_map(|tried| tried.seconds).collect();
            let mean = seconds.iter().sum::<f64>() / seconds.len().max(1) as f64;
            VariantSeconds { name: named.name.clone(), seconds: mean }
        })
        .collect()
}

/// Passes on that work should stop, and nothing else: a study has many steps of one sort.
struct Quiet<'a>(&'a dyn Progress);

impl Progress for Quiet<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}
