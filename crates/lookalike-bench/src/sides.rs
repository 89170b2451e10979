//! What is learned from and what is judged with.

use lookalike::{Context, Evaluation, FitOptions, Judging, SplitOptions, Table};

use crate::measure::{Cost, least};

/// A table in two.
pub(crate) struct Sides {
    pub(crate) train: Table,
    pub(crate) holdout: Table,
}

impl Sides {
    /// Keeps `share` of the rows out.
    pub(crate) fn of(table: &Table, share: f64, context: &Context<'_>) -> lookalike::Result<Self> {
        let options = SplitOptions { share, ..SplitOptions::default() };
        let sides = lookalike::split(table, &options, context.seed)?;
        Ok(Sides { train: table.take(&sides.train), holdout: table.take(&sides.holdout) })
    }

    /// Judges a look-alike of the training side; the least cost of so many times counts.
    pub(crate) fn judge(
        &self,
        synthetic: &Table,
        roles: FitOptions,
        times: usize,
        context: &Context<'_>,
    ) -> lookalike::Result<(Evaluation, Cost)> {
        let judging = Judging { holdout: Some(&self.holdout), roles, ..Judging::new(&self.train, synthetic) };
        let (evaluation, cost) = least(times, || lookalike::judge(&judging, context));
        Ok((evaluation?, cost))
    }
}
