//! Expressions as text again, with no more parentheses than they need.

use std::fmt::{self, Formatter, Write as _};

use super::lexer::name_end;
use super::syntax::{Arithmetic, KEYWORDS, Literal, Node, NodeKind};
use crate::spelling::civil_text;

/// How tightly a node holds together; an operand that holds less tightly needs parentheses.
fn rank(node: &Node) -> u8 {
    match &node.kind {
        NodeKind::Or(..) => 0,
        NodeKind::And(..) => 1,
        // `x is not missing` and `x not in (...)` are comparisons.
        NodeKind::Not(inner) => match inner.kind {
            NodeKind::IsMissing(_) | NodeKind::In(..) => 3,
            _ => 2,
        },
        NodeKind::Compare(..) | NodeKind::IsMissing(_) | NodeKind::In(..) => 3,
        NodeKind::Arithmetic(Arithmetic::Add | Arithmetic::Subtract, ..) => 4,
        NodeKind::Arithmetic(Arithmetic::Power, ..) => 7,
        NodeKind::Arithmetic(..) => 5,
        NodeKind::Negate(_) => 6,
        _ => 8,
    }
}

pub(super) fn print(node: &Node, out: &mut Formatter<'_>) -> fmt::Result {
    match &node.kind {
        NodeKind::Literal(literal) => print_literal(literal, out),
        NodeKind::Missing => out.write_str("missing"),
        NodeKind::Column(name) => print_name(name, out),
        NodeKind::Negate(inner) => {
            out.write_char('-')?;
            operand(inner, 6, out)
        }
        NodeKind::Not(inner) => match &inner.kind {
            NodeKind::IsMissing(tested) => {
                operand(tested, 4, out)?;
                out.write_str(" is not missing")
            }
            NodeKind::In(tested, list) => {
                operand(tested, 4, out)?;
                out.write_str(" not in ")?;
                arguments(list, out)
            }
            _ => {
                out.write_str("not ")?;
                operand(inner, 2, out)
            }
        },
        NodeKind::Arithmetic(Arithmetic::Power, base, exponent) => {
            operand(base, 8, out)?;
            out.write_str(" ^ ")?;
            operand(exponent, 6, out)
        }
        NodeKind::Arithmetic(arithmetic, left, right) => {
            let own = rank(node);
            operand(left, own, out)?;
            write!(out, " {} ", arithmetic.sign())?;
            operand(right, own + 1, out)
        }
        NodeKind::Compare(comparison, left, right) => {
            operand(left, 4, out)?;
            write!(out, " {} ", comparison.sign())?;
            operand(right, 4, out)
        }
        NodeKind::And(left, right) => {
            operand(left, 1, out)?;
            out.write_str(" and ")?;
            operand(right, 2, out)
        }
        NodeKind::Or(left, right) => {
            operand(left, 0, out)?;
            out.write_str(" or ")?;
            operand(right, 1, out)
        }
        NodeKind::IsMissing(inner) => {
            operand(inner, 4, out)?;
            out.write_str(" is missing")
        }
        NodeKind::In(inner, list) => {
            operand(inner, 4, out)?;
            out.write_str(" in ")?;
            arguments(list, out)
        }
        NodeKind::Call(function, list) => {
            out.write_str(function.name())?;
            arguments(list, out)
        }
    }
}

fn operand(node: &Node, least: u8, out: &mut Formatter<'_>) -> fmt::Result {
    if rank(node) >= least {
        return print(node, out);
    }
    out.write_char('(')?;
    print(node, out)?;
    out.write_char(')')
}

fn arguments(list: &[Node], out: &mut Formatter<'_>) -> fmt::Result {
    out.write_char('(')?;
    for (index, node) in list.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        print(node, out)?;
    }
    out.write_char(')')
}

fn print_name(name: &str, out: &mut Formatter<'_>) -> fmt::Result {
    let characters: Vec<char> = name.chars().collect();
    let plain = characters.first().is_some_and(|c| c.is_alphabetic() || *c == '_')
        && name_end(&characters, 0) == characters.len()
        && !KEYWORDS.contains(&name.to_lowercase().as_str());
    if plain { out.write_str(name) } else { write!(out, "\"{}\"", name.replace('"', "\"\"")) }
}

fn print_literal(literal: &Literal, out: &mut Formatter<'_>) -> fmt::Result {
    match literal {
        Literal::Exact { units, places } => out.write_str(&super::values::decimal_text(*units, *places)),
        Literal::Float(value) => write!(out, "{value:e}"),
        Literal::Text(text) => write!(out, "'{}'", text.replace('\'', "''")),
        Literal::Boolean(value) => write!(out, "{value}"),
        Literal::Date(instant) => write!(out, "date('{}')", civil_text(*instant)),
    }
}
