use lookalike_table::Codes;

use crate::alignment::{AlignedColumn, Alignment, Cells, Role};

/// The columns of all tables as codes that mean the same in each: what joint tables are made of.
pub(crate) struct Cut {
    /// Per table, the code per row.
    pub(crate) codes: [Option<Vec<u32>>; 4],
    /// How many codes there are.
    pub(crate) count: usize,
}

/// Where numbers are cut.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Edges {
    /// At the tenths of the training column, so that each part has about as many rows.
    Tenths,
    /// Into ten parts of equal width between its lowest and its highest value.
    EqualWidths,
}

const PARTS: usize = 10;

/// The commonest levels that keep a code of their own; others share one.
const MOST_LEVELS: usize = 100;

impl Cut {
    /// Missing cells have a code of their own; so has whatever the training column lacks.
    pub(crate) fn new(column: &AlignedColumn, edges: Edges) -> Option<Cut> {
        match column.cells(Role::Train)? {
            Cells::Numbers(train) => {
                // Where training has no value, whatever another table has is of one part.
                let edges = inner_edges(train, edges).unwrap_or_default();
                let parts = edges.len() as u32 + 1;
                let code = |value: f64| {
                    if value.is_nan() { parts } else { edges.partition_point(|&edge| edge <= value) as u32 }
                };
                let codes = std::array::from_fn(|role| match column.cells[role].as_ref()? {
                    Cells::Numbers(values) => Some(values.iter().map(|&value| code(value)).collect()),
                    Cells::Levels(_) => None,
                });
                Some(Cut { codes, count: parts as usize + 1 })
            }
            Cells::Levels(train) => {
                let mut counts = vec![0_u32; column.levels];
                train
                    .iter()
                    .filter(|&&code| code != Codes::MISSING)
                    .for_each(|&code| counts[code as usize] += 1);
                let mut order: Vec<usize> = (0..counts.len()).filter(|&level| counts[level] > 0).collect();
                order.sort_by_key(|&level| (std::cmp::Reverse(counts[level]), level));
                // Rarer levels share the last code but two, unknown ones have the next, missing ones the last.
                let own = order.len().min(MOST_LEVELS) as u32;
                let mut of_level = vec![own + 1; column.levels];
                for (place, &level) in order.iter().enumerate() {
                    of_level[level] = (place as u32).min(own);
                }
                let code = |code: u32| if code == Codes::MISSING { own + 2 } else { of_level[code as usize] };
                let codes = std::array::from_fn(|role| match column.cells[role].as_ref()? {
                    Cells::Levels(codes) => Some(codes.iter().map(|&level| code(level)).collect()),
                    Cells::Numbers(_) => None,
                });
                Some(Cut { codes, count: own as usize + 3 })
            }
        }
    }

    /// All columns of the table that have a value in training.
    pub(crate) fn all(alignment: &Alignment, edges: Edges) -> Vec<Option<Cut>> {
        use rayon::prelude::*;
        alignment.columns.par_iter().map(|column| Cut::new(column, edges)).collect()
    }

    pub(crate) fn of(&self, role: Role) -> Option<(&[u32], usize)> {
        self.codes[role as usize].as_deref().map(|codes| (codes, self.count))
    }
}

/// Values at which the next part begins.
fn inner_edges(train: &[f64], edges: Edges) -> Option<Vec<f64>> {
    let mut sorted: Vec<f64> = train.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (&low, &high) = (sorted.first()?, sorted.last()?);
    let mut inner: Vec<f64> = match edges {
        Edges::Tenths => (1..PARTS).map(|part| sorted[part * sorted.len() / PARTS]).collect(),
        Edges::EqualWidths => {
            let step = high / PARTS as f64 - low / PARTS as f64;
            let step = if (high - low).is_finite() { (high - low) / PARTS as f64 } else { step };
            (1..PARTS).map(|part| part as f64 * step + low).collect()
        }
    };
    inner.dedup();
    Some(inner)
}
