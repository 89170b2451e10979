use std::collections::BTreeMap;

use lookalike_core::{Topic, Warning};
use lookalike_synth::resample::MOST_CLASSES_OF_NUMBERS;
use lookalike_table::{Column, ColumnSchema, Kind, Levels, Schema, Table, spelling};

use crate::error::{Error, Result};

/// A table whose target has levels, and which of its rows are positive.
pub(super) struct Classes {
    /// The rows whose target is known; the target is a column of levels, whatever it was.
    pub(super) table: Table,
    pub(super) target: usize,
    pub(super) negative: String,
    pub(super) positive: String,
    pub(super) is_positive: Vec<bool>,
    pub(super) warnings: Vec<Warning>,
}

/// With fewer rows of a class there is nothing to divide.
const LEAST_ROWS: usize = 15;

/// A target with more classes is no target of classes.
const MOST_CLASSES: usize = 100;

impl Classes {
    /// Of two classes the rarer is positive, unless one is named.
    pub(super) fn of(table: &Table, target: usize, positive: Option<&str>) -> Result<Self> {
        let described = &table.schema().columns[target];
        let column = &described.name;
        let refuse = |problem: String| Err(Error::Study { problem });
        let spelled = spelling::spell(described, table.column(target));
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for text in spelled.iter().flatten() {
            *counts.entry(text.as_str()).or_default() += 1;
        }
        let most = match described.kind {
            Kind::Numerical(_) => MOST_CLASSES_OF_NUMBERS,
            _ => MOST_CLASSES,
        };
        if counts.len() > most {
            return refuse(format!(
                "column {column:?} has {} different values: a study predicts classes, so name a column with few of them, \
                 or put its values into classes first",
                counts.len()
            ));
        }
        if counts.len() < 2 {
            return refuse(format!("column {column:?} has a single class: there is nothing to balance"));
        }
        let positive = match positive {
            Some(named) if counts.contains_key(named) => named.to_owned(),
            Some(_) => {
                return refuse(format!(
                    "column {column:?} has no such class as was named positive; `lookalike inspect` shows its classes"
                ));
            }
            None if counts.len() > 2 => {
                return refuse(format!(
                    "column {column:?} has {} classes: name the one that matters with --positive, and the others are taken \
                     together",
                    counts.len()
                ));
            }
            None => {
                let rarer = counts.iter().rev().min_by_key(|(_, count)| **count);
                rarer.map(|(name, _)| (*name).to_owned()).unwrap_or_default()
            }
        };
        let others: Vec<&str> = counts.keys().copied().filter(|name| *name != positive).collect();
        let negative = match others[..] {
            [only] => only.to_owned(),
            _ => format!("the {} other classes", others.len()),
        };
        let known: Vec<usize> = (0..spelled.len()).filter(|&row| spelled[row].is_some()).collect();
        let mut warnings = Vec::new();
        if known.len() < spelled.len() {
            let message = format!("{} rows without a class were left out", spelled.len() - known.len());
            warnings.push(Warning::of_column(Topic::Reading, column, message));
        }
        let number: BTreeMap<&str, u32> = counts.keys().copied().zip(0..).collect();
        let codes = spelled.iter().flatten().map(|text| number[text.as_str()]).collect();
        let levels = Levels::new(counts.keys());
        let is_positive: Vec<bool> = spelled.iter().flatten().map(|text| *text == positive).collect();
        let positives = is_positive.iter().filter(|own| **own).count();
        for (what, rows) in [("positive", positives), ("negative", is_positive.len() - positives)] {
            if rows < LEAST_ROWS {
                return refuse(format!(
                    "column {column:?} has {rows} {what} rows, and a study needs {LEAST_ROWS} to learn from, to choose by \
                     and to judge with"
                ));
            }
        }
        let kept = table.take(&known);
        let mut schema: Schema = (**table.schema()).clone();
        schema.columns[target] = ColumnSchema {
            missing_token: described.missing_token.clone(),
            ..ColumnSchema::new(column.clone(), Kind::Categorical { order: Vec::new() })
        };
        let mut columns = kept.columns().to_vec();
        columns[target] = Column::from_codes(codes, &levels);
        let table = Table::new(schema.into(), columns)?;
        Ok(Classes { table, target, negative, positive, is_positive, warnings })
    }

    /// The parts of the division with this number: of both classes the same shares.
    pub(super) fn divide(&self, seed: lookalike_core::Seed) -> Parts {
        let mut parts = Parts { train: Vec::new(), validation: Vec::new(), test: Vec::new() };
        for class in [false, true] {
            let rows: Vec<usize> =
                (0..self.is_positive.len()).filter(|&row| self.is_positive[row] == class).collect();
            let share = |share: f64| ((rows.len() as f64 * share).round() as usize).max(1);
            let order = seed.stream("study division", u64::from(class)).permutation(rows.len());
            let mut order = order.into_iter().map(|place| rows[place]);
            parts.test.extend(order.by_ref().take(share(TEST)));
            parts.validation.extend(order.by_ref().take(share(VALIDATION)));
            parts.train.extend(order);
        }
        for rows in [&mut parts.train, &mut parts.validation, &mut parts.test] {
            rows.sort_unstable();
        }
        parts
    }
}

/// Judged with.
const TEST: f64 = 0.2;
/// A fifth of what is left.
const VALIDATION: f64 = 0.16;

/// Rows by what they are for.
pub(super) struct Parts {
    pub(super) train: Vec<usize>,
    pub(super) validation: Vec<usize>,
    pub(super) test: Vec<usize>,
}

/// Which rows of a table have the positive class.
pub(super) fn positives(table: &Table, target: usize, positive: &str) -> Vec<bool> {
    match table.column(target).codes() {
        Some(codes) => {
            let own = (0..codes.levels.len() as u32).find(|&code| codes.levels.get(code) == positive);
            codes.codes.iter().map(|&code| Some(code) == own).collect()
        }
        None => spelling::spell(&table.schema().columns[target], table.column(target))
            .iter()
            .map(|text| text.as_deref() == Some(positive))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;
    use lookalike_table::schema::NumberFormat;

    use super::*;

    fn table(values: Vec<i64>) -> Table {
        let missing = values.iter().map(|&value| value < 0).collect();
        let schema = Schema::new(vec![ColumnSchema::new("y", Kind::Numerical(NumberFormat::whole()))]);
        Table::new(schema.into(), vec![Column::from_integers(values, Some(missing))]).unwrap()
    }

    fn problem(values: Vec<i64>, positive: Option<&str>) -> String {
        Classes::of(&table(values), 0, positive).err().unwrap().to_string()
    }

    #[test]
    fn numbers_are_classes_and_the_rarer_is_positive() {
        let values: Vec<i64> =
            (0..100).map(|row| if row < 10 { -1 } else { i64::from(row % 3 == 0) }).collect();
        let classes = Classes::of(&table(values), 0, None).unwrap();
        assert_eq!((classes.negative.as_str(), classes.positive.as_str()), ("0", "1"));
        assert_eq!(classes.table.n_rows(), 90);
        assert_eq!(classes.is_positive, positives(&classes.table, 0, "1"));
        assert_eq!(classes.warnings.len(), 1);
    }

    #[test]
    fn parts_have_the_same_shares_of_classes_and_no_row_in_common() {
        let values: Vec<i64> = (0..1000).map(|row| i64::from(row % 5 == 0)).collect();
        let classes = Classes::of(&table(values), 0, None).unwrap();
        let parts = classes.divide(Seed::new(1));
        let count =
            |rows: &[usize]| (rows.len(), rows.iter().filter(|&&row| classes.is_positive[row]).count());
        assert_eq!(
            [&parts.train, &parts.validation, &parts.test].map(|rows| count(rows)),
            [(640, 128), (160, 32), (200, 40)]
        );
        let mut all = [parts.train, parts.validation, parts.test].concat();
        all.sort_unstable();
        assert_eq!(all, (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn targets_that_cannot_be_studied_are_refused_with_a_cure() {
        assert!(problem(vec![1; 50], None).contains("single class"));
        assert!(problem((0..500).collect(), None).contains("500 different values"));
        assert!(problem((0..60).map(|row| row % 3).collect(), None).contains("--positive"));
        assert!(problem((0..60).map(|row| i64::from(row == 7)).collect(), None).contains("1 positive rows"));
        let named = problem((0..60).map(|row| row % 2).collect(), Some("secret"));
        assert!(named.contains("no such class") && !named.contains("secret"));
        let three = Classes::of(&table((0..60).map(|row| row % 3).collect()), 0, Some("2")).unwrap();
        assert_eq!(three.negative, "the 2 other classes");
    }
}
