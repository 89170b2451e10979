//! Image methods, each learning for a set time: how near what they draw is to real images, and what a network learns from it;
//! and what a step of learning takes, beside the same network in `PyTorch`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use lookalike::OutputFile;
use lookalike::image::Limits;
use lookalike::image::read::{read_idx, read_idx_labels};
use lookalike_core::{Context, Seed};
use lookalike_learn::net::image::{Shape, Split, UNet, UNetSize};
use lookalike_learn::net::{Adam, AdamOptions, Parameters, fill_normal};
use lookalike_synth::image::{ImageSynthesizer, Images};

use crate::image_judge::{Judge, labelled, lenet};
use crate::measure::processor_seconds;
use crate::peer;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A folder with the four files of MNIST or another set like it (`train-images-idx3-ubyte` and so on, also with `.gz`); without it
    /// Fashion-MNIST is taken, as Debian's package dataset-fashion-mnist has it, which is installed where it is missing.
    folder: Option<PathBuf>,
    /// A Python interpreter with the peers of peers/requirements.txt installed; without it they are left out.
    #[arg(long)]
    python: Option<PathBuf>,
    /// Minutes of processor time of each method, for two processors each half as many.
    #[arg(long, default_value_t = 10.0)]
    cpu_minutes: f64,
    /// Images to draw from each.
    #[arg(long, default_value_t = 10_000)]
    draws: u64,
    /// Write a picture of what each method draws into this folder: ten of each class in a row, or a hundred.
    #[arg(long, value_name = "FOLDER")]
    grids: Option<PathBuf>,
    /// Methods to leave out, such as flow or vae-tutorial.
    #[arg(long, value_delimiter = ',')]
    without: Vec<String>,
}

/// Real images that the judge learns.
const OWN: u32 = 10_000;

pub(crate) fn run(options: &Options) -> Result<()> {
    let folder = options.folder.clone().map_or_else(fashion_mnist, Ok)?;
    let (all, holdout) = (read(&folder, "train")?, read(&folder, "t10k")?);
    let end = all.len() as u32;
    let (own, train) = (all.take(&(0..OWN).collect::<Vec<_>>()), all.take(&(OWN..end).collect::<Vec<_>>()));
    println!("load {}", std::fs::read_to_string("/proc/loadavg")?.trim());
    steps(options.python.as_deref())?;
    let judge = Judge::new(&own, &train, &holdout)?;
    let real = train.take(&(0..options.draws as u32).collect::<Vec<_>>());
    println!(
        "judge: {} real images, {:.4} right of {} others; as many real images as are drawn teach {:.4}",
        own.len(),
        judge.accuracy(),
        holdout.len(),
        lenet(&real)?.accuracy(labelled(&holdout))
    );
    println!("floor: Fréchet distance {:.3} between {} and as many real images", judge.floor, judge.count());
    let methods = ["vae", "gan"]
        .map(|name| (name, Some("tutorial")))
        .into_iter()
        .chain(ImageSynthesizer::NAMES.map(|name| (name, None)));
    for (name, preset) in methods {
        let method = ImageSynthesizer::from_name(name).ok_or("a method without options")?;
        let (name, method) = match preset {
            Some(preset) => (format!("{name}, {preset}"), method.with_preset(preset)?),
            None => (name.to_owned(), method),
        };
        // A comma stands between names.
        let short = name.replace(", ", "-");
        if !options.without.contains(&short) {
            let (drawn, by_class) = one(&name, &method, &train, &judge, options)?;
            if let Some(folder) = &options.grids {
                std::fs::create_dir_all(folder)?;
                show(&drawn, by_class, &folder.join(format!("{short}.png")))?;
            }
        }
    }
    Ok(())
}

/// Learns as many epochs as the time allows, as found from a short run, and judges what is drawn.
fn one(
    name: &str,
    method: &ImageSynthesizer,
    train: &Images,
    judge: &Judge,
    options: &Options,
) -> Result<(Images, bool)> {
    let context = Context::new(Seed::new(1));
    let cpu = || processor_seconds().unwrap_or(f64::NAN);
    let few = train.take(&(0..5000).collect::<Vec<_>>());
    let before = cpu();
    method.clone().with_epochs(1).fit(&few, &context)?;
    let per_epoch = (cpu() - before) * train.len() as f64 / few.len() as f64;
    let epochs = (options.cpu_minutes * 60.0 / per_epoch).floor().clamp(1.0, 400.0) as u32;
    let (before, begun) = (cpu(), Instant::now());
    let model = method.clone().with_epochs(epochs).fit(train, &context)?;
    let (learning, wall) = (cpu() - before, begun.elapsed().as_secs_f64());
    let before = cpu();
    let drawn = model.sample(0..options.draws, None, &context)?;
    let drawing = cpu() - before;
    let verdict = judge.judge(&drawn, model.is_conditional())?;
    let accuracy = verdict.accuracy.map_or("none: no classes".to_owned(), |share| format!("{share:.4}"));
    println!(
        "{name:<14} {epochs:>3} epochs in {learning:.0} CPU s ({wall:.0} s); {:.1} CPU ms per image drawn; Fréchet distance \
         {:.3}; classification accuracy score {accuracy}; nearer to learned images {:.3}",
        drawing * 1e3 / options.draws as f64,
        verdict.frechet,
        verdict.nearer
    );
    Ok((drawn, model.is_conditional()))
}

/// Steps of learning of a U-Net, forward, back and Adam, beside `PyTorch`.
fn steps(python: Option<&Path>) -> Result<()> {
    const BATCH: usize = 128;
    const STEPS: u32 = 10;
    for (name, image, channels) in [
        ("16-32-64 at 28", Shape::new(28, 28, 1), vec![16, 32, 64]),
        ("32-64 at 14", Shape::new(14, 14, 4), vec![32, 64]),
    ] {
        let size = UNetSize { image, beside: 0, channels, blocks: 2, told: 42, embedding: 128 };
        let mut parameters = Parameters::new();
        let network = UNet::new(&size, &mut parameters, &mut Seed::new(1).stream("parameters", 0));
        let mut adam = Adam::new(parameters.len(), AdamOptions::default());
        let mut gradients = vec![0.0; parameters.len()];
        let mut prepared = network.graph.prepare(&parameters);
        let mut split = Split::default();
        let mut noise = vec![0.0; BATCH * image.size().max(size.told)];
        fill_normal(&mut noise, &mut Seed::new(1).stream("noise", 0));
        let mut step = || {
            network.graph.prepare_again(&parameters, &mut prepared);
            split.run(&network.graph, BATCH, &mut gradients, |part, range| {
                let own = |width: usize| &noise[range.start * width..range.end * width];
                part.pass.values_mut(network.image).copy_from_slice(own(image.size()));
                part.pass.values_mut(network.told).copy_from_slice(own(size.told));
                part.pass.forward(&network.graph, &parameters, &prepared);
                let (out, gradient) = part.pass.gradient_mut(network.output);
                for ((gradient, out), wanted) in gradient.iter_mut().zip(out).zip(own(image.size())) {
                    *gradient = 2.0 * (out - wanted) / (BATCH * image.size()) as f32;
                }
                part.pass.backward(&network.graph, &parameters, &prepared, &mut part.gradients, &[]);
            });
            adam.step(parameters.values_mut(), &mut gradients, 1.0);
        };
        step();
        let (begun, before) = (Instant::now(), processor_seconds().unwrap_or(f64::NAN));
        (0..STEPS).for_each(|_| step());
        let cpu = (processor_seconds().unwrap_or(f64::NAN) - before) * 1e3 / f64::from(STEPS);
        let wall = begun.elapsed().as_secs_f64() * 1e3 / f64::from(STEPS);
        println!(
            "U-Net {name}: {} parameters, batches of {BATCH}: {cpu:.0} CPU ms per step, {wall:.0} ms by the clock",
            parameters.len()
        );
        if let Some(python) = python {
            let shape = serde_json::json!({
                "height": image.height, "width": image.width, "channels": image.channels,
                "levels": size.channels, "blocks": size.blocks, "told": size.told, "embedding": size.embedding,
                "batch": BATCH, "steps": STEPS, "parameters": parameters.len(),
            });
            let theirs = peer::figures(python, "torch_unet.py", &[&shape.to_string()])?;
            for (what, ours) in [("cpu", cpu), ("wall", wall)] {
                let peer = theirs.get(what).copied().unwrap_or(f64::NAN);
                peer::compare("PyTorch", &format!("{name}, {what} per step"), peer, ours, true, "ms");
            }
        }
    }
    Ok(())
}

/// Where Debian's package puts Fashion-MNIST, once it is installed.
fn fashion_mnist() -> Result<PathBuf> {
    const PACKAGE: &str = "dataset-fashion-mnist";
    let folder = PathBuf::from("/usr/share/datasets/fashion-mnist");
    if !folder.is_dir() {
        println!("installing {PACKAGE}");
        let installed = std::process::Command::new("apt-get").args(["install", "--yes", PACKAGE]).output();
        if !installed.is_ok_and(|output| output.status.success()) || !folder.is_dir() {
            let problem = format!(
                "{PACKAGE} cannot be installed here: install it, or name a folder of files like MNIST's"
            );
            return Err(problem.into());
        }
    }
    Ok(folder)
}

/// Images and labels in the format of MNIST.
fn read(folder: &Path, name: &str) -> Result<Images> {
    let file = |kind: &str| {
        let plain = folder.join(format!("{name}-{kind}-ubyte"));
        if plain.exists() { plain } else { folder.join(format!("{name}-{kind}-ubyte.gz")) }
    };
    let limits = Limits::default();
    let (images, labels) =
        (read_idx(&file("images-idx3"), &limits)?, read_idx_labels(&file("labels-idx1"), &limits)?);
    let first = images.first().ok_or("a file without images")?;
    let shape = Shape::new(first.height(), first.width(), first.channels());
    let pixels = images.iter().flat_map(|image| image.as_u8().unwrap_or_default()).copied().collect();
    let classes = labels.iter().max().map_or(1, |&last| usize::from(last) + 1);
    Ok(Images::new(shape, pixels, labels.iter().map(|&label| u32::from(label)).collect(), classes)?)
}

/// Ten images of each class in a row, or a hundred where classes mean nothing.
fn show(drawn: &Images, by_class: bool, path: &Path) -> Result<()> {
    let rows: Vec<u32> = if by_class {
        let of = |class: u32| {
            (0..drawn.len() as u32).filter(move |&row| drawn.labels()[row as usize] == class).take(10)
        };
        (0..drawn.classes() as u32).flat_map(of).collect()
    } else {
        (0..drawn.len().min(100) as u32).collect()
    };
    let some = drawn.take(&rows);
    let pictures = lookalike::pictures::of_levels(some.pixels(), some.shape())?;
    Ok(lookalike::pictures::write_grid(&pictures, 10, OutputFile::create(path)?)?)
}
