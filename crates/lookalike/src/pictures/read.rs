//! From files to a table of images.

use std::collections::BTreeSet;
use std::path::Path;

use lookalike_core::{Phase, Progress, Topic, Warning};
use lookalike_image::{Color, Error as ImageError, Image, ImageSet, Policy, Refusal, Shape};
use lookalike_table::read::Reading;
use lookalike_table::schema::ImageFormat;
use lookalike_table::{Codes, Column, ColumnSchema, Kind, Levels, Schema, Table};
use rayon::prelude::*;

use super::{IMAGE, LABEL, PictureOptions, class_column};
use crate::error::{Error, Result};

/// Pictures between two looks at whether to go on.
const BLOCK: usize = 512;
/// Files that were left out and are named one by one.
const NAMED: usize = 20;

/// Reads pictures as a table. With `like`, they are brought to the size and channels of that schema's images, and the columns
/// have its names.
///
/// Levels of 16 bits become ones of 8, and where some pictures are grey and others colored, all become colored; each is a
/// warning.
///
/// # Errors
/// [`Error::Image`] when nothing can be read, or a picture is refused under [`Policy::Fail`]; [`Error::Sizes`] when pictures
/// differ in size and none is said; [`Error::Table`] when `like` has no column of images; [`Error::Synth`] when cancelled.
pub fn read_pictures(
    path: &Path,
    options: &PictureOptions,
    like: Option<&Schema>,
    progress: &dyn Progress,
) -> Result<Reading> {
    let set = ImageSet::open(path, &options.set)?;
    let mut warnings: Vec<Warning> = Vec::new();
    let mut refused = set.refused().to_vec();
    let (images, labels) = load(&set, options.set.policy, &mut refused, progress)?;
    tell_refused(&refused, &mut warnings);
    let wanted = like.map(format_of).transpose()?;
    let size = wanted.map(|format| (format.width, format.height)).or(options.size);
    let (format, levels) = alike(path, images, size, wanted.map(|format| format.channels), &mut warnings)?;
    let image = Column::from_images(levels, format.size().unwrap_or(1))?;
    let names = like.map(names_of);
    let (image_name, label_name) = names.unwrap_or((IMAGE.to_owned(), Some(LABEL.to_owned())));
    let reason = "a set of pictures".to_owned();
    let mut columns = vec![ColumnSchema { reason, ..ColumnSchema::new(image_name, Kind::Image(format)) }];
    let mut values = vec![image];
    let has_labels = labels.iter().any(Option::is_some);
    if has_labels {
        let unlabelled = labels.iter().filter(|label| label.is_none()).count();
        if unlabelled > 0 {
            warnings.push(Warning::new(Topic::Reading, format!("{unlabelled} pictures have no class")));
        }
    }
    let (mut absent, mut extra) = (Vec::new(), Vec::new());
    match (has_labels, label_name) {
        (true, Some(name)) => {
            columns.push(ColumnSchema::new(name, Kind::Categorical { order: Vec::new() }));
            values.push(classes(&labels));
        }
        (true, None) => extra.push(LABEL.to_owned()),
        (false, Some(name)) if like.is_some() => absent.push(name),
        (false, _) => {}
    }
    if let Some(like) = like {
        let own: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let others = like.columns.iter().map(|column| &column.name);
        absent.extend(others.filter(|name| !own.contains(&name.as_str())).cloned());
        absent.sort_unstable();
        absent.dedup();
    }
    let invalid = vec![0; columns.len()];
    let table = Table::new(Schema::new(columns).into(), values)?;
    Ok(Reading { table, warnings, invalid, absent, extra })
}

fn format_of(schema: &Schema) -> Result<ImageFormat> {
    match schema.image_column().map(|column| &schema.columns[column].kind) {
        Some(Kind::Image(format)) => Ok(*format),
        _ => Err(Error::NoPictures),
    }
}

/// The names of the columns of images and of classes.
fn names_of(schema: &Schema) -> (String, Option<String>) {
    let image = schema.image_column().map_or(IMAGE, |column| schema.columns[column].name.as_str());
    (image.to_owned(), class_column(schema).map(|column| schema.columns[column].name.clone()))
}

type Loaded = (Vec<Image>, Vec<Option<String>>);

fn load(
    set: &ImageSet,
    policy: Policy,
    refused: &mut Vec<Refusal>,
    progress: &dyn Progress,
) -> Result<Loaded> {
    let count = set.entries().len();
    let phase = Phase::begin(progress, "reading", Some(count as u64));
    let (mut images, mut labels) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let numbers: Vec<usize> = (0..count).collect();
    for block in numbers.chunks(BLOCK) {
        let loaded: Vec<_> = block.par_iter().map(|&number| set.load(number)).collect();
        for sample in loaded {
            match sample {
                Ok(sample) => {
                    images.push(sample.image);
                    labels.push(sample.label);
                }
                Err(refusal) if policy == Policy::Fail => return Err(ImageError::from(refusal).into()),
                Err(refusal) => refused.push(refusal),
            }
        }
        phase.advance(block.len() as u64).map_err(ImageError::from)?;
    }
    Ok((images, labels))
}

fn tell_refused(refused: &[Refusal], warnings: &mut Vec<Warning>) {
    let tell = |text: String| Warning::new(Topic::Reading, text);
    warnings.extend(refused.iter().take(NAMED).map(|refusal| tell(format!("left out {refusal}"))));
    if refused.len() > NAMED {
        let more = refused.len() - NAMED;
        warnings
            .push(tell(format!("left out {more} more; lookalike augment names all of them in its warnings")));
    }
}

/// Levels of pictures that are all alike, and how they are.
fn alike(
    path: &Path,
    images: Vec<Image>,
    size: Option<(u16, u16)>,
    channels: Option<u8>,
    warnings: &mut Vec<Warning>,
) -> Result<(ImageFormat, Vec<u8>)> {
    let shapes: Vec<Shape> = images.iter().map(Image::shape).collect();
    let Some(first) = shapes.first().copied() else {
        return Err(ImageError::Empty { path: path.to_owned(), refused: 0 }.into());
    };
    let of = |channels: u8| Color::of_channels(usize::from(channels));
    let are_alike = shapes.iter().all(|shape| shape.color == first.color);
    let color = channels.and_then(of).unwrap_or(if are_alike { first.color } else { Color::Rgb });
    let tell = |count: usize, what: &str| {
        (count > 0)
            .then(|| Warning::new(Topic::Reading, format!("{count} of {} pictures {what}", shapes.len())))
    };
    let count = |differs: &dyn Fn(&Shape) -> bool| shapes.iter().filter(|shape| differs(shape)).count();
    let words = match color {
        Color::Grey => "were made grey",
        Color::Rgb => "were made colored (RGB), as the others are",
        Color::Rgba => "were given opacity, as the others have it",
    };
    warnings.extend(tell(count(&|shape| shape.color != color), words));
    warnings.extend(tell(count(&|shape| shape.bits != 8), "were rounded to 8 bits"));
    let sizes: BTreeSet<(usize, usize)> = shapes.iter().map(|shape| (shape.width, shape.height)).collect();
    if sizes.len() > 1 && size.is_none() {
        return Err(Error::Sizes { path: path.to_owned(), sizes: sizes.len() });
    }
    let (width, height) =
        size.map_or((first.width, first.height), |(width, height)| (usize::from(width), usize::from(height)));
    let other = count(&|shape| (shape.width, shape.height) != (width, height));
    warnings.extend(tell(other, &format!("were brought to {width} x {height} pixels")));
    let small = |side: usize| u16::try_from(side).ok().filter(|&side| side > 0);
    let format = match (small(height), small(width)) {
        (Some(height), Some(width)) => ImageFormat { height, width, channels: color.channels() as u8 },
        _ => return Err(Error::Sizes { path: path.to_owned(), sizes: 1 }),
    };
    let each: Vec<std::result::Result<Image, ImageError>> =
        images.into_par_iter().map(|image| image.to_color(color)?.resized(width, height)).collect();
    let mut levels = Vec::with_capacity(each.len() * format.size().unwrap_or(0));
    for image in each {
        levels.extend_from_slice(image?.as_u8().unwrap_or_default());
    }
    Ok((format, levels))
}

/// Classes as levels: in the order of numbers if all are whole numbers, else of texts.
fn classes(labels: &[Option<String>]) -> Column {
    let distinct: BTreeSet<&str> = labels.iter().flatten().map(String::as_str).collect();
    let mut levels: Vec<&str> = distinct.into_iter().collect();
    if levels.iter().all(|level| level.parse::<i64>().is_ok()) {
        levels.sort_by_key(|level| level.parse::<i64>().unwrap_or_default());
    }
    let place: std::collections::BTreeMap<&str, u32> =
        levels.iter().enumerate().map(|(code, &level)| (level, code as u32)).collect();
    let code = |label: &Option<String>| label.as_deref().map_or(Codes::MISSING, |label| place[label]);
    Column::from_codes(labels.iter().map(code).collect(), &Levels::new(&levels))
}
