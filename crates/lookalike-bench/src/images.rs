//! Pictures changed: how many in a CPU second, beside albumentations, and a folder of JPEG files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use lookalike::image::{
    Augmenting, Color, Copies, FileFormat, Image, ImageSet, Limits, Pipeline, ReadOptions, Sample, augment,
    read_image, write,
};
use lookalike::{Context, Seed};

use crate::measure::processor_seconds;
use crate::peer;

type Failure = Box<dyn std::error::Error>;

/// A transform's name, how a pipeline says it, and how many times as fast it must be at both sizes, where that is asked.
type Measured = (&'static str, &'static str, Option<(f64, f64)>);

/// The same transforms as in `peers/albumentations_images.py`, and how many times as fast the first three must be at 28 x 28
/// and at 256 x 256 x 3.
const TRANSFORMS: [Measured; 16] = [
    ("rotate", "Rotate = { limit = 45, p = 1 }", Some((3.0, 1.0))),
    ("flip", "HorizontalFlip = { p = 1 }", Some((3.0, 1.0))),
    ("noise", "GaussNoise = { std_range = 0.09803921568627451, p = 1 }", Some((3.0, 5.0))),
    ("affine", "Affine = { scale = [0.8, 1.2], rotate = 15, shear = 10, p = 1 }", None),
    ("perspective", "Perspective = { p = 1 }", None),
    ("elastic", "ElasticTransform = { alpha = 50, sigma = 5, p = 1 }", None),
    ("grid distortion", "GridDistortion = { p = 1 }", None),
    ("resize", "Resize = { height = 64, width = 64 }", None),
    ("gaussian blur", "GaussianBlur = { sigma_limit = 1, p = 1 }", None),
    ("median blur", "MedianBlur = { blur_limit = 3, p = 1 }", None),
    ("brightness", "RandomBrightnessContrast = { p = 1 }", None),
    ("color jitter", "ColorJitter = { p = 1 }", None),
    ("clahe", "CLAHE = { p = 1 }", None),
    ("salt and pepper", "SaltAndPepper = { p = 1 }", None),
    ("dropout", "CoarseDropout = { p = 1 }", None),
    ("compression", "ImageCompression = { quality_range = 80, p = 1 }", None),
];

const STEPS: &str = r#"
steps = [
    { HorizontalFlip = { p = 0.5 } },
    { Rotate = { limit = 15, border_mode = "reflect_101", p = 1 } },
    { RandomBrightnessContrast = { p = 1 } },
    { GaussianBlur = { sigma_limit = [0.5, 1.5], p = 1 } },
    { GaussNoise = { std_range = [0.05, 0.1], p = 1 } },
]
"#;

/// Measures each transform for so many CPU seconds, and a folder of `files` JPEG files of 256 x 256 pixels.
pub(crate) fn run(seconds: f64, files: u64, python: Option<&Path>) -> Result<(), Failure> {
    let theirs = python
        .map(|python| peer::figures(python, "albumentations_images.py", &["rates", &seconds.to_string()]));
    let theirs = match theirs {
        Some(Ok(figures)) => figures,
        Some(Err(problem)) => {
            println!("  albumentations: {problem}");
            BTreeMap::new()
        }
        None => BTreeMap::new(),
    };
    println!("pictures in a CPU second, on one thread");
    println!(
        "  {:<18}{:>12}{:>14}{:>16}{:>8}{:>9}",
        "transform", "size", "lookalike", "albumentations", "ratio", "target"
    );
    for (size, image) in [("28", noise(28, 28, Color::Grey)?), ("256", noise(256, 256, Color::Rgb)?)] {
        for (name, step, targets) in TRANSFORMS {
            let ours = rate(step, &image, seconds)?;
            let peer = theirs.get(&format!("{name} {size}"));
            let ratio = peer.map_or_else(|| "-".to_owned(), |peer| format!("{:.1}", ours / peer));
            let peer = peer.map_or_else(|| "-".to_owned(), |peer| format!("{peer:.0}"));
            let target = targets.map(|(small, large)| if size == "28" { small } else { large });
            let target = target.map_or_else(String::new, |target| format!(">= {target}"));
            println!("  {name:<18}{size:>12}{ours:>14.0}{peer:>16}{ratio:>8}{target:>9}");
        }
    }
    folder(files, python)
}

fn noise(width: usize, height: usize, color: Color) -> Result<Image, Failure> {
    let mut values = vec![0; width * height * color.channels()];
    Seed::new(0).stream("pixels", 0).fill(&mut values);
    Ok(Image::from_u8(width, height, color, values)?)
}

/// Pictures in a CPU second: each with its own chances, as in a pipeline.
fn rate(step: &str, image: &Image, seconds: f64) -> Result<f64, Failure> {
    let pipeline: Pipeline = toml(&format!("steps = [{{ {step} }}]"))?;
    let sample = Sample::new(image.clone());
    let start = processor_seconds().ok_or("the system does not tell processor time")?;
    let mut count = 0_u64;
    loop {
        for _ in 0..16 {
            let record = pipeline.draw(sample.image.shape(), &mut Seed::new(1).stream("picture", count));
            // The picture itself stays, as theirs does.
            std::hint::black_box(record.apply_to(&sample)?);
            count += 1;
        }
        let spent = processor_seconds().unwrap_or(start) - start;
        if spent >= seconds {
            return Ok(count as f64 / spent);
        }
    }
}

fn toml(text: &str) -> Result<Pipeline, Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("pipeline.toml");
    std::fs::write(&path, text)?;
    Ok(Pipeline::read(&path)?)
}

/// Parts of the photographs of the tests, in many sizes, as JPEG files.
fn photographs(folder: &Path, files: u64) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/images"));
    let pipeline = toml(
        "steps = [{ RandomResizedCrop = { size = [256, 256], scale = [0.2, 1], interpolation = \"cubic\" } }]",
    )?;
    for number in 0..files {
        let name = ["chelsea.png", "coffee.png", "astronaut.png"][(number % 3) as usize];
        let sample = Sample::new(read_image(&root.join(name), &Limits::default())?);
        let (sample, _) = pipeline.apply(sample, Seed::new(1), name, number)?;
        let file = write::encode(&sample.image, FileFormat::Jpeg, 92)?;
        std::fs::write(folder.join(format!("{number:05}.jpg")), file)?;
    }
    Ok(())
}

fn folder(files: u64, python: Option<&Path>) -> Result<(), Failure> {
    let place = tempfile::tempdir()?;
    let (source, target) = (place.path().join("in"), place.path().join("out"));
    photographs(&source, files)?;
    println!("a folder of {files} JPEG files of 256 x 256 through five steps, two threads or processes");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    let (start, before) = (Instant::now(), processor_seconds().unwrap_or_default());
    let pipeline = toml(STEPS)?;
    let set = ImageSet::open(&source, &ReadOptions::default())?;
    let options = Augmenting { copies: Copies::Each(1), ..Augmenting::default() };
    let outcome =
        pool.install(|| augment(&set, &pipeline, &target, &options, &Context::new(Seed::new(7))))?;
    let wall = start.elapsed().as_secs_f64();
    let cpu = processor_seconds().unwrap_or_default() - before;
    println!("  lookalike: {wall:.2} s by the clock, {cpu:.2} CPU s, {} files", outcome.written);
    let Some(python) = python else { return Ok(()) };
    let theirs = place.path().join("theirs");
    let arguments = ["folder", &source.display().to_string(), &theirs.display().to_string()];
    match peer::figures(python, "albumentations_images.py", &arguments) {
        Ok(figures) => {
            let figure = |name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
            let name = "albumentations and OpenCV";
            peer::compare(name, "by the clock (target: ratio >= 2)", figure("wall"), wall, true, "s");
            peer::compare(name, "CPU", figure("cpu"), cpu, true, "s");
        }
        Err(problem) => println!("  albumentations: {problem}"),
    }
    Ok(())
}
