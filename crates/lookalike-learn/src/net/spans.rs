//! Columns that go together: a softmax each.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use std::ops::Range;

use lookalike_core::{Stream, math};
use pulp::{Arch, Simd, WithSimd};

use super::elementary::{exp, ln};
use super::matrix::Matrix;
use super::random::fill_gumbel;

/// Logits further than this below the largest one count as this.
const LOWEST: f32 = -60.0;

/// Turns each span of each row into its softmax; other columns stay.
pub fn softmax(values: &mut Matrix, spans: &[Range<usize>]) {
    let columns = values.columns().max(1);
    Arch::new().dispatch(SoftmaxRows { rows: values.values_mut(), columns, spans });
}

struct SoftmaxRows<'a> {
    rows: &'a mut [f32],
    columns: usize,
    spans: &'a [Range<usize>],
}

impl WithSimd for SoftmaxRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for row in self.rows.chunks_exact_mut(self.columns) {
            for span in self.spans {
                softmax_of(&mut row[span.clone()]);
            }
        }
    }
}

/// Some rows of logits against their codes.
struct Against<'a> {
    logits: &'a [f32],
    gradient: &'a mut [f32],
    codes: &'a [u32],
    /// Columns, and codes per row.
    shape: (usize, usize),
    spans: &'a [Range<usize>],
    weights: &'a [f32],
    scale: f32,
    sums: &'a mut [f64],
}

impl WithSimd for Against<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let (columns, per_row) = self.shape;
        let rows = self.logits.chunks_exact(columns).zip(self.gradient.chunks_exact_mut(columns));
        for ((logits, gradient), codes) in rows.zip(self.codes.chunks_exact(per_row)) {
            for (index, span) in self.spans.iter().enumerate() {
                let (logits, gradient) = (&logits[span.clone()], &mut gradient[span.clone()]);
                if codes[index] == NO_CODE {
                    gradient.fill(0.0);
                    continue;
                }
                gradient.copy_from_slice(logits);
                let log_sum = softmax_of(gradient);
                let code = codes[index] as usize;
                self.sums[index] += f64::from((log_sum - logits[code]).min(-LOWEST));
                let factor = self.weights[index] * self.scale;
                for p in gradient.iter_mut() {
                    *p *= factor;
                }
                gradient[code] -= factor;
            }
        }
    }
}

#[inline(always)]
fn softmax_of(logits: &mut [f32]) -> f32 {
    let mut most = f32::NEG_INFINITY;
    for &logit in logits.iter() {
        most = if logit > most { logit } else { most };
    }
    for logit in logits.iter_mut() {
        *logit = exp((*logit - most).max(LOWEST));
    }
    let mut sum = 0.0;
    for &p in logits.iter() {
        sum += p;
    }
    let over = 1.0 / sum;
    for logit in logits.iter_mut() {
        *logit *= over;
    }
    most + ln(sum)
}

/// Draws softly from each span: the softmax of the logits with Gumbel noise, over a temperature.
///
/// Jang, E., Gu, S. and Poole, B. (2017). Categorical reparameterization with Gumbel-softmax.
/// <https://doi.org/10.48550/arXiv.1611.01144>
pub fn gumbel_softmax(
    logits: &mut Matrix,
    spans: &[Range<usize>],
    temperature: f32,
    noise: &mut Matrix,
    stream: &mut Stream,
) {
    noise.reshape(logits.rows(), logits.columns());
    fill_gumbel(noise.values_mut(), stream);
    for row in 0..logits.rows() {
        let (values, noise) = (logits.row_mut(row), noise.row(row));
        for span in spans {
            for column in span.clone() {
                values[column] = (values[column] + noise[column]) / temperature;
            }
        }
    }
    softmax(logits, spans);
}

/// The way back through a softmax over a temperature: from the gradient of what came out to that of the logits, in place.
pub fn back_softmax(out: &Matrix, spans: &[Range<usize>], temperature: f32, gradient: &mut Matrix) {
    for row in 0..out.rows() {
        let (out, gradient) = (out.row(row), gradient.row_mut(row));
        for span in spans {
            let (out, gradient) = (&out[span.clone()], &mut gradient[span.clone()]);
            let with: f32 = out.iter().zip(gradient.iter()).map(|(y, d)| y * d).sum();
            for (d, y) in gradient.iter_mut().zip(out) {
                *d = y * (*d - with) / temperature;
            }
        }
    }
}

/// What has no value in a row: it is neither taken in nor asked of what comes out.
pub const NO_CODE: u32 = u32::MAX;

/// The cross-entropy of codes (one per span and row, row after row; [`NO_CODE`] counts nothing) under softmaxes of
/// logits, summed over everything, each span times its weight; `gradient` of the spans' columns is put in place, times
/// `scale`. Gives the sum per span, unweighted.
///
/// # Panics
/// If there are not as many codes as spans and rows.
pub fn cross_entropy(
    logits: &Matrix,
    spans: &[Range<usize>],
    codes: &[u32],
    weights: &[f32],
    scale: f32,
    gradient: &mut Matrix,
) -> Vec<f64> {
    assert!(codes.len() == spans.len() * logits.rows() && weights.len() == spans.len());
    let columns = logits.columns().max(1);
    let per_row = spans.len().max(1);
    let mut sums = vec![0.0; spans.len()];
    Arch::new().dispatch(Against {
        logits: logits.values(),
        gradient: gradient.values_mut(),
        codes,
        shape: (columns, per_row),
        spans,
        weights,
        scale,
        sums: &mut sums,
    });
    sums
}

/// The logarithms of probabilities that logits stand for, in double precision, for one span of one row.
pub fn log_softmax(logits: &[f32]) -> Vec<f64> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|&logit| math::exp(f64::from(logit - most))).sum();
    let log_sum = f64::from(most) + math::ln(sum);
    logits.iter().map(|&logit| f64::from(logit) - log_sum).collect()
}
