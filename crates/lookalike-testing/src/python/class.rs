//! A class whose `__init__` keeps what it is given.

use super::text::wrapped;

/// The most letters in a line.
const WIDTH: usize = 100;

/// A class.
#[derive(Debug, Default)]
pub(super) struct Class {
    pub(super) name: String,
    pub(super) base: &'static str,
    /// Paragraphs: one sentence for the first line, then more.
    pub(super) doc: Vec<String>,
    /// What is said of the class itself, with literals as values.
    pub(super) attributes: Vec<(&'static str, Literal)>,
    pub(super) parameters: Vec<Parameter>,
    /// How many of the parameters, the first, may be given by position.
    pub(super) positional: usize,
    pub(super) references: Vec<String>,
    /// What is run to show it, line by line.
    pub(super) example: String,
}

/// A parameter of `__init__`.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) annotation: String,
    /// Type and default in words.
    pub(super) words: String,
    /// None where it must be given.
    pub(super) default: Option<String>,
    /// Paragraphs, and items that begin with a hyphen.
    pub(super) doc: Vec<String>,
}

/// The value of an attribute.
#[derive(Debug)]
pub(super) enum Literal {
    One(String),
    Dict(Vec<(String, String)>),
    Tuple(Vec<String>),
}

impl Literal {
    /// The same under a name, in one line if there is room.
    fn assigned(&self, name: &str) -> Vec<String> {
        let (open, items, close): (_, Vec<String>, _) = match self {
            Literal::One(value) => return vec![format!("    {name} = {value}")],
            Literal::Dict(items) => {
                ("{", items.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect(), "}")
            }
            Literal::Tuple(items) => ("(", items.clone(), ")"),
        };
        let comma = if matches!(self, Literal::Tuple(items) if items.len() == 1) { "," } else { "" };
        let line = format!("    {name} = {open}{}{comma}{close}", items.join(", "));
        if line.chars().count() <= WIDTH {
            return vec![line];
        }
        let mut lines = vec![format!("    {name} = {open}")];
        lines.extend(items.iter().map(|item| format!("        {item},")));
        lines.push(format!("    {close}"));
        lines
    }
}

impl Class {
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("class {}({}):", self.name, self.base)];
        lines.extend(self.docstring());
        lines.push(String::new());
        for (name, value) in &self.attributes {
            lines.extend(value.assigned(name));
        }
        if !self.parameters.is_empty() {
            lines.push(String::new());
            lines.extend(self.init());
        }
        lines
    }

    fn docstring(&self) -> Vec<String> {
        let mut lines = wrapped(&self.doc[0], 4, "\"\"\"");
        for line in lines.iter_mut().skip(1) {
            *line = format!("    {}", line.trim_start());
        }
        for paragraph in &self.doc[1..] {
            lines.push(String::new());
            lines.extend(wrapped(paragraph, 4, ""));
        }
        let heading = |lines: &mut Vec<String>, title: &str| {
            lines.extend([String::new(), format!("    {title}"), format!("    {}", "-".repeat(title.len()))]);
        };
        if !self.parameters.is_empty() {
            heading(&mut lines, "Parameters");
        }
        for parameter in &self.parameters {
            lines.push(format!("    {} : {}", parameter.name, parameter.words));
            for (number, paragraph) in parameter.doc.iter().enumerate() {
                let item = paragraph.strip_prefix("- ");
                // A list begins behind an empty line; its items follow each other.
                if number > 0 && (number == 1 || item.is_none()) {
                    lines.push(String::new());
                }
                match item {
                    Some(item) => lines.extend(wrapped(item, 8, "- ")),
                    None => lines.extend(wrapped(paragraph, 8, "")),
                }
            }
        }
        if !self.references.is_empty() {
            heading(&mut lines, "References");
        }
        for (number, reference) in self.references.iter().enumerate() {
            lines.extend(wrapped(reference, 4, &format!(".. [{}] ", number + 1)));
        }
        if !self.example.is_empty() {
            heading(&mut lines, "Examples");
            lines.extend(self.example.trim().lines().map(|line| format!("    {line}").trim_end().to_owned()));
        }
        // A single line is closed where it ends.
        if lines.len() == 1 && lines[0].chars().count() + 3 <= WIDTH {
            lines[0].push_str("\"\"\"");
        } else {
            lines.push("    \"\"\"".to_owned());
        }
        lines
    }

    fn init(&self) -> Vec<String> {
        let mut lines = vec!["    def __init__(".to_owned(), "        self,".to_owned()];
        for (number, Parameter { name, annotation, default, .. }) in self.parameters.iter().enumerate() {
            if number == self.positional {
                lines.push("        *,".to_owned());
            }
            let default = default.as_ref().map(|default| format!(" = {default}")).unwrap_or_default();
            lines.push(format!("        {name}: {annotation}{default},"));
        }
        lines.push("    ) -> None:".to_owned());
        lines.extend(
            self.parameters.iter().map(|Parameter { name, .. }| format!("        self.{name} = {name}")),
        );
        lines
    }
}
