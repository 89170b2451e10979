//! Rows of all tables as points of one Euclidean space, for measures that look at all distances.

use lookalike_core::Context;
use lookalike_learn::neighbours::{EuclideanPoints, EuclideanSpace};

use crate::alignment::{Alignment, Matrix, Role};

/// Equally many rows of each table.
pub(super) struct Clouds {
    pub(super) train: EuclideanPoints,
    pub(super) synthetic: EuclideanPoints,
    pub(super) holdout: Option<EuclideanPoints>,
    pub(super) baseline: Option<EuclideanPoints>,
}

impl Clouds {
    /// Draws at most `most` rows of each table; none where there are fewer than ten.
    pub(super) fn new(
        alignment: &Alignment,
        most: usize,
        label: &str,
        context: &Context<'_>,
    ) -> Option<Self> {
        let columns = alignment.common(&[Role::Train, Role::Synthetic]);
        let has_all =
            |role: Role| alignment.has(role) && columns.iter().all(|column| column.cells(role).is_some());
        let roles: Vec<Role> = [Role::Train, Role::Synthetic, Role::Holdout, Role::Baseline]
            .into_iter()
            .filter(|&role| has_all(role))
            .collect();
        let each = roles.iter().map(|&role| alignment.n_rows(role)).min()?.min(most);
        if each < 10 || columns.is_empty() {
            return None;
        }
        let drawn = |role: Role| {
            let mut rows = context.seed.stream(label, role as u64).choose(alignment.n_rows(role), each);
            rows.sort_unstable();
            Matrix::stack(&columns, &[(role, &rows)])
        };
        let train = drawn(Role::Train);
        let space = EuclideanSpace::new(&train.features());
        let points = |role: Role| has_all(role).then(|| space.points(&drawn(role).features()));
        Some(Clouds {
            train: space.points(&train.features()),
            synthetic: points(Role::Synthetic)?,
            holdout: points(Role::Holdout),
            baseline: points(Role::Baseline),
        })
    }

    pub(super) fn rows(&self) -> f64 {
        self.train.len() as f64
    }
}
