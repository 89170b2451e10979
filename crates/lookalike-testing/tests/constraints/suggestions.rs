//! What is suggested, and how exactly equations are looked at.

use lookalike::table::Levels;
use lookalike::table::constraints::{Constraint, Rules, suggest};
use lookalike::{Column, Seed, Table};
use lookalike_testing::tables::{money, nominal, table, whole};
use lookalike_testing::visits::visits;

fn texts(table: &Table) -> Vec<String> {
    suggest(table).unwrap().iter().map(|suggestion| suggestion.constraint.to_string()).collect()
}

fn numbers(values: Vec<i64>) -> Column {
    Column::from_integers(values, None)
}

fn draws(label: &str, count: usize, below: u64) -> Vec<i64> {
    let mut stream = Seed::new(2).stream(label, 0);
    (0..count).map(|_| stream.below(below) as i64).collect()
}

fn cents(values: Vec<i64>) -> Column {
    Column::from_floats(values.into_iter().map(|cents| cents as f64 / 100.0).collect(), None)
}

/// Every column in an order of its own: what still holds is chance.
fn shuffled(table: &Table, seed: u64) -> Table {
    let columns = table.columns().iter().enumerate().map(|(index, column)| {
        column.take(&Seed::new(seed).stream("shuffled", index as u64).permutation(table.n_rows()))
    });
    Table::new(table.schema().clone(), columns.collect()).unwrap().with_constraints(Vec::new())
}

#[test]
fn columns_that_are_nearly_equal_are_no_error() {
    let a = draws("a", 2000, 900);
    let b: Vec<i64> =
        a.iter().enumerate().map(|(row, a)| a + i64::from(row == 7) - i64::from(row == 9)).collect();
    let c: Vec<i64> = b.iter().enumerate().map(|(row, b)| b + i64::from(row == 11)).collect();
    let table =
        table(vec![("a", whole(), numbers(a)), ("b", whole(), numbers(b)), ("c", whole(), numbers(c))]);
    // Each of the three is nearly each other one: no order, but no failure either.
    assert_eq!(texts(&table), Vec::<String>::new());
}

#[test]
fn what_is_suggested_goes_with_what_is_declared() {
    let (a, b) = (draws("a", 500, 900), draws("b", 500, 900));
    let sum = a.iter().zip(&b).map(|(a, b)| a + b).collect();
    let table =
        table(vec![("a", whole(), numbers(a)), ("b", whole(), numbers(b)), ("sum", whole(), numbers(sum))]);
    assert_eq!(texts(&table), ["sum = a + b"]);
    let declared = table.with_constraints(vec![Constraint::parse("sum = b + a").unwrap()]);
    assert_eq!(texts(&declared), Vec::<String>::new());
}

#[test]
fn rows_may_repeat_after_half_of_the_table() {
    let low: Vec<i64> = (0..600).map(|row| row % 300 * 10).collect();
    let high = low.iter().zip(draws("more", 600, 9)).map(|(low, more)| low + more).collect();
    let table = table(vec![("low", whole(), numbers(low)), ("high", whole(), numbers(high))]);
    assert_eq!(texts(&table), ["low <= high"]);
}

#[test]
fn copies_of_a_sum_are_no_orders() {
    let (a, b) = (draws("a", 500, 9000), draws("b", 500, 9000));
    let sum: Vec<i64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
    let table = table(vec![
        ("a", whole(), numbers(a.clone())),
        ("b", whole(), numbers(b)),
        ("a again", whole(), numbers(a)),
        ("sum", whole(), numbers(sum.clone())),
        ("sum again", whole(), numbers(sum)),
    ]);
    assert_eq!(texts(&table), ["\"a again\" = a", "\"sum again\" = sum", "sum = a + b"]);
}

#[test]
fn products_are_suggested_like_sums() {
    let (price, quantity, rate) =
        (draws("price", 800, 9000), draws("quantity", 800, 12), draws("rate", 800, 2));
    let net: Vec<i64> = price.iter().zip(&quantity).map(|(price, quantity)| price * (quantity + 1)).collect();
    let tax: Vec<i64> =
        net.iter().zip(&rate).map(|(net, rate)| (net * if *rate == 0 { 7 } else { 19 } + 50) / 100).collect();
    let total = net.iter().zip(&tax).map(|(net, tax)| net + tax).collect();
    let rates = rate.iter().map(|rate| if *rate == 0 { 7 } else { 19 }).collect();
    let table = table(vec![
        ("price", money(), cents(price)),
        ("quantity", whole(), numbers(quantity.iter().map(|quantity| quantity + 1).collect())),
        ("net", money(), cents(net)),
        ("rate", money(), cents(rates)),
        ("tax", money(), cents(tax)),
        ("total", money(), cents(total)),
    ]);
    assert_eq!(texts(&table), ["total = net + tax", "net = price * quantity", "tax = net * rate"]);
    for seed in 0..10 {
        assert_eq!(texts(&shuffled(&table, seed)), Vec::<String>::new());
    }
}

#[test]
fn many_towns_have_their_countries() {
    let town = draws("town", 1000, 150);
    let name = |code: &i64| format!("town {code}");
    let towns = Levels::new((0..150).map(|code| name(&code)));
    let countries = Levels::new((0..12).map(|code| format!("country {code}")));
    let table = table(vec![
        ("town", nominal(), Column::from_codes(town.iter().map(|&code| code as u32).collect(), &towns)),
        (
            "country",
            nominal(),
            Column::from_codes(town.iter().map(|&code| (code * 7 % 12) as u32).collect(), &countries),
        ),
    ]);
    assert_eq!(texts(&table), ["combinations(town, country)"]);
    for seed in 0..10 {
        assert_eq!(texts(&shuffled(&table, seed)), Vec::<String>::new());
    }
}

#[test]
fn cells_that_are_missing_by_level_are_suggested() {
    let kind = draws("kind", 900, 3);
    let brand = draws("brand", 900, 4);
    let gone: Vec<bool> = kind.iter().map(|&kind| kind != 1).collect();
    let (bank, gap) = (draws("bank", 900, 4), draws("gap", 900, 4));
    let some: Vec<bool> = kind.iter().zip(&gap).map(|(&kind, &gap)| kind != 1 || gap == 0).collect();
    let levels = |codes: &[i64], texts: &[&str]| {
        Column::from_codes(codes.iter().map(|&code| code as u32).collect(), &Levels::new(texts))
    };
    let brands = ["a", "b", "c", "d"];
    let table = table(vec![
        ("type", nominal(), levels(&kind, &["cash", "card", "wire"])),
        ("brand", nominal(), levels(&brand, &brands).with_missing(&gone)),
        ("bank", nominal(), levels(&bank, &brands).with_missing(&some)),
    ]);
    let found = texts(&table);
    for text in [
        "if type != 'card' then brand is missing",
        "if type = 'card' then brand is present",
        "if type != 'card' then bank is missing",
        "if brand is missing then bank is missing",
    ] {
        assert!(found.iter().any(|own| own == text), "{text}: {found:?}");
    }
    assert_eq!(found.len(), 4, "{found:?}");
    for seed in 0..10 {
        assert_eq!(texts(&shuffled(&table, seed)), Vec::<String>::new());
    }
}

#[test]
fn nothing_is_suggested_of_shuffled_columns() {
    let table = visits(1500, 3).with_constraints(Vec::new());
    assert!(texts(&table).len() > 5);
    for seed in 0..10 {
        assert_eq!(texts(&shuffled(&table, seed)), Vec::<String>::new(), "seed {seed}");
    }
}

#[test]
fn large_equations_are_looked_at_exactly() {
    let (a, b) = (draws("a", 300, 1_000_000_000), draws("b", 300, 1_000_000_000));
    let off = |by: i64| -> Vec<i64> { a.iter().zip(&b).map(|(a, b)| a + b + by).collect() };
    let broken = |kind: lookalike::Kind, column: &dyn Fn(Vec<i64>) -> Column, by: i64| {
        let table = table(vec![
            ("a", kind.clone(), column(a.clone())),
            ("b", kind.clone(), column(b.clone())),
            ("total", kind, column(off(by))),
        ]);
        let table = table.with_constraints(vec![Constraint::parse("total = a + b").unwrap()]);
        let rules = Rules::new(table.schema()).unwrap();
        rules.violations(0, &table).into_iter().filter(|&broken| broken).count()
    };
    let decimals = |values: Vec<i64>| {
        Column::from_decimals(values.into_iter().map(i128::from).collect(), 2, None).unwrap()
    };
    for by in [0, 1, 3, -1] {
        let all = if by == 0 { 0 } else { 300 };
        assert_eq!(broken(whole(), &numbers, by), all, "whole numbers off by {by}");
        assert_eq!(broken(money(), &cents, by), all, "cents off by {by}");
        assert_eq!(broken(money(), &decimals, by), all, "decimals off by {by}");
    }
}
