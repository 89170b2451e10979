//! The laws that every transform obeys, walked for all members of the closed enum.

use lookalike_image::{
    Action, BoundingBox, Color, Image, Keypoint, Pipeline, Pixels, Record, Sample, Seed, Transform,
};

/// A picture with something to see in all channels, and a mask, boxes and points with it.
fn sample(width: usize, height: usize, color: Color, bits: u8) -> Sample {
    let count = width * height * color.channels();
    let level = |at: usize| (at * 7919 + at / 13 * 31) % 256;
    let pixels = if bits == 8 {
        Pixels::U8((0..count).map(|at| level(at) as u8).collect())
    } else {
        Pixels::U16((0..count).map(|at| (level(at) * 257) as u16).collect())
    };
    let mut sample = Sample::new(Image::new(width, height, color, pixels).unwrap()).with_label("a");
    let mask = (0..width * height).map(|at| u8::from(at % width >= width / 2)).collect();
    sample.mask = Some(Image::from_u8(width, height, Color::Grey, mask).unwrap());
    let (right, bottom) = (width as f64, height as f64);
    sample.boxes =
        vec![BoundingBox { left: right / 4.0, top: 0.0, right, bottom: bottom / 2.0, label: "b".to_owned() }];
    let (x, y) = ((width / 2) as f64, (height / 3) as f64);
    sample.keypoints = vec![Keypoint { x, y, label: "k".to_owned() }];
    sample
}

const SIZES: [(usize, usize); 5] = [(1, 1), (2, 1), (1, 7), (5, 3), (33, 18)];
const COLORS: [Color; 3] = [Color::Grey, Color::Rgb, Color::Rgba];

/// Runs `law` for every transform on every kind of picture.
fn everywhere(law: impl Fn(&Transform, &Sample, &str)) {
    for transform in Transform::all(9, 6) {
        for (width, height) in SIZES {
            for color in COLORS {
                for bits in [8, 16] {
                    let sample = sample(width, height, color, bits);
                    let what = format!("{} on {}", transform.name(), sample.image.shape());
                    law(&transform, &sample, &what);
                }
            }
        }
    }
}

fn drawn(transform: &Transform, sample: &Sample, seed: u64) -> Vec<Action> {
    transform.draw(sample.image.shape(), &mut Seed::new(seed).stream("law", 0))
}

fn done(actions: &[Action], sample: &Sample) -> Sample {
    let mut sample = sample.clone();
    for action in actions {
        action.apply(&mut sample).unwrap();
    }
    sample
}

#[test]
fn there_are_forty_one() {
    let names: std::collections::BTreeSet<&str> = Transform::all(9, 6).iter().map(Transform::name).collect();
    assert_eq!(names.len(), 41);
}

#[test]
fn shapes_are_as_foretold_and_all_travels_together() {
    everywhere(|transform, sample, what| {
        for seed in 0..3 {
            let actions = drawn(transform, sample, seed);
            let foretold = actions.iter().fold(sample.image.shape(), |shape, action| action.shape(shape));
            let after = done(&actions, sample);
            assert_eq!(after.image.shape(), foretold, "{what}");
            let mask = after.mask.as_ref().expect(what);
            assert_eq!((mask.width(), mask.height()), (after.image.width(), after.image.height()), "{what}");
            assert_eq!(after.label.as_deref(), Some("a"), "{what}");
            for b in &after.boxes {
                assert!(b.left <= b.right && b.top <= b.bottom && b.area().is_finite(), "{what}");
            }
            // A mask of classes 0 and 1 never gets another one.
            assert!(mask.as_u8().unwrap().iter().all(|class| *class <= 1), "{what}");
        }
    });
}

#[test]
fn the_same_seed_does_the_same_and_records_do_it_again() {
    everywhere(|transform, sample, what| {
        let pipeline = Pipeline::of([transform.clone()]);
        assert_eq!(pipeline.check(), Vec::<String>::new(), "{what}");
        let (one, record) = pipeline.apply(sample.clone(), Seed::new(5), "a.png", 2).unwrap();
        let (other, _) = pipeline.apply(sample.clone(), Seed::new(5), "a.png", 2).unwrap();
        assert_eq!(one, other, "{what}");
        let text = serde_json::to_string(&record).unwrap();
        let kept: Record = serde_json::from_str(&text).unwrap();
        assert_eq!(kept, record, "{what}");
        assert_eq!(kept.apply(sample.clone()).unwrap(), one, "{what}");
    });
}

#[test]
fn options_are_written_as_they_are_read() {
    for transform in Transform::all(9, 6) {
        let pipeline = Pipeline::of([transform]);
        let text = toml::to_string(&pipeline).unwrap();
        assert_eq!(toml::from_str::<Pipeline>(&text).unwrap(), pipeline, "{text}");
    }
}

#[test]
fn with_no_chance_nothing_happens() {
    for transform in Transform::all(9, 6) {
        let mut value = serde_json::to_value(&transform).unwrap();
        value[transform.name()]["p"] = 0.into();
        let never: Transform = serde_json::from_value(value).unwrap();
        let sample = sample(5, 3, Color::Rgb, 8);
        let (after, record) = Pipeline::of([never]).apply(sample.clone(), Seed::new(1), "a", 0).unwrap();
        assert_eq!(after.image, sample.image);
        assert!(record.steps.is_empty());
    }
}

#[test]
fn unknown_options_are_refused() {
    for transform in Transform::all(9, 6) {
        let mut value = serde_json::to_value(&transform).unwrap();
        value[transform.name()]["nonsense"] = 1.into();
        assert!(serde_json::from_value::<Transform>(value).is_err(), "{}", transform.name());
    }
}

#[test]
fn turns_and_inversion_have_inverses() {
    let flips = ["HorizontalFlip", "VerticalFlip", "Transpose", "InvertImg"];
    everywhere(|transform, sample, what| {
        let actions = drawn(transform, sample, 3);
        if flips.contains(&transform.name()) {
            let twice = done(&actions, &done(&actions, sample));
            assert_eq!(twice.image, sample.image, "{what}");
            assert_eq!(twice.mask, sample.mask, "{what}");
            assert_eq!(twice.keypoints, sample.keypoints, "{what}");
        }
        for action in &actions {
            if let Action::Turn(symmetry) = action {
                let back = Action::Turn(symmetry.inverse());
                assert_eq!(done(&[action.clone(), back], sample).image, sample.image, "{what}");
            }
        }
    });
}

#[test]
fn opacity_is_kept_by_all_that_does_not_move_pixels() {
    let sample = sample(33, 18, Color::Rgba, 8);
    let opacity =
        |image: &Image| -> Vec<u8> { image.as_u8().unwrap().iter().skip(3).step_by(4).copied().collect() };
    let moving = [
        "HorizontalFlip",
        "VerticalFlip",
        "Transpose",
        "RandomRotate90",
        "D4",
        "Rotate",
        "SafeRotate",
        "Affine",
        "ShiftScaleRotate",
        "Perspective",
        "ElasticTransform",
        "GridDistortion",
        "RandomCrop",
        "CenterCrop",
        "RandomResizedCrop",
        "Resize",
        "PadIfNeeded",
        "Downscale",
        "CoarseDropout",
        "Erasing",
        "Normalize",
    ];
    for transform in Transform::all(9, 6) {
        if !moving.contains(&transform.name()) {
            let after = done(&drawn(&transform, &sample, 1), &sample);
            assert_eq!(opacity(&after.image), opacity(&sample.image), "{}", transform.name());
        }
    }
}

#[test]
fn nothing_follows_normalization() {
    let mut normalized = sample(4, 4, Color::Rgb, 8);
    let normalize = Transform::all(9, 6).into_iter().find(|t| t.name() == "Normalize").unwrap();
    normalized = done(&drawn(&normalize, &normalized, 1), &normalized);
    for transform in Transform::all(9, 6) {
        for action in transform.draw(normalized.image.shape(), &mut Seed::new(1).stream("law", 0)) {
            assert!(action.apply(&mut normalized.clone()).is_err(), "{}", transform.name());
        }
    }
}

/// A change here changes what every pipeline makes: it is a breaking change and belongs in the changelog.
#[test]
fn bytes_are_pinned() {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for transform in Transform::all(20, 15) {
        let sample = sample(33, 18, Color::Rgb, 8);
        match done(&drawn(&transform, &sample, 11), &sample).image.into_pixels() {
            Pixels::U8(values) => add(&values),
            Pixels::U16(values) => values.iter().for_each(|value| add(&value.to_le_bytes())),
            Pixels::F32(values) => values.iter().for_each(|value| add(&value.to_le_bytes())),
        }
    }
    assert_eq!(hash, 11_947_666_189_676_859_409);
}
