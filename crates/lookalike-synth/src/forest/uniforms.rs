//! The uniform numbers that rows are drawn by: one for each row and variable.
//!
//! Every variable has a random stream of its own, so that none moves another's numbers. For low discrepancy the upper
//! 32 bits of a number come from Sobol's points instead: rows are points, in the order of their numbers, and variables
//! are dimensions. Any 2^k rows from a multiple of 2^k on then have one number in each 2^k-th part of the unit interval,
//! in every variable, and pairs of variables are spread nearly as evenly. A random linear scramble of the digits and a
//! random shift, both by the seed, make every point uniform by itself. The lower bits stay random: a number is stretched
//! again and again on its way through the choices, and must not run out of digits.
//!
//! There are 2^32 points; rows beyond them meet the same upper bits again. Variables beyond the dimensions that are
//! tabulated have independent numbers.
//!
//! # References
//! - Sobol', I. M. (1967). On the distribution of points in a cube and the approximate evaluation of integrals. *USSR
//!   Comp. Math. Math. Phys.* 7(4), 86–112. <https://doi.org/10.1016/0041-5553(67)90144-9>
//! - Joe, S. and Kuo, F. Y. (2008). Constructing Sobol sequences with better two-dimensional projections. *SIAM J. Sci.
//!   Comput.* 30, 2635–2654. <https://doi.org/10.1137/070709359>
//! - Matoušek, J. (1998). On the L2-discrepancy for anchored boxes. *Journal of Complexity* 14, 527–556.
//!   <https://doi.org/10.1006/jcom.1998.0489>

use lookalike_core::{Seed, Stream};
use sobol::Sobol;
use sobol::params::JoeKuoD6;

use crate::latent::Variable;
use crate::sampler::BLOCK_ROWS;

/// Digits of a point, and the exponent of how many points there are.
const DIGITS: usize = 32;
/// Dimensions in the shorter of the published tables, the longest of which is forty times its size.
const DIMENSIONS: usize = 1000;

/// Where the uniform numbers of unconditioned drawing come from.
#[derive(Debug)]
pub(super) struct Uniforms {
    /// One per variable.
    seeds: Vec<Seed>,
    /// Of the first variables, with low discrepancy; none without.
    dimensions: Vec<Dimension>,
}

impl Uniforms {
    pub(super) fn new(seed: Seed, variables: &[Variable], low_discrepancy: bool) -> Self {
        let seed = seed.derive("uniforms");
        let seeds: Vec<Seed> = variables
            .iter()
            .map(|variable| match variable {
                Variable::Values(column) => seed.derive(&format!("column {column}")),
                Variable::Mask(mask) => seed.derive(&format!("mask {mask}")),
            })
            .collect();
        let dimensions = if low_discrepancy { dimensions(&seeds) } else { Vec::new() };
        Uniforms { seeds, dimensions }
    }

    /// The numbers of a variable for the rows of a block, in [0, 1) on a grid of 2^-53.
    pub(super) fn of_block(&self, variable: usize, block: u64) -> Vec<f64> {
        let mut stream = self.seeds[variable].stream("rows", block);
        match self.dimensions.get(variable) {
            None => (0..BLOCK_ROWS).map(|_| stream.unit()).collect(),
            Some(dimension) => dimension
                .points(block)
                .into_iter()
                .map(|point| {
                    let bits = u64::from(point) << 21 | stream.bits() >> 43;
                    bits as f64 * 2f64.powi(-53)
                })
                .collect(),
        }
    }
}

/// One coordinate of the points, scrambled.
#[derive(Debug)]
struct Dimension {
    /// Per binary digit of a point's number, what it adds to the coordinate.
    directions: [u32; DIGITS],
    shift: u32,
}

fn dimensions(seeds: &[Seed]) -> Vec<Dimension> {
    let count = seeds.len().min(DIMENSIONS);
    let all = Sobol::<u32>::init_direction_vals::<u32>(count, DIGITS, &JoeKuoD6::standard());
    all.iter()
        .zip(seeds)
        .map(|(directions, seed)| {
            let mut stream = seed.stream("scramble", 0);
            let digits = scrambled_digits(&mut stream);
            let mut scrambled = [0; DIGITS];
            for (to, &from) in scrambled.iter_mut().zip(directions) {
                *to = digits_of(from).fold(0, |sum, digit| sum ^ digits[digit]);
            }
            Dimension { directions: scrambled, shift: random(&mut stream) }
        })
        .collect()
}

/// What becomes of each binary digit, from the lowest on: itself, and a random change of all digits below it.
fn scrambled_digits(stream: &mut Stream) -> [u32; DIGITS] {
    let mut digits = [0; DIGITS];
    for (place, digit) in digits.iter_mut().enumerate() {
        let own = 1 << place;
        *digit = own | random(stream) & (own - 1);
    }
    digits
}

fn random(stream: &mut Stream) -> u32 {
    (stream.bits() >> 32) as u32
}

/// The places of the digits that are 1.
fn digits_of(number: u32) -> impl Iterator<Item = usize> {
    (0..DIGITS).filter(move |place| number >> place & 1 == 1)
}

impl Dimension {
    /// The coordinates of a block's rows.
    fn points(&self, block: u64) -> Vec<u32> {
        let first = block.wrapping_mul(BLOCK_ROWS as u64) as u32;
        let mut points = Vec::with_capacity(BLOCK_ROWS);
        points.push(digits_of(first).fold(self.shift, |sum, digit| sum ^ self.directions[digit]));
        for row in 1..BLOCK_ROWS {
            // The row without its lowest digit came before.
            points.push(points[row & (row - 1)] ^ self.directions[row.trailing_zeros() as usize]);
        }
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uniforms(seed: u64, count: usize, low_discrepancy: bool) -> Uniforms {
        let variables: Vec<Variable> = (0..count).map(Variable::Values).collect();
        Uniforms::new(Seed::new(seed), &variables, low_discrepancy)
    }

    #[test]
    fn every_part_of_the_interval_gets_its_number() {
        let uniforms = uniforms(7, 40, true);
        for variable in 0..40 {
            for block in [0, 1, 5, 1 << 21, 3 << 40] {
                let numbers = uniforms.of_block(variable, block);
                for rows in [0..512, 512..1024, 0..2048, 64..80] {
                    let mut parts: Vec<usize> =
                        numbers[rows.clone()].iter().map(|u| (u * rows.len() as f64) as usize).collect();
                    parts.sort_unstable();
                    assert!(parts.into_iter().eq(0..rows.len()), "variable {variable}, block {block}");
                }
            }
        }
    }

    #[test]
    fn pairs_are_spread_too() {
        // The first two dimensions are a net in base 2 of the best quality: one point in each box of any shape.
        let uniforms = uniforms(3, 2, true);
        let (x, y) = (uniforms.of_block(0, 4), uniforms.of_block(1, 4));
        for power in 0..=11 {
            let (wide, high) = (f64::from(1 << power), f64::from(1 << (11 - power)));
            let mut boxes: Vec<usize> = x
                .iter()
                .zip(&y)
                .map(|(x, y)| (x * wide) as usize * high as usize + (y * high) as usize)
                .collect();
            boxes.sort_unstable();
            assert!(boxes.into_iter().eq(0..2048), "boxes of 2^-{power}");
        }
    }

    #[test]
    fn seeds_variables_and_blocks_have_their_own_numbers() {
        for low_discrepancy in [false, true] {
            let own = uniforms(1, 3, low_discrepancy).of_block(2, 9);
            assert_eq!(own, uniforms(1, 8, low_discrepancy).of_block(2, 9));
            for other in [
                uniforms(2, 3, low_discrepancy).of_block(2, 9),
                uniforms(1, 3, low_discrepancy).of_block(1, 9),
                uniforms(1, 3, low_discrepancy).of_block(2, 10),
            ] {
                assert!(own.iter().zip(&other).all(|(a, b)| a != b));
            }
        }
    }

    #[test]
    fn variables_beyond_the_tables_still_have_numbers() {
        let uniforms = uniforms(1, DIMENSIONS + 2, true);
        let mean = uniforms.of_block(DIMENSIONS + 1, 0).iter().sum::<f64>() / BLOCK_ROWS as f64;
        assert!((mean - 0.5).abs() < 0.03);
    }
}
