//! Whether orders can hold together.

use std::cmp::Ordering;

use super::amounts::{Amount, compare};
use super::resolve::{Operand, Rule, Rules};
use crate::error::Result;
use crate::schema::Schema;

/// `low <= high` between two columns, as one constraint says.
struct Edge {
    low: usize,
    high: usize,
    strict: bool,
    constraint: usize,
}

/// A constant bound of a column, perhaps by way of others.
#[derive(Clone)]
struct Bound {
    amount: Amount,
    strict: bool,
    constraints: Vec<usize>,
}

/// Refuses orders that run in a circle or leave no value between constants.
pub(super) fn check(rules: &Rules, schema: &Schema) -> Result<()> {
    let n_columns = schema.columns.len();
    let mut edges = Vec::new();
    let mut low: Vec<Option<Bound>> = vec![None; n_columns];
    let mut high = low.clone();
    for (constraint, rule) in rules.rules.iter().enumerate() {
        let Rule::Order { operands, strict } = rule else { continue };
        for (place, pair) in operands.windows(2).enumerate() {
            let strict = strict[place];
            let bound = |amount| Bound { amount, strict, constraints: vec![constraint] };
            match (pair[0], pair[1]) {
                (Operand::Column(low), Operand::Column(high)) => {
                    edges.push(Edge { low, high, strict, constraint });
                }
                (Operand::Constant(amount), Operand::Column(column)) => {
                    tighten(&mut low[column], bound(amount), Ordering::Greater);
                }
                (Operand::Column(column), Operand::Constant(amount)) => {
                    tighten(&mut high[column], bound(amount), Ordering::Less);
                }
                (Operand::Constant(a), Operand::Constant(b)) => {
                    if exceeds(a, b, strict) {
                        return Err(
                            rules.contradiction(&[constraint], "its constants are not in order".into())
                        );
                    }
                }
            }
        }
    }
    let order = sorted(n_columns, &edges).map_err(|circle| {
        let names: Vec<String> =
            circle.iter().map(|&column| format!("{:?}", schema.columns[column].name)).collect();
        let within: Vec<&Edge> =
            edges.iter().filter(|edge| circle.contains(&edge.low) && circle.contains(&edge.high)).collect();
        let constraints: Vec<usize> = within.iter().map(|edge| edge.constraint).collect();
        let problem = if within.iter().any(|edge| edge.strict) {
            format!(
                "columns {} would each have to be below the next, in a circle; leave one of them out",
                names.join(", ")
            )
        } else {
            format!(
                "columns {} can only be equal; say so with an equation, or leave one of them out",
                names.join(", ")
            )
        };
        rules.contradiction(&constraints, problem)
    })?;
    for &column in &order {
        for edge in edges.iter().filter(|edge| edge.low == column) {
            if let Some(bound) = low[column].clone() {
                tighten(&mut low[edge.high], bound.by(edge), Ordering::Greater);
            }
        }
    }
    for column in 0..n_columns {
        let (Some(low), Some(high)) = (&low[column], &high[column]) else { continue };
        if exceeds(low.amount, high.amount, low.strict || high.strict) {
            let constraints: Vec<usize> = low.constraints.iter().chain(&high.constraints).copied().collect();
            let name = &schema.columns[column].name;
            let problem = format!("they leave no value for column {name:?}; widen one of the bounds");
            return Err(rules.contradiction(&constraints, problem));
        }
    }
    Ok(())
}

impl Bound {
    fn by(mut self, edge: &Edge) -> Bound {
        self.strict |= edge.strict;
        self.constraints.push(edge.constraint);
        self
    }
}

/// True when nothing lies between.
fn exceeds(low: Amount, high: Amount, strict: bool) -> bool {
    match compare(low, high) {
        Some(Ordering::Less) => false,
        Some(Ordering::Equal) => strict,
        _ => true,
    }
}

fn tighten(slot: &mut Option<Bound>, bound: Bound, tighter: Ordering) {
    let better = slot.as_ref().is_none_or(|own| match compare(bound.amount, own.amount) {
        Some(Ordering::Equal) => bound.strict && !own.strict,
        Some(order) => order == tighter,
        None => false,
    });
    if better {
        *slot = Some(bound);
    }
}

/// The columns from low to high, or those of a circle.
fn sorted(n_columns: usize, edges: &[Edge]) -> std::result::Result<Vec<usize>, Vec<usize>> {
    let mut order = Vec::new();
    let mut left: Vec<usize> = (0..n_columns).collect();
    while !left.is_empty() {
        let free: Vec<usize> = left
            .iter()
            .copied()
            .filter(|&column| !edges.iter().any(|edge| edge.high == column && left.contains(&edge.low)))
            .collect();
        if free.is_empty() {
            // What lies on a circle is above something that is left; going down from anywhere ends in one.
            let mut path = vec![left[0]];
            loop {
                let last = path[path.len() - 1];
                let below = edges
                    .iter()
                    .find(|edge| edge.high == last && left.contains(&edge.low))
                    .map_or(last, |edge| edge.low);
                if let Some(start) = path.iter().position(|&column| column == below) {
                    let mut circle = path.split_off(start);
                    circle.reverse();
                    return Err(circle);
                }
                path.push(below);
            }
        }
        left.retain(|column| !free.contains(column));
        order.extend(free);
    }
    Ok(order)
}
