#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Adam's options.
///
/// Kingma, D. P. and Ba, J. (2015). Adam. <https://doi.org/10.48550/arXiv.1412.6980>;
/// Loshchilov, I. and Hutter, F. (2019). Decoupled weight decay. <https://doi.org/10.48550/arXiv.1711.05101>
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamOptions {
    /// The length of a step.
    pub rate: f32,
    /// How much of the mean gradient is kept at each step.
    pub beta1: f32,
    /// How much of the mean squared gradient is kept at each step.
    pub beta2: f32,
    /// How much of each parameter is added to its gradient.
    pub l2: f32,
    /// How much of each parameter, times the rate, is taken away at each step.
    pub decay: f32,
}

impl Default for AdamOptions {
    fn default() -> Self {
        AdamOptions { rate: 1e-3, beta1: 0.9, beta2: 0.999, l2: 0.0, decay: 0.0 }
    }
}

/// Where learning by Adam stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Adam {
    /// The options.
    pub options: AdamOptions,
    /// Mean gradients.
    pub first: Vec<f32>,
    /// Mean squared gradients.
    pub second: Vec<f32>,
    /// Steps done.
    pub steps: u64,
}

/// Parameters that one thread takes at once; fewer stay on their thread, since waking another takes longer.
const CHUNK: usize = 1 << 17;

impl Adam {
    /// For so many parameters.
    pub fn new(count: usize, options: AdamOptions) -> Self {
        Adam { options, first: vec![0.0; count], second: vec![0.0; count], steps: 0 }
    }

    /// One step down the gradients, which are 0 afterwards. `factor` shortens the step, as a schedule wants it.
    ///
    /// # Panics
    /// If there are not as many parameters as it was made for.
    pub fn step(&mut self, parameters: &mut [f32], gradients: &mut [f32], factor: f32) {
        assert!(parameters.len() == self.first.len() && gradients.len() == self.first.len());
        self.steps += 1;
        let AdamOptions { rate, beta1, beta2, l2, decay } = self.options;
        let power = i32::try_from(self.steps).unwrap_or(i32::MAX);
        let correction1 = 1.0 - f64::from(beta1).powi(power);
        let correction2 = 1.0 - f64::from(beta2).powi(power);
        let rate = rate * factor;
        let length = (f64::from(rate) / correction1) as f32;
        let over_root = (1.0 / correction2.sqrt()) as f32;
        let keep = 1.0 - rate * decay;
        let step = Step { length, over_root, keep, beta1, beta2, l2 };
        let work = |stepping: Stepping<'_>| Arch::new().dispatch(stepping);
        if parameters.len() <= 2 * CHUNK {
            let (first, second) = (&mut self.first, &mut self.second);
            work(Stepping { step, values: parameters, gradients, first, second });
        } else {
            parameters
                .par_chunks_mut(CHUNK)
                .zip(gradients.par_chunks_mut(CHUNK))
                .zip(self.first.par_chunks_mut(CHUNK).zip(self.second.par_chunks_mut(CHUNK)))
                .map(|((values, gradients), (first, second))| Stepping {
                    step,
                    values,
                    gradients,
                    first,
                    second,
                })
                .for_each(work);
        }
    }
}

#[derive(Clone, Copy)]
struct Step {
    length: f32,
    over_root: f32,
    keep: f32,
    beta1: f32,
    beta2: f32,
    l2: f32,
}

struct Stepping<'a> {
    step: Step,
    values: &'a mut [f32],
    gradients: &'a mut [f32],
    first: &'a mut [f32],
    second: &'a mut [f32],
}

impl WithSimd for Stepping<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Step { length, over_root, keep, beta1, beta2, l2 } = self.step;
        let all = self.values.iter_mut().zip(self.gradients).zip(self.first).zip(self.second);
        for (((value, gradient), first), second) in all {
            let g = value.mul_add(l2, *gradient);
            *gradient = 0.0;
            // What has decayed below all meaning is none: denormal numbers are slow.
            let m = flushed(g.mul_add(1.0 - beta1, *first * beta1), 1e-30);
            let v = flushed((g * g).mul_add(1.0 - beta2, *second * beta2), 1e-37);
            (*first, *second) = (m, v);
            let root = v.sqrt().mul_add(over_root, 1e-8);
            *value = value.mul_add(keep, -length * m / root);
        }
    }
}

#[inline(always)]
fn flushed(x: f32, least: f32) -> f32 {
    if x.abs() < least { 0.0 } else { x }
}

/// Shortens gradients that are together longer than `most`, and gives their length before.
pub fn clip(gradients: &mut [f32], most: f64) -> f64 {
    let length = gradients.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>().sqrt();
    if length > most {
        let factor = (most / length) as f32;
        super::elementary::each(gradients, move |gradient: f32| gradient * factor);
    }
    length
}

/// Moves a running mean of parameters: `keep` of it stays.
pub fn average(mean: &mut [f32], parameters: &[f32], keep: f32) {
    super::elementary::each_with(mean, parameters, move |mean: f32, value: f32| {
        (mean - value).mul_add(keep, value)
    });
}

/// Adds what others found, in their order, and leaves them 0.
pub fn add_all<'a>(sums: &mut [f32], others: impl IntoIterator<Item = &'a mut Vec<f32>>) {
    for other in others {
        super::elementary::each_with(sums, other, |sum: f32, other: f32| sum + other);
        other.fill(0.0);
    }
}
