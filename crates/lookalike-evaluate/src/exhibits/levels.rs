use lookalike_table::{Codes, Column, ColumnSchema, spelling};

use super::small_cells::{Counts, FEWEST, add, is_small};

/// The commonest levels that are shown by name.
const MOST_LEVELS: usize = 20;

/// What rarer levels are called together.
pub(super) const OTHER: &str = "(other)";

/// The rows of some tables in the levels of one column.
pub(super) struct Shown {
    pub(super) labels: Vec<String>,
    /// Per label the rows of each table; the commonest in the training table first.
    pub(super) counts: Vec<Counts>,
}

/// Counts levels in the tables, of which the first is the training table and the first `real` are real. Levels that
/// few rows of a real table have, or that come after the commonest, are counted together.
pub(super) fn count(tables: &[&[u32]], real: usize, levels: usize, train: (&ColumnSchema, &Column)) -> Shown {
    let mut counts: Vec<Counts> = vec![vec![0; tables.len()]; levels];
    for (table, codes) in tables.iter().enumerate() {
        for &code in codes.iter().filter(|&&code| code != Codes::MISSING) {
            counts[code as usize][table] += 1;
        }
    }
    let mut order: Vec<usize> =
        (0..levels).filter(|&level| counts[level][0] >= FEWEST && !is_small(&counts[level], real)).collect();
    order.sort_by_key(|&level| (std::cmp::Reverse(counts[level][0]), level));
    order.truncate(MOST_LEVELS);
    let mut other = vec![0; tables.len()];
    (0..levels).filter(|level| !order.contains(level)).for_each(|level| add(&mut other, &counts[level]));
    while is_small(&other, real)
        && let Some(rarest) = order.pop()
    {
        add(&mut other, &counts[rarest]);
    }
    let mut shown = Shown {
        labels: names(&order, tables[0], train),
        counts: order.iter().map(|&level| counts[level].clone()).collect(),
    };
    if other.iter().any(|&rows| rows > 0) {
        shown.labels.push(OTHER.to_owned());
        shown.counts.push(other);
    }
    shown
}

/// How the training table spells these levels: each as in its first row.
fn names(levels: &[usize], codes: &[u32], (schema, column): (&ColumnSchema, &Column)) -> Vec<String> {
    let first = |&level: &usize| {
        codes.iter().position(|&code| code as usize == level).expect("training rows have the level")
    };
    let rows: Vec<usize> = levels.iter().map(first).collect();
    spelling::spell(schema, &column.take(&rows)).into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use lookalike_table::{Kind, Levels};

    use super::*;

    #[test]
    fn rare_levels_have_no_name_and_no_count_of_their_own() {
        let texts: Vec<String> = (0..40).map(|level| format!("level{level}")).collect();
        // Level n has n rows.
        let codes: Vec<u32> = (0..40_u32).flat_map(|level| vec![level; level as usize]).collect();
        let column = Column::from_codes(codes.clone(), &Levels::new(&texts));
        let schema = ColumnSchema::new("x", Kind::Categorical { order: Vec::new() });
        let synthetic = [3, 3, 39, Codes::MISSING];
        let shown = count(&[&codes, &synthetic], 1, 40, (&schema, &column));
        assert_eq!(shown.labels.len(), 21);
        assert_eq!((shown.labels[0].as_str(), &shown.counts[0]), ("level39", &vec![39, 1]));
        assert_eq!((shown.labels[20].as_str(), &shown.counts[20]), (OTHER, &vec![190, 2]));

        // Two rows of rare levels alone would be seen under "other", so a common level goes with them.
        let codes: Vec<u32> = [vec![0; 50], vec![1; 20], vec![2; 2]].concat();
        let column = Column::from_codes(codes.clone(), &Levels::new(["a", "b", "c"]));
        let shown = count(&[&codes], 1, 3, (&schema, &column));
        assert_eq!(shown.labels, ["a", OTHER]);
        assert_eq!(shown.counts, [[50], [22]]);
    }
}
