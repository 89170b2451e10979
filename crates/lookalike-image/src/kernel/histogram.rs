//! Grey levels spread evenly.

use crate::image::Depth;

/// Whose rounding `equalizing` has.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EqualizeMode {
    /// `OpenCV`'s.
    #[default]
    Cv,
    /// The Python Imaging Library's.
    Pil,
}

/// How often each level is in the channel.
pub(crate) fn counts<T: Depth>(values: &[T], channel: usize, channels: usize) -> Vec<u32> {
    let mut counts = vec![0; T::LEVELS];
    for value in values[channel..].iter().step_by(channels) {
        counts[value.index()] += 1;
    }
    counts
}

/// The new level for each old one, so that all are about equally frequent.
pub(crate) fn equalizing<T: Depth>(counts: &[u32], mode: EqualizeMode) -> Vec<T> {
    let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let ends = (counts.iter().position(|&count| count > 0), counts.iter().rposition(|&count| count > 0));
    let (Some(first), Some(last)) = ends else { return (0..counts.len()).map(T::at).collect() };
    let top = (T::LEVELS - 1) as u64;
    let step = (total - u64::from(counts[last])) / top;
    if first == last || (mode == EqualizeMode::Pil && step == 0) {
        return (0..counts.len()).map(T::at).collect();
    }
    let mut below = 0_u64;
    let spread = (total - u64::from(counts[first])) as f64;
    counts
        .iter()
        .enumerate()
        .map(|(level, &count)| match mode {
            EqualizeMode::Cv => {
                if level > first {
                    below += u64::from(count);
                }
                T::at((below as f64 * top as f64 / spread).round_ties_even() as usize)
            }
            EqualizeMode::Pil => {
                let new = (step / 2 + below) / step;
                below += u64::from(count);
                T::at(new as usize)
            }
        })
        .collect()
}

/// Contrast-limited adaptive histogram equalization of a grey picture (Zuiderveld 1994, in *Graphics Gems IV*,
/// <https://doi.org/10.1016/B978-0-12-336156-1.50061-6>).
///
/// `clip` is how many times as frequent as on average a level may be in a tile; there are `columns` times `rows` tiles, and
/// between their middles the new levels are interpolated.
pub(crate) fn adaptive<T: Depth>(
    values: &[T],
    width: usize,
    height: usize,
    clip: f64,
    columns: usize,
    rows: usize,
) -> Vec<T> {
    let (columns, rows) = (columns.min(width), rows.min(height));
    let (tile_width, tile_height) = (width.div_ceil(columns), height.div_ceil(rows));
    let area = tile_width * tile_height;
    let limit = ((clip * area as f64 / T::LEVELS as f64) as u64).max(1);
    let border = crate::values::BorderMode::Reflect101;
    let mut tables: Vec<T> = Vec::with_capacity(rows * columns * T::LEVELS);
    let mut counts = vec![0_u64; T::LEVELS];
    for row in 0..rows {
        for column in 0..columns {
            counts.fill(0);
            for y in row * tile_height..(row + 1) * tile_height {
                let y = border.index(y as i64, height).unwrap_or(0);
                for x in column * tile_width..(column + 1) * tile_width {
                    let x = border.index(x as i64, width).unwrap_or(0);
                    counts[values[y * width + x].index()] += 1;
                }
            }
            spread(&mut counts, limit);
            let mut below = 0;
            tables.extend(counts.iter().map(|count| {
                below += count;
                T::rounded(below as f32 * T::MAX / area as f32)
            }));
        }
    }
    // Between which two tiles a place is, and how far towards the second.
    let between = |at: usize, size: usize, count: usize| {
        let place = at as f32 / size as f32 - 0.5 + 0.5 / size as f32;
        let first = place.floor();
        let clamp = |tile: f32| tile.clamp(0.0, (count - 1) as f32) as usize;
        (clamp(first), clamp(first + 1.0), place - first)
    };
    let across: Vec<(usize, usize, f32)> = (0..width).map(|x| between(x, tile_width, columns)).collect();
    let mut out = Vec::with_capacity(values.len());
    for (y, line) in values.chunks_exact(width).enumerate() {
        let (above, below, down) = between(y, tile_height, rows);
        for (value, &(left, right, part)) in line.iter().zip(&across) {
            let level = |row: usize, column: usize| {
                tables[(row * columns + column) * T::LEVELS + value.index()].real()
            };
            let top = level(above, left) * (1.0 - part) + level(above, right) * part;
            let bottom = level(below, left) * (1.0 - part) + level(below, right) * part;
            out.push(T::rounded(top * (1.0 - down) + bottom * down));
        }
    }
    out
}

/// Cuts what is above the limit and gives it to all levels alike.
fn spread(counts: &mut [u64], limit: u64) {
    let mut excess = 0;
    for count in counts.iter_mut() {
        excess += count.saturating_sub(limit);
        *count = (*count).min(limit);
    }
    let each = excess / counts.len() as u64;
    let rest = (excess % counts.len() as u64) as usize;
    for count in counts.iter_mut() {
        *count += each;
    }
    let step = counts.len().checked_div(rest).unwrap_or(1).max(1);
    counts.iter_mut().step_by(step).take(rest).for_each(|count| *count += 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equalizing_reaches_both_ends() {
        let values = [100_u8, 100, 110, 120, 120, 120];
        let table = equalizing::<u8>(&counts(&values, 0, 1), EqualizeMode::Cv);
        assert_eq!((table[100], table[110], table[120]), (0, 64, 255));
        let flat = equalizing::<u8>(&counts(&[9_u8; 4], 0, 1), EqualizeMode::Cv);
        assert_eq!(flat[9], 9);
    }

    #[test]
    fn little_contrast_becomes_more_but_not_without_bounds() {
        let values: Vec<u8> = (0..64 * 64).map(|i| 100 + (i % 7) as u8).collect();
        let range = |values: &[u8]| values.iter().max().unwrap() - values.iter().min().unwrap();
        let (weak, strong) = (adaptive(&values, 64, 64, 2.0, 8, 8), adaptive(&values, 64, 64, 80.0, 8, 8));
        assert!(range(&weak) > 6 && range(&weak) < range(&strong), "{} {}", range(&weak), range(&strong));
        assert_eq!(adaptive(&[5_u16], 1, 1, 4.0, 8, 8).len(), 1);
    }

    #[test]
    fn what_is_cut_is_given_back() {
        let mut counts = vec![1000, 0, 3, 10, 0, 0, 0];
        spread(&mut counts, 40);
        assert_eq!(counts.iter().sum::<u64>(), 1013);
        assert!(counts.iter().all(|&count| count >= 137));
    }
}
