//! Larger and smaller images: means over squares of pixels, and pixels as squares.

use super::shape::Shape;

/// Puts the mean of each square of `factor` by `factor` pixels, times `scale`, or adds it: with `scale` the number of pixels
/// in a square it is the way back of [`repeat`].
pub(super) fn average(
    images: &[f32],
    large: Shape,
    factor: usize,
    scale: f32,
    (out, add): (&mut [f32], bool),
) {
    let small_row = large.width / factor * large.channels;
    let share = scale / (factor * factor) as f32;
    if !add {
        out.fill(0.0);
    }
    let large_row = large.width * large.channels;
    for (rows, out) in images.chunks_exact(factor * large_row).zip(out.chunks_exact_mut(small_row)) {
        for row in rows.chunks_exact(large_row) {
            let squares = row.chunks_exact(factor * large.channels);
            for (square, out) in squares.zip(out.chunks_exact_mut(large.channels)) {
                for pixel in square.chunks_exact(large.channels) {
                    out.iter_mut().zip(pixel).for_each(|(out, number)| *out += number * share);
                }
            }
        }
    }
}

/// Puts each pixel as a square of `factor` by `factor` pixels, times `scale`, or adds it.
pub(super) fn repeat(
    images: &[f32],
    large: Shape,
    factor: usize,
    scale: f32,
    (out, add): (&mut [f32], bool),
) {
    let small_row = large.width / factor * large.channels;
    let large_row = large.width * large.channels;
    for (row, rows) in images.chunks_exact(small_row).zip(out.chunks_exact_mut(factor * large_row)) {
        for out in rows.chunks_exact_mut(large_row) {
            let squares = out.chunks_exact_mut(factor * large.channels);
            for (pixel, square) in row.chunks_exact(large.channels).zip(squares) {
                for out in square.chunks_exact_mut(large.channels) {
                    if add {
                        out.iter_mut().zip(pixel).for_each(|(out, number)| *out += number * scale);
                    } else {
                        out.iter_mut().zip(pixel).for_each(|(out, number)| *out = number * scale);
                    }
                }
            }
        }
    }
}
