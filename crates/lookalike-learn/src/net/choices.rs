//! One of many things, chosen by a tree of two-way choices: a row pays for the few on its way, not for all things there
//! are.
//!
//! Morin, F. and Bengio, Y. (2005). Hierarchical probabilistic neural network language model. *AISTATS*.
//! <https://proceedings.mlr.press/r5/morin05a.html>

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use lookalike_core::{Stream, math};
use pulp::{Arch, Simd, WithSimd};

use super::elementary::{exp, sigmoid};
use super::matrix::Matrix;
use super::parameters::{Parameters, Slot};
use super::spans::NO_CODE;

/// Where a choice leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// To another choice.
    Choice(u32),
    /// To an end.
    End(u32),
}

/// A tree of two-way choices, each by a linear map of the same numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Per choice, where left and right lead. The first is the root; none where there is one end only.
    next: Vec<[Next; 2]>,
    /// Per end, where its way begins among the steps; and the end.
    starts: Vec<usize>,
    /// The choices on the way to each end, and 1 where it goes right.
    steps: Vec<(u32, f32)>,
    width: usize,
    weight: Slot,
    bias: Slot,
    prior: Vec<Prior>,
}

/// What is thought of a choice before anything is learned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// The logit.
    pub logit: f32,
    /// How much what is learned counts: less than 1 keeps the logit nearer to what it was, which few examples want.
    pub scale: f32,
}

/// Partial sums of a product of rows: as many as make the sum independent of how wide a processor's vectors are.
const LANES: usize = 32;

/// What a pass over some rows needs.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// Per step of each row's way, the logit; then the gradient.
    logits: Vec<f32>,
    units: Vec<u32>,
    rights: Vec<f32>,
    /// Per row, where its steps end.
    ends: Vec<usize>,
}

impl Choices {
    /// A tree over rows of so many numbers.
    ///
    /// # Panics
    /// If the choices are no tree whose ends are numbered from 0.
    pub fn new(
        next: Vec<[Next; 2]>,
        prior: Vec<Prior>,
        width: usize,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Self {
        assert_eq!(next.len(), prior.len(), "each choice has a logit to begin with");
        let (starts, steps) = ways(&next);
        let bound = 0.5 / (width.max(1) as f32).sqrt();
        let weight = parameters.uniform(next.len() * width, bound, stream);
        let bias = parameters.constant(next.len(), 0.0);
        Choices { next, starts, steps, width, weight, bias, prior }
    }

    /// How many choices there are.
    pub fn len(&self) -> usize {
        self.next.len()
    }

    /// True when there is nothing to choose.
    pub fn is_empty(&self) -> bool {
        self.next.is_empty()
    }

    /// Where left and right of a choice lead.
    pub fn next(&self, choice: u32) -> [Next; 2] {
        self.next[choice as usize]
    }

    /// Where a way begins.
    pub fn root(&self) -> Next {
        if self.next.is_empty() { Next::End(0) } else { Next::Choice(0) }
    }

    /// The choices on the way to an end, and 1 where it goes right.
    pub fn way(&self, end: u32) -> &[(u32, f32)] {
        &self.steps[self.starts[end as usize]..self.starts[end as usize + 1]]
    }

    /// The logits on the ways to the rows' ends ([`NO_CODE`] for none), and how unlikely these are, in nats, summed up.
    pub fn forward(&self, parameters: &Parameters, rows: &Matrix, ends: &[u32], chosen: &mut Chosen) -> f64 {
        self.look(parameters, rows, ends, chosen);
        let mut sum = 0.0;
        Arch::new().dispatch(Loss { chosen, sum: &mut sum });
        sum
    }

    fn look(&self, parameters: &Parameters, rows: &Matrix, ends: &[u32], chosen: &mut Chosen) {
        assert!(rows.rows() == ends.len() && rows.columns() == self.width, "the rows are as wide as wanted");
        chosen.units.clear();
        chosen.rights.clear();
        chosen.ends.clear();
        for &end in ends {
            if end != NO_CODE {
                for &(unit, right) in self.way(end) {
                    chosen.units.push(unit);
                    chosen.rights.push(right);
                }
            }
            chosen.ends.push(chosen.units.len());
        }
        chosen.logits.resize(chosen.units.len(), 0.0);
        let (weight, bias) = (parameters.of(self.weight), parameters.of(self.bias));
        Arch::new().dispatch(Logits { weight, bias, prior: &self.prior, rows, chosen });
    }

    /// The gradients after [`Self::forward`], each times `scale`: those of what is learned are added, those of the rows are
    /// put in `d_rows`.
    ///
    /// # Panics
    /// If the rows are not those before.
    pub fn backward(
        &self,
        parameters: &Parameters,
        rows: &Matrix,
        scale: f32,
        chosen: &mut Chosen,
        d_rows: &mut Matrix,
        gradients: &mut [f32],
    ) {
        assert!(
            rows.rows() == chosen.ends.len() && d_rows.columns() == self.width,
            "the rows are those before"
        );
        let weight = parameters.of(self.weight);
        Arch::new().dispatch(Errors { chosen, scale });
        let bias = &mut gradients[self.bias.range()];
        for (&unit, error) in chosen.units.iter().zip(&mut chosen.logits) {
            *error *= self.prior[unit as usize].scale;
            bias[unit as usize] += *error;
        }
        let gradients = &mut gradients[self.weight.range()];
        Arch::new().dispatch(Back { weight, rows, chosen, d_rows, gradients });
    }

    /// How likely each row's end is, as natural logarithms; 0 where there is none.
    pub fn log_chances(&self, parameters: &Parameters, rows: &Matrix, ends: &[u32]) -> Vec<f64> {
        let mut chosen = Chosen::default();
        self.look(parameters, rows, ends, &mut chosen);
        let mut start = 0;
        let of_row = chosen.ends.iter().map(|&end| {
            let steps = chosen.logits[start..end].iter().zip(&chosen.rights[start..end]);
            start = end;
            let log = |(&logit, &right): (&f32, &f32)| {
                let margin = f64::from(if right > 0.5 { logit } else { -logit });
                // ln(1 / (1 + exp(-m))), without overflow on either side.
                margin.min(0.0) - math::ln_1p(math::exp(-margin.abs()))
            };
            steps.map(log).sum::<f64>()
        });
        of_row.collect()
    }

    /// How likely a row goes right at a choice.
    pub fn chance(&self, parameters: &Parameters, row: &[f32], choice: u32) -> f64 {
        let (weight, bias) = (parameters.of(self.weight), parameters.of(self.bias));
        let from = choice as usize * self.width;
        let weight = &weight[from..from + self.width];
        f64::from(Arch::new().dispatch(Chance {
            weight,
            row,
            bias: bias[choice as usize],
            prior: self.prior[choice as usize],
        }))
    }

    /// Lets every row fall to an end by its uniform number in [0, 1), and leaves there what is left of that: uniform again.
    ///
    /// # Panics
    /// If there are not as many numbers as rows.
    pub fn draw(&self, parameters: &Parameters, rows: &Matrix, uniforms: &mut [f64], ends: &mut [u32]) {
        assert!(rows.rows() == uniforms.len() && ends.len() == uniforms.len());
        if self.next.is_empty() {
            ends.fill(0);
            return;
        }
        let (weight, bias) = (parameters.of(self.weight), parameters.of(self.bias));
        Arch::new().dispatch(Fall {
            next: &self.next,
            weight,
            bias,
            prior: &self.prior,
            rows,
            uniforms,
            ends,
        });
    }
}

impl Choices {
    /// Moves the logit of a choice by so much, for all rows.
    pub(super) fn move_logit(&self, choice: usize, by: f32, parameters: &mut Parameters) {
        parameters.of_mut(self.bias)[choice] += by / self.prior[choice].scale;
    }
}

impl Chosen {
    /// The choices on the ways of all rows, their logits, and 1 where it went right.
    pub(super) fn steps(&self) -> impl Iterator<Item = (u32, f32, f32)> {
        let logits = self.logits.iter().zip(&self.rights);
        self.units.iter().zip(logits).map(|(&unit, (&logit, &right))| (unit, logit, right))
    }
}

impl Prior {
    #[inline(always)]
    fn logit(self, learned: f32) -> f32 {
        learned.mul_add(self.scale, self.logit)
    }
}

/// The way to each end.
fn ways(next: &[[Next; 2]]) -> (Vec<usize>, Vec<(u32, f32)>) {
    let mut all: Vec<(u32, Vec<(u32, f32)>)> = Vec::with_capacity(next.len() + 1);
    let root = if next.is_empty() { Next::End(0) } else { Next::Choice(0) };
    let mut stack = vec![(root, Vec::new())];
    while let Some((here, way)) = stack.pop() {
        match here {
            Next::End(end) => all.push((end, way)),
            Next::Choice(choice) => {
                assert!(way.len() <= next.len(), "choices do not come back to themselves");
                for (right, &next) in next[choice as usize].iter().enumerate() {
                    let mut way: Vec<(u32, f32)> = way.clone();
                    way.push((choice, right as f32));
                    stack.push((next, way));
                }
            }
        }
    }
    all.sort_by_key(|(end, _)| *end);
    let numbered = all.iter().enumerate().all(|(number, (end, _))| number == *end as usize);
    assert!(numbered, "ends are numbered from 0");
    let mut starts = vec![0];
    let mut steps = Vec::new();
    for (_, way) in all {
        steps.extend(way);
        starts.push(steps.len());
    }
    (starts, steps)
}

/// The sum of products, in an order that no processor changes.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (a_parts, b_parts) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let (a_rest, b_rest) = (a_parts.remainder(), b_parts.remainder());
    for (a, b) in a_parts.zip(b_parts) {
        for lane in 0..LANES {
            sums[lane] = a[lane].mul_add(b[lane], sums[lane]);
        }
    }
    for (sum, (&a, &b)) in sums.iter_mut().zip(a_rest.iter().zip(b_rest)) {
        *sum = a.mul_add(b, *sum);
    }
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            sums[lane] += sums[lane + half];
        }
        half /= 2;
    }
    sums[0]
}

struct Logits<'a> {
    weight: &'a [f32],
    bias: &'a [f32],
    prior: &'a [Prior],
    rows: &'a Matrix,
    chosen: &'a mut Chosen,
}

impl WithSimd for Logits<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.rows.columns();
        let Chosen { logits, units, ends, .. } = self.chosen;
        let mut start = 0;
        for (row, &end) in ends.iter().enumerate() {
            let x = self.rows.row(row);
            for (logit, &unit) in logits[start..end].iter_mut().zip(&units[start..end]) {
                let from = unit as usize * width;
                *logit = self.prior[unit as usize]
                    .logit(dot(&self.weight[from..from + width], x) + self.bias[unit as usize]);
            }
            start = end;
        }
    }
}

struct Loss<'a> {
    chosen: &'a Chosen,
    sum: &'a mut f64,
}

impl WithSimd for Loss<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Chosen { logits, rights, .. } = self.chosen;
        // Partial sums of single precision, each of few numbers.
        for (logits, rights) in logits.chunks(1024).zip(rights.chunks(1024)) {
            let mut sums = [0.0_f32; LANES];
            for (logits, rights) in logits.chunks(LANES).zip(rights.chunks(LANES)) {
                for (sum, (&logit, &right)) in sums.iter_mut().zip(logits.iter().zip(rights)) {
                    let against = logit * (1.0 - 2.0 * right);
                    *sum += against.max(0.0) + super::elementary::ln(1.0 + exp(-against.abs()));
                }
            }
            *self.sum += sums.iter().map(|&sum| f64::from(sum)).sum::<f64>();
        }
    }
}

/// From logits to their gradients.
struct Errors<'a> {
    chosen: &'a mut Chosen,
    scale: f32,
}

impl WithSimd for Errors<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Chosen { logits, rights, .. } = self.chosen;
        for (logit, &right) in logits.iter_mut().zip(rights.iter()) {
            *logit = (sigmoid(*logit) - right) * self.scale;
        }
    }
}

struct Back<'a> {
    weight: &'a [f32],
    rows: &'a Matrix,
    chosen: &'a Chosen,
    d_rows: &'a mut Matrix,
    gradients: &'a mut [f32],
}

impl WithSimd for Back<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.rows.columns();
        let Chosen { logits, units, ends, .. } = self.chosen;
        let mut start = 0;
        for (row, &end) in ends.iter().enumerate() {
            let x = self.rows.row(row);
            let d = self.d_rows.row_mut(row);
            d.fill(0.0);
            for (&error, &unit) in logits[start..end].iter().zip(&units[start..end]) {
                let from = unit as usize * width;
                let (weight, gradient) =
                    (&self.weight[from..from + width], &mut self.gradients[from..from + width]);
                for (((d, gradient), &weight), &x) in d.iter_mut().zip(gradient).zip(weight).zip(x) {
                    *d = error.mul_add(weight, *d);
                    *gradient = error.mul_add(x, *gradient);
                }
            }
            start = end;
        }
    }
}

struct Chance<'a> {
    weight: &'a [f32],
    row: &'a [f32],
    bias: f32,
    prior: Prior,
}

impl WithSimd for Chance<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f32 {
        sigmoid(self.prior.logit(dot(self.weight, self.row) + self.bias))
    }
}

struct Fall<'a> {
    next: &'a [[Next; 2]],
    weight: &'a [f32],
    bias: &'a [f32],
    prior: &'a [Prior],
    rows: &'a Matrix,
    uniforms: &'a mut [f64],
    ends: &'a mut [u32],
}

impl WithSimd for Fall<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.rows.columns();
        for (row, (uniform, end)) in self.uniforms.iter_mut().zip(self.ends).enumerate() {
            let x = self.rows.row(row);
            let mut u = *uniform;
            let mut choice = 0;
            loop {
                let from = choice * width;
                let right = f64::from(sigmoid(
                    self.prior[choice].logit(dot(&self.weight[from..from + width], x) + self.bias[choice]),
                ));
                let left = 1.0 - right;
                let goes_right = u >= left;
                u = if goes_right { (u - left) / right } else { u / left };
                // What is not a number, as weights from a file may make it, becomes 0.
                u = if u > 0.0 { u.min(1.0 - f64::EPSILON) } else { 0.0 };
                match self.next[choice][usize::from(goes_right)] {
                    Next::Choice(next) => choice = next as usize,
                    Next::End(reached) => {
                        *end = reached;
                        break;
                    }
                }
            }
            *uniform = u;
        }
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;

    /// Ends 0, 1 and 2 left to right, and 3 alone on the right.
    fn tree() -> Vec<[Next; 2]> {
        vec![[Next::Choice(1), Next::End(3)], [Next::End(0), Next::Choice(2)], [Next::End(1), Next::End(2)]]
    }

    fn setting() -> (Parameters, Choices, Matrix) {
        let mut parameters = Parameters::new();
        let mut stream = Seed::new(3).stream("choices", 0);
        let prior = [(0.3, 1.0), (-0.2, 0.5), (0.1, 2.0)];
        let prior = prior.map(|(logit, scale)| Prior { logit, scale }).to_vec();
        let choices = Choices::new(tree(), prior, 37, &mut parameters, &mut stream);
        let rows = (0..5 * 37).map(|_| stream.normal() as f32).collect();
        (parameters, choices, Matrix::from_values(5, 37, rows))
    }

    #[test]
    fn chances_of_all_ends_make_one() {
        let (parameters, choices, rows) = setting();
        for row in 0..5 {
            let one = Matrix::from_values(1, 37, rows.row(row).to_vec());
            let sum: f64 =
                (0..4).map(|end| math::exp(choices.log_chances(&parameters, &one, &[end])[0])).sum();
            assert!((sum - 1.0).abs() < 1e-6, "{sum}");
            let right = choices.chance(&parameters, rows.row(row), 0);
            let log = choices.log_chances(&parameters, &one, &[3])[0];
            assert!((math::ln(right) - log).abs() < 1e-5);
        }
    }

    #[test]
    fn gradients_are_differences() {
        let (mut parameters, choices, mut rows) = setting();
        let ends = [0, 1, 2, 3, NO_CODE];
        let mut chosen = Chosen::default();
        choices.forward(&parameters, &rows, &ends, &mut chosen);
        let mut gradients = vec![0.0; parameters.len()];
        let mut d_rows = Matrix::zeros(5, 37);
        choices.backward(&parameters, &rows, 1.0, &mut chosen, &mut d_rows, &mut gradients);
        let step = 1e-2_f32;
        let loss = |parameters: &Parameters, rows: &Matrix| -> f64 {
            -choices.log_chances(parameters, rows, &ends).iter().sum::<f64>()
        };
        for place in [0, 36, 40, 100, 111, 112, 113] {
            let mut at = |offset: f32| {
                parameters.values_mut()[place] += offset;
                let loss = loss(&parameters, &rows);
                parameters.values_mut()[place] -= offset;
                loss
            };
            let difference = (at(step) - at(-step)) / f64::from(2.0 * step);
            assert!((difference - f64::from(gradients[place])).abs() < 1e-3, "{place}");
        }
        for place in [0, 30, 77, 150, 184] {
            let mut at = |offset: f32| {
                rows.values_mut()[place] += offset;
                let loss = loss(&parameters, &rows);
                rows.values_mut()[place] -= offset;
                loss
            };
            let difference = (at(step) - at(-step)) / f64::from(2.0 * step);
            assert!((difference - f64::from(d_rows.values()[place])).abs() < 1e-3, "{place}");
        }
        let sum = choices.forward(&parameters, &rows, &ends, &mut chosen);
        assert!((sum - loss(&parameters, &rows)).abs() < 1e-4);
    }

    #[test]
    fn ends_are_drawn_as_often_as_they_are_likely() {
        let (parameters, choices, rows) = setting();
        let one = rows.row(2).to_vec();
        let n = 20_000;
        let many = Matrix::from_values(n, 37, one.repeat(n));
        let mut uniforms: Vec<f64> = (0..n).map(|i| (i as f64 + 0.5) / n as f64).collect();
        let mut ends = vec![0; n];
        choices.draw(&parameters, &many, &mut uniforms, &mut ends);
        let one = Matrix::from_values(1, 37, one);
        for end in 0..4 {
            let places = (0..n).filter(|&row| ends[row] == end).collect::<Vec<_>>();
            let expected = math::exp(choices.log_chances(&parameters, &one, &[end])[0]);
            assert!((places.len() as f64 / n as f64 - expected).abs() < 1e-3);
            let mean = places.iter().map(|&row| uniforms[row]).sum::<f64>() / places.len() as f64;
            assert!((mean - 0.5).abs() < 0.01, "{mean}");
        }
    }

    #[test]
    fn nothing_to_choose_is_no_trouble() {
        let mut parameters = Parameters::new();
        let mut stream = Seed::new(3).stream("choices", 0);
        let choices = Choices::new(Vec::new(), Vec::new(), 4, &mut parameters, &mut stream);
        let rows = Matrix::zeros(2, 4);
        assert_eq!(choices.log_chances(&parameters, &rows, &[0, NO_CODE]), [0.0, 0.0]);
        let (mut uniforms, mut ends) = ([0.3, 0.9], [7, 7]);
        choices.draw(&parameters, &rows, &mut uniforms, &mut ends);
        assert_eq!((uniforms, ends), ([0.3, 0.9], [0, 0]));
    }
}
