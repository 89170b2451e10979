//! Constraints that a table seems to hold.
//!
//! Only what could well have been otherwise is suggested: each kind asks for evidence that a table of unrelated columns would
//! hardly give, and few false suggestions matter more than all true ones.

mod levels;
mod sums;

use std::cmp::Ordering;

use super::amounts::Amounts;
use super::resolve::{is_amount, is_instant};
use super::{Amount, Constraint, Rules, Term, compare};
use crate::column::Column;
use crate::error::Result;
use crate::schema::{Kind, Schema};
use crate::table::Table;

/// A constraint that a table seems to hold, and how well.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The constraint.
    pub constraint: Constraint,
    /// Rows in which it has something to say.
    pub rows: u64,
    /// Rows among them in which it holds.
    pub holding: u64,
}

impl Suggestion {
    /// The share of rows in which it holds, in [0, 1].
    pub fn share(&self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.holding as f64 / self.rows as f64 }
    }
}

/// Fewer rows are no evidence.
const LEAST_ROWS: usize = 50;
/// The least share of rows in which a suggested constraint holds.
const LEAST_SHARE: f64 = 0.999;
/// So many rows should have broken a rule, had its columns nothing to do with each other.
const LEAST_EVIDENCE: f64 = 20.0;
/// More columns of a kind are not tried against each other: time grows with the square of their number.
const MOST_COLUMNS: usize = 60;
/// Rows that are looked at; further ones are checked only for what these suggest.
const SAMPLE: usize = 20_000;

/// Suggests constraints, with their support in the whole table.
///
/// Looked for are orders of dates and of numbers (whose ranges overlap: what lies apart says nothing), combinations of
/// levels, sums, products, copies, one-hot groups, columns that are missing together, and columns that are missing wherever
/// another is or has certain levels. No value of the table stands in a suggestion but such levels, of fifty rows or more.
///
/// # Errors
/// None: what the table's columns do not allow is not suggested.
pub fn suggest(table: &Table) -> Result<Vec<Suggestion>> {
    if table.n_rows() < LEAST_ROWS {
        return Ok(Vec::new());
    }
    let step = table.n_rows().div_ceil(SAMPLE);
    let rows: Vec<usize> = (0..table.n_rows()).step_by(step).collect();
    let few = if step > 1 { table.take(&rows) } else { table.clone() };
    // A name that repeats, or says nothing, names no column.
    let schema = table.schema();
    let named: Vec<usize> = (0..schema.columns.len())
        .filter(|&index| {
            !schema.columns[index].name.is_empty() && schema.index_of(&schema.columns[index].name).is_ok()
        })
        .collect();
    let look = Look { table: &few, named };
    let mut found = Vec::new();
    let hot = look.one_hot();
    let in_group: Vec<usize> = hot.iter().flatten().copied().collect();
    found.extend(hot.iter().map(|group| Constraint::OneHot { columns: look.names(group) }));
    // Of columns that are equal, one stands for all.
    let (copies, copied) = look.copies(&in_group);
    let left_out: Vec<usize> = in_group.iter().chain(&copied).copied().collect();
    let (sums, mut computed) = look.sums(&left_out);
    let (products, of_products) = look.products(&left_out, &sums);
    computed.extend(of_products);
    found.extend(copies);
    found.extend(sums);
    found.extend(products);
    found.extend(look.orders(&left_out, &computed));
    found.extend(look.combinations(&left_out));
    found.extend(look.missing());
    found.extend(look.missing_by_level());
    // Each is judged by itself, and none is suggested that cannot be together with those before it.
    let mut suggestions: Vec<Suggestion> = Vec::new();
    let mut taken: Vec<Constraint> = schema.constraints.clone();
    for constraint in found {
        let judged = support(table, std::slice::from_ref(&constraint)).ok();
        let Some(suggestion) = judged.and_then(|judged| judged.into_iter().next()) else { continue };
        if suggestion.rows < LEAST_ROWS as u64 || suggestion.share() < LEAST_SHARE {
            continue;
        }
        taken.push(constraint);
        let together = Schema { constraints: taken.clone(), ..Schema::clone(table.schema()) };
        if Rules::new(&together).is_ok() {
            suggestions.push(suggestion);
        } else {
            taken.pop();
        }
    }
    Ok(suggestions)
}

/// How well constraints hold in a table.
///
/// # Errors
/// Those of [`Rules::new`].
pub fn support(table: &Table, constraints: &[Constraint]) -> Result<Vec<Suggestion>> {
    let schema = Schema { constraints: constraints.to_vec(), ..Schema::clone(table.schema()) };
    let rules = Rules::new(&schema)?;
    let count = |flags: Vec<bool>| flags.into_iter().filter(|&flag| flag).count() as u64;
    let of = |(index, constraint): (usize, &Constraint)| {
        let rows = count(rules.applies(index, table));
        let breaking = count(rules.violations(index, table));
        Suggestion { constraint: constraint.clone(), rows, holding: rows.saturating_sub(breaking) }
    };
    Ok(constraints.iter().enumerate().map(of).collect())
}

struct Look<'a> {
    table: &'a Table,
    named: Vec<usize>,
}

impl Look<'_> {
    fn name(&self, index: usize) -> String {
        self.table.schema().columns[index].name.clone()
    }

    fn names(&self, columns: &[usize]) -> Vec<String> {
        columns.iter().map(|&column| self.name(column)).collect()
    }

    fn amounts(&self, index: usize) -> Option<Amounts> {
        let described = &self.table.schema().columns[index];
        is_amount(&described.kind).then(|| Amounts::of(self.table.column(index), described)).flatten()
    }

    /// Orders between two columns, without those that follow from others.
    fn orders(&self, left_out: &[usize], computed: &[usize]) -> Vec<Constraint> {
        let columns: Vec<(usize, Amounts)> = self
            .named
            .iter()
            .filter(|index| !left_out.contains(index))
            .filter_map(|&index| Some((index, self.amounts(index)?)))
            .take(MOST_COLUMNS)
            .collect();
        let mut edges: Vec<(usize, usize, bool)> = Vec::new();
        for (a, (low, low_values)) in columns.iter().enumerate() {
            for (b, (high, high_values)) in columns.iter().enumerate() {
                let kinds = [*low, *high].map(|index| &self.table.schema().columns[index].kind);
                // Parts are below their sum, and factors perhaps below their product, which the equation says already.
                let known = computed.contains(low) && computed.contains(high);
                if a == b || is_instant(kinds[0]) != is_instant(kinds[1]) || known {
                    continue;
                }
                if let Some(strict) = ordered(low_values, high_values, is_instant(kinds[0])) {
                    edges.push((a, b, strict));
                }
            }
        }
        // Columns that are nearly equal pass both ways round, and neither way is a rule; the same goes for longer circles.
        let reaches = |from: usize, to: usize| {
            let mut reached = vec![from];
            let mut next = 0;
            while next < reached.len() {
                let further: Vec<usize> = edges
                    .iter()
                    .filter(|(low, high, _)| *low == reached[next] && !reached.contains(high))
                    .map(|(_, high, _)| *high)
                    .collect();
                reached.extend(further);
                next += 1;
            }
            reached.contains(&to)
        };
        let edges: Vec<(usize, usize, bool)> =
            edges.iter().filter(|(low, high, _)| !reaches(*high, *low)).copied().collect();
        // What follows by way of a third column need not be said.
        let direct: Vec<(usize, usize, bool)> = edges
            .iter()
            .filter(|(low, high, _)| {
                !edges.iter().any(|(a, b, _)| {
                    a == low && b != high && edges.iter().any(|(c, d, _)| c == b && d == high)
                })
            })
            .copied()
            .collect();
        direct
            .into_iter()
            .map(|(low, high, strict)| Constraint::Order {
                terms: vec![
                    Term::Column(self.name(columns[low].0)),
                    Term::Column(self.name(columns[high].0)),
                ],
                strict: vec![strict],
            })
            .collect()
    }

    /// Runs of neighbouring columns of 0 and 1 of which exactly one is 1 in every row.
    fn one_hot(&self) -> Vec<Vec<usize>> {
        let flags: Vec<Option<Vec<bool>>> = self
            .named
            .iter()
            .map(|&index| zeros_and_ones(self.table.column(index), &self.table.schema().columns[index].kind))
            .collect();
        let mut found = Vec::new();
        let mut start = 0;
        while start < flags.len() {
            let run = flags[start..].iter().take_while(|flags| flags.is_some()).count();
            // The longest run first; two columns that are opposites are no group.
            let fits = (3..=run).rev().find_map(|length| {
                (start..=start + run - length).find_map(|from| {
                    let group: Vec<&Vec<bool>> = flags[from..from + length].iter().flatten().collect();
                    let each = group.iter().all(|flags| flags.iter().any(|&flag| flag));
                    let one = (0..self.table.n_rows())
                        .all(|row| group.iter().filter(|flags| flags[row]).count() == 1);
                    (each && one).then_some((from, length))
                })
            });
            match fits {
                Some((from, length)) => {
                    found.push(self.named[from..from + length].to_vec());
                    start = from + length;
                }
                None => start += run.max(1),
            }
        }
        found
    }
}

/// Whether one is at most the other, in every row with both, and whether always less; `None` where that says nothing: too few
/// rows, ranges that hardly overlap, or values that are always the same.
fn ordered(low: &Amounts, high: &Amounts, instants: bool) -> Option<bool> {
    let pairs: Vec<(Amount, Amount)> =
        (0..low.len()).filter_map(|row| Some((low.get(row)?, high.get(row)?))).collect();
    if pairs.len() < LEAST_ROWS {
        return None;
    }
    let (mut breaking, mut equal) = (0, 0);
    let allowed = (pairs.len() as f64 * (1.0 - LEAST_SHARE)) as usize;
    for (low, high) in &pairs {
        match compare(*low, *high)? {
            Ordering::Greater => {
                breaking += 1;
                if breaking > allowed {
                    return None;
                }
            }
            Ordering::Equal => equal += 1,
            Ordering::Less => {}
        }
    }
    if equal == pairs.len() {
        return None;
    }
    // How often would the order hold if the columns had nothing to do with each other? Each low value against every high one:
    // rows may stand in any order, and far apart they may still be alike.
    let by_value = |a: &Amount, b: &Amount| compare(*a, *b).unwrap_or(Ordering::Equal);
    let mut highs: Vec<Amount> = pairs.iter().map(|(_, high)| *high).collect();
    highs.sort_by(by_value);
    let by_chance: f64 = pairs
        .iter()
        .map(|(low, _)| highs.len() - highs.partition_point(|high| by_value(high, low).is_lt()))
        .map(|count| count as f64 / highs.len() as f64)
        .sum();
    // Dates that follow each other are nearly always a rule; numbers have to overlap more before an order means something.
    let most = if instants { 0.99 } else { 0.9 };
    (by_chance <= most * pairs.len() as f64).then_some(equal == 0 && breaking == 0)
}

fn zeros_and_ones(column: &Column, kind: &Kind) -> Option<Vec<bool>> {
    if column.missing_count() > 0 {
        return None;
    }
    if let Some(codes) = column.codes() {
        let truths: Vec<Option<bool>> = codes
            .levels
            .iter()
            .map(|level| match level {
                "0" => Some(false),
                "1" => Some(true),
                _ => None,
            })
            .collect();
        return codes.codes.iter().map(|&code| truths[code as usize]).collect();
    }
    if !matches!(kind, Kind::Boolean(_) | Kind::Numerical(_)) {
        return None;
    }
    column
        .numbers()?
        .values
        .into_iter()
        .map(|value| if value == 0.0 { Some(false) } else { (value == 1.0).then_some(true) })
        .collect()
}
