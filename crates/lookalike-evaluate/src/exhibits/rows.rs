use lookalike_table::{Table, spelling};

use crate::alignment::{Role, match_columns};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::group::Scene;
use crate::metric::Family;

/// How many rows of each table.
const ROWS: usize = 10;

/// The longest text that a cell shows, in characters.
const LONGEST: usize = 80;

/// Rows of the training and of the synthetic table, to be looked at side by side.
pub(super) fn make(scene: &Scene<'_>) -> Exhibit {
    let train = scene.tables[Role::Train as usize].expect("there is a training table");
    let synthetic = scene.tables[Role::Synthetic as usize].expect("there is a synthetic table");
    let drawn = |table: &Table, role: Role| {
        let mut rows = scene.context.seed.stream("shown rows", role as u64).choose(table.n_rows(), ROWS);
        rows.sort_unstable();
        rows
    };
    let places: Vec<Option<usize>> = (0..train.n_columns()).map(Some).collect();
    Exhibit {
        name: "rows".to_owned(),
        title: "rows side by side".to_owned(),
        caption: "Rows drawn at random from both tables: those of the training table are real.".to_owned(),
        family: Family::Fidelity,
        lays_open: LaysOpen::Rows,
        shape: Shape::Rows {
            columns: train.schema().columns.iter().map(|column| column.name.clone()).collect(),
            series: vec![
                Series::new("training", texts(train, &places, &drawn(train, Role::Train))),
                Series::new(
                    "synthetic",
                    texts(synthetic, &match_columns(train, synthetic), &drawn(synthetic, Role::Synthetic)),
                ),
            ],
        },
    }
}

/// The cells of some rows, in the order of `places`; nothing in columns that the table lacks.
fn texts(table: &Table, places: &[Option<usize>], rows: &[usize]) -> Vec<Vec<Option<String>>> {
    let columns: Vec<Vec<Option<String>>> = places
        .iter()
        .map(|place| match place {
            Some(place) => {
                let column = table.column(*place).take(rows);
                let cells = spelling::spell(&table.schema().columns[*place], &column);
                cells.into_iter().map(|cell| cell.map(cut)).collect()
            }
            None => vec![None; rows.len()],
        })
        .collect();
    (0..rows.len()).map(|row| columns.iter().map(|column| column[row].clone()).collect()).collect()
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
