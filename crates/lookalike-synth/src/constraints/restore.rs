//! A constrained model from the parts of a file, which are not trusted.

use std::sync::Arc;

use lookalike_core::Warning;
use lookalike_table::constraints::{Rule, Rules};
use lookalike_table::{ColumnSchema, Kind, Schema};

use super::combos::Cells;
use super::form::Form;
use super::model::ConstrainedModel;
use super::plan::{Bound, Numbered, Offset, Plan, Step};
use crate::synthesizer::AnyModel;

impl ConstrainedModel {
    /// Puts a model together; `None` when the parts do not belong together.
    pub(crate) fn restore(
        inner: AnyModel,
        schema: Schema,
        plan: Plan,
        warnings: Vec<Warning>,
    ) -> Option<ConstrainedModel> {
        let rules = Rules::new(&schema).ok()?;
        let sound = Sound { inner: inner.schema(), outer: &schema, rules: &rules, plan: &plan };
        if !sound.plan() {
            return None;
        }
        let joints = ConstrainedModel::joints(&plan);
        Some(ConstrainedModel {
            inner: Box::new(inner),
            schema: Arc::new(schema),
            rules,
            plan,
            joints,
            warnings,
        })
    }
}

struct Sound<'a> {
    inner: &'a Schema,
    outer: &'a Schema,
    rules: &'a Rules,
    plan: &'a Plan,
}

impl Sound<'_> {
    fn plan(&self) -> bool {
        let plan = self.plan;
        if plan.n_inner != self.inner.columns.len()
            || plan.residual.iter().any(|&index| index >= self.rules.rules.len())
        {
            return false;
        }
        let mut known = vec![false; self.outer.columns.len()];
        for step in &plan.steps {
            if !self.step(step, &known) {
                return false;
            }
            for column in step.gives() {
                // Twice is once too often.
                if std::mem::replace(&mut known[column], true) {
                    return false;
                }
            }
        }
        known.iter().all(|&known| known) && plan.numbered.iter().all(|numbered| self.numbered(numbered))
    }

    fn is_inner(&self, from: usize, fits: impl Fn(&Kind) -> bool) -> bool {
        self.inner.columns.get(from).is_some_and(|column| fits(&column.kind))
    }

    fn same_kind(&self, column: usize, from: usize) -> bool {
        let Some(outer) = self.outer.columns.get(column) else { return false };
        self.is_inner(from, |kind| std::mem::discriminant(kind) == std::mem::discriminant(&outer.kind))
    }

    fn when(&self, index: usize, known: &[bool]) -> bool {
        match self.rules.rules.get(index) {
            Some(Rule::When { tests, .. }) => tests.iter().all(|test| known[test.column]),
            _ => false,
        }
    }

    fn step(&self, step: &Step, known: &[bool]) -> bool {
        let is_known = |column: usize| known.get(column).copied().unwrap_or(false);
        match step {
            Step::Keep { column, from } if self.plan.is_keyed(*column) => {
                self.is_inner(*from, |kind| matches!(kind, Kind::Id(_)))
                    && self
                        .outer
                        .columns
                        .get(*column)
                        .is_some_and(|described| matches!(described.kind, Kind::Id(_) | Kind::Text))
            }
            Step::Keep { column, from } => self.same_kind(*column, *from),
            Step::Joint { columns, from, cells } => {
                let count = cells.first().map_or(0, Cells::len);
                columns.len() == cells.len()
                    && count > 0
                    && columns.iter().zip(cells).all(|(&column, cells)| {
                        cells.len() == count
                            && cells.is_sound()
                            && self
                                .outer
                                .columns
                                .get(column)
                                .is_some_and(|described| described.kind.fits(&cells.column()))
                    })
                    && self.is_inner(*from, |kind| matches!(kind, Kind::Categorical { .. }))
                    && self.joint_levels(*from, count)
            }
            Step::Offset(offset) => self.offset(offset, &is_known),
            Step::Computed { column, constraint, present, alone, form } => {
                let Some(described) = self.outer.columns.get(*column) else { return false };
                let right = match self.rules.rules.get(*constraint) {
                    Some(Rule::Equation { column: own, expression, .. }) => {
                        own == column && expression.columns().iter().all(|&input| is_known(input))
                    }
                    _ => false,
                };
                let boolean = matches!(described.kind, Kind::Boolean(_));
                right
                    && (boolean || fits(*form, described))
                    && present.is_none_or(|from| self.is_inner(from, |kind| matches!(kind, Kind::Boolean(_))))
                    && alone.is_none_or(|from| self.same_kind(*column, from))
            }
            Step::Multiple { column, from, constraint, form } => {
                let own = matches!(
                    self.rules.rules.get(*constraint),
                    Some(Rule::Increments { column: own, .. }) if own == column
                );
                own && self.is_inner(*from, |kind| matches!(kind, Kind::Numerical(_)))
                    && self.outer.columns.get(*column).is_some_and(|described| fits(*form, described))
            }
            Step::Imposed { column, from, constraints } => {
                is_known(*column)
                    && self.plan.kept(*column) == Some(*from)
                    && !constraints.is_empty()
                    && constraints.len() <= 60
                    && constraints.iter().all(|&index| self.when(index, known))
            }
            Step::Blank { column, constraints } => {
                is_known(*column) && constraints.iter().all(|&index| self.when(index, known))
            }
            Step::Together { columns } => columns.iter().all(|&column| is_known(column)),
        }
    }

    /// Combinations are called by numbers that exist; what a method calls otherwise is read as the first.
    fn joint_levels(&self, from: usize, count: usize) -> bool {
        match &self.inner.columns[from].kind {
            Kind::Categorical { order } => order.iter().all(|level| {
                level
                    .strip_prefix('c')
                    .and_then(|text| text.parse::<usize>().ok())
                    .is_some_and(|code| code < count)
            }),
            _ => false,
        }
    }

    fn offset(&self, offset: &Offset, is_known: &dyn Fn(usize) -> bool) -> bool {
        let Some(described) = self.outer.columns.get(offset.column) else { return false };
        let bound = |bound: &Option<Bound>| match bound {
            None => true,
            Some(Bound::Real(value)) => offset.form.is_real() && value.is_finite(),
            Some(Bound::Steps(_)) => !offset.form.is_real(),
        };
        let amount =
            |column: usize| matches!(self.outer.columns[column].kind, Kind::Numerical(_) | Kind::Datetime(_));
        fits(offset.form, described)
            && self.is_inner(offset.from, |kind| matches!(kind, Kind::Numerical(_)))
            && offset.alone.is_none_or(|from| self.same_kind(offset.column, from))
            && !offset.references.is_empty()
            && offset.references.iter().all(|&(reference, _)| is_known(reference) && amount(reference))
            && bound(&offset.start)
            && bound(&offset.limit)
    }

    fn numbered(&self, numbered: &Numbered) -> bool {
        let Some(rule) = self.rules.rules.get(numbered.constraint()) else { return false };
        match numbered {
            Numbered::Distinct { columns, from, .. } => {
                matches!(rule, Rule::Unique(_))
                    && !columns.is_empty()
                    && columns.len() == from.len()
                    && columns.iter().zip(from).all(|(&column, from)| self.plan.kept(column) == Some(*from))
            }
            Numbered::Keyed { column, from, others, most, .. } => {
                let Rule::Unique(columns) = rule else { return false };
                self.plan.kept(*column) == Some(*from)
                    && columns.contains(column)
                    && others.iter().all(|other| other != column && columns.contains(other))
                    && most.is_none_or(|most| most > 0)
            }
            Numbered::Rising { column, from, form, .. } => {
                matches!(rule, Rule::Monotone { .. })
                    && self.plan.kept(*column) == Some(*from)
                    && self.outer.columns.get(*column).is_some_and(|described| fits(*form, described))
            }
        }
    }
}

/// True when a column of this form is one that the schema describes.
fn fits(form: Form, described: &ColumnSchema) -> bool {
    form.is_sound() && described.kind.fits(&form.column(&[0], None))
}
