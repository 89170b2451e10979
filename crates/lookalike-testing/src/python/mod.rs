//! The sources of the Python package that follow from the options of methods: classes with their signatures and docstrings.
//!
//! Names, defaults and texts come from [`lookalike::options`]; what Python's users call otherwise than we do, and what
//! imbalanced-learn has besides, is said in the tables of `tables`, `resamplers` and `images`. The text is laid out as
//! the formatter black lays it out, with lines of 100 letters.
//!
//! `tests/python_sources.rs` checks that the files are these.

mod class;
mod examples;
mod images;
mod literal;
mod module;
mod resamplers;
mod strategy;
mod tables;
mod text;

use lookalike::options::{Family, MethodOption, MethodOptions, methods};

use class::Parameter;

/// Every generated file of the package: its path below `python/lookalike`, and its text.
pub fn sources() -> Vec<(&'static str, String)> {
    vec![
        ("_generators.py", tables::source()),
        ("over_sampling.py", resamplers::over_sampling()),
        ("under_sampling.py", resamplers::under_sampling()),
        ("combine.py", resamplers::combine()),
        ("images/_transforms.py", images::transforms()),
        ("images/_generators.py", images::generators()),
    ]
}

/// Options that Python's users know by another name: ours, and theirs.
type Renamed = &'static [(&'static str, &'static str)];

fn of_family(family: Family) -> Vec<MethodOptions> {
    methods().into_iter().filter(|method| method.family == family).collect()
}

/// An option as a parameter, under another name if there is one for it.
fn parameter(option: &MethodOption, names: Renamed) -> Parameter {
    let named = names.iter().find(|(ours, _)| *ours == option.name);
    let name = named.map_or_else(|| text::snake(&option.name), |(_, name)| (*name).to_owned());
    Parameter {
        name,
        annotation: literal::annotation(&option.kind, option.default.as_ref()),
        words: literal::words(&option.kind, option.default.as_ref()),
        default: option.default.as_ref().map(|value| literal::literal(value, &option.kind)),
        doc: literal::meaning(option),
    }
}
