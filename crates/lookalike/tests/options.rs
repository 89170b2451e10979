//! The page of all options, `docs/options.md`, is made from the types that hold them.
//!
//! `UPDATE_DOCS=1 cargo test -p lookalike --test options` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use lookalike::options::{Family, MethodOption, MethodOptions, Type, methods};
use serde_json::Value;

const HEAD: &str = "\
# Options

Every option of every method: what it is called in files and plans, what may be given, what holds where nothing is given,
and what it sets. This page is made from the types that hold the options; `crates/lookalike/tests/options.rs` checks that
it is up to date, and writes it when `UPDATE_DOCS` is set. In Python the same options are keyword arguments, and some have the
names that users of Python know: `help(lookalike.Forest)`.
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut family = None;
    for method in methods() {
        if family.replace(method.family) != Some(method.family) {
            writeln!(page, "\n## {}", title(method.family)).unwrap();
        }
        section(&mut page, &method);
    }
    page
}

fn title(family: Family) -> &'static str {
    match family {
        Family::TableGenerator => "Generators of tables",
        Family::ImageGenerator => "Generators of images",
        Family::Resampler => "Resamplers",
        Family::Transform => "Transforms of pictures",
        Family::Mix => "Several pictures into one",
        Family::Choice => "Choices among transforms",
        _ => panic!("the page has no title for {family:?}"),
    }
}

fn section(page: &mut String, method: &MethodOptions) {
    writeln!(page, "\n### `{}`\n\n{}", method.name, method.doc.join("\n\n")).unwrap();
    if !method.references.is_empty() {
        writeln!(page).unwrap();
    }
    for reference in &method.references {
        writeln!(page, "- {reference}").unwrap();
    }
    if !method.options.is_empty() {
        writeln!(page, "\n| option | type | default | meaning |\n|---|---|---|---|").unwrap();
    }
    for option in &method.options {
        writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            option.name,
            option.kind.to_string().replace('\'', "`"),
            default(option),
            meaning(option)
        )
        .unwrap();
    }
}

fn default(option: &MethodOption) -> String {
    match &option.default {
        None => "must be given".to_owned(),
        Some(Value::Null) => "none".to_owned(),
        Some(Value::String(word)) => format!("`{word}`"),
        Some(value) => value.to_string().replace(',', ", "),
    }
}

fn meaning(option: &MethodOption) -> String {
    let mut meaning = option.doc.clone();
    if let Type::Word(words) = &option.kind {
        for word in words.iter().filter(|word| !word.doc.is_empty()) {
            write!(meaning, " `{}`: {}", word.name, word.doc).unwrap();
        }
    }
    meaning.replace('|', "\\|")
}

#[test]
fn the_page_of_options_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/options.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, page()).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == page(),
        "docs/options.md differs from what the types of options say: run this test with UPDATE_DOCS=1"
    );
}

#[test]
fn all_methods_are_described_and_no_option_is_silent() {
    let methods = methods();
    let names = |family| -> Vec<&str> {
        let of_family = methods.iter().filter(|method| method.family == family);
        of_family.map(|method| method.name.as_str()).collect()
    };
    let sorted = |mut names: Vec<&'static str>| {
        names.sort_unstable();
        names
    };
    let mut tables = names(Family::TableGenerator);
    tables.sort_unstable();
    assert_eq!(tables, sorted(lookalike::AnySynthesizer::NAMES.to_vec()));
    assert_eq!(names(Family::ImageGenerator), lookalike::synth::image::ImageSynthesizer::NAMES);
    assert_eq!(names(Family::Choice), ["OneOf", "SomeOf", "Sequential"]);
    for method in &methods {
        assert!(!method.doc.is_empty(), "{} says nothing of itself", method.name);
        for option in &method.options {
            let sentence = option.doc.ends_with('.') && !option.doc.contains("[default");
            assert!(sentence, "{}.{} says {:?}", method.name, option.name, option.doc);
        }
    }
}

/// What is said to hold where nothing is given is what holds: with all defaults written out, a method is the same.
#[test]
fn defaults_are_those_of_the_methods() {
    for method in methods().iter().filter(|method| method.family != Family::Choice) {
        let given = |option: &&MethodOption| option.default.as_ref().is_some_and(|value| !value.is_null());
        let written: serde_json::Map<String, Value> = method
            .options
            .iter()
            .filter(given)
            .map(|option| (option.name.clone(), option.default.clone().unwrap()))
            .collect();
        let needed: serde_json::Map<String, Value> = method
            .options
            .iter()
            .filter(|option| option.default.is_none())
            .map(|option| (option.name.clone(), sample(&option.kind)))
            .collect();
        let all: serde_json::Map<String, Value> = needed.clone().into_iter().chain(written).collect();
        let named = |options| serde_json::json!({ method.name.clone(): Value::Object(options) });
        let (short, long) = (named(needed), named(all));
        match method.family {
            Family::TableGenerator => same::<lookalike::AnySynthesizer>(short, long),
            Family::ImageGenerator => same::<lookalike::synth::image::ImageSynthesizer>(short, long),
            Family::Resampler => same::<lookalike::synth::resample::AnyResampler>(short, long),
            Family::Transform => same::<lookalike::image::Transform>(short, long),
            Family::Mix => same::<lookalike::image::Mix>(short, long),
            _ => panic!("no type for {:?}", method.family),
        }
    }
}

fn same<T: serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(short: Value, long: Value) {
    let read = |value| serde_json::from_value::<T>(value).unwrap();
    assert_eq!(read(short), read(long));
}

fn sample(kind: &Type) -> Value {
    match kind {
        Type::Int => 8.into(),
        Type::Tuple(kind, count) => vec![sample(kind); *count].into(),
        other => panic!("no sample for {other}"),
    }
}
