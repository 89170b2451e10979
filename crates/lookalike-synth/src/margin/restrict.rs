use lookalike_core::{normal_cdf, normal_quantile};
use lookalike_table::constraints::{Amount, Check, Comparand, Value};
use lookalike_table::schema::{BooleanFormat, ColumnSchema, Kind};
use lookalike_table::spelling;

use super::Margin;
use super::support::{Grid, Support, Unit};
use crate::condition::Operator;
use crate::refusal::Refusal;

/// Which of a column's present values are wanted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wanted {
    /// A flag per segment.
    Segments(Vec<bool>),
    /// Ranges of ticks, both ends included, rising and apart.
    Ticks(Vec<(i64, i64)>),
    /// Ranges of numbers, both ends included, rising and apart.
    Numbers(Vec<(f64, f64)>),
}

/// A margin cut down to the wanted values.
#[derive(Debug, Clone)]
pub(crate) struct Restricted {
    /// What each piece stands for; pieces are parts of segments, in order.
    pub(crate) support: Support,
    /// The segment that each piece is a part of.
    pub(crate) segments: Vec<u32>,
    /// Where each piece begins and ends in the distribution function.
    pub(crate) shares: Vec<(f64, f64)>,
    /// The same as standard normal quantiles.
    pub(crate) bounds: Vec<(f64, f64)>,
    /// `bounds` with adjoining pieces joined.
    pub(crate) ranges: Vec<(f64, f64)>,
}

/// Narrowest share given to a single real number, so that it has a place in the distribution.
const POINT_SHARE: f64 = 1e-9;

impl Margin {
    /// What a condition wants of this margin: one of the values for `=`, all that is not one of them for `!=`.
    pub(crate) fn sought(
        &self,
        schema: &ColumnSchema,
        operator: Operator,
        values: &[&str],
    ) -> Result<Vec<Wanted>, Refusal> {
        let each: Vec<Wanted> =
            values.iter().map(|value| self.wanted(schema, operator, value)).collect::<Result<_, _>>()?;
        Ok(if operator == Operator::Equal { either(each).into_iter().collect() } else { each })
    }

    /// Why nothing is left of this margin under conditions with these operators.
    pub(crate) fn refusal(&self, operators: &[Operator]) -> Refusal {
        match (operators, &self.support) {
            ([Operator::Equal], Support::Levels { .. } | Support::Booleans(_)) => Refusal::Level,
            ([Operator::Equal], _) => Refusal::Value,
            ([_], Support::Levels { .. } | Support::Booleans(_)) => Refusal::Level,
            ([_], _) => Refusal::Range,
            _ => Refusal::Together,
        }
    }

    /// What a comparison wants of this margin.
    pub(crate) fn wanted(
        &self,
        schema: &ColumnSchema,
        operator: Operator,
        value: &str,
    ) -> Result<Wanted, Refusal> {
        let of_another_kind = Refusal::NotOfKind(schema.kind.name());
        match &self.support {
            Support::Levels { levels, codes } => {
                let texts: Vec<&str> = codes.iter().map(|&code| levels.get(code)).collect();
                wanted_levels(&texts, schema, operator, value).map(Wanted::Segments)
            }
            Support::Booleans(values) => {
                let Kind::Boolean(format) = &schema.kind else { return Err(of_another_kind) };
                let wanted = truth(value, format).ok_or(of_another_kind)?;
                match operator {
                    Operator::Equal => Ok(values.iter().map(|&v| v == wanted).collect()),
                    Operator::NotEqual => Ok(values.iter().map(|&v| v != wanted).collect()),
                    _ => Err(Refusal::NoOrder),
                }
                .map(Wanted::Segments)
            }
            Support::Grid { grid, .. } => {
                wanted_ticks(*grid, schema, operator, value).map(Wanted::Ticks).ok_or(of_another_kind)
            }
            Support::Reals { .. } => {
                let Kind::Numerical(format) = &schema.kind else { return Err(of_another_kind) };
                let number = spelling::parse_number(value, format).ok_or(of_another_kind)?;
                let (infinite, below, above) = (f64::INFINITY, number.next_down(), number.next_up());
                Ok(Wanted::Numbers(match operator {
                    Operator::Equal => vec![(number, number)],
                    Operator::NotEqual => vec![(-infinite, below), (above, infinite)],
                    Operator::AtMost => vec![(-infinite, number)],
                    Operator::AtLeast => vec![(number, infinite)],
                    Operator::Less => vec![(-infinite, below)],
                    Operator::More => vec![(above, infinite)],
                }))
            }
        }
    }

    /// The margin cut down to what all of `wanted` allow; `None` when that is nothing.
    pub(crate) fn restrict(&self, wanted: &[Wanted]) -> Option<Restricted> {
        let borders = self.borders();
        let mut shares = Vec::new();
        let mut segments: Vec<u32> = Vec::new();
        let support = match &self.support {
            Support::Levels { levels, codes } => {
                let kept = self.kept_segments(wanted, &borders, &mut shares);
                segments.extend(kept.iter().map(|&segment| segment as u32));
                Support::Levels { levels: levels.clone(), codes: kept.iter().map(|&s| codes[s]).collect() }
            }
            Support::Booleans(values) => {
                let kept = self.kept_segments(wanted, &borders, &mut shares);
                segments.extend(kept.iter().map(|&segment| segment as u32));
                Support::Booleans(kept.iter().map(|&s| values[s]).collect())
            }
            Support::Grid { grid, low, high } => {
                let (mut lows, mut highs) = (Vec::new(), Vec::new());
                for segment in 0..low.len() {
                    let mut ranges = vec![(low[segment], high[segment])];
                    for want in wanted {
                        let Wanted::Ticks(allowed) = want else { return None };
                        ranges = intersect(&ranges, allowed);
                    }
                    let width = (high[segment].wrapping_sub(low[segment]) as u64) as f64 + 1.0;
                    let (start, share) = (borders[segment], borders[segment + 1] - borders[segment]);
                    for (from, to) in ranges {
                        let begin = (from.wrapping_sub(low[segment]) as u64) as f64 / width;
                        let end = ((to.wrapping_sub(low[segment]) as u64) as f64 + 1.0) / width;
                        shares.push((start + share * begin, start + share * end));
                        segments.push(segment as u32);
                        lows.push(from);
                        highs.push(to);
                    }
                }
                Support::Grid { grid: *grid, low: lows, high: highs }
            }
            Support::Reals { low, high } => {
                let (mut lows, mut highs) = (Vec::new(), Vec::new());
                for segment in 0..low.len() {
                    let mut ranges = vec![(low[segment], high[segment])];
                    for want in wanted {
                        let Wanted::Numbers(allowed) = want else { return None };
                        ranges = intersect(&ranges, allowed);
                    }
                    let width = high[segment] - low[segment];
                    let (start, share) = (borders[segment], borders[segment + 1] - borders[segment]);
                    for (from, to) in ranges {
                        let (begin, end) = if width > 0.0 {
                            ((from - low[segment]) / width, (to - low[segment]) / width)
                        } else {
                            (0.0, 1.0)
                        };
                        let begin = begin.min(1.0 - POINT_SHARE);
                        shares.push((start + share * begin, start + share * end.max(begin + POINT_SHARE)));
                        segments.push(segment as u32);
                        lows.push(from);
                        highs.push(to);
                    }
                }
                Support::Reals { low: lows, high: highs }
            }
        };
        (!shares.is_empty()).then(|| Restricted::new(support, segments, shares))
    }

    /// The margin cut down to what all tests allow; `None` when that is nothing, or when they are not about values.
    pub(crate) fn restrict_to(&self, schema: &ColumnSchema, checks: &[&Check]) -> Option<Restricted> {
        let mut wanted = Vec::new();
        for check in checks {
            wanted.extend(match &check.is {
                Comparand::Missing => return None,
                Comparand::Present => Vec::new(),
                Comparand::Among(values) => vec![self.any_of(schema, values)?],
                Comparand::NotAmong(values) => values
                    .iter()
                    .map(|value| self.wanted(schema, Operator::NotEqual, &text_of(value)).ok())
                    .collect::<Option<Vec<_>>>()?,
                Comparand::Less(bound) => vec![self.compared(schema, Operator::Less, *bound)?],
                Comparand::AtMost(bound) => vec![self.compared(schema, Operator::AtMost, *bound)?],
                Comparand::More(bound) => vec![self.compared(schema, Operator::More, *bound)?],
                Comparand::AtLeast(bound) => vec![self.compared(schema, Operator::AtLeast, *bound)?],
            });
        }
        self.restrict(&wanted)
    }

    fn compared(&self, schema: &ColumnSchema, operator: Operator, bound: Amount) -> Option<Wanted> {
        if let Support::Grid { grid, .. } = &self.support {
            let places = match grid.unit {
                Unit::Places(places) => places,
                Unit::Decimal(scale) => u8::try_from(scale).unwrap_or(0),
                _ => 0,
            };
            let (floor, exact) = bound.floor_ticks(places);
            let floor = if grid.unit == Unit::Unsigned { floor - (1 << 63) } else { floor };
            return Some(Wanted::Ticks(ticks_of(*grid, operator, floor, exact)));
        }
        self.wanted(schema, operator, &text_of(&Value::Amount(bound))).ok()
    }

    /// What is one of several values.
    fn any_of(&self, schema: &ColumnSchema, values: &[Value]) -> Option<Wanted> {
        let each = values.iter().filter_map(|value| match value {
            Value::Amount(amount) => self.compared(schema, Operator::Equal, *amount),
            value => self.wanted(schema, Operator::Equal, &text_of(value)).ok(),
        });
        either(each)
    }

    fn kept_segments(&self, wanted: &[Wanted], borders: &[f64], shares: &mut Vec<(f64, f64)>) -> Vec<usize> {
        let kept: Vec<usize> = (0..self.n_segments())
            .filter(|&segment| {
                wanted.iter().all(|want| matches!(want, Wanted::Segments(flags) if flags[segment]))
            })
            .collect();
        shares.extend(kept.iter().map(|&segment| (borders[segment], borders[segment + 1])));
        kept
    }
}

impl Restricted {
    fn new(support: Support, segments: Vec<u32>, shares: Vec<(f64, f64)>) -> Self {
        let bounds: Vec<(f64, f64)> = shares
            .iter()
            .map(|&(from, to)| (normal_quantile(from.max(0.0)), normal_quantile(to.min(1.0))))
            .collect();
        let mut ranges: Vec<(f64, f64)> = Vec::new();
        for &(from, to) in &bounds {
            match ranges.last_mut() {
                Some(last) if last.1 >= from => last.1 = to,
                _ => ranges.push((from, to)),
            }
        }
        Restricted { support, segments, shares, bounds, ranges }
    }

    /// The piece that a share of the restricted distribution, in [0, 1), falls in, and how far through it.
    pub(crate) fn place(&self, share: f64) -> (u32, f64) {
        let total: f64 = self.shares.iter().map(|(from, to)| to - from).sum();
        let mut left = share * total;
        for (piece, (from, to)) in self.shares.iter().enumerate() {
            let width = to - from;
            if left < width {
                return (piece as u32, (left / width).clamp(0.0, 1.0 - f64::EPSILON));
            }
            left -= width;
        }
        (self.shares.len() as u32 - 1, 1.0 - f64::EPSILON)
    }

    /// The piece that the latent value `z` falls in (the nearest one where it falls between two) and how far
    /// through it, in [0, 1).
    pub(crate) fn locate(&self, z: f64) -> (u32, f64) {
        let piece = self.bounds.partition_point(|&(_, to)| to <= z).min(self.bounds.len() - 1);
        let (from, to) = self.shares[piece];
        let fraction = if to > from { (normal_cdf(z) - from) / (to - from) } else { 0.0 };
        (piece as u32, fraction.clamp(0.0, 1.0 - f64::EPSILON))
    }
}

/// What one at least of several wants allows; `None` where there is none. All are of one margin.
fn either(wanted: impl IntoIterator<Item = Wanted>) -> Option<Wanted> {
    wanted.into_iter().reduce(|all, one| match (all, one) {
        (Wanted::Segments(all), Wanted::Segments(one)) => {
            Wanted::Segments(all.into_iter().zip(one).map(|(a, b)| a || b).collect())
        }
        (Wanted::Ticks(mut all), Wanted::Ticks(one)) => {
            all.extend(one);
            all.sort_unstable();
            all.dedup();
            Wanted::Ticks(all)
        }
        (Wanted::Numbers(mut all), Wanted::Numbers(one)) => {
            all.extend(one);
            all.sort_by(|a, b| a.0.total_cmp(&b.0));
            all.dedup();
            Wanted::Numbers(all)
        }
        (all, _) => all,
    })
}

/// The truth value that a condition names: as the column spells it, or as 1 and 0.
pub(crate) fn truth(value: &str, format: &BooleanFormat) -> Option<bool> {
    spelling::parse_boolean(value, format).or_else(|| match decimal(value)? {
        (false, "1", "") => Some(true),
        (_, "0", "") => Some(false),
        _ => None,
    })
}

/// The place of the level that a condition names: the one that is spelled so, or else the only one that is the same number
/// or truth value, spelled in another way (`3.0` for `3`, `true` for `True`).
pub(crate) fn level_of(levels: &[&str], value: &str) -> Option<usize> {
    if let Some(exact) = levels.iter().position(|level| *level == value) {
        return Some(exact);
    }
    let is_truth = ["true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word));
    let number = decimal(value);
    let mut alike = levels.iter().enumerate().filter(|(_, level)| {
        (is_truth && level.eq_ignore_ascii_case(value)) || (number.is_some() && decimal(level) == number)
    });
    let (place, _) = alike.next()?;
    alike.next().is_none().then_some(place)
}

/// A plain decimal number as its sign, the digits before its point, and those after it without zeros at the end. Zeros before
/// a number are kept: `007` is a code and not 7.
fn decimal(text: &str) -> Option<(bool, &str, &str)> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    let part = if is_number(part) { part.trim_end_matches('0') } else { return None };
    (!whole.is_empty() && is_number(whole)).then_some((
        negative && !(whole == "0" && part.is_empty()),
        whole,
        part,
    ))
}

/// A value as conditions spell it: numbers plainly, with all their places.
fn text_of(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Truth(truth) => truth.to_string(),
        Value::Amount(Amount::Real(value)) => value.to_string(),
        Value::Amount(Amount::Exact { ticks, places: 0 }) => ticks.to_string(),
        Value::Amount(Amount::Exact { ticks, places }) => {
            let unit = 10_u128.saturating_pow(u32::from(*places));
            let sign = if *ticks < 0 { "-" } else { "" };
            let (whole, part) = (ticks.unsigned_abs() / unit, ticks.unsigned_abs() % unit);
            format!("{sign}{whole}.{part:0width$}", width = usize::from(*places))
        }
    }
}

fn intersect<V: Copy + PartialOrd>(ranges: &[(V, V)], allowed: &[(V, V)]) -> Vec<(V, V)> {
    let mut both = Vec::new();
    for &(a, b) in ranges {
        for &(c, d) in allowed {
            let (low, high) = (if a > c { a } else { c }, if b < d { b } else { d });
            if low <= high {
                both.push((low, high));
            }
        }
    }
    both
}

/// Which levels a comparison wants.
pub(crate) fn wanted_levels(
    levels: &[&str],
    schema: &ColumnSchema,
    operator: Operator,
    value: &str,
) -> Result<Vec<bool>, Refusal> {
    let named = level_of(levels, value);
    let equal = |wanted: bool| (0..levels.len()).map(|place| (named == Some(place)) == wanted).collect();
    match operator {
        Operator::Equal => return named.map(|_| equal(true)).ok_or(Refusal::Level),
        Operator::NotEqual => return Ok(equal(false)),
        _ => {}
    }
    // Only ordered levels can be compared.
    let rank_of = |text: &str| match &schema.kind {
        Kind::Categorical { order } if !order.is_empty() => {
            order.iter().position(|level| level == text).map(|place| place as f64)
        }
        _ => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()),
    };
    let wanted = rank_of(value).ok_or(Refusal::NoOrder)?;
    levels
        .iter()
        .map(|level| {
            let rank = rank_of(level).ok_or(Refusal::NoOrder)?;
            Ok(match operator {
                Operator::AtMost => rank <= wanted,
                Operator::AtLeast => rank >= wanted,
                Operator::Less => rank < wanted,
                _ => rank > wanted,
            })
        })
        .collect()
}

fn wanted_ticks(
    grid: Grid,
    schema: &ColumnSchema,
    operator: Operator,
    value: &str,
) -> Option<Vec<(i64, i64)>> {
    // The value in grid numbers, rounded down, and whether it was rounded.
    let (floor, exact) = match (&schema.kind, grid.unit) {
        (Kind::Datetime(format), _) => (i128::from(spelling::parse_datetime(value, format)?), true),
        (Kind::Numerical(format), unit) => {
            let (digits, scale) = spelling::parse_decimal(value, format)?;
            let places = match unit {
                Unit::Places(places) => i32::from(places),
                Unit::Decimal(scale) => i32::from(scale),
                _ => 0,
            };
            let (floor, exact) = rescale(digits, places - i32::from(scale))?;
            (if unit == Unit::Unsigned { floor - (1 << 63) } else { floor }, exact)
        }
        _ => return None,
    };
    Some(ticks_of(grid, operator, floor, exact))
}

/// The ticks that a comparison with a grid number wants, which was rounded down unless it is exact.
fn ticks_of(grid: Grid, operator: Operator, floor: i128, exact: bool) -> Vec<(i64, i64)> {
    let (least, most) = (i64::MIN, i64::MAX);
    let at_most = grid.tick_at_most(floor);
    let above = grid.tick_at_least(floor + 1);
    let tick = grid.tick(floor).filter(|_| exact);
    // The ticks just below the value itself.
    let below = if tick.is_some() { at_most.saturating_sub(1) } else { at_most };
    match operator {
        Operator::Equal => tick.map(|tick| (tick, tick)).into_iter().collect(),
        Operator::NotEqual => tick.map_or(vec![(least, most)], |_| vec![(least, below), (above, most)]),
        Operator::AtMost => vec![(least, at_most)],
        Operator::Less => vec![(least, below)],
        Operator::More => vec![(above, most)],
        Operator::AtLeast => vec![(tick.unwrap_or(above), most)],
    }
}

/// `digits * 10^power` rounded down, and whether that is exact.
fn rescale(digits: i128, power: i32) -> Option<(i128, bool)> {
    let factor = 10_i128.checked_pow(power.unsigned_abs());
    if power >= 0 {
        return Some((digits.checked_mul(factor?)?, true));
    }
    match factor {
        Some(factor) => Some((digits.div_euclid(factor), digits.rem_euclid(factor) == 0)),
        None => Some((if digits < 0 { -1 } else { 0 }, digits == 0)),
    }
}

#[cfg(test)]
mod tests {
    use lookalike_table::Levels;
    use lookalike_table::schema::NumberFormat;

    use super::*;

    fn ages() -> (Margin, ColumnSchema) {
        let grid = Grid { unit: Unit::Integer, origin: 0, step: 1 };
        let support = Support::Grid { grid, low: vec![10, 21, 40], high: vec![20, 39, 40] };
        (
            Margin { support, counts: vec![11, 19, 20] },
            ColumnSchema::new("age", Kind::Numerical(NumberFormat::whole())),
        )
    }

    fn pieces(operator: Operator, value: &str) -> Vec<(i64, i64)> {
        let (margin, schema) = ages();
        let wanted = margin.wanted(&schema, operator, value).unwrap();
        match margin.restrict(&[wanted]).map(|restricted| restricted.support) {
            Some(Support::Grid { low, high, .. }) => low.into_iter().zip(high).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn comparisons_cut_ranges_exactly() {
        assert_eq!(pieces(Operator::AtLeast, "30"), [(30, 39), (40, 40)]);
        assert_eq!(pieces(Operator::More, "30"), [(31, 39), (40, 40)]);
        assert_eq!(pieces(Operator::AtLeast, "29.5"), [(30, 39), (40, 40)]);
        assert_eq!(pieces(Operator::Less, "21"), [(10, 20)]);
        assert_eq!(pieces(Operator::AtMost, "20.9"), [(10, 20)]);
        assert_eq!(pieces(Operator::Equal, "25"), [(25, 25)]);
        assert_eq!(pieces(Operator::Equal, "25.0"), [(25, 25)]);
        assert_eq!(pieces(Operator::Equal, "25.5"), []);
        assert_eq!(pieces(Operator::NotEqual, "25"), [(10, 20), (21, 24), (26, 39), (40, 40)]);
        assert_eq!(pieces(Operator::More, "40"), []);
    }

    #[test]
    fn shares_follow_the_values() {
        let (margin, schema) = ages();
        let wanted = margin.wanted(&schema, Operator::AtLeast, "30").unwrap();
        let restricted = margin.restrict(&[wanted]).unwrap();
        assert!((restricted.shares[0].0 - 0.4).abs() < 1e-12);
        assert!((restricted.shares[1].1 - 1.0).abs() < 1e-12);
        assert_eq!(restricted.ranges.len(), 1);
        let (piece, fraction) = restricted.locate(normal_quantile(0.5));
        assert_eq!(piece, 0);
        assert!((fraction - 0.5).abs() < 1e-9);
    }

    #[test]
    fn levels_compare_only_when_ordered() {
        let margin = |levels: &[&str]| Margin {
            support: Support::Levels {
                levels: Levels::new(levels),
                codes: (0..levels.len() as u32).collect(),
            },
            counts: vec![1; levels.len()],
        };
        let schema = ColumnSchema::new("x", Kind::Categorical { order: Vec::new() });
        let names = margin(&["a", "b"]);
        assert_eq!(names.wanted(&schema, Operator::Equal, "c"), Err(Refusal::Level));
        assert_eq!(names.wanted(&schema, Operator::More, "a"), Err(Refusal::NoOrder));
        let codes = margin(&["1", "2", "10"]);
        assert_eq!(
            codes.wanted(&schema, Operator::More, "2"),
            Ok(Wanted::Segments(vec![false, false, true]))
        );
    }

    #[test]
    fn a_level_may_be_spelled_as_another_tool_spells_the_same() {
        assert_eq!(level_of(&["3", "4"], "3.0"), Some(0));
        assert_eq!(level_of(&["3.0", "-4.50"], "-4.5"), Some(1));
        assert_eq!(level_of(&["-0", "1"], "0.0"), Some(0));
        assert_eq!(level_of(&["True", "False"], "true"), Some(0));
        // What is spelled so comes first, codes keep their zeros, and nothing is guessed.
        assert_eq!(level_of(&["3", "3.0"], "3.0"), Some(1));
        assert_eq!(level_of(&["3", "3.0"], "3.00"), None);
        assert_eq!(level_of(&["007"], "7"), None);
        assert_eq!(level_of(&["Anna"], "anna"), None);
        assert_eq!(level_of(&["."], ""), None);
    }

    #[test]
    fn one_of_several_is_enough() {
        let (margin, schema) = ages();
        let cut = |operator, values: &[&str]| {
            let wanted = margin.sought(&schema, operator, values).unwrap();
            match margin.restrict(&wanted).map(|restricted| restricted.support) {
                Some(Support::Grid { low, high, .. }) => low.into_iter().zip(high).collect(),
                _ => Vec::new(),
            }
        };
        assert_eq!(cut(Operator::Equal, &["40", "15.0"]), [(15, 15), (40, 40)]);
        assert_eq!(cut(Operator::NotEqual, &["40", "21"]), [(10, 20), (22, 39)]);
        assert_eq!(
            margin.sought(&schema, Operator::Equal, &["40", "old"]),
            Err(Refusal::NotOfKind("numerical"))
        );
        assert_eq!(margin.refusal(&[Operator::Equal]), Refusal::Value);
    }
}
