//! From scores to findings: each half of the pairs of refits is judged by what the other half teaches.

use lookalike_core::math;
use lookalike_learn::score::{binomial_tail, clopper_pearson, student_quantile};

use super::attack::Attack;
use super::power::{TESTS_PER_GROUP, detectable};
use super::result::{AtRate, AuditedRecord, Bounded, Finding, RecordKind};
use super::targets::Targets;
use super::worlds::Worlds;

/// The false positive rates that thresholds are set for. The tests use the first.
const RATES: [f64; 2] = [0.01, 0.001];

/// With how many observations the spread of the scores of all records weighs against that of a record's own.
const PRIOR: f64 = 4.0;

/// A record in one pair of refits: its scores with and without it, in standard deviations from its usual score.
#[derive(Debug, Clone, Copy)]
struct Duel {
    record: usize,
    inside: f64,
    outside: f64,
}

/// What one half of the pairs says about the records of a group.
struct Half {
    attack: Attack,
    duels: Vec<Duel>,
    /// A threshold for each of [`RATES`] for which there are enough decisions.
    thresholds: [Option<f64>; RATES.len()],
}

/// What was found for each kind of record, and for all.
pub(super) fn findings(targets: &Targets, worlds: &Worlds) -> Vec<Finding> {
    let kinds = RecordKind::ALL.into_iter().map(Some).chain([None]);
    kinds.map(|kind| finding(kind, &halves(targets, worlds, kind))).collect()
}

/// What was found for each record, by the attack on its kind.
pub(super) fn records(targets: &Targets, worlds: &Worlds) -> Vec<AuditedRecord> {
    let mut all = Vec::new();
    for kind in RecordKind::ALL {
        let halves = halves(targets, worlds, Some(kind));
        for (number, record) in targets.records.iter().enumerate().filter(|(_, record)| record.kind == kind) {
            let own = |half: &Half| -> Vec<Duel> {
                half.duels.iter().copied().filter(|duel| duel.record == number).collect()
            };
            let duels: Vec<Duel> = halves.iter().flat_map(own).collect();
            let hits = halves.iter().map(|half| {
                let threshold = half.thresholds[0]?;
                Some(own(half).iter().filter(|duel| duel.inside > threshold).count())
            });
            all.push(AuditedRecord {
                kind,
                rows: record.sources.iter().map(|row| row + 1).collect(),
                auc: auc(&duels).value,
                tpr: hits.sum::<Option<usize>>().map(|hits| hits as f64 / duels.len() as f64),
            });
        }
    }
    all
}

/// What there are too few decisions for.
pub(super) fn could_not_tell(findings: &[Finding]) -> Vec<String> {
    let mut open = Vec::new();
    for rate in RATES {
        let without: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.rates.iter().all(|found| found.aimed_at != rate))
            .map(Finding::name)
            .collect();
        if !without.is_empty() {
            open.push(format!(
                "how often records ({}) are found at a false positive rate of {} %: half of the refits would have to hold \
                 {:.0} decisions about records that are out, which takes more refits or more targets",
                without.join(", "),
                rate * 100.0,
                1.0 / rate
            ));
        }
    }
    open
}

/// Both halves of the pairs, each judged by the other.
fn halves(targets: &Targets, worlds: &Worlds, kind: Option<RecordKind>) -> [Half; 2] {
    let records: Vec<usize> = (0..targets.records.len())
        .filter(|&record| kind.is_none_or(|kind| targets.records[record].kind == kind))
        .collect();
    let pairs = |half: usize| -> Vec<usize> { (half..worlds.pairs.len()).step_by(2).collect() };
    [0, 1].map(|half| {
        let (own, other) = (pairs(half), pairs(1 - half));
        let mut best: Option<(f64, Attack, [Option<f64>; RATES.len()])> = None;
        for (number, attack) in Attack::ALL.into_iter().enumerate() {
            let duels = duels(worlds, &records, number, &other, &other);
            let thresholds = RATES.map(|rate| threshold(&duels, rate));
            let found = thresholds[0].map_or(0.0, |threshold| {
                duels.iter().filter(|duel| duel.inside > threshold).count() as f64 / duels.len() as f64
            });
            let merit = found + auc(&duels).value;
            if best.as_ref().is_none_or(|(most, ..)| merit > *most) {
                best = Some((merit, attack, thresholds));
            }
        }
        let (_, attack, thresholds) = best.expect("there are attacks");
        let number = Attack::ALL.iter().position(|&other| other == attack).expect("it is one of them");
        Half { attack, duels: duels(worlds, &records, number, &own, &other), thresholds }
    })
}

/// The scores of records in some pairs, in standard deviations from the mean of what they are in the refits without them
/// of other pairs. The deviation is drawn towards that of all records: a few refits tell little of one.
fn duels(
    worlds: &Worlds,
    records: &[usize],
    attack: usize,
    judged: &[usize],
    references: &[usize],
) -> Vec<Duel> {
    let mut duels = Vec::with_capacity(judged.len() * records.len());
    for &pair in judged {
        let others: Vec<usize> = references.iter().copied().filter(|&other| other != pair).collect();
        let count = others.len() as f64;
        let usual: Vec<(f64, f64)> = records
            .iter()
            .map(|&record| {
                let score = |other: &usize| worlds.pairs[*other][record].outside[attack];
                let mean = others.iter().map(score).sum::<f64>() / count;
                let squares: f64 =
                    others.iter().map(|other| (score(other) - mean) * (score(other) - mean)).sum();
                (mean, squares / (count - 1.0).max(1.0))
            })
            .collect();
        let common = usual.iter().map(|(_, variance)| variance).sum::<f64>() / usual.len().max(1) as f64;
        for (&record, (mean, variance)) in records.iter().zip(usual) {
            let variance = ((count - 1.0) * variance + PRIOR * common) / (count - 1.0 + PRIOR);
            let deviation = if variance > 0.0 { variance.sqrt() } else { 1.0 };
            let seen = worlds.pairs[pair][record];
            duels.push(Duel {
                record,
                inside: (seen.inside[attack] - mean) / deviation,
                outside: (seen.outside[attack] - mean) / deviation,
            });
        }
    }
    duels
}

/// What at most this share of the scores without the record exceeds. Nothing where that share is less than one.
fn threshold(duels: &[Duel], rate: f64) -> Option<f64> {
    // 100 times 0.01 must not come out below 1.
    let allowed = (duels.len() as f64 * rate + 1e-9).floor() as usize;
    let mut outside: Vec<f64> = duels.iter().map(|duel| duel.outside).collect();
    outside.sort_unstable_by(|a, b| b.total_cmp(a));
    if allowed < 1 { None } else { outside.get(allowed).copied() }
}

fn finding(kind: Option<RecordKind>, halves: &[Half; 2]) -> Finding {
    let duels: Vec<Duel> = halves.iter().flat_map(|half| half.duels.iter().copied()).collect();
    let mut records: Vec<usize> = duels.iter().map(|duel| duel.record).collect();
    records.sort_unstable();
    records.dedup();
    let mut least: f64 = 1.0;
    for half in halves {
        let (won, lost) = wins(&half.duels);
        least = least.min(binomial_tail(won, won + lost, 0.5));
        if let Some(threshold) = half.thresholds[0] {
            let (won, lost) = beyond(&half.duels, threshold);
            least = least.min(binomial_tail(won, won + lost, 0.5));
        }
    }
    Finding {
        kind,
        records: records.len(),
        decisions: duels.len() as u64,
        attacks: [halves[0].attack, halves[1].attack],
        auc: auc(&duels),
        rates: (0..RATES.len()).filter_map(|rate| at_rate(rate, halves, &records)).collect(),
        p_value: (least * TESTS_PER_GROUP).min(1.0),
    }
}

fn at_rate(rate: usize, halves: &[Half; 2], records: &[usize]) -> Option<AtRate> {
    let mut found = vec![(0_u64, 0_u64); records.len()];
    let (mut true_positives, mut false_positives, mut decisions) = (0, 0, 0);
    for half in halves {
        let threshold = half.thresholds[rate]?;
        for duel in &half.duels {
            let own = &mut found[records.binary_search(&duel.record).expect("it is of the group")];
            *own = (own.0 + u64::from(duel.inside > threshold), own.1 + 1);
            true_positives += u64::from(duel.inside > threshold);
            false_positives += u64::from(duel.outside > threshold);
            decisions += 1;
        }
    }
    let (tpr, fpr) = (share(true_positives, decisions), share(false_positives, decisions));
    let shares: Vec<f64> = found.iter().map(|(hits, of)| *hits as f64 / *of as f64).collect();
    Some(AtRate {
        aimed_at: RATES[rate],
        tpr,
        tpr_by_record: by_record(&shares),
        fpr,
        epsilon_at_least: epsilon(tpr, fpr),
        detectable: detectable(decisions / 2, RATES[rate]),
    })
}

/// A lower bound on ε: of (TPR ≤ e^ε FPR) and (1 - FPR ≤ e^ε (1 - TPR)), the one that says more.
fn epsilon(tpr: Bounded, fpr: Bounded) -> f64 {
    let ratio = |above: f64, below: f64| if above > below { math::ln(above / below) } else { 0.0 };
    let missed = if tpr.low < 1.0 { ratio(1.0 - fpr.high, 1.0 - tpr.low) } else { 0.0 };
    ratio(tpr.low, fpr.high).max(missed)
}

/// Student's 95 % interval for the mean, within what a share can be.
fn by_record(shares: &[f64]) -> Option<[f64; 2]> {
    let count = shares.len() as f64;
    if shares.len() < 2 {
        return None;
    }
    let mean = shares.iter().sum::<f64>() / count;
    let variance = shares.iter().map(|share| (share - mean) * (share - mean)).sum::<f64>() / (count - 1.0);
    let margin = student_quantile(0.975, count - 1.0) * (variance / count).sqrt();
    Some([(mean - margin).max(0.0), (mean + margin).min(1.0)])
}

/// In how many pairs the refit with the record has the higher score, and in how many the one without it.
fn wins(duels: &[Duel]) -> (u64, u64) {
    let count = |won: fn(&&Duel) -> bool| duels.iter().filter(won).count() as u64;
    (count(|duel| duel.inside > duel.outside), count(|duel| duel.outside > duel.inside))
}

/// In how many pairs only the refit with the record exceeds the threshold, and in how many only the one without it.
fn beyond(duels: &[Duel], threshold: f64) -> (u64, u64) {
    let only = |duel: &&Duel, in_first: bool| {
        let (inside, outside) = (duel.inside > threshold, duel.outside > threshold);
        if in_first { inside && !outside } else { outside && !inside }
    };
    let count = |in_first: bool| duels.iter().filter(|duel| only(duel, in_first)).count() as u64;
    (count(true), count(false))
}

/// The share of pairs that are won, ties half; the interval is that of the pairs that are no ties.
fn auc(duels: &[Duel]) -> Bounded {
    let (won, lost) = wins(duels);
    let decided = (won + lost) as f64 / duels.len().max(1) as f64;
    let place = |share: f64| 0.5 * (1.0 - decided) + share * decided;
    let of_decided = share(won, won + lost);
    Bounded { value: place(of_decided.value), low: place(of_decided.low), high: place(of_decided.high) }
}

fn share(count: u64, of: u64) -> Bounded {
    let [low, high] = clopper_pearson(count, of, 0.95);
    Bounded { value: if of == 0 { 0.5 } else { count as f64 / of as f64 }, low, high }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duel(inside: f64, outside: f64) -> Duel {
        Duel { record: 0, inside, outside }
    }

    #[test]
    fn thresholds_keep_the_rate_where_they_are_set() {
        let duels: Vec<Duel> = (0..300).map(|number| duel(0.0, f64::from(number % 150))).collect();
        let found = threshold(&duels, 0.01).unwrap();
        assert!(duels.iter().filter(|duel| duel.outside > found).count() <= 3);
        assert_eq!(found, 148.0);
        assert_eq!(threshold(&duels[..99], 0.01), None);
        assert!(threshold(&duels[..100], 0.01).is_some());
    }

    #[test]
    fn ties_are_worth_a_half() {
        let duels = [duel(1.0, 0.0), duel(1.0, 1.0), duel(2.0, 1.0), duel(0.0, 0.0)];
        let found = auc(&duels);
        assert_eq!(found.value, 0.75);
        assert!(found.low < 0.75 && found.high == 0.75);
        assert_eq!(auc(&[duel(1.0, 1.0)]).value, 0.5);
        assert_eq!(beyond(&duels, 0.5), (1, 0));
    }

    #[test]
    fn epsilon_is_bounded_by_either_side() {
        let bounded = |low, high| Bounded { value: low, low, high };
        assert_eq!(epsilon(bounded(0.01, 0.02), bounded(0.01, 0.02)), 0.0);
        let by_found = epsilon(bounded(0.4, 0.5), bounded(0.01, 0.02));
        assert!((by_found - math::ln(20.0)).abs() < 1e-12, "{by_found}");
        let by_missed = epsilon(bounded(0.98, 1.0), bounded(0.4, 0.5));
        assert!((by_missed - math::ln(25.0)).abs() < 1e-12, "{by_missed}");
    }

    #[test]
    fn records_that_differ_widen_the_interval() {
        let [low, high] = by_record(&[0.0, 0.0, 0.0, 1.0]).unwrap();
        assert!(low == 0.0 && high == 1.0);
        let [low, high] = by_record(&[0.25; 4]).unwrap();
        assert_eq!((low, high), (0.25, 0.25));
        assert_eq!(by_record(&[0.5]), None);
    }
}
