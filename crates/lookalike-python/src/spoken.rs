//! Sentences that name options of the program, in the words of Python.

/// What the program's words are here, where more than an option's name is another. The longer stand first.
const PHRASES: [(&str, &str); 11] = [
    ("name their spelling with --missing", "make them None"),
    ("name the spelling of missing values with --missing", "make what stands for missing values None"),
    ("name it with --missing if it means missing", "make it None if it means missing"),
    ("; bring them to one with --size, such as --size 28x28", "; bring them to one with images.Resize"),
    ("with --size", "with images.Resize"),
    ("give --constraint, or --constraints", "give constraints"),
    (" (--target COLUMN)", " (target)"),
    (" (--target names one)", " (target names one)"),
    (": leave --preset out", ""),
    ("--memory", "--memory-limit"),
    ("--protect none", "protect=None"),
];

/// A sentence as Python's users are to read it: `--keep-format` becomes `keep_format=`.
pub(crate) fn spoken(sentence: &str) -> String {
    let known = PHRASES.iter().fold(sentence.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours));
    let mut text = String::with_capacity(known.len());
    let mut rest = known.as_str();
    while let Some(place) = rest.find("--") {
        let (before, after) = rest.split_at(place);
        let option = &after[2..];
        let begins = before.chars().next_back().is_none_or(|sign| !sign.is_alphanumeric() && sign != '-');
        let length =
            option.find(|sign: char| !sign.is_ascii_lowercase() && sign != '-').unwrap_or(option.len());
        let name = option[..length].trim_end_matches('-');
        text.push_str(before);
        if begins && name.starts_with(|sign: char| sign.is_ascii_lowercase()) {
            text.push_str(&name.replace('-', "_"));
            text.push('=');
            rest = given(&option[name.len()..]);
        } else {
            text.push_str("--");
            rest = option;
        }
    }
    text.push_str(rest);
    kinds(&text)
}

/// What follows an option: its value stands right behind it, and a word in capitals only says what kind of value that is.
fn given(rest: &str) -> &str {
    let Some(value) = rest.strip_prefix(' ') else { return rest };
    let capitals = value.find(|sign: char| !sign.is_ascii_uppercase()).unwrap_or(value.len());
    let word_ends =
        value[capitals..].chars().next().is_none_or(|sign| !sign.is_alphanumeric() && sign != '=');
    if capitals > 1 && word_ends {
        return &value[capitals..];
    }
    if value.starts_with(['\'', '"']) || value.starts_with("NAME=") { value } else { rest }
}

/// `column='age=categorical'` as Python has it: `columns={'age': 'categorical'}`.
fn kinds(text: &str) -> String {
    const BEFORE: &str = "column=";
    let Some((before, rest)) = text.split_once(BEFORE) else { return text.to_owned() };
    match pair(rest) {
        Some((name, kind, after)) => format!("{before}columns={{'{name}': '{kind}'}}{}", kinds(after)),
        None => format!("{before}columns={}", kinds(rest)),
    }
}

/// A column's name, the kind that it is to be, and what follows, of `'age=categorical'`, `"age"=name` or `NAME=name`.
fn pair(rest: &str) -> Option<(&str, &str, &str)> {
    if let Some(quoted) = rest.strip_prefix('\'') {
        let (pair, after) = quoted.split_once('\'')?;
        let (name, kind) = pair.rsplit_once('=')?;
        return Some((name, kind, after));
    }
    let (name, after) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once("\"=")?,
        None => ("NAME", rest.strip_prefix("NAME=")?),
    };
    let end = after.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-').unwrap_or(after.len());
    Some((name, &after[..end], &after[end..]))
}
