//! Group normalisation: per image, the numbers of each group of channels less their mean, over their standard deviation, times
//! a gain plus a bias per channel.
//!
//! Wu, Y. and He, K. (2018). Group normalization. <https://doi.org/10.1007/978-3-030-01261-8_1>

use pulp::Arch;

use super::sums::{Combine, Plain, SquaredOff, WithProduct, column_sums};

/// Added to a variance before it divides.
const EPSILON: f32 = 1e-5;

/// Normalises images of so many channels in so many groups; `kept` gets a mean and one over the deviation per image and
/// channel.
pub(super) fn forward(
    images: &[f32],
    size: usize,
    groups: usize,
    (gain, bias): (&[f32], &[f32]),
    out: &mut [f32],
    kept: &mut Vec<f32>,
) {
    let channels = gain.len();
    let own = channels / groups;
    let share = 1.0 / (size / channels * own) as f32;
    kept.resize(images.len() / size * 2 * channels, 0.0);
    let mut sums = vec![[0.0; 2]; channels];
    let (mut scale, mut shift) = (vec![0.0; channels], vec![0.0; channels]);
    let all =
        images.chunks_exact(size).zip(out.chunks_exact_mut(size)).zip(kept.chunks_exact_mut(2 * channels));
    for ((image, out), kept) in all {
        let (means, overs) = kept.split_at_mut(channels);
        column_sums(image, image, channels, Plain, &mut sums);
        per_group(own, share, &sums, 0, means);
        column_sums(image, image, channels, SquaredOff(means), &mut sums);
        per_group(own, share, &sums, 0, overs);
        for channel in 0..channels {
            overs[channel] = 1.0 / (overs[channel] + EPSILON).sqrt();
            scale[channel] = overs[channel] * gain[channel];
            shift[channel] = bias[channel] - means[channel] * scale[channel];
        }
        Arch::new().dispatch(Combine { a: (image, &scale), b: None, plus: &shift, out, add: false });
    }
}

/// The way back: adds the gradients of gain and bias, and puts that of the images, or adds it.
pub(super) fn backward(
    (images, d_out): (&[f32], &[f32]),
    size: usize,
    groups: usize,
    kept: &[f32],
    gain: &[f32],
    (d_gain, d_bias): (&mut [f32], &mut [f32]),
    (d_images, add): (&mut [f32], bool),
) {
    let channels = gain.len();
    let own = channels / groups;
    let share = 1.0 / (size / channels * own) as f32;
    let mut sums = vec![[0.0; 2]; channels];
    let [mut plain, mut with] = [(); 2].map(|()| vec![0.0; channels]);
    let [mut times_d, mut times_x, mut plus] = [(); 3].map(|()| vec![0.0; channels]);
    let all = images.chunks_exact(size).zip(d_out.chunks_exact(size)).zip(d_images.chunks_exact_mut(size));
    for (((image, d_out), d_image), kept) in all.zip(kept.chunks_exact(2 * channels)) {
        let (means, overs) = kept.split_at(channels);
        column_sums(d_out, image, channels, WithProduct, &mut sums);
        for channel in 0..channels {
            let [d, with] = &mut sums[channel];
            // From the product with the numbers to that with the normalised ones.
            *with = overs[channel] * (*with - means[channel] * *d);
            d_gain[channel] += *with;
            d_bias[channel] += *d;
            *with *= gain[channel];
            *d *= gain[channel];
        }
        per_group(own, share, &sums, 0, &mut plain);
        per_group(own, share, &sums, 1, &mut with);
        for channel in 0..channels {
            let over = overs[channel];
            times_d[channel] = gain[channel] * over;
            times_x[channel] = -over * over * with[channel];
            plus[channel] = -over * plain[channel] - times_x[channel] * means[channel];
        }
        Arch::new().dispatch(Combine {
            a: (d_out, &times_d),
            b: Some((image, &times_x)),
            plus: &plus,
            out: d_image,
            add,
        });
    }
}

/// Puts the sum over each group of channels, times `share`, for each of its channels.
fn per_group(own: usize, share: f32, sums: &[[f32; 2]], which: usize, to: &mut [f32]) {
    for (sums, to) in sums.chunks_exact(own).zip(to.chunks_exact_mut(own)) {
        to.fill(sums.iter().map(|pair| pair[which]).sum::<f32>() * share);
    }
}
