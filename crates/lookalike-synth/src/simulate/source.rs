//! The file as sections and keys that know their lines, so that every problem can be told with its place.

use std::cell::RefCell;
use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Something that is wrong with a schema file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchemaProblem {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, and the cure.
    pub message: String,
}

impl std::fmt::Display for SchemaProblem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.message)
    }
}

/// Everything that is wrong with a file, collected while it is read.
#[derive(Debug)]
pub(crate) struct Problems<'a> {
    text: &'a str,
    found: RefCell<Vec<SchemaProblem>>,
}

impl<'a> Problems<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Problems { text, found: RefCell::default() }
    }

    /// The line of a byte.
    pub(crate) fn line(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        self.text[..at].matches('\n').count() + 1
    }

    pub(crate) fn add(&self, line: usize, message: impl Into<String>) {
        self.found.borrow_mut().push(SchemaProblem { line, message: message.into() });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// All that was found, by line.
    pub(crate) fn into_sorted(self) -> Vec<SchemaProblem> {
        let mut found = self.found.into_inner();
        found.sort();
        found.dedup();
        found
    }
}

/// A value and the line that it stands in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) line: usize,
}

/// A table of the file. Keys that nobody asked for are problems when it is closed.
pub(crate) struct Section<'a> {
    table: &'a DeTable<'a>,
    pub(crate) problems: &'a Problems<'a>,
    /// The line where it begins.
    pub(crate) line: usize,
    /// What it is, in messages.
    pub(crate) what: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Section<'a> {
    pub(crate) fn new(
        table: &'a DeTable<'a>,
        problems: &'a Problems<'a>,
        line: usize,
        what: impl Into<String>,
    ) -> Self {
        Section { table, problems, line, what: what.into(), asked: RefCell::default() }
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().insert(key);
        self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value)
    }

    /// True when a key is there and a number.
    pub(crate) fn is_number(&self, key: &'static str) -> bool {
        self.get(key).is_some_and(|value| number_of(value.get_ref()).is_some())
    }

    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// Problems for keys that nobody asked for.
    pub(crate) fn close(&self) {
        let asked = self.asked.borrow();
        for (name, _) in self.table {
            let key = name.get_ref().as_ref();
            if asked.contains(key) {
                continue;
            }
            let nearest = lookalike_table::schema::nearest(key, asked.iter().copied());
            let hint = if let Some(nearest) = nearest {
                format!("; did you mean `{nearest}`?")
            } else {
                let known: Vec<String> = asked.iter().map(|key| format!("`{key}`")).collect();
                format!("; there are {}", known.join(", "))
            };
            self.problems.add(
                self.problems.line(name.span().start),
                format!("unknown key `{key}` in {}{hint}", self.what),
            );
        }
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        self.problems.add(
            self.problems.line(value.span().start),
            format!("`{key}` of {} has to be {wanted}, not {} {found}", self.what, article(found)),
        );
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<At<String>> {
        let value = self.get(key)?;
        let line = self.problems.line(value.span().start);
        match value.get_ref() {
            DeValue::String(text) => Some(At { value: text.to_string(), line }),
            // Dates need no quotes.
            DeValue::Datetime(date) => Some(At { value: date.to_string().replace('T', " "), line }),
            _ => {
                self.wrong(key, value, "a text in quotes");
                None
            }
        }
    }

    pub(crate) fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        if let DeValue::Boolean(flag) = value.get_ref() {
            return Some(*flag);
        }
        self.wrong(key, value, "true or false");
        None
    }

    pub(crate) fn number(&self, key: &'static str) -> Option<At<f64>> {
        let value = self.get(key)?;
        let number = number_of(value.get_ref());
        if number.is_none() {
            self.wrong(key, value, "a number");
        }
        number.map(|number| At { value: number, line: self.problems.line(value.span().start) })
    }

    /// A whole number within a range.
    pub(crate) fn whole(&self, key: &'static str, low: i64, high: i64) -> Option<At<i64>> {
        let value = self.get(key)?;
        let line = self.problems.line(value.span().start);
        if let DeValue::Integer(digits) = value.get_ref() {
            let number = i64::from_str_radix(digits.as_str(), digits.radix())
                .ok()
                .filter(|n| (low..=high).contains(n));
            if number.is_none() {
                let message = format!("`{key}` of {} has to be from {low} to {high}", self.what);
                self.problems.add(line, message);
            }
            number.map(|value| At { value, line })
        } else {
            self.wrong(key, value, "a whole number");
            None
        }
    }

    /// A number, or an expression in quotes.
    pub(crate) fn number_or_text(&self, key: &'static str) -> Option<At<Result<f64, String>>> {
        let value = self.get(key)?;
        let line = self.problems.line(value.span().start);
        match value.get_ref() {
            DeValue::String(text) => Some(At { value: Err(text.to_string()), line }),
            other => {
                if let Some(number) = number_of(other) {
                    Some(At { value: Ok(number), line })
                } else {
                    self.wrong(key, value, "a number, or an expression in quotes");
                    None
                }
            }
        }
    }

    fn list<T>(
        &self,
        key: &'static str,
        wanted: &str,
        of: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Option<At<Vec<T>>> {
        let value = self.get(key)?;
        let line = self.problems.line(value.span().start);
        let list: Option<Vec<T>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| of(item.get_ref())).collect(),
            _ => None,
        };
        if list.is_none() {
            self.problems.add(line, format!("`{key}` of {} has to be a list of {wanted}", self.what));
        }
        list.map(|value| At { value, line })
    }

    pub(crate) fn numbers(&self, key: &'static str) -> Option<At<Vec<f64>>> {
        self.list(key, "numbers", number_of)
    }

    pub(crate) fn texts(&self, key: &'static str) -> Option<At<Vec<String>>> {
        self.list(key, "texts in quotes", |value| match value {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Datetime(date) => Some(date.to_string()),
            _ => None,
        })
    }

    /// The texts of a list, each with its line.
    pub(crate) fn each_text(&self, key: &'static str) -> Vec<At<String>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(key, value, "a list of texts in quotes");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => {
                    texts.push(At { value: text.to_string(), line: self.problems.line(item.span().start) });
                }
                _ => self.wrong(key, item, "a list of texts in quotes"),
            }
        }
        texts
    }

    /// Lists of texts within a list.
    pub(crate) fn rows(&self, key: &'static str) -> Option<At<Vec<Vec<String>>>> {
        self.list(key, "lists of texts in quotes", |value| match value {
            DeValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(text.to_string()),
                    _ => None,
                })
                .collect(),
            _ => None,
        })
    }

    pub(crate) fn matrix(&self, key: &'static str) -> Option<At<Vec<Vec<f64>>>> {
        self.list(key, "lists of numbers", |value| match value {
            DeValue::Array(items) => items.iter().map(|item| number_of(item.get_ref())).collect(),
            _ => None,
        })
    }

    /// A table within this one.
    pub(crate) fn section(&self, key: &'static str, what: impl Into<String>) -> Option<Section<'a>> {
        let value = self.get(key)?;
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Section::new(table, self.problems, self.problems.line(value.span().start), what));
        }
        self.wrong(key, value, "a table");
        None
    }

    /// A list of tables within this one.
    pub(crate) fn sections(&self, key: &'static str, what: &str) -> Vec<Section<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(key, value, "a list of tables");
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => {
                    let line = self.problems.line(item.span().start);
                    sections.push(Section::new(table, self.problems, line, what));
                }
                _ => self.wrong(key, item, "a table"),
            }
        }
        sections
    }

    /// The tables within a table, with their names, in the order of the file.
    pub(crate) fn named(&self, key: &'static str, what: &str) -> Vec<(String, Section<'a>)> {
        let Some(section) = self.section(key, key) else { return Vec::new() };
        let mut found = Vec::new();
        for (name, value) in section.table {
            let name_text = name.get_ref().to_string();
            match value.get_ref() {
                DeValue::Table(table) => {
                    let line = self.problems.line(name.span().start);
                    let what = format!("{what} {name_text:?}");
                    found.push((
                        name.span().start,
                        name_text,
                        Section::new(table, self.problems, line, what),
                    ));
                }
                _ => self.wrong(&name_text, value, "a table"),
            }
        }
        found.sort_by_key(|(at, ..)| *at);
        found.into_iter().map(|(_, name, section)| (name, section)).collect()
    }
}

/// `; did you mean "name"?`, where one of the known names is near.
pub(super) fn hint<'n>(wanted: &str, known: impl Iterator<Item = &'n str>) -> String {
    let nearest = lookalike_table::schema::nearest(wanted, known);
    nearest.map(|name| format!("; did you mean {name:?}?")).unwrap_or_default()
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}

fn number_of(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
            .map(|number| number as f64)
            .or_else(|_| digits.as_str().parse())
            .ok(),
        DeValue::Float(digits) => digits.as_str().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}
