//! Drawing rows in which constraints hold.

use lookalike_core::{Context, Seed, Topic, Warning};
use lookalike_table::{Column, Table, spelling};

use super::distinct;
use super::given::Pins;
use super::inverse::{Origin, origins};
use super::model::ConstrainedModel;
use super::numbered::{self, Prepared};
use super::request::{Given, Translated, holds};
use crate::condition::Condition;
use crate::error::{Error, Result};
use crate::frame::{Frame, Presence, Source};
use crate::request::Request;
use crate::sampler::{BLOCK_ROWS, Blocks, SampleRequest};

/// Blocks that are drawn at most for one block of rows, where rows have to be drawn again.
pub(crate) const MOST_ROUNDS: u64 = 400;
/// From this round on, combinations that do not have the given cells are exchanged for ones that have.
const FIRST_EXCHANGE: u64 = 4;
/// How far the numbers of blocks that are drawn again lie from those of the rows that they are drawn for.
const APART: u64 = 1 << 32;

/// What draws the rows of a request.
pub(super) fn draw<'a>(
    model: &'a ConstrainedModel,
    request: &SampleRequest,
    context: &Context<'a>,
) -> Result<(Box<dyn Blocks + 'a>, Vec<Warning>)> {
    let translated = Translated::new(model, request)?;
    let frame = model.inner.frame();
    let (first, warnings) =
        model.inner.draw(&translated.inner, context).map_err(|error| model.named(error))?;
    let mut warnings: Vec<Warning> = warnings.into_iter().map(|warning| model.about_outer(warning)).collect();
    let seed = context.seed.derive("constraints");
    let prepared = numbered::prepare(&model.plan, &model.rules, frame, seed, request.rows.end)?;
    let rows_go_on = translated.given.as_ref().is_some_and(|given| given.n_rows > 0);
    if rows_go_on && !model.plan.numbered.is_empty() {
        warnings.push(Warning::new(
            Topic::Sampling,
            "given rows are completed without making them unique or putting them in order: constraints on that may not hold",
        ));
    }
    let prepared = if rows_go_on { Vec::new() } else { prepared };
    let asks = !translated.conditions.is_empty()
        || !model.plan.residual.is_empty()
        || translated.given.as_ref().is_some_and(|given| !given.open.is_empty());
    let again = if asks {
        let mut resolved = Request::new(&translated.inner, frame)?;
        // Keys are those of the first draw: each belongs to a row, not to a draw.
        resolved.wanted = Some(of_rows(frame).into_iter().map(|of_row| !of_row).collect());
        Some(model.inner.blocks(resolved, request.rows.end, context)?.0)
    } else {
        None
    };
    let blocks = Constrained {
        model,
        first,
        again,
        prepared,
        conditions: translated.conditions,
        given: translated.given,
        seed: context.seed,
    };
    if blocks.again.is_some() {
        if !blocks.conditions.is_empty() {
            warnings.push(Warning::new(
                Topic::Sampling,
                "conditions on columns that follow from others were met by drawing rows again: they hold exactly, and \
                 fitting with --condition-on may make that quicker",
            ));
        }
        // What cannot be met is to be known before anything is written.
        if request.rows.start < request.rows.end {
            blocks.block(request.rows.start / BLOCK_ROWS as u64)?;
        }
    }
    Ok((Box::new(blocks), warnings))
}

/// Columns that belong to rows, not to draws: keys, and stand-ins that nothing leaves out.
fn of_rows(frame: &Frame) -> Vec<bool> {
    let of_row = |(source, presence): (&Source, &Presence)| match source {
        Source::Keys(_) => true,
        Source::Fakes(_) => *presence == Presence::Always,
        _ => false,
    };
    frame.sources.iter().zip(&frame.presence).map(of_row).collect()
}

struct Constrained<'a> {
    model: &'a ConstrainedModel,
    first: Box<dyn Blocks + 'a>,
    /// Draws further rows for the same requests, without keys.
    again: Option<Box<dyn Blocks + 'a>>,
    prepared: Vec<Prepared>,
    conditions: Vec<Condition>,
    given: Option<Given>,
    seed: Seed,
}

impl Blocks for Constrained<'_> {
    fn block(&self, block: u64) -> Result<Table> {
        let drawn = self.first.block(block).map_err(|error| self.model.named(error))?;
        let (drawn, origins) = match &self.again {
            None => (drawn, origins(block)),
            Some(again) => self.chosen(&drawn, again.as_ref(), block)?,
        };
        let seed = self.seed.derive("constraints");
        let numbered = numbered::apply(&self.prepared, drawn, block, seed)?;
        let outer =
            self.model.inverse(self.seed).table(&numbered, &origins, self.pins(block, true).as_ref())?;
        if self.in_place().is_some() {
            return Ok(outer);
        }
        distinct::with_keys(&self.model.plan, self.model.inner.frame(), outer, block, seed)
    }
}

impl Constrained<'_> {
    /// Given rows belong to their numbers; all others are as good in any place.
    fn in_place(&self) -> Option<&Given> {
        self.given.as_ref().filter(|given| given.n_rows > 0)
    }

    /// The given cells of a block's rows, where the inner model cannot be told all of them.
    ///
    /// What fits without an exchange of combinations is the same with it.
    fn pins(&self, block: u64, exchange: bool) -> Option<Pins> {
        let given = self.in_place().filter(|given| !given.open.is_empty())?;
        let first = block * BLOCK_ROWS as u64;
        let rows: Vec<usize> =
            (0..BLOCK_ROWS as u64).map(|row| ((first + row) % given.n_rows) as usize).collect();
        let cells = given.cells.iter().map(|cells| cells.as_ref().map(|cells| cells.take(&rows)));
        Some(Pins::new(cells.collect(), rows.len(), exchange))
    }

    /// An inner block of which every row fulfils what is asked, and where each row was drawn.
    fn chosen(&self, first: &Table, again: &dyn Blocks, block: u64) -> Result<(Table, Vec<Origin>)> {
        let n_rows = first.n_rows();
        let keys = of_rows(self.model.inner.frame());
        let in_place = self.in_place();
        let apart = in_place
            .map_or(APART, |given| given.n_rows.saturating_mul(APART / given.n_rows.clamp(1, APART) + 1));
        let mut parts: Vec<Table> = Vec::new();
        let mut drawn_at: Vec<Origin> = Vec::new();
        let mut places: Vec<Option<usize>> = vec![None; n_rows];
        let (mut found, mut total) = (0, 0);
        for round in 0..MOST_ROUNDS {
            let number = block + round * apart;
            let drawn = if round == 0 { first.clone() } else { again.block(number)? };
            let own = origins(number);
            let fits = self.fits(&drawn, &own, self.pins(block, round >= FIRST_EXCHANGE).as_ref(), block)?;
            let rows: Vec<usize> = (0..n_rows)
                .filter(|&row| fits[row] && (in_place.is_none() || places[row].is_none()))
                .take(if in_place.is_none() { n_rows - found } else { n_rows })
                .collect();
            drawn_at.extend(rows.iter().map(|&row| own[row]));
            for (number, &row) in rows.iter().enumerate() {
                let place = if in_place.is_some() { row } else { found + number };
                places[place] = Some(total + number);
            }
            found += rows.len();
            total += rows.len();
            if !rows.is_empty() {
                parts.push(drawn.take(&rows));
            }
            if found == n_rows {
                break;
            }
            if round + 1 == MOST_ROUNDS {
                return Err(self.rare(&places, block));
            }
        }
        let order: Vec<usize> = places.into_iter().flatten().collect();
        let columns = (0..first.n_columns())
            .map(|index| {
                if keys[index] {
                    return Ok(first.column(index).clone());
                }
                let all: Vec<&Column> = parts.iter().map(|part| part.column(index)).collect();
                Ok(Column::concat(&all)?.take(&order))
            })
            .collect::<Result<Vec<_>>>()?;
        let chosen_at = order.iter().map(|&place| drawn_at[place]).collect();
        Ok((Table::new(first.schema().clone(), columns)?, chosen_at))
    }

    /// Which rows of an inner table come to outer ones that fulfil what is asked.
    fn fits(&self, inner: &Table, origins: &[Origin], pins: Option<&Pins>, block: u64) -> Result<Vec<bool>> {
        let schema = &self.model.schema;
        let outer = self.model.inverse(self.seed).table(inner, origins, pins)?;
        let mut fits = vec![true; outer.n_rows()];
        for condition in &self.conditions {
            let column = outer.column(condition.column);
            let flags = holds(condition, column, schema).unwrap_or_default();
            for (fits, holds) in fits.iter_mut().zip(flags) {
                *fits &= holds;
            }
        }
        // Given cells stand where they are given, whatever was drawn beside them.
        let by_number: Vec<usize> = self.model.numbered().collect();
        let looked_at: Vec<usize> = if self.in_place().is_some() {
            (0..self.model.rules.rules.len()).filter(|index| !by_number.contains(index)).collect()
        } else {
            self.model.plan.residual.clone()
        };
        for index in looked_at {
            for (fits, broken) in fits.iter_mut().zip(self.model.rules.violations(index, &outer)) {
                *fits &= !broken;
            }
        }
        if let Some(given) = self.in_place() {
            let first = block * BLOCK_ROWS as u64;
            for (column, texts) in &given.open {
                let drawn = spelling::spell(&schema.columns[*column], outer.column(*column));
                for (row, fits) in fits.iter_mut().enumerate() {
                    let wanted = &texts[((first + row as u64) % given.n_rows) as usize];
                    *fits &= wanted.is_none() || *wanted == drawn[row];
                }
            }
        }
        Ok(fits)
    }

    fn rare(&self, places: &[Option<usize>], block: u64) -> Error {
        if let Some(given) = self.in_place().filter(|given| !given.open.is_empty()) {
            let row = places.iter().position(Option::is_none).unwrap_or(0) as u64 + block * BLOCK_ROWS as u64;
            return Error::UnmetRow {
                row: row % given.n_rows + 1,
                constraint: given
                    .open
                    .iter()
                    .find_map(|(column, _)| {
                        let name = &self.model.schema.columns[*column].name;
                        self.model.rules.declared.iter().find(|declared| declared.columns().contains(name))
                    })
                    .map_or_else(String::new, ToString::to_string),
            };
        }
        let name = |column: usize| self.model.schema.columns[column].name.clone();
        match (self.conditions.first(), self.model.plan.residual.first()) {
            (Some(condition), _) => {
                let column = name(condition.column);
                let constraint =
                    self.model.rules.declared.iter().find(|declared| declared.columns().contains(&column));
                Error::RareWithConstraint {
                    column,
                    constraint: constraint.map_or_else(String::new, ToString::to_string),
                }
            }
            (None, Some(&index)) => Error::Unmet { constraint: self.model.rules.text(index) },
            (None, None) => Error::Unmet { constraint: String::new() },
        }
    }
}
