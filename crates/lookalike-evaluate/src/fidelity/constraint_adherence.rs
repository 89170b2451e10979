use std::collections::BTreeMap;

use lookalike_table::constraints::{Constraint, Rules};
use lookalike_table::{Schema, Table};
use rayon::prelude::*;

use crate::alignment::Role;
use crate::evaluation::{Measurement, Part};
use crate::metric::{Family, Goal, Metric};

/// Whether declared constraints hold.
pub(crate) const CONSTRAINT_ADHERENCE: Metric = Metric {
    name: "constraint-adherence",
    title: "ConstraintAdherence",
    meaning: "the share of rows in which every constraint holds that was declared of the training table (`--constraint`, \
              `--constraints`, or in its schema); for each constraint the share of rows that do not break it, and how many do. \
              Combinations are those of the training table, and a missing cell breaks nothing unless the constraint is about \
              missing cells",
    family: Family::Validity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "after ConstraintAdherence of SDMetrics, https://docs.sdv.dev/sdmetrics",
};

pub(crate) fn measure(tables: [Option<&Table>; 4]) -> Measurement {
    let train = tables[Role::Train as usize].expect("there is a training table");
    let constraints = &train.schema().constraints;
    if constraints.is_empty() {
        return Measurement::skipped(
            &CONSTRAINT_ADHERENCE,
            "no constraint was declared of the training table; give --constraint, or --constraints",
        );
    }
    let broken: Vec<[Option<Vec<bool>>; 3]> = constraints
        .par_iter()
        .map(|constraint| {
            [Role::Synthetic, Role::Holdout, Role::Baseline]
                .map(|role| breaking(constraint, tables[role as usize]?, train))
        })
        .collect();
    let share = |flags: &Vec<bool>| {
        (!flags.is_empty())
            .then(|| 1.0 - flags.iter().filter(|&&flag| flag).count() as f64 / flags.len() as f64)
    };
    let parts = constraints
        .iter()
        .zip(&broken)
        .map(|(constraint, broken)| {
            let [value, floor, baseline] = [0, 1, 2].map(|role| broken[role].as_ref().and_then(share));
            let count = broken[0].as_ref().map(|flags| flags.iter().filter(|&&flag| flag).count());
            let details = count.map(|count| ("violations".to_owned(), count as f64)).into_iter();
            Part {
                columns: constraint.columns(),
                measure: constraint.to_string(),
                value,
                floor,
                baseline,
                details: details.collect::<BTreeMap<_, _>>(),
            }
        })
        .collect();
    // A row counts when it breaks none; a table that lacks a column of one has nothing to show for it.
    let whole = |role: usize| -> Option<f64> {
        let mut all: Vec<bool> = Vec::new();
        for broken in &broken {
            let flags = broken[role].as_ref()?;
            all.resize(flags.len(), false);
            for (all, flag) in all.iter_mut().zip(flags) {
                *all |= flag;
            }
        }
        share(&all)
    };
    let mut measurement = Measurement::of(
        &CONSTRAINT_ADHERENCE,
        whole(0),
        "the synthetic table has no rows, or lacks a column",
    )
    .beside(whole(1), whole(2));
    measurement.parts = parts;
    measurement
}

/// The rows of a table that break a constraint; `None` where it lacks a column, or has it of another kind.
fn breaking(constraint: &Constraint, table: &Table, train: &Table) -> Option<Vec<bool>> {
    let names = constraint.columns();
    let of = |table: &Table| -> Option<Table> {
        let columns: Vec<usize> =
            names.iter().map(|name| table.schema().index_of(name).ok()).collect::<Option<_>>()?;
        Some(table.select(&columns).with_constraints(vec![constraint.clone()]))
    };
    let (own, training) = (of(table)?, of(train)?);
    let rules = Rules::new(own.schema()).ok()?;
    let kinds = |schema: &Schema| -> Vec<_> {
        schema.columns.iter().map(|column| std::mem::discriminant(&column.kind)).collect()
    };
    if kinds(own.schema()) != kinds(training.schema()) {
        return None;
    }
    Some(rules.violations_beside(0, &own, &training))
}

#[cfg(test)]
mod tests {
    use lookalike_core::{Context, Seed};
    use lookalike_table::schema::NumberFormat;
    use lookalike_table::{Column, ColumnSchema, Kind};

    use crate::judge::{Inputs, evaluate};
    use crate::metric::Wanted;

    use super::*;

    fn table(low: Vec<i64>, high: Vec<i64>) -> Table {
        let whole = || Kind::Numerical(NumberFormat::whole());
        let schema = Schema::new(vec![ColumnSchema::new("low", whole()), ColumnSchema::new("high", whole())]);
        let columns = vec![Column::from_integers(low, None), Column::from_integers(high, None)];
        Table::new(schema.into(), columns).unwrap()
    }

    #[test]
    fn rows_that_break_a_constraint_are_counted_once() {
        let constraints = ["low <= high", "low >= 0", "combinations(low, high)"]
            .map(|text| Constraint::parse(text).unwrap());
        let train = table(vec![1, 2, 3], vec![1, 5, 4]).with_constraints(constraints.to_vec());
        // The first row holds, the second breaks all three, the third is a new combination.
        let synthetic = table(vec![1, -1, 3], vec![1, -2, 5]);
        let wanted = Wanted::These(vec!["constraint-adherence".to_owned()]);
        let inputs = Inputs { wanted: &wanted, ..Inputs::new(&train, &synthetic) };
        let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
        let found = evaluation.metric("constraint-adherence").unwrap();
        assert!((found.value.unwrap() - 1.0 / 3.0).abs() < 1e-12);
        let violations: Vec<f64> = found.parts.iter().map(|part| part.details["violations"]).collect();
        assert_eq!(violations, [1.0, 1.0, 2.0]);
        let none = table(vec![1], vec![1]);
        let evaluation = evaluate(
            &Inputs { wanted: &wanted, ..Inputs::new(&none, &synthetic) },
            &Context::new(Seed::new(1)),
        );
        assert!(evaluation.unwrap().metric("constraint-adherence").unwrap().skipped.is_some());
    }
}
