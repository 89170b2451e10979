//! What holds for every method, whatever it learns.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use lookalike::synth::{Error, Refusal};
use lookalike::{
    AnyModel, AnySynthesizer, Condition, Context, FitOptions, Kind, Progress, Protection, SampleRequest,
    Seed, Table,
};

use crate::tables::{self, csv};

const SEED: u64 = 11;

fn context() -> Context<'static> {
    Context::new(Seed::new(SEED))
}

fn fit(method: &AnySynthesizer, table: &Table) -> AnyModel {
    method.fit(table, &FitOptions::default(), &context()).expect("the table can be learned")
}

fn sample(model: &AnyModel, request: &SampleRequest) -> Table {
    model
        .sample(request, &context())
        .expect("the request is possible")
        .collect_table()
        .expect("sampling works")
}

fn is_network(method: &AnySynthesizer) -> bool {
    ["autoregressive", "vae", "tvae", "gan", "ctgan"].contains(&method.name())
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool").install(work)
}

/// The same data, options and seed give the same model and the same rows; another seed gives other rows.
pub fn seeds_decide(method: &AnySynthesizer) {
    let table = tables::mixed(700, 1);
    let models = [fit(method, &table), fit(method, &table)];
    let [a, b] = models.each_ref().map(lookalike::model_file::to_bytes);
    assert!(a == b, "two fits give different models");
    let request = SampleRequest::rows(3000);
    let rows = csv(&sample(&models[0], &request));
    assert!(rows == csv(&sample(&models[1], &request)), "two samples differ");
    let other =
        models[0].sample(&request, &Context::new(Seed::new(SEED + 1))).unwrap().collect_table().unwrap();
    assert!(rows != csv(&other), "the seed changes nothing");
}

/// The number of threads changes neither model nor rows.
pub fn threads_do_not_matter(method: &AnySynthesizer) {
    let table = tables::mixed(3000, 2);
    let run = || {
        let model = fit(method, &table);
        (lookalike::model_file::to_bytes(&model), csv(&sample(&model, &SampleRequest::rows(140_000))))
    };
    let one = on_threads(1, run);
    for threads in [2, 7] {
        assert!(one == on_threads(threads, run), "{threads} threads give other bytes");
    }
}

/// A shorter sample is a prefix of a longer one, and a range of rows is the same wherever it is drawn.
pub fn ranges_are_parts_of_one_table(method: &AnySynthesizer) {
    let model = fit(method, &tables::mixed(600, 3));
    let conditions = vec![Condition::parse("age>=35", model.schema(), 1).unwrap()];
    for conditions in [Vec::new(), conditions] {
        let request = |rows: std::ops::Range<u64>| SampleRequest {
            rows,
            conditions: conditions.clone(),
            ..SampleRequest::default()
        };
        let whole = sample(&model, &request(0..70_000));
        for rows in [0..10, 0..2048, 2047..2050, 65_000..66_000, 69_999..70_000, 12..12] {
            let part = sample(&model, &request(rows.clone()));
            assert!(
                csv(&part) == csv(&whole.slice(rows.start as usize..rows.end as usize)),
                "rows {rows:?} differ from the whole"
            );
        }
    }
}

/// Any number of rows can be asked for, none included, and the schema is that of the training table.
pub fn shapes_are_kept(method: &AnySynthesizer) {
    let table = tables::mixed(300, 4);
    let model = fit(method, &table);
    for rows in [0, 1, 2, 2048, 5000] {
        let sampled = sample(&model, &SampleRequest::rows(rows));
        assert_eq!(sampled.n_rows() as u64, rows);
        assert_eq!(sampled.n_columns(), table.n_columns());
        for (ours, theirs) in sampled.schema().columns.iter().zip(&table.schema().columns) {
            assert_eq!((&ours.name, ours.kind.name()), (&theirs.name, theirs.kind.name()));
        }
    }
}

/// Degenerate tables are learned or refused in words, never with a panic.
pub fn odd_tables_are_no_trouble(method: &AnySynthesizer) {
    let table = tables::mixed(40, 5);
    let unprotected = FitOptions { protection: Protection::none(), ..FitOptions::default() };
    for rows in [1, 2, 5, 6, 40] {
        let part = table.slice(0..rows);
        for options in [&FitOptions::default(), &unprotected] {
            match method.fit(&part, options, &context()) {
                Ok(model) => assert_eq!(sample(&model, &SampleRequest::rows(7)).n_rows(), 7),
                Err(error) => {
                    assert!(rows < 5 && options.protection.is_on(), "{rows} rows: {error}");
                    assert!(error.to_string().contains("--protect none"), "no cure: {error}");
                }
            }
        }
    }
    assert!(method.fit(&table.slice(0..0), &FitOptions::default(), &context()).is_err());
    for column in 0..table.n_columns() {
        let model = fit(method, &table.select(&[column]));
        assert_eq!(sample(&model, &SampleRequest::rows(50)).n_rows(), 50);
    }
}

/// Numbers and dates stay within the range of the training data, levels among its levels (or the pooled one), the
/// constant is constant, and keys are unique.
pub fn values_stay_in_bounds(method: &AnySynthesizer) {
    let table = tables::mixed(800, 6);
    let sampled = sample(&fit(method, &table), &SampleRequest::rows(20_000));
    for (index, described) in table.schema().columns.iter().enumerate() {
        let (real, ours) = (table.column(index), sampled.column(index));
        match &described.kind {
            Kind::Numerical(_) | Kind::Datetime(_) => {
                let range = |column: &lookalike::Column| {
                    let values = column.numbers().unwrap().values;
                    let present = values.into_iter().filter(|value| !value.is_nan());
                    present.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), value| {
                        (a.min(value), b.max(value))
                    })
                };
                let ((low, high), (ours_low, ours_high)) = (range(real), range(ours));
                assert!(low <= ours_low && ours_high <= high, "{} leaves its range", described.name);
            }
            Kind::Categorical { .. } => {
                let known: BTreeSet<String> = real.levels().unwrap().iter().map(str::to_owned).collect();
                let used = ours.texts().unwrap();
                assert!(
                    used.iter().flatten().all(|level| known.contains(level) || level == "other"),
                    "{} has new levels",
                    described.name
                );
            }
            Kind::Id(_) => {
                let keys: BTreeSet<String> = match ours.integers() {
                    Some(integers) => integers.values.iter().map(i64::to_string).collect(),
                    None => ours.texts().unwrap().iter().flatten().map(str::to_owned).collect(),
                };
                assert_eq!(keys.len(), 20_000, "{} repeats keys", described.name);
            }
            _ => {}
        }
    }
    // Networks learn how often values are missing, they do not copy it.
    let most_off = if is_network(method) { 0.06 } else { 0.015 };
    let missing = |table: &Table, name: &str| {
        let column = table.column(table.schema().index_of(name).unwrap());
        column.missing_count() as f64 / column.len() as f64
    };
    for name in ["age", "income", "born", "nothing", "spend"] {
        let (real, ours) = (missing(&table, name), missing(&sampled, name));
        assert!((real - ours).abs() < most_off, "{name}: {real} of the values are missing, sampled {ours}");
    }
}

/// One column at a time, the sample is distributed as the training data.
pub fn columns_are_right_one_by_one(method: &AnySynthesizer) {
    let table = tables::mixed(4000, 7);
    let sampled = sample(&fit(method, &table), &SampleRequest::rows(20_000));
    // What networks give follows the data, but no margin is built in.
    let most_off = if is_network(method) { 0.1 } else { 0.025 };
    for name in ["age", "income", "spend", "born", "exact"] {
        let index = table.schema().index_of(name).unwrap();
        let sorted = |table: &Table| {
            let mut values = table.column(index).numbers().unwrap().values;
            values.retain(|value| !value.is_nan());
            values.sort_by(f64::total_cmp);
            values
        };
        let (real, ours) = (sorted(&table), sorted(&sampled));
        let below =
            |values: &[f64], cut: f64| values.partition_point(|&v| v <= cut) as f64 / values.len() as f64;
        let gap = real.iter().map(|&cut| (below(&real, cut) - below(&ours, cut)).abs()).fold(0.0, f64::max);
        assert!(gap < most_off, "{name}: distribution functions differ by {gap}");
    }
    for name in ["grade", "city", "yes"] {
        let index = table.schema().index_of(name).unwrap();
        let shares = |table: &Table| -> Vec<(String, f64)> {
            let column = table.column(index);
            let texts: Vec<String> = match column.texts() {
                Some(texts) => texts.iter().flatten().map(str::to_owned).collect(),
                None => column.integers().unwrap().values.iter().map(i64::to_string).collect(),
            };
            let all: BTreeSet<&String> = texts.iter().collect();
            let share =
                |level: &String| texts.iter().filter(|&t| t == level).count() as f64 / texts.len() as f64;
            all.into_iter().map(|level| (level.clone(), share(level))).collect()
        };
        for ((level, real), (other, ours)) in shares(&table).iter().zip(shares(&sampled)) {
            assert_eq!(*level, other);
            assert!((real - ours).abs() < most_off, "{name}: a share of {real} came out as {ours}");
        }
    }
}

/// Every row fulfils every condition; there are as many rows as asked for; what cannot be is refused with the reason, and in the
/// same words whether it is unknown or withheld.
pub fn conditions_hold(method: &AnySynthesizer) {
    let model = fit(method, &tables::mixed(900, 8));
    let parse = |texts: &[&str]| -> Vec<Condition> {
        texts.iter().map(|text| Condition::parse(text, model.schema(), 1).unwrap()).collect()
    };
    let draw = |texts: &[&str]| {
        let request = SampleRequest { rows: 0..2500, conditions: parse(texts), ..SampleRequest::default() };
        sample(&model, &request)
    };
    let numbers = |table: &Table, name: &str| {
        table.column(table.schema().index_of(name).unwrap()).numbers().unwrap().values
    };
    let texts = |table: &Table, name: &str| -> Vec<Option<String>> {
        let column = table.column(table.schema().index_of(name).unwrap());
        column.texts().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
    };
    let drawn = draw(&["age>=50", "age<52", "city=Berlin", "income!=0", "yes=yes", "born>1800-01-01"]);
    assert_eq!(drawn.n_rows(), 2500);
    assert!(numbers(&drawn, "age").iter().all(|&age| (50.0..52.0).contains(&age)));
    assert!(numbers(&drawn, "income").iter().all(|&income| income > 0.0));
    assert!(numbers(&drawn, "yes").iter().all(|&yes| yes == 1.0));
    assert!(numbers(&drawn, "born").iter().all(|&born| born > -5_364_662_400e6));
    assert!(texts(&drawn, "city").iter().all(|city| city.as_deref() == Some("Berlin")));
    let drawn = draw(&["grade>2", "grade<=3", "age="]);
    assert!(texts(&drawn, "grade").iter().all(|grade| grade.as_deref() == Some("3")));
    assert!(numbers(&drawn, "age").iter().all(|age| age.is_nan()));
    for (texts, wanted) in [
        (&["city=Atlantis"][..], Refusal::Level),
        (&["city="], Refusal::NeverMissing),
        (&["city>Berlin"], Refusal::NoOrder),
        (&["age=abc"], Refusal::NotOfKind("numerical")),
        (&["age>1000"], Refusal::Range),
        (&["age=1000"], Refusal::Value),
        (&["age>=30", "age<20"], Refusal::Together),
        (&["age>="], Refusal::MissingBesides),
        (&["born=yesterday"], Refusal::NotOfKind("datetime")),
        (&["yes=perhaps"], Refusal::NotOfKind("boolean")),
        (&["key=3"], Refusal::NoneOnKind("id")),
        (&["note=x"], Refusal::NoneOnKind("text")),
        (&["nothing>0"], Refusal::AlwaysMissing),
    ] {
        let request = SampleRequest { rows: 0..1, conditions: parse(texts), ..SampleRequest::default() };
        let error = model.sample(&request, &context()).map(|_| ()).expect_err(texts[0]);
        assert!(
            matches!(&error, Error::Refused { refusal, .. } if *refusal == wanted),
            "{texts:?}: {error:?}, and not {wanted:?}"
        );
        let sentence = error.to_string();
        assert!(!["Atlantis", "abc", "1000", "yesterday"].iter().any(|value| sentence.contains(value)));
    }
}

/// Given rows come back as they are, with only their gaps filled.
pub fn given_rows_are_completed(method: &AnySynthesizer) {
    let model = fit(method, &tables::mixed(900, 9));
    let levels = lookalike::table::Levels::new(["Berlin", "Aachen"]);
    let given = tables::table(vec![
        ("city", tables::nominal(), lookalike::Column::from_codes(vec![0, u32::MAX, 1], &levels)),
        (
            "age",
            tables::whole(),
            lookalike::Column::from_integers(vec![33, 44, 0], Some(vec![false, false, true])),
        ),
    ]);
    let request = SampleRequest { rows: 0..3000, like: Some(given), ..SampleRequest::default() };
    let drawn = sample(&model, &request);
    let column = |name: &str| drawn.column(drawn.schema().index_of(name).unwrap());
    let (cities, ages) = (column("city").texts().unwrap(), column("age").numbers().unwrap().values);
    for (row, city) in cities.iter().enumerate() {
        match row % 3 {
            0 => assert_eq!((city, ages[row]), (Some("Berlin"), 33.0)),
            1 => assert_eq!(ages[row], 44.0),
            _ => assert_eq!(city, Some("Aachen")),
        }
    }
    let foreign =
        tables::table(vec![("shoe", tables::whole(), lookalike::Column::from_integers(vec![1], None))]);
    let request = SampleRequest { rows: 0..1, like: Some(foreign), ..SampleRequest::default() };
    assert!(model.sample(&request, &context()).is_err());
}

/// Every cell that is missing is filled, if the model ever saw a value of its column, and every other one stays as it is.
pub fn gaps_are_filled(method: &AnySynthesizer) {
    let model = fit(method, &tables::mixed(900, 13));
    // Other rows, some of their values unknown to the model, and a column that it does not have.
    let rows = tables::mixed(300, 14);
    let mut stream = Seed::new(5).stream("gaps", 0);
    let mut schema = lookalike::Schema::clone(rows.schema());
    let mut columns: Vec<lookalike::Column> = rows
        .columns()
        .iter()
        .map(|column| column.with_missing(&(0..300).map(|_| stream.below(8) == 0).collect::<Vec<_>>()))
        .collect();
    schema.columns.insert(4, lookalike::ColumnSchema::new("remark", Kind::Text));
    let remarks = (0..300).map(|row| (row % 3 > 0).then(|| format!("remark {row}")));
    columns.insert(4, lookalike::Column::from_texts(remarks));
    let given = Table::new(schema.into(), columns).unwrap();
    let imputed = model.impute(&given, &context()).expect("the rows are possible");
    for (index, described) in given.schema().columns.iter().enumerate() {
        let (before, after) = (given.column(index), imputed.table.column(index));
        let gaps = before.missing_count();
        let stays = ["remark", "nothing"].contains(&described.name.as_str());
        assert_eq!(after.missing_count(), if stays { gaps } else { 0 }, "{}", described.name);
        assert_eq!(imputed.filled[index], if stays { 0 } else { gaps as u64 }, "{}", described.name);
        let missing = before.missing().unwrap_or_else(|| vec![false; 300]);
        let present: Vec<usize> = (0..300).filter(|&row| !missing[row]).collect();
        let cells = |table: &Table| csv(&table.select(&[index]).take(&present));
        assert!(cells(&given) == cells(&imputed.table), "given cells of {} have changed", described.name);
    }
    let warned = |column: &str| imputed.warnings.iter().any(|w| w.column.as_deref() == Some(column));
    assert!(warned("nothing") && warned("key"), "{:?}", imputed.warnings);
    for threads in [1, 2, 7] {
        let again = on_threads(threads, || csv(&model.impute(&given, &context()).unwrap().table));
        assert!(again == csv(&imputed.table), "{threads} threads fill other values");
    }
    let other = model.impute(&given, &Context::new(Seed::new(SEED + 1))).unwrap();
    assert!(csv(&other.table) != csv(&imputed.table), "the seed changes nothing");
    let full: Vec<usize> =
        (0..given.n_columns()).filter(|&c| imputed.table.column(c).missing_count() == 0).collect();
    let full = imputed.table.select(&full);
    let nothing = model.impute(&full, &context()).unwrap();
    assert!(csv(&nothing.table) == csv(&full) && nothing.filled.iter().all(|&cells| cells == 0));
}

/// What one unit alone has appears nowhere in the model: levels, spikes, bounds, patterns, texts.
pub fn rare_values_are_withheld(method: &AnySynthesizer) {
    const MARK: &str = "ZanzibarSecret";
    let n = 600;
    let mut amounts: Vec<i64> = (0..n).map(|row| row * 31 % 997).collect();
    amounts[17] = 987_654_321;
    let mut texts: Vec<Option<String>> = (0..n).map(|row| Some(format!("call {row} back"))).collect();
    texts[17] = Some(format!("{MARK}!!"));
    let mut codes: Vec<u32> = (0..n as u32).map(|row| row % 3).collect();
    codes[17] = 3;
    let mut days: Vec<i64> = (0..n).map(|row| (row % 300) * 86_400_000_000).collect();
    days[17] = 123_456 * 86_400_000_000;
    let mut keys: Vec<Option<String>> = (0..n).map(|row| Some(format!("AB{row:05}"))).collect();
    keys[17] = Some(format!("{MARK}{MARK}"));
    let levels = lookalike::table::Levels::new(["a", "b", "c", MARK]);
    let table = tables::table(vec![
        ("amount", tables::whole(), lookalike::Column::from_integers(amounts, None)),
        ("text", Kind::Text, lookalike::Column::from_texts(texts)),
        ("level", tables::nominal(), lookalike::Column::from_codes(codes, &levels)),
        ("day", tables::day(), lookalike::Column::from_instants(days, None)),
        (
            "code",
            Kind::Id(lookalike::table::schema::IdFormat::default()),
            lookalike::Column::from_texts(keys),
        ),
    ]);
    let model = fit(method, &table);
    assert!(!model.warnings().is_empty(), "protection is a recorded warning");
    let bytes = lookalike::model_file::to_bytes(&model);
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(!holds(MARK.as_bytes()), "a rare text is in the model");
    assert!(!holds(&987_654_321_i64.to_le_bytes()), "a rare number is in the model");
    assert!(!holds(&123_456_i64.to_le_bytes()), "a rare day is in the model");
    let sampled = csv(&sample(&model, &SampleRequest::rows(20_000)));
    let text = String::from_utf8(sampled).unwrap();
    assert!(!text.contains(MARK) && !text.contains("987654321") && !text.contains("2308-01-05"));
    // Without protection the level comes back.
    let options = FitOptions { protection: Protection::none(), ..FitOptions::default() };
    let open = method.fit(&table, &options, &context()).unwrap();
    assert!(String::from_utf8(csv(&sample(&open, &SampleRequest::rows(20_000)))).unwrap().contains(MARK));
}

/// A class of the target that protection would remove is an error with a cure, without the class's name.
pub fn rare_classes_are_refused(method: &AnySynthesizer) {
    let codes: Vec<u32> = (0..300).map(|row| u32::from(row < 3)).collect();
    let levels = lookalike::table::Levels::new(["healthy", "Zoonosis"]);
    let table =
        tables::table(vec![("ill", tables::nominal(), lookalike::Column::from_codes(codes, &levels))]);
    let options = FitOptions { target: Some(0), ..FitOptions::default() };
    let error = method.fit(&table, &options, &context()).expect_err("three rows are too few").to_string();
    assert!(error.contains("--protect none") && !error.contains("Zoonosis"), "{error}");
}

/// A model that is saved and opened again is the same model.
pub fn files_keep_models(method: &AnySynthesizer) {
    let model = fit(method, &tables::mixed(500, 10));
    let bytes = lookalike::model_file::to_bytes(&model);
    let again = lookalike::model_file::from_bytes(&bytes).expect("a model just written");
    assert!(lookalike::model_file::to_bytes(&again) == bytes, "writing it again gives other bytes");
    let request = SampleRequest::rows(4000);
    assert!(csv(&sample(&model, &request)) == csv(&sample(&again, &request)), "it samples other rows");
    assert_eq!(model.warnings(), again.warnings());
    assert_eq!(model.schema(), again.schema());
}

/// Stops after so many questions.
struct Impatient(AtomicU64);

impl Progress for Impatient {
    fn cancelled(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) > 3
    }
}

/// Fitting and sampling stop when asked to.
pub fn work_can_be_cancelled(method: &AnySynthesizer) {
    let table = tables::mixed(500, 12);
    let impatient = Impatient(AtomicU64::new(0));
    let fitted = method.fit(&table, &FitOptions::default(), &context().with_progress(&impatient));
    assert!(fitted.is_err(), "fitting goes on");
    let model = fit(method, &table);
    let impatient = Impatient(AtomicU64::new(0));
    let context = context().with_progress(&impatient);
    let sampler = model.sample(&SampleRequest::rows(u64::MAX / 4), &context).expect("a large request");
    let batches: Vec<_> = sampler.take(100).collect();
    assert!(batches.len() < 100 && batches.last().is_some_and(Result::is_err), "sampling goes on");
}
