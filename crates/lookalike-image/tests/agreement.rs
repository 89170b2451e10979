//! What `OpenCV` makes of parts of photographs, beside ours: `fixtures/images` says how it was recorded.

use std::path::{Path, PathBuf};

use lookalike_image::{Action, Image, Limits, Matrix, Sample, read_image};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    source: String,
    actions: Vec<Action>,
    file: String,
    /// No grey level may differ.
    exact: bool,
    /// What may, where it is not one: `OpenCV` takes Lanczos' weights from a table of 32 places between two pixels.
    #[serde(default)]
    levels: Option<usize>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/images")
}

fn picture(name: &str) -> Image {
    read_image(&folder().join(name), &Limits::default()).unwrap()
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&std::fs::read_to_string(folder().join("cases.json")).unwrap()).unwrap()
}

/// How many values there are at each difference.
fn differences(a: &Image, b: &Image) -> Vec<usize> {
    assert_eq!(a.shape(), b.shape());
    let mut counts = vec![0; 256];
    for (a, b) in a.as_u8().unwrap().iter().zip(b.as_u8().unwrap()) {
        counts[usize::from(a.abs_diff(*b))] += 1;
    }
    counts
}

#[test]
fn no_value_is_more_than_one_grey_level_from_opencv() {
    let mut apart = Vec::new();
    for case in cases() {
        let mut sample = Sample::new(picture(&format!("{}.png", case.source)));
        for action in &case.actions {
            action.apply(&mut sample).unwrap();
        }
        let counts = differences(&sample.image, &picture(&case.file));
        let allowed = case.levels.unwrap_or(usize::from(!case.exact));
        let beyond: usize = counts[allowed + 1..].iter().sum();
        if beyond > 0 {
            let largest = counts.iter().rposition(|count| *count > 0);
            apart.push(format!("{}: {beyond} values, by up to {largest:?}", case.name));
        }
    }
    assert!(apart.is_empty(), "{apart:#?}");
}

#[test]
fn a_turn_has_the_matrix_that_opencv_gives_it() {
    let case = cases().into_iter().find(|case| case.name == "rotate constant").unwrap();
    let Action::Warp(warp) = &case.actions[0] else { panic!("a turn is a warp") };
    let ours = Matrix::rotation(17.0).about(47.5, 31.5);
    assert!(ours.0.iter().zip(warp.matrix.0).all(|(a, b)| (a - b).abs() < 1e-9));
}
