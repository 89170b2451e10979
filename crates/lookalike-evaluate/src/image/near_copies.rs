use lookalike_core::Cancelled;
use lookalike_learn::net::image::Shape;

use super::nearest::{Nearest, Tiled};
use super::pictures::{grid, pictures};
use super::set::{ImageSet, Images};
use crate::alignment::Role;
use crate::evaluation::Measurement;
use crate::exhibit::{Exhibit, LaysOpen, Series};
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};
use crate::privacy::clopper_pearson;

/// Images that differ little from a training image.
pub(crate) const IMAGE_NEAR_COPIES: Metric = Metric {
    name: "image-near-copies",
    title: "near copies of training images",
    meaning: "the share of synthetic images that are as near to a training image, pixel by pixel, as only one in a hundred \
              held-out images is. Its floor is the same for other held-out images. Copied images, also with a little noise, \
              show here whatever a network sees in them",
    family: Family::Privacy,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Images, Need::Holdout],
    headline: true,
    citation: "after Platzer and Reutterer 2021, https://doi.org/10.3389/fdata.2021.679939, by squared differences of \
               pixels",
};

/// The share of held-out images that defines what is near.
const NEAR: f64 = 0.01;
/// The fewest held-out images that define it, and as many for the floor.
const LEAST: usize = 10;
/// The most images that are asked for their nearest one.
const MOST_ASKED: usize = 2000;
/// How many images are shown beside their nearest.
const SHOWN: usize = 8;
/// The most training images that they are compared with.
const MOST_TRAIN: usize = 60_000;

pub(super) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    match sets(scene) {
        Ok(sets) => sets.measure(scene),
        Err(reason) => Ok(Measurement::skipped(&IMAGE_NEAR_COPIES, reason).into()),
    }
}

/// The images that are compared.
struct Sets<'a> {
    images: &'a Images,
    train: Drawn<'a>,
    /// Held-out images that define what is near, and others.
    held_out: [Drawn<'a>; 2],
    synthetic: Drawn<'a>,
    baseline: Option<Drawn<'a>>,
}

/// Some images of a table.
struct Drawn<'a> {
    set: &'a ImageSet,
    numbers: Vec<usize>,
    levels: Vec<u8>,
}

impl Drawn<'_> {
    /// The row of the table that an image stands in.
    fn row(&self, place: usize) -> usize {
        self.set.rows[self.numbers[place]]
    }

    fn tiled(&self, shape: Shape) -> Tiled<'_> {
        Tiled::new(&self.levels, shape)
    }
}

fn sets<'a>(scene: &Scene<'a>) -> Result<Sets<'a>, &'static str> {
    let images = scene.images.ok_or("there is no column of images")?;
    let (train, holdout, synthetic) =
        (images.of(Role::Train)?, images.of(Role::Holdout)?, images.of(Role::Synthetic)?);
    let seed = scene.context.seed;
    let chosen = |set: &ImageSet, role: Role, most: usize| {
        seed.stream("image near copies", role as u64).choose(set.len(), most)
    };
    let drawn = |set: &'a ImageSet, numbers: Vec<usize>| {
        let levels = images.take(set, &numbers);
        Drawn { set, numbers, levels }
    };
    let mut of_holdout = chosen(holdout, Role::Holdout, 2 * MOST_ASKED);
    let others = of_holdout.split_off(of_holdout.len() / 2);
    if of_holdout.len() < LEAST || synthetic.len() == 0 || train.len() == 0 {
        return Err("that needs 20 held-out images, and training and synthetic ones");
    }
    let baseline = images.of(Role::Baseline).ok().filter(|set| set.len() > 0);
    Ok(Sets {
        images,
        train: drawn(train, chosen(train, Role::Train, MOST_TRAIN)),
        held_out: [drawn(holdout, of_holdout), drawn(holdout, others)],
        synthetic: drawn(synthetic, chosen(synthetic, Role::Synthetic, MOST_ASKED)),
        baseline: baseline.map(|set| drawn(set, chosen(set, Role::Baseline, MOST_ASKED))),
    })
}

impl Sets<'_> {
    fn measure(&self, scene: &Scene<'_>) -> Result<Found, Cancelled> {
        let shape = self.images.shape;
        let train = self.train.tiled(shape);
        let nearest = |asked: &Drawn<'_>| train.nearest_to(&asked.tiled(shape), scene.context.progress);
        let mut fresh: Vec<u64> = nearest(&self.held_out[0])?.iter().map(|nearest| nearest.squared).collect();
        fresh.sort_unstable();
        let near = fresh[(fresh.len() as f64 * NEAR) as usize];
        let count = |nearest: &[Nearest]| nearest.iter().filter(|nearest| nearest.squared <= near).count();
        let share = |nearest: &Vec<Nearest>| count(nearest) as f64 / nearest.len() as f64;
        let found = nearest(&self.synthetic)?;
        let floor = nearest(&self.held_out[1])?;
        let baseline = self.baseline.as_ref().map(nearest).transpose()?;
        let measurement = Measurement::of(&IMAGE_NEAR_COPIES, Some(share(&found)), "")
            .beside(Some(share(&floor)), baseline.as_ref().map(share))
            .within(Some(clopper_pearson(count(&found) as u64, found.len() as u64)))
            .detail("equal_images", Some(found.iter().filter(|nearest| nearest.squared == 0).count() as f64))
            .detail("near_root_mean_squared_levels", Some(self.per_level(near)))
            .detail("synthetic_images", Some(found.len() as f64))
            .detail("held_out_images", Some((fresh.len() + floor.len()) as f64))
            .detail("training_images", Some(train.len() as f64));
        Ok(Found { measurements: vec![measurement], exhibits: self.strips(&found, scene)? })
    }

    /// The root of the mean square that a sum of squares stands for.
    fn per_level(&self, squared: u64) -> f64 {
        (squared as f64 / self.images.shape.size() as f64).sqrt()
    }

    /// Synthetic images, the nearest training image of each and the nearest held-out one: of those that are nearest to a
    /// training image, and of any.
    fn strips(&self, found: &[Nearest], scene: &Scene<'_>) -> Result<Vec<Exhibit>, Cancelled> {
        let mut closest: Vec<usize> = (0..found.len()).collect();
        closest.sort_by_key(|&place| (found[place].squared, place));
        closest.truncate(SHOWN);
        // What was drawn stands in a random order.
        let random: Vec<usize> = (0..found.len().min(SHOWN)).collect();
        let counted = format!(
            "Of {} synthetic images; the nearest, pixel by pixel, of {} training and {} held-out ones: where the latter are \
             fewer, they lie further away by nature. Beside each row stand both distances, as root mean squared differences \
             of levels.",
            found.len(),
            self.train.numbers.len(),
            self.held_out[1].numbers.len()
        );
        let sorts = [
            ("image-nearest-closest", "those nearest to a training image", closest),
            ("image-nearest-random", "any", random),
        ];
        let held_out = self.held_out[1].tiled(self.images.shape);
        let mut exhibits = Vec::new();
        for (name, title, places) in sorts {
            let asked: Vec<usize> = places.iter().map(|&place| self.synthetic.numbers[place]).collect();
            let asked = self.images.take(self.synthetic.set, &asked);
            let fresh =
                held_out.nearest_to(&Tiled::new(&asked, self.images.shape), scene.context.progress)?;
            let rows = |of: &dyn Fn(usize) -> usize| (0..places.len()).map(of).collect::<Vec<usize>>();
            let columns = [
                pictures(scene, Role::Synthetic, &rows(&|row| self.synthetic.row(places[row]))),
                pictures(scene, Role::Train, &rows(&|row| self.train.row(found[places[row]].number))),
                pictures(scene, Role::Holdout, &rows(&|row| self.held_out[1].row(fresh[row].number))),
            ];
            let names = ["synthetic", "nearest training", "nearest held out"];
            let cells =
                (0..places.len()).flat_map(|row| columns.iter().map(move |column| column[row].clone()));
            let distances = (0..places.len()).map(|row| {
                let [train, fresh] = [found[places[row]].squared, fresh[row].squared];
                format!("{:.1} and {:.1}", self.per_level(train), self.per_level(fresh))
            });
            exhibits.push(Exhibit {
                name: name.to_owned(),
                title: format!("synthetic images beside their nearest real ones: {title}"),
                caption: counted.clone(),
                family: Family::Privacy,
                lays_open: LaysOpen::Rows,
                shape: grid(
                    scene,
                    names.len(),
                    names.map(str::to_owned).to_vec(),
                    distances.collect(),
                    vec![Series::new("synthetic", cells.collect())],
                ),
            });
        }
        Ok(exhibits)
    }
}
