//! Model files of every released format open and sample the same rows for ever.
//!
//! A new format adds a folder with files that `write_new_files` made; nothing here is ever changed or removed.

use std::path::{Path, PathBuf};

use lookalike::{AnySynthesizer, Context, FitOptions, SampleRequest, Seed, model_file};
use lookalike_testing::visits::visits;
use lookalike_testing::{pictures, tables};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compat")
}

fn rows(model: &lookalike::AnyModel) -> Vec<u8> {
    let sampler =
        model.sample(&SampleRequest::rows(300), &Context::new(Seed::new(5))).expect("a plain request");
    let table = sampler.collect_table().expect("sampling works");
    if table.schema().image_column().is_some() {
        pictures::text(&table.slice(0..20))
    } else {
        tables::csv(&table)
    }
}

#[test]
fn old_files_open_and_sample_the_same_rows() {
    let mut checked = 0;
    for format in std::fs::read_dir(folder()).expect("the folder of old files") {
        for file in std::fs::read_dir(format.expect("readable").path()).expect("a folder per format") {
            let path = file.expect("readable").path();
            if path.extension().is_some_and(|extension| extension == "lookalike") {
                let model =
                    model_file::load(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let expected = std::fs::read(path.with_extension("csv")).expect("rows beside the model");
                assert!(rows(&model) == expected, "{} samples other rows", path.display());
                checked += 1;
            }
        }
    }
    assert!(checked >= AnySynthesizer::NAMES.len(), "files of old formats are missing");
}

/// Makes the files of the current format; run by hand for each new format or method.
#[test]
#[ignore = "writes the files of a new format; see the head of this file"]
fn write_new_files() {
    let folder = folder().join(format!("format-{}", model_file::FORMAT));
    std::fs::create_dir_all(&folder).expect("a new folder");
    let save = |name: &str, method: &AnySynthesizer, table: &lookalike::Table| {
        let path = folder.join(name).with_extension("lookalike");
        // What is there already must not change.
        if path.exists() {
            return;
        }
        let model = method
            .fit(table, &FitOptions::default(), &Context::new(Seed::new(1)))
            .expect("it can be learned");
        model_file::save(&model, &path).expect("room on the disk");
        std::fs::write(path.with_extension("csv"), rows(&model)).expect("room on the disk");
    };
    for method in lookalike_testing::methods() {
        save(method.name(), &method, &tables::mixed(400, 99));
    }
    for method in pictures::small_methods() {
        save(&format!("pictures-{}", method.name()), &method, &pictures::bars(120, 6, 7, 1, 99));
    }
    let copula = AnySynthesizer::from_name("copula").expect("a method of ours");
    save("constrained", &copula, &visits(400, 99));
}
