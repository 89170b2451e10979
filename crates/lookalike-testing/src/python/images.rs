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

/// What albumentations takes by place in the same order, beside what must be given.
const BY_PLACE: [(&str, &[&str]); 36] = [
    ("Affine", &["scale", "translate_percent", "translate_px", "rotate", "shear"]),
    ("CLAHE", &["clip_limit", "tile_grid_size"]),
    ("CoarseDropout", &["num_holes_range", "hole_height_range", "hole_width_range"]),
    ("ColorJitter", &["brightness", "contrast", "saturation", "hue"]),
    ("D4", &["p"]),
    ("Downscale", &["scale_range"]),
    ("ElasticTransform", &["alpha", "sigma"]),
    ("Equalize", &["mode"]),
    ("Erasing", &["scale", "ratio"]),
    ("GaussNoise", &["std_range", "mean_range"]),
    ("GaussianBlur", &["blur_limit", "sigma_limit"]),
    ("GridDistortion", &["num_steps", "distort_limit"]),
    ("HorizontalFlip", &["p"]),
    ("HueSaturationValue", &["hue_shift_limit", "sat_shift_limit", "val_shift_limit"]),
    ("ISONoise", &["color_shift", "intensity"]),
    ("InvertImg", &["p"]),
    ("MedianBlur", &["blur_limit"]),
    ("MotionBlur", &["blur_limit"]),
    ("MultiplicativeNoise", &["multiplier"]),
    ("Normalize", &["mean", "std"]),
    ("PadIfNeeded", &["min_height", "min_width"]),
    ("Perspective", &["scale"]),
    ("Posterize", &["num_bits"]),
    ("RandomBrightnessContrast", &["brightness_limit", "contrast_limit"]),
    ("RandomGamma", &["gamma_limit"]),
    ("RandomRotate90", &["p"]),
    ("Rotate", &["limit"]),
    ("SafeRotate", &["limit"]),
    ("SaltAndPepper", &["amount", "salt_vs_pepper"]),
    ("Sharpen", &["alpha", "lightness"]),
    ("ShiftScaleRotate", &["shift_limit"]),
    ("ShotNoise", &["scale_range"]),
    ("Solarize", &["threshold_range"]),
    ("ToGray", &["num_output_channels"]),
    ("Transpose", &["p"]),
    ("VerticalFlip", &["p"]),
];

fn transform(method: &MethodOptions) -> Class {
    let mut parameters: Vec<_> = method.options.iter().map(|option| parameter(option, &[])).collect();
    let required = method.options.iter().filter(|option| option.default.is_none()).count();
    assert!(
        method.options[..required].iter().all(|option| option.default.is_none()),
        "what must be given is first"
    );
    let by_place = BY_PLACE.iter().find(|(name, _)| *name == method.name).map_or(&[][..], |(_, names)| names);
    assert!(
        by_place.iter().eq(method.options.iter().take(by_place.len()).map(|option| &option.name)),
        "{}: {by_place:?} are not its first options",
        method.name
    );
    let positional = required.max(by_place.len());
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
