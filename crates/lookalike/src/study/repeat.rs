use std::time::Instant;

use lookalike_core::{Cancelled, Context, Phase};
use lookalike_evaluate::{CHOSEN_GENERATOR, MOVED_THRESHOLD, NotTried, UNTOUCHED, VariantKind};
use lookalike_learn::score::{Aim, threshold_for};
use lookalike_learn::weights::balanced_weights;
use lookalike_synth::FitOptions;

use super::classes::{Classes, Parts, positives};
use super::learner::{Share, StudyLearner};
use super::matrix::{Columns, Matrix};
use super::scoring::Scored;
use super::variants::{TrainingPart, Variant};
use crate::error::{Error, Result};

/// How many controls there are.
pub(super) const CONTROLS: usize = 3;

/// How many bags of undersampled rows are learned from.
const BAGS: usize = 10;

/// The threshold where nothing else is said.
const HALF: f64 = 0.5;

/// One division of the rows, and everything that is done with it.
pub(super) struct Repeat<'a> {
    pub(super) classes: &'a Classes,
    pub(super) columns: &'a Columns,
    /// All rows as learners see them.
    pub(super) all: &'a Matrix,
    pub(super) parts: &'a Parts,
    pub(super) learner: StudyLearner,
    pub(super) roles: &'a FitOptions,
    pub(super) context: Context<'a>,
}

/// What a repeat came to.
pub(super) struct Found {
    pub(super) tried: Vec<Tried>,
    /// The generator that validation chose, with its settings.
    pub(super) chosen: Option<String>,
    pub(super) not_tried: Vec<NotTried>,
}

/// A variant at one threshold.
pub(super) struct Tried {
    pub(super) name: String,
    pub(super) kind: VariantKind,
    pub(super) threshold_moved: bool,
    pub(super) setting: String,
    /// Negative and positive rows to learn from, before and after.
    pub(super) learned: [[usize; 2]; 2],
    pub(super) scored: Scored,
    /// What it took; none where that is told of another one.
    pub(super) seconds: Option<f64>,
}

/// What was predicted with one setting.
struct Predicted {
    setting: String,
    /// Negative and positive rows that were learned from.
    learned: [usize; 2],
    validation: Vec<f64>,
    test: Vec<f64>,
}

/// The truth of the parts that predictions are for.
struct Truth {
    validation: Vec<bool>,
    test: Vec<bool>,
}

/// The matrices of the parts.
struct Matrices {
    train: Matrix,
    validation: Matrix,
    test: Matrix,
    is_positive: Vec<bool>,
}

impl Repeat<'_> {
    pub(super) fn run(&self, variants: &[Variant<'_>], phase: &Phase<'_>) -> Result<Found> {
        let of =
            |rows: &[usize]| -> Vec<bool> { rows.iter().map(|&row| self.classes.is_positive[row]).collect() };
        let truth = Truth { validation: of(&self.parts.validation), test: of(&self.parts.test) };
        let matrices = Matrices {
            train: self.all.take(&self.parts.train),
            validation: self.all.take(&self.parts.validation),
            test: self.all.take(&self.parts.test),
            is_positive: of(&self.parts.train),
        };
        let train = self.classes.table.take(&self.parts.train);
        let mut found = Found { tried: Vec::new(), chosen: None, not_tried: Vec::new() };
        let begin = |name: &str| (name.to_owned(), Instant::now());
        let before = counts(&matrices.is_positive);

        let (name, begun) = begin(UNTOUCHED);
        let untouched = self.learned(&matrices, "", None)?;
        found.push([&name, MOVED_THRESHOLD], VariantKind::Control, before, &[untouched], &truth, begun);
        step(phase)?;

        let (name, begun) = begin("class weights");
        let classes: Vec<u32> = matrices.is_positive.iter().map(|&own| u32::from(own)).collect();
        let weights = balanced_weights(&classes, 2);
        let weighted = self.learned(&matrices, "classes weigh the same", Some(&weights))?;
        found.push([&name, &moved(&name)], VariantKind::Control, before, &[weighted], &truth, begun);
        step(phase)?;

        let (name, begun) = begin("undersampled bags");
        let bags = self.bags(&matrices)?;
        found.push([&name, &moved(&name)], VariantKind::Control, before, &[bags], &truth, begun);
        step(phase)?;

        // The best so far: its average precision on validation.
        let mut best: Option<(f64, Tried)> = None;
        let part = TrainingPart {
            table: &train,
            target: self.classes.target,
            positive: &self.classes.positive,
            is_positive: &matrices.is_positive,
            roles: self.roles,
        };
        for variant in variants {
            let (name, begun) = begin(variant.name());
            match self.candidates(variant, &part, &matrices) {
                Ok(all) => {
                    let names = [&name, &moved(&name)];
                    let place =
                        found.push(names.map(String::as_str), variant.kind(), before, &all, &truth, begun);
                    if variant.kind() == VariantKind::Generative
                        && let Some((value, chosen)) = by_ranking(&all, &truth)
                        && best.as_ref().is_none_or(|(most, _)| value > *most)
                    {
                        let own = &found.tried[place];
                        let setting = format!("{name}: {}", own.setting);
                        let (scored, _) = at_moved(chosen, &truth);
                        let name = CHOSEN_GENERATOR.to_owned();
                        let learned = own.learned;
                        let kind = VariantKind::Generative;
                        let tried = Tried {
                            name,
                            kind,
                            threshold_moved: true,
                            setting,
                            learned,
                            scored,
                            seconds: None,
                        };
                        best = Some((value, tried));
                    }
                }
                Err(error) if error.is_cancelled() => return Err(error),
                Err(error) => found.not_tried.push(NotTried { name, reason: error.to_string() }),
            }
            step(phase)?;
        }
        if let Some((_, tried)) = best {
            found.chosen = Some(tried.setting.clone());
            found.tried.push(tried);
        }
        Ok(found)
    }

    /// Learns the training part as it is.
    fn learned(&self, matrices: &Matrices, setting: &str, weights: Option<&[f64]>) -> Result<Predicted> {
        let Matrices { train, validation, test, is_positive } = matrices;
        let asked = [validation, test];
        let found = self.learner.predict(train, is_positive, weights, Share(1), &asked, &self.context)?;
        Ok(Predicted::new(setting, counts(is_positive), found))
    }

    /// Learns bags that have all positive rows and as many negative ones, and takes the mean.
    fn bags(&self, matrices: &Matrices) -> Result<Predicted> {
        let Matrices { train, validation, test, is_positive } = matrices;
        let rows = |class: bool| -> Vec<usize> {
            (0..is_positive.len()).filter(|&row| is_positive[row] == class).collect()
        };
        let (mut few, mut many) = (rows(true), rows(false));
        if few.len() > many.len() {
            std::mem::swap(&mut few, &mut many);
        }
        let mut sums = [vec![0.0; validation.n_rows()], vec![0.0; test.n_rows()]];
        for bag in 0..BAGS {
            let mut stream = self.context.seed.stream("study bags", bag as u64);
            let drawn = stream.choose(many.len(), few.len()).into_iter().map(|place| many[place]);
            let mut rows: Vec<usize> = few.iter().copied().chain(drawn).collect();
            rows.sort_unstable();
            let own: Vec<bool> = rows.iter().map(|&row| is_positive[row]).collect();
            let seed = self.context.seed.derive(&format!("study bag {bag}"));
            let context = Context { seed, ..self.context };
            let asked = [validation, test];
            // Bags share the trees of one forest.
            let found =
                self.learner.predict(&train.take(&rows), &own, None, Share(BAGS), &asked, &context)?;
            for (sums, found) in sums.iter_mut().zip(found) {
                for (sum, own) in sums.iter_mut().zip(found) {
                    *sum += own / BAGS as f64;
                }
            }
        }
        Ok(Predicted::new("10 bags of equal classes", [few.len(); 2], sums.to_vec()))
    }

    /// Learns each candidate of a variant.
    fn candidates(
        &self,
        variant: &Variant<'_>,
        part: &TrainingPart<'_>,
        matrices: &Matrices,
    ) -> Result<Vec<Predicted>> {
        let context = Context { seed: self.context.seed.derive(variant.name()), ..self.context };
        let candidates = variant.resample(part, &context)?;
        if candidates.is_empty() {
            return Err(Error::Study { problem: format!("{} made no table", variant.name()) });
        }
        candidates
            .into_iter()
            .map(|candidate| {
                let own = positives(&candidate.table, part.target, part.positive);
                let matrix = self.columns.matrix(&candidate.table);
                let asked = [&matrices.validation, &matrices.test];
                let found = self.learner.predict(&matrix, &own, None, Share(1), &asked, &self.context)?;
                Ok(Predicted::new(&candidate.setting, counts(&own), found))
            })
            .collect()
    }
}

impl Predicted {
    fn new(setting: &str, learned: [usize; 2], found: Vec<Vec<f64>>) -> Self {
        let mut found = found.into_iter();
        let mut next = || found.next().unwrap_or_default();
        Predicted { setting: setting.to_owned(), learned, validation: next(), test: next() }
    }
}

impl Found {
    /// Judges a variant at the threshold 0.5 and with the threshold moved, each with the setting that does best on
    /// validation; returns the place of the latter.
    fn push(
        &mut self,
        [plain, moved]: [&str; 2],
        kind: VariantKind,
        before: [usize; 2],
        all: &[Predicted],
        truth: &Truth,
        begun: Instant,
    ) -> usize {
        let at_half = |own: &Predicted| {
            Scored::of(&own.validation, &truth.validation, HALF).value("balanced-accuracy").unwrap_or(0.0)
        };
        let first = &all[0];
        let chosen = all.iter().fold((f64::NEG_INFINITY, first), |(most, best), own| {
            let value = at_half(own);
            if value > most { (value, own) } else { (most, best) }
        });
        let own = chosen.1;
        self.tried.push(Tried {
            name: plain.to_owned(),
            kind,
            threshold_moved: false,
            setting: own.setting.clone(),
            learned: [before, own.learned],
            scored: Scored::of(&own.test, &truth.test, HALF),
            seconds: Some(begun.elapsed().as_secs_f64()),
        });
        // The threshold settles the rest: what counts is the order of rows.
        let own = by_ranking(all, truth).map_or(first, |(_, own)| own);
        let (scored, threshold) = at_moved(own, truth);
        let setting = if own.setting.is_empty() {
            format!("threshold {threshold:.3}")
        } else {
            format!("{}, threshold {threshold:.3}", own.setting)
        };
        self.tried.push(Tried {
            name: moved.to_owned(),
            kind,
            threshold_moved: true,
            setting,
            learned: [before, own.learned],
            scored,
            // It is the same learning.
            seconds: None,
        });
        self.tried.len() - 1
    }
}

/// The setting that puts the rows of validation into the best order, and its average precision.
fn by_ranking<'p>(all: &'p [Predicted], truth: &Truth) -> Option<(f64, &'p Predicted)> {
    all.iter().fold(None, |best, own| {
        let value = Scored::of(&own.validation, &truth.validation, HALF).value("average-precision")?;
        match best {
            Some((most, _)) if most >= value => best,
            _ => Some((value, own)),
        }
    })
}

/// The test rows at the threshold that validation chooses.
fn at_moved(own: &Predicted, truth: &Truth) -> (Scored, f64) {
    let threshold = threshold_for(&own.validation, &truth.validation, Aim::BalancedAccuracy).unwrap_or(HALF);
    (Scored::of(&own.test, &truth.test, threshold), threshold)
}

fn moved(name: &str) -> String {
    format!("{name}, threshold moved")
}

/// Negative and positive rows.
fn counts(is_positive: &[bool]) -> [usize; 2] {
    let positives = is_positive.iter().filter(|own| **own).count();
    [is_positive.len() - positives, positives]
}

fn step(phase: &Phase<'_>) -> Result<()> {
    phase.advance(1).map_err(|error: Cancelled| lookalike_table::Error::from(error).into())
}
