use lookalike_evaluate::STUDY_MEASURES;
use lookalike_learn::score::{Confusion, Ranking, brier_errors, calibration_error};

/// How probabilities do on some rows, at one threshold.
pub(super) struct Scored {
    /// A value per measure.
    pub(super) values: [Option<f64>; STUDY_MEASURES.len()],
    /// True class after true class, how many rows were taken for negative and for positive.
    pub(super) confusion: [[u64; 2]; 2],
}

/// Groups of rows that calibration is looked at in.
const GROUPS: usize = 10;

impl Scored {
    pub(super) fn of(probabilities: &[f64], positive: &[bool], threshold: f64) -> Self {
        let truth: Vec<u32> = positive.iter().map(|&own| u32::from(own)).collect();
        let predicted: Vec<u32> = probabilities.iter().map(|&own| u32::from(own >= threshold)).collect();
        let confusion = Confusion::new(&predicted, &truth, 2, None);
        let ranking = Ranking::new(probabilities, positive);
        let both: Vec<f64> = probabilities.iter().flat_map(|&own| [1.0 - own, own]).collect();
        let errors = brier_errors(&both, &truth, 2);
        let brier = (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64);
        let counts = |class| [confusion.count(class, 0), confusion.count(class, 1)];
        let values = STUDY_MEASURES.map(|measure| match measure.name {
            "error" => confusion.accuracy().map(|accuracy| 1.0 - accuracy),
            "positive-error" => confusion.error(1),
            "negative-error" => confusion.error(0),
            "balanced-accuracy" => confusion.balanced_accuracy(),
            "roc-auc" => ranking.auc(None),
            "average-precision" => ranking.average_precision(None),
            "recall-at-precision-75" => ranking.recall_at_precision(0.75),
            "precision-at-recall-80" => ranking.precision_at_recall(0.8),
            "brier" => brier,
            "calibration-error" => calibration_error(probabilities, positive, GROUPS),
            name => unreachable!("{name} has no formula"),
        });
        Scored { confusion: [counts(0), counts(1)], values }
    }

    /// The value of a measure.
    pub(super) fn value(&self, name: &str) -> Option<f64> {
        STUDY_MEASURES.iter().position(|measure| measure.name == name).and_then(|place| self.values[place])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_its_formula() {
        let probabilities = [0.1, 0.4, 0.6, 0.9];
        let scored = Scored::of(&probabilities, &[false, false, true, true], 0.7);
        assert_eq!(scored.confusion, [[2, 0], [1, 1]]);
        let expected = [
            ("error", 0.25),
            ("positive-error", 0.5),
            ("negative-error", 0.0),
            ("balanced-accuracy", 0.75),
            ("roc-auc", 1.0),
            ("average-precision", 1.0),
            ("recall-at-precision-75", 1.0),
            ("precision-at-recall-80", 1.0),
            ("brier", 0.085),
            ("calibration-error", 0.25),
        ];
        for (name, value) in expected {
            assert!((scored.value(name).unwrap() - value).abs() < 1e-12, "{name} {:?}", scored.value(name));
        }
        assert_eq!(expected.len(), STUDY_MEASURES.len());
    }
}
