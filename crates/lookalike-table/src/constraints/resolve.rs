//! Constraints whose columns are looked up and whose constants are understood.

use crate::error::{Error, Result};
use crate::expression::{BoundExpression, Expression, Type};
use crate::schema::{ColumnSchema, Kind, Schema};
use crate::spelling;

use super::amounts::Amount;
use super::error::ConstraintError;
use super::{Constraint, Is, Term, Test, order};

/// A schema's constraints, ready to be used.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rules {
    /// As they were declared.
    pub declared: Vec<Constraint>,
    /// What they come to, one for each.
    pub rules: Vec<Rule>,
}

/// A [`Constraint`] with columns by number.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// Values stand in this order.
    Order {
        /// From low to high.
        operands: Vec<Operand>,
        /// Between each two, whether equal values are excluded.
        strict: Vec<bool>,
    },
    /// Only known combinations occur.
    Combinations(Vec<usize>),
    /// A column is what an expression says.
    Equation {
        /// The column that follows.
        column: usize,
        /// What it follows from.
        expression: BoundExpression,
        /// How far it may be off, in units of the column.
        tolerance: f64,
    },
    /// Exactly one is 1.
    OneHot(Vec<usize>),
    /// No two rows are the same in these.
    Unique(Vec<usize>),
    /// All are missing, or none.
    AllOrNone(Vec<usize>),
    /// Whole multiples.
    Increments {
        /// The column.
        column: usize,
        /// Of what.
        step: Amount,
    },
    /// Values do not fall (or rise) within a group.
    Monotone {
        /// The column.
        column: usize,
        /// The group's columns.
        within: Vec<usize>,
        /// True where values fall.
        falling: bool,
        /// True where equal values may not follow each other.
        strict: bool,
    },
    /// Where all tests hold, so does another.
    When {
        /// The tests.
        tests: Vec<Check>,
        /// What follows.
        then: Check,
    },
}

/// A column or a constant in an order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operand {
    /// A column's number.
    Column(usize),
    /// A constant.
    Constant(Amount),
}

/// A test of one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The column's number.
    pub column: usize,
    /// What its cell is to be.
    pub is: Comparand,
}

/// What a cell is to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparand {
    /// Missing.
    Missing,
    /// Not missing.
    Present,
    /// One of these values.
    Among(Vec<Value>),
    /// A value other than these.
    NotAmong(Vec<Value>),
    /// Less than an amount.
    Less(Amount),
    /// At most an amount.
    AtMost(Amount),
    /// More than an amount.
    More(Amount),
    /// At least an amount.
    AtLeast(Amount),
}

/// A value as its column has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number or an instant.
    Amount(Amount),
    /// A truth value.
    Truth(bool),
    /// A level, a key or a text.
    Text(String),
}

impl Rules {
    /// Understands the constraints of a schema.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`] and [`Error::AmbiguousColumn`] for names, [`Error::Constraint`] for constraints that cannot be
    /// met by columns of these kinds, and for ones that contradict each other.
    pub fn new(schema: &Schema) -> Result<Rules> {
        let rules = schema
            .constraints
            .iter()
            .map(|constraint| Resolver { schema, constraint }.rule())
            .collect::<Result<Vec<_>>>()?;
        let rules = Rules { declared: schema.constraints.clone(), rules };
        order::check(&rules, schema)?;
        rules.check_equations(schema)?;
        rules.check_tests()?;
        Ok(rules)
    }

    /// True when nothing is declared.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The text of a constraint.
    pub fn text(&self, index: usize) -> String {
        self.declared[index].to_string()
    }

    /// A column follows from one expression only, and not from itself by way of others.
    fn check_equations(&self, schema: &Schema) -> Result<()> {
        let equations: Vec<(usize, usize, &[usize])> = self
            .rules
            .iter()
            .enumerate()
            .filter_map(|(index, rule)| match rule {
                Rule::Equation { column, expression, .. } => Some((index, *column, expression.columns())),
                _ => None,
            })
            .collect();
        for (place, &(index, column, _)) in equations.iter().enumerate() {
            if let Some(&(other, ..)) = equations[..place].iter().find(|other| other.1 == column) {
                let problem = format!(
                    "both say what column {:?} is; leave one of them out",
                    schema.columns[column].name
                );
                return Err(self.contradiction(&[other, index], problem));
            }
        }
        // What follows from a column, directly or not, step by step until nothing is new.
        for &(index, column, inputs) in &equations {
            let (mut reached, mut used) = (inputs.to_vec(), vec![index]);
            let mut next = 0;
            while next < reached.len() {
                if reached[next] == column {
                    let name = &schema.columns[column].name;
                    let problem =
                        format!("column {name:?} follows from itself in a circle; leave one of them out");
                    return Err(self.contradiction(&used, problem));
                }
                if let Some(&(other, _, more)) = equations.iter().find(|other| other.1 == reached[next]) {
                    used.push(other);
                    reached.extend_from_slice(more);
                    if reached.len() > 10_000 {
                        break;
                    }
                }
                next += 1;
            }
        }
        Ok(())
    }

    /// Rules that say opposite things of the same cells, or of cells that are missing together.
    fn check_tests(&self) -> Result<()> {
        let rules: Vec<(usize, &Vec<Check>, &Check)> = self
            .rules
            .iter()
            .enumerate()
            .filter_map(|(index, rule)| match rule {
                Rule::When { tests, then } => Some((index, tests, then)),
                _ => None,
            })
            .collect();
        let groups = self.groups();
        // The constraint of a group that two columns share, if what is asked of them differs in whether there is a value.
        let by_group = |a: &Check, b: &Check| {
            let missing = |check: &Check| check.is == Comparand::Missing;
            let shared = groups
                .iter()
                .find(|(members, _)| members.contains(&a.column) && members.contains(&b.column))?;
            (a.column != b.column && missing(a) != missing(b)).then(|| shared.1.clone())
        };
        let against = |a: &Check, b: &Check| if a.excludes(b) { Some(Vec::new()) } else { by_group(a, b) };
        for (place, &(index, tests, then)) in rules.iter().enumerate() {
            if let Some((test, mut used)) = tests.iter().find_map(|test| Some((test, against(test, then)?))) {
                let name = self.column_name(index, test.column);
                used.push(index);
                let problem =
                    format!("where it applies, column {name:?} would have to be two things at once");
                return Err(self.contradiction(&used, problem));
            }
            for &(other, others, also) in &rules[..place] {
                let apart =
                    tests.iter().any(|test| others.iter().any(|other| against(test, other).is_some()));
                if let (false, Some(mut used)) = (apart, against(then, also)) {
                    let name = self.column_name(index, then.column);
                    used.extend([other, index]);
                    let problem = format!(
                        "where both apply, column {name:?} would have to be two things at once; say in their tests when \
                         each applies"
                    );
                    return Err(self.contradiction(&used, problem));
                }
            }
        }
        Ok(())
    }

    /// Columns that are missing together, and the constraints that say so.
    fn groups(&self) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut groups: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let Rule::AllOrNone(columns) = rule else { continue };
            let mut own = (columns.clone(), vec![index]);
            groups.retain(|(members, constraints)| {
                let shared = members.iter().any(|member| own.0.contains(member));
                if shared {
                    own.0.extend(members);
                    own.1.extend(constraints);
                }
                !shared
            });
            groups.push(own);
        }
        groups
    }

    fn column_name(&self, index: usize, column: usize) -> String {
        let named = self.declared[index].columns();
        // The names stand in the order of the tests; a single one is the usual case.
        match &self.rules[index] {
            Rule::When { tests, then } => {
                let mut checks: Vec<usize> = Vec::new();
                for check in tests.iter().chain([then]) {
                    if !checks.contains(&check.column) {
                        checks.push(check.column);
                    }
                }
                checks.iter().position(|&own| own == column).map_or_else(String::new, |at| named[at].clone())
            }
            _ => String::new(),
        }
    }

    pub(super) fn contradiction(&self, indices: &[usize], problem: String) -> Error {
        let mut indices = indices.to_vec();
        indices.sort_unstable();
        indices.dedup();
        let constraints = indices.into_iter().map(|index| self.text(index)).collect();
        ConstraintError::Contradiction { constraints, problem }.into()
    }
}

impl Check {
    /// Understands one test for a schema's columns.
    ///
    /// # Errors
    /// When the column does not exist, or cannot be compared so.
    pub fn new(test: &Test, schema: &Schema) -> Result<Check> {
        Self::at(schema.index_of(&test.column)?, &test.is, schema)
    }

    /// The same for a column by number.
    ///
    /// # Errors
    /// When the column cannot be compared so.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn at(column: usize, is: &Is, schema: &Schema) -> Result<Check> {
        let test = Test { column: schema.columns[column].name.clone(), is: is.clone() };
        let constraint = Constraint::When { tests: Vec::new(), then: test };
        Ok(Check { column, is: Resolver { schema, constraint: &constraint }.comparand(column, is)? })
    }

    /// True when no cell can fulfil both, as far as that is plain.
    fn excludes(&self, other: &Check) -> bool {
        if self.column != other.column {
            return false;
        }
        let missing = |is: &Comparand| matches!(is, Comparand::Missing);
        match (&self.is, &other.is) {
            (a, b) if missing(a) || missing(b) => missing(a) != missing(b),
            (Comparand::Among(own), b) => own.iter().all(|value| !b.takes(value)),
            (a, Comparand::Among(own)) => own.iter().all(|value| !a.takes(value)),
            (a, b) => match (a.bounds(), b.bounds()) {
                (Some((low, high)), Some((other_low, other_high))) => {
                    apart(high, other_low) || apart(other_high, low)
                }
                _ => false,
            },
        }
    }
}

type Bound = Option<(Amount, bool)>;

/// True when nothing is at most the one and at least the other.
fn apart(high: Bound, low: Bound) -> bool {
    let (Some((high, high_strict)), Some((low, low_strict))) = (high, low) else { return false };
    match super::compare(high, low) {
        Some(std::cmp::Ordering::Less) => true,
        Some(std::cmp::Ordering::Equal) => high_strict || low_strict,
        _ => false,
    }
}

impl Comparand {
    fn bounds(&self) -> Option<(Bound, Bound)> {
        match self {
            Comparand::Less(amount) => Some((None, Some((*amount, true)))),
            Comparand::AtMost(amount) => Some((None, Some((*amount, false)))),
            Comparand::More(amount) => Some((Some((*amount, true)), None)),
            Comparand::AtLeast(amount) => Some((Some((*amount, false)), None)),
            _ => None,
        }
    }

    /// True when a value fulfils it.
    pub fn takes(&self, value: &Value) -> bool {
        let ordered = |bound: &Amount, wanted: fn(std::cmp::Ordering) -> bool| match value {
            Value::Amount(amount) => super::compare(*amount, *bound).is_some_and(wanted),
            _ => false,
        };
        match self {
            Comparand::Missing => false,
            Comparand::Present => true,
            Comparand::Among(values) => values.iter().any(|own| own.is(value)),
            Comparand::NotAmong(values) => !values.iter().any(|own| own.is(value)),
            Comparand::Less(bound) => ordered(bound, std::cmp::Ordering::is_lt),
            Comparand::AtMost(bound) => ordered(bound, std::cmp::Ordering::is_le),
            Comparand::More(bound) => ordered(bound, std::cmp::Ordering::is_gt),
            Comparand::AtLeast(bound) => ordered(bound, std::cmp::Ordering::is_ge),
        }
    }
}

impl Value {
    fn is(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Amount(a), Value::Amount(b)) => {
                super::compare(*a, *b).is_some_and(std::cmp::Ordering::is_eq)
            }
            (a, b) => a == b,
        }
    }
}

struct Resolver<'a> {
    schema: &'a Schema,
    constraint: &'a Constraint,
}

impl Resolver<'_> {
    fn impossible(&self, problem: impl Into<String>) -> Error {
        ConstraintError::Impossible { constraint: self.constraint.to_string(), problem: problem.into() }
            .into()
    }

    fn described(&self, column: usize) -> &ColumnSchema {
        &self.schema.columns[column]
    }

    fn rule(&self) -> Result<Rule> {
        Ok(match self.constraint {
            Constraint::Order { terms, strict } => self.order(terms, strict)?,
            Constraint::Combinations { columns } => Rule::Combinations(
                self.several(columns, 2, |kind| !matches!(kind, Kind::Id(_) | Kind::Text))?,
            ),
            Constraint::OneHot { columns } => Rule::OneHot(self.several(columns, 2, |kind| {
                matches!(kind, Kind::Boolean(_) | Kind::Numerical(_) | Kind::Categorical { .. })
            })?),
            Constraint::Unique { columns } => Rule::Unique(self.several(columns, 1, |_| true)?),
            Constraint::AllOrNone { columns } => Rule::AllOrNone(self.several(columns, 2, |_| true)?),
            Constraint::Equation { column, expression, tolerance } => {
                self.equation(column, expression, *tolerance)?
            }
            Constraint::Increments { column, step } => {
                let column = self.schema.index_of(column)?;
                let described = self.described(column);
                let Kind::Numerical(format) = &described.kind else {
                    return Err(self.of_kind(column, "only columns of numbers have increments"));
                };
                let step = spelling::parse_decimal(step, format).filter(|(ticks, _)| *ticks > 0);
                let (ticks, places) =
                    step.ok_or_else(|| self.impossible("the increment has to be a number above 0"))?;
                Rule::Increments { column, step: Amount::Exact { ticks, places } }
            }
            Constraint::Monotone { column, within, falling, strict } => {
                let column = self.schema.index_of(column)?;
                if !is_amount(&self.described(column).kind) {
                    return Err(self.of_kind(column, "only numbers and dates rise or fall"));
                }
                let within = self.lookup(within)?;
                if within.contains(&column) {
                    return Err(self.impossible("a column cannot be its own group"));
                }
                Rule::Monotone { column, within, falling: *falling, strict: *strict }
            }
            Constraint::When { tests, then } => {
                if tests.is_empty() {
                    return Err(self.impossible("it has no test"));
                }
                let tests = tests.iter().map(|test| self.check(test)).collect::<Result<Vec<_>>>()?;
                let then = self.check(then)?;
                Rule::When { tests, then }
            }
        })
    }

    fn lookup(&self, names: &[String]) -> Result<Vec<usize>> {
        names.iter().map(|name| self.schema.index_of(name)).collect()
    }

    fn of_kind(&self, column: usize, problem: &str) -> Error {
        let described = self.described(column);
        self.impossible(format!(
            "column {:?} is of kind {}: {problem}",
            described.name,
            described.kind.name()
        ))
    }

    fn several(&self, names: &[String], least: usize, fits: fn(&Kind) -> bool) -> Result<Vec<usize>> {
        let columns = self.lookup(names)?;
        if columns.len() < least {
            return Err(self.impossible(format!("it needs at least {least} columns")));
        }
        if let Some(column) = columns.iter().find(|&&column| !fits(&self.described(column).kind)) {
            return Err(self.of_kind(*column, "that cannot take part in it"));
        }
        for (place, column) in columns.iter().enumerate() {
            if columns[..place].contains(column) {
                return Err(
                    self.impossible(format!("column {:?} stands in it twice", self.described(*column).name))
                );
            }
        }
        Ok(columns)
    }

    fn order(&self, terms: &[Term], strict: &[bool]) -> Result<Rule> {
        let columns: Vec<Option<usize>> = terms
            .iter()
            .map(|term| match term {
                Term::Column(name) => self.schema.index_of(name).map(Some),
                Term::Constant(_) => Ok(None),
            })
            .collect::<Result<_>>()?;
        if terms.len() < 2 || strict.len() + 1 != terms.len() {
            return Err(self.impossible("an order has at least two terms, and a sign between each two"));
        }
        let named: Vec<usize> = columns.iter().flatten().copied().collect();
        let Some(&first) = named.first() else {
            return Err(self.impossible("no column stands in it"));
        };
        for (place, &column) in named.iter().enumerate() {
            if !is_amount(&self.described(column).kind) {
                return Err(
                    self.of_kind(column, "only numbers and dates have an order that holds between columns")
                );
            }
            if is_instant(&self.described(column).kind) != is_instant(&self.described(first).kind) {
                let names = [first, column].map(|column| self.described(column).name.clone());
                return Err(self.impossible(format!(
                    "column {:?} holds numbers and column {:?} dates, or the other way round; say with --column what they are",
                    names[0], names[1]
                )));
            }
            if named[..place].contains(&column) {
                return Err(
                    self.impossible(format!("column {:?} stands in it twice", self.described(column).name))
                );
            }
        }
        let operands: Vec<Operand> = terms
            .iter()
            .zip(&columns)
            .map(|(term, column)| match (term, column) {
                (_, Some(column)) => Ok(Operand::Column(*column)),
                (Term::Constant(text) | Term::Column(text), None) => {
                    let amount = Amount::parse(text, self.described(first));
                    amount.map(Operand::Constant).ok_or_else(|| {
                        let what =
                            if is_instant(&self.described(first).kind) { "a date" } else { "a number" };
                        self.impossible(format!(
                            "a constant beside column {:?} has to be {what}",
                            self.described(first).name
                        ))
                    })
                }
            })
            .collect::<Result<_>>()?;
        Ok(Rule::Order { operands, strict: strict.to_vec() })
    }

    fn equation(&self, name: &str, expression: &str, tolerance: Option<f64>) -> Result<Rule> {
        let column = self.schema.index_of(name)?;
        let understood = Expression::parse(expression).map_err(|error| self.impossible(error.to_string()))?;
        for name in understood.columns() {
            self.schema.index_of(name)?;
        }
        let expression =
            understood.bind_schema(self.schema).map_err(|error| self.impossible(error.to_string()))?;
        if expression.columns().contains(&column) {
            return Err(self.impossible(format!("column {name:?} follows from itself")));
        }
        let kind = &self.described(column).kind;
        let fits = matches!(
            (kind, expression.result()),
            (Kind::Numerical(_), Type::Exact { .. } | Type::Float)
                | (Kind::Datetime(_), Type::Date { .. })
                | (Kind::Boolean(_), Type::Boolean)
        );
        if !fits {
            return Err(self.of_kind(
                column,
                &format!(
                    "it cannot be {}; numbers, dates and truth values can follow from others",
                    expression.result().words()
                ),
            ));
        }
        if tolerance.is_some_and(|tolerance| !(tolerance >= 0.0 && tolerance.is_finite())) {
            return Err(self.impossible("a tolerance is a number of at least 0"));
        }
        if tolerance.is_some() && !matches!(kind, Kind::Numerical(_)) {
            return Err(self.of_kind(column, "only numbers have a tolerance"));
        }
        // What is written is rounded: less than half a unit of the last place cannot be asked for.
        let half_unit = match kind {
            Kind::Numerical(format) if format.integer => 0.5,
            Kind::Numerical(format) => {
                format.decimals.places().map_or(0.0, |places| 0.5 / 10f64.powi(i32::from(places)))
            }
            _ => 0.0,
        };
        let exact = matches!(
            (kind, expression.result()),
            (Kind::Numerical(format), Type::Exact { places })
                if places <= if format.integer { 0 } else { format.decimals.places().unwrap_or(0) }
        );
        let least = if exact { 0.0 } else { half_unit };
        if let Some(tolerance) = tolerance
            && tolerance < least * (1.0 - 1e-9)
        {
            return Err(self.impossible(format!(
                "column {name:?} is written with so few places that it cannot be nearer than {half_unit}; ask for within \
                 {half_unit}"
            )));
        }
        Ok(Rule::Equation { column, expression, tolerance: tolerance.unwrap_or(least) })
    }

    fn check(&self, test: &Test) -> Result<Check> {
        let column = self.schema.index_of(&test.column)?;
        Ok(Check { column, is: self.comparand(column, &test.is)? })
    }

    fn comparand(&self, column: usize, is: &Is) -> Result<Comparand> {
        let value = |text: &String| {
            self.value(column, text).ok_or_else(|| {
                let described = self.described(column);
                self.impossible(format!(
                    "a value that column {:?} is compared with is not of its kind, {}",
                    described.name,
                    described.kind.name()
                ))
            })
        };
        let values = |texts: &[String]| texts.iter().map(value).collect::<Result<Vec<_>>>();
        Ok(match is {
            Is::Missing => Comparand::Missing,
            Is::Present => Comparand::Present,
            Is::Among(texts) => Comparand::Among(values(texts)?),
            Is::NotAmong(texts) => Comparand::NotAmong(values(texts)?),
            Is::Less(text) => self.compared(column, text, Comparand::Less)?,
            Is::AtMost(text) => self.compared(column, text, Comparand::AtMost)?,
            Is::More(text) => self.compared(column, text, Comparand::More)?,
            Is::AtLeast(text) => self.compared(column, text, Comparand::AtLeast)?,
        })
    }

    fn compared(&self, column: usize, text: &str, of: fn(Amount) -> Comparand) -> Result<Comparand> {
        let described = self.described(column);
        if let Kind::Categorical { order } = &described.kind
            && !order.is_empty()
        {
            let place = order.iter().position(|level| level == text).ok_or_else(|| {
                self.impossible(format!("the value is no level of column {:?}", described.name))
            })?;
            let rank = |place: usize| Amount::Exact { ticks: place as i128, places: 0 };
            let bound = of(rank(place));
            let fitting = (0..order.len()).filter(|&level| bound.takes(&Value::Amount(rank(level))));
            return Ok(Comparand::Among(fitting.map(|level| Value::Text(order[level].clone())).collect()));
        }
        if !is_amount(&described.kind) {
            return Err(self.of_kind(column, "only numbers, dates and ordinal levels have an order"));
        }
        let amount = Amount::parse(text, described);
        amount.map(of).ok_or_else(|| {
            self.impossible(format!(
                "the value that column {:?} is compared with is not of its kind",
                described.name
            ))
        })
    }

    fn value(&self, column: usize, text: &str) -> Option<Value> {
        let described = self.described(column);
        match &described.kind {
            Kind::Numerical(_) | Kind::Datetime(_) => Amount::parse(text, described).map(Value::Amount),
            Kind::Boolean(format) => spelling::parse_boolean(text, format).map(Value::Truth),
            Kind::Categorical { .. } | Kind::Id(_) | Kind::Text => Some(Value::Text(text.to_owned())),
            Kind::Image(_) => None,
        }
    }
}

pub(super) fn is_instant(kind: &Kind) -> bool {
    matches!(kind, Kind::Datetime(_))
}

pub(super) fn is_amount(kind: &Kind) -> bool {
    matches!(kind, Kind::Numerical(_) | Kind::Datetime(_))
}
