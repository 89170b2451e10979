//! Tables as the file describes them: reading, what hangs on what, and the order in which columns are drawn.

use std::sync::Arc;

use hashbrown::HashMap;
use lookalike_table::constraints::Constraint;
use lookalike_table::expression::Type;
use lookalike_table::{Column, Schema};

use super::SimulateError;
use super::columns::{self, ColumnSpec, Joint, JointCells, Source};
use super::correlate::{self, Copula};
use super::rules::{self, Declared, Meeting};
use super::shape::Shape;
use super::source::{At, Problems, Section, hint};

/// A table, ready to be drawn.
#[derive(Debug, Clone)]
pub(super) struct TableSpec {
    pub(super) name: String,
    pub(super) columns: Vec<ColumnSpec>,
    /// The order in which columns are drawn.
    pub(super) order: Vec<usize>,
    pub(super) copula: Option<Copula>,
    /// How its constraints are met, if it has any.
    pub(super) meeting: Option<Meeting>,
    pub(super) parent: Option<Link>,
    /// A table of groups alone is not written.
    pub(super) written: bool,
    pub(super) schema: Arc<Schema>,
    /// The columns that are written.
    pub(super) shown: Vec<usize>,
}

/// What a table's rows belong to.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// The parent's number; parents stand before their children.
    pub(super) table: usize,
    /// How many rows each of the parent's rows has.
    pub(super) children: Children,
}

#[derive(Debug, Clone)]
pub(super) enum Children {
    Fixed(u64),
    Drawn(Shape),
}

impl TableSpec {
    pub(super) fn has_series(&self) -> bool {
        self.columns.iter().any(|column| matches!(column.source, Source::Series { .. }))
    }

    /// Whether unique columns have values for so many rows.
    pub(super) fn enough_values(&self, rows: u64) -> Result<(), SimulateError> {
        let short =
            self.meeting.iter().flat_map(|meeting| &meeting.values).find(|(_, values)| *values < rows);
        short.map_or(Ok(()), |&(column, values)| {
            let ColumnSpec { name, line, .. } = &self.columns[column];
            Err(SimulateError::TooFewValues { column: name.clone(), line: *line, values, rows })
        })
    }
}

/// How a table is written in the file, before names are settled.
struct Draft<'a> {
    name: String,
    section: Section<'a>,
    what: String,
}

/// Reads all tables of a file: one with its `[columns]`, or several under `[tables]`.
pub(super) fn read<'a>(root: &Section<'a>, problems: &'a Problems<'a>) -> Vec<TableSpec> {
    let mut tables = Vec::new();
    if !root.has("tables") {
        single(root, problems, &mut tables);
        return tables;
    }
    for key in ["columns", "group", "correlations", "constraints", "combinations"] {
        if root.has(key) {
            let message = format!("`{key}` belongs into one of the tables: write [tables.NAME.{key}]");
            problems.add(root.line, message);
        }
    }
    let mut drafts: Vec<Draft<'a>> = root
        .named("tables", "table")
        .into_iter()
        .map(|(name, section)| Draft { what: section.what.clone(), name, section })
        .collect();
    for draft in &drafts {
        if draft.name.is_empty() || draft.name.contains(['/', '\\', '\0']) || draft.name.starts_with('.') {
            let message = format!(
                "{} cannot be a file's name, which it becomes: leave out slashes and a dot at the beginning",
                draft.what
            );
            problems.add(draft.section.line, message);
        }
        if draft.section.has("children") && !draft.section.has("parent") {
            problems.add(
                draft.section.line,
                format!("{} has `children` but no `parent` that they are of", draft.what),
            );
        }
    }
    if drafts.is_empty() {
        problems.add(root.line, "there is no table; write [tables.NAME.columns.COLUMN]");
    }
    // Parents first; what is left has a parent that is not there.
    while !drafts.is_empty() {
        let ready = drafts.iter().position(|draft| {
            draft
                .section
                .text("parent")
                .is_none_or(|parent| tables.iter().any(|table: &TableSpec| table.name == parent.value))
        });
        let Some(ready) = ready else {
            for draft in &drafts {
                let line = draft.section.text("parent").map_or(draft.section.line, |parent| parent.line);
                problems.add(
                    line,
                    format!("the parent of {} is not a table of this file, or is below it", draft.what),
                );
            }
            return tables;
        };
        let draft = drafts.remove(ready);
        let parent = draft.section.text("parent");
        let link = parent.and_then(|parent| {
            let table = tables.iter().position(|table| table.name == parent.value)?;
            if tables[table].parent.is_some() {
                let message = format!(
                    "the parent of {} has a parent or groups itself; only two levels are drawn, so link it to that one",
                    draft.what
                );
                problems.add(parent.line, message);
                return None;
            }
            if tables[table].has_series() {
                let message = format!("the parent of {} has a series; series belong into tables without children", draft.what);
                problems.add(parent.line, message);
                return None;
            }
            Some(Link { table, children: children(&draft.section, "children")? })
        });
        let parts = draft.section.named("columns", "column");
        let parent = link.as_ref().map(|link| &tables[link.table]);
        let declared = rules::read(&draft.section);
        let mut specs = columns_of(&draft.section, &parts, &declared, parent);
        if let Some(column) = specs.iter().find(|column| column.per_group) {
            problems.add(
                column.line,
                "columns per group are for a file with one table and a [group]; take a parent table",
            );
        }
        let correlations = draft.section.sections("correlations", "a correlation");
        draft.section.close();
        if let Some(link) = &link {
            // A parent's columns can be computed with, as parent.column.
            let parent = &tables[link.table];
            let taken: Vec<ColumnSpec> = parent
                .columns
                .iter()
                .enumerate()
                .map(|(index, column)| ColumnSpec {
                    name: format!("{}.{}", parent.name, column.name),
                    source: Source::Parent(index),
                    missing: None,
                    hidden: true,
                    ..column.clone()
                })
                .filter(|column| {
                    specs.iter().any(|spec| names_of(spec).iter().any(|name| *name == column.name))
                        || declared.iter().any(|declared| declared.value.columns().contains(&column.name))
                })
                .collect();
            specs.extend(taken);
        }
        let around = Around {
            declared: &declared,
            correlations: &correlations,
            parent: link.is_some().then_some(parent).flatten(),
        };
        tables.extend(finish(&draft.name, specs, &around, link, true, draft.section.line, problems));
    }
    tables
}

/// What a table's columns have to do with each other, and with those of its parent.
struct Around<'s, 'a> {
    declared: &'s [Declared],
    correlations: &'s [Section<'a>],
    parent: Option<&'s TableSpec>,
}

/// The columns of a table, in the order of the file.
fn columns_of(
    table: &Section<'_>,
    parts: &[(String, Section<'_>)],
    declared: &[Declared],
    parent: Option<&TableSpec>,
) -> Vec<ColumnSpec> {
    let joints = joints(table);
    let mut specs = Vec::new();
    for (name, section) in parts {
        let found = column(name, section, declared, &joints, parent);
        if found.is_none() && table.problems.is_empty() {
            // Nothing is left out without a word.
            table.problems.add(section.line, format!("{} cannot be understood", section.what));
        }
        specs.extend(found);
    }
    for (name, _) in &joints {
        if specs.iter().all(|spec| spec.name != *name) {
            let message =
                format!("[[combinations]] names column {name:?}, which is not there; write [columns.{name}]");
            table.problems.add(table.line, message);
        }
    }
    specs
}

/// Reads `[[combinations]]`: for each column its part in the choice.
fn joints(table: &Section<'_>) -> Vec<(String, Joint)> {
    let mut joints: Vec<(String, Joint)> = Vec::new();
    for section in table.sections("combinations", "a list of combinations") {
        let (columns, rows) = (section.texts("columns"), section.rows("rows"));
        let problems = section.problems;
        let weights = rows.as_ref().and_then(|rows| super::weights::read(&section, rows.value.len()));
        section.close();
        let (Some(columns), Some(rows)) = (columns, rows) else {
            if !section.has("columns") || !section.has("rows") {
                let message = "combinations need `columns` and `rows`, such as rows = [[\"Paris\", \"FR\"], [\"Bonn\", \"DE\"]]";
                problems.add(section.line, message);
            }
            continue;
        };
        if let Some(row) = rows.value.iter().position(|row| row.len() != columns.value.len()) {
            let message = format!(
                "combination {} has {} texts for {} columns; give one for each",
                row + 1,
                rows.value[row].len(),
                columns.value.len()
            );
            problems.add(rows.line, message);
            continue;
        }
        let Some(weights) = weights else { continue };
        for (place, name) in columns.value.iter().enumerate() {
            if joints.iter().any(|(other, _)| other == name) {
                problems.add(columns.line, format!("column {name:?} stands in [[combinations]] twice"));
                continue;
            }
            let mut texts: Vec<String> = Vec::new();
            let codes = rows
                .value
                .iter()
                .map(|row| {
                    let known = texts.iter().position(|text| *text == row[place]);
                    known.unwrap_or_else(|| {
                        texts.push(row[place].clone());
                        texts.len() - 1
                    }) as u32
                })
                .collect();
            let cells = JointCells::Levels(lookalike_table::Levels::new(&texts), codes);
            joints.push((
                name.clone(),
                Joint { leader: columns.value[0].clone(), weights: weights.clone(), cells },
            ));
        }
    }
    joints
}

/// The names that a column's formulas and its missing share are computed from.
fn names_of(column: &ColumnSpec) -> Vec<&str> {
    let missing = column.missing.as_ref().and_then(|missing| missing.formula());
    column.formulas().into_iter().chain(missing).flat_map(|formula| formula.names()).collect()
}

/// One table, perhaps in groups.
fn single<'a>(root: &Section<'a>, problems: &'a Problems<'a>, tables: &mut Vec<TableSpec>) {
    let parts = root.named("columns", "column");
    let group = root.section("group", "the group");
    let correlations = root.sections("correlations", "a correlation");
    let declared = rules::read(root);
    if parts.is_empty() && problems.is_empty() {
        problems.add(root.line, "there are no columns; write [columns.NAME] with a type");
    }
    let mut specs = columns_of(root, &parts, &declared, None);
    let Some(group) = group else {
        if let Some(column) = specs.iter().find(|column| column.per_group) {
            problems.add(column.line, "a column per group needs [group] with the number of `rows` of each");
        }
        let around = Around { declared: &declared, correlations: &correlations, parent: None };
        tables.extend(finish("table", specs, &around, None, true, root.line, problems));
        return;
    };
    let children = children(&group, "rows");
    group.close();
    let of_group: Vec<ColumnSpec> = specs
        .iter()
        .filter(|column| column.per_group)
        .map(|column| ColumnSpec { per_group: false, ..column.clone() })
        .collect();
    let group_names: Vec<String> = of_group.iter().map(|column| column.name.clone()).collect();
    let (above, below): (Vec<Section<'a>>, Vec<Section<'a>>) =
        correlations.into_iter().partition(|section| {
            section
                .texts("columns")
                .is_some_and(|names| names.value.first().is_some_and(|name| group_names.contains(name)))
        });
    // Constraints on columns of the group alone are its own.
    let (rules_above, rules_below): (Vec<Declared>, Vec<Declared>) =
        declared.into_iter().partition(|declared| {
            let names = declared.value.columns();
            names.iter().all(|name| group_names.contains(name))
                && !matches!(declared.value, Constraint::Monotone { .. })
        });
    let around = Around { declared: &rules_above, correlations: &above, parent: None };
    let Some(parent) = finish("group", of_group, &around, None, false, group.line, problems) else { return };
    if parent.has_series() {
        problems.add(group.line, "a series goes over the rows of a group: leave out its `per`");
    }
    for spec in &mut specs {
        if let Some(index) = parent.columns.iter().position(|column| column.name == spec.name) {
            spec.kind.clone_from(&parent.columns[index].kind);
            spec.source = Source::Parent(index);
            spec.missing = None;
        }
    }
    let link = children.map(|children| Link { table: 0, children });
    let around = Around { declared: &rules_below, correlations: &below, parent: Some(&parent) };
    let table = finish("table", specs, &around, link, true, root.line, problems);
    tables.push(parent);
    tables.extend(table);
}

fn column(
    name: &str,
    section: &Section<'_>,
    declared: &[Declared],
    joints: &[(String, Joint)],
    parent: Option<&TableSpec>,
) -> Option<ColumnSpec> {
    if section.text("type").is_none_or(|kind| kind.value != "parent") {
        let joint = joints.iter().find(|(other, _)| other == name).map(|(_, joint)| joint);
        return ColumnSpec::read(name, section, rules::equation_of(declared, name).as_ref(), joint);
    }
    let column = columns::parent_column(section);
    let hidden = section.flag("hidden").unwrap_or(false);
    section.close();
    let At { value, line } = column?;
    let Some(parent) = parent else {
        section
            .problems
            .add(line, format!("{} has a type \"parent\" in a table without `parent`", section.what));
        return None;
    };
    let Some(index) = parent.columns.iter().position(|column| column.name == value) else {
        let hint = hint(&value, parent.columns.iter().map(|column| column.name.as_str()));
        section.problems.add(line, format!("the table {:?} has no column {value:?}{hint}", parent.name));
        return None;
    };
    Some(ColumnSpec {
        name: name.to_owned(),
        line: section.line,
        source: Source::Parent(index),
        missing: None,
        hidden,
        ..parent.columns[index].clone()
    })
}

/// How many rows a group or a parent has: a number, or a table that is a distribution of whole numbers.
fn children(section: &Section<'_>, key: &'static str) -> Option<Children> {
    let problems = section.problems;
    if !section.has(key) {
        problems.add(
            section.line,
            format!(
                "{} needs `{key}`: a number, or a distribution such as {{ type = \"poisson\", mean = 3 }}",
                section.what
            ),
        );
        return None;
    }
    if section.is_number(key) {
        return section.whole(key, 0, 1 << 40).map(|count| Children::Fixed(count.value as u64));
    }
    let inner = section.section(key, format!("`{key}`"))?;
    let name = super::shape::needed_type(&inner)?;
    let shape = Shape::read(&inner, &name.value);
    inner.close();
    let Some(shape) = shape else {
        if !super::shape::is_known(&name.value) {
            problems.add(
                name.line,
                format!("there is no distribution {:?}; there are {}", name.value, super::shape::names()),
            );
        }
        return None;
    };
    if !shape.is_discrete() || shape.parameters().iter().any(|parameter| parameter.formula().is_some()) {
        problems.add(
            inner.line,
            format!("`{key}` has to be a distribution of whole numbers with fixed parameters"),
        );
        return None;
    }
    Some(Children::Drawn(shape))
}

/// Settles names, order and types.
fn finish(
    name: &str,
    mut specs: Vec<ColumnSpec>,
    around: &Around<'_, '_>,
    parent: Option<Link>,
    written: bool,
    line: usize,
    problems: &Problems<'_>,
) -> Option<TableSpec> {
    if !problems.is_empty() {
        // What follows would only repeat what is wrong.
        return None;
    }
    rules::prepare(&mut specs, around.declared, around.parent, problems);
    let copula = correlate::read(around.correlations, |wanted| {
        let Some(index) = specs.iter().position(|column| column.name == wanted) else {
            let hint = hint(wanted, specs.iter().map(|column| column.name.as_str()));
            return Err(format!("there is no column {wanted:?} to correlate{hint}"));
        };
        if specs[index].is_drawn() {
            return Ok(index);
        }
        Err(format!(
            "column {wanted:?} cannot be correlated: only what is drawn from a distribution, by weight, by share or from a \
             calendar can, on one level"
        ))
    });
    let order = order(&specs, &rules::before(&specs, around.declared), problems)?;
    // Columns are found by number, so each keeps its place; what is computed gets its type in the order of drawing.
    let names: Vec<String> = specs.iter().map(|column| column.name.clone()).collect();
    let entry = |name: usize, column: &ColumnSpec| match column.type_of() {
        Some(of) => (names[name].as_str(), of),
        None => ("", Type::Missing),
    };
    let mut scope: Vec<(&str, Type)> =
        specs.iter().enumerate().map(|(index, column)| entry(index, column)).collect();
    for &index in &order {
        let column = &mut specs[index];
        let what = format!("column {:?}", column.name);
        let found: Vec<(usize, Option<Type>)> = column
            .formulas_mut()
            .into_iter()
            .map(|formula| (formula.line, formula.bind(&scope, &what, problems)))
            .collect();
        for (line, found) in found {
            check(column, found, line, &what, problems);
        }
        scope[index] = entry(index, column);
    }
    // Shares of missing cells may look at every column, the own one too.
    for column in &mut specs {
        let what = format!("`missing` of column {:?}", column.name);
        let line = column.line;
        if let Some(formula) = column.missing.as_mut().and_then(|missing| missing.formula_mut())
            && let Some(found) = formula.bind(&scope, &what, problems)
            && !matches!(found, Type::Exact { .. } | Type::Float)
        {
            let cure = "a share has to be a number, such as if(age > 60, 0.2, 0.05)";
            problems.add(line, format!("{what} is {}; {cure}", found.words()));
        }
    }
    let meeting =
        if problems.is_empty() { rules::settle(&specs, &order, around.declared, problems) } else { None };
    if !problems.is_empty() {
        return None;
    }
    let shown: Vec<usize> = (0..specs.len()).filter(|&index| !specs[index].hidden).collect();
    if shown.is_empty() && written {
        problems.add(line, "every column is hidden, so there is nothing to write");
        return None;
    }
    let schema = Schema::new(shown.iter().map(|&index| specs[index].schema()).collect());
    Some(TableSpec {
        name: name.to_owned(),
        columns: specs,
        order,
        copula,
        meeting,
        parent,
        written,
        schema: Arc::new(schema),
        shown,
    })
}

/// What a column is computed from has to be of the right type.
fn check(column: &mut ColumnSpec, found: Option<Type>, line: usize, what: &str, problems: &Problems<'_>) {
    let Some(found) = found else { return };
    let is_number = matches!(found, Type::Exact { .. } | Type::Float);
    match &column.source {
        Source::Computed(_) => {
            if let Err(problem) = column.settle(found) {
                problems.add(line, format!("{what}: {problem}"));
            }
        }
        Source::Levels { .. } if found != Type::Boolean => {
            problems.add(line, format!("{what}: `if` has to be a condition, not {}", found.words()));
        }
        Source::Sequence { .. } => {
            let dates = matches!(column.type_of(), Some(Type::Date { .. }));
            let fits =
                if dates { matches!(found, Type::Date { .. }) } else { found == Type::Exact { places: 0 } };
            if !fits {
                let wanted = if dates { "a date" } else { "a whole number" };
                problems.add(line, format!("{what}: `start` has to be {wanted}, not {}", found.words()));
            }
        }
        Source::Number { .. } | Source::Boolean(_) | Source::Series { .. } if !is_number => {
            problems.add(line, format!("{what}: a parameter has to be a number, not {}", found.words()));
        }
        _ => {}
    }
}

/// An order in which every column comes after what it is computed from; a circle is told column by column. `before` are further
/// columns that come before each.
fn order(specs: &[ColumnSpec], before: &[Vec<usize>], problems: &Problems<'_>) -> Option<Vec<usize>> {
    let places: HashMap<&str, usize> =
        specs.iter().enumerate().map(|(index, column)| (column.name.as_str(), index)).collect();
    let needs: Vec<Vec<usize>> = specs
        .iter()
        .zip(before)
        .map(|(column, before)| {
            let formulas = column.formulas();
            // Names that do not exist are told when formulas are bound.
            let named = formulas.iter().flat_map(|formula| formula.names());
            named.filter_map(|name| places.get(name).copied()).chain(before.iter().copied()).collect()
        })
        .collect();
    let mut done = vec![false; specs.len()];
    let mut order = Vec::with_capacity(specs.len());
    for start in 0..specs.len() {
        // Columns that wait for others, and how many of those have been seen to.
        let mut waiting: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((index, seen)) = waiting.pop() {
            if done[index] {
                continue;
            }
            let Some(&next) = needs[index].get(seen) else {
                done[index] = true;
                order.push(index);
                continue;
            };
            waiting.push((index, seen + 1));
            if let Some(first) = waiting.iter().position(|(other, _)| *other == next) {
                let circle: Vec<usize> = waiting[first..].iter().map(|(index, _)| *index).collect();
                tell_circle(specs, &circle, problems);
                return None;
            }
            if !done[next] {
                waiting.push((next, 0));
            }
        }
    }
    Some(order)
}

fn tell_circle(specs: &[ColumnSpec], circle: &[usize], problems: &Problems<'_>) {
    let line = circle
        .iter()
        .filter_map(|&index| specs[index].formulas().first().map(|formula| formula.line))
        .min()
        .unwrap_or(specs[circle[0]].line);
    let names: Vec<String> = circle.iter().map(|&index| format!("{:?}", specs[index].name)).collect();
    let message = match names.as_slice() {
        [only] => format!("column {only} is computed from itself; leave itself out of its expression"),
        names => format!(
            "columns are computed in a circle: {} from {}, and {} from {} again; break it at one of them",
            names[0],
            names[1..].join(" from "),
            names[names.len() - 1],
            names[0]
        ),
    };
    problems.add(line, message);
}

/// Columns of a batch, by number; `None` before they are drawn.
pub(super) type Drawn = Vec<Option<Column>>;
