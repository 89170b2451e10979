//! Columns of many sorts, none of them from a data set that the rules were made with.

use lookalike_core::Silent;
use proptest::prelude::*;

use super::*;
use crate::error::Error;
use crate::schema::{Decimals, Offset, Personal};
use crate::spelling::Printer;

fn raw(cells: &[String]) -> RawColumn {
    // Two chunks, so that their seams are tested all along.
    let (first, second) = cells.split_at(cells.len() / 2);
    RawColumn { chunks: vec![first.iter().map(Some).collect(), second.iter().map(Some).collect()] }
}

fn infer_with(name: &str, cells: &[String], options: &InferOptions) -> Result<Inferred> {
    columns(vec![name.to_owned()], vec![raw(cells)], options, &Silent)
}

fn infer(name: &str, cells: &[String]) -> Inferred {
    infer_with(name, cells, &InferOptions::default()).unwrap()
}

fn kind_word(name: &str, cells: &[String]) -> String {
    let inferred = infer(name, cells);
    let schema = &inferred.schema[0];
    assert!(schema.kind.fits(&inferred.columns[0]), "{name}: {schema:?}");
    assert!(!schema.reason.is_empty(), "{name} has no reason");
    match schema.personal {
        Some(sort) => format!("{} {}", schema.kind.name(), sort.sdtype()),
        None => schema.kind.name().to_owned(),
    }
}

/// Numbers that look random and are the same in every run.
fn scatter(i: usize) -> usize {
    (i.wrapping_mul(2_654_435_761) >> 7) % 1_000_003
}

fn rows(make: impl Fn(usize) -> String) -> Vec<String> {
    (0..400).map(make).collect()
}

fn pick(words: &[&str]) -> Vec<String> {
    rows(|i| words[scatter(i) % words.len()].to_owned())
}

#[test]
fn columns_of_many_sorts() {
    let check = |name: &str, cells: Vec<String>, expected: &str| {
        assert_eq!(kind_word(name, &cells), expected, "column {name}");
    };
    // Codes and counts.
    check("zip", rows(|i| format!("{:05}", 10_000 + scatter(i) % 40)), "categorical");
    check("zip", rows(|i| format!("{:05}", 501 + scatter(i) % 99_000)), "text postcode");
    check("likert_q1", rows(|i| (1 + scatter(i) % 5).to_string()), "categorical");
    check("satisfaction", rows(|i| (1 + scatter(i) % 10).to_string()), "categorical");
    check("bedrooms", rows(|i| (1 + scatter(i) % 6).to_string()), "numerical");
    check("n_children", rows(|i| (scatter(i) % 4).to_string()), "numerical");
    check("age", rows(|i| (18 + scatter(i) % 60).to_string()), "numerical");
    check("cylinders", rows(|i| [4, 6, 8][scatter(i) % 3].to_string()), "numerical");
    check("year", rows(|i| (1990 + scatter(i) % 30).to_string()), "numerical");
    check("target", rows(|i| (scatter(i) % 2).to_string()), "categorical");
    check("flag", pick(&["-1", "1"]), "categorical");
    check("pclass", rows(|i| format!("{}.0", 1 + scatter(i) % 3)), "categorical");
    check(
        "visits",
        rows(|i| (scatter(i) % 8 * (scatter(i + 1) % 2) * (scatter(i + 2) % 2)).to_string()),
        "numerical",
    );
    // Quantities.
    check("latitude", rows(|i| format!("{}.{:06}", 40 + i % 3, scatter(i))), "numerical");
    check("price", rows(|i| format!("${},{:03}.{:02}", 1 + i % 9, scatter(i) % 1000, i % 100)), "numerical");
    check("preis", rows(|i| format!("{},{:02} \u{20ac}", scatter(i) % 1000, i % 100)), "numerical");
    check("share", rows(|i| format!("{}.{}%", i % 100, i % 10)), "numerical");
    check("unix_time", rows(|i| (1_600_000_000 + i * 3600).to_string()), "numerical");
    check("score", rows(|i| format!("0.{:015}", scatter(i) * 123_457 + 1)), "numerical");
    check("sorted income", rows(|i| (20_000 + i * 137 + scatter(i) % 100).to_string()), "numerical");
    check("mass", rows(|i| format!("1.{}e-{}", i % 10, 1 + i % 9)), "numerical");
    // Keys.
    check("", rows(|i| i.to_string()), "id");
    check("row", rows(|i| (5000 + i * 2).to_string()), "id");
    check("uuid", rows(|i| format!("{:08x}-{:04x}-4abc-8def-{:012x}", scatter(i) * 4001, i, i * 77)), "id");
    check("sku", rows(|i| format!("AB-{:05}-{}", scatter(i) % 10_000 + i * 200, i % 7)), "text");
    check("order", rows(|i| format!("ORD{:06}", i * 3)), "id");
    check("patient_id", rows(|i| (scatter(i) * 1000 + i).to_string()), "id");
    check("patient_id", rows(|i| (1000 + i / 3).to_string()), "text");
    check("store_id", rows(|i| (100 + scatter(i) % 12).to_string()), "categorical");
    check("hash", rows(|i| format!("{:016x}", (i + 1) * 0x9E37_79B9)), "id");
    // Dates.
    check("when", rows(|i| format!("{:02}/{:02}/2021", 1 + i % 12, 1 + i % 28)), "datetime");
    check("when", rows(|i| format!("2021-03-{:02}T{:02}:00:00Z", 1 + i % 28, i % 24)), "datetime");
    check("when", rows(|i| format!("{} Mar 2021", 1 + i % 28)), "datetime");
    check("day", rows(|i| format!("202103{:02}", 1 + i % 28)), "datetime");
    check("batch", rows(|i| format!("{}", 20_210_000 + scatter(i) % 300)), "numerical");
    // Words.
    check("ja?", pick(&["ja", "nein"]), "boolean");
    check("actif", pick(&["Oui", "Non", ""]), "boolean");
    check("activo", pick(&["s\u{ed}", "no"]), "boolean");
    check("ok", pick(&["TRUE", "FALSE", "NA"]), "boolean");
    check("answer", pick(&["yes", "no", "unknown"]), "categorical");
    check("country", pick(&["DE", "FR", "IT"]), "categorical");
    check("comment", rows(|i| format!("It rained for {} days, said number {i}.", scatter(i))), "text");
    check("version", pick(&["1.2.3", "1.2.4", "2.0.0"]), "categorical");
    check("range", pick(&["0-10", "10-20", "20+"]), "categorical");
    // Personal data.
    check("contact", rows(|i| format!("user{i}@mail{}.example.org", i % 5)), "text email");
    check("tel", rows(|i| format!("0{} {:06}", 30 + i % 60, scatter(i))), "text phone_number");
    check("mobile", rows(|i| format!("555{:07}", scatter(i))), "text phone_number");
    check("server", rows(|i| format!("10.{}.{}.{}", i % 256, scatter(i) % 256, i % 99)), "text ipv4_address");
    check(
        "name",
        rows(|i| format!("Ada{} King", ["", "line", "m"][i % 3]) + &"s".repeat(i % 40)),
        "text name",
    );
    // Nothing much.
    check("empty", vec![String::new(); 10], "categorical");
    check("none", Vec::new(), "categorical");
    check("constant", vec!["7".into(); 10], "numerical");
    check("constant", vec!["x".into(); 10], "categorical");
    check("one", vec!["42".into()], "numerical");
    check("one", vec!["A-42".into()], "categorical");
}

#[test]
fn missing_values_are_told_from_levels() {
    let inferred = infer("x", &pick(&["1.5", "2.5", "None", "-"]));
    assert!(matches!(inferred.schema[0].kind, Kind::Numerical(_)));
    assert!(inferred.columns[0].missing_count() > 0);
    assert_eq!(inferred.warnings.len(), 1, "two spellings: {:?}", inferred.warnings);
    let levels = infer("x", &pick(&["None", "Brick", "Stone"]));
    assert_eq!(levels.columns[0].missing_count(), 0);
    let asked = infer("occupation", &pick(&["Sales", " ?", "Farming"]));
    assert!(asked.columns[0].missing_count() > 0);
    assert_eq!(asked.schema[0].missing_token, " ?");
    let given = InferOptions { missing: Some(vec!["Stone".into()]), ..InferOptions::default() };
    let given = infer_with("x", &pick(&["NA", "Brick", "Stone"]), &given).unwrap();
    assert_eq!(given.columns[0].levels().unwrap().iter().collect::<Vec<_>>(), ["Brick", "NA"]);
    let codes: Vec<String> = (b'A'..=b'Z').map(|c| format!("{}A", c as char)).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let countries = infer("country", &pick(&codes));
    assert_eq!(countries.columns[0].missing_count(), 0);
    assert!(countries.columns[0].levels().unwrap().iter().any(|level| level == "NA"));
    let sentinel = infer("x", &rows(|i| if i % 9 == 0 { "-999".into() } else { (i % 50).to_string() }));
    assert_eq!(sentinel.warnings.len(), 1);
    assert_eq!(sentinel.columns[0].missing_count(), 0);
}

#[test]
fn a_decimal_comma_in_one_column_decides_for_others() {
    let weights = rows(|i| format!("{},{:02}", i % 90, scatter(i) % 100));
    let doubtful = rows(|i| format!("{},{:03}", 1 + i % 90, scatter(i) % 1000));
    let points = rows(|i| format!("{}.{:03}", 1 + i % 90, scatter(i) % 1000));
    let names = ["weight", "doubtful", "points"].map(String::from).to_vec();
    let all = vec![raw(&weights), raw(&doubtful), raw(&points)];
    let together = columns(names, all, &InferOptions::default(), &Silent).unwrap();
    let format = |index: usize| match &together.schema[index].kind {
        Kind::Numerical(format) => format.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((format(0).decimal_sign, format(0).decimals), (',', Decimals::Fixed(2)));
    assert_eq!((format(1).decimal_sign, format(1).group_sign), (',', None));
    assert_eq!((format(2).integer, format(2).group_sign), (true, Some('.')));
    let alone = infer("doubtful", &doubtful);
    assert!(matches!(&alone.schema[0].kind, Kind::Numerical(format) if format.group_sign == Some(',')));
    assert_eq!(alone.warnings.len(), 1);
}

#[test]
fn users_overrule() {
    let force = |kind: &str, cells: &[String]| {
        infer_with("x", cells, &InferOptions { missing: None, columns: vec![("x".into(), kind.into())] })
    };
    let numbers = rows(|i| (i % 3).to_string());
    for kind in ["numerical", "categorical", "ordinal", "text", "email"] {
        let inferred = force(kind, &numbers).unwrap();
        let expected = if kind == "email" { "text" } else { kind };
        assert_eq!(inferred.schema[0].kind.name(), expected);
        assert_eq!(inferred.schema[0].reason, "given by the user");
        assert!(inferred.schema[0].kind.fits(&inferred.columns[0]));
    }
    let sizes = pick(&["S", "M", "L"]);
    let ordered = force("ordinal:S<M<L", &sizes).unwrap();
    assert_eq!(ordered.schema[0].kind, Kind::Categorical { order: vec!["S".into(), "M".into(), "L".into()] });
    let codes = rows(|i| format!("{:03}", i % 200));
    assert!(
        matches!(&force("numerical", &codes).unwrap().schema[0].kind, Kind::Numerical(f) if f.min_digits == 3)
    );
    let keys = rows(|i| format!("K{i:04}"));
    assert_eq!(force("id:K[0-9]{4}", &keys).unwrap().primary_key, Some(0));
    let flags = force("boolean", &rows(|i| (i % 2).to_string())).unwrap();
    assert!(flags.columns[0].is_boolean());
    let dates = force("datetime:%d/%m/%Y", &rows(|i| format!("01/{:02}/2020", 1 + i % 12))).unwrap();
    assert!(
        matches!(&dates.schema[0].kind, Kind::Datetime(f) if f.pattern == "%d/%m/%Y" && f.offset == Offset::Unknown)
    );

    for (kind, cells, count, first) in [
        ("numerical", &sizes, 400, vec![1, 2, 3, 4, 5]),
        ("datetime", &sizes, 400, vec![1, 2, 3, 4, 5]),
        ("id", &numbers, 397, vec![4, 5, 6, 7, 8]),
        ("id:[A-Z]", &numbers, 400, vec![1, 2, 3, 4, 5]),
        ("boolean", &numbers, 133, vec![3, 6, 9, 12, 15]),
        ("ordinal:0<1", &numbers, 133, vec![3, 6, 9, 12, 15]),
    ] {
        match force(kind, cells) {
            Err(Error::Contradiction { column, count: found, rows, .. }) => {
                assert_eq!((column.as_str(), found, rows), ("x", count, first), "{kind}");
            }
            other => panic!("{kind}: {other:?}"),
        }
    }
    let Err(Error::UnknownKind { nearest, .. }) = force("numericall", &sizes) else { panic!("accepted") };
    assert_eq!(nearest.as_deref(), Some("numerical"));
    assert!(matches!(force("datetime:%Q", &sizes), Err(Error::DatetimePattern { .. })));
    assert!(matches!(force("id:(", &sizes), Err(Error::Regex { .. })));
    let options = InferOptions { missing: None, columns: vec![("y".into(), "text".into())] };
    assert!(matches!(infer_with("x", &sizes, &options), Err(Error::UnknownColumn { .. })));
}

#[test]
fn errors_and_warnings_hold_no_values() {
    let cells = rows(|i| if i == 7 { "SECRET".into() } else { format!("{i}.5") });
    let options = InferOptions { missing: None, columns: vec![("x".into(), "numerical".into())] };
    let error = infer_with("x", &cells, &options).unwrap_err().to_string();
    assert!(error.contains("row 8") && !error.contains("SECRET"), "{error}");
    let inferred = infer("x", &cells);
    assert!(inferred.warnings.iter().any(|warning| warning.message.contains("1 of 400")));
    assert!(!inferred.warnings.iter().any(|warning| warning.to_string().contains("SECRET")));
}

#[test]
fn personal_data_in_few_levels_is_flagged_and_warned_of() {
    let clerks = infer("contact name", &pick(&["Ada King", "Alan Kay", "Grace Hopper"]));
    assert_eq!(clerks.schema[0].personal, Some(Personal::Name));
    assert!(matches!(clerks.schema[0].kind, Kind::Categorical { .. }));
    assert_eq!(clerks.warnings.len(), 1);
}

/// Columns in which every cell has one of these forms.
fn cells() -> impl Strategy<Value = Vec<String>> {
    let cell = prop_oneof![
        Just("-?[0-9]{1,20}"),
        Just("-?[0-9]{1,4}\\.[0-9]{2}"),
        Just("-?[0-9]{1,9}(\\.[0-9]{1,9})?"),
        Just("-?[1-9](\\.[0-9]{1,17})?(e-?[0-9]{1,3})?"),
        Just("[0-9]{4}-(0[1-9]|1[0-2])-[0-2][0-9]( [01][0-9]:[0-5][0-9])?"),
        Just("(0?[1-9]|1[0-9])/(0?[1-9]|1[0-2])/[0-9]{2}"),
        Just("[a-c]{1,2}|NA||\\?"),
        Just("yes|no|"),
        Just("\\$[1-9][0-9]{0,2}(,[0-9]{3}){0,2}\\.[0-9]{2}"),
        Just("\\PC{0,12}"),
    ];
    cell.prop_flat_map(|regex| {
        prop::collection::vec(prop::string::string_regex(regex).expect("a regular expression"), 0..40)
    })
}

/// Found by the property below: 4200000.4 times a billion lies between two doubles.
#[test]
fn many_places_of_large_numbers_are_printed_exactly() {
    let inferred = infer("x", &["0.000000000".to_owned(), "4200000.4".to_owned()]);
    let mut out = Vec::new();
    Printer::new(&inferred.schema[0], &inferred.columns[0]).print(1, &mut out);
    assert!(out.starts_with(b"4200000.4") && out[9..].iter().all(|&digit| digit == b'0'));
}

proptest! {
    /// What is printed is read again as the same values, and printing is then stable.
    #[test]
    fn printing_and_reading_agree(cells in cells()) {
        let inferred = infer("x", &cells);
        let (schema, column) = (&inferred.schema[0], &inferred.columns[0]);
        prop_assert_eq!(column.len(), cells.len());
        prop_assert!(schema.kind.fits(column));
        let print = |column: &Column| -> Vec<String> {
            let printer = Printer::new(schema, column);
            (0..column.len()).map(|row| {
                let mut out = Vec::new();
                printer.print(row, &mut out);
                String::from_utf8(out).expect("text is UTF-8")
            }).collect()
        };
        let printed = print(column);
        let (again, invalid) = with_schema(schema, raw(&printed), None);
        prop_assert_eq!(invalid, 0, "{:?}", schema);
        prop_assert_eq!(again.missing(), column.missing());
        prop_assert_eq!(print(&again), printed.clone());
        if matches!(schema.kind, Kind::Text | Kind::Id(_) | Kind::Categorical { .. } | Kind::Boolean(_)) {
            for ((printed, cell), missing) in printed.iter().zip(&cells).zip(column.missing().unwrap_or(vec![false; cells.len()])) {
                if !missing {
                    prop_assert_eq!(printed, cell);
                }
            }
        }
    }

    /// The result does not depend on how rows are cut into chunks.
    #[test]
    fn chunks_do_not_matter(cells in cells(), cut in any::<prop::sample::Index>()) {
        let whole = infer("x", &cells);
        let cut = cut.index(cells.len() + 1);
        let parts = RawColumn { chunks: vec![
            cells[..cut].iter().map(Some).collect(),
            std::iter::empty::<Option<&str>>().collect(),
            cells[cut..].iter().map(Some).collect(),
        ] };
        let cut = columns(vec!["x".into()], vec![parts], &InferOptions::default(), &Silent).unwrap();
        prop_assert_eq!(&whole.schema, &cut.schema);
        prop_assert_eq!(&whole.warnings, &cut.warnings);
        let (whole, cut) = (whole.columns[0].to_single_chunk(), cut.columns[0].to_single_chunk());
        prop_assert_eq!(whole.as_ref(), cut.as_ref());
    }
}
