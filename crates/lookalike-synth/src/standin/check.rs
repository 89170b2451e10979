//! Check digits.

/// The digit that makes a number pass Luhn's check (ISO/IEC 7812-1, annex B) when it is put behind it.
pub(super) fn luhn(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, u32::from(digit)) {
            (0, digit) if digit > 4 => digit * 2 - 9,
            (0, digit) => digit * 2,
            (_, digit) => digit,
        })
        .sum();
    ((10 - sum % 10) % 10) as u8
}

/// The remainder modulo 97 of a text of digits and capitals, these standing for 10 to 35 (ISO/IEC 7064).
pub(super) fn mod_97(text: &str) -> u32 {
    text.bytes().fold(0, |remainder, byte| match byte {
        b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
        _ => (remainder * 100 + u32::from(byte.wrapping_sub(b'A')) + 10) % 97,
    })
}

/// The digit of the system MOD 11,10 of ISO/IEC 7064.
pub(super) fn mod_11_10(digits: &[u8]) -> u8 {
    let product = digits.iter().fold(10, |product, &digit| {
        let sum = (u32::from(digit) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    ((11 - product) % 10) as u8
}

/// Verhoeff's check digit: an operation of the dihedral group of order ten, after a permutation that depends on the
/// place.
///
/// # References
/// Verhoeff, J. (1969). Error detecting decimal codes. Mathematical Centre Tracts 29, Amsterdam.
pub(super) fn verhoeff(digits: &[u8]) -> u8 {
    const STEP: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    const INVERSE: [u8; 10] = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9];
    let permuted = |digit: u8, times: usize| (0..times).fold(digit, |digit, _| STEP[usize::from(digit)]);
    let check = digits
        .iter()
        .rev()
        .enumerate()
        .fold(0, |sum, (place, &digit)| dihedral(sum, permuted(digit, (place + 1) % 8)));
    INVERSE[usize::from(check)]
}

/// The product of two elements of the dihedral group of order ten: 0 to 4 turn, 5 to 9 turn and flip.
fn dihedral(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

/// The sum of digits times weights.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(&digit, weight)| u32::from(digit) * weight).sum()
}

/// The digits of a number, as many as asked for, with leading zeros.
pub(super) fn digits<const N: usize>(mut number: u64) -> [u8; N] {
    let mut digits = [0; N];
    for digit in digits.iter_mut().rev() {
        *digit = (number % 10) as u8;
        number /= 10;
    }
    digits
}

pub(super) fn push_digits(digits: &[u8], out: &mut String) {
    out.extend(digits.iter().map(|digit| char::from(b'0' + digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples() {
        // ISO/IEC 7812-1 by way of the examples that everybody prints.
        assert_eq!(luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1]), 3);
        assert_eq!(luhn(&[4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]), 1);
        assert_eq!(mod_97("WEST12345698765432GB82"), 1);
        // ISO/IEC 7064: 0794 has the check digit 5 in MOD 11,10.
        assert_eq!(mod_11_10(&[0, 7, 9, 4]), 5);
        assert_eq!(verhoeff(&[2, 3, 6]), 3);
        assert_eq!(verhoeff(&[1, 2, 3, 4, 5]), 1);
    }
}
