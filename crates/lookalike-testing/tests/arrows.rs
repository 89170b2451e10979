//! Which crate may depend on which: the table of rooms in ARCHITECTURE.md, checked.
//!
//! Development dependencies are free; normal and build dependencies are not.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// A room and the rooms it may use. A crate that is not listed may not exist; `None` means any room.
const ROOMS: &[(&str, Option<&[&str]>)] = &[
    ("lookalike-core", Some(&[])),
    ("lookalike-table", Some(&["lookalike-core"])),
    ("lookalike-learn", Some(&["lookalike-core"])),
    ("lookalike-image", Some(&["lookalike-core"])),
    ("lookalike-synth", Some(&["lookalike-core", "lookalike-table", "lookalike-learn"])),
    ("lookalike-evaluate", Some(&["lookalike-core", "lookalike-table", "lookalike-learn"])),
    ("lookalike-report", Some(&["lookalike-core", "lookalike-evaluate"])),
    (
        "lookalike",
        Some(&[
            "lookalike-core",
            "lookalike-table",
            "lookalike-learn",
            "lookalike-image",
            "lookalike-synth",
            "lookalike-evaluate",
            "lookalike-report",
        ]),
    ),
    ("lookalike-cli", Some(&["lookalike"])),
    ("lookalike-python", Some(&["lookalike"])),
    ("lookalike-testing", None),
    ("lookalike-bench", None),
    ("adult-tutorial", Some(&["lookalike"])),
];

/// What each crate of the workspace depends on within the workspace.
fn arrows(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let packages = metadata.workspace_packages();
    let members: BTreeSet<String> = packages.iter().map(|package| package.name.to_string()).collect();
    packages
        .iter()
        .map(|package| {
            let used = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind != DependencyKind::Development)
                .map(|dependency| dependency.name.clone())
                .filter(|name| members.contains(name))
                .collect();
            (package.name.to_string(), used)
        })
        .collect()
}

/// One sentence for each arrow or crate that `rooms` does not have.
fn trespasses(arrows: &BTreeMap<String, BTreeSet<String>>, rooms: &[(&str, Option<&[&str]>)]) -> Vec<String> {
    let mut sentences = Vec::new();
    for (name, used) in arrows {
        match rooms.iter().find(|(room, _)| room == name) {
            None => sentences.push(format!(
                "The crate {name} is not in the table of rooms: say there and in ARCHITECTURE.md what lives in \
                 it and what it may use."
            )),
            Some((_, None)) => {}
            Some((_, Some(allowed))) => {
                for other in used.iter().filter(|other| !allowed.contains(&other.as_str())) {
                    sentences.push(format!(
                        "{name} must not depend on {other}: it may use {}. Move the code to a room that both \
                         may see, or pass its result in as data.",
                        if allowed.is_empty() { "no other crate".to_owned() } else { allowed.join(", ") }
                    ));
                }
            }
        }
    }
    sentences
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .expect("cargo metadata describes the workspace")
}

#[test]
fn every_arrow_is_allowed() {
    let sentences = trespasses(&arrows(&metadata()), ROOMS);
    assert!(sentences.is_empty(), "\n{}", sentences.join("\n"));
}

#[test]
fn a_forbidden_arrow_and_an_unknown_crate_are_found() {
    let arrows = BTreeMap::from([
        ("lookalike-evaluate".to_owned(), BTreeSet::from(["lookalike-synth".to_owned()])),
        ("lookalike-extra".to_owned(), BTreeSet::new()),
    ]);
    let sentences = trespasses(&arrows, ROOMS);
    assert_eq!(sentences.len(), 2);
    assert!(sentences[0].starts_with("lookalike-evaluate must not depend on lookalike-synth"));
    assert!(sentences[1].starts_with("The crate lookalike-extra is not in the table"));
}

#[test]
fn folders_bear_the_names_of_their_crates() {
    for package in metadata().workspace_packages() {
        let folder = package.manifest_path.parent().and_then(|folder| folder.file_name());
        assert_eq!(folder, Some(package.name.as_str()), "the folder of {} bears another name", package.name);
    }
}

/// A matrix product whose rounding depends on the processor would break the determinism contract. Features are easily
/// switched on again, also by another dependency, so what was resolved is looked at, not what was asked for.
#[test]
fn no_dependency_rounds_by_the_processor() {
    let lock = include_str!("../../../Cargo.lock");
    for name in ["matrixmultiply", "gemm", "faer"] {
        assert!(
            !lock.lines().any(|line| line == format!("name = \"{name}\"")),
            "{name} must not be among the dependencies: it chooses its kernels, and so its rounding, by the processor \
             it finds. Switch off the feature that brings it; `cargo tree -i {name}` shows which."
        );
    }
    assert!(lock.lines().any(|line| line == "name = \"nalgebra\""), "names are read from the lock file");
}
