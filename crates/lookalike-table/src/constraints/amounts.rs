//! Numbers and instants as constraints compare them: as they are written, exactly wherever that is possible.

use std::cmp::Ordering;

use crate::column::Column;
use crate::schema::{ColumnSchema, Kind};
use crate::spelling;

/// A number or an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// `ticks * 10^-places`; instants are microseconds.
    Exact {
        /// How many units.
        ticks: i128,
        /// The unit's decimal places.
        places: u8,
    },
    /// A floating-point number that is written with as many places as it takes.
    Real(f64),
}

impl Amount {
    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        match self {
            Amount::Exact { ticks, places } => ticks as f64 / 10f64.powi(i32::from(places)),
            Amount::Real(value) => value,
        }
    }

    /// In units of `10^-places`, rounded down, and whether that is exact.
    pub fn floor_ticks(self, places: u8) -> (i128, bool) {
        match self {
            Amount::Exact { ticks, places: own } if own <= places => {
                let factor = 10_i128.checked_pow(u32::from(places - own));
                let saturated = if ticks < 0 { i128::MIN / 4 } else { i128::MAX / 4 };
                (factor.and_then(|factor| ticks.checked_mul(factor)).unwrap_or(saturated), true)
            }
            Amount::Exact { ticks, places: own } => match 10_i128.checked_pow(u32::from(own - places)) {
                Some(factor) => (ticks.div_euclid(factor), ticks.rem_euclid(factor) == 0),
                None => (if ticks < 0 { -1 } else { 0 }, ticks == 0),
            },
            Amount::Real(value) => {
                let scaled = value * 10f64.powi(i32::from(places));
                (scaled.floor().clamp(-1e36, 1e36) as i128, scaled.floor() == scaled)
            }
        }
    }

    /// What a text says, as a value of a column of numbers or instants.
    pub fn parse(text: &str, schema: &ColumnSchema) -> Option<Amount> {
        match &schema.kind {
            Kind::Numerical(format) => spelling::parse_decimal(text, format)
                .map(|(ticks, places)| Amount::Exact { ticks, places })
                .or_else(|| spelling::parse_number(text, format).map(Amount::Real)),
            Kind::Datetime(format) => spelling::parse_datetime(text, format)
                .map(|instant| Amount::Exact { ticks: i128::from(instant), places: 0 }),
            _ => None,
        }
    }
}

/// Compares by value; `None` where one is no number.
pub fn compare(a: Amount, b: Amount) -> Option<Ordering> {
    if let (Amount::Exact { ticks, places }, Amount::Exact { ticks: others, places: other }) = (a, b) {
        let scaled = |ticks: i128, from: u8| {
            10_i128.checked_pow(u32::from(places.max(other) - from)).and_then(|unit| ticks.checked_mul(unit))
        };
        if let (Some(a), Some(b)) = (scaled(ticks, places), scaled(others, other)) {
            return Some(a.cmp(&b));
        }
    }
    a.to_f64().partial_cmp(&b.to_f64())
}

/// A column of numbers or instants as amounts.
#[derive(Debug, Clone)]
pub struct Amounts {
    values: Values,
    missing: Option<Vec<bool>>,
}

#[derive(Debug, Clone)]
enum Values {
    Exact { ticks: Vec<i128>, places: u8 },
    Real(Vec<f64>),
}

impl Amounts {
    /// The amounts of a column; `None` for other kinds. Floating-point numbers that are written with a fixed number of
    /// places are what is written.
    pub fn of(column: &Column, schema: &ColumnSchema) -> Option<Amounts> {
        let missing = column.missing();
        if let Some((values, scale, _)) = column.decimals() {
            let places = u8::try_from(scale).ok()?;
            return Some(Amounts { values: Values::Exact { ticks: values, places }, missing });
        }
        if let Some((values, _)) = column.unsigned() {
            let ticks = values.into_iter().map(i128::from).collect();
            return Some(Amounts { values: Values::Exact { ticks, places: 0 }, missing });
        }
        if column.is_boolean() {
            return None;
        }
        if let Some(integers) = column.integers() {
            let ticks = integers.values.into_iter().map(i128::from).collect();
            return Some(Amounts { values: Values::Exact { ticks, places: 0 }, missing });
        }
        let Kind::Numerical(format) = &schema.kind else { return None };
        let numbers = column.numbers()?;
        let places = if format.integer { Some(0) } else { format.decimals.places() };
        let missing = if numbers.values.iter().any(|value| value.is_nan()) {
            Some(numbers.values.iter().map(|value| value.is_nan()).collect())
        } else {
            missing
        };
        if let Some(places) = places {
            let unit = 10f64.powi(i32::from(places));
            let ticks: Vec<f64> = numbers.values.iter().map(|value| (value * unit).round()).collect();
            if ticks.iter().all(|tick| tick.is_nan() || tick.abs() < 1e30) {
                let ticks = ticks.into_iter().map(|tick| tick as i128).collect();
                return Some(Amounts { values: Values::Exact { ticks, places }, missing });
            }
        }
        Some(Amounts { values: Values::Real(numbers.values), missing })
    }

    /// The amount in a row; `None` where it is missing.
    pub fn get(&self, row: usize) -> Option<Amount> {
        if self.missing.as_ref().is_some_and(|flags| flags[row]) {
            return None;
        }
        Some(match &self.values {
            Values::Exact { ticks, places } => Amount::Exact { ticks: ticks[row], places: *places },
            Values::Real(values) => Amount::Real(values[row]),
        })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Exact { ticks, .. } => ticks.len(),
            Values::Real(values) => values.len(),
        }
    }

    /// True when there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The decimal places of exact amounts.
    pub fn places(&self) -> Option<u8> {
        match &self.values {
            Values::Exact { places, .. } => Some(*places),
            Values::Real(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Decimals, NumberFormat};

    #[test]
    fn amounts_compare_as_they_are_written() {
        let money = NumberFormat { decimals: Decimals::Fixed(2), ..NumberFormat::default() };
        let schema = ColumnSchema::new("x", Kind::Numerical(money));
        let column = Column::from_floats(vec![0.1 + 0.2, f64::NAN], None);
        let amounts = Amounts::of(&column, &schema).unwrap();
        assert_eq!(amounts.get(0), Some(Amount::Exact { ticks: 30, places: 2 }));
        assert_eq!(amounts.get(1), None);
        let third = Amount::parse("0.300", &schema).unwrap();
        assert_eq!(compare(amounts.get(0).unwrap(), third), Some(Ordering::Equal));
        assert_eq!(compare(Amount::Real(0.5), third), Some(Ordering::Greater));
    }

    #[test]
    fn ticks_are_rounded_down() {
        let minus = Amount::Exact { ticks: -15, places: 1 };
        assert_eq!(minus.floor_ticks(0), (-2, false));
        assert_eq!(minus.floor_ticks(2), (-150, true));
        assert_eq!(Amount::Real(2.5).floor_ticks(0), (2, false));
    }
}
