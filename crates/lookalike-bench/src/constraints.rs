//! Rows in which constraints hold: whether they do in the file that is written, what that costs, and whether rows are as hard
//! to tell from real ones as without.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use lookalike::table::constraints::Constraint;
use lookalike::{
    AnyModel, AnySynthesizer, Context, FitOptions, ReadOptions, SampleRequest, Seed, Silent, SplitOptions,
    Table, Writer,
};

use crate::detector::detect;
use crate::hospital;
use crate::measure::{Cost, Target, least, report};
use crate::protocol;

type Failure = Box<dyn std::error::Error>;

/// Most of the time that constraints may take of sampling.
const MOST_COST: f64 = 0.3;
/// How much easier to tell rows may be with constraints than without.
const MOST_TOLD: f64 = 0.02;

const OF_ADULT: [&str; 6] = [
    "combinations(education, \"education-num\")",
    "17 <= age <= 90",
    "1 <= \"hours-per-week\" <= 99",
    "if relationship = 'Husband' then \"marital-status\" in ('Married-civ-spouse', 'Married-AF-spouse')",
    "if workclass is missing then occupation is missing",
    "if \"capital-gain\" > 0 then \"capital-loss\" = 0",
];

/// A table, its file, its constraints, and how many of them a row violates.
type Case<'a> = (&'a str, &'a Path, &'a [&'a str], fn(&Row<'_>) -> usize);

pub(crate) fn run(folder: &Path, rows: u64, methods: &[String], epochs: u32) -> Result<(), Failure> {
    let scratch = tempfile::tempdir()?;
    let hospital = scratch.path().join("hospital.csv");
    std::fs::write(&hospital, hospital::csv(30_000, 1))?;
    let adult = folder.join("adult_train.csv");
    let tables: [Case<'_>; 2] = [
        ("adult", &adult, &OF_ADULT, adult_violations),
        ("hospital", &hospital, &hospital::CONSTRAINTS, hospital_violations),
    ];
    for (name, path, constraints, violations) in tables {
        let table = lookalike::read(path, &ReadOptions::default(), &Silent)?.table;
        let constraints: Vec<Constraint> =
            constraints.iter().map(|text| Constraint::parse(text)).collect::<Result<_, _>>()?;
        let broken = count(path, violations)?;
        println!(
            "\n{name}: {} rows, {} constraints, {broken} rows break one",
            table.n_rows(),
            constraints.len()
        );
        for method in methods {
            let method = protocol::method(method, None)?;
            let method = method.clone().with_epochs(epochs).unwrap_or(method);
            one(&table, &constraints, violations, &method, rows, scratch.path())?;
        }
    }
    Ok(())
}

fn one(
    table: &Table,
    constraints: &[Constraint],
    violations: fn(&Row<'_>) -> usize,
    method: &AnySynthesizer,
    rows: u64,
    folder: &Path,
) -> Result<(), Failure> {
    let context = Context::new(Seed::new(1));
    let sides =
        lookalike::split(table, &SplitOptions { share: 0.5, ..SplitOptions::default() }, context.seed)?;
    let (train, holdout) = (table.take(&sides.train), table.take(&sides.holdout));
    let constrained = train.clone().with_constraints(constraints.to_vec());
    let options = FitOptions::default();
    let free = method.fit(&train, &options, &context)?;
    let bound = method.fit(&constrained, &options, &context)?;
    for warning in bound.warnings().iter().filter(|warning| warning.message.contains("constraint")) {
        println!("  {}", warning.message);
    }
    let (without, with) = (folder.join("without.csv"), folder.join("with.csv"));
    let plain = write(&free, rows, &without)?;
    let cost = write(&bound, rows, &with)?;
    let found = count(&with, violations)?;
    let name = method.name();
    report(
        &format!("{name}: rows of {rows} that break one"),
        found as f64,
        "rows",
        Target::AtMost(0.0),
        cost,
    );
    println!("  without constraints: {} rows", count(&without, violations)?);
    let share = 1.0 - plain.wall / cost.wall;
    report(&format!("{name}: share of sampling time"), share, "", Target::AtMost(MOST_COST), cost);
    let told = |model: &AnyModel| -> Result<f64, Failure> {
        let draws = [1, 2].map(|seed| {
            let context = Context::new(Seed::new(seed));
            let rows = SampleRequest::rows(holdout.n_rows() as u64);
            model.sample(&rows, &context).and_then(lookalike::Sampler::collect_table)
        });
        let [first, second] = draws;
        Ok(detect(&holdout, &[first?, second?]))
    };
    let (before, after) = (told(&free)?, told(&bound)?);
    println!("  c2st without {before:.3}, with {after:.3}");
    report(&format!("{name}: c2st lost"), before - after, "", Target::AtMost(MOST_TOLD), cost);
    Ok(())
}

/// Draws rows to a CSV file, twice; the quicker time counts.
fn write(model: &AnyModel, rows: u64, path: &Path) -> Result<Cost, Failure> {
    let context = Context::new(Seed::new(1));
    let (written, cost) = least(2, || -> lookalike::Result<()> {
        let mut writer = Writer::create(path, None, model.schema())?;
        for batch in model.sample(&SampleRequest::rows(rows), &context)? {
            writer.write(&batch?)?;
        }
        writer.finish()
    });
    written?;
    Ok(cost)
}

/// The cells of a line by name.
struct Row<'a> {
    names: &'a [String],
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn cell(&self, name: &str) -> &'a str {
        let place = self.names.iter().position(|own| own == name).expect("the file has the column");
        match self.cells[place].trim() {
            "?" | "NA" => "",
            cell => cell,
        }
    }

    fn number(&self, name: &str) -> f64 {
        self.cell(name).parse().expect("a number")
    }

    /// Exactly, in hundredths.
    fn cents(&self, name: &str) -> i64 {
        let cell = self.cell(name);
        let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
        let part = format!("{part:0<2}");
        whole.parse::<i64>().expect("a number") * 100 + part[..2].parse::<i64>().expect("two digits")
    }
}

/// Rows of a file that break a rule, found without any of the code that drew them: the file has no quoted cells.
fn count(path: &Path, violations: fn(&Row<'_>) -> usize) -> Result<usize, Failure> {
    let mut lines = BufReader::new(File::open(path)?).lines();
    let header = lines.next().ok_or("an empty file")??;
    let names: Vec<String> = header.split(',').map(str::to_owned).collect();
    let mut broken = 0;
    for line in lines {
        let line = line?;
        let row = Row { names: &names, cells: line.split(',').collect() };
        assert_eq!(row.cells.len(), names.len(), "a line has as many cells as the first");
        broken += usize::from(violations(&row) > 0);
    }
    Ok(broken)
}

fn adult_violations(row: &Row<'_>) -> usize {
    let degrees = [
        "Preschool",
        "1st-4th",
        "5th-6th",
        "7th-8th",
        "9th",
        "10th",
        "11th",
        "12th",
        "HS-grad",
        "Some-college",
        "Assoc-voc",
        "Assoc-acdm",
        "Bachelors",
        "Masters",
        "Prof-school",
        "Doctorate",
    ];
    let number =
        degrees.iter().position(|degree| *degree == row.cell("education")).map_or(0, |place| place + 1);
    let married = ["Married-civ-spouse", "Married-AF-spouse"];
    [
        number as f64 != row.number("education-num"),
        !(17.0..=90.0).contains(&row.number("age")),
        !(1.0..=99.0).contains(&row.number("hours-per-week")),
        row.cell("relationship") == "Husband" && !married.contains(&row.cell("marital-status")),
        row.cell("workclass").is_empty() && !row.cell("occupation").is_empty(),
        row.number("capital-gain") > 0.0 && row.number("capital-loss") != 0.0,
    ]
    .into_iter()
    .filter(|broken| *broken)
    .count()
}

fn hospital_violations(row: &Row<'_>) -> usize {
    let cell = |name: &str| row.cell(name);
    let discharged = cell("discharged");
    let building = match cell("ward") {
        "surgery" | "intensive" => "north",
        "medicine" | "neurology" => "south",
        _ => "east",
    };
    let hot = ["emergency", "planned", "transfer"].iter().filter(|name| cell(name) == "1").count();
    let cold = ["emergency", "planned", "transfer"].iter().filter(|name| cell(name) == "0").count();
    [
        // Dates are spelled with the year first: their texts are in their order.
        !discharged.is_empty() && discharged < cell("admitted"),
        !(0.0..=110.0).contains(&row.number("age")),
        row.number("diastolic") >= row.number("systolic"),
        row.cents("total") != row.cents("room") + row.cents("drugs") + row.cents("surgery_fee"),
        cell("building") != building,
        cell("outcome") == "dead" && !cell("follow_up").is_empty(),
        cell("insurer").is_empty() != cell("tariff").is_empty(),
        hot != 1 || cold != 2,
    ]
    .into_iter()
    .filter(|broken| *broken)
    .count()
}
