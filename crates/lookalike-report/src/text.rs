//! Names and numbers as a reader sees them.

use maud::{Markup, html};

/// The most characters of a name where names repeat.
const SHORT: usize = 40;

/// The most characters of a name in a chart.
const SHORTEST: usize = 18;

/// Whether a character steers how the text around it is shown, as a name must not.
pub fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text without signs that would steer how text around it is read.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

fn cut(text: &str, most: usize) -> String {
    let text = printable(text);
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
        None => text,
    }
}

/// A name where names repeat.
pub(crate) fn short(name: &str) -> String {
    cut(name, SHORT)
}

/// A name in a chart.
pub(crate) fn shortest(name: &str) -> String {
    cut(name, SHORTEST)
}

/// A name among other words: its direction of writing stays its own, and an empty one can be seen.
pub(crate) fn name(name: &str) -> Markup {
    html! { @if name.is_empty() { i { "(no name)" } } @else { bdi { (short(name)) } } }
}

/// Several names as one.
pub(crate) fn names(all: &[String]) -> Markup {
    html! { @for (place, one) in all.iter().enumerate() { @if place > 0 { " × " } (name(one)) } }
}

/// A sentence with a capital at its beginning and a full stop at its end.
pub(crate) fn sentence(text: &str) -> String {
    let text = printable(text.trim());
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?', ':']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// A whole number from 0 with a comma between groups of three digits.
///
/// ```
/// assert_eq!(lookalike_report::count(1_234_567), "1,234,567");
/// ```
pub fn count(number: impl std::fmt::Display) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A figure with as many decimals as mean something.
pub(crate) fn figure(value: f64) -> String {
    let size = value.abs();
    let text = match size {
        _ if size >= 1e7 => return format!("{value:.3e}"),
        _ if size >= 1000.0 => format!("{value:.0}"),
        _ if size >= 10.0 => format!("{value:.2}"),
        _ if size >= 5e-4 || size == 0.0 => format!("{value:.4}"),
        _ => return format!("{value:.1e}"),
    };
    // "-0.0000" is no figure.
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') { "0".to_owned() } else { text }
}

/// A difference of figures: nothing where it would not show.
pub(crate) fn shortfall(value: f64) -> String {
    let text = format!("{value:.4}");
    if text == "-0.0000" { "0.0000".to_owned() } else { text }
}

/// A share as a percentage that never says none or all when that is not so.
pub(crate) fn percent(share: f64) -> String {
    let text = format!("{:.1} %", share * 100.0);
    match text.as_str() {
        "0.0 %" if share > 0.0 => "<0.1 %".to_owned(),
        "100.0 %" if share < 1.0 => ">99.9 %".to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_neither_be_long_nor_turn_the_text_around() {
        assert_eq!(short(&"ü".repeat(500)).chars().count(), SHORT);
        assert_eq!(short("a\u{202e}b\nc"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(name("<b>").into_string(), "<bdi>&lt;b&gt;</bdi>");
        assert_eq!(name("").into_string(), "<i>(no name)</i>");
    }

    #[test]
    fn figures_are_short_and_honest() {
        assert_eq!([figure(0.98765), figure(12.3456), figure(48842.2)], ["0.9877", "12.35", "48842"]);
        assert_eq!([figure(0.0), figure(1e-9), figure(1e12)], ["0", "1.0e-9", "1.000e12"]);
        assert_eq!([percent(0.00001), percent(0.99999), percent(0.5)], ["<0.1 %", ">99.9 %", "50.0 %"]);
        assert_eq!(sentence("there is no holdout"), "There is no holdout.");
    }
}
