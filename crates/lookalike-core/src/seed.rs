use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use crate::normal_quantile;

/// Where all randomness of a run comes from.
///
/// A seed names as many independent streams as needed: one per label and block. Every loop that may run on
/// several threads works in blocks of fixed size, each with its own stream, so that the result does not depend
/// on who computes which block.
///
/// ```
/// use lookalike_core::Seed;
/// let seed = Seed::new(42);
/// assert_eq!(seed.stream("rows", 3).bits(), seed.stream("rows", 3).bits());
/// assert_ne!(seed.stream("rows", 3).bits(), seed.stream("rows", 4).bits());
/// assert_ne!(seed.stream("rows", 3).bits(), seed.stream("keys", 3).bits());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seed(u64);

impl Seed {
    /// The seed with this number.
    pub fn new(number: u64) -> Self {
        Seed(number)
    }

    /// The number that the seed was made from.
    pub fn number(self) -> u64 {
        self.0
    }

    /// Another seed that depends on this one and a label: gives a part of the work its own family of streams.
    #[must_use]
    pub fn derive(self, label: &str) -> Seed {
        Seed(self.key(label)[0])
    }

    /// The stream of random numbers with this label and block number.
    pub fn stream(self, label: &str, block: u64) -> Stream {
        let mut bytes = [0; 32];
        for (slot, word) in bytes.chunks_exact_mut(8).zip(self.key(label)) {
            slot.copy_from_slice(&word.to_le_bytes());
        }
        let mut generator = ChaCha8Rng::from_seed(bytes);
        generator.set_stream(block);
        Stream { generator }
    }

    /// 256 bits that depend on every bit of the seed and the label. Not a secret: `ChaCha` does the rest.
    fn key(self, label: &str) -> [u64; 4] {
        let mut state = self.0 ^ 0x6c6f_6f6b_616c_696b;
        for chunk in label.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            state = mix(state ^ u64::from_le_bytes(word)).wrapping_add(chunk.len() as u64);
        }
        let mut key = [0; 4];
        for word in &mut key {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            *word = mix(state);
        }
        key
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea and Flood 2014, <https://doi.org/10.1145/2660193.2660195>).
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// One stream of random numbers. How many bits each method takes is fixed for ever: it decides output bytes.
#[derive(Debug, Clone)]
pub struct Stream {
    generator: ChaCha8Rng,
}

impl Stream {
    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// Fills with random bytes: many small numbers at less cost than one by one.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.generator.fill_bytes(bytes);
    }

    /// Uniform in [0, 1), on a grid of 2^-53.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * 2f64.powi(-53)
    }

    /// Uniform in (0, 1), never an end: for inverting distribution functions.
    pub fn open_unit(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) * 2f64.powi(-52)
    }

    /// Uniform among the whole numbers below `bound`.
    ///
    /// # Panics
    /// If `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "no number is below 0");
        // Lemire's multiplication method with rejection, https://doi.org/10.1145/3230636
        loop {
            let product = u128::from(self.bits()) * u128::from(bound);
            let low = product as u64;
            if low >= bound || low >= bound.wrapping_neg() % bound {
                return (product >> 64) as u64;
            }
        }
    }

    /// A standard normal number, by inversion: one draw of 64 bits each.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.open_unit())
    }

    /// Puts `items` into a uniformly random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }

    /// A random order of `count` items, as their numbers.
    pub fn permutation(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        self.shuffle(&mut order);
        order
    }

    /// `wanted` different numbers below `count` in random order (all of them when `wanted` is larger).
    pub fn choose(&mut self, count: usize, wanted: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        let wanted = wanted.min(count);
        for slot in 0..wanted {
            let other = slot + self.below((count - slot) as u64) as usize;
            order.swap(slot, other);
        }
        order.truncate(wanted);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_stable() {
        // A change here changes every sampled table: it is a breaking change and belongs in the changelog.
        let mut stream = Seed::new(1).stream("stability", 2);
        let first = [stream.bits(), stream.bits(), stream.below(1000)];
        assert_eq!(first, [13_705_757_866_635_058_123, 5_000_017_063_838_544_756, 795]);
        let mut bytes = [0; 6];
        stream.clone().fill(&mut bytes);
        assert_eq!(bytes, [130, 229, 90, 151, 246, 206]);
        let rest = (stream.normal().to_bits(), stream.permutation(6));
        assert_eq!(rest, (13_817_732_758_397_215_134, vec![2, 0, 5, 1, 3, 4]));
    }

    #[test]
    fn labels_of_all_lengths_differ() {
        let keys: std::collections::BTreeSet<_> =
            ["", "a", "ab", "a\0", "abcdefgh", "abcdefgh\0", "abcdefghi"]
                .iter()
                .map(|l| Seed::new(0).key(l))
                .collect();
        assert_eq!(keys.len(), 7);
    }

    #[test]
    fn below_is_uniform() {
        let mut stream = Seed::new(3).stream("below", 0);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[stream.below(7) as usize] += 1;
        }
        assert!(counts.iter().all(|&count| (9_600..10_400).contains(&count)), "{counts:?}");
    }

    #[test]
    fn units_stay_inside() {
        let mut stream = Seed::new(4).stream("unit", 0);
        let mut sum = 0.0;
        for _ in 0..100_000 {
            let open = stream.open_unit();
            assert!(open > 0.0 && open < 1.0);
            sum += stream.unit();
        }
        assert!((sum / 100_000.0 - 0.5).abs() < 0.005);
    }

    #[test]
    fn chosen_numbers_are_different() {
        let mut chosen = Seed::new(5).stream("choose", 0).choose(100, 40);
        chosen.sort_unstable();
        chosen.dedup();
        assert_eq!(chosen.len(), 40);
    }
}
