//! Judges synthetic tables: how like the training table they are, how useful, whether rows were copied, and whether
//! groups of people fare alike.
//!
//! [`evaluate`] takes tables only, never a model, and so judges the output of any tool. Every figure stands next
//! to its floor, the same formula for real rows that no model has seen ([`Inputs::holdout`]), and next to that of
//! a simple baseline ([`Inputs::baseline`]): a score means little without them.
//!
//! A result holds column names, row counts and figures, never a cell's value.
//!
//! ```
//! use std::sync::Arc;
//! use lookalike_core::{Context, Seed};
//! use lookalike_evaluate::{Inputs, evaluate};
//! use lookalike_table::{Column, ColumnSchema, Kind, Schema, Table, schema::NumberFormat};
//!
//! let schema = Schema::new(vec![ColumnSchema::new("age", Kind::Numerical(NumberFormat::whole()))]);
//! let schema = Arc::new(schema);
//! let table = |ages: Vec<i64>| Table::new(schema.clone(), vec![Column::from_integers(ages, None)]);
//! let train = table((0..100).collect())?;
//! let synthetic = table((0..100).map(|age| age / 2).collect())?;
//! let evaluation = evaluate(&Inputs::new(&train, &synthetic), &Context::new(Seed::new(1)))?;
//! let shape = evaluation.metric("shape").expect("there is always a shape");
//! assert!((shape.value.unwrap() - 0.5).abs() < 0.02);
//! // Without a holdout some questions stay open, and the result says which.
//! assert!(evaluation.metric("dcr-share").unwrap().skipped.is_some());
//! assert!(!evaluation.could_not_tell.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod alignment;
mod copying;
mod error;
mod evaluation;
mod exhibit;
mod exhibits;
mod fairness;
mod fidelity;
mod group;
mod image;
mod judge;
mod likelihood;
mod limits;
mod metric;
mod names;
mod privacy;
mod provenance;
mod run_record;
mod study;
mod subsample;
mod utility;
mod verdict;

pub use copying::Copying;
pub use error::{Error, Result};
pub use evaluation::{
    Evaluation, Interval, LeftOut, Measurement, Part, RowCounts, SCHEMA_VERSION, Unmatched,
};
pub use exhibit::{Exhibit, LaysOpen, Picture, Series, Shape};
pub use judge::{Inputs, evaluate};
pub use likelihood::{Likelihood, LogDensities};
pub use limits::Limits;
pub use metric::{Family, Goal, Metric, Need, Wanted, all_metrics};
pub use provenance::{Provenance, Remark, Source};
pub use run_record::{PhaseCost, RECORD_VERSION, RunRecord};
pub use study::{
    CHOSEN_GENERATOR, MOVED_THRESHOLD, NotTried, PairedDifference, STUDY_MEASURES, STUDY_VERSION, Study,
    StudyFigure, StudyMeasure, StudyRows, StudyVariant, UNTOUCHED, VariantKind, VariantSeconds,
};
pub use verdict::{Bound, GateResult, Verdict};
