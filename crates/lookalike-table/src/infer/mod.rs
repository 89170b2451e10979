//! What the columns of a table mean, found from their values and names.
//!
//! A column of text is tried as numbers, then as dates, then as words. A sample of a few hundred cells decides what
//! is tried; every cell of the column decides what it is. The rules for telling quantities, codes, keys, levels and
//! free text apart are in `numeric` and `words`; those for missing values in `missing`.

mod bool_words;
mod datetimes;
mod dictionary;
mod given;
mod missing;
mod names;
mod numbers;
mod numeric;
mod overrides;
mod people;
mod personal;
#[cfg(test)]
mod tests;
mod typed;
mod words;

use lookalike_core::{Phase, Progress, Topic, Warning};
use rayon::prelude::*;

pub(crate) use dictionary::hash;
pub(crate) use given::with_schema;
pub(crate) use overrides::{Overruled, check_kinds, kind_problems};
pub(crate) use typed::{typed, typed_with_schema};

use self::missing::{MissingRule, Tokens};
use self::names::NameWords;
use self::overrides::Forced;
use crate::column::Column;
use crate::error::Result;
use crate::raw::RawColumn;
use crate::schema::{ColumnSchema, Kind, Storage};

/// What the user says about the columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct InferOptions {
    /// The spellings of missing values; `None` to detect them.
    pub(crate) missing: Option<Vec<String>>,
    /// Kinds by column name, such as `("grade", "ordinal")`.
    pub(crate) columns: Vec<(String, String)>,
}

/// A table with its meaning.
#[derive(Debug)]
pub(crate) struct Inferred {
    pub(crate) schema: Vec<ColumnSchema>,
    pub(crate) columns: Vec<Column>,
    /// The column that identifies rows, if there is one.
    pub(crate) primary_key: Option<usize>,
    pub(crate) warnings: Vec<Warning>,
}

/// One column with its meaning.
#[derive(Debug)]
pub(crate) struct Guess {
    pub(crate) schema: ColumnSchema,
    pub(crate) column: Column,
    pub(crate) warnings: Vec<Warning>,
}

/// What the inference of one column knows besides its cells.
#[derive(Debug, Clone, Copy)]
struct Setting<'a> {
    name: &'a str,
    words: &'a NameWords,
    rule: MissingRule<'a>,
    /// Other columns of the table have a decimal comma.
    comma_table: bool,
}

/// Finds what columns of text mean and converts them.
pub(crate) fn columns(
    names: Vec<String>,
    raw: Vec<RawColumn>,
    options: &InferOptions,
    progress: &dyn Progress,
) -> Result<Inferred> {
    let mut forced = overrides::resolve(&options.columns, &names)?;
    let phase = Phase::begin(progress, "understanding columns", Some(raw.len() as u64));
    let rule = MissingRule::new(options.missing.as_deref());
    let comma_table = raw.par_iter().any(|raw| {
        let sample = sample(raw, &|text| rule.among_values(text), 64);
        numbers::needs_decimal_comma(&sample)
    });
    let jobs: Vec<(String, RawColumn, Option<Forced>)> = names
        .into_iter()
        .zip(raw)
        .enumerate()
        .map(|(index, (name, raw))| (name, raw, forced.remove(&index)))
        .collect();
    let guesses: Vec<Guess> = jobs
        .into_par_iter()
        .map(|(name, raw, forced)| {
            phase.check()?;
            let words = NameWords::new(&name);
            let setting = Setting { name: &name, words: &words, rule, comma_table };
            let guess = match forced {
                Some(forced) => forced.apply(raw, setting)?,
                None => guess(raw, setting),
            };
            phase.advance(1)?;
            Ok(guess)
        })
        .collect::<Result<_>>()?;
    let mut inferred =
        Inferred { schema: Vec::new(), columns: Vec::new(), primary_key: None, warnings: Vec::new() };
    for guess in guesses {
        inferred.schema.push(guess.schema);
        inferred.columns.push(guess.column);
        inferred.warnings.extend(guess.warnings);
    }
    inferred.primary_key = primary_key(&inferred.schema, &inferred.columns);
    Ok(inferred)
}

/// The first id column without missing values.
pub(crate) fn primary_key(schema: &[ColumnSchema], columns: &[Column]) -> Option<usize> {
    schema
        .iter()
        .zip(columns)
        .position(|(schema, column)| matches!(schema.kind, Kind::Id(_)) && column.missing_count() == 0)
}

/// Finds what one column means.
fn guess(raw: RawColumn, setting: Setting<'_>) -> Guess {
    let rule = setting.rule;
    let among_values = |text: &[u8]| rule.among_values(text);
    let sample = sample(&raw, &among_values, 256);
    if !sample.is_empty() {
        for spelling in numbers::spellings(&sample, setting.comma_table) {
            let parser = crate::spelling::NumberParser::new(&spelling.skeleton);
            if let Some(converted) =
                numbers::convert(&raw, &parser, &among_values, numbers::Strictness::Strict)
                && converted.census.present > 0
            {
                return numeric::decide(raw, converted, &spelling, setting);
            }
        }
        let patterns = datetimes::patterns(&sample);
        if !patterns.is_empty()
            && !is_compact(&patterns)
            && let Some(learned) = datetimes::learn(&raw, &patterns, &among_values)
        {
            return datetime_guess(learned, setting);
        }
    }
    words::decide(raw, setting, words::Nature::Text)
}

/// Dates without any separator are mistaken for numbers too easily: `numeric` decides on them.
fn is_compact(patterns: &[String]) -> bool {
    patterns.iter().all(|pattern| matches!(pattern.as_str(), "%Y%m%d" | "%Y%m%d%H%M%S"))
}

fn datetime_guess(learned: datetimes::Learned, setting: Setting<'_>) -> Guess {
    let mut guess = Guess {
        schema: ColumnSchema {
            reason: "dates or times of one pattern".into(),
            ..ColumnSchema::new(setting.name, Kind::Datetime(learned.format.clone()))
        },
        column: learned.column,
        warnings: Vec::new(),
    };
    if let Some(other) = &learned.other_pattern
        && learned.ambiguous
    {
        guess.warn(format!(
            "day and month could be exchanged; read as {pattern}, for {other} use --column '{name}=datetime:{other}'",
            pattern = learned.format.pattern,
            name = setting.name,
        ));
    }
    if learned.short_years {
        guess.warn("years of two digits are read as 1969 to 2068".to_owned());
    }
    if learned.offsets > 1 {
        guess.warn(format!(
            "{} different offsets from UTC occur; instants are kept, and written with the most common offset",
            learned.offsets
        ));
    }
    if learned.finer {
        guess.warn("fractions of a second finer than microseconds were dropped".to_owned());
    }
    guess.settle_tokens(&learned.tokens);
    guess
}

impl Guess {
    fn warn(&mut self, message: String) {
        self.warnings.push(Warning::of_column(Topic::Schema, self.schema.name.clone(), message));
    }

    /// Notes how missing values are spelled.
    fn settle_tokens(&mut self, tokens: &Tokens) {
        self.schema.missing_token = tokens.most_common();
        if tokens.spellings() > 1 {
            self.warn(format!(
                "missing values are spelled in {} ways; they are written in the most common one",
                tokens.spellings()
            ));
        }
    }
}

/// Up to `most` cells that are not missing, from all over the column.
fn sample<'a>(raw: &'a RawColumn, is_missing: &dyn Fn(&[u8]) -> bool, most: usize) -> Vec<&'a [u8]> {
    use arrow_array::Array;
    let n = raw.len();
    let mut found: Vec<&[u8]> = Vec::new();
    if n > 2 * most {
        let mut chunk = 0;
        let mut start = 0;
        for step in 0..most {
            let row = (step as u128 * n as u128 / most as u128) as usize;
            while row - start >= raw.chunks[chunk].len() {
                start += raw.chunks[chunk].len();
                chunk += 1;
            }
            let array = &raw.chunks[chunk];
            if !array.is_null(row - start) {
                let text = array.value(row - start).as_bytes();
                if !is_missing(text) {
                    found.push(text);
                }
            }
        }
        if found.len() >= most / 8 {
            return found;
        }
        // Mostly missing: the first cells that are not.
        found.clear();
    }
    for array in &raw.chunks {
        for row in 0..array.len() {
            if !array.is_null(row) {
                let text = array.value(row).as_bytes();
                if !is_missing(text) {
                    found.push(text);
                    if found.len() == most {
                        return found;
                    }
                }
            }
        }
    }
    found
}

/// A column schema that came from text, with a reason.
fn described(name: &str, kind: Kind, reason: impl Into<String>) -> ColumnSchema {
    ColumnSchema { reason: reason.into(), storage: Storage::Text, ..ColumnSchema::new(name, kind) }
}
