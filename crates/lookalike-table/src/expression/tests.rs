use proptest::prelude::*;

use super::syntax::{Arithmetic, Comparison, Function, Literal};
use super::*;
use crate::column::Levels;
use crate::spelling::{DAY, civil_text};

const TYPES: [(&str, Type); 8] = [
    ("whole", Type::Exact { places: 0 }),
    ("price", Type::Exact { places: 2 }),
    ("real", Type::Float),
    ("flag", Type::Boolean),
    ("color", Type::Text),
    ("came", Type::Date { offset: 0 }),
    ("left", Type::Date { offset: 60 }),
    ("capital-gain", Type::Exact { places: 0 }),
];

fn columns() -> Vec<Column> {
    let missing = Some(vec![false, false, true]);
    vec![
        Column::from_integers(vec![7, -7, 0], missing.clone()),
        Column::from_floats(vec![0.1, 2.55, 3.0], None),
        Column::from_floats(vec![0.5, f64::NAN, -4.0], None),
        Column::from_booleans(vec![true, false, false], missing),
        Column::from_codes(vec![1, 0, u32::MAX], &Levels::new(["red", "Blue"])),
        // 2024-01-31 23:30, 2024-02-29, 1970-01-01
        Column::from_instants(vec![1_706_743_800_000_000, 1_709_164_800_000_000, 0], None),
        Column::from_instants(vec![1_706_743_800_000_000, 1_709_164_800_000_000, DAY], None),
        Column::from_integers(vec![1, 2, 3], None),
    ]
}

fn values(text: &str) -> Values {
    let columns = columns();
    let bound = Expression::parse(text).and_then(|expression| expression.bind(&TYPES));
    bound.unwrap_or_else(|error| panic!("{text}: {error}")).evaluate(3, &|index| &columns[index])
}

/// The values as texts, `-` where missing.
fn shown(text: &str) -> String {
    let values = values(text);
    let cells: Vec<String> = (0..3)
        .map(|row| {
            if values.missing.as_ref().is_some_and(|missing| missing[row]) {
                return "-".to_owned();
            }
            match &values.data {
                Data::Exact { units, places } => values::decimal_text(units[row], *places),
                Data::Floats(values) => values[row].to_string(),
                Data::Booleans(values) => values[row].to_string(),
                Data::Texts { codes, texts } => texts[codes[row] as usize].clone(),
                Data::Dates(values) => civil_text(values[row]),
                Data::Durations(values) => format!("{}us", values[row]),
            }
        })
        .collect();
    cells.join(" ")
}

fn refused(text: &str) -> String {
    match Expression::parse(text).and_then(|expression| expression.bind(&TYPES)) {
        Ok(bound) => panic!("{text} is understood: {bound:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn decimals_are_exact() {
    assert_eq!(shown("0.1 + 0.2 = 0.3"), "true true true");
    assert_eq!(shown("price * 3"), "0.30 7.65 9.00");
    assert_eq!(shown("price = 0.1"), "true false false");
    assert_eq!(shown("round(price, 1)"), "0.1 2.6 3.0");
    assert_eq!(shown("round(-2.5) + round(2.5) * 10"), "27 27 27");
    assert_eq!(shown("floor(-0.5) * 10 + ceil(-0.5)"), "-10 -10 -10");
    assert_eq!(shown("99999999999999999999999999 * 9999999999999"), "- - -");
    assert_eq!(shown("9223372036854775807 + 1 > 9223372036854775807"), "true true true");
}

#[test]
fn signs_bind_as_on_paper() {
    assert_eq!(shown("-2 ^ 2 + 2 ^ 3 ^ 0"), "-2 -2 -2");
    assert_eq!(shown("2 + 3 * 4 - 6 / 3"), "12 12 12");
    assert_eq!(shown("7 - 3 - 2"), "2 2 2");
    assert_eq!(shown("whole % 3"), "1 2 -");
    assert_eq!(shown("-7.5 % -2"), "-1.5 -1.5 -1.5");
    assert_eq!(shown("not 1 = 2 and 0 < 1 <= 1"), "true true true");
}

#[test]
fn missing_values_follow_the_rules() {
    assert_eq!(shown("whole + 1"), "8 -6 -");
    assert_eq!(shown("whole is missing or real is missing"), "false true true");
    assert_eq!(shown("flag and false"), "false false false");
    assert_eq!(shown("flag or true"), "true true true");
    assert_eq!(shown("flag and true"), "true false -");
    assert_eq!(shown("not flag"), "false true -");
    assert_eq!(shown("if(flag, 'yes', 'no')"), "yes no no");
    assert_eq!(shown("if(flag, missing, 1.5)"), "- 1.5 1.5");
    assert_eq!(shown("coalesce(whole, price)"), "7.00 -7.00 3.00");
    assert_eq!(shown("max(whole, 0)"), "7 0 -");
    assert_eq!(shown("1 / (price - 3)"), "-0.3448275862068966 -2.2222222222222223 -");
    assert_eq!(shown("sqrt(real)"), "0.7071067811865476 - -");
    assert_eq!(shown("color in ('red', 'Blue')"), "true true -");
}

#[test]
fn texts_and_dates() {
    assert_eq!(shown("concat(lower(color), '-', text(price))"), "blue-0.10 red-2.55 -");
    assert_eq!(shown("length(upper(color)) + number(flag)"), "5 3 -");
    assert_eq!(shown("color = 'red' or starts_with(color, 'B')"), "true true -");
    assert_eq!(shown("year(came) * 100 + month(came)"), "202401 202402 197001");
    assert_eq!(shown("weekday(came)"), "3 4 4");
    // The wall clock of `left` is an hour ahead: a new day has begun there.
    assert_eq!(shown("day(came) * 100 + day(left)"), "3101 2929 102");
    assert_eq!(shown("came < '2024-02-01' and came >= date('1970-01-01')"), "true false true");
    assert_eq!(shown("left = '2024-02-01 00:30'"), "true false false");
    assert_eq!(shown("(left - came) / days(1)"), "0 0 1");
    assert_eq!(shown("came + hours(0.5)"), "2024-02-01 2024-02-29 00:30:00 1970-01-01 00:30:00");
    assert_eq!(shown("add_months(came, 1)"), "2024-02-29 23:30:00 2024-03-29 1970-02-01");
    assert_eq!(shown("add_months(came, -12 * 3000)"), "- - -");
    assert_eq!(shown("clamp(came, '1990-01-01', '2024-02-01')"), "2024-01-31 23:30:00 2024-02-01 1990-01-01");
}

#[test]
fn columns_come_of_values() {
    let column = values("if(whole > 0, 'up', 'down')").into_column();
    assert_eq!(column.codes().unwrap().codes, [0, 1, 1]);
    let column = values("whole * 4611686018427387904 * 2").into_column();
    assert_eq!(column.missing(), Some(vec![true, true, true]));
    assert!(values("price").into_column().is_numeric());
    assert_eq!(values("whole > 0").broken(), [false, true, false]);
}

#[test]
fn mistakes_are_told_with_place_and_cure() {
    for (text, told) in [
        ("price * (1 + 2", "at character 9: a parenthesis is never closed; close it with ')'"),
        ("'abc", "at character 1: a text is never closed"),
        ("price *", "at character 8: expected a value, a column or a function, found the end"),
        ("price price", "at character 7: expected an operator or the end, found the name \"price\""),
        ("a && b", "at character 3: the sign '&' means nothing here; write `and`"),
        ("prise + 1", "there is no column \"prise\", did you mean \"price\"?"),
        ("capital-gain", "there is no column \"capital\""),
        ("rond(price)", "there is no function \"rond\", did you mean \"round\"?"),
        ("round(price, whole)", "a whole number from 0 to 12, written out"),
        ("if(flag, 1)", "if takes three arguments, not 2"),
        ("color + 1", "the sign + takes a number, not a text; write number(text)"),
        ("came + 1", "at character 8: the sign + takes a span of time, not a number; write days(n)"),
        ("came > 'soon'", "a date such as '2024-01-31'"),
        ("color = 1", "a comparison takes values of one type, not a text and a number"),
        ("color = missing", "write `is missing`"),
        ("flag + 1", "write if(condition, 1, 0)"),
        ("price and flag", "`and` takes a truth value, not a number"),
        ("date(came)", "written out"),
        ("color in (price)", "written out"),
        ("x is not", "expected `missing` or `not missing`, found the end"),
    ] {
        let message = refused(text);
        assert!(message.contains(told), "{text}: {message}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    assert!(refused(&"(".repeat(4000)).contains("nested more than 100 levels"));
    assert!(refused(&"-".repeat(4000)).contains("nested more than"));
    assert!(refused(&format!("1{}", " + 1".repeat(200))).contains("nested more than"));
    assert!(refused(&format!("2{}", " ^ 1".repeat(200))).contains("nested more than"));
    assert!(refused(&"a".repeat(4001)).contains("longer than 4000 bytes"));
    assert_eq!(shown(&format!("1{}", " + 1".repeat(90))), "91 91 91");
    // A chain within a chain compares twice what compares twice.
    assert!(refused(&format!("{}1{}", "0 < (".repeat(40), ") < 2".repeat(40))).contains("nested more than"));
}

fn node(kind: NodeKind) -> Node {
    Node { position: 0, kind }
}

fn trees() -> impl Strategy<Value = Node> {
    let literals = prop_oneof![
        (0_i128..1_000_000, 0_u8..6).prop_map(|(units, places)| Literal::Exact { units, places }),
        (0.0..1e300_f64).prop_map(Literal::Float),
        "[ -~]{0,6}".prop_map(Literal::Text),
        any::<bool>().prop_map(Literal::Boolean),
        (-62_135_596_800_i64..253_402_300_799).prop_map(|second| Literal::Date(second * 1_000_000 + 120_000)),
    ];
    let leaf = prop_oneof![
        literals.clone().prop_map(|literal| node(NodeKind::Literal(literal))),
        "[ -~é]{1,6}".prop_map(|name| node(NodeKind::Column(name))),
        Just(node(NodeKind::Missing)),
    ];
    let pick = |count: usize| any::<prop::sample::Index>().prop_map(move |index| index.index(count));
    leaf.prop_recursive(5, 40, 3, move |inner| {
        let two = (inner.clone(), inner.clone());
        let arithmetic = [
            Arithmetic::Add,
            Arithmetic::Subtract,
            Arithmetic::Multiply,
            Arithmetic::Divide,
            Arithmetic::Remainder,
            Arithmetic::Power,
        ];
        let comparison = [
            Comparison::Equal,
            Comparison::Unequal,
            Comparison::Less,
            Comparison::LessEqual,
            Comparison::Greater,
            Comparison::GreaterEqual,
        ];
        prop_oneof![
            inner.clone().prop_map(|a| node(NodeKind::Negate(Box::new(a)))),
            inner.clone().prop_map(|a| node(NodeKind::Not(Box::new(a)))),
            inner.clone().prop_map(|a| node(NodeKind::IsMissing(Box::new(a)))),
            (pick(6), two.clone()).prop_map(move |(index, (a, b))| {
                node(NodeKind::Arithmetic(arithmetic[index], Box::new(a), Box::new(b)))
            }),
            (pick(6), two.clone()).prop_map(move |(index, (a, b))| {
                node(NodeKind::Compare(comparison[index], Box::new(a), Box::new(b)))
            }),
            two.clone().prop_map(|(a, b)| node(NodeKind::And(Box::new(a), Box::new(b)))),
            two.prop_map(|(a, b)| node(NodeKind::Or(Box::new(a), Box::new(b)))),
            (inner.clone(), prop::collection::vec(literals.clone(), 1..4)).prop_map(|(a, list)| {
                let list = list.into_iter().map(|literal| node(NodeKind::Literal(literal))).collect();
                node(NodeKind::In(Box::new(a), list))
            }),
            (pick(Function::ALL.len()), prop::collection::vec(inner, 3)).prop_map(|(index, mut list)| {
                let function = Function::ALL[index].0;
                list.truncate((*function.arguments().start()).max(1));
                node(NodeKind::Call(function, list))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_printed_parses_to_the_same(root in trees()) {
        let expression = Expression { root };
        let text = expression.to_string();
        let parsed = Expression::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        prop_assert_eq!(&parsed, &expression, "{}", text);
    }

    #[test]
    fn no_text_is_too_odd(text in "[ -~é]{0,40}") {
        if let Ok(expression) = Expression::parse(&text) {
            // What parses can be checked, and what is checked can be evaluated.
            if let Ok(bound) = expression.bind(&TYPES) {
                let columns = columns();
                bound.evaluate(3, &|index| &columns[index]);
            }
        }
    }
}
