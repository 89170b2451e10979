//! What numbers are drawn from: families, truncated or not, mixtures, tables and quantiles.

use lookalike_core::math;
use lookalike_table::Column;

use super::distribution::Family;
use super::formula::Parameter;
use super::source::{At, Section};
use super::weights::{self, Cumulative};

#[derive(Debug, Clone)]
pub(super) enum Shape {
    Family(FamilyShape),
    /// Each component with its share.
    Mixture(Cumulative, Vec<Shape>),
    /// Values that come back as they are.
    Values(Vec<f64>, Cumulative),
    /// Straight lines between quantiles.
    Quantiles {
        shares: Vec<f64>,
        values: Vec<f64>,
    },
}

#[derive(Debug, Clone)]
pub(super) struct FamilyShape {
    family: Family,
    parameters: Vec<Parameter>,
    low: Option<f64>,
    high: Option<f64>,
    /// The distribution function at whole numbers from the first one on, where all parameters are fixed.
    table: Option<(f64, Vec<f64>)>,
}

/// A parameter that some rows have out of range.
#[derive(Debug, Clone)]
pub(super) struct OutOfRange {
    pub(super) key: &'static str,
    pub(super) wanted: &'static str,
    pub(super) rows: usize,
}

/// The least share of a distribution that truncation may leave.
const LEAST_SHARE: f64 = 1e-9;
/// The most whole numbers that a table of a distribution function has.
const MOST_TABLED: f64 = 65_536.0;
/// The most values of a Zipf distribution.
const MOST_ZIPF: i64 = 10_000_000;

impl Shape {
    /// Reads the distribution that `type` names; `None` when it names none, or when something is wrong.
    pub(super) fn read(section: &Section<'_>, name: &str) -> Option<Shape> {
        match name {
            "zipf" => {
                let count = section.whole("count", 1, MOST_ZIPF);
                let exponent = section.number("exponent");
                let Some(count) = count else {
                    if !section.has("count") {
                        let message = format!("{} needs `count`: values go from 1 to it", section.what);
                        section.problems.add(section.line, message);
                    }
                    return None;
                };
                let exponent = exponent.map_or(1.0, |exponent| exponent.value);
                let values: Vec<f64> = (1..=count.value).map(|value| value as f64).collect();
                let weights: Vec<f64> = values.iter().map(|value| math::pow(*value, -exponent)).collect();
                let cumulative = weights::of(section, section.line, "exponent", &weights)?;
                Some(Shape::Values(values, cumulative))
            }
            "values" => {
                let values = needed(section, "values", section.numbers("values"))?;
                let cumulative = weights::read(section, values.value.len())?;
                // From low to high, so that a higher place is a higher value.
                let mut pairs: Vec<(f64, f64)> = values.value.into_iter().zip(cumulative.weights()).collect();
                if !pairs.is_sorted_by(|a, b| a.0 <= b.0) {
                    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
                    let (values, weights): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
                    return Some(Shape::Values(values, Cumulative::new(&weights)?));
                }
                Some(Shape::Values(pairs.into_iter().map(|pair| pair.0).collect(), cumulative))
            }
            "quantiles" => quantiles(section),
            "mixture" => {
                let sections = section.sections("components", "a component of a mixture");
                if sections.is_empty() {
                    let message = format!("{} needs `components`, a list of distributions", section.what);
                    section.problems.add(section.line, message);
                    return None;
                }
                let cumulative = weights::read(section, sections.len());
                let shapes: Vec<Option<Shape>> = sections
                    .iter()
                    .map(|component| {
                        let name = needed_type(component)?;
                        let shape = Shape::read(component, &name.value);
                        if shape.is_none() && !is_known(&name.value) {
                            let message =
                                format!("there is no distribution {:?}; there are {}", name.value, names());
                            component.problems.add(name.line, message);
                        }
                        component.close();
                        shape
                    })
                    .collect();
                Some(Shape::Mixture(cumulative?, shapes.into_iter().collect::<Option<_>>()?))
            }
            _ => FamilyShape::read(section, Family::from_name(name)?).map(Shape::Family),
        }
    }

    /// True when all values are whole numbers.
    pub(super) fn is_discrete(&self) -> bool {
        match self {
            Shape::Family(shape) => shape.family.is_discrete(),
            Shape::Mixture(_, shapes) => shapes.iter().all(Shape::is_discrete),
            Shape::Values(values, _) => values.iter().all(|value| value.fract() == 0.0 && value.abs() < 9e15),
            Shape::Quantiles { .. } => false,
        }
    }

    /// True when greater places never come to smaller values.
    pub(super) fn is_monotone(&self) -> bool {
        match self {
            Shape::Family(_) | Shape::Values(..) | Shape::Quantiles { .. } => true,
            Shape::Mixture(..) => false,
        }
    }

    /// The first of the whole numbers that are all as likely, and how many there are.
    pub(super) fn whole_range(&self) -> Option<(i64, u64)> {
        let Shape::Family(FamilyShape {
            family: Family::UniformInteger,
            parameters,
            low: None,
            high: None,
            ..
        }) = self
        else {
            return None;
        };
        let (low, high) = (parameters[0].fixed()?, parameters[1].fixed()?);
        Some((low as i64, (high - low) as u64 + 1))
    }

    /// What truncation leaves at most.
    pub(super) fn truncation(&self) -> (Option<f64>, Option<f64>) {
        match self {
            Shape::Family(shape) => (shape.low, shape.high),
            _ => (None, None),
        }
    }

    pub(super) fn parameters_mut(&mut self) -> Vec<&mut Parameter> {
        match self {
            Shape::Family(shape) => shape.parameters.iter_mut().collect(),
            Shape::Mixture(_, shapes) => shapes.iter_mut().flat_map(Shape::parameters_mut).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn parameters(&self) -> Vec<&Parameter> {
        match self {
            Shape::Family(shape) => shape.parameters.iter().collect(),
            Shape::Mixture(_, shapes) => shapes.iter().flat_map(Shape::parameters).collect(),
            _ => Vec::new(),
        }
    }

    /// The values at places in (0, 1), one per row; NaN where a parameter is missing.
    pub(super) fn draw(&self, units: &[f64], columns: &[Option<Column>]) -> Result<Vec<f64>, OutOfRange> {
        match self {
            Shape::Family(shape) => shape.draw(units, columns),
            Shape::Values(values, cumulative) => {
                Ok(units.iter().map(|&unit| values[cumulative.at(unit)]).collect())
            }
            Shape::Quantiles { shares, values } => {
                Ok(units.iter().map(|&unit| interpolate(shares, values, unit)).collect())
            }
            Shape::Mixture(cumulative, shapes) => {
                let (chosen, within): (Vec<usize>, Vec<f64>) =
                    units.iter().map(|&unit| cumulative.split(unit)).unzip();
                let mut drawn = vec![0.0; units.len()];
                for (index, shape) in shapes.iter().enumerate() {
                    // Parameters are computed for all rows; a component is drawn for its own.
                    let values = shape.draw(&within, columns)?;
                    for row in (0..units.len()).filter(|&row| chosen[row] == index) {
                        drawn[row] = values[row];
                    }
                }
                Ok(drawn)
            }
        }
    }
}

/// True for a word that names a distribution.
pub(super) fn is_known(name: &str) -> bool {
    matches!(name, "zipf" | "values" | "quantiles" | "mixture") || Family::from_name(name).is_some()
}

/// All distributions, for messages.
pub(super) fn names() -> String {
    let families = Family::ALL.iter().map(|entry| entry.1);
    families.chain(["zipf", "values", "quantiles", "mixture"]).collect::<Vec<_>>().join(", ")
}

/// The name of the distribution that a section is.
pub(super) fn needed_type(section: &Section<'_>) -> Option<At<String>> {
    let name = section.text("type");
    if name.is_none() && !section.has("type") {
        let message =
            format!("{} needs a `type`, the name of a distribution such as \"poisson\"", section.what);
        section.problems.add(section.line, message);
    }
    name
}

fn needed<T>(section: &Section<'_>, key: &'static str, found: Option<At<Vec<T>>>) -> Option<At<Vec<T>>> {
    match found {
        Some(list) if list.value.is_empty() => {
            section.problems.add(list.line, format!("`{key}` of {} is empty", section.what));
            None
        }
        None if !section.has(key) => {
            section.problems.add(section.line, format!("{} needs `{key}`", section.what));
            None
        }
        found => found,
    }
}

fn quantiles(section: &Section<'_>) -> Option<Shape> {
    let values = needed(section, "values", section.numbers("values"))?;
    let (shares, values) = quantile_points(section, values)?;
    Some(Shape::Quantiles { shares, values })
}

/// Values that do not fall, and the shares `at` which they stand: evenly spread where nothing is said.
pub(super) fn quantile_points(section: &Section<'_>, values: At<Vec<f64>>) -> Option<(Vec<f64>, Vec<f64>)> {
    let count = values.value.len();
    let shares = section.numbers("at");
    let problems = section.problems;
    if count < 2 || values.value.windows(2).any(|pair| pair[0] > pair[1]) {
        let message = format!("`values` of {} has to be two or more values that do not fall", section.what);
        problems.add(values.line, message);
        return None;
    }
    let shares = match shares {
        None if section.has("at") => return None,
        None => (0..count).map(|index| index as f64 / (count - 1) as f64).collect(),
        Some(list) => {
            let fits = list.value.len() == count
                && list.value[0] == 0.0
                && list.value[count - 1] == 1.0
                && list.value.windows(2).all(|pair| pair[0] <= pair[1]);
            if !fits {
                let message = format!(
                    "`at` of {} has to be {count} rising numbers from 0 to 1, one for each of `values`",
                    section.what
                );
                problems.add(list.line, message);
                return None;
            }
            list.value
        }
    };
    Some((shares, values.value))
}

pub(super) fn interpolate(shares: &[f64], values: &[f64], unit: f64) -> f64 {
    let right = shares.partition_point(|share| *share <= unit).clamp(1, shares.len() - 1);
    let (low, high) = (shares[right - 1], shares[right]);
    if high <= low {
        return values[right];
    }
    let (from, to) = (values[right - 1], values[right]);
    if from == to { from } else { from + (to - from) * ((unit - low) / (high - low)) }
}

impl FamilyShape {
    fn read(section: &Section<'_>, family: Family) -> Option<FamilyShape> {
        let problems = section.problems;
        let mut parameters = Vec::new();
        let mut complete = true;
        for rule in family.parameters() {
            let parameter = match Parameter::read(section, rule.key) {
                Some(At { value: Parameter::Fixed(value), line }) if !(rule.fits)(value) => {
                    let message = format!(
                        "`{}` of {} is {value} and has to be {}",
                        rule.key, section.what, rule.wanted
                    );
                    problems.add(line, message);
                    None
                }
                Some(parameter) => Some(parameter.value),
                None if section.has(rule.key) => None,
                None => {
                    if rule.default.is_none() {
                        let message = format!("{} needs `{}`, {}", section.what, rule.key, rule.wanted);
                        problems.add(section.line, message);
                    }
                    rule.default.map(Parameter::Fixed)
                }
            };
            complete &= parameter.is_some();
            parameters.extend(parameter);
        }
        let low = section.number("min");
        let high = section.number("max");
        if !complete {
            return None;
        }
        if let (Some(low), Some(high)) = (&low, &high)
            && low.value >= high.value
        {
            let message = format!("`min` of {} is not below `max`; exchange them", section.what);
            problems.add(high.line, message);
            return None;
        }
        let fixed: Option<Vec<f64>> = parameters.iter().map(Parameter::fixed).collect();
        let line = high.as_ref().or(low.as_ref()).map_or(section.line, |bound| bound.line);
        let mut shape = FamilyShape {
            family,
            parameters,
            low: low.map(|low| low.value),
            high: high.map(|high| high.value),
            table: None,
        };
        let Some(fixed) = fixed else { return Some(shape) };
        if matches!(family, Family::Uniform | Family::UniformInteger) && fixed[0] > fixed[1] {
            problems.add(section.line, format!("`low` of {} is above `high`; exchange them", section.what));
            return None;
        }
        let (from, to) = shape.bounds(&fixed);
        if to - from < LEAST_SHARE {
            let message = format!(
                "`min` and `max` of {} leave nothing of the distribution; widen them, or change its parameters",
                section.what
            );
            problems.add(line, message);
            return None;
        }
        if family.is_discrete() {
            let first = family.quantile(&fixed, 1e-15).max(family.support(&fixed).0);
            let last = family.quantile(&fixed, 1.0 - 1e-15);
            if last - first <= MOST_TABLED {
                let cdf = (0..=(last - first) as usize).map(|k| family.cdf(&fixed, first + k as f64));
                shape.table = Some((first, cdf.collect()));
            }
        }
        Some(shape)
    }

    /// The part of (0, 1) that truncation leaves.
    fn bounds(&self, parameters: &[f64]) -> (f64, f64) {
        let below = |low: f64| if self.family.is_discrete() { low.ceil() - 1.0 } else { low };
        (
            self.low.map_or(0.0, |low| self.family.cdf(parameters, below(low))),
            self.high.map_or(1.0, |high| self.family.cdf(parameters, high)),
        )
    }

    fn within(&self, value: f64) -> f64 {
        let value = self.low.map_or(value, |low| value.max(low));
        self.high.map_or(value, |high| value.min(high))
    }

    fn draw(&self, units: &[f64], columns: &[Option<Column>]) -> Result<Vec<f64>, OutOfRange> {
        let fixed: Option<Vec<f64>> = self.parameters.iter().map(Parameter::fixed).collect();
        let truncated = self.low.is_some() || self.high.is_some();
        if let Some(fixed) = fixed {
            let (from, to) = self.bounds(&fixed);
            let place = |unit: f64| if truncated { from + (to - from) * unit } else { unit };
            if let Some((first, table)) = &self.table {
                let last = table.len() - 1;
                return Ok(units
                    .iter()
                    .map(|&unit| {
                        let place = place(unit);
                        self.within(first + table.partition_point(|share| *share < place).min(last) as f64)
                    })
                    .collect());
            }
            return Ok(units
                .iter()
                .map(|&unit| self.within(self.family.quantile(&fixed, place(unit))))
                .collect());
        }
        let n = units.len();
        let values: Vec<Option<Vec<f64>>> =
            self.parameters.iter().map(|parameter| parameter.values(n, columns)).collect();
        let rules = self.family.parameters();
        for ((rule, parameter), values) in rules.iter().zip(&self.parameters).zip(&values) {
            let Parameter::Formula(_) = parameter else { continue };
            let wrong = |value: &&f64| !value.is_nan() && !(rule.fits)(**value);
            let rows = values.iter().flatten().filter(wrong).count();
            if rows > 0 {
                return Err(OutOfRange { key: rule.key, wanted: rule.wanted, rows });
            }
        }
        let mut parameters = vec![0.0; self.parameters.len()];
        let mut drawn = Vec::with_capacity(n);
        let mut empty = 0;
        for (row, &unit) in units.iter().enumerate() {
            for (slot, (parameter, values)) in parameters.iter_mut().zip(self.parameters.iter().zip(&values))
            {
                *slot = match values {
                    Some(values) => values[row],
                    None => parameter.fixed().unwrap_or(f64::NAN),
                };
            }
            if parameters.iter().any(|value| value.is_nan()) {
                drawn.push(f64::NAN);
                continue;
            }
            let (from, to) = if truncated { self.bounds(&parameters) } else { (0.0, 1.0) };
            let crossed = matches!(self.family, Family::Uniform | Family::UniformInteger)
                && parameters[0] > parameters[1];
            empty += usize::from(to - from < LEAST_SHARE || crossed);
            let place = if truncated {
                (from + (to - from) * unit).clamp(1e-300, 1.0 - f64::EPSILON / 2.0)
            } else {
                unit
            };
            drawn.push(self.within(self.family.quantile(&parameters, place)));
        }
        if empty > 0 {
            let wanted = "such that something lies between `min` and `max` (or `low` and `high`)";
            return Err(OutOfRange { key: rules[0].key, wanted, rows: empty });
        }
        Ok(drawn)
    }
}
