//! Rules, groups that are missing together, and what is told of constraints.

use lookalike::rebalance::{Rebalance, rebalance};
use lookalike::table::Levels;
use lookalike::table::constraints::{Constraint, Rules};
use lookalike::{AnySynthesizer, Column, SampleRequest, Seed, Table};
use lookalike_testing::tables::{nominal, table, whole};

use super::{assert_all_hold, context, fit, sample};

fn levels(codes: Vec<u32>, texts: &[&str], missing: Option<Vec<bool>>) -> Column {
    let column = Column::from_codes(codes, &Levels::new(texts));
    missing.map_or(column.clone(), |flags| column.with_missing(&flags))
}

/// Payments by card have an address; of the others a third lack it.
fn payments(constraints: &[&str]) -> Table {
    let mut stream = Seed::new(4).stream("payments", 0);
    let mut numbers = |below: u64| -> Vec<u32> { (0..900).map(|_| stream.below(below) as u32).collect() };
    let (kind, street, town, zip, gap) = (numbers(3), numbers(3), numbers(4), numbers(50), numbers(3));
    let gone: Vec<bool> = kind.iter().zip(&gap).map(|(&kind, &gap)| kind != 1 && gap == 0).collect();
    let low: Vec<i64> = zip.iter().map(|&zip| i64::from(zip)).collect();
    let table = table(vec![
        ("type", nominal(), levels(kind.clone(), &["cash", "card", "wire"], None)),
        ("street", nominal(), levels(street, &["s", "t", "u"], Some(gone.clone()))),
        ("town", nominal(), levels(town, &["k", "l", "m", "n"], Some(gone.clone()))),
        ("zip", whole(), Column::from_integers(low.clone(), Some(gone))),
        (
            "high",
            whole(),
            Column::from_integers(
                low.iter().zip(&gap).map(|(low, gap)| low + i64::from(*gap)).collect(),
                None,
            ),
        ),
    ]);
    table.with_constraints(constraints.iter().map(|text| Constraint::parse(text).unwrap()).collect())
}

#[test]
fn a_rule_gives_a_whole_group_its_values() {
    let group = "all_or_none(street, town, zip)";
    for constraints in [
        vec![group, "if type = 'card' then street is present"],
        vec![group, "if type = 'card' then street is present", "zip <= high"],
        vec![
            "all_or_none(street, town)",
            "all_or_none(town, zip)",
            "if type = 'card' then zip is present",
            "if type = 'wire' and high >= 45 then street is missing",
        ],
    ] {
        let table = payments(&constraints);
        for name in ["independent", "copula", "forest"] {
            let model = fit(&AnySynthesizer::from_name(name).unwrap(), &table);
            let sampled = sample(&model, &SampleRequest::rows(20_000));
            assert_all_hold(&table, &sampled, &format!("{name}, {constraints:?}"));
            let gone = sampled.column(1).missing_count();
            assert!((1000..8000).contains(&gone), "{name}: {gone} streets are missing");
        }
    }
}

#[test]
fn a_group_cannot_be_missing_and_there() {
    let group = "all_or_none(street, town)";
    for (constraints, fits) in [
        (
            vec![group, "if type = 'card' then street is present", "if type = 'card' then town is missing"],
            false,
        ),
        (vec![group, "if type = 'card' then street = 's'", "if high > 3 then town is missing"], false),
        (vec![group, "if street is present then town is missing"], false),
        (
            vec![group, "if type = 'card' then street is present", "if type = 'cash' then town is missing"],
            true,
        ),
        (
            vec![group, "if type = 'card' then street is present", "if type = 'card' then zip is missing"],
            true,
        ),
    ] {
        let rules = Rules::new(payments(&constraints).schema());
        assert_eq!(rules.is_ok(), fits, "{constraints:?}");
        if let Err(error) = rules {
            assert!(error.to_string().contains(group), "{error}");
        }
    }
}

#[test]
fn levels_that_the_table_lacks_are_told() {
    let warned = |constraint: &str| {
        let model = fit(&AnySynthesizer::from_name("independent").unwrap(), &payments(&[constraint]));
        model.warnings().iter().any(|warning| warning.message.contains("1 level that column"))
    };
    assert!(warned("if type = 'nosuch' then high >= 0"));
    assert!(warned("if high > 100 then type in ('card', 'crad')"));
    assert!(!warned("if type = 'cash' then high >= 0"));
}

#[test]
fn balancing_tells_of_constraints_that_it_breaks() {
    let mut stream = Seed::new(6).stream("pairs", 0);
    let a: Vec<i64> = (0..400).map(|_| stream.below(100) as i64).collect();
    let square: Vec<i64> = a.iter().map(|a| a * a).collect();
    let kind = (0..400).map(|row| u32::from(row % 8 == 0)).collect();
    let table = table(vec![
        ("kind", nominal(), levels(kind, &["no", "yes"], None)),
        ("a", whole(), Column::from_integers(a, None)),
        ("square", whole(), Column::from_integers(square, None)),
    ]);
    let parse = |text: &str| Constraint::parse(text).unwrap();
    let table = table.with_constraints(vec![parse("square = a * a"), parse("a >= 0")]);
    let balanced = rebalance(&table, &Rebalance::of("kind"), &context()).unwrap();
    let told: Vec<&str> = balanced.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert!(
        told.iter().any(|text| text.contains("square = a * a") && text.contains("of 300 new rows")),
        "{told:?}"
    );
    assert!(!told.iter().any(|text| text.contains("`a >= 0`")), "{told:?}");
}
