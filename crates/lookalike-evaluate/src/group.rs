use lookalike_core::{Cancelled, Context};
use lookalike_table::Table;

use crate::alignment::Alignment;
use crate::evaluation::Measurement;
use crate::exhibit::Exhibit;
use crate::image::Images;
use crate::likelihood::Likelihood;
use crate::metric::Metric;

/// What measures look at: the tables as they were given, and their columns matched.
pub(crate) struct Scene<'a> {
    pub(crate) alignment: Alignment,
    pub(crate) tables: [Option<&'a Table>; 4],
    /// Another sample of the generator that made the synthetic table.
    pub(crate) second: Option<&'a Table>,
    /// Each further sample of that generator in the place of the synthetic table.
    pub(crate) further: &'a [Scene<'a>],
    /// The number of the training table's column to predict.
    pub(crate) target: Option<usize>,
    /// Columns of the training table that an attacker may know of a person.
    pub(crate) keys: &'a [usize],
    /// Those of the sensitive ones.
    pub(crate) sensitive: &'a [usize],
    /// Cells of each column of the synthetic table that could not be read.
    pub(crate) invalid: &'a [u64],
    /// How likely the model finds real rows.
    pub(crate) likelihood: Option<&'a Likelihood>,
    /// The images of all tables, where the training table has a column of them.
    pub(crate) images: Option<&'a Images>,
    pub(crate) context: &'a Context<'a>,
}

/// Metrics that are found together, by one function.
pub(crate) struct Group {
    pub(crate) metrics: &'static [&'static Metric],
    pub(crate) measure: fn(&Scene<'_>) -> Result<Found, Cancelled>,
}

/// What a group found: a measurement for each of its metrics, and what there is to show.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) measurements: Vec<Measurement>,
    pub(crate) exhibits: Vec<Exhibit>,
}

impl From<Vec<Measurement>> for Found {
    fn from(measurements: Vec<Measurement>) -> Self {
        Found { measurements, exhibits: Vec::new() }
    }
}

impl From<Measurement> for Found {
    fn from(measurement: Measurement) -> Self {
        vec![measurement].into()
    }
}

/// Every group, in the order of a report.
pub(crate) fn groups() -> impl Iterator<Item = &'static Group> {
    let families = [
        crate::fidelity::GROUPS,
        crate::utility::GROUPS,
        crate::image::GROUPS,
        crate::privacy::GROUPS,
        crate::fairness::GROUPS,
    ];
    families.into_iter().flatten()
}
