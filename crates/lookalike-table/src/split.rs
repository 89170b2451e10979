use lookalike_core::{Seed, Topic, Warning};

use crate::column::Column;
use crate::error::{Error, Result};
use crate::protect::Units;
use crate::table::Table;

/// How a table is divided into rows to learn from and rows to judge with.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitOptions {
    /// The share of rows that goes into the holdout, above 0 and below 1.
    pub share: f64,
    /// The column that names units, such as patients: all rows of a unit stay on one side.
    pub by: Option<usize>,
    /// The column that says when: the latest rows go into the holdout.
    pub time: Option<usize>,
}

impl Default for SplitOptions {
    fn default() -> Self {
        SplitOptions { share: 0.2, by: None, time: None }
    }
}

/// The two sides of a division: row numbers in their original order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The rows to learn from.
    pub train: Vec<usize>,
    /// The rows to judge with.
    pub holdout: Vec<usize>,
    /// What the division had to do differently from what one may expect.
    pub warnings: Vec<Warning>,
}

/// Divides the rows of a table into train and holdout.
///
/// - Plain: exactly `share` of the rows, rounded, at random.
/// - With `by`: whole units at random, as many as come nearest to `share` of the rows.
/// - With `time`: the latest `share` of the rows, rounded; of rows with the same time, those further down count as
///   later. Rows without a time go into train.
/// - With both: whole units, those that begin latest, as many as come nearest to `share` of the rows. So every
///   row of the holdout lies at or after one cut in time, while units in train may reach beyond it.
///
/// ```
/// use lookalike_core::Seed;
/// use lookalike_table::{Column, ColumnSchema, Kind, Schema, SplitOptions, Table, split};
///
/// let schema = Schema::new(vec![ColumnSchema::new("name", Kind::Text)]);
/// let names = Column::from_texts((0..10).map(|row| Some(format!("n{row}"))));
/// let table = Table::new(schema.into(), vec![names])?;
/// let sides = split(&table, &SplitOptions::default(), Seed::new(1))?;
/// assert_eq!((sides.train.len(), sides.holdout.len()), (8, 2));
/// # Ok::<(), lookalike_table::Error>(())
/// ```
///
/// # Errors
/// [`Error::Share`] when the share is not between 0 and 1, [`Error::EmptySide`] when one side would get no row,
/// [`Error::NoOrder`] when the values of the `time` column have no order in time, [`Error::UnitColumn`] when those
/// of the `by` column name no units.
///
/// # Panics
/// If a column does not exist.
pub fn split(table: &Table, options: &SplitOptions, seed: Seed) -> Result<Split> {
    if !(options.share > 0.0 && options.share < 1.0) {
        return Err(Error::Share { share: options.share });
    }
    let n_rows = table.n_rows();
    let wanted = (options.share * n_rows as f64).round() as usize;
    let mut warnings = Vec::new();
    let name = |column: usize| table.schema().columns[column].name.clone();

    let units = match options.by {
        Some(column) => {
            let unnamed = table.column(column).missing_count();
            if unnamed > 0 {
                let message = match unnamed {
                    1 => "1 row names no unit; it was taken for a unit of its own".to_owned(),
                    _ => format!("{unnamed} rows name no unit; each was taken for a unit of its own"),
                };
                warnings.push(Warning::of_column(Topic::Reading, name(column), message));
            }
            Some(Units::of_column(table, column)?)
        }
        None => None,
    };
    let times = match options.time {
        Some(column) => {
            let times = Times::of(table.column(column)).ok_or_else(|| Error::NoOrder {
                column: name(column),
                kind: table.schema().columns[column].kind.name(),
            })?;
            if times.unknown > 0 {
                let message = match times.unknown {
                    1 => "1 row has no time; it counts as earliest".to_owned(),
                    unknown => format!("{unknown} rows have no time; they count as earliest"),
                };
                warnings.push(Warning::of_column(Topic::Reading, name(column), message));
            }
            Some(times)
        }
        None => None,
    };

    let in_holdout = match (units, times) {
        (None, None) => random_rows(n_rows, wanted, seed),
        (None, Some(times)) => latest_rows(&times, wanted),
        (Some(units), None) => random_units(&units, wanted, seed),
        (Some(units), Some(times)) => latest_units(&units, &times, wanted),
    };
    let (holdout, train): (Vec<usize>, Vec<usize>) = (0..n_rows).partition(|&row| in_holdout[row]);
    if holdout.is_empty() || train.is_empty() {
        return Err(Error::EmptySide {
            side: if holdout.is_empty() { "holdout" } else { "train" },
            share: options.share,
            rows: n_rows,
            whole_units: options.by.is_some(),
        });
    }
    if holdout.len().abs_diff(wanted) > 1 + wanted / 20 {
        let message = format!(
            "the holdout has {} of {n_rows} rows instead of {wanted}, since units stay whole",
            holdout.len()
        );
        warnings.push(Warning::new(Topic::Reading, message));
    }
    Ok(Split { train, holdout, warnings })
}

/// A key per row that sorts as time does; the lowest key where it is unknown.
struct Times {
    keys: Vec<u64>,
    unknown: usize,
}

impl Times {
    fn of(column: &Column) -> Option<Times> {
        if !(column.is_instant() || column.is_numeric()) {
            return None;
        }
        let missing = column.missing();
        let mut keys: Vec<u64> = match column.integers() {
            Some(integers) => integers.values.iter().map(|&value| (value as u64) ^ (1 << 63)).collect(),
            None => column.numbers()?.values.iter().map(|&value| ordered_bits(value)).collect(),
        };
        let mut unknown = 0;
        for (row, key) in keys.iter_mut().enumerate() {
            if missing.as_ref().is_some_and(|flags| flags[row]) {
                *key = 0;
                unknown += 1;
            }
        }
        Some(Times { keys, unknown })
    }
}

/// Bits whose order as whole numbers is that of the floats, NaN first.
fn ordered_bits(value: f64) -> u64 {
    if value.is_nan() {
        return 0;
    }
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

fn random_rows(n_rows: usize, wanted: usize, seed: Seed) -> Vec<bool> {
    let mut chosen = vec![false; n_rows];
    for row in seed.stream("split", 0).choose(n_rows, wanted) {
        chosen[row] = true;
    }
    chosen
}

fn latest_rows(times: &Times, wanted: usize) -> Vec<bool> {
    let mut order: Vec<usize> = (0..times.keys.len()).collect();
    order.sort_by_key(|&row| times.keys[row]);
    let mut chosen = vec![false; order.len()];
    for &row in order.iter().rev().take(wanted) {
        chosen[row] = true;
    }
    chosen
}

/// How many rows each unit has.
fn sizes(units: &Units) -> Vec<usize> {
    let mut sizes = vec![0; units.len()];
    for row in 0..units.n_rows() {
        sizes[units.unit_of(row) as usize] += 1;
    }
    sizes
}

/// The rows of the chosen units.
fn rows_of(units: &Units, chosen: &[bool]) -> Vec<bool> {
    (0..units.n_rows()).map(|row| chosen[units.unit_of(row) as usize]).collect()
}

/// Units in random order as long as they fit; then one more, the smallest, if that comes nearer.
fn random_units(units: &Units, wanted: usize, seed: Seed) -> Vec<bool> {
    let sizes = sizes(units);
    let order = seed.stream("split", 0).permutation(units.len());
    let mut chosen = vec![false; units.len()];
    let mut rows = 0;
    for &unit in &order {
        if rows + sizes[unit] <= wanted {
            chosen[unit] = true;
            rows += sizes[unit];
        }
    }
    let smallest_left = order.iter().copied().filter(|&unit| !chosen[unit]).min_by_key(|&unit| sizes[unit]);
    if let Some(unit) = smallest_left {
        let leaves_train = rows + sizes[unit] < units.n_rows();
        if leaves_train && (rows + sizes[unit]).abs_diff(wanted) < wanted - rows {
            chosen[unit] = true;
        }
    }
    rows_of(units, &chosen)
}

/// The units that begin latest, as long as each brings the number of rows nearer to what is wanted.
fn latest_units(units: &Units, times: &Times, wanted: usize) -> Vec<bool> {
    let sizes = sizes(units);
    let mut begins = vec![u64::MAX; units.len()];
    for (row, &key) in times.keys.iter().enumerate() {
        let begin = &mut begins[units.unit_of(row) as usize];
        *begin = key.min(*begin);
    }
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|&unit| begins[unit]);
    let mut chosen = vec![false; units.len()];
    let mut rows = 0;
    for &unit in order.iter().rev() {
        if (rows + sizes[unit]).abs_diff(wanted) >= rows.abs_diff(wanted) {
            break;
        }
        chosen[unit] = true;
        rows += sizes[unit];
    }
    rows_of(units, &chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Levels;
    use crate::schema::{ColumnSchema, Kind, NumberFormat, Schema};

    fn table(patients: Vec<u32>, days: Vec<f64>) -> Table {
        let count = patients.iter().max().map_or(0, |last| last + 1);
        let levels = Levels::new((0..count).map(|patient| format!("p{patient}")));
        let schema = Schema::new(vec![
            ColumnSchema::new("patient", Kind::Categorical { order: vec![] }),
            ColumnSchema::new("day", Kind::Numerical(NumberFormat::default())),
        ]);
        let missing = days.iter().map(|day| day.is_nan()).collect();
        Table::new(
            schema.into(),
            vec![Column::from_codes(patients, &levels), Column::from_floats(days, Some(missing))],
        )
        .unwrap()
    }

    fn options(share: f64, by: bool, time: bool) -> SplitOptions {
        SplitOptions { share, by: by.then_some(0), time: time.then_some(1) }
    }

    /// Every row once, in order.
    fn assert_complete(sides: &Split, n_rows: usize) {
        assert!(sides.train.is_sorted() && sides.holdout.is_sorted());
        let mut all = [sides.train.clone(), sides.holdout.clone()].concat();
        all.sort_unstable();
        assert_eq!(all, (0..n_rows).collect::<Vec<_>>());
    }

    #[test]
    fn rows_are_divided_exactly_and_reproducibly() {
        let table = table((0..101).collect(), vec![0.0; 101]);
        for share in [0.01, 0.2, 0.5, 0.777, 0.99] {
            let sides = split(&table, &options(share, false, false), Seed::new(3)).unwrap();
            assert_complete(&sides, 101);
            assert_eq!(sides.holdout.len(), (share * 101.0).round() as usize);
            assert_eq!(sides, split(&table, &options(share, false, false), Seed::new(3)).unwrap());
            assert_ne!(sides, split(&table, &options(share, false, false), Seed::new(4)).unwrap());
        }
    }

    #[test]
    fn units_stay_whole() {
        // Units of sizes 1 to 20, interleaved.
        let mut patients: Vec<u32> =
            (0..20_u32).flat_map(|unit| std::iter::repeat_n(unit, unit as usize + 1)).collect();
        Seed::new(0).stream("test", 0).shuffle(&mut patients);
        let table = table(patients.clone(), vec![0.0; patients.len()]);
        for seed in 0..20 {
            let sides = split(&table, &options(0.3, true, false), Seed::new(seed)).unwrap();
            assert_complete(&sides, patients.len());
            let held: std::collections::BTreeSet<u32> =
                sides.holdout.iter().map(|&row| patients[row]).collect();
            assert!(sides.train.iter().all(|&row| !held.contains(&patients[row])));
            assert!(sides.holdout.len().abs_diff(63) <= 1, "{}", sides.holdout.len());
        }
    }

    #[test]
    fn one_more_unit_is_taken_when_that_comes_nearer() {
        let patients = [0, 1, 2, 3].iter().flat_map(|&unit| [unit; 10]).collect();
        let table = table(patients, vec![0.0; 40]);
        for (share, rows) in [(0.1, 10), (0.2, 10), (0.3, 10), (0.45, 20), (0.9, 30)] {
            match split(&table, &options(share, true, false), Seed::new(1)) {
                Ok(sides) => assert_eq!(sides.holdout.len(), rows, "share {share}"),
                Err(error) => assert!(share < 0.125, "{error}"),
            }
        }
    }

    #[test]
    fn the_latest_rows_are_held_out() {
        let days = vec![5.0, 1.0, f64::NAN, 9.0, -2.0, 5.0, 7.0, 5.0, 3.0, 4.0];
        let table = table((0..10).collect(), days);
        let sides = split(&table, &options(0.4, false, true), Seed::new(0)).unwrap();
        // 9 and 7, and of three equal times the two further down.
        assert_eq!(sides.holdout, [3, 5, 6, 7]);
        assert_eq!(sides.warnings.len(), 1);
        assert_eq!(sides.warnings[0].message, "1 row has no time; it counts as earliest");
    }

    #[test]
    fn units_and_time_together_give_a_cut() {
        let patients = vec![0, 0, 1, 1, 2, 2, 3, 3, 4, 4];
        let days = vec![1.0, 9.0, 2.0, 3.0, 7.0, 8.0, 4.0, 5.0, 6.0, 6.5];
        let table = table(patients.clone(), days.clone());
        let sides = split(&table, &options(0.4, true, true), Seed::new(0)).unwrap();
        assert_eq!(sides.holdout, [4, 5, 8, 9]);
        let cut = sides.holdout.iter().map(|&row| days[row]).fold(f64::INFINITY, f64::min);
        assert_eq!(cut, 6.0);
    }

    #[test]
    fn rows_without_a_unit_are_counted_in_words_that_fit() {
        for (missing, message) in [
            (1, "1 row names no unit; it was taken for a unit of its own"),
            (2, "2 rows name no unit; each was taken for a unit of its own"),
        ] {
            let whole = table((0..20).collect(), vec![0.0; 20]);
            let codes = (0..20).map(|row| if row < missing { crate::Codes::MISSING } else { row }).collect();
            let levels = Levels::new((0..20).map(|patient| format!("p{patient}")));
            let columns = vec![Column::from_codes(codes, &levels), whole.column(1).clone()];
            let some = Table::new(whole.schema().clone(), columns).unwrap();
            let sides = split(&some, &options(0.5, true, false), Seed::new(1)).unwrap();
            assert_eq!(sides.warnings[0].message, message);
        }
    }

    #[test]
    fn impossible_shares_are_refused() {
        let some = table(vec![0, 0, 0], vec![1.0, 2.0, 3.0]);
        for share in [0.0, 1.0, -0.1, 1.5, f64::NAN, f64::INFINITY] {
            let refused = split(&some, &options(share, false, false), Seed::new(0));
            assert!(matches!(refused, Err(Error::Share { .. })), "{share}");
        }
        for (share, side) in [(0.01, "holdout"), (0.99, "train")] {
            match split(&some, &options(share, false, false), Seed::new(0)) {
                Err(Error::EmptySide { side: empty, .. }) => assert_eq!(empty, side),
                other => panic!("{other:?}"),
            }
        }
        // One unit cannot be on both sides, and no row on either.
        assert!(matches!(
            split(&some, &options(0.5, true, false), Seed::new(0)),
            Err(Error::EmptySide { whole_units: true, .. })
        ));
        let none = some.slice(0..0);
        assert!(matches!(
            split(&none, &options(0.5, false, false), Seed::new(0)),
            Err(Error::EmptySide { .. })
        ));
        let by_level = SplitOptions { share: 0.5, by: None, time: Some(0) };
        assert!(matches!(split(&some, &by_level, Seed::new(0)), Err(Error::NoOrder { .. })));
    }
}
