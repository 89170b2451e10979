//! A random forest of 100 trees, and what it gets right.

use lookalike::learn::score::Confusion;
use lookalike::learn::tree::{Binning, Feature, Forest, ForestOptions, Target, Training};
use lookalike::{Seed, Silent, Table};

use crate::one_hot::{OneHot, levels};
use crate::{CLASSES, Result, show};

/// A confusion matrix: true classes in rows.
#[derive(Clone, Copy)]
pub(crate) struct Judged([[u64; 2]; 2]);

impl Judged {
    /// The share of rows that are taken for the other class.
    pub(crate) fn error(&self) -> f64 {
        let [[right, wrong], [other_wrong, other_right]] = self.0;
        (wrong + other_wrong) as f64 / (right + wrong + other_wrong + other_right).max(1) as f64
    }

    /// The same of the rows of one class.
    pub(crate) fn error_of(&self, class: usize) -> f64 {
        self.0[class][1 - class] as f64 / (self.0[class][0] + self.0[class][1]).max(1) as f64
    }

    pub(crate) fn text(&self) -> String {
        format!(
            "{}\n  wrong: {:.1} % of all rows, {:.1} % of {}, {:.1} % of {}\n",
            show::confusion(CLASSES, self.0),
            100.0 * self.error(),
            100.0 * self.error_of(1),
            CLASSES[1],
            100.0 * self.error_of(0),
            CLASSES[0]
        )
    }
}

/// Learns from the rows of some tables, and predicts those of another.
pub(crate) fn judge(
    coding: &OneHot,
    target: usize,
    learned: &[&Table],
    test: &Table,
    seed: u64,
) -> Result<Judged> {
    let mut columns = vec![Vec::new(); coding.width()];
    let mut classes = Vec::new();
    for table in learned {
        for (column, more) in columns.iter_mut().zip(coding.columns(table)) {
            column.extend(more);
        }
        classes.extend(positive(table, target));
    }
    let features: Vec<Feature<'_>> = columns.iter().map(|column| Feature::Numeric(column)).collect();
    let binning = Binning::fit(&features, 255);
    let matrix = binning.apply(&features);
    let training = Training::new(&matrix, Target::Classes { classes: &classes, count: 2 });
    let forest = Forest::fit(&training, &ForestOptions::default(), Seed::new(seed), &Silent)?;

    let columns = coding.columns(test);
    let features: Vec<Feature<'_>> = columns.iter().map(|column| Feature::Numeric(column)).collect();
    let rows: Vec<u32> = (0..test.n_rows() as u32).collect();
    let probabilities = forest.predict(&binning.apply(&features), &rows);
    let predicted: Vec<u32> = probabilities.chunks(2).map(|row| u32::from(row[1] > row[0])).collect();
    let confusion = Confusion::new(&predicted, &positive(test, target), 2, None);
    Ok(Judged([0, 1].map(|truth| [0, 1].map(|class| confusion.count(truth, class)))))
}

/// 1 for rows of the rare class.
fn positive(table: &Table, target: usize) -> Vec<u32> {
    levels(table, target).iter().map(|class| u32::from(class == CLASSES[1])).collect()
}
