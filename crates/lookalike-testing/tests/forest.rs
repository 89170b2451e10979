//! What the forest promises beyond the laws of all methods.

use std::collections::BTreeMap;

use lookalike::synth::{Array, Effort, Forest};
use lookalike::{
    AnyModel, AnySynthesizer, Column, Condition, Context, FitOptions, SampleRequest, Seed, Table,
};
use lookalike_testing::tables::{self, csv, nominal, table, whole};

fn context() -> Context<'static> {
    Context::new(Seed::new(3))
}

fn fit(table: &Table, options: &FitOptions) -> AnyModel {
    AnySynthesizer::Forest(Forest::default()).fit(table, options, &context()).expect("it can be learned")
}

fn sample(model: &AnyModel, rows: u64, conditions: &[&str]) -> lookalike::synth::Result<Table> {
    let conditions =
        conditions.iter().map(|text| Condition::parse(text, model.schema(), 1)).collect::<Result<_, _>>()?;
    let request = SampleRequest { rows: 0..rows, conditions, ..SampleRequest::default() };
    model.sample(&request, &context())?.collect_table()
}

fn numbers(table: &Table, name: &str) -> Vec<f64> {
    table.column(table.schema().index_of(name).unwrap()).numbers().unwrap().values
}

/// Two dependent columns, a number that one of them says, and one that they say together.
fn related(n_rows: usize) -> Table {
    let mut stream = Seed::new(8).stream("related", 0);
    let school: Vec<i64> = (0..n_rows).map(|_| stream.below(6) as i64).collect();
    let rank: Vec<i64> = school.iter().map(|school| 20 - school * school % 5).collect();
    let job: Vec<i64> = school
        .iter()
        .map(|&school| if stream.below(4) == 0 { stream.below(4) as i64 } else { school % 4 })
        .collect();
    let pay: Vec<i64> =
        (0..n_rows).map(|row| 100 * (school[row] ^ job[row]) + stream.below(30) as i64).collect();
    table(vec![
        ("rank", whole(), Column::from_integers(rank, None)),
        ("school", whole(), Column::from_integers(school, None)),
        ("job", whole(), Column::from_integers(job, None)),
        ("pay", whole(), Column::from_integers(pay, None)),
    ])
}

#[test]
fn what_follows_from_another_column_comes_out_exactly() {
    let model = fit(&related(2000), &FitOptions::default());
    let drawn = sample(&model, 5000, &[]).unwrap();
    let (school, rank) = (numbers(&drawn, "school"), numbers(&drawn, "rank"));
    assert!(school.iter().zip(&rank).all(|(school, rank)| 20.0 - school * school % 5.0 == *rank));
}

#[test]
fn joint_effects_of_two_columns_are_learned() {
    let model = fit(&related(4000), &FitOptions::default());
    let drawn = sample(&model, 4000, &[]).unwrap();
    let (school, job, pay) = (numbers(&drawn, "school"), numbers(&drawn, "job"), numbers(&drawn, "pay"));
    let right = (0..4000)
        .filter(|&row| (pay[row] / 100.0).floor() as i64 == (school[row] as i64) ^ (job[row] as i64))
        .count();
    assert!(right > 3800, "{right} of 4000");
}

/// How a column is drawn by a model.
fn draw_of(model: &AnyModel, name: &str) -> lookalike::synth::ColumnDraw {
    let description = model.describe();
    description.columns.iter().find(|column| column.name == name).and_then(|column| column.draw).unwrap()
}

#[test]
fn bits_say_what_the_columns_before_tell() {
    let mut stream = Seed::new(6).stream("noise", 0);
    let noise: Vec<i64> = (0..4000).map(|_| stream.below(16) as i64).collect();
    let related = related(4000);
    let columns: Vec<_> = ["school", "rank", "job", "pay"]
        .map(|name| (name, whole(), related.column(related.schema().index_of(name).unwrap()).clone()))
        .into_iter()
        .chain([("noise", whole(), Column::from_integers(noise, None))])
        .collect();
    for effort in [Effort::Fast, Effort::Default] {
        let forest = AnySynthesizer::Forest(Forest { effort, ..Forest::default() });
        let model = forest.fit(&table(columns.clone()), &FitOptions::default(), &context()).unwrap();
        let of = |name| draw_of(&model, name);
        // Nothing tells about noise, and nothing is pretended: 16 equally likely values are 4 bits.
        assert!((of("noise").bits_alone - 4.0).abs() < 0.01);
        assert!((of("noise").bits_given - 4.0).abs() < 0.01, "{:?}", of("noise"));
        // What follows from another column needs no bits.
        assert!(of("rank").follows && of("rank").bits_given == 0.0 && of("rank").bits_alone > 1.5);
        // Three of four jobs are what the school says, the others are one of four by chance.
        let truth = -(0.8125 * lookalike_core::math::log2(0.8125) + 3.0 * 0.0625 * -4.0);
        assert!((of("job").bits_given - truth).abs() < 0.06, "{} {truth}", of("job").bits_given);
        assert!(of("job").bits_alone > 1.9);
    }
}

/// How many entries the trees of a model have.
fn entries_of_trees(model: &AnyModel) -> usize {
    let parts = model.to_parts();
    let of_nodes = parts.arrays.iter().filter(|(name, _)| name.ends_with("/nodes"));
    of_nodes
        .map(|(_, array)| match array {
            Array::U8(entries) => entries.len(),
            Array::U32(entries) => entries.len(),
            Array::U64(entries) => entries.len(),
            _ => 0,
        })
        .sum()
}

/// Noise is given no trees, and what columns say each on its own is learned by shallow ones: less is remembered.
#[test]
fn trees_are_as_deep_as_the_rows_held_back_ask_for() {
    let mut stream = Seed::new(12).stream("sums", 0);
    let parts: [Vec<i64>; 4] = std::array::from_fn(|_| (0..3000).map(|_| stream.below(2) as i64).collect());
    let noise: Vec<i64> = (0..3000).map(|_| stream.below(2) as i64).collect();
    let total = |way: fn([i64; 4]) -> bool, stream: &mut lookalike_core::Stream| -> Vec<i64> {
        (0..3000)
            .map(|row| {
                let parts = [0, 1, 2, 3].map(|part| parts[part][row]);
                i64::from(way(parts) != (stream.below(4) == 0))
            })
            .collect()
    };
    let entries = |last: Vec<i64>| {
        let columns = ["a", "b", "c", "d"].into_iter().zip(&parts);
        let columns = columns
            .map(|(name, values)| (name, whole(), Column::from_integers(values.clone(), None)))
            .chain([("last", whole(), Column::from_integers(last, None))])
            .collect();
        entries_of_trees(&fit(&table(columns), &FitOptions::default()))
    };
    let alone = entries(total(|[a, ..]| a == 1, &mut stream));
    let together = entries(total(|[a, b, c, d]| (a ^ b ^ c ^ d) == 1, &mut stream));
    let noise = entries(noise);
    assert!(noise < alone && alone < together, "{noise} {alone} {together}");
}

#[test]
fn probabilities_of_all_possible_rows_add_up_to_one() {
    let mut stream = Seed::new(2).stream("pairs", 0);
    let a: Vec<u32> = (0..600).map(|_| stream.below(3) as u32).collect();
    let b: Vec<u32> = a.iter().map(|&a| if stream.below(3) == 0 { 0 } else { a % 2 }).collect();
    let gaps = |codes: &[u32]| {
        codes.iter().enumerate().map(|(row, &c)| if row % 9 == 0 { u32::MAX } else { c }).collect()
    };
    let levels = |names: &[&str]| lookalike::table::Levels::new(names);
    let build = |a: Vec<u32>, b: Vec<u32>| {
        table(vec![
            ("a", nominal(), Column::from_codes(a, &levels(&["x", "y", "z"]))),
            ("b", nominal(), Column::from_codes(b, &levels(&["p", "q"]))),
        ])
    };
    let real = build(a, gaps(&b));
    let all: Vec<(u32, u32)> = (0..3).flat_map(|a| [(a, 0), (a, 1), (a, u32::MAX)]).collect();
    let rows = build(all.iter().map(|pair| pair.0).collect(), all.iter().map(|pair| pair.1).collect());
    for method in ["forest", "independent"] {
        let synthesizer = AnySynthesizer::from_name(method).unwrap();
        let model = synthesizer.fit(&real, &FitOptions::default(), &context()).unwrap();
        let logs = model.log_prob(&rows).unwrap().expect("both can tell");
        let sum: f64 = logs.iter().map(|&log| lookalike_core::math::exp(log)).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{method}: {sum}");
    }
}

#[test]
fn likelihood_tells_usual_rows_from_odd_ones() {
    let real = related(2000);
    let model = fit(&real, &FitOptions::default());
    let pay =
        Column::from_integers(numbers(&real, "pay").iter().rev().map(|&pay| pay as i64).collect(), None);
    let columns: Vec<Column> = (0..3).map(|column| real.column(column).clone()).chain([pay]).collect();
    let mixed_up = Table::new(real.schema().clone(), columns).unwrap();
    let mean = |table: &Table| {
        let logs = model.log_prob(table).unwrap().unwrap();
        logs.iter().map(|log| log.max(-50.0)).sum::<f64>() / logs.len() as f64
    };
    assert!(mean(&real) > mean(&mixed_up) + 2.0);
    assert!(
        AnySynthesizer::from_name("copula")
            .unwrap()
            .fit(&real, &FitOptions::default(), &context())
            .unwrap()
            .log_prob(&real)
            .unwrap()
            .is_none()
    );
}

#[test]
fn conditions_follow_the_real_conditional() {
    let real = related(6000);
    for first in [vec![], vec![2]] {
        let model = fit(&real, &FitOptions { condition_on: first.clone(), ..FitOptions::default() });
        let drawn = sample(&model, 6000, &["job=3"]).unwrap();
        assert!(numbers(&drawn, "job").iter().all(|&job| job == 3.0));
        let share = |table: &Table| {
            let (job, school) = (numbers(table, "job"), numbers(table, "school"));
            let inside: Vec<f64> = (0..6000).filter(|&row| job[row] == 3.0).map(|row| school[row]).collect();
            inside.iter().filter(|&&school| school == 3.0).count() as f64 / inside.len() as f64
        };
        let (found, expected) = (share(&drawn), share(&real));
        assert!((found - expected).abs() < 0.05, "{found} instead of {expected}, columns first: {first:?}");
        let sampler = model.sample(
            &SampleRequest {
                rows: 0..10,
                conditions: vec![Condition::parse("job=3", model.schema(), 1).unwrap()],
                ..SampleRequest::default()
            },
            &context(),
        );
        // A column that goes first needs no choice among candidates, and so no warning.
        assert_eq!(sampler.unwrap().warnings().is_empty(), !first.is_empty());
    }
}

#[test]
fn conditions_that_exclude_each_other_are_refused() {
    let model = fit(&related(3000), &FitOptions::default());
    let refused = sample(&model, 10, &["school=1", "rank=20"]).unwrap_err().to_string();
    assert!(refused.contains("--condition-on"), "{refused}");
}

/// A condition that hardly any candidate misses leaves no rule broken for it.
#[test]
fn rules_hold_under_conditions_that_nearly_all_rows_fulfil() {
    let codes: Vec<i64> = (0..12_000).map(|row| if row % 1500 == 7 { 9 } else { row % 5 }).collect();
    let twice = codes.iter().map(|code| if *code == 9 { 77 } else { 10 * (code % 3) }).collect();
    let columns = vec![
        ("code", whole(), Column::from_integers(codes, None)),
        ("twice", whole(), Column::from_integers(twice, None)),
    ];
    let model = fit(&table(columns), &FitOptions::default());
    let drawn = sample(&model, 40_000, &["twice!=77"]).unwrap();
    let (codes, twice) = (numbers(&drawn, "code"), numbers(&drawn, "twice"));
    assert!(codes.iter().zip(&twice).all(|(code, twice)| *code < 5.0 && *twice == 10.0 * (code % 3.0)));
}

/// Rows of low discrepancy with another seed's luck.
fn evenly(model: &AnyModel, rows: std::ops::Range<u64>, seed: u64) -> Table {
    let request = SampleRequest { rows, low_discrepancy: true, ..SampleRequest::default() };
    let sampler = model.sample(&request, &Context::new(Seed::new(seed))).expect("a plain request");
    assert!(sampler.warnings().iter().any(|warning| warning.message.contains("not independent")));
    sampler.collect_table().expect("sampling works")
}

/// The shares of all values of all columns.
fn shares(table: &Table) -> BTreeMap<(usize, String), f64> {
    let text = String::from_utf8(csv(table)).unwrap();
    let mut shares = BTreeMap::new();
    for line in text.lines().skip(1) {
        for (column, cell) in line.split(',').enumerate() {
            *shares.entry((column, cell.to_owned())).or_insert(0.0) += 1.0 / table.n_rows() as f64;
        }
    }
    shares
}

#[test]
fn rows_of_low_discrepancy_are_nearer_to_the_model() {
    let model = fit(&related(3000), &FitOptions::default());
    let own = shares(&sample(&model, 200_000, &[]).unwrap());
    let error = |table: Table| -> f64 {
        let found = shares(&table);
        own.iter().map(|(value, share)| (found.get(value).unwrap_or(&0.0) - share).powi(2)).sum()
    };
    let (mut even, mut independent) = (0.0, 0.0);
    for seed in 10..18 {
        even += error(evenly(&model, 0..512, seed));
        let sampler = model.sample(&SampleRequest::rows(512), &Context::new(Seed::new(seed)));
        independent += error(sampler.unwrap().collect_table().unwrap());
    }
    let ratio = (even / independent).sqrt();
    assert!(ratio < 0.6, "errors are {ratio:.2} of those of independent rows");
}

#[test]
fn rows_of_low_discrepancy_are_parts_of_one_table() {
    let model = fit(&tables::mixed(500, 3), &FitOptions::default());
    let whole = evenly(&model, 0..70_000, 1);
    for threads in [1, 2, 7] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert!(pool.install(|| csv(&evenly(&model, 0..70_000, 1))) == csv(&whole), "{threads} threads");
    }
    for rows in [0..1, 0..512, 2047..2050, 65_000..66_000, 69_999..70_000, 12..12] {
        let part = csv(&whole.slice(rows.start as usize..rows.end as usize));
        assert!(csv(&evenly(&model, rows.clone(), 1)) == part, "rows {rows:?}");
    }
    assert!(csv(&evenly(&model, 0..512, 2)) != csv(&whole.slice(0..512)), "the seed changes nothing");
    assert_eq!(evenly(&model, 1 << 40..(1 << 40) + 10, 1).n_rows(), 10);
}

#[test]
fn low_discrepancy_does_not_go_with_everything() {
    let table = related(1000);
    let refused = |method: &str, conditions: &[&str], like: Option<Table>| {
        let method = AnySynthesizer::from_name(method).unwrap();
        let model = method.fit(&table, &FitOptions::default(), &context()).unwrap();
        let conditions = conditions.iter().map(|text| Condition::parse(text, model.schema(), 1).unwrap());
        let request = SampleRequest {
            rows: 0..5,
            conditions: conditions.collect(),
            like,
            low_discrepancy: true,
            ..SampleRequest::default()
        };
        model.sample(&request, &context()).map(|_| ()).unwrap_err().to_string()
    };
    let sentence = "--low-discrepancy does not go with conditions, --like or --around";
    assert_eq!(refused("forest", &["job=3"], None), sentence);
    assert_eq!(refused("forest", &[], Some(table.clone())), sentence);
    assert!(refused("copula", &[], None).contains("only the method forest"));
    assert!(refused("independent", &["job=3"], None).contains(sentence));
}

/// The table with every so-manieth cell of some columns missing.
fn with_gaps(table: &Table, gaps: &[(usize, usize)]) -> Table {
    let mut columns = table.columns().to_vec();
    for &(column, every) in gaps {
        let flags: Vec<bool> = (0..table.n_rows()).map(|row| row % every == 0).collect();
        columns[column] = columns[column].with_missing(&flags);
    }
    Table::new(table.schema().clone(), columns).unwrap()
}

#[test]
fn filled_cells_follow_from_given_ones() {
    let real = related(3000);
    let model = fit(&real, &FitOptions::default());
    let fresh = related(3600).slice(3000..3600);
    // Rank follows from school, and says which two schools are possible.
    for gaps in [[(0, 2), (2, 3)], [(1, 2), (3, 3)]] {
        let filled = model.impute(&with_gaps(&fresh, &gaps), &context()).unwrap().table;
        let (school, rank) = (numbers(&filled, "school"), numbers(&filled, "rank"));
        assert!(school.iter().zip(&rank).all(|(school, rank)| 20.0 - school * school % 5.0 == *rank));
        let (job, pay) = (numbers(&filled, "job"), numbers(&filled, "pay"));
        let right = (0..600)
            .filter(|&row| (pay[row] / 100.0).floor() as i64 == (school[row] as i64) ^ (job[row] as i64))
            .count();
        assert!(right > 560, "{right} of 600 fit, gaps {gaps:?}");
    }
}

#[test]
fn gaps_are_filled_where_few_values_are_possible() {
    let codes: Vec<i64> = (0..6000).map(|row| row * 7919 % 200).collect();
    let groups = |codes: &[i64]| codes.iter().map(|code| code % 97).collect();
    let columns = vec![
        ("code", whole(), Column::from_integers(codes.clone(), None)),
        ("group", whole(), Column::from_integers(groups(&codes), None)),
        ("half", whole(), Column::from_integers(codes.iter().map(|code| code % 2).collect(), None)),
    ];
    let real = table(columns);
    let model = fit(&real, &FitOptions::default());
    let part = real.slice(0..400);
    let filled = model.impute(&with_gaps(&part, &[(0, 2)]), &context()).unwrap().table;
    let (code, group) = (numbers(&filled, "code"), numbers(&filled, "group"));
    assert!(code.iter().zip(&group).all(|(code, group)| code % 97.0 == *group));

    // The fourth row contradicts the rule, and the row before it has no gap.
    let wrong = table(vec![
        ("code", whole(), Column::from_integers(vec![5, 6, 7, 8], None)),
        ("group", whole(), Column::from_integers(vec![5, 6, 7, 9], None)),
        ("half", whole(), Column::from_integers(vec![0; 4], Some(vec![true, true, false, true]))),
    ]);
    let refused = model.impute(&wrong, &context()).unwrap_err().to_string();
    assert!(refused.starts_with("row 4 "), "{refused}");
}

#[test]
fn filled_cells_have_the_models_shares() {
    let real = related(4000);
    let model = fit(&real, &FitOptions::default());
    let filled = model.impute(&with_gaps(&real, &[(2, 2)]), &context()).unwrap().table;
    for job in 0..4 {
        let share = |table: &Table| {
            numbers(table, "job").iter().step_by(2).filter(|&&own| own == f64::from(job)).count() as f64
                / 2000.0
        };
        assert!((share(&real) - share(&filled)).abs() < 0.03, "{} {}", share(&real), share(&filled));
    }
}

#[test]
fn more_effort_is_another_model_and_less_is_smaller() {
    let table = tables::mixed(800, 4);
    let size = |effort| {
        let forest = AnySynthesizer::from_name("forest").unwrap().with_effort(effort).unwrap();
        let model = forest.fit(&table, &FitOptions::default(), &context()).unwrap();
        lookalike::model_file::to_bytes(&model).len()
    };
    assert!(size(Effort::Fast) < size(Effort::Default) && size(Effort::Default) < size(Effort::High));
    let refused = AnySynthesizer::from_name("copula").unwrap().with_effort(Effort::High).unwrap_err();
    assert!(refused.to_string().contains("--effort"));
}

#[test]
fn short_memory_means_fewer_rows_and_whole_units() {
    let people: Vec<i64> = (0..30_000).map(|row| row / 10).collect();
    let mut stream = Seed::new(2).stream("visits", 0);
    let cost: Vec<i64> = people.iter().map(|person| person % 7 + stream.below(3) as i64).collect();
    let kept = table(vec![
        (
            "person",
            lookalike::Kind::Id(lookalike::table::schema::IdFormat::default()),
            Column::from_integers(people, None),
        ),
        ("cost", whole(), Column::from_integers(cost, None)),
    ]);
    let options = FitOptions { unit: Some(0), ..FitOptions::default() };
    let learn = |memory_limit| {
        let forest = AnySynthesizer::Forest(Forest { effort: Effort::Fast, ..Forest::default() });
        forest.with_memory_limit(memory_limit).unwrap().fit(&kept, &options, &context())
    };
    let all = learn(1 << 30).unwrap().describe();
    assert_eq!((all.n_rows, all.n_units, all.warnings.len()), (30_000, 3000, 0));
    let part = learn(2 << 20).unwrap().describe();
    assert!((21_000..22_000).contains(&part.n_rows) && part.n_rows == 10 * part.n_units, "{}", part.n_rows);
    assert!(part.warnings.iter().any(|warning| warning.message.contains("of 30000, drawn at random")));
    // A table so wide that not even a thousand rows would fit is refused with what it would take.
    let named: Vec<String> = (0..300).map(|column| format!("x{column}")).collect();
    let ones = || Column::from_integers(vec![1; 2000], None);
    let wide = named.iter().map(|name| (name.as_str(), whole(), ones()));
    let refused = AnySynthesizer::from_name("forest").unwrap().with_memory_limit(1 << 20).unwrap();
    let refused = refused.fit(&table(wide.collect()), &FitOptions::default(), &context()).unwrap_err();
    assert!(matches!(refused, lookalike::synth::Error::Memory { needed: 2_480_000, limit: 1_048_576, .. }));
}

/// Whatever one entry of a model's arrays is changed to, the model is refused or samples without a panic.
#[test]
fn no_changed_entry_breaks_sampling() {
    let model = fit(&tables::mixed(200, 6), &FitOptions::default());
    let parts = model.to_parts();
    let names: Vec<String> =
        parts.arrays.keys().filter(|name| name.starts_with("forest/")).cloned().collect();
    let mut stream = Seed::new(1).stream("changes", 0);
    let (mut refused, mut sound) = (0, 0);
    for name in names {
        for value in [0, 1, 200, u64::MAX] {
            let mut changed = parts.clone();
            let changed_to = match changed.arrays.get_mut(&name) {
                Some(Array::U8(entries)) if !entries.is_empty() => {
                    let at = stream.below(entries.len() as u64) as usize;
                    std::mem::replace(&mut entries[at], value as u8) != value as u8
                }
                Some(Array::U32(entries)) if !entries.is_empty() => {
                    let at = stream.below(entries.len() as u64) as usize;
                    std::mem::replace(&mut entries[at], value as u32) != value as u32
                }
                Some(Array::U64(entries)) if !entries.is_empty() => {
                    let at = stream.below(entries.len() as u64) as usize;
                    std::mem::replace(&mut entries[at], value) != value
                }
                _ => false,
            };
            if !changed_to {
                continue;
            }
            match AnyModel::from_parts(changed) {
                Ok(model) => {
                    let rows = sample(&model, 20, &[]).expect("a sound model samples");
                    assert!(!csv(&rows).is_empty());
                    sound += 1;
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 50 && sound > 50, "{refused} refused, {sound} sound");
}

#[test]
fn more_rows_than_any_memory_holds_are_refused_at_once() {
    let model = fit(&related(300), &FitOptions::default());
    for rows in [1 << 56, u64::MAX] {
        let error = sample(&model, rows, &[]).unwrap_err();
        let is_memory =
            matches!(error, lookalike::synth::Error::Table(lookalike::table::Error::Memory { .. }));
        assert!(is_memory, "{error}");
        // As a stream they come, and the last of them too.
        let request = SampleRequest { rows: rows - 3..rows, ..SampleRequest::default() };
        assert_eq!(model.sample(&request, &context()).unwrap().collect_table().unwrap().n_rows(), 3);
    }
}

#[test]
fn infinite_cells_are_missing_ones_and_are_told() {
    let table = table(vec![
        ("x", lookalike::Kind::Numerical(lookalike::table::schema::NumberFormat::default()), {
            let value = |row: i32| if row % 10 == 0 { f64::INFINITY } else { f64::from(row) / 7.0 };
            Column::from_floats((0..600).map(value).collect(), None)
        }),
        ("job", whole(), Column::from_integers((0..600).map(|row| row % 4).collect(), None)),
    ]);
    for name in ["forest", "copula", "independent"] {
        let method = AnySynthesizer::from_name(name).unwrap();
        let model = method.fit(&table, &FitOptions::default(), &context()).unwrap();
        let told: Vec<String> = model.warnings().iter().map(ToString::to_string).collect();
        assert!(
            told.iter().any(|one| one.contains("\"x\": 60 infinite cells are taken as missing")),
            "{told:?}"
        );
        let drawn = sample(&model, 2000, &[]).unwrap();
        let column = drawn.column(0);
        assert!(column.numbers().unwrap().values.iter().all(|value| !value.is_infinite()), "{name}");
        let missing = column.missing_count();
        assert!((120..300).contains(&missing), "{name}: {missing} of 2000 are missing");
    }
}

#[test]
fn all_conditions_that_cannot_be_are_told_at_once() {
    use lookalike::conditions::{Named, resolve};
    use lookalike::synth::{Operator, Refusal};
    let model = fit(&related(600), &FitOptions::default());
    let asked = |texts: &[&str], named: &[(&str, &[Option<&str>])]| {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let named: Vec<Named> = named
            .iter()
            .map(|(column, values)| Named {
                column: (*column).to_owned(),
                operator: Operator::Equal,
                values: values.iter().map(|value| value.map(str::to_owned)).collect(),
            })
            .collect();
        resolve(&texts, &named, &model, &context())
    };
    let error = asked(&["nope=1", "rank"], &[("school", &[Some("x")]), ("job", &[None])]).unwrap_err();
    let sentence = error.to_string();
    for word in
        ["nope", "condition 2", "\"school\"", "not of its kind, numerical", "\"job\"", "no missing values"]
    {
        assert!(sentence.contains(word), "{word} is not in: {sentence}");
    }
    // A single one is itself.
    let error = sample(&model, 1, &["pay=1000000"]).unwrap_err();
    assert!(matches!(error, lookalike::synth::Error::Refused { refusal: Refusal::Value, .. }), "{error}");
    // One of several values, in other spellings.
    let conditions = asked(&[], &[("job", &[Some("1.0"), Some("3")])]).unwrap();
    let request = SampleRequest { rows: 0..300, conditions, ..SampleRequest::default() };
    let drawn = model.sample(&request, &context()).unwrap().collect_table().unwrap();
    let jobs = numbers(&drawn, "job");
    assert!(jobs.iter().all(|job| [1.0, 3.0].contains(job)) && jobs.contains(&1.0) && jobs.contains(&3.0));
}
