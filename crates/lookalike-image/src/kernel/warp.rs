//! Pictures looked at through a movement of the plane: for each new pixel, where it came from and what is there.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use pulp::bytemuck;

use super::window::{Taps, taps};
use super::{Loop, run_wide};
use crate::geometry::Matrix;
use crate::image::Depth;
use crate::values::{BorderMode, Interpolation};

/// Where values between and beyond pixels come from.
pub(crate) struct Look<T> {
    pub(crate) interpolation: Interpolation,
    pub(crate) border: BorderMode,
    /// One for each channel.
    pub(crate) fill: [T; 4],
}

/// A picture of `C` channels.
#[derive(Clone, Copy)]
pub(crate) struct Plane<'a, T> {
    pub(crate) values: &'a [T],
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) channels: usize,
}

/// The picture of `width` times `height` whose pixels come from where `back` says.
pub(crate) fn warp<T: Depth>(
    source: Plane<'_, T>,
    back: Matrix,
    width: usize,
    height: usize,
    look: &Look<T>,
) -> Vec<T> {
    match source.channels {
        1 => warp_channels::<T, 1>(source, back, width, height, look),
        3 => warp_channels::<T, 3>(source, back, width, height, look),
        _ => warp_channels::<T, 4>(source, back, width, height, look),
    }
}

fn warp_channels<T: Depth, const C: usize>(
    source: Plane<'_, T>,
    back: Matrix,
    width: usize,
    height: usize,
    look: &Look<T>,
) -> Vec<T> {
    let mut out = vec![T::default(); width * height * C];
    let lines = Lines::<'_, T, C> { source, back, width, look, out: &mut out };
    if back.is_affine() && look.interpolation == Interpolation::Linear && fits(back, width, height) {
        run_wide(AffineLines(lines));
    } else {
        run_wide(Places(lines));
    }
    out
}

/// What is to be filled, from where.
struct Lines<'a, T, const C: usize> {
    source: Plane<'a, T>,
    back: Matrix,
    width: usize,
    look: &'a Look<T>,
    out: &'a mut [T],
}

struct AffineLines<'a, T, const C: usize>(Lines<'a, T, C>);

impl<T: Depth, const C: usize> Loop for AffineLines<'_, T, C> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Lines { source, back, width, look, out } = self.0;
        for (y, line) in out.chunks_exact_mut(width * C).enumerate() {
            let (line, _) = line.as_chunks_mut::<C>();
            affine_line::<T, C>(source, back, y, line, look);
        }
    }
}

struct Places<'a, T, const C: usize>(Lines<'a, T, C>);

impl<T: Depth, const C: usize> Loop for Places<'_, T, C> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Lines { source, back, width, look, out } = self.0;
        let m = back.0;
        for (y, line) in out.chunks_exact_mut(width * C).enumerate() {
            let (line, _) = line.as_chunks_mut::<C>();
            let y = y as f64;
            for (x, pixel) in line.iter_mut().enumerate() {
                let x = x as f64;
                let depth = m[6] * x + m[7] * y + m[8];
                *pixel = if depth > 0.0 {
                    let (from_x, from_y) =
                        ((m[0] * x + m[1] * y + m[2]) / depth, (m[3] * x + m[4] * y + m[5]) / depth);
                    look_at::<T, C>(source, from_x, from_y, look)
                } else {
                    std::array::from_fn(|channel| look.fill[channel])
                };
            }
        }
    }
}

/// The picture whose pixels come from the places that `place` gives, which may be anywhere.
pub(crate) fn remap<T: Depth>(
    source: Plane<'_, T>,
    width: usize,
    height: usize,
    look: &Look<T>,
    place: impl Fn(usize, usize) -> (f64, f64),
) -> Vec<T> {
    match source.channels {
        1 => remap_channels::<T, 1>(source, width, height, look, place),
        3 => remap_channels::<T, 3>(source, width, height, look, place),
        _ => remap_channels::<T, 4>(source, width, height, look, place),
    }
}

fn remap_channels<T: Depth, const C: usize>(
    source: Plane<'_, T>,
    width: usize,
    height: usize,
    look: &Look<T>,
    place: impl Fn(usize, usize) -> (f64, f64),
) -> Vec<T> {
    let mut out = Vec::with_capacity(width * height * C);
    for y in 0..height {
        for x in 0..width {
            let (from_x, from_y) = place(x, y);
            out.extend_from_slice(&look_at::<T, C>(source, from_x, from_y, look));
        }
    }
    out
}

/// Fractions of a pixel are counted in 2^-32.
const UNIT: f64 = 4_294_967_296.0;

/// True when all places fit whole numbers of 64 bits with room to spare.
fn fits(back: Matrix, width: usize, height: usize) -> bool {
    let reach = |a: f64, b: f64, c: f64| a.abs() * width as f64 + b.abs() * height as f64 + c.abs();
    let m = back.0;
    reach(m[0], m[1], m[2]) < 1e9 && reach(m[3], m[4], m[5]) < 1e9
}

/// The steps from one pixel of a line to the next are all the same, and so are whole numbers that count fractions.
#[inline(always)]
fn affine_line<T: Depth, const C: usize>(
    source: Plane<'_, T>,
    back: Matrix,
    y: usize,
    line: &mut [[T; C]],
    look: &Look<T>,
) {
    let m = back.0;
    let count = line.len() as i64;
    let (step_x, step_y) = ((m[0] * UNIT).round() as i64, (m[3] * UNIT).round() as i64);
    // Half of what weights cannot tell apart, so that they round to the nearest.
    let half = 1 << 20;
    let start_x = ((m[1] * y as f64 + m[2]) * UNIT).round() as i64 + half;
    let start_y = ((m[4] * y as f64 + m[5]) * UNIT).round() as i64 + half;
    // Between `near` and `far`, some of the four pixels around the place are in the picture; between `first` and `last`, all.
    let (w, h) = (source.width as i64, source.height as i64);
    let touched = intersect(
        within(start_x, step_x, -1 << 32, w << 32, count),
        within(start_y, step_y, -1 << 32, h << 32, count),
    );
    let whole = intersect(
        within(start_x, step_x, 0, (w - 1) << 32, count),
        within(start_y, step_y, 0, (h - 1) << 32, count),
    );
    let (near, far) = if look.border == BorderMode::Constant { touched } else { (0, count) };
    let (first, last) = if whole.0 < whole.1 { whole } else { (far, far) };
    let (first, last) = (first.clamp(near, far), last.clamp(near, far));
    let fill: [T; C] = std::array::from_fn(|channel| look.fill[channel]);
    line[..near as usize].fill(fill);
    line[far as usize..].fill(fill);
    let places = Row { start: (start_x, start_y), step: (step_x, step_y), whole: (first, last) };
    if T::LEVELS == u8::LEVELS && C >= 3 {
        let line = bytemuck::cast_slice_mut(line.as_flattened_mut());
        packed::<C>(
            Plane {
                values: bytemuck::cast_slice(source.values),
                width: source.width,
                height: source.height,
                channels: C,
            },
            &places,
            near,
            &mut line.as_chunks_mut::<C>().0[near as usize..far as usize],
            look.border,
            &fill.map(|value| value.index() as u8),
        );
        return;
    }
    for x in (near..first).chain(last..far) {
        let (column, row, right, down) = places.at(x);
        line[x as usize] = corners::<T, C>(source, column, row, (right, down), look);
    }
    let stride = source.width * C;
    for (x, pixel) in (first..last).zip(&mut line[first as usize..last as usize]) {
        let (column, row, right, down) = places.at(x);
        *pixel =
            between::<T, C>(source.values, row as usize * stride + column as usize * C, stride, right, down);
    }
}

/// Where the pixels of a line come from, in 2^-32 of a pixel.
struct Row {
    start: (i64, i64),
    step: (i64, i64),
    /// From which pixel to which one the four around the place are in the picture.
    whole: (i64, i64),
}

impl Row {
    /// The column and row of the pixel to the left of and above the place, and how far it is to the right and down, in 2048ths.
    #[inline(always)]
    fn at(&self, x: i64) -> (i64, i64, u32, u32) {
        let (at_x, at_y) = (self.start.0 + self.step.0 * x, self.start.1 + self.step.1 * x);
        (at_x >> 32, at_y >> 32, ((at_x >> 21) & 2047) as u32, ((at_y >> 21) & 2047) as u32)
    }
}

/// Pixels of a line that are brought together before they are blended.
const GROUP: usize = 64;

/// A line of three or four bytes to a pixel, from its pixel number `near` on. The four pixels around each place are brought
/// together as words, and words are blended many at a time.
#[inline(always)]
fn packed<const C: usize>(
    source: Plane<'_, u8>,
    places: &Row,
    near: i64,
    line: &mut [[u8; C]],
    border: BorderMode,
    fill: &[u8; C],
) {
    let word = |bytes: &[u8]| match bytes {
        [a, b, c, d, ..] => u32::from_le_bytes([*a, *b, *c, *d]),
        [a, b, c] => u32::from_le_bytes([*a, *b, *c, 0]),
        _ => 0,
    };
    let fill = word(fill);
    let stride = source.width * C;
    let mut words = [[0_u32; GROUP]; 4];
    let mut weights = [[0_u32; GROUP]; 2];
    let mut blended = [0_u32; GROUP];
    for (group, pixels) in line.chunks_mut(GROUP).enumerate() {
        let start = near + (group * GROUP) as i64;
        for place in 0..pixels.len() {
            let x = start + place as i64;
            let (column, row, right, down) = places.at(x);
            (weights[0][place], weights[1][place]) = (right, down);
            let four = if (places.whole.0..places.whole.1).contains(&x) {
                let offset = row as usize * stride + column as usize * C;
                let (above, below) = (&source.values[offset..], &source.values[offset + stride..]);
                [word(above), word(&above[C..]), word(below), word(&below[C..])]
            } else {
                let columns = [column, column + 1].map(|column| border.index(column, source.width));
                let rows = [row, row + 1].map(|row| border.index(row, source.height));
                let pixel = |row: Option<usize>, column: Option<usize>| match (row, column) {
                    (Some(row), Some(column)) => word(&source.values[row * stride + column * C..]),
                    _ => fill,
                };
                [
                    pixel(rows[0], columns[0]),
                    pixel(rows[0], columns[1]),
                    pixel(rows[1], columns[0]),
                    pixel(rows[1], columns[1]),
                ]
            };
            for (words, word) in words.iter_mut().zip(four) {
                words[place] = word;
            }
        }
        for (place, to) in blended.iter_mut().enumerate() {
            let [a, b, c, d] = [0, 1, 2, 3].map(|corner| words[corner][place]);
            let channel = |shift: u32| {
                let [a, b, c, d] = [a, b, c, d].map(|word| (word >> shift) as u8);
                u32::from(u8::blend(a, b, c, d, weights[0][place], weights[1][place])) << shift
            };
            let last = if C == 4 { channel(24) } else { 0 };
            *to = channel(0) | channel(8) | channel(16) | last;
        }
        for (pixel, word) in pixels.iter_mut().zip(&blended) {
            pixel.copy_from_slice(&word.to_le_bytes()[..C]);
        }
    }
}

/// Between the four pixels of which the first is at `offset`.
#[inline(always)]
fn between<T: Depth, const C: usize>(
    values: &[T],
    offset: usize,
    stride: usize,
    right: u32,
    down: u32,
) -> [T; C] {
    let above = &values[offset..][..2 * C];
    let below = &values[offset + stride..][..2 * C];
    std::array::from_fn(|channel| {
        T::blend(above[channel], above[channel + C], below[channel], below[channel + C], right, down)
    })
}

/// For which of the numbers 0 to `count` the place `start + step * number` is at least `low` and below `high`.
#[inline(always)]
fn within(start: i64, step: i64, low: i64, high: i64, count: i64) -> (i64, i64) {
    let (from, to) = match step {
        0 if (low..high).contains(&start) => (0, count),
        0 => (0, 0),
        1.. => (ceiling(low - start, step), ceiling(high - start, step)),
        _ => (ceiling(start - high + 1, -step), ceiling(start - low + 1, -step)),
    };
    (from.clamp(0, count), to.clamp(0, count))
}

#[inline(always)]
fn ceiling(a: i64, b: i64) -> i64 {
    a.div_euclid(b) + i64::from(a.rem_euclid(b) != 0)
}

#[inline(always)]
fn intersect(a: (i64, i64), b: (i64, i64)) -> (i64, i64) {
    let from = a.0.max(b.0);
    (from, a.1.min(b.1).max(from))
}

/// Between the four pixels to the right of and below a place, which may be beyond the edges.
#[inline(always)]
fn corners<T: Depth, const C: usize>(
    source: Plane<'_, T>,
    x: i64,
    y: i64,
    (right, down): (u32, u32),
    look: &Look<T>,
) -> [T; C] {
    let column = [look.border.index(x, source.width), look.border.index(x + 1, source.width)];
    let row = [look.border.index(y, source.height), look.border.index(y + 1, source.height)];
    let pixel = |row: Option<usize>, column: Option<usize>, channel: usize| match (row, column) {
        (Some(row), Some(column)) => source.values[(row * source.width + column) * C + channel],
        _ => look.fill[channel],
    };
    std::array::from_fn(|channel| {
        T::blend(
            pixel(row[0], column[0], channel),
            pixel(row[0], column[1], channel),
            pixel(row[1], column[0], channel),
            pixel(row[1], column[1], channel),
            right,
            down,
        )
    })
}

/// Farther away than this nothing is told apart.
const FAR: f64 = 1e9;

/// What is seen at a place.
#[inline(always)]
fn look_at<T: Depth, const C: usize>(source: Plane<'_, T>, x: f64, y: f64, look: &Look<T>) -> [T; C] {
    let (x, y) = (x.clamp(-FAR, FAR), y.clamp(-FAR, FAR));
    match look.interpolation {
        Interpolation::Nearest => {
            let column = look.border.index((x + 0.5).floor() as i64, source.width);
            let row = look.border.index((y + 0.5).floor() as i64, source.height);
            match (row, column) {
                (Some(row), Some(column)) => {
                    let offset = (row * source.width + column) * C;
                    std::array::from_fn(|channel| source.values[offset + channel])
                }
                _ => std::array::from_fn(|channel| look.fill[channel]),
            }
        }
        Interpolation::Linear | Interpolation::Area => {
            let (left, top) = (x.floor(), y.floor());
            let weights = (((x - left) * 2048.0) as u32, ((y - top) * 2048.0) as u32);
            let (column, row) = (left as i64, top as i64);
            if column >= 0 && row >= 0 && column + 1 < source.width as i64 && row + 1 < source.height as i64 {
                let offset = (row as usize * source.width + column as usize) * C;
                return between::<T, C>(source.values, offset, source.width * C, weights.0, weights.1);
            }
            corners::<T, C>(source, column, row, weights, look)
        }
        Interpolation::Cubic | Interpolation::Lanczos4 => {
            let (left, across) = taps(look.interpolation, x);
            let (top, down) = taps(look.interpolation, y);
            weighted::<T, C>(source, left, top, &across, &down, look)
        }
    }
}

/// The sum of the pixels around a place, each by the weights of its column and its row.
fn weighted<T: Depth, const C: usize>(
    source: Plane<'_, T>,
    left: i64,
    top: i64,
    across: &Taps,
    down: &Taps,
    look: &Look<T>,
) -> [T; C] {
    let mut sums = [0.0_f32; C];
    let columns: [Option<usize>; 8] =
        std::array::from_fn(|tap| look.border.index(left + tap as i64, source.width));
    for (row_number, row_weight) in down.weights().iter().enumerate() {
        let row = look.border.index(top + row_number as i64, source.height);
        for (column, weight) in columns.iter().zip(across.weights()) {
            let weight = row_weight * weight;
            for channel in 0..C {
                let value = match (row, column) {
                    (Some(row), Some(column)) => source.values[(row * source.width + column) * C + channel],
                    _ => look.fill[channel],
                };
                sums[channel] += weight * value.real();
            }
        }
    }
    sums.map(T::rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_exact() {
        for (start, step, low, high) in
            [(0, 3, 5, 17), (40, -7, 5, 17), (6, 0, 5, 17), (4, 0, 5, 17), (-100, 1, 0, 5), (5, -1, 5, 6)]
        {
            let (from, to) = within(start, step, low, high, 20);
            for number in 0..20 {
                let inside = (low..high).contains(&(start + step * number));
                assert_eq!((from..to).contains(&number), inside, "{start} {step} {number}");
            }
        }
    }

    /// The line in whole numbers and the place by place computation see the same, beyond the edges too.
    #[test]
    fn lines_agree_with_single_places() {
        let (width, height) = (13, 9);
        let values: Vec<u8> = (0..width * height * 3).map(|i| (i * 97 % 251) as u8).collect();
        let source = Plane { values: &values, width, height, channels: 3 };
        for border in [
            BorderMode::Constant,
            BorderMode::Replicate,
            BorderMode::Reflect,
            BorderMode::Wrap,
            BorderMode::Reflect101,
        ] {
            for degrees in [0.0, 17.0, 90.0, 133.0, 270.0] {
                let look = Look { interpolation: Interpolation::Linear, border, fill: [7_u8, 8, 9, 10] };
                let back = Matrix::rotation(degrees).then(Matrix::scale(0.6, 1.7)).about(6.0, 4.0);
                let fast = warp(source, back, 15, 12, &look);
                let slow = remap(source, 15, 12, &look, |x, y| back.apply(x as f64, y as f64).unwrap());
                let apart = fast.iter().zip(&slow).map(|(a, b)| a.abs_diff(*b)).max();
                assert!(apart <= Some(1), "{border:?} {degrees}: {apart:?}");
            }
        }
    }

    #[test]
    fn nothing_moves_by_the_identity() {
        let values: Vec<u16> = (0..7 * 5).map(|i| i * 1800).collect();
        let source = Plane { values: &values, width: 7, height: 5, channels: 1 };
        for interpolation in
            [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic, Interpolation::Lanczos4]
        {
            let look = Look { interpolation, border: BorderMode::Constant, fill: [0; 4] };
            assert_eq!(warp(source, Matrix::IDENTITY, 7, 5, &look), values);
        }
    }
}
