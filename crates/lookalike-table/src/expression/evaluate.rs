//! Whole columns at a time.

use std::cmp::Ordering;

use lookalike_core::math;

use super::power_of_ten;
use super::syntax::{Arithmetic, Comparison, Function, Literal};
use super::types::{Step, Type};
use super::values::{Data, Values, decimal_text, to_float};
use crate::column::{Codes, Column};
use crate::spelling::{
    DAY, HOUR, MINUTE, SECOND, civil_from_days, civil_text, days_from_civil, days_in_month, weekday,
};

/// The rows that an expression is evaluated on.
pub(super) struct Rows<'a, 'b> {
    pub(super) length: usize,
    pub(super) column: &'b dyn Fn(usize) -> &'a Column,
}

/// Years beyond these cannot be written as dates.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

impl Rows<'_, '_> {
    pub(super) fn evaluate(&self, step: &Step) -> Values {
        match step {
            Step::Column(index, of) => load((self.column)(*index), *of),
            Step::Constant(literal) => self.constant(literal),
            Step::Missing(of) => self.missing(*of),
            Step::Cast(inner, to) => cast(self.evaluate(inner), *to),
            Step::Negate(inner) => negate(self.evaluate(inner)),
            Step::Not(inner) => {
                let values = self.evaluate(inner);
                let Data::Booleans(flags) = values.data else { unreachable!("types were checked") };
                Values { data: Data::Booleans(flags.iter().map(|flag| !flag).collect()), ..values }
            }
            Step::And(left, right) => both_truths(&self.evaluate(left), &self.evaluate(right), false),
            Step::Or(left, right) => both_truths(&self.evaluate(left), &self.evaluate(right), true),
            Step::IsMissing(inner) => {
                let flags = self.evaluate(inner).missing.unwrap_or_else(|| vec![false; self.length]);
                Values { data: Data::Booleans(flags), missing: None }
            }
            Step::Compare(comparison, left, right) => {
                compare(*comparison, &self.evaluate(left), &self.evaluate(right))
            }
            Step::In(inner, list) => self.is_in(inner, list),
            Step::Arithmetic(arithmetic, left, right, of) => {
                compute(*arithmetic, self.evaluate(left), self.evaluate(right), *of)
            }
            Step::Round(inner, places) => round(self.evaluate(inner), *places),
            Step::Clock(function, inner, offset) => clock(*function, self.evaluate(inner), *offset),
            Step::Call(function, arguments) => {
                self.call(*function, arguments.iter().map(|argument| self.evaluate(argument)).collect())
            }
        }
    }

    fn constant(&self, literal: &Literal) -> Values {
        let n = self.length;
        let data = match literal {
            Literal::Exact { units, places } => Data::Exact { units: vec![*units; n], places: *places },
            Literal::Float(value) => return finite(vec![*value; n], None),
            Literal::Text(text) => Data::Texts { codes: vec![0; n], texts: vec![text.clone()] },
            Literal::Boolean(value) => Data::Booleans(vec![*value; n]),
            Literal::Date(instant) => Data::Dates(vec![*instant; n]),
        };
        Values { data, missing: None }
    }

    fn missing(&self, of: Type) -> Values {
        let n = self.length;
        let data = match of {
            Type::Exact { places } => Data::Exact { units: vec![0; n], places },
            Type::Float => Data::Floats(vec![0.0; n]),
            Type::Boolean | Type::Missing => Data::Booleans(vec![false; n]),
            Type::Text => Data::Texts { codes: vec![0; n], texts: vec![String::new()] },
            Type::Date { .. } => Data::Dates(vec![0; n]),
            Type::Duration => Data::Durations(vec![0; n]),
        };
        Values { data, missing: Some(vec![true; n]) }
    }

    fn is_in(&self, inner: &Step, list: &[Step]) -> Values {
        let values = self.evaluate(inner);
        // Texts are looked up once per different text.
        if let Data::Texts { codes, texts } = &values.data {
            let wanted: Vec<&str> = list
                .iter()
                .filter_map(|step| match step {
                    Step::Constant(Literal::Text(text)) => Some(text.as_str()),
                    _ => None,
                })
                .collect();
            let found: Vec<bool> = texts.iter().map(|text| wanted.contains(&text.as_str())).collect();
            let flags = codes.iter().map(|&code| found[code as usize]).collect();
            return Values { data: Data::Booleans(flags), missing: values.missing };
        }
        let mut flags = vec![false; self.length];
        for step in list {
            let found = compare(Comparison::Equal, &values, &self.evaluate(step));
            for (flag, found) in flags.iter_mut().zip(found.holds()) {
                *flag |= found;
            }
        }
        Values { data: Data::Booleans(flags), missing: values.missing }
    }

    fn call(&self, function: Function, mut arguments: Vec<Values>) -> Values {
        match function {
            Function::If => {
                let otherwise = arguments.pop().expect("three arguments");
                let then = arguments.pop().expect("three arguments");
                let condition = arguments.pop().expect("three arguments").holds();
                choose(&condition, then, otherwise)
            }
            Function::Coalesce => {
                let mut result = arguments.pop().expect("two arguments");
                while let Some(first) = arguments.pop() {
                    let there = match &first.missing {
                        None => vec![true; self.length],
                        Some(missing) => missing.iter().map(|missing| !missing).collect(),
                    };
                    result = choose(&there, first, result);
                }
                result
            }
            Function::Min => fold(arguments, Ordering::is_le),
            Function::Max => fold(arguments, Ordering::is_ge),
            Function::Clamp => {
                let high = arguments.pop().expect("three arguments");
                let raised = fold(arguments, Ordering::is_ge);
                fold(vec![raised, high], Ordering::is_le)
            }
            Function::AddMonths => {
                let shift = arguments.pop().expect("three arguments");
                let months = arguments.pop().expect("three arguments");
                add_months(arguments.pop().expect("three arguments"), &months, &shift)
            }
            Function::Concat => concat(&arguments),
            Function::StartsWith => tested(&arguments, |text, part| text.starts_with(part)),
            Function::EndsWith => tested(&arguments, |text, part| text.ends_with(part)),
            Function::Contains => tested(&arguments, |text, part| text.contains(part)),
            _ => of_one(function, arguments.pop().expect("one argument")),
        }
    }
}

/// A column's values as those of the type that its schema gives it.
fn load(column: &Column, of: Type) -> Values {
    let missing = column.missing();
    let data = match of {
        Type::Exact { places } => return load_exact(column, places),
        Type::Float => {
            let values = column.numbers().expect("the column holds numbers").values;
            return finite(values, missing);
        }
        Type::Boolean => {
            let values = column.integers().expect("the column holds truth values").values;
            Data::Booleans(values.iter().map(|&value| value != 0).collect())
        }
        Type::Date { .. } => Data::Dates(column.integers().expect("the column holds dates").values),
        Type::Duration => Data::Durations(column.integers().expect("the column holds whole numbers").values),
        Type::Missing => unreachable!("no column is of this type"),
        Type::Text => return load_texts(column, missing),
    };
    Values { data, missing }
}

fn load_exact(column: &Column, places: u8) -> Values {
    let unit = power_of_ten(places);
    if let Some(integers) = column.integers() {
        let units = integers.values.iter().map(|&value| i128::from(value) * unit).collect();
        return Values { data: Data::Exact { units, places }, missing: integers.missing };
    }
    if let Some((values, missing)) = column.unsigned() {
        let units = values.iter().map(|&value| i128::from(value) * unit).collect();
        return Values { data: Data::Exact { units, places }, missing };
    }
    if let Some((values, scale, missing)) = column.decimals() {
        let rescaled = values.iter().map(|&value| rescale(value, i32::from(scale), places));
        return exact(rescaled, places, missing);
    }
    let numbers = column.numbers().expect("the column holds numbers");
    exact(numbers.values.iter().map(|&value| round_float(value, places)), places, numbers.missing)
}

/// Units of one scale in units of another, to the nearest.
fn rescale(value: i128, scale: i32, places: u8) -> Option<i128> {
    let more = i32::from(places) - scale;
    if more >= 0 {
        return value.checked_mul(10_i128.checked_pow(more as u32)?);
    }
    Some(divide_rounded(value, 10_i128.checked_pow(more.unsigned_abs())?))
}

/// To the nearest, halves away from zero.
fn divide_rounded(value: i128, unit: i128) -> i128 {
    let (quotient, rest) = (value / unit, value % unit);
    if rest.abs() >= unit - rest.abs() { quotient + value.signum() } else { quotient }
}

fn round_float(value: f64, places: u8) -> Option<i128> {
    let scaled = (value * power_of_ten(places) as f64).round();
    (scaled.abs() < 1e30).then_some(scaled as i128)
}

fn load_texts(column: &Column, missing: Option<Vec<bool>>) -> Values {
    let data = if let Some(codes) = column.codes() {
        let mut texts: Vec<String> = codes.levels.iter().map(str::to_owned).collect();
        if texts.is_empty() {
            texts.push(String::new());
        }
        let codes = codes.codes.iter().map(|&code| if code == Codes::MISSING { 0 } else { code }).collect();
        Data::Texts { codes, texts }
    } else {
        let texts: Vec<String> = if let Some(texts) = column.texts() {
            texts.iter().map(|text| text.unwrap_or_default().to_owned()).collect()
        } else if let Some((values, _)) = column.unsigned() {
            values.iter().map(u64::to_string).collect()
        } else {
            let integers = column.integers().expect("the column holds texts or keys");
            integers.values.iter().map(i64::to_string).collect()
        };
        Data::Texts { codes: (0..texts.len() as u32).collect(), texts }
    };
    Values { data, missing }
}

/// Exact numbers, missing where there is none.
fn exact(units: impl Iterator<Item = Option<i128>>, places: u8, missing: Option<Vec<bool>>) -> Values {
    let mut flags = missing;
    let units: Vec<i128> = units
        .enumerate()
        .map(|(row, value)| {
            if value.is_none() {
                flag(&mut flags, row);
            }
            value.unwrap_or(0)
        })
        .collect();
    Values { missing: sized(flags, units.len()), data: Data::Exact { units, places } }
}

/// Floats, missing where they are not finite.
fn finite(values: Vec<f64>, missing: Option<Vec<bool>>) -> Values {
    let mut flags = missing;
    let mut values = values;
    for (row, value) in values.iter_mut().enumerate() {
        if !value.is_finite() {
            *value = 0.0;
            flag(&mut flags, row);
        }
    }
    Values { missing: sized(flags, values.len()), data: Data::Floats(values) }
}

/// Microseconds, missing where there is none; as dates only of years that can be written.
fn micros(
    values: impl Iterator<Item = Option<i64>>,
    missing: Option<Vec<bool>>,
    wrap: fn(Vec<i64>) -> Data,
) -> Values {
    let mut flags = missing;
    let values: Vec<i64> = values
        .enumerate()
        .map(|(row, value)| {
            if value.is_none() {
                flag(&mut flags, row);
            }
            value.unwrap_or(0)
        })
        .collect();
    Values { missing: sized(flags, values.len()), data: wrap(values) }
}

fn flag(flags: &mut Option<Vec<bool>>, row: usize) {
    let flags = flags.get_or_insert_default();
    if flags.len() <= row {
        flags.resize(row + 1, false);
    }
    flags[row] = true;
}

fn sized(flags: Option<Vec<bool>>, length: usize) -> Option<Vec<bool>> {
    flags.map(|mut flags| {
        flags.resize(length, false);
        flags
    })
}

fn either(left: Option<Vec<bool>>, right: Option<Vec<bool>>) -> Option<Vec<bool>> {
    match (left, right) {
        (Some(mut left), Some(right)) => {
            for (flag, other) in left.iter_mut().zip(right) {
                *flag |= other;
            }
            Some(left)
        }
        (left, right) => left.or(right),
    }
}

fn cast(values: Values, to: Type) -> Values {
    let Data::Exact { units, places } = values.data else { unreachable!("types were checked") };
    match to {
        Type::Exact { places: more } => {
            let unit = power_of_ten(more - places);
            exact(units.iter().map(|value| value.checked_mul(unit)), more, values.missing)
        }
        _ => finite(units.iter().map(|&value| to_float(value, places)).collect(), values.missing),
    }
}

fn negate(values: Values) -> Values {
    let data = match values.data {
        Data::Exact { units, places } => {
            Data::Exact { units: units.iter().map(|value| value.saturating_neg()).collect(), places }
        }
        Data::Floats(values) => Data::Floats(values.iter().map(|value| -value).collect()),
        Data::Durations(values) => {
            Data::Durations(values.iter().map(|value| value.saturating_neg()).collect())
        }
        _ => unreachable!("types were checked"),
    };
    Values { data, missing: values.missing }
}

/// `and` (`decides` is false) and `or` (`decides` is true): one side that decides is enough, whatever the other is.
fn both_truths(left: &Values, right: &Values, decides: bool) -> Values {
    let (Data::Booleans(a), Data::Booleans(b)) = (&left.data, &right.data) else {
        unreachable!("types were checked")
    };
    if left.missing.is_none() && right.missing.is_none() {
        let flags = a.iter().zip(b).map(|(&a, &b)| if decides { a || b } else { a && b }).collect();
        return Values { data: Data::Booleans(flags), missing: None };
    }
    let at = |missing: &Option<Vec<bool>>, row: usize| missing.as_ref().is_some_and(|missing| missing[row]);
    let mut flags = Vec::with_capacity(a.len());
    let mut missing = Vec::with_capacity(a.len());
    for row in 0..a.len() {
        let (no_a, no_b) = (at(&left.missing, row), at(&right.missing, row));
        let decided = (!no_a && a[row] == decides) || (!no_b && b[row] == decides);
        flags.push(decided == decides);
        missing.push(!decided && (no_a || no_b));
    }
    Values { data: Data::Booleans(flags), missing: Some(missing) }
}

/// How two values of one type are ordered.
fn orders(left: &Data, right: &Data) -> Vec<Ordering> {
    fn of<T: Ord>(left: &[T], right: &[T]) -> Vec<Ordering> {
        left.iter().zip(right).map(|(left, right)| left.cmp(right)).collect()
    }
    match (left, right) {
        (Data::Exact { units: left, .. }, Data::Exact { units: right, .. }) => of(left, right),
        (Data::Floats(left), Data::Floats(right)) => {
            left.iter().zip(right).map(|(a, b)| a.partial_cmp(b).unwrap_or(Ordering::Equal)).collect()
        }
        (Data::Booleans(left), Data::Booleans(right)) => of(left, right),
        (Data::Dates(left), Data::Dates(right)) | (Data::Durations(left), Data::Durations(right)) => {
            of(left, right)
        }
        (Data::Texts { codes, texts }, Data::Texts { codes: others, texts: other_texts }) => {
            if let [only] = other_texts.as_slice() {
                // A text that is written out is compared once with each different text.
                let found: Vec<Ordering> = texts.iter().map(|text| text.cmp(only)).collect();
                return codes.iter().map(|&code| found[code as usize]).collect();
            }
            codes
                .iter()
                .zip(others)
                .map(|(&code, &other)| texts[code as usize].cmp(&other_texts[other as usize]))
                .collect()
        }
        _ => unreachable!("types were checked"),
    }
}

fn compare(comparison: Comparison, left: &Values, right: &Values) -> Values {
    let flags = orders(&left.data, &right.data).into_iter().map(|order| comparison.holds(order)).collect();
    Values { data: Data::Booleans(flags), missing: either(left.missing.clone(), right.missing.clone()) }
}

/// The rows of `then` where the condition holds, of `otherwise` elsewhere.
fn choose(condition: &[bool], then: Values, otherwise: Values) -> Values {
    fn pick<T: Copy>(condition: &[bool], then: &[T], otherwise: &[T]) -> Vec<T> {
        condition
            .iter()
            .zip(then.iter().zip(otherwise))
            .map(|(&yes, (&then, &otherwise))| if yes { then } else { otherwise })
            .collect()
    }
    let missing = match (&then.missing, &otherwise.missing) {
        (None, None) => None,
        (a, b) => {
            let none = vec![false; condition.len()];
            Some(pick(condition, a.as_ref().unwrap_or(&none), b.as_ref().unwrap_or(&none)))
        }
    };
    let data = match (then.data, otherwise.data) {
        (Data::Exact { units: a, places }, Data::Exact { units: b, .. }) => {
            Data::Exact { units: pick(condition, &a, &b), places }
        }
        (Data::Floats(a), Data::Floats(b)) => Data::Floats(pick(condition, &a, &b)),
        (Data::Booleans(a), Data::Booleans(b)) => Data::Booleans(pick(condition, &a, &b)),
        (Data::Dates(a), Data::Dates(b)) => Data::Dates(pick(condition, &a, &b)),
        (Data::Durations(a), Data::Durations(b)) => Data::Durations(pick(condition, &a, &b)),
        (Data::Texts { codes: a, texts: mut first }, Data::Texts { codes: b, texts: second }) => {
            let shift = first.len() as u32;
            let b: Vec<u32> = b.iter().map(|code| code + shift).collect();
            first.extend(second);
            Data::Texts { codes: pick(condition, &a, &b), texts: first }
        }
        _ => unreachable!("types were checked"),
    };
    Values { data, missing }
}

/// The first argument as long as its order to the next one is such, the next one otherwise; missing where one is.
fn fold(arguments: Vec<Values>, keeps: fn(Ordering) -> bool) -> Values {
    let mut arguments = arguments.into_iter();
    let mut result = arguments.next().expect("at least one argument");
    for next in arguments {
        let missing = either(result.missing.take(), next.missing.clone());
        let kept: Vec<bool> = orders(&result.data, &next.data).into_iter().map(keeps).collect();
        let next = Values { missing: None, ..next };
        result = Values { missing, ..choose(&kept, result, next) };
    }
    result
}

fn compute(arithmetic: Arithmetic, left: Values, right: Values, of: Type) -> Values {
    let missing = either(left.missing, right.missing);
    match (left.data, right.data) {
        (Data::Exact { units: a, .. }, Data::Exact { units: b, .. }) => {
            let Type::Exact { places } = of else { unreachable!("exact parts are exact") };
            let pairs = a.iter().zip(&b);
            let units = pairs.map(|(&a, &b)| match arithmetic {
                Arithmetic::Add => a.checked_add(b),
                Arithmetic::Subtract => a.checked_sub(b),
                Arithmetic::Multiply => a.checked_mul(b),
                _ => a
                    .checked_rem(b)
                    .map(|rest| if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }),
            });
            exact(units, places, missing)
        }
        (Data::Floats(a), Data::Floats(b)) => {
            let values = a.iter().zip(&b).map(|(&a, &b)| match arithmetic {
                Arithmetic::Add => a + b,
                Arithmetic::Subtract => a - b,
                Arithmetic::Multiply => a * b,
                Arithmetic::Divide => a / b,
                Arithmetic::Power => math::pow(a, b),
                Arithmetic::Remainder => {
                    let rest = a % b;
                    if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
                }
            });
            finite(values.collect(), missing)
        }
        (Data::Dates(a), Data::Dates(b)) => {
            let spans = a.iter().zip(&b).map(|(&a, &b)| a.checked_sub(b));
            micros(spans, missing, Data::Durations)
        }
        (Data::Dates(a), Data::Durations(b)) => {
            let dates = a.iter().zip(&b).map(|(&a, &b)| match arithmetic {
                Arithmetic::Add => date_within(a.checked_add(b)),
                _ => date_within(a.checked_sub(b)),
            });
            micros(dates, missing, Data::Dates)
        }
        (Data::Durations(a), Data::Dates(b)) => {
            let dates = a.iter().zip(&b).map(|(&a, &b)| date_within(a.checked_add(b)));
            micros(dates, missing, Data::Dates)
        }
        (Data::Durations(a), Data::Durations(b)) => {
            if arithmetic == Arithmetic::Divide {
                let values = a.iter().zip(&b).map(|(&a, &b)| a as f64 / b as f64).collect();
                finite(values, missing)
            } else {
                let spans = a.iter().zip(&b).map(|(&a, &b)| match arithmetic {
                    Arithmetic::Add => a.checked_add(b),
                    _ => a.checked_sub(b),
                });
                micros(spans, missing, Data::Durations)
            }
        }
        (Data::Durations(a), Data::Floats(b)) => {
            let spans = a.iter().zip(&b).map(|(&a, &b)| match arithmetic {
                Arithmetic::Multiply => whole_micros(a as f64 * b),
                _ => whole_micros(a as f64 / b),
            });
            micros(spans, missing, Data::Durations)
        }
        (Data::Floats(a), Data::Durations(b)) => {
            let spans = a.iter().zip(&b).map(|(&a, &b)| whole_micros(a * b as f64));
            micros(spans, missing, Data::Durations)
        }
        _ => unreachable!("types were checked"),
    }
}

fn whole_micros(value: f64) -> Option<i64> {
    (value.abs() < 9.2e18).then_some(value.round() as i64)
}

fn date_within(instant: Option<i64>) -> Option<i64> {
    instant.filter(|instant| YEARS.contains(&civil_from_days(instant.div_euclid(DAY)).0))
}

fn round(values: Values, places: u8) -> Values {
    match values.data {
        Data::Exact { units, places: from } => {
            let rounded = units.iter().map(|&value| rescale(value, i32::from(from), places));
            exact(rounded, places, values.missing)
        }
        Data::Floats(floats) => {
            exact(floats.iter().map(|&value| round_float(value, places)), places, values.missing)
        }
        _ => unreachable!("types were checked"),
    }
}

fn of_one(function: Function, values: Values) -> Values {
    let missing = values.missing;
    match (function, values.data) {
        (Function::Abs, Data::Exact { units, places }) => {
            exact(units.iter().map(|value| value.checked_abs()), places, missing)
        }
        (Function::Abs, Data::Floats(floats)) => finite(floats.iter().map(|v| v.abs()).collect(), missing),
        (Function::Sign, Data::Exact { units, .. }) => {
            exact(units.iter().map(|value| Some(value.signum())), 0, missing)
        }
        (Function::Sign, Data::Floats(floats)) => {
            let sign = |value: &f64| i128::from(*value > 0.0) - i128::from(*value < 0.0);
            exact(floats.iter().map(|value| Some(sign(value))), 0, missing)
        }
        (Function::Floor, Data::Exact { units, places }) => {
            let unit = power_of_ten(places);
            exact(units.iter().map(|value| Some(value.div_euclid(unit))), 0, missing)
        }
        (Function::Ceil, Data::Exact { units, places }) => {
            let unit = power_of_ten(places);
            exact(units.iter().map(|value| Some(-(-value).div_euclid(unit))), 0, missing)
        }
        (Function::Floor, Data::Floats(floats)) => {
            exact(floats.iter().map(|value| round_float(value.floor(), 0)), 0, missing)
        }
        (Function::Ceil, Data::Floats(floats)) => {
            exact(floats.iter().map(|value| round_float(value.ceil(), 0)), 0, missing)
        }
        (Function::Days | Function::Hours | Function::Minutes | Function::Seconds, Data::Floats(floats)) => {
            let unit = match function {
                Function::Days => DAY,
                Function::Hours => HOUR,
                Function::Minutes => MINUTE,
                _ => SECOND,
            };
            micros(floats.iter().map(|value| whole_micros(value * unit as f64)), missing, Data::Durations)
        }
        (_, Data::Floats(floats)) if function != Function::Text => {
            let apply = match function {
                Function::Exp => math::exp,
                Function::Ln => math::ln,
                Function::Log10 => math::log10,
                Function::Sin => math::sin,
                Function::Cos => math::cos,
                _ => f64::sqrt,
            };
            finite(floats.iter().map(|&value| apply(value)).collect(), missing)
        }
        (Function::Number, Data::Booleans(flags)) => {
            exact(flags.iter().map(|&flag| Some(i128::from(flag))), 0, missing)
        }
        (Function::Number, Data::Texts { codes, texts }) => {
            let numbers: Vec<f64> =
                texts.iter().map(|text| text.trim().parse().unwrap_or(f64::NAN)).collect();
            finite(codes.iter().map(|&code| numbers[code as usize]).collect(), missing)
        }
        (Function::Length, Data::Texts { codes, texts }) => {
            let lengths: Vec<i128> = texts.iter().map(|text| text.chars().count() as i128).collect();
            exact(codes.iter().map(|&code| Some(lengths[code as usize])), 0, missing)
        }
        (Function::Text, data) => {
            let texts = match &data {
                Data::Exact { units, places } => {
                    units.iter().map(|&value| decimal_text(value, *places)).collect()
                }
                Data::Floats(floats) => floats.iter().map(f64::to_string).collect(),
                Data::Booleans(flags) => {
                    let codes = flags.iter().map(|&flag| u32::from(flag)).collect();
                    let texts = vec!["false".to_owned(), "true".to_owned()];
                    return Values { data: Data::Texts { codes, texts }, missing };
                }
                _ => unreachable!("types were checked"),
            };
            Values { data: own_texts(texts), missing }
        }
        (_, Data::Texts { codes, texts }) => {
            let change = |text: String| match function {
                Function::Lower => text.to_lowercase(),
                Function::Upper => text.to_uppercase(),
                _ => text.trim().to_owned(),
            };
            Values { data: Data::Texts { codes, texts: texts.into_iter().map(change).collect() }, missing }
        }
        _ => unreachable!("types were checked"),
    }
}

/// A text for each row.
fn own_texts(texts: Vec<String>) -> Data {
    Data::Texts { codes: (0..texts.len() as u32).collect(), texts }
}

/// The text of each row.
fn row_texts(values: &Values) -> Vec<&str> {
    let Data::Texts { codes, texts } = &values.data else { unreachable!("types were checked") };
    codes.iter().map(|&code| texts[code as usize].as_str()).collect()
}

fn all_missing(arguments: &[Values]) -> Option<Vec<bool>> {
    arguments.iter().fold(None, |missing, values| either(missing, values.missing.clone()))
}

fn concat(arguments: &[Values]) -> Values {
    let parts: Vec<Vec<&str>> = arguments.iter().map(row_texts).collect();
    let texts = (0..parts[0].len()).map(|row| parts.iter().map(|part| part[row]).collect()).collect();
    Values { data: own_texts(texts), missing: all_missing(arguments) }
}

fn tested(arguments: &[Values], test: fn(&str, &str) -> bool) -> Values {
    let (texts, parts) = (row_texts(&arguments[0]), row_texts(&arguments[1]));
    let flags = texts.iter().zip(&parts).map(|(text, part)| test(text, part)).collect();
    Values { data: Data::Booleans(flags), missing: all_missing(arguments) }
}

/// What the wall clock shows at an instant.
fn clock(function: Function, values: Values, offset: i16) -> Values {
    let Data::Dates(instants) = values.data else { unreachable!("types were checked") };
    let missing = values.missing;
    let shift = i64::from(offset) * MINUTE;
    let walls = instants.iter().map(|instant| instant + shift);
    match function {
        Function::Text => Values { data: own_texts(walls.map(civil_text).collect()), missing },
        Function::AddMonths => Values { data: Data::Dates(walls.collect()), missing },
        Function::StartOfDay => {
            let days = walls.map(|wall| wall.div_euclid(DAY) * DAY - shift).collect();
            Values { data: Data::Dates(days), missing }
        }
        _ => exact(walls.map(|wall| Some(i128::from(clock_part(function, wall)))), 0, missing),
    }
}

fn clock_part(function: Function, wall: i64) -> i64 {
    let (days, time) = (wall.div_euclid(DAY), wall.rem_euclid(DAY));
    let (year, month, day) = civil_from_days(days);
    match function {
        Function::Year => i64::from(year),
        Function::Month => i64::from(month),
        Function::Day => i64::from(day),
        Function::Weekday => weekday(days) as i64 + 1,
        Function::DayOfYear => days - days_from_civil(year, 1, 1) + 1,
        Function::Hour => time / HOUR,
        Function::Minute => time % HOUR / MINUTE,
        _ => time % MINUTE / SECOND,
    }
}

/// Dates of the wall clock moved by months, as instants again; a day that the month lacks becomes its last.
fn add_months(walls: Values, months: &Values, shift: &Values) -> Values {
    let (Data::Dates(dates), Data::Exact { units, .. }, Data::Dates(shift)) =
        (walls.data, &months.data, &shift.data)
    else {
        unreachable!("types were checked")
    };
    let moved = dates.iter().zip(units).zip(shift).map(|((&wall, months), &shift)| {
        let (year, month, day) = civil_from_days(wall.div_euclid(DAY));
        let count = i64::from(year) * 12 + i64::from(month) - 1
            + i64::try_from(*months).ok()?.clamp(-200_000, 200_000);
        let year = i32::try_from(count.div_euclid(12)).ok().filter(|year| YEARS.contains(year))?;
        let month = count.rem_euclid(12) as u8 + 1;
        let days = days_from_civil(year, month, day.min(days_in_month(year, month)));
        Some(days * DAY + wall.rem_euclid(DAY) - shift)
    });
    micros(moved, either(walls.missing, months.missing.clone()), Data::Dates)
}
