//! A table of people whose outcome depends on their other columns in a known way.

use std::sync::Arc;

use lookalike_core::{Context, Seed, Stream};
use lookalike_evaluate::{Evaluation, Inputs, Measurement, Wanted, evaluate};
use lookalike_table::schema::{BooleanFormat, NumberFormat};
use lookalike_table::{Codes, Column, ColumnSchema, Kind, Levels, Schema, Table};

/// The columns' numbers.
pub(crate) const AGE: usize = 0;
pub(crate) const TOWN: usize = 3;
pub(crate) const SEX: usize = 4;
pub(crate) const OUTCOME: usize = 5;
pub(crate) const INCOME: usize = 6;
pub(crate) const GRADE: usize = 7;

/// How a table differs from the usual one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct People {
    pub(crate) rows: usize,
    pub(crate) block: u64,
    /// How strongly the outcome depends on age, hours and height.
    pub(crate) effects: [f64; 3],
    /// How much less often the outcome is true for women, in log odds.
    pub(crate) bias: f64,
    /// The share of outcomes that are replaced by the throw of a coin.
    pub(crate) noise: f64,
    pub(crate) women: f64,
    /// Women's age and hours are drawn from elsewhere.
    pub(crate) women_distorted: bool,
}

impl People {
    pub(crate) fn new(rows: usize, block: u64) -> Self {
        People {
            rows,
            block,
            effects: [2.0, 1.0, 0.0],
            bias: 0.0,
            noise: 0.0,
            women: 0.4,
            women_distorted: false,
        }
    }

    pub(crate) fn table(self) -> Table {
        let mut stream = Seed::new(2026).stream("people", self.block);
        let columns: [Vec<f64>; 3] = Default::default();
        let ([mut ages, mut hours, mut heights], mut incomes) = (columns, Vec::new());
        let (mut towns, mut sexes, mut outcomes, mut grades) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..self.rows {
            let woman = stream.unit() < self.women;
            let shift = if woman && self.women_distorted { 1.5 } else { 0.0 };
            let [age, hour, height] = [0; 3].map(|_| stream.normal());
            let town = stream.below(4) as u32;
            let [by_age, by_hour, by_height] = self.effects;
            let odds = by_age * age + by_hour * hour + by_height * height
                - 0.8
                - if woman { self.bias } else { 0.0 }
                + if town == 3 { 0.7 } else { 0.0 };
            let truth = logistic(&mut stream, odds);
            let coin = stream.unit() < 0.5;
            outcomes.push(if stream.unit() < self.noise { coin } else { truth });
            incomes.push(10.0 * odds + stream.normal());
            grades.push((f64::midpoint(odds, stream.normal() * 0.5) + 1.5).clamp(0.0, 2.9) as u32);
            ages.push(40.0 + 10.0 * (age + shift));
            hours.push(40.0 + 5.0 * (hour + shift));
            heights.push(170.0 + 10.0 * height);
            towns.push(if stream.unit() < 0.03 { Codes::MISSING } else { town });
            sexes.push(u32::from(woman));
        }
        let number = || Kind::Numerical(NumberFormat::default());
        let levels = || Kind::Categorical { order: Vec::new() };
        let schema = Schema::new(vec![
            ColumnSchema::new("age", number()),
            ColumnSchema::new("hours", number()),
            ColumnSchema::new("height", number()),
            ColumnSchema::new("town", levels()),
            ColumnSchema::new("sex", levels()),
            ColumnSchema::new("outcome", Kind::Boolean(BooleanFormat::default())),
            ColumnSchema::new("income", number()),
            ColumnSchema::new("grade", levels()),
        ]);
        let columns = vec![
            Column::from_floats(ages, None),
            Column::from_floats(hours, None),
            Column::from_floats(heights, None),
            Column::from_codes(towns, &Levels::new(["Aby", "Boda", "Dala", "Eda"])),
            Column::from_codes(sexes, &Levels::new(["man", "woman"])),
            Column::from_booleans(outcomes, None),
            Column::from_floats(incomes, None),
            Column::from_codes(grades, &Levels::new(["low", "middle", "high"])),
        ];
        Table::new(Arc::new(schema), columns).unwrap()
    }
}

fn logistic(stream: &mut Stream, odds: f64) -> bool {
    stream.unit() < lookalike_core::math::sigmoid(odds)
}

/// The same table without these columns.
pub(crate) fn without(table: &Table, dropped: &[usize]) -> Table {
    let kept: Vec<usize> = (0..table.n_columns()).filter(|column| !dropped.contains(column)).collect();
    let schema = Schema::new(kept.iter().map(|&column| table.schema().columns[column].clone()).collect());
    Table::new(Arc::new(schema), kept.iter().map(|&column| table.column(column).clone()).collect()).unwrap()
}

/// Without the outcomes that are not predicted: they would tell everything.
pub(crate) fn for_outcome(people: People) -> Table {
    without(&people.table(), &[INCOME, GRADE])
}

/// What these metrics say of a table, with the outcome as target and sex as sensitive.
pub(crate) fn judge(train: &Table, holdout: &Table, synthetic: &Table, names: &[&str]) -> Evaluation {
    let wanted = Wanted::These(names.iter().map(|&name| name.to_owned()).collect());
    let inputs = Inputs {
        holdout: Some(holdout),
        target: Some(OUTCOME),
        sensitive: &[SEX],
        exhibits: Some(lookalike_evaluate::LaysOpen::Distributions),
        wanted: &wanted,
        ..Inputs::new(train, synthetic)
    };
    evaluate(&inputs, &Context::new(Seed::new(1))).unwrap()
}

pub(crate) fn measured<'a>(evaluation: &'a Evaluation, name: &str) -> &'a Measurement {
    evaluation.metric(name).unwrap_or_else(|| panic!("{name} was wanted"))
}

pub(crate) fn value(evaluation: &Evaluation, name: &str) -> f64 {
    let measurement = measured(evaluation, name);
    measurement.value.unwrap_or_else(|| panic!("{name}: {:?}", measurement.skipped))
}

pub(crate) fn floor(evaluation: &Evaluation, name: &str) -> f64 {
    measured(evaluation, name).floor.unwrap_or_else(|| panic!("{name} has a floor"))
}
