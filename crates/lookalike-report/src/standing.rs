use lookalike_evaluate::{Goal, Measurement, Part};

/// How a figure stands beside what real rows reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// As good as real rows that no model has seen, or as good as need be.
    LikeReal,
    /// Nearer to real rows than to the baseline by far.
    Close,
    /// Clearly worse than real rows.
    Behind,
    /// Nothing to compare with.
    Unknown,
}

/// Less than this is no difference.
const NEGLIGIBLE: f64 = 0.01;

/// What is left of the way from the baseline to real rows, at most, where a figure counts as close.
const CLOSE: f64 = 0.2;

/// Without a baseline: the shortfall up to which a figure counts as close.
const CLOSE_ALONE: f64 = 0.05;

/// What is beyond real rows of a figure that is 1.25 times theirs, and of one that is three times theirs.
const LIKE_TIMES: f64 = 0.2;
const CLOSE_TIMES: f64 = 2.0 / 3.0;

impl Standing {
    pub(crate) fn of(measurement: &Measurement) -> Self {
        let Some(gap) = gap(measurement) else { return Standing::Unknown };
        if is_relative(measurement) {
            return match gap {
                gap if gap <= LIKE_TIMES => Standing::LikeReal,
                gap if gap <= CLOSE_TIMES => Standing::Close,
                _ => Standing::Behind,
            };
        }
        if gap <= NEGLIGIBLE {
            return Standing::LikeReal;
        }
        let is_close = match left_of_way(measurement) {
            Some(left) => left <= CLOSE,
            None => gap <= CLOSE_ALONE,
        };
        if is_close { Standing::Close } else { Standing::Behind }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Standing::LikeReal => "like real rows",
            Standing::Close => "close",
            Standing::Behind => "behind",
            Standing::Unknown => "",
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            Standing::LikeReal => "good",
            Standing::Close => "mixed",
            Standing::Behind => "poor",
            Standing::Unknown => "open",
        }
    }
}

/// A score without a unit that means anything: it is read by how many times that of real rows it is.
fn is_relative(measurement: &Measurement) -> bool {
    measurement.name == "image-frechet"
}

/// How much worse than real rows a figure is, in a unit in which figures compare: for one that is read by how many times
/// that of real rows it is, the share of it that is beyond theirs.
pub(crate) fn gap(measurement: &Measurement) -> Option<f64> {
    if is_relative(measurement) {
        let (value, floor) = (measurement.value?, measurement.floor?);
        return Some(if value > 0.0 { 1.0 - floor / value } else { 0.0 });
    }
    measurement.gap()
}

/// The share of the way from the baseline to real rows that a figure falls short of; `None` where the two hardly
/// differ.
fn left_of_way(measurement: &Measurement) -> Option<f64> {
    let of_baseline = shortfall(measurement.goal, measurement.baseline?, measurement.floor?);
    (of_baseline > NEGLIGIBLE).then(|| measurement.gap().unwrap_or(0.0) / of_baseline)
}

/// How much worse a figure is than another.
pub(crate) fn shortfall(goal: Goal, value: f64, other: f64) -> f64 {
    match goal {
        Goal::Higher => other - value,
        Goal::Lower => value - other,
        Goal::Near(ideal) => (value - ideal).abs() - (other - ideal).abs(),
    }
}

/// How bad a part is: how much worse than real rows, or than the best that can be where those are not known.
pub(crate) fn badness(goal: Goal, part: &Part) -> Option<f64> {
    let best = match goal {
        Goal::Higher => 1.0,
        Goal::Lower => 0.0,
        Goal::Near(ideal) => ideal,
    };
    Some(shortfall(goal, part.value?, part.floor.unwrap_or(best)))
}

/// The parts of a figure, the worst first; those without a figure are left out.
pub(crate) fn worst_parts(measurement: &Measurement) -> Vec<&Part> {
    let mut parts: Vec<(f64, &Part)> =
        measurement.parts.iter().filter_map(|part| Some((badness(measurement.goal, part)?, part))).collect();
    parts.sort_by(|a, b| b.0.total_cmp(&a.0));
    parts.into_iter().map(|(_, part)| part).collect()
}
