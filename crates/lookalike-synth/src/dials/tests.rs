use std::sync::Arc;

use lookalike_core::Seed;
use lookalike_table::schema::{BooleanFormat, DatetimeFormat, Decimals, NumberFormat, Offset};
use lookalike_table::{Column, ColumnSchema, Kind, Levels, Schema, Table};

use super::*;
use crate::simulate::SimulateError;

const ROWS: usize = 20_000;
const DAY: i64 = 86_400_000_000;

/// Numbers from 1 to 100, a truth value, a level of three, dates, and the row's number.
fn plain() -> Table {
    let money = NumberFormat { decimals: Decimals::Fixed(2), ..NumberFormat::default() };
    let dates = DatetimeFormat { pattern: "%Y-%m-%d".to_owned(), step: DAY, offset: Offset::Unknown };
    let kinds = [
        ("amount", Kind::Numerical(money)),
        ("flag", Kind::Boolean(BooleanFormat::default())),
        ("level", Kind::Categorical { order: Vec::new() }),
        ("day", Kind::Datetime(dates)),
        ("row", Kind::Numerical(NumberFormat::whole())),
    ];
    let schema = Schema::new(kinds.into_iter().map(|(name, kind)| ColumnSchema::new(name, kind)).collect());
    let rows = || 0..ROWS as i64;
    let columns = vec![
        Column::from_floats(rows().map(|row| (row % 100 + 1) as f64).collect(), None),
        Column::from_booleans(rows().map(|row| row % 10 == 0).collect(), None),
        Column::from_codes(rows().map(|row| (row % 3) as u32).collect(), &Levels::new(["a", "b", "c"])),
        Column::from_instants(rows().map(|row| row / 100 * DAY).collect(), None),
        Column::from_integers(rows().collect(), None),
    ];
    Table::new(Arc::new(schema), columns).unwrap()
}

/// The rows after dials, and for each row what the truth says.
fn turned(texts: &[&str]) -> (Table, Vec<String>) {
    turned_of(texts, &plain(), ROWS as u64).unwrap()
}

fn turned_of(texts: &[&str], table: &Table, rows: u64) -> Result<(Table, Vec<String>), SimulateError> {
    let read: Vec<Dial> = texts.iter().map(|text| Dial::parse(text).unwrap()).collect();
    let dials = Dials::new(&read, Some("truth"), table.schema(), Seed::new(3)).unwrap();
    let batches = std::iter::once(Ok::<_, SimulateError>(table.clone()));
    let changed: Vec<Table> = dials.apply(batches, 0, rows).collect::<Result<_, _>>()?;
    let changed = Table::concat(&changed).unwrap();
    let last = changed.n_columns() - 1;
    let truth = changed.column(last).texts().unwrap();
    let truth = truth.iter().map(|cell| cell.unwrap_or_default().to_owned()).collect();
    Ok((changed, truth))
}

fn numbers(table: &Table, column: usize) -> Vec<f64> {
    table.column(column).numbers().unwrap().values
}

/// The truth names exactly the rows in which a column differs from what it was.
fn told_exactly(changed: &Table, truth: &[String], column: usize, mark: &str) -> usize {
    let (before, after) = (numbers(&plain(), column), numbers(changed, column));
    let mut count = 0;
    for row in 0..ROWS {
        let differs = before[row] != after[row];
        assert_eq!(differs, truth[row] == mark, "row {row}: {} {} {:?}", before[row], after[row], truth[row]);
        count += usize::from(differs);
    }
    count
}

#[test]
fn shift_and_scale_change_what_the_condition_says() {
    let (changed, truth) = turned(&["shift amount 2.5 if=\"level = 'a'\""]);
    assert_eq!(told_exactly(&changed, &truth, 0, "shift amount"), ROWS.div_ceil(3));
    assert_eq!(numbers(&changed, 0)[..3], [3.5, 2.0, 3.0]);
    let (changed, truth) = turned(&["scale amount 1.333"]);
    assert_eq!(told_exactly(&changed, &truth, 0, "scale amount"), ROWS);
    // Two decimals, as the column has.
    assert_eq!(numbers(&changed, 0)[..3], [1.33, 2.67, 4.0]);
    let (changed, _) = turned(&["shift day -7"]);
    let apart: Vec<f64> = numbers(&plain(), 3).iter().zip(numbers(&changed, 3)).map(|(a, b)| a - b).collect();
    assert!(apart.iter().all(|apart| *apart == (7 * DAY) as f64));
}

#[test]
fn drift_grows_along_rows_or_dates() {
    let (changed, truth) = turned(&["drift amount 10 rows=10000"]);
    let by: Vec<f64> = numbers(&changed, 0).iter().zip(numbers(&plain(), 0)).map(|(a, b)| a - b).collect();
    assert!((by[5_000] - 5.0).abs() < 0.01 && (by[2_500] - 2.5).abs() < 0.01);
    assert!(
        by[10_000..].iter().all(|by| (by - 10.0).abs() < 1e-9) && by.is_sorted_by(|a, b| a <= &(b + 0.011))
    );
    assert!(truth[0].is_empty() && truth[9_000] == "drift amount");
    // Days 0 to 199; from day 50 to day 150.
    let (changed, truth) = turned(&["drift amount 10 date=day from=1970-02-20 to=1970-05-31"]);
    let by: Vec<f64> = numbers(&changed, 0).iter().zip(numbers(&plain(), 0)).map(|(a, b)| a - b).collect();
    assert!(by[..5_000].iter().all(|by| *by == 0.0) && (by[10_000] - 5.0).abs() < 0.01);
    assert!(truth[4_999].is_empty() && !truth[5_100].is_empty());
}

#[test]
fn outliers_and_fraud_are_as_many_and_as_large_as_told() {
    let (changed, truth) = turned(&["outliers amount 0.05 factor=20"]);
    let count = told_exactly(&changed, &truth, 0, "outliers amount");
    assert!((880..1120).contains(&count), "{count}");
    let ratios = |changed: &Table| -> Vec<f64> {
        let pairs = numbers(changed, 0).into_iter().zip(numbers(&plain(), 0));
        pairs.map(|(after, before)| after / before).filter(|ratio| *ratio != 1.0).collect()
    };
    assert!(ratios(&changed).iter().all(|ratio| (ratio - 20.0).abs() < 1e-9));
    let (changed, truth) = turned(&["fraud amount 0.1 factor=5 label=flag if=\"level != 'b'\""]);
    let marked: Vec<usize> = (0..ROWS).filter(|&row| truth[row] == "fraud amount").collect();
    assert!((1180..1490).contains(&marked.len()), "{}", marked.len());
    // From as much as before to ten times, evenly: five and a half on average.
    let ratios = ratios(&changed);
    let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
    assert!((mean - 5.5).abs() < 0.25 && ratios.iter().all(|ratio| (0.99..10.01).contains(ratio)), "{mean}");
    let flags = numbers(&changed, 1);
    assert!(marked.iter().all(|&row| flags[row] == 1.0 && row % 3 != 1));
    let others = (0..ROWS).filter(|row| truth[*row].is_empty());
    assert!(others.into_iter().all(|row| (flags[row] == 1.0) == (row % 10 == 0)));
}

#[test]
fn duplicates_are_copies_of_earlier_rows() {
    let (changed, truth) = turned(&["duplicates 0.1"]);
    let rows = numbers(&changed, 4);
    let mut count = 0;
    for row in 0..ROWS {
        let copied = rows[row] != row as f64;
        assert_eq!(copied, truth[row] == "duplicates", "row {row}");
        if copied {
            count += 1;
            let from = rows[row] as usize;
            // Of the same block, and all of it.
            assert!(from < row && from / 2048 == row / 2048);
            assert_eq!(numbers(&changed, 0)[row], (from % 100 + 1) as f64);
        }
    }
    assert!((1850..2150).contains(&count), "{count}");
}

#[test]
fn missing_cells_labels_and_spikes_are_as_many_as_told() {
    let (changed, truth) = turned(&["missing amount 0.2", "label-noise level 0.1", "spikes row 0.05 1000"]);
    let levels = changed.column(2).codes().unwrap().codes.clone();
    let flags = changed.column(0).missing().unwrap();
    let rows = numbers(&changed, 4);
    let mut counts = [0; 3];
    for row in 0..ROWS {
        let found = [flags[row], levels[row] as usize != row % 3, rows[row] != row as f64];
        for (index, mark) in ["missing amount", "label-noise level", "spikes row"].iter().enumerate() {
            assert_eq!(found[index], truth[row].split("; ").any(|own| own == *mark), "row {row}");
            counts[index] += usize::from(found[index]);
        }
        assert!([0.0, 1000.0].contains(&(rows[row] - row as f64).abs()));
    }
    for (count, expected) in counts.into_iter().zip([4000, 2000, 1000]) {
        assert!((expected - count as i64).abs() < expected / 10, "{counts:?}");
    }
}

#[test]
fn faults_of_sensors_come_in_runs() {
    let (changed, truth) = turned(&["stuck amount 0.2 length=10"]);
    // Amounts rise by 1 from row to row: of each run but the first row is another one.
    let count = told_exactly(&changed, &truth, 0, "stuck amount") as f64;
    assert!((count - 0.18 * ROWS as f64).abs() < 0.02 * ROWS as f64, "{count}");
    let (changed, truth) = turned(&["dropout amount 0.2 length=10 by=day"]);
    let flags = changed.column(0).missing().unwrap();
    assert!((0..ROWS).all(|row| flags[row] == (truth[row] == "dropout amount")));
    let (changed, truth) = turned(&["sensor-drift amount 0.2 5 length=10"]);
    let count = told_exactly(&changed, &truth, 0, "sensor-drift amount") as f64;
    assert!((count - 0.2 * ROWS as f64).abs() < 0.03 * ROWS as f64, "{count}");
    let most = numbers(&changed, 0).iter().zip(numbers(&plain(), 0)).map(|(a, b)| a - b).fold(0.0, f64::max);
    assert_eq!(most, 5.0);
}

#[test]
fn prevalence_reaches_its_share() {
    let share = |table: &Table| numbers(table, 1).iter().sum::<f64>() / table.n_rows() as f64;
    for (dial, expected) in [
        ("prevalence flag true 0.4", 0.4),
        ("prevalence flag true share=0.02", 0.02),
        // p = 0.1: 9 * 0.1 / (0.9 + 9 * 0.1)
        ("prevalence flag true odds=9", 0.5),
    ] {
        let (changed, truth) = turned(&[dial]);
        assert!(
            (share(&changed) - expected).abs() < 0.02 * (1.0 + 10.0 * expected),
            "{dial}: {}",
            share(&changed)
        );
        // Rows are left out, none is changed.
        assert!(truth.iter().all(String::is_empty));
        // A shorter sample is a prefix.
        let (short, _) = turned_of(&[dial], &plain(), 50).unwrap();
        assert_eq!(numbers(&short, 4), numbers(&changed, 4)[..50]);
    }
    // A second one sees what the first one left.
    let (changed, _) = turned(&["prevalence flag true 0.5", "prevalence level a 0.6"]);
    let a = changed.column(2).codes().unwrap().codes.iter().filter(|code| **code == 0).count();
    assert!((a as f64 / changed.n_rows() as f64 - 0.6).abs() < 0.04);
    let error = turned_of(&["prevalence level d 0.5"], &plain(), 10).unwrap_err();
    assert!(
        error.to_string().contains("does not occur in the first 20000 rows of column \"level\""),
        "{error}"
    );
    for wrong in ["prevalence flag true", "prevalence flag true 0.5 odds=2", "prevalence flag true 1"] {
        assert!(Dial::parse(wrong).unwrap_err().contains("`prevalence` needs `share`"), "{wrong}");
    }
}

#[test]
fn faults_cover_their_share_in_short_groups_and_long_runs() {
    for dial in [
        "dropout amount 0.5 length=20 by=flag",
        "dropout amount 0.3 length=1000",
        "dropout amount 0.5 length=2048",
    ] {
        // The flag changes twice in ten rows.
        let tables: Vec<Table> = (0..5).map(|_| plain()).collect();
        let all = Table::concat(&tables).unwrap();
        let (changed, truth) = turned_of(&[dial], &all, all.n_rows() as u64).unwrap();
        let share = truth.iter().filter(|mark| !mark.is_empty()).count() as f64 / changed.n_rows() as f64;
        let asked: f64 = dial.split(' ').nth(2).unwrap().parse().unwrap();
        assert!((share - asked).abs() < 0.1, "{dial}: {share}");
    }
}

#[test]
fn the_truth_goes_with_what_is_copied_and_replaced() {
    let marked = |truth: &str, mark: &str| truth.split("; ").any(|own| own == mark);
    // Rows hold an outlier exactly where the truth says so.
    let (changed, truth) = turned(&["outliers row 0.3 factor=-1000", "duplicates 0.4", "stuck row 0.2"]);
    let rows = numbers(&changed, 4);
    for row in 1..ROWS {
        assert_eq!(rows[row] < 0.0, marked(&truth[row], "outliers row"), "row {row}: {:?}", truth[row]);
    }
    // What was emptied already is not emptied again, and what was changed before is gone then.
    let (changed, truth) =
        turned(&["missing amount 0.5", "outliers row 0.2", "missing amount 0.5", "missing row 0.5"]);
    let (amounts, rows) = (changed.column(0).missing().unwrap(), changed.column(4).missing().unwrap());
    for row in 0..ROWS {
        let (first, second) =
            (marked(&truth[row], "missing amount"), marked(&truth[row], "missing amount #2"));
        assert!(!(first && second) && amounts[row] == (first || second));
        assert!(!(rows[row] && marked(&truth[row], "outliers row")));
    }
}

#[test]
fn what_does_not_change_is_not_told_and_what_has_no_place_stays() {
    for dial in
        ["shift row 0.3", "shift day 0.4", "scale row 1e300", "shift day -10000000", "shift day 1e300"]
    {
        let (changed, truth) = turned(&[dial]);
        let column = if dial.contains("row") { 4 } else { 3 };
        // 0 times anything is 0.
        assert_eq!(numbers(&changed, column), numbers(&plain(), column), "{dial}");
        assert!(truth.iter().all(String::is_empty), "{dial}");
    }
    let always = turned_of(&["prevalence flag true odds=4"], &plain().take(&[0, 10, 20]), 3).unwrap_err();
    assert!(always.to_string().contains("is all that occurs"), "{always}");
    assert!(Dial::parse("dropout x 0.3 length=1.9").unwrap_err().contains("a whole number"));
}
