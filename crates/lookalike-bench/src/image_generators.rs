//! Image methods, each learning for a set time: how near what they draw is to real images, and what a network learns from it;
//! and what a step of learning takes, beside the same network in `PyTorch`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
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
    /// A folder with the four files of MNIST or Fashion-MNIST (`train-images-idx3-ubyte` and so on), unpacked.
    folder: PathBuf,
    /// A Python interpreter with the peers of peers/requirements.txt installed; without it they are left out.
    #[arg(long)]
    python: Option<PathBuf>,
    /// Minutes of processor time of each method, for two processors each half as many.
    #[arg(long, default_value_t = 10.0)]
    cpu_minutes: f64,
    /// Images to draw from each.
    #[arg(long, default_value_t = 10_000)]
    draws: u64,
    /// Methods to leave out, such as flow or vae-tutorial.
    #[arg(long, value_delimiter = ',')]
    without: Vec<String>,
}

/// Real images that the judge learns.
const OWN: u32 = 10_000;

pub(crate) fn run(options: &Options) -> Result<()> {
    let all = read(&options.folder, "train")?;
    let holdout = read(&options.folder, "t10k")?;
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
            one(&name, &method, &train, &judge, options)?;
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
) -> Result<()> {
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
    Ok(())
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

/// Images and labels in the format of MNIST.
fn read(folder: &Path, name: &str) -> Result<Images> {
    let file = |kind: &str| std::fs::read(folder.join(format!("{name}-{kind}-ubyte")));
    let (pixels, labels) = (file("images-idx3")?, file("labels-idx1")?);
    let size = |at: usize| -> Result<usize> {
        let bytes = pixels.get(at..at + 4).ok_or("a file of images is too short")?;
        Ok(u32::from_be_bytes(bytes.try_into()?) as usize)
    };
    let shape = Shape::new(size(8)?, size(12)?, 1);
    let labels = labels.get(8..).ok_or("a file of labels is too short")?;
    Ok(Images::new(shape, pixels[16..].to_vec(), labels.iter().map(|&label| u32::from(label)).collect(), 10)?)
}
