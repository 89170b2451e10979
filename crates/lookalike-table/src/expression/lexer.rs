//! From text to words.

use super::error::{ExpressionError, ExpressionProblem, fail};
use super::syntax::KEYWORDS;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name without quotes that is no keyword.
    Name(String),
    /// A name in double quotes or backticks.
    Quoted(String),
    /// A text in single quotes.
    Text(String),
    /// Digits, perhaps with a point and an exponent.
    Number(String),
    Keyword(&'static str),
    Sign(&'static str),
    End,
}

impl Token {
    pub(super) fn words(&self) -> String {
        match self {
            Token::Name(name) | Token::Quoted(name) => format!("the name {name:?}"),
            Token::Text(_) => "a text".to_owned(),
            Token::Number(_) => "a number".to_owned(),
            Token::Keyword(word) => format!("`{word}`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".to_owned(),
        }
    }
}

/// Longer signs first: the first that fits is meant.
const SIGNS: [&str; 17] =
    ["<=", ">=", "!=", "<>", "==", "<", ">", "=", "+", "-", "*", "/", "%", "^", "(", ")", ","];

/// The words of an expression with their positions (characters, counted from 1).
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, ExpressionError> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        let position = at + 1;
        if c.is_whitespace() {
            at += 1;
        } else if c == '\'' {
            let (text, end) = quoted(&characters, at, "a text")?;
            tokens.push((Token::Text(text), position));
            at = end;
        } else if c == '"' || c == '`' {
            let (name, end) = quoted(&characters, at, "a name")?;
            tokens.push((Token::Quoted(name), position));
            at = end;
        } else if c.is_ascii_digit() || (c == '.' && characters.get(at + 1).is_some_and(char::is_ascii_digit))
        {
            let end = number_end(&characters, at);
            tokens.push((Token::Number(characters[at..end].iter().collect()), position));
            at = end;
        } else if c.is_alphabetic() || c == '_' {
            let end = name_end(&characters, at);
            let name: String = characters[at..end].iter().collect();
            let lower = name.to_lowercase();
            let keyword = KEYWORDS.into_iter().find(|keyword| *keyword == lower);
            tokens.push((keyword.map_or(Token::Name(name), Token::Keyword), position));
            at = end;
        } else {
            let rest: String = characters[at..].iter().take(2).collect();
            let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) else {
                let hint = match c {
                    '&' => "write `and`",
                    '|' => "write `or`",
                    '!' => "write `not`, or `!=`",
                    '’' | '‘' | '“' | '”' => "write straight quotes",
                    '×' => "write `*`",
                    '≤' => "write `<=`",
                    '≥' => "write `>=`",
                    _ => "names with signs in them stand in double quotes",
                };
                return fail(position, ExpressionProblem::Sign { sign: c, hint });
            };
            tokens.push((Token::Sign(sign), position));
            at += sign.chars().count();
        }
    }
    tokens.push((Token::End, characters.len() + 1));
    Ok(tokens)
}

/// What stands in quotes, and where it ends. A quote within is doubled.
fn quoted(characters: &[char], start: usize, what: &'static str) -> Result<(String, usize), ExpressionError> {
    let quote = characters[start];
    let mut text = String::new();
    let mut at = start + 1;
    while let Some(&c) = characters.get(at) {
        if c == quote {
            if characters.get(at + 1) != Some(&quote) {
                return Ok((text, at + 1));
            }
            at += 1;
        }
        text.push(c);
        at += 1;
    }
    fail(start + 1, ExpressionProblem::Unclosed { what, close: quote })
}

/// Where a name without quotes ends: a point may stand before a letter, as in `customer.age`.
pub(super) fn name_end(characters: &[char], start: usize) -> usize {
    let is_letter = |at: usize| characters.get(at).is_some_and(|c| c.is_alphabetic() || *c == '_');
    (start..characters.len())
        .find(|&at| {
            let c = characters[at];
            !(c.is_alphanumeric() || c == '_' || (c == '.' && is_letter(at + 1)))
        })
        .unwrap_or(characters.len())
}

fn number_end(characters: &[char], start: usize) -> usize {
    let digits = |from: usize| {
        (from..characters.len()).find(|&at| !characters[at].is_ascii_digit()).unwrap_or(characters.len())
    };
    let mut end = digits(start);
    if characters.get(end) == Some(&'.') {
        end = digits(end + 1);
    }
    if matches!(characters.get(end), Some('e' | 'E')) {
        let sign = usize::from(matches!(characters.get(end + 1), Some('+' | '-')));
        let after = digits(end + 1 + sign);
        if after > end + 1 + sign {
            end = after;
        }
    }
    end
}
