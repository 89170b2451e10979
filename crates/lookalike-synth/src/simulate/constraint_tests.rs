use lookalike_core::{Context, Seed};
use lookalike_table::constraints::Rules;
use lookalike_table::{Schema, Table};

use super::tests::{numbers, parsed, problems, table, texts};
use super::*;

/// Rows of a table that break one of these constraints, looked up in the table as it is written.
fn broken(table: &Table, constraints: &[&str]) -> usize {
    let mut schema = Schema::clone(table.schema());
    schema.constraints = constraints
        .iter()
        .map(|text| lookalike_table::constraints::Constraint::parse(text).unwrap())
        .collect();
    let rules = Rules::new(&schema).unwrap();
    (0..constraints.len()).map(|index| rules.violations(index, table).iter().filter(|b| **b).count()).sum()
}

fn with(constraints: &[&str], columns: &str) -> String {
    format!("constraints = {constraints:?}\n{columns}")
}

const STAYS: &str = r#"
[columns.admitted]
type = "date"
from = "2024-01-01"
to = "2024-12-31"
[columns.discharged]
type = "date"
from = "2024-01-01"
to = "2025-03-31"
missing = 0.1
[columns.low]
type = "gamma"
shape = 2
scale = 10
decimals = 1
[columns.mid]
type = "normal"
mean = 30
sd = 15
decimals = 0
[columns.high]
type = "uniform"
low = 0
high = 200
decimals = 2
[columns.price]
type = "uniform-integer"
low = 1
high = 50
[columns.quantity]
type = "poisson"
mean = 3
[columns.total]
type = "computed"
expression = "price * quantity"
[columns.pay]
type = "category"
values = ["cash", "card", "invoice"]
shares = [0.5, 0.3, 0.2]
[columns.card]
type = "pattern"
pattern = "[0-9]{4}"
missing = 0.2
[columns.limit]
type = "exponential"
mean = 500
decimals = 0
[columns.street]
type = "pattern"
pattern = "[A-Z][a-z]{5} [0-9]{1,2}"
missing = 0.3
[columns.town]
type = "category"
values = ["Bonn", "Trier"]
[columns.vip]
type = "boolean"
share = 0.4
"#;
const RULES: [&str; 9] = [
    "admitted <= discharged",
    "0 < low < mid <= high",
    "total = price * quantity",
    "if pay = 'cash' then card is missing",
    "if pay = 'card' then card is present",
    "if pay = 'invoice' and vip = 'true' then limit >= 1000",
    "all_or_none(street, town)",
    "if price > 40 then pay in ('card', 'invoice')",
    "increments(limit, 50)",
];

#[test]
fn constraints_hold_in_every_row() {
    for seed in 0..5 {
        // What the equation says needs not be said twice.
        let columns = STAYS.replace("expression = \"price * quantity\"\n", "");
        let table = table(&with(&RULES, &columns), 20_000, seed);
        assert_eq!(broken(&table, &RULES), 0, "seed {seed}");
        let missing = |name: &str| texts(&table, name).iter().filter(|cell| cell.is_none()).count() as f64;
        // Shares of missing cells stay what they were but where a rule says otherwise.
        assert!((missing("street") - 6000.0).abs() < 300.0 && missing("street") == missing("town"));
        assert!((missing("discharged") - 2000.0).abs() < 200.0);
    }
    // None of it holds by itself.
    let free = STAYS
        .replace("type = \"computed\"\nexpression = \"price * quantity\"", "type = \"poisson\"\nmean = 60");
    let free = table(&free, 20_000, 0);
    for rule in RULES {
        assert!(broken(&free, &[rule]) > 50, "{rule}");
    }
}

#[test]
fn rows_with_constraints_are_prefixes_of_longer_ones_on_any_number_of_threads() {
    let text = with(&RULES, STAYS);
    let long = table(&text, 10_000, 3);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let short = one.install(|| table(&text, 5_000, 3));
    for column in ["discharged", "high", "card", "limit"] {
        assert_eq!(texts(&short, column), texts(&long, column)[..5_000], "{column}");
    }
}

#[test]
fn an_order_cuts_a_distribution_down_and_no_more() {
    let columns = r#"
        [columns.a]
        type = "uniform"
        [columns.b]
        type = "uniform"
    "#;
    let table = table(&with(&["a <= b"], columns), 40_000, 1);
    let (a, b) = (numbers(&table, "a"), numbers(&table, "b"));
    // a keeps its distribution; b is uniform from a to 1, so its place there is uniform too.
    let place: Vec<f64> = a.iter().zip(&b).map(|(a, b)| (b - a) / (1.0 - a)).collect();
    for values in [&a, &place] {
        let mean = values.iter().sum::<f64>() / 40_000.0;
        let square = values.iter().map(|value| value * value).sum::<f64>() / 40_000.0;
        assert!((mean - 0.5).abs() < 0.006 && (square - 1.0 / 3.0).abs() < 0.006, "{mean} {square}");
    }
}

#[test]
fn far_tails_are_reached_without_drawing_again() {
    // One value in three million would do by chance.
    let columns = "[columns.x]\ntype = \"normal\"\n[columns.y]\ntype = \"normal\"\nmean = 5";
    let table = table(&with(&["x >= 5", "x <= y"], columns), 5_000, 1);
    assert!(numbers(&table, "x").iter().all(|x| (5.0..7.0).contains(x)));
}

#[test]
fn rules_choose_among_what_they_leave() {
    let columns = r#"
        [columns.age]
        type = "uniform-integer"
        low = 0
        high = 99
        [columns.status]
        type = "category"
        values = ["child", "working", "retired"]
        shares = [0.2, 0.5, 0.3]
    "#;
    let rules = ["if age < 18 then status = 'child'", "if age >= 18 then status != 'child'"];
    let table = table(&with(&rules, columns), 50_000, 2);
    assert_eq!(broken(&table, &rules), 0);
    let (ages, status) = (numbers(&table, "age"), texts(&table, "status"));
    let grown: Vec<&str> =
        (0..50_000).filter(|&row| ages[row] >= 18.0).filter_map(|row| status[row].as_deref()).collect();
    let working = grown.iter().filter(|status| **status == "working").count() as f64 / grown.len() as f64;
    assert!((working - 0.625).abs() < 0.01, "{working}");
}

#[test]
fn one_of_a_group_is_true_and_combinations_occur_as_listed() {
    let columns = r#"
        [[combinations]]
        columns = ["city", "country"]
        rows = [["Lyon", "FR"], ["Nice", "FR"], ["Bonn", "DE"]]
        shares = [0.5, 0.3, 0.2]
        [columns.city]
        type = "combination"
        [columns.red]
        type = "boolean"
        share = 0.6
        [columns.green]
        type = "boolean"
        share = 0.3
        [columns.blue]
        type = "boolean"
        share = 0.1
        [columns.country]
        type = "combination"
    "#;
    let text = with(&["one_hot(red, green, blue)"], columns);
    let table = table(&text, 30_000, 4);
    assert_eq!(broken(&table, &["one_hot(red, green, blue)"]), 0);
    let share = |name: &str, value: &str| {
        texts(&table, name).iter().filter(|cell| cell.as_deref() == Some(value)).count() as f64 / 30_000.0
    };
    assert!((share("red", "true") - 0.6).abs() < 0.01 && (share("blue", "true") - 0.1).abs() < 0.01);
    assert!((share("city", "Nice") - 0.3).abs() < 0.01 && (share("country", "FR") - 0.8).abs() < 0.01);
    let pairs = texts(&table, "city").into_iter().zip(texts(&table, "country"));
    assert!(pairs.into_iter().all(|(city, country)| (city.unwrap() == "Bonn") == (country.unwrap() == "DE")));
}

const VISITS: &str = r#"
[group]
rows = { type = "poisson", mean = 6, min = 1 }
[columns.patient]
type = "pattern"
pattern = "P[0-9]{6}"
unique = true
per = "group"
[columns.visit]
type = "sequence"
[columns.at]
type = "date"
from = "2024-01-01"
to = "2024-12-31"
[columns.dose]
type = "normal"
mean = 50
sd = 10
decimals = 1
[columns.badge]
type = "uniform-integer"
low = 1000
high = 99999
"#;

#[test]
fn what_is_unique_and_what_rises_does_so() {
    let rules = ["unique(patient, visit)", "rising(at, patient)", "falling(dose, patient)", "unique(badge)"];
    let table = table(&with(&rules, VISITS), 60_000, 7);
    assert_eq!(broken(&table, &rules), 0);
    // Sorting within groups changes no margin.
    let dose = numbers(&table, "dose");
    let mean = dose.iter().sum::<f64>() / dose.len() as f64;
    let spread = (dose.iter().map(|dose| (dose - mean).powi(2)).sum::<f64>() / dose.len() as f64).sqrt();
    assert!((mean - 50.0).abs() < 0.2 && (spread - 10.0).abs() < 0.2, "{mean} {spread}");
    let few = with(&["unique(badge)"], &VISITS.replace("99999", "1099"));
    let result = parsed(&few).check(101).unwrap_err().to_string();
    assert!(result.contains("\"badge\"") && result.contains("100 different"), "{result}");
}

#[test]
fn children_keep_to_their_parents() {
    let text = r#"
        [tables.customers]
        constraints = ["born <= since"]
        [tables.customers.columns.id]
        type = "sequence"
        [tables.customers.columns.born]
        type = "date"
        from = "1950-01-01"
        to = "2005-12-31"
        [tables.customers.columns.since]
        type = "date"
        from = "1990-01-01"
        to = "2024-12-31"
        [tables.orders]
        parent = "customers"
        children = 3
        constraints = ["\"customers.since\" <= ordered", "rising(ordered, customer)"]
        [tables.orders.columns.customer]
        type = "parent"
        column = "id"
        [tables.orders.columns.since]
        type = "parent"
        column = "since"
        [tables.orders.columns.ordered]
        type = "date"
        from = "2025-01-01"
        to = "2026-12-31"
    "#;
    let simulation = parsed(text);
    let draw = |index| simulation.sample(index, 2_000, &Context::new(Seed::new(1))).collect_table().unwrap();
    assert_eq!(broken(&draw(0), &["born <= since"]), 0);
    assert_eq!(broken(&draw(1), &["since <= ordered", "rising(ordered, customer)"]), 0);
}

#[test]
fn columns_that_are_computed_are_drawn_again() {
    let columns = r#"
        [columns.a]
        type = "normal"
        [columns.b]
        type = "normal"
        [columns.sum]
        type = "computed"
        expression = "a + b"
        [columns.difference]
        type = "computed"
        expression = "a - b"
    "#;
    let rules = ["difference <= sum", "sum <= 3"];
    let table = table(&with(&rules, columns), 10_000, 1);
    assert_eq!(broken(&table, &rules), 0);
}

#[test]
fn impossible_constraints_are_told() {
    let cases: [(&[&str], &str, &str); 9] = [
        (&["admitted <= dischargd"], STAYS, "line 1: `admitted <= dischargd` names no column"),
        (&["admitted < discharged", "discharged < admitted"], STAYS, "line 1"),
        (&["low = mid + 1"], STAYS, "give it type = \"computed\""),
        (&["combinations(pay, town)"], STAYS, "[[combinations]]"),
        (&["rising(low)"], STAYS, "\"sequence\""),
        (&["unique(vip)"], STAYS, "nothing says how its rows differ"),
        (&["one_hot(vip, pay)"], STAYS, "\"boolean\""),
        (&["all_or_none(card, street)"], STAYS, "both have `missing`"),
        (&["a <"], STAYS, "line 1"),
    ];
    for (rules, columns, expected) in cases {
        let found = problems(&with(rules, columns));
        assert!(found.iter().any(|problem| problem.contains(expected)), "{rules:?}: {found:?}");
    }
    let never = with(&["a + 5 < b"], "[columns.a]\ntype = \"uniform\"\n[columns.b]\ntype = \"uniform\"");
    assert!(!problems(&never).is_empty());
    let never = with(&["a >= 2"], "[columns.a]\ntype = \"uniform\"");
    let error = parsed(&never).sample(0, 10, &Context::new(Seed::new(1))).collect_table().unwrap_err();
    assert!(error.to_string().starts_with("line 1: no row in which `2 <= a` holds"), "{error}");
    let series = with(&["x <= 0.1"], "[columns.x]\ntype = \"random-walk\"");
    let error = parsed(&series).sample(0, 1000, &Context::new(Seed::new(1))).collect_table().unwrap_err();
    assert!(matches!(error, SimulateError::UnmetInSeries { line: 1, .. }), "{error}");
}
