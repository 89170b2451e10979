use lookalike_table::{Codes, Integers, Levels};

use super::Margin;
use super::build::{Built, Rule};
use super::support::Support;
use crate::words::counted;

/// The level that rare levels of a nominal column merge into.
const POOLED: &str = "other";

/// The margin of a categorical column.
///
/// Levels of too few units disappear: in an ordered column (an order is given, or all levels are numbers) into the
/// nearest level that stays, otherwise together into the level "other", or, if they are too few even together,
/// into the commonest level.
pub(super) fn categorical(codes: &Codes, given_order: &[String], rule: &Rule<'_>) -> Built {
    let n_levels = codes.levels.len();
    let mut rows = vec![0_u64; n_levels];
    for &code in codes.codes.iter().filter(|&&code| code != Codes::MISSING) {
        rows[code as usize] += 1;
    }
    let units = rule.units.per_code(&codes.codes, n_levels);
    let kept: Vec<bool> = units.iter().map(|&count| count >= rule.protection.min_units).collect();
    let rank = ranks(&codes.levels, given_order);
    let mut sorted: Vec<u32> = (0..n_levels as u32).filter(|&code| rows[code as usize] > 0).collect();
    match &rank {
        Some(rank) => sorted.sort_by(|&a, &b| rank[a as usize].total_cmp(&rank[b as usize]).then(a.cmp(&b))),
        None => sorted.sort_unstable(),
    }
    let stay: Vec<u32> = sorted.iter().copied().filter(|&code| kept[code as usize]).collect();
    let rare: Vec<u32> = sorted.iter().copied().filter(|&code| !kept[code as usize]).collect();
    let mut heirs = vec![u32::MAX; n_levels];
    for (segment, &code) in stay.iter().enumerate() {
        heirs[code as usize] = segment as u32;
    }
    let mut texts: Vec<&str> = stay.iter().map(|&code| codes.levels.get(code)).collect();
    let mut warnings = Vec::new();
    if !rare.is_empty() {
        let rare_rows: u64 = rare.iter().map(|&code| rows[code as usize]).sum();
        let k = rule.protection.min_units;
        let into = match &rank {
            Some(rank) if !stay.is_empty() => {
                for &code in &rare {
                    heirs[code as usize] = nearest(&stay, rank, code);
                }
                "the nearest level that stays"
            }
            _ => {
                let pooled = pooled_codes(&codes.codes, &rare, n_levels);
                let together = rule.units.per_code(&pooled, 1)[0];
                let heir =
                    if let Some(segment) = texts.iter().position(|text| text.eq_ignore_ascii_case(POOLED)) {
                        Some((segment as u32, "a level that is already named so"))
                    } else if together >= k {
                        texts.push(POOLED);
                        Some((texts.len() as u32 - 1, "the level \"other\""))
                    } else {
                        // Last of the commonest, so that ties do not depend on anything but the order of levels.
                        (0..stay.len() as u32)
                            .max_by_key(|&segment| rows[stay[segment as usize] as usize])
                            .map(|segment| (segment, "the commonest level"))
                    };
                match heir {
                    Some((segment, words)) => {
                        for &code in &rare {
                            heirs[code as usize] = segment;
                        }
                        words
                    }
                    None => "missing values, since no level stays",
                }
            }
        };
        warnings.push(rule.warn(format!(
            "{} in {} shared by fewer than {k} units each: merged into {into}",
            counted(rare.len() as u64, "level"),
            counted(rare_rows, "row")
        )));
    }
    let segments: Vec<u32> = codes
        .codes
        .iter()
        .map(|&code| if code == Codes::MISSING { Codes::MISSING } else { heirs[code as usize] })
        .collect();
    let mut counts = vec![0_u64; texts.len()];
    for &segment in segments.iter().filter(|&&segment| segment != Codes::MISSING) {
        counts[segment as usize] += 1;
    }
    let margin = (!texts.is_empty()).then(|| Margin {
        support: Support::Levels { levels: Levels::new(&texts), codes: (0..texts.len() as u32).collect() },
        counts,
    });
    Built { margin, segments, warnings }
}

/// The margin of a boolean column: false, then true, as far as enough units have them.
pub(super) fn boolean(values: &Integers, rule: &Rule<'_>) -> Built {
    let codes: Vec<u32> = values
        .values
        .iter()
        .enumerate()
        .map(|(row, &value)| {
            if values.missing.as_ref().is_some_and(|flags| flags[row]) {
                Codes::MISSING
            } else {
                value as u32
            }
        })
        .collect();
    let units = rule.units.per_code(&codes, 2);
    let present = [false, true].map(|value| codes.contains(&u32::from(value)));
    let kept = [0, 1].map(|code| units[code] >= rule.protection.min_units);
    let stay: Vec<bool> = [false, true].into_iter().filter(|&value| kept[usize::from(value)]).collect();
    let mut warnings = Vec::new();
    let rare = [0, 1].iter().filter(|&&code| present[code] && !kept[code]).count();
    if rare > 0 {
        warnings.push(rule.warn(format!(
            "{rare} of the truth values is shared by fewer than {} units and is not reproduced",
            rule.protection.min_units
        )));
    }
    let segment_of = |code: u32| match stay.as_slice() {
        [] => Codes::MISSING,
        [_] => 0,
        _ => code,
    };
    let segments: Vec<u32> =
        codes.iter().map(|&code| if code == Codes::MISSING { code } else { segment_of(code) }).collect();
    let mut counts = vec![0_u64; stay.len()];
    for &segment in segments.iter().filter(|&&segment| segment != Codes::MISSING) {
        counts[segment as usize] += 1;
    }
    let margin = (!stay.is_empty()).then(|| Margin { support: Support::Booleans(stay), counts });
    Built { margin, segments, warnings }
}

/// A number per level that tells their order, if they have one.
fn ranks(levels: &Levels, given_order: &[String]) -> Option<Vec<f64>> {
    if !given_order.is_empty() {
        let last = given_order.len() as f64;
        return Some(
            levels
                .iter()
                .map(|level| {
                    given_order.iter().position(|other| other == level).map_or(last, |place| place as f64)
                })
                .collect(),
        );
    }
    levels.iter().map(|level| level.trim().parse::<f64>().ok().filter(|value| value.is_finite())).collect()
}

/// The segment of the kept level whose rank is nearest to that of `code`; the lower of two.
fn nearest(stay: &[u32], rank: &[f64], code: u32) -> u32 {
    let wanted = rank[code as usize];
    let right = stay.partition_point(|&other| rank[other as usize] < wanted);
    if right == 0 {
        return 0;
    }
    if right == stay.len() {
        return right as u32 - 1;
    }
    let (below, above) = (rank[stay[right - 1] as usize], rank[stay[right] as usize]);
    (right - usize::from(wanted - below <= above - wanted)) as u32
}

/// 0 where the row has one of the `rare` codes, missing elsewhere.
fn pooled_codes(codes: &[u32], rare: &[u32], n_levels: usize) -> Vec<u32> {
    let mut is_rare = vec![false; n_levels];
    for &code in rare {
        is_rare[code as usize] = true;
    }
    codes
        .iter()
        .map(|&code| if code != Codes::MISSING && is_rare[code as usize] { 0 } else { Codes::MISSING })
        .collect()
}

#[cfg(test)]
mod tests {
    use lookalike_table::protect::{Protection, Units};

    use super::*;

    fn build(texts: &[(&str, usize)], min_units: u32) -> (Vec<String>, Vec<u64>) {
        let levels = Levels::new(texts.iter().map(|(text, _)| text));
        let codes: Vec<u32> = texts
            .iter()
            .enumerate()
            .flat_map(|(code, &(_, count))| std::iter::repeat_n(code as u32, count))
            .collect();
        let units = Units::rows(codes.len());
        let rule = Rule { name: "x", units: &units, protection: Protection { min_units } };
        let built = categorical(&Codes { codes, levels }, &[], &rule);
        let Some(Margin { support: Support::Levels { levels, .. }, counts }) = built.margin else {
            return (Vec::new(), Vec::new());
        };
        (levels.iter().map(str::to_owned).collect(), counts)
    }

    #[test]
    fn rare_levels_pool() {
        let (levels, counts) = build(&[("a", 9), ("b", 3), ("c", 3), ("d", 20)], 5);
        assert_eq!(levels, ["a", "d", "other"]);
        assert_eq!(counts, [9, 20, 6]);
    }

    #[test]
    fn too_few_even_together_go_to_the_commonest() {
        let (levels, counts) = build(&[("a", 9), ("b", 1), ("d", 20)], 5);
        assert_eq!(levels, ["a", "d"]);
        assert_eq!(counts, [9, 21]);
    }

    #[test]
    fn numeric_codes_go_to_their_neighbours() {
        let (levels, counts) = build(&[("10", 8), ("3", 2), ("4", 9), ("9", 1)], 5);
        assert_eq!(levels, ["4", "10"]);
        assert_eq!(counts, [11, 9]);
    }

    #[test]
    fn without_protection_everything_stays() {
        let (levels, counts) = build(&[("a", 1), ("b", 2)], 1);
        assert_eq!(levels, ["a", "b"]);
        assert_eq!(counts, [1, 2]);
    }

    #[test]
    fn nothing_shared_leaves_nothing_or_the_pool() {
        assert_eq!(build(&[("a", 1), ("b", 1)], 5).0.len(), 0);
        assert_eq!(build(&[("a", 1), ("b", 1), ("c", 1), ("d", 1), ("e", 1)], 5).0, ["other"]);
    }

    #[test]
    fn a_rare_truth_value_is_withheld() {
        let values = Integers { values: [vec![0; 20], vec![1; 3]].concat(), missing: None };
        let units = Units::rows(23);
        let rule = Rule { name: "x", units: &units, protection: Protection::default() };
        let built = boolean(&values, &rule);
        assert_eq!(built.margin.unwrap().support, Support::Booleans(vec![false]));
        assert!(built.segments.iter().all(|&segment| segment == 0));
        assert_eq!(built.warnings.len(), 1);
    }
}
