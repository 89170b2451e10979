use lookalike_core::{Cancelled, math};
use lookalike_learn::neighbours::{Points, Space, UNIT, nearest};
use lookalike_learn::score::auc_with_error;

use super::clopper_pearson;
use crate::alignment::{AlignedColumn, Matrix, Role};
use crate::evaluation::{Interval, Measurement};
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// How many members an attacker recognizes who hardly ever errs.
pub(crate) const MIA_TPR: Metric = Metric {
    name: "mia-tpr",
    title: "members recognized at 1 % false alarms",
    meaning: "membership inference: how many training rows an attacker recognizes as such who is wrong about one in a \
              hundred rows that are not. The attack takes a row for a member where synthetic rows lie denser than rows of \
              a reference (half of the holdout; the other half are those that are no members), by the ratio of the \
              distances to the nearest of each. 0.01 is chance; more is evidence of leaking, and a figure at chance says \
              that this attack did not succeed, no more",
    family: Family::Privacy,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Holdout],
    headline: false,
    citation: "van Breugel et al. 2023, DOMIAS, https://arxiv.org/abs/2302.12580; error rates as in Carlini et al. 2022, \
               https://doi.org/10.1109/SP46214.2022.9833649",
};

/// The same attack over all thresholds.
pub(crate) const MIA_AUC: Metric = Metric {
    name: "mia-auc",
    title: "membership inference, all thresholds",
    meaning: "the area under the ROC curve of the attack of `mia-tpr`: how often it takes the right one of a training row \
              and a fresh row for a member. 0.5 is chance. A few rows that leak hardly show here, see `mia-tpr`",
    ..MIA_TPR
};

/// The same attack on rows that have few like them.
pub(crate) const MIA_AUC_OUTLIERS: Metric = Metric {
    name: "mia-auc-outliers",
    title: "membership inference of outlying rows",
    meaning: "as `mia-auc`, for the twentieth of the rows that lie furthest from the reference: these leak first",
    ..MIA_TPR
};

pub(crate) const METRICS: [&Metric; 3] = [&MIA_TPR, &MIA_AUC, &MIA_AUC_OUTLIERS];

/// Rows that are no members must be so many that one in a hundred of them is some rows.
const LEAST_STRANGERS: usize = 300;
/// And so many for one in a thousand.
const MANY_STRANGERS: usize = 3000;

/// The share of rows that count as outlying.
const OUTLYING: f64 = 0.05;

/// Keeps the ratio of distances finite: a thousandth of the range of one column.
const SMALLEST: f64 = UNIT as f64 / 1000.0;

/// What the attack says of a row: the higher, the more a member; and how far from the reference it lies.
#[derive(Clone, Copy)]
struct Attacked {
    score: f64,
    distance: u64,
    member: bool,
}

pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let alignment = &scene.alignment;
    let skip = |reason| Ok(Found::from(METRICS.map(|metric| Measurement::skipped(metric, reason)).to_vec()));
    if !alignment.has(Role::Holdout) {
        return skip("there is no holdout");
    }
    let strangers = alignment.n_rows(Role::Holdout).min(alignment.n_rows(Role::Train));
    if strangers < LEAST_STRANGERS || alignment.n_rows(Role::Synthetic) == 0 {
        return skip("there are too few rows to see a share of one in a hundred");
    }
    let columns = alignment.common(&[Role::Train, Role::Holdout, Role::Synthetic]);
    if columns.is_empty() {
        return skip("there is no column that all tables have");
    }
    let draw = |role: Role| {
        scene.context.seed.stream("mia rows", role as u64).choose(alignment.n_rows(role), strangers)
    };
    let (members, fresh) = (draw(Role::Train), draw(Role::Holdout));
    let half = strangers / 2;
    let attack = |released: Role| -> Result<Option<Vec<Attacked>>, Cancelled> {
        if columns.iter().any(|column| column.cells(released).is_none()) {
            return Ok(None);
        }
        let mut attacked = Vec::with_capacity(2 * strangers);
        // Each half of the holdout is the reference once.
        for (reference, asked, members) in [
            (&fresh[..half], &fresh[half..], &members[half..]),
            (&fresh[half..], &fresh[..half], &members[..half]),
        ] {
            let space = Spaces { scene, columns: &columns, released, reference };
            attacked.extend(space.attack(&[(Role::Train, members), (Role::Holdout, asked)])?);
        }
        Ok(Some(attacked))
    };
    let synthetic = attack(Role::Synthetic)?.expect("the columns are common to it");
    let baseline = attack(Role::Baseline)?;
    let [tpr, rare] = [0.01, 0.001].map(|rate| recognized(&synthetic, rate));
    let share = |(hits, members): (usize, usize)| hits as f64 / members as f64;
    let rare = (strangers >= MANY_STRANGERS).then_some(rare);
    let at_one = Measurement::of(&MIA_TPR, Some(share(tpr)), "")
        .beside(Some(0.01), baseline.as_ref().map(|them| share(recognized(them, 0.01))))
        .within(Some(clopper_pearson(tpr.0 as u64, tpr.1 as u64)))
        .detail("members", Some(tpr.1 as f64))
        .detail("tpr_at_0.1_percent", rare.map(share))
        .detail(
            "tpr_at_0.1_percent_low",
            rare.map(|(hits, all)| clopper_pearson(hits as u64, all as u64).low),
        )
        .detail(
            "tpr_at_0.1_percent_high",
            rare.map(|(hits, all)| clopper_pearson(hits as u64, all as u64).high),
        );
    let area = |metric: &Metric, outlying: bool| {
        let of = |attacked: &[Attacked]| auc(&if outlying { outliers(attacked) } else { attacked.to_vec() });
        let found = of(&synthetic);
        Measurement::of(metric, found.map(|(auc, _)| auc), "there are too few outlying rows")
            .beside(Some(0.5), baseline.as_deref().and_then(of).map(|(auc, _)| auc))
            .within(found.map(|(auc, error)| Interval::around(auc, error, [0.0, 1.0], "DeLong")))
    };
    Ok(vec![at_one, area(&MIA_AUC, false), area(&MIA_AUC_OUTLIERS, true)].into())
}

/// What an attack compares rows with: released rows, and a reference of rows that were not learned from.
struct Spaces<'a> {
    scene: &'a Scene<'a>,
    columns: &'a [&'a AlignedColumn],
    released: Role,
    reference: &'a [usize],
}

impl Spaces<'_> {
    fn attack(&self, asked: &[(Role, &[usize])]) -> Result<Vec<Attacked>, Cancelled> {
        let released: Vec<usize> = (0..self.scene.alignment.n_rows(self.released)).collect();
        let reference = Matrix::stack(self.columns, &[(Role::Holdout, self.reference)]);
        let released = Matrix::stack(self.columns, &[(self.released, &released)]);
        let asked_rows = Matrix::stack(self.columns, asked);
        // The scale must not be the members': an attacker has the reference.
        let space = Space::new(&reference.features(), &[&released.features(), &asked_rows.features()]);
        let [reference, released, points]: [Points; 3] =
            [reference, released, asked_rows].map(|matrix| space.points(&matrix.features()));
        let progress = self.scene.context.progress;
        let to_reference = nearest::<1>(&points, &reference, progress)?;
        let to_released = nearest::<1>(&points, &released, progress)?;
        let members = asked[0].1.len();
        Ok(to_reference
            .iter()
            .zip(&to_released)
            .enumerate()
            .map(|(row, ([reference], [released]))| {
                let [reference_far, released_far] =
                    [reference, released].map(|nearest| math::ln(nearest.distance as f64 + SMALLEST));
                Attacked {
                    score: reference_far - released_far,
                    distance: reference.distance,
                    member: row < members,
                }
            })
            .collect())
    }
}

/// How many members score higher than all but this share of the others, and of how many.
fn recognized(attacked: &[Attacked], rate: f64) -> (usize, usize) {
    let mut others: Vec<f64> = attacked.iter().filter(|row| !row.member).map(|row| row.score).collect();
    others.sort_unstable_by(|a, b| b.total_cmp(a));
    let allowed = (others.len() as f64 * rate) as usize;
    // The first that must not be taken for a member.
    let threshold = others[allowed.min(others.len() - 1)];
    let members = attacked.iter().filter(|row| row.member);
    (members.clone().filter(|row| row.score > threshold).count(), members.count())
}

/// The rows that lie furthest from the reference.
fn outliers(attacked: &[Attacked]) -> Vec<Attacked> {
    let mut sorted = attacked.to_vec();
    sorted.sort_by_key(|row| std::cmp::Reverse(row.distance));
    sorted.truncate((attacked.len() as f64 * OUTLYING) as usize);
    sorted
}

fn auc(attacked: &[Attacked]) -> Option<(f64, f64)> {
    let scores: Vec<f64> = attacked.iter().map(|row| row.score).collect();
    let members: Vec<bool> = attacked.iter().map(|row| row.member).collect();
    auc_with_error(&scores, &members)
}
