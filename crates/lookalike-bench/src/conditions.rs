//! Sampling under conditions: do they hold, do the other columns follow, and what does it cost.

use std::path::Path;

use lookalike::synth::Operator;
use lookalike::{AnyModel, AnySynthesizer, Condition, Context, FitOptions, SampleRequest, Seed, Table};

use crate::measure::least;
use crate::tables;

/// Rows drawn under each condition.
const ROWS: u64 = 10_000;
/// Bins of a number in a margin.
const BINS: usize = 10;

/// Each of `cases` is a condition, or several joined by `&`.
pub(crate) fn run(
    file: &Path,
    cases: &[String],
    method: &AnySynthesizer,
) -> Result<(), Box<dyn std::error::Error>> {
    let table = tables::read(file)?;
    let context = Context::new(Seed::new(1));
    let model = method.fit(&table, &FitOptions::default(), &context)?;
    let (rows, free) = least(3, || draw(&model, &[], &context));
    rows?;
    println!("without a condition: {ROWS} rows in {:.3} s", free.wall);
    for case in cases {
        let conditions: Vec<Condition> = case
            .split('&')
            .enumerate()
            .map(|(place, text)| Condition::parse(text.trim(), table.schema(), place))
            .collect::<Result<_, _>>()?;
        println!("{case}");
        show("any model", &model, &table, &conditions, free.wall, &context);
        // A model made for these columns draws them first.
        let condition_on = conditions.iter().map(|condition| condition.column).collect();
        let made = method.fit(&table, &FitOptions { condition_on, ..FitOptions::default() }, &context)?;
        show("--condition-on", &made, &table, &conditions, free.wall, &context);
    }
    Ok(())
}

fn draw(
    model: &AnyModel,
    conditions: &[Condition],
    context: &Context<'_>,
) -> Result<(Table, String), String> {
    let request = SampleRequest { conditions: conditions.to_vec(), ..SampleRequest::rows(ROWS) };
    let sampler = model.sample(&request, context).map_err(|error| error.to_string())?;
    let said = sampler.warnings().iter().map(|warning| warning.message.clone()).collect();
    Ok((sampler.collect_table().map_err(|error| error.to_string())?, said))
}

fn show(
    who: &str,
    model: &AnyModel,
    table: &Table,
    conditions: &[Condition],
    free: f64,
    context: &Context<'_>,
) {
    let (drawn, cost) = least(3, || draw(model, conditions, context));
    let (sample, said) = match drawn {
        Ok(drawn) => drawn,
        Err(error) => return println!("  {who:<15} refused: {error}"),
    };
    let fulfilled = matching(&sample, conditions).len();
    let real = matching(table, conditions);
    let ratio = margins(&table.take(&real), &sample);
    println!(
        "  {who:<15} {fulfilled} of {ROWS} rows fulfil it; {:.2} x the time; real support {} of {}; margins differ by \
         {ratio:.2} x what the real rows' own sampling error is",
        cost.wall / free,
        real.len(),
        table.n_rows(),
    );
    if !said.is_empty() {
        println!("  {:<15} {said}", "");
    }
}

/// The rows that fulfil all conditions.
fn matching(table: &Table, conditions: &[Condition]) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..table.n_rows()).collect();
    for condition in conditions {
        let column = table.column(condition.column);
        let value = condition.values[0].as_deref().unwrap_or_default();
        if let Some(codes) = column.codes() {
            let wanted = (0..codes.levels.len()).find(|&level| codes.levels.get(level as u32) == value);
            rows.retain(|&row| {
                let equal = Some(codes.codes[row] as usize) == wanted;
                equal == (condition.operator == Operator::Equal)
            });
        } else if let (Some(numbers), Ok(value)) = (column.numbers(), value.parse::<f64>()) {
            rows.retain(|&row| {
                let number = numbers.values[row];
                match condition.operator {
                    Operator::Equal => number == value,
                    Operator::NotEqual => number != value,
                    Operator::AtMost => number <= value,
                    Operator::AtLeast => number >= value,
                    Operator::Less => number < value,
                    Operator::More => number > value,
                }
            });
        }
    }
    rows
}

/// How much the margins of two tables differ (total variation, summed over columns), in terms of what those of a table
/// with as many rows as the first differ from the truth in expectation.
fn margins(real: &Table, sample: &Table) -> f64 {
    let (mut found, mut expected) = (0.0, 0.0);
    for column in 0..real.n_columns() {
        let Some((first, second)) = shares(real, sample, column) else { continue };
        found += first.iter().zip(&second).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0;
        let n = real.n_rows() as f64;
        let error = |share: f64| (2.0 * share * (1.0 - share) / (std::f64::consts::PI * n)).sqrt();
        expected += second.iter().map(|&share| error(share)).sum::<f64>() / 2.0;
    }
    found / expected
}

/// The shares of the levels of a column, or of bins between tenths of the second table's numbers.
fn shares(real: &Table, sample: &Table, column: usize) -> Option<(Vec<f64>, Vec<f64>)> {
    let (a, b) = (real.column(column), sample.column(column));
    if let (Some(a), Some(b)) = (a.codes(), b.codes()) {
        let mut names: Vec<String> = Vec::new();
        let mut count = |codes: &lookalike::table::Codes| -> Vec<f64> {
            let places: Vec<usize> = (0..codes.levels.len())
                .map(|level| {
                    let name = codes.levels.get(level as u32);
                    names.iter().position(|known| known == name).unwrap_or_else(|| {
                        names.push(name.to_owned());
                        names.len() - 1
                    })
                })
                .collect();
            let mut counts = vec![0.0; names.len() + 1];
            for &code in &codes.codes {
                let place = places.get(code as usize).map_or(0, |&place| place + 1);
                counts[place] += 1.0 / codes.codes.len() as f64;
            }
            counts
        };
        let (mut first, mut second) = (count(&a), count(&b));
        let length = first.len().max(second.len());
        first.resize(length, 0.0);
        second.resize(length, 0.0);
        return Some((first, second));
    }
    let (a, b) = (a.numbers()?, b.numbers()?);
    let mut sorted: Vec<f64> = b.values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let mut edges: Vec<f64> =
        (1..BINS).filter_map(|part| sorted.get(sorted.len() * part / BINS).copied()).collect();
    edges.dedup();
    let count = |values: &[f64]| {
        let mut counts = vec![0.0; edges.len() + 2];
        for value in values {
            let bin =
                if value.is_nan() { edges.len() + 1 } else { edges.partition_point(|edge| edge < value) };
            counts[bin] += 1.0 / values.len() as f64;
        }
        counts
    };
    Some((count(&a.values), count(&b.values)))
}
