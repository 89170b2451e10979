//! Pictures made of characters.

use std::fmt::Write as _;

/// Whole parts of a bar, and its last part in eighths.
const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/// Heights of a curve.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// How many rows each class has.
pub(crate) fn histogram(classes: &[(&str, usize)]) -> String {
    let most = classes.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    let all: usize = classes.iter().map(|(_, count)| count).sum();
    let mut text = String::new();
    for (name, count) in classes {
        let eighths = count * 40 * 8 / most;
        let bar: String = "█".repeat(eighths / 8) + &EIGHTHS[eighths % 8].to_string();
        let share = 100.0 * *count as f64 / all.max(1) as f64;
        let _ = writeln!(text, "  {name:>6}  {bar:<41} {count:>6} rows, {share:.1} %");
    }
    text
}

/// A value per epoch, from the first to the last, between the least and the greatest.
pub(crate) fn curve(values: &[f64]) -> String {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let height = |value: f64| ((value - low) / (high - low).max(f64::MIN_POSITIVE) * 7.0).round() as usize;
    values.iter().map(|&value| HEIGHTS[height(value).min(7)]).collect()
}

/// A confusion matrix: true classes in rows, predicted ones in columns.
pub(crate) fn confusion(names: [&str; 2], counts: [[u64; 2]; 2]) -> String {
    let [negative, positive] = names;
    let mut text = format!("                  predicted {negative:<8} predicted {positive}\n");
    for (name, [to_negative, to_positive]) in names.iter().zip(counts) {
        let _ = writeln!(text, "  truly {name:<8}  {to_negative:>14}  {to_positive:>14}");
    }
    text
}
