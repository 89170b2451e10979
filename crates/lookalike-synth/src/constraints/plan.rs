//! How a table is written so that constraints cannot be broken, and how it comes back.

use serde::{Deserialize, Serialize};

use super::combos::Cells;
use super::form::{Form, Side};

/// What is done to draw an outer table from an inner one, in this order. Columns are outer ones, `from` and the like inner
/// ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Step {
    /// The column is learned as it is.
    Keep { column: usize, from: usize },
    /// Several columns are learned as one: which of the known combinations they have.
    Joint { columns: Vec<usize>, from: usize, cells: Vec<Cells> },
    /// How far the column is from what bounds it is learned.
    Offset(Offset),
    /// The column is computed; `present`, if there is one, says where it has a value.
    Computed { column: usize, constraint: usize, present: Option<usize>, form: Form },
    /// How many times an increment goes into the column is learned.
    Multiple { column: usize, from: usize, constraint: usize, form: Form },
    /// Values that rules do not allow are drawn again among those that they do.
    Imposed { column: usize, from: usize, constraints: Vec<usize> },
    /// Missing where rules say so.
    Blank { column: usize, constraints: Vec<usize> },
    /// Missing in all columns where it is in one.
    Together { columns: Vec<usize> },
}

/// A column that is written as its distance from others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offset {
    pub(super) column: usize,
    /// The distance: steps, a number, or a share of the way to the limit.
    pub(super) from: usize,
    /// The value itself in rows where nothing bounds it, if there were such rows.
    pub(super) alone: Option<usize>,
    pub(super) side: Side,
    /// Columns that bound it, and whether it may not equal them.
    pub(super) references: Vec<(usize, bool)>,
    /// A constant that bounds it on the same side.
    pub(super) start: Option<Bound>,
    /// A constant that bounds it on the other side.
    pub(super) limit: Option<Bound>,
    /// True when what is learned is a share of the way to the limit.
    pub(super) share: bool,
    pub(super) form: Form,
}

/// A bound on a column's own form, which it may reach.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    Steps(i64),
    Real(f64),
}

/// What depends on a row's number: applied to the inner table before all else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Numbered {
    /// The columns' values are told apart by the row's number.
    Distinct { constraint: usize, columns: Vec<usize>, from: Vec<usize> },
    /// The column's value is the higher the higher the row's number (or the lower).
    Rising { constraint: usize, column: usize, from: usize, falling: bool, strict: bool, form: Form },
}

/// How a table is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// How many columns the inner table has.
    pub(super) n_inner: usize,
    pub(super) numbered: Vec<Numbered>,
    pub(super) steps: Vec<Step>,
    /// Constraints that are met by drawing again.
    pub(super) residual: Vec<usize>,
}

impl Step {
    /// The columns that the step gives a value first.
    pub(super) fn gives(&self) -> Vec<usize> {
        match self {
            Step::Keep { column, .. } | Step::Computed { column, .. } | Step::Multiple { column, .. } => {
                vec![*column]
            }
            Step::Joint { columns, .. } => columns.clone(),
            Step::Offset(offset) => vec![offset.column],
            Step::Imposed { .. } | Step::Blank { .. } | Step::Together { .. } => Vec::new(),
        }
    }

    /// The columns that the step changes after they have a value.
    pub(super) fn changes(&self) -> Vec<usize> {
        match self {
            Step::Imposed { column, .. } | Step::Blank { column, .. } => vec![*column],
            Step::Together { columns } => columns.clone(),
            _ => Vec::new(),
        }
    }
}

impl Plan {
    /// The inner column that an outer one is, if it is learned as it is.
    pub(super) fn kept(&self, column: usize) -> Option<usize> {
        self.steps.iter().find_map(|step| match step {
            Step::Keep { column: own, from } if *own == column => Some(*from),
            _ => None,
        })
    }

    /// True when an outer column is an inner one and nothing changes it later.
    pub(super) fn is_as_drawn(&self, column: usize) -> bool {
        self.kept(column).is_some()
            && !self.steps.iter().any(|step| step.changes().contains(&column))
            && !self.numbered.iter().any(|numbered| numbered.columns().contains(&column))
    }
}

impl Numbered {
    pub(super) fn columns(&self) -> Vec<usize> {
        match self {
            Numbered::Distinct { columns, .. } => columns.clone(),
            Numbered::Rising { column, .. } => vec![*column],
        }
    }

    pub(super) fn constraint(&self) -> usize {
        match self {
            Numbered::Distinct { constraint, .. } | Numbered::Rising { constraint, .. } => *constraint,
        }
    }
}
