//! Learning a table in which constraints are to hold.

use std::sync::Arc;

use hashbrown::HashMap;
use lookalike_core::{Context, Topic, Warning};
use lookalike_table::constraints::{Comparand, ConstraintError, Rule, Rules, Value};
use lookalike_table::protect::Units;
use lookalike_table::{Kind, Schema, Table};

use super::build;
use super::combos::{Cells, Combos};
use super::distinct;
use super::forward::{Gaps, Inner, forward};
use super::model::ConstrainedModel;
use super::plan::{Numbered, Plan, Step};
use crate::error::{Error, Result};
use crate::frame::{FitOptions, Source, check_target};
use crate::request::accepts_conditions;
use crate::standin::StandIns;
use crate::synthesizer::{AnyModel, AnySynthesizer};
use crate::words::counted;

/// Learns the table written so that its schema's constraints hold.
pub(crate) fn fit(
    method: &AnySynthesizer,
    table: &Table,
    options: &FitOptions,
    context: &Context<'_>,
) -> Result<AnyModel> {
    let rules = Rules::new(table.schema())?;
    let mut warnings = Vec::new();
    unknown_levels(&rules, table, &mut warnings);
    // Roles need levels; everything else about a column of keys is told by its texts.
    let roles: Vec<usize> = options.condition_on.iter().copied().chain(options.target).collect();
    let as_texts = distinct::with_keys_as_texts(&rules, table, options.protection.min_units, &roles);
    let rules = match &as_texts {
        Some(table) => Rules::new(table.schema())?,
        None => rules,
    };
    let table = as_texts.as_ref().unwrap_or(table);
    let (clean, units) = without_violations(&rules, table, options, &mut warnings)?;
    let mut options = options.clone();
    let made_up = different_stand_ins(&rules, &clean, &mut options);
    let options = &options;
    let (mut plan, left) = build::plan(&rules, &clean, &options.condition_on, &made_up);
    take_over(&rules, &mut plan, left, &clean, &mut warnings)?;
    if let Some(unit) = options.unit
        && plan.kept(unit).is_none()
    {
        let index = about(&rules, unit);
        return Err(impossible(
            &rules,
            index,
            "the column that tells units apart cannot be changed by it".into(),
        ));
    }
    let codes = combinations(&mut plan, &rules, &clean, &units, options, &mut warnings)?;
    let given: Vec<_> = clean.columns().iter().cloned().map(Some).collect();
    let Inner { schema: described, columns } =
        forward(&plan, &rules, clean.schema(), &given, clean.n_rows(), (&codes, Gaps::Missing));
    let mut inner_schema = Schema::new(described);
    inner_schema.primary_key = clean.schema().primary_key.and_then(|key| plan.kept(key));
    let inner_table = Table::new(Arc::new(inner_schema), columns)?;
    let inner_options = inner_options(&plan, &clean, &units, options)?;
    let outer_schema = clean.schema().clone();
    let inner = method
        .fit(&inner_table, &inner_options, context)
        .map_err(|error| plan.named(error, inner_table.schema(), &outer_schema))?;

    for step in &plan.steps {
        if let Step::Imposed { column, from, constraints } = step {
            can_impose(&inner, &rules, clean.schema(), *column, *from, constraints)?;
        }
    }
    let schema = protected(&plan, clean.schema(), inner.schema());
    let told = inner.warnings().iter().cloned();
    warnings.extend(told.map(|warning| plan.about_outer(warning, inner.schema(), &outer_schema)));
    let joints = ConstrainedModel::joints(&plan);
    let schema = Arc::new(schema);
    // Constants and levels are understood as the model's own schema has them.
    let rules = Rules::new(&schema)?;
    Ok(AnyModel::Constrained(ConstrainedModel {
        inner: Box::new(inner),
        schema,
        rules,
        plan,
        joints,
        warnings,
    }))
}

fn impossible(rules: &Rules, index: usize, problem: String) -> Error {
    let constraint = rules.text(index);
    lookalike_table::Error::from(ConstraintError::Impossible { constraint, problem }).into()
}

/// A constraint about a column.
fn about(rules: &Rules, column: usize) -> usize {
    let names = |index: usize| match &rules.rules[index] {
        Rule::Combinations(columns) | Rule::OneHot(columns) => columns.contains(&column),
        Rule::Equation { column: own, .. } | Rule::Increments { column: own, .. } => *own == column,
        Rule::Order { operands, .. } => {
            operands.contains(&lookalike_table::constraints::Operand::Column(column))
        }
        _ => false,
    };
    (0..rules.rules.len()).find(|&index| names(index)).unwrap_or(0)
}

/// The rows in which every constraint holds that is about rows one by one, and whose they are. The others are left out of
/// what is learned, with a warning that says how many.
fn without_violations(
    rules: &Rules,
    table: &Table,
    options: &FitOptions,
    warnings: &mut Vec<Warning>,
) -> Result<(Table, Units)> {
    let mut broken = vec![false; table.n_rows()];
    for (index, rule) in rules.rules.iter().enumerate() {
        let flags = rules.violations(index, table);
        let count = flags.iter().filter(|&&flag| flag).count() as u64;
        if count == 0 {
            continue;
        }
        let text = rules.text(index);
        let by_number = matches!(rule, Rule::Unique(_) | Rule::Monotone { .. });
        let treatment =
            if by_number { "they are learned all the same" } else { "they are left out of what is learned" };
        warnings.push(Warning::new(
            Topic::Model,
            format!(
                "the constraint `{text}` does not hold in {}: {treatment}",
                counted(count, "training row")
            ),
        ));
        if !by_number {
            for (broken, flag) in broken.iter_mut().zip(flags) {
                *broken |= flag;
            }
            if count == table.n_rows() as u64 {
                return Err(impossible(
                    rules,
                    index,
                    "it holds in no row of the table; leave it out, or correct the table".into(),
                ));
            }
        }
    }
    let clean = if broken.contains(&true) {
        let rows: Vec<usize> = (0..table.n_rows()).filter(|&row| !broken[row]).collect();
        if rows.is_empty() && table.n_rows() > 0 {
            return Err(impossible(
                rules,
                0,
                "together with the others it holds in no row of the table".into(),
            ));
        }
        table.take(&rows)
    } else {
        table.clone()
    };
    let units = match options.unit {
        Some(column) => Units::of_column(&clean, column)?,
        None => Units::rows(clean.n_rows()),
    };
    Ok((clean, units))
}

/// Warns of tests that name a level which the table lacks: it may well be misspelled.
fn unknown_levels(rules: &Rules, table: &Table, warnings: &mut Vec<Warning>) {
    for (index, rule) in rules.rules.iter().enumerate() {
        let Rule::When { tests, then } = rule else { continue };
        for check in tests.iter().chain([then]) {
            let (Comparand::Among(values) | Comparand::NotAmong(values)) = &check.is else { continue };
            let Some(levels) = table.column(check.column).levels() else { continue };
            let known: hashbrown::HashSet<&str> = levels.iter().collect();
            let unknown = values.iter().filter(|value| match value {
                Value::Text(text) => !known.contains(text.as_str()),
                _ => false,
            });
            let count = unknown.count() as u64;
            if count > 0 {
                let name = &table.schema().columns[check.column].name;
                warnings.push(Warning::new(
                    Topic::Model,
                    format!(
                        "the constraint `{}` names {} that column {name:?} does not have in the table: see whether it is \
                         spelled as the table has it",
                        rules.text(index),
                        counted(count, "level"),
                    ),
                ));
            }
        }
    }
}

/// Columns of stand-ins that are to differ because a constraint says so: they are told so, if there are enough of their sort.
fn different_stand_ins(rules: &Rules, table: &Table, options: &mut FitOptions) -> Vec<bool> {
    let fakes = crate::standin::columns(table, &options.stand_ins, options.protection.min_units);
    let mut made_up = vec![false; fakes.len()];
    for rule in &rules.rules {
        let Rule::Unique(columns) = rule else { continue };
        let able = |&&column: &&usize| fakes[column].is_some_and(|fake| fake.fake.distinct().is_some());
        if let Some(&column) = columns.iter().find(able) {
            made_up[column] = true;
            options.stand_ins.unique.push(column);
        }
    }
    made_up
}

/// Constraints that cannot be met by construction together with others are met by drawing again, if that can be.
fn take_over(
    rules: &Rules,
    plan: &mut Plan,
    left: Vec<usize>,
    table: &Table,
    warnings: &mut Vec<Warning>,
) -> Result<()> {
    let schema = table.schema();
    let numbered: Vec<usize> = plan.numbered.iter().flat_map(Numbered::columns).collect();
    for index in left {
        if matches!(rules.rules[index], Rule::Unique(_) | Rule::Monotone { .. }) {
            return Err(impossible(rules, index, distinct::why_not(rules, index, table)));
        }
        let columns = rules.declared[index].columns();
        let by_number =
            columns.iter().any(|name| numbered.iter().any(|&column| schema.columns[column].name == *name));
        if by_number {
            return Err(impossible(
                rules,
                index,
                "a column of it goes by the row's number, because it is to rise or to be unique; leave one of them out".into(),
            ));
        }
        warnings.push(Warning::new(
            Topic::Model,
            format!(
                "the constraint `{}` cannot be met by construction together with the others: rows are drawn again until it \
                 holds",
                rules.text(index)
            ),
        ));
        plan.residual.push(index);
    }
    Ok(())
}

/// Learns which combinations there are.
fn combinations(
    plan: &mut Plan,
    rules: &Rules,
    table: &Table,
    units: &Units,
    options: &FitOptions,
    warnings: &mut Vec<Warning>,
) -> Result<HashMap<usize, Vec<u32>>> {
    let mut all = HashMap::new();
    for step in &mut plan.steps {
        let Step::Joint { columns, from, cells } = step else { continue };
        let Some(learned) = Combos::learn(table, columns, units, options.protection) else {
            if table.n_rows() == 0 {
                return Err(Error::NoRows);
            }
            let problem = format!(
                "no combination is shared by {} units, and protection withholds the others; use fewer columns, or --protect none",
                options.protection.min_units
            );
            return Err(impossible(rules, about(rules, columns[0]), problem));
        };
        if learned.rare.0 > 0 {
            let names: Vec<String> =
                columns.iter().map(|&column| format!("{:?}", table.schema().columns[column].name)).collect();
            warnings.push(Warning::new(
                Topic::Protection,
                format!(
                    "{} of {} in {} shared by fewer than {} units each: merged into the most similar one that stays",
                    counted(learned.rare.0 as u64, "combination"),
                    names.join(", "),
                    counted(learned.rare.1 as u64, "row"),
                    options.protection.min_units
                ),
            ));
        }
        *cells = learned.cells;
        all.insert(*from, learned.codes);
    }
    Ok(all)
}

/// The roles of columns as the inner table has them.
fn inner_options(plan: &Plan, table: &Table, units: &Units, options: &FitOptions) -> Result<FitOptions> {
    let joint = |column: usize| {
        plan.steps.iter().find_map(|step| match step {
            Step::Joint { columns, from, .. } if columns.contains(&column) => Some(*from),
            _ => None,
        })
    };
    if let Some(target) = options.target {
        check_target(table, target, units, options.protection)?;
    }
    let mut condition_on: Vec<usize> = options
        .condition_on
        .iter()
        .filter(|&&column| accepts_conditions(&table.schema().columns[column].kind))
        .filter_map(|&column| plan.kept(column).or_else(|| joint(column)))
        .collect();
    condition_on.dedup();
    let kept = |columns: &[usize]| columns.iter().filter_map(|&column| plan.kept(column)).collect();
    let stand_ins = StandIns {
        locale: options.stand_ins.locale,
        keep_format: kept(&options.stand_ins.keep_format),
        consistent: kept(&options.stand_ins.consistent),
        unique: kept(&options.stand_ins.unique),
    };
    Ok(FitOptions {
        target: options.target.and_then(|target| plan.kept(target).or_else(|| joint(target))),
        unit: options.unit.and_then(|unit| plan.kept(unit)),
        condition_on,
        protection: options.protection,
        stand_ins,
    })
}

/// An error if a rule asks for values that the model does not have.
fn can_impose(
    inner: &AnyModel,
    rules: &Rules,
    schema: &Schema,
    column: usize,
    from: usize,
    constraints: &[usize],
) -> Result<()> {
    for &index in constraints {
        let Rule::When { then, .. } = &rules.rules[index] else { continue };
        let has = match &inner.frame().sources[from] {
            // Of another column of its group the rule asks only that there be a value.
            Source::Margin(_) if then.column != column => true,
            Source::Margin(margin) => margin.restrict_to(&schema.columns[column], &[then]).is_some(),
            _ => false,
        };
        if !has {
            return Err(Error::Unmet { constraint: rules.text(index) });
        }
    }
    if constraints.len() > 60 {
        return Err(impossible(rules, constraints[60], "more than 60 rules are about one column".into()));
    }
    Ok(())
}

/// The schema without levels that the model withholds.
fn protected(plan: &Plan, outer: &Schema, inner: &Schema) -> Schema {
    let mut schema = outer.clone();
    for step in &plan.steps {
        match step {
            Step::Keep { column, from } => schema.columns[*column].kind = inner.columns[*from].kind.clone(),
            Step::Joint { columns, cells, .. } => {
                for (&column, cells) in columns.iter().zip(cells) {
                    if let (Kind::Categorical { order }, Cells::Levels { levels, .. }) =
                        (&mut schema.columns[column].kind, cells)
                    {
                        order.retain(|level| levels.contains(level));
                    }
                }
            }
            _ => {}
        }
    }
    schema
}
