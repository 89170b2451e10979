//! The schema round trip: `inspect --emit-schema`, `simulate`, `evaluate` on every table of a folder, beside the methods
//! that learn.

use std::path::Path;

use lookalike::evaluate::Wanted;
use lookalike::simulate::{Simulating, simulate};
use lookalike::synth::simulate::{Simulation, emit};
use lookalike::{Context, FitOptions, Judging, SampleRequest, Seed, Silent, Table, job};

use crate::sides::Sides;
use crate::tables::{self, tables_in};

const SCORES: [&str; 2] = ["shape", "trend"];
const METHODS: [&str; 3] = ["forest", "copula", "independent"];
/// Rows of a table that are taken at most, so that a folder takes minutes.
const MOST_ROWS: usize = 50_000;

pub(crate) fn run(folder: &Path, output: Option<&Path>) -> Result<(), Box<dyn std::error::Error>> {
    let mut page = format!(
        "# A table as a schema, and back\n\n\
         Made by `cargo run --release -p lookalike-bench -- round-trip FOLDER`: four fifths of a table's rows (at most \
         {MOST_ROWS} of them) are learned by the methods, or described by `inspect --emit-schema`; as many rows are drawn, \
         and judged against them. *simulate* knows nothing but the schema file, which people can read and change; its size \
         is given in lines.\n\n\
         | table | rows | columns | lines | {} |\n|---|---|---|---{}|\n",
        METHODS
            .iter()
            .chain(&["simulate"])
            .flat_map(|method| SCORES.map(|score| format!("{method} {score}")))
            .collect::<Vec<_>>()
            .join(" | "),
        "|---".repeat((METHODS.len() + 1) * SCORES.len()),
    );
    print!("{page}");
    let (mut better, mut compared) = (0, 0);
    for file in tables_in(folder)? {
        let name = file.strip_prefix(folder)?.with_extension("").display().to_string();
        let line = match line(&file) {
            Ok((line, trend)) => {
                if let Some((independent, simulated)) = trend {
                    compared += 1;
                    better += usize::from(simulated > independent);
                }
                format!("| {name} | {line} |\n")
            }
            Err(error) => format!("| {name} | there are no figures: {error} |\n"),
        };
        print!("{line}");
        page.push_str(&line);
    }
    let summary =
        format!("\nThe trend is better than that of `independent` on {better} of {compared} tables.\n");
    println!("{summary}");
    if let Some(path) = output {
        std::fs::write(path, page + &summary)?;
    }
    Ok(())
}

/// A table's cells, and the trends of independent columns and of the simulation.
#[expect(clippy::type_complexity, reason = "two figures beside a line are no type")]
fn line(file: &Path) -> Result<(String, Option<(f64, f64)>), Box<dyn std::error::Error>> {
    let whole = tables::read(file)?;
    let whole = whole.slice(0..whole.n_rows().min(MOST_ROWS));
    let context = Context::new(Seed::new(1));
    let sides = Sides::of(&whole, 0.2, &context)?;
    let rows = sides.train.n_rows() as u64;
    let mut figures = Vec::new();
    for name in METHODS {
        let method = job::method(name)?;
        let model = method.fit(&sides.train, &FitOptions::default(), &context)?;
        let drawn = model.sample(&SampleRequest::rows(rows), &context)?.collect_table()?;
        figures.push(scores(&sides.train, &drawn, &context)?);
    }
    let (text, _) = emit(&sides.train, &FitOptions::default(), &context)?;
    let simulation = Simulation::parse(&text)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("like.csv");
    let options = Simulating { rows, out: path.clone(), format: None, dials: Vec::new(), truth: None };
    simulate(&simulation, &options, &context)?;
    // As a file, it is read as the table that it is to be like.
    let drawn = job::read_like(&path, sides.train.schema(), &Silent)?.table;
    figures.push(scores(&sides.train, &drawn, &context)?);
    let cells: Vec<String> = figures
        .iter()
        .flatten()
        .map(|figure| if figure.is_finite() { format!("{figure:.3}") } else { "–".to_owned() })
        .collect();
    let trend =
        (figures[2][1].is_finite() && figures[3][1].is_finite()).then_some((figures[2][1], figures[3][1]));
    let shown = format!("{rows} | {} | {} | {}", whole.n_columns(), text.lines().count(), cells.join(" | "));
    Ok((shown, trend))
}

fn scores(real: &Table, drawn: &Table, context: &Context<'_>) -> lookalike::Result<[f64; SCORES.len()]> {
    let judging = Judging {
        wanted: Wanted::These(SCORES.iter().map(|name| (*name).to_owned()).collect()),
        intervals: false,
        ..Judging::new(real, drawn)
    };
    let evaluation = lookalike::judge(&judging, context)?;
    Ok(SCORES.map(|name| evaluation.metric(name).and_then(|found| found.value).unwrap_or(f64::NAN)))
}
