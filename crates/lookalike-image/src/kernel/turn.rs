//! Mirror images and quarter turns: pixels move and nothing is computed.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use pulp::bytemuck;

/// Values that can be seen as bytes.
pub(crate) trait Value: bytemuck::Pod {}

impl Value for u8 {}
impl Value for u16 {}

/// The eight ways to lay a picture down, the dihedral group of the square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Symmetry {
    /// As it is.
    Identity,
    /// A quarter turn counter-clockwise.
    Rotate90,
    /// Half a turn.
    Rotate180,
    /// A quarter turn clockwise.
    Rotate270,
    /// Left and right exchanged.
    HorizontalFlip,
    /// Above and below exchanged.
    VerticalFlip,
    /// Rows become columns.
    Transpose,
    /// Rows become columns from right to left, each from below.
    Transverse,
}

impl Symmetry {
    /// All eight.
    pub const ALL: [Symmetry; 8] = [
        Symmetry::Identity,
        Symmetry::Rotate90,
        Symmetry::Rotate180,
        Symmetry::Rotate270,
        Symmetry::HorizontalFlip,
        Symmetry::VerticalFlip,
        Symmetry::Transpose,
        Symmetry::Transverse,
    ];

    /// True when width and height are exchanged.
    pub fn swaps(self) -> bool {
        matches!(self, Symmetry::Rotate90 | Symmetry::Rotate270 | Symmetry::Transpose | Symmetry::Transverse)
    }

    /// The one that takes it back.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Symmetry::Rotate90 => Symmetry::Rotate270,
            Symmetry::Rotate270 => Symmetry::Rotate90,
            other => other,
        }
    }

    /// Where the point goes in a picture of this size, before it is turned.
    pub(crate) fn point(self, x: f64, y: f64, width: usize, height: usize) -> (f64, f64) {
        let (right, bottom) = (width as f64 - 1.0, height as f64 - 1.0);
        match self {
            Symmetry::Identity => (x, y),
            Symmetry::Rotate90 => (y, right - x),
            Symmetry::Rotate180 => (right - x, bottom - y),
            Symmetry::Rotate270 => (bottom - y, x),
            Symmetry::HorizontalFlip => (right - x, y),
            Symmetry::VerticalFlip => (x, bottom - y),
            Symmetry::Transpose => (y, x),
            Symmetry::Transverse => (bottom - y, right - x),
        }
    }
}

/// Lays the pixels of `channels` values down anew.
pub(crate) fn turn<T: Value>(
    values: &[T],
    width: usize,
    height: usize,
    channels: usize,
    symmetry: Symmetry,
) -> Vec<T> {
    let row = width * channels;
    let mut out: Vec<T> = Vec::with_capacity(values.len());
    match symmetry {
        Symmetry::Identity => out.extend_from_slice(values),
        Symmetry::VerticalFlip => {
            for line in values.chunks_exact(row).rev() {
                out.extend_from_slice(line);
            }
        }
        Symmetry::HorizontalFlip => {
            mirror(values.chunks_exact(row), channels, &mut out);
        }
        Symmetry::Rotate180 => {
            mirror(values.chunks_exact(row).rev(), channels, &mut out);
        }
        Symmetry::Transpose | Symmetry::Transverse | Symmetry::Rotate90 | Symmetry::Rotate270 => {
            out.resize(values.len(), bytemuck::Zeroable::zeroed());
            match channels {
                1 => transpose::<T, 1>(values, width, height, symmetry, &mut out),
                3 => transpose::<T, 3>(values, width, height, symmetry, &mut out),
                _ => transpose::<T, 4>(values, width, height, symmetry, &mut out),
            }
        }
    }
    out
}

/// Appends rows with their pixels in opposite order.
fn mirror<'a, T: Value>(rows: impl Iterator<Item = &'a [T]>, channels: usize, out: &mut Vec<T>) {
    match channels {
        1 => mirror_rows::<T, 1>(rows, out),
        3 => mirror_rows::<T, 3>(rows, out),
        _ => mirror_rows::<T, 4>(rows, out),
    }
}

fn mirror_rows<'a, T: Value, const C: usize>(rows: impl Iterator<Item = &'a [T]>, out: &mut Vec<T>) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        simd.vectorize(Mirror::<_, _, C> { simd, rows, out });
        return;
    }
    for line in rows {
        let (pixels, _) = line.as_chunks::<C>();
        out.extend(pixels.iter().rev().flatten());
    }
}

/// Rows from right to left, as many pixels at a time as are whole in sixteen bytes.
#[cfg(target_arch = "x86_64")]
struct Mirror<'o, T, I, const C: usize> {
    simd: pulp::x86::V3,
    rows: I,
    out: &'o mut Vec<T>,
}

#[cfg(target_arch = "x86_64")]
impl<'a, T: Value, I: Iterator<Item = &'a [T]>, const C: usize> pulp::NullaryFnOnce for Mirror<'_, T, I, C> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let pixel = C * size_of::<T>();
        let whole = 16 / pixel * pixel;
        // A vector ends where the pixels that are still to be read end: its last bytes come first.
        let order: [u8; 16] = std::array::from_fn(|at| {
            if at < whole { (16 - pixel - at / pixel * pixel + at % pixel) as u8 } else { 0x80 }
        });
        let order = bytemuck::cast(order);
        let turned = |bytes: &[u8]| -> [u8; 16] {
            let mut vector = [0_u8; 16];
            vector.copy_from_slice(bytes);
            bytemuck::cast(self.simd.ssse3._mm_shuffle_epi8(bytemuck::cast(vector), order))
        };
        // Rows are gathered before they are appended: what was just written cannot be read yet without waiting.
        let mut gathered: Vec<T> = Vec::new();
        let mut count = 0;
        for line in self.rows {
            let bytes: &[u8] = bytemuck::cast_slice(line);
            if gathered.is_empty() {
                // Vectors may reach beyond the row.
                let rows = (GATHERED / bytes.len()).max(1);
                gathered.resize(rows * line.len() + 16 / size_of::<T>(), bytemuck::Zeroable::zeroed());
            }
            let buffer: &mut [u8] = bytemuck::cast_slice_mut(&mut gathered[count..]);
            let (mut end, mut to) = (bytes.len(), 0);
            // Sixteen vectors at a time, at places that the compiler knows. A vector writes sixteen bytes, whatever is whole in it.
            let group = 16 * whole;
            while end > group {
                let source = &bytes[end - group - (16 - whole)..end];
                let target = &mut buffer[to..to + group + 16 - whole];
                if let (Ok(source), Ok(target)) =
                    (<&[u8; 256]>::try_from(source), <&mut [u8; 256]>::try_from(&mut *target))
                {
                    for vector in 0..16 {
                        target[vector * 16..][..16]
                            .copy_from_slice(&turned(&source[240 - vector * 16..][..16]));
                    }
                } else if let (Ok(source), Ok(target)) =
                    (<&[u8; 241]>::try_from(source), <&mut [u8; 241]>::try_from(target))
                {
                    for vector in 0..16 {
                        target[vector * 15..][..16]
                            .copy_from_slice(&turned(&source[225 - vector * 15..][..16]));
                    }
                } else {
                    break;
                }
                end -= group;
                to += group;
            }
            while end >= 16 {
                buffer[to..to + 16].copy_from_slice(&turned(&bytes[end - 16..end]));
                end -= whole;
                to += whole;
            }
            if whole == 16 && to > 0 {
                // The last vector may hold pixels that are there already.
                buffer[bytes.len() - 16..bytes.len()].copy_from_slice(&turned(&bytes[..16]));
            } else {
                for from in (0..end).step_by(pixel).rev() {
                    buffer[to..to + pixel].copy_from_slice(&bytes[from..from + pixel]);
                    to += pixel;
                }
            }
            count += line.len();
            if count + line.len() + 16 / size_of::<T>() > gathered.len() {
                self.out.extend_from_slice(&gathered[..count]);
                count = 0;
            }
        }
        self.out.extend_from_slice(&gathered[..count]);
    }
}

/// Bytes of the rows that are appended at a time.
#[cfg(target_arch = "x86_64")]
const GATHERED: usize = 8192;

/// Pixels to a side of a tile.
const RUN: usize = 16;

/// A tile of pixels at a time, so that neither reading nor writing jumps between far places.
fn transpose<T: Copy, const C: usize>(
    values: &[T],
    width: usize,
    height: usize,
    symmetry: Symmetry,
    out: &mut [T],
) {
    let from_right = matches!(symmetry, Symmetry::Rotate90 | Symmetry::Transverse);
    let from_below = matches!(symmetry, Symmetry::Rotate270 | Symmetry::Transverse);
    let (source, _) = values.as_chunks::<C>();
    let (target, _) = out.as_chunks_mut::<C>();
    for top in (0..height).step_by(RUN) {
        let rows = top..(top + RUN).min(height);
        for left in (0..width).step_by(RUN) {
            for x in left..(left + RUN).min(width) {
                let to = if from_right { width - 1 - x } else { x };
                let line = &mut target[to * height..][..height];
                for y in rows.clone() {
                    line[if from_below { height - 1 - y } else { y }] = source[y * width + x];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_go_where_points_go() {
        for (width, height) in [(5, 3), (1, 1), (37, 18), (4, 1), (301, 2), (80, 2)] {
            for channels in [1, 3, 4] {
                let values: Vec<u16> = (0..(width * height * channels) as u16).collect();
                for symmetry in Symmetry::ALL {
                    let out = turn(&values, width, height, channels, symmetry);
                    let new_width = if symmetry.swaps() { height } else { width };
                    for y in 0..height {
                        for x in 0..width {
                            let (to_x, to_y) = symmetry.point(x as f64, y as f64, width, height);
                            let to = (to_y as usize * new_width + to_x as usize) * channels;
                            let from = (y * width + x) * channels;
                            assert_eq!(out[to..to + channels], values[from..from + channels], "{symmetry:?}");
                        }
                    }
                    let (w, h) = if symmetry.swaps() { (height, width) } else { (width, height) };
                    assert_eq!(turn(&out, w, h, channels, symmetry.inverse()), values);
                }
            }
        }
    }
}
