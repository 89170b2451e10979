//! Learn a table, sample its look-alike, judge it.
//!
//! ```
//! use lookalike::{Context, FitOptions, ReadOptions, SampleRequest, Seed, Silent, SplitOptions};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("plants.csv");
//! # let rows: Vec<String> = (0..400).map(|row| format!("{},{:.1}", ["oak", "elm"][row % 2], row % 7)).collect();
//! # std::fs::write(&path, format!("tree,height\n{}\n", rows.join("\n")))?;
//! // Read a table, whatever its format, and find out what its columns mean.
//! let reading = lookalike::read(&path, &ReadOptions::default(), &Silent)?;
//!
//! // Keep a fifth of the rows to judge with.
//! let context = Context::new(Seed::new(7));
//! let sides = lookalike::split(&reading.table, &SplitOptions::default(), context.seed)?;
//! let (train, holdout) = (reading.table.take(&sides.train), reading.table.take(&sides.holdout));
//!
//! // Learn it, and draw a look-alike. A model is a file that can be kept and sent.
//! let model = lookalike::job::method("copula")?.fit(&train, &FitOptions::default(), &context)?;
//! let synthetic = model.sample(&SampleRequest::rows(320), &context)?.collect_table()?;
//! assert_eq!((synthetic.n_rows(), synthetic.n_columns()), (320, 2));
//!
//! // Judge it.
//! let judging = lookalike::Judging {
//!     holdout: Some(&holdout),
//!     ..lookalike::Judging::new(&train, &synthetic)
//! };
//! let evaluation = lookalike::judge(&judging, &context)?;
//! assert!(evaluation.metric("shape").is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The whole job in one call is [`run`] with a [`Plan`]. The program `lookalike` is a thin layer over this crate.

pub mod audit;
mod checkpoint;
pub mod compare;
pub mod conditions;
mod cost;
pub mod demo;
mod error;
mod files;
mod folder;
mod gate;
mod impute;
pub mod job;
mod likelihood;
pub mod model_file;
pub mod options;
pub mod pictures;
pub mod plan;
pub mod rebalance;
pub mod record;
pub mod select;
pub mod simulate;
pub mod study;
pub mod warnings;

pub use audit::{Audit, AuditOptions, audit};
pub use checkpoint::CheckpointFile;
pub use compare::Comparison;
pub use error::{Error, Result, with_causes};
pub use files::{Writer, read, read_as};
pub use folder::OutputFolder;
pub use gate::Gate;
pub use impute::impute;
pub use job::{Judging, Outcome, Written, judge, run};
pub use lookalike_core::{Cancelled, Checkpoint, Context, Phase, Progress, Seed, Silent, Topic, Warning};
pub use lookalike_evaluate as evaluate;
pub use lookalike_evaluate::{Bound, Copying, Evaluation, GateResult, PhaseCost, RunRecord, Verdict};
pub use lookalike_image as image;
pub use lookalike_learn as learn;
pub use lookalike_report as report;
pub use lookalike_synth as synth;
pub use lookalike_synth::{AnyModel, AnySynthesizer, Condition, FitOptions, Imputed, SampleRequest, Sampler};
pub use lookalike_table as table;
pub use lookalike_table::constraints::Constraint;
pub use lookalike_table::protect::Protection;
pub use lookalike_table::read::{FileFormat, ReadOptions, Reading};
pub use lookalike_table::write::OutputFile;
pub use lookalike_table::{Column, ColumnSchema, Kind, Schema, Split, SplitOptions, Table, split};
pub use plan::Plan;
pub use rebalance::rebalance;
pub use select::{Selection, select};
