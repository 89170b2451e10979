//! What is asked of outer rows, as far as the inner model can be asked for it, and what has to be looked at afterwards.

use lookalike_table::constraints::{Check, Is, Rule};
use lookalike_table::{Codes, Column, Kind, Schema, Table, spelling};

use super::forward::Gaps;
use super::given::there;
use super::model::ConstrainedModel;
use super::plan::Step;
use crate::condition::{Condition, Operator};
use crate::error::{Error, Result};
use crate::margin::{level_of, truth, wanted_levels};
use crate::refusal::Refusal;
use crate::sampler::SampleRequest;

/// A request to the inner model, and what its rows are looked at for.
pub(super) struct Translated {
    pub(super) inner: SampleRequest,
    /// Conditions that drawn rows may not fulfil.
    pub(super) conditions: Vec<Condition>,
    /// Outer columns of which a given row's cell may not be met by the drawn one.
    pub(super) given: Option<Given>,
}

/// Rows to complete.
pub(super) struct Given {
    pub(super) n_rows: u64,
    /// Outer columns by number, spelled; only those of which some cell cannot be asked of the inner model.
    pub(super) open: Vec<(usize, Vec<Option<String>>)>,
    /// All given cells, and those that follow from them.
    pub(super) cells: Vec<Option<Column>>,
}

impl Translated {
    pub(super) fn new(model: &ConstrainedModel, request: &SampleRequest) -> Result<Translated> {
        let mut inner = SampleRequest { conditions: Vec::new(), like: None, around: None, ..request.clone() };
        let mut conditions = Vec::new();
        let mut errors = Vec::new();
        for condition in &request.conditions {
            errors.extend(translate(condition, model, &mut inner, &mut conditions).err());
        }
        Error::of_conditions(errors)?;
        let mut given = None;
        if let Some(like) = &request.like {
            let (table, rows) = translate_rows(model, like)?;
            given = Some(rows);
            inner.like = Some(table);
        }
        if let Some(around) = &request.around {
            let outer = model.given(around)?;
            // What a table does not have at all is not missing.
            let gaps = if outer.iter().all(Option::is_some) { Gaps::Missing } else { Gaps::Unknown };
            inner.around = Some(known_columns(&model.inner_table(&outer, around.n_rows(), gaps)?));
        }
        if request.low_discrepancy && !(conditions.is_empty() && model.plan.residual.is_empty()) {
            let problem =
                "--low-discrepancy does not go with constraints that are met by drawing again: leave it out";
            return Err(Error::Options { problems: vec![problem.to_owned()] });
        }
        Ok(Translated { inner, conditions, given })
    }
}

/// Asks the inner model for what a condition wants, and keeps the condition where drawn rows may not fulfil it.
fn translate(
    condition: &Condition,
    model: &ConstrainedModel,
    inner: &mut SampleRequest,
    conditions: &mut Vec<Condition>,
) -> Result<()> {
    let column = condition.column;
    let described = &model.schema.columns[column];
    let refused = |refusal| Error::Refused {
        column: described.name.clone(),
        refusal: condition.reason(refusal, &model.schema),
    };
    condition.sought().map_err(refused)?;
    if let Some(numbered) = model.plan.numbered.iter().find(|numbered| numbered.columns().contains(&column)) {
        let constraint = model.rules.text(numbered.constraint());
        return Err(Error::ConditionOnNumbered { column: described.name.clone(), constraint });
    }
    if let Some(from) = model.plan.kept(column) {
        inner.conditions.push(Condition { column: from, ..condition.clone() });
        if !model.plan.is_as_drawn(column) {
            conditions.push(condition.clone());
        }
        return Ok(());
    }
    if let Some((number, place, from)) = joint_of(model, column) {
        let cells = &model.joints[&number][place];
        let holds = holds(condition, cells, &model.schema).map_err(refused)?;
        if !holds.contains(&true) {
            return Err(refused(Refusal::Level));
        }
        // All but those that are not wanted: together that is exactly what is.
        inner.conditions.extend(holds.iter().enumerate().filter(|(_, holds)| !**holds).map(|(code, _)| {
            Condition { column: from, operator: Operator::NotEqual, values: vec![Some(format!("c{code}"))] }
        }));
        if model.plan.steps.iter().any(|step| step.changes().contains(&column)) {
            conditions.push(condition.clone());
        }
        return Ok(());
    }
    if !crate::request::accepts_conditions(&described.kind) {
        return Err(refused(Refusal::NoneOnKind(described.kind.name())));
    }
    let cell = super::forward::missing_column(described, 1);
    holds(condition, &cell, &model.schema).map_err(refused)?;
    conditions.push(condition.clone());
    Ok(())
}

/// The step that a joint column belongs to, its place there, and the inner column.
fn joint_of(model: &ConstrainedModel, column: usize) -> Option<(usize, usize, usize)> {
    model.plan.steps.iter().enumerate().find_map(|(number, step)| match step {
        Step::Joint { columns, from, .. } => {
            columns.iter().position(|&own| own == column).map(|place| (number, place, *from))
        }
        _ => None,
    })
}

/// Where a condition holds, or why its values cannot be compared with the column's.
pub(super) fn holds(
    condition: &Condition,
    column: &Column,
    schema: &Schema,
) -> std::result::Result<Vec<bool>, Refusal> {
    let (missing, texts) = condition.sought()?;
    let absent = column.missing().unwrap_or_else(|| vec![false; column.len()]);
    if missing {
        return Ok(absent);
    }
    // With `=` it is enough that one holds, with all others each has to.
    let any = condition.operator == Operator::Equal;
    let mut flags = vec![!any || texts.is_empty(); column.len()];
    for text in texts {
        let own = holds_for(condition, text, column, schema)?;
        flags
            .iter_mut()
            .zip(own)
            .for_each(|(flag, own)| *flag = if any { *flag || own } else { *flag && own });
    }
    flags.iter_mut().zip(absent).for_each(|(flag, absent)| *flag &= !absent);
    Ok(flags)
}

/// Where a condition with one of its values holds.
fn holds_for(
    condition: &Condition,
    value: &str,
    column: &Column,
    schema: &Schema,
) -> std::result::Result<Vec<bool>, Refusal> {
    let described = &schema.columns[condition.column];
    if let Some(codes) = column.codes() {
        let levels: Vec<&str> = codes.levels.iter().collect();
        // A level that is unknown equals none.
        let none = || vec![false; levels.len()];
        let wanted = match condition.operator {
            Operator::Equal if level_of(&levels, value).is_none() => none(),
            operator => wanted_levels(&levels, described, operator, value)?,
        };
        return Ok(codes.codes.iter().map(|&code| code != Codes::MISSING && wanted[code as usize]).collect());
    }
    let of_another_kind = Refusal::NotOfKind(described.kind.name());
    let value = match &described.kind {
        Kind::Boolean(format) => truth(value, format).ok_or(of_another_kind)?.to_string(),
        _ => value.to_owned(),
    };
    let is = match condition.operator {
        Operator::Equal => Is::Among(vec![value]),
        Operator::NotEqual => Is::NotAmong(vec![value]),
        Operator::AtMost => Is::AtMost(value),
        Operator::AtLeast => Is::AtLeast(value),
        Operator::Less => Is::Less(value),
        Operator::More => Is::More(value),
    };
    let check = Check::at(condition.column, &is, schema).map_err(|_| of_another_kind)?;
    Ok(check.holds_in(column, described))
}

/// Given rows as inner ones.
fn translate_rows(model: &ConstrainedModel, like: &Table) -> Result<(Table, Given)> {
    let outer = model.given(like)?;
    let n_rows = like.n_rows();
    let whole = model.full_table(&outer, n_rows)?;
    for index in 0..model.rules.rules.len() {
        // What is missing will be filled, and whether that fits is seen then.
        let plain = matches!(
            model.rules.rules[index],
            Rule::Order { .. } | Rule::Equation { .. } | Rule::OneHot(_) | Rule::Increments { .. }
        );
        // In a chain every two values that are there stand in order, whatever comes between them.
        let chain = matches!(model.rules.rules[index], Rule::Order { .. });
        let complete = model.rules.applies(index, &whole);
        if let Some(row) = model
            .rules
            .violations(index, &whole)
            .into_iter()
            .zip(complete)
            .position(|(broken, complete)| plain && (chain || complete) && broken)
        {
            return Err(Error::UnmetRow { row: row as u64 + 1, constraint: model.rules.text(index) });
        }
    }
    let told = model.solved(&outer, n_rows)?;
    let inner = model.inner_table(&told, n_rows, Gaps::Unknown)?;
    let inner = without_unknown(model, &inner, &outer)?;
    let present = |column: &Column| -> Vec<bool> {
        column
            .missing()
            .map_or_else(|| vec![true; n_rows], |flags| flags.into_iter().map(|flag| !flag).collect())
    };
    let mut open = Vec::new();
    for step in &model.plan.steps {
        let said: Vec<bool> = match step {
            // A rule or a group may change what was given.
            Step::Keep { column, from } => {
                let as_drawn = model.plan.is_as_drawn(*column);
                present(inner.column(*from)).into_iter().map(|said| said && as_drawn).collect()
            }
            Step::Joint { from, .. } | Step::Multiple { from, .. } => present(inner.column(*from)),
            Step::Offset(offset) => present(inner.column(offset.from)),
            Step::Computed { .. } => vec![false; n_rows],
            _ => continue,
        };
        for column in step.gives() {
            let Some(given) = &told[column] else { continue };
            let texts: Vec<Option<String>> = spelling::spell(&model.schema.columns[column], given)
                .into_iter()
                .zip(&said)
                .map(|(text, &said)| text.filter(|_| !said))
                .collect();
            if texts.iter().any(Option::is_some) {
                open.push((column, texts));
            }
        }
    }
    Ok((known_columns(&inner), Given { n_rows: n_rows as u64, open, cells: told }))
}

/// The inner rows without values that only follow from given cells and that the model does not know: what it cannot be told
/// it need not be.
fn without_unknown(model: &ConstrainedModel, inner: &Table, outer: &[Option<Column>]) -> Result<Table> {
    let frame = model.inner.frame();
    let unknown = crate::request::unknown_cells(&known_columns(inner), frame)?;
    let mut columns = inner.columns().to_vec();
    for (index, rows) in unknown {
        let own = match model
            .plan
            .steps
            .iter()
            .find(|step| matches!(step, Step::Keep { from, .. } if *from == index))
        {
            // What was given itself is refused, with the row's number.
            Some(step) => step.gives().first().and_then(|&column| outer[column].as_ref()).map(there),
            None => None,
        };
        let flags: Vec<bool> = (0..inner.n_rows())
            .map(|row| rows[row] && !own.as_ref().is_some_and(|given| given[row]))
            .collect();
        columns[index] = columns[index].with_missing(&flags);
    }
    Ok(Table::new(inner.schema().clone(), columns)?)
}

/// Only the columns that say something: what says nothing in any row need not be compared with anything.
fn known_columns(inner: &Table) -> Table {
    let known: Vec<usize> = (0..inner.n_columns())
        .filter(|&index| inner.column(index).missing_count() < inner.n_rows())
        .collect();
    // Texts and keys that are missing throughout say nothing either; one column must stay to carry the rows.
    let known = if known.is_empty() { vec![first_comparable(inner)] } else { known };
    inner.select(&known)
}

fn first_comparable(inner: &Table) -> usize {
    let comparable = |kind: &Kind| !matches!(kind, Kind::Id(_) | Kind::Text);
    inner.schema().columns.iter().position(|column| comparable(&column.kind)).unwrap_or(0)
}
