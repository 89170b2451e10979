//! Whether synthetic data tells who was learned from, by refitting with and without chosen records.
//!
//! Distances to training rows say little about that: a record's trace need not lie near it, and a synthetic row near a
//! training row may be there because such rows are common. The audit asks the question itself. It chooses records,
//! learns the table again and again with each record in or out by a fair coin, draws a synthetic table each time, and
//! lets attacks guess from that table alone which records were in. How often they are right can be counted.
//!
//! Refits come in pairs: each record is in one refit of every pair, and a coin says in which. If records leave no
//! trace, all coins are independent of everything that an attack sees, whatever the scores have to do with each other;
//! so the tests here are exact. Half of the pairs is judged by what was learned from the other half (which attack,
//! what is usual for the record without it, where the threshold is), and the other way round.
//!
//! The audit finds what its attacks can find, no more. That they find nothing is no guarantee of anything.
//!
//! # References
//! - Stadler, T., Oprisanu, B. and Troncoso, C. (2022). Synthetic data: anonymisation groundhog day. *USENIX
//!   Security*. <https://arxiv.org/abs/2011.07018>
//! - Carlini, N. et al. (2022). Membership inference attacks from first principles. *IEEE S&P*.
//!   <https://doi.org/10.1109/SP46214.2022.9833649>
//! - van Breugel, B. et al. (2023). Membership inference attacks against synthetic data through overfitting detection.
//!   *AISTATS*. <https://arxiv.org/abs/2302.12580>
//! - Jagielski, M., Ullman, J. and Oprea, A. (2020). Auditing differentially private machine learning: how private is
//!   private SGD? *`NeurIPS`*. <https://arxiv.org/abs/2006.07709>

mod attack;
mod cells;
mod judge;
mod power;
mod result;
mod targets;
mod worlds;

use lookalike_core::Context;
use lookalike_synth::{AnySynthesizer, FitOptions, SampleRequest};
use lookalike_table::Table;
use lookalike_table::protect::Units;

pub use attack::Attack;
pub use power::least_bound;
pub use result::{AUDIT_SCHEMA_VERSION, AtRate, Audit, AuditedRecord, Bounded, Finding, RecordKind};

use crate::error::{Error, Result};
use crate::pictures;
use cells::Compared;
use targets::Targets;
use worlds::Worlds;

/// How thorough an audit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditOptions {
    /// How often to learn the table: a multiple of 4, at least [`LEAST_REFITS`](Self::LEAST_REFITS).
    pub refits: usize,
    /// How many records of each of the three kinds to look for.
    pub targets: usize,
    /// How many rows are learned from in every refit, besides the chosen records; all others if not given.
    pub rows: Option<usize>,
}

impl Default for AuditOptions {
    fn default() -> Self {
        AuditOptions { refits: 32, targets: 32, rows: None }
    }
}

impl AuditOptions {
    /// Fewer refits do not tell what is usual for a record.
    pub const LEAST_REFITS: usize = 16;
    /// More would only take time.
    pub const MOST_REFITS: usize = 1 << 14;

    /// Checks what can be checked without a table.
    ///
    /// # Errors
    /// [`Error::Audit`] with what to change.
    pub fn check(&self) -> Result<()> {
        let refuse = |problem: String| Err(Error::Audit { problem });
        let (least, most) = (Self::LEAST_REFITS, Self::MOST_REFITS);
        if !(least..=most).contains(&self.refits) || !self.refits.is_multiple_of(4) {
            return refuse(format!(
                "an audit takes a multiple of 4 refits, from {least} to {most}, and not {}",
                self.refits
            ));
        }
        if self.targets == 0 {
            return refuse("an audit needs at least 1 target of each kind".to_owned());
        }
        if self.rows == Some(0) {
            return refuse("an audit needs rows to learn from; give more than 0".to_owned());
        }
        Ok(())
    }
}

/// What is audited: learns a table and draws a synthetic one. It must depend on nothing but these two, and gets a seed of
/// its own for each refit.
pub type Generator<'a> = dyn Fn(&Table, &Context<'_>) -> Result<Table> + Sync + 'a;

/// Audits a method: what its synthetic tables, as large as the table learned from, tell about single records. The
/// result depends on the table, the options and the seed, not on the number of threads; memory is that of one refit
/// per thread.
///
/// # Errors
/// [`Error::Audit`] when the table has too few rows or no column to compare, and the errors of learning and sampling.
pub fn audit(
    table: &Table,
    synthesizer: &AnySynthesizer,
    roles: &FitOptions,
    options: &AuditOptions,
    context: &Context<'_>,
) -> Result<Audit> {
    let generator = |train: &Table, context: &Context<'_>| {
        let model = synthesizer.fit(train, roles, context)?;
        Ok(model.sample(&SampleRequest::rows(train.n_rows() as u64), context)?.collect_table()?)
    };
    audit_generator(table, synthesizer.name(), &generator, roles, options, context)
}

/// Audits any generator. `roles` says which column names the unit that is in or out as a whole, and how many units must
/// share a level for a planted record to have it.
///
/// # Errors
/// Those of [`audit`], and those of the generator.
pub fn audit_generator(
    table: &Table,
    name: &str,
    generator: &Generator<'_>,
    roles: &FitOptions,
    options: &AuditOptions,
    context: &Context<'_>,
) -> Result<Audit> {
    options.check()?;
    let instead = "evaluate compares distances to learned and to other pictures";
    pictures::refuse(table.schema(), "the audit", instead)?;
    let units = match roles.unit {
        Some(column) => Units::of_column(table, column)?,
        None => Units::rows(table.n_rows()),
    };
    let compared = Compared::of(table, roles.unit)?;
    let targets = Targets::choose(table, &units, &compared, roles.protection, options, context)?;
    let worlds = Worlds::run(&targets, &compared, generator, options.refits, context)?;
    let findings = judge::findings(&targets, &worlds);
    Ok(Audit {
        schema_version: AUDIT_SCHEMA_VERSION,
        seed: context.seed.number(),
        method: name.to_owned(),
        refits: options.refits,
        rows_in_all: targets.background.n_rows(),
        columns_compared: compared.names(table),
        beyond_chance: findings.iter().any(Finding::is_beyond_chance),
        could_not_tell: judge::could_not_tell(&findings),
        findings,
        records: judge::records(&targets, &worlds),
    })
}
