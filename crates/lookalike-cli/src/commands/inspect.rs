//! `lookalike inspect`

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use lookalike::report::count;
use lookalike::synth::Description;
use lookalike::synth::simulate::emit;
use lookalike::table::constraints::{Suggestion, suggest, support};
use lookalike::table::summary::{BUCKETS, ColumnSummary, Share, Sketch, summarize};
use lookalike::{FitOptions, OutputFile, Protection, model_file};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{ConstraintArgs, ReadArgs, read_constrained};
use crate::session::{Session, WarningJson, warnings_json, width};
use crate::text::{GridColumn, ellipsis, grid, percent, plural, printable, sketch, unicode, wrap};

const EXAMPLES: &str = "\
Examples:
  lookalike inspect patients.csv
  Try another reading of a column:
    lookalike inspect patients.csv --column zip=categorical --column note=text
  Keep what is right, mend the rest by hand, and use it with --schema:
    lookalike inspect patients.csv --write-schema patients.json
  Constraints that seem to hold, as a file to be edited:
    lookalike inspect stays.csv --emit-constraints stays.rules
  Statistics that rows can be simulated from, to be edited and shared:
    lookalike inspect patients.csv --emit-schema patients.toml
    lookalike simulate patients.toml -n 1000 -o like.csv
  What a model holds about its data:
    lookalike inspect patients.model

Kinds: numerical (quantities), categorical (levels, numeric codes among them), ordinal (levels in an order), boolean,
datetime, id (unique keys), text. Personal data that a column seems to hold is named beside its kind.";

/// Show what the columns of a table seem to mean, or what a model holds
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct InspectArgs {
    /// A table, or a model; - is a table on standard input
    file: PathBuf,
    /// Write the schema to a file (SDV's metadata JSON), to be changed and used with --schema
    #[arg(long, value_name = "FILE")]
    write_schema: Option<PathBuf>,
    /// Write the constraints that the table seems to hold to a file, to be read, changed and used with --constraints
    #[arg(long, value_name = "FILE")]
    emit_constraints: Option<PathBuf>,
    #[command(flatten)]
    constraints: ConstraintArgs,
    /// Write a schema file that rows can be simulated from (TOML): statistics only, what too few rows share withheld
    #[arg(long, value_name = "FILE", help_heading = "Schemas")]
    emit_schema: Option<PathBuf>,
    /// The column that names whom the schema's protection counts, such as a patient
    #[arg(long, value_name = "COLUMN", requires = "emit_schema", help_heading = "Schemas")]
    unit: Option<String>,
    /// How many units must share what the schema shows; `none` withholds nothing
    #[arg(long, value_name = "UNITS", default_value = "5", requires = "emit_schema", value_parser = super::fit::protection)]
    #[arg(help_heading = "Schemas")]
    protect: Protection,
    #[command(flatten)]
    reading: ReadArgs,
}

pub(crate) fn run(args: &InspectArgs, session: &Session) -> Result<Exit> {
    if model_file::looks_like_model(&args.file) {
        inspect_model(args, session)
    } else {
        inspect_table(args, session)
    }
}

#[derive(Debug, Serialize)]
struct ModelJson<'a> {
    method: &'a str,
    rows: u64,
    units: u64,
    unit: &'a Option<String>,
    target: &'a Option<String>,
    protected_units: Option<u32>,
    contains_training_rows: bool,
    columns: Vec<ModelColumnJson<'a>>,
    warnings: Vec<WarningJson<'a>>,
}

#[derive(Debug, Serialize)]
struct ModelColumnJson<'a> {
    name: &'a str,
    kind: &'a str,
    holds: &'a str,
    missing_share: f64,
    depends_on: Vec<TieJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drawn: Option<DrawJson>,
}

#[derive(Debug, Serialize)]
struct DrawJson {
    place: usize,
    bits_alone: f64,
    bits_given: f64,
    follows: bool,
}

#[derive(Debug, Serialize)]
struct TieJson<'a> {
    column: &'a str,
    strength: f64,
}

fn inspect_model(args: &InspectArgs, session: &Session) -> Result<Exit> {
    if args.emit_schema.is_some() {
        return Err(Failure::options(
            "--emit-schema takes a table, and this is a model; give the table's file",
        ));
    }
    let json = session.json(None)?;
    let model = model_file::load(&args.file)?;
    let described = model.describe();
    if let Some(path) = &args.write_schema {
        super::write_schema(path, model.schema())?;
    }
    show_model(&described, &mut session.out()).map_err(Failure::Output)?;
    session.warn(&described.warnings);
    json.write(&ModelJson {
        method: described.method,
        rows: described.n_rows,
        units: described.n_units,
        unit: &described.unit,
        target: &described.target,
        protected_units: described.protection.is_on().then_some(described.protection.min_units),
        contains_training_rows: described.contains_training_rows,
        columns: described
            .columns
            .iter()
            .map(|column| ModelColumnJson {
                name: &column.name,
                kind: column.kind,
                holds: &column.holds,
                missing_share: column.missing_share,
                depends_on: column
                    .depends_on
                    .iter()
                    .map(|(column, strength)| TieJson { column, strength: *strength })
                    .collect(),
                drawn: column.draw.map(|draw| DrawJson {
                    place: draw.place,
                    bits_alone: draw.bits_alone,
                    bits_given: draw.bits_given,
                    follows: draw.follows,
                }),
            })
            .collect(),
        warnings: warnings_json(&described.warnings),
    })?;
    Ok(Exit::Fine)
}

fn show_model(model: &Description, out: &mut dyn Write) -> io::Result<()> {
    let width = width();
    let units = match &model.unit {
        Some(unit) => format!(" of {} (by {})", plural(model.n_units, "unit"), printable(unit)),
        None => String::new(),
    };
    let columns = plural(model.columns.len() as u64, "column");
    let head = format!("A model ({}) of {}{units} and {columns}", model.method, plural(model.n_rows, "row"));
    write!(out, "{}", wrap(&head, "", width))?;
    if let Some(target) = &model.target {
        write!(out, "{}", wrap(&format!("made to predict {}", printable(target)), "", width))?;
    }
    let protection = if model.protection.is_on() {
        format!("withholds what fewer than {} units share", model.protection.min_units)
    } else {
        "withholds nothing (--protect none)".to_owned()
    };
    let rows = if model.contains_training_rows { "holds training rows" } else { "holds no training rows" };
    write!(out, "{}", wrap(&format!("It {protection}, and {rows}."), "", width))?;
    writeln!(out)?;
    // Methods that draw column after column tell when, and what each costs.
    let sequential = model.columns.iter().any(|column| column.draw.is_some());
    let mut columns = vec![
        GridColumn { title: "column", right: false, widest: 28 },
        GridColumn { title: "kind", right: false, widest: 11 },
        GridColumn { title: "missing", right: true, widest: 8 },
        GridColumn { title: "holds", right: false, widest: 34 },
    ];
    if sequential {
        columns.extend([
            GridColumn { title: "drawn", right: true, widest: 5 },
            GridColumn { title: "bits alone", right: true, widest: 10 },
            GridColumn { title: "given", right: true, widest: 6 },
            GridColumn { title: "decided by", right: false, widest: 80 },
        ]);
    } else {
        columns.push(GridColumn { title: "tied to", right: false, widest: 80 });
    }
    let cells: Vec<Vec<String>> = model
        .columns
        .iter()
        .map(|column| {
            let mut cells = vec![
                printable(&column.name).into_owned(),
                column.kind.to_owned(),
                percent(column.missing_share),
                column.holds.clone(),
            ];
            if sequential {
                cells.extend(match &column.draw {
                    Some(draw) => [
                        draw.place.to_string(),
                        format!("{:.2}", draw.bits_alone),
                        format!("{:.2}", draw.bits_given),
                    ],
                    None => [const { String::new() }; 3],
                });
            }
            let follows = column.draw.is_some_and(|draw| draw.follows);
            let ties: Vec<String> = column
                .depends_on
                .iter()
                .map(|(other, strength)| {
                    if follows {
                        format!("follows from {}", printable(other))
                    } else if sequential {
                        format!("{} {}", printable(other), percent(*strength))
                    } else {
                        format!("{} {strength:+.2}", printable(other))
                    }
                })
                .collect();
            cells.push(ties.join(", "));
            cells
        })
        .collect();
    write!(out, "{}", grid(&columns, &cells, width, ellipsis()))?;
    if sequential {
        let alone: f64 =
            model.columns.iter().filter_map(|column| column.draw).map(|draw| draw.bits_alone).sum();
        let given: f64 =
            model.columns.iter().filter_map(|column| column.draw).map(|draw| draw.bits_given).sum();
        let text = format!(
            "Columns are drawn in the order of \"drawn\". A row's values take {alone:.1} bits if each column is \
             described on its own and {given:.1} given the columns before, estimated from rows held back: the \
             difference is what the columns tell about each other. \"decided by\": shares of the cuts in a \
             column's trees."
        );
        writeln!(out)?;
        write!(out, "{}", wrap(&text, "", width))?;
    }
    Ok(())
}

#[derive(Debug, Serialize)]
struct TableJson<'a> {
    rows: usize,
    columns: &'a [ColumnSummary],
    /// Those that were declared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    constraints: Vec<ConstraintJson>,
    /// Those that the table seems to hold.
    suggested_constraints: Vec<ConstraintJson>,
    warnings: Vec<WarningJson<'a>>,
}

fn inspect_table(args: &InspectArgs, session: &Session) -> Result<Exit> {
    let json = session.json(None)?;
    let mut schema_file = args.emit_schema.as_deref().map(OutputFile::create).transpose()?;
    let (reading, mut warnings) =
        read_constrained(&args.file, &args.reading, &args.constraints, session.progress())?;
    if let Some(mut file) = schema_file.take() {
        let index = |name: &String| reading.table.schema().index_of(name);
        let unit = args.unit.as_ref().map(index).transpose().map_err(lookalike::Error::from)?;
        let options = FitOptions { unit, protection: args.protect, ..FitOptions::default() };
        let (text, withheld) = emit(&reading.table, &options, &session.context())?;
        file.write_all(text.as_bytes()).map_err(Failure::Output)?;
        file.finish()?;
        warnings.extend(withheld);
    }
    let columns = summarize(&reading.table);
    let declared = &reading.table.schema().constraints;
    let held = support(&reading.table, declared).map_err(lookalike::Error::from)?;
    let mut suggested = suggest(&reading.table).map_err(lookalike::Error::from)?;
    suggested.retain(|suggestion| !declared.contains(&suggestion.constraint));
    if let Some(path) = &args.emit_constraints {
        let mut file = OutputFile::create(path)?;
        file.write_all(emitted(&held, &suggested).as_bytes()).map_err(Failure::Output)?;
        file.finish()?;
    }
    if let Some(path) = &args.write_schema {
        super::write_schema(path, reading.table.schema())?;
    }
    show_table(reading.table.n_rows() as u64, &columns, &mut session.out()).map_err(Failure::Output)?;
    show_constraints("Declared constraints", &held, &mut session.out()).map_err(Failure::Output)?;
    show_constraints(
        "Constraints that the table seems to hold (fit --constraint)",
        &suggested,
        &mut session.out(),
    )
    .map_err(Failure::Output)?;
    session.warn(&warnings);
    json.write(&TableJson {
        rows: reading.table.n_rows(),
        columns: &columns,
        constraints: held.iter().map(ConstraintJson::new).collect(),
        suggested_constraints: suggested.iter().map(ConstraintJson::new).collect(),
        warnings: warnings_json(&warnings),
    })?;
    Ok(Exit::Fine)
}

/// A constraint and how well it holds.
#[derive(Debug, Serialize)]
struct ConstraintJson {
    constraint: String,
    rows: u64,
    holding: u64,
}

impl ConstraintJson {
    fn new(suggestion: &Suggestion) -> Self {
        let Suggestion { constraint, rows, holding } = suggestion;
        ConstraintJson { constraint: constraint.to_string(), rows: *rows, holding: *holding }
    }
}

fn supported_by(suggestion: &Suggestion) -> String {
    format!("holds in {} of {}", count(suggestion.holding), plural(suggestion.rows, "row"))
}

fn show_constraints(title: &str, constraints: &[Suggestion], out: &mut dyn Write) -> io::Result<()> {
    if constraints.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}:")?;
    for suggestion in constraints {
        let text = suggestion.constraint.to_string();
        writeln!(out, "  {}  - {}", printable(&text), supported_by(suggestion))?;
    }
    Ok(())
}

/// A file of constraints, each under its support.
fn emitted(declared: &[Suggestion], suggested: &[Suggestion]) -> String {
    let mut text = String::from(
        "# Constraints that the table seems to hold: leave out what is chance. Use with --constraints.\n",
    );
    for suggestion in declared.iter().chain(suggested) {
        let _ = writeln!(text, "# {}\n{}", supported_by(suggestion), suggestion.constraint);
    }
    text
}

fn show_table(rows: u64, columns: &[ColumnSummary], out: &mut dyn Write) -> io::Result<()> {
    let width = width();
    writeln!(out, "{}, {}\n", plural(rows, "row"), plural(columns.len() as u64, "column"))?;
    let layout = [
        GridColumn { title: "column", right: false, widest: 24 },
        GridColumn { title: "kind", right: false, widest: 12 },
        GridColumn { title: "missing", right: true, widest: 8 },
        GridColumn { title: "distinct", right: true, widest: 11 },
        GridColumn { title: "sketch", right: false, widest: BUCKETS },
        GridColumn { title: "from", right: false, widest: 14 },
        GridColumn { title: "to", right: false, widest: 14 },
    ];
    let cells: Vec<Vec<String>> = columns.iter().map(|column| table_cells(column, rows)).collect();
    let text = grid(&layout, &cells, width, ellipsis());
    let mut lines = text.lines();
    writeln!(out, "{}", lines.next().unwrap_or_default())?;
    for (line, column) in lines.zip(columns) {
        writeln!(out, "{line}")?;
        // Why stands below, where it is not cut.
        let why = why(column);
        if !why.is_empty() {
            write!(out, "{}", wrap(&format!("  - {}", printable(&why)), "    ", width))?;
        }
    }
    Ok(())
}

fn why(column: &ColumnSummary) -> String {
    match column.personal {
        Some(sort) => format!("personal data ({}): {}", sort.replace('_', " "), column.reason),
        None => column.reason.clone(),
    }
}

fn table_cells(column: &ColumnSummary, rows: u64) -> Vec<String> {
    let at_least = if column.distinct_is_exact { "" } else { ">" };
    let shares = |counts: &[u64]| counts.iter().map(|&count| count as f64).collect::<Vec<f64>>();
    let (drawn, from, to) = match &column.sketch {
        Sketch::Histogram { low, high, counts } => {
            (sketch(&shares(counts), unicode()), printable(low).into_owned(), printable(high).into_owned())
        }
        Sketch::Levels { top, others } => {
            let mut counts: Vec<u64> = top.iter().map(|level| level.count).collect();
            counts.extend((*others > 0).then_some(*others));
            let name = |level: Option<&Share>| level.map(|level| printable(&level.value).into_owned());
            let last = if *others > 0 { Some(ellipsis().to_owned()) } else { name(top.last()) };
            let first = name(top.first()).unwrap_or_default();
            (
                sketch(&shares(&counts), unicode()),
                first,
                last.filter(|_| counts.len() > 1).unwrap_or_default(),
            )
        }
        Sketch::Lengths { shortest, longest, counts } => {
            let signs = |count: &u64| plural(*count, "sign");
            (sketch(&shares(counts), unicode()), signs(shortest), signs(longest))
        }
        _ => (String::new(), String::new(), String::new()),
    };
    let missing = if rows == 0 { 0.0 } else { column.missing as f64 / rows as f64 };
    let kind = if column.constant && rows > 0 { "constant" } else { column.kind };
    vec![
        printable(&column.name).into_owned(),
        kind.to_owned(),
        percent(missing),
        format!("{at_least}{}", count(column.distinct)),
        drawn,
        from,
        to,
    ]
}
