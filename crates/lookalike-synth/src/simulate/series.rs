//! Columns whose rows follow each other: each value depends on the one before, within a group or the whole table.
//!
//! # References
//! Box, G. E. P., Jenkins, G. M., Reinsel, G. C. and Ljung, G. M. (2015). *Time Series Analysis*, 5th ed. Wiley.
//! Merton, R. C. (1976). Option pricing when underlying stock returns are discontinuous. *Journal of Financial Economics*
//! 3, 125–144. <https://doi.org/10.1016/0304-405X(76)90022-2>
//! Hamilton, J. D. (1989). A new approach to the economic analysis of nonstationary time series and the business cycle.
//! *Econometrica* 57, 357–384. <https://doi.org/10.2307/1912559>

use lookalike_core::{Stream, math, normal_quantile};
use lookalike_table::{Column, Levels};

use super::distribution::Family;
use super::formula::Parameter;
use super::source::{At, Section};
use super::weights::Cumulative;

#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) kind: SeriesKind,
    /// In the order of [`SeriesKind::parameters`].
    pub(super) parameters: Vec<Parameter>,
}

#[derive(Debug, Clone)]
pub(super) enum SeriesKind {
    /// The value before, plus drift and noise.
    RandomWalk,
    /// Pulled to a mean: AR(1).
    Autoregressive,
    /// Geometric Brownian motion with jumps.
    Geometric,
    /// A chain of levels.
    Markov { levels: Levels, first: Cumulative, next: Vec<Cumulative> },
}

/// Where a series is, from one batch of rows to the next.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct State {
    value: f64,
    level: usize,
    /// True when the group has a value already.
    begun: bool,
}

/// Random numbers that each row of a series takes.
const DRAWS: usize = 3;

type Rule = (&'static str, Option<f64>, &'static str, fn(f64) -> bool);

impl SeriesKind {
    fn parameters(&self) -> &'static [Rule] {
        const ANY: fn(f64) -> bool = f64::is_finite;
        const NOT_NEGATIVE: fn(f64) -> bool = |value| (0.0..1e12).contains(&value);
        const POSITIVE: fn(f64) -> bool = |value| value > 0.0 && value < 1e300;
        const BELOW_ONE: fn(f64) -> bool = |value| value.abs() < 1.0;
        match self {
            SeriesKind::RandomWalk => &[
                ("start", Some(0.0), "a finite number", ANY),
                ("drift", Some(0.0), "a finite number", ANY),
                ("sd", Some(1.0), "at least 0", NOT_NEGATIVE),
            ],
            SeriesKind::Autoregressive => &[
                ("mean", Some(0.0), "a finite number", ANY),
                ("persistence", None, "above -1 and below 1", BELOW_ONE),
                ("sd", Some(1.0), "at least 0", NOT_NEGATIVE),
            ],
            SeriesKind::Geometric => &[
                ("start", Some(100.0), "above 0", POSITIVE),
                ("drift", Some(0.0), "a finite number", ANY),
                ("volatility", None, "at least 0", NOT_NEGATIVE),
                ("steps", Some(1.0), "above 0", POSITIVE),
                ("jumps", Some(0.0), "at least 0", NOT_NEGATIVE),
                ("jump-mean", Some(0.0), "a finite number", ANY),
                ("jump-sd", Some(0.0), "at least 0", NOT_NEGATIVE),
            ],
            SeriesKind::Markov { .. } => &[],
        }
    }
}

/// True for a word that names a series.
pub(super) fn is_known(name: &str) -> bool {
    matches!(name, "random-walk" | "autoregressive" | "geometric-brownian" | "markov")
}

impl Series {
    pub(super) fn read(section: &Section<'_>, name: &str) -> Option<Series> {
        let kind = match name {
            "random-walk" => SeriesKind::RandomWalk,
            "autoregressive" => SeriesKind::Autoregressive,
            "geometric-brownian" => SeriesKind::Geometric,
            _ => markov(section)?,
        };
        let mut parameters = Vec::new();
        for (key, default, wanted, fits) in kind.parameters() {
            match Parameter::read(section, key) {
                Some(At { value: Parameter::Fixed(value), line }) if !fits(value) => {
                    let message = format!("`{key}` of {} is {value} and has to be {wanted}", section.what);
                    section.problems.add(line, message);
                }
                Some(parameter) => parameters.push(parameter.value),
                None => match default {
                    Some(default) => parameters.push(Parameter::Fixed(*default)),
                    None if section.has(key) => {}
                    None => {
                        section
                            .problems
                            .add(section.line, format!("{} needs `{key}`, {wanted}", section.what));
                    }
                },
            }
        }
        (parameters.len() == kind.parameters().len()).then_some(Series { kind, parameters })
    }

    /// The random numbers of a block's rows.
    pub(super) fn units(stream: &mut Stream, n_rows: usize) -> Vec<f64> {
        (0..n_rows * DRAWS).map(|_| stream.open_unit()).collect()
    }

    /// The column of some rows from their random numbers. `place` is a row's place in its group: 0 begins anew. A missing
    /// parameter, or one out of range, makes the value of its row missing and leaves the series where it is: a group
    /// that has no value yet begins later.
    pub(super) fn column(
        &self,
        units: &[f64],
        place: &[u64],
        columns: &[Option<Column>],
        state: &mut State,
    ) -> Column {
        let n = place.len();
        if let SeriesKind::Markov { levels, first, next } = &self.kind {
            let codes = (0..n)
                .map(|row| {
                    let unit = units[row * DRAWS];
                    state.level = if place[row] == 0 { first.at(unit) } else { next[state.level].at(unit) };
                    state.level as u32
                })
                .collect();
            return Column::from_codes(codes, levels);
        }
        let values: Vec<Option<Vec<f64>>> =
            self.parameters.iter().map(|parameter| parameter.values(n, columns)).collect();
        let rules = self.kind.parameters();
        let mut parameters = vec![0.0; rules.len()];
        let mut drawn = Vec::with_capacity(n);
        let mut missing = vec![false; n];
        for row in 0..n {
            // What stood before belongs to another group.
            state.begun &= place[row] > 0;
            let mut fits = true;
            for (slot, parameter) in parameters.iter_mut().enumerate() {
                *parameter = match &values[slot] {
                    Some(values) => values[row],
                    None => self.parameters[slot].fixed().unwrap_or(f64::NAN),
                };
                fits &= rules[slot].3(*parameter);
            }
            if !fits {
                missing[row] = true;
                drawn.push(0.0);
                continue;
            }
            let noise = &units[row * DRAWS..(row + 1) * DRAWS];
            state.value = self.step(&parameters, noise, state.begun.then_some(state.value));
            state.begun = true;
            drawn.push(state.value);
        }
        Column::from_floats(drawn, Some(missing))
    }

    fn step(&self, p: &[f64], noise: &[f64], before: Option<f64>) -> f64 {
        let normal = normal_quantile(noise[0]);
        match self.kind {
            SeriesKind::RandomWalk => before.map_or(p[0], |before| before + p[1] + p[2] * normal),
            SeriesKind::Autoregressive => match before {
                // The first value is of the distribution that all have in the long run.
                None => p[0] + p[2] / (1.0 - p[1] * p[1]).sqrt() * normal,
                Some(before) => p[0] + p[1] * (before - p[0]) + p[2] * normal,
            },
            SeriesKind::Geometric => {
                let Some(before) = before else { return p[0] };
                let step = 1.0 / p[3];
                let mut growth = (p[1] - 0.5 * p[2] * p[2]) * step + p[2] * step.sqrt() * normal;
                let jumps = jumps(p[4] * step, noise[1]);
                growth += jumps * p[5] + p[6] * jumps.sqrt() * normal_quantile(noise[2]);
                before * math::exp(growth)
            }
            SeriesKind::Markov { .. } => unreachable!("levels are no numbers"),
        }
    }

    pub(super) fn is_markov(&self) -> bool {
        matches!(self.kind, SeriesKind::Markov { .. })
    }
}

/// How many jumps there are in a step in which so many are expected, at a place of their distribution.
fn jumps(expected: f64, unit: f64) -> f64 {
    let mut none = math::exp(-expected);
    if none <= 0.0 {
        return Family::Poisson.quantile(&[expected.min(1e9)], unit);
    }
    let (mut count, mut share) = (0.0, none);
    while share < unit && none > 0.0 {
        count += 1.0;
        none *= expected / count;
        share += none;
    }
    count
}

/// `values`, and `stay` (a share for each, or one for all) or a matrix of `transitions`.
fn markov(section: &Section<'_>) -> Option<SeriesKind> {
    let problems = section.problems;
    let values = section.texts("values");
    let transitions = section.matrix("transitions");
    let stay = section.numbers("stay");
    let start = section.numbers("start");
    let Some(values) = values else {
        if !section.has("values") {
            problems.add(section.line, format!("{} needs `values`, a list of texts", section.what));
        }
        return None;
    };
    let count = values.value.len();
    let mut distinct = values.value.clone();
    distinct.sort();
    distinct.dedup();
    if count < 2 || distinct.len() < count {
        problems
            .add(values.line, format!("`values` of {} has to be two or more different texts", section.what));
        return None;
    }
    let matrix = match (transitions, stay) {
        (Some(At { value, line }), None) => {
            let square = value.len() == count && value.iter().all(|row| row.len() == count);
            if !square {
                let message =
                    format!("`transitions` of {} has to be {count} lists of {count} shares", section.what);
                problems.add(line, message);
                return None;
            }
            for (level, row) in values.value.iter().zip(&value) {
                let sum: f64 = row.iter().sum();
                if (sum - 1.0).abs() > 0.001 || row.iter().any(|share| *share < 0.0) {
                    let message = format!(
                        "the transitions from {level:?} of {} sum to {}, not to 1",
                        section.what,
                        (sum * 1e6).round() / 1e6
                    );
                    problems.add(line, message);
                    return None;
                }
            }
            value
        }
        (None, Some(At { value, line })) => {
            if value.len() != count || value.iter().any(|share| !(0.0..=1.0).contains(share)) {
                let message = format!("`stay` of {} has to be {count} shares from 0 to 1", section.what);
                problems.add(line, message);
                return None;
            }
            (0..count)
                .map(|from| {
                    let leave = (1.0 - value[from]) / (count - 1) as f64;
                    (0..count).map(|to| if from == to { value[from] } else { leave }).collect()
                })
                .collect()
        }
        _ => {
            problems.add(section.line, format!("{} needs either `stay` or `transitions`", section.what));
            return None;
        }
    };
    let first = match start {
        None => Cumulative::new(&vec![1.0; count])?,
        Some(At { value, line }) => {
            let found =
                (value.len() == count && value.iter().all(|w| *w >= 0.0)).then(|| Cumulative::new(&value));
            let Some(Some(first)) = found else {
                problems.add(line, format!("`start` of {} has to be {count} weights", section.what));
                return None;
            };
            first
        }
    };
    let next = matrix.iter().map(|row| Cumulative::new(row)).collect::<Option<_>>()?;
    Some(SeriesKind::Markov { levels: Levels::new(&values.value), first, next })
}
