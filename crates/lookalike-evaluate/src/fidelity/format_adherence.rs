use std::collections::{BTreeMap, BTreeSet};

use lookalike_table::{Kind, Table, spelling};
use rayon::prelude::*;

use crate::alignment::{Role, match_columns};
use crate::evaluation::{Measurement, Part};
use crate::group::Scene;
use crate::metric::{Family, Goal, Metric};

/// Whether keys and dates look like those of the training table.
pub(crate) const FORMAT_ADHERENCE: Metric = Metric {
    name: "format-adherence",
    title: "format adherence of keys and dates",
    meaning: "the share of keys whose form occurs in the training table, and of dates that can be read as its dates are; the \
              mean over these columns. The form of a key is its text with every digit, capital and small letter taken for \
              any other: `AB-12` and `XY-07` are of one form, `AB-123` is of another. Missing cells do not count",
    family: Family::Validity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "after RegexFormatAdherence and DatetimeFormatAdherence of SDMetrics, https://docs.sdv.dev/sdmetrics, with \
               the forms of the training table in the place of an expression",
};

pub(crate) fn measure(scene: &Scene<'_>) -> Measurement {
    let train = scene.tables[0].expect("there is a training table");
    let columns = train.schema().columns.iter().enumerate();
    let parts: Vec<Part> = columns
        .collect::<Vec<_>>()
        .into_par_iter()
        .filter_map(|(index, described)| match described.kind {
            Kind::Id(_) => Some(part(&described.name, "known-forms", keys(scene, train, index))),
            Kind::Datetime(_) => {
                Some(part(&described.name, "readable-dates", [dates(scene, index), None, None]))
            }
            _ => None,
        })
        .collect();
    Measurement::mean_of(&FORMAT_ADHERENCE, parts, "there are neither keys nor dates")
}

fn part(name: &str, measure: &str, [value, floor, baseline]: [Option<f64>; 3]) -> Part {
    Part {
        columns: vec![name.to_owned()],
        measure: measure.to_owned(),
        value,
        floor,
        baseline,
        details: BTreeMap::new(),
    }
}

/// The share of keys of each table whose form the training table has.
fn keys(scene: &Scene<'_>, train: &Table, index: usize) -> [Option<f64>; 3] {
    let texts =
        |table: &Table, column: usize| spelling::spell(&table.schema().columns[column], table.column(column));
    let known: BTreeSet<String> = texts(train, index).iter().flatten().map(|text| form(text)).collect();
    [Role::Synthetic, Role::Holdout, Role::Baseline].map(|role| {
        let table = scene.tables[role as usize]?;
        let column = match_columns(train, table)[index]?;
        let found: Vec<bool> =
            texts(table, column).iter().flatten().map(|text| known.contains(&form(text))).collect();
        (!found.is_empty()).then(|| found.iter().filter(|&&found| found).count() as f64 / found.len() as f64)
    })
}

/// The share of dates of the synthetic table that could be read.
fn dates(scene: &Scene<'_>, index: usize) -> Option<f64> {
    let column = scene.alignment.columns.iter().find(|column| column.index == index)?;
    let place = column.places[Role::Synthetic as usize]?;
    let unread = scene.invalid.get(place).copied().unwrap_or(0) as usize + column.unreadable;
    let present = scene.tables[Role::Synthetic as usize]?;
    let present = present.n_rows() - present.column(place).missing_count();
    // What could not be read became missing.
    let written = present + unread.saturating_sub(column.unreadable);
    (written > 0).then(|| 1.0 - unread as f64 / written as f64)
}

/// A text with letters and digits made anonymous.
fn form(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            letter if letter.is_ascii_digit() => '0',
            letter if letter.is_uppercase() => 'A',
            letter if letter.is_alphabetic() => 'a',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lookalike_core::{Context, Seed};
    use lookalike_table::schema::IdFormat;
    use lookalike_table::{Column, ColumnSchema, Schema};

    use crate::judge::{Inputs, evaluate};
    use crate::metric::Wanted;

    use super::*;

    fn table(keys: &[&str]) -> Table {
        let schema = Schema::new(vec![ColumnSchema::new("key", Kind::Id(IdFormat::default()))]);
        let keys = keys.iter().map(|key| Some((*key).to_owned()));
        Table::new(Arc::new(schema), vec![Column::from_texts(keys)]).unwrap()
    }

    #[test]
    fn forms_that_training_lacks_are_counted() {
        let train = table(&["AB-12", "CD-34", "x9"]);
        let synthetic = table(&["QQ-00", "z1", "AB-123", "ab-12"]);
        let wanted = Wanted::These(vec!["format-adherence".to_owned()]);
        let inputs = Inputs { wanted: &wanted, ..Inputs::new(&train, &synthetic) };
        let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
        assert_eq!(evaluation.metric("format-adherence").unwrap().value, Some(0.5));
    }
}
