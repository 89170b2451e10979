//! The words for true and false.

use crate::schema::BooleanFormat;

/// True words and false words that belong together, in several languages.
const PAIRS: [(&str, &str); 19] = [
    ("true", "false"),
    ("yes", "no"),
    ("t", "f"),
    ("y", "n"),
    ("on", "off"),
    ("wahr", "falsch"),
    ("ja", "nein"),
    ("j", "n"),
    ("vrai", "faux"),
    ("oui", "non"),
    ("o", "n"),
    ("verdadero", "falso"),
    ("s\u{ed}", "no"),
    ("si", "no"),
    ("vero", "falso"),
    ("verdadeiro", "falso"),
    ("sim", "n\u{e3}o"),
    ("ja", "nej"),
    ("ja", "nee"),
];

/// The format of a column that holds just these texts, if they are truth values. One text alone is only taken for
/// one when it is `true` or `false`, `yes` or `no`.
pub(crate) fn format_of(texts: &[&str]) -> Option<BooleanFormat> {
    let lower: Vec<String> = texts.iter().map(|text| text.trim().to_lowercase()).collect();
    match (texts, lower.as_slice()) {
        ([a, b], [lower_a, lower_b]) => PAIRS.iter().find_map(|(yes, no)| {
            if lower_a == yes && lower_b == no {
                Some(BooleanFormat { true_text: (*a).into(), false_text: (*b).into() })
            } else if lower_a == no && lower_b == yes {
                Some(BooleanFormat { true_text: (*b).into(), false_text: (*a).into() })
            } else {
                None
            }
        }),
        ([only], [lower]) => PAIRS[..2].iter().find_map(|(yes, no)| {
            let like = |word: &str| match only.trim().chars().collect::<Vec<_>>().as_slice() {
                [first, second, ..] if first.is_uppercase() && second.is_uppercase() => word.to_uppercase(),
                [first, ..] if first.is_uppercase() => word[..1].to_uppercase() + &word[1..],
                _ => word.to_owned(),
            };
            if lower == yes {
                Some(BooleanFormat { true_text: (*only).into(), false_text: like(no) })
            } else if lower == no {
                Some(BooleanFormat { true_text: like(yes), false_text: (*only).into() })
            } else {
                None
            }
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_several_languages() {
        for (texts, yes) in [
            (["no", "yes"], "yes"),
            (["True", "False"], "True"),
            (["N", "Y"], "Y"),
            (["nein", "ja"], "ja"),
            (["oui", "non"], "oui"),
            (["s\u{ed}", "no"], "s\u{ed}"),
            (["SI", "NO"], "SI"),
            (["f", "t"], "t"),
        ] {
            assert_eq!(format_of(&texts).unwrap().true_text, yes);
        }
        assert_eq!(format_of(&["none", "yes"]), None);
        assert_eq!(format_of(&["0", "1"]), None);
        assert_eq!(format_of(&["yes", "no", "unknown"]), None);
        assert_eq!(format_of(&["TRUE"]).unwrap().false_text, "FALSE");
        assert_eq!(format_of(&["No"]).unwrap().true_text, "Yes");
        assert_eq!(format_of(&["y"]), None);
    }
}
