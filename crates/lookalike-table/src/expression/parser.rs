//! From words to a tree, by recursive descent.

use super::error::{ExpressionError, ExpressionProblem, fail};
use super::lexer::{Token, tokens};
use super::syntax::{Arithmetic, Comparison, Function, Literal, Node, NodeKind};
use super::{DEEPEST, LONGEST};
use crate::schema::{DatetimeFormat, Offset, nearest};
use crate::spelling::{DAY, parse_datetime};

pub(super) fn parse(text: &str) -> Result<Node, ExpressionError> {
    if text.len() > LONGEST {
        return fail(1, ExpressionProblem::TooLong { limit: LONGEST });
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, copied: 0 };
    let node = parser.either()?;
    match parser.peek() {
        Token::End if node.depth() > DEEPEST => fail(1, ExpressionProblem::TooDeep { limit: DEEPEST }),
        Token::End => Ok(node),
        _ => parser.expected("an operator or the end"),
    }
}

/// The most nodes that chained comparisons copy.
const MOST_COPIED: usize = 10_000;

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
    /// Nodes that chained comparisons have twice.
    copied: usize,
}

type Parsed = Result<Node, ExpressionError>;

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn position(&self) -> usize {
        self.tokens[self.at].1
    }

    fn next(&mut self) -> Token {
        let token = self.tokens[self.at].0.clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(other) if *other == sign);
        if found {
            self.next();
        }
        found
    }

    fn take_keyword(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Keyword(other) if *other == word);
        if found {
            self.next();
        }
        found
    }

    fn expected<T>(&self, wanted: &'static str) -> Result<T, ExpressionError> {
        let found = self.peek().words();
        fail(self.position(), ExpressionProblem::Expected { wanted, found })
    }

    /// Goes one level deeper, as each operator of a chain does: this bounds the parser's own depth.
    fn deeper(&mut self) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return fail(self.position(), ExpressionProblem::TooDeep { limit: DEEPEST });
        }
        Ok(())
    }

    /// Operands of one rank with the operators between them, from the left.
    fn chain(
        &mut self,
        operand: fn(&mut Parser) -> Parsed,
        operator: fn(&mut Parser) -> Option<Join>,
    ) -> Parsed {
        let depth = self.depth;
        let position = self.position();
        let mut left = operand(self)?;
        while let Some(join) = operator(self) {
            self.deeper()?;
            let right = operand(self)?;
            left = Node { position, kind: join.of(left, right) };
        }
        self.depth = depth;
        Ok(left)
    }

    fn either(&mut self) -> Parsed {
        self.deeper()?;
        let node = self.chain(Parser::both, |parser| parser.take_keyword("or").then_some(Join::Or))?;
        self.depth -= 1;
        Ok(node)
    }

    fn both(&mut self) -> Parsed {
        self.chain(Parser::negation, |parser| parser.take_keyword("and").then_some(Join::And))
    }

    fn negation(&mut self) -> Parsed {
        let position = self.position();
        if !self.take_keyword("not") {
            return self.comparison();
        }
        self.deeper()?;
        let inner = self.negation()?;
        self.depth -= 1;
        Ok(Node { position, kind: NodeKind::Not(Box::new(inner)) })
    }

    /// `a < b <= c` means `a < b and b <= c`.
    fn comparison(&mut self) -> Parsed {
        let position = self.position();
        let first = self.sum()?;
        if self.take_keyword("is") {
            let negated = self.take_keyword("not");
            if !self.take_keyword("missing") {
                return self.expected("`missing` or `not missing`");
            }
            let test = Node { position, kind: NodeKind::IsMissing(Box::new(first)) };
            return Ok(negate_if(negated, test, position));
        }
        let negated = self.take_keyword("not");
        if self.take_keyword("in") {
            let list = self.list()?;
            let test = Node { position, kind: NodeKind::In(Box::new(first), list) };
            return Ok(negate_if(negated, test, position));
        }
        if negated {
            return self.expected("`in`");
        }
        let depth = self.depth;
        let mut left = first;
        let mut whole: Option<Node> = None;
        while let Some(comparison) = self.comparison_sign() {
            let right = self.sum()?;
            // What stands between two signs is compared twice: within brackets within brackets that doubles each time.
            self.copied += right.size();
            if self.copied > MOST_COPIED {
                return fail(self.position(), ExpressionProblem::TooDeep { limit: DEEPEST });
            }
            let link = NodeKind::Compare(comparison, Box::new(left), Box::new(right.clone()));
            let link = Node { position, kind: link };
            whole = Some(match whole {
                None => link,
                Some(before) => {
                    self.deeper()?;
                    Node { position, kind: NodeKind::And(Box::new(before), Box::new(link)) }
                }
            });
            left = right;
        }
        self.depth = depth;
        Ok(whole.unwrap_or(left))
    }

    fn comparison_sign(&mut self) -> Option<Comparison> {
        let Token::Sign(sign) = self.peek() else { return None };
        let comparison = match *sign {
            "=" | "==" => Comparison::Equal,
            "!=" | "<>" => Comparison::Unequal,
            "<" => Comparison::Less,
            "<=" => Comparison::LessEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterEqual,
            _ => return None,
        };
        self.next();
        Some(comparison)
    }

    /// The values after `in`.
    fn list(&mut self) -> Result<Vec<Node>, ExpressionError> {
        if !self.take_sign("(") {
            return self.expected("`(` and a list of values, such as in ('a', 'b')");
        }
        let mut values = Vec::new();
        loop {
            let negative = self.position();
            let minus = self.take_sign("-");
            let node = self.primary()?;
            let literal = matches!(node.kind, NodeKind::Literal(_));
            if !literal {
                let problem = ExpressionProblem::Literal { place: "a value after `in`", wanted: "a value" };
                return fail(node.position, problem);
            }
            values.push(if minus {
                Node { position: negative, kind: NodeKind::Negate(Box::new(node)) }
            } else {
                node
            });
            if self.take_sign(")") {
                return Ok(values);
            }
            if !self.take_sign(",") {
                return self.expected("`,` or `)`");
            }
        }
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Parser::product, |parser| {
            let arithmetic = match parser.peek() {
                Token::Sign("+") => Arithmetic::Add,
                Token::Sign("-") => Arithmetic::Subtract,
                _ => return None,
            };
            parser.next();
            Some(Join::Arithmetic(arithmetic))
        })
    }

    fn product(&mut self) -> Parsed {
        self.chain(Parser::signed, |parser| {
            let arithmetic = match parser.peek() {
                Token::Sign("*") => Arithmetic::Multiply,
                Token::Sign("/") => Arithmetic::Divide,
                Token::Sign("%") => Arithmetic::Remainder,
                _ => return None,
            };
            parser.next();
            Some(Join::Arithmetic(arithmetic))
        })
    }

    /// `-2 ^ 2` is -4, as on paper.
    fn signed(&mut self) -> Parsed {
        while self.take_sign("+") {}
        let position = self.position();
        if !self.take_sign("-") {
            return self.power();
        }
        self.deeper()?;
        let inner = self.signed()?;
        self.depth -= 1;
        Ok(Node { position, kind: NodeKind::Negate(Box::new(inner)) })
    }

    fn power(&mut self) -> Parsed {
        let position = self.position();
        let base = self.primary()?;
        if !self.take_sign("^") {
            return Ok(base);
        }
        self.deeper()?;
        let exponent = self.signed()?;
        self.depth -= 1;
        let kind = NodeKind::Arithmetic(Arithmetic::Power, Box::new(base), Box::new(exponent));
        Ok(Node { position, kind })
    }

    fn primary(&mut self) -> Parsed {
        let position = self.position();
        let kind = match self.peek().clone() {
            Token::Sign("(") => {
                self.next();
                let inner = self.either()?;
                if !self.take_sign(")") {
                    return match self.peek() {
                        Token::End => {
                            fail(position, ExpressionProblem::Unclosed { what: "a parenthesis", close: ')' })
                        }
                        _ => self.expected("`)` or an operator"),
                    };
                }
                return Ok(inner);
            }
            Token::Number(text) => {
                self.next();
                NodeKind::Literal(number(&text))
            }
            Token::Text(text) => {
                self.next();
                NodeKind::Literal(Literal::Text(text))
            }
            Token::Quoted(name) => {
                self.next();
                NodeKind::Column(name)
            }
            Token::Keyword("true") => {
                self.next();
                NodeKind::Literal(Literal::Boolean(true))
            }
            Token::Keyword("false") => {
                self.next();
                NodeKind::Literal(Literal::Boolean(false))
            }
            Token::Keyword("missing") => {
                self.next();
                NodeKind::Missing
            }
            Token::Name(name) => {
                self.next();
                if matches!(self.peek(), Token::Sign("(")) {
                    self.call(&name, position)?
                } else {
                    NodeKind::Column(name)
                }
            }
            _ => return self.expected("a value, a column or a function"),
        };
        Ok(Node { position, kind })
    }

    fn call(&mut self, name: &str, position: usize) -> Result<NodeKind, ExpressionError> {
        let lower = name.to_lowercase();
        if lower == "date" {
            return self.date();
        }
        let Some(function) = Function::from_name(&lower) else {
            let names = || Function::ALL.iter().map(|entry| entry.1).chain(["date"]);
            let known = names().collect::<Vec<_>>().join(", ");
            let nearest = nearest(&lower, names());
            return fail(
                position,
                ExpressionProblem::UnknownFunction { name: name.to_owned(), nearest, known },
            );
        };
        let open = self.position();
        self.next();
        let mut arguments = Vec::new();
        if !self.take_sign(")") {
            loop {
                arguments.push(self.either()?);
                if self.take_sign(")") {
                    break;
                }
                if !self.take_sign(",") {
                    return match self.peek() {
                        Token::End => {
                            fail(open, ExpressionProblem::Unclosed { what: "a parenthesis", close: ')' })
                        }
                        _ => self.expected("`,` or `)`"),
                    };
                }
            }
        }
        if !function.arguments().contains(&arguments.len()) {
            let wanted = match (function.arguments().start(), function.arguments().end()) {
                (1, 1) => "one argument",
                (1, _) => "one or two arguments",
                (2, 2) => "two arguments",
                (3, _) => "three arguments",
                _ => "at least two arguments",
            };
            let given = arguments.len();
            return fail(position, ExpressionProblem::Arguments { function: function.name(), wanted, given });
        }
        Ok(NodeKind::Call(function, arguments))
    }

    /// `date('2024-01-31')`, `date('2024-01-31 08:00')`.
    fn date(&mut self) -> Result<NodeKind, ExpressionError> {
        self.next();
        let position = self.position();
        let wanted = "a date such as '2024-01-31' or '2024-01-31 08:00:00'";
        let Token::Text(text) = self.next() else {
            return fail(position, ExpressionProblem::Literal { place: "what date() takes", wanted });
        };
        let Some(instant) = iso_date(&text) else {
            return fail(position, ExpressionProblem::Literal { place: "what date() takes", wanted });
        };
        if !self.take_sign(")") {
            return self.expected("`)`");
        }
        Ok(NodeKind::Literal(Literal::Date(instant)))
    }
}

/// What an operator makes of its two sides.
enum Join {
    Arithmetic(Arithmetic),
    And,
    Or,
}

impl Join {
    fn of(&self, left: Node, right: Node) -> NodeKind {
        let (left, right) = (Box::new(left), Box::new(right));
        match self {
            Join::Arithmetic(arithmetic) => NodeKind::Arithmetic(*arithmetic, left, right),
            Join::And => NodeKind::And(left, right),
            Join::Or => NodeKind::Or(left, right),
        }
    }
}

fn negate_if(negated: bool, node: Node, position: usize) -> Node {
    if negated { Node { position, kind: NodeKind::Not(Box::new(node)) } } else { node }
}

/// The wall-clock time that an ISO date names, in microseconds since 1970-01-01.
pub(super) fn iso_date(text: &str) -> Option<i64> {
    let format = DatetimeFormat { pattern: "%Y-%m-%d".to_owned(), step: DAY, offset: Offset::Unknown };
    let text = text.trim();
    parse_datetime(text, &format).or_else(|| {
        let format = DatetimeFormat { pattern: "%Y-%m-%d %H:%M:%S%.f".to_owned(), ..format };
        parse_datetime(text, &format)
    })
}

/// A number is exact unless it has an exponent or more digits than exact arithmetic has room for.
fn number(text: &str) -> Literal {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = format!("{whole}{places}");
    let plain = !text.contains(['e', 'E']) && digits.len() <= 27 && places.len() <= super::MOST_PLACES;
    match digits.parse() {
        Ok(units) if plain => Literal::Exact { units, places: places.len() as u8 },
        _ => Literal::Float(text.parse().unwrap_or(f64::MAX).min(f64::MAX)),
    }
}
