use std::ops::Range;

use lookalike_core::{Context, Seed};
use lookalike_learn::neighbours::nearest_other;
use lookalike_table::protect::{Protection, Units};
use lookalike_table::{Codes, Table};

use super::AuditOptions;
use super::cells::{Cells, Compared};
use super::result::RecordKind;
use crate::error::{Error, Result};

/// The records that attacks look for, and the rows that are learned from in every refit.
pub(super) struct Targets {
    /// The rows of all records, record after record.
    pub(super) table: Table,
    pub(super) records: Vec<Record>,
    /// The rows that are learned from in every refit.
    pub(super) background: Table,
}

/// What is in a refit or out of it as a whole: a row, or the rows of a unit.
pub(super) struct Record {
    pub(super) kind: RecordKind,
    /// Its rows in the table of records.
    pub(super) rows: Range<usize>,
    /// The numbers in the audited table of its rows, or of the row that a planted one takes the place of.
    pub(super) sources: Vec<usize>,
}

/// The most rows that outlying ones are looked for among.
const MOST_CANDIDATES: usize = 1 << 14;

/// The share of the smallest, and of the largest numbers that planted records are made of.
const TAIL: f64 = 0.05;

impl Targets {
    pub(super) fn choose(
        table: &Table,
        units: &Units,
        compared: &Compared,
        protection: Protection,
        options: &AuditOptions,
        context: &Context<'_>,
    ) -> Result<Self> {
        let each = options.targets;
        let wanted = each.saturating_mul(3);
        if wanted > units.len() / 2 {
            return Err(Error::Audit {
                problem: format!(
                    "{each} targets of three kinds each are more than half of the {} units (rows, unless a column names \
                     them); ask for fewer targets",
                    units.len()
                ),
            });
        }
        let mut rows_of_unit = vec![Vec::new(); units.len()];
        for row in 0..table.n_rows() {
            rows_of_unit[units.unit_of(row) as usize].push(row);
        }
        let mut order = context.seed.stream("audit units", 0).permutation(units.len());
        let ordinary: Vec<usize> = order.drain(..each).collect();
        let donors: Vec<usize> = order.drain(..each).collect();
        let outlying = outlying(table, units, compared, &order, each, context)?;
        order.retain(|unit| !outlying.contains(unit));

        let mut sources = Vec::new();
        let mut records = Vec::new();
        for (kind, chosen) in [(RecordKind::Ordinary, ordinary), (RecordKind::Outlying, outlying)] {
            for unit in chosen {
                let rows = rows_of_unit[unit].clone();
                records.push(Record {
                    kind,
                    rows: sources.len()..sources.len() + rows.len(),
                    sources: rows.clone(),
                });
                sources.extend(rows);
            }
        }
        let real = sources.len();
        let donors: Vec<usize> = donors.into_iter().map(|unit| rows_of_unit[unit][0]).collect();
        for (number, &donor) in donors.iter().enumerate() {
            let kind = RecordKind::Planted;
            records.push(Record { kind, rows: real + number..real + number + 1, sources: vec![donor] });
        }
        let planted = planted(table, units, compared, protection, &donors, context.seed)?;
        Ok(Targets {
            table: Table::concat(&[table.take(&sources), planted])?,
            records,
            background: background(table, &rows_of_unit, &order, options)?,
        })
    }
}

/// The units among `order` of which a row is farthest from its nearest other row, the farthest first.
fn outlying(
    table: &Table,
    units: &Units,
    compared: &Compared,
    order: &[usize],
    each: usize,
    context: &Context<'_>,
) -> Result<Vec<usize>> {
    let candidates = context.seed.stream("audit candidates", 0).choose(table.n_rows(), MOST_CANDIDATES);
    let points = compared.points(&table.take(&candidates));
    let distances = nearest_other(&points, context.progress).map_err(lookalike_table::Error::from)?;
    let mut farthest = vec![None; units.len()];
    for (&row, &distance) in candidates.iter().zip(&distances) {
        let own: &mut Option<u64> = &mut farthest[units.unit_of(row) as usize];
        *own = (*own).max(Some(distance));
    }
    let mut found = order.to_vec();
    found.sort_by_key(|&unit| (std::cmp::Reverse(farthest[unit]), unit));
    found.truncate(each);
    Ok(found)
}

/// The rows of these units, as many units as it takes for the rows wanted.
fn background(
    table: &Table,
    rows_of_unit: &[Vec<usize>],
    order: &[usize],
    options: &AuditOptions,
) -> Result<Table> {
    let available: usize = order.iter().map(|&unit| rows_of_unit[unit].len()).sum();
    let wanted = options.rows.unwrap_or(available);
    if wanted > available {
        return Err(Error::Audit {
            problem: format!(
                "{wanted} rows are to be learned from in every refit, and besides the chosen records there are \
                 {available}; ask for fewer rows"
            ),
        });
    }
    let mut rows = Vec::with_capacity(wanted);
    for &unit in order {
        if rows.len() >= wanted {
            break;
        }
        rows.extend_from_slice(&rows_of_unit[unit]);
    }
    rows.sort_unstable();
    Ok(table.take(&rows))
}

/// Records that nobody has: each cell is one that others have, and all are drawn independently of each other. A number is
/// that of a row among the smallest or, as likely, the largest twentieth; of the levels that enough units share each is
/// equally likely, however rare. Keys and texts, and the unit, are those of the donor, a row that is left out of all
/// refits.
fn planted(
    table: &Table,
    units: &Units,
    compared: &Compared,
    protection: Protection,
    donors: &[usize],
    seed: Seed,
) -> Result<Table> {
    let columns = (0..table.n_columns())
        .map(|index| {
            if !compared.columns.contains(&index) {
                return table.column(index).take(donors);
            }
            let cells = Cells::of(&table.schema().columns[index].kind, table.column(index));
            let choices = Choices::of(&cells, units, protection);
            let mut stream = seed.stream("audit planted", index as u64);
            let rows: Vec<usize> = donors
                .iter()
                .map(|_| {
                    let side = &choices.sides[stream.below(choices.sides.len() as u64) as usize];
                    side[stream.below(side.len() as u64) as usize]
                })
                .collect();
            table.column(index).take(&rows)
        })
        .collect();
    Ok(Table::new(table.schema().clone(), columns)?)
}

/// Rows that a planted record may take the cell of a column from.
struct Choices {
    /// Each side is equally likely, and so is each of its rows.
    sides: Vec<Vec<usize>>,
}

impl Choices {
    fn of(cells: &Cells, units: &Units, protection: Protection) -> Self {
        match cells {
            Cells::Numbers(values) => {
                let mut rows: Vec<usize> = (0..values.len()).filter(|&row| values[row].is_finite()).collect();
                rows.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
                if rows.is_empty() {
                    return Choices { sides: vec![vec![0]] };
                }
                let tail = (rows.len() as f64 * TAIL).ceil() as usize;
                Choices { sides: vec![rows[..tail].to_vec(), rows[rows.len() - tail..].to_vec()] }
            }
            Cells::Levels { codes, count } => {
                let shared = units.per_code(codes, *count);
                let mut first = vec![None; *count];
                for (row, &code) in
                    codes.iter().enumerate().rev().filter(|(_, code)| **code != Codes::MISSING)
                {
                    first[code as usize] = Some(row);
                }
                let with = |least: u32| -> Vec<usize> {
                    let levels = first.iter().zip(&shared).filter(|(_, shared)| **shared >= least);
                    levels.filter_map(|(row, _)| *row).collect()
                };
                let common = with(protection.min_units);
                Choices { sides: vec![if common.is_empty() { with(0) } else { common }] }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_numbers_are_extreme_and_levels_are_shared() {
        let units = Units::rows(100);
        let values = (0..100).map(|row| if row == 99 { f64::NAN } else { f64::from(row) }).collect();
        let choices = Choices::of(&Cells::Numbers(values), &units, Protection::default());
        assert_eq!(choices.sides, [vec![0, 1, 2, 3, 4], vec![94, 95, 96, 97, 98]]);
        let codes = (0..100).map(|row| if row < 4 { 1 } else { 2 * u32::from(row % 10 == 0) }).collect();
        let levels = Cells::Levels { codes, count: 3 };
        assert_eq!(Choices::of(&levels, &units, Protection::default()).sides, [vec![4, 10]]);
        assert_eq!(Choices::of(&levels, &units, Protection::none()).sides, [vec![4, 0, 10]]);
    }
}
