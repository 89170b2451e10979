use lookalike_core::Cancelled;
use lookalike_learn::neighbours::EuclideanPoints;
use rayon::prelude::*;

use super::cloud::Clouds;
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric};

/// Whether synthetic rows lie where real ones do.
pub(crate) const ALPHA_PRECISION: Metric = Metric {
    name: "alpha-precision",
    title: "alpha-precision",
    meaning: "whether synthetic rows lie where real ones do: for each share alpha of real rows nearest to their centre, the \
              share of synthetic rows within the same distance of it should be alpha; 1 - the mean difference, over 30 \
              shares. It sees distances from one centre only. From equal numbers of rows, 4096 at most",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "Alaa et al. 2022, https://arxiv.org/abs/2102.08921, as the naive variant of synthcity computes it",
};

/// Whether real rows have synthetic ones near them.
pub(crate) const BETA_RECALL: Metric = Metric {
    name: "beta-recall",
    title: "beta-recall",
    meaning: "whether real rows have synthetic ones near them: the share of real rows whose nearest synthetic row is at \
              least as near as their nearest real row, over 30 shares of synthetic rows nearest to their centre. Fresh \
              real rows reach about 0.5, not 1: read it beside its floor, and more than that as rows that were copied",
    goal: Goal::Near(0.5),
    ..ALPHA_PRECISION
};

/// How densely synthetic rows fill the neighbourhoods of real ones.
pub(crate) const DENSITY: Metric = Metric {
    name: "density",
    title: "density",
    meaning: "how many neighbourhoods of real rows (as far as their fifth nearest real row) a synthetic row lies in, \
              divided by five. About 1 for fresh real rows; more where synthetic rows crowd in the middle, fewer where they \
              lie where no real ones do. From equal numbers of rows, 4096 at most",
    goal: Goal::Near(1.0),
    range: (Some(0.0), None),
    citation: "Naeem et al. 2020, https://arxiv.org/abs/2002.09797",
    ..ALPHA_PRECISION
};

/// How many real rows have a synthetic one in their neighbourhood.
pub(crate) const COVERAGE: Metric = Metric {
    name: "coverage",
    title: "coverage",
    meaning: "the share of real rows that have a synthetic row in their neighbourhood (as far as their fifth nearest real \
              row): low where the synthetic table lacks some kinds of rows. Fresh real rows reach about 0.97",
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    ..DENSITY
};

pub(crate) const METRICS: [&Metric; 4] = [&ALPHA_PRECISION, &BETA_RECALL, &DENSITY, &COVERAGE];

const MOST_ROWS: usize = 4096;
const SHARES: usize = 30;
/// Which neighbour ends a neighbourhood.
const NEIGHBOURS: usize = 5;

/// The figures, in the order of [`METRICS`].
type Figures = [f64; METRICS.len()];

pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let Some(clouds) = Clouds::new(&scene.alignment, MOST_ROWS, "support rows", scene.context) else {
        let reason = "there are too few rows, or no common column";
        return Ok(METRICS.map(|metric| Measurement::skipped(metric, reason)).to_vec().into());
    };
    let near = Neighbourhoods::of(&clouds.train);
    let compare = |other: &EuclideanPoints| {
        if scene.context.progress.cancelled() {
            Err(Cancelled)
        } else {
            Ok(figures(&clouds.train, &near, other))
        }
    };
    let synthetic = compare(&clouds.synthetic)?;
    let floor = clouds.holdout.as_ref().map(compare).transpose()?;
    let baseline = clouds.baseline.as_ref().map(compare).transpose()?;
    let of = |(number, metric): (usize, &&Metric)| {
        Measurement::of(metric, Some(synthetic[number]), "")
            .beside(floor.map(|figures| figures[number]), baseline.map(|figures| figures[number]))
            .detail("rows_of_each", Some(clouds.rows()))
    };
    Ok(METRICS.iter().enumerate().map(of).collect::<Vec<_>>().into())
}

/// How far each real row's nearest other one is, and its fifth nearest; both squared.
struct Neighbourhoods {
    nearest: Vec<f64>,
    ends: Vec<f64>,
}

impl Neighbourhoods {
    fn of(real: &EuclideanPoints) -> Self {
        let neighbours = NEIGHBOURS.min(real.len() - 1);
        let (nearest, ends) = (0..real.len())
            .into_par_iter()
            .map_init(Vec::new, |squares, row| {
                real.squared_distances(real, row, squares);
                squares.swap_remove(row);
                squares.select_nth_unstable_by(neighbours - 1, f64::total_cmp);
                let end = squares[neighbours - 1];
                let nearest = squares[..neighbours].iter().copied().fold(f64::INFINITY, f64::min);
                (nearest, end)
            })
            .unzip();
        Neighbourhoods { nearest, ends }
    }
}

/// What lies around a real row in the other table.
struct Around {
    nearest: f64,
    nearest_row: usize,
    within: usize,
}

fn figures(real: &EuclideanPoints, near: &Neighbourhoods, other: &EuclideanPoints) -> Figures {
    let around: Vec<Around> = (0..real.len())
        .into_par_iter()
        .map_init(Vec::new, |squares, row| {
            other.squared_distances(real, row, squares);
            let within = squares.iter().filter(|&&square| square <= near.ends[row]).count();
            let (nearest_row, &nearest) =
                squares.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).expect("there are rows");
            Around { nearest, nearest_row, within }
        })
        .collect();
    let shares: Vec<f64> = (0..SHARES).map(|step| step as f64 / (SHARES - 1) as f64).collect();
    let total: f64 = shares.iter().sum();
    let score = |curve: &[f64]| {
        1.0 - shares.iter().zip(curve).map(|(share, reached)| (share - reached).abs()).sum::<f64>() / total
    };

    let centre = real.centre();
    let mut of_real = centre.distances(real);
    of_real.sort_unstable_by(f64::total_cmp);
    let of_other = centre.distances(other);
    let precision: Vec<f64> = shares
        .iter()
        .map(|&share| {
            let radius = quantile(&of_real, share);
            of_other.iter().filter(|&&distance| distance <= radius).count() as f64 / of_other.len() as f64
        })
        .collect();

    let own_centre = other.centre().distances(other);
    let reached: Vec<f64> = around.iter().map(|around| own_centre[around.nearest_row]).collect();
    let mut sorted = reached.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let recall: Vec<f64> = shares
        .iter()
        .map(|&share| {
            let radius = quantile(&sorted, share);
            let found = around
                .iter()
                .zip(&near.nearest)
                .zip(&reached)
                .filter(|((around, own), reached)| around.nearest <= **own && **reached <= radius);
            found.count() as f64 / around.len() as f64
        })
        .collect();

    let within: usize = around.iter().map(|around| around.within).sum();
    let covered = around.iter().filter(|around| around.within > 0).count();
    [
        score(&precision),
        score(&recall),
        within as f64 / (NEIGHBOURS.min(real.len() - 1) * other.len()) as f64,
        covered as f64 / real.len() as f64,
    ]
}

/// Between the two values that lie around it, in proportion.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = sorted[place as usize];
    let above = sorted[(place as usize + 1).min(sorted.len() - 1)];
    below + (above - below) * (place - place.floor())
}
