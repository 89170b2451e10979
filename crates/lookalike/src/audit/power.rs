use lookalike_core::math;
use lookalike_learn::score::{binomial_tail, clopper_pearson};

use super::AuditOptions;

/// How often wrong is too often, for the verdict of a whole audit.
pub(super) const LEVEL: f64 = 0.05;

/// Tests of a group of records: two halves, each by pairs and by the threshold.
pub(super) const TESTS_PER_GROUP: f64 = 4.0;

/// Groups of records: three kinds, and all of them.
pub(super) const GROUPS: f64 = 4.0;

/// The probability with which the least that could be found would have been found.
const POWER: f64 = 0.9;

/// The smallest true positive rate that would be found beyond chance with a probability of 90 %, if the false positive
/// rate is `false_rate`, decisions are independent, and each half has so many decisions of either sort. Nothing where
/// not even a rate of 1 would.
pub(super) fn detectable(decisions: u64, false_rate: f64) -> Option<f64> {
    // Either half may find it.
    let wanted = 1.0 - (1.0 - POWER).sqrt();
    let found = |rate: f64| power(decisions as f64, rate, false_rate) >= wanted;
    if !found(1.0) {
        return None;
    }
    let (mut low, mut high) = (false_rate, 1.0);
    while high - low > 1e-4 {
        let middle = 0.5 * (low + high);
        if found(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// The probability that one half's test by the threshold rejects. Pairs in which only the refit with the record, or only
/// the one without it, exceeds the threshold are counted as Poisson variables.
fn power(decisions: f64, rate: f64, false_rate: f64) -> f64 {
    let (won, lost) = (decisions * rate * (1.0 - false_rate), decisions * false_rate * (1.0 - rate));
    let (mean, share) = (won + lost, won / (won + lost).max(f64::MIN_POSITIVE));
    let alpha = LEVEL / GROUPS / TESTS_PER_GROUP;
    let reach = 8.0 * (mean.sqrt() + 1.0);
    let (first, last) = ((mean - reach).max(0.0).floor() as u64, (mean + reach).ceil() as u64);
    let mut critical = 0;
    let mut sum = 0.0;
    for trials in first..=last {
        critical = least_significant(trials, alpha, critical);
        if critical > trials {
            continue;
        }
        let count = trials as f64;
        let likely = math::exp(count * math::ln(mean) - mean - math::ln_gamma(count + 1.0));
        sum += likely * binomial_tail(critical, trials, share);
    }
    sum
}

/// The fewest wins of fair coins that are this rare; more than there are trials if none is. It grows with the trials, so
/// the search begins where the last one ended.
fn least_significant(trials: u64, alpha: f64, from: u64) -> u64 {
    let mut wins = from.max(trials / 2);
    while wins <= trials && binomial_tail(wins, trials, 0.5) > alpha {
        wins += 1;
    }
    wins
}

/// The lowest bound on a true positive rate at a false positive rate of 1 % that an audit with these options can keep:
/// the upper end of the exact 95 % interval where no more records are found than by chance.
pub fn least_bound(options: &AuditOptions) -> f64 {
    let decisions = (options.targets * options.refits / 2) as u64;
    let by_chance = (decisions as f64 * 0.01).round() as u64;
    clopper_pearson(by_chance, decisions, 0.95)[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_decisions_find_less() {
        let few = detectable(128, 0.01).unwrap();
        let many = detectable(1024, 0.01).unwrap();
        assert!(many < few, "{many} {few}");
        assert!((0.02..0.05).contains(&many), "{many}");
        assert_eq!(detectable(4, 0.01), None);
    }

    #[test]
    fn the_power_is_that_of_a_simulation() {
        let mut stream = lookalike_core::Seed::new(3).stream("power", 0);
        let (decisions, rate, false_rate) = (300, 0.05, 0.01);
        let alpha = LEVEL / GROUPS / TESTS_PER_GROUP;
        let mut rejected = 0;
        for _ in 0..4000 {
            let (mut won, mut lost) = (0_u64, 0_u64);
            for _ in 0..decisions {
                let (inside, outside) = (stream.unit() < rate, stream.unit() < false_rate);
                won += u64::from(inside && !outside);
                lost += u64::from(outside && !inside);
            }
            rejected += u32::from(binomial_tail(won, won + lost, 0.5) <= alpha);
        }
        let expected = power(300.0, rate, false_rate);
        assert!((f64::from(rejected) / 4000.0 - expected).abs() < 0.03, "{rejected} {expected}");
    }

    #[test]
    fn the_least_bound_is_that_of_chance() {
        let options = AuditOptions { refits: 128, targets: 32, rows: None };
        assert_eq!(least_bound(&options), clopper_pearson(20, 2048, 0.95)[1]);
    }
}
