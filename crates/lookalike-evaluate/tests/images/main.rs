//! Sets of images: real ones score as their floor, noise and copies are told, and nothing breaks where there is little.

mod shapes;

use std::sync::atomic::{AtomicUsize, Ordering};

use lookalike_core::{Context, Progress, Seed};
use lookalike_evaluate::{
    Copying, Error, Evaluation, Inputs, LaysOpen, Need, Picture, Shape, Wanted, all_metrics, evaluate,
};
use lookalike_table::{Column, Table};
use shapes::{Look, Pictures, SMALL, table};

fn judge(train: &Table, holdout: Option<&Table>, synthetic: &Table) -> Evaluation {
    let inputs = Inputs {
        holdout,
        wanted: &Wanted::All,
        exhibits: Some(LaysOpen::Rows),
        ..Inputs::new(train, synthetic)
    };
    let evaluation = evaluate(&inputs, &Context::new(Seed::new(3))).unwrap();
    let figures = evaluation.metrics.iter().flat_map(|metric| {
        let own = [metric.value, metric.floor, metric.baseline];
        let parts = metric.parts.iter().flat_map(|part| [part.value, part.floor, part.baseline]);
        own.into_iter().chain(parts).chain(metric.details.values().map(|&value| Some(value)))
    });
    assert!(figures.flatten().all(f64::is_finite));
    evaluation
}

fn value(evaluation: &Evaluation, name: &str) -> f64 {
    let metric = evaluation.metric(name).unwrap_or_else(|| panic!("there is no {name}"));
    metric.value.unwrap_or_else(|| panic!("{name}: {:?}", metric.skipped))
}

fn floor(evaluation: &Evaluation, name: &str) -> f64 {
    evaluation.metric(name).unwrap().floor.unwrap()
}

fn of_images() -> Vec<&'static str> {
    let metrics = all_metrics().into_iter().filter(|metric| metric.needs.contains(&Need::Images));
    metrics.map(|metric| metric.name).collect()
}

#[test]
fn real_images_score_as_the_floor_and_noise_and_copies_do_not() {
    let of = |count, block| Pictures::draw(SMALL, count, block);
    let train = of(500, 0);
    let (train_table, holdout) = (train.table(), of(800, 1).table());

    let real = judge(&train_table, Some(&holdout), &of(500, 2).table());
    assert_eq!(real.metrics.iter().filter(|metric| of_images().contains(&metric.name.as_str())).count(), 10);
    assert!(value(&real, "image-frechet") < 2.0 * floor(&real, "image-frechet"));
    for name in ["image-precision", "image-recall", "image-coverage", "image-accuracy", "image-pixels"] {
        assert!(value(&real, name) > 0.8 && floor(&real, name) - value(&real, name) < 0.08, "{name}");
    }
    assert!((value(&real, "image-density") - 1.0).abs() < 0.2);
    assert!((value(&real, "image-dcr-share") - 0.5).abs() < 0.1);
    assert!(value(&real, "image-near-copies") < 0.05);
    assert_eq!(Copying::of(&real), Copying::NoEvidence);
    let accuracy = real.metric("image-accuracy").unwrap();
    assert_eq!(accuracy.parts.len(), 4);
    assert!(accuracy.interval.is_some());

    let noise = judge(&train_table, Some(&holdout), &Pictures::noise(SMALL, 500).table());
    assert!(value(&noise, "image-frechet") > 20.0 * value(&real, "image-frechet"));
    let [far, near] = [&noise, &real].map(|found| value(found, "image-kernel-distance"));
    assert!(far > 0.5 && far > 2.0 * near, "{far} {near}");
    // Recall may be high: what lies far from everything reaches far.
    for (name, most) in [("image-coverage", 0.2), ("image-accuracy", 0.6), ("image-pixels", 0.4)] {
        assert!(value(&noise, name) < most, "{name} of noise: {}", value(&noise, name));
    }

    let copies = judge(&train_table, Some(&holdout), &train_table);
    assert!(value(&copies, "image-near-copies") == 1.0 && floor(&copies, "image-near-copies") < 0.1);
    // Of 500 training images 200 are compared with.
    assert!(value(&copies, "image-dcr-share") > 0.6, "{}", value(&copies, "image-dcr-share"));
    assert_eq!(Copying::of(&copies), Copying::Evidence(vec!["image-dcr-share", "image-near-copies"]));
}

/// Where training and held-out images are equally many, every copy shows.
#[test]
fn copies_lie_at_their_originals() {
    let train = Pictures::draw(SMALL, 100, 0);
    let holdout = Pictures::draw(SMALL, 400, 1).table();
    let copies = judge(&train.table(), Some(&holdout), &train.table());
    assert_eq!(value(&copies, "image-dcr-share"), 1.0);
    assert_eq!(copies.metric("image-near-copies").unwrap().details["equal_images"], 100.0);
}

#[test]
fn the_result_is_the_same_on_any_number_of_threads() {
    let of = |block| Pictures::draw(SMALL, 160, block).table();
    let (train, holdout, synthetic) = (of(0), of(1), of(2));
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        serde_json::to_string(&pool.install(|| judge(&train, Some(&holdout), &synthetic))).unwrap()
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn images_without_classes_are_judged_by_their_mirror_images() {
    let of = |count, block| Pictures::draw(SMALL, count, block).without_classes();
    let (train, holdout) = (of(200, 0), of(240, 1));
    let real = judge(&train, Some(&holdout), &of(200, 2));
    assert_eq!(real.metric("image-frechet").unwrap().details["judge_tells_mirror_images"], 1.0);
    assert!(value(&real, "image-frechet") < 3.0 * floor(&real, "image-frechet"));
    let reason = real.metric("image-accuracy").unwrap().skipped.as_ref().unwrap();
    assert!(reason.contains("--target"), "{reason}");
    // Of columns there is nothing to say where there is none but that of images.
    let others = real.metrics.iter().filter(|metric| !of_images().contains(&metric.name.as_str()));
    assert_eq!(others.map(|metric| metric.name.as_str()).collect::<Vec<_>>(), ["validity"]);
    let noise = judge(&train, Some(&holdout), &Pictures::noise(SMALL, 200).without_classes());
    let [far, near] = [&noise, &real].map(|found| value(found, "image-frechet"));
    assert!(far > 1.5 * near, "{far} {near}");
}

#[test]
fn one_class_is_as_none() {
    let look = Look { classes: 1, ..SMALL };
    let of = |block| Pictures::draw(look, 80, block).table();
    let found = judge(&of(0), Some(&of(1)), &of(2));
    assert_eq!(found.metric("image-frechet").unwrap().details["judge_tells_mirror_images"], 1.0);
    assert!(found.metric("image-accuracy").unwrap().skipped.as_ref().unwrap().contains("one class"));
}

#[test]
fn colours_and_odd_sizes_are_looked_at() {
    for look in [
        Look { height: 30, width: 17, channels: 1, classes: 2 },
        Look { height: 9, width: 10, channels: 3, classes: 2 },
        Look { height: 70, width: 41, channels: 4, classes: 2 },
        Look { height: 1, width: 3, channels: 2, classes: 2 },
    ] {
        let of = |block| Pictures::draw(look, 60, block).table();
        let found = judge(&of(0), Some(&of(1)), &of(2));
        for name in of_images() {
            assert!(value(&found, name).is_finite(), "{name}");
        }
        let statistics = if look.channels >= 3 { 5 } else { 4 };
        assert_eq!(found.metric("image-pixels").unwrap().parts.len(), statistics);
        assert_eq!(found.notes.iter().any(|note| note.contains("32 x 19 pixels")), look.height == 70);
    }
}

#[test]
fn few_images_are_told_to_be_few() {
    let of = |block| Pictures::draw(SMALL, 20, block).table();
    let found = judge(&of(0), Some(&of(1)), &of(2));
    let reason = found.metric("image-frechet").unwrap().skipped.as_ref().unwrap();
    assert!(reason.contains("40 held-out images"), "{reason}");
    assert!(found.metric("image-accuracy").unwrap().value.is_some());
    let alone = judge(&of(0), None, &of(2));
    for name in of_images() {
        assert_eq!(alone.metric(name).unwrap().value.is_some(), name == "image-pixels", "{name}");
    }
    assert!(alone.could_not_tell.iter().any(|open| open.contains("training images were memorized")));
    let empty = Pictures::draw(SMALL, 0, 0).table();
    let nothing = judge(&of(0), Some(&of(1)), &empty);
    assert!(of_images().iter().all(|name| nothing.metric(name).unwrap().value.is_none()));
}

#[test]
fn images_that_are_all_equal_are_no_distance_apart() {
    let of = |block| {
        let mut pictures = Pictures::draw(SMALL, 60, block);
        pictures.levels.fill(77);
        pictures.table()
    };
    let found = judge(&of(0), Some(&of(1)), &of(2));
    assert!(value(&found, "image-frechet") < 1e-6);
    for (name, expected) in [
        ("image-kernel-distance", 0.0),
        ("image-dcr-share", 0.5),
        ("image-near-copies", 1.0),
        ("image-precision", 1.0),
        ("image-recall", 1.0),
        ("image-pixels", 1.0),
    ] {
        assert!((value(&found, name) - expected).abs() < 1e-9, "{name}: {}", value(&found, name));
    }
    assert_eq!(floor(&found, "image-near-copies"), 1.0);
}

#[test]
fn rows_without_an_image_are_left_out_and_told() {
    let some = Pictures::draw(SMALL, 90, 1);
    let size = some.size();
    let images = Column::from_images(some.levels.clone(), size).unwrap();
    let with_gaps = Table::concat(&[
        table(SMALL, images, Some(&some.labels)),
        table(SMALL, Column::missing_images(30, size), Some(&[0; 30])),
    ]);
    let holdout = with_gaps.unwrap();
    let of = |block| Pictures::draw(SMALL, 90, block).table();
    let found = judge(&of(0), Some(&holdout), &of(2));
    assert!(found.notes.iter().any(|note| note.contains("30 rows without an image")), "{:?}", found.notes);
    assert_eq!(found.metric("image-frechet").unwrap().details["images_of_each"], 22.0);
}

#[test]
fn images_of_another_shape_are_not_compared() {
    let other = Pictures::draw(Look { height: 10, ..SMALL }, 80, 2).table();
    let of = |block| Pictures::draw(SMALL, 80, block).table();
    let found = judge(&of(0), Some(&of(1)), &other);
    for name in of_images() {
        let reason = found.metric(name).unwrap().skipped.as_ref().unwrap();
        assert_eq!(reason, "the synthetic table has no images of the same shape");
    }
    let note =
        "the synthetic table has images of 10 x 12 pixels in 1 channels, not of 12 x 12 pixels in 1 channels";
    assert!(found.notes.iter().any(|told| told.starts_with(note)), "{:?}", found.notes);
}

#[test]
fn of_images_tables_have_figures_of_columns_alone_and_tables_none_of_images() {
    let of = |block| Pictures::draw(SMALL, 80, block).table();
    let found = judge(&of(0), Some(&of(1)), &of(2));
    assert!(found.left_out.is_empty() && found.unmatched.is_empty());
    assert!(value(&found, "shape") > 0.8 && value(&found, "validity") == 1.0);
    for name in ["trend", "c2st", "dcr-share", "copies", "tstr", "accuracy-2"] {
        assert!(found.metric(name).is_none(), "{name}");
    }
    let classes = |block| of(block).select(&[1]);
    let found = judge(&classes(0), Some(&classes(1)), &classes(2));
    assert!(of_images().iter().all(|name| found.metric(name).is_none()));
    assert!(found.metric("dcr-share").is_some());
    // Two columns of images are left out, and a column of another kind is not taken for images.
    let double = of(0).select(&[0, 0, 1]);
    let found = judge(&double, None, &double);
    assert_eq!(found.left_out.len(), 2);
    let renamed = of(1).select(&[1, 0]);
    assert!(judge(&classes(0), None, &renamed).metric("shape").is_some());
}

#[test]
fn there_is_something_to_look_at_and_real_images_only_where_rows_may_be_shown() {
    let of = |block| Pictures::draw(SMALL, 60, block).table();
    let (train, holdout, synthetic) = (of(0), of(1), of(2));
    let shown = |most| {
        let wanted = Wanted::These(vec!["image-near-copies".to_owned(), "image-accuracy".to_owned()]);
        let inputs = Inputs {
            holdout: Some(&holdout),
            wanted: &wanted,
            exhibits: most,
            ..Inputs::new(&train, &synthetic)
        };
        evaluate(&inputs, &Context::new(Seed::new(3))).unwrap()
    };
    let names = |found: &Evaluation| -> Vec<String> {
        found.exhibits.iter().map(|exhibit| exhibit.name.clone()).collect()
    };
    assert!(shown(None).exhibits.is_empty());
    let figures = shown(Some(LaysOpen::Figures));
    assert_eq!(names(&figures), ["image-grid", "image-grid-classes"]);
    let text = serde_json::to_string(&figures).unwrap();
    assert!(["disc", "frame", "plus", "square"].iter().all(|class| !text.contains(&format!("\"{class}\""))));
    let all = shown(Some(LaysOpen::Rows));
    assert_eq!(
        names(&all)[..],
        [
            "image-grid",
            "image-grid-classes",
            "distribution-1",
            "image-grid-real",
            "image-grid-classes-real",
            "image-accuracy-classes",
            "image-nearest-closest",
            "image-nearest-random"
        ]
    );
    // It is the same after it was written and read.
    let read: Evaluation = serde_json::from_str(&serde_json::to_string(&all).unwrap()).unwrap();
    assert_eq!(read, all);
    let images = Pictures::draw(SMALL, 60, 2);
    let known: Vec<&[u8]> = images.levels.chunks_exact(images.size()).collect();
    let grid = |name: &str| match &all.exhibits.iter().find(|exhibit| exhibit.name == name).unwrap().shape {
        Shape::Images { height: 12, width: 12, channels: 1, across, columns, rows, series } => {
            (*across, columns.clone(), rows.clone(), series.clone())
        }
        other => panic!("{other:?}"),
    };
    let (across, _, rows, series) = grid("image-grid");
    assert!(across == 5 && rows.is_empty() && series.len() == 1 && series[0].values.len() == 25);
    for picture in series[0].values.iter().flatten() {
        assert!(known.contains(&&picture.0[..]));
    }
    let (across, _, rows, series) = grid("image-grid-classes-real");
    assert!(across == 8 && rows.len() == 4 && rows.contains(&"disc".to_owned()));
    assert_eq!(series.iter().map(|series| series.values.len()).collect::<Vec<_>>(), [32, 32]);
    let (across, columns, rows, series) = grid("image-nearest-closest");
    assert!(across == columns.len() && rows.len() == 8 && series[0].values.len() == 24);
    // The distance beside a row is that of its images.
    let levels =
        |place: usize| series[0].values[place].as_ref().map(|Picture(levels)| levels.clone()).unwrap();
    let squares: f64 = levels(0)
        .iter()
        .zip(levels(1))
        .map(|(&a, b)| (f64::from(a) - f64::from(b)) * (f64::from(a) - f64::from(b)))
        .sum();
    assert!(rows[0].starts_with(&format!("{:.1} and ", (squares / 144.0).sqrt())), "{rows:?}");
    let caption =
        &all.exhibits.iter().find(|exhibit| exhibit.name == "image-nearest-random").unwrap().caption;
    assert!(caption.contains("Near copies of training images: ") && caption.contains("real images reach"));
}

#[test]
fn the_work_stops_when_it_is_to() {
    /// Stops at the so-manieth time that it is asked.
    struct Stops(AtomicUsize);
    impl Progress for Stops {
        fn enough(&self) -> bool {
            panic!("a judge that learned halfway is another judge")
        }

        fn cancelled(&self) -> bool {
            self.0.fetch_add(1, Ordering::Relaxed) >= 30
        }
    }
    let of = |block| Pictures::draw(SMALL, 160, block).table();
    let (train, holdout, synthetic) = (of(0), of(1), of(2));
    let inputs = Inputs { holdout: Some(&holdout), ..Inputs::new(&train, &synthetic) };
    let stops = Stops(AtomicUsize::new(0));
    let context = Context::new(Seed::new(3)).with_progress(&stops);
    assert!(matches!(evaluate(&inputs, &context), Err(Error::Cancelled(_))));
}
