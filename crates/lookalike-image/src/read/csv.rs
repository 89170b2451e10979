//! Pixels as text: one picture in a line.

use std::path::Path;

use super::idx::unpacked;
use crate::error::{Reason, Refusal};
use crate::image::{Color, Image};
use crate::limits::Limits;

/// Reads square grey pictures, one in a line of numbers from 0 to 255. A first line of names says whether a column named
/// `label` or `class` holds classes, as in the usual files of MNIST; without names, a line of a square number of values and
/// one more begins with the class.
pub(super) fn read_csv(path: &Path, limits: &Limits) -> Result<(Vec<Image>, Option<Vec<String>>), Refusal> {
    parse(path, limits).map_err(|reason| Refusal::new(path, reason))
}

fn parse(path: &Path, limits: &Limits) -> Result<(Vec<Image>, Option<Vec<String>>), Reason> {
    let bytes = unpacked(path, limits.set_bytes)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Reason::Header("it is not text in UTF-8"))?;
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).peekable();
    let first = lines.peek().map(|(_, line)| *line).ok_or(Reason::EmptyFile)?;
    let fields: Vec<&str> = first.split(',').map(|field| field.trim().trim_matches('"')).collect();
    let named = fields.iter().any(|field| field.parse::<f64>().is_err());
    let label = if named {
        fields.iter().position(|field| ["label", "class"].contains(&field.to_lowercase().as_str()))
    } else {
        (side(fields.len()).is_none() && side(fields.len() - 1).is_some()).then_some(0)
    };
    let side = side(fields.len() - usize::from(label.is_some()))
        .ok_or(Reason::Header("the number of pixels in a line is not a square"))?;
    limits.check(side as u64, side as u64)?;
    if named {
        lines.next();
    }
    let (mut images, mut labels) = (Vec::new(), Vec::new());
    for (number, line) in lines {
        let wrong = |problem| Reason::Line { line: number + 1, problem };
        let mut values = Vec::with_capacity(side * side);
        for (column, field) in line.split(',').enumerate() {
            let field = field.trim().trim_matches('"');
            if Some(column) == label {
                labels.push(field.to_owned());
            } else {
                values.push(field.parse().map_err(|_| wrong("a pixel is no whole number from 0 to 255"))?);
            }
        }
        let image = Image::from_u8(side, side, Color::Grey, values);
        images.push(image.map_err(|_| wrong("it has another number of values than the first line"))?);
    }
    Ok((images, label.map(|_| labels)))
}

/// The side of the square of so many pixels.
fn side(pixels: usize) -> Option<usize> {
    let side = pixels.isqrt();
    (side > 0 && side * side == pixels).then_some(side)
}
