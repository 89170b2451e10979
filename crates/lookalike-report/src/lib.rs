//! Reports on synthetic tables: an [`Evaluation`] as one self-contained HTML file, a model card and a privacy statement.
//!
//! A report needs nothing but the evaluation and draws whatever exhibits that holds, each by its shape. The page is
//! whole without scripts, forbids every request, and has the same bytes for the same evaluation and record. Names and
//! values are escaped wherever they stand.

mod chart;
mod documents;
mod families;
mod findings;
mod page;
mod standing;
mod text;

use lookalike_evaluate::{Evaluation, RunRecord, Study, VariantSeconds};

pub use documents::{model_card, privacy_statement};
pub use text::{count, steers};

/// What a report is to be.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Options<'a> {
    /// Leaves out everything that lays open more of the real tables than figures about them and names of columns.
    pub shareable: bool,
    /// What the run cost that the evaluation is of: a part of the page that differs between equal runs.
    pub record: Option<&'a RunRecord>,
}

/// What no figure here can say: part of every document.
pub const CAUTIONS: [&str; 4] = [
    "Where we found no evidence of copying, that holds under these tests, and no further.",
    "Synthetic data derived from personal data may remain personal data. Whether this table does is a question for the \
     people responsible for it.",
    "No formal guarantee, such as differential privacy, applies to it.",
    "The distance to closest records (DCR) is a smoke test for memorizing: failing it is evidence of copying, passing it \
     is not evidence of privacy.",
];

/// The report as an HTML page.
pub fn render(evaluation: &Evaluation, options: Options<'_>) -> String {
    page::page(evaluation, options).into_string()
}

/// A study of rebalancing as an HTML page, in the style of a report. It names the two classes of the target and holds
/// counts of rows, and no other value. `seconds` is what the variants took: a part of the page that differs between equal
/// studies, left out where it is empty.
pub fn render_study(study: &Study, seconds: &[VariantSeconds]) -> String {
    page::study::page(study, seconds).into_string()
}
