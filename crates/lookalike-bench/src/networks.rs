//! Networks on UCI Adult: what learning takes from the start of the program to rows in a file, beside the `ctgan` package, and
//! what a step takes, beside the same networks in `PyTorch`.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use lookalike::synth::Array;
use lookalike::{AnySynthesizer, Context, FitOptions, ReadOptions, SampleRequest, Seed, Silent, Writer};

use crate::measure::{peak_megabytes, processor_seconds};
use crate::peer;
use crate::sides::Sides;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What one whole run of a program took.
#[derive(Debug, Clone, Copy)]
struct Run {
    wall: f64,
    cpu: f64,
    megabytes: f64,
}

pub(crate) fn run(epochs: u32, runs: u32, python: Option<&Path>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    lookalike::demo::write(folder.path(), 1)?;
    println!("{}", lookalike::demo::ATTRIBUTION);
    let table = lookalike::read(&folder.path().join("adult.csv"), &ReadOptions::default(), &Silent)?.table;
    let sides = Sides::of(&table, 1.0 / 3.0, &Context::new(Seed::new(1)))?;
    let train = folder.path().join("train.csv").display().to_string();
    let mut writer = Writer::create(Path::new(&train), None, table.schema())?;
    writer.write(&sides.train)?;
    writer.finish()?;
    println!(
        "{} rows x {} columns, {epochs} epochs at most, {runs} runs in turns: from the start of the program to as many \
         rows in a CSV file",
        sides.train.n_rows(),
        table.n_columns()
    );
    for method in ["tvae", "ctgan"] {
        let mut all: Vec<(&str, Vec<Run>)> =
            vec![("defaults", Vec::new()), ("paper", Vec::new()), ("peer", Vec::new())];
        for _ in 0..runs {
            for (what, found) in &mut all {
                let measured = match (*what, python) {
                    ("peer", None) => continue,
                    ("peer", Some(python)) => theirs(python, &train, method, epochs)?,
                    (preset, _) => ours(&train, method, preset, epochs)?,
                };
                found.push(measured);
            }
        }
        for (what, found) in &all {
            let Some(Run { wall, cpu, megabytes }) = median(found) else { continue };
            let name = if *what == "peer" { "ctgan package".to_owned() } else { format!("ours, {what}") };
            print!("{method:<6} {name:<16} {wall:>9.1} s {cpu:>9.1} CPU s {megabytes:>7.0} MB");
            match (*what, median(&all[2].1)) {
                ("peer", _) | (_, None) => println!(),
                (_, Some(peer)) => println!(
                    "   ratios: {:.1} by the clock, {:.1} of processor time, {:.2} of memory",
                    peer.wall / wall,
                    peer.cpu / cpu,
                    megabytes / peer.megabytes
                ),
            }
        }
    }
    steps(&sides, python)
}

/// The hidden half of [`run`]: one method on one file, in a process of its own, so that its memory is its own.
pub(crate) fn once(file: &Path, method: &str, preset: Option<&str>, epochs: u32) -> Result<()> {
    let mut method = AnySynthesizer::from_name(method).ok_or("an unknown method")?;
    if let Some(preset) = preset {
        method = method.with_preset(preset)?;
    }
    let method = method.with_epochs(epochs)?;
    let context = Context::new(Seed::new(1));
    let table = lookalike::read(file, &ReadOptions::default(), &Silent)?.table;
    let model = method.fit(&table, &FitOptions::default(), &context)?;
    let mut writer = Writer::create(&file.with_extension("sampled.csv"), None, model.schema())?;
    for batch in model.sample(&SampleRequest::rows(table.n_rows() as u64), &context)? {
        writer.write(&batch?)?;
    }
    writer.finish()?;
    let (cpu, megabytes) = (processor_seconds(), peak_megabytes());
    println!(
        "{}",
        serde_json::json!({ "cpu": cpu.unwrap_or(f64::NAN), "peak_megabytes": megabytes.unwrap_or(f64::NAN) })
    );
    Ok(())
}

fn ours(file: &str, method: &str, preset: &str, epochs: u32) -> Result<Run> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["network-once", file, method, "--epochs", &epochs.to_string()]);
    if preset != "defaults" {
        command.args(["--preset", preset]);
    }
    let begun = Instant::now();
    let output = command.output()?;
    let wall = begun.elapsed().as_secs_f64();
    let text = String::from_utf8_lossy(&output.stdout);
    let figures: std::collections::BTreeMap<String, f64> =
        serde_json::from_str(text.lines().last().unwrap_or_default())?;
    Ok(Run { wall, cpu: figures["cpu"], megabytes: figures["peak_megabytes"] })
}

fn theirs(python: &Path, file: &str, method: &str, epochs: u32) -> Result<Run> {
    let begun = Instant::now();
    let figures = peer::figures(python, "ctgan_package.py", &[file, method, &epochs.to_string()])?;
    let figure = |name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
    Ok(Run { wall: begun.elapsed().as_secs_f64(), cpu: figure("cpu"), megabytes: figure("peak_megabytes") })
}

/// The run in the middle, by the clock.
fn median(runs: &[Run]) -> Option<Run> {
    let mut runs = runs.to_vec();
    runs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    runs.get(runs.len() / 2).copied()
}

/// Processor time per step of the paper's networks: of two lengths of learning, so that all that is done once falls out.
fn steps(sides: &Sides, python: Option<&Path>) -> Result<()> {
    const SHORT: u32 = 2;
    const LONG: u32 = 8;
    let table = &sides.train;
    let context = Context::new(Seed::new(1));
    let mut found = Vec::new();
    let mut sizes = None;
    for name in ["tvae", "ctgan"] {
        let method = AnySynthesizer::from_name(name).ok_or("a method of ours")?.with_preset("paper")?;
        let cpu = |epochs: u32| -> Result<(f64, lookalike::AnyModel)> {
            let method = method.clone().with_epochs(epochs)?;
            let before = processor_seconds().unwrap_or(f64::NAN);
            let model = method.fit(table, &FitOptions::default(), &context)?;
            Ok((processor_seconds().unwrap_or(f64::NAN) - before, model))
        };
        let (short, _) = cpu(SHORT)?;
        let (long, model) = cpu(LONG)?;
        // A twentieth of the rows is held out, and looked at once per epoch.
        let per_epoch = (table.n_rows() - table.n_rows() / 20) / 500;
        found.push((name, (long - short) / (f64::from(LONG - SHORT) * per_epoch as f64)));
        if name == "tvae" {
            sizes = Some(layout(&model));
        }
    }
    for (name, seconds) in &found {
        println!("{name:<6} paper's networks, batches of 500: {:>8.2} CPU ms per step", seconds * 1e3);
    }
    let (Some(python), Some(sizes)) = (python, sizes) else {
        println!("no peer: give --python an interpreter with peers/requirements.txt installed");
        return Ok(());
    };
    let theirs = peer::figures(python, "torch_steps.py", &[&sizes.to_string()])?;
    let mut product = 1.0_f64;
    for (name, seconds) in &found {
        let peer = theirs.get(*name).copied().unwrap_or(f64::NAN);
        peer::compare("PyTorch", &format!("{name}, one step"), peer * 1e3, seconds * 1e3, true, "CPU ms");
        product *= peer / seconds;
    }
    println!("  geometric mean of the ratios: {:.2}", product.sqrt());
    Ok(())
}

/// The sizes of a decoder's outputs, as the peer's script takes them.
fn layout(model: &lookalike::AnyModel) -> serde_json::Value {
    const LATENT: usize = 128;
    let parts = model.to_parts();
    let len = |name: &str| match parts.arrays.get(name) {
        Some(Array::F32(values)) => values.len(),
        Some(Array::F64(values)) => values.len(),
        Some(Array::U32(values)) => values.len(),
        _ => 0,
    };
    let numbers = len("decoder/noise");
    // Two layers of 128 units, and one of as many outputs as there are.
    let width = (len("decoder/parameters") - 2 * LATENT * (LATENT + 1)) / (LATENT + 1);
    let lines = parts.arrays.keys().filter(|name| name.ends_with("/modes"));
    let mut spans: Vec<usize> =
        lines.map(|name| len(name) / 3 + len(&name.replace("/modes", "/spikes"))).collect();
    let told = width - numbers - spans.iter().sum::<usize>();
    let columns = model.schema().columns.len() - spans.len();
    spans.extend((0..columns).map(|column| (column + 1) * told / columns - column * told / columns));
    serde_json::json!({ "numbers": numbers, "spans": spans, "told": told })
}
