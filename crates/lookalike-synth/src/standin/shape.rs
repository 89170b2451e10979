//! Shapes of numbers and codes, each of whose texts has a number.
//!
//! In a shape `#` stands for a digit, `%` for one from 1 to 9, `@` for a capital, `&` for a capital that is no vowel;
//! everything else stands for itself. Different numbers below [`space`] give different texts.

const CONSONANTS: &[u8; 20] = b"BCDFGHJKLMNPRSTVWXYZ";

/// How many characters a sign of a shape stands for.
fn choices(sign: char) -> u64 {
    match sign {
        '#' => 10,
        '%' => 9,
        '@' => 26,
        '&' => 20,
        _ => 1,
    }
}

/// How many texts a shape has. No shape of ours has as many as 64 bits can count.
pub(super) fn space(shape: &str) -> u64 {
    shape.chars().map(choices).product()
}

/// How many texts several shapes have together.
pub(super) fn space_of(shapes: &[&str]) -> u64 {
    shapes.iter().map(|shape| space(shape)).sum()
}

/// Writes the text of this number.
pub(super) fn write(shape: &str, number: u64, out: &mut String) {
    // The last sign turns fastest, as digits of a number do.
    let mut rest = space(shape);
    let mut number = number % rest;
    for sign in shape.chars() {
        let n = choices(sign);
        rest /= n;
        let digit = (number / rest) as u8;
        number %= rest;
        out.push(match sign {
            '#' => char::from(b'0' + digit),
            '%' => char::from(b'1' + digit),
            '@' => char::from(b'A' + digit),
            '&' => char::from(CONSONANTS[usize::from(digit)]),
            other => other,
        });
    }
}

/// Writes the text of this number among those of several shapes.
pub(super) fn write_of(shapes: &[&str], mut number: u64, out: &mut String) {
    for shape in shapes {
        let space = space(shape);
        if number < space {
            return write(shape, number, out);
        }
        number -= space;
    }
    write(shapes[0], number, out);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_number_has_its_text() {
        let shapes = ["a#%", "@&"];
        assert_eq!(space_of(&shapes), 90 + 520);
        let texts: BTreeSet<String> = (0..610)
            .map(|number| {
                let mut text = String::new();
                write_of(&shapes, number, &mut text);
                text
            })
            .collect();
        assert_eq!(texts.len(), 610);
        assert!(texts.contains("a01") && texts.contains("a99") && texts.contains("ZZ"));
    }
}
