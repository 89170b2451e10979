//! What comes before a network learns: rows as it reads them, and which of them are held out.

use lookalike_core::Context;
use lookalike_table::Table;
use lookalike_table::protect::Units;

use super::layout::{Encoding, Layout, Rows};
use crate::error::Result;
use crate::frame::{FitOptions, Frame};
use crate::level_order::arrange_levels;

/// Most rows that are held out.
const MOST_HELD_OUT: usize = 5000;
/// Fewer rows are all learned from.
const LEAST_ROWS: usize = 500;

/// A table as networks that turn noise into rows see it.
pub(crate) struct Prepared {
    pub(crate) frame: Frame,
    pub(crate) layout: Layout,
    pub(crate) rows: Rows,
    pub(crate) sides: Sides,
}

/// Numbers of rows, in random order.
#[derive(Debug)]
pub(crate) struct Sides {
    pub(crate) learned: Vec<u32>,
    pub(crate) held_out: Vec<u32>,
}

impl Prepared {
    pub(crate) fn new(
        table: &Table,
        options: &FitOptions,
        encoding: Encoding,
        context: &Context<'_>,
    ) -> Result<Self> {
        let (mut frame, mut encoded) = Frame::fit(table, options, context)?;
        arrange_levels(&mut frame, &mut encoded, context)?;
        let mut layout = Layout::new(&frame, encoding);
        let instants = |column: usize| {
            let Some(found) = table.column(column).integers() else { return vec![None; table.n_rows()] };
            let missing = found.missing.unwrap_or_else(|| vec![false; found.values.len()]);
            found
                .values
                .into_iter()
                .zip(missing)
                .map(|(instant, missing)| (!missing).then_some(instant))
                .collect()
        };
        let rows = layout.encode(&encoded, table.n_rows(), &instants, context.seed);
        layout.count_cycles(&rows);
        let sides = Sides::new(&encoded.units, context);
        Ok(Prepared { frame, layout, rows, sides })
    }
}

impl Sides {
    /// Holds out about a twentieth of the rows, where there are rows enough to lose them: whole units, since the rows of one
    /// tell of each other. A unit that is more than twice as much is not held out.
    pub(crate) fn new(units: &Units, context: &Context<'_>) -> Self {
        let n_rows = units.n_rows();
        let order = context.seed.stream("held out", 0).permutation(n_rows);
        let mut learned: Vec<u32> = order.into_iter().map(|row| row as u32).collect();
        let wanted = if n_rows >= LEAST_ROWS { (n_rows / 20).min(MOST_HELD_OUT) } else { 0 };
        if units.are_rows() {
            let held_out = learned.split_off(n_rows - wanted);
            return Sides { learned, held_out };
        }
        let mut sizes = vec![0; units.len()];
        for &row in &learned {
            sizes[units.unit_of(row as usize) as usize] += 1;
        }
        let (mut is_out, mut seen, mut count) = (vec![false; units.len()], vec![false; units.len()], 0);
        for &row in learned.iter().rev() {
            let unit = units.unit_of(row as usize) as usize;
            if !std::mem::replace(&mut seen[unit], true) && count + sizes[unit] <= 2 * wanted {
                is_out[unit] = true;
                count += sizes[unit];
            }
            if count >= wanted {
                break;
            }
        }
        let (held_out, learned) =
            learned.into_iter().partition(|&row| is_out[units.unit_of(row as usize) as usize]);
        Sides { learned, held_out }
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;
    use lookalike_table::schema::NumberFormat;
    use lookalike_table::{Column, ColumnSchema, Kind, Schema};

    use super::*;

    fn of(units: Vec<i64>) -> Sides {
        let schema = Schema::new(vec![ColumnSchema::new("who", Kind::Numerical(NumberFormat::default()))]);
        let table = Table::new(schema.into(), vec![Column::from_integers(units, None)]).expect("a table");
        Sides::new(&Units::of_column(&table, 0).expect("units"), &Context::new(Seed::new(1)))
    }

    #[test]
    fn units_are_held_out_whole() {
        let sides = of((0..4000).map(|row| row / 10).collect());
        assert!((200..=400).contains(&sides.held_out.len()), "{}", sides.held_out.len());
        assert_eq!(sides.held_out.len() + sides.learned.len(), 4000);
        let unit = |row: &u32| row / 10;
        let out: Vec<u32> = sides.held_out.iter().map(unit).collect();
        assert!(sides.learned.iter().all(|row| !out.contains(&unit(row))));
    }

    #[test]
    fn a_unit_of_half_the_rows_is_learned_from() {
        let sides = of((0..4000).map(|row| if row < 2000 { 0 } else { row }).collect());
        assert!(sides.held_out.len() >= 200 && sides.held_out.iter().all(|&row| row >= 2000));
        // One unit alone cannot be held out.
        assert!(of(vec![7; 1000]).held_out.is_empty());
    }

    #[test]
    fn of_few_rows_none_are_held_out() {
        let context = Context::new(Seed::new(1));
        assert!(Sides::new(&Units::rows(499), &context).held_out.is_empty());
        assert_eq!(Sides::new(&Units::rows(500), &context).held_out.len(), 25);
    }
}
