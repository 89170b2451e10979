use std::collections::BTreeMap;

use lookalike_core::Cancelled;

use super::judge::{classify, learn};
use super::set::{ImageSet, Images};
use crate::alignment::Role;
use crate::evaluation::{Measurement, Part};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};
use crate::names::level_names;
use crate::privacy::clopper_pearson;

/// How well classes are told after learning from synthetic images.
pub(crate) const IMAGE_ACCURACY: Metric = Metric {
    name: "image-accuracy",
    title: "classes learned from synthetic images, tested on real ones",
    meaning: "the share of held-out real images whose class a small network (LeNet) tells that learned from synthetic images \
              and their classes alone: the classification accuracy score. Its floor is what the same network tells that \
              learned from equally many training images. The parts are the classes, the most frequent in training first",
    family: Family::Utility,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Images, Need::Holdout],
    headline: true,
    citation: "Ravuri and Vinyals 2019, https://doi.org/10.48550/arXiv.1905.10887",
};

/// The most images that are learned from, and that are tested.
const MOST: usize = 20_000;
/// The fewest that are learned from.
const LEAST: usize = 10;
/// The most classes that are drawn.
const MOST_BARS: usize = 20;

pub(super) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    match Task::new(scene) {
        Ok(task) => {
            let measurement = task.measure(scene)?;
            let exhibits = vec![task.bars(&measurement, scene)];
            Ok(Found { measurements: vec![measurement], exhibits })
        }
        Err(reason) => Ok(Measurement::skipped(&IMAGE_ACCURACY, reason).into()),
    }
}

/// What is learned from which images, and tested on which.
struct Task<'a> {
    images: &'a Images,
    classes: usize,
    /// The place of their column among the aligned ones.
    place: usize,
    train: &'a ImageSet,
    holdout: &'a ImageSet,
    synthetic: &'a ImageSet,
    tested: Vec<usize>,
    /// How many images are learned from.
    each: usize,
    /// The name of the column of classes.
    column: &'a str,
}

/// The right answers of a network: how many images of each class it took for theirs.
struct Right(Vec<u64>);

impl<'a> Task<'a> {
    fn new(scene: &'a Scene<'_>) -> Result<Self, &'static str> {
        let images = scene.images.ok_or("there is no column of images")?;
        let classes =
            images.classes.as_ref().ok_or("no column says what images show (--target names one)")?;
        let (train, holdout, synthetic) =
            (images.of(Role::Train)?, images.of(Role::Holdout)?, images.of(Role::Synthetic)?);
        let known = train.labelled();
        if known.iter().all(|&number| train.labels[number] == train.labels[known[0]]) {
            return Err("all training images are of one class");
        }
        let each = known.len().min(synthetic.labelled().len()).min(MOST);
        let mut tested = holdout.labelled();
        if each < LEAST || tested.len() < LEAST {
            return Err("there are too few images with a class");
        }
        if tested.len() > MOST {
            let chosen = scene.context.seed.stream("image accuracy test", 0).choose(tested.len(), MOST);
            tested = chosen.into_iter().map(|place| tested[place]).collect();
        }
        let column = &scene.alignment.columns[classes.place].name;
        Ok(Task {
            images,
            classes: classes.count,
            place: classes.place,
            train,
            holdout,
            synthetic,
            tested,
            each,
            column,
        })
    }

    fn measure(&self, scene: &Scene<'_>) -> Result<Measurement, Cancelled> {
        let synthetic = self.learn(self.synthetic, Role::Synthetic, scene)?;
        let real = self.learn(self.train, Role::Train, scene)?;
        let baseline = self.images.of(Role::Baseline).ok();
        let baseline = baseline.filter(|set| set.labelled().len() >= self.each);
        let baseline = baseline.map(|set| self.learn(set, Role::Baseline, scene)).transpose()?;
        let tested = self.tested.len() as u64;
        let right: u64 = synthetic.0.iter().sum();
        let share = |right: &Right| right.0.iter().sum::<u64>() as f64 / tested as f64;
        let mut measurement = Measurement::of(&IMAGE_ACCURACY, Some(share(&synthetic)), "")
            .beside(Some(share(&real)), baseline.as_ref().map(share))
            .within(Some(clopper_pearson(right, tested)))
            .detail("images_learned_from", Some(self.each as f64))
            .detail("images_tested", Some(tested as f64));
        let mut counts = vec![0_u64; self.classes];
        self.tested.iter().for_each(|&number| counts[self.holdout.labels[number] as usize] += 1);
        measurement.parts = self
            .by_frequency()
            .into_iter()
            .filter(|&class| counts[class] > 0)
            .enumerate()
            .map(|(place, class)| {
                let share = |right: &Right| right.0[class] as f64 / counts[class] as f64;
                Part {
                    columns: vec![format!("{}, class {}", self.column, place + 1)],
                    measure: "share-told-rightly".to_owned(),
                    value: Some(share(&synthetic)),
                    floor: Some(share(&real)),
                    baseline: baseline.as_ref().map(share),
                    details: BTreeMap::from([("images_tested".to_owned(), counts[class] as f64)]),
                }
            })
            .collect();
        Ok(measurement)
    }

    /// What was told rightly of each class, by the names of classes.
    fn bars(&self, measurement: &Measurement, scene: &Scene<'_>) -> Exhibit {
        let level_names = level_names(scene, &scene.alignment.columns[self.place]);
        let tested =
            |class: &usize| self.tested.iter().any(|&number| self.holdout.labels[number] as usize == *class);
        let classes: Vec<usize> = self.by_frequency().into_iter().filter(tested).collect();
        let name = |(place, &class): (usize, &usize)| {
            level_names[class].clone().unwrap_or_else(|| format!("class {}", place + 1))
        };
        let values = |of: fn(&Part) -> Option<f64>| -> Vec<f64> {
            measurement.parts.iter().take(MOST_BARS).map(|part| of(part).unwrap_or(0.0)).collect()
        };
        Exhibit {
            name: "image-accuracy-classes".to_owned(),
            title: "Which classes are learned".to_owned(),
            caption: "The share of held-out images of each class that a network tells rightly which learned from synthetic \
                      or from training images."
                .to_owned(),
            family: Family::Utility,
            lays_open: LaysOpen::Distributions,
            shape: Shape::Bars {
                value_title: "share told rightly".to_owned(),
                names: classes.iter().take(MOST_BARS).enumerate().map(name).collect(),
                series: vec![
                    Series::new("trained on synthetic", values(|part| part.value)),
                    Series::new("trained on real", values(|part| part.floor)),
                ],
            },
        }
    }

    /// Classes by how many training images they have, the most frequent first.
    fn by_frequency(&self) -> Vec<usize> {
        let mut counts = vec![0_u64; self.classes];
        self.train.labelled().into_iter().for_each(|number| counts[self.train.labels[number] as usize] += 1);
        let mut order: Vec<usize> = (0..self.classes).collect();
        order.sort_by_key(|&class| std::cmp::Reverse(counts[class]));
        order
    }

    fn learn(&self, set: &ImageSet, role: Role, scene: &Scene<'_>) -> Result<Right, Cancelled> {
        let context = scene.context;
        let known = set.labelled();
        let chosen = context.seed.stream("image accuracy", role as u64).choose(known.len(), self.each);
        let chosen: Vec<usize> = chosen.into_iter().map(|place| known[place]).collect();
        let labels: Vec<u32> = chosen.iter().map(|&number| set.labels[number]).collect();
        let levels = self.images.take(set, &chosen);
        // Both networks begin alike.
        let seed = context.seed.derive("image accuracy");
        let shape = self.images.shape;
        let lenet = learn(&levels, &labels, self.classes, shape, seed, context.progress)?;
        let found = classify(&lenet, &self.images.take(self.holdout, &self.tested), shape, context.progress)?;
        let mut right = Right(vec![0; self.classes]);
        for (&number, found) in self.tested.iter().zip(found) {
            let class = self.holdout.labels[number];
            right.0[class as usize] += u64::from(class == found);
        }
        Ok(right)
    }
}
