//! Reports on synthetic tables: an [`Evaluation`] as one self-contained HTML file, a model card and a privacy statement.
//!
//! A report needs nothing but the evaluation and draws whatever exhibits that holds, each by its shape. The page is
//! whole without scripts, forbids every request, and has the same bytes for the same evaluation. Names and values are
//! escaped wherever they stand.

mod chart;
mod documents;
mod families;
mod findings;
mod page;
mod standing;
mod text;

use lookalike_evaluate::Evaluation;

pub use documents::{model_card, privacy_statement};
pub use text::{count, steers};

/// What a report is to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Leaves out everything that lays open more of the real tables than figures about them and names of columns.
    pub shareable: bool,
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
pub fn render(evaluation: &Evaluation, options: Options) -> String {
    page::page(evaluation, options).into_string()
}
