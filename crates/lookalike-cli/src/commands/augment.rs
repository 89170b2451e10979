//! `lookalike augment`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use lookalike::image::transform::{
    GaussNoise, GaussianBlur, HorizontalFlip, ISONoise, MultiplicativeNoise, RandomBrightnessContrast,
    Rotate, SaltAndPepper, ShotNoise, VerticalFlip,
};
use lookalike::image::{
    Augmenting, BorderMode, Copies, FileFormat, ImageSet, Limit, Limits, Pipeline, Policy, Range,
    ReadOptions, Target, Transform, augment,
};
use lookalike::{Topic, Warning};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::session::Session;
use crate::text::plural;

const EXAMPLES: &str = "\
Examples:
  lookalike augment photos more --noise gaussian:25 --rotate 45 --flip horizontal --copies 4
  lookalike augment photos even --pipeline augment.toml --balance --preview grid.png
  lookalike augment train-images-idx3-ubyte.gz more.npy --rotate 10 --copies 2
  What a pipeline file looks like:
    [[steps]]
    HorizontalFlip = { p = 0.5 }
    [[steps]]
    Rotate = { limit = 15, border_mode = \"reflect_101\", p = 0.9 }
    [[steps]]
    OneOf = { p = 0.5, steps = [{ GaussNoise = { std_range = [0.02, 0.1] } }, { MotionBlur = {} }] }

IN is a folder of PNG, JPEG, WebP, BMP or TIFF files (its sub-folders are the classes, or labels.csv in it has them), or
an IDX, NPY, NPZ or CSV file. OUT is a folder, or a file whose name ends in .npy, .idx or ubyte, also with .gz. What was
done to each picture stands in OUT/manifest.jsonl. What is drawn for a picture depends on the seed, its name and the
number of the copy only. docs/images.md lists all transforms.";

/// Make more pictures from a set of them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AugmentArgs {
    /// The folder or file of pictures
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// Where the new ones go
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// What is done, as a TOML file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["noise", "rotate", "flip", "blur", "brightness"])]
    pipeline: Option<PathBuf>,
    /// Mirror images, each half of the time
    #[arg(long, value_name = "HOW")]
    flip: Option<Flip>,
    /// Turn by up to so many degrees, either way
    #[arg(long, value_name = "DEGREES")]
    rotate: Option<f64>,
    /// What is seen beyond the edges of turned pictures
    #[arg(long, value_name = "HOW", default_value = "constant")]
    border: Border,
    /// Change brightness and contrast by up to this share, such as 0.2
    #[arg(long, value_name = "SHARE")]
    brightness: Option<f64>,
    /// Blur with a standard deviation of up to so many pixels
    #[arg(long, value_name = "PIXELS")]
    blur: Option<f64>,
    /// Add noise: gaussian:SIGMA (grey levels of 255), salt-and-pepper:SHARE, shot:SCALE, multiplicative:SHARE or
    /// iso:INTENSITY; may repeat
    #[arg(long, value_name = "KIND:STRENGTH", value_parser = noise)]
    noise: Vec<Transform>,
    /// How many new pictures from each [default: 1]
    #[arg(long, value_name = "N", conflicts_with = "balance", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    copies: Option<u64>,
    /// As many new pictures of each class as bring it to the count of the largest one; the originals are written too
    #[arg(long)]
    balance: bool,
    /// Write the originals too
    #[arg(long)]
    originals: bool,
    /// The format of the new files: png, jpeg, webp, bmp or tiff [default: that of the original]
    #[arg(long, value_name = "FORMAT", value_parser = file_format)]
    format: Option<FileFormat>,
    /// JPEG's quality
    #[arg(long, value_name = "Q", default_value_t = 95, value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: u8,
    /// The classes: a CSV file of names and classes, or an IDX or NPY file [default: labels.csv in the folder, if any]
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// Boxes and keypoints that move with the pictures: a COCO file, or a folder of YOLO files
    #[arg(long, value_name = "PATH")]
    annotations: Option<PathBuf>,
    /// A folder of masks that move with the pictures, named as they are
    #[arg(long, value_name = "FOLDER")]
    masks: Option<PathBuf>,
    /// Write the first new pictures side by side, as a PNG file
    #[arg(long, value_name = "FILE")]
    preview: Option<PathBuf>,
    /// Stop at the first file that cannot be used, instead of leaving it out and saying so
    #[arg(long)]
    strict: bool,
    /// Refuse pictures that are wider or higher than so many pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 16_384)]
    max_side: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Flip {
    Horizontal,
    Vertical,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Border {
    Constant,
    Replicate,
    Reflect,
    Wrap,
    #[value(name = "reflect-101")]
    Reflect101,
}

impl Border {
    fn mode(self) -> BorderMode {
        match self {
            Border::Constant => BorderMode::Constant,
            Border::Replicate => BorderMode::Replicate,
            Border::Reflect => BorderMode::Reflect,
            Border::Wrap => BorderMode::Wrap,
            Border::Reflect101 => BorderMode::Reflect101,
        }
    }
}

fn file_format(word: &str) -> std::result::Result<FileFormat, String> {
    FileFormat::of_name(&PathBuf::from(format!("x.{word}")))
        .ok_or_else(|| "it must be png, jpeg, webp, bmp or tiff".to_owned())
}

fn noise(text: &str) -> std::result::Result<Transform, String> {
    let (kind, strength) = text.split_once(':').ok_or("say how strong, as in gaussian:25")?;
    let strength: f64 = strength.parse().map_err(|_| "what follows the colon must be a number".to_owned())?;
    let always = Range(strength, strength);
    Ok(match kind {
        "gaussian" => {
            let share = strength / 255.0;
            Transform::GaussNoise(GaussNoise {
                std_range: Range(share, share),
                p: 1.0,
                ..GaussNoise::default()
            })
        }
        "salt-and-pepper" => {
            Transform::SaltAndPepper(SaltAndPepper { amount: always, p: 1.0, ..SaltAndPepper::default() })
        }
        "shot" => Transform::ShotNoise(ShotNoise { scale_range: always, p: 1.0 }),
        "multiplicative" => Transform::MultiplicativeNoise(MultiplicativeNoise {
            multiplier: Range(1.0 - strength, 1.0 + strength),
            elementwise: true,
            per_channel: true,
            p: 1.0,
        }),
        "iso" => Transform::ISONoise(ISONoise { intensity: always, p: 1.0, ..ISONoise::default() }),
        _ => return Err("the kind must be gaussian, salt-and-pepper, shot, multiplicative or iso".to_owned()),
    })
}

impl AugmentArgs {
    fn pipeline(&self) -> Result<Pipeline> {
        if let Some(path) = &self.pipeline {
            return Ok(Pipeline::read(path)?);
        }
        let mut transforms = Vec::new();
        if matches!(self.flip, Some(Flip::Horizontal | Flip::Both)) {
            transforms.push(Transform::HorizontalFlip(HorizontalFlip::default()));
        }
        if matches!(self.flip, Some(Flip::Vertical | Flip::Both)) {
            transforms.push(Transform::VerticalFlip(VerticalFlip::default()));
        }
        if let Some(degrees) = self.rotate {
            let degrees = degrees.abs();
            let limit = Limit(-degrees, degrees);
            let border_mode = self.border.mode();
            transforms.push(Transform::Rotate(Rotate { limit, border_mode, p: 1.0, ..Rotate::default() }));
        }
        if let Some(share) = self.brightness {
            let limit = Limit(-share.abs(), share.abs());
            transforms.push(Transform::RandomBrightnessContrast(RandomBrightnessContrast {
                brightness_limit: limit,
                contrast_limit: limit,
                brightness_by_max: true,
                p: 1.0,
            }));
        }
        if let Some(pixels) = self.blur {
            let sigma_limit = Range(0.05, pixels);
            transforms.push(Transform::GaussianBlur(GaussianBlur {
                sigma_limit,
                p: 1.0,
                ..GaussianBlur::default()
            }));
        }
        transforms.extend(self.noise.iter().cloned());
        if transforms.is_empty() {
            return Err(Failure::options(
                "say what to do: --noise, --rotate, --flip, --brightness, --blur, or --pipeline FILE",
            ));
        }
        Ok(Pipeline::of(transforms))
    }
}

#[derive(Debug, Serialize)]
struct AugmentJson<'a> {
    out: &'a PathBuf,
    manifest: &'a PathBuf,
    written: u64,
    classes: &'a std::collections::BTreeMap<String, u64>,
    refused: Vec<RefusedJson<'a>>,
}

#[derive(Debug, Serialize)]
struct RefusedJson<'a> {
    file: &'a PathBuf,
    reason: String,
}

pub(crate) fn run(args: &AugmentArgs, session: &Session) -> Result<Exit> {
    let json = session.json(None)?;
    let pipeline = args.pipeline()?;
    let policy = if args.strict { Policy::Fail } else { Policy::Skip };
    let reading = ReadOptions {
        limits: Limits { side: args.max_side, ..Limits::default() },
        policy,
        labels: args.labels.clone(),
        annotations: args.annotations.clone(),
        masks: args.masks.clone(),
    };
    let set = ImageSet::open(&args.input, &reading)?;
    let options = Augmenting {
        copies: if args.balance { Copies::Balance } else { Copies::Each(args.copies.unwrap_or(1)) },
        originals: args.originals,
        target: Target::of_name(&args.out),
        format: args.format,
        quality: args.quality,
        preview: args.preview.clone(),
        policy,
    };
    let outcome = augment(&set, &pipeline, &args.out, &options, &session.context())?;
    let warnings: Vec<Warning> = outcome
        .refused
        .iter()
        .map(|refusal| Warning::new(Topic::Reading, format!("left out {refusal}")))
        .collect();
    session.warn(&warnings);
    if outcome.written == 0 {
        return Err(Failure::options("no picture could be made; the reasons stand above"));
    }
    writeln!(session.out(), "{}: {}", args.out.display(), plural(outcome.written, "picture"))
        .map_err(Failure::Output)?;
    for (class, count) in &outcome.classes {
        writeln!(session.out(), "  {}: {count}", crate::text::printable(class)).map_err(Failure::Output)?;
    }
    if !outcome.refused.is_empty() {
        let count = plural(outcome.refused.len() as u64, "file");
        writeln!(session.out(), "  left out: {count}").map_err(Failure::Output)?;
    }
    json.write(&AugmentJson {
        out: &args.out,
        manifest: &outcome.manifest,
        written: outcome.written,
        classes: &outcome.classes,
        refused: outcome
            .refused
            .iter()
            .map(|refusal| RefusedJson { file: &refusal.file, reason: refusal.reason.to_string() })
            .collect(),
    })?;
    Ok(Exit::Fine)
}
