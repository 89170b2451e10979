//! What all methods share about a table: for each column, how segment numbers turn into values and back.

use std::sync::Arc;

use hashbrown::HashMap;
use lookalike_core::{Context, Phase, Seed, Topic, Warning};
use lookalike_table::protect::{Protection, Units};
use lookalike_table::{Codes, Column, Kind, Levels, Schema, Table};
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::margin::{self, Margin};
use crate::prose::{Outcome, Prose};
use crate::standin::{self, FakeColumn, StandIns, warning_of_pseudonyms};
use crate::text::Texts;
use crate::words::counted;

/// What a method is told besides the table.
#[derive(Debug, Clone, Default)]
pub struct FitOptions {
    /// The column that models will predict, if there is one: its classes are never lost silently.
    pub target: Option<usize>,
    /// The column whose values tell units (such as patients) apart; each row is a unit if there is none.
    pub unit: Option<usize>,
    /// Columns that sampling will put conditions on. Methods that need to know it beforehand put them first; all
    /// others accept conditions on any column.
    pub condition_on: Vec<usize>,
    /// What is withheld because too few units share it.
    pub protection: Protection,
    /// What comes in place of personal data.
    pub stand_ins: StandIns,
}

/// When a column has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// In every row.
    Always,
    /// In no row.
    Never,
    /// Where the mask with this number says so; columns that are missing in the same rows share a mask.
    Mask(usize),
}

/// Where a column's values come from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    /// A margin, driven by the method.
    Margin(Margin),
    /// A pattern that unique keys follow.
    Keys(Keys),
    /// The shape of texts.
    Texts(Texts),
    /// Words and what follows them.
    Prose(Box<Prose>),
    /// Nothing of the table's: stand-ins for personal data.
    Fakes(FakeColumn),
    /// Nothing: the column is missing throughout, and the margin's absence leaves only its type.
    Nothing,
}

/// Rows that a mask leaves without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mask {
    pub(crate) missing: u64,
}

/// The parts of a model that do not depend on the method.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Frame {
    pub(crate) schema: Arc<Schema>,
    pub(crate) n_rows: u64,
    pub(crate) n_units: u64,
    pub(crate) unit: Option<usize>,
    pub(crate) target: Option<usize>,
    pub(crate) protection: Protection,
    pub(crate) sources: Vec<Source>,
    pub(crate) presence: Vec<Presence>,
    pub(crate) masks: Vec<Mask>,
    pub(crate) warnings: Vec<Warning>,
}

/// The training rows as a method sees them.
#[derive(Debug)]
pub(crate) struct Encoded {
    /// Per column, the segment per row ([`lookalike_table::Codes::MISSING`] where missing); empty for columns
    /// without a margin.
    pub(crate) segments: Vec<Vec<u32>>,
    /// Per mask, a flag per row: true where missing.
    pub(crate) masks: Vec<Vec<bool>>,
    /// Whose each row is.
    pub(crate) units: Units,
}

impl Frame {
    /// The margin of a column that has a variable, and so has one.
    pub(crate) fn margin(&self, column: usize) -> &Margin {
        match &self.sources[column] {
            Source::Margin(margin) => margin,
            _ => unreachable!("columns with a variable have a margin"),
        }
    }

    /// Learns margins, key patterns and text shapes of all columns, under the protection rule.
    pub(crate) fn fit(
        table: &Table,
        options: &FitOptions,
        context: &Context<'_>,
    ) -> Result<(Frame, Encoded)> {
        if table.n_columns() == 0 {
            return Err(Error::NoColumns);
        }
        if table.n_rows() == 0 {
            return Err(Error::NoRows);
        }
        let units = match options.unit {
            Some(column) => Units::of_column(table, column)?,
            None => Units::rows(table.n_rows()),
        };
        if units.len() < options.protection.min_units as usize {
            return Err(Error::TooFewUnits { units: units.len(), min_units: options.protection.min_units });
        }
        if let Some(target) = options.target {
            check_target(table, target, &units, options.protection)?;
        }
        let fakes = standin::columns(table, &options.stand_ins, options.protection.min_units);
        let phase = Phase::begin(context.progress, "learning columns", Some(table.n_columns() as u64));
        let learned: Vec<Learned> = (0..table.n_columns())
            .into_par_iter()
            .map(|index| {
                let learned = match fakes[index] {
                    Some(fake) => Learned::fakes(table, index, fake),
                    None => learn_column(table, index, &units, options.protection, context.seed),
                };
                phase.advance(1)?;
                Ok(learned)
            })
            .collect::<Result<_>>()?;
        drop(phase);
        let mut warnings = Vec::new();
        let (mut sources, mut segments) = (Vec::new(), Vec::new());
        for mut column in learned {
            warnings.append(&mut column.warnings);
            sources.push(column.source);
            segments.push(column.segments);
        }
        let schema = table.schema();
        warnings
            .extend(options.stand_ins.consistent.iter().map(|&c| warning_of_pseudonyms(&schema.columns[c])));
        let (presence, masks, flags) = masks(table, &sources, &units, options.protection, &mut warnings);
        let mut frame = Frame {
            schema: table.schema().clone(),
            n_rows: table.n_rows() as u64,
            n_units: units.len() as u64,
            unit: options.unit,
            target: options.target,
            protection: options.protection,
            sources,
            presence,
            masks,
            warnings,
        };
        frame.protect_schema();
        Ok((frame, Encoded { segments, masks: flags, units }))
    }

    /// A column of missing values of the type that the schema asks for.
    pub(crate) fn missing_column(&self, index: usize, length: usize) -> Column {
        let flags = || Some(vec![true; length]);
        match (&self.sources[index], &self.schema.columns[index].kind) {
            (Source::Margin(margin), _) => margin.support.all_missing(length),
            (_, Kind::Categorical { .. }) => {
                Column::from_codes(vec![Codes::MISSING; length], &Levels::new(std::iter::empty::<&str>()))
            }
            (_, Kind::Boolean(_)) => Column::from_booleans(vec![false; length], flags()),
            (_, Kind::Datetime(_)) => Column::from_instants(vec![0; length], flags()),
            (_, Kind::Image(format)) => Column::missing_images(length, format.size().unwrap_or(1)),
            (_, Kind::Numerical(format)) if format.integer => Column::from_integers(vec![0; length], flags()),
            (_, Kind::Numerical(_)) => Column::from_floats(vec![0.0; length], flags()),
            _ if self.keys_are_numbers(index) => Column::from_integers(vec![0; length], flags()),
            _ => Column::from_texts((0..length).map(|_| None::<&str>)),
        }
    }

    /// True for a column of keys that are whole numbers.
    pub(crate) fn keys_are_numbers(&self, index: usize) -> bool {
        matches!(self.sources[index], Source::Keys(Keys::Numbers { .. }))
    }

    /// Takes out of the schema what the margins withhold: given orders may name rare levels.
    fn protect_schema(&mut self) {
        let mut schema = Schema::clone(&self.schema);
        for (column, source) in schema.columns.iter_mut().zip(&self.sources) {
            if let Kind::Categorical { order } = &mut column.kind {
                match source {
                    Source::Margin(Margin { support: margin::Support::Levels { levels, .. }, .. }) => {
                        order.retain(|level| levels.iter().any(|kept| kept == level));
                    }
                    _ => order.clear(),
                }
            }
        }
        self.schema = Arc::new(schema);
    }
}

struct Learned {
    source: Source,
    segments: Vec<u32>,
    warnings: Vec<Warning>,
}

impl Learned {
    fn fakes(table: &Table, index: usize, fake: FakeColumn) -> Self {
        let is_key = table.schema().primary_key == Some(index);
        let warnings = fake.warnings(&table.schema().columns[index], is_key);
        Learned { source: Source::Fakes(fake), segments: Vec::new(), warnings }
    }
}

fn learn_column(table: &Table, index: usize, units: &Units, protection: Protection, seed: Seed) -> Learned {
    let (column, schema) = (table.column(index), &table.schema().columns[index]);
    match &schema.kind {
        Kind::Id(format) => {
            let (keys, warnings) = Keys::learn(column, schema, format, units, protection);
            Learned { source: Source::Keys(keys), segments: Vec::new(), warnings }
        }
        Kind::Text => {
            // Texts that keep their format are personal, and their words are nobody's business.
            let outcome = match schema.personal {
                None => Prose::learn(column, schema, units, protection, seed),
                Some(_) => Outcome::No,
            };
            let too_rare = match outcome {
                Outcome::Learned(prose, warnings) => {
                    return Learned { source: Source::Prose(prose), segments: Vec::new(), warnings };
                }
                Outcome::TooRare(warning) => Some(warning),
                Outcome::No => None,
            };
            let (texts, mut warnings) = Texts::learn(column, schema, units, protection, seed);
            warnings.extend(too_rare);
            Learned { source: Source::Texts(texts), segments: Vec::new(), warnings }
        }
        // Networks of their own draw images, around everything else.
        Kind::Image(_) => Learned { source: Source::Nothing, segments: Vec::new(), warnings: Vec::new() },
        _ => {
            let built =
                margin::build(column, schema, units, protection).expect("all other kinds have a margin");
            let source = built.margin.map_or(Source::Nothing, Source::Margin);
            Learned { source, segments: built.segments, warnings: built.warnings }
        }
    }
}

/// Groups columns by the rows in which they are missing.
fn masks(
    table: &Table,
    sources: &[Source],
    units: &Units,
    protection: Protection,
    warnings: &mut Vec<Warning>,
) -> (Vec<Presence>, Vec<Mask>, Vec<Vec<bool>>) {
    let n_rows = table.n_rows();
    let mut numbers: HashMap<Vec<bool>, usize> = HashMap::new();
    let (mut masks, mut flags) = (Vec::new(), Vec::new());
    let mut presence = Vec::with_capacity(table.n_columns());
    for (index, source) in sources.iter().enumerate() {
        let column = table.column(index);
        let missing_count = column.missing_count();
        if matches!(source, Source::Nothing) || missing_count == n_rows {
            presence.push(Presence::Never);
            continue;
        }
        let Some(missing) = column.missing() else {
            presence.push(Presence::Always);
            continue;
        };
        let codes: Vec<u32> = missing.iter().map(|&flag| u32::from(!flag)).collect();
        if units.per_code(&codes, 1)[0] < protection.min_units {
            warnings.push(Warning::of_column(
                Topic::Protection,
                table.schema().columns[index].name.clone(),
                format!(
                    "missing in only {}, of too few units: no value will be missing",
                    counted(missing_count as u64, "row")
                ),
            ));
            presence.push(Presence::Always);
            continue;
        }
        let next = masks.len();
        let number = *numbers.entry(missing).or_insert_with_key(|missing| {
            masks.push(Mask { missing: missing_count as u64 });
            flags.push(missing.clone());
            next
        });
        presence.push(Presence::Mask(number));
    }
    (presence, masks, flags)
}

pub(crate) fn check_target(
    table: &Table,
    target: usize,
    units: &Units,
    protection: Protection,
) -> Result<()> {
    let schema = &table.schema().columns[target];
    let column: &Column = table.column(target);
    let codes = match &schema.kind {
        Kind::Categorical { .. } => column.codes().map(|codes| codes.codes),
        Kind::Boolean(_) => column.integers().map(|integers| {
            let missing = integers.missing;
            let flagged = |row: usize| missing.as_ref().is_some_and(|flags| flags[row]);
            let code = |(row, &value): (usize, &i64)| if flagged(row) { u32::MAX } else { value as u32 };
            integers.values.iter().enumerate().map(code).collect()
        }),
        Kind::Numerical(_) | Kind::Datetime(_) => None,
        other => return Err(Error::TargetKind { column: schema.name.clone(), kind: other.name() }),
    };
    let Some(codes) = codes else { return Ok(()) };
    let n_codes = codes.iter().filter(|&&code| code != u32::MAX).max().map_or(0, |&last| last as usize + 1);
    let rare =
        units.per_code(&codes, n_codes).into_iter().filter(|&n| n > 0 && n < protection.min_units).count();
    if rare > 0 {
        return Err(Error::RareTargetClass {
            column: schema.name.clone(),
            classes: rare,
            min_units: protection.min_units,
        });
    }
    Ok(())
}
