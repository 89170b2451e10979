//! What an expression comes to.

use super::power_of_ten;
use crate::column::{Codes, Column, Levels};

/// What an expression comes to, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// One value per row; where one is missing, something of no meaning.
    pub data: Data,
    /// True where the value is missing. `None` when nothing is.
    pub missing: Option<Vec<bool>>,
}

/// Values of one type.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Data {
    /// Exact numbers, `units * 10^-places`.
    Exact {
        /// One per row.
        units: Vec<i128>,
        /// How many places follow the point.
        places: u8,
    },
    /// Floating-point numbers, all of them finite.
    Floats(Vec<f64>),
    /// Truth values.
    Booleans(Vec<bool>),
    /// Texts, each a number in a list that may repeat texts.
    Texts {
        /// One per row.
        codes: Vec<u32>,
        /// What the numbers stand for.
        texts: Vec<String>,
    },
    /// Instants in microseconds since 1970-01-01.
    Dates(Vec<i64>),
    /// Spans of time in microseconds.
    Durations(Vec<i64>),
}

impl Values {
    /// True for rows in which a condition holds; where it is neither true nor false, it does not.
    ///
    /// # Panics
    /// If the values are no truth values.
    pub fn holds(&self) -> Vec<bool> {
        let Data::Booleans(values) = &self.data else { panic!("only a condition holds or not") };
        match &self.missing {
            None => values.clone(),
            Some(missing) => values.iter().zip(missing).map(|(&value, &missing)| value && !missing).collect(),
        }
    }

    /// True for rows in which a condition does not hold; where it is neither true nor false, nothing is broken.
    ///
    /// # Panics
    /// If the values are no truth values.
    pub fn broken(&self) -> Vec<bool> {
        let Data::Booleans(values) = &self.data else { panic!("only a condition holds or not") };
        match &self.missing {
            None => values.iter().map(|value| !value).collect(),
            Some(missing) => {
                values.iter().zip(missing).map(|(&value, &missing)| !value && !missing).collect()
            }
        }
    }

    /// The numbers as `f64`, NaN where missing. `None` for everything else.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let mut values = match &self.data {
            Data::Exact { units, places } => units.iter().map(|&value| to_float(value, *places)).collect(),
            Data::Floats(values) => values.clone(),
            _ => return None,
        };
        for (value, _) in
            values.iter_mut().zip(self.missing.iter().flatten()).filter(|(_, missing)| **missing)
        {
            *value = f64::NAN;
        }
        Some(values)
    }

    /// A column of the values: whole numbers, floats, truth values, dates, or levels for texts. Whole numbers beyond 64
    /// bits are missing; spans of time become whole microseconds.
    pub fn into_column(self) -> Column {
        let missing = self.missing;
        match self.data {
            Data::Exact { units, places: 0 } => {
                let beyond = units.iter().any(|&value| i64::try_from(value).is_err());
                let missing = if beyond {
                    let given = missing.unwrap_or_else(|| vec![false; units.len()]);
                    Some(units.iter().zip(given).map(|(&v, m)| m || i64::try_from(v).is_err()).collect())
                } else {
                    missing
                };
                let values = units.iter().map(|&value| i64::try_from(value).unwrap_or(0)).collect();
                Column::from_integers(values, missing)
            }
            Data::Exact { units, places } => {
                let values = units.iter().map(|&value| to_float(value, places)).collect();
                Column::from_floats(values, missing)
            }
            Data::Floats(values) => Column::from_floats(values, missing),
            Data::Booleans(values) => Column::from_booleans(values, missing),
            Data::Dates(values) => Column::from_instants(values, missing),
            Data::Durations(values) => Column::from_integers(values, missing),
            Data::Texts { mut codes, texts } => {
                for (code, _) in
                    codes.iter_mut().zip(missing.iter().flatten()).filter(|(_, missing)| **missing)
                {
                    *code = Codes::MISSING;
                }
                let (map, distinct) = distinct(texts);
                for code in codes.iter_mut().filter(|code| **code != Codes::MISSING) {
                    *code = map[*code as usize];
                }
                Column::from_codes(codes, &Levels::new(distinct))
            }
        }
    }
}

/// The different texts in order of first appearance, and the number of each text among them.
fn distinct(texts: Vec<String>) -> (Vec<u32>, Vec<String>) {
    let mut numbers: hashbrown::HashMap<String, u32> = hashbrown::HashMap::new();
    let mut distinct = Vec::new();
    let map = texts
        .into_iter()
        .map(|text| {
            *numbers.entry(text).or_insert_with_key(|text| {
                distinct.push(text.clone());
                distinct.len() as u32 - 1
            })
        })
        .collect();
    (map, distinct)
}

/// The nearest double; exact up to 2^53 units.
pub(super) fn to_float(units: i128, places: u8) -> f64 {
    if places == 0 { units as f64 } else { units as f64 / power_of_ten(places) as f64 }
}

/// An exact number with all its places.
pub(super) fn decimal_text(units: i128, places: u8) -> String {
    if places == 0 {
        return units.to_string();
    }
    let sign = if units < 0 { "-" } else { "" };
    let unit = power_of_ten(places).unsigned_abs();
    let (whole, part) = (units.unsigned_abs() / unit, units.unsigned_abs() % unit);
    format!("{sign}{whole}.{part:0width$}", width = usize::from(places))
}
