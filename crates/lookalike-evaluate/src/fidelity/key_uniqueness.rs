use std::collections::BTreeMap;

use lookalike_table::{Kind, Table};
use rayon::prelude::*;

use super::validity::repeats;
use crate::alignment::{Role, match_columns};
use crate::evaluation::{Measurement, Part};
use crate::metric::{Family, Goal, Metric};

/// Keys that are none twice.
pub(crate) const KEY_UNIQUENESS: Metric = Metric {
    name: "key-uniqueness",
    title: "KeyUniqueness",
    meaning: "columns of ids without a repetition in the training table, and its primary key: different values per row; \
              missing ones are no values. It does not say whether keys were copied",
    family: Family::Validity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "KeyUniqueness of SDMetrics, https://docs.sdv.dev/sdmetrics",
};

pub(crate) fn measure(tables: [Option<&Table>; 4]) -> Measurement {
    let train = tables[Role::Train as usize].expect("there is a training table");
    let places: Vec<Vec<Option<usize>>> =
        tables.iter().map(|table| table.map_or_else(Vec::new, |table| match_columns(train, table))).collect();
    let keys: Vec<usize> = (0..train.n_columns())
        .filter(|&index| {
            let is_key = matches!(train.schema().columns[index].kind, Kind::Id(_));
            (is_key || train.schema().primary_key == Some(index)) && repeats(train.column(index)) == 0
        })
        .collect();
    let parts: Vec<Part> = keys
        .par_iter()
        .map(|&index| {
            let unique = |role: Role| {
                let table = tables[role as usize]?;
                let column = table.column((*places[role as usize].get(index)?)?);
                let different = table.n_rows() - column.missing_count() - repeats(column);
                (table.n_rows() > 0).then(|| different as f64 / table.n_rows() as f64)
            };
            let absent = places[Role::Synthetic as usize].get(index).is_none_or(Option::is_none);
            Part {
                columns: vec![train.schema().columns[index].name.clone()],
                measure: "different-values-per-row".to_owned(),
                value: if absent { Some(0.0) } else { unique(Role::Synthetic) },
                floor: unique(Role::Holdout),
                baseline: unique(Role::Baseline),
                details: BTreeMap::new(),
            }
        })
        .collect();
    Measurement::mean_of(&KEY_UNIQUENESS, parts, "the training table has no unique key")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lookalike_table::schema::IdFormat;
    use lookalike_table::{Column, ColumnSchema, Schema};

    use super::*;

    fn table(keys: Vec<i64>, missing: Vec<bool>) -> Table {
        let schema = Schema::new(vec![ColumnSchema::new("key", Kind::Id(IdFormat::default()))]);
        Table::new(Arc::new(schema), vec![Column::from_integers(keys, Some(missing))]).unwrap()
    }

    /// As `SDMetrics` counts: 3 different ones in 6 rows, of which one is missing.
    #[test]
    fn missing_and_repeated_keys_are_no_new_ones() {
        let real = table((0..6).collect(), vec![false; 6]);
        let synthetic = table(vec![1, 1, 2, 3, 3, 9], vec![false, false, false, false, false, true]);
        let measured = measure([Some(&real), None, Some(&synthetic), None]);
        assert_eq!(measured.value, Some(0.5));
        let repeated = measure([Some(&synthetic), None, Some(&synthetic), None]);
        assert!(repeated.skipped.unwrap().contains("no unique key"));
    }
}
