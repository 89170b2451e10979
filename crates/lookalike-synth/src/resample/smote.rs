//! SMOTE and its kin for categories.

use lookalike_core::{Phase, Stream};
use lookalike_learn::neighbours::Neighbourhoods;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::drafts::{Draft, Drafts};
use super::error::ResampleError;
use super::space::{Space, level_codes};
use super::work::{Found, Work};
use crate::error::Result;

/// SMOTE: a new row lies at a random place between a row of the class and one of its nearest neighbours in the class.
///
/// As `smote` it takes tables of numbers; as `smotenc`, after the same paper's section 6.1, it takes levels too,
/// which become the most frequent ones among the row's neighbours.
///
/// # References
/// - Chawla, N. V., Bowyer, K. W., Hall, L. O. and Kegelmeyer, W. P. (2002). SMOTE: synthetic minority over-sampling
///   technique. <https://doi.org/10.1613/jair.953>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Smote {
    /// How many nearest neighbours a row has, at least 1.
    pub neighbors: usize,
}

impl Default for Smote {
    fn default() -> Self {
        Smote { neighbors: 5 }
    }
}

/// SMOTEN: SMOTE for tables of levels alone, after section 6.2 of the paper.
///
/// Neighbours are near by the value difference metric: the distance of two rows is the root of the sum over columns
/// of the square of `sum over classes |P(class | level a) - P(class | level b)|`. A new row has the levels that are
/// most frequent among a row's neighbours.
///
/// # References
/// - Chawla, N. V., Bowyer, K. W., Hall, L. O. and Kegelmeyer, W. P. (2002). SMOTE: synthetic minority over-sampling
///   technique. <https://doi.org/10.1613/jair.953>
/// - Stanfill, C. and Waltz, D. (1986). Toward memory-based reasoning. <https://doi.org/10.1145/7902.7906>
/// - Cost, S. and Salzberg, S. (1993). A weighted nearest neighbor algorithm for learning with symbolic features.
///   <https://doi.org/10.1023/A:1022664626993>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Smoten {
    /// How many nearest neighbours a row has, at least 1.
    pub neighbors: usize,
}

impl Default for Smoten {
    fn default() -> Self {
        Smoten { neighbors: 5 }
    }
}

/// The problem of options that ask for no neighbour.
pub(super) fn some_neighbors(neighbors: usize) -> Vec<String> {
    if neighbors > 0 { Vec::new() } else { vec!["there must be at least 1 neighbour".to_owned()] }
}

impl Smote {
    pub(super) fn find(self, work: &Work<'_>, method: &'static str) -> Result<Found> {
        let space = work.space()?;
        if method == "smote"
            && let Some(column) = space.first_level()
        {
            return Err(ResampleError::Kinds {
                method,
                needed: "numbers or dates",
                column: column.to_owned(),
            }
            .into());
        }
        let growing = work.growing(method)?;
        let phase = Phase::begin(work.context.progress, "finding neighbours", Some(growing.len() as u64));
        let mut drafts = Drafts::default();
        for (class, count) in growing {
            let members = work.members(class, self.neighbors)?;
            let near = work.among_themselves(&space.points(&members, &members), self.neighbors)?;
            let mut stream = work.context.seed.stream("between", class as u64);
            let bases: Vec<u32> = (0..members.len() as u32).collect();
            drafts.append(between(&members, &bases, &near, count, &mut stream, &space));
            phase.advance(1)?;
        }
        Ok(Found { drafts, ..Found::default() })
    }
}

/// Rows at random places between bases and their neighbours: `bases` are places among `members`, and `near` has the
/// neighbours of each base, as places among `members` too.
pub(super) fn between(
    members: &[u32],
    bases: &[u32],
    near: &Neighbourhoods,
    count: usize,
    stream: &mut Stream,
    space: &Space<'_>,
) -> Drafts {
    let mut drafts = Drafts::default();
    let groups = voters(members, near, &mut drafts, bases.len(), space);
    for _ in 0..count {
        let base = stream.below(bases.len() as u64) as usize;
        drafts.rows.push(towards(members, bases, near, base, groups[base], stream));
    }
    drafts
}

/// A row at a random place between a base and one of its neighbours.
pub(super) fn towards(
    members: &[u32],
    bases: &[u32],
    near: &Neighbourhoods,
    base: usize,
    voters: (u32, u32),
    stream: &mut Stream,
) -> Draft {
    let near = near.of(base);
    let other = members[near[stream.below(near.len() as u64) as usize].row as usize];
    Draft::Between { base: members[bases[base] as usize], other, gap: stream.unit(), voters }
}

/// The neighbours of each base as voters, where there are levels to vote on.
pub(super) fn voters(
    members: &[u32],
    near: &Neighbourhoods,
    drafts: &mut Drafts,
    bases: usize,
    space: &Space<'_>,
) -> Vec<(u32, u32)> {
    if space.levels.is_empty() {
        return vec![(0, 0); bases];
    }
    (0..bases).map(|base| drafts.group(near.of(base).iter().map(|near| members[near.row as usize]))).collect()
}

impl Smoten {
    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let space = work.space()?;
        if let Some(column) = space.first_number() {
            let column = column.to_owned();
            return Err(ResampleError::Kinds {
                method: "smoten",
                needed: "categories or truth values",
                column,
            }
            .into());
        }
        let growing = work.growing("smoten")?;
        let phase = Phase::begin(work.context.progress, "finding neighbours", Some(growing.len() as u64));
        let differences = Differences::of(work, &space);
        let mut drafts = Drafts::default();
        for (class, count) in growing {
            let members = work.members(class, self.neighbors)?;
            let near: Vec<Vec<u32>> = members
                .par_iter()
                .map(|&row| {
                    phase.check()?;
                    Ok(differences.nearest(row, &members, self.neighbors))
                })
                .collect::<Result<_>>()?;
            let groups: Vec<(u32, u32)> = near.into_iter().map(|near| drafts.group(near)).collect();
            let mut stream = work.context.seed.stream("between", class as u64);
            for _ in 0..count {
                let base = stream.below(members.len() as u64) as usize;
                drafts.rows.push(Draft::Among { base: members[base], voters: groups[base] });
            }
            phase.advance(1)?;
        }
        Ok(Found { drafts, ..Found::default() })
    }
}

/// The value difference metric.
struct Differences {
    /// For each column the levels of all rows, and each level's shares of the classes.
    columns: Vec<(Vec<u32>, Vec<f64>)>,
    n_classes: usize,
}

impl Differences {
    fn of(work: &Work<'_>, space: &Space<'_>) -> Self {
        let n_classes = work.classes.counts.len();
        let columns = space.levels.iter().map(|&index| {
            let codes = level_codes(work.table.column(index));
            let n_levels = codes.iter().max().map_or(0, |&most| most as usize + 1);
            let mut shares = vec![0.0; n_levels * n_classes];
            for (&code, &class) in codes.iter().zip(&work.classes.of_row) {
                shares[code as usize * n_classes + class as usize] += 1.0;
            }
            for shares in shares.chunks_exact_mut(n_classes) {
                let all: f64 = shares.iter().sum();
                for share in shares {
                    *share /= all.max(1.0);
                }
            }
            (codes, shares)
        });
        Differences { columns: columns.collect(), n_classes }
    }

    fn squared_distance(&self, a: u32, b: u32) -> f64 {
        let mut sum = 0.0;
        for (codes, shares) in &self.columns {
            let (a, b) = (codes[a as usize] as usize, codes[b as usize] as usize);
            if a != b {
                let of = |level: usize| &shares[level * self.n_classes..(level + 1) * self.n_classes];
                let difference: f64 = of(a).iter().zip(of(b)).map(|(a, b)| (a - b).abs()).sum();
                sum += difference * difference;
            }
        }
        sum
    }

    /// The nearest other members; of those equally near, the first.
    fn nearest(&self, row: u32, members: &[u32], k: usize) -> Vec<u32> {
        let mut all: Vec<(f64, u32)> = members
            .iter()
            .filter(|&&other| other != row)
            .map(|&other| (self.squared_distance(row, other), other))
            .collect();
        let before = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if k < all.len() {
            all.select_nth_unstable_by(k, before);
            all.truncate(k);
        }
        all.sort_unstable_by(before);
        all.into_iter().map(|(_, row)| row).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use lookalike_core::{Context, Seed};
    use lookalike_table::{Column, ColumnSchema, Kind, Levels, Schema, Table};

    use super::*;
    use crate::resample::Balance;

    #[test]
    fn value_differences_are_those_of_imbalanced_learn() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/imbalanced-learn/figures.json");
        let figures: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let figures = &figures["levels"];
        let codes = |value: &serde_json::Value| -> Vec<u32> {
            value.as_array().unwrap().iter().map(|code| code.as_u64().unwrap() as u32).collect()
        };
        let columns: Vec<Vec<u32>> = figures["x"].as_array().unwrap().iter().map(codes).collect();
        let named = ["a", "b", "c", "class"];
        let schema =
            named.map(|name| ColumnSchema::new(name, Kind::Categorical { order: Vec::new() })).to_vec();
        let columns = columns.into_iter().chain([codes(&figures["y"])]);
        let columns = columns.map(|codes| Column::from_codes(codes, &Levels::new(["0", "1", "2", "3", "4"])));
        let table = Table::new(Schema::new(schema).into(), columns.collect()).unwrap();

        let (balance, context) = (Balance::of(3), Context::new(Seed::new(1)));
        let work = Work::new(&table, &balance, &context).unwrap();
        let differences = Differences::of(&work, &work.space().unwrap());
        for (a, row) in figures["distances"].as_array().unwrap().iter().enumerate() {
            for (b, expected) in row.as_array().unwrap().iter().enumerate() {
                let own = differences.squared_distance(a as u32, b as u32);
                // The metric is recorded as a sum of squares.
                assert!((own - expected.as_f64().unwrap()).abs() < 1e-8, "{a} {b}: {own} {expected}");
            }
        }
    }
}
