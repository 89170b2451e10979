//! Several synthetic tables, judged by the same real ones, side by side.

use lookalike_evaluate::{Evaluation, Family, Measurement, all_metrics};
use lookalike_learn::score::binomial_tail;
use serde::Serialize;

/// Several evaluations side by side. Tables are meant by their numbers, in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The headline scores that any of the tables has.
    pub scores: Vec<ComparedScore>,
    /// The order within each family of scores.
    pub families: Vec<FamilyOrder>,
    /// The order by all of these scores, the table that is nearest to real rows first.
    pub order: Vec<Placed>,
}

/// One score of all tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ComparedScore {
    /// The score's name.
    pub name: String,
    /// What it is about.
    pub family: Family,
    /// What real rows reach, if that is known and the same for all.
    pub floor: Option<f64>,
    /// The figure of each table.
    pub values: Vec<Option<f64>>,
    /// The table that is better than every other by more than both confidence intervals. Nothing where there are no
    /// intervals: then figures are figures, and none is called a win.
    pub best: Option<usize>,
}

/// The order of the tables by the scores of one family.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FamilyOrder {
    /// The family.
    pub family: Family,
    /// The tables, the best first.
    pub order: Vec<Placed>,
}

/// A table's place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Placed {
    /// The table's number.
    pub table: usize,
    /// The mean of its ranks by the scores that all tables have; 1 is the best.
    pub mean_rank: f64,
    /// True when a sign test over these scores, at 5 %, does not tell it from the one before. Scores depend on each other,
    /// so this is a rough measure.
    pub not_told_from_previous: bool,
}

impl Comparison {
    /// Compares evaluations by their headline scores. A table's rank by a score is that of its distance to the score's
    /// floor, which is 0 where it is as good as real rows or better; where there is no floor, that of the figure. Equal
    /// tables share the mean of their ranks.
    pub fn of(evaluations: &[Evaluation]) -> Self {
        let headline = all_metrics().into_iter().filter(|metric| metric.headline);
        let scores: Vec<Vec<Option<&Measurement>>> = headline
            .map(|metric| evaluations.iter().map(|evaluation| evaluation.metric(metric.name)).collect())
            .filter(|row: &Vec<Option<&Measurement>>| row.iter().flatten().any(|score| score.value.is_some()))
            .collect();
        let whole: Vec<Vec<&Measurement>> = scores
            .iter()
            .filter_map(|row| {
                let row: Option<Vec<&Measurement>> = row.iter().copied().collect();
                row.filter(|row| row.iter().all(|score| score.value.is_some()))
            })
            .collect();
        let mut families: Vec<Family> = whole.iter().map(|row| row[0].family).collect();
        families.dedup();
        families.sort_unstable();
        families.dedup();
        let of_family = |family: Family| {
            let rows: Vec<&[&Measurement]> =
                whole.iter().filter(|row| row[0].family == family).map(Vec::as_slice).collect();
            FamilyOrder { family, order: order(&rows, evaluations.len()) }
        };
        let all: Vec<&[&Measurement]> = whole.iter().map(Vec::as_slice).collect();
        Comparison {
            scores: scores.iter().map(|row| compared(row)).collect(),
            families: families.into_iter().map(of_family).collect(),
            order: order(&all, evaluations.len()),
        }
    }
}

fn compared(row: &[Option<&Measurement>]) -> ComparedScore {
    let first = row.iter().flatten().next().expect("some table has the score");
    let floors: Vec<Option<f64>> = row.iter().flatten().map(|score| score.floor).collect();
    let whole: Option<Vec<&Measurement>> = row.iter().copied().collect();
    let best = whole.and_then(|scores| {
        let wins = |table: usize| {
            (0..scores.len()).all(|other| other == table || clearly_better(scores[table], scores[other]))
        };
        (0..scores.len()).find(|&table| wins(table))
    });
    ComparedScore {
        name: first.name.clone(),
        family: first.family,
        floor: floors[0].filter(|_| floors.iter().all(|floor| *floor == floors[0])),
        values: row.iter().map(|score| score.and_then(|score| score.value)).collect(),
        best,
    }
}

/// How bad a score is: the higher, the worse.
fn distance(score: &Measurement) -> f64 {
    use lookalike_evaluate::Goal;
    let value = score.value.expect("only scores with a figure are compared");
    match (score.gap(), score.goal) {
        (Some(gap), _) => gap.max(0.0),
        (None, Goal::Higher) => -value,
        (None, Goal::Lower) => value,
        (None, Goal::Near(ideal)) => (value - ideal).abs(),
    }
}

/// True when a score is better than another and their intervals do not meet.
fn clearly_better(one: &Measurement, other: &Measurement) -> bool {
    let (Some(own), Some(others)) = (&one.interval, &other.interval) else { return false };
    let apart = own.high < others.low || others.high < own.low;
    apart && one.value.is_some() && other.value.is_some() && distance(one) < distance(other)
}

/// True when nothing says that the difference of two scores is noise, as far as that is known.
fn better(one: &Measurement, other: &Measurement) -> bool {
    let known = one.interval.is_some() && other.interval.is_some();
    distance(one) < distance(other) && (!known || clearly_better(one, other))
}

fn order(rows: &[&[&Measurement]], tables: usize) -> Vec<Placed> {
    let mean_rank = |table: usize| {
        let ranks = rows.iter().map(|row| {
            let own = distance(row[table]);
            let nearer = row.iter().filter(|score| distance(score) < own).count() as f64;
            let equal = row.iter().filter(|score| distance(score) == own).count() as f64;
            nearer + f64::midpoint(equal, 1.0)
        });
        ranks.sum::<f64>() / rows.len() as f64
    };
    if rows.is_empty() {
        return Vec::new();
    }
    let mut placed: Vec<(f64, usize)> = (0..tables).map(|table| (mean_rank(table), table)).collect();
    placed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut previous: Option<usize> = None;
    placed
        .into_iter()
        .map(|(mean_rank, table)| {
            let alike = previous.is_some_and(|previous| !told_apart(rows, previous, table));
            previous = Some(table);
            Placed { table, mean_rank, not_told_from_previous: alike }
        })
        .collect()
}

/// A two-sided sign test over scores, at 5 %.
fn told_apart(rows: &[&[&Measurement]], one: usize, other: usize) -> bool {
    let count = |a: usize, b: usize| rows.iter().filter(|row| better(row[a], row[b])).count() as u64;
    let (won, lost) = (count(one, other), count(other, one));
    2.0 * binomial_tail(won.max(lost), won + lost, 0.5) <= 0.05
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn evaluation(scores: &[(&str, f64, Option<[f64; 2]>)]) -> Evaluation {
        let metrics: Vec<_> = scores
            .iter()
            .map(|(name, value, interval)| {
                let interval = interval.map(
                    |[low, high]| json!({"low": low, "high": high, "confidence": 0.95, "method": "test"}),
                );
                json!({
                    "name": name, "title": name, "family": "fidelity", "goal": "higher", "value": value,
                    "skipped": null, "floor": 0.9, "baseline": null, "interval": interval, "details": {}, "parts": []
                })
            })
            .collect();
        let rows = json!({"train": 1, "holdout": 1, "synthetic": 1, "baseline": null});
        serde_json::from_value(json!({
            "schema_version": 1, "seed": 0, "rows": rows, "target": null, "metrics": metrics, "left_out": [],
            "could_not_tell": [], "notes": []
        }))
        .unwrap()
    }

    #[test]
    fn only_what_exceeds_the_intervals_is_called_best() {
        let near = |value: f64| Some([value - 0.02, value + 0.02]);
        let with = |trend: f64, shape: f64| {
            evaluation(&[("trend", trend, near(trend)), ("shape", shape, near(shape)), ("c2st", trend, None)])
        };
        let comparison = Comparison::of(&[with(0.5, 0.80), with(0.8, 0.81)]);
        let best = |name: &str| comparison.scores.iter().find(|score| score.name == name).unwrap().best;
        assert_eq!((best("trend"), best("shape"), best("c2st")), (Some(1), None, None));
        assert_eq!(comparison.order[0].table, 1);
        assert!((comparison.order[0].mean_rank - 1.0).abs() < 1e-12);
        // Two wins of two are no more than chance.
        assert!(comparison.order[1].not_told_from_previous);
    }

    #[test]
    fn beyond_the_floor_all_are_equal_and_missing_scores_do_not_count() {
        let comparison =
            Comparison::of(&[evaluation(&[("trend", 0.95, None)]), evaluation(&[("trend", 0.92, None)])]);
        let ranks: Vec<f64> = comparison.order.iter().map(|placed| placed.mean_rank).collect();
        assert_eq!(ranks, [1.5, 1.5]);
        let comparison = Comparison::of(&[evaluation(&[("trend", 0.95, None)]), evaluation(&[])]);
        assert_eq!(comparison.scores[0].values, [Some(0.95), None]);
        assert!(comparison.order.is_empty());
    }
}
