//! Transforms of images, and their generators.

use lookalike::options::{Family, MethodOptions, Type};
use serde_json::Value;

use super::class::{Class, Literal};
use super::module::Module;
use super::tables::{AVERAGE, BATCH, RATE, common, generator};
use super::{Renamed, examples, of_family, parameter, text};

/// Classes of generators, the methods they stand for, and options that Python's users know by another name.
const CLASSES: [(&str, &str, Renamed); 5] = [
    (
        "Flow",
        "flow",
        &[
            BATCH,
            RATE,
            AVERAGE,
            ("embedding", "embedding_dim"),
            ("untold", "class_dropout"),
            ("guidance", "guidance_scale"),
        ],
    ),
    ("VAE", "vae", &[BATCH, RATE, ("latent", "latent_dim"), ("hidden", "hidden_dims")]),
    ("ConvVAE", "conv-vae", &[BATCH, RATE, ("latent", "latent_dim")]),
    (
        "GAN",
        "gan",
        &[BATCH, RATE, ("latent", "latent_dim"), ("hidden", "hidden_dims"), ("slope", "negative_slope")],
    ),
    (
        "WGAN",
        "wgan",
        &[
            BATCH,
            RATE,
            AVERAGE,
            ("latent", "latent_dim"),
            ("penalty", "gradient_penalty"),
            ("critic-steps", "n_critic"),
        ],
    ),
];

pub(super) fn generators() -> String {
    let methods = of_family(Family::ImageGenerator);
    let class = |&(name, method, names): &(&str, &str, Renamed)| {
        let method = methods.iter().find(|one| one.name == method).expect("a method of this name");
        let every = [
            common(
                "protect",
                "int | None",
                "5",
                "int or None, default=5",
                "How many images must share a class before it is reproduced, at least 2; None to reproduce every class, \
                 however rare.",
            ),
            common(
                "random_state",
                "Any",
                "0",
                "int, NumPy generator or None, default=0",
                "The seed. The same seed gives the same model and the same images on any number of threads; None for \
                 another one each time.",
            ),
            common(
                "verbose",
                "bool | None",
                "None",
                "bool or None, default=None",
                "Whether progress is shown; if None, where somebody watches a terminal or a notebook and the work takes \
                 more than two seconds.",
            ),
        ];
        generator(name, "ImageGenerator", method, names, &every)
    };
    Module {
        doc: "Generators of images.",
        imports: &["from lookalike.images._base import ImageGenerator"],
        passed: &[],
        classes: CLASSES.iter().map(class).collect(),
    }
    .text()
}

pub(super) fn transforms() -> String {
    Module {
        doc: "What can be done to pictures, with chance, under the names that users of albumentations know.",
        imports: &["from lookalike.images._base import Transform"],
        passed: &[],
        classes: of_family(Family::Transform).iter().map(transform).collect(),
    }
    .text()
}

fn transform(method: &MethodOptions) -> Class {
    let mut parameters: Vec<_> = method.options.iter().map(|option| parameter(option, &[])).collect();
    let positional = method.options.iter().filter(|option| option.default.is_none()).count();
    assert!(
        method.options[..positional].iter().all(|option| option.default.is_none()),
        "what must be given is first"
    );
    for (option, parameter) in method.options.iter().zip(&mut parameters) {
        if option.default.as_ref().is_some_and(whole) && matches!(option.kind, Type::Either(_)) {
            for text in [&mut parameter.words].into_iter().chain(parameter.default.as_mut()) {
                *text = text.replace(".0", "");
            }
        }
        for paragraph in &mut parameter.doc {
            *paragraph = text::plain(paragraph, &|_| None);
        }
    }
    let example = examples::of("Transform", &method.name);
    Class {
        name: method.name.clone(),
        base: "Transform",
        doc: method.doc.iter().map(|paragraph| text::plain(paragraph, &|_| None)).collect(),
        attributes: vec![("_step", Literal::One(format!("\"{}\"", method.name)))],
        parameters,
        positional,
        references: method.references.iter().map(|reference| text::plain(reference, &|_| None)).collect(),
        example,
    }
}

/// True for levels of grey, and for ranges of numbers of pixels and the like, which are written without a point.
fn whole(default: &Value) -> bool {
    let whole = |end: &Value| end.as_f64().is_some_and(|end| end.fract() == 0.0);
    match default {
        Value::Array(ends) => {
            ends.iter().all(whole) && ends.iter().any(|end| end.as_f64().is_some_and(|end| end.abs() > 1.0))
        }
        level => whole(level),
    }
}
