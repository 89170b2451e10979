//! The methods, and what comes of them.

use lookalike_core::{Context, Topic, Warning};
use lookalike_table::Table;
use lookalike_table::constraints::Rules;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::boundary::{Adasyn, BorderlineSmote, SvmSmote};
use super::classes::Classes;
use super::cleaning::{AllKnn, Enn, NeighbourhoodCleaning, RepeatedEnn, Tomek};
use super::clusters::KmeansSmote;
use super::condensed::{CondensedNn, OneSidedSelection};
use super::copies::{Noise, RandomOver, Rose};
use super::drafts::{Origin, append};
use super::generated;
use super::options::{Balance, Strategy};
use super::reduced::{ClusterCentroids, InstanceHardness, NearMiss, RandomUnder};
use super::smote::{Smote, Smoten, some_neighbors};
use super::work::{Found, Work};
use crate::error::{Error, Result};
use crate::synthesizer::AnySynthesizer;
use crate::words::counted;

/// A method that balances a table, with its options.
///
/// ```
/// use lookalike_core::{Context, Seed};
/// use lookalike_synth::resample::{AnyResampler, Balance};
/// use lookalike_table::schema::NumberFormat;
/// use lookalike_table::{Column, ColumnSchema, Kind, Levels, Schema, Table};
///
/// let schema = Schema::new(vec![
///     ColumnSchema::new("size", Kind::Numerical(NumberFormat::whole())),
///     ColumnSchema::new("rare", Kind::Categorical { order: Vec::new() }),
/// ]);
/// let sizes = Column::from_integers((0..100).collect(), None);
/// let rare = Column::from_codes((0..100).map(|row| u32::from(row >= 90)).collect(), &Levels::new(["no", "yes"]));
/// let table = Table::new(schema.into(), vec![sizes, rare])?;
///
/// let smote = AnyResampler::from_name("smotenc").unwrap();
/// let balanced = smote.resample(&table, &Balance::of(1), &Context::new(Seed::new(1)))?;
/// assert_eq!(balanced.table.n_rows(), 180);
/// assert_eq!((balanced.classes[1].before, balanced.classes[1].after), (10, 90));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AnyResampler {
    /// Rows repeated.
    Random(RandomOver),
    /// The smoothed bootstrap.
    Rose(Rose),
    /// Rows repeated with noise.
    Noise(Noise),
    /// SMOTE, for numbers.
    Smote(Smote),
    /// SMOTE for numbers and levels.
    Smotenc(Smote),
    /// SMOTE for levels.
    Smoten(Smoten),
    /// SMOTE from rows in danger.
    BorderlineSmote(BorderlineSmote),
    /// SMOTE from support vectors.
    SvmSmote(SvmSmote),
    /// SMOTE within clusters.
    KmeansSmote(KmeansSmote),
    /// SMOTE where neighbours are of other classes.
    Adasyn(Adasyn),
    /// Rows left out by lot.
    RandomUnder(RandomUnder),
    /// Rows near the smallest class.
    Nearmiss(NearMiss),
    /// Without Tomek links.
    Tomek(Tomek),
    /// Edited nearest neighbours.
    Enn(Enn),
    /// Edited until nothing changes.
    RepeatedEnn(RepeatedEnn),
    /// Edited with more and more neighbours.
    AllKnn(AllKnn),
    /// The condensed nearest neighbour rule.
    CondensedNn(CondensedNn),
    /// One-sided selection.
    OneSidedSelection(OneSidedSelection),
    /// The neighbourhood cleaning rule.
    NeighbourhoodCleaning(NeighbourhoodCleaning),
    /// Rows that are easy to tell.
    InstanceHardness(InstanceHardness),
    /// Means of clusters.
    ClusterCentroids(ClusterCentroids),
    /// SMOTE, then edited nearest neighbours.
    SmoteEnn(SmoteCleaned),
    /// SMOTE, then without Tomek links.
    SmoteTomek(SmoteCleaned),
    /// Rows drawn by a generator that has learned the table.
    Generator(AnySynthesizer),
}

/// SMOTE for any table, and what cleans after it, in all classes (Batista, Prati & Monard 2004).
///
/// # References
/// - Batista, G. E., Prati, R. C. and Monard, M. C. (2004). A study of the behavior of several methods for balancing
///   machine learning training data. <https://doi.org/10.1145/1007730.1007735>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SmoteCleaned {
    /// How many neighbours a row has when new ones are made.
    pub neighbors: usize,
}

impl Default for SmoteCleaned {
    fn default() -> Self {
        SmoteCleaned { neighbors: 5 }
    }
}

/// A balanced table.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Resampled {
    /// The given rows that stay, in their order, then the new ones.
    pub table: Table,
    /// Where each row came from.
    pub origins: Vec<Origin>,
    /// The classes, in the order of their values.
    pub classes: Vec<ClassCount>,
    /// What was done differently from what one may expect.
    pub warnings: Vec<Warning>,
}

/// A class before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassCount {
    /// The target's value, and behind commas those of the other columns that make the classes.
    pub name: String,
    /// How many rows it had.
    pub before: usize,
    /// How many it has.
    pub after: usize,
}

impl Resampled {
    /// How many rows are new.
    pub fn n_new(&self) -> usize {
        self.origins.iter().filter(|origin| origin.is_new()).count()
    }
}

impl AnyResampler {
    /// The names of all methods but the generators, the default first.
    pub const NAMES: [&'static str; 23] = [
        "smotenc",
        "smote",
        "smoten",
        "borderline-smote",
        "svm-smote",
        "kmeans-smote",
        "adasyn",
        "random",
        "rose",
        "noise",
        "random-under",
        "nearmiss",
        "tomek",
        "enn",
        "repeated-enn",
        "all-knn",
        "condensed-nn",
        "one-sided-selection",
        "neighbourhood-cleaning",
        "instance-hardness",
        "cluster-centroids",
        "smote-enn",
        "smote-tomek",
    ];

    /// The method of this name with its default options; the name of a generator stands for its rows. `borderline-smote-2`,
    /// `nearmiss-2` and `nearmiss-3` are versions.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "random" => AnyResampler::Random(RandomOver::default()),
            "rose" => AnyResampler::Rose(Rose::default()),
            "noise" => AnyResampler::Noise(Noise::default()),
            "smote" => AnyResampler::Smote(Smote::default()),
            "smotenc" => AnyResampler::Smotenc(Smote::default()),
            "smoten" => AnyResampler::Smoten(Smoten::default()),
            "borderline-smote" | "borderline-smote-1" => {
                AnyResampler::BorderlineSmote(BorderlineSmote::default())
            }
            "borderline-smote-2" => {
                AnyResampler::BorderlineSmote(BorderlineSmote { version: 2, ..BorderlineSmote::default() })
            }
            "svm-smote" => AnyResampler::SvmSmote(SvmSmote::default()),
            "kmeans-smote" => AnyResampler::KmeansSmote(KmeansSmote::default()),
            "adasyn" => AnyResampler::Adasyn(Adasyn::default()),
            "random-under" => AnyResampler::RandomUnder(RandomUnder::default()),
            "nearmiss" | "nearmiss-1" => AnyResampler::Nearmiss(NearMiss::default()),
            "nearmiss-2" => AnyResampler::Nearmiss(NearMiss { version: 2, ..NearMiss::default() }),
            "nearmiss-3" => AnyResampler::Nearmiss(NearMiss { version: 3, ..NearMiss::default() }),
            "tomek" => AnyResampler::Tomek(Tomek::default()),
            "enn" => AnyResampler::Enn(Enn::default()),
            "repeated-enn" => AnyResampler::RepeatedEnn(RepeatedEnn::default()),
            "all-knn" => AnyResampler::AllKnn(AllKnn::default()),
            "condensed-nn" => AnyResampler::CondensedNn(CondensedNn::default()),
            "one-sided-selection" => AnyResampler::OneSidedSelection(OneSidedSelection::default()),
            "neighbourhood-cleaning" => AnyResampler::NeighbourhoodCleaning(NeighbourhoodCleaning::default()),
            "instance-hardness" => AnyResampler::InstanceHardness(InstanceHardness::default()),
            "cluster-centroids" => AnyResampler::ClusterCentroids(ClusterCentroids::default()),
            "smote-enn" => AnyResampler::SmoteEnn(SmoteCleaned::default()),
            "smote-tomek" => AnyResampler::SmoteTomek(SmoteCleaned::default()),
            generator => AnyResampler::Generator(AnySynthesizer::from_name(generator)?),
        })
    }

    /// The method's name.
    pub fn name(&self) -> &'static str {
        match self {
            AnyResampler::Random(_) => "random",
            AnyResampler::Rose(_) => "rose",
            AnyResampler::Noise(_) => "noise",
            AnyResampler::Smote(_) => "smote",
            AnyResampler::Smotenc(_) => "smotenc",
            AnyResampler::Smoten(_) => "smoten",
            AnyResampler::BorderlineSmote(_) => "borderline-smote",
            AnyResampler::SvmSmote(_) => "svm-smote",
            AnyResampler::KmeansSmote(_) => "kmeans-smote",
            AnyResampler::Adasyn(_) => "adasyn",
            AnyResampler::RandomUnder(_) => "random-under",
            AnyResampler::Nearmiss(_) => "nearmiss",
            AnyResampler::Tomek(_) => "tomek",
            AnyResampler::Enn(_) => "enn",
            AnyResampler::RepeatedEnn(_) => "repeated-enn",
            AnyResampler::AllKnn(_) => "all-knn",
            AnyResampler::CondensedNn(_) => "condensed-nn",
            AnyResampler::OneSidedSelection(_) => "one-sided-selection",
            AnyResampler::NeighbourhoodCleaning(_) => "neighbourhood-cleaning",
            AnyResampler::InstanceHardness(_) => "instance-hardness",
            AnyResampler::ClusterCentroids(_) => "cluster-centroids",
            AnyResampler::SmoteEnn(_) => "smote-enn",
            AnyResampler::SmoteTomek(_) => "smote-tomek",
            AnyResampler::Generator(synthesizer) => synthesizer.name(),
        }
    }

    /// The same method with another number of neighbours.
    ///
    /// # Errors
    /// [`Error::Options`] when the method has no neighbours.
    pub fn with_neighbors(mut self, count: usize) -> Result<Self> {
        match &mut self {
            AnyResampler::Smote(Smote { neighbors })
            | AnyResampler::Smotenc(Smote { neighbors })
            | AnyResampler::Smoten(Smoten { neighbors })
            | AnyResampler::BorderlineSmote(BorderlineSmote { neighbors, .. })
            | AnyResampler::SvmSmote(SvmSmote { neighbors, .. })
            | AnyResampler::KmeansSmote(KmeansSmote { neighbors, .. })
            | AnyResampler::Adasyn(Adasyn { neighbors })
            | AnyResampler::Nearmiss(NearMiss { neighbors, .. })
            | AnyResampler::Enn(Enn { neighbors, .. })
            | AnyResampler::RepeatedEnn(RepeatedEnn { neighbors, .. })
            | AnyResampler::AllKnn(AllKnn { neighbors, .. })
            | AnyResampler::NeighbourhoodCleaning(NeighbourhoodCleaning { neighbors, .. })
            | AnyResampler::SmoteEnn(SmoteCleaned { neighbors })
            | AnyResampler::SmoteTomek(SmoteCleaned { neighbors }) => *neighbors = count,
            AnyResampler::Random(_)
            | AnyResampler::Rose(_)
            | AnyResampler::Noise(_)
            | AnyResampler::RandomUnder(_)
            | AnyResampler::Tomek(_)
            | AnyResampler::CondensedNn(_)
            | AnyResampler::OneSidedSelection(_)
            | AnyResampler::InstanceHardness(_)
            | AnyResampler::ClusterCentroids(_)
            | AnyResampler::Generator(_) => {
                let problem = format!("{} has no number of neighbours: leave --neighbors out", self.name());
                return Err(Error::Options { problems: vec![problem] });
            }
        }
        Ok(self)
    }

    /// True where rows are added to classes and none is left out.
    pub fn only_adds(&self) -> bool {
        match self {
            AnyResampler::Random(_)
            | AnyResampler::Rose(_)
            | AnyResampler::Noise(_)
            | AnyResampler::Smote(_)
            | AnyResampler::Smotenc(_)
            | AnyResampler::Smoten(_)
            | AnyResampler::BorderlineSmote(_)
            | AnyResampler::SvmSmote(_)
            | AnyResampler::KmeansSmote(_)
            | AnyResampler::Adasyn(_)
            | AnyResampler::Generator(_) => true,
            AnyResampler::RandomUnder(_)
            | AnyResampler::Nearmiss(_)
            | AnyResampler::Tomek(_)
            | AnyResampler::Enn(_)
            | AnyResampler::RepeatedEnn(_)
            | AnyResampler::AllKnn(_)
            | AnyResampler::CondensedNn(_)
            | AnyResampler::OneSidedSelection(_)
            | AnyResampler::NeighbourhoodCleaning(_)
            | AnyResampler::InstanceHardness(_)
            | AnyResampler::ClusterCentroids(_)
            | AnyResampler::SmoteEnn(_)
            | AnyResampler::SmoteTomek(_) => false,
        }
    }

    /// True when new rows lie between real ones, or are copies of them.
    pub fn makes_rows_of_real_ones(&self) -> bool {
        match self {
            AnyResampler::Random(_)
            | AnyResampler::Rose(_)
            | AnyResampler::Noise(_)
            | AnyResampler::Smote(_)
            | AnyResampler::Smotenc(_)
            | AnyResampler::Smoten(_)
            | AnyResampler::BorderlineSmote(_)
            | AnyResampler::SvmSmote(_)
            | AnyResampler::KmeansSmote(_)
            | AnyResampler::Adasyn(_)
            | AnyResampler::ClusterCentroids(_)
            | AnyResampler::SmoteEnn(_)
            | AnyResampler::SmoteTomek(_) => true,
            AnyResampler::RandomUnder(_)
            | AnyResampler::Nearmiss(_)
            | AnyResampler::Tomek(_)
            | AnyResampler::Enn(_)
            | AnyResampler::RepeatedEnn(_)
            | AnyResampler::AllKnn(_)
            | AnyResampler::CondensedNn(_)
            | AnyResampler::OneSidedSelection(_)
            | AnyResampler::NeighbourhoodCleaning(_)
            | AnyResampler::InstanceHardness(_)
            | AnyResampler::Generator(_) => false,
        }
    }

    /// Checks the options.
    ///
    /// # Errors
    /// [`Error::Options`] with all problems at once.
    pub fn check(&self) -> Result<()> {
        let problems = match self {
            AnyResampler::Rose(rose) => rose.problems(),
            AnyResampler::Noise(noise) => noise.problems(),
            AnyResampler::Smote(Smote { neighbors })
            | AnyResampler::Smotenc(Smote { neighbors })
            | AnyResampler::Smoten(Smoten { neighbors })
            | AnyResampler::Adasyn(Adasyn { neighbors })
            | AnyResampler::SmoteEnn(SmoteCleaned { neighbors })
            | AnyResampler::SmoteTomek(SmoteCleaned { neighbors }) => some_neighbors(*neighbors),
            AnyResampler::BorderlineSmote(borderline) => borderline.problems(),
            AnyResampler::SvmSmote(machine) => machine.problems(),
            AnyResampler::KmeansSmote(clusters) => clusters.problems(),
            AnyResampler::Nearmiss(near) => near.problems(),
            AnyResampler::Enn(edited) => edited.problems(),
            AnyResampler::RepeatedEnn(edited) => edited.problems(),
            AnyResampler::AllKnn(edited) => edited.problems(),
            AnyResampler::NeighbourhoodCleaning(cleaning) => cleaning.problems(),
            AnyResampler::InstanceHardness(hardness) => hardness.problems(),
            AnyResampler::Generator(synthesizer) => return synthesizer.check(),
            AnyResampler::Random(_)
            | AnyResampler::RandomUnder(_)
            | AnyResampler::Tomek(_)
            | AnyResampler::CondensedNn(_)
            | AnyResampler::OneSidedSelection(_)
            | AnyResampler::ClusterCentroids(_) => Vec::new(),
        };
        if problems.is_empty() { Ok(()) } else { Err(Error::Options { problems }) }
    }

    /// Balances a table. The same table, options and seed give the same rows on any number of threads.
    ///
    /// # Errors
    /// [`Error::NoRows`], [`Error::TargetKind`] and [`Error::Resample`] for tables and strategies that do not go together,
    /// [`Error::Options`], those of the generator, and [`Error::Cancelled`].
    ///
    /// # Panics
    /// If a column does not exist.
    pub fn resample(&self, table: &Table, balance: &Balance, context: &Context<'_>) -> Result<Resampled> {
        self.check()?;
        if table.n_rows() == 0 {
            return Err(Error::NoRows);
        }
        let mut resampled = match self {
            AnyResampler::SmoteEnn(options) => {
                options.then(&AnyResampler::Enn(Enn::default()), table, balance, context)
            }
            AnyResampler::SmoteTomek(options) => {
                options.then(&AnyResampler::Tomek(Tomek::default()), table, balance, context)
            }
            _ => self.once(table, balance, context),
        }?;
        resampled.warn_of_broken(table);
        Ok(resampled)
    }

    fn once(&self, table: &Table, balance: &Balance, context: &Context<'_>) -> Result<Resampled> {
        let work = Work::new(table, balance, context)?;
        let found = match self {
            AnyResampler::Random(_) => RandomOver::find(&work),
            AnyResampler::Rose(rose) => rose.find(&work),
            AnyResampler::Noise(noise) => noise.find(&work),
            AnyResampler::Smote(smote) => smote.find(&work, "smote"),
            AnyResampler::Smotenc(smote) => smote.find(&work, "smotenc"),
            AnyResampler::Smoten(smoten) => smoten.find(&work),
            AnyResampler::BorderlineSmote(borderline) => borderline.find(&work),
            AnyResampler::SvmSmote(machine) => machine.find(&work),
            AnyResampler::KmeansSmote(clusters) => clusters.find(&work),
            AnyResampler::Adasyn(adasyn) => adasyn.find(&work),
            AnyResampler::RandomUnder(_) => RandomUnder::find(&work),
            AnyResampler::Nearmiss(near) => near.find(&work),
            AnyResampler::Tomek(_) => Tomek::find(&work),
            AnyResampler::Enn(edited) => edited.find(&work),
            AnyResampler::RepeatedEnn(edited) => edited.find(&work),
            AnyResampler::AllKnn(edited) => edited.find(&work),
            AnyResampler::CondensedNn(condensed) => condensed.find(&work),
            AnyResampler::OneSidedSelection(selection) => selection.find(&work),
            AnyResampler::NeighbourhoodCleaning(cleaning) => cleaning.find(&work),
            AnyResampler::InstanceHardness(hardness) => hardness.find(&work),
            AnyResampler::ClusterCentroids(_) => ClusterCentroids::find(&work),
            AnyResampler::SmoteEnn(_) | AnyResampler::SmoteTomek(_) => Ok(Found::default()),
            AnyResampler::Generator(synthesizer) => return drawn(synthesizer, &work),
        };
        made(&work, found?)
    }
}

impl SmoteCleaned {
    fn then(
        self,
        cleaning: &AnyResampler,
        table: &Table,
        balance: &Balance,
        context: &Context<'_>,
    ) -> Result<Resampled> {
        let smote = AnyResampler::Smotenc(Smote { neighbors: self.neighbors });
        let grown = smote.once(table, balance, context)?;
        let all = Balance { strategy: Strategy::All, ..balance.clone() };
        let cleaned = cleaning.once(&grown.table, &all, context)?;
        let origins = cleaned.origins.iter().map(|origin| match *origin {
            Origin::Kept(row) => grown.origins[row as usize],
            other => other,
        });
        let classes = grown.classes.iter().map(|class| {
            let after = cleaned.classes.iter().find(|other| other.name == class.name);
            ClassCount { after: after.map_or(0, |other| other.after), ..class.clone() }
        });
        let (origins, classes) = (origins.collect(), classes.collect());
        let warnings = grown.warnings.into_iter().chain(cleaned.warnings).collect();
        Ok(Resampled { table: cleaned.table, origins, classes, warnings })
    }
}

impl Resampled {
    /// Warns of each constraint that rows break which were made: what lies between two rows in which it holds may not hold it.
    fn warn_of_broken(&mut self, given: &Table) {
        // A made-up number may be written with more places; constraints that no longer go with the columns were named before.
        let Ok(rules) = Rules::new(self.table.schema()) else { return };
        let made = self.origins.iter().filter(|origin| origin.is_new()).count() as u64;
        for index in 0..rules.rules.len() {
            let broken = rules.violations_beside(index, &self.table, given);
            let rows =
                self.origins.iter().zip(broken).filter(|(origin, broken)| origin.is_new() && *broken).count();
            if rows > 0 {
                self.warnings.push(Warning::new(
                    Topic::Sampling,
                    format!(
                        "the constraint `{}` does not hold in {} of {}: balancing knows of no constraint; drawing the new rows \
                         by a generator (such as --method forest) keeps them",
                        rules.text(index),
                        rows,
                        counted(made, "new row"),
                    ),
                ));
            }
        }
    }
}

/// The table that a method's finding describes.
fn made(work: &Work<'_>, found: Found) -> Result<Resampled> {
    let Found { kept, drafts, mut warnings } = found;
    let (grown, more) = append(
        work.table,
        &drafts,
        &work.classes.of_row,
        &work.class_columns,
        work.balance.textbook,
        work.context.seed,
    )?;
    warnings.extend(more);
    let n_given = work.table.n_rows();
    let kept = kept.unwrap_or_else(|| work.all_rows());
    let mut after = vec![0; work.classes.counts.len()];
    for &row in &kept {
        after[work.class_of(row)] += 1;
    }
    let mut origins: Vec<Origin> = kept.iter().map(|&row| Origin::Kept(row)).collect();
    for draft in &drafts.rows {
        let origin = draft.origin();
        after[work.class_of(base(origin))] += 1;
        origins.push(origin);
    }
    let table = if kept.len() == n_given {
        grown
    } else {
        let rows = kept.iter().map(|&row| row as usize).chain(n_given..grown.n_rows());
        grown.take(&rows.collect::<Vec<_>>())
    };
    Ok(Resampled { table, origins, classes: counts(&work.classes, &after), warnings })
}

fn base(origin: Origin) -> u32 {
    match origin {
        Origin::Kept(row)
        | Origin::Copy(row)
        | Origin::Between { base: row, .. }
        | Origin::Around(row)
        | Origin::Among(row)
        | Origin::Mean(row) => row,
        Origin::Drawn => 0,
    }
}

fn counts(classes: &Classes, after: &[usize]) -> Vec<ClassCount> {
    let of_class = classes.names.iter().zip(&classes.counts).zip(after);
    of_class.map(|((name, &before), &after)| ClassCount { name: name.clone(), before, after }).collect()
}

/// The table with rows that a generator draws behind it.
fn drawn(synthesizer: &AnySynthesizer, work: &Work<'_>) -> Result<Resampled> {
    let (found, drawn) = generated::find(synthesizer, work)?;
    let mut after = work.classes.counts.clone();
    for (class, more) in work.growing(synthesizer.name())? {
        after[class] += more;
    }
    let table = match &drawn {
        Some(drawn) => generated::join(work.table, drawn)?,
        None => work.table.clone(),
    };
    let mut origins: Vec<Origin> = work.all_rows().into_iter().map(Origin::Kept).collect();
    origins.resize(table.n_rows(), Origin::Drawn);
    Ok(Resampled { table, origins, classes: counts(&work.classes, &after), warnings: found.warnings })
}
