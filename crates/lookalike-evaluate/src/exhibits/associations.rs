use rayon::prelude::*;

use crate::alignment::{Alignment, Role};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::fidelity::association::strength;
use crate::metric::Family;

/// The most columns of a matrix that one can still read.
const MOST_COLUMNS: usize = 50;

/// Strengths of all pairs, one row after the other; nothing on the diagonal.
type Strengths = Vec<Option<f64>>;

/// How strongly columns go together in the training and in the synthetic table, and where the two differ.
pub(super) fn make(alignment: &Alignment) -> Vec<Exhibit> {
    let count = alignment.columns.len();
    // With very many columns, the first ones are looked at: all pairs would take their square.
    let looked_at = count.min(2 * MOST_COLUMNS);
    if count < 2 {
        return Vec::new();
    }
    let of = |role: Role| -> Strengths {
        let pairs: Vec<(usize, usize)> =
            (0..looked_at).flat_map(|a| (0..looked_at).map(move |b| (a, b))).collect();
        let upper: Strengths = pairs
            .par_iter()
            .map(|&(a, b)| {
                let strength =
                    (a < b).then(|| strength(&alignment.columns[a], &alignment.columns[b], role)).flatten();
                strength.map(|strength| (strength * 1e4).round() / 1e4)
            })
            .collect();
        pairs.iter().map(|&(a, b)| upper[a.min(b) * looked_at + a.max(b)]).collect()
    };
    let (training, synthetic) = (of(Role::Train), of(Role::Synthetic));
    let difference: Strengths = training
        .iter()
        .zip(&synthetic)
        .map(|(real, other)| Some((((*other)? - (*real)?) * 1e4).round() / 1e4))
        .collect();
    let chosen = most_different(&difference, looked_at);
    let cut = |matrix: &Strengths| -> Vec<Strengths> {
        let row = |a: usize| chosen.iter().map(|&b| matrix[a * looked_at + b]).collect();
        chosen.iter().map(|&a| row(a)).collect()
    };
    let names: Vec<String> = chosen.iter().map(|&column| alignment.columns[column].name.clone()).collect();
    let largest = difference.iter().flatten().fold(0.0_f64, |most, difference| most.max(difference.abs()));
    let which = if chosen.len() < count {
        format!(" Shown are {} of {count} columns, those whose associations differ most.", chosen.len())
    } else {
        String::new()
    };
    let matrix = |name: &str, title: &str, caption: String, series, scale| Exhibit {
        name: name.to_owned(),
        title: title.to_owned(),
        caption,
        family: Family::Fidelity,
        lays_open: LaysOpen::Figures,
        shape: Shape::Matrix {
            row_title: String::new(),
            column_title: String::new(),
            rows: names.clone(),
            columns: names.clone(),
            series,
            scale,
        },
    };
    vec![
        matrix(
            "associations",
            "how strongly columns go together",
            format!(
                "Cramér's V for levels, the correlation ratio for a number and levels, the size of Pearson's \
                 correlation for numbers: 0 where one column tells nothing of the other, 1 where it tells all.{which}"
            ),
            vec![Series::new("training", cut(&training)), Series::new("synthetic", cut(&synthetic))],
            [0.0, 1.0],
        ),
        matrix(
            "association-difference",
            "where associations differ",
            format!(
                "Synthetic minus training: above 0 columns go together more strongly in the synthetic table than they \
                 should, below 0 more weakly. The scale ends at the largest difference, {largest:.3}.{which}"
            ),
            vec![Series::new("difference", cut(&difference))],
            [-largest.max(0.05), largest.max(0.05)],
        ),
    ]
}

/// The columns with the largest differences in sum, in the order of the table.
fn most_different(difference: &Strengths, count: usize) -> Vec<usize> {
    let sum = |column: usize| -> f64 {
        difference[column * count..(column + 1) * count].iter().flatten().map(|value| value.abs()).sum()
    };
    let mut columns: Vec<(usize, f64)> = (0..count).map(|column| (column, sum(column))).collect();
    columns.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut chosen: Vec<usize> = columns.into_iter().take(MOST_COLUMNS).map(|(column, _)| column).collect();
    chosen.sort_unstable();
    chosen
}
