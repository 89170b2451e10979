//! Several synthetic tables side by side.

use std::fmt::Write as _;
use std::io::{self, Write};

use lookalike::compare::{Comparison, Placed};
use lookalike::evaluate::Family;

use crate::text::{GridColumn, ellipsis, grid, printable, wrap};

/// Shows scores as rows and files as columns, and then the order of the files.
pub(super) fn show(
    comparison: &Comparison,
    labels: &[String],
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\nSide by side:")?;
    for (number, label) in labels.iter().enumerate() {
        writeln!(out, "  {}  {}", letter(number), printable(label))?;
    }
    writeln!(out)?;
    let letters: Vec<String> = (0..labels.len()).map(letter).collect();
    let columns: Vec<GridColumn<'_>> = [
        GridColumn { title: "score", right: false, widest: 24 },
        GridColumn { title: "floor", right: true, widest: 9 },
    ]
    .into_iter()
    .chain(letters.iter().map(|letter| GridColumn { title: letter, right: true, widest: 10 }))
    .collect();
    let rows: Vec<Vec<String>> = comparison
        .scores
        .iter()
        .map(|score| {
            let number =
                |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
            let values = score.values.iter().enumerate().map(|(table, &value)| {
                let mark = if score.best == Some(table) { "*" } else { "" };
                format!("{}{mark}", number(value))
            });
            [score.name.clone(), number(score.floor)].into_iter().chain(values).collect()
        })
        .collect();
    write!(out, "{}", grid(&columns, &rows, width, ellipsis()))?;
    writeln!(out)?;
    for family in &comparison.families {
        line(out, family_name(family.family), &family.order, width)?;
    }
    line(out, "overall", &comparison.order, width)?;
    let legend = "*: better than every other by more than the confidence intervals (never said where there are none). \
                  Order: by the mean rank of the distances to the floor, in brackets; ~ where a sign test over the scores \
                  does not tell a table from the one before it.";
    writeln!(out)?;
    write!(out, "{}", wrap(legend, "", width))
}

fn line(out: &mut dyn Write, name: &str, order: &[Placed], width: usize) -> io::Result<()> {
    let mut text = format!("{name}:");
    for (place, placed) in order.iter().enumerate() {
        let sign = match (place, placed.not_told_from_previous) {
            (0, _) => "",
            (_, true) => " ~",
            (_, false) => " <",
        };
        let _ = write!(text, "{sign} {} ({:.1})", letter(placed.table), placed.mean_rank);
    }
    write!(out, "{}", wrap(&text, "  ", width))
}

fn family_name(family: Family) -> &'static str {
    match family {
        Family::Validity => "validity",
        Family::Fidelity => "fidelity",
        Family::Utility => "utility",
        Family::Privacy => "privacy",
        _ => "other",
    }
}

/// A, B, …, Z, 27, 28, …: file names are too long for columns.
fn letter(number: usize) -> String {
    match u8::try_from(number) {
        Ok(number) if number < 26 => char::from(b'A' + number).to_string(),
        _ => (number + 1).to_string(),
    }
}
