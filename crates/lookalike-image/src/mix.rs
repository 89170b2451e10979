//! Several pictures brought together.

use lookalike_core::{Stream, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::action::{Action, Crop, ResizeTo};
use crate::error::{Error, Problems, Result};
use crate::image::{Depth, Image, Pixels, Shape};
use crate::sample::{BoundingBox, Keeping, Sample};
use crate::values::{Interpolation, Range, check_probability};

/// A way to bring pictures together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum Mix {
    /// [`MixUp`]
    MixUp(MixUp),
    /// [`CutMix`]
    CutMix(CutMix),
    /// [`Mosaic`]
    Mosaic(Mosaic),
}

/// A weighted mean of two pictures and of their classes.
///
/// # References
/// - Zhang, H., Cisse, M., Dauphin, Y. N. and Lopez-Paz, D. (2018). mixup: beyond empirical risk minimization.
///   <https://doi.org/10.48550/arXiv.1710.09412>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MixUp {
    /// Both parameters of the beta distribution that the weight is drawn from, above 0, at most 100 [default: 0.4].
    pub alpha: f64,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

/// A rectangle of another picture put in; classes by area.
///
/// # References
/// - Yun, S. et al. (2019). `CutMix`: regularization strategy to train strong classifiers with localizable features.
///   <https://doi.org/10.1109/ICCV.2019.00612>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CutMix {
    /// Both parameters of the beta distribution that the area that stays is drawn from, above 0, at most 100 [default: 1].
    pub alpha: f64,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

/// Four pictures around a point.
///
/// # References
/// - Bochkovskiy, A., Wang, C.-Y. and Liao, H.-Y. M. (2020). `YOLOv4`: optimal speed and accuracy of object detection.
///   <https://doi.org/10.48550/arXiv.2004.10934>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mosaic {
    /// Rows and pixels in a row of the new picture, 2 to 16,384 [default: 512 and 512].
    pub target_size: [usize; 2],
    /// Where the point is, as shares of height and width, 0 to 1 [default: 0.3 to 0.7].
    pub center_range: Range,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for MixUp {
    fn default() -> Self {
        MixUp { alpha: 0.4, p: 0.5 }
    }
}

impl Default for CutMix {
    fn default() -> Self {
        CutMix { alpha: 1.0, p: 0.5 }
    }
}

impl Default for Mosaic {
    fn default() -> Self {
        Mosaic { target_size: [512, 512], center_range: Range(0.3, 0.7), p: 0.5 }
    }
}

/// What a [`Mix`] drew.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mixing {
    /// The weight of the first picture.
    MixUp(f64),
    /// The rectangle of the second picture.
    CutMix(Crop),
    /// Where four pictures meet in a new one.
    Mosaic {
        /// Pixels in a row of the new picture.
        width: usize,
        /// Its rows.
        height: usize,
        /// The first column of the right ones.
        x: usize,
        /// The first row of the lower ones.
        y: usize,
    },
}

impl Mix {
    pub(crate) fn check(&self, problems: &mut Problems) {
        let beta = |problems: &mut Problems, alpha: f64, p: f64| {
            problems.require(alpha > 0.0 && alpha <= 100.0, "alpha", "must be above 0 and at most 100");
            check_probability(problems, p);
        };
        match self {
            Mix::MixUp(mix) => problems.within("MixUp", |problems| beta(problems, mix.alpha, mix.p)),
            Mix::CutMix(mix) => problems.within("CutMix", |problems| beta(problems, mix.alpha, mix.p)),
            Mix::Mosaic(mix) => problems.within("Mosaic", |problems| {
                let sizes = mix.target_size.iter().all(|size| (2..=16_384).contains(size));
                problems.require(sizes, "target_size", "must be of numbers within 2 to 16384");
                mix.center_range.check(problems, "center_range", 0.0, 1.0);
                check_probability(problems, mix.p);
            }),
        }
    }

    /// How many other pictures it takes.
    pub fn partners(&self) -> usize {
        match self {
            Mix::MixUp(_) | Mix::CutMix(_) => 1,
            Mix::Mosaic(_) => 3,
        }
    }

    /// What is to be done to a picture of this shape; none where it is not done.
    pub fn draw(&self, shape: Shape, stream: &mut Stream) -> Option<Mixing> {
        let p = match self {
            Mix::MixUp(mix) => mix.p,
            Mix::CutMix(mix) => mix.p,
            Mix::Mosaic(mix) => mix.p,
        };
        if stream.unit() >= p {
            return None;
        }
        Some(match self {
            Mix::MixUp(mix) => Mixing::MixUp(beta(mix.alpha, stream)),
            Mix::CutMix(mix) => {
                let cut = (1.0 - beta(mix.alpha, stream)).max(0.0).sqrt();
                let side = |whole: usize| ((whole as f64 * cut).round() as usize).min(whole);
                let (width, height) = (side(shape.width), side(shape.height));
                let y = stream.below((shape.height - height) as u64 + 1) as usize;
                let x = stream.below((shape.width - width) as u64 + 1) as usize;
                Mixing::CutMix(Crop { x, y, width, height })
            }
            Mix::Mosaic(mix) => {
                let [height, width] = mix.target_size;
                let mut place = |size: usize| {
                    ((mix.center_range.draw(stream) * size as f64).round() as usize).clamp(1, size - 1)
                };
                let y = place(height);
                Mixing::Mosaic { width, height, x: place(width), y }
            }
        })
    }
}

/// A number from a beta distribution with two equal parameters, from two of gamma distributions.
fn beta(alpha: f64, stream: &mut Stream) -> f64 {
    let (one, other) = (gamma(alpha, stream), gamma(alpha, stream));
    if one + other > 0.0 { one / (one + other) } else { 0.5 }
}

/// Marsaglia and Tsang (2000), <https://doi.org/10.1145/358407.358414>.
fn gamma(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        let boost = math::pow(stream.open_unit(), 1.0 / shape);
        return gamma(shape + 1.0, stream) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = stream.normal();
        let v = 1.0 + c * x;
        let v = v * v * v;
        if v > 0.0 && math::ln(stream.open_unit()) < 0.5 * x * x + d - d * v + d * math::ln(v) {
            return d * v;
        }
    }
}

impl Mixing {
    /// Brings the pictures together. All must have the same channels and depth; those that are to be of one size are brought
    /// to it.
    ///
    /// # Errors
    /// [`Error::Mixed`] when they differ, or are too few.
    pub fn apply(&self, first: Sample, others: &[Sample]) -> Result<Sample> {
        let kind = |sample: &Sample| (sample.image.color(), sample.image.bits(), sample.mask.is_some());
        if others.iter().any(|other| kind(other) != kind(&first)) {
            return Err(Error::Mixed { what: "channels, depth or whether they have a mask" });
        }
        let needed = if matches!(self, Mixing::Mosaic { .. }) { 3 } else { 1 };
        if others.len() < needed {
            return Err(Error::Mixed { what: "number: there are too few" });
        }
        match *self {
            Mixing::MixUp(weight) => {
                let size = (first.image.width(), first.image.height());
                mix_up(first, sized(&others[0], size)?, weight)
            }
            Mixing::CutMix(part) => {
                let size = (first.image.width(), first.image.height());
                cut_mix(first, &sized(&others[0], size)?, part)
            }
            Mixing::Mosaic { width, height, x, y } => mosaic(&first, others, (width, height), (x, y)),
        }
    }
}

/// The same sample in another size.
fn sized(sample: &Sample, (width, height): (usize, usize)) -> Result<Sample> {
    let mut sample = sample.clone();
    Action::Resize(ResizeTo {
        width,
        height,
        interpolation: Interpolation::Linear,
        mask_interpolation: Interpolation::Nearest,
    })
    .apply(&mut sample)?;
    Ok(sample)
}

/// Adds a sample's classes to the shares, by its weight.
fn add_shares(shares: &mut Vec<(String, f64)>, sample: &Sample, weight: f64) {
    let own: Vec<(&String, f64)> = if sample.shares.is_empty() {
        sample.label.iter().map(|label| (label, 1.0)).collect()
    } else {
        sample.shares.iter().map(|(label, share)| (label, *share)).collect()
    };
    for (label, share) in own {
        match shares.iter_mut().find(|(known, _)| known == label) {
            Some((_, sum)) => *sum += share * weight,
            None => shares.push((label.clone(), share * weight)),
        }
    }
}

/// The shares of classes of two samples by their weights.
fn shares(one: &Sample, other: &Sample, weight: f64) -> Vec<(String, f64)> {
    let mut shares = Vec::new();
    add_shares(&mut shares, one, weight);
    add_shares(&mut shares, other, 1.0 - weight);
    shares
}

fn mix_up(mut first: Sample, second: Sample, weight: f64) -> Result<Sample> {
    fn mean<T: Depth>(one: &mut [T], other: &[T], weight: f32) {
        for (value, other) in one.iter_mut().zip(other) {
            *value = T::rounded(value.real() * weight + other.real() * (1.0 - weight));
        }
    }
    first.shares = shares(&first, &second, weight);
    match (first.image.pixels_mut(), second.image.pixels()) {
        (Pixels::U8(one), Pixels::U8(other)) => mean(one, other, weight as f32),
        (Pixels::U16(one), Pixels::U16(other)) => mean(one, other, weight as f32),
        _ => return Err(Error::Mixed { what: "depth" }),
    }
    // Classes of pixels cannot be mixed: the picture that is seen better has its own.
    if weight < 0.5 {
        first.mask = second.mask;
    }
    first.boxes.extend(second.boxes);
    first.keypoints.extend(second.keypoints);
    Ok(first)
}

/// Copies a rectangle of `from` into `into`, to `to`.
fn paste(into: &mut Image, to: (usize, usize), from: &Image, part: Crop) -> Result<()> {
    fn rows<T: Copy>(
        (into, width): (&mut [T], usize),
        to: (usize, usize),
        (from, from_width): (&[T], usize),
        part: Crop,
        channels: usize,
    ) {
        for row in 0..part.height {
            let target = ((to.1 + row) * width + to.0) * channels;
            let source = ((part.y + row) * from_width + part.x) * channels;
            into[target..][..part.width * channels].copy_from_slice(&from[source..][..part.width * channels]);
        }
    }
    let (width, channels) = (into.width(), into.channels());
    match (into.pixels_mut(), from.pixels()) {
        (Pixels::U8(into), Pixels::U8(values)) => {
            rows((into, width), to, (values, from.width()), part, channels);
        }
        (Pixels::U16(into), Pixels::U16(values)) => {
            rows((into, width), to, (values, from.width()), part, channels);
        }
        _ => return Err(Error::Mixed { what: "depth" }),
    }
    Ok(())
}

fn cut_mix(mut first: Sample, second: &Sample, part: Crop) -> Result<Sample> {
    let area = (part.width * part.height) as f64 / (first.image.width() * first.image.height()) as f64;
    first.shares = shares(&first, second, 1.0 - area);
    paste(&mut first.image, (part.x, part.y), &second.image, part)?;
    if let (Some(into), Some(from)) = (&mut first.mask, &second.mask) {
        paste(into, (part.x, part.y), from, part)?;
    }
    let (left, top) = (part.x as f64, part.y as f64);
    let (right, bottom) = (left + part.width as f64, top + part.height as f64);
    let inside = |x: f64, y: f64| x >= left && x < right && y >= top && y < bottom;
    // A box whose middle is covered is no longer seen.
    first.boxes.retain(|b| !inside(b.left.midpoint(b.right), b.top.midpoint(b.bottom)));
    first.keypoints.retain(|point| !inside(point.x + 0.5, point.y + 0.5));
    first.boxes.extend(second.boxes.iter().filter_map(|b| {
        let cut = BoundingBox {
            left: b.left.max(left),
            top: b.top.max(top),
            right: b.right.min(right),
            bottom: b.bottom.min(bottom),
            label: b.label.clone(),
        };
        (cut.area() > 0.0).then_some(cut)
    }));
    first.keypoints.extend(second.keypoints.iter().filter(|p| inside(p.x + 0.5, p.y + 0.5)).cloned());
    Ok(first)
}

/// Each quarter holds one picture, stretched so that it covers the quarter and cut to it from its middle.
fn mosaic(first: &Sample, others: &[Sample], size: (usize, usize), at: (usize, usize)) -> Result<Sample> {
    fn blank(like: &Image, width: usize, height: usize) -> Image {
        let count = width * height * like.channels();
        let pixels = if like.bits() == 8 { Pixels::U8(vec![0; count]) } else { Pixels::U16(vec![0; count]) };
        Image::made(width, height, like.color(), pixels)
    }
    let (width, height) = size;
    let (x, y) = (at.0.clamp(1, width - 1), at.1.clamp(1, height - 1));
    let mut all = Sample::new(blank(&first.image, width, height));
    all.mask = first.mask.as_ref().map(|mask| blank(mask, width, height));
    let quarters = [(0, 0, x, y), (x, 0, width - x, y), (0, y, x, height - y), (x, y, width - x, height - y)];
    for ((left, top, columns, rows), sample) in quarters.into_iter().zip(std::iter::once(first).chain(others))
    {
        let (w, h) = (sample.image.width() as f64, sample.image.height() as f64);
        let scale = (columns as f64 / w).max(rows as f64 / h);
        let fit = |side: f64, least: usize| ((side * scale).round() as usize).max(least);
        let mut part = sized(sample, (fit(w, columns), fit(h, rows)))?;
        let crop = Crop {
            x: (part.image.width() - columns) / 2,
            y: (part.image.height() - rows) / 2,
            width: columns,
            height: rows,
        };
        Action::Crop(crop).apply(&mut part)?;
        Keeping::default().settle(&mut part);
        let whole = Crop { x: 0, y: 0, width: columns, height: rows };
        paste(&mut all.image, (left, top), &part.image, whole)?;
        if let (Some(into), Some(from)) = (&mut all.mask, &part.mask) {
            paste(into, (left, top), from, whole)?;
        }
        let (dx, dy) = (left as f64, top as f64);
        for mut bounds in part.boxes {
            bounds.left += dx;
            bounds.right += dx;
            bounds.top += dy;
            bounds.bottom += dy;
            all.boxes.push(bounds);
        }
        for mut point in part.keypoints {
            point.x += dx;
            point.y += dy;
            all.keypoints.push(point);
        }
        let weight = (columns * rows) as f64 / (width * height) as f64;
        add_shares(&mut all.shares, sample, weight);
    }
    all.label.clone_from(&first.label);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Color;

    fn flat(level: u8, width: usize, height: usize) -> Sample {
        let image = Image::from_u8(width, height, Color::Grey, vec![level; width * height]).unwrap();
        let mut sample = Sample::new(image).with_label(format!("class {level}"));
        let (right, bottom) = (width as f64, height as f64);
        sample.boxes.push(BoundingBox { left: 0.0, top: 0.0, right, bottom, label: level.to_string() });
        sample
    }

    #[test]
    fn weights_and_shares_agree() {
        let mixed = Mixing::MixUp(0.25).apply(flat(0, 4, 4), &[flat(200, 8, 2)]).unwrap();
        assert!(mixed.image.as_u8().unwrap().iter().all(|&value| value == 150));
        assert_eq!(mixed.shares, [("class 0".to_owned(), 0.25), ("class 200".to_owned(), 0.75)]);
        assert_eq!(mixed.boxes.len(), 2);
    }

    #[test]
    fn shares_are_areas() {
        let part = Crop { x: 1, y: 0, width: 2, height: 2 };
        let cut = Mixing::CutMix(part).apply(flat(0, 4, 4), &[flat(200, 4, 4)]).unwrap();
        let mean = cut.image.mean() / 200.0;
        assert_eq!((mean, cut.shares[1].1), (0.25, 0.25));
        assert_eq!((cut.boxes.len(), cut.boxes[1].right), (2, 3.0));

        let four = [flat(100, 9, 3), flat(100, 2, 2), flat(200, 5, 5)];
        let mosaic = Mixing::Mosaic { width: 10, height: 8, x: 4, y: 6 };
        let all = mosaic.apply(flat(0, 7, 7), &four).unwrap();
        let expected: f64 =
            all.shares.iter().map(|(label, share)| label[6..].parse::<f64>().unwrap() * share).sum();
        assert!((all.image.mean() - expected).abs() < 1e-9);
        assert!((all.shares.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(all.boxes.iter().map(BoundingBox::area).sum::<f64>(), 80.0);
    }

    #[test]
    fn different_kinds_are_refused() {
        let color = Sample::new(Image::from_u8(1, 1, Color::Rgb, vec![0; 3]).unwrap());
        assert!(matches!(Mixing::MixUp(0.5).apply(flat(1, 1, 1), &[color]), Err(Error::Mixed { .. })));
        assert!(Mixing::MixUp(0.5).apply(flat(1, 1, 1), &[]).is_err());
    }

    #[test]
    fn beta_has_its_moments() {
        let mut stream = lookalike_core::Seed::new(4).stream("beta", 0);
        for alpha in [0.2, 1.0, 5.0] {
            let draws: Vec<f64> = (0..20_000).map(|_| beta(alpha, &mut stream)).collect();
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 20_000.0;
            assert!((mean - 0.5).abs() < 0.015 && (variance * 4.0 * (2.0 * alpha + 1.0) - 1.0).abs() < 0.05);
        }
    }
}
