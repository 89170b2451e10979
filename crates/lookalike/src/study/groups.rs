//! Whether balancing groups, such as women and men within each class, makes errors more alike, and at what cost.

use std::collections::BTreeMap;

use lookalike_core::{Cancelled, Context, Phase, Seed, Warning};
use lookalike_evaluate::{NotTried, PairedDifference, StudyFigure, UNTOUCHED};
use lookalike_learn::weights::balanced_weights;
use lookalike_synth::resample::Balance;
use lookalike_table::{Table, spelling};
use serde::{Deserialize, Serialize};

use super::classes::{Classes, positives};
use super::learner::Share;
use super::matrix::{Columns, Matrix};
use super::scoring::Scored;
use super::{Quiet, StudyOptions};
use crate::error::{Error, Result};

/// What is measured of each variant, with its name for people and whether lower is better.
pub const GROUP_MEASURES: [(&str, &str); 6] = [
    ("error", "error"),
    ("balanced-accuracy", "balanced accuracy"),
    ("roc-auc", "ROC-AUC"),
    ("average-precision", "PR-AUC"),
    ("equalized-odds-difference", "equalised odds difference"),
    ("demographic-parity-difference", "demographic parity difference"),
];

/// Shares of fewer test rows of a group and a class are luck.
const LEAST_ROWS: usize = 10;

/// Two classes' rates of a group, in test rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupRates {
    /// The group's values, as they are spelled.
    pub group: String,
    /// Rows of the table.
    pub rows: usize,
    /// The share of them that is positive.
    pub positive_share: f64,
    /// The mean over the repeats of the share of the positive test rows that is predicted positive.
    pub true_positive_rate: Option<f64>,
    /// The same of the negative rows.
    pub false_positive_rate: Option<f64>,
}

/// One way to treat groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupVariant {
    /// Its name.
    pub name: String,
    /// A figure per [`GROUP_MEASURES`], in their order; `to_untouched` is the paired difference to untouched rows.
    pub figures: Vec<StudyFigure>,
    /// What is predicted for each group.
    pub groups: Vec<GroupRates>,
}

/// What balancing groups does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupStudy {
    /// The column that is predicted, and the columns that make the groups.
    pub target: String,
    /// See [`target`](Self::target).
    pub by: Vec<String>,
    /// The negative and the positive class.
    pub classes: [String; 2],
    /// What learns.
    pub learner: String,
    /// How often rows were divided.
    pub repeats: usize,
    /// Rows learned from, and judged with.
    pub rows: [usize; 2],
    /// What was tried; the first is untouched rows.
    pub variants: Vec<GroupVariant>,
    /// What could not be tried, and why.
    pub not_tried: Vec<NotTried>,
    /// What may be concluded.
    pub sentences: Vec<String>,
    /// What was done differently from what one may expect.
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// How groups are balanced.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupOptions {
    /// The target, the learner, and how often rows are divided.
    pub study: StudyOptions,
    /// The numbers of the columns that make the groups.
    pub by: Vec<usize>,
    /// Whether they are balanced within each class of the target; else all combinations become equally frequent.
    pub within: bool,
    /// Methods of [`rebalance`](crate::rebalance::method).
    pub methods: Vec<String>,
}

/// The methods that are tried unless others are named.
pub const GROUP_METHODS: [&str; 4] = ["random", "random-under", "smotenc", "forest"];

/// Balances groups by each method and tells what that does to errors: rows are divided several times, four fifths are
/// balanced and learned from, the others judged with, at the threshold 0.5.
///
/// Beside the methods stand controls that make nothing up: untouched rows, weights that do what balancing does, and
/// reweighing (Kamiran and Calders 2012, <https://doi.org/10.1007/s10115-011-0463-8>), which makes group and class
/// independent. The equalised odds difference is the larger of the groups' greatest difference of true positive rates and
/// that of false positive rates (Hardt, Price and Srebro 2016, <https://arxiv.org/abs/1610.02413>), the demographic parity
/// difference that of the shares predicted positive.
///
/// ```
/// use lookalike::study::{GroupOptions, StudyOptions, groups};
/// use lookalike::{Column, ColumnSchema, Context, Kind, Schema, Seed, Table, table::schema::NumberFormat};
///
/// let number = |name: &str| ColumnSchema::new(name, Kind::Numerical(NumberFormat::whole()));
/// let schema = Schema::new(vec![number("dose"), number("site"), number("ill")]);
/// let dose: Vec<i64> = (0..600).map(|row| row * 7 % 100).collect();
/// let site: Vec<i64> = (0..600).map(|row| i64::from(row % 4 == 0)).collect();
/// let ill: Vec<i64> = dose.iter().zip(0..).map(|(dose, row)| i64::from(dose + row % 30 > 90)).collect();
/// let columns = [dose, site, ill].map(|values| Column::from_integers(values, None));
/// let table = Table::new(schema.into(), columns.to_vec())?;
///
/// let study = StudyOptions { target: 2, repeats: 2, ..StudyOptions::default() };
/// let options = GroupOptions { study, by: vec![1], within: true, methods: vec!["random".to_owned()] };
/// let found = groups(&table, &options, &Context::new(Seed::new(1)))?;
/// assert_eq!(found.variants[0].groups.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Study`] when the table or the options do not allow it, [`Error::UnknownMethod`]. A method that fails is told in
/// [`GroupStudy::not_tried`].
pub fn groups(table: &Table, options: &GroupOptions, context: &Context<'_>) -> Result<GroupStudy> {
    options.study.check()?;
    let StudyOptions { target, learner, repeats, .. } = options.study;
    if options.by.is_empty() || options.by.contains(&target) {
        let problem = "groups are made by columns other than the target: name them with --by".to_owned();
        return Err(Error::Study { problem });
    }
    let methods: Vec<_> =
        options.methods.iter().map(|name| crate::rebalance::method(name)).collect::<Result<_>>()?;
    let classes = Classes::of(table, target, options.study.positive.as_deref())?;
    let groups = Groups::of(&classes, &options.by)?;
    let columns = Columns::of(&classes.table, target, None)?;
    let all = columns.matrix(&classes.table);
    let phase = Phase::begin(context.progress, "studying", Some((repeats * (methods.len() + 3)) as u64));
    let quiet = Quiet(context.progress);
    let mut names = vec![UNTOUCHED.to_owned(), "weights".to_owned(), "reweighing".to_owned()];
    names.extend(methods.iter().map(|method| method.name().to_owned()));
    let mut found: Vec<Vec<Option<Judged>>> = names.iter().map(|_| Vec::new()).collect();
    let mut not_tried: Vec<NotTried> = Vec::new();
    let mut rows = [0, 0];
    for number in 0..repeats {
        let seed = Seed::new(context.seed.stream("study repeat", number as u64).bits());
        let context = Context::new(seed).with_progress(&quiet);
        let parts = classes.divide(seed);
        let mut learned: Vec<usize> = parts.train.iter().chain(&parts.validation).copied().collect();
        learned.sort_unstable();
        rows = [learned.len(), parts.test.len()];
        let division = Division { classes: &classes, groups: &groups, learned: &learned, test: &parts.test };
        let train = all.take(&learned);
        let asked = all.take(&parts.test);
        let own: Vec<bool> = learned.iter().map(|&row| classes.is_positive[row]).collect();
        let predict = |matrix: &Matrix, positive: &[bool], weights: Option<&[f64]>| -> Result<Judged> {
            let predicted = learner.predict(matrix, positive, weights, Share(1), &[&asked], &context)?;
            Ok(division.judge(&predicted[0]))
        };
        let weights = [None, Some(division.balancing(options.within)), Some(division.reweighing())];
        for (place, weights) in weights.iter().enumerate() {
            found[place].push(Some(predict(&train, &own, weights.as_deref())?));
            step(&phase)?;
        }
        let part = classes.table.take(&learned);
        for (place, method) in methods.iter().enumerate() {
            let balance = Balance { by: options.by.clone(), within: options.within, ..Balance::of(target) };
            let judged =
                method.resample(&part, &balance, &context).map_err(Error::from).and_then(|balanced| {
                    let positive = positives(&balanced.table, target, &classes.positive);
                    predict(&columns.matrix(&balanced.table), &positive, None)
                });
            found[weights.len() + place].push(match judged {
                Ok(judged) => Some(judged),
                Err(error) if error.is_cancelled() => return Err(error),
                Err(error) => {
                    let not = NotTried { name: method.name().to_owned(), reason: error.to_string() };
                    if !not_tried.contains(&not) {
                        not_tried.push(not);
                    }
                    None
                }
            });
            step(&phase)?;
        }
    }
    let variants = together(names, &found, &groups, [rows[1], rows[0]]);
    let schema = &classes.table.schema().columns;
    let mut study = GroupStudy {
        target: schema[target].name.clone(),
        by: options.by.iter().map(|&column| schema[column].name.clone()).collect(),
        classes: [classes.negative, classes.positive],
        learner: learner.name().to_owned(),
        repeats,
        rows,
        variants,
        not_tried,
        sentences: Vec::new(),
        warnings: classes.warnings,
    };
    study.sentences = sentences(&study);
    Ok(study)
}

fn step(phase: &Phase<'_>) -> Result<()> {
    phase.advance(1).map_err(|error: Cancelled| lookalike_table::Error::from(error).into())
}

/// Which rows are of which group.
struct Groups {
    names: Vec<String>,
    of_row: Vec<u32>,
    /// Rows of each group, and how many of them are positive.
    counts: Vec<[usize; 2]>,
}

/// More groups than this leave too few rows for each.
const MOST_GROUPS: usize = 50;

impl Groups {
    fn of(classes: &Classes, by: &[usize]) -> Result<Self> {
        let table = &classes.table;
        let spelled: Vec<_> = by
            .iter()
            .map(|&column| spelling::spell(&table.schema().columns[column], table.column(column)))
            .collect();
        let name = |row: usize| {
            let values = spelled.iter().map(|column| column[row].as_deref().unwrap_or("(missing)"));
            values.collect::<Vec<_>>().join(",")
        };
        let named: Vec<String> = (0..table.n_rows()).map(name).collect();
        let numbers: BTreeMap<&str, u32> = named
            .iter()
            .map(String::as_str)
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .zip(0..)
            .collect();
        if !(2..=MOST_GROUPS).contains(&numbers.len()) {
            let problem = format!(
                "the columns of --by make {} groups, and from 2 to {MOST_GROUPS} can be compared",
                numbers.len()
            );
            return Err(Error::Study { problem });
        }
        let of_row: Vec<u32> = named.iter().map(|name| numbers[name.as_str()]).collect();
        let mut counts = vec![[0, 0]; numbers.len()];
        for (&group, &positive) in of_row.iter().zip(&classes.is_positive) {
            counts[group as usize][0] += 1;
            counts[group as usize][1] += usize::from(positive);
        }
        let names = numbers.keys().map(|name| (*name).to_owned()).collect();
        Ok(Groups { names, of_row, counts })
    }
}

/// Rows to learn from and to judge with.
struct Division<'a> {
    classes: &'a Classes,
    groups: &'a Groups,
    learned: &'a [usize],
    test: &'a [usize],
}

/// What a variant came to in a division.
struct Judged {
    /// A value per [`GROUP_MEASURES`].
    values: [Option<f64>; GROUP_MEASURES.len()],
    /// True and false positive rate of each group.
    rates: Vec<[Option<f64>; 2]>,
}

impl Division<'_> {
    /// The group and the class of each row that is learned from.
    fn cells(&self) -> impl Iterator<Item = (usize, usize)> {
        self.learned
            .iter()
            .map(|&row| (self.groups.of_row[row] as usize, usize::from(self.classes.is_positive[row])))
    }

    /// Weights that make groups weigh the same, within each class or of all combinations with the class.
    fn balancing(&self, within: bool) -> Vec<f64> {
        let cells: Vec<u32> = self.cells().map(|(group, class)| (2 * group + class) as u32).collect();
        let equal = balanced_weights(&cells, 2 * self.groups.names.len());
        if !within {
            return equal;
        }
        // Then each class keeps its own weight.
        let mut sums = [[0.0; 2]; 2];
        for ((_, class), weight) in self.cells().zip(&equal) {
            sums[class][0] += weight;
            sums[class][1] += 1.0;
        }
        self.cells().zip(equal).map(|((_, class), weight)| weight * sums[class][1] / sums[class][0]).collect()
    }

    /// Weights with which group and class are independent: what is expected of a cell over what it has.
    fn reweighing(&self) -> Vec<f64> {
        let mut counts = vec![[0.0; 2]; self.groups.names.len()];
        let mut of_class = [0.0; 2];
        for (group, class) in self.cells() {
            counts[group][class] += 1.0;
            of_class[class] += 1.0;
        }
        let all = self.learned.len() as f64;
        self.cells()
            .map(|(group, class)| {
                let of_group: f64 = counts[group].iter().sum();
                of_group * of_class[class] / (all * counts[group][class])
            })
            .collect()
    }

    fn judge(&self, probabilities: &[f64]) -> Judged {
        let truth: Vec<bool> = self.test.iter().map(|&row| self.classes.is_positive[row]).collect();
        let scored = Scored::of(probabilities, &truth, 0.5);
        // Of each group: rows of each class, and those of them that are predicted positive.
        let mut counts = vec![[[0_usize; 2]; 2]; self.groups.names.len()];
        for ((&row, &probability), &positive) in self.test.iter().zip(probabilities).zip(&truth) {
            let own = &mut counts[self.groups.of_row[row] as usize][usize::from(positive)];
            own[0] += 1;
            own[1] += usize::from(probability >= 0.5);
        }
        let rate =
            |[rows, predicted]: [usize; 2]| (rows >= LEAST_ROWS).then(|| predicted as f64 / rows as f64);
        let rates: Vec<[Option<f64>; 2]> = counts.iter().map(|own| [rate(own[1]), rate(own[0])]).collect();
        let shares: Vec<Option<f64>> = counts.iter().map(|[a, b]| rate([a[0] + b[0], a[1] + b[1]])).collect();
        let odds = [0, 1].map(|which| difference(rates.iter().map(|own| own[which])));
        let values = GROUP_MEASURES.map(|(name, _)| match name {
            "equalized-odds-difference" => Some(odds[0]?.max(odds[1]?)),
            "demographic-parity-difference" => difference(shares.iter().copied()),
            name => scored.value(name),
        });
        Judged { values, rates }
    }
}

/// The greatest difference of two rates there are; `None` for fewer than two.
fn difference(rates: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let rates: Vec<f64> = rates.flatten().collect();
    let low = rates.iter().copied().fold(f64::INFINITY, f64::min);
    let high = rates.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (rates.len() > 1).then_some(high - low)
}

/// The variants that were tried in every division.
fn together(
    names: Vec<String>,
    found: &[Vec<Option<Judged>>],
    groups: &Groups,
    rows: [usize; 2],
) -> Vec<GroupVariant> {
    let values = |all: &[Option<Judged>], place: usize| -> Vec<Option<f64>> {
        all.iter().map(|own| own.as_ref().and_then(|own| own.values[place])).collect()
    };
    names
        .into_iter()
        .zip(found)
        .filter(|(_, all)| all.iter().all(Option::is_some))
        .map(|(name, all)| {
            let figures = GROUP_MEASURES.iter().enumerate().map(|(place, (measure, _))| {
                let untouched = (name != UNTOUCHED).then(|| values(&found[0], place));
                StudyFigure::new(measure, values(all, place), untouched.as_deref(), None, rows)
            });
            let rates = groups.names.iter().enumerate().map(|(group, own)| {
                let mean = |which: usize| {
                    let rates: Vec<f64> =
                        all.iter().flatten().filter_map(|own| own.rates[group][which]).collect();
                    (!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64)
                };
                let [rows, positive] = groups.counts[group];
                GroupRates {
                    group: own.clone(),
                    rows,
                    positive_share: positive as f64 / rows as f64,
                    true_positive_rate: mean(0),
                    false_positive_rate: mean(1),
                }
            });
            GroupVariant { figures: figures.collect(), groups: rates.collect(), name }
        })
        .collect()
}

impl GroupVariant {
    /// The figure of this name.
    pub fn figure(&self, name: &str) -> Option<&StudyFigure> {
        self.figures.iter().find(|figure| figure.name == name)
    }
}

fn sentences(study: &GroupStudy) -> Vec<String> {
    let odds = "equalized-odds-difference";
    let mean = |variant: &GroupVariant, name: &str| variant.figure(name).and_then(|own| own.mean);
    let mut sentences = Vec::new();
    let Some(untouched) = study.variants.first() else { return sentences };
    let (Some(difference), Some(error)) = (mean(untouched, odds), mean(untouched, "error")) else {
        sentences.push(format!(
            "no two groups have {LEAST_ROWS} test rows of each class: their errors cannot be compared"
        ));
        return sentences;
    };
    sentences.push(format!(
        "Learned from untouched rows, the {} is wrong about {:.1} % of the test rows, and the groups' rates of right or wrong \
         positives differ by {difference:.3} at most.",
        study.learner,
        100.0 * error
    ));
    let told = |paired: Option<PairedDifference>| match paired {
        Some(own) => format!("{:+.3} ± {:.3}", own.mean, own.reach()),
        None => "an unknown amount".to_owned(),
    };
    for variant in &study.variants[1..] {
        let paired = |name: &str| variant.figure(name).and_then(|own| own.to_untouched);
        let changed = match paired(odds) {
            Some(own) if own.interval[1] < 0.0 => "brings them nearer",
            Some(own) if own.interval[0] > 0.0 => "takes them further apart",
            _ => "does not change that beyond chance",
        };
        sentences.push(format!(
            "{} {changed}: {} of the difference of odds, {} of the error.",
            variant.name,
            told(paired(odds)),
            told(paired("error"))
        ));
    }
    sentences
}

#[cfg(test)]
mod tests {
    use lookalike_table::schema::NumberFormat;
    use lookalike_table::{Column, ColumnSchema, Kind, Schema};

    use super::*;

    /// Two groups; ill at a dose above 50 in the first, and above 80 in the rare second one.
    fn table() -> Table {
        let number = |name: &str| ColumnSchema::new(name, Kind::Numerical(NumberFormat::whole()));
        let schema = Schema::new(vec![number("dose"), number("site"), number("ill")]);
        let dose: Vec<i64> = (0..1200).map(|row| row * 37 % 101).collect();
        let site: Vec<i64> = (0..1200).map(|row| i64::from(row % 5 == 0)).collect();
        let limit = |site: i64| if site == 1 { 80 } else { 50 };
        let ill = dose.iter().zip(&site).map(|(dose, &site)| i64::from(*dose > limit(site))).collect();
        let columns = [dose, site, ill].map(|values| Column::from_integers(values, None));
        Table::new(schema.into(), columns.to_vec()).unwrap()
    }

    fn options(within: bool) -> GroupOptions {
        let study = StudyOptions { target: 2, repeats: 2, ..StudyOptions::default() };
        GroupOptions { study, by: vec![1], within, methods: vec!["random".to_owned(), "smotenc".to_owned()] }
    }

    #[test]
    fn groups_are_judged_apart_and_the_same_each_time() {
        let context = Context::new(Seed::new(4));
        let found = groups(&table(), &options(true), &context).unwrap();
        let names: Vec<&str> = found.variants.iter().map(|variant| variant.name.as_str()).collect();
        assert_eq!(names, ["untouched", "weights", "reweighing", "random", "smotenc"]);
        assert_eq!(found.by, ["site"]);
        let untouched = &found.variants[0];
        assert_eq!(untouched.groups[1].group, "1");
        assert_eq!(untouched.groups[1].rows, 240);
        let odds = untouched.figure("equalized-odds-difference").unwrap();
        assert!(odds.mean.is_some() && odds.to_untouched.is_none());
        assert!(found.variants[1].figure("error").unwrap().to_untouched.is_some());
        assert_eq!(found.sentences.len(), 5);
        assert_eq!(groups(&table(), &options(true), &context).unwrap(), found);
    }

    #[test]
    fn weights_say_what_they_are_to() {
        let table = table();
        let classes = Classes::of(&table, 2, None).unwrap();
        let groups = Groups::of(&classes, &[1]).unwrap();
        let learned: Vec<usize> = (0..table.n_rows()).collect();
        let division = Division { classes: &classes, groups: &groups, learned: &learned, test: &[] };
        let sums = |weights: &[f64]| {
            let mut sums = [[0.0; 2]; 2];
            for ((group, class), weight) in division.cells().zip(weights) {
                sums[group][class] += weight;
            }
            sums
        };
        // Groups weigh the same within a class, and a class as much as before.
        let own = sums(&division.balancing(true));
        let positives = classes.is_positive.iter().filter(|own| **own).count() as f64;
        assert!((own[0][1] - own[1][1]).abs() < 1e-9 && (own[0][0] - own[1][0]).abs() < 1e-9);
        assert!((own[0][1] + own[1][1] - positives).abs() < 1e-9);
        let own = sums(&division.balancing(false));
        assert!(own.iter().flatten().all(|sum| (sum - 300.0).abs() < 1e-9));
        // Equally many of each group are positive, and groups weigh as much as before.
        let own = sums(&division.reweighing());
        let shares = own.map(|[negative, positive]| positive / (negative + positive));
        assert!((shares[0] - shares[1]).abs() < 1e-9);
        assert!((own[1][0] + own[1][1] - 240.0).abs() < 1e-9);
    }

    #[test]
    fn what_makes_no_groups_is_refused() {
        let context = Context::new(Seed::new(4));
        for by in [vec![], vec![2], vec![0]] {
            let options = GroupOptions { by, ..options(true) };
            assert!(groups(&table(), &options, &context).is_err());
        }
    }
}
