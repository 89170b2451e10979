//! From an outer table to the inner one that methods learn.

use hashbrown::HashMap;
use lookalike_table::constraints::{Amounts, Rule, Rules};
use lookalike_table::schema::NumberFormat;
use lookalike_table::{Codes, Column, ColumnSchema, Kind, Levels, Schema, spelling};

use super::combos::Cells;
use super::form::{Side, saturated};
use super::given::there;
use super::inverse::Base;
use super::plan::{Bound, Offset, Plan, Step};

/// What a missing cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gaps {
    /// That there is no value.
    Missing,
    /// Nothing: there may be a value that is not known.
    Unknown,
}

/// The columns of an inner table.
pub(super) struct Inner {
    pub(super) schema: Vec<ColumnSchema>,
    pub(super) columns: Vec<Column>,
}

/// What an outer table comes to. Columns that are not given, and cells that do not say, are missing.
///
/// `codes` are the combinations of joint columns, where they are known already.
pub(super) fn forward(
    plan: &Plan,
    rules: &Rules,
    schema: &Schema,
    given: &[Option<Column>],
    n_rows: usize,
    (codes, gaps): (&HashMap<usize, Vec<u32>>, Gaps),
) -> Inner {
    let mut inner: Vec<Option<(ColumnSchema, Column)>> = (0..plan.n_inner).map(|_| None).collect();
    let known = given.iter().map(|cells| cells.as_ref().map(there)).collect();
    let forward = Forward { plan, rules, schema, given, known, n_rows, gaps };
    for step in &plan.steps {
        match step {
            Step::Keep { column, from } => {
                let own = &schema.columns[*column];
                let described =
                    if plan.is_keyed(*column) { super::distinct::described(own) } else { own.clone() };
                inner[*from] = Some((described, forward.outer(*column)));
            }
            Step::Joint { columns, from, cells } => {
                inner[*from] = Some(forward.joint(columns, cells, codes.get(from)));
            }
            Step::Offset(offset) => {
                let (distance, alone) = forward.offset(offset);
                inner[offset.from] = Some(distance);
                if let Some(from) = offset.alone {
                    inner[from] = Some((schema.columns[offset.column].clone(), alone));
                }
            }
            Step::Computed { column, constraint, present, alone, .. } => {
                if let Some(from) = present {
                    inner[*from] = Some(forward.present(*column, *constraint));
                }
                if let Some(from) = alone {
                    inner[*from] = Some((schema.columns[*column].clone(), forward.outer(*column)));
                }
            }
            Step::Multiple { column, from, constraint, .. } => {
                inner[*from] = Some(forward.multiple(*column, *constraint));
            }
            _ => {}
        }
    }
    let (mut columns, mut described) = (Vec::new(), Vec::new());
    for (schema, column) in inner.into_iter().flatten() {
        described.push(schema);
        columns.push(column);
    }
    // Names of derived columns must not be those of others.
    for place in 0..described.len() {
        let outer = schema.columns.iter().any(|column| column.name == described[place].name);
        while !outer && described[..place].iter().any(|other| other.name == described[place].name) {
            described[place].name.push('\'');
        }
    }
    Inner { schema: described, columns }
}

struct Forward<'a> {
    plan: &'a Plan,
    rules: &'a Rules,
    schema: &'a Schema,
    given: &'a [Option<Column>],
    known: Vec<Option<Vec<bool>>>,
    n_rows: usize,
    gaps: Gaps,
}

impl Forward<'_> {
    fn name(&self, column: usize) -> &str {
        &self.schema.columns[column].name
    }

    /// The column, or one of missing values.
    fn outer(&self, column: usize) -> Column {
        self.given[column]
            .clone()
            .unwrap_or_else(|| missing_column(&self.schema.columns[column], self.n_rows))
    }

    fn amounts(&self, column: usize) -> Option<Amounts> {
        Amounts::of(self.given[column].as_ref()?, &self.schema.columns[column])
    }

    fn joint(&self, columns: &[usize], cells: &[Cells], codes: Option<&Vec<u32>>) -> (ColumnSchema, Column) {
        let names: Vec<&str> = columns.iter().map(|&column| self.name(column)).collect();
        let count = cells.first().map_or(0, Cells::len);
        let levels: Vec<String> = (0..count).map(|code| format!("c{code}")).collect();
        // In the order of a column of numbers, where there is one.
        let ordered = columns.iter().any(|&column| match &self.schema.columns[column].kind {
            Kind::Numerical(_) | Kind::Datetime(_) => true,
            Kind::Categorical { order } => !order.is_empty(),
            _ => false,
        });
        let order = if ordered { levels.clone() } else { Vec::new() };
        let codes = codes.cloned().unwrap_or_else(|| self.known(columns, cells));
        (
            ColumnSchema::new(names.join(" & "), Kind::Categorical { order }),
            Column::from_codes(codes, &Levels::new(&levels)),
        )
    }

    /// Each row's combination; missing where a cell is, unless the combination has a missing cell there and that says so, and
    /// where it is unknown.
    fn known(&self, columns: &[usize], cells: &[Cells]) -> Vec<u32> {
        let texts = |column: usize, values: &Column| spelling::spell(&self.schema.columns[column], values);
        let spelled: Vec<Vec<Option<String>>> =
            columns.iter().zip(cells).map(|(&column, cells)| texts(column, &cells.column())).collect();
        let count = cells.first().map_or(0, Cells::len);
        let numbers: HashMap<Vec<Option<&str>>, u32> = (0..count)
            .map(|code| (spelled.iter().map(|texts| texts[code].as_deref()).collect(), code as u32))
            .collect();
        let own: Vec<Vec<Option<String>>> =
            columns.iter().map(|&column| texts(column, &self.outer(column))).collect();
        (0..self.n_rows)
            .map(|row| {
                let key: Vec<Option<&str>> = own.iter().map(|texts| texts[row].as_deref()).collect();
                if self.gaps == Gaps::Unknown && key.iter().any(Option::is_none) {
                    return Codes::MISSING;
                }
                numbers.get(&key).copied().unwrap_or(Codes::MISSING)
            })
            .collect()
    }

    fn offset(&self, offset: &Offset) -> ((ColumnSchema, Column), Column) {
        let form = offset.form;
        let base = Base::new(offset, |column| self.amounts(column));
        let own = self.amounts(offset.column);
        let value = |row: usize| own.as_ref().and_then(|own| own.get(row));
        let mut missing = vec![true; self.n_rows];
        let mut alone_missing = vec![true; self.n_rows];
        let (mut steps, mut reals) = (vec![0_i64; self.n_rows], vec![0.0; self.n_rows]);
        for row in 0..self.n_rows {
            let Some(amount) = value(row) else { continue };
            if self.gaps == Gaps::Unknown && !self.is_settled(offset, row) {
                continue;
            }
            if form.is_real() {
                let Some(from) = base.real(row) else {
                    alone_missing[row] = !base.is_unbounded(row);
                    continue;
                };
                let distance = base.sign() * (amount.to_f64() - from);
                reals[row] = match (offset.share, offset.limit) {
                    (true, Some(Bound::Real(limit))) => {
                        let all = base.sign() * (limit - from);
                        if all > 0.0 { distance / all } else { 0.5 }
                    }
                    _ => distance,
                };
                missing[row] = distance < 0.0 || !reals[row].is_finite();
            } else {
                let Some(from) = base.steps(row) else {
                    alone_missing[row] = !base.is_unbounded(row);
                    continue;
                };
                let sign = if offset.side == Side::Above { 1 } else { -1 };
                let distance = sign * (form.steps(amount) - from);
                missing[row] = distance < 0;
                steps[row] = saturated(distance);
                if let (true, Some(Bound::Steps(limit))) = (offset.share, offset.limit) {
                    let all = sign * (i128::from(limit) - from);
                    reals[row] = (distance as f64 + 0.5) / (all.max(0) as f64 + 1.0);
                }
            }
        }
        let word = if offset.side == Side::Above { "above" } else { "below" };
        let references: Vec<&str> = offset.references.iter().map(|(column, _)| self.name(*column)).collect();
        let name = format!("{} {word} {}", self.name(offset.column), references.join(", "));
        let distance = if form.is_real() || offset.share {
            let kind = Kind::Numerical(NumberFormat::default());
            (ColumnSchema::new(name, kind), Column::from_floats(reals, Some(missing)))
        } else {
            let kind = Kind::Numerical(NumberFormat::whole());
            (ColumnSchema::new(name, kind), Column::from_integers(steps, Some(missing)))
        };
        (distance, self.outer(offset.column).with_missing(&alone_missing))
    }

    /// True where the value that a distance is measured from is known: every column that it may be is, or lies on the far side
    /// of one that is.
    fn is_settled(&self, offset: &Offset, row: usize) -> bool {
        let known = |column: usize| self.known[column].as_ref().is_some_and(|flags| flags[row]);
        offset.references.iter().all(|&reference| {
            known(reference.0)
                || offset
                    .references
                    .iter()
                    .any(|&other| known(other.0) && self.plan.is_covered(offset, reference, other))
        })
    }

    /// Where a computed column has a value, in rows in which it could have one.
    fn present(&self, column: usize, constraint: usize) -> (ColumnSchema, Column) {
        let own = self.outer(column).missing().unwrap_or_else(|| vec![false; self.n_rows]);
        let inputs_given = match &self.rules.rules[constraint] {
            Rule::Equation { expression, .. } => {
                expression.columns().iter().all(|&input| self.given[input].is_some())
            }
            _ => false,
        };
        let gap = match &self.rules.rules[constraint] {
            Rule::Equation { expression, .. } if inputs_given => {
                let at = |index: usize| self.given[index].as_ref().expect("all inputs are given");
                expression.evaluate(self.n_rows, &at).missing
            }
            _ => Some(vec![true; self.n_rows]),
        };
        let unknown: Vec<bool> = (0..self.n_rows)
            .map(|row| {
                gap.as_ref().is_some_and(|flags| flags[row]) || (self.gaps == Gaps::Unknown && own[row])
            })
            .collect();
        let values = own.iter().map(|missing| !missing).collect();
        let kind = Kind::Boolean(lookalike_table::schema::BooleanFormat::default());
        let name = format!("{} is present", self.name(column));
        (ColumnSchema::new(name, kind), Column::from_booleans(values, Some(unknown)))
    }

    fn multiple(&self, column: usize, constraint: usize) -> (ColumnSchema, Column) {
        let own = self.outer(column);
        let mut missing = own.missing().unwrap_or_else(|| vec![false; self.n_rows]);
        let mut values = vec![0_i64; self.n_rows];
        if let (Some(amounts), Rule::Increments { step, .. }) =
            (Amounts::of(&own, &self.schema.columns[column]), &self.rules.rules[constraint])
        {
            for row in 0..self.n_rows {
                match amounts
                    .get(row)
                    .and_then(|amount| lookalike_table::constraints::multiple(amount, *step))
                {
                    Some(times) => values[row] = saturated(times),
                    None => missing[row] = true,
                }
            }
        }
        let name = format!("{} by increments", self.name(column));
        let kind = Kind::Numerical(NumberFormat::whole());
        (ColumnSchema::new(name, kind), Column::from_integers(values, Some(missing)))
    }
}

/// A column of missing values.
pub(super) fn missing_column(described: &ColumnSchema, n_rows: usize) -> Column {
    let flags = || Some(vec![true; n_rows]);
    match &described.kind {
        Kind::Categorical { .. } => {
            Column::from_codes(vec![Codes::MISSING; n_rows], &Levels::new(std::iter::empty::<&str>()))
        }
        Kind::Boolean(_) => Column::from_booleans(vec![false; n_rows], flags()),
        Kind::Datetime(_) => Column::from_instants(vec![0; n_rows], flags()),
        Kind::Numerical(format) if format.integer => Column::from_integers(vec![0; n_rows], flags()),
        Kind::Numerical(_) => Column::from_floats(vec![0.0; n_rows], flags()),
        // Keys and texts.
        _ => Column::from_texts((0..n_rows).map(|_| None::<&str>)),
    }
}
