//! Filling the gaps of a table so that its constraints hold.

use std::sync::Arc;

use lookalike_core::{Context, Topic, Warning};
use lookalike_table::{Column, Kind, Schema, Table};

use super::forward::Gaps;
use super::given::Pins;
use super::model::ConstrainedModel;
use super::plan::Step;
use crate::error::Result;
use crate::impute::{Imputed, described_as, fill};
use crate::sampler::BLOCK_ROWS;
use crate::words::counted;

/// How often gaps are filled anew that a constraint does not allow.
const MOST_ROUNDS: u64 = 16;

/// From this round on, combinations that do not have the given cells are exchanged for ones that have.
const FIRST_EXCHANGE: u64 = 4;

/// A column's place in the table, its number in the model, and where it is open.
type Open = (usize, usize, Vec<bool>);

impl ConstrainedModel {
    /// Draws every missing cell of the columns that the model knows, given the other cells of its row. Where what was drawn
    /// and what was given break a constraint, it is drawn again, at most sixteen times; then the cells stay missing, with a
    /// warning.
    pub(crate) fn impute(&self, table: &Table, context: &Context<'_>) -> Result<Imputed> {
        let names = |index: usize| &table.schema().columns[index].name;
        let known: Vec<(usize, usize)> = (0..table.n_columns())
            .filter(|&place| self.schema.columns.iter().any(|column| column.name == *names(place)))
            .map(|place| {
                // A name that either side repeats says no column.
                table.schema().index_of(names(place))?;
                Ok((place, self.schema.index_of(names(place))?))
            })
            .collect::<Result<_>>()?;
        let mut columns: Vec<Column> = table.columns().to_vec();
        let mut filled = vec![0_u64; table.n_columns()];
        let open: Vec<Open> = known
            .iter()
            .filter_map(|&(place, number)| Some((place, number, table.column(place).missing()?)))
            .collect();
        let mut rows: Vec<usize> =
            (0..table.n_rows()).filter(|&row| open.iter().any(|(_, _, flags)| flags[row])).collect();
        let mut warnings = Vec::new();
        let places: Vec<usize> = known.iter().map(|(place, _)| *place).collect();
        for round in 0..MOST_ROUNDS {
            if rows.is_empty() {
                break;
            }
            let seed = if round == 0 {
                context.seed
            } else {
                context.seed.derive("again").derive(&round.to_string())
            };
            let given = self.given(&table.select(&places).take(&rows))?;
            let given = self.solved(&given, rows.len())?;
            let inner = self.inner_table(&given, rows.len(), Gaps::Unknown)?;
            let context = Context { seed, checkpoint: None, ..*context };
            let drawn = self.inner.impute(&inner, &context).map_err(|error| self.named(error))?;
            if round == 0 {
                warnings.extend(drawn.warnings.into_iter().map(|warning| self.about_outer(warning)));
            }
            let drawn = self.present(&drawn.table)?;
            let origins: Vec<(u64, u32)> =
                (0..rows.len()).map(|row| ((row / BLOCK_ROWS) as u64, (row % BLOCK_ROWS) as u32)).collect();
            let pins = Pins::new(given, rows.len(), round >= FIRST_EXCHANGE);
            let outer = self.inverse(seed).table(&drawn, &origins, Some(&pins))?;
            // What was given stays, whatever was drawn beside it.
            let mut whole = outer.columns().to_vec();
            for &(place, number, ref flags) in &open {
                let own = columns[place].take(&rows);
                let gaps: Vec<bool> = rows.iter().map(|&row| flags[row]).collect();
                let every: Vec<usize> = (0..rows.len()).collect();
                whole[number] = fill(&own, &whole[number], &every, &gaps)?;
            }
            for &(place, number) in &known {
                if !open.iter().any(|(own, ..)| *own == place) {
                    whole[number] = columns[place].take(&rows);
                }
            }
            let whole = self.lenient(whole);
            let mut broken = vec![false; rows.len()];
            let numbered: Vec<usize> = self.numbered().collect();
            if let Some(whole) = &whole {
                for index in (0..self.rules.rules.len()).filter(|index| !numbered.contains(index)) {
                    for (broken, flag) in broken.iter_mut().zip(self.rules.violations(index, whole)) {
                        *broken |= flag;
                    }
                }
                self.mark_unknown(whole, &rows, &open, &mut broken)?;
            }
            for (place, number, flags) in &open {
                let all = flags.clone();
                let keep: Vec<usize> = (0..rows.len()).filter(|&row| !broken[row]).collect();
                let own_rows: Vec<usize> = keep.iter().map(|&row| rows[row]).collect();
                let values = outer.column(*number).take(&keep);
                let gone = values.missing();
                filled[*place] += own_rows
                    .iter()
                    .enumerate()
                    .filter(|&(number, &row)| all[row] && !gone.as_ref().is_some_and(|gone| gone[number]))
                    .count() as u64;
                columns[*place] = fill(&columns[*place], &values, &own_rows, &all)?;
            }
            rows = rows.into_iter().zip(broken).filter(|(_, broken)| *broken).map(|(row, _)| row).collect();
        }
        if !rows.is_empty() {
            warnings.push(Warning::new(
                Topic::Sampling,
                format!(
                    "gaps in {} stay as they are: nothing that was drawn for them fits the given cells and the constraints",
                    counted(rows.len() as u64, "row")
                ),
            ));
        }
        if self.numbered().next().is_some() {
            warnings.push(Warning::new(
                Topic::Sampling,
                "gaps are filled without making rows unique or putting them in order: constraints on that may not hold",
            ));
        }
        let schema = described_as(Schema::clone(table.schema()), &known, &columns);
        Ok(Imputed { table: Table::new(Arc::new(schema), columns)?, filled, warnings })
    }

    /// Marks rows in which a filled cell and given ones make a combination that the model does not know.
    fn mark_unknown(&self, whole: &Table, rows: &[usize], open: &[Open], broken: &mut [bool]) -> Result<()> {
        let given: Vec<Option<Column>> = whole.columns().iter().cloned().map(Some).collect();
        let inner = self.inner_table(&given, rows.len(), Gaps::Missing)?;
        for step in &self.plan.steps {
            let Step::Joint { columns, from, .. } = step else { continue };
            let Some(unknown) = inner.column(*from).missing() else { continue };
            for (place, &row) in rows.iter().enumerate() {
                let was_open = open.iter().any(|(_, number, flags)| columns.contains(number) && flags[row]);
                broken[place] |= unknown[place] && was_open;
            }
        }
        Ok(())
    }

    /// Gaps are to be filled: what says whether a computed value is there says yes.
    fn present(&self, drawn: &Table) -> Result<Table> {
        let mut columns = drawn.columns().to_vec();
        for step in &self.plan.steps {
            if let Step::Computed { present: Some(from), .. } = step {
                columns[*from] = Column::from_booleans(vec![true; drawn.n_rows()], None);
            }
        }
        Ok(Table::new(drawn.schema().clone(), columns)?)
    }

    /// A table of these columns, if they are stored as the model's are.
    fn lenient(&self, columns: Vec<Column>) -> Option<Table> {
        let fits = |(column, described): (&Column, &lookalike_table::ColumnSchema)| match described.kind {
            Kind::Id(_) => true,
            _ => described.kind.fits(column),
        };
        if !columns.iter().zip(&self.schema.columns).all(fits) {
            return None;
        }
        Table::new(self.schema.clone(), columns).ok()
    }
}
