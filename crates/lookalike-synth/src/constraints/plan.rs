//! How a table is written so that constraints cannot be broken, and how it comes back.

use lookalike_core::Warning;
use lookalike_table::Schema;
use serde::{Deserialize, Serialize};

use super::combos::Cells;
use super::form::{Form, Side};
use crate::error::Error;

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
    /// The column is computed; `present`, if there is one, says where it has a value. Where something is missing that it is
    /// computed from, it is `alone`, which is then learned beside the others.
    Computed {
        column: usize,
        constraint: usize,
        present: Option<usize>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alone: Option<usize>,
        form: Form,
    },
    /// How many times an increment goes into the column is learned.
    Multiple { column: usize, from: usize, constraint: usize, form: Form },
    /// Values that rules do not allow are drawn again among those that they do. A rule about another column of a group that
    /// is missing together asks for any value.
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
    /// The column is a key made up from a number that differs among rows with the same cells in the `others`.
    Keyed {
        constraint: usize,
        column: usize,
        from: usize,
        others: Vec<usize>,
        /// How many rows may have one key, if the others do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most: Option<u64>,
    },
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

    /// True for a column that is learned as a key, whatever its kind.
    pub(super) fn is_keyed(&self, column: usize) -> bool {
        self.numbered
            .iter()
            .any(|numbered| matches!(numbered, Numbered::Keyed { column: own, .. } if *own == column))
    }

    /// What an inner column stands for: the outer columns that its step gives a value.
    pub(super) fn stands_for(&self, inner: usize) -> Vec<usize> {
        let is = |from: &Option<usize>| *from == Some(inner);
        let step = self.steps.iter().find(|step| match step {
            Step::Keep { from, .. } | Step::Joint { from, .. } | Step::Multiple { from, .. } => {
                *from == inner
            }
            Step::Offset(offset) => offset.from == inner || is(&offset.alone),
            Step::Computed { present, alone, .. } => is(present) || is(alone),
            _ => false,
        });
        step.map_or_else(Vec::new, Step::gives)
    }

    /// True when a reference of a distance says nothing beside another one that is known: the other is itself measured from
    /// it, and so lies on its far side.
    pub(super) fn is_covered(&self, offset: &Offset, reference: (usize, bool), by: (usize, bool)) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Offset(other) if other.column == by.0 && other.side == offset.side => other
                .references
                .iter()
                .any(|&(column, strict)| column == reference.0 && (strict || by.1 || !reference.1)),
            _ => false,
        })
    }

    /// True when an outer column is an inner one and nothing changes it later.
    pub(super) fn is_as_drawn(&self, column: usize) -> bool {
        self.kept(column).is_some()
            && !self.steps.iter().any(|step| step.changes().contains(&column))
            && !self.numbered.iter().any(|numbered| numbered.columns().contains(&column))
    }
}

impl Plan {
    /// The outer column that a message about an inner one is about, and what is said of it besides.
    fn outer_name(&self, name: &str, inner: &Schema, outer: &Schema) -> Option<(String, Option<String>)> {
        let index = inner.columns.iter().position(|column| column.name == name)?;
        let names: Vec<&str> =
            self.stands_for(index).into_iter().map(|column| outer.columns[column].name.as_str()).collect();
        let (first, others) = names.split_first()?;
        let quoted =
            |names: &[&str]| names.iter().map(|name| format!("{name:?}")).collect::<Vec<String>>().join(", ");
        let step = self.steps.iter().find(|step| match step {
            Step::Offset(offset) => offset.from == index,
            Step::Multiple { from, .. } => *from == index,
            Step::Computed { present, .. } => *present == Some(index),
            _ => false,
        });
        let what = match step {
            Some(Step::Offset(offset)) => {
                let from: Vec<&str> = offset
                    .references
                    .iter()
                    .map(|(column, _)| outer.columns[*column].name.as_str())
                    .collect();
                Some(format!("its distance from {}", quoted(&from)))
            }
            Some(Step::Multiple { .. }) => Some("how many increments it is".to_owned()),
            Some(Step::Computed { .. }) => Some("whether it is there".to_owned()),
            _ if !others.is_empty() => Some(format!("together with {}", quoted(others))),
            _ => None,
        };
        Some(((*first).to_owned(), what))
    }

    /// A warning about an inner column as one about the outer column that it stands for.
    pub(super) fn about_outer(&self, mut warning: Warning, inner: &Schema, outer: &Schema) -> Warning {
        if let Some(name) = &warning.column
            && let Some((own, what)) = self.outer_name(name, inner, outer)
        {
            warning.column = Some(own);
            if let Some(what) = what {
                warning.message = format!("{what}: {}", warning.message);
            }
        }
        warning
    }

    /// An error about an inner column as one about the outer column that it stands for.
    pub(super) fn named(&self, mut error: Error, inner: &Schema, outer: &Schema) -> Error {
        if let Error::Unsupported { column }
        | Error::Refused { column, .. }
        | Error::UnsupportedRow { column, .. }
        | Error::ForeignColumn { column }
        | Error::KeysExhausted { column, .. }
        | Error::TargetKind { column, .. }
        | Error::RareTargetClass { column, .. }
        | Error::ConditionOnStandIns { column } = &mut error
            && let Some((own, _)) = self.outer_name(column, inner, outer)
        {
            *column = own;
        }
        error
    }
}

impl Numbered {
    pub(super) fn columns(&self) -> Vec<usize> {
        match self {
            Numbered::Distinct { columns, .. } => columns.clone(),
            Numbered::Rising { column, .. } | Numbered::Keyed { column, .. } => vec![*column],
        }
    }

    pub(super) fn constraint(&self) -> usize {
        match self {
            Numbered::Distinct { constraint, .. }
            | Numbered::Keyed { constraint, .. }
            | Numbered::Rising { constraint, .. } => *constraint,
        }
    }
}
