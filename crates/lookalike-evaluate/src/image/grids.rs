//! Grids of images: synthetic ones, and real ones beside them.

use lookalike_table::Codes;

use super::pictures::{grid, pictures};
use super::set::{Classes, ImageSet, Images};
use crate::alignment::Role;
use crate::exhibit::{Exhibit, LaysOpen, Picture, Series};
use crate::group::Scene;
use crate::metric::Family;
use crate::names::level_names;

/// Rows and columns of the grids of any images.
const SIDE: usize = 5;
/// How many images of each class.
const OF_CLASS: usize = 8;
/// The most classes that are shown, the most frequent in training.
const MOST_CLASSES: usize = 20;

/// Synthetic images alone, which lay nothing real open: classes are numbered, not named.
pub(crate) fn synthetic(scene: &Scene<'_>) -> Vec<Exhibit> {
    let Some((images, set)) =
        scene.images.and_then(|images| Some((images, images.of(Role::Synthetic).ok()?)))
    else {
        return Vec::new();
    };
    if set.len() == 0 {
        return Vec::new();
    }
    let mut exhibits = vec![Exhibit {
        name: "image-grid".to_owned(),
        title: "synthetic images".to_owned(),
        caption: "Drawn at random.".to_owned(),
        family: Family::Fidelity,
        lays_open: LaysOpen::Figures,
        shape: grid(scene, SIDE, Vec::new(), Vec::new(), vec![any(scene, set, Role::Synthetic)]),
    }];
    let Some(classes) = shown_classes(images) else { return exhibits };
    exhibits.push(Exhibit {
        name: "image-grid-classes".to_owned(),
        title: "synthetic images of each class".to_owned(),
        caption: "A row per class, the most frequent in training first, drawn at random.".to_owned(),
        family: Family::Fidelity,
        lays_open: LaysOpen::Figures,
        shape: grid(
            scene,
            OF_CLASS,
            Vec::new(),
            (1..=classes.len()).map(|number| format!("class {number}")).collect(),
            vec![by_class(scene, set, Role::Synthetic, &classes)],
        ),
    });
    exhibits
}

/// Training images beside synthetic ones.
pub(crate) fn side_by_side(scene: &Scene<'_>) -> Vec<Exhibit> {
    let sets = (|| {
        let images = scene.images?;
        Some((images, images.of(Role::Train).ok()?, images.of(Role::Synthetic).ok()?))
    })();
    let Some((images, train, synthetic)) = sets else { return Vec::new() };
    if train.len() == 0 || synthetic.len() == 0 {
        return Vec::new();
    }
    let mut exhibits = vec![Exhibit {
        name: "image-grid-real".to_owned(),
        title: "real images beside synthetic ones".to_owned(),
        caption: "Drawn at random from both tables: those of the training table are real.".to_owned(),
        family: Family::Fidelity,
        lays_open: LaysOpen::Rows,
        shape: grid(
            scene,
            SIDE,
            Vec::new(),
            Vec::new(),
            vec![any(scene, train, Role::Train), any(scene, synthetic, Role::Synthetic)],
        ),
    }];
    let Some((own, classes)) = images.classes.as_ref().zip(shown_classes(images)) else { return exhibits };
    let names = level_names(scene, &scene.alignment.columns[own.place]);
    let title = |(place, &class): (usize, &u32)| {
        names[class as usize].clone().unwrap_or_else(|| format!("class {}", place + 1))
    };
    exhibits.push(Exhibit {
        name: "image-grid-classes-real".to_owned(),
        title: "real images of each class beside synthetic ones".to_owned(),
        caption: "A row per class, the most frequent in training first, drawn at random from both tables: those of the \
                  training table are real."
            .to_owned(),
        family: Family::Fidelity,
        lays_open: LaysOpen::Rows,
        shape: grid(
            scene,
            OF_CLASS,
            Vec::new(),
            classes.iter().enumerate().map(title).collect(),
            vec![
                by_class(scene, train, Role::Train, &classes),
                by_class(scene, synthetic, Role::Synthetic, &classes),
            ],
        ),
    });
    exhibits
}

fn series_name(role: Role) -> &'static str {
    if role == Role::Train { "training" } else { "synthetic" }
}

/// The most frequent classes of the training images; none where there is one class at most.
fn shown_classes(images: &Images) -> Option<Vec<u32>> {
    let counts = class_counts(images, images.classes.as_ref()?)?;
    let mut order: Vec<u32> = (0..counts.len() as u32).filter(|&class| counts[class as usize] > 0).collect();
    order.sort_by_key(|&class| std::cmp::Reverse(counts[class as usize]));
    order.truncate(MOST_CLASSES);
    (order.len() > 1).then_some(order)
}

/// How many training images each class has.
fn class_counts(images: &Images, classes: &Classes) -> Option<Vec<u64>> {
    let mut counts = vec![0; classes.count];
    for &label in images.of(Role::Train).ok()?.labels.iter().filter(|&&label| label != Codes::MISSING) {
        counts[label as usize] += 1;
    }
    Some(counts)
}

fn any(scene: &Scene<'_>, set: &ImageSet, role: Role) -> Series<Option<Picture>> {
    let mut stream = scene.context.seed.stream("shown images", role as u64);
    let rows: Vec<usize> =
        stream.choose(set.len(), SIDE * SIDE).into_iter().map(|number| set.rows[number]).collect();
    Series::new(series_name(role), pictures(scene, role, &rows))
}

fn by_class(scene: &Scene<'_>, set: &ImageSet, role: Role, classes: &[u32]) -> Series<Option<Picture>> {
    let mut order = scene.context.seed.stream("shown images of classes", role as u64).permutation(set.len());
    order.retain(|&number| set.labels[number] != Codes::MISSING);
    let mut all = Vec::with_capacity(classes.len() * OF_CLASS);
    for &class in classes {
        let own = order.iter().filter(|&&number| set.labels[number] == class).take(OF_CLASS);
        let rows: Vec<usize> = own.map(|&number| set.rows[number]).collect();
        let lacking = OF_CLASS - rows.len();
        all.extend(pictures(scene, role, &rows));
        all.extend(std::iter::repeat_n(None, lacking));
    }
    Series::new(series_name(role), all)
}
