//! Text for terminals: escaped, cut and aligned.

use std::borrow::Cow;
use std::fmt::Write as _;

use console::{Alignment, measure_text_width, pad_str, truncate_str};
use lookalike::report::{count, steers};

/// The text with control characters spelled out: a column's name must not be able to steer the terminal.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::new();
    for c in text.chars() {
        if steers(c) {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

/// `1 row`, `2 rows`.
pub(crate) fn plural(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
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

/// How a column of a grid is laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GridColumn<'a> {
    pub(crate) title: &'a str,
    pub(crate) right: bool,
    /// Cut to this width if need be.
    pub(crate) widest: usize,
}

/// Rows of cells under titles, aligned. Every line fits in `width`: the last columns are cut or left out.
pub(crate) fn grid(columns: &[GridColumn<'_>], rows: &[Vec<String>], width: usize, ellipsis: &str) -> String {
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let cells = rows.iter().map(|row| measure_text_width(&row[index]));
            cells.chain([measure_text_width(column.title)]).max().unwrap_or(0).min(column.widest)
        })
        .collect();
    // What does not fit is cut from the right.
    let mut used = 0;
    for (index, width_of_column) in widths.iter_mut().enumerate() {
        let gap = if index == 0 { 0 } else { 2 };
        let left = width.saturating_sub(used + gap);
        *width_of_column = (*width_of_column).min(left);
        used += gap + *width_of_column;
    }
    let titles: Vec<String> = columns.iter().map(|column| column.title.to_owned()).collect();
    let mut text = String::new();
    for (number, row) in std::iter::once(&titles).chain(rows).enumerate() {
        let mut line = String::new();
        for (index, cell) in row.iter().enumerate() {
            // A sliver of two signs tells nothing.
            if widths[index] == 0 || (widths[index] < 3 && measure_text_width(cell) > widths[index]) {
                continue;
            }
            if index > 0 {
                line.push_str("  ");
            }
            let alignment = if columns[index].right { Alignment::Right } else { Alignment::Left };
            let cut = truncate_str(cell, widths[index], ellipsis);
            line.push_str(&pad_str(&cut, widths[index], alignment, None));
        }
        let line = line.trim_end();
        if number == 0 {
            let _ = writeln!(text, "{}", console::style(line).bold());
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// The text in lines of at most `width` signs, all but the first of them indented.
pub(crate) fn wrap(text: &str, indent: &str, width: usize) -> String {
    let mut lines = String::new();
    let words = text.trim_start();
    let mut line = " ".repeat(text.len() - words.len());
    for word in words.split(' ') {
        if !line.trim().is_empty() && measure_text_width(&line) + 1 + measure_text_width(word) > width {
            let _ = writeln!(lines, "{line}");
            indent.clone_into(&mut line);
        } else if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(lines, "{line}");
    lines
}

/// True when the terminal's language settings promise Unicode.
pub(crate) fn unicode() -> bool {
    // The first of these that is set decides, as in POSIX.
    let language = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default()
        .to_lowercase();
    cfg!(windows) || language.contains("utf-8") || language.contains("utf8")
}

/// The mark for text that was cut.
pub(crate) fn ellipsis() -> &'static str {
    if unicode() { "…" } else { "~" }
}

/// Shares of bins, each from 0 to 1, as a row of bars.
pub(crate) fn sketch(shares: &[f64], unicode: bool) -> String {
    let ramp: &[char] = if unicode {
        &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
    } else {
        &['.', ':', '-', '=', '+', '*', '#', '@']
    };
    let highest = shares.iter().copied().fold(0.0, f64::max);
    shares
        .iter()
        .map(|&share| {
            if share <= 0.0 || highest <= 0.0 {
                return ' ';
            }
            let step = (share / highest * ramp.len() as f64).ceil() as usize;
            ramp[step.clamp(1, ramp.len()) - 1]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\n\u{202e}"), "a\\u{1b}[31mb\\n\\u{202e}");
        assert_eq!(printable("größe 🦀"), "größe 🦀");
    }

    #[test]
    fn counts_and_shares_read_well() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(plural(1, "row"), "1 row");
        assert_eq!(plural(2000, "row"), "2,000 rows");
        assert_eq!(percent(0.000_1), "<0.1 %");
        assert_eq!(percent(0.999_9), ">99.9 %");
        assert_eq!(percent(0.0), "0.0 %");
    }

    #[test]
    fn grids_fit_the_terminal() {
        let columns = [
            GridColumn { title: "column", right: false, widest: 12 },
            GridColumn { title: "rows", right: true, widest: 10 },
            GridColumn { title: "why", right: false, widest: 60 },
        ];
        let rows = vec![
            vec!["a name that is long".into(), "5".into(), "because of this and that".into()],
            vec!["数据".into(), "12,000".into(), "so".into()],
        ];
        for width in [20, 30, 40, 100] {
            let text = grid(&columns, &rows, width, "~");
            for line in text.lines() {
                assert!(measure_text_width(line) <= width, "{width}: {line:?}");
            }
        }
        assert!(grid(&columns, &rows, 100, "~").contains("a name that~       5  because of this and that"));
    }

    #[test]
    fn lines_are_wrapped_between_words() {
        assert_eq!(wrap("- one two three", "  ", 9), "- one two\n  three\n");
        assert_eq!(wrap("  - one two", "    ", 8), "  - one\n    two\n");
        assert_eq!(wrap("a-word-that-is-too-long", "", 5), "a-word-that-is-too-long\n");
    }

    #[test]
    fn sketches_show_shape() {
        assert_eq!(sketch(&[0.0, 0.1, 0.8, 0.1], true), " ▁█▁");
        assert_eq!(sketch(&[0.5, 0.5], false), "@@");
        assert_eq!(sketch(&[], true), "");
    }
}
