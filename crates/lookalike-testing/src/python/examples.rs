//! What is run in docstrings to show a class. Python's doctests execute it.

/// The example of a class below a base class; empty if it has none.
pub(super) fn of(base: &str, class: &str) -> String {
    match base {
        "Generator" => table(class),
        "Resampler" => resampler(class),
        "ImageGenerator" => images(class),
        _ => transform(class),
    }
}

fn table(class: &str) -> String {
    // Networks that see every row twice have learned little, and show how they are called.
    let call = match class {
        "Forest" | "GaussianCopula" | "Independent" => format!("{class}()"),
        _ => format!("{class}(epochs=2)"),
    };
    format!(
        "\
>>> from lookalike import {class}
>>> ages = [20 + row % 50 for row in range(200)]
>>> table = {{\"age\": ages, \"member\": [\"yes\" if age > 40 else \"no\" for age in ages]}}
>>> synthetic = {call}.fit(table).sample(5)
>>> list(synthetic), len(synthetic[\"age\"])
(['age', 'member'], 5)"
    )
}

/// Eight rows are rare, thirty-two usual.
fn resampler(class: &str) -> String {
    let (module, shown) = match class {
        "RandomOverSampler" | "ROSE" | "GaussianNoiseOverSampler" | "SMOTE" | "SMOTENC" | "SMOTEN" => {
            ("over_sampling", ">>> sorted(Counter(y_new).items())\n[('rare', 32), ('usual', 32)]")
        }
        "BorderlineSMOTE" | "SVMSMOTE" | "KMeansSMOTE" | "ADASYN" => {
            ("over_sampling", ">>> Counter(y_new)[\"usual\"], Counter(y_new)[\"rare\"] > 8\n(32, True)")
        }
        "RandomUnderSampler" | "NearMiss" | "InstanceHardnessThreshold" | "ClusterCentroids" => {
            ("under_sampling", ">>> sorted(Counter(y_new).items())\n[('rare', 8), ('usual', 8)]")
        }
        "SMOTEENN" | "SMOTETomek" => ("combine", ">>> Counter(y_new)[\"usual\"] <= 32\nTrue"),
        _ => ("under_sampling", ">>> Counter(y_new)[\"rare\"], Counter(y_new)[\"usual\"] <= 32\n(8, True)"),
    };
    let columns = match class {
        "SMOTEN" => "{\"color\": [\"red green blue\".split()[row % 3] for row in rows]}",
        "SMOTENC" => "{\"size\": [row % 7 + 0.5 for row in rows], \"color\": [\"red\", \"blue\"] * 20}",
        _ => "{\"size\": [row % 7 + 0.5 for row in rows], \"weight\": [row / 4 for row in rows]}",
    };
    // Clusters are found where a class lies together.
    let rare = if class == "KMeansSMOTE" { "row < 8" } else { "row % 5 == 0" };
    let seed = match class {
        "NearMiss"
        | "TomekLinks"
        | "EditedNearestNeighbours"
        | "RepeatedEditedNearestNeighbours"
        | "AllKNN"
        | "NeighbourhoodCleaningRule" => "",
        _ => "random_state=0",
    };
    format!(
        "\
>>> from collections import Counter
>>> from lookalike.{module} import {class}
>>> rows = range(40)
>>> X = {columns}
>>> y = [\"rare\" if {rare} else \"usual\" for row in rows]
>>> X_new, y_new = {class}({seed}).fit_resample(X, y)
{shown}"
    )
}

fn images(class: &str) -> String {
    let small = match class {
        "Flow" => "channels=(8,)",
        "VAE" | "GAN" => "hidden_dims=(16,)",
        _ => "channels=(8, 8)",
    };
    format!(
        "\
>>> import numpy as np
>>> from lookalike.images import {class}
>>> pictures = np.tile(np.arange(64, dtype=np.uint8).reshape(8, 8), (64, 1, 1))
>>> {class}(epochs=1, {small}).fit(pictures).sample(3).shape
(3, 8, 8)"
    )
}

fn transform(class: &str) -> String {
    let (given, shape) = match class {
        "RandomCrop" | "CenterCrop" | "Resize" => ("height=32, width=24, p=1.0", "(32, 24, 3)"),
        "RandomResizedCrop" => ("size=(32, 24), p=1.0", "(32, 24, 3)"),
        "PadIfNeeded" => ("min_height=80, min_width=96, p=1.0", "(80, 96, 3)"),
        _ => ("p=1.0", "(64, 64, 3)"),
    };
    format!(
        "\
>>> import numpy as np
>>> from lookalike.images import {class}
>>> picture = np.full((64, 64, 3), 200, dtype=np.uint8)
>>> {class}({given})(image=picture)[\"image\"].shape
{shape}"
    )
}
