use std::cmp::Reverse;
use std::collections::BTreeMap;

use lookalike_table::Codes;

use crate::alignment::{AlignedColumn, Cells, Role, Sort};
use crate::group::Scene;
use crate::names::{LEAST_ROWS, level_names};

/// The rows of all tables by the values that they have in the sensitive columns.
pub(super) struct Subgroups {
    /// Of each table the group of each row. Groups are numbered from the one with the most training rows.
    pub(super) of: [Option<Vec<u32>>; 4],
    /// Of each group its rows in each table.
    pub(super) counts: Vec<[usize; 4]>,
    /// Of each group its values, for exhibits; nothing where few training rows have them.
    names: Vec<Option<String>>,
}

/// How many groups an exhibit names.
const MOST_NAMED: usize = 30;

/// What the other groups are called together.
const OTHERS: &str = "(all smaller groups)";

/// The sensitive columns, or why there are none.
pub(super) fn sensitive_columns<'a>(scene: &'a Scene<'_>) -> Result<Vec<&'a AlignedColumn>, &'static str> {
    if scene.sensitive.is_empty() {
        return Err("no sensitive column was named");
    }
    let mut columns: Vec<&AlignedColumn> = Vec::new();
    for &index in scene.sensitive {
        let Some(column) = scene.alignment.columns.iter().find(|column| column.index == index) else {
            return Err("a sensitive column is an id, free text, the unit or entirely missing");
        };
        if column.cells(Role::Synthetic).is_none() {
            return Err("the synthetic table lacks a sensitive column");
        }
        if columns.iter().all(|known| known.index != index) {
            columns.push(column);
        }
    }
    Ok(columns)
}

impl Subgroups {
    /// Groups by these columns. Numbers and dates are cut at the quartiles of the training column; missing cells are a
    /// value of their own.
    pub(super) fn new(scene: &Scene<'_>, columns: &[&AlignedColumn]) -> Self {
        let values: Vec<Values> = columns.iter().map(|column| Values::new(scene, column)).collect();
        let keys: [Option<Vec<Vec<u32>>>; 4] = std::array::from_fn(|role| {
            let rows = scene.alignment.rows[role]?;
            let codes: Vec<&Vec<u32>> =
                values.iter().map(|values| values.codes[role].as_ref()).collect::<Option<_>>()?;
            Some((0..rows).map(|row| codes.iter().map(|codes| codes[row]).collect()).collect())
        });
        let mut counted: BTreeMap<&[u32], [usize; 4]> = BTreeMap::new();
        for (role, keys) in keys.iter().enumerate() {
            for key in keys.iter().flatten() {
                counted.entry(key).or_default()[role] += 1;
            }
        }
        let mut order: Vec<(&[u32], [usize; 4])> = counted.into_iter().collect();
        // The order of keys decides between groups of equal size.
        order.sort_by_key(|(_, counts)| Reverse(counts[Role::Train as usize]));
        let number: BTreeMap<&[u32], u32> = order.iter().map(|(key, _)| *key).zip(0..).collect();
        let name = |(key, counts): &(&[u32], [usize; 4])| {
            let parts = columns.iter().zip(&values).zip(*key).map(|((column, values), &code)| {
                Some(format!("{} {}", column.name, values.names[code as usize].as_ref()?))
            });
            let parts: Option<Vec<String>> = parts.collect();
            parts.filter(|_| counts[Role::Train as usize] >= LEAST_ROWS).map(|parts| parts.join(", "))
        };
        Subgroups {
            of: std::array::from_fn(|role| {
                Some(keys[role].as_ref()?.iter().map(|key| number[key.as_slice()]).collect())
            }),
            names: order.iter().map(name).collect(),
            counts: order.iter().map(|(_, counts)| *counts).collect(),
        }
    }

    /// How many groups there are in all tables together.
    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }

    /// The share of a table's rows that each group has; nothing without rows.
    pub(super) fn shares(&self, role: Role) -> Option<Vec<f64>> {
        let rows = self.of[role as usize].as_ref().filter(|rows| !rows.is_empty())?.len();
        Some(self.counts.iter().map(|counts| counts[role as usize] as f64 / rows as f64).collect())
    }

    /// The rows of a table that are of this group.
    pub(super) fn rows(&self, role: Role, group: usize) -> Vec<usize> {
        let groups = self.of[role as usize].iter().flatten();
        groups.enumerate().filter(|(_, own)| **own as usize == group).map(|(row, _)| row).collect()
    }

    /// What an exhibit calls a group; nothing for those that it does not name.
    pub(super) fn name(&self, group: usize) -> Option<&str> {
        if group < MOST_NAMED { self.names[group].as_deref() } else { None }
    }

    /// Names for an exhibit, and amounts summed up accordingly: groups without a name come last, together.
    pub(super) fn pooled(&self, amounts: &[&[f64]]) -> (Vec<String>, Vec<Vec<f64>>) {
        let named: Vec<usize> = (0..self.len()).filter(|&group| self.name(group).is_some()).collect();
        let mut names: Vec<String> =
            named.iter().filter_map(|&group| self.name(group)).map(str::to_owned).collect();
        let mut taken: Vec<Vec<f64>> =
            amounts.iter().map(|amounts| named.iter().map(|&group| amounts[group]).collect()).collect();
        if named.len() < self.len() {
            names.push(OTHERS.to_owned());
            for (taken, amounts) in taken.iter_mut().zip(amounts) {
                let others = (0..self.len()).filter(|&group| self.name(group).is_none());
                taken.push(others.map(|group| amounts[group]).sum());
            }
        }
        (names, taken)
    }
}

/// The values of one sensitive column: what a cell has, and what that is called.
struct Values {
    codes: [Option<Vec<u32>>; 4],
    names: Vec<Option<String>>,
}

impl Values {
    fn new(scene: &Scene<'_>, column: &AlignedColumn) -> Self {
        let (edges, mut names) = match column.cells(Role::Train) {
            Some(Cells::Numbers(values)) => {
                let edges = quartiles(values);
                let count = edges.len() + 1;
                // A date's number means nothing to people; ranges are told apart by their order.
                let name = |range: usize| match (column.sort, edges.as_slice()) {
                    (_, []) => "any".to_owned(),
                    (Sort::Instant, _) => format!("range {} of {count}", range + 1),
                    (_, edges) if range == 0 => format!("up to {}", edges[0]),
                    (_, edges) if range + 1 == count => format!("above {}", edges[range - 1]),
                    (_, edges) => format!("above {} to {}", edges[range - 1], edges[range]),
                };
                let names = (0..count).map(|range| Some(name(range))).collect();
                (edges, names)
            }
            _ => (Vec::new(), level_names(scene, column)),
        };
        let missing = names.len() as u32;
        names.push(Some("missing".to_owned()));
        let codes = column.cells.each_ref().map(|cells| {
            Some(match cells.as_ref()? {
                Cells::Numbers(values) => values
                    .iter()
                    .map(|&value| {
                        let below = edges.partition_point(|&edge| edge < value) as u32;
                        if value.is_nan() { missing } else { below }
                    })
                    .collect(),
                Cells::Levels(codes) => {
                    codes.iter().map(|&code| if code == Codes::MISSING { missing } else { code }).collect()
                }
            })
        });
        Values { codes, names }
    }
}

/// The different quartiles that have values above them.
fn quartiles(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let Some(&last) = sorted.last() else { return Vec::new() };
    let mut edges: Vec<f64> = (1..4).map(|quarter| sorted[(sorted.len() - 1) * quarter / 4]).collect();
    edges.dedup();
    edges.retain(|&edge| edge < last);
    edges
}

#[cfg(test)]
mod tests {
    use super::quartiles;

    #[test]
    fn quartiles_cut_what_varies() {
        let values: Vec<f64> = (0..=100).map(f64::from).chain([f64::NAN]).collect();
        assert_eq!(quartiles(&values), [25.0, 50.0, 75.0]);
        assert!(quartiles(&[3.0, 3.0, 3.0]).is_empty());
        assert_eq!(quartiles(&[0.0, 0.0, 0.0, 0.0, 1.0]), [0.0]);
        assert!(quartiles(&[]).is_empty());
    }
}
