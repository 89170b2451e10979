use proptest::prelude::*;

use super::*;
use crate::schema::Locale;
use crate::schema::{
    BooleanFormat, ColumnSchema, DatetimeFormat, Decimals, Dialect, IdFormat, NumberFormat, Offset, Quoting,
    Storage,
};

fn kinds() -> impl Strategy<Value = Kind> {
    let decimals = prop_oneof![
        (0_u8..40).prop_map(Decimals::Fixed),
        (0_u8..40).prop_map(Decimals::UpTo),
        Just(Decimals::Shortest)
    ];
    let numbers = (
        any::<bool>(),
        decimals,
        any::<[u8; 2]>(),
        any::<bool>(),
        any::<bool>(),
        any::<Option<char>>(),
        ".*",
        ".*",
    )
        .prop_map(
            |(
                integer,
                decimals,
                [min_digits, whole_zeros],
                padded_exponent,
                comma,
                group_sign,
                prefix,
                suffix,
            )| {
                Kind::Numerical(NumberFormat {
                    integer,
                    decimals,
                    min_digits,
                    whole_zeros,
                    padded_exponent,
                    decimal_sign: if comma { ',' } else { '.' },
                    group_sign,
                    prefix,
                    suffix,
                })
            },
        );
    let patterns = prop::sample::select(vec![
        "%Y-%m-%d",
        "%-d.%-m.%y",
        "%d-%^b-%Y %H:%M:%S%.f",
        "%I:%M %p",
        "%Y%m%dT%H%M%S.%3f%:z",
    ]);
    let datetimes =
        (patterns, 1..i64::MAX, prop::option::of(-1439_i16..1440)).prop_map(|(pattern, step, offset)| {
            Kind::Datetime(DatetimeFormat {
                pattern: pattern.to_owned(),
                step,
                offset: offset.map_or(Offset::Unknown, Offset::Fixed),
            })
        });
    prop_oneof![
        numbers,
        prop::collection::vec(".*", 0..4).prop_map(|order| Kind::Categorical { order }),
        (".*", ".+").prop_map(|(base, more)| {
            Kind::Boolean(BooleanFormat { true_text: format!("{base}{more}"), false_text: base })
        }),
        datetimes,
        prop::option::of(prop::sample::select(vec!["[0-9]{5}", "A|B", "x"]))
            .prop_map(|regex| Kind::Id(IdFormat { regex: regex.map(str::to_owned) })),
        Just(Kind::Text),
    ]
}

fn storages() -> impl Strategy<Value = Storage> {
    prop_oneof![
        Just(Storage::Text),
        any::<u8>().prop_map(Storage::Int),
        any::<u8>().prop_map(Storage::UInt),
        any::<u8>().prop_map(Storage::Float),
        any::<(u8, i8)>().prop_map(|(precision, scale)| Storage::Decimal { precision, scale }),
        Just(Storage::Bool),
        Just(Storage::Date),
        any::<(u8, Option<String>)>().prop_map(|(digits, zone)| Storage::Timestamp { digits, zone }),
        Just(Storage::Utf8),
        Just(Storage::Dictionary),
    ]
}

fn columns() -> impl Strategy<Value = ColumnSchema> {
    let sorts: Vec<Personal> = Personal::all().collect();
    let personal = prop::option::of(prop::sample::select(sorts));
    let locale = prop::option::of(prop::sample::select(&Locale::ALL[..]));
    (".*", kinds(), personal, locale, ".*", storages(), ".*").prop_map(
        |(name, kind, personal, locale, missing_token, storage, reason)| ColumnSchema {
            name,
            kind,
            personal,
            locale,
            missing_token,
            storage,
            reason,
        },
    )
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let quoting = prop::sample::select(vec![Quoting::Minimal, Quoting::Always, Quoting::NonNumeric]);
    (any::<[u8; 2]>(), quoting, any::<[bool; 5]>(), ".*").prop_map(
        |(
            [delimiter, quote],
            quoting,
            [backslash_escapes, header, crlf, space_after_delimiter, bom],
            encoding,
        )| Dialect {
            delimiter,
            quote,
            backslash_escapes,
            quoting,
            header,
            crlf,
            space_after_delimiter,
            bom,
            encoding,
        },
    )
}

proptest! {
    #[test]
    fn schemas_come_back(
        columns in prop::collection::vec(columns(), 0..6),
        key in any::<prop::sample::Index>(),
        keyed in any::<bool>(),
        dialect in prop::option::of(dialects()),
        repeat in any::<bool>(),
    ) {
        let mut columns = columns;
        if repeat && let Some(first) = columns.first().cloned() {
            columns.push(first);
        }
        let primary_key = (keyed && !columns.is_empty()).then(|| key.index(columns.len()));
        let schema = Schema { columns, primary_key, dialect, constraints: Vec::new() };
        for version in [SpecVersion::V1, SpecVersion::V2] {
            let declared = from_json(&to_json(&schema, version), None).unwrap();
            prop_assert_eq!(declared.schema.as_ref(), Some(&schema));
            prop_assert!(declared.warnings.is_empty(), "{:?}", declared.warnings);
        }
    }
}

const HOTELS: &str = r#"{"tables": {"guests": {"primary_key": "email", "columns": {
    "email": {"sdtype": "email", "pii": true},
    "rate": {"sdtype": "numerical", "decimal_places": 2, "range_min": 0},
    "in": {"sdtype": "datetime", "datetime_format": "%d %b %Y"},
    "tier": {"sdtype": "ordinal", "range_values": ["A", "B"]},
    "id": {"sdtype": "id", "regex_format": "[0-9]{5}"},
    "what": {"sdtype": "unknown", "pii": true},
    "car": {"sdtype": "license_plate", "colour": 1},
    "room": {"sdtype": "categorical", "range_values": ["B", "A"], "high_cardinality": false}},
    "alternate_keys": [], "column_relationships": []}, "hotels": {"columns": {}}},
    "relationships": [{"parent_table_name": "hotels"}], "METADATA_SPEC_VERSION": "V2"}"#;

#[test]
fn foreign_metadata_gives_kinds() {
    assert!(matches!(from_json(HOTELS, None), Err(Error::Metadata { .. })));
    assert!(matches!(from_json(HOTELS, Some("rooms")), Err(Error::Metadata { .. })));
    let declared = from_json(HOTELS, Some("guests")).unwrap();
    let kinds: Vec<&str> = declared.columns.iter().map(|(_, kind)| kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "email",
            "numerical",
            "datetime:%d %b %Y",
            r#"ordinal:["A","B"]"#,
            "reference",
            "text",
            "license_plate",
            "categorical"
        ]
    );
    assert_eq!(declared.primary_key, ["email"]);
    let keyed = HOTELS.replace(r#""alternate_keys": []"#, r#""alternate_keys": ["id"]"#);
    assert_eq!(from_json(&keyed, Some("guests")).unwrap().columns[4].1, "id:[0-9]{5}");
    assert_eq!(declared.schema, None);
    // Relationships and an unknown key.
    assert_eq!(declared.warnings.len(), 2);
}

#[test]
fn edits_of_the_common_part_count() {
    let schema = Schema::new(vec![
        ColumnSchema::new("tier", Kind::Categorical { order: Vec::new() }),
        ColumnSchema::new("key", Kind::Id(IdFormat::default())),
    ]);
    let json = to_json(&schema, SpecVersion::V2)
        .replace(r#""sdtype": "categorical""#, r#""sdtype": "ordinal", "range_values": ["lo", "hi"]"#)
        .replace(r#""sdtype": "id""#, r#""sdtype": "id", "regex_format": "[A-Z]{3}""#);
    let edited = from_json(&json, None).unwrap().schema.unwrap();
    assert_eq!(edited.columns[0].kind, Kind::Categorical { order: vec!["lo".into(), "hi".into()] });
    assert_eq!(edited.columns[1].kind, Kind::Id(IdFormat { regex: Some("[A-Z]{3}".into()) }));
    let json =
        to_json(&schema, SpecVersion::V2).replace(r#""sdtype": "categorical""#, r#""sdtype": "numerical""#);
    assert!(matches!(from_json(&json, None), Err(Error::Metadata { .. })));
}

#[test]
fn what_is_not_understood_is_said() {
    for (text, part) in [
        ("", "not valid JSON"),
        ("[]", "not an object"),
        ("{}", "neither"),
        (r#"{"columns": {"a": {}}}"#, "no sdtype"),
        (r#"{"columns": {"a": {"sdtype": "id", "regex_format": "(?=x)"}}}"#, "regular expression of column"),
        (r#"{"columns": {"a": {"sdtype": "datetime", "datetime_format": "%Q"}}}"#, "%Q"),
        (r#"{"columns": {"a": {"sdtype": "id"}}, "primary_key": "b"}"#, "primary key"),
        (r#"{"columns": {}, "x-lookalike": {"version": 1, "columns": [], "more": 1}}"#, "unknown field"),
        (r#"{"columns": {}, "x-lookalike": {"version": 9, "columns": []}}"#, "version 9"),
    ] {
        let error = from_json(text, None).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let python = python_pattern("%-d.%-m.%Y %H:%M:%S%.f%:z 100%%");
    assert_eq!(python, "%d.%m.%Y %H:%M:%S.%f%z 100%%");
}
