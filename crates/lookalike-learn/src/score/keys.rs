use crate::tree::Feature;

/// 128 bits per row that are equal for equal rows and, but for a chance of 2^-128, different for different ones.
///
/// Zeros of either sign are equal, and so are all NaN.
///
/// # Panics
/// If a column is longer than the first.
pub fn row_keys(features: &[Feature<'_>]) -> Vec<[u64; 2]> {
    let n_rows = features.first().map_or(0, Feature::len);
    let mut keys = vec![[0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344]; n_rows];
    for feature in features {
        match *feature {
            Feature::Numeric(values) => {
                for (key, &value) in keys.iter_mut().zip(values) {
                    // One zero, one NaN.
                    let bits = if value.is_nan() { f64::NAN.to_bits() } else { (value + 0.0).to_bits() };
                    *key = stir(*key, bits);
                }
            }
            Feature::Categorical { codes, .. } => {
                for (key, &code) in keys.iter_mut().zip(codes) {
                    *key = stir(*key, u64::from(code));
                }
            }
        }
    }
    keys
}

fn stir(key: [u64; 2], bits: u64) -> [u64; 2] {
    // Two steps of a multiplication of 64 by 64 bits each, folded.
    let a = u128::from(key[0] ^ bits ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
    let b = u128::from(key[1].rotate_left(23) ^ bits) * 0xa076_1d64_78bd_642f;
    [(a as u64) ^ (a >> 64) as u64 ^ key[1], (b as u64) ^ (b >> 64) as u64 ^ key[0].rotate_left(32)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_rows_apart() {
        let x: Vec<f64> = (0..20_000).map(f64::from).collect();
        let y: Vec<f64> = (0..20_000).map(|row| f64::from(row % 3)).collect();
        let mut keys = row_keys(&[Feature::Numeric(&x), Feature::Numeric(&y)]);
        keys.extend(row_keys(&[Feature::Numeric(&y), Feature::Numeric(&x)]).into_iter().skip(3));
        keys.sort_unstable();
        let all = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), all);
        let zero = row_keys(&[Feature::Numeric(&[0.0, -0.0, f64::NAN, -f64::NAN])]);
        assert_eq!((zero[0], zero[2]), (zero[1], zero[3]));
    }
}
