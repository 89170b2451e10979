//! Which columns of a table get stand-ins, where these come from, and whose each is.

use lookalike_core::{Topic, Warning};
use lookalike_table::schema::ColumnSchema;
use lookalike_table::{Column, Kind, Locale, Personal, Schema, Table};

use super::FakeColumn;
use super::guess::Evidence;
use crate::error::{Error, Result};

/// What comes in place of personal data.
///
/// Every column of text that holds personal data gets stand-ins: nothing is learned of it but where values are missing
/// and whether they are all different. The exceptions are named here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandIns {
    /// Where the stand-ins come from, in columns whose schema does not say; guessed from the data if not given.
    pub locale: Option<Locale>,
    /// Columns whose texts keep their shapes, with letters and digits drawn anew.
    pub keep_format: Vec<usize>,
    /// Columns in which one value always becomes the same stand-in, within one fit: they are learned as categories. The
    /// key comes from the operating system and is not kept, so no two fits give the same stand-ins.
    pub consistent: Vec<usize>,
    /// Columns in which no stand-in may repeat, even where values of the table do. Sorts that repeat, such as names, do so
    /// all the same.
    pub unique: Vec<usize>,
}

impl StandIns {
    /// Checks that what is named fits the columns.
    ///
    /// # Errors
    /// [`Error::NotPersonal`] for columns that hold no personal data, [`Error::Options`] for one that is named twice.
    pub(crate) fn check(&self, schema: &Schema) -> Result<()> {
        let no = |column: usize, what| {
            let column = &schema.columns[column];
            Error::NotPersonal { column: column.name.clone(), kind: column.kind.name(), what }
        };
        if let Some(&column) = self.keep_format.iter().find(|&&c| schema.columns[c].kind != Kind::Text) {
            return Err(no(column, "--keep-format"));
        }
        let is_personal = |column: &ColumnSchema| {
            column.personal.is_some() && matches!(column.kind, Kind::Text | Kind::Categorical { .. })
        };
        if let Some(&column) = self.consistent.iter().find(|&&c| !is_personal(&schema.columns[c])) {
            return Err(no(column, "--consistent"));
        }
        if let Some(&column) = self.keep_format.iter().find(|column| self.consistent.contains(column)) {
            let name = &schema.columns[column].name;
            let problem =
                format!("column {name:?} is given both --keep-format and --consistent; give it one");
            return Err(Error::Options { problems: vec![problem] });
        }
        Ok(())
    }
}

/// The stand-ins of each column that gets some. At least `min_units` values must speak for a guessed locale.
pub(crate) fn columns(table: &Table, options: &StandIns, min_units: u32) -> Vec<Option<FakeColumn>> {
    let schema = table.schema();
    let sorts: Vec<Option<Personal>> = schema
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            column.personal.filter(|_| column.kind == Kind::Text && !options.keep_format.contains(&index))
        })
        .collect();
    let locales = locales(table, &sorts, options, min_units);
    // The first e-mail address of a row belongs to the first name, the second to the second, and so on.
    let mut seen: Vec<Personal> = Vec::new();
    sorts
        .into_iter()
        .enumerate()
        .map(|(index, sort)| {
            let sort = sort?;
            let person = seen.iter().filter(|&&other| other == sort).count() as u32;
            seen.push(sort);
            let unique = options.unique.contains(&index) || all_different(table.column(index));
            Some(FakeColumn { person, unique, ..FakeColumn::new(sort, locales[index]) })
        })
        .collect()
}

/// Where each column's stand-ins come from: what the schema says of the column, what is asked for, what its own values
/// suggest, what those of the others suggest, in this order.
pub(super) fn locales(
    table: &Table,
    sorts: &[Option<Personal>],
    options: &StandIns,
    min_units: u32,
) -> Vec<Locale> {
    let mut all = Evidence::default();
    let own: Vec<Evidence> = sorts
        .iter()
        .enumerate()
        .map(|(index, sort)| {
            let evidence = match sort {
                Some(sort) if options.locale.is_none() => Evidence::of(table.column(index), *sort),
                _ => Evidence::default(),
            };
            all.add(&evidence);
            evidence
        })
        .collect();
    let common = options.locale.or_else(|| all.verdict(min_units)).unwrap_or_default();
    let columns = table.schema().columns.iter().zip(own);
    columns
        .map(|(column, own)| {
            column.locale.or(options.locale).or_else(|| own.verdict(min_units)).unwrap_or(common)
        })
        .collect()
}

/// True when no value occurs twice, and there is more than one.
fn all_different(column: &Column) -> bool {
    let Some(texts) = column.texts() else { return false };
    let mut all: Vec<&str> = texts.iter().flatten().collect();
    all.sort_unstable();
    all.len() > 1 && all.windows(2).all(|pair| pair[0] != pair[1])
}

impl FakeColumn {
    /// What is to be known of the column's stand-ins.
    pub(crate) fn warnings(self, schema: &ColumnSchema, is_key: bool) -> Vec<Warning> {
        let what = self.fake.sort.describe();
        let code = self.fake.locale.code();
        let warn = |message: String| Warning::of_column(Topic::Model, schema.name.clone(), message);
        let mut warnings =
            vec![warn(format!("{what} are replaced by stand-ins ({code}); nothing of them is learned"))];
        match self.fake.distinct() {
            _ if !self.unique => {}
            None if is_key => warnings.push(warn(
                "it identifies rows, and its stand-ins may repeat; use --keep-format, or another column as the key".into(),
            )),
            Some(distinct) if distinct < 10_000_000 => {
                warnings.push(warn(format!("there are {distinct} different stand-ins; in longer samples they repeat")));
            }
            _ => {}
        }
        warnings
    }
}
