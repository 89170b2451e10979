//! The protocol by which methods are compared: learn one half of a table's rows, draw as many twice, and judge the draws
//! by the other half.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use lookalike::{
    AnyModel, AnySynthesizer, Context, Evaluation, FitOptions, Kind, SampleRequest, Seed, Table,
};

use crate::detector::detect;
use crate::measure::{Cost, least};
use crate::sides::Sides;
use crate::tables;

/// A level of so many rows should not be lost.
pub(crate) const COMMON: usize = 5;

/// What is tried on which table, and how often.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The table, a CSV file.
    file: PathBuf,
    /// The column that models predict.
    #[arg(long)]
    target: Option<String>,
    /// The method.
    #[arg(long, default_value = "forest")]
    method: String,
    /// The forest's effort: fast, default or high.
    #[arg(long)]
    effort: Option<String>,
    /// How many splits.
    #[arg(long, default_value_t = 5)]
    pub(crate) splits: u64,
}

impl Options {
    /// The table, the number of its target, and the method.
    pub(crate) fn subject(
        &self,
    ) -> Result<(Table, Option<usize>, AnySynthesizer), Box<dyn std::error::Error>> {
        let method = method(&self.method, self.effort.as_deref())?;
        let table = tables::read(&self.file)?;
        let target = self.target.as_ref().map(|name| table.schema().index_of(name)).transpose()?;
        Ok((table, target, method))
    }
}

/// The method of this name, with this effort if one is named.
pub(crate) fn method(name: &str, effort: Option<&str>) -> Result<AnySynthesizer, Box<dyn std::error::Error>> {
    let method = lookalike::job::method(name)?;
    let Some(effort) = effort else { return Ok(method) };
    let efforts = lookalike::synth::Effort::NAMES;
    let found = efforts.iter().find(|(name, _)| *name == effort).ok_or("no such effort")?;
    Ok(method.with_effort(found.1)?)
}

/// One split of a table. Its number is the seed of all that is drawn, so every method meets the same rows.
pub(crate) struct Trial {
    pub(crate) sides: Sides,
    pub(crate) target: Option<usize>,
    split: u64,
}

impl Trial {
    /// Half of the rows on either side.
    pub(crate) fn new(table: &Table, target: Option<usize>, split: u64) -> lookalike::Result<Self> {
        let sides = Sides::of(table, 0.5, &Context::new(Seed::new(split)))?;
        Ok(Trial { sides, target, split })
    }

    /// The same with only the first so many rows of either side.
    pub(crate) fn first(self, rows: usize) -> Self {
        let rows: Vec<usize> = (0..rows).collect();
        let sides = Sides { train: self.sides.train.take(&rows), holdout: self.sides.holdout.take(&rows) };
        Trial { sides, ..self }
    }

    /// Learns, draws and judges. The method may be told of another target than the one that is judged by.
    pub(crate) fn run(
        &self,
        method: &AnySynthesizer,
        told: Option<usize>,
    ) -> lookalike::Result<(AnyModel, Figures)> {
        let train = &self.sides.train;
        let options = FitOptions { target: told, ..FitOptions::default() };
        let (model, fit) = least(1, || method.fit(train, &options, &Context::new(Seed::new(self.split))));
        let model = model?;
        let draw = |number: u64| {
            let context = Context::new(Seed::new(self.split * 2 + 100 + number));
            model.sample(&SampleRequest::rows(train.n_rows() as u64), &context)?.collect_table()
        };
        let figures = self.judge(&[draw(0)?, draw(1)?], fit)?;
        Ok((model, figures))
    }

    /// Judges two draws, whoever made them.
    pub(crate) fn judge(&self, draws: &[Table; 2], fit: Cost) -> lookalike::Result<Figures> {
        let roles = FitOptions { target: self.target, ..FitOptions::default() };
        let context = Context::new(Seed::new(self.split));
        let (evaluation, _) = self.sides.judge(&draws[0], roles, 1, &context)?;
        let levels = levels(&self.sides.train, &draws[0]);
        Ok(Figures { fit, c2st: detect(&self.sides.holdout, draws), levels, evaluation })
    }

    /// What `c2st` is for real rows: those that were learned from, in the place of both draws. A row is in the same
    /// fold of both, so that none is tested that was trained on.
    pub(crate) fn c2st_floor(&self) -> f64 {
        detect(&self.sides.holdout, &[self.sides.train.clone(), self.sides.train.clone()])
    }
}

/// What came of a trial.
pub(crate) struct Figures {
    /// What learning took.
    pub(crate) fit: Cost,
    /// The detector's score on independent draws.
    pub(crate) c2st: f64,
    /// Levels that [`COMMON`] training rows or more have, and how many of them the first draw has.
    pub(crate) levels: (usize, usize),
    evaluation: Evaluation,
}

impl Figures {
    /// The score of this name, NaN where there is none.
    pub(crate) fn value(&self, name: &str) -> f64 {
        self.evaluation.metric(name).and_then(|found| found.value).unwrap_or(f64::NAN)
    }

    /// What real rows reach in it, NaN where that is unknown.
    pub(crate) fn floor(&self, name: &str) -> f64 {
        self.evaluation.metric(name).and_then(|found| found.floor).unwrap_or(f64::NAN)
    }
}

/// Levels of all columns that [`COMMON`] rows or more of `train` have, and how many of them `draw` has.
fn levels(train: &Table, draw: &Table) -> (usize, usize) {
    let (mut common, mut found) = (0, 0);
    let columns = train.schema().columns.iter().enumerate();
    for (index, _) in
        columns.filter(|(_, column)| matches!(column.kind, Kind::Categorical { .. } | Kind::Boolean(_)))
    {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let both = [train, draw].map(|table| table.column(index).texts());
        let [Some(train), Some(draw)] = both else { continue };
        for level in train.iter().flatten() {
            *counts.entry(level.to_owned()).or_default() += 1;
        }
        counts.retain(|_, count| *count >= COMMON);
        let made: BTreeSet<&str> = draw.iter().flatten().collect();
        common += counts.len();
        found += counts.keys().filter(|level| made.contains(level.as_str())).count();
    }
    (common, found)
}

#[cfg(test)]
mod tests {
    use lookalike::table::Levels;
    use lookalike::{Column, ColumnSchema, Schema};

    use super::*;

    #[test]
    fn only_common_levels_count() {
        let table = |codes: Vec<u32>| {
            let schema = Schema::new(vec![ColumnSchema::new("l", Kind::Categorical { order: Vec::new() })]);
            Table::new(schema.into(), vec![Column::from_codes(codes, &Levels::new(["a", "b", "c"]))])
                .expect("a table")
        };
        let train = table(vec![0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2]);
        assert_eq!(levels(&train, &table(vec![0, 2])), (2, 1));
        assert_eq!(levels(&train, &table(vec![0, 1])), (2, 2));
    }
}
