//! Generators of tables.

use lookalike::options::{Family, MethodOptions};

use super::class::{Class, Literal, Parameter};
use super::module::Module;
use super::{Renamed, examples, of_family, parameter, text};

/// Classes, the methods they stand for, and options that Python's users know by another name.
const CLASSES: [(&str, &str, Renamed); 8] = [
    ("Forest", "forest", &[]),
    ("GaussianCopula", "copula", &[]),
    ("VAE", "vae", &[BATCH, RATE, ("latent", "latent_dim"), ("hidden", "hidden_dims")]),
    ("TVAE", "tvae", &[BATCH, RATE, ("latent", "embedding_dim"), ("hidden", "hidden_dims")]),
    ("GAN", "gan", &[BATCH, RATE, ("latent", "latent_dim"), GENERATOR, CRITIC, AVERAGE]),
    ("CTGAN", "ctgan", &[BATCH, RATE, ("latent", "embedding_dim"), GENERATOR, CRITIC, AVERAGE]),
    (
        "Autoregressive",
        "autoregressive",
        &[BATCH, RATE, ("hidden", "hidden_dims"), ("decay", "weight_decay")],
    ),
    ("Independent", "independent", &[]),
];

pub(super) const BATCH: (&str, &str) = ("batch", "batch_size");
pub(super) const RATE: (&str, &str) = ("rate", "learning_rate");
pub(super) const AVERAGE: (&str, &str) = ("average", "ema_decay");
const GENERATOR: (&str, &str) = ("hidden", "generator_dim");
const CRITIC: (&str, &str) = ("critic", "discriminator_dim");

/// What all generators of tables have: name, hint, default, type in words, meaning.
const COMMON: [(&str, &str, &str, &str, &str); 12] = [
    (
        "target",
        "str | int | None",
        "None",
        "str, int or None, default=None",
        "The column that one wants to predict: its classes are never lost silently.",
    ),
    (
        "unit",
        "str | int | None",
        "None",
        "str, int or None, default=None",
        "The column that names whom protection counts, such as a patient; each row by itself if not given.",
    ),
    (
        "condition_on",
        "Sequence[str]",
        "()",
        "sequence of str, default=()",
        "Columns that sampling will put conditions on. Methods that need to know them beforehand draw them first.",
    ),
    (
        "protect",
        "int | None",
        "5",
        "int or None, default=5",
        "How many units must share a value before it is reproduced, at least 2; None to reproduce everything, however rare.",
    ),
    (
        "constraints",
        "Sequence[Any]",
        "()",
        "sequence of str or path, default=()",
        "What must hold in every row, such as 'admitted <= discharged'; paths are of files of constraints.",
    ),
    (
        "schema",
        "Any",
        "None",
        "path, dict, Metadata or None, default=None",
        "What the columns mean, as this package or SDV writes it; found out from the data if not given.",
    ),
    (
        "columns",
        "Mapping[str, str] | None",
        "None",
        "dict or None, default=None",
        "The kinds of columns that are not to be found out, by their names, such as {'zip': 'categorical'}.",
    ),
    (
        "locale",
        "str | None",
        "None",
        "str or None, default=None",
        "Where stand-ins for personal data come from, such as 'de_DE'; guessed from the data if not given.",
    ),
    (
        "keep_format",
        "Sequence[str]",
        "()",
        "sequence of str, default=()",
        "Columns of personal data that keep the shapes of their texts, with letters and digits drawn anew.",
    ),
    (
        "consistent",
        "Sequence[str]",
        "()",
        "sequence of str, default=()",
        "Columns of personal data in which one value always becomes the same stand-in.",
    ),
    (
        "random_state",
        "Any",
        "0",
        "int, NumPy generator or None, default=0",
        "The seed. The same seed gives the same model and the same rows on any number of threads; None for another one each \
         time.",
    ),
    (
        "verbose",
        "bool | None",
        "None",
        "bool or None, default=None",
        "Whether progress is shown; if None, where somebody watches a terminal or a notebook and the work takes more than \
         two seconds.",
    ),
];

pub(super) fn source() -> String {
    let methods = of_family(Family::TableGenerator);
    let class = |&(name, method, names): &(&str, &str, Renamed)| {
        let method = methods.iter().find(|one| one.name == method).expect("a method of this name");
        let common = COMMON.map(|(name, hint, default, words, doc)| common(name, hint, default, words, doc));
        generator(name, "Generator", method, names, &common)
    };
    Module {
        doc: "Generators of tables.",
        imports: &["from lookalike._base import Generator"],
        passed: &[],
        classes: CLASSES.iter().map(class).collect(),
    }
    .text()
}

pub(super) fn common(name: &str, hint: &str, default: &str, words: &str, doc: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        annotation: hint.to_owned(),
        words: words.to_owned(),
        default: Some(default.to_owned()),
        doc: vec![doc.to_owned()],
    }
}

/// A class of generators: its own options, then those that all have.
pub(super) fn generator(
    name: &str,
    base: &'static str,
    method: &MethodOptions,
    names: Renamed,
    common: &[Parameter],
) -> Class {
    for (ours, _) in names {
        assert!(method.options.iter().any(|option| option.name == *ours), "{name} has no {ours} to rename");
    }
    let mut own = Vec::new();
    let mut parameters = Vec::new();
    for option in &method.options {
        let parameter = parameter(option, names);
        own.push((parameter.name.clone(), format!("\"{}\"", option.name)));
        parameters.push(parameter);
    }
    let known = own.clone();
    let rename = |word: &str| {
        let found = known.iter().find(|(_, ours)| ours.trim_matches('"') == word);
        found.map(|(name, _)| name.clone())
    };
    for parameter in &mut parameters {
        for paragraph in &mut parameter.doc {
            *paragraph = text::plain(paragraph, &rename);
        }
    }
    parameters.extend(common.iter().cloned());
    Class {
        name: name.to_owned(),
        base,
        doc: method.doc.iter().map(|paragraph| text::plain(paragraph, &rename)).collect(),
        attributes: vec![
            ("_method", Literal::One(format!("\"{}\"", method.name))),
            ("_own", Literal::Dict(own)),
        ],
        parameters,
        positional: 0,
        references: method.references.iter().map(|reference| text::plain(reference, &|_| None)).collect(),
        example: examples::of(base, name),
    }
}
