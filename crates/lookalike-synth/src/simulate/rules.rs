//! Constraints of a table that is drawn: how each of them is met.
//!
//! What can be met by the way in which a column is drawn is: an order by cutting a column's distribution down to what those
//! drawn before it leave, a rule likewise, an equation by computing, a one-hot group as one choice, what is unique by a
//! permutation, what rises within a group by sorting. What cannot is met by drawing a row's cells again, a bounded number of
//! times ([`super::meet`]).

use std::sync::Arc;

use lookalike_table::Schema;
use lookalike_table::constraints::{Check, Comparand, Constraint, Operand, Rule, Rules, Value};

use super::columns::{ColumnSpec, Joint, JointCells, Sorted, Source, Start, number_kind, places_of};
use super::source::{At, Problems, Section, hint};
use super::tables::TableSpec;
use super::weights::Cumulative;

/// A constraint as the file has it.
pub(super) type Declared = At<Constraint>;

/// How a table's constraints are met.
#[derive(Debug, Clone)]
pub(super) struct Meeting {
    pub(super) rules: Rules,
    /// The line of each constraint.
    pub(super) lines: Vec<usize>,
    /// All columns of the table, those that are not written too.
    pub(super) schema: Arc<Schema>,
    /// For each column what cuts its distribution down.
    pub(super) limits: Vec<Vec<Limit>>,
    /// Columns whose cells are missing together.
    pub(super) together: Vec<Vec<usize>>,
    /// Rules that say which cells are missing, or are not.
    pub(super) masks: Vec<usize>,
    /// Unique columns that have so many different values and no more.
    pub(super) values: Vec<(usize, u64)>,
    /// Constraints that a row may break as it is drawn first.
    pub(super) checked: Vec<usize>,
}

/// What a column's values have to keep to, as columns that are drawn before it say.
#[derive(Debug, Clone)]
pub(super) enum Limit {
    /// At least this; above it, if true.
    AtLeast(Operand, bool),
    /// At most this; below it, if true.
    AtMost(Operand, bool),
    /// Where all tests hold, this.
    Where(Vec<Check>, Comparand),
}

impl Limit {
    /// The columns that it looks at.
    pub(super) fn columns(&self) -> Vec<usize> {
        match self {
            Limit::AtLeast(Operand::Column(column), _) | Limit::AtMost(Operand::Column(column), _) => {
                vec![*column]
            }
            Limit::Where(tests, _) => tests.iter().map(|test| test.column).collect(),
            _ => Vec::new(),
        }
    }
}

/// Reads `constraints`, a list of texts.
pub(super) fn read(section: &Section<'_>) -> Vec<Declared> {
    let mut declared = Vec::new();
    for At { value, line } in section.each_text("constraints") {
        match Constraint::parse(&value) {
            Ok(constraint) => declared.push(At { value: constraint, line }),
            Err(error) => section.problems.add(line, error.to_string()),
        }
    }
    declared
}

/// The expression that an equation gives for a column.
pub(super) fn equation_of(declared: &[Declared], name: &str) -> Option<At<String>> {
    declared.iter().find_map(|declared| match &declared.value {
        Constraint::Equation { column, expression, .. } if column == name => {
            Some(At { value: expression.clone(), line: declared.line })
        }
        _ => None,
    })
}

/// Changes how columns are drawn, so that constraints on single columns and on whole rows hold.
pub(super) fn prepare(
    specs: &mut [ColumnSpec],
    declared: &[Declared],
    parent: Option<&TableSpec>,
    problems: &Problems<'_>,
) {
    for At { value: constraint, line } in declared {
        let names = constraint.columns();
        let mut found = Vec::new();
        for name in &names {
            if let Some(index) = specs.iter().position(|column| column.name == *name) {
                found.push(index);
                continue;
            }
            let hint = hint(name, specs.iter().map(|column| column.name.as_str()));
            problems.add(*line, format!("`{constraint}` names no column of the table: {name:?}{hint}"));
        }
        if found.len() < names.len() {
            continue;
        }
        let outcome = match constraint {
            Constraint::OneHot { .. } => one_hot(specs, &found),
            Constraint::Increments { step, .. } => increments(&mut specs[found[0]], step),
            Constraint::Unique { .. } => unique(specs, &found, parent),
            Constraint::Monotone { falling, strict, .. } => {
                monotone(specs, found[0], &found[1..], (*falling, *strict), parent)
            }
            Constraint::Equation { .. } => match specs[found[0]].source {
                Source::Computed(_) => Ok(()),
                _ => Err("the column is drawn, but the constraint says what it is; give it type = \"computed\"".to_owned()),
            },
            Constraint::Combinations { .. } => Err(
                "without data nothing says which combinations there are; list them in [[combinations]] with `columns` and \
                 `rows`, and give the columns type = \"combination\""
                    .to_owned(),
            ),
            _ => Ok(()),
        };
        if let Err(problem) = outcome {
            problems.add(*line, format!("`{constraint}`: {problem}"));
        }
    }
}

/// One choice for the whole group.
fn one_hot(specs: &mut [ColumnSpec], columns: &[usize]) -> Result<(), String> {
    let shares: Option<Vec<f64>> = columns
        .iter()
        .map(|&column| match &specs[column].source {
            Source::Boolean(share) => share.fixed(),
            _ => None,
        })
        .collect();
    let Some(shares) = shares else {
        return Err("its columns have to be of type \"boolean\" with a fixed `share` each".to_owned());
    };
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() > super::weights::SLACK {
        let sum = (sum * 1e6).round() / 1e6;
        return Err(format!(
            "exactly one of them is true in a row, so their shares have to sum to 1, not to {sum}"
        ));
    }
    if let Some(&column) = columns.iter().find(|&&column| specs[column].missing.is_some()) {
        return Err(format!(
            "column {:?} has missing cells, which leave a row without its one",
            specs[column].name
        ));
    }
    let Some(weights) = Cumulative::new(&shares) else { return Err("no share is above 0".to_owned()) };
    let leader = specs[columns[0]].name.clone();
    for (place, &column) in columns.iter().enumerate() {
        let cells = JointCells::Flags((0..columns.len()).map(|other| other == place).collect());
        specs[column].source =
            Source::Joint(Joint { leader: leader.clone(), weights: weights.clone(), cells });
    }
    Ok(())
}

/// Values on a grid. What is computed is looked at afterwards.
fn increments(spec: &mut ColumnSpec, step: &str) -> Result<(), String> {
    let Some(step) = step.parse().ok().filter(|step: &f64| *step > 0.0) else {
        return Err("the increment has to be a number above 0".to_owned());
    };
    if let Source::Number { grid, decimals, .. } = &mut spec.source {
        if grid.is_some_and(|grid| (grid / step).fract() != 0.0) {
            return Err("the column's `grid` is no multiple of it; leave one of them out".to_owned());
        }
        *grid = Some(grid.unwrap_or(step));
        if decimals.is_none() {
            *decimals = places_of(step);
            spec.kind = Some(number_kind(*decimals));
        }
    }
    Ok(())
}

/// True when no two rows of the table have the same value.
fn is_unique(spec: &ColumnSpec, grouped: bool) -> bool {
    match &spec.source {
        Source::Pattern { unique, .. } => *unique,
        Source::StandIn(own) => own.unique && own.fake.distinct().is_some(),
        // Within groups it begins anew.
        Source::Sequence { step, start } => *step != 0 && !grouped && !matches!(start, Start::Formula(_)),
        Source::Distinct { .. } => true,
        _ => false,
    }
}

fn unique(specs: &mut [ColumnSpec], columns: &[usize], parent: Option<&TableSpec>) -> Result<(), String> {
    let grouped = parent.is_some();
    if columns.iter().any(|&column| is_unique(&specs[column], grouped)) {
        return Ok(());
    }
    // The same group, and another place in it.
    let by_place = |&column: &usize| {
        matches!(specs[column].source, Source::Sequence { step, .. } if step != 0)
            && is_of_group(specs, column)
    };
    if columns_name_the_parent(specs, columns, parent) && columns.iter().any(by_place) {
        return Ok(());
    }
    for &column in columns {
        match &mut specs[column].source {
            Source::Pattern { unique, .. } => *unique = true,
            Source::StandIn(own) if own.fake.distinct().is_some() => own.unique = true,
            Source::Number { shape, grid: None, .. } => {
                let Some((low, count)) = shape.whole_range() else { continue };
                specs[column].source = Source::Distinct { low, count };
            }
            _ => continue,
        }
        return Ok(());
    }
    Err("nothing says how its rows differ; give one of its columns the type \"sequence\", \"pattern\", \"stand-in\" or \
         \"uniform-integer\""
        .to_owned())
}

/// True when nothing but columns of the group goes into a column's formulas.
fn is_of_group(specs: &[ColumnSpec], column: usize) -> bool {
    let of_group = |name: &str| {
        specs.iter().any(|other| other.name == name && matches!(other.source, Source::Parent(_)))
    };
    specs[column].formulas().iter().all(|formula| formula.names().into_iter().all(of_group))
}

/// True when the columns tell the parents of rows apart.
fn columns_name_the_parent(specs: &[ColumnSpec], columns: &[usize], parent: Option<&TableSpec>) -> bool {
    columns.iter().any(|&column| match (&specs[column].source, parent) {
        (Source::Parent(above), Some(parent)) => is_unique(&parent.columns[*above], false),
        _ => false,
    })
}

fn monotone(
    specs: &mut [ColumnSpec],
    column: usize,
    within: &[usize],
    (falling, strict): (bool, bool),
    parent: Option<&TableSpec>,
) -> Result<(), String> {
    let by_parent = parent.is_some() && columns_name_the_parent(specs, within, parent);
    // Where a sequence begins may hang on the group only.
    let begins_once = is_of_group(specs, column);
    let spec = &mut specs[column];
    if let Source::Sequence { step, .. } = &spec.source {
        let along = if falling { -*step } else { *step };
        let fits = if strict { along > 0 } else { along >= 0 };
        let goes_on = by_parent || (parent.is_none() && within.is_empty());
        if fits && goes_on && begins_once {
            return Ok(());
        }
        return Err(if fits && !begins_once {
            "the sequence's `start` is another one in each row; compute it from columns of the group only"
                .to_owned()
        } else if fits {
            "a sequence begins anew for each parent or group; name its unique column behind the sequence's"
                .to_owned()
        } else {
            "the `step` of the sequence goes the other way".to_owned()
        });
    }
    if !by_parent {
        return Err("rows are drawn without knowing how many there will be; make the column a \"sequence\", or name a unique \
                    column of the group or parent within which it goes on"
            .to_owned());
    }
    if strict {
        return Err(
            "what is drawn can be equal twice; take `rising` or `falling`, or make the column a \"sequence\""
                .to_owned(),
        );
    }
    if !spec.is_monotone() {
        return Err(
            "only what is drawn from a distribution or a calendar can be put in order, and not a mixture"
                .to_owned(),
        );
    }
    if !spec.formulas().is_empty() {
        return Err("its parameters have to be the same for all rows".to_owned());
    }
    spec.sorted = Some(if falling { Sorted::Falling } else { Sorted::Rising });
    Ok(())
}

/// For each column those that have to be drawn before it, so that it can be cut down to what they leave. What is computed comes
/// first, then the order of the file decides.
pub(super) fn before(specs: &[ColumnSpec], declared: &[Declared]) -> Vec<Vec<usize>> {
    let index = |name: &str| specs.iter().position(|column| column.name == name);
    let mut graph: Vec<Vec<usize>> = specs
        .iter()
        .map(|column| {
            column.formulas().iter().flat_map(|formula| formula.names()).filter_map(index).collect()
        })
        .collect();
    let mut added = vec![Vec::new(); specs.len()];
    let mut wanted: Vec<(usize, usize)> = Vec::new();
    for declared in declared {
        match &declared.value {
            Constraint::Order { .. } => {
                let mut columns: Vec<usize> =
                    declared.value.columns().iter().filter_map(|name| index(name)).collect();
                // The later of two is drawn after the other; what is computed is never the later one.
                columns.sort_by_key(|&column| (specs[column].is_drawn(), column));
                for (place, &later) in columns.iter().enumerate() {
                    wanted.extend(columns[..place].iter().map(|&earlier| (later, earlier)));
                }
            }
            Constraint::When { tests, then } => {
                let Some(later) = index(&then.column) else { continue };
                wanted.extend(
                    tests.iter().filter_map(|test| index(&test.column)).map(|earlier| (later, earlier)),
                );
            }
            _ => {}
        }
    }
    for (later, earlier) in wanted {
        if later != earlier && !reaches(&graph, earlier, later) {
            graph[later].push(earlier);
            added[later].push(earlier);
        }
    }
    added
}

fn reaches(graph: &[Vec<usize>], from: usize, to: usize) -> bool {
    let (mut seen, mut open) = (vec![false; graph.len()], vec![from]);
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(&graph[at]);
        }
    }
    false
}

/// Settles how constraints are met, once all columns have a kind and a place in the order.
pub(super) fn settle(
    specs: &[ColumnSpec],
    order: &[usize],
    declared: &[Declared],
    problems: &Problems<'_>,
) -> Option<Meeting> {
    if declared.is_empty() {
        return None;
    }
    let mut schema = Schema::new(specs.iter().map(ColumnSpec::schema).collect());
    let mut sound = true;
    for At { value, line } in declared {
        schema.constraints = vec![value.clone()];
        if let Err(error) = Rules::new(&schema) {
            problems.add(*line, error.to_string());
            sound = false;
        }
    }
    if !sound {
        return None;
    }
    schema.constraints = declared.iter().map(|declared| declared.value.clone()).collect();
    let rules = match Rules::new(&schema) {
        Ok(rules) => rules,
        Err(error) => {
            problems.add(declared[0].line, error.to_string());
            return None;
        }
    };
    let place = |column: usize| order.iter().position(|&other| other == column);
    let mut meeting = Meeting {
        lines: declared.iter().map(|declared| declared.line).collect(),
        limits: vec![Vec::new(); specs.len()],
        together: Vec::new(),
        masks: Vec::new(),
        values: Vec::new(),
        checked: Vec::new(),
        schema: Arc::new(schema),
        rules,
    };
    for (index, rule) in meeting.rules.rules.iter().enumerate() {
        match rule {
            Rule::Order { operands, strict } => {
                for (at, operand) in operands.iter().enumerate() {
                    let Operand::Column(column) = *operand else { continue };
                    if !specs[column].is_monotone() || specs[column].sorted.is_some() {
                        continue;
                    }
                    for (other_at, other) in operands.iter().enumerate() {
                        let is_before = match other {
                            Operand::Constant(_) => true,
                            Operand::Column(other) => place(*other) < place(column),
                        };
                        if other_at == at || !is_before {
                            continue;
                        }
                        let strictly = strict[at.min(other_at)..at.max(other_at)].contains(&true);
                        meeting.limits[column].push(if other_at < at {
                            Limit::AtLeast(*other, strictly)
                        } else {
                            Limit::AtMost(*other, strictly)
                        });
                    }
                }
                meeting.checked.push(index);
            }
            Rule::When { tests, then } => {
                let of_masks = |is: &Comparand| matches!(is, Comparand::Missing | Comparand::Present);
                if of_masks(&then.is) {
                    meeting.masks.push(index);
                } else if tests
                    .iter()
                    .all(|test| !of_masks(&test.is) && place(test.column) < place(then.column))
                    && can_follow(&specs[then.column], &then.is)
                {
                    meeting.limits[then.column].push(Limit::Where(tests.clone(), then.is.clone()));
                }
                meeting.checked.push(index);
            }
            Rule::AllOrNone(columns) => {
                let own: Vec<&str> = columns
                    .iter()
                    .filter(|&&column| specs[column].missing.is_some())
                    .map(|&column| specs[column].name.as_str())
                    .collect();
                if own.len() > 1 {
                    problems.add(
                        declared[index].line,
                        format!(
                            "`{}`: columns {:?} and {:?} both have `missing`; leave it to one of them, the others follow",
                            declared[index].value, own[0], own[1]
                        ),
                    );
                }
                meeting.together.push(columns.clone());
                meeting.checked.push(index);
            }
            Rule::Equation { .. } | Rule::Increments { .. } => meeting.checked.push(index),
            // The column that makes them so is drawn by the row's number.
            Rule::Unique(columns) => {
                let count = |&column: &usize| match &specs[column].source {
                    Source::StandIn(own) if own.unique => Some((column, own.fake.distinct()?)),
                    Source::Distinct { count, .. } => Some((column, *count)),
                    _ => None,
                };
                meeting.values.extend(columns.iter().filter_map(count).max_by_key(|entry| entry.1));
            }
            // Met by how they are drawn.
            _ => {}
        }
    }
    Some(meeting)
}

/// True when a column's distribution can be cut down to what a rule says.
fn can_follow(spec: &ColumnSpec, is: &Comparand) -> bool {
    if spec.sorted.is_some() {
        return false;
    }
    match is {
        Comparand::Among(values) => match &spec.source {
            Source::Levels { .. } | Source::Boolean(_) => true,
            _ => spec.is_monotone() && matches!(values.as_slice(), [Value::Amount(_)]),
        },
        Comparand::NotAmong(_) => matches!(spec.source, Source::Levels { .. } | Source::Boolean(_)),
        _ => spec.is_monotone(),
    }
}
