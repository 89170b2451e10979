//! A reduced set of the figures that `lookalike-bench` measures, with slack: builds for tests are slower, and machines
//! differ. What fails here is broken, not a little worse.

use std::time::Instant;

use lookalike::synth::Effort;
use lookalike::{
    AnySynthesizer, Context, Evaluation, FitOptions, Judging, ReadOptions, SampleRequest, Seed, Silent,
    SplitOptions, Table, Writer,
};

fn adult() -> Table {
    let folder = tempfile::tempdir().expect("room on the disk");
    lookalike::demo::write(folder.path(), 1).expect("the built-in table");
    lookalike::read(&folder.path().join("adult.csv"), &ReadOptions::default(), &Silent)
        .expect("it is read")
        .table
}

/// Learns one half, judges by the other; also the seconds that fitting and sampling to CSV took.
fn judge(table: &Table, method: &AnySynthesizer) -> (Evaluation, f64, f64) {
    let context = Context::new(Seed::new(1));
    let sides =
        lookalike::split(table, &SplitOptions { share: 0.5, ..SplitOptions::default() }, context.seed)
            .unwrap();
    let (train, holdout) = (table.take(&sides.train), table.take(&sides.holdout));
    let target = Some(train.schema().index_of("income").unwrap());
    let options = FitOptions { target, ..FitOptions::default() };
    let started = Instant::now();
    let model = method.fit(&train, &options, &context).unwrap();
    let fitting = started.elapsed().as_secs_f64();
    let folder = tempfile::tempdir().expect("room on the disk");
    let started = Instant::now();
    let mut writer = Writer::create(&folder.path().join("rows.csv"), None, model.schema()).unwrap();
    for batch in model.sample(&SampleRequest::rows(train.n_rows() as u64), &context).unwrap() {
        writer.write(&batch.unwrap()).unwrap();
    }
    writer.finish().unwrap();
    let sampling = started.elapsed().as_secs_f64();
    let synthetic =
        model.sample(&SampleRequest::rows(train.n_rows() as u64), &context).unwrap().collect_table().unwrap();
    let judging = Judging { holdout: Some(&holdout), roles: options, ..Judging::new(&train, &synthetic) };
    (lookalike::judge(&judging, &context).unwrap(), fitting, sampling)
}

fn score(evaluation: &Evaluation, name: &str) -> f64 {
    evaluation.metric(name).and_then(|found| found.value).expect("the score applies")
}

#[test]
fn adult_is_learned_well_and_fast() {
    let table = adult();
    let (copula, fitting, sampling) = judge(&table, &AnySynthesizer::from_name("copula").unwrap());
    assert!(score(&copula, "shape") > 0.98 && score(&copula, "trend") > 0.93);
    assert!(fitting < 5.0 && sampling < 5.0, "copula: fit {fitting:.2} s, sample {sampling:.2} s");
    let forest = AnySynthesizer::from_name("forest").unwrap().with_effort(Effort::Fast).unwrap();
    let (forest, fitting, sampling) = judge(&table, &forest);
    assert!(fitting < 20.0 && sampling < 10.0, "forest: fit {fitting:.2} s, sample {sampling:.2} s");
    assert!(score(&forest, "shape") > 0.98 && score(&forest, "trend") > 0.96);
    assert!(score(&forest, "c2st") > 0.8, "c2st {}", score(&forest, "c2st"));
    assert!(score(&forest, "trtr") - score(&forest, "tstr") < 0.02);
    assert!(score(&forest, "dcr-share") < 0.53);
    assert!(score(&forest, "copies") < 0.003);
}
