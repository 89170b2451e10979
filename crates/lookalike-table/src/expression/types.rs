//! What values are of, and whether an expression's parts go together.

use super::error::{ExpressionError, ExpressionProblem, fail};
use super::parser::iso_date;
use super::syntax::{Arithmetic, Comparison, Function, Literal, Node, NodeKind};
use super::{MOST_PLACES, power_of_ten};
use crate::schema::{ColumnSchema, Kind, Offset, nearest};
use crate::spelling::MINUTE;

/// What the values of a column or of an expression are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// Numbers that are whole multiples of `10^-places`, computed exactly. Whole numbers have no places.
    Exact {
        /// How many places follow the point, 0 to [`MOST_PLACES`](super::MOST_PLACES).
        places: u8,
    },
    /// Floating-point numbers.
    Float,
    /// Truth values.
    Boolean,
    /// Texts and categories.
    Text,
    /// Dates and times.
    Date {
        /// How far the wall clock is ahead of UTC, in minutes.
        offset: i16,
    },
    /// Spans of time, such as the difference of two dates.
    Duration,
    /// Nothing but the word `missing`.
    Missing,
}

impl Type {
    /// The type of a column. Categories and keys are texts, also where their texts are digits.
    pub fn of(column: &ColumnSchema) -> Type {
        match &column.kind {
            Kind::Numerical(format) if format.integer => Type::Exact { places: 0 },
            Kind::Numerical(format) => match format.decimals.places() {
                Some(places) if usize::from(places) <= MOST_PLACES => Type::Exact { places },
                _ => Type::Float,
            },
            Kind::Boolean(_) => Type::Boolean,
            Kind::Datetime(format) => Type::Date {
                offset: match format.offset {
                    Offset::Unknown => 0,
                    Offset::Fixed(minutes) => minutes,
                },
            },
            Kind::Categorical { .. } | Kind::Id(_) | Kind::Text => Type::Text,
            // No expression is about images.
            Kind::Image(_) => Type::Missing,
        }
    }

    /// A word for it, as in messages.
    pub fn words(self) -> &'static str {
        match self {
            Type::Exact { .. } | Type::Float => "a number",
            Type::Boolean => "a truth value",
            Type::Text => "a text",
            Type::Date { .. } => "a date",
            Type::Duration => "a span of time",
            Type::Missing => "`missing`",
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Type::Exact { .. } | Type::Float)
    }
}

/// An expression in which every name is a column's number and every value has its type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Column(usize, Type),
    Constant(Literal),
    Missing(Type),
    /// To more places, or to a float.
    Cast(Box<Step>, Type),
    Negate(Box<Step>),
    Not(Box<Step>),
    Arithmetic(Arithmetic, Box<Step>, Box<Step>, Type),
    Compare(Comparison, Box<Step>, Box<Step>),
    And(Box<Step>, Box<Step>),
    Or(Box<Step>, Box<Step>),
    IsMissing(Box<Step>),
    In(Box<Step>, Vec<Step>),
    Round(Box<Step>, u8),
    /// The wall clock's part of a date.
    Clock(Function, Box<Step>, i16),
    Call(Function, Vec<Step>),
}

struct Part {
    step: Step,
    of: Type,
    position: usize,
}

pub(super) struct Binder<'a> {
    pub(super) columns: &'a [(&'a str, Type)],
}

type Found<T> = Result<T, ExpressionError>;

impl Binder<'_> {
    pub(super) fn bind(&self, node: &Node) -> Found<(Step, Type)> {
        let part = self.part(node)?;
        Ok((part.step, part.of))
    }

    fn part(&self, node: &Node) -> Found<Part> {
        let position = node.position;
        let (step, of) = match &node.kind {
            NodeKind::Literal(literal) => (Step::Constant(literal.clone()), type_of(literal)),
            NodeKind::Missing => (Step::Missing(Type::Missing), Type::Missing),
            NodeKind::Column(name) => self.column(name, position)?,
            NodeKind::Negate(inner) => {
                let inner = self.part(inner)?;
                if inner.of == Type::Duration {
                    (Step::Negate(Box::new(inner.step)), Type::Duration)
                } else {
                    let inner = number(inner, "the sign -")?;
                    (Step::Negate(Box::new(inner.step)), inner.of)
                }
            }
            NodeKind::Not(inner) => {
                let inner = truth(self.part(inner)?, "`not`")?;
                (Step::Not(Box::new(inner)), Type::Boolean)
            }
            NodeKind::And(left, right) => {
                let left = truth(self.part(left)?, "`and`")?;
                let right = truth(self.part(right)?, "`and`")?;
                (Step::And(Box::new(left), Box::new(right)), Type::Boolean)
            }
            NodeKind::Or(left, right) => {
                let left = truth(self.part(left)?, "`or`")?;
                let right = truth(self.part(right)?, "`or`")?;
                (Step::Or(Box::new(left), Box::new(right)), Type::Boolean)
            }
            NodeKind::IsMissing(inner) => (Step::IsMissing(Box::new(self.part(inner)?.step)), Type::Boolean),
            NodeKind::Compare(comparison, left, right) => {
                let parts = vec![self.part(left)?, self.part(right)?];
                let (mut steps, _) = compared(parts, "a comparison")?;
                let right = steps.pop().expect("two went in");
                let left = steps.pop().expect("two went in");
                (Step::Compare(*comparison, Box::new(left), Box::new(right)), Type::Boolean)
            }
            NodeKind::In(inner, list) => {
                let mut parts = vec![self.part(inner)?];
                for value in list {
                    parts.push(self.part(value)?);
                }
                let (mut steps, _) = compared(parts, "`in`")?;
                let inner = steps.remove(0);
                (Step::In(Box::new(inner), steps), Type::Boolean)
            }
            NodeKind::Arithmetic(arithmetic, left, right) => {
                arithmetic_of(*arithmetic, self.part(left)?, self.part(right)?)?
            }
            NodeKind::Call(function, arguments) => {
                let parts = arguments.iter().map(|argument| self.part(argument)).collect::<Found<_>>()?;
                call(*function, parts)?
            }
        };
        Ok(Part { step, of, position })
    }

    fn column(&self, name: &str, position: usize) -> Found<(Step, Type)> {
        let mut found = self.columns.iter().enumerate().filter(|(_, column)| column.0 == name);
        match (found.next(), found.next()) {
            (Some((_, (_, Type::Missing))), None) => {
                fail(position, ExpressionProblem::Images { name: name.to_owned() })
            }
            (Some((index, column)), None) => Ok((Step::Column(index, column.1), column.1)),
            (Some(_), Some(_)) => {
                fail(position, ExpressionProblem::AmbiguousColumn { name: name.to_owned() })
            }
            (None, _) => {
                let nearest = nearest(name, self.columns.iter().map(|column| column.0));
                fail(position, ExpressionProblem::UnknownColumn { name: name.to_owned(), nearest })
            }
        }
    }
}

fn type_of(literal: &Literal) -> Type {
    match literal {
        Literal::Exact { places, .. } => Type::Exact { places: *places },
        Literal::Float(_) => Type::Float,
        Literal::Text(_) => Type::Text,
        Literal::Boolean(_) => Type::Boolean,
        Literal::Date(_) => Type::Date { offset: 0 },
    }
}

/// What helps who has a value of this type where a number is needed.
fn to_number(of: Type) -> &'static str {
    match of {
        Type::Boolean => "write if(condition, 1, 0)",
        Type::Text => "write number(text)",
        Type::Date { .. } => "write year(date), or take the difference of two dates",
        Type::Duration => "divide it by days(1) or hours(1)",
        _ => "",
    }
}

fn number(part: Part, place: &'static str) -> Found<Part> {
    match part.of {
        Type::Missing => {
            let of = Type::Exact { places: 0 };
            Ok(Part { step: Step::Missing(of), of, ..part })
        }
        found if !found.is_number() => {
            let hint = to_number(found);
            fail(part.position, ExpressionProblem::Type { place, wanted: "a number", found, hint })
        }
        _ => Ok(part),
    }
}

fn truth(part: Part, place: &'static str) -> Found<Step> {
    match part.of {
        Type::Boolean => Ok(part.step),
        Type::Missing => Ok(Step::Missing(Type::Boolean)),
        found => {
            let hint = "compare it with something";
            fail(part.position, ExpressionProblem::Type { place, wanted: "a truth value", found, hint })
        }
    }
}

fn text(part: Part, place: &'static str) -> Found<Step> {
    match part.of {
        Type::Text => Ok(part.step),
        Type::Missing => Ok(Step::Missing(Type::Text)),
        found => fail(
            part.position,
            ExpressionProblem::Type { place, wanted: "a text", found, hint: "write text(value)" },
        ),
    }
}

fn date(part: Part, place: &'static str) -> Found<(Step, i16)> {
    match part.of {
        Type::Date { offset } => Ok((part.step, offset)),
        Type::Missing => Ok((Step::Missing(Type::Date { offset: 0 }), 0)),
        found => {
            let hint = if found == Type::Text { "write date('2024-01-31')" } else { "" };
            fail(part.position, ExpressionProblem::Type { place, wanted: "a date", found, hint })
        }
    }
}

/// The parts of a comparison, which `missing` is none of: nothing equals it.
fn compared(parts: Vec<Part>, place: &'static str) -> Found<(Vec<Step>, Type)> {
    if let Some(part) = parts.iter().find(|part| part.of == Type::Missing) {
        return fail(
            part.position,
            ExpressionProblem::Type {
                place,
                wanted: "a value",
                found: Type::Missing,
                hint: "write `is missing`",
            },
        );
    }
    unify(parts, place)
}

/// The parts as values of one type.
fn unify(parts: Vec<Part>, place: &'static str) -> Found<(Vec<Step>, Type)> {
    let mut common = Type::Missing;
    // Dates come first: a text that is written out means a date beside one.
    let is_text_literal = |part: &Part| matches!(part.step, Step::Constant(Literal::Text(_)));
    let any_date = parts.iter().find(|part| matches!(part.of, Type::Date { .. }) && !is_date_literal(part));
    let any_date = any_date.or_else(|| parts.iter().find(|part| matches!(part.of, Type::Date { .. })));
    if let Some(part) = any_date {
        common = part.of;
    }
    for part in &parts {
        common = match (common, part.of) {
            (Type::Missing, of) | (of, Type::Missing) => of,
            (Type::Exact { places }, Type::Exact { places: others }) => {
                Type::Exact { places: places.max(others) }
            }
            (left, right) if left.is_number() && right.is_number() => Type::Float,
            (left @ Type::Date { .. }, Type::Date { .. }) => left,
            (left @ Type::Date { .. }, Type::Text) if is_text_literal(part) => left,
            (left, right) if left == right => left,
            (left, right) => {
                let hint = match (left, right) {
                    (number, Type::Text) | (Type::Text, number) if number.is_number() => {
                        "put the number in single quotes, or write number(text)"
                    }
                    (Type::Date { .. }, Type::Text) | (Type::Text, Type::Date { .. }) => {
                        "write date('2024-01-31')"
                    }
                    (Type::Duration, _) | (_, Type::Duration) => "write days(n)",
                    _ => "",
                };
                return fail(part.position, ExpressionProblem::Types { place, left, right, hint });
            }
        };
    }
    let steps = parts.into_iter().map(|part| cast(part, common)).collect::<Found<_>>()?;
    Ok((steps, common))
}

fn is_date_literal(part: &Part) -> bool {
    matches!(part.step, Step::Constant(Literal::Date(_)))
}

/// A part as a value of a type that [`unify`] found.
fn cast(part: Part, to: Type) -> Found<Step> {
    Ok(match (part.step, part.of, to) {
        (_, Type::Missing, to) => Step::Missing(to),
        (Step::Constant(Literal::Text(text)), Type::Text, Type::Date { offset }) => {
            let Some(wall) = iso_date(&text) else {
                let problem = ExpressionProblem::Literal {
                    place: "a text beside a date",
                    wanted: "a date such as '2024-01-31'",
                };
                return fail(part.position, problem);
            };
            Step::Constant(Literal::Date(wall - i64::from(offset) * MINUTE))
        }
        (Step::Constant(Literal::Date(wall)), _, Type::Date { offset }) => {
            Step::Constant(Literal::Date(wall - i64::from(offset) * MINUTE))
        }
        (step, from, to) => cast_number(step, from, to),
    })
}

fn cast_number(step: Step, from: Type, to: Type) -> Step {
    match (step, from, to) {
        (step, from, to) if from == to => step,
        (
            Step::Constant(Literal::Exact { units, places }),
            Type::Exact { .. },
            Type::Exact { places: more },
        ) => match units.checked_mul(power_of_ten(more - places)) {
            Some(units) => Step::Constant(Literal::Exact { units, places: more }),
            None => Step::Missing(to),
        },
        (step, Type::Exact { .. }, Type::Exact { .. } | Type::Float) => Step::Cast(Box::new(step), to),
        (step, ..) => step,
    }
}

fn arithmetic_of(arithmetic: Arithmetic, left: Part, right: Part) -> Found<(Step, Type)> {
    use Arithmetic::{Add, Divide, Multiply, Power, Remainder, Subtract};
    let place = match arithmetic {
        Add => "the sign +",
        Subtract => "the sign -",
        Multiply => "the sign *",
        Divide => "the sign /",
        Remainder => "the sign %",
        Power => "the sign ^",
    };
    if left.of == Type::Missing || right.of == Type::Missing {
        return Ok((Step::Missing(Type::Missing), Type::Missing));
    }
    let both = |left: Step, right: Step, of: Type| {
        Ok((Step::Arithmetic(arithmetic, Box::new(left), Box::new(right), of), of))
    };
    match (left.of, arithmetic, right.of) {
        (Type::Date { .. }, Subtract, Type::Date { .. }) => {
            let (mut steps, _) = unify(vec![left, right], place)?;
            let right = steps.pop().expect("two went in");
            let left = steps.pop().expect("two went in");
            both(left, right, Type::Duration)
        }
        (of @ Type::Date { .. }, Add | Subtract, Type::Duration)
        | (Type::Duration, Add, of @ Type::Date { .. }) => both(left.step, right.step, of),
        (Type::Duration, Add | Subtract, Type::Duration) => both(left.step, right.step, Type::Duration),
        (Type::Duration, Divide, Type::Duration) => both(left.step, right.step, Type::Float),
        (Type::Duration, Multiply | Divide, other) if other.is_number() => {
            let right = cast_number(right.step, right.of, Type::Float);
            both(left.step, right, Type::Duration)
        }
        (other, Multiply, Type::Duration) if other.is_number() => {
            let left = cast_number(left.step, left.of, Type::Float);
            both(left, right.step, Type::Duration)
        }
        (Type::Date { .. }, Add | Subtract, found) if found.is_number() => {
            let hint = "write days(n) or hours(n)";
            fail(right.position, ExpressionProblem::Type { place, wanted: "a span of time", found, hint })
        }
        _ => {
            let (left, right) = (number(left, place)?, number(right, place)?);
            let of = match (arithmetic, left.of, right.of) {
                (Add | Subtract | Remainder, Type::Exact { places: a }, Type::Exact { places: b }) => {
                    Type::Exact { places: a.max(b) }
                }
                (Multiply, Type::Exact { places: a }, Type::Exact { places: b })
                    if usize::from(a + b) <= MOST_PLACES =>
                {
                    Type::Exact { places: a + b }
                }
                _ => Type::Float,
            };
            if arithmetic == Multiply && of != Type::Float {
                return both(left.step, right.step, of);
            }
            both(cast_number(left.step, left.of, of), cast_number(right.step, right.of, of), of)
        }
    }
}

fn call(function: Function, parts: Vec<Part>) -> Found<(Step, Type)> {
    let place = function.name();
    let mut parts = parts;
    match function {
        Function::If => {
            let branches = parts.split_off(1);
            let condition = truth(parts.pop().expect("three arguments"), "the condition of if()")?;
            let (mut steps, of) = unify(branches, place)?;
            steps.insert(0, condition);
            Ok((Step::Call(function, steps), of))
        }
        Function::Coalesce => {
            let (steps, of) = unify(parts, place)?;
            Ok((Step::Call(function, steps), of))
        }
        Function::Min | Function::Max | Function::Clamp => {
            let position = parts[0].position;
            let (steps, of) = unify(parts, place)?;
            if matches!(of, Type::Text | Type::Boolean) {
                let wanted = "numbers, dates or spans of time";
                return fail(position, ExpressionProblem::Type { place, wanted, found: of, hint: "" });
            }
            Ok((Step::Call(function, steps), of))
        }
        Function::Abs | Function::Sign => {
            let part = number(parts.pop().expect("one argument"), place)?;
            let of = if function == Function::Sign { Type::Exact { places: 0 } } else { part.of };
            Ok((Step::Call(function, vec![part.step]), of))
        }
        Function::Round => {
            let places =
                if parts.len() == 2 { whole_literal(&parts.pop().expect("two arguments"))? } else { 0 };
            let part = number(parts.pop().expect("one argument"), place)?;
            Ok((Step::Round(Box::new(part.step), places), Type::Exact { places }))
        }
        Function::Floor | Function::Ceil => {
            let part = number(parts.pop().expect("one argument"), place)?;
            Ok((Step::Call(function, vec![part.step]), Type::Exact { places: 0 }))
        }
        Function::Exp | Function::Ln | Function::Log10 | Function::Sqrt | Function::Sin | Function::Cos => {
            let part = number(parts.pop().expect("one argument"), place)?;
            let step = cast_number(part.step, part.of, Type::Float);
            Ok((Step::Call(function, vec![step]), Type::Float))
        }
        Function::Days | Function::Hours | Function::Minutes | Function::Seconds => {
            let part = number(parts.pop().expect("one argument"), place)?;
            let step = cast_number(part.step, part.of, Type::Float);
            Ok((Step::Call(function, vec![step]), Type::Duration))
        }
        Function::Number => {
            let part = parts.pop().expect("one argument");
            let of = match part.of {
                Type::Boolean => Type::Exact { places: 0 },
                Type::Text => Type::Float,
                _ => {
                    let part = number(part, place)?;
                    return Ok((part.step, part.of));
                }
            };
            Ok((Step::Call(function, vec![part.step]), of))
        }
        Function::Text => {
            let part = parts.pop().expect("one argument");
            match part.of {
                Type::Text => Ok((part.step, Type::Text)),
                Type::Missing => Ok((Step::Missing(Type::Text), Type::Text)),
                Type::Date { offset } => Ok((Step::Clock(function, Box::new(part.step), offset), Type::Text)),
                Type::Duration => {
                    let hint = to_number(Type::Duration);
                    let wanted = "a number, a date or a truth value";
                    let found = Type::Duration;
                    fail(part.position, ExpressionProblem::Type { place, wanted, found, hint })
                }
                _ => Ok((Step::Call(function, vec![part.step]), Type::Text)),
            }
        }
        Function::Concat | Function::StartsWith | Function::EndsWith | Function::Contains => {
            let steps = parts.into_iter().map(|part| text(part, place)).collect::<Found<_>>()?;
            let of = if function == Function::Concat { Type::Text } else { Type::Boolean };
            Ok((Step::Call(function, steps), of))
        }
        Function::Lower | Function::Upper | Function::Trim => {
            let step = text(parts.pop().expect("one argument"), place)?;
            Ok((Step::Call(function, vec![step]), Type::Text))
        }
        Function::Length => {
            let step = text(parts.pop().expect("one argument"), place)?;
            Ok((Step::Call(function, vec![step]), Type::Exact { places: 0 }))
        }
        Function::AddMonths => {
            let months = number(parts.pop().expect("two arguments"), "the second argument of add_months")?;
            if months.of != (Type::Exact { places: 0 }) {
                let problem = ExpressionProblem::Type {
                    place: "the second argument of add_months",
                    wanted: "a whole number",
                    found: months.of,
                    hint: "write round(number)",
                };
                return fail(months.position, problem);
            }
            let (step, offset) = date(parts.pop().expect("two arguments"), place)?;
            // The wall clock decides in which month a date lies.
            let shifted = Step::Clock(function, Box::new(step), offset);
            let of = Type::Date { offset };
            Ok((
                Step::Call(
                    function,
                    vec![shifted, months.step, Step::Constant(Literal::Date(i64::from(offset) * MINUTE))],
                ),
                of,
            ))
        }
        Function::StartOfDay => {
            let (step, offset) = date(parts.pop().expect("one argument"), place)?;
            Ok((Step::Clock(function, Box::new(step), offset), Type::Date { offset }))
        }
        Function::Year
        | Function::Month
        | Function::Day
        | Function::Weekday
        | Function::Hour
        | Function::Minute
        | Function::Second
        | Function::DayOfYear => {
            let (step, offset) = date(parts.pop().expect("one argument"), place)?;
            Ok((Step::Clock(function, Box::new(step), offset), Type::Exact { places: 0 }))
        }
    }
}

fn whole_literal(part: &Part) -> Found<u8> {
    match &part.step {
        Step::Constant(Literal::Exact { units, places: 0 }) if (0..=MOST_PLACES as i128).contains(units) => {
            Ok(*units as u8)
        }
        _ => fail(
            part.position,
            ExpressionProblem::Literal {
                place: "the number of digits of round()",
                wanted: "a whole number from 0 to 12",
            },
        ),
    }
}
