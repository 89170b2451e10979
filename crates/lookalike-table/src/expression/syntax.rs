//! Expressions as trees.

/// A part of an expression, and where it begins.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) position: usize,
    pub(super) kind: NodeKind,
}

impl PartialEq for Node {
    /// Where it stood does not matter to what it means.
    fn eq(&self, other: &Node) -> bool {
        self.kind == other.kind
    }
}

impl Node {
    /// What it is made of.
    pub(super) fn parts(&self) -> Vec<&Node> {
        match &self.kind {
            NodeKind::Literal(_) | NodeKind::Missing | NodeKind::Column(_) => Vec::new(),
            NodeKind::Negate(inner) | NodeKind::Not(inner) | NodeKind::IsMissing(inner) => vec![inner],
            NodeKind::Arithmetic(_, left, right)
            | NodeKind::Compare(_, left, right)
            | NodeKind::And(left, right)
            | NodeKind::Or(left, right) => vec![left, right],
            NodeKind::In(inner, list) => std::iter::once(inner.as_ref()).chain(list).collect(),
            NodeKind::Call(_, arguments) => arguments.iter().collect(),
        }
    }

    /// How many nodes it has.
    pub(super) fn size(&self) -> usize {
        1 + self.parts().into_iter().map(Node::size).sum::<usize>()
    }

    /// How many levels of operators and functions it has.
    pub(super) fn depth(&self) -> usize {
        1 + self.parts().into_iter().map(Node::depth).max().unwrap_or(0)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum NodeKind {
    Literal(Literal),
    Missing,
    Column(String),
    Negate(Box<Node>),
    Not(Box<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    IsMissing(Box<Node>),
    In(Box<Node>, Vec<Node>),
    Call(Function, Vec<Node>),
}

/// A value that is written out. Numbers carry no sign of their own.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    /// `units * 10^-places`.
    Exact {
        units: i128,
        places: u8,
    },
    Float(f64),
    Text(String),
    Boolean(bool),
    /// A wall-clock time in microseconds since 1970-01-01.
    Date(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

impl Arithmetic {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::Remainder => "%",
            Arithmetic::Power => "^",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Comparison {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::Unequal => "!=",
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterEqual => ">=",
        }
    }

    pub(super) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::Unequal => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterEqual => order.is_ge(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    If,
    Coalesce,
    Min,
    Max,
    Clamp,
    Abs,
    Sign,
    Round,
    Floor,
    Ceil,
    Exp,
    Ln,
    Log10,
    Sqrt,
    Sin,
    Cos,
    Number,
    Text,
    Concat,
    Lower,
    Upper,
    Trim,
    Length,
    StartsWith,
    EndsWith,
    Contains,
    Year,
    Month,
    Day,
    Weekday,
    Hour,
    Minute,
    Second,
    DayOfYear,
    StartOfDay,
    AddMonths,
    Days,
    Hours,
    Minutes,
    Seconds,
}

impl Function {
    /// Each function with its name and the least and the most arguments that it takes.
    pub(super) const ALL: [(Function, &'static str, usize, usize); 40] = [
        (Function::If, "if", 3, 3),
        (Function::Coalesce, "coalesce", 2, 100),
        (Function::Min, "min", 2, 100),
        (Function::Max, "max", 2, 100),
        (Function::Clamp, "clamp", 3, 3),
        (Function::Abs, "abs", 1, 1),
        (Function::Sign, "sign", 1, 1),
        (Function::Round, "round", 1, 2),
        (Function::Floor, "floor", 1, 1),
        (Function::Ceil, "ceil", 1, 1),
        (Function::Exp, "exp", 1, 1),
        (Function::Ln, "ln", 1, 1),
        (Function::Log10, "log10", 1, 1),
        (Function::Sqrt, "sqrt", 1, 1),
        (Function::Sin, "sin", 1, 1),
        (Function::Cos, "cos", 1, 1),
        (Function::Number, "number", 1, 1),
        (Function::Text, "text", 1, 1),
        (Function::Concat, "concat", 2, 100),
        (Function::Lower, "lower", 1, 1),
        (Function::Upper, "upper", 1, 1),
        (Function::Trim, "trim", 1, 1),
        (Function::Length, "length", 1, 1),
        (Function::StartsWith, "starts_with", 2, 2),
        (Function::EndsWith, "ends_with", 2, 2),
        (Function::Contains, "contains", 2, 2),
        (Function::Year, "year", 1, 1),
        (Function::Month, "month", 1, 1),
        (Function::Day, "day", 1, 1),
        (Function::Weekday, "weekday", 1, 1),
        (Function::Hour, "hour", 1, 1),
        (Function::Minute, "minute", 1, 1),
        (Function::Second, "second", 1, 1),
        (Function::DayOfYear, "day_of_year", 1, 1),
        (Function::StartOfDay, "start_of_day", 1, 1),
        (Function::AddMonths, "add_months", 2, 2),
        (Function::Days, "days", 1, 1),
        (Function::Hours, "hours", 1, 1),
        (Function::Minutes, "minutes", 1, 1),
        (Function::Seconds, "seconds", 1, 1),
    ];

    fn entry(self) -> (&'static str, usize, usize) {
        let (_, name, least, most) =
            Self::ALL.into_iter().find(|entry| entry.0 == self).expect("every function is listed");
        (name, least, most)
    }

    pub(super) fn name(self) -> &'static str {
        self.entry().0
    }

    pub(super) fn arguments(self) -> std::ops::RangeInclusive<usize> {
        let (_, least, most) = self.entry();
        least..=most
    }

    pub(super) fn from_name(name: &str) -> Option<Function> {
        Self::ALL.into_iter().find(|entry| entry.1 == name).map(|entry| entry.0)
    }
}

/// Words that are no names of columns unless they stand in double quotes.
pub(super) const KEYWORDS: [&str; 8] = ["and", "or", "not", "in", "is", "missing", "true", "false"];
