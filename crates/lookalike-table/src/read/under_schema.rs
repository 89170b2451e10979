//! Reading a table under a schema that is given.

use std::path::Path;
use std::sync::Arc;

use lookalike_core::{Phase, Progress, Warning};
use rayon::prelude::*;

use super::options::ReadOptions;
use super::table::{RawTable, Reading, infer_options};
use super::typed::TypedColumn;
use crate::column::Column;
use crate::error::{Error, Result};
use crate::infer::{self, Guess};
use crate::schema::{ColumnSchema, Dialect, Kind, Schema, Storage};
use crate::table::Table;

/// A column that was read.
struct Done {
    schema: ColumnSchema,
    column: Column,
    /// Cells that did not fit and became missing.
    invalid: u64,
    warnings: Vec<Warning>,
}

impl Done {
    fn as_described(schema: &ColumnSchema, (column, invalid): (Column, u64)) -> Self {
        Done { schema: schema.clone(), column, invalid, warnings: Vec::new() }
    }

    fn as_guessed(guess: Guess) -> Self {
        Done { schema: guess.schema, column: guess.column, invalid: 0, warnings: guess.warnings }
    }
}

/// Gives a table of text the meaning that `schema` says, except where the user names another kind.
pub(super) fn text(
    raw: RawTable,
    schema: &Schema,
    path: &Path,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Reading> {
    let RawTable { names, columns, dialect, storages, warnings } = raw;
    let matched = Matched::new(schema, &names, path, options)?;
    let own = infer_options(options);
    let overruled = infer::Overruled::new(&matched.schema, &own)?;
    let phase = Phase::begin(progress, "reading columns", Some(matched.order.len() as u64));
    let columns = in_order(columns, &matched.order);
    let done = matched
        .schema
        .columns
        .par_iter()
        .zip(columns)
        .enumerate()
        .map(|(index, (described, raw))| {
            phase.advance(1)?;
            if !overruled.contains(index) && !matched.inferred[index] {
                let read = infer::with_schema(described, raw, options.missing.as_deref());
                return Ok(Done::as_described(described, read));
            }
            let mut guess = overruled.apply(index, described, raw)?;
            let storage = storages.as_ref().map(|storages| storages[matched.order[index]].clone());
            guess.schema.storage = storage.unwrap_or(Storage::Text);
            Ok(Done::as_guessed(guess))
        })
        .collect::<Result<Vec<_>>>()?;
    matched.finish(dialect, done, warnings)
}

/// The same for a table of typed columns.
pub(super) fn typed(
    columns: Vec<TypedColumn>,
    warnings: Vec<Warning>,
    schema: &Schema,
    path: &Path,
    options: &ReadOptions,
) -> Result<Reading> {
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let matched = Matched::new(schema, &names, path, options)?;
    let own = infer_options(options);
    let overruled = infer::Overruled::new(&matched.schema, &own)?;
    let done = matched
        .schema
        .columns
        .iter()
        .zip(in_order(columns, &matched.order))
        .enumerate()
        .map(|(index, (described, typed))| {
            if overruled.contains(index) || matched.inferred[index] {
                return infer::typed(&typed.name, typed.chunks, &own).map(Done::as_guessed);
            }
            Ok(Done::as_described(described, infer::typed_with_schema(described, typed.chunks)?))
        })
        .collect::<Result<Vec<_>>>()?;
    matched.finish(None, done, warnings)
}

/// A schema's columns found in a file.
#[derive(Debug)]
struct Matched {
    /// The columns that are in the file.
    schema: Schema,
    /// For each of them, the number of the file's column.
    order: Vec<usize>,
    /// For each of them, whether it is the file's alone, so that the schema says nothing of it.
    inferred: Vec<bool>,
    /// True when the file's layout counts more than the schema's.
    own_layout: bool,
    /// Columns of the schema that the file lacks.
    absent: Vec<String>,
    /// Columns of the file that the schema lacks.
    extra: Vec<String>,
}

impl Matched {
    fn new(schema: &Schema, names: &[String], path: &Path, options: &ReadOptions) -> Result<Self> {
        let only_common = options.only_common || options.infer_others;
        let mut used = vec![false; names.len()];
        let (mut kept, mut order, mut absent) = (Vec::new(), Vec::new(), Vec::new());
        let same_order = schema.columns.iter().map(|column| &column.name).eq(names);
        for (number, described) in schema.columns.iter().enumerate() {
            // Names may repeat: the nth of a name in the schema is the nth in the file.
            let found = if same_order {
                Some(number)
            } else {
                (0..names.len()).find(|&index| names[index] == described.name && !used[index])
            };
            match found {
                Some(index) => {
                    used[index] = true;
                    kept.push(number);
                    order.push(index);
                }
                None => absent.push(described.name.clone()),
            }
        }
        let extra: Vec<String> =
            names.iter().zip(&used).filter(|(_, used)| !**used).map(|(name, _)| name.clone()).collect();
        if kept.is_empty() && only_common {
            return Err(Error::NoCommonColumn { path: path.to_owned(), missing: absent, extra });
        }
        if !(only_common || absent.is_empty() && extra.is_empty()) {
            return Err(Error::OtherColumns { path: path.to_owned(), missing: absent, extra });
        }
        let inferred = vec![false; kept.len()];
        let matched =
            Matched { schema: schema.select(&kept), order, inferred, own_layout: false, absent, extra };
        Ok(if options.infer_others { matched.with_others(names) } else { matched })
    }

    /// All of the file's columns in the file's order.
    fn with_others(self, names: &[String]) -> Self {
        let place = |index: usize| self.order.iter().position(|&own| own == index);
        let columns = names.iter().enumerate().map(|(index, name)| match place(index) {
            Some(place) => self.schema.columns[place].clone(),
            None => ColumnSchema::new(name.as_str(), Kind::Text),
        });
        let schema = Schema {
            columns: columns.collect(),
            primary_key: self.schema.primary_key.map(|key| self.order[key]),
            dialect: self.schema.dialect.clone(),
            constraints: self.schema.constraints.clone(),
        };
        let inferred = (0..names.len()).map(|index| place(index).is_none()).collect();
        Matched { schema, order: (0..names.len()).collect(), inferred, own_layout: true, ..self }
    }

    /// The table; the file's layout is noted if the schema knows none.
    fn finish(
        self,
        dialect: Option<Dialect>,
        done: Vec<Done>,
        mut warnings: Vec<Warning>,
    ) -> Result<Reading> {
        let mut schema = self.schema;
        schema.dialect =
            if self.own_layout { dialect.or(schema.dialect) } else { schema.dialect.or(dialect) };
        let (mut columns, mut invalid) = (Vec::with_capacity(done.len()), Vec::with_capacity(done.len()));
        for (described, done) in schema.columns.iter_mut().zip(done) {
            *described = done.schema;
            columns.push(done.column);
            invalid.push(done.invalid);
            warnings.extend(done.warnings);
        }
        // What the user says is no key identifies no row.
        schema.primary_key =
            schema.primary_key.filter(|&key| matches!(schema.columns[key].kind, Kind::Id(_)));
        let table = Table::new(Arc::new(schema), columns)?;
        Ok(Reading { table, warnings, invalid, absent: self.absent, extra: self.extra })
    }
}

fn in_order<T>(items: Vec<T>, order: &[usize]) -> Vec<T> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.iter().map(|index| items[*index].take().expect("each column is used once")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(names: &[&str]) -> Schema {
        Schema::new(names.iter().map(|name| ColumnSchema::new(*name, Kind::Text)).collect())
    }

    fn matched(schema: &Schema, names: &[&str], only_common: bool) -> Result<Matched> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let options = ReadOptions { only_common, ..ReadOptions::default() };
        Matched::new(schema, &names, Path::new("x.csv"), &options)
    }

    #[test]
    fn columns_are_found_by_name_and_repeated_ones_in_their_order() {
        let own = schema(&["a", "b", "a"]);
        assert_eq!(matched(&own, &["a", "a", "b"], false).unwrap().order, [0, 2, 1]);
        let some = matched(&own, &["c", "a", "b"], true).unwrap();
        assert_eq!((some.order, some.schema), (vec![1, 2], schema(&["a", "b"])));
        assert_eq!((some.absent, some.extra), (vec!["a".to_owned()], vec!["c".to_owned()]));
    }

    #[test]
    fn all_columns_of_the_file_stay_where_they_are() {
        let mut own = schema(&["a", "b", "key"]);
        own.primary_key = Some(2);
        let names = ["x", "key", "a", "y"].map(str::to_owned);
        let options = ReadOptions { infer_others: true, ..ReadOptions::default() };
        let all = Matched::new(&own, &names, Path::new("x.csv"), &options).unwrap();
        assert!(all.schema.columns.iter().map(|column| &column.name).eq(&names));
        assert_eq!((all.order, all.inferred), (vec![0, 1, 2, 3], vec![true, false, false, true]));
        assert_eq!((all.schema.primary_key, all.absent), (Some(1), vec!["b".to_owned()]));
        assert!(Matched::new(&own, &names[..1], Path::new("x.csv"), &options).is_err());
    }

    #[test]
    fn what_is_not_common_is_an_error_unless_it_may_be() {
        let own = schema(&["a", "b"]);
        assert!(matches!(matched(&own, &["a"], false), Err(Error::OtherColumns { .. })));
        assert!(matches!(matched(&own, &["a", "b", "c"], false), Err(Error::OtherColumns { .. })));
        assert!(matches!(matched(&own, &["c", "d"], true), Err(Error::NoCommonColumn { .. })));
    }
}
