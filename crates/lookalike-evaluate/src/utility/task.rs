use lookalike_learn::tree::Feature;
use lookalike_table::Codes;

use super::resample::TestRows;
use crate::alignment::{AlignedColumn, Cells, Matrix, Role};
use crate::group::Scene;

/// The most rows that are learned from.
const MOST_ROWS: usize = 65_536;

/// A target with more classes is not predicted.
const MOST_CLASSES: usize = 100;

/// Stands for a level that the training table does not have.
const NO_CLASS: u32 = u32::MAX;

/// Some rows of a table.
pub(crate) type Rows<'a> = (Role, &'a [usize]);

/// What is predicted, from what, and from how many rows.
pub(crate) struct Task<'a> {
    pub(crate) target: &'a AlignedColumn,
    pub(crate) columns: Vec<&'a AlignedColumn>,
    /// Of each table the rows whose target is known.
    rows: [Vec<usize>; 4],
    /// How many rows are learned from.
    pub(crate) learned: usize,
    /// For each level its class, or [`NO_CLASS`]; for numbers nothing. Of two classes the rarer is 1.
    pub(crate) class_of: Vec<u32>,
    /// How many classes there are; 0 for numbers.
    pub(crate) classes: usize,
    /// Numbers are divided by this: squares of those near the end of the range would overflow.
    pub(crate) unit: f64,
}

/// The target of some rows.
pub(crate) enum Truth {
    Classes(Vec<u32>),
    /// In the task's unit.
    Numbers(Vec<f64>),
}

impl<'a> Task<'a> {
    /// The task of learning from a table and predicting the holdout, or why there is none.
    pub(crate) fn tested(scene: &'a Scene<'_>) -> Result<Self, &'static str> {
        if !scene.alignment.has(Role::Holdout) {
            return Err("there is no holdout to test predictions on");
        }
        let task = Self::new(scene, &[Role::Train, Role::Holdout, Role::Synthetic])?;
        if task.rows[Role::Holdout as usize].len() < 10 {
            return Err("there are too few rows with a known target");
        }
        Ok(task)
    }

    /// The task of learning from a table, whatever is then done with it, or why there is none.
    pub(crate) fn untested(scene: &'a Scene<'_>) -> Result<Self, &'static str> {
        Self::new(scene, &[Role::Train, Role::Synthetic])
    }

    /// A task for which these tables must have the target and what it is predicted from.
    fn new(scene: &'a Scene<'_>, needed: &[Role]) -> Result<Self, &'static str> {
        let alignment = &scene.alignment;
        let Some(target) = scene.target else { return Err("no target was named") };
        let Some(target) = alignment.columns.iter().find(|column| column.index == target) else {
            return Err("the target is an id, free text, the unit or entirely missing");
        };
        if target.cells(Role::Synthetic).is_none() {
            return Err("the synthetic table lacks the target");
        }
        if target.is_one_sided(Role::Synthetic) {
            return Err("only one of the training and the synthetic table has values in the target");
        }
        if needed.contains(&Role::Holdout) && target.cells(Role::Holdout).is_none() {
            return Err("the holdout lacks the target");
        }
        let columns: Vec<&AlignedColumn> =
            alignment.common(needed).into_iter().filter(|column| column.index != target.index).collect();
        if columns.is_empty() {
            return Err("there is no column to predict the target from");
        }
        let (class_of, classes) = match target.cells(Role::Train) {
            Some(Cells::Levels(codes)) => number_classes(codes, target.levels),
            _ => (Vec::new(), 0),
        };
        let is_number = class_of.is_empty();
        if !is_number && classes < 2 {
            return Err("the target has a single class in the training table");
        }
        if classes > MOST_CLASSES {
            return Err("the target has too many classes to be predicted");
        }
        // Rows of classes that training does not know cannot be predicted by anyone.
        let mut rows: [Vec<usize>; 4] = std::array::from_fn(|role| match &target.cells[role] {
            Some(Cells::Numbers(values)) => {
                (0..values.len()).filter(|&row| values[row].is_finite()).collect()
            }
            Some(Cells::Levels(codes)) => {
                let known = |code: u32| code != Codes::MISSING && class_of[code as usize] != NO_CLASS;
                (0..codes.len()).filter(|&row| known(codes[row])).collect()
            }
            None => Vec::new(),
        });
        let learned =
            rows[Role::Train as usize].len().min(rows[Role::Synthetic as usize].len()).min(MOST_ROWS);
        if learned < 20 {
            return Err("there are too few rows with a known target");
        }
        for (role, rows) in rows.iter_mut().enumerate() {
            let wanted = if role == Role::Holdout as usize { MOST_ROWS } else { learned };
            if rows.len() > wanted {
                let mut chosen =
                    scene.context.seed.stream("tstr rows", role as u64).choose(rows.len(), wanted);
                chosen.sort_unstable();
                *rows = chosen.into_iter().map(|place| rows[place]).collect();
            }
        }
        let unit = unit(target, &rows);
        Ok(Task { target, columns, rows, learned, class_of, classes, unit })
    }

    /// Whether a table has the target and all that it is predicted from.
    pub(crate) fn covers(&self, role: Role) -> bool {
        self.target.cells(role).is_some() && self.columns.iter().all(|column| column.cells(role).is_some())
    }

    /// The rows of a table that are learned from, or predicted.
    pub(crate) fn rows(&self, role: Role) -> Rows<'_> {
        (role, &self.rows[role as usize])
    }

    /// The rows of a table that are predicted, and which of them belong together.
    pub(crate) fn test_rows(&self, scene: &Scene<'_>, role: Role) -> TestRows {
        let rows = self.rows(role);
        TestRows::new(rows.1.len(), scene.alignment.units_of(&[rows]).as_deref())
    }

    /// What the target of these rows is predicted from.
    pub(crate) fn cells(&self, parts: &[Rows<'_>]) -> Matrix {
        Matrix::stack(&self.columns, parts)
    }

    /// The target of these rows.
    pub(crate) fn truth(&self, parts: &[Rows<'_>]) -> Truth {
        let target = Matrix::stack(&[self.target], parts);
        match target.features()[0] {
            Feature::Numeric(values) => {
                Truth::Numbers(values.iter().map(|value| value / self.unit).collect())
            }
            Feature::Categorical { codes, .. } => {
                Truth::Classes(codes.iter().map(|&code| self.class_of[code as usize]).collect())
            }
        }
    }
}

/// What numbers of the target are divided by.
fn unit(target: &AlignedColumn, rows: &[Vec<usize>; 4]) -> f64 {
    let mut largest = 0.0_f64;
    for (cells, rows) in target.cells.iter().zip(rows) {
        if let Some(Cells::Numbers(values)) = cells {
            largest = rows.iter().fold(largest, |most, &row| most.max(values[row].abs()));
        }
    }
    if largest > 1e100 { largest } else { 1.0 }
}

/// Numbers the levels that occur from the most to the least frequent, so that of two classes the rarer is 1.
fn number_classes(codes: &[u32], levels: usize) -> (Vec<u32>, usize) {
    let mut counts = vec![0_usize; levels];
    codes.iter().filter(|&&code| code != Codes::MISSING).for_each(|&code| counts[code as usize] += 1);
    let mut order: Vec<usize> = (0..levels).filter(|&level| counts[level] > 0).collect();
    order.sort_by_key(|&level| (std::cmp::Reverse(counts[level]), level));
    let mut class_of = vec![NO_CLASS; levels];
    for (class, &level) in order.iter().enumerate() {
        class_of[level] = class as u32;
    }
    (class_of, order.len())
}
