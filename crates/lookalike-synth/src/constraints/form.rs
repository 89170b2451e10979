//! How the values of a column that follows from others are rounded and stored.

use lookalike_table::constraints::Amount;
use lookalike_table::{Column, ColumnSchema, Kind};
use serde::{Deserialize, Serialize};

/// The values `(origin + step * n) * unit`, for whole numbers `n`; or any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub(super) unit: Unit,
    /// Positive.
    pub(super) step: i64,
    pub(super) origin: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Unit {
    Integer,
    Unsigned,
    Decimal(i8),
    /// Floating-point numbers that are written with so many places.
    Places(u8),
    /// Floating-point numbers that are written with as many places as they take.
    Real,
    Instant,
}

/// Which way a column is bounded by what is already known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    /// It is at least that.
    Above,
    /// It is at most that.
    Below,
}

/// The last day that four digits name: what follows from a date is not written with more.
const LAST_INSTANT: i128 = 253_402_300_799_999_999;

/// The first day that four digits name, but for the year 0.
const FIRST_INSTANT: i128 = -62_135_596_800_000_000;

impl Form {
    /// The form of a column of numbers or dates.
    pub(crate) fn of(column: &Column, schema: &ColumnSchema) -> Form {
        let plain = |unit| Form { unit, step: 1, origin: 0 };
        match &schema.kind {
            Kind::Datetime(format) => {
                let step = format.step.max(1);
                let first = column.integers().and_then(|integers| {
                    let missing = integers.missing;
                    integers
                        .values
                        .iter()
                        .enumerate()
                        .find(|(row, _)| !missing.as_ref().is_some_and(|flags| flags[*row]))
                        .map(|(_, &value)| value)
                });
                Form { unit: Unit::Instant, step, origin: first.unwrap_or(0).rem_euclid(step) }
            }
            Kind::Numerical(format) => {
                if let Some((_, scale, _)) = column.decimals() {
                    plain(Unit::Decimal(scale))
                } else if column.unsigned().is_some() {
                    plain(Unit::Unsigned)
                } else if column.is_integer() {
                    plain(Unit::Integer)
                } else {
                    let places = if format.integer { Some(0) } else { format.decimals.places() };
                    plain(places.map_or(Unit::Real, Unit::Places))
                }
            }
            _ => plain(Unit::Integer),
        }
    }

    /// The form whose steps are the smallest that the column's type has.
    pub(crate) fn finest(self) -> Form {
        Form { step: 1, origin: 0, ..self }
    }

    pub(crate) fn is_real(self) -> bool {
        self.unit == Unit::Real
    }

    fn places(self) -> u8 {
        match self.unit {
            Unit::Decimal(scale) => u8::try_from(scale).unwrap_or(0),
            Unit::Places(places) => places,
            _ => 0,
        }
    }

    /// True for what a column can have: for what comes from a file.
    pub(crate) fn is_sound(self) -> bool {
        self.step > 0 && self.places() <= 30
    }

    /// The nearest `n` at or beyond an amount on the given side; strictly beyond it where that is asked for.
    pub(crate) fn edge(self, amount: Amount, strict: bool, side: Side) -> i128 {
        let (floor, exact) = amount.floor_ticks(self.places());
        let (step, origin) = (i128::from(self.step), i128::from(self.origin));
        match side {
            Side::Above => {
                let least = floor + i128::from(!exact || strict);
                let offset = least - origin;
                offset.div_euclid(step) + i128::from(offset.rem_euclid(step) != 0)
            }
            Side::Below => (floor - i128::from(exact && strict) - origin).div_euclid(step),
        }
    }

    /// The amount of an `n`.
    pub(crate) fn amount(self, n: i128) -> Amount {
        let ticks = i128::from(self.step).saturating_mul(n).saturating_add(i128::from(self.origin));
        Amount::Exact { ticks, places: self.places() }
    }

    /// The `n` of an amount of the column itself.
    pub(crate) fn steps(self, amount: Amount) -> i128 {
        self.edge(amount, false, Side::Below)
    }

    /// The `n` nearest to an amount, the one further from zero where two are.
    pub(crate) fn nearest(self, amount: Amount) -> i128 {
        let Amount::Exact { ticks, places } = amount else {
            let value = amount.to_f64() * 10f64.powi(i32::from(self.places()));
            return value.round() as i128;
        };
        if places <= self.places() {
            return self.steps(amount);
        }
        let unit = 10_i128.saturating_pow(u32::from(places - self.places()));
        let rounded = (ticks.unsigned_abs() + unit.unsigned_abs() / 2) / unit.unsigned_abs();
        let rounded = i128::try_from(rounded).unwrap_or(i128::MAX);
        let ticks = if ticks < 0 { -rounded } else { rounded };
        self.steps(Amount::Exact { ticks, places: self.places() })
    }

    /// The column of these values. Those that the column's type cannot hold are its last.
    pub(crate) fn column(self, values: &[i128], missing: Option<Vec<bool>>) -> Column {
        let ticks = values.iter().map(|&n| {
            let ticks = i128::from(self.step).saturating_mul(n).saturating_add(i128::from(self.origin));
            if self.unit == Unit::Instant {
                ticks.min(LAST_INSTANT - LAST_INSTANT % i128::from(self.step))
            } else {
                ticks
            }
        });
        match self.unit {
            Unit::Integer => Column::from_integers(ticks.map(saturated).collect(), missing),
            Unit::Instant => Column::from_instants(ticks.map(saturated).collect(), missing),
            Unit::Unsigned => Column::from_unsigned(
                ticks.map(|ticks| u64::try_from(ticks.max(0)).unwrap_or(u64::MAX)).collect(),
                missing,
            ),
            Unit::Decimal(scale) => Column::from_decimals(ticks.collect(), scale, missing)
                .expect("the scale is one that a column had"),
            Unit::Places(places) => {
                let unit = 10f64.powi(i32::from(places));
                Column::from_floats(ticks.map(|ticks| ticks as f64 / unit).collect(), missing)
            }
            Unit::Real => Column::from_floats(ticks.map(|ticks| ticks as f64).collect(), missing),
        }
    }

    /// True for values, in units of the column's last place, that it can be written with.
    pub(crate) fn holds(self, ticks: i128) -> bool {
        match self.unit {
            Unit::Instant => (FIRST_INSTANT..=LAST_INSTANT).contains(&ticks),
            Unit::Integer => i64::try_from(ticks).is_ok(),
            Unit::Unsigned => u64::try_from(ticks).is_ok(),
            Unit::Decimal(_) => ticks.unsigned_abs() < 10_u128.pow(38),
            // Beyond that, neighbours are one double.
            Unit::Places(_) | Unit::Real => ticks.unsigned_abs() < 1 << 53,
        }
    }

    /// The column of these values in units of its last place.
    pub(crate) fn in_units(self, ticks: &[i128], missing: Option<Vec<bool>>) -> Column {
        self.finest().column(ticks, missing)
    }

    /// The column of these numbers, rounded to the form.
    pub(crate) fn rounded(self, values: &[f64], missing: Option<Vec<bool>>) -> Column {
        if self.is_real() {
            return Column::from_floats(values.to_vec(), missing);
        }
        let unit = 10f64.powi(i32::from(self.places()));
        let steps: Vec<i128> = values.iter().map(|value| (value * unit).round() as i128).collect();
        self.column(&steps, missing)
    }
}

pub(super) fn saturated(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_on_the_right_side() {
        let day = Form { unit: Unit::Instant, step: 10, origin: 3 };
        let at = |ticks| Amount::Exact { ticks, places: 0 };
        assert_eq!((day.edge(at(13), false, Side::Above), day.edge(at(13), true, Side::Above)), (1, 2));
        assert_eq!((day.edge(at(14), false, Side::Above), day.edge(at(14), false, Side::Below)), (2, 1));
        assert_eq!((day.edge(at(13), false, Side::Below), day.edge(at(13), true, Side::Below)), (1, 0));
        let money = Form { unit: Unit::Places(1), step: 1, origin: 0 };
        let cents = Amount::Exact { ticks: 125, places: 2 };
        assert_eq!((money.edge(cents, false, Side::Above), money.edge(cents, false, Side::Below)), (13, 12));
        assert_eq!((money.edge(cents, true, Side::Above), money.edge(cents, true, Side::Below)), (13, 12));
    }
}
