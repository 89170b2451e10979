//! Noise for whole pictures: many random numbers at a time.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use lookalike_core::Seed;

/// How many generators run side by side.
const LANES: usize = 8;

/// Standard normal numbers that are made at a time.
pub(crate) const BLOCK: usize = 2 * LANES;

/// Eight generators xoshiro128++ side by side (Blackman and Vigna 2021, <https://doi.org/10.1145/3460772>), their states
/// from a stream of [`Seed`].
///
/// Everything is whole numbers, or additions, multiplications, divisions and roots of floats, each rounded by itself: so
/// the numbers are the same with any instruction set.
pub(crate) struct Lanes {
    state: [[u32; LANES]; 4],
}

impl Lanes {
    pub(crate) fn new(seed: u64) -> Self {
        let mut bytes = [0; 16 * LANES];
        Seed::new(seed).stream("pixels", 0).fill(&mut bytes);
        let mut state = [[0; LANES]; 4];
        for (word, chunk) in state.iter_mut().flatten().zip(bytes.chunks_exact(4)) {
            *word = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]);
        }
        // A state of zeros would stay so for ever.
        for lane in &mut state[0] {
            *lane |= 1;
        }
        Lanes { state }
    }

    /// 32 random bits from each.
    #[inline(always)]
    pub(crate) fn bits(&mut self) -> [u32; LANES] {
        let [a, b, c, d] = &mut self.state;
        let mut bits = [0; LANES];
        for lane in 0..LANES {
            bits[lane] = a[lane].wrapping_add(d[lane]).rotate_left(7).wrapping_add(a[lane]);
            let shifted = b[lane] << 9;
            c[lane] ^= a[lane];
            d[lane] ^= b[lane];
            b[lane] ^= c[lane];
            a[lane] ^= d[lane];
            c[lane] ^= shifted;
            d[lane] = d[lane].rotate_left(11);
        }
        bits
    }

    /// Uniform in [0, 1), on a grid of 2^-24.
    #[inline(always)]
    pub(crate) fn units(&mut self) -> [f32; LANES] {
        self.bits().map(|bits| (bits >> 8) as f32 * (1.0 / 16_777_216.0))
    }

    /// Fills with uniform numbers in [0, 1).
    #[inline(always)]
    pub(crate) fn fill_units(&mut self, out: &mut [f32]) {
        for chunk in out.chunks_mut(LANES) {
            chunk.copy_from_slice(&self.units()[..chunk.len()]);
        }
    }

    /// Standard normal numbers, by the transform of Box and Muller (1958, <https://doi.org/10.1214/aoms/1177706645>). None
    /// is beyond 5.77.
    #[inline(always)]
    pub(crate) fn normals(&mut self) -> [f32; BLOCK] {
        let (first, second) = (self.bits(), self.bits());
        let mut out = [0.0; BLOCK];
        let (near, far) = out.split_at_mut(LANES);
        for lane in 0..LANES {
            (near[lane], far[lane]) = normal_pair(first[lane], second[lane]);
        }
        out
    }

    /// Two blocks of [`normals`](Self::normals) at once: their long chains of operations hide each other's waiting.
    #[inline(always)]
    fn two_blocks(&mut self) -> [[f32; LANES]; 4] {
        let (mut first, mut second) = ([0; BLOCK], [0; BLOCK]);
        for block in 0..2 {
            first[block * LANES..][..LANES].copy_from_slice(&self.bits());
            second[block * LANES..][..LANES].copy_from_slice(&self.bits());
        }
        let (mut near, mut far) = ([0.0; BLOCK], [0.0; BLOCK]);
        for lane in 0..BLOCK {
            (near[lane], far[lane]) = normal_pair(first[lane], second[lane]);
        }
        let half = |all: &[f32; BLOCK], block: usize| std::array::from_fn(|lane| all[block * LANES + lane]);
        [half(&near, 0), half(&far, 0), half(&near, 1), half(&far, 1)]
    }

    /// Fills with standard normal numbers.
    #[inline(always)]
    pub(crate) fn fill_normals(&mut self, out: &mut [f32]) {
        let mut chunks = out.chunks_exact_mut(2 * BLOCK);
        for chunk in &mut chunks {
            for (part, normals) in chunk.chunks_exact_mut(LANES).zip(self.two_blocks()) {
                part.copy_from_slice(&normals);
            }
        }
        for chunk in chunks.into_remainder().chunks_mut(BLOCK) {
            let normals = self.normals();
            chunk.copy_from_slice(&normals[..chunk.len()]);
        }
    }
}

/// Two standard normal numbers from 64 random bits.
#[inline(always)]
fn normal_pair(first: u32, second: u32) -> (f32, f32) {
    let unit = ((first >> 8) + 1) as f32 * (1.0 / 16_777_216.0);
    let radius = (-2.0 * ln(unit)).sqrt();
    // An angle within an eighth of a turn; two more bits choose which quarter it is in.
    let angle = (((second << 2) >> 9) as f32 * (1.0 / 8_388_608.0) - 0.5) * std::f32::consts::FRAC_PI_2;
    let square = angle * angle;
    let sine = angle
        * (1.0
            + square
                * (-1.0 / 6.0
                    + square * (1.0 / 120.0 + square * (-1.0 / 5040.0 + square * (1.0 / 362_880.0)))));
    let cosine =
        1.0 + square * (-0.5 + square * (1.0 / 24.0 + square * (-1.0 / 720.0 + square * (1.0 / 40_320.0))));
    let swap = second >> 31;
    let sign = (second << 1) & 0x8000_0000;
    let (one, other) = if swap == 1 { (sine, cosine) } else { (cosine, sine) };
    (f32::from_bits((radius * one).to_bits() ^ sign), f32::from_bits((radius * other).to_bits() ^ sign))
}

/// The natural logarithm of a number in (0, 1]: its exponent, and the series of the inverse hyperbolic tangent for the
/// rest.
#[inline(always)]
fn ln(x: f32) -> f32 {
    let bits = x.to_bits().wrapping_sub(0x3f35_04f3);
    let exponent = (bits as i32) >> 23;
    let rest = f32::from_bits((bits & 0x007f_ffff).wrapping_add(0x3f35_04f3));
    let s = (rest - 1.0) / (rest + 1.0);
    let square = s * s;
    let series =
        2.0 * s * (1.0 + square * (1.0 / 3.0 + square * (0.2 + square * (1.0 / 7.0 + square * (1.0 / 9.0)))));
    exponent as f32 * std::f32::consts::LN_2 + series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_stable() {
        // A change here changes every noisy picture: it is a breaking change and belongs in the changelog.
        let mut lanes = Lanes::new(1);
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for _ in 0..1000 {
            for value in lanes.normals() {
                hash = (hash ^ u64::from(value.to_bits())).wrapping_mul(0x0100_0000_01b3);
            }
        }
        assert_eq!(hash, 7_722_373_948_899_555_659);
    }

    #[test]
    fn logarithms_are_right() {
        for step in 1..10_000_u32 {
            let x = step as f32 / 10_000.0;
            let exact = lookalike_core::math::ln(f64::from(x));
            assert!((f64::from(ln(x)) - exact).abs() <= 2e-7 * (1.0 + exact.abs()), "{x}");
        }
        assert_eq!(ln(1.0), 0.0);
    }

    #[test]
    fn normal_numbers_have_the_right_moments_and_tails() {
        let mut values = vec![0.0; 4_000_000];
        Lanes::new(7).fill_normals(&mut values);
        let count = values.len() as f64;
        let moment = |power: i32| values.iter().map(|&v| f64::from(v).powi(power)).sum::<f64>() / count;
        // Four standard errors of each.
        assert!(moment(1).abs() < 4.0 / count.sqrt());
        assert!((moment(2) - 1.0).abs() < 4.0 * (2.0 / count).sqrt());
        assert!(moment(3).abs() < 4.0 * (15.0 / count).sqrt());
        assert!((moment(4) - 3.0).abs() < 4.0 * (96.0 / count).sqrt());
        for beyond in [1.0_f64, 2.0, 3.0, 4.0] {
            let share = values.iter().filter(|&&v| f64::from(v) > beyond).count() as f64 / count;
            let right = 1.0 - lookalike_core::normal_cdf(beyond);
            assert!((share - right).abs() < 4.0 * (right / count).sqrt(), "{beyond}");
        }
        let pairs: f64 = values.windows(2).map(|pair| f64::from(pair[0] * pair[1])).sum();
        let lane: f64 = values.windows(9).map(|window| f64::from(window[0] * window[8])).sum();
        assert!((pairs / count).abs() < 4.0 / count.sqrt() && (lane / count).abs() < 4.0 / count.sqrt());
    }

    #[test]
    fn a_shorter_row_is_a_prefix() {
        let (mut long, mut short) = (vec![0.0; 50], vec![0.0; 37]);
        Lanes::new(3).fill_normals(&mut long);
        Lanes::new(3).fill_normals(&mut short);
        assert_eq!(long[..37], short);
    }
}
