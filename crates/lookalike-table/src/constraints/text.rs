//! Constraints as text.

use std::fmt;

use super::error::ConstraintError;
use super::{Constraint, Is, Term, Test};

#[derive(Debug, Clone, PartialEq)]
enum Word {
    /// A name without quotes.
    Bare(String),
    /// A name in double quotes or backticks.
    Name(String),
    /// A text in single quotes.
    Text(String),
    Number(String),
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: [&str; 17] =
    ["<=", ">=", "!=", "==", "<", ">", "=", "(", ")", ",", ";", "+", "-", "*", "/", "%", "^"];

/// A word and the bytes of the text that it stands for.
type Placed = (Word, std::ops::Range<usize>);

fn words(text: &str) -> Result<Vec<Placed>, String> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let word = if let '\'' | '"' | '`' = c {
            let (inner, end) = quoted(text, at)?;
            at = end;
            if c == '\'' { Word::Text(inner) } else { Word::Name(inner) }
        } else if c.is_ascii_digit()
            || (c == '.' && text[at + 1..].starts_with(|next: char| next.is_ascii_digit()))
        {
            at += text[at..]
                .find(|next: char| !(next.is_ascii_alphanumeric() || next == '.'))
                .unwrap_or(text.len() - at);
            Word::Number(text[start..at].to_owned())
        } else if c.is_alphabetic() || c == '_' {
            at += text[at..]
                .find(|next: char| !(next.is_alphanumeric() || next == '_'))
                .unwrap_or(text.len() - at);
            Word::Bare(text[start..at].to_owned())
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| text[at..].starts_with(sign)) {
            at += sign.len();
            Word::Sign(sign)
        } else {
            return Err(format!("the sign {c:?} means nothing here; put names with signs in double quotes"));
        };
        words.push((word, start..at));
    }
    Ok(words)
}

/// What stands in quotes from `start` on, a doubled quote being one of its own, and where it ends.
fn quoted(text: &str, start: usize) -> Result<(String, usize), String> {
    let quote = text[start..].chars().next().unwrap_or('"');
    let mut inner = String::new();
    let mut characters = text[start + 1..].char_indices().peekable();
    while let Some((offset, c)) = characters.next() {
        if c == quote {
            if characters.peek().is_none_or(|(_, next)| *next != quote) {
                return Ok((inner, start + 1 + offset + 1));
            }
            characters.next();
        }
        inner.push(c);
    }
    Err(format!("a quote is never closed; close it with {quote:?}"))
}

struct Reader<'a> {
    text: &'a str,
    words: Vec<Placed>,
    at: usize,
}

type Parsed<T> = Result<T, String>;

impl Reader<'_> {
    fn peek(&self) -> Option<&Word> {
        self.words.get(self.at).map(|(word, _)| word)
    }

    fn next(&mut self) -> Option<Word> {
        let word = self.peek().cloned();
        self.at += 1;
        word
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.peek().is_some_and(|word| matches!(word, Word::Sign(other) if *other == sign));
        self.at += usize::from(found);
        found
    }

    /// Words such as `if` and `then`, in any case.
    fn take_bare(&mut self, wanted: &str) -> bool {
        let found = self
            .peek()
            .is_some_and(|word| matches!(word, Word::Bare(other) if other.eq_ignore_ascii_case(wanted)));
        self.at += usize::from(found);
        found
    }

    fn end(&self) -> Parsed<()> {
        match self.words.get(self.at) {
            None => Ok(()),
            Some((_, place)) => {
                Err(format!("something is left over from character {} on", self.position(place.start)))
            }
        }
    }

    fn position(&self, byte: usize) -> usize {
        self.text[..byte].chars().count() + 1
    }

    fn name(&mut self) -> Parsed<String> {
        match self.next() {
            Some(Word::Bare(name) | Word::Name(name)) => Ok(name),
            Some(Word::Text(_)) => {
                Err("a text in single quotes stands where the name of a column was expected; put names in \
                     double quotes"
                    .to_owned())
            }
            _ => Err("the name of a column was expected".to_owned()),
        }
    }

    /// A number with its sign, a text, or `true` and `false`.
    fn constant(&mut self) -> Parsed<String> {
        let negative = self.take_sign("-");
        match self.next() {
            Some(Word::Number(number)) => {
                // A date without quotes is three numbers with signs between.
                if self.peek() == Some(&Word::Sign("-")) {
                    return Err("put dates in single quotes, such as '2020-01-31'".to_owned());
                }
                Ok(if negative { format!("-{number}") } else { number })
            }
            Some(Word::Text(text)) if !negative => Ok(text),
            Some(Word::Bare(word)) if !negative && ["true", "false"].contains(&word.as_str()) => Ok(word),
            _ => Err("a number, or a text in single quotes, was expected".to_owned()),
        }
    }

    fn term(&mut self) -> Parsed<Term> {
        match self.peek() {
            Some(Word::Bare(_) | Word::Name(_)) => Ok(Term::Column(self.name()?)),
            _ => Ok(Term::Constant(self.constant()?)),
        }
    }

    fn comparison(&mut self) -> Option<&'static str> {
        let Some(Word::Sign(sign @ ("<=" | ">=" | "<" | ">" | "=" | "==" | "!="))) = self.peek() else {
            return None;
        };
        let sign = *sign;
        self.at += 1;
        Some(sign)
    }

    fn names(&mut self) -> Parsed<Vec<String>> {
        let mut names = vec![self.name()?];
        while self.take_sign(",") || self.take_sign(";") {
            names.push(self.name()?);
        }
        if !self.take_sign(")") {
            return Err("a comma or ) was expected".to_owned());
        }
        self.end()?;
        Ok(names)
    }

    fn test(&mut self) -> Parsed<Test> {
        let column = self.name()?;
        if self.take_bare("is") {
            let negated = self.take_bare("not");
            let is = if self.take_bare("missing") {
                if negated { Is::Present } else { Is::Missing }
            } else if self.take_bare("present") {
                if negated { Is::Missing } else { Is::Present }
            } else {
                return Err("after `is` comes `missing` or `present`".to_owned());
            };
            return Ok(Test { column, is });
        }
        let negated = self.take_bare("not");
        if self.take_bare("in") {
            if !self.take_sign("(") {
                return Err("after `in` comes a list in parentheses, such as ('a', 'b')".to_owned());
            }
            let mut values = vec![self.constant()?];
            while self.take_sign(",") {
                values.push(self.constant()?);
            }
            if !self.take_sign(")") {
                return Err("the list of values is never closed with )".to_owned());
            }
            return Ok(Test { column, is: if negated { Is::NotAmong(values) } else { Is::Among(values) } });
        }
        let Some(sign) = self.comparison().filter(|_| !negated) else {
            return Err(
                "after the name of a column comes a comparison such as = or <=, `in (...)`, `is missing` \
                        or `is present`"
                    .to_owned(),
            );
        };
        if let Some(Word::Bare(name)) = self.peek()
            && !["true", "false"].contains(&name.as_str())
        {
            return Err(format!(
                "a rule compares a column with a constant: put texts in single quotes, such as '{name}'"
            ));
        }
        let value = self.constant()?;
        let is = match sign {
            "=" | "==" => Is::Among(vec![value]),
            "!=" => Is::NotAmong(vec![value]),
            "<" => Is::Less(value),
            "<=" => Is::AtMost(value),
            ">" => Is::More(value),
            _ => Is::AtLeast(value),
        };
        Ok(Test { column, is })
    }

    fn rule(&mut self) -> Parsed<Constraint> {
        let mut tests = vec![self.test()?];
        while self.take_bare("and") {
            tests.push(self.test()?);
        }
        if !self.take_bare("then") {
            return Err("`and` or `then` was expected after a test".to_owned());
        }
        let then = self.test()?;
        self.end()?;
        Ok(Constraint::When { tests, then })
    }

    /// `name(columns)`, unless the word is no kind of constraint.
    fn call(&mut self) -> Parsed<Option<Constraint>> {
        let (Some(Word::Bare(word)), Some((Word::Sign("("), _))) = (self.peek().cloned(), self.words.get(1))
        else {
            return Ok(None);
        };
        let known = [
            "combinations",
            "one_hot",
            "unique",
            "all_or_none",
            "increments",
            "rising",
            "falling",
            "strictly_rising",
            "strictly_falling",
        ];
        if !known.contains(&word.as_str()) {
            return Err(format!("there is no constraint {word:?}; there are {}", known.join(", ")));
        }
        self.at = 2;
        if word == "increments" {
            let column = self.name()?;
            if !self.take_sign(",") {
                return Err(
                    "after the column comes a comma and a number, such as increments(price, 500)".to_owned()
                );
            }
            let step = self.constant()?;
            if !self.take_sign(")") {
                return Err("the parenthesis is never closed".to_owned());
            }
            self.end()?;
            return Ok(Some(Constraint::Increments { column, step }));
        }
        let columns = self.names()?;
        Ok(Some(match word.as_str() {
            "combinations" => Constraint::Combinations { columns },
            "one_hot" => Constraint::OneHot { columns },
            "unique" => Constraint::Unique { columns },
            "all_or_none" => Constraint::AllOrNone { columns },
            other => Constraint::Monotone {
                column: columns[0].clone(),
                within: columns[1..].to_vec(),
                falling: other.ends_with("falling"),
                strict: other.starts_with("strictly"),
            },
        }))
    }

    /// `column = expression`, with `within 0.01` after it or not.
    fn equation(&mut self) -> Parsed<Constraint> {
        let column = self.name()?;
        self.comparison();
        let start = self.words.get(self.at).map_or(self.text.len(), |(_, place)| place.start);
        let within = (self.at..self.words.len().saturating_sub(1)).rev().find(|&index| {
            matches!(&self.words[index].0, Word::Bare(word) if word.eq_ignore_ascii_case("within"))
                && index + 2 == self.words.len()
        });
        let (end, tolerance) = match within {
            None => (self.text.len(), None),
            Some(index) => {
                let Word::Number(number) = &self.words[index + 1].0 else {
                    return Err("after `within` comes a number".to_owned());
                };
                let tolerance: f64 =
                    number.parse().map_err(|_| "after `within` comes a number".to_owned())?;
                (self.words[index].1.start, Some(tolerance))
            }
        };
        let expression = self.text[start..end].trim().to_owned();
        if expression.is_empty() {
            return Err("an expression was expected after `=`".to_owned());
        }
        Ok(Constraint::Equation { column, expression, tolerance })
    }

    fn order(&mut self) -> Parsed<Constraint> {
        let mut terms = vec![self.term()?];
        let mut signs = Vec::new();
        while let Some(sign) = self.comparison() {
            signs.push(sign);
            terms.push(self.term()?);
        }
        if signs.is_empty() {
            return Err(
                "a comparison such as <= was expected; write for example admitted <= discharged".to_owned()
            );
        }
        self.end()?;
        let rising = signs.iter().all(|sign| sign.starts_with('<'));
        let falling = signs.iter().all(|sign| sign.starts_with('>'));
        if !rising && !falling {
            return Err("a chain has either < and <= or > and >= in it".to_owned());
        }
        let mut strict: Vec<bool> = signs.iter().map(|sign| sign.len() == 1).collect();
        if falling {
            terms.reverse();
            strict.reverse();
        }
        Ok(Constraint::Order { terms, strict })
    }
}

impl Constraint {
    /// Understands a constraint's text. Names of columns stand bare, or in double quotes where they hold blanks or signs;
    /// texts and dates stand in single quotes.
    ///
    /// ```
    /// use lookalike_table::constraints::Constraint;
    /// for text in [
    ///     "admitted <= discharged",
    ///     "0 < low <= mid < \"high value\"",
    ///     "born >= '1900-01-01'",
    ///     "combinations(city, state)",
    ///     "one_hot(red, green, blue)",
    ///     "unique(patient, visit)",
    ///     "all_or_none(street, town)",
    ///     "increments(price, 500)",
    ///     "strictly_rising(time, sensor)",
    ///     "total = price * quantity within 0.01",
    ///     "if type = 'cash' and amount < 10 then card is missing",
    /// ] {
    ///     let constraint = Constraint::parse(text)?;
    ///     assert_eq!(Constraint::parse(&constraint.to_string())?, constraint);
    /// }
    /// # Ok::<(), lookalike_table::constraints::ConstraintError>(())
    /// ```
    ///
    /// # Errors
    /// [`ConstraintError::Syntax`] with what is wrong and the cure.
    pub fn parse(text: &str) -> Result<Constraint, ConstraintError> {
        let syntax = |problem: String| ConstraintError::Syntax { text: text.trim().to_owned(), problem };
        let text = text.trim();
        // The words of an expression are not ours to judge.
        let words = words(text).map_err(syntax)?;
        if words.is_empty() {
            return Err(syntax("it is empty".to_owned()));
        }
        let mut reader = Reader { text, words, at: 0 };
        let is_equation = matches!(
            (&reader.words[0].0, reader.words.get(1).map(|(word, _)| word)),
            (Word::Bare(_) | Word::Name(_), Some(Word::Sign("=" | "==")))
        );
        if is_equation {
            return reader.equation().map_err(syntax);
        }
        if reader.words.len() > 1 && reader.take_bare("if") {
            return reader.rule().map_err(syntax);
        }
        if let Some(called) = reader.call().map_err(syntax)? {
            return Ok(called);
        }
        reader.order().map_err(syntax)
    }
}

fn name(name: &str) -> String {
    const KEYWORDS: [&str; 14] = [
        "if", "then", "and", "or", "not", "in", "is", "missing", "present", "within", "true", "false", "xor",
        "null",
    ];
    let starts = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if starts && plain && !KEYWORDS.contains(&name.to_lowercase().as_str()) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

fn constant(text: &str) -> String {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().filter(|b| *b == b'.').count() < 2;
    if plain || ["true", "false"].contains(&text) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Column(column) => f.write_str(&name(column)),
            Term::Constant(text) => f.write_str(&constant(text)),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = name(&self.column);
        let list =
            |values: &[String]| values.iter().map(|value| constant(value)).collect::<Vec<_>>().join(", ");
        match &self.is {
            Is::Missing => write!(f, "{column} is missing"),
            Is::Present => write!(f, "{column} is present"),
            Is::Among(values) if values.len() == 1 => write!(f, "{column} = {}", constant(&values[0])),
            Is::NotAmong(values) if values.len() == 1 => write!(f, "{column} != {}", constant(&values[0])),
            Is::Among(values) => write!(f, "{column} in ({})", list(values)),
            Is::NotAmong(values) => write!(f, "{column} not in ({})", list(values)),
            Is::Less(value) => write!(f, "{column} < {}", constant(value)),
            Is::AtMost(value) => write!(f, "{column} <= {}", constant(value)),
            Is::More(value) => write!(f, "{column} > {}", constant(value)),
            Is::AtLeast(value) => write!(f, "{column} >= {}", constant(value)),
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list =
            |columns: &[String]| columns.iter().map(|column| name(column)).collect::<Vec<_>>().join(", ");
        match self {
            Constraint::Order { terms, strict } => {
                for (index, term) in terms.iter().enumerate() {
                    if index > 0 {
                        let strict = strict.get(index - 1).copied().unwrap_or(false);
                        f.write_str(if strict { " < " } else { " <= " })?;
                    }
                    write!(f, "{term}")?;
                }
                Ok(())
            }
            Constraint::Combinations { columns } => write!(f, "combinations({})", list(columns)),
            Constraint::OneHot { columns } => write!(f, "one_hot({})", list(columns)),
            Constraint::Unique { columns } => write!(f, "unique({})", list(columns)),
            Constraint::AllOrNone { columns } => write!(f, "all_or_none({})", list(columns)),
            Constraint::Equation { column, expression, tolerance } => {
                write!(f, "{} = {expression}", name(column))?;
                tolerance.map_or(Ok(()), |tolerance| write!(f, " within {tolerance}"))
            }
            Constraint::Increments { column, step } => {
                write!(f, "increments({}, {})", name(column), constant(step))
            }
            Constraint::Monotone { column, within, falling, strict } => {
                let word = if *falling { "falling" } else { "rising" };
                let strictly = if *strict { "strictly_" } else { "" };
                let columns: Vec<String> = std::iter::once(column).chain(within).cloned().collect();
                write!(f, "{strictly}{word}({})", list(&columns))
            }
            Constraint::When { tests, then } => {
                let tests: Vec<String> = tests.iter().map(Test::to_string).collect();
                write!(f, "if {} then {then}", tests.join(" and "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_are_read_in_both_directions() {
        let same =
            |a: &str, b: &str| assert_eq!(Constraint::parse(a).unwrap(), Constraint::parse(b).unwrap());
        same("c > b >= a", "a <= b < c");
        same("\"b c\" >= -1.5", "-1.5 <= `b c`");
        same("a == b ^ 2 + 1", "a = b ^ 2 + 1");
        same("x is_odd".replace(" is_odd", " <= y").as_str(), "y >= x");
    }

    #[test]
    fn texts_round_trip_with_odd_names_and_values() {
        let odd = Constraint::When {
            tests: vec![
                Test { column: "a \"b\"".into(), is: Is::Among(vec!["it's".into(), "-3".into()]) },
                Test { column: "then".into(), is: Is::AtLeast("2020-01-01".into()) },
            ],
            then: Test { column: "ünï".into(), is: Is::NotAmong(vec![String::new(), "x".into()]) },
        };
        assert_eq!(Constraint::parse(&odd.to_string()).unwrap(), odd);
        let within = Constraint::Equation {
            column: "hours-per-week".into(),
            expression: "a + within".into(),
            tolerance: Some(0.5),
        };
        assert_eq!(Constraint::parse(&within.to_string()).unwrap(), within);
    }

    #[test]
    fn nonsense_is_refused_with_a_cure() {
        for (text, needle) in [
            ("", "empty"),
            ("a", "comparison"),
            ("a <= b > c", "chain"),
            ("a <= b c", "left over"),
            ("uniq(a)", "unique"),
            ("combinations(a", "expected"),
            ("if a = b then c is missing", "single quotes"),
            ("if a = 1 c is missing", "then"),
            ("if a = 1 then c", "is missing"),
            ("a >= 2020-01-01", "single quotes"),
            ("a ? b", "double quotes"),
            ("a <= 'x", "never closed"),
            ("total = ", "expression"),
            ("increments(a)", "500"),
        ] {
            let message = Constraint::parse(text).expect_err(text).to_string();
            assert!(message.contains(needle), "{text}: {message}");
        }
    }
}
