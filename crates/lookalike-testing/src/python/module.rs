//! A file of classes.

use super::class::Class;

/// What stands at the head of a file.
pub(super) struct Module {
    pub(super) doc: &'static str,
    /// Imports of our own package, in order.
    pub(super) imports: &'static [&'static str],
    /// Names that the file passes on.
    pub(super) passed: &'static [&'static str],
    pub(super) classes: Vec<Class>,
}

impl Module {
    pub(super) fn text(mut self) -> String {
        let words = self.name_words();
        let body: Vec<String> = self.classes.iter().map(|class| class.lines().join("\n")).collect();
        let body = body.join("\n\n\n");
        let mut head = format!(
            "\"\"\"{}\"\"\"\n\n# Made from the options of the library: UPDATE_DOCS=1 cargo test --test python_sources\n",
            self.doc
        );
        let hints: Vec<&str> = self
            .classes
            .iter()
            .flat_map(|class| &class.parameters)
            .flat_map(|parameter| parameter.annotation.split(|letter: char| !letter.is_alphanumeric()))
            .collect();
        let used = |name: &str| hints.contains(&name) || words.contains(&format!("{name}["));
        let abc: Vec<&str> =
            ["Callable", "Mapping", "Sequence"].into_iter().filter(|name| used(name)).collect();
        let typing: Vec<&str> = ["Any", "Literal"].into_iter().filter(|name| used(name)).collect();
        head.push('\n');
        if !abc.is_empty() {
            head.push_str(&format!("from collections.abc import {}\n", abc.join(", ")));
        }
        if !typing.is_empty() {
            head.push_str(&format!("from typing import {}\n", typing.join(", ")));
        }
        if !abc.is_empty() || !typing.is_empty() {
            head.push('\n');
        }
        for import in self.imports {
            head.push_str(import);
            head.push('\n');
        }
        let mut all: Vec<&str> =
            self.classes.iter().map(|class| class.name.as_str()).chain(self.passed.iter().copied()).collect();
        all.sort_unstable();
        head.push_str("\n__all__ = [\n");
        for name in all {
            head.push_str(&format!("    \"{name}\",\n"));
        }
        head.push_str("]\n");
        if !words.is_empty() {
            head.push_str(&format!("\n{words}"));
        }
        format!("{head}\n\n{body}\n")
    }

    /// Gives each list of words a name, so that signatures stay short; the names, in order of use.
    fn name_words(&mut self) -> String {
        let mut named: Vec<(String, String)> = Vec::new();
        for class in &mut self.classes {
            for parameter in &mut class.parameters {
                let Some(start) = parameter.annotation.find("Literal[") else { continue };
                let Some(length) = parameter.annotation[start..].find(']') else { continue };
                let words = parameter.annotation[start..=start + length].to_owned();
                if !words.contains(',') {
                    continue;
                }
                let known = named.iter().find(|(_, other)| *other == words).map(|(name, _)| name.clone());
                let name = known.unwrap_or_else(|| {
                    let short = format!("_{}", camel(&parameter.name));
                    let taken = named.iter().any(|(name, _)| *name == short);
                    let name =
                        if taken { format!("_{}{}", class.name, camel(&parameter.name)) } else { short };
                    named.push((name.clone(), words.clone()));
                    name
                });
                parameter.annotation = parameter.annotation.replace(&words, &name);
            }
        }
        let lines: Vec<String> = named.iter().map(|(name, words)| aliased(name, words)).collect();
        lines.concat()
    }
}

fn camel(name: &str) -> String {
    let capital = |part: &str| part[..1].to_uppercase() + &part[1..];
    name.split('_').map(capital).collect()
}

fn aliased(name: &str, words: &str) -> String {
    let line = format!("{name} = {words}\n");
    if line.len() <= 101 {
        return line;
    }
    let inner = words.trim_start_matches("Literal[").trim_end_matches(']');
    if inner.len() + 4 <= 100 {
        return format!("{name} = Literal[\n    {inner}\n]\n");
    }
    let items: Vec<String> = inner.split(", ").map(|word| format!("    {word},\n")).collect();
    format!("{name} = Literal[\n{}]\n", items.concat())
}
