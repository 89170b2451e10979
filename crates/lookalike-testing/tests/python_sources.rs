//! The Python package's classes say what the options of the library say.
//!
//! `UPDATE_DOCS=1 cargo test -p lookalike-testing --test python_sources` writes them anew.

use std::path::{Path, PathBuf};

use lookalike_testing::python::sources;

fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../lookalike-python/python/lookalike")
}

#[test]
fn classes_follow_from_the_options() {
    let mut stale = Vec::new();
    for (name, text) in sources() {
        let file = package().join(name);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &text).unwrap();
        }
        if std::fs::read_to_string(&file).unwrap_or_default() != text {
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "{stale:?} differ from the options: run this test with UPDATE_DOCS=1");
}

/// The names that notebooks have, each in the file that they import it from.
#[test]
fn familiar_names_are_there() {
    let sources = sources();
    let signature = |file: &str, class: &str| {
        let (_, text) = sources.iter().find(|(name, _)| *name == file).unwrap();
        let start =
            text.find(&format!("\nclass {class}(")).unwrap_or_else(|| panic!("{file} has no {class}"));
        let init = start + text[start..].find("def __init__(").unwrap();
        text[init..init + text[init..].find(") -> None").unwrap()].to_owned()
    };
    let smote = signature("over_sampling.py", "SMOTE");
    for given in ["sampling_strategy", "random_state: Any = None", "k_neighbors: Any = 5"] {
        assert!(smote.contains(given), "{given} in {smote}");
    }
    assert!(signature("over_sampling.py", "KMeansSMOTE").contains("k_neighbors: Any = 2"));
    assert!(signature("under_sampling.py", "NearMiss").contains("n_neighbors_ver3: Any = 3"));
    let ctgan = signature("_generators.py", "CTGAN");
    for given in
        ["epochs: int", "batch_size: int", "embedding_dim: int", "generator_dim: Sequence[int]", "pac: int"]
    {
        assert!(ctgan.contains(given), "{given} in {ctgan}");
    }
    let crop = signature("images/_transforms.py", "RandomCrop");
    assert!(
        crop.find("height: int").unwrap() < crop.find("*,").unwrap(),
        "sizes may be given by place: {crop}"
    );
}

/// A line that is too long would be folded by the formatter, and the file would differ from what is made here.
#[test]
fn code_is_laid_out() {
    for (name, text) in sources() {
        let mut inside = false;
        for line in text.lines() {
            let marks = line.matches("\"\"\"").count();
            let code = !inside && marks == 0;
            inside ^= marks == 1;
            assert!(!code || line.chars().count() <= 100, "{name}: {line}");
            assert!(line == line.trim_end(), "{name}: {line:?}");
        }
    }
}
