//! Constraints of every kind, with every method.

#[path = "constraints/given.rs"]
mod given;
#[path = "constraints/numbered.rs"]
mod numbered;
#[path = "constraints/rules.rs"]
mod rules;
#[path = "constraints/suggestions.rs"]
mod suggestions;

use lookalike::table::constraints::{Constraint, Rules};
use lookalike::{
    AnyModel, AnySynthesizer, Condition, Context, FitOptions, ReadOptions, SampleRequest, Seed, Silent, Table,
};
use lookalike_testing::tables::csv;
use lookalike_testing::visits::visits;

fn context() -> Context<'static> {
    Context::new(Seed::new(5))
}

fn fit(method: &AnySynthesizer, table: &Table) -> AnyModel {
    method
        .fit(table, &FitOptions::default(), &context())
        .unwrap_or_else(|error| panic!("{}: {error}", method.name()))
}

fn sample(model: &AnyModel, request: &SampleRequest) -> Table {
    let sampler = model.sample(request, &context());
    let sampler = sampler.unwrap_or_else(|error| panic!("{}: {error}", model.method()));
    sampler.collect_table().unwrap_or_else(|error| panic!("{}: {error}", model.method()))
}

/// The table as it is read from the file that it is written to.
fn written(table: &Table) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    std::fs::write(&path, csv(table)).unwrap();
    let options = ReadOptions { schema: Some((**table.schema()).clone()), ..ReadOptions::default() };
    let reading = lookalike::read(&path, &options, &Silent).unwrap();
    assert_eq!(reading.invalid.iter().sum::<u64>(), 0, "cells that cannot be read");
    reading.table
}

/// Every constraint holds in every cell as it is written.
fn assert_all_hold(training: &Table, sampled: &Table, what: &str) {
    let read = written(sampled);
    let rules = Rules::new(training.schema()).unwrap();
    for index in 0..rules.rules.len() {
        let broken = rules.violations_beside(index, &read, training);
        let rows: Vec<usize> = (0..broken.len()).filter(|&row| broken[row]).collect();
        assert!(
            rows.is_empty(),
            "{what}: `{}` is broken in {} rows, first {:?}",
            rules.text(index),
            rows.len(),
            rows.first()
        );
    }
}

fn every_method(law: fn(&AnySynthesizer)) {
    for method in lookalike_testing::methods() {
        law(&method);
    }
}

#[test]
fn they_hold_in_written_cells() {
    every_method(|method| {
        let table = visits(600, 1);
        assert_all_hold(&table, &table, "the table itself");
        let model = fit(method, &table);
        assert_eq!(model.method(), method.name());
        assert_eq!(model.schema().columns.len(), table.n_columns());
        let sampled = sample(&model, &SampleRequest::rows(6000));
        assert_all_hold(&table, &sampled, method.name());
        for name in ["discharged", "high", "total", "state", "street", "card"] {
            let index = table.schema().index_of(name).unwrap();
            assert!(sampled.column(index).missing_count() < 6000, "{name} is never there");
        }
        let described = model.describe();
        assert_eq!(described.columns.len(), table.n_columns());
    });
}

#[test]
fn rows_are_the_same_wherever_they_are_drawn() {
    every_method(|method| {
        let model = fit(method, &visits(400, 2));
        let conditions = vec![
            Condition::parse("total>=20", model.schema(), 1).unwrap(),
            Condition::parse("city!=A", model.schema(), 1).unwrap(),
        ];
        for conditions in [Vec::new(), conditions] {
            let request = |rows: std::ops::Range<u64>| SampleRequest {
                rows,
                conditions: conditions.clone(),
                ..SampleRequest::default()
            };
            let all = sample(&model, &request(0..5000));
            for rows in [0..10, 2040..2060, 4999..5000, 7..7] {
                let part = sample(&model, &request(rows.clone()));
                let same = all.slice(rows.start as usize..rows.end as usize);
                assert!(csv(&part) == csv(&same), "{}: rows {rows:?} differ", method.name());
            }
            let on_one = rayon::ThreadPoolBuilder::new()
                .num_threads(1)
                .build()
                .unwrap()
                .install(|| sample(&model, &request(0..5000)));
            assert!(csv(&on_one) == csv(&all), "{}: threads matter", method.name());
        }
    });
}

#[test]
fn files_keep_constrained_models() {
    every_method(|method| {
        let model = fit(method, &visits(400, 3));
        let bytes = lookalike::model_file::to_bytes(&model);
        let again = lookalike::model_file::from_bytes(&bytes).unwrap();
        assert_eq!(again.schema().constraints, model.schema().constraints);
        assert!(lookalike::model_file::to_bytes(&again) == bytes, "{}: another file", method.name());
        let request = SampleRequest::rows(3000);
        assert!(
            csv(&sample(&again, &request)) == csv(&sample(&model, &request)),
            "{}: other rows",
            method.name()
        );
    });
}

#[test]
fn conditions_and_constraints_hold_together() {
    every_method(|method| {
        let table = visits(800, 4);
        let model = fit(method, &table);
        for (conditions, column) in [
            (vec!["discharged>=1971-03-01"], "discharged"),
            (vec!["total>=50", "quantity>=3"], "total"),
            (vec!["city=B"], "city"),
            (vec!["red=1", "admitted<1970-12-01"], "red"),
            (vec!["points<40"], "points"),
            (vec!["card=V"], "card"),
        ] {
            let parsed =
                conditions.iter().map(|text| Condition::parse(text, model.schema(), 1).unwrap()).collect();
            let request = SampleRequest { rows: 0..700, conditions: parsed, ..SampleRequest::default() };
            let sampled = sample(&model, &request);
            assert_all_hold(&table, &sampled, &format!("{} where {conditions:?}", method.name()));
            let index = table.schema().index_of(column).unwrap();
            assert_eq!(sampled.column(index).missing_count(), 0, "{}: {conditions:?}", method.name());
            let cells =
                lookalike::table::spelling::spell(&table.schema().columns[index], sampled.column(index));
            let fits = |cell: &str| match column {
                "discharged" => cell >= "1971-03-01",
                "total" => cell.parse::<f64>().unwrap() >= 50.0,
                "city" => cell == "B",
                "red" => cell == "1",
                "points" => cell.parse::<f64>().unwrap() < 40.0,
                _ => cell == "V",
            };
            assert!(cells.iter().flatten().all(|cell| fits(cell)), "{}: {conditions:?}", method.name());
        }
    });
    // What goes by the row's number, and what cannot be, is an error that names the constraint.
    let model = fit(&AnySynthesizer::from_name("copula").unwrap(), &visits(400, 4));
    for (text, needle) in
        [("serial>=5", "unique(serial)"), ("time<1970-02-01", "rising"), ("total>=9999999", "total = ")]
    {
        let conditions = vec![Condition::parse(text, model.schema(), 1).unwrap()];
        let request = SampleRequest { rows: 0..10, conditions, ..SampleRequest::default() };
        let error = model.sample(&request, &context()).expect_err(text).to_string();
        assert!(error.contains(needle), "{text}: {error}");
    }
}

#[test]
fn given_rows_are_completed_within_constraints() {
    every_method(|method| {
        let table = visits(800, 6);
        let model = fit(method, &table);
        let index = |name: &str| table.schema().index_of(name).unwrap();
        let given: Vec<usize> =
            ["admitted", "discharged", "price", "city", "state", "code", "payment"].map(index).to_vec();
        // Rows that the model itself draws: of the table's, some have values that it withholds.
        let like = sample(&model, &SampleRequest::rows(30)).select(&given);
        let request = SampleRequest { rows: 0..60, like: Some(like.clone()), ..SampleRequest::default() };
        let sampled = sample(&model, &request);
        let numbered = |text: &str| text.starts_with("rising") || text.starts_with("unique");
        let rest = table.schema().constraints.iter().filter(|constraint| !numbered(&constraint.to_string()));
        let lenient = table.clone().with_constraints(rest.cloned().collect());
        assert_all_hold(&lenient, &sampled, method.name());
        for (place, &column) in given.iter().enumerate() {
            let described = &table.schema().columns[column];
            let spell = |column: &lookalike::Column| lookalike::table::spelling::spell(described, column);
            let (own, theirs) = (spell(sampled.column(column)), spell(like.column(place)));
            for row in 0..60 {
                assert!(
                    theirs[row % 30].is_none() || own[row] == theirs[row % 30],
                    "{}: {:?} in row {row}",
                    method.name(),
                    described.name
                );
            }
        }
        // A row whose dates are each well within what the model knows, the wrong way round.
        let dates = like.select(&[0, 1]);
        let days = |column: usize| dates.column(column).numbers().unwrap().values;
        let apart = |row: usize| days(1)[row] - days(0)[row];
        let inside = |row: usize| days(0)[row] > 50.0 * 86_400e6 && days(1)[row] < 600.0 * 86_400e6;
        let row = (0..30).find(|&row| inside(row) && apart(row) > 0.0).expect("some stays are in between");
        let wrong = dates.take(&[row]);
        let swapped =
            Table::new(wrong.schema().clone(), vec![wrong.column(1).clone(), wrong.column(0).clone()])
                .unwrap();
        let request = SampleRequest { rows: 0..60, like: Some(swapped), ..SampleRequest::default() };
        let error = model.sample(&request, &context()).expect_err("rows against the constraint").to_string();
        assert!(error.contains("admitted <= discharged"), "{error}");
    });
}

#[test]
fn gaps_are_filled_within_constraints() {
    for name in ["forest", "copula", "autoregressive"] {
        let method = &lookalike_testing::methods().into_iter().find(|method| method.name() == name).unwrap();
        let table = visits(800, 7);
        let model = fit(method, &table);
        let columns = table.columns().iter().enumerate().map(|(index, column)| {
            let flags: Vec<bool> = (0..table.n_rows()).map(|row| (row * 7 + index * 13) % 19 == 0).collect();
            column.with_missing(&flags)
        });
        let gappy = Table::new(table.schema().clone(), columns.collect()).unwrap();
        let imputed = model.impute(&gappy, &context()).unwrap();
        let cells: u64 = imputed.filled.iter().sum();
        assert!(cells > 500, "{name}: {cells} cells were filled");
        let rules = Rules::new(table.schema()).unwrap();
        for index in 0..rules.rules.len() {
            let text = rules.text(index);
            if text.starts_with("unique") || text.starts_with("rising") || text.starts_with("all_or_none") {
                continue;
            }
            let before = rules.violations_beside(index, &gappy, &table);
            let after = rules.violations_beside(index, &imputed.table, &table);
            let new = (0..after.len()).filter(|&row| after[row] && !before[row]).count();
            assert_eq!(new, 0, "{name}: `{text}` is newly broken");
        }
    }
}

#[test]
fn rows_that_break_a_constraint_are_told_and_left_out() {
    let table = visits(500, 8);
    let price = table.schema().index_of("admitted").unwrap();
    let mut columns = table.columns().to_vec();
    let mut days = columns[price].integers().unwrap().values;
    for day in days.iter_mut().take(7) {
        *day += 4000 * 86_400_000_000;
    }
    columns[price] = lookalike::Column::from_instants(days, None);
    let broken = Table::new(table.schema().clone(), columns).unwrap();
    let model = fit(&AnySynthesizer::from_name("copula").unwrap(), &broken);
    let told = model.warnings().iter().find(|warning| warning.message.contains("admitted <= discharged"));
    assert!(told.is_some_and(|warning| warning.message.contains("7 training rows")), "{told:?}");
    assert_eq!(model.n_training_rows(), 493);
}

#[test]
fn constraints_that_clash_are_met_by_drawing_again() {
    let table = visits(500, 9);
    let also = ["a <= sum", "low <= points"].map(|text| Constraint::parse(text).unwrap());
    let rows: Vec<usize> = (0..500).collect();
    let mut constraints = table.schema().constraints.clone();
    constraints.extend(also);
    let table = table.take(&rows).with_constraints(constraints);
    let model = fit(&AnySynthesizer::from_name("independent").unwrap(), &table);
    assert!(model.warnings().iter().any(|warning| warning.message.contains("a <= sum")));
    assert_all_hold(&table, &sample(&model, &SampleRequest::rows(3000)), "independent");
}

#[test]
fn forged_plans_are_refused_and_never_panic() {
    let model = fit(&AnySynthesizer::from_name("independent").unwrap(), &visits(300, 10));
    let parts = model.to_parts();
    let steps = parts.header["constrained"]["plan"]["steps"].as_array().unwrap().len();
    let mut refused = 0;
    for step in 0..steps {
        for field in ["from", "column", "constraint", "columns", "references", "form", "cells", "alone"] {
            for value in [
                serde_json::json!(9999),
                serde_json::json!(0),
                serde_json::json!([9999]),
                serde_json::json!([]),
            ] {
                let mut changed = parts.clone();
                let entry = changed.header["constrained"]["plan"]["steps"][step].as_object_mut().unwrap();
                let inside = entry.values_mut().next().unwrap();
                if inside.get(field).is_none() {
                    continue;
                }
                inside[field] = value;
                match AnyModel::from_parts(changed) {
                    Err(_) => refused += 1,
                    Ok(model) => {
                        if let Ok(sampler) = model.sample(&SampleRequest::rows(10), &context()) {
                            let _ = sampler.collect_table();
                        }
                    }
                }
            }
        }
    }
    assert!(refused > 100, "{refused}");
}
