//! What holds for methods that are networks: tables that are hard to learn, and what is told about learning.

mod adversaries;
mod autoencoders;
mod dates;
mod per_column;
mod resuming;

use lookalike::table::Levels;
use lookalike::table::schema::NumberFormat;
use lookalike::{
    AnyModel, AnySynthesizer, Column, ColumnSchema, Context, FitOptions, Kind, SampleRequest, Schema, Seed,
    Table,
};

pub(crate) fn learn(method: &AnySynthesizer, table: &Table, target: Option<&str>) -> AnyModel {
    let context = Context::new(Seed::new(4));
    let target = target.map(|name| table.schema().index_of(name).expect("a column"));
    method.fit(table, &FitOptions { target, ..FitOptions::default() }, &context).expect("it can be learned")
}

pub(crate) fn sample(model: &AnyModel, rows: u64) -> Table {
    let sampler =
        model.sample(&SampleRequest::rows(rows), &Context::new(Seed::new(5))).expect("a possible request");
    sampler.collect_table().expect("sampling works")
}

/// Two numbers that rise together, a level that follows the first one's sign, a constant and a column without values.
pub(crate) fn related(rows: usize) -> Table {
    let mut stream = Seed::new(6).stream("related", 0);
    let x: Vec<f64> = (0..rows).map(|_| stream.normal()).collect();
    let y: Vec<f64> = x.iter().map(|x| 2.0 * x + 0.3 * stream.normal()).collect();
    let side = x.iter().map(|x| u32::from(*x > 0.0)).collect();
    let number = || Kind::Numerical(NumberFormat::default());
    let columns = vec![
        ("x", number(), Column::from_floats(x.clone(), None)),
        ("y", number(), Column::from_floats(y, None)),
        (
            "side",
            Kind::Categorical { order: Vec::new() },
            Column::from_codes(side, &Levels::new(["below", "above"])),
        ),
        ("same", number(), Column::from_floats(vec![7.0; rows], None)),
        ("none", number(), Column::from_floats(vec![0.0; rows], Some(vec![true; rows]))),
    ];
    let schema = columns.iter().map(|(name, kind, _)| ColumnSchema::new(*name, kind.clone())).collect();
    Table::new(Schema::new(schema).into(), columns.into_iter().map(|(_, _, column)| column).collect())
        .expect("columns of one length")
}

/// The numbers of a column.
pub(crate) fn numbers(table: &Table, name: &str) -> Vec<f64> {
    table.column(table.schema().index_of(name).expect("a column")).numbers().expect("numbers").values
}

pub(crate) fn deviation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64).sqrt()
}

pub(crate) fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let product = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / x.len() as f64;
    product / (deviation(x) * deviation(y))
}
