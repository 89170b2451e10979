//! A schema file from a table: what its columns look like and how they go together, as statistics that people can read,
//! change and share. Nothing of it is a row, and what too few units share is withheld, as in every model.

use std::fmt::Write as _;

use lookalike_core::{Context, Warning, math};
use lookalike_learn::gaussian::cholesky_with_floor;
use lookalike_table::constraints::Constraint;
use lookalike_table::pattern::Pattern;
use lookalike_table::schema::{BooleanFormat, DatetimeFormat, Decimals, Offset};
use lookalike_table::spelling::civil_text;
use lookalike_table::{Kind, Table};

use super::calendar::{DAY, SECOND};
use crate::copula::Copula;
use crate::error::Result;
use crate::frame::{FitOptions, Frame, Presence, Source};
use crate::keys::Keys;
use crate::latent::{Latent, Variable};
use crate::margin::{Grid, Margin, Support, Unit};

/// Of a number's distribution at most about this many points are written.
const MOST_POINTS: usize = 96;
/// Tables of at most this many correlated columns get the whole matrix.
const WHOLE_MATRIX: usize = 8;
/// Pairs whose correlation is nearer to 0 are left out of larger tables.
const LEAST_CORRELATION: f64 = 0.05;

/// The schema file that a table's statistics make, and what was withheld.
///
/// # Errors
/// When the table has no rows or columns, or fewer rows than protection needs.
pub fn emit(table: &Table, options: &FitOptions, context: &Context<'_>) -> Result<(String, Vec<Warning>)> {
    let latent = Copula::default().fit(table, options, context)?;
    let frame = &latent.frame;
    let mut out = String::new();
    out.push_str("# Written by lookalike inspect --emit-schema: statistics of a table, no rows of it.\n");
    if options.protection.is_on() {
        let k = options.protection.min_units;
        let _ = writeln!(out, "# Withheld is what fewer than {k} rows (or units) share.");
    }
    out.push_str("# Change what you like; the reference is the page \"Rows from a schema alone\" (docs/simulate.md).\n\n");
    let _ = writeln!(out, "rows = {}", frame.n_rows);
    let kept = write_constraints(table, &mut out);
    for index in 0..frame.sources.len() {
        write_column(frame, index, &kept, &mut out);
    }
    write_correlations(&latent, &kept, &mut out);
    Ok((out, frame.warnings.clone()))
}

/// The constraints that were declared of the table, as far as a schema can hold them by itself: the others as remarks.
fn write_constraints(table: &Table, out: &mut String) -> Vec<Constraint> {
    let schema = table.schema();
    let is_boolean = |name: &String| {
        schema.index_of(name).is_ok_and(|index| matches!(schema.columns[index].kind, Kind::Boolean(_)))
    };
    let holds_by_itself = |constraint: &&Constraint| match constraint {
        Constraint::Order { .. }
        | Constraint::When { .. }
        | Constraint::AllOrNone { .. }
        | Constraint::Equation { .. }
        | Constraint::Increments { .. } => true,
        Constraint::OneHot { columns } => columns.iter().all(is_boolean),
        _ => false,
    };
    let (kept, others): (Vec<&Constraint>, Vec<&Constraint>) =
        schema.constraints.iter().partition(holds_by_itself);
    if !kept.is_empty() {
        list("constraints", &kept.iter().map(|kept| quoted(&kept.to_string())).collect::<Vec<_>>(), out);
    }
    for other in others {
        let _ = writeln!(out, "# Not kept: {other}; the reference says what it needs.");
    }
    kept.into_iter().cloned().collect()
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A list, in lines that can be read.
fn list(key: &str, items: &[String], out: &mut String) {
    let length: usize = items.iter().map(|item| item.len() + 2).sum();
    if length <= 100 {
        let _ = writeln!(out, "{key} = [{}]", items.join(", "));
        return;
    }
    let _ = writeln!(out, "{key} = [");
    let mut line = String::new();
    for item in items {
        if !line.is_empty() && line.len() + item.len() > 110 {
            let _ = writeln!(out, "  {}", line.trim_end());
            line.clear();
        }
        line.push_str(item);
        line.push_str(", ");
    }
    let _ = writeln!(out, "  {}\n]", line.trim_end());
}

/// A number with at most so many decimals, and a point only where it needs one.
fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    if text == "-0" { "0".to_owned() } else { text }
}

fn shares(margin: &Margin, out: &mut String) {
    let total: u64 = margin.counts.iter().sum();
    let shares: Vec<String> =
        margin.counts.iter().map(|&count| number(count as f64 / total as f64, 6)).collect();
    // Many rounded shares need not add up to 1.
    list(if shares.len() <= 500 { "shares" } else { "weights" }, &shares, out);
}

fn write_column(frame: &Frame, index: usize, constraints: &[Constraint], out: &mut String) {
    let schema = &frame.schema.columns[index];
    let _ = writeln!(out, "\n[columns.{}]", quoted(&schema.name));
    let computed = constraints.iter().any(
        |constraint| matches!(constraint, Constraint::Equation { column, .. } if *column == schema.name),
    );
    if computed {
        out.push_str("type = \"computed\"\n");
        match &schema.kind {
            Kind::Numerical(format) => {
                if let Some(places) = if format.integer { Some(0) } else { format.decimals.places() } {
                    let _ = writeln!(out, "decimals = {places}");
                }
            }
            Kind::Datetime(format) => {
                let _ = writeln!(out, "format = {}", quoted(&format.pattern));
            }
            _ => {}
        }
        return;
    }
    let missing = match frame.presence[index] {
        Presence::Always => 0.0,
        Presence::Never => 1.0,
        Presence::Mask(mask) => frame.masks[mask].missing as f64 / frame.n_rows as f64,
    };
    match (&frame.sources[index], &schema.kind) {
        (Source::Margin(margin), kind) => write_margin(margin, kind, out),
        (Source::Keys(keys), _) => write_keys(keys, frame.n_rows, out),
        (Source::Fakes(own), _) => {
            let (sort, locale) = (own.fake.sort.sdtype(), own.fake.locale.code());
            let _ =
                writeln!(out, "type = \"stand-in\"\nsort = {}\nlocale = {}", quoted(sort), quoted(locale));
            if own.person > 0 {
                let _ = writeln!(out, "person = {}", own.person);
            }
            if own.unique {
                out.push_str("unique = true\n");
            }
        }
        (Source::Texts(_) | Source::Prose(_), _) => {
            out.push_str("# Free text is not described: these are random letters.\n");
            out.push_str("type = \"pattern\"\npattern = \"[a-z]{4,9} [a-z]{3,8} [a-z]{3,8}\"\n");
        }
        (Source::Nothing, _) => out.push_str("type = \"category\"\nvalues = [\"?\"]\n"),
    }
    // The first column that is missing in a group that is missing together decides for all.
    let follows = constraints.iter().any(|constraint| match constraint {
        Constraint::AllOrNone { columns } => columns.iter().skip(1).any(|column| *column == schema.name),
        _ => false,
    });
    if missing > 0.0 && !follows {
        let _ = writeln!(out, "missing = {}", number(missing, 5));
    }
}

fn write_keys(keys: &Keys, n_rows: u64, out: &mut String) {
    let pattern = match keys {
        Keys::Numbers { .. } => None,
        Keys::Patterns(patterns) => {
            let pattern = Pattern::any_of(patterns.iter().map(|(pattern, _)| pattern.clone()));
            Some(pattern).filter(|pattern| !patterns.is_empty() && pattern.size() >= u128::from(n_rows))
        }
    };
    match pattern {
        Some(pattern) => {
            let _ = writeln!(
                out,
                "type = \"pattern\"\npattern = {}\nunique = true",
                quoted(&pattern.to_string())
            );
        }
        None => out.push_str("type = \"sequence\"\n"),
    }
}

fn write_margin(margin: &Margin, kind: &Kind, out: &mut String) {
    match (&margin.support, kind) {
        (Support::Levels { levels, codes }, kind) => {
            out.push_str("type = \"category\"\n");
            let values: Vec<String> = codes.iter().map(|&code| quoted(levels.get(code))).collect();
            list("values", &values, out);
            shares(margin, out);
            if matches!(kind, Kind::Categorical { order } if !order.is_empty()) {
                out.push_str("ordered = true\n");
            }
        }
        (Support::Booleans(values), kind) => {
            let total: u64 = margin.counts.iter().sum();
            let yes: u64 =
                values.iter().zip(&margin.counts).filter(|(value, _)| **value).map(|(_, count)| count).sum();
            let _ = writeln!(out, "type = \"boolean\"\nshare = {}", number(yes as f64 / total as f64, 6));
            if let Kind::Boolean(format) = kind
                && *format != BooleanFormat::default()
            {
                let _ =
                    writeln!(out, "texts = [{}, {}]", quoted(&format.true_text), quoted(&format.false_text));
            }
        }
        (Support::Grid { grid, low, high }, Kind::Datetime(format)) => {
            write_dates(margin, grid, low, high, format, out);
        }
        (Support::Grid { grid, low, high }, kind) => {
            let value = |tick: i64| {
                let position = grid.position(tick);
                match grid.unit {
                    Unit::Unsigned => ((position as u64) ^ (1 << 63)) as f64,
                    Unit::Places(places) => position as f64 / 10_f64.powi(i32::from(places)),
                    Unit::Decimal(scale) => position as f64 / 10_f64.powi(i32::from(scale)),
                    Unit::Integer | Unit::Instant => position as f64,
                }
            };
            let places = match grid.unit {
                Unit::Places(places) => places,
                Unit::Decimal(scale) => scale.clamp(0, 12) as u8,
                _ => 0,
            };
            let ends = (
                low.iter().map(|&tick| value(tick)).collect(),
                high.iter().map(|&tick| value(tick)).collect(),
            );
            let step = value(1) - value(0);
            write_numbers(margin, ends, Some(step), usize::from(places) + 1, out);
            if grid.origin == 0 && step > 1.001 * 10_f64.powi(-i32::from(places)) {
                let _ = writeln!(out, "grid = {}", number(step, usize::from(places)));
            }
            let whole = matches!(kind, Kind::Numerical(format) if format.integer);
            let _ = writeln!(out, "decimals = {}", if whole { 0 } else { places });
        }
        (Support::Reals { low, high }, kind) => {
            write_numbers(margin, (low.clone(), high.clone()), None, 9, out);
            if let Kind::Numerical(format) = kind
                && let Decimals::Fixed(places) | Decimals::UpTo(places) = format.decimals
                && places <= 12
            {
                let _ = writeln!(out, "decimals = {places}");
            }
        }
    }
}

/// A margin of numbers: values with their shares where all come back exactly, quantiles otherwise. On a grid a range goes
/// half a step further on both sides, so that rounding gives its ends as often as what lies between.
fn write_numbers(
    margin: &Margin,
    ends: (Vec<f64>, Vec<f64>),
    step: Option<f64>,
    decimals: usize,
    out: &mut String,
) {
    let (low, high) = ends;
    // Numbers of the size of their column: as many digits as they need, not as many as there are.
    let text = |value: f64| if step.is_some() { number(value, decimals) } else { shortest(value) };
    if low == high {
        out.push_str("type = \"values\"\n");
        list("values", &low.iter().map(|&value| text(value)).collect::<Vec<_>>(), out);
        shares(margin, out);
        return;
    }
    let half = step.unwrap_or(0.0) / 2.0;
    let (low, high) = if step.is_none() { outwards(low, high) } else { (low, high) };
    let points: Vec<(f64, f64, bool)> = low
        .iter()
        .zip(&high)
        .map(|(&low, &high)| if low == high { (low, high, true) } else { (low - half, high + half, false) })
        .collect();
    let (at, values) = thinned(&margin.borders(), &points);
    out.push_str("type = \"quantiles\"\n");
    list("values", &values.iter().map(|&value| text(value)).collect::<Vec<_>>(), out);
    list("at", &at.iter().map(|&share| number(share, 6)).collect::<Vec<_>>(), out);
}

/// The outermost borders are values of rows: they are moved outwards, to a round number.
fn outwards(mut low: Vec<f64>, mut high: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
    let (Some(first), Some(last)) = (low.first().copied(), high.last().copied()) else { return (low, high) };
    let width = last - first;
    if width > 0.0 && width.is_finite() {
        // A number's sign and the end 0 of a range stay what they are.
        let unit = math::pow(10.0, (math::ln(width) / std::f64::consts::LN_10).floor() - 2.0);
        let (below, above) = ((first / unit).floor() * unit, (last / unit).ceil() * unit);
        if low[0] < high[0] {
            low[0] = if first >= 0.0 { below.max(0.0) } else { below };
        }
        let end = high.len() - 1;
        if low[end] < high[end] {
            high[end] = if last <= 0.0 { above.min(0.0) } else { above };
        }
    }
    (low, high)
}

fn shortest(value: f64) -> String {
    let rounded: f64 = format!("{value:.8e}").parse().unwrap_or(value);
    if rounded != 0.0 && (rounded.abs() < 1e-4 || rounded.abs() >= 1e15) {
        format!("{rounded:e}")
    } else {
        rounded.to_string()
    }
}

/// Shares and values of a quantile function that passes through the segments' borders; neighbouring ranges are joined
/// where there are very many.
fn thinned(borders: &[f64], points: &[(f64, f64, bool)]) -> (Vec<f64>, Vec<f64>) {
    let every = points.len().div_ceil(MOST_POINTS).max(1);
    let (mut at, mut values) = (Vec::new(), Vec::new());
    let mut push = |share: f64, value: f64| {
        if at.last() != Some(&share) || values.last() != Some(&value) {
            at.push(share);
            values.push(value);
        }
    };
    let mut since = 0;
    for (index, &(low, high, point)) in points.iter().enumerate() {
        let after_point = index == 0 || points[index - 1].2;
        let before_point = points.get(index + 1).is_none_or(|next| next.2);
        if point || after_point || since == 0 {
            push(borders[index], low);
            since = 0;
        }
        since = (since + 1) % every;
        if point || before_point || since == 0 {
            push(borders[index + 1], high);
            since = 0;
        }
    }
    (at, values)
}

fn write_dates(
    margin: &Margin,
    grid: &Grid,
    low: &[i64],
    high: &[i64],
    format: &DatetimeFormat,
    out: &mut String,
) {
    let points: Vec<(f64, f64, bool)> = low
        .iter()
        .zip(high)
        .map(|(&low, &high)| {
            // The last date of a range is reached by what lies before the next one.
            let end = if low == high { high } else { high.saturating_add(1) };
            (grid.position(low) as f64, grid.position(end) as f64, low == high)
        })
        .collect();
    let (at, values) = thinned(&margin.borders(), &points);
    out.push_str("type = \"date-quantiles\"\n");
    let texts: Vec<String> = values
        .iter()
        .map(|&instant| quoted(&civil_text((instant as i64).div_euclid(SECOND) * SECOND)))
        .collect();
    list("values", &texts, out);
    list("at", &at.iter().map(|&share| number(share, 6)).collect::<Vec<_>>(), out);
    // The widest step that all dates lie on.
    let steps = [("day", DAY), ("hour", 3600 * SECOND), ("minute", 60 * SECOND), ("second", SECOND)];
    let on = |step: i64| grid.step % step == 0 && grid.origin % step == 0;
    let name = steps.iter().find(|(_, step)| on(*step)).map_or("millisecond", |entry| entry.0);
    let _ = writeln!(out, "step = \"{name}\"\nformat = {}", quoted(&format.pattern));
    if let Offset::Fixed(minutes) = format.offset {
        let (sign, apart) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
        let _ = writeln!(out, "offset = \"{sign}{:02}:{:02}\"", apart / 60, apart % 60);
    }
}

/// True for a column that follows from others, so that nothing is to be said of its correlations.
fn follows(name: &str, constraints: &[Constraint]) -> bool {
    constraints.iter().any(|constraint| match constraint {
        Constraint::Equation { column, .. } => column == name,
        Constraint::OneHot { columns } => columns.iter().skip(1).any(|column| column == name),
        _ => false,
    })
}

fn write_correlations(latent: &Latent, constraints: &[Constraint], out: &mut String) {
    let Some(matrix) = &latent.correlation else { return };
    let size = latent.variables.len();
    let columns: Vec<(usize, usize)> = latent
        .variables
        .iter()
        .enumerate()
        .filter_map(|(slot, variable)| match variable {
            Variable::Values(column) if follows(&latent.frame.schema.columns[*column].name, constraints) => {
                None
            }
            Variable::Values(column) => Some((slot, *column)),
            Variable::Mask(_) => None,
        })
        .collect();
    let whole = columns.len() <= WHOLE_MATRIX;
    let entry = |a: usize, b: usize, scale: f64| {
        let value = matrix[columns[a].0 * size + columns[b].0] * scale;
        if a == b || (!whole && value.abs() < LEAST_CORRELATION) {
            return f64::from(u8::from(a == b));
        }
        (value * 1e4).round() / 1e4
    };
    // What was left out or rounded may keep the rest from holding together: then all are brought a little nearer to 0.
    let mut scale = 1.0;
    while scale > 0.01 && cholesky_with_floor(columns.len(), 1e-9, |a, b| entry(a, b, scale)).is_none() {
        scale *= 0.98;
    }
    let name = |slot: usize| quoted(&latent.frame.schema.columns[columns[slot].1].name);
    if columns.len() < 2 {
        return;
    }
    out.push_str("\n# Correlations of the normal variables behind the columns (normal = true), categories in the order above.\n");
    if whole {
        let names: Vec<String> = (0..columns.len()).map(name).collect();
        let _ = writeln!(out, "[[correlations]]\nnormal = true");
        list("columns", &names, out);
        out.push_str("matrix = [\n");
        for a in 0..columns.len() {
            let row: Vec<String> = (0..columns.len()).map(|b| number(entry(a, b, scale), 4)).collect();
            let _ = writeln!(out, "  [{}],", row.join(", "));
        }
        out.push_str("]\n");
        return;
    }
    for a in 0..columns.len() {
        for b in 0..a {
            let value = entry(a, b, scale);
            if value != 0.0 {
                let _ = writeln!(
                    out,
                    "[[correlations]]\ncolumns = [{}, {}]\nnormal = true\ncorrelation = {}",
                    name(b),
                    name(a),
                    number(value, 4)
                );
            }
        }
    }
}
