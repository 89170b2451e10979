//! The documentation of a type or a field, taken apart.

/// What a type says of itself.
#[derive(Debug, Default)]
pub(super) struct Doc {
    /// Its paragraphs, each in one line.
    pub(super) paragraphs: Vec<String>,
    /// The items under the heading "References".
    pub(super) references: Vec<String>,
}

impl Doc {
    pub(super) fn read(text: &str) -> Self {
        let (body, references) = text.split_once("# References").unwrap_or((text, ""));
        let paragraphs = body.split("\n\n").map(line).filter(|paragraph| !paragraph.is_empty()).collect();
        let references = format!("\n{}", references.trim());
        // Names of people and titles are no code.
        let references = references.replace('`', "");
        let references = references.split("\n- ").map(line).filter(|item| !item.is_empty()).collect();
        Doc { paragraphs, references }
    }
}

/// A field's documentation without the default that it names at its end, and that default in words.
pub(super) fn field(text: &str) -> (String, Option<String>) {
    let Some((before, rest)) = text.split_once("[default:") else { return (line(text), None) };
    let Some((default, after)) = rest.split_once(']') else { return (line(text), None) };
    (format!("{}{}", line(before), after.split_whitespace().fold(String::new(), joined)), Some(line(default)))
}

/// Words behind each other; marks stay where they are.
fn joined(mut text: String, word: &str) -> String {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(word);
    text
}

/// Text in one line, without what only rustdoc understands.
fn line(text: &str) -> String {
    text.split_whitespace().map(word).fold(String::new(), |text, word| joined(text, &word))
}

/// A word that is no link: neither to a type nor to a page.
fn word(word: &str) -> String {
    let word = word.replace("<https://", "https://").replace("[`", "`").replace("`]", "`");
    if word.contains("https://") { word.replacen('>', "", 1) } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_is_taken_apart() {
        let doc = Doc::read(
            "First\nline.\n\nSecond [`Vae`].\n\n# References\n- One. <https://a.b/c>\n- Two,\n  long.",
        );
        assert_eq!(doc.paragraphs, ["First line.", "Second `Vae`."]);
        assert_eq!(doc.references, ["One. https://a.b/c", "Two, long."]);
        let (text, default) = field("Pixels,\nodd [default: `3` to 7]. And more.");
        assert_eq!((text.as_str(), default.as_deref()), ("Pixels, odd. And more.", Some("`3` to 7")));
    }
}
