//! Words, lines and paragraphs.

/// `max-rows` as `max_rows`.
pub(super) fn snake(name: &str) -> String {
    name.replace('-', "_")
}

/// A text in lines of at most `width` letters, each behind `indent` spaces.
pub(super) fn wrapped(text: &str, indent: usize, first: &str) -> Vec<String> {
    const WIDTH: usize = 100;
    let pad = " ".repeat(indent);
    let mut lines = Vec::new();
    let mut line = format!("{pad}{first}");
    let mut begun = false;
    for word in text.split_whitespace() {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, format!("{pad}{}", " ".repeat(first.chars().count()))));
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    lines.push(line);
    lines
}

/// Text without marks for code; options get the names that Python has for them.
pub(super) fn plain(text: &str, rename: &dyn Fn(&str) -> Option<String>) -> String {
    let parts = text.split('`').enumerate();
    let part = |(number, part): (usize, &str)| match number % 2 {
        1 => rename(part).unwrap_or_else(|| part.to_owned()),
        _ => part.replace('*', ""),
    };
    parts.map(part).collect()
}
