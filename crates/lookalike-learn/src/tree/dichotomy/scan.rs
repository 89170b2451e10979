//! Looking for the best cut in a histogram.

/// Added to a level's hessian before levels are put in order: rare ones stay near the middle.
const LEVEL_SMOOTHING: f64 = 30.0;
/// Added to lambda for cuts between levels, which can group them in many more ways than cuts of numbers can.
const LEVEL_LAMBDA: f64 = 20.0;

const HALF: i64 = 0xffff_ffff;

/// Gradient and hessian of a sum that holds the one in its upper and the other in its lower half.
pub(super) fn unpack(sum: i64) -> (i64, i64) {
    let hessian = sum & HALF;
    ((sum - hessian) >> 32, hessian)
}

/// Which merged bins go left.
#[derive(Clone, Copy)]
pub(super) enum LocalCut {
    AtMost { bin: u8, missing_left: bool },
    Among([u64; 4]),
}

/// How cuts of a node are scored: by the sum over both sides of `g^2 / (h + lambda)`, all in the units of sums.
pub(super) struct Scan {
    gradient: f64,
    hessian: f64,
    lambda: f64,
    min_hessian: f64,
    /// What one is in the units of sums.
    scale: f64,
}

/// The best score so far.
pub(super) struct Floor(f64);

impl Scan {
    /// `scale` is what gradients and hessians were multiplied by.
    pub(super) fn new(sum: i64, lambda: f64, min_hessian: f64, scale: f64) -> Self {
        let (gradient, hessian) = unpack(sum);
        Scan {
            gradient: gradient as f64,
            hessian: hessian as f64,
            lambda: lambda * scale,
            min_hessian: min_hessian * scale,
            scale,
        }
    }

    /// The score of the node uncut, and a little more, as scores are rounded.
    pub(super) fn floor(&self) -> Floor {
        let whole = self.gradient * self.gradient / (self.hessian + self.lambda);
        Floor(whole * (1.0 + 1e-9) + 1e-9 * self.scale)
    }

    /// True when a cut that leaves `left` on the left is better than `floor`, which then rises.
    #[inline]
    fn beats(&self, left: i64, lambda: f64, floor: &mut Floor) -> bool {
        let (gl, hl) = unpack(left);
        // Whole numbers below 2^53: exact as doubles, and so are their differences.
        let (gl, hl) = (gl as f64, hl as f64);
        let (gr, hr) = (self.gradient - gl, self.hessian - hl);
        if hl < self.min_hessian || hr < self.min_hessian {
            return false;
        }
        let (dl, dr) = (hl + lambda, hr + lambda);
        let (above, below) = (gl * gl * dr + gr * gr * dl, dl * dr);
        // Dividing only what is better: a division takes as long as all the rest.
        if above <= floor.0 * below {
            return false;
        }
        floor.0 = above / below;
        true
    }

    /// The best cut between bins in order that scores above `floor`, which then rises to its score.
    pub(super) fn numbers(
        &self,
        bins: &[i64],
        missing: Option<u8>,
        floor: &mut Floor,
    ) -> Option<(i64, LocalCut)> {
        let known = bins.len() - 1;
        let absent = missing.map_or(0, |missing| bins[usize::from(missing)]);
        let mut left = 0;
        let mut best = None;
        for (bin, &sum) in bins[..known].iter().enumerate() {
            if sum == 0 {
                continue;
            }
            left += sum;
            if bin + 1 == known && missing.is_none() {
                break;
            }
            if self.beats(left, self.lambda, floor) {
                best = Some((left, LocalCut::AtMost { bin: bin as u8, missing_left: false }));
            }
            if missing.is_some() && bin + 1 < known && self.beats(left + absent, self.lambda, floor) {
                best = Some((left + absent, LocalCut::AtMost { bin: bin as u8, missing_left: true }));
            }
        }
        best
    }

    /// The best cut of the levels in the order of their gradients, likewise.
    pub(super) fn levels(
        &self,
        bins: &[i64],
        order: &mut Vec<(f64, u8)>,
        floor: &mut Floor,
    ) -> Option<(i64, LocalCut)> {
        order.clear();
        for (bin, &sum) in bins.iter().enumerate().filter(|(_, sum)| **sum != 0) {
            let (g, h) = unpack(sum);
            order.push((g as f64 / (h as f64 + LEVEL_SMOOTHING * self.scale), bin as u8));
        }
        if order.len() < 2 {
            return None;
        }
        let lambda = self.lambda + LEVEL_LAMBDA * self.scale;
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut left = 0;
        let mut best = None;
        for (taken, &(_, bin)) in order[..order.len() - 1].iter().enumerate() {
            left += bins[usize::from(bin)];
            if self.beats(left, lambda, floor) {
                best = Some((left, taken + 1));
            }
        }
        best.map(|(left, taken)| {
            let mut set = [0_u64; 4];
            for &(_, bin) in &order[..taken] {
                set[usize::from(bin >> 6)] |= 1 << (bin & 63);
            }
            (left, LocalCut::Among(set))
        })
    }
}
