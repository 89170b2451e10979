/// What histograms are made of and how good a group of rows is: the one thing that differs between boosting,
/// trees for numbers and trees for classes.
///
/// A histogram is a list of whole numbers, [`width`](Measure::width) of them per bin.
pub(super) trait Measure: Sync {
    /// What a row adds to its bin.
    type Row: Copy + Send + Sync;
    /// What a group of rows adds up to.
    type Sum: Clone + Send + Sync;

    /// Numbers per bin.
    fn width(&self) -> usize;

    /// Numbers set aside for a feature of this many bins.
    fn stride(&self, bins: usize) -> usize {
        bins * self.width()
    }

    /// Adds `rows` with their `stats` to the histogram of each of the (at most four) columns.
    fn fill(&self, columns: &mut [(&[u8], &mut [i64])], rows: &[u32], stats: &[Self::Row]);

    fn zero(&self) -> Self::Sum;
    fn add_row(&self, sum: &mut Self::Sum, row: Self::Row);
    fn add_bin(&self, sum: &mut Self::Sum, bin: &[i64]);
    /// `into = total - part`.
    fn subtract(&self, total: &Self::Sum, part: &Self::Sum, into: &mut Self::Sum);

    /// The weight (or hessian) of a group.
    fn weight(&self, sum: &Self::Sum) -> f64;
    /// How pure a group is, times its weight: a cut's gain is the sum over its parts minus the whole.
    fn score(&self, sum: &Self::Sum) -> f64;
    /// The key by which levels are put in order.
    fn level_key(&self, bin: &[i64], total: &Self::Sum) -> f64;
}

/// The largest power of two that keeps `total * scale` below `2^bits`.
pub(super) fn power_of_two_scale(total: f64, bits: i32) -> f64 {
    if !(total > 0.0 && total.is_finite()) {
        return 1.0;
    }
    // The scale and its reciprocal stay normal numbers.
    let total = total.clamp(1e-270, 1e290);
    let mut scale = 1.0_f64;
    let limit = 2f64.powi(bits);
    while total * scale < limit / 2.0 {
        scale *= 2.0;
    }
    while total * scale >= limit {
        scale /= 2.0;
    }
    scale
}

/// Rounds to the nearest whole number, halves away from zero.
pub(super) fn nearest(x: f64) -> i64 {
    (x + if x < 0.0 { -0.5 } else { 0.5 }) as i64
}

/// How gradients and hessians are turned into whole numbers, and how sums are scored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    pub(super) gradient_scale: f64,
    pub(super) hessian_scale: f64,
    // Powers of two, so that multiplying by them divides exactly: divisions are what scanning bins spends its time on.
    gradient_unit: f64,
    hessian_unit: f64,
    lambda: f64,
}

impl Moments {
    /// Scales such that the sums of absolute gradients and of hessians stay below `2^bits`.
    pub(super) fn new(gradients: f64, hessians: f64, lambda: f64, bits: i32) -> Self {
        Self::with_scales(power_of_two_scale(gradients, bits), power_of_two_scale(hessians, bits), lambda)
    }

    fn with_scales(gradient_scale: f64, hessian_scale: f64, lambda: f64) -> Self {
        Moments {
            gradient_scale,
            hessian_scale,
            gradient_unit: gradient_scale.recip(),
            hessian_unit: hessian_scale.recip(),
            lambda,
        }
    }

    fn score_of(&self, gradient: i64, hessian: i64) -> f64 {
        let gradient = gradient as f64 * self.gradient_unit;
        let denominator = hessian as f64 * self.hessian_unit + self.lambda;
        if denominator > 0.0 { gradient * gradient / denominator } else { 0.0 }
    }

    fn key_of(&self, gradient: i64, hessian: i64) -> f64 {
        let denominator = hessian as f64 * self.hessian_unit + self.lambda;
        if denominator > 0.0 { gradient as f64 / denominator } else { 0.0 }
    }

    /// Gradient and hessian sums as they were before scaling.
    pub(super) fn unscaled(&self, sum: [i64; 2]) -> (f64, f64) {
        (sum[0] as f64 * self.gradient_unit, sum[1] as f64 * self.hessian_unit)
    }
}

/// Gradient in the upper and hessian in the lower half of one number: one addition per cell. Sums of absolute
/// gradients and of hessians must stay below 2^31.
pub(super) struct Packed(pub(super) Moments);

impl Packed {
    pub(super) const BITS: i32 = 31;
    /// With more rows than this, halves of 32 bits leave too few bits per row.
    pub(super) const MOST_ROWS: usize = 1 << 16;

    pub(super) fn row(&self, gradient: f64, hessian: f64) -> i64 {
        (nearest(gradient * self.0.gradient_scale) << 32) + nearest(hessian * self.0.hessian_scale)
    }

    pub(super) fn unpack(sum: i64) -> [i64; 2] {
        let hessian = sum & 0xffff_ffff;
        [(sum - hessian) >> 32, hessian]
    }
}

impl Measure for Packed {
    type Row = i64;
    type Sum = i64;

    fn width(&self) -> usize {
        1
    }

    // 256 whatever the feature has, so that a byte is always inside and needs no check.
    fn stride(&self, _bins: usize) -> usize {
        256
    }

    fn fill(&self, columns: &mut [(&[u8], &mut [i64])], rows: &[u32], stats: &[i64]) {
        if let [(c0, h0), (c1, h1), (c2, h2), (c3, h3)] = columns {
            // Four features at once: consecutive rows often share a bin, and each addition waits for the last
            // one to the same place; other features' additions fill the wait.
            let (h0, h1, h2, h3) = (whole(h0), whole(h1), whole(h2), whole(h3));
            for (&row, &stat) in rows.iter().zip(stats) {
                let row = row as usize;
                h0[usize::from(c0[row])] += stat;
                h1[usize::from(c1[row])] += stat;
                h2[usize::from(c2[row])] += stat;
                h3[usize::from(c3[row])] += stat;
            }
            return;
        }
        for (column, histogram) in columns {
            let histogram = whole(histogram);
            for (&row, &stat) in rows.iter().zip(stats) {
                histogram[usize::from(column[row as usize])] += stat;
            }
        }
    }

    fn zero(&self) -> i64 {
        0
    }

    fn add_row(&self, sum: &mut i64, row: i64) {
        *sum += row;
    }

    fn add_bin(&self, sum: &mut i64, bin: &[i64]) {
        *sum += bin[0];
    }

    fn subtract(&self, total: &i64, part: &i64, into: &mut i64) {
        *into = total - part;
    }

    fn weight(&self, sum: &i64) -> f64 {
        Packed::unpack(*sum)[1] as f64 * self.0.hessian_unit
    }

    fn score(&self, sum: &i64) -> f64 {
        let [gradient, hessian] = Packed::unpack(*sum);
        self.0.score_of(gradient, hessian)
    }

    fn level_key(&self, bin: &[i64], _total: &i64) -> f64 {
        let [gradient, hessian] = Packed::unpack(bin[0]);
        self.0.key_of(gradient, hessian)
    }
}

fn whole(histogram: &mut [i64]) -> &mut [i64; 256] {
    histogram.first_chunk_mut().expect("the stride is 256")
}

/// Gradient and hessian in a number each, for many rows.
pub(super) struct Wide(pub(super) Moments);

impl Wide {
    pub(super) const BITS: i32 = 61;

    pub(super) fn row(&self, gradient: f64, hessian: f64) -> [i64; 2] {
        [nearest(gradient * self.0.gradient_scale), nearest(hessian * self.0.hessian_scale)]
    }
}

impl Measure for Wide {
    type Row = [i64; 2];
    type Sum = [i64; 2];

    fn width(&self) -> usize {
        2
    }

    fn fill(&self, columns: &mut [(&[u8], &mut [i64])], rows: &[u32], stats: &[[i64; 2]]) {
        for (column, histogram) in columns {
            for (&row, stat) in rows.iter().zip(stats) {
                let place = usize::from(column[row as usize]) * 2;
                let bin = &mut histogram[place..place + 2];
                bin[0] += stat[0];
                bin[1] += stat[1];
            }
        }
    }

    fn zero(&self) -> [i64; 2] {
        [0; 2]
    }

    fn add_row(&self, sum: &mut [i64; 2], row: [i64; 2]) {
        sum[0] += row[0];
        sum[1] += row[1];
    }

    fn add_bin(&self, sum: &mut [i64; 2], bin: &[i64]) {
        sum[0] += bin[0];
        sum[1] += bin[1];
    }

    fn subtract(&self, total: &[i64; 2], part: &[i64; 2], into: &mut [i64; 2]) {
        *into = [total[0] - part[0], total[1] - part[1]];
    }

    fn weight(&self, sum: &[i64; 2]) -> f64 {
        sum[1] as f64 * self.0.hessian_unit
    }

    fn score(&self, sum: &[i64; 2]) -> f64 {
        self.0.score_of(sum[0], sum[1])
    }

    fn level_key(&self, bin: &[i64], _total: &[i64; 2]) -> f64 {
        self.0.key_of(bin[0], bin[1])
    }
}

/// Weights per class, scored by Gini's impurity.
pub(super) struct ClassWeights {
    pub(super) classes: usize,
    pub(super) weight_scale: f64,
}

impl ClassWeights {
    pub(super) const BITS: i32 = 52;
}

/// A row's class and scaled weight.
pub(super) type ClassRow = (u32, i64);

impl Measure for ClassWeights {
    type Row = ClassRow;
    type Sum = Vec<i64>;

    fn width(&self) -> usize {
        self.classes
    }

    fn fill(&self, columns: &mut [(&[u8], &mut [i64])], rows: &[u32], stats: &[ClassRow]) {
        for (column, histogram) in columns {
            for (&row, &(class, weight)) in rows.iter().zip(stats) {
                histogram[usize::from(column[row as usize]) * self.classes + class as usize] += weight;
            }
        }
    }

    fn zero(&self) -> Vec<i64> {
        vec![0; self.classes]
    }

    fn add_row(&self, sum: &mut Vec<i64>, (class, weight): ClassRow) {
        sum[class as usize] += weight;
    }

    fn add_bin(&self, sum: &mut Vec<i64>, bin: &[i64]) {
        for (total, part) in sum.iter_mut().zip(bin) {
            *total += part;
        }
    }

    fn subtract(&self, total: &Vec<i64>, part: &Vec<i64>, into: &mut Vec<i64>) {
        for ((into, total), part) in into.iter_mut().zip(total).zip(part) {
            *into = total - part;
        }
    }

    fn weight(&self, sum: &Vec<i64>) -> f64 {
        sum.iter().sum::<i64>() as f64 / self.weight_scale
    }

    fn score(&self, sum: &Vec<i64>) -> f64 {
        let total: i64 = sum.iter().sum();
        if total == 0 {
            return 0.0;
        }
        let squares: f64 = sum.iter().map(|&weight| weight as f64 * weight as f64).sum();
        squares / (total as f64 * self.weight_scale)
    }

    /// The share of the node's largest class: exact for two classes, a common shortcut for more.
    fn level_key(&self, bin: &[i64], total: &Vec<i64>) -> f64 {
        let largest = (0..total.len()).rev().max_by_key(|&class| total[class]).unwrap_or(0);
        let weight: i64 = bin.iter().sum();
        if weight > 0 { bin[largest] as f64 / weight as f64 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_halves_come_back() {
        let packed = Packed(Moments::with_scales(4.0, 8.0, 0.0));
        let mut sum = 0;
        for (gradient, hessian) in [(-3.25, 1.0), (2.0, 0.125), (-8.5, 3.0)] {
            packed.add_row(&mut sum, packed.row(gradient, hessian));
        }
        assert_eq!(packed.0.unscaled(Packed::unpack(sum)), (-9.75, 4.125));
        assert_eq!(Packed::unpack(packed.row(-1.0, 0.0)), [-4, 0]);
    }

    #[test]
    fn scales_are_powers_of_two_within_bounds() {
        for total in [1e-260, 1e-9, 0.3, 1.0, 32_561.0, 1e12] {
            let scale = power_of_two_scale(total, 31);
            assert!(total * scale < 2f64.powi(31) && total * scale >= 2f64.powi(29), "{total}");
            assert_eq!(scale.to_bits() & 0x000f_ffff_ffff_ffff, 0);
        }
        assert_eq!(power_of_two_scale(0.0, 31), 1.0);
    }
}
