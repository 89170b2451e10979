//! Many random numbers at once.

use lookalike_core::Stream;

use super::elementary::{Gumbel, NormalQuantile, each};

/// Fills with numbers uniform in (0, 1), never an end, on a grid of 2^-23.
pub fn fill_uniform(values: &mut [f32], stream: &mut Stream) {
    let mut bytes = [0; 4096];
    for part in values.chunks_mut(1024) {
        let bytes = &mut bytes[..part.len() * 4];
        stream.fill(bytes);
        for (value, bytes) in part.iter_mut().zip(bytes.chunks_exact(4)) {
            let bits = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) >> 9;
            // A whole number below 2^23 and a half, over 2^23.
            *value = (bits as f32 + 0.5) * (1.0 / 8_388_608.0);
        }
    }
}

/// Fills with standard normal numbers.
pub fn fill_normal(values: &mut [f32], stream: &mut Stream) {
    fill_uniform(values, stream);
    each(values, NormalQuantile);
}

/// Fills with numbers of the standard Gumbel distribution: the largest of logits with such noise is a draw from their
/// softmax.
pub fn fill_gumbel(values: &mut [f32], stream: &mut Stream) {
    fill_uniform(values, stream);
    each(values, Gumbel);
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;

    #[test]
    fn moments_are_right() {
        let mut values = vec![0.0; 200_000];
        let moments = |values: &[f32]| {
            let n = values.len() as f64;
            let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
            (mean, values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / n)
        };
        fill_normal(&mut values, &mut Seed::new(1).stream("normal", 0));
        let (mean, variance) = moments(&values);
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.015, "{mean} {variance}");
        fill_gumbel(&mut values, &mut Seed::new(1).stream("gumbel", 0));
        let (mean, variance) = moments(&values);
        assert!((mean - 0.5772).abs() < 0.01 && (variance - 1.6449).abs() < 0.04, "{mean} {variance}");
        fill_uniform(&mut values, &mut Seed::new(1).stream("uniform", 0));
        assert!(values.iter().all(|&u| u > 0.0 && u < 1.0));
    }
}
