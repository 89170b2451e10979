use std::collections::BTreeMap;

use hashbrown::HashMap;
use lookalike_learn::score::row_keys;
use lookalike_learn::tree::Feature;

use crate::alignment::{AlignedColumn, Cells, Role};
use crate::evaluation::{Measurement, Part};
use crate::fidelity::cut::{Cut, Edges};
use crate::group::Scene;
use crate::metric::{Family, Goal, Metric, Need};

/// Unique training rows that are unique among the synthetic ones too.
pub(crate) const REPLICATED_UNIQUES: Metric = Metric {
    name: "replicated-uniques",
    title: "unique training rows found unique again (repU)",
    meaning: "the share of training rows that nobody shares the keys (--keys: what an attacker may know of a person) with \
              and whose keys occur exactly once in the synthetic table too. Numbers with more than 20 different values \
              are cut at the tenths. The floor is the holdout's, `same_size` the figure from as many synthetic rows",
    family: Family::Privacy,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Keys],
    headline: false,
    citation: "Raab, Nowok and Dibben 2024, https://arxiv.org/abs/2406.16826",
};

/// Training rows of whom the synthetic table gives something away.
pub(crate) const DISCO: Metric = Metric {
    name: "disco",
    title: "disclosive in synthetic, correct in original (DiSCO)",
    meaning: "the share of training rows of whom an attacker who knows the keys would learn another column for certain \
              and rightly: all synthetic rows with these keys agree in it, and it is true. The mean over the columns \
              that are no keys; the parts say which is worst. What the keys decide anyway counts too: see the floor",
    ..REPLICATED_UNIQUES
};

/// How alone rows of the real table are.
pub(crate) const K_ANONYMITY: Metric = Metric {
    name: "k-anonymity",
    title: "k-anonymity of the training table",
    meaning: "how many training rows at least share their keys. It is about the real table, not the synthetic one, and says \
              how much there is to protect: with 1, somebody is unique. `unique` and `below_5` are the shares of rows \
              that are alone, or with three others at most",
    goal: Goal::Higher,
    range: (Some(1.0), None),
    citation: "Sweeney 2002, https://doi.org/10.1142/S0218488502001648",
    ..REPLICATED_UNIQUES
};

/// How much those who share their keys differ in the target.
pub(crate) const L_DIVERSITY: Metric = Metric {
    name: "l-diversity",
    title: "l-diversity of the training table",
    meaning: "how many different values of the target at least there are among training rows that share their keys. It is \
              about the real table. `single` is the share of rows whose keys give the target away",
    needs: &[Need::Keys, Need::Target],
    citation: "Machanavajjhala et al. 2007, https://doi.org/10.1145/1217299.1217302",
    ..K_ANONYMITY
};

pub(crate) const METRICS: [&Metric; 4] = [&REPLICATED_UNIQUES, &DISCO, &K_ANONYMITY, &L_DIVERSITY];

/// Numbers with more different values are cut.
const MOST_VALUES: usize = 20;

pub(crate) fn measure(scene: &Scene<'_>) -> Vec<Measurement> {
    let alignment = &scene.alignment;
    let skip = |reason: &str| METRICS.map(|metric| Measurement::skipped(metric, reason)).to_vec();
    if scene.keys.is_empty() {
        return skip("no keys were named: columns that an attacker may know of a person");
    }
    let is_key = |column: &AlignedColumn| scene.keys.contains(&column.index);
    let keys: Vec<&AlignedColumn> = alignment.columns.iter().filter(|column| is_key(column)).collect();
    if keys.len() < scene.keys.len() {
        return skip("a key is an id, free text, the unit or entirely missing");
    }
    let mut groups = Groups::default();
    let coded: Vec<[Option<Vec<u32>>; 4]> = keys.iter().map(|column| coded(column)).collect();
    let of_role: [Option<Vec<u32>>; 4] = std::array::from_fn(|role| groups.number(role, &coded));
    let [Some(train), holdout, synthetic, baseline] = of_role else {
        unreachable!("the training table has its columns")
    };
    let counts = groups.counts(&train);
    let lacks = "the synthetic table lacks a key, or has no rows";

    let unique_again = |released: &[u32]| {
        let again = groups.counts(released);
        let found = train.iter().filter(|&&group| counts[group as usize] == 1 && again[group as usize] == 1);
        found.count() as f64 / train.len() as f64
    };
    let of = |released: &Option<Vec<u32>>| released.as_ref().map(|released| unique_again(released));
    let same_size = synthetic
        .as_ref()
        .zip(holdout.as_ref())
        .and_then(|(synthetic, holdout)| synthetic.get(..holdout.len()).map(unique_again));
    let unique = counts.iter().filter(|&&count| count == 1).count() as f64 / train.len() as f64;
    let replicated = Measurement::of(&REPLICATED_UNIQUES, of(&synthetic), lacks)
        .beside(of(&holdout), of(&baseline))
        .detail("same_size", same_size)
        .detail("unique_in_training", Some(unique));

    let secrets: Vec<&AlignedColumn> = alignment
        .columns
        .iter()
        .filter(|column| !is_key(column) && column.cells(Role::Synthetic).is_some())
        .collect();
    let parts = secrets
        .iter()
        .map(|column| {
            let values = self::coded(column);
            let disclosed = |released: &Option<Vec<u32>>, role: Role| {
                let (groups_of, values_of) = (released.as_ref()?, values[role as usize].as_ref()?);
                let known = groups.agreed(groups_of, values_of);
                let own = values[Role::Train as usize].as_ref()?;
                let right = train
                    .iter()
                    .zip(own)
                    .filter(|&(&group, &value)| known[group as usize] == Agreed::On(value));
                Some(right.count() as f64 / train.len() as f64)
            };
            Part {
                columns: vec![column.name.clone()],
                measure: "disclosed-and-correct".to_owned(),
                value: disclosed(&synthetic, Role::Synthetic),
                floor: disclosed(&holdout, Role::Holdout),
                baseline: disclosed(&baseline, Role::Baseline),
                details: BTreeMap::new(),
            }
        })
        .collect();
    let disco =
        Measurement::mean_of(&DISCO, parts, "there is no column besides the keys that both tables have");

    let alone = |fewer_than: u32| {
        let rows = train.iter().filter(|&&group| counts[group as usize] < fewer_than).count();
        rows as f64 / train.len() as f64
    };
    let smallest = train.iter().map(|&group| counts[group as usize]).min();
    let k_anonymity =
        Measurement::of(&K_ANONYMITY, smallest.map(f64::from), "the training table has no rows")
            .detail("unique", Some(alone(2)))
            .detail("below_5", Some(alone(5)));
    let target =
        alignment.columns.iter().find(|column| Some(column.index) == scene.target && !is_key(column));
    let l_diversity = match target.and_then(|target| self::coded(target)[Role::Train as usize].take()) {
        None => Measurement::skipped(&L_DIVERSITY, "no target was named, or it is a key"),
        Some(values) => {
            let different = groups.different(&train, &values);
            let least = train.iter().map(|&group| different[group as usize]).min();
            let single = train.iter().filter(|&&group| different[group as usize] == 1).count();
            Measurement::of(&L_DIVERSITY, least.map(f64::from), "the training table has no rows")
                .detail("single", Some(single as f64 / train.len() as f64))
        }
    };
    vec![replicated, disco, k_anonymity, l_diversity]
}

/// A column as codes that mean the same in each table.
fn coded(column: &AlignedColumn) -> [Option<Vec<u32>>; 4] {
    let Some(Cells::Numbers(train)) = column.cells(Role::Train) else {
        return std::array::from_fn(|role| match column.cells[role].as_ref()? {
            Cells::Levels(codes) => Some(codes.clone()),
            Cells::Numbers(_) => None,
        });
    };
    let mut different: Vec<u64> = train.iter().map(|&value| bits(value)).collect();
    different.sort_unstable();
    different.dedup();
    if different.len() > MOST_VALUES {
        return Cut::new(column, Edges::Tenths).map_or([const { None }; 4], |cut| cut.codes);
    }
    std::array::from_fn(|role| match column.cells[role].as_ref()? {
        // What training lacks has a code of its own.
        Cells::Numbers(values) => Some(
            values
                .iter()
                .map(|&value| different.binary_search(&bits(value)).map_or(u32::MAX, |place| place as u32))
                .collect(),
        ),
        Cells::Levels(_) => None,
    })
}

/// One zero, one NaN.
fn bits(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { (value + 0.0).to_bits() }
}

/// Rows that share their keys, numbered over all tables.
#[derive(Default)]
struct Groups {
    numbers: HashMap<[u64; 2], u32>,
}

/// What rows of a group say of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Agreed {
    Nothing,
    On(u32),
    Not,
}

impl Groups {
    fn number(&mut self, role: usize, coded: &[[Option<Vec<u32>>; 4]]) -> Option<Vec<u32>> {
        let features: Vec<Feature<'_>> = coded
            .iter()
            .map(|codes| codes[role].as_ref().map(|codes| Feature::Categorical { codes, levels: 0 }))
            .collect::<Option<_>>()?;
        let keys = row_keys(&features);
        let of_row = |key| {
            let next = self.numbers.len() as u32;
            *self.numbers.entry(key).or_insert(next)
        };
        (!keys.is_empty()).then(|| keys.into_iter().map(of_row).collect())
    }

    fn counts(&self, groups: &[u32]) -> Vec<u32> {
        let mut counts = vec![0; self.numbers.len()];
        for &group in groups {
            counts[group as usize] += 1;
        }
        counts
    }

    fn agreed(&self, groups: &[u32], values: &[u32]) -> Vec<Agreed> {
        let mut agreed = vec![Agreed::Nothing; self.numbers.len()];
        for (&group, &value) in groups.iter().zip(values) {
            let known = &mut agreed[group as usize];
            *known = match *known {
                Agreed::Nothing => Agreed::On(value),
                Agreed::On(other) if other == value => Agreed::On(value),
                _ => Agreed::Not,
            };
        }
        agreed
    }

    /// How many different values the rows of each group have.
    fn different(&self, groups: &[u32], values: &[u32]) -> Vec<u32> {
        let mut pairs: Vec<(u32, u32)> = groups.iter().copied().zip(values.iter().copied()).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let groups: Vec<u32> = pairs.into_iter().map(|(group, _)| group).collect();
        self.counts(&groups)
    }
}
