//! Combinations of cells that occur together.

use hashbrown::HashMap;
use lookalike_table::protect::{Protection, Units};
use lookalike_table::{Codes, Column, Levels, Table};
use serde::{Deserialize, Serialize};

/// The cells of one column, one for each combination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Cells {
    Levels {
        levels: Vec<String>,
        codes: Vec<Option<u32>>,
    },
    Booleans(Vec<Option<bool>>),
    Integers(Vec<Option<i64>>),
    Unsigned(Vec<Option<u64>>),
    /// As texts, since JSON has no numbers of 128 bits.
    Decimals {
        scale: i8,
        values: Vec<Option<String>>,
    },
    Floats(Vec<Option<f64>>),
    Instants(Vec<Option<i64>>),
}

impl Cells {
    pub(crate) fn of(column: &Column) -> Cells {
        fn kept<T: Copy>(values: &[T], shown: impl Fn(usize) -> bool) -> Vec<Option<T>> {
            values.iter().enumerate().map(|(row, &value)| shown(row).then_some(value)).collect()
        }
        let missing = column.missing();
        let shown = |row: usize| !missing.as_ref().is_some_and(|flags| flags[row]);
        if let Some(codes) = column.codes() {
            // Levels that no kept combination has must not be kept either.
            let mut numbers: HashMap<u32, u32> = HashMap::new();
            let mut levels = Vec::new();
            let codes = codes
                .codes
                .iter()
                .map(|&code| {
                    (code != Codes::MISSING).then(|| {
                        *numbers.entry(code).or_insert_with(|| {
                            levels.push(codes.levels.get(code).to_owned());
                            levels.len() as u32 - 1
                        })
                    })
                })
                .collect();
            return Cells::Levels { levels, codes };
        }
        if let Some((values, scale, _)) = column.decimals() {
            let values = kept(&values, shown).into_iter().map(|value| value.map(|value| value.to_string()));
            return Cells::Decimals { scale, values: values.collect() };
        }
        if let Some((values, _)) = column.unsigned() {
            return Cells::Unsigned(kept(&values, shown));
        }
        if let Some(integers) = column.integers() {
            return if column.is_boolean() {
                Cells::Booleans(
                    kept(&integers.values, shown)
                        .into_iter()
                        .map(|value| value.map(|value| value == 1))
                        .collect(),
                )
            } else if column.is_instant() {
                Cells::Instants(kept(&integers.values, shown))
            } else {
                Cells::Integers(kept(&integers.values, shown))
            };
        }
        let numbers = column.numbers().expect("combinations are not of texts").values;
        Cells::Floats(numbers.into_iter().map(|value| (!value.is_nan()).then_some(value)).collect())
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Cells::Levels { codes, .. } => codes.len(),
            Cells::Booleans(values) => values.len(),
            Cells::Integers(values) | Cells::Instants(values) => values.len(),
            Cells::Unsigned(values) => values.len(),
            Cells::Decimals { values, .. } => values.len(),
            Cells::Floats(values) => values.len(),
        }
    }

    /// False for what could not have come from a column.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Cells::Levels { levels, codes } => {
                codes.iter().flatten().all(|&code| (code as usize) < levels.len())
            }
            Cells::Decimals { scale, values } => {
                (0..=38).contains(scale) && values.iter().flatten().all(|text| text.parse::<i128>().is_ok())
            }
            Cells::Floats(values) => values.iter().flatten().all(|value| value.is_finite()),
            _ => true,
        }
    }

    pub(crate) fn column(&self) -> Column {
        fn split<T: Copy + Default>(values: &[Option<T>]) -> (Vec<T>, Option<Vec<bool>>) {
            let missing = values.iter().any(Option::is_none);
            let flags = missing.then(|| values.iter().map(Option::is_none).collect());
            (values.iter().map(|value| value.unwrap_or_default()).collect(), flags)
        }
        match self {
            Cells::Levels { levels, codes } => Column::from_codes(
                codes.iter().map(|code| code.unwrap_or(Codes::MISSING)).collect(),
                &Levels::new(levels),
            ),
            Cells::Booleans(values) => {
                let (values, missing) = split(values);
                Column::from_booleans(values, missing)
            }
            Cells::Integers(values) => {
                let (values, missing) = split(values);
                Column::from_integers(values, missing)
            }
            Cells::Instants(values) => {
                let (values, missing) = split(values);
                Column::from_instants(values, missing)
            }
            Cells::Unsigned(values) => {
                let (values, missing) = split(values);
                Column::from_unsigned(values, missing)
            }
            Cells::Floats(values) => {
                let (values, missing) = split(values);
                Column::from_floats(values, missing)
            }
            Cells::Decimals { scale, values } => {
                let values: Vec<Option<i128>> =
                    values.iter().map(|text| text.as_ref().and_then(|text| text.parse().ok())).collect();
                let (values, missing) = split(&values);
                Column::from_decimals(values, *scale, missing).expect("the scale was checked")
            }
        }
    }
}

/// The combinations of some columns that enough units share, and each row's.
pub(super) struct Combos {
    /// Per column, its cells.
    pub(super) cells: Vec<Cells>,
    /// Each row's combination; rows of rare ones have that of another.
    pub(super) codes: Vec<u32>,
    /// How many rare combinations there were, and how many rows had one.
    pub(super) rare: (usize, usize),
}

impl Combos {
    /// `None` when no combination is shared by enough units.
    pub(super) fn learn(
        table: &Table,
        columns: &[usize],
        units: &Units,
        protection: Protection,
    ) -> Option<Combos> {
        let n_rows = table.n_rows();
        // Each column's cells as small numbers, in order of value where there is one.
        let ranked: Vec<(Vec<u32>, bool)> = columns.iter().map(|&column| ranks(table, column)).collect();
        let mut numbers: HashMap<Vec<u32>, u32> = HashMap::new();
        let mut first_rows: Vec<usize> = Vec::new();
        let codes: Vec<u32> = (0..n_rows)
            .map(|row| {
                let key: Vec<u32> = ranked.iter().map(|(ranks, _)| ranks[row]).collect();
                *numbers.entry(key).or_insert_with(|| {
                    first_rows.push(row);
                    first_rows.len() as u32 - 1
                })
            })
            .collect();
        let n_codes = first_rows.len();
        let per_code = units.per_code(&codes, n_codes);
        let mut n_of = vec![0_usize; n_codes];
        for &code in &codes {
            n_of[code as usize] += 1;
        }
        let by = ranked.iter().position(|(_, ordered)| *ordered).unwrap_or(0);
        let key = |code: usize| {
            let row = first_rows[code];
            let own: Vec<u32> = ranked.iter().map(|(ranks, _)| ranks[row]).collect();
            (own[by], own)
        };
        let mut kept: Vec<usize> =
            (0..n_codes).filter(|&code| per_code[code] >= protection.min_units).collect();
        if kept.is_empty() {
            return None;
        }
        kept.sort_by_key(|&code| key(code));
        let mut heirs = vec![u32::MAX; n_codes];
        for (place, &code) in kept.iter().enumerate() {
            heirs[code] = place as u32;
        }
        let rare: Vec<usize> = (0..n_codes).filter(|&code| heirs[code] == u32::MAX).collect();
        let commonest =
            (0..kept.len()).max_by_key(|&place| (n_of[kept[place]], usize::MAX - place)).unwrap_or(0);
        let keys: Vec<Vec<u32>> = kept.iter().map(|&code| key(code).1).collect();
        let small = rare.len().saturating_mul(kept.len()) <= 20_000_000;
        for &code in &rare {
            let own = key(code).1;
            let alike = |place: usize| own.iter().zip(&keys[place]).filter(|(a, b)| a == b).count();
            // The commonest of those that have most cells in common.
            let heir = if small {
                (0..kept.len())
                    .max_by_key(|&place| (alike(place), n_of[kept[place]], usize::MAX - place))
                    .unwrap_or(commonest)
            } else {
                commonest
            };
            heirs[code] = heir as u32;
        }
        let rows: Vec<usize> = kept.iter().map(|&code| first_rows[code]).collect();
        let cells = columns.iter().map(|&column| Cells::of(&table.column(column).take(&rows))).collect();
        let rare_rows = rare.iter().map(|&code| n_of[code]).sum();
        let codes = codes.into_iter().map(|code| heirs[code as usize]).collect();
        Some(Combos { cells, codes, rare: (rare.len(), rare_rows) })
    }
}

/// Each row's value as a number in the order of values, and whether that order means something. Missing is last.
fn ranks(table: &Table, index: usize) -> (Vec<u32>, bool) {
    let column = table.column(index);
    let described = &table.schema().columns[index];
    if let Some(codes) = column.codes() {
        if let lookalike_table::Kind::Categorical { order } = &described.kind
            && !order.is_empty()
        {
            let place: Vec<u32> = codes
                .levels
                .iter()
                .map(|level| {
                    order.iter().position(|own| own == level).map_or(u32::MAX - 1, |place| place as u32)
                })
                .collect();
            // Levels beyond the given order would look alike.
            if place.iter().all(|&place| place < u32::MAX - 1) {
                let ranks = codes
                    .codes
                    .iter()
                    .map(|&code| if code == Codes::MISSING { u32::MAX } else { place[code as usize] });
                return (ranks.collect(), true);
            }
        }
        return (codes.codes, false);
    }
    if column.is_boolean() {
        let integers = column.integers().expect("truth values are 0 and 1");
        let missing = integers.missing;
        let rank = |(row, &value): (usize, &i64)| {
            if missing.as_ref().is_some_and(|flags| flags[row]) { u32::MAX } else { value as u32 }
        };
        return (integers.values.iter().enumerate().map(rank).collect(), false);
    }
    let Some(numbers) = column.numbers() else { return (vec![0; column.len()], false) };
    // Exact values that one double stands for are few and far; they would be one combination.
    let mut sorted: Vec<f64> = numbers.values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let rank = |value: &f64| {
        if value.is_nan() {
            u32::MAX
        } else {
            sorted.partition_point(|other| other.total_cmp(value).is_lt()) as u32
        }
    };
    (numbers.values.iter().map(rank).collect(), true)
}
