use lookalike_core::Seed;

/// A pseudo-random order of the numbers below a size: a Feistel network over the next even power of two, walked
/// until it lands inside.
///
/// # References
/// Black, J. and Rogaway, P. (2002). Ciphers with arbitrary finite domains. <https://doi.org/10.1007/3-540-45760-7_9>
#[derive(Debug, Clone)]
pub(crate) struct Permutation {
    size: u128,
    half_bits: u32,
    round_keys: [u64; ROUNDS],
}

const ROUNDS: usize = 6;

impl Permutation {
    /// The order that `seed` gives to `size` numbers; `number` tells several orders of one seed apart.
    pub(crate) fn new(size: u128, seed: Seed, number: u64) -> Self {
        let bits = 128 - size.saturating_sub(1).leading_zeros();
        let mut stream = seed.stream("permutation", number);
        let round_keys = std::array::from_fn(|_| stream.bits());
        Permutation { size: size.max(1), half_bits: bits.div_ceil(2).max(1), round_keys }
    }

    /// Where `index` stands in the order.
    pub(crate) fn at(&self, index: u128) -> u128 {
        assert!(index < self.size, "a place beyond the end");
        let mut place = index;
        loop {
            place = self.encipher(place);
            // At most four times as many places as numbers: a few steps on average, and always back inside.
            if place < self.size {
                return place;
            }
        }
    }

    fn encipher(&self, value: u128) -> u128 {
        let mask = (1_u128 << self.half_bits) - 1;
        let (mut left, mut right) = ((value >> self.half_bits) as u64, (value & mask) as u64);
        for key in self.round_keys {
            (left, right) = (right, left ^ (scramble(key, right) & mask as u64));
        }
        (u128::from(left) << self.half_bits) | u128::from(right)
    }
}

/// A keyed mix of 64 bits (the finaliser of `MurmurHash3`, twice).
pub(super) fn scramble(key: u64, value: u64) -> u64 {
    let mut x = value ^ key;
    for _ in 0..2 {
        x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        x = (x ^ (x >> 33)).wrapping_add(key);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_permutation_of_every_size() {
        for size in [1_u128, 2, 3, 10, 255, 256, 257, 1000] {
            let order = Permutation::new(size, Seed::new(9), 0);
            let mut places: Vec<u128> = (0..size).map(|index| order.at(index)).collect();
            places.sort_unstable();
            assert!(places.iter().copied().eq(0..size), "size {size}");
        }
    }

    #[test]
    fn huge_spaces_work() {
        let order = Permutation::new(u128::MAX, Seed::new(9), 0);
        assert_ne!(order.at(0), order.at(u128::MAX - 1));
    }

    #[test]
    fn seeds_give_different_orders() {
        let [a, b] = [1, 2].map(|seed| Permutation::new(1 << 40, Seed::new(seed), 0).at(5));
        assert_ne!(a, b);
    }
}
