//! Boosted trees for many small two-class problems on one matrix.
//!
//! Fitting a distribution as a tree of two-way choices needs thousands of logistic models, most of them on few rows.
//! Each problem copies its cells into a dense block first, with neighbouring bins merged until they hold enough of
//! its rows, so that its cost follows its own size and not the matrix's. Rows that are held back ride along through
//! every cut and say when to stop.

mod gather;
mod scan;

use lookalike_core::math;

use super::binning::Binned;
use super::grove::{Branch, Grove};
use gather::{Local, gather};
use scan::{LocalCut, Scan, unpack};

/// How the trees of a problem are boosted.
#[derive(Debug, Clone, PartialEq)]
pub struct DichotomyOptions {
    /// The most rounds.
    pub rounds: usize,
    /// How much of each tree's advice is taken.
    pub learning_rate: f64,
    /// The most cuts between root and leaf, at most 4: what a [`Sieve`](super::Sieve) takes.
    pub max_depth: usize,
    /// The least sum of hessians in a leaf.
    pub min_hessian: f64,
    /// Added to every hessian: draws leaves towards zero.
    pub lambda: f64,
    /// Rounds without a lower loss on the rows held back after which boosting ends.
    pub patience: usize,
    /// How many times as many trees as were best for the rows held back are kept, if so many were grown. Averages of
    /// several models profit from members that have learned a little too much.
    pub overshoot: f64,
    /// The most bins per feature; fewer where there are few rows.
    pub max_bins: usize,
    /// The fewest rows in a bin, and of a level that is not pooled with other rare ones.
    pub bin_rows: usize,
}

/// A problem: which rows are on the right-hand side, given what the features say.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a> {
    /// The matrix.
    pub matrix: &'a Binned,
    /// The features to use.
    pub features: &'a [u32],
    /// Rows to learn from.
    pub rows: &'a [u32],
    /// For each of them, whether it is on the right.
    pub right: &'a [bool],
    /// Rows that say when to stop.
    pub held: &'a [u32],
    /// For each of them, whether it is on the right.
    pub held_right: &'a [bool],
    /// The first so many rows held back and the others judge each other's choice of rounds.
    pub first_judges: usize,
    /// The score before any tree: the log-odds of the right-hand side.
    pub base: f64,
}

/// What trees must lower the loss on the rows held back by, in all, to be kept: one nat.
const LEAST_GAIN: f64 = 1.0;

/// Buffers that are kept from problem to problem.
#[derive(Debug, Default)]
pub struct Workspace {
    cells: Vec<u32>,
    rows: Vec<u32>,
    stats: Vec<i64>,
    held: Vec<u32>,
    spare_rows: Vec<u32>,
    spare_stats: Vec<i64>,
    scores: Vec<f64>,
    chances: Vec<f64>,
    pool: Vec<Vec<i64>>,
    /// Levels in the order of their gradients.
    order: Vec<(f64, u8)>,
}

/// `e^x` from additions and multiplications alone, to about 1e-9, for x drawn in to -30 and 30: the same bits on every
/// machine, and many at once where the processor can.
#[inline]
pub fn exponential(x: f64) -> f64 {
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    let t = x.clamp(-30.0, 30.0) * std::f64::consts::LOG2_E;
    let shifted = t + MAGIC;
    let whole = shifted - MAGIC;
    let f = (t - whole) * std::f64::consts::LN_2;
    let series = 1.0
        + f * (1.0
            + f * (0.5
                + f * (1.0 / 6.0
                    + f * (1.0 / 24.0 + f * (1.0 / 120.0 + f * (1.0 / 720.0 + f * (1.0 / 5040.0)))))));
    series * f64::from_bits((shifted.to_bits().wrapping_add(1023)) << 52)
}

/// `1 / (1 + e^-x)` by [`exponential`].
#[inline]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exponential(-x))
}

/// What the values of a problem's trees may be multiplied by.
pub const STRENGTHS: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];

/// The base score and the number of trees of a fitted problem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// The score before any tree.
    pub base: f32,
    /// How many trees were added to the grove.
    pub trees: usize,
    /// The loss in nats on the rows held back when the trees are given each of [`STRENGTHS`]. The number of trees is
    /// here chosen by one half of these rows and judged by the other, so that the choice does not flatter itself.
    pub judged: [f64; STRENGTHS.len()],
}

/// Fits one problem and adds its trees to `grove`.
pub fn fit(
    problem: &Problem<'_>,
    options: &DichotomyOptions,
    space: &mut Workspace,
    grove: &mut Grove,
) -> Fitted {
    let learned = problem.rows.len();
    let total = learned + problem.held.len();
    let ones = problem.right.iter().filter(|&&right| right).count();
    let base = problem.base as f32;
    let constant = |judged| Fitted { base, trees: 0, judged: [judged; STRENGTHS.len()] };
    if problem.held.is_empty() {
        return constant(0.0);
    }
    space.scores.clear();
    space.scores.resize(total, f64::from(base));
    let locals = if ones == 0 || ones == learned || problem.features.is_empty() {
        Vec::new()
    } else {
        gather(problem, options, &mut space.cells)
    };
    let length = locals.last().map_or(0, |last| last.offset + last.bins);
    space.pool.clear();
    // Sums of absolute gradients stay below 2^30.
    let bits = 30 - (usize::BITS - total.leading_zeros()) as i32;
    let scale = 2f64.powi(bits.min(24));
    let mut booster =
        Booster { problem, options, locals: &locals, length, learned, scale, unit: scale.recip(), space };
    let first = booster.losses();
    if locals.is_empty() {
        return constant(first[0] + first[1]);
    }
    let start = grove.mark();
    let mut marks = vec![start];
    // Who has been best so far: the rounds and the loss for both halves of the rows held back and for all of them.
    let mut best = [(0, first[0]), (0, first[1]), (0, first[0] + first[1])];
    let mut scores: Vec<f32> = Vec::new();
    booster.keep_held(&mut scores);
    for round in 1..=options.rounds {
        booster.grow(grove);
        marks.push(grove.mark());
        booster.keep_held(&mut scores);
        let [one, other] = booster.losses();
        for (best, loss) in best.iter_mut().zip([one, other, one + other]) {
            if loss < best.1 - 1e-9 {
                *best = (round, loss);
            }
        }
        if round - best[2].0 >= options.patience {
            break;
        }
    }
    // Less than the least gain is what chance alone may bring.
    let kept = |(round, loss): (usize, f64), first: f64, share: f64| {
        let round = if first - loss < LEAST_GAIN * share { 0 } else { round };
        ((round as f64 * options.overshoot) as usize).min(marks.len() - 1)
    };
    let chosen = [kept(best[0], first[0], 0.5), kept(best[1], first[1], 0.5)];
    let trees = kept(best[2], first[0] + first[1], 1.0);
    grove.truncate(marks[trees]);
    Fitted { base, trees, judged: booster.judge(&scores, chosen) }
}

/// The loss of rows that had these chances. Logarithms of products: a sixteenth as many of them.
fn loss(chances: &[f64]) -> f64 {
    chances
        .chunks(16)
        .map(|some| -math::ln(some.iter().map(|chance| chance.max(1e-13)).product::<f64>()))
        .sum()
}

struct Booster<'a> {
    problem: &'a Problem<'a>,
    options: &'a DichotomyOptions,
    locals: &'a [Local],
    /// Of a histogram.
    length: usize,
    /// How many rows are learned from; those held back follow.
    learned: usize,
    /// What gradients and hessians are multiplied by before they are rounded.
    scale: f64,
    unit: f64,
    space: &'a mut Workspace,
}

/// A node that has rows and no cut yet.
struct Pending {
    node: usize,
    rows: (usize, usize),
    held: (usize, usize),
    depth: usize,
    sum: i64,
    histogram: Option<Vec<i64>>,
}

struct Best {
    place: usize,
    left: i64,
    cut: LocalCut,
}

impl Booster<'_> {
    /// The loss on either half of the rows held back.
    fn losses(&mut self) -> [f64; 2] {
        let chances = &mut self.space.chances;
        chances.clear();
        let scores = self.space.scores[self.learned..].iter().zip(self.problem.held_right);
        chances.extend(scores.map(|(&score, &right)| logistic(if right { score } else { -score })));
        let (one, other) = chances.split_at(self.problem.first_judges);
        [loss(one), loss(other)]
    }

    /// Appends the scores of the rows held back.
    fn keep_held(&self, scores: &mut Vec<f32>) {
        scores.extend(self.space.scores[self.learned..].iter().map(|&score| score as f32));
    }

    /// For each strength, the loss on both halves of the rows held back after as many rounds as the other half chose.
    fn judge(&mut self, scores: &[f32], chosen: [usize; 2]) -> [f64; STRENGTHS.len()] {
        let Problem { held, held_right, first_judges, .. } = *self.problem;
        let base = f64::from(self.problem.base as f32);
        STRENGTHS.map(|strength| {
            let chances = &mut self.space.chances;
            chances.clear();
            for (half, rounds) in [(0..first_judges, chosen[1]), (first_judges..held.len(), chosen[0])] {
                let scores = &scores[rounds * held.len()..][..held.len()];
                chances.extend(half.map(|row| {
                    let score = base + strength * (f64::from(scores[row]) - base);
                    logistic(if held_right[row] { score } else { -score })
                }));
            }
            loss(chances)
        })
    }

    /// Grows one more tree and adds its values to the scores of all rows.
    fn grow(&mut self, grove: &mut Grove) {
        let sum = self.derive();
        let space = &mut *self.space;
        space.rows.clear();
        space.rows.extend(0..self.learned as u32);
        space.held.clear();
        space.held.extend(self.learned as u32..self.learned as u32 + self.problem.held.len() as u32);
        space.spare_rows.resize(self.learned.max(self.problem.held.len()), 0);
        space.spare_stats.resize(self.learned, 0);
        let root = grove.plant();
        let held = (0, self.problem.held.len());
        let mut stack =
            vec![Pending { node: 0, rows: (0, self.learned), held, depth: 0, sum, histogram: None }];
        while let Some(mut pending) = stack.pop() {
            let Some(best) = self.best_cut(&mut pending) else {
                let value = self.leaf(grove, root + pending.node, pending.sum);
                self.add(value, pending.rows, pending.held);
                self.space.pool.extend(pending.histogram);
                continue;
            };
            let local = &self.locals[best.place];
            let mut goes_left = [0; 256];
            local.sides(best.cut, &mut goes_left);
            let child = grove.nodes.len() - root;
            let heavier_left = 2 * unpack(best.left).1 >= unpack(pending.sum).1;
            let (kind, payload) = local.global(best.cut, heavier_left, &mut grove.sets);
            grove.nodes[root + pending.node] =
                Branch { feature: local.feature as u16, left: child as u8, kind, payload };
            grove.nodes.extend([Branch::leaf(0.0); 2]);
            let depth = pending.depth + 1;
            if depth == self.options.max_depth {
                // Both sides are leaves: their rows need not be put in order.
                let left = self.leaf(grove, root + child, best.left);
                let right = self.leaf(grove, root + child + 1, pending.sum - best.left);
                self.add_either(best.place, &goes_left, left, right, &pending);
                self.space.pool.extend(pending.histogram);
                continue;
            }
            let middle = self.part_rows(best.place, &goes_left, pending.rows);
            let held_middle = self.part_held(best.place, &goes_left, pending.held);
            let left = Pending {
                node: child,
                rows: (pending.rows.0, middle),
                held: (pending.held.0, held_middle),
                depth,
                sum: best.left,
                histogram: None,
            };
            let right = Pending {
                node: child + 1,
                rows: (middle, pending.rows.1),
                held: (held_middle, pending.held.1),
                depth,
                sum: pending.sum - best.left,
                histogram: None,
            };
            let left_is_small = middle - pending.rows.0 <= pending.rows.1 - middle;
            let (mut small, mut large) = if left_is_small { (left, right) } else { (right, left) };
            if let Some(mut histogram) = pending.histogram {
                let part = self.histogram(small.rows);
                for (total, part) in histogram.iter_mut().zip(&part) {
                    *total -= part;
                }
                large.histogram = Some(histogram);
                small.histogram = Some(part);
            }
            stack.push(large);
            stack.push(small);
        }
    }

    /// Gradients and hessians of the rows learned from, rounded to whole numbers; returns their sum.
    fn derive(&mut self) -> i64 {
        let space = &mut *self.space;
        space.chances.clear();
        space.chances.extend(space.scores[..self.learned].iter().map(|&score| logistic(score)));
        space.stats.clear();
        let scale = self.scale;
        space.stats.extend(space.chances.iter().zip(self.problem.right).map(|(&chance, &right)| {
            let gradient = (chance - f64::from(u8::from(right))) * scale;
            let hessian = chance * (1.0 - chance) * scale;
            // Adding half and cutting off rounds what is not negative.
            (((gradient + scale + 0.5) as i64 - scale as i64) << 32) + (hessian + 0.5) as i64
        }));
        space.stats.iter().sum()
    }

    fn best_cut(&mut self, pending: &mut Pending) -> Option<Best> {
        let hessian = unpack(pending.sum).1 as f64 * self.unit;
        let few = pending.rows.1 - pending.rows.0 < 2;
        if pending.depth >= self.options.max_depth || hessian < 2.0 * self.options.min_hessian || few {
            return None;
        }
        let histogram = match pending.histogram.take() {
            Some(histogram) => histogram,
            None => self.histogram(pending.rows),
        };
        let scan = Scan::new(pending.sum, self.options.lambda, self.options.min_hessian, self.scale);
        let mut floor = scan.floor();
        let mut best = None;
        for (place, local) in self.locals.iter().enumerate() {
            let bins = &histogram[local.offset..local.offset + local.bins];
            let found = if local.nominal {
                scan.levels(bins, &mut self.space.order, &mut floor)
            } else {
                scan.numbers(bins, local.missing, &mut floor)
            };
            if let Some((left, cut)) = found {
                best = Some(Best { place, left, cut });
            }
        }
        pending.histogram = Some(histogram);
        best
    }

    fn histogram(&mut self, rows: (usize, usize)) -> Vec<i64> {
        let mut histogram = self.space.pool.pop().unwrap_or_default();
        histogram.clear();
        histogram.resize(self.length, 0);
        let width = self.locals.len();
        let (stats, rows) = (&self.space.stats[rows.0..rows.1], &self.space.rows[rows.0..rows.1]);
        for (&row, &stat) in rows.iter().zip(stats) {
            let at = row as usize * width;
            for &bin in &self.space.cells[at..at + width] {
                histogram[bin as usize] += stat;
            }
        }
        histogram
    }

    /// Puts the rows that go left first; returns where the others begin.
    fn part_rows(&mut self, place: usize, goes_left: &[u8; 256], (from, to): (usize, usize)) -> usize {
        let (width, offset) = (self.locals.len(), self.locals[place].offset);
        let space = &mut *self.space;
        let (mut left, mut right) = (from, 0);
        for at in from..to {
            let (row, stat) = (space.rows[at], space.stats[at]);
            let bin = space.cells[row as usize * width + place] as usize - offset;
            let go = usize::from(goes_left[bin & 255]);
            space.rows[left] = row;
            space.stats[left] = stat;
            space.spare_rows[right] = row;
            space.spare_stats[right] = stat;
            left += go;
            right += 1 - go;
        }
        space.rows[left..to].copy_from_slice(&space.spare_rows[..right]);
        space.stats[left..to].copy_from_slice(&space.spare_stats[..right]);
        left
    }

    /// The same for rows held back.
    fn part_held(&mut self, place: usize, goes_left: &[u8; 256], (from, to): (usize, usize)) -> usize {
        let (width, offset) = (self.locals.len(), self.locals[place].offset);
        let space = &mut *self.space;
        let (mut left, mut right) = (from, 0);
        for at in from..to {
            let row = space.held[at];
            let bin = space.cells[row as usize * width + place] as usize - offset;
            let go = usize::from(goes_left[bin & 255]);
            space.held[left] = row;
            space.spare_rows[right] = row;
            left += go;
            right += 1 - go;
        }
        space.held[left..to].copy_from_slice(&space.spare_rows[..right]);
        left
    }

    /// Gives a leaf its value and returns it. What is stored is what is added, so that fitting and sampling see the
    /// same scores.
    fn leaf(&self, grove: &mut Grove, node: usize, sum: i64) -> f64 {
        let (gradient, hessian) = unpack(sum);
        let step = -(gradient as f64 * self.unit) / (hessian as f64 * self.unit + self.options.lambda);
        let value = (self.options.learning_rate * step) as f32;
        grove.nodes[node] = Branch::leaf(value);
        f64::from(value)
    }

    fn add(&mut self, value: f64, rows: (usize, usize), held: (usize, usize)) {
        let space = &mut *self.space;
        for &row in space.rows[rows.0..rows.1].iter().chain(&space.held[held.0..held.1]) {
            space.scores[row as usize] += value;
        }
    }

    fn add_either(&mut self, place: usize, goes_left: &[u8; 256], left: f64, right: f64, pending: &Pending) {
        let (width, offset) = (self.locals.len(), self.locals[place].offset);
        let values = [right, left];
        let space = &mut *self.space;
        let rows = &space.rows[pending.rows.0..pending.rows.1];
        for &row in rows.iter().chain(&space.held[pending.held.0..pending.held.1]) {
            let bin = space.cells[row as usize * width + place] as usize - offset;
            space.scores[row as usize] += values[usize::from(goes_left[bin & 255] & 1)];
        }
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;
    use crate::tree::{Sieve, SieveSpace};

    const ROWS: usize = 4000;

    fn options() -> DichotomyOptions {
        DichotomyOptions {
            rounds: 100,
            learning_rate: 0.3,
            max_depth: 4,
            min_hessian: 1.0,
            lambda: 5.0,
            patience: 5,
            overshoot: 1.0,
            max_bins: 64,
            bin_rows: 12,
        }
    }

    /// A number from 0 to 49 or missing (50), and a level from 0 to 6 (7 for none).
    fn matrix() -> Binned {
        let mut stream = Seed::new(4).stream("cells", 0);
        let numbers: Vec<u8> = (0..ROWS).map(|_| stream.below(51) as u8).collect();
        let levels: Vec<u8> = (0..ROWS).map(|_| stream.below(7) as u8).collect();
        Binned::new(&[&numbers, &levels], vec![51, 8], vec![false, true])
    }

    /// Fits on six of seven rows and returns the scores of all.
    fn learn(matrix: &Binned, truth: &[bool]) -> (Fitted, Grove, Vec<f32>) {
        let (held, rows): (Vec<u32>, Vec<u32>) = (0..ROWS as u32).partition(|row| row % 7 == 0);
        let side = |rows: &[u32]| rows.iter().map(|&row| truth[row as usize]).collect::<Vec<bool>>();
        let (right, held_right) = (side(&rows), side(&held));
        let problem = Problem {
            matrix,
            features: &[0, 1],
            rows: &rows,
            right: &right,
            held: &held,
            held_right: &held_right,
            first_judges: held.len() / 2,
            base: 0.0,
        };
        let mut grove = Grove::default();
        let fitted = fit(&problem, &options(), &mut Workspace::default(), &mut grove);
        let cells = [matrix.column(0), matrix.column(1)].concat();
        let all: Vec<u32> = (0..ROWS as u32).collect();
        let mut scores = vec![fitted.base; ROWS];
        let sieve = Sieve::new(&grove, [(0, grove.roots.len() as u32)]);
        sieve.add_scores(&grove, 0, &cells, ROWS, &all, &mut SieveSpace::default(), &mut scores);
        (fitted, grove, scores)
    }

    #[test]
    fn numbers_levels_and_missing_values_are_learned_together() {
        let matrix = matrix();
        let truth: Vec<bool> = (0..ROWS)
            .map(|row| {
                let (number, level) = (matrix.column(0)[row], matrix.column(1)[row]);
                number == 50 || (number > 20) != matches!(level, 1 | 4 | 6)
            })
            .collect();
        let (fitted, grove, scores) = learn(&matrix, &truth);
        assert_eq!(fitted.trees, grove.roots.len());
        let wrong = scores.iter().zip(&truth).filter(|(score, right)| (**score > 0.0) != **right).count();
        assert!(wrong < ROWS / 200, "{wrong}");
    }

    #[test]
    fn noise_is_left_alone() {
        let matrix = matrix();
        let mut stream = Seed::new(5).stream("noise", 0);
        let truth: Vec<bool> = (0..ROWS).map(|_| stream.below(2) == 1).collect();
        let (fitted, grove, _) = learn(&matrix, &truth);
        assert!(fitted.trees <= 2, "{}", fitted.trees);
        assert_eq!(grove.mark()[2], fitted.trees);
    }

    #[test]
    fn one_sided_problems_are_constant() {
        let (fitted, grove, _) = learn(&matrix(), &[true; ROWS]);
        assert_eq!((fitted.trees, grove), (0, Grove::default()));
    }

    #[test]
    fn chances_are_calibrated() {
        let matrix = matrix();
        let mut stream = Seed::new(6).stream("chances", 0);
        let truth: Vec<bool> =
            (0..ROWS).map(|row| stream.unit() < f64::from(matrix.column(0)[row]) / 51.0).collect();
        let (_, _, scores) = learn(&matrix, &truth);
        for (from, to) in [(0, 10), (10, 25), (25, 40), (40, 51)] {
            let inside: Vec<usize> =
                (0..ROWS).filter(|&row| (from..to).contains(&matrix.column(0)[row])).collect();
            let expected = inside.iter().map(|&row| f64::from(matrix.column(0)[row]) / 51.0).sum::<f64>();
            let found = inside.iter().map(|&row| logistic(f64::from(scores[row]))).sum::<f64>();
            assert!((expected - found).abs() / (inside.len() as f64) < 0.04, "{from}..{to}");
        }
    }

    #[test]
    fn the_fast_logistic_is_the_logistic() {
        for step in -3000..3000 {
            let x = f64::from(step) / 100.0;
            let exact = math::sigmoid(x);
            assert!((logistic(x) / exact - 1.0).abs() < 1e-7, "{x}");
        }
        assert!(logistic(1e9) <= 1.0 && logistic(-1e9) > 0.0);
    }
}
